/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views: what is read for them, what they show, and how they are steered. */
#define _XOPEN_SOURCE 700
#include "cells.h"
#include "histogram.h"
#include "model.h"
#include "only.h"
#include "picture.h"
#include "script.h"
#include "testing.h"
#include "topics.h"

#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct gt_buf bytes;
	struct gt_trace *trace;
	struct model m;
};

static void
open_bytes(struct fixture *f, const char *path, int h, int w, bool utf8)
{
	struct gt_error err;
	struct gt_model rules;
	struct ui_options o = { .file = path, .model = &rules, .memory = 1 << 24, .color = true, .mouse = true };

	o.trace = f->trace = gt_open(f->bytes.p, f->bytes.n, &err);
	assert_non_null(f->trace);
	gt_salvage(f->trace, true);
	gt_model_get(&rules, GT_MODEL_DEFAULT);
	assert_true(model_init(&f->m, &o, utf8));
	model_resize(&f->m, h, w);
	model_prepare(&f->m);
	settle(&f->m);
}

static void
open_file(struct fixture *f, const char *path, int h, int w, bool utf8)
{
	FILE *file = fopen(path, "rb");

	memset(f, 0, sizeof *f);
	assert_non_null(file);
	f->bytes.p = malloc(f->bytes.cap = 1 << 20);
	assert_non_null(f->bytes.p);
	f->bytes.n = fread(f->bytes.p, 1, f->bytes.cap, file);
	fclose(file);
	open_bytes(f, path, h, w, utf8);
}

static void
open_text(struct fixture *f, const char *text, int h, int w, bool utf8)
{
	struct gt_text_error wrong;

	memset(f, 0, sizeof *f);
	assert_true(gt_text_read(text, strlen(text), &f->bytes, &wrong));
	open_bytes(f, "text", h, w, utf8);
}

static void
close_file(struct fixture *f)
{
	model_free(&f->m);
	gt_close(f->trace);
	gt_buf_free(&f->bytes);
}

#define MIXED "testdata/traces/mixed.trace"

static void
line(struct model *m, const char *text)
{
	model_line(m, ':', text);
	settle(m);
}

static void
keys(struct model *m, const char *text)
{
	for (; *text; text++) {
		ui_key key = (unsigned char)*text;

		if (*text == '<') {
			size_t n = strcspn(text, ">");

			key = key_by_name(text + 1, n - 1);
			assert_int_not_equal(key, K_NONE);
			text += n;
		}
		model_key(m, key);
		settle(m);
	}
}

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
goroutines_in(const struct gt_state *s, bool running)
{
	uint64_t n = 0;
	struct gt_g g;

	for (size_t i = 0; i < gt_g_count(s); i++)
		if (gt_g_at(s, i, &g) && g.status != GT_G_GONE && g.status != GT_G_BAD)
			n += !running || g.status == GT_G_RUNNING;
	return n;
}

static struct telling
tellings(const struct fixture *f, const struct reading *k, enum lane_extra x)
{
	unsigned type = x == LX_HEAP ? GT_EV_HeapAlloc : x == LX_GOAL ? GT_EV_HeapGoal : 0;
	struct telling t = { malloc(k->ntime * sizeof *t.value), 0, type ? LANE_UNKNOWN : 0 };
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	uint64_t value = t.before;
	const struct gt_event *ev;

	assert_non_null(t.value);
	while (gt_read(r, &ev) == GT_EVENT) {
		if (!type)
			value = goroutines_in(gt_reader_state(r), x == LX_RUNNING);
		else if (ev->type == type)
			value = ev->arg[0];
		t.value[t.n++] = value;
	}
	gt_reader_free(r);
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
		for (enum lane_extra x = LX_HEAP; x < LANE_EXTRAS; x++) {
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
						fail_msg("%s, %s, window %d, column %u: %" PRIu64 " to %" PRIu64 ", must be %" PRIu64 " to %" PRIu64, traces[t],
							lane_extra_name(x), i, c, is.least, is.most, want.least, want.most);
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
			if (told.value[i] > most)
				most = told.value[n = i];
		snprintf(text, sizeof text, " %-7s %*s≤%" PRIu64 " ", lane_extra_name(x), most < 10 ? 3 : 2, "", most);
		shows(&f.m, text, true);
		/* And the readout of its column. */
		f.m.time.view[0].in_extra = true;
		f.m.time.view[0].extra = (int)x;
		f.m.time.column = lane_column(lanes_window(f.m.time.view[0].lanes), k.time[n]);
		snprintf(text, sizeof text, " to %" PRIu64 " ", most);
		shows(&f.m, text, true);
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

static void
mouse(struct model *m, enum mouse_what what, int y, int x)
{
	model_mouse(m, &(struct mouse_event){ .what = what, .y = y, .x = x });
	settle(m);
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

/* Two timelines: one time, by two kinds. */
static void
two_timelines(void **state)
{
	struct fixture f;
	struct timeline *t = &f.m.time;
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

/* --- the census --------------------------------------------------------------------- */

struct sums {
	int64_t in[GT_LANES];
	int64_t g;
};

static void
sum_span(void *arg, const struct gt_span *s)
{
	struct sums *k = arg;

	if (s->res == GT_G && s->id == k->g)
		k->in[s->state] += s->to - s->from;
}

static void
counts_goroutines(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	assert_true(census_done(f.m.census));
	assert_int_equal(census_count(f.m.census, CENSUS_GOROUTINES), 53);
	for (size_t i = 0; i < 53; i++) {
		const struct census_g *g = census_g(f.m.census, i);
		struct sums k = { .g = g->id };
		struct gt_timeline *tl = gt_timeline_new(sum_span, &k);
		struct gt_reader *r = gt_reader_new(f.trace, gt_nav_model(f.m.nav));
		const struct gt_event *ev;
		int64_t waited = 0;

		gt_reader_log(r, true);
		while (gt_read(r, &ev) == GT_EVENT) {
			size_t n;
			const struct gt_change *ch = gt_reader_changes(r, &n);

			gt_timeline_event(tl, ev, ch, n, gt_reader_state(r));
		}
		gt_timeline_end(tl);
		gt_timeline_free(tl);
		gt_reader_free(r);
		assert_true(g->running == k.in[GT_LANE_RUNNING] && g->waiting == k.in[GT_LANE_WAITING]);
		assert_true(g->runnable == k.in[GT_LANE_RUNNABLE] && g->syscall == k.in[GT_LANE_SYSCALL]);
		for (const struct census_wait *w = census_waits(f.m.census, g, NULL); w; w = census_waits(f.m.census, g, w))
			waited += w->ns;
		assert_true(waited == g->waiting);
	}
	close_file(&f);
}

/* The first event of one, and what it did: on any screen, with and without the timeline there. */
static void
to_one_of_the_table(void **state)
{
	static const int size[][2] = { { 24, 80 }, { 40, 120 }, { 12, 60 } };

	(void)state;
	for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
		struct fixture f;
		const struct census_g *g;

		open_file(&f, MIXED, size[i][0], size[i][1], true);
		line(&f.m, "close timeline");
		keys(&f.m, "oj<Enter>");
		g = census_g(f.m.census, f.m.table.row[f.m.table.at]);
		assert_int_equal(f.m.cursor, g->first);
		assert_true(f.m.lay.pane[PANE_TIMELINE].h > 3 && (size[i][0] < 24 || f.m.lay.pane[PANE_EVENTS].h > 3));
		assert_int_equal(timeline_now(&f.m)->lane, g->id);
		shows(&f.m, "by G", true);
		assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
		keys(&f.m, "q");
		assert_int_equal(f.m.arr.focus, PANE_TABLE);
		assert_true(f.m.lay.pane[PANE_TABLE].h > 3);
		/* The next one. */
		keys(&f.m, "j<Enter>");
		g = census_g(f.m.census, f.m.table.row[f.m.table.at]);
		assert_int_equal(f.m.cursor, g->first);
		assert_int_equal(timeline_now(&f.m)->lane, g->id);
		close_file(&f);
	}
}

static bool
has_read(void *arg)
{
	return (*(int *)arg)-- <= 0;
}

static bool
is_sorted_by_running(const struct model *m)
{
	for (size_t i = 1; i < m->table.rows; i++)
		if (census_g(m->census, m->table.row[i - 1])->running < census_g(m->census, m->table.row[i])->running)
			return false;
	return m->table.rows > 0;
}

/* While the trace is read the rows are in the order that the heading says, or it says none. */
static void
sorted_while_it_fills(void **state)
{
	struct fixture f;
	struct model *m = &f.m;
	unsigned signs = 0, none = 0;
	int slices = 1;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(m, "table goroutines");
	census_clear(m->census);
	table_clear(m);
	for (; census_work(m->census, m->home, false, has_read, &slices); slices = 1) {
		for (int look = 0; look < 20; look++) {
			char *text = picture(m);
			bool sign = strstr(text, "running▼");

			assert_true(!sign || is_sorted_by_running(m));
			assert_non_null(strstr(text, "running"));
			signs += sign;
			free(text);
		}
	}
	shows(m, "running▼", true);
	assert_true(is_sorted_by_running(m) && signs > 0);
	/* As when that takes long. */
	census_clear(m->census);
	table_clear(m);
	for (none = 0; census_work(m->census, m->home, false, has_read, &slices); slices = 1) {
		char *text = picture(m);

		m->table.took = INT64_MAX / 16;
		none += !strstr(text, "running▼");
		assert_true(!strstr(text, "running▼") || is_sorted_by_running(m));
		free(text);
	}
	assert_true(none > 0);
	shows(m, "running▼", true);
	assert_true(is_sorted_by_running(m));
	close_file(&f);
}

/* What the events of tasks and regions tell, counted by reading. */
struct told_task {
	uint64_t id, begin, first, end, regions, logs;
	int64_t began, ended;
};

static struct told_task *
told_task(struct told_task *v, size_t *n, const struct gt_event *ev)
{
	for (size_t i = 0; i < *n; i++)
		if (v[i].id == ev->arg[0])
			return &v[i];
	assert_true(*n < 200);
	v[*n] = (struct told_task){ .id = ev->arg[0], .first = ev->n };
	return &v[(*n)++];
}

static size_t
read_tasks(const struct fixture *f, struct told_task *v)
{
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	const struct gt_event *ev;
	size_t n = 0;

	while (gt_read(r, &ev) == GT_EVENT) {
		struct told_task *t;

		if (ev->type < GT_EV_UserTaskBegin || ev->type > GT_EV_UserLog || !ev->arg[0])
			continue;
		t = told_task(v, &n, ev);
		t->begin = ev->type == GT_EV_UserTaskBegin ? ev->n : t->begin;
		t->began = ev->type == GT_EV_UserTaskBegin ? ev->time : t->began;
		t->end = ev->type == GT_EV_UserTaskEnd ? ev->n : t->end;
		t->ended = ev->type == GT_EV_UserTaskEnd ? ev->time : t->ended;
		t->regions += ev->type == GT_EV_UserRegionBegin;
		t->logs += ev->type == GT_EV_UserLog;
	}
	gt_reader_free(r);
	return n;
}

/* Those that began before the trace as well; regions that did not end are counted, and how many they are. */
static void
tasks_and_regions(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/mixed-go1.22.trace", "testdata/traces/mixed-go1.25.trace",
		"testdata/traces/old-go1.19.trace" };
	static const char open_regions[] = "Trace Go1.22\n"
		"EventBatch gen=1 m=0 time=0 size=40\n"
		"ProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=0 gstatus=2\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=2 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=200 task=0 name_string=1 stack=0\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=13\n"
		"Strings\n"
		"String id=1\n\tdata=\"r\"\n"
		"String id=2\n\tdata=\"other\"\n";
	struct fixture f;
	unsigned before = 0;

	(void)state;
	for (size_t t = 0; t < sizeof traces / sizeof *traces; t++) {
		struct told_task v[200];
		size_t n;

		open_file(&f, traces[t], 40, 120, true);
		line(&f.m, "tasks");
		n = read_tasks(&f, v);
		assert_int_equal(census_count(f.m.census, CENSUS_TASKS), n);
		for (size_t i = 0; i < n; i++) {
			const struct census_task *is = census_task(f.m.census, i);

			assert_true(is->id == v[i].id && is->first == v[i].first && is->last == v[i].end);
			assert_true(is->regions == v[i].regions && is->logs == v[i].logs);
			assert_true(v[i].begin ? is->began == v[i].began : is->began == CENSUS_NEVER);
			assert_true(!v[i].end || is->ended == v[i].ended);
			before += !v[i].begin;
		}
		close_file(&f);
	}
	assert_true(before > 0);
	open_text(&f, open_regions, 40, 120, false);
	line(&f.m, "regions");
	shows(&f.m, "        3      1     300ns     150ns     100ns     200ns r", true);
	shows(&f.m, "        1      1       0ns         -         -         - other", true);
	close_file(&f);
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "tasks");
	line(&f.m, "sort task");
	line(&f.m, "only task=1");
	shows(&f.m, "        1        -    before         -        1        0 (not told)", true);
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.cursor, 234);
	shows(&f.m, "UserTaskEnd task=1", true);
	close_file(&f);
}

