/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where on the screen each pane is. Pure arithmetic: the same size and wishes give the same places. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>

#include "canvas.h"

/* The panes, in the order Tab goes through them. */
enum pane_id { PANE_EVENTS, PANE_CONTEXT, PANE_DETAILS, PANES };

#define LAYOUT_MIN_H 8
#define LAYOUT_MIN_W 40

struct layout {
	bool too_small;
	struct rect bar, keys;   /* the status line; the key bar, prompt or message */
	struct rect pane[PANES]; /* its title row included; height 0: not shown */
};

/* folded: bit n for pane n; maximized: only that pane. */
void layout_make(struct layout *l, int h, int w, unsigned folded, bool maximized, enum pane_id focus);

#endif
