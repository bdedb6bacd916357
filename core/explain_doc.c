/* SPDX-License-Identifier: MIT */
/*
 * The file as it lies, for the explainer: all batches, and the events of some generations. Damage is no reason to stop:
 * of a batch what can be taken apart is taken.
 */
#include "explain_in.h"

#include <stdlib.h>
#include <string.h>

/* How long the event or entry at p is; 0: it can't be taken apart. */
static uint64_t
length(const struct xdoc *d, const uint8_t *p, const uint8_t *end)
{
	const struct gt_spec *s = gt_spec(*p);
	const uint8_t *from = p++;
	unsigned n = s->nargs + (unsigned)s->timed;
	uint64_t v[GT_MAXARGS + 1], ignored;

	if (!s->name || *from == GT_EV_SyncPoint || s->since > d->t->version)
		return 0;
	for (unsigned i = 0; i < n; i++)
		if (varint(&p, end, &v[i]) != VARINT_OK)
			return 0;
	if (s->shape == GT_STACKED) {
		for (uint64_t i = 0; v[1] <= 4096 && i < 4 * v[1]; i++)
			if (varint(&p, end, &ignored) != VARINT_OK)
				return 0;
	} else if (s->shape == GT_DATA) {
		if (varint(&p, end, &ignored) != VARINT_OK || ignored > (uint64_t)(end - p))
			return 0;
		p += ignored;
	}
	return (uint64_t)(p - from);
}

/* Entries of a table are of its kind; events of an M have times. */
static bool
belongs(bool table, uint8_t head, uint8_t type)
{
	switch (table ? head : 0) {
	case GT_EV_Strings:
		return type == GT_EV_String;
	case GT_EV_Stacks:
		return type == GT_EV_Stack;
	case GT_EV_CPUSamples:
		return type == GT_EV_CPUSample;
	case GT_EV_Sync:
		return type == GT_EV_Frequency || type == GT_EV_ClockSnapshot;
	case GT_EV_Frequency:
		return type == GT_EV_Frequency;
	default:
		return gt_spec(type)->timed;
	}
}

static bool
table_head(const struct gt_trace *t, uint8_t head)
{
	return head == GT_EV_Strings || head == GT_EV_Stacks || head == GT_EV_CPUSamples || head == GT_EV_Sync ||
		(head == GT_EV_Frequency && t->version < 25);
}

bool
xdoc_parses(const struct xdoc *d, const struct xbatch *b, uint8_t head, uint64_t off)
{
	const uint8_t *p = d->t->bytes + off, *end = d->t->bytes + batch_end(&b->b);
	bool table = table_head(d->t, head);

	while (p < end) {
		uint64_t len = belongs(table, head, *p) ? length(d, p, end) : 0;

		if (len == 0)
			return false;
		p += len;
	}
	return true;
}

/* Where a damaged batch makes sense again, from off on; 0: nowhere near. */
static uint64_t
resume(const struct xdoc *d, const struct xbatch *b, uint64_t off)
{
	uint64_t end = batch_end(&b->b);

	for (uint64_t q = off + 1; q < end && q < off + 512; q++)
		if (xdoc_parses(d, b, b->b.head, q))
			return q;
	return 0;
}

void
xdoc_scan(const struct xdoc *d, uint32_t batch, struct xscan *s)
{
	const struct batch *b = &d->b[batch].b;

	*s = (struct xscan){ d, batch, 0, d->t->bytes + b->data, d->t->bytes + batch_end(b), b->time };
}

