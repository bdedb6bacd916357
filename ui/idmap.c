/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See idmap.h. */
#include "idmap.h"

#include <stdlib.h>

static size_t
home(const struct idmap *m, uint64_t key)
{
	/* The high bits of a product with the golden ratio: every bit of the key counts. */
	return (size_t)(key * 0x9e3779b97f4a7c15 >> 32) & (m->size - 1);
}

static struct idmap_slot *
find(const struct idmap *m, uint64_t key)
{
	size_t i = home(m, key);

	while (m->slot[i].val && m->slot[i].key != key)
		i = (i + 1) & (m->size - 1);
	return &m->slot[i];
}

uint32_t
idmap_get(const struct idmap *m, uint64_t key)
{
	const struct idmap_slot *s = m->size ? find(m, key) : NULL;

	return s && s->val ? s->val - 1 : IDMAP_NONE;
}

static bool
is_full(const struct idmap *m)
{
	return 4 * (m->n + 1) > 3 * m->size;
}

static size_t
next_size(const struct idmap *m)
{
	return m->size ? 2 * m->size : 64;
}

static bool
grow(struct idmap *m)
{
	struct idmap bigger = { .size = next_size(m), .n = m->n };

	bigger.slot = calloc(bigger.size, sizeof *bigger.slot);
	if (!bigger.slot)
		return false;
	for (size_t i = 0; i < m->size; i++)
		if (m->slot[i].val)
			*find(&bigger, m->slot[i].key) = m->slot[i];
	free(m->slot);
	*m = bigger;
	return true;
}

bool
idmap_put(struct idmap *m, uint64_t key, uint32_t val)
{
	if (is_full(m) && !grow(m))
		return false;
	*find(m, key) = (struct idmap_slot){ key, val + 1 };
	m->n++;
	return true;
}

void
idmap_del(struct idmap *m, uint64_t key)
{
	struct idmap_slot *gap = m->size ? find(m, key) : NULL;

	if (!gap || !gap->val)
		return;
	m->n--;
	/* Those behind it that are not where they belong move up, where the gap is on their way. */
	for (size_t i = (size_t)(gap - m->slot), to = i;;) {
		i = (i + 1) & (m->size - 1);
		if (!m->slot[i].val) {
			m->slot[to].val = 0;
			return;
		}
		if (((i - home(m, m->slot[i].key)) & (m->size - 1)) < ((i - to) & (m->size - 1)))
			continue;
		m->slot[to] = m->slot[i];
		to = i;
	}
}

size_t
idmap_more(const struct idmap *m)
{
	return is_full(m) ? (next_size(m) - m->size) * sizeof *m->slot : 0;
}

void
idmap_free(struct idmap *m)
{
	free(m->slot);
	*m = (struct idmap){ 0 };
}

uint64_t
idmap_text(const char *p, size_t n, uint64_t before)
{
	/* FNV-1a */
	for (size_t i = 0; i < n; i++)
		before = (before ^ (unsigned char)p[i]) * UINT64_C(0x100000001b3);
	return before;
}
