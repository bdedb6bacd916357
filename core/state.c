/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <stdlib.h>
#include <string.h>

void
state_free(struct gt_state *s)
{
	free(s->m);
	free(s->p);
	free(s->g);
	free(s->t);
	free(s->node);
	free(s->gfree);
	free(s->tfree);
	free(s->nfree);
	map_free(&s->ms);
	map_free(&s->ps);
	map_free(&s->gs);
	map_free(&s->ts);
	*s = (struct gt_state){ 0 };
}

bool
state_copy(struct gt_state *to, const struct gt_state *from)
{
	bool ok = true;

	*to = *from;
	to->room = 0;
#define COPY(p, n, c) to->p = array_copy(from->p, to->c = from->n, sizeof(*from->p), &ok)
	COPY(m, nm, cm);
	COPY(p, np, cp);
	COPY(g, ng, cg);
	COPY(t, nt, ct);
	COPY(node, nnode, cnode);
	COPY(gfree, ngfree, cgfree);
	COPY(tfree, ntfree, ctfree);
	COPY(nfree, nnfree, cnfree);
#undef COPY
	ok = map_copy(&to->ms, &from->ms) && ok;
	ok = map_copy(&to->ps, &from->ps) && ok;
	ok = map_copy(&to->gs, &from->gs) && ok;
	ok = map_copy(&to->ts, &from->ts) && ok;
	if (!ok)
		state_free(to);
	return ok;
}

size_t
state_weight(const struct gt_state *s)
{
	return sizeof(*s) + s->nm * sizeof(*s->m) + s->np * sizeof(*s->p) + s->ng * sizeof(*s->g) +
		s->nt * sizeof(*s->t) + s->nnode * sizeof(*s->node) +
		(s->ngfree + s->ntfree + s->nnfree) * sizeof(*s->gfree) +
		((size_t)s->ms.size + s->ps.size + s->gs.size + s->ts.size) * sizeof(struct map_slot);
}

void
state_parts(struct gt_state *s, struct part out[STATE_PARTS])
{
#define PART(p, n) { (void **)&(p), (n) * sizeof(*(p)) }
	const struct part parts[STATE_PARTS] = {
		PART(s->m, s->nm),
		PART(s->p, s->np),
		PART(s->g, s->ng),
		PART(s->t, s->nt),
		PART(s->node, s->nnode),
		PART(s->gfree, s->ngfree),
		PART(s->tfree, s->ntfree),
		PART(s->nfree, s->nnfree),
		PART(s->ms.slot, s->ms.size),
		PART(s->ps.slot, s->ps.size),
		PART(s->gs.slot, s->gs.size),
		PART(s->ts.slot, s->ts.size),
	};
#undef PART

	memcpy(out, parts, sizeof(parts));
}

void
state_fitted(struct gt_state *s)
{
	s->cm = s->nm;
	s->cp = s->np;
	s->cg = s->ng;
	s->ct = s->nt;
	s->cnode = s->nnode;
	s->cgfree = s->ngfree;
	s->ctfree = s->ntfree;
	s->cnfree = s->nnfree;
	s->room = 0;
}

/*
 * Of every array so much is spare that ROOM things may be added before this is called again. A place that is given up goes to
 * a list of free ones, which must not fail either: it has room for all there are.
 */
enum { ROOM = 128 };

bool
state_reserve(struct gt_state *s)
{
	bool ok = true;

#define SPARE(p, n, cap)                                                                                               \
	while (ok && (cap) < (n) + ROOM)                                                                               \
		ok = array_grow((void **)&(p), (cap) > (n) ? (cap) : (n), &(cap), sizeof(*(p)))
	SPARE(s->m, s->nm, s->cm);
	SPARE(s->p, s->np, s->cp);
	SPARE(s->g, s->ng, s->cg);
	SPARE(s->t, s->nt, s->ct);
	SPARE(s->node, s->nnode, s->cnode);
	SPARE(s->gfree, s->ng, s->cgfree);
	SPARE(s->tfree, s->nt, s->ctfree);
	SPARE(s->nfree, s->nnode, s->cnfree);
#undef SPARE
	if (!ok || !map_reserve(&s->ms, ROOM) || !map_reserve(&s->ps, ROOM) ||
		!map_reserve(&s->gs, ROOM) || !map_reserve(&s->ts, ROOM))
		return false;
	if (s->nnode == 0)
		s->node[s->nnode++] = (struct node){ 0 };
	s->room = ROOM;
	return true;
}

