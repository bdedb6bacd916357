/* SPDX-License-Identifier: MIT */
/*
 * What can be seen of a broken trace without putting it in order: gaps and doubles of sequence numbers, events that
 * stand twice, and Ms whose events do not fit each other.
 */
#include "explain_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 40 }; /* anomalies of a kind that are looked at */

/* --- events that stand twice ----------------------------------------------------------- */

/* Events that may well come twice: they change nothing. */
static bool
may_repeat(uint8_t type)
{
	switch (gt_spec(type)->kind) {
	case GT_K_Metric:
	case GT_K_Label:
	case GT_K_Log:
	case GT_K_Experimental:
		return true;
	default:
		return false;
	}
}

static void
find_doubled(struct gt_explain *x)
{
	unsigned found = 0;

	for (size_t i = 1; i < x->doc.nev && found < MOST; i++) {
		const struct xevent *a = &x->doc.ev[i - 1], *b = &x->doc.ev[i];

		if (a->batch != b->batch || !xdoc_same(&x->doc, a, b))
			continue;
		found++;
		if (x->doc.b[b->batch].table)
			cand_drop(x, GT_S_ENTRY_TWICE, 5, b, "it is the same as the one before it");
		else
			cand_drop(x, GT_S_DOUBLED, may_repeat(b->type) ? -2 : 5, b, "it is the same as the one before it, byte for byte");
	}
}

/* --- what an M's events make of it -------------------------------------------------------- */

void
xwalk_step(struct xwalk *w, uint8_t type, int64_t m, const uint64_t *arg)
{
	switch (type) {
	case GT_EV_ProcStart:
		w->p = (int64_t)arg[1];
		w->fresh = true;
		break;
	case GT_EV_ProcStop:
		w->p = GT_NONE;
		break;
	case GT_EV_ProcSteal:
		if ((int64_t)arg[3] == m)
			w->p = GT_NONE;
		break;
	case GT_EV_ProcStatus:
		if (arg[2] == GT_P_RUNNING || arg[2] == GT_P_SYSCALL)
			w->p = (int64_t)arg[1];
		break;
	case GT_EV_GoStatus:
	case GT_EV_GoStatusStack:
		if (arg[3] == GT_G_RUNNING || (arg[3] == GT_G_SYSCALL && (int64_t)arg[2] == m)) {
			w->g = (int64_t)arg[1];
			w->in_syscall = arg[3] == GT_G_SYSCALL;
			w->fresh = false;
		}
		break;
	case GT_EV_GoStart:
	case GT_EV_GoSwitch:
	case GT_EV_GoSwitchDestroy:
		w->g = (int64_t)arg[1];
		w->in_syscall = false;
		break;
	case GT_EV_GoStop:
	case GT_EV_GoBlock:
	case GT_EV_GoDestroy:
		w->g = GT_NONE;
		break;
	case GT_EV_GoCreateSyscall:
		w->g = (int64_t)arg[1];
		w->in_syscall = true;
		w->fresh = false;
		break;
	case GT_EV_GoSyscallBegin:
		w->in_syscall = true;
		w->fresh = false;
		break;
	case GT_EV_GoSyscallEnd:
		w->in_syscall = false;
		break;
	case GT_EV_GoSyscallEndBlocked:
		w->g = GT_NONE;
		w->in_syscall = false;
		if (!w->fresh)
			w->p = GT_NONE;
		break;
	case GT_EV_GoDestroySyscall:
		w->g = w->p = GT_NONE;
		w->in_syscall = false;
		break;
	default:
		break;
	}
}

/* Whether an event does not fit what the M has. */
static bool
misfit(const struct gt_explain *x, const struct xwalk *w, uint8_t type)
{
	const uint8_t *need = x->model.need[type];
	bool syscall_event = type == GT_EV_GoSyscallEnd || type == GT_EV_GoSyscallEndBlocked || type == GT_EV_GoDestroySyscall;

	if (need[GT_P] == GT_MUST && w->p == GT_NONE)
		return true;
	if (need[GT_P] == GT_NOT && w->p >= 0 && w->in_syscall != 1)
		return true;
	if (need[GT_G] == GT_MUST && w->g == GT_NONE)
		return true;
	if (need[GT_G] == GT_NOT && w->g >= 0)
		return true;
	if (syscall_event && w->g >= 0 && w->in_syscall == 0)
		return true;
	return gt_spec(type)->subject == GT_SUBJ_G_CTX && !syscall_event && w->g >= 0 && w->in_syscall == 1;
}

