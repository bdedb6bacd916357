/* SPDX-License-Identifier: MIT */
/*
 * Candidates for what the orderer refused, and for what waits for ever: made from the requirement that failed and the
 * states there.
 */
#include "explain_in.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what is still to come ------------------------------------------------------------------ */

const struct gt_head *
explain_head(const struct gt_explain *x, int64_t m)
{
	for (size_t i = 0; i < x->nhead; i++)
		if (x->head[i].ev.m == m)
			return &x->head[i];
	return NULL;
}

/* Whether the orderer has not come to an event yet. */
static bool
is_ahead(const struct gt_explain *x, const struct xevent *ev)
{
	const struct batch *b = &x->doc.b[ev->batch].b;
	const struct gt_head *h = explain_head(x, b->m);

	return h && (b->index > h->ev.batch || (b->index == h->ev.batch && ev->index >= h->ev.index));
}

static const struct xevent *
event_of(const struct gt_explain *x, const struct gt_event *ev)
{
	return xdoc_find(&x->doc, ev->batch, ev->index);
}

const struct xevent *
xdoc_last(const struct gt_explain *x, uint64_t gen, int64_t m)
{
	for (size_t i = x->doc.n; i-- > 0;) {
		const struct xbatch *b = &x->doc.b[i];

		if (b->b.m == m && b->b.gen == gen && !b->table && !b->b.exp && (b->n > 0 || b->gap))
			return b->gap ? NULL : &x->doc.ev[b->first + b->n - 1];
	}
	return NULL;
}

/* The first. */
static const struct xevent *
xdoc_first(const struct gt_explain *x, uint64_t gen, int64_t m)
{
	for (size_t i = 0; i < x->doc.n; i++) {
		const struct xbatch *b = &x->doc.b[i];

		if (b->b.m == m && b->b.gen == gen && !b->table && !b->b.exp && (b->n > 0 || b->gap))
			return b->gap ? NULL : &x->doc.ev[b->first];
	}
	return NULL;
}

static unsigned
bits_of(uint64_t v)
{
	unsigned n = 0;

	for (; v > 0; v >>= 1)
		n++;
	return n;
}

/* --- putting events in -------------------------------------------------------------------------- */

