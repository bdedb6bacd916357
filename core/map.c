/* SPDX-License-Identifier: MIT */
#include "map.h"

#include <stdlib.h>
#include <string.h>

static void
map_put(struct map *m, uint64_t key, uint32_t val)
{
	uint32_t i = map_home(m, key);

	while (m->slot[i].val != 0)
		i = (i + 1) & (m->size - 1);
	m->slot[i] = (struct map_slot){ key, val };
	m->n++;
}

/* At most three quarters full: probes stay short. */
static bool
map_grow(struct map *m)
{
	struct map big = { .size = m->size ? m->size * 2 : 16, .shift = m->size ? m->shift - 1 : 60 };

	if (big.size < m->size)
		return false;
	big.slot = calloc(big.size, sizeof(*big.slot));
	if (!big.slot)
		return false;
	for (uint32_t i = 0; i < m->size; i++)
		if (m->slot[i].val != 0)
			map_put(&big, m->slot[i].key, m->slot[i].val);
	free(m->slot);
	*m = big;
	return true;
}

bool
map_reserve(struct map *m, uint32_t more)
{
	while (m->size / 4 * 3 - m->n < more)
		if (!map_grow(m))
			return false;
	return true;
}

bool
map_add(struct map *m, uint64_t key, uint32_t val)
{
	if (!map_reserve(m, 1))
		return false;
	map_put(m, key, val + 1);
	return true;
}

/* Closes the gap: what was pushed behind its home by the deleted one moves up. */
void
map_del(struct map *m, uint64_t key)
{
	uint32_t mask = m->size - 1, i, j;

	if (map_get(m, key) == MAP_NONE)
		return;
	for (i = map_home(m, key); m->slot[i].key != key; i = (i + 1) & mask)
		;
	for (j = (i + 1) & mask; m->slot[j].val != 0; j = (j + 1) & mask) {
		uint32_t home = map_home(m, m->slot[j].key);

		if (((j - home) & mask) >= ((j - i) & mask)) {
			m->slot[i] = m->slot[j];
			i = j;
		}
	}
	m->slot[i] = (struct map_slot){ 0, 0 };
	m->n--;
}

bool
map_copy(struct map *to, const struct map *from)
{
	bool ok = true;

	*to = *from;
	to->slot = array_copy(from->slot, from->size, sizeof(*from->slot), &ok);
	if (!ok)
		*to = (struct map){ 0 };
	return ok;
}

void
map_free(struct map *m)
{
	free(m->slot);
	*m = (struct map){ 0 };
}

bool
array_grow(void **p, size_t n, size_t *cap, size_t elem)
{
	size_t want = n < 8 ? 16 : n + n / 2;
	void *q;

	if (want <= n || want > SIZE_MAX / elem || want >= MAP_NONE)
		return false;
	q = realloc(*p, want * elem);
	if (!q)
		return false;
	*p = q;
	*cap = want;
	return true;
}

void *
array_copy(const void *p, size_t n, size_t elem, bool *ok)
{
	void *q;

	if (n == 0)
		return NULL;
	q = malloc(n * elem);
	if (q)
		memcpy(q, p, n * elem);
	else
		*ok = false;
	return q;
}
