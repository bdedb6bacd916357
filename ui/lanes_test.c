/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timelines: what is read for them, against independent readings, and how they are steered. */
#define _XOPEN_SOURCE 700
#include "fixture.h"
#include "model.h"

#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- lanes ------------------------------------------------------------------- */

/* Pieces of a lane: in order, none over another, none beyond the window. */
static void
sound(const struct lane *lane, unsigned columns)
{
	for (size_t i = 0; i < lane->n; i++) {
		const struct lane_piece *p = &lane->piece[i];

		assert_true(p->from <= p->to && p->to < columns);
		assert_true(!i || lane->piece[i - 1].to < p->from);
		assert_true(p->cell < LANE_CELLS && p->cell != LC_NONE);
		assert_true(!p->many || p->from == p->to);
	}
}

static bool
soon(void *arg)
{
	unsigned *left = arg;

	return (*left)-- == 0;
}

static bool
never(void *arg)
{
	(void)arg;
	return false;
}

static uint64_t
sum_of(const struct lanes *l)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < lanes_count(l); i++)
		for (size_t k = 0; k < lanes_at(l, i)->n; k++) {
			const struct lane_piece *p = &lanes_at(l, i)->piece[k];

			sum = sum * 31 + (uint64_t)lanes_at(l, i)->id * 7 + p->from * 3u + p->to + p->cell * 11u + p->count + p->share;
		}
	return sum;
}

/* Windows of all sizes and places, by everything; at once and in the smallest slices. */
static void
windows(void **state)
{
	struct fixture f;
	struct lanes *l = lanes_new(NULL, NULL), *slow = lanes_new(NULL, NULL);
	int64_t t0, span = 14000000;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	t0 = f.m.t0;
	for (int64_t part = 1; part <= 4096; part *= 8)
		for (int64_t at = 0; at < 3; at++)
			for (int by = GT_M; by <= GT_G; by++) {
				struct lane_window w = { .by = (enum gt_res)by, .columns = 50 + (unsigned)at };
				unsigned left;

				w.from = t0 - 100000 + span * at / 3;
				w.to = w.from + span / part;
				lanes_want(l, &w, false);
				while (lanes_work(l, f.m.nav, never, NULL))
					;
				lanes_sort(l);
				assert_true(lanes_done(l) && lanes_known(l) == w.columns);
				for (size_t i = 0; i < lanes_count(l); i++)
					sound(lanes_at(l, i), w.columns);
				lanes_want(slow, &w, false);
				for (left = 1; lanes_work(slow, f.m.nav, soon, &left); left = 1)
					;
				lanes_sort(slow);
				assert_int_equal(lanes_events(l), lanes_events(slow));
				assert_int_equal(lanes_count(l), lanes_count(slow));
				assert_true(sum_of(l) == sum_of(slow));
			}
	/* Behind the end there is nothing, and that is soon known. */
	lanes_want(l, &(struct lane_window){ .by = GT_P, .from = t0 + 1000000000, .to = t0 + 2000000000, .columns = 50 }, false);
	lanes_work(l, f.m.nav, never, NULL);
	assert_true(lanes_done(l));
	assert_int_equal(lanes_events(l), 0);
	lanes_free(l);
	lanes_free(slow);
	close_file(&f);
}

static bool
same_range(struct lane_range a, struct lane_range b)
{
	return a.least == b.least && a.most == b.most;
}

/* In the middle of a trace: what is there is told by the states, so it is what it is in a window of everything. */
static void
middles(void **state)
{
	struct fixture f;
	struct lanes *all = lanes_new(NULL, NULL), *part = lanes_new(NULL, NULL);
	struct lane_window w = { .by = GT_P, .columns = 1000 }, p;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	w.from = f.m.t0;
	w.to = w.from + 10000000; /* a column is 10us */
	lanes_want(all, &w, false);
	lanes_work(all, f.m.nav, never, NULL);
	lanes_sort(all);
	p = (struct lane_window){ .by = GT_P, .from = w.from + 4000000, .to = w.from + 5000000, .columns = 100 };
	lanes_want(part, &p, false);
	lanes_work(part, f.m.nav, never, NULL);
	lanes_sort(part);
	assert_int_equal(lanes_count(all), 4);
	assert_int_equal(lanes_count(part), 4);
	for (size_t i = 0; i < 4; i++)
		for (unsigned c = 0; c < 100; c++) {
			const struct lane_piece *a = lane_piece_at(lanes_at(all, i), 400 + c), *b = lane_piece_at(lanes_at(part, i), c);

			assert_non_null(a);
			assert_non_null(b);
			assert_int_equal(a->cell, b->cell);
			assert_int_equal(a->many, b->many);
			assert_true(!a->many || a->share == b->share);
		}
	for (unsigned c = 0; c < 100; c++) {
		assert_true(same_range(lanes_metric(all, LX_GOROUTINES)[400 + c], lanes_metric(part, LX_GOROUTINES)[c]));
		assert_true(same_range(lanes_metric(all, LX_RUNNING)[400 + c], lanes_metric(part, LX_RUNNING)[c]));
	}
	lanes_free(all);
	lanes_free(part);
	close_file(&f);
}

/* --- what the readout tells, against an independent reading ------------------------- */

/* All of a trace: its spans, and the times of its events. */
struct reading {
	struct gt_span *span;
	int64_t *time; /* of event n + 1 */
	size_t nspan, ntime, cspan, ctime;
	/* Of a window: what a span reaches back and forward to where it is not read on. */
	int64_t before, behind;
};

static void
keep_span(void *arg, const struct gt_span *s)
{
	struct reading *r = arg;

	if (r->nspan == r->cspan)
		r->span = realloc(r->span, (r->cspan = 2 * r->cspan + 64) * sizeof *r->span);
	assert_non_null(r->span);
	r->span[r->nspan++] = *s;
}

/* The trace stays open: texts lie in it. */
static struct gt_reader *
read_all(struct fixture *f, struct reading *k)
{
	struct gt_timeline *tl = gt_timeline_new(keep_span, k);
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	const struct gt_event *ev;

	*k = (struct reading){ 0 };
	gt_reader_log(r, true);
	while (gt_read(r, &ev) == GT_EVENT) {
		size_t n;
		const struct gt_change *ch = gt_reader_changes(r, &n);

		if (k->ntime == k->ctime)
			k->time = realloc(k->time, (k->ctime = 2 * k->ctime + 64) * sizeof *k->time);
		assert_non_null(k->time);
		k->time[k->ntime++] = ev->time;
		gt_timeline_event(tl, ev, ch, n, gt_reader_state(r));
	}
	gt_timeline_end(tl);
	gt_timeline_free(tl);
	return r;
}

static void
forget_all(struct reading *k, struct gt_reader *r)
{
	gt_reader_free(r);
	free(k->span);
	free(k->time);
}

