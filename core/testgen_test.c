/* SPDX-License-Identifier: MIT */
/*
 * The builder of traces: every kind of argument, every error, every way of writing; and no memory at every place where
 * memory is asked for. For that, the builder and what it gets memory from are compiled into this file, so that their
 * calls can be made to fail under sanitizers, too.
 */
#include "buf.h"
#include "map.h"
#include "testgen.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Allocations so far, and the one that fails; 0: none does. */
static unsigned long asked, refused;

static void *
test_malloc(size_t n)
{
	return ++asked == refused ? NULL : malloc(n);
}

static void *
test_calloc(size_t n, size_t m)
{
	return ++asked == refused ? NULL : calloc(n, m);
}

static void *
test_realloc(void *p, size_t n)
{
	return ++asked == refused ? NULL : realloc(p, n);
}

#define malloc test_malloc
#define calloc test_calloc
#define realloc test_realloc
#include "buf.c"
#include "map.c"
#include "testgen.c"
#undef malloc
#undef calloc
#undef realloc

#include <setjmp.h>
#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_ID "18446744073709551615"

static const unsigned versions[] = { 22, 23, 25, 26 };

/* --- what is written ------------------------------------------------------------ */

static bool
is(const struct gt_buf *b, const char *text)
{
	return gt_str_is((struct gt_str){ b->n > 0 ? (const char *)b->p : "", b->n }, text);
}

/* Whether the batches of a binary trace are as large as they say, up to its end; how many there are. */
static int
count_batches(const struct gt_buf *b)
{
	size_t at = 16;
	int n = 0;

	while (at < b->n) {
		uint8_t type = b->p[at++];
		uint64_t v = 0;

		if (type == GT_EV_EndOfGeneration)
			continue;
		if (type != GT_EV_EventBatch && type != GT_EV_ExperimentalBatch)
			return -1;
		/* The last number is the size. */
		for (unsigned i = 0; i < 4 + (type == GT_EV_ExperimentalBatch); i++) {
			unsigned shift = 0;

			for (v = 0; at < b->n && b->p[at] >= 0x80; shift += 7)
				v |= (uint64_t)(b->p[at++] & 0x7f) << shift;
			v |= (uint64_t)b->p[at++] << shift;
		}
		at += (size_t)v;
		n++;
	}
	return at == b->n ? n : -1;
}

/* Reads a trace to its end; how many events there are. */
static unsigned
count_events(const struct gt_buf *b)
{
	struct gt_error err;
	struct gt_model model;
	struct gt_trace *trace = gt_open(b->p, b->n, &err);
	struct gt_reader *r;
	const struct gt_event *ev;
	enum gt_got got;
	unsigned n = 0;

	assert_non_null(trace);
	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT));
	r = gt_reader_new(trace, &model);
	assert_non_null(r);
	while ((got = gt_read(r, &ev)) == GT_EVENT)
		n++;
	if (got == GT_BROKEN)
		fail_msg("after %u events: %s", n, gt_reader_error(r)->text);
	gt_reader_free(r);
	gt_close(trace);
	return n;
}

/*
 * Writes it in the three ways, which must agree, and compares the text, behind its first line, with what it should be
 * (NULL: whatever it is). Returns the number of batches, -1 where one lies.
 */
static int
check_written(struct tg *t, const char *want)
{
	struct gt_buf text = { NULL, 0, 0 }, binary = { NULL, 0, 0 }, again = { NULL, 0, 0 }, test = { NULL, 0, 0 };
	struct gt_text_error err;
	struct gt_test parts;
	const char *body;
	int n;

	if (tg_error(t))
		fail_msg("%s", tg_error(t)->text);
	/* Behind what is there already. */
	assert_true(put_text(&test, "x") && put_text(&binary, "y"));
	assert_true(tg_write_text(t, &text) && tg_write_binary(t, &binary) && tg_write_test(t, &test));
	assert_true(test.p[0] == 'x' && binary.p[0] == 'y');
	if (!gt_text_read((const char *)text.p, text.n, &again, &err))
		fail_msg("line %u: %s\n%.*s", err.line, err.text, (int)text.n, (const char *)text.p);
	assert_int_equal(again.n, binary.n - 1);
	assert_memory_equal(again.p, binary.p + 1, again.n);
	if (!gt_test_read((const char *)test.p + 1, test.n - 1, &parts, &err))
		fail_msg("line %u: %s", err.line, err.text);
	assert_int_equal(parts.trace.n, text.n);
	assert_memory_equal(parts.trace.p, text.p, text.n);
	n = count_batches(&again);

	assert_true(gt_buf_byte(&text, '\0'));
	body = strchr((const char *)text.p, '\n') + 1;
	if (want)
		assert_string_equal(body, want);
	gt_buf_free(&text);
	gt_buf_free(&binary);
	gt_buf_free(&again);
	gt_buf_free(&test);
	return n;
}

