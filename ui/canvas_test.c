/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The canvas: clipping, widths, and that nothing unsafe ever gets into a cell. */
#include "canvas.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
expect(const struct canvas *c, const char *want)
{
	char *got = canvas_text(c);

	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
}

static void
put_and_clip(void **state)
{
	struct canvas c, v;

	(void)state;
	assert_true(canvas_init(&c, 3, 10, true));
	assert_int_equal(canvas_put(&c, 0, 0, ST_TEXT, "hello"), 5);
	canvas_put(&c, 1, 7, ST_TEXT, "world");
	canvas_put(&c, 9, 0, ST_TEXT, "below");
	canvas_put(&c, -1, 0, ST_TEXT, "above");
	expect(&c, "hello\n       wor\n\n");
	v = canvas_view(&c, (struct rect){ 1, 2, 2, 4 });
	canvas_put(&v, 0, 0, ST_TEXT, "abcdefgh");
	canvas_put(&v, 1, 1, ST_TEXT, "xyz123");
	canvas_put(&v, 2, 0, ST_TEXT, "outside");
	expect(&c, "hello\n  abcd wor\n   xyz\n");
	v = canvas_view(&c, (struct rect){ 2, 8, 5, 50 });
	assert_int_equal(v.h, 1);
	assert_int_equal(v.w, 2);
	v = canvas_view(&c, (struct rect){ 7, 20, 5, 5 });
	assert_int_equal(v.h, 0);
	canvas_put(&v, 0, 0, ST_TEXT, "nowhere");
	canvas_free(&c);
}

static void
cut_and_align(void **state)
{
	struct canvas c;

	(void)state;
	assert_true(canvas_init(&c, 5, 12, true));
	canvas_cut(&c, 0, 0, 6, ST_TEXT, "GoCreateSyscall");
	canvas_cut(&c, 1, 0, 6, ST_TEXT, "GoStop");
	canvas_right(&c, 2, 0, 8, ST_TEXT, "1,042");
	canvas_right(&c, 3, 0, 3, ST_TEXT, "1,042");
	canvas_cut(&c, 4, 10, 8, ST_TEXT, "edge");
	expect(&c, "GoCre…\nGoStop\n   1,042\n1,…\n          e…\n");
	canvas_free(&c);
}

static void
wide_characters(void **state)
{
	struct canvas c;

	(void)state;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		skip();
	assert_int_equal(canvas_width("日本", true), 4);
	assert_int_equal(canvas_width("e\u0301x", true), 2);
	assert_int_equal(canvas_fit("日本", 3, true), 3);
	assert_true(canvas_init(&c, 4, 5, true));
	canvas_put(&c, 0, 0, ST_TEXT, "日本語");
	canvas_put(&c, 1, 0, ST_TEXT, "日本");
	canvas_put(&c, 1, 1, ST_TEXT, "x"); /* over the right half */
	canvas_put(&c, 2, 0, ST_TEXT, "日本");
	canvas_put(&c, 2, 2, ST_TEXT, "y"); /* over the left half */
	canvas_put(&c, 3, 0, ST_TEXT, "e\u0301\u0301\u0301x");
	expect(&c, "日本\n x本\n日y\ne\u0301x\n");
	canvas_free(&c);
}

static void
safe(void **state)
{
	static const struct {
		const char *in, *utf8, *ascii;
	} t[] = {
		{ "plain", "plain", "plain" },
		{ "a\033[31mb", "a\\x1b[31mb", "a\\x1b[31mb" },
		{ "\t\n\r\177", "\\x09\\x0a\\x0d\\x7f", "\\x09\\x0a\\x0d\\x7f" },
		{ "\xff\xfe", "\\xff\\xfe", "\\xff\\xfe" },
		{ "\xc3(", "\\xc3(", "\\xc3(" },
		{ "\xc0\x80", "\\xc0\\x80", "\\xc0\\x80" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\u202e", "\\u202e", "\\u202e" },
		{ "\xc2\x9b"
		  "31m",
			"\\u009b31m", "\\u009b31m" },
		{ "\u00e4", "\u00e4", "\\u00e4" },
		{ "\U000e0001", "\\U000e0001", "\\U000e0001" },
	};
	struct canvas c;

	(void)state;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		skip();
	for (size_t i = 0; i < 2 * sizeof t / sizeof *t; i++) {
		bool utf8 = i % 2 == 0;
		char want[64];

		assert_true(canvas_init(&c, 1, 40, utf8));
		canvas_put(&c, 0, 0, ST_TEXT, t[i / 2].in);
		strcpy(want, utf8 ? t[i / 2].utf8 : t[i / 2].ascii);
		expect(&c, strcat(want, "\n"));
		canvas_free(&c);
	}
}

/* Every two bytes: whatever comes, cells hold printable characters only. */
static void
all_bytes(void **state)
{
	(void)state;
	for (unsigned i = 1; i < 65536; i++) {
		const char s[] = { (char)(i & 255), (char)(i >> 8), 0 };
		wchar_t ch[SAFE_MAX];
		const char *p = s;
		int cols;
		size_t n;

		if (!(i & 255))
			continue;
		for (; (n = canvas_safe(p, true, ch, &cols)) != 0; p += n)
			for (int k = 0; ch[k]; k++)
				assert_true(ch[k] >= 0x20 && ch[k] != 0x7f && !(ch[k] >= 0x80 && ch[k] < 0xa0));
		assert_ptr_equal(p, s + strlen(s));
	}
}

static void
styles(void **state)
{
	struct canvas c;

	(void)state;
	assert_true(canvas_init(&c, 2, 4, true));
	canvas_put(&c, 0, 0, ST_M, "ab");
	canvas_style(&c, 0, 1, 9, ST_BAD);
	canvas_style(&c, 7, 1, 9, ST_BAD);
	canvas_mark(&c, 1);
	canvas_mark(&c, 2);
	assert_int_equal(c.cells[0].style, ST_M);
	assert_int_equal(c.cells[3].style, ST_BAD);
	assert_false(c.cells[0].on);
	assert_true(c.cells[7].on);
	canvas_free(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_and_clip),
		cmocka_unit_test(cut_and_align),
		cmocka_unit_test(wide_characters),
		cmocka_unit_test(safe),
		cmocka_unit_test(all_bytes),
		cmocka_unit_test(styles),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
