/* SPDX-License-Identifier: MIT */
/*
 * Ordering in parts. A part begins one generation before its own: with that as the first, what lives in it is told by its
 * own events, and the states it ends in are a guess at those that all before it would lead to. The guess is compared with
 * what the part before has led to in fact: where both are the same, what was ordered from there on is right, for it
 * depends on nothing else. Where they are not, the generations of the part are ordered once more, from the true states.
 */
#include "places.h"
#include "reader.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

struct part_run {
	struct gt_gen_place from; /* its first generation; unused for part 0 */
	struct gt_gen_place warm; /* the one before that */
	uint64_t to;              /* offset of the part behind it; 0: the end of the trace */
	struct gt_reader *guess;  /* at `from` */
	struct gt_reader *r;      /* at `to` */
	enum gt_got got;          /* GT_EVENT: it is there */
};

struct gt_parts {
	struct gt_trace *t;
	struct gt_model model;
	void (*rest)(void *arg);
	void *arg;
	struct part_run *run;
	unsigned n;
};

/* So many events, or bytes, and then a rest. */
enum { STRETCH_EVENTS = 2000000, STRETCH_BYTES = 10000000 };

static void
take_rest(const struct gt_parts *ps)
{
	if (ps->rest)
		ps->rest(ps->arg);
}

/* --- dividing ----------------------------------------------------------------------------- */

/* All generations; NULL: no memory. */
static struct gt_gen_place *
all_places(const struct gt_parts *parts, size_t *n)
{
	struct gt_gen_place *v = NULL, one;
	uint64_t rested = 0;
	size_t cap = 0;
	struct places ps;

	*n = 0;
	places_init(&ps, parts->t);
	for (;;) {
		if (ps.off - rested >= STRETCH_BYTES) {
			take_rest(parts);
			rested = ps.off;
		}
		switch (places_next(&ps, STRETCH_BYTES / MAX_BATCH_SIZE, &one)) {
		case PLACES_ONE:
			break;
		case PLACES_LATER:
			continue;
		case PLACES_WAIT:
		case PLACES_OVER:
			return v ? v : malloc(1);
		}
		if (!GROW(v, *n, cap)) {
			free(v);
			return NULL;
		}
		v[(*n)++] = one;
	}
}

/*
 * The generations that parts begin with, when none may have to read more than `most` bytes (but one generation of its
 * own): how many parts that makes, the first of which begins with generation 0.
 */
static size_t
divide(const struct gt_gen_place *v, size_t n, uint64_t most, size_t *begin, size_t cap)
{
	size_t parts = 0;

	for (size_t i = 0; i < n; parts++) {
		uint64_t bytes = v[i].to - v[i].from + (i ? v[i - 1].to - v[i - 1].from : 0);

		if (parts < cap)
			begin[parts] = i;
		for (i++; i < n && bytes + (v[i].to - v[i].from) <= most; i++)
			bytes += v[i].to - v[i].from;
	}
	return parts;
}

/* As evenly as it goes, in at most n parts. */
static size_t
divide_evenly(const struct gt_gen_place *v, size_t ngen, size_t n, size_t *begin)
{
	uint64_t lo = 0, hi = ngen ? v[ngen - 1].to - v[0].from : 0; /* hi is enough */

	while (lo + 1 < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (divide(v, ngen, mid, begin, n) <= n)
			hi = mid;
		else
			lo = mid;
	}
	return divide(v, ngen, hi, begin, n);
}

/* In at most n parts, n > 1. False: no memory. */
static bool
share_out(struct gt_parts *ps, unsigned n)
{
	size_t ngen, parts, *begin = malloc(n * sizeof(*begin));
	struct gt_gen_place *v = begin ? all_places(ps, &ngen) : NULL;

	if (!v) {
		free(begin);
		return false;
	}
	parts = divide_evenly(v, ngen, n, begin);
	ps->n = parts ? (unsigned)parts : 1;
	for (size_t i = 1; i < parts; i++) {
		ps->run[i].from = v[begin[i]];
		ps->run[i].warm = v[begin[i] - 1];
		ps->run[i - 1].to = v[begin[i]].from;
	}
	free(v);
	free(begin);
	return true;
}