/* A generation without anything of its own, and a batch in it. */
static struct tg_batch *
bare_batch(struct tg *t)
{
	tg_options(t, TG_NO_EMPTY_TABLES | TG_NO_SYNC | TG_NO_END);
	return tg_batch(tg_gen(t, 1), 7, 100);
}

/* --- events and their arguments ----------------------------------------------------- */

static void
test_arguments(void **state)
{
	static const struct tg_frame deep[] = { { 16, "f", "a.go", 1 }, { 32, "main", NULL, 2 } };
	struct tg *t = tg_new(26);
	struct tg_batch *b = bare_batch(t);

	(void)state;
	tg_event(b, "HeapAlloc", TG_VALUE(UINT64_MAX));
	tg_event(b, "ProcSteal", TG_P(1), TG_SEQ(2), TG_M(3));
	tg_event(b, "ProcStatus", TG_P(4), TG_PSTATUS(GT_P_SYSCALL));
	tg_event(b, "GoStatus", TG_G(5), TG_M(GT_NONE), TG_GSTATUS(GT_G_WAITING));
	tg_event(b, "GoDestroy");
	tg_event(b, "GoLabel", TG_STR("label"));
	tg_event(b, "UserLog", TG_TASK(6), TG_STR("key"), TG_STRN("la\0bel", 6), TG_NO_STACK);
	tg_event(b, "GoBlock", TG_STR(""), TG_STACK_OF(deep));
	tg_event(b, "GoCreate", TG_G(8), TG_STACK({ 48, "g", "b.go", 3 }),
		TG_STACK({ 16, "f", "a.go", 1 }, { 32, "main", "", 2 }));
	tg_event(b, "GoStop", TG_STR("label"), TG_NUMBER(99));
	tg_event(b, "GoStatus", TG_NUMBER(1), TG_NUMBER(2), TG_NUMBER(77));
	tg_event_type(b, GT_EV_GoStart, TG_DT(300), TG_G(9), TG_SEQ(1));
	tg_event_type(b, GT_EV_GoDestroy);
	tg_event(b, "Frequency", TG_VALUE(5));
	tg_event(b, "CPUSample", TG_VALUE(1), TG_M(2), TG_P(3), TG_G(4), TG_NO_STACK);
	tg_event(b, "SpanFree", TG_DT(0), TG_VALUE(200));
	assert_int_equal(check_written(t,
		"EventBatch gen=1 m=7 time=100 size=83\n"
		"HeapAlloc dt=1 heapalloc_value=" MAX_ID "\n"
		"ProcSteal dt=1 p=1 p_seq=2 m=3\n"
		"ProcStatus dt=1 p=4 pstatus=3\n"
		"GoStatus dt=1 g=5 m=" MAX_ID " gstatus=4\n"
		"GoDestroy dt=1\n"
		"GoLabel dt=1 label_string=1\n"
		"UserLog dt=1 task=6 key_string=2 value_string=3 stack=0\n"
		"GoBlock dt=1 reason_string=0 stack=1\n"
		"GoCreate dt=1 new_g=8 new_stack=2 stack=1\n"
		"GoStop dt=1 reason_string=1 stack=99\n"
		"GoStatus dt=1 g=1 m=2 gstatus=77\n"
		"GoStart dt=300 g=9 g_seq=1\n"
		"GoDestroy dt=1\n"
		"Frequency freq=5\n"
		"CPUSample time=1 m=2 p=3 g=4 stack=0\n"
		"SpanFree dt=0 id=200\n"
		"EventBatch gen=1 m=" MAX_ID " time=0 size=19\n"
		"Stacks\n"
		"Stack id=1 nframes=2\n\tpc=16 func=4 file=5 line=1\n\tpc=32 func=6 file=0 line=2\n"
		"Stack id=2 nframes=1\n\tpc=48 func=7 file=8 line=3\n"
		"EventBatch gen=1 m=" MAX_ID " time=0 size=53\n"
		"Strings\n"
		"String id=1\n\tdata=\"label\"\n"
		"String id=2\n\tdata=\"key\"\n"
		"String id=3\n\tdata=\"la\\x00bel\"\n"
		"String id=4\n\tdata=\"f\"\n"
		"String id=5\n\tdata=\"a.go\"\n"
		"String id=6\n\tdata=\"main\"\n"
		"String id=7\n\tdata=\"g\"\n"
		"String id=8\n\tdata=\"b.go\"\n"), 3);
	tg_free(t);
}

