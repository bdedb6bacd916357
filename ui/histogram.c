/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers find their bar in a table of all there can be. Texts that are the same stand together, for they were sorted: each
 * run is a bar, and the bars are sorted once more. See histogram.h.
 */
#include "histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many keys between two looks at the clock. */
enum { AT_ONCE = 512 };

/* 1, 2, 5, 10 and so on, up to more than 64 bits hold. */
enum { STEPS = 3, BOUNDS = 20 * STEPS + 1 };

struct histogram {
	const struct sorting *of;
	bool texts, failed;
	size_t seen; /* keys */
	struct bar below, zero, part[BOUNDS]; /* numbers: not known, none, from one bound to the next */
	struct bar *bar;
	size_t n, cap;
	struct sorting *sorting; /* texts: the bars, while they are put in order */
	uint32_t *order;
};

struct histogram *
histogram_new(const struct sorting *of, bool texts)
{
	static const double first[STEPS] = { 1, 2, 5 };
	struct histogram *h = calloc(1, sizeof *h);
	double ten = 1;

	if (!h)
		return NULL;
	*h = (struct histogram){ .of = of, .texts = texts, .below = { .from = -INFINITY }, .zero = { .to = 1 } };
	for (int i = 0; i < BOUNDS; i++) {
		h->part[i].from = first[i % STEPS] * ten;
		ten *= i % STEPS == STEPS - 1 ? 10 : 1;
		h->part[i].to = first[(i + 1) % STEPS] * ten;
	}
	return h;
}

void
histogram_free(struct histogram *h)
{
	if (!h)
		return;
	sorting_free(h->sorting);
	free(h->bar);
	free(h->order);
	free(h);
}

static void
add_bar(struct histogram *h, const struct bar *bar)
{
	if (h->n == h->cap) {
		size_t cap = h->cap ? h->cap * 2 : 64;
		struct bar *grown = realloc(h->bar, cap * sizeof *grown);

		h->failed = !grown;
		if (!grown)
			return;
		h->bar = grown;
		h->cap = cap;
	}
	h->bar[h->n++] = *bar;
}

/* --- counting ---------------------------------------------------------------------- */

static struct bar *
bar_of_number(struct histogram *h, double number)
{
	int i = 0;

	if (number < 1)
		return number < 0 ? &h->below : &h->zero;
	while (i < BOUNDS - 1 && number >= h->part[i].to)
		i++;
	return &h->part[i];
}

/* NULL: no memory. */
static struct bar *
bar_of_text(struct histogram *h, struct gt_str text)
{
	const struct gt_str *last = h->n ? &h->bar[h->n - 1].text : NULL;

	if (!last || last->n != text.n || (text.n && memcmp(last->p, text.p, text.n) != 0))
		add_bar(h, &(struct bar){ .text = text });
	return h->failed ? NULL : &h->bar[h->n - 1];
}

static void
count(struct histogram *h, const struct sort_key *key)
{
	struct bar *bar = h->texts ? bar_of_text(h, key->text) : bar_of_number(h, key->number);

	if (!bar)
		return;
	bar->rows++;
	bar->sum += key->number;
}

/* --- bars ---------------------------------------------------------------------------- */

static void
add_if_any(struct histogram *h, const struct bar *bar)
{
	if (bar->rows)
		add_bar(h, bar);
}

/* From the first that is not empty to the last, each as many as `step`. */
static void
add_parts(struct histogram *h, int first, int last, int step)
{
	for (int i = first - first % step; i <= last; i += step) {
		struct bar sum = h->part[i];

		for (int j = i + 1; j < i + step && j < BOUNDS; j++) {
			sum.to = h->part[j].to;
			sum.rows += h->part[j].rows;
			sum.sum += h->part[j].sum;
		}
		add_bar(h, &sum);
	}
}

static void
end_numbers(struct histogram *h)
{
	int first = 0, last = BOUNDS - 1;

	while (first < BOUNDS && !h->part[first].rows)
		first++;
	while (last >= 0 && !h->part[last].rows)
		last--;
	add_if_any(h, &h->below);
	add_if_any(h, &h->zero);
	if (first <= last)
		add_parts(h, first, last, last - first < HISTOGRAM_FINE ? 1 : STEPS);
}

/* The most frequent first. */
static bool
key_of_bar(void *arg, size_t i, struct sort_key *key)
{
	const struct histogram *h = arg;

	*key = (struct sort_key){ -(double)h->bar[i].rows, h->bar[i].text };
	return true;
}

static bool
sort_texts(struct histogram *h, bool (*stop)(void *arg), void *arg)
{
	size_t n;

	if (!h->sorting)
		h->sorting = sorting_new(h->n, false);
	if (h->sorting && sorting_work(h->sorting, key_of_bar, h, stop, arg))
		return true;
	h->order = h->sorting ? sorting_rows(h->sorting, &n) : NULL;
	h->failed = h->failed || !h->order;
	sorting_free(h->sorting);
	h->sorting = NULL;
	return false;
}

bool
histogram_work(struct histogram *h, bool (*stop)(void *arg), void *arg)
{
	struct sort_key key;

	while (sorting_key(h->of, h->seen, &key)) {
		count(h, &key);
		if (++h->seen % AT_ONCE == 0 && stop(arg))
			return true;
	}
	if (h->texts)
		return sort_texts(h, stop, arg);
	end_numbers(h);
	return false;
}

size_t
histogram_bars(const struct histogram *h)
{
	return h->failed ? 0 : h->n;
}

const struct bar *
histogram_bar(const struct histogram *h, size_t i)
{
	return &h->bar[h->order ? h->order[i] : i];
}

size_t
histogram_rows(const struct histogram *h)
{
	return h->seen;
}

size_t
histogram_largest(const struct histogram *h)
{
	size_t most = 0;

	for (size_t i = 1; !h->texts && i < histogram_bars(h); i++)
		if (histogram_bar(h, i)->rows > histogram_bar(h, most)->rows)
			most = i;
	return most;
}