struct gt_parts *
gt_parts_new(struct gt_trace *t, const struct gt_model *model, unsigned n, void (*rest)(void *arg), void *arg)
{
	struct gt_parts *ps = calloc(1, sizeof(*ps));

	if (!ps)
		return NULL;
	*ps = (struct gt_parts){ .t = t, .model = *model, .rest = rest, .arg = arg, .n = 1, .run = calloc(n, sizeof(*ps->run)) };
	/* Who reads it all has no need to look first where it could be divided. */
	if (ps->run && (n == 1 || share_out(ps, n)))
		return ps;
	gt_parts_free(ps);
	return NULL;
}

void
gt_parts_free(struct gt_parts *ps)
{
	if (!ps)
		return;
	for (unsigned i = 0; ps->run && i < ps->n; i++) {
		gt_reader_free(ps->run[i].guess);
		gt_reader_free(ps->run[i].r);
	}
	free(ps->run);
	free(ps);
}

unsigned
gt_parts_count(const struct gt_parts *ps)
{
	return ps->n;
}

/* --- reading -------------------------------------------------------------------------------- */

/* Up to where another part begins, or (0) the end. */
static enum gt_got
read_to(const struct gt_parts *ps, struct gt_reader *r, uint64_t to)
{
	enum gt_got got;
	uint32_t batch;

	do {
		got = reader_skip_to(r, to, STRETCH_EVENTS);
		take_rest(ps);
	} while (got == GT_EVENT && !(to && reader_between(r) && reader_next(r, &batch) == to));
	return got;
}

/* Without memory, or where the guess fails, the part stays as it is: joining sees to it. */
void
gt_part_read(struct gt_parts *ps, unsigned i)
{
	struct part_run *p = &ps->run[i];

	p->got = GT_BROKEN;
	p->r = i ? gt_reader_new_at(ps->t, &ps->model, &p->warm) : gt_reader_new(ps->t, &ps->model);
	if (!p->r)
		return;
	if (i > 0 && (read_to(ps, p->r, p->from.from) != GT_EVENT || !(p->guess = gt_reader_clone(p->r))))
		return;
	reader_watch(p->r);
	p->got = read_to(ps, p->r, p->to);
}

/* --- joining ------------------------------------------------------------------------------------ */

/* The same ranges or regions, in the same order. */
static bool
same_list(const struct gt_state *a, uint32_t x, const struct gt_state *b, uint32_t y)
{
	for (; x && y; x = a->node[x].next, y = b->node[y].next) {
		const struct node *m = &a->node[x], *n = &b->node[y];

		if (m->id != n->id || m->n != n->n || !m->p != !n->p || (m->p && memcmp(m->p, n->p, m->n) != 0))
			return false;
	}
	return x == y;
}

static bool
same_p(const struct gt_state *a, const struct pstate *p, const struct gt_state *b, const struct pstate *q)
{
	return p->status == q->status && p->gen == q->gen && p->seq == q->seq && same_list(a, p->ranges, b, q->ranges);
}

static bool
same_g(const struct gt_state *a, const struct gstate *g, const struct gt_state *b, const struct gstate *h)
{
	return g->status == h->status && g->gen == h->gen && g->seq == h->seq && same_list(a, g->ranges, b, h->ranges) &&
		same_list(a, g->regions, b, h->regions);
}

/* An M that holds nothing is as good as none. */
static bool
same_ms(const struct gt_state *a, const struct gt_state *b)
{
	for (size_t i = 0; i < a->nm; i++) {
		uint32_t at = map_get(&b->ms, (uint64_t)a->m[i].id);

		if (a->m[i].p != (at == MAP_NONE ? GT_NONE : b->m[at].p) || a->m[i].g != (at == MAP_NONE ? GT_NONE : b->m[at].g))
			return false;
	}
	return true;
}

