/* SPDX-License-Identifier: MIT */
/*
 * Reading forwards: what is refused, why and where; prefixes of traces; what stays as it is after the end; copies of
 * readers; looking at the frontier.
 */
#include "gotrace.h"

#include "reason.h"
#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* --- what is refused, and where ------------------------------------------------------- */

/* Traces of testdata/tests that are refused: the reason, the place, how many events come before. */
static const struct {
	const char *name;
	enum gt_code code;
	struct gt_place place;
	uint64_t events;
} refused[] = {
	{ "alloc-free-no-thread", GT_E_NO_THREAD, { 1, 1, 0, -1, 65 }, 1 },
	{ "batch-byte", GT_E_BATCH_BYTE, { -1, 2, -1, -1, 55 }, 1 },
	{ "batch-gen", GT_E_BATCH_GEN, { -1, 2, -1, -1, 57 }, 1 },
	{ "batch-m", GT_E_BATCH_M, { -1, 2, -1, -1, 58 }, 1 },
	{ "batch-short", GT_E_BATCH_SHORT, { 1, 1, -1, 0, 50 }, 1 },
	{ "batch-size", GT_E_BATCH_SIZE, { -1, 2, -1, -1, 60 }, 1 },
	{ "batch-time", GT_E_BATCH_TIME, { -1, 2, -1, -1, 59 }, 1 },
	{ "batch-too-big", GT_E_BATCH_TOO_BIG, { 1, 0, -1, 0, 16 }, 1 },
	{ "clock-twice", GT_E_CLOCK_TWICE, { 1, 0, 3, -1, 50 }, 1 },
	{ "create-syscall-with-p-current", GT_E_NO_PROC, { 1, 0, 8, 0, 47 }, 10 },
	{ "create-syscall-with-p-strict", GT_E_HAS_PROC, { 1, 0, 7, 0, 44 }, 8 },
	{ "ev-arg", GT_E_EV_ARG, { 1, 1, 0, 0, 41 }, 0 },
	{ "ev-dt", GT_E_EV_DT, { 1, 1, 1, 0, 45 }, 1 },
	{ "ev-type", GT_E_EV_TYPE, { 1, 1, 0, 1, 31 }, 0 },
	{ "ev-untimed-end", GT_E_EV_UNTIMED, { 1, 1, 1, 0, 59 }, 1 },
	{ "ev-untimed", GT_E_EV_UNTIMED, { 1, 0, 0, 0, 21 }, 0 },
	{ "freq-twice", GT_E_FREQ_TWICE, { 1, 0, 1, -1, 36 }, 1 },
	{ "g-exists-syscall", GT_E_G_EXISTS_SYSCALL, { 1, 1, 0, 1, 29 }, 2 },
	{ "g-exists", GT_E_G_EXISTS, { 1, 0, 3, 0, 35 }, 4 },
	{ "g-not-in-syscall-blocked", GT_E_G_NOT_IN_SYSCALL, { 1, 0, 2, 0, 30 }, 3 },
	{ "g-not-in-syscall", GT_E_G_NOT_IN_SYSCALL, { 1, 0, 2, 0, 30 }, 3 },
	{ "g-not-running-create", GT_E_G_NOT_RUNNING, { 1, 0, 3, 0, 34 }, 4 },
	{ "g-not-running-switch", GT_E_G_NOT_RUNNING, { 1, 0, 4, 0, 48 }, 5 },
	{ "g-not-running", GT_E_G_NOT_RUNNING, { 1, 0, 3, 0, 34 }, 4 },
	{ "g-not-syscall", GT_E_G_NOT_SYSCALL, { 1, 0, 2, 0, 30 }, 3 },
	{ "g-status-conflict", GT_E_G_STATUS_CONFLICT, { 1, 1, 0, 1, 40 }, 2 },
	{ "g-status-invalid", GT_E_G_STATUS_INVALID, { 1, 0, 0, 0, 21 }, 1 },
	{ "g-status-late", GT_E_G_STATUS_LATE, { 2, 2, 0, 0, 60 }, 3 },
	{ "g-syscall-no-m", GT_E_G_SYSCALL_NO_M, { 1, 0, 0, 0, 21 }, 1 },
	{ "g-syscall-thread-next-gen", GT_E_G_SYSCALL_THREAD, { 2, 2, 0, 1, 51 }, 3 },
	{ "g-syscall-thread", GT_E_G_SYSCALL_THREAD, { 1, 1, 0, 1, 35 }, 3 },
	{ "g-unknown", GT_E_G_UNKNOWN, { 1, 1, 2, 1, 46 }, 6 },
	{ "gc-active-first", GT_E_GC_ACTIVE_FIRST, { 1, 0, 4, 0, 37 }, 5 },
	{ "gc-active-not", GT_E_GC_ACTIVE_NOT, { 2, 2, 2, 0, 71 }, 8 },
	{ "gc-begin-twice", GT_E_GC_BEGIN_TWICE, { 1, 0, 3, 0, 34 }, 4 },
	{ "gc-end-not", GT_E_GC_END_NOT, { 1, 0, 4, 0, 37 }, 5 },
	{ "gc-end-undet", GT_E_GC_END_UNDET, { 1, 0, 2, 0, 30 }, 3 },
	{ "gen-end-inside", GT_E_GEN_END_INSIDE, { 1, 1, 0, 1, 31 }, 1 },
	{ "gen-incomplete", GT_E_GEN_INCOMPLETE, { 1, -1, -1, -1, 59 }, 1 },
	{ "gen-mixed", GT_E_GEN_MIXED, { 2, 1, -1, 0, 50 }, 1 },
	{ "gen-order", GT_E_GEN_ORDER, { 3, 1, -1, -1, 36 }, 1 },
	{ "gen-zero", GT_E_GEN_ZERO, { 0, 0, -1, 0, 16 }, 1 },
	{ "has-goroutine", GT_E_HAS_GOROUTINE, { 1, 0, 3, 0, 44 }, 4 },
	{ "has-proc", GT_E_HAS_PROC, { 1, 0, 1, 0, 25 }, 2 },
	{ "no-clock", GT_E_NO_CLOCK, { 1, -1, -1, -1, 16 }, 1 },
	{ "no-freq", GT_E_NO_FREQ, { 1, -1, -1, -1, 16 }, 1 },
	{ "no-goroutine", GT_E_NO_GOROUTINE, { 1, 0, 1, 0, 25 }, 2 },
	{ "no-proc-after-stop", GT_E_NO_PROC, { 1, 0, 5, 0, 50 }, 6 },
	{ "no-proc", GT_E_NO_PROC, { 1, 0, 1, 0, 35 }, 2 },
	{ "no-thread", GT_E_NO_THREAD, { 1, 0, 0, -1, 30 }, 1 },
	{ "not-ordered", GT_E_NOT_ORDERED, { 1, 0, 0, 0, 21 }, 1 },
	{ "number", GT_E_NUMBER, { 1, 0, 1, -1, 32 }, 1 },
	{ "p-no-context", GT_E_P_NO_CONTEXT, { 1, 1, 0, 1, 34 }, 3 },
	{ "p-not-syscall", GT_E_P_NOT_SYSCALL, { 1, 0, 2, 0, 30 }, 3 },
	{ "p-seq", GT_E_P_SEQ, { 1, 0, 2, 0, 30 }, 3 },
	{ "p-state", GT_E_P_STATE, { 1, 0, 2, 0, 28 }, 3 },
	{ "p-status-conflict-next-gen", GT_E_P_STATUS_CONFLICT, { 2, 2, 0, 0, 52 }, 4 },
	{ "p-status-conflict", GT_E_P_STATUS_CONFLICT, { 1, 1, 0, 1, 30 }, 2 },
	{ "p-status-invalid", GT_E_P_STATUS_INVALID, { 1, 0, 0, 0, 21 }, 1 },
	{ "p-stop-status", GT_E_P_STOP_STATUS, { 1, 1, 1, 1, 36 }, 4 },
	{ "p-stop-unknown", GT_E_P_STOP_UNKNOWN, { 1, 0, 0, 0, 21 }, 1 },
	{ "range-active-no-g", GT_E_RANGE_ACTIVE_NO_G, { 1, 0, 0, 0, 21 }, 1 },
	{ "range-first", GT_E_RANGE_FIRST, { 1, 0, 2, 0, 28 }, 3 },
	{ "range-missing-other", GT_E_RANGE_MISSING, { 2, 3, 2, 0, 96 }, 7 },
	{ "range-missing", GT_E_RANGE_MISSING, { 2, 2, 2, 0, 64 }, 6 },
	{ "range-no-g", GT_E_RANGE_NO_G, { 1, 1, 2, 1, 46 }, 6 },
	{ "range-not-open-sweep", GT_E_RANGE_NOT_OPEN, { 1, 0, 1, 0, 25 }, 2 },
	{ "range-not-open", GT_E_RANGE_NOT_OPEN, { 1, 0, 2, 0, 30 }, 3 },
	{ "range-twice-stw", GT_E_RANGE_TWICE, { 1, 0, 3, 0, 34 }, 4 },
	{ "range-twice", GT_E_RANGE_TWICE, { 1, 0, 2, 0, 28 }, 3 },
	{ "region-begin-no-g", GT_E_REGION_BEGIN_NO_G, { 1, 1, 2, 1, 46 }, 6 },
	{ "region-end-no-g", GT_E_REGION_END_NO_G, { 1, 1, 2, 1, 46 }, 6 },
	{ "region-misuse", GT_E_REGION_MISUSE, { 1, 0, 4, 0, 40 }, 5 },
	{ "sample-event", GT_E_SAMPLE_EVENT, { 1, 0, 1, -1, 31 }, 1 },
	{ "stack-event", GT_E_STACK_EVENT, { 1, 0, 1, -1, 31 }, 1 },
	{ "stack-event-next-gen", GT_E_STACK_EVENT, { 2, 4, 1, -1, 89 }, 3 },
	{ "stack-file", GT_E_STACK_FILE, { 1, -1, -1, -1, 16 }, 1 },
	{ "stack-frame-file", GT_E_STACK_FRAME, { 1, 0, 1, -1, 36 }, 1 },
	{ "stack-frame-func", GT_E_STACK_FRAME, { 1, 0, 1, -1, 35 }, 1 },
	{ "stack-frame-line", GT_E_STACK_FRAME, { 1, 0, 1, -1, 37 }, 1 },
	{ "stack-frame", GT_E_STACK_FRAME, { 1, 0, 1, -1, 34 }, 1 },
	{ "stack-func", GT_E_STACK_FUNC, { 1, -1, -1, -1, 16 }, 1 },
	{ "stack-id", GT_E_STACK_ID, { 1, 0, 2, 0, 30 }, 3 },
	{ "stack-size", GT_E_STACK_SIZE, { 1, 0, 1, -1, 36 }, 1 },
	{ "stack-twice", GT_E_STACK_TWICE, { 1, 0, 2, -1, 45 }, 1 },
	{ "steal-no-m", GT_E_STEAL_NO_M, { 1, 1, 0, 1, 30 }, 2 },
	{ "steal-other", GT_E_STEAL_OTHER, { 1, 1, 0, 1, 30 }, 3 },
	{ "steal-self", GT_E_STEAL_SELF, { 1, 0, 2, 0, 29 }, 3 },
	{ "string-event", GT_E_STRING_EVENT, { 1, 0, 1, -1, 31 }, 1 },
	{ "string-id", GT_E_STRING_ID, { 1, 0, 2, 0, 30 }, 3 },
	{ "string-order-region", GT_E_STRING_ORDER, { 1, 0, 2, 0, 30 }, 3 },
	{ "string-order", GT_E_STRING_ORDER, { 1, 0, 2, 0, 30 }, 3 },
	{ "string-short", GT_E_STRING_SHORT, { 1, 0, 1, -1, 34 }, 1 },
	{ "string-size", GT_E_STRING_SIZE, { 1, 0, 1, -1, 36 }, 1 },
	{ "string-twice", GT_E_STRING_TWICE, { 1, 0, 2, -1, 40 }, 1 },
	{ "stuck-chain", GT_E_STUCK, { 1, 0, 2, 0, 39 }, 7 },
	{ "stuck-cycle", GT_E_STUCK, { 1, 0, 2, 0, 39 }, 5 },
	{ "stuck-g-not-runnable", GT_E_STUCK, { 1, 0, 2, 0, 39 }, 3 },
	{ "stuck-g-not-waiting", GT_E_STUCK, { 1, 1, 0, 1, 35 }, 3 },
	{ "stuck-g-seq", GT_E_STUCK, { 1, 0, 1, 0, 35 }, 2 },
	{ "stuck-g-seq-next-gen", GT_E_STUCK, { 2, 2, 1, 0, 76 }, 7 },
	{ "stuck-g-switch", GT_E_STUCK, { 1, 0, 3, 0, 44 }, 4 },
	{ "stuck-g-unknown", GT_E_STUCK, { 1, 0, 1, 0, 25 }, 2 },
	{ "stuck-gc-seq", GT_E_STUCK, { 1, 0, 3, 0, 34 }, 4 },
	{ "stuck-m-has-p", GT_E_STUCK, { 1, 0, 2, 0, 29 }, 3 },
	{ "stuck-p-not-idle", GT_E_STUCK, { 1, 0, 0, 0, 21 }, 2 },
	{ "stuck-p-not-syscall", GT_E_STUCK, { 1, 0, 0, 0, 21 }, 2 },
	{ "stuck-p-seq", GT_E_STUCK, { 1, 0, 1, 0, 25 }, 2 },
	{ "stuck-p-steal-seq", GT_E_STUCK, { 1, 0, 0, 0, 21 }, 4 },
	{ "stuck-p-still-syscall", GT_E_STUCK, { 1, 0, 3, 0, 34 }, 4 },
	{ "stuck-p-unknown", GT_E_STUCK, { 1, 0, 0, 0, 21 }, 1 },
	{ "sweep-unknown-p", GT_E_SWEEP_UNKNOWN_P, { 1, 0, 0, 0, 21 }, 1 },
	{ "sync-event-go1.22", GT_E_SYNC_EVENT, { 1, 0, 1, -1, 36 }, 1 },
	{ "sync-event", GT_E_SYNC_EVENT, { 1, 0, 3, -1, 50 }, 1 },
	{ "task-conflict", GT_E_TASK_CONFLICT, { 1, 0, 3, 0, 36 }, 4 },
	{ "thread-reuse-tolerant", GT_E_STUCK, { 1, 1, 1, 0, 56 }, 9 },
};

