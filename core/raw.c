/* SPDX-License-Identifier: MIT */
/*
 * The raw events of a trace, one after the other as they lie in the file: types, numbers, frames, data. Nothing is
 * judged but that the bytes can be taken apart; what batches, generations and tables they make is not looked at.
 *
 * What can be taken apart, and what ends it, is as in the reference (internal/trace/raw, Reader), with one thing more:
 * the AllocFree events in traces of Go 1.23 and 1.25.
 */
#include "gotrace.h"

#include "bytes.h"
#include "sort.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>

#define FRAME_NUMBERS 4

/* The batch under way, for sizes that lie; head: it is one, and declares a size. */
struct sized {
	struct gt_lie is;
	bool head;
};

struct gt_raw_reader {
	const struct gt_trace *t;
	const uint8_t *p, *end;
	struct gt_place place; /* of the event under way */
	/* Of each type: how many numbers it has, dt included, and the rest of its shape. */
	uint8_t form[GT_TYPES];
	enum gt_got over;          /* GT_EVENT: not yet */
	bool failed;
	struct gt_error err;
	char text[160];
	struct sized batch;
};

/* Beside the count of numbers in a form. SPECIAL: there is more to see to than these. */
enum { COUNT = 7, SPECIAL = 8, FRAMES = 16, DATA = 32, HEAD = 64, NAMELESS = 128, UNKNOWN = UINT8_MAX };

/* --- the types of a version ---------------------------------------------------- */

/* With such an event a batch begins, or, as batches are counted, is there. */
static bool
is_head(unsigned type)
{
	return type == GT_EV_EventBatch || type == GT_EV_ExperimentalBatch || type == GT_EV_EndOfGeneration;
}

/* The reference knows the types of a version by their count, so those without a name come in with those beyond. */
static bool
nameless(const struct gt_trace *t, unsigned type)
{
	return t->version >= 26 && type > GT_EV_EndOfGeneration && type < GT_EV_Span;
}

static uint8_t
form(const struct gt_trace *t, unsigned type)
{
	const struct gt_spec *s = gt_spec(type);
	unsigned f = s->nargs + (unsigned)s->timed;

	if (!s->name || type == GT_EV_SyncPoint || s->since > t->version)
		return nameless(t, type) ? NAMELESS | SPECIAL : UNKNOWN;
	if (s->shape != GT_PLAIN)
		f |= SPECIAL | (s->shape == GT_DATA ? DATA : FRAMES);
	if (is_head(type))
		f |= SPECIAL | HEAD;
	return (uint8_t)f;
}

struct gt_raw_reader *
gt_raw_new(const struct gt_trace *t)
{
	struct gt_raw_reader *r = t->version >= 22 ? calloc(1, sizeof(*r)) : NULL;

	if (!r)
		return NULL;
	r->t = t;
	r->p = t->bytes + t->first;
	r->end = t->bytes + trace_size(t);
	r->over = GT_EVENT;
	r->place = (struct gt_place){ .generation = -1, .batch = -1, .event = -1, .m = -1 };
	for (unsigned type = 0; type < GT_TYPES; type++)
		r->form[type] = form(t, type);
	return r;
}

void
gt_raw_free(struct gt_raw_reader *r)
{
	free(r);
}

/* --- errors ----------------------------------------------------------------------- */

/* The event that failed is the next one of the batch, or the head of the next batch, or neither: the first of all. */
static void
place_of_failure(const struct gt_raw_reader *r, struct gt_place *p)
{
	if (is_head(r->t->bytes[p->offset]))
		*p = (struct gt_place){ .generation = p->generation, .batch = p->batch + 1, .event = -1, .m = -1,
			.offset = p->offset };
	else if (p->batch >= 0)
		p->event++;
}

static enum gt_got
stop(struct gt_raw_reader *r, enum gt_got over, enum gt_code code, struct gt_str why)
{
	r->over = over;
	r->failed = true;
	r->err = (struct gt_error){ .why = { .code = code, .version = (uint8_t)r->t->version }, .place = r->place };
	r->err.why.str[0] = why;
	r->err.why.arg[0] = r->err.why.type = r->t->bytes[r->place.offset];
	place_of_failure(r, &r->err.place);
	gt_reason_text(&r->err.why, r->text, sizeof(r->text));
	r->err.text = r->text;
	return over;
}

