/* SPDX-License-Identifier: MIT */
/*
 * Moving both ways against reading forwards: wherever a walk leads, event, changes and states are those of a plain
 * reader there. step_dense_test.c runs the same with a checkpoint every few events.
 */
#include "gotrace.h"

#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#ifdef NAV_INTERVAL
enum { DENSE = 1 };
#else
enum { DENSE = 0 };
#endif

struct place {
	uint64_t event, changes, state;
};

/* A trace read once, forwards. */
struct plain {
	const char *path;
	struct gt_trace *t;
	struct gt_model model;
	struct place *at; /* 0: before the first event */
	uint64_t n;
	enum gt_got end;
	enum gt_code why;
};

static struct plain
read_plain(struct gt_trace *t, const struct gt_model *model, const char *path, size_t room)
{
	struct plain x = { .path = path, .t = t, .model = *model, .at = calloc(room, sizeof(*x.at)) };
	struct gt_reader *r = gt_reader_new(t, model);
	const struct gt_event *ev;
	const struct gt_change *ch;
	size_t nch;

	gt_reader_log(r, true);
	x.at[0].state = gt_state_hash(gt_reader_state(r));
	while ((x.end = gt_read(r, &ev)) == GT_EVENT) {
		assert_true(++x.n < room);
		ch = gt_reader_changes(r, &nch);
		x.at[x.n] = (struct place){ event_hash(ev), changes_hash(ch, nch), gt_state_hash(gt_reader_state(r)) };
	}
	if (x.end == GT_BROKEN)
		x.why = gt_reader_error(r)->why.code;
	gt_reader_free(r);
	return x;
}

/* All that the navigator says of the place it is at. */
static void
check_here(const struct plain *x, struct gt_nav *v)
{
	uint64_t pos = gt_nav_pos(v);
	const struct gt_event *ev = gt_nav_event(v);
	const struct gt_change *ch;
	size_t nch;

	if (pos > x->n || gt_state_hash(gt_nav_state(v)) != x->at[pos].state)
		fail_msg("%s: other states at %llu", x->path, (unsigned long long)pos);
	ch = gt_nav_changes(v, &nch);
	if (pos == 0) {
		assert_null(ev);
		assert_int_equal(nch, 0);
		return;
	}
	if (!ev || ev->n != pos || event_hash(ev) != x->at[pos].event)
		fail_msg("%s: another event at %llu", x->path, (unsigned long long)pos);
	if (changes_hash(ch, nch) != x->at[pos].changes)
		fail_msg("%s: other changes at %llu", x->path, (unsigned long long)pos);
}

static void
check_end(const struct plain *x, const struct gt_nav *v)
{
	const struct gt_error *err;
	bool all;
	uint64_t known = gt_nav_known(v, &all);

	assert_true(known <= x->n && known >= gt_nav_pos(v));
	if (!all) {
		assert_int_equal(gt_nav_end(v, &err), GT_EVENT);
		return;
	}
	assert_int_equal(known, x->n);
	assert_int_equal(gt_nav_end(v, &err), x->end);
	assert_int_equal(err ? err->why.code : GT_OK, x->why);
	assert_true(!err || (err->text && err->text[0]));
}

/* --- a walk ----------------------------------------------------------------------------------- */

struct each {
	const struct plain *x;
	uint64_t next, stop; /* stop: after that event */
};

static bool
on_each(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct each *e = arg;
	const struct place *p = &e->x->at[e->next];

	if (ev->n != e->next || event_hash(ev) != p->event || changes_hash(ch, nch) != p->changes)
		fail_msg("%s: another event %llu of each", e->x->path, (unsigned long long)e->next);
	if ((DENSE || e->next % 16 == 0) && gt_state_hash(after) != p->state)
		fail_msg("%s: other states at %llu of each", e->x->path, (unsigned long long)e->next);
	return e->next++ != e->stop;
}

static void
walk_each(const struct plain *x, struct gt_nav *v, uint64_t from, uint64_t count, uint64_t stop)
{
	struct each e = { x, from ? from : 1, stop };
	uint64_t pos = gt_nav_pos(v), left = from > x->n ? 0 : x->n - e.next + 1;
	uint64_t want = count < left ? count : left;

	if (stop >= e.next && stop - e.next + 1 < want)
		want = stop - e.next + 1;
	assert_int_equal(gt_nav_each(v, from, count, on_each, &e), want);
	assert_int_equal(gt_nav_pos(v), pos);
}

