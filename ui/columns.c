/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See columns.h. */
#include "columns.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cells.h"

/* So many columns are left to words, however little room there is. */
#define LEAST_WORDS 8

static const struct {
	const char *name, *heading;
	int from;
	const char *what;
} list[COLUMNS_ALL] = {
#define COLUMN(ID, name, heading, from, what) { name, heading, from, what },
	COLUMN_LIST(COLUMN)
#undef COLUMN
};

const char *
columns_of(int of)
{
	return of == COLUMNS_EVENTS ? "events" : census_kind_name((enum census_kind)of);
}

const char *
column_name(int of, int i)
{
	if (of == COLUMNS_EVENTS)
		return i < COLUMNS_ALL ? list[i].name : NULL;
	return cells_columns((enum census_kind)of)[i].name;
}

const char *
column_what(int of, int i)
{
	return of == COLUMNS_EVENTS ? list[i].what : cells_columns((enum census_kind)of)[i].what;
}

const char *
column_heading(enum column_id id)
{
	return list[id].heading;
}

int
column_from(int of, int i)
{
	return of == COLUMNS_EVENTS ? list[i].from : cells_columns((enum census_kind)of)[i].from;
}

/* How well a name fits: all of it, the beginning, but for capitals; 0: not at all. */
static int
fits(const char *name, const char *word, size_t n)
{
	if (strncasecmp(name, word, n) != 0)
		return 0;
	return 1 + !strncmp(name, word, n) + 2 * !name[n];
}

int
column_find(int of, const char *word, size_t n)
{
	int best = 0, found = -1;

	for (int i = 0; n && column_name(of, i); i++) {
		int fit = fits(column_name(of, i), word, n);

		if (fit > best) {
			best = fit;
			found = i;
		}
	}
	return found;
}

const char *
time_mode_name(enum time_mode t)
{
	static const char *const names[] = { "relative", "delta", "wall", "raw", "mark" };

	return names[t];
}

/* --- those chosen ------------------------------------------------------------------ */

void
columns_usual(int of, struct columns_chosen *c)
{
	*c = (struct columns_chosen){ .n = 0 };
	for (int i = 0; column_name(of, i) && !(of == COLUMNS_EVENTS && i > COL_CHANGE); i++)
		c->at[c->n++].id = i;
}

void
columns_move(struct columns_chosen *c, int from, int to)
{
	int step = from < to ? 1 : -1;

	for (; from != to; from += step) {
		struct columns_chosen was = *c;

		c->at[from] = was.at[from + step];
		c->at[from + step] = was.at[from];
	}
}

/* Digits alone, up to the end of the word; 0: it is no width. */
static int
parse_width(const char *s)
{
	size_t n = strspn(s, "0123456789");
	long width = strtol(s, NULL, 10);

	return n && strcspn(s, " ,") == n && width <= COLUMNS_WIDEST ? (int)width : 0;
}

/* A word of it: NAME or NAME:WIDTH. */
static enum columns_fault
add(int of, struct columns_chosen *c, const char *word, const char **wrong)
{
	size_t len = strcspn(word, ":, ");
	int id = column_find(of, word, len), width = word[len] == ':' ? parse_width(word + len + 1) : 0;

	*wrong = word;
	if (id < 0)
		return COLUMNS_UNKNOWN;
	for (int k = 0; k < c->n; k++)
		if (c->at[k].id == id)
			return COLUMNS_TWICE;
	if (word[len] == ':' && !width) {
		*wrong = word + len + (strcspn(word + len + 1, " ,") > 0);
		return COLUMNS_WIDTH;
	}
	c->at[c->n].id = id;
	c->at[c->n++].width = width;
	return COLUMNS_RIGHT;
}

enum columns_fault
columns_parse(int of, struct columns_chosen *c, const char *text, const char **wrong)
{
	struct columns_chosen made = { .chosen = true };

	for (text += strspn(text, " ,"); *text; text += strspn(text, " ,")) {
		enum columns_fault fault = add(of, &made, text, wrong);

		if (fault != COLUMNS_RIGHT)
			return fault;
		text += strcspn(text, " ,");
	}
	if (made.n)
		*c = made;
	else
		columns_usual(of, c);
	return COLUMNS_RIGHT;
}

