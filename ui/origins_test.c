/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What created a goroutine is the same, whether the index helps to find it or all is read back to it. */
#include "origins.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MOST = 1 << 20, STRIDE = 61 };

static bool
never(void *arg)
{
	(void)arg;
	return false;
}

/* The next slice is the last. */
static bool
after_one(void *arg)
{
	bool *asked = arg, was = *asked;

	*asked = true;
	return was;
}

static struct gt_nav *
open_nav(struct gt_trace *t, bool indexed)
{
	struct gt_model rules;
	struct gt_nav *v;
	double done;
	size_t bytes;

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	v = gt_nav_new(t, &rules, 1 << 24);
	assert_non_null(v);
	while (indexed && gt_nav_index(v, 4096, &done, &bytes))
		;
	return v;
}

static uint64_t
creator_of(struct gt_nav *v, int64_t g, uint64_t row, bool slices, struct origins *o)
{
	bool asked;

	origins_of(o, GT_NONE, 0);
	origins_of(o, g, row);
	o->wanted = true;
	o->want = ORIGIN_CREATED;
	do
		asked = false;
	while (origins_work(o, v, slices ? after_one : never, &asked));
	assert_true(origins_done(o));
	return o->event[ORIGIN_CREATED].n;
}

/* Returns how many were created. */
static unsigned
compare(const char *path)
{
	static uint8_t bytes[MOST];
	struct gt_error err;
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(bytes, 1, MOST, f) : 0;
	struct gt_trace *t = gt_open(bytes, n, &err);
	struct gt_nav *plain, *indexed;
	unsigned found = 0;
	uint64_t last;
	bool all;

	assert_true(f && t);
	fclose(f);
	plain = open_nav(t, false);
	indexed = open_nav(t, true);
	last = gt_nav_known(indexed, &all);
	assert_true(all);
	for (uint64_t row = 2; row <= last; row += last / STRIDE + 1) {
		size_t gs;

		gt_nav_seek(indexed, row - 1, NULL, NULL);
		gs = gt_g_count(gt_nav_state(indexed));
		for (size_t i = 0; i < gs; i += gs / 8 + 1) {
			struct origins with = { .g = GT_NONE }, without = { .g = GT_NONE };
			uint64_t made;
			struct gt_g g;

			gt_nav_seek(indexed, row - 1, NULL, NULL);
			if (!gt_g_at(gt_nav_state(indexed), i, &g))
				continue;
			made = creator_of(plain, g.id, row, false, &without);
			if (creator_of(indexed, g.id, row, row % 2, &with) != made)
				fail_msg("%s, G%lld at %llu: %llu, not %llu", path, (long long)g.id, (unsigned long long)row,
					(unsigned long long)with.event[ORIGIN_CREATED].n, (unsigned long long)made);
			/* It did not go back, so what else is asked of the same row is not lost. */
			assert_true(with.at == row && (made > 0) == !with.uncreated);
			with.want = ORIGIN_UNBLOCKED;
			without.want = ORIGIN_UNBLOCKED;
			origins_work(&with, indexed, never, NULL);
			origins_work(&without, plain, never, NULL);
			assert_int_equal(with.event[ORIGIN_UNBLOCKED].n, without.event[ORIGIN_UNBLOCKED].n);
			found += made > 0;
		}
	}
	gt_nav_free(plain);
	gt_nav_free(indexed);
	gt_close(t);
	return found;
}

static void
same_creators(void **state)
{
	static const char *const traces[] = { "mixed", "mixed-go1.22", "cgo-callbacks", "cgo-bound", "cgo-new-threads", "many-threads", "old-go1.21" };
	char path[80];

	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		snprintf(path, sizeof path, "testdata/traces/%s.trace", traces[i]);
		assert_true(compare(path) > 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_creators),
	};

	return cmocka_run_group_tests_name("origins", tests, NULL, NULL);
}
