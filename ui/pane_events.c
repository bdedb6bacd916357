/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of events. Columns: number, time since the first event, time since the event before, the context before
 * the event (M, P, G), the event, what it changed. Numbers are right-aligned; the last two share what is left.
 */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

#define EVENT_MAX 60

static int
count_width(uint64_t n)
{
	char text[32];
	struct sb b = sb_on(text, sizeof text);

	fmt_count(&b, n);
	return (int)b.n;
}

static int
larger(int a, int b)
{
	return a > b ? a : b;
}

static int
time_width(const struct model *m, int digits)
{
	static const uint8_t width[] = { [TIME_DELTA] = 7, [TIME_WALL] = 18, [TIME_RAW] = 16, [TIME_MARK] = 13 };

	return m->time_mode == TIME_RELATIVE ? digits + 4 : width[m->time_mode];
}

/* Widths depend on the screen and on what grows only, so that columns stay where they are. 0: takes a share of what is left. */
static int
own_width(const struct model *m, enum column_id id, int w, int digits)
{
	switch (id) {
	case COL_NUMBER:
		return larger(w < 60 ? 3 : 5, count_width(m->known + 1));
	case COL_TIME:
		return time_width(m, digits);
	case COL_DELTA:
		return 6;
	case COL_M:
	case COL_P:
	case COL_G:
		return larger(id == COL_P ? 1 : 2, rows_id_width(m->rows, (enum gt_res)(id - COL_M)));
	case COL_GENERATION:
		return 4;
	case COL_OFFSET:
		return 10;
	default:
		return 0;
	}
}

static int
time_digits(int w)
{
	return w >= 140 ? 9 : 6;
}

static bool
is_brief(int w)
{
	return w < 110;
}

static struct columns
columns_for(const struct model *m, int w)
{
	const struct columns_chosen *c = &m->columns[COLUMNS_EVENTS];
	struct columns k = { .first = c->first };

	for (int i = 0; i < c->n; i++) {
		int id = c->at[i].id;

		if (!c->chosen && w < column_from(COLUMNS_EVENTS, id))
			continue;
		k.at[k.n].id = id;
		k.at[k.n].w = c->at[i].width ? c->at[i].width : own_width(m, (enum column_id)id, w, time_digits(w));
		k.at[k.n].share = id == COL_CHANGE && is_brief(w) ? 4 : 6;
		k.at[k.n++].most = id == COL_EVENT ? EVENT_MAX : 0;
	}
	/* A column more between numbers and words. */
	columns_place(&k, w, w >= 100 ? 2 : 1, COL_EVENT);
	return k;
}

void
events_drag(struct model *m, int from, int to)
{
	struct columns k = columns_for(m, m->lay.pane[PANE_EVENTS].w);

	if (columns_drag(&k, &m->columns[COLUMNS_EVENTS], from, to))
		views_note_columns(m, COLUMNS_EVENTS);
}

static bool
is_text(enum column_id id)
{
	return id == COL_EVENT || id == COL_CHANGE || id == COL_FUNCTION;
}

/* What is not seen, or stepped over, is said. */
static void
event_heading(const struct model *m, struct sb *b)
{
	sb_add(b, column_heading(COL_EVENT));
	if (query_hides(m))
		sb_printf(b, " of %s", m->query.filter.text);
	if (m->query.follow != GT_NO_RES)
		sb_printf(b, ", s: %s", m->query.followed.text);
}

static void
draw_heading(const struct model *m, struct canvas *c, const struct columns *k)
{
	enum style st = m->arr.focus == PANE_EVENTS ? ST_FOCUS : ST_HEAD;
	char event[128];
	struct sb b = sb_on(event, sizeof event);

	if (m->arr.focus == PANE_EVENTS)
		canvas_put(c, 0, 0, st, m->sy->focus);
	for (int i = 0; i < k->n; i++) {
		enum column_id id = (enum column_id)k->at[i].id;
		const char *text = id == COL_DELTA ? m->sy->delta
			: id == COL_TIME && m->time_mode != TIME_RELATIVE ? time_mode_name(m->time_mode) : column_heading(id);

		if (id == COL_EVENT)
			event_heading(m, &b);
		if (is_text(id))
			canvas_cut(c, 0, k->at[i].x, k->at[i].w, st, id == COL_EVENT ? event : text);
		else
			canvas_right(c, 0, k->at[i].x, k->at[i].w, st, text);
	}
	pane_buttons(m, c, PANE_EVENTS);
	pane_more_columns(c, 0, c->w - (pane_has_buttons(m, c, PANE_EVENTS) ? PANE_BUTTONS_W : 0), k);
}

