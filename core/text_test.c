/* SPDX-License-Identifier: MIT */
/*
 * gt_text_read: texts and the bytes they must give, texts and where their mistake is; and the growing buffer and UTF-8
 * under it. (Hundreds of thousands of mutated texts were compared with Go's TextReader itself.)
 */
#include "gotrace.h"

#include "buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
/* A string literal that may hold NULs. */
#define S(lit) { lit, sizeof(lit) - 1 }
#define HEAD(minor) "go 1." minor " trace\0\0\0"
#define MAX_ID "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"

static const struct {
	struct gt_str text, bytes;
} good[] = {
	/* Headers. */
	{ S("Trace Go1.22"), S(HEAD("22")) },
	{ S("Trace Go1.22\n"), S(HEAD("22")) },
	{ S("\n # x\n\t Trace\t\tGo1.26 \r\n\n"), S(HEAD("26")) },
	{ S("Trace Go1.11\n# no events\n"), S(HEAD("11")) },
	{ S("Trace Go1.19"), S(HEAD("19")) },
	{ S("Trace Go1.21"), S(HEAD("21")) },
	{ S("Trace Go1.00023"), S(HEAD("23")) },
	{ S("Trace Go1.4294967321"), S(HEAD("25")) },
	{ S("Trace\xc2\x85Go1.22\xe3\x80\x80"), S(HEAD("22")) },

	/* Events of each shape. */
	{ S("Trace Go1.22\nStrings\nStacks"), S(HEAD("22") "\4\2") },
	{ S("Trace Go1.22\nEventBatch gen=1 m=18446744073709551615 time=300 size=0\n"),
		S(HEAD("22") "\1\1" MAX_ID "\xac\2\0") },
	{ S("Trace Go1.22\nFrequency freq=127\nFrequency freq=128\nFrequency freq=16383\nFrequency freq=16384\n"),
		S(HEAD("22") "\x8\x7f\x8\x80\1\x8\xff\x7f\x8\x80\x80\1") },
	{ S("Trace Go1.22\nGoDestroy dt=5\nGoStart dt=1 g=2 g_seq=3\n"), S(HEAD("22") "\x11\5\x10\1\2\3") },
	{ S("Trace Go1.22\nUserLog dt=1 task=2 key_string=3 value_string=4 stack=5"), S(HEAD("22") "\x2c\1\2\3\4\5") },
	{ S("Trace Go1.22\nGoDestroy dt=000000000000000000000000000005\n"), S(HEAD("22") "\x11\5") },

	/* Stacks: nframes is what counts; blank lines and comments may come between. */
	{ S("Trace Go1.22\nStack id=5 nframes=2\n\tpc=300 func=3 file=6 line=124\n\n# x\npc=7 func=6 file=3 line=64\n"),
		S(HEAD("22") "\3\5\2\xac\2\3\6\x7c\7\6\3\x40") },
	{ S("Trace Go1.22\nStack id=5 nframes=0\nStrings"), S(HEAD("22") "\3\5\0\4") },
	/* More than a signed number can say: no frames, as in the reference. */
	{ S("Trace Go1.22\nStack id=1 nframes=18446744073709551615\nStrings"), S(HEAD("22") "\3\1" MAX_ID "\4") },
	{ S("Trace Go1.22\nStack id=1 nframes=9223372036854775808"),
		S(HEAD("22") "\3\1\x80\x80\x80\x80\x80\x80\x80\x80\x80\1") },

	/* Data: any Go string, white space around the =, and # as any other character. */
	{ S("Trace Go1.22\nString id=5\n\tdata=\"hello world\\x00\"\n"), S(HEAD("22") "\5\5\xchello world\0") },
	{ S("Trace Go1.22\nString id=5\n\n#\n data\t= \"#\\u00e9 =\" \r\nStrings"),
		S(HEAD("22") "\5\5\5#\xc3\xa9 =\4") },
	{ S("Trace Go1.22\nString id=5\ndata=`a\rb\\n`\r\n"), S(HEAD("22") "\5\5\4ab\\n") },
	{ S("Trace Go1.22\nString id=5\ndata='x'"), S(HEAD("22") "\5\5\1x") },
	{ S("Trace Go1.22\nString id=5\ndata=\"\""), S(HEAD("22") "\5\5\0") },
	{ S("Trace Go1.22\nString id=5\ndata=\"\xff\"\nString id=6\ndata=`\xff`"),
		S(HEAD("22") "\5\5\3\xef\xbf\xbd\5\6\1\xff") },
	{ S("Trace Go1.23\nExperimentalBatch exp=1 gen=2 m=3 time=4\ndata=\"\\001\\002\""),
		S(HEAD("23") "\x31\1\2\3\4\2\1\2") },

	/* White space and line ends. */
	{ S("Trace Go1.22\r\nGoDestroy dt=5\r\n\r\nStrings\r\r\n"), S(HEAD("22") "\x11\5\4") },
	{ S("Trace Go1.22\n\v\f\rGoDestroy\xc2\xa0" "dt=5\xe2\x80\x83\n"), S(HEAD("22") "\x11\5") },
	{ S("Trace Go1.22\n\xe1\x9a\x80\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaf\xe2\x81\x9f\n#\xff\0\nStrings"),
		S(HEAD("22") "\4") },

	/* Versions. */
	{ S("Trace Go1.23\nGoSwitch dt=1 g=2 g_seq=3"), S(HEAD("23") "\x2d\1\2\3") },
	{ S("Trace Go1.25\nSync\nClockSnapshot dt=1 mono=2 sec=3 nsec=4"), S(HEAD("25") "\x32\x33\1\2\3\4") },
	{ S("Trace Go1.26\nEndOfGeneration\n"), S(HEAD("26") "\x34") },
	/* AllocFree: Go has them in 1.26 only, though they were written from 1.23 on. */
	{ S("Trace Go1.26\nSpan dt=1 id=2 npages_value=3 kindclass=4"), S(HEAD("26") "\x80\1\2\3\4") },
	{ S("Trace Go1.23\nGoroutineStackFree dt=1 id=2"), S(HEAD("23") "\x88\1\2") },
	{ S("Trace Go1.25\nHeapObject dt=1 id=2 type=3"), S(HEAD("25") "\x83\1\2\3") },
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(good); i++) {
		struct gt_buf out = { NULL, 0, 0 };
		struct gt_text_error err = { 0 };
		struct gt_str want = good[i].bytes;

		assert_true(gt_buf_put(&out, "kept", 4));
		if (!gt_text_read(good[i].text.p, good[i].text.n, &out, &err))
			fail_msg("case %zu: %u:%u: %s", i, err.line, err.col, err.text);
		if (out.n != 4 + want.n || memcmp(out.p, "kept", 4) != 0 || memcmp(out.p + 4, want.p, want.n) != 0)
			fail_msg("case %zu: other bytes, %zu of them, want %zu", i, out.n - 4, want.n);
		gt_buf_free(&out);
	}
}

