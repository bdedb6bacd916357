#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# GT=PROGRAM golden.sh: make ../tests.parsed.txt.gz, what Go's reader says of the traces in ../tests/*.test, as one text:
# for each a line "=== NAME", the events, and, where there is an error, "error: " and its first line. Tests of a model
# other than "current" are left out, for Go has only that.
#
# Go has no program that turns the text form into a trace, so ours does (GT names it); the first version of the golden
# file was made with Go's own package internal/trace/raw. Needs the go command of Go 1.26.
set -eu
case ${GT:?"names the program that converts"} in
/*) ;;
*/*) GT=$PWD/$GT ;;
esac
cd "$(dirname "$0")/../tests"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export TZ=UTC LC_ALL=C
for t in *.test; do
	if sed '/^-- expect --$/q' "$t" | grep '^model: ' | grep -qv '^model: current$'; then
		continue
	fi
	"$GT" convert --to=binary "$t" "$tmp/trace"
	echo "=== ${t%.test}"
	status=0
	GOTOOLCHAIN=local go tool trace -d=parsed "$tmp/trace" 2>"$tmp/err" || status=$?
	case $status in
	0) ;;
	1) sed 's/^/error: /;q' "$tmp/err" ;;
	*) echo "golden.sh: $t: the reference ends with status $status" >&2; cat "$tmp/err" >&2; exit 1 ;;
	esac
done >"$tmp/golden"
gzip -9n <"$tmp/golden" >../tests.parsed.txt.gz
