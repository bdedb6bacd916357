/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a pane, for the clipboard of the terminal. */
#ifndef COPY_H
#define COPY_H

#include <stddef.h>

#include "layout.h"

struct model;

/* No more bytes than that: what a terminal takes. */
#define COPY_MAX 100000

/* What is to be handed to the terminal, until copy_free: see EFFECT_COPY. */
struct copy {
	char *text; /* NULL: nothing */
	size_t n;
};

/*
 * Takes it, and says how much that is, or why there is none. Of panes that are lists of lines it is all lines, not wrapped; of a
 * table all its rows, as CSV; of others what is on the screen.
 */
void copy_pane(struct model *m, enum pane_id id);
void copy_free(struct copy *c);

#endif
