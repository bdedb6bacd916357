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
/* Of so many generations and more the end of the last is foreseen well enough. */
#define FORESEEN 32
/* To begin with, so many events a column. */
#define EVENTS_A_COLUMN 3
/* A cell with a highlighted event, as in the list. */
#define LIT "*"
/* Lanes beside, the most telling first. */
static const enum lane_extra extras[] = { LX_GC, LX_HEAP, LX_RUNNING, LX_STW, LX_TASKS, LX_REGIONS, LX_GOROUTINES,
	LX_SAMPLES, LX_GOAL, LX_THREADS, LX_SYSCALLS, LX_NETWORK, LX_TIMERS };
#define EXTRAS ((int)(sizeof extras / sizeof *extras))
/* The longest name of a lane beside; what a strip tells of its most: as little as may be. */
#define NAME_W 7
#define PEAK_W 5

/* The panes of the views. */
static const enum pane_id pane_of[TIMELINES] = { PANE_TIMELINE, PANE_LANES };

static struct lane_view *
view_of(struct model *m, enum pane_id id)
{
	return &m->time.view[id == pane_of[1]];
}

static bool
is_seen(const struct model *m, int i)
{
	return !m->lay.too_small && m->lay.pane[pane_of[i]].h > 1 && !m->help;
}

bool
timeline_is(enum pane_id id)
{
	return id == pane_of[0] || id == pane_of[1];
}

bool
timeline_visible(const struct model *m)
{
	return is_seen(m, 0) || is_seen(m, 1);
}

bool
timeline_busy(const struct model *m)
{
	for (int i = 0; i < TIMELINES; i++)
		if (is_seen(m, i) && (lanes_busy(m->time.view[i].lanes, m->nav) || kin_wants(&m->time.kin, m->known)))
			return true;
	return false;
}

bool
timeline_work(struct model *m, bool (*stop)(void *arg), void *arg)
{
	for (int i = 0; i < TIMELINES; i++)
		if (is_seen(m, i) && lanes_work(m->time.view[i].lanes, m->nav, stop, arg))
			return true;
	if (!timeline_visible(m) || !kin_wants(&m->time.kin, m->known))
		return false;
	kin_work(&m->time.kin, m->nav, m->known, stop, arg);
	return true;
}

void
timeline_moved(struct model *m)
{
	struct timeline *t = &m->time;

	for (int i = 0; i < TIMELINES; i++) {
		lanes_clear(t->view[i].lanes);
		t->view[i].seen = 0;
	}
	t->grown = 0;
	kin_of(&t->kin, t->kin.g, gt_nav_base(m->nav));
}

/* The second one where it has the keys, or is alone. */
enum gt_res
timeline_usual(int i)
{
	return i ? GT_M : GT_P;
}

struct lane_view *
timeline_now(struct model *m)
{
	bool alone = is_seen(m, 1) && !is_seen(m, 0);

	return view_of(m, m->arr.focus == pane_of[1] || (alone && m->arr.focus != pane_of[0]) ? pane_of[1] : pane_of[0]);
}

enum pane_id
timeline_pane(struct model *m)
{
	return pane_of[timeline_now(m) - m->time.view];
}

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

/* Of what can be seen: of a generation by itself nothing is read before it. */
static int64_t
time_first(const struct model *m)
{
	int64_t time = m->t0;

	if (model_apart(m))
		gt_nav_each(m->nav, gt_nav_base(m->nav) + 1, 1, keep_time, &time);
	return time;
}

static double
span_of(const struct model *m)
{
	double span = (double)time_last(m) - (double)time_first(m);

	return span < 1 ? 1 : span;
}

/* How long so many events take, from the current one on or, near the end, up to that. *n: how many of them there are. */
static double
span_here(const struct model *m, size_t most, size_t *n)
{
	uint64_t base = gt_nav_base(m->nav), from = m->cursor, behind = m->known + 1;
	const struct row *first, *last = NULL, *row;

	if (m->all && behind - from < most)
		from = behind > base + most ? behind - most : base + 1;
	rows_need(m->rows, m->nav, from, most);
	first = rows_get(m->rows, from);
	for (*n = 0; *n < most && (row = rows_get(m->rows, from + *n)); ++*n)
		last = row;
	return last ? (double)fmt_minus(last->ev.time, first->ev.time) : 0;
}

static bool
keep_tick(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	(void)ch, (void)nch, (void)after;
	*(double *)arg = ev->gen ? gt_gen_tick(ev->gen) : 0;
	return false;
}

/*
 * About how long the trace is, a little too much rather: where its generations begin is known long before all of it is indexed.
 * 0: that can't be said, or it is known.
 */
static double
foresee_span(const struct model *m)
{
	const struct gt_gen_place *p;
	uint64_t longest = 0;
	double tick = 0;
	size_t n;
	bool all;

	if (m->all || m->arrival.on || model_apart(m))
		return 0;
	p = gt_nav_gens(m->nav, &n, &all);
	if (!all || n < FORESEEN)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (p[i].ticks < p[i - 1].ticks)
			return 0;
		longest = p[i].ticks - p[i - 1].ticks > longest ? p[i].ticks - p[i - 1].ticks : longest;
	}
	gt_nav_each(m->nav, 1, 1, keep_tick, &tick);
	return (double)(p[n - 1].ticks - p[0].ticks + longest) * tick;
}

