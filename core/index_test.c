/* SPDX-License-Identifier: MIT */
/*
 * The index against reading plainly: generations, blocks, starting in the middle; a thread that indexes while another
 * walks. Blocks and intervals are small here, so that small traces have many.
 */
#define NAV_INTERVAL 64
#define NAV_ASK 32
#define NAV_GAP 16
#define NAV_BLOCK 50
#include "step.c"

#include "buf.h"
#include "testing.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* A trace and its events, read plainly. */
struct plain {
	const struct sample_trace *s;
	struct gt_trace *t;
	struct gt_event *ev; /* from 1; gen is not counted */
	uint64_t *state, *event; /* hashes */
	uint64_t n;
	enum gt_got end;
};

static void
read_plain(struct plain *x, const struct sample_trace *s)
{
	struct gt_error none;
	struct gt_reader *r;
	const struct gt_event *ev;
	size_t room = 20000;

	*x = (struct plain){ .s = s, .t = gt_open(s->bytes.p, s->bytes.n, &none) };
	x->ev = calloc(room, sizeof(*x->ev));
	x->state = calloc(room, sizeof(*x->state));
	r = gt_reader_new(x->t, &s->model);
	x->event = calloc(room, sizeof(*x->event));
	x->state[0] = gt_state_hash(gt_reader_state(r));
	while ((x->end = gt_read(r, &ev)) == GT_EVENT) {
		assert_true(++x->n < room);
		x->ev[x->n] = *ev;
		x->event[x->n] = event_hash(ev);
		x->state[x->n] = gt_state_hash(gt_reader_state(r));
	}
	gt_reader_free(r);
}

static void
free_plain(struct plain *x)
{
	free(x->ev);
	free(x->state);
	free(x->event);
	gt_close(x->t);
}

static void
on_all(const char *dir, void (*check)(const struct plain *x))
{
	size_t n;
	struct sample_trace *s = load_samples(dir, &n);

	assert_true(n >= 9);
	for (size_t i = 0; i < n; i++) {
		struct plain x;

		read_plain(&x, &s[i]);
		check(&x);
		free_plain(&x);
	}
	free_samples(s, n);
}

static struct gt_nav *
indexed(const struct plain *x, size_t budget)
{
	struct gt_nav *v = gt_nav_new(x->t, &x->s->model, budget);
	double done = 0;

	while (gt_nav_index(v, 37, &done, NULL))
		;
	assert_true(done == 1 && gt_nav_indexed(v, &done));
	return v;
}

/* --- generations ------------------------------------------------------------------------ */

/* Those that the reader met, in the order it met them, with what only reading tells. */
static void
check_places(const struct plain *x)
{
	struct gt_nav *v = indexed(x, 1 << 20);
	bool all;
	size_t n, k = 0;
	const struct gt_gen_place *p = gt_nav_gens(v, &n, &all);
	uint64_t at = 0;

	assert_true(all);
	for (size_t i = 0; i < n; i++) {
		assert_true(p[i].nth == i && p[i].from >= at && p[i].to > p[i].from);
		at = p[i].to;
		k += p[i].first != 0;
		if (p[i].first == 0)
			continue;
		assert_true(p[i].first <= x->n && x->ev[p[i].first].type == GT_EV_SyncPoint);
		assert_true(x->ev[p[i].first].time == p[i].time);
	}
	for (uint64_t i = 1; i <= x->n; i++)
		k -= x->ev[i].type == GT_EV_SyncPoint && x->ev[i].gen;
	if (gt_version(x->t) >= 22)
		assert_int_equal(k, 0);
	gt_nav_free(v);
}

static void
test_places(void **state)
{
	(void)state;
	on_all("testdata/traces", check_places);
	on_all("testdata/bad", check_places);
	on_all("testdata/tests", check_places);
}

