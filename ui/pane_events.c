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

struct columns {
	int n, nw;
	int time, timew, digits;
	int delta, deltaw;
	int id[3], idw[3];
	int event, eventw;
	int change, changew;
	bool brief;
};

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

/* Widths depend on the screen and on what grows only, so that columns stay where they are. */
static struct columns
columns_for(const struct model *m, int w)
{
	struct columns k = { .nw = larger(w < 60 ? 3 : 5, count_width(m->known + 1)) };
	int gap = w >= 100 ? 2 : 1, x;

	k.n = 2;
	k.digits = w >= 140 ? 9 : 6;
	k.time = k.n + k.nw + gap;
	k.timew = w < 60 ? 0 : k.digits + 4;
	k.delta = k.time + k.timew + (k.timew ? gap : 0);
	k.deltaw = w < 70 ? 0 : 6;
	x = k.delta + k.deltaw + (k.deltaw ? gap : 0);
	for (int r = GT_M; r <= GT_G; r++) {
		k.id[r] = x;
		k.idw[r] = larger(r == GT_M ? 2 : r == GT_P ? 1 : 2, rows_id_width(m->rows, (enum gt_res)r));
		x += k.idw[r] + gap;
	}
	k.event = x + 1;
	k.brief = w < 110;
	k.changew = w < 60 ? 0 : k.brief ? (w - k.event) * 2 / 5 : (w - k.event) / 2;
	k.eventw = w - k.event - k.changew - (k.changew ? gap : 0);
	/* What is wider than any event needs goes to the change. */
	if (k.eventw > EVENT_MAX && k.changew) {
		k.changew += k.eventw - EVENT_MAX;
		k.eventw = EVENT_MAX;
	}
	k.change = w - k.changew;
	return k;
}

static void
draw_heading(const struct model *m, struct canvas *c, const struct columns *k)
{
	static const char *const letter[] = { "M", "P", "G" };
	enum style st = m->focus == PANE_EVENTS ? ST_FOCUS : ST_HEAD;

	if (m->focus == PANE_EVENTS)
		canvas_put(c, 0, 0, st, m->sy->focus);
	canvas_right(c, 0, k->n, k->nw, st, "#");
	if (k->timew)
		canvas_right(c, 0, k->time, k->timew, st, "time");
	if (k->deltaw)
		canvas_right(c, 0, k->delta, k->deltaw, st, m->sy->delta);
	for (int r = GT_M; r <= GT_G; r++)
		canvas_right(c, 0, k->id[r], k->idw[r], st, letter[r]);
	canvas_put(c, 0, k->event, st, "event");
	if (k->changew)
		canvas_put(c, 0, k->change, st, "change");
}

static void
draw_ids(struct canvas *c, int y, const struct columns *k, const struct gt_event *ev)
{
	static const enum style style[] = { ST_M, ST_P, ST_G };
	int64_t id[] = { ev->m, ev->p, ev->g };

	for (int r = GT_M; r <= GT_G; r++) {
		char text[32];
		struct sb b = sb_on(text, sizeof text);

		fmt_bare_id(&b, id[r]);
		canvas_right(c, y, k->id[r], k->idw[r], id[r] == GT_NONE ? ST_DIM : style[r], text);
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

static void
draw_event(const struct model *m, struct canvas *c, int y, const struct columns *k, const struct row *row)
{
	char text[64];
	struct sb b = sb_on(text, sizeof text);
	const char *change = k->brief ? row->brief : row->change;
	int name = (int)strcspn(row->event, " ");

	fmt_count(&b, row->n);
	canvas_right(c, y, k->n, k->nw, ST_DIM, text);
	if (row->ev.salvaged || model_apart(m))
		canvas_put(c, y, 1, ST_WAIT, row->ev.salvaged ? "~" : "?");
	if (k->timew) {
		b = sb_on(text, sizeof text);
		fmt_time(&b, fmt_minus(row->ev.time, m->t0), k->digits);
		canvas_right(c, y, k->time, k->timew, ST_TEXT, text);
	}
	if (k->deltaw) {
		b = sb_on(text, sizeof text);
		fmt_delta(&b, row->delta, m->sy);
		canvas_right(c, y, k->delta, k->deltaw, ST_DIM, text);
	}
	draw_ids(c, y, k, &row->ev);
	canvas_cut(c, y, k->event, k->eventw, ST_TEXT, row->event);
	canvas_style(c, y, k->event, name < k->eventw ? name : k->eventw, ST_STRONG);
	draw_match(m, c, y, k->event, k->eventw, row->event);
	canvas_cut(c, y, k->change, k->changew, ST_CHANGED, change);
	draw_match(m, c, y, k->change, k->changew, change);
}

/* The row behind the last event. */
static void
draw_end(const struct model *m, struct canvas *c, int y, const struct columns *k)
{
	const struct gt_error *err = model_error(m);
	char text[512];
	int x = k->n + k->nw + 1;

	if (!err) {
		canvas_put(c, y, x, ST_DIM, "end of trace");
		return;
	}
	snprintf(text, sizeof text, "%.*s", (int)strcspn(err->text, "\n"), err->text);
	canvas_right(c, y, k->n, k->nw, ST_BAD, m->sy->no);
	canvas_cut(c, y, x, c->w - x, ST_ERROR, text);
}

static void
draw(const struct model *m, struct canvas *c)
{
	struct columns k = columns_for(m, c->w);

	draw_heading(m, c, &k);
	for (int y = 1; y < c->h; y++) {
		uint64_t n = m->top + (uint64_t)y - 1;
		const struct row *row = rows_get(m->rows, n);

		if (row && (!m->all || n <= m->known))
			draw_event(m, c, y, &k, row);
		else if (m->all && n == m->known + 1)
			draw_end(m, c, y, &k);
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

/* All keys work on the list by themselves. */
static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	(void)m, (void)cmd, (void)count;
	return false;
}

const struct pane_ops pane_events = { .name = "events", .rows = rows, .draw = draw, .command = command };