/* Of a window what lies before it and behind it is known up to the next event. */
static void
bound(struct reading *k, const struct lane_window *w)
{
	k->before = k->behind = k->time[k->ntime - 1];
	for (size_t i = k->ntime; i-- > 0;)
		if (k->time[i] >= w->to)
			k->behind = k->time[i];
	for (size_t i = 0; i < k->ntime && (!i || k->time[i] < w->from); i++)
		k->before = k->time[i];
}

static int64_t
reaches(const struct reading *k, const struct gt_span *s)
{
	int64_t from = s->from > k->before ? s->from : k->before, to = s->to < k->behind ? s->to : k->behind;

	return to - from;
}

/* How much of a column a span takes; below 0: none. */
static double
takes(const struct lane_window *w, const struct gt_span *s, unsigned column)
{
	double width = (double)(w->to - w->from) / w->columns, at = column * width;
	double from = (double)(s->from - w->from), to = (double)(s->to - w->from);
	int a = lane_column(w, s->from), b = lane_column(w, s->to);

	if (s->state == GT_LANE_NONE || a > (int)column || b < (int)column || s->from >= w->to)
		return -1;
	return (to < at + width ? to : at + width) - (from > at ? from : at);
}

/* Whether a piece tells the truth about a span; where it reaches out of the window, what can be known of it there. */
static bool
tells(const struct reading *k, const struct lane_window *w, const struct lane_piece *p, const struct gt_span *s)
{
	bool since = p->began < w->from;

	if (s->state != p->cell || s->m != p->m || s->p != p->p || s->g != p->g)
		return false;
	/* Why it waits is told by the event that began it. */
	if (!(since && !p->text.n) && (s->reason.n != p->text.n || (p->text.n && memcmp(s->reason.p, p->text.p, p->text.n))))
		return false;
	if (since ? s->from > p->began || s->first > p->first : s->from != p->began || s->first != p->first)
		return false;
	return p->ended < w->to ? s->to == p->ended : s->to >= p->ended && p->ended == k->behind;
}

static uint64_t
first_span(const struct reading *k, enum gt_res res, int64_t id)
{
	uint64_t first = UINT64_MAX;

	for (const struct gt_span *s = k->span; s < k->span + k->nspan; s++)
		if (s->res == res && s->id == id && s->first < first)
			first = s->first;
	return first;
}

/* One interval is told of, which there is: the longest of the state that takes most of the column. */
static void
is_true(const struct reading *k, const struct lane_window *w, int64_t id, const struct lane_piece *p)
{
	double in[GT_LANES] = { 0 };
	const struct gt_span *is = NULL;
	unsigned count = 0, such = 0;

	for (const struct gt_span *s = k->span; s < k->span + k->nspan; s++)
		if (s->res == w->by && s->id == id && tells(k, w, p, s))
			is = s;
	/* An M begins with its first P there; here it is idle before that, if the window begins between. */
	if (!is && w->by == GT_M && p->cell == LC_IDLE && p->began < w->from && first_span(k, GT_M, id) > p->first)
		return;
	if (!is)
		fail_msg("%c%lld, column %u of %u: no such interval: %s from event %llu", "MPG"[w->by], (long long)id, p->from,
			w->columns, lane_means(p->cell, w->by), (unsigned long long)p->first);
	for (unsigned column = p->from; column <= p->to; column++)
		assert_true(takes(w, is, column) >= 0);
	for (const struct gt_span *s = k->span; s < k->span + k->nspan; s++) {
		double ns = s->res == w->by && s->id == id ? takes(w, s, p->from) : -1;

		if (ns < 0)
			continue;
		count++;
		such += s->state == p->cell;
		in[s->state] += ns;
		assert_true(s->state != p->cell || reaches(k, s) <= p->ended - p->began);
	}
	assert_int_equal(count, p->many ? p->count : 1);
	assert_int_equal(such, p->many ? p->such : 1);
	for (int i = 0; i < GT_LANES; i++)
		assert_true(in[i] <= in[p->cell] + 1);
}

/* By everything, and near and far: of each piece what is told is true of one interval. */
static void
tells_one_interval(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/cgo-callbacks.trace", "testdata/traces/many-threads.trace",
		"testdata/traces/old-go1.19.trace" };
	struct lanes *l = lanes_new(NULL, NULL);

	(void)state;
	for (size_t t = 0; t < sizeof traces / sizeof *traces; t++) {
		struct fixture f;
		struct reading k;
		struct gt_reader *r;
		size_t many = 0;

		open_file(&f, traces[t], 24, 80, true);
		r = read_all(&f, &k);
		for (int i = 0; i < 3 * 3 * 4; i++) {
			struct lane_window w = { .by = (enum gt_res)(GT_M + i % 3), .columns = 60 };
			int64_t span = k.time[k.ntime - 1] - k.time[0] + 1;

			w.from = k.time[0] + span * (i / 3 % 3) / 3;
			for (int zoom = 0; zoom < i / 9; zoom++)
				span /= 16;
			w.to = w.from + span;
			bound(&k, &w);
			lanes_want(l, &w, false);
			lanes_work(l, f.m.nav, never, NULL);
			lanes_sort(l);
			for (size_t at = 0; at < lanes_count(l); at++)
				for (const struct lane_piece *p = lanes_at(l, at)->piece; p < lanes_at(l, at)->piece + lanes_at(l, at)->n; p++) {
					is_true(&k, &w, lanes_at(l, at)->id, p);
					many += p->many;
				}
		}
		assert_true(many > 100);
		forget_all(&k, r);
		close_file(&f);
	}
	lanes_free(l);
}

/* The readout names the event that what it tells of began with, and Enter goes there; from a column of many as well. */
static void
goes_where_it_began(void **state)
{
	static const char *const by[] = { "timeline m", "timeline p", "timeline g" };
	struct fixture f;
	const struct lane_view *v;
	unsigned many = 0;

	(void)state;
	open_file(&f, MIXED, 40, 120, false);
	v = &f.m.time.view[0];
	for (int i = 0; i < 3 * 6; i++) {
		line(&f.m, "goto 2461");
		line(&f.m, by[i % 3]);
		if (i % 3 == 0)
			line(&f.m, i ? "zoom-in 2" : "zoom-out 3");
		for (int column = 0; column < v->width; column++) {
			size_t at = lanes_find(v->lanes, v->lane);
			const struct lane_piece *p = at < lanes_count(v->lanes) ? lane_piece_at(lanes_at(v->lanes, at), (unsigned)column) : NULL;
			char text[80];
			struct sb b = sb_on(text, sizeof text);
			uint64_t first = p && p->began >= lanes_window(v->lanes)->from ? p->first : 0;

			if (!first)
				continue;
			f.m.time.column = column;
			sb_add(&b, " from event ");
			fmt_count(&b, first);
			if (p->many)
				sb_printf(&b, p->such > 1 ? " - longest of %u such, %u in all here" : " - %u of %u here", p->such, p->count);
			shows(&f.m, text, true);
			many += p->many;
			/* The window may move with it. */
			keys(&f.m, "<Enter>");
			assert_int_equal(f.m.cursor, first);
		}
	}
	assert_true(many > 20);
	/* What was there before the trace began with none of its events: to the first one from that column on. */
	line(&f.m, "timeline p");
	line(&f.m, "zoom-all");
	f.m.time.view[0].lane = 1;
	f.m.time.column = 1;
	assert_int_equal(lane_piece_at(lanes_at(v->lanes, lanes_find(v->lanes, 1)), 1)->first, 0);
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.cursor, lanes_event_at(v->lanes, 1));
	assert_true(f.m.cursor > 1);
	close_file(&f);
}

