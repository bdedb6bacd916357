/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens at the current event: every M, P and G in play before and after it, the other Ms, and what the event
 * requires held against the states before it. At the end of a broken trace: the same for the event refused, or the
 * heads of the frontier where all of them wait. Values only: it stays true while the navigator moves on.
 */
#ifndef SCENE_H
#define SCENE_H

#include "gotrace.h"
#include "rows.h"

#define SCENE_THINGS 16
#define SCENE_OTHERS 64
#define SCENE_HEADS 24

/* One M, P or G at one time. */
struct thing_state {
	bool there;
	unsigned status; /* enum gt_pstatus, enum gt_gstatus */
	uint64_t seq;
	int64_t m, p, g; /* an M's P and G; the M of a P or G */
};

struct thing {
	enum gt_res res;
	int64_t id;
	struct thing_state before, after;
};

struct scene_head {
	struct gt_event ev; /* gen is NULL here */
	enum gt_answer answer;
	struct gt_reason why;
};

enum scene_kind {
	SCENE_NONE,
	SCENE_STARVED, /* there was no memory to go there */
	SCENE_EVENT,
	SCENE_END,     /* behind the last event of a valid trace */
	SCENE_REFUSED, /* an event was refused: ev */
	SCENE_STUCK,   /* every head waits */
	SCENE_CUT      /* the file itself is broken */
};

struct scene {
	enum scene_kind kind;
	struct gt_event ev; /* the event; gen is NULL here */
	struct thing things[SCENE_THINGS];
	size_t nthings;
	struct gt_m others[SCENE_OTHERS];    /* with a P or a G, by ID */
	unsigned other_status[SCENE_OTHERS]; /* of their G */
	size_t nothers, busy, idle;          /* busy: how many there are, also beyond SCENE_OTHERS */
	struct gt_check checks[GT_MAXCHECKS];
	size_t nchecks;
	struct scene_head heads[SCENE_HEADS];
	size_t nheads, all_heads;
	struct gt_error err; /* its text is valid while the navigator is not used */
};

/* The event of a row; leaves the navigator at it. */
void scene_event(struct scene *s, struct gt_nav *nav, unsigned version, const struct row *row);
/* The end, behind event n, the last one. */
void scene_end(struct scene *s, struct gt_nav *nav, unsigned version, uint64_t n);
bool thing_changed(const struct thing *t);

#endif
