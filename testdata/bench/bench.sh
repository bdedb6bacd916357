#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make bench: how fast this program is beside Go's own reader, and how it grows. Prints tables; fails for no figure.
#
#	GT      the program
#	NAV     the bench of moving about (testdata/bench/nav.c), VARINT plain decoding (varint.c)
#	TRACE   a trace to measure on; without one, one of SIZE bytes (100000000) is made, which needs Go: of a program that is
#	        busy for 16 seconds but not all the time, so that there are as many generations as one expects
#	RUNS    how often each is run, in turn (3); the fastest run counts
#	GROWTH  sizes of the traces of the second table ("1000000 10000000 100000000"; "2000000000" takes minutes)
#
# Times are processor time, but for those said to be elapsed. Go's reader is built from the Go tree of this machine, in a
# temporary folder: internal/trace can't be imported as it is. That of golang.org/x/exp/trace is got as a module, where there
# is a network; without one its row is left out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${GT:?names the program}" "${NAV:=}" "${VARINT:=}" "${SIZE:=100000000}" "${RUNS:=3}" "${GROWTH=1000000 10000000 100000000}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
have_go=
if command -v go >/dev/null; then have_go=1; fi

make_trace() { # bytes, file, seconds or 0
	[ -x "$tmp/load" ] || (cd "$here/load" && GO111MODULE=off go build -o "$tmp/load" main.go)
	"$tmp/load" -bytes "$1" -seconds "$3" -o "$2"
}

if [ -z "${TRACE:-}" ]; then
	if [ -z "$have_go" ]; then echo "bench: name a TRACE, or install Go to make one" >&2; exit 0; fi
	TRACE=$tmp/load.trace
	make_trace "$SIZE" "$TRACE" 16
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

exp=
if [ -n "$ref" ]; then
	mkdir "$tmp/exp" && sed 's#"bench/trace"#"golang.org/x/exp/trace"#' "$here/refread/main.go" >"$tmp/exp/main.go"
	printf 'module bench\n\ngo 1.24\n' >"$tmp/exp/go.mod"
	if (cd "$tmp/exp" && export GOFLAGS=-mod=mod && timeout 60 go get golang.org/x/exp/trace@latest && go build -o ../xread .) \
		>/dev/null 2>&1; then
		exp=$tmp/xread
	fi
fi

# What a command costs: seconds of processor time, seconds elapsed, kilobytes of memory.
cost() {
	TIMEFORMAT='%U %S %R'
	{ time "$@" >/dev/null 2>"$tmp/err"; } 2>"$tmp/time" || true
	awk '{ printf "%.3f %.3f\n", $1 + $2, $3 }' "$tmp/time"
}
peak() {
	if command -v /usr/bin/time >/dev/null; then
		/usr/bin/time -f %M -o "$tmp/peak" "$@" >/dev/null 2>&1 || true
		tail -1 "$tmp/peak"
	else
		echo 0
	fi
}
less() { awk "BEGIN { exit !($1 < $2) }"; }

# The least cost of two commands that are run in turn; which: 1 processor time, 2 elapsed. Sets a and b (0: none).
both() { # which, ours, theirs
	local i t
	a='' b=''
	for ((i = 0; i < RUNS; i++)); do
		t=$(cost $2 | cut -d' ' -f"$1"); if [ -z "$a" ] || less "$t" "$a"; then a=$t; fi
		[ -n "$3" ] || continue
		t=$(cost $3 | cut -d' ' -f"$1"); if [ -z "$b" ] || less "$t" "$b"; then b=$t; fi
	done
	b=${b:-0}
}

# One row: what, how much ours does in a second, theirs, how many times as much, what is wanted.
row() { # name, amount, wanted
	awk -v n="$1" -v e="$2" -v w="$3" -v a="$a" -v b="$b" 'BEGIN {
		if (a < 0.001) a = 0.001
		if (b > 0) printf "%-38s %11.0f %11.0f %8.2f x %8s\n", n, e / a, e / b, b / a, w
		else printf "%-38s %11.0f %11s %10s %8s\n", n, e / a, "-", "-", w
	}'
}

