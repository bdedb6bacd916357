/* SPDX-License-Identifier: MIT */
/* Edits: what is made of them is what they say, and nothing else changes. */
#include "edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "Trace Go1.22\n"
			   "EventBatch gen=1 m=0 time=5 size=25\n"
			   "ProcStatus dt=1 p=0 pstatus=1\n"
			   "GoStatus dt=2 g=1 m=0 gstatus=2\n"
			   "GoCreate dt=3 new_g=300 new_stack=0 stack=0\n"
			   "GoCreate dt=400 new_g=3 new_stack=0 stack=0\n"
			   "GoStop dt=5 reason_string=0 stack=0\n"
			   "EventBatch gen=1 m=18446744073709551615 time=0 size=5\n"
			   "Frequency freq=15625000\n"
			   "EventBatch gen=1 m=18446744073709551615 time=0 size=1\n"
			   "Stacks\n"
			   "EventBatch gen=1 m=18446744073709551615 time=0 size=1\n"
			   "Strings\n";
enum { EVENTS = 5 };

static struct gt_trace *
opened(struct gt_buf *bytes)
{
	struct gt_text_error wrong;
	struct gt_error err;
	struct gt_trace *t;

	memset(bytes, 0, sizeof(*bytes));
	if (!gt_text_read(text, strlen(text), bytes, &wrong))
		fail_msg("%u:%u: %s", wrong.line, wrong.col, wrong.text);
	t = gt_open(bytes->p, bytes->n, &err);
	assert_non_null(t);
	return t;
}

/* What becomes of the trace; frees the change. */
static struct gt_buf
made(const struct gt_trace *t, struct gt_splice *s)
{
	size_t n;
	const uint8_t *p = gt_bytes(t, &n);
	struct gt_buf b = { malloc(n + s->ins.n), 0, 0 };

	assert_non_null(b.p);
	assert_true(s->off <= n && s->del <= n - s->off);
	memcpy(b.p, p, s->off);
	if (s->ins.n)
		memcpy(b.p + s->off, s->ins.p, s->ins.n);
	memcpy(b.p + s->off + s->ins.n, p + s->off + s->del, n - s->off - s->del);
	b.n = n - s->del + s->ins.n;
	gt_buf_free(&s->ins);
	return b;
}

static void
is_same(const struct gt_trace *t, const struct gt_buf *b)
{
	size_t n;
	const uint8_t *p = gt_bytes(t, &n);

	assert_int_equal(b->n, n);
	assert_memory_equal(b->p, p, n);
}

static struct gt_wire
event(const struct gt_trace *t, uint64_t i)
{
	struct gt_wire w;
	const char *why = "";

	if (!gt_wire_at(t, 0, i, &w, &why))
		fail_msg("event %u: %s", (unsigned)i, why);
	assert_int_equal(w.index, i);
	return w;
}

static void
finds_events(void **state)
{
	static const char *const lines[EVENTS] = { "ProcStatus dt=1 p=0 pstatus=1", "GoStatus dt=2 g=1 m=0 gstatus=2",
		"GoCreate dt=3 new_g=300 new_stack=0 stack=0", "GoCreate dt=400 new_g=3 new_stack=0 stack=0",
		"GoStop dt=5 reason_string=0 stack=0" };
	struct gt_buf bytes;
	struct gt_trace *t = opened(&bytes);
	const char *why = NULL;
	struct gt_wire w, v;
	char line[120];

	(void)state;
	for (unsigned i = 0; i < EVENTS; i++) {
		w = event(t, i);
		assert_int_equal(gt_wire_print(&w, line, sizeof(line)), strlen(lines[i]));
		assert_string_equal(line, lines[i]);
		assert_true(gt_wire_find(t, w.off, &v, &why));
		assert_int_equal(v.index, i);
		assert_int_equal(v.batch, 0);
		/* Inside of an event none begins. */
		assert_false(gt_wire_find(t, w.off + 1, &v, &why));
	}
	assert_false(gt_wire_at(t, 0, EVENTS, &w, &why));
	assert_false(gt_wire_at(t, 1, 0, &w, &why)); /* a frequency is no event of an M */
	assert_false(gt_wire_at(t, 4, 0, &w, &why));
	assert_false(gt_wire_at(t, UINT64_MAX, UINT64_MAX, &w, &why));
	assert_false(gt_wire_find(t, 3, &w, &why));
	assert_false(gt_wire_find(t, bytes.n, &w, &why));
	gt_close(t);
	gt_buf_free(&bytes);
}

