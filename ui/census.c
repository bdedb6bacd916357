/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See census.h. Times come from the spans of gt_timeline; what spans don't tell is taken from the events. */
#include "census.h"

#include <stdlib.h>
#include <string.h>

#include "fmt.h"
#include "idmap.h"

#define ASK 512
/* Instead of waits. */
#define GUEST UINT32_MAX
#define NEVER CENSUS_NEVER
/* The part of the room that is not for goroutines: for what those there are do; and of that, not for tasks either. */
#define SPARE(room) ((room) / 8)
#define SPARE_TASKS(room) ((room) / 32)
/* One part of the room in so many is for waits by stack. */
#define DELAYS 8

/* Of a goroutine that lives, or was heard of last as living. */
struct life {
	struct delay_open delay;
	uint32_t waits;  /* number of the reason it waits for; 0: none, or it does not */
	uint32_t region; /* the innermost region that is open, plus one */
	uint32_t next;   /* of the free ones, plus one */
};

struct open_region {
	uint32_t region, next; /* plus one; region 0: there was no room for its name; next: or of the free ones */
	int64_t began;
	uint64_t first;
};

/* A vector of any of them. */
#define VEC(type)                                                                                                      \
	struct {                                                                                                       \
		type *v;                                                                                               \
		size_t n, cap;                                                                                         \
	}

struct census {
	size_t room, used; /* bytes */
	uint64_t at; /* the next event */
	int64_t time;
	bool done;
	uint64_t left_out[CENSUS_KINDS];
	struct gt_timeline *tl;
	VEC(struct census_g) g;
	/* Goroutines that there is no room for, while they live, and what those did that are gone, by function. */
	VEC(struct census_g) guest;
	VEC(uint32_t) free_guest;
	VEC(struct census_group) gone;
	VEC(struct census_task) task;
	VEC(struct census_region) region;
	VEC(struct census_group) group;
	VEC(struct gt_str) name;
	VEC(struct census_wait) wait;
	VEC(struct open_region) open;
	VEC(struct life) life;
	uint32_t free_open, free_life; /* plus one */
	struct ranges ranges;
	struct delays *delays;
	struct transitions *transitions;
	/* Numbers of names: texts of a trace that are the same are mostly at the same place. */
	struct {
		struct gt_str name;
		uint32_t number;
	} recent[64];
	uint32_t last_g; /* plus one: the goroutine asked for last */
	int64_t start; /* time of the first event */
	gt_span_fn *watch;
	void *watch_arg;
	struct idmap g_at, guest_at, task_at, region_at, name_at, group_at, gone_at;
};

/* Bytes that may still be taken. */
static size_t
room_left(const struct census *c, size_t spare)
{
	return spare < c->room && c->used < c->room - spare ? c->room - c->used - spare : 0;
}

/* Spare for what must be there, and has room where there is none. */
#define MUST SIZE_MAX

/* Room for one more, if there is any: else it is as it was. Never much more than is needed: it is scarce. */
static void *
grow(struct census *c, void *v, size_t n, size_t *cap, size_t size, size_t spare)
{
	size_t most = spare == MUST ? SIZE_MAX / size : room_left(c, spare) / size, more = *cap < 64 ? 64 : *cap / 4;
	void *p;

	more = more < most ? more : most;
	p = n < *cap || !more || *cap + more > UINT32_MAX / 2 ? NULL : realloc(v, (*cap + more) * size);
	if (!p)
		return v;
	*cap += more;
	c->used += more * size;
	return p;
}

/* False: no memory, or no room for them. */
#define GROW_SPARE(c, vec, spare) ((vec).v = grow(c, (vec).v, (vec).n, &(vec).cap, sizeof *(vec).v, spare), (vec).n < (vec).cap)
#define GROW(c, vec) GROW_SPARE(c, vec, 0)

static bool
put(struct census *c, struct idmap *m, uint64_t key, uint32_t val, size_t spare)
{
	size_t more = idmap_more(m);

	if ((spare != MUST && more > room_left(c, spare)) || !idmap_put(m, key, val))
		return false;
	c->used += more;
	return true;
}

const char *
census_kind_name(enum census_kind k)
{
	static const char *const names[] = {
#define KIND(id, name, other, arg, what, enter) name,
#include "tables.def"
#undef KIND
	};

	return names[k];
}

