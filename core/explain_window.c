/* SPDX-License-Identifier: MIT */
/*
 * Of a generation whose events would take more memory than they may: the batches that have to do with an error of order. These
 * are the heads of the frontier, what they wait for, numbers that are odd, and what is near in time. The generation is gone
 * through some times instead of being kept.
 */
#include "explain_in.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

/* Ps and goroutines beside those that heads wait for, of which it is asked whether anything has their next number. */
enum { OTHERS = 512, NO_RES = 3 };
/* Numbers that are looked at in one go, at least: it takes as long to go through a generation for fewer. */
enum { LEAST_PART = 1 << 17 };

/* What a head waits for: an event with that number, or one that tells of it. */
struct wanted {
	uint64_t seq;
	uint32_t batch, told; /* of such events; NONE32: none was seen */
	bool head, known; /* by the states */
};

struct pass {
	struct gt_explain *x;
	uint64_t gen;
	struct map at; /* keys to places in want */
	struct wanted *want;
	size_t nwant, cwant;
	uint8_t *in;   /* by place in xdoc.b: what is to be there */
	uint64_t left; /* bytes that may be, too */
	uint64_t nseq;
	/* A part of all numbers, by their keys: */
	uint32_t part, parts; /* parts 0: none are gathered */
	struct xseq *seq;
	size_t n, cap;
};

uint64_t
xseq_key(enum gt_res res, int64_t id)
{
	return (uint64_t)id << 2 | (uint64_t)res;
}

bool
explain_next_there(const struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id, uint64_t seq)
{
	return xseq_find(x, gen, res, id, seq) || (x->near && map_get(&x->there, xseq_key(res, id)) != MAP_NONE);
}

static bool
waits_for_p(enum gt_code code)
{
	return code >= GT_E_W_P_UNKNOWN && code <= GT_E_W_P_STILL_SYSCALL;
}

bool
explain_provided(const struct gt_explain *x, const struct gt_head *h)
{
	uint64_t key = h->why.code == GT_E_W_GC_SEQ ? NO_RES : xseq_key(waits_for_p(h->why.code) ? GT_P : GT_G, (int64_t)h->why.arg[0]);

	return x->near && map_get(&x->there, key) != MAP_NONE;
}

/* --- what is looked for ------------------------------------------------------------------- */

static bool
want(struct pass *s, uint64_t key, uint64_t seq, bool head, bool known)
{
	uint32_t at = map_get(&s->at, key);

	if (at != MAP_NONE) {
		s->want[at].head |= head;
		return true;
	}
	if (!GROW(s->want, s->nwant, s->cwant) || !map_add(&s->at, key, (uint32_t)s->nwant))
		return false;
	s->want[s->nwant++] = (struct wanted){ seq, NONE32, NONE32, head, known };
	return true;
}

static bool
want_next(struct pass *s, enum gt_res res, int64_t id, bool head)
{
	const struct gt_state *st = gt_reader_state(s->x->r);
	uint64_t seq = 1;
	struct gt_p p;
	struct gt_g g;

	bool known = res == GT_P ? gt_p_find(st, id, &p) : gt_g_find(st, id, &g);

	if (known && (res == GT_P ? p.gen : g.gen) == s->gen)
		seq = (res == GT_P ? p.seq : g.seq) + 1;
	return want(s, xseq_key(res, id), seq, head, known);
}

static bool
want_of_head(struct pass *s, const struct gt_head *h)
{
	enum gt_code code = h->why.code;

	if (h->answer != GT_WAIT)
		return true;
	if (code == GT_E_W_GC_SEQ)
		return want(s, NO_RES, h->why.arg[0] + 1, true, true);
	return want_next(s, waits_for_p(code) ? GT_P : GT_G, (int64_t)h->why.arg[0], true);
}

static bool
want_all(struct pass *s)
{
	const struct gt_state *st = gt_reader_state(s->x->r);
	bool ok = true;

	for (size_t i = 0; i < s->x->nhead && ok; i++)
		ok = want_of_head(s, &s->x->head[i]);
	for (size_t i = 0; i < gt_p_count(st) && i < OTHERS && ok; i++) {
		struct gt_p p;

		ok = !gt_p_at(st, i, &p) || want_next(s, GT_P, p.id, false);
	}
	for (size_t i = 0; i < gt_g_count(st) && i < OTHERS && ok; i++) {
		struct gt_g g;

		ok = !gt_g_at(st, i, &g) || want_next(s, GT_G, g.id, false);
	}
	return ok;
}

/* --- going through it ------------------------------------------------------------------------- */

