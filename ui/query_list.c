/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the list shows of a filter: marks, and with one that hides, the window of events that pass. See query.h. */
#include "query.h"

#include <stdlib.h>
#include <string.h>

#include "model.h"

#define LOOK_BLOCK 4096u
/* Rows kept on either side of the cursor: more than any screen has. */
#define KEPT 512u

static bool
is_lit(struct query *q, const struct gt_event *ev, const struct gt_state *after, int64_t before)
{
	for (size_t i = 0; i < q->nlight; i++)
		if (gt_expr_match(q->light[i].e, ev, after, before))
			return true;
	return false;
}

uint8_t
query_marks(void *model, const struct gt_event *ev, const struct gt_state *after, int64_t before)
{
	struct model *m = model;
	struct query *q = &m->query;
	uint8_t marks = 0;

	if (q->filter.e && !gt_expr_match(q->filter.e, ev, after, before))
		marks |= MARK_OUT;
	if (is_lit(q, ev, after, before))
		marks |= MARK_LIGHT;
	if (query_meets(m, SEEK_BREAK, ev, after, before))
		marks |= MARK_BREAK;
	if ((q->search.e && gt_expr_match(q->search.e, ev, after, before)) ||
		(q->stacks.e && gt_expr_match(q->stacks.e, ev, after, before)))
		marks |= MARK_FOUND;
	return marks;
}

/* Whether any event around event n may be highlighted, by what the index knows. */
static bool
may_light(struct model *m, uint64_t n)
{
	struct stretch *s = &m->query.lit_in;
	const struct gt_block *b;

	if (n >= s->first && n <= s->last)
		return s->may;
	b = gt_nav_block(m->nav, n);
	*s = b ? (struct stretch){ b->sum.first, b->sum.last, false } : (struct stretch){ n, n + LOOK_BLOCK, true };
	for (size_t i = 0; i < m->query.nlight; i++)
		s->may |= b && gt_expr_may(m->query.light[i].e, &b->sum);
	return s->may;
}

bool
query_lights(void *model, const struct gt_event *ev, const struct gt_state *after, int64_t before)
{
	struct model *m = model;

	return may_light(m, ev->n) && is_lit(&m->query, ev, after, before);
}

bool
query_hides(const struct model *m)
{
	return m->query.hide && m->query.filter.e;
}

/* --- the window -------------------------------------------------------------------- */

