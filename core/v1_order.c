/* SPDX-License-Identifier: MIT */
/*
 * The events of an old trace in one order: of the next events of all Ps that may come now, the earliest. Whether one may
 * come depends on one goroutine: its status, and a number that each event which makes it run or runnable counts up.
 *
 * The reference asks all Ps again after each event. Here those that wait are found by what they wait for, so that many
 * of them cost nothing; they go on in the order in which it would come to them, which decides among equal times.
 */
#include "v1.h"

#include "sort.h"

#include <stdlib.h>
#include <string.h>

/* --- what an event asks of a goroutine ------------------------------------------------ */

enum status { DEAD, RUNNABLE, RUNNING, WAITING };

#define NO_SEQ UINT64_MAX            /* before: any; after: as it was */
#define SEQ_INC (UINT64_MAX - 1)     /* after: one more */
#define NO_G UINT64_MAX              /* not any goroutine: nothing is asked */
#define THE_GC (UINT64_MAX - 1)      /* stands for the collector */

struct status_seq {
	uint64_t seq;
	enum status status;
};

struct need {
	uint64_t g;
	struct status_seq before, after;
};

/* arg: the first two arguments. */
static struct need
need_of(uint8_t type, uint64_t g, const uint64_t arg[2])
{
	switch (v1_spec(type)->step) {
	case V1_STEP_CREATE:
		return (struct need){ arg[0], { 0, DEAD }, { 1, RUNNABLE } };
	case V1_STEP_PARKED:
		return (struct need){ g, { 1, RUNNABLE }, { 2, WAITING } };
	case V1_STEP_START:
		return (struct need){ g, { arg[1], RUNNABLE }, { arg[1] + 1, RUNNING } };
	case V1_STEP_START_HERE:
		return (struct need){ g, { NO_SEQ, RUNNABLE }, { SEQ_INC, RUNNING } };
	case V1_STEP_BLOCK:
		return (struct need){ g, { NO_SEQ, RUNNING }, { NO_SEQ, WAITING } };
	case V1_STEP_YIELD:
		return (struct need){ g, { NO_SEQ, RUNNING }, { NO_SEQ, RUNNABLE } };
	case V1_STEP_WAKE:
		return (struct need){ arg[0], { arg[1], WAITING }, { arg[1] + 1, RUNNABLE } };
	case V1_STEP_WAKE_HERE:
		return (struct need){ arg[0], { NO_SEQ, WAITING }, { SEQ_INC, RUNNABLE } };
	case V1_STEP_GC:
		return (struct need){ THE_GC, { arg[0], DEAD }, { arg[0] + 1, DEAD } };
	default:
		return (struct need){ .g = NO_G };
	}
}

/* --- the Ps ------------------------------------------------------------------------------ */

struct proc {
	struct v1_pid *pid;       /* NULL: no batches */
	const uint8_t *at, *to;   /* what is left of the batch that is loaded */
	int64_t time;             /* of the last event of it */
	uint64_t g;               /* running */
	uint64_t arg[2];          /* of the next event */
	struct v1_event ev;       /* the next event */
	uint32_t index;           /* its index in the batch, and one */
	uint32_t sample, samples; /* those to come first */
	uint32_t pos;             /* in merge.open */
	uint32_t waiter;          /* the next in the same list of waiting ones */
	bool over;
};

struct merge {
	struct v1_parse *x;
	struct proc *proc;
	uint32_t *open;  /* Ps whose next event is not in the frontier */
	size_t nproc, nopen;
	struct keyed *heap; /* the frontier */
	size_t nheap;
	struct map waiting; /* from what is waited for to the first of a list */
	uint32_t *ready;    /* those that may go on now */
	size_t nready;
	struct map gs;
	struct status_seq *g;
	size_t ng, cg;
};

static bool
no_memory(struct merge *o)
{
	return v1_refuse(o->x->v, NULL, GT_E_NOMEM, 0, 0, 0);
}

/* The next event of the batch that is loaded, which is known to be good. */
static bool
next_in_batch(struct merge *o, struct proc *p)
{
	struct gt_error err;
	struct v1_scan s = o->x->scan;
	struct v1_raw raw;

	s.p = p->at;
	s.err = &err;
	while (s.p < p->to) {
		v1_next(&s, false, &raw);
		p->index++;
		if (v1_take(&raw, p->pid->pid, &p->time, &p->g, &p->ev)) {
			p->ev.off = (uint64_t)(raw.at - s.t->bytes);
			p->ev.index = p->index - 1;
			p->arg[0] = v1_arg(&raw, 0);
			p->arg[1] = v1_arg(&raw, 1);
			p->at = s.p;
			return true;
		}
	}
	p->at = p->to;
	return false;
}

