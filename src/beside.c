/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See beside.h. What is open is kept in slots: tasks are found by their ID, regions by their goroutine, innermost first. */
#include "beside.h"

#include "array.h"

#include "ui/idmap.h"

#define NO_SLOT UINT32_MAX
#define METRIC(x) ((x) - LX_TALLIES)

struct slot {
	struct beside_item item;
	uint32_t below; /* the region around it; of a free one, the next free one */
	bool used;
};

struct beside {
	beside_fn *fn;
	void *arg;
	int64_t start, time;
	bool started;
	struct beside_item gc, stw;
	bool gc_on, stw_on;
	struct slot *slot;
	size_t cap;
	uint32_t n, free;
	struct idmap tasks, regions;
	struct lane_counts early; /* all that were so at the start */
	bool lives;               /* anything, as far as known */
	struct beside_item metric[LANE_EXTRAS - LX_TALLIES];
	bool known[LANE_EXTRAS - LX_TALLIES];
};

const char *
beside_name(enum lane_extra x)
{
	static const char *const names[LANE_EXTRAS] = {
		[LX_GC] = "gc", [LX_STW] = "stw", [LX_TASKS] = "tasks", [LX_REGIONS] = "regions", [LX_SAMPLES] = "samples",
		[LX_NETWORK] = "network", [LX_TIMERS] = "timers", [LX_HEAP] = "heap", [LX_GOAL] = "goal",
		[LX_GOROUTINES] = "goroutines", [LX_RUNNING] = "running", [LX_SYSCALLS] = "syscalls", [LX_THREADS] = "threads",
	};

	return names[x];
}

struct beside *
beside_new(beside_fn *fn, void *arg, const struct lane_counts *early)
{
	struct beside *b = calloc(1, sizeof(*b));

	if (b)
		*b = (struct beside){ .fn = fn, .arg = arg, .free = NO_SLOT, .early = *early };
	return b;
}

void
beside_free(struct beside *b)
{
	if (!b)
		return;
	idmap_free(&b->tasks);
	idmap_free(&b->regions);
	free(b->slot);
	free(b);
}

static struct beside_item
item_of(enum lane_extra x, const struct gt_event *ev, struct gt_str text)
{
	return (struct beside_item){ .lane = x, .task = GT_NONE, .m = ev->m, .p = ev->p, .g = ev->g, .from = ev->time,
		.first = ev->n, .text = text };
}

/* What ends was there before the trace where nothing began it. */
static struct beside_item
from_before(const struct beside *b, struct beside_item item)
{
	item.from = b->start;
	item.first = 0;
	return item;
}

static void
give(struct beside *b, struct beside_item item, int64_t to, uint64_t last)
{
	item.to = to;
	item.last = last;
	b->fn(b->arg, &item);
}

/* --- collections and stops of the world ------------------------------------------------------ */

static void
change_gc(struct beside *b, const struct gt_event *ev, bool on)
{
	static const struct gt_str none;

	if (!on && b->gc_on)
		give(b, b->gc, ev->time, ev->n);
	else if (!on && ev->type == GT_EV_GCEnd)
		give(b, from_before(b, item_of(LX_GC, ev, none)), ev->time, ev->n);
	if (on)
		b->gc = item_of(LX_GC, ev, none);
	if (on && ev->type == GT_EV_GCActive)
		b->gc = from_before(b, b->gc);
	b->gc_on = on;
}

static void
end_stop(struct beside *b, const struct gt_event *ev)
{
	static const struct gt_str none;

	give(b, b->stw_on ? b->stw : from_before(b, item_of(LX_STW, ev, none)), ev->time, ev->n);
	b->stw_on = false;
}

/* --- tasks and regions -------------------------------------------------------------------------- */

static bool
open_slot(struct beside *b, struct idmap *by, int64_t key, struct beside_item item)
{
	uint32_t at = b->free, below = idmap_get(by, (uint64_t)key);

	if (at == NO_SLOT) {
		if (!array_room(&b->slot, (size_t)b->n + 1, &b->cap, sizeof(*b->slot)))
			return false;
		at = b->n++;
	} else {
		b->free = b->slot[at].below;
	}
	b->slot[at] = (struct slot){ item, below == IDMAP_NONE ? NO_SLOT : below, true };
	idmap_del(by, (uint64_t)key);
	return idmap_put(by, (uint64_t)key, at);
}

/* item: what it is if nothing began it. */
static bool
close_slot(struct beside *b, struct idmap *by, int64_t key, struct beside_item item, const struct gt_event *ev)
{
	uint32_t at = idmap_get(by, (uint64_t)key), below;

	if (at == IDMAP_NONE) {
		give(b, from_before(b, item), ev->time, ev->n);
		return true;
	}
	give(b, b->slot[at].item, ev->time, ev->n);
	below = b->slot[at].below;
	b->slot[at].used = false;
	b->slot[at].below = b->free;
	b->free = at;
	idmap_del(by, (uint64_t)key);
	return below == NO_SLOT || idmap_put(by, (uint64_t)key, below);
}

static bool
change_task(struct beside *b, const struct gt_event *ev)
{
	static const struct gt_str none;
	bool begins = ev->type == GT_EV_UserTaskBegin;
	struct beside_item item = item_of(LX_TASKS, ev, begins ? gt_event_string(ev, 2) : none);

	item.task = (int64_t)ev->arg[0];
	return begins ? open_slot(b, &b->tasks, item.task, item) : close_slot(b, &b->tasks, item.task, item, ev);
}

