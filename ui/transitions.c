/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See transitions.h. */
#include "transitions.h"

#include <stdlib.h>
#include <string.h>

#include "idmap.h"

/* By function, states and reason: a vector, and where in it each is. */
struct sums {
	struct transition *v;
	size_t n, cap;
	struct idmap at;
};

/* Few take turns again and again. */
#define RECENT 256

struct transitions {
	struct sums all, asked;
	struct {
		uint64_t key;
		uint32_t at; /* plus one; 0: none */
	} recent[RECENT];
};

static void
clear(struct sums *s)
{
	free(s->v);
	idmap_free(&s->at);
	*s = (struct sums){ .n = 0 };
}

static uint64_t
key_of(const struct transition *kind)
{
	return (uint64_t)kind->func << 36 | (uint64_t)kind->reason << 8 | (uint64_t)kind->from << 4 | kind->to;
}

/* NULL: no memory. */
static struct transition *
sum_of(struct sums *s, const struct transition *kind)
{
	uint64_t key = key_of(kind);
	uint32_t at = idmap_get(&s->at, key);

	if (at != IDMAP_NONE)
		return &s->v[at];
	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 16;
		struct transition *v = realloc(s->v, cap * sizeof *v);

		if (!v)
			return NULL;
		s->v = v;
		s->cap = cap;
	}
	if (!idmap_put(&s->at, key, (uint32_t)s->n))
		return NULL;
	s->v[s->n] = (struct transition){ .func = kind->func, .reason = kind->reason, .from = kind->from, .to = kind->to, .most = -1 };
	return &s->v[s->n++];
}

/* The first of those that took equally long. */
static void
add(struct transition *to, const struct transition *more)
{
	if (!to->count || more->most > to->most || (more->most == to->most && more->longest < to->longest)) {
		to->most = more->most;
		to->longest = more->longest;
	}
	to->count += more->count;
	to->total = (int64_t)((uint64_t)to->total + (uint64_t)more->total);
}

void
transitions_add(struct transitions *ts, const struct transition *kind, uint64_t event, int64_t ns)
{
	uint64_t key = key_of(kind);
	size_t i = (kind->func * 31 + kind->reason * 64 + kind->from * 8 + kind->to) % RECENT;
	struct transition one = { .count = 1, .longest = event, .total = ns > 0 ? ns : 0, .most = ns }, *sum;

	if (ts->recent[i].at && ts->recent[i].key == key) {
		add(&ts->all.v[ts->recent[i].at - 1], &one);
		return;
	}
	sum = sum_of(&ts->all, kind);
	if (!sum)
		return;
	add(sum, &one);
	ts->recent[i].key = key;
	ts->recent[i].at = (uint32_t)(sum - ts->all.v) + 1;
}

void
transitions_sum(struct transitions *ts, bool (*of)(void *arg, uint32_t func), void *arg)
{
	clear(&ts->asked);
	for (size_t i = 0; i < ts->all.n; i++) {
		struct transition kind = ts->all.v[i], *sum;

		if (!of(arg, kind.func))
			continue;
		kind.func = 0;
		sum = sum_of(&ts->asked, &kind);
		if (sum)
			add(sum, &kind);
	}
}

struct transitions *
transitions_new(void)
{
	return calloc(1, sizeof(struct transitions));
}

void
transitions_clear(struct transitions *ts)
{
	clear(&ts->all);
	clear(&ts->asked);
	memset(ts->recent, 0, sizeof ts->recent);
}

void
transitions_free(struct transitions *ts)
{
	if (ts)
		transitions_clear(ts);
	free(ts);
}

size_t
transitions_count(const struct transitions *ts)
{
	return ts->asked.n;
}

const struct transition *
transitions_at(const struct transitions *ts, size_t i)
{
	return &ts->asked.v[i];
}
