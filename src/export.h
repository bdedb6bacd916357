/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What export gives to the formats of other tools' timelines: lanes with slices in them, points, counters. export_lanes.c
 * makes them of a trace, a sink writes them down. Profiles are something else.
 */
#ifndef EXPORT_H
#define EXPORT_H

#include "gotrace.h"
#include "out.h"

#include "ui/delays.h"

/* Lanes of one kind stand together. Slices of one lane do not overlap, but in those of tasks and regions. */
enum lane_group { LANES_P, LANES_M, LANES_G, LANES_GC, LANES_TASKS, LANES_REGIONS, LANE_GROUPS };

enum export_counter { COUNT_HEAP, COUNT_GOAL, COUNT_PROCS, COUNT_RUNNING, COUNT_RUNNABLE, EXPORT_COUNTERS };

/* What is the same for all formats: names, and whether slices of one lane may overlap; units of counters. */
struct lane_kind {
	const char *name;
	bool overlap;
};
extern const struct lane_kind lane_kinds[LANE_GROUPS];
struct counter_kind {
	const char *name, *unit; /* "bytes", "count" */
};
extern const struct counter_kind counter_kinds[EXPORT_COUNTERS];

/* Something in a lane. Times are ns since the trace began. */
struct slice {
	enum lane_group group;
	uint64_t lane;
	struct gt_str name;
	int64_t from, to;      /* of a point they are the same */
	int64_t m, p, g;       /* with whom; GT_NONE, and where the lane tells */
	uint64_t event;        /* that it begins with; 0: none */
	struct gt_str reason;  /* or what a log says; empty: none */
	uint32_t stack;        /* number of the stack; 0: none */
	struct gt_str frames;  /* that stack, a line for each frame */
	uint64_t flow;         /* an arrow goes out from this point, or comes in where this slice begins; 0: none */
};

struct sink;
struct sink_form {
	bool text;        /* may go to a terminal */
	bool (*begin)(struct sink *s); /* false: no memory */
	/* A stack that slices will refer to: numbers from 1. NULL: what they say of it is enough. */
	void (*stack)(struct sink *s, uint32_t number, struct gt_str frames);
	/* Before the first slice or point in it. Not of lanes that overlap. */
	void (*lane)(struct sink *s, enum lane_group group, uint64_t lane, struct gt_str name);
	/* Slices come in the order in which they end. */
	void (*slice)(struct sink *s, const struct slice *x);
	void (*point)(struct sink *s, const struct slice *x);
	void (*count)(struct sink *s, enum export_counter which, int64_t time, int64_t value);
	void (*end)(struct sink *s);
};
struct sink {
	const struct sink_form *form;
	struct out *out;
	void *own; /* the form's; freed by its end */
};

extern const struct sink_form sink_chrome, sink_perfetto;

struct export_how {
	int64_t from, to; /* ns since the trace began */
	unsigned groups;  /* of lanes: a bit for each enum lane_group */
};
/* Reads all that there is, from the start, and writes it. False: no memory. */
bool export_lanes(const struct sink_form *form, struct out *o, struct gt_reader *r, const struct export_how *how);

/*
 * A profile for pprof, packed as it wants it: how often and how long (ns) goroutines were held, by stack, as go tool trace -pprof
 * has it. Of `how` the times. False: no memory.
 */
bool export_pprof(enum delay_kind kind, struct out *o, struct gt_reader *r, const struct export_how *how);

#endif
