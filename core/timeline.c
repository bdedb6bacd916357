/* SPDX-License-Identifier: MIT */
/*
 * What each M, P and G did when: the changes of the states, cut into spans. One span is open for each thing that lives;
 * it ends when its state, or whom it does it with, changes. Memory is for what lives, not for what has been.
 */
#include "gotrace.h"
#include "map.h"

#include <stdlib.h>
#include <string.h>

struct lane {
	struct gt_span now; /* open; state NONE: nothing known yet */
	int64_t m;          /* of a P or G: who holds it */
	bool live;
};

struct lanes {
	struct lane *v;
	size_t n, cap;
	struct map at;
	uint32_t *free;
	size_t nfree, cfree;
};

struct gt_timeline {
	gt_span_fn *fn;
	void *arg;
	struct lanes lanes[3]; /* by enum gt_res */
	size_t count[3][GT_LANES];
	size_t early[3][GT_LANES]; /* of what is known to have been so at the start */
	int64_t start, time;
	bool started, nomem;
	/* A P that was first heard of by the event before, at that time: it may have been like that before. */
	int64_t late;
	uint64_t late_first;
};

struct gt_timeline *
gt_timeline_new(gt_span_fn *fn, void *arg)
{
	struct gt_timeline *tl = calloc(1, sizeof(*tl));

	if (tl) {
		tl->fn = fn;
		tl->arg = arg;
		tl->late = GT_NONE;
	}
	return tl;
}

void
gt_timeline_free(struct gt_timeline *tl)
{
	for (int r = GT_M; tl && r <= GT_G; r++) {
		free(tl->lanes[r].v);
		free(tl->lanes[r].free);
		map_free(&tl->lanes[r].at);
	}
	free(tl);
}

/* The lane of a thing, made where there is none. NULL: no thing, or no memory. */
static struct lane *
lane_of(struct gt_timeline *tl, enum gt_res res, int64_t id)
{
	struct lanes *l = &tl->lanes[res];
	uint32_t at = map_get(&l->at, (uint64_t)id);

	if (id == GT_NONE)
		return NULL;
	if (at != MAP_NONE)
		return &l->v[at];
	if (!GROW(l->v, l->n, l->cap) || !GROW(l->free, l->n, l->cfree) || !map_reserve(&l->at, 1)) {
		tl->nomem = true;
		return NULL;
	}
	at = l->nfree ? l->free[--l->nfree] : (uint32_t)l->n++;
	l->v[at] = (struct lane){ .now = { .res = res, .id = id, .m = GT_NONE, .p = GT_NONE, .g = GT_NONE },
		.m = GT_NONE, .live = true };
	tl->count[res][GT_LANE_NONE]++;
	tl->early[res][GT_LANE_NONE]++;
	map_add(&l->at, (uint64_t)id, at);
	return &l->v[at];
}

static void
close_span(struct gt_timeline *tl, struct lane *l, int64_t to, uint64_t last)
{
	if (l->now.state == GT_LANE_NONE)
		return;
	l->now.to = to;
	l->now.last = last;
	tl->fn(tl->arg, &l->now);
}

static bool
same(const struct gt_span *a, const struct gt_span *b)
{
	return a->state == b->state && a->m == b->m && a->p == b->p && a->g == b->g;
}

static void
become(struct gt_timeline *tl, struct lane *l, struct gt_span next, const struct gt_event *ev, bool before)
{
	if (same(&l->now, &next))
		return;
	/* Both from before the trace: that is what it did then, as is known only now. */
	if (!before || l->now.first) {
		close_span(tl, l, ev->time, ev->n);
	} else {
		tl->early[next.res][l->now.state]--;
		tl->early[next.res][next.state]++;
	}
	next.from = before ? tl->start : ev->time;
	next.first = before ? 0 : ev->n;
	tl->count[next.res][l->now.state]--;
	tl->count[next.res][next.state]++;
	l->now = next;
}

/* --- what a thing does, by the states ------------------------------------------------------- */

static struct gt_span
m_does(const struct gt_state *s, int64_t id)
{
	struct gt_span x = { .res = GT_M, .id = id, .m = id, .p = GT_NONE, .g = GT_NONE, .state = GT_LANE_IDLE };
	struct gt_m m;
	struct gt_g g;

	if (!gt_m_find(s, id, &m))
		return x;
	x.p = m.p;
	x.g = m.g;
	if (m.g != GT_NONE && gt_g_find(s, m.g, &g) && g.status == GT_G_SYSCALL)
		x.state = GT_LANE_SYSCALL;
	else if (m.p != GT_NONE)
		x.state = m.g != GT_NONE ? GT_LANE_RUNNING : GT_LANE_BARE;
	return x;
}

