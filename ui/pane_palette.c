/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the palette looks: over the panes, the commands found, with their keys and what they do. */
#include "pane.h"

#include <stdio.h>

#include "model.h"

#define NAME_W 24
#define KEYS_W 14

void
palette_draw(const struct model *m, struct canvas *c)
{
	const struct palette *p = &m->palette;
	size_t shown = c->h > 2 ? (size_t)c->h - 2 : 1, top = p->at >= shown ? p->at - shown + 1 : 0;
	char text[80];
	int x;

	for (int y = 0; y < c->h; y++)
		canvas_fill(c, y, 0, c->w, ST_TEXT, " ");
	canvas_fill(c, 0, 0, c->w, ST_RULE, m->sy->rule);
	canvas_put(c, 0, 2, ST_FOCUS, " commands ");
	x = canvas_put(c, 1, 1, ST_KEY, m->sy->focus);
	x = canvas_put(c, 1, x + 1, ST_STRONG, p->text);
	canvas_put(c, 1, x, ST_RUN_TEXT, " ");
	if (!p->n)
		canvas_put(c, 2, 3, ST_DIM, "none like that");
	for (size_t i = 0; i < shown && top + i < p->n; i++) {
		const struct cmd_row *row = cmd_row((enum cmd)p->found[top + i]);
		int y = (int)i + 2;

		snprintf(text, sizeof text, "%s %s", row->name, cmd_arg_form(row->arg));
		canvas_cut(c, y, 3, NAME_W - 1, ST_STRONG, text);
		canvas_cut(c, y, 3 + NAME_W, KEYS_W - 1, ST_KEY, row->keys);
		canvas_cut(c, y, 3 + NAME_W + KEYS_W, c->w - 4 - NAME_W - KEYS_W, ST_TEXT, row->help);
		if (top + i == p->at) {
			canvas_put(c, y, 1, ST_KEY, m->sy->cursor);
			canvas_mark(c, y);
		}
	}
}