/* --- what was told before a window -------------------------------------------------- */

/* A metric, from the first event on. */
struct telling {
	uint64_t *value; /* after event n + 1; LANE_UNKNOWN: not told */
	size_t n;
	uint64_t before; /* all of them */
};

/* Counted in the states. */
static uint64_t
goroutines_in(const struct gt_state *s, enum lane_extra x)
{
	uint64_t n = 0;
	struct gt_g g;

	for (size_t i = 0; i < gt_g_count(s); i++)
		if (gt_g_at(s, i, &g) && g.status != GT_G_GONE && g.status != GT_G_BAD)
			n += x == LX_GOROUTINES || g.status == (x == LX_RUNNING ? GT_G_RUNNING : GT_G_SYSCALL);
	return n;
}

/* An M whose goroutine is in a syscall is that, whatever it has; else it runs while it has a P. */
static uint64_t
threads_in(const struct gt_state *s, enum lane_extra x)
{
	uint64_t n = 0;
	struct gt_m m;
	struct gt_g g;

	for (size_t i = 0; i < gt_m_count(s); i++) {
		bool in_syscall;

		if (!gt_m_at(s, i, &m))
			continue;
		in_syscall = m.g != GT_NONE && gt_g_find(s, m.g, &g) && g.status == GT_G_SYSCALL;
		n += x != LX_THREADS_RUNNING && in_syscall;
		n += x != LX_THREADS_SYSCALL && !in_syscall && m.p != GT_NONE;
	}
	return n;
}

/* How many do it by the states. */
static uint64_t
doing(const struct gt_state *s, enum lane_extra x)
{
	return x < LX_THREADS ? goroutines_in(s, x) : threads_in(s, x);
}

/* Before Go 1.22 of what a P did before it first starts only a goroutine of it that is told of next tells. */
static bool
tells_before(const struct gt_event *ev, const struct gt_state *s, struct gt_event *late)
{
	struct gt_p p;
	int64_t id;

	return gt_event_subject(ev, &id) != GT_P || !gt_p_find(s, id, &p) || p.since == GT_BEFORE || (*late = *ev, false);
}

/*
 * What counts goroutines or threads: what a status adds was so from the start on, so that all values before it are as much more.
 */
static void
add_before(const struct fixture *f, struct telling *t, enum lane_extra x)
{
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	uint64_t was = 0, late = 0, lives = 0;
	struct gt_event starts = { .p = GT_NONE };
	const struct gt_event *ev;

	for (size_t n = 0; gt_read(r, &ev) == GT_EVENT; n++) {
		const struct gt_state *s = gt_reader_state(r);
		bool status = ev->from == GT_PRES_Undetermined, sure = status && tells_before(ev, s, &starts);
		uint64_t more = status ? doing(s, x) - was : 0;

		if (sure && starts.n == ev->n - 1 && ev->p != GT_NONE && gt_event_kind(ev) == GT_K_StateTransition && starts.n)
			more += late;
		late = status && !sure ? more : 0;
		for (size_t i = 0; sure && i < n; i++)
			t->value[i] = t->value[i] == LANE_UNKNOWN ? more : t->value[i] + more;
		if (sure) {
			t->before = (t->before == LANE_UNKNOWN ? 0 : t->before) + more;
			lives += goroutines_in(s, LX_GOROUTINES) + threads_in(s, LX_THREADS);
		}
		was = doing(s, x);
	}
	if (!lives)
		t->before = LANE_UNKNOWN;
	gt_reader_free(r);
}

static struct telling
tellings(const struct fixture *f, const struct reading *k, enum lane_extra x)
{
	unsigned type = x == LX_HEAP ? GT_EV_HeapAlloc : x == LX_GOAL ? GT_EV_HeapGoal : 0;
	struct telling t = { malloc(k->ntime * sizeof *t.value), 0, LANE_UNKNOWN };
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	uint64_t value = t.before;
	const struct gt_event *ev;

	assert_non_null(t.value);
	while (gt_read(r, &ev) == GT_EVENT) {
		if (!type && !goroutines_in(gt_reader_state(r), LX_GOROUTINES) && !threads_in(gt_reader_state(r), LX_THREADS))
			value = LANE_UNKNOWN;
		else if (!type)
			value = doing(gt_reader_state(r), x);
		else if (ev->type == type)
			value = ev->arg[0];
		t.value[t.n++] = value;
	}
	gt_reader_free(r);
	if (!type)
		add_before(f, &t, x);
	return t;
}

/* What it is when a column begins, and after each event in that. */
static struct lane_range
in_force(const struct telling *t, const struct reading *k, const struct lane_window *w, unsigned column)
{
	struct lane_range r = { t->before, t->before };

	for (size_t i = 0; i < t->n && k->time[i] < w->to && lane_column(w, k->time[i]) <= (int)column; i++) {
		bool here = lane_column(w, k->time[i]) == (int)column;

		if (t->value[i] == LANE_UNKNOWN)
			continue;
		r.least = here && r.least < t->value[i] ? r.least : t->value[i];
		r.most = here && r.most != LANE_UNKNOWN && r.most > t->value[i] ? r.most : t->value[i];
	}
	return r;
}