/*
 * Reasons that no file leads to. HAS_THREAD: no model forbids a thread (see test_require). P_UNINIT, P_INVALID: an M
 * gets no P that has no state, and a P that has one keeps it. NOT_A_TRACE, VERSION: said by gt_open (see test_open).
 */
static const enum gt_code elsewhere[] = { GT_E_HAS_THREAD, GT_E_P_UNINIT, GT_E_P_INVALID, GT_E_NOT_A_TRACE,
	GT_E_VERSION };

/* Reads to the end; how that is. */
static enum gt_got
read_all(struct gt_reader *r)
{
	const struct gt_event *ev;
	enum gt_got got;

	while ((got = gt_read(r, &ev)) == GT_EVENT)
		;
	return got;
}

/* The end stays what it is. */
static void
check_final(struct gt_reader *r, enum gt_got got)
{
	const struct gt_error *err = gt_reader_error(r);
	uint64_t pos = gt_reader_pos(r), hash = gt_state_hash(gt_reader_state(r));
	struct gt_error was = err ? *err : (struct gt_error){ 0 };
	const struct gt_event *ev = NULL;

	assert_true((got == GT_BROKEN) == (err != NULL));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(gt_read(r, &ev), got);
		assert_null(ev);
		assert_ptr_equal(gt_reader_error(r), err);
		assert_int_equal(gt_reader_pos(r), pos);
		assert_true(gt_state_hash(gt_reader_state(r)) == hash);
	}
	if (err)
		assert_true(err->why.code == was.why.code && err->text == was.text &&
			memcmp(&err->place, &was.place, sizeof(was.place)) == 0);
}