/* What is wrong in the table's filter is said, and changes nothing. */
static void
tables_filter_words(void **state)
{
	static const struct {
		const char *only, *wrong;
	} t[] = {
		{ "nosuch>1", "there is no column \"nosuch\": G, state, running, " },
		{ "running>abc", "\"abc\" is no time" },
		{ "running>1MS", "\"1MS\" is no time" },
		{ "event>1ms", "\"1ms\" is no number" },
		{ "running>", "\"\" is no time" },
		{ "function>main", "function is a text" },
		{ "main and running>1us", NULL },
		{ "state!=waiting g>1", NULL },
		{ "G!=1 && event<=1,000", NULL },
		{ "\"nosuch>1\"", NULL },
	};
	struct fixture f;
	size_t waiting, others;
	char text[80];

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	line(&f.m, "only main");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		line(&f.m, "only main");
		snprintf(text, sizeof text, "only %s", t[i].only);
		line(&f.m, text);
		if (t[i].wrong ? !strstr(f.m.message, t[i].wrong) || strcmp(f.m.table.only, "main") : strcmp(f.m.table.only, t[i].only) != 0)
			fail_msg("%s: %s (%s)", t[i].only, f.m.message, f.m.table.only);
	}
	line(&f.m, "goto 2000");
	line(&f.m, "only state=Waiting");
	shows(&f.m, "goroutines", true);
	waiting = f.m.table.rows;
	line(&f.m, "only state!=Waiting");
	shows(&f.m, "goroutines", true);
	others = f.m.table.rows;
	line(&f.m, "only");
	shows(&f.m, "goroutines", true);
	assert_true(waiting > 0 && others > 0);
	assert_int_equal(waiting + others, f.m.table.rows);
	line(&f.m, "only main and state=Waiting");
	shows(&f.m, "goroutines", true);
	others = f.m.table.rows;
	line(&f.m, "only main state=Waiting");
	shows(&f.m, "goroutines", true);
	assert_int_equal(f.m.table.rows, others);
	close_file(&f);
}

/* A picture is made, and all that it asked for. */
static void
pictured(struct model *m)
{
	free(picture(m));
	settle(m);
}

/* The rows that are listed, and that their filter lists at this event when it is given anew. */
static void
check_rows(struct model *m)
{
	uint32_t row[100];
	char command[ONLY_MAX + 8];
	size_t n;

	pictured(m);
	n = m->table.rows;
	assert_true(n < 100);
	memcpy(row, m->table.row, n * sizeof *row);
	snprintf(command, sizeof command, "only %s", m->table.only);
	line(m, command);
	pictured(m);
	assert_int_equal(m->table.rows, n);
	assert_memory_equal(m->table.row, row, n * sizeof *row);
}

/* Words and conditions that are on what a goroutine does are of the current event, whichever that is. */
static void
filters_follow(void **state)
{
	static const struct {
		const char *only;
		bool now;
	} t[] = {
		{ "waiting", true },
		{ "run", true }, /* Running, Runnable, and what is in package runtime */
		{ "\"runnable\"", true },
		{ "state=Waiting", true },
		{ "state!=Waiting main", true },
		{ "main and running>1us", false },
		{ "runtime.gc", false },
		{ "and", false },
		{ "function=running", false },
	};
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	line(&f.m, "sort G");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		size_t others = 0, before;
		char command[80];

		line(&f.m, "goto 1000");
		snprintf(command, sizeof command, "only %s", t[i].only);
		line(&f.m, command);
		pictured(&f.m);
		assert_int_equal(only_is_of_event(&f.m.table), t[i].now);
		before = f.m.table.rows;
		for (int k = 0; k < 12; k++) {
			line(&f.m, k % 3 ? "goto +37" : "goto +601");
			check_rows(&f.m);
			others += f.m.table.rows != before;
		}
		if ((others > 0) != t[i].now)
			fail_msg("%s: %zu", t[i].only, others);
	}
	/* In order by the state as well. */
	line(&f.m, "only");
	line(&f.m, "sort state");
	for (int k = 0; k < 12; k++) {
		line(&f.m, k % 2 ? "goto -291" : "goto 4000");
		check_rows(&f.m);
	}
	close_file(&f);
}

/* Several commands, and no picture between them: what is listed is of the event where they end. */
static void
filters_follow_at_once(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	pictured(&f.m);
	/* There a goroutine ceases to wait. */
	model_line(&f.m, ':', "goto 2461");
	model_line(&f.m, ':', "only state=Waiting");
	model_key(&f.m, 'j');
	check_rows(&f.m);
	close_file(&f);
}

/* What a goroutine is after an event, by all that the trace says of it up to there, and of before by the first it says. */
static const char *
state_by_events(const struct fixture *f, int64_t g, uint64_t n)
{
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.home));
	const struct gt_event *ev;
	const char *word = NULL;
	int64_t id;

	while (gt_read(r, &ev) == GT_EVENT && (ev->n <= n || !word)) {
		if (gt_event_kind(ev) != GT_K_StateTransition || gt_event_subject(ev, &id) != GT_G || id != g)
			continue;
		if (ev->n > n)
			word = ev->from == GT_PRES_NotExist ? "not yet" : gt_pres_name(ev->to);
		else
			word = ev->to == GT_PRES_NotExist ? "gone" : gt_pres_name(ev->to);
	}
	gt_reader_free(r);
	return word;
}

static void
states_of_the_table(void **state)
{
	static const uint64_t at[] = { 1, 16, 60, 100, 1000, 2461, 3674, 4457 };
	struct fixture f;
	unsigned yet = 0, gone = 0;
	const struct column *col;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	col = &cells_columns(CENSUS_GOROUTINES)[cells_column(CENSUS_GOROUTINES, "state", 5)];
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		char command[40];

		snprintf(command, sizeof command, "goto %" PRIu64, at[i]);
		line(&f.m, command);
		pictured(&f.m);
		for (size_t row = 0; row < census_count(f.m.census, CENSUS_GOROUTINES); row++) {
			struct value v = col->of(&f.m, row);
			const char *is = state_by_events(&f, census_g(f.m.census, row)->id, at[i]);

			if (v.text.n != strlen(is) || memcmp(v.text.p, is, v.text.n) != 0)
				fail_msg("event %" PRIu64 ": G%" PRId64 " is %s, not %.*s", at[i], census_g(f.m.census, row)->id, is,
					(int)v.text.n, v.text.p);
			yet += !strcmp(is, "not yet");
			gone += !strcmp(is, "gone");
		}
	}
	assert_true(yet > 10 && gone > 10);
	line(&f.m, "goto 60");
	line(&f.m, "only state=\"not yet\"");
	pictured(&f.m);
	yet = (unsigned)f.m.table.rows;
	line(&f.m, "only state=gone");
	pictured(&f.m);
	assert_true(yet > 10 && f.m.table.rows == 0);
	close_file(&f);
}

/* Whom one has chosen stays that while the states go on, if it is still there. */
static void
choice_follows(void **state)
{
	struct fixture f;
	int64_t g;
	size_t at, moved = 0, gone = 0;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	line(&f.m, "only waiting");
	line(&f.m, "sort G");
	line(&f.m, "goto 700");
	pictured(&f.m);
	/* Nobody was chosen: the first one is. */
	for (int k = 0; k < 20; k++) {
		keys(&f.m, "s");
		pictured(&f.m);
		assert_int_equal(f.m.table.at, 0);
	}
	keys(&f.m, "9j");
	for (int k = 0; k < 200; k++) {
		bool there = false;

		at = f.m.table.at;
		g = census_g(f.m.census, f.m.table.row[at])->id;
		line(&f.m, "goto +17");
		pictured(&f.m);
		for (size_t i = 0; i < f.m.table.rows; i++)
			there |= census_g(f.m.census, f.m.table.row[i])->id == g;
		if (there)
			assert_int_equal(census_g(f.m.census, f.m.table.row[f.m.table.at])->id, g);
		moved += there && f.m.table.at != at;
		gone += !there;
	}
	assert_true(moved > 3 && gone > 0);
	close_file(&f);
}

