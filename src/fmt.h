/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What dump prints: a format is a row of functions. */
#ifndef FMT_H
#define FMT_H

#include "out.h"

struct format {
	const char *name, *what;
	/* What the others are given as f, for the events of this trace; NULL: no memory. */
	void *(*begin)(struct out *o, const struct gt_trace *t);
	/* The first event of the trace, which is not shown; NULL: it does not matter. */
	void (*first)(void *f, const struct gt_event *ev);
	/*
	 * One of the two: the events in order, or as they lie in the file. False, nothing printed: the event can't be shown
	 * (see unprintable in cmd_dump.c).
	 */
	bool (*event)(void *f, struct out *o, const struct gt_event *ev);
	bool (*raw)(void *f, struct out *o, const struct gt_raw *ev);
	/* What goes to standard output where the trace breaks; NULL: nothing does. */
	void (*error)(void *f, struct out *o, const struct gt_error *err);
	/* After the last event (whole: there was no error), and to free f. */
	void (*end)(void *f, struct out *o, bool whole);
};

extern const struct format format_parsed, format_wire, format_footprint, format_jsonl, format_csv;

/* The text format, for convert: as wire, and nothing is lost. The header line first; then f as for the others. */
void *text_begin(struct out *o, const struct gt_trace *t);
bool text_event(void *f, struct out *o, const struct gt_raw *ev);
void text_end(void *f);
/* Bytes that make no events, as comments that keep them. */
void text_bytes(struct out *o, const uint8_t *p, size_t n);

/* A wall clock time in RFC 3339, local, with as much of the nanoseconds as there is. */
void put_wall(struct out *o, int64_t sec, int64_t nsec);
/* Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar carried on both ways. */
void civil(int64_t day, int64_t *year, int *month, int *mday);

/* --- stacks ----------------------------------------------------------------------- */

/*
 * The same few stacks are printed again and again: what they look like is kept for as long as the generation lasts.
 * put: how n frames look. NULL: no memory.
 */
struct stacks;
struct stacks *stacks_new(void (*put)(struct out *o, const struct gt_frame *frame, int n));
void stacks_free(struct stacks *s);
/* Prints a stack of the event's generation; where the ID is not in the table, nothing, and false. */
bool stacks_put(struct stacks *s, struct out *o, const struct gt_event *ev, uint64_t id);

/* --- numbers ------------------------------------------------------------------------ */

/* Decimal digits at `to`, which has room for 20; returns what is behind them. */
char *put_digits(char *to, uint64_t v);

#endif
