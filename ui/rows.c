/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of formatted rows: a cache in which event n has slot n modulo its size. See rows.h. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 1024u
/* How much more than asked for is fetched: going on in the same direction then costs nothing for a while. */
#define AHEAD 64u

struct rows {
	const struct symbols *sy;
	row_marks_fn *marks;
	void *arg;
	int width[3];
	int64_t last_time; /* of the event before the one being fetched */
	uint64_t last_n;
	uint64_t base; /* before the first event there is */
	struct row slot[SLOTS];
};

struct rows *
rows_new(const struct symbols *sy, row_marks_fn *marks, void *arg)
{
	struct rows *r = calloc(1, sizeof *r);

	if (r) {
		r->sy = sy;
		r->marks = marks;
		r->arg = arg;
		r->width[GT_M] = r->width[GT_P] = r->width[GT_G] = 1;
	}
	return r;
}

static void
drop(struct row *row)
{
	if (row->n && row->ev.gen)
		gt_gen_unref(row->ev.gen);
	row->ev.gen = NULL;
	row->n = 0;
}

void
rows_clear(struct rows *r)
{
	for (size_t i = 0; i < SLOTS; i++)
		drop(&r->slot[i]);
}

void
rows_free(struct rows *r)
{
	if (!r)
		return;
	rows_clear(r);
	free(r);
}

const struct row *
rows_get(const struct rows *r, uint64_t n)
{
	const struct row *row = &r->slot[n % SLOTS];

	return n && row->n == n ? row : NULL;
}

int
rows_id_width(const struct rows *r, enum gt_res res)
{
	return r->width[res];
}

static void
widen(struct rows *r, enum gt_res res, int64_t id)
{
	char text[32];
	struct sb b = sb_on(text, sizeof text);

	fmt_bare_id(&b, id);
	if ((int)b.n > r->width[res])
		r->width[res] = (int)b.n;
}

static void
fill(struct rows *r, struct row *row, const struct gt_event *ev, const struct gt_change *ch, size_t nch,
	const struct gt_state *after, int64_t delta)
{
	struct sb event = sb_on(row->event, sizeof row->event), all = sb_on(row->change, sizeof row->change),
		  brief = sb_on(row->brief, sizeof row->brief);

	row->n = ev->n;
	row->ev = *ev;
	if (ev->gen)
		row->ev.gen = gt_gen_ref(ev->gen);
	row->delta = delta;
	row->nch = nch < ROW_CHANGES ? nch : ROW_CHANGES;
	if (row->nch)
		memcpy(row->ch, ch, row->nch * sizeof *ch);
	fmt_event(&event, &row->ev);
	fmt_changes(&all, ch, nch, false, r->sy);
	fmt_changes(&brief, ch, nch, true, r->sy);
	row->marks = r->marks(r->arg, ev, after, fmt_minus(ev->time, delta));
	widen(r, GT_M, ev->m);
	widen(r, GT_P, ev->p);
	widen(r, GT_G, ev->g);
}

struct row *
row_new(struct rows *r, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after,
	int64_t delta)
{
	struct row *row = calloc(1, sizeof *row);

	if (row)
		fill(r, row, ev, ch, nch, after, delta);
	return row;
}

void
row_free(struct row *row)
{
	if (row)
		drop(row);
	free(row);
}

static bool
keep(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct rows *r = arg;
	struct row *row = &r->slot[ev->n % SLOTS];
	bool first = ev->n == r->base + 1, follows = first || (r->last_n && r->last_n + 1 == ev->n);
	int64_t delta = first ? 0 : fmt_minus(ev->time, r->last_time);

	r->last_n = ev->n;
	r->last_time = ev->time;
	/* Fetched for its time only. */
	if (!follows)
		return true;
	drop(row);
	fill(r, row, ev, ch, nch, after, delta);
	return true;
}

/* Fetches events of which the first and the last are missing. */
static void
fetch(struct rows *r, struct gt_nav *nav, uint64_t from, uint64_t to)
{
	const struct row *before;

	from = from > r->base + AHEAD && !rows_get(r, from - 1) ? from - AHEAD : from;
	to += AHEAD;
	/* The time since the event before needs that event. */
	before = rows_get(r, from - 1);
	r->last_n = before ? before->n : 0;
	r->last_time = before ? before->ev.time : 0;
	if (!before && from > r->base + 1)
		from--;
	gt_nav_each(nav, from, (size_t)(to - from + 1), keep, r);
}

void
rows_need(struct rows *r, struct gt_nav *nav, uint64_t from, size_t count)
{
	uint64_t to;

	r->base = gt_nav_base(nav);
	from = from > r->base ? from : r->base + 1;
	to = from + (count > ROWS_MAX ? ROWS_MAX : count);
	while (from < to && rows_get(r, from))
		from++;
	while (to > from && rows_get(r, to - 1))
		to--;
	if (from < to)
		fetch(r, nav, from, to - 1);
}
