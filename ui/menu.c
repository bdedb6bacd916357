/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "menu.h"

#include <stdio.h>
#include <string.h>

#define GAP 2

struct grid {
	int words, width, columns, rows;
};

static struct grid
grid_of(const char *words, int w, bool utf8)
{
	struct grid g = { .columns = 1 };
	char word[256];

	for (const char *end; (end = strchr(words, '\n')); words = end + 1) {
		int width;

		snprintf(word, sizeof word, "%.*s", (int)(end - words), words);
		width = canvas_width(word, utf8);
		g.width = width > g.width ? width : g.width;
		g.words++;
	}
	g.width += GAP;
	if (g.width < w)
		g.columns = w / g.width;
	g.rows = (g.words + g.columns - 1) / g.columns;
	return g;
}

int
menu_rows(const char *words, int most, int w, bool utf8)
{
	struct grid g = grid_of(words, w - 1, utf8);

	return g.rows < most ? g.rows : most;
}

void
menu_draw(const char *words, struct canvas *c, enum style style)
{
	struct grid g = grid_of(words, c->w - 1, c->utf8);
	int rows = g.rows > c->h ? c->h - 1 : g.rows;
	char word[256];
	const char *end;

	for (int i = 0; i < rows * g.columns && (end = strchr(words, '\n')); words = end + 1, i++) {
		int x = 1 + i / rows * g.width;

		snprintf(word, sizeof word, "%.*s", (int)(end - words), words);
		canvas_cut(c, i % rows, x, c->w - 1 - x, style, word);
	}
	if (g.words <= rows * g.columns)
		return;
	snprintf(word, sizeof word, "and %d more: type on", g.words - rows * g.columns);
	canvas_cut(c, c->h - 1, 1, c->w - 2, style, word);
}
