/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The timeline: a ruler, lanes of what goes on beside (as many as there is room for), lanes of Ps, Ms or Gs, and a line on
 * the place looked at. The window moves only when the current event leaves it, so that nothing swims while stepping.
 */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

/* For what is to be seen at once a picture may wait so long; the rest comes while it is looked at. */
#define AT_ONCE_NS 5000000
/* To begin with, so many events a column. */
#define EVENTS_A_COLUMN 3
/* A cell with a highlighted event, as in the list. */
#define LIT "*"
/* Lanes beside, the most telling first. */
static const enum lane_extra extras[] = { LX_GC, LX_HEAP, LX_RUNNING, LX_STW, LX_TASKS, LX_REGIONS, LX_GOROUTINES,
	LX_SAMPLES, LX_GOAL };
#define EXTRAS ((int)(sizeof extras / sizeof *extras))

/* --- preparing ------------------------------------------------------------- */

static bool
keep_time(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	(void)ch, (void)nch, (void)after;
	*(int64_t *)arg = ev->time;
	return false;
}

/* The time of the current event; behind the last one, of that. */
static int64_t
time_here(const struct model *m)
{
	uint64_t n = model_is_end(m, m->cursor) ? m->known : m->cursor;
	const struct row *row = rows_get(m->rows, n);
	int64_t time = m->t0;

	if (row)
		return row->ev.time;
	gt_nav_each(m->nav, n, 1, keep_time, &time);
	return time;
}

static int64_t
time_last(const struct model *m)
{
	int64_t time = m->t0;

	if (m->known)
		gt_nav_each(m->nav, m->known, 1, keep_time, &time);
	return time;
}

static double
span_of(const struct model *m)
{
	double span = (double)time_last(m) - (double)m->t0;

	return span < 1 ? 1 : span;
}

static void
choose_scale(struct model *m)
{
	struct timeline *t = &m->time;

	if (t->whole) {
		/* The last event has a column as well. */
		t->scale = span_of(m) * 1.0001 / t->width + 1e-9;
		t->left = m->t0;
		t->grown = m->known;
		return;
	}
	if (t->scale <= 0)
		t->scale = m->known ? span_of(m) / (double)m->known * EVENTS_A_COLUMN : 1000;
	if (t->scale * t->width < t->width)
		t->scale = 1;
}

static struct lane_window
window_of(const struct model *m)
{
	const struct timeline *t = &m->time;
	double span = t->scale * t->width;

	span = span > 4e18 ? 4e18 : span;
	return (struct lane_window){ .by = t->by, .from = t->left,
		.to = (int64_t)((uint64_t)t->left + (uint64_t)span), .columns = (unsigned)t->width,
		.lights = m->query.nlight ? m->query.relit : 0 };
}

/* So that a time is at a share of the width; but nothing is to be seen before the trace. */
static void
centre_on(struct model *m, int64_t time, double share)
{
	struct timeline *t = &m->time;
	int64_t left = (int64_t)((uint64_t)time - (uint64_t)(t->scale * t->width * share));

	t->left = left < m->t0 && time >= m->t0 ? m->t0 : left;
}

/* The lane of what the current event is about. */
static void
choose_lane(struct model *m)
{
	const struct row *row = rows_get(m->rows, m->cursor);
	struct timeline *t = &m->time;
	int64_t id = GT_NONE;

	t->seen = m->cursor;
	t->column = -1;
	t->loose = false;
	if (!row || t->in_extra)
		return;
	if (gt_event_kind(&row->ev) != GT_K_StateTransition || gt_event_subject(&row->ev, &id) != t->by)
		id = t->by == GT_M ? row->ev.m : t->by == GT_P ? row->ev.p : row->ev.g;
	if (id != GT_NONE)
		t->lane = id;
}

/* How many rows each kind of lane gets. */
static void
divide(struct model *m, int h)
{
	struct timeline *t = &m->time;
	int room = h - 3, were = t->pinned + t->rows, lanes = (int)(lanes_count(m->lanes) < 1000 ? lanes_count(m->lanes) : 1000);

	room = room < 0 ? 0 : room;
	t->pinned = room - lanes > room / 3 ? room - lanes : room / 3;
	t->pinned = t->pinned > EXTRAS ? EXTRAS : t->pinned;
	/* That there are none is said in a row as well. */
	t->pinned -= !lanes && t->pinned == room && room > 0;
	t->rows = room - t->pinned;
	t->placed &= were == room;
}