/* Every event of every version can be said, with arguments of the types of its row and in binary as in text. */
static void
test_every_event(void **state)
{
	static const struct tg_frame frame = { 1, "f", "a.go", 2 };

	(void)state;
	for (unsigned k = 0; k < LEN(versions); k++) {
		struct tg *t = tg_new(versions[k]);
		struct tg_batch *b = bare_batch(t);
		unsigned said = 0;

		for (unsigned type = 1; type < GT_EV_SyncPoint; type++) {
			const struct gt_spec *spec = gt_spec(type);
			struct tg_arg args[GT_MAXARGS + 1] = { { .is = TG_IS_END } };

			if (!spec->name || spec->since > versions[k] || spec->shape != GT_PLAIN)
				continue;
			for (unsigned i = 0; i < spec->nargs; i++) {
				args[i] = (struct tg_arg){ .is = TG_IS_TYPED, .type = spec->arg[i].type, .u = 128 * i };
				if (spec->arg[i].type == GT_ARG_NSTACK)
					args[i] = TG_STACKN(&frame, 1);
				if (spec->arg[i].type == GT_ARG_STRING)
					args[i] = TG_STR("s");
			}
			args[spec->nargs] = TG_END;
			tg_event_at(TG_HERE, b, spec->name, args);
			tg_event_type_at(TG_HERE, b, type, args);
			said++;
		}
		assert_true(said > 40);
		assert_int_equal(check_written(t, NULL), 3);
		tg_free(t);
	}
}

static void
test_times(void **state)
{
	struct tg *t = tg_new(25);
	struct tg_gen *g;
	struct tg_batch *b;

	(void)state;
	b = bare_batch(t);
	tg_event(b, "GoDestroy");
	tg_step(t, 10);
	tg_event(b, "GoDestroy");
	tg_event(b, "GoDestroy", TG_DT(7));
	tg_options(t, TG_NO_TIMES);
	tg_event(b, "GoDestroy"); /* of a generation begun before */

	g = tg_gen(t, 2);
	tg_sync(g, 1000, 5000);
	tg_tables_time(g, 6000, 10);
	b = tg_batch(g, 1, 5500);
	tg_event(b, "GoDestroy");
	tg_event(b, "GoDestroy", TG_DT(7));
	tg_batch_raw(b, GT_EV_GoDestroy, 8); /* numbers are as they are */
	check_written(t,
		"EventBatch gen=1 m=7 time=100 size=8\n"
		"GoDestroy dt=1\nGoDestroy dt=10\nGoDestroy dt=7\nGoDestroy dt=10\n"
		"EventBatch gen=2 m=" MAX_ID " time=0 size=9\n"
		"Sync\nFrequency freq=1000\nClockSnapshot dt=0 mono=0 sec=0 nsec=0\n"
		"EventBatch gen=2 m=1 time=0 size=6\n"
		"GoDestroy dt=0\nGoDestroy dt=0\nGoDestroy dt=8\n"
		"EventBatch gen=2 m=" MAX_ID " time=0 size=1\nStacks\n"
		"EventBatch gen=2 m=" MAX_ID " time=0 size=1\nStrings\n");
	tg_free(t);
}

/* --- generations ------------------------------------------------------------------------ */