static void
choose_scale(struct model *m, struct lane_view *v)
{
	struct timeline *t = &m->time;

	if (t->whole) {
		double span = foresee_span(m);

		t->foreseen = span > span_of(m);
		/* The last event has a column as well. */
		t->scale = (t->foreseen ? span : span_of(m)) * 1.0001 / v->width + 1e-9;
		t->left = time_first(m);
		t->grown = m->known;
		return;
	}
	if (t->scale <= 0) {
		size_t most = (size_t)v->width * EVENTS_A_COLUMN, n;
		double span = span_here(m, most < ROWS_MAX ? most : ROWS_MAX, &n);

		t->scale = n > 1 ? span / v->width : 1000;
		t->guessed = n < most && !m->all;
		t->grown = m->known;
	}
	if (t->scale * v->width < v->width)
		t->scale = 1;
}

static struct lane_window
window_of(const struct model *m, const struct lane_view *v)
{
	const struct timeline *t = &m->time;
	double span = t->scale * v->width;

	span = span > 4e18 ? 4e18 : span;
	return (struct lane_window){ .by = v->by, .from = t->left,
		.to = (int64_t)((uint64_t)t->left + (uint64_t)span), .columns = (unsigned)v->width,
		.lights = m->query.nlight ? m->query.relit : 0, .beside = v == t->view };
}

/* So that a time is at a share of the width; but nothing is to be seen before the first. */
static void
centre_on(struct model *m, struct lane_view *v, int64_t time, double share)
{
	struct timeline *t = &m->time;
	int64_t left = (int64_t)((uint64_t)time - (uint64_t)(t->scale * v->width * share)), first = time_first(m);

	t->left = left < first && time >= first ? first : left;
}

/* The lane of what the current event is about. */
static void
choose_lane(struct model *m, struct lane_view *v)
{
	const struct row *row = rows_get(m->rows, m->cursor);
	struct timeline *t = &m->time;
	int64_t id = GT_NONE;

	v->seen = m->cursor;
	t->column = -1;
	v->loose = false;
	if (!row || v->in_extra)
		return;
	if (gt_event_kind(&row->ev) != GT_K_StateTransition || gt_event_subject(&row->ev, &id) != v->by)
		id = v->by == GT_M ? row->ev.m : v->by == GT_P ? row->ev.p : row->ev.g;
	if (id != GT_NONE)
		v->lane = id;
}

/* How many rows each kind of lane gets; beside: whether those beside are shown. */
static void
divide(struct lane_view *v, int h, bool beside)
{
	int room = h - 3, were = v->pinned + v->rows, lanes = (int)(lanes_count(v->lanes) < 1000 ? lanes_count(v->lanes) : 1000);

	room = room < 0 ? 0 : room;
	v->pinned = room - lanes > room / 3 ? room - lanes : room / 3;
	v->pinned = !beside ? 0 : v->pinned > EXTRAS ? EXTRAS : v->pinned;
	/* That there are none is said in a row as well. */
	v->pinned -= !lanes && v->pinned == room && room > 0;
	v->rows = room - v->pinned;
	v->placed &= were == room;
}

/* A lane beside that there is no room for can't be the one that is chosen: the last that is shown is, or one of the others. */
static void
choose_shown(struct lane_view *v)
{
	int i = 0;

	while (i < v->pinned && (int)extras[i] != v->extra)
		i++;
	if (!v->in_extra || i < v->pinned)
		return;
	v->in_extra = v->pinned > 0;
	if (v->in_extra)
		v->extra = (int)extras[v->pinned - 1];
}

static void
keep_in_sight(struct lane_view *v)
{
	size_t count = lanes_count(v->lanes), rows = v->rows > 0 ? (size_t)v->rows : 1;
	size_t at = v->in_extra || v->loose ? v->top : lanes_find(v->lanes, v->lane);

	/* While lanes still come, those that come late must not push the others about. */
	if (!v->loose && !v->in_extra)
		v->top = v->placed ? v->settled : at > rows / 2 ? at - rows / 2 : 0;
	if (at < count && at < v->top)
		v->top = at;
	if (at < count && at >= v->top + rows)
		v->top = at - rows + 1;
	if (v->top + rows > count)
		v->top = count > rows ? count - rows : 0;
	v->settled = lanes_done(v->lanes) ? v->top : v->settled;
	v->placed |= lanes_done(v->lanes);
}

static bool
time_is_up(void *arg)
{
	return views_now() >= *(int64_t *)arg;
}

/* The end, now that it is known, is where it was foreseen: no farther, and not much nearer. */
static bool
as_foreseen(struct model *m)
{
	double wide = m->time.scale * timeline_now(m)->width, span = span_of(m);

	return span < wide && span > wide * 0.95;
}

/* What was seen as a whole has grown since: read it anew, but not each time it grows a little, nor where room was left for it. */
static bool
has_grown(struct model *m)
{
	struct timeline *t = &m->time;

	if (!t->whole || m->known == t->grown)
		return false;
	if (!t->foreseen)
		return m->all || m->known / 2 > t->grown || foresee_span(m) > span_of(m);
	if (!m->all)
		return false;
	t->foreseen = false;
	if (as_foreseen(m))
		t->grown = m->known;
	return t->grown != m->known;
}

/*
 * Columns before the cells: those of timelines that are open begin below each other, and show the same time, also where one is
 * seen at a time. Beside the names of strips there is room for the most of each.
 */
static int
label_width(const struct model *m)
{
	int most = m->arr.open & 1u << pane_of[0] ? NAME_W + 1 + PEAK_W : NAME_W;

	for (int i = 0; i < TIMELINES; i++) {
		int w = rows_id_width(m->rows, m->time.view[i].by) + 1;

		if (m->arr.open & 1u << pane_of[i] && w > most)
			most = w;
	}
	return 2 + most;
}

