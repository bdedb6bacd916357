/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of the tables: see cells.h. */
#include "cells.h"

#include <string.h>

#include "model.h"

static struct value
number(double n)
{
	return (struct value){ .number = n };
}

static struct value
text_of(const char *s)
{
	return (struct value){ .text = { s, strlen(s) } };
}

#define G(field) number((double)census_g(m->census, row)->field)
#define GROUP_OF(field) number((double)census_group(m->census, row)->field)
#define TASK(field) number((double)census_task(m->census, row)->field)
#define REGION(field) number((double)census_region(m->census, row)->field)
#define RANGE(field) number((double)census_range(m->census, row)->field)
#define LONGEST(field) number((double)census_longest(m->census, row)->field)
#define VALUE(name, expr)                                                                                              \
	static struct value name(const struct model *m, size_t row)                                                    \
	{                                                                                                              \
		return expr;                                                                                           \
	}

VALUE(g_id, G(id))
VALUE(g_running, G(running))
VALUE(g_runnable, G(runnable))
VALUE(g_waiting, G(waiting))
VALUE(g_syscall, G(syscall))
VALUE(g_assist, G(assist))
VALUE(g_first, G(first))
VALUE(g_lived, number((double)census_lived(m->census, census_g(m->census, row))))
VALUE(group_count, GROUP_OF(count))
VALUE(group_running, GROUP_OF(running))
VALUE(group_runnable, GROUP_OF(runnable))
VALUE(group_waiting, GROUP_OF(waiting))
VALUE(group_syscall, GROUP_OF(syscall))
VALUE(group_assist, GROUP_OF(assist))
VALUE(task_id, TASK(id))
VALUE(task_parent, census_task(m->census, row)->parent == GT_NO_TASK ? number(-1) : TASK(parent))
VALUE(task_began, census_task(m->census, row)->began == CENSUS_NEVER ? ((struct value){ -1, { "before", 6 } })
	: number((double)fmt_minus(census_task(m->census, row)->began, m->t0)))
VALUE(task_took, census_task(m->census, row)->last && census_task(m->census, row)->began != CENSUS_NEVER
	? number((double)census_task(m->census, row)->ended - (double)census_task(m->census, row)->began) : number(-1))
VALUE(task_regions, TASK(regions))
VALUE(task_logs, TASK(logs))
VALUE(region_count, number((double)census_regions(census_region(m->census, row))))
VALUE(region_open, REGION(open))
VALUE(region_total, REGION(total))
VALUE(region_least, census_region(m->census, row)->count ? REGION(least) : number(-1))
VALUE(region_most, census_region(m->census, row)->count ? REGION(most) : number(-1))
VALUE(region_mean, census_region(m->census, row)->count
	? number((double)fmt_mean(census_region(m->census, row)->total, census_region(m->census, row)->count)) : number(-1))

VALUE(range_count, RANGE(count))
VALUE(range_open, RANGE(open))
VALUE(range_total, RANGE(total))
VALUE(range_least, census_range(m->census, row)->timed ? RANGE(least) : number(-1))
VALUE(range_most, census_range(m->census, row)->timed ? RANGE(most) : number(-1))
VALUE(range_mean, census_range(m->census, row)->timed
	? number((double)fmt_mean(census_range(m->census, row)->total, census_range(m->census, row)->timed)) : number(-1))
VALUE(range_text, text_of(census_range(m->census, row)->text))
VALUE(longest_took, LONGEST(took))
VALUE(longest_began, number((double)fmt_minus(census_longest(m->census, row)->began, m->t0)))
VALUE(longest_event, LONGEST(event))
VALUE(longest_g, LONGEST(g))
VALUE(longest_p, LONGEST(p))
VALUE(longest_text, text_of(census_range(m->census, census_longest(m->census, row)->kind)->text))

#define DELAY_AT(row) delays_at(census_delays(m->census), row)
#define DELAY(field) number((double)DELAY_AT(row)->field)

