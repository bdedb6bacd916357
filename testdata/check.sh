#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# GT=PROGRAM check.sh: compare what the program says of the traces here with what Go's reader said (the golden files
# beside them; README.md says how they were made). Prints one line for each group, what differs before it, and exits
# with 1 if anything does, or if there was nothing to compare.
#
# SHOW=N shows so many lines of each difference (default 12). LEAVE_OUT="old packed convert" leaves out what needs the
# formats before Go 1.22, the unpacking of files, the conversion of text: for a program that can't yet. It says so.
set -u
case ${GT:?"names the program to check"} in
/*) ;;
*/*) GT=$PWD/$GT ;;
esac
cd "$(dirname "$0")" || exit 1
command -v "$GT" >/dev/null || { echo "check.sh: no program $GT" >&2; exit 1; }
unset LC_ALL
export TZ=UTC LC_COLLATE=C NO_COLOR=1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
show=${SHOW:-12}
failed=0
[ -z "${LEAVE_OUT-}" ] || echo "  CHECK   left out: $LEAVE_OUT"

# left_out WHAT: is it?
left_out() {
	case " ${LEAVE_OUT-} " in
	*" $1 "*) return 0 ;;
	*) return 1 ;;
	esac
}

# each PATTERN...: the files there are of these names, without those that are left out.
each() {
	for file in "$@"; do
		case $file in
		*'*'*) continue ;;
		traces/old-* | bad/*-go1.21.trace) if left_out old; then continue; fi ;;
		esac
		echo "$file"
	done
}

# Count a comparison of the group under way.
group() { title=$1 done=0 wrong=0; }
ok() { done=$((done + 1)); }
not_ok() { # NAME WHAT
	done=$((done + 1))
	wrong=$((wrong + 1))
	echo "  $1: $2"
}
end() {
	printf '  %-7s %s: %d of %d\n' CHECK "$title" $((done - wrong)) $done
	if [ $done -eq 0 ]; then
		echo "  nothing to compare: is testdata complete?"
		failed=1
	fi
	[ $wrong -eq 0 ] || failed=1
}

# run ARGUMENT...: run the program; its output is in out and err, its exit status in status.
run() {
	status=0
	"$GT" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
}

# same NAME FILE: is the output the same as FILE, with exit status 0 and nothing to complain about?
same() {
	if [ $status -ne 0 ] || [ -s "$tmp/err" ]; then
		not_ok "$1" "exit status $status, and says: $(head -n 3 "$tmp/err")"
	elif ! cmp -s "$2" "$tmp/out"; then
		not_ok "$1" "not the same (- wanted, + printed):"
		diff -u "$2" "$tmp/out" | sed 1,2d | head -n "$show" | sed 's/^/    /'
	else
		ok
	fi
}

# golden NAME: unpack the golden file of a trace, to want.
golden() {
	gzip -dc "$1.parsed.txt.gz" >"$tmp/want"
}

group 'traces for the golden files'
for t in $(each traces/*.parsed.txt.gz bad/*.parsed.txt.gz); do
	if [ -e "${t%.parsed.txt.gz}.trace" ]; then ok; else not_ok "$t" "its trace is missing"; fi
done
for name in $(gzip -dc tests.parsed.txt.gz | sed -n 's/^=== //p'); do
	if [ -e "tests/$name.test" ]; then ok; else not_ok tests.parsed.txt.gz "tests/$name.test is missing"; fi
done
end

group 'events of good traces'
for t in $(each traces/*.trace); do
	golden "${t%.trace}"
	run dump --format=parsed "$t"
	same "$t" "$tmp/want"
done
end

group 'the same, asked for as go tool trace is'
for t in $(each traces/*.trace); do
	golden "${t%.trace}"
	run -d=parsed "$t"
	same "-d=parsed $t" "$tmp/want"
done
end

if ! left_out packed; then
group 'the same, packed or through a pipe'
for t in $(each traces/*.trace.gz traces/*.trace.zst); do
	golden "${t%.trace.*}"
	run dump --format=parsed "$t"
	same "$t" "$tmp/want"
	status=0
	# shellcheck disable=SC2002 # a pipe is what is tested
	cat "$t" | "$GT" dump --format=parsed - >"$tmp/out" 2>"$tmp/err" || status=$?
	same "- <$t" "$tmp/want"
done
end
fi

# arriving TRACE ARGUMENT...: run, with the trace through a pipe in small pieces, and hardly any memory to keep them in.
arriving() {
	trace=$1
	shift
	status=0
	dd if="$trace" bs=1777 2>/dev/null | "$GT" "$@" --memory=4K - >"$tmp/out" 2>"$tmp/err" || status=$?
}

# What is printed of a broken trace, too, is the same whether it is a file or arrives.
group 'the same, as it arrives'
for t in $(each traces/*.trace bad/*.trace); do
	for command in dump 'dump --salvage' 'dump --format=wire' validate; do
		# shellcheck disable=SC2086 # words of a command
		run $command "$t"
		sed "s,$t,standard input,g" "$tmp/out" >"$tmp/want"
		sed "s,$t,standard input,g" "$tmp/err" >"$tmp/wanterr"
		want=$status
		# shellcheck disable=SC2086
		arriving "$t" $command
		if [ $status -eq "$want" ] && cmp -s "$tmp/want" "$tmp/out" && cmp -s "$tmp/wanterr" "$tmp/err"; then
			ok
		else
			not_ok "$command - <$t" "exit status $status, not $want: $(head -n 3 "$tmp/err")"
		fi
	done
done
end

# eventually COMMAND...: until it is so; 10 seconds at most.
eventually() {
	i=0
	until "$@"; do
		i=$((i + 1))
		[ $i -lt 100 ] || return 1
		sleep 0.1
	done
}
has_lines() { [ "$(wc -l <"$tmp/out")" -gt "$1" ]; }

group 'pipes that stall and files that grow'
t=traces/mixed.trace
golden traces/mixed
# The first generation is there while the second is not, and neither is the end.
mkfifo "$tmp/pipe"
"$GT" dump "$tmp/pipe" >"$tmp/out" 2>"$tmp/err" &
exec 3>"$tmp/pipe"
head -c 40000 $t >&3
if eventually has_lines 3000; then ok; else not_ok 'a pipe that stalls' "$(wc -l <"$tmp/out") lines"; fi
tail -c +40001 $t >&3
exec 3>&-
status=0
wait $! || status=$?
same 'a pipe that stalls' "$tmp/want"
# A file that grows, and then is begun anew.
head -c 10 $t >"$tmp/grows"
"$GT" dump -f "$tmp/grows" >"$tmp/out" 2>"$tmp/err" &
head -c 40000 $t | tail -c +11 >>"$tmp/grows"
if eventually has_lines 3000; then ok; else not_ok 'dump -f' "$(wc -l <"$tmp/out") lines"; fi
tail -c +40001 $t >>"$tmp/grows"
eventually has_lines $(($(wc -l <"$tmp/want") - 2))
: >"$tmp/grows"
status=0
wait $! || status=$?
if [ $status -eq 0 ] && cmp -s "$tmp/want" "$tmp/out" && grep -q 'became shorter, and is no longer followed' "$tmp/err"; then
	ok
else
	not_ok 'dump -f of a file begun anew' "exit status $status: $(head -n 3 "$tmp/err")"
fi
# Nobody reads what is printed: the program ends, whatever still comes.
yes | cat $t - | "$GT" dump - 2>/dev/null | head -n 1 >"$tmp/out"
if [ "$(wc -l <"$tmp/out")" -eq 1 ]; then ok; else not_ok 'dump - | head' "$(wc -l <"$tmp/out") lines"; fi
# No room for what comes.
status=0
TMPDIR=$tmp/none "$GT" validate --memory=4K - <$t >"$tmp/out" 2>"$tmp/err" || status=$?
if [ $status -eq 0 ]; then ok; else not_ok 'validate - <FILE' "exit status $status: a file needs no room"; fi
status=0
# shellcheck disable=SC2002
cat $t | TMPDIR=$tmp/none "$GT" validate --memory=4K - >"$tmp/out" 2>"$tmp/err" || status=$?
if [ $status -eq 3 ] && grep -q 'there can be no temporary file in .*: No such file' "$tmp/err"; then
	ok
else
	not_ok 'no temporary file' "exit status $status: $(cat "$tmp/err")"
fi
# shellcheck disable=SC2002
cat $t | (
	trap '' XFSZ
	ulimit -f 1
	exec "$GT" dump --memory=40K - 2>"$tmp/err"
) | cat >"$tmp/out"
if has_lines 3000 && grep -q 'writing what is received to a temporary file: ' "$tmp/err"; then
	ok
else
	not_ok 'a temporary file that is full' "$(wc -l <"$tmp/out") lines, $(cat "$tmp/err")"
fi
for what in "tests/$(ls tests | head -n 1)" traces/old-go1.19.trace bad/html-page.trace bad/newer-header.trace; do
	run dump -f "$what"
	if [ $status -eq 3 ]; then ok; else not_ok "dump -f $what" "exit status $status: $(cat "$tmp/err")"; fi
done
end

# The text form of the formats before Go 1.22 does not exist.
if ! left_out convert; then
group 'the same, by way of the text form'
for t in $(each traces/*.trace); do
	case $t in
	traces/old-*) continue ;;
	esac
	golden "${t%.trace}"
	run convert --to=text "$t" "$tmp/text"
	: >"$tmp/none"
	[ $status -eq 0 ] || { same "convert --to=text $t" "$tmp/none"; continue; }
	run dump --format=parsed "$tmp/text"
	same "text of $t" "$tmp/want"
	run convert --to=binary "$tmp/text" "$tmp/binary"
	[ $status -eq 0 ] || { same "convert --to=binary (text of $t)" "$tmp/none"; continue; }
	run dump --format=parsed "$tmp/binary"
	same "binary of the text of $t" "$tmp/want"
done
end
fi

# refused NAME STATUS TEXT...: an exit status, nothing on standard output, and lines on standard error: each TEXT, behind
# "gotrace-tui: ", begins one, in this order.
refused() {
	name=$1 want=$2
	shift 2
	if [ $status -ne "$want" ]; then
		not_ok "$name" "exit status $status, not $want: $(head -n 3 "$tmp/err")"
		return
	fi
	if [ -s "$tmp/out" ]; then
		not_ok "$name" "prints: $(head -n 3 "$tmp/out")"
		return
	fi
	line=0
	for text in "$@"; do
		line=$((line + 1))
		case $(sed -n ${line}p "$tmp/err") in
		"gotrace-tui: $text"*) ;;
		*) not_ok "$name" "says '$(sed -n ${line}p "$tmp/err")', not '$text'"; return ;;
		esac
	done
	ok
}

# raw.sums: what go tool trace -d=wire and -d=footprint print; see programs/raw.sh.
group 'raw events and footprints'
while read -r format t sum size code text; do
	run -d="$format" "$t"
	got=$(cksum <"$tmp/out")
	message=$(head -n 1 "$tmp/err")
	[ "$code" = 0 ] || [ "$message" = "gotrace-tui: $t: $text" ] || got="$got and '$message'"
	if [ "$got" = "$sum $size" ] && [ $((status != 0)) -eq $((code != 0)) ]; then
		ok
	else
		not_ok "-d=$format $t" "exit status $status, cksum $got, not $code, $sum $size"
	fi
done <raw.sums
end

group 'events as data'
for format in jsonl csv; do
	run dump --format=$format formats/fields.txt
	if [ $status -eq 1 ] && cmp -s formats/fields.$format "$tmp/out"; then
		ok
	else
		not_ok "--format=$format" "exit status $status; not as in formats/fields.$format:"
		diff -u formats/fields.$format "$tmp/out" | sed 1,2d | head -n "$show" | sed 's/^/    /'
	fi
	# So many events, so many lines.
	for t in $(each traces/*.trace); do
		run dump --format=$format "$t"
		lines=$(wc -l <"$tmp/out")
		[ $format = jsonl ] || lines=$((lines - 1))
		golden "${t%.trace}"
		if [ $status -eq 0 ] && [ $lines -eq "$(grep -c '^M=' "$tmp/want")" ]; then
			ok
		else
			not_ok "--format=$format $t" "exit status $status, $lines lines"
		fi
	done
done
for field in $(head -n 1 formats/fields.csv | tr ',' ' '); do
	if grep -Eq "^\.(It )?Cm .*\<$field\>" ../man/gotrace-tui.1; then ok; else not_ok "the field $field" 'is not in the manual page'; fi
done
run dump --format=xml formats/fields.txt
refused '--format=xml' 2 'there is no format xml; there are parsed, wire, footprint, jsonl and csv'
end

# --filter: what jsonl says of each event tells which ones are meant.
group 'filters'
filter() { # EXPRESSION PATTERN [INVERTED]
	for t in traces/cgo-callbacks.trace traces/mixed.trace; do
		[ -e "$t" ] || continue
		run dump --format=jsonl "$t"
		grep ${3-} -E -- "$2" "$tmp/out" >"$tmp/want"
		run dump --format=jsonl --filter="$1" "$t"
		same "--filter='$1' $t" "$tmp/want"
		[ -s "$tmp/want" ] || [ "$t" != traces/cgo-callbacks.trace ] || not_ok "--filter='$1'" 'nothing is meant'
	done
}
filter 'GoBlock' '"event":"GoBlock"'
filter 'not GoBlock' '"event":"GoBlock"' -v
filter 'type ~ "^Go(Start|Stop)$"' '"event":"(GoStart|GoStop)"'
filter 'g == none && m' '"m":[0-9]+,.*"g":null'
filter 'to == Waiting and reason == "sync"' '"to":"Waiting","reason":"sync"'
filter 'new_g > 9 or gstatus == Waiting' '"new_g":[0-9]{2}|"gstatus":4[,}]'
filter 'time < 100us' '"rel":[0-9]{1,5},'
filter 'batch in 2..4 and gen == 1' '"gen":1,.*"batch":[234],'
filter 'func ~ "^main\."' '"stack":\[.*"func":"main\.'
filter 'name ~ "heap"' '"name":"/[^"]*heap'
filter 'bytes ~ "(?i)^0E [0-9A-F]{2} "' '"event":"GoCreate"'
filter 'bytes == none' '"event":"SyncPoint"'
filter 'bytes == "19 05 01 b4 b4 01 02"' '"offset":2205,'
for format in parsed csv; do
	run dump --format=$format --filter='n in (5, 7..9)' traces/cgo-callbacks.trace
	cp "$tmp/out" "$tmp/got"
	run dump --format=$format traces/cgo-callbacks.trace
	if [ $format = csv ]; then
		awk -F, 'NR == 1 || $1 == 5 || ($1 >= 7 && $1 <= 9)' "$tmp/out" >"$tmp/want"
	else
		awk '/^M=/ { n++ } n == 5 || (n >= 7 && n <= 9)' "$tmp/out" >"$tmp/want"
	fi
	cp "$tmp/got" "$tmp/out"
	same "--filter of $format" "$tmp/want"
done
run dump --filter='type == GoBlok' traces/cgo-callbacks.trace
refused '--filter of no event' 2 '--filter: there is no event type "GoBlok": did you mean GoBlock?' \
	'  type == GoBlok' '          ^^^^^^'
run dump --filter='g == 4 and' traces/cgo-callbacks.trace
refused '--filter that stops' 2 '--filter: a field, an event or ( is expected' '  g == 4 and' '            ^'
run dump --filter='stack ~ "a(b"' traces/cgo-callbacks.trace
refused '--filter with half a pattern' 2 '--filter: in the regular expression: ' '  stack ~ "a(b"' '              ^'
run dump --format=wire --filter=g traces/cgo-callbacks.trace
refused '--filter of wire' 2 '--filter is for events in order'
# Every field is in the manual, in the same words.
run help expressions
sed -e ':a' -e '$!N;s/\n \{13\}/ /;ta' -e 'P;D' "$tmp/out" | sed -n '/^fields:/,$s/^  \([a-z.]*\)  *\(.*\)/\1 \2/p' | grep -v '^arg\.' >"$tmp/want"
sed -n '/^\.Sh EXPRESSIONS/,/^\.El/p' ../man/gotrace-tui.1 | sed -n '/^\.It Cm /{s///;N;s/\n/ /;s/\\(dq/"/g;p;}' >"$tmp/out"
same 'fields in the manual' "$tmp/want"
end

group 'help'
# No line is longer than a terminal is wide.
for topic in '' expressions dump run validate explain timeline stats convert export test model learn help completion; do
	# shellcheck disable=SC2086 # a word, or none
	run help $topic
	long=$(awk 'length($0) > 80' "$tmp/out")
	if [ $status -eq 0 ] && [ -s "$tmp/out" ] && [ -z "$long" ]; then ok; else not_ok "help $topic" "exit status $status; too long: $long"; fi
done
# An option that two commands have and mean differently says of which it is, where both are told of.
run --help
cp "$tmp/out" "$tmp/help"
for what in '--by=m|p|g  *of timeline: lanes' '--by=m|p|g  *of export: lanes' '--to=TIME  *of timeline: end' '--to=binary|text|test  *of convert: what' \
	'of export: what to write'; do
	if grep -q -e "^ *$what" "$tmp/help"; then ok; else not_ok '--help' "has not: $what"; fi
done
run help timeline
if grep -q -e '--by=m|p|g  *lanes' "$tmp/out" && ! grep -q 'of timeline:' "$tmp/out"; then ok; else not_ok 'help timeline' "$(grep -e --by "$tmp/out")"; fi
end

# A script NAME.gt: its first line names the trace, NAME.txt has what it prints. tour/ answers what people ask of traces.
group 'scripts'
for t in scripts/*.gt tour/*.gt; do
	trace=$(sed -n '1s/^# //p' "$t")
	run run "$t" "$trace"
	[ $status -ne 1 ] || status=0
	same "$t" "${t%.gt}.txt"
	commands=$(cat "$t")
	run run -c "$commands" "$trace"
	[ $status -ne 1 ] || status=0
	same "$t as -c" "${t%.gt}.txt"
done
# Who has been at the end first gets to the same places, whatever is indexed by then.
for trace in traces/*.trace bad/cut-*.trace; do
	for place in '@0.0001s' 'gen 1' 'gen 2' 'offset 300' 'offset 12000'; do
		"$GT" run -c "$place" "$trace" >"$tmp/want" 2>&1
		"$GT" run -c "step 9999999; $place" "$trace" 2>&1 | tail -n 1 >"$tmp/out"
		same "$place of $trace from its end" "$tmp/want"
	done
done
trace=traces/cgo-callbacks.trace
run -x 'why' $trace
echo 'valid, 1093 events, model current' >"$tmp/want"
same '-x without a terminal' "$tmp/want"
run run -c 'next g == 4711; state' $trace
refused 'a search that finds nothing' 1 'next g == 4711: no g == 4711 after event 1'
run run -c 'filter g ==' $trace
refused 'half an expression' 2 'filter g ==: the number of a goroutine, or none is expected' '  g ==' '      ^'
run run -c 'nosuch' $trace
refused 'no such command' 2 'nosuch: there is no command "nosuch"'
run run -c 'stpe 3' $trace
refused 'nearly a command' 2 'stpe 3: there is no command "stpe": did you mean step?'
run run -c 'goto abc' $trace
refused 'no such place' 2 'goto abc: "abc" is not an event number, a time or '
run run -c 'state 5' $trace
refused 'an argument too many' 2 'state 5: :state takes no argument'
run run $trace
refused 'a script and no trace' 2 'run takes a SCRIPT and a FILE'
run run nosuch.gt $trace
refused 'no such script' 3 'nosuch.gt: '
echo "source $tmp/loop.gt" >"$tmp/loop.gt"
run run "$tmp/loop.gt" $trace
refused 'a script that does itself' 2 "$tmp/loop.gt:1: source $tmp/loop.gt: "
printf '# one\n\nstep; nosuch\n' >"$tmp/wrong.gt"
printf 'first\nsource %s # two\nstep\n' "$tmp/wrong.gt" >"$tmp/outer.gt"
for t in wrong outer; do
	run run "$tmp/$t.gt" $trace
	: >"$tmp/out"
	refused 'a line of a script' 2 "$tmp/wrong.gt:3: nosuch: there is no command \"nosuch\""
done
echo 'next g == 4711' >"$tmp/wrong.gt"
run run -c "source $tmp/wrong.gt; step" $trace
refused 'a line of a source' 1 "$tmp/wrong.gt:1: next g == 4711: "
run run -c 'back 9; step' $trace
refused 'back at the start' 1 'back 9: this is the first event'
run run -c 'last; step' $trace
: >"$tmp/out"
refused 'a step at the end' 1 'step: the trace ends here'
# Arguments that are missing, nothing, too much or of what is not there: exit status, command and what is wrong.
while read -r want_status command says; do
	command=$(echo "$command" | tr _ ' ')
	run run -c "$command" $trace
	: >"$tmp/out"
	refused "$command" "$want_status" "$command: $says"
done <<'EOF'
2 step_0 0 is no count: 1 is the least
2 back_0 0 is no count: 1 is the least
2 next_0 0 is no count: 1 is the least
2 continue_0 0 is no count: 1 is the least
2 zoom-in_0 0 is no count: 1 is the least
2 taller_0 0 is no count: 1 is the least
2 undo_0 0 is no count: 1 is the least
2 goto_+0 0 is no count: 1 is the least
2 step_99999999999999999999 99999999999999999999 is more than can be counted
2 step_-1 "-1" is not a number
2 0 there is no event 0: they are numbered from 1
2 goto_0 there is no event 0: they are numbered from 1
2 first_0 there is no event 0: they are numbered from 1
1 goto_99999999 the trace has 1093 events
2 goto_150% 100% is the end of the trace: there is no more
2 goto_gen_0 there is no generation 0: they are 1 to
2 goto_gen_99 there is no generation 99: they are 1 to
2 goto_offset_99999999 the trace has
1 goto_+9h the trace ends before that
1 goto_-9h the trace begins after that
2 goto :goto needs an event number
2 mark :mark needs a letter
2 to-mark :to-mark needs a letter
2 mark_1 marks are letters
1 to-mark_z mark z is not set
2 view :view needs a pane
2 split :split needs a pane
2 view_nothing there is no pane "nothing"
2 follow_g_99999 there is no G99999 in this trace: nobody is followed
2 follow_p_99 there is no P99 in this trace: nobody is followed
2 follow_m_1 there is no M1 in this trace: nobody is followed
2 follow_g "g" is not a goroutine, P or M
2 enable :enable needs a breakpoint
2 delete_0 there is no breakpoint "0"
2 sort :sort needs a column
2 apply :apply needs the number
2 skip_0 0: an event is its number
2 drop_batch_9999 batch 9999: there is no such batch
2 export :export needs a file
2 copy events: there is no terminal here to copy to; :export writes a file
2 copy_stack stack: there is no terminal here
2 export_x.csv x.csv: there is no table on the screen
2 source :source needs a file
2 model :model needs a rule set
EOF
# Lists of nothing say so.
run run -c 'break; marks' $trace
printf 'no breakpoints\nno mark is set; ma sets mark a\n' >"$tmp/want"
same 'empty lists' "$tmp/want"
for t in goroutines groups tasks regions ranges longest waits transitions histogram; do
	run run -c $t bad/header-only.trace
	if [ $status -eq 0 ] && grep -q '^ *there are none$' "$tmp/out"; then ok; else not_ok "no $t" "$(cat "$tmp/out")"; fi
done
# The longest ranges, as data, are those that filters find.
run run -c "longest; only range=stop; export $tmp/stops.csv; only; sort event; export $tmp/longest.csv" traces/mixed.trace
for t in '' 'lasted >= 100us' 'lasted >= 100us && STWEnd'; do
	"$GT" dump --filter="kind == RangeEnd && lasted != none${t:+ && $t}" traces/mixed.trace | grep -c '^M=' >"$tmp/want"
	file=$tmp/longest.csv least=0
	case $t in *STWEnd) file=$tmp/stops.csv ;; esac
	case $t in *100us*) least=100000 ;; esac
	awk -F, -v least=$least 'NR > 1 && $1 >= least { n++ } END { print n + 0 }' "$file" >"$tmp/out"
	[ "$(cat "$tmp/want")" -gt 1 ] || not_ok "ranges with $t" 'none is meant'
	same "ranges with $t" "$tmp/want"
done
printf 'took,began,event,G,P,range\n2340352,753088,53,37,0,stop-the-world (GC mark termination)\n' >"$tmp/want"
head -n 2 "$tmp/stops.csv" >"$tmp/out"
same 'the longest stop' "$tmp/want"
run run -c '100; timeline m; table' $trace
if [ $status -eq 0 ] && grep -q 'timeline.*by M' "$tmp/out" && grep -q 'M23095 ' "$tmp/out" && grep -q 'main.main.func1' "$tmp/out"; then
	ok
else
	not_ok 'the timeline and the table' "exit status $status: $(head -n 3 "$tmp/out")"
fi
# All lanes, however many; of what is shown by a screen it is said that it is a part; what zooms prints the timeline.
run run -c 'zoom-all; timeline g; zoom-in 2; first; table; zoom-all' traces/mixed.trace
"$GT" timeline --json --by=g traces/mixed.trace | sed 's/.*"id":\([0-9]*\),.*/\1/' | sort -u >"$tmp/want"
awk '/^-> /{ n++ } n == 2 && /^[ >]G[0-9]/ { print substr($1, substr($1, 1, 1) == ">" ? 3 : 2) }' "$tmp/out" | sort -u >"$tmp/lanes"
if [ $status -eq 0 ] && [ -s "$tmp/want" ] && cmp -s "$tmp/want" "$tmp/lanes" &&
	[ "$(grep -c '^-> timeline - by P - .* - 4,458 events' "$tmp/out")" -eq 1 ] &&
	[ "$(grep -c '^-> timeline - by G - .* - [12],[0-9]* of 4,458 events' "$tmp/out")" -eq 1 ] &&
	[ "$(grep -c '^-> timeline' "$tmp/out")" -eq 4 ] && [ "$(grep -c '^-> table' "$tmp/out")" -eq 1 ]; then
	ok