/* Every generation by itself: the same events as in the whole, until the end. */
static void
check_middle(const struct plain *x)
{
	struct gt_nav *whole = indexed(x, 1 << 20);
	bool all;
	size_t n;
	const struct gt_gen_place *p = gt_nav_gens(whole, &n, &all);

	for (size_t i = 0; i < n && x->end == GT_END; i++) {
		struct gt_gen_place unknown = p[i];
		struct gt_nav *v;
		uint64_t got = 0;

		unknown.first = i % 2 ? p[i].first : 0;
		v = gt_nav_new_at(x->t, &x->s->model, 1 << 18, &unknown);
		got = gt_nav_base(v);
		assert_int_equal(got, unknown.first ? unknown.first - 1 : 0);
		assert_int_equal(gt_nav_seek(v, UINT64_MAX, NULL, NULL) - got, x->n - p[i].first + 1);
		for (uint64_t k = x->n; k >= p[i].first; k -= k < 8 ? 1 : 7) {
			uint64_t at = k - p[i].first + 1 + got;
			const struct gt_event *ev;

			assert_int_equal(gt_nav_seek(v, at, NULL, NULL), at);
			ev = gt_nav_event(v);
			if (ev->type != x->ev[k].type || ev->off != x->ev[k].off || ev->part != x->ev[k].part ||
				ev->clock != x->ev[k].clock)
				fail_msg("%s: generation %zu: another event %llu", x->s->path, i, (unsigned long long)k);
		}
		assert_int_equal(gt_nav_seek(v, 0, NULL, NULL), got);
		gt_nav_free(v);
	}
	gt_nav_free(whole);
}

/* As many generations as are looked for at a time, one more, one less: all of them are found, and indexing ends. */
static void
test_many(void **state)
{
	(void)state;
	for (unsigned n = 4095; n <= 4097; n++) {
		static const char head[] = "go 1.22 trace\0\0";
		struct gt_buf b = { 0 };
		struct gt_error none;
		struct gt_model model;
		struct gt_trace *t;
		struct gt_nav *v;
		unsigned slices = 0;
		size_t found;
		double done;
		bool all;

		assert_true(gt_buf_put(&b, head, 16));
		for (unsigned g = 1; g <= n; g++)
			for (int i = 0; i < 3; i++) {
				/* Frequency, Stacks, Strings of no M. */
				static const uint8_t data[3][2] = { { GT_EV_Frequency, 1 }, { GT_EV_Stacks }, { GT_EV_Strings } };
				size_t size = i ? 1 : 2;

				assert_true(gt_buf_byte(&b, GT_EV_EventBatch) && gt_buf_varint(&b, g) && gt_buf_varint(&b, UINT64_MAX) &&
					gt_buf_varint(&b, 1) && gt_buf_varint(&b, size) && gt_buf_put(&b, data[i], size));
			}
		t = gt_open(b.p, b.n, &none);
		assert_true(t && gt_model_get(&model, GT_MODEL_DEFAULT));
		v = gt_nav_new(t, &model, 1 << 24);
		while (gt_nav_index(v, 100, &done, NULL))
			assert_true(++slices < 3 * n);
		gt_nav_gens(v, &found, &all);
		assert_true(all && found == n && done == 1);
		assert_int_equal(gt_nav_known(v, &all), n + 1);
		gt_nav_free(v);
		gt_close(t);
		gt_buf_free(&b);
	}
}

static void
test_middle(void **state)
{
	(void)state;
	on_all("testdata/traces", check_middle);
}

/* --- blocks ---------------------------------------------------------------------------------- */

struct times {
	int64_t p[GT_PRESENTED], g[GT_PRESENTED];
};

/* What the states at one place add to the times until the next event. */
static void
add_times(struct times *t, const struct gt_state *s, int64_t ns)
{
	static const enum gt_pres of_p[] = { 0, GT_PRES_Running, GT_PRES_Idle, GT_PRES_Running, GT_PRES_Idle, 0 };
	static const enum gt_pres of_g[] = { 0, GT_PRES_Runnable, GT_PRES_Running, GT_PRES_Syscall, GT_PRES_Waiting, 0 };
	struct gt_p p;
	struct gt_g g;

	for (size_t i = 0; i < gt_p_count(s); i++)
		if (gt_p_at(s, i, &p))
			t->p[of_p[p.status]] += ns;
	for (size_t i = 0; i < gt_g_count(s); i++)
		if (gt_g_at(s, i, &g))
			t->g[of_g[g.status]] += ns;
}

static bool
has_all(const struct gt_summary *s, const struct gt_event *ev)
{
	int64_t id;
	enum gt_res subject = gt_event_subject(ev, &id);

	return (s->types[ev->type >> 6] >> (ev->type & 63) & 1) && ev->time >= s->from && ev->time <= s->to &&
		(ev->m == GT_NONE || gt_summary_has(s, GT_M, ev->m)) &&
		(ev->p == GT_NONE || gt_summary_has(s, GT_P, ev->p)) &&
		(ev->g == GT_NONE || gt_summary_has(s, GT_G, ev->g)) && (subject == GT_NO_RES || gt_summary_has(s, subject, id));
}

