/* SPDX-License-Identifier: MIT */
/*
 * Much is missing: a whole batch, or the end of one. What it held nobody knows, but what it must have led to shows: numbers
 * of Ps and goroutines that have no event. To test the suspicion, made-up Ms do no more than bring about these.
 */
#include "explain_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_GAPS = 3000 };

struct filler {
	struct gt_explain *x;
	uint64_t gen;
	struct gt_buf out;
	unsigned n;      /* Ms made up */
	unsigned gaps;   /* numbers filled */
	unsigned events; /* made up */
	uint64_t first;  /* ticks: about when the first thing that is missing happened */
	uint64_t last;   /* and not before when the last did */
	uint64_t until;  /* but before that */
	bool ok;
};

/* Something is missing that happened behind prev (NULL: nothing) and before next. */
static void
note_gap(struct filler *f, const struct xevent *prev, const struct xevent *next)
{
	uint64_t time = prev ? prev->time : next ? next->time : UINT64_MAX;

	f->first = time < f->first ? time : f->first;
	if (prev && prev->time > f->last) {
		f->last = prev->time;
		f->until = next && next->time > prev->time ? next->time : prev->time;
	}
}

/* One event of a made-up M. */
static void
put(struct filler *f, struct gt_buf *b, uint8_t type, uint64_t a0, uint64_t a1, uint64_t a2)
{
	const uint64_t arg[] = { a0, a1, a2 };

	f->events++;
	f->ok = f->ok && gt_buf_byte(b, type) && gt_buf_varint(b, 0);
	for (unsigned i = 0; i < gt_spec(type)->nargs; i++)
		f->ok = f->ok && gt_buf_varint(b, i < 3 ? arg[i] : 0);
}

static void
put_batch(struct filler *f, int64_t m, uint64_t time, const struct gt_buf *data)
{
	f->ok = f->ok && data->n < MAX_BATCH_SIZE && gt_buf_byte(&f->out, GT_EV_EventBatch) && gt_buf_varint(&f->out, f->gen) &&
		gt_buf_varint(&f->out, (uint64_t)m) && gt_buf_varint(&f->out, time) && gt_buf_varint(&f->out, data->n) &&
		gt_buf_put(&f->out, data->p, data->n);
}

static int64_t
new_m(struct filler *f)
{
	return MADE_UP + (int64_t)f->n++;
}

/* With a P of its own, so that it can run goroutines. */
static void
put_own_p(struct filler *f, struct gt_buf *b)
{
	put(f, b, GT_EV_ProcStatus, MADE_UP + f->n, GT_P_RUNNING, 0);
}

static bool
unblocks(uint8_t type)
{
	return type == GT_EV_GoUnblock || type == GT_EV_GoSwitch || type == GT_EV_GoSwitchDestroy;
}

/* How a goroutine leaves its M after ev: it blocks, or it stays runnable. */
static bool
blocks_after(const struct gt_explain *x, const struct xevent *ev)
{
	unsigned ahead = 0;

	for (ev = xdoc_next(&x->doc, ev); ev && ahead < 10000; ev = xdoc_next(&x->doc, ev), ahead++)
		switch (ev->type) {
		case GT_EV_GoBlock:
		case GT_EV_GoSwitch:
			return true;
		case GT_EV_GoStop:
		case GT_EV_GoSyscallEndBlocked:
			return false;
		default:
			break;
		}
	return true;
}

/* Whether a goroutine whose number seq has no event was unblocked with it, by the event before; else it started. */
static bool
must_unblock(const struct gt_explain *x, uint64_t gen, int64_t id, uint64_t seq)
{
	const struct xevent *prev = seq > 1 ? xseq_find(x, gen, GT_G, id, seq - 1) : NULL;
	struct gt_g g;

	if (prev)
		return prev->type != GT_EV_GoUnblock && blocks_after(x, prev);
	return gt_g_find(gt_reader_state(x->r), id, &g) && g.status == GT_G_WAITING && g.seq + 1 == seq;
}

