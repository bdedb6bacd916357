/* SPDX-License-Identifier: MIT */
/*
 * Today's events of old ones, one after the other, and the states that go with them. Most have an equal; what has none:
 *
 *	goroutines that were there when tracing began are created first and said to be waiting, in a syscall or running
 *	after that: this becomes their status, and what is left when GOMAXPROCS is first told is runnable
 *	the first start or stop of a P is its status
 *	a syscall has a beginning only: an end 1 ns later is made, unless it blocks
 *
 * The M of an event is the thread that last started its P. Who is in a syscall that has blocked stays with its M.
 */
#include "v1.h"

#include <stdlib.h>
#include <string.h>

/* --- what must be known of other events ------------------------------------------------- */

struct p {
	int64_t m;
	bool has_m, seen;
};

struct g {
	uint8_t next; /* type of its next event */
	int64_t m;    /* where it went into a syscall */
};

struct prepare {
	struct v1 *v;
	struct map ps, gs, born;
	struct p *p;
	struct g *g;
	size_t np, cp, ng, cg;
};

static struct p *
p_of(struct prepare *x, int32_t id)
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

static struct g *
g_of(struct prepare *x, uint64_t id)
{
	uint32_t at = map_get(&x->gs, id);

	if (at == MAP_NONE) {
		at = (uint32_t)x->ng;
		if (!GROW(x->g, x->ng, x->cg) || !map_add(&x->gs, id, at))
			return NULL;
		x->g[x->ng++] = (struct g){ 0, GT_NONE };
	}
	return &x->g[at];
}

/* A syscall blocks if the next that is heard of its goroutine is just that. */
static bool
find_blocked(struct prepare *x)
{
	for (size_t i = x->v->n; i-- > 0;) {
		struct v1_event *ev = &x->v->ev[i];
		struct g *g = g_of(x, ev->g);

		if (!g)
			return false;
		if (ev->type == V1_GoSysCall && g->next == V1_GoSysBlock)
			ev->flags |= V1_BLOCKED;
		g->next = ev->type;
	}
	return true;
}

/* The M of an event. The reference takes 0 for none in two cases. */
static int64_t
m_of(const struct v1_event *ev, const struct p *p)
{
	if (ev->type == V1_GoStartLabel || (ev->type == V1_GoSysCall && !(ev->flags & V1_BLOCKED)))
		return p->has_m ? p->m : 0;
	return p->has_m && ev->p != -1 && ev->type != V1_CPUSample ? p->m : GT_NONE;
}

static bool
find_m(struct prepare *x, struct v1_event *ev)
{
	struct p *p = p_of(x, ev->p);
	struct g *g = g_of(x, ev->g);
	struct v1_raw raw;

	if (!p || !g)
		return false;
	if (ev->type == V1_ProcStart) {
		v1_decode(x->v, ev, &raw);
		p->m = (int64_t)v1_arg(&raw, 0);
		p->has_m = true;
	}
	ev->m = m_of(ev, p);
	if (ev->type == V1_ProcStart || ev->type == V1_ProcStop) {
		ev->flags |= p->seen ? 0 : V1_FIRST;
		p->seen = true;
		p->has_m = ev->type == V1_ProcStart;
	}
	if (ev->flags & V1_BLOCKED)
		g->m = ev->m;
	if (ev->type == V1_GoSysExit && ev->m == GT_NONE && g->m != GT_NONE) {
		ev->m = g->m;
		ev->flags |= V1_AWAY;
		g->m = GT_NONE;
	}
	return true;
}

/* Before the first Gomaxprocs: who is there, and of whom more is said. */
static bool
find_born(struct prepare *x, const struct v1_event *ev)
{
	struct v1 *v = x->v;
	struct v1_raw raw;
	uint32_t at;
	uint64_t g;

	if (ev->type != V1_GoCreate && ev->type != V1_GoStart && ev->type != V1_GoWaiting && ev->type != V1_GoInSyscall)
		return true;
	v1_decode(v, ev, &raw);
	g = v1_arg(&raw, 0);
	at = map_get(&x->born, g);
	if (ev->type != V1_GoCreate) {
		if (at != MAP_NONE)
			v->born[at].event = MAP_NONE;
		return true;
	}
	if (at != MAP_NONE)
		return true;
	if (!GROW(v->born, v->nborn, v->cborn) || !map_add(&x->born, g, (uint32_t)v->nborn))
		return false;
	v->born[v->nborn++] = (struct v1_born){ g, (uint32_t)(ev - v->ev) };
	return true;
}

