/* SPDX-License-Identifier: MIT */
/*
 * What led to a fault, and who waits for whom there.
 */
#include "explain_in.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

/* --- history ------------------------------------------------------------------------------ */

enum { SUBJECTS = 24, STEPS = 6 };

/* Something whose changes are of interest; a kind of change is of one of these. */
enum subject { ABOUT_M, ABOUT_P, ABOUT_G, ABOUT_GC, ABOUT_TASK };

struct subjects {
	struct {
		enum subject about;
		int64_t id;
		struct gt_past last[STEPS]; /* a ring */
		unsigned n;
	} v[SUBJECTS];
	unsigned n;
};

static void
add_subject(struct subjects *s, enum subject about, int64_t id)
{
	if (id == GT_NONE && about != ABOUT_GC)
		return;
	for (unsigned i = 0; i < s->n; i++)
		if (s->v[i].about == about && s->v[i].id == id)
			return;
	if (s->n == SUBJECTS)
		return;
	s->v[s->n].about = about;
	s->v[s->n].n = 0;
	s->v[s->n++].id = id;
}

static enum subject
subject_of(const struct gt_change *c)
{
	switch (c->field) {
	case GT_CH_M_P:
	case GT_CH_M_G:
		return ABOUT_M;
	case GT_CH_P_STATUS:
	case GT_CH_P_SEQ:
		return ABOUT_P;
	case GT_CH_RANGE_BEGIN:
		return c->from == GT_P ? ABOUT_P : ABOUT_G;
	case GT_CH_RANGE_END:
		return c->from == GT_P ? ABOUT_P : ABOUT_G;
	case GT_CH_TASK_BEGIN:
	case GT_CH_TASK_END:
		return ABOUT_TASK;
	case GT_CH_GC:
	case GT_CH_GC_SEQ:
		return ABOUT_GC;
	default:
		return ABOUT_G;
	}
}

/* All that an event is about: its M, what that has, and what its arguments name. */
static void
subjects_of(const struct gt_explain *x, const struct gt_event *ev, struct subjects *s)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	static const uint8_t about[] = { [GT_ARG_M] = 1 + ABOUT_M, [GT_ARG_P] = 1 + ABOUT_P, [GT_ARG_G] = 1 + ABOUT_G,
		[GT_ARG_TASK] = 1 + ABOUT_TASK };

	add_subject(s, ABOUT_M, ev->m);
	add_subject(s, ABOUT_P, ev->p);
	add_subject(s, ABOUT_G, ev->g);
	for (unsigned i = 0; i < spec->nargs; i++) {
		unsigned kind = about[spec->arg[i].type];

		if (kind)
			add_subject(s, (enum subject)(kind - 1), (int64_t)ev->arg[i]);
		/* Who has it now. */
		if (kind == 1 + ABOUT_P || kind == 1 + ABOUT_G)
			add_subject(s, ABOUT_M, explain_holder(x, kind == 1 + ABOUT_P ? GT_P : GT_G, (int64_t)ev->arg[i]));
	}
	if (ev->type == GT_EV_GCActive || ev->type == GT_EV_GCBegin || ev->type == GT_EV_GCEnd)
		add_subject(s, ABOUT_GC, 0);
}

static void
note_changes(struct subjects *s, const struct gt_event *ev, const struct gt_change *ch, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < s->n; k++)
			if (s->v[k].about == subject_of(&ch[i]) && (s->v[k].id == ch[i].id || s->v[k].about == ABOUT_GC))
				s->v[k].last[s->v[k].n++ % STEPS] = (struct gt_past){ ev->n, ev->type, ev->m, ev->time,
					{ ev->gen ? (int64_t)gt_gen_number(ev->gen) : -1, ev->batch, ev->index, ev->m, (int64_t)ev->off }, ch[i] };
}

static int
compare_past(const void *a, const void *b)
{
	const struct gt_past *p = a, *q = b;

	if (p->n != q->n)
		return p->n < q->n ? -1 : 1;
	if (p->change.field != q->change.field)
		return p->change.field < q->change.field ? -1 : 1;
	return (p->change.id > q->change.id) - (p->change.id < q->change.id);
}

static bool
keep_history(struct gt_explain *x, const struct subjects *s)
{
	x->past = calloc(SUBJECTS * STEPS, sizeof(*x->past));
	if (!x->past)
		return false;
	for (unsigned k = 0; k < s->n; k++)
		for (unsigned i = s->v[k].n > STEPS ? s->v[k].n - STEPS : 0; i < s->v[k].n; i++)
			x->past[x->npast++] = s->v[k].last[i % STEPS];
	qsort(x->past, x->npast, sizeof(*x->past), compare_past);
	return true;
}