/* Makes the next event of a P known, or p->over true. False: there is a mistake. */
static bool
next_event(struct merge *o, struct proc *p)
{
	if (p->sample < p->samples) {
		p->ev = o->x->sample[p->sample++];
		return true;
	}
	while (!next_in_batch(o, p)) {
		enum v1_got got = p->pid ? v1_load(o->x, p->pid, &p->at, &p->to, &p->time, &p->g) : V1_END;

		p->index = 0;
		if (got == V1_BAD)
			return false;
		if (got == V1_END) {
			p->over = true;
			return true;
		}
	}
	return true;
}

static struct need
need(const struct proc *p)
{
	return need_of(p->ev.type, p->ev.g, p->arg);
}

static struct status_seq
now(const struct merge *o, uint64_t g)
{
	uint32_t at = map_get(&o->gs, g);

	return at == MAP_NONE ? (struct status_seq){ 0, DEAD } : o->g[at];
}

static bool
may_come(const struct merge *o, const struct need *n)
{
	struct status_seq is = n->g == NO_G ? n->before : now(o, n->g);

	return n->before.status == is.status && (n->before.seq == NO_SEQ || n->before.seq == is.seq);
}

/* --- waiting ------------------------------------------------------------------------------- */

static uint64_t
waiting_key(uint64_t g, struct status_seq s)
{
	uint64_t h = g * UINT64_C(0xff51afd7ed558ccd) ^ s.seq;

	h = (h ^ h >> 32) * UINT64_C(0xc4ceb9fe1a85ec53) ^ s.status;
	return h ^ h >> 29;
}

/* There is room in the map for all Ps: this does not fail. */
static void
put_waiting(struct merge *o, uint64_t key, uint32_t i)
{
	uint32_t first = map_get(&o->waiting, key);

	if (first != MAP_NONE)
		map_del(&o->waiting, key);
	o->proc[i].waiter = first;
	map_add(&o->waiting, key, i);
}

static void
wait_for(struct merge *o, uint32_t i)
{
	struct need n = need(&o->proc[i]);

	put_waiting(o, waiting_key(n.g, n.before), i);
}

/* All that wait for g to be just so are ready. */
static void
wake(struct merge *o, uint64_t g, struct status_seq s)
{
	uint64_t key = waiting_key(g, s);
	uint32_t i = map_get(&o->waiting, key), next;

	if (i == MAP_NONE)
		return;
	map_del(&o->waiting, key);
	for (; i != MAP_NONE; i = next) {
		struct need n = need(&o->proc[i]);

		next = o->proc[i].waiter;
		if (n.g == g && n.before.seq == s.seq && n.before.status == s.status)
			o->ready[o->nready++] = i;
		else
			put_waiting(o, key, i); /* another with the same key */
	}
}

/* --- the frontier ----------------------------------------------------------------------------- */

/* The reference's heap (that of Go's container/heap), step for step: it decides among equal times. */

static void
heap_push(struct merge *o, uint32_t i)
{
	struct keyed *h = o->heap;
	size_t j = o->nheap++;

	h[j] = (struct keyed){ o->proc[i].ev.time, i };
	while (j > 0 && h[j].key < h[(j - 1) / 2].key) {
		struct keyed t = h[j];

		h[j] = h[(j - 1) / 2];
		h[(j - 1) / 2] = t;
		j = (j - 1) / 2;
	}
}

static uint32_t
heap_pop(struct merge *o)
{
	struct keyed *h = o->heap, top = h[0];
	size_t n = --o->nheap, i = 0;

	h[0] = h[n];
	for (;;) {
		size_t j = 2 * i + 1;
		struct keyed t;

		if (j >= n)
			break;
		if (j + 1 < n && h[j + 1].key < h[j].key)
			j++;
		if (h[j].key >= h[i].key)
			break;
		t = h[i];
		h[i] = h[j];
		h[j] = t;
		i = j;
	}
	return top.i;
}

/* Takes a P out of the open ones; the last of them takes its place. */
static void
close_proc(struct merge *o, uint32_t i)
{
	uint32_t last = o->open[--o->nopen];

	o->open[o->proc[i].pos] = last;
	o->proc[last].pos = o->proc[i].pos;
	if (!o->proc[i].over)
		heap_push(o, i);
}

struct at_pos {
	uint32_t pos, i;
};