/* Who created it, when, and how long it was there: columns as any, of wide screens; the foot says it on all. */
static void
columns_of_lives(void **state)
{
	struct fixture f;
	const struct census_g *g;

	(void)state;
	open_file(&f, MIXED, 24, 80, false);
	line(&f.m, "goroutines");
	line(&f.m, "sort G");
	line(&f.m, "only G=56");
	shows(&f.m, "G56 created by G1, ended after 8.65ms - waited: ", true);
	line(&f.m, "only G=1");
	shows(&f.m, " G1 waited: ", true);
	shows(&f.m, "creator", false);
	line(&f.m, "only creator=1");
	shows(&f.m, "G56 created by G1", false);
	assert_true(f.m.table.rows > 10);
	for (size_t i = 0; i < f.m.table.rows; i++)
		assert_int_equal(census_creator(f.m.census, census_g(f.m.census, f.m.table.row[i]))->id, 1);
	line(&f.m, "only ended>5ms lived<4ms");
	shows(&f.m, "goroutines", true);
	assert_true(f.m.table.rows > 0);
	for (size_t i = 0; i < f.m.table.rows; i++) {
		g = census_g(f.m.census, f.m.table.row[i]);
		assert_true(census_ended(g) && g->ended - f.m.t0 > 5000000 && census_lived(f.m.census, g) < 4000000);
	}
	line(&f.m, "only ended=- created!=-");
	shows(&f.m, "created by G1 - waited: ", true);
	for (size_t i = 0; i < f.m.table.rows; i++) {
		g = census_g(f.m.census, f.m.table.row[i]);
		assert_true(g->ended == CENSUS_NEVER && g->created != CENSUS_NEVER);
	}
	line(&f.m, "only ended!=- created=-");
	shows(&f.m, " G20 ended after 16.1ms - waited: ", true);
	/* What is not there is before all that is. */
	line(&f.m, "only");
	line(&f.m, "sort created");
	shows(&f.m, "created-", true);
	assert_true(census_g(f.m.census, f.m.table.row[0])->created != CENSUS_NEVER);
	assert_true(census_g(f.m.census, f.m.table.row[f.m.table.rows - 1])->created == CENSUS_NEVER);
	for (size_t i = 1; i < f.m.table.rows; i++)
		assert_true(census_g(f.m.census, f.m.table.row[i - 1])->created >= census_g(f.m.census, f.m.table.row[i])->created);
	close_file(&f);
	open_file(&f, MIXED, 40, 180, false);
	line(&f.m, "goroutines");
	shows(&f.m, "      event     lived  creator   created     ended waits-for ", true);
	line(&f.m, "sort lived");
	keys(&f.m, "i");
	shows(&f.m, "lived+", true);
	shows(&f.m, "sum", true);
	close_file(&f);
	/* Threads that call into Go create goroutines as well. */
	open_file(&f, "testdata/traces/cgo-new-threads.trace", 24, 80, false);
	line(&f.m, "goroutines");
	line(&f.m, "sort created");
	line(&f.m, "only creator=- created>=0");
	shows(&f.m, "created by a thread", true);
	close_file(&f);
}

/* What a narrow screen has no room for is there if it is sorted by that. */
static void
sorted_column(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	keys(&f.m, "o");
	shows(&f.m, "running▼", true);
	shows(&f.m, "assist", false);
	line(&f.m, "sort assist");
	shows(&f.m, "assist▼", true);
	line(&f.m, "sort waits-for");
	shows(&f.m, "waits-for▲", true);
	shows(&f.m, "assist", false);
	close_file(&f);
}

static void
tables_of_all(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	shows(&f.m, "running▼", true);
	shows(&f.m, "runtime.gcBgMarkWorker", true);
	line(&f.m, "only function=main.main waiting>1ms");
	shows(&f.m, "runtime.gcBgMarkWorker", false);
	shows(&f.m, "main.main.func3", true);
	line(&f.m, "only running>1h");
	shows(&f.m, "there are none", true);
	line(&f.m, "only");
	keys(&f.m, ">");
	shows(&f.m, "runnable▼", true);
	keys(&f.m, "R");
	shows(&f.m, "runnable▲", true);
	/* However often, it is the same. */
	for (int i = 0; i < 2; i++) {
		line(&f.m, "sort running");
		shows(&f.m, "running▼", true);
	}
	line(&f.m, "sort running up");
	shows(&f.m, "running▲", true);
	line(&f.m, "sort function down");
	shows(&f.m, "function▼", true);
	line(&f.m, "sort function sideways");
	shows(&f.m, "is not a column of the table, and up or down", true);
	line(&f.m, "sort G");
	shows(&f.m, "G▲", true);
	line(&f.m, "sort nosuch");
	shows(&f.m, "there is no column", true);
	line(&f.m, "groups");
	shows(&f.m, "[groups]", true);
	keys(&f.m, "<Enter>");
	shows(&f.m, "function=", true);
	line(&f.m, "tasks");
	keys(&f.m, "gj<Enter>");
	assert_int_equal(f.m.arr.focus, PANE_TABLE);
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_UserTaskBegin);
	/* All of it, and nothing else: its logs are to be read. */
	shows(&f.m, "the list has the events of task 2", true);
	shows(&f.m, "UserLog task=2", true);
	shows(&f.m, "UserTaskEnd task=2", true);
	shows(&f.m, "GoStart", false);
	line(&f.m, "filter");
	/* Several keys at once: there was no picture between them. */
	line(&f.m, "goroutines");
	keys(&f.m, "G");
	model_line(&f.m, ':', "regions");
	model_key(&f.m, K_ENTER);
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_UserRegionBegin);
	model_line(&f.m, ':', "model go1.22-tolerant");
	model_key(&f.m, K_ENTER);
	line(&f.m, "model current");
	/* A goroutine: its lane, its first event, and s goes on to its next. */
	line(&f.m, "goroutines");
	line(&f.m, "only function=main.main.func3");
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.query.follow, GT_G);
	assert_int_equal(f.m.time.view[0].lane, f.m.query.follow_id);
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_GoCreate);
	keys(&f.m, "s");
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_GoStart);
	assert_int_equal((int64_t)rows_get(f.m.rows, f.m.cursor)->ev.arg[0], f.m.query.follow_id);
	/* Who goes to a task or a region by Enter no longer follows a goroutine; back at one, that one. */
	line(&f.m, "regions");
	shows(&f.m, "look up", true);
	keys(&f.m, "<Enter>");
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_UserRegionBegin);
	assert_int_equal(f.m.query.follow, GT_NO_RES);
	shows(&f.m, "nobody is followed", true);
	line(&f.m, "goroutines");
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.query.follow, GT_G);
	shows(&f.m, "follows G", true);
	line(&f.m, "tasks");
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.query.follow, GT_NO_RES);
	shows(&f.m, "follows G", false);
	close_file(&f);
}

/* What a filter lets pass, as the title counts it. */
static void
filters(void **state)
{
	static const struct {
		const char *table, *only;
		size_t rows;
	} t[] = {
		{ "goroutines", "", 53 },
		{ "goroutines", "G<5", 4 },
		{ "goroutines", "G<=5", 5 },
		{ "goroutines", "G>=5 G<=7", 3 },
		{ "goroutines", "G=5", 1 },
		{ "goroutines", "G==5", 1 },
		{ "goroutines", "running>=1us running<=2us", 7 },
		{ "goroutines", "function=main.main", 13 },
		{ "goroutines", "function==main.main", 1 },
		{ "goroutines", "function==\"main.main\"", 1 },
		{ "goroutines", "function==Main.main", 0 },
		{ "goroutines", "waits-for=\"GC \"", 2 },
		{ "goroutines", "waits-for==\"chan receive\"", 4 },
		{ "goroutines", "\"chan receive\" G<50", 2 },
		{ "goroutines", "waits-for==\"chan receive", 4 },
		{ "goroutines", "waits-for==\"\"", 24 },
		{ "groups", "count>=10", 2 },
	};
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char text[80];

		line(&f.m, t[i].table);
		snprintf(text, sizeof text, "only %s", t[i].only);
		line(&f.m, text);
		if (f.m.table.rows != t[i].rows)
			fail_msg("%s: %zu rows", text, f.m.table.rows);
	}
	close_file(&f);
}

/* The words that stand in the filter are found again in the rows: as many as the bar said. */
static void
filters_by_bars(struct model *m, const char *table, size_t column)
{
	char text[64];

	line(m, table);
	line(m, "only");
	snprintf(text, sizeof text, "sort %s", cells_columns(m->table.kind)[column].name);
	line(m, text);
	keys(m, "i");
	assert_true(m->table.histogram);
	assert_int_equal(histogram_rows(m->table.bars), m->table.rows);
	for (size_t i = 0; i < histogram_bars(m->table.bars); i++) {
		size_t rows = histogram_bar(m->table.bars, i)->rows;

		snprintf(text, sizeof text, "g%zuj<Enter>", i);
		keys(m, i ? text : "g<Enter>");
		if (m->table.histogram ? rows : m->table.rows != rows)
			fail_msg("%s, bar %zu: %zu rows, not %zu: %s", table, i, m->table.rows, rows, m->table.only);
		line(m, "only");
		if (!m->table.histogram)
			keys(m, "i");
	}
	keys(m, "i");
}

static void
histograms(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/old-go1.21.trace", "testdata/bad/cut-in-batch.trace" };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		open_file(&f, traces[i], 24, 80, true);
		line(&f.m, "goto 50%");
		for (int k = 0; k < CENSUS_KINDS; k++)
			for (size_t column = 0; cells_columns((enum census_kind)k)[column].name; column++)
				filters_by_bars(&f.m, census_kind_name((enum census_kind)k), column);
		close_file(&f);
	}
}

static void
histogram_keys(void **state)
{
	struct fixture f;
	size_t at;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	keys(&f.m, "i");
	assert_int_equal(f.m.arr.focus, PANE_TABLE);
	shows(&f.m, " · 53 by running", true);
	shows(&f.m, "▶ 1µs-2µs", true);
	shows(&f.m, "█", true);
	shows(&f.m, "Enter only these", true);
	/* Where one was comes back. */
	keys(&f.m, "i3ji");
	assert_true(f.m.table.histogram);
	keys(&f.m, "jji");
	assert_int_equal(f.m.table.at, 3);
	/* Another column; a narrower filter says nothing twice. */
	keys(&f.m, "i>");
	shows(&f.m, "by runnable", true);
	line(&f.m, "pan-left");
	keys(&f.m, "<Enter>");
	assert_string_equal(f.m.table.only, "running>=1us running<2us");
	assert_int_equal(f.m.table.rows, 7);
	keys(&f.m, "i<Enter>");
	assert_string_equal(f.m.table.only, "running>=1us running<2us");
	line(&f.m, "only running<5us main");
	keys(&f.m, "i<Enter>");
	assert_string_equal(f.m.table.only, "main running>=1us running<2us");
	line(&f.m, "only");
	/* Several keys at once: there was no picture between them. */
	model_key(&f.m, 'i');
	model_key(&f.m, K_ENTER);
	assert_string_equal(f.m.table.only, "running>=1us running<2us");
	line(&f.m, "only");
	/* The other way round; none has nothing to list. */
	line(&f.m, "regions");
	keys(&f.m, "ig");
	shows(&f.m, "▶ 100µs-200µs", true);
	keys(&f.m, "R");
	shows(&f.m, "▶ 5ms-10ms", true);
	keys(&f.m, "jj<Enter>");
	shows(&f.m, "there are none of these", true);
	keys(&f.m, "Ri");
	/* By mouse; the wheel scrolls. */
	line(&f.m, "goroutines");
	keys(&f.m, "i");
	at = f.m.table.top;
	model_mouse(&f.m, &(struct mouse_event){ .what = MOUSE_PRESS, .y = f.m.lay.pane[PANE_TABLE].y + 3, .x = 20 });
	assert_int_equal(f.m.table.at, at + 1);
	line(&f.m, "sort function");
	keys(&f.m, "j<Enter>");
	assert_string_equal(f.m.table.only, "function==main.main.func3");
	assert_int_equal(f.m.table.rows, 10);
	/* Of another trace there is nothing left. */
	keys(&f.m, "i");
	line(&f.m, "model go1.22-tolerant");
	shows(&f.m, "10 by function", true);
	line(&f.m, "only nosuch");
	shows(&f.m, "there are none", true);
	close_file(&f);
	open_file(&f, MIXED, 24, 80, false);
	keys(&f.m, "i");
	shows(&f.m, "#####", true);
	close_file(&f);
}

