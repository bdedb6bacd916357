/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table: goroutines, goroutines by start function, tasks, regions, ranges, waits by stack, transitions. Each kind has
 * its columns, see cells.h; sorting, filtering and drawing know no kind. While the trace is being read it fills. In place of
 * the rows it shows how the values of the column are distributed that they are sorted by: counted with each order, so that
 * it is there when asked for.
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
#include "script.h"
#include "sorting.h"

/* A picture may wait so long for the order; a large table comes while it is looked at. */
#define AT_ONCE_NS 5000000

/* Beyond that a count is a slip of the finger. */
#define MOST_COUNT 1000000
/* Lines ahead: the last one; near that, so many before it. */
#define AHEAD_LAST (INT64_MAX / 4)

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

/* What is being made of it is of no use any more. */
static void
begin_anew(struct table *t)
{
	histogram_free(t->counting);
	sorting_free(t->sorting);
	t->counting = NULL;
	t->sorting = NULL;
	t->made = false;
	t->stale = true;
	t->keep = false;
}

static void
drop_bars(struct table *t)
{
	histogram_free(t->bars);
	t->bars = NULL;
	t->chosen = false;
}

void
table_clear(struct model *m)
{
	begin_anew(&m->table);
	drop_bars(&m->table);
	m->table.rows = 0;
}

/* Where the row chosen is among others; where it is not there, what stands in its place is chosen. */
static size_t
place_of(const struct table *t, const uint32_t *row, size_t n)
{
	for (size_t i = 0; t->at < t->rows && i < n; i++)
		if (row[i] == t->row[t->at])
			return i;
	return t->at;
}

/* The order that was made is the one shown. */
static void
take_over(struct table *t)
{
	size_t n;
	uint32_t *row = sorting_rows(t->sorting, &n);

	if (row) {
		if (t->keep && t->chosen && !t->histogram)
			t->at = place_of(t, row, n);
		free(t->row);
		t->row = row;
		t->rows = n;
	}
	histogram_free(t->bars);
	t->bars = t->counting;
	t->counting = NULL;
	sorting_free(t->sorting);
	t->sorting = NULL;
	t->stale = false;
	t->ordered = views_now();
	t->took = t->ordered - t->began;
}

bool
table_ready(const struct model *m)
{
	const struct table *t = &m->table;

	return t->made && !t->sorting && views_counted(m) && t->made_done == census_done(m->census) &&
		t->made_of == census_events(m->census);
}

/* Whether its order, or what is in it, is of the current event. */
static bool
is_of_event(const struct table *t)
{
	return sorted_by(t)->nature == NATURE_NOW || only_is_of_event(t);
}

static uint64_t
alone(const struct model *m)
{
	return model_apart(m) ? m->apart.from : 0;
}

/* Of other states than those there are now. */
static bool
is_of_another(const struct model *m)
{
	const struct table *t = &m->table;

	return (t->made_at != gt_nav_pos(m->nav) || t->made_in != alone(m)) && is_of_event(t);
}

bool
table_work(struct model *m, bool (*stop)(void *arg), void *arg)
{
	struct table *t = &m->table;

	/* That is begun anew with the next picture. */
	if (!t->sorting || is_of_another(m))
		return false;
	if (sorting_work(t->sorting, key_of, m, stop, arg))
		return true;
	if (!t->counting)
		t->counting = histogram_new(t->sorting, sorted_by(t)->form == FORM_TEXT);
	if (t->counting && histogram_work(t->counting, stop, arg))
		return true;
	take_over(t);
	return true;
}

static bool
time_is_up(void *arg)
{
	return views_now() >= *(int64_t *)arg;
}

/* While it fills, an eighth of the time is for putting in order. Of what is read in little time there is more with each picture. */
static bool
is_due(const struct model *m)
{
	const struct table *t = &m->table;

	if (!t->made || t->made_done != census_done(m->census))
		return true;
	return t->made_of != census_events(m->census) && (views_counted(m) || views_now() - t->ordered >= 8 * t->took);
}

/* There may be fewer: once a function has just the name that others had a part of. */
static void
sum_up(struct model *m)
{
	struct table *t = &m->table;
	size_t n = census_count(m->census, t->kind);

	if (transitions_count(census_transitions(m->census, (struct gt_str){ t->of, strlen(t->of) })) < n)
		t->rows = 0;
}

/* Until that is done it is seen as it was. */
static void
put_in_order(struct model *m)
{
	struct table *t = &m->table;
	int64_t until = views_now() + AT_ONCE_NS;

	if (t->made && is_of_another(m)) {
		begin_anew(t);
		t->keep = true;
	}
	if (!t->sorting && is_due(m)) {
		if (t->kind == CENSUS_GROUPS)
			census_regroup(m->census);
		if (t->kind == CENSUS_TRANSITIONS)
			sum_up(m);
		t->sorting = sorting_new(census_count(m->census, t->kind), t->reverse[t->kind]);
		t->made = true;
		t->made_done = census_done(m->census);
		t->made_of = census_events(m->census);
		t->made_at = gt_nav_pos(m->nav);
		t->made_in = alone(m);
		t->began = views_now();
	}
	table_work(m, time_is_up, &until);
}