static void
keep_in_sight(struct model *m)
{
	struct timeline *t = &m->time;
	size_t count = lanes_count(m->lanes), rows = t->rows > 0 ? (size_t)t->rows : 1;
	size_t at = t->in_extra || t->loose ? t->top : lanes_find(m->lanes, t->lane);

	/* While lanes still come, those that come late must not push the others about. */
	if (!t->loose && !t->in_extra)
		t->top = t->placed ? t->settled : at > rows / 2 ? at - rows / 2 : 0;
	if (at < count && at < t->top)
		t->top = at;
	if (at < count && at >= t->top + rows)
		t->top = at - rows + 1;
	if (t->top + rows > count)
		t->top = count > rows ? count - rows : 0;
	t->settled = lanes_done(m->lanes) ? t->top : t->settled;
	t->placed |= lanes_done(m->lanes);
}

static bool
time_is_up(void *arg)
{
	return views_now() >= *(int64_t *)arg;
}

/* What was seen as a whole has grown since: read it anew, but not each time it grows a little. */
static bool
has_grown(const struct model *m)
{
	return m->time.whole && m->known != m->time.grown && (m->all || m->known / 2 > m->time.grown);
}

void
pane_timeline_make(struct model *m)
{
	const struct rect *r = &m->lay.pane[PANE_TIMELINE];
	struct timeline *t = &m->time;
	int64_t here, until = views_now() + AT_ONCE_NS;
	struct lane_window w;
	bool again = has_grown(m) || lanes_short(m->lanes, m->known);
	int width;

	t->label = 2 + (rows_id_width(m->rows, t->by) + 1 < 7 ? 7 : rows_id_width(m->rows, t->by) + 1);
	width = r->w - t->label - 1 > LANE_COLUMNS ? LANE_COLUMNS : r->w - t->label - 1;
	if (r->h < 2 || width < 2)
		return;
	here = time_here(m);
	if (width != t->width || again || t->scale <= 0) {
		bool first = !t->width || t->scale <= 0;

		t->width = width;
		choose_scale(m);
		if (first && !t->whole)
			centre_on(m, here, 0.1);
	}
	if (t->seen != m->cursor) {
		choose_lane(m);
		w = window_of(m);
		if (lane_column(&w, here) < 0)
			centre_on(m, here, 0.7);
		else if (lane_column(&w, here) >= t->width)
			centre_on(m, here, 0.3);
	}
	w = window_of(m);
	/* While it is being read anyway a key has not to wait for more of it. */
	if (lanes_want(m->lanes, &w, again))
		lanes_work(m->lanes, m->nav, time_is_up, &until);
	lanes_sort_kin(m->lanes, &t->kin);
	if (t->lane == GT_NONE && lanes_count(m->lanes))
		t->lane = lanes_at(m->lanes, 0)->id;
	divide(m, r->h);
	keep_in_sight(m);
}

/* --- drawing: the ruler -------------------------------------------------------- */

static int
column_here(const struct model *m)
{
	return lane_column(lanes_window(m->lanes), time_here(m));
}

/* The column looked at. */
static int
column_at(const struct model *m)
{
	return m->time.column >= 0 ? m->time.column : column_here(m);
}

static void
time_text(const struct model *m, int64_t time, char *text, size_t cap)
{
	struct sb b = sb_on(text, cap);
	double scale = m->time.scale;
	int digits = scale >= 1e8 ? 1 : scale >= 1e6 ? 3 : scale >= 1e3 ? 6 : 9;

	time = fmt_minus(time, m->t0);
	sb_add(&b, time < 0 ? "" : "+");
	fmt_time(&b, time, digits);
}

/* Columns of the ruler that are taken; the last one is behind those of the lanes. */
struct ruler {
	bool taken[LANE_COLUMNS + 1];
	int width;
};

static bool
is_free(const struct ruler *r, int from, int w)
{
	if (from < 0 || from + w > r->width)
		return false;
	for (int i = from; i < from + w; i++)
		if (r->taken[i])
			return false;
	return true;
}

