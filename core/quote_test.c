/* SPDX-License-Identifier: MIT */
/*
 * gt_quote, gt_unquote and gt_printable: what Go's strconv gives for the same input, by tables. (The whole of Unicode
 * and millions of random strings were compared with Go itself.)
 */
#include "gotrace.h"

#include "buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
/* A string literal that may hold NULs. */
#define S(lit) { lit, sizeof(lit) - 1 }

static const struct {
	struct gt_str in;
	const char *quoted;
} quotes[] = {
	{ S(""), "\"\"" },
	{ S("hello, world"), "\"hello, world\"" },
	{ S("\"\\'`"), "\"\\\"\\\\'`\"" },
	{ S("\a\b\f\n\r\t\v"), "\"\\a\\b\\f\\n\\r\\t\\v\"" },
	{ S("\0\1\x1b\x1f\x7f"), "\"\\x00\\x01\\x1b\\x1f\\x7f\"" },
	/* C1, no-break space, soft hyphen: characters, but none to print. */
	{ S("\xc2\x80\xc2\x85\xc2\xa0\xc2\xad"), "\"\\u0080\\u0085\\u00a0\\u00ad\"" },
	{ S("\xc2\xa1\xc3\xa9\xe4\xb8\x96"), "\"\xc2\xa1\xc3\xa9\xe4\xb8\x96\"" },
	{ S("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"" },
	/* Right-to-left override, line separator, byte order mark, ideographic space. */
	{ S("\xe2\x80\xae\xe2\x80\xa8\xef\xbb\xbf\xe3\x80\x80"), "\"\\u202e\\u2028\\ufeff\\u3000\"" },
	{ S("\xee\x80\x80\xf4\x8f\xbf\xbf"), "\"\\ue000\\U0010ffff\"" },
	/* The replacement character itself, and what is no UTF-8. */
	{ S("\xef\xbf\xbd"), "\"\xef\xbf\xbd\"" },
	{ S("\x80\xff"), "\"\\x80\\xff\"" },
	{ S("\xc0\x80"), "\"\\xc0\\x80\"" },
	{ S("\xe0\x9f\xbf"), "\"\\xe0\\x9f\\xbf\"" },
	{ S("\xed\xa0\x80"), "\"\\xed\\xa0\\x80\"" },
	{ S("\xf4\x90\x80\x80"), "\"\\xf4\\x90\\x80\\x80\"" },
	{ S("\xe4\xb8"), "\"\\xe4\\xb8\"" },
	{ S("\xe4\xb8x"), "\"\\xe4\\xb8x\"" },
	/* A combining mark, a variation selector. */
	{ S("e\xcc\x81"), "\"e\xcc\x81\"" },
	{ S("\xf3\xa0\x84\x80"), "\"\xf3\xa0\x84\x80\"" },
};

static void
test_quote(void **state)
{
	char buf[128];

	(void)state;
	for (size_t i = 0; i < LEN(quotes); i++) {
		size_t n = gt_quote(quotes[i].in, buf, sizeof(buf));

		if (n != strlen(quotes[i].quoted) || strcmp(buf, quotes[i].quoted) != 0)
			fail_msg("case %zu: got %s (%zu), want %s", i, buf, n, quotes[i].quoted);
	}
}

/* However little room there is: the same length, a NUL, a beginning of the whole, and no half of an escape. */
static void
test_quote_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(quotes); i++) {
		size_t want = strlen(quotes[i].quoted);

		assert_int_equal(gt_quote(quotes[i].in, NULL, 0), want);
		for (size_t cap = 1; cap <= want + 1; cap++) {
			char buf[128];
			size_t n;

			memset(buf, '!', sizeof(buf));
			n = gt_quote(quotes[i].in, buf, cap);
			if (n != want || buf[cap] != '!' || !memchr(buf, '\0', cap))
				fail_msg("case %zu, cap %zu: length %zu, want %zu", i, cap, n, want);
			n = strlen(buf);
			if (memcmp(buf, quotes[i].quoted, n) != 0 || (n < want && cap - n > 10))
				fail_msg("case %zu, cap %zu: got %s", i, cap, buf);
			if (((uint8_t)quotes[i].quoted[n] & 0xc0) == 0x80)
				fail_msg("case %zu, cap %zu: cut inside a character", i, cap);
		}
	}
}