/* --- names ----------------------------------------------------------------- */

static bool
same(struct gt_str a, struct gt_str b)
{
	return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

/* Of one that is not empty: see number_of. */
static uint32_t
find_number(struct census *c, struct gt_str s, size_t spare)
{
	uint64_t key = idmap_text(s.p, s.n, IDMAP_TEXT);
	uint32_t at;

	/* Two names of one hash are unlikely, and possible. */
	for (; (at = idmap_get(&c->name_at, key)) != IDMAP_NONE; key++)
		if (same(c->name.v[at], s))
			return at + 1;
	if (!GROW_SPARE(c, c->name, spare) || !put(c, &c->name_at, key, (uint32_t)c->name.n, spare))
		return 0;
	c->name.v[c->name.n++] = s;
	return (uint32_t)c->name.n;
}

/* The number of a name, from 1; 0 for the empty one and where there is no room. Names of functions and reasons are few. */
static uint32_t
number_of(struct census *c, struct gt_str s, size_t spare)
{
	size_t at = ((uintptr_t)s.p * 0x9e3779b97f4a7c15 >> 32) % (sizeof c->recent / sizeof *c->recent);

	if (!s.n)
		return 0;
	if (c->recent[at].name.p != s.p || c->recent[at].name.n != s.n || !c->recent[at].number) {
		c->recent[at].name = s;
		c->recent[at].number = find_number(c, s, spare);
	}
	return c->recent[at].number;
}

struct gt_str
census_name(const struct census *c, uint32_t func)
{
	return func && func <= c->name.n ? c->name.v[func - 1] : (struct gt_str){ NULL, 0 };
}

void
census_functions(const struct census *c, void (*fn)(void *arg, struct gt_str name), void *arg)
{
	bool *told = calloc(c->name.n + 1, sizeof *told);

	for (size_t i = 0; told && i < census_count(c, CENSUS_GOROUTINES); i++) {
		uint32_t func = census_g(c, i)->func;

		if (func && !told[func])
			fn(arg, census_name(c, func));
		told[func] = true;
	}
	free(told);
}

/* --- goroutines ---------------------------------------------------------------- */

/* One that there is no room for, among those that live; NULL: no memory. */
static struct census_g *
guest_of(struct census *c, const struct census_g *g)
{
	uint32_t at = idmap_get(&c->guest_at, (uint64_t)g->id);

	if (at != IDMAP_NONE)
		return &c->guest.v[at];
	if (!GROW_SPARE(c, c->guest, MUST) || !GROW_SPARE(c, c->free_guest, MUST))
		return NULL;
	at = c->free_guest.n ? c->free_guest.v[c->free_guest.n - 1] : (uint32_t)c->guest.n;
	if (!put(c, &c->guest_at, (uint64_t)g->id, at, MUST))
		return NULL;
	if (c->free_guest.n)
		c->free_guest.n--;
	else
		c->guest.n++;
	c->left_out[CENSUS_GOROUTINES]++;
	c->guest.v[at] = *g;
	c->guest.v[at].waits = GUEST;
	return &c->guest.v[at];
}

/* Once one had no room, none has that comes later: all that created one of those that are there are there. */
static struct census_g *
g_of(struct census *c, int64_t id, uint64_t first)
{
	struct census_g g = { .id = id, .first = first, .assists = NEVER, .created = NEVER, .ended = NEVER };
	size_t spare = SPARE(c->room);
	uint32_t at;

	if (id == GT_NONE)
		return NULL;
	/* What it is asked for is mostly the one of a little before: an event tells of it, and ends a span. */
	if (c->last_g && c->g.v[c->last_g - 1].id == id)
		return &c->g.v[c->last_g - 1];
	at = idmap_get(&c->g_at, (uint64_t)id);
	c->last_g = at == IDMAP_NONE ? c->last_g : at + 1;

	if (at != IDMAP_NONE)
		return &c->g.v[at];
	if (c->left_out[CENSUS_GOROUTINES] || !GROW_SPARE(c, c->g, spare) || !put(c, &c->g_at, (uint64_t)id, (uint32_t)c->g.n, spare))
		return guest_of(c, &g);
	c->g.v[c->g.n] = g;
	return &c->g.v[c->g.n++];
}

static bool
is_guest(const struct census_g *g)
{
	return g->waits == GUEST;
}

static void
add_to_group(struct census_group *to, const struct census_group *more)
{
	to->first = more->first < to->first ? more->first : to->first;
	to->count += more->count;
	to->running += more->running;
	to->runnable += more->runnable;
	to->waiting += more->waiting;
	to->syscall += more->syscall;
	to->assist += more->assist;
}

static struct census_group
group_of_one(const struct census_g *g)
{
	return (struct census_group){ .func = g->func, .count = 1, .first = g->first, .running = g->running, .runnable = g->runnable,
		.waiting = g->waiting, .syscall = g->syscall, .assist = g->assist };
}

static void
add_gone(struct census *c, const struct census_group *more)
{
	uint32_t at = idmap_get(&c->gone_at, more->func);

	if (at != IDMAP_NONE)
		add_to_group(&c->gone.v[at], more);
	else if (GROW_SPARE(c, c->gone, MUST) && put(c, &c->gone_at, more->func, (uint32_t)c->gone.n, MUST))
		c->gone.v[c->gone.n++] = *more;
}

/* What is known of one that lives; NULL: no memory. Valid until the next one is asked for. */
static struct life *
life_of(struct census *c, struct census_g *g)
{
	uint32_t at = g->life ? g->life : c->free_life;

	if (!at && !GROW_SPARE(c, c->life, MUST))
		return NULL;
	if (!g->life) {
		c->free_life = at ? c->life.v[at - 1].next : 0;
		g->life = at ? at : (uint32_t)++c->life.n;
		c->life.v[g->life - 1] = (struct life){ .region = 0 };
	}
	return &c->life.v[g->life - 1];
}

/* Its place is free, and those of the regions it had open, which end with it. */
static void
drop_life(struct census *c, struct census_g *g)
{
	struct life *life = g->life ? &c->life.v[g->life - 1] : NULL;

	while (life && life->region) {
		struct open_region *o = &c->open.v[life->region - 1];
		uint32_t next = o->next;

		o->next = c->free_open;
		c->free_open = life->region;
		life->region = next;
	}
	if (!life)
		return;
	life->next = c->free_life;
	c->free_life = g->life;
	g->life = 0;
}

/*
 * After an event with which one went that there is no room for: all it did is known. Of threads that call into Go the IDs come
 * again, and are no more than were in use at a time: they stay, so as to be counted once.
 */
static void
forget_guest(struct census *c, const struct gt_event *ev)
{
	int64_t id = GT_NONE;
	struct census_group did;
	uint32_t at;

	if (!c->guest.n || ev->to != GT_PRES_NotExist || ev->type == GT_EV_GoDestroySyscall || gt_event_subject(ev, &id) != GT_G ||
		gt_event_kind(ev) != GT_K_StateTransition)
		return;
	at = idmap_get(&c->guest_at, (uint64_t)id);
	if (at == IDMAP_NONE)
		return;
	did = group_of_one(&c->guest.v[at]);
	add_gone(c, &did);
	drop_life(c, &c->guest.v[at]);
	c->guest.v[at].id = GT_NONE;
	idmap_del(&c->guest_at, (uint64_t)id);
	c->free_guest.v[c->free_guest.n++] = at;
}

static void
add_wait(struct census *c, struct census_g *g, const struct gt_span *s, int64_t ns)
{
	uint32_t name = number_of(c, s->reason, MUST);

	for (uint32_t i = g->waits; i; i = c->wait.v[i - 1].next)
		if (c->wait.v[i - 1].name == name) {
			c->wait.v[i - 1].ns += ns;
			return;
		}
	if (!GROW(c, c->wait))
		return;
	c->wait.v[c->wait.n++] = (struct census_wait){ s->reason, ns, name, g->waits };
	g->waits = (uint32_t)c->wait.n;
}

static void
take_span(void *arg, const struct gt_span *s)
{
	struct census *c = arg;
	struct census_g *g = s->res == GT_G ? g_of(c, s->id, s->first) : NULL;
	int64_t ns = s->to > s->from ? s->to - s->from : 0;

	if (c->watch)
		c->watch(c->watch_arg, s);
	if (!g)
		return;
	switch (s->state) {
	case GT_LANE_RUNNING:
		g->running += ns;
		break;
	case GT_LANE_RUNNABLE:
		g->runnable += ns;
		break;
	case GT_LANE_SYSCALL:
		g->syscall += ns;
		break;
	case GT_LANE_WAITING:
		g->waiting += ns;
		if (!is_guest(g))
			add_wait(c, g, s, ns);
		break;
	default:
		break;
	}
}

/* The outermost function of a stack, which is where a goroutine began. */
static uint32_t
start_of(struct census *c, const struct gt_event *ev, uint64_t stack)
{
	static const struct gt_str none;
	struct gt_frame *frames = stack && ev->gen ? malloc(GT_MAXFRAMES * sizeof *frames) : NULL;
	int n = frames ? gt_gen_stack(ev->gen, stack, frames) : 0;
	uint32_t name = number_of(c, n > 0 ? frames[n - 1].func : none, MUST);

	free(frames);
	return name;
}

/* Some IDs come again, of threads that call into Go: who created the first goroutine, and when, counts. */
static void
take_life(struct census_g *g, uint32_t creator, const struct gt_event *ev)
{
	if (ev->from == GT_PRES_Undetermined && g->first == ev->n)
		g->before = ev->to;
	if (ev->to == GT_PRES_NotExist)
		g->ended = ev->time;
	if (ev->from != GT_PRES_NotExist)
		return;
	if (g->first != ev->n) {
		g->ended = CENSUS_AGAIN;
		return;
	}
	g->creator = creator;
	g->created = ev->time;
}

/* Of the goroutine of the context. */
static uint32_t
creator_at(struct census *c, const struct gt_event *ev)
{
	const struct census_g *g = g_of(c, ev->g, ev->n);

	return g && !is_guest(g) ? (uint32_t)(g - c->g.v) + 1 : CENSUS_NOBODY;
}

static void
add_transition(struct census *c, const struct census_g *g, struct life *life, const struct gt_event *ev, struct gt_str reason)
{
	struct transition kind = { .func = g->func, .from = ev->from, .to = ev->to };
	bool told = ev->from != GT_PRES_Undetermined && ev->from != GT_PRES_NotExist;
	int64_t ns = fmt_minus(ev->time, ev->since == GT_BEFORE ? c->start : ev->since);

	kind.reason = ev->from == GT_PRES_Waiting ? life->waits : number_of(c, reason, MUST);
	life->waits = ev->to == GT_PRES_Waiting ? kind.reason : 0;
	/* As gt_event_lasted has it, of a goroutine. */
	transitions_add(c->transitions, &kind, ev->n, !told ? -1 : ns > 0 ? ns : 0);
}

/* One that is gone may come again by its ID, and begins anew. */
static void
take_transition(struct census *c, struct census_g *g, const struct gt_event *ev)
{
	struct gt_str reason = { NULL, 0 };
	struct life *life = life_of(c, g);

	if (!life)
		return;
	if ((ev->type == GT_EV_GoBlock || ev->type == GT_EV_GoStop) && ev->gen)
		gt_gen_string(ev->gen, ev->arg[0], &reason);
	delays_event(c->delays, &life->delay, ev, reason);
	/* Not of a status that is told again. */
	if (ev->from != ev->to)
		add_transition(c, g, life, ev, reason);
	if (ev->to == GT_PRES_NotExist)
		drop_life(c, g);
}

static void
take_g(struct census *c, const struct gt_event *ev)
{
	int64_t id = GT_NONE;
	enum gt_res subject = gt_event_subject(ev, &id);
	struct census_g *g;

	if (gt_event_kind(ev) == GT_K_StateTransition && subject == GT_G) {
		bool made = ev->from == GT_PRES_NotExist;
		uint32_t creator = made ? creator_at(c, ev) : 0;

		g = g_of(c, id, ev->n);
		if (g)
			take_life(g, creator, ev);
		if (g && !g->func)
			g->func = start_of(c, ev, made ? gt_event_new_stack(ev) : id == ev->g || ev->type == GT_EV_GoStatusStack
				? gt_event_stack(ev) : 0);
		if (g)
			take_transition(c, g, ev);
		return;
	}
	g = ev->g != GT_NONE ? g_of(c, ev->g, ev->n) : NULL;
	if (!g)
		return;
	if (!g->func && gt_event_kind(ev) != GT_K_StackSample)
		g->func = start_of(c, ev, gt_event_stack(ev));
}

static void
take_assist(struct census *c, const struct gt_event *ev)
{
	bool active = ev->type == GT_EV_GCMarkAssistActive;
	struct census_g *g = g_of(c, active ? (int64_t)ev->arg[0] : ev->g, ev->n);

	if (!g)
		return;
	if (ev->type != GT_EV_GCMarkAssistEnd) {
		if (g->assists == NEVER)
			g->assists = ev->time;
	} else if (g->assists != NEVER) {
		g->assist += ev->time - g->assists;
		g->assists = NEVER;
	}
}

/* --- tasks and regions ------------------------------------------------------------- */

/* One that is not there yet began before the trace, unless that is told now. NULL: no room, or it is no task. */
static struct census_task *
task_of(struct census *c, uint64_t id, const struct gt_event *ev)
{
	uint32_t at = idmap_get(&c->task_at, id);
	bool begins = ev->type == GT_EV_UserTaskBegin;
	size_t spare = SPARE_TASKS(c->room);

	if (at != IDMAP_NONE)
		return &c->task.v[at];
	/* Where some had no room this may be one of those. */
	if (!begins && (!id || id == GT_NO_TASK || c->left_out[CENSUS_TASKS]))
		return NULL;
	if (!GROW_SPARE(c, c->task, spare) || !put(c, &c->task_at, id, (uint32_t)c->task.n, spare)) {
		c->left_out[CENSUS_TASKS]++;
		return NULL;
	}
	c->task.v[c->task.n] = (struct census_task){ .id = id, .parent = GT_NO_TASK, .first = ev->n, .began = NEVER };
	return &c->task.v[c->task.n++];
}

static void
take_task(struct census *c, const struct gt_event *ev)
{
	struct census_task *t = task_of(c, ev->arg[0], ev);

	if (!t)
		return;
	if (ev->type == GT_EV_UserTaskBegin && t->began == NEVER && !t->last) {
		t->parent = ev->arg[1];
		t->name = gt_event_string(ev, 2);
		t->first = ev->n;
		t->began = ev->time;
	} else if (ev->type == GT_EV_UserTaskEnd && !t->last) {
		t->last = ev->n;
		t->ended = ev->time;
	}
}

static uint32_t
region_of(struct census *c, struct gt_str name)
{
	uint32_t n = number_of(c, name, 0), at = n || !name.n ? idmap_get(&c->region_at, n) : IDMAP_NONE;

	if (at != IDMAP_NONE)
		return at + 1;
	if ((!n && name.n) || !GROW(c, c->region) || !put(c, &c->region_at, n, (uint32_t)c->region.n, 0)) {
		c->left_out[CENSUS_REGIONS] = CENSUS_SOME;
		return 0;
	}
	c->region.v[c->region.n++] = (struct census_region){ .name = name };
	return (uint32_t)c->region.n;
}

static void
begin_region(struct census *c, struct census_g *g, const struct gt_event *ev)
{
	uint32_t region = region_of(c, gt_event_string(ev, 1)), at = c->free_open;
	struct census_task *t = task_of(c, ev->arg[0], ev);
	struct life *life = life_of(c, g);

	if (t)
		t->regions++;
	if (!life)
		return;
	if (at)
		c->free_open = c->open.v[at - 1].next;
	else if (GROW_SPARE(c, c->open, MUST))
		at = (uint32_t)++c->open.n;
	else
		return;
	if (region)
		c->region.v[region - 1].open++;
	c->open.v[at - 1] = (struct open_region){ region, life->region, ev->time, ev->n };
	life->region = at;
}

static void
add_region(struct census_region *r, const struct open_region *o, int64_t ns)
{
	r->open--;
	if (!r->count || ns < r->least)
		r->least = ns;
	if (!r->count || ns > r->most) {
		r->most = ns;
		r->longest = o->first;
	}
	r->count++;
	r->total += ns;
}

/* One that began before the trace. */
static void
end_from_before(struct census *c, const struct gt_event *ev)
{
	uint32_t region = region_of(c, gt_event_string(ev, 1));
	struct census_task *t = task_of(c, ev->arg[0], ev);

	if (region)
		c->region.v[region - 1].before++;
	if (t)
		t->regions++;
}

static void
end_region(struct census *c, struct census_g *g, const struct gt_event *ev)
{
	struct life *life = g->life ? &c->life.v[g->life - 1] : NULL;
	uint32_t at = life ? life->region : 0;
	struct open_region *o = at ? &c->open.v[at - 1] : NULL;

	if (ev->since == GT_BEFORE)
		end_from_before(c, ev);
	if (!o)
		return;
	if (o->region)
		add_region(&c->region.v[o->region - 1], o, ev->time - o->began);
	life->region = o->next;
	o->next = c->free_open;
	c->free_open = at;
}

static void
take_user(struct census *c, const struct gt_event *ev)
{
	struct census_g *g = ev->g != GT_NONE ? g_of(c, ev->g, ev->n) : NULL;
	struct census_task *t;

	switch (ev->type) {
	case GT_EV_UserTaskBegin:
	case GT_EV_UserTaskEnd:
		take_task(c, ev);
		break;
	case GT_EV_UserRegionBegin:
		if (g)
			begin_region(c, g, ev);
		break;
	case GT_EV_UserRegionEnd:
		if (g)
			end_region(c, g, ev);
		break;
	case GT_EV_UserLog:
		t = task_of(c, ev->arg[0], ev);
		if (t)
			t->logs++;
		break;
	case GT_EV_GCMarkAssistActive:
	case GT_EV_GCMarkAssistBegin:
	case GT_EV_GCMarkAssistEnd:
		take_assist(c, ev);
		break;
	default:
		break;
	}
}

static void
take_range(struct census *c, const struct gt_event *ev)
{
	size_t was = c->ranges.bytes;

	ranges_take(&c->ranges, ev, room_left(c, 0));
	c->used += c->ranges.bytes - was;
}

/* --- reading ------------------------------------------------------------------------- */

struct reading {
	struct census *c;
	bool (*stop)(void *arg);
	void *arg;
	bool stopped, starved;
};

bool
census_take(struct census *c, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	bool timed;

	if (!c->tl && !(c->tl = gt_timeline_new(take_span, c)))
		return false;
	if (c->at == 1)
		c->start = ev->time;
	c->at = ev->n + 1;
	c->time = ev->time;
	take_g(c, ev);
	take_user(c, ev);
	take_range(c, ev);
	timed = gt_timeline_event(c->tl, ev, ch, nch, after);
	forget_guest(c, ev);
	return timed;
}

static bool
take(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct reading *r = arg;

	r->starved = !census_take(r->c, ev, ch, nch, after);
	r->stopped = ev->n % ASK == 0 && r->stop(r->arg);
	return !r->stopped && !r->starved;
}

static void
end_assist(const struct census *c, struct census_g *g)
{
	if (g->assists != NEVER)
		g->assist += c->time - g->assists;
}

void
census_finish(struct census *c)
{
	if (c->tl)
		gt_timeline_end(c->tl);
	gt_timeline_free(c->tl);
	c->tl = NULL;
	for (size_t i = 0; i < c->g.n; i++)
		end_assist(c, &c->g.v[i]);
	for (size_t i = 0; i < c->guest.n; i++)
		end_assist(c, &c->guest.v[i]);
	c->done = true;
}

/* There is no memory to read on: of all kinds there may be more, and more of each. */
static void
leave_rest(struct census *c)
{
	for (int k = 0; k < CENSUS_KINDS; k++)
		c->left_out[k] = CENSUS_SOME;
	c->ranges.crowded = true;
}

bool
census_work(struct census *c, struct gt_nav *nav, bool more, bool (*stop)(void *arg), void *arg)
{
	struct reading r = { .c = c, .stop = stop, .arg = arg };

	if (c->done)
		return false;
	gt_nav_each(nav, c->at, SIZE_MAX, take, &r);
	r.starved |= !r.stopped && gt_nav_starved(nav);
	if (r.starved)
		leave_rest(c);
	if (r.starved || (!r.stopped && !more))
		census_finish(c);
	return !c->done;
}

/* --- groups ------------------------------------------------------------------------------ */

static void
add_group(struct census *c, const struct census_group *more)
{
	uint32_t at = idmap_get(&c->group_at, more->func);

	if (at != IDMAP_NONE)
		add_to_group(&c->group.v[at], more);
	else if (GROW_SPARE(c, c->group, MUST) && put(c, &c->group_at, more->func, (uint32_t)c->group.n, MUST))
		c->group.v[c->group.n++] = *more;
}

static void
add_goroutine(struct census *c, const struct census_g *g)
{
	struct census_group one = group_of_one(g);

	if (g->id != GT_NONE)
		add_group(c, &one);
}

static int
compare_groups(const void *a, const void *b)
{
	const struct census_group *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->func > y->func) - (x->func < y->func);
}

