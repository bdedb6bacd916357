/* SPDX-License-Identifier: MIT */
/*
 * Whether the events of an old trace, in order, can have happened: a P runs one goroutine at a time, one that waits does
 * not run, what begins ends. On the way it is found out who makes goroutines runnable that waited for the network.
 */
#include "v1.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEAD, RUNNABLE, RUNNING, WAITING };

struct g {
	uint8_t status;
	uint8_t last;     /* event that led to it, if that counts; 0 */
	bool known;       /* has been spoken of: it must not be created any more */
	bool assists;
	uint32_t regions; /* list in check.region; 0: empty */
};

struct p {
	uint64_t g;
	bool runs, sweeps;
};

struct region {
	uint32_t event, next;
};

struct check {
	struct v1 *v;
	struct map gs, ps, tasks;
	struct g *g;
	struct p *p;
	struct region *region; /* region[0] is not used */
	size_t ng, cg, np, cp, nregion, cregion;
	uint32_t spare; /* list of regions to use again */
	bool gc, stw;
};

/* --- mistakes --------------------------------------------------------------------- */

#define BAD(code, a, b, c) v1_refuse(x->v, ev, GT_E_V1_##code, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c))

static bool
no_memory(struct check *x)
{
	return v1_refuse(x->v, NULL, GT_E_NOMEM, 0, 0, 0);
}

/* An event of a task or region in the reference's words. */
static struct gt_str
say(char *buf, size_t cap, const struct v1 *v, const struct v1_event *ev)
{
	const struct v1_spec *spec = v1_spec(ev->type);
	struct v1_raw raw;
	int n;

	v1_decode(v, ev, &raw);
	n = snprintf(buf, cap, "%" PRId64 " %s p=%" PRId32 " g=%" PRIu64 " stk=%" PRIu32, ev->time, spec->name, ev->p,
		ev->g, ev->stack);
	for (unsigned i = 0; i < spec->nargs; i++)
		n += snprintf(buf + n, cap - (size_t)n, " %s=%" PRIu64, spec->arg[i].name, v1_arg(&raw, i));
	return (struct gt_str){ buf, (size_t)n };
}

/* Two events that do not fit each other. */
static bool
two_events(struct check *x, enum gt_code code, uint64_t id, const struct v1_event *ev, const struct v1_event *old)
{
	struct v1 *v = x->v;

	v1_refuse(v, ev, code, id, 0, 0);
	v->err.why.str[0] = say(v->note[0], sizeof(v->note[0]), v, ev);
	if (old)
		v->err.why.str[1] = say(v->note[1], sizeof(v->note[1]), v, old);
	return false;
}

/* --- what there is ----------------------------------------------------------------------- */

/* These are made where they are not there. NULL: no memory. They move when another is made. */

static struct g *
g_of(struct check *x, uint64_t id)
{
	uint32_t at = map_get(&x->gs, id);

	if (at == MAP_NONE) {
		at = (uint32_t)x->ng;
		if (!GROW(x->g, x->ng, x->cg) || !map_add(&x->gs, id, at))
			return NULL;
		x->g[x->ng++] = (struct g){ .status = id == 0 ? RUNNING : DEAD, .known = id == 0 };
	}
	return &x->g[at];
}

static struct p *
p_of(struct check *x, int32_t id)
{
	uint32_t at = map_get(&x->ps, (uint64_t)id);

	if (at == MAP_NONE) {
		at = (uint32_t)x->np;
		if (!GROW(x->p, x->np, x->cp) || !map_add(&x->ps, (uint64_t)id, at))
			return NULL;
		x->p[x->np++] = (struct p){ 0 };
	}
	return &x->p[at];
}

/* --- goroutines ---------------------------------------------------------------------------- */

/* Only a running goroutine can do this, and it must run on the P that wrote it. */
static bool
runs(struct check *x, const struct p *p, const struct g *g, const struct v1_event *ev, bool or_none)
{
	if (g->status == RUNNING && p->g == ev->g && (or_none || ev->g != 0))
		return true;
	if (g->status != RUNNING)
		BAD(NOT_RUNNING, ev->g, ev->time, 0);
	else if (p->g != ev->g)
		BAD(P_NOT_RUNNING, (int64_t)ev->p, ev->g, ev->time);
	else
		BAD(G0, ev->time, 0, 0);
	x->v->err.why.str[0] = cause(v1_spec(ev->type)->name);
	return false;
}

static void
end_regions(struct check *x, struct g *g)
{
	while (g->regions) {
		uint32_t at = g->regions;

		g->regions = x->region[at].next;
		x->region[at].next = x->spare;
		x->spare = at;
	}
}

/* It stops running: for good, to wait, or to run again. */
static bool
stop(struct check *x, struct p *p, struct g *g, const struct v1_event *ev, uint8_t status)
{
	if (!runs(x, p, g, ev, false))
		return false;
	g->status = status;
	p->g = 0;
	if (status != DEAD && ev->type != V1_GoSysBlock)
		g->last = ev->type;
	if (ev->type == V1_GoEnd)
		end_regions(x, g);
	return true;
}