static void
fill_start(struct filler *f, int64_t id, uint64_t seq, bool blocks, uint64_t time)
{
	struct gt_buf b = { 0 };

	put_own_p(f, &b);
	put(f, &b, GT_EV_GoStart, (uint64_t)id, seq, 0);
	put(f, &b, blocks ? GT_EV_GoBlock : GT_EV_GoStop, 0, 0, 0);
	put_batch(f, new_m(f), time, &b);
	gt_buf_free(&b);
}

static void
fill_unblock(struct filler *f, int64_t id, uint64_t seq, uint64_t time)
{
	struct gt_buf b = { 0 };

	put(f, &b, GT_EV_GoUnblock, (uint64_t)id, seq, 0);
	put_batch(f, new_m(f), time, &b);
	gt_buf_free(&b);
}

/*
 * Numbers from to last of a goroutine: it is unblocked and starts in turn, and blocks in between; where that does not come
 * out even with the event behind them, it once stays runnable instead.
 */
static void
fill_g(struct filler *f, int64_t id, uint64_t from, uint64_t last)
{
	const struct xevent *next = xseq_find(f->x, f->gen, GT_G, id, last + 1), *prev = xseq_find(f->x, f->gen, GT_G, id, from - 1);
	uint64_t time = next ? next->time : prev ? prev->time : 0, n = last - from + 1;
	bool unblock = must_unblock(f->x, f->gen, id, from), even = true;

	note_gap(f, prev, next);
	if (next)
		even = (n % 2 == 1 ? unblock : !unblock) == !unblocks(next->type);
	for (uint64_t seq = from; seq <= last && f->gaps < MOST_GAPS; seq++) {
		bool stays = !unblock && !even;

		f->gaps++;
		if (unblock)
			fill_unblock(f, id, seq, time);
		else
			fill_start(f, id, seq, !stays && (seq < last || !next || unblocks(next->type)), time);
		even = even || stays;
		unblock = !unblock && !stays;
	}
}

/* Numbers from to last of a P: it is taken and given up again that often, but for what the event behind them needs. */
static void
fill_p(struct filler *f, int64_t id, uint64_t from, uint64_t last)
{
	const struct gt_explain *x = f->x;
	const struct xevent *next = xseq_find(x, f->gen, GT_P, id, last + 1), *prev = xseq_find(x, f->gen, GT_P, id, from - 1), *after;
	uint64_t time = next ? next->time : prev ? prev->time : 0, arg[GT_MAXARGS + 1];
	int64_t m = new_m(f);
	struct gt_buf b = { 0 };
	bool robbed = false;

	note_gap(f, prev, next);
	f->gaps += (unsigned)(last - from + 1);
	if (next && next->type == GT_EV_ProcSteal && last > from) {
		xdoc_args(&x->doc, next, arg);
		robbed = true;
		m = (int64_t)arg[3];
	}
	after = prev ? xdoc_next(&x->doc, prev) : NULL;
	if (prev && prev->type == GT_EV_GoSyscallBegin && !(after && after->type == GT_EV_GoSyscallEnd))
		put(f, &b, GT_EV_ProcSteal, (uint64_t)id, from++, (uint64_t)x->doc.b[prev->batch].b.m);
	for (uint64_t seq = from; seq <= last; seq++) {
		if (robbed && seq == last)
			break;
		put(f, &b, GT_EV_ProcStart, (uint64_t)id, seq, 0);
		if (robbed && seq + 1 == last) {
			put(f, &b, GT_EV_GoCreate, MADE_UP + f->n, 0, 0);
			put(f, &b, GT_EV_GoStart, MADE_UP + f->n, 1, 0);
			put(f, &b, GT_EV_GoSyscallBegin, last, 0, 0);
		} else {
			put(f, &b, GT_EV_ProcStop, 0, 0, 0);
		}
	}
	put_batch(f, m, time, &b);
	gt_buf_free(&b);
}

/* Whether anything in the generation says of a P or G that it is there. */
static bool
is_introduced(const struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id)
{
	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *ev = &x->doc.ev[i];
		uint64_t arg[GT_MAXARGS + 1];

		if (!xdoc_introduces(ev, res) || x->doc.b[ev->batch].b.gen != gen)
			continue;
		xdoc_args(&x->doc, ev, arg);
		if ((int64_t)arg[1] == id)
			return true;
	}
	return false;
}

