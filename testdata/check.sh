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

group 'every good trace is valid'
for t in $(each traces/*.trace); do
	run validate "$t"
	if [ $status -eq 0 ]; then ok; else not_ok "$t" "$(head -n 3 "$tmp/err")"; fi
done
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

# Each .test file alone, so that a wrong one is named whatever the program prints; then all at once.
group '.test files'
for t in $(each tests/*.test); do
	run test "$t"
	if [ $status -eq 0 ]; then ok; else not_ok "$t" "exit status $status: $(cat "$tmp/out" "$tmp/err" | head -n 3)"; fi
done
run test tests
if [ $status -eq 0 ]; then ok; else not_ok tests "exit status $status: $(tail -n 3 "$tmp/out")"; fi
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

exit $failed