go_tool=
if [ -n "$have_go" ]; then go_tool="go tool trace"; fi
events=$("$GT" validate --json "$TRACE" | sed 's/.*"events":\([0-9]*\).*/\1/')
bytes=$(wc -c <"$TRACE")
echo "trace: $bytes bytes, $events events; best of $RUNS runs in turn"
printf '%-38s %11s %11s %10s %8s\n' "events per second" ours other ratio wanted
both 1 "$GT validate --threads=1 $TRACE" "${ref:+$ref $TRACE}"
row "order and validate: Go's reader" "$events" 10
if [ -n "$exp" ]; then
	both 1 "$GT validate --threads=1 $TRACE" "$exp $TRACE"
	row "the same: golang.org/x/exp/trace" "$events" 8
fi
if [ -n "$VARINT" ]; then
	both 1 "$GT validate --threads=1 $TRACE" "$VARINT $TRACE"
	row "the same: plain decoding of numbers" "$events" 0.33
fi
both 2 "$GT validate $TRACE" "$GT validate --threads=1 $TRACE"
row "all $(nproc) cores: one, elapsed" "$events" "$([ "$(nproc)" = 2 ] && echo 1.7 || echo -)"
both 1 "$GT dump --format=parsed $TRACE" "${go_tool:+$go_tool -d=parsed $TRACE}"
row "dump parsed: go tool trace -d=parsed" "$events" 15
both 1 "$GT dump --format=wire $TRACE" "${go_tool:+$go_tool -d=wire $TRACE}"
row "dump wire: go tool trace -d=wire" "$events" -
b_wire=$b
both 1 "$GT convert --to=text $TRACE -" ""
b=$b_wire
row "convert to text: go tool trace -d=wire" "$events" 15
if [ -n "$ref" ]; then
	a=$(peak "$GT" validate "$TRACE") b=$(peak "$ref" "$TRACE")
	printf '%-38s %11s %11s %8s %10s\n' "peak memory of validate, KB" "$a" "$b" \
		"$(awk "BEGIN { printf \"%.2f\", $a / ($b ? $b : 1) }") x" "<= 1"
fi

if [ -n "$NAV" ]; then
	echo
	echo "the explorer (wanted: first screen and jumps 100 ms, steps 16 ms, memory 128 MB)"
	"$NAV" "$GT" "$TRACE"
fi

if [ -z "$have_go" ] || [ -z "$GROWTH" ]; then exit 0; fi
echo
# Millions of events in a second of processor time; the explorer's figures as it prints them itself.
rate() { both 1 "$1" ""; awk -v n="$2" -v a="$a" 'BEGIN { printf "%.1f", n / (a < 0.001 ? 0.001 : a) / 1e6 }'; }
figure() { awk -v row="$1" -v n="$2" 'index($0, row) == 1 { sub(row, ""); print $n; seen = 1 } END { if (!seen) print "-" }' "$tmp/nav"; }

# How many times as fast all cores are: a trace of few generations has less to share out.
cores() { both 2 "$GT validate $1" "$GT validate --threads=1 $1"; awk -v a="$a" -v b="$b" 'BEGIN { printf "%.2f", b / (a < 0.001 ? 0.001 : a) }'; }

echo "growth: millions of events a second; all cores: one; medians of opening and searching, 99% of steps and jumps, in ms; memory"
printf '%-12s %11s %6s %6s %6s %6s %6s %6s %6s %6s %6s %9s %6s\n' bytes events order cores parsed wire text open step jump search validate,KB ui,MB
for size in $GROWTH; do
	make_trace "$size" "$tmp/grown" 0 >/dev/null
	n=$("$GT" validate --json "$tmp/grown" | sed 's/.*"events":\([0-9]*\).*/\1/')
	: >"$tmp/nav"
	[ -z "$NAV" ] || "$NAV" "$GT" "$tmp/grown" >"$tmp/nav"
	printf '%-12s %11s %6s %6s %6s %6s %6s %6s %6s %6s %6s %9s %6s\n' "$size" "$n" \
		"$(rate "$GT validate --threads=1 $tmp/grown" "$n")" "$(cores "$tmp/grown")" \
		"$(rate "$GT dump --format=parsed $tmp/grown" "$n")" \
		"$(rate "$GT dump --format=wire $tmp/grown" "$n")" "$(rate "$GT convert --to=text $tmp/grown -" "$n")" \
		"$(figure 'first screen' 1)" "$(figure 'step back' 2)" "$(figure 'jump to an event' 2)" \
		"$(figure 'no GoDestroySyscall' 1)" "$(peak "$GT" validate "$tmp/grown")" "$(figure 'peak memory' 1)"
	rm -f "$tmp/grown"
done
