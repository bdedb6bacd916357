/* SPDX-License-Identifier: MIT */
/*
 * Growing arrays, and a map from 64-bit keys to small numbers: open addressing, linear probing, no tombstones. Both
 * are flat memory: copying one is copying its bytes.
 */
#ifndef MAP_H
#define MAP_H

#include "bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map_slot {
	uint64_t key;
	uint32_t val; /* plus one; 0: empty */
};

/* Zero one to begin. */
struct map {
	struct map_slot *slot;
	uint32_t n, size; /* size: 0 or a power of two */
	unsigned shift;   /* 64 - log2(size) */
};

/* Makes room for so many more. False: no memory; the map is as it was. */
bool map_reserve(struct map *m, uint32_t more);
/* key must not be in the map; val must be below MAP_NONE. False: no memory (never, where room was reserved). */
bool map_add(struct map *m, uint64_t key, uint32_t val);
void map_del(struct map *m, uint64_t key);
bool map_copy(struct map *to, const struct map *from);
void map_free(struct map *m);

static inline uint32_t
map_home(const struct map *m, uint64_t key)
{
	/* The high bits of a product with the golden ratio: every bit of the key counts. */
	return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> m->shift);
}

/* MAP_NONE: not there. */
static inline uint32_t
map_get(const struct map *m, uint64_t key)
{
	if (unlikely(m->size == 0))
		return MAP_NONE;
	for (uint32_t i = map_home(m, key);; i = (i + 1) & (m->size - 1)) {
		const struct map_slot *s = &m->slot[i];

		if (s->val == 0)
			return MAP_NONE;
		if (s->key == key)
			return s->val - 1;
	}
}

/*
 * Room for one more behind n elements of a growing array. False: no memory. Use: GROW(v->p, v->n, v->cap).
 */
bool array_grow(void **p, size_t n, size_t *cap, size_t elem);
#define GROW(p, n, cap) (likely((n) < (cap)) || array_grow((void **)&(p), (n), &(cap), sizeof(*(p))))

/* A copy of n elements; NULL for none, and *ok false where there is no memory. */
void *array_copy(const void *p, size_t n, size_t elem, bool *ok);

#endif