static void
check_times(const struct plain *x, const struct gt_block *b, const struct times *t)
{
	static const enum gt_pres which[] = { GT_PRES_Running, GT_PRES_Idle, GT_PRES_Runnable, GT_PRES_Waiting,
		GT_PRES_Syscall };

	for (size_t i = 0; i < LEN(which); i++)
		if (b->procs[which[i]] != t->p[which[i]] || b->goroutines[which[i]] != t->g[which[i]])
			fail_msg("%s: other times of %s from %llu to %llu: %lld %lld, not %lld %lld", x->s->path,
				gt_pres_name(which[i]), (unsigned long long)b->sum.first, (unsigned long long)b->sum.last,
				(long long)b->procs[which[i]], (long long)b->goroutines[which[i]], (long long)t->p[which[i]],
				(long long)t->g[which[i]]);
}

/* All events are in one block each, the blocks say so, and their times are those of the states. */
static void
check_blocks_of(const struct plain *x, struct gt_nav *v, bool times)
{
	struct gt_reader *r = gt_reader_new(x->t, &x->s->model);
	const struct gt_event *ev;
	struct times t = { { 0 }, { 0 } };
	uint64_t last = 0;

	for (uint64_t n = 1; n <= x->n; n++) {
		const struct gt_block *b = gt_nav_block(v, n);

		if (!b || !has_all(&b->sum, &x->ev[n]) || n < b->sum.first || n > b->sum.last)
			fail_msg("%s: no block has event %llu", x->s->path, (unsigned long long)n);
		assert_true(b->sum.first == last + 1 || n != b->sum.first);
		if (n > 1)
			add_times(&t, gt_reader_state(r), x->ev[n].time - x->ev[n - 1].time);
		gt_read(r, &ev);
		if (ev->gen && (gt_gen_number(ev->gen) < b->sum.gen || gt_gen_number(ev->gen) > b->sum.last_gen))
			fail_msg("%s: event %llu is of no generation of its block", x->s->path, (unsigned long long)n);
		if (n != b->sum.last)
			continue;
		/* Of a goroutine that came later than all of these nothing is in there. */
		assert_true(b->sum.most_g > INT64_MAX - 1 || !gt_summary_has(&b->sum, GT_G, (int64_t)b->sum.most_g + 1));
		if (times)
			check_times(x, b, &t);
		t = (struct times){ { 0 }, { 0 } };
		last = n;
	}
	assert_true(last == x->n);
	assert_null(gt_nav_block(v, 0));
	assert_null(gt_nav_block(v, x->n + 1));
	gt_reader_free(r);
}

/* With a small budget blocks are joined. */
static void
check_blocks(const struct plain *x)
{
	static const size_t budgets[] = { 1 << 20, 8192 };

	for (size_t i = 0; i < LEN(budgets); i++) {
		struct gt_nav *v = indexed(x, budgets[i]);

		check_blocks_of(x, v, gt_version(x->t) >= 22);
		gt_nav_free(v);
	}
}

static void
test_blocks(void **state)
{
	(void)state;
	on_all("testdata/traces", check_blocks);
	on_all("testdata/tests", check_blocks);
}

/* --- an index that is kept ------------------------------------------------------------------ */

/* Another navigator takes it, and is as good as if it had indexed. */
static void
check_kept(const struct plain *x)
{
	struct gt_nav *v = indexed(x, 1 << 20), *again = gt_nav_new(x->t, &x->s->model, 1 << 20);
	struct gt_buf b = { NULL, 0, 0 };
	uint64_t r = 5;
	double done;
	bool all;

	/* Without a generation there is nothing to keep. */
	if (gt_nav_save(v, &b) != (x->end == GT_END && gt_version(x->t) >= 22 && x->n > 1))
		fail_msg("%s: %zu bytes of it are kept", x->s->path, b.n);
	if (b.n > 0) {
		assert_true(gt_nav_load(again, b.p, b.n));
		assert_false(gt_nav_load(again, b.p, b.n));
		assert_true(gt_nav_indexed(again, &done) && done == 1);
		assert_true(gt_nav_known(again, &all) == x->n && all);
		check_blocks_of(x, again, true);
		for (int i = 0; i < 100; i++) {
			uint64_t at = rnd(&r) % (x->n + 2), to = at < x->n ? at : x->n;

			assert_int_equal(gt_nav_seek(again, at, NULL, NULL), to);
			if (gt_state_hash(gt_nav_state(again)) != x->state[to] ||
				(to && event_hash(gt_nav_event(again)) != x->event[to]))
				fail_msg("%s: another state or event at %llu", x->s->path, (unsigned long long)to);
		}
	}
	gt_nav_free(again);
	gt_nav_free(v);
	gt_buf_free(&b);
}

