/* SPDX-License-Identifier: MIT */
#include "freeze.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 512 };

struct page {
	uint32_t refs;
	uint32_t n;
	uint8_t bytes[];
};

struct frozen {
	uint32_t refs;
	struct pool *pool;
	uint64_t pos;
	struct gt_gen *gen; /* kept: it can't be loaded again */
	struct gen_key key; /* else */
	/* The reader itself, then its parts: how many bytes, and the first page. */
	size_t size[1 + READER_PARTS], first[1 + READER_PARTS + 1];
	size_t npage;
	struct page *page[];
};

/* --- pools --------------------------------------------------------------------------- */

struct pool *
pool_new(uint64_t interval, uint32_t block)
{
	struct pool *p = malloc(sizeof(*p));

	if (p)
		*p = (struct pool){ 1, block, interval, 0 };
	return p;
}

static struct pool *
pool_ref(struct pool *p)
{
	__atomic_add_fetch(&p->refs, 1, __ATOMIC_RELAXED);
	return p;
}

void
pool_unref(struct pool *p)
{
	if (p && __atomic_sub_fetch(&p->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(p);
}

uint64_t
pool_interval(const struct pool *p)
{
	return __atomic_load_n(&p->interval, __ATOMIC_RELAXED);
}

size_t
pool_bytes(const struct pool *p)
{
	return __atomic_load_n(&p->bytes, __ATOMIC_RELAXED);
}

/* --- tables ---------------------------------------------------------------------------- */

struct gen_key
gen_key_of(const struct gt_gen *g)
{
	uint64_t shape = g->number;

	/* A file that is written to while it is read may have others there the next time. */
	shape = shape * 31 + g->nbatch;
	shape = shape * 31 + g->nchain;
	shape = shape * 31 + g->nsample;
	return (struct gen_key){ g->from, g->to, g->begin, shape };
}

bool
gen_key_is(const struct gen_key *k, const struct gt_gen *g)
{
	struct gen_key is = gen_key_of(g);

	return k->from == is.from && k->to == is.to && k->shape == is.shape;
}

/* --- freezing ---------------------------------------------------------------------------- */

static size_t
pages(size_t n)
{
	return (n + PAGE - 1) / PAGE;
}

static struct page *
page_new(struct pool *pool, const uint8_t *p, size_t n)
{
	struct page *q = malloc(sizeof(*q) + n);

	if (!q)
		return NULL;
	q->refs = 1;
	q->n = (uint32_t)n;
	memcpy(q->bytes, p, n);
	__atomic_add_fetch(&pool->bytes, sizeof(*q) + n, __ATOMIC_RELAXED);
	return q;
}

static void
page_unref(struct pool *pool, struct page *q)
{
	if (__atomic_sub_fetch(&q->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	__atomic_sub_fetch(&pool->bytes, sizeof(*q) + q->n, __ATOMIC_RELAXED);
	free(q);
}

/* Page i of part k, if it has those bytes. */
static struct page *
same_page(const struct frozen *like, size_t k, size_t i, const uint8_t *p, size_t n)
{
	struct page *q;

	if (!like || i >= like->first[k + 1] - like->first[k])
		return NULL;
	q = like->page[like->first[k] + i];
	if (q->n != n || memcmp(q->bytes, p, n) != 0)
		return NULL;
	__atomic_add_fetch(&q->refs, 1, __ATOMIC_RELAXED);
	return q;
}

static bool
freeze_part(struct frozen *f, size_t k, const uint8_t *p, const struct frozen *like)
{
	for (size_t i = 0; i * PAGE < f->size[k]; i++) {
		size_t n = f->size[k] - i * PAGE < PAGE ? f->size[k] - i * PAGE : PAGE;
		struct page *q = same_page(like, k, i, p + i * PAGE, n);

		if (!q)
			q = page_new(f->pool, p + i * PAGE, n);
		if (!q)
			return false;
		f->page[f->npage++] = q;
	}
	return true;
}

static size_t
frozen_bytes(const struct frozen *f)
{
	return sizeof(*f) + f->first[1 + READER_PARTS] * sizeof(f->page[0]);
}

struct frozen *
freeze(struct gt_reader *r, const struct frozen *like, struct pool *pool)
{
	struct part part[READER_PARTS];
	const struct gt_gen *gen = reader_gen(r);
	size_t all = pages(reader_size);
	struct frozen *f;
	bool ok;

	reader_parts(r, part);
	for (size_t k = 0; k < READER_PARTS; k++)
		all += pages(part[k].n);
	f = malloc(sizeof(*f) + all * sizeof(f->page[0]));
	if (!f)
		return NULL;
	*f = (struct frozen){ .refs = 1, .pool = pool_ref(pool), .pos = gt_reader_pos(r) };
	f->size[0] = reader_size;
	for (size_t k = 0; k < READER_PARTS; k++)
		f->size[k + 1] = part[k].n;
	for (size_t k = 0; k <= READER_PARTS; k++)
		f->first[k + 1] = f->first[k] + pages(f->size[k]);
	__atomic_add_fetch(&pool->bytes, frozen_bytes(f), __ATOMIC_RELAXED);
	if (gen && reader_reloads(r))
		f->key = gen_key_of(gen);
	else
		f->gen = gt_gen_ref(reader_gen(r));
	ok = freeze_part(f, 0, (const uint8_t *)r, like);
	for (size_t k = 0; ok && k < READER_PARTS; k++)
		ok = freeze_part(f, k + 1, *part[k].p, like);
	if (ok)
		return f;
	frozen_unref(f);
	return NULL;
}

struct frozen *
frozen_ref(struct frozen *f)
{
	__atomic_add_fetch(&f->refs, 1, __ATOMIC_RELAXED);
	return f;
}

void
frozen_unref(struct frozen *f)
{
	if (!f || __atomic_sub_fetch(&f->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	for (size_t i = 0; i < f->npage; i++)
		page_unref(f->pool, f->page[i]);
	gt_gen_unref(f->gen);
	__atomic_sub_fetch(&f->pool->bytes, frozen_bytes(f), __ATOMIC_RELAXED);
	pool_unref(f->pool);
	free(f);
}

uint64_t
frozen_pos(const struct frozen *f)
{
	return f->pos;
}

struct gt_gen *
frozen_gen(const struct frozen *f, struct gen_key *key)
{
	*key = f->key;
	return f->gen;
}

/* --- thawing ------------------------------------------------------------------------------- */

static void
thaw_part(const struct frozen *f, size_t k, uint8_t *p)
{
	for (size_t i = f->first[k]; i < f->first[k + 1]; p += f->page[i++]->n)
		memcpy(p, f->page[i]->bytes, f->page[i]->n);
}

struct gt_reader *
thaw(const struct frozen *f, struct gt_gen *gen)
{
	struct gt_reader *r = malloc(reader_size);
	struct part part[READER_PARTS];
	bool ok = true;

	if (!r)
		return NULL;
	thaw_part(f, 0, (uint8_t *)r);
	reader_parts(r, part);
	for (size_t k = 0; k < READER_PARTS; k++) {
		*part[k].p = f->size[k + 1] ? malloc(f->size[k + 1]) : NULL;
		if (*part[k].p)
			thaw_part(f, k + 1, *part[k].p);
		else
			ok = ok && f->size[k + 1] == 0;
	}
	/* In any case, so that it can be freed. */
	if (reader_revive(r, gt_gen_ref(gen), ok))
		return r;
	gt_reader_free(r);
	return NULL;
}
