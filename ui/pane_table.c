/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table: goroutines, goroutines by start function, tasks, regions. Each kind has its columns, see cells.h; sorting,
 * filtering and drawing know no kind. While the trace is being read it fills.
 */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "histogram.h"
#include "model.h"
#include "only.h"
#include "sorting.h"

/* A picture may wait so long for the order; a large table comes while it is looked at. */
#define AT_ONCE_NS 5000000

/* Beyond that a count is a slip of the finger. */
#define MOST_COUNT 1000000

/* --- order ---------------------------------------------------------------------- */

static const struct column *
sorted_by(const struct table *t)
{
	return &cells_columns(t->kind)[t->sort[t->kind]];
}

static bool
key_of(void *arg, size_t row, struct sort_key *key)
{
	const struct model *m = arg;
	const struct table *t = &m->table;
	struct value v;

	if (!only_passes(m, row))
		return false;
	v = sorted_by(t)->of(m, row);
	*key = (struct sort_key){ v.number, v.text };
	return true;
}

bool
table_work(struct model *m, bool (*stop)(void *arg), void *arg)
{
	struct table *t = &m->table;
	uint32_t *row;
	size_t n;

	if (!t->sorting)
		return false;
	if (sorting_work(t->sorting, key_of, m, stop, arg))
		return true;
	row = sorting_rows(t->sorting, &n);
	if (row) {
		free(t->row);
		t->row = row;
		t->rows = n;
	}
	sorting_free(t->sorting);
	t->sorting = NULL;
	return true;
}

static bool
time_is_up(void *arg)
{
	return views_now() >= *(int64_t *)arg;
}

/* While it fills it is not put in order for every goroutine more. Until that is done it is seen as it was. */
static void
put_in_order(struct model *m)
{
	struct table *t = &m->table;
	size_t all = census_count(m->census, CENSUS_GOROUTINES);
	bool done = census_done(m->census);
	int64_t until = views_now() + AT_ONCE_NS;

	if (!t->made) {
		sorting_free(t->sorting);
		t->sorting = NULL;
	}
	if (!t->sorting && (!t->made || done != t->made_done || all > t->made_of + t->made_of / 4 || (all != t->made_of && all < 2000))) {
		if (t->kind == CENSUS_GROUPS)
			census_regroup(m->census);
		t->sorting = sorting_new(census_count(m->census, t->kind), t->reverse[t->kind]);
		t->made = true;
		t->made_done = done;
		t->made_of = all;
	}
	table_work(m, time_is_up, &until);
}

void
pane_table_make(struct model *m)
{
	struct table *t = &m->table;
	size_t shown = m->lay.pane[PANE_TABLE].h > 3 ? (size_t)m->lay.pane[PANE_TABLE].h - 3 : 1;

	put_in_order(m);
	if (t->at >= t->rows)
		t->at = t->rows ? t->rows - 1 : 0;
	if (t->at < t->top && !t->loose)
		t->top = t->at;
	if (t->at >= t->top + shown && !t->loose)
		t->top = t->at - shown + 1;
	if (t->top + shown > t->rows)
		t->top = t->rows > shown ? t->rows - shown : 0;
}

/* --- drawing ----------------------------------------------------------------------- */

static int
width_of(const struct column *col, int x, int w)
{
	return w < col->from ? 0 : col->width ? col->width : w - x - 1;
}

static void
draw_heading(const struct model *m, struct canvas *c, int y)
{
	const struct table *t = &m->table;
	int x = 2;

	for (const struct column *col = cells_columns(t->kind); col->name; col++) {
		int w = width_of(col, x, c->w);
		bool sorted = col == sorted_by(t);
		char text[40];

		if (!w)
			continue;
		snprintf(text, sizeof text, "%s%s", col->name,
			!sorted ? "" : t->reverse[t->kind] ? (m->utf8 ? "▼" : "-") : (m->utf8 ? "▲" : "+"));
		if (col->form == FORM_TEXT)
			canvas_cut(c, y, x, w, sorted ? ST_STRONG : ST_HEAD, text);
		else
			canvas_right(c, y, x, w, sorted ? ST_STRONG : ST_HEAD, text);
		x += w + 1;
	}
}

