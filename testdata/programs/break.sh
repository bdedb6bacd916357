#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# break.sh: make ../bad of the good traces in ../traces. Each NAME.trace there is broken in one way, said here; beside it
# lie NAME.expect, the first line of what Go's reader says is wrong (empty where it sees nothing wrong), and
# NAME.parsed.txt.gz, the events it delivers before that.
#
# Needs the go command of Go 1.26.
set -eu
cd "$(dirname "$0")"
good=../traces
bad=../bad
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
rm -rf "$bad"
mkdir -p "$bad"
export TZ=UTC

# What the reference says of $bad/NAME.trace, recorded.
record() { # NAME
	status=0
	GOTOOLCHAIN=local go tool trace -d=parsed "$bad/$1.trace" >"$tmp/parsed" 2>"$tmp/err" || status=$?
	if [ $status -gt 1 ] || { [ $status -eq 0 ] && [ -s "$tmp/err" ]; }; then
		echo "$1: the reference ends with status $status:" >&2
		cat "$tmp/err" >&2
		exit 1
	fi
	sed -n 1p "$tmp/err" >"$bad/$1.expect"
	gzip -9n <"$tmp/parsed" >"$bad/$1.parsed.txt.gz"
	printf '%s: %s events, %s\n' "$1" "$(grep -c '^M=' "$tmp/parsed" || true)" "$(cat "$bad/$1.expect")"
}

# The batches of a trace of Go 1.22 or later, one a line: where it starts, where its data start, where it ends, its M (-1
# for none), its generation. Batches of experiments are left out.
batches() { # FILE
	od -An -v -tu1 "$1" | awk '
		{ for (i = 1; i <= NF; i++) byte[n++] = $i }
		function number(   v, scale) {
			for (scale = 1; byte[at] >= 128; scale *= 128)
				v += (byte[at++] - 128) * scale
			return v + byte[at++] * scale
		}
		END {
			at = 16
			while (at < n) {
				start = at
				type = byte[at++]
				if (type == 52)		# EndOfGeneration, a batch all by itself
					continue
				if (type == 49)		# ExperimentalBatch: the experiment comes first
					at++
				gen = number(); m = number(); number(); size = number()
				if (type == 1)
					print start, at, at + size, (m > 1e18 ? -1 : m), gen
				at += size
			}
		}'
}

# Where the first batch of an M after so many hundredths of the file starts, where its data start, where it ends.
batch_at() { # FILE PERCENT
	from=$(($(wc -c <"$1") * $2 / 100))
	batches "$1" | awk -v from="$from" '$1 >= from && $4 >= 0 { print $1, $2, $3; exit }'
}

cut_at() { # FILE BYTES NAME
	head -c "$2" "$1" >"$bad/$3.trace"
	record "$3"
}

# One byte of a file changed.
poke() { # FILE OFFSET OCTAL OUT
	head -c "$2" "$1" >"$4"
	# shellcheck disable=SC2059 # that is how printf makes bytes
	printf "\\$3" >>"$4"
	tail -c +"$(($2 + 2))" "$1" >>"$4"
}

cgo=$good/cgo-callbacks.trace
small=$good/allocfree.trace
old=$good/mixed-go1.22.trace

# Cut short: in the middle of a batch's data, right before a batch, inside a batch's header, by the last byte only.
# shellcheck disable=SC2046 # three words
set -- $(batch_at "$cgo" 50)
cut_at "$cgo" $((($2 + $3) / 2)) cut-in-batch
cut_at "$cgo" "$1" cut-at-batch
cut_at "$cgo" $(($1 + 2)) cut-in-header
cut_at "$cgo" $(($(wc -c <"$cgo") - 1)) cut-last-byte

# The same of the older formats, whose reader looks one batch ahead and has no mark for the end of a generation: cut
# where one ends, that is no error; cut before, the stacks are missing, which come last.
# shellcheck disable=SC2046
set -- $(batch_at "$old" 30)
cut_at "$old" $((($2 + $3) / 2)) cut-in-batch-go1.22
# shellcheck disable=SC2046
set -- $(batch_at "$old" 1)
cut_at "$old" "$1" cut-at-batch-go1.22
cut_at "$old" "$(batches "$old" | awk '$5 > gen { gen = $5; at = $1 } END { print at }')" cut-at-generation-go1.22
cut_at "$good/old-go1.21.trace" 2000 cut-go1.21

# Nothing but the header, half of it, nothing at all.
cut_at "$small" 16 header-only
cut_at "$old" 16 header-only-go1.22
cut_at "$small" 9 half-header
cut_at "$small" 0 empty

