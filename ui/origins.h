/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a goroutine comes from: the last events before the current one that created, blocked and unblocked it. Looked for
 * backwards, in slices.
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
	uint64_t far;  /* no further back than this, unless somebody wants to know */
	struct origin_event event[ORIGINS];
	bool wanted;   /* to go there */
	enum origin want;
};

/* "created", "blocked", "unblocked" */
const char *origin_name(enum origin o);
/* Begins anew for a goroutine at a row. */
void origins_of(struct origins *o, int64_t g, uint64_t row);
bool origins_done(const struct origins *o);
/* Looks on until stop says so. True while there is more. */
bool origins_work(struct origins *o, struct gt_nav *nav, bool (*stop)(void *arg), void *arg);

#endif
