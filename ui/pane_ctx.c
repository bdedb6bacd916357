/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheduler context: what is in play before and after the event, changes marked; what the event requires, ticked
 * or crossed; and the other Ms. Where the trace is broken: the states at the fault and what was refused, or what each
 * head of the frontier waits for.
 */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

#define NARROW 76
#define RIGHT_MIN 32

/* Columns of the two halves. */
struct halves {
	int id, idw;
	int before, after, w; /* of the states */
	int right, rightw;
	bool below; /* the requirement stands below the states */
};

static struct halves
halves_for(const struct model *m, int w)
{
	struct halves h = { .id = 1, .idw = 3 };
	int least;

	for (size_t i = 0; i < m->scene.nthings; i++) {
		char text[32];
		struct sb b = sb_on(text, sizeof text);

		fmt_id(&b, m->scene.things[i].res, m->scene.things[i].id);
		h.idw = (int)b.n > h.idw ? (int)b.n : h.idw;
	}
	h.idw = h.idw < 1 + rows_id_width(m->rows, GT_M) ? 1 + rows_id_width(m->rows, GT_M) : h.idw;
	h.idw = h.idw > 12 ? 12 : h.idw;
	h.below = w < NARROW;
	least = m->utf8 ? RIGHT_MIN : RIGHT_MIN + 1;
	h.rightw = h.below ? w - 1 : w * 2 / 5 < least ? least : w * 2 / 5;
	h.rightw = !h.below && h.rightw > 56 ? 56 : h.rightw;
	h.right = h.below ? 1 : w - h.rightw;
	h.before = h.id + h.idw + 1;
	/* A stuck frontier has one column of states and much to say beside it. */
	if (!h.below && m->scene.kind == SCENE_STUCK) {
		h.right = h.before + 24;
		h.rightw = w - h.right;
		h.w = 22;
		return h;
	}
	h.w = ((h.below ? w : h.right - 1) - h.before - 3) / 2;
	h.w = h.w > 30 ? 30 : h.w;
	h.after = h.before + h.w + 3;
	return h;
}

/* --- states ---------------------------------------------------------------- */

/* In columns, where they fit into w of them. */
static void
state_text(const struct thing *t, const struct thing_state *s, int w, char *text, size_t cap)
{
	struct sb b = sb_on(text, cap);

	if (!s->there) {
		sb_add(&b, "(none)");
	} else if (t->res == GT_M) {
		fmt_id(&b, GT_P, s->p);
		sb_add(&b, " ");
		fmt_id(&b, GT_G, s->g);
	} else {
		const char *status = t->res == GT_P ? fmt_pstatus(s->status) : fmt_gstatus(s->status);
		char rest[64];
		struct sb r = sb_on(rest, sizeof rest);

		fmt_id(&r, GT_M, s->m);
		sb_printf(&r, " #%" PRIu64, s->seq);
		sb_printf(&b, "%-*s %s", r.n + 9 <= (size_t)w ? 8 : 0, status, rest);
	}
}

static void
draw_thing(const struct model *m, struct canvas *c, int y, const struct halves *h, const struct thing *t)
{
	static const enum style style[] = { ST_M, ST_P, ST_G };
	bool changed = thing_changed(t);
	char text[96];
	struct sb b = sb_on(text, sizeof text);

	fmt_id(&b, t->res, t->id);
	canvas_cut(c, y, h->id, h->idw, style[t->res], text);
	state_text(t, &t->before, h->w, text, sizeof text);
	if (m->scene.kind != SCENE_EVENT) {
		canvas_cut(c, y, h->before, m->scene.kind == SCENE_STUCK ? h->w : 2 * h->w, ST_TEXT, text);
		return;
	}
	/* What stays as it is may take the room of both. */
	if (!changed && canvas_width(text, c->utf8) > h->w) {
		canvas_cut(c, y, h->before, h->after + h->w - h->before, ST_TEXT, text);
		return;
	}
	canvas_cut(c, y, h->before, h->w, ST_TEXT, text);
	if (changed)
		canvas_put(c, y, h->after - 3 + (m->utf8 ? 1 : 0), ST_CHANGED, m->sy->arrow);
	state_text(t, &t->after, h->w, text, sizeof text);
	canvas_cut(c, y, h->after, h->w, changed ? ST_CHANGED : ST_DIM, text);
}