bool
xseq_of(const struct xwalk *w, uint64_t gen, const struct xevent *ev, const uint64_t *arg, struct xseq *out)
{
	switch (ev->type) {
	case GT_EV_ProcStart:
	case GT_EV_ProcSteal:
		*out = (struct xseq){ .gen = gen, .res = GT_P, .index = (uint16_t)ev->index, .id = (int64_t)arg[1], .seq = arg[2], .arg = 2 };
		return true;
	case GT_EV_GoSyscallBegin:
		*out = (struct xseq){ .gen = gen, .res = GT_P, .index = (uint16_t)ev->index, .id = w->p, .seq = arg[1], .arg = 1 };
		return w->p >= 0;
	case GT_EV_GoStart:
	case GT_EV_GoUnblock:
	case GT_EV_GoSwitch:
	case GT_EV_GoSwitchDestroy:
		*out = (struct xseq){ .gen = gen, .res = GT_G, .index = (uint16_t)ev->index, .id = (int64_t)arg[1], .seq = arg[2], .arg = 2 };
		return true;
	default:
		return false;
	}
}

static bool
note_seq(struct gt_explain *x, uint64_t gen, const struct xwalk *w, const struct xevent *ev, const uint64_t *arg)
{
	struct xseq s;

	if (!xseq_of(w, gen, ev, arg, &s))
		return true;
	if (!GROW(x->seq, x->nseq, x->cseq))
		return false;
	s.ev = (uint32_t)(ev - x->doc.ev);
	x->seq[x->nseq++] = s;
	return true;
}

static int
compare_seq(const void *a, const void *b)
{
	const struct xseq *p = a, *q = b;

	if (p->gen != q->gen)
		return p->gen < q->gen ? -1 : 1;
	if (p->res != q->res)
		return p->res < q->res ? -1 : 1;
	if (p->id != q->id)
		return p->id < q->id ? -1 : 1;
	if (p->seq != q->seq)
		return p->seq < q->seq ? -1 : 1;
	return (p->ev > q->ev) - (p->ev < q->ev);
}

enum { RUN = 1 << 14 };

/* Two sorted runs, from `from` to mid and from there to `to`, into one. */
static void
merge_seqs(const struct xseq *v, size_t from, size_t mid, size_t to, struct xseq *out)
{
	size_t a = from, b = mid;

	for (size_t i = from; i < to; i++)
		out[i] = b == to || (a < mid && compare_seq(&v[a], &v[b]) <= 0) ? v[a++] : v[b++];
}

/* In runs, since there may be millions, and somebody may want no more of it. */
bool
xseq_sort(struct gt_explain *x, struct xseq **v, size_t *n, size_t *cap)
{
	struct xseq *to = *n > RUN ? malloc(*n * sizeof(*to)) : NULL, *was;

	if (*n > RUN && !to)
		return false;
	for (size_t i = 0; i < *n && !explain_stopped(x); i += RUN)
		qsort(*v + i, *n - i < RUN ? *n - i : RUN, sizeof(**v), compare_seq);
	for (size_t run = RUN; run < *n && !explain_stopped(x); run *= 2) {
		for (size_t i = 0; i < *n; i += 2 * run)
			merge_seqs(*v, i, i + run < *n ? i + run : *n, i + 2 * run < *n ? i + 2 * run : *n, to);
		was = *v;
		*v = to;
		*cap = *n;
		to = was;
	}
	free(to);
	if (explain_stopped(x))
		*n = 0;
	return true;
}

/* A thread that called from C runs the goroutine of that call, and no other. */
static bool
other_call(struct gt_explain *x, const struct xevent *call, const struct xevent *start)
{
	uint64_t a[GT_MAXARGS + 1], b[GT_MAXARGS + 1];
	static const char why[] = "a call from C starts its own goroutine";

	xdoc_args(&x->doc, call, a);
	xdoc_args(&x->doc, start, b);
	if (a[1] == b[1])
		return false;
	cand_set(x, GT_S_WRONG_ID, 4, start, 1, a[1], why);
	cand_set(x, GT_S_WRONG_ID, 4, call, 1, b[1], why);
	return true;
}

