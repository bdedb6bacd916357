/* SPDX-License-Identifier: MIT */
/*
 * The events of ranges (stop-the-world, GC, sweep, mark assist), tasks, regions and everything that changes no state.
 * Rules: advance* in internal/trace/order.go of Go 1.26.
 */
#include "order.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- events that only need their context ---------------------------------------- */

enum gt_answer
order_annotation(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return allowed(o, ev, m) ? GT_YES : GT_NEVER;
}

enum gt_answer
order_heap_metric(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return order_annotation(o, ev, m);
}

enum gt_answer
order_alloc_free(struct order *o, struct gt_event *ev, struct mstate *m)
{
	return order_annotation(o, ev, m);
}

/* --- ranges of a P or G ------------------------------------------------------------- */

static uint32_t
find_range(const struct order *o, uint32_t list, uint8_t type, uint64_t desc)
{
	for (; list; list = o->s.node[list].next)
		if (o->s.node[list].n == type && o->s.node[list].id == desc)
			return list;
	return 0;
}

static void
open_range(struct order *o, uint32_t *list, enum gt_res res, int64_t id, uint8_t type, uint64_t desc, int64_t since)
{
	list_push(&o->s, list, (struct node){ .n = type, .id = desc, .since = since });
	note_change(o, GT_CH_RANGE_BEGIN, id, res, type);
}

static enum gt_answer
begin_range(struct order *o, struct gt_event *ev, uint32_t *list, enum gt_res res, int64_t id)
{
	uint64_t desc = ev->type == GT_EV_STWBegin ? ev->arg[0] : 0;

	if (find_range(o, *list, ev->type, desc))
		return NEVER(RANGE_TWICE, ev->type, 0, 0, 0);
	if (!o->ask)
		open_range(o, list, res, id, ev->type, desc, o->now);
	return GT_YES;
}

/* The ranges of a list as the reference prints them, oldest first: "[{32 0} {26 7}]". */
static void
note_ranges(struct order *o, uint32_t list)
{
	size_t n = list_length(&o->s, list), cap = n * 32 + 3, len = 0;
	uint32_t *at = malloc((n + 1) * sizeof(*at));

	free(o->note);
	o->note = malloc(cap);
	if (o->note && at) {
		for (size_t i = n; list; list = o->s.node[list].next)
			at[--i] = list;
		o->note[len++] = '[';
		for (size_t i = 0; i < n; i++)
			len += (size_t)snprintf(o->note + len, cap - len, "%s{%" PRIu32 " %" PRIu64 "}", i ? " " : "",
				o->s.node[at[i]].n, o->s.node[at[i]].id);
		o->note[len++] = ']';
		o->why.str[0] = (struct gt_str){ o->note, len };
	}
	free(at);
}

/* In the first generation a range may have begun before; later it must have been seen. */
static enum gt_answer
active_range(struct order *o, struct gt_event *ev, const struct mstate *m, uint32_t *list, enum gt_res res, int64_t id)
{
	uint8_t type = gt_spec(ev->type)->starts;
	bool open = find_range(o, *list, type, 0) != 0;

	if (o->gen == o->s.first_gen && open)
		return NEVER(RANGE_FIRST, type, 0, 0, 0);
	if (o->gen != o->s.first_gen && !open) {
		NEVER(RANGE_MISSING, type, 0, 0, 0);
		note_ranges(o, *list);
		return GT_NEVER;
	}
	if (!allowed(o, ev, m))
		return GT_NEVER;
	if (!open && !o->ask)
		open_range(o, list, res, id, type, 0, GT_BEFORE);
	return GT_YES;
}

/* The oldest range of the type ends; the newest of all takes its place in the list, as in the reference. */
static enum gt_answer
end_range(struct order *o, struct gt_event *ev, uint32_t *list, enum gt_res res, int64_t id)
{
	uint8_t type = gt_spec(ev->type)->starts;
	uint32_t found = 0;

	for (uint32_t i = *list; i; i = o->s.node[i].next)
		if (o->s.node[i].n == type)
			found = i;
	if (!found)
		return NEVER(RANGE_NOT_OPEN, type, 0, 0, 0);
	ev->aux = o->s.node[found].id;
	ev->since = o->s.node[found].since;
	if (o->ask)
		return GT_YES;

	o->s.node[found].id = o->s.node[*list].id;
	o->s.node[found].n = o->s.node[*list].n;
	o->s.node[found].since = o->s.node[*list].since;
	list_pop(&o->s, list);
	note_change(o, GT_CH_RANGE_END, id, res, type);
	return GT_YES;
}

enum gt_answer
order_go_range_begin(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct gstate *g;

	if (!allowed(o, ev, m))
		return GT_NEVER;
	g = state_g_of(&o->s, m, ev->g);
	if (!g)
		return NEVER(RANGE_NO_G, ev->type, ev->g, 0, 0);
	return begin_range(o, ev, &g->ranges, GT_G, g->id);
}