/* "M3 P0 G1 Running · 4 other Ms idle" */
static void
others_text(const struct model *m, char *text, size_t cap)
{
	const struct scene *s = &m->scene;
	struct sb b = sb_on(text, cap);

	for (size_t i = 0; i < s->nothers; i++) {
		if (i)
			sb_printf(&b, " %s ", m->sy->dot);
		fmt_id(&b, GT_M, s->others[i].id);
		sb_add(&b, " ");
		fmt_id(&b, GT_P, s->others[i].p);
		sb_add(&b, " ");
		fmt_id(&b, GT_G, s->others[i].g);
		if (s->others[i].g != GT_NONE)
			sb_printf(&b, " %s", fmt_gstatus(s->other_status[i]));
	}
	if (s->busy > s->nothers)
		sb_printf(&b, " %s %zu more busy", m->sy->dot, s->busy - s->nothers);
	/* Those that did nothing in a generation by itself are not known yet. */
	if (s->idle)
		sb_printf(&b, "%s%s%s%zu %sother M%s idle", s->nothers ? " " : "", s->nothers ? m->sy->dot : "",
			s->nothers ? " " : "", s->idle, model_apart(m) ? "or more " : "", s->idle == 1 && !model_apart(m) ? "" : "s");
}

/* Wrapped at the separators, so that no M is torn apart. Returns how many rows it took. */
static int
draw_others(const struct model *m, struct canvas *c, int y, int w)
{
	char text[4096], part[256], sep[16];
	const char *p = text, *end;
	int x = 1, rows = 0;

	others_text(m, text, sizeof text);
	snprintf(sep, sizeof sep, " %s ", m->sy->dot);
	for (; *p; p = end ? end + strlen(sep) : "") {
		end = strstr(p, sep);
		snprintf(part, sizeof part, "%.*s", end ? (int)(end - p) : (int)strlen(p), p);
		if (x > 1 && x + canvas_width(sep, c->utf8) + canvas_width(part, c->utf8) > w) {
			x = 1;
			y++;
			rows++;
		} else if (x > 1) {
			x = canvas_put(c, y, x, ST_DIM, sep);
		}
		x = canvas_cut(c, y, x, w - x, ST_DIM, part);
		rows = rows ? rows : 1;
	}
	return rows;
}

/* "G9 created by G1 at 212" */
static void
origin_text(const struct model *m, enum origin i, bool first, struct sb *b)
{
	const struct origin_event *ev = &m->origins.event[i];

	if (first)
		fmt_id(b, GT_G, m->origins.g);
	else
		sb_add(b, m->sy->dot);
	sb_printf(b, " %s ", origin_name(i));
	if (i != ORIGIN_BLOCKED) {
		sb_add(b, "by ");
		ev->g != GT_NONE ? fmt_id(b, GT_G, ev->g) : ev->p != GT_NONE ? fmt_id(b, GT_P, ev->p) : fmt_id(b, GT_M, ev->m);
		sb_add(b, " ");
	}
	sb_add(b, "at ");
	fmt_count(b, ev->n);
}

/*
 * Who created, blocked and unblocked the goroutine, wrapped like the others, with the keys that go there or without. Returns how
 * many rows it took; without a canvas, how many it would.
 */
