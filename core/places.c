/* SPDX-License-Identifier: MIT */
#include "places.h"

void
places_init(struct places *ps, const struct gt_trace *t)
{
	*ps = (struct places){ .t = t, .off = t->first };
}

static enum places_got
close_at(struct places *ps, uint64_t to, struct gt_gen_place *out)
{
	ps->open = false;
	ps->place.to = to;
	*out = ps->place;
	return PLACES_ONE;
}

/* A trace before Go 1.22 is one generation. */
static enum places_got
only_one(struct places *ps, struct gt_gen_place *out)
{
	ps->over = true;
	ps->place = (struct gt_gen_place){ .number = 1, .from = ps->t->first };
	return close_at(ps, trace_size(ps->t), out);
}

static void
take_head(struct places *ps, const struct batch *b, bool ends)
{
	if (!ps->open)
		ps->place = (struct gt_gen_place){ .number = b->gen, .from = b->off, .nth = ps->nth++, .batch = b->index };
	ps->open = true;
	ps->place.batches++;
	if (!ends && (ps->place.ticks == 0 || b->time < ps->place.ticks))
		ps->place.ticks = b->time;
	ps->off = b->ends ? b->data : batch_end(b);
	ps->at++;
}

enum places_got
places_next(struct places *ps, unsigned heads, struct gt_gen_place *out)
{
	struct batch b;

	if (ps->over)
		return PLACES_OVER;
	if (ps->t->version < 22)
		return ps->ahead || trace_waits(ps->t, ps->off) ? PLACES_WAIT : only_one(ps, out);
	for (; heads > 0; heads--) {
		enum batch_got got;
		bool ends;

		if (!ps->ahead && trace_waits(ps->t, ps->off))
			return ps->open ? close_at(ps, ps->off, out) : PLACES_WAIT;
		got = batch_peek(ps->t, ps->off, ps->at, &b);
		if (ps->ahead && (got == BATCH_EOF || (got == BATCH_BAD && b.cut)))
			return PLACES_WAIT;
		if (got != BATCH_OK) {
			ps->over = true;
			return ps->open ? close_at(ps, ps->off, out) : PLACES_OVER;
		}
		ends = ps->t->version >= 26 && (b.ends || b.head == GT_EV_EndOfGeneration);
		if (ps->open && !ends && b.gen != ps->place.number)
			return close_at(ps, b.off, out); /* it is read again as the first of the next */
		take_head(ps, &b, ends);
		if (ends)
			return close_at(ps, ps->off, out);
	}
	return PLACES_LATER;
}
