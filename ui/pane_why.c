/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why the trace is invalid: what explain says of it, made by a thread while one looks around. What it says of an event is a
 * link to go there.
 */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "links.h"
#include "model.h"
#include "tell.h"

/* A part of the lines that points somewhere. */
struct why_link {
	size_t line, lines;
	enum told_link to;
	uint64_t n;
	struct gt_place place;
};

void
why_view_free(struct why_view *v)
{
	why_stop(v->why);
	free(v->link);
	*v = (struct why_view){ .acted = v->acted };
}

/* --- lines ------------------------------------------------------------------- */

static void
add_link(struct why_view *v, const struct why_link *link)
{
	if (v->links == v->cap) {
		size_t cap = v->cap ? 2 * v->cap : 64;
		struct why_link *more = realloc(v->link, cap * sizeof *more);

		if (!more)
			return;
		v->link = more;
		v->cap = cap;
	}
	v->link[v->links++] = *link;
}

static void
add_told(void *arg, const struct told *t)
{
	struct model *m = arg;
	struct lines *l = &m->lines[PANE_WHY];
	size_t line = l->n;
	enum style label = t->link == TOLD_NOTHING ? t->style : ST_KEY;

	if (t->heading && line)
		lines_add(l, "", 0, ST_TEXT, "");
	line = l->n;
	lines_add(l, t->label, t->heading ? 0 : t->indent, t->heading ? ST_HEAD : t->style, t->text);
	lines_label(l, line, label, 0, NULL);
	if (t->link != TOLD_NOTHING)
		add_link(&m->why, &(struct why_link){ line, l->n - line, t->link, t->n, t->place });
}

/* The chosen one comes into sight, with what it is of. */
static void
show_link(struct model *m)
{
	const struct why_link *k = &m->why.link[m->why.at];
	size_t h = m->lay.pane[PANE_WHY].h > 1 ? (size_t)m->lay.pane[PANE_WHY].h - 1 : 1, *top = &m->scroll[PANE_WHY];

	if (k->line < *top)
		*top = k->line;
	if (k->line + k->lines > *top + h)
		*top = k->line + k->lines - h;
}

static void
make_lines(struct model *m, const struct gt_explain *x)
{
	m->why.links = 0;
	tell(&(struct tale){ .x = x, .trace = m->trace, .model = gt_nav_model(m->home), .apply = true }, add_told, m);
	m->why.at = m->why.at < m->why.links ? m->why.at : 0;
	if (m->why.chosen && m->why.links)
		show_link(m);
}

/* What there is to say as long as there is no explanation. */
static void
make_waiting(struct model *m, const struct verdict *v)
{
	struct lines *l = &m->lines[PANE_WHY];
	const struct gt_error *err = NULL;
	char text[160];

	m->why.links = 0;
	if (!v->known) {
		snprintf(text, sizeof text, "Whether the trace is valid is not known yet: %d%% of it has been read.", (int)(m->done * 100));
		lines_add(l, "", 0, ST_TEXT, text);
		return;
	}
	gt_nav_end(m->home, &err);
	if (err) {
		snprintf(text, sizeof text, "invalid: %.*s", fmt_first_line(err), err->text);
		lines_add(l, "", 0, ST_BAD, text);
	}
	lines_add(l, "", 0, ST_DIM, m->why.why && !why_done(m->why.why) ? "Looking for what is wrong. Keys do not wait."
		: "There is no memory to say more.");
}

/* Begins to explain as soon as there is a verdict. */
void
pane_why_make(struct model *m)
{
	struct why_view *v = &m->why;
	struct verdict is = model_verdict(m);
	const struct gt_explain *x;
	int w = m->lay.pane[PANE_WHY].w, h = m->lay.pane[PANE_WHY].h;
	bool lower = h < v->height;

	v->height = h;
	if (!v->why && is.known)
		v->why = why_start(m->trace, gt_nav_model(m->home), m->memory / 2, m->release, m->release_arg);
	x = v->why ? why_get(v->why) : NULL;
	if (x && v->made == x && v->width == w && v->utf8 == m->utf8) {
		if (lower && v->chosen && v->links)
			show_link(m);
		return;
	}
	if (x != v->made)
		m->scroll[PANE_WHY] = 0;
	lines_clear(&m->lines[PANE_WHY], w > 2 ? w - 2 : 2, m->utf8);
	if (x)
		make_lines(m, x);
	else
		make_waiting(m, &is);
	v->made = x;
	v->width = w;
	v->utf8 = m->utf8;
}

const struct gt_explain *
why_now(struct model *m)
{
	struct verdict is = model_verdict(m);

	if (!m->why.why && is.known)
		m->why.why = why_start(m->trace, gt_nav_model(m->home), m->memory / 2, m->release, m->release_arg);
	if (!m->why.why)
		return NULL;
	why_wait(m->why.why);
	return why_get(m->why.why);
}

/* --- links --------------------------------------------------------------------- */