/* The first one to be seen says how close they are. */
static void
make(struct model *m, struct lane_view *v, bool leads, bool grown)
{
	const struct rect *r = &m->lay.pane[pane_of[v - m->time.view]];
	struct timeline *t = &m->time;
	int64_t here, until = views_now() + AT_ONCE_NS;
	struct lane_window w;
	bool again = grown || lanes_short(v->lanes, m->known);
	int width;

	v->label = label_width(m);
	width = r->w - v->label - 1 > LANE_COLUMNS ? LANE_COLUMNS : r->w - v->label - 1;
	if (r->h < 2 || width < 2)
		return;
	here = time_here(m);
	if (leads && t->guessed && !t->whole && m->known != t->grown)
		t->scale = 0;
	if (width != v->width || again || t->scale <= 0) {
		bool first = t->scale <= 0 || (leads && !v->width);

		v->width = width;
		if (leads)
			choose_scale(m, v);
		if (leads && first && !t->whole)
			centre_on(m, v, here, 0.1);
	}
	if (v->seen != m->cursor) {
		choose_lane(m, v);
		w = window_of(m, v);
		if (lane_column(&w, here) < 0)
			centre_on(m, v, here, 0.7);
		else if (lane_column(&w, here) >= v->width)
			centre_on(m, v, here, 0.3);
	}
	w = window_of(m, v);
	/* While it is being read anyway a key has not to wait for more of it. */
	if (lanes_want(v->lanes, &w, again))
		lanes_work(v->lanes, m->nav, time_is_up, &until);
	lanes_sort_kin(v->lanes, &t->kin);
	if (v->lane == GT_NONE && lanes_count(v->lanes))
		v->lane = lanes_at(v->lanes, 0)->id;
	divide(v, r->h, v == t->view);
	choose_shown(v);
	keep_in_sight(v);
}

void
pane_timeline_make(struct model *m)
{
	bool grown = has_grown(m), leads = true;

	for (int i = 0; i < TIMELINES; i++) {
		if (!is_seen(m, i))
			continue;
		make(m, &m->time.view[i], leads, grown);
		leads = false;
	}
}

/* --- drawing: the ruler -------------------------------------------------------- */

static int
column_here(const struct model *m, const struct lane_view *v)
{
	return lane_column(lanes_window(v->lanes), time_here(m));
}