/* Rows, or bars. */
static size_t
lines(const struct table *t)
{
	return !t->histogram ? t->rows : t->bars ? histogram_bars(t->bars) : 0;
}

/* From the last to the first, or back. */
static size_t
turn(const struct table *t, size_t i)
{
	return t->turned ? histogram_bars(t->bars) - 1 - i : i;
}

/* Which line is the chosen one, now that there may be others than when it was chosen, or more. */
static void
keep_choice(struct model *m)
{
	struct table *t = &m->table;
	int64_t n = (int64_t)lines(t), to;
	/* Of bars it is not known before they are all there which one moves begin at. */
	bool last = t->ahead > AHEAD_LAST / 2, open = t->histogram && !t->chosen;

	if (open && n)
		t->at = turn(t, histogram_largest(t->bars));
	t->ahead = t->ahead > AHEAD_LAST ? AHEAD_LAST : t->ahead;
	to = last ? n - 1 + (t->ahead - AHEAD_LAST) : (int64_t)t->at + t->ahead;
	to = to < 0 ? 0 : to;
	t->at = !n ? 0 : to < n ? (size_t)to : (size_t)n - 1;
	if (table_ready(m)) {
		t->chosen |= t->ahead != 0;
		t->ahead = 0;
	} else if (!last && !open) {
		t->ahead = to - (int64_t)t->at;
	}
}

void
pane_table_make(struct model *m)
{
	struct table *t = &m->table;
	size_t shown = m->lay.pane[PANE_TABLE].h > 3 ? (size_t)m->lay.pane[PANE_TABLE].h - 3 : 1;

	put_in_order(m);
	keep_choice(m);
	if (t->at < t->top && !t->loose)
		t->top = t->at;
	if (t->at >= t->top + shown && !t->loose)
		t->top = t->at - shown + 1;
	if (t->top + shown > lines(t))
		t->top = lines(t) > shown ? lines(t) - shown : 0;
}

/* --- drawing ----------------------------------------------------------------------- */

/* Of the usual ones what it is sorted by is there on a narrow screen as well. */
static struct columns
columns_for(const struct model *m, int w)
{
	const struct table *t = &m->table;
	const struct columns_chosen *c = &m->columns[t->kind];
	struct columns k = { .first = c->first };

	for (int i = 0; i < c->n; i++) {
		const struct column *col = &cells_columns(t->kind)[c->at[i].id];

		if (!c->chosen && w < col->from && col != sorted_by(t))
			continue;
		k.at[k.n].id = c->at[i].id;
		k.at[k.n].share = 1;
		k.at[k.n++].w = c->at[i].width ? c->at[i].width : col->width;
	}
	columns_place(&k, w, 1, -1);
	return k;
}

/* Whether what the rows are sorted by is to be seen. */
static bool
shows_order(const struct table *t, const struct columns *k)
{
	for (int i = 0; i < k->n; i++)
		if (k->at[i].id == t->sort[t->kind] && k->at[i].w > 0)
			return true;
	return false;
}

static const char *
order_sign(const struct model *m, bool reverse)
{
	return reverse ? (m->utf8 ? "▼" : "-") : m->utf8 ? "▲" : "+";
}

/* Whether the rows are in the order of the values that stand in them. */
static bool
is_in_order(const struct model *m)
{
	const struct table *t = &m->table;

	return t->made && !t->stale && !t->sorting && t->made_of == census_events(m->census);
}

static void
draw_heading(const struct model *m, struct canvas *c, int y, const struct columns *k)
{
	const struct table *t = &m->table;

	for (int i = 0; i < k->n; i++) {
		const struct column *col = &cells_columns(t->kind)[k->at[i].id];
		int x = k->at[i].x, w = k->at[i].w;
		bool sorted = col == sorted_by(t);
		char text[40];

		snprintf(text, sizeof text, "%s%s", col->name, sorted && is_in_order(m) ? order_sign(m, t->reverse[t->kind]) : "");
		if (col->form == FORM_TEXT)
			canvas_cut(c, y, x, w, sorted ? ST_STRONG : ST_HEAD, text);
		else
			canvas_right(c, y, x, w, sorted ? ST_STRONG : ST_HEAD, text);
	}
	pane_more_columns(c, y, c->w, k);
}

