/* SPDX-License-Identifier: MIT */
/*
 * Candidates for what is wrong: each is a repair, made as edits of bytes and tried by reading on with them.
 */
#include "explain_in.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Events beyond the fault that a trial looks at, at most. */
enum { LOOKAHEAD = 100000, PIECE = 256, ASKED = 2 };

struct arena {
	struct arena *next;
	size_t n, cap;
	uint8_t p[];
};

void *
explain_keep(struct gt_explain *x, const void *p, size_t n)
{
	struct arena *a = x->arena;
	void *to;

	if (!a || a->cap - a->n < n) {
		size_t cap = n > 16384 ? n : 16384;

		a = malloc(sizeof(*a) + cap);
		if (!a) {
			x->nomem = true;
			return NULL;
		}
		*a = (struct arena){ .next = x->arena, .cap = cap };
		x->arena = a;
	}
	to = a->p + a->n;
	a->n += n;
	if (n > 0)
		memcpy(to, p, n);
	return to;
}

static void
arena_free(struct arena *a)
{
	while (a) {
		struct arena *next = a->next;

		free(a);
		a = next;
	}
}

void
explain_let_go(struct gt_explain *x)
{
	arena_free(x->arena);
	x->arena = NULL;
}

/* --- making them -------------------------------------------------------------------------- */

struct cand *
cand_new(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct gt_place *place)
{
	struct cand *c;

	if (!GROW(x->cand, x->ncand, x->ccand)) {
		x->nomem = true;
		return NULL;
	}
	c = &x->cand[x->ncand++];
	*c = (struct cand){ .kind = kind, .prior = prior, .place = *place };
	return c;
}

struct cand *
cand_at(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xevent *ev)
{
	struct gt_place place;

	xdoc_place(&x->doc, ev, &place);
	return cand_new(x, kind, prior, &place);
}

struct cand *
cand_batch(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xbatch *b)
{
	struct gt_place place = { (int64_t)b->b.gen, b->b.index, -1, b->b.m, (int64_t)b->b.off };

	return cand_new(x, kind, prior, &place);
}

void
cand_say(struct cand *c, const char *format, ...)
{
	va_list ap;

	if (!c)
		return;
	va_start(ap, format);
	vsnprintf(c->repair, sizeof(c->repair), format, ap);
	va_end(ap);
}

void
cand_evidence(struct cand *c, const char *format, ...)
{
	va_list ap;

	if (!c)
		return;
	va_start(ap, format);
	vsnprintf(c->evidence, sizeof(c->evidence), format, ap);
	va_end(ap);
}

void
cand_splice(struct gt_explain *x, struct cand *c, uint64_t off, uint64_t del, const void *ins, size_t n)
{
	const uint8_t *kept = n > 0 ? explain_keep(x, ins, n) : NULL;

	if (c && c->nsplice < MAX_SPLICE && (kept || n == 0))
		c->splice[c->nsplice++] = (struct splice){ off, del, kept, n, false };
}

void
cand_batches(struct gt_explain *x, struct cand *c, uint64_t off, const void *ins, size_t n)
{
	unsigned was = c ? c->nsplice : 0;

	cand_splice(x, c, off, 0, ins, n);
	if (c && c->nsplice > was)
		c->splice[was].between = c->made_ms = true;
}

static size_t
encode(uint8_t *to, uint64_t v)
{
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		to[n++] = (uint8_t)(v | 0x80);
	to[n++] = (uint8_t)v;
	return n;
}

static size_t
encode_event(uint8_t *to, uint8_t type, const uint64_t *arg, unsigned n)
{
	size_t len = 1;

	to[0] = type;
	for (unsigned i = 0; i < n; i++)
		len += encode(to + len, arg[i]);
	return len;
}

void
cand_replace(struct gt_explain *x, struct cand *c, const struct xevent *ev, uint8_t type, const uint64_t *arg, unsigned n)
{
	uint8_t bytes[1 + (GT_MAXARGS + 1) * VARINT_MAX];

	cand_splice(x, c, ev->off, ev->len, bytes, encode_event(bytes, type, arg, n));
}

void
cand_insert(struct gt_explain *x, struct cand *c, uint64_t off, uint8_t type, const uint64_t *arg, unsigned n)
{
	uint8_t bytes[1 + (GT_MAXARGS + 1) * VARINT_MAX];

	cand_splice(x, c, off, 0, bytes, encode_event(bytes, type, arg, n));
}

void
cand_field(struct gt_explain *x, struct cand *c, const struct xbatch *b, unsigned field, uint64_t v)
{
	uint64_t at[5];
	uint8_t bytes[VARINT_MAX];

	xdoc_header(&x->doc, b, at);
	cand_splice(x, c, at[field], at[field + 1] - at[field], bytes, encode(bytes, v));
}

