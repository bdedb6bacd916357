/* SPDX-License-Identifier: MIT */
/*
 * The sort against Go's: what matters is where things of equal keys end up. The golden numbers are hashes of the
 * resulting order, one for each pattern of keys and block of lengths, made by a program in Go that uses
 * slices.SortFunc on the same keys; `limited` by its pdqsortCmpFunc with few bad splits allowed, for the heap sort
 * that hardly any input leads to.
 */
#include "sort.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { PATTERNS = 12, BLOCKS = 8, LIMITS = 3, MOST = 5000, UNLIMITED = -1 };

static const unsigned blocks[BLOCKS][2] = { { 0, 12 }, { 13, 24 }, { 25, 49 }, { 50, 99 }, { 100, 149 }, { 150, 200 },
	{ 1000, 1000 }, { 5000, 5000 } };

static const uint64_t golden[PATTERNS][BLOCKS] = {
	{ 0x22cdd92fea43c507, 0xc1c5e5db7e1747c7, 0x993683b3ecd2d9a5, 0x1ac017202e06a447,
		0x07a88fd28e753f81, 0xe7a6b88566d8ec63, 0xb626031ca980b5d5, 0x5b35d2f40009d715 },
	{ 0x3909973128df7957, 0x5fd0210d72efc477, 0x5a5701e9b0feac65, 0x7f1429a21a5cddf7,
		0x2e94f6086546a9c1, 0x6f933d661b447c23, 0x7d0956b3d2099f89, 0x6a3b58e632042041 },
	{ 0x208b8f417fe8bc87, 0x232d8cb66f236e47, 0x1af10fae26e605a5, 0x0e8fe69451b07347,
		0x0886c1283a0f81c1, 0xace799b5091afbf3, 0x7a029e85f575c0a1, 0x168d391495146185 },
	{ 0x22cdd92fea43c507, 0xc1c5e5db7e1747c7, 0x993683b3ecd2d9a5, 0x1ac017202e06a447,
		0x07a88fd28e753f81, 0xe7a6b88566d8ec63, 0xb626031ca980b5d5, 0x5b35d2f40009d715 },
	{ 0xa487b3c436f88597, 0x34c6aefbb502eee7, 0x3fdf728d20fa2f25, 0xeff4f4c6570a95c7,
		0x4374fe941ac6ce81, 0xeb63de242c7a76a3, 0xdced29c291801151, 0x24a7854e3b3fbb31 },
	{ 0x10e43dc9873d5c87, 0xd8d509f108f8ed87, 0x825c8ae4e198f8a5, 0xa3423e2aa85fa167,
		0x195cd207642cada1, 0x74cab16bfbdf2e73, 0x37f242b18aeed669, 0x1d7bb69bb29b6c01 },
	{ 0x22cdd92fea43c507, 0xc1c5e5db7e1747c7, 0x139d4ceb17eee6a5, 0xd7635d263fef0937,
		0x22767bfd73f495f1, 0xb30e0c66da5aa823, 0xe12abe922eab3321, 0xeca2fb8ec9442fa1 },
	{ 0x346efc99be08c1c7, 0x3c530a24e614aad7, 0xd22a73f7e9585605, 0xab46f83ea4374757,
		0x3e6dc78083854711, 0x070e0ad96a7e3163, 0xac55043331ddd99d, 0xac996a867fbe4d41 },
	{ 0xa68b9b1d4e7e4dc7, 0x23d4625013a07437, 0x955c869d19008195, 0x89b40767569aed27,
		0xf60066f6f1afcff1, 0xfa5eccf4b6828ff3, 0x59c979310577a195, 0x2af28adefde417d5 },
	{ 0xcb53395034f25977, 0x0ebae9b83fc60127, 0x9fb75f364ed6ddc5, 0xc35784cca12cacf7,
		0xe8513b615f2cb8a1, 0x9859d0055e12e9c3, 0xf447ce74c7c26d95, 0x3c94cb8ffd40e039 },
	{ 0x7dcd65550d719697, 0xc2c7c0318dddb8c7, 0xa720fc1ebfa37655, 0xb75e9de8b1641d47,
		0x3eb72b00c018cf11, 0xb885e139b66c0b03, 0x22e1810fd647dbd9, 0x9632a22bbd93c9b1 },
	{ 0x8ca793b4f05675d7, 0x6c6861842ca87d87, 0xbe8b8addf2fe3085, 0x56ffda738dcfe927,
		0x7a1cb80538754151, 0x4d8cb97177110e23, 0x33a55a1ddbd16341, 0x0e6be543da06b325 },
};