static void
draw_row(const struct model *m, struct canvas *c, int y, const struct columns *k, size_t row)
{
	for (int i = 0; i < k->n; i++) {
		const struct column *col = &cells_columns(m->table.kind)[k->at[i].id];
		struct value v = col->of(m, row);
		int x = k->at[i].x, w = k->at[i].w;
		char text[256];

		cell_text(m, col, &v, text, sizeof text);
		if (col->form == FORM_TEXT)
			canvas_cut(c, y, x, w, ST_TEXT, text);
		else
			canvas_right(c, y, x, w, col->form == FORM_ID ? ST_G : v.number > 0 ? ST_TEXT : ST_DIM, text);
	}
}

/* Where it comes from and how long it was there, if it was not all the time. */
static void
say_life(const struct model *m, struct sb *b, const struct census_g *g)
{
	const struct census_g *creator = census_creator(m->census, g);
	size_t n = b->n;

	if (creator) {
		sb_add(b, " created by ");
		fmt_id(b, GT_G, creator->id);
	} else if (g->creator == CENSUS_NOBODY) {
		sb_add(b, " created by a thread");
	}
	if (census_ended(g)) {
		sb_printf(b, "%s ended after ", b->n > n ? "," : "");
		fmt_delta(b, census_lived(m->census, g), m->sy);
	}
	sb_printf(b, "%s%s ", b->n > n ? " " : "", b->n > n ? m->sy->dot : "");
}

/* The life and the waits of a goroutine. */
static void
draw_goroutine(const struct model *m, struct canvas *c, int y, const struct census_g *g)
{
	char text[600], reason[128];
	struct sb b = sb_on(text, sizeof text);

	fmt_id(&b, GT_G, g->id);
	say_life(m, &b, g);
	sb_add(&b, g->waits ? "waited: " : "never waited");
	for (const struct census_wait *w = census_waits(m->census, g, NULL); w; w = census_waits(m->census, g, w)) {
		gt_quote(w->reason, reason, sizeof reason);
		sb_printf(&b, "%s ", w->reason.n ? reason : "for a reason not told");
		fmt_delta(&b, w->ns, m->sy);
		sb_add(&b, "  ");
	}
	canvas_cut(c, y, 1, c->w - 2, ST_DIM, text);
}

static void
draw_region(struct canvas *c, int y, const struct census_region *r)
{
	char text[120];
	struct sb b = sb_on(text, sizeof text);

	if (!r->before)
		return;
	fmt_count(&b, r->before);
	sb_printf(&b, " of %s since before the trace: how long is not known", census_regions(r) > 1 ? "these" : "this name");
	canvas_cut(c, y, 1, c->w - 2, ST_DIM, text);
}

/* More of the row chosen. */
static void
draw_foot(const struct model *m, struct canvas *c, int y)
{
	const struct table *t = &m->table;
	const struct column *stack;
	struct value v;
	char text[600];

	if (!t->rows)
		return;
	if (t->kind == CENSUS_GOROUTINES)
		draw_goroutine(m, c, y, census_g(m->census, t->row[t->at]));
	if (t->kind == CENSUS_REGIONS)
		draw_region(c, y, census_region(m->census, t->row[t->at]));
	if (t->kind != CENSUS_WAITS)
		return;
	stack = &cells_columns(t->kind)[column_find(t->kind, "stack", 5)];
	v = stack->of(m, t->row[t->at]);
	cell_text(m, stack, &v, text, sizeof text);
	canvas_cut(c, y, 1, c->w - 2, ST_DIM, text);
}

/* --- drawing: bars ------------------------------------------------------------------- */

/* Where columns begin: what is counted, how many rows, which share of all, their sum, the bar. */
struct grid {
	int rows, share, sum, bar;
};
enum { ROWS_W = 9, SHARE_W = 7, SUM_W = 9, LEAST_BAR = 12 };

/* Times and names of states are short; other texts have half of what numbers leave. */
static struct grid
grid_of(const struct column *col, int w)
{
	bool brief = col->form == FORM_TIME || col->nature == NATURE_NOW;
	int numbers = ROWS_W + SHARE_W + 4, label = brief ? 13 : 22;
	struct grid g;

	if (col->form == FORM_TEXT && !brief)
		label = w - numbers > 2 * label ? (w - numbers) / 2 : label;
	g.rows = 2 + label;
	g.share = g.rows + ROWS_W;
	g.sum = g.share + SHARE_W + 1;
	g.bar = g.sum + SUM_W + 1;
	if (col->nature != NATURE_SUM || w - g.bar < LEAST_BAR) {
		g.bar = g.sum;
		g.sum = 0;
	}
	return g;
}