#define PUT(x, prior, ev, behind, name, why, ...)                                                                       \
	do {                                                                                                           \
		const uint64_t args_[] = { __VA_ARGS__ };                                                              \
		cand_put(x, prior, ev, behind, GT_EV_##name, args_, sizeof(args_) / sizeof(args_[0]), why);            \
	} while (0)

/* What an M has, by the states. */
static bool
m_state(const struct gt_explain *x, int64_t id, struct gt_m *m)
{
	*m = (struct gt_m){ id, GT_NONE, GT_NONE };
	return gt_m_find(gt_reader_state(x->r), id, m);
}

static uint64_t
next_seq(uint64_t gen, uint64_t at_gen, uint64_t seq)
{
	return at_gen == gen ? seq + 1 : 1;
}

/* A status that the M stated shortly before may be what is wrong. */
static void
status_before(struct gt_explain *x, const struct xevent *ev, enum gt_res res)
{
	unsigned back = 0;

	for (const struct xevent *e = xdoc_prev(&x->doc, ev); e && back < 12; e = xdoc_prev(&x->doc, e), back++) {
		if (res == GT_P && e->type == GT_EV_ProcStatus)
			cand_set(x, GT_S_WRONG_STATUS, 3, e, 2, GT_P_RUNNING, "what the M does behind it needs the P");
		if (res == GT_G && (e->type == GT_EV_GoStatus || e->type == GT_EV_GoStatusStack))
			for (uint64_t v = GT_G_RUNNING; v <= GT_G_SYSCALL; v++)
				cand_set(x, GT_S_WRONG_STATUS, 3, e, 3, v, "what the M does behind it needs the goroutine");
	}
}

/* The goroutine that this M starts next: that of a call from C stays the same. */
static bool
next_start(const struct gt_explain *x, const struct xevent *ev, uint64_t *g)
{
	uint64_t arg[GT_MAXARGS + 1];
	unsigned ahead = 0;

	for (; ev && ahead < 12; ev = xdoc_next(&x->doc, ev), ahead++)
		if (ev->type == GT_EV_GoStart && xdoc_args(&x->doc, ev, arg) > 1) {
			*g = arg[1];
			return true;
		}
	return false;
}

/* Whether only a goroutine can have written an event: its stack is noted; -1: it tells nothing. */
static int
by_goroutine(const struct gt_explain *x, const struct xevent *ev)
{
	const struct gt_spec *s = gt_spec(ev->type);
	uint64_t arg[GT_MAXARGS + 1];
	unsigned n = xdoc_args(&x->doc, ev, arg);

	if (ev->type == GT_EV_ProcStop || ev->type == GT_EV_ProcStart || ev->type == GT_EV_ProcSteal)
		return 0;
	for (unsigned i = 0; i < s->nargs && i + 1 < n; i++)
		if (s->arg[i].type == GT_ARG_STACK)
			return arg[i + 1] != 0;
	return -1;
}

/* The M has a goroutine before ev, and should not: where it was still without one, on the way back, only what needs none stands. */
static const struct xevent *
idle_since(const struct gt_explain *x, const struct xevent *ev)
{
	const struct xevent *prev;

	for (unsigned back = 0; back < 64 && (prev = xdoc_prev(&x->doc, ev)) && by_goroutine(x, prev) == 0; back++)
		ev = prev;
	return ev;
}

/* The M has no goroutine before ev: from where on, on the way back, it must have had one, or may have. */
static const struct xevent *
busy_since(const struct gt_explain *x, const struct xevent *ev)
{
	const struct xevent *first = ev, *prev;

	for (unsigned back = 0; back < 256 && (prev = xdoc_prev(&x->doc, ev)) && by_goroutine(x, prev) != 0 &&
		gt_spec(prev->type)->subject != GT_SUBJ_G_CTX; back++) {
		ev = prev;
		first = ev;
	}
	return first;
}

/* The M has no P before ev: the event behind the one with which it last left one. */
static const struct xevent *
without_p_since(const struct gt_explain *x, const struct xevent *ev)
{
	const struct xevent *prev, *from = ev;

	for (unsigned back = 0; back < 64 && (prev = xdoc_prev(&x->doc, from)); back++) {
		if (prev->type == GT_EV_ProcStop || prev->type == GT_EV_GoSyscallEndBlocked || prev->type == GT_EV_GoDestroySyscall)
			return from;
		from = prev;
	}
	return ev;
}

/* The first event behind the one with which the M last left its goroutine, or its first. */
static const struct xevent *
without_g_since(const struct gt_explain *x, const struct xevent *ev)
{
	for (unsigned back = 0; back < 12; back++) {
		const struct xevent *prev = xdoc_prev(&x->doc, ev);

		if (!prev || prev->type == GT_EV_GoBlock || prev->type == GT_EV_GoStop || prev->type == GT_EV_GoDestroy ||
			prev->type == GT_EV_GoDestroySyscall || prev->type == GT_EV_GoSyscallEndBlocked)
			break;
		ev = prev;
	}
	return ev;
}

/* The M lacks a P before ev. */
static void
lacks_p(struct gt_explain *x, const struct xevent *ev, uint64_t gen)
{
	const struct gt_state *s = gt_reader_state(x->r);
	const struct xevent *since = without_p_since(x, ev);

	status_before(x, ev, GT_P);
	for (size_t i = 0; i < gt_p_count(s) && i < 512; i++) {
		struct gt_p p;
		uint64_t seq;
		bool gap;

		if (!gt_p_at(s, i, &p))
			continue;
		seq = next_seq(gen, p.gen, p.seq);
		gap = !explain_next_there(x, gen, GT_P, p.id, seq) && xseq_find(x, gen, GT_P, p.id, seq + 1);
		if (p.status != GT_P_IDLE)
			continue;
		PUT(x, gap ? 4.5 : 2, ev, false, ProcStart, "the M has no P here, and this one is idle", (uint64_t)p.id, seq);
		if (since != ev)
			PUT(x, gap ? 4.7 : 2.2, since, false, ProcStart, "the M has no P from here on, and this one is idle", (uint64_t)p.id, seq);
	}
	/* One whose status nothing has told. */
	for (size_t i = 0; i < x->nseq; i++)
		if (x->seq[i].gen == gen && x->seq[i].res == GT_P && (i == 0 || x->seq[i - 1].id != x->seq[i].id || x->seq[i - 1].gen != gen)) {
			struct gt_p p;

			if (!gt_p_find(s, x->seq[i].id, &p) || p.gen != gen)
				PUT(x, 3, ev, false, ProcStatus, "no status of the P is told in this generation", (uint64_t)x->seq[i].id, GT_P_RUNNING);
		}
	for (uint64_t p = 0; p < 4; p++) {
		struct gt_p known;

		if (!gt_p_find(s, (int64_t)p, &known))
			PUT(x, 0.5, ev, false, ProcStatus, "nothing tells of this P yet", p, GT_P_RUNNING);
	}
}

/* The M lacks a goroutine before ev. */
static void
lacks_g(struct gt_explain *x, const struct xevent *ev, uint64_t gen)
{
	const struct gt_state *s = gt_reader_state(x->r);
	const struct xevent *since = busy_since(x, ev);
	unsigned tried = 0;
	uint64_t next;

	status_before(x, ev, GT_G);
	if (next_start(x, ev, &next))
		PUT(x, 4, without_g_since(x, ev), false, GoCreateSyscall, "a call from C must have begun here", next);
	for (size_t i = 0; i < gt_g_count(s) && tried < 60; i++) {
		struct gt_g g;
		uint64_t seq;
		bool gap;

		if (!gt_g_at(s, i, &g) || g.status != GT_G_RUNNABLE)
			continue;
		seq = next_seq(gen, g.gen, g.seq);
		gap = !explain_next_there(x, gen, GT_G, g.id, seq) && xseq_find(x, gen, GT_G, g.id, seq + 1);
		PUT(x, gap ? 4.5 : 1.5, ev, false, GoStart, "the M runs no goroutine here, and this one is runnable", (uint64_t)g.id, seq);
		if (since != ev)
			PUT(x, gap ? 4.7 : 1.7, since, false, GoStart, "what a goroutine does begins here, and this one is runnable",
				(uint64_t)g.id, seq);
		tried++;
	}
	for (size_t i = 0; i < x->nseq && tried < 100; i++)
		if (x->seq[i].gen == gen && x->seq[i].res == GT_G && (i == 0 || x->seq[i - 1].id != x->seq[i].id)) {
			struct gt_g g;

			if (gt_g_find(s, x->seq[i].id, &g))
				continue;
			tried++;
			PUT(x, 2, ev, false, GoStatus, "nothing tells of this goroutine yet", (uint64_t)x->seq[i].id,
				(uint64_t)x->doc.b[ev->batch].b.m, GT_G_RUNNING);
			PUT(x, 1.5, ev, false, GoStatus, "nothing tells of this goroutine yet", (uint64_t)x->seq[i].id,
				(uint64_t)x->doc.b[ev->batch].b.m, GT_G_SYSCALL);
		}
	for (uint64_t g = 1; g < 4; g++) {
		struct gt_g known;

		if (!gt_g_find(s, (int64_t)g, &known)) {
			PUT(x, 1, ev, false, GoStatus, "nothing tells of this goroutine yet", g, (uint64_t)x->doc.b[ev->batch].b.m, GT_G_RUNNING);
			PUT(x, 1, ev, false, GoStatus, "nothing tells of this goroutine yet", g, (uint64_t)x->doc.b[ev->batch].b.m, GT_G_SYSCALL);
			PUT(x, 0.5, ev, false, GoCreateSyscall, "the goroutine of a call from C must appear first", g);
		}
	}
}

/* The event behind the one with which the M last went into a syscall. */
static const struct xevent *
in_syscall_since(const struct gt_explain *x, const struct xevent *ev)
{
	const struct xevent *prev, *from = ev;

	for (unsigned back = 0; back < 64 && (prev = xdoc_prev(&x->doc, from)); back++) {
		if (prev->type == GT_EV_GoSyscallBegin || prev->type == GT_EV_GoCreateSyscall)
			return from;
		from = prev;
	}
	return ev;
}

/* With what a goroutine that runs leaves its M, by what is next heard of it. */
static uint8_t
leaves_with(const struct gt_explain *x, uint64_t gen, const struct gt_g *g)
{
	const struct xevent *next = xseq_find(x, gen, GT_G, g->id, next_seq(gen, g->gen, g->seq));

	return !next ? GT_EV_GoDestroy : next->type == GT_EV_GoStart ? GT_EV_GoStop : GT_EV_GoBlock;
}

static void
leave_at(struct gt_explain *x, const struct xevent *ev, bool behind, const struct gt_g *g, double prior)
{
	uint8_t likely = leaves_with(x, x->doc.b[ev->batch].b.gen, g);
	static const char why[] = "the M still runs a goroutine here";

	if (g->status == GT_G_SYSCALL) {
		PUT(x, prior + 0.5, ev, behind, GoSyscallEnd, "the goroutine of the M is in a syscall", 0);
		PUT(x, prior, ev, behind, GoSyscallEndBlocked, "the goroutine of the M is in a syscall", 0);
		PUT(x, prior, ev, behind, GoDestroySyscall, "the goroutine of the M is in a syscall", 0);
		return;
	}
	PUT(x, prior + (likely == GT_EV_GoBlock ? 0.3 : 0.1), ev, behind, GoBlock, why, 0, 0);
	PUT(x, prior + (likely == GT_EV_GoStop ? 0.3 : 0), ev, behind, GoStop, why, 0, 0);
	PUT(x, prior + (likely == GT_EV_GoDestroy ? 0.2 : 0), ev, behind, GoDestroy, why, 0);
}

/* The M has a goroutine before (or behind) ev that it should have left: there, or where it last did what a goroutine does. */
static void
leave_g(struct gt_explain *x, const struct xevent *ev, bool behind, int64_t gid, double prior)
{
	const struct xevent *since;
	struct gt_g g;

	if (!gt_g_find(gt_reader_state(x->r), gid, &g))
		return;
	since = behind ? ev : g.status == GT_G_SYSCALL ? in_syscall_since(x, ev) : idle_since(x, ev);
	leave_at(x, ev, behind, &g, prior);
	if (since != ev)
		leave_at(x, since, behind, &g, prior + 0.5);
}

static void
enter_syscall(struct gt_explain *x, const struct xevent *ev, uint64_t gen, int64_t pid)
{
	struct gt_p p;

	if (gt_p_find(gt_reader_state(x->r), pid, &p))
		PUT(x, 3, ev, false, GoSyscallBegin, "the goroutine is not in a syscall that could end here",
			next_seq(gen, p.gen, p.seq), 0);
}

/* --- what a head waits for ---------------------------------------------------------------------- */

int64_t
explain_holder(const struct gt_explain *x, enum gt_res res, int64_t id)
{
	const struct gt_state *s = gt_reader_state(x->r);

	for (size_t i = 0; i < gt_m_count(s); i++) {
		struct gt_m m;

		if (gt_m_at(s, i, &m) && (res == GT_P ? m.p : m.g) == id)
			return m.id;
	}
	return GT_NONE;
}

/* Where the M stands: its head, or behind its last event. */
static const struct xevent *
stands_at(const struct gt_explain *x, uint64_t gen, int64_t m, bool *behind)
{
	const struct gt_head *h = explain_head(x, m);

	*behind = !h;
	return h ? event_of(x, &h->ev) : xdoc_last(x, gen, m);
}

/*
 * An M that states several Ps to be idle in a row states them all, in the order of their IDs: where P id belongs among
 * them. NULL: there is no such row in the generation.
 */
static const struct xevent *
row_of_idle(const struct gt_explain *x, uint64_t gen, uint64_t id)
{
	const struct xevent *prev = NULL, *at = NULL;
	uint64_t arg[GT_MAXARGS + 1];
	unsigned n = 0;

	for (size_t i = 0; i < x->doc.nev && !(n >= 2 && at); i++) {
		const struct xevent *e = &x->doc.ev[i];
		bool idle = e->type == GT_EV_ProcStatus && x->doc.b[e->batch].b.gen == gen && xdoc_args(&x->doc, e, arg) == 3 &&
			arg[2] == GT_P_IDLE;

		if (!idle && n < 2)
			at = NULL;
		if (!idle && n >= 2)
			return at ? at : e->batch == prev->batch ? e : NULL;
		n = idle ? n + 1 : 0;
		at = idle && !at && arg[1] > id ? e : at;
		prev = e;
	}
	return at;
}

/* Whether a status is one of such a row. */
static bool
is_in_row(const struct gt_explain *x, const struct xevent *ev)
{
	const struct xevent *side[] = { xdoc_prev(&x->doc, ev), xdoc_next(&x->doc, ev) };
	uint64_t arg[GT_MAXARGS + 1];

	for (unsigned i = 0; i < 2; i++)
		if (side[i] && side[i]->type == GT_EV_ProcStatus && xdoc_args(&x->doc, side[i], arg) == 3 && arg[2] == GT_P_IDLE)
			return true;
	return false;
}

static void
wait_for_p(struct gt_explain *x, const struct xevent *f, const struct gt_head *h, int64_t pid, double prior)
{
	uint64_t gen = gt_gen_number(h->ev.gen), seq;
	struct gt_p p;
	const struct xevent *at, *next;
	int64_t by;
	bool behind;

	if (!gt_p_find(gt_reader_state(x->r), pid, &p)) {
		const struct xevent *row = row_of_idle(x, gen, (uint64_t)pid);

		if (row && row != f)
			PUT(x, prior + 2.2, row, false, ProcStatus, "the other idle Ps are told of here", (uint64_t)pid, GT_P_IDLE);
		PUT(x, prior + 2, f, false, ProcStatus, "nothing tells the status of this P", (uint64_t)pid, GT_P_IDLE);
		PUT(x, prior + 1, f, false, ProcStatus, "nothing tells the status of this P", (uint64_t)pid, GT_P_SYSCALL);
		PUT(x, prior + 1, f, false, ProcStatus, "nothing tells the status of this P", (uint64_t)pid, GT_P_ABANDONED);
		return;
	}
	seq = next_seq(gen, p.gen, p.seq);
	next = xseq_find(x, gen, GT_P, pid, seq);
	by = explain_holder(x, GT_P, pid);
	if (p.gen != gen) {
		static const char why[] = "no status of the P is told in this generation";
		const struct xevent *first = by == GT_NONE ? NULL : xdoc_first(x, gen, by);

		PUT(x, prior + 2, f, false, ProcStatus, why, (uint64_t)pid, p.status);
		if (first)
			PUT(x, prior + 2.5, first, false, ProcStatus, why, (uint64_t)pid, p.status);
	}
	if (next && next != f && is_ahead(x, next))
		prior -= 1; /* something that is still to come may do it */
	if ((p.status == GT_P_SYSCALL || p.status == GT_P_ABANDONED) && !next) {
		PUT(x, prior + 3, f, false, ProcSteal, "the P sits in a syscall, and nobody takes it", (uint64_t)pid, seq, (uint64_t)by);
		/* By the M itself, where it returns. */
		at = by == GT_NONE ? NULL : stands_at(x, gen, by, &behind);
		if (at)
			PUT(x, prior + 2.5, at, behind, ProcSteal, "the P sits in a syscall, and nobody takes it", (uint64_t)pid, seq, (uint64_t)by);
	}
	if (by != GT_NONE && (at = stands_at(x, gen, by, &behind)) && (p.status == GT_P_RUNNING || p.status == GT_P_SYSCALL)) {
		PUT(x, prior + (behind ? 1.5 : 2), at, behind, ProcStop, "the M still has the P that others wait for", 0);
		if (!behind)
			explain_around(x, at, prior - 0.5, "its M still has what others wait for");
	}
	if (p.status == GT_P_IDLE && !next)
		for (unsigned i = 0; i < x->nhead && i < 16; i++)
			if (x->head[i].ev.type == GT_EV_ProcStart && event_of(x, &x->head[i].ev))
				PUT(x, prior + 0.5, event_of(x, &x->head[i].ev), false, ProcStart, "a number of the P is missing", (uint64_t)pid, seq);
}

static void
wait_for_g(struct gt_explain *x, const struct xevent *f, const struct gt_head *h, int64_t gid, double prior)
{
	uint64_t gen = gt_gen_number(h->ev.gen), seq;
	const struct gt_state *s = gt_reader_state(x->r);
	bool starts = f->type == GT_EV_GoStart, behind;
	const struct xevent *at, *next;
	struct gt_g g;
	int64_t by;

	if (!gt_g_find(s, gid, &g)) {
		const struct xevent *prev = xdoc_prev(&x->doc, f);
		unsigned back = 0;

		PUT(x, prior + 1.5, f, false, GoStatus, "nothing tells of this goroutine", (uint64_t)gid, UINT64_MAX,
			starts ? GT_G_RUNNABLE : GT_G_WAITING);
		/* Created on the M that starts it, by what ran there before. */
		for (; prev && back < 12; prev = xdoc_prev(&x->doc, prev), back++)
			if (prev->type == GT_EV_GoBlock || prev->type == GT_EV_GoStop || prev->type == GT_EV_GoDestroy) {
				PUT(x, prior + 1.6, prev, false, GoCreate, "nothing creates this goroutine", (uint64_t)gid, 0, 0);
				break;
			}
		return;
	}
	seq = next_seq(gen, g.gen, g.seq);
	next = xseq_find(x, gen, GT_G, gid, seq);
	if (next && next != f && is_ahead(x, next))
		prior -= 1;
	if (g.status == GT_G_WAITING && !next) {
		const struct xevent *prev = xdoc_prev(&x->doc, f);
		unsigned back = 0;

		PUT(x, prior + 1.4, f, false, GoUnblock, "nothing unblocks this goroutine", (uint64_t)gid, seq, 0);
		for (; prev && back < 12; prev = xdoc_prev(&x->doc, prev), back++)
			if (prev->type == GT_EV_GoBlock || prev->type == GT_EV_GoStop || prev->type == GT_EV_GoDestroy ||
				prev->type == GT_EV_ProcStart) {
				PUT(x, prior + 1.6, prev, false, GoUnblock, "nothing unblocks this goroutine", (uint64_t)gid, seq, 0);
				break;
			}
	}
	if (g.status == GT_G_RUNNABLE && !next)
		for (unsigned i = 0; i < x->nhead && i < 16; i++) {
			struct gt_m m;

			if (m_state(x, x->head[i].ev.m, &m) && m.p != GT_NONE && m.g == GT_NONE && x->head[i].answer != GT_YES &&
				event_of(x, &x->head[i].ev))
				PUT(x, prior + 1.5, event_of(x, &x->head[i].ev), false, GoStart, "nothing starts this goroutine, and others wait for what it does",
					(uint64_t)gid, seq);
		}
	by = explain_holder(x, GT_G, gid);
	if (by == GT_NONE || !(at = stands_at(x, gen, by, &behind)))
		return;
	leave_g(x, at, behind, gid, prior + (behind ? 1 : 1.5));
	if (!behind)
		explain_around(x, at, prior - 0.5, "its M still has what others wait for");
}

/* IDs and numbers of an event that the states would let through. */
static void
fit_numbers(struct gt_explain *x, const struct xevent *f, uint64_t gen, double prior)
{
	const struct gt_state *s = gt_reader_state(x->r);
	uint64_t arg[GT_MAXARGS + 1];
	unsigned tried = 0;

	if (xdoc_args(&x->doc, f, arg) < 2)
		return;
	switch (f->type) {
	case GT_EV_ProcStart:
	case GT_EV_ProcSteal:
		for (size_t i = 0; i < gt_p_count(s) && tried < 64; i++) {
			struct gt_p p;
			uint64_t seq;

			if (!gt_p_at(s, i, &p))
				continue;
			seq = next_seq(gen, p.gen, p.seq);
			if ((uint64_t)p.id == arg[1])
				cand_set(x, GT_S_WRONG_SEQ, prior + (explain_next_there(x, gen, GT_P, p.id, seq) ? 0 : 2), f, 2, seq,
					"the number of the P that comes next");
			else if (seq == arg[2])
				cand_set(x, GT_S_WRONG_ID, prior + (explain_next_there(x, gen, GT_P, p.id, seq) ? 0 : 2), f, 1, (uint64_t)p.id,
					"this P is at the number before, and nothing else has it");
			tried++;
		}
		if (f->type == GT_EV_ProcSteal) {
			int64_t by = explain_holder(x, GT_P, (int64_t)arg[1]);

			if (by != GT_NONE)
				cand_set(x, GT_S_WRONG_ID, prior + 3, f, 3, (uint64_t)by, "that M has the P");
		}
		break;
	case GT_EV_GoStart:
	case GT_EV_GoUnblock:
	case GT_EV_GoSwitch:
	case GT_EV_GoSwitchDestroy:
		for (size_t i = 0; i < gt_g_count(s) && tried < 64; i++) {
			struct gt_g g;
			uint64_t seq;

			if (!gt_g_at(s, i, &g))
				continue;
			seq = next_seq(gen, g.gen, g.seq);
			if ((uint64_t)g.id == arg[1]) {
				cand_set(x, GT_S_WRONG_SEQ, prior + (explain_next_there(x, gen, GT_G, g.id, seq) ? 0 : 2), f, 2, seq,
					"the number of the goroutine that comes next");
				continue;
			}
			if (seq != arg[2] || g.status != (f->type == GT_EV_GoStart ? GT_G_RUNNABLE : GT_G_WAITING))
				continue;
			cand_set(x, GT_S_WRONG_ID, prior + (explain_next_there(x, gen, GT_G, g.id, seq) ? 0 : 2), f, 1, (uint64_t)g.id,
				"this goroutine is at the number before, and nothing else has it");
			tried++;
		}
		break;
	default:
		break;
	}
}

static void
look_at_head(struct gt_explain *x, const struct gt_head *h, double prior)
{
	const struct xevent *f = event_of(x, &h->ev);
	uint64_t gen = gt_gen_number(h->ev.gen);
	int64_t id = (int64_t)h->why.arg[0];

	if (!f)
		return;
	fit_numbers(x, f, gen, prior);
	explain_around(x, f, prior - 1, "it waits for what never comes");
	switch (h->why.code) {
	case GT_E_W_P_UNKNOWN:
	case GT_E_W_P_NOT_IDLE:
	case GT_E_W_P_SEQ:
	case GT_E_W_M_HAS_P:
	case GT_E_W_P_NOT_SYSCALL:
	case GT_E_W_P_STILL_SYSCALL:
		wait_for_p(x, f, h, id, prior);
		break;
	case GT_E_W_G_UNKNOWN:
	case GT_E_W_G_NOT_RUNNABLE:
	case GT_E_W_G_NOT_WAITING:
	case GT_E_W_G_SEQ:
		wait_for_g(x, f, h, id, prior);
		break;
	case GT_E_W_GC_SEQ:
		cand_set(x, GT_S_WRONG_SEQ, prior + 3, f, 1, h->why.arg[0] + 1, "the number of the collector that comes next");
		break;
	default:
		break;
	}
}

/* --- what was refused ------------------------------------------------------------------------------ */

/* An M could go on, but comes later by its clock than the event that was refused: its times may be wrong. */
static void
comes_late(struct gt_explain *x, const struct gt_head *h)
{
	const struct xevent *e = event_of(x, &h->ev);
	const struct xbatch *b = e ? &x->doc.b[e->batch] : NULL;
	unsigned back = 0;

	for (const struct xevent *at = e; at && back < 12; at = at->index > 0 ? at - 1 : NULL, back++) {
		uint64_t arg[GT_MAXARGS + 1];

		if (xdoc_args(&x->doc, at, arg) > 0 && arg[0] > 1)
			cand_set(x, GT_S_WRONG_TIME, 2 + (arg[0] > 500) + 0.02 * bits_of(arg[0]), at, 0, 1,
				"it could happen now, and its clock says later");
	}
	for (size_t i = 0; b && i < x->doc.n; i++) {
		const struct xbatch *o = &x->doc.b[i];
		struct cand *c;

		if (o->table || o->b.ends || o->b.exp || o->b.m == b->b.m || o->b.gen != b->b.gen || o->b.time >= b->b.time || o->b.time == 0)
			continue;
		c = cand_batch(x, GT_S_BATCH_TIME, b->b.time - o->b.time > UINT64_C(1) << 32 ? 5 : 1.8, b);
		cand_field(x, c, b, 2, o->b.time);
		cand_say(c, "let the batch begin at %llu, not %llu", (unsigned long long)o->b.time, (unsigned long long)b->b.time);
		cand_evidence(c, "its events could happen now, and its clock says later");
		cand_done_raw(x, c);
		break;
	}
}

/* Of the Ms that could go on, those nearest to the fault in time, and those far off. */
static void
late_ones(struct gt_explain *x)
{
	unsigned n = 0;

	for (size_t i = 0; i < x->nhead; i++)
		if (x->head[i].answer == GT_YES && x->head[i].ev.m != x->err.place.m && (n < 3 || i + 2 >= x->nhead)) {
			comes_late(x, &x->head[i]);
			n++;
		}
}

static void
task_twice(struct gt_explain *x, const struct xevent *f)
{
	uint64_t arg[GT_MAXARGS + 1];
	uint64_t most = 0;

	for (size_t i = 0; i < x->doc.nev; i++)
		if (x->doc.ev[i].type == GT_EV_UserTaskBegin) {
			xdoc_args(&x->doc, &x->doc.ev[i], arg);
			most = arg[1] > most && arg[1] < UINT64_MAX / 2 ? arg[1] : most;
		}
	cand_set(x, GT_S_WRONG_ID, 3, f, 1, most + 1, "a task begins only once");
}

/* The event before ev that had to do with the same region: names of a pair must be the same. */
static void
region_pair(struct gt_explain *x, const struct xevent *f)
{
	uint64_t arg[GT_MAXARGS + 1], other[GT_MAXARGS + 1];
	unsigned depth = 0, back = 0;

	xdoc_args(&x->doc, f, arg);
	for (const struct xevent *e = xdoc_prev(&x->doc, f); e && back < 4000; e = xdoc_prev(&x->doc, e), back++) {
		if (e->type == GT_EV_UserRegionEnd)
			depth++;
		if (e->type != GT_EV_UserRegionBegin)
			continue;
		if (depth > 0) {
			depth--;
			continue;
		}
		xdoc_args(&x->doc, e, other);
		for (unsigned i = 1; i <= 2; i++) {
			cand_set(x, i == 1 ? GT_S_WRONG_ID : GT_S_WRONG_ARG, 3.5, f, i, other[i], "as the begin of the region has it");
			cand_set(x, i == 1 ? GT_S_WRONG_ID : GT_S_WRONG_ARG, 3.4, e, i, arg[i], "as the end of the region has it");
		}
		cand_drop(x, GT_S_MOVED, 0.5, e, "the region that is open here");
		return;
	}
}

/* The region that was open, wherever it was begun: its task may be what is wrong. */
static void
region_open(struct gt_explain *x, const struct xevent *f, uint64_t open)
{
	uint64_t arg[GT_MAXARGS + 1], other[GT_MAXARGS + 1];
	unsigned found = 0;

	xdoc_args(&x->doc, f, arg);
	cand_set(x, GT_S_WRONG_ID, 3.3, f, 1, open, "as the begin of the region has it");
	for (size_t i = x->doc.nev; i-- > 0 && found < 6;) {
		const struct xevent *e = &x->doc.ev[i];

		if (e->type != GT_EV_UserRegionBegin || x->doc.b[e->batch].b.gen != x->doc.b[f->batch].b.gen || e->time > f->time ||
			xdoc_args(&x->doc, e, other) < 3 || other[1] != open || other[2] != arg[2])
			continue;
		found++;
		cand_set(x, GT_S_WRONG_ID, 3.4, e, 1, arg[1], "as the end of the region has it");
	}
}

/* Events of the same goroutine or P earlier on, whose numbers or statuses may be what is wrong. */
static void
earlier(struct gt_explain *x, enum gt_res res, int64_t id, uint64_t gen, double prior)
{
	unsigned found = 0;

	for (size_t i = x->doc.nev; i-- > 0 && found < 6;) {
		const struct xevent *e = &x->doc.ev[i];
		const struct gt_spec *s = gt_spec(e->type);
		uint64_t arg[GT_MAXARGS + 1];

		if (x->doc.b[e->batch].table || x->doc.b[e->batch].b.gen != gen || !s->timed || s->nargs == 0 ||
			s->arg[0].type != (res == GT_G ? GT_ARG_G : GT_ARG_P))
			continue;
		xdoc_args(&x->doc, e, arg);
		if ((int64_t)arg[1] != id || is_ahead(x, e))
			continue;
		found++;
		explain_around(x, e, prior, "it made the state that is not as it should be");
	}
}

/* Every status stated of a P or G in the generation, and in those before. */
static void
statuses(struct gt_explain *x, enum gt_res res, int64_t id, uint64_t gen, double prior)
{
	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *e = &x->doc.ev[i];
		bool is = res == GT_P ? e->type == GT_EV_ProcStatus : e->type == GT_EV_GoStatus || e->type == GT_EV_GoStatusStack;
		uint64_t arg[GT_MAXARGS + 1];

		if (!is || x->doc.b[e->batch].b.gen > gen)
			continue;
		xdoc_args(&x->doc, e, arg);
		if ((int64_t)arg[1] != id)
			continue;
		for (uint64_t v = 1; v <= 4; v++)
			cand_set(x, GT_S_WRONG_STATUS, prior, e, res == GT_P ? 2 : 3, v, "its status is the one that the events after it contradict");
	}
}