/* States are those at the current event, wherever one goes. */
static void
states_follow(void **state)
{
	struct fixture f;
	size_t waiting;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "goroutines");
	line(&f.m, "sort state");
	keys(&f.m, "i");
	assert_int_equal(histogram_bars(f.m.table.bars), 5);
	line(&f.m, "2461");
	assert_int_equal(histogram_bars(f.m.table.bars), 6);
	keys(&f.m, "<Enter>");
	assert_string_equal(f.m.table.only, "state==Waiting");
	waiting = f.m.table.rows;
	assert_int_equal(waiting, 21);
	line(&f.m, "sort G");
	/* G47 is unblocked. */
	keys(&f.m, "s");
	assert_int_equal(f.m.table.rows, waiting - 1);
	close_file(&f);
}

/* A search that takes longer than a key takes to come again. */
static void
search_goes_on(void **state)
{
	const struct job at_it = { .kind = JOB_FIND, .what = SEEK_SEARCH, .count = 1, .target = 700 };
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	model_line(&f.m, '/', "GoCreateSyscall");
	f.m.job = at_it;
	model_key(&f.m, 'n');
	assert_int_equal(f.m.job.kind, JOB_FIND);
	assert_int_equal(f.m.job.target, 700);
	model_key(&f.m, 'N');
	assert_true(f.m.job.kind != JOB_FIND || f.m.job.target != 700);
	f.m.job = at_it;
	model_key(&f.m, 's');
	assert_int_equal(f.m.job.kind, JOB_NONE);
	close_file(&f);
}

/* --- where one has been, and where things come from ------------------------------------ */

static void
leave(struct trail *t, uint64_t row)
{
	trail_leave(t, &(struct trail_place){ .n = row });
}

static uint64_t
back(struct trail *t, uint64_t here)
{
	const struct trail_place *p = trail_back(t, &(struct trail_place){ .n = here });

	return p ? p->n : 0;
}

static uint64_t
forward(struct trail *t)
{
	const struct trail_place *p = trail_forward(t);

	return p ? p->n : 0;
}

static void
trails(void **state)
{
	struct trail t = { .n = 0 };

	(void)state;
	assert_int_equal(back(&t, 5), 0);
	leave(&t, 5);
	leave(&t, 100);
	assert_int_equal(back(&t, 900), 100);
	assert_int_equal(back(&t, 100), 5);
	assert_int_equal(back(&t, 5), 0);
	assert_int_equal(forward(&t), 100);
	assert_int_equal(forward(&t), 900);
	assert_int_equal(forward(&t), 0);
	for (uint64_t i = 1; i < 1000; i++)
		leave(&t, i);
	assert_int_equal(back(&t, 5000), 999);
	assert_int_equal(forward(&t), 5000);
}

static void
marks(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "100");
	keys(&f.m, "ma");
	line(&f.m, "400");
	keys(&f.m, "mb");
	shows(&f.m, ", 300 events", true);
	/* To the nanosecond, and also where there is little room. */
	model_resize(&f.m, 24, 80);
	line(&f.m, "time mark");
	keys(&f.m, "t");
	shows(&f.m, "a\u2192b 0.000", true);
	shows(&f.m, "s, 300 events", true);
	shows(&f.m, "- | + x", true);
	line(&f.m, "102");
	shows(&f.m, " 0.000000384s ", true);
	keys(&f.m, "'b");
	line(&f.m, "time relative");
	keys(&f.m, "'a");
	assert_int_equal(f.m.cursor, 100);
	keys(&f.m, "''");
	assert_int_equal(f.m.cursor, 400);
	keys(&f.m, "'x");
	shows(&f.m, "mark x is not set", true);
	keys(&f.m, "m1");
	shows(&f.m, "marks are letters", true);
	line(&f.m, "marks");
	shows(&f.m, "marks: a 100  b 400", true);
	line(&f.m, "time mark");
	shows(&f.m, "since mark a", true);
	close_file(&f);
}

static void
origins_of_a_goroutine(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "2493");
	shows(&f.m, "G56 created by G1 at 68 · blocked at 2,452", true);
	line(&f.m, "unblocker");
	assert_int_equal(f.m.cursor, 2461);
	line(&f.m, "blocker");
	assert_int_equal(f.m.cursor, 2452);
	line(&f.m, "creator");
	assert_int_equal(f.m.cursor, 68);
	line(&f.m, "1");
	line(&f.m, "creator");
	shows(&f.m, "there is no goroutine at this event", true);
	close_file(&f);
}

/* A goroutine that is created in the trace. */
struct life {
	int64_t g, creator, born, died;
	uint64_t made;
	int64_t ends; /* the last time; 0: it does not */
	bool alive;
};

static struct life *
life_of(struct life *v, size_t n, int64_t g)
{
	size_t i = 0;

	while (i < n && v[i].g != g)
		i++;
	return i < n ? &v[i] : NULL;
}

/* By reading: the first of each ID; those that were there before have a creator of no event. */
static size_t
read_lives(const struct fixture *f, struct life *v, size_t most)
{
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	const struct gt_event *ev;
	int64_t id, last = 0;
	size_t n = 0;

	while (gt_read(r, &ev) == GT_EVENT) {
		bool is_g = gt_event_kind(ev) == GT_K_StateTransition && gt_event_subject(ev, &id) == GT_G;
		struct life *of = is_g ? life_of(v, n, id) : NULL;

		last = ev->time;
		if (of && ev->to == GT_PRES_NotExist && !of->died)
			of->died = ev->time;
		if (of)
			of->ends = ev->to == GT_PRES_NotExist ? ev->time : of->ends;
		if (of)
			of->alive = ev->to != GT_PRES_NotExist;
		if (!is_g || of)
			continue;
		assert_true(n < most);
		v[n++] = ev->from == GT_PRES_NotExist ? (struct life){ .g = id, .creator = ev->g, .born = ev->time, .made = ev->n }
			: (struct life){ .g = id };
	}
	for (size_t i = 0; i < n; i++)
		v[i].died = v[i].died ? v[i].died : last;
	gt_reader_free(r);
	return n;
}

/* An event of a goroutine of the census; 0: there is none. */
static uint64_t
first_of(const struct census_g *g)
{
	return g ? g->first : 0;
}

static void
check_life(const struct census *c, const struct life *v, size_t n, const struct life *l)
{
	const struct census_g *g = census_find(c, l->g), *creator = census_creator(c, g);
	uint64_t before = 0, next = 0, longest = 0;
	int64_t most = -1;

	for (size_t i = 0; i < n; i++) {
		bool sibling = l->made && l->creator != GT_NONE && v[i].made && v[i].creator == l->creator;

		before = sibling && v[i].made < l->made ? v[i].made : before;
		next = sibling && v[i].made > l->made && !next ? v[i].made : next;
		if (v[i].made && v[i].creator == l->g && v[i].died - v[i].born > most) {
			most = v[i].died - v[i].born;
			longest = v[i].made;
		}
	}
	assert_true(creator ? creator->id == l->creator && l->made : !l->made || l->creator == GT_NONE);
	assert_int_equal(g->creator == CENSUS_NOBODY, l->made && l->creator == GT_NONE);
	assert_int_equal(first_of(census_sibling(c, g, true)), before);
	assert_int_equal(first_of(census_sibling(c, g, false)), next);
	assert_int_equal(first_of(census_longest_child(c, g)), longest);
	assert_int_equal(g->created, l->made ? l->born : CENSUS_NEVER);
	assert_int_equal(g->ended == CENSUS_NEVER, !l->ends);
	assert_int_equal(g->ended == CENSUS_AGAIN, l->ends && l->alive);
	assert_true(census_ended(g) ? g->ended == l->ends : !l->ends || l->alive);
	/* What it did is as long as it was there. */
	assert_true(census_lived(c, g) >= g->running + g->runnable + g->waiting + g->syscall);
	if (!l->made)
		return;
	assert_int_equal(g->first, l->made);
	/* Of one whose ID comes again it is all that it lived. */
	assert_true(l->creator == GT_NONE || census_lived(c, g) == l->died - l->born);
}

static void
families(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/many-threads.trace", "testdata/traces/mixed-go1.22.trace",
		"testdata/traces/cgo-callbacks.trace", "testdata/traces/old-go1.11.trace", "testdata/traces/old-go1.19.trace" };

	(void)state;
	for (size_t t = 0; t < sizeof traces / sizeof *traces; t++) {
		struct fixture f;
		struct life v[200];
		size_t n, children = 0;

		open_file(&f, traces[t], 40, 120, true);
		line(&f.m, "goroutines");
		assert_true(census_done(f.m.census));
		n = read_lives(&f, v, 200);
		for (size_t i = 0; i < n; i++) {
			check_life(f.m.census, v, n, &v[i]);
			children += v[i].made && v[i].creator != GT_NONE;
		}
		assert_true(children > 4);
		close_file(&f);
	}
}

static void
to_the_family(void **state)
{
	uint64_t last, longest, child;
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "68"); /* G1 creates G56 */
	keys(&f.m, "J");
	assert_int_equal(f.m.cursor, 69);
	shows(&f.m, "looking for", false);
	keys(&f.m, "KKK");
	assert_int_equal(f.m.cursor, 66);
	keys(&f.m, "<^O>");
	assert_int_equal(f.m.cursor, 67);
	for (int i = 0; i < 20; i++)
		keys(&f.m, "K");
	shows(&f.m, "G1 created no goroutine before G", true);
	for (int i = 0; i < 20; i++)
		keys(&f.m, "J");
	shows(&f.m, "G1 created no goroutine after G", true);
	/* As often as a number says, or as far as it goes. */
	line(&f.m, "66");
	keys(&f.m, "3J");
	assert_int_equal(f.m.cursor, 69);
	keys(&f.m, "2K");
	assert_int_equal(f.m.cursor, 67);
	keys(&f.m, "1000000000000K");
	assert_int_equal(f.m.cursor, 41);
	shows(&f.m, "G1 created no goroutine before G38", true);
	assert_int_equal(f.m.message_style, ST_TEXT);
	keys(&f.m, "5K");
	assert_int_equal(f.m.message_style, ST_WAIT);
	line(&f.m, "sibling 100; 5");
	assert_int_equal(f.m.cursor, 5);
	keys(&f.m, "<^O>");
	last = f.m.cursor;
	keys(&f.m, "J");
	assert_int_equal(f.m.cursor, last);
	shows(&f.m, "G1 created no goroutine after G", true);
	line(&f.m, "next g == 1 && GoBlock");
	keys(&f.m, "L");
	longest = f.m.cursor;
	keys(&f.m, "L");
	child = f.m.cursor;
	line(&f.m, "next g == 1 && GoBlock");
	keys(&f.m, "2L");
	assert_int_equal(f.m.cursor, child != longest ? child : longest);
	shows(&f.m, "longest of those that G", child != longest);
	line(&f.m, "67");
	keys(&f.m, "7L");
	assert_int_equal(f.m.cursor, 661);
	shows(&f.m, "G41 created no goroutine", true);
	line(&f.m, "next g == 1 && GoBlock");
	line(&f.m, "longest-child");
	shows(&f.m, "longest of those that G1 created", true);
	assert_true(f.m.scene.ev.type == GT_EV_GoCreate && f.m.scene.ev.g == 1);
	line(&f.m, "next GoBlock && g == 1");
	line(&f.m, "sibling");
	shows(&f.m, "G1 was there before the trace: nobody is known to have created it", true);
	line(&f.m, "1");
	keys(&f.m, "L");
	shows(&f.m, "there is no goroutine at this event", true);
	close_file(&f);

	open_file(&f, "testdata/traces/cgo-callbacks.trace", 40, 120, true);
	line(&f.m, "next GoCreateSyscall");
	keys(&f.m, "J");
	shows(&f.m, "G18 was created by no goroutine: it has no siblings", true);
	keys(&f.m, "L");
	shows(&f.m, "G18 created no goroutine", true);
	close_file(&f);
}