bool
xdoc_scan_next(struct xscan *s, struct xevent *ev)
{
	const struct xbatch *b = &s->d->b[s->batch];
	const uint8_t *p = s->p, *q = p + 1, *bytes = s->d->t->bytes;
	uint64_t len, dt = 0;
	uint8_t type;

	if (p >= s->end)
		return false;
	type = *p;
	len = (b->table && s->n == 0 && type == b->b.head) || belongs(b->table, b->b.head, type) ? length(s->d, p, s->end) : 0;
	if (len == 0) {
		/* The damage counts as one event, of no type; behind it all can be taken apart. */
		uint64_t next = resume(s->d, b, (uint64_t)(p - bytes));

		if (next == 0)
			return false;
		len = next - (uint64_t)(p - bytes);
		type = 0;
	} else if (!b->table && varint(&q, s->end, &dt) == VARINT_OK) {
		s->time += dt;
	}
	*ev = (struct xevent){ (uint64_t)(p - bytes), (uint32_t)len, s->batch, s->n++, type, s->time };
	s->p += len;
	return true;
}

static bool
read_events(struct xdoc *d, struct xbatch *b)
{
	struct xevent ev;
	struct xscan s;

	b->first = (uint32_t)d->nev;
	b->n = 0;
	b->gap = false;
	b->good = batch_end(&b->b);
	for (xdoc_scan(d, (uint32_t)(b - d->b), &s); xdoc_scan_next(&s, &ev);) {
		if (!GROW(d->ev, d->nev, d->cev))
			return false;
		if (ev.type == 0)
			b->good = ev.off;
		d->ev[d->nev++] = ev;
		b->n++;
	}
	if (s.p < s.end)
		b->good = (uint64_t)(s.p - d->t->bytes);
	return true;
}

bool
xdoc_fill(struct xdoc *d, const uint8_t *in)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->b[i].gap && in[i] && !read_events(d, &d->b[i]))
			return false;
	return true;
}

/* The batches of each M and generation, one after the other. */
static bool
link_chains(struct xdoc *d)
{
	struct map last = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		struct xbatch *b = &d->b[i];
		uint64_t key = (uint64_t)b->b.m * UINT64_C(0x9e3779b97f4a7c15) ^ b->b.gen;
		uint32_t was = map_get(&last, key);

		b->chain = b->before = NONE32;
		if (b->table || b->b.ends || b->b.exp)
			continue;
		if (was != MAP_NONE) {
			d->b[was].chain = (uint32_t)i;
			b->before = was;
			map_del(&last, key);
		}
		if (!map_add(&last, key, (uint32_t)i)) {
			map_free(&last);
			return false;
		}
	}
	map_free(&last);
	return true;
}

bool
xdoc_read(struct xdoc *d, const struct gt_trace *t, uint64_t base, uint32_t index, uint64_t last, const struct xrange *only)
{
	uint64_t off = base;

	*d = (struct xdoc){ .t = t, .base = base };
	for (;; index++) {
		struct xbatch b = { .first = (uint32_t)d->nev };
		enum batch_got got = batch_read(t, off, index, &b.b, &d->err);

		if (got == BATCH_EOF)
			break;
		if (got == BATCH_BAD) {
			d->broken = true;
			break;
		}
		/* One that is far off has its number by damage. */
		if (!b.b.ends && b.b.gen > last && b.b.gen < last + 8) {
			d->part = true;
			break;
		}
		b.table = table_head(t, b.b.head) && !b.b.exp;
		b.good = b.b.data;
		off = b.b.ends ? b.b.data : batch_end(&b.b);
		if (!GROW(d->b, d->n, d->cap))
			return false;
		d->b[d->n++] = b;
		if (b.b.ends || b.b.exp)
			continue;
		if (!b.table && only && (b.b.off < only->from || b.b.off >= only->to)) {
			d->b[d->n - 1].good = batch_end(&b.b);
			d->b[d->n - 1].gap = true;
			d->window = true;
		} else if (!read_events(d, &d->b[d->n - 1])) {
			return false;
		}
	}
	d->end = off;
	return link_chains(d);
}

void
xdoc_free(struct xdoc *d)
{
	free(d->b);
	free(d->ev);
	*d = (struct xdoc){ 0 };
}