/* A task that is not known of matters to nothing but its end, and to another that begins with its number. */
static bool
same_tasks(const struct gt_state *guess, const struct gt_state *fact, const struct unproved *u)
{
	for (size_t i = 0; i < guess->nt; i++)
		if (guess->t[i].live && map_get(&fact->ts, guess->t[i].id) == MAP_NONE)
			return false;
	for (size_t i = 0; i < fact->nt; i++)
		if (fact->t[i].live && map_get(&guess->ts, fact->t[i].id) == MAP_NONE &&
			(u->task_end || fact->t[i].id >= u->least_task))
			return false;
	return true;
}

/* Where nothing is known of the GC, the first that begins is let pass: it must be the one that comes next. */
static bool
same_gc(const struct gt_state *guess, const struct gt_state *fact, const struct unproved *u)
{
	if (guess->gc != GT_GC_UNDETERMINED)
		return guess->gc == fact->gc && guess->gc_seq == fact->gc_seq;
	return !u->gc || fact->gc == GT_GC_UNDETERMINED ||
		(fact->gc == GT_GC_NOT_RUNNING && u->gc_seq == fact->gc_seq + 1 && u->gc_fits);
}

/* A P that has not been spoken of up to the end may be missing in the guess: nothing depended on it. */
static bool
same_ps(const struct gt_state *guess, const struct gt_state *fact, const struct gt_state *end)
{
	for (size_t i = 0; i < guess->np; i++)
		if (!state_p(fact, guess->p[i].id))
			return false;
	for (size_t i = 0; i < fact->np; i++) {
		const struct pstate *p = state_p(guess, fact->p[i].id);

		if (p ? !same_p(guess, p, fact, &fact->p[i]) : fact->p[i].ranges || state_p(end, fact->p[i].id))
			return false;
	}
	return true;
}

static bool
same_gs(const struct gt_state *guess, const struct gt_state *fact)
{
	if (guess->gs.n != fact->gs.n)
		return false;
	for (size_t i = 0; i < fact->ng; i++) {
		const struct gstate *g = fact->g[i].live ? state_g(guess, fact->g[i].id) : NULL;

		if (fact->g[i].live && (!g || !same_g(guess, g, fact, &fact->g[i])))
			return false;
	}
	return true;
}

/* Whether a guess, which has led to `end`, is right: the states that came out in fact would have led there too. */
static bool
is_right(const struct gt_state *guess, const struct gt_state *fact, const struct gt_state *end)
{
	return guess->first_gen != 0 && same_gc(guess, fact, &end->unproved) && same_ms(guess, fact) && same_ms(fact, guess) &&
		same_ps(guess, fact, end) && same_gs(guess, fact) && same_tasks(guess, fact, &end->unproved);
}

/* The reader of a part goes on from where the one before it ended: takes that over. False: the guess was wrong. */
static bool
join(struct gt_reader **before, struct part_run *p)
{
	/* Times depend on the last one before them. */
	if (p->got == GT_BROKEN || reader_mark(p->guess).last != reader_mark(*before).last ||
		!is_right(gt_reader_state(p->guess), gt_reader_state(*before), gt_reader_state(p->r)) ||
		!reader_inherit(p->r, p->guess, *before))
		return false;
	gt_reader_free(*before);
	*before = p->r;
	p->r = NULL;
	return true;
}

struct gt_reader *
gt_parts_join(struct gt_parts *ps)
{
	struct gt_reader *r = ps->run[0].r;
	enum gt_got got = ps->run[0].got;

	ps->run[0].r = NULL;
	for (unsigned i = 1; r && i < ps->n && got == GT_EVENT; i++)
		got = join(&r, &ps->run[i]) ? ps->run[i].got : read_to(ps, r, ps->run[i].to);
	gt_parts_free(ps);
	return r;
}
