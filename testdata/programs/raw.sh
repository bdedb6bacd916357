#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# raw.sh: make ../raw.sums: of each trace of ../traces and ../bad, what `go tool trace -d=wire` and `-d=footprint` print.
# A line each: the format, the file, cksum and size of standard output, the exit status, and the first line of what it
# says is wrong. The formats before Go 1.22 are left out: the reference can't show their raw events.
#
# Needs the go command of Go 1.26.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for t in traces/*.trace bad/*.trace; do
	case $t in
	traces/old-* | bad/*-go1.21.trace) continue ;;
	esac
	for format in wire footprint; do
		status=0
		GOTOOLCHAIN=local go tool trace -d=$format "$t" >"$tmp/out" 2>"$tmp/err" || status=$?
		echo "$format $t $(cksum <"$tmp/out") $status $(sed -n 1p "$tmp/err")"
	done
done | sed 's/ *$//' >raw.sums
