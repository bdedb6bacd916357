/* SPDX-License-Identifier: MIT */
/*
 * Traces that arrive in pieces against the same as files: events, states, verdicts, what was lost; forwards, both ways, and
 * by an indexer in a thread of its own. What has not arrived yet is garbage here, so that whoever looks at it is caught.
 */
#define NAV_INTERVAL 64
#define NAV_ASK 32
#define NAV_GAP 16
#define NAV_BLOCK 50
#include "step.c"

#include "testing.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { GARBAGE = 0xa5, HEADER = 16 };

/* All that can be said of an event, in one number. */
static uint64_t
print_of(const struct gt_event *ev, const struct gt_state *s)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	uint64_t v[] = { ev->n, (uint64_t)ev->time, (uint64_t)ev->clock, (uint64_t)ev->m, (uint64_t)ev->p, (uint64_t)ev->g, ev->type,
		ev->part, ev->salvaged, ev->len, ev->batch, ev->index, ev->off, ev->gen ? gt_gen_number(ev->gen) : 0,
		gt_state_hash(s) };
	uint64_t h = fnv(FNV_BASE, v, sizeof(v));
	struct gt_str str;
	const char *known;

	h = fnv(h, ev->arg, (ev->type == GT_EV_SyncPoint ? 1 : spec->nargs) * sizeof(ev->arg[0]));
	for (unsigned i = 0; i < spec->nargs; i++)
		if (spec->arg[i].type == GT_ARG_STRING && ev->gen && gt_gen_string(ev->gen, ev->arg[i], &str))
			h = fnv(h, str.p, str.n);
	known = gt_event_metric(ev);
	return known ? fnv(h, known, strlen(known)) : h;
}

/* A file, read plainly. */
struct plain {
	const struct sample_trace *s;
	size_t n; /* bytes of it */
	bool salvage;
	uint64_t *print; /* of event i + 1 */
	uint64_t events, cap;
	enum gt_got end;
	struct gt_place place;
	char *error;
	bool salvaged;
	struct gt_salvaged amounts;
};

/* False: it can't be opened. */
static bool
read_plain(struct plain *x, const struct sample_trace *s, size_t n, bool salvage)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(s->bytes.p, n, &err);
	const struct gt_event *ev;
	struct gt_reader *r;

	*x = (struct plain){ .s = s, .n = n, .salvage = salvage };
	if (!t)
		return false;
	gt_salvage(t, salvage);
	r = gt_reader_new(t, &s->model);
	while ((x->end = gt_read(r, &ev)) == GT_EVENT) {
		assert_true(GROW(x->print, x->events, x->cap));
		x->print[x->events++] = print_of(ev, gt_reader_state(r));
	}
	if (gt_reader_error(r)) {
		x->error = malloc(strlen(gt_reader_error(r)->text) + 1);
		strcpy(x->error, gt_reader_error(r)->text);
		x->place = gt_reader_error(r)->place;
	}
	x->salvaged = gt_reader_salvaged(r, &x->amounts);
	gt_reader_free(r);
	gt_close(t);
	return true;
}

static void
free_plain(struct plain *x)
{
	free(x->print);
	free(x->error);
}

/* --- a trace that arrives ----------------------------------------------------------------- */

struct arriving {
	const struct plain *x;
	uint8_t *bytes;
	size_t n; /* have come */
	struct gt_trace *t;
};

static void
arrive(struct arriving *a, size_t n)
{
	if (n > a->x->n - a->n)
		n = a->x->n - a->n;
	memcpy(a->bytes + a->n, a->x->s->bytes.p + a->n, n);
	a->n += n;
	gt_grow(a->t, a->n, true);
}

static void
begin(struct arriving *a, const struct plain *x)
{
	struct gt_error err;

	*a = (struct arriving){ .x = x, .n = HEADER < x->n ? HEADER : x->n };
	/* Just as large: whoever reads behind it is caught by the sanitizer. */
	a->bytes = malloc(x->n);
	memset(a->bytes, GARBAGE, x->n);
	memcpy(a->bytes, x->s->bytes.p, a->n);
	a->t = gt_open(a->bytes, a->n, &err);
	assert_non_null(a->t);
	gt_salvage(a->t, x->salvage);
	gt_grow(a->t, a->n, true);
}

static void
finish(struct arriving *a)
{
	gt_close(a->t);
	free(a->bytes);
}

/* Sizes of pieces: some of a few bytes, some of several batches. */
static size_t
piece(uint64_t *seed)
{
	static const size_t most[] = { 3, 50, 1000, 20000, 100000 };

	return 1 + rnd(seed) % most[rnd(seed) % LEN(most)];
}

