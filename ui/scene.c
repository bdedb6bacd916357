/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the scene of an event: see scene.h. The states before are those at the event before, read there; going from
 * one event to the next costs one event read.
 */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

static void
add(struct scene *s, enum gt_res res, int64_t id)
{
	if (id == GT_NONE || res == GT_NO_RES || s->nthings == SCENE_THINGS)
		return;
	for (size_t i = 0; i < s->nthings; i++)
		if (s->things[i].res == res && s->things[i].id == id)
			return;
	s->things[s->nthings++] = (struct thing){ .res = res, .id = id };
}

/* The context of an event and what its arguments name. */
static void
add_event(struct scene *s, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	int64_t id;
	enum gt_res subject = gt_event_subject(ev, &id);

	add(s, GT_M, ev->m);
	add(s, GT_P, ev->p);
	add(s, GT_G, ev->g);
	if (subject != GT_NO_RES)
		add(s, subject, id);
	for (unsigned i = 0; i < spec->nargs; i++) {
		enum gt_argtype t = spec->arg[i].type;

		/* What an event made of another one has for an M is made up. */
		if ((t == GT_ARG_M && !ev->part) || t == GT_ARG_P || t == GT_ARG_G)
			add(s, t == GT_ARG_M ? GT_M : t == GT_ARG_P ? GT_P : GT_G, (int64_t)ev->arg[i]);
	}
}

static void
add_changes(struct scene *s, const struct gt_change *ch, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		switch (ch[i].field) {
		case GT_CH_M_P:
		case GT_CH_M_G:
			add(s, GT_M, ch[i].id);
			add(s, ch[i].field == GT_CH_M_P ? GT_P : GT_G, ch[i].from);
			add(s, ch[i].field == GT_CH_M_P ? GT_P : GT_G, ch[i].to);
			break;
		case GT_CH_P_STATUS:
			add(s, GT_P, ch[i].id);
			break;
		case GT_CH_G_STATUS:
			add(s, GT_G, ch[i].id);
			break;
		default:
			break;
		}
	}
}

