/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places in a trace, as people write them:
 *
 *	123 4,458		an event
 *	+5 -5			so many events on, or back
 *	50%			a share of all
 *	@1.5s			a time since the first event
 *	@1234567		a time as the file has it, in nanoseconds (dump prints it as Time=)
 *	18:47:51.27		a time of the wall clock, as :time wall shows it
 *	+1.5s -20ms		a time from here: the first event that is no earlier; the last that is no later
 *	gen 17			a generation
 *	offset 4711		a byte of the file; 0x for hexadecimal
 *	offset 4711 part 1	of several events that were made of it, that which says so
 *	end			the end of the trace, or what broke it, or the newest event
 */
#ifndef WHERE_H
#define WHERE_H

#include <stdbool.h>
#include <stdint.h>

enum where_kind { WHERE_EVENT, WHERE_STEP, WHERE_SHARE, WHERE_TIME, WHERE_CLOCK, WHERE_WALL, WHERE_LATER, WHERE_GEN, WHERE_OFFSET, WHERE_END };

struct where {
	enum where_kind kind;
	bool back;    /* STEP, LATER; CLOCK: the last event that is no later, not the first that is no earlier */
	uint64_t n;   /* EVENT, STEP, GEN, OFFSET */
	double share; /* SHARE: 0 to 1 */
	int64_t ns;   /* TIME, CLOCK, LATER; WALL: of the day */
	unsigned part; /* OFFSET: which of the events made of what is there, from 1; 0: the first */
};

/* False: it is none. */
bool where_parse(const char *text, struct where *w);

#endif