static bool
now_and_then(void *arg)
{
	return rnd(arg) % 3 == 0;
}

static void
one_move(const struct plain *x, struct gt_nav *v, uint64_t *r)
{
	uint64_t pos = gt_nav_pos(v), to = rnd(r) % (x->n + 3), got;
	double done = -1;

	switch (rnd(r) % 12) {
	case 0:
	case 1:
	case 2:
		assert_int_equal(gt_nav_seek(v, to, NULL, NULL), to < x->n ? to : x->n);
		break;
	case 3: /* near */
		to = pos + rnd(r) % 9 > 4 ? pos + rnd(r) % 9 - 4 : 0;
		assert_int_equal(gt_nav_seek(v, to, NULL, NULL), to < x->n ? to : x->n);
		break;
	case 4:
	case 5:
		gt_nav_seek(v, pos ? pos - 1 : 0, NULL, NULL);
		assert_int_equal(gt_nav_pos(v), pos ? pos - 1 : 0);
		break;
	case 6:
	case 7:
		gt_nav_seek(v, pos + 1, NULL, NULL);
		assert_int_equal(gt_nav_pos(v), pos < x->n ? pos + 1 : pos);
		break;
	case 8: /* interrupted somewhere on the way */
		got = gt_nav_seek(v, to, now_and_then, r);
		assert_true(got == gt_nav_pos(v) && got <= (to < x->n ? to : x->n));
		break;
	case 9:
		walk_each(x, v, to, rnd(r) % 50, rnd(r) % 2 ? 0 : to + rnd(r) % 50);
		break;
	case 10:
		gt_nav_index(v, rnd(r) % (x->n + 1), &done, NULL);
		assert_true(done >= 0 && done <= 1);
		break;
	default:
		if (rnd(r) % 8 == 0)
			assert_true(gt_nav_set_model(v, &x->model));
		break;
	}
}

static void
walk(const struct plain *x, size_t budget, unsigned moves, uint64_t *r)
{
	struct gt_nav *v = gt_nav_new(x->t, &x->model, budget);

	assert_non_null(v);
	check_here(x, v);
	for (unsigned i = 0; i < moves; i++) {
		one_move(x, v, r);
		check_here(x, v);
		check_end(x, v);
	}
	gt_nav_free(v);
}

/* With and without room for checkpoints; make walk sets WALK, to walk so many times as far. */
static void
check_trace(const struct plain *x, uint64_t *r)
{
	static const size_t budgets[] = { 0, 100000, 2000000, SIZE_MAX };
	const char *often = getenv("WALK");
	unsigned moves = (x->n > 500 ? 60 : 30) * (often ? (unsigned)atoi(often) : 1);

	for (size_t i = 0; i < LEN(budgets); i++)
		walk(x, budgets[i], moves, r);
}

/* To the end and beyond, from there to the start; nothing before the start. */
static void
check_edges(const struct plain *x)
{
	struct gt_nav *v = gt_nav_new(x->t, &x->model, 1 << 20);
	struct each e = { x, x->n + 1, 0 };
	double done;

	assert_int_equal(gt_nav_seek(v, UINT64_MAX, NULL, NULL), x->n);
	check_here(x, v);
	check_end(x, v);
	assert_int_equal(gt_nav_seek(v, x->n + 1, NULL, NULL), x->n);
	check_here(x, v);
	while (gt_nav_index(v, x->n / 3 + 10, &done, NULL))
		assert_true(done >= 0 && done <= 1);
	assert_true(done == 1);
	assert_false(gt_nav_index(v, 10, &done, NULL));
	assert_int_equal(gt_nav_each(v, x->n + 1, 5, on_each, &e), 0);
	assert_int_equal(gt_nav_each(v, UINT64_MAX, 5, on_each, &e), 0);
	assert_int_equal(gt_nav_seek(v, 0, NULL, NULL), 0);
	check_here(x, v);
	walk_each(x, v, 0, x->n + 5, 0);
	walk_each(x, v, 0, 0, 0);
	check_here(x, v);
	gt_nav_free(v);
}