VALUE(wait_kind, text_of(delay_kind_name(DELAY_AT(row)->kind)))
VALUE(wait_count, DELAY(count))
VALUE(wait_total, DELAY(total))
VALUE(wait_mean, number((double)fmt_mean(DELAY_AT(row)->total, DELAY_AT(row)->count)))
VALUE(wait_most, DELAY(most))
VALUE(wait_longest, DELAY(longest))

/* One of its texts, where there is a stack. */
static struct value
of_stack(const struct delay *d, struct gt_str text)
{
	if (d->stack == DELAY_NO_ROOM)
		return text_of("(stacks that had no room)");
	if (d->stack == DELAY_NO_STACK)
		return text_of("(no stack)");
	if (text.n == 0)
		return text_of("(not told)");
	return (struct value){ .text = text };
}

static struct value
wait_function(const struct model *m, size_t row)
{
	const struct delay *d = DELAY_AT(row);

	return of_stack(d, delays_function(census_delays(m->census), d->stack));
}

static struct value
wait_leaf(const struct model *m, size_t row)
{
	const struct delay *d = DELAY_AT(row);
	struct delay_frame f = { .line = 0 };

	delays_frame(census_delays(m->census), d->stack, 0, &f);
	return of_stack(d, f.func);
}

VALUE(wait_stack, of_stack(DELAY_AT(row), ((struct gt_str){ DELAY_AT(row)->text, DELAY_AT(row)->n })))

#define TRANSITION_AT(row) transitions_at(census_summed(m->census), row)
/* A time, where any of them had one. */
#define SPENT(ns) (TRANSITION_AT(row)->most < 0 ? number(-1) : number((double)(ns)))

VALUE(move_from, text_of(gt_pres_name(TRANSITION_AT(row)->from)))
VALUE(move_to, text_of(gt_pres_name(TRANSITION_AT(row)->to)))
VALUE(move_count, number((double)TRANSITION_AT(row)->count))
VALUE(move_total, SPENT(TRANSITION_AT(row)->total))
VALUE(move_mean, SPENT(fmt_mean(TRANSITION_AT(row)->total, TRANSITION_AT(row)->count)))
VALUE(move_most, SPENT(TRANSITION_AT(row)->most))
VALUE(move_longest, number((double)TRANSITION_AT(row)->longest))
VALUE(move_reason, ((struct value){ .text = census_name(m->census, TRANSITION_AT(row)->reason) }))

struct gt_str
cells_function(const struct model *m, uint32_t func)
{
	return func ? census_name(m->census, func) : text_of("(not told)").text;
}

#define FUNCTION_OF(func) ((struct value){ .text = cells_function(m, func) })

VALUE(g_function, FUNCTION_OF(census_g(m->census, row)->func))
VALUE(group_function, FUNCTION_OF(census_group(m->census, row)->func))

static struct value
task_name(const struct model *m, size_t row)
{
	const struct census_task *t = census_task(m->census, row);

	return t->began == CENSUS_NEVER ? text_of("(not told)") : (struct value){ .text = t->name };
}

static struct value
region_name(const struct model *m, size_t row)
{
	return (struct value){ .text = census_region(m->census, row)->name };
}

static struct value
g_creator(const struct model *m, size_t row)
{
	const struct census_g *creator = census_creator(m->census, census_g(m->census, row));

	return number((double)(creator ? creator->id : GT_NONE));
}

/* Since the trace began. */
static struct value
g_created(const struct model *m, size_t row)
{
	const struct census_g *g = census_g(m->census, row);

	return number(g->created != CENSUS_NEVER ? (double)fmt_minus(g->created, m->t0) : -1);
}

static struct value
g_ended(const struct model *m, size_t row)
{
	const struct census_g *g = census_g(m->census, row);

	return number(census_ended(g) ? (double)fmt_minus(g->ended, m->t0) : -1);
}

/* Besides those of the states. */
enum { NOT_YET = GT_G_GONE + 1, NOT_TOLD, WORDS };

static const char *
state_name(unsigned i)
{
	static const char *const none[] = { "gone", "not yet", "not told" };

	return i < GT_G_GONE ? fmt_gstatus(i) : none[i - GT_G_GONE];
}