static int
compare_born(const void *a, const void *b)
{
	const struct v1_born *x = a, *y = b;

	return (x->g > y->g) - (x->g < y->g);
}

static void
sort_born(struct v1 *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->nborn && v->init < v->n; i++)
		if (v->born[i].event != MAP_NONE)
			v->born[n++] = v->born[i];
	v->nborn = n;
	if (n > 0)
		qsort(v->born, n, sizeof(*v->born), compare_born);
}

static bool
prepare(struct prepare *x)
{
	struct v1 *v = x->v;

	if (!find_blocked(x))
		return false;
	v->init = v->n;
	for (size_t i = 0; i < v->n; i++) {
		if (v->init == v->n && v->ev[i].type == V1_Gomaxprocs)
			v->init = i;
		if ((v->init == v->n && !find_born(x, &v->ev[i])) || !find_m(x, &v->ev[i]))
			return false;
	}
	sort_born(v);
	return true;
}

bool
v1_prepare(struct v1 *v)
{
	struct prepare x = { .v = v };
	bool ok = prepare(&x);

	free(x.p);
	free(x.g);
	map_free(&x.ps);
	map_free(&x.gs);
	map_free(&x.born);
	return ok || v1_refuse(v, NULL, GT_E_NOMEM, 0, 0, 0);
}

/* --- states ----------------------------------------------------------------------------------- */

/* There is room: v1_read has reserved it. */

static void
set_g(struct order *o, int64_t id, enum gt_gstatus status)
{
	struct gstate *g = state_g(&o->s, id);
	enum gt_gstatus was = g ? (enum gt_gstatus)g->status : GT_G_GONE;

	if (id == GT_NONE)
		return;
	if (status != was)
		note_change(o, GT_CH_G_STATUS, id, was, status);
	if (status == GT_G_GONE && g) {
		end_g(o, g);
	} else if (g && status != was) {
		g->status = (uint8_t)status;
		g->since = o->now;
	} else if (!g && status != GT_G_GONE) {
		new_g(o, id, status);
	}
}

/* add: it may be new. Ps that are none are never there. */
static void
set_p(struct order *o, int64_t id, enum gt_pstatus status, bool add)
{
	struct pstate *p = state_p(&o->s, id);
	enum gt_pstatus was = p ? (enum gt_pstatus)p->status : GT_P_GONE;

	if (!p && !add)
		return;
	if (status != was)
		note_change(o, GT_CH_P_STATUS, id, was, status);
	if (!p) {
		p = &o->s.p[state_add_p(&o->s, id)];
		set_p_seq(o, p, 0);
	}
	if (status != was)
		p->since = o->now;
	p->status = (uint8_t)status;
}

static struct mstate *
m_at(struct order *o, int64_t id)
{
	uint32_t at = map_get(&o->s.ms, (uint64_t)id);

	return &o->s.m[at == MAP_NONE ? state_add_m(&o->s, id) : at];
}

static void
set_m(struct order *o, int64_t id, enum gt_field field, int64_t to)
{
	struct mstate *m;
	int64_t *of;

	if (id == GT_NONE)
		return;
	m = m_at(o, id);
	of = field == GT_CH_M_P ? &m->p : &m->g;
	if (*of != to)
		note_change(o, field, id, *of, to);
	*of = to;
}

/* The M lets go of a P or G, if that is what it has. */
static void
drop(struct order *o, int64_t id, enum gt_field field, int64_t what)
{
	uint32_t at = map_get(&o->s.ms, (uint64_t)id);

	if (id != GT_NONE && at != MAP_NONE && what == (field == GT_CH_M_P ? o->s.m[at].p : o->s.m[at].g))
		set_m(o, id, field, GT_NONE);
}