/* Reads once more, up to the fault, with a list of changes. */
bool
explain_history(struct gt_explain *x)
{
	struct subjects *s = calloc(1, sizeof(*s));
	struct gt_reader *r = x->from ? gt_reader_clone(x->from) : NULL;
	const struct gt_event *ev;
	bool ok = s && r;

	if (!x->from) { /* an old format: no states to speak of */
		free(s);
		return true;
	}
	if (ok && x->ev.n)
		subjects_of(x, &x->ev, s);
	for (size_t i = 0, n = 0; ok && i < x->nlink && n < 3; i++)
		if (x->link[i].nobody) {
			subjects_of(x, &x->link[i].head.ev, s);
			n++;
		}
	if (ok) {
		gt_reader_log(r, true);
		while (s->n > 0 && gt_reader_pos(r) < x->pos && gt_read(r, &ev) == GT_EVENT) {
			const struct gt_change *ch;
			size_t n;

			ch = gt_reader_changes(r, &n);
			note_changes(s, ev, ch, n);
		}
		ok = keep_history(x, s);
	}
	gt_reader_free(r);
	free(s);
	return ok;
}

/* --- who waits for whom ------------------------------------------------------------------------ */

enum { LINK_WORK = 200000000 }; /* events that may be looked at to find what heads wait for */

static const struct xevent *
event_of_head(const struct gt_explain *x, const struct gt_head *h)
{
	return xdoc_find(&x->doc, h->ev.batch, h->ev.index);
}

/* Whether the orderer has not come to an event yet; *behind: how far it is from the head of its M. */
static bool
ahead(const struct gt_explain *x, const struct xevent *ev, uint64_t *behind)
{
	const struct gt_head *h = explain_head(x, x->doc.b[ev->batch].b.m);
	const struct xevent *at = h ? event_of_head(x, h) : NULL;

	*behind = 0;
	if (!at || x->doc.b[at->batch].b.index > x->doc.b[ev->batch].b.index ||
		(at->batch == ev->batch && at->index > ev->index))
		return false;
	for (uint32_t b = at->batch; b != ev->batch; b = x->doc.b[b].chain) {
		if (b == NONE32)
			return false;
		*behind += x->doc.b[b].gap ? x->doc.b[b].count : x->doc.b[b].n;
	}
	*behind = *behind + ev->index - at->index;
	return true;
}

/* What tells that a P or G is there, and is still to come. */
static const struct xevent *
introduction(const struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id, uint64_t *behind)
{
	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *ev = &x->doc.ev[i];
		uint64_t arg[GT_MAXARGS + 1];
		bool is = res == GT_P ? ev->type == GT_EV_ProcStatus : ev->type == GT_EV_GoStatus || ev->type == GT_EV_GoStatusStack ||
			ev->type == GT_EV_GoCreate || ev->type == GT_EV_GoCreateBlocked || ev->type == GT_EV_GoCreateSyscall;

		if (!is || x->doc.b[ev->batch].b.gen != gen || xdoc_args(&x->doc, ev, arg) < 2 || (int64_t)arg[1] != id)
			continue;
		if (ahead(x, ev, behind))
			return ev;
	}
	return NULL;
}

/* The next event of M m with which it lets go of its P or goroutine. */
static const struct xevent *
letting_go(const struct gt_explain *x, enum gt_res res, int64_t m, uint64_t *behind)
{
	const struct gt_head *h = explain_head(x, m);
	const struct xevent *ev = h ? event_of_head(x, h) : NULL;

	for (*behind = 0; ev && *behind < 20000; ev = xdoc_next(&x->doc, ev), ++*behind)
		switch (ev->type) {
		case GT_EV_ProcStop:
			if (res == GT_P)
				return ev;
			break;
		case GT_EV_GoBlock:
		case GT_EV_GoStop:
		case GT_EV_GoDestroy:
		case GT_EV_GoSwitch:
		case GT_EV_GoSwitchDestroy:
		case GT_EV_GoSyscallEndBlocked:
			if (res == GT_G)
				return ev;
			break;
		case GT_EV_GoDestroySyscall:
			return ev;
		default:
			break;
		}
	return NULL;
}

/* The next event of the collector. */
static const struct xevent *
next_gc(const struct gt_explain *x, uint64_t gen, uint64_t seq, uint64_t *behind)
{
	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *ev = &x->doc.ev[i];
		uint64_t arg[GT_MAXARGS + 1];

		if ((ev->type != GT_EV_GCActive && ev->type != GT_EV_GCBegin && ev->type != GT_EV_GCEnd) ||
			x->doc.b[ev->batch].b.gen != gen || xdoc_args(&x->doc, ev, arg) < 2 || arg[1] != seq)
			continue;
		if (ahead(x, ev, behind))
			return ev;
	}
	return NULL;
}