static void
there_and_back(void **state)
{
	struct gt_buf bytes;
	struct gt_trace *t = opened(&bytes);
	const char *why = NULL;
	struct gt_splice s;

	(void)state;
	for (unsigned i = 0; i < EVENTS; i++) {
		struct gt_wire w = event(t, i), next;
		struct gt_buf b, changed;
		struct gt_error err;
		struct gt_trace *u;

		assert_true(gt_edit_replace(t, &w, &w, &s, &why));
		b = made(t, &s);
		is_same(t, &b);
		gt_buf_free(&b);
		assert_true(gt_edit_drop(t, &w, &s, &why));
		b = made(t, &s);
		assert_int_equal(b.n, bytes.n - w.len);
		u = gt_open(b.p, b.n, &err);
		assert_non_null(u);
		assert_int_equal(gt_wire_at(u, 0, EVENTS - 1, &next, &why), false);
		if (i + 1 < EVENTS) {
			struct gt_buf c;

			next = event(u, i);
			assert_true(gt_edit_insert(u, &next, &w, &s, &why));
			c = made(u, &s);
			is_same(t, &c);
			gt_buf_free(&c);
		}
		/* What makes one of the other. */
		assert_true(gt_edit_between(t, b.p, b.n, &s));
		changed = made(t, &s);
		is_same(u, &changed);
		gt_buf_free(&changed);
		gt_close(u);
		gt_buf_free(&b);
	}
	gt_close(t);
	gt_buf_free(&bytes);
}

/* Events that follow keep their time, or not. */
static void
times(void **state)
{
	struct gt_buf bytes, b;
	struct gt_trace *t = opened(&bytes), *u;
	struct gt_wire w = event(t, 2);
	const char *why = NULL;
	struct gt_splice s;
	struct gt_error err;

	(void)state;
	assert_true(gt_edit_skip(t, &w, &s, &why));
	b = made(t, &s);
	u = gt_open(b.p, b.n, &err);
	assert_int_equal(event(u, 2).arg[0], 403);
	assert_int_equal(event(u, 2).arg[1], 3);
	gt_close(u);
	gt_buf_free(&b);
	assert_true(gt_edit_drop(t, &w, &s, &why));
	b = made(t, &s);
	u = gt_open(b.p, b.n, &err);
	assert_int_equal(event(u, 2).arg[0], 400);
	gt_close(u);
	gt_buf_free(&b);
	w = event(t, EVENTS - 1);
	assert_true(gt_edit_skip(t, &w, &s, &why));
	b = made(t, &s);
	assert_int_equal(b.n, bytes.n - w.len);
	gt_buf_free(&b);
	assert_true(gt_edit_drop_batch(t, 2, &s, &why));
	b = made(t, &s);
	u = gt_open(b.p, b.n, &err);
	assert_int_equal(event(u, 0).type, GT_EV_ProcStatus);
	assert_false(gt_edit_drop_batch(u, 3, &s, &why));
	gt_close(u);
	gt_buf_free(&b);
	gt_close(t);
	gt_buf_free(&bytes);
}