/* What is not known yet is waited for: by the commands of a script, too, and until a key is pressed. */
static void
waits_for_the_family(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "68");
	model_line(&f.m, ':', "sibling");
	assert_true(model_busy(&f.m));
	shows(&f.m, "looking for the next sibling of G56: read to event 0, 0%; any key stops", true);
	keys(&f.m, "<^C>");
	assert_int_equal(f.m.cursor, 68);
	shows(&f.m, "looking for", false);
	model_line(&f.m, ':', "longest-child");
	keys(&f.m, "s");
	assert_int_equal(f.m.cursor, 69);
	script_queue(&f.m, "67; sibling; mark a; 5");
	settle(&f.m);
	assert_int_equal(f.m.trail.mark[trail_index('a')].n, 68);
	line(&f.m, "model go1.22-strict");
	script_queue(&f.m, "66; sibling 3; mark b; 5");
	settle(&f.m);
	assert_int_equal(f.m.trail.mark[trail_index('b')].n, 69);
	line(&f.m, "68");
	keys(&f.m, "J");
	assert_int_equal(f.m.cursor, 69);
	close_file(&f);
}

/* --- what comes before its time ------------------------------------------------------------- */

/* Commands right behind one that opens a view are about all of what that will show. */
static void
scripts_wait_for_views(void **state)
{
	static const struct {
		const char *file, *commands[5];
		uint64_t other; /* where the last command would lead too early */
	} t[] = {
		{ MIXED, { "table", "down 3", "open" }, 1 },
		{ MIXED, { "regions", "down 2", "open" }, 1 },
		{ MIXED, { "groups", "down", "open", "down 3", "open" }, 1 },
		{ MIXED, { "goroutines", "sort waiting", "only main", "down", "open" }, 1 },
		{ MIXED, { "table", "histogram", "down", "open", "open" }, 1 },
		{ MIXED, { "timeline g", "zoom-all", "down 3", "right 5", "open" }, 1 },
		{ "testdata/bad/flipped-bit.trace", { "last", "why", "next", "next", "open" }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct fixture slow, fast;
		char all[200] = "";

		open_file(&slow, t[i].file, 40, 120, true);
		for (size_t k = 0; k < 5 && t[i].commands[k]; k++) {
			line(&slow.m, t[i].commands[k]);
			strcat(strcat(all, k ? "; " : ""), t[i].commands[k]);
		}
		open_file(&fast, t[i].file, 40, 120, true);
		script_queue(&fast.m, all);
		settle(&fast.m);
		if (slow.m.cursor != fast.m.cursor || fast.m.cursor == t[i].other || slow.m.query.follow_id != fast.m.query.follow_id)
			fail_msg("%s: event %d, at once %d", all, (int)slow.m.cursor, (int)fast.m.cursor);
		assert_true(slow.m.why.at == fast.m.why.at && slow.m.why.chosen == fast.m.why.chosen);
		close_file(&slow);
		close_file(&fast);
	}
}

/* A command that comes to nothing ends them, as it does in run; that a trace is invalid does not. */
static void
scripts_end(void **state)
{
	static const struct {
		const char *file, *commands;
		uint64_t at;
		const char *says;
	} t[] = {
		{ MIXED, "20; next nosuch == 1; step", 20, "nosuch" },
		{ MIXED, "20; next g == 4711; step", 20, "no g == 4711 after event 20" },
		{ MIXED, "next GoBlock; follow; first; step 9999; 3", 1, "no g.any == " },
		{ MIXED, "99999999; step", 0, "the trace has " },
		{ MIXED, "3; unblocker; step", 3, "nothing in the trace before event 3" },
		{ MIXED, "model go1.22-strict; 5; step", 6, "" },
		{ "testdata/bad/flipped-bit.trace", "1; step 2; next GoBlock; 7; step", 8, "" },
		{ "testdata/bad/flipped-bit.trace", "model go1.22-strict; 5; step", 6, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		/* By the commands of a script; and of a line, whose first is done at once. */
		for (int typed = 0; typed < 2; typed++) {
			struct fixture f;

			open_file(&f, t[i].file, 40, 120, true);
			typed ? model_line(&f.m, ':', t[i].commands) : script_queue(&f.m, t[i].commands);
			settle(&f.m);
			assert_null(f.m.script.text);
			if ((t[i].at && f.m.cursor != t[i].at) || !strstr(f.m.message, t[i].says))
				fail_msg("%s: event %d: %s", t[i].commands, (int)f.m.cursor, f.m.message);
			close_file(&f);
		}
	}
}

static void
lines_of_files(void **state)
{
	static const char inner[] = "# one\n\n5; step\nnext g == 4711\n";
	struct fixture f;
	char where[80];

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	script_queue_file(&f.m, "first\nstep\n4; unblocker; step", "outer");
	script_queue_file(&f.m, inner, "inner");
	settle(&f.m);
	assert_int_equal(f.m.cursor, 6);
	assert_string_equal(f.m.message, "inner:4: no g == 4711 after event 6");
	script_queue_file(&f.m, "first\nstep\n4; unblocker; step", "outer");
	script_queue_file(&f.m, "# none\n", "inner");
	script_queue(&f.m, "step\nstep");
	script_where(&f.m, where, sizeof where);
	assert_string_equal(where, "");
	settle(&f.m);
	assert_int_equal(f.m.cursor, 4);
	assert_string_equal(f.m.message, "outer:3: nothing in the trace before event 4 unblocked G1");
	line(&f.m, "nosuch; step");
	assert_string_equal(f.m.message, "there is no command \"nosuch\"; Tab lists them");
	close_file(&f);
}

/* Until a key is pressed; what does not depend on the view does not wait. */
static void
a_key_ends_that(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	model_line(&f.m, ':', "table; mark a; down 3; open");
	for (int i = 0; i < 3; i++)
		script_step(&f.m);
	assert_true(f.m.trail.mark[trail_index('a')].n == 1 && script_waits(&f.m) && model_busy(&f.m));
	shows(&f.m, "the commands go on once this is complete; any key ends them", true);
	keys(&f.m, "z");
	shows(&f.m, "the commands go on", false);
	assert_true(f.m.cursor == 1 && !f.m.script.text && f.m.table.at == 0);
	/* There is nothing to wait for where it can't be seen. */
	line(&f.m, "table; help; down 2");
	assert_null(f.m.script.text);
	close_file(&f);
}

/* Keys, with pictures between them but no work. */
static void
type_ahead(struct model *m, const char *text)
{
	for (; *text; text++) {
		model_key(m, *text == '!' ? K_ENTER : (ui_key)*text);
		model_prepare(m);
	}
}

static void
keys_before_the_rows(void **state)
{
	static const struct {
		const char *keys;
	} t[] = { { "ojjj!" }, { "o3jk!" }, { "oGk!" }, { "oGg3j!" }, { "oijj!" }, { "o999kj!" }, { "ojl!" }, { "oj>!" } };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct fixture slow;

		open_file(&slow, MIXED, 40, 120, true);
		for (const char *p = t[i].keys; *p; p++)
			keys(&slow.m, *p == '!' ? "<Enter>" : (char[]){ *p, 0 });
		open_file(&f, MIXED, 40, 120, true);
		type_ahead(&f.m, t[i].keys);
		assert_true(f.m.cursor == 1 && f.m.table.opens && !*f.m.table.only && model_busy(&f.m));
		shows(&f.m, "goes there once the table is complete; any key stops", true);
		settle(&f.m);
		shows(&f.m, "goes there once", false);
		if (slow.m.cursor != f.m.cursor || slow.m.table.at != f.m.table.at || strcmp(slow.m.table.only, f.m.table.only) != 0)
			fail_msg("%s: event %d, line %zu; ahead %d, line %zu", t[i].keys, (int)slow.m.cursor, slow.m.table.at,
				(int)f.m.cursor, f.m.table.at);
		close_file(&slow);
		close_file(&f);
	}
	open_file(&f, MIXED, 40, 120, true);
	type_ahead(&f.m, "ojj!");
	keys(&f.m, "<^C>");
	assert_true(f.m.cursor == 1 && f.m.table.at == 2);
	/* Rows of another filter are not opened. */
	model_line(&f.m, ':', "only runtime");
	model_line(&f.m, ':', "sort id");
	keys(&f.m, "<Enter>");
	assert_true(f.m.cursor > 1);
	close_file(&f);
}

/* --- panes ---------------------------------------------------------------------------------- */

static void
every_pane(void **state)
{
	static const struct {
		const char *pane, *says;
	} t[] = {
		{ "stack", "runtime.chansend1" }, { "bytes", "type=20 GoBlock" }, { "frontier", "ready: this is the next event" },
		{ "strings", "347 strings, 150 stacks" }, { "details", "blocks, for the reason" }, { "context", "must have" },
		{ "timeline", "by P" }, { "table", "goroutines" }, { "events", "GoBlock" },
	};
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "find chan send");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char command[32];

		snprintf(command, sizeof command, "view %s", t[i].pane);
		line(&f.m, command);
		assert_true(f.m.lay.pane[f.m.arr.focus].h > 3);
		assert_string_equal(pane_name(f.m.arr.focus), t[i].pane);
		shows(&f.m, t[i].says, true);
	}
	for (int i = 0; i < PANES; i++)
		line(&f.m, "close");
	shows(&f.m, "this is the last pane", true);
	line(&f.m, "view nosuch");
	shows(&f.m, "there is no pane \"nosuch\"", true);
	close_file(&f);
}

static void
fields(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, false);
	line(&f.m, "407");
	line(&f.m, "view bytes");
	shows(&f.m, "> type=45 GoSwitch", true);
	keys(&f.m, "ll");
	shows(&f.m, "> g=26 G26", true);
	keys(&f.m, "99l");
	shows(&f.m, "> g_seq=2", true);
	keys(&f.m, "99h");
	shows(&f.m, "> type=45", true);
	close_file(&f);
}

