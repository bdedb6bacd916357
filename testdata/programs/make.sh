#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make.sh [NAME...]: build the programs beside this script, trace them, and put the traces into ../traces; all of
# them, or those named (mixed, mixed-go1.22, ...). With each NAME.trace comes NAME.parsed.txt.gz, what Go 1.26 says is
# in it. Then break.sh makes ../bad of them. No test needs this script: it is how the data was made.
#
# No two runs are the same, so a run is taken only when it shows what it is there for: traced() runs the program until
# Go's own reader accepts the trace, all events wanted are in it, it is small, and nothing in it tells of this machine.
#
# It needs the go command of Go 1.26, a C compiler, and, for the traces of other versions, a way to their toolchains.
set -eu
cd "$(dirname "$0")"
case $(GOTOOLCHAIN=local go version) in
*' go1.26'*) ;;
*) echo "make.sh: the golden files need Go 1.26" >&2; exit 1 ;;
esac
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
traces=../traces
mkdir -p "$traces"
wanted=" $* "
tries=60
export GOFLAGS= GO111MODULE=on CGO_ENABLED=1 TZ=UTC

ref() { # FORMAT FILE
	GOTOOLCHAIN=local go tool trace -d="$1" "$2"
}

# What must not be in a published trace: an absolute path, the name of this machine or of who uses it.
tells() { # FILE
	strings -n 2 "$1" | sed 's!/usr/local/go/src/!!g' | grep -qE -e '/(tmp|home|root|work|usr|var|opt|mnt)/' \
		-e "(^|[^[:alnum:]_.])($(hostname)|$(id -un))([^[:alnum:]_.]|\$)"
}

# Is this the trace we want? Says why not.
good() { # FILE MAX_BYTES EVENTS
	size=$(wc -c <"$1")
	[ "$size" -le "$2" ] || { echo "  $size bytes"; return 1; }
	ref parsed "$1" >"$tmp/parsed" 2>"$tmp/err" || { sed 's/^/  refused: /;q' "$tmp/err"; return 1; }
	if [ -n "$3" ]; then # the old formats have no wire text to look at
		ref wire "$1" >"$tmp/wire" 2>"$tmp/err" || { sed 's/^/  no text: /;q' "$tmp/err"; return 1; }
	fi
	for event in $3; do
		case $event in
		gens=*) # at least so many generations
			count=$(sed -n 's/^EventBatch gen=\([0-9]*\) .*/\1/p' "$tmp/wire" | sort -u | wc -l)
			[ "$count" -ge "${event#gens=}" ] || { echo "  $count generations"; return 1; } ;;
		threads=*) # in one generation
			count=$(sed -n 's/^EventBatch gen=\([0-9]*\) m=\([0-9]*\) .*/\1 \2/p' "$tmp/wire" | sort -u |
				cut -d' ' -f1 | uniq -c | sort -n | awk 'END { print $1 }')
			[ "$count" -ge "${event#threads=}" ] || { echo "  $count threads"; return 1; } ;;
		bare-create) # by a timer, with no goroutine to do it
			grep -q 'G=-1 StateTransition .*NotExist->Runnable' "$tmp/parsed" ||
				{ echo "  no goroutine created by a timer"; return 1; } ;;
		*)	grep -q "^$event\\>" "$tmp/wire" || { echo "  no $event"; return 1; } ;;
		esac
	done
	if [ -z "$3" ]; then # and their reader may disagree with itself
		for again in 1 2 3 4 5 6 7 8; do
			ref parsed "$1" | cmp -s - "$tmp/parsed" || { echo "  not the same when read again"; return 1; }
		done
	fi
	tells "$1" && { echo "  tells of this machine"; return 1; }
	return 0
}

