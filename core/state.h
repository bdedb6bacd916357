/* SPDX-License-Identifier: MIT */
/*
 * The scheduler's state as the orderer models it: flat arrays, found by maps from IDs, so that a copy is a copy of
 * memory. Places in the arrays do not move while the thing lives: they may be remembered, but whoever does must look
 * whether the same thing still lives there.
 */
#ifndef STATE_H
#define STATE_H

#include "gotrace.h"
#include "map.h"

struct mstate {
	int64_t id, p, g;  /* p, g: changed by m_hold_p and m_hold_g alone */
	uint32_t pat, gat; /* where p and g were last found */
	uint8_t has;       /* which of the three there are: bit GT_M, GT_P, GT_G */
};

/* An M that holds nothing; of GT_NONE, the M of an event that has none. */
static inline struct mstate
m_new(int64_t id)
{
	return (struct mstate){ id, GT_NONE, GT_NONE, MAP_NONE, MAP_NONE, (uint8_t)((id != GT_NONE) << GT_M) };
}

/* Have m hold that P, or that G, or none (GT_NONE), and lose what it held. */
static inline void
m_hold_p(struct mstate *m, int64_t p)
{
	m->p = p;
	m->has = (uint8_t)((m->has & ~(1u << GT_P)) | (unsigned)(p != GT_NONE) << GT_P);
}

static inline void
m_hold_g(struct mstate *m, int64_t g)
{
	m->g = g;
	m->has = (uint8_t)((m->has & ~(1u << GT_G)) | (unsigned)(g != GT_NONE) << GT_G);
}

/* ranges, regions: first node of a list in gt_state.node, newest first; 0: empty. */
struct pstate {
	int64_t id;
	uint64_t gen, seq;
	int64_t since;
	uint32_t ranges;
	uint8_t status;
};

struct gstate {
	int64_t id;
	uint64_t gen, seq;
	int64_t since;
	uint32_t ranges, regions;
	uint8_t status;
	bool live;
};

/*
 * An open range (n: event type of its begin; id: description) or region (id: task; p, n: name). since: when it began; GT_BEFORE
 * where it is only said to be open.
 */
struct node {
	uint64_t id;
	int64_t since;
	const char *p;
	uint32_t n;
	uint32_t next;
};

struct tstate {
	uint64_t id, parent;
	int64_t since;
	struct gt_str name;
	bool live;
};

/*
 * What was let pass because nothing was known of what came before; for whoever learns of that later (parts.c). It is no
 * part of the states: they are the same whatever is in here.
 */
struct unproved {
	bool gc, gc_fits;    /* a GC began, as number gc_seq; it fits its rule */
	uint64_t gc_seq;
	bool task_end;       /* a task ended that had not begun */
	uint64_t least_task; /* of those that began */
};

struct gt_state {
	struct mstate *m;
	struct pstate *p;
	struct gstate *g;
	struct tstate *t;
	struct node *node; /* node[0] is not used */
	size_t nm, cm, np, cp, ng, cg, nt, ct, nnode, cnode;
	struct map ms, ps, gs, ts;
	uint32_t *gfree, *tfree, *nfree; /* places to use again */
	size_t ngfree, cgfree, ntfree, ctfree, nnfree, cnfree;
	uint32_t room; /* so many things may be added before state_reserve must be called again */
	uint64_t first_gen; /* the first generation with events; 0: none yet */
	uint64_t gc_seq;
	int64_t gc_since; /* of a GC that is running, when it began, if that was seen; else GT_BEFORE */
	enum gt_gc gc;
	struct unproved unproved;
};

/* Frees what s owns, not s. */
void state_free(struct gt_state *s);
/* Makes `to`, which owns nothing, the same with memory of its own. False: no memory; then it owns nothing still. */
bool state_copy(struct gt_state *to, const struct gt_state *from);
/* About how many bytes a copy takes. */
size_t state_weight(const struct gt_state *s);

/* A piece of flat memory: where the pointer to it is, and how many bytes of it matter. */
struct part {
	void **p;
	size_t n;
};
enum { STATE_PARTS = 12 };
/* All that states own. */
void state_parts(struct gt_state *s, struct part out[STATE_PARTS]);
/* The arrays have been replaced by ones that are just as large as they must be. */
void state_fitted(struct gt_state *s);

/* All that can fail for want of memory, before anything is changed: room for what is added. Each thing takes one off s->room. */
bool state_reserve(struct gt_state *s);

/* No event adds more than that. */
#define ROOM_EVENT 8

/* Whether there is room for what an event may add. */
static inline bool
state_has_room(struct gt_state *s)
{
	return likely(s->room >= ROOM_EVENT) || state_reserve(s);
}

/* New ones; room must have been reserved, the ID not be there. They return the place. */
uint32_t state_add_m(struct gt_state *s, int64_t id);
uint32_t state_add_p(struct gt_state *s, int64_t id);
uint32_t state_add_g(struct gt_state *s, int64_t id);
uint32_t state_add_task(struct gt_state *s, uint64_t id);
/* Take the place of what was there free, for others. */
void state_del_g(struct gt_state *s, uint32_t at);
void state_del_task(struct gt_state *s, uint32_t at);

/*
 * s began as guess, which is the same as `fact` but for what was not known: adds that, as it would be there now had it been
 * there at the beginning. False: no memory.
 */
bool state_inherit(struct gt_state *s, const struct gt_state *guess, const struct gt_state *fact);

/* Lists of nodes: the newest comes, the newest goes. */
void list_push(struct gt_state *s, uint32_t *list, struct node n);
void list_pop(struct gt_state *s, uint32_t *list);
/* How many are in it. */
size_t list_length(const struct gt_state *s, uint32_t list);

/* A P or G by its ID; NULL: there is none. Valid until one is added. */
static inline struct pstate *
state_p(const struct gt_state *s, int64_t id)
{
	uint32_t at = map_get(&s->ps, (uint64_t)id);

	return at == MAP_NONE ? NULL : &s->p[at];
}

static inline struct gstate *
state_g(const struct gt_state *s, int64_t id)
{
	uint32_t at = map_get(&s->gs, (uint64_t)id);

	return at == MAP_NONE ? NULL : &s->g[at];
}

/* The P and G that an M holds, most often found where they were. */
static inline struct pstate *
state_p_of(const struct gt_state *s, struct mstate *m, int64_t id)
{
	if (likely(m->pat < s->np && s->p[m->pat].id == id))
		return &s->p[m->pat];
	m->pat = map_get(&s->ps, (uint64_t)id);
	return m->pat == MAP_NONE ? NULL : &s->p[m->pat];
}

static inline struct gstate *
state_g_of(const struct gt_state *s, struct mstate *m, int64_t id)
{
	if (likely(m->gat < s->ng && s->g[m->gat].id == id && s->g[m->gat].live))
		return &s->g[m->gat];
	m->gat = map_get(&s->gs, (uint64_t)id);
	return m->gat == MAP_NONE ? NULL : &s->g[m->gat];
}

#endif
