/* SPDX-License-Identifier: MIT */
/*
 * The next event of one M: a place in its chain of batches, and the event decoded there.
 *
 * Decoding runs one event ahead, as in the reference, where bad bytes take the event before them along: so a cursor has
 * room for two events, the one just given out and the one that comes next.
 */
#ifndef CURSOR_H
#define CURSOR_H

#include "gen.h"

struct cursor {
	const uint8_t *p, *end; /* of what is left of the batch */
	int64_t last;           /* time of the event before; 0: to be taken from the batch, as the reference does */
	int64_t m;
	uint32_t batch;         /* place in gt_gen.batch */
	uint32_t in_file;       /* batch of the file */
	uint32_t index;         /* of the next event in its batch */
	uint32_t mat;           /* place of the M in the states, or MAP_NONE */
	uint32_t now;           /* which of ev comes next: its offset in bytes */
	bool plain;             /* that one can be passed over, see reader.c */
	struct gt_event ev[2];
};

enum cursor_got { CURSOR_OK, CURSOR_END, CURSOR_BAD };

/* Before the first event of an M. */
void cursor_init(struct cursor *c, const struct chain *chain, const struct gt_trace *t, struct gt_gen *g);
/* The general case of cursor_next. */
enum cursor_got cursor_next_slow(struct cursor *c, const struct gt_trace *t, const struct gt_gen *g, struct gt_error *err);

/* The event that comes next. */
static inline struct gt_event *
cursor_event(struct cursor *c)
{
	return (struct gt_event *)((char *)c->ev + c->now);
}

/* The other event is the one that comes next. */
static inline void
cursor_turn(struct cursor *c)
{
	c->now ^= sizeof(struct gt_event);
}

/* The event that comes after it: what is there is free to be written over. */
static inline struct gt_event *
cursor_other(struct cursor *c)
{
	return (struct gt_event *)((char *)c->ev + (c->now ^ sizeof(struct gt_event)));
}

/* The place of ev: the bytes from `from` up to p, that event of the batch. */
static inline void
cursor_place(const struct cursor *c, struct gt_event *ev, const struct gt_trace *t, const uint8_t *from, const uint8_t *p,
	uint32_t index)
{
	ev->clock = ev->time;
	ev->off = (uint64_t)(from - t->bytes);
	ev->len = (uint32_t)(p - from);
	ev->batch = c->in_file;
	ev->index = index;
}

/* The other event, of which type and arguments are decoded and which ends at p, is the next one, dt ticks after the last. */
static inline void
cursor_take(struct cursor *c, const struct gt_trace *t, const struct gt_gen *g, const uint8_t *p, uint64_t dt)
{
	struct gt_event *ev;

	cursor_turn(c);
	c->plain = false;
	ev = cursor_event(c);
	ev->time = c->last = time_add(gen_ns(g, dt), c->last);
	ev->m = c->m;
	cursor_place(c, ev, t, c->p, p, c->index++);
	c->p = p;
}

/* From p up to where an event may begin whose numbers, however long, do not reach beyond the batch. */
static inline const uint8_t *
midst(const uint8_t *p, const uint8_t *end)
{
	const ptrdiff_t longest = 1 + (GT_MAXARGS + 1) * VARINT_MAX;

	return end - p < longest ? p : end - longest + 1;
}

/*
 * Decodes type, ticks and arguments of the event at p. Returns what is behind it; NULL where p is not before `to`, which is
 * not behind the midst of its batch, or it is no good event: then *ev is spoilt.
 */
static hot_inline const uint8_t *
event_decode(struct gt_event *ev, const struct shape *shapes, const uint8_t *p, const uint8_t *to, uint64_t *dt)
{
	const struct shape *shape;
	uint64_t *arg = ev->arg;

	if (unlikely(p >= to))
		return NULL;
	ev->type = *p; /* read once: a file may be written to while it is read */
	shape = &shapes[ev->type];
	if (unlikely(!shape->timed) || unlikely(!(p = varint_fast(p + 1, dt))))
		return NULL;
	for (unsigned left = shape->nargs; left > 0; left--)
		if (unlikely(!(p = varint_fast(p, arg++))))
			return NULL;
	return p;
}

/* Moves on to the next event. BAD: *err says why. */
static hot_inline enum cursor_got
cursor_next(struct cursor *c, const struct gt_trace *t, const struct gt_gen *g, struct gt_error *err)
{
	const uint8_t *p;
	uint64_t dt;

	if (unlikely(c->last == 0) || unlikely(!(p = event_decode(cursor_other(c), t->shape, c->p, midst(c->p, c->end), &dt))))
		return cursor_next_slow(c, t, g, err);
	cursor_take(c, t, g, p, dt);
	return CURSOR_OK;
}

#endif
