/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trace as lanes: what Ps, Ms and goroutines did, with who woke whom, and the collector, tasks, regions and counters.
 */
#include "export.h"
#include "slots.h"

#include "ui/idmap.h"

#include <inttypes.h>
#include <stdlib.h>

const struct lane_kind lane_kinds[LANE_GROUPS] = {
	[LANES_P] = { "Ps", false },
	[LANES_M] = { "Ms", false },
	[LANES_G] = { "goroutines", false },
	[LANES_GC] = { "collector", false },
	[LANES_TASKS] = { "tasks", true },
	[LANES_REGIONS] = { "regions", true },
};

const struct counter_kind counter_kinds[EXPORT_COUNTERS] = {
	[COUNT_HEAP] = { "heap", "bytes" },
	[COUNT_GOAL] = { "heap goal", "bytes" },
	[COUNT_PROCS] = { "GOMAXPROCS", "count" },
	[COUNT_RUNNING] = { "goroutines running", "count" },
	[COUNT_RUNNABLE] = { "goroutines runnable", "count" },
};

/* Lanes of the collector. */
enum { LANE_GC, LANE_STW, COLLECTOR_LANES };

/* What is known of a goroutine that lives. */
struct goroutine {
	struct gt_str func; /* its start function */
	uint32_t stack;     /* where it was last, by number; 0: not known */
	uint64_t flow;      /* who woke it, and it has not run since; 0: nobody */
};

/* Stacks as text: all that differ, up to so many bytes of them; then they are left out. */
enum { FRAMES_SHOWN = 64, STACK_BYTES = 64 << 20 };
struct stacks {
	struct gt_gen *gen;   /* of the numbers in at */
	struct idmap at;      /* by the ID that the generation gives them */
	struct idmap by_text; /* by hash */
	struct gt_str *text;  /* number n is at n - 1 */
	size_t n, cap, bytes;
};

struct export {
	struct sink sink;
	int64_t from, to; /* what is written, ns since the trace began */
	int64_t start;
	unsigned groups;  /* a bit for each kind of lane that is wanted */
	enum lane_group wakes; /* the lanes that arrows go between */
	struct idmap lane[LANE_GROUPS]; /* those that were named */
	struct slots g_at;
	struct goroutine *g; /* by the places in g_at */
	size_t cg;
	struct stacks stacks;
	uint64_t flows;
	int64_t count[EXPORT_COUNTERS];
	bool known[EXPORT_COUNTERS]; /* has a value that is not written yet: it came before what is wanted */
	struct out name, frames;     /* made anew for each slice, each stack */
	int64_t ended[COLLECTOR_LANES]; /* when the last one did */
	bool nomem;
};

/* --- goroutines and their stacks ---------------------------------------------------------- */

/* The goroutine, made where there is none. NULL: no memory. */
static struct goroutine *
goroutine(struct export *x, int64_t id)
{
	uint32_t at = slots_get(&x->g_at, id);

	if (at != IDMAP_NONE)
		return &x->g[at];
	if (!array_room(&x->g, x->g_at.n + 1, &x->cg, sizeof(*x->g)) || (at = slots_put(&x->g_at, id)) == IDMAP_NONE) {
		x->nomem = true;
		return NULL;
	}
	x->g[at] = (struct goroutine){ 0 };
	return &x->g[at];
}

/* "main.f file.go:12" and so on, a line for each frame. */
static void
put_frames(struct out *o, const struct gt_frame *frames, int n)
{
	o->n = 0;
	for (int i = 0; i < n && i < FRAMES_SHOWN; i++) {
		out_bytes(o, frames[i].func.p, frames[i].func.n);
		OUT(o, " ");
		out_bytes(o, frames[i].file.p, frames[i].file.n);
		out_format(o, ":%" PRIu64 "\n", frames[i].line);
	}
	if (n > FRAMES_SHOWN)
		out_format(o, "... %d more\n", n - FRAMES_SHOWN);
}