static void
introduce(struct filler *f, enum gt_res res, int64_t id, const struct xevent *first, bool waits)
{
	struct gt_buf b = { 0 };
	struct gt_g g;

	note_gap(f, NULL, first);
	f->gaps++;
	if (res == GT_P) {
		put(f, &b, GT_EV_ProcStatus, (uint64_t)id, GT_P_IDLE, 0);
	} else if (gt_g_find(gt_reader_state(f->x->r), id, &g)) {
		put(f, &b, GT_EV_GoStatus, (uint64_t)id, UINT64_MAX, g.status);
	} else {
		put_own_p(f, &b);
		put(f, &b, waits && f->x->t->version >= 23 ? GT_EV_GoCreateBlocked : GT_EV_GoCreate, (uint64_t)id, 0, 0);
	}
	put_batch(f, new_m(f), first->time, &b);
	gt_buf_free(&b);
}

/* The row of one P or G, n numbers ascending. */
static void
fill_row(struct filler *f, const struct xseq *s, size_t n)
{
	uint64_t next = 1;

	if (!is_introduced(f->x, f->gen, (enum gt_res)s->res, s->id))
		introduce(f, (enum gt_res)s->res, s->id, &f->x->doc.ev[s->ev], s->seq == 1 && unblocks(f->x->doc.ev[s->ev].type));
	for (size_t i = 0; i < n && f->gaps < MOST_GAPS; i++) {
		if (s[i].seq < next || s[i].seq > next + 200)
			continue;
		if (s[i].res == GT_P && next < s[i].seq)
			fill_p(f, s->id, next, s[i].seq - 1);
		if (s[i].res == GT_G && next < s[i].seq)
			fill_g(f, s->id, next, s[i].seq - 1);
		next = s[i].seq + 1;
	}
}

static void
fill(struct filler *f)
{
	struct gt_explain *x = f->x;

	for (size_t i = 0, k; i < x->nseq; i = k) {
		for (k = i + 1; k < x->nseq && x->seq[k].gen == x->seq[i].gen && x->seq[k].res == x->seq[i].res &&
			     x->seq[k].id == x->seq[i].id; k++)
			;
		if (x->seq[i].gen == f->gen && f->gaps < MOST_GAPS)
			fill_row(f, &x->seq[i], k - i);
	}
}

/* Where made-up batches go: behind the last of the generation. */
static uint64_t
end_of_gen(const struct gt_explain *x, uint64_t gen)
{
	uint64_t off = x->doc.end;

	for (size_t i = 0; i < x->doc.n; i++)
		if (!x->doc.b[i].b.ends && x->doc.b[i].b.gen == gen)
			off = batch_end(&x->doc.b[i].b);
	return off;
}

/* --- truncated batches ------------------------------------------------------------------------- */

/* Whether a goroutine is what the event at fault creates, although it is there: it must have ended. */
static bool
comes_again(const struct gt_explain *x, int64_t g)
{
	return (x->err.why.code == GT_E_G_EXISTS_SYSCALL || x->err.why.code == GT_E_G_EXISTS) && (int64_t)x->err.why.arg[0] == g;
}

/* At the end of its last batch the M lets go of what it has. */
static void
let_go(struct filler *f, struct cand *c, const struct xevent *last, const struct gt_m *m)
{
	const struct gt_explain *x = f->x;
	const struct gt_state *s = gt_reader_state(x->r);
	struct gt_buf b = { 0 };
	struct gt_p p;
	struct gt_g g;
	bool has_p = m->p != GT_NONE && gt_p_find(s, m->p, &p);

	if (m->g != GT_NONE && gt_g_find(s, m->g, &g)) {
		const struct xevent *next = xseq_find(x, f->gen, GT_G, g.id, g.gen == f->gen ? g.seq + 1 : 1);
		const struct xevent *after = xseq_find(x, f->gen, GT_G, g.id, g.gen == f->gen ? g.seq + 2 : 2);
		bool stays = next ? next->type == GT_EV_GoStart : after && unblocks(after->type);

		if (g.status == GT_G_SYSCALL && has_p && p.status == GT_P_SYSCALL)
			put(f, &b, GT_EV_GoSyscallEnd, 0, 0, 0);
		if (g.status == GT_G_SYSCALL && !(has_p && p.status == GT_P_SYSCALL))
			put(f, &b, comes_again(x, m->g) ? GT_EV_GoDestroySyscall : GT_EV_GoSyscallEndBlocked, 0, 0, 0);
		else
			put(f, &b, comes_again(x, m->g) ? GT_EV_GoDestroy : stays ? GT_EV_GoStop : GT_EV_GoBlock, 0, 0, 0);
	}
	if (has_p)
		put(f, &b, GT_EV_ProcStop, 0, 0, 0);
	if (f->ok && b.n > 0)
		cand_splice(f->x, c, last->off + last->len, 0, b.p, b.n);
	gt_buf_free(&b);
}

