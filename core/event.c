/* SPDX-License-Identifier: MIT */
/*
 * What can be said of an event by itself, and of the events of its type.
 */
#include "gen.h"

#include <string.h>

enum gt_kind
gt_event_kind(const struct gt_event *ev)
{
	return ev->type == GT_EV_CPUSample ? GT_K_StackSample : gt_spec(ev->type)->kind;
}

enum gt_res
gt_event_subject(const struct gt_event *ev, int64_t *id)
{
	switch (gt_spec(ev->type)->subject) {
	case GT_SUBJ_G_CTX:
		*id = ev->g;
		return GT_G;
	case GT_SUBJ_G_ARG:
		*id = (int64_t)ev->arg[0];
		return GT_G;
	case GT_SUBJ_P_CTX:
		*id = ev->p;
		return GT_P;
	case GT_SUBJ_P_ARG:
		*id = (int64_t)ev->arg[0];
		return GT_P;
	case GT_SUBJ_NO:
		break;
	}
	*id = GT_NONE;
	return GT_NO_RES;
}

static uint64_t
arg_of_type(const struct gt_event *ev, enum gt_argtype type)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	for (unsigned i = 0; i < spec->nargs; i++)
		if (spec->arg[i].type == type)
			return ev->arg[i];
	return 0;
}

bool
gt_event_states(const struct gt_event *ev, enum gt_pres *from, enum gt_pres *to)
{
	int64_t id;
	bool proc = gt_event_subject(ev, &id) == GT_P;

	*from = proc && ev->from_syscall ? GT_PRES_Syscall : (enum gt_pres)ev->from;
	*to = proc && ev->to_syscall ? GT_PRES_Syscall : (enum gt_pres)ev->to;
	return *from != ev->from || *to != ev->to;
}

bool
gt_event_ends(const struct gt_event *ev)
{
	enum gt_kind kind = gt_event_kind(ev);

	return kind == GT_K_RangeEnd || kind == GT_K_TaskEnd || kind == GT_K_RegionEnd;
}

bool
gt_event_lasted(const struct gt_event *ev, int64_t start, int64_t *ns)
{
	enum gt_pres from, to;
	int64_t id;

	if (gt_event_ends(ev)) {
		*ns = (int64_t)((uint64_t)ev->time - (uint64_t)ev->since);
		return ev->since != GT_BEFORE;
	}
	gt_event_states(ev, &from, &to);
	if (gt_event_subject(ev, &id) == GT_NO_RES || from == to || from == GT_PRES_Undetermined || from == GT_PRES_NotExist)
		return false;
	/* Whatever the times of a file are: wraps. */
	*ns = (int64_t)((uint64_t)ev->time - (uint64_t)(ev->since == GT_BEFORE ? start : ev->since));
	return true;
}

uint64_t
gt_event_stack(const struct gt_event *ev)
{
	return arg_of_type(ev, GT_ARG_STACK);
}

uint64_t
gt_event_new_stack(const struct gt_event *ev)
{
	return arg_of_type(ev, GT_ARG_NSTACK);
}

struct gt_str
gt_event_string(const struct gt_event *ev, unsigned i)
{
	struct gt_str s = { "", 0 };

	if (ev->gen && i < GT_MAXARGS && gt_spec(ev->type)->arg[i].type == GT_ARG_STRING)
		gt_gen_string(ev->gen, ev->arg[i], &s);
	return s;
}

struct gt_str
gt_event_bytes(const struct gt_event *ev)
{
	const struct gt_trace *t = ev->gen ? ev->gen->t : NULL;
	size_t n = t ? trace_size(t) : 0;

	if (ev->len == 0 || ev->off > n || ev->len > n - ev->off)
		return (struct gt_str){ "", 0 };
	return (struct gt_str){ (const char *)t->bytes + ev->off, ev->len };
}

static bool
unknown(const struct gt_event *ev, struct gt_reason *why, enum gt_code code, uint64_t id, uint64_t of)
{
	*why = (struct gt_reason){ .code = code, .type = ev->type, .arg = { id, of } };
	return false;
}

static bool
stack_known(const struct gt_event *ev, uint64_t id, struct gt_reason *why)
{
	const struct gt_gen *g = ev->gen;
	const struct stack *st;

	if (id == 0)
		return true;
	if (!idtab_has(&g->stack_ids, id))
		return unknown(ev, why, GT_E_STACK_ID, id, ev->type);
	if (!g->nameless)
		return true;
	st = &g->stack[idtab_get(&g->stack_ids, id)];
	for (uint32_t i = 0; i < st->n; i++) {
		const struct frame *f = &g->frame[g->pc[st->first + i]];

		if (!idtab_has(&g->string_ids, f->func))
			return unknown(ev, why, GT_E_STACK_FUNC, f->func, id);
		if (!idtab_has(&g->string_ids, f->file))
			return unknown(ev, why, GT_E_STACK_FILE, f->file, id);
	}
	return true;
}

bool
gt_event_known(const struct gt_event *ev, struct gt_reason *why)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	if (!ev->gen || (!ev->gen->unchecked && ev->type != GT_EV_CPUSample))
		return true;
	for (unsigned i = 0; i < spec->nargs; i++) {
		enum gt_argtype type = spec->arg[i].type;

		if (type == GT_ARG_STRING && ev->arg[i] != 0 && !idtab_has(&ev->gen->string_ids, ev->arg[i]))
			return unknown(ev, why, GT_E_STRING_ID, ev->arg[i], ev->type);
		if ((type == GT_ARG_STACK || type == GT_ARG_NSTACK) && !stack_known(ev, ev->arg[i], why))
			return false;
	}
	return true;
}

bool
gt_event_range(const struct gt_event *ev, struct gt_range *out)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	*out = (struct gt_range){ .reason = { "", 0 }, .scope = GT_G, .id = ev->g };
	switch (spec->starts && spec->kind != GT_K_RangeBegin ? spec->starts : ev->type) {
	case GT_EV_STWBegin:
		out->name = "stop-the-world";
		if (ev->gen)
			gt_gen_string(ev->gen, ev->type == GT_EV_STWBegin ? ev->arg[0] : ev->aux, &out->reason);
		return true;
	case GT_EV_GCBegin:
		out->name = "GC concurrent mark phase";
		out->scope = GT_NO_RES;
		out->id = GT_NONE;
		return true;
	case GT_EV_GCSweepBegin:
		out->name = "GC incremental sweep";
		out->scope = GT_P;
		out->id = ev->type == GT_EV_GCSweepActive ? (int64_t)ev->arg[0] : ev->p;
		return true;
	case GT_EV_GCMarkAssistBegin:
		out->name = "GC mark assist";
		out->id = ev->type == GT_EV_GCMarkAssistActive ? (int64_t)ev->arg[0] : ev->g;
		return true;
	default:
		return false;
	}
}

const char *
gt_event_metric(const struct gt_event *ev)
{
	switch (ev->type) {
	case GT_EV_ProcsChange:
		return "/sched/gomaxprocs:threads";
	case GT_EV_HeapAlloc:
		return "/memory/classes/heap/objects:bytes";
	case GT_EV_HeapGoal:
		return "/gc/heap/goal:bytes";
	default:
		return NULL;
	}
}