/* Before Go 1.22 as well: how many numbers there are is in the byte of the type. */
static void
fields_of_old(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/traces/old-go1.21.trace", 40, 120, false);
	line(&f.m, "205");
	line(&f.m, "view bytes");
	shows(&f.m, "> type=41 GoStartLabel", true);
	shows(&f.m, "made of this", false);
	keys(&f.m, "l");
	shows(&f.m, "> count=4 numbers or more", true);
	keys(&f.m, "l");
	shows(&f.m, "> length=4 bytes", true);
	keys(&f.m, "2l");
	shows(&f.m, "> g=20 G20", true);
	keys(&f.m, "99l");
	shows(&f.m, "> labelid=3 \"GC (fractional)\"", true);
	line(&f.m, "86");
	shows(&f.m, "offset 0x2bf (703), 4 bytes", true);
	keys(&f.m, "2l");
	shows(&f.m, "> dt=263 ticks", true);
	/* Its end is not in the file. */
	keys(&f.m, "s");
	shows(&f.m, "in no bytes itself: made of this", true);
	shows(&f.m, "in no bytes itself, made of batch 1", true);
	shows(&f.m, "type=28 GoSysCall", true);
	/* Messages are there in their own words. */
	line(&f.m, "find type == UserLog");
	keys(&f.m, "99l");
	shows(&f.m, "> text=\"", true);
	close_file(&f);
}

/* Before Go 1.22 a fault may be in an entry of a table: what there is of it is taken apart. */
static void
fields_of_cut_entries(void **state)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX";
	struct fixture f;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	open_file(&f, "testdata/bad/cut-go1.21.trace", 40, 120, false);
	line(&f.m, "fault");
	line(&f.m, "view bytes");
	shows(&f.m, "@ 0x7c4 - 3 bytes", true);
	shows(&f.m, "> type=37 String", true);
	shows(&f.m, "id=34", true);
	keys(&f.m, "99l");
	shows(&f.m, "> length=21 bytes", true);
	/* Cut before that string, in the stack before it. */
	assert_int_equal(write(fd, f.bytes.p, 0x7c0), 0x7c0);
	close_file(&f);
	open_file(&f, path, 40, 120, false);
	line(&f.m, "fault");
	line(&f.m, "view bytes");
	shows(&f.m, "> type=3 Stack", true);
	shows(&f.m, "siz=2", true);
	keys(&f.m, "99l");
	shows(&f.m, "> frames=1: pc, func, file, line", true);
	close_file(&f);
	close(fd);
	unlink(path);
}

/* Any set of panes at any size: no two on one cell, none outside, the one with the keys to be seen. */
static void
arrangements(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct arrangement a;
		struct layout l;
		int h, w, area = 0;

		arrangement_init(&a);
		for (int k = 0; k < 8; k++) {
			unsigned r = (seed = seed * 1103515245 + 12345) >> 16;
			enum pane_id p = (enum pane_id)(r % PANES);

			if (r & 256)
				arrangement_open(&a, a.focus = p);
			else if (r & 512)
				arrangement_close(&a, p);
			else if (r & 1024)
				arrangement_split(&a, p, (enum pane_id)((r >> 11) % PANES));
			else if (r & 2048)
				arrangement_unsplit(&a, p);
			else if (p != a.focus)
				a.folded ^= 1u << p;
			a.extra[p] = (signed char)(r >> 10 & 31) - 16;
			a.wider[p] = (signed char)((r >> 9 & 127) - 64);
		}
		a.stacked = seed & 1 << 20;
		h = 8 + (int)(seed >> 8 & 63);
		w = 40 + (int)(seed >> 16 & 255);
		arrangement_open(&a, a.focus);
		layout_make(&l, h, w, &a);
		for (int p = 0; p < PANES; p++) {
			const struct rect *r = &l.pane[p];

			if (!r->h)
				continue;
			assert_true(r->w >= 19);
			assert_true(r->y >= 1 && r->x >= 0 && r->y + r->h <= h - 1 && r->x + r->w <= w);
			area += r->h * r->w;
			for (int q = 0; q < p; q++) {
				const struct rect *s = &l.pane[q];

				assert_true(!s->h || r->y >= s->y + s->h || s->y >= r->y + r->h || r->x >= s->x + s->w || s->x >= r->x + r->w);
			}
		}
		assert_true(area <= (h - 2) * w);
		assert_true(l.pane[a.focus].h > 0);
	}
}

/* --- the mouse ---------------------------------------------------------------------------------- */

static void
mice(void **state)
{
	struct fixture f;
	const struct rect *r;
	unsigned seed = 7;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	mouse(&f.m, MOUSE_PRESS, 5, 30);
	assert_int_equal(f.m.cursor, 4);
	mouse(&f.m, MOUSE_WHEEL_DOWN, 5, 30);
	assert_int_equal(f.m.cursor, 4);
	assert_int_equal(f.m.top, 4);
	r = &f.m.lay.pane[PANE_TIMELINE];
	mouse(&f.m, MOUSE_PRESS, r->y + 3, f.m.time.view[0].label + 20);
	assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
	assert_int_equal(f.m.time.column, 20);
	mouse(&f.m, MOUSE_RELEASE, r->y + 3, f.m.time.view[0].label + 60);
	assert_non_null(trail_mark(&f.m.trail, 'a'));
	assert_non_null(trail_mark(&f.m.trail, 'b'));
	/* The buttons of its title: only this pane, all again, closed. */
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_TIMELINE].y, 120 - 4);
	assert_int_equal(f.m.lay.pane[PANE_EVENTS].h, 0);
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_TIMELINE].y, 120 - 4);
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_TIMELINE].y, 120 - 2);
	assert_int_equal(f.m.lay.pane[PANE_TIMELINE].h, 0);
	/* The key bar. */
	mouse(&f.m, MOUSE_PRESS, 39, 2);
	assert_int_equal(f.m.cursor, 5);
	for (int i = 0; i < 3000; i++) {
		unsigned a = (seed = seed * 1103515245 + 12345) >> 16;

		mouse(&f.m, (enum mouse_what)(a & 3), (int)(a >> 2) % 42 - 1, (int)(seed >> 8) % 124 - 2);
		if (a % 5 == 0)
			model_key(&f.m, (int)(seed >> 20) % 127);
		if (f.m.effect == EFFECT_PROMPT)
			f.m.prompt.kind = 0;
		free(picture(&f.m));
	}
	close_file(&f);
}

/* --- panes beside each other ------------------------------------------------------------------------ */

/* From one place to another, with the button held. */
static void
drag(struct model *m, int y, int x, int to_y, int to_x)
{
	mouse(m, MOUSE_PRESS, y, x);
	mouse(m, MOUSE_RELEASE, to_y, to_x);
}

static void
splits_by_key(void **state)
{
	const struct rect *list, *stack, *context;
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	list = &f.m.lay.pane[PANE_EVENTS], stack = &f.m.lay.pane[PANE_STACK], context = &f.m.lay.pane[PANE_CONTEXT];
	assert_int_equal(list->w, 80);
	keys(&f.m, "|s");
	assert_int_equal(f.m.arr.focus, PANE_STACK);
	assert_int_equal(list->w, 40);
	assert_int_equal(stack->x, 41);
	assert_int_equal(stack->w, 39);
	assert_int_equal(stack->y, list->y);
	assert_int_equal(context->w, 80);
	/* The line between them moves, whichever has the keys, and leaves neither too little. */
	keys(&f.m, "3)");
	assert_int_equal(stack->w, 42);
	keys(&f.m, "<Tab>(50(");
	assert_int_equal(f.m.arr.focus, PANE_EVENTS);
	assert_int_equal(list->w, 30);
	assert_int_equal(stack->w, 49);
	/* Apart, and with the next one, and from the prompt. */
	keys(&f.m, "||");
	assert_int_equal(list->w, 80);
	line(&f.m, "close stack");
	keys(&f.m, "||");
	assert_int_equal(context->y, list->y);
	assert_true(context->x > 0);
	line(&f.m, "split frontier");
	assert_int_equal(f.m.lay.pane[PANE_FRONTIER].w, 80);
	model_resize(&f.m, 24, 120);
	settle(&f.m);
	assert_int_equal(f.m.lay.pane[PANE_FRONTIER].y, 1);
	assert_int_equal(context->y, 1);
	line(&f.m, "split nosuch");
	shows(&f.m, "there is no pane \"nosuch\"", true);
	close_file(&f);
}

/* Pairs of a wide screen come apart, too. */
static void
splits_of_pairs(void **state)
{
	const struct rect *context, *details;
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 60, 200, true);
	context = &f.m.lay.pane[PANE_CONTEXT], details = &f.m.lay.pane[PANE_DETAILS];
	assert_int_equal(context->y, details->y);
	keys(&f.m, "<Tab><Tab>||");
	assert_int_equal(f.m.arr.focus, PANE_CONTEXT);
	assert_true(details->y > context->y);
	keys(&f.m, "||");
	assert_int_equal(context->y, details->y);
	keys(&f.m, "_");
	assert_int_equal(context->y, details->y);
	close_file(&f);
}

static void
splits_by_mouse(void **state)
{
	const struct rect *list, *context, *details;
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	list = &f.m.lay.pane[PANE_EVENTS], context = &f.m.lay.pane[PANE_CONTEXT], details = &f.m.lay.pane[PANE_DETAILS];
	/* A title. */
	drag(&f.m, details->y, 30, details->y - 3, 30);
	assert_int_equal(details->y, 16);
	drag(&f.m, context->y, 30, context->y - 2, 30);
	assert_int_equal(context->y, 9);
	/* The button; then the line. */
	mouse(&f.m, MOUSE_PRESS, 3, 20);
	mouse(&f.m, MOUSE_PRESS, 1, 80 - 6);
	mouse(&f.m, MOUSE_RELEASE, 1, 80 - 6);
	assert_int_equal(context->y, list->y);
	assert_int_equal(context->x, 41);
	drag(&f.m, 4, 40, 5, 46);
	assert_int_equal(context->x, 47);
	assert_int_equal(f.m.cursor, 2);
	mouse(&f.m, MOUSE_PRESS, 1, 46 - 6);
	assert_int_equal(list->w, 80);
	close_file(&f);
}

static void
columns_by_mouse(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	shows(&f.m, "pstatus=Running ", false);
	/* The edge of the event's column, then its heading, to the beginning. */
	drag(&f.m, 1, 62, 1, 68);
	assert_true(f.m.columns.chosen);
	shows(&f.m, "pstatus=Running ", true);
	drag(&f.m, 1, 40, 1, 4);
	assert_int_equal(f.m.columns.at[0].id, COL_EVENT);
	assert_int_equal(f.m.columns.at[1].id, COL_NUMBER);
	drag(&f.m, 1, 79, 1, -5);
	line(&f.m, "columns");
	assert_false(f.m.columns.chosen);
	close_file(&f);
}

/* --- what is done by hand, done again ----------------------------------------------------------------- */