static int
put_origins(const struct model *m, struct canvas *c, int y, int w, bool keys)
{
	static const enum cmd goes[] = { [ORIGIN_CREATED] = CMD_CREATOR, [ORIGIN_BLOCKED] = CMD_BLOCKER, [ORIGIN_UNBLOCKED] = CMD_UNBLOCKER };
	int x = 1, rows = 0;

	for (int i = 0; i < ORIGINS; i++) {
		const char *key = cmd_row(goes[i])->keys;
		char text[128];
		struct sb b = sb_on(text, sizeof text);
		int from = 0;

		if (!m->origins.event[i].n)
			continue;
		origin_text(m, (enum origin)i, !rows, &b);
		if (x > 1 && x + canvas_width(text, m->utf8) + (keys ? 2 : 0) > w)
			x = 1, y++, rows++;
		/* No separator where a line begins. */
		from = rows && x == 1 ? (int)strlen(m->sy->dot) : 0;
		if (c)
			canvas_cut(c, y, x, w - x, ST_DIM, text + from);
		x += canvas_width(text + from, m->utf8) + 1;
		if (c && keys && x < w)
			canvas_printf(c, y, x, ST_KEY, "%.*s", (int)strcspn(key, " "), key);
		x += keys ? 2 : 0;
		rows = rows ? rows : 1;
	}
	return rows;
}

/* The keys only where they take no row more. */
static int
draw_origins(const struct model *m, struct canvas *c, int y, int w)
{
	if (m->origins.g == GT_NONE || m->origins.row != m->cursor)
		return 0;
	return put_origins(m, c, y, w, put_origins(m, NULL, y, w, true) == put_origins(m, NULL, y, w, false));
}

/* --- the requirement ---------------------------------------------------------- */

static int
draw_check(const struct model *m, struct canvas *c, int y, const struct halves *h, const struct gt_check *k)
{
	int tick = m->utf8 ? 2 : 3, x = h->right, end = h->right + h->rightw, here;
	enum style st = k->ok ? ST_OK : k->waits ? ST_WAIT : ST_BAD;
	enum style text = k->ok ? ST_TEXT : st;

	canvas_put(c, y, x, st, k->ok ? m->sy->ok : k->waits ? m->sy->wait : m->sy->no);
	x += tick;
	if (k->about != GT_NO_RES) {
		canvas_cut(c, y, x, 10, text, k->what);
		canvas_cut(c, y, x + 10, end - x - 10, text, gt_need_name(k->need));
		here = x + 24;
		x += 24;
	} else {
		x = canvas_cut(c, y, x, end - x, text, k->what) + 2;
		here = x > h->right + tick + 24 ? x : h->right + tick + 24;
	}
	/* What is there goes without saying where it is just what was asked for. */
	if (k->about == GT_NO_RES && k->ok && here + canvas_width(k->here, c->utf8) > end)
		return y + 1;
	/* What is there instead of it must be seen. */
	if (here + canvas_width(k->here, c->utf8) > end)
		here = x > end - canvas_width(k->here, c->utf8) ? x : end - canvas_width(k->here, c->utf8);
	canvas_cut(c, y, here, end - here, k->ok ? ST_DIM : st, k->here);
	return y + 1;
}

static int
draw_checks(const struct model *m, struct canvas *c, int y, const struct halves *h)
{
	const struct scene *s = &m->scene;

	for (size_t i = 0; i < s->nchecks; i++)
		y = draw_check(m, c, y, h, &s->checks[i]);
	if (s->kind == SCENE_EVENT && !s->nchecks)
		canvas_cut(c, y++, h->right, h->rightw, ST_DIM,
			m->version < 22 ? "no rules before Go 1.22" : "nothing");
	return y;
}

/* What each M wants next, and what for it waits. */
static int
draw_heads(const struct model *m, struct canvas *c, int y, const struct halves *h)
{
	for (size_t i = 0; i < m->scene.nheads; i++) {
		const struct scene_head *head = &m->scene.heads[i];
		char why[256], event[240], text[512];
		struct sb b = sb_on(event, sizeof event), t = sb_on(text, sizeof text);
		int x = h->right;

		gt_reason_text(&head->why, why, sizeof why);
		fmt_event(&b, &head->ev);
		fmt_id(&t, GT_M, head->ev.m);
		x = canvas_put(c, y, x, ST_M, text) + 1;
		x = canvas_cut(c, y, x, h->right + h->rightw - x, ST_STRONG, event) + 2;
		if (x + canvas_width(why, c->utf8) > h->right + h->rightw) {
			y++;
			x = h->right + 2;
		}
		canvas_cut(c, y++, x, h->right + h->rightw - x, head->answer == GT_YES ? ST_OK : ST_WAIT,
			head->answer == GT_YES ? "ready" : why);
	}
	return y;
}