/* The status of a P is told again, and is another: either may be told of one of which nothing is. */
static void
told_twice(struct gt_explain *x, const struct xevent *f, uint64_t gen, int64_t pid)
{
	unsigned others = 0;

	for (uint64_t p = 0; p < 64 && others < 8; p++) {
		struct gt_p known;

		if (gt_p_find(gt_reader_state(x->r), (int64_t)p, &known) && known.gen == gen)
			continue;
		others++;
		cand_set(x, GT_S_WRONG_ID, 2, f, 1, p, "no status is told of that P");
		for (const struct xevent *e = x->doc.ev; e < x->doc.ev + x->doc.nev; e++) {
			uint64_t arg[GT_MAXARGS + 1];

			if (e == f || e->type != GT_EV_ProcStatus || x->doc.b[e->batch].b.gen != gen)
				continue;
			xdoc_args(&x->doc, e, arg);
			if ((int64_t)arg[1] == pid)
				cand_set(x, GT_S_WRONG_ID, is_in_row(x, f) ? 3 : 2, e, 1, p, "no status is told of that P, and of this one again behind it");
		}
	}
}

/* A generation says that a P or goroutine does not run whose M had it to its end: the M let go of it in the one before. */
static void
let_go_before(struct gt_explain *x, enum gt_res res, int64_t id, uint64_t gen)
{
	int64_t by = explain_holder(x, res, id);
	const struct xevent *last = by == GT_NONE || gen < 2 ? NULL : xdoc_last(x, gen - 1, by);

	if (last && res == GT_P)
		PUT(x, 3, last, true, ProcStop, "the M still has the P that the next generation says to be idle", 0);
	else if (last)
		leave_g(x, last, true, id, 3);
}

