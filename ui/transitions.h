/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From which state goroutines came into which, how often, and how long they had been in the first: by start function, and summed
 * up for those asked for. There are few: they have what memory they need.
 */
#ifndef TRANSITIONS_H
#define TRANSITIONS_H

#include "gotrace.h"

struct transition {
	uint32_t func, reason;   /* numbers of names, below 2^28; reason: of a wait that begins or ends, or of a stop; 0: none */
	uint8_t from, to;        /* enum gt_pres */
	uint64_t count, longest; /* longest: the event that ended the longest time in `from`, or the first event */
	int64_t total, most;     /* ns in `from` before it; most -1: there is no such time */
};

struct transitions;

/* NULL: no memory. */
struct transitions *transitions_new(void);
void transitions_free(struct transitions *ts);
/* Begins anew. */
void transitions_clear(struct transitions *ts);
/* One more, by an event. ns: how long it was in `from`; -1: it is not told. */
void transitions_add(struct transitions *ts, const struct transition *kind, uint64_t event, int64_t ns);
/* Sums them up for the start functions that `of` says yes to. */
void transitions_sum(struct transitions *ts, bool (*of)(void *arg, uint32_t func), void *arg);
/* How many sums there are, and number i of them, below the count; func says nothing. Valid until they are summed up again. */
size_t transitions_count(const struct transitions *ts);
const struct transition *transitions_at(const struct transitions *ts, size_t i);

#endif
