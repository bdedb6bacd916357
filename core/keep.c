/* SPDX-License-Identifier: MIT */
#include "keep.h"

#include <stdlib.h>
#include <string.h>

static const char magic[] = "gotrace index 5\n";

/* --- writing -------------------------------------------------------------------------- */

static bool
put_all(struct gt_buf *b, const uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!gt_buf_varint(b, v[i]))
			return false;
	return true;
}
#define PUT(b, ...) put_all(b, (const uint64_t[]){ __VA_ARGS__ }, sizeof((uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

/* IDs: none, which is -1, comes often. */
static uint64_t
id_out(int64_t id)
{
	return (uint64_t)id + 1;
}

/* A view into the bytes of the trace; the empty string may be none. */
static bool
put_str(struct gt_buf *b, const struct gt_trace *t, const char *p, size_t n)
{
	return PUT(b, n, n ? (uint64_t)((const uint8_t *)p - t->bytes) : 0);
}

static bool
put_list(struct gt_buf *b, const struct gt_trace *t, const struct gt_state *s, uint32_t list)
{
	bool ok = PUT(b, list_length(s, list));

	/* A range has a type and no text. */
	for (; ok && list; list = s->node[list].next) {
		const struct node *n = &s->node[list];

		ok = PUT(b, n->id, (uint64_t)n->since, n->p != NULL) && (n->p ? put_str(b, t, n->p, n->n) : PUT(b, n->n));
	}
	return ok;
}

bool
keep_reader(struct gt_buf *b, const struct gt_reader *r)
{
	struct reader_mark mark = reader_mark(r);
	const struct gt_state *s = gt_reader_state(r);
	bool ok = PUT(b, mark.off, mark.batch, mark.pos, mark.syncs, (uint64_t)mark.last, s->first_gen, s->gc_seq, s->gc,
			  (uint64_t)s->gc_since) &&
		PUT(b, s->np);

	for (size_t i = 0; ok && i < s->np; i++)
		ok = PUT(b, id_out(s->p[i].id), s->p[i].status, s->p[i].gen, s->p[i].seq, (uint64_t)s->p[i].since) &&
			put_list(b, mark.t, s, s->p[i].ranges);
	ok = ok && PUT(b, s->gs.n);
	for (size_t i = 0; ok && i < s->ng; i++)
		if (s->g[i].live)
			ok = PUT(b, id_out(s->g[i].id), s->g[i].status, s->g[i].gen, s->g[i].seq, (uint64_t)s->g[i].since) &&
				put_list(b, mark.t, s, s->g[i].ranges) && put_list(b, mark.t, s, s->g[i].regions);
	ok = ok && PUT(b, s->nm);
	for (size_t i = 0; ok && i < s->nm; i++)
		ok = PUT(b, id_out(s->m[i].id), id_out(s->m[i].p), id_out(s->m[i].g));
	ok = ok && PUT(b, s->ts.n);
	for (size_t i = 0; ok && i < s->nt; i++)
		if (s->t[i].live)
			ok = PUT(b, s->t[i].id, s->t[i].parent, (uint64_t)s->t[i].since) && put_str(b, mark.t, s->t[i].name.p, s->t[i].name.n);
	return ok;
}

static bool
put_block(struct gt_buf *b, const struct gt_block *x)
{
	const struct gt_summary *s = &x->sum;
	bool ok = PUT(b, s->first, s->last, (uint64_t)s->from, (uint64_t)s->to);

	ok = ok && put_all(b, s->types, 4) && put_all(b, s->m, 4) && put_all(b, s->p, 4) && put_all(b, s->g, 32) &&
		PUT(b, s->most_g, s->gen, s->last_gen);
	for (int i = 0; ok && i < GT_PRESENTED; i++)
		ok = PUT(b, (uint64_t)x->procs[i], (uint64_t)x->goroutines[i]);
	return ok;
}

bool
keep_index(struct gt_buf *b, const struct gt_found *f, const struct gt_buf *marks, size_t nmarks)
{
	bool ok = gt_buf_put(b, magic, sizeof(magic) - 1) && PUT(b, f->known, f->nplace);

	for (size_t i = 0; ok && i < f->nplace; i++) {
		const struct gt_gen_place *p = &f->place[i];

		ok = PUT(b, p->number, p->from, p->to, p->batch, p->batches, p->ticks, p->first, (uint64_t)p->time);
	}
	ok = ok && PUT(b, f->nblock);
	for (size_t i = 0; ok && i < f->nblock; i++)
		ok = put_block(b, &f->block[i]);
	return ok && PUT(b, nmarks) && gt_buf_put(b, marks->p, marks->n);
}

/* --- reading ------------------------------------------------------------------------------ */