/* A sign at a column, and behind it, or else before it, its time where there is room for that. */
static void
put_sign(const struct model *m, struct canvas *c, int y, struct ruler *r, int column, int64_t time, enum style style, const char *sign)
{
	char text[48];
	int w, from = column + 1;

	if (column < 0 || column >= m->time.width)
		return;
	time_text(m, time, text, sizeof text);
	w = canvas_width(text, c->utf8);
	if (!is_free(r, from, w) && style != ST_DIM)
		from = column - w;
	canvas_put(c, y, m->time.label + column, style, sign);
	r->taken[column] = true;
	if (!is_free(r, from, w))
		return;
	canvas_put(c, y, m->time.label + from, style, text);
	/* And a space between it and others. */
	for (int i = from - 1; i <= from + w; i++)
		if (i >= 0 && i < r->width)
			r->taken[i] = true;
}

static void
draw_ruler(const struct model *m, struct canvas *c, int y)
{
	const struct timeline *t = &m->time;
	const struct lane_window *w = lanes_window(m->lanes);
	int here = column_here(m), at = column_at(m), step = 20;
	struct ruler r = { .width = t->width + 1 };

	for (int i = 0; i < TRAIL_MARKS; i++) {
		char name[] = { trail_letter(i), 0 };
		int x = m->trail.mark[i].n ? lane_column(w, m->trail.mark[i].time) : -1;

		if (x < 0 || x >= t->width)
			continue;
		canvas_put(c, y, t->label + x, ST_MATCH, name);
		r.taken[x] = true;
	}
	if (at != here && at >= 0)
		put_sign(m, c, y, &r, at, lane_time(w, (unsigned)at), ST_KEY, m->utf8 ? "▽" : "v");
	put_sign(m, c, y, &r, here, time_here(m), ST_KEY, m->utf8 ? "▼" : "V");
	for (int x = 0; x < t->width; x += step)
		if (is_free(&r, x, 1))
			put_sign(m, c, y, &r, x, lane_time(w, (unsigned)x), ST_DIM, m->utf8 ? "╵" : "'");
}

/* --- drawing: lanes --------------------------------------------------------------- */

