/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Timelines, as data: for each M, P or G what it did in each column of a stretch of time, and what went on beside that
 * (collections, stops of the world, tasks, regions, counts of events, metrics). Read in slices: what has not been read yet is
 * told apart from what is empty. Nothing is drawn here, and all of the trace comes through lanes_work.
 */
#ifndef LANES_H
#define LANES_H

#include "gotrace.h"
#include "kin.h"

/* What a cell may be: what M, P and G do, as core has it, and more. */
enum lane_cell {
	LC_NONE = GT_LANE_NONE,
	LC_IDLE = GT_LANE_IDLE,
	LC_RUNNING = GT_LANE_RUNNING,
	LC_RUNNABLE = GT_LANE_RUNNABLE,
	LC_WAITING = GT_LANE_WAITING,
	LC_SYSCALL = GT_LANE_SYSCALL,
	LC_BARE = GT_LANE_BARE,
	LC_GC = GT_LANES,
	LC_STW,
	LC_TASK,
	LC_REGION,
	LANE_CELLS
};
/* The character of a cell, and what it stands for in a lane of an M, P or G. */
const char *lane_glyph(unsigned cell, bool utf8);
const char *lane_means(unsigned cell, enum gt_res by);

/*
 * A stretch of columns in which a lane does one thing, or one column of many things: then what is told is true of one of
 * them, the longest of those of the state that takes most of the time; of tasks and regions, where most are open.
 */
struct lane_piece {
	uint16_t from, to; /* columns, both included */
	uint8_t cell;      /* enum lane_cell */
	uint8_t share;     /* of many: eighths of the time that it runs */
	bool many;         /* several things in one column */
	uint32_t count;    /* of many: how many, */
	uint32_t such;     /* and how many of this state */
	uint32_t level;    /* tasks or regions at once */
	int64_t m, p, g;   /* with whom; GT_NONE */
	uint64_t first;    /* event that began it, or the first one known of it */
	int64_t began, ended; /* ns; ended: as far as is known */
	struct gt_str text; /* reason of a wait or a stop, name of a task or region */
};

/* One state in the column being read: the time it takes, and the piece that would stand for it. */
struct lane_part {
	double ns;
	uint32_t count;
	struct lane_piece piece;
};
/* No lane has more states than these. */
#define LANE_PARTS 4

struct lane {
	int64_t id;
	bool active; /* did anything but stay as it was */
	bool later;  /* told of only behind the window */
	uint64_t *lit; /* a bit for each column in which there is an event to be marked; NULL: in none */
	struct lane_piece *piece;
	size_t n, cap;
	/* The column being read. */
	uint16_t column;
	uint32_t count; /* things in it */
	unsigned nparts;
	struct lane_part part[LANE_PARTS];
};

/*
 * Lanes beside those of Ms, Ps or Gs: some are lanes, some count events by column, the metrics are columns of ranges. Threads are
 * those that run or are in a syscall; either of them alone is a metric without a lane.
 */
enum lane_extra { LX_GC, LX_STW, LX_TASKS, LX_REGIONS, LX_LANES,
	LX_SAMPLES = LX_LANES, LX_NETWORK, LX_TIMERS, LX_TALLIES,
	LX_HEAP = LX_TALLIES, LX_GOAL, LX_GOROUTINES, LX_RUNNING, LX_SYSCALLS, LX_THREADS, LANE_EXTRAS,
	LX_THREADS_RUNNING = LANE_EXTRAS, LX_THREADS_SYSCALL, LX_END };
#define LANE_TALLIES (LX_TALLIES - LX_LANES)
#define LANE_METRICS (LX_END - LX_TALLIES)
const char *lane_extra_name(enum lane_extra x);
/* How many goroutines, and how many Ms, do something: Ms run where they have a P and could. */
struct lane_counts {
	size_t goroutines, running, in_syscall, m_running, m_in_syscall;
};
/* By a timeline: after the last event given to it, or as known to have been at the start: gt_timeline_count, gt_timeline_early. */
typedef size_t lane_count_fn(const struct gt_timeline *tl, enum gt_res res, enum gt_lane_state s);
struct lane_counts lanes_counts(const struct gt_timeline *tl, lane_count_fn *count);
/* A bar of so many eighths; how many a value is beside the most: what is not nothing is not shown as that. */
const char *lane_level(unsigned eighths, bool utf8);
unsigned lane_eighths(uint64_t value, uint64_t most);

