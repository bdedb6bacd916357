/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See ranges.h. How long one was open the event that ends it tells; where it began must be remembered. */
#include "ranges.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more, in what there may be more; else it stays as it was. False: there is none. */
static bool
grow(struct ranges *r, void **v, size_t n, size_t *cap, size_t size, size_t *room)
{
	size_t more = *cap < 16 ? 16 : *cap / 2;
	void *p;

	if (n < *cap)
		return true;
	p = more * size > *room ? NULL : realloc(*v, (*cap + more) * size);
	if (!p)
		return false;
	*v = p;
	*cap += more;
	*room -= more * size;
	r->bytes += more * size;
	return true;
}

#define GROW(r, v, n, cap, room) grow(r, (void **)&(v), n, &(cap), sizeof *(v), room)

/* --- kinds --------------------------------------------------------------------- */

static bool
is_of(const struct range_kind *k, const struct gt_range *x)
{
	return !strcmp(k->name, x->name) && k->reason.n == x->reason.n && (!x->reason.n || !memcmp(k->reason.p, x->reason.p, x->reason.n));
}

/* NULL: no memory. */
static char *
text_of(const struct gt_range *x, size_t *size)
{
	char *text = malloc(*size = strlen(x->name) + x->reason.n + 4);
	size_t n = strlen(x->name);

	if (!text)
		return NULL;
	memcpy(text, x->name, n + 1);
	if (!x->reason.n)
		return text;
	memcpy(text + n, " (", 2);
	memcpy(text + n + 2, x->reason.p, x->reason.n);
	memcpy(text + n + 2 + x->reason.n, ")", 2);
	return text;
}

static struct range_kind *
kind_of(struct ranges *r, const struct gt_range *x, size_t *room)
{
	struct range_kind k = { .name = x->name, .reason = x->reason };
	size_t size = 0;

	for (size_t i = 0; i < r->nkind; i++)
		if (is_of(&r->kind[i], x))
			return &r->kind[i];
	if (r->nkind == RANGES_KINDS || !GROW(r, r->kind, r->nkind, r->ckind, room) || !(k.text = text_of(x, &size))) {
		r->crowded = true;
		return NULL;
	}
	r->bytes += size;
	r->kind[r->nkind] = k;
	return &r->kind[r->nkind++];
}

/* --- those that are open ---------------------------------------------------------- */

/* One that is open: of a P, of a G, or the only one. Its time tells whether it is that. */
static uint64_t
key_of(const struct gt_range *x, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	uint8_t type = spec->kind == GT_K_RangeBegin ? ev->type : spec->starts;

	/* The world is stopped once at a time; in traces before Go 1.22 another goroutine may start it. */
	return type + (type == GT_EV_GCBegin || type == GT_EV_STWBegin ? 0 : (uint64_t)x->id * GT_TYPES);
}

static void
open_one(struct ranges *r, uint64_t key, const struct gt_event *ev, int64_t began, size_t *room)
{
	struct range_open o = { key, ev->n, began, ev->g, ev->p };
	uint32_t at = idmap_get(&r->open_at, key);
	size_t more = idmap_more(&r->open_at);

	if (at != IDMAP_NONE) {
		r->open[at] = o;
		return;
	}
	if (!GROW(r, r->open, r->nopen, r->copen, room) || more > *room || !idmap_put(&r->open_at, key, (uint32_t)r->nopen))
		return;
	*room -= more;
	r->bytes += more;
	r->open[r->nopen++] = o;
}

/* The last one takes its place. */
static void
close_one(struct ranges *r, uint32_t at)
{
	idmap_del(&r->open_at, r->open[at].key);
	r->open[at] = r->open[--r->nopen];
	if (at == r->nopen)
		return;
	idmap_del(&r->open_at, r->open[at].key);
	idmap_put(&r->open_at, r->open[at].key, at);
}

/* --- the longest ------------------------------------------------------------------- */

/* The later of two that took as long is the shorter one. */
static bool
is_shorter(const struct range_one *a, const struct range_one *b)
{
	return a->took != b->took ? a->took < b->took : a->event > b->event;
}

