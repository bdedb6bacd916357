/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What is counted. */
struct values {
	const double *number;
	const char *const *text;
};

static bool
key_of(void *arg, size_t row, struct sort_key *key)
{
	const struct values *v = arg;

	*key = (struct sort_key){ 0 };
	if (v->text)
		key->text = (struct gt_str){ v->text[row], strlen(v->text[row]) };
	else
		key->number = v->number[row];
	return true;
}

static bool
stops(void *arg)
{
	++*(unsigned *)arg;
	return true;
}

struct made {
	struct sorting *sorting;
	struct histogram *h;
	unsigned slices;
};

static struct made
make(struct values *v, size_t n, bool reverse)
{
	struct made made = { .sorting = sorting_new(n, reverse) };

	assert_non_null(made.sorting);
	while (sorting_work(made.sorting, key_of, v, stops, &made.slices))
		;
	made.h = histogram_new(made.sorting, v->text);
	assert_non_null(made.h);
	made.slices = 0;
	while (histogram_work(made.h, stops, &made.slices))
		;
	assert_int_equal(histogram_rows(made.h), n);
	return made;
}

static void
drop(struct made *made)
{
	histogram_free(made->h);
	sorting_free(made->sorting);
}

/* "0-1:2 1-2:1": from, to and rows of each bar, as far as they fit. */
static const char *
numbers_as_text(const struct histogram *h, char *text, size_t cap)
{
	size_t at = 0;

	text[0] = 0;
	for (size_t i = 0; i < histogram_bars(h) && at < cap; i++) {
		const struct bar *b = histogram_bar(h, i);

		at += (size_t)snprintf(text + at, cap - at, "%s%.0f-%.0f:%zu", i ? " " : "", b->from, b->to, b->rows);
	}
	return text;
}

static void
buckets(void **state)
{
	static const struct {
		double number[8];
		size_t n;
		const char *bars;
	} t[] = {
		{ { 0 }, 0, "" },
		{ { 0 }, 1, "0-1:1" },
		{ { -1, -1, 0 }, 3, "-inf-0:2 0-1:1" },
		{ { 1 }, 1, "1-2:1" },
		{ { 1, 2, 4, 5, 9, 10 }, 6, "1-2:1 2-5:2 5-10:2 10-20:1" },
		/* What is empty between others is shown, before and behind them not. */
		{ { -1, 20, 1000 }, 3, "-inf-0:1 20-50:1 50-100:0 100-200:0 200-500:0 500-1000:0 1000-2000:1" },
		/* So many are too many: only powers of ten, whole ones. */
		{ { 2, 3, 99999 }, 3, "2-5:2 5-10:0 10-20:0 20-50:0 50-100:0 100-200:0 200-500:0 500-1000:0 1000-2000:0 2000-5000:0 "
				      "5000-10000:0 10000-20000:0 20000-50000:0 50000-100000:1" },
		{ { 2, 3, 200000 }, 3, "1-10:2 10-100:0 100-1000:0 1000-10000:0 10000-100000:0 100000-1000000:1" },
		{ { 1, 18446744073709551615.0 }, 2, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		for (int reverse = 0; reverse < 2; reverse++) {
			struct values v = { .number = t[i].number };
			struct made made = make(&v, t[i].n, reverse);
			char text[400];

			if (t[i].bars)
				assert_string_equal(numbers_as_text(made.h, text, sizeof text), t[i].bars);
			else
				assert_int_equal(histogram_bars(made.h), 20);
			drop(&made);
		}
}

/* Each number is in one bar, whose bounds say so; and their sums are those of the numbers. */
static void
every_number(void **state)
{
	enum { N = 5000 };
	static double number[N];
	struct values v = { .number = number };
	struct made made;
	double x = 1, sum = 0, sums = 0;
	size_t rows = 0;

	(void)state;
	for (int i = 0; i < N; i++, x = i % 16 ? x * 10 / 3 : 1 + i)
		number[i] = (double)(uint64_t)x;
	made = make(&v, N, false);
	assert_true(made.slices > N / 600);
	for (size_t i = 0; i < histogram_bars(made.h); i++) {
		const struct bar *b = histogram_bar(made.h, i);
		size_t in = 0;

		for (int j = 0; j < N; j++)
			in += number[j] >= b->from && number[j] < b->to;
		assert_int_equal(in, b->rows);
		assert_true(!i || histogram_bar(made.h, i - 1)->to == b->from);
		assert_true(b->rows <= histogram_bar(made.h, histogram_largest(made.h))->rows);
		rows += b->rows;
		sums += b->sum;
	}
	for (int j = 0; j < N; j++)
		sum += number[j];
	assert_int_equal(rows, N);
	assert_true(sums > sum * 0.999999 && sums < sum * 1.000001);
	drop(&made);
}

static void
texts(void **state)
{
	static const char *const text[] = { "b", "", "a", "c", "b", "a", "ab", "c", "b" };
	static const struct {
		const char *text;
		size_t rows;
	} must[] = { { "b", 3 }, { "a", 2 }, { "c", 2 }, { "", 1 }, { "ab", 1 } };
	struct values v = { .text = text };

	(void)state;
	for (int reverse = 0; reverse < 2; reverse++) {
		struct made made = make(&v, sizeof text / sizeof *text, reverse);

		assert_int_equal(histogram_bars(made.h), sizeof must / sizeof *must);
		for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
			const struct bar *b = histogram_bar(made.h, i);

			assert_int_equal(b->rows, must[i].rows);
			assert_int_equal(b->text.n, strlen(must[i].text));
			assert_memory_equal(b->text.p, must[i].text, b->text.n);
		}
		drop(&made);
	}
}

/* Each text once: they are sorted in slices as well. */
static void
many_texts(void **state)
{
	enum { N = 3000 };
	static char name[N][16];
	static const char *text[N];
	struct values v = { .text = text };
	struct made made;

	(void)state;
	for (int i = 0; i < N; i++) {
		snprintf(name[i], sizeof name[i], "%d", i);
		text[i] = name[i];
	}
	made = make(&v, N, false);
	assert_int_equal(histogram_bars(made.h), N);
	assert_true(made.slices > 2 * N / 600);
	drop(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets),
		cmocka_unit_test(every_number),
		cmocka_unit_test(texts),
		cmocka_unit_test(many_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