void
census_regroup(struct census *c)
{
	c->group.n = 0;
	c->used -= c->group_at.size * sizeof *c->group_at.slot;
	idmap_free(&c->group_at);
	for (size_t i = 0; i < c->g.n; i++)
		add_goroutine(c, &c->g.v[i]);
	for (size_t i = 0; i < c->guest.n; i++)
		add_goroutine(c, &c->guest.v[i]);
	for (size_t i = 0; i < c->gone.n; i++)
		add_group(c, &c->gone.v[i]);
	/* As they appear, whoever of them had room. */
	if (c->group.n)
		qsort(c->group.v, c->group.n, sizeof *c->group.v, compare_groups);
}

/* --- transitions ------------------------------------------------------------------------- */

/* Whose are meant. */
struct asked {
	const struct census *c;
	struct gt_str of;
	bool exact;
};

static bool
is_asked(void *arg, uint32_t func)
{
	const struct asked *a = arg;
	struct gt_str name = census_name(a->c, func);

	if (a->exact)
		return same(name, a->of);
	for (size_t i = 0; i + a->of.n <= name.n; i++)
		if (!a->of.n || !memcmp(name.p + i, a->of.p, a->of.n))
			return true;
	return !a->of.n;
}

/* Whether a start function has just that name. */
static bool
is_name(const struct census *c, struct gt_str s)
{
	for (size_t i = 0; s.n && i < c->g.n; i++)
		if (same(census_name(c, c->g.v[i].func), s))
			return true;
	for (size_t i = 0; s.n && i < c->gone.n; i++)
		if (same(census_name(c, c->gone.v[i].func), s))
			return true;
	return false;
}