/* What each version makes of the same calls, and that a reader takes it. */
static void
test_versions(void **state)
{
	static const char frequency[] = "EventBatch gen=3 m=" MAX_ID " time=40 size=5\nFrequency freq=100000000\n";
	static const char sync[] = "EventBatch gen=3 m=" MAX_ID " time=39 size=11\nSync\nFrequency freq=100000000\n"
				   "ClockSnapshot dt=1 mono=%u sec=%u nsec=%u\n";
	static const char batch[] = "EventBatch gen=3 m=0 time=50 size=4\nProcStatus dt=1 p=0 pstatus=1\n";
	static const char tables[] = "EventBatch gen=3 m=" MAX_ID " time=40 size=1\nStacks\n"
				     "EventBatch gen=3 m=" MAX_ID " time=40 size=1\nStrings\n";

	(void)state;
	for (unsigned k = 0; k < LEN(versions); k++) {
		unsigned v = versions[k];
		struct tg *t = tg_new(v);
		struct tg_gen *g = tg_gen(t, 3);
		char before[256] = "", want[1024];
		struct gt_buf binary = { NULL, 0, 0 };

		tg_sync(g, 100000000, 40);
		if (v >= 25) {
			tg_clock(g, 11, 12, 13);
			snprintf(before, sizeof(before), sync, 11u, 12u, 13u);
		}
		tg_event(tg_batch(g, 0, 50), "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_RUNNING));
		snprintf(want, sizeof(want), "%s%s%s%s%s", before, batch, v < 25 ? frequency : "", tables,
			v >= 26 ? "EndOfGeneration\n" : "");
		assert_int_equal(check_written(t, want), 4);
		assert_true(tg_write_binary(t, &binary));
		assert_int_equal(binary.p[6], '0' + v % 10);
		assert_int_equal(count_events(&binary), 3); /* sync points around it */
		gt_buf_free(&binary);
		tg_free(t);
	}
}

static void
test_defaults(void **state)
{
	struct tg *t = tg_new(22);

	(void)state;
	check_written(t, "");
	tg_gen(t, 9);
	check_written(t,
		"EventBatch gen=9 m=" MAX_ID " time=0 size=5\nFrequency freq=15625000\n"
		"EventBatch gen=9 m=" MAX_ID " time=0 size=1\nStacks\n"
		"EventBatch gen=9 m=" MAX_ID " time=0 size=1\nStrings\n");
	tg_free(t);
}

/* Strings and stacks are numbered as they come, and once; the same ones anew in each generation. */
static void
test_tables(void **state)
{
	static const struct tg_frame one = { 1, "f", "a.go", 1 }, other = { 1, "f", "a.go", 2 };
	struct tg *t = tg_new(22);
	struct tg_gen *g, *h;

	(void)state;
	tg_options(t, TG_NO_SYNC);
	g = tg_gen(t, 1);
	h = tg_gen(t, 2);
	tg_tables_time(g, 50, 3);
	assert_int_equal(tg_string(g, "x", 1), 1);
	assert_int_equal(tg_string(g, "xy", 2), 2);
	assert_int_equal(tg_string(g, "xyz", 1), 1);
	assert_int_equal(tg_string(g, "", 0), 0);
	assert_int_equal(tg_string(g, NULL, SIZE_MAX), 0);
	assert_int_equal(tg_string(h, "xy", SIZE_MAX), 1);
	assert_int_equal(tg_stack(g, &one, 1), 1);
	assert_int_equal(tg_stack(g, &other, 1), 2);
	assert_int_equal(tg_stack(g, &one, 1), 1);
	assert_int_equal(tg_stack(g, NULL, 0), 0);
	assert_int_equal(tg_stack(h, &other, 1), 1);
	check_written(t,
		"EventBatch gen=1 m=" MAX_ID " time=50 size=15\nStacks\n"
		"Stack id=1 nframes=1\n\tpc=1 func=3 file=4 line=1\n"
		"Stack id=2 nframes=1\n\tpc=1 func=3 file=4 line=2\n"
		"EventBatch gen=1 m=" MAX_ID " time=53 size=21\nStrings\n"
		"String id=1\n\tdata=\"x\"\nString id=2\n\tdata=\"xy\"\n"
		"String id=3\n\tdata=\"f\"\nString id=4\n\tdata=\"a.go\"\n"
		"EventBatch gen=2 m=" MAX_ID " time=0 size=8\nStacks\n"
		"Stack id=1 nframes=1\n\tpc=1 func=2 file=3 line=2\n"
		"EventBatch gen=2 m=" MAX_ID " time=0 size=17\nStrings\n"
		"String id=1\n\tdata=\"xy\"\nString id=2\n\tdata=\"f\"\nString id=3\n\tdata=\"a.go\"\n");
	/* What is added after it was written gets the next number. */
	assert_int_equal(tg_string(h, "late", 4), 4);
	assert_int_equal(tg_string(h, "a.go", 4), 3);
	tg_free(t);
}

/* A table that needs more than one batch, or has one that is too large. */
static void
test_large_tables(void **state)
{
	static const unsigned options[] = { 0, TG_ONE_STRINGS_BATCH, TG_ONE_STACKS_BATCH,
		TG_ONE_STRINGS_BATCH | TG_ONE_STACKS_BATCH };
	struct tg_frame frames[128] = { { .pc = 0 } };
	char text[1000];

	(void)state;
	memset(text, 's', sizeof(text));
	for (unsigned i = 0; i < LEN(frames); i++)
		frames[i].pc = UINT64_MAX - i;
	for (unsigned k = 0; k < LEN(options); k++) {
		struct tg *t = tg_new(26);
		struct tg_gen *g;
		struct gt_buf binary = { NULL, 0, 0 };

		tg_options(t, options[k]);
		g = tg_gen(t, 1);
		for (unsigned i = 0; i < 100; i++) {
			text[0] = (char)i;
			tg_string(g, text, sizeof(text)); /* 1,004 bytes: 33 in a batch */
			frames[0].line = i;
			tg_stack(g, frames, LEN(frames)); /* 1,668 bytes: 20 in a batch */
		}
		assert_int_equal(check_written(t, NULL), 1 + (options[k] & TG_ONE_STRINGS_BATCH ? 1 : 4) +
			(options[k] & TG_ONE_STACKS_BATCH ? 1 : 5));
		if (options[k] == 0) {
			assert_true(tg_write_binary(t, &binary));
			assert_int_equal(count_events(&binary), 2);
			gt_buf_free(&binary);
		}
		tg_free(t);
	}
}

static void
test_lying_size(void **state)
{
	struct tg *t = tg_new(22);
	struct tg_batch *b = bare_batch(t);

	(void)state;
	tg_batch_size(b, 9);
	tg_event(b, "GoDestroy");
	assert_int_equal(check_written(t, "EventBatch gen=1 m=7 time=100 size=9\nGoDestroy dt=1\n"), -1);
	tg_free(t);
}

/* --- raw events ------------------------------------------------------------------------------- */

static void
test_raw(void **state)
{
	struct tg *t = tg_new(26);
	struct tg_batch *b;

	(void)state;
	tg_raw(t, GT_EV_EndOfGeneration);
	b = bare_batch(t);
	tg_raw(t, GT_EV_EventBatch, 3, -1, 0, 77);
	tg_raw_data(t, TG_BYTES("\0\xff\""), GT_EV_ExperimentalBatch, 1, 1, 2, 3);
	tg_gen(t, 2);
	tg_batch_raw(b, GT_EV_GoStart, 1, 2, 300);
	tg_batch_raw(b, GT_EV_Stack, 5, 2, 1, 2, 3, 4, 5, 6, 7, 8);
	tg_batch_raw(b, GT_EV_Stack, 6, 0);
	/* More frames than can be read are none. */
	tg_batch_raw(b, GT_EV_Stack, 7, UINT64_MAX);
	tg_batch_raw(b, GT_EV_String, 8);
	tg_batch_raw_data(b, TG_BYTES("x"), GT_EV_String, 9);
	tg_batch_raw(b, GT_EV_SpanFree, 0, 1);
	check_written(t,
		"EndOfGeneration\n"
		"EventBatch gen=1 m=7 time=100 size=41\n"
		"GoStart dt=1 g=2 g_seq=300\n"
		"Stack id=5 nframes=2\n\tpc=1 func=2 file=3 line=4\n\tpc=5 func=6 file=7 line=8\n"
		"Stack id=6 nframes=0\n"
		"Stack id=7 nframes=" MAX_ID "\n"
		"String id=8\n\tdata=\"\"\n"
		"String id=9\n\tdata=\"x\"\n"
		"SpanFree dt=0 id=1\n"
		"EventBatch gen=3 m=" MAX_ID " time=0 size=77\n"
		"ExperimentalBatch exp=1 gen=1 m=2 time=3\n\tdata=\"\\x00\\xff\\\"\"\n");
	tg_free(t);
}

/* --- .test files -------------------------------------------------------------------------------- */

static void
test_test_file(void **state)
{
	static const struct {
		const char *comment, *model, *pattern, *want;
	} cases[] = {
		{ NULL, NULL, NULL, "-- expect --\nSUCCESS\n" },
		{ "A story.\n\nIts end", NULL, NULL, "A story.\n\nIts end\n\n-- expect --\nSUCCESS\n" },
		{ NULL, "go1.22-strict", NULL, "model: go1.22-strict\n\n-- expect --\nSUCCESS\n" },
		{ "x\n", "current", "^a \"b\"\n\\d$",
			"x\n\nmodel: current\n\n-- expect --\nFAILURE \"^a \\\"b\\\"\\n\\\\d$\"\n" },
		{ "-- x\n--  --x\n", NULL, "", "-- x\n--  --x\n\n-- expect --\nFAILURE \"\"\n" },
	};

	(void)state;
	for (unsigned i = 0; i < LEN(cases); i++) {
		struct tg *t = tg_new(22);
		struct gt_buf out = { NULL, 0, 0 }, pattern = { NULL, 0, 0 };
		char want[256];
		struct gt_test parts;
		struct gt_text_error err;

		if (cases[i].comment)
			tg_comment(t, cases[i].comment);
		if (cases[i].model) {
			tg_model(t, "another");
			tg_model(t, cases[i].model);
		}
		tg_fails(t, "another");
		tg_succeeds(t);
		if (cases[i].pattern)
			tg_fails(t, cases[i].pattern);
		assert_true(tg_write_test(t, &out));
		snprintf(want, sizeof(want), "%s-- trace --\nTrace Go1.22\n", cases[i].want);
		if (!is(&out, want))
			fail_msg("case %u: %.*s", i, (int)out.n, (const char *)out.p);
		assert_true(gt_test_read((const char *)out.p, out.n, &parts, &err));
		assert_true(gt_str_is(parts.model, cases[i].model ? cases[i].model : ""));
		assert_int_equal(parts.fails, cases[i].pattern != NULL);
		if (parts.fails) {
			assert_true(gt_unquote(parts.pattern, &pattern));
			assert_true(is(&pattern, cases[i].pattern));
		}
		gt_buf_free(&pattern);
		gt_buf_free(&out);
		tg_free(t);
	}
}

/* --- errors ------------------------------------------------------------------------------------------ */

/*
 * A call with a mistake in it, which must be refused with that code and text, naming this line; after that the trace
 * must refuse everything.
 */
#define BAD(code, says, ...)                                                                                           \
	do {                                                                                                           \
		struct tg *t = tg_new(22);                                                                             \
		struct tg_gen *g = tg_gen(t, 1);                                                                       \
		struct tg_batch *b = tg_batch(g, 0, 0);                                                                \
                                                                                                                       \
		__VA_ARGS__;                                                                                           \
		check_refused(t, g, b, (code), (says), __LINE__);                                                      \
	} while (0)

static void
check_refused(struct tg *t, struct tg_gen *g, struct tg_batch *b, enum tg_code code, const char *says, unsigned line)
{
	const struct tg_error *e = tg_error(t);
	struct gt_buf out = { NULL, 0, 0 };
	struct tg_error first;
	char place[128];

	/* Where a call has two lines, compilers differ in which is meant. */
	if (!e || e->code != code || e->here.line - line > 1 || !strstr(e->text, says))
		fail_msg("line %u: %s", line, e ? e->text : "accepted");
	assert_string_equal(e->here.file, __FILE__);
	snprintf(place, sizeof(place), "%s:%u: tg_", __FILE__, e->here.line);
	assert_memory_equal(e->text, place, strlen(place));

	first = *e;
	assert_true(put_text(&out, "as it was"));
	tg_event(b, "GoStrat");
	tg_event(b, "GoDestroy");
	tg_event_type(b, 0);
	tg_raw(t, 0);
	tg_batch_raw(b, 0);
	assert_null(tg_gen(t, 2));
	assert_null(tg_batch(g, 2, 2));
	assert_int_equal(tg_string(g, "x", 1), 0);
	assert_int_equal(tg_stack(g, &(struct tg_frame){ .pc = 1 }, 1), 0);
	tg_clock(g, 1, 2, 3);
	tg_comment(t, "more");
	tg_model(t, "");
	tg_fails(t, "more");
	assert_false(tg_write_text(t, &out) || tg_write_binary(t, &out) || tg_write_test(t, &out));
	assert_true(is(&out, "as it was"));
	assert_ptr_equal(tg_error(t), e);
	assert_memory_equal(e, &first, sizeof(first));
	gt_buf_free(&out);
	tg_free(t);
}

#define SIX TG_NUMBER(1), TG_NUMBER(2), TG_NUMBER(3), TG_NUMBER(4), TG_NUMBER(5), TG_NUMBER(6)

static void
test_errors(void **state)
{
	static const char long_name[] = "Go\"Start\nGoStartGoStartGoStartGoStartGoStartGoStartGoStartGoStartGoStart";

	(void)state;
	BAD(TG_E_EVENT, "tg_event: there is no event of this name: \"GoStrat\"",
		tg_event(b, "GoStrat", TG_G(1), TG_SEQ(1)));
	BAD(TG_E_EVENT, "no event of this name: \"\"", tg_event(b, "", TG_G(1)));
	BAD(TG_E_EVENT, "no event of this name: \"Go\\\"Start\\nGoStart", tg_event(b, long_name));
	BAD(TG_E_EVENT, "tg_event_type: there is no event of type 0", tg_event_type(b, 0, TG_G(1)));
	BAD(TG_E_EVENT, "type 255", tg_event_type(b, GT_EV_SyncPoint));
	BAD(TG_E_EVENT, "type 127", tg_event_type(b, 127));
	BAD(TG_E_EVENT, "type 1000", tg_event_type(b, 1000));
	BAD(TG_E_EVENT, "tg_raw: there is no event of type 53", tg_raw(t, 53));
	BAD(TG_E_EVENT, "tg_raw: the type of the event is missing", tg_raw_at(TG_HERE, t, NULL, 0, TG_NO_BYTES));
	BAD(TG_E_EVENT, "type 18446744073709551615", tg_batch_raw(b, UINT64_MAX, 2));
	BAD(TG_E_VERSION, "tg_event: traces of Go 1.22 have no GoSwitch: that came with Go 1.23",
		tg_event(b, "GoSwitch", TG_G(1), TG_SEQ(1)));
	BAD(TG_E_VERSION, "tg_event_type: traces of Go 1.22 have no Sync: that came with Go 1.25",
		tg_event_type(b, GT_EV_Sync));
	BAD(TG_E_VERSION, "tg_raw: traces of Go 1.22 have no EndOfGeneration: that came with Go 1.26",
		tg_raw(t, GT_EV_EndOfGeneration));
	BAD(TG_E_VERSION, "tg_batch_raw: traces of Go 1.22 have no SpanFree", tg_batch_raw(b, GT_EV_SpanFree, 1, 2));
	BAD(TG_E_VERSION, "tg_clock: traces of Go 1.22 have no clock snapshots", tg_clock(g, 1, 2, 3));
	BAD(TG_E_COUNT, "tg_event: GoStart has 2 arguments, not 1", tg_event(b, "GoStart", TG_G(1)));
	BAD(TG_E_COUNT, "GoStart has 2 arguments, not 0", tg_event(b, "GoStart"));
	BAD(TG_E_COUNT, "GoStart has 2 arguments, not 3", tg_event(b, "GoStart", TG_G(1), TG_SEQ(1), TG_SEQ(1)));
	BAD(TG_E_COUNT, "GoDestroy has 0 arguments, not 12", tg_event(b, "GoDestroy", SIX, SIX));
	BAD(TG_E_COUNT, "tg_raw: this EventBatch has 4 numbers, not 3", tg_raw(t, GT_EV_EventBatch, 1, 2, 3));
	BAD(TG_E_COUNT, "tg_batch_raw: this GoStart has 3 numbers, not 4", tg_batch_raw(b, GT_EV_GoStart, 1, 2, 3, 4));
	BAD(TG_E_COUNT, "this Stack has 10 numbers, not 6", tg_batch_raw(b, GT_EV_Stack, 1, 2, 1, 2, 3, 4));
	BAD(TG_E_COUNT, "this Stack has 2 numbers, not 1", tg_batch_raw(b, GT_EV_Stack, 1));
	BAD(TG_E_COUNT, "this Stack has 18446744073709551615 numbers, not 2",
		tg_batch_raw(b, GT_EV_Stack, 1, INT64_MAX));
	BAD(TG_E_COUNT, "this Stack has 2 numbers, not 6", tg_batch_raw(b, GT_EV_Stack, 1, UINT64_MAX, 1, 2, 3, 4));
	BAD(TG_E_TYPE, "tg_event: argument 1 of GoStart, g, is a goroutine, not a proc",
		tg_event(b, "GoStart", TG_P(1), TG_SEQ(1)));
	BAD(TG_E_TYPE, "argument 2 of GoStart, g_seq, is a sequence number, not a number",
		tg_event(b, "GoStart", TG_G(1), TG_VALUE(1)));
	BAD(TG_E_TYPE, "argument 2 of GoStart, g_seq, is a sequence number, not a time",
		tg_event(b, "GoStart", TG_G(1), TG_DT(1)));
	BAD(TG_E_TYPE, "argument 1 of GoStart, g, is a goroutine, not a time",
		tg_event(b, "GoStart", TG_DT(1), TG_DT(1), TG_SEQ(1)));
	BAD(TG_E_TYPE, "argument 1 of Frequency, freq, is a number, not a time", tg_event(b, "Frequency", TG_DT(1)));
	BAD(TG_E_TYPE, "is the status of a proc, not the status of a goroutine",
		tg_event(b, "ProcStatus", TG_P(1), TG_GSTATUS(1)));
	BAD(TG_E_TYPE, "is the status of a goroutine, not the status of a proc",
		tg_event(b, "GoStatus", TG_G(1), TG_M(1), TG_PSTATUS(1)));
	BAD(TG_E_TYPE, "is a number, not a string", tg_event(b, "HeapAlloc", TG_STR("1")));
	BAD(TG_E_TYPE, "is a string, not a number", tg_event(b, "GoLabel", TG_VALUE(1)));
	BAD(TG_E_TYPE, "argument 2 of GoCreate, new_stack, is a stack, not a string",
		tg_event(b, "GoCreate", TG_G(1), TG_STR("f"), TG_NO_STACK));
	BAD(TG_E_TYPE, "is a stack, not a task", tg_event(b, "GCSweepBegin", TG_TASK(1)));
	BAD(TG_E_TYPE, "is a task, not a goroutine", tg_event(b, "UserTaskEnd", TG_G(1), TG_NO_STACK));
	BAD(TG_E_TYPE, "argument 3 of ProcSteal, m, is a thread, not a proc",
		tg_event(b, "ProcSteal", TG_P(1), TG_SEQ(1), TG_P(1)));
	BAD(TG_E_SHAPE, "tg_event: String has data: use tg_batch_raw_data", tg_event(b, "String", TG_VALUE(1)));
	BAD(TG_E_SHAPE, "tg_event: Stack has frames: use tg_batch_raw",
		tg_event_type(b, GT_EV_Stack, TG_VALUE(1), TG_VALUE(0)));
	BAD(TG_E_SHAPE, "tg_batch_raw: GoDestroy has no data", tg_batch_raw_data(b, TG_BYTES("x"), GT_EV_GoDestroy, 1));
	BAD(TG_E_SHAPE, "tg_raw: Stack has no data", tg_raw_data(t, TG_BYTES(""), GT_EV_Stack, 1, 0));
	BAD(TG_E_TEXT, "tg_comment: this line is no comment in a test: -- y --", tg_comment(t, "x\n-- y --\n"));
	BAD(TG_E_TEXT, "tg_comment: this line is no comment in a test: model: current",
		tg_comment(t, "model: current"));
	BAD(TG_E_TEXT, "tg_model: the name is empty", tg_model(t, ""));
	BAD(TG_E_TEXT, "tg_model: the name has more than one line", tg_model(t, "a\nb"));
}

static void
test_unknown_versions(void **state)
{
	static const unsigned unknown[] = { 0, 11, 19, 21, 24, 27, UINT32_MAX };

	(void)state;
	for (unsigned i = 0; i < LEN(unknown); i++) {
		unsigned line = __LINE__ + 1;
		struct tg *t = tg_new(unknown[i]);

		assert_non_null(tg_error(t));
		assert_int_equal(tg_error(t)->code, TG_E_VERSION);
		assert_int_equal(tg_error(t)->here.line, line);
		assert_null(tg_gen(t, 1));
		tg_free(t);
	}
}

/* What a call gets that comes after one that failed. */
static void
test_null(void **state)
{
	struct gt_buf out = { NULL, 0, 0 };

	(void)state;
	tg_free(NULL);
	tg_options(NULL, 0);
	tg_step(NULL, 1);
	assert_null(tg_gen(NULL, 1));
	tg_sync(NULL, 1, 1);
	tg_clock(NULL, 1, 1, 1);
	tg_tables_time(NULL, 1, 1);
	assert_int_equal(tg_string(NULL, "x", 1), 0);
	assert_int_equal(tg_stack(NULL, &(struct tg_frame){ .pc = 1 }, 1), 0);
	assert_null(tg_batch(NULL, 1, 1));
	tg_batch_size(NULL, 1);
	tg_event(NULL, "GoDestroy");
	tg_event_type(NULL, GT_EV_GoDestroy);
	tg_raw(NULL, GT_EV_Sync);
	tg_batch_raw(NULL, GT_EV_Sync);
	tg_comment(NULL, "x");
	tg_model(NULL, "x");
	tg_fails(NULL, "x");
	tg_succeeds(NULL);
	assert_false(tg_write_text(NULL, &out) || tg_write_binary(NULL, &out) || tg_write_test(NULL, &out));
	assert_int_equal(tg_error(NULL)->code, TG_E_MEMORY);
	assert_int_equal(out.n, 0);
}

/* --- no memory ------------------------------------------------------------------------------------- */

/* A trace with some of everything, written in every way; true: all of it came about. */
static bool
everything(struct tg **made, struct gt_buf out[3])
{
	static const struct tg_frame late = { 5, "h", NULL, 6 };
	struct tg *t = *made = tg_new(26);
	struct tg_gen *g;
	struct tg_batch *b;
	bool ok[3];

	tg_comment(t, "A story.\n");
	tg_model(t, "current");
	tg_fails(t, "a pattern");
	tg_raw_data(t, TG_BYTES("\1\2"), GT_EV_ExperimentalBatch, 1, 1, 2, 3);
	g = tg_gen(t, 1);
	tg_clock(g, 1, 2, 3);
	b = tg_batch(g, 0, 10);
	tg_event(b, "GoCreate", TG_G(1), TG_STACK({ 1, "f", "a.go", 2 }), TG_STACK({ 3, "g", "b.go", 4 }));
	for (unsigned i = 0; i < 40; i++) {
		char name[1000];

		memset(name, 'x', sizeof(name));
		name[i] = 'y';
		tg_event(b, "GoLabel", TG_STRN(name, sizeof(name)));
	}
	tg_string(g, "once more", SIZE_MAX);
	tg_stack(g, &late, 1);
	tg_batch_raw_data(b, TG_BYTES("z"), GT_EV_String, 100);
	ok[0] = tg_write_text(t, &out[0]);
	ok[1] = tg_write_binary(t, &out[1]);
	ok[2] = tg_write_test(t, &out[2]);
	/* Once it fails, it fails. */
	assert_true(ok[0] || !ok[1]);
	assert_true(ok[1] || !ok[2]);
	for (unsigned i = 0; i < 3; i++)
		assert_true(ok[i] == (out[i].n > 0));
	return ok[2];
}

static void
test_no_memory(void **state)
{
	struct gt_buf want[3] = { { NULL, 0, 0 } };
	struct tg *t;
	unsigned long all;

	(void)state;
	asked = refused = 0;
	assert_true(everything(&t, want));
	tg_free(t);
	all = asked;
	assert_true(all > 100);
	for (unsigned long i = 1; i <= all; i++) {
		struct gt_buf out[3] = { { NULL, 0, 0 } };

		asked = 0;
		refused = i;
		if (everything(&t, out))
			fail_msg("allocation %lu of %lu: nobody noticed", i, all);
		refused = 0;
		if (tg_error(t)->code != TG_E_MEMORY)
			fail_msg("allocation %lu: %s", i, tg_error(t)->text);
		for (unsigned k = 0; k < 3; k++) {
			if (out[k].n > 0)
				assert_true(out[k].n == want[k].n && memcmp(out[k].p, want[k].p, want[k].n) == 0);
			gt_buf_free(&out[k]);
		}
		tg_free(t);
	}
	for (unsigned k = 0; k < 3; k++)
		gt_buf_free(&want[k]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_every_event),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_large_tables),
		cmocka_unit_test(test_lying_size),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_test_file),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_unknown_versions),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
