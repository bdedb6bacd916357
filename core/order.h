/* SPDX-License-Identifier: MIT */
/*
 * The orderer: asked of the next event of some M "may it happen now?", it says yes (and changes the states), not yet,
 * or never. A refusal carries its reason as data and changes nothing.
 *
 * Each event type has a handler (see events.def): it asks, checks, commits. The order of the checks is the
 * reference's: it decides between "not yet" and "never", and which of several errors is the one reported.
 *
 * One wire event may make several events of the ordered stream. Each applies its own part of the change when it is
 * given out, so that the states between them can be looked at.
 */
#ifndef ORDER_H
#define ORDER_H

#include "gen.h"
#include "state.h"

#define MAX_CHANGES 12
#define MAX_MORE 2

/* A rule as sets of resources, bits as those of mstate.has: which may not be as they like, which of those must be there. */
struct rule {
	uint8_t matters, must;
};

struct order {
	struct gt_state s;
	struct rule rule[GT_TYPES];
	bool destroy_abandons_p;
	uint8_t version;
	bool ask;            /* only answer, change nothing */
	bool log;            /* keep a list of changes */
	bool lenient;        /* names that are not in the string table are let pass */
	uint8_t nmore, imore; /* events to be given out next: those from imore below nmore */
	uint8_t nchange;
	uint64_t gen; /* generation now */
	int64_t now;  /* time of the event tried, once it is let through */
	const struct gt_gen *tables;
	struct gt_reason why; /* of the last refusal */
	char *note;           /* text that why needs; or NULL */
	struct gt_event *out; /* with nmore: the event to give out first */
	struct gt_event more[MAX_MORE], made;
	uint32_t more_m; /* M of the events in more */
	struct gt_change change[MAX_CHANGES];
};

/* Before the first event, under a model (copied), for traces of that version. */
void order_init(struct order *o, const struct gt_model *model, unsigned version);
/* Frees what o owns, not o. */
void order_free(struct order *o);
/* Copies all but reason and log. */
bool order_copy(struct order *to, const struct order *from);
/* Makes usable again what was copied as bytes, with its tables; the states have memory of their own. False: no memory. */
bool order_revive(struct order *o, struct gt_gen *tables);
/* Enters a generation; events: it has any. */
void order_gen(struct order *o, const struct gt_gen *tables, bool events);

/* What the type of an event asks, checks and changes; by type. NULL: that type is never ordered. */
typedef enum gt_answer order_fn(struct order *o, struct gt_event *ev, struct mstate *m);
extern order_fn *const order_handlers[GT_TYPES];

/* The same with a list of what the event changes. */
enum gt_answer order_logged(struct order *o, struct gt_event *ev, struct mstate *m);

/* The question itself: ev on M m. */
static hot_inline enum gt_answer
order_on(struct order *o, struct gt_event *ev, struct mstate *m)
{
	ev->p = m->p;
	ev->g = m->g;
	if (unlikely(o->log))
		return order_logged(o, ev, m);
	return order_handlers[ev->type](o, ev, m);
}

/*
 * Where the M is not known yet, or there may be no room. An M exists from the first event it tries on; an event of no
 * M, and a question, get one that is forgotten.
 */
enum gt_answer order_try_new(struct order *o, struct gt_event *ev, uint32_t *mat);

/*
 * May ev happen now, on M *mat (a place in the states, MAP_NONE where not known yet; filled in)? ev has type, arguments
 * and m; its context, transition and what the states add are filled in. After a yes ev is the event to give out, unless
 * o->nmore says that there are several: then o->out, and order_more for the others.
 */
static hot_inline enum gt_answer
order_try(struct order *o, struct gt_event *ev, uint32_t *mat)
{
	if (likely(*mat != MAP_NONE && o->s.room >= ROOM_EVENT))
		return order_on(o, ev, &o->s.m[*mat]);
	return order_try_new(o, ev, mat);
}

/* The next event of the same wire event, its part applied; NULL when there is none left. */
struct gt_event *order_more(struct order *o);

/* The events that are left of that wire event are where ev is. */
void order_place_more(struct order *o, const struct gt_event *ev);

/* --- for the handlers --------------------------------------------------------------- */

#define ST(num, name, since, shape, args, what)
#define EV(num, name, since, kind, starts, args, change, requires, handler, what) order_fn order_##handler;
#include "events.def"
#undef ST
#undef EV

/* The reason is for whoever wanted the event: ev may be NULL. */
static inline enum gt_answer
refuse(struct order *o, const struct gt_event *ev, enum gt_answer answer, enum gt_code code, uint64_t a, uint64_t b,
	uint64_t c, uint64_t d)
{
	if (ev)
		o->why = (struct gt_reason){ .code = code, .type = ev->type, .version = o->version, .arg = { a, b, c, d } };
	return answer;
}
#define NEVER(code, a, b, c, d)                                                                                        \
	refuse(o, ev, GT_NEVER, GT_E_##code, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d))
#define WAIT(code, a, b, c, d)                                                                                         \
	refuse(o, ev, GT_WAIT, GT_E_##code, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d))

/* Sets the reason where the context breaks the rule of the event. */
bool order_forbidden(struct order *o, const struct gt_event *ev);

/* Whether m is as the rule of an event of that type wants its context. */
static inline bool
fits(const struct order *o, unsigned type, const struct mstate *m)
{
	struct rule r = o->rule[type];

	return likely((m->has & r.matters) == r.must);
}

/* Whether the context of the event, that of m, is as its rule wants it; if not the reason is set. */
static inline bool
allowed(struct order *o, const struct gt_event *ev, const struct mstate *m)
{
	return fits(o, ev->type, m) || !order_forbidden(o, ev);
}

/* Whether seq is the one after the last of p or g, in this generation. */
#define FOLLOWS(o, seq_, of) ((of)->gen == (o)->gen && (seq_) == (of)->seq + 1)

/*
 * A change that is not one of the M of the event, of the P or G of its context or of the one its first argument names:
 * what becomes of those is found by comparing.
 */
static inline void
note_change(struct order *o, enum gt_field field, int64_t id, int64_t from, int64_t to)
{
	if (unlikely(o->log) && o->nchange < MAX_CHANGES)
		o->change[o->nchange++] = (struct gt_change){ field, id, from, to };
}

/* What was counted last of a P or G, in this generation. */
static inline void
set_p_seq(const struct order *o, struct pstate *p, uint64_t seq)
{
	p->gen = o->gen;
	p->seq = seq;
}

static inline void
set_g_seq(const struct order *o, struct gstate *g, uint64_t seq)
{
	g->gen = o->gen;
	g->seq = seq;
}

/* A goroutine that was not there. The M may remember where it is. */
uint32_t new_g(struct order *o, int64_t id, enum gt_gstatus status);
/* It is gone, and its place free. */
void end_g(struct order *o, struct gstate *g);

#endif
