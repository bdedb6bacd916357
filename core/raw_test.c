/* SPDX-License-Identifier: MIT */
/* Raw events: what they hold, where they are, what ends them; widths of numbers, there and back; footprints. */
#include "gotrace.h"

#include "buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD(v) "go 1." v " trace\0\0\0"
/* A literal and its length. */
#define S(lit) (lit), sizeof(lit) - 1

static struct gt_trace *
opened(const void *p, size_t n)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(p, n, &err);

	assert_non_null(t);
	return t;
}

static struct gt_buf
from_text(const char *text)
{
	struct gt_buf b = { NULL, 0, 0 };
	struct gt_text_error err;

	if (!gt_text_read(text, strlen(text), &b, &err))
		fail_msg("%u:%u: %s", err.line, err.col, err.text);
	return b;
}

/* --- what is read -------------------------------------------------------------------- */

static void
test_events(void **state)
{
	struct gt_buf b = from_text("Trace Go1.23\n"
		"EventBatch gen=3 m=7 time=1000 size=9\n"
		"GoStart dt=5 g=4 g_seq=300\n"
		"EventBatch gen=3 m=18446744073709551615 time=1 size=1\n"
		"Stacks\n"
		"Stack id=1 nframes=2\n\tpc=1 func=2 file=3 line=4\n\tpc=500 func=6 file=7 line=8\n"
		"String id=9\n\tdata=\"main.main\"\n"
		"String id=10\n\tdata=\"\"\n"
		"ExperimentalBatch exp=1 gen=3 m=7 time=2\n\tdata=\"\\x00\\x01\"\n");
	struct gt_trace *t = opened(b.p, b.n);
	struct gt_raw_reader *r = gt_raw_new(t);
	struct gt_raw ev;
	struct gt_place place;
	uint64_t off = 16, v[4];

	(void)state;
	assert_int_equal(gt_raw_next(r, &ev), GT_EVENT);
	assert_int_equal(ev.type, GT_EV_EventBatch);
	assert_int_equal(ev.narg, 4);
	assert_int_equal(ev.arg[2], 1000);
	assert_int_equal(ev.off, off);
	gt_raw_place(r, &place);
	assert_int_equal(place.batch, 0);
	assert_int_equal(place.event, -1);
	assert_int_equal(place.generation, 3);
	assert_int_equal(place.m, 7);
	off += ev.len;
	assert_int_equal(gt_raw_next(r, &ev), GT_EVENT);
	assert_int_equal(ev.type, GT_EV_GoStart);
	assert_int_equal(ev.off, off);
	assert_int_equal(ev.len, 5);
	assert_int_equal(ev.narg, 3);
	assert_int_equal(ev.arg[0], 5);
	assert_int_equal(ev.arg[2], 300);
	assert_false(ev.padded);
	assert_false(ev.odd);
	gt_raw_place(r, &place);
	assert_int_equal(place.event, 0);
	assert_int_equal(place.offset, off);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(gt_raw_next(r, &ev), GT_EVENT);
	assert_int_equal(ev.type, GT_EV_Stack);
	assert_int_equal(ev.nframes, 2);
	gt_raw_frame(gt_raw_frame(ev.frame, v), v);
	assert_int_equal(v[0], 500);
	assert_int_equal(v[3], 8);
	assert_int_equal(gt_raw_next(r, &ev), GT_EVENT);
	assert_int_equal(ev.data.n, 9);
	assert_memory_equal(ev.data.p, "main.main", 9);
	assert_int_equal(gt_raw_next(r, &ev), GT_EVENT);
	assert_int_equal(ev.data.n, 0);
	assert_int_equal(gt_raw_next(r, &ev), GT_EVENT);
	assert_int_equal(ev.type, GT_EV_ExperimentalBatch);
	assert_memory_equal(ev.data.p, "\0\1", 2);
	gt_raw_place(r, &place);
	assert_int_equal(place.batch, 2);
	assert_int_equal(place.m, 7);
	assert_int_equal(gt_raw_next(r, &ev), GT_END);
	assert_int_equal(gt_raw_next(r, &ev), GT_END);
	assert_null(gt_raw_error(r));
	gt_raw_free(r);
	gt_raw_free(NULL);
	gt_close(t);
	gt_buf_free(&b);
}

