/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ranges of a trace: stops of the world by reason, GCs, sweeps, mark assists. How many of each there were, how long they
 * took, and the longest of them one by one. A part of the census.
 */
#ifndef RANGES_H
#define RANGES_H

#include "gotrace.h"
#include "idmap.h"

/* So many of each kind are kept one by one, the longest. */
#define RANGES_KEPT 1000
/* Kinds; a valid trace has no more than there are reasons to stop the world, and a few. */
#define RANGES_KINDS 500

struct range_kind {
	const char *name;     /* of the range; a constant */
	struct gt_str reason; /* of a stop of the world */
	char *text;           /* both: "stop-the-world (GC mark termination)" */
	uint64_t count, open; /* all of them, and those that did not end */
	uint64_t timed;       /* those that began and ended */
	int64_t total, least, most;
	uint64_t longest;     /* event that began the longest */
	uint32_t *heap, n, cap; /* of those kept, the shortest first */
};

struct range_one {
	uint64_t event;   /* that began it */
	int64_t began, took;
	int64_t g, p;     /* the context of that event; GT_NONE */
	uint32_t kind;
};

struct range_open {
	uint64_t key, event;
	int64_t began, g, p;
};

/* Zero one to begin. */
struct ranges {
	struct range_kind *kind;
	struct range_one *one;
	struct range_open *open;
	size_t nkind, ckind, none, cone, nopen, copen;
	struct idmap open_at;
	uint64_t shorter; /* not among those kept */
	bool crowded;     /* not all kinds had room */
	size_t bytes;     /* that it takes */
};

/* The next event of the trace, in at most so many bytes more than it takes now. */
void ranges_take(struct ranges *r, const struct gt_event *ev, size_t room);
void ranges_free(struct ranges *r);

#endif
