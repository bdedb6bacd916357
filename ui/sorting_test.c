/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sorting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 5000 };

static double number[MOST];
static const char *const texts[] = { "", "a", "ab", "b" };

static bool
key_of(void *arg, size_t row, struct sort_key *key)
{
	const char *t = texts[row % 4];

	*key = (struct sort_key){ number[row], { t, t[0] ? t[1] ? 2 : 1 : 0 } };
	return !arg || number[row] != *(double *)arg;
}

static bool
stops(void *arg)
{
	++*(unsigned *)arg;
	return true;
}

static int
text_order(size_t x, size_t y)
{
	return (x % 4 > y % 4) - (x % 4 < y % 4);
}

/* Row y may stand behind row x. */
static bool
fits(size_t x, size_t y, bool reverse)
{
	int c = (number[x] > number[y]) - (number[x] < number[y]);

	c = c ? c : text_order(x, y);
	return c ? (c < 0) != reverse : x < y;
}

static void
sorts(size_t all, bool reverse, double *without)
{
	struct sorting *s = sorting_new(all, reverse);
	unsigned slices = 0;
	uint32_t *row;
	size_t n, left = 0;

	assert_non_null(s);
	while (sorting_work(s, key_of, without, stops, &slices))
		;
	assert_true(all < 600 || slices > all / 600);
	row = sorting_rows(s, &n);
	assert_non_null(row);
	for (size_t i = 0; i < all; i++)
		left += !without || number[i] != *without;
	assert_int_equal(n, left);
	for (size_t i = 1; i < n; i++)
		assert_true(fits(row[i - 1], row[i], reverse));
	free(row);
	sorting_free(s);
}

static void
all_sizes(void **state)
{
	double two = 2;
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < MOST; i++) {
		x = x * 1664525 + 1013904223;
		number[i] = x >> 28;
	}
	for (size_t all = 0; all < MOST; all += all < 40 ? 1 : 331)
		for (int reverse = 0; reverse < 2; reverse++) {
			sorts(all, reverse, NULL);
			sorts(all, reverse, &two);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