# Never was a trace.
cat >"$bad/html-page.trace" <<'HTML'
<!DOCTYPE html>
<html><head><title>404 Not Found</title></head>
<body><h1>Not Found</h1><p>There is no profile of that name. See <a href="/debug/pprof/">the list</a>.</p></body></html>
HTML
record html-page
cat >"$bad/text-log.trace" <<'LOG'
2026/01/05 09:14:07 server: listening on :8080
2026/01/05 09:14:09 server: GET /debug/pprof/trace?seconds=5
2026/01/05 09:14:14 server: trace done
LOG
record text-log
awk 'BEGIN { for (x = 1; n < 3000; n++) { x = (x * 16807) % 2147483647; printf "\\%03o", int(x / 7) % 256 } }' >"$tmp/random"
# shellcheck disable=SC2059
printf "$(cat "$tmp/random")" >"$bad/random-bytes.trace"
record random-bytes

# The header of another version: an older one that is known, and one that is not.
{ printf 'go 1.23 trace\0\0\0'; tail -c +17 "$small"; } >"$bad/older-header.trace"
record older-header
{ printf 'go 1.99 trace\0\0\0'; tail -c +17 "$small"; } >"$bad/newer-header.trace"
record newer-header

# Two traces in one file; and a trace written to the standard output of a program that printed something there too.
cat "$good/allocfree.trace" "$good/cgo-bound.trace" >"$bad/two-traces.trace"
record two-traces
# shellcheck disable=SC2046
set -- $(batch_at "$cgo" 50)
{ head -c "$1" "$cgo"; echo 'server: trace done'; tail -c +$(($1 + 1)) "$cgo"; } >"$bad/text-inside.trace"
record text-inside

# A byte that is no event at the head of a batch; and one that ends a generation, which before
# Go 1.26 no batch may begin with.
# shellcheck disable=SC2046
set -- $(batch_at "$cgo" 60)
poke "$cgo" "$2" 377 "$bad/event-type-255.trace"
record event-type-255
# shellcheck disable=SC2046
set -- $(batch_at "$good/mixed-go1.25.trace" 20)
poke "$good/mixed-go1.25.trace" "$2" 064 "$bad/end-inside-batch.trace"
record end-inside-batch

# One bit flipped, so that the threads wait for each other for ever: the first byte from the middle of the trace on
# whose lowest bit does it.
at=$(($(wc -c <"$cgo") / 2))
while :; do
	value=$(od -An -v -tu1 -j "$at" -N 1 "$cgo")
	poke "$cgo" "$at" "$(printf %03o $((value ^ 1)))" "$bad/flipped-bit.trace"
	GOTOOLCHAIN=local go tool trace -d=parsed "$bad/flipped-bit.trace" 2>&1 >/dev/null |
		grep -q 'failed to advance: frontier' && break
	at=$((at + 1))
done
record flipped-bit

# The formats before Go 1.22, event by event: the length of the arguments stands in the upper two bits of an event's type.
# begin: Batch p=0 ticks=1; Frequency 1000000000; Gomaxprocs dt=0 1. running: ProcStart; GoCreate g=6; GoStart g=6 seq=1.
begin='\101\0\1\002\200\224\353\334\003\204\0\1\0'
running=$begin'\105\1\5\315\4\1\6\0\0\216\1\6\1'
old_events() { # NAME VERSION EVENTS
	# shellcheck disable=SC2059
	printf "go 1.$2 trace\\0\\0\\0$3" >"$bad/$1.trace"
	record "$1"
}
# A thread of C comes in: GoSysExit g=9 seq=1 ts=0 of a goroutine that nothing has told of.
old_events old-cgo 21 "$begin"'\105\1\5\335\4\1\11\1\0'
# GoBlock; GoStart g=6 seq=3: the GoUnblock between was never written.
old_events old-injected 11 "$running"'\124\1\0\216\1\6\3'
# Another P starts the goroutine that GoUnblock g=6 seq=4 makes runnable with what should be the number behind it.
old_events old-handoff 11 "$running"'\124\1\0\101\1\20\105\1\6\216\1\6\3\325\4\1\6\4\0'
# GoBlock; GoSysExitLocal g=6: it is not in a syscall.
old_events old-syscall-exit 21 "$running"'\124\1\0\250\1\6\0'
# GoSysBlock; GoSysExit g=6 seq=2 ts=4, which is before it.
old_events old-time-order 21 "$running"'\036\5\335\4\1\6\2\4'
# GoStart of a goroutine whose number is that of none.
old_events old-not-runnable 21 "$begin"'\216\1\377\377\377\377\377\377\377\377\377\1\0'
# Real ones, a byte changed: a goroutine that waits for ever, a length that is none, and one cut inside an event.
poke "$good/old-go1.21.trace" 358 011 "$bad/old-no-order.trace"
record old-no-order
cut_at "$good/old-go1.11.trace" 3000 cut-go1.11
cut_at "$good/old-go1.19.trace" 5000 cut-go1.19