/* With fewer digits where there is no room for all. */
static void
add_time(const struct model *m, struct sb *b, int64_t ns, int digits, int w)
{
	struct sb was = *b;

	do {
		*b = was;
		fmt_time(b, ns, digits);
	} while (b->n - was.n > (size_t)w && digits-- > 1);
	if (b->n - was.n <= (size_t)w)
		return;
	*b = was;
	fmt_delta(b, ns, m->sy);
}

static void
time_text(const struct model *m, const struct row *row, int w, int digits, struct sb *b)
{
	const struct trail_place *mark = trail_mark(&m->trail, 'a');
	struct gt_clock clock;

	switch (m->time_mode) {
	case TIME_DELTA:
		fmt_delta(b, row->delta, m->sy);
		break;
	case TIME_WALL:
		if (row->ev.gen && gt_gen_clock(row->ev.gen, &clock))
			fmt_clock(b, clock.sec, (int64_t)((uint64_t)clock.nsec + (uint64_t)fmt_minus(row->ev.time, clock.trace)));
		else
			sb_add(b, "not told");
		break;
	case TIME_RAW:
		sb_printf(b, "%" PRId64, row->ev.time);
		break;
	case TIME_MARK:
		add_time(m, b, fmt_minus(row->ev.time, mark ? mark->time : m->t0), 9, w);
		break;
	default:
		add_time(m, b, fmt_minus(row->ev.time, m->t0), digits, w);
	}
}

/* The part of a text that was searched for stands out. */
static void
draw_match(const struct model *m, struct canvas *c, int y, int x, int w, const char *text)
{
	const char *hit = model_match(m, text);
	char part[256];
	int from, len;

	if (!hit)
		return;
	snprintf(part, sizeof part, "%.*s", (int)(hit - text), text);
	from = canvas_width(part, c->utf8);
	snprintf(part, sizeof part, "%.*s", (int)strlen(m->search), hit);
	len = canvas_width(part, c->utf8);
	if (from < w)
		canvas_style(c, y, x + from, from + len > w ? w - from : len, ST_MATCH);
}

/* Words: the event, its change, its function. */
static void
draw_words(const struct model *m, struct canvas *c, int y, int x, int w, enum column_id id, const struct row *row, bool brief)
{
	const char *change = brief ? row->brief : row->change;
	int name = (int)strcspn(row->event, " ");

	if (id == COL_EVENT) {
		canvas_cut(c, y, x, w, ST_TEXT, row->event);
		canvas_style(c, y, x, name < w ? name : w, row->marks & (MARK_LIGHT | MARK_FOUND) ? ST_MATCH : ST_STRONG);
		draw_match(m, c, y, x, w, row->event);
	} else if (id == COL_CHANGE) {
		canvas_cut(c, y, x, w, ST_CHANGED, change);
		draw_match(m, c, y, x, w, change);
	} else {
		char text[200];

		stack_top(&row->ev, text, sizeof text);
		canvas_cut(c, y, x, w, ST_TEXT, text);
	}
}

static void
draw_cell(const struct model *m, struct canvas *c, int y, const struct columns *k, int i, const struct row *row)
{
	static const enum style style[] = { ST_M, ST_P, ST_G };
	int64_t id[] = { row->ev.m, row->ev.p, row->ev.g };
	int x = k->at[i].x, w = k->at[i].w;
	char text[64];
	struct sb b = sb_on(text, sizeof text);
	enum style st = ST_DIM;

	switch ((enum column_id)k->at[i].id) {
	case COL_NUMBER:
		fmt_count(&b, row->n);
		break;
	case COL_TIME:
		time_text(m, row, w, time_digits(c->w), &b);
		st = ST_TEXT;
		break;
	case COL_DELTA:
		fmt_delta(&b, row->delta, m->sy);
		break;
	case COL_M:
	case COL_P:
	case COL_G:
		fmt_bare_id(&b, id[k->at[i].id - COL_M]);
		st = id[k->at[i].id - COL_M] == GT_NONE ? ST_DIM : style[k->at[i].id - COL_M];
		break;
	case COL_GENERATION:
		if (row->ev.gen)
			sb_printf(&b, "%" PRIu64, gt_gen_number(row->ev.gen));
		break;
	case COL_OFFSET:
		if (row->ev.len)
			sb_printf(&b, "%" PRIx64, row->ev.off);
		break;
	default:
		draw_words(m, c, y, x, w, (enum column_id)k->at[i].id, row, is_brief(c->w));
		return;
	}
	canvas_right(c, y, x, w, st, text);
}

