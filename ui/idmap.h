/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A map from numbers to indices: open addressing. */
#ifndef IDMAP_H
#define IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idmap_slot {
	uint64_t key;
	uint32_t val; /* plus one; 0: empty */
};

/* Zero one to begin. */
struct idmap {
	struct idmap_slot *slot;
	size_t n, size; /* size: 0 or a power of two */
};

#define IDMAP_NONE UINT32_MAX

/* The index of a key, or IDMAP_NONE. */
uint32_t idmap_get(const struct idmap *m, uint64_t key);
/* key must not be there yet. False: no memory. */
bool idmap_put(struct idmap *m, uint64_t key, uint32_t val);
/* Takes a key out, if it is there. */
void idmap_del(struct idmap *m, uint64_t key);
/* Bytes that it will take more for one more key. */
size_t idmap_more(const struct idmap *m);
void idmap_free(struct idmap *m);
/* A key for n bytes; more bytes go on from the key of those before them, the first from IDMAP_TEXT. */
#define IDMAP_TEXT UINT64_C(0xcbf29ce484222325)
uint64_t idmap_text(const char *p, size_t n, uint64_t before);

#endif