static const char *
level_sign(unsigned eighths, bool utf8)
{
	static const char *const rich[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const plain[] = { " ", "1", "2", "3", "4", "5", "6", "7", "8" };

	eighths = eighths > 8 ? 8 : eighths;
	return utf8 ? rich[eighths] : plain[eighths];
}

static enum style
cell_style(unsigned cell)
{
	static const uint8_t style[LANE_CELLS] = {
		[LC_IDLE] = ST_DIM, [LC_RUNNING] = ST_RUN, [LC_RUNNABLE] = ST_READY, [LC_WAITING] = ST_DIM,
		[LC_SYSCALL] = ST_SYSCALL, [LC_BARE] = ST_DIM, [LC_GC] = ST_SYSCALL, [LC_STW] = ST_BAD, [LC_TASK] = ST_M,
		[LC_REGION] = ST_P, [LC_SAMPLE] = ST_CHANGED,
	};

	return (enum style)style[cell];
}

/* What a piece is called: whom it is with, or why. */
static void
piece_label(enum gt_res by, const struct lane_piece *p, char *text, size_t cap)
{
	struct sb b = sb_on(text, cap);
	char quoted[128];

	if (p->text.n) {
		gt_quote(p->text, quoted, sizeof quoted);
		if (p->level > 1)
			sb_printf(&b, "%" PRIu32 " ", p->level);
		/* Without its quotes. */
		sb_printf(&b, "%.*s", quoted[0] ? (int)strlen(quoted) - 1 - (quoted[strlen(quoted) - 1] == '"') : 0, quoted + 1);
	} else if (p->level) {
		sb_printf(&b, "%" PRIu32, p->level);
	} else if (by == GT_P && p->g != GT_NONE) {
		fmt_id(&b, GT_G, p->g);
	} else if (by == GT_G && p->p != GT_NONE) {
		fmt_id(&b, GT_P, p->p);
	} else if (by == GT_M) {
		if (p->p != GT_NONE)
			fmt_id(&b, GT_P, p->p);
		if (p->p != GT_NONE && p->g != GT_NONE)
			sb_add(&b, " ");
		if (p->g != GT_NONE)
			fmt_id(&b, GT_G, p->g);
	}
}

/* The first column of a piece, its ends left out, from which on w of them have no marks; 0: there is none. */
static int
free_of_marks(const struct lane *lane, const struct lane_piece *p, int w)
{
	int run = 0;

	for (int i = p->from + 1; i < p->to; i++) {
		run = lane_is_lit(lane, (unsigned)i) ? 0 : run + 1;
		if (run == w)
			return i - w + 1;
	}
	return 0;
}

static void
draw_piece(const struct model *m, struct canvas *c, int y, enum gt_res by, const struct lane *lane, const struct lane_piece *p)
{
	int x = m->time.label + p->from, w = p->to - p->from + 1, at, cut;
	enum style style = cell_style(p->cell);
	char text[160];

	if (p->many && p->share) {
		canvas_put(c, y, x, ST_RUN, level_sign(p->share, c->utf8));
		return;
	}
	canvas_fill(c, y, x, w, style, lane_glyph(p->cell, c->utf8));
	if (w < 3 || p->many)
		return;
	piece_label(by, p, text, sizeof text);
	cut = canvas_width(text, c->utf8);
	if (*text && cut + 2 > w && p->text.n && w > 6)
		cut = w - 2;
	at = *text ? free_of_marks(lane, p, cut) : 0;
	if (at)
		canvas_cut(c, y, m->time.label + at, cut, p->cell == LC_RUNNING ? ST_RUN_TEXT : style, text);
}

/* Until a lane's last span is over nothing is known of what comes then. */
static void
draw_unknown(const struct model *m, struct canvas *c, int y, unsigned from)
{
	if (!lanes_done(m->lanes) && (int)from < m->time.width)
		canvas_fill(c, y, m->time.label + (int)from, m->time.width - (int)from, ST_DIM, "?");
}

static void
draw_lane(const struct model *m, struct canvas *c, int y, enum gt_res by, const struct lane *lane)
{
	for (size_t i = 0; i < lane->n; i++)
		draw_piece(m, c, y, by, lane, &lane->piece[i]);
	for (unsigned i = 0; lane->lit && i < lanes_window(m->lanes)->columns; i++)
		if (lane_is_lit(lane, i))
			canvas_put(c, y, m->time.label + (int)i, ST_MATCH, LIT);
	draw_unknown(m, c, y, lane->n ? lane->piece[lane->n - 1].to + 1u : 0);
}

static void
amount(struct sb *b, enum lane_extra x, uint64_t v)
{
	static const char *const unit[] = { "", "K", "M", "G", "T", "P", "E" };
	double d = (double)v;
	int u = 0;

	if (x != LX_HEAP && x != LX_GOAL) {
		fmt_count(b, v);
		return;
	}
	for (; d >= 999.5 && u < 6; u++)
		d /= 1024;
	sb_printf(b, "%.*f%s", d < 9.95 && u ? 1 : 0, d, unit[u]);
}

static void
draw_metric(const struct model *m, struct canvas *c, int y, enum lane_extra x)
{
	const uint64_t *v = lanes_metric(m->lanes, x);
	unsigned known = lanes_known(m->lanes), seen = 0;
	uint64_t most = 0;
	char text[32];
	struct sb b = sb_on(text, sizeof text);

	for (unsigned i = 0; i < known; i++)
		if (v[i] != LANE_UNKNOWN && v[i] >= most)
			most = v[i], seen = i + 1;
	for (unsigned i = 0; i < known; i++)
		if (v[i] != LANE_UNKNOWN && most)
			canvas_put(c, y, m->time.label + (int)i, ST_G,
				level_sign((unsigned)((double)v[i] / (double)most * 8 + 0.5), c->utf8));
	draw_unknown(m, c, y, known);
	if (!seen)
		return;
	sb_add(&b, m->utf8 ? "≤" : "<=");
	amount(&b, x, most);
	canvas_put(c, y, m->time.label, ST_STRONG, text);
}

static void
draw_label(const struct model *m, struct canvas *c, int y, bool chosen, const char *text)
{
	bool focus = m->arr.focus == PANE_TIMELINE;

	canvas_put(c, y, 0, chosen && focus ? ST_FOCUS : ST_DIM, chosen ? m->sy->focus : " ");
	canvas_cut(c, y, 1, m->time.label - 2, chosen ? (focus ? ST_FOCUS : ST_STRONG) : ST_TEXT, text);
}

static void
draw_extras(const struct model *m, struct canvas *c, int y)
{
	const struct timeline *t = &m->time;

	for (int i = 0; i < t->pinned; i++, y++) {
		if (extras[i] < LX_LANES)
			draw_lane(m, c, y, GT_NO_RES, lanes_extra(m->lanes, extras[i]));
		else
			draw_metric(m, c, y, extras[i]);
		draw_label(m, c, y, t->in_extra && t->extra == (int)extras[i], lane_extra_name(extras[i]));
	}
}

static void
draw_lanes(const struct model *m, struct canvas *c, int y)
{
	const struct timeline *t = &m->time;
	size_t count = lanes_count(m->lanes);

	for (size_t i = t->top; i < count && i < t->top + (size_t)t->rows; i++, y++) {
		const struct lane *lane = lanes_at(m->lanes, i);
		char text[32];
		struct sb b = sb_on(text, sizeof text);

		fmt_id(&b, t->by, lane->id);
		draw_lane(m, c, y, t->by, lane);
		draw_label(m, c, y, !t->in_extra && t->lane == lane->id, text);
	}
	if (!count)
		canvas_put(c, y, t->label, ST_DIM, lanes_done(m->lanes) ? "nothing is known of any here" : "reading");
}

/* --- drawing: the place looked at --------------------------------------------------- */

static const struct lane *
chosen_lane(const struct model *m)
{
	const struct timeline *t = &m->time;
	size_t at;

	if (t->in_extra)
		return t->extra < LX_LANES ? lanes_extra(m->lanes, (enum lane_extra)t->extra) : NULL;
	at = lanes_find(m->lanes, t->lane);
	return at < lanes_count(m->lanes) ? lanes_at(m->lanes, at) : NULL;
}

static void
describe_piece(const struct model *m, struct sb *b, const struct lane_piece *p)
{
	char label[160];

	const struct lane_window *w = lanes_window(m->lanes);

	piece_label(m->time.in_extra ? GT_NO_RES : m->time.by, p, label, sizeof label);
	sb_printf(b, " %s", lane_means(p->cell));
	if (*label)
		sb_printf(b, " %s", label);
	/* What reaches beyond the window has not been read. */
	sb_printf(b, " %s %s", m->sy->dot, p->began < w->from || p->ended >= w->to ? "at least " : "");
	fmt_delta(b, fmt_minus(p->ended, p->began), m->sy);
	if (p->first) {
		sb_add(b, p->began < w->from ? " since before event " : " from event ");
		fmt_count(b, p->first);
	} else {
		sb_add(b, " since before the trace");
	}
	if (p->many)
		sb_printf(b, " %s longest of %" PRIu32 " here", m->sy->dot, p->count);
}

static void
describe(const struct model *m, struct sb *b)
{
	const struct timeline *t = &m->time;
	int at = column_at(m);
	const struct lane *lane = chosen_lane(m);
	const struct lane_piece *p = lane && at >= 0 ? lane_piece_at(lane, (unsigned)at) : NULL;

	if (t->in_extra)
		sb_add(b, lane_extra_name((enum lane_extra)t->extra));
	else
		fmt_id(b, t->by, t->lane);
	if (p) {
		describe_piece(m, b, p);
	} else if (t->in_extra && t->extra >= LX_LANES && at >= 0 && at < (int)lanes_known(m->lanes)) {
		uint64_t v = lanes_metric(m->lanes, (enum lane_extra)t->extra)[at];

		sb_add(b, " ");
		v == LANE_UNKNOWN ? sb_add(b, "not told yet") : amount(b, (enum lane_extra)t->extra, v);
	} else {
		sb_add(b, lanes_done(m->lanes) ? " nothing" : " reading");
	}
}

/* The states that are to be seen, with their signs; without a canvas nothing is drawn. Returns how wide that is. */
static int
draw_legend(const struct model *m, struct canvas *c, int y, int x)
{
	enum { M = 1 << GT_M, P = 1 << GT_P, G = 1 << GT_G };
	static const struct {
		uint8_t cell; /* LANE_CELLS: running, for a part of the column */
		uint8_t by;
		const char *means; /* NULL: what that of the cell is called */
	} signs[] = { { LC_RUNNING, M | P | G, NULL }, { LANE_CELLS, M | P | G, "half of it" }, { LC_RUNNABLE, G, NULL },
		{ LC_WAITING, G, NULL }, { LC_SYSCALL, M | P | G, "syscall or C" }, { LC_BARE, M, "P, no G" }, { LC_IDLE, M | P, NULL } };
	int began = x;

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		bool some = signs[i].cell == LANE_CELLS;
		const char *means = signs[i].means ? signs[i].means : lane_means(signs[i].cell);

		if (!(signs[i].by & 1 << m->time.by))
			continue;
		if (c) {
			canvas_put(c, y, x, some ? ST_RUN : cell_style(signs[i].cell),
				some ? level_sign(4, m->utf8) : lane_glyph(signs[i].cell, m->utf8));
			canvas_put(c, y, x + 2, ST_DIM, means);
		}
		x += 4 + (int)strlen(means);
	}
	if (m->query.nlight) {
		if (c) {
			canvas_put(c, y, x, ST_MATCH, LIT);
			canvas_put(c, y, x + 2, ST_DIM, "highlighted");
		}
		x += 4 + (int)strlen("highlighted");
	}
	return x - began;
}