/* The goroutines that a generation tells of, as a map. False: no memory. */
static bool
read_told(const struct gt_explain *x, uint64_t gen, struct map *out)
{
	uint64_t arg[GT_MAXARGS + 1];

	for (const struct xevent *e = x->doc.ev; e < x->doc.ev + x->doc.nev; e++)
		if (x->doc.b[e->batch].b.gen == gen && xdoc_introduces(e, GT_G) && xdoc_args(&x->doc, e, arg) > 1 &&
			map_get(out, arg[1]) == MAP_NONE && !map_add(out, arg[1], 0))
			return false;
	return true;
}

/*
 * A goroutine of which the generation before did not tell: it should stand in the list of those that nothing happened to,
 * behind the same one as in the list of this; or one of that list that this has no more is meant.
 */
static void
not_listed_before(struct gt_explain *x, const struct xevent *f, uint64_t gen)
{
	const struct xevent *prev = f->index > 0 ? f - 1 : NULL;
	uint64_t arg[GT_MAXARGS + 1], before[GT_MAXARGS + 1] = { 0 }, other[GT_MAXARGS + 1];
	unsigned n = xdoc_args(&x->doc, f, arg), found = 0;
	const struct xevent *last = NULL;
	struct map told = { 0 };

	if (gen < 2 || n < 4)
		return;
	x->nomem = !read_told(x, gen, &told) || x->nomem;
	if (prev)
		xdoc_args(&x->doc, prev, before);
	for (const struct xevent *e = x->doc.ev; e < x->doc.ev + x->doc.nev; e++) {
		if (x->doc.b[e->batch].b.gen != gen - 1 || e->type != f->type || x->doc.b[e->batch].b.m != GT_NONE)
			continue;
		last = e;
		xdoc_args(&x->doc, e, other);
		if (prev && prev->type == f->type && other[1] == before[1])
			cand_put(x, 3, e, true, f->type, arg + 1, 3, "the generation before does not tell of it, and it should stand there");
		if (found < 8 && map_get(&told, other[1]) == MAP_NONE) {
			found++;
			cand_set(x, GT_S_WRONG_ID, 3, e, 1, arg[1], "the generation before does not tell of the one, nor the next of the other");
		}
	}
	if (last)
		cand_put(x, 2.5, last, true, f->type, arg + 1, 3, "the generation before does not tell of it");
	map_free(&told);
}