static const struct {
	struct gt_str in, out;
} unquotes[] = {
	{ S("\"\""), S("") },
	{ S("\"a b\""), S("a b") },
	{ S("\"'`\""), S("'`") },
	{ S("\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\""), S("\a\b\f\n\r\t\v\\\"") },
	{ S("\"\\x00\\xff\\xFf\\000\\377\\101\""), S("\0\xff\xff\0\xff\x41") },
	{ S("\"\\u00e9\\u4E16\\U0001f600\\U0010FFFF\""), S("\xc3\xa9\xe4\xb8\x96\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf") },
	{ S("\"\\ud7ff\\ue000\\u0000\""), S("\xed\x9f\xbf\xee\x80\x80\0") },
	{ S("\"\t\r\0\x7f\""), S("\t\r\0\x7f") },
	/* What is no UTF-8 is replaced where escapes are read, and left as it is in raw strings. */
	{ S("\"\xff\""), S("\xef\xbf\xbd") },
	{ S("\"\xed\xa0\x80\""), S("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd") },
	{ S("`\xff`"), S("\xff") },
	{ S("``"), S("") },
	{ S("`\\n\"'`"), S("\\n\"'") },
	{ S("`a\r\n\rb\r`"), S("a\nb") },
	{ S("'x'"), S("x") },
	{ S("'\"'"), S("\"") },
	{ S("'\\''"), S("'") },
	{ S("'\xe4\xb8\x96'"), S("\xe4\xb8\x96") },
	{ S("'\xff'"), S("\xef\xbf\xbd") },
	{ S("'\\xff'"), S("\xff") },
	/* Not Go, but strconv.Unquote takes it. */
	{ S("''"), S("") },
};

static void
test_unquote(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(unquotes); i++) {
		struct gt_buf out = { NULL, 0, 0 };

		assert_true(gt_buf_put(&out, "kept", 4));
		if (!gt_unquote(unquotes[i].in, &out))
			fail_msg("case %zu: refused", i);
		if (out.n != 4 + unquotes[i].out.n || memcmp(out.p, "kept", 4) != 0 ||
			memcmp(out.p + 4, unquotes[i].out.p, unquotes[i].out.n) != 0)
			fail_msg("case %zu: other bytes, %zu of them", i, out.n);
		gt_buf_free(&out);
	}
}

static const struct {
	struct gt_str in;
	size_t at;
} no_quotes[] = {
	{ S(""), 0 },
	{ S("a"), 0 },
	{ S("abc"), 0 },
	{ S(" \"a\""), 0 },
	{ S("\""), 1 },
	{ S("'"), 1 },
	{ S("`"), 1 },
	{ S("\"a"), 2 },
	{ S("\"a'"), 3 },
	{ S("`a\""), 3 },
	{ S("\"a\"b"), 3 },
	{ S("\"a\" "), 3 },
	{ S("`a``"), 3 },
	{ S("\"a\"\"b\""), 3 },
	{ S("'ab'"), 2 },
	{ S("'a"), 2 },
	{ S("'''"), 2 },
	{ S("\"a\nb\""), 2 },
	{ S("'\n'"), 1 },
	{ S("\"\\"), 1 },
	{ S("\"\\\""), 3 },
	{ S("\"\\'\""), 1 },
	{ S("'\\\"'"), 1 },
	{ S("\"\\`\""), 1 },
	{ S("\"\\q\""), 1 },
	{ S("\"\\\0\""), 1 },
	{ S("\"\\\n\""), 1 },
	{ S("\"\\x4\""), 1 },
	{ S("\"\\xg0\""), 1 },
	{ S("\"\\u12\""), 1 },
	{ S("\"ab\\u123"), 3 },
	{ S("\"\\ud800\""), 1 },
	{ S("\"\\udfff\""), 1 },
	{ S("\"\\U00110000\""), 1 },
	{ S("\"\\Uffffffff\""), 1 },
	{ S("\"\\400\""), 1 },
	{ S("\"\\08\""), 1 },
	{ S("\"\\0\""), 1 },
	{ S("\"\\18\""), 1 },
	{ S("\"\\8\""), 1 },
};

static void
test_unquote_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(no_quotes); i++) {
		struct gt_buf out = { NULL, 0, 0 };
		size_t at = 99;

		assert_true(gt_buf_put(&out, "kept", 4));
		if (gt_unquote(no_quotes[i].in, &out))
			fail_msg("case %zu: accepted", i);
		if (!gt_unquote_why(no_quotes[i].in, &out, &at) || at != no_quotes[i].at)
			fail_msg("case %zu: mistake at %zu, want %zu", i, at, no_quotes[i].at);
		if (out.n != 4)
			fail_msg("case %zu: left %zu bytes", i, out.n);
		gt_buf_free(&out);
	}
}

