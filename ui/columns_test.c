/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Each has a name of its own, and says something. */
static void
tables_of_columns(void **state)
{
	(void)state;
	for (int of = 0; of < COLUMNS_OF; of++) {
		struct columns_chosen c;
		int n = 0;

		for (; column_name(of, n); n++) {
			assert_true(n < COLUMNS_MOST);
			assert_true(column_what(of, n) && *column_what(of, n));
			assert_null(strpbrk(column_name(of, n), " ,:"));
			assert_int_equal(column_find(of, column_name(of, n), strlen(column_name(of, n))), n);
		}
		columns_usual(of, &c);
		assert_false(c.chosen);
		assert_true(c.n > 4 && c.n <= n);
		for (int i = 0; i < c.n; i++)
			assert_int_equal(c.at[i].id, i);
	}
}

static void
found(void **state)
{
	static const struct {
		int of;
		const char *word, *name;
	} t[] = {
		{ COLUMNS_EVENTS, "g", "g" },
		{ COLUMNS_EVENTS, "ge", "generation" },
		{ COLUMNS_EVENTS, "TIME", "time" },
		{ CENSUS_GOROUTINES, "g", "G" },
		{ CENSUS_GOROUTINES, "run", "running" },
		{ CENSUS_GOROUTINES, "runna", "runnable" },
		{ CENSUS_LONGEST, "p", "P" },
		{ CENSUS_TRANSITIONS, "to", "to" },
		{ CENSUS_TRANSITIONS, "TOT", "total" },
		{ CENSUS_TASKS, "running", NULL },
		{ CENSUS_TASKS, "", NULL },
		{ CENSUS_TASKS, "parents", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		int at = column_find(t[i].of, t[i].word, strlen(t[i].word));

		if (!t[i].name)
			assert_int_equal(at, -1);
		else if (at < 0 || strcmp(column_name(t[i].of, at), t[i].name) != 0)
			fail_msg("%s: %d", t[i].word, at);
	}
}

/* What is written down makes the same; what is wrong changes nothing. */
static void
chosen(void **state)
{
	static const char *const right[] = { "function G running:20", "waits-for:1", "ended created lived event state:500" };
	static const struct {
		const char *text;
		enum columns_fault is;
		const char *at;
	} wrong[] = {
		{ "G running G:7", COLUMNS_TWICE, "G:7" }, { "G nosuch", COLUMNS_UNKNOWN, "nosuch" }, { "nosuch:0", COLUMNS_UNKNOWN, "nosuch:0" },
		{ ":5", COLUMNS_UNKNOWN, ":5" }, { "running:0 G", COLUMNS_WIDTH, "0 G" }, { "running:501", COLUMNS_WIDTH, "501" },
		{ "G, running:, state", COLUMNS_WIDTH, ":, state" }, { "G running:x", COLUMNS_WIDTH, "x" }, { "running:12x", COLUMNS_WIDTH, "12x" },
		{ "running:99999999999999999999", COLUMNS_WIDTH, "99999999999999999999" }, { "running:-3", COLUMNS_WIDTH, "-3" },
	};
	struct columns_chosen c, again;
	const char *at = "";
	char text[200];
	struct sb b = sb_on(text, sizeof text);

	(void)state;
	columns_usual(CENSUS_GOROUTINES, &c);
	columns_text(CENSUS_GOROUTINES, &c, &b);
	assert_int_equal(b.n, 0);
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		assert_int_equal(columns_parse(CENSUS_GOROUTINES, &c, right[i], &at), COLUMNS_RIGHT);
		assert_true(c.chosen);
		b = sb_on(text, sizeof text);
		columns_text(CENSUS_GOROUTINES, &c, &b);
		assert_string_equal(text, right[i]);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		again = c;
		assert_int_equal(columns_parse(CENSUS_GOROUTINES, &again, wrong[i].text, &at), wrong[i].is);
		assert_string_equal(at, wrong[i].at);
		assert_memory_equal(&again, &c, sizeof c);
	}
	assert_int_equal(columns_parse(CENSUS_GOROUTINES, &c, " ,fun , G:7,", &at), COLUMNS_RIGHT);
	assert_int_equal(c.n, 2);
	assert_int_equal(c.at[1].width, 7);
	assert_int_equal(columns_parse(CENSUS_GOROUTINES, &c, "", &at), COLUMNS_RIGHT);
	assert_false(c.chosen);
}

static struct columns
placed(int w, int gap, int apart, int n, const int width[])
{
	struct columns k = { .n = n };

	for (int i = 0; i < n; i++) {
		k.at[i].id = i;
		k.at[i].w = width[i];
		k.at[i].share = 1;
	}
	columns_place(&k, w, gap, apart);
	return k;
}

