/* SPDX-License-Identifier: MIT */
/*
 * Pattern-defeating quicksort (Orson Peters; arXiv 2106.05123) with the parameters and the order of steps of Go's
 * slices.SortFunc as of Go 1.26. Only the order of equal keys depends on these: 12 elements are sorted by insertion;
 * a median of three from 8, of three medians from 50; 5 repairs of a nearly sorted run; a shuffle of three elements
 * after an unbalanced split; heap sort when there were too many of those.
 */
#include "sort.h"

#include <stdbool.h>

enum { INSERTION = 12, MEDIAN_FROM = 8, NINTHER_FROM = 50, REPAIRS = 5, REPAIR_FROM = 50, SWAPS_ALL = 12 };
enum hint { HINT_NONE, HINT_UP, HINT_DOWN };

static void
swap(struct keyed *v, size_t a, size_t b)
{
	struct keyed t = v[a];

	v[a] = v[b];
	v[b] = t;
}

static unsigned
bit_length(size_t n)
{
	unsigned bits = 0;

	for (; n; n >>= 1)
		bits++;
	return bits;
}

/* v[i] sinks to its left until it stands right, but not below a. */
static void
sink_left(struct keyed *v, size_t a, size_t i)
{
	for (; i > a && v[i].key < v[i - 1].key; i--)
		swap(v, i, i - 1);
}

static void
insertion_sort(struct keyed *v, size_t a, size_t b)
{
	for (size_t i = a + 1; i < b; i++)
		sink_left(v, a, i);
}

static void
heap_down(struct keyed *v, size_t root, size_t n)
{
	for (size_t child; (child = 2 * root + 1) < n; root = child) {
		if (child + 1 < n && v[child].key < v[child + 1].key)
			child++;
		if (v[root].key >= v[child].key)
			return;
		swap(v, root, child);
	}
}

static void
heap_sort(struct keyed *v, size_t n)
{
	for (size_t i = (n - 1) / 2 + 1; i-- > 0;)
		heap_down(v, i, n);
	for (size_t i = n; i-- > 0;) {
		swap(v, 0, i);
		heap_down(v, 0, i);
	}
}

/* Moves three elements of the middle to places that look random and are not. */
static void
shuffle(struct keyed *v, size_t a, size_t b)
{
	size_t n = b - a, mask = ((size_t)1 << bit_length(n)) - 1, middle = a + n / 4 * 2;
	uint64_t r = n;

	if (n < MEDIAN_FROM)
		return;
	for (size_t i = middle - 1; i <= middle + 1; i++) {
		size_t other;

		r ^= r << 13;
		r ^= r >> 7;
		r ^= r << 17;
		other = (size_t)r & mask;
		if (other >= n)
			other -= n;
		swap(v, i, a + other);
	}
}

static size_t
median(const struct keyed *v, size_t a, size_t b, size_t c, unsigned *swaps)
{
	size_t t;

#define ORDER(x, y)                                                                                                    \
	if (v[y].key < v[x].key) {                                                                                     \
		++*swaps;                                                                                              \
		t = x;                                                                                                 \
		x = y;                                                                                                 \
		y = t;                                                                                                 \
	}
	ORDER(a, b)
	ORDER(b, c)
	ORDER(a, b)
#undef ORDER
	return b;
}

static size_t
choose_pivot(const struct keyed *v, size_t a, size_t b, enum hint *hint)
{
	size_t quarter = (b - a) / 4, i = a + quarter, j = a + 2 * quarter, k = a + 3 * quarter;
	unsigned swaps = 0;

	if (b - a >= NINTHER_FROM) {
		i = median(v, i - 1, i, i + 1, &swaps);
		j = median(v, j - 1, j, j + 1, &swaps);
		k = median(v, k - 1, k, k + 1, &swaps);
	}
	if (b - a >= MEDIAN_FROM)
		j = median(v, i, j, k, &swaps);
	*hint = swaps == 0 ? HINT_UP : swaps == SWAPS_ALL ? HINT_DOWN : HINT_NONE;
	return j;
}

static void
reverse(struct keyed *v, size_t a, size_t b)
{
	while (a + 1 < b)
		swap(v, a++, --b);
}

/* Mends a few neighbours out of order; true where all is sorted then. */
static bool
nearly_sorted(struct keyed *v, size_t a, size_t b)
{
	size_t i = a + 1;

	for (unsigned step = 0; step < REPAIRS; step++) {
		while (i < b && v[i].key >= v[i - 1].key)
			i++;
		if (i == b)
			return true;
		if (b - a < REPAIR_FROM)
			return false;
		swap(v, i, i - 1);
		if (i - a >= 2)
			sink_left(v, 0, i - 1);
		if (b - i >= 2)
			for (size_t j = i + 1; j < b && v[j].key < v[j - 1].key; j++)
				swap(v, j, j - 1);
	}
	return false;
}

/* What equals the pivot, which nothing here is below, goes first; returns where the greater begin. */
static size_t
split_equal(struct keyed *v, size_t a, size_t b, size_t pivot)
{
	size_t i = a + 1, j = b;

	swap(v, a, pivot);
	for (;;) {
		while (i < j && v[a].key >= v[i].key)
			i++;
		while (i < j && v[a].key < v[j - 1].key)
			j--;
		if (i >= j)
			return i;
		swap(v, i++, --j);
	}
}

/* What is below the pivot goes before it; returns the pivot's place. */
static size_t
split(struct keyed *v, size_t a, size_t b, size_t pivot, bool *was_split)
{
	size_t i = a + 1, j = b;

	*was_split = true;
	swap(v, a, pivot);
	for (;;) {
		while (i < j && v[i].key < v[a].key)
			i++;
		while (i < j && v[j - 1].key >= v[a].key)
			j--;
		if (i >= j)
			break;
		*was_split = false;
		swap(v, i++, --j);
	}
	swap(v, j - 1, a);
	return j - 1;
}

/* Recurses into the smaller half only: depth is logarithmic. */
static void
quick_sort(struct keyed *v, size_t a, size_t b, unsigned limit)
{
	bool balanced = true, was_split = true;

	while (b - a > INSERTION) {
		size_t n = b - a, pivot, mid;
		enum hint hint;

		if (limit == 0) {
			heap_sort(v + a, n);
			return;
		}
		if (!balanced) {
			shuffle(v, a, b);
			limit--;
		}
		pivot = choose_pivot(v, a, b, &hint);
		if (hint == HINT_DOWN) {
			reverse(v, a, b);
			pivot = b - 1 - (pivot - a);
			hint = HINT_UP;
		}
		if (balanced && was_split && hint == HINT_UP && nearly_sorted(v, a, b))
			return;
		if (a > 0 && v[a - 1].key >= v[pivot].key) {
			a = split_equal(v, a, b, pivot);
			continue;
		}
		mid = split(v, a, b, pivot, &was_split);
		if (mid - a < b - mid) {
			balanced = mid - a >= n / 8;
			quick_sort(v, a, mid, limit);
			a = mid + 1;
		} else {
			balanced = b - mid >= n / 8;
			quick_sort(v, mid + 1, b, limit);
			b = mid;
		}
	}
	insertion_sort(v, a, b);
}

void
gt_sort(struct keyed *v, size_t n)
{
	quick_sort(v, 0, n, bit_length(n));
}