/* Sizes: of each batch whose data is edited, one more edit. */
static void
fix_sizes(struct gt_explain *x, struct cand *c)
{
	unsigned n = c->nsplice;

	for (size_t i = 0; i < x->doc.n; i++) {
		const struct batch *b = &x->doc.b[i].b;
		int64_t delta = 0;

		if (b->ends || b->data > c->splice[n - 1].off || (batch_end(b) < c->splice[0].off && b->size))
			continue;
		for (unsigned k = 0; k < n; k++)
			if (!c->splice[k].between && c->splice[k].off >= b->data && c->splice[k].off <= batch_end(b) &&
				(c->splice[k].off < batch_end(b) || c->splice[k].del == 0) &&
				c->splice[k].off + c->splice[k].del <= batch_end(b))
				delta += (int64_t)c->splice[k].n - (int64_t)c->splice[k].del;
		if (delta != 0)
			cand_field(x, c, &x->doc.b[i], 3, (uint64_t)(b->size + delta));
	}
}

static int
compare_splice(const void *a, const void *b)
{
	const struct splice *p = a, *q = b;

	if (p->off == q->off)
		return p->between - q->between;
	return p->off < q->off ? -1 : 1;
}

#define FNV UINT64_C(14695981039346656037)

static uint64_t
hash_of(uint64_t h, uint64_t v)
{
	return (h ^ v) * UINT64_C(1099511628211);
}

static uint64_t
hash_edits(const struct cand *c)
{
	uint64_t h = FNV;

	for (unsigned i = 0; i < c->nsplice; i++) {
		const struct splice *s = &c->splice[i];

		h = hash_of(hash_of(h, s->off), s->del);
		for (size_t k = 0; k < s->n; k++)
			h = hash_of(h, s->ins[k]);
	}
	return h ^ h >> 29;
}

void
cand_done_raw(struct gt_explain *x, struct cand *c)
{
	if (!c)
		return;
	qsort(c->splice, c->nsplice, sizeof(c->splice[0]), compare_splice);
	c->key = hash_edits(c);
	for (struct cand *o = x->cand; o < c && c->nsplice > 0; o++)
		if (o->key == c->key && o->nsplice == c->nsplice) {
			/* The same edits: the better reason is kept. */
			if (o->prior < c->prior)
				*o = *c;
			x->ncand--;
			return;
		}
}

void
cand_done(struct gt_explain *x, struct cand *c)
{
	if (!c)
		return;
	qsort(c->splice, c->nsplice, sizeof(c->splice[0]), compare_splice);
	if (c->nsplice > 0)
		fix_sizes(x, c);
	cand_done_raw(x, c);
}

/* --- common ones ------------------------------------------------------------------------------ */

static const char *
name_of(const struct xevent *ev)
{
	const char *name = gt_spec(ev->type)->name;

	return name ? name : "event";
}

void
cand_drop(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xevent *ev, const char *why)
{
	struct cand *c = cand_at(x, kind, prior, ev);

	cand_splice(x, c, ev->off, ev->len, NULL, 0);
	cand_say(c, "leave out this %s", name_of(ev));
	cand_evidence(c, "%s", why);
	cand_done(x, c);
}

void
cand_swap(struct gt_explain *x, double prior, const struct xevent *a, const struct xevent *b, const char *why)
{
	struct cand *c = cand_at(x, GT_S_MOVED, prior, a);
	const uint8_t *bytes = x->t->bytes;

	cand_splice(x, c, a->off, a->len, bytes + b->off, b->len);
	cand_splice(x, c, b->off, b->len, bytes + a->off, a->len);
	cand_say(c, "swap this %s with the %s of batch %u, event %u", name_of(a), name_of(b), x->doc.b[b->batch].b.index,
		b->index);
	cand_evidence(c, "%s", why);
	cand_done(x, c);
}

void
cand_set(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xevent *ev, unsigned i, uint64_t v,
	const char *why)
{
	uint64_t arg[GT_MAXARGS + 1];
	unsigned n = xdoc_args(&x->doc, ev, arg);
	struct cand *c;

	if (i >= n || arg[i] == v || gt_spec(ev->type)->shape != GT_PLAIN)
		return;
	c = cand_at(x, kind, prior, ev);
	cand_say(c, "let %s of this %s be %llu, not %llu",
		gt_spec(ev->type)->timed ? i == 0 ? "dt" : gt_spec(ev->type)->arg[i - 1].name : gt_spec(ev->type)->arg[i].name,
		name_of(ev), (unsigned long long)v, (unsigned long long)arg[i]);
	if (c)
		c->claim = hash_of(hash_of(hash_of(FNV, kind), i), v);
	arg[i] = v;
	cand_replace(x, c, ev, ev->type, arg, n);
	cand_evidence(c, "%s", why);
	cand_done(x, c);
}

