/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How styles look: colours of the 256 that terminals have, of the first 8, and attributes where there is no colour. */
#ifndef THEME_H
#define THEME_H

#include <stdbool.h>
#include <stddef.h>

#include "canvas.h"

enum { LOOK_BOLD = 1, LOOK_UNDERLINE = 2, LOOK_REVERSE = 4, LOOK_DIM = 8 };

struct look {
	unsigned char attr, plain; /* LOOK_*: with colours, without */
	short fg, bg;              /* of 256; -1: the terminal's own */
	short on;                  /* foreground in the current row */
	short fg8, bg8;            /* of 8 */
};

struct theme {
	const char *name;
	int colors;   /* at most so many: 256, 8, 0 */
	short on_bg;  /* background of the current row */
	bool light;   /* for light backgrounds */
	struct look look[STYLES];
};

/* How a cell looks: LOOK_*, and colours (-1: the terminal's own). */
struct look_now {
	unsigned char attr;
	short fg, bg;
};

/* Of that style, in the current row or not, where there are so many colours: 256, 8 or 0. */
struct look_now theme_look(const struct theme *t, int colors, enum style st, bool on);
/* The theme of a name; false: there is none. */
bool theme_get(struct theme *t, const char *name);
/* Names of themes, by number from 0; NULL: no more. */
const char *theme_name(size_t i);
/* Names of styles; STYLES where there is none of that name, n bytes of it. */
const char *style_name(enum style st);
enum style style_by_name(const char *name, size_t n);
/*
 * Changes a style: "71", "71 on 238", "green bold", "#ff8700 underline" (the nearest of 256). False: *wrong is the word
 * that was not understood.
 */
bool theme_color(struct theme *t, enum style st, const char *text, const char **wrong);
/* Red, green and blue of one of the 256, as 0xrrggbb. */
unsigned theme_rgb(int color);

#endif