/* Types of the events right before and behind one of some type. */
struct between {
	uint8_t prev, next;
};

/* Between what events of a type stand in the trace; at most cap of them. */
static unsigned
where_else(const struct gt_explain *x, uint8_t type, struct between *out, unsigned cap)
{
	unsigned n = 0;

	for (size_t i = 0; i < x->doc.nev && n < cap; i++) {
		const struct xevent *e = &x->doc.ev[i], *prev, *next;

		if (e->type != type || x->doc.b[e->batch].table)
			continue;
		prev = xdoc_prev(&x->doc, e);
		next = xdoc_next(&x->doc, e);
		if (prev && next)
			out[n++] = (struct between){ prev->type, next->type };
	}
	return n;
}

/* What a goroutine begins to run with on an M. */
static bool
begins_run(uint8_t type)
{
	return type == GT_EV_GoStart || type == GT_EV_GoSwitch || type == GT_EV_GoSwitchDestroy || type == GT_EV_GoStatus ||
		type == GT_EV_GoStatusStack || type == GT_EV_GoCreateSyscall;
}

/*
 * The range that f ends has no beginning: it stood right before, or where the goroutine began to run, or rather, on the way
 * back, the first time that the events around are those that it stands between elsewhere.
 */
static void
no_beginning(struct gt_explain *x, const struct xevent *f)
{
	static const char why[] = "the range has no beginning";
	uint8_t type = gt_spec(f->type)->starts;
	struct between seen[64];
	unsigned n = where_else(x, type, seen, 64);
	const struct xevent *at = f, *like = NULL;

	for (const struct xevent *prev; (prev = xdoc_prev(&x->doc, at)); at = prev) {
		for (unsigned i = 0; i < n && !like; i++)
			if (seen[i].prev == prev->type && seen[i].next == at->type)
				like = at;
		if (begins_run(prev->type))
			break;
	}
	cand_put(x, 2, f, false, type, NULL, 0, why);
	if (like && like != f)
		cand_put(x, 2.2, like, false, type, NULL, 0, "the range has no beginning; others begin between such events");
	if (at != f && at != like)
		cand_put(x, 1.9, at, false, type, NULL, 0, "the range has no beginning; here its goroutine begins to run");
}