/* --- forwards -------------------------------------------------------------------------------- */

/* Takes all that is to be had. */
static enum gt_got
take(struct gt_reader *r, const struct plain *x, uint64_t *seed)
{
	const struct gt_event *ev;
	enum gt_got got;

	for (;;) {
		/* Some are skipped: that is another way through the code. */
		uint64_t pos = gt_reader_pos(r), skip = rnd(seed) % 8 == 0 ? rnd(seed) % 200 : 0;

		if (pos + skip >= x->events)
			skip = 0;
		got = gt_skip(r, skip);
		if (got == GT_EVENT)
			got = gt_read(r, &ev);
		if (got != GT_EVENT)
			return got;
		assert_true(ev->n <= x->events);
		assert_true(print_of(ev, gt_reader_state(r)) == x->print[ev->n - 1]);
	}
}

static void
same_end(const struct plain *x, const struct gt_reader *r, enum gt_got got)
{
	const struct gt_error *err = gt_reader_error(r);
	struct gt_salvaged amounts;

	assert_int_equal(got, x->end);
	assert_true(gt_reader_pos(r) == x->events);
	assert_int_equal(err != NULL, x->error != NULL);
	if (err) {
		assert_string_equal(err->text, x->error);
		assert_memory_equal(&err->place, &x->place, sizeof(x->place));
	}
	assert_int_equal(gt_reader_salvaged(r, &amounts), x->salvaged);
	assert_memory_equal(&amounts, &x->amounts, sizeof(amounts));
}

static void
forwards(const struct plain *x, uint64_t *seed)
{
	struct arriving a;
	struct gt_reader *r;
	enum gt_got got = GT_LATER;

	begin(&a, x);
	r = gt_reader_new(a.t, &x->s->model);
	while (a.n < x->n) {
		got = take(r, x, seed);
		if (got == GT_LATER && rnd(seed) % 4 == 0) {
			struct gt_reader *other = gt_reader_clone(r);

			gt_reader_free(r);
			r = other;
		}
		arrive(&a, piece(seed));
	}
	gt_grow(a.t, a.n, false);
	got = take(r, x, seed);
	same_end(x, r, got);
	gt_reader_free(r);
	finish(&a);
}

/* --- both ways --------------------------------------------------------------------------------- */

struct looking {
	const struct plain *x;
	uint64_t next;
};

static bool
look(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct looking *l = arg;

	(void)ch, (void)nch;
	assert_true(ev->n == l->next++ && ev->n <= l->x->events);
	assert_true(print_of(ev, after) == l->x->print[ev->n - 1]);
	return true;
}

static void
walk(struct gt_nav *v, const struct plain *x, uint64_t *seed)
{
	bool all;
	uint64_t known = gt_nav_known(v, &all), n = rnd(seed) % (known + 40), pos;
	struct looking l = { x, n ? n : 1 };

	if (rnd(seed) % 2) {
		n = l.next;
		assert_true(gt_nav_each(v, n, 1 + rnd(seed) % 300, look, &l) > 0 || n > known);
		return;
	}
	pos = gt_nav_seek(v, n, NULL, NULL);
	assert_true(pos <= n && (pos == n || pos >= known));
	assert_int_equal(gt_nav_event(v) != NULL, pos > 0);
	if (pos > 0)
		assert_true(print_of(gt_nav_event(v), gt_nav_state(v)) == x->print[pos - 1]);
}

static void
same_nav_end(struct gt_nav *v, const struct plain *x)
{
	struct looking l = { x, 1 };
	const struct gt_error *err;
	struct gt_salvaged amounts;
	bool all;

	gt_nav_each(v, 1, SIZE_MAX, look, &l);
	assert_true(gt_nav_known(v, &all) == x->events);
	assert_true(all);
	assert_int_equal(gt_nav_end(v, &err), x->end);
	if (err)
		assert_string_equal(err->text, x->error);
	assert_int_equal(gt_nav_salvaged(v, &amounts), x->salvaged);
}