/* Indexed in slices, the cursor stays. Each event is there then without its having been gone to. */
static void
check_index(const struct plain *x)
{
	struct gt_nav *v = gt_nav_new(x->t, &x->model, 1 << 20);
	uint64_t at = x->n / 3, last = 0;
	double done = 0, before = 0;
	bool all;

	gt_nav_seek(v, at, NULL, NULL);
	while (gt_nav_index(v, 100, &done, NULL)) {
		assert_true(gt_nav_known(v, &all) >= last && gt_nav_known(v, &all) >= at);
		last = gt_nav_known(v, &all);
		assert_true(done >= 0 && done <= 1);
		before = done > before ? done : before;
		check_here(x, v);
	}
	assert_true(done == 1);
	gt_nav_known(v, &all);
	assert_true(all);
	check_end(x, v);
	check_here(x, v);
	assert_int_equal(gt_nav_pos(v), at);
	gt_nav_free(v);
}

static void
on_all(const char *dir, void (*check)(const struct plain *x, uint64_t *r))
{
	size_t n;
	struct sample_trace *s = load_samples(dir, &n);
	uint64_t r = 4711;

	assert_true(n >= 9);
	for (size_t i = 0; i < n; i++) {
		struct gt_error none;
		struct gt_trace *t = gt_open(s[i].bytes.p, s[i].bytes.n, &none);
		struct plain x = read_plain(t, &s[i].model, s[i].path, 20000);

		check(&x, &r);
		check_edges(&x);
		check_index(&x);
		free(x.at);
		gt_close(t);
	}
	free_samples(s, n);
}

static void
test_traces(void **state)
{
	(void)state;
	on_all("testdata/traces", check_trace);
}

static void
test_broken(void **state)
{
	(void)state;
	on_all("testdata/bad", check_trace);
}

static void
test_small(void **state)
{
	(void)state;
	on_all("testdata/tests", check_trace);
}

/* --- a long trace ---------------------------------------------------------------------------------- */

static void
put_event(struct gt_buf *b, enum gt_type type, uint64_t dt, size_t n, const uint64_t *arg)
{
	assert_true(gt_buf_byte(b, (uint8_t)type) && gt_buf_varint(b, dt));
	for (size_t i = 0; i < n; i++)
		assert_true(gt_buf_varint(b, arg[i]));
}
#define EVENT(b, type, dt, ...)                                                                                        \
	put_event(b, GT_EV_##type, dt, sizeof((uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t),                         \
		(uint64_t[]){ __VA_ARGS__ })

static void
put_batch(struct gt_buf *out, uint64_t m, uint64_t time, struct gt_buf *data)
{
	assert_true(gt_buf_byte(out, GT_EV_EventBatch) && gt_buf_varint(out, 1) && gt_buf_varint(out, m) &&
		gt_buf_varint(out, time) && gt_buf_varint(out, data->n) && gt_buf_put(out, data->p, data->n));
	data->n = 0;
}

/* One M starts and stops one goroutine over and over, and makes and ends others: so many rounds of six events. */
static struct gt_buf
long_trace(unsigned rounds)
{
	struct gt_buf out = { NULL, 0, 0 }, data = { NULL, 0, 0 };
	uint64_t time = 1, next = 1;

	assert_true(gt_buf_put(&out, "go 1.22 trace\0\0\0", 16));
	assert_true(gt_buf_byte(&data, GT_EV_Frequency) && gt_buf_varint(&data, 1000000000));
	put_batch(&out, UINT64_MAX, 1, &data);
	EVENT(&data, ProcStatus, 1, 0, GT_P_RUNNING);
	EVENT(&data, GoStatus, 1, 1, UINT64_MAX, GT_G_RUNNABLE);
	for (unsigned i = 0; i < rounds; i++) {
		EVENT(&data, GoStart, 1, 1, i + 1);
		EVENT(&data, GoCreate, 1, 2 + i, 0, 0);
		EVENT(&data, GoStop, 1, 0, 0);
		EVENT(&data, GoStart, 1, 2 + i, 1);
		EVENT(&data, HeapAlloc, 1, i);
		put_event(&data, GT_EV_GoDestroy, 1, 0, NULL);
		if (data.n > 60000 || i + 1 == rounds) {
			put_batch(&out, 0, time, &data);
			time = next += 6ull * (i + 1);
		}
	}
	gt_buf_free(&data);
	return out;
}