/* What is special about the event, the weightiest. */
static void
draw_marks(const struct model *m, struct canvas *c, int y, const struct row *row)
{
	if (row->marks & MARK_BREAK)
		canvas_put(c, y, 1, ST_BAD, "B");
	else if (row->marks & MARK_LIGHT)
		canvas_put(c, y, 1, ST_STRONG, "*");
	else if (row->ev.salvaged || model_apart(m))
		canvas_put(c, y, 1, ST_WAIT, row->ev.salvaged ? "~" : "?");
}

static void
draw_event(const struct model *m, struct canvas *c, int y, const struct columns *k, const struct row *row)
{
	draw_marks(m, c, y, row);
	for (int i = 0; i < k->n; i++)
		draw_cell(m, c, y, k, i, row);
	if (row->marks & MARK_OUT)
		canvas_style(c, y, 1, c->w - 1, ST_DIM);
}

/* Where there are words in place of an event: behind the first column. */
static int
words_from(const struct columns *k)
{
	return k->n ? k->at[k->first].x + k->at[k->first].w + 1 : 2;
}

/* An event that was there: the file is not what it was. */
static void
draw_gone(struct canvas *c, int y, const struct columns *k, uint64_t n)
{
	char text[32];
	struct sb b = sb_on(text, sizeof text);
	int x = words_from(k);

	fmt_count(&b, n);
	canvas_right(c, y, 2, x - 3, ST_DIM, text);
	canvas_cut(c, y, x, c->w - x, ST_ERROR, "not there any more");
}

/* The row behind the last event. */
static void
draw_end(const struct model *m, struct canvas *c, int y, const struct columns *k)
{
	const struct gt_error *err = model_error(m);
	char text[512];
	int x = words_from(k);

	if (!err) {
		canvas_put(c, y, x, ST_DIM, "end of trace");
		return;
	}
	snprintf(text, sizeof text, "%.*s", fmt_first_line(err), err->text);
	canvas_right(c, y, 2, x - 3, ST_BAD, m->sy->no);
	canvas_cut(c, y, x, c->w - x, ST_ERROR, text);
}

/* What a lesson asks for. */
static void
draw_hidden(const struct model *m, struct canvas *c, int y, const struct columns *k, uint64_t n)
{
	int x = 2 + (k->n ? k->at[0].w : 0) + 1;
	char text[32];
	struct sb b = sb_on(text, sizeof text);

	fmt_count(&b, n);
	canvas_right(c, y, 2, x - 3, ST_DIM, text);
	if (!learn_hides(m, n - 1))
		canvas_cut(c, y, x, c->w - x, ST_DIM, "s steps to what is next; or answer first");
}

static void
draw(const struct model *m, struct canvas *c)
{
	struct columns k = columns_for(m, c->w);
	bool over = false;

	draw_heading(m, c, &k);
	for (int y = 1; y < c->h; y++) {
		uint64_t n = query_line(m, y - 1);
		const struct row *row = query_row(m, n);

		if (n && n <= model_last_row(m) && learn_hides(m, n))
			draw_hidden(m, c, y, &k, n);
		else if (row && (!m->all || n <= m->known))
			draw_event(m, c, y, &k, row);
		else if (n > gt_nav_base(m->nav) && n <= m->known && !query_hides(m))
			draw_gone(c, y, &k, n);
		else if (m->all && n == m->known + 1)
			draw_end(m, c, y, &k);
		else if (m->arrival.on && !m->all && n == m->known + 1)
			canvas_put(c, y, words_from(&k), ST_DIM,
				m->known ? "more to come" : "waiting for the first generation to arrive");
		else if (!n && !over && query_wants(m))
			canvas_put(c, y, words_from(&k), ST_DIM, m->sy->wait);
		over = !n;
		if (n == m->cursor) {
			canvas_put(c, y, 0, ST_KEY, m->sy->cursor);
			canvas_mark(c, y);
		}
	}
}

static size_t
rows(const struct model *m)
{
	return (size_t)model_last_row(m);
}

/* Other keys work on the list by themselves. */
static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	struct columns k = columns_for(m, m->lay.pane[PANE_EVENTS].w);

	return pane_scroll_columns(m, &k, &m->columns[COLUMNS_EVENTS], cmd, count);
}

static const uint8_t keys[] = { CMD_STEP, CMD_BACK, CMD_FIND, CMD_CONTINUE, CMD_TIMELINE, CMD_TABLE, CMD_VIEW, CMD_PANE_NEXT, CMD_LAST, CMD_MARK, CMD_CENTRE, CMD_NONE };

const struct pane_ops pane_events = { .rows = rows, .draw = draw, .command = command, .keys = keys };
