/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the text of a pane names, as it is drawn: events, goroutines, Ps and Ms, to go there. */
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "gotrace.h"
#include "layout.h"

struct model;

/* A goroutine, P or M; res is GT_NO_RES: event id. */
struct link {
	enum gt_res res;
	int64_t id;
};

/* What is named at a place of a pane, the row of its title being 0, as it was prepared last. False: nothing is. */
bool links_at(const struct model *m, enum pane_id id, int y, int x, struct link *out);
/* Goes there, or shows its lane in the timeline. False: nothing is named there. */
bool links_click(struct model *m, enum pane_id id, int y, int x);
/* "g 34", "G34", "p1": false: it names none. */
bool links_thing(const char *text, struct link *out);

#endif