/* Whole numbers have a last one; of times one says where the next bar begins. */
static void
bar_label(const struct model *m, const struct column *col, const struct bar *bar, char *text, size_t cap)
{
	struct value v = { bar->from, bar->text };
	struct sb b = sb_on(text, cap);
	char last[32];

	if (col->form == FORM_TEXT && !bar->text.n) {
		sb_add(&b, "(none)");
	} else if (col->form == FORM_TEXT) {
		cell_text(m, col, &v, text, cap);
	} else if (bar->to <= 0) {
		sb_add(&b, "not known");
	} else if (col->form == FORM_TIME && bar->from > 0) {
		fmt_round(&b, bar->from, m->sy->micro);
		sb_add(&b, "-");
		fmt_round(&b, bar->to, m->sy->micro);
	} else {
		cell_text(m, col, &v, text, cap);
		b.n = strlen(text);
		v.number = bar->to - 1;
		cell_text(m, col, &v, last, sizeof last);
		if (v.number > bar->from)
			sb_printf(&b, "-%s", last);
	}
}

/* As long as its rows are many, beside the most there are. */
static void
draw_length(const struct model *m, struct canvas *c, int y, int x, double part)
{
	static const char *const rich[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	int w = c->w - x - 1, eighths = w > 0 ? (int)(part * 8 * w + 0.5) : 0;

	if (part > 0 && w > 0 && eighths < (m->utf8 ? 1 : 8))
		eighths = m->utf8 ? 1 : 8;
	if (!m->utf8)
		eighths += 4;
	canvas_fill(c, y, x, eighths / 8, ST_RUN, m->utf8 ? "█" : "#");
	if (m->utf8)
		canvas_put(c, y, x + eighths / 8, ST_RUN, rich[eighths % 8]);
}

static void
draw_bar(const struct model *m, struct canvas *c, int y, const struct bar *bar)
{
	const struct table *t = &m->table;
	const struct column *col = sorted_by(t);
	struct grid g = grid_of(col, c->w);
	size_t most = histogram_bar(t->bars, histogram_largest(t->bars))->rows;
	enum style style = bar->rows ? ST_TEXT : ST_DIM;
	struct value sum = { .number = bar->sum };
	double share = (double)bar->rows / (double)histogram_rows(t->bars) * 100;
	char text[256];
	struct sb b = sb_on(text, sizeof text);

	bar_label(m, col, bar, text, sizeof text);
	canvas_cut(c, y, 2, g.rows - 2, style, text);
	b = sb_on(text, sizeof text);
	fmt_count(&b, bar->rows);
	canvas_right(c, y, g.rows, ROWS_W, style, text);
	snprintf(text, sizeof text, "%.1f%%", share);
	if (bar->rows && share < 0.05)
		snprintf(text, sizeof text, "<0.1%%");
	canvas_right(c, y, g.share, SHARE_W, style, text);
	cell_text(m, col, &sum, text, sizeof text);
	if (g.sum)
		canvas_right(c, y, g.sum, SUM_W, bar->sum > 0 ? ST_TEXT : ST_DIM, bar->to > 0 ? text : "-");
	draw_length(m, c, y, g.bar, (double)bar->rows / (double)most);
}

/* The sign of the order stands where it is one of. */
static void
draw_bars_heading(const struct model *m, struct canvas *c, int y)
{
	const struct table *t = &m->table;
	const struct column *col = sorted_by(t);
	struct grid g = grid_of(col, c->w);
	bool texts = col->form == FORM_TEXT;
	char text[40];

	snprintf(text, sizeof text, "%s%s", col->name, texts ? "" : order_sign(m, t->turned));
	canvas_cut(c, y, 2, g.rows - 2, ST_STRONG, text);
	snprintf(text, sizeof text, "rows%s", texts ? order_sign(m, !t->turned) : "");
	canvas_right(c, y, g.rows, ROWS_W, texts ? ST_STRONG : ST_HEAD, text);
	canvas_right(c, y, g.share, SHARE_W, ST_HEAD, "share");
	if (g.sum)
		canvas_right(c, y, g.sum, SUM_W, ST_HEAD, "sum");
}

/* What Enter does with the bar chosen, and which bars of all are seen where there is no room for all. */
static void
draw_bars_foot(const struct model *m, struct canvas *c, int y)
{
	struct table with = m->table;
	size_t n = lines(&with), end = with.top + (size_t)y - 2;
	char text[ONLY_MAX + 32], part[64] = "";
	int w;

	if (!n)
		return;
	if (n > (size_t)y - 2)
		snprintf(part, sizeof part, "%zu-%zu of %zu", with.top + 1, end < n ? end : n, n);
	w = (int)strlen(part);
	canvas_right(c, y, c->w - w - 1, w, ST_DIM, part);
	if (!only_add(&with, sorted_by(&with), histogram_bar(with.bars, turn(&with, with.at))))
		return;
	snprintf(text, sizeof text, "Enter: only %s", with.only);
	canvas_cut(c, y, 1, c->w - w - 4, ST_DIM, text);
}

/* --- drawing: all ---------------------------------------------------------------------- */

/* Rows there is no room for, or that are not among the longest. */
static void
say_left_out(const struct model *m, struct sb *b, int w)
{
	uint64_t n = census_left_out(m->census, m->table.kind);

	if (!n)
		return;
	sb_add(b, " (");
	if (n != CENSUS_SOME)
		fmt_count(b, n);
	if (n != CENSUS_SOME && m->table.kind == CENSUS_LONGEST) {
		sb_add(b, " shorter)");
		return;
	}
	sb_printf(b, "%smore%s --memory)", n != CENSUS_SOME ? " " : "", w < 110 ? ":" : " had no room: see");
}

/* all: with the kinds there are besides the one shown. */
static void
say_what(const struct model *m, struct sb *b, int w, const struct columns *k, bool all)
{
	const struct table *t = &m->table;

	sb_add(b, " of ");
	for (int kind = 0; kind < CENSUS_KINDS; kind++)
		if (all || kind == (int)t->kind)
			sb_printf(b, kind == (int)t->kind ? "[%s] " : "%s ", census_kind_name((enum census_kind)kind));
	sb_printf(b, "%s ", m->sy->dot);
	fmt_count(b, t->rows);
	if (t->kind == CENSUS_TRANSITIONS && *t->of)
		sb_printf(b, " of %s", t->of);
	if (t->histogram)
		sb_printf(b, " by %s", sorted_by(t)->name);
	else if (!shows_order(t, k))
		sb_printf(b, " by %s%s", sorted_by(t)->name, is_in_order(m) ? order_sign(m, t->reverse[t->kind]) : "");
	if (*t->only)
		sb_printf(b, " with \"%s\"", t->only);
	say_left_out(m, b, w);
	if (!census_done(m->census)) {
		sb_printf(b, " %s ", m->sy->dot);
		views_add_read(m, b);
	}
	sb_add(b, " ");
}

/* What is shown comes first where there is no room for all: the buttons stand at the right. */
static void
draw_title(const struct model *m, struct canvas *c, const struct columns *k)
{
	char text[ONLY_MAX + 300];
	struct sb b = sb_on(text, sizeof text);

	pane_rule(m, c, PANE_TABLE);
	say_what(m, &b, c->w, k, true);
	if (canvas_width(text, m->utf8) > c->w - 9 - PANE_BUTTONS_W) {
		b = sb_on(text, sizeof text);
		say_what(m, &b, c->w, k, false);
	}
	canvas_cut(c, 0, 9, c->w - 10, ST_DIM, text);
}

static const char *
why_empty(const struct model *m)
{
	const struct table *t = &m->table;

	if (t->sorting)
		return t->histogram ? "being counted" : "being put in order";
	return census_done(m->census) ? "there are none" : "reading";
}

static void
draw(const struct model *m, struct canvas *c)
{
	const struct table *t = &m->table;
	struct columns k = columns_for(m, c->w);

	draw_title(m, c, &k);
	if (c->h < 4)
		return;
	t->histogram ? draw_bars_heading(m, c, 1) : draw_heading(m, c, 1, &k);
	for (int y = 2; y < c->h - 1; y++) {
		size_t i = t->top + (size_t)y - 2;

		if (i >= lines(t))
			break;
		if (t->histogram)
			draw_bar(m, c, y, histogram_bar(t->bars, turn(t, i)));
		else
			draw_row(m, c, y, &k, t->row[i]);
		if (i == t->at) {
			canvas_put(c, y, 0, ST_KEY, m->sy->cursor);
			canvas_mark(c, y);
		}
	}
	if (!lines(t))
		canvas_put(c, 2, 2, ST_DIM, why_empty(m));
	t->histogram ? draw_bars_foot(m, c, c->h - 1) : draw_foot(m, c, c->h - 1);
}

static size_t
rows(const struct model *m)
{
	return lines(&m->table);
}

/* --- commands -------------------------------------------------------------------------- */

/* Most first, but for tasks, which come as they began. */
void
table_usual(struct table *t)
{
	t->sort[CENSUS_GOROUTINES] = 2;
	t->sort[CENSUS_GROUPS] = 1;
	t->sort[CENSUS_REGIONS] = 2;
	t->sort[CENSUS_RANGES] = 2;
	t->sort[CENSUS_WAITS] = 2;
	t->sort[CENSUS_TRANSITIONS] = 2;
	for (int k = 0; k < CENSUS_KINDS; k++)
		t->reverse[k] = k != CENSUS_TASKS;
}

void
table_show(struct model *m, int kind)
{
	m->table.kind = (enum census_kind)kind;
	m->table.only[0] = 0;
	m->table.parent.is = false;
	table_clear(m);
	m->table.at = m->table.top = m->table.row_at = 0;
	m->table.ahead = 0;
}

static bool
is_down(const struct table *t, int column, enum table_order order)
{
	enum form form = cells_columns(t->kind)[column].form;

	if (order == TABLE_TURN && t->sort[t->kind] == column)
		return !t->reverse[t->kind];
	return order == TABLE_UP ? false : order == TABLE_DOWN || (form != FORM_TEXT && form != FORM_ID);
}

void
table_sort(struct model *m, const char *name, enum table_order order)
{
	struct table *t = &m->table;
	int column = column_find(t->kind, name, strlen(name));

	if (column < 0) {
		model_say(m, ST_BAD, "there is no column \"%s\" in this table", name);
		return;
	}
	t->reverse[t->kind] = is_down(t, column, order);
	t->sort[t->kind] = column;
	begin_anew(t);
	/* They would stand under the name of another column. */
	drop_bars(t);
}

bool
table_sort_line(struct model *m, const char *words)
{
	size_t n = strcspn(words, " ");
	const char *how = words + n + strspn(words + n, " ");
	char name[40];

	if (*how && strcmp(how, "up") && strcmp(how, "down"))
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), words);
	table_sort(m, name, !*how ? TABLE_NATURAL : *how == 'u' ? TABLE_UP : TABLE_DOWN);
	return true;
}

