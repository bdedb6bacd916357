/* SPDX-License-Identifier: MIT */
/*
 * No trace of N bytes takes more than GT_MOST_PER_BYTE * N + GT_MOST_BASE bytes to be read, salvaged and looked at
 * strictly: those made here take most of one thing each for its bytes. The fuzzers ask the same of all that they make.
 */
#include "buf.h"
#include "explain.h"
#include "gotrace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_MALLOC
#include "fuzz/memory.h"

enum { SIZE = 300000, MOST = 60000 }; /* of an input, of the events of a batch */

/* One event of many; i counts them. */
typedef void event_fn(struct gt_buf *b, uint64_t i);

static void
put(struct gt_buf *b, unsigned type, unsigned n, const uint64_t v[])
{
	assert_true(gt_buf_byte(b, (uint8_t)type));
	for (unsigned i = 0; i < n; i++)
		assert_true(gt_buf_varint(b, v[i]));
}
#define PUT(b, type, ...)                                                                                              \
	put(b, type, sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), (const uint64_t[]){ __VA_ARGS__ })

static void
put_batch(struct gt_buf *b, uint64_t m, const struct gt_buf *events)
{
	PUT(b, GT_EV_EventBatch, 1, m, 0, events->n);
	assert_true(gt_buf_put(b, events->p, events->n));
}

static void
stack(struct gt_buf *b, uint64_t i)
{
	PUT(b, GT_EV_Stack, i + 1, 1, i, 0, 0, 0);
}

/* Refused; each of the batches, when they are salvaged. */
static void
stack_again(struct gt_buf *b, uint64_t i)
{
	PUT(b, GT_EV_Stack, 1, 1, i, 0, 0, 0);
}

static void
string(struct gt_buf *b, uint64_t i)
{
	PUT(b, GT_EV_String, (i + 1) * 63, 0);
}

static void
sample(struct gt_buf *b, uint64_t i)
{
	PUT(b, GT_EV_CPUSample, i & 1, 0, 0, 0, 0);
}

static void
goroutine(struct gt_buf *b, uint64_t i)
{
	PUT(b, GT_EV_GoStatus, 0, i + 1, UINT64_MAX, GT_G_WAITING);
}

static void
proc(struct gt_buf *b, uint64_t i)
{
	PUT(b, GT_EV_ProcStatus, 0, i, GT_P_IDLE);
}

static void
task(struct gt_buf *b, uint64_t i)
{
	if (i == 0) {
		PUT(b, GT_EV_ProcStatus, 0, 0, GT_P_RUNNING);
		PUT(b, GT_EV_GoStatus, 0, 1, 1, GT_G_RUNNING);
	}
	PUT(b, GT_EV_UserTaskBegin, 0, i + 1, 0, 0, 0);
}

static void
region(struct gt_buf *b, uint64_t i)
{
	if (i == 0) {
		PUT(b, GT_EV_ProcStatus, 0, 0, GT_P_RUNNING);
		PUT(b, GT_EV_GoStatus, 0, 1, 1, GT_G_RUNNING);
	}
	PUT(b, GT_EV_UserRegionBegin, 0, 1, 0, 0);
}

/* One of these for each M. */
static void
lone_proc(struct gt_buf *b, uint64_t i)
{
	proc(b, i);
}

/* Waits for ever; so do all others, and the error lists them. */
static void
stuck(struct gt_buf *b, uint64_t i)
{
	PUT(b, GT_EV_GoStart, 0, i, 1);
}

static void
nothing(struct gt_buf *b, uint64_t i)
{
	(void)b;
	(void)i;
}