# Build programs/PROGRAM with a toolchain and run it until the trace is good.
traced() { # NAME PROGRAM TOOLCHAIN GODEBUG ARGUMENTS MAX_BYTES EVENTS
	name=$1
	case $wanted in
	'  ' | *" $name "*) ;;
	*) return 0 ;;
	esac
	if ! (
		cd "$2"
		export GOTOOLCHAIN="$3"
		case $3 in
		go1.11.*) # has no -trimpath of its own
			export GOROOT_FINAL=/usr/local/go GOCACHE="$tmp/cache"
			go build "-gcflags=all=-trimpath=$(dirname "$PWD")" -o "$tmp/program" . ;;
		*) GODEBUG=goindex=0 go build -trimpath -o "$tmp/program" . ;;
		esac
	) 2>"$tmp/err"; then
		echo "$name: left as it is, $3 does not build it: $(grep -v '^#' "$tmp/err" | head -n 1)"
		return 0
	fi
	n=0
	while :; do
		n=$((n + 1))
		if [ $n -gt $tries ]; then
			echo "$name: no good trace in $tries runs; the last one had" >&2
			cat "$tmp/why" >&2
			exit 1
		fi
		rm -f "$tmp/trace"
		# shellcheck disable=SC2086 # the arguments are words
		GODEBUG=$4 "$tmp/program" $5 "$tmp/trace"
		good "$tmp/trace" "$6" "$7" >"$tmp/why" && break
	done
	cp "$tmp/trace" "$traces/$name.trace"
	gzip -9n <"$tmp/parsed" >"$traces/$name.parsed.txt.gz"
	echo "$name: $(wc -c <"$tmp/trace") bytes, $(grep -c '^M=' "$tmp/parsed") events, run $n"
}

cgo='GoCreateSyscall GoDestroySyscall GoSyscallEndBlocked ProcSteal'
mixed='ProcsChange ProcStart ProcStop ProcSteal GoCreate GoStart GoDestroy GoStop GoBlock GoUnblock GoSyscallBegin
	GoSyscallEnd GoSyscallEndBlocked STWBegin STWEnd GCBegin GCEnd GCMarkAssistBegin HeapAlloc HeapGoal
	GoLabel UserTaskBegin UserTaskEnd UserRegionBegin UserRegionEnd UserLog CPUSample gens=3 bare-create'
coro='GoSwitch GoSwitchDestroy GoCreateBlocked GoStatusStack'
advance=traceadvanceperiod

traced cgo-callbacks cgo-callbacks local $advance=4000000 '-mode both -o' 40000 "$cgo gens=3"
traced cgo-new-threads cgo-callbacks local $advance=2000000 '-bound -mode new -calls 16 -o' 40000 "$cgo gens=2"
traced cgo-bound cgo-callbacks local $advance=4000000 '-bound -mode reuse -o' 40000 "$cgo"
traced mixed mixed local $advance=5000000 '-o' 60000 "$mixed GCSweepBegin $coro ClockSnapshot EndOfGeneration"
traced mixed-go1.25 mixed go1.25.5 $advance=5000000 '-o' 60000 "$mixed $coro ClockSnapshot"
traced mixed-go1.23 mixed go1.23.12 $advance=5000000 '-o' 60000 "$mixed $coro"
traced mixed-go1.22 mixed go1.22.12 $advance=5000000 '-o' 60000 "$mixed"
traced many-threads many-threads local $advance=4000000 '-o' 60000 "$cgo threads=24"
traced allocfree allocfree local traceallocfree=1 '' 30000 'Span SpanAlloc SpanFree HeapObject HeapObjectAlloc
	HeapObjectFree GoroutineStack GoroutineStackAlloc GoroutineStackFree ExperimentalBatch'
for version in 1.21.13 1.19.13 1.11.13; do
	traced "old-go${version%.*}" old-formats "go$version" '' '-o' 20000 ''
done

# The same bytes, packed.
gzip -9n <"$traces/cgo-callbacks.trace" >"$traces/cgo-callbacks.trace.gz"
if zstd --version >/dev/null 2>&1; then
	zstd -q -f -19 "$traces/cgo-callbacks.trace" -o "$traces/cgo-callbacks.trace.zst"
fi

sh ./break.sh
