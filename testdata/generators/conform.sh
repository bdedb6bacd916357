#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# CONFORMANCE=PROGRAM conform.sh FOLDER: make the traces of conformance.c (PROGRAM is what it was built to), and compare
# them with those of Go's own generators in FOLDER: NAME.test and, where it is there, NAME.trace, the same in binary.
# Byte for byte, but for the order of the entries in a batch of strings or stacks: that follows a Go map there, and such
# a pair is called "the same as sets". Prints a line for each, and exits with 1 where one differs or FOLDER has none.
set -eu
program=${CONFORMANCE:?"names the program built of conformance.c"}
folder=${1:?"names the folder with Go's .test files"}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
export LC_ALL=C
"$program" -b "$tmp"

# Entries of a table, each with its lines joined to one, in the order of these lines; all else as it is.
sorted() {
	awk '
		/^(String|Stack) / { if (!table) { table = 1; n = 0 }; entry[++n] = $0; next }
		/^\t/ && table { entry[n] = entry[n] $0; next }
		{ flush(); print }
		END { flush() }
		function flush(   i, j, s) {
			for (i = 2; table && i <= n; i++) {
				s = entry[i]
				for (j = i - 1; j > 0 && entry[j] > s; j--)
					entry[j + 1] = entry[j]
				entry[j + 1] = s
			}
			for (i = 1; table && i <= n; i++)
				print entry[i]
			table = 0
		}' "$1"
}

same=0 failed=0
for ours in "$tmp"/*.test; do
	name=$(basename "$ours" .test)
	theirs=$folder/$name
	if ! [ -e "$theirs.test" ]; then
		result='missing there'
	elif cmp -s "$ours" "$theirs.test" &&
		{ ! [ -e "$theirs.trace" ] || cmp -s "${ours%.test}.trace" "$theirs.trace"; }; then
		result=
	else
		sorted "$ours" >"$tmp/ours"
		sorted "$theirs.test" >"$tmp/theirs"
		result=different
		if cmp -s "$tmp/ours" "$tmp/theirs" && ! cmp -s "$ours" "$theirs.test"; then
			result='the same as sets'
		fi
	fi
	case $result in
	'' | 'the same as sets') same=$((same + 1)) ;;
	*) failed=1 ;;
	esac
	echo "${result:-the same}: $name"
	if [ "$result" = different ]; then
		diff -u "$theirs.test" "$ours" || :
		cmp "${ours%.test}.trace" "$theirs.trace" || :
	fi
done
echo "$same the same"
exit $failed
