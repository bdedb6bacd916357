/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging from runs of one row on, from one array into another and back: it can stop at any row. See sorting.h. */
#include "sorting.h"

#include <stdlib.h>
#include <string.h>

/* How many rows between two looks at the clock. */
enum { AT_ONCE = 512 };

struct entry {
	struct sort_key key;
	uint32_t row;
};

struct sorting {
	struct entry *from, *to;
	size_t all, seen; /* rows, and how many were asked for their keys */
	size_t n;         /* that are among them */
	size_t run, at;   /* length of the runs that are in order; rows merged into longer ones */
	size_t left, right; /* taken of the two runs that are being merged */
	bool reverse;
};

struct sorting *
sorting_new(size_t all, bool reverse)
{
	struct sorting *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	*s = (struct sorting){ .all = all, .run = 1, .reverse = reverse };
	s->from = malloc((all ? all : 1) * sizeof *s->from);
	s->to = malloc((all ? all : 1) * sizeof *s->to);
	if (s->from && s->to && all < UINT32_MAX)
		return s;
	sorting_free(s);
	return NULL;
}

void
sorting_free(struct sorting *s)
{
	if (!s)
		return;
	free(s->from);
	free(s->to);
	free(s);
}

static bool
in_order(const struct sorting *s, const struct entry *x, const struct entry *y)
{
	size_t n = x->key.text.n < y->key.text.n ? x->key.text.n : y->key.text.n;
	int c = (x->key.number > y->key.number) - (x->key.number < y->key.number);

	c = c || !n ? c : memcmp(x->key.text.p, y->key.text.p, n);
	c = c ? c : (x->key.text.n > y->key.text.n) - (x->key.text.n < y->key.text.n);
	return c ? (c < 0) != s->reverse : x->row < y->row;
}

/* One row more into a run of twice the length. */
static void
merge_one(struct sorting *s)
{
	size_t begin = s->at - s->left - s->right;
	size_t middle = begin + s->run < s->n ? begin + s->run : s->n, end = middle + s->run < s->n ? middle + s->run : s->n;
	size_t l = begin + s->left, r = middle + s->right;
	bool left = l < middle && (r >= end || in_order(s, &s->from[l], &s->from[r]));

	s->to[s->at++] = s->from[left ? l : r];
	s->left += left;
	s->right += !left;
	if (s->at == end)
		s->left = s->right = 0;
	if (s->at == s->n) {
		struct entry *swap = s->from;

		s->from = s->to;
		s->to = swap;
		s->run *= 2;
		s->at = 0;
	}
}

bool
sorting_work(struct sorting *s, sort_key_fn *key, void *arg, bool (*stop)(void *arg), void *stop_arg)
{
	for (size_t i = 1; s->seen < s->all || s->run < s->n; i++) {
		if (i % AT_ONCE == 0 && stop(stop_arg))
			return true;
		if (s->seen == s->all) {
			merge_one(s);
			continue;
		}
		s->from[s->n].row = (uint32_t)s->seen;
		s->n += key(arg, s->seen++, &s->from[s->n].key);
	}
	return false;
}

uint32_t *
sorting_rows(const struct sorting *s, size_t *n)
{
	uint32_t *row = malloc((s->n ? s->n : 1) * sizeof *row);

	*n = row ? s->n : 0;
	for (size_t i = 0; i < *n; i++)
		row[i] = s->from[i].row;
	return row;
}

bool
sorting_key(const struct sorting *s, size_t i, struct sort_key *key)
{
	if (i >= s->n)
		return false;
	*key = s->from[i].key;
	return true;
}
