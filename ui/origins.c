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
		if (!o->event[i].n)
			return false;
	return true;
}

bool
origins_done(const struct origins *o)
{
	if (o->at <= 1 || has_all(o))
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

bool
origins_work(struct origins *o, struct gt_nav *nav, bool (*stop)(void *arg), void *arg)
{
	while (!origins_done(o) && !stop(arg)) {
		struct looking k = { .o = o, .before = o->at };
		uint64_t from = o->at > BLOCK ? o->at - BLOCK : 1;

		gt_nav_each(nav, from, (size_t)(o->at - from + 1), look, &k);
		o->at = from;
		for (int i = 0; i < ORIGINS; i++)
			if (!o->event[i].n)
				o->event[i] = k.found[i];
	}
	return !origins_done(o);
}