static const struct {
	struct gt_str text;
	unsigned line, col;
	const char *says; /* a part of the error */
} bad[] = {
	/* Headers. */
	{ S(""), 1, 1, "the text is empty" },
	{ S("\n \n# Trace Go1.22\n"), 1, 1, "the text is empty" },
	{ S("Strings\n"), 1, 1, "not \"Strings\"" },
	{ S("\xef\xbb\xbfTrace Go1.22"), 1, 1, "not \"\\ufeffTrace\"" },
	{ S("trace Go1.22"), 1, 1, "not \"trace\"" },
	{ S("\n  Trace"), 2, 8, "must name a version" },
	{ S("Trace#Go1.22"), 1, 6, "must name a version" },
	{ S("Trace go1.22"), 1, 7, "not \"go1.22\"" },
	{ S("Trace Go1."), 1, 7, "no version" },
	{ S("Trace Go1.22.1"), 1, 7, "no version" },
	{ S("Trace Go1.+22"), 1, 7, "no version" },
	{ S("Trace Go1.18446744073709551638"), 1, 7, "no version" },
	{ S("Trace Go1.24"), 1, 7, "no trace format \"Go1.24\"" },
	{ S("Trace Go1.0"), 1, 7, "no trace format" },
	{ S("Trace Go1.27"), 1, 7, "no trace format" },
	{ S("Trace Go1.22 x"), 1, 14, "there follows \"x\"" },
	{ S("Trace Go1.22 # x"), 1, 14, "a comment needs a line of its own" },
	{ S("Trace Go1.22# x"), 1, 13, "a comment needs a line of its own" },
	{ S("Trace Go1.22\xe2\x80\x8b"), 1, 7, "no version of Go: \"Go1.22\\u200b\"" },

	/* Names. */
	{ S("Trace Go1.22\n\tNothing x=1"), 2, 2, "no event of this name: \"Nothing\"" },
	{ S("Trace Go1.22\nstrings"), 2, 1, "no event of this name" },
	{ S("Trace Go1.22\nString"), 2, 7, "argument id is missing" },
	{ S("Trace Go1.22\nSyncPoint"), 2, 1, "no event of this name" },
	{ S("Trace Go1.22\n=5"), 2, 1, "no event of this name: \"=5\"" },
	{ S("Trace Go1.22\nStrings\0"), 2, 1, "no event of this name: \"Strings\\x00\"" },
	{ S("Trace Go1.22\nGoSwitch dt=1 g=2 g_seq=3"), 2, 1, "Go 1.22 have no GoSwitch: that came with Go 1.23" },
	{ S("Trace Go1.23\nSync"), 2, 1, "came with Go 1.25" },
	{ S("Trace Go1.25\nEndOfGeneration"), 2, 1, "came with Go 1.26" },
	{ S("Trace Go1.22\nSpanFree dt=1 id=2"), 2, 1, "came with Go 1.23" },
	{ S("Trace Go1.11\nStrings"), 2, 1, "Go 1.11 have no events in the text format" },
	{ S("Trace Go1.21\n\n Strings"), 3, 2, "Go 1.21 have no events in the text format" },

	/* Arguments. */
	{ S("Trace Go1.22\nGoDestroy"), 2, 10, "dt is missing" },
	{ S("Trace Go1.22\nGoDestroy # dt=1"), 2, 11, "dt is missing" },
	{ S("Trace Go1.22\nGoStart g=2 g_seq=3"), 2, 9, "the argument dt is expected here, not \"g\"" },
	{ S("Trace Go1.22\nGoStart dt=1 g_seq=3 g=2"), 2, 14, "the argument g is expected here, not \"g_seq\"" },
	{ S("Trace Go1.22\nGoStart dt=1 g=2"), 2, 17, "g_seq is missing" },
	{ S("Trace Go1.22\nGoDestroy dt"), 2, 11, "dt=NUMBER is expected here, not \"dt\"" },
	{ S("Trace Go1.22\nGoDestroy dt = 1"), 2, 11, "dt=NUMBER is expected" },
	{ S("Trace Go1.22\nGoDestroy dt="), 2, 14, "must be a decimal number, not \"\"" },
	{ S("Trace Go1.22\nGoDestroy dt= 1"), 2, 14, "must be a decimal number, not \"\"" },
	{ S("Trace Go1.22\nGoDestroy dt==1"), 2, 14, "not \"=1\"" },
	{ S("Trace Go1.22\nGoDestroy dt=-1"), 2, 14, "not \"-1\"" },
	{ S("Trace Go1.22\nGoDestroy dt=+1"), 2, 14, "not \"+1\"" },
	{ S("Trace Go1.22\nGoDestroy dt=1_0"), 2, 14, "not \"1_0\"" },
	{ S("Trace Go1.22\nGoDestroy dt=0x1"), 2, 14, "not \"0x1\"" },
	{ S("Trace Go1.22\nGoDestroy dt=\xd9\xa3"), 2, 14, "must be a decimal number" },
	{ S("Trace Go1.22\nGoDestroy dt=18446744073709551616"), 2, 14, "larger than 18446744073709551615" },
	{ S("Trace Go1.22\nGoDestroy dt=99999999999999999999999"), 2, 14, "larger than" },
	{ S("Trace Go1.22\nGoDestroy dt=1 x=2"), 2, 16, "the event should end here, but there follows \"x=2\"" },
	{ S("Trace Go1.22\nGoDestroy dt=1 # x"), 2, 16, "here it follows the event" },
	{ S("Trace Go1.22\nGoDestroy dt=1#"), 2, 15, "here it follows the event" },
	{ S("Trace Go1.22\nStrings id=1"), 2, 9, "there follows \"id=1\"" },
	{ S("Trace Go1.22\nStrings \x85"), 2, 9, "there follows \"\\x85\"" },

	/* Stacks. */
	{ S("Trace Go1.22\n Stack id=1 nframes=2\npc=1 func=2 file=3 line=4\n"), 2, 2, "after 1 of the 2 frames" },
	{ S("Trace Go1.22\nStack id=1 nframes=9223372036854775807\n"), 2, 1, "after 0 of the 9223372036854775807" },
	{ S("Trace Go1.22\nStack id=1 nframes=1\nStrings"), 3, 1, "pc=NUMBER is expected here" },
	{ S("Trace Go1.22\nStack id=1 nframes=1\npc=1 func=2 line=4 file=3"), 3, 13, "file is expected here" },
	{ S("Trace Go1.22\nStack id=1 nframes=1\npc=1 func=2 file=3 line=4 x"), 3, 27, "the frame should end here" },
	{ S("Trace Go1.22\nStack id=1 nframes=0\npc=1 func=2 file=3 line=4"), 3, 1, "no event of this name: \"pc=1\"" },

	/* Data. */
	{ S("Trace Go1.22\n\tString id=1\n\n"), 2, 2, "the text ends before the data" },
	{ S("Trace Go1.22\nString id=1\n Strings"), 3, 2, "not \"Strings\"" },
	{ S("Trace Go1.22\nString id=1 data=\"\""), 2, 13, "there follows \"data=\\\"\\\"\"" },
	{ S("Trace Go1.22\nString id=1\ndata#=\"\""), 3, 1, "expected here, as data=" },
	{ S("Trace Go1.22\nString id=1\ndat=\"\""), 3, 1, "expected here, as data=" },
	{ S("Trace Go1.22\nString id=1\nx data=\"\""), 3, 1, "expected here, as data=" },
	{ S("Trace Go1.22\nString id=1\ndata="), 3, 6, "a Go string in quotes is expected" },
	{ S("Trace Go1.22\nString id=1\n data = hello"), 3, 9, "a Go string in quotes is expected: \"hello\"" },
	{ S("Trace Go1.22\nString id=1\ndata=\"a\\q\""), 3, 8, "no escape of a Go string: \"\\\\q\\\"\"" },
	{ S("Trace Go1.22\nString id=1\ndata=\"\\1\\2\""), 3, 7, "no escape of a Go string" },
	{ S("Trace Go1.22\nString id=1\ndata=\"abc"), 3, 10, "the closing quote is missing" },
	{ S("Trace Go1.22\nString id=1\ndata=`a\nb`"), 3, 8, "the closing quote is missing" },
	{ S("Trace Go1.22\nString id=1\ndata=\"a\" # x"), 3, 9, "the string ends before this: \" # x\"" },
	{ S("Trace Go1.22\nString id=1\ndata=\"a\"\xff"), 3, 9, "the string ends before this" },
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(bad); i++) {
		struct gt_buf out = { NULL, 0, 0 };
		struct gt_text_error err = { 0 };

		assert_true(gt_buf_put(&out, "kept", 4));
		if (gt_text_read(bad[i].text.p, bad[i].text.n, &out, &err))
			fail_msg("case %zu: accepted", i);
		if (err.line != bad[i].line || err.col != bad[i].col || !strstr(err.text, bad[i].says))
			fail_msg("case %zu: %u:%u: %s; want %u:%u: %s", i, err.line, err.col, err.text, bad[i].line,
				bad[i].col, bad[i].says);
		if (out.n != 4)
			fail_msg("case %zu: left %zu bytes", i, out.n);
		gt_buf_free(&out);
	}
}