/* A goroutine is created that has not ended: its M must have left it. */
static void
still_there(struct gt_explain *x, const struct xevent *f, uint64_t gen, int64_t gid)
{
	int64_t by = explain_holder(x, GT_G, gid);
	const struct xevent *at;
	uint64_t next;
	bool behind;

	earlier(x, GT_G, gid, gen, 0);
	if (f->type == GT_EV_GoCreateSyscall && next_start(x, f, &next) && (int64_t)next != gid)
		cand_set(x, GT_S_WRONG_ID, 4, f, 1, next, "the M starts that goroutine next, and a call from C starts its own");
	if (by != GT_NONE && (at = stands_at(x, gen, by, &behind)))
		leave_g(x, at, behind, gid, behind ? 3 : 1.5);
}

static void
refused(struct gt_explain *x, const struct xevent *f, const struct gt_reason *why)
{
	uint64_t gen = x->doc.b[f->batch].b.gen;
	struct gt_m m;

	m_state(x, x->doc.b[f->batch].b.m, &m);
	fit_numbers(x, f, gen, 1);
	explain_around(x, f, 1.5, "this is the event that is refused");
	switch (why->code) {
	case GT_E_NO_PROC:
		lacks_p(x, f, gen);
		break;
	case GT_E_HAS_PROC:
		PUT(x, 3, f, false, ProcStop, "the M has a P here, and must not", 0);
		break;
	case GT_E_NO_GOROUTINE:
		lacks_g(x, f, gen);
		break;
	case GT_E_HAS_GOROUTINE:
		leave_g(x, f, false, m.g, 3);
		break;
	case GT_E_G_NOT_RUNNING:
		leave_g(x, f, false, m.g, 3);
		break;
	case GT_E_G_NOT_IN_SYSCALL:
	case GT_E_G_NOT_SYSCALL:
	case GT_E_P_NOT_SYSCALL:
	case GT_E_P_STATE:
		enter_syscall(x, f, gen, m.p);
		break;
	case GT_E_P_SEQ:
		cand_set(x, GT_S_WRONG_SEQ, 3, f, 1, next_seq(gen, why->arg[1], why->arg[0]), "the number of the P that comes next");
		earlier(x, GT_P, m.p, gen, 0);
		break;
	case GT_E_P_STATUS_CONFLICT:
	case GT_E_P_STATUS_INVALID:
		earlier(x, GT_P, (int64_t)why->arg[0], gen, 0);
		statuses(x, GT_P, (int64_t)why->arg[0], gen, 2.5);
		told_twice(x, f, gen, (int64_t)why->arg[0]);
		let_go_before(x, GT_P, (int64_t)why->arg[0], gen);
		break;
	case GT_E_G_STATUS_CONFLICT:
	case GT_E_G_STATUS_INVALID:
	case GT_E_G_STATUS_LATE:
		earlier(x, GT_G, (int64_t)why->arg[0], gen, 0);
		statuses(x, GT_G, (int64_t)why->arg[0], gen, 2.5);
		let_go_before(x, GT_G, (int64_t)why->arg[0], gen);
		if (why->code == GT_E_G_STATUS_LATE)
			not_listed_before(x, f, gen);
		break;
	case GT_E_G_EXISTS:
	case GT_E_G_EXISTS_SYSCALL:
		still_there(x, f, gen, (int64_t)why->arg[0]);
		break;
	case GT_E_STEAL_SELF:
	case GT_E_STEAL_NO_M:
	case GT_E_STEAL_OTHER:
		earlier(x, GT_P, (int64_t)why->arg[0], gen, 0);
		break;
	case GT_E_TASK_CONFLICT:
		task_twice(x, f);
		break;
	case GT_E_REGION_MISUSE:
		region_pair(x, f);
		region_open(x, f, why->arg[2]);
		break;
	case GT_E_RANGE_TWICE: {
		/* The end of the range is missing. */
		for (unsigned t = 0; t < GT_TYPES; t++)
			if (gt_spec(t)->kind == GT_K_RangeEnd && gt_spec(t)->starts == f->type)
				cand_put(x, 2.5, f, false, (uint8_t)t, NULL, 0, "the range before it has no end");
		break;
	}
	case GT_E_RANGE_NOT_OPEN:
		no_beginning(x, f);
		break;
	default:
		break;
	}
	late_ones(x);
	if (m.p != GT_NONE)
		statuses(x, GT_P, m.p, gen, 0);
	if (m.g != GT_NONE)
		statuses(x, GT_G, m.g, gen, 0);
}

