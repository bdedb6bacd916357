/* SPDX-License-Identifier: MIT */
/* Numbers of the wire: both readers of them against each other, and against what they must say. */
#include "bytes.h"

#include "buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define FF9 "\xff\xff\xff\xff\xff\xff\xff\xff\xff"
#define Z9 "\x80\x80\x80\x80\x80\x80\x80\x80\x80"

static const struct {
	const char *bytes;
	size_t n;
	enum varint_got got;
	uint64_t v;
	size_t used;
} cases[] = {
	{ "", 0, VARINT_CUT, 0, 0 },
	{ "\0", 1, VARINT_OK, 0, 1 },
	{ "\x7f", 1, VARINT_OK, 127, 1 },
	{ "\x80\1", 2, VARINT_OK, 128, 2 },
	{ "\x80", 1, VARINT_CUT, 0, 0 },
	{ "\xff\x7f\1", 3, VARINT_OK, 16383, 2 },
	/* Longer than need be, which is allowed. */
	{ "\x80\0", 2, VARINT_OK, 0, 2 },
	{ "\x85\x80\x80\0", 4, VARINT_OK, 5, 4 },
	{ Z9 "\0", 10, VARINT_OK, 0, 10 },
	/* The tenth byte holds one bit. */
	{ FF9 "\1", 10, VARINT_OK, UINT64_MAX, 10 },
	{ Z9 "\1", 10, VARINT_OK, UINT64_C(1) << 63, 10 },
	{ FF9 "\2", 10, VARINT_LONG, 0, 0 },
	{ Z9 "\2", 10, VARINT_LONG, 0, 0 },
	{ Z9 "\x7f", 10, VARINT_LONG, 0, 0 },
	{ Z9 "\x80", 10, VARINT_LONG, 0, 0 },
	{ Z9 "\x81\0", 11, VARINT_LONG, 0, 0 },
	{ Z9 "\x80\0", 11, VARINT_LONG, 0, 0 },
	{ FF9, 9, VARINT_CUT, 0, 0 },
	{ Z9, 9, VARINT_CUT, 0, 0 },
};

/* The other reader, with room behind the number as it wants. */
static void
check_fast(size_t i)
{
	uint8_t padded[32];
	const uint8_t *q;
	uint64_t v = 0;

	memset(padded, 0x55, sizeof(padded));
	memcpy(padded, cases[i].bytes, cases[i].n);
	if (cases[i].got == VARINT_CUT)
		return;
	q = varint_fast(padded, &v);
	if (cases[i].got == VARINT_LONG && q)
		fail_msg("case %zu: read fast", i);
	if (cases[i].got == VARINT_OK && (q != padded + cases[i].used || v != cases[i].v))
		fail_msg("case %zu: another number, fast", i);
}

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		const uint8_t *begin = (const uint8_t *)cases[i].bytes, *p = begin;
		uint64_t v = 0;

		if (varint(&p, begin + cases[i].n, &v) != cases[i].got)
			fail_msg("case %zu: another answer", i);
		if (p != begin + cases[i].used)
			fail_msg("case %zu: %td bytes", i, p - begin);
		if (cases[i].got == VARINT_OK && v != cases[i].v)
			fail_msg("case %zu: %llu", i, (unsigned long long)v);
		check_fast(i);
	}
}

/* Every power of two and its neighbours: written, read back by both, and cut at every byte. */
static void
test_round(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 64 * 3; i++) {
		uint64_t want = (UINT64_C(1) << i / 3) + i % 3 - 1, v = ~want;
		unsigned bits = 0;
		struct gt_buf b = { NULL, 0, 0 };
		const uint8_t *p = NULL;

		while (bits < 64 && want >> bits)
			bits++;
		assert_true(gt_buf_varint(&b, want));
		assert_int_equal(b.n, bits ? (bits + 6) / 7 : 1);
		for (size_t n = 0; n < b.n; n++) {
			p = b.p;
			assert_int_equal(varint(&p, b.p + n, &v), VARINT_CUT);
			assert_ptr_equal(p, b.p);
		}
		assert_int_equal(varint(&p, b.p + b.n, &v), VARINT_OK);
		assert_true(v == want && p == b.p + b.n);
		v = ~want;
		assert_ptr_equal(varint_fast(b.p, &v), b.p + b.n);
		assert_true(v == want);
		gt_buf_free(&b);
	}
}

/* Random bytes, most of them with the high bit: both readers say the same. */
static void
test_agree(void **state)
{
	uint64_t x = 88172645463325252u;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		uint8_t bytes[16];
		const uint8_t *p = bytes, *q;
		uint64_t v = 0, w = 0;
		enum varint_got got;

		for (size_t k = 0; k < sizeof(bytes); k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			bytes[k] = (uint8_t)(x >> 32);
			if (k < i % 12)
				bytes[k] |= 0x80;
			else if (k == 9)
				bytes[k] &= 3;
		}
		got = varint(&p, bytes + sizeof(bytes), &v);
		q = varint_fast(bytes, &w);
		assert_int_equal(got, q ? VARINT_OK : VARINT_LONG);
		if (q)
			assert_true(p == q && v == w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_agree),
	};

	return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