/* Walks along each M of each generation: sequence numbers, and up to MOST misfits into at. */
static bool
walk_all(struct gt_explain *x, uint32_t *at, unsigned *n)
{
	unsigned calls = 0;

	for (size_t i = 0; i < x->doc.n && !explain_stopped(x); i++) {
		struct xwalk w = { UNKNOWN, UNKNOWN, false, -1 };
		const struct xbatch *b = &x->doc.b[i];
		const struct xevent *call = NULL;

		if ((b->before != NONE32 && !x->doc.b[b->before].gap) || b->table || b->b.ends || b->b.exp || b->n == 0)
			continue;
		if (x->near)
			w.p = b->p;
		for (const struct xevent *ev = &x->doc.ev[b->first]; ev; ev = xdoc_next(&x->doc, ev)) {
			uint64_t arg[GT_MAXARGS + 1];

			if (ev->type == 0) {
				w = (struct xwalk){ UNKNOWN, UNKNOWN, false, -1 };
				continue;
			}
			xdoc_args(&x->doc, ev, arg);
			if (ev->type == GT_EV_GoCreateSyscall || ev->type == GT_EV_GoDestroySyscall)
				call = ev->type == GT_EV_GoCreateSyscall ? ev : NULL;
			if (call && ev->type == GT_EV_GoStart && calls < MOST)
				calls += other_call(x, call, ev);
			if (misfit(x, &w, ev->type)) {
				if (*n < MOST)
					at[(*n)++] = (uint32_t)(ev - x->doc.ev);
				w = (struct xwalk){ UNKNOWN, UNKNOWN, false, -1 };
			}
			if (!note_seq(x, b->b.gen, &w, ev, arg))
				return false;
			xwalk_step(&w, ev->type, b->b.m, arg);
		}
	}
	return xseq_sort(x, &x->seq, &x->nseq, &x->cseq);
}

const struct xevent *
xseq_find(const struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id, uint64_t seq)
{
	return xseq_other(x, gen, res, id, seq, NULL);
}

const struct xevent *
xseq_other(const struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id, uint64_t seq, const struct xevent *than)
{
	struct xseq want = { .gen = gen, .seq = seq, .id = id, .res = (uint8_t)res };
	size_t lo = 0, hi = x->nseq;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (compare_seq(&x->seq[mid], &want) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < x->nseq && x->seq[lo].gen == gen && x->seq[lo].res == res && x->seq[lo].id == id && x->seq[lo].seq == seq; lo++)
		if (&x->doc.ev[x->seq[lo].ev] != than)
			return &x->doc.ev[x->seq[lo].ev];
	return NULL;
}

/* --- sequence numbers ---------------------------------------------------------------------- */

static void
add_odd(struct xodds *o, const struct xseq *s, uint64_t seq, bool lacks, bool twice)
{
	if (o->n < MOST_ODD)
		o->v[o->n++] = (struct xodd){ s->gen, seq, s->id, 0, s->res, lacks, twice, lacks ? NONE32 : s->ev, s->index,
			lacks ? NULL : s };
}

void
xseq_look(struct xodds *o, const struct xseq *s, size_t n)
{
	uint64_t next = 1, end = 1;
	unsigned was = o->n;

	for (size_t i = 0; i < n; i++) {
		end += s[i].seq == end;
		if (i > 0 && s[i].seq == s[i - 1].seq) {
			/* Either of the two. */
			add_odd(o, &s[i - 1], s[i].seq, false, true);
			add_odd(o, &s[i], s[i].seq, false, true);
			continue;
		}
		/* Far beyond what there are events for, or 0: not one of the row. */
		if (s[i].seq == 0 || s[i].seq > next + (n - i) + 8) {
			add_odd(o, &s[i], s[i].seq, false, false);
			continue;
		}
		for (; next < s[i].seq; next++)
			add_odd(o, &s[i], next, true, false);
		next = s[i].seq + 1;
	}
	for (; was < o->n; was++)
		o->v[was].end = end;
}

static const char letters[] = "MPG";