else
	not_ok 'timelines of a script' "$(wc -l <"$tmp/want") lanes, printed $(wc -l <"$tmp/lanes"): $(grep '^-' "$tmp/out")"
fi
# Before Go 1.22 nothing is known of a P before it first starts.
if left_out old || "$GT" timeline --json --by=p traces/old-go1.19.trace | grep '"id":0,' | head -n 1 | grep -q '"from":324100,.*"first":126,'; then
	ok
else
	not_ok 'a P of old that starts late' "$("$GT" timeline --json --by=p traces/old-go1.19.trace | grep '"id":0,' | head -n 1)"
fi
# A P runs as long as goroutines run on it; there is a P of mixed.trace on which none does for a while.
running() {
	"$GT" timeline --json --by=$1 traces/mixed.trace |
		sed -n 's/.*"state":"running","from":\([0-9]*\),"to":\([0-9]*\),.*"p":.*/\1 \2/p; s/^{"lane":"p".*"state":"running","from":\([0-9]*\),"to":\([0-9]*\),.*/\1 \2/p' |
		awk '{ sum += $2 - $1 } END { print sum + 0 }'
}
by_p=$(running p)
by_g=$(running g)
LC_ALL=C COLUMNS=80 run timeline --from=2864320ns --to=3008000ns traces/mixed.trace
if [ "$by_p" -gt 0 ] && [ "$by_p" = "$by_g" ] && grep -Eq '^P3 +p+$' "$tmp/out" && grep -q 'p runs no goroutine' "$tmp/out"; then
	ok