struct load {
	struct gt_trace *t;
	const uint8_t *p, *end;
	bool ok; /* nothing was wrong so far */
};

static uint64_t
get(struct load *l)
{
	uint64_t v = 0;

	l->ok = l->ok && varint(&l->p, l->end, &v) == VARINT_OK;
	return l->ok ? v : 0;
}

static uint64_t
get_below(struct load *l, uint64_t limit)
{
	uint64_t v = get(l);

	l->ok = l->ok && v < limit;
	return l->ok ? v : 0;
}

/* Of things that take a byte at least each. */
static size_t
get_count(struct load *l)
{
	return (size_t)get_below(l, (uint64_t)(l->end - l->p) + 1);
}

static void
get_all(struct load *l, uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = get(l);
}

static int64_t
get_id(struct load *l)
{
	return (int64_t)(get(l) - 1);
}

static struct gt_str
get_str(struct load *l)
{
	uint64_t n = get_below(l, (uint64_t)l->t->n + 1), off = get(l);

	l->ok = l->ok && n <= UINT32_MAX && off <= l->t->n - n;
	return l->ok && n ? (struct gt_str){ (const char *)l->t->bytes + off, (size_t)n } : (struct gt_str){ "", 0 };
}

/* Newest first, as it was written: each comes behind the one before. */
static uint32_t
get_list(struct load *l, struct gt_state *s)
{
	uint32_t list = 0, last = 0;

	for (size_t n = get_count(l); n > 0 && l->ok; n--) {
		struct node node = { .id = get(l) };
		uint32_t at = 0;

		node.since = (int64_t)get(l);
		if (get_below(l, 2)) {
			struct gt_str text = get_str(l);

			node.p = text.p;
			node.n = (uint32_t)text.n;
		} else {
			node.n = (uint32_t)get_below(l, GT_TYPES);
		}
		l->ok = l->ok && state_reserve(s);
		if (!l->ok)
			break;
		list_push(s, &at, node);
		*(last ? &s->node[last].next : &list) = at;
		last = at;
	}
	return list;
}

static void
get_procs(struct load *l, struct gt_state *s)
{
	for (size_t n = get_count(l); n > 0 && l->ok; n--) {
		int64_t id = get_id(l);
		struct pstate p = { .id = id };

		p.status = (uint8_t)get_below(l, GT_P_GONE);
		p.gen = get(l);
		p.seq = get(l);
		p.since = (int64_t)get(l);
		p.ranges = get_list(l, s);
		l->ok = l->ok && map_get(&s->ps, (uint64_t)id) == MAP_NONE && state_reserve(s);
		if (l->ok)
			s->p[state_add_p(s, id)] = p;
	}
}

static void
get_goroutines(struct load *l, struct gt_state *s)
{
	for (size_t n = get_count(l); n > 0 && l->ok; n--) {
		int64_t id = get_id(l);
		struct gstate g = { .id = id, .live = true };

		g.status = (uint8_t)get_below(l, GT_G_GONE);
		g.gen = get(l);
		g.seq = get(l);
		g.since = (int64_t)get(l);
		g.ranges = get_list(l, s);
		g.regions = get_list(l, s);
		l->ok = l->ok && map_get(&s->gs, (uint64_t)id) == MAP_NONE && state_reserve(s);
		if (l->ok)
			s->g[state_add_g(s, id)] = g;
	}
}

static void
get_threads(struct load *l, struct gt_state *s)
{
	for (size_t n = get_count(l); n > 0 && l->ok; n--) {
		int64_t id = get_id(l), p = get_id(l), g = get_id(l);
		struct mstate *m;

		l->ok = l->ok && map_get(&s->ms, (uint64_t)id) == MAP_NONE && (p == GT_NONE || state_p(s, p)) &&
			(g == GT_NONE || state_g(s, g)) && state_reserve(s);
		if (!l->ok)
			break;
		m = &s->m[state_add_m(s, id)];
		m_hold_p(m, p);
		m_hold_g(m, g);
	}
}

static void
get_tasks(struct load *l, struct gt_state *s)
{
	for (size_t n = get_count(l); n > 0 && l->ok; n--) {
		struct tstate t = { .id = get(l), .live = true };

		t.parent = get(l);
		t.since = (int64_t)get(l);
		t.name = get_str(l);
		l->ok = l->ok && map_get(&s->ts, t.id) == MAP_NONE && state_reserve(s);
		if (l->ok)
			s->t[state_add_task(s, t.id)] = t;
	}
}

