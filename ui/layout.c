/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout. The event list gets what is left, but at least LIST_MIN rows; when there is no room for that, first the
 * details go, then the context. Sizes do not depend on what is shown, so that nothing jumps while stepping.
 */
#include "layout.h"

#define LIST_MIN 9 /* with its heading */
#define CONTEXT_MIN 8
#define DETAILS_MIN 4
#define SIDE_BY_SIDE 160

static bool
is_folded(unsigned folded, enum pane_id p)
{
	return (folded & 1u << p) != 0;
}

static int
clamp(int v, int least, int most)
{
	return v < least ? least : v > most ? most : v;
}

/* Context and details beside each other, a column between them, below the list. */
static void
wide(struct layout *l, int y, int h, int w, unsigned folded)
{
	bool both = !is_folded(folded, PANE_CONTEXT) && !is_folded(folded, PANE_DETAILS);
	bool none = is_folded(folded, PANE_CONTEXT) && is_folded(folded, PANE_DETAILS);
	int below = none ? 1 : clamp(h / 3, CONTEXT_MIN, 24);
	int left = both ? clamp(w / 2, 90, 110) : is_folded(folded, PANE_DETAILS) ? w - 20 : 20;

	left = none ? w / 2 : left;
	if (h - below < LIST_MIN)
		below = h - LIST_MIN;
	if (below < 2 && !none) {
		l->pane[PANE_EVENTS] = (struct rect){ y, 0, h, w };
		return;
	}
	l->pane[PANE_EVENTS] = (struct rect){ y, 0, h - below, w };
	l->pane[PANE_CONTEXT] = (struct rect){ y + h - below, 0, is_folded(folded, PANE_CONTEXT) ? 1 : below, left };
	l->pane[PANE_DETAILS] =
		(struct rect){ y + h - below, left + 1, is_folded(folded, PANE_DETAILS) ? 1 : below, w - left - 1 };
}

/* What a pane of so many wished rows gets when there are `room` of them: enough to be of use, or none. */
static int
granted(int wish, int least, int room, bool fold)
{
	if (fold)
		return room > 0 ? 1 : 0;
	wish = wish < room ? wish : room;
	return wish < least ? 0 : wish;
}

/* All below each other; the context first. */
static void
tall(struct layout *l, int y, int h, int w, unsigned folded)
{
	bool fold = is_folded(folded, PANE_DETAILS);
	int context = granted(clamp(h / 4, CONTEXT_MIN, 14), 5, h - LIST_MIN, is_folded(folded, PANE_CONTEXT));
	int details = granted(clamp(h * 3 / 10, DETAILS_MIN, 20), DETAILS_MIN, h - LIST_MIN - context, fold);
	int list = h - context - details;

	l->pane[PANE_EVENTS] = (struct rect){ y, 0, list, w };
	l->pane[PANE_CONTEXT] = (struct rect){ y + list, 0, context, w };
	l->pane[PANE_DETAILS] = (struct rect){ y + list + context, 0, details, w };
}

void
layout_make(struct layout *l, int h, int w, unsigned folded, bool maximized, enum pane_id focus)
{
	*l = (struct layout){ .too_small = h < LAYOUT_MIN_H || w < LAYOUT_MIN_W };
	if (l->too_small)
		return;
	l->bar = (struct rect){ 0, 0, 1, w };
	l->keys = (struct rect){ h - 1, 0, 1, w };
	folded &= ~(1u << PANE_EVENTS);
	if (maximized)
		l->pane[focus] = (struct rect){ 1, 0, h - 2, w };
	else if (w >= SIDE_BY_SIDE)
		wide(l, 1, h - 2, w, folded);
	else
		tall(l, 1, h - 2, w, folded);
}