/* The heap and its goal are in each window what they are in force, also where it is told only before; with an index and without. */
static void
told_before(void **state)
{
	struct fixture f;
	struct reading k;
	struct gt_reader *r;
	struct gt_nav *bare;
	struct telling told[2];
	struct lanes *l = lanes_new(NULL, NULL);
	int64_t span;
	unsigned found = 0, sought = 0;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	r = read_all(&f, &k);
	for (int i = 0; i < 2; i++)
		told[i] = tellings(&f, &k, LX_HEAP + (unsigned)i);
	assert_non_null(gt_nav_block(f.m.nav, k.ntime));
	span = k.time[k.ntime - 1] - k.time[0];
	for (int i = 0; i < 2 * 4 * 20; i++) {
		struct lane_window w = { .by = GT_P, .columns = 30, .beside = true };
		unsigned left;

		bare = gt_nav_new(f.trace, gt_nav_model(f.m.nav), 1 << 24);
		assert_non_null(bare);
		w.from = k.time[0] + span / 20 * (i / 8);
		w.to = w.from + span / (1 << (i / 2 % 4 * 3));
		lanes_want(l, &w, true);
		/* In small slices: what is not known yet is said to be looked for, or not to have been read. */
		for (left = 1; lanes_work(l, i % 2 ? bare : f.m.nav, soon, &left); left = 1)
			for (int x = 0; x < 2 && lanes_done(l); x++)
				for (unsigned c = 0; c < w.columns; c++)
					if (c < lanes_sought(l, LX_HEAP + (unsigned)x))
						sought++;
		assert_false(lanes_busy(l, f.m.nav));
		for (int x = 0; x < 2; x++) {
			assert_int_equal(lanes_sought(l, LX_HEAP + (unsigned)x), 0);
			for (unsigned c = 0; c < w.columns; c++) {
				struct lane_range is = lanes_metric(l, LX_HEAP + (unsigned)x)[c];

				if (lane_column(&w, k.time[k.ntime - 1]) < (int)c)
					assert_true(is.least == LANE_UNKNOWN && is.most == LANE_UNKNOWN);
				else if (!same_range(is, in_force(&told[x], &k, &w, c)))
					fail_msg("window %d, metric %d, column %u: %" PRIu64 " to %" PRIu64, i, x, c, is.least, is.most);
				else
					found += is.most != LANE_UNKNOWN;
			}
		}
		gt_nav_free(bare);
	}
	assert_true(found > 1000 && sought > 1000);
	/* Who does not want it does not look. */
	lanes_want(l, &(struct lane_window){ .by = GT_P, .columns = 30, .from = k.time[0] + span / 2, .to = k.time[0] + span / 2 + 30000 }, false);
	lanes_work(l, f.m.nav, never, NULL);
	assert_true(lanes_metric(l, LX_GOAL)[0].most == LANE_UNKNOWN && !lanes_sought(l, LX_GOAL) && !lanes_busy(l, f.m.nav));
	for (int i = 0; i < 2; i++)
		free(told[i].value);
	forget_all(&k, r);
	lanes_free(l);
	close_file(&f);
}

/* Peaks and troughs within a column are kept: of each metric, near and far, whatever was read at once. */
static void
metrics_have_ranges(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/cgo-callbacks.trace", "testdata/traces/many-threads.trace",
		"testdata/traces/old-go1.19.trace" };
	struct lanes *l = lanes_new(NULL, NULL);
	unsigned ranges = 0;

	(void)state;
	for (size_t t = 0; t < sizeof traces / sizeof *traces; t++) {
		struct fixture f;
		struct reading k;
		struct gt_reader *r;

		open_file(&f, traces[t], 24, 80, true);
		r = read_all(&f, &k);
		for (enum lane_extra x = LX_HEAP; x < LX_END; x++) {
			struct telling told = tellings(&f, &k, x);

			for (int i = 0; i < 3 * 4; i++) {
				struct lane_window w = { .by = GT_P, .columns = 7 << i % 4, .beside = true };
				int64_t span = (k.time[k.ntime - 1] - k.time[0] + 1) >> i / 3 * 3;
				unsigned left;

				w.from = k.time[0] + (k.time[k.ntime - 1] - k.time[0]) * (i % 3) / 3;
				w.to = w.from + (span > w.columns ? span : w.columns);
				lanes_want(l, &w, true);
				for (left = 1 + (unsigned)i; lanes_work(l, f.m.nav, soon, &left); left = 1 + (unsigned)i)
					;
				for (unsigned c = 0; c < w.columns && (int)c <= lane_column(&w, k.time[k.ntime - 1]); c++) {
					struct lane_range is = lanes_metric(l, x)[c], want = in_force(&told, &k, &w, c);

					if (!same_range(is, want))
						fail_msg("%s, metric %d, window %d, column %u: %" PRIu64 " to %" PRIu64 ", must be %" PRIu64 " to %" PRIu64, traces[t],
							(int)x, i, c, is.least, is.most, want.least, want.most);
					ranges += is.least != is.most;
				}
			}
			free(told.value);
		}
		forget_all(&k, r);
		close_file(&f);
	}
	assert_true(ranges > 500);
	lanes_free(l);
}

/* Near the beginning, too: as many goroutines are told as there are lanes of them, and those that were there before begin with it. */
static void
lanes_agree(void **state)
{
	struct fixture f;
	struct lanes *l = lanes_new(NULL, NULL);
	unsigned compared = 0;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	for (int i = 0; i < 12; i++) {
		struct lane_window w = { .by = GT_G, .columns = 60, .from = f.m.t0 };

		w.from += i % 3 * 500000;
		w.to = w.from + (10000000 >> i);
		lanes_want(l, &w, false);
		lanes_work(l, f.m.nav, never, NULL);
		lanes_sort(l);
		for (unsigned c = 0; c < w.columns; c++) {
			struct lane_range is = lanes_metric(l, LX_GOROUTINES)[c];
			uint64_t n = 0;

			for (size_t k = 0; k < lanes_count(l); k++)
				n += lane_piece_at(lanes_at(l, k), c) != NULL;
			/* Those that end where another begins in a column are not there at once. */
			assert_true(is.most != LANE_UNKNOWN && n >= is.most && is.least <= n);
			if (is.least == is.most && n == is.most)
				compared++;
		}
	}
	assert_true(compared > 500);
	/* The collection that the first generation tells of. */
	lanes_want(l, &(struct lane_window){ .by = GT_P, .columns = 60, .from = f.m.t0, .to = f.m.t0 + 2000000 }, false);
	lanes_work(l, f.m.nav, never, NULL);
	assert_int_equal(lane_piece_at(lanes_extra(l, LX_GC), 0)->first, 0);
	lanes_free(l);
	close_file(&f);
}