/* Every event of the table, in every version: there from its first version on, with its arguments in their order. */
static void
test_every_event(void **state)
{
	static const unsigned versions[] = { 22, 23, 25, 26 };

	(void)state;
	for (unsigned type = 1; type < GT_EV_SyncPoint; type++) {
		const struct gt_spec *spec = gt_spec(type);

		for (size_t v = 0; spec->name && v < LEN(versions); v++) {
			char text[300];
			struct gt_buf out = { NULL, 0, 0 };
			struct gt_text_error err = { 0 };
			int n = snprintf(text, sizeof(text), "Trace Go1.%u\n%s", versions[v], spec->name);
			size_t args = spec->nargs + (size_t)spec->timed, want = 16 + 1 + args;
			bool ok;

			for (size_t k = 0; k < args; k++)
				n += snprintf(text + n, sizeof(text) - (size_t)n, " %s=%zu",
					spec->timed ? (k == 0 ? "dt" : spec->arg[k - 1].name) : spec->arg[k].name, k);
			if (spec->shape == GT_DATA) {
				n += snprintf(text + n, sizeof(text) - (size_t)n, "\ndata=\"\"");
				want += 1;
			} else if (spec->shape == GT_STACKED) {
				n += snprintf(text + n, sizeof(text) - (size_t)n, "\npc=0 func=0 file=0 line=0");
				want += 4;
			}
			ok = gt_text_read(text, (size_t)n, &out, &err);
			if (ok != (spec->since <= versions[v]))
				fail_msg("%s, version %u: %s %s", spec->name, versions[v],
					ok ? "accepted" : "refused", err.text);
			if (ok && (out.n != want || out.p[16] != type))
				fail_msg("%s, version %u: %zu bytes, want %zu", spec->name, versions[v], out.n, want);
			for (size_t k = 0; ok && k < args; k++)
				if (out.p[17 + k] != k)
					fail_msg("%s, version %u: argument %zu", spec->name, versions[v], k);
			gt_buf_free(&out);
		}
	}
}