static int
compare_pos(const void *a, const void *b)
{
	const struct at_pos *x = a, *y = b;

	return (x->pos > y->pos) - (x->pos < y->pos);
}

/*
 * The ready ones go to the frontier, as they stand among the open ones: but where the last takes the place of one, it
 * comes next.
 */
static bool
close_ready(struct merge *o)
{
	size_t lo = 0, hi = o->nready;
	struct at_pos *v;

	if (o->nready == 1)
		close_proc(o, o->ready[0]);
	if (o->nready < 2)
		return true;
	v = malloc(o->nready * sizeof(*v));
	if (!v)
		return no_memory(o);
	for (size_t i = 0; i < o->nready; i++)
		v[i] = (struct at_pos){ o->proc[o->ready[i]].pos, o->ready[i] };
	qsort(v, o->nready, sizeof(*v), compare_pos);
	while (lo < hi) {
		bool last;

		close_proc(o, v[lo++].i);
		do {
			last = lo < hi && v[hi - 1].pos == o->nopen;
			if (last)
				close_proc(o, v[--hi].i);
		} while (last);
	}
	free(v);
	return true;
}

/* --- the merge ------------------------------------------------------------------------------------ */

/* The first look at all Ps. */
static bool
open_all(struct merge *o)
{
	for (uint32_t i = 0; i < o->nproc; i++) {
		o->open[i] = i;
		o->proc[i].pos = i;
	}
	o->nopen = o->nproc;
	for (size_t i = 0; i < o->nopen;) {
		struct proc *p = &o->proc[o->open[i]];
		struct need n;

		if (!next_event(o, p))
			return false;
		n = need(p);
		if (p->over || may_come(o, &n)) {
			close_proc(o, o->open[i]);
		} else {
			wait_for(o, o->open[i]);
			i++;
		}
	}
	return true;
}

/* What an event does to its goroutine. */
static bool
change(struct merge *o, const struct v1_event *ev, const struct need *n)
{
	struct status_seq is, after = n->after;
	uint32_t at;

	if (n->g == NO_G)
		return true;
	if (!may_come(o, n))
		return v1_refuse(o->x->v, ev, GT_E_V1_IMPOSSIBLE, 0, 0, 0);
	is = now(o, n->g);
	if (after.seq == NO_SEQ)
		after.seq = is.seq;
	else if (after.seq == SEQ_INC)
		after.seq = is.seq + 1;
	at = map_get(&o->gs, n->g);
	if (at == MAP_NONE) {
		at = (uint32_t)o->ng;
		if (!GROW(o->g, o->ng, o->cg) || !map_add(&o->gs, n->g, at))
			return no_memory(o);
		o->ng++;
	}
	o->g[at] = after;
	wake(o, n->g, after);
	if (after.seq != NO_SEQ)
		wake(o, n->g, (struct status_seq){ NO_SEQ, after.status });
	return true;
}

/* Whether an event is written on its own P makes no difference any more. */
static uint8_t
anywhere(uint8_t type)
{
	switch (type) {
	case V1_GoStartLocal:
		return V1_GoStart;
	case V1_GoUnblockLocal:
		return V1_GoUnblock;
	case V1_GoSysExitLocal:
		return V1_GoSysExit;
	default:
		return type;
	}
}

/* The earliest of the frontier is the next event. */
static bool
advance(struct merge *o)
{
	struct v1 *v = o->x->v;
	uint32_t i = heap_pop(o);
	struct proc *p = &o->proc[i];
	struct need n = need(p);

	v->ev[v->n] = p->ev;
	v->ev[v->n++].type = anywhere(p->ev.type);
	o->nready = 0;
	if (!change(o, &p->ev, &n)) {
		v->n--;
		return false;
	}
	p->pos = (uint32_t)o->nopen;
	o->open[o->nopen++] = i;
	if (!next_event(o, p))
		return false;
	n = need(p);
	if (p->over || may_come(o, &n))
		o->ready[o->nready++] = i;
	else
		wait_for(o, i);
	return close_ready(o);
}

/* Some Ps wait for what does not come. The place is that of the earliest. */
static bool
stuck(struct merge *o)
{
	const struct v1_event *first = &o->proc[o->open[0]].ev;

	for (size_t i = 1; i < o->nopen; i++)
		if (o->proc[o->open[i]].ev.time < first->time)
			first = &o->proc[o->open[i]].ev;
	return v1_refuse(o->x->v, first, GT_E_V1_STUCK, 0, 0, 0);
}