static bool
same_place(const struct gt_place *a, const struct gt_place *b)
{
	return a->generation == b->generation && a->batch == b->batch && a->event == b->event && a->m == b->m &&
		a->offset == b->offset;
}

static void
check_refused(size_t i, const struct sample_trace *s)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none);
	struct gt_reader *r = gt_reader_new(t, &s->model);
	enum gt_got got = read_all(r);
	const struct gt_error *err = gt_reader_error(r);
	char text[4096];

	if (got != GT_BROKEN || !err || err->why.code != refused[i].code)
		fail_msg("%s: %s", refused[i].name, err ? gt_code_name(err->why.code) : "not refused");
	if (!same_place(&err->place, &refused[i].place))
		fail_msg("%s: generation %lld, batch %lld, event %lld, M%lld, offset %lld", refused[i].name,
			(long long)err->place.generation, (long long)err->place.batch, (long long)err->place.event,
			(long long)err->place.m, (long long)err->place.offset);
	if (gt_reader_pos(r) != refused[i].events)
		fail_msg("%s: %llu events", refused[i].name, (unsigned long long)gt_reader_pos(r));
	/* The text is that of the reason, and more of it only where nothing can go on. */
	gt_reason_text(&err->why, text, sizeof(text));
	if (err->why.code == GT_E_STUCK)
		assert_true(strncmp(err->text, text, strlen(text)) == 0 && strlen(err->text) > strlen(text) + 20);
	else if (err->why.code != GT_E_RANGE_MISSING && err->why.code != GT_E_STACK_TWICE)
		assert_string_equal(err->text, text);
	check_final(r, got);
	gt_reader_free(r);
	gt_close(t);
}

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(refused); i++) {
		struct sample_trace s;
		char name[128];

		snprintf(name, sizeof(name), "%s.test", refused[i].name);
		if (!load_sample(&s, "testdata/tests", name))
			fail_msg("%s: no such trace", name);
		check_refused(i, &s);
		gt_buf_free(&s.bytes);
	}
}