/* Regions that begun before the trace are there from its start to their end: around those that begin later, and between them. */
static void
regions_from_before(void **state)
{
	static const char text[] = "Trace Go1.22\n"
		"EventBatch gen=1 m=0 time=0 size=53\n"
		"ProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=0 gstatus=2\n"
		"UserRegionBegin dt=98 task=0 name_string=1 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=2 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=1 stack=0\n"
		"UserTaskEnd dt=100 task=7 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"GoStop dt=190 reason_string=1 stack=0\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=15\n"
		"Strings\n"
		"String id=1\n"
		"	data=\"work\"\n"
		"String id=2\n"
		"	data=\"rest\"\n";
	static const unsigned deep[] = { 2, 3, 4, 3, 2, 1, 0, 0, 1, 1 };
	struct fixture f;
	struct lanes *l = lanes_new(NULL, NULL);

	(void)state;
	open_text(&f, text, 24, 80, true);
	/* A column is as long as a step; in one of many, where most are open. */
	lanes_want(l, &(struct lane_window){ .by = GT_G, .columns = 10, .from = f.m.t0 - 1, .to = f.m.t0 + 999 }, false);
	lanes_work(l, f.m.nav, never, NULL);
	sound(lanes_extra(l, LX_REGIONS), 10);
	sound(lanes_extra(l, LX_TASKS), 10);
	for (unsigned c = 0; c < 10; c++) {
		const struct lane_piece *p = lane_piece_at(lanes_extra(l, LX_REGIONS), c);
		bool edge = c && deep[c] < deep[c - 1];

		assert_int_equal(p ? p->level : 0, edge ? deep[c - 1] : deep[c]);
		assert_int_equal(lane_piece_at(lanes_extra(l, LX_TASKS), c) != NULL, c <= 7);
	}
	/* Zoomed in to before they end nothing tells of them, behind that they are gone. */
	lanes_want(l, &(struct lane_window){ .by = GT_G, .columns = 10, .from = f.m.t0 + 650, .to = f.m.t0 + 660 }, false);
	lanes_work(l, f.m.nav, never, NULL);
	assert_int_equal(lanes_extra(l, LX_REGIONS)->n, 0);
	lanes_free(l);
	close_file(&f);
}

/* What is counted, with nothing but the events: each unblock of a goroutine that is known to have waited for that. */
struct counted {
	uint64_t n;
	int64_t g;
	enum lane_extra is;
};

static size_t
count_all(const struct fixture *f, struct counted *v, size_t cap)
{
	static const char *const by_timer[] = { "sleep", "chan receive", "select" };
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	char (*waits)[32] = calloc(100000, sizeof *waits);
	const struct gt_event *ev;
	size_t n = 0;

	assert_non_null(waits);
	while (gt_read(r, &ev) == GT_EVENT) {
		struct gt_str why = ev->type == GT_EV_GoBlock ? gt_event_string(ev, 0) : (struct gt_str){ NULL, 0 };
		struct counted c = { ev->n, ev->g, LX_SAMPLES };
		int64_t g;

		if (ev->type == GT_EV_GoBlock && ev->g < 100000)
			snprintf(waits[ev->g], sizeof waits[0], "%.*s", (int)why.n, why.n ? why.p : "");
		if (ev->type == GT_EV_GoUnblock && gt_event_subject(ev, &g) == GT_G && g < 100000) {
			c = (struct counted){ ev->n, g, strcmp(waits[g], "network") ? LANE_EXTRAS : LX_NETWORK };
			for (int i = 0; i < 3; i++)
				if (!strcmp(waits[g], by_timer[i]) && (!i || ev->g == GT_NONE))
					c.is = LX_TIMERS;
			waits[g][0] = 0;
		} else if (ev->type != GT_EV_CPUSample) {
			continue;
		}
		assert_true(n < cap);
		v[n++] = c;
	}
	free(waits);
	gt_reader_free(r);
	return n;
}

/* Unblocks by the poller and by timers, and samples, column by column: also where a wait began before the window; with an index and without. */
static void
counts_wakers(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/mixed-go1.22.trace", "testdata/traces/mixed-go1.25.trace",
		"testdata/traces/old-go1.21.trace" };
	enum { MOST = 20000 };
	struct counted *all = calloc(MOST, sizeof *all);
	struct lanes *l = lanes_new(NULL, NULL);
	unsigned found[LANE_TALLIES] = { 0 }, sought = 0, before = 0;

	(void)state;
	assert_non_null(all);
	for (size_t t = 0; t < sizeof traces / sizeof *traces; t++) {
		struct fixture f;
		struct reading k;
		struct gt_reader *r;
		size_t n;

		open_file(&f, traces[t], 24, 80, true);
		r = read_all(&f, &k);
		lanes_clear(l);
		n = count_all(&f, all, MOST);
		for (int i = 0; i < 2 * 4 * 10; i++) {
			struct gt_nav *bare = gt_nav_new(f.trace, gt_nav_model(f.m.nav), 1 << 24);
			struct lane_window w = { .by = GT_P, .columns = 30, .beside = true };
			int64_t span = k.time[k.ntime - 1] - k.time[0];
			unsigned left;

			assert_non_null(bare);
			w.from = k.time[0] + span / 10 * (i / 8);
			w.to = w.from + (span >> i / 2 % 4 * 2) + 1;
			lanes_want(l, &w, true);
			for (left = 1; lanes_work(l, i % 2 ? bare : f.m.nav, soon, &left); left = 1)
				for (unsigned c = 0; c < w.columns && lanes_done(l); c++)
					sought += lanes_tally(l, LX_NETWORK)[c].sought;
			for (enum lane_extra x = LX_LANES; x < LX_TALLIES; x++)
				for (unsigned c = 0; c < w.columns; c++) {
					const struct lane_tally *is = &lanes_tally(l, x)[c];
					struct lane_tally want = { 0 };

					for (size_t j = 0; j < n; j++) {
						int64_t time = k.time[all[j].n - 1];

						if (all[j].is != x || time < w.from || time >= w.to || lane_column(&w, time) != (int)c)
							continue;
						if (!want.count++)
							want.first = all[j].n, want.g = all[j].g;
					}
					assert_int_equal(is->sought, 0);
					if (is->count != want.count || (want.count && (is->first != want.first || is->g != want.g)))
						fail_msg("%s, %s, window %d, column %u: %u from event %" PRIu64 ", must be %u from %" PRIu64, traces[t],
							lane_extra_name(x), i, c, is->count, is->first, want.count, want.first);
					found[x - LX_LANES] += is->count;
					before += is->count && w.from > k.time[0];
				}
			gt_nav_free(bare);
		}
		forget_all(&k, r);
		close_file(&f);
	}
	free(all);
	lanes_free(l);
	if (!found[LX_SAMPLES - LX_LANES] || !found[LX_NETWORK - LX_LANES] || !found[LX_TIMERS - LX_LANES] || !sought || !before)
		fail_msg("samples %u, network %u, timers %u; looked for %u", found[0], found[1], found[2], sought);
}