/* Lines that are longer than Go's reader takes, and error texts that quote them. */
static void
test_long(void **state)
{
	const size_t n = 300000;
	char *text = malloc(n + 64);
	struct gt_buf out = { NULL, 0, 0 };
	struct gt_text_error err = { 0 };
	size_t len;

	(void)state;
	assert_non_null(text);
	len = (size_t)sprintf(text, "Trace Go1.22\nString id=1\ndata=\"");
	memset(text + len, 'x', n);
	text[len + n] = '"';
	assert_true(gt_text_read(text, len + n + 1, &out, &err));
	assert_int_equal(out.n, 16 + 2 + 3 + n);
	assert_memory_equal(out.p + 16, "\5\1\xe0\xa7\x12x", 6);
	assert_true(out.cap < 4 * n);
	out.n = 0;

	/* The same without the quotes; as a name; as a value. */
	text[len - 1] = 'x';
	text[len + n] = 'x';
	assert_false(gt_text_read(text, len + n + 1, &out, &err));
	assert_int_equal(err.line, 3);
	assert_true(strlen(err.text) < sizeof(err.text) - 20);
	len = (size_t)sprintf(text, "Trace Go1.22\n");
	memset(text + len, '\xff', n);
	assert_false(gt_text_read(text, len + n, &out, &err));
	assert_true(strlen(err.text) < sizeof(err.text) - 20);
	len = (size_t)sprintf(text, "Trace Go1.22\nUserRegionBegin dt=1 task=");
	memset(text + len, '9', n);
	assert_false(gt_text_read(text, len + n, &out, &err));
	assert_int_equal(err.col, 27);
	assert_true(strlen(err.text) < sizeof(err.text) - 20);
	gt_buf_free(&out);
	free(text);
}