/* Each reason of a broken trace is one that a trace here is refused for. */
static void
test_all_codes(void **state)
{
	(void)state;
	for (unsigned c = GT_OK + 1; c < GT_CODES; c++) {
		enum gt_class class = gt_code_class((enum gt_code)c);
		unsigned found = 0;

		for (size_t i = 0; i < LEN(refused); i++)
			found += refused[i].code == c;
		for (size_t i = 0; i < LEN(elsewhere); i++)
			if (elsewhere[i] == c && found++ > 0)
				fail_msg("%s can be reached", gt_code_name((enum gt_code)c));
		/* Those of other readers are tested beside them. */
		if (strncmp(gt_code_name((enum gt_code)c), "RAW_", 4) == 0 ||
			strncmp(gt_code_name((enum gt_code)c), "V1_", 3) == 0)
			continue;
		if ((class == GT_CLASS_NEVER || class == GT_CLASS_FORMAT) && !found)
			fail_msg("no trace is refused for %s", gt_code_name((enum gt_code)c));
	}
}

/* Those that are not in the table are fine. */
static void
test_accepted(void **state)
{
	size_t n;
	struct sample_trace *v = load_samples("testdata/tests", &n);

	(void)state;
	assert_true(n > LEN(refused));
	for (size_t i = 0; i < n; i++) {
		struct gt_error none;
		struct gt_trace *t = gt_open(v[i].bytes.p, v[i].bytes.n, &none);
		struct gt_reader *r = gt_reader_new(t, &v[i].model);
		const char *name = strrchr(v[i].path, '/') + 1;
		bool in_table = false;

		for (size_t k = 0; k < LEN(refused); k++)
			in_table = in_table || (strncmp(refused[k].name, name, strlen(refused[k].name)) == 0 &&
				strcmp(name + strlen(refused[k].name), ".test") == 0);
		if ((read_all(r) == GT_END) == in_table)
			fail_msg("%s", v[i].path);
		check_final(r, in_table ? GT_BROKEN : GT_END);
		gt_reader_free(r);
		gt_close(t);
	}
	free_samples(v, n);
}

static void
test_open(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum gt_code code;
		unsigned version;
	} heads[] = {
		{ "", 0, GT_E_NOT_A_TRACE, 0 },
		{ "go 1.22 trace\0\0", 15, GT_E_NOT_A_TRACE, 0 },
		{ "go 1.22 trace\0\0\0", 16, GT_OK, 22 },
		{ "go 1.22 trace\0\0\1", 16, GT_E_NOT_A_TRACE, 0 },
		{ "go 1.22 tracE\0\0\0", 16, GT_E_NOT_A_TRACE, 0 },
		{ "go 1. trace\0\0\0", 14, GT_E_NOT_A_TRACE, 0 },
		{ "go 2.22 trace\0\0\0", 16, GT_E_NOT_A_TRACE, 0 },
		{ "go 1.23 trace\0\0\0", 16, GT_OK, 23 },
		{ "go 1.25 trace\0\0\0", 16, GT_OK, 25 },
		{ "go 1.26 trace\0\0\0x", 17, GT_OK, 26 },
		{ "go 1.24 trace\0\0\0", 16, GT_E_VERSION, 0 },
		{ "go 1.12 trace\0\0\0", 16, GT_E_VERSION, 0 },
		{ "go 1.27 trace\0\0\0", 16, GT_E_VERSION, 0 },
		{ "go 1.4294967318 trace\0\0\0", 24, GT_E_NOT_A_TRACE, 0 },
		{ "go 1.4294967295 trace\0\0\0", 24, GT_E_VERSION, 0 },
		{ "go\t1.22\rtrace\0\0\0", 16, GT_OK, 22 },
		{ "go  1. 6 \xc2\xa0trace\0\0\0", 20, GT_E_VERSION, 0 },
		{ "go\n1.22 trace\0\0\0", 16, GT_E_NOT_A_TRACE, 0 },
		{ "go1.22 trace\0\0\0", 15, GT_E_NOT_A_TRACE, 0 },
	};
	char *copy;

	(void)state;
	for (size_t i = 0; i < LEN(heads); i++) {
		struct gt_error err = { 0 };
		struct gt_trace *t;

		/* So that a byte too far is noticed. */
		copy = malloc(heads[i].n + (heads[i].n == 0));
		memcpy(copy, heads[i].bytes, heads[i].n);
		t = gt_open(copy, heads[i].n, &err);
		if ((t != NULL) != (heads[i].code == GT_OK) || (!t && err.why.code != heads[i].code) ||
			(t && gt_version(t) != heads[i].version))
			fail_msg("case %zu: %s", i, t ? "opened" : gt_code_name(err.why.code));
		gt_close(t);
		free(copy);
	}
}