static bool
same(struct gt_str a, struct gt_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* The number of a text. 0: there are too many. */
static uint32_t
keep_text(struct export *x, struct gt_str text)
{
	struct stacks *s = &x->stacks;
	uint64_t h = idmap_text(text.p, text.n, IDMAP_TEXT);
	uint32_t at = idmap_get(&s->by_text, h);
	char *copy;

	if (at != IDMAP_NONE && same(s->text[at - 1], text))
		return at;
	if (s->bytes + text.n > STACK_BYTES)
		return 0;
	if (!array_room(&s->text, s->n + 1, &s->cap, sizeof(*s->text)) || !(copy = malloc(text.n + 1))) {
		x->nomem = true;
		return 0;
	}
	memcpy(copy, text.p, text.n);
	s->text[s->n].p = copy;
	s->text[s->n++].n = text.n;
	s->bytes += text.n + sizeof(*s->text);
	if (at == IDMAP_NONE && !idmap_put(&s->by_text, h, (uint32_t)s->n))
		x->nomem = true;
	if (x->sink.form->stack)
		x->sink.form->stack(&x->sink, (uint32_t)s->n, s->text[s->n - 1]);
	return (uint32_t)s->n;
}

/* The number of a stack of an event; 0: it has none, or there are too many. */
static uint32_t
stack_of(struct export *x, const struct gt_event *ev, uint64_t id)
{
	struct stacks *s = &x->stacks;
	struct gt_frame frames[GT_MAXFRAMES];
	uint32_t at;
	int n;

	if (id == 0 || !ev->gen)
		return 0;
	if (s->gen != ev->gen) {
		gt_gen_unref(s->gen);
		s->gen = gt_gen_ref(ev->gen);
		idmap_free(&s->at);
		s->at = (struct idmap){ 0 };
	}
	at = idmap_get(&s->at, id);
	if (at != IDMAP_NONE)
		return at;
	n = gt_gen_stack(ev->gen, id, frames);
	if (n <= 0)
		return 0;
	put_frames(&x->frames, frames, n);
	at = keep_text(x, (struct gt_str){ x->frames.p, x->frames.n });
	if (x->frames.failed || !idmap_put(&s->at, id, at))
		x->nomem = true;
	return at;
}

/* The outermost function of a stack: there a goroutine began. */
static struct gt_str
outermost(const struct gt_event *ev, uint64_t id)
{
	struct gt_frame frames[GT_MAXFRAMES];
	int n = id && ev->gen ? gt_gen_stack(ev->gen, id, frames) : 0;

	return n > 0 ? frames[n - 1].func : (struct gt_str){ 0 };
}

/* What an event tells of the goroutine that it is about, or of that of its context. */
static void
learn(struct export *x, const struct gt_event *ev)
{
	int64_t id = GT_NONE;
	bool subject = gt_event_kind(ev) == GT_K_StateTransition && gt_event_subject(ev, &id) == GT_G;
	bool made = subject && ev->from == GT_PRES_NotExist;
	uint64_t stack = gt_event_stack(ev);
	struct goroutine *g;

	if (made && (g = goroutine(x, id)) != NULL)
		g->func = outermost(ev, gt_event_new_stack(ev));
	/* The stack that a goroutine is stated with is its own. */
	if (subject && ev->type != GT_EV_GoStatusStack)
		id = ev->g;
	else if (!subject)
		id = gt_event_kind(ev) == GT_K_StackSample ? GT_NONE : ev->g;
	if (id == GT_NONE || stack == 0 || !(g = goroutine(x, id)))
		return;
	if (g->func.n == 0)
		g->func = outermost(ev, stack);
	g->stack = stack_of(x, ev, stack);
}

/* --- slices --------------------------------------------------------------------------------- */

/* "G34 main.worker", "P1" */
static void
put_label(struct export *x, struct out *o, enum gt_res res, int64_t id)
{
	uint32_t at = res == GT_G ? slots_get(&x->g_at, id) : IDMAP_NONE;

	out_format(o, "%c%" PRId64, "MPG"[res], id);
	if (at != IDMAP_NONE && x->g[at].func.n > 0) {
		OUT(o, " ");
		out_bytes(o, x->g[at].func.p, x->g[at].func.n);
	}
}

static struct gt_str
written(const struct out *o)
{
	return (struct gt_str){ o->p, o->n };
}

static void
name_lane(struct export *x, enum lane_group group, uint64_t lane, struct gt_str name)
{
	if (idmap_get(&x->lane[group], lane) != IDMAP_NONE)
		return;
	if (!idmap_put(&x->lane[group], lane, 0))
		x->nomem = true;
	x->sink.form->lane(&x->sink, group, lane, name);
}

/* Names a lane of Ms, Ps or goroutines, if that has not been done. */
static void
label_lane(struct export *x, enum lane_group group, uint64_t lane)
{
	static const enum gt_res of[] = { [LANES_P] = GT_P, [LANES_M] = GT_M, [LANES_G] = GT_G };

	if (idmap_get(&x->lane[group], lane) != IDMAP_NONE)
		return;
	x->frames.n = 0;
	put_label(x, &x->frames, of[group], (int64_t)lane);
	name_lane(x, group, lane, written(&x->frames));
}

/* What the lane tells need not be told once more. */
static void
shorten(struct slice *s)
{
	s->m = s->group == LANES_M ? GT_NONE : s->m;
	s->p = s->group == LANES_P ? GT_NONE : s->p;
	s->g = s->group == LANES_G ? GT_NONE : s->g;
}

/* Whether any of it is in what is wanted: that is then all there is of it. */
static bool
clip(const struct export *x, struct slice *s)
{
	if (!(x->groups >> s->group & 1) || s->to < x->from || s->from > x->to)
		return false;
	s->from = s->from < x->from ? x->from : s->from;
	s->to = s->to > x->to ? x->to : s->to;
	shorten(s);
	if (s->stack > 0)
		s->frames = x->stacks.text[s->stack - 1];
	return true;
}

static void
put_slice(struct export *x, struct slice *s)
{
	if (clip(x, s))
		x->sink.form->slice(&x->sink, s);
}

/* False: it is not in what is wanted. */
static bool
put_point(struct export *x, struct slice *s)
{
	if (!clip(x, s))
		return false;
	label_lane(x, s->group, s->lane);
	x->sink.form->point(&x->sink, s);
	return true;
}

static const enum lane_group group_of[] = { [GT_M] = LANES_M, [GT_P] = LANES_P, [GT_G] = LANES_G };

/* What a span is called; of Ps and Ms, by the goroutine. False: it is not worth a slice. */
static bool
put_name(struct export *x, struct out *o, const struct gt_span *s)
{
	o->n = 0;
	if (s->state == GT_LANE_NONE || s->state == GT_LANE_IDLE || (s->res == GT_P && s->g == GT_NONE))
		return false;
	if (s->res == GT_G) {
		out_text(o, gt_lane_name(s->state));
		if (s->reason.n > 0) {
			OUT(o, ": ");
			out_bytes(o, s->reason.p, s->reason.n);
		}
		return true;
	}
	put_label(x, o, s->g != GT_NONE ? GT_G : GT_P, s->g != GT_NONE ? s->g : s->p);
	if (s->state == GT_LANE_SYSCALL)
		OUT(o, " (syscall)");
	return true;
}

static void
add_span(void *arg, const struct gt_span *s)
{
	struct export *x = arg;
	struct slice slice = { .group = group_of[s->res], .lane = (uint64_t)s->id, .from = s->from - x->start, .to = s->to - x->start,
		.m = s->m, .p = s->p, .g = s->g, .event = s->first, .reason = s->reason };

	if (!(x->groups >> slice.group & 1) || !put_name(x, &x->name, s))
		return;
	if (s->g != GT_NONE) {
		struct goroutine *g = goroutine(x, s->g);

		slice.stack = g ? g->stack : 0;
		if (g && slice.group == x->wakes && s->state == GT_LANE_RUNNING) {
			slice.flow = g->flow;
			g->flow = 0;
		}
	}
	label_lane(x, slice.group, slice.lane);
	slice.name = written(&x->name);
	put_slice(x, &slice);
}

/* --- points, and what else there is -------------------------------------------------------------- */

/* The lane that shows who did an event. False: there is none. */
static bool
lane_of(const struct export *x, const struct gt_event *ev, struct slice *s)
{
	static const enum lane_group order[] = { LANES_P, LANES_M, LANES_G };
	int64_t id = GT_NONE;

	for (size_t i = 0; i < 3 && id == GT_NONE; i++) {
		s->group = i == 0 ? x->wakes : order[i];
		if (x->groups >> s->group & 1)
			id = s->group == LANES_P ? ev->p : s->group == LANES_M ? ev->m : ev->g;
	}
	s->lane = (uint64_t)id;
	s->from = s->to = ev->time - x->start;
	s->m = ev->m;
	s->p = ev->p;
	s->g = ev->g;
	s->event = ev->n;
	return id != GT_NONE;
}

/* Somebody creates or wakes a goroutine: an arrow begins. */
static void
take_wake(struct export *x, const struct gt_event *ev)
{
	struct slice s = { 0 };
	int64_t id;
	struct goroutine *g;

	if (gt_event_kind(ev) != GT_K_StateTransition || gt_event_subject(ev, &id) != GT_G || id == ev->g ||
		ev->to != GT_PRES_Runnable || (ev->from != GT_PRES_Waiting && ev->from != GT_PRES_NotExist) || !lane_of(x, ev, &s) ||
		!(g = goroutine(x, id)))
		return;
	x->name.n = 0;
	out_text(&x->name, ev->from == GT_PRES_NotExist ? "creates " : "wakes ");
	put_label(x, &x->name, GT_G, id);
	s.name = written(&x->name);
	s.stack = stack_of(x, ev, gt_event_stack(ev));
	s.flow = ++x->flows;
	g->flow = put_point(x, &s) ? s.flow : 0;
}

static void
take_sample(struct export *x, const struct gt_event *ev)
{
	struct slice s = { 0 };

	if (!lane_of(x, ev, &s))
		return;
	s.name = str("CPU sample");
	s.stack = stack_of(x, ev, gt_event_stack(ev));
	put_point(x, &s);
}

static void
take_log(struct export *x, const struct gt_event *ev)
{
	struct slice s = { 0 };

	if (!lane_of(x, ev, &s))
		return;
	s.name = gt_event_string(ev, 1);
	s.reason = gt_event_string(ev, 2);
	s.stack = stack_of(x, ev, gt_event_stack(ev));
	put_point(x, &s);
}

/* What ends, and when it began. */
static void
take_end(struct export *x, const struct gt_event *ev)
{
	enum gt_kind kind = gt_event_kind(ev);
	struct slice s = { .to = ev->time - x->start, .m = ev->m, .p = ev->p, .g = ev->g };
	struct gt_range range;
	int64_t ns;

	if (!gt_event_lasted(ev, x->start, &ns))
		return;
	s.from = s.to - ns;
	if (kind == GT_K_TaskEnd) {
		s.group = LANES_TASKS;
		s.lane = ev->arg[0];
		s.name = ev->str;
	} else if (kind == GT_K_RegionEnd) {
		s.group = LANES_REGIONS;
		s.lane = (uint64_t)ev->g;
		s.name = gt_event_string(ev, 1);
	} else if ((ev->type == GT_EV_GCEnd || ev->type == GT_EV_STWEnd) && gt_event_range(ev, &range)) {
		s.group = LANES_GC;
		s.lane = ev->type == GT_EV_GCEnd ? LANE_GC : LANE_STW;
		/* One may be said to begin a little before the one before it is said to end. */
		s.from = s.from < x->ended[s.lane] ? x->ended[s.lane] : s.from;
		x->ended[s.lane] = s.to;
		s.name = str(range.name);
		s.reason = range.reason;
		name_lane(x, s.group, s.lane, str(s.lane == LANE_GC ? "GC" : "STW"));
	} else {
		return;
	}
	put_slice(x, &s);
}

static void
set_count(struct export *x, enum export_counter which, int64_t time, int64_t value)
{
	x->count[which] = value;
	x->known[which] = time < x->from;
	if (time >= x->from && time <= x->to)
		x->sink.form->count(&x->sink, which, time, value);
}

/* What counters are where what is wanted begins. */
static void
tell_counts(struct export *x)
{
	for (unsigned which = 0; which < EXPORT_COUNTERS; which++) {
		if (x->known[which])
			x->sink.form->count(&x->sink, which, x->from, x->count[which]);
		x->known[which] = false;
	}
}

static void
take_metric(struct export *x, const struct gt_event *ev)
{
	enum export_counter which = ev->type == GT_EV_HeapAlloc ? COUNT_HEAP : ev->type == GT_EV_HeapGoal ? COUNT_GOAL : COUNT_PROCS;

	set_count(x, which, ev->time - x->start, (int64_t)ev->arg[0]);
}

static void
take_changes(struct export *x, const struct gt_event *ev, const struct gt_change *ch, size_t n)
{
	static const uint8_t status[] = { [COUNT_RUNNING] = GT_G_RUNNING, [COUNT_RUNNABLE] = GT_G_RUNNABLE };

	for (unsigned which = COUNT_RUNNING; which <= COUNT_RUNNABLE; which++) {
		int64_t now = x->count[which];

		for (size_t i = 0; i < n; i++)
			if (ch[i].field == GT_CH_G_STATUS)
				now += (ch[i].to == status[which]) - (ch[i].from == status[which]);
		if (now != x->count[which])
			set_count(x, which, ev->time - x->start, now);
	}
}

static void
take_event(struct export *x, const struct gt_event *ev)
{
	switch (gt_event_kind(ev)) {
	case GT_K_StateTransition:
		take_wake(x, ev);
		break;
	case GT_K_StackSample:
		take_sample(x, ev);
		break;
	case GT_K_Log:
		take_log(x, ev);
		break;
	case GT_K_Metric:
		take_metric(x, ev);
		break;
	case GT_K_TaskEnd:
	case GT_K_RegionEnd:
	case GT_K_RangeEnd:
		take_end(x, ev);
		break;
	default:
		break;
	}
}

/* --- all of it --------------------------------------------------------------------------------- */

static void
export_free(struct export *x)
{
	for (unsigned g = 0; g < LANE_GROUPS; g++)
		idmap_free(&x->lane[g]);
	for (size_t i = 0; i < x->stacks.n; i++)
		free((char *)(uintptr_t)x->stacks.text[i].p);
	free(x->stacks.text);
	idmap_free(&x->stacks.at);
	idmap_free(&x->stacks.by_text);
	gt_gen_unref(x->stacks.gen);
	slots_free(&x->g_at);
	free(x->g);
	free(x->name.p);
	free(x->frames.p);
}

/* One event. False: no memory, or nothing can be written any more. */
static bool
take(struct export *x, struct gt_timeline *tl, struct gt_reader *r, const struct gt_event *ev)
{
	size_t n;
	const struct gt_change *ch = gt_reader_changes(r, &n);
	int64_t id;

	if (ev->n == 1)
		x->start = ev->time;
	if (ev->time - x->start >= x->from)
		tell_counts(x);
	learn(x, ev);
	if (!gt_timeline_event(tl, ev, ch, n, gt_reader_state(r)))
		x->nomem = true;
	take_event(x, ev);
	take_changes(x, ev, ch, n);
	if (gt_event_kind(ev) == GT_K_StateTransition && ev->to == GT_PRES_NotExist && gt_event_subject(ev, &id) == GT_G)
		slots_drop(&x->g_at, id);
	x->nomem = x->nomem || x->name.failed || x->frames.failed;
	return !x->nomem && !x->sink.out->failed;
}

/* Up to the first event behind what is wanted: what is open then was so at its end. */
static void
read_all(struct export *x, struct gt_reader *r, struct gt_timeline *tl)
{
	const struct gt_event *ev;

	gt_reader_log(r, true);
	while (gt_read(r, &ev) == GT_EVENT && take(x, tl, r, ev) && ev->time - x->start <= x->to)
		;
	if (!x->nomem)
		gt_timeline_end(tl);
}

bool
export_lanes(const struct sink_form *form, struct out *o, struct gt_reader *r, const struct export_how *how)
{
	struct export x = { .sink = { .form = form, .out = o }, .from = how->from, .to = how->to, .groups = how->groups,
		.name = { .fd = -1 }, .frames = { .fd = -1 } };
	struct gt_timeline *tl = gt_timeline_new(add_span, &x);
	bool ok = tl && form->begin(&x.sink);

	x.wakes = x.groups >> LANES_P & 1 ? LANES_P : x.groups >> LANES_G & 1 ? LANES_G : LANES_M;
	if (ok)
		read_all(&x, r, tl);
	if (x.sink.own)
		form->end(&x.sink);
	ok = ok && !x.nomem;
	gt_timeline_free(tl);
	export_free(&x);
	return ok;
}
