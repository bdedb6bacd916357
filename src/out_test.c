/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers are written as printf writes them. */
#include "out.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

/* What was written, all of which is kept, and what should have been. */
struct both {
	struct out is;
	char want[100000];
	size_t n;
};

static void
around(struct both *b, uint64_t power)
{
	for (uint64_t v = power - 2; v != power + 3; v++) {
		out_u64(&b->is, v);
		OUT(&b->is, " ");
		out_i64(&b->is, (int64_t)v);
		OUT(&b->is, " ");
		out_hex(&b->is, v);
		OUT(&b->is, "\n");
		b->n += (size_t)snprintf(b->want + b->n, sizeof(b->want) - b->n, "%" PRIu64 " %" PRId64 " %" PRIx64 "\n", v,
			(int64_t)v, v);
	}
}

static void
test_numbers(void **state)
{
	static struct both b;

	(void)state;
	out_init(&b.is, -1);
	for (unsigned i = 0; i < 64; i++)
		around(&b, (uint64_t)1 << i);
	for (uint64_t power = 1; power <= UINT64_MAX / 10; power *= 10)
		around(&b, 10 * power);
	assert_int_equal(b.is.n, b.n);
	assert_memory_equal(b.is.p, b.want, b.n);
	free(b.is.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests_name("out", tests, NULL, NULL);
}