static void
test_require(void **state)
{
	struct sample_trace s;
	struct gt_error none;
	struct gt_trace *t;
	struct gt_reader *r;
	const char *wrong;

	(void)state;
	assert_true(load_sample(&s, "testdata/tests", "block-wake.test"));
	assert_true(gt_model_require(&s.model, "GoUnblock.thread=mustnot", &wrong));
	t = gt_open(s.bytes.p, s.bytes.n, &none);
	r = gt_reader_new(t, &s.model);
	assert_int_equal(read_all(r), GT_BROKEN);
	assert_int_equal(gt_reader_error(r)->why.code, GT_E_HAS_THREAD);
	assert_int_equal(gt_reader_error(r)->why.type, GT_EV_GoUnblock);
	gt_reader_free(r);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

/* --- a trace read once ------------------------------------------------------------------------ */

struct place_hash {
	uint64_t event, state;
};

struct whole {
	struct place_hash *at; /* from 1 */
	uint64_t n;
	enum gt_got end;
	int64_t to[64]; /* by generation: offset behind it */
};

static struct whole
read_whole(const struct sample_trace *s)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none);
	struct gt_reader *r = gt_reader_new(t, &s->model);
	struct whole w = { .at = calloc(20000, sizeof(*w.at)) };
	const struct gt_event *ev;
	int64_t last = INT64_MIN;
	uint64_t from, to;

	while ((w.end = gt_read(r, &ev)) == GT_EVENT) {
		assert_true(++w.n < 20000);
		/* No two events have the same time, and none is before the last. */
		assert_true(ev->n == w.n && ev->time > last);
		last = ev->time;
		w.at[w.n] = (struct place_hash){ event_hash(ev), gt_state_hash(gt_reader_state(r)) };
		if (ev->gen && gt_gen_number(ev->gen) < LEN(w.to)) {
			gt_gen_range(ev->gen, &from, &to);
			w.to[gt_gen_number(ev->gen)] = (int64_t)to;
		}
	}
	gt_reader_free(r);
	gt_close(t);
	return w;
}

/* --- prefixes ------------------------------------------------------------------------------------ */

/*
 * The first n bytes: the events are those of the whole trace as far as generations are whole, then comes a last sync
 * point, and one end. (Before Go 1.26 what there is of the last generation is read as well; without the rest of it the
 * events may come in another order.)
 */
static void
check_prefix(const struct sample_trace *s, const struct whole *w, size_t n)
{
	uint8_t *copy = malloc(n + (n == 0));
	struct gt_error none;
	struct gt_trace *t;
	struct gt_reader *r;
	const struct gt_event *ev;
	enum gt_got got;
	bool over = false;

	memcpy(copy, s->bytes.p, n);
	t = gt_open(copy, n, &none);
	assert_true((t != NULL) == (n >= 16));
	r = t ? gt_reader_new(t, &s->model) : NULL;
	while (r && (got = gt_read(r, &ev)) == GT_EVENT) {
		bool complete = ev->gen && w->to[gt_gen_number(ev->gen)] <= (int64_t)n;

		assert_false(over);
		over = !ev->gen;
		if (over)
			assert_int_equal(ev->type, GT_EV_SyncPoint);
		if (complete && event_hash(ev) != w->at[ev->n].event)
			fail_msg("%s: %zu bytes: another event %llu", s->path, n, (unsigned long long)ev->n);
		if (!complete && !over && gt_version(t) >= 26)
			fail_msg("%s: %zu bytes: event %llu of half a generation", s->path, n,
				(unsigned long long)ev->n);
	}
	if (r)
		check_final(r, got);
	gt_reader_free(r);
	gt_close(t);
	free(copy);
}

static void
prefixes(const char *dir, const char *name, size_t step)
{
	struct sample_trace s;
	struct whole w;

	if (!load_sample(&s, dir, name))
		fail_msg("%s: can't be read", name);
	w = read_whole(&s);
	for (size_t n = 0; n < s.bytes.n; n += step)
		check_prefix(&s, &w, n);
	check_prefix(&s, &w, s.bytes.n);
	free(w.at);
	gt_buf_free(&s.bytes);
}

static void
test_prefixes(void **state)
{
	(void)state;
	prefixes("testdata/traces", "cgo-bound.trace", 1);
	prefixes("testdata/traces", "allocfree.trace", 13);
	prefixes("testdata/traces", "mixed-go1.22.trace", 41);
	prefixes("testdata/traces", "mixed-go1.23.trace", 43);
	prefixes("testdata/traces", "mixed-go1.25.trace", 47);
	prefixes("testdata/traces", "mixed.trace", 101);
	prefixes("testdata/tests", "cgo-callback.test", 1);
	prefixes("testdata/tests", "cpu-samples.test", 1);
	prefixes("testdata/tests", "coroutine-destroy.test", 1);
	prefixes("testdata/tests", "region-across-generations.test", 1);
}

/* --- copies --------------------------------------------------------------------------------------- */