/* How far an event is, in ticks, from lying between the events of a row with the numbers before and behind seq. */
static uint64_t
out_of_row(const struct gt_explain *x, uint64_t gen, uint8_t res, int64_t id, uint64_t seq, const struct xevent *ev)
{
	const struct xevent *a = xseq_find(x, gen, (enum gt_res)res, id, seq - 1), *b = xseq_find(x, gen, (enum gt_res)res, id, seq + 1);

	if (a && a->time > ev->time)
		return a->time - ev->time;
	return b && b->time < ev->time ? ev->time - b->time : 0;
}

/* The same as odds: a number far out of its row is unlikely to belong there. */
static double
row_odds(const struct gt_explain *x, const struct xseq *s, int64_t id, uint64_t seq)
{
	uint64_t now = out_of_row(x, s->gen, s->res, s->id, s->seq, &x->doc.ev[s->ev]);
	uint64_t then = out_of_row(x, s->gen, s->res, id, seq, &x->doc.ev[s->ev]);

	return (now > 50) * 0.4 - (then > 50) * 0.4 + (now > then ? 0.2 : now < then ? -0.2 : 0);
}

/* The one too many may be one that another row, or its own, lacks. */
static void
match(struct gt_explain *x, const struct xodds *o, const struct xodd *extra)
{
	const struct xevent *ev = &x->doc.ev[extra->at->ev];
	char why[160];
	bool plain = ev->type != GT_EV_GoSyscallBegin;

	for (unsigned i = 0; i < o->n; i++) {
		const struct xodd *gap = &o->v[i];

		if (!gap->lacks || gap->gen != extra->gen || gap->res != extra->res)
			continue;
		if (gap->id == extra->id) {
			snprintf(why, sizeof(why), "%c%lld has %s %llu and no %llu", letters[gap->res], (long long)gap->id,
				extra->twice ? "two of number" : "number", (unsigned long long)extra->seq, (unsigned long long)gap->seq);
			cand_set(x, GT_S_WRONG_SEQ, 5 + row_odds(x, extra->at, gap->id, gap->seq), ev, extra->at->arg, gap->seq, why);
		} else if (gap->seq == extra->seq && plain) {
			snprintf(why, sizeof(why), "%c%lld has number %llu %s, and %c%lld has none", letters[gap->res],
				(long long)extra->id, (unsigned long long)extra->seq, extra->twice ? "twice" : "out of the row",
				letters[gap->res], (long long)gap->id);
			cand_set(x, GT_S_WRONG_ID, 5 + row_odds(x, extra->at, gap->id, gap->seq), ev, 1, (uint64_t)gap->id, why);
		}
	}
}

/* Another row that would go on with that number. */
static void
match_ends(struct gt_explain *x, const struct xodd *extra)
{
	const struct xevent *ev = &x->doc.ev[extra->at->ev];
	uint64_t next = extra->end;
	unsigned found = 0;
	char why[160];

	snprintf(why, sizeof(why), "%c%lld would go on with %llu, and this is %llu", letters[extra->res], (long long)extra->id,
		(unsigned long long)next, (unsigned long long)extra->seq);
	cand_set(x, GT_S_WRONG_SEQ, extra->twice ? 3 : 4, ev, extra->at->arg, next, why);
	if (ev->type == GT_EV_GoSyscallBegin)
		return;
	/* Where not all are there, no row is known to end. */
	for (size_t i = 0; i < x->nseq && found < 24 && !x->near; i++) {
		const struct xseq *s = &x->seq[i];

		if (s->gen != extra->gen || s->res != extra->res || s->id == extra->id || s->seq + 1 != extra->seq ||
			xseq_find(x, s->gen, (enum gt_res)s->res, s->id, extra->seq))
			continue;
		found++;
		snprintf(why, sizeof(why), "the numbers of %c%lld end at %llu", letters[s->res], (long long)s->id,
			(unsigned long long)s->seq);
		cand_set(x, GT_S_WRONG_ID, 2.5 + row_odds(x, extra->at, s->id, extra->seq), ev, 1, (uint64_t)s->id, why);
	}
}

/* Finds again, in what is there now, the ones that were found odd in all of the generation. */
static void
find_again(struct gt_explain *x, struct xodds *o)
{
	*o = *x->odd;
	for (unsigned i = 0; i < o->n; i++)
		o->v[i].at = NULL;
	for (size_t k = 0; k < x->nseq; k++)
		for (unsigned i = 0; i < o->n; i++) {
			const struct xseq *s = &x->seq[k];
			struct xodd *odd = &o->v[i];

			if (odd->lacks || odd->at || s->seq != odd->seq || s->id != odd->id || s->res != odd->res || s->gen != odd->gen ||
				x->doc.ev[s->ev].batch != odd->ev || s->index != odd->index)
				continue;
			odd->at = s;
			break;
		}
}