static void
test_kept(void **state)
{
	(void)state;
	on_all("testdata/traces", check_kept);
	on_all("testdata/bad", check_kept);
	on_all("testdata/tests", check_kept);
}

/* Cut anywhere it is refused; with other bytes in it, it is refused or leads to something that can be gone about in. */
static void
test_kept_badly(void **state)
{
	struct sample_trace s;
	struct plain x;
	struct gt_nav *v;
	struct gt_buf b = { NULL, 0, 0 };
	uint64_t r = 9;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "cgo-bound.trace"));
	read_plain(&x, &s);
	v = indexed(&x, 1 << 20);
	assert_true(gt_nav_save(v, &b));
	gt_nav_free(v);
	for (size_t n = 0; n < b.n; n += n < 200 ? 1 : 13) {
		v = gt_nav_new(x.t, &s.model, 1 << 20);
		assert_false(gt_nav_load(v, b.p, n));
		assert_int_equal(gt_nav_seek(v, x.n, NULL, NULL), x.n);
		gt_nav_free(v);
	}
	for (int i = 0; i < 400; i++) {
		size_t at = rnd(&r) % b.n;
		uint8_t was = b.p[at];

		b.p[at] ^= (uint8_t)(1u << rnd(&r) % 8);
		v = gt_nav_new(x.t, &s.model, 1 << 20);
		gt_nav_load(v, b.p, b.n);
		for (int k = 0; k < 6; k++)
			gt_nav_seek(v, rnd(&r) % (x.n + 9), NULL, NULL);
		b.p[at] = was;
		gt_nav_free(v);
	}
	free_plain(&x);
	gt_buf_free(&b);
	gt_buf_free(&s.bytes);
}

/* The same bytes, with another number as number k of those from a place on. False: there are not so many. */
static bool
with_number(const struct gt_buf *b, size_t from, size_t k, uint64_t (*other)(uint64_t was), struct gt_buf *out)
{
	const uint8_t *p = b->p + from, *at = p, *end = b->p + b->n;
	uint64_t was = 0;

	for (size_t i = 0; i <= k; i++) {
		at = p;
		if (varint(&p, end, &was) != VARINT_OK)
			return false;
	}
	out->n = 0;
	return gt_buf_put(out, b->p, (size_t)(at - b->p)) && gt_buf_varint(out, other(was)) &&
		gt_buf_put(out, p, (size_t)(end - p));
}

static uint64_t
one_more(uint64_t was)
{
	return was + 1;
}

static uint64_t
one_less(uint64_t was)
{
	return was - 1;
}

static uint64_t
none(uint64_t was)
{
	(void)was;
	return 0;
}

static uint64_t
most(uint64_t was)
{
	(void)was;
	return UINT64_MAX;
}

static uint64_t
least_time(uint64_t was)
{
	(void)was;
	return (uint64_t)INT64_MIN;
}

/*
 * Whole, but of numbers that no trace has led to. States are at the starts of generations and nowhere else; whatever else is
 * taken can be gone about in.
 */
static void
test_kept_of_lies(void **state)
{
	static uint64_t (*const lies[])(uint64_t) = { one_more, one_less, none, most, least_time };
	struct gt_buf b = { NULL, 0, 0 }, lie = { NULL, 0, 0 };
	size_t before, refused = 0, tried = 0;
	struct sample_trace s;
	struct plain x;
	struct gt_nav *v;
	uint64_t r = 13;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "cgo-bound.trace"));
	read_plain(&x, &s);
	v = indexed(&x, 1 << 20);
	assert_true(gt_nav_save(v, &b));
	before = b.n - v->marks.n;
	gt_nav_free(v);
	for (size_t k = 0; with_number(&b, before, k, one_more, &lie) && k < 5; k++)
		for (size_t i = 0; i < LEN(lies); i++) {
			assert_true(with_number(&b, before, k, lies[i], &lie));
			if (lie.n == b.n && memcmp(lie.p, b.p, b.n) == 0)
				continue;
			v = gt_nav_new(x.t, &s.model, 1 << 20);
			if (gt_nav_load(v, lie.p, lie.n))
				fail_msg("number %zu of the first state is another one: %zu", k, i);
			gt_nav_free(v);
		}
	for (size_t k = 0; with_number(&b, strlen("gotrace index 4\n"), k, one_more, &lie); k += k < 100 ? 1 : 7)
		for (size_t i = 0; i < LEN(lies); i++, tried++) {
			assert_true(with_number(&b, strlen("gotrace index 4\n"), k, lies[i], &lie));
			v = gt_nav_new(x.t, &s.model, 1 << 20);
			refused += !gt_nav_load(v, lie.p, lie.n);
			for (int n = 0; n < 3; n++)
				gt_nav_seek(v, rnd(&r) % (x.n + 9), NULL, NULL);
			assert_true(gt_nav_pos(v) <= x.n);
			gt_nav_free(v);
		}
	assert_true(tried > 1000 && refused > 100);
	free_plain(&x);
	gt_buf_free(&lie);
	gt_buf_free(&b);
	gt_buf_free(&s.bytes);
}