/* Reads on to the end, comparing. */
static void
check_rest(const char *path, struct gt_reader *r, const struct whole *w, uint64_t most)
{
	const struct gt_event *ev;
	enum gt_got got = GT_EVENT;

	for (; most > 0 && (got = gt_read(r, &ev)) == GT_EVENT; most--)
		if (ev->n > w->n || event_hash(ev) != w->at[ev->n].event ||
			gt_state_hash(gt_reader_state(r)) != w->at[ev->n].state)
			fail_msg("%s: a copy's event %llu", path, (unsigned long long)ev->n);
	if (got != GT_EVENT) {
		assert_int_equal(got, w->end);
		assert_int_equal(gt_reader_pos(r), w->n);
		check_final(r, got);
	}
}

/* At every place a copy, which is read on for a while; now and then to the end, and a copy of the copy. */
static void
check_clones(const struct sample_trace *s, uint64_t *x)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none);
	struct gt_reader *r = gt_reader_new(t, &s->model);
	struct whole w = read_whole(s);
	const struct gt_event *ev = NULL;
	uint64_t often = w.n > 1000 ? 40 : w.n > 100 ? 7 : 1;

	do {
		struct gt_reader *copy, *second;

		if (rnd(x) % often && gt_reader_pos(r) < w.n)
			continue;
		copy = gt_reader_clone(r);
		check_rest(s->path, copy, &w, rnd(x) % 12);
		second = gt_reader_clone(copy);
		check_rest(s->path, copy, &w, rnd(x) % 8 ? 20 : UINT64_MAX);
		gt_reader_free(copy);
		check_rest(s->path, second, &w, 30);
		gt_reader_free(second);
		if (gt_reader_pos(r) > 0)
			assert_true(gt_state_hash(gt_reader_state(r)) == w.at[gt_reader_pos(r)].state);
	} while (gt_read(r, &ev) == GT_EVENT && event_hash(ev) == w.at[ev->n].event);
	assert_int_equal(gt_reader_pos(r), w.n);
	check_final(r, w.end);
	gt_reader_free(r);
	gt_close(t);
	free(w.at);
}

static void
test_clones(void **state)
{
	static const char *const dirs[] = { "testdata/tests", "testdata/traces", "testdata/bad" };
	uint64_t x = 77;

	(void)state;
	for (size_t d = 0; d < LEN(dirs); d++) {
		size_t n;
		struct sample_trace *v = load_samples(dirs[d], &n);

		assert_true(n >= 9);
		for (size_t i = 0; i < n; i++)
			check_clones(&v[i], &x);
		free_samples(v, n);
	}
}

/* --- the frontier ------------------------------------------------------------------------------------ */

enum { HEADS = 64 };

/* With little room come the earliest heads. */
static void
check_cut(struct gt_reader *r, const struct gt_head *head, size_t n)
{
	struct gt_head few[3] = { 0 };

	for (size_t cap = 0; cap <= 3; cap++) {
		assert_int_equal(gt_frontier(r, cap ? few : NULL, cap), n);
		for (size_t i = 0; i < cap && i < n; i++)
			assert_true(few[i].ev.m == head[i].ev.m && few[i].ev.time == head[i].ev.time &&
				few[i].ev.off == head[i].ev.off && few[i].answer == head[i].answer);
	}
}

/*
 * Looking changes nothing, not even in the midst of a wire event; the event that comes is of a head that may happen,
 * the earliest of all if that one may.
 */
static void
check_frontier(const struct sample_trace *s)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none);
	struct gt_reader *r = gt_reader_new(t, &s->model);
	struct whole w = read_whole(s);
	static struct gt_head head[HEADS];
	const struct gt_change *ch;
	const struct gt_event *ev;
	uint64_t changes;
	enum gt_got got;
	size_t n, i;

	gt_reader_log(r, true);
	do {
		ch = gt_reader_changes(r, &n);
		changes = changes_hash(ch, n);
		n = gt_frontier(r, head, HEADS);
		assert_true(n <= HEADS);
		ch = gt_reader_changes(r, &i);
		assert_true(changes_hash(ch, i) == changes);
		for (i = 1; i < n; i++)
			assert_true(head[i - 1].ev.time <= head[i].ev.time && head[i - 1].ev.m != head[i].ev.m);
		check_cut(r, head, n);
		got = gt_read(r, &ev);
		if (got != GT_EVENT)
			break;
		if (event_hash(ev) != w.at[ev->n].event || gt_state_hash(gt_reader_state(r)) != w.at[ev->n].state)
			fail_msg("%s: another event %llu", s->path, (unsigned long long)ev->n);
		if (ev->type == GT_EV_SyncPoint || ev->type == GT_EV_CPUSample || ev->part != 0 || n == 0)
			continue;
		for (i = 0; i < n && head[i].ev.off != ev->off; i++)
			;
		if (i < n && (head[i].answer != GT_YES || (i > 0 && head[0].answer == GT_YES &&
				head[0].ev.time < head[i].ev.time)))
			fail_msg("%s: event %llu was not to be expected", s->path, (unsigned long long)ev->n);
	} while (got == GT_EVENT);
	assert_int_equal(gt_reader_pos(r), w.n);
	assert_int_equal(got, w.end);
	gt_reader_free(r);
	gt_close(t);
	free(w.at);
}

static void
test_frontier(void **state)
{
	static const char *const dirs[] = { "testdata/tests", "testdata/traces", "testdata/bad" };

	(void)state;
	for (size_t d = 0; d < LEN(dirs); d++) {
		size_t n;
		struct sample_trace *v = load_samples(dirs[d], &n);

		for (size_t i = 0; i < n; i++)
			check_frontier(&v[i]);
		free_samples(v, n);
	}
}