/* At the current event; before the first one that mentions it, what it was before the trace, as the timeline has it. */
static struct value
g_state(const struct model *m, size_t row)
{
	const struct census_g *g = census_g(m->census, row);
	struct gt_g now;

	if (gt_g_find(gt_nav_state(m->nav), g->id, &now) && now.status != GT_G_GONE)
		return text_of(state_name(now.status));
	/* A generation by itself tells nothing of one it does not mention. */
	if (model_apart(m))
		return text_of(state_name(NOT_TOLD));
	if (gt_nav_pos(m->nav) >= g->first)
		return text_of(state_name(GT_G_GONE));
	if (g->created != CENSUS_NEVER)
		return text_of(state_name(NOT_YET));
	return text_of(g->before ? gt_pres_name(g->before) : state_name(NOT_TOLD));
}

/* What it waited for longest. */
static struct value
g_waits(const struct model *m, size_t row)
{
	const struct census_g *g = census_g(m->census, row);
	const struct census_wait *most = NULL;

	for (const struct census_wait *w = census_waits(m->census, g, NULL); w; w = census_waits(m->census, g, w))
		if (w->reason.n && (!most || w->ns > most->ns))
			most = w;
	if (!most)
		return text_of("");
	return (struct value){ .text = most->reason };
}

static const struct column goroutine_columns[] = {
	{ "G", FORM_ID, 8, 0, g_id, NATURE_PLAIN, "its number" },
	{ "state", FORM_TEXT, 8, 0, g_state, NATURE_NOW, "its state at the current event; gone: it has ended, not yet: it is created later" },
	{ "running", FORM_TIME, 9, 0, g_running, NATURE_SUM, "how long it ran" },
	{ "runnable", FORM_TIME, 9, 0, g_runnable, NATURE_SUM, "how long it could run, and waited for a P" },
	{ "waiting", FORM_TIME, 9, 0, g_waiting, NATURE_SUM, "how long it was blocked" },
	{ "syscall", FORM_TIME, 9, 0, g_syscall, NATURE_SUM, "how long it was in syscalls or in C" },
	{ "assist", FORM_TIME, 9, 100, g_assist, NATURE_SUM, "how long it assisted the GC" },
	{ "event", FORM_COUNT, 11, 130, g_first, NATURE_PLAIN, "the event that it appears with" },
	{ "lived", FORM_TIME, 9, 140, g_lived, NATURE_SUM, "how long it was there, in the trace" },
	{ "creator", FORM_ID, 8, 150, g_creator, NATURE_PLAIN, "the goroutine that created it" },
	{ "created", FORM_TIME, 9, 160, g_created, NATURE_PLAIN, "when it was created, since the trace began" },
	{ "ended", FORM_TIME, 9, 170, g_ended, NATURE_PLAIN, "when it ended, since the trace began" },
	{ "waits-for", FORM_TEXT, 18, 100, g_waits, NATURE_PLAIN, "what it waited for longest" },
	{ "function", FORM_TEXT, 0, 0, g_function, NATURE_PLAIN, "its start function" },
	{ NULL, FORM_ID, 0, 0, NULL, NATURE_PLAIN, NULL },
};

static const struct column group_columns[] = {
	{ "count", FORM_COUNT, 9, 0, group_count, NATURE_SUM, "how many goroutines" },
	{ "running", FORM_TIME, 9, 0, group_running, NATURE_SUM, "how long they ran, all together" },
	{ "runnable", FORM_TIME, 9, 0, group_runnable, NATURE_SUM, "how long they could run, and waited for a P" },
	{ "waiting", FORM_TIME, 9, 0, group_waiting, NATURE_SUM, "how long they were blocked" },
	{ "syscall", FORM_TIME, 9, 0, group_syscall, NATURE_SUM, "how long they were in syscalls or in C" },
	{ "assist", FORM_TIME, 9, 100, group_assist, NATURE_SUM, "how long they assisted the GC" },
	{ "function", FORM_TEXT, 0, 0, group_function, NATURE_PLAIN, "their start function" },
	{ NULL, FORM_ID, 0, 0, NULL, NATURE_PLAIN, NULL },
};

