/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call stacks as lines, for whoever shows some, and the pane of those of the current event. */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define INDENT 11

/* A frame on one line where it fits, else its place on the next. */
static void
add_frame(struct lines *l, const char *label, const struct gt_frame *f)
{
	char text[1024], place[512];

	snprintf(place, sizeof place, "%.*s:%" PRIu64, f->file.n > 400 ? 400 : (int)f->file.n,
		f->file.p ? f->file.p : "", f->line);
	snprintf(text, sizeof text, "%.*s", f->func.n > 400 ? 400 : (int)f->func.n, f->func.p ? f->func.p : "");
	if (canvas_width(text, l->utf8) + canvas_width(place, l->utf8) + INDENT + 2 <= l->width) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof text - n, "  %.400s", place);
		lines_add(l, label, INDENT, ST_TEXT, text);
		return;
	}
	lines_add(l, label, INDENT, ST_TEXT, text);
	lines_add(l, "", INDENT + 4, ST_DIM, place);
}

static void
add_stack(struct lines *l, const char *label, const struct gt_event *ev, uint64_t id)
{
	struct gt_frame *frames;
	int n;

	if (!id || !ev->gen)
		return;
	frames = malloc(GT_MAXFRAMES * sizeof *frames);
	if (!frames)
		return;
	n = gt_gen_stack(ev->gen, id, frames);
	for (int i = 0; i < n; i++)
		add_frame(l, i ? "" : label, &frames[i]);
	if (n < 0)
		lines_add(l, label, INDENT, ST_WAIT, "not in the generation's table");
	free(frames);
}

void
stack_lines(struct lines *l, const struct gt_event *ev)
{
	add_stack(l, "stack", ev, gt_event_stack(ev));
	add_stack(l, "new stack", ev, gt_event_new_stack(ev));
}

void
stack_top(const struct gt_event *ev, char *text, size_t cap)
{
	uint64_t id = gt_event_stack(ev);
	struct gt_frame *frames = id && ev->gen ? malloc(GT_MAXFRAMES * sizeof *frames) : NULL;

	*text = 0;
	if (frames && gt_gen_stack(ev->gen, id, frames) > 0)
		snprintf(text, cap, "%.*s", frames[0].func.n > 400 ? 400 : (int)frames[0].func.n,
			frames[0].func.p ? frames[0].func.p : "");
	free(frames);
}

/* --- the pane ------------------------------------------------------------ */

/* Of a row of the table of waits. */
static void
add_delay(struct lines *l, const struct delays *d, uint32_t stack)
{
	struct delay_frame f;

	for (uint32_t at = 0; (at = delays_frame(d, stack, at, &f));)
		add_frame(l, l->n ? "" : "waits", &(struct gt_frame){ .func = f.func, .file = f.file, .line = f.line });
	if (!l->n)
		lines_add(l, "waits", INDENT, ST_DIM, stack == DELAY_NO_STACK ? "their events have no stack"
			: "stacks that there was no room for: see --memory");
}

/* While the table of waits has the keys, and when they come from there to here. */
void
pane_stack_follow(struct model *m)
{
	const struct table *t = &m->table;
	bool here = views_visible(m, PANE_TABLE) && t->kind == CENSUS_WAITS && !t->histogram && t->rows;
	size_t row = here ? m->arr.focus == PANE_TABLE ? t->row[t->at] + (size_t)1 : m->arr.focus == PANE_STACK ? m->stack_row : 0 : 0;

	if (row == m->stack_row)
		return;
	m->stack_row = row;
	m->scroll[PANE_STACK] = 0;
	if (views_visible(m, PANE_STACK))
		pane_make(m, PANE_STACK);
}

static void
make(struct model *m, struct lines *l)
{
	const struct row *row = rows_get(m->rows, m->cursor);
	const struct gt_event *ev = row && !model_is_end(m, m->cursor) ? &row->ev
		: m->scene.kind == SCENE_REFUSED ? &m->scene.ev : NULL;
	const struct delays *d = census_delays(m->census);

	if (m->stack_row && m->stack_row <= delays_count(d)) {
		add_delay(l, d, delays_at(d, m->stack_row - 1)->stack);
		return;
	}
	if (ev)
		stack_lines(l, ev);
	if (l->n)
		return;
	lines_add(l, "", 0, ST_DIM, !ev ? "there is no event here"
		: gt_spec(ev->type)->nargs && gt_spec(ev->type)->arg[gt_spec(ev->type)->nargs - 1].type == GT_ARG_STACK
			? "none was taken: events of the runtime itself, of C threads and of sampling that was too costly have none"
			: "events of this type carry no stack");
}

const struct pane_ops pane_stack = { .make = make };
