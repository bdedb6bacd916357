/* SPDX-License-Identifier: MIT */
/* Where generations lie, by the heads of the batches alone. */
#ifndef PLACES_H
#define PLACES_H

#include "trace.h"

struct places {
	const struct gt_trace *t;
	uint64_t off;     /* of the next batch */
	uint32_t at, nth; /* its number in the file; how many generations have begun before it */
	bool open, over;  /* a generation has begun; there are no more */
	bool ahead;       /* looks at all bytes there are of a trace that is arriving, not only at whole generations */
	struct gt_gen_place place;
};

enum places_got { PLACES_ONE, PLACES_LATER, PLACES_WAIT, PLACES_OVER };

void places_init(struct places *ps, const struct gt_trace *t);
/*
 * Reads on, at most so many heads. ONE: *out is the next generation. LATER: it has not ended yet. WAIT: nor will it before
 * more has arrived. OVER: there are no more: the file is over, or what comes is no batch.
 */
enum places_got places_next(struct places *ps, unsigned heads, struct gt_gen_place *out);

#endif