static const struct column task_columns[] = {
	{ "task", FORM_ID, 8, 0, task_id, NATURE_PLAIN, "its number" },
	{ "parent", FORM_ID, 8, 0, task_parent, NATURE_PLAIN, "the task that it is a part of" },
	{ "began", FORM_TIME, 9, 0, task_began, NATURE_PLAIN, "when it began, since the trace began" },
	{ "took", FORM_TIME, 9, 0, task_took, NATURE_SUM, "how long it took, where it began and ended in the trace" },
	{ "regions", FORM_COUNT, 8, 0, task_regions, NATURE_SUM, "how many regions began in it" },
	{ "logs", FORM_COUNT, 8, 0, task_logs, NATURE_SUM, "how many messages were logged in it" },
	{ "name", FORM_TEXT, 0, 0, task_name, NATURE_PLAIN, "its name, as the program gave it" },
	{ NULL, FORM_ID, 0, 0, NULL, NATURE_PLAIN, NULL },
};

static const struct column region_columns[] = {
	{ "count", FORM_COUNT, 9, 0, region_count, NATURE_SUM, "how many there were" },
	{ "open", FORM_COUNT, 6, 0, region_open, NATURE_SUM, "how many of them do not end in the trace" },
	{ "total", FORM_TIME, 9, 0, region_total, NATURE_SUM, "how long those that ended took, all together" },
	{ "mean", FORM_TIME, 9, 0, region_mean, NATURE_PLAIN, "how long one of them took, on average" },
	{ "least", FORM_TIME, 9, 100, region_least, NATURE_PLAIN, "how long the shortest took" },
	{ "most", FORM_TIME, 9, 0, region_most, NATURE_PLAIN, "how long the longest took" },
	{ "name", FORM_TEXT, 0, 0, region_name, NATURE_PLAIN, "their name, as the program gave it" },
	{ NULL, FORM_ID, 0, 0, NULL, NATURE_PLAIN, NULL },
};

static const struct column range_columns[] = {
	{ "count", FORM_COUNT, 9, 0, range_count, NATURE_SUM, "how many there were" },
	{ "open", FORM_COUNT, 6, 100, range_open, NATURE_SUM, "how many of them do not end in the trace" },
	{ "total", FORM_TIME, 9, 0, range_total, NATURE_SUM, "how long those that began and ended took, all together" },
	{ "mean", FORM_TIME, 9, 0, range_mean, NATURE_PLAIN, "how long one of them took, on average" },
	{ "least", FORM_TIME, 9, 100, range_least, NATURE_PLAIN, "how long the shortest took" },
	{ "most", FORM_TIME, 9, 0, range_most, NATURE_PLAIN, "how long the longest took" },
	{ "range", FORM_TEXT, 0, 0, range_text, NATURE_PLAIN, "what they are: a stop of the world with its reason, a GC, a sweep, a mark assist" },
	{ NULL, FORM_ID, 0, 0, NULL, NATURE_PLAIN, NULL },
};

static const struct column longest_columns[] = {
	{ "took", FORM_TIME, 9, 0, longest_took, NATURE_SUM, "how long it took" },
	{ "began", FORM_TIME, 9, 0, longest_began, NATURE_PLAIN, "when it began, since the trace began" },
	{ "event", FORM_COUNT, 11, 100, longest_event, NATURE_PLAIN, "the event that it began with" },
	{ "G", FORM_ID, 8, 0, longest_g, NATURE_PLAIN, "the goroutine it was on" },
	{ "P", FORM_ID, 8, 0, longest_p, NATURE_PLAIN, "the P it was on" },
	{ "range", FORM_TEXT, 0, 0, longest_text, NATURE_PLAIN, "what it is: a stop of the world with its reason, a GC, a sweep, a mark assist" },
	{ NULL, FORM_ID, 0, 0, NULL, NATURE_PLAIN, NULL },
};

