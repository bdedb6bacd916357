/* SPDX-License-Identifier: MIT */
/*
 * The orderer's frame, and the events of procs. Rules: advance* in internal/trace/order.go of Go 1.26.
 */
#include "order_often.h"

#include <stdlib.h>
#include <string.h>

order_fn *const order_handlers[GT_TYPES] = {
#define ST(num, name, since, shape, args, what)
#define EV(num, name, since, kind, starts, args, change, requires, handler, what) [num] = order_##handler,
#include "events.def"
#undef ST
#undef EV
};

void
order_init(struct order *o, const struct gt_model *model, unsigned version)
{
	*o = (struct order){ .s.gc_since = GT_BEFORE, .version = (uint8_t)version, .destroy_abandons_p = model->destroy_abandons_p };
	for (unsigned t = 0; t < GT_TYPES; t++)
		for (unsigned r = GT_M; r <= GT_G; r++) {
			if (model->need[t][r] == GT_MUST)
				o->rule[t].must |= (uint8_t)(1u << r);
			if (model->need[t][r] != GT_MAY)
				o->rule[t].matters |= (uint8_t)(1u << r);
		}
}

void
order_free(struct order *o)
{
	state_free(&o->s);
	free(o->note);
	o->note = NULL;
}

/* What a copy does not have. */
static void
forget(struct order *o)
{
	o->note = NULL;
	o->log = false;
	o->nchange = 0;
	o->out = NULL;
	o->why = (struct gt_reason){ 0 };
}

/* In the midst of a wire event what is left of it needs room, which copies do not have. */
static bool
has_room_for_more(struct order *o)
{
	return o->imore == o->nmore || state_reserve(&o->s);
}

bool
order_copy(struct order *to, const struct order *from)
{
	*to = *from;
	forget(to);
	return state_copy(&to->s, &from->s) && has_room_for_more(to);
}

bool
order_revive(struct order *o, struct gt_gen *tables)
{
	forget(o);
	o->tables = tables;
	o->made.gen = tables;
	for (unsigned i = 0; i < MAX_MORE; i++)
		o->more[i].gen = tables;
	state_fitted(&o->s);
	return has_room_for_more(o);
}

void
order_gen(struct order *o, const struct gt_gen *tables, bool events)
{
	o->tables = tables;
	o->gen = tables->number;
	/* One without events is not the first: nothing was said of what lives in it. */
	if (o->s.first_gen == 0 && events)
		o->s.first_gen = o->gen;
}

bool
order_forbidden(struct order *o, const struct gt_event *ev)
{
	static const enum gt_code lacks[] = { GT_E_NO_THREAD, GT_E_NO_PROC, GT_E_NO_GOROUTINE };
	static const enum gt_code has[] = { GT_E_HAS_THREAD, GT_E_HAS_PROC, GT_E_HAS_GOROUTINE };
	const int64_t have[] = { ev->m, ev->p, ev->g };
	struct rule r = o->rule[ev->type];

	for (unsigned i = GT_M; i <= GT_G; i++) {
		bool must = r.must >> i & 1, matters = r.matters >> i & 1;

		if (must && have[i] == GT_NONE)
			return refuse(o, ev, GT_NEVER, lacks[i], 0, 0, 0, 0) == GT_NEVER;
		if (matters && !must && have[i] != GT_NONE)
			return refuse(o, ev, GT_NEVER, has[i], (uint64_t)have[i], 0, 0, 0) == GT_NEVER;
	}
	return false;
}

enum gt_answer
order_try_new(struct order *o, struct gt_event *ev, uint32_t *mat)
{
	struct mstate nobody = m_new(ev->m), *m = &nobody;

	if (!o->ask && !state_has_room(&o->s))
		return NEVER(NOMEM, 0, 0, 0, 0);
	if (*mat == MAP_NONE && ev->m != GT_NONE) {
		*mat = map_get(&o->s.ms, (uint64_t)ev->m);
		if (*mat == MAP_NONE && !o->ask)
			*mat = state_add_m(&o->s, ev->m);
	}
	if (*mat != MAP_NONE)
		m = &o->s.m[*mat];
	return order_on(o, ev, m);
}