/* The time, in ticks, of the first thing that is missing: of the event before it; 0: not known. */
static uint64_t
first_gap(const struct filler *f)
{
	return f->first == UINT64_MAX ? 0 : f->first;
}

/*
 * An M whose events end before the first that is missing may have written those: the nearer, the likelier. Where it ends
 * with a P or goroutine that it should not have, it lets go of it.
 */
static void
cut_batches(struct filler *f, double prior)
{
	struct gt_explain *x = f->x;
	const struct gt_state *s = gt_reader_state(x->r);
	uint64_t gap = first_gap(f);
	unsigned found = 0, events = f->events;

	for (size_t i = 0; i < gt_m_count(s) && found < 12; i++) {
		const struct xevent *last;
		struct cand *c;
		double for_it;
		struct gt_m m;
		bool holds;

		if (!gt_m_at(s, i, &m) || explain_head(x, m.id) || !(last = xdoc_last(x, f->gen, m.id)))
			continue;
		holds = m.p != GT_NONE || m.g != GT_NONE;
		if (!holds && (f->gaps < 2 || last->time > gap + 50))
			continue;
		found++;
		for_it = (holds ? 0.5 : 0) + (comes_again(x, m.g) ? 1.5 : 0);
		if (last->time < gap && gap - last->time > 5000)
			for_it -= 0.4;
		c = cand_batch(x, GT_S_CUT_BATCH, prior + for_it, &x->doc.b[last->batch]);
		if (c) {
			c->place.event = last->index + 1;
			c->place.offset = (int64_t)(last->off + last->len);
		}
		if (holds)
			let_go(f, c, last, &m);
		if (c)
			c->made = f->events - events;
		events = f->events;
		if (f->out.n > 0)
			cand_batches(x, c, end_of_gen(x, f->gen), f->out.p, f->out.n);
		cand_say(c, "its M goes on behind the end of the batch%s", holds ? ", and lets go of what it has there" : "");
		cand_evidence(c, "M%lld ends with %s, and %u numbers of Ps and goroutines have no event", (long long)m.id,
			m.g != GT_NONE ? "a goroutine" : m.p != GT_NONE ? "a P" : "nothing", f->gaps);
		cand_done(x, c);
		/* Its own edits make it another one, if only in where they stand. */
		if (c == &x->cand[x->ncand - 1] && c->nsplice > 0)
			c->key ^= last->off;
	}
}

/* No writer leaves a batch empty: what was in it is missing. */
static void
empty_batches(struct filler *f, double prior)
{
	struct gt_explain *x = f->x;
	unsigned found = 0;

	for (size_t i = 0; i < x->doc.n && found < 4; i++) {
		const struct xbatch *b = &x->doc.b[i];
		struct cand *c;

		if (b->b.gen != f->gen || b->b.ends || b->b.exp || b->b.m == GT_NONE || b->b.size > 0)
			continue;
		found++;
		c = cand_batch(x, GT_S_CUT_BATCH, prior, b);
		if (c)
			c->place.event = 0;
		if (f->out.n > 0)
			cand_batches(x, c, end_of_gen(x, f->gen), f->out.p, f->out.n);
		cand_say(c, "its M wrote events here");
		cand_evidence(c, "the batch is empty, and no writer leaves one so");
		cand_done_raw(x, c);
		if (c == &x->cand[x->ncand - 1])
			c->key ^= b->b.off;
	}
}

