/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys put in and taken out at random, held against an array. */
#include "idmap.h"

#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { KEYS = 200, ROUNDS = 20000 };

/* The same each time. */
static unsigned
random_below(unsigned n)
{
	static uint64_t x = 1;

	x = x * 6364136223846793005 + 1442695040888963407;
	return (unsigned)(x >> 33) % n;
}

static void
check_all(const struct idmap *m, const bool *there)
{
	size_t n = 0;

	for (unsigned i = 0; i < KEYS; i++) {
		assert_int_equal(idmap_get(m, i * 7919ull), there[i] ? i : IDMAP_NONE);
		n += there[i];
	}
	assert_int_equal(m->n, n);
}

static void
in_and_out(void **state)
{
	bool there[KEYS] = { false };
	struct idmap m = { .n = 0 };

	(void)state;
	idmap_del(&m, 1);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned key = random_below(KEYS);

		bool put = !there[key] && random_below(3) > 0;

		if (put)
			assert_true(idmap_put(&m, key * 7919ull, key));
		else
			idmap_del(&m, key * 7919ull);
		there[key] = put;
		if (i % 50 == 0)
			check_all(&m, there);
	}
	idmap_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_and_out),
	};

	return cmocka_run_group_tests_name("idmap", tests, NULL, NULL);
}