void
explain_sched(struct gt_explain *x)
{
	const struct gt_error *err = &x->err;
	const struct xevent *f = xdoc_find(&x->doc, err->place.batch, err->place.event);
	unsigned n = 0;

	/* Those that wait may do so for what is not there. */
	if (x->doc.window && !x->near)
		return;
	if (f && err->why.code != GT_E_STUCK)
		refused(x, f, &err->why);
	for (size_t i = 0; i < x->nhead && n < 12; i++) {
		const struct gt_head *h = &x->head[i];

		if (h->answer != GT_WAIT)
			continue;
		look_at_head(x, h, (err->why.code == GT_E_STUCK ? 1.5 : 0.5) - 0.1 * n);
		n++;
	}
	if (x->nhead > 0)
		for (unsigned i = 0; i < x->nhead && i < 8; i++) {
			enum gt_code code = x->head[i].why.code;
			uint64_t gen = gt_gen_number(x->head[i].ev.gen);

			if (x->head[i].answer != GT_WAIT)
				continue;
			if (code >= GT_E_W_P_UNKNOWN && code <= GT_E_W_P_STILL_SYSCALL)
				statuses(x, GT_P, (int64_t)x->head[i].why.arg[0], gen, 1.5);
			else if (code >= GT_E_W_G_UNKNOWN && code <= GT_E_W_G_SEQ)
				statuses(x, GT_G, (int64_t)x->head[i].why.arg[0], gen, 1.5);
		}
}
