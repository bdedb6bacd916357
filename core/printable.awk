# SPDX-License-Identifier: MIT
#
# Makes printable.def:
#
#	awk -f core/printable.awk /usr/share/unicode/UnicodeData.txt >core/printable.def
#
# The input is that of Unicode 15.0.0, as in Debian's package unicode-data. It has a line for each character, in rising
# order: code point, name, general category and more, between semicolons. A block of characters without names of their
# own is two lines, <NAME, First> and <NAME, Last>.

BEGIN {
	FS = ";"
	for (i = 0; i < 16; i++)
		digit[substr("0123456789ABCDEF", i + 1, 1)] = i
	from = -1
	print "/* SPDX-License-Identifier: MIT */"
	print "/*"
	print " * PRINTABLE(first, last): the characters that Go calls printable, in rising order. They are those of the general"
	print " * categories L, M, N, P and S of Unicode 15.0.0, and the ASCII space. Made by printable.awk; do not edit."
	print " */"
}

function hex(s,	n, i) {
	n = 0
	for (i = 1; i <= length(s); i++)
		n = n * 16 + digit[substr(s, i, 1)]
	return n
}

function range() {
	if (from >= 0)
		printf "PRINTABLE(0x%04x, 0x%04x)\n", from, to
}

$3 ~ /^[LMNPS]/ || $1 == "0020" {
	code = hex($1)
	if (from < 0 || (code != to + 1 && $2 !~ /, Last>$/)) {
		range()
		from = code
	}
	to = code
}

END {
	range()
}
