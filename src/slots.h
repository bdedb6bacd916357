/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places in an array for what comes and goes, by ID: those of what has gone are used again. */
#ifndef SLOTS_H
#define SLOTS_H

#include "array.h"

#include "ui/idmap.h"

/* Zero one to begin. */
struct slots {
	struct idmap at;
	uint32_t *free;
	size_t nfree, cfree, n; /* n: places that were ever used */
};

/* The place of an ID, below s->n; IDMAP_NONE: it has none. */
static inline uint32_t
slots_get(const struct slots *s, int64_t id)
{
	return idmap_get(&s->at, (uint64_t)id);
}

/* A place for an ID that has none: s->n grows, or it is one used before. IDMAP_NONE: no memory. */
static inline uint32_t
slots_put(struct slots *s, int64_t id)
{
	bool again = s->nfree > 0;
	uint32_t at = again ? s->free[s->nfree - 1] : (uint32_t)s->n;

	/* Each place can be free one day. */
	if (!array_room(&s->free, s->n + 1, &s->cfree, sizeof(*s->free)) || !idmap_put(&s->at, (uint64_t)id, at))
		return IDMAP_NONE;
	if (again)
		s->nfree--;
	else
		s->n++;
	return at;
}

/* The ID gives up its place, if it has one. */
static inline void
slots_drop(struct slots *s, int64_t id)
{
	uint32_t at = slots_get(s, id);

	if (at == IDMAP_NONE)
		return;
	idmap_del(&s->at, (uint64_t)id);
	s->free[s->nfree++] = at;
}

static inline void
slots_free(struct slots *s)
{
	idmap_free(&s->at);
	free(s->free);
}

#endif
