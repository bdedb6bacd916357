/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See kin.h. */
#include "kin.h"

/* Read at once; and no more kin than this is kept. */
#define BLOCK 4096
#define MOST 100000

static void
add(struct kin *k, int64_t g)
{
	if (g != GT_NONE && k->is.n < MOST && idmap_get(&k->is, (uint64_t)g) == IDMAP_NONE)
		idmap_put(&k->is, (uint64_t)g, 0);
}

void
kin_of(struct kin *k, int64_t g, uint64_t base)
{
	idmap_free(&k->is);
	*k = (struct kin){ .g = g, .at = base + 1, .over = g == GT_NONE };
	add(k, g);
}

bool
kin_has(const struct kin *k, int64_t g)
{
	return k->g == GT_NONE || idmap_get(&k->is, (uint64_t)g) != IDMAP_NONE;
}

bool
kin_wants(const struct kin *k, uint64_t known)
{
	return k->g != GT_NONE && (!k->over || known > k->known);
}

static bool
look(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct kin *k = arg;
	int64_t id;

	(void)ch, (void)nch, (void)after;
	k->at = ev->n + 1;
	if (gt_event_kind(ev) != GT_K_StateTransition || gt_event_subject(ev, &id) != GT_G || (id != k->g && ev->g != k->g))
		return true;
	if (ev->from == GT_PRES_NotExist || (ev->from == GT_PRES_Waiting && ev->to == GT_PRES_Runnable))
		add(k, id == k->g ? ev->g : id);
	return true;
}

void
kin_work(struct kin *k, struct gt_nav *nav, uint64_t known, bool (*stop)(void *arg), void *arg)
{
	while (kin_wants(k, known) && !stop(arg)) {
		const struct gt_block *b = gt_nav_block(nav, k->at);

		if (b && !gt_summary_has(&b->sum, GT_G, k->g)) {
			k->at = b->sum.last + 1;
			continue;
		}
		k->over = gt_nav_each(nav, k->at, BLOCK, look, k) < BLOCK;
		k->known = known > k->at - 1 ? known : k->at - 1;
	}
}