/* Of those chosen, if the user did that: the first, or the last, where it is sorted by none of them. */
static void
sort_by_next(struct model *m, bool back)
{
	const struct table *t = &m->table;
	const struct columns_chosen *c = &m->columns[t->kind];
	int at = 0;

	while (at < c->n && c->at[at].id != t->sort[t->kind])
		at++;
	if (at == c->n)
		at = back ? 0 : c->n - 1;
	at = (at + (back ? c->n - 1 : 1)) % c->n;
	table_sort(m, column_name(t->kind, c->at[at].id), TABLE_NATURAL);
}

/* Other rows, from the first on. */
static void
filter_anew(struct table *t)
{
	begin_anew(t);
	t->chosen = false;
	t->at = t->top = t->row_at = 0;
	t->ahead = 0;
}

void
table_only(struct model *m, const char *words)
{
	if (!only_is_right(m, words))
		return;
	snprintf(m->table.only, sizeof m->table.only, "%.*s", (int)sizeof m->table.only - 1, words);
	filter_anew(&m->table);
}

/* The start function of the row chosen, where that is of goroutines, else of the goroutine at the event. */
static struct gt_str
function_here(const struct model *m)
{
	const struct table *t = &m->table;
	const struct row *row = rows_get(m->rows, m->cursor);
	/* Beneath bars one of the rows is chosen still. */
	size_t at = t->histogram ? t->row_at : t->at;
	bool chosen = views_visible(m, PANE_TABLE) && at < t->rows;
	const struct census_g *g = NULL;

	if (chosen && t->kind == CENSUS_GROUPS)
		return census_name(m->census, census_group(m->census, t->row[at])->func);
	if (chosen && t->kind == CENSUS_GOROUTINES)
		g = census_g(m->census, t->row[at]);
	else if (row && row->ev.g != GT_NONE)
		g = census_find(m->census, row->ev.g);
	return census_name(m->census, g ? g->func : 0);
}

