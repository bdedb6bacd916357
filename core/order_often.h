/* SPDX-License-Identifier: MIT */
/*
 * The events of which most of a trace consists, here so that they become a part of whoever asks, who knows their type: no
 * handler is called. Whoever only wants them to happen gives no event (NULL): then none is filled in, a refusal comes without
 * its reason, and it is no mere question (order.ask).
 */
#ifndef ORDER_OFTEN_H
#define ORDER_OFTEN_H

#include "order.h"

static inline void
transition(struct gt_event *ev, enum gt_pres from, enum gt_pres to)
{
	ev->from = (uint8_t)from;
	ev->to = (uint8_t)to;
}

/* The change of state that an event is presented as; ev may be NULL. */
static inline void
g_becomes(struct order *o, struct gt_event *ev, struct gstate *g, enum gt_gstatus status)
{
	if (ev)
		ev->since = g->since;
	g->since = o->now;
	g->status = (uint8_t)status;
}

static inline void
p_becomes(struct order *o, struct gt_event *ev, struct pstate *p, enum gt_pstatus status)
{
	ev->from_syscall = p->status == GT_P_SYSCALL;
	ev->to_syscall = false;
	ev->since = p->since;
	p->since = o->now;
	p->status = (uint8_t)status;
}

static inline void
g_ends(struct order *o, struct gt_event *ev, struct gstate *g)
{
	if (ev)
		ev->since = g->since;
	end_g(o, g);
}

/* As allowed; ev may be NULL. */
static inline bool
often_allowed(struct order *o, const struct gt_event *ev, unsigned type, const struct mstate *m)
{
	return ev ? allowed(o, ev, m) : fits(o, type, m);
}

/* The goroutine of the context, which must run; NULL and a reason where it does not. */
static hot_inline struct gstate *
running(struct order *o, struct gt_event *ev, unsigned type, struct mstate *m)
{
	struct gstate *g;

	if (!often_allowed(o, ev, type, m))
		return NULL;
	g = state_g_of(&o->s, m, m->g);
	if (likely(g && g->status == GT_G_RUNNING))
		return g;
	if (!g)
		NEVER(G_UNKNOWN, m->g, 0, 0, 0);
	else
		NEVER(G_NOT_RUNNING, m->g, g->status, 0, 0);
	return NULL;
}

/* GoDestroy, GoStop, GoBlock. */
static hot_inline enum gt_answer
often_go_stop_exec(struct order *o, struct gt_event *ev, unsigned type, const uint64_t *arg, struct mstate *m)
{
	struct gstate *g = running(o, ev, type, m);

	(void)arg;
	if (!g)
		return GT_NEVER;
	if (ev)
		transition(ev, GT_PRES_Running,
			type == GT_EV_GoDestroy	       ? GT_PRES_NotExist
				: type == GT_EV_GoStop ? GT_PRES_Runnable
						       : GT_PRES_Waiting);
	if (ev && o->ask)
		return GT_YES;

	m_hold_g(m, GT_NONE);
	if (type == GT_EV_GoDestroy)
		g_ends(o, ev, g);
	else
		g_becomes(o, ev, g, type == GT_EV_GoStop ? GT_G_RUNNABLE : GT_G_WAITING);
	return GT_YES;
}

static hot_inline enum gt_answer
often_go_start(struct order *o, struct gt_event *ev, unsigned type, const uint64_t *arg, struct mstate *m)
{
	int64_t gid = (int64_t)arg[0];
	uint32_t at = map_get(&o->s.gs, (uint64_t)gid);
	struct gstate *g = at == MAP_NONE ? NULL : &o->s.g[at];

	if (!g)
		return WAIT(W_G_UNKNOWN, gid, 0, 0, 0);
	if (g->status != GT_G_RUNNABLE)
		return WAIT(W_G_NOT_RUNNABLE, gid, g->status, 0, 0);
	if (!FOLLOWS(o, arg[1], g))
		return WAIT(W_G_SEQ, gid, g->seq, g->gen, arg[1]);
	if (!often_allowed(o, ev, type, m))
		return GT_NEVER;
	if (ev)
		transition(ev, GT_PRES_Runnable, GT_PRES_Running);
	if (ev && o->ask)
		return GT_YES;

	g_becomes(o, ev, g, GT_G_RUNNING);
	set_g_seq(o, g, arg[1]);
	m_hold_g(m, gid);
	m->gat = at;
	return GT_YES;
}

/* Anyone may unblock: no context is required. */
static hot_inline enum gt_answer
often_go_unblock(struct order *o, struct gt_event *ev, unsigned type, const uint64_t *arg, struct mstate *m)
{
	int64_t gid = (int64_t)arg[0];
	struct gstate *g = state_g(&o->s, gid);

	if (!g)
		return WAIT(W_G_UNKNOWN, gid, 0, 0, 0);
	if (g->status != GT_G_WAITING)
		return WAIT(W_G_NOT_WAITING, gid, g->status, 0, 0);
	if (!FOLLOWS(o, arg[1], g))
		return WAIT(W_G_SEQ, gid, g->seq, g->gen, arg[1]);
	if (!often_allowed(o, ev, type, m))
		return GT_NEVER;
	if (ev)
		transition(ev, GT_PRES_Waiting, GT_PRES_Runnable);
	if (ev && o->ask)
		return GT_YES;

	g_becomes(o, ev, g, GT_G_RUNNABLE);
	set_g_seq(o, g, arg[1]);
	return GT_YES;
}