/* All strings of two bytes: what is quoted reads back as it was. */
static void
test_round_trip(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 0x10000; i++) {
		const char in[] = { (char)(i >> 8), (char)i };
		char quoted[16];
		struct gt_buf out = { NULL, 0, 0 };
		size_t n = gt_quote((struct gt_str){ in, 2 }, quoted, sizeof(quoted));

		if (n >= sizeof(quoted) || !gt_unquote((struct gt_str){ quoted, n }, &out) || out.n != 2 ||
			memcmp(out.p, in, 2) != 0)
			fail_msg("case %u: %s does not read back", i, quoted);
		gt_buf_free(&out);
	}
}

static const struct {
	uint32_t rune;
	bool printable;
} runes[] = {
	{ 0, false }, { 0x1f, false }, { ' ', true }, { '!', true }, { '~', true }, { 0x7f, false }, { 0x9f, false },
	{ 0xa0, false }, { 0xa1, true }, { 0xac, true }, { 0xad, false }, { 0xae, true }, { 0x300, true },
	{ 0x377, true }, { 0x378, false }, { 0x1680, false }, { 0x2000, false }, { 0x200b, false }, { 0x2010, true },
	{ 0x2028, false },
	{ 0x20ac, true }, { 0x3000, false }, { 0x3001, true }, { 0x3400, true }, { 0x4000, true }, { 0x9fff, true },
	{ 0xd7a3, true }, { 0xd800, false }, { 0xe000, false }, { 0xfeff, false }, { 0xfffd, true }, { 0xffff, false },
	/* In Unicode 15.0, and only in 15.1. */
	{ 0x11f00, true }, { 0x2ebf0, false }, { 0x1f600, true }, { 0x323af, true }, { 0x323b0, false },
	{ 0xe0001, false }, { 0xe0100, true }, { 0xe01ef, true }, { 0xe01f0, false }, { 0x10ffff, false },
	{ 0x110000, false }, { UINT32_MAX, false },
};

static void
test_printable(void **state)
{
	static const struct {
		uint32_t first, last;
	} table[] = {
#define PRINTABLE(first, last) { first, last },
#include "printable.def"
#undef PRINTABLE
	};
	uint32_t total = 0;

	(void)state;
	for (size_t i = 0; i < LEN(runes); i++)
		if (gt_printable(runes[i].rune) != runes[i].printable)
			fail_msg("case %zu: U+%04X", i, (unsigned)runes[i].rune);
	for (size_t i = 0; i < LEN(table); i++) {
		if (table[i].first > table[i].last || (i > 0 && table[i].first <= table[i - 1].last + 1))
			fail_msg("row %zu of printable.def is out of order", i);
		total += table[i].last - table[i].first + 1;
	}
	/* What Go 1.26 counts with unicode.IsPrint. */
	assert_int_equal(total, 148998);
}

static const struct {
	struct gt_str in;
	const char *shown;
} shows[] = {
	{ S(""), "\"\"" },
	{ S("a\nb"), "\"a\\nb\"" },
	/* The longest that is shown whole, and one more. */
	{ S("012345678901234567890123456789012345678901234567890123456"),
		"\"012345678901234567890123456789012345678901234567890123456\"" },
	{ S("0123456789012345678901234567890123456789012345678901234567"),
		"\"0123456789012345678901234567890123456789012345678901234567\"..." },
	{ S("\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"),
		"\"\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\"..." },
};

/* Strings in error texts stay short, whole in their characters, and in quotes. */
static void
test_show(void **state)
{
	char buf[GT_SHOWN], big[4096];

	(void)state;
	for (size_t i = 0; i < LEN(shows); i++)
		if (strcmp(gt_show(shows[i].in, buf), shows[i].shown) != 0)
			fail_msg("case %zu: got %s, want %s", i, buf, shows[i].shown);
	for (size_t n = 0; n < sizeof(big); n += 1 + n / 64) {
		size_t len;

		for (size_t i = 0; i < n; i++)
			big[i] = "\xe4\xb8\x96"[i % 3];
		len = strlen(gt_show((struct gt_str){ big, n }, buf));
		if (len >= GT_SHOWN || buf[0] != '"' || (n > GT_SHOWN && strcmp(buf + len - 4, "\"...") != 0))
			fail_msg("length %zu: got %s", n, buf);
		if (n > GT_SHOWN && strstr(buf, "\\x"))
			fail_msg("length %zu: cut inside a character: %s", n, buf);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_quote_cut),
		cmocka_unit_test(test_unquote),
		cmocka_unit_test(test_unquote_refuses),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