void
table_transitions(struct model *m, const char *of)
{
	struct gt_str here = !strcmp(of, ".") ? function_here(m) : (struct gt_str){ of, strlen(of) };

	if (!strcmp(of, ".") && (!here.n || here.n >= sizeof m->table.of)) {
		model_say(m, ST_BAD, "there is no goroutine here whose start function is told");
		return;
	}
	snprintf(m->table.of, sizeof m->table.of, "%.*s", (int)here.n, here.n ? here.p : "");
	views_open(m, PANE_TABLE);
	table_show(m, CENSUS_TRANSITIONS);
}

void
table_histogram(struct model *m, bool on)
{
	struct table *t = &m->table;
	size_t at = t->at;

	if (t->histogram == on)
		return;
	t->at = on ? 0 : t->row_at;
	t->row_at = on ? at : 0;
	t->histogram = on;
	t->chosen = t->loose = false;
	t->ahead = 0;
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
table_click(struct model *m, int y)
{
	struct table *t = &m->table;

	if (!t->made)
		pane_table_make(m);
	if (y >= 2 && t->top + (size_t)y - 2 < lines(t)) {
		t->at = t->top + (size_t)y - 2;
		t->chosen = true;
		t->ahead = 0;
		script_note_row(m);
	}
}

/* What a heading was clicked for, as a command. */
static void
sort_by_click(struct model *m, int column)
{
	const struct table *t = &m->table;
	const char *name = column_name(t->kind, column);
	char words[64];

	table_sort(m, name, TABLE_TURN);
	snprintf(words, sizeof words, "%s %s", name, t->reverse[t->kind] ? "down" : "up");
	script_note_word(m, CMD_SORT, words);
}

void
table_drag(struct model *m, int from, int to)
{
	struct table *t = &m->table;
	struct columns k = columns_for(m, m->lay.pane[PANE_TABLE].w);
	bool edge, behind;
	int at = columns_at(&k, from, &edge), last = columns_at(&k, to, &behind);

	if (t->histogram || at < 0)
		return;
	if (columns_drag(&k, &m->columns[t->kind], from, to))
		views_note_columns(m, (int)t->kind);
	else if (!edge && at == last)
		sort_by_click(m, k.at[at].id);
}

/* What the row chosen is the sum of, one by one: those of another table that have its text in a column. */
static void
list_members(struct model *m, enum census_kind k, const char *column, struct gt_str text)
{
	struct table *t = &m->table, was = *t;
	struct bar bar = { .text = text };

	table_show(m, k);
	t->parent.is = true;
	t->parent.kind = was.kind;
	memcpy(t->parent.only, was.only, sizeof t->parent.only);
	t->parent.at = was.at;
	t->parent.cursor = m->cursor;
	if (!only_add(t, &cells_columns(k)[column_find(k, column, strlen(column))], &bar))
		model_say(m, ST_WAIT, "the name is too long for a filter");
	else
		model_say(m, ST_DIM, ":backward returns to the %s", census_kind_name(was.kind));
}

/* False: this list is of no row. */
static bool
back_to_parent(struct model *m)
{
	struct table *t = &m->table, was = *t;

	if (!was.parent.is || was.parent.cursor != m->cursor)
		return false;
	table_show(m, (int)was.parent.kind);
	memcpy(t->only, was.parent.only, sizeof t->only);
	t->ahead = (int64_t)was.parent.at;
	return true;
}

/* Of very many the longest alone are kept. */
static void
list_ranges(struct model *m, const struct range_kind *k)
{
	list_members(m, CENSUS_LONGEST, "range", (struct gt_str){ k->text, strlen(k->text) });
	if (k->timed > k->n)
		model_say(m, ST_WAIT, "these are the longest %" PRIu32 " of %" PRIu64, k->n, k->timed);
}

/* Its first event, and of the list all of it: its regions, its end, what it logs. */
static void
open_task(struct model *m, const struct census_task *task)
{
	char text[60];

	snprintf(text, sizeof text, "task == %" PRIu64, task->id);
	views_jump_home(m, task->first);
	if (m->query.follow != GT_NO_RES)
		query_follow(m, GT_G, GT_NONE);
	query_command(m, CMD_FILTER, text);
	if (m->message_style != ST_BAD)
		model_say(m, ST_TEXT, "the list has the events of task %" PRIu64 "; :filter without words lists all again", task->id);
}

/* The goroutines that are meant, as a condition; false: there are too many. */
static bool
add_goroutines(const struct model *m, struct sb *b)
{
	int64_t id[GOAL_TEXT / 3];
	size_t n = census_of(m->census, (struct gt_str){ m->table.of, strlen(m->table.of) }, id, sizeof id / sizeof *id);

	if (census_left_out(m->census, CENSUS_GOROUTINES) || n > sizeof id / sizeof *id)
		return false;
	sb_add(b, " && id in (");
	for (size_t i = 0; i < n; i++)
		sb_printf(b, "%s%" PRId64, i ? ", " : "", id[i]);
	sb_add(b, ")");
	/* What fills it to the end may have been cut. */
	return n > 0 && b->n + 1 < b->cap;
}

/* To the longest, and of the list all of them. Traces before Go 1.22 have reasons that are empty. A wait is given its reason by the event that begins it alone. */
static void
open_transition(struct model *m, const struct transition *t)
{
	struct gt_str reason = census_name(m->census, t->reason);
	bool told = t->from != GT_PRES_Waiting, all = true;
	char text[GOAL_TEXT], quoted[GOAL_TEXT / 2];
	struct sb b = sb_on(text, sizeof text);

	sb_printf(&b, "res == G && from == %s && to == %s", gt_pres_name(t->from), gt_pres_name(t->to));
	/* The event that ends a wait does not tell what was waited for. */
	if (told && reason.n && gt_quote(reason, quoted, sizeof quoted) < sizeof quoted)
		sb_printf(&b, " && reason == %s", quoted);
	else if (t->from == GT_PRES_Running && !reason.n)
		sb_add(&b, " && (reason == none || reason == \"\")");
	if (*m->table.of) {
		size_t n = b.n;

		all = add_goroutines(m, &b);
		if (!all)
			text[b.n = n] = 0;
	}
	views_jump_home(m, t->longest);
	if (m->query.follow != GT_NO_RES)
		query_follow(m, GT_G, GT_NONE);
	query_command(m, CMD_FILTER, text);
	if (m->message_style != ST_BAD)
		model_say(m, ST_TEXT, "the list has these transitions%s%s; :filter without words lists all again",
			told ? "" : ", whatever was waited for", all ? "" : ", of all goroutines: there are too many to name");
}

/* The bar chosen becomes part of the filter. */
static void
open_bar(struct model *m)
{
	struct table *t = &m->table;
	const struct bar *bar = lines(t) ? histogram_bar(t->bars, turn(t, t->at)) : NULL;

	if (!bar)
		return;
	if (!bar->rows) {
		model_say(m, ST_WAIT, "there are none of these");
	} else if (!only_add(t, sorted_by(t), bar)) {
		model_say(m, ST_BAD, "there is no room for it in the filter");
	} else {
		table_histogram(m, false);
		filter_anew(t);
	}
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
		list_members(m, CENSUS_GOROUTINES, "function", cells_function(m, census_group(m->census, row)->func));
		return;
	case CENSUS_TASKS:
		open_task(m, census_task(m->census, row));
		return;
	case CENSUS_RANGES:
		n = census_range(m->census, row)->longest;
		if (!n)
			break;
		list_ranges(m, census_range(m->census, row));
		return;
	case CENSUS_LONGEST:
		n = census_longest(m->census, row)->event;
		break;
	case CENSUS_TRANSITIONS:
		open_transition(m, transitions_at(census_summed(m->census), row));
		return;
	case CENSUS_WAITS:
		n = delays_at(census_delays(m->census), row)->longest;
		break;
	default:
		n = census_region(m->census, row)->longest;
		break;
	}
	if (!n) {
		model_say(m, ST_WAIT, "none of them both began and ended in the trace");
		return;
	}
	views_jump_home(m, n);
	/* Who was followed has nothing to do with a task, a region or a range. */
	if (followed != GT_NONE || m->query.follow != GT_NO_RES)
		query_follow(m, GT_G, followed);
	/* It is there to be seen; q returns. */
	if (followed != GT_NONE && !timeline_visible(m))
		views_open(m, PANE_TIMELINE);
}

