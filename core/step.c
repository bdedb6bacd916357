/* SPDX-License-Identifier: MIT */
/*
 * Moving both ways. Ordering is deterministic, so going back is restoring a checkpoint (a copy of the reader) before the
 * place and reading on from there.
 *
 * Checkpoints stand at multiples of an interval. When they outgrow the budget the interval doubles and those that do not
 * fit it are dropped, but for those near the cursor: the way back is short where people are, and of bounded length
 * everywhere.
 */
#include "gen.h"
#include "map.h"
#include "reader.h"

#include <stdlib.h>
#include <string.h>

/* Tests set these lower, so that small traces have many checkpoints. */
#ifndef NAV_INTERVAL
#define NAV_INTERVAL 4096
#define NAV_ASK 4096
#endif
enum { INTERVAL = NAV_INTERVAL, NEAR = 16 * INTERVAL, ASK_EVERY = NAV_ASK };

struct checkpoint {
	uint64_t pos;
	struct gt_reader *r;
	size_t weight;
};

struct gt_nav {
	struct gt_trace *t;
	struct gt_model model;
	size_t budget, weight;
	uint64_t interval;
	struct checkpoint *cp; /* by position; the first is at 0 */
	size_t ncp, ccp;
	struct gt_reader *cur;   /* at the position */
	struct gt_event ev;      /* the last one it read; n is 0 where there is none */
	struct gt_gen *gen;      /* its generation, kept: where memory fails a reader may have left it */
	struct gt_reader *edge;  /* reads on behind the furthest place known; NULL: at the start, or all is known */
	struct gt_reader *scout; /* where gt_nav_each stopped last; NULL: nowhere */
	struct gt_reader *ended; /* the reader that met the end; NULL: not met yet */
	enum gt_got end;
	uint64_t known;
	bool all;
};

/* --- checkpoints -------------------------------------------------------------------- */