static bool
change_region(struct beside *b, const struct gt_event *ev)
{
	struct beside_item item = item_of(LX_REGIONS, ev, gt_event_string(ev, 1));

	item.task = (int64_t)ev->arg[0];
	return ev->type == GT_EV_UserRegionBegin ? open_slot(b, &b->regions, ev->g, item) :
						   close_slot(b, &b->regions, ev->g, item, ev);
}

/* --- metrics ---------------------------------------------------------------------------------------- */

static void
measure(struct beside *b, const struct gt_event *ev, enum lane_extra x, struct beside_item now)
{
	struct beside_item *was = &b->metric[METRIC(x)];

	if (b->known[METRIC(x)] && was->value == now.value && was->running == now.running && was->in_syscall == now.in_syscall)
		return;
	if (b->known[METRIC(x)])
		give(b, *was, ev->time, ev->n);
	now.lane = x;
	now.task = now.m = now.p = now.g = GT_NONE;
	now.from = ev->time;
	now.first = ev->n;
	*was = now;
	b->known[METRIC(x)] = true;
}

/* How many do something; nothing is told before anything is known to live. ev: the metrics change with it. */
static void
tell_counts(struct beside *b, const struct gt_event *ev, const struct lane_counts *n)
{
	b->lives = b->lives || n->goroutines + n->m_running + n->m_in_syscall > 0;
	if (!b->lives)
		return;
	measure(b, ev, LX_GOROUTINES, (struct beside_item){ .value = n->goroutines });
	measure(b, ev, LX_RUNNING, (struct beside_item){ .value = n->running });
	measure(b, ev, LX_SYSCALLS, (struct beside_item){ .value = n->in_syscall });
	measure(b, ev, LX_THREADS, (struct beside_item){ .value = n->m_running + n->m_in_syscall, .running = n->m_running,
		.in_syscall = n->m_in_syscall });
}

/* What was so at the start and has not been told yet counts as well. */
static void
count(struct beside *b, const struct gt_event *ev, const struct gt_timeline *tl)
{
	struct lane_counts n = lanes_counts(tl, gt_timeline_count), told = lanes_counts(tl, gt_timeline_early);
	const struct lane_counts *early = &b->early;

	n.goroutines += early->goroutines - told.goroutines;
	n.running += early->running - told.running;
	n.in_syscall += early->in_syscall - told.in_syscall;
	n.m_running += early->m_running - told.m_running;
	n.m_in_syscall += early->m_in_syscall - told.m_in_syscall;
	tell_counts(b, ev, &n);
}

/* At the first event, before what that does. */
static void
start(struct beside *b, const struct gt_event *ev)
{
	struct gt_event before = { .time = ev->time };

	b->start = ev->time;
	b->started = true;
	tell_counts(b, &before, &b->early);
}

/* --- events ------------------------------------------------------------------------------------------- */

void
beside_before(struct beside *b, const struct gt_event *ev, const struct gt_timeline *tl)
{
	const struct gt_span *now;
	struct beside_item item;
	enum gt_waker by;
	int64_t id;

	if (ev->type != GT_EV_GoUnblock || gt_event_subject(ev, &id) != GT_G || !(now = gt_timeline_now(tl, GT_G, id)))
		return;
	by = gt_woken_by(now->reason, ev->p, ev->g);
	item = item_of(by == GT_WAKER_NETWORK ? LX_NETWORK : LX_TIMERS, ev, now->reason);
	item.g = id;
	if (by != GT_WAKER_OTHER)
		give(b, item, ev->time, ev->n);
}

bool
beside_after(struct beside *b, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_timeline *tl)
{
	static const struct gt_str none;

	if (!b->started)
		start(b, ev);
	b->time = ev->time;
	for (size_t i = 0; i < nch; i++)
		if (ch[i].field == GT_CH_GC)
			change_gc(b, ev, ch[i].to == GT_GC_RUNNING);
	count(b, ev, tl);
	switch (ev->type) {
	case GT_EV_STWBegin:
		b->stw = item_of(LX_STW, ev, gt_event_string(ev, 0));
		b->stw_on = true;
		return true;
	case GT_EV_STWEnd:
		end_stop(b, ev);
		return true;
	case GT_EV_CPUSample:
		give(b, item_of(LX_SAMPLES, ev, none), ev->time, ev->n);
		return true;
	case GT_EV_UserTaskBegin:
	case GT_EV_UserTaskEnd:
		return change_task(b, ev);
	case GT_EV_UserRegionBegin:
	case GT_EV_UserRegionEnd:
		return change_region(b, ev);
	case GT_EV_HeapAlloc:
	case GT_EV_HeapGoal:
		measure(b, ev, ev->type == GT_EV_HeapAlloc ? LX_HEAP : LX_GOAL, (struct beside_item){ .value = ev->arg[0] });
		return true;
	default:
		return true;
	}
}

void
beside_end(struct beside *b)
{
	if (b->gc_on)
		give(b, b->gc, b->time, 0);
	if (b->stw_on)
		give(b, b->stw, b->time, 0);
	for (uint32_t i = 0; i < b->n; i++)
		if (b->slot[i].used)
			give(b, b->slot[i].item, b->time, 0);
	for (int x = LX_TALLIES; x < LANE_EXTRAS; x++)
		if (b->known[METRIC(x)])
			give(b, b->metric[METRIC(x)], b->time, 0);
}