/* What a strip says is the most of it is that: of all that is shown. */
static void
strips_tell_the_most(void **state)
{
	struct fixture f;
	struct reading k;
	struct gt_reader *r;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	r = read_all(&f, &k);
	line(&f.m, "timeline p");
	keys(&f.m, "\\");
	line(&f.m, "zoom-all");
	for (enum lane_extra x = LX_GOROUTINES; x < LANE_EXTRAS; x++) {
		struct telling told = tellings(&f, &k, x);
		uint64_t most = 0, n = 0;
		char text[40];

		for (size_t i = 0; i < told.n; i++)
			if (told.value[i] != LANE_UNKNOWN && told.value[i] > most)
				most = told.value[n = i];
		snprintf(text, sizeof text, " %s%*s≤%" PRIu64 " ", lane_extra_name(x),
			(most < 10 ? 11 : 10) - (int)strlen(lane_extra_name(x)), "", most);
		shows(&f.m, text, true);
		/* And the readout of its column. */
		f.m.time.view[0].in_extra = true;
		f.m.time.view[0].extra = (int)x;
		f.m.time.column = lane_column(lanes_window(f.m.time.view[0].lanes), k.time[n]);
		snprintf(text, sizeof text, " to %" PRIu64 " ", most);
		shows(&f.m, text, true);
		shows(&f.m, " running · ", x == LX_THREADS);
		free(told.value);
	}
	forget_all(&k, r);
	close_file(&f);
}

/* The cells of the lane of that name, without colours and rich signs; to be freed. */
static char *
cells_of(struct model *m, const char *name)
{
	char *text = picture(m), *at = text;

	while ((at = strstr(at, name)) && (at == text || strncmp(at - 2, "\n ", 2)))
		at++;
	if (!at || at[strcspn(at, "\n")] != '\n')
		fail_msg("no lane %s in:\n%s", name, text);
	at[strcspn(at, "\n")] = 0;
	at = strdup(strlen(at - 1) > (size_t)m->time.view[0].label ? at - 1 + m->time.view[0].label : "");
	free(text);
	return at;
}

/* However little it is beside the most, it is not shown as nothing. */
static void
little_is_not_nothing(void **state)
{
	static const char text[] = "Trace Go1.22\n"
		"EventBatch gen=1 m=0 time=0 size=34\n"
		"ProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=0 gstatus=2\n"
		"HeapAlloc dt=1 heapalloc_value=100000000\n"
		"HeapAlloc dt=100000 heapalloc_value=1000\n"
		"HeapAlloc dt=100000 heapalloc_value=0\n"
		"HeapAlloc dt=100000 heapalloc_value=50000000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\n";
	struct fixture f;
	unsigned seen[256] = { 0 };
	const struct lane_view *v;
	char *cells;

	(void)state;
	open_text(&f, text, 40, 120, false);
	v = &f.m.time.view[0];
	line(&f.m, "timeline p");
	line(&f.m, "zoom-all");
	cells = cells_of(&f.m, "heap ");
	assert_int_equal(strlen(cells), v->width);
	for (int c = 0; cells[c]; c++) {
		uint64_t most = lanes_metric(v->lanes, LX_HEAP)[c].most;

		assert_true(most == LANE_UNKNOWN || (most == 0) == (cells[c] == ' '));
		seen[(unsigned char)cells[c]]++;
	}
	/* There is room for the most of it, rounded up from 95.367M; nothing else is there but levels. */
	shows(&f.m, " heap  <=95.4M 8", true);
	shows(&f.m, " running   <=1 8", true);
	for (unsigned i = 0; i < 256; i++)
		assert_true(!seen[i] || i == ' ' || (i > '0' && i < '9'));
	assert_true(seen[' '] > 20 && seen['1'] > 20 && seen['8'] > 20);
	free(cells);
	close_file(&f);
}

/* Until it is found the readout says so. */
static void
told_before_readout(void **state)
{
	struct fixture f;
	struct lane_view *v;
	unsigned left = 2;

	(void)state;
	open_file(&f, MIXED, 100, 120, false);
	v = &f.m.time.view[0];
	line(&f.m, "timeline p");
	line(&f.m, "goto 2461");
	line(&f.m, "zoom-in 4");
	v->in_extra = true;
	v->extra = LX_GOAL;
	shows(&f.m, " goal 7.17M ", true);
	/* As it is when the search has not come that far. */
	lanes_want(v->lanes, lanes_window(v->lanes), true);
	while (!lanes_done(v->lanes))
		left = 1, lanes_work(v->lanes, f.m.nav, soon, &left);
	assert_true(lanes_sought(v->lanes, LX_GOAL) > 0);
	shows(&f.m, " goal being looked for", true);
	shows(&f.m, ">goal          ????????", true);
	assert_true(timeline_busy(&f.m));
	settle(&f.m);
	shows(&f.m, " goal 7.17M ", true);
	close_file(&f);
}

/* What is told of is what is marked: of a lane that there is no room for any more, or that is not there, it is said. */
static void
chosen_lane_is_shown(void **state)
{
	struct fixture f;
	struct lane_view *v;

	(void)state;
	open_file(&f, MIXED, 40, 120, false);
	v = &f.m.time.view[0];
	line(&f.m, "timeline p");
	line(&f.m, "maximize");
	settle(&f.m);
	v->in_extra = true;
	v->extra = LX_TIMERS;
	shows(&f.m, ">timers", true);
	line(&f.m, "maximize");
	settle(&f.m);
	shows(&f.m, "timers", false);
	assert_true(!v->in_extra || v->pinned > 0);
	shows(&f.m, v->in_extra ? lane_extra_name((enum lane_extra)v->extra) : "P", true);
	v->in_extra = false;
	v->lane = 4711;
	shows(&f.m, "P4711 is not there in this time", true);
	close_file(&f);
}

/* However far one pans or zooms, some of the trace stays in sight. */
static void
timeline_is_held(void **state)
{
	static const char *const ways[] = { "pan-left 50", "pan-right 50", "zoom-out 20", "zoom-in 3" };
	struct fixture f;
	const struct lane_window *w;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	for (int i = 0; i < 12; i++) {
		line(&f.m, "timeline p");
		line(&f.m, ways[i * 7 % 4]);
		line(&f.m, ways[i % 4]);
		w = lanes_window(f.m.time.view[0].lanes);
		assert_true(w->from < w->to && w->to - (w->to - w->from) / 2 >= f.m.t0 - 1);
		assert_true(w->from < f.m.t0 + 20000000);
		shows(&f.m, "nothing is known of any here", false);
	}
	close_file(&f);
}

/* A trace of so many generations, each of a second, with so many events each. */
static char *
generations(unsigned gens, unsigned events)
{
	size_t cap = (size_t)gens * (events + 8) * 64;
	char *text = malloc(cap);
	struct sb b;

	assert_non_null(text);
	b = sb_on(text, cap);
	sb_add(&b, "Trace Go1.22\n");
	for (unsigned i = 0; i < gens; i++) {
		sb_printf(&b, "EventBatch gen=%u m=0 time=%" PRIu64 " size=%u\n", i + 1, i * (uint64_t)1000000000, 9 + 8 * events);
		sb_add(&b, "ProcStatus dt=1 p=0 pstatus=1\nGoStatus dt=1 g=1 m=0 gstatus=2\n");
		for (unsigned k = 0; k < events; k++)
			sb_printf(&b, "HeapAlloc dt=%u heapalloc_value=4194304\n", 990000000u / events);
		sb_printf(&b, "EventBatch gen=%u m=18446744073709551615 time=%" PRIu64 " size=6\nFrequency freq=1000000000\n", i + 1,
			i * (uint64_t)1000000000);
	}
	assert_true(b.n < cap);
	return text;
}

