/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout: bands of one pane, or of two beside each other. Each band gets the rows it needs, in order of rank, as long
 * as there are any; what is left goes round until all have what they would like, and then to the list. Sizes do not
 * depend on what is shown, so that nothing jumps while stepping.
 */
#include "layout.h"

#include <string.h>

#define SIDE_BY_SIDE 160
#define FOLDED_W 20

enum width { FULL, HALF };

static const struct {
	const char *name;
	char letter;
	enum width width;
	int least, share, most;
	const char *what;
} table[PANES] = {
#define PANE(ID, NAME, LETTER, WIDTH, LEAST, SHARE, MOST, WHAT) [PANE_##ID] = { NAME, LETTER, WIDTH, LEAST, SHARE, MOST, WHAT },
#include "panes.def"
#undef PANE
};

const char *
pane_name(enum pane_id id)
{
	return table[id].name;
}

const char *
pane_what(enum pane_id id)
{
	return table[id].what;
}

char
pane_letter(enum pane_id id)
{
	return table[id].letter;
}

enum pane_id
pane_by_name(const char *name, size_t n)
{
	for (int i = 0; n && i < PANES; i++)
		if (!strncmp(table[i].name, name, n))
			return (enum pane_id)i;
	return PANES;
}

static bool
has(unsigned set, int p)
{
	return (set & 1u << p) != 0;
}

static int
clamp(int v, int least, int most)
{
	return v < least ? least : v > most ? most : v;
}

/* --- arrangements -------------------------------------------------------- */

void
arrangement_init(struct arrangement *a)
{
	static const enum pane_id first[] = { PANE_EVENTS, PANE_CONTEXT, PANE_DETAILS, PANE_TIMELINE };
	size_t n = 0;

	*a = (struct arrangement){ .focus = PANE_EVENTS };
	for (; n < sizeof first / sizeof *first; n++) {
		a->rank[n] = first[n];
		a->open |= 1u << first[n];
	}
	for (int i = 0; i < PANES; i++)
		if (!has(a->open, i))
			a->rank[n++] = (enum pane_id)i;
}

void
arrangement_open(struct arrangement *a, enum pane_id id)
{
	size_t at = 0, to = id != PANE_EVENTS && a->rank[0] == PANE_EVENTS;

	a->open |= 1u << id;
	while (a->rank[at] != id)
		at++;
	for (; at > to; at--)
		a->rank[at] = a->rank[at - 1];
	a->rank[at] = id;
}

void
arrangement_close(struct arrangement *a, enum pane_id id)
{
	unsigned left = a->open & ~(1u << id);

	if (!left)
		return;
	a->open = left;
	a->maximized = false;
	for (int i = 0; a->focus == id && i < PANES; i++)
		if (has(left, a->rank[i]))
			a->focus = a->rank[i];
}

/* --- bands ------------------------------------------------------------------ */

struct band {
	enum pane_id pane[2];
	int n;
	int rows, wish;
};

struct bands {
	struct band at[PANES];
	int n;
};

static int
least_of(const struct arrangement *a, enum pane_id p)
{
	return has(a->folded, p) ? 1 : table[p].least;
}

static int
wish_of(const struct arrangement *a, enum pane_id p, int h)
{
	int wish = table[p].share ? clamp(h / table[p].share, table[p].least + (table[p].least > 4), table[p].most) : h;

	return has(a->folded, p) ? 1 : clamp(wish + a->extra[p], 2, h);
}

/* The panes of a set, put into bands. */
static void
make_bands(struct bands *b, const struct arrangement *a, unsigned shown, bool pairs)
{
	b->n = 0;
	for (int p = 0; p < PANES; p++) {
		struct band *last = b->n ? &b->at[b->n - 1] : NULL;

		if (!has(shown, p))
			continue;
		if (pairs && last && last->n == 1 && table[p].width == HALF && table[last->pane[0]].width == HALF)
			last->pane[last->n++] = (enum pane_id)p;
		else
			b->at[b->n++] = (struct band){ .pane = { (enum pane_id)p }, .n = 1 };
	}
	for (int i = 0; i < b->n; i++)
		for (int k = 0; k < b->at[i].n; k++) {
			int least = least_of(a, b->at[i].pane[k]);

			b->at[i].rows = least > b->at[i].rows ? least : b->at[i].rows;
		}
}

static int
rows_of(const struct bands *b)
{
	int rows = 0;

	for (int i = 0; i < b->n; i++)
		rows += b->at[i].rows;
	return rows;
}

/* What is left goes round; when all have what they would like, to the first band. */
static void
spread(struct bands *b, const struct arrangement *a, int h)
{
	int left = h - rows_of(b);

	for (int i = 0; i < b->n; i++)
		for (int k = 0; k < b->at[i].n; k++) {
			int wish = wish_of(a, b->at[i].pane[k], h);

			b->at[i].wish = wish > b->at[i].wish ? wish : b->at[i].wish;
		}
	for (bool more = true; more && left > 0;) {
		more = false;
		for (int i = 0; i < b->n && left > 0; i++)
			if (b->at[i].rows < b->at[i].wish) {
				b->at[i].rows++;
				left--;
				more = true;
			}
	}
	b->at[0].rows += left;
}

/* Two beside each other, a column between them. A folded one leaves the room to its neighbour. */
static void
place_pair(struct layout *l, const struct arrangement *a, const struct band *b, int y, int w)
{
	bool first = has(a->folded, b->pane[0]), second = has(a->folded, b->pane[1]);
	int left = first == second ? clamp(w / 2, w < 180 ? w / 2 : 90, 110) : first ? FOLDED_W : w - FOLDED_W;

	l->pane[b->pane[0]] = (struct rect){ y, 0, first ? 1 : b->rows, left };
	l->pane[b->pane[1]] = (struct rect){ y, left + 1, second ? 1 : b->rows, w - left - 1 };
}

static void
place(struct layout *l, const struct arrangement *a, const struct bands *b, int y, int w)
{
	for (int i = 0; i < b->n; i++) {
		if (b->at[i].n == 2)
			place_pair(l, a, &b->at[i], y, w);
		else
			l->pane[b->at[i].pane[0]] = (struct rect){ y, 0, b->at[i].rows, w };
		y += b->at[i].rows;
	}
}

void
layout_make(struct layout *l, int h, int w, const struct arrangement *a)
{
	bool pairs = w >= SIDE_BY_SIDE && !a->stacked;
	unsigned shown = 0;
	struct bands b;

	*l = (struct layout){ .too_small = h < LAYOUT_MIN_H || w < LAYOUT_MIN_W };
	if (l->too_small)
		return;
	l->bar = (struct rect){ 0, 0, 1, w };
	l->keys = (struct rect){ h - 1, 0, 1, w };
	h -= 2;
	if (a->maximized) {
		l->pane[a->focus] = (struct rect){ 1, 0, h, w };
		return;
	}
	/* The one with the keys, then by rank. */
	for (int i = -1; i < PANES; i++) {
		enum pane_id p = i < 0 ? a->focus : a->rank[i];
		unsigned with = shown | 1u << p;

		if (!has(a->open, p))
			continue;
		make_bands(&b, a, with, pairs);
		if (!shown || rows_of(&b) <= h)
			shown = with;
	}
	make_bands(&b, a, shown, pairs);
	/* The only one there is room for has to do with what there is. */
	if (b.n == 1)
		b.at[0].rows = h;
	spread(&b, a, h);
	place(l, a, &b, 1, w);
}