else
	not_ok 'Ps that run no goroutine' "by P $by_p ns, by G $by_g ns: $(grep '^P3' "$tmp/out")"
fi
# stats: it counts what there is, and times add up to those of the timeline.
for t in $(each traces/*.trace); do
	run stats --json $t
	cp "$tmp/out" "$tmp/stats"
	want="$("$GT" dump --format=jsonl $t | wc -l) $("$GT" timeline --json --by=g $t | sed -n 's/.*"lane":"g".*"state":"waiting","from":\([-0-9]*\),"to":\([-0-9]*\),.*/\1 \2/p' |
		awk '{ sum += $2 - $1 } END { printf "%d", sum }')"
	got="$(sed -n 's/^{"of":"event".*"count":\([0-9]*\),.*/\1/p' "$tmp/stats" | awk '{ n += $1 } END { print n }') $(
		sed -n 's/^{"of":"goroutines","state":"waiting","ns":\([0-9]*\)}/\1/p' "$tmp/stats")"
	if [ $status -eq 0 ] && [ "$got" = "$want" ] && "$GT" stats $t | grep -q '^events  *count'; then ok; else not_ok "stats $t" "events and waiting: $got, not $want"; fi
done
run stats --json traces/mixed.trace
if grep -qx '{"of":"range","name":"stop-the-world (GC mark termination)","count":3,"open":0,"ns":2940544,"longest":2340352}' "$tmp/out" &&
	grep -qx '{"of":"group","function":"main.locks.func1","count":3,.*}' "$tmp/out" && grep -q '{"of":"region","name":"look up","count":6,"open":0,' "$tmp/out"; then
	ok
