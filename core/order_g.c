/* SPDX-License-Identifier: MIT */
/*
 * The events of goroutines. Rules: advance* in internal/trace/order.go of Go 1.26.
 */
#include "order_often.h"

uint32_t
new_g(struct order *o, int64_t id, enum gt_gstatus status)
{
	uint32_t at = state_add_g(&o->s, id);

	o->s.g[at].status = (uint8_t)status;
	o->s.g[at].since = o->now;
	set_g_seq(o, &o->s.g[at], 0);
	return at;
}

void
end_g(struct order *o, struct gstate *g)
{
	state_del_g(&o->s, (uint32_t)(g - o->s.g));
}

/* A goroutine in a syscall on another M than the one that states it: it has sat there since before the generation. */
static enum gt_answer
status_elsewhere(struct order *o, struct gt_event *ev, int64_t gid, int64_t mid)
{
	uint32_t at = map_get(&o->s.ms, (uint64_t)mid);

	if (at != MAP_NONE && o->s.m[at].g != gid)
		return NEVER(G_SYSCALL_THREAD, gid, o->s.m[at].g, 0, 0);
	if (at != MAP_NONE)
		ev->g = gid;
	ev->m = mid;
	return GT_YES;
}

static enum gt_answer
check_status_thread(struct order *o, struct gt_event *ev, int64_t gid, int64_t mid)
{
	if (mid == GT_NONE)
		return NEVER(G_SYSCALL_NO_M, gid, 0, 0, 0);
	if (mid != ev->m)
		return status_elsewhere(o, ev, gid, mid);
	if (o->gen != o->s.first_gen && ev->g != gid)
		return NEVER(G_SYSCALL_THREAD, gid, ev->g, 0, 0);
	return GT_YES;
}

/* An M that has not been heard of, and what it runs. */
static void
bind_elsewhere(struct order *o, int64_t mid, int64_t gid)
{
	m_hold_g(&o->s.m[state_add_m(&o->s, mid)], gid);
	note_change(o, GT_CH_M_G, mid, GT_NONE, gid);
}

enum gt_answer
order_go_status(struct order *o, struct gt_event *ev, struct mstate *m)
{
	static const uint8_t pres[] = { GT_PRES_Undetermined, GT_PRES_Runnable, GT_PRES_Running, GT_PRES_Syscall,
		GT_PRES_Waiting };
	int64_t gid = (int64_t)ev->arg[0], mid = (int64_t)ev->arg[1], writer = ev->m;
	uint8_t status = (uint8_t)ev->arg[2]; /* cut off, as the reference does */
	struct gstate *g = state_g(&o->s, gid);
	uint32_t at;

	if (status > GT_G_WAITING)
		return NEVER(G_STATUS_INVALID, gid, status, 0, 0);
	if (g && g->status != status)
		return NEVER(G_STATUS_CONFLICT, gid, g->status, status, 0);
	if (!g && o->gen != o->s.first_gen)
		return NEVER(G_STATUS_LATE, gid, status, 0, 0);
	if (!allowed(o, ev, m))
		return GT_NEVER;
	if (status == GT_G_SYSCALL && check_status_thread(o, ev, gid, mid) != GT_YES)
		return GT_NEVER;
	transition(ev, g ? (enum gt_pres)pres[status] : GT_PRES_Undetermined, (enum gt_pres)pres[status]);
	if (o->ask)
		return GT_YES;

	if (g)
		set_g_seq(o, g, 0);
	else
		o->s.g[new_g(o, gid, (enum gt_gstatus)status)].since = GT_BEFORE;
	if (status == GT_G_RUNNING || (status == GT_G_SYSCALL && mid == writer))
		m_hold_g(m, gid);
	else if (status == GT_G_SYSCALL && (at = map_get(&o->s.ms, (uint64_t)mid)) == MAP_NONE)
		bind_elsewhere(o, mid, gid);
	return GT_YES;
}

enum gt_answer
order_go_create(struct order *o, struct gt_event *ev, struct mstate *m)
{
	int64_t gid = (int64_t)ev->arg[0];
	enum gt_gstatus status = ev->type == GT_EV_GoCreateBlocked ? GT_G_WAITING : GT_G_RUNNABLE;
	const struct gstate *g;

	if (!allowed(o, ev, m))
		return GT_NEVER;
	g = state_g_of(&o->s, m, ev->g);
	if (g && g->status != GT_G_RUNNING)
		return NEVER(G_NOT_RUNNING, ev->g, g->status, 0, 0);
	if (state_g(&o->s, gid))
		return NEVER(G_EXISTS, gid, 0, 0, 0);
	transition(ev, GT_PRES_NotExist, status == GT_G_WAITING ? GT_PRES_Waiting : GT_PRES_Runnable);
	if (o->ask)
		return GT_YES;

	new_g(o, gid, status);
	return GT_YES;
}

enum gt_answer
order_go_stop_exec(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return often_go_stop_exec(o, ev, ev->type, ev->arg, m);
}

enum gt_answer
order_go_start(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return often_go_start(o, ev, ev->type, ev->arg, m);
}

enum gt_answer
order_go_unblock(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return often_go_unblock(o, ev, ev->type, ev->arg, m);
}