/* The place looked at; and behind that, or in a row above that is free, the legend. */
static void
draw_foot(const struct model *m, struct canvas *c, int y)
{
	char text[400];
	struct sb b = sb_on(text, sizeof text);
	const struct timeline *t = &m->time;
	size_t count = lanes_count(m->lanes);
	int x, w = draw_legend(m, NULL, 0, 0);

	describe(m, &b);
	x = canvas_cut(c, y, 1, c->w - 2, ST_TEXT, text);
	if (x + 2 + w <= c->w)
		draw_legend(m, c, y, c->w - w);
	else if (count && count < (size_t)t->rows)
		draw_legend(m, c, y - 1, c->w > w ? c->w - w : 1);
}

/* --- the pane ----------------------------------------------------------------------------- */

static void
add_events(struct sb *b, uint64_t n)
{
	fmt_count(b, n);
	sb_add(b, n == 1 ? " event" : " events");
}

void
timeline_markers(const struct model *m, struct sb *b)
{
	const struct trail_mark *x = trail_mark(&m->trail, 'a'), *y = trail_mark(&m->trail, 'b');

	if (!x || !y)
		return;
	sb_printf(b, "a%sb ", m->sy->arrow);
	fmt_time(b, fmt_minus(y->time, x->time), 9);
	if (x->moved != y->moved)
		return;
	sb_add(b, ", ");
	add_events(b, x->n > y->n ? x->n - y->n : y->n - x->n);
}