static hot_inline enum gt_answer
often_go_syscall_begin(struct order *o, struct gt_event *ev, unsigned type, const uint64_t *arg, struct mstate *m)
{
	struct gstate *g = running(o, ev, type, m);
	struct pstate *p;

	if (!g)
		return GT_NEVER;
	p = state_p_of(&o->s, m, m->p);
	if (!p)
		return NEVER(P_UNINIT, m->p, 0, 0, 0);
	/* The number is there to tell syscalls apart for whoever steals the P; it can be insisted on. */
	if (!FOLLOWS(o, arg[0], p))
		return NEVER(P_SEQ, p->seq, p->gen, arg[0], o->gen);
	if (ev)
		transition(ev, GT_PRES_Running, GT_PRES_Syscall);
	if (ev && o->ask)
		return GT_YES;

	g_becomes(o, ev, g, GT_G_SYSCALL);
	p->status = GT_P_SYSCALL;
	p->since = o->now;
	set_p_seq(o, p, arg[0]);
	return GT_YES;
}

static hot_inline enum gt_answer
often_go_syscall_end(struct order *o, struct gt_event *ev, unsigned type, const uint64_t *arg, struct mstate *m)
{
	struct gstate *g;
	struct pstate *p;

	(void)arg;
	if (!often_allowed(o, ev, type, m))
		return GT_NEVER;
	g = state_g_of(&o->s, m, m->g);
	if (!g)
		return NEVER(G_UNKNOWN, m->g, 0, 0, 0);
	if (g->status != GT_G_SYSCALL)
		return NEVER(G_NOT_IN_SYSCALL, m->g, g->status, 0, 0);
	p = state_p_of(&o->s, m, m->p);
	if (!p)
		return NEVER(P_UNINIT, m->p, 0, 0, 0);
	if (p->status != GT_P_SYSCALL)
		return NEVER(P_NOT_SYSCALL, m->p, GT_P_SYSCALL, p->status, 0);
	if (ev)
		transition(ev, GT_PRES_Syscall, GT_PRES_Running);
	if (ev && o->ask)
		return GT_YES;

	g_becomes(o, ev, g, GT_G_RUNNING);
	p->status = GT_P_RUNNING;
	p->since = o->now;
	return GT_YES;
}

/* What came of an event: it happened; and there are others to be given out behind it, as o->nmore tells; it did not. */
enum quick { QUICK_DONE, QUICK_MORE, QUICK_NOT };

static inline enum quick
quick(enum gt_answer answer)
{
	return answer == GT_YES ? QUICK_DONE : QUICK_NOT;
}

static hot_inline bool
id_known(const struct gt_gen *g, enum gt_argtype type, uint64_t id)
{
	if (type == GT_ARG_STACK || type == GT_ARG_NSTACK)
		return idtab_has(&g->stack_ids, id);
	return type != GT_ARG_STRING || idtab_has(&g->string_ids, id);
}

/* ids_known for a type that is known where this is compiled: no more is looked at than there is. */
static hot_inline bool
often_ids_known(const struct gt_gen *g, unsigned type, const uint64_t *arg)
{
	switch (type) {
#define A(nm, type) &&id_known(g, GT_ARG_##type, *arg++)
#define ARGS(...) true __VA_ARGS__
#define ST(num, name, since, shape, args, what)
#define EV(num, name, since, kind, starts, args, change, requires, handler, what)                                      \
	case num:                                                                                                      \
		return args;
#include "events.def"
#undef ST
#undef EV
#undef ARGS
#undef A
	}
	return true;
}

/*
 * The question of order_on for an event of that type, where nobody wants to know what changes, nor to have the event. One that
 * refers to what is unknown does not happen; ids: of all types.
 */
static hot_inline enum quick
order_quick(struct order *o, const struct id_args *ids, struct gt_event *ev, unsigned type, struct mstate *m)
{
	switch (type) {
#define OFTEN(name, handler)                                                                                           \
	case GT_EV_##name:                                                                                             \
		if (unlikely(!often_ids_known(o->tables, GT_EV_##name, ev->arg)))                                       \
			return QUICK_NOT;                                                                              \
		return quick(often_##handler(o, NULL, GT_EV_##name, ev->arg, m));
		OFTEN(GoStart, go_start)
		OFTEN(GoStop, go_stop_exec)
		OFTEN(GoUnblock, go_unblock)
		OFTEN(GoBlock, go_stop_exec)
		OFTEN(GoSyscallBegin, go_syscall_begin)
		OFTEN(GoSyscallEnd, go_syscall_end)
		OFTEN(GoDestroy, go_stop_exec)
#undef OFTEN
	default:
		ev->m = m->id;
		ev->p = m->p;
		ev->g = m->g;
		/* Making room would move the M. */
		if (unlikely(!ids_known(o->tables, &ids[type], ev->arg)) || unlikely(o->s.room < ROOM_EVENT) ||
			order_handlers[type](o, ev, m) != GT_YES)
			return QUICK_NOT;
		return unlikely(o->nmore) ? QUICK_MORE : QUICK_DONE;
	}
}

#endif