/* Like a status, it may speak of a goroutine that does not run. */
enum gt_answer
order_go_range_active(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct gstate *g = state_g(&o->s, (int64_t)ev->arg[0]);

	if (!g)
		return NEVER(RANGE_ACTIVE_NO_G, ev->arg[0], 0, 0, 0);
	return active_range(o, ev, m, &g->ranges, GT_G, g->id);
}

enum gt_answer
order_go_range_end(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct gstate *g;

	if (!allowed(o, ev, m))
		return GT_NEVER;
	g = state_g_of(&o->s, m, ev->g);
	if (!g)
		return NEVER(RANGE_NO_G, ev->type, ev->g, 0, 0);
	return end_range(o, ev, &g->ranges, GT_G, g->id);
}

enum gt_answer
order_gc_sweep_begin(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct pstate *p;

	if (!allowed(o, ev, m))
		return GT_NEVER;
	p = state_p_of(&o->s, m, ev->p);
	if (!p)
		return NEVER(P_UNINIT, ev->p, 0, 0, 0);
	return begin_range(o, ev, &p->ranges, GT_P, p->id);
}

enum gt_answer
order_gc_sweep_active(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct pstate *p = state_p(&o->s, (int64_t)ev->arg[0]);

	if (!p)
		return NEVER(SWEEP_UNKNOWN_P, ev->arg[0], 0, 0, 0);
	return active_range(o, ev, m, &p->ranges, GT_P, p->id);
}

enum gt_answer
order_gc_sweep_end(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct pstate *p;

	if (!allowed(o, ev, m))
		return GT_NEVER;
	p = state_p_of(&o->s, m, ev->p);
	if (!p)
		return NEVER(P_UNINIT, ev->p, 0, 0, 0);
	return end_range(o, ev, &p->ranges, GT_P, p->id);
}

/* --- the garbage collector --------------------------------------------------------------- */

/*
 * Begin and end may be written by different Ms, so both have sequence numbers: clocks alone could take the end of
 * another cycle for that of this one.
 */
static enum gt_answer
set_gc(struct order *o, struct gt_event *ev, enum gt_gc gc)
{
	if (gc == GT_GC_NOT_RUNNING)
		ev->since = o->s.gc_since;
	if (o->ask)
		return GT_YES;
	if (o->s.gc != gc) {
		note_change(o, GT_CH_GC, 0, o->s.gc, gc);
		o->s.gc_since = ev->type == GT_EV_GCBegin ? o->now : GT_BEFORE;
	}
	note_change(o, GT_CH_GC_SEQ, 0, (int64_t)o->s.gc_seq, (int64_t)ev->arg[0]);
	o->s.gc = gc;
	o->s.gc_seq = ev->arg[0];
	return GT_YES;
}

enum gt_answer
order_gc_active(struct order *o, struct gt_event *ev, struct mstate *m)
{
	if (o->gen == o->s.first_gen) {
		if (o->s.gc != GT_GC_UNDETERMINED)
			return NEVER(GC_ACTIVE_FIRST, 0, 0, 0, 0);
		return set_gc(o, ev, GT_GC_RUNNING);
	}
	if (ev->arg[0] != o->s.gc_seq + 1)
		return WAIT(W_GC_SEQ, o->s.gc_seq, ev->arg[0], 0, 0);
	if (o->s.gc != GT_GC_RUNNING)
		return NEVER(GC_ACTIVE_NOT, 0, 0, 0, 0);
	return allowed(o, ev, m) ? set_gc(o, ev, GT_GC_RUNNING) : GT_NEVER;
}

enum gt_answer
order_gc_begin(struct order *o, struct gt_event *ev, struct mstate *m)
{
	if (o->s.gc == GT_GC_UNDETERMINED) {
		if (!o->ask) {
			o->s.unproved.gc = true;
			o->s.unproved.gc_fits = allowed(o, ev, m);
			o->s.unproved.gc_seq = ev->arg[0];
		}
		return set_gc(o, ev, GT_GC_RUNNING);
	}
	if (ev->arg[0] != o->s.gc_seq + 1)
		return WAIT(W_GC_SEQ, o->s.gc_seq, ev->arg[0], 0, 0);
	if (o->s.gc == GT_GC_RUNNING)
		return NEVER(GC_BEGIN_TWICE, 0, 0, 0, 0);
	return allowed(o, ev, m) ? set_gc(o, ev, GT_GC_RUNNING) : GT_NEVER;
}

enum gt_answer
order_gc_end(struct order *o, struct gt_event *ev, struct mstate *m)
{
	if (ev->arg[0] != o->s.gc_seq + 1)
		return WAIT(W_GC_SEQ, o->s.gc_seq, ev->arg[0], 0, 0);
	if (o->s.gc == GT_GC_NOT_RUNNING)
		return NEVER(GC_END_NOT, 0, 0, 0, 0);
	if (o->s.gc == GT_GC_UNDETERMINED)
		return NEVER(GC_END_UNDET, 0, 0, 0, 0);
	return allowed(o, ev, m) ? set_gc(o, ev, GT_GC_NOT_RUNNING) : GT_NEVER;
}