/* A number at p can't be read: right between two numbers, the end of the file is a plain end to the reference. */
static enum gt_got
bad_number(struct gt_raw_reader *r, const uint8_t *p)
{
	uint64_t v;

	if (p == r->end)
		return stop(r, GT_END, GT_E_RAW_CUT, cause(""));
	return stop(r, GT_BROKEN, GT_E_NUMBER, cause(varint(&p, r->end, &v) == VARINT_LONG ? CAUSE_LONG : CAUSE_CUT));
}

/* --- one event ------------------------------------------------------------------------ */

/* A number that takes more bytes than it needs ends in an empty one. */
static inline bool
padded(const uint8_t *p, const uint8_t *after)
{
	return after[-1] == 0 && after - p > 1;
}

/* n numbers at p; what is behind them. NULL: *at is the one that can't be read. */
static hot_inline const uint8_t *
numbers(struct gt_raw *ev, const uint8_t *p, const uint8_t *end, unsigned n, uint64_t *out, const uint8_t **at)
{
	bool fast = (size_t)(end - p) >= (GT_MAXARGS + 1) * VARINT_MAX;

	for (unsigned i = 0; i < n; i++) {
		const uint8_t *q = p;

		*at = p;
		if (likely(fast)) {
			q = varint_fast(p, &out[i]);
			if (unlikely(!q))
				return NULL;
		} else if (varint(&q, end, &out[i]) != VARINT_OK) {
			return NULL;
		}
		ev->padded |= padded(p, q);
		p = q;
	}
	return p;
}

static const uint8_t *
frames(struct gt_raw_reader *r, struct gt_raw *ev, const uint8_t *p, const uint8_t **at)
{
	uint64_t v[FRAME_NUMBERS], count = ev->arg[1];

	ev->frame = p;
	/* What is no signed number is no count to the reference. */
	ev->nframes = count > INT64_MAX ? 0 : count;
	for (uint64_t i = 0; i < ev->nframes && p; i++)
		p = numbers(ev, p, r->end, FRAME_NUMBERS, v, at);
	return p;
}

/* False: the file ends before the data does. */
static bool
data(struct gt_raw_reader *r, struct gt_raw *ev, const uint8_t **p, uint64_t n)
{
	if (n > INT64_MAX) {
		ev->odd = true; /* the reference takes this for no data, and so goes on behind the length */
		n = 0;
	}
	if (n > (uint64_t)(r->end - *p))
		return false;
	ev->data = (struct gt_str){ (const char *)*p, (size_t)n };
	*p += n;
	return true;
}

/* What the head of a batch says of where its events are. */
static void
enter_batch(struct gt_raw_reader *r, const struct gt_raw *ev)
{
	unsigned exp = ev->type == GT_EV_ExperimentalBatch; /* its first argument is the experiment */

	r->place.batch++;
	r->place.event = -1;
	r->place.m = -1;
	if (ev->type == GT_EV_EndOfGeneration)
		return;
	r->place.generation = (int64_t)ev->arg[exp];
	r->place.m = (int64_t)ev->arg[exp + 1];
}

/* What follows the numbers of an event, p behind them; what is behind all of it. NULL: it can't be read, as *got says. */
static const uint8_t *
rest(struct gt_raw_reader *r, struct gt_raw *ev, const uint8_t *p, enum gt_got *got)
{
	const uint8_t *at = p;
	unsigned f = r->form[ev->type];
	uint64_t size = 0;

	ev->odd = (f & NAMELESS) != 0;
	if (f & FRAMES)
		p = frames(r, ev, p, &at);
	else if (f & DATA)
		p = numbers(ev, p, r->end, 1, &size, &at);
	if (!p) {
		*got = bad_number(r, at);
		return NULL;
	}
	if ((f & DATA) && !data(r, ev, &p, size)) {
		*got = stop(r, GT_END, GT_E_RAW_CUT, cause(""));
		return NULL;
	}
	if (f & HEAD)
		enter_batch(r, ev);
	else
		r->place.event++;
	return p;
}