uint32_t
state_add_m(struct gt_state *s, int64_t id)
{
	uint32_t at = (uint32_t)s->nm++;

	s->m[at] = m_new(id);
	map_add(&s->ms, (uint64_t)id, at);
	s->room--;
	return at;
}

uint32_t
state_add_p(struct gt_state *s, int64_t id)
{
	uint32_t at = (uint32_t)s->np++;

	s->p[at] = (struct pstate){ .id = id };
	map_add(&s->ps, (uint64_t)id, at);
	s->room--;
	return at;
}

uint32_t
state_add_g(struct gt_state *s, int64_t id)
{
	uint32_t at = s->ngfree ? s->gfree[--s->ngfree] : (uint32_t)s->ng++;

	s->g[at] = (struct gstate){ .id = id, .live = true };
	map_add(&s->gs, (uint64_t)id, at);
	s->room--;
	return at;
}

uint32_t
state_add_task(struct gt_state *s, uint64_t id)
{
	uint32_t at = s->ntfree ? s->tfree[--s->ntfree] : (uint32_t)s->nt++;

	s->t[at] = (struct tstate){ .id = id, .live = true };
	map_add(&s->ts, id, at);
	s->room--;
	return at;
}

static void
list_clear(struct gt_state *s, uint32_t *list)
{
	while (*list)
		list_pop(s, list);
}

void
state_del_g(struct gt_state *s, uint32_t at)
{
	struct gstate *g = &s->g[at];

	list_clear(s, &g->ranges);
	list_clear(s, &g->regions);
	map_del(&s->gs, (uint64_t)g->id);
	g->live = false;
	s->gfree[s->ngfree++] = at;
}

void
state_del_task(struct gt_state *s, uint32_t at)
{
	map_del(&s->ts, s->t[at].id);
	s->t[at].live = false;
	s->tfree[s->ntfree++] = at;
}

void
list_push(struct gt_state *s, uint32_t *list, struct node n)
{
	uint32_t at = s->nnfree ? s->nfree[--s->nnfree] : (uint32_t)s->nnode++;

	s->node[at] = n;
	s->node[at].next = *list;
	*list = at;
	s->room--;
}

void
list_pop(struct gt_state *s, uint32_t *list)
{
	uint32_t at = *list;

	*list = s->node[at].next;
	s->nfree[s->nnfree++] = at;
}

size_t
list_length(const struct gt_state *s, uint32_t list)
{
	size_t n = 0;

	for (; list; list = s->node[list].next)
		n++;
	return n;
}

/* --- the public view ------------------------------------------------------------ */

size_t
gt_m_count(const struct gt_state *s)
{
	return s->nm;
}

size_t
gt_p_count(const struct gt_state *s)
{
	return s->np;
}

size_t
gt_g_count(const struct gt_state *s)
{
	return s->ng;
}

size_t
gt_task_count(const struct gt_state *s)
{
	return s->nt;
}

bool
gt_m_at(const struct gt_state *s, size_t i, struct gt_m *out)
{
	*out = (struct gt_m){ s->m[i].id, s->m[i].p, s->m[i].g };
	return true;
}

bool
gt_p_at(const struct gt_state *s, size_t i, struct gt_p *out)
{
	*out = (struct gt_p){ s->p[i].id, (enum gt_pstatus)s->p[i].status, s->p[i].gen, s->p[i].seq,
		s->p[i].since };
	return true;
}

bool
gt_g_at(const struct gt_state *s, size_t i, struct gt_g *out)
{
	*out = (struct gt_g){ s->g[i].id, (enum gt_gstatus)s->g[i].status, s->g[i].gen, s->g[i].seq,
		s->g[i].since };
	return s->g[i].live;
}

bool
gt_task_at(const struct gt_state *s, size_t i, struct gt_task *out)
{
	*out = (struct gt_task){ s->t[i].id, s->t[i].parent, s->t[i].name };
	return s->t[i].live;
}