else
	not_ok 'stats of mixed.trace' "$(grep -e mark -e main.locks -e 'look up' "$tmp/out")"
fi
run stats bad/html-page.trace
if [ $status -eq 3 ] && [ ! -s "$tmp/out" ]; then ok; else not_ok 'stats of no trace' "exit status $status"; fi
# export: what the tests of src can't see is how it is called.
for how in --to=chrome --to=perfetto --to=pprof:sched; do
	run export $how traces/mixed.trace "$tmp/file"
	cp "$tmp/file" "$tmp/first" 2>/dev/null
	if [ $status -eq 0 ] && [ -s "$tmp/first" ] && [ ! -s "$tmp/out" ] && "$GT" export $how traces/mixed.trace - | cmp -s - "$tmp/first"; then
		ok
	else
		not_ok "export $how" "exit status $status"
	fi
done
for how in -pprof=sched '-pprof sched' --pprof=sched; do
	if "$GT" $how traces/mixed.trace | cmp -s - "$tmp/first"; then ok; else not_ok "$how" 'another profile than that of export'; fi
done
run export --to=chrome --by=m,g --from=1ms --until=1500us traces/mixed.trace -
if [ $status -eq 0 ] && grep -q '"ph":"X","pid":2,' "$tmp/out" && grep -q '"ph":"X","pid":3,' "$tmp/out" && ! grep -q '"ph":"X","pid":1,' "$tmp/out"; then
	ok
else
	not_ok 'export --by=m,g' "exit status $status"
fi
# What is good of a broken trace is written; of what is none, nothing.
for t in $(each bad/*.trace); do
	run validate $t
	want=$status
	for how in chrome pprof:sync; do
		rm -f "$tmp/file"
		run export --to=$how $t "$tmp/file"
		written=no
		[ ! -s "$tmp/file" ] || written=yes
		if [ "$status $written" = "$want $([ $want -eq 3 ] && echo no || echo yes)" ]; then
			ok
		else
			not_ok "export --to=$how $t" "exit status $status, not $want; written: $written: $(cat "$tmp/err")"
		fi
	done
done
run export traces/mixed.trace x
refused 'export traces/mixed.trace x' 2 'export wants --to=FORMAT; there are perfetto, chrome, pprof:net, pprof:sync, pprof:syscall and pprof:sched'
# What goes on all through a time in which nothing happens, counters included; not over the trace itself.
run export --to=chrome --by=g --from=3301us --until=3302us traces/mixed.trace -
if [ $status -eq 0 ] && [ "$(grep -c '"ph":"X"' "$tmp/out")" -gt 5 ] && [ "$(grep -c '"ph":"C"' "$tmp/out")" -ge 3 ]; then
	ok
else
	not_ok 'export of a quiet time' "$(grep -c '"ph":"X"' "$tmp/out") slices, $(grep -c '"ph":"C"' "$tmp/out") counters"
fi
cp traces/mixed.trace "$tmp/same.trace"
run export --to=chrome "$tmp/same.trace" "$tmp/../${tmp##*/}/same.trace"
if [ $status -eq 2 ] && cmp -s traces/mixed.trace "$tmp/same.trace"; then ok; else not_ok 'export over the trace itself' "exit status $status"; fi
run export --to=svg traces/mixed.trace x
refused 'export --to=svg traces/mixed.trace x' 2 'there is no format svg; there are perfetto, chrome, pprof:net, pprof:sync, pprof:syscall and pprof:sched'
run export --to=pprof:net --by=p traces/mixed.trace x
refused 'export --to=pprof:net --by=p traces/mixed.trace x' 2 '--by is for timelines: perfetto and chrome'
run export --to=chrome --by=x traces/mixed.trace x
refused 'export --to=chrome --by=x traces/mixed.trace x' 2 '--by takes m, p or g, or several of them: p,g'
run export --to=chrome --from=2s --until=1s traces/mixed.trace x
refused 'export --to=chrome --from=2s --until=1s traces/mixed.trace x' 2 '--until must come after --from'
run export --to=chrome traces/mixed.trace
refused 'export --to=chrome traces/mixed.trace' 2 'export takes FILE and OUT (- is standard output)'
run -pprof=heap traces/mixed.trace
refused '-pprof=heap traces/mixed.trace' 2 '-pprof takes net, sync, syscall or sched, not heap'
# A region that ends without a begin began before the trace: it is open there, as go tool trace counts it.
run stats --json tests/regions.test
if grep -q '{"of":"region","name":"begun before","count":0,"open":1,"ns":0,' "$tmp/out" && grep -q '{"of":"region","name":"outer","count":1,"open":1,' "$tmp/out"; then
	ok
else
	not_ok 'regions begun before the trace' "$(grep region "$tmp/out")"
fi
# Data of what goes on beside: each event of that is told of once, metrics have no gaps, and who asks for one kind gets that alone.
"$GT" timeline --json --by=all traces/mixed.trace >"$tmp/all"
"$GT" dump --format=jsonl traces/mixed.trace >"$tmp/events"
with() { grep -c "$1" "$tmp/$2"; }
odd=
for pair in stw:STWEnd samples:CPUSample gc:GCEnd; do
	[ "$(with "\"lane\":\"${pair%:*}\"" all)" = "$(with "\"event\":\"${pair#*:}\"" events)" ] || odd="$odd $pair"
done
for pair in tasks:UserTask regions:UserRegion; do
	[ "$(grep "\"lane\":\"${pair%:*}\"" "$tmp/all" | grep -vc '"last":0,')" = "$(with "\"event\":\"${pair#*:}End\"" events)" ] || odd="$odd $pair"
done
for lane in heap goal goroutines running syscalls threads; do
	grep "\"lane\":\"$lane\"" "$tmp/all" | sed 's/.*"first":\([0-9]*\),"last":\([0-9]*\),.*/\1 \2/' |
		awk 'NR > 1 && $1 != last { bad = 1 } { last = $2 } END { exit bad || NR < 3 || last != 0 }' || odd="$odd $lane"
done
# What a status tells to have been so before the trace counts from the start on: as many as intervals of these begin with it.
early() { grep -c "\"lane\":\"$1\".*\"state\":\"$2\".*\"first\":0," "$tmp/all"; }
first_value() { sed -n "s/.*\"lane\":\"$1\",\"from\":0,.*\"first\":0,.*\"value\":\([0-9]*\).*/\1/p" "$tmp/all" | head -n 1; }
[ "$(first_value goroutines)" = "$(early g '[a-z]*')" ] && [ "$(first_value running)" = "$(early g running)" ] || odd="$odd goroutines-before"
[ "$(first_value syscalls)" = "$(early g syscall)" ] && [ "$(first_value threads)" = "$(early m '[a-hj-z][a-z]*')" ] || odd="$odd threads-before"
[ "$(grep -c '"lane":"timers".*"reason":"\(sleep\|chan receive\|select\)"' "$tmp/all")" = "$(with '"lane":"timers"' all)" ] || odd="$odd timers"
grep -q '"lane":"network".*"reason":"network"' "$tmp/all" || odd="$odd network"
for by in m p g gc,heap; do
	"$GT" timeline --json --by=$by traces/mixed.trace >"$tmp/out"
	grep -E "\"lane\":\"(${by%,*}|${by#*,})\"" "$tmp/all" | cmp -s - "$tmp/out" || odd="$odd --by=$by"
done
if [ -z "$odd" ]; then ok; else not_ok 'data of what goes on beside' "$odd"; fi
for by in x p,x '' p,; do
	run timeline --json --by=$by traces/mixed.trace
	if [ $status -eq 2 ] && grep -q 'by takes m, p or g' "$tmp/err"; then ok; else not_ok "timeline --by=$by" "exit status $status"; fi
done
run timeline --by=p,gc traces/mixed.trace
if [ $status -eq 2 ]; then ok; else not_ok 'lanes of characters of what goes on beside' "exit status $status"; fi
# Edits: what they lead to, and what is wrong with them; what is written is another trace.
broken=tests/no-proc-after-stop.test
run run -c "why; apply 1; undo; write $tmp/edit.test; write $tmp/edit.txt; write $tmp/edit binary" $broken
if [ $status -eq 1 ] && grep -q '^suspect 1: .*; was: invalid after .*: expected a proc .*; now: ' "$tmp/out" && grep -q '^undone: suspect 1: ' "$tmp/out"; then
	ok
else
	not_ok 'a repair, and back' "$(head -n 3 "$tmp/err")"
