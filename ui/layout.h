/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where on the screen each pane is. Pure arithmetic: the same size and wishes give the same places. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "canvas.h"

/* The panes, in the order Tab goes through them: see panes.def. */
enum pane_id {
#define PANE(ID, name, letter, width, least, share, most, what) PANE_##ID,
#include "panes.def"
#undef PANE
	PANES
};

#define LAYOUT_MIN_H 8
#define LAYOUT_MIN_W 40

/* What the user wants to see. */
struct arrangement {
	unsigned open, folded;     /* bit n for pane n */
	enum pane_id rank[PANES];  /* which come first where there is no room for all */
	signed char extra[PANES];  /* rows more, or less, than a pane would get */
	signed char wider[PANES];  /* columns more, or less, where it stands beside others */
	unsigned char side[PANES]; /* those with the same number are beside each other; 0: as it comes */
	unsigned char back[PANES]; /* of one the user opened: 1 + the pane that had the keys; 0: of others */
	enum pane_id focus;
	unsigned char beside; /* 1 + a pane opened last that did not take the keys: it is to be seen with them; 0: none */
	bool maximized; /* only the focus */
	bool stacked;   /* none beside another, but for those put there */
};

struct layout {
	bool too_small;
	struct rect bar, keys;   /* the status line; the key bar, prompt or message */
	struct rect pane[PANES]; /* its title row included; height 0: not shown */
};

/* The arrangement to begin with. */
void arrangement_init(struct arrangement *a);
/* Opens a pane; it comes before all others, but for the list, where there is little room. */
void arrangement_open(struct arrangement *a, enum pane_id id);
/* The same, and it is seen together with the pane that has the keys, which keeps them: that does with less, if need be. */
void arrangement_open_beside(struct arrangement *a, enum pane_id id);
/* Closes it, unless it is the last one. */
void arrangement_close(struct arrangement *a, enum pane_id id);
/* Puts a pane beside another, where it stays; and on rows of its own. Where the screen is narrow, as many are as fit. */
void arrangement_split(struct arrangement *a, enum pane_id id, enum pane_id beside);
void arrangement_unsplit(struct arrangement *a, enum pane_id id);
/* Closes the pane with the keys, if the user opened it, and gives them back. False: it is another. */
bool arrangement_pop(struct arrangement *a);
/* Whether it would close one. */
bool arrangement_pops(const struct arrangement *a);
void layout_make(struct layout *l, int h, int w, const struct arrangement *a);
/* The pane that ends at the column between it and the next; PANES: there is none. */
enum pane_id layout_left_of(const struct layout *l, int y, int x);
/* Whether there is one to its left or right. */
bool layout_is_beside(const struct layout *l, enum pane_id id);
/* The next pane on the screen; PANES: it is the only one. */
enum pane_id layout_after(const struct layout *l, enum pane_id id);
/* The pane of a name, n bytes of it, or of a beginning of one; PANES: none. */
enum pane_id pane_by_name(const char *name, size_t n);
const char *pane_name(enum pane_id id);
const char *pane_what(enum pane_id id);
char pane_letter(enum pane_id id);

#endif
