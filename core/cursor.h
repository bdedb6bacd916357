/* SPDX-License-Identifier: MIT */
/*
 * The next event of one M: a place in its chain of batches, and the event decoded there.
 *
 * Decoding runs one event ahead, as in the reference, where bad bytes take the event before them along: so a cursor has
 * room for two events, the one just given out and the one that comes next. Of that one only type and arguments are there
 * from the start: time and place stand in the cursor, and are filled in when somebody wants it (cursor_head).
 */
#ifndef CURSOR_H
#define CURSOR_H

#include "gen.h"

struct cursor {
	const uint8_t *at;      /* where the event that comes next begins */
	const uint8_t *p, *end; /* what is left of the batch behind it */
	const uint8_t *midst;   /* numbers of an event that begins before it, however long, do not reach beyond the batch */
	int64_t last;           /* time of the event that comes next; 0: that of the one behind it is taken from the batch, as the
				   reference does */
	int64_t m;
	uint32_t batch;         /* place in gt_gen.batch */
	uint32_t in_file;       /* batch of the file */
	uint32_t index;         /* in its batch, of the event at p */
	uint32_t mat;           /* place of the M in the states, or MAP_NONE */
	uint32_t now;           /* which of ev comes next: its offset in bytes */
	struct gt_event ev[2];
};

enum cursor_got { CURSOR_OK, CURSOR_END, CURSOR_BAD };

/* Before the first event of an M. */
void cursor_init(struct cursor *c, const struct chain *chain, const struct gt_trace *t, struct gt_gen *g);
/* The general case of cursor_next. */
enum cursor_got cursor_next_slow(struct cursor *c, const struct gt_trace *t, const struct gt_gen *g, struct gt_error *err);

/* Type and arguments of the event that comes next. */
static inline struct gt_event *
cursor_event(struct cursor *c)
{
	return (struct gt_event *)((char *)c->ev + c->now);
}

/* The event that comes after it: what is there is free to be written over. */
static inline struct gt_event *
cursor_other(struct cursor *c)
{
	return (struct gt_event *)((char *)c->ev + (c->now ^ sizeof(struct gt_event)));
}

/* Time and place of ev: the bytes from `from` up to p, that event of the batch. */
static inline void
cursor_place(const struct cursor *c, struct gt_event *ev, const struct gt_trace *t, int64_t time, const uint8_t *from,
	const uint8_t *p, uint32_t index)
{
	ev->time = ev->clock = time;
	ev->m = c->m;
	ev->off = (uint64_t)(from - t->bytes);
	ev->len = (uint32_t)(p - from);
	ev->batch = c->in_file;
	ev->index = index;
}

/* The event that comes next, with its time and place. */
static inline struct gt_event *
cursor_head(struct cursor *c, const struct gt_trace *t)
{
	struct gt_event *ev = cursor_event(c);

	cursor_place(c, ev, t, c->last, c->at, c->p, c->index - 1);
	return ev;
}

/* ev, one of the two, is what comes next: the bytes from `from` to p, n events after that which came next. */
static inline void
cursor_move(struct cursor *c, const struct gt_event *ev, int64_t time, const uint8_t *from, const uint8_t *p, uint32_t n)
{
	c->now = (uint32_t)((const char *)ev - (const char *)c->ev);
	c->last = time;
	c->at = from;
	c->p = p;
	c->index += n;
}

/* The other event, of which type and arguments are decoded and which ends at p, is the next one, dt ticks after the last. */
static inline void
cursor_take(struct cursor *c, const struct gt_gen *g, const uint8_t *p, uint64_t dt)
{
	cursor_move(c, cursor_other(c), time_add(gen_ns(g, dt), c->last), c->p, p, 1);
}

enum { EVENT_MIN = 2 }; /* bytes: type and ticks */

/* How many numbers, ticks and arguments, a timed event of that type has; 0: it is none. */
extern const uint8_t event_numbers[GT_TYPES];

/*
 * Decodes type, ticks and arguments of the event at p. Returns what is behind it; NULL where p is not in the midst of its batch,
 * or it is no good event: then *ev is spoilt.
 */
static hot_inline const uint8_t *
event_decode(struct gt_event *ev, const uint8_t *p, const uint8_t *midst, uint64_t *dt)
{
	uint64_t *arg = ev->arg;
	unsigned left;

	if (unlikely(p >= midst))
		return NULL;
	ev->type = *p; /* read once: a file may be written to while it is read */
	left = event_numbers[ev->type];
	if (unlikely(left == 0) || unlikely(!(p = varint_fast(p + 1, dt))))
		return NULL;
	while (--left > 0)
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

	if (unlikely(c->last == 0) || unlikely(!(p = event_decode(cursor_other(c), c->p, c->midst, &dt))))
		return cursor_next_slow(c, t, g, err);
	cursor_take(c, g, p, dt);
	return CURSOR_OK;
}

#endif