bool
gt_m_find(const struct gt_state *s, int64_t id, struct gt_m *out)
{
	uint32_t at = map_get(&s->ms, (uint64_t)id);

	return at != MAP_NONE && gt_m_at(s, at, out);
}

bool
gt_p_find(const struct gt_state *s, int64_t id, struct gt_p *out)
{
	uint32_t at = map_get(&s->ps, (uint64_t)id);

	return at != MAP_NONE && gt_p_at(s, at, out);
}

bool
gt_g_find(const struct gt_state *s, int64_t id, struct gt_g *out)
{
	uint32_t at = map_get(&s->gs, (uint64_t)id);

	return at != MAP_NONE && gt_g_at(s, at, out);
}

size_t
gt_ranges(const struct gt_state *s, enum gt_res res, int64_t id, uint8_t *types, size_t cap)
{
	const struct pstate *p = res == GT_P ? state_p(s, id) : NULL;
	const struct gstate *g = res == GT_G ? state_g(s, id) : NULL;
	uint32_t list = p ? p->ranges : g ? g->ranges : 0;
	size_t n = list_length(s, list);

	for (size_t i = n; list; list = s->node[list].next)
		if (--i < cap)
			types[i] = (uint8_t)s->node[list].n;
	return n;
}

size_t
gt_regions(const struct gt_state *s, int64_t id, struct gt_region *out, size_t cap)
{
	const struct gstate *g = state_g(s, id);
	uint32_t list = g ? g->regions : 0;
	size_t n = list_length(s, list);

	for (size_t i = n; list; list = s->node[list].next)
		if (--i < cap)
			out[i] = (struct gt_region){ s->node[list].id, { s->node[list].p, s->node[list].n } };
	return n;
}

enum gt_gc
gt_gc(const struct gt_state *s, uint64_t *seq)
{
	*seq = s->gc_seq;
	return s->gc;
}

/* --- hash ------------------------------------------------------------------------- */

/* A well-mixed function of h and v. */
static uint64_t
mix(uint64_t h, uint64_t v)
{
	h ^= v;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 32;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 29;
}

static uint64_t
mix_bytes(uint64_t h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = mix(h, (uint8_t)p[i]);
	return mix(h, n);
}

/* n is a length only where there is a text; else it is a type. */
static uint64_t
mix_list(const struct gt_state *s, uint64_t h, uint32_t list)
{
	for (; list; list = s->node[list].next) {
		const struct node *n = &s->node[list];

		h = mix(mix(mix(h, n->id), n->n), (uint64_t)n->since);
		if (n->p)
			h = mix_bytes(h, n->p, n->n);
	}
	return mix(h, 0);
}

uint64_t
gt_state_hash(const struct gt_state *s)
{
	uint64_t sum = mix(mix(mix(0, s->gc_seq), s->gc), (uint64_t)s->gc_since);

	/* Added up, so that order makes no difference. */
	for (size_t i = 0; i < s->nm; i++)
		sum += mix(mix(mix(1, (uint64_t)s->m[i].id), (uint64_t)s->m[i].p), (uint64_t)s->m[i].g);
	for (size_t i = 0; i < s->np; i++) {
		const struct pstate *p = &s->p[i];

		sum += mix_list(s, mix(mix(mix(mix(mix(2, (uint64_t)p->id), p->status), p->gen), p->seq), (uint64_t)p->since),
			p->ranges);
	}
	for (size_t i = 0; i < s->ng; i++) {
		const struct gstate *g = &s->g[i];
		uint64_t h = mix(mix(mix(mix(mix(3, (uint64_t)g->id), g->status), g->gen), g->seq), (uint64_t)g->since);

		if (g->live)
			sum += mix_list(s, mix_list(s, h, g->ranges), g->regions);
	}
	for (size_t i = 0; i < s->nt; i++)
		if (s->t[i].live)
			sum += mix_bytes(mix(mix(mix(4, s->t[i].id), s->t[i].parent), (uint64_t)s->t[i].since), s->t[i].name.p,
				s->t[i].name.n);
	return sum;
}