const struct transitions *
census_transitions(struct census *c, struct gt_str of)
{
	struct asked a = { c, of, is_name(c, of) };

	transitions_sum(c->transitions, is_asked, &a);
	return c->transitions;
}

size_t
census_of(const struct census *c, struct gt_str of, int64_t *id, size_t cap)
{
	struct asked a = { c, of, is_name(c, of) };
	size_t n = 0;

	for (size_t i = 0; i < c->g.n; i++) {
		if (!is_asked(&a, c->g.v[i].func))
			continue;
		if (n < cap)
			id[n] = c->g.v[i].id;
		n++;
	}
	return n;
}

const struct transitions *
census_summed(const struct census *c)
{
	return c->transitions;
}

/* --- life ---------------------------------------------------------------------------------- */

struct census *
census_new(size_t room)
{
	struct census *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	*c = (struct census){ .room = room - room / DELAYS, .at = 1, .delays = delays_new(room / DELAYS),
		.transitions = transitions_new() };
	if (c->delays && c->transitions)
		return c;
	census_free(c);
	return NULL;
}

void
census_watch(struct census *c, gt_span_fn *fn, void *arg)
{
	c->watch = fn;
	c->watch_arg = arg;
}

void
census_clear(struct census *c)
{
	gt_timeline_free(c->tl);
	free(c->g.v);
	free(c->guest.v);
	free(c->free_guest.v);
	free(c->gone.v);
	free(c->task.v);
	free(c->region.v);
	free(c->group.v);
	free(c->name.v);
	free(c->wait.v);
	free(c->open.v);
	free(c->life.v);
	idmap_free(&c->g_at);
	idmap_free(&c->guest_at);
	idmap_free(&c->gone_at);
	idmap_free(&c->task_at);
	idmap_free(&c->region_at);
	idmap_free(&c->name_at);
	idmap_free(&c->group_at);
	ranges_free(&c->ranges);
	if (c->delays)
		delays_clear(c->delays);
	if (c->transitions)
		transitions_clear(c->transitions);
	*c = (struct census){ .room = c->room, .at = 1, .delays = c->delays, .transitions = c->transitions,
		.watch = c->watch, .watch_arg = c->watch_arg };
}

