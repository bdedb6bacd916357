/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the text of a pane names, as it is drawn: events, goroutines, Ps and Ms, to go there. */
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "canvas.h"
#include "cmds.h"
#include "gotrace.h"
#include "layout.h"

struct model;

/* A goroutine, P or M; res is GT_NO_RES: event id. */
struct link {
	enum gt_res res;
	int64_t id;
};

/* The one chosen by keys: of the links to be seen, while that row is the current one and its pane scrolled so far. */
struct link_chosen {
	uint64_t row; /* 0: none */
	enum pane_id pane;
	size_t top, at;
};

/* What is named at a place of a pane, the row of its title being 0, as it was prepared last. False: nothing is. */
bool links_at(const struct model *m, enum pane_id id, int y, int x, struct link *out);
/* Goes there, or shows its lane in the timeline. False: nothing is named there. */
bool links_click(struct model *m, enum pane_id id, int y, int x);
/* The same by keys, in panes that have no other use for them: Left and Right choose, Enter goes there. False: it is none of these. */
bool links_has(enum pane_id id);
bool links_command(struct model *m, enum pane_id id, enum cmd cmd, uint64_t count);
/* Marks the one chosen in the picture of its pane. */
void links_draw(const struct model *m, enum pane_id id, struct canvas *c);
/* "g 34", "G34", "p1": false: it names none. */
bool links_thing(const char *text, struct link *out);

#endif