/* The list of ranges of a P or G; NULL: it is not there. */
static uint32_t *
ranges_of(struct order *o, enum gt_res res, int64_t id)
{
	struct gstate *g = res == GT_G ? state_g(&o->s, id) : NULL;
	struct pstate *p = res == GT_P ? state_p(&o->s, id) : NULL;

	return g ? &g->ranges : p ? &p->ranges : NULL;
}

/* No two of one type are open on anything: v1_check has seen to that. */
static void
begin_range(struct order *o, const struct gt_event *ev, enum gt_res res, int64_t id)
{
	uint32_t *list = ranges_of(o, res, id);

	if (!list)
		return;
	list_push(&o->s, list,
		(struct node){ .n = ev->type, .id = ev->type == GT_EV_STWBegin ? ev->arg[0] : 0, .since = ev->time });
	note_change(o, GT_CH_RANGE_BEGIN, id, res, ev->type);
}

/* It may have begun before the trace. The newest of all takes its place in the list, as in order_range.c. */
static void
end_range(struct order *o, struct gt_event *ev, enum gt_res res, int64_t id)
{
	uint8_t type = gt_spec(ev->type)->starts;
	uint32_t *list = ranges_of(o, res, id), found = 0;

	for (uint32_t i = list ? *list : 0; i; i = o->s.node[i].next)
		if (o->s.node[i].n == type)
			found = i;
	if (!found)
		return;
	ev->since = o->s.node[found].since;
	o->s.node[found].id = o->s.node[*list].id;
	o->s.node[found].n = o->s.node[*list].n;
	o->s.node[found].since = o->s.node[*list].since;
	list_pop(&o->s, list);
	note_change(o, GT_CH_RANGE_END, id, res, type);
}

static void
set_gc(struct order *o, struct gt_event *ev, enum gt_gc gc, uint64_t seq)
{
	if (o->s.gc != gc)
		note_change(o, GT_CH_GC, 0, o->s.gc, gc);
	if (o->s.gc_seq != seq)
		note_change(o, GT_CH_GC_SEQ, 0, (int64_t)o->s.gc_seq, (int64_t)seq);
	if (gc == GT_GC_NOT_RUNNING)
		ev->since = o->s.gc_since;
	o->s.gc = gc;
	o->s.gc_seq = seq;
	o->s.gc_since = gc == GT_GC_RUNNING ? ev->time : GT_BEFORE;
}

static void
begin_task(struct order *o, const struct gt_event *ev)
{
	uint32_t at = map_get(&o->s.ts, ev->arg[0]);
	struct tstate *t = &o->s.t[at == MAP_NONE ? state_add_task(&o->s, ev->arg[0]) : at];

	t->parent = ev->arg[1];
	t->since = ev->time;
	t->name = gt_event_string(ev, 2);
	note_change(o, GT_CH_TASK_BEGIN, (int64_t)ev->arg[0], 0, (int64_t)ev->arg[1]);
}

static void
end_task(struct order *o, struct gt_event *ev)
{
	uint32_t at = map_get(&o->s.ts, ev->arg[0]);

	ev->aux = at == MAP_NONE ? GT_NO_TASK : o->s.t[at].parent;
	ev->str = at == MAP_NONE ? (struct gt_str){ NULL, 0 } : o->s.t[at].name;
	if (at == MAP_NONE)
		return;
	ev->since = o->s.t[at].since;
	note_change(o, GT_CH_TASK_END, (int64_t)ev->arg[0], (int64_t)ev->aux, 0);
	state_del_task(&o->s, at);
}

static void
begin_region(struct order *o, const struct gt_event *ev)
{
	struct gstate *g = state_g(&o->s, ev->g);
	struct gt_str name = gt_event_string(ev, 1);

	if (!g)
		return;
	list_push(&o->s, &g->regions,
		(struct node){ .id = ev->arg[0], .since = ev->time, .p = name.p, .n = (uint32_t)name.n });
	note_change(o, GT_CH_REGION_BEGIN, ev->g, 0, (int64_t)ev->arg[0]);
}

