/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To the siblings and the children of a goroutine. The census knows who created whom; where it has not got that far, it is
 * made to, in slices.
 */
#ifndef FAMILY_H
#define FAMILY_H

#include "cmds.h"

struct model;

struct family {
	enum cmd want; /* whose answer is waited for; CMD_NONE: nobody's */
	int64_t g;     /* of which goroutine: of the last that was come to, to begin with that where one is */
	int64_t of;    /* the one before it on the way */
	uint64_t left; /* how many are still to come */
	uint64_t row;  /* the event that created g; 0: it is the first */
};

/* A command, of a goroutine, count times, or as often as there is somewhere to go; false: it is none of these. */
bool family_do(struct model *m, enum cmd cmd, int64_t g, uint64_t count);
/* Reads on until stop says so, and goes there once it is known where. */
void family_work(struct model *m, bool (*stop)(void *arg), void *arg);

#endif