void
census_free(struct census *c)
{
	if (!c)
		return;
	census_clear(c);
	delays_free(c->delays);
	transitions_free(c->transitions);
	free(c);
}

/* --- what there is ----------------------------------------------------------------------------- */

bool
census_done(const struct census *c)
{
	return c->done;
}

uint64_t
census_events(const struct census *c)
{
	return c->at - 1;
}

uint64_t
census_left_out(const struct census *c, enum census_kind k)
{
	if (k == CENSUS_WAITS)
		return delays_are_short(c->delays) ? CENSUS_SOME : c->left_out[k];
	if (k == CENSUS_RANGES || (k == CENSUS_LONGEST && c->ranges.crowded))
		return c->ranges.crowded ? CENSUS_SOME : 0;
	return k == CENSUS_LONGEST ? c->ranges.shorter : c->left_out[k];
}

size_t
census_count(const struct census *c, enum census_kind k)
{
	const size_t n[CENSUS_KINDS] = { c->g.n, c->group.n, c->task.n, c->region.n, c->ranges.nkind, c->ranges.none,
		delays_count(c->delays), transitions_count(c->transitions) };

	return n[k];
}

const struct census_g *
census_g(const struct census *c, size_t i)
{
	return &c->g.v[i];
}

const struct census_group *
census_group(const struct census *c, size_t i)
{
	return &c->group.v[i];
}