static void
end_region(struct order *o, struct gt_event *ev)
{
	struct gstate *g = state_g(&o->s, ev->g);

	if (!g || !g->regions)
		return;
	ev->since = o->s.node[g->regions].since;
	list_pop(&o->s, &g->regions);
	note_change(o, GT_CH_REGION_END, ev->g, (int64_t)ev->arg[0], 0);
}

/* The goroutine of the context stops to run on m. */
static void
leave(struct order *o, const struct gt_event *ev, int64_t m, enum gt_gstatus status)
{
	set_g(o, ev->g, status);
	drop(o, m, GT_CH_M_G, ev->g);
}

/* away: the M of a syscall that ends; else that of the event. */
static void
apply(struct v1_reader *r, struct order *o, struct gt_event *ev, int64_t away)
{
	int64_t first = (int64_t)ev->arg[0];

	switch (ev->type) {
	case GT_EV_ProcStatus:
	case GT_EV_ProcStart:
		if (ev->type == GT_EV_ProcStatus && ev->arg[1] == GT_P_IDLE) {
			set_p(o, first, GT_P_IDLE, true);
			break;
		}
		set_p(o, first, GT_P_RUNNING, true);
		set_m(o, ev->m, GT_CH_M_P, first);
		break;
	case GT_EV_ProcStop:
		set_p(o, ev->p, GT_P_IDLE, true);
		drop(o, ev->m, GT_CH_M_P, ev->p);
		break;
	case GT_EV_GoCreate:
	case GT_EV_GoUnblock:
		set_g(o, first, GT_G_RUNNABLE);
		break;
	case GT_EV_GoStatus:
		set_g(o, first, (enum gt_gstatus)ev->arg[2]);
		if (ev->arg[2] == GT_G_RUNNING)
			set_m(o, ev->m, GT_CH_M_G, first);
		break;
	case GT_EV_GoStart:
		set_g(o, first, GT_G_RUNNING);
		set_m(o, ev->m, GT_CH_M_G, first);
		break;
	case GT_EV_GoStop:
		leave(o, ev, ev->m, GT_G_RUNNABLE);
		break;
	case GT_EV_GoBlock:
		leave(o, ev, ev->m, GT_G_WAITING);
		break;
	case GT_EV_GoDestroy:
		leave(o, ev, ev->m, GT_G_GONE);
		break;
	case GT_EV_GoSyscallBegin:
		set_g(o, ev->g, GT_G_SYSCALL);
		set_p(o, ev->p, GT_P_SYSCALL, false);
		break;
	case GT_EV_GoSyscallEnd:
		set_g(o, ev->g, GT_G_RUNNING);
		set_p(o, ev->p, GT_P_RUNNING, false);
		break;
	case GT_EV_GoSyscallEndBlocked:
		leave(o, ev, away, GT_G_RUNNABLE);
		break;
	case GT_EV_STWBegin:
		r->stopper = ev->g;
		begin_range(o, ev, GT_G, ev->g);
		break;
	case GT_EV_STWEnd:
		end_range(o, ev, GT_G, r->stopper);
		break;
	case GT_EV_GCSweepBegin:
		begin_range(o, ev, GT_P, ev->p);
		break;
	case GT_EV_GCSweepEnd:
		end_range(o, ev, GT_P, ev->p);
		break;
	case GT_EV_GCMarkAssistBegin:
		begin_range(o, ev, GT_G, ev->g);
		break;
	case GT_EV_GCMarkAssistEnd:
		end_range(o, ev, GT_G, ev->g);
		break;
	case GT_EV_GCBegin:
		set_gc(o, ev, GT_GC_RUNNING, ev->arg[0]);
		break;
	case GT_EV_GCEnd:
		set_gc(o, ev, GT_GC_NOT_RUNNING, o->s.gc_seq);
		break;
	case GT_EV_UserTaskBegin:
		begin_task(o, ev);
		break;
	case GT_EV_UserTaskEnd:
		end_task(o, ev);
		break;
	case GT_EV_UserRegionBegin:
		begin_region(o, ev);
		break;
	case GT_EV_UserRegionEnd:
		end_region(o, ev);
		break;
	default:
		break;
	}
}

