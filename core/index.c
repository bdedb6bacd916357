/* SPDX-License-Identifier: MIT */
/*
 * Indexing: first where generations lie, by the heads of the batches alone; then all events in order, for summaries of
 * blocks and for checkpoints.
 */
#include "index.h"

#include "keep.h"

#include "places.h"

#include <stdlib.h>
#include <string.h>

/* Of a slice of looking for generations: bytes of the file, and generations found; a full batch has 64 KB. */
enum { SLICE = 1 << 24, PLACES = 4096, HEADS = SLICE >> 16 };

/* Of a heavy reader there are fewer checkpoints: one more each time so many bytes' worth of events have gone by. */
enum { BYTES_PER_EVENT = 16 };

enum { MARKS_MOST = 1 << 24 };

/* Sums of times by state, as the sum of each change times the time left; see block_end. */
struct lanes {
	int64_t count[GT_PRESENTED]; /* now */
	int64_t moved[GT_PRESENTED]; /* sum of changes, each times its time since the block began */
};

struct gt_indexer {
	struct gt_trace *t;
	struct pool *pool;
	struct gt_reader *r;
	struct frozen *last; /* checkpoint, or NULL */
	struct gt_buf marks; /* to be kept, so many; nmarks 0: they are not */
	size_t nmarks;
	bool unkept;
	uint64_t passed;     /* bytes, in both passes together */
	bool over;

	/* Looking for generations. */
	struct places places;
	bool placed; /* all are found that have arrived */

	/* The block being made. */
	struct gt_block block;
	struct lanes p, g;
	int64_t begin;
};

struct gt_indexer *
indexer_new(struct gt_trace *t, const struct gt_model *model, struct pool *pool)
{
	struct gt_indexer *x = calloc(1, sizeof(*x));

	if (!x)
		return NULL;
	x->t = t;
	places_init(&x->places, t);
	x->r = gt_reader_new(t, model);
	if (!x->r) {
		free(x);
		return NULL;
	}
	__atomic_add_fetch(&pool->refs, 1, __ATOMIC_RELAXED);
	x->pool = pool;
	return x;
}

void
gt_indexer_free(struct gt_indexer *x)
{
	if (!x)
		return;
	frozen_unref(x->last);
	gt_buf_free(&x->marks);
	gt_reader_free(x->r);
	pool_unref(x->pool);
	free(x);
}

void
gt_found_free(struct gt_found *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->ncp; i++)
		frozen_unref(f->cp[i]);
	free(f->cp);
	free(f->place);
	free(f->start);
	free(f->block);
	gt_reader_free(f->ended);
	gt_buf_free(&f->marks);
	free(f);
}

size_t
gt_found_bytes(const struct gt_found *f)
{
	return (size_t)f->bytes;
}

/* --- where generations lie --------------------------------------------------------------- */

/* False: no memory. */
static bool
find_places(struct gt_indexer *x, struct gt_found *f)
{
	struct gt_gen_place place;
	uint64_t from = x->places.off;

	x->placed = false;
	for (int i = 0; i < PLACES && x->places.off - from < SLICE; i++)
		switch (places_next(&x->places, HEADS, &place)) {
		case PLACES_ONE:
			if (!GROW(f->place, f->nplace, f->cplace))
				return false;
			f->place[f->nplace++] = place;
			break;
		case PLACES_LATER:
			return true;
		case PLACES_WAIT:
			x->placed = true;
			return true;
		case PLACES_OVER:
			x->placed = f->all_places = true;
			return true;
		}
	return true;
}

/* --- blocks -------------------------------------------------------------------------------- */

static void
block_event(struct gt_indexer *x, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	struct lanes *l = spec->subject == GT_SUBJ_P_CTX || spec->subject == GT_SUBJ_P_ARG ? &x->p : &x->g;
	uint64_t since = (uint64_t)ev->time - (uint64_t)x->begin;

	gt_summary_add(&x->block.sum, ev);
	if (spec->kind != GT_K_StateTransition || ev->from == ev->to)
		return;
	/* Of what had no state before nothing ends. */
	if (l->count[ev->from] > 0) {
		l->count[ev->from]--;
		l->moved[ev->from] -= (int64_t)since;
	}
	l->count[ev->to]++;
	l->moved[ev->to] = (int64_t)((uint64_t)l->moved[ev->to] + since);
}

/* A state had by `count` at the end was had for all of the block by so many, but for what was before each change. */
static void
lanes_end(struct lanes *l, uint64_t length, int64_t out[GT_PRESENTED])
{
	for (int i = 0; i < GT_PRESENTED; i++) {
		out[i] = (int64_t)((uint64_t)l->count[i] * length - (uint64_t)l->moved[i]);
		l->moved[i] = 0;
	}
	/* Nobody is in these. */
	out[GT_PRES_Undetermined] = out[GT_PRES_NotExist] = 0;
}