/* While it is being indexed, all of a trace of many generations has its place at once: what has been read is read on, not anew. */
static void
whole_is_foreseen(void **state)
{
	char *text = generations(60, 4000);
	struct ui_options o = { .file = "text", .memory = 1 << 24 };
	struct gt_model rules;
	struct fixture f;
	struct lane_window w;
	double done;
	size_t n;
	bool all;

	(void)state;
	open_text(&f, text, 40, 120, true);
	model_free(&f.m);
	gt_model_get(&rules, GT_MODEL_DEFAULT);
	o.model = &rules;
	o.trace = f.trace;
	assert_true(model_init(&f.m, &o, true));
	model_resize(&f.m, 40, 120);
	model_prepare(&f.m);
	model_line(&f.m, ':', "timeline p");
	model_prepare(&f.m);
	model_line(&f.m, ':', "zoom-all");
	model_prepare(&f.m);
	/* Where generations begin is found first. */
	for (gt_nav_gens(f.m.home, &n, &all); !all; gt_nav_gens(f.m.home, &n, &all))
		gt_nav_index(f.m.home, 1000, &done, NULL);
	gt_nav_index(f.m.home, 20000, &done, NULL);
	model_prepare(&f.m);
	assert_false(f.m.all);
	w = *lanes_window(f.m.time.view[0].lanes);
	assert_true(f.m.time.foreseen && w.to - w.from > 59000000000);
	settle(&f.m);
	assert_true(f.m.all && lanes_done(f.m.time.view[0].lanes));
	assert_int_equal(lanes_window(f.m.time.view[0].lanes)->to, w.to);
	assert_int_equal(lanes_events(f.m.time.view[0].lanes), f.m.known);
	shows(&f.m, "% read", false);
	close_file(&f);
	free(text);
	/* Of few it is not known well enough: the end is where it is found to be. */
	text = generations(4, 400);
	open_text(&f, text, 40, 120, true);
	line(&f.m, "timeline p");
	line(&f.m, "zoom-all");
	assert_false(f.m.time.foreseen);
	assert_int_equal(lanes_events(f.m.time.view[0].lanes), f.m.known);
	close_file(&f);
	free(text);
}

/* Two timelines: one time, by two kinds. */
static void
two_timelines(void **state)
{
	struct fixture f;
	struct timeline *t = &f.m.time;
	struct lane_window w;
	double scale;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goto 2461");
	keys(&f.m, "vl");
	assert_int_equal(f.m.arr.focus, PANE_LANES);
	shows(&f.m, "timeline ─ by P", true);
	shows(&f.m, "lanes ─ by M", true);
	assert_int_equal(t->view[0].label, t->view[1].label);
	assert_int_equal(t->view[1].lane, 23468);
	keys(&f.m, "t");
	shows(&f.m, "timeline ─ by P", true);
	shows(&f.m, "lanes ─ by G", true);
	scale = t->scale;
	keys(&f.m, "+>");
	assert_true(t->scale < scale);
	assert_int_equal(lanes_window(t->view[0].lanes)->from, lanes_window(t->view[1].lanes)->from);
	assert_int_equal(lanes_window(t->view[0].lanes)->to, lanes_window(t->view[1].lanes)->to);
	/* What is chosen is chosen in one of them, what is looked at is looked at in both. */
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_TIMELINE].y + 3, t->view[0].label + 20);
	mouse(&f.m, MOUSE_RELEASE, f.m.lay.pane[PANE_TIMELINE].y + 3, t->view[0].label + 20);
	assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
	assert_int_equal(t->column, 20);
	keys(&f.m, "t");
	shows(&f.m, "timeline ─ by M", true);
	shows(&f.m, "lanes ─ by G", true);
	/* One alone. */
	line(&f.m, "close timeline");
	keys(&f.m, "0");
	shows(&f.m, "lanes ─ by G", true);
	shows(&f.m, "4,458 events", true);
	assert_int_equal(f.m.lay.pane[PANE_TIMELINE].h, 0);
	line(&f.m, "timeline m");
	shows(&f.m, "by M", true);
	close_file(&f);
	/* The second is of another kind, whatever the first is of; unless one wants the same. Of one time, also one by one. */
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "timeline m; view lanes");
	shows(&f.m, "timeline ─ by M", true);
	shows(&f.m, "lanes ─ by G", true);
	w = *lanes_window(t->view[1].lanes);
	keys(&f.m, "\\");
	assert_int_equal(f.m.lay.pane[PANE_TIMELINE].h, 0);
	assert_int_equal(lanes_window(t->view[1].lanes)->from, w.from);
	assert_int_equal(lanes_window(t->view[1].lanes)->to, w.to);
	keys(&f.m, "\\tt");
	shows(&f.m, "lanes ─ by M", true);
	line(&f.m, "view lanes");
	shows(&f.m, "lanes ─ by M", true);
	line(&f.m, "close lanes; timeline g; view lanes");
	shows(&f.m, "lanes ─ by M", true);
	close_file(&f);
}

static void
timeline_keys(void **state)
{
	struct fixture f;
	uint64_t at;
	double scale;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	shows(&f.m, "timeline ─ by P", true);
	shows(&f.m, "P3 ", true);
	line(&f.m, "goto 2461");
	keys(&f.m, "t");
	assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
	assert_int_equal(f.m.time.view[0].lane, 1);
	scale = f.m.time.scale;
	keys(&f.m, "+");
	assert_true(f.m.time.scale < scale);
	keys(&f.m, "--");
	assert_true(f.m.time.scale > scale);
	keys(&f.m, "0");
	shows(&f.m, "4,458 events", true);
	keys(&f.m, "0");
	keys(&f.m, "10l");
	assert_int_equal(f.m.cursor, 2461);
	shows(&f.m, "▽", true);
	keys(&f.m, "<Enter>");
	assert_true(f.m.cursor > 2461);
	at = f.m.cursor;
	keys(&f.m, "<^O>");
	assert_int_equal(f.m.cursor, 2461);
	keys(&f.m, "<^P>");
	assert_int_equal(f.m.cursor, at);
	keys(&f.m, "tt");
	shows(&f.m, "by G", true);
	keys(&f.m, "k");
	keys(&f.m, "X");
	assert_int_equal(f.m.lay.pane[PANE_TIMELINE].h, 0);
	assert_int_equal(f.m.arr.focus, PANE_EVENTS);
	close_file(&f);
}