/* An index that grew has what one has that was made of the file. */
static void
same_index(struct gt_nav *v, const struct plain *x)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(x->s->bytes.p, x->n, &err);
	struct gt_nav *w;
	const struct gt_gen_place *p, *q;
	size_t n, m;
	bool all;
	double done;

	gt_salvage(t, x->salvage);
	w = gt_nav_new(t, &x->s->model, 1 << 22);
	while (gt_nav_index(w, 500, &done, NULL))
		;
	while (gt_nav_index(v, 500, &done, NULL))
		;
	assert_true(gt_nav_indexed(v, &done) && done == 1);
	assert_false(gt_nav_waits(v));
	p = gt_nav_gens(v, &n, &all);
	/* Where the reading ended before all had come, nobody looks for more. */
	assert_true(all || x->error);
	q = gt_nav_gens(w, &m, &all);
	assert_true(n == m || (n < m && x->error));
	for (size_t i = 0; i < n; i++)
		assert_memory_equal(&p[i], &q[i], sizeof(*p));
	for (uint64_t i = 1; i <= x->events; i += 17)
		if (gt_nav_block(w, i))
			assert_memory_equal(gt_nav_block(v, i), gt_nav_block(w, i), sizeof(struct gt_block));
		else
			assert_null(gt_nav_block(v, i));
	gt_nav_free(w);
	gt_close(t);
}

static void
both_ways(const struct plain *x, uint64_t *seed)
{
	struct arriving a;
	struct gt_nav *v;
	bool all;
	double done;

	begin(&a, x);
	v = gt_nav_new(a.t, &x->s->model, 1 << 22);
	while (a.n < x->n) {
		for (int i = 0; i < 3; i++)
			walk(v, x, seed);
		while (rnd(seed) % 4 && gt_nav_index(v, 1 + rnd(seed) % 500, &done, NULL))
			;
		if (x->end == GT_END || !x->salvage)
			assert_true(gt_nav_known(v, &all) <= x->events);
		arrive(&a, 100 + piece(seed));
	}
	gt_grow(a.t, a.n, false);
	for (int i = 0; i < 5; i++)
		walk(v, x, seed);
	same_index(v, x);
	same_nav_end(v, x);
	gt_nav_free(v);
	finish(&a);
}

/* --- with threads ---------------------------------------------------------------------------------- */

struct indexing {
	struct gt_indexer *ix;
	pthread_mutex_t lock;
	struct gt_found *found[100000];
	size_t n;
	bool over;
};

static void *
index_all(void *arg)
{
	struct indexing *g = arg;
	struct gt_found *f;

	do {
		f = gt_indexer_read(g->ix, 300);
		pthread_mutex_lock(&g->lock);
		if (f && g->n < LEN(g->found))
			g->found[g->n++] = f;
		else
			gt_found_free(f);
		g->over = f == NULL;
		pthread_mutex_unlock(&g->lock);
	} while (f);
	return NULL;
}

static bool
learn(struct gt_nav *v, struct indexing *g)
{
	bool over;

	pthread_mutex_lock(&g->lock);
	for (size_t i = 0; i < g->n; i++)
		gt_nav_learn(v, g->found[i]);
	g->n = 0;
	over = g->over;
	pthread_mutex_unlock(&g->lock);
	return over;
}

static void *
bring(void *arg)
{
	struct arriving *a = arg;
	uint64_t seed = 99;

	while (a->n < a->x->n)
		arrive(a, piece(&seed));
	gt_grow(a->t, a->n, false);
	return NULL;
}

/* One thread brings it, one indexes it, one walks in it. */
static void
at_once(const struct plain *x, uint64_t *seed)
{
	struct indexing *g = calloc(1, sizeof(*g));
	pthread_t bringer, indexer;
	struct arriving a;
	struct gt_nav *v;

	begin(&a, x);
	v = gt_nav_new(a.t, &x->s->model, 1 << 22);
	pthread_mutex_init(&g->lock, NULL);
	g->ix = gt_indexer_new(v);
	assert_int_equal(pthread_create(&indexer, NULL, index_all, g), 0);
	assert_int_equal(pthread_create(&bringer, NULL, bring, &a), 0);
	while (!learn(v, g))
		walk(v, x, seed);
	pthread_join(bringer, NULL);
	pthread_join(indexer, NULL);
	learn(v, g);
	gt_indexer_free(g->ix);
	same_nav_end(v, x);
	gt_nav_free(v);
	pthread_mutex_destroy(&g->lock);
	free(g);
	finish(&a);
}

/* --- all of them -------------------------------------------------------------------------------------- */

static void
on_all(const char *dir, void (*check)(const struct plain *x, uint64_t *seed), bool cuts)
{
	size_t n;
	struct sample_trace *s = load_samples(dir, &n);
	uint64_t seed = 20261;

	assert_true(n >= 9);
	for (size_t i = 0; i < 2 * n; i++) {
		size_t size = s[i / 2].bytes.n, cut = cuts ? HEADER + rnd(&seed) % (size - HEADER + 1) : size;
		struct plain x;

		if (read_plain(&x, &s[i / 2], cut, i % 2)) {
			if (size >= HEADER)
				check(&x, &seed);
			free_plain(&x);
		}
	}
	free_samples(s, n);
}

