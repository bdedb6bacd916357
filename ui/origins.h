/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a goroutine comes from: the last events before the current one that created, blocked and unblocked it. Looked for
 * backwards, in slices, where the index knows that it is not, nothing is read. Who wants to know what created it need not go
 * back through all it did: what the index has is gone through from the first event on, to where it is first heard of.
 */
#ifndef ORIGINS_H
#define ORIGINS_H

#include "gotrace.h"

enum origin { ORIGIN_CREATED, ORIGIN_BLOCKED, ORIGIN_UNBLOCKED, ORIGINS };

struct origin_event {
	uint64_t n; /* 0: not found */
	int64_t m, p, g; /* of the event: who did it */
	struct gt_str reason;
};

struct origins {
	int64_t g;
	uint64_t row;  /* the event that all of them are before */
	uint64_t at;   /* events from here on have been looked at */
	/*
	 * For its creation: events before the one have been looked at from the first on (ORIGINS_BACK: that is of no use), and for
	 * calls from C, which may create it again, those from the other on.
	 */
	uint64_t ahead, behind; /* behind 0: not needed */
	bool uncreated;         /* nothing created it */
	bool starved;           /* no memory to look any further */
	uint64_t far;  /* no further back than this, unless somebody wants to know */
	struct origin_event event[ORIGINS];
	bool wanted;   /* to go there */
	enum origin want;
};

#define ORIGINS_BACK UINT64_MAX

/* "created", "blocked", "unblocked" */
const char *origin_name(enum origin o);
/* Begins anew for a goroutine at a row. */
void origins_of(struct origins *o, int64_t g, uint64_t row);
bool origins_done(const struct origins *o);
/* Looks on until stop says so. True while there is more. */
bool origins_work(struct origins *o, struct gt_nav *nav, bool (*stop)(void *arg), void *arg);

#endif
