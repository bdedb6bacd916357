/* SPDX-License-Identifier: MIT */
/*
 * The event table of events.def as data, and the names of what the enums of gotrace.h count.
 */
#include "gotrace.h"

#include <string.h>

#define PLAIN GT_PLAIN
#define DATA GT_DATA
#define STACK GT_STACKED
#define MUST GT_MUST
#define MAY GT_MAY
#define NOT GT_NOT
#define NEED(m, p, g) .need = { m, p, g }
#define NO .subject = GT_SUBJ_NO
#define TR(subj, old, new) .subject = GT_SUBJ_##subj, .from = GT_PRES_##old, .to = GT_PRES_##new

#define A(nm, type) { #nm, GT_ARG_##type },
#define LIST(...) { __VA_ARGS__ { NULL, GT_ARG_VALUE } }
#define ARGS(...)                                                                                                      \
	.arg = LIST(__VA_ARGS__), .nargs = sizeof((const struct gt_arg[])LIST(__VA_ARGS__)) / sizeof(struct gt_arg) - 1
#define ST(num, nm, ver, shp, args, wht) [num] = { .name = #nm, .what = wht, .since = ver, .shape = shp, args },
#define EV(num, nm, ver, knd, strt, args, change, requires, handler, wht)                                              \
	[num] = { .name = #nm, .what = wht, .since = ver, .timed = true, .kind = GT_K_##knd, .starts = GT_EV_##strt,   \
		args, change, requires },

static const struct gt_spec specs[GT_TYPES] = {
#include "events.def"
	[GT_EV_SyncPoint] = { .name = "SyncPoint", .what = "Between generations: everything that lives has been named.",
		.since = 22, .kind = GT_K_Sync, .need = { MAY, MAY, MAY } },
};

const struct gt_spec *
gt_spec(unsigned type)
{
	return &specs[type < GT_TYPES ? type : 0];
}

enum gt_type
gt_type_by_name(const char *name, size_t n)
{
	for (unsigned t = 1; t < GT_EV_SyncPoint; t++)
		if (specs[t].name && strlen(specs[t].name) == n && memcmp(specs[t].name, name, n) == 0)
			return (enum gt_type)t;
	return GT_EV_None;
}

static const char *
pick(const char *const *names, size_t n, unsigned i, const char *other)
{
	return i < n ? names[i] : other;
}
#define PICK(names, i, other) pick(names, sizeof(names) / sizeof((names)[0]), i, other)

const char *
gt_kind_name(enum gt_kind kind)
{
	static const char *const names[] = { "Bad", "Sync", "Metric", "Label", "StackSample", "RangeBegin", "RangeActive",
		"RangeEnd", "TaskBegin", "TaskEnd", "RegionBegin", "RegionEnd", "Log", "StateTransition", "Experimental" };

	return PICK(names, kind, "Bad");
}

const char *
gt_gstatus_name(unsigned status)
{
	static const char *const names[] = { "Bad", "Runnable", "Running", "Syscall", "Waiting", "not there" };

	return PICK(names, status, "Bad");
}

const char *
gt_pstatus_name(unsigned status)
{
	static const char *const names[] = { "Bad", "Running", "Idle", "Syscall", "Syscall (abandoned)", "not there" };

	return PICK(names, status, "Bad");
}

const char *
gt_pres_name(unsigned pres)
{
	static const char *const names[] = { "Undetermined", "NotExist", "Runnable", "Running", "Waiting", "Syscall", "Idle" };

	return PICK(names, pres, "Bad");
}

const char *
gt_need_name(unsigned need)
{
	static const char *const names[] = { "must not have", "may have", "must have" };

	return PICK(names, need, "?");
}

const char *
gt_res_name(enum gt_res res)
{
	static const char *const names[] = { "thread", "proc", "goroutine", "none" };

	return PICK(names, res, "none");
}

const char *
gt_lane_name(enum gt_lane_state s)
{
	static const char *const names[] = { "none", "idle", "running", "runnable", "waiting", "syscall", "bare" };

	return PICK(names, s, "none");
}