static const struct {
	const char *name;
	event_fn *event;
	enum { BY_ONE_M, BY_EACH_M, IN_A_TABLE } how;
	unsigned head; /* of the table */
} kinds[] = {
	{ "stacks", stack, IN_A_TABLE, GT_EV_Stacks },
	{ "one stack again and again", stack_again, IN_A_TABLE, GT_EV_Stacks },
	{ "strings", string, IN_A_TABLE, GT_EV_Strings },
	{ "samples", sample, IN_A_TABLE, GT_EV_CPUSamples },
	{ "goroutines", goroutine, BY_ONE_M, 0 },
	{ "Ps", proc, BY_ONE_M, 0 },
	{ "tasks", task, BY_ONE_M, 0 },
	{ "regions", region, BY_ONE_M, 0 },
	{ "Ms", lone_proc, BY_EACH_M, 0 },
	{ "Ms that wait", stuck, BY_EACH_M, 0 },
	{ "empty batches", nothing, BY_EACH_M, 0 },
};

/* A trace of Go 1.22 of about SIZE bytes, of one kind. */
static void
make(size_t kind, struct gt_buf *out)
{
	struct gt_buf events = { 0 };
	uint64_t m = kinds[kind].how == IN_A_TABLE ? UINT64_MAX : 1, i = 0;

	assert_true(gt_buf_put(out, "go 1.22 trace\0\0\0", 16));
	PUT(&events, GT_EV_Frequency, 1000);
	put_batch(out, UINT64_MAX, &events);
	while (out->n < SIZE) {
		events.n = 0;
		if (kinds[kind].how == IN_A_TABLE)
			assert_true(gt_buf_byte(&events, (uint8_t)kinds[kind].head));
		do
			kinds[kind].event(&events, i++);
		while (kinds[kind].how != BY_EACH_M && events.n < MOST);
		put_batch(out, kinds[kind].how == BY_EACH_M ? i : m, &events);
	}
	gt_buf_free(&events);
}

/* The same of Go 1.21: of the shortest events that there are. */
static void
make_old(struct gt_buf *out)
{
	enum { BATCH = 1 | 1 << 6, FREQUENCY = 2, HEAP_ALLOC = 33 | 1 << 6 };

	assert_true(gt_buf_put(out, "go 1.21 trace\0\0\0", 16));
	PUT(out, BATCH, 0, 1);
	PUT(out, FREQUENCY, 1000);
	while (out->n < SIZE)
		PUT(out, HEAP_ALLOC, 1, 0);
}

static void
ignore(void *arg, const struct gt_finding *f)
{
	(void)arg;
	(void)f;
}

/* All that can be had of a trace, twice. Returns how many events there were. */
static uint64_t
read_all(const struct gt_buf *b)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(b->p, b->n, &err);
	struct gt_model model;
	struct gt_strict *st;
	const struct gt_event *ev;
	uint64_t n = 0;

	assert_non_null(t);
	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT));
	for (int salvage = 0; salvage < 2; salvage++) {
		struct gt_reader *r;

		gt_salvage(t, salvage);
		r = gt_reader_new(t, &model);
		st = gt_strict_new(t, ignore, NULL);
		assert_true(r && st);
		gt_strict_file(st, UINT64_MAX);
		for (; gt_read(r, &ev) == GT_EVENT; n++)
			gt_strict_event(st, ev, gt_reader_state(r));
		gt_strict_free(st);
		gt_reader_free(r);
	}
	gt_close(t);
	return n;
}

static void
bounded(void **state)
{
	size_t n = sizeof(kinds) / sizeof(kinds[0]);

	(void)state;
	for (size_t i = 0; i <= n; i++) {
		struct gt_buf b = { 0 };
		const char *name = i < n ? kinds[i].name : "old events";
		uint64_t events;

		if (i < n)
			make(i, &b);
		else
			make_old(&b);
		memory_begin();
		events = read_all(&b);
		fuzz_count = false;
		print_message("%s: %.1f bytes for each, %llu events\n", name, (double)fuzz_peak / (double)b.n,
			(unsigned long long)events);
		assert_true(fuzz_peak > 1000); /* it was counted */
		if (fuzz_live != 0)
			fail_msg("%s: %zu bytes are left over", name, fuzz_live);
		assert_true(events > 1);
		if (fuzz_peak > b.n * GT_MOST_PER_BYTE + GT_MOST_BASE)
			fail_msg("%s: %zu bytes of memory for %zu", name, fuzz_peak, b.n);
		/* Little is left of the bound for what these do not think of. */
		assert_true(fuzz_peak < b.n * GT_MOST_PER_BYTE / 2);
		gt_buf_free(&b);
	}
}