/* The prompt as the terminal has it. */
static void
typed(struct model *m, char kind, const char *text)
{
	m->prompt.kind = 0;
	script_note_line(m, kind, text);
	model_line(m, kind, text);
	settle(m);
}

/* Begun elsewhere than at the start, under other rules: what led there comes first, and it all is had again. */
static void
records_from_here(void **state)
{
	static const char want[] = "model go1.22-tolerant\nrequire GoLabel.proc=may\nbreak GoBlock\nfilter GoStart\ngoto 40\nmark a\nfollow g 1\ngoto 200\n"
				   "step\n";
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", command[80], text[400];
	int fd = mkstemp(path);
	struct fixture f;
	uint64_t at;
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "model go1.22-tolerant; require GoLabel.proc=may; goto 40; mark a; goto 200; break GoBlock; filter GoStart; follow g 1");
	snprintf(command, sizeof command, "record %s", path);
	line(&f.m, command);
	keys(&f.m, "s");
	at = f.m.cursor;
	assert_true(at > 200);
	typed(&f.m, ':', "record");
	close_file(&f);
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	assert_string_equal(text, want);
	open_file(&f, MIXED, 24, 80, true);
	snprintf(command, sizeof command, "source %s", path);
	line(&f.m, command);
	settle(&f.m);
	assert_int_equal(f.m.cursor, at);
	assert_int_equal(f.m.query.follow_id, 1);
	close_file(&f);
	unlink(path);
}

static void
records(void **state)
{
	static const char want[] = "step 2\nmark a\nstep\ngoto 12\nto-mark a\nview stack\nsplit frontier\nsplit frontier\n"
				   "table\nview events\ngoto 5\nfilter GoBlock\nfind GoStop\nnext\nfind \"GoStop \"\nfind \"GoStop \"\ngoto 50%\nstep 3\n"
				   "goto 7\nstep 2\nmark c\nback\ngoto 3\n10\nnext GoCreate\ngoto 12\nstep\n"
				   "timeline\nlast\n";
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", other[] = "/tmp/gotrace-tui-test-XXXXXX", command[80], text[1000];
	int fd = mkstemp(path), fd2 = mkstemp(other);
	struct fixture f, again;
	FILE *file, *source;

	(void)state;
	assert_true(fd >= 0 && fd2 >= 0);
	close(fd);
	close(fd2);
	open_file(&f, MIXED, 24, 80, true);
	snprintf(command, sizeof command, "record %s", path);
	line(&f.m, command);
	keys(&f.m, "2smas<PgDn>'avs|f||pta");
	assert_true(f.m.palette.open);
	keys(&f.m, "<Esc>");
	keys(&f.m, "pgo-nowhere<Esc>o");
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_EVENTS].y + 5, 10);
	keys(&f.m, "&");
	typed(&f.m, ':', "filter GoBlock");
	keys(&f.m, "/");
	typed(&f.m, '/', "GoStop");
	typed(&f.m, '/', "");
	typed(&f.m, '/', "GoStop ");
	/* What does nothing is not recorded. */
	typed(&f.m, '/', "x;\"y");
	keys(&f.m, "n'q");
	typed(&f.m, ':', "next g == 4711");
	typed(&f.m, ':', "nosuch");
	typed(&f.m, '/', "GoStop ");
	typed(&f.m, ':', "goto 50%; step 3");
	/* Of several commands those that were done, whoever says them, and not those behind one that came to nothing. */
	typed(&f.m, ':', "goto 7; step 2 ; mark c # here");
	typed(&f.m, ':', "back; next g == 4711; step 5");
	typed(&f.m, ':', "nosuch; step 5");
	source = fopen(other, "w");
	assert_non_null(source);
	fputs("10; next GoCreate\nnext g == 4711; 11\n", source);
	fclose(source);
	snprintf(command, sizeof command, "goto 3; source %s; 11", other);
	typed(&f.m, ':', command);
	snprintf(command, sizeof command, "source %s.none; 11", other);
	typed(&f.m, ':', command);
	line(&f.m, "key F6 \"goto 12; step; nosuch; 13\"");
	keys(&f.m, "<F6>");
	unlink(other);
	keys(&f.m, "tG<^Z>");
	typed(&f.m, ':', "record");
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	unlink(path);
	assert_string_equal(text, want);
	open_file(&again, MIXED, 30, 100, false);
	script_queue(&again.m, text);
	settle(&again.m);
	assert_int_equal(again.m.cursor, f.m.cursor);
	assert_int_equal(again.m.arr.focus, f.m.arr.focus);
	assert_int_equal(again.m.arr.open, f.m.arr.open);
	close_file(&again);
	close_file(&f);
}

/* --- how things look ------------------------------------------------------------------------------ */

static void
chosen_columns(void **state)
{
	struct columns_chosen c;
	const char *wrong = "";
	struct fixture f;

	(void)state;
	columns_usual(&c);
	assert_true(columns_parse(&c, "number, time:14 ev", &wrong));
	assert_int_equal(c.n, 3);
	assert_int_equal(c.at[1].width, 14);
	assert_false(columns_parse(&c, "number nosuch", &wrong));
	assert_string_equal(wrong, "nosuch");
	assert_false(columns_parse(&c, "time time", &wrong));
	assert_false(columns_parse(&c, "time:0", &wrong));
	assert_int_equal(c.n, 3);
	assert_true(columns_parse(&c, "", &wrong));
	assert_false(c.chosen);
	open_file(&f, MIXED, 24, 120, true);
	line(&f.m, "columns number generation offset event function time:20");
	line(&f.m, "find chan send");
	shows(&f.m, "function", true);
	shows(&f.m, "runtime.chansend1", true);
	shows(&f.m, "change", false);
	line(&f.m, "time raw");
	shows(&f.m, "3604467777920", true);
	line(&f.m, "columns nosuch");
	shows(&f.m, "no column", true);
	close_file(&f);
}

static void
themes(void **state)
{
	struct theme t;
	const char *wrong = "";

	(void)state;
	for (size_t i = 0; theme_name(i); i++)
		assert_true(theme_get(&t, theme_name(i)));
	assert_false(theme_get(&t, "nosuch"));
	assert_true(theme_get(&t, "default"));
	for (int i = 0; i < STYLES; i++) {
		assert_non_null(style_name((enum style)i));
		assert_int_equal(style_by_name(style_name((enum style)i), strlen(style_name((enum style)i))), i);
	}
	assert_true(theme_color(&t, ST_M, "green on 17 bold", &wrong));
	assert_int_equal(t.look[ST_M].fg, 2);
	assert_int_equal(t.look[ST_M].bg, 17);
	assert_int_equal(t.look[ST_M].attr, LOOK_BOLD);
	assert_true(theme_color(&t, ST_M, "#ff0000", &wrong));
	assert_int_equal(theme_rgb(t.look[ST_M].fg), 0xff0000);
	assert_false(theme_color(&t, ST_M, "green at night", &wrong));
	assert_string_equal(wrong, "at night");
	assert_false(theme_color(&t, ST_M, "256", &wrong));
	assert_false(theme_color(&t, ST_M, "#12", &wrong));
}

static void
settings(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	settings_read(&f.m, "# a comment\n\n  theme light\nkey F5 goto 50%\nkey x step\r\nbogus\ncolor nosuch 3\ncolumns number event", "conf");
	assert_string_equal(f.m.theme.name, "light");
	assert_int_equal(f.m.columns.n, 2);
	assert_non_null(strstr(f.m.message, "conf:6: there is no command \"bogus\"; Tab lists them (and 1 more)"));
	settings_read(&f.m, "theme dark\nfilter g === 3", "conf");
	shows(&f.m, "   g === 3\n       ^\n conf:2: the number of a goroutine, or none is expected here\n", true);
	settings_read(&f.m, "theme light", "conf");
	keys(&f.m, "<F5>");
	assert_int_equal(f.m.cursor, 2229);
	keys(&f.m, "3x");
	assert_int_equal(f.m.cursor, 2232);
	line(&f.m, "key x");
	keys(&f.m, "x");
	assert_int_equal(f.m.cursor, 2232);
	line(&f.m, "key F6 \"goto 7; step 2\"; goto 1");
	assert_int_equal(f.m.cursor, 1);
	keys(&f.m, "<F6>");
	assert_int_equal(f.m.cursor, 9);
	line(&f.m, "goto 2232");
	line(&f.m, "key Nosuch step");
	shows(&f.m, "there is no key \"Nosuch\"", true);
	line(&f.m, "ascii on");
	assert_false(f.m.utf8);
	{
		char *text = picture(&f.m);

		for (const char *p = text; *p; p++)
			assert_true((unsigned char)*p < 0x80);
		free(text);
	}
	line(&f.m, "ascii off");
	assert_true(f.m.utf8);
	close_file(&f);
}

/* A file of settings that is none: said, and never waited for. */
static void
settings_that_are_none(void **state)
{
	char folder[] = "/tmp/gotrace-tui-test-XXXXXX", path[80];
	struct fixture f;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("XDG_CONFIG_HOME", folder, 1);
	open_file(&f, MIXED, 24, 80, true);
	snprintf(path, sizeof path, "%s/gotrace-tui", folder);
	settings_load(&f.m);
	assert_int_equal(f.m.message[0], 0);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/config");
	assert_int_equal(mkfifo(path, 0600), 0);
	settings_load(&f.m);
	assert_non_null(strstr(f.m.message, "config: it is no file"));
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	settings_load(&f.m);
	assert_non_null(strstr(f.m.message, "config: Is a directory"));
	rmdir(path);
	file = fopen(path, "w");
	assert_non_null(file);
	fwrite("theme light\n\0", 1, 13, file);
	fclose(file);
	settings_load(&f.m);
	assert_non_null(strstr(f.m.message, "config: it is no text"));
	unlink(path);
	*strrchr(path, '/') = 0;
	rmdir(path);
	rmdir(folder);
	unsetenv("XDG_CONFIG_HOME");
	close_file(&f);
}

static char *
exported(struct model *m, const char *ending)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", name[64], command[80];
	char *text = calloc(1, 1 << 20);
	int fd = mkstemp(path);
	FILE *file;

	assert_true(fd >= 0);
	close(fd);
	snprintf(name, sizeof name, "%s.%s", path, ending);
	snprintf(command, sizeof command, "export %s", name);
	line(m, command);
	assert_int_equal(m->message_style, ST_OK);
	m->message[0] = 0;
	file = fopen(name, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	unlink(name);
	unlink(path);
	return text;
}

static char *
file_text(const char *path)
{
	char *text = calloc(1, 1 << 16);
	FILE *file = fopen(path, "r");

	assert_true(text && file);
	assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
	fclose(file);
	return text;
}

/* A cell of a CSV file, unquoted, into out; where the next one begins, behind the , or the line end. */
static const char *
csv_cell(const char *p, char *out)
{
	bool quoted = *p == '"';

	for (p += quoted; quoted ? *p != '"' || *++p == '"' : !strchr(",\n", *p); p++)
		*out++ = *p;
	*out = 0;
	assert_true(*p == ',' || *p == '\n');
	return p + 1;
}