static bool
block_end(struct gt_indexer *x, struct gt_found *f)
{
	uint64_t length = (uint64_t)x->block.sum.to - (uint64_t)x->begin;

	if (x->block.sum.first == 0)
		return true;
	if (!GROW(f->block, f->nblock, f->cblock))
		return false;
	lanes_end(&x->p, length, x->block.procs);
	lanes_end(&x->g, length, x->block.goroutines);
	f->block[f->nblock++] = x->block;
	x->begin = x->block.sum.to;
	x->block = (struct gt_block){ .sum = { .first = 0 } };
	return true;
}

/* --- events ----------------------------------------------------------------------------------- */

/* A generation begins, or the last checkpoint is far: another one. Without memory there is none. */
static bool
checkpoint(struct gt_indexer *x, struct gt_found *f)
{
	struct frozen *now;

	if (!GROW(f->cp, f->ncp, f->ccp))
		return false;
	now = freeze(x->r, x->last, x->pool);
	if (!now)
		return false;
	f->cp[f->ncp++] = now;
	frozen_unref(x->last);
	x->last = frozen_ref(now);
	return true;
}

static bool
is_due(const struct gt_indexer *x)
{
	uint64_t since = gt_reader_pos(x->r) - (x->last ? frozen_pos(x->last) : 0);

	return since >= pool_interval(x->pool) && since >= gt_reader_weight(x->r) / BYTES_PER_EVENT;
}

static bool
note_start(struct gt_found *f, const struct gt_event *ev)
{
	if (!GROW(f->start, f->nstart, f->cstart))
		return false;
	f->start[f->nstart++] = (struct gen_start){ ev->gen->from, ev->n, ev->time };
	return true;
}

/* The states of all generations, as long as these are not too large to be worth keeping. */
static void
mark(struct gt_indexer *x)
{
	if (x->unkept || x->t->version < 22)
		return;
	x->nmarks++;
	x->unkept = !keep_reader(&x->marks, x->r) || x->marks.n > MARKS_MOST;
	if (!x->unkept)
		return;
	gt_buf_free(&x->marks);
	x->marks = (struct gt_buf){ NULL, 0, 0 };
	x->nmarks = 0;
}

/* Where it lies may have arrived after they were looked for. */
static bool
open_gen(struct gt_indexer *x, struct gt_found *f, const struct gt_event *ev)
{
	while (!x->places.over && x->places.off <= ev->gen->from)
		if (!find_places(x, f))
			return false;
	mark(x);
	return note_start(f, ev) && checkpoint(x, f);
}

/* Takes in one event. False: no memory. */
static bool
take_event(struct gt_indexer *x, struct gt_found *f, const struct gt_event *ev)
{
	if (ev->n == 1)
		x->begin = ev->time;
	block_event(x, ev);
	return ev->type != GT_EV_SyncPoint || !ev->gen || open_gen(x, f, ev);
}

static bool
read_events(struct gt_indexer *x, struct gt_found *f, uint64_t events)
{
	const struct gt_event *ev;

	for (; events > 0; events--) {
		enum gt_got got = gt_read(x->r, &ev);

		if (got == GT_LATER) {
			f->waits = true;
			break;
		}
		if (got == GT_BROKEN && gt_reader_error(x->r)->why.code == GT_E_NOMEM)
			return false;
		if (got != GT_EVENT) {
			f->all = x->over = true;
			f->end = got;
			f->ended = x->r;
			f->known = gt_reader_pos(x->r);
			x->r = NULL;
			f->marks = x->marks;
			f->nmarks = x->nmarks;
			x->marks = (struct gt_buf){ NULL, 0, 0 };
			/* Some may have arrived since they were looked for. */
			while (!(x->places.over && x->placed) && find_places(x, f) && !x->placed)
				;
			return block_end(x, f);
		}
		if (!take_event(x, f, ev))
			return false;
		if (ev->n % x->pool->block == 0 && !block_end(x, f))
			return false;
		if (is_due(x) && !checkpoint(x, f))
			return false;
	}
	f->known = gt_reader_pos(x->r);
	return true;
}

bool
gt_found_waits(const struct gt_found *f)
{
	return f->waits;
}

struct gt_found *
gt_indexer_read(struct gt_indexer *x, uint64_t events)
{
	struct gt_found *f = x->over ? NULL : calloc(1, sizeof(*f));
	uint64_t now;
	size_t size;

	if (!f)
		return NULL;
	gt_bytes(x->t, &size);
	/* The last place may have been found without its being known that it is the last. */
	if ((!(x->places.over && x->placed) && !find_places(x, f)) || (x->placed && !read_events(x, f, events))) {
		x->over = true;
		gt_found_free(f);
		return NULL;
	}
	now = x->places.off + (x->r ? reader_progress(x->r) : size);
	f->bytes = now > x->passed ? now - x->passed : 0;
	x->passed = now;
	f->done = f->all || size == 0 ? 1 : x->placed ? (double)reader_progress(x->r) / (double)size : 0;
	return f;
}
