/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Panes: parts of the screen. Each reads the model to draw itself and may take a command before everybody else does.
 */
#ifndef PANE_H
#define PANE_H

#include "canvas.h"
#include "cmds.h"
#include "layout.h"

struct model;

struct pane_ops {
	const char *name;
	/* How many rows there are to scroll through; 0: the pane scrolls itself. */
	size_t (*rows)(const struct model *m);
	/* Into its own window, title included. */
	void (*draw)(const struct model *m, struct canvas *c);
	/* False: not for this pane. */
	bool (*command)(struct model *m, enum cmd cmd, uint64_t count);
};

extern const struct pane_ops pane_events, pane_context, pane_details, pane_help;
const struct pane_ops *pane_ops_of(enum pane_id id);

/* The lines of a pane, made anew when the cursor or a size changes. */
void pane_details_make(struct model *m);
void pane_help_make(struct model *m);

/* A title row: a rule with words on it. */
void pane_rule(const struct model *m, struct canvas *c, enum pane_id id);
/* Scrolling by lines, for panes that are lists of lines. */
bool pane_scroll(size_t *top, size_t rows, size_t shown, enum cmd cmd, uint64_t count);

/* The first and the last row of the screen. */
void bar_draw(const struct model *m, struct canvas *c);
void keybar_draw(const struct model *m, struct canvas *c);
/* The column of the cursor of the prompt on the last row of a canvas. */
int keybar_cursor(const struct model *m, const struct canvas *c);

#endif
