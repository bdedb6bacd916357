/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of lines to scroll through: each a label (or two) and a text behind it, wrapped where it is too long.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "canvas.h"

struct line {
	char *text;
	enum style style;
	char label[28], second[28]; /* at column 0, and where it has any at `at` */
	enum style label_style;
	int at, indent; /* columns of the second label and of the text */
};

/* Zero one to begin. */
struct lines {
	struct line *at;
	size_t n, cap;
	int width;
	bool utf8;
};

void lines_clear(struct lines *l, int width, bool utf8);
void lines_free(struct lines *l);
/* Text is wrapped at the width, at spaces where there are any, and split at line ends. */
void lines_add(struct lines *l, const char *label, int indent, enum style style, const char *text);
/* Gives a line's label a style, and the line a second label at a column (NULL: none). */
void lines_label(struct lines *l, size_t line, enum style style, int at, const char *second);
/* How many bytes of a text go on one line of w columns: up to the last space that fits, or all that fits. */
size_t lines_portion(const char *text, int w, bool utf8);
/* Draws from line `top` on. */
void lines_draw(const struct lines *l, struct canvas *c, size_t top);

#endif
