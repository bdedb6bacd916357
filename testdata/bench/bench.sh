#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make bench: how fast this program is beside Go's own reader. Prints one table of ratios; fails for no figure.
#
#	GT     the program
#	TRACE  a trace to measure on; without one, one of SIZE bytes (100000000) is made, which needs Go
#	RUNS   how often each is run, in turn (3); the fastest run counts
#
# Go's reader is built from the Go tree of this machine, in a temporary folder: internal/trace can't be imported as it is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${GT:?names the program}" "${SIZE:=100000000}" "${RUNS:=3}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
have_go=
if command -v go >/dev/null; then have_go=1; fi

if [ -z "${TRACE:-}" ]; then
	if [ -z "$have_go" ]; then echo "bench: name a TRACE, or install Go to make one" >&2; exit 0; fi
	TRACE=$tmp/load.trace
	(cd "$here/load" && GO111MODULE=off go build -o "$tmp/load" main.go) && "$tmp/load" -bytes "$SIZE" -o "$TRACE"
fi

ref=
if [ -n "$have_go" ]; then
	root=$(go env GOROOT)/src/internal
	mkdir "$tmp/ref" && cp -r "$root/trace" "$tmp/ref/trace"
	(cd "$tmp/ref" && find trace \( -name '*_test.go' -o -name testdata -o -name testtrace -o -name testgen -o \
		-name traceviewer \) -prune -exec rm -rf {} + &&
		find trace -name '*.go' -exec sed -i 's#"internal/trace#"bench/trace#' {} + &&
		printf 'module bench\n\ngo %s\n' "$(go env GOVERSION | sed 's/go\([0-9]*\.[0-9]*\).*/\1/')" >go.mod &&
		mkdir refread && cp "$here/refread/main.go" refread/ && go build -o "$tmp/refread" ./refread) &&
		ref=$tmp/refread
fi

# Seconds of processor time and kilobytes of memory of a command: "1.23 4567".
cost() {
	TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>"$tmp/err"; } 2>"$tmp/time" || true
	awk '{ printf "%.3f\n", $1 + $2 }' "$tmp/time"
}

# Both commands of a row in turn, RUNS times; the least of each.
row() { # name, events, ours, reference's
	local name=$1 events=$2 ours= theirs= t i
	for ((i = 0; i < RUNS; i++)); do
		t=$(cost $3); if [ -z "$ours" ] || awk "BEGIN { exit !($t < $ours) }"; then ours=$t; fi
		if [ -n "$4" ]; then
			t=$(cost $4); if [ -z "$theirs" ] || awk "BEGIN { exit !($t < $theirs) }"; then theirs=$t; fi
		fi
	done
	awk -v n="$name" -v e="$events" -v a="$ours" -v b="${theirs:-0}" 'BEGIN {
		if (a < 0.001) a = 0.001
		if (b > 0) printf "%-34s %12.0f %12.0f %8.1f x\n", n, e / a, e / b, b / a
		else printf "%-34s %12.0f %12s\n", n, e / a, "-"
	}'
}

events=$("$GT" validate --json "$TRACE" | sed 's/.*"events":\([0-9]*\).*/\1/')
bytes=$(wc -c <"$TRACE")
echo "trace: $bytes bytes, $events events; processor time, best of $RUNS runs in turn"
printf '%-34s %12s %12s %10s\n' "events per second" ours "Go's reader" ratio
row "order and validate, one thread" "$events" "$GT validate --threads=1 $TRACE" "${ref:+$ref $TRACE}"
if [ -n "$have_go" ]; then
	row "dump --format=parsed" "$events" "$GT dump --format=parsed $TRACE" "go tool trace -d=parsed $TRACE"
else
	row "dump --format=parsed" "$events" "$GT dump --format=parsed $TRACE" ""
fi