void
columns_text(int of, const struct columns_chosen *c, struct sb *b)
{
	for (int i = 0; c->chosen && i < c->n; i++) {
		sb_printf(b, "%s%s", i ? " " : "", column_name(of, c->at[i].id));
		if (c->at[i].width)
			sb_printf(b, ":%d", c->at[i].width);
	}
}

/* --- on the screen -------------------------------------------------------------------- */

/* Those without a width of their own share what is left; one beyond what it needs leaves it to others. */
static void
share_out(struct columns *k, int left)
{
	int shares = 0, elastic = 0;

	for (int i = k->first; i < k->n; i++)
		if (!k->at[i].w)
			shares += k->at[i].share, elastic++;
	for (int i = k->first; i < k->n && elastic; i++) {
		int w;

		if (k->at[i].w)
			continue;
		w = elastic == 1 ? left : left * k->at[i].share / shares;
		if (k->at[i].most && elastic > 1 && w > k->at[i].most)
			w = k->at[i].most;
		k->at[i].w = w > LEAST_WORDS ? w : LEAST_WORDS;
		left -= w;
		shares -= k->at[i].share;
		elastic--;
	}
}

static void
place(struct columns *k, int w, int gap, int apart)
{
	int left = w - 2 + gap - 1, x = 2, end = w - 1;

	for (int i = k->first; i < k->n; i++)
		left -= k->at[i].w + gap;
	share_out(k, left);
	for (int i = 0; i < k->n; i++) {
		int room;

		k->at[i].w = i < k->first ? 0 : k->at[i].w;
		if (i > k->first && k->at[i].id == apart) {
			x++;
			end = w;
		}
		room = end > x ? end - x : 0;
		k->at[i].x = x;
		x += i < k->first ? 0 : k->at[i].w + gap;
		if (k->at[i].w > room) {
			k->at[i].w = room;
			k->more++;
		}
	}
}

void
columns_place(struct columns *k, int w, int gap, int apart)
{
	struct columns all = *k;

	all.first = 0;
	place(&all, w, gap, apart);
	if (k->first >= k->n)
		k->first = k->n - 1;
	if (k->first > 0 && all.more)
		place(k, w, gap, apart);
	else
		*k = all;
}

int
columns_at(const struct columns *k, int x, bool *edge)
{
	int i = k->n - 1;

	while (i >= k->first && k->at[i].x > x)
		i--;
	*edge = i >= k->first && x >= k->at[i].x + k->at[i].w;
	return i >= k->first ? i : -1;
}

bool
columns_drag(const struct columns *k, struct columns_chosen *c, int from, int to)
{
	struct columns_chosen made = { .chosen = true, .n = k->n, .first = k->first };
	bool edge, behind;
	int i = columns_at(k, from, &edge), at = columns_at(k, to, &behind), width = i < 0 ? 0 : k->at[i].w + to - from;

	at = at < 0 ? k->first : at;
	if (i < 0 || from == to || (!edge && at == i))
		return false;
	for (int n = 0; n < k->n; n++) {
		made.at[n].id = k->at[n].id;
		for (int old = 0; old < c->n; old++)
			if (c->at[old].id == made.at[n].id)
				made.at[n].width = c->at[old].width;
	}
	if (edge)
		made.at[i].width = width > COLUMNS_WIDEST ? COLUMNS_WIDEST : width > 1 ? width : 1;
	else
		columns_move(&made, i, at);
	*c = made;
	return true;
}

bool
columns_scroll(const struct columns *k, struct columns_chosen *c, int n)
{
	int to = k->first + n;

	to = to < 0 ? 0 : to < k->n ? to : k->n - 1;
	if (n > 0 ? !k->more : k->first == 0)
		return false;
	c->first = to;
	return true;
}