/* The column looked at. */
static int
column_at(const struct model *m, const struct lane_view *v)
{
	return m->time.column >= 0 ? m->time.column : column_here(m, v);
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
put_sign(const struct model *m, const struct lane_view *v, struct canvas *c, int y, struct ruler *r, int column, int64_t time, enum style style, const char *sign)
{
	char text[48];
	int w, from = column + 1;

	if (column < 0 || column >= v->width)
		return;
	time_text(m, time, text, sizeof text);
	w = canvas_width(text, c->utf8);
	if (!is_free(r, from, w) && style != ST_DIM)
		from = column - w;
	canvas_put(c, y, v->label + column, style, sign);
	r->taken[column] = true;
	if (!is_free(r, from, w))
		return;
	canvas_put(c, y, v->label + from, style, text);
	/* And a space between it and others. */
	for (int i = from - 1; i <= from + w; i++)
		if (i >= 0 && i < r->width)
			r->taken[i] = true;
}

static void
draw_ruler(const struct model *m, const struct lane_view *v, struct canvas *c, int y)
{
	const struct lane_window *w = lanes_window(v->lanes);
	int here = column_here(m, v), at = column_at(m, v), step = 20;
	struct ruler r = { .width = v->width + 1 };

	for (int i = 0; i < TRAIL_MARKS; i++) {
		char name[] = { trail_letter(i), 0 };
		int x = m->trail.mark[i].n ? lane_column(w, m->trail.mark[i].time) : -1;

		if (x < 0 || x >= v->width)
			continue;
		canvas_put(c, y, v->label + x, ST_MATCH, name);
		r.taken[x] = true;
	}
	if (at != here && at >= 0)
		put_sign(m, v, c, y, &r, at, lane_time(w, (unsigned)at), ST_KEY, m->utf8 ? "▽" : "v");
	put_sign(m, v, c, y, &r, here, time_here(m), ST_KEY, m->utf8 ? "▼" : "V");
	for (int x = 0; x < v->width; x += step)
		if (is_free(&r, x, 1))
			put_sign(m, v, c, y, &r, x, lane_time(w, (unsigned)x), ST_DIM, m->utf8 ? "╵" : "'");
}

/* --- drawing: lanes --------------------------------------------------------------- */

static enum style
cell_style(unsigned cell)
{
	static const uint8_t style[LANE_CELLS] = {
		[LC_IDLE] = ST_DIM, [LC_RUNNING] = ST_RUN, [LC_RUNNABLE] = ST_READY, [LC_WAITING] = ST_DIM,
		[LC_SYSCALL] = ST_SYSCALL, [LC_BARE] = ST_DIM, [LC_GC] = ST_SYSCALL, [LC_STW] = ST_BAD, [LC_TASK] = ST_M,
		[LC_REGION] = ST_P,
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
draw_piece(const struct lane_view *v, struct canvas *c, int y, enum gt_res by, const struct lane *lane, const struct lane_piece *p)
{
	int x = v->label + p->from, w = p->to - p->from + 1, at, cut;
	enum style style = cell_style(p->cell);
	char text[160];

	if (p->many && p->share) {
		canvas_put(c, y, x, ST_RUN, lane_level(p->share, c->utf8));
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
		canvas_cut(c, y, v->label + at, cut, p->cell == LC_RUNNING ? ST_RUN_TEXT : style, text);
}

/* Until a lane's last span is over nothing is known of what comes then. */
static void
draw_unknown(const struct lane_view *v, struct canvas *c, int y, unsigned from)
{
	bool all = lanes_known(v->lanes) == lanes_window(v->lanes)->columns && lanes_done(v->lanes);

	if (!all && (int)from < v->width)
		canvas_fill(c, y, v->label + (int)from, v->width - (int)from, ST_DIM, "?");
}

static void
draw_lane(const struct lane_view *v, struct canvas *c, int y, enum gt_res by, const struct lane *lane)
{
	for (size_t i = 0; i < lane->n; i++)
		draw_piece(v, c, y, by, lane, &lane->piece[i]);
	for (unsigned i = 0; lane->lit && i < lanes_window(v->lanes)->columns; i++)
		if (lane_is_lit(lane, i))
			canvas_put(c, y, v->label + (int)i, ST_MATCH, LIT);
	draw_unknown(v, c, y, lane->n ? lane->piece[lane->n - 1].to + 1u : 0);
}

static bool
is_size(enum lane_extra x)
{
	return x == LX_HEAP || x == LX_GOAL;
}

/* Of a size or a count three digits; up: it is no more than that. */
static void
three_digits(struct sb *b, uint64_t v, double base, bool up)
{
	static const char *const unit[] = { "", "K", "M", "G", "T", "P", "E" };
	double d = (double)v, part;
	int u = 0, digits;

	for (; d >= 999.5 && u < 6; u++)
		d /= base;
	digits = !u ? 0 : d <= 9.99 ? 2 : d <= 99.9 ? 1 : 0;
	part = digits == 2 ? 100 : digits ? 10 : 1;
	if (up && (double)(uint64_t)(d * part) < d * part)
		d = (double)((uint64_t)(d * part) + 1) / part;
	sb_printf(b, "%.*f%s", digits, d, unit[u]);
}

static void
amount(struct sb *b, enum lane_extra x, uint64_t v)
{
	if (is_size(x))
		three_digits(b, v, 1024, false);
	else
		fmt_count(b, v);
}

/* The most of what is shown, in the room that its name leaves: a count as it is, or else rounded, or else without a sign. */
static void
draw_peak(const struct lane_view *v, struct canvas *c, int y, enum lane_extra x, uint64_t most)
{
	int room = v->label - 3 - (int)strlen(lane_extra_name(x)), w = room + 1;
	char text[32];

	for (int way = is_size(x); w > room && way < 3; way++) {
		struct sb b = sb_on(text, sizeof text);

		sb_add(&b, way == 2 ? "" : c->utf8 ? "≤" : "<=");
		if (way)
			three_digits(&b, most, is_size(x) ? 1024 : 1000, true);
		else
			fmt_count(&b, most);
		w = canvas_width(text, c->utf8);
	}
	canvas_put(c, y, v->label - 1 - w, ST_STRONG, text);
}

static void
draw_metric(const struct lane_view *v, struct canvas *c, int y, enum lane_extra x)
{
	const struct lane_range *value = lanes_metric(v->lanes, x);
	unsigned known = lanes_known(v->lanes);
	bool seen = false;
	uint64_t most = 0;

	for (unsigned i = 0; i < known; i++)
		if (value[i].most != LANE_UNKNOWN && value[i].most >= most)
			most = value[i].most, seen = true;
	for (unsigned i = 0; i < known; i++)
		if (value[i].most != LANE_UNKNOWN)
			canvas_put(c, y, v->label + (int)i, ST_G, lane_level(lane_eighths(value[i].most, most), c->utf8));
	for (unsigned i = 0; i < lanes_sought(v->lanes, x); i++)
		canvas_put(c, y, v->label + (int)i, ST_DIM, "?");
	draw_unknown(v, c, y, known);
	if (seen)
		draw_peak(v, c, y, x, most);
}

static void
draw_tally(const struct lane_view *v, struct canvas *c, int y, enum lane_extra x)
{
	const struct lane_tally *t = lanes_tally(v->lanes, x);
	unsigned known = lanes_known(v->lanes);
	uint32_t most = 0;

	for (unsigned i = 0; i < known; i++)
		most = t[i].count > most ? t[i].count : most;
	for (unsigned i = 0; i < known; i++) {
		if (t[i].count)
			canvas_put(c, y, v->label + (int)i, ST_CHANGED, lane_level(lane_eighths(t[i].count, most), c->utf8));
		else if (t[i].sought)
			canvas_put(c, y, v->label + (int)i, ST_DIM, "?");
	}
	draw_unknown(v, c, y, known);
	if (most)
		draw_peak(v, c, y, x, most);
}

static void
draw_label(const struct model *m, const struct lane_view *v, struct canvas *c, int y, bool chosen, const char *text)
{
	bool focus = m->arr.focus == pane_of[v - m->time.view];

	canvas_put(c, y, 0, chosen && focus ? ST_FOCUS : ST_DIM, chosen ? m->sy->focus : " ");
	canvas_cut(c, y, 1, v->label - 2, chosen ? (focus ? ST_FOCUS : ST_STRONG) : ST_TEXT, text);
}

static void
draw_extras(const struct model *m, const struct lane_view *v, struct canvas *c, int y)
{
	for (int i = 0; i < v->pinned; i++, y++) {
		if (extras[i] < LX_LANES)
			draw_lane(v, c, y, GT_NO_RES, lanes_extra(v->lanes, extras[i]));
		else if (extras[i] < LX_TALLIES)
			draw_tally(v, c, y, extras[i]);
		else
			draw_metric(v, c, y, extras[i]);
		draw_label(m, v, c, y, v->in_extra && v->extra == (int)extras[i], lane_extra_name(extras[i]));
	}
}

static void
draw_lanes(const struct model *m, const struct lane_view *v, struct canvas *c, int y)
{
	size_t count = lanes_count(v->lanes);

	for (size_t i = v->top; i < count && i < v->top + (size_t)v->rows; i++, y++) {
		const struct lane *lane = lanes_at(v->lanes, i);
		char text[32];
		struct sb b = sb_on(text, sizeof text);

		fmt_id(&b, v->by, lane->id);
		draw_lane(v, c, y, v->by, lane);
		draw_label(m, v, c, y, !v->in_extra && v->lane == lane->id, text);
	}
	if (!count)
		canvas_put(c, y, v->label, ST_DIM, lanes_done(v->lanes) ? "nothing is known of any here" : "reading");
}

/* --- drawing: the place looked at --------------------------------------------------- */

static const struct lane *
chosen_lane(const struct lane_view *v)
{
	size_t at;

	if (v->in_extra)
		return v->extra < LX_LANES ? lanes_extra(v->lanes, (enum lane_extra)v->extra) : NULL;
	at = lanes_find(v->lanes, v->lane);
	return at < lanes_count(v->lanes) ? lanes_at(v->lanes, at) : NULL;
}

static void
describe_piece(const struct model *m, const struct lane_view *v, struct sb *b, const struct lane_piece *p)
{
	char label[160];

	const struct lane_window *w = lanes_window(v->lanes);

	piece_label(v->in_extra ? GT_NO_RES : v->by, p, label, sizeof label);
	sb_printf(b, " %s", lane_means(p->cell, v->by));
	if (*label)
		sb_printf(b, " %s", label);
	/* What reaches beyond the window has not been read. */
	sb_printf(b, " %s %s", m->sy->dot, p->began < w->from || p->ended >= w->to ? "at least " : "");
	fmt_delta(b, fmt_minus(p->ended, p->began), m->sy);
	if (p->first) {
		/* Of what is there when the window begins it is known that it was after that event: it may have begun with it. */
		sb_add(b, p->began < w->from ? " since before event " : " from event ");
		fmt_count(b, p->first + (p->began < w->from));
	} else {
		sb_add(b, " since before the trace");
	}
	if (p->many && p->level)
		sb_printf(b, " %s most at once of %" PRIu32 " here", m->sy->dot, p->count);
	else if (p->many && p->such > 1)
		sb_printf(b, " %s longest of %" PRIu32 " such, %" PRIu32 " in all here", m->sy->dot, p->such, p->count);
	else if (p->many)
		sb_printf(b, " %s 1 of %" PRIu32 " here", m->sy->dot, p->count);
}

/* Amounts that are told alike are told once. */
static void
add_range(struct sb *b, enum lane_extra x, struct lane_range r)
{
	char least[32], most[32];
	struct sb from = sb_on(least, sizeof least), to = sb_on(most, sizeof most);

	amount(&from, x, r.least);
	amount(&to, x, r.most);
	sb_add(b, least);
	if (strcmp(least, most))
		sb_printf(b, " to %s", most);
}

static void
describe_metric(const struct model *m, const struct lane_view *v, struct sb *b, enum lane_extra x, unsigned at)
{
	struct lane_range is = lanes_metric(v->lanes, x)[at];

	sb_add(b, " ");
	if (is.most != LANE_UNKNOWN)
		add_range(b, x, is);
	else if (at >= lanes_sought(v->lanes, x))
		sb_add(b, "not told yet");
	else
		sb_add(b, lanes_busy(v->lanes, m->nav) ? "being looked for" : "not found in what is before; looked for again once it is indexed");
	if (x != LX_THREADS || is.most == LANE_UNKNOWN)
		return;
	sb_printf(b, " %s ", m->sy->dot);
	add_range(b, x, lanes_metric(v->lanes, LX_THREADS_RUNNING)[at]);
	sb_printf(b, " running %s ", m->sy->dot);
	add_range(b, x, lanes_metric(v->lanes, LX_THREADS_SYSCALL)[at]);
	sb_add(b, " in a syscall or C");
}

static void
describe_tally(const struct model *m, const struct lane_view *v, struct sb *b, enum lane_extra x, unsigned at)
{
	const struct lane_tally *t = &lanes_tally(v->lanes, x)[at];

	sb_add(b, " ");
	if (t->count)
		fmt_count(b, t->count);
	else
		sb_add(b, t->sought ? "" : "nothing");
	if (t->count) {
		sb_printf(b, " %s ", m->sy->dot);
		sb_add(b, t->count > 1 ? "the first " : "");
		if (t->g != GT_NONE) {
			sb_add(b, "of ");
			fmt_id(b, GT_G, t->g);
			sb_add(b, " ");
		}
		sb_add(b, "at event ");
		fmt_count(b, t->first);
	}
	if (t->sought)
		sb_printf(b, "%s%" PRIu32 " more may be: why %s waited is looked for", t->count ? "; " : "", t->sought, t->sought > 1 ? "they" : "it");
}

static void
describe(const struct model *m, const struct lane_view *v, struct sb *b)
{
	int at = column_at(m, v);
	const struct lane *lane = chosen_lane(v);
	const struct lane_piece *p = lane && at >= 0 ? lane_piece_at(lane, (unsigned)at) : NULL;

	if (v->in_extra)
		sb_add(b, lane_extra_name((enum lane_extra)v->extra));
	else
		fmt_id(b, v->by, v->lane);
	if (p) {
		describe_piece(m, v, b, p);
	} else if (v->in_extra && v->extra >= LX_LANES && v->extra < LX_TALLIES && at >= 0 && at < (int)lanes_known(v->lanes)) {
		describe_tally(m, v, b, (enum lane_extra)v->extra, (unsigned)at);
	} else if (v->in_extra && v->extra >= LX_TALLIES && at >= 0 && at < (int)lanes_known(v->lanes)) {
		describe_metric(m, v, b, (enum lane_extra)v->extra, (unsigned)at);
	} else {
		sb_add(b, !lanes_done(v->lanes) ? " reading" : v->in_extra || lane || v->lane == GT_NONE ? " nothing" : " is not there in this time");
	}
}

/* The states that are to be seen, with their signs; without a canvas nothing is drawn. Returns how wide that is. */
static int
draw_legend(const struct model *m, const struct lane_view *v, struct canvas *c, int y, int x)
{
	enum { M = 1 << GT_M, P = 1 << GT_P, G = 1 << GT_G };
	static const struct {
		uint8_t cell; /* LANE_CELLS: running, for a part of the column */
		uint8_t by;
		const char *means; /* NULL: what that of the cell is called */
	} signs[] = { { LC_RUNNING, M | P | G, NULL }, { LANE_CELLS, M | P | G, "half of it" }, { LC_RUNNABLE, G, NULL },
		{ LC_WAITING, G, NULL }, { LC_SYSCALL, M | P | G, "syscall or C" }, { LC_BARE, M, "P, no G" }, { LC_BARE, P, "no G" }, { LC_IDLE, M | P, NULL } };
	int began = x;

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		bool some = signs[i].cell == LANE_CELLS;
		const char *means = signs[i].means ? signs[i].means : lane_means(signs[i].cell, v->by);

		if (!(signs[i].by & 1 << v->by))
			continue;
		if (c) {
			canvas_put(c, y, x, some ? ST_RUN : cell_style(signs[i].cell),
				some ? lane_level(4, m->utf8) : lane_glyph(signs[i].cell, m->utf8));
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
draw_foot(const struct model *m, const struct lane_view *v, struct canvas *c, int y)
{
	char text[400];
	struct sb b = sb_on(text, sizeof text);
	size_t count = lanes_count(v->lanes);
	int x, w = draw_legend(m, v, NULL, 0, 0);

	describe(m, v, &b);
	x = canvas_cut(c, y, 1, c->w - 2, ST_TEXT, text);
	if (x + 2 + w <= c->w)
		draw_legend(m, v, c, y, c->w - w);
	else if (count && count < (size_t)v->rows)
		draw_legend(m, v, c, y - 1, c->w > w ? c->w - w : 1);
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
	const struct trail_place *x = trail_mark(&m->trail, 'a'), *y = trail_mark(&m->trail, 'b');

	if (!x || !y)
		return;
	sb_printf(b, "a%sb ", m->sy->arrow);
	fmt_time(b, fmt_minus(y->time, x->time), 9);
	if (x->moved != y->moved || x->apart != y->apart)
		return;
	sb_add(b, ", ");
	add_events(b, x->n > y->n ? x->n - y->n : y->n - x->n);
}

static void
draw_title(const struct model *m, const struct lane_view *v, struct canvas *c)
{
	const struct timeline *t = &m->time;
	enum pane_id id = pane_of[v - t->view];
	int x = (int)strlen(pane_name(id)) + 5;
	char text[200];
	struct sb b = sb_on(text, sizeof text);
	size_t n;

	pane_rule(m, c, id);
	sb_printf(&b, " by %c %s ", "MPG"[v->by], m->sy->dot);
	if (v->by == GT_G && t->kin.g != GT_NONE)
		sb_printf(&b, "G%" PRId64 " and its kin%s %s ", t->kin.g, kin_wants(&t->kin, m->known) ? ", being looked for" : "", m->sy->dot);
	n = b.n;
	timeline_markers(m, &b);
	sb_printf(&b, "%s%s%sa column is ", b.n > n ? " " : "", b.n > n ? m->sy->dot : "", b.n > n ? " " : "");
	fmt_delta(&b, (int64_t)(t->scale + 0.5), m->sy);
	sb_printf(&b, " %s ", m->sy->dot);
	/* That it is a part of the trace is said where there is room. */
	if (lanes_done(v->lanes) && lanes_events(v->lanes) < m->known && c->w >= 100) {
		fmt_count(&b, lanes_events(v->lanes));
		sb_add(&b, " of ");
		add_events(&b, m->known);
	} else {
		add_events(&b, lanes_events(v->lanes));
	}
	if (lanes_count(v->lanes) > (size_t)v->rows) {
		sb_printf(&b, " %s lanes %zu-%zu of %zu", m->sy->dot, v->top + 1, v->top + (size_t)v->rows, lanes_count(v->lanes));
		sb_add(&b, lanes_cut(v->lanes) ? "+" : model_apart(m) ? "?" : "");
	}
	if (lanes_starved(v->lanes))
		sb_printf(&b, " %s no memory for the rest", m->sy->dot);
	if (!lanes_done(v->lanes))
		sb_printf(&b, " %s %u%% read", m->sy->dot, lanes_known(v->lanes) * 100 / (v->width > 0 ? (unsigned)v->width : 1));
	sb_add(&b, " ");
	canvas_cut(c, 0, x, c->w - x - PANE_BUTTONS_W, ST_DIM, text);
}

static void
draw(const struct model *m, const struct lane_view *v, struct canvas *c)
{
	int here = column_here(m, v), at = column_at(m, v);

	draw_title(m, v, c);
	if (c->h < 3 || v->width < 2)
		return;
	draw_ruler(m, v, c, 1);
	draw_extras(m, v, c, 2);
	draw_lanes(m, v, c, 2 + v->pinned);
	for (int y = 2; y < c->h - 1; y++) {
		if (here >= 0 && here < v->width)
			canvas_light(c, y, v->label + here, 1);
		if (at != here && at >= 0 && at < v->width)
			canvas_light(c, y, v->label + at, 1);
	}
	draw_foot(m, v, c, c->h - 1);
}

/* --- commands --------------------------------------------------------------------------------- */

/* Which row is chosen, those beside counted first; all of them; and choosing one. */
static size_t
chosen_row(const struct lane_view *v)
{
	for (int i = 0; v->in_extra && i < v->pinned; i++)
		if ((int)extras[i] == v->extra)
			return (size_t)i;
	return (size_t)v->pinned + (v->in_extra ? 0 : lanes_find(v->lanes, v->lane));
}

static void
choose_row(struct lane_view *v, size_t row)
{
	size_t all = (size_t)v->pinned + lanes_count(v->lanes);

	if (!all)
		return;
	row = row >= all ? all - 1 : row;
	v->loose = false;
	v->in_extra = row < (size_t)v->pinned;
	if (v->in_extra)
		v->extra = (int)extras[row];
	else
		v->lane = lanes_at(v->lanes, row - (size_t)v->pinned)->id;
}

static void
look_to(struct model *m, struct lane_view *v, int64_t step)
{
	struct timeline *t = &m->time;
	int64_t at = column_at(m, v) + step;

	if (t->scale > 0 && (at < 0 || at >= v->width)) {
		int64_t left = t->left;

		/* It may be held before that. */
		timeline_pan(m, at < 0 ? -0.5 : 0.5);
		at += (int64_t)((double)fmt_minus(left, t->left) / t->scale);
	}
	t->column = at < 0 ? 0 : at >= v->width ? v->width - 1 : (int)at;
}

/* Goes to where what the chosen lane does in the column looked at began; is that not known, to where the column begins. */
static void
enter(struct model *m, struct lane_view *v)
{
	const struct lane *lane = chosen_lane(v);
	int at = column_at(m, v);
	const struct lane_piece *p = lane && at >= 0 ? lane_piece_at(lane, (unsigned)at) : NULL;
	uint64_t n = p && p->began >= lanes_window(v->lanes)->from ? p->first : 0;

	if (v->in_extra && v->extra >= LX_LANES && v->extra < LX_TALLIES && at >= 0)
		n = lanes_tally(v->lanes, (enum lane_extra)v->extra)[at].first;
	if (!n && at >= 0)
		n = lanes_event_at(v->lanes, (unsigned)at);
	if (n)
		views_jump(m, n);
	else
		model_say(m, ST_WAIT, "there is no event there");
}

/* No more than a half of what is seen lies before the first event, or behind what is known. */
static void
hold(struct model *m)
{
	struct timeline *t = &m->time;
	int64_t first = time_first(m);
	double half = t->scale * timeline_now(m)->width / 2, from = (double)t->left - (double)first, last = span_of(m);

	if (from < -half)
		t->left = (int64_t)((uint64_t)first - (uint64_t)half);
	else if (from > last - half && last > half)
		t->left = (int64_t)((uint64_t)first + (uint64_t)(last - half));
	else if (from > 0 && last <= half)
		t->left = first;
}

void
timeline_pan(struct model *m, double screens)
{
	struct timeline *t = &m->time;
	double by = t->scale * timeline_now(m)->width * screens;

	t->whole = false;
	if (by < 0)
		t->left = (int64_t)((uint64_t)t->left - (uint64_t)-by);
	else
		t->left = (int64_t)((uint64_t)t->left + (uint64_t)by);
	hold(m);
}

/* What is looked at stays where it is on the screen. */
void
timeline_zoom(struct model *m, double factor)
{
	struct timeline *t = &m->time;
	struct lane_view *v = timeline_now(m);
	struct lane_window w = *lanes_window(v->lanes);
	double most = span_of(m) * 2 / (v->width > 0 ? v->width : 1), scale = t->scale * factor;
	int at = column_at(m, v);
	int64_t time;

	if (v->width < 2 || t->scale <= 0)
		return;
	at = at < 0 || at >= v->width ? v->width / 2 : at;
	time = t->column >= 0 ? lane_time(&w, (unsigned)at) : time_here(m);
	scale = scale > most ? most : scale;
	t->scale = scale < 1 ? 1 : scale;
	t->whole = t->guessed = false;
	t->left = (int64_t)((uint64_t)time - (uint64_t)(t->scale * (at + 0.5)));
	hold(m);
}

void
timeline_whole(struct model *m)
{
	struct timeline *t = &m->time;

	t->whole = !t->whole;
	t->scale = 0;
	t->column = -1;
	for (struct lane_view *v = t->view; v < t->view + TIMELINES; v++) {
		v->seen = 0;
		v->placed = false;
	}
}

void
timeline_by(struct model *m, int by)
{
	struct lane_view *v = timeline_now(m);

	v->by = (enum gt_res)by;
	v->in_extra = false;
	v->lane = GT_NONE;
	v->seen = 0;
	v->top = 0;
	v->placed = false;
}

void
timeline_show(struct model *m, enum gt_res by, int64_t id)
{
	struct lane_view *v;

	if (!timeline_is(m->arr.focus))
		views_open(m, (int)timeline_pane(m));
	v = timeline_now(m);
	if (by == GT_G && m->time.kin.g != GT_NONE)
		kin_of(&m->time.kin, GT_NONE, 0);
	if (v->by != by)
		timeline_by(m, (int)by);
	/* The lane of the current event is chosen when that is seen first. */
	model_prepare(m);
	v->in_extra = v->loose = false;
	v->lane = id;
}

void
timeline_kin(struct model *m, int64_t here)
{
	struct timeline *t = &m->time;
	struct lane_view *v = timeline_now(m);
	bool chosen = m->arr.focus == pane_of[v - t->view] && v->by == GT_G && !v->in_extra && v->lane != GT_NONE;
	int64_t g = chosen ? v->lane : here;

	if (t->kin.g != GT_NONE && v->by == GT_G) {
		kin_of(&t->kin, GT_NONE, 0);
		model_say(m, ST_TEXT, "every goroutine has its lane");
		v->placed = false;
		return;
	}
	if (g == GT_NONE) {
		model_say(m, ST_WAIT, "there is no goroutine at this event; choose one in the timeline by G");
		return;
	}
	timeline_by(m, GT_G);
	v->lane = g;
	v->seen = m->cursor;
	kin_of(&t->kin, g, gt_nav_base(m->nav));
	model_say(m, ST_OK, "only G%" PRId64 ", who created or unblocked it, and whom it did; r: all", g);
}

void
timeline_scroll(struct model *m, enum pane_id id, int lanes)
{
	struct lane_view *v = view_of(m, id);
	size_t by = (size_t)(lanes < 0 ? -lanes : lanes);

	v->loose = true;
	v->top = lanes > 0 ? v->top + by : v->top > by ? v->top - by : 0;
}

static void
mark_column(struct model *m, struct lane_view *v, int letter, int column)
{
	uint64_t n = lanes_event_at(v->lanes, (unsigned)column);

	if (n)
		m->trail.mark[trail_index(letter)] = model_place(m, n);
}

void
timeline_drag(struct model *m, enum pane_id id, int from, int x)
{
	struct timeline *t = &m->time;
	struct lane_view *v = view_of(m, id);
	int to = x - v->label;

	to = to < 0 ? 0 : to >= v->width ? v->width - 1 : to;
	if (to == from)
		return;
	t->column = to;
	mark_column(m, v, 'a', from < to ? from : to);
	mark_column(m, v, 'b', from < to ? to : from);
}

int
timeline_click(struct model *m, enum pane_id id, int y, int x)
{
	struct timeline *t = &m->time;
	struct lane_view *v = view_of(m, id);

	/* A lane is chosen where it stands. */
	if (y >= 2 && y < 2 + v->pinned)
		choose_row(v, (size_t)(y - 2));
	else if (y >= 2 + v->pinned && y < 2 + v->pinned + v->rows)
		choose_row(v, (size_t)(y - 2) + v->top);
	if (x < v->label || x >= v->label + v->width || y < 1)
		return -1;
	return t->column = x - v->label;
}

static bool
command(struct model *m, struct lane_view *v, enum cmd cmd, uint64_t count)
{
	size_t n = count && count < 100000 ? (size_t)count : 1, row = chosen_row(v);
	size_t page = v->rows > 1 ? (size_t)v->rows : 1;

	switch (cmd) {
	case CMD_UP:
	case CMD_DOWN:
		choose_row(v, cmd == CMD_DOWN ? row + n : row > n ? row - n : 0);
		return true;
	case CMD_PAGE_UP:
	case CMD_PAGE_DOWN:
		choose_row(v, cmd == CMD_PAGE_DOWN ? row + n * page : row > n * page ? row - n * page : 0);
		return true;
	case CMD_LEFT:
	case CMD_RIGHT:
		look_to(m, v, cmd == CMD_RIGHT ? (int64_t)n : -(int64_t)n);
		return true;
	case CMD_OPEN:
		enter(m, v);
		return true;
	case CMD_CENTRE:
		centre_on(m, v, time_here(m), 0.5);
		return true;
	default:
		return false;
	}
}

static const uint8_t keys[] = { CMD_OPEN, CMD_ZOOM_IN, CMD_ZOOM_OUT, CMD_ZOOM_ALL, CMD_TIMELINE, CMD_KIN, CMD_LEFT, CMD_RIGHT, CMD_MARK, CMD_PANE_NEXT, CMD_CLOSE, CMD_NONE };

/* Two panes of the same kind. */
#define PANE_OPS(name, i)                                                                                              \
	static size_t name##_rows(const struct model *m)                                                               \
	{                                                                                                              \
		return lanes_count(m->time.view[i].lanes);                                                             \
	}                                                                                                              \
	static void name##_draw(const struct model *m, struct canvas *c)                                               \
	{                                                                                                              \
		draw(m, &m->time.view[i], c);                                                                          \
	}                                                                                                              \
	static bool name##_command(struct model *m, enum cmd cmd, uint64_t count)                                      \
	{                                                                                                              \
		return command(m, &m->time.view[i], cmd, count);                                                       \
	}                                                                                                              \
	const struct pane_ops pane_##name = { .rows = name##_rows, .draw = name##_draw, .command = name##_command, .keys = keys }
PANE_OPS(timeline, 0);
PANE_OPS(lanes, 1);