static void
find_odd_seqs(struct gt_explain *x)
{
	struct xodds o = { .n = 0 };

	if (x->near)
		find_again(x, &o);
	for (size_t i = 0, k; i < x->nseq && !x->near; i = k) {
		for (k = i + 1; k < x->nseq && x->seq[k].gen == x->seq[i].gen && x->seq[k].res == x->seq[i].res &&
			     x->seq[k].id == x->seq[i].id; k++)
			;
		xseq_look(&o, &x->seq[i], k - i);
	}
	for (unsigned i = 0; i < o.n && !explain_stopped(x); i++) {
		if (!o.v[i].at)
			continue;
		match(x, &o, &o.v[i]);
		match_ends(x, &o.v[i]);
		explain_around(x, &x->doc.ev[o.v[i].at->ev], 0.5, o.v[i].twice ? "its sequence number is there twice" :
			"its sequence number does not follow any other");
	}
}

/* --- who is told of ------------------------------------------------------------------------------- */

/* How often each ID is introduced in a generation, as a map. */
static bool
count_introduced(const struct gt_explain *x, uint64_t gen, enum gt_res res, struct map *out)
{
	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *ev = &x->doc.ev[i];
		uint64_t arg[GT_MAXARGS + 1];
		uint32_t n;

		if (x->doc.b[ev->batch].b.gen != gen || !xdoc_introduces(ev, res))
			continue;
		xdoc_args(&x->doc, ev, arg);
		n = map_get(out, arg[1]);
		if (n != MAP_NONE)
			map_del(out, arg[1]);
		if (!map_add(out, arg[1], n == MAP_NONE ? 1 : n + 1))
			return false;
	}
	return true;
}

/* id is mentioned and not introduced: what is introduced twice, or never mentioned again, may be meant. */
static void
who_introduces(struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id, const struct map *times)
{
	unsigned found = 0;
	char why[160];

	for (size_t i = 0; i < x->doc.nev && found < 40; i++) {
		const struct xevent *ev = &x->doc.ev[i];
		uint64_t arg[GT_MAXARGS + 1];
		bool twice, silent, listed;

		if (x->doc.b[ev->batch].b.gen != gen || !xdoc_introduces(ev, res))
			continue;
		xdoc_args(&x->doc, ev, arg);
		twice = map_get(times, arg[1]) > 1;
		silent = !xseq_find(x, gen, res, (int64_t)arg[1], 1);
		if (!twice && !silent)
			continue;
		/* Of those that nothing happens to, the generation's last batch of events tells all. */
		listed = !twice && x->doc.b[ev->batch].b.m == GT_NONE;
		found++;
		snprintf(why, sizeof(why), "nothing tells of %c%lld, and %c%lld %s", letters[res], (long long)id, letters[res],
			(long long)arg[1], twice ? "is told of twice" : "is never heard of again");
		cand_set(x, GT_S_WRONG_ID, twice ? 4.5 : listed ? 1 : 3.5, ev, 1, (uint64_t)id, why);
	}
}

static void
find_not_introduced(struct gt_explain *x)
{
	struct map times = { 0 };
	unsigned found = 0;

	for (size_t i = 0; i < x->nseq && found < 8 && !(i % 4096 == 0 && explain_stopped(x)); i++) {
		const struct xseq *s = &x->seq[i], *was = i > 0 ? s - 1 : NULL;

		if (!was || was->gen != s->gen || was->res != s->res) {
			map_free(&times);
			times = (struct map){ 0 };
			if (!count_introduced(x, s->gen, (enum gt_res)s->res, &times)) {
				x->nomem = true;
				break;
			}
			was = NULL;
		}
		if ((was && was->id == s->id) || map_get(&times, (uint64_t)s->id) != MAP_NONE)
			continue;
		found++;
		who_introduces(x, s->gen, (enum gt_res)s->res, s->id, &times);
	}
	map_free(&times);
}

/* --- around an event --------------------------------------------------------------------------- */