/* Lengths 13 to 300. */
static const uint64_t limited[PATTERNS][LIMITS] = {
	{ 0x7e894d862db1cd45, 0x005d903a266d3785, 0x005d903a266d3785 },
	{ 0x647576b3039311a9, 0xbe40e590e204174d, 0x043370cbacde4281 },
	{ 0x781ee00d01bf2e95, 0x3ed891fccd59e3d9, 0x6ccad36e315ef851 },
	{ 0xe6e330a79d564c2d, 0x005d903a266d3785, 0x005d903a266d3785 },
	{ 0x5ed7831959cde3e9, 0xd7d5d767de0a9969, 0xd7d5d767de0a9969 },
	{ 0x5d71f240d8153905, 0xbeb4c82ccd174e01, 0xd2a8c255f738a1dd },
	{ 0x533c008bac9bc7c5, 0xb16d40890fc34af5, 0xea57e9afd73b1b25 },
	{ 0x531853de72c27081, 0x1789cc48e025f5f1, 0xdbf050569c8f13b1 },
	{ 0x01d7070602f81641, 0x4d4eb5b4ba694639, 0xd73b76dd900bf39d },
	{ 0xd482b2e4bbc72375, 0xd482b2e4bbc72375, 0xd482b2e4bbc72375 },
	{ 0xfa821e020c72d009, 0xbe6304a8553d00e9, 0x177dc64ba0fb0085 },
	{ 0xfab3dc699fc2f92d, 0x5110ac8fd056390d, 0xad152fb2340dd04d },
};

static uint64_t
rnd(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* Key i of n, of a pattern. */
static int64_t
pattern_key(unsigned pattern, int64_t i, int64_t n, uint64_t *x)
{
	uint64_t r = rnd(x);

	switch (pattern) {
	case 0: /* all equal */
		return 7;
	case 1:
		return (int64_t)(r % 2);
	case 2: /* few values */
		return (int64_t)(r % 5);
	case 3: /* sorted */
		return i / 3;
	case 4: /* reversed */
		return (n - i) / 3;
	case 5: /* sawtooth */
		return i % 7;
	case 6:
		return i % 32;
	case 7: /* organ pipe */
		return i < n / 2 ? i / 2 : (n - i) / 2;
	case 8: /* random, many of them twice */
		return (int64_t)(r % (uint64_t)(n / 2 + 1)) - 3;
	case 9: /* random, negative ones too */
		return (int64_t)r;
	case 10: /* sorted but for a few */
		return r % 16 == 0 ? (int64_t)(r >> 32) % (n + 1) : i / 2;
	default: /* reversed but for a few */
		return r % 16 == 0 ? (int64_t)(r >> 32) % (n + 1) : (n - i) / 2;
	}
}

/* Sorts one sequence; adds the order that comes of it to a hash. */
static uint64_t
sort_one(unsigned pattern, unsigned n, int limit, uint64_t h)
{
	static struct keyed v[MOST];
	uint64_t x = (UINT64_C(1000003) * pattern + n) * UINT64_C(0x9e3779b97f4a7c15) | 1;

	for (uint32_t i = 0; i < n; i++)
		v[i] = (struct keyed){ pattern_key(pattern, i, n, &x), i };
	if (limit == UNLIMITED)
		gt_sort(v, n);
	else
		quick_sort(v, 0, n, (unsigned)limit);
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0 && v[i].key < v[i - 1].key)
			fail_msg("pattern %u, length %u: not sorted at %u", pattern, n, i);
		for (unsigned shift = 0; shift < 32; shift += 8)
			h = (h ^ (v[i].i >> shift & 255)) * UINT64_C(0x100000001b3);
	}
	return h;
}

static uint64_t
sort_block(unsigned pattern, unsigned from, unsigned to, int limit)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (unsigned n = from; n <= to; n++)
		h = sort_one(pattern, n, limit, h);
	return h;
}

static void
test_order(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PATTERNS; p++)
		for (unsigned b = 0; b < BLOCKS; b++)
			if (sort_block(p, blocks[b][0], blocks[b][1], UNLIMITED) != golden[p][b])
				fail_msg("pattern %u: another order for a length from %u to %u", p, blocks[b][0],
					blocks[b][1]);
}

static void
test_limited(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PATTERNS; p++)
		for (int limit = 0; limit < LIMITS; limit++)
			if (sort_block(p, 13, 300, limit) != limited[p][limit])
				fail_msg("pattern %u: another order with limit %d", p, limit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_limited),
	};

	return cmocka_run_group_tests_name("sort", tests, NULL, NULL);
}