static bool
create(struct check *x, const struct p *p, const struct g *g, const struct v1_event *ev)
{
	struct v1_raw raw;
	struct g *child;

	if (!runs(x, p, g, ev, true))
		return false;
	v1_decode(x->v, ev, &raw);
	child = g_of(x, v1_arg(&raw, 0));
	if (!child)
		return no_memory(x);
	if (child->known)
		return BAD(G_EXISTS, v1_arg(&raw, 0), ev->time, 0);
	child->status = RUNNABLE;
	child->last = V1_GoCreate;
	child->known = true;
	return true;
}

static bool
start(struct check *x, struct p *p, struct g *g, const struct v1_event *ev)
{
	if (g->status != RUNNABLE)
		return BAD(START, ev->g, ev->time, 0);
	if (p->g != 0) {
		BAD(P_BUSY, (int64_t)ev->p, p->g, ev->g);
		x->v->err.why.arg[3] = (uint64_t)ev->time;
		return false;
	}
	g->status = RUNNING;
	g->last = 0;
	p->g = ev->g;
	return true;
}

static bool
parked(struct check *x, struct g *g, const struct v1_event *ev)
{
	if (g->status != RUNNABLE) {
		BAD(PARKED, ev->g, ev->time, 0);
		x->v->err.why.str[0] = cause(v1_spec(ev->type)->name);
		return false;
	}
	g->status = WAITING;
	g->last = ev->type;
	return true;
}

static bool
unblock(struct check *x, const struct p *p, const struct g *g, struct v1_event *ev)
{
	struct v1_raw raw;
	struct g *other;

	if (g->status != RUNNING)
		return BAD(UNPARK, ev->g, ev->time, 0);
	if (ev->p != V1_P_TIMER && p->g != ev->g)
		return BAD(UNPARK_P, (int64_t)ev->p, ev->g, ev->time);
	v1_decode(x->v, ev, &raw);
	other = g_of(x, v1_arg(&raw, 0));
	if (!other)
		return no_memory(x);
	if (other->status != WAITING)
		return BAD(UNPARK_WHAT, v1_arg(&raw, 0), ev->time, 0);
	if (other->last == V1_GoBlockNet)
		ev->p = V1_P_NETPOLL;
	other->status = RUNNABLE;
	other->last = ev->type;
	other->known = true;
	return true;
}

static bool
sys_exit(struct check *x, struct g *g, const struct v1_event *ev)
{
	if (g->status != WAITING)
		return BAD(SYS_EXIT, ev->g, ev->time, 0);
	g->status = RUNNABLE;
	g->last = ev->type;
	return true;
}

/* --- the rest --------------------------------------------------------------------------------- */

static bool
proc_start(struct check *x, struct p *p, const struct v1_event *ev)
{
	if (p->runs)
		return BAD(P_START, (int64_t)ev->p, ev->time, 0);
	p->runs = true;
	return true;
}

static bool
proc_stop(struct check *x, struct p *p, const struct v1_event *ev)
{
	if (!p->runs)
		return BAD(P_STOP, (int64_t)ev->p, ev->time, 0);
	if (p->g != 0)
		return BAD(P_STOP_G, (int64_t)ev->p, p->g, ev->time);
	p->runs = false;
	return true;
}

/* What must not begin twice, nor end without having begun. */
static bool
toggle(struct check *x, bool *on, bool to, const struct v1_event *ev, enum gt_code code)
{
	if (*on == to)
		return v1_refuse(x->v, ev, code, (uint64_t)ev->time, 0, 0);
	*on = to;
	return true;
}

static bool
task_begin(struct check *x, const struct v1_event *ev)
{
	struct v1_raw raw;
	uint32_t old;

	v1_decode(x->v, ev, &raw);
	old = map_get(&x->tasks, v1_arg(&raw, 0));
	if (old != MAP_NONE)
		return two_events(x, GT_E_V1_TASK_TWICE, v1_arg(&raw, 0), ev, &x->v->ev[old]);
	return map_add(&x->tasks, v1_arg(&raw, 0), (uint32_t)(ev - x->v->ev)) || no_memory(x);
}

static bool
task_end(struct check *x, const struct v1_event *ev)
{
	struct v1_raw raw;

	v1_decode(x->v, ev, &raw);
	map_del(&x->tasks, v1_arg(&raw, 0));
	return true;
}

static bool
push_region(struct check *x, struct g *g, const struct v1_event *ev)
{
	uint32_t at = x->spare;

	if (at) {
		x->spare = x->region[at].next;
	} else {
		if (x->nregion == 0)
			x->nregion++;
		if (!GROW(x->region, x->nregion, x->cregion))
			return no_memory(x);
		at = (uint32_t)x->nregion++;
	}
	x->region[at] = (struct region){ (uint32_t)(ev - x->v->ev), g->regions };
	g->regions = at;
	return true;
}