/*
 * Ranges that are open since the guess was made began when they did in fact; was and is are the same but for that. What was
 * only said to be open is one of its type and description.
 */
static void
inherit_ranges(struct gt_state *s, uint32_t list, const struct gt_state *guess, uint32_t was, const struct gt_state *fact, uint32_t is)
{
	for (; was && is; was = guess->node[was].next, is = fact->node[is].next) {
		const struct node *n = &guess->node[was];

		/* Newest first: of the times in fact, which are no earlier, none is then taken for one of the guess. */
		for (uint32_t i = list; i; i = s->node[i].next)
			if (s->node[i].since == n->since && s->node[i].n == n->n && s->node[i].id == n->id) {
				s->node[i].since = fact->node[is].since;
				break;
			}
	}
}

/* The same of regions, which end in the order in which they began: what is left of them is the oldest. */
static void
inherit_regions(struct gt_state *s, uint32_t list, const struct gt_state *guess, uint32_t was, const struct gt_state *fact, uint32_t is)
{
	size_t n = list_length(s, list), old = list_length(guess, was);

	for (; n > old; n--)
		list = s->node[list].next;
	for (; old > n; old--) {
		was = guess->node[was].next;
		is = fact->node[is].next;
	}
	for (; list && is; list = s->node[list].next, was = guess->node[was].next, is = fact->node[is].next)
		if (s->node[list].since == guess->node[was].since)
			s->node[list].since = fact->node[is].since;
}

/* What is in the same state since the guess was made is in it for as long as it was in fact. */
static void
inherit_since(struct gt_state *s, const struct gt_state *guess, const struct gt_state *fact)
{
	for (size_t i = 0; i < guess->ng; i++) {
		const struct gstate *was = &guess->g[i], *is = was->live ? state_g(fact, was->id) : NULL;
		struct gstate *g = is ? state_g(s, was->id) : NULL;

		if (!g)
			continue;
		if (g->since == was->since)
			g->since = is->since;
		inherit_ranges(s, g->ranges, guess, was->ranges, fact, is->ranges);
		inherit_regions(s, g->regions, guess, was->regions, fact, is->regions);
	}
	for (size_t i = 0; i < guess->np; i++) {
		const struct pstate *was = &guess->p[i], *is = state_p(fact, was->id);
		struct pstate *p = state_p(s, was->id);

		if (!is || !p)
			continue;
		if (p->since == was->since)
			p->since = is->since;
		inherit_ranges(s, p->ranges, guess, was->ranges, fact, is->ranges);
	}
	for (size_t i = 0; i < guess->nt; i++) {
		uint32_t at = map_get(&s->ts, guess->t[i].id), is = map_get(&fact->ts, guess->t[i].id);

		if (guess->t[i].live && at != MAP_NONE && is != MAP_NONE && s->t[at].since == guess->t[i].since)
			s->t[at].since = fact->t[is].since;
	}
	if (s->gc == guess->gc && s->gc_since == guess->gc_since)
		s->gc_since = fact->gc_since;
}

bool
state_inherit(struct gt_state *s, const struct gt_state *guess, const struct gt_state *fact)
{
	for (size_t i = 0; i < fact->nm; i++) {
		if (!state_reserve(s))
			return false;
		if (map_get(&s->ms, (uint64_t)fact->m[i].id) == MAP_NONE)
			state_add_m(s, fact->m[i].id);
	}
	for (size_t i = 0; i < fact->np; i++) {
		struct pstate p = fact->p[i];

		if (!state_reserve(s))
			return false;
		p.ranges = 0;
		if (!state_p(s, p.id))
			s->p[state_add_p(s, p.id)] = p;
	}
	for (size_t i = 0; i < fact->nt; i++) {
		if (!state_reserve(s))
			return false;
		if (fact->t[i].live && map_get(&guess->ts, fact->t[i].id) == MAP_NONE)
			s->t[state_add_task(s, fact->t[i].id)] = fact->t[i];
	}
	if (s->gc == GT_GC_UNDETERMINED) {
		s->gc = fact->gc;
		s->gc_seq = fact->gc_seq;
		s->gc_since = fact->gc_since;
	}
	s->first_gen = fact->first_gen;
	inherit_since(s, guess, fact);
	return true;
}