/* At the start of a generation, where that was found. */
static struct gt_reader *
get_reader(struct load *l, const struct gt_model *model, const struct gt_gen_place *at)
{
	struct reader_mark mark = { .t = l->t };
	struct gt_reader *r;
	struct gt_state *s;

	mark.off = get_below(l, l->t->n);
	mark.batch = (uint32_t)get_below(l, UINT32_MAX);
	mark.pos = get(l);
	mark.syncs = get(l);
	mark.last = (int64_t)get(l);
	l->ok = l->ok && mark.off == at->from && mark.batch == at->batch && mark.pos == at->first &&
		mark.syncs == (uint64_t)at->nth + 1 && mark.last == at->time && mark.last > INT64_MIN;
	r = l->ok ? reader_at_mark(&mark, model) : NULL;
	if (!r) {
		l->ok = false;
		return NULL;
	}
	s = reader_state(r);
	s->first_gen = get(l);
	s->gc_seq = get(l);
	s->gc = (enum gt_gc)get_below(l, GT_GC_RUNNING + 1);
	s->gc_since = (int64_t)get(l);
	get_procs(l, s);
	get_goroutines(l, s);
	get_threads(l, s);
	get_tasks(l, s);
	return r;
}

static void
get_places(struct load *l, struct gt_found *f)
{
	uint64_t at = l->t->first, first = 1;

	for (size_t n = get_count(l); n > 0 && l->ok; n--) {
		struct gt_gen_place p = { .number = get(l), .nth = (uint32_t)f->nplace };

		p.from = get(l);
		p.to = get(l);
		p.batch = (uint32_t)get_below(l, UINT32_MAX);
		p.batches = (uint32_t)get_below(l, UINT32_MAX);
		p.ticks = get(l);
		p.first = get(l);
		p.time = (int64_t)get(l);
		l->ok = l->ok && p.from >= at && p.to > p.from && p.to <= l->t->n && p.first >= first && p.first <= f->known &&
			GROW(f->place, f->nplace, f->cplace);
		if (l->ok)
			f->place[f->nplace++] = p;
		at = p.to;
		first = p.first + 1;
	}
}

static void
get_blocks(struct load *l, struct gt_found *f, uint32_t per_block)
{
	uint64_t next = 1;

	for (size_t n = get_count(l); n > 0 && l->ok; n--) {
		struct gt_block b = { .sum = { .first = get(l) } };

		b.sum.last = get(l);
		b.sum.from = (int64_t)get(l);
		b.sum.to = (int64_t)get(l);
		get_all(l, b.sum.types, 4);
		get_all(l, b.sum.m, 4);
		get_all(l, b.sum.p, 4);
		get_all(l, b.sum.g, 32);
		b.sum.most_g = get(l);
		b.sum.gen = get(l);
		b.sum.last_gen = get(l);
		for (int i = 0; i < GT_PRESENTED; i++) {
			b.procs[i] = (int64_t)get(l);
			b.goroutines[i] = (int64_t)get(l);
		}
		l->ok = l->ok && b.sum.first == next && b.sum.last <= f->known &&
			(b.sum.last == next - 1 + per_block || b.sum.last == f->known) &&
			GROW(f->block, f->nblock, f->cblock);
		if (l->ok)
			f->block[f->nblock++] = b;
		next = b.sum.last + 1;
	}
	l->ok = l->ok && next == f->known + 1;
}

static void
get_marks(struct load *l, struct gt_found *f, const struct gt_model *model, struct pool *pool)
{
	l->ok = get_count(l) == f->nplace && l->ok;
	for (size_t i = 0; i < f->nplace && l->ok; i++) {
		struct gt_reader *r = get_reader(l, model, &f->place[i]);
		struct frozen *now = NULL;

		l->ok = l->ok && GROW(f->cp, f->ncp, f->ccp);
		if (l->ok)
			now = freeze(r, f->ncp ? f->cp[f->ncp - 1] : NULL, pool);
		if (now)
			f->cp[f->ncp++] = now;
		l->ok = l->ok && now;
		gt_reader_free(r);
	}
}

struct gt_found *
keep_load(struct gt_trace *t, const struct gt_model *model, struct pool *pool, const uint8_t *p, size_t n)
{
	struct load l = { .t = t, .p = p, .end = p + n, .ok = true };
	struct gt_found *f;

	if (n < sizeof(magic) - 1 || memcmp(p, magic, sizeof(magic) - 1) != 0)
		return NULL;
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	l.p += sizeof(magic) - 1;
	f->known = get(&l);
	f->all = f->all_places = true;
	f->end = GT_END;
	f->done = 1;
	get_places(&l, f);
	get_blocks(&l, f, pool->block);
	get_marks(&l, f, model, pool);
	if (l.ok && l.p == l.end)
		return f;
	gt_found_free(f);
	return NULL;
}
