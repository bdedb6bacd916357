/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in columns, as shells list what may follow: read downwards, as many columns as there is room for. */
#ifndef MENU_H
#define MENU_H

#include "canvas.h"

/* Rows that words, each ended by a line end, take on so many columns; at most `most`. */
int menu_rows(const char *words, int most, int w, bool utf8);
/* Into all of a canvas; where there are too many, the last row says how many more. */
void menu_draw(const char *words, struct canvas *c, enum style style);

#endif