static void
draw_title(const struct model *m, struct canvas *c)
{
	const struct timeline *t = &m->time;
	char text[200];
	struct sb b = sb_on(text, sizeof text);
	size_t n;

	pane_rule(m, c, PANE_TIMELINE);
	sb_printf(&b, " by %c %s ", "MPG"[t->by], m->sy->dot);
	if (t->by == GT_G && t->kin.g != GT_NONE)
		sb_printf(&b, "G%" PRId64 " and its kin%s %s ", t->kin.g, kin_wants(&t->kin, m->known) ? ", being looked for" : "", m->sy->dot);
	n = b.n;
	timeline_markers(m, &b);
	sb_printf(&b, "%s%s%sa column is ", b.n > n ? " " : "", b.n > n ? m->sy->dot : "", b.n > n ? " " : "");
	fmt_delta(&b, (int64_t)(t->scale + 0.5), m->sy);
	sb_printf(&b, " %s ", m->sy->dot);
	add_events(&b, lanes_events(m->lanes));
	if (lanes_count(m->lanes) > (size_t)t->rows) {
		sb_printf(&b, " %s lanes %zu-%zu of %zu", m->sy->dot, t->top + 1, t->top + (size_t)t->rows, lanes_count(m->lanes));
		sb_add(&b, lanes_cut(m->lanes) ? "+" : "");
	}
	if (!lanes_done(m->lanes))
		sb_printf(&b, " %s %u%% read", m->sy->dot, lanes_known(m->lanes) * 100 / (t->width > 0 ? (unsigned)t->width : 1));
	sb_add(&b, " ");
	canvas_cut(c, 0, 13, c->w - 13 - PANE_BUTTONS_W, ST_DIM, text);
}

