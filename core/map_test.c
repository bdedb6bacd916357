/* SPDX-License-Identifier: MIT */
/* The map against a list that is searched from end to end; growing arrays. */
#include "map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static uint64_t
rnd(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* What the map must say. */
struct naive {
	uint64_t key[4096];
	uint32_t val[4096];
	size_t n;
};

static size_t
naive_find(const struct naive *v, uint64_t key)
{
	size_t i;

	for (i = 0; i < v->n && v->key[i] != key; i++)
		;
	return i;
}

static void
check_all(const struct map *m, const struct naive *v)
{
	assert_int_equal(m->n, v->n);
	assert_true(m->size == 0 || (m->size & (m->size - 1)) == 0);
	assert_true(m->n <= m->size / 4 * 3);
	for (size_t i = 0; i < v->n; i++)
		assert_int_equal(map_get(m, v->key[i]), v->val[i]);
}

/* Keys of several kinds, so that homes collide: small ones, far ones, those that differ in high bits only. */
static uint64_t
some_key(uint64_t *x, unsigned kind)
{
	uint64_t r = rnd(x) % 600;

	switch (kind % 4) {
	case 0:
		return r;
	case 1:
		return r << 32;
	case 2:
		return UINT64_MAX - r;
	default:
		return r * UINT64_C(0x9e3779b97f4a7c15);
	}
}

static void
one_step(struct map *m, struct naive *v, uint64_t *x, unsigned kind, bool grows)
{
	uint64_t key = some_key(x, kind);
	size_t at = naive_find(v, key);
	uint32_t val = rnd(x) % 7 ? (uint32_t)rnd(x) % 100000 : MAP_NONE - 1;

	if (rnd(x) % 16 < (grows ? 11 : 5)) {
		if (at < v->n)
			return;
		assert_true(map_add(m, key, val));
		v->key[v->n] = key;
		v->val[v->n++] = val;
	} else {
		map_del(m, key);
		if (at < v->n) {
			v->key[at] = v->key[--v->n];
			v->val[at] = v->val[v->n];
		}
	}
	assert_int_equal(map_get(m, key), naive_find(v, key) < v->n ? v->val[naive_find(v, key)] : MAP_NONE);
}

static void
test_walk(void **state)
{
	struct naive *v = malloc(sizeof(*v)), *w = malloc(sizeof(*w));
	uint64_t x = 42;

	(void)state;
	for (unsigned kind = 0; kind < 8; kind++) {
		struct map m = { 0 }, copy;

		v->n = 0;
		for (unsigned i = 0; i < 6000; i++) {
			one_step(&m, v, &x, kind < 4 ? kind : (unsigned)rnd(&x), i / 1500 % 2 == 0);
			if (i % 500 != 0)
				continue;
			check_all(&m, v);
			/* The copy goes its own way, and leaves the map alone. */
			assert_true(map_copy(&copy, &m));
			*w = *v;
			for (unsigned k = 0; k < 100; k++)
				one_step(&copy, w, &x, kind, k < 70);
			check_all(&copy, w);
			map_free(&copy);
			check_all(&m, v);
		}
		while (v->n > 0) {
			map_del(&m, v->key[--v->n]);
			assert_int_equal(map_get(&m, v->key[v->n]), MAP_NONE);
		}
		check_all(&m, v);
		map_free(&m);
	}
	free(v);
	free(w);
}

/* All keys have the same home, at the end of the table: the gap is closed around the corner. */
static void
test_corner(void **state)
{
	struct map m = { 0 };
	uint64_t keys[12], key = 0;
	size_t n = 0;

	(void)state;
	assert_true(map_reserve(&m, 1));
	assert_int_equal(m.size, 16);
	for (; n < 12; key++)
		if (map_home(&m, key) == 14)
			keys[n++] = key;
	for (unsigned gone = 0; gone < 12; gone++) {
		for (uint32_t i = 0; i < 12; i++)
			assert_true(map_add(&m, keys[i], i));
		map_del(&m, keys[gone]);
		for (uint32_t i = 0; i < 12; i++)
			assert_int_equal(map_get(&m, keys[i]), i == gone ? MAP_NONE : i);
		for (uint32_t i = 0; i < 12; i++)
			map_del(&m, keys[i]);
		assert_int_equal(m.n, 0);
		assert_int_equal(m.size, 16);
	}
	map_free(&m);
}

static void
test_empty(void **state)
{
	struct map m = { 0 }, copy;

	(void)state;
	assert_int_equal(map_get(&m, 0), MAP_NONE);
	map_del(&m, 5);
	assert_true(map_copy(&copy, &m));
	assert_int_equal(map_get(&copy, 0), MAP_NONE);
	/* Room that was reserved is there without another allocation. */
	assert_true(map_reserve(&m, 100));
	for (uint32_t size = m.size, i = 0; i < 100; i++) {
		assert_true(map_add(&m, i, 0));
		assert_int_equal(m.size, size);
	}
	map_free(&m);
	map_free(&m);
	assert_int_equal(map_get(&m, 0), MAP_NONE);
}

static void
test_array(void **state)
{
	uint32_t *v = NULL, *copy;
	size_t n = 0, cap = 0;
	bool ok = true;

	(void)state;
	assert_null(array_copy(NULL, 0, 4, &ok));
	assert_true(ok);
	while (n < 10000) {
		assert_true(GROW(v, n, cap));
		assert_true(cap > n);
		v[n] = (uint32_t)n;
		n++;
	}
	copy = array_copy(v, n, sizeof(*v), &ok);
	assert_true(ok);
	assert_memory_equal(copy, v, n * sizeof(*v));
	free(copy);
	free(v);
	/* More than a place can count: refused, and nothing is lost. */
	v = NULL;
	cap = 0;
	assert_false(array_grow((void **)&v, MAP_NONE - 1, &cap, 1));
	assert_false(array_grow((void **)&v, SIZE_MAX - 1, &cap, 4));
	assert_false(array_grow((void **)&v, 1000, &cap, SIZE_MAX / 2));
	assert_true(v == NULL && cap == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_corner),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_array),
	};

	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
