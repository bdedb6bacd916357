/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes on beside Ms, Ps and Gs, one interval or event after another: what the explorer has lanes of in its timeline. */
#ifndef BESIDE_H
#define BESIDE_H

#include "gotrace.h"
#include "ui/lanes.h"

struct beside_item {
	enum lane_extra lane;
	int64_t task;         /* of a task or region; GT_NONE */
	int64_t m, p, g;      /* what it is of; GT_NONE */
	int64_t from, to;     /* ns; the same of what is one event */
	uint64_t first, last; /* as those of a span; of what is one event, that */
	struct gt_str text;   /* name of a task or region, kind of a stop, reason of a wait */
	uint64_t value;       /* of a metric */
	uint64_t running, in_syscall; /* of threads: which of them they are */
};
typedef void beside_fn(void *arg, const struct beside_item *item);

/* Text of a name in data and on the command line; a constant. */
const char *beside_name(enum lane_extra x);

struct beside;
/* Each item is given to fn when it ends. early: how many all of the trace tells to have been so at its start. NULL: no memory. */
struct beside *beside_new(beside_fn *fn, void *arg, const struct lane_counts *early);
void beside_free(struct beside *b);
/* An event, before it is given to a timeline of the same events, and after that. False: no memory. */
void beside_before(struct beside *b, const struct gt_event *ev, const struct gt_timeline *tl);
bool beside_after(struct beside *b, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_timeline *tl);
/* Gives out what is still open, as ending with the last event. */
void beside_end(struct beside *b);

#endif