/* What is opened is what one sees; what is not there yet to be seen is waited for. */
static void
open_chosen(struct model *m)
{
	struct table *t = &m->table;

	t->opens = !table_ready(m) && (!lines(t) || t->ahead || t->stale);
	if (t->opens)
		model_say(m, ST_DIM, "goes there once the table is complete; any key stops");
	else
		t->histogram ? open_bar(m) : enter(m);
}

void
table_open(struct model *m)
{
	m->table.opens = false;
	m->message[0] = 0;
	keep_choice(m);
	open_chosen(m);
}

/* Farther than there are lines now, if more may come. */
static void
move_by(struct model *m, int64_t n)
{
	m->table.chosen |= lines(&m->table) > 0;
	m->table.ahead += n;
	keep_choice(m);
}

static void
move_to_end(struct model *m, bool last)
{
	m->table.chosen = true;
	m->table.at = 0;
	m->table.ahead = last ? AHEAD_LAST : 0;
	keep_choice(m);
}

static void
reverse(struct table *t)
{
	if (t->histogram) {
		t->turned = !t->turned;
		return;
	}
	t->reverse[t->kind] = !t->reverse[t->kind];
	begin_anew(t);
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	struct table *t = &m->table;
	struct columns k = columns_for(m, m->lay.pane[PANE_TABLE].w);
	int64_t n = count && count < MOST_COUNT ? (int64_t)count : 1, page = m->lay.pane[PANE_TABLE].h > 4
		? m->lay.pane[PANE_TABLE].h - 4 : 1;

	/* Keys come before a picture was made of what the last one, or work, changed. */
	if (!t->made)
		pane_table_make(m);
	keep_choice(m);
	t->loose = false;
	switch (cmd) {
	case CMD_UP:
	case CMD_PAGE_UP:
	case CMD_HALF_UP:
		move_by(m, cmd == CMD_UP ? -n : -n * page);
		return true;
	case CMD_DOWN:
	case CMD_PAGE_DOWN:
	case CMD_HALF_DOWN:
		move_by(m, cmd == CMD_DOWN ? n : n * page);
		return true;
	case CMD_FIRST:
	case CMD_LAST:
		move_to_end(m, cmd == CMD_LAST);
		return true;
	case CMD_PAN_LEFT:
	case CMD_PAN_RIGHT:
		sort_by_next(m, cmd == CMD_PAN_LEFT);
		return true;
	case CMD_SORT_BACK:
		reverse(t);
		return true;
	case CMD_OPEN:
		open_chosen(m);
		return true;
	case CMD_BACKWARD:
		return back_to_parent(m);
	default:
		return !t->histogram && pane_scroll_columns(m, &k, &m->columns[t->kind], cmd, count);
	}
}

static const uint8_t keys[] = { CMD_OPEN, CMD_PAN_RIGHT, CMD_SORT_BACK, CMD_TABLE, CMD_HISTOGRAM, CMD_MAXIMIZE, CMD_PANE_NEXT, CMD_CLOSE, CMD_NONE };

const struct pane_ops pane_table = { .rows = rows, .draw = draw, .command = command, .keys = keys };