/* Two Ms switch goroutines at once: between the parts of the one's switch the other is asked. */
static void
test_midst(void **state)
{
	static const char text[] =
		"Trace Go1.23\n"
		"EventBatch gen=1 m=0 time=10 size=27\n"
		"ProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=0 gstatus=2\n"
		"GoStatus dt=1 g=2 m=18446744073709551615 gstatus=4\n"
		"GoSwitch dt=1 g=2 g_seq=1\n"
		"EventBatch gen=1 m=1 time=10 size=27\n"
		"ProcStatus dt=1 p=1 pstatus=1\n"
		"GoStatus dt=1 g=3 m=1 gstatus=2\n"
		"GoStatus dt=1 g=4 m=18446744073709551615 gstatus=4\n"
		"GoSwitchDestroy dt=2 g=4 g_seq=1\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\n";
	struct gt_text_error where;
	struct sample_trace s = { .path = "test_midst" };

	(void)state;
	assert_true(gt_text_read(text, sizeof(text) - 1, &s.bytes, &where));
	assert_true(gt_model_get(&s.model, GT_MODEL_DEFAULT));
	check_frontier(&s);
	gt_buf_free(&s.bytes);
}

/* Tables that were taken outlive the reader. */
static void
test_tables(void **state)
{
	struct sample_trace s;
	struct gt_error none;
	struct gt_trace *t;
	struct gt_reader *r;
	const struct gt_event *ev;
	struct gt_gen *first = NULL;
	struct gt_gen_counts counts;
	struct gt_frame frame[GT_MAXFRAMES];
	struct gt_str str;
	uint64_t from, to;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	t = gt_open(s.bytes.p, s.bytes.n, &none);
	r = gt_reader_new(t, &s.model);
	while (gt_read(r, &ev) == GT_EVENT)
		if (!first && ev->gen)
			first = gt_gen_ref(ev->gen);
	gt_reader_free(r);
	gt_gen_counts(first, &counts);
	gt_gen_range(first, &from, &to);
	assert_true(from == 16 && to > from && to < s.bytes.n);
	assert_true(counts.strings > 10 && counts.stacks > 10 && counts.ms > 1 && counts.batches >= counts.ms);
	assert_true(gt_gen_string(first, 0, &str) && str.n == 0);
	assert_true(gt_gen_string(first, 1, &str) && str.n > 0);
	assert_false(gt_gen_string(first, UINT64_MAX, &str));
	assert_int_equal(str.n, 0);
	assert_int_equal(gt_gen_stack(first, 0, frame), 0);
	assert_true(gt_gen_stack(first, 1, frame) > 0 && frame[0].func.n > 0 && frame[0].pc > 0);
	assert_int_equal(gt_gen_stack(first, UINT64_MAX, frame), -1);
	assert_true(gt_gen_tick(first) > 0);
	gt_gen_unref(first);
	gt_gen_unref(NULL);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

/* Strings are those of arguments that are strings; all others are empty. */
static void
test_strings(void **state)
{
	struct sample_trace s;
	struct gt_error none;
	struct gt_trace *t;
	struct gt_reader *r;
	const struct gt_event *ev;
	unsigned strings = 0;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	t = gt_open(s.bytes.p, s.bytes.n, &none);
	r = gt_reader_new(t, &s.model);
	while (gt_read(r, &ev) == GT_EVENT)
		for (unsigned i = 0; i <= GT_MAXARGS; i++) {
			const struct gt_spec *spec = gt_spec(ev->type);
			struct gt_str str = gt_event_string(ev, i);

			strings += str.n > 0;
			if (str.n > 0 && (i >= spec->nargs || spec->arg[i].type != GT_ARG_STRING))
				fail_msg("%s: argument %u is no string", spec->name, i);
		}
	assert_true(strings > 100);
	gt_reader_free(r);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

/* The newest range takes the place of one that ends: with all that it is. */
static void
test_ranges(void **state)
{
	static const char text[] = "Trace Go1.22\n"
		"EventBatch gen=1 m=0 time=10 size=26\n"
		"ProcStatus dt=1 p=0 pstatus=1\nGoStatus dt=1 g=1 m=0 gstatus=2\n"
		"STWBegin dt=1 kind_string=1 stack=0\nGCMarkAssistBegin dt=1 stack=0\nSTWEnd dt=4\n"
		"GCMarkAssistEnd dt=3\nGCMarkAssistBegin dt=1 stack=0\nGCMarkAssistBegin dt=1 stack=0\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\nFrequency freq=1000000000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=5\nStrings\nString id=1\ndata=\"a\"\n";
	static const struct {
		size_t n;
		uint8_t types[2];
	} open[] = { { 0, { 0, 0 } }, { 0, { 0, 0 } }, { 0, { 0, 0 } }, { 1, { GT_EV_STWBegin, 0 } },
		{ 2, { GT_EV_STWBegin, GT_EV_GCMarkAssistBegin } }, { 1, { GT_EV_GCMarkAssistBegin, 0 } }, { 0, { 0, 0 } },
		{ 1, { GT_EV_GCMarkAssistBegin, 0 } } };
	struct gt_buf b = { NULL, 0, 0 };
	struct gt_text_error where;
	struct gt_error none;
	struct gt_model model;
	struct gt_trace *t;
	struct gt_reader *r;
	const struct gt_event *ev;
	struct gt_range range;
	int64_t ns;

	(void)state;
	assert_true(gt_text_read(text, sizeof(text) - 1, &b, &where));
	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT));
	t = gt_open(b.p, b.n, &none);
	r = gt_reader_new(t, &model);
	for (size_t i = 0; i < LEN(open); i++) {
		uint8_t types[2] = { 0, 0 };

		assert_int_equal(gt_read(r, &ev), GT_EVENT);
		assert_int_equal(gt_ranges(gt_reader_state(r), GT_G, 1, types, 2), open[i].n);
		assert_memory_equal(types, open[i].types, 2);
		/* With little room come the oldest. */
		types[1] = 99;
		assert_int_equal(gt_ranges(gt_reader_state(r), GT_G, 1, types, 1), open[i].n);
		assert_true(types[0] == open[i].types[0] && types[1] == 99);
		if (ev->type == GT_EV_STWEnd)
			assert_true(gt_event_range(ev, &range) && range.scope == GT_G && range.id == 1 && range.reason.n == 1);
		assert_int_equal(gt_event_lasted(ev, 0, &ns), ev->type == GT_EV_STWEnd || ev->type == GT_EV_GCMarkAssistEnd);
		if (gt_event_ends(ev))
			assert_int_equal(ns, ev->type == GT_EV_STWEnd ? 5 : 7);
	}
	assert_int_equal(gt_read(r, &ev), GT_BROKEN);
	assert_int_equal(gt_reader_error(r)->why.code, GT_E_RANGE_TWICE);
	gt_reader_free(r);
	gt_close(t);
	gt_buf_free(&b);
}

