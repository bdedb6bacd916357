/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks stand under what is wrong, wherever that is in a text, and however long that is. */
#include "fault.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "canvas.h"

static void
marks(void **state)
{
	static const struct {
		const char *text;
		size_t at, n;
		int w;
		const char *line, *under;
	} t[] = {
		{ "g === 3", 4, 1, 20, "g === 3", "    ^" },
		{ "type == GoBlok", 8, 6, 20, "type == GoBlok", "        ^^^^^^" },
		/* Something is missing: behind the end, and at a byte of it. */
		{ "g ==", 4, 0, 20, "g ==", "    ^" },
		{ "g ==", 9, 3, 20, "g ==", "    ^" },
		{ "g 3", 2, 0, 20, "g 3", "  ^" },
		{ "", 0, 0, 20, "", "^" },
		{ "a\tb\nc", 4, 9, 20, "a b c", "    ^" },
		/* Columns, not bytes. */
		{ "\u00fc == \u65e5\u672c ==", 6, 6, 20, "\u00fc == \u65e5\u672c ==", "     ^^^^" },
		/* Parts of a longer one: its begin, its middle, its end. */
		{ "abcdefghijklmnopqrstuvwxyz", 1, 2, 20, "abcdefghijklmnop...", " ^^" },
		{ "abcdefghijklmnopqrstuvwxyz", 14, 2, 20, "...fghijklmnopqr...", "            ^^" },
		{ "abcdefghijklmnopqrstuvwxyz", 26, 0, 20, "...rstuvwxyz", "            ^" },
		{ "abcdefghijklmnopqrstuvwxyz", 14, 12, 20, "...fghijklmnopqr...", "            ^^^^" },
		{ "abcdefghijklmnopqrs", 19, 0, 20, "abcdefghijklmnopqrs", "                   ^" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char line[FAULT_LINE], under[FAULT_LINE];

		fault_lines(t[i].text, t[i].at, t[i].n, t[i].w, true, line, under);
		if (strcmp(line, t[i].line) != 0 || strcmp(under, t[i].under) != 0)
			fail_msg("%zu:\n%s|\n%s|\nwanted:\n%s|\n%s|", i, line, under, t[i].line, t[i].under);
	}
}

/* Of whatever text, at whatever place, and as wide as it may be: all is in sight. */
static void
any(void **state)
{
	static char text[5000];

	(void)state;
	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = i % 7 ? (char)('a' + i % 26) : i % 3 ? '\n' : '\x9b';
	for (size_t at = 0; at < sizeof text; at += 97)
		for (int w = 30; w < 3000; w = w * 2 + 1)
			for (int utf8 = 0; utf8 < 2; utf8++) {
				char line[FAULT_LINE], under[FAULT_LINE];

				fault_lines(text, at, 5, w, utf8, line, under);
				assert_true(strlen(line) < FAULT_LINE && strlen(under) < FAULT_LINE);
				assert_true(canvas_width(line, utf8) <= w && canvas_width(under, utf8) <= w);
				assert_non_null(strchr(under, '^'));
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks),
		cmocka_unit_test(any),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