/* A lane is marked where highlighted events lie in it, and nowhere else: by what an event is in, and by what it is about. */
struct lit_cells {
	const struct lanes *l;
	uint64_t found;
	bool (*is)(const struct gt_event *ev);
	uint64_t *want; /* columns, by lane */
};

static bool
is_created(const struct gt_event *ev)
{
	return ev->type == GT_EV_GoCreate && ev->g == 1;
}

static bool
want_lit(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct lit_cells *k = arg;
	const struct lane_window *w = lanes_window(k->l);
	int column = lane_column(w, ev->time);
	int64_t subject = GT_NONE;

	(void)ch, (void)nch, (void)after;
	if (!k->is(ev) || column < 0 || column >= (int)w->columns)
		return true;
	k->found++;
	gt_event_subject(ev, &subject);
	for (size_t i = 0; i < lanes_count(k->l); i++) {
		int64_t id = lanes_at(k->l, i)->id;

		if (w->by == GT_G ? id == ev->g || id == subject : id == (w->by == GT_P ? ev->p : ev->m))
			k->want[i * LANE_COLUMNS + (size_t)column] = 1;
	}
	return true;
}

static void
highlighted_cells(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "timeline");
	line(&f.m, "zoom-all");
	shows(&f.m, "highlighted", false);
	line(&f.m, "highlight GoCreate && g == 1");
	for (int by = GT_M; by <= GT_G; by++) {
		struct lit_cells k = { .l = f.m.time.view[0].lanes, .is = is_created };
		uint64_t lit = 0;

		line(&f.m, by == GT_M ? "timeline m" : by == GT_P ? "timeline p" : "timeline g");
		k.want = calloc(lanes_count(k.l) * LANE_COLUMNS, sizeof *k.want);
		assert_non_null(k.want);
		gt_nav_each(f.m.nav, 1, SIZE_MAX, want_lit, &k);
		assert_true(k.found > 2);
		for (size_t i = 0; i < lanes_count(k.l); i++)
			for (unsigned c = 0; c < LANE_COLUMNS; c++) {
				assert_int_equal(lane_is_lit(lanes_at(k.l, i), c), k.want[i * LANE_COLUMNS + c]);
				lit += k.want[i * LANE_COLUMNS + c];
			}
		assert_true(lit > 0);
		free(k.want);
	}
	line(&f.m, "timeline p");
	shows(&f.m, "*", true);
	/* Other ones in place of those, at once. */
	model_line(&f.m, ':', "highlight");
	line(&f.m, "highlight GoCreate && g == 99999");
	shows(&f.m, "█*", false);
	shows(&f.m, "* highlighted", true);
	line(&f.m, "highlight");
	shows(&f.m, "*", false);
	close_file(&f);
}

/* Lanes of a goroutine's kin: those that it was created or unblocked by, or did that to, in all of the trace. */
struct relatives {
	int64_t g, of[256];
	size_t n;
};

static bool
relative(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct relatives *k = arg;
	bool makes = ev->type == GT_EV_GoCreate || ev->type == GT_EV_GoCreateBlocked || ev->type == GT_EV_GoUnblock;
	int64_t id;

	(void)ch, (void)nch, (void)after;
	if (makes && k->n < 256 && gt_event_subject(ev, &id) == GT_G && ev->g != GT_NONE && (id == k->g || ev->g == k->g))
		k->of[k->n++] = id == k->g ? ev->g : id;
	return true;
}

static void
lanes_of_kin(void **state)
{
	struct fixture f;
	struct relatives k = { .g = 37 };
	size_t all, kin = 0;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "timeline g");
	line(&f.m, "zoom-all");
	all = lanes_count(f.m.time.view[0].lanes);
	f.m.time.view[0].lane = k.g;
	keys(&f.m, "r");
	shows(&f.m, "G37 and its kin", true);
	gt_nav_each(f.m.nav, 1, SIZE_MAX, relative, &k);
	assert_true(k.n > 0);
	for (size_t i = 0; i < lanes_count(f.m.time.view[0].lanes); i++) {
		int64_t id = lanes_at(f.m.time.view[0].lanes, i)->id;
		bool is = id == k.g;

		for (size_t j = 0; j < k.n; j++)
			is |= k.of[j] == id;
		assert_true(is);
	}
	for (size_t j = 0; j < k.n; j++)
		kin += lanes_find(f.m.time.view[0].lanes, k.of[j]) < lanes_count(f.m.time.view[0].lanes);
	assert_int_equal(kin, k.n);
	assert_true(lanes_count(f.m.time.view[0].lanes) < all);
	keys(&f.m, "r");
	assert_int_equal(lanes_count(f.m.time.view[0].lanes), all);
	/* Where no goroutine is chosen that of the event is meant, and the timeline goes by G. */
	line(&f.m, "goto 5");
	line(&f.m, "timeline p");
	keys(&f.m, "r");
	shows(&f.m, "G1 and its kin", true);
	assert_int_equal(f.m.time.view[0].by, GT_G);
	close_file(&f);
}

/* The key bar says what q does now. */
static void
tells_what_q_does(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	shows(&f.m, "q quit", true);
	line(&f.m, "view bytes");
	shows(&f.m, "q close", true);
	keys(&f.m, "\\");
	shows(&f.m, "q panes", true);
	keys(&f.m, "q?");
	shows(&f.m, "q close", true);
	keys(&f.m, "q");
	assert_int_not_equal(f.m.lay.pane[PANE_BYTES].h, 0);
	shows(&f.m, "q close", true);
	/* A pane that was there from the start is not what q closes. */
	keys(&f.m, "<Tab>");
	shows(&f.m, "q quit", true);
	keys(&f.m, "<S-Tab>q");
	assert_int_equal(f.m.lay.pane[PANE_BYTES].h, 0);
	assert_int_equal(f.m.effect, EFFECT_NONE);
	shows(&f.m, "q quit", true);
	close_file(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows),
		cmocka_unit_test(middles),
		cmocka_unit_test(tells_one_interval),
		cmocka_unit_test(goes_where_it_began),
		cmocka_unit_test(told_before),
		cmocka_unit_test(metrics_have_ranges),
		cmocka_unit_test(lanes_agree),
		cmocka_unit_test(regions_from_before),
		cmocka_unit_test(counts_wakers),
		cmocka_unit_test(strips_tell_the_most),
		cmocka_unit_test(little_is_not_nothing),
		cmocka_unit_test(told_before_readout),
		cmocka_unit_test(timeline_keys),
		cmocka_unit_test(timeline_is_held),
		cmocka_unit_test(chosen_lane_is_shown),
		cmocka_unit_test(whole_is_foreseen),
		cmocka_unit_test(two_timelines),
		cmocka_unit_test(highlighted_cells),
		cmocka_unit_test(lanes_of_kin),
		cmocka_unit_test(tells_what_q_does),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
