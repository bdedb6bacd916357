/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the values of a column are distributed. Numbers are counted between powers of ten, those divided at 2 and 5 where that
 * does not make too many; texts each by itself. It is made of what was sorted, in slices as well.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include "sorting.h"

/* With more than so many bars of numbers they are those of whole powers of ten. What is seen does not depend on a screen. */
#define HISTOGRAM_FINE 15

/* Values from `from` on and below `to`, which are whole numbers; to 0: all below zero, which are not known. Or one text. */
struct bar {
	double from, to;
	struct gt_str text;
	size_t rows;
	double sum;
};

struct histogram;

/* Of a sorting that is over, which must last until this is over, too; its texts as long as this does. NULL: no memory. */
struct histogram *histogram_new(const struct sorting *of, bool texts);
void histogram_free(struct histogram *h);
/* Goes on until stop says so; false: it is over. */
bool histogram_work(struct histogram *h, bool (*stop)(void *arg), void *arg);
/* Of one that is over: its bars, numbers going up, the most frequent text first; none if there was no memory. */
size_t histogram_bars(const struct histogram *h);
const struct bar *histogram_bar(const struct histogram *h, size_t i);
/* The rows of all bars; the first of those that have the most. */
size_t histogram_rows(const struct histogram *h);
size_t histogram_largest(const struct histogram *h);

#endif