static void
draw(const struct model *m, struct canvas *c)
{
	const struct timeline *t = &m->time;
	int here = column_here(m), at = column_at(m);

	draw_title(m, c);
	if (c->h < 3 || t->width < 2)
		return;
	draw_ruler(m, c, 1);
	draw_extras(m, c, 2);
	draw_lanes(m, c, 2 + t->pinned);
	for (int y = 2; y < c->h - 1; y++) {
		if (here >= 0 && here < t->width)
			canvas_light(c, y, t->label + here, 1);
		if (at != here && at >= 0 && at < t->width)
			canvas_light(c, y, t->label + at, 1);
	}
	draw_foot(m, c, c->h - 1);
}

static size_t
rows(const struct model *m)
{
	return lanes_count(m->lanes);
}

/* --- commands --------------------------------------------------------------------------------- */

/* Which row is chosen, those beside counted first; all of them; and choosing one. */
static size_t
chosen_row(const struct model *m)
{
	const struct timeline *t = &m->time;

	for (int i = 0; t->in_extra && i < t->pinned; i++)
		if ((int)extras[i] == t->extra)
			return (size_t)i;
	return (size_t)t->pinned + (t->in_extra ? 0 : lanes_find(m->lanes, t->lane));
}

static void
choose_row(struct model *m, size_t row)
{
	struct timeline *t = &m->time;
	size_t all = (size_t)t->pinned + lanes_count(m->lanes);

	if (!all)
		return;
	row = row >= all ? all - 1 : row;
	t->loose = false;
	t->in_extra = row < (size_t)t->pinned;
	if (t->in_extra)
		t->extra = (int)extras[row];
	else
		t->lane = lanes_at(m->lanes, row - (size_t)t->pinned)->id;
}

static void
look_to(struct model *m, int64_t step)
{
	struct timeline *t = &m->time;
	int64_t at = column_at(m) + step;

	if (at < 0)
		timeline_pan(m, -0.5), at += t->width / 2;
	else if (at >= t->width)
		timeline_pan(m, 0.5), at -= t->width / 2;
	t->column = at < 0 ? 0 : at >= t->width ? t->width - 1 : (int)at;
}

/* Goes to what the chosen lane does in the column looked at. */
static void
enter(struct model *m)
{
	const struct lane *lane = chosen_lane(m);
	int at = column_at(m);
	const struct lane_piece *p = lane && at >= 0 ? lane_piece_at(lane, (unsigned)at) : NULL;
	uint64_t n = p && p->began >= lanes_window(m->lanes)->from ? p->first : at >= 0 ? lanes_event_at(m->lanes, (unsigned)at) : 0;

	if (n)
		views_jump(m, n);
	else
		model_say(m, ST_WAIT, "there is no event there");
}

void
timeline_pan(struct model *m, double screens)
{
	struct timeline *t = &m->time;
	double by = t->scale * t->width * screens;

	t->whole = false;
	if (by < 0)
		t->left = (int64_t)((uint64_t)t->left - (uint64_t)-by);
	else
		t->left = (int64_t)((uint64_t)t->left + (uint64_t)by);
}

/* What is looked at stays where it is on the screen. */
void
timeline_zoom(struct model *m, double factor)
{
	struct timeline *t = &m->time;
	struct lane_window w = *lanes_window(m->lanes);
	double most = span_of(m) * 2 / (t->width > 0 ? t->width : 1), scale = t->scale * factor;
	int at = column_at(m);
	int64_t time;

	if (t->width < 2 || t->scale <= 0)
		return;
	at = at < 0 || at >= t->width ? t->width / 2 : at;
	time = t->column >= 0 ? lane_time(&w, (unsigned)at) : time_here(m);
	scale = scale > most ? most : scale;
	t->scale = scale < 1 ? 1 : scale;
	t->whole = false;
	t->left = (int64_t)((uint64_t)time - (uint64_t)(t->scale * (at + 0.5)));
}

void
timeline_whole(struct model *m)
{
	struct timeline *t = &m->time;

	t->whole = !t->whole;
	t->scale = 0;
	t->column = -1;
	t->seen = 0;
	t->placed = false;
}