/* --- what an event changes -------------------------------------------------------------- */

/* A P or G as it is. */
struct look {
	enum gt_res res;
	int64_t id;
	unsigned status;
	uint64_t gen, seq;
};

static struct look
look_at(const struct order *o, enum gt_res res, int64_t id)
{
	struct look x = { .res = res, .id = id, .status = res == GT_G ? GT_G_GONE : GT_P_GONE };
	const struct gstate *g = res == GT_G ? state_g(&o->s, id) : NULL;
	const struct pstate *p = res == GT_P ? state_p(&o->s, id) : NULL;

	if (g || p) {
		x.status = g ? g->status : p->status;
		x.gen = g ? g->gen : p->gen;
		x.seq = g ? g->seq : p->seq;
	}
	return x;
}

static void
compare(struct order *o, const struct look *was)
{
	struct look is = look_at(o, was->res, was->id);
	bool g = was->res == GT_G;

	if (is.status != was->status)
		note_change(o, g ? GT_CH_G_STATUS : GT_CH_P_STATUS, was->id, was->status, is.status);
	if ((is.seq != was->seq || is.gen != was->gen) && is.status != GT_G_GONE)
		note_change(o, g ? GT_CH_G_SEQ : GT_CH_P_SEQ, was->id, (int64_t)was->seq, (int64_t)is.seq);
}

/* Looks before and after at the P and G of the context, at the one that the first argument names, and at the M. */
static enum gt_answer
logged(struct order *o, struct gt_event *ev, struct mstate *m, order_fn *fn)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	enum gt_argtype first = spec->nargs ? spec->arg[0].type : GT_ARG_VALUE;
	struct mstate before = *m;
	struct look look[3];
	unsigned n = 0;
	enum gt_answer answer;

	o->nchange = 0;

	if (ev->g != GT_NONE)
		look[n++] = look_at(o, GT_G, ev->g);
	if (first == GT_ARG_G && (n == 0 || (int64_t)ev->arg[0] != ev->g)) /* a broken trace may have a G of that number */
		look[n++] = look_at(o, GT_G, (int64_t)ev->arg[0]);
	if (ev->p != GT_NONE && !(first == GT_ARG_P && (int64_t)ev->arg[0] == ev->p))
		look[n++] = look_at(o, GT_P, ev->p);
	if (first == GT_ARG_P)
		look[n++] = look_at(o, GT_P, (int64_t)ev->arg[0]);
	answer = fn(o, ev, m);
	for (unsigned i = 0; i < n && answer == GT_YES; i++)
		compare(o, &look[i]);
	/* What an event of no M says of its P and G is forgotten. */
	if (answer == GT_YES && m->id != GT_NONE && m->p != before.p)
		note_change(o, GT_CH_M_P, m->id, before.p, m->p);
	if (answer == GT_YES && m->id != GT_NONE && m->g != before.g)
		note_change(o, GT_CH_M_G, m->id, before.g, m->g);
	return answer;
}

enum gt_answer
order_logged(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return logged(o, ev, m, order_handlers[ev->type]);
}

/* The part of a wire event that its further events stand for. */
static enum gt_answer
apply_more(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct gstate *g;

	switch (ev->type) {
	case GT_EV_GoBlock:
	case GT_EV_GoDestroy:
	case GT_EV_GoDestroySyscall:
		g = state_g(&o->s, m->g);
		m_hold_g(m, GT_NONE);
		if (ev->type == GT_EV_GoBlock)
			g_becomes(o, ev, g, GT_G_WAITING);
		else
			g_ends(o, ev, g);
		break;
	case GT_EV_GoStart:
		g = state_g(&o->s, (int64_t)ev->arg[0]);
		g_becomes(o, ev, g, GT_G_RUNNING);
		set_g_seq(o, g, ev->arg[1]);
		m_hold_g(m, g->id);
		break;
	default:
		break;
	}
	return GT_YES;
}