static int
draw_right(const struct model *m, struct canvas *c, int y, const struct halves *h)
{
	if (m->scene.kind == SCENE_STUCK)
		return draw_heads(m, c, y, h);
	if (m->scene.kind == SCENE_CUT || m->scene.kind == SCENE_END || m->scene.kind == SCENE_STARVED)
		return y;
	return draw_checks(m, c, y, h);
}

/* --- all of it ---------------------------------------------------------------------- */

static int
label(struct canvas *c, int x, const char *text, bool sure)
{
	x = canvas_put(c, 0, x, ST_HEAD, " ");
	x = canvas_put(c, 0, x, ST_HEAD, text);
	x = canvas_put(c, 0, x, ST_WAIT, sure ? "" : "?");
	return canvas_put(c, 0, x, ST_HEAD, " ");
}

static void
draw_title(const struct model *m, struct canvas *c, const struct halves *h)
{
	const struct scene *s = &m->scene;
	bool sure = !model_apart(m); /* as with the numbers of the list */
	char name[80];
	struct sb b = sb_on(name, sizeof name);

	pane_rule(m, c, PANE_CONTEXT);
	if (s->kind == SCENE_STARVED) {
		label(c, 13, "no memory to tell it here", true);
		return;
	}
	if (s->kind == SCENE_EVENT) {
		label(c, h->before + 8 < 13 ? 13 : h->before + 7, "before", sure);
		label(c, h->after - 1, "after", sure);
	} else {
		label(c, 13, s->kind != SCENE_END ? "at the fault" : m->all ? "at the end" : "so far", sure);
	}
	if (h->below || s->kind == SCENE_END || s->kind == SCENE_CUT)
		return;
	if (s->kind == SCENE_STUCK) {
		label(c, h->right - 1, "each thread waits", true);
		return;
	}
	fmt_event_name(&b, &s->ev);
	sb_add(&b, " requires");
	label(c, h->right - 1, name, true);
}

static int
draw_things(const struct model *m, struct canvas *c, int y, const struct halves *h)
{
	for (size_t i = 0; i < m->scene.nthings; i++)
		draw_thing(m, c, y++, h, &m->scene.things[i]);
	return y;
}

/* How many rows there are to see; they may be more than the pane has. */
static size_t
rows(const struct model *m)
{
	const struct scene *s = &m->scene;
	size_t left = s->nthings + 3 + s->nothers / 2, right = s->nchecks + 2 * s->nheads;

	if (m->lay.pane[PANE_CONTEXT].w < NARROW)
		return left + right;
	return left > right ? left : right;
}

static void
draw(const struct model *m, struct canvas *c)
{
	struct halves h = halves_for(m, c->w);
	struct canvas body = canvas_view(c, (struct rect){ 1, 0, c->h - 1, c->w });
	int y = -(int)m->scroll[PANE_CONTEXT], left;

	draw_title(m, c, &h);
	if (body.h < 1 || c->h < 2 || m->scene.kind == SCENE_STARVED)
		return;
	left = draw_things(m, &body, y, &h);
	if (h.below)
		left = draw_right(m, &body, left, &h);
	left += draw_origins(m, &body, left, h.below ? c->w : h.right - 1);
	if (!draw_others(m, &body, left, h.below ? c->w : h.right - 1) && !m->scene.nthings)
		canvas_cut(&body, left, 1, c->w - 2, ST_DIM, "no M, P or G is known yet");
	if (!h.below)
		draw_right(m, &body, y, &h);
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	int h = m->lay.pane[PANE_CONTEXT].h;

	return pane_scroll(&m->scroll[PANE_CONTEXT], rows(m), h > 1 ? (size_t)h - 1 : 1, cmd, count);
}

const struct pane_ops pane_context = { .rows = rows, .draw = draw, .command = command };