/* What lets a head that waits for a P or goroutine go on. */
static const struct xevent *
provider_of(const struct gt_explain *x, const struct gt_head *h, enum gt_res res, uint64_t *behind)
{
	uint64_t gen = gt_gen_number(h->ev.gen), next = 1;
	const struct gt_state *s = gt_reader_state(x->r);
	const struct xevent *self = event_of_head(x, h), *ev;
	int64_t id = (int64_t)h->why.arg[0], by = explain_holder(x, res, id);
	struct gt_p p;
	struct gt_g g;
	bool known = res == GT_P ? gt_p_find(s, id, &p) : gt_g_find(s, id, &g);

	if (!known)
		return introduction(x, gen, res, id, behind);
	if (res == GT_P ? p.gen == gen : g.gen == gen)
		next = (res == GT_P ? p.seq : g.seq) + 1;
	else if ((ev = introduction(x, gen, res, id, behind)))
		return ev;
	ev = xseq_other(x, gen, res, id, next, self);
	if (ev && ahead(x, ev, behind))
		return ev;
	/* The number is this one's own: the one who has it must let go of it first. */
	if (by != GT_NONE && by != h->ev.m)
		return letting_go(x, res, by, behind);
	return NULL;
}

static const struct xevent *
find_provider(const struct gt_explain *x, const struct gt_head *h, uint64_t *behind)
{
	switch (h->why.code) {
	case GT_E_W_P_UNKNOWN:
	case GT_E_W_P_NOT_IDLE:
	case GT_E_W_P_SEQ:
	case GT_E_W_M_HAS_P:
	case GT_E_W_P_NOT_SYSCALL:
	case GT_E_W_P_STILL_SYSCALL:
		return provider_of(x, h, GT_P, behind);
	case GT_E_W_GC_SEQ:
		return next_gc(x, gt_gen_number(h->ev.gen), h->why.arg[0] + 1, behind);
	default:
		return provider_of(x, h, GT_G, behind);
	}
}

/* The link whose head what lets go link i belongs to; NONE32: there is none. */
static uint32_t
next_link(const struct gt_explain *x, const struct map *of, uint32_t i)
{
	uint32_t next = x->link[i].nobody ? MAP_NONE : map_get(of, (uint64_t)x->link[i].by.m);

	return next == MAP_NONE ? NONE32 : next;
}

/* Follows who waits for whom, each way once: those that come back to where they began are a cycle. */
static bool
mark_cycles(struct gt_explain *x)
{
	uint32_t *way = calloc(x->nlink + 1, sizeof(*way)); /* the first of those that led to it, counted from 1 */
	struct map of = { 0 };
	bool ok = way != NULL;

	for (uint32_t i = 0; i < x->nlink && ok; i++)
		ok = map_add(&of, (uint64_t)x->link[i].head.ev.m, i);
	for (uint32_t i = 0; i < x->nlink && ok; i++) {
		uint32_t at = i;

		for (; at != NONE32 && way[at] == 0; at = next_link(x, &of, at))
			way[at] = i + 1;
		for (; at != NONE32 && way[at] == i + 1 && !x->link[at].cycle; at = next_link(x, &of, at))
			x->link[at].cycle = true;
	}
	map_free(&of);
	free(way);
	return ok;
}

bool
explain_links(struct gt_explain *x)
{
	/* All of them, but of thousands only as many as there is time to look for what provides them. */
	size_t most = x->nhead > 256 ? LINK_WORK / (x->doc.nev + 1) : 256;

	x->link = calloc(x->nhead + 1, sizeof(*x->link));
	if (!x->link)
		return false;
	/* What provides it may be where nobody looked. */
	if (x->doc.window && !x->near)
		return true;
	for (size_t i = 0; i < x->nhead && x->nlink < (most > 256 ? most : 256); i++) {
		struct gt_link *l = &x->link[x->nlink];
		const struct xevent *by;

		if (x->head[i].answer != GT_WAIT)
			continue;
		*l = (struct gt_link){ .head = x->head[i] };
		by = find_provider(x, &l->head, &l->behind);
		/* Where it, or what provides it, is not there, nothing is known. */
		if (!by && x->near && (!event_of_head(x, &l->head) || explain_provided(x, &l->head)))
			continue;
		l->nobody = !by;
		if (by) {
			l->by_type = by->type;
			xdoc_place(&x->doc, by, &l->by);
		}
		x->nlink++;
	}
	return mark_cycles(x);
}