/* --- lost batches -------------------------------------------------------------------------------- */

enum { MOST_ELSEWHERE = 64 };

/* The Ms of a generation, and of the rest of the file. */
struct threads {
	struct map here;
	struct {
		int64_t m;
		bool before, behind;
	} elsewhere[MOST_ELSEWHERE]; /* in those before or behind, and not here; who left before is not missing */
	unsigned nelsewhere;
	int64_t silent[8]; /* Ps are taken from them, and they have no batch */
	unsigned nsilent;
	int64_t left[2];   /* the lowest and the highest of those that left for good */
	int64_t lowest; /* the second thread of a program is the runtime's monitor, which writes next to nothing */
};

static bool
is_here(const struct threads *t, int64_t m)
{
	return map_get(&t->here, (uint64_t)m) != MAP_NONE;
}

/* False: no memory. */
static bool
read_threads(const struct gt_explain *x, uint64_t gen, struct threads *t)
{
	*t = (struct threads){ .lowest = INT64_MAX, .left = { INT64_MAX, -1 } };
	for (size_t i = 0; i < x->doc.n; i++) {
		const struct batch *b = &x->doc.b[i].b;

		if (b->ends || b->gen != gen || b->m < 0 || is_here(t, b->m))
			continue;
		t->lowest = b->m < t->lowest ? b->m : t->lowest;
		if (xdoc_left_with(&x->doc, &x->doc.b[i])) {
			t->left[0] = b->m < t->left[0] ? b->m : t->left[0];
			t->left[1] = b->m > t->left[1] ? b->m : t->left[1];
		}
		if (!map_add(&t->here, (uint64_t)b->m, 0))
			return false;
	}
	for (size_t i = 0; i < x->doc.n; i++) {
		const struct batch *b = &x->doc.b[i].b;
		unsigned k = 0;

		if (b->ends || b->m < 0 || is_here(t, b->m) || (b->gen < gen && xdoc_left_with(&x->doc, &x->doc.b[i])))
			continue;
		while (k < t->nelsewhere && t->elsewhere[k].m != b->m)
			k++;
		if (k == MOST_ELSEWHERE)
			continue;
		if (k == t->nelsewhere) {
			t->elsewhere[k].m = b->m;
			t->elsewhere[k].before = t->elsewhere[k].behind = false;
			t->nelsewhere++;
		}
		t->elsewhere[k].before |= b->gen + 1 == gen;
		t->elsewhere[k].behind |= b->gen == gen + 1;
	}
	t->nsilent = explain_silent(x, gen, false, t->silent, 8);
	return true;
}

/* Threads that left were started together, most often. */
static bool
started_with_left(const struct threads *t, int64_t m)
{
	return m > t->left[0] && m < t->left[1];
}

/*
 * How likely it is that a batch was lost between two of a generation (NULL: its beginning or end). Those of threads that
 * left stand as they did; behind them those of the others, in the order of their threads, newest first.
 */
static double
odds_between(const struct filler *f, const struct threads *t, const struct xbatch *prev, const struct xbatch *b)
{
	const struct xevent *left = xdoc_left_with(&f->x->doc, prev), *leaves = xdoc_left_with(&f->x->doc, b);
	int64_t hi = prev && prev->b.m >= 0 ? prev->b.m : INT64_MAX, lo = b && b->b.m >= 0 ? b->b.m : -1, step;
	double odds = 0, most = 0;
	bool room = false;

	/* What it had last was had again by others when it had left. */
	if (leaves && (left || hi == INT64_MAX)) {
		if (f->last >= leaves->time || (left && left->time >= f->until))
			return -0.5;
		for (unsigned i = 0; i < t->nsilent; i++)
			odds += started_with_left(t, t->silent[i]) ? 0.7 : 0;
		return odds + (f->until <= leaves->time ? 2 : 1.6);
	}
	if (left || (hi == INT64_MAX && lo < 0))
		return 0;
	if (hi < lo) {
		step = hi;
		hi = lo;
		lo = step;
	}
	for (int64_t m = lo + 1; hi - lo < 64 && m < hi; m++)
		room = room || (!is_here(t, m) && (m != t->lowest + 1 || hi - lo > 2));
	if (room)
		odds += 0.6;
	else if (hi == lo + 1)
		odds -= 1;
	/* One is missing: the likeliest counts. */
	for (unsigned i = 0; i < t->nelsewhere; i++) {
		double this = (t->elsewhere[i].before ? 0.8 : 0) + (t->elsewhere[i].behind ? 0.8 : 0);

		if (t->elsewhere[i].m > lo && t->elsewhere[i].m < hi && this > most)
			most = this;
	}
	for (unsigned i = 0; i < t->nsilent; i++) {
		double this = started_with_left(t, t->silent[i]) ? 1 : 2;

		if (t->silent[i] > lo && t->silent[i] < hi && this > most)
			most = this;
	}
	return odds + most;
}

