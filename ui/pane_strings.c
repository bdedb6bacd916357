/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the current event's generation: its strings, then its stacks; those that the event uses are marked. */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model.h"

/* IDs may be sparse: how far beyond their number they are looked for, and how many are kept. */
#define SPARSE 4
#define MOST 100000

static void
find_ids(struct gt_gen *gen, struct tables *t)
{
	struct gt_gen_counts n;
	struct gt_frame *frames = malloc(GT_MAXFRAMES * sizeof *frames);
	struct gt_str s;
	uint64_t most;

	gt_gen_counts(gen, &n);
	n.strings = n.strings > MOST ? MOST : n.strings;
	n.stacks = n.stacks > MOST ? MOST : n.stacks;
	t->id = malloc((size_t)(n.strings + n.stacks + 1) * sizeof *t->id);
	for (uint64_t id = 1; t->id && t->strings < n.strings && id <= SPARSE * n.strings + 1000; id++)
		if (gt_gen_string(gen, id, &s))
			t->id[t->strings++] = id;
	most = SPARSE * n.stacks + 1000;
	for (uint64_t id = 1; t->id && frames && t->stacks < n.stacks && id <= most; id++)
		if (gt_gen_stack(gen, id, frames) >= 0)
			t->id[t->strings + t->stacks++] = id;
	free(frames);
}

void
tables_free(struct tables *t)
{
	if (t->gen)
		gt_gen_unref(t->gen);
	free(t->id);
	*t = (struct tables){ 0 };
}

void
pane_strings_make(struct model *m)
{
	const struct row *row = rows_get(m->rows, m->cursor);
	struct gt_gen *gen = row && !model_is_end(m, m->cursor) ? row->ev.gen : NULL;

	/* Behind the last generation, its tables stay. */
	if (!gen || gen == m->tables.gen)
		return;
	/* It is taken before the other is let go: one may be all that keeps the other. */
	gen = gt_gen_ref(gen);
	tables_free(&m->tables);
	m->tables.gen = gen;
	m->scroll[PANE_STRINGS] = 0;
	find_ids(gen, &m->tables);
}

/* --- drawing ------------------------------------------------------------- */

static bool
uses(const struct gt_event *ev, bool stack, uint64_t id)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	for (unsigned i = 0; i < spec->nargs && !stack; i++)
		if (spec->arg[i].type == GT_ARG_STRING && ev->arg[i] == id)
			return true;
	return stack && (gt_event_stack(ev) == id || gt_event_new_stack(ev) == id);
}

static void
stack_text(struct gt_gen *gen, uint64_t id, struct gt_frame *frames, const struct symbols *sy, struct sb *b)
{
	int n = gt_gen_stack(gen, id, frames);

	for (int i = 0; i < n && b->n + 1 < b->cap; i++)
		sb_printf(b, "%s%.*s", i ? (sy->utf8 ? " ← " : " <- ") : "", frames[i].func.n > 200 ? 200 : (int)frames[i].func.n,
			frames[i].func.p ? frames[i].func.p : "");
	if (n == 0)
		sb_add(b, "(empty)");
}

static void
draw_entry(const struct model *m, struct canvas *c, int y, size_t i, struct gt_frame *frames)
{
	const struct tables *t = &m->tables;
	const struct row *row = rows_get(m->rows, m->cursor);
	bool stack = i >= t->strings, used = row && uses(&row->ev, stack, t->id[i]);
	char label[48], text[1024];
	struct sb b = sb_on(text, sizeof text);
	struct gt_str s;

	snprintf(label, sizeof label, "%s %" PRIu64, stack ? "stack" : "string", t->id[i]);
	if (stack)
		stack_text(t->gen, t->id[i], frames, m->sy, &b);
	else if (gt_gen_string(t->gen, t->id[i], &s))
		gt_quote(s, text, sizeof text);
	if (used)
		canvas_put(c, y, 0, ST_KEY, m->sy->cursor);
	canvas_cut(c, y, 2, 13, used ? ST_STRONG : ST_DIM, label);
	canvas_cut(c, y, 16, c->w - 17, used ? ST_STRONG : ST_TEXT, text);
}

static size_t
rows(const struct model *m)
{
	return m->tables.strings + m->tables.stacks;
}

static void
draw(const struct model *m, struct canvas *c)
{
	struct gt_frame *frames = malloc(GT_MAXFRAMES * sizeof *frames);
	size_t top = m->scroll[PANE_STRINGS];
	char text[96];

	pane_rule(m, c, PANE_STRINGS);
	if (m->tables.gen)
		snprintf(text, sizeof text, " generation %" PRIu64 " %s %zu strings, %zu stacks ", gt_gen_number(m->tables.gen),
			m->sy->dot, m->tables.strings, m->tables.stacks);
	else
		snprintf(text, sizeof text, " none here ");
	canvas_cut(c, 0, 12, c->w - 30, ST_DIM, text);
	pane_position(m, c, top, rows(m));
	for (int y = 1; y < c->h && frames && top + (size_t)y - 1 < rows(m); y++)
		draw_entry(m, c, y, top + (size_t)y - 1, frames);
	free(frames);
}

const struct pane_ops pane_strings = { .rows = rows, .draw = draw };