/* Any beginning of a text is read, or refused at a place that is in it, with nothing left behind. */
static void
test_prefixes(void **state)
{
	static const char whole[] = "Trace Go1.23\nEventBatch gen=1 m=2 time=3 size=4\nStacks\nStack id=1 nframes=1\n"
				    "\tpc=1 func=2 file=3 line=4\nEventBatch gen=1 m=2 time=3 size=4\r\nStrings\n"
				    "String id=1\n\tdata=\"a\\u00e9\\n\"\n# end\n";

	(void)state;
	for (size_t n = 0; n < sizeof(whole); n++) {
		/* A copy of its own, so that a sanitizer sees what reads on. */
		char *text = malloc(n > 0 ? n : 1);
		struct gt_buf out = { NULL, 0, 0 };
		struct gt_text_error err = { 0 };

		assert_non_null(text);
		memcpy(text, whole, n);
		if (!gt_text_read(n > 0 ? text : NULL, n, &out, &err)) {
			const char *at = whole;

			for (unsigned line = 1; line < err.line && at; line++)
				at = strchr(at, '\n') + 1;
			if (out.n != 0 || err.line == 0 || err.col == 0 || (size_t)(at - whole) + err.col > n + 1)
				fail_msg("prefix %zu: %u:%u: %s", n, err.line, err.col, err.text);
		}
		gt_buf_free(&out);
		free(text);
	}
}