/* What is left goes to those without a width; nothing goes beyond the edge, and how many do not fit is known. */
static void
places(void **state)
{
	struct columns k = placed(40, 1, -1, 3, (int[]){ 8, 0, 9 });
	bool edge;

	(void)state;
	assert_true(k.at[0].x == 2 && k.at[1].x == 11 && k.at[1].w == 18 && k.at[2].x == 30 && k.at[2].w == 9 && !k.more);
	assert_int_equal(columns_at(&k, 1, &edge), -1);
	assert_true(columns_at(&k, 9, &edge) == 0 && !edge);
	assert_true(columns_at(&k, 10, &edge) == 0 && edge);
	assert_true(columns_at(&k, 11, &edge) == 1 && !edge);
	/* One apart takes the column that is left over otherwise. */
	k = placed(40, 1, 1, 3, (int[]){ 8, 0, 9 });
	assert_true(k.at[1].x == 12 && k.at[1].w == 18 && k.at[2].x == 31 && k.at[2].w == 9 && !k.more);
	for (int w = 1; w < 80; w++) {
		int more = 0;

		k = placed(w, 1, -1, 4, (int[]){ 8, 0, 20, 0 });
		for (int i = 0; i < k.n; i++) {
			int want = i == 0 ? 8 : i == 2 ? 20 : 8;

			assert_true(k.at[i].w >= 0 && (!k.at[i].w || k.at[i].x + k.at[i].w < w));
			assert_true(!i || k.at[i].x >= k.at[i - 1].x + k.at[i - 1].w + 1);
			more += k.at[i].w < want;
		}
		assert_int_equal(k.more, more);
		assert_int_equal(!k.more, w >= 2 + 8 + 1 + 8 + 1 + 20 + 1 + 8 + 1);
	}
}

/* To the right as long as there is more, and back; where there is room for all, all are seen. */
static void
scrolls(void **state)
{
	const int width[] = { 8, 9, 10, 11 };
	struct columns k = placed(30, 1, -1, 4, width);
	struct columns_chosen c;
	bool edge;

	(void)state;
	columns_usual(CENSUS_TASKS, &c);
	assert_int_equal(k.more, 2);
	assert_false(columns_scroll(&k, &c, -1));
	assert_true(columns_scroll(&k, &c, 1));
	assert_int_equal(c.first, 1);
	k = (struct columns){ .n = 4, .first = 2 };
	for (int i = 0; i < 4; i++) {
		k.at[i].id = i;
		k.at[i].w = width[i];
	}
	columns_place(&k, 30, 1, -1);
	assert_true(k.first == 2 && k.at[2].x == 2 && k.at[2].w == 10 && k.at[3].x == 13 && k.at[3].w == 11 && !k.more);
	assert_true(!k.at[0].w && !k.at[1].w);
	assert_int_equal(columns_at(&k, 0, &edge), -1);
	assert_true(columns_at(&k, 2, &edge) == 2 && !edge);
	assert_false(columns_scroll(&k, &c, 1));
	/* Those out of sight stay where they are. */
	assert_true(columns_drag(&k, &c, 14, -9));
	assert_true(c.n == 4 && c.at[0].id == 0 && c.at[1].id == 1 && c.at[2].id == 3 && c.at[3].id == 2 && c.first == 2);
	assert_true(columns_scroll(&k, &c, -9));
	assert_int_equal(c.first, 0);
	k.first = 9;
	for (int i = 0; i < 4; i++)
		k.at[i].w = width[i];
	columns_place(&k, 100, 1, -1);
	assert_true(k.first == 0 && k.at[0].w == 8 && !k.more);
}

static void
drags(void **state)
{
	struct columns k = placed(40, 1, -1, 3, (int[]){ 8, 9, 10 });
	struct columns_chosen usual, c;

	(void)state;
	columns_usual(CENSUS_TASKS, &usual);
	/* Nothing is meant by these. */
	c = usual;
	assert_false(columns_drag(&k, &c, 0, 20));
	assert_false(columns_drag(&k, &c, 10, 10));
	assert_false(columns_drag(&k, &c, 2, 9));
	assert_memory_equal(&c, &usual, sizeof c);
	/* An edge, and what comes of it is kept when another column moves; those that were not shown are not there. */
	assert_true(columns_drag(&k, &c, 10, 15));
	assert_true(c.chosen && c.n == 3 && c.at[0].id == 0 && c.at[0].width == 13 && !c.at[1].width);
	assert_true(columns_drag(&k, &c, 22, -5));
	assert_true(c.at[0].id == 2 && c.at[1].id == 0 && c.at[1].width == 13 && c.at[2].id == 1);
	c = usual;
	assert_true(columns_drag(&k, &c, 10, -30));
	assert_int_equal(c.at[0].width, 1);
	c = usual;
	assert_true(columns_drag(&k, &c, 10, 3000));
	assert_int_equal(c.at[0].width, 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_of_columns),
		cmocka_unit_test(found),
		cmocka_unit_test(chosen),
		cmocka_unit_test(places),
		cmocka_unit_test(scrolls),
		cmocka_unit_test(drags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