static void
found(struct pass *s, uint64_t key, uint64_t seq, uint32_t batch)
{
	uint32_t at = map_get(&s->at, key);

	if (at != MAP_NONE && s->want[at].seq == seq)
		s->want[at].batch = batch;
}

static void
told(struct pass *s, enum gt_res res, int64_t id, uint32_t batch)
{
	uint32_t at = map_get(&s->at, xseq_key(res, id));

	if (at != MAP_NONE)
		s->want[at].told = batch;
}

static bool
gather(struct pass *s, const struct xseq *q)
{
	uint64_t h = xseq_key((enum gt_res)q->res, q->id) * UINT64_C(0x9e3779b97f4a7c15) >> 32;

	if (h % s->parts != s->part)
		return true;
	if (!GROW(s->seq, s->n, s->cap))
		return false;
	s->seq[s->n++] = *q;
	return true;
}

/* One event: of a number, ev is the place of its batch. */
static bool
see(struct pass *s, const struct xwalk *w, const struct xevent *ev, const uint64_t *arg)
{
	struct xseq q;

	if (xseq_of(w, s->gen, ev, arg, &q)) {
		q.ev = ev->batch;
		if (s->parts > 0)
			return gather(s, &q);
		s->nseq++;
		found(s, xseq_key((enum gt_res)q.res, q.id), q.seq, ev->batch);
	} else if (s->parts == 0 && (ev->type == GT_EV_GCActive || ev->type == GT_EV_GCBegin || ev->type == GT_EV_GCEnd)) {
		found(s, NO_RES, arg[1], ev->batch);
	} else if (s->parts == 0 && xdoc_introduces(ev, GT_P)) {
		told(s, GT_P, (int64_t)arg[1], ev->batch);
	} else if (s->parts == 0 && xdoc_introduces(ev, GT_G)) {
		told(s, GT_G, (int64_t)arg[1], ev->batch);
	}
	return true;
}

static bool
go_through_batch(struct pass *s, uint32_t at, struct xwalk *w)
{
	struct xbatch *b = &s->x->doc.b[at];
	struct xevent ev;
	struct xscan scan;

	b->p = w->p;
	b->last = b->b.time;
	b->count = 0;
	for (xdoc_scan(&s->x->doc, at, &scan); xdoc_scan_next(&scan, &ev); b->count++) {
		uint64_t arg[GT_MAXARGS + 1];

		b->last = ev.time;
		if (ev.type == 0) {
			*w = (struct xwalk){ UNKNOWN, UNKNOWN, false, -1 };
			continue;
		}
		xdoc_args(&s->x->doc, &ev, arg);
		if (!see(s, w, &ev, arg))
			return false;
		xwalk_step(w, ev.type, b->b.m, arg);
	}
	return true;
}

/* All events of the generation, M by M. False: no memory. */
static bool
go_through(struct pass *s)
{
	const struct xdoc *d = &s->x->doc;

	for (size_t i = 0; i < d->n; i++) {
		struct xwalk w = { UNKNOWN, UNKNOWN, false, -1 };

		if (!d->b[i].gap || d->b[i].b.gen != s->gen || d->b[i].before != NONE32)
			continue;
		for (uint32_t at = (uint32_t)i; at != NONE32 && !explain_stopped(s->x); at = d->b[at].chain)
			if (!go_through_batch(s, at, &w))
				return false;
	}
	return true;
}

/* --- numbers ------------------------------------------------------------------------------------- */

/* The ticks of an event of a batch. */
static uint64_t
time_of(const struct gt_explain *x, uint32_t batch, uint32_t index)
{
	uint64_t time = x->doc.b[batch].b.time;
	struct xevent ev;
	struct xscan s;

	for (xdoc_scan(&x->doc, batch, &s); xdoc_scan_next(&s, &ev) && ev.index <= index;)
		time = ev.time;
	return time;
}

static void
note_gaps(struct gt_explain *x, const struct xseq *q, size_t n)
{
	for (size_t i = 1; i < n && x->ngap < MOST_GAPS_KEPT && q->res == GT_G; i++)
		if (q[i].seq > q[i - 1].seq + 1 && q[i].seq < q[i - 1].seq + 200)
			x->gap[x->ngap++] = (struct xgap){ time_of(x, q[i - 1].ev, q[i - 1].index), time_of(x, q[i].ev, q[i].index) };
}

