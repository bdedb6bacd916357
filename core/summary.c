/* SPDX-License-Identifier: MIT */
/*
 * IDs as bits. There are many goroutines: each has two of more bits, and one that came later than all of a block is seen at
 * once, for their IDs grow.
 */
#include "gen.h"

/* Two bits of an ID, which are the same where it has one. */
static void
bits_of(enum gt_res res, int64_t id, unsigned bit[2])
{
	uint64_t hash = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);

	bit[0] = (unsigned)(hash >> (res == GT_G ? 53 : 56));
	bit[1] = res == GT_G ? (unsigned)(hash >> 42 & 2047) : bit[0];
}

static void
add_id(struct gt_summary *s, enum gt_res res, int64_t id)
{
	uint64_t *w = res == GT_M ? s->m : res == GT_P ? s->p : s->g;
	unsigned bit[2];

	if (id == GT_NONE)
		return;
	bits_of(res, id, bit);
	for (int i = 0; i < 2; i++)
		w[bit[i] >> 6] |= UINT64_C(1) << (bit[i] & 63);
	if (res == GT_G && (uint64_t)id > s->most_g)
		s->most_g = (uint64_t)id;
}

void
gt_summary_add(struct gt_summary *s, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	uint64_t gen = ev->gen ? ev->gen->number : s->last_gen;

	if (s->last == 0) {
		s->first = ev->n;
		s->from = s->to = ev->time;
		s->gen = s->last_gen = gen;
	}
	s->last = ev->n;
	if (ev->time < s->from)
		s->from = ev->time;
	if (ev->time > s->to)
		s->to = ev->time;
	if (gen < s->gen)
		s->gen = gen;
	if (gen > s->last_gen)
		s->last_gen = gen;
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
	unsigned bit[2];

	if (id == GT_NONE)
		return true;
	if (res == GT_G && (uint64_t)id > s->most_g)
		return false;
	bits_of(res, id, bit);
	return (w[bit[0] >> 6] >> (bit[0] & 63) & 1) && (w[bit[1] >> 6] >> (bit[1] & 63) & 1);
}