static void
next_link(struct model *m, bool back, uint64_t count)
{
	struct why_view *v = &m->why;
	size_t n = v->links, step = count ? (size_t)(count % (n ? n : 1)) : 1;

	if (!n)
		return;
	v->at = !v->chosen ? (back ? n - 1 : 0) : (v->at + (back ? n - step : step)) % n;
	v->chosen = true;
	show_link(m);
}

static void
follow(struct model *m, const struct why_link *k)
{
	struct trail_place from = model_place(m, m->cursor);

	views_note(m);
	m->arr.maximized = false;
	switch (k->to) {
	case TOLD_END:
		model_go_home(m, UINT64_MAX / 2, false);
		break;
	case TOLD_EVENT:
		model_go_home(m, k->n, false);
		break;
	case TOLD_PLACE:
		model_goto(m, &(struct where){ .kind = WHERE_OFFSET, .n = (uint64_t)k->place.offset });
		break;
	case TOLD_NOTHING:
		return;
	}
	/* The way back is kept however short it is. */
	trail_leave(&m->trail, &from);
	m->on_trail = true;
}

static bool
follow_chosen(struct model *m)
{
	if (!m->why.links)
		return false;
	m->why.chosen = true;
	follow(m, &m->why.link[m->why.at]);
	return true;
}

bool
why_click(struct model *m, int y, int x)
{
	size_t line = m->scroll[PANE_WHY] + (size_t)(y - 1);
	struct link named;

	/* Of its events the line knows more than their numbers say. */
	if (links_at(m, PANE_WHY, y, x, &named) && named.res != GT_NO_RES)
		return false;
	for (size_t i = 0; i < m->why.links; i++)
		if (line >= m->why.link[i].line && line < m->why.link[i].line + m->why.link[i].lines) {
			m->why.at = i;
			follow_chosen(m);
			return true;
		}
	return false;
}

/* --- by itself, and by command --------------------------------------------------- */

static void
to_the_fault(struct model *m)
{
	model_go_home(m, UINT64_MAX / 2, false);
}

void
why_open(struct model *m)
{
	struct verdict is = model_verdict(m);

	views_open(m, PANE_WHY);
	m->why.going = !is.known;
	if (is.known && is.broken)
		to_the_fault(m);
}

/*
 * The trace has turned out to be invalid. Whoever has done nothing yet is shown why, at the fault; nobody else is taken
 * away from what they are doing.
 */
static void
turned_out(struct model *m)
{
	if (!m->why.acted) {
		why_open(m);
	} else if (m->why.going) {
		to_the_fault(m);
	} else if (!m->message[0] && !m->prompt.kind && !m->script.text) {
		/* Commands that are still to be done would take it for a failure of theirs. */
		model_say(m, ST_BAD, "the trace is invalid: w says why");
	}
	m->why.going = false;
}

void
why_learn(struct model *m)
{
	struct verdict is;

	m->why.heard = m->why.why && why_done(m->why.why);
	if (m->why.learnt || m->job.kind)
		return;
	is = model_verdict(m);
	if (!is.known)
		return;
	m->why.learnt = true;
	if (is.broken && !m->script.held)
		turned_out(m);
	m->why.going = false;
}

/* --- the pane ---------------------------------------------------------------------- */

static size_t
rows(const struct model *m)
{
	return m->lines[PANE_WHY].n;
}

static void
draw(const struct model *m, struct canvas *c)
{
	struct canvas body = canvas_view(c, (struct rect){ 1, 0, c->h - 1, c->w });
	const struct why_view *v = &m->why;
	size_t top = m->scroll[PANE_WHY];

	pane_rule(m, c, PANE_WHY);
	if (c->h < 2)
		return;
	pane_position(m, c, top, m->lines[PANE_WHY].n);
	lines_draw(&m->lines[PANE_WHY], &body, top);
	if (!v->chosen || v->at >= v->links)
		return;
	for (size_t i = 0; i < v->link[v->at].lines; i++) {
		size_t line = v->link[v->at].line + i;

		if (line < top || line - top >= (size_t)body.h)
			continue;
		canvas_light(&body, (int)(line - top), 0, body.w);
		if (!i)
			canvas_put(&body, (int)(line - top), 0, ST_KEY, m->sy->focus);
	}
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	int h = m->lay.pane[PANE_WHY].h;

	switch (cmd) {
	case CMD_FIND_NEXT:
	case CMD_RIGHT:
	case CMD_FIND_BACK:
	case CMD_LEFT:
		next_link(m, cmd == CMD_FIND_BACK || cmd == CMD_LEFT, count);
		return true;
	case CMD_OPEN:
		return follow_chosen(m);
	default:
		return pane_scroll(&m->scroll[PANE_WHY], rows(m), h > 1 ? (size_t)h - 1 : 1, cmd, count);
	}
}

static const uint8_t keys[] = { CMD_FIND_NEXT, CMD_OPEN, CMD_BACKWARD, CMD_DOWN, CMD_PAGE_DOWN, CMD_STEP, CMD_MAXIMIZE, CMD_CLOSE,
	CMD_NONE };

const struct pane_ops pane_why = { .rows = rows, .draw = draw, .command = command, .keys = keys };