fi
run convert --to=binary $broken "$tmp/want"
if cmp -s "$tmp/want" "$tmp/edit"; then ok; else not_ok 'written as binary' "$tmp/edit differs"; fi
run convert --to=binary "$tmp/edit.txt" "$tmp/edit2"
if cmp -s "$tmp/want" "$tmp/edit2"; then ok; else not_ok 'written as text' "$tmp/edit2 differs"; fi
run test "$tmp/edit.test"
if [ $status -eq 0 ]; then ok; else not_ok 'written as a test' "$(cat "$tmp/out")"; fi
cp $trace "$tmp/mine.trace"
run run -c "skip 100; write $tmp/mine.trace" "$tmp/mine.trace"
if [ $status -eq 2 ] && grep -q 'is the file that was opened' "$tmp/err" && cmp -s $trace "$tmp/mine.trace"; then ok; else not_ok 'not over the file' "$(cat "$tmp/err")"; fi
ln -s mine.trace "$tmp/link.trace"
run run -c "skip 100; write! $tmp/link.trace" "$tmp/mine.trace"
if grep -q '^written to ' "$tmp/out" && [ -L "$tmp/link.trace" ] && ! cmp -s $trace "$tmp/mine.trace"; then ok; else not_ok 'over the file' "$(cat "$tmp/err")"; fi
cp $trace "$tmp/mine.trace"
run run -c "record $tmp/link.trace; step; record" "$tmp/mine.trace"
: >"$tmp/out"
refused 'a record over the file' 2 "record $tmp/link.trace: $tmp/link.trace is the file that was opened: it is not written over"
cmp -s $trace "$tmp/mine.trace" || not_ok 'a record over the file' 'it is destroyed'
cp $trace "$tmp/mine.txt"
ln "$tmp/mine.txt" "$tmp/hard.txt"
run run -c "export $tmp/hard.txt" "$tmp/mine.txt"
refused 'a picture over the file' 2 "export $tmp/hard.txt: $tmp/hard.txt is the file that was opened: it is not written over"
cmp -s $trace "$tmp/mine.txt" || not_ok 'a picture over the file' 'it is destroyed'
run run -c "export $tmp/picture.txt; export $tmp/picture.txt; record $tmp/rec.gt; record; record $tmp/rec.gt" $trace
if [ $status -eq 0 ]; then ok; else not_ok 'over other files' "$(cat "$tmp/err")"; fi
# A picture does not tell how fast the trace was read.
if grep -q 'event 1 of 1,093 .* valid' "$tmp/picture.txt"; then ok; else not_ok 'a picture' "$(head -n 1 "$tmp/picture.txt")"; fi
run run -c "skip 100; write $tmp/nosuch/x.trace" $trace
[ $status -eq 2 ] && : >"$tmp/out"
refused 'a folder that is not there' 2 "write $tmp/nosuch/x.trace: "
run run -c "require GoStart.proc=may; write $tmp/x.test" $trace
: >"$tmp/out"
refused 'changed rules' 2 "write $tmp/x.test: a .test file names a model, and can't say how it was changed"
run run -c 'insert GoStart g=x g_seq=1' $trace
refused 'a wrong event' 2 'insert GoStart g=x g_seq=1: the value of g must be' \
	'  GoStart g=x g_seq=1' '            ^'
run run -c 'skip 99999' $trace
refused 'no such event' 2 'skip 99999: 99999: there is no event here'
run run -c 'undo' $trace
refused 'nothing to undo' 1 'undo: nothing is edited: there is nothing to undo'
run run -c 'skip 3' traces/old-go1.21.trace
refused 'an old trace' 2 "skip 3: traces before Go 1.22 can't be edited"
awk 'BEGIN { printf "step\nfind "; while (i++ < 2000) printf "x"; print "\nstep" }' >"$tmp/long.gt"
run run "$tmp/long.gt" $trace
refused 'a command too long' 2 'run: a command is too long: nothing is done'
run run -c "source $tmp/long.gt" $trace
refused 'a command too long, in a file' 2 "source $tmp/long.gt: a command is too long: nothing is done"
# Times of the day, in the zone they are shown in.
TZ=JST-9 run run -c 'goto 06:34:08.648280092' traces/mixed.trace
if [ $status -eq 0 ] && grep -q '^85  +0.001080704s ' "$tmp/out"; then ok; else not_ok 'a time of the day' "exit status $status"; fi
run run -c 'goto 12:00:00' traces/old-go1.21.trace
refused 'a time of the day, of an old trace' 1 'goto 12:00:00: this trace does not tell the wall clock: its times are from the first event, as @1.5s'
# What was recorded does the same again.
run run -c "record $tmp/rec.gt; next GoBlock; step 3; record; event" $trace
tail -n +5 "$tmp/out" >"$tmp/want"
run run -c "source $tmp/rec.gt; event" $trace
tail -n +3 "$tmp/out" >"$tmp/got" && mv "$tmp/got" "$tmp/out"
same 'a record' "$tmp/want"
# A table again as it is, where table alone would go on to the next kind; the end of the trace, not of the table.
run run -c 'groups; only main' traces/mixed.trace
cp "$tmp/out" "$tmp/want"
sed -n '/ with "main" /,$p' "$tmp/out" >>"$tmp/want"
run run -c 'groups; only main; view table' traces/mixed.trace
same 'view table, again' "$tmp/want"
run run -c 'groups; goto end' traces/mixed.trace
if [ $status -eq 0 ] && [ "$(tail -n 1 "$tmp/out")" = '4459  end of trace' ]; then ok; else not_ok 'goto end' "exit status $status"; fi
run run -c 'model go1.22-strict; why' $trace
if [ $status -eq 1 ] && grep -q '^invalid, 605 events, model go1.22-strict$' "$tmp/out" && grep -q '^  NO    must not have proc  *P1$' "$tmp/out" &&
	grep -q '^Suspects' "$tmp/out"; then ok; else not_ok 'why of a trace that is invalid' "exit status $status"; fi
end

if ! left_out packed; then
group 'packed files that are cut, mixed or no traces'
gz=traces/cgo-callbacks.trace.gz
cp traces/cgo-callbacks.trace "$tmp/whole"
head -c 20000 "$tmp/whole" | gzip -c >"$tmp/two.gz"
tail -c +20001 "$tmp/whole" | gzip -c >>"$tmp/two.gz"
golden traces/cgo-callbacks
run dump "$tmp/two.gz"
same 'two members' "$tmp/want"
head -c 5000 $gz >"$tmp/cut.gz"
run validate "$tmp/cut.gz"
grep -q 'invalid: ' "$tmp/out" && : >"$tmp/out"
refused 'a packed file, cut' 1 "$tmp/cut.gz: the gzip data end early: this is what could be unpacked, "
head -c 5000 traces/cgo-callbacks.trace.zst >"$tmp/cut.zst"
run dump --format=footprint "$tmp/cut.zst"
: >"$tmp/out"
if grep -q "cut.zst: the zstd data end early" "$tmp/err"; then ok; else not_ok 'zstd, cut' "$(head -n 2 "$tmp/err")"; fi
{ cat $gz; echo tail; } >"$tmp/tail.gz"
run validate "$tmp/tail.gz"
: >"$tmp/out"
refused 'something behind' 0 "$tmp/tail.gz: something else follows the gzip data, and is left out"
echo '<html>' | gzip -c >"$tmp/html.gz"
run dump "$tmp/html.gz"
refused 'a page, packed' 3 "$tmp/html.gz: bad file format: not a Go execution trace?" \
	"$tmp/html.gz: it is gzip data; what is in them looks like an HTML page"
# Much more than a trace would be: told from its beginning where that is none, and by its size where it is.
dd if=/dev/zero bs=1048576 count=80 2>/dev/null | gzip -c >"$tmp/zeros.gz"
run dump "$tmp/zeros.gz"
refused 'zeros, packed' 3 "$tmp/zeros.gz: bad file format: not a Go execution trace?"
{ head -c 16 "$tmp/whole"; dd if=/dev/zero bs=1048576 count=80 2>/dev/null; } | gzip -c >"$tmp/bomb.gz"
run validate "$tmp/bomb.gz"
refused 'a bomb' 3 "$tmp/bomb.gz: the gzip data unpack to far more than a trace would: "
# What comes before that is printed as it comes.
run dump "$tmp/bomb.gz"
if [ $status -eq 3 ] && grep -q 'the gzip data unpack to far more than a trace would: ' "$tmp/err"; then
	ok
else
	not_ok 'dump of a bomb' "exit status $status: $(head -n 3 "$tmp/err")"
fi
end
fi

group 'what a file is, where it is no trace'
hint() { # FILE TEXT
	run dump "$1"
	refused "$1" 3 "$1: bad file format: not a Go execution trace?" "$1: $2"
	run validate --json "$1"
	if [ $status -eq 3 ] && grep -q '"verdict":"unreadable".*"error":"bad file.*"code":"NOT_A_TRACE","hint":"' "$tmp/out"; then
		ok
	else
		not_ok "validate --json $1" "exit status $status: $(cat "$tmp/out")"
	fi
}
hint bad/html-page.trace 'it looks like an HTML page'
hint bad/text-log.trace 'it looks like text'
hint bad/empty.trace 'it is an empty file'
hint bad/half-header.trace "it looks like the beginning of a trace's header"
hint "$GT" 'it looks like an ELF file'
{ echo 'starting'; cat traces/mixed.trace; } >"$tmp/led"
hint "$tmp/led" 'a trace begins at offset 9 (0x9), and what is before it does not belong there'
run dump traces
refused 'a folder' 3 'traces: Is a directory'
run validate --json traces
if [ $status -eq 3 ] && grep -q '"error":"Is a directory"}' "$tmp/out"; then ok; else not_ok 'validate --json traces' "$(cat "$tmp/out")"; fi
cat traces/old-go1.11.trace traces/old-go1.21.trace >"$tmp/old-and-old"
cat traces/old-go1.21.trace traces/mixed.trace >"$tmp/old-and-new"
for t in bad/two-traces.trace $(left_out old || echo "$tmp/old-and-old $tmp/old-and-new"); do
	run validate --json "$t"
	if [ $status -eq 1 ] && grep -q '"hint":"a second trace begins at offset [0-9]* (0x[0-9a-f]*); the first, before it, is whole' "$tmp/out"; then
		ok
	else
		not_ok "$t" "$(cat "$tmp/out")"
	fi
done
end