/* Numbers of an event that are IDs or the like, and what else they might be. */
static void
other_numbers(struct gt_explain *x, const struct xevent *ev, double prior, const char *why)
{
	const struct gt_spec *s = gt_spec(ev->type);

	for (unsigned i = 0; i < s->nargs; i++) {
		if (s->arg[i].type == GT_ARG_PSTATUS)
			for (uint64_t v = GT_P_RUNNING; v <= GT_P_ABANDONED; v++)
				cand_set(x, GT_S_WRONG_STATUS, prior + 1, ev, i + 1, v, why);
		if (s->arg[i].type == GT_ARG_GSTATUS)
			for (uint64_t v = GT_G_RUNNABLE; v <= GT_G_WAITING; v++)
				cand_set(x, GT_S_WRONG_STATUS, prior + 1, ev, i + 1, v, why);
	}
}

/* The same bytes under another type: most often that leaves what follows as it was. */
static void
other_types(struct gt_explain *x, const struct xevent *ev, double prior, const char *why)
{
	uint64_t arg[GT_MAXARGS + 1];

	xdoc_args(&x->doc, ev, arg);
	for (unsigned t = GT_EV_ProcsChange; t <= GT_EV_GoStatusStack; t++) {
		uint8_t byte = (uint8_t)t;
		struct cand *c;

		if (t == ev->type || !gt_spec(t)->timed || gt_spec(t)->since > x->doc.t->version)
			continue;
		c = cand_at(x, GT_S_WRONG_TYPE, prior - (gt_spec(t)->nargs == gt_spec(ev->type)->nargs ? 0 : 0.5), ev);
		cand_splice(x, c, ev->off, 1, &byte, 1);
		cand_say(c, "make this %s a %s", gt_spec(ev->type)->name, gt_spec(t)->name);
		cand_evidence(c, "%s", why);
		cand_done(x, c);
	}
}

/* Single bits of an event. */
static void
other_bits(struct gt_explain *x, const struct xevent *ev, double prior, bool all, const char *why)
{
	for (uint64_t i = 1; i < ev->len && i < 24; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			uint8_t was = x->t->bytes[ev->off + i], v = (uint8_t)(was ^ 1u << bit);
			struct cand *c;

			if (bit == 7 ? was < 0x80 && !all : !all)
				continue;
			c = cand_at(x, GT_S_DAMAGED, prior - (bit == 7 && was >= 0x80 ? 0 : 1.5), ev);
			cand_splice(x, c, ev->off + i, 1, &v, 1);
			cand_say(c, "let the byte at offset %llu be 0x%02x, not 0x%02x", (unsigned long long)(ev->off + i), v, was);
			cand_evidence(c, "%s", why);
			cand_done_raw(x, c);
		}
}

void
explain_around(struct gt_explain *x, const struct xevent *ev, double prior, const char *why)
{
	const struct xevent *prev = xdoc_prev(&x->doc, ev), *next = xdoc_next(&x->doc, ev);

	if (ev->type == 0 || map_get(&x->doubled, ev->off) != MAP_NONE || !map_add(&x->doubled, ev->off, 0))
		return;
	cand_drop(x, GT_S_MOVED, prior - 1, ev, why);
	if (next)
		cand_swap(x, prior, ev, next, why);
	if (prev) {
		cand_swap(x, prior, prev, ev, why);
		cand_drop(x, GT_S_MOVED, prior - 1.5, prev, why);
	}
	other_numbers(x, ev, prior, why);
	if (prev)
		other_numbers(x, prev, prior - 0.5, why);
	other_types(x, ev, prior - 1, why);
	other_bits(x, ev, prior - 0.5, prior >= 1, why);
	if (prev) {
		other_types(x, prev, prior - 1, why);
		other_bits(x, prev, prior - 0.7, false, why);
	}
}

void
explain_scan(struct gt_explain *x)
{
	uint32_t at[MOST];
	unsigned n = 0;

	find_doubled(x);
	/* Numbers and IDs tell something only where all are there. */
	if (x->doc.window && !x->near)
		return;
	if (!walk_all(x, at, &n)) {
		x->nomem = true;
		return;
	}
	find_odd_seqs(x);
	if (!x->near)
		find_not_introduced(x);
	for (unsigned i = 0; i < n; i++)
		explain_around(x, &x->doc.ev[at[i]], i == 0 ? 1 : 0, "it does not fit what its M has at that point");
}
