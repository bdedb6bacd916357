/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panes that are lists of lines: made anew for each event, drawn and scrolled alike. */
#include "pane.h"

#include <stdio.h>
#include <string.h>

#include "model.h"

void
pane_make(struct model *m, enum pane_id id)
{
	int w = m->lay.pane[id].w ? m->lay.pane[id].w : m->w;

	if (!pane_ops_of(id)->make)
		return;
	lines_clear(&m->lines[id], w > 2 ? w - 2 : 2, m->utf8);
	pane_ops_of(id)->make(m, &m->lines[id]);
}

size_t
pane_rows(const struct model *m, enum pane_id id)
{
	return pane_ops_of(id)->rows ? pane_ops_of(id)->rows(m) : m->lines[id].n;
}

/* "4-9 of 12", where there is more than is to be seen. */
void
pane_position(const struct model *m, struct canvas *c, size_t top, size_t rows)
{
	size_t end = top + (size_t)(c->h > 1 ? c->h - 1 : 0);
	char more[64];

	(void)m;
	if (end >= rows && !top)
		return;
	snprintf(more, sizeof more, " %zu-%zu of %zu ", top + 1, end < rows ? end : rows, rows);
	canvas_put(c, 0, c->w - (int)strlen(more) - PANE_BUTTONS_W, ST_DIM, more);
}

void
pane_draw(const struct model *m, enum pane_id id, struct canvas *c)
{
	struct canvas body = canvas_view(c, (struct rect){ 1, 0, c->h - 1, c->w });

	if (pane_ops_of(id)->draw) {
		pane_ops_of(id)->draw(m, c);
		links_draw(m, id, c);
		return;
	}
	pane_rule(m, c, id);
	if (c->h < 2)
		return;
	pane_position(m, c, m->scroll[id], m->lines[id].n);
	lines_draw(&m->lines[id], &body, m->scroll[id]);
	links_draw(m, id, c);
}

bool
pane_command(struct model *m, enum pane_id id, enum cmd cmd, uint64_t count)
{
	int h = m->lay.pane[id].h;

	if (links_command(m, id, cmd, count))
		return true;
	if (pane_ops_of(id)->command)
		return pane_ops_of(id)->command(m, cmd, count);
	return pane_scroll(&m->scroll[id], pane_rows(m, id), h > 1 ? (size_t)h - 1 : 1, cmd, count);
}