/* --- memory -------------------------------------------------------------------------------------- */

/* A second copy of the same costs little; what is given back is no longer counted. */
static void
test_pages(void **state)
{
	struct pool *pool = pool_new(1, 1);
	struct sample_trace s;
	struct plain x;
	struct gt_reader *r, *again;
	struct frozen *a, *b;
	size_t one, two;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "many-threads.trace"));
	read_plain(&x, &s);
	r = gt_reader_new(x.t, &s.model);
	gt_skip(r, x.n / 2);
	a = freeze(r, NULL, pool);
	one = pool_bytes(pool);
	assert_true(one >= gt_reader_weight(r) / 2);
	b = freeze(r, a, pool);
	two = pool_bytes(pool) - one;
	assert_true(two < one / 10);
	frozen_unref(a);
	assert_true(pool_bytes(pool) <= one + two);
	again = thaw(b, reader_gen(r));
	assert_true(gt_reader_pos(again) == x.n / 2);
	assert_true(gt_state_hash(gt_reader_state(again)) == x.state[x.n / 2]);
	frozen_unref(b);
	assert_int_equal(pool_bytes(pool), 0);
	assert_int_equal(gt_skip(again, x.n - x.n / 2), GT_EVENT);
	assert_true(gt_state_hash(gt_reader_state(again)) == x.state[x.n]);
	gt_reader_free(again);
	gt_reader_free(r);
	pool_unref(pool);
	free_plain(&x);
	gt_buf_free(&s.bytes);
}

/* --- threads ---------------------------------------------------------------------------------------- */

struct thread {
	const struct plain *x;
	struct gt_indexer *index;
	pthread_mutex_t lock;
	struct gt_found *found[512];
	size_t n, taken;
	bool over;
};

static void *
index_all(void *arg)
{
	struct thread *th = arg;

	for (;;) {
		struct gt_found *f = gt_indexer_read(th->index, 50);
		bool full;

		pthread_mutex_lock(&th->lock);
		full = th->n == LEN(th->found);
		if (f && !full)
			th->found[th->n++] = f;
		th->over = !f || full;
		pthread_mutex_unlock(&th->lock);
		if (!f || full) {
			gt_found_free(f);
			return NULL;
		}
	}
}

static bool
learn_some(struct thread *th, struct gt_nav *v)
{
	struct gt_found *f = NULL;
	bool over;

	pthread_mutex_lock(&th->lock);
	if (th->taken < th->n)
		f = th->found[th->taken++];
	over = th->over && !f;
	pthread_mutex_unlock(&th->lock);
	gt_nav_learn(v, f);
	return !over;
}

/* The trace is opened anew, so that what readers share is made while they run. */
static void
check_threads(const struct plain *x)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(x->s->bytes.p, x->s->bytes.n, &none);
	struct gt_nav *v = gt_nav_new(t, &x->s->model, 200000);
	struct thread th = { .x = x, .index = gt_indexer_new(v) };
	pthread_t id;
	uint64_t r = 77, at;

	pthread_mutex_init(&th.lock, NULL);
	assert_int_equal(pthread_create(&id, NULL, index_all, &th), 0);
	do {
		at = rnd(&r) % (x->n + 1);
		assert_int_equal(gt_nav_seek(v, at, NULL, NULL), at);
		assert_true(gt_state_hash(gt_nav_state(v)) == x->state[at]);
	} while (learn_some(&th, v));
	pthread_join(id, NULL);
	for (int i = 0; i < 20; i++) {
		at = rnd(&r) % (x->n + 1);
		assert_int_equal(gt_nav_seek(v, at, NULL, NULL), at);
		assert_true(gt_state_hash(gt_nav_state(v)) == x->state[at]);
	}
	gt_indexer_free(th.index);
	gt_nav_free(v);
	gt_close(t);
	pthread_mutex_destroy(&th.lock);
}

static void
test_threads(void **state)
{
	(void)state;
	on_all("testdata/traces", check_threads);
	on_all("testdata/bad", check_threads);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_middle),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_kept_badly),
		cmocka_unit_test(test_kept_of_lies),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