static const struct {
	struct gt_str in;
	uint32_t rune;
	size_t n;
} runes[] = {
	{ S(""), 0xfffd, 0 },
	{ S("\0"), 0, 1 },
	{ S("ab"), 'a', 1 },
	{ S("\xc2\x80"), 0x80, 2 },
	{ S("\xdf\xbf"), 0x7ff, 2 },
	{ S("\xe0\xa0\x80"), 0x800, 3 },
	{ S("\xef\xbf\xbd"), 0xfffd, 3 },
	{ S("\xef\xbf\xbf"), 0xffff, 3 },
	{ S("\xf0\x90\x80\x80"), 0x10000, 4 },
	{ S("\xf4\x8f\xbf\xbf"), 0x10ffff, 4 },
	{ S("\x80"), 0xfffd, 1 },
	{ S("\xc1\xbf"), 0xfffd, 1 },
	{ S("\xc3"), 0xfffd, 1 },
	{ S("\xc3("), 0xfffd, 1 },
	{ S("\xe0\x9f\xbf"), 0xfffd, 1 },
	{ S("\xed\xa0\x80"), 0xfffd, 1 },
	{ S("\xed\xbf\xbf"), 0xfffd, 1 },
	{ S("\xf0\x8f\xbf\xbf"), 0xfffd, 1 },
	{ S("\xf4\x90\x80\x80"), 0xfffd, 1 },
	{ S("\xf8\x88\x80\x80\x80"), 0xfffd, 1 },
	{ S("\xff"), 0xfffd, 1 },
};

static void
test_runes(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(runes); i++) {
		uint32_t r;
		char back[4];
		size_t n = gt_rune_get(runes[i].in, &r);

		if (n != runes[i].n || r != runes[i].rune)
			fail_msg("case %zu: U+%04X of %zu bytes", i, (unsigned)r, n);
		if (r == GT_RUNE_ERROR && n < 3)
			continue;
		if (gt_rune_put(r, back) != n || memcmp(back, runes[i].in.p, n) != 0)
			fail_msg("case %zu: written otherwise", i);
	}
}