enum gt_got
gt_raw_next(struct gt_raw_reader *r, struct gt_raw *ev)
{
	const uint8_t *p = r->p, *at = p;
	enum gt_got got;
	unsigned f;

	if (unlikely(r->over != GT_EVENT))
		return r->over;
	if (unlikely(p == r->end))
		return r->over = GT_END;
	ev->off = (uint64_t)(p - r->t->bytes);
	r->place.offset = (int64_t)ev->off;
	ev->type = *p++;
	ev->padded = ev->odd = false;
	ev->nframes = 0;
	ev->data.n = 0;
	f = r->form[ev->type];
	if (unlikely(f == UNKNOWN))
		return stop(r, GT_BROKEN, GT_E_RAW_TYPE, cause(""));
	ev->narg = f & COUNT;
	p = numbers(ev, p, r->end, f & COUNT, ev->arg, &at);
	if (unlikely(!p))
		return bad_number(r, at);
	if (likely(!(f & SPECIAL)))
		r->place.event++;
	else if (!(p = rest(r, ev, p, &got)))
		return got;
	ev->len = (uint64_t)(p - r->p);
	r->p = p;
	return GT_EVENT;
}

const struct gt_error *
gt_raw_error(const struct gt_raw_reader *r)
{
	return r->failed ? &r->err : NULL;
}

void
gt_raw_place(const struct gt_raw_reader *r, struct gt_place *out)
{
	*out = r->place;
}

const uint8_t *
gt_raw_frame(const uint8_t *frame, uint64_t out[4])
{
	/* They have been read once: none is cut, none too long. */
	for (unsigned i = 0; i < FRAME_NUMBERS; i++)
		frame = varint_fast(frame, &out[i]);
	return frame;
}

/* --- sizes that lie -------------------------------------------------------------------------- */

/* The batch is over. */
static void
check_size(struct sized *b, gt_lie_fn *fn, void *arg)
{
	if (b->head && b->is.declared != b->is.real)
		fn(arg, &b->is);
	*b = (struct sized){ .head = false };
}

enum gt_got
gt_raw_lies(struct gt_raw_reader *r, uint64_t most, gt_lie_fn *fn, void *arg)
{
	struct sized *b = &r->batch;
	enum gt_got got = GT_EVENT;
	struct gt_raw ev;

	for (; most > 0 && (got = gt_raw_next(r, &ev)) == GT_EVENT; most--) {
		if (!is_head(ev.type)) {
			b->is.real += ev.len;
			continue;
		}
		check_size(b, fn, arg);
		b->head = ev.type == GT_EV_EventBatch;
		if (b->head)
			b->is.declared = ev.arg[3];
		gt_raw_place(r, &b->is.place);
	}
	/* What can't be taken apart may be of the last batch. */
	if (got != GT_EVENT && !r->failed)
		check_size(b, fn, arg);
	return got;
}

/* --- how many bytes ----------------------------------------------------------------------- */

unsigned
gt_varint_size(uint64_t v)
{
	unsigned n = 1;

	for (; v >= 0x80; v >>= 7)
		n++;
	return n;
}

/* Bytes of an event whose numbers are as short as can be. */
static uint64_t
least_size(const struct gt_raw *ev)
{
	const uint8_t *frame = ev->frame;
	uint64_t n = 1, v[FRAME_NUMBERS];

	for (unsigned i = 0; i < ev->narg; i++)
		n += gt_varint_size(ev->arg[i]);
	for (uint64_t i = 0; i < ev->nframes; i++) {
		frame = gt_raw_frame(frame, v);
		for (unsigned k = 0; k < FRAME_NUMBERS; k++)
			n += gt_varint_size(v[k]);
	}
	if (gt_spec(ev->type)->shape == GT_DATA)
		n += gt_varint_size(ev->data.n) + ev->data.n;
	return n;
}

void
gt_footprint_add(struct gt_footprint *f, const struct gt_raw *ev)
{
	f->count[ev->type]++;
	f->bytes[ev->type] += ev->padded || ev->odd ? least_size(ev) : ev->len;
	f->events++;
}

void
gt_footprint_order(const struct gt_footprint *f, uint8_t order[GT_TYPES])
{
	struct keyed key[GT_TYPES];

	for (unsigned i = 0; i < GT_TYPES; i++)
		key[i] = (struct keyed){ -(int64_t)f->bytes[i], i };
	gt_sort(key, GT_TYPES);
	for (unsigned i = 0; i < GT_TYPES; i++)
		order[i] = (uint8_t)key[i].i;
}