/* The innermost one ends; one that began before the trace has none to be compared with. */
static bool
pop_region(struct check *x, struct g *g, const struct v1_event *ev, const struct v1_raw *raw)
{
	const struct v1_event *begin;
	struct v1_raw old;
	uint32_t at = g->regions;

	if (!at)
		return true;
	begin = &x->v->ev[x->region[at].event];
	v1_decode(x->v, begin, &old);
	if (v1_arg(&old, 0) != v1_arg(raw, 0) || v1_arg(&old, 2) != v1_arg(raw, 2))
		return two_events(x, GT_E_V1_REGION, ev->g, ev, begin);
	g->regions = x->region[at].next;
	x->region[at].next = x->spare;
	x->spare = at;
	return true;
}

static bool
region(struct check *x, struct g *g, const struct v1_event *ev)
{
	struct v1_raw raw;

	v1_decode(x->v, ev, &raw);
	switch (v1_arg(&raw, 1)) {
	case 0:
		return push_region(x, g, ev);
	case 1:
		return pop_region(x, g, ev, &raw);
	default:
		return two_events(x, GT_E_V1_REGION_MODE, 0, ev, NULL);
	}
}

static bool
sys_call(struct check *x, const struct p *p, struct g *g, const struct v1_event *ev)
{
	if (!runs(x, p, g, ev, false))
		return false;
	g->last = ev->type;
	return true;
}

static bool
mark_assist(struct check *x, struct g *g, const struct v1_event *ev)
{
	bool begins = ev->type == V1_GCMarkAssistStart;

	if (begins && g->assists)
		return BAD(ASSIST_TWICE, ev->time, 0, 0);
	/* It may have begun before the trace. */
	g->assists = begins;
	g->known = true;
	return true;
}

static bool
check_event(struct check *x, struct p *p, struct g *g, struct v1_event *ev)
{
	switch (ev->type) {
	case V1_ProcStart:
		return proc_start(x, p, ev);
	case V1_ProcStop:
		return proc_stop(x, p, ev);
	case V1_GCStart:
		if (!toggle(x, &x->gc, true, ev, GT_E_V1_GC_TWICE))
			return false;
		ev->p = V1_P_GC;
		return true;
	case V1_GCDone:
		return toggle(x, &x->gc, false, ev, GT_E_V1_GC_NOT);
	case V1_GCSTWStart:
		return toggle(x, &x->stw, true, ev, GT_E_V1_STW_TWICE);
	case V1_GCSTWDone:
		return toggle(x, &x->stw, false, ev, GT_E_V1_STW_NOT);
	case V1_GCSweepStart:
		return toggle(x, &p->sweeps, true, ev, GT_E_V1_SWEEP_TWICE);
	case V1_GCSweepDone:
		return toggle(x, &p->sweeps, false, ev, GT_E_V1_SWEEP_NOT);
	case V1_GCMarkAssistStart:
	case V1_GCMarkAssistDone:
		return mark_assist(x, g, ev);
	case V1_GoWaiting:
	case V1_GoInSyscall:
		return parked(x, g, ev);
	case V1_GoCreate:
		return create(x, p, g, ev);
	case V1_GoStart:
	case V1_GoStartLabel:
		return start(x, p, g, ev);
	case V1_GoEnd:
	case V1_GoStop:
		return stop(x, p, g, ev, DEAD);
	case V1_GoUnblock:
		return unblock(x, p, g, ev);
	case V1_GoSysCall:
		return sys_call(x, p, g, ev);
	case V1_GoSysExit:
		return sys_exit(x, g, ev);
	case V1_UserTaskCreate:
		return task_begin(x, ev);
	case V1_UserTaskEnd:
		return task_end(x, ev);
	case V1_UserRegion:
		return region(x, g, ev);
	default:
		break;
	}
	if (v1_spec(ev->type)->step == V1_STEP_YIELD)
		return stop(x, p, g, ev, RUNNABLE);
	return v1_spec(ev->type)->step != V1_STEP_BLOCK || stop(x, p, g, ev, WAITING);
}

static bool
check_all(struct check *x)
{
	struct v1 *v = x->v;

	for (size_t i = 0; i < v->n; i++) {
		struct v1_event *ev = &v->ev[i];
		struct p *p = p_of(x, ev->p);
		struct g *g = g_of(x, ev->g);

		if (!p || !g)
			return no_memory(x);
		if (!check_event(x, p, g, ev)) {
			if (v1_pardons(v))
				v->n = i;
			return v1_pardons(v);
		}
		/* A stack that is not there is none. */
		if (ev->stack != 0 && idtab_get(&v->gen->stack_ids, ev->stack) == MAP_NONE)
			ev->stack = 0;
	}
	return true;
}

bool
v1_check(struct v1 *v)
{
	struct check x = { .v = v };
	bool ok = check_all(&x);

	free(x.g);
	free(x.p);
	free(x.region);
	map_free(&x.gs);
	map_free(&x.ps);
	map_free(&x.tasks);
	return ok;
}