struct gt_event *
order_more(struct order *o)
{
	struct gt_event *ev;

	if (o->imore == o->nmore)
		return NULL;
	ev = &o->more[o->imore++];
	if (o->imore == o->nmore)
		o->imore = o->nmore = 0;
	o->nchange = 0;
	if (o->log)
		logged(o, ev, &o->s.m[o->more_m], apply_more);
	else
		apply_more(o, ev, &o->s.m[o->more_m]);
	return ev;
}

void
order_place_more(struct order *o, const struct gt_event *ev)
{
	for (unsigned i = o->imore; i < o->nmore; i++) {
		struct gt_event *more = &o->more[i];

		more->clock = ev->clock;
		more->off = ev->off;
		more->len = ev->len;
		more->batch = ev->batch;
		more->index = ev->index;
	}
}

/* --- procs ---------------------------------------------------------------------------- */

enum gt_answer
order_none(struct order *o, struct gt_event *ev, struct mstate *m)
{
	(void)m;
	return NEVER(NOT_ORDERED, ev->type, 0, 0, 0);
}

static enum gt_pres
presented(unsigned status)
{
	static const uint8_t pres[] = { GT_PRES_Undetermined, GT_PRES_Running, GT_PRES_Idle, GT_PRES_Running, GT_PRES_Idle };

	return (enum gt_pres)pres[status];
}

/*
 * A P stated to be in an abandoned syscall that is in one: nothing was lost, its M is still known. The event is shown
 * in the context of that M.
 */
static bool
find_holder(struct order *o, struct gt_event *ev, int64_t pid)
{
	for (size_t i = 0; i < o->s.nm; i++) {
		const struct mstate *m = &o->s.m[i];

		if (m->p == pid) {
			ev->m = m->id;
			ev->p = pid;
			ev->g = m->g;
			return true;
		}
	}
	return false;
}

enum gt_answer
order_proc_status(struct order *o, struct gt_event *ev, struct mstate *m)
{
	int64_t pid = (int64_t)ev->arg[0];
	uint8_t status = (uint8_t)ev->arg[1]; /* cut off, as the reference does */
	struct pstate *p = state_p(&o->s, pid);
	bool promoted = p && status == GT_P_ABANDONED && p->status == GT_P_SYSCALL;

	if (status > GT_P_ABANDONED)
		return NEVER(P_STATUS_INVALID, pid, status, 0, 0);
	if (p && !promoted && p->status != status)
		return NEVER(P_STATUS_CONFLICT, pid, p->status, status, 0);
	if (!allowed(o, ev, m))
		return GT_NEVER;
	ev->to = (uint8_t)presented(promoted ? GT_P_SYSCALL : status);
	ev->from = p ? ev->to : o->gen == o->s.first_gen ? GT_PRES_Undetermined : GT_PRES_NotExist;
	ev->to_syscall = promoted || status == GT_P_SYSCALL;
	ev->from_syscall = p && ev->to_syscall;
	if (promoted && !find_holder(o, ev, pid))
		return NEVER(P_NO_CONTEXT, pid, 0, 0, 0);
	if (o->ask)
		return GT_YES;

	if (!p) {
		p = &o->s.p[state_add_p(&o->s, pid)];
		p->since = ev->from == GT_PRES_Undetermined ? GT_BEFORE : o->now;
	}
	p->status = promoted ? GT_P_SYSCALL : status;
	set_p_seq(o, p, 0);
	if (status == GT_P_RUNNING || status == GT_P_SYSCALL)
		m_hold_p(m, pid);
	return GT_YES;
}

