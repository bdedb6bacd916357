/* SPDX-License-Identifier: MIT */
#include "gotrace.h"

static unsigned
bit_of(enum gt_res res, int64_t id)
{
	return (unsigned)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> (res == GT_G ? 54 : 56));
}

static void
add_id(struct gt_summary *s, enum gt_res res, int64_t id)
{
	uint64_t *w = res == GT_M ? s->m : res == GT_P ? s->p : s->g;
	unsigned bit = bit_of(res, id);

	if (id != GT_NONE)
		w[bit >> 6] |= UINT64_C(1) << (bit & 63);
}

void
gt_summary_add(struct gt_summary *s, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	if (s->last == 0) {
		s->first = ev->n;
		s->from = s->to = ev->time;
	}
	s->last = ev->n;
	if (ev->time < s->from)
		s->from = ev->time;
	if (ev->time > s->to)
		s->to = ev->time;
	s->types[ev->type >> 6] |= UINT64_C(1) << (ev->type & 63);
	add_id(s, GT_M, ev->m);
	add_id(s, GT_P, ev->p);
	add_id(s, GT_G, ev->g);
	for (unsigned i = 0; i < spec->nargs; i++) {
		enum gt_argtype t = spec->arg[i].type;

		if (t == GT_ARG_M || t == GT_ARG_P || t == GT_ARG_G)
			add_id(s, t == GT_ARG_M ? GT_M : t == GT_ARG_P ? GT_P : GT_G, (int64_t)ev->arg[i]);
	}
}

bool
gt_summary_has(const struct gt_summary *s, enum gt_res res, int64_t id)
{
	const uint64_t *w = res == GT_M ? s->m : res == GT_P ? s->p : s->g;
	unsigned bit = bit_of(res, id);

	return id == GT_NONE || (w[bit >> 6] >> (bit & 63) & 1);
}