static struct gt_span
p_does(const struct gt_state *s, int64_t id, int64_t holder)
{
	struct gt_span x = { .res = GT_P, .id = id, .m = GT_NONE, .p = id, .g = GT_NONE, .state = GT_LANE_IDLE };
	struct gt_p p;
	struct gt_m m;
	struct gt_g g;

	if (!gt_p_find(s, id, &p) || (p.status != GT_P_RUNNING && p.status != GT_P_SYSCALL))
		return x;
	x.m = holder;
	if (gt_m_find(s, holder, &m) && m.p == id)
		x.g = m.g;
	if (p.status == GT_P_SYSCALL || (x.g != GT_NONE && gt_g_find(s, x.g, &g) && g.status == GT_G_SYSCALL))
		x.state = GT_LANE_SYSCALL;
	else
		x.state = x.g != GT_NONE ? GT_LANE_RUNNING : GT_LANE_BARE;
	return x;
}

static struct gt_span
g_does(const struct gt_state *s, int64_t id, int64_t holder)
{
	static const uint8_t states[] = { GT_LANE_NONE, GT_LANE_RUNNABLE, GT_LANE_RUNNING, GT_LANE_SYSCALL, GT_LANE_WAITING };
	struct gt_span x = { .res = GT_G, .id = id, .m = GT_NONE, .p = GT_NONE, .g = id, .state = GT_LANE_NONE };
	struct gt_g g;
	struct gt_m m;

	if (!gt_g_find(s, id, &g))
		return x;
	x.state = (enum gt_lane_state)states[g.status];
	if ((g.status == GT_G_RUNNING || g.status == GT_G_SYSCALL) && gt_m_find(s, holder, &m) && m.g == id) {
		x.m = holder;
		x.p = m.p;
	}
	return x;
}

/* --- events ----------------------------------------------------------------------------------- */

/* First heard of by its status in the first generation: it was like that before. */
static bool
from_before(const struct gt_event *ev, enum gt_res res, int64_t id)
{
	int64_t subject;

	return ev->from == GT_PRES_Undetermined && gt_event_subject(ev, &subject) == res && subject == id &&
		gt_event_kind(ev) == GT_K_StateTransition;
}

/* Of an M there is no status: those of what it has tell, if it had nothing else instead. */
static bool
had_before(const struct gt_event *ev, const struct gt_span *was, const struct gt_span *is)
{
	if (was->first || (was->p != GT_NONE && was->p != is->p) || (was->g != GT_NONE && was->g != is->g))
		return false;
	return (is->p != GT_NONE && from_before(ev, GT_P, is->p)) || (is->g != GT_NONE && from_before(ev, GT_G, is->g));
}

static void
update_m(struct gt_timeline *tl, const struct gt_event *ev, const struct gt_state *s, int64_t id)
{
	struct lane *l = lane_of(tl, GT_M, id);
	struct gt_span next;

	if (!l)
		return;
	next = m_does(s, id);
	become(tl, l, next, ev, had_before(ev, &l->now, &next));
}

/* The M that is told of together with a P that is late; NULL: none. */
static struct lane *
late_m(struct gt_timeline *tl, const struct lane *p)
{
	struct lane *m = lane_of(tl, GT_M, p->m);

	return m && m->now.state != GT_LANE_NONE && m->now.p == p->now.id && !m->now.first ? m : NULL;
}

/*
 * Before Go 1.22 nothing is known of a P until it first starts: that it was so before is known only if the goroutine that is told
 * of next was. Then it is not late any more, else it began then.
 */
static void
settle_late(struct gt_timeline *tl, const struct gt_event *ev) /* ev: the next one; NULL: there is none */
{
	bool before = ev && ev->p == tl->late && from_before(ev, GT_G, ev->g);
	struct lane *l = tl->late == GT_NONE ? NULL : lane_of(tl, GT_P, tl->late);

	for (struct lane *x = l; x; x = x == l ? late_m(tl, l) : NULL) {
		tl->early[x->now.res][x->now.state] += before;
		if (!before) {
			x->now.from = tl->time;
			x->now.first = tl->late_first;
		}
	}
	tl->late = GT_NONE;
}

/* What it does is not known of the time before until the next event. */
static void
be_late(struct gt_timeline *tl, struct lane *l, uint64_t n)
{
	for (struct lane *x = l; x; x = x == l ? late_m(tl, l) : NULL)
		tl->early[x->now.res][x->now.state]--;
	tl->late = l->now.id;
	tl->late_first = n;
}

/* As its state tells. */
static bool
is_late(const struct gt_event *ev, const struct gt_state *s, int64_t id)
{
	struct gt_p p;

	return from_before(ev, GT_P, id) && gt_p_find(s, id, &p) && p.since != GT_BEFORE;
}

static void
update_p(struct gt_timeline *tl, const struct gt_event *ev, const struct gt_state *s, int64_t id)
{
	struct lane *l = lane_of(tl, GT_P, id);
	struct gt_span next;
	bool before;

	if (!l)
		return;
	next = p_does(s, id, l->m);
	/* The status of a P tells that it ran; that of a goroutine, which comes after it, what. */
	before = l->now.state == GT_LANE_BARE && !l->now.first && next.g != GT_NONE && from_before(ev, GT_G, next.g);
	become(tl, l, next, ev, before || from_before(ev, GT_P, id));
	if (is_late(ev, s, id) && tl->late != id)
		be_late(tl, l, ev->n);
}

