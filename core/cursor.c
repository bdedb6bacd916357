/* SPDX-License-Identifier: MIT */
#include "cursor.h"

#define A(name, type) 0,
#define ARGS(...) sizeof((const char[]){ __VA_ARGS__ 0 })
#define ST(num, name, since, shape, args, what)
#define EV(num, name, since, kind, starts, args, change, requires, handler, what) [num] = args,
const uint8_t event_numbers[GT_TYPES] = {
#include "events.def"
};
#undef EV
#undef ST
#undef ARGS
#undef A

static void
enter_batch(struct cursor *c, const struct gt_trace *t, const struct gt_gen *g)
{
	const struct batch *b = &g->batch[c->batch];
	const uint64_t longest = 1 + (GT_MAXARGS + 1) * VARINT_MAX;

	c->p = t->bytes + b->data;
	c->end = c->p + b->size;
	c->midst = b->size < longest ? c->p : c->end - longest + 1;
	c->in_file = b->index;
	c->index = 0;
	c->last = 0;
}

void
cursor_init(struct cursor *c, const struct chain *chain, const struct gt_trace *t, struct gt_gen *g)
{
	*c = (struct cursor){ .m = chain->m, .batch = chain->first, .mat = MAP_NONE };
	c->ev[0].gen = c->ev[1].gen = g;
	enter_batch(c, t, g);
}

static enum cursor_got
bad(const struct cursor *c, const struct gt_trace *t, const struct gt_gen *g, enum gt_code code, struct gt_error *err)
{
	fault(err, code, t, (uint64_t)(c->p - t->bytes), g->batch[c->batch].index);
	err->place.generation = (int64_t)g->number;
	err->place.event = c->index;
	err->place.m = c->m;
	err->why.type = *c->p;
	err->why.arg[0] = *c->p;
	return CURSOR_BAD;
}

/* Ticks and arguments of an event, not a byte beyond the batch; what is behind it, or NULL. */
static const uint8_t *
numbers(const uint8_t *p, const uint8_t *end, unsigned n, uint64_t *dt, uint64_t *arg, enum gt_code *code)
{
	*code = GT_E_EV_DT;
	if (varint(&p, end, dt) != VARINT_OK)
		return NULL;
	*code = GT_E_EV_ARG;
	for (unsigned i = 0; i < n; i++)
		if (varint(&p, end, &arg[i]) != VARINT_OK)
			return NULL;
	return p;
}

enum cursor_got
cursor_next_slow(struct cursor *c, const struct gt_trace *t, const struct gt_gen *g, struct gt_error *err)
{
	struct gt_event *ev = cursor_other(c);
	const uint8_t *p;
	enum gt_code code;
	unsigned n;
	uint64_t dt;

	while (c->p == c->end) {
		if (g->batch[c->batch].next == MAP_NONE)
			return CURSOR_END;
		c->batch = g->batch[c->batch].next;
		enter_batch(c, t, g);
	}
	if (c->last == 0)
		c->last = ticks_ns(g->tick, g->batch[c->batch].time);

	ev->type = *c->p;
	n = event_numbers[ev->type];
	if (n == 0)
		return bad(c, t, g, ev->type > GT_EV_GoroutineStackFree ? GT_E_EV_TYPE : GT_E_EV_UNTIMED, err);
	p = numbers(c->p + 1, c->end, n - 1, &dt, ev->arg, &code);
	if (!p)
		return bad(c, t, g, code, err);
	cursor_take(c, g, p, dt);
	return CURSOR_OK;
}