/* --- one event after the other -------------------------------------------------------------------- */

static uint64_t
text_id(const struct v1 *v, unsigned text)
{
	return v->text + text;
}

/* Why the world is stopped: before Go 1.21 there were two reasons, both the collector's. */
static uint64_t
stw_reason(const struct v1 *v, uint64_t kind)
{
	unsigned reason = V1_TEXT_STWUnknown;

	if (v->t->version < 21 && kind < 2)
		reason += (unsigned)kind + 1;
	else if (v->t->version >= 21 && kind < V1_TEXTS - V1_TEXT_STWUnknown)
		reason += (unsigned)kind;
	return text_id(v, reason);
}

static void
present(struct gt_event *out, enum gt_pres from, enum gt_pres to)
{
	out->from = (uint8_t)from;
	out->to = (uint8_t)to;
}

static void
go_status(struct gt_event *out, uint64_t g, enum gt_gstatus status)
{
	static const uint8_t pres[] = { GT_PRES_Undetermined, GT_PRES_Runnable, GT_PRES_Running, GT_PRES_Syscall,
		GT_PRES_Waiting };

	out->type = GT_EV_GoStatus;
	out->arg[0] = g;
	out->arg[1] = UINT64_MAX;
	out->arg[2] = status;
	present(out, GT_PRES_Undetermined, (enum gt_pres)pres[status]);
}

static void
proc_event(struct gt_event *out, const struct v1_event *ev)
{
	bool starts = ev->type == V1_ProcStart;

	if (starts || ev->flags & V1_FIRST)
		out->arg[0] = (uint64_t)(int64_t)ev->p;
	if (!(ev->flags & V1_FIRST))
		return;
	out->type = GT_EV_ProcStatus;
	out->arg[1] = starts ? GT_P_RUNNING : GT_P_IDLE;
	present(out, GT_PRES_Undetermined, starts ? GT_PRES_Running : GT_PRES_Idle);
}

/* The second event of those that make two. */
static void
second(struct v1_reader *r, const struct gt_event *first, enum gt_type type, int64_t time)
{
	r->second = *first;
	r->second.part = 1;
	r->second.type = (uint8_t)type;
	r->second.time = r->second.clock = time;
	r->second.from = (uint8_t)gt_spec(type)->from;
	r->second.to = (uint8_t)gt_spec(type)->to;
	memset(r->second.arg, 0, sizeof(r->second.arg));
	r->more = true;
}

/* All that the place of an event in the file says, and the context. */
static void
frame(const struct v1 *v, const struct v1_event *ev, const struct v1_raw *raw, struct gt_event *out)
{
	const struct v1_spec *spec = v1_spec(ev->type);
	const struct gt_spec *now = gt_spec(spec->becomes);

	*out = (struct gt_event){ .time = ev->time,
		.clock = ev->time,
		.m = ev->flags & V1_AWAY ? GT_NONE : ev->m,
		.p = ev->p,
		.g = ev->g == 0 ? GT_NONE : (int64_t)ev->g,
		.type = spec->becomes,
		.from = (uint8_t)now->from,
		.to = (uint8_t)now->to,
		.off = ev->off,
		.len = (uint32_t)(raw->end - raw->at),
		.batch = v1_batch_of(v, ev->off),
		.index = ev->index,
		.gen = v->gen };
	for (unsigned i = 0; i < now->nargs; i++)
		if (now->arg[i].type == GT_ARG_STACK)
			out->arg[i] = ev->stack;
}