/* The tables of what the order did not get to, for what it did. */
static bool
load_rest(struct merge *o)
{
	const uint8_t *from, *to;
	int64_t time;
	uint64_t g;

	for (size_t i = 0; i < o->x->npid; i++)
		while (v1_load(o->x, &o->x->pid[i], &from, &to, &time, &g) == V1_OK)
			;
	return v1_pardons(o->x->v);
}

static bool
merge(struct merge *o)
{
	if (!open_all(o))
		return false;
	while (o->nheap > 0)
		if (!advance(o))
			return v1_pardons(o->x->v) && load_rest(o);
	return o->nopen == 0 || stuck(o) || (v1_pardons(o->x->v) && load_rest(o));
}

/* One more than there are Ps: the CPU samples. A P of the same number would follow them in one list. */
static bool
start_merge(struct merge *o, struct v1_parse *x)
{
	size_t n = x->npid + 1, events = x->nevent + x->nsample;

	*o = (struct merge){ .x = x, .nproc = n };
	if (events >= MAP_NONE || events > SIZE_MAX / sizeof(struct v1_event))
		return no_memory(o);
	o->proc = calloc(n, sizeof(*o->proc));
	o->open = malloc(n * sizeof(*o->open));
	o->ready = malloc(n * sizeof(*o->ready));
	o->heap = malloc(n * sizeof(*o->heap));
	x->v->ev = malloc(events * sizeof(*x->v->ev) + 1);
	x->v->cap = events;
	if (!o->proc || !o->open || !o->ready || !o->heap || !x->v->ev || !map_reserve(&o->waiting, (uint32_t)n))
		return no_memory(o);
	for (size_t i = 0; i < n; i++)
		o->proc[i].pid = i < x->npid ? &x->pid[i] : NULL;
	for (size_t i = 0; i < x->npid; i++)
		if (x->pid[i].pid == V1_P_PROFILE)
			o->proc[n - 1].pid = &x->pid[i];
	o->proc[n - 1].samples = (uint32_t)x->nsample;
	return true;
}

static void
end_merge(struct merge *o)
{
	free(o->proc);
	free(o->open);
	free(o->ready);
	free(o->heap);
	free(o->g);
	map_free(&o->waiting);
	map_free(&o->gs);
}

/* --- times ------------------------------------------------------------------------------------------ */

/* The list ends before event i, which something is wrong with, if it is being salvaged. False: it is not. */
static bool
end_before(struct v1 *v, size_t i)
{
	if (v1_pardons(v))
		v->n = i;
	return v1_pardons(v);
}

/* The last that is out of order is named; what is salvaged ends with the first. */
static bool
in_order(struct v1 *v)
{
	for (size_t i = 1; v->salvaged && i < v->n; i++)
		if (v->ev[i].time < v->ev[i - 1].time)
			v->n = i;
	for (size_t i = v->n; i > 1; i--)
		if (v->ev[i - 1].time < v->ev[i - 2].time)
			return v1_refuse(v, &v->ev[i - 1], GT_E_V1_TIME_ORDER, 0, 0, 0);
	return true;
}

/* An event that has to move, and where it stood. */
struct moved {
	int64_t time;
	uint32_t i;
};

static int
compare_moved(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->i > y->i) - (x->i < y->i);
}

struct moves {
	struct moved *v;
	size_t n, cap;
	struct map block; /* from a goroutine to the place of its time in at */
	int64_t *at;
	size_t nat, cat;
};

static int64_t *
blocked_at(struct moves *mv, uint64_t g)
{
	uint32_t at = map_get(&mv->block, g);

	if (at == MAP_NONE) {
		at = (uint32_t)mv->nat;
		if (!GROW(mv->at, mv->nat, mv->cat) || !map_add(&mv->block, g, at))
			return NULL;
		mv->at[mv->nat++] = 0;
	}
	return &mv->at[at];
}

/*
 * The end of a syscall is written some time after it was; when it was is an argument. It must not be before the
 * syscall has blocked.
 */