/* The events a coroutine switch is followed by: this goroutine blocks or ends, the other starts. */
static void
switch_more(struct order *o, struct gt_event *ev, const struct mstate *m)
{
	bool destroys = ev->type == GT_EV_GoSwitchDestroy;
	struct gt_event *leave = &o->more[0], *start = &o->more[1];

	o->more_m = (uint32_t)(m - o->s.m);
	*leave = *ev;
	leave->type = destroys ? GT_EV_GoDestroy : GT_EV_GoBlock;
	leave->part = 1;
	leave->arg[0] = leave->arg[1] = 0; /* no reason, no stack */
	transition(leave, GT_PRES_Running, destroys ? GT_PRES_NotExist : GT_PRES_Waiting);
	*start = *ev;
	start->type = GT_EV_GoStart;
	start->part = 2;
	start->g = GT_NONE;
	transition(start, GT_PRES_Runnable, GT_PRES_Running);
	o->out = ev;
	o->nmore = 2;
}

enum gt_answer
order_go_switch(struct order *o, struct gt_event *ev, struct mstate *m)
{
	int64_t gid = (int64_t)ev->arg[0];
	struct gstate *g;

	if (!running(o, ev, ev->type, m))
		return GT_NEVER;
	g = state_g(&o->s, gid);
	if (!g)
		return WAIT(W_G_UNKNOWN, gid, 0, 0, 0);
	if (g->status != GT_G_WAITING)
		return WAIT(W_G_NOT_WAITING, gid, g->status, 0, 0);
	if (!FOLLOWS(o, ev->arg[1], g))
		return WAIT(W_G_SEQ, gid, g->seq, g->gen, ev->arg[1]);
	transition(ev, GT_PRES_Waiting, GT_PRES_Runnable);
	if (o->ask)
		return GT_YES;

	g_becomes(o, ev, g, GT_G_RUNNABLE);
	switch_more(o, ev, m);
	return GT_YES;
}

enum gt_answer
order_go_syscall_begin(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return often_go_syscall_begin(o, ev, ev->type, ev->arg, m);
}

enum gt_answer
order_go_syscall_end(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return often_go_syscall_end(o, ev, ev->type, ev->arg, m);
}

/* While the M still has the P it went into the syscall with, it is known that it will lose it: that comes first. */
enum gt_answer
order_go_syscall_end_blocked(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct gstate *g;

	if (ev->p != GT_NONE) {
		const struct pstate *p = state_p_of(&o->s, m, ev->p);

		if (!p)
			return NEVER(P_UNINIT, ev->p, 0, 0, 0);
		if (p->status == GT_P_SYSCALL)
			return WAIT(W_P_STILL_SYSCALL, ev->p, 0, 0, 0);
	}
	if (!allowed(o, ev, m))
		return GT_NEVER;
	g = state_g_of(&o->s, m, ev->g);
	if (!g)
		return NEVER(G_UNKNOWN, ev->g, 0, 0, 0);
	if (g->status != GT_G_SYSCALL)
		return NEVER(G_NOT_IN_SYSCALL, ev->g, g->status, 0, 0);
	transition(ev, GT_PRES_Syscall, GT_PRES_Runnable);
	if (o->ask)
		return GT_YES;

	g_becomes(o, ev, g, GT_G_RUNNABLE);
	m_hold_g(m, GT_NONE);
	return GT_YES;
}

/* A call from C: the goroutine appears in a syscall and is bound to the M at once. */
enum gt_answer
order_go_create_syscall(struct order *o, struct gt_event *ev, struct mstate *m)
{
	int64_t gid = (int64_t)ev->arg[0];

	if (!allowed(o, ev, m))
		return GT_NEVER;
	if (state_g(&o->s, gid))
		return NEVER(G_EXISTS_SYSCALL, gid, 0, 0, 0);
	transition(ev, GT_PRES_NotExist, GT_PRES_Syscall);
	if (o->ask)
		return GT_YES;

	m->gat = new_g(o, gid, GT_G_SYSCALL);
	m_hold_g(m, gid);
	return GT_YES;
}

/*
 * The end of a call from C. The thread ID may be used again by the system, and whoever has it then must not be taken
 * for the holder of this P: so the M loses its P, as by a steal from itself, which is shown first.
 */
static void
destroy_with_p(struct order *o, struct gt_event *ev, struct mstate *m, struct pstate *p)
{
	o->more_m = (uint32_t)(m - o->s.m);
	o->more[0] = *ev;
	o->nmore = 1;
	o->made = *ev;
	o->made.type = GT_EV_ProcSteal;
	o->made.part = 1;
	o->made.arg[0] = (uint64_t)p->id;
	o->made.arg[1] = o->made.arg[2] = 0;
	transition(&o->made, GT_PRES_Running, GT_PRES_Idle);
	o->out = &o->made;
	p_becomes(o, &o->made, p, GT_P_ABANDONED);
	m_hold_p(m, GT_NONE);
}

enum gt_answer
order_go_destroy_syscall(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct gstate *g;
	struct pstate *p = NULL;

	if (!allowed(o, ev, m))
		return GT_NEVER;
	g = state_g_of(&o->s, m, ev->g);
	if (!g)
		return NEVER(G_UNKNOWN, ev->g, 0, 0, 0);
	if (g->status != GT_G_SYSCALL)
		return NEVER(G_NOT_SYSCALL, ev->g, g->status, 0, 0);
	if (ev->p != GT_NONE && o->destroy_abandons_p) {
		p = state_p_of(&o->s, m, ev->p);
		if (!p)
			return NEVER(P_INVALID, ev->p, 0, 0, 0);
		if (p->status != GT_P_SYSCALL)
			return NEVER(P_STATE, ev->p, p->status, 0, 0);
	}
	transition(ev, GT_PRES_Syscall, GT_PRES_NotExist);
	if (o->ask)
		return GT_YES;

	if (p) {
		destroy_with_p(o, ev, m, p);
		return GT_YES;
	}
	m_hold_g(m, GT_NONE);
	g_ends(o, ev, g);
	return GT_YES;
}