static void
sift_up(const struct ranges *r, uint32_t *h, uint32_t i)
{
	for (uint32_t t; i > 0 && is_shorter(&r->one[h[i]], &r->one[h[(i - 1) / 2]]); i = (i - 1) / 2) {
		t = h[i];
		h[i] = h[(i - 1) / 2];
		h[(i - 1) / 2] = t;
	}
}

static void
sift_down(const struct ranges *r, uint32_t *h, uint32_t n)
{
	for (uint32_t i = 0, l, t; (l = 2 * i + 1) < n; i = l) {
		if (l + 1 < n && is_shorter(&r->one[h[l + 1]], &r->one[h[l]]))
			l++;
		if (!is_shorter(&r->one[h[l]], &r->one[h[i]]))
			break;
		t = h[i];
		h[i] = h[l];
		h[l] = t;
	}
}

static bool
has_room(struct ranges *r, struct range_kind *k, size_t *room)
{
	size_t cap = k->cap;
	bool ok = k->n < RANGES_KEPT && GROW(r, k->heap, k->n, cap, room) && GROW(r, r->one, r->none, r->cone, room);

	k->cap = (uint32_t)cap;
	return ok;
}

/* Where there is no room for more, it takes the place of the shortest, if it is longer. */
static void
keep(struct ranges *r, struct range_kind *k, const struct range_one *one, size_t *room)
{
	if (has_room(r, k, room)) {
		k->heap[k->n] = (uint32_t)r->none;
		r->one[r->none++] = *one;
		sift_up(r, k->heap, k->n++);
		return;
	}
	r->shorter++;
	if (k->n == 0 || !is_shorter(&r->one[k->heap[0]], one))
		return;
	r->one[k->heap[0]] = *one;
	sift_down(r, k->heap, k->n);
}

/* --- events -------------------------------------------------------------------------- */

static void
count_one(struct range_kind *k, const struct range_one *one)
{
	if (!k->timed || one->took < k->least)
		k->least = one->took;
	if (!k->timed || one->took > k->most) {
		k->most = one->took;
		k->longest = one->event;
	}
	k->timed++;
	/* Whatever the times of a file are: wraps. */
	k->total = (int64_t)((uint64_t)k->total + (uint64_t)one->took);
}

static void
end_one(struct ranges *r, struct range_kind *k, uint64_t key, const struct gt_event *ev, size_t *room)
{
	uint32_t at = idmap_get(&r->open_at, key);
	bool known = at != IDMAP_NONE && r->open[at].began == ev->since, lasted;
	struct range_one one = { .event = ev->n, .began = ev->since, .g = ev->g, .p = ev->p };

	if (known) {
		one = (struct range_one){ .event = r->open[at].event, .began = ev->since, .g = r->open[at].g, .p = r->open[at].p };
		close_one(r, at);
	}
	if (!k)
		return;
	lasted = gt_event_lasted(ev, 0, &one.took);
	/* One whose begin was not told is counted now. */
	if ((lasted || known) && k->open)
		k->open--;
	else
		k->count++;
	if (!lasted)
		return;
	one.kind = (uint32_t)(k - r->kind);
	count_one(k, &one);
	keep(r, k, &one, room);
}

void
ranges_take(struct ranges *r, const struct gt_event *ev, size_t room)
{
	struct gt_range x;
	struct range_kind *k;
	uint64_t key;
	uint32_t at;

	if (!gt_event_range(ev, &x))
		return;
	k = kind_of(r, &x, &room);
	key = key_of(&x, ev);
	at = idmap_get(&r->open_at, key);
	switch (gt_event_kind(ev)) {
	case GT_K_RangeEnd:
		end_one(r, k, key, ev, &room);
		return;
	case GT_K_RangeActive:
		/* A generation tells it of what an earlier one began, too. */
		if (at != IDMAP_NONE)
			return;
		open_one(r, key, ev, GT_BEFORE, &room);
		break;
	default:
		open_one(r, key, ev, ev->time, &room);
		break;
	}
	if (k) {
		k->count++;
		k->open++;
	}
}

void
ranges_free(struct ranges *r)
{
	for (size_t i = 0; i < r->nkind; i++) {
		free(r->kind[i].text);
		free(r->kind[i].heap);
	}
	free(r->kind);
	free(r->one);
	free(r->open);
	idmap_free(&r->open_at);
	*r = (struct ranges){ 0 };
}