static bool
find_moves(struct v1 *v, struct moves *mv)
{
	for (size_t i = 0; i < v->n; i++) {
		struct v1_event *ev = &v->ev[i];
		struct v1_raw raw;
		int64_t *block, time;

		if (ev->type != V1_GoSysBlock && ev->type != V1_GoInSyscall && ev->type != V1_GoSysExit)
			continue;
		block = blocked_at(mv, ev->g);
		if (!block || !GROW(mv->v, mv->n, mv->cap))
			return v1_refuse(v, NULL, GT_E_NOMEM, 0, 0, 0);
		if (ev->type != V1_GoSysExit) {
			*block = ev->time;
			continue;
		}
		v1_decode(v, ev, &raw);
		time = (int64_t)v1_arg(&raw, 2);
		if (time == 0)
			continue;
		if (*block == 0)
			return v1_refuse(v, ev, GT_E_V1_STRAY_EXIT, 0, 0, 0) || end_before(v, i);
		if (time < *block)
			return v1_refuse(v, ev, GT_E_V1_TIME_ORDER, 0, 0, 0) || end_before(v, i);
		ev->time = time;
		mv->v[mv->n++] = (struct moved){ time, (uint32_t)i };
	}
	return true;
}

/* Takes those that move out of the list: what stays is in order. They are sorted then; was: where they stood. */
static bool
take_out(struct v1 *v, struct moves *mv, struct v1_event **out, uint32_t **was)
{
	size_t n = 0, k = 0;

	*out = malloc(mv->n * sizeof(**out));
	*was = malloc(mv->n * sizeof(**was));
	if (!*out || !*was)
		return v1_refuse(v, NULL, GT_E_NOMEM, 0, 0, 0);
	for (size_t i = 0; i < mv->n; i++)
		(*was)[i] = mv->v[i].i;
	qsort(mv->v, mv->n, sizeof(*mv->v), compare_moved);
	for (size_t i = 0; i < mv->n; i++)
		(*out)[i] = v->ev[mv->v[i].i];
	for (size_t i = 0; i < v->n; i++)
		if (k < mv->n && (*was)[k] == i)
			k++;
		else
			v->ev[n++] = v->ev[i];
	return true;
}

/* From the end: of equal times the one that stood further back. */
static void
put_back(struct v1 *v, const struct moves *mv, const struct v1_event *out, const uint32_t *was)
{
	size_t stay = v->n - mv->n, before = mv->n, k = before;

	for (size_t to = v->n; k > 0; to--) {
		bool moved = stay == 0;

		if (stay > 0) {
			const struct v1_event *last = &v->ev[stay - 1];

			/* That stood at its place now plus the number of those taken out before it. */
			while (before > 0 && was[before - 1] >= stay - 1 + before)
				before--;
			moved = mv->v[k - 1].time > last->time ||
				(mv->v[k - 1].time == last->time && mv->v[k - 1].i > stay - 1 + before);
		}
		v->ev[to - 1] = moved ? out[k - 1] : v->ev[stay - 1];
		if (moved)
			k--;
		else
			stay--;
	}
}

static bool
move_exits(struct v1 *v)
{
	struct moves mv = { 0 };
	struct v1_event *out = NULL;
	uint32_t *was = NULL;
	bool ok = find_moves(v, &mv);

	if (ok && mv.n > 0) {
		ok = take_out(v, &mv, &out, &was);
		if (ok)
			put_back(v, &mv, out, was);
	}
	free(out);
	free(was);
	free(mv.v);
	free(mv.at);
	map_free(&mv.block);
	return ok;
}

/* As Go does on amd64: cut off, and the lowest there is where it does not fit. */
static int64_t
scaled(int64_t ticks, double tick)
{
	double ns = (double)ticks * tick;

	return ns < 9223372036854775808.0 && ns >= -9223372036854775808.0 ? (int64_t)ns : INT64_MIN;
}

double
v1_tick(const struct v1_parse *x)
{
	return x->freq > 0 ? 1e9 / (double)x->freq : 1;
}

/* Nanoseconds from the first event on; what timers and syscalls do is on no P. */
static bool
set_times(struct v1_parse *x)
{
	struct v1 *v = x->v;
	int64_t first = v->n > 0 ? v->ev[0].time : 0;

	if (x->freq == 0 && !v->salvaged)
		return v1_refuse(v, NULL, GT_E_V1_NO_FREQ, 0, 0, 0);
	for (size_t i = 0; i < v->n; i++) {
		struct v1_event *ev = &v->ev[i];

		ev->time = scaled((int64_t)((uint64_t)ev->time - (uint64_t)first), v1_tick(x));
		if (ev->type == V1_GoUnblock && map_get(&x->timers, ev->g) != MAP_NONE)
			ev->p = V1_P_TIMER;
		if (ev->type == V1_GoSysExit)
			ev->p = V1_P_SYSCALL;
	}
	return true;
}

bool
v1_order(struct v1_parse *x)
{
	struct merge o;
	bool ok = start_merge(&o, x) && merge(&o);

	end_merge(&o);
	return ok && in_order(x->v) && move_exits(x->v) && set_times(x);
}