void
cand_put(struct gt_explain *x, double prior, const struct xevent *ev, bool behind, uint8_t type, const uint64_t *arg,
	unsigned n, const char *why)
{
	struct cand *c = cand_at(x, GT_S_MISSING, prior, ev);
	const struct gt_spec *s = gt_spec(type);
	uint64_t all[GT_MAXARGS + 1] = { 0 }, claim = hash_of(FNV, type);
	char args[80] = "";
	size_t len = 0;

	for (unsigned i = 0; i < n && i < s->nargs; i++) {
		all[i + 1] = arg[i];
		claim = hash_of(claim, arg[i]);
		if (len < sizeof(args))
			len += (size_t)snprintf(args + len, sizeof(args) - len, " %s=%llu", s->arg[i].name, (unsigned long long)arg[i]);
	}
	cand_insert(x, c, ev->off + (behind ? ev->len : 0), type, all, s->nargs + 1u);
	if (c) {
		c->made = 1;
		c->claim = claim;
	}
	if (c && behind) {
		c->place.event++;
		c->place.offset += ev->len;
	}
	cand_say(c, "put in %s%s %s this %s", s->name, args, behind ? "behind" : "before", name_of(ev));
	cand_evidence(c, "%s", why);
	cand_done(x, c);
}

/* --- trying them ---------------------------------------------------------------------------------- */

bool
cand_apply(const struct gt_explain *x, const struct cand *c, uint64_t from, uint64_t to, struct gt_buf *out)
{
	const uint8_t *bytes = x->t->bytes;
	size_t header = out->n;
	uint64_t at = from;
	bool ok = gt_buf_put(out, bytes, x->t->first);

	for (unsigned i = 0; i < c->nsplice && ok; i++) {
		const struct splice *s = &c->splice[i];

		/* In the header bytes are only replaced. */
		if (s->off + s->n <= x->t->first && s->del == s->n) {
			memcpy(out->p + header + s->off, s->ins, s->n);
			continue;
		}
		if (s->off < at)
			return false; /* before what is tried */
		ok = gt_buf_put(out, bytes + at, s->off - at) && gt_buf_put(out, s->ins, s->n);
		at = s->off + s->del;
	}
	return ok && (at >= to || gt_buf_put(out, bytes + at, to - at));
}

/* The file from where trials begin to where they end, with the edits. */
static bool
edited(struct gt_explain *x, const struct cand *c, struct gt_buf *out)
{
	uint64_t to = x->doc.part ? x->doc.end : x->t->n;

	out->n = 0;
	return (x->memory == 0 || to - x->from_off <= x->memory / 2) && cand_apply(x, c, x->from_off, to, out);
}

/* What reading has cost, in events: with thousands of Ms those that are asked in vain cost more than the events do. */
static uint64_t
cost(const struct gt_reader *r, const struct gt_reader *from)
{
	return gt_reader_pos(r) - gt_reader_pos(from) + (reader_asked(r) - reader_asked(from)) / ASKED;
}

/*
 * Reads on, to pos `limit` at most, and as long as the budget lasts. *made: events of made-up Ms that were read. True: as far
 * as was looked, nothing is wrong.
 */
static bool
read_on(struct gt_explain *x, struct gt_reader *r, const struct cand *c, uint64_t limit, uint64_t *made)
{
	const struct gt_event *ev;
	enum gt_got got = GT_EVENT;

	*made = c->made;
	while (got == GT_EVENT && gt_reader_pos(r) < limit) {
		uint64_t n = limit - gt_reader_pos(r) < PIECE ? limit - gt_reader_pos(r) : PIECE;

		if (!c->made_ms)
			got = gt_skip(r, n);
		else
			for (; n > 0 && (got = gt_read(r, &ev)) == GT_EVENT; n--)
				*made += ev->m >= MADE_UP && ev->m < MADE_UP + 100000;
		if (x->spent + cost(r, x->from) > x->budget || explain_stopped(x))
			return false;
	}
	return got != GT_BROKEN;
}