static void
draw_row(const struct model *m, struct canvas *c, int y, size_t row)
{
	int x = 2;

	for (const struct column *col = cells_columns(m->table.kind); col->name; col++) {
		struct value v = col->of(m, row);
		int w = width_of(col, x, c->w);
		char text[256];

		if (!w)
			continue;
		cell_text(m, col, &v, text, sizeof text);
		if (col->form == FORM_TEXT)
			canvas_cut(c, y, x, w, ST_TEXT, text);
		else
			canvas_right(c, y, x, w, col->form == FORM_ID ? ST_G : v.number > 0 ? ST_TEXT : ST_DIM, text);
		x += w + 1;
	}
}

/* The waits of the goroutine chosen. */
static void
draw_foot(const struct model *m, struct canvas *c, int y)
{
	const struct table *t = &m->table;
	const struct census_g *g = t->kind == CENSUS_GOROUTINES && t->rows ? census_g(m->census, t->row[t->at]) : NULL;
	char text[600], reason[128];
	struct sb b = sb_on(text, sizeof text);

	if (!g)
		return;
	fmt_id(&b, GT_G, g->id);
	sb_add(&b, g->waits ? " waited: " : " never waited");
	for (const struct census_wait *w = census_waits(m->census, g, NULL); w; w = census_waits(m->census, g, w)) {
		gt_quote(w->reason, reason, sizeof reason);
		sb_printf(&b, "%s ", w->reason.n ? reason : "for a reason not told");
		fmt_delta(&b, w->ns, m->sy);
		sb_add(&b, "  ");
	}
	canvas_cut(c, y, 1, c->w - 2, ST_DIM, text);
}

static void
draw_title(const struct model *m, struct canvas *c)
{
	const struct table *t = &m->table;
	char text[300];
	struct sb b = sb_on(text, sizeof text);

	pane_rule(m, c, PANE_TABLE);
	sb_add(&b, " of ");
	for (int k = 0; k < CENSUS_KINDS; k++)
		sb_printf(&b, k == (int)t->kind ? "[%s] " : "%s ", census_kind_name((enum census_kind)k));
	sb_printf(&b, "%s ", m->sy->dot);
	fmt_count(&b, t->rows);
	if (*t->only)
		sb_printf(&b, " with \"%s\"", t->only);
	if (census_cut(m->census))
		sb_add(&b, " (there are more)");
	if (!census_done(m->census)) {
		sb_printf(&b, " %s read to event ", m->sy->dot);
		fmt_count(&b, census_events(m->census));
		if (m->all && m->known)
			sb_printf(&b, ", %d%%", (int)((double)census_events(m->census) / (double)m->known * 100));
	}
	sb_add(&b, " ");
	canvas_cut(c, 0, 9, c->w - 10, ST_DIM, text);
}

static void
draw(const struct model *m, struct canvas *c)
{
	const struct table *t = &m->table;

	draw_title(m, c);
	if (c->h < 4)
		return;
	draw_heading(m, c, 1);
	for (int y = 2; y < c->h - 1; y++) {
		size_t i = t->top + (size_t)y - 2;

		if (i >= t->rows)
			break;
		draw_row(m, c, y, t->row[i]);
		if (i == t->at) {
			canvas_put(c, y, 0, ST_KEY, m->sy->cursor);
			canvas_mark(c, y);
		}
	}
	if (!t->rows)
		canvas_put(c, 2, 2, ST_DIM, t->sorting ? "being put in order" : census_done(m->census) ? "there are none" : "reading");
	draw_foot(m, c, c->h - 1);
}

static size_t
rows(const struct model *m)
{
	return m->table.rows;
}

/* --- commands -------------------------------------------------------------------------- */

void
table_show(struct model *m, int kind)
{
	m->table.kind = (enum census_kind)kind;
	m->table.only[0] = 0;
	m->table.made = false;
	m->table.rows = 0;
	m->table.at = m->table.top = 0;
}

void
table_sort(struct model *m, const char *name)
{
	struct table *t = &m->table;
	int column = cells_column(t->kind, name, strlen(name));

	if (column < 0) {
		model_say(m, ST_BAD, "there is no column \"%s\" in this table", name);
		return;
	}
	t->reverse[t->kind] = t->sort[t->kind] == column ? !t->reverse[t->kind] : cells_columns(t->kind)[column].form != FORM_TEXT;
	t->sort[t->kind] = column;
	t->made = false;
}

static void
sort_by_next(struct model *m, bool back)
{
	const struct column *col = cells_columns(m->table.kind);
	int all = 0, at = m->table.sort[m->table.kind];

	while (col[all].name)
		all++;
	table_sort(m, col[(at + (back ? all - 1 : 1)) % all].name);
}