/* Index of the last checkpoint at or before pos. */
static size_t
checkpoint_before(const struct gt_nav *v, uint64_t pos)
{
	size_t lo = 0, hi = v->ncp;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (v->cp[mid].pos <= pos)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* The first checkpoint in a generation keeps its tables as well. */
static size_t
tables_weight(const struct gt_nav *v, size_t at, const struct gt_reader *r)
{
	const struct gt_gen *g = reader_gen(r);

	if (!g || (at < v->ncp && reader_gen(v->cp[at].r) == g))
		return 0;
	return gen_weight(g);
}

static void
drop_checkpoint(struct gt_nav *v, const struct checkpoint *c)
{
	v->weight -= c->weight;
	gt_reader_free(c->r);
}

static void
thin(struct gt_nav *v)
{
	uint64_t here = gt_reader_pos(v->cur);
	size_t kept = 1;

	v->interval *= 2;
	for (size_t i = 1; i < v->ncp; i++) {
		uint64_t pos = v->cp[i].pos, distance = pos > here ? pos - here : here - pos;

		if (pos % v->interval == 0 || distance <= NEAR)
			v->cp[kept++] = v->cp[i];
		else
			drop_checkpoint(v, &v->cp[i]);
	}
	v->ncp = kept;
}

/* A checkpoint where r stands, if one belongs there; without memory there is none, and the way back is longer. */
static void
consider_checkpoint(struct gt_nav *v, const struct gt_reader *r)
{
	uint64_t pos = gt_reader_pos(r);
	size_t at;
	struct checkpoint c;

	if (pos % v->interval != 0)
		return;
	at = checkpoint_before(v, pos);
	if (v->cp[at].pos == pos || !GROW(v->cp, v->ncp, v->ccp))
		return;
	c = (struct checkpoint){ pos, gt_reader_clone(r), gt_reader_weight(r) + tables_weight(v, at, r) };
	if (!c.r)
		return;
	memmove(&v->cp[at + 2], &v->cp[at + 1], (v->ncp - at - 1) * sizeof(*v->cp));
	v->cp[at + 1] = c;
	v->ncp++;
	v->weight += c.weight;
	while (v->weight > v->budget && v->ncp > 2 && v->interval < UINT64_MAX / 4) {
		size_t before = v->ncp;

		thin(v);
		if (v->ncp == before && v->interval > v->known)
			break;
	}
}

/* --- reading ------------------------------------------------------------------------------ */

/* r has met the end: it is kept for what it has to say, unless that is known already. Takes r over. */
static void
meet_end(struct gt_nav *v, struct gt_reader *r, enum gt_got got)
{
	if (v->edge != r)
		gt_reader_free(v->edge);
	v->edge = NULL;
	v->all = true;
	if (v->ended) {
		gt_reader_free(r);
		return;
	}
	v->known = gt_reader_pos(r);
	v->end = got;
	v->ended = r;
}

/* The next event of any of the readers, with what is learnt on the way. */
static enum gt_got
read_on(struct gt_nav *v, struct gt_reader *r, const struct gt_event **ev)
{
	enum gt_got got = gt_read(r, ev);

	if (got == GT_EVENT) {
		if (gt_reader_pos(r) > v->known)
			v->known = gt_reader_pos(r);
		consider_checkpoint(v, r);
	}
	return got;
}

/* A reader at the last checkpoint at or before pos, or a copy of one of the others that is nearer. NULL: no memory. */
static struct gt_reader *
reader_before(const struct gt_nav *v, uint64_t pos)
{
	const struct gt_reader *best = v->cp[checkpoint_before(v, pos)].r;

	if (v->cur && gt_reader_pos(v->cur) <= pos && gt_reader_pos(v->cur) > gt_reader_pos(best))
		best = v->cur;
	return gt_reader_clone(best);
}

/* Whether the cursor had better read on to n than start from a checkpoint. */
static bool
is_ahead(const struct gt_nav *v, uint64_t n)
{
	uint64_t pos = gt_reader_pos(v->cur);

	return pos < n && v->cp[checkpoint_before(v, n - 1)].pos <= pos;
}

static bool
restore(struct gt_nav *v, uint64_t n)
{
	struct gt_reader *r = n == 0 ? gt_reader_clone(v->cp[0].r) : reader_before(v, n - 1);

	if (!r)
		return false;
	gt_reader_free(v->cur);
	v->cur = r;
	v->ev = (struct gt_event){ 0 };
	return true;
}

static void
keep_gen(struct gt_nav *v, struct gt_gen *gen)
{
	if (v->gen == gen)
		return;
	gt_gen_unref(v->gen);
	v->gen = gt_gen_ref(gen);
}

uint64_t
gt_nav_seek(struct gt_nav *v, uint64_t n, bool (*stop)(void *arg), void *arg)
{
	if (v->all && n > v->known)
		n = v->known;
	if (n == gt_nav_pos(v))
		return n;
	if (!is_ahead(v, n) && !restore(v, n))
		return gt_nav_pos(v);
	for (uint64_t asked = 1; gt_reader_pos(v->cur) < n; asked++) {
		const struct gt_event *ev;
		struct gt_reader *ended;
		enum gt_got got;

		if (stop && asked % ASK_EVERY == 0 && stop(arg)) {
			n = gt_reader_pos(v->cur);
			stop = NULL;
			if (!restore(v, n))
				break;
			continue;
		}
		/* Only of the last one must it be known what it changes. */
		gt_reader_log(v->cur, gt_reader_pos(v->cur) + 1 == n);
		got = read_on(v, v->cur, &ev);
		if (got == GT_EVENT) {
			v->ev = *ev;
			keep_gen(v, ev->gen);
			continue;
		}
		/* What the end left of the states is not what they were before it: read up to it once more. */
		ended = v->cur;
		n = gt_reader_pos(ended);
		v->cur = NULL;
		if (!restore(v, n)) {
			v->cur = ended; /* no memory: as good as it gets */
			break;
		}
		meet_end(v, ended, got);
	}
	return gt_nav_pos(v);
}

uint64_t
gt_nav_pos(const struct gt_nav *v)
{
	return gt_reader_pos(v->cur);
}

const struct gt_event *
gt_nav_event(const struct gt_nav *v)
{
	return v->ev.n ? &v->ev : NULL;
}

const struct gt_state *
gt_nav_state(const struct gt_nav *v)
{
	return gt_reader_state(v->cur);
}

const struct gt_change *
gt_nav_changes(const struct gt_nav *v, size_t *n)
{
	return gt_reader_changes(v->cur, n);
}

struct gt_reader *
gt_nav_reader(struct gt_nav *v)
{
	return v->cur;
}

const struct gt_model *
gt_nav_model(const struct gt_nav *v)
{
	return &v->model;
}

uint64_t
gt_nav_known(const struct gt_nav *v, bool *all)
{
	*all = v->all;
	return v->known;
}

enum gt_got
gt_nav_end(const struct gt_nav *v, const struct gt_error **err)
{
	*err = v->ended ? gt_reader_error(v->ended) : NULL;
	return v->all ? v->end : GT_EVENT;
}

bool
gt_nav_salvaged(const struct gt_nav *v, struct gt_salvaged *out)
{
	*out = (struct gt_salvaged){ 0 };
	return v->ended && gt_reader_salvaged(v->ended, out);
}

/* --- the rest of the trace ------------------------------------------------------------------- */

/* The reader that goes ahead stands at the furthest place known, unless others have gone further since. */
static bool
ready_edge(struct gt_nav *v)
{
	if (v->edge && gt_reader_pos(v->edge) >= v->known)
		return true;
	gt_reader_free(v->edge);
	v->edge = reader_before(v, v->known);
	if (v->edge)
		gt_reader_log(v->edge, false);
	return v->edge != NULL;
}

bool
gt_nav_index(struct gt_nav *v, uint64_t events, double *done)
{
	const struct gt_event *ev;
	size_t size;

	gt_bytes(v->t, &size);
	*done = 1;
	if (v->all || !ready_edge(v))
		return false;
	for (; events > 0; events--) {
		enum gt_got got = read_on(v, v->edge, &ev);

		if (got != GT_EVENT) {
			meet_end(v, v->edge, got);
			return false;
		}
	}
	*done = size ? (double)reader_progress(v->edge) / (double)size : 1;
	return true;
}

size_t
gt_nav_each(struct gt_nav *v, uint64_t from, size_t count, gt_nav_fn *fn, void *arg)
{
	struct gt_reader *r = v->scout;
	size_t given = 0;

	if (from == 0)
		from = 1;
	v->scout = NULL;
	if (r && (gt_reader_pos(r) >= from || v->cp[checkpoint_before(v, from - 1)].pos > gt_reader_pos(r))) {
		gt_reader_free(r);
		r = NULL;
	}
	if (!r)
		r = reader_before(v, from - 1);
	if (!r)
		return 0;
	for (bool more = true; more && given < count;) {
		const struct gt_event *ev;
		const struct gt_change *ch;
		size_t nch;
		enum gt_got got;

		gt_reader_log(r, gt_reader_pos(r) + 1 >= from);
		got = read_on(v, r, &ev);
		if (got != GT_EVENT) {
			meet_end(v, r, got);
			return given;
		}
		if (ev->n < from)
			continue;
		ch = gt_reader_changes(r, &nch);
		given++;
		more = fn(arg, ev, ch, nch, gt_reader_state(r));
	}
	v->scout = r;
	return given;
}

/* --- beginning and end ------------------------------------------------------------------------- */

static void
clear(struct gt_nav *v)
{
	for (size_t i = 0; i < v->ncp; i++)
		gt_reader_free(v->cp[i].r);
	free(v->cp);
	gt_reader_free(v->cur);
	gt_reader_free(v->edge);
	gt_reader_free(v->scout);
	gt_reader_free(v->ended);
	gt_gen_unref(v->gen);
}

static bool
start(struct gt_nav *v, struct gt_trace *t, const struct gt_model *model, size_t budget)
{
	*v = (struct gt_nav){ .t = t, .model = *model, .budget = budget, .interval = INTERVAL, .end = GT_EVENT };
	if (!GROW(v->cp, v->ncp, v->ccp))
		return false;
	v->cp[0] = (struct checkpoint){ 0, gt_reader_new(t, model), 0 };
	v->ncp = v->cp[0].r != NULL;
	v->cur = gt_reader_new(t, model);
	return v->ncp && v->cur;
}

struct gt_nav *
gt_nav_new(struct gt_trace *t, const struct gt_model *model, size_t budget)
{
	struct gt_nav *v = malloc(sizeof(*v));

	if (v && !start(v, t, model, budget)) {
		gt_nav_free(v);
		return NULL;
	}
	return v;
}

void
gt_nav_free(struct gt_nav *v)
{
	if (v)
		clear(v);
	free(v);
}

bool
gt_nav_set_model(struct gt_nav *v, const struct gt_model *model)
{
	uint64_t pos = gt_nav_pos(v);
	struct gt_nav anew;

	if (!start(&anew, v->t, model, v->budget)) {
		clear(&anew);
		return false;
	}
	clear(v);
	*v = anew;
	gt_nav_seek(v, pos, NULL, NULL);
	return true;
}
