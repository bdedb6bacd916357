/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The census in little room: fewer goroutines, and of those the same. */
#include "census.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static bool
never(void *arg)
{
	(void)arg;
	return false;
}

static struct gt_trace *
open_trace(const char *path, uint8_t **bytes)
{
	struct gt_error err;
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	*bytes = malloc(1 << 20);
	assert_non_null(*bytes);
	n = fread(*bytes, 1, 1 << 20, f);
	fclose(f);
	return gt_open(*bytes, n, &err);
}

static struct census *
take_census(struct gt_trace *t, size_t room)
{
	struct gt_model rules;
	struct gt_nav *v;
	struct census *c = census_new(room);

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	v = gt_nav_new(t, &rules, 1 << 24);
	assert_true(v && c);
	assert_false(census_work(c, v, false, never, NULL));
	assert_true(census_done(c));
	gt_nav_free(v);
	return c;
}

static void
little_room(void **state)
{
	uint8_t *bytes;
	struct gt_trace *t = open_trace("testdata/traces/mixed.trace", &bytes);
	struct census *all = take_census(t, 1 << 24);
	size_t n = census_count(all, CENSUS_GOROUTINES), before = 0;

	(void)state;
	assert_true(n > 20 && !census_cut(all));
	for (size_t room = 0; room < 1 << 18; room = room ? 2 * room : 1024) {
		struct census *c = take_census(t, room);
		size_t some = census_count(c, CENSUS_GOROUTINES);

		assert_true(some >= before && some <= n && some * sizeof(struct census_g) <= room);
		assert_int_equal(census_cut(c), some < n);
		for (size_t i = 0; i < some; i++) {
			assert_int_equal(census_g(c, i)->id, census_g(all, i)->id);
			assert_int_equal(census_g(c, i)->running, census_g(all, i)->running);
			assert_int_equal(census_g(c, i)->waiting, census_g(all, i)->waiting);
		}
		census_regroup(c);
		census_regroup(c);
		census_clear(c);
		assert_int_equal(census_count(c, CENSUS_GOROUTINES), 0);
		before = some;
		census_free(c);
	}
	assert_int_equal(before, n);
	census_free(all);
	gt_close(t);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(little_room),
	};

	return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