static bool
has_type(const struct gt_explain *x, uint64_t gen, uint8_t type)
{
	for (size_t i = 0; i < x->doc.nev; i++)
		if (x->doc.ev[i].type == type && x->doc.b[x->doc.ev[i].batch].b.gen == gen)
			return true;
	return false;
}

static void
lost_before(struct filler *f, double prior, const struct xbatch *prev, const struct xbatch *b, const char *why)
{
	struct gt_explain *x = f->x;
	struct gt_place place = { (int64_t)f->gen, b ? b->b.index : prev->b.index + 1, -1, GT_NONE,
		b ? (int64_t)b->b.off : (int64_t)batch_end(&prev->b) };
	struct cand *c = cand_new(x, GT_S_LOST_BATCH, prior, &place);

	/* Each place is a suspect of its own: the made-up batches go there. */
	if (f->out.n > 0)
		cand_batches(x, c, (uint64_t)place.offset, f->out.p, f->out.n);
	cand_say(c, "a batch of another M stood here; its events take Ps and run goroutines %u times", f->gaps);
	cand_evidence(c, "%s", why);
	cand_done_raw(x, c);
}

static void
lost_batches(struct filler *f, double prior)
{
	const struct xbatch *prev = NULL;
	const struct gt_explain *x = f->x;
	unsigned found = 0;
	bool starter = f->gen == 1 && x->t->version >= 22 && !has_type(x, f->gen, GT_EV_ProcsChange);
	struct threads t;

	f->ok = read_threads(x, f->gen, &t) && f->ok;
	for (size_t i = 0; i <= x->doc.n && f->ok; i++) {
		const struct xbatch *b = i < x->doc.n ? &x->doc.b[i] : NULL;
		double odds;

		if (b && (b->b.gen != f->gen || b->b.ends))
			continue;
		odds = odds_between(f, &t, prev, b);
		/* The M that began tracing, most often the oldest, said so. */
		if (starter && prev && prev->b.m == t.lowest)
			odds += 1;
		/* A generation begins with its clocks. */
		if (!prev && b && (b->b.head == GT_EV_Sync || b->b.head == GT_EV_Frequency))
			odds -= 1;
		/* Between tables there are no events. */
		if (b && prev && b->table && prev->table && prev->b.head != GT_EV_Sync && prev->b.head != GT_EV_Frequency)
			odds -= 3;
		/* Any place will do; those that something speaks for are all looked at. */
		if ((b || (prev && !prev->table)) && (odds > 0 || found++ < 24))
			lost_before(f, prior + odds, prev, b,
				odds > 0 ? "threads that others know of, or that ended about then, have none here, "
					   "and numbers of Ps and goroutines have no event"
					 : "numbers of Ps and goroutines have no event");
		prev = b ? b : prev;
	}
	map_free(&t.here);
}

/* --- a full batch of an M that has others ----------------------------------------------------------- */