/* --- events that nobody wants to have --------------------------------------------------- */

/* Whether they are given out or passed over: the same ones, and the same end. */
static void
passes_over(const uint8_t *p, size_t n)
{
	struct gt_error err;
	struct gt_model model;
	struct gt_trace *t = gt_open(p, n, &err);
	struct gt_reader *given, *passed;
	const struct gt_event *ev;

	if (!t)
		return;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	given = gt_reader_new(t, &model);
	passed = gt_reader_new(t, &model);
	while (gt_read(given, &ev) == GT_EVENT)
		;
	while (gt_skip(passed, 100000) == GT_EVENT)
		;
	assert_int_equal(gt_reader_pos(given), gt_reader_pos(passed));
	assert_int_equal(gt_reader_error(given) == NULL, gt_reader_error(passed) == NULL);
	if (gt_reader_error(given))
		assert_string_equal(gt_reader_error(given)->text, gt_reader_error(passed)->text);
	gt_reader_free(given);
	gt_reader_free(passed);
	gt_close(t);
}

/* What comes next on each M is the same, its time and place too, wherever one stops to look. */
static void
stops_alike(const uint8_t *p, size_t n)
{
	enum { MS = 32 };
	static struct gt_head a[MS], b[MS];
	struct gt_error err;
	struct gt_model model;
	struct gt_trace *t = gt_open(p, n, &err);
	struct gt_reader *given, *passed;
	enum gt_got got = GT_EVENT;
	const struct gt_event *ev;

	assert_non_null(t);
	gt_model_get(&model, GT_MODEL_DEFAULT);
	given = gt_reader_new(t, &model);
	passed = gt_reader_new(t, &model);
	for (unsigned k = 1; got == GT_EVENT; k = k % 37 + 1) {
		size_t ms;

		for (unsigned i = 0; i < k && got == GT_EVENT; i++)
			got = gt_read(given, &ev);
		assert_int_equal(gt_skip(passed, k), got);
		assert_int_equal(gt_reader_pos(given), gt_reader_pos(passed));
		ms = gt_frontier(given, a, MS);
		assert_true(ms <= MS);
		assert_int_equal(gt_frontier(passed, b, MS), ms);
		for (size_t i = 0; i < ms; i++) {
			const struct gt_event *x = &a[i].ev, *y = &b[i].ev;

			assert_true(x->type == y->type && x->time == y->time && x->clock == y->clock && x->m == y->m);
			assert_true(x->off == y->off && x->len == y->len && x->batch == y->batch && x->index == y->index);
			assert_memory_equal(x->arg, y->arg, gt_spec(x->type)->nargs * sizeof(x->arg[0]));
			assert_int_equal(a[i].answer, b[i].answer);
		}
	}
	gt_reader_free(given);
	gt_reader_free(passed);
	gt_close(t);
}

static void
test_passed_over(void **state)
{
	static const char *const files[] = { "mixed", "mixed-go1.22", "cgo-callbacks" };
	uint32_t x = 7;

	(void)state;
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
		struct gt_buf b = { 0 };
		char path[64];

		snprintf(path, sizeof(path), "testdata/traces/%s.trace", files[f]);
		assert_true(read_file(path, &b));
		passes_over(b.p, b.n);
		stops_alike(b.p, b.n);
		for (int i = 0; i < 400; i++) {
			size_t at = 16 + (x = x * 1664525 + 1013904223) / 7 % (b.n - 16);
			uint8_t was = b.p[at];

			/* A bit, or another type where this is one. */
			b.p[at] = i % 2 ? (uint8_t)(was ^ 1 << x % 7) : (uint8_t)(GT_EV_GoStart + x % 9);
			passes_over(b.p, b.n);
			b.p[at] = was;
		}
		/* Goroutines that do not stop when they should: the next one can't start there. */
		for (size_t at = 16; at < b.n; at++) {
			if (b.p[at] != GT_EV_GoBlock || at % 5)
				continue;
			b.p[at] = GT_EV_STWBegin;
			passes_over(b.p, b.n);
			b.p[at] = GT_EV_GoBlock;
		}
		gt_buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_all_codes),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_require),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_clones),
		cmocka_unit_test(test_frontier),
		cmocka_unit_test(test_midst),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_passed_over),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
