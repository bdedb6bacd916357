/* SPDX-License-Identifier: GPL-3.0-or-later */
/* That what a theme shows can be read. */
#include "theme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The luminance of a colour, and the contrast of two, as WCAG 2 has them; its power of 2.4 is made of those of 2 and of 2.5. */
static double
linear(unsigned part)
{
	double x = part / 255.0, root = (x + 1) / 2;

	for (int i = 0; i < 20; i++)
		root = (root + x / root) / 2;
	return part ? 0.2 * x * x + 0.8 * x * x * root : 0;
}

static double
contrast(unsigned a, unsigned b)
{
	double l[2];

	for (int i = 0; i < 2; i++) {
		unsigned rgb = i ? b : a;

		l[i] = 0.2126 * linear(rgb >> 16 & 255) + 0.7152 * linear(rgb >> 8 & 255) + 0.0722 * linear(rgb & 255);
	}
	return l[0] > l[1] ? (l[0] + 0.05) / (l[1] + 0.05) : (l[1] + 0.05) / (l[0] + 0.05);
}

/* Lines, and blocks: nobody reads them. */
static bool
is_text(enum style st)
{
	return st != ST_RULE && st != ST_RUN;
}

static void
can_be_read(void **state)
{
	(void)state;
	for (size_t i = 0; theme_name(i); i++) {
		struct theme t;
		bool both;

		assert_true(theme_get(&t, theme_name(i)));
		both = !strcmp(t.name, "default");
		for (int k = 0; k < 2 * STYLES && t.colors == 256; k++) {
			struct look_now l = theme_look(&t, 256, (enum style)(k % STYLES), k >= STYLES);

			for (int white = 0; white < 2 && l.fg >= 0 && is_text((enum style)(k % STYLES)); white++) {
				unsigned paper = l.bg >= 0 ? theme_rgb(l.bg) : white ? 0xffffff : 0x1c1c1c;

				if (l.bg < 0 && white != t.light && !both)
					continue;
				if (contrast(theme_rgb(l.fg), paper) >= 2.9)
					continue;
				fprintf(stderr, "%s: %s%s can't be read: %.1f\n", t.name, style_name((enum style)(k % STYLES)),
					k >= STYLES ? " in the current row" : "", contrast(theme_rgb(l.fg), paper));
				fail();
			}
		}
	}
}

/* Where there are no colours, or eight, the current row still differs from the others, and what is bad from what is not. */
static void
colour_is_not_all(void **state)
{
	(void)state;
	for (size_t i = 0; theme_name(i); i++)
		for (int colors = 0; colors <= 8; colors += 8) {
			struct theme t;

			assert_true(theme_get(&t, theme_name(i)));
			for (int st = 0; st < STYLES; st++)
				assert_true(theme_look(&t, colors, (enum style)st, true).attr & LOOK_REVERSE);
			assert_int_not_equal(theme_look(&t, colors, ST_BAD, false).attr, theme_look(&t, colors, ST_OK, false).attr);
			assert_int_not_equal(theme_look(&t, colors, ST_MATCH, false).attr, theme_look(&t, colors, ST_TEXT, false).attr);
			assert_int_not_equal(theme_look(&t, colors, ST_FOCUS, false).attr, theme_look(&t, colors, ST_RULE, false).attr);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(can_be_read),
		cmocka_unit_test(colour_is_not_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
