/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See origins.h. */
#include "origins.h"

/* Read at once, forwards, of which the last hits count; and how far back one looks unasked. */
#define BLOCK 4096
#define UNASKED 200000

const char *
origin_name(enum origin o)
{
	static const char *const names[] = { "created", "blocked", "unblocked" };

	return names[o];
}

void
origins_of(struct origins *o, int64_t g, uint64_t row)
{
	if (o->g == g && o->row == row)
		return;
	*o = (struct origins){ .g = g, .row = row, .at = row, .far = row > UNASKED ? row - UNASKED : 0 };
	if (g == GT_NONE)
		o->at = 0;
}

static bool
has_all(const struct origins *o)
{
	for (int i = 0; i < ORIGINS; i++)
		if (!o->event[i].n && !(i == ORIGIN_CREATED && o->uncreated))
			return false;
	return true;
}

/* Whether what is wanted is found, or known not to be. */
static bool
is_answered(const struct origins *o)
{
	return o->wanted && (o->event[o->want].n || (o->want == ORIGIN_CREATED && o->uncreated));
}

bool
origins_done(const struct origins *o)
{
	if (o->at <= 1 || o->starved || has_all(o) || is_answered(o))
		return true;
	return !o->wanted && o->at <= o->far;
}

struct looking {
	struct origins *o;
	struct origin_event found[ORIGINS];
	uint64_t before;
};

static void
keep(struct looking *k, enum origin what, const struct gt_event *ev)
{
	k->found[what] = (struct origin_event){ .n = ev->n, .m = ev->m, .p = ev->p, .g = ev->g };
	if (ev->type == GT_EV_GoBlock)
		k->found[what].reason = gt_event_string(ev, 0);
}

static bool
look(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct looking *k = arg;
	int64_t id;

	(void)ch, (void)nch, (void)after;
	if (ev->n >= k->before)
		return false;
	if (gt_event_kind(ev) != GT_K_StateTransition || gt_event_subject(ev, &id) != GT_G || id != k->o->g)
		return true;
	if (ev->from == GT_PRES_NotExist)
		keep(k, ORIGIN_CREATED, ev);
	else if (ev->from == GT_PRES_Running && ev->to == GT_PRES_Waiting)
		keep(k, ORIGIN_BLOCKED, ev);
	else if (ev->from == GT_PRES_Waiting && ev->to == GT_PRES_Runnable)
		keep(k, ORIGIN_UNBLOCKED, ev);
	return true;
}

/* False: no memory for all of them, and the last hits may be among the others. */
static bool
look_at(struct origins *o, struct gt_nav *nav, uint64_t from, uint64_t to, struct looking *k)
{
	gt_nav_each(nav, from, (size_t)(to - from + 1), look, k);
	o->starved = gt_nav_starved(nav);
	return !o->starved;
}

/* One slice backwards. */
static void
go_back(struct origins *o, struct gt_nav *nav)
{
	struct looking k = { .o = o, .before = o->at };
	uint64_t from = o->at > BLOCK ? o->at - BLOCK : 1;
	const struct gt_block *b = gt_nav_block(nav, o->at - 1);

	if (b && !gt_summary_has(&b->sum, GT_G, o->g)) {
		o->at = b->sum.first;
		return;
	}
	if (!look_at(o, nav, from, o->at, &k))
		return;
	o->at = from;
	for (int i = 0; i < ORIGINS; i++)
		if (!o->event[i].n)
			o->event[i] = k.found[i];
}

/*
 * The first event of the goroutine. No ID is given twice, but those of goroutines of calls from C: of such it may have been
 * created since.
 */
static bool
look_ahead(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct looking *k = arg;
	struct origins *o = k->o;
	int64_t id;

	(void)ch, (void)nch, (void)after;
	o->ahead = ev->n + 1;
	if (gt_event_kind(ev) != GT_K_StateTransition || gt_event_subject(ev, &id) != GT_G || id != o->g)
		return true;
	if (ev->n < o->row && ev->from == GT_PRES_NotExist && ev->type != GT_EV_GoCreateSyscall)
		keep(k, ORIGIN_CREATED, ev);
	else
		o->behind = o->row;
	return false;
}

/* Whether a block may hold a call from C of the goroutine. */
static bool
may_call(const struct gt_block *b, int64_t g)
{
	return (b->sum.types[GT_EV_GoCreateSyscall / 64] >> GT_EV_GoCreateSyscall % 64 & 1) && gt_summary_has(&b->sum, GT_G, g);
}

/* One slice back to the last call from C. */
static void
go_behind(struct origins *o, struct gt_nav *nav)
{
	struct looking k = { .o = o, .before = o->behind };
	uint64_t from = o->behind > BLOCK ? o->behind - BLOCK : 1;
	const struct gt_block *b = gt_nav_block(nav, o->behind - 1);

	if (b && !may_call(b, o->g)) {
		o->behind = b->sum.first;
	} else {
		if (!look_at(o, nav, from, o->behind, &k))
			return;
		o->behind = from;
		o->event[ORIGIN_CREATED] = k.found[ORIGIN_CREATED];
	}
	o->uncreated = o->behind <= 1 && !o->event[ORIGIN_CREATED].n;
}

/* One slice from the first event on. */
static void
go_ahead(struct origins *o, struct gt_nav *nav)
{
	uint64_t from = o->ahead ? o->ahead : gt_nav_base(nav) + 1, most = BLOCK;
	const struct gt_block *b = gt_nav_block(nav, from);
	struct looking k = { .o = o };

	while (b && from < o->row && (b->sum.most_g < (uint64_t)o->g || !gt_summary_has(&b->sum, GT_G, o->g)))
		b = gt_nav_block(nav, from = b->sum.last + 1);
	o->ahead = from;
	if (!b || from >= o->row) {
		o->ahead = ORIGINS_BACK;
		return;
	}
	if (b->sum.last - from + 1 < most)
		most = b->sum.last - from + 1;
	if (gt_nav_each(nav, from, (size_t)most, look_ahead, &k) == 0)
		o->ahead = ORIGINS_BACK;
	o->starved = gt_nav_starved(nav);
	o->event[ORIGIN_CREATED] = k.found[ORIGIN_CREATED];
}

bool
origins_work(struct origins *o, struct gt_nav *nav, bool (*stop)(void *arg), void *arg)
{
	while (!origins_done(o) && !stop(arg)) {
		if (o->wanted && o->want == ORIGIN_CREATED && o->ahead != ORIGINS_BACK)
			o->behind ? go_behind(o, nav) : go_ahead(o, nav);
		else
			go_back(o, nav);
	}
	return !origins_done(o);
}