static void
try_one(struct gt_explain *x, struct cand *c)
{
	struct gt_error err;
	struct gt_trace *t;
	struct gt_reader *r = NULL;
	uint64_t limit = x->pos + LOOKAHEAD, pos, made;

	if (!edited(x, c, &x->scratch))
		return;
	t = gt_open(x->scratch.p, x->scratch.n, &err);
	if (t)
		r = t->version == x->t->version ? reader_graft(x->from, t) : gt_reader_new(t, &x->model);
	if (r) {
		c->whole = read_on(x, r, c, limit, &made);
		c->part = c->whole && (x->doc.part || gt_reader_pos(r) >= limit);
		c->tried = !explain_stopped(x);
		pos = gt_reader_pos(r);
		c->further = pos > x->pos + made ? pos - x->pos - made : 0;
		x->spent += cost(r, x->from) + x->scratch.n / 16 + 100;
	}
	gt_reader_free(r);
	gt_close(t);
}

static int
compare_prior(const void *a, const void *b)
{
	const struct cand *p = a, *q = b;

	if (p->prior != q->prior)
		return p->prior < q->prior ? 1 : -1;
	if (p->place.offset != q->place.offset)
		return p->place.offset < q->place.offset ? -1 : 1;
	return (p->key > q->key) - (p->key < q->key);
}

static int
compare_score(const void *a, const void *b)
{
	const struct cand *p = a, *q = b;

	if (p->score != q->score)
		return p->score < q->score ? 1 : -1;
	if (p->further != q->further)
		return p->further < q->further ? 1 : -1;
	return compare_prior(a, b);
}

/* Bits of a number of events: twice as far counts one more. */
static double
bits(uint64_t v)
{
	double n = 0;

	for (; v > 0; v >>= 1)
		n++;
	return n;
}

/* A repair that leaves out much had better explain much. */
static double
price(const struct cand *c)
{
	uint64_t del = 0, ins = 0;

	for (unsigned i = 0; i < c->nsplice; i++) {
		del += c->splice[i].del;
		ins += c->splice[i].n;
	}
	return c->kind != GT_S_TRAILING && c->kind != GT_S_DOUBLED_BATCH && del > ins + 24 ? 0.5 * bits(del - ins) : 0;
}

/* Where the made-up batches of a lost one stand makes no difference to the orderer: one trial is enough. */
static bool
try_as_before(struct gt_explain *x, size_t i)
{
	struct cand *c = &x->cand[i];

	if (c->kind != GT_S_LOST_BATCH || !c->made_ms)
		return false;
	for (size_t k = 0; k < i; k++) {
		const struct cand *o = &x->cand[k];

		if (o->kind != c->kind || !o->made_ms || !o->tried)
			continue;
		c->tried = true;
		c->whole = o->whole;
		c->part = o->part;
		c->further = o->further;
		return true;
	}
	return false;
}

void
cands_try(struct gt_explain *x)
{
	uint64_t most = 1;
	unsigned whole = 0;
	double enough = 0; /* the prior of the third one after which nothing is wrong any more */

	if (x->ncand == 0)
		return;
	qsort(x->cand, x->ncand, sizeof(*x->cand), compare_prior);
	for (size_t i = 0; i < x->ncand && x->spent < x->budget; i++) {
		if ((x->stop && x->stop(x->stop_arg)) || (whole >= 3 && x->cand[i].prior < enough - 1))
			break;
		if (x->cand[i].nsplice > 0 && !try_as_before(x, i))
			try_one(x, &x->cand[i]);
		if (x->cand[i].whole && ++whole == 3)
			enough = x->cand[i].prior;
	}
	for (size_t i = 0; i < x->ncand; i++)
		if (x->cand[i].further > most)
			most = x->cand[i].further;
	for (size_t i = 0; i < x->ncand; i++) {
		struct cand *c = &x->cand[i];

		c->score = c->prior - price(c) + (c->whole ? 16 : 8 * bits(c->further) / bits(most));
		if (!c->tried)
			c->score = c->prior - 4;
		c->vain = c->tried && c->further == 0 && (!c->whole || price(c) > 0);
	}
	qsort(x->cand, x->ncand, sizeof(*x->cand), compare_score);
}

bool
cands_keep(struct gt_explain *x, const size_t *of, size_t n)
{
	struct cand *kept = calloc(n + 1, sizeof(*kept));
	struct arena *was = x->arena;

	if (!kept)
		return false;
	x->arena = NULL;
	for (size_t i = 0; i < n; i++) {
		kept[i] = x->cand[of[i]];
		for (unsigned k = 0; k < kept[i].nsplice; k++)
			if (kept[i].splice[k].n > 0)
				kept[i].splice[k].ins = explain_keep(x, kept[i].splice[k].ins, kept[i].splice[k].n);
	}
	arena_free(was);
	free(x->cand);
	x->cand = kept;
	x->ncand = x->ccand = n;
	return !x->nomem;
}