void
table_only(struct model *m, const char *words)
{
	snprintf(m->table.only, sizeof m->table.only, "%.*s", (int)sizeof m->table.only - 1, words);
	m->table.made = false;
	m->table.at = m->table.top = 0;
}

void
table_scroll(struct model *m, int n)
{
	struct table *t = &m->table;
	size_t by = (size_t)(n < 0 ? -n : n);

	t->loose = true;
	t->top = n > 0 ? t->top + by : t->top > by ? t->top - by : 0;
}

void
table_click(struct model *m, int y, int x)
{
	struct table *t = &m->table;
	int at = 2;

	if (!t->made)
		pane_table_make(m);
	if (y >= 2 && t->top + (size_t)y - 2 < t->rows)
		t->at = t->top + (size_t)y - 2;
	for (const struct column *col = cells_columns(t->kind); y == 1 && col->name; col++) {
		int w = width_of(col, at, m->lay.pane[PANE_TABLE].w);

		if (w && x >= at && x < at + w) {
			table_sort(m, col->name);
			return;
		}
		at += w ? w + 1 : 0;
	}
}

/* The function of a group becomes the filter of the goroutines. */
static void
open_group(struct model *m, const struct census_group *g)
{
	enum census_kind k = CENSUS_GOROUTINES;
	struct bar bar = { .text = cells_function(m, g->func) };

	table_show(m, k);
	if (!only_add(&m->table, &cells_columns(k)[cells_column(k, "function", 8)], &bar))
		model_say(m, ST_WAIT, "the name is too long for a filter");
}

static void
enter(struct model *m)
{
	const struct table *t = &m->table;
	int64_t followed = GT_NONE;
	size_t row;
	uint64_t n = 0;

	if (!t->rows)
		return;
	row = t->row[t->at];
	switch (t->kind) {
	case CENSUS_GOROUTINES:
		n = census_g(m->census, row)->first;
		timeline_by(m, GT_G);
		timeline_now(m)->lane = followed = census_g(m->census, row)->id;
		break;
	case CENSUS_GROUPS:
		open_group(m, census_group(m->census, row));
		return;
	case CENSUS_TASKS:
		n = census_task(m->census, row)->first;
		break;
	default:
		n = census_region(m->census, row)->longest;
		break;
	}
	if (!n) {
		model_say(m, ST_WAIT, "none of them has ended");
		return;
	}
	views_jump(m, n);
	if (followed != GT_NONE)
		query_follow(m, GT_G, followed);
}

static void
move_to(struct table *t, size_t at)
{
	t->at = !t->rows ? 0 : at >= t->rows ? t->rows - 1 : at;
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	struct table *t = &m->table;
	size_t n = count && count < MOST_COUNT ? (size_t)count : 1, page = m->lay.pane[PANE_TABLE].h > 4
		? (size_t)m->lay.pane[PANE_TABLE].h - 4 : 1;

	/* Keys come before a picture was made of what the last one changed. */
	if (!t->made)
		pane_table_make(m);
	t->loose = false;
	switch (cmd) {
	case CMD_UP:
	case CMD_PAGE_UP:
	case CMD_HALF_UP:
		n *= cmd == CMD_UP ? 1 : page;
		t->at = t->at > n ? t->at - n : 0;
		return true;
	case CMD_DOWN:
	case CMD_PAGE_DOWN:
	case CMD_HALF_DOWN:
		move_to(t, t->at + n * (cmd == CMD_DOWN ? 1 : page));
		return true;
	case CMD_FIRST:
	case CMD_LAST:
		move_to(t, cmd == CMD_FIRST ? 0 : t->rows);
		return true;
	case CMD_PAN_LEFT:
	case CMD_PAN_RIGHT:
		sort_by_next(m, cmd == CMD_PAN_LEFT);
		return true;
	case CMD_SORT_BACK:
		t->reverse[t->kind] = !t->reverse[t->kind];
		t->made = false;
		return true;
	case CMD_OPEN:
		enter(m);
		return true;
	default:
		return false;
	}
}

static const uint8_t keys[] = { CMD_OPEN, CMD_PAN_RIGHT, CMD_SORT_BACK, CMD_TABLE, CMD_MAXIMIZE, CMD_PANE_NEXT, CMD_CLOSE, CMD_NONE };

const struct pane_ops pane_table = { .rows = rows, .draw = draw, .command = command, .keys = keys };