enum gt_answer
order_proc_start(struct order *o, struct gt_event *ev, struct mstate *m)
{
	int64_t pid = (int64_t)ev->arg[0];
	struct pstate *p = state_p(&o->s, pid);

	if (!p)
		return WAIT(W_P_UNKNOWN, pid, 0, 0, 0);
	if (p->status != GT_P_IDLE)
		return WAIT(W_P_NOT_IDLE, pid, p->status, 0, 0);
	if (!FOLLOWS(o, ev->arg[1], p))
		return WAIT(W_P_SEQ, pid, p->seq, p->gen, ev->arg[1]);
	/* In a syscall whose P has not been seen stolen yet. */
	if (ev->p != GT_NONE)
		return WAIT(W_M_HAS_P, ev->p, 0, 0, 0);
	if (!allowed(o, ev, m))
		return GT_NEVER;
	ev->from = GT_PRES_Idle;
	ev->to = GT_PRES_Running;
	if (o->ask)
		return GT_YES;

	p_becomes(o, ev, p, GT_P_RUNNING);
	set_p_seq(o, p, ev->arg[1]);
	m_hold_p(m, pid);
	m->pat = (uint32_t)(p - o->s.p);
	return GT_YES;
}

enum gt_answer
order_proc_stop(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct pstate *p = state_p_of(&o->s, m, ev->p);

	if (!p)
		return NEVER(P_STOP_UNKNOWN, ev->p, 0, 0, 0);
	if (p->status != GT_P_RUNNING && p->status != GT_P_SYSCALL)
		return NEVER(P_STOP_STATUS, ev->p, p->status, 0, 0);
	if (!allowed(o, ev, m))
		return GT_NEVER;
	ev->from = GT_PRES_Running;
	ev->to = GT_PRES_Idle;
	if (o->ask)
		return GT_YES;

	p_becomes(o, ev, p, GT_P_IDLE);
	m_hold_p(m, GT_NONE);
	return GT_YES;
}

/* Of a P that is not abandoned: from whom it is taken. NULL and a reason where that M does not have it. */
static struct mstate *
robbed(struct order *o, struct gt_event *ev, struct mstate *m)
{
	int64_t pid = (int64_t)ev->arg[0], mid = (int64_t)ev->arg[2];
	uint32_t at;

	if (mid == ev->m) {
		if (ev->p == pid)
			return m;
		NEVER(STEAL_SELF, pid, mid, ev->p, 0);
		return NULL;
	}
	at = map_get(&o->s.ms, (uint64_t)mid);
	if (at == MAP_NONE)
		NEVER(STEAL_NO_M, mid, 0, 0, 0);
	else if (o->s.m[at].p != pid)
		NEVER(STEAL_OTHER, pid, mid, o->s.m[at].p, 0);
	else
		return &o->s.m[at];
	return NULL;
}

enum gt_answer
order_proc_steal(struct order *o, struct gt_event *ev, struct mstate *m)
{
	int64_t pid = (int64_t)ev->arg[0];
	struct pstate *p = state_p(&o->s, pid);
	struct mstate *from = NULL;

	if (!p)
		return WAIT(W_P_UNKNOWN, pid, 0, 0, 0);
	if (p->status != GT_P_SYSCALL && p->status != GT_P_ABANDONED)
		return WAIT(W_P_NOT_SYSCALL, pid, p->status, 0, 0);
	if (!FOLLOWS(o, ev->arg[1], p))
		return WAIT(W_P_SEQ, pid, p->seq, p->gen, ev->arg[1]);
	if (!allowed(o, ev, m))
		return GT_NEVER;
	/* Whoever had an abandoned P may have moved on: nothing is said of it. */
	if (p->status != GT_P_ABANDONED && !(from = robbed(o, ev, m)))
		return GT_NEVER;
	ev->from = from ? GT_PRES_Running : GT_PRES_Idle;
	ev->to = GT_PRES_Idle;
	if (o->ask)
		return GT_YES;

	/* An abandoned one was presented as idle already. */
	ev->from_syscall = ev->to_syscall = false;
	if (from)
		p_becomes(o, ev, p, GT_P_IDLE);
	else
		p->status = GT_P_IDLE;
	set_p_seq(o, p, ev->arg[1]);
	if (from && from != m)
		note_change(o, GT_CH_M_P, from->id, pid, GT_NONE);
	if (from)
		m_hold_p(from, GT_NONE);
	return GT_YES;
}