/* How reading ends, after how many events. */
static void
test_ends(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		unsigned events;
		enum gt_got got;
		enum gt_code code; /* GT_OK: no error */
		const char *text;
	} cases[] = {
		{ S(HEAD("22")), 0, GT_END, GT_OK, NULL },
		{ S(HEAD("22") "\x0b\1"), 1, GT_END, GT_OK, NULL },
		{ S(HEAD("22") "\x0b\1\x0b"), 1, GT_END, GT_E_RAW_CUT, "the file ends inside an event" },
		{ S(HEAD("22") "\x0a\1\2"), 0, GT_END, GT_E_RAW_CUT, NULL },
		{ S(HEAD("22") "\x0a\1\x82"), 0, GT_BROKEN, GT_E_NUMBER, "unexpected EOF" },
		{ S(HEAD("22") "\x0a\1\x82\x82\x82\x82\x82\x82\x82\x82\x82\2\1"), 0, GT_BROKEN, GT_E_NUMBER,
			"binary: varint overflows a 64-bit integer" },
		{ S(HEAD("22") "\x0a\1\x82\x82\x82\x82\x82\x82\x82\x82\x82\1\1"), 1, GT_END, GT_OK, NULL },
		{ S(HEAD("22") "\x0b\1\0"), 1, GT_BROKEN, GT_E_RAW_TYPE, "invalid event type: 0" },
		{ S(HEAD("22") "\x0b\1\x2d"), 1, GT_BROKEN, GT_E_RAW_TYPE, "invalid event type: 45" },
		{ S(HEAD("22") "\x80\1\1\1\1"), 0, GT_BROKEN, GT_E_RAW_TYPE, "invalid event type: 128" },
		{ S(HEAD("23") "\x80\1\1\1\1"), 1, GT_END, GT_OK, NULL }, /* better than the reference */
		{ S(HEAD("23") "\x32"), 0, GT_BROKEN, GT_E_RAW_TYPE, "invalid event type: 50" },
		{ S(HEAD("25") "\x34"), 0, GT_BROKEN, GT_E_RAW_TYPE, "invalid event type: 52" },
		{ S(HEAD("25") "\x35"), 0, GT_BROKEN, GT_E_RAW_TYPE, "invalid event type: 53" },
		{ S(HEAD("26") "\x34\x35\x7f"), 3, GT_END, GT_OK, NULL }, /* nameless: as the reference has them */
		{ S(HEAD("26") "\x89"), 0, GT_BROKEN, GT_E_RAW_TYPE, "invalid event type: 137" },
		{ S(HEAD("26") "\xff"), 0, GT_BROKEN, GT_E_RAW_TYPE, "invalid event type: 255" },
		/* A string cut before, inside and behind its length. */
		{ S(HEAD("26") "\5\1"), 0, GT_END, GT_E_RAW_CUT, NULL },
		{ S(HEAD("26") "\5\1\x80"), 0, GT_BROKEN, GT_E_NUMBER, "unexpected EOF" },
		{ S(HEAD("26") "\5\1\3ab"), 0, GT_END, GT_E_RAW_CUT, NULL },
		/* A length and a count of frames that are no signed numbers: none of either. */
		{ S(HEAD("26") "\5\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"), 1, GT_END, GT_OK, NULL },
		{ S(HEAD("26") "\3\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"), 1, GT_END, GT_OK, NULL },
		{ S(HEAD("26") "\3\1\xff\xff\xff\xff\xff\xff\xff\xff\x7f\1\1\1\1\1\1"), 0, GT_END, GT_E_RAW_CUT, NULL },
		{ S(HEAD("26") "\3\1\1\1\1\1\x80"), 0, GT_BROKEN, GT_E_NUMBER, "unexpected EOF" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gt_trace *t = opened(cases[i].bytes, cases[i].n);
		struct gt_raw_reader *r = gt_raw_new(t);
		const struct gt_error *err;
		struct gt_raw ev;
		unsigned events = 0;
		enum gt_got got;

		while ((got = gt_raw_next(r, &ev)) == GT_EVENT)
			events++;
		err = gt_raw_error(r);
		if (events != cases[i].events || got != cases[i].got || (err ? err->why.code : GT_OK) != cases[i].code)
			fail_msg("case %zu: %u events, got %d, %s", i, events, (int)got, err ? err->text : "no error");
		if (cases[i].text)
			assert_string_equal(err->text, cases[i].text);
		gt_raw_free(r);
		gt_close(t);
	}
}