/* How many of the rows are of events before n. */
static size_t
before(const struct passing *p, uint64_t n)
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (p->row[mid]->n < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
looked_at(const struct passing *p, uint64_t n)
{
	return p->from <= n && n <= p->to;
}

/* Which way there is more to be found: -1, 1; 0: neither. */
static int
missing(const struct model *m)
{
	const struct passing *p = &m->query.pass;
	size_t h = (size_t)model_list_rows(m), at = before(p, m->cursor);

	if (!query_hides(m))
		return 0;
	if (!looked_at(p, m->cursor) && !(p->all_after && m->cursor > p->to))
		return 1;
	if (!p->all_after && p->n - at < h)
		return 1;
	return !p->all_before && at < h ? -1 : 0;
}

void
query_grown(struct model *m)
{
	struct passing *p = &m->query.pass;

	p->all_after = p->all_after && p->to >= m->known;
}

bool
query_wants(const struct model *m)
{
	return missing(m) != 0;
}

struct looker {
	struct model *m;
	uint64_t from, to; /* events that are looked at */
	uint64_t last;
	int64_t before;
	struct row **row;
	size_t n;
	bool failed;
};

static bool
look_at(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct looker *l = arg;
	struct row *row;

	l->last = ev->n;
	if (ev->n == gt_nav_base(l->m->nav) + 1)
		l->before = ev->time;
	if (ev->n >= l->from && gt_expr_match(l->m->query.filter.e, ev, after, l->before)) {
		row = row_new(l->m->rows, ev, ch, nch, after, fmt_minus(ev->time, l->before));
		l->failed = !row;
		if (row)
			l->row[l->n++] = row;
	}
	l->before = ev->time;
	return !l->failed && ev->n < l->to;
}

static void
drop_rows(struct passing *p, size_t from, size_t n)
{
	for (size_t i = from; i < from + n; i++)
		row_free(p->row[i]);
	memmove(p->row + from, p->row + from + n, (p->n - from - n) * sizeof *p->row);
	p->n -= n;
}

/* Of what is far from the cursor, all but the nearest is forgotten. */
static void
trim(struct model *m)
{
	struct passing *p = &m->query.pass;
	size_t at = before(p, m->cursor);

	if (at > 2 * KEPT) {
		p->from = p->row[at - KEPT]->n;
		p->all_before = false;
		drop_rows(p, 0, at - KEPT);
		at = KEPT;
	}
	if (p->n - at > 2 * KEPT) {
		p->to = p->row[at + KEPT]->n - 1;
		p->all_after = false;
		drop_rows(p, at + KEPT, p->n - at - KEPT);
	}
}

/* Puts rows into the window, at its beginning or its end. False: no memory. */
static bool
take(struct passing *p, struct row **row, size_t n, bool back)
{
	if (p->n + n > p->cap) {
		size_t cap = (p->n + n) * 2;
		struct row **grown = realloc(p->row, cap * sizeof *grown);

		if (!grown)
			return false;
		p->row = grown;
		p->cap = cap;
	}
	if (n == 0)
		return true;
	if (back)
		memmove(p->row + n, p->row, p->n * sizeof *p->row);
	memcpy(back ? p->row : p->row + p->n, row, n * sizeof *row);
	p->n += n;
	return true;
}

/* What the index says to hold none that passes has been looked at already. */
static void
skip(struct model *m, bool back)
{
	struct passing *p = &m->query.pass;
	const struct gt_block *b;

	while ((b = gt_nav_block(m->nav, back ? p->from - 1 : p->to + 1)) && !query_may(m, SEEK_FILTER, &b->sum)) {
		if (back)
			p->from = b->sum.first;
		else
			p->to = b->sum.last;
	}
}

/* A block more, one way. */
static void
look_on(struct model *m, bool back)
{
	struct passing *p = &m->query.pass;
	struct row *found[LOOK_BLOCK];
	struct looker l = { .m = m, .row = found };
	uint64_t first = gt_nav_base(m->nav) + 1;

	skip(m, back);
	l.from = !back ? p->to + 1 : p->from > first + LOOK_BLOCK ? p->from - LOOK_BLOCK : first;
	l.to = back ? p->from - 1 : p->to + LOOK_BLOCK;
	l.last = l.from - 1;
	if (l.to >= l.from)
		gt_nav_each(m->nav, l.from > first ? l.from - 1 : first, (size_t)(l.to - l.from) + 2, look_at, &l);
	l.failed = l.failed || (l.to >= l.from && gt_nav_starved(m->nav));
	if (l.failed || !take(p, found, l.n, back)) {
		for (size_t i = 0; i < l.n; i++)
			row_free(found[i]);
		p->all_before = p->all_after = true;
		model_say(m, ST_BAD, "no memory to list all that passes the filter");
		return;
	}
	if (back) {
		p->from = l.from;
		p->all_before = l.from == first;
	} else {
		p->all_after = l.last < l.to;
		p->to = l.last > p->to ? l.last : p->to;
	}
	trim(m);
}

void
query_look(struct model *m, bool (*stop)(void *arg), void *arg)
{
	struct passing *p = &m->query.pass;
	int way;

	/* Elsewhere: the window begins there anew. */
	if (query_hides(m) && !looked_at(p, m->cursor) && !(p->all_after && m->cursor > p->to)) {
		query_forget(m);
		p->from = m->cursor;
		p->to = m->cursor - 1;
		p->all_before = m->cursor <= gt_nav_base(m->nav) + 1;
	}
	while ((way = missing(m)) != 0) {
		look_on(m, way < 0);
		if (stop(arg))
			break;
	}
	model_refresh_known(m);
}

/* --- lines ------------------------------------------------------------------------------ */

/* The cursor's own row is shown whether it passes or not. */
static bool
cursor_passes(const struct model *m)
{
	const struct passing *p = &m->query.pass;
	size_t at = before(p, m->cursor);

	return at < p->n && p->row[at]->n == m->cursor;
}

/* Line i of all that are known, with the cursor's. */
static uint64_t
line(const struct model *m, size_t i)
{
	const struct passing *p = &m->query.pass;
	size_t at = before(p, m->cursor);

	if (!cursor_passes(m)) {
		if (i == at)
			return m->cursor;
		i -= i > at;
	}
	if (i < p->n)
		return p->row[i]->n;
	return i == p->n && p->all_after && m->all && m->cursor <= m->known ? m->known + 1 : 0;
}

uint64_t
query_line(const struct model *m, int y)
{
	const struct passing *p = &m->query.pass;
	size_t first = before(p, m->top);

	if (!query_hides(m))
		return m->top + (uint64_t)y;
	first += !cursor_passes(m) && m->top > m->cursor;
	return line(m, first + (size_t)y);
}

const struct row *
query_row(const struct model *m, uint64_t n)
{
	const struct passing *p = &m->query.pass;
	size_t at = before(p, n);

	return query_hides(m) && at < p->n && p->row[at]->n == n ? p->row[at] : rows_get(m->rows, n);
}

void
query_place(struct model *m)
{
	const struct passing *p = &m->query.pass;
	size_t h = (size_t)model_list_rows(m), margin = h / 4 < 3 ? h / 4 : 3;
	size_t at = before(p, m->cursor), first = before(p, m->top);
	size_t lines = p->n + !cursor_passes(m);

	if (!m->loose) {
		if (at + h < first || at > first + 2 * h)
			first = at > h / 3 ? at - h / 3 : 0;
		if (at < first + margin)
			first = at > margin ? at - margin : 0;
		if (at + margin >= first + h)
			first = at + margin + 1 - h;
	}
	if (p->all_after && first + h > lines + 1)
		first = lines + 1 > h ? lines + 1 - h : 0;
	m->top = line(m, first);
	if (!m->top)
		m->top = m->cursor;
}

void
query_scroll(struct model *m, bool up, uint64_t count)
{
	const struct passing *p = &m->query.pass;
	size_t first = before(p, m->top) + (!cursor_passes(m) && m->top > m->cursor);
	uint64_t n = line(m, up ? first > count ? first - (size_t)count : 0 : first + (size_t)count);

	m->top = n ? n : m->top;
}