static const struct {
	struct gt_str in, out;
} trims[] = {
	{ S(""), S("") },
	{ S(" \t\n\v\f\r"), S("") },
	{ S("x"), S("x") },
	{ S(" a b "), S("a b") },
	{ S("\xc2\x85\xc2\xa0x\xe1\x9a\x80\xe2\x80\x80\xe2\x80\x8a"), S("x") },
	{ S("\xe3\x80\x80\xe2\x81\x9fx\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaf"), S("x") },
	{ S("\x85x\xa0"), S("\x85x\xa0") },
	{ S("\xe2\x80x\xe2\x80"), S("\xe2\x80x\xe2\x80") },
	{ S("\xe2\x80\x8bx\xef\xbb\xbf"), S("\xe2\x80\x8bx\xef\xbb\xbf") },
	{ S("x\xf0\xc2\x85"), S("x\xf0") },
	{ S("\x80\x80\x80\x80\x80 "), S("\x80\x80\x80\x80\x80") },
};

static void
test_trim(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(trims); i++) {
		struct gt_str got = gt_str_trim(trims[i].in);

		if (got.n != trims[i].out.n || memcmp(got.p, trims[i].out.p, got.n) != 0)
			fail_msg("case %zu: %zu bytes, want %zu", i, got.n, trims[i].out.n);
	}
}

static const struct {
	uint64_t v;
	struct gt_str bytes;
} varints[] = {
	{ 0, S("\0") },
	{ 0x7f, S("\x7f") },
	{ 0x80, S("\x80\1") },
	{ 0x3fff, S("\xff\x7f") },
	{ 0x4000, S("\x80\x80\1") },
	{ UINT64_C(1) << 63, S("\x80\x80\x80\x80\x80\x80\x80\x80\x80\1") },
	{ UINT64_MAX, S(MAX_ID) },
};

static void
test_buf(void **state)
{
	struct gt_buf b = { NULL, 0, 0 };

	(void)state;
	assert_true(gt_buf_put(&b, NULL, 0));
	assert_null(b.p);
	for (size_t i = 0; i < LEN(varints); i++) {
		b.n = 0;
		assert_true(gt_buf_varint(&b, varints[i].v));
		if (b.n != varints[i].bytes.n || memcmp(b.p, varints[i].bytes.p, b.n) != 0)
			fail_msg("case %zu: %zu bytes", i, b.n);
	}
	b.n = 0;
	for (size_t i = 0; i < 100000; i++)
		assert_true(gt_buf_byte(&b, (uint8_t)(i * 7)));
	for (size_t i = 0; i < 100000; i++)
		if (b.p[i] != (uint8_t)(i * 7))
			fail_msg("byte %zu", i);
	/* No such memory: the buffer stays as it was. */
	assert_false(gt_buf_put(&b, b.p, SIZE_MAX - 10));
	assert_int_equal(b.n, 100000);
	gt_buf_free(&b);
	assert_null(b.p);
	assert_int_equal(b.n + b.cap, 0);
	gt_buf_free(NULL);
}

static void
test_begins(void **state)
{
	static const struct {
		struct gt_str text;
		bool begins;
	} cases[] = {
		{ S(""), false },
		{ S("Trace"), false },
		{ S("Trace "), true },
		{ S("Traces "), false },
		{ S("trace Go1.22"), false },
		{ S("Trace\xc2\xa0Go1.22"), true },
		{ S("\xe3\x80\x80\v\f\r\n # Trace\n\n#\n\tTrace\tGo1.22"), true },
		{ S("# Trace Go1.22"), false },
		{ S("#\nlog\nTrace Go1.22"), false },
		{ S("\0Trace Go1.22"), false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		if (gt_text_begins(cases[i].text.p, cases[i].text.n) != cases[i].begins)
			fail_msg("case %zu", i);
	assert_false(gt_text_begins(NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_every_event),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_runes),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
