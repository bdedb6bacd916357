/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All goroutines, tasks, regions and ranges of a trace, and how long they did what: collected by one pass over all events, in
 * slices. Values only; strings point into the trace.
 */
#ifndef CENSUS_H
#define CENSUS_H

#include "delays.h"
#include "gotrace.h"
#include "ranges.h"
#include "transitions.h"

/* Which table: see tables.def. */
enum census_kind {
#define KIND(id, name, other, arg, what, enter) CENSUS_##id,
#include "tables.def"
#undef KIND
	CENSUS_KINDS
};
/* "goroutines" and the like; a constant. */
const char *census_kind_name(enum census_kind k);

struct census_g {
	int64_t id;
	uint64_t first;  /* event that it appears with; of one that was created in the trace, that is its creation */
	uint32_t func : 28;  /* its start function; 0: not known: see census_name */
	uint32_t before : 4; /* what it was before the trace, up to `first`: see gt_pres_name; 0: not known, or not there */
	uint32_t waits;  /* its waits by reason, plus one: see census_waits */
	int64_t running, runnable, waiting, syscall, assist; /* ns */
	int64_t assists;     /* since when it assists; INT64_MIN: it does not */
	int64_t created;     /* when, ns; CENSUS_NEVER: it was there before the trace */
	int64_t ended;       /* when, the last time; CENSUS_NEVER: it lives; CENSUS_AGAIN: and had ended before */
	uint32_t life;       /* what is known of it only while it lives, plus one; 0: nothing yet */
	uint32_t creator;    /* its place, plus one; 0: it was there before the trace */
};
/* A creator: a thread, outside of any goroutine. */
#define CENSUS_NOBODY UINT32_MAX
/* No times. */
#define CENSUS_NEVER INT64_MIN
#define CENSUS_AGAIN (INT64_MIN + 1)

/* Goroutines with one start function. */
struct census_group {
	uint32_t func;
	uint64_t count, first;
	int64_t running, runnable, waiting, syscall, assist;
};

struct census_task {
	uint64_t id, parent;
	struct gt_str name;
	uint64_t first, last; /* events; last 0: it does not end */
	int64_t began, ended; /* began CENSUS_NEVER: before the trace, and nothing is known but what it did since */
	uint64_t regions, logs;
};

/* Regions of one name. */
struct census_region {
	struct gt_str name;
	uint64_t count, open; /* those that began and ended, and those that did not end */
	uint64_t before;      /* those that ended, and began before the trace: how long they took is not known */
	int64_t total, least, most;
	uint64_t longest; /* event that began the longest */
};

/* How many there were, of which the trace tells. */
uint64_t census_regions(const struct census_region *r);

/* A goroutine's waits for one reason. */
struct census_wait {
	struct gt_str reason;
	int64_t ns;
	uint32_t name, next; /* next: plus one */
};

struct census;

/*
 * room: bytes that it may take for rows. What is summed up in groups, and what is alive or open, has what it needs: groups are
 * the same in whatever room. NULL: no memory.
 */
struct census *census_new(size_t room);
void census_free(struct census *c);
/* Begins anew. */
void census_clear(struct census *c);
/* Reads on until stop says so. True while there is more; more: there will be, if not yet. */
bool census_work(struct census *c, struct gt_nav *nav, bool more, bool (*stop)(void *arg), void *arg);
/* Each span that is read is given to fn, too. */
void census_watch(struct census *c, gt_span_fn *fn, void *arg);
/* The same by who reads all of a trace anyway: its next event, and its end. False: no memory. */
bool census_take(struct census *c, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after);
void census_finish(struct census *c);
bool census_done(const struct census *c);
/* Events read. */
uint64_t census_events(const struct census *c);
/*
 * How many rows are left out since there was no room for them; CENSUS_SOME: it is not known how many. Of groups none ever are, unless there was no memory to read on; of
 * ranges one by one the shorter ones.
 */
#define CENSUS_SOME UINT64_MAX
uint64_t census_left_out(const struct census *c, enum census_kind k);

/* How many there are of a kind so far. */
size_t census_count(const struct census *c, enum census_kind k);
/* Number i of them, below the count. Valid until the census is worked on, or cleared. */
const struct census_g *census_g(const struct census *c, size_t i);
const struct census_group *census_group(const struct census *c, size_t i);
const struct census_task *census_task(const struct census *c, size_t i);
const struct census_region *census_region(const struct census *c, size_t i);
const struct range_kind *census_range(const struct census *c, size_t i);
const struct range_one *census_longest(const struct census *c, size_t i);
/* The waits by stack. */
const struct delays *census_delays(const struct census *c);
/*
 * Sums up the transitions of goroutines whose start function has that name, or where none has, whose name contains it; empty: of
 * all. What one did before its start function was told is of none. Returns what was summed up.
 */
const struct transitions *census_transitions(struct census *c, struct gt_str of);
/* IDs of such goroutines, of those that are there: at most cap are written; returns how many there are. */
size_t census_of(const struct census *c, struct gt_str of, int64_t *id, size_t cap);
/* What was summed up last. */
const struct transitions *census_summed(const struct census *c);
/* A goroutine by its ID, the latest of that; NULL: none. */
const struct census_g *census_find(const struct census *c, int64_t id);
/* The goroutine that created it; NULL: none is known. */
const struct census_g *census_creator(const struct census *c, const struct census_g *g);
/* The next that its creator created, or the one before; NULL: none. */
const struct census_g *census_sibling(const struct census *c, const struct census_g *g, bool back);
/* Of those it created, the one that lived longest, the first of several; NULL: it created none. */
const struct census_g *census_longest_child(const struct census *c, const struct census_g *g);
/* Whether it has ended, and its ID has not come again. */
bool census_ended(const struct census_g *g);
/* How long, ns, up to the end or what was read; of one that was there before, since the trace began. */
int64_t census_lived(const struct census *c, const struct census_g *g);
/* The name of a start function by its number, empty for 0. */
struct gt_str census_name(const struct census *c, uint32_t func);
/* Tells the start functions of those that are there, each once, in no order that means something. */
void census_functions(const struct census *c, void (*fn)(void *arg, struct gt_str name), void *arg);
/* The waits of a goroutine, one after the other: give NULL for the first; NULL: no more. */
const struct census_wait *census_waits(const struct census *c, const struct census_g *g, const struct census_wait *w);
/* Makes the groups of what is there now. */
void census_regroup(struct census *c);

#endif
