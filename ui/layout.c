/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout: bands of panes beside each other: those the user put there, and where the screen is wide pairs of narrow
 * ones. Each band gets the rows it needs, in order of rank, as long
 * as there are any; what is left goes round until all have what they would like, and then to the list. Sizes do not
 * depend on what is shown, so that nothing jumps while stepping.
 */
#include "layout.h"

#include <string.h>

#define SIDE_BY_SIDE 160
#define FOLDED_W 20
#define LEAST_LIST 4
#define LEAST_W 30 /* beside others */
/* So many rows a pane with the keys may be without, for one that is to be seen with it. */
#define SPARED 4

enum width { FULL, HALF };

static const char what_tables_tell[] = "one of the tables"
#define KIND(id, name, other, arg, what, enter) ", " name
#include "tables.def"
#undef KIND
	": how many there are, and what they did for how long";

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
	a->beside = 0;
	while (a->rank[at] != id)
		at++;
	for (; at > to; at--)
		a->rank[at] = a->rank[at - 1];
	a->rank[at] = id;
}

void
arrangement_open_beside(struct arrangement *a, enum pane_id id)
{
	if (!has(a->open, (int)id))
		a->back[id] = (unsigned char)(a->focus + 1);
	arrangement_open(a, id);
	a->folded &= ~(1u << id);
	a->beside = (unsigned char)(id + 1);
}

void
arrangement_close(struct arrangement *a, enum pane_id id)
{
	unsigned left = a->open & ~(1u << id);

	if (!left)
		return;
	a->open = left;
	a->maximized = false;
	arrangement_unsplit(a, id);
	a->side[id] = 0;
	a->back[id] = 0;
	for (int i = 0; a->focus == id && i < PANES; i++)
		if (has(left, a->rank[i]))
			a->focus = a->rank[i];
}

bool
arrangement_pops(const struct arrangement *a)
{
	return a->back[a->focus] && a->open != 1u << a->focus;
}

bool
arrangement_pop(struct arrangement *a)
{
	enum pane_id id = a->focus;
	unsigned back = a->back[id];

	if (!arrangement_pops(a))
		return false;
	arrangement_close(a, id);
	if (has(a->open, (int)back - 1))
		a->focus = (enum pane_id)(back - 1);
	return true;
}

/* A number that no other pane has. */
static unsigned char
own_side(const struct arrangement *a)
{
	unsigned used = 1;
	unsigned char n = 0;

	for (int i = 0; i < PANES; i++)
		used |= 1u << a->side[i];
	while (has(used, n))
		n++;
	return n;
}

void
arrangement_split(struct arrangement *a, enum pane_id id, enum pane_id beside)
{
	if (!a->side[beside])
		a->side[beside] = own_side(a);
	a->side[id] = a->side[beside];
	a->maximized = false;
}

void
arrangement_unsplit(struct arrangement *a, enum pane_id id)
{
	int with = 0, last = 0;

	for (int i = 0; i < PANES; i++)
		if (i != (int)id && a->side[i] == a->side[id])
			with++, last = i;
	/* One that nobody is beside any more goes where it would. */
	if (a->side[id] && with == 1)
		a->side[last] = 0;
	a->side[id] = own_side(a);
}

/* --- bands ------------------------------------------------------------------ */

struct band {
	enum pane_id pane[PANES];
	int n;
	int rows, wish;
};

struct bands {
	struct band at[PANES];
	int n;
};

static int
least_of(const struct arrangement *a, enum pane_id p, int spared)
{
	int less = (p == a->focus ? spared : 0) - (a->extra[p] < 0 ? a->extra[p] : 0);

	return has(a->folded, p) ? 1 : clamp(table[p].least - less, 2, table[p].least);
}

static int
wish_of(const struct arrangement *a, enum pane_id p, int h)
{
	int wish = table[p].share ? clamp(h / table[p].share, table[p].least + (table[p].least > 4), table[p].most) : h;

	return has(a->folded, p) ? 1 : clamp(wish + a->extra[p], 2, h);
}

/* The band that a pane goes into, as things stand; NULL: one of its own. */
static struct band *
band_for(struct bands *b, const struct arrangement *a, int p, int w)
{
	struct band *last = b->n ? &b->at[b->n - 1] : NULL;

	for (int i = 0; a->side[p] && i < b->n; i++)
		if (a->side[b->at[i].pane[0]] == a->side[p] && (b->at[i].n + 1) * (LEAST_W + 1) <= w + 1)
			return &b->at[i];
	if (a->side[p] || a->stacked || w < SIDE_BY_SIDE || !last || last->n > 1 || a->side[last->pane[0]])
		return NULL;
	return table[p].width == HALF && table[last->pane[0]].width == HALF ? last : NULL;
}