#define LANE_COLUMNS 1024
/* No value known in a column. */
#define LANE_UNKNOWN UINT64_MAX

/*
 * Between what a metric is in a column: as it is when that begins, and after each event in it. LANE_UNKNOWN, both: not known. What
 * counts goroutines or threads counts also those told of only later, as they were before: their lanes begin with the trace, too.
 */
struct lane_range {
	uint64_t least, most;
};

/* Events of a kind in a column. */
struct lane_tally {
	uint32_t count;
	uint32_t sought; /* goroutines were let go on of which it is not known by whom: why they waited is looked for */
	uint64_t first;  /* the first of them, */
	int64_t g;       /* and whose it is */
};

struct lane_window {
	enum gt_res by;
	int64_t from, to; /* ns, of the trace's clock */
	unsigned columns; /* at most LANE_COLUMNS */
	unsigned lights;  /* which events are to be marked: another number, others; 0: none */
	bool beside;      /* the heap, its goal and why goroutines waited are to be known from the beginning on: looked for in what was before */
};

struct lanes;

/* Whether an event is to be marked; before: the time of the event before it. Of the events of a window, in their order. */
typedef bool lanes_light_fn(void *arg, const struct gt_event *ev, const struct gt_state *after, int64_t before);

/* light: asked where a window has lights; may be NULL, then there are none. NULL: no memory. */
struct lanes *lanes_new(lanes_light_fn *light, void *arg);
void lanes_free(struct lanes *l);
/* Forgets everything: the trace is read under other rules now. */
void lanes_clear(struct lanes *l);

/* What to show; begins anew where that is something else, or where `again`, and says whether it did. */
bool lanes_want(struct lanes *l, const struct lane_window *w, bool again);
const struct lane_window *lanes_window(const struct lanes *l);
/*
 * Reads on until stop says so, which is asked often. True while there is more to read.
 */
bool lanes_work(struct lanes *l, struct gt_nav *nav, bool (*stop)(void *arg), void *arg);

/* Columns known so far, from the left; all of them once everything is read, unless memory ended. */
unsigned lanes_known(const struct lanes *l);
bool lanes_done(const struct lanes *l);
/* Whether lanes_work has something to do: to read on, or to look before the window for metrics, behind it for what was so before. */
bool lanes_busy(const struct lanes *l, const struct gt_nav *nav);
/* The events ended before the window did; now that so many are known there is more to read. */
bool lanes_short(const struct lanes *l, uint64_t known);
/* Events in the window, as far as known. */
uint64_t lanes_events(const struct lanes *l);
/* Memory ended before all was read: what is behind lanes_known, or was still to be looked for, is not known. */
bool lanes_starved(const struct lanes *l);
/* There were more lanes than are kept. */
bool lanes_cut(const struct lanes *l);
/* Puts the lanes in order, by ID, goroutines that do something first: before what follows. */
void lanes_sort(struct lanes *l);
/* The same, but only those of goroutines that are kin. */
void lanes_sort_kin(struct lanes *l, const struct kin *kin);
size_t lanes_count(const struct lanes *l);
const struct lane *lanes_at(const struct lanes *l, size_t i);
/* Where a lane is; lanes_count where it is not. */
size_t lanes_find(const struct lanes *l, int64_t id);
const struct lane *lanes_extra(const struct lanes *l, enum lane_extra x);
/* Counts by column. */
const struct lane_tally *lanes_tally(const struct lanes *l, enum lane_extra x);
/* A metric by column. */
const struct lane_range *lanes_metric(const struct lanes *l, enum lane_extra x);
/* In so many columns from the left it is not known only since what told it before the window has not been found. */
unsigned lanes_sought(const struct lanes *l, enum lane_extra x);
/* The piece of a lane in a column; NULL: none. */
const struct lane_piece *lane_piece_at(const struct lane *l, unsigned column);
/* Whether there is an event to be marked in a column of a lane. */
bool lane_is_lit(const struct lane *l, unsigned column);
/* The first event at or after a column begins, as far as known; 0: none. */
uint64_t lanes_event_at(const struct lanes *l, unsigned column);

/* The column of a time; below 0 and from columns on where it is outside. */
int lane_column(const struct lane_window *w, int64_t time);
int64_t lane_time(const struct lane_window *w, unsigned column);

#endif