unsigned
xdoc_args(const struct xdoc *d, const struct xevent *ev, uint64_t arg[GT_MAXARGS + 1])
{
	const struct gt_spec *s = gt_spec(ev->type);
	const uint8_t *p = d->t->bytes + ev->off + 1, *end = p + ev->len;
	unsigned n = s->nargs + (unsigned)s->timed;

	for (unsigned i = 0; i < n; i++)
		if (varint(&p, end, &arg[i]) != VARINT_OK)
			return i;
	return n;
}

const struct xbatch *
xdoc_batch(const struct xdoc *d, int64_t batch)
{
	int64_t i = d->n ? batch - (int64_t)d->b[0].b.index : -1;

	return i >= 0 && i < (int64_t)d->n ? &d->b[i] : NULL;
}

const struct xevent *
xdoc_find(const struct xdoc *d, int64_t batch, int64_t event)
{
	const struct xbatch *b = xdoc_batch(d, batch);

	return b && event >= 0 && event < (int64_t)b->n ? &d->ev[b->first + (uint64_t)event] : NULL;
}

const struct xevent *
xdoc_prev(const struct xdoc *d, const struct xevent *ev)
{
	const struct xbatch *b = &d->b[ev->batch];

	if (ev->index > 0)
		return ev - 1;
	while (b->before != NONE32) {
		b = &d->b[b->before];
		if (b->gap)
			return NULL;
		if (b->n > 0)
			return &d->ev[b->first + b->n - 1];
	}
	return NULL;
}

const struct xevent *
xdoc_next(const struct xdoc *d, const struct xevent *ev)
{
	const struct xbatch *b = &d->b[ev->batch];

	if (ev->index + 1 < b->n)
		return ev + 1;
	while (b->chain != NONE32) {
		b = &d->b[b->chain];
		if (b->gap)
			return NULL;
		if (b->n > 0)
			return &d->ev[b->first];
	}
	return NULL;
}

bool
xdoc_same(const struct xdoc *d, const struct xevent *a, const struct xevent *b)
{
	return a->len == b->len && memcmp(d->t->bytes + a->off, d->t->bytes + b->off, a->len) == 0;
}

void
xdoc_place(const struct xdoc *d, const struct xevent *ev, struct gt_place *out)
{
	const struct batch *b = &d->b[ev->batch].b;

	*out = (struct gt_place){ (int64_t)b->gen, b->index, ev->index, b->m, (int64_t)ev->off };
}

void
xdoc_header(const struct xdoc *d, const struct xbatch *b, uint64_t at[5])
{
	const uint8_t *p = d->t->bytes + b->b.off + 1 + (b->b.exp != 0), *end = d->t->bytes + d->t->n;
	uint64_t ignored;

	if (d->t->bytes[b->b.off] == GT_EV_ExperimentalBatch && b->b.exp == 0)
		p++;
	for (unsigned i = 0; i < 4; i++) {
		at[i] = (uint64_t)(p - d->t->bytes);
		if (varint(&p, end, &ignored) != VARINT_OK)
			break;
	}
	at[4] = (uint64_t)(p - d->t->bytes);
}

const struct xevent *
xdoc_left_with(const struct xdoc *d, const struct xbatch *b)
{
	const struct xevent *last = b && b->n > 0 && !b->table ? &d->ev[b->first + b->n - 1] : NULL;

	return last && last->type == GT_EV_GoDestroySyscall ? last : NULL;
}

bool
xdoc_introduces(const struct xevent *ev, enum gt_res res)
{
	switch (ev->type) {
	case GT_EV_ProcStatus:
		return res == GT_P;
	case GT_EV_GoStatus:
	case GT_EV_GoStatusStack:
	case GT_EV_GoCreate:
	case GT_EV_GoCreateBlocked:
	case GT_EV_GoCreateSyscall:
		return res == GT_G;
	default:
		return false;
	}
}