/* The arguments; where today's event differs from case to case, which it is. False: nothing comes of it. */
static bool
convert(struct v1_reader *r, const struct v1_event *ev, const struct v1_raw *raw, struct gt_event *out)
{
	const struct v1 *v = r->v;
	bool init = r->next < v->init;
	uint64_t a0 = v1_arg(raw, 0), a1 = v1_arg(raw, 1), a2 = v1_arg(raw, 2);

	if (v1_spec(ev->type)->reason != V1_TEXT_None)
		out->arg[0] = text_id(v, v1_spec(ev->type)->reason);
	switch (ev->type) {
	case V1_Gomaxprocs:
		out->arg[0] = a0;
		return r->next != v->init;
	case V1_GoSysBlock:
		return false;
	case V1_ProcStart:
	case V1_ProcStop:
		proc_event(out, ev);
		break;
	case V1_GCStart:
	case V1_HeapAlloc:
	case V1_HeapGoal:
	case V1_UserTaskEnd:
		out->arg[0] = a0;
		break;
	case V1_GCSTWStart:
		out->arg[0] = r->stw = stw_reason(v, a0);
		break;
	case V1_GCSTWDone:
		out->aux = r->stw;
		break;
	case V1_GoCreate:
	case V1_GCSweepDone:
	case V1_GoUnblock:
		out->arg[0] = a0;
		out->arg[1] = a1;
		return !(init && ev->type == V1_GoCreate);
	case V1_GoStart:
		out->arg[0] = a0;
		out->arg[1] = a1;
		if (init)
			go_status(out, a0, GT_G_RUNNING);
		break;
	case V1_GoStartLabel:
		out->arg[0] = a0;
		out->arg[1] = a1;
		second(r, out, GT_EV_GoLabel, ev->time);
		r->second.arg[0] = a2;
		break;
	case V1_GoSysCall:
		if (!(ev->flags & V1_BLOCKED)) {
			second(r, out, GT_EV_GoSyscallEnd, time_add(ev->time, 1));
			r->second.made = true;
		}
		break;
	case V1_GoWaiting:
	case V1_GoInSyscall:
		go_status(out, a0, ev->type == V1_GoWaiting ? GT_G_WAITING : GT_G_SYSCALL);
		break;
	case V1_UserTaskCreate:
		out->arg[0] = a0;
		out->arg[1] = a1;
		out->arg[2] = a2;
		break;
	case V1_UserRegion:
		out->type = a1 == 0 ? GT_EV_UserRegionBegin : GT_EV_UserRegionEnd;
		out->arg[0] = a0;
		out->arg[1] = a2;
		break;
	case V1_UserLog:
		out->arg[0] = a0;
		out->arg[1] = a1;
		out->arg[2] = v1_message(v, raw->text);
		break;
	case V1_CPUSample:
		out->arg[0] = a0;
		out->arg[1] = UINT64_MAX;
		out->arg[2] = (uint64_t)out->p;
		out->arg[3] = ev->g;
		break;
	default:
		break;
	}
	return true;
}

/* The next goroutine that was there from the beginning, and is runnable. */
static void
give_born(struct v1_reader *r)
{
	const struct v1 *v = r->v;
	const struct v1_born *born = &v->born[r->born++];
	const struct v1_event *ev = &v->ev[born->event];
	struct v1_raw raw;

	v1_decode(v, ev, &raw);
	frame(v, ev, &raw, &r->ev);
	go_status(&r->ev, born->g, GT_G_RUNNABLE);
	r->ev.made = true;
	r->ev.arg[3] = 0;
	r->ev.time = r->ev.clock = v->ev[v->init].time;
	r->ev.m = r->ev.p = r->ev.g = GT_NONE;
}

/* Sync points stand at the beginning, if there are any events, and at the end. */
static enum gt_got
give_sync(struct v1_reader *r, int64_t time, uint64_t off, struct gt_gen *gen, struct gt_event **out)
{
	r->ev = (struct gt_event){ .type = GT_EV_SyncPoint, .time = time, .clock = time, .m = GT_NONE, .p = GT_NONE, .g = GT_NONE,
		.off = off, .gen = gen };
	r->ev.arg[0] = ++r->syncs;
	*out = &r->ev;
	return GT_EVENT;
}