/* Names that a spreadsheet would fall over. */
static const char hard_names[] = "Trace Go1.22\n"
	"EventBatch gen=1 m=0 time=0 size=29\n"
	"ProcStatus dt=1 p=0 pstatus=1\n"
	"GoStatus dt=1 g=1 m=0 gstatus=2\n"
	"UserTaskBegin dt=100 task=7 parent_task=0 name_string=1 stack=0\n"
	"UserTaskBegin dt=100 task=8 parent_task=7 name_string=2 stack=0\n"
	"UserTaskEnd dt=100 task=7 stack=0\n"
	"UserTaskEnd dt=100 task=9 stack=0\n"
	"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
	"Frequency freq=1000000000\n"
	"EventBatch gen=1 m=18446744073709551615 time=0 size=20\n"
	"Strings\n"
	"String id=1\n\tdata=\"a, \\\"b\\\"\\nc\"\n"
	"String id=2\n\tdata=\"plain\"\n";

static void
tables_as_data(void **state)
{
	char dir[] = "/tmp/gotrace-csv-XXXXXX", path[64], command[80], cell[300], *text;
	const char *p;
	struct fixture f;
	size_t columns = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/t.csv", dir);
	snprintf(command, sizeof command, "export %s", path);
	open_text(&f, hard_names, 24, 80, false);
	line(&f.m, command);
	shows(&f.m, "there is no table on the screen", true);
	line(&f.m, "tasks");
	line(&f.m, command);
	shows(&f.m, "written, 3 rows", true);
	text = file_text(path);
	assert_string_equal(text, "task,parent,began,took,regions,logs,name\n"
		"7,0,101,200,0,0,\"a, \"\"b\"\"\nc\"\n8,7,201,,0,0,plain\n9,,,,0,0,(not told)\n");
	free(text);
	close_file(&f);
	/* The rows listed, in their order, and all columns, whatever the screen. */
	open_file(&f, MIXED, 24, 80, false);
	line(&f.m, "goroutines");
	line(&f.m, "sort G");
	line(&f.m, "only main");
	line(&f.m, "histogram");
	line(&f.m, command);
	text = file_text(path);
	p = text;
	for (const struct column *col = cells_columns(CENSUS_GOROUTINES); col->name; col++, columns++) {
		p = csv_cell(p, cell);
		assert_string_equal(cell, col->name);
	}
	assert_true(f.m.table.rows > 10);
	for (size_t i = 0; i < f.m.table.rows; i++) {
		const struct census_g *g = census_g(f.m.census, f.m.table.row[i]);

		assert_int_equal(p[-1], '\n');
		for (size_t k = 0; k < columns; k++) {
			const char *name = cells_columns(CENSUS_GOROUTINES)[k].name;

			p = csv_cell(p, cell);
			if (!strcmp(name, "G"))
				assert_int_equal(strtoll(cell, NULL, 10), g->id);
			if (!strcmp(name, "waiting"))
				assert_int_equal(strtoll(cell, NULL, 10), g->waiting);
			if (!strcmp(name, "ended"))
				assert_int_equal(*cell != 0, census_ended(g));
			if (!strcmp(name, "function"))
				assert_non_null(strstr(cell, "main"));
		}
	}
	assert_int_equal(*p, 0);
	free(text);
	/* Typed before there are rows: once they are all there. */
	census_clear(f.m.census);
	table_clear(&f.m);
	unlink(path);
	model_line(&f.m, ':', command);
	assert_non_null(strstr(f.m.message, "the commands go on once this is complete"));
	assert_int_equal(access(path, F_OK), -1);
	settle(&f.m);
	while (script_step(&f.m))
		settle(&f.m);
	assert_int_equal(access(path, F_OK), 0);
	close_file(&f);
	unlink(path);
	rmdir(dir);
}

static void
exports(void **state)
{
	struct fixture f;
	struct canvas c;
	char *text, *screen, *svg;
	FILE *file = tmpfile();

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	text = exported(&f.m, "txt");
	screen = picture(&f.m);
	assert_string_equal(text, screen);
	free(text);
	text = exported(&f.m, "ansi");
	assert_non_null(strstr(text, "\033[0;1m"));
	free(text);
	svg = exported(&f.m, "svg");
	assert_int_equal(strncmp(svg, "<svg ", 5), 0);
	assert_non_null(strstr(svg, "</svg>\n"));
	free(svg);
	free(screen);
	line(&f.m, "export /nonexistent/x.svg");
	assert_int_equal(f.m.message_style, ST_BAD);
	line(&f.m, "export x.png");
	shows(&f.m, "must end in .txt, .ansi or .svg", true);
	close_file(&f);
	/* What XML means something by. */
	assert_true(canvas_init(&c, 1, 40, true));
	canvas_put(&c, 0, 0, ST_TEXT, "<script>\"&\033[31m");
	{
		struct theme t;
		char out[4096] = "";

		theme_get(&t, "dark");
		assert_true(picture_write(file, &c, &t, PICTURE_SVG));
		rewind(file);
		assert_true(fread(out, 1, sizeof out - 1, file) > 0);
		assert_non_null(strstr(out, "&#60;script&#62;&#34;&#38;\\x1b[31m"));
	}
	canvas_free(&c);
	fclose(file);
}

/* --- help --------------------------------------------------------------------------------------------- */

static void
help_on_everything(void **state)
{
	struct lines l = { 0 };
	struct fixture f;

	(void)state;
	for (size_t i = 0; topic_name(i); i++) {
		lines_clear(&l, 80, true);
		if (!topic_lines(&l, topic_name(i)))
			fail_msg("no help on %s", topic_name(i));
	}
	lines_clear(&l, 80, true);
	assert_false(topic_lines(&l, "nosuchthing"));
	/* Near: one of the words is in a name, or in what is said. */
	assert_true(topic_lines(&l, "GoBlocked") && topic_lines(&l, "chan receive"));
	lines_free(&l);
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "help procsteal");
	shows(&f.m, "ProcSteal (12)", true);
	line(&f.m, "help NO_PROC");
	shows(&f.m, "reason", true);
	line(&f.m, "help ^O");
	shows(&f.m, ":backward", true);
	line(&f.m, "help nosuch");
	shows(&f.m, "there is no help on \"nosuch\"", true);
	/* Reasons of waiting, in quotes or not; and keys that do nothing, or what the user made of them. */
	for (int i = 0; i < 2; i++) {
		line(&f.m, i ? "help \"chan send\"" : "help chan send");
		shows(&f.m, "It sends on a channel", true);
	}
	line(&f.m, "help \"no such\"");
	shows(&f.m, "there is no help on \"no such\"", true);
	line(&f.m, "help F5");
	shows(&f.m, "F5 is bound to nothing; :key F5 COMMAND binds it", true);
	line(&f.m, "key F5 goto 50%");
	line(&f.m, "help F5");
	shows(&f.m, "bound to", true);
	shows(&f.m, "goto 50%", true);
	/* What is called so comes, not what only begins so; but that is found, too. */
	line(&f.m, "help stack");
	shows(&f.m, "the call stacks of the event", true);
	shows(&f.m, ":stacked", false);
	line(&f.m, "help stacke");
	shows(&f.m, ":stacked", true);
	close_file(&f);
}

static void
palettes(void **state)
{
	struct fixture f;
	int score;

	(void)state;
	assert_true(palette_matches("goroutines", "grt", &score));
	assert_false(palette_matches("goroutines", "tg", &score));
	open_file(&f, MIXED, 24, 80, true);
	keys(&f.m, "p");
	shows(&f.m, "commands", true);
	keys(&f.m, "zoomo");
	shows(&f.m, "zoom-out", true);
	keys(&f.m, "<Esc>");
	shows(&f.m, "zoom-out", false);
	keys(&f.m, "pgoroutines<Enter>");
	assert_int_equal(f.m.arr.focus, PANE_TABLE);
	keys(&f.m, "psort<Enter>");
	assert_int_equal(f.m.effect, EFFECT_PROMPT);
	assert_string_equal(f.m.begin, "sort ");
	close_file(&f);
}

static void
long_messages(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 60, true);
	keys(&f.m, "v");
	shows(&f.m, "[e]vents", true);
	shows(&f.m, "st[r]ings", true);
	keys(&f.m, "b");
	assert_int_equal(f.m.arr.focus, PANE_BYTES);
	line(&f.m, "99999999999999999999");
	shows(&f.m, "no trace has an event 99999999999999999999", true);
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
		cmocka_unit_test(strips_tell_the_most),
		cmocka_unit_test(little_is_not_nothing),
		cmocka_unit_test(told_before_readout),
		cmocka_unit_test(timeline_keys),
		cmocka_unit_test(timeline_is_held),
		cmocka_unit_test(two_timelines),
		cmocka_unit_test(highlighted_cells),
		cmocka_unit_test(lanes_of_kin),
		cmocka_unit_test(tells_what_q_does),
		cmocka_unit_test(counts_goroutines),
		cmocka_unit_test(tasks_and_regions),
		cmocka_unit_test(states_of_the_table),
		cmocka_unit_test(to_one_of_the_table),
		cmocka_unit_test(sorted_while_it_fills),
		cmocka_unit_test(tables_filter_words),
		cmocka_unit_test(filters_follow),
		cmocka_unit_test(filters_follow_at_once),
		cmocka_unit_test(choice_follows),
		cmocka_unit_test(columns_of_lives),
		cmocka_unit_test(sorted_column),
		cmocka_unit_test(tables_of_all),
		cmocka_unit_test(filters),
		cmocka_unit_test(histograms),
		cmocka_unit_test(histogram_keys),
		cmocka_unit_test(states_follow),
		cmocka_unit_test(search_goes_on),
		cmocka_unit_test(trails),
		cmocka_unit_test(marks),
		cmocka_unit_test(origins_of_a_goroutine),
		cmocka_unit_test(families),
		cmocka_unit_test(to_the_family),
		cmocka_unit_test(waits_for_the_family),
		cmocka_unit_test(scripts_wait_for_views),
		cmocka_unit_test(scripts_end),
		cmocka_unit_test(lines_of_files),
		cmocka_unit_test(a_key_ends_that),
		cmocka_unit_test(keys_before_the_rows),
		cmocka_unit_test(every_pane),
		cmocka_unit_test(fields),
		cmocka_unit_test(fields_of_old),
		cmocka_unit_test(fields_of_cut_entries),
		cmocka_unit_test(arrangements),
		cmocka_unit_test(mice),
		cmocka_unit_test(splits_by_key),
		cmocka_unit_test(splits_of_pairs),
		cmocka_unit_test(splits_by_mouse),
		cmocka_unit_test(columns_by_mouse),
		cmocka_unit_test(records),
		cmocka_unit_test(records_from_here),
		cmocka_unit_test(chosen_columns),
		cmocka_unit_test(themes),
		cmocka_unit_test(settings),
		cmocka_unit_test(settings_that_are_none),
		cmocka_unit_test(exports),
		cmocka_unit_test(tables_as_data),
		cmocka_unit_test(help_on_everything),
		cmocka_unit_test(palettes),
		cmocka_unit_test(long_messages),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