/* Of the goroutines of a generation; at most cap. How many. */
static size_t
find_gaps(const struct gt_explain *x, uint64_t gen, struct xgap *out, size_t cap)
{
	size_t n = 0;

	if (x->near) {
		n = x->ngap < cap ? x->ngap : cap;
		memcpy(out, x->gap, n * sizeof(*out));
		return n;
	}
	for (size_t i = 1; i < x->nseq && n < cap; i++) {
		const struct xseq *s = &x->seq[i];

		if (s->gen == gen && s->res == GT_G && s->id == s[-1].id && s->gen == s[-1].gen && s->res == s[-1].res &&
			s->seq > s[-1].seq + 1 && s->seq < s[-1].seq + 200)
			out[n++] = (struct xgap){ x->doc.ev[s[-1].ev].time, x->doc.ev[s->ev].time };
	}
	return n;
}

static uint32_t
count_of(const struct xbatch *b)
{
	return b->gap ? b->count : b->n;
}

/* Of a batch with events: the time of the last. */
static uint64_t
last_time(const struct gt_explain *x, const struct xbatch *b)
{
	return b->gap ? b->last : x->doc.ev[b->first + b->n - 1].time;
}

/* Batches that are full are written as they become so: where one stood whose M went on at that time. */
static const struct xbatch *
full_by(const struct gt_explain *x, const struct xbatch *behind, uint64_t time)
{
	const struct xbatch *b = behind + 1;

	while (b + 1 < x->doc.b + x->doc.n && (count_of(b) == 0 || (!b->table && last_time(x, b) < time)))
		b++;
	return b;
}

/*
 * Between two batches of an M, the first of them full, a third is missing where all that has no event may have happened in the
 * meantime; of several such pairs, the nearest. What was in it is too much to make up.
 */
static void
lost_full(struct gt_explain *x, uint64_t gen)
{
	enum { LEAST = 8, MOST = MOST_GAPS_KEPT, FULL = MAX_BATCH_SIZE - 2048 };
	struct xgap *gap = malloc(MOST * sizeof(*gap));
	size_t n = gap ? find_gaps(x, gen, gap, MOST) : 0;
	const struct xbatch *best = NULL;
	uint64_t least = UINT64_MAX;
	struct gt_place place;
	struct cand *c;

	x->nomem = x->nomem || !gap;
	for (size_t i = 0; i < x->doc.n && n >= LEAST; i++) {
		const struct xbatch *b = &x->doc.b[i], *prev = b->before == NONE32 ? NULL : &x->doc.b[b->before];
		uint64_t from;
		size_t fit = 0;

		if (!prev || b->b.gen != gen || b->b.m == GT_NONE || prev->b.size < FULL || count_of(prev) == 0)
			continue;
		from = last_time(x, prev);
		for (size_t k = 0; k < n; k++)
			fit += gap[k].from < b->b.time && gap[k].to > from;
		if (fit < n - n / 8 || b->b.time < from || b->b.time - from >= least)
			continue;
		least = b->b.time - from;
		best = b;
	}
	free(gap);
	if (!best)
		return;
	{
		const struct xbatch *at = full_by(x, &x->doc.b[best->before], best->b.time);

		place = (struct gt_place){ (int64_t)gen, at->b.index, -1, best->b.m, (int64_t)at->b.off };
	}
	c = cand_new(x, GT_S_LOST_BATCH, 16, &place);
	cand_say(c, "a full batch of M%lld stood here, between its batches %u and %u", (long long)best->b.m, x->doc.b[best->before].b.index,
		best->b.index);
	cand_evidence(c, "the M says nothing for %llu ticks, and %zu numbers of goroutines without an event are of that time",
		(unsigned long long)least, n);
	cand_done_raw(x, c);
}

void
explain_lost(struct gt_explain *x)
{
	struct filler f = { .x = x, .ok = true, .first = UINT64_MAX };

	if (x->err.place.generation <= 0)
		return;
	f.gen = (uint64_t)x->err.place.generation;
	lost_full(x, f.gen);
	/* Larger ones are not filled: batches are lost there of which more is known. */
	if (x->near || x->doc.nev > 400000)
		return;
	fill(&f);
	if (f.ok) {
		/* One alone is rather an event than a batch. */
		if (f.gaps >= 2)
			lost_batches(&f, f.gaps > 4 ? 2 : 1);
		cut_batches(&f, f.gaps > 4 ? 2.5 : 1.5);
		empty_batches(&f, 7);
	}
	gt_buf_free(&f.out);
}