/* --- tasks and regions ----------------------------------------------------------------------- */

/* A task may be spoken of without having begun, and end twice; only a second beginning is wrong. */
enum gt_answer
order_user_task_begin(struct order *o, struct gt_event *ev, struct mstate *m)
{
	uint64_t id = ev->arg[0], parent = ev->arg[1] ? ev->arg[1] : GT_NO_TASK;
	struct gt_str name;
	struct tstate *t;

	if (map_get(&o->s.ts, id) != MAP_NONE)
		return NEVER(TASK_CONFLICT, id, 0, 0, 0);
	if (!gt_gen_string(o->tables, ev->arg[2], &name) && !o->lenient)
		return NEVER(STRING_ORDER, ev->arg[2], ev->type, 0, 0);
	if (!allowed(o, ev, m))
		return GT_NEVER;
	if (o->ask)
		return GT_YES;

	if (id < o->s.unproved.least_task)
		o->s.unproved.least_task = id;
	t = &o->s.t[state_add_task(&o->s, id)];
	t->parent = parent;
	t->since = o->now;
	t->name = name;
	note_change(o, GT_CH_TASK_BEGIN, (int64_t)id, 0, (int64_t)parent);
	return GT_YES;
}

enum gt_answer
order_user_task_end(struct order *o, struct gt_event *ev, struct mstate *m)
{
	uint32_t at = map_get(&o->s.ts, ev->arg[0]);

	ev->aux = at == MAP_NONE ? GT_NO_TASK : o->s.t[at].parent;
	ev->since = at == MAP_NONE ? GT_BEFORE : o->s.t[at].since;
	ev->str = at == MAP_NONE ? (struct gt_str){ NULL, 0 } : o->s.t[at].name;
	if (!allowed(o, ev, m))
		return GT_NEVER;
	if (!o->ask && at == MAP_NONE)
		o->s.unproved.task_end = true;
	if (o->ask || at == MAP_NONE)
		return GT_YES;

	note_change(o, GT_CH_TASK_END, (int64_t)ev->arg[0], (int64_t)ev->aux, 0);
	state_del_task(&o->s, at);
	return GT_YES;
}

/* The goroutine and the name of a region; NULL and a reason where one of them is not there. */
static struct gstate *
region(struct order *o, struct gt_event *ev, struct mstate *m, struct gt_str *name, enum gt_code no_g)
{
	struct gstate *g;

	if (!allowed(o, ev, m))
		return NULL;
	if (!gt_gen_string(o->tables, ev->arg[1], name) && !o->lenient) {
		NEVER(STRING_ORDER, ev->arg[1], ev->type, 0, 0);
		return NULL;
	}
	g = state_g_of(&o->s, m, ev->g);
	if (!g)
		refuse(o, ev, GT_NEVER, no_g, (uint64_t)ev->g, 0, 0, 0);
	return g;
}

enum gt_answer
order_user_region_begin(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct gt_str name;
	struct gstate *g = region(o, ev, m, &name, GT_E_REGION_BEGIN_NO_G);

	if (!g)
		return GT_NEVER;
	if (o->ask)
		return GT_YES;

	list_push(&o->s, &g->regions,
		(struct node){ .id = ev->arg[0], .since = o->now, .p = name.p, .n = (uint32_t)name.n });
	note_change(o, GT_CH_REGION_BEGIN, g->id, 0, (int64_t)ev->arg[0]);
	return GT_YES;
}

/* A region that began before tracing ends unseen: nothing to compare it with. */
enum gt_answer
order_user_region_end(struct order *o, struct gt_event *ev, struct mstate *m)
{
	struct gt_str name;
	struct gstate *g = region(o, ev, m, &name, GT_E_REGION_END_NO_G);
	const struct node *inner;

	if (!g)
		return GT_NEVER;
	ev->since = GT_BEFORE;
	if (!g->regions)
		return GT_YES;
	inner = &o->s.node[g->regions];
	if (inner->id != ev->arg[0] || inner->n != name.n || memcmp(inner->p, name.p, name.n) != 0) {
		NEVER(REGION_MISUSE, g->id, ev->arg[0], inner->id, 0);
		o->why.str[0] = name;
		o->why.str[1] = (struct gt_str){ inner->p, inner->n };
		return GT_NEVER;
	}
	ev->since = inner->since;
	if (o->ask)
		return GT_YES;

	list_pop(&o->s, &g->regions);
	note_change(o, GT_CH_REGION_END, g->id, (int64_t)ev->arg[0], 0);
	return GT_YES;
}
