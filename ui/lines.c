/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines to scroll through: see lines.h. Where memory runs out, lines are missing. */
#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
lines_clear(struct lines *l, int width, bool utf8)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->at[i].text);
	l->n = 0;
	l->width = width;
	l->utf8 = utf8;
}

void
lines_free(struct lines *l)
{
	lines_clear(l, 0, false);
	free(l->at);
	*l = (struct lines){ 0 };
}

static bool
push(struct lines *l, const char *label, int indent, enum style style, const char *text, size_t n)
{
	struct line *line;

	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 32;
		struct line *at = realloc(l->at, cap * sizeof *at);

		if (!at)
			return false;
		l->at = at;
		l->cap = cap;
	}
	line = &l->at[l->n];
	*line = (struct line){ .style = style, .label_style = ST_DIM, .indent = indent, .text = malloc(n + 1) };
	if (!line->text)
		return false;
	memcpy(line->text, text, n);
	line->text[n] = 0;
	snprintf(line->label, sizeof line->label, "%s", label);
	l->n++;
	return true;
}

size_t
lines_portion(const char *text, int w, bool utf8)
{
	size_t fit = canvas_fit(text, w, utf8), n = fit;

	if (!text[fit])
		return fit;
	while (n && text[n] != ' ')
		n--;
	return n ? n : fit ? fit : 1;
}

static void
wrap(struct lines *l, const char *label, int indent, enum style style, const char *text)
{
	int w = l->width - indent < 8 ? 8 : l->width - indent;
	bool first = true;

	do {
		size_t n = lines_portion(text, w, l->utf8);

		if (!push(l, first ? label : "", indent, style, text, n))
			return;
		text += n;
		while (*text == ' ')
			text++;
		first = false;
	} while (*text);
}

/* A tab is an indentation here: dumps of the reference have them. */
static void
untab(char *s, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s[i] = text[i] == '\t' ? ' ' : text[i];
	s[n] = 0;
}

void
lines_add(struct lines *l, const char *label, int indent, enum style style, const char *text)
{
	const char *end;

	do {
		size_t n = (end = strchr(text, '\n')) != NULL ? (size_t)(end - text) : strlen(text);
		char *s = malloc(n + 1);

		if (!s)
			return;
		untab(s, text, n);
		wrap(l, label, indent, style, s);
		free(s);
		text += n + 1;
		label = "";
	} while (end && *text);
}

void
lines_label(struct lines *l, size_t line, enum style style, int at, const char *second)
{
	if (line >= l->n)
		return;
	l->at[line].label_style = style;
	l->at[line].at = at;
	snprintf(l->at[line].second, sizeof l->at[line].second, "%s", second ? second : "");
}

void
lines_draw(const struct lines *l, struct canvas *c, size_t top)
{
	for (int y = 0; y < c->h && top + (size_t)y < l->n; y++) {
		const struct line *line = &l->at[top + (size_t)y];

		if (line->label[0])
			canvas_put(c, y, 1, line->label_style, line->label);
		if (line->second[0])
			canvas_put(c, y, 1 + line->at, ST_TEXT, line->second);
		canvas_cut(c, y, 1 + line->indent, c->w - 1 - line->indent, line->style, line->text);
	}
}