static int
by_res(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;

	if (x->res != y->res)
		return x->res < y->res ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* --- states of things ------------------------------------------------------ */

/* The M that has a P or G; GT_NONE. The states know it from the M's side only. */
static int64_t
holder(const struct gt_state *st, enum gt_res res, int64_t id)
{
	struct gt_m m;

	for (size_t i = 0; i < gt_m_count(st); i++)
		if (gt_m_at(st, i, &m) && (res == GT_P ? m.p : m.g) == id)
			return m.id;
	return GT_NONE;
}

static struct thing_state
look(const struct gt_state *st, enum gt_res res, int64_t id)
{
	struct thing_state t = { .m = GT_NONE, .p = GT_NONE, .g = GT_NONE };
	struct gt_m m;
	struct gt_p p;
	struct gt_g g;

	if (res == GT_M && gt_m_find(st, id, &m)) {
		t.there = true;
		t.p = m.p;
		t.g = m.g;
	} else if (res == GT_P && gt_p_find(st, id, &p) && p.status != GT_P_GONE) {
		t = (struct thing_state){ true, p.status, p.seq, holder(st, res, id), GT_NONE, GT_NONE };
	} else if (res == GT_G && gt_g_find(st, id, &g) && g.status != GT_G_GONE) {
		t = (struct thing_state){ true, g.status, g.seq, holder(st, res, id), GT_NONE, GT_NONE };
	}
	return t;
}

bool
thing_changed(const struct thing *t)
{
	const struct thing_state *a = &t->before, *b = &t->after;

	return a->there != b->there || a->status != b->status || a->seq != b->seq || a->m != b->m || a->p != b->p ||
	       a->g != b->g;
}

static void
look_all(struct scene *s, const struct gt_state *st, bool before)
{
	for (size_t i = 0; i < s->nthings; i++)
		*(before ? &s->things[i].before : &s->things[i].after) = look(st, s->things[i].res, s->things[i].id);
}

/* --- the other Ms -------------------------------------------------------------- */

static int
by_m(const void *a, const void *b)
{
	const struct gt_m *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static bool
in_play(const struct scene *s, int64_t m)
{
	for (size_t i = 0; i < s->nthings; i++)
		if (s->things[i].res == GT_M && s->things[i].id == m)
			return true;
	return false;
}

static void
add_others(struct scene *s, const struct gt_state *st)
{
	struct gt_m m;
	struct gt_g g;

	for (size_t i = 0; i < gt_m_count(st); i++) {
		if (!gt_m_at(st, i, &m) || in_play(s, m.id))
			continue;
		if (m.p == GT_NONE && m.g == GT_NONE) {
			s->idle++;
			continue;
		}
		s->busy++;
		if (s->nothers < SCENE_OTHERS)
			s->others[s->nothers++] = m;
	}
	qsort(s->others, s->nothers, sizeof *s->others, by_m);
	for (size_t i = 0; i < s->nothers; i++)
		s->other_status[i] = gt_g_find(st, s->others[i].g, &g) ? g.status : GT_G_GONE;
}

/* --- scenes ---------------------------------------------------------------------- */

/* A generation's own number, and that of the one before for events that have none. */
static uint64_t
generation(const struct gt_event *ev)
{
	return ev->gen ? gt_gen_number(ev->gen) : 0;
}

/* Else states would be told that are those of another event. */
static bool
go_to(struct scene *s, struct gt_nav *nav, uint64_t n)
{
	gt_nav_seek(nav, n, NULL, NULL);
	if (!gt_nav_starved(nav))
		return true;
	*s = (struct scene){ .kind = SCENE_STARVED };
	return false;
}

void
scene_event(struct scene *s, struct gt_nav *nav, unsigned version, const struct row *row)
{
	const struct gt_event *ev = &row->ev;

	*s = (struct scene){ .kind = SCENE_EVENT, .ev = *ev };
	add_event(s, ev);
	add_changes(s, row->ch, row->nch);
	qsort(s->things, s->nthings, sizeof *s->things, by_res);
	if (!go_to(s, nav, row->n - 1))
		return;
	s->nchecks = gt_checks(gt_nav_state(nav), gt_nav_model(nav), version, generation(ev), ev, s->checks);
	look_all(s, gt_nav_state(nav), true);
	if (!go_to(s, nav, row->n))
		return;
	look_all(s, gt_nav_state(nav), false);
	add_others(s, gt_nav_state(nav));
	s->ev.gen = NULL;
}

/* The head of the event that was refused: the reason is the error's. */
static const struct gt_head *
refused(const struct gt_head *heads, size_t n, const struct gt_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (heads[i].ev.m == err->place.m && heads[i].answer == GT_NEVER)
			return &heads[i];
	for (size_t i = 0; i < n; i++)
		if (heads[i].ev.m == err->place.m && heads[i].ev.type == err->why.type && err->why.type)
			return &heads[i];
	return NULL;
}

static void
keep_heads(struct scene *s, const struct gt_head *heads, size_t n)
{
	for (size_t i = 0; i < n && s->nheads < SCENE_HEADS; i++) {
		struct scene_head *h = &s->heads[s->nheads++];

		*h = (struct scene_head){ .ev = heads[i].ev, .answer = heads[i].answer, .why = heads[i].why };
		h->ev.gen = NULL;
	}
}

static void
scene_broken(struct scene *s, struct gt_nav *nav, unsigned version)
{
	size_t n = gt_frontier(gt_nav_reader(nav), NULL, 0);
	struct gt_head *heads = n ? calloc(n, sizeof *heads) : NULL;
	const struct gt_head *head;

	s->kind = s->err.why.code == GT_E_STUCK ? SCENE_STUCK : SCENE_CUT;
	s->all_heads = n;
	if (!heads)
		return;
	n = gt_frontier(gt_nav_reader(nav), heads, n);
	keep_heads(s, heads, n);
	head = s->kind == SCENE_CUT ? refused(heads, n, &s->err) : NULL;
	if (head) {
		s->kind = SCENE_REFUSED;
		s->ev = head->ev;
		s->nchecks = gt_checks(
			gt_nav_state(nav), gt_nav_model(nav), version, generation(&head->ev), &head->ev, s->checks);
		add_event(s, &head->ev);
	}
	for (size_t i = 0; s->kind == SCENE_STUCK && i < n; i++)
		add_event(s, &heads[i].ev);
	free(heads);
}

void
scene_end(struct scene *s, struct gt_nav *nav, unsigned version, uint64_t n)
{
	const struct gt_error *err = NULL;

	*s = (struct scene){ .kind = SCENE_END };
	if (!go_to(s, nav, n))
		return;
	if (gt_nav_end(nav, &err) == GT_BROKEN && err) {
		s->err = *err;
		scene_broken(s, nav, version);
	}
	qsort(s->things, s->nthings, sizeof *s->things, by_res);
	look_all(s, gt_nav_state(nav), true);
	look_all(s, gt_nav_state(nav), false);
	add_others(s, gt_nav_state(nav));
}