static void
update_g(struct gt_timeline *tl, const struct gt_event *ev, const struct gt_state *s, int64_t id)
{
	struct lanes *ls = &tl->lanes[GT_G];
	struct lane *l = lane_of(tl, GT_G, id);
	struct gt_span next;

	if (!l)
		return;
	next = g_does(s, id, l->m);
	if ((ev->type == GT_EV_GoBlock || ev->type == GT_EV_GoStop) && id == ev->g)
		next.reason = gt_event_string(ev, 0);
	become(tl, l, next, ev, from_before(ev, GT_G, id));
	if (next.state != GT_LANE_NONE)
		return;
	/* It is gone: its lane is free for another. */
	map_del(&ls->at, (uint64_t)id);
	tl->count[GT_G][GT_LANE_NONE]--;
	l->live = false;
	ls->free[ls->nfree++] = (uint32_t)(l - ls->v);
}

/* Who holds what: kept here, since the states lead from an M to its P and G only. */
static void
hold(struct gt_timeline *tl, enum gt_res res, const struct gt_change *ch)
{
	struct lane *was = lane_of(tl, res, ch->from), *is;

	if (was && was->m == ch->id)
		was->m = GT_NONE;
	is = lane_of(tl, res, ch->to);
	if (is)
		is->m = ch->id;
}

/* An M and what it has. */
static void
update_holder(struct gt_timeline *tl, const struct gt_event *ev, const struct gt_state *s, int64_t id)
{
	struct gt_m m;

	if (!gt_m_find(s, id, &m))
		return;
	update_m(tl, ev, s, id);
	if (m.p != GT_NONE)
		update_p(tl, ev, s, m.p);
	if (m.g != GT_NONE)
		update_g(tl, ev, s, m.g);
}

/* A P or G and all that hang together with it. */
static void
update_held(struct gt_timeline *tl, const struct gt_event *ev, const struct gt_state *s, enum gt_res res, int64_t id)
{
	struct lane *l = lane_of(tl, res, id);

	if (!l)
		return;
	update_holder(tl, ev, s, l->m);
	if (res == GT_P)
		update_p(tl, ev, s, id);
	else
		update_g(tl, ev, s, id);
}

static void
update(struct gt_timeline *tl, const struct gt_event *ev, const struct gt_change *ch, const struct gt_state *s)
{
	switch (ch->field) {
	case GT_CH_M_P:
	case GT_CH_M_G:
		update_holder(tl, ev, s, ch->id);
		update_held(tl, ev, s, ch->field == GT_CH_M_P ? GT_P : GT_G, ch->from);
		break;
	case GT_CH_P_STATUS:
		update_held(tl, ev, s, GT_P, ch->id);
		break;
	case GT_CH_G_STATUS:
		update_held(tl, ev, s, GT_G, ch->id);
		break;
	default:
		break;
	}
}

bool
gt_timeline_event(struct gt_timeline *tl, const struct gt_event *ev, const struct gt_change *ch, size_t nch,
	const struct gt_state *after)
{
	settle_late(tl, ev);
	if (!tl->started)
		tl->start = ev->time;
	tl->started = true;
	tl->time = ev->time;
	for (size_t i = 0; i < nch; i++)
		if (ch[i].field == GT_CH_M_P || ch[i].field == GT_CH_M_G)
			hold(tl, ch[i].field == GT_CH_M_P ? GT_P : GT_G, &ch[i]);
	for (size_t i = 0; i < nch; i++)
		update(tl, ev, &ch[i], after);
	return !tl->nomem;
}

size_t
gt_timeline_count(const struct gt_timeline *tl, enum gt_res res, enum gt_lane_state s)
{
	return tl->count[res][s];
}

size_t
gt_timeline_early(const struct gt_timeline *tl, enum gt_res res, enum gt_lane_state s)
{
	return tl->early[res][s];
}

const struct gt_span *
gt_timeline_now(const struct gt_timeline *tl, enum gt_res res, int64_t id)
{
	uint32_t at = map_get(&tl->lanes[res].at, (uint64_t)id);

	return at == MAP_NONE || tl->lanes[res].v[at].now.state == GT_LANE_NONE ? NULL : &tl->lanes[res].v[at].now;
}

static int
compare_lanes(const void *a, const void *b)
{
	const struct lane *x = a, *y = b;

	return (x->now.id > y->now.id) - (x->now.id < y->now.id);
}

void
gt_timeline_end(struct gt_timeline *tl)
{
	settle_late(tl, NULL);
	for (int r = GT_M; r <= GT_G; r++) {
		struct lanes *l = &tl->lanes[r];

		if (l->n > 0)
			qsort(l->v, l->n, sizeof(*l->v), compare_lanes);
		for (size_t i = 0; i < l->n; i++)
			if (l->v[i].live)
				close_span(tl, &l->v[i], tl->time, 0);
		/* Their places are no longer those that the map knows. */
		map_free(&l->at);
		l->n = l->nfree = 0;
	}
	memset(tl->count, 0, sizeof(tl->count));
}