/* A batch is at most so large. */
static void
grows_to_its_end(void **state)
{
	struct gt_buf bytes;
	struct gt_trace *t = opened(&bytes);
	struct gt_buf now = { 0 };
	const char *why = "";
	struct gt_error err;
	unsigned n = 0;

	(void)state;
	for (;; n++) {
		struct gt_wire w = event(t, 0), ev = event(t, 0);
		struct gt_splice s;
		struct gt_trace *u;
		struct gt_buf b;

		ev.arg[0] = UINT64_MAX; /* ten bytes */
		ev.arg[1] = UINT64_MAX;
		ev.arg[2] = UINT64_MAX;
		if (!gt_edit_insert(t, &w, &ev, &s, &why))
			break;
		b = made(t, &s);
		u = gt_open(b.p, b.n, &err);
		assert_non_null(u);
		gt_close(t);
		gt_buf_free(&now);
		t = u;
		now = b;
	}
	assert_non_null(strstr(why, "65,536"));
	assert_in_range(n, 65536 / 31 - 3, 65536 / 31);
	gt_close(t);
	gt_buf_free(&now);
	gt_buf_free(&bytes);
}

static void
reads_lines(void **state)
{
	static const struct {
		const char *line;
		unsigned col; /* of the mistake; 0: none */
		const char *is;
	} t[] = {
		{ "GoStart dt=3 g=4 g_seq=1", 0, "GoStart dt=3 g=4 g_seq=1" },
		{ "GoStart g=4 g_seq=1", 0, "GoStart dt=0 g=4 g_seq=1" },
		{ "ProcStop", 0, "ProcStop dt=0" },
		{ "GoStart  g=4 g_seq=18446744073709551615", 0, "GoStart dt=0 g=4 g_seq=18446744073709551615" },
		{ "GoStart g=x g_seq=1", 11, NULL },
		{ "GoStart dt=0 g=x g_seq=1", 16, NULL },
		{ "GoStrat g=4 g_seq=1", 1, NULL },
		{ "GoStart g=4", 12, NULL },
		{ "GoStart", 8, NULL },
		{ "", 1, NULL },
		{ "# nothing", 1, NULL },
		{ "Frequency freq=3", 1, NULL },
		{ "EventBatch gen=1 m=2 time=3 size=4", 1, NULL },
		{ "Strings", 1, NULL },
		{ "ProcStop\nProcStop", 1, NULL },
	};
	struct gt_buf bytes;
	struct gt_trace *trace = opened(&bytes);

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct gt_text_error err = { 0 };
		struct gt_wire w;
		char line[160];

		if (gt_wire_text(trace, t[i].line, strlen(t[i].line), &w, &err) != (t[i].col == 0))
			fail_msg("row %zu, %s: %u: %s", i, t[i].line, err.col, err.text);
		if (t[i].col) {
			if (!err.text[0] || err.col != t[i].col)
				fail_msg("row %zu, %s: %u: %s", i, t[i].line, err.col, err.text);
			continue;
		}
		gt_wire_print(&w, line, sizeof(line));
		assert_string_equal(line, t[i].is);
	}
	gt_close(trace);
	gt_buf_free(&bytes);
}

/* Whatever the bytes are: an event is found or not, and editing it gives a trace or not. */
static void
any_bytes(void **state)
{
	struct gt_buf bytes;
	uint32_t seed = 7;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		struct gt_trace *t = opened(&bytes);
		const char *why = "";
		struct gt_splice s = { .off = 0 };
		struct gt_wire w;

		for (unsigned k = 0; k < 3; k++) {
			seed = seed * 1664525 + 1013904223;
			bytes.p[16 + (seed >> 8) % (bytes.n - 16)] = (uint8_t)(seed >> 24);
		}
		for (uint64_t b = 0; b < 4; b++)
			for (uint64_t e = 0; e < 6; e++) {
				if (!gt_wire_at(t, b, e, &w, &why))
					continue;
				assert_true(w.off + w.len <= bytes.n);
				for (int skip = 0; skip < 2; skip++)
					if ((skip ? gt_edit_skip : gt_edit_drop)(t, &w, &s, &why)) {
						struct gt_buf made_of = made(t, &s);

						gt_buf_free(&made_of);
					}
			}
		gt_close(t);
		gt_buf_free(&bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_events),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(times),
		cmocka_unit_test(grows_to_its_end),
		cmocka_unit_test(reads_lines),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
