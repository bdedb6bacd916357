/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The goroutines that had to do with one: who created it and whom it created, who unblocked it and whom it unblocked, in
 * all of the trace. Looked for from the first event on, in slices; where the index knows that it is not, nothing is read.
 */
#ifndef KIN_H
#define KIN_H

#include "gotrace.h"
#include "idmap.h"

struct kin {
	int64_t g;       /* GT_NONE: of nobody */
	uint64_t at;     /* the next event to look at */
	bool over;       /* there were no more events, */
	uint64_t known;  /* when so many were known */
	struct idmap is; /* the goroutine itself and those found, by ID */
};

/* Begins anew for a goroutine, behind event `base`; GT_NONE: for nobody, and what was kept is freed. */
void kin_of(struct kin *k, int64_t g, uint64_t base);
/* Whether it is one of them; of nobody all are. */
bool kin_has(const struct kin *k, int64_t g);
/* Whether there is more to look at, of a trace of which so many events are known. */
bool kin_wants(const struct kin *k, uint64_t known);
/* Looks on until stop says so. */
void kin_work(struct kin *k, struct gt_nav *nav, uint64_t known, bool (*stop)(void *arg), void *arg);

#endif