static void
test_forwards(void **state)
{
	(void)state;
	on_all("testdata/traces", forwards, false);
	on_all("testdata/traces", forwards, true);
	on_all("testdata/bad", forwards, false);
	on_all("testdata/tests", forwards, false);
	on_all("testdata/tests", forwards, true);
}

static void
test_both_ways(void **state)
{
	(void)state;
	on_all("testdata/traces", both_ways, false);
	on_all("testdata/traces", both_ways, true);
	on_all("testdata/bad", both_ways, false);
	on_all("testdata/tests", both_ways, true);
}

static void
test_threads(void **state)
{
	(void)state;
	on_all("testdata/traces", at_once, false);
	on_all("testdata/bad", at_once, false);
}

/* --- when what is seen ------------------------------------------------------------------------------ */

/* As soon as a generation is whole its events are there, and not before. */
static void
test_whole(void **state)
{
	size_t n;
	struct sample_trace *s = load_samples("testdata/traces", &n);
	unsigned several = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct gt_error err;
		struct gt_trace *file = gt_open(s[i].bytes.p, s[i].bytes.n, &err);
		struct plain x;
		struct arriving a;
		struct gt_nav *v = gt_nav_new(file, &s[i].model, 1 << 20);
		const struct gt_gen_place *p;
		struct gt_reader *r;
		size_t gens;
		double done;
		bool all;

		while (gt_nav_index(v, 100000, &done, NULL))
			;
		p = gt_nav_gens(v, &gens, &all);
		several += gens > 1;
		assert_true(read_plain(&x, &s[i], s[i].bytes.n, false));
		begin(&a, &x);
		r = gt_reader_new(a.t, &s[i].model);
		for (size_t g = 0; g < gens; g++) {
			const struct batch *b = NULL;
			struct batch next;
			uint64_t whole;
			size_t to = (size_t)p[g].to;

			/* Before 26 its end is seen by what is behind it. */
			if (gt_version(file) < 26 && g + 1 < gens && batch_read(file, p[g].to, 0, &next, &err) == BATCH_OK)
				b = &next;
			if (b)
				to = (size_t)batch_end(b);
			arrive(&a, to - 1 - a.n);
			assert_int_equal(gt_skip(r, UINT64_MAX), GT_LATER);
			assert_true(gt_reader_pos(r) == (g ? p[g].first - 1 : 0));
			arrive(&a, 1);
			assert_true(gt_growing(a.t, &whole));
			assert_int_equal(gt_skip(r, UINT64_MAX), GT_LATER);
			if (g + 1 < gens)
				assert_true(whole == p[g].to && gt_reader_pos(r) == p[g + 1].first - 1);
			else
				assert_true(gt_reader_pos(r) == (gt_version(file) < 26 ? p[g].first - 1 : x.events - 1));
		}
		gt_grow(a.t, x.n, false);
		assert_int_equal(gt_skip(r, UINT64_MAX), x.end);
		assert_true(gt_reader_pos(r) == x.events);
		gt_reader_free(r);
		finish(&a);
		free_plain(&x);
		gt_nav_free(v);
		gt_close(file);
	}
	assert_true(several >= 3);
	free_samples(s, n);
}

/* What can't become a batch is told at once, whatever may still come. */
static void
test_nonsense(void **state)
{
	static const char junk[] = "this is no batch and will be none";
	size_t n;
	struct sample_trace *s = load_samples("testdata/traces", &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct plain x;
		struct arriving a;
		struct gt_reader *r;
		uint64_t seed = 5, whole;
		enum gt_got got;

		if (!gt_buf_put(&s[i].bytes, junk, sizeof(junk)) || !read_plain(&x, &s[i], s[i].bytes.n, true))
			fail();
		begin(&a, &x);
		arrive(&a, x.n);
		r = gt_reader_new(a.t, &s[i].model);
		got = take(r, &x, &seed);
		if (gt_version(a.t) >= 22)
			same_end(&x, r, got);
		else
			assert_int_equal(got, GT_LATER);
		assert_true(gt_growing(a.t, &whole));
		gt_reader_free(r);
		finish(&a);
		free_plain(&x);
	}
	free_samples(s, n);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forwards),
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