/* Rows of numbers, of which each is in one part. False: no memory. */
static bool
look_at_numbers(struct pass *s)
{
	struct gt_explain *x = s->x;
	uint64_t most = x->memory / 8 / sizeof(*s->seq);
	bool ok = true;

	x->odd = calloc(1, sizeof(*x->odd));
	x->gap = calloc(MOST_GAPS_KEPT, sizeof(*x->gap));
	s->parts = (uint32_t)(s->nseq / (most > LEAST_PART ? most : LEAST_PART) + 1);
	for (s->part = 0; s->part < s->parts && ok && x->odd && x->gap && !explain_stopped(x); s->part++) {
		s->n = 0;
		ok = go_through(s) && xseq_sort(x, &s->seq, &s->n, &s->cap);
		for (size_t i = 0, k; i < s->n && ok; i = k) {
			for (k = i + 1; k < s->n && s->seq[k].res == s->seq[i].res && s->seq[k].id == s->seq[i].id; k++)
				;
			xseq_look(x->odd, &s->seq[i], k - i);
			note_gaps(x, &s->seq[i], k - i);
		}
	}
	free(s->seq);
	s->seq = NULL;
	return ok && x->odd && x->gap;
}

/* --- which batches -------------------------------------------------------------------------------- */

static void
take(struct pass *s, uint32_t at)
{
	if (at == NONE32 || s->in[at] || s->x->doc.b[at].b.size > s->left)
		return;
	s->in[at] = 1;
	s->left -= s->x->doc.b[at].b.size;
}

/* The batch an event is in, and its neighbours of the same M. */
static void
take_around(struct pass *s, int64_t batch)
{
	const struct xbatch *b = xdoc_batch(&s->x->doc, batch);

	if (!b)
		return;
	take(s, (uint32_t)(b - s->x->doc.b));
	take(s, b->before);
	take(s, b->chain);
}

struct far {
	uint64_t ticks;
	uint32_t at;
};

static int
compare_far(const void *a, const void *b)
{
	const struct far *p = a, *q = b;

	if (p->ticks != q->ticks)
		return p->ticks < q->ticks ? -1 : 1;
	return (p->at > q->at) - (p->at < q->at);
}

/* The nearest in time, as many as there is room for. False: no memory. */
static bool
take_near(struct pass *s)
{
	const struct xdoc *d = &s->x->doc;
	struct far *v = calloc(d->n + 1, sizeof(*v));
	const struct xbatch *at = xdoc_batch(d, s->x->err.place.batch);
	uint64_t time = !at || !at->gap ? 0 : time_of(s->x, (uint32_t)(at - d->b), s->x->err.place.event < 0 ? 0 : (uint32_t)s->x->err.place.event);
	size_t n = 0;

	if (!v)
		return false;
	for (uint32_t i = 0; i < d->n; i++) {
		const struct xbatch *b = &d->b[i];

		if (b->gap && b->b.gen == s->gen)
			v[n++] = (struct far){ b->b.time > time ? b->b.time - time : b->last < time ? time - b->last : 0, i };
	}
	qsort(v, n, sizeof(*v), compare_far);
	for (size_t i = 0; i < n; i++)
		take(s, v[i].at);
	free(v);
	return true;
}

static bool
choose(struct pass *s)
{
	struct gt_explain *x = s->x;

	take_around(s, x->err.place.batch);
	for (size_t i = 0; i < x->nhead; i++)
		take_around(s, x->head[i].ev.batch);
	for (size_t i = 0; i < s->nwant; i++)
		if (s->want[i].head) {
			take(s, s->want[i].batch);
			take(s, s->want[i].told);
		}
	for (unsigned i = 0; i < x->odd->n; i++)
		take(s, x->odd->v[i].ev);
	return take_near(s);
}

/* Keys of those whose next number some event has, or of which none was known and one tells. False: no memory. */
static bool
note_there(struct pass *s)
{
	bool ok = true;

	for (uint32_t i = 0; i < s->at.size && ok; i++) {
		const struct map_slot *slot = &s->at.slot[i];

		if (slot->val > 0 && (s->want[slot->val - 1].known ? s->want[slot->val - 1].batch : s->want[slot->val - 1].told) != NONE32)
			ok = map_add(&s->x->there, slot->key, 0);
	}
	return ok;
}

bool
explain_window(struct gt_explain *x, uint64_t gen, uint64_t bytes)
{
	struct pass s = { .x = x, .gen = gen, .left = bytes };
	bool ok;

	s.in = calloc(x->doc.n + 1, 1);
	ok = s.in && want_all(&s) && go_through(&s) && note_there(&s) && look_at_numbers(&s) && choose(&s) && xdoc_fill(&x->doc, s.in);
	x->near = ok;
	map_free(&s.at);
	free(s.want);
	free(s.in);
	free(s.seq);
	return ok;
}