/* --- why a large trace is invalid ------------------------------------------------------------ */

/*
 * One generation of that many full batches for each of two Ms, each of which wakes, runs and blocks goroutines of its own; in
 * batch `wrong` of the first a sequence number is one of long before. Returns its event.
 */
static int64_t
make_large(struct gt_buf *b, unsigned batches, unsigned wrong)
{
	enum { GS = 100, FULL = 65000 };
	struct gt_buf data = { 0 };
	int64_t place = -1;

	assert_true(gt_buf_put(b, "go 1.22 trace\0\0", 16));
	for (uint64_t k = 0, i[2] = { 0, 0 }; k < 2 * batches; k++) {
		uint64_t m = k % 2, began = 1000 + i[m] * 3;

		data.n = 0;
		if (k < 2) {
			PUT(&data, GT_EV_ProcStatus, 1, m, GT_P_RUNNING);
			for (uint64_t g = 1; g <= GS; g++)
				PUT(&data, GT_EV_GoStatus, 0, m * GS + g, UINT64_MAX, GT_G_WAITING);
		}
		for (int64_t n = 0; data.n < FULL; n += 3, i[m]++) {
			uint64_t g = m * GS + i[m] % GS + 1, seq = i[m] / GS * 2 + 1;
			bool here = k == 2 * wrong && place < 0 && n == 3000;

			PUT(&data, GT_EV_GoUnblock, 1, g, seq, 0);
			PUT(&data, GT_EV_GoStart, 1, g, here ? 2 : seq + 1);
			PUT(&data, GT_EV_GoBlock, 1, 0, 0);
			place = here ? n + 1 : place;
		}
		PUT(b, GT_EV_EventBatch, 1, m, began, data.n);
		assert_true(gt_buf_put(b, data.p, data.n));
	}
	data.n = 0;
	PUT(&data, GT_EV_Frequency, 15625000);
	put_batch(b, UINT64_MAX, &data);
	gt_buf_free(&data);
	return place;
}

/* With a bound its memory keeps to that, but for what reading takes, and it says the same. */
static void
explained(void **state)
{
	enum { BATCHES = 60, WRONG = 31, MEMORY = 6 << 20 };
	static const size_t memory[] = { MEMORY, 0 };
	struct gt_buf b = { 0 };
	int64_t place = make_large(&b, BATCHES, WRONG);
	struct gt_error err;
	struct gt_trace *t = gt_open(b.p, b.n, &err);
	size_t peak[2];
	struct gt_model model;

	(void)state;
	assert_true(t && gt_model_get(&model, GT_MODEL_DEFAULT));
	for (unsigned i = 0; i < 2; i++) {
		const struct gt_suspect *s;
		struct gt_explain *x;
		size_t n;

		memory_begin();
		x = gt_explain_new(t, &model, 0, memory[i], NULL, NULL);
		fuzz_count = false;
		peak[i] = fuzz_peak;
		assert_int_equal(gt_explain_error(x)->why.code, GT_E_STUCK);
		s = gt_explain_suspects(x, &n);
		assert_true(n > 0);
		assert_int_equal(s[0].kind, GT_S_WRONG_SEQ);
		assert_true(s[0].place.batch == 2 * WRONG && s[0].place.event == place);
		gt_explain_free(x);
	}
	print_message("%zu bytes of trace: %zu bytes of memory, %zu without a bound\n", b.n, peak[0], peak[1]);
	assert_true(peak[1] > 5 * (size_t)MEMORY && peak[0] < 3 * (size_t)MEMORY);
	gt_close(t);
	gt_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounded),
		cmocka_unit_test(explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