static void
test_odd(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		bool odd, padded;
	} cases[] = {
		{ S(HEAD("26") "\x0b\1"), false, false },
		{ S(HEAD("26") "\x0b\x80\0"), false, true },
		{ S(HEAD("26") "\x0b\x81\x80\x80\0"), false, true },
		{ S(HEAD("26") "\x0b\x80\1"), false, false },
		{ S(HEAD("26") "\x7f"), true, false },
		{ S(HEAD("26") "\5\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"), true, false },
		{ S(HEAD("26") "\5\1\x81\0a"), false, true },
		{ S(HEAD("26") "\3\1\1\1\1\1\x81\0"), false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gt_trace *t = opened(cases[i].bytes, cases[i].n);
		struct gt_raw_reader *r = gt_raw_new(t);
		struct gt_raw ev;

		assert_int_equal(gt_raw_next(r, &ev), GT_EVENT);
		if (ev.odd != cases[i].odd || ev.padded != cases[i].padded)
			fail_msg("case %zu: odd %d, padded %d", i, ev.odd, ev.padded);
		gt_raw_free(r);
		gt_close(t);
	}
}

static void
test_place_of_error(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		struct gt_place place;
	} cases[] = {
		{ S(HEAD("22") "\x63"), { -1, -1, -1, -1, 16 } },
		{ S(HEAD("22") "\1\1"), { -1, 0, -1, -1, 16 } },
		{ S(HEAD("22") "\1\2\3\4\5\x0b\1\x63"), { 2, 0, 1, 3, 23 } },
		{ S(HEAD("22") "\1\2\3\4\5\x0b\1\1"), { 2, 1, -1, -1, 23 } },
		{ S(HEAD("26") "\1\2\3\4\5\x34\x0b"), { 2, 1, 0, -1, 22 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct gt_place *want = &cases[i].place, *got;
		struct gt_trace *t = opened(cases[i].bytes, cases[i].n);
		struct gt_raw_reader *r = gt_raw_new(t);
		struct gt_raw ev;

		while (gt_raw_next(r, &ev) == GT_EVENT)
			;
		assert_non_null(gt_raw_error(r));
		got = &gt_raw_error(r)->place;
		if (got->generation != want->generation || got->batch != want->batch || got->event != want->event ||
			got->m != want->m || got->offset != want->offset)
			fail_msg("case %zu: generation %d, batch %d, event %d, M %d, offset %d", i, (int)got->generation,
				(int)got->batch, (int)got->event, (int)got->m, (int)got->offset);
		gt_raw_free(r);
		gt_close(t);
	}
}

/* Every prefix, in a block of its own size: whatever it ends with, nothing beyond it is read. */
static void
test_prefixes(void **state)
{
	struct gt_buf b = from_text("Trace Go1.26\n#width EventBatch.size=10\n"
		"EventBatch gen=1 m=7 time=1000000 size=9\nGoCreate dt=500 new_g=4 new_stack=3 stack=1\n"
		"Stack id=1 nframes=2\n\tpc=1 func=2 file=3 line=4\n\tpc=500 func=6 file=7 line=8\n"
		"String id=9\n\tdata=\"main.main\"\nEndOfGeneration\n");

	(void)state;
	for (size_t n = 16; n <= b.n; n++) {
		uint8_t *p = malloc(n);
		struct gt_trace *t;
		struct gt_raw_reader *r;
		struct gt_raw ev;
		uint64_t at = 16;

		memcpy(p, b.p, n);
		t = opened(p, n);
		r = gt_raw_new(t);
		while (gt_raw_next(r, &ev) == GT_EVENT) {
			assert_int_equal(ev.off, at);
			at += ev.len;
		}
		assert_int_equal(at == n, gt_raw_error(r) == NULL);
		if (gt_raw_error(r))
			assert_int_equal(gt_raw_error(r)->place.offset, at);
		gt_raw_free(r);
		gt_close(t);
		free(p);
	}
	gt_buf_free(&b);
}

/* --- widths in the text ------------------------------------------------------------------ */

static void
test_widths(void **state)
{
	static const struct {
		const char *text, *bytes;
		size_t n;
	} cases[] = {
		{ "#width ProcStop.dt=3\nProcStop dt=1", S("\x0b\x81\x80\0") },
		{ "#width ProcStop.dt=1\nProcStop dt=1", S("\x0b\1") },
		{ "#width ProcStop.dt=2\nProcStop dt=300", S("\x0b\xac\2") },
		{ "#width ProcStop.dt=3\nProcStop dt=0\n#width ProcStop.dt=0\nProcStop dt=0", S("\x0b\x80\x80\0\x0b\0") },
		{ "#width GoStart.g_seq=2\nGoStart dt=1 g=2 g_seq=3", S("\x10\1\2\x83\0") },
		{ "#width EventBatch.size=10\nEventBatch gen=1 m=2 time=3 size=4",
			S("\1\1\2\3\x84\x80\x80\x80\x80\x80\x80\x80\x80\0") },
		{ "#width EventBatch.size=10\nEventBatch gen=1 m=2 time=3 size=18446744073709551615",
			S("\1\1\2\3\xff\xff\xff\xff\xff\xff\xff\xff\xff\1") },
		{ "#width String.data=2\nString id=1\n\tdata=\"a\"", S("\5\1\x81\0a") },
		{ "String id=1\n#width String.data=2\n\tdata=\"a\"", S("\5\1\x81\0a") },
		{ "Stack id=1 nframes=1\n#width Stack.line=2\n\tpc=1 func=2 file=3 line=4", S("\3\1\1\1\2\3\x84\0") },
		/* None of these says anything. */
		{ "#width ProcStop.dt=11\nProcStop dt=1", S("\x0b\1") },
		{ "#width ProcStop.dt=\nProcStop dt=1", S("\x0b\1") },
		{ "#width ProcStop.dt\nProcStop dt=1", S("\x0b\1") },
		{ "#width ProcStop=2\nProcStop dt=1", S("\x0b\1") },
		{ "#width ProcStop.dt=x\nProcStop dt=1", S("\x0b\1") },
		{ "#width ProcStop.g=2\nProcStop dt=1", S("\x0b\1") },
		{ "#width NoSuch.dt=2\nProcStop dt=1", S("\x0b\1") },
		{ "# width ProcStop.dt=2\nProcStop dt=1", S("\x0b\1") },
		{ "#widths vary\nProcStop dt=1", S("\x0b\1") },
		{ "#width \nProcStop dt=1", S("\x0b\1") },
		{ "#width =.\nProcStop dt=1", S("\x0b\1") },
		/* Bytes, where they stand; other comments are comments. */
		{ "ProcStop dt=1\n#bytes \"1\\x00\"\n#bytes  `a`  \nProcStop dt=2\n#bytes \"\"", S("\x0b\1" "1\0" "a" "\x0b\2") },
		{ "#bytes \"1\n#bytes\n#bytes of all kinds\n# bytes \"1\"\n#bytes\"1\"\n #bytes \"1\"\nProcStop dt=1", S("\x0b\1") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[256];
		struct gt_buf b;

		snprintf(text, sizeof(text), "Trace Go1.26\n%s\n", cases[i].text);
		b = from_text(text);
		if (b.n != 16 + cases[i].n || memcmp(b.p + 16, cases[i].bytes, cases[i].n) != 0)
			fail_msg("case %zu: %s", i, cases[i].text);
		gt_buf_free(&b);
	}
}

/* --- footprints --------------------------------------------------------------------------- */

static void
test_footprint(void **state)
{
	static const char bytes[] = HEAD("26") "\x0b\1\x0b\x81\x80\0\x10\1\2\3\5\1\3abc\x7f";
	struct gt_trace *t = opened(S(bytes));
	struct gt_raw_reader *r = gt_raw_new(t);
	struct gt_footprint f = { 0 };
	struct gt_raw ev;
	uint8_t order[GT_TYPES];
	unsigned seen[GT_TYPES] = { 0 };

	(void)state;
	while (gt_raw_next(r, &ev) == GT_EVENT)
		gt_footprint_add(&f, &ev);
	assert_int_equal(f.events, 5);
	assert_int_equal(f.count[GT_EV_ProcStop], 2);
	assert_int_equal(f.bytes[GT_EV_ProcStop], 4); /* as if its numbers were short */
	assert_int_equal(f.bytes[GT_EV_GoStart], 4);
	assert_int_equal(f.bytes[GT_EV_String], 6);
	assert_int_equal(f.bytes[0x7f], 1);
	gt_footprint_order(&f, order);
	assert_int_equal(order[0], GT_EV_String);
	assert_int_equal(order[3], 0x7f);
	for (unsigned i = 0; i < GT_TYPES; i++)
		seen[order[i]]++;
	for (unsigned i = 0; i < GT_TYPES; i++)
		assert_int_equal(seen[i], 1);
	assert_int_equal(gt_varint_size(0), 1);
	assert_int_equal(gt_varint_size(127), 1);
	assert_int_equal(gt_varint_size(128), 2);
	assert_int_equal(gt_varint_size(UINT64_MAX), 10);
	gt_raw_free(r);
	gt_close(t);
}

/* --- sizes that lie --------------------------------------------------------------------------- */

static void
keep_lie(void *arg, const struct gt_lie *lie)
{
	struct gt_lie **next = arg;

	*(*next)++ = *lie;
}

static void
test_lies(void **state)
{
	struct gt_buf b = from_text("Trace Go1.26\nEventBatch gen=1 m=5 time=0 size=2\nProcStop dt=1\n"
		"EventBatch gen=1 m=6 time=0 size=9\nProcStop dt=1\nExperimentalBatch exp=1 gen=1 m=7 time=2\n\tdata=\"abc\"\n"
		"EndOfGeneration\nEventBatch gen=2 m=8 time=0 size=0\nProcStop dt=1\nProcStop dt=300\n");
	struct gt_trace *t = opened(b.p, b.n);
	struct gt_raw_reader *r = gt_raw_new(t);
	struct gt_lie lie[4], *next = lie;

	(void)state;
	/* In parts as in one go. */
	while (gt_raw_lies(r, 1, keep_lie, &next) == GT_EVENT)
		;
	assert_int_equal(gt_raw_lies(r, 1, keep_lie, &next), GT_END);
	assert_int_equal(next - lie, 2);
	assert_true(lie[0].place.batch == 1 && lie[0].place.m == 6 && lie[0].declared == 9 && lie[0].real == 2);
	assert_true(lie[1].place.batch == 4 && lie[1].place.generation == 2 && lie[1].declared == 0 && lie[1].real == 5);
	assert_null(gt_raw_error(r));
	gt_raw_free(r);
	gt_close(t);
	gt_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_place_of_error),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_footprint),
		cmocka_unit_test(test_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