if ! left_out convert; then
group 'there and back, byte for byte'
for t in $(each traces/*.trace); do
	case $t in
	traces/old-*) continue ;;
	esac
	run convert --to=text "$t" "$tmp/text"
	run convert --to=binary "$tmp/text" "$tmp/binary"
	run convert --to=test "$tmp/binary" "$tmp/again.test"
	run convert --to=text "$tmp/again.test" "$tmp/text2"
	run convert --to=binary "$tmp/again.test" -
	same "$t" "$t"
	cp "$tmp/text2" "$tmp/out"
	same "text of $t, again" "$tmp/text"
	run test "$tmp/again.test"
	echo '1 passed, 0 failed' >"$tmp/want"
	same "$t as a test" "$tmp/want"
done
# Valid, although its last bytes make no event: to Go, a table that ends right between two numbers ends the trace.
printf 'Trace Go1.22\nEventBatch gen=1 m=18446744073709551615 time=0 size=2\nStrings\nString id=1\n\tdata="x"\n' >"$tmp/text"
run convert --to=binary "$tmp/text" "$tmp/whole"
t=$tmp/half.trace
head -c $(($(wc -c <"$tmp/whole") - 3)) "$tmp/whole" >"$t"
run convert --to=test "$t" "$tmp/again.test"
if [ $status -eq 0 ] && grep -q '; the trace is valid, and what follows is kept as #bytes$' "$tmp/err"; then
	ok
else
	not_ok "$t" "exit status $status: $(cat "$tmp/err")"
fi
run test "$tmp/again.test"
if [ $status -eq 0 ]; then ok; else not_ok "$t as a test" "$(cat "$tmp/out")"; fi
run convert --to=text "$tmp/again.test" - # which is written at once
cp "$tmp/out" "$tmp/text"
run convert --to=binary "$tmp/text" -
same "$t" "$t"
# A test made of a test: the same comment, model and trace; what it expects is what we find.
for t in $(each tests/*.test); do
	run convert --to=test "$t" "$tmp/again.test"
	[ $status -eq 0 ] || not_ok "$t" "exit status $status"
	run test "$tmp/again.test"
	if [ $status -ne 0 ]; then
		not_ok "$t as a test again" "$(head -n 1 "$tmp/out")"
		continue
	fi
	run convert --to=test "$tmp/again.test" -
	cat "$tmp/again.test" >"$tmp/want"
	: >"$tmp/err"
	same "$t as a test twice" "$tmp/want"
done
end

group 'conversions that stop'
for t in bad/cut-in-batch.trace bad/event-type-255.trace; do
	echo before >"$tmp/there"
	run convert --to=text $t "$tmp/there"
	if [ "$(cat "$tmp/there")" = before ]; then ok; else not_ok "$t" 'the file that was there is not as it was'; fi
	grep -q 'nothing is written' "$tmp/err" && ok || not_ok "$t" "says $(cat "$tmp/err")"
	run convert --to=text $t -
	refused "$t" 1 "$t: " "$t: stopped at "
	run convert --partial --to=text $t "$tmp/there"
	refused "$t, in part" 1 "$t: " "$t: stopped at "
	run convert --to=binary "$tmp/there" "$tmp/part"
	if head -c "$(wc -c <"$tmp/part")" $t | cmp -s - "$tmp/part" && [ "$(wc -c <"$tmp/part")" -gt 1000 ]; then
		ok
	else
		not_ok "$t, in part" 'is no beginning of it'
	fi
	run convert --partial --to=test $t "$tmp/there"
	run test "$tmp/there"
	if [ $status -eq 0 ]; then ok; else not_ok "$t as a test, in part" "$(cat "$tmp/out")"; fi
done
mkdir "$tmp/folder"
for t in bad/cut-in-batch.trace traces/mixed.trace; do run convert --to=text $t "$tmp/folder/out"; done
if [ "$(ls -A "$tmp/folder")" = out ]; then ok; else not_ok 'temporary files' "left: $(ls -A "$tmp/folder")"; fi
printf 'Trace Go1.22\nEventBatch gen=1 m=5 time=0 size=9\nProcStop dt=1\n' >"$tmp/lies.txt"
run convert --to=binary "$tmp/lies.txt" "$tmp/lies"
refused 'a size that is wrong' 0 "$tmp/lies.txt: batch 0 (generation 1, M 5) says that it has 9 bytes, and has 2"
for command in dump 'dump --format=wire' validate timeline; do
	# shellcheck disable=SC2086 # words
	run $command "$tmp/lies.txt"
	if grep -q 'batch 0 (generation 1, M 5) says that it has 9 bytes, and has 2: it is taken as it says' "$tmp/err"; then
		ok
	else
		not_ok "$command, of a size that is wrong" "$(cat "$tmp/err")"
	fi
done
run test tests/batch-size.test
if [ $status -eq 0 ] && ! [ -s "$tmp/err" ]; then ok; else not_ok 'a test about a size that is wrong' "$(cat "$tmp/err")"; fi
run convert traces/mixed.trace -
refused 'convert without --to' 2 'convert needs --to=binary, text or test'
run convert --to=test --require=GoStart.proc=may traces/mixed.trace -
refused 'convert --require' 2 'convert does not take --require'
run --color=maybe traces/mixed.trace
refused 'a colour that is none' 2 '--color is always, auto or never, not maybe'
run convert --to=text traces/mixed.trace "$tmp/no/such/out"
refused 'no such folder' 3 "$tmp/no/such/out: No such file or directory"
end
fi

group 'every good trace is valid'
for t in $(each traces/*.trace); do
	run validate "$t"
	if [ $status -eq 0 ]; then ok; else not_ok "$t" "$(head -n 3 "$tmp/err")"; fi
done
end

group 'strict checks find nothing in good traces'
for t in $(each traces/*.trace); do
	run validate --strict "$t"
	if [ $status -eq 0 ] && ! grep -q strict "$tmp/out"; then ok; else not_ok "$t" "$(head -n 3 "$tmp/out")"; fi
done
end

# With salvage: the same events first, then more of them, marked; the same error, and what it cost.
group 'what is salvaged of traces that are cut'
for t in $(each bad/cut-in-batch.trace bad/cut-last-byte.trace bad/cut-at-batch.trace bad/cut-go1.21.trace); do
	run dump "$t"
	grep '^M=' "$tmp/out" | sed '$d' >"$tmp/plain"
	run dump --salvage "$t"
	grep '^M=' "$tmp/out" >"$tmp/good"
	marked=$(grep -c '^~M=' "$tmp/out")
	if cmp -s "$tmp/plain" "$tmp/good" && [ "$marked" -gt 20 ] && [ $status -eq 1 ] &&
		grep -q "; salvaged: $marked, [1-9][0-9]*; lost: " "$tmp/err"; then
		ok
	else
		not_ok "$t" "salvaged $marked: $(head -n 2 "$tmp/err")"
	fi
	run dump --salvage --format=jsonl "$t"
	json=$(grep -c '"salvaged":true' "$tmp/out")
	run dump --salvage --format=csv "$t"
	if [ "$json" -eq "$marked" ] && [ "$(grep -c ',true$' "$tmp/out")" -eq "$marked" ]; then
		ok
	else
		not_ok "$t, as data" "salvaged $marked, of jsonl $json, of csv $(grep -c ',true$' "$tmp/out")"
	fi
done
# What counts, draws or writes events takes these, too; without, it says how many there would be.
for t in $(each bad/cut-in-batch.trace bad/cut-last-byte.trace bad/cut-at-batch.trace bad/cut-go1.21.trace); do
	run dump "$t"
	if [ $status -eq 1 ] && [ "$(wc -l <"$tmp/err")" -eq 1 ]; then
		ok
	else
		not_ok "$t, dumped: the error is all that is said" "exit status $status: $(cat "$tmp/err")"
	fi
	for how in 'dump --format=jsonl' 'stats --json' 'timeline --json --by=g'; do
		# shellcheck disable=SC2086 # words
		run $how --salvage "$t"
		cp "$tmp/out" "$tmp/${how%% *}"
	done
	marked=$(grep -c '"salvaged":true' "$tmp/dump")
	want=$(grep -c '"n":' "$tmp/dump")
	counted=$(sed -n 's/^{"of":"event".*"count":\([0-9]*\),.*/\1/p' "$tmp/stats" | awk '{ n += $1 } END { print n + 0 }')
	drawn=$(sed -n 's/.*"last":\([0-9]*\),.*/\1/p' "$tmp/timeline" | sort -n | tail -n 1)
	if [ "$counted" -eq "$want" ] && [ "$drawn" -gt $((counted - marked)) ]; then
		ok
	else
		not_ok "$t, counted and drawn" "$counted events, not $want; intervals to event $drawn, $marked salvaged"
	fi
	for how in 'stats --json' 'timeline --json --by=g' 'export --to=chrome' 'export --to=perfetto' '-pprof=sched'; do
		to=
		[ "$how" = "${how#export}" ] || to=-
		# shellcheck disable=SC2086 # words
		run $how "$t" $to
		plain=$(wc -c <"$tmp/out")
		if [ $status -eq 1 ] && grep -q ": $marked more events can be salvaged: --salvage\$" "$tmp/err"; then
			ok
		else
			not_ok "$how $t" "exit status $status, $marked events: $(cat "$tmp/err")"
		fi
		# shellcheck disable=SC2086 # words
		run $how --salvage "$t" $to
		if [ $status -eq 1 ] && grep -q "; salvaged: $marked, [1-9][0-9]*; lost: " "$tmp/err" && ! grep -q 'can be salvaged:' "$tmp/err" &&
			[ "$(wc -c <"$tmp/out")" -ge "$plain" ] && { [ "$how" = -pprof=sched ] || [ "$(wc -c <"$tmp/out")" -gt "$plain" ]; }; then
			ok
		else
			not_ok "$how --salvage $t" "exit status $status, $(wc -c <"$tmp/out") bytes, $plain without: $(cat "$tmp/err")"
		fi
	done
done
# Stacks whose functions have no name, as the strings never arrived.
"$GT" convert --to=text traces/cgo-callbacks.trace - |
	awk '/^EventBatch/ { held = $0; next } held != "" { skip = $0 == "Strings"; if (!skip) print held; held = "" } !skip' >"$tmp/nameless.txt"
for how in chrome perfetto; do
	run export --to=$how --salvage "$tmp/nameless.txt" -
	if [ $status -eq 1 ] && [ "$(wc -c <"$tmp/out")" -gt 10000 ] && grep -q 'what is salvaged lacks its strings$' "$tmp/err"; then
		ok
	else
		not_ok "export --to=$how --salvage, no strings" "exit status $status, $(wc -c <"$tmp/out") bytes: $(cat "$tmp/err")"
	fi
done
# Where no generation is cut, nothing more can be had, and nobody says so.
for how in stats timeline; do
	run $how bad/flipped-bit.trace
	cp "$tmp/out" "$tmp/plain"
	if [ $status -eq 1 ] && ! grep -q salvage "$tmp/err"; then ok; else not_ok "$how, nothing to salvage" "exit status $status: $(cat "$tmp/err")"; fi
	run $how --salvage bad/flipped-bit.trace
	if [ $status -eq 1 ] && cmp -s "$tmp/out" "$tmp/plain"; then ok; else not_ok "$how --salvage, nothing to salvage" "exit status $status: $(cat "$tmp/err")"; fi
done
# Of an old trace all is read that lies before the event that is cut, at offset 1988 of 2000.
if ! left_out old; then
	run dump --salvage bad/cut-go1.21.trace
	sed -n 2p "$tmp/err" >"$tmp/out"
	echo 'gotrace-tui: bad/cut-go1.21.trace: good: 0 events, 16 bytes; salvaged: 244, 1972; lost: 0, 12' >"$tmp/want"
	: >"$tmp/err"
	status=0
	same 'what an old trace cost' "$tmp/want"
fi
run dump --salvage --format=wire bad/cut-in-batch.trace
refused 'dump --salvage --format=wire' 2 '--salvage is for the formats of ordered events: parsed, jsonl and csv'
# What can't be printed otherwise is shown as it is: a sample whose stack never arrived, a status that there is not.
printf '%s\n' 'Trace Go1.26' 'EventBatch gen=1 m=18446744073709551615 time=0 size=8' Sync 'Frequency freq=9' \
	'ClockSnapshot dt=0 mono=1 sec=1 nsec=1' 'EventBatch gen=1 m=18446744073709551615 time=0 size=7' CPUSamples \
	'CPUSample time=5 m=1 p=0 g=1 stack=9' 'EventBatch gen=1 m=1 time=9 size=9' 'ProcStatus dt=1 p=3 pstatus=257' \
	'ProcStatus dt=1 p=0 pstatus=1' >"$tmp/sample.txt"
run dump --salvage "$tmp/sample.txt"
if grep -q '^~M=1 P=0 G=1 StackSample' "$tmp/out" && grep -q '^~M=1 .*ProcID=3' "$tmp/out" && grep -q '^~M=1 .*ProcID=0' "$tmp/out"; then ok; else not_ok 'a sample' "$(cat "$tmp/out" "$tmp/err")"; fi
end

# The exit status that goes with an error: 1 for a trace that is invalid, 3 for what is no trace, or none we know.
status_of() { # TEXT
	case $1 in
	'') echo 0 ;;
	'bad file format'* | 'unknown or unsupported trace version'*) echo 3 ;;
	*) echo 1 ;;
	esac
}