const struct census_task *
census_task(const struct census *c, size_t i)
{
	return &c->task.v[i];
}

const struct census_region *
census_region(const struct census *c, size_t i)
{
	return &c->region.v[i];
}

const struct range_kind *
census_range(const struct census *c, size_t i)
{
	return &c->ranges.kind[i];
}

uint64_t
census_regions(const struct census_region *r)
{
	return r->count + r->open + r->before;
}

const struct range_one *
census_longest(const struct census *c, size_t i)
{
	return &c->ranges.one[i];
}

const struct delays *
census_delays(const struct census *c)
{
	return c->delays;
}

const struct census_g *
census_find(const struct census *c, int64_t id)
{
	uint32_t at = idmap_get(&c->g_at, (uint64_t)id);

	return at != IDMAP_NONE ? &c->g.v[at] : NULL;
}

const struct census_g *
census_creator(const struct census *c, const struct census_g *g)
{
	return g->creator && g->creator != CENSUS_NOBODY ? &c->g.v[g->creator - 1] : NULL;
}

/* They are in the order in which they appear. */
const struct census_g *
census_sibling(const struct census *c, const struct census_g *g, bool back)
{
	size_t i = (size_t)(g - c->g.v);

	if (!census_creator(c, g))
		return NULL;
	while (back ? i-- > 0 : ++i < c->g.n)
		if (c->g.v[i].creator == g->creator)
			return &c->g.v[i];
	return NULL;
}

const struct census_g *
census_longest_child(const struct census *c, const struct census_g *g)
{
	uint32_t creator = (uint32_t)(g - c->g.v) + 1;
	const struct census_g *longest = NULL;

	for (size_t i = creator; i < c->g.n; i++) {
		const struct census_g *child = &c->g.v[i];

		if (child->creator == creator && (!longest || census_lived(c, child) > census_lived(c, longest)))
			longest = child;
	}
	return longest;
}

bool
census_ended(const struct census_g *g)
{
	return g->ended != NEVER && g->ended != CENSUS_AGAIN;
}

/* All that it did, if that is all known. */
int64_t
census_lived(const struct census *c, const struct census_g *g)
{
	if (g->created != NEVER && g->ended == NEVER)
		return fmt_minus(c->time, g->created);
	return g->running + g->runnable + g->waiting + g->syscall;
}

const struct census_wait *
census_waits(const struct census *c, const struct census_g *g, const struct census_wait *w)
{
	uint32_t next = w ? w->next : g->waits;

	return next ? &c->wait.v[next - 1] : NULL;
}