/* Budgets so small that checkpoints are thinned out many times, and a walk all over the trace. */
static void
test_long(void **state)
{
	static const size_t budgets[] = { 0, 30000, 300000, SIZE_MAX };
	struct gt_buf b = long_trace(DENSE ? 2000 : 33000);
	struct gt_error none;
	struct gt_trace *t = gt_open(b.p, b.n, &none);
	struct gt_model model;
	struct plain x;
	uint64_t r = 99;

	(void)state;
	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT));
	x = read_plain(t, &model, "a long trace", 200000);
	assert_int_equal(x.end, GT_END);
	assert_int_equal(x.n, 2 + 2 + 6 * (DENSE ? 2000 : 33000));
	for (size_t i = 0; i < LEN(budgets); i++)
		walk(&x, budgets[i], 60, &r);
	check_edges(&x);
	check_index(&x);
	free(x.at);
	gt_close(t);
	gt_buf_free(&b);
}

static bool
at_once(void *arg)
{
	++*(unsigned *)arg;
	return true;
}

static bool
never(void *arg)
{
	++*(unsigned *)arg;
	return false;
}

/* An interrupted journey ends at a place as good as any other, and can be taken up again. */
static void
test_stop(void **state)
{
	struct gt_buf b = long_trace(6000);
	struct gt_error none;
	struct gt_trace *t = gt_open(b.p, b.n, &none);
	struct gt_model model;
	struct gt_nav *v;
	struct plain x;
	unsigned asked = 0;
	uint64_t pos, hops = 0;

	(void)state;
	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT));
	x = read_plain(t, &model, "a long trace", 50000);
	v = gt_nav_new(t, &model, 1 << 20);
	pos = gt_nav_seek(v, x.n, at_once, &asked);
	assert_true(asked == 1 && pos > 0 && pos < x.n);
	check_here(&x, v);
	for (; gt_nav_pos(v) < x.n; hops++) {
		pos = gt_nav_pos(v);
		gt_nav_seek(v, x.n, at_once, &asked);
		assert_true(gt_nav_pos(v) > pos);
		check_here(&x, v);
	}
	assert_true(hops >= 2);
	gt_nav_free(v);
	v = gt_nav_new(t, &model, 1 << 20);
	asked = 0;
	assert_int_equal(gt_nav_seek(v, x.n, never, &asked), x.n);
	assert_true(asked >= 2);
	check_here(&x, v);
	gt_nav_free(v);
	free(x.at);
	gt_close(t);
	gt_buf_free(&b);
}

/* --- models ------------------------------------------------------------------------------------------ */

/* One trace, three verdicts: changing the model keeps the place, or goes as far as the new rules allow. */
static void
test_models(void **state)
{
	static const char *const names[] = { "current", "go1.22-strict", "go1.22-tolerant", "go1.22-strict",
		"current" };
	struct sample_trace s;
	struct gt_error none;
	struct gt_trace *t;
	struct gt_model model;
	struct gt_nav *v;
	uint64_t want = UINT64_MAX;

	(void)state;
	assert_true(load_sample(&s, "testdata/tests", "create-syscall-with-p-tolerant.test"));
	t = gt_open(s.bytes.p, s.bytes.n, &none);
	assert_true(gt_model_get(&model, "go1.22-tolerant"));
	v = gt_nav_new(t, &model, 1 << 20);
	gt_nav_seek(v, UINT64_MAX, NULL, NULL);
	for (size_t i = 0; i < LEN(names); i++) {
		struct plain x;

		assert_true(gt_model_get(&model, names[i]));
		x = read_plain(t, &model, names[i], 100);
		want = gt_nav_pos(v) < x.n ? gt_nav_pos(v) : x.n;
		assert_true(gt_nav_set_model(v, &model));
		assert_string_equal(gt_nav_model(v)->name, names[i]);
		assert_int_equal(gt_nav_pos(v), want);
		check_here(&x, v);
		check_end(&x, v);
		free(x.at);
	}
	assert_int_equal(want, 8); /* strict is the strictest */
	gt_nav_free(v);
	gt_nav_free(NULL);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_traces),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_models),
	};

	return cmocka_run_group_tests_name("step", tests, NULL, NULL);
}