# judged NAME FILE TEXT: the events are those in want, the error begins with TEXT, the exit status fits.
judged() {
	want=$(status_of "$3")
	message=$(head -n 1 "$tmp/err")
	if [ -n "$3" ]; then expected="gotrace-tui: $2: $3"; else expected=; fi
	if [ "$message" != "$expected" ]; then
		not_ok "$1" "says '$message', not '$expected'"
	elif [ $status -ne "$want" ]; then
		not_ok "$1" "exit status $status, not $want, with '$message'"
	elif ! cmp -s "$tmp/want" "$tmp/out"; then
		not_ok "$1" "not the same events before the error (- wanted, + printed):"
		diff -u "$tmp/want" "$tmp/out" | sed 1,2d | head -n "$show" | sed 's/^/    /'
	else
		ok
	fi
}

group 'events before the error, and the error, of broken traces'
for t in $(each bad/*.trace); do
	golden "${t%.trace}"
	run dump --format=parsed "$t"
	judged "$t" "$t" "$(cat "${t%.trace}.expect")"
done
end

group 'the verdict on broken traces'
for t in $(each bad/*.trace); do
	want=$(status_of "$(cat "${t%.trace}.expect")")
	run validate "$t"
	if [ $status -eq "$want" ]; then ok; else not_ok "validate $t" "exit status $status, not $want"; fi
done
end

group 'explanations'
run explain tests/stuck-cycle.test
if [ $status -eq 1 ] && grep -q ' a cycle$' "$tmp/out" && grep -q '^Suspects' "$tmp/out"; then ok; else not_ok 'explain a cycle' "$(head -n 3 "$tmp/out")"; fi
run explain --json tests/no-proc-after-stop.test
if [ $status -eq 1 ] && grep -q '"error":"expected a proc' "$tmp/out" && grep -q '"requirement":\[.*"found":"none"' "$tmp/out" &&
	grep -q '"suspects":\[{"kind":.*"repair":.*"orders_further":' "$tmp/out"; then ok; else not_ok 'explain --json' "$(cat "$tmp/out")"; fi
run explain traces/cgo-bound.trace
if [ $status -eq 0 ] && head -n 1 "$tmp/out" | grep -q ': ok, '; then ok; else not_ok 'explain a valid trace' "$(head -n 3 "$tmp/out")"; fi
run explain --json bad/html-page.trace
if [ $status -eq 3 ] && grep -q '"verdict":"unreadable".*"causes":\[{"name":"not-a-trace"' "$tmp/out"; then ok; else not_ok 'explain a web page' "$(cat "$tmp/out")"; fi
for t in bad/flipped-bit.trace bad/two-traces.trace bad/cut-in-batch.trace bad/cut-go1.21.trace; do
	run explain "$t"
	if [ $status -eq 1 ] && grep -q '^How it may have come about' "$tmp/out"; then ok; else not_ok "explain $t" "exit status $status"; fi
done
for t in tests/no-proc.test tests/stuck-cycle.test bad/flipped-bit.trace; do
	run validate "$t"
	head -n 1 "$tmp/out" | sed 's/.*: invalid: //' >"$tmp/why"
	run explain --minimize="$tmp/small.test" "$t"
	run validate "$tmp/small.test"
	head -n 1 "$tmp/out" | sed 's/.*: invalid: //' | cmp -s - "$tmp/why" && [ "$(wc -l <"$tmp/small.test")" -lt 40 ] && ok ||
		not_ok "explain --minimize $t" "$(head -n 1 "$tmp/out")"
done
run explain --minimize="$tmp/small.test" bad/text-inside.trace
if [ $status -eq 1 ] && grep -q 'name the output OUT.trace' "$tmp/err"; then ok; else
	not_ok 'explain --minimize of bytes, as a .test' "$(cat "$tmp/err")"; fi
run explain --minimize="$tmp/small.trace" bad/text-inside.trace
run validate "$tmp/small.trace"
if [ $status -eq 1 ] && grep -q 'expected batch event' "$tmp/out" && [ "$(wc -c <"$tmp/small.trace")" -lt 100 ]; then ok; else
	not_ok 'explain --minimize of bytes, as a trace' "$(cat "$tmp/out")"; fi
run explain --minimize="$tmp/old.test" bad/old-cgo.trace
if [ $status -eq 3 ] && [ ! -e "$tmp/old.test" ]; then ok; else not_ok 'explain --minimize of an old trace' "exit status $status"; fi
awk 'length > 80 { print }' <<-LINES >"$tmp/long"
	$(for t in tests/stuck-cycle.test tests/no-proc.test bad/text-inside.trace bad/cut-last-byte.trace; do
		"$GT" explain "$t" 2>/dev/null | tail -n +2
	done)
LINES
if [ ! -s "$tmp/long" ]; then ok; else not_ok 'explain in 80 columns' "$(head -n 2 "$tmp/long")"; fi
run validate --model=all tests/create-syscall-with-p-current.test
if [ $status -eq 0 ] && grep -q '^  current  *10  expected a proc' "$tmp/out" && grep -q '^  go1.22-tolerant  *13  ok$' "$tmp/out"; then ok; else
	not_ok 'validate --model=all' "$(cat "$tmp/out")"; fi
end

# Each .test file alone, so that a wrong one is named whatever the program prints; then all at once.
group '.test files'
for t in $(each tests/*.test); do
	run test "$t"
	if [ $status -eq 0 ]; then ok; else not_ok "$t" "exit status $status: $(cat "$tmp/out" "$tmp/err" | head -n 3)"; fi
done
run test tests
if [ $status -eq 0 ]; then ok; else not_ok tests "exit status $status: $(tail -n 3 "$tmp/out")"; fi
printf '%s\n' '-- expect --' 'FAILURE ""' '-- trace --' 'Trace Go1.22' >"$tmp/any.test"
run test "$tmp/any.test"
if [ $status -eq 0 ]; then ok; else not_ok 'a test that fails with anything' "$(cat "$tmp/out")"; fi
end

# A test that can't fail is no test: with what it expects turned round every one of them must.
group '.test files that expect the opposite'
for t in $(each tests/*.test); do
	sed -e 's/^FAILURE .*/SUCCESS/; t' -e 's/^SUCCESS$/FAILURE ".*"/' "$t" >"$tmp/opposite.test"
	run test "$tmp/opposite.test"
	if [ $status -eq 1 ]; then ok; else not_ok "$t, turned round" "exit status $status, not 1"; fi
done
end

# tests.parsed.txt.gz is one text: for each .test of the model "current" a line "=== NAME", the events, and "error: TEXT".
group 'events of .test files'
gzip -dc tests.parsed.txt.gz 2>/dev/null | awk -v dir="$tmp" '
	/^=== / { if (file) { close(file); close(err) } file = dir "/golden." $2; err = dir "/golden-err." $2; printf "" >file; printf "" >err; next }
	/^error: / { print substr($0, 8) >err; next }
	{ print >file }'
for t in $(each tests/*.test); do
	name=${t#tests/}
	name=${name%.test}
	if sed '/^-- expect --$/q' "$t" | grep '^model: ' | grep -qv '^model: current$'; then
		continue
	fi
	if ! [ -e "$tmp/golden.$name" ]; then
		not_ok "$t" "not in tests.parsed.txt.gz: run programs/golden.sh"
		continue
	fi
	cp "$tmp/golden.$name" "$tmp/want"
	text=$(cat "$tmp/golden-err.$name")
	run dump --format=parsed "$t"
	judged "$t" "$t" "$text"
	# Its text alone, and its binary form, are the same trace.
	sed '1,/^-- trace --$/d' "$t" >"$tmp/$name.txt"
	run dump --format=parsed "$tmp/$name.txt"
	judged "text of $t" "$tmp/$name.txt" "$text"
	if left_out convert; then continue; fi
	run convert --to=binary "$t" "$tmp/$name.trace"
	if [ $status -ne 0 ]; then
		not_ok "convert --to=binary $t" "exit status $status: $(head -n 3 "$tmp/err")"
		continue
	fi
	run dump --format=parsed "$tmp/$name.trace"
	judged "binary of $t" "$tmp/$name.trace" "$text"
done
end

# Lessons are checked for truth by ui/lesson_test.c; here, how they are printed, and that they need no files.
group 'lessons'
run learn
if [ $status -eq 0 ] && [ "$(grep -c ' questions$' "$tmp/out")" = 16 ] && grep -q '^ 8  cgo-callback .* 10 questions$' "$tmp/out"; then ok; else
	not_ok learn "exit status $status: $(head -n 3 "$tmp/out" "$tmp/err")"
fi
i=0
for name in $(sed 's/^ *[0-9]*  \([^ ]*\) .*/\1/' "$tmp/out"); do
	i=$((i + 1))
	(cd / && "$GT" learn $i) >"$tmp/want" 2>"$tmp/err"
	run learn "$name"
	same "learn $name" "$tmp/want"
	if head -n 1 "$tmp/out" | grep -q "^lesson $i: "; then ok; else not_ok "learn $name" "$(head -n 1 "$tmp/out")"; fi
done
run learn 8
cp "$tmp/out" "$tmp/want"
run learn callb
same 'a part of its name' "$tmp/want"
for what in '^What does the GoCreateSyscall make?$' '^3    A goroutine in Syscall, on a thread without a P$' '^answer: 3$' \
	'^so:  from == NotExist' '^2  +0.000000010s  M5 - -  GoCreateSyscall new_g=4 ' '^requires must not have goroutine: none, ok$' \
	'^M5 - G4$' '^G4 Syscall #0$' '^events, model go1.22-strict:$' '^9  error: expected no proc but had one$'; do
	if grep -q -e "$what" "$tmp/out"; then ok; else not_ok 'learn 8' "no line $what"; fi
done
run learn --json
if [ $status -eq 0 ] && [ "$(grep -c '^{"lesson":[0-9]*,"name":"[a-z-]*","title":".*","steps":[0-9]*,"questions":[0-9]*}$' "$tmp/out")" = 16 ]; then ok; else
	not_ok 'learn --json' "$(head -n 3 "$tmp/out" "$tmp/err")"
fi
run learn 17
if [ $status -eq 2 ] && ! [ -s "$tmp/out" ] && grep -q 'there is no lesson 17; there are 1 file, .*16 broken$' "$tmp/err"; then ok; else
	not_ok 'learn 17' "exit status $status: $(cat "$tmp/err")"
fi
run learn s
if [ $status -eq 2 ] && grep -q 'several lessons are called like s;' "$tmp/err"; then ok; else not_ok 'learn s' "$(cat "$tmp/err")"; fi
run learn 8 9
if [ $status -eq 2 ]; then ok; else not_ok 'learn 8 9' "exit status $status"; fi
run learn 8 -c "lesson 1; answer 1; answer 3; write $tmp/lesson.trace; write $tmp/lesson.test"
if [ $status -eq 0 ] && grep -q '^no, not 1; try again$' "$tmp/out" && grep -q '^right: 3; ' "$tmp/out"; then ok; else
	not_ok 'learn 8 -c' "exit status $status: $(cat "$tmp/err")"
fi
run validate --strict "$tmp/lesson.trace" "$tmp/lesson.test"
if [ $status -eq 0 ]; then ok; else not_ok 'the trace of a lesson, written' "$(cat "$tmp/out")"; fi
# Nothing of the file that is open comes into it; and it is not written over that.
cp tests/create-syscall-with-p-strict.test "$tmp/open.test"
run run -c "learn 8; write $tmp/lesson2.test; lesson 8; write $tmp/strict.test; write $tmp/open.test" "$tmp/open.test"
if [ $status -eq 2 ] && cmp -s "$tmp/lesson.test" "$tmp/lesson2.test" && [ "$(head -n 1 "$tmp/strict.test")" = 'model: go1.22-strict' ] &&
	cmp -s tests/create-syscall-with-p-strict.test "$tmp/open.test"; then ok; else
	not_ok 'a lesson written from a test' "$(diff "$tmp/lesson.test" "$tmp/lesson2.test"; cat "$tmp/err")"
fi
run run -c '5; learn 4; lesson 2; answer 3; quit; state' traces/cgo-callbacks.trace
if [ $status -eq 0 ] && grep -q '^lesson 4, step 2 of 4: ' "$tmp/out" && grep -q '^after event 5$' "$tmp/out"; then ok; else not_ok "run -c 'learn 4'" "$(cat "$tmp/err")"; fi
end

group 'the manual page and completion'
sed -n '/^\.\\" made by make man/,/^\.\\" end/p' ../man/gotrace-tui.1 | sed '1d;$d' >"$tmp/want"
run completion mdoc
same 'keys and commands of the manual page: run make man' "$tmp/want"
for shell in bash zsh fish; do
	run completion $shell
	if [ $status -ne 0 ] || ! grep -q 'timeline' "$tmp/out"; then
		not_ok "completion $shell" "exit status $status"
	elif command -v $shell >/dev/null && ! $shell -n "$tmp/out" 2>"$tmp/err"; then
		not_ok "completion $shell" "$(head -n 3 "$tmp/err")"
	else
		ok
	fi
done
# What a shell offers behind a line of words, without their descriptions; nothing where there is no such shell.
offers() { # SHELL WORD...
	shell=$1 && shift
	"$GT" completion "$shell" >"$tmp/completion"
	case $shell in
	bash) bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gotrace_tui 2>/dev/null; printf "%s\n" "${COMPREPLY[@]}"' "$tmp/completion" "$@" ;;
	zsh) zsh -fc 'f=$1; shift; words=("$@"); _arguments() { print -rl -- "$@"; }; . $f' zsh "$tmp/completion" "$@" ;;
	fish) HOME=$tmp XDG_CONFIG_HOME=$tmp fish --no-config -c 'source $argv[1]; complete -C "$argv[2..]"' "$tmp/completion" "$@" ;;
	esac
}
while read -r shell want words; do
	command -v "$shell" >/dev/null || continue
	case $words in *" @") words="${words%@}''" ;; esac
	eval "offers $shell $words" >"$tmp/out" 2>"$tmp/err"
	if grep -q -e "$want" "$tmp/out" && ! [ -s "$tmp/err" ]; then ok; else not_ok "$shell: $words" "$(head -n 3 "$tmp/out" "$tmp/err")"; fi