/* What the subject of a transition leaves, and since when it is in that. */
static void
note_left(const struct order *o, struct gt_event *ev)
{
	int64_t id;
	enum gt_res res = gt_event_subject(ev, &id);
	const struct gstate *g = res == GT_G ? state_g(&o->s, id) : NULL;
	const struct pstate *p = res == GT_P ? state_p(&o->s, id) : NULL;

	ev->since = g ? g->since : p ? p->since : GT_BEFORE;
	ev->from_syscall = p && p->status == GT_P_SYSCALL;
}

/* No two events have the same time. */
static enum gt_got
give(struct v1_reader *r, struct order *o, struct gt_event *ev, int64_t away, struct gt_event **out)
{
	if (ev->time <= r->last)
		ev->time = time_add(r->last, 1);
	r->last = ev->time;
	/* Of a P nothing is known until it first starts or stops. */
	o->now = ev->from == GT_PRES_Undetermined && ev->type != GT_EV_ProcStatus ? GT_BEFORE : ev->time;
	note_left(o, ev);
	apply(r, o, ev, away);
	*out = ev;
	return GT_EVENT;
}

static enum gt_got
refuse_event(const struct v1 *v, const struct v1_event *ev, enum gt_code code, struct gt_error *err)
{
	fault(err, code, v->t, ev->off, -1)->why.arg[0] = ev->type;
	err->place = v1_place(v, ev);
	return GT_BROKEN;
}

/* Whether it needs a string that there is no room for. */
static bool
wants_text(const struct v1 *v, const struct v1_event *ev)
{
	return v1_spec(ev->type)->reason != V1_TEXT_None || ev->type == V1_GCSTWStart ||
		(ev->type == V1_UserLog && v->nlog == 0);
}

static enum gt_got
read_event(struct v1_reader *r, struct order *o, struct gt_event **out, struct gt_error *err)
{
	const struct v1 *v = r->v;

	if (r->more) {
		r->more = false;
		r->ev = r->second;
		return give(r, o, &r->ev, r->ev.m, out);
	}
	while (r->next <= v->init || r->born == v->nborn) {
		const struct v1_event *ev = &v->ev[r->next];
		struct v1_raw raw;
		bool comes;

		if (r->next == v->n) {
			r->ended = true;
			return give_sync(r, time_add(r->last, 1), v->t->n, NULL, out);
		}
		if (v->crowded && wants_text(v, ev))
			return refuse_event(v, ev, GT_E_V1_CROWDED, err);
		if (ev->type == V1_FutileWakeup)
			return refuse_event(v, ev, GT_E_V1_UNEXPECTED, err);
		v1_decode(v, ev, &raw);
		frame(v, ev, &raw, &r->ev);
		comes = convert(r, ev, &raw, &r->ev);
		r->next++;
		if (comes)
			return give(r, o, &r->ev, ev->m, out);
	}
	give_born(r);
	return give(r, o, &r->ev, GT_NONE, out);
}

void
v1_begin(struct v1_reader *r, const struct v1 *v)
{
	r->v = v;
	r->last = -1;
}

enum gt_got
v1_read(struct v1_reader *r, struct gt_trace *t, struct order *o, struct gt_event **out, struct gt_error *err)
{
	o->nchange = 0;
	if (!r->v || !state_has_room(&o->s)) {
		fault(err, GT_E_NOMEM, t, 0, -1);
		return GT_BROKEN;
	}
	if (r->v->broken) {
		*err = r->v->err;
		return GT_BROKEN;
	}
	if (r->ended)
		return GT_END;
	if (r->syncs > 0 || r->v->n == 0)
		return read_event(r, o, out, err);
	order_gen(o, r->v->gen, true);
	return give_sync(r, time_add(r->v->ev[0].time, -1), t->first, r->v->gen, out);
}

uint64_t
v1_progress(const struct v1_reader *r)
{
	if (!r->v || r->v->n == 0)
		return 0;
	return (uint64_t)((double)r->next / (double)r->v->n * (double)r->v->t->n);
}