static const struct column wait_columns[] = {
	{ "kind", FORM_TEXT, 9, 0, wait_kind, NATURE_PLAIN, "network, blocking, syscall or scheduler" },
	{ "count", FORM_COUNT, 9, 0, wait_count, NATURE_SUM, "how many there were" },
	{ "total", FORM_TIME, 9, 0, wait_total, NATURE_SUM, "how long they lasted, all together" },
	{ "mean", FORM_TIME, 9, 100, wait_mean, NATURE_PLAIN, "how long one lasted, on average" },
	{ "longest", FORM_TIME, 9, 0, wait_most, NATURE_PLAIN, "how long the longest lasted" },
	{ "event", FORM_COUNT, 11, 130, wait_longest, NATURE_PLAIN, "the event that the longest began with" },
	{ "leaf", FORM_TEXT, 30, 140, wait_leaf, NATURE_PLAIN, "the innermost function of the stack" },
	{ "stack", FORM_TEXT, 60, 240, wait_stack, NATURE_PLAIN, "all of its functions, callers behind <" },
	{ "function", FORM_TEXT, 0, 0, wait_function, NATURE_PLAIN, "the innermost function that is not of the runtime and the like" },
	{ NULL, FORM_ID, 0, 0, NULL, NATURE_PLAIN, NULL },
};

static const struct column transition_columns[] = {
	{ "from", FORM_TEXT, 12, 0, move_from, NATURE_PLAIN, "the state that goroutines were in" },
	{ "to", FORM_TEXT, 8, 0, move_to, NATURE_PLAIN, "the state that they came into" },
	{ "count", FORM_COUNT, 9, 0, move_count, NATURE_SUM, "how often" },
	{ "total", FORM_TIME, 9, 0, move_total, NATURE_SUM, "how long they had been in the first, all together" },
	{ "mean", FORM_TIME, 9, 0, move_mean, NATURE_PLAIN, "how long on average" },
	{ "longest", FORM_TIME, 9, 0, move_most, NATURE_PLAIN, "how long at most" },
	{ "event", FORM_COUNT, 11, 130, move_longest, NATURE_PLAIN, "the event that ended the longest time, or the first" },
	{ "reason", FORM_TEXT, 0, 0, move_reason, NATURE_PLAIN, "that of a stop, or of a wait that begins or ends" },
	{ NULL, FORM_ID, 0, 0, NULL, NATURE_PLAIN, NULL },
};

static const struct column *const columns[CENSUS_KINDS] = {
	[CENSUS_GOROUTINES] = goroutine_columns,
	[CENSUS_GROUPS] = group_columns,
	[CENSUS_TASKS] = task_columns,
	[CENSUS_REGIONS] = region_columns,
	[CENSUS_RANGES] = range_columns,
	[CENSUS_LONGEST] = longest_columns,
	[CENSUS_WAITS] = wait_columns,
	[CENSUS_TRANSITIONS] = transition_columns,
};

const struct column *
cells_columns(enum census_kind k)
{
	return columns[k];
}

const char *
cells_now(const struct column *col, unsigned i)
{
	if (col->nature != NATURE_NOW || i >= WORDS)
		return NULL;
	return state_name(i);
}

void
cell_text(const struct model *m, const struct column *col, const struct value *v, char *text, size_t cap)
{
	struct sb b = sb_on(text, cap);
	size_t n;

	switch (col->form) {
	case FORM_ID:
		fmt_bare_id(&b, (int64_t)v->number);
		break;
	case FORM_COUNT:
		fmt_count(&b, (uint64_t)v->number);
		break;
	case FORM_TIME:
		if (v->number < 0)
			sb_printf(&b, "%.*s", v->text.n ? (int)v->text.n : 1, v->text.n ? v->text.p : "-");
		else
			fmt_delta(&b, (int64_t)v->number, m->sy);
		break;
	case FORM_TEXT:
		/* Without its quotes. */
		n = gt_quote(v->text, text, cap);
		n = n < cap ? n - 2 : cap > 2 ? cap - 2 : 0;
		memmove(text, text + 1, n);
		text[n] = 0;
		break;
	}
}