done <<'EOF'
bash ^timeline gotrace-tui ti
bash ^--format= gotrace-tui dump --fo
bash ^footprint gotrace-tui dump --format = fo
bash ^--color$ gotrace-tui --co
bash ^never gotrace-tui --color = ne
bash ^go1.22-strict gotrace-tui model go1.22-s
bash ^cgo-callback gotrace-tui learn cg
bash ^zsh gotrace-tui completion @
bash ^expressions gotrace-tui help ex
bash ^all gotrace-tui validate --model = a
bash ^GoStart.proc= gotrace-tui dump --require = GoStart.p
bash ^mustnot gotrace-tui dump --require = GoStart.proc = mustn
bash ^-x gotrace-tui run -
bash ^-f gotrace-tui dump -f
bash ^--salvage gotrace-tui stats --sal
zsh --format=.*footprint gotrace-tui dump @
zsh _describe gotrace-tui @
zsh --color=-.*::value:(always.auto.never) gotrace-tui @
zsh cgo-callback gotrace-tui learn @
zsh bash.zsh.fish gotrace-tui completion @
fish ^timeline gotrace-tui ti
fish ^--format gotrace-tui dump --fo
fish ^--by=g gotrace-tui timeline --by=
fish ^--salvage gotrace-tui export --sal
fish ^--color gotrace-tui --co
fish ^--color=never gotrace-tui --color=
fish ^--model=all gotrace-tui validate --model=
fish ^go1.22-strict gotrace-tui model @
fish ^cgo-callback gotrace-tui learn @
fish ^expressions gotrace-tui help e
EOF
run completion tcsh
if [ $status -eq 2 ]; then ok; else not_ok 'completion tcsh' "exit status $status"; fi
end

exit $failed