/* The panes of a set, put into bands. */
static void
make_bands(struct bands *b, const struct arrangement *a, unsigned shown, int w, int spared)
{
	b->n = 0;
	for (int p = 0; p < PANES; p++) {
		struct band *in = has(shown, p) ? band_for(b, a, p, w) : NULL;

		if (in)
			in->pane[in->n++] = (enum pane_id)p;
		else if (has(shown, p))
			b->at[b->n++] = (struct band){ .pane = { (enum pane_id)p }, .n = 1 };
	}
	for (int i = 0; i < b->n; i++)
		for (int k = 0; k < b->at[i].n; k++) {
			int least = least_of(a, b->at[i].pane[k], spared);

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

/* What the user gave to a pane it gets, too, where the list has to do with less for it. */
static void
give(struct bands *b, const struct arrangement *a)
{
	struct band *list = &b->at[0];

	for (int i = 1; i < b->n && list->pane[0] == PANE_EVENTS; i++)
		for (int k = 0; k < b->at[i].n; k++) {
			struct band *to = &b->at[i];
			int n = a->extra[to->pane[k]];

			n = n < to->wish - to->rows ? n : to->wish - to->rows;
			n = n < list->rows - LEAST_LIST ? n : list->rows - LEAST_LIST;
			to->rows += n > 0 ? n : 0;
			list->rows -= n > 0 ? n : 0;
		}
}

/*
 * Panes beside each other, a column between them: even shares, and what the user gave to one or took from it. Folded ones
 * leave their room to the others.
 */
static void
place_band(struct layout *l, const struct arrangement *a, const struct band *b, int y, int w)
{
	int least[PANES], open = 0, left = w, rest = 0;

	for (int i = 0; i < b->n; i++)
		open += !has(a->folded, b->pane[i]);
	for (int i = 0; i < b->n; i++) {
		bool narrow = open && has(a->folded, b->pane[i]);

		least[i] = narrow ? FOLDED_W : b->n > 1 ? LEAST_W + (i > 0) : w;
		left -= narrow ? FOLDED_W : 0;
		rest += least[i];
	}
	open = open ? open : b->n;
	for (int i = 0, k = 0, from = 0, even = 0; i < b->n; i++) {
		bool narrow = least[i] == FOLDED_W, before = i > 0;
		int end;

		even += narrow ? FOLDED_W : left * (k + 1) / open - left * k / open;
		k += !narrow;
		rest -= least[i];
		end = clamp(even + (narrow ? 0 : a->wider[b->pane[i]]), from + least[i], w - rest);
		end = i == b->n - 1 ? w : end;
		l->pane[b->pane[i]] = (struct rect){ y, from + before, has(a->folded, b->pane[i]) ? 1 : b->rows, end - from - before };
		from = end;
	}
}

static void
place(struct layout *l, const struct arrangement *a, const struct bands *b, int y, int w)
{
	for (int i = 0; i < b->n; i++) {
		place_band(l, a, &b->at[i], y, w);
		y += b->at[i].rows;
	}
}

/* The one with the keys, then by rank, as far as there is room. */
static unsigned
choose(const struct arrangement *a, int h, int w, int spared)
{
	unsigned shown = 0;
	struct bands b;

	for (int i = -1; i < PANES; i++) {
		enum pane_id p = i < 0 ? a->focus : a->rank[i];
		unsigned with = shown | 1u << p;

		if (!has(a->open, p))
			continue;
		make_bands(&b, a, with, w, spared);
		if (!shown || rows_of(&b) <= h)
			shown = with;
	}
	return shown;
}

static bool
lacks_beside(const struct arrangement *a, unsigned shown)
{
	return a->beside && has(a->open, a->beside - 1) && !has(shown, a->beside - 1);
}

void
layout_make(struct layout *l, int h, int w, const struct arrangement *a)
{
	struct bands b;
	unsigned shown;
	int spared = 0;

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
	shown = choose(a, h, w, spared);
	if (lacks_beside(a, shown) && !lacks_beside(a, choose(a, h, w, SPARED))) {
		spared = SPARED;
		shown = choose(a, h, w, spared);
	}
	make_bands(&b, a, shown, w, spared);
	/* The only one there is room for has to do with what there is. */
	if (b.n == 1)
		b.at[0].rows = h;
	spread(&b, a, h);
	give(&b, a);
	place(l, a, &b, 1, w);
}

enum pane_id
layout_left_of(const struct layout *l, int y, int x)
{
	for (int i = 0; i < PANES; i++) {
		const struct rect *r = &l->pane[i];

		if (r->h && x == r->x + r->w && y >= r->y && y < r->y + r->h)
			return (enum pane_id)i;
	}
	return PANES;
}

bool
layout_is_beside(const struct layout *l, enum pane_id id)
{
	for (int i = 0; i < PANES; i++)
		if (i != (int)id && l->pane[i].h && l->pane[i].y == l->pane[id].y)
			return true;
	return false;
}

enum pane_id
layout_after(const struct layout *l, enum pane_id id)
{
	for (int i = 1; i < PANES; i++) {
		enum pane_id p = (enum pane_id)((id + (unsigned)i) % PANES);

		if (l->pane[p].h)
			return p;
	}
	return PANES;
}