void
timeline_by(struct model *m, int by)
{
	struct timeline *t = &m->time;

	t->by = (enum gt_res)by;
	t->in_extra = false;
	t->lane = GT_NONE;
	t->seen = 0;
	t->top = 0;
	t->placed = false;
}

void
timeline_kin(struct model *m, int64_t here)
{
	struct timeline *t = &m->time;
	bool chosen = m->arr.focus == PANE_TIMELINE && t->by == GT_G && !t->in_extra && t->lane != GT_NONE;
	int64_t g = chosen ? t->lane : here;

	if (t->kin.g != GT_NONE && t->by == GT_G) {
		kin_of(&t->kin, GT_NONE, 0);
		model_say(m, ST_TEXT, "every goroutine has its lane");
		t->placed = false;
		return;
	}
	if (g == GT_NONE) {
		model_say(m, ST_WAIT, "there is no goroutine at this event; choose one in the timeline by G");
		return;
	}
	timeline_by(m, GT_G);
	t->lane = g;
	t->seen = m->cursor;
	kin_of(&t->kin, g, gt_nav_base(m->nav));
	model_say(m, ST_OK, "only G%" PRId64 ", who created or unblocked it, and whom it did; r: all", g);
}

void
timeline_scroll(struct model *m, int lanes)
{
	struct timeline *t = &m->time;
	size_t by = (size_t)(lanes < 0 ? -lanes : lanes);

	t->loose = true;
	t->top = lanes > 0 ? t->top + by : t->top > by ? t->top - by : 0;
}

static void
mark_column(struct model *m, int letter, int column)
{
	uint64_t n = lanes_event_at(m->lanes, (unsigned)column);
	int64_t time = 0;

	if (!n || !gt_nav_each(m->nav, n, 1, keep_time, &time))
		return;
	m->trail.mark[trail_index(letter)] = (struct trail_mark){ n, time, false };
}

void
timeline_drag(struct model *m, int from, int x)
{
	struct timeline *t = &m->time;
	int to = x - t->label;

	to = to < 0 ? 0 : to >= t->width ? t->width - 1 : to;
	if (to == from)
		return;
	t->column = to;
	mark_column(m, 'a', from < to ? from : to);
	mark_column(m, 'b', from < to ? to : from);
}

int
timeline_click(struct model *m, int y, int x)
{
	struct timeline *t = &m->time;

	/* A lane is chosen where it stands. */
	if (y >= 2 && y < 2 + t->pinned)
		choose_row(m, (size_t)(y - 2));
	else if (y >= 2 + t->pinned && y < 2 + t->pinned + t->rows)
		choose_row(m, (size_t)(y - 2) + t->top);
	if (x < t->label || x >= t->label + t->width || y < 1)
		return -1;
	return t->column = x - t->label;
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	size_t n = count && count < 100000 ? (size_t)count : 1, row = chosen_row(m);
	size_t page = m->time.rows > 1 ? (size_t)m->time.rows : 1;

	switch (cmd) {
	case CMD_UP:
	case CMD_DOWN:
		choose_row(m, cmd == CMD_DOWN ? row + n : row > n ? row - n : 0);
		return true;
	case CMD_PAGE_UP:
	case CMD_PAGE_DOWN:
		choose_row(m, cmd == CMD_PAGE_DOWN ? row + n * page : row > n * page ? row - n * page : 0);
		return true;
	case CMD_LEFT:
	case CMD_RIGHT:
		look_to(m, cmd == CMD_RIGHT ? (int64_t)n : -(int64_t)n);
		return true;
	case CMD_OPEN:
		enter(m);
		return true;
	case CMD_CENTRE:
		centre_on(m, time_here(m), 0.5);
		return true;
	default:
		return false;
	}
}

static const uint8_t keys[] = { CMD_OPEN, CMD_ZOOM_IN, CMD_ZOOM_OUT, CMD_ZOOM_ALL, CMD_TIMELINE, CMD_KIN, CMD_LEFT, CMD_RIGHT, CMD_MARK, CMD_PANE_NEXT, CMD_CLOSE, CMD_NONE };

const struct pane_ops pane_timeline = { .rows = rows, .draw = draw, .command = command, .keys = keys };
