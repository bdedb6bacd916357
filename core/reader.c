/* SPDX-License-Identifier: MIT */
/*
 * Reading a trace forwards: loads one generation after the other, keeps the frontier, asks the orderer, and gives out
 * events. What is decided here follows internal/trace/reader.go of Go 1.26: of the heads the earliest is tried first;
 * if it has to wait, the others in order of time.
 */
#include "cursor.h"
#include "order_often.h"
#include "reader.h"
#include "reason.h"
#include "sort.h"
#include "v1.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a read of the next generation has led to. */
enum phase {
	PHASE_EVENTS, /* a generation is being read */
	PHASE_BROKEN, /* the next call reports the error (a sync point came first) */
	PHASE_OVER    /* the next call ends the trace, as `over` says */
};

struct gt_reader {
	struct gt_trace *t;
	struct gt_model model;
	struct order o;
	struct gt_gen *gen; /* being read; NULL before the first and after the last */
	struct cursor *cursor;
	size_t ncursor;
	struct keyed *heap; /* the frontier: times and places in cursor; earliest first. Behind it all are LATEST, see heap_room */
	size_t nheap;
	size_t sample; /* next CPU sample of the generation */
	struct gen_next next;
	uint64_t pause; /* offset of a generation that is not to be begun yet; 0: none */
	bool begun;
	bool calm; /* the next event is one of the frontier: phase EVENTS, heap not empty, no samples, none of a wire event left */
	enum phase phase;
	enum gt_got over;
	uint64_t syncs, pos;
	uint64_t asked; /* heads behind one that waits */
	int64_t last; /* time of the last event */
	struct gt_event made; /* sync points and samples */
	struct gt_error err;
	char *text;
	size_t ntext; /* with its NUL */
	bool salvage; /* to go on behind a generation that is cut */
	bool lenient; /* what is read now is salvaged: err is what it is salvaged from */
	double tick;  /* of the last whole generation; 0: none */
	struct v1_reader v1; /* versions before 22: all but numbers and errors is done there */
	struct gt_salvaged salvaged;
};

/*
 * Elements in the heap of n cursors. Behind the last there is room for the two below each of them, all later than any: so
 * nobody has to ask whether there is one.
 */
static size_t
heap_room(size_t n)
{
	return 2 * n + 3;
}
#define LATEST ((struct keyed){ INT64_MAX, 0 })

/* Elements of it that matter; before the first generation there is no heap. */
static size_t
heap_size(const struct gt_reader *r)
{
	return r->heap ? heap_room(r->ncursor) : 0;
}

struct gt_reader *
gt_reader_new(struct gt_trace *t, const struct gt_model *model)
{
	struct gt_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->t = t;
	r->salvage = t->salvage;
	r->model = *model;
	r->next.off = t->first;
	order_init(&r->o, model, t->version);
	return r;
}

void
gt_reader_free(struct gt_reader *r)
{
	if (!r)
		return;
	order_free(&r->o);
	gt_gen_unref(r->gen);
	free(r->cursor);
	free(r->heap);
	free(r->text);
	free(r);
}

/* Of a copy; where there was no memory for a text of its own, it is one that is always there. */
static void
point_at_text(struct gt_reader *r)
{
	if (r->text)
		r->err.text = r->text;
}

struct gt_reader *
gt_reader_clone(const struct gt_reader *from)
{
	struct gt_reader *r = malloc(sizeof(*r));
	bool ok = true;

	if (!r)
		return NULL;
	*r = *from;
	ok = order_copy(&r->o, &from->o);
	r->gen = gt_gen_ref(from->gen);
	r->cursor = array_copy(from->cursor, from->ncursor, sizeof(*from->cursor), &ok);
	r->heap = array_copy(from->heap, heap_size(from), sizeof(*from->heap), &ok);
	r->text = array_copy(from->text, from->ntext, 1, &ok);
	point_at_text(r);
	if (ok)
		return r;
	gt_reader_free(r);
	return NULL;
}

struct gt_reader *
gt_reader_new_at(struct gt_trace *t, const struct gt_model *model, const struct gt_gen_place *at)
{
	struct gt_reader *r = gt_reader_new(t, model);

	if (!r || t->version < 22)
		return r;
	r->next.off = at->from;
	r->next.batch = at->batch;
	r->syncs = at->nth;
	r->pos = at->first ? at->first - 1 : 0;
	return r;
}

struct reader_mark
reader_mark(const struct gt_reader *r)
{
	return (struct reader_mark){ r->t, r->gen->from, r->gen->begin, r->pos, r->syncs, r->last };
}

struct gt_reader *
reader_at_mark(const struct reader_mark *mark, const struct gt_model *model)
{
	struct gt_reader *r = gt_reader_new(mark->t, model);

	if (!r)
		return NULL;
	r->begun = r->next.more = true;
	r->next.off = mark->off;
	r->next.batch = mark->batch;
	r->pos = mark->pos - 1;
	r->syncs = mark->syncs - 1;
	/* The sync point then has the time that it had, be that its own or one that was put right. */
	r->last = mark->last - 1;
	return r;
}

struct gt_state *
reader_state(struct gt_reader *r)
{
	return &r->o.s;
}

const size_t reader_size = sizeof(struct gt_reader);

void
reader_parts(struct gt_reader *r, struct part out[READER_PARTS])
{
	state_parts(&r->o.s, out);
	out[STATE_PARTS] = (struct part){ (void **)&r->cursor, r->ncursor * sizeof(*r->cursor) };
	out[STATE_PARTS + 1] = (struct part){ (void **)&r->heap, heap_size(r) * sizeof(*r->heap) };
	out[STATE_PARTS + 2] = (struct part){ (void **)&r->text, r->ntext };
}

bool
reader_revive(struct gt_reader *r, struct gt_gen *gen, bool whole)
{
	r->gen = gen;
	point_at_text(r);
	r->o.note = NULL;
	for (size_t i = 0; whole && i < r->ncursor; i++)
		r->cursor[i].ev[0].gen = r->cursor[i].ev[1].gen = gen;
	return whole && order_revive(&r->o, gen);
}

bool
reader_reloads(const struct gt_reader *r)
{
	return r->t->version >= 22 && !r->lenient;
}

size_t
gt_reader_weight(const struct gt_reader *r)
{
	return sizeof(*r) + state_weight(&r->o.s) + r->ncursor * sizeof(*r->cursor) + heap_size(r) * sizeof(*r->heap);
}

uint64_t
gt_reader_pos(const struct gt_reader *r)
{
	return r->pos;
}

const struct gt_error *
gt_reader_error(const struct gt_reader *r)
{
	return r->phase == PHASE_OVER && r->over == GT_BROKEN ? &r->err : NULL;
}

const struct gt_state *
gt_reader_state(const struct gt_reader *r)
{
	return &r->o.s;
}

void
gt_reader_log(struct gt_reader *r, bool on)
{
	r->o.log = on;
	r->o.nchange = 0;
}

const struct gt_change *
gt_reader_changes(const struct gt_reader *r, size_t *n)
{
	*n = r->o.nchange;
	return r->o.change;
}

struct gt_gen *
reader_gen(const struct gt_reader *r)
{
	return r->gen;
}

bool
reader_between(const struct gt_reader *r)
{
	return r->phase == PHASE_EVENTS && r->t->version >= 22 && r->o.imore == r->o.nmore &&
		(!r->gen || (r->nheap == 0 && r->sample == r->gen->nsample));
}

uint64_t
reader_next(const struct gt_reader *r, uint32_t *batch)
{
	*batch = r->next.batch;
	return r->next.off;
}

struct gt_reader *
reader_graft(const struct gt_reader *from, struct gt_trace *t)
{
	struct gt_reader *r = gt_reader_clone(from);

	if (!r)
		return NULL;
	r->t = t;
	r->next.off = t->first;
	r->next.more = r->begun;
	r->next.broken = false;
	return r;
}

/*
 * Where the earliest M of the generation has got to, in its share of the file: Ms write at about the same pace, so this
 * is about the share of the generation that is done.
 */
uint64_t
reader_progress(const struct gt_reader *r)
{
	uint64_t at;

	if (r->phase == PHASE_OVER)
		return trace_size(r->t);
	if (r->t->version < 22)
		return v1_progress(&r->v1);
	if (!r->gen || r->nheap == 0)
		return r->next.off;
	at = (uint64_t)(r->cursor[r->heap[0].i].at - r->t->bytes);
	return at > r->gen->from ? at : r->gen->from;
}

/* --- the heap ---------------------------------------------------------------------- */

/* These are the reference's steps, one for one: which of several equal times comes first depends on them. */

static size_t
sift_up(struct keyed *h, size_t i)
{
	while (i > 0 && h[(i - 1) / 2].key > h[i].key) {
		struct keyed t = h[i];

		h[i] = h[(i - 1) / 2];
		h[(i - 1) / 2] = t;
		i = (i - 1) / 2;
	}
	return i;
}

/* Field by field: what was written as two words can't be read as one before it has left the core. */
static inline void
move_to(struct keyed *to, const struct keyed *from)
{
	to->key = from->key;
	to->i = from->i;
}

/* What sinks comes to place i, or further down. */
static inline void
sink(struct keyed *h, size_t i, struct keyed sinks)
{
	for (;;) {
		/* The first of two equal ones. Counted, not chosen by a branch: which it is can't be guessed. */
		size_t least = 2 * i + 1 + (h[2 * i + 2].key < h[2 * i + 1].key);

		if (h[least].key >= sinks.key)
			break;
		move_to(&h[i], &h[least]);
		i = least;
	}
	h[i] = sinks;
}

static void
sift_down(struct keyed *h, size_t i)
{
	sink(h, i, h[i]);
}

static void
heap_update(struct gt_reader *r, size_t i)
{
	if (sift_up(r->heap, i) == i)
		sift_down(r->heap, i);
}

static inline bool
still_first(const struct gt_reader *r)
{
	const struct keyed *h = r->heap;

	return h[0].key <= h[1].key && h[0].key <= h[2].key;
}

/* Takes out element i: it goes up to the root whatever the times are, then the last takes its place. */
static void
heap_remove(struct gt_reader *r, size_t i)
{
	struct keyed *h = r->heap;

	for (; i > 0; i = (i - 1) / 2)
		h[i] = h[(i - 1) / 2];
	h[0] = h[--r->nheap];
	h[r->nheap] = LATEST;
	r->calm = r->calm && r->nheap > 0;
	sift_down(h, 0);
}

/* --- errors ---------------------------------------------------------------------------- */

static enum gt_got
over(struct gt_reader *r, enum gt_got how)
{
	r->phase = PHASE_OVER;
	r->over = how;
	r->calm = false;
	return how;
}

/* Text that grows; once memory fails it stays as it is. */
struct text {
	char *p;
	size_t n, cap;
};

static void
put(struct text *t, const char *line, size_t n)
{
	if (t->cap - t->n <= n) {
		size_t cap = (t->n + n + 1) * 2;
		char *p = realloc(t->p, cap);

		if (!p)
			return;
		t->p = p;
		t->cap = cap;
	}
	memcpy(t->p + t->n, line, n);
	t->n += n;
	t->p[t->n] = '\0';
}

/* snprintf's length is capped: no line here is longer than its buffer. */
#define PUT(t, ...)                                                                                                    \
	do {                                                                                                           \
		char line_[256];                                                                                       \
		int n_ = snprintf(line_, sizeof(line_), __VA_ARGS__);                                                  \
		put(t, line_, n_ < (int)sizeof(line_) ? (size_t)n_ : sizeof(line_) - 1);                               \
	} while (0)

static void
put_head(struct text *t, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	PUT(t, "M %" PRId64 " [%s time=%" PRId64, ev->m, spec->name, ev->time);
	for (unsigned i = 0; i < spec->nargs; i++)
		PUT(t, " %s=%" PRIu64, spec->arg[i].name, ev->arg[i]);
	PUT(t, "]\n");
}

struct by_id {
	int64_t id;
	size_t at;
};

static int
compare_id(const void *a, const void *b)
{
	const struct by_id *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static void
put_g(struct text *t, const struct gt_state *s, size_t i)
{
	PUT(t, "G %" PRId64 " [status=%s seq=%" PRIu64 " (gen=%" PRIu64 ")]\n", s->g[i].id, gt_ref_gstatus(s->g[i].status),
		s->g[i].seq, s->g[i].gen);
}

static void
put_p(struct text *t, const struct gt_state *s, size_t i)
{
	PUT(t, "P %" PRId64 " [status=%s seq=%" PRIu64 " (gen=%" PRIu64 ")]\n", s->p[i].id, gt_ref_pstatus(s->p[i].status),
		s->p[i].seq, s->p[i].gen);
}

static void
put_m(struct text *t, const struct gt_state *s, size_t i)
{
	PUT(t, "M %" PRId64 " [g=%" PRId64 " p=%" PRId64 "]\n", s->m[i].id, s->m[i].g, s->m[i].p);
}

/* All states of one kind, by ID; the reference has them in no order. */
static void
put_sorted(struct text *t, const struct gt_state *s, struct by_id *order, size_t n,
	void (*one)(struct text *t, const struct gt_state *s, size_t i))
{
	qsort(order, n, sizeof(*order), compare_id);
	for (size_t i = 0; i < n; i++)
		one(t, s, order[i].at);
	PUT(t, "\n");
}

static void
put_states(struct text *t, const struct gt_state *s)
{
	static const char *const gc[] = { "Undetermined", "NotRunning", "Running" };
	size_t most = s->ng > s->np ? s->ng : s->np, n = 0;
	struct by_id *order = malloc((most > s->nm ? most : s->nm) * sizeof(*order) + 1);

	if (!order)
		return;
	for (size_t i = 0; i < s->ng; i++)
		if (s->g[i].live)
			order[n++] = (struct by_id){ s->g[i].id, i };
	put_sorted(t, s, order, n, put_g);
	for (n = 0; n < s->np; n++)
		order[n] = (struct by_id){ s->p[n].id, n };
	put_sorted(t, s, order, n, put_p);
	for (n = 0; n < s->nm; n++)
		order[n] = (struct by_id){ s->m[n].id, n };
	put_sorted(t, s, order, n, put_m);
	PUT(t, "GC %" PRIu64 " %s\n", s->gc_seq, gc[s->gc]);
	free(order);
}

/* Makes the text of r->err, while everything that it speaks of is there. */
static void
describe(struct gt_reader *r)
{
	size_t n = gt_reason_text(&r->err.why, NULL, 0);
	struct text t = { 0 };

	t.p = malloc(n + 1);
	if (t.p) {
		t.cap = n + 1;
		t.n = gt_reason_text(&r->err.why, t.p, t.cap);
	}
	if (r->err.why.code == GT_E_STUCK) {
		PUT(&t, "\n[gen=%" PRIu64 "]\n\n", r->gen->number);
		for (size_t i = 0; i < r->nheap; i++)
			put_head(&t, cursor_event(&r->cursor[r->heap[i].i]));
		PUT(&t, "\n");
		put_states(&t, &r->o.s);
		PUT(&t, "\n");
	}
	free(r->text);
	r->text = t.p;
	r->ntext = t.p ? t.n + 1 : 0;
	r->err.text = t.p ? t.p : "out of memory";
	if (r->err.why.code == GT_E_STACK_TWICE || r->err.why.code == GT_E_RANGE_MISSING)
		r->err.why.str[0] = r->err.why.str[1] = (struct gt_str){ "", 0 }; /* these were made for the text */
}

/* While salvaging, the error is known already: what one meets on the way is its consequence; but not that memory ends. */
static enum gt_got
broken(struct gt_reader *r)
{
	if (!r->lenient || r->err.why.code == GT_E_NOMEM)
		describe(r);
	return over(r, GT_BROKEN);
}

/* The orderer's reason, at the place of an event. */
static enum gt_got
broken_at(struct gt_reader *r, const struct gt_event *ev, const struct gt_reason *why)
{
	if (!r->lenient || why->code == GT_E_NOMEM)
		r->err = (struct gt_error){ .why = *why,
			.place = { (int64_t)r->gen->number, ev->batch, ev->index, ev->m, (int64_t)ev->off } };
	return broken(r);
}

static void tally(const struct gt_reader *r, struct gt_salvaged *s);

/* --- generations ----------------------------------------------------------------------- */

/* No two events have the same time, and none an earlier one than that before it. */
static inline int64_t
time_behind(int64_t time, int64_t last)
{
	return likely(time > last) ? time : time_add(last, 1);
}

static hot_inline enum gt_got
give(struct gt_reader *r, struct gt_event *ev, const struct gt_event **out)
{
	r->last = ev->time = time_behind(ev->time, r->last);
	if (unlikely(r->lenient))
		ev->salvaged = true;
	ev->n = ++r->pos;
	*out = ev;
	return GT_EVENT;
}

static enum gt_got
give_sync(struct gt_reader *r, int64_t time, const struct gt_event **out)
{
	r->made = (struct gt_event){ .type = GT_EV_SyncPoint,
		.time = time,
		.clock = time,
		.m = GT_NONE,
		.p = GT_NONE,
		.g = GT_NONE,
		.off = r->gen ? r->gen->from : r->next.off,
		.gen = r->gen };
	r->made.arg[0] = ++r->syncs;
	return give(r, &r->made, out);
}

/* The last sync point; after it the trace ends as `then` says. */
static enum gt_got
give_last_sync(struct gt_reader *r, enum phase then, const struct gt_event **out)
{
	if (r->lenient)
		tally(r, &r->salvaged);
	gt_gen_unref(r->gen);
	r->gen = NULL;
	r->calm = false;
	r->phase = then;
	r->over = GT_END;
	return give_sync(r, r->last, out);
}

/* One cursor for each M that has any events; the first event of each goes into the heap. */
static bool
fill_frontier(struct gt_reader *r)
{
	struct gt_gen *g = r->gen;
	struct gt_error ignored;

	free(r->cursor);
	free(r->heap);
	r->cursor = malloc(g->nchain * sizeof(*r->cursor) + 1);
	r->heap = malloc(heap_room(g->nchain) * sizeof(*r->heap));
	r->ncursor = r->nheap = 0;
	if (!r->cursor || !r->heap) {
		fault(&r->err, GT_E_NOMEM, r->t, g->from, -1);
		return false;
	}
	for (size_t i = 0; i < heap_room(g->nchain); i++)
		r->heap[i] = LATEST;
	for (size_t i = 0; i < g->nchain; i++) {
		struct cursor *c = &r->cursor[r->ncursor];

		cursor_init(c, &g->chain[i], r->t, g);
		switch (cursor_next_slow(c, r->t, g, r->lenient ? &ignored : &r->err)) {
		case CURSOR_BAD:
			if (!r->lenient)
				return false;
			r->ncursor++; /* kept for what it leaves unread */
			continue;
		case CURSOR_END:
			continue;
		case CURSOR_OK:
			break;
		}
		r->heap[r->nheap] = (struct keyed){ c->last, (uint32_t)r->ncursor++ };
		sift_up(r->heap, r->nheap++);
	}
	return true;
}

static enum gt_got
enter_gen(struct gt_reader *r, const struct gt_event **out)
{
	r->sample = 0;
	if (!fill_frontier(r))
		return broken(r);
	order_gen(&r->o, r->gen, r->nheap > 0);
	return give_sync(r, ticks_ns(r->gen->tick, r->gen->min_ticks), out);
}

/* From here on what is read is salvaged; good: so many bytes were not. */
static void
begin_salvage(struct gt_reader *r, uint64_t good)
{
	r->lenient = r->o.lenient = true;
	r->salvaged.good_events = r->pos;
	r->salvaged.good_bytes = good;
}

/*
 * The generation at `at` could not be loaded, and r->err says why: either what there is of it, or the end. Of what there was no
 * memory for nothing is known.
 */
static enum gt_got
no_gen(struct gt_reader *r, const struct gen_next *at, const struct gt_event **out)
{
	bool starved = r->err.why.code == GT_E_NOMEM;
	struct gt_gen *gen = r->salvage && !starved ? gen_salvage(r->t, at, r->tick, &starved) : NULL;

	if (starved) {
		fault(&r->err, GT_E_NOMEM, r->t, at->off, -1);
		return broken(r);
	}
	describe(r);
	r->salvaged.good_bytes = at->off;
	if (!gen)
		return give_last_sync(r, PHASE_BROKEN, out);
	gt_gen_unref(r->gen);
	r->gen = gen;
	begin_salvage(r, at->off);
	return enter_gen(r, out);
}

static enum gt_got
next_gen(struct gt_reader *r, const struct gt_event **out)
{
	struct gen_next at = r->next;
	struct gt_gen *gen;
	enum gen_got got;

	if (r->lenient)
		return give_last_sync(r, PHASE_BROKEN, out);
	if (unlikely(r->pause != 0) && r->next.off == r->pause)
		return GT_END;
	if (r->t->version < 26 && r->begun && r->next.broken) {
		r->err = r->next.err;
		return no_gen(r, &at, out);
	}
	if (r->t->version < 26 && r->begun && !r->next.more)
		return give_last_sync(r, PHASE_OVER, out);

	got = gen_load(r->t, &r->next, &gen, &r->err);
	r->begun = true;
	gt_gen_unref(r->gen);
	r->gen = gen;
	switch (got) {
	case GEN_BROKEN:
		return no_gen(r, &at, out);
	case GEN_EOF: /* what the reference takes for the end */
	case GEN_END:
		return give_last_sync(r, PHASE_OVER, out);
	case GEN_OK:
		break;
	}
	r->tick = gen->tick;
	return enter_gen(r, out);
}

/* --- events ------------------------------------------------------------------------------ */

/* An ID that is in no table. */
static enum gt_got
unknown_id(struct gt_reader *r, const struct gt_event *ev, enum gt_code code, unsigned arg)
{
	struct gt_reason why = { .code = code, .type = ev->type, .version = (uint8_t)r->t->version,
		.arg = { ev->arg[arg], ev->type } };

	return broken_at(r, ev, &why);
}

/* Which of them is unknown: stacks are looked at before strings. */
static enum gt_got
find_unknown_id(struct gt_reader *r, const struct id_args *s, const struct gt_event *ev)
{
	for (unsigned i = 0; i < 2; i++)
		if (!idtab_has(&r->gen->stack_ids, ev->arg[s->stack[i]]))
			return unknown_id(r, ev, GT_E_STACK_ID, s->stack[i]);
	return unknown_id(r, ev, GT_E_STRING_ID,
		s->string[idtab_has(&r->gen->string_ids, ev->arg[s->string[0]])]);
}

/* Bytes of the file that have led to what was given out so far. */
static uint64_t
used_bytes(const struct gt_reader *r)
{
	const struct gt_gen *g = r->gen;
	uint64_t used;

	if (r->v1.v)
		return v1_used(r->v1.v, r->v1.next);
	if (!g)
		return r->next.off;
	/* All but the events of its Ms, then those. */
	used = g->to;
	for (size_t i = 0; i < r->ncursor; i++) {
		const struct cursor *c = &r->cursor[i];

		used -= (uint64_t)(c->end - c->p);
		for (uint32_t b = g->batch[c->batch].next; b != MAP_NONE; b = g->batch[b].next)
			used -= batch_end(&g->batch[b]) - g->batch[b].off;
	}
	/* The heads are decoded, but have led to nothing yet. */
	for (size_t i = 0; i < r->nheap; i++) {
		const struct cursor *c = &r->cursor[r->heap[i].i];

		used -= (uint64_t)(c->p - c->at);
	}
	return used;
}

/*
 * An event refers to what is in no table. In a last generation without an end the tables may just not have come: then
 * it and all after it are salvaged. Else the reading is over.
 */
static bool
pardoned(struct gt_reader *r, const struct id_args *s, const struct gt_event *ev)
{
	if (r->lenient)
		return true;
	find_unknown_id(r, s, ev);
	if (!r->salvage || r->t->version >= 26 || r->next.more)
		return false;
	r->phase = PHASE_EVENTS;
	r->calm = r->nheap > 0 && r->sample == r->gen->nsample && !r->o.nmore;
	begin_salvage(r, used_bytes(r));
	return true;
}

static hot_inline enum gt_got
deliver(struct gt_reader *r, struct gt_event *ev, const struct gt_event **out)
{
	const struct id_args *s = &r->t->id_args[ev->type];

	if (unlikely(!ids_known(r->gen, s, ev->arg)) && !pardoned(r, s, ev))
		return GT_BROKEN;
	return give(r, ev, out);
}

static enum gt_got
give_sample(struct gt_reader *r, const struct gt_event **out)
{
	const struct sample *s = &r->gen->sample[r->sample++];

	r->made = (struct gt_event){ .type = GT_EV_CPUSample,
		.time = s->time,
		.clock = s->time,
		.m = s->m,
		.p = s->p,
		.g = s->g,
		.arg = { s->ticks, (uint64_t)s->m, (uint64_t)s->p, s->g == GT_NONE ? 0 : (uint64_t)s->g, s->stack },
		.off = s->off,
		.len = s->len,
		.batch = s->batch,
		.index = s->index,
		.gen = r->gen };
	return give(r, &r->made, out);
}

/*
 * Tries head i, *out. After a yes the cursor has moved on. GT_NEVER: the reading is over.
 */
static hot_inline enum gt_answer
try_head(struct gt_reader *r, size_t i, struct gt_event **out)
{
	struct cursor *c = &r->cursor[r->heap[i].i];
	struct gt_event *ev = *out = cursor_head(c, r->t);
	enum gt_answer answer;
	struct gt_error ignored;

	r->o.now = time_behind(ev->time, r->last);
	answer = order_try(&r->o, ev, &c->mat);
	if (unlikely(answer != GT_YES)) {
		if (answer == GT_NEVER)
			broken_at(r, ev, &r->o.why);
		return answer;
	}
	switch (cursor_next(c, r->t, r->gen, r->lenient ? &ignored : &r->err)) {
	case CURSOR_OK:
		r->heap[i].key = c->last;
		/* Most often the earliest stays the earliest. */
		if (unlikely(i != 0) || !still_first(r))
			heap_update(r, i);
		return GT_YES;
	case CURSOR_END:
		heap_remove(r, i);
		return GT_YES;
	case CURSOR_BAD:
		break;
	}
	/* Nothing comes next on this M: it is no part of the frontier. */
	heap_remove(r, i);
	/* The last batch of a cut file ends inside an event. */
	if (r->lenient)
		return GT_YES;
	broken(r);
	return GT_NEVER;
}

/* The earliest has to wait: the others, in order of time. */
static enum gt_answer
try_others(struct gt_reader *r, struct gt_event **out)
{
	enum gt_answer answer = GT_WAIT;
	size_t i = 1;

	gt_sort(r->heap, r->nheap);
	while (i < r->nheap && answer == GT_WAIT)
		answer = try_head(r, i++, out);
	r->asked += i;
	return answer;
}

static enum gt_got
stuck(struct gt_reader *r)
{
	const struct gt_event *ev = cursor_head(&r->cursor[r->heap[0].i], r->t);
	struct gt_reason why = { .code = GT_E_STUCK, .version = (uint8_t)r->t->version };

	return broken_at(r, ev, &why);
}

uint64_t
reader_asked(const struct gt_reader *r)
{
	return r->asked;
}

/* A trace before Go 1.22: what is wrong with it is found at once, and if so, all events that there are are salvaged. */
static void
begin_v1(struct gt_reader *r)
{
	const struct v1 *v = v1_of(r->t, false), *more = v && v->broken && r->salvage ? v1_of(r->t, true) : NULL;

	if (more && !more->broken) {
		r->err = v->err;
		describe(r);
		begin_salvage(r, r->t->first);
		v = more;
	}
	v1_begin(&r->v1, v);
}

/* No frontier, one generation. */
static enum gt_got
read_v1(struct gt_reader *r, const struct gt_event **out)
{
	struct gt_error ignored;
	struct gt_event *ev;

	if (!r->v1.v)
		begin_v1(r);
	switch (v1_read(&r->v1, r->t, &r->o, &ev, r->lenient ? &ignored : &r->err)) {
	case GT_BROKEN:
		return broken(r);
	case GT_END:
		return over(r, r->lenient ? GT_BROKEN : GT_END);
	case GT_EVENT:
	case GT_LATER:
		break;
	}
	if (ev->gen != r->gen) {
		if (r->lenient)
			tally(r, &r->salvaged);
		gt_gen_unref(r->gen);
		r->gen = gt_gen_ref(ev->gen);
	}
	ev->salvaged = r->lenient;
	ev->n = ++r->pos;
	*out = ev;
	return GT_EVENT;
}

/* What comes next has not arrived yet: nothing has happened then. */
static bool
waits(const struct gt_reader *r)
{
	bool between = r->gen == NULL || (r->nheap == 0 && r->sample == r->gen->nsample && r->o.imore == r->o.nmore);

	return between && r->phase == PHASE_EVENTS && !r->lenient && !(r->begun && r->next.broken) &&
		trace_waits(r->t, r->next.off);
}

/* All that is not just one more event of the frontier. *done: it was that. */
static enum gt_got
read_special(struct gt_reader *r, const struct gt_event **out, bool *done)
{
	*done = true;
	if (waits(r))
		return GT_LATER;
	if (r->phase != PHASE_EVENTS)
		return over(r, r->phase == PHASE_BROKEN ? GT_BROKEN : r->over);
	if (r->t->version < 22)
		return read_v1(r, out);
	if (r->o.imore < r->o.nmore) {
		r->o.now = time_add(r->last, 1);
		return deliver(r, order_more(&r->o), out);
	}
	r->o.nchange = 0;
	if (r->gen == NULL || (r->nheap == 0 && r->sample == r->gen->nsample))
		return next_gen(r, out);
	if (r->sample < r->gen->nsample && (r->nheap == 0 || r->gen->sample[r->sample].time < r->heap[0].key))
		return give_sample(r, out);
	r->calm = r->sample == r->gen->nsample;
	*done = false;
	return GT_EVENT;
}

static hot_inline enum gt_got
read_one(struct gt_reader *r, const struct gt_event **out)
{
	enum gt_answer answer;
	struct gt_event *ev;

	if (unlikely(!r->calm)) {
		bool done;
		enum gt_got got = read_special(r, out, &done);

		if (done)
			return got;
	}
	answer = try_head(r, 0, &ev);
	if (unlikely(answer == GT_WAIT)) {
		answer = try_others(r, &ev);
		if (answer == GT_WAIT)
			return stuck(r);
	}
	if (unlikely(answer == GT_NEVER))
		return GT_BROKEN;
	if (unlikely(r->o.nmore)) {
		r->calm = false;
		return deliver(r, r->o.out, out);
	}
	return deliver(r, ev, out);
}

/* Which is the second earliest M: as long as its time has not come the earliest stays that. */
static inline size_t
second(const struct gt_reader *r)
{
	const struct keyed *h = r->heap;

	/* Counted, not chosen by a branch: see sink. */
	return (size_t)1 + (h[2].key < h[1].key);
}

/* The earliest M is not that any more. */
static inline void
give_way(struct gt_reader *r, size_t second, int64_t time)
{
	struct keyed *h = r->heap, sinks = { time, h[0].i };

	move_to(&h[0], &h[second]);
	sink(h, second, sinks);
}

/* The next event of an M, as its turn comes. */
struct turn {
	struct cursor *c;
	struct gt_event *ev;
	unsigned type; /* of ev: it decides what is done next, and is looked up before that */
};

static inline struct turn
turn_of(struct gt_reader *r, size_t i)
{
	struct cursor *c = &r->cursor[r->heap[i].i];
	struct gt_event *ev = cursor_event(c);

	return (struct turn){ c, ev, ev->type };
}

/* The event from `from` to p, the nth of this turn, is followed by others that were made of it. */
static void
place_more(struct gt_reader *r, struct turn *t, int64_t time, const uint8_t *from, const uint8_t *p, uint32_t nth)
{
	cursor_place(t->c, t->ev, r->t, time, from, p, t->c->index - 1 + nth);
	order_place_more(&r->o, t->ev);
	r->calm = false;
}

/*
 * Passes over events of one M: as long as its time is not behind `until`, each is let through at once and the next one can be
 * decoded; at most so many. Returns how many there were.
 */
static hot_inline uint32_t
pass_turn(struct gt_reader *r, struct turn t, int64_t until, int64_t *time, uint64_t most)
{
	const struct id_args *ids = r->t->id_args;
	const struct gt_gen *g = r->gen;
	struct cursor *c = t.c;
	struct gt_event *next = cursor_other(c), *was;
	/* The event is from `from` to p, the next one from there to q. */
	const uint8_t *from = c->at, *p = c->p, *limit = c->midst, *q;
	struct mstate *m = &r->o.s.m[c->mat];
	int64_t last = *time, clock = c->last;
	/* So it is one question whether a time is 1 to until. */
	uint64_t before = until > 0 ? (uint64_t)until : 0, dt;
	uint32_t n = 0;
	enum quick happened;

	/* No event is shorter and no batch longer: so there is no need to count. */
	if (unlikely(most < MAX_BATCH_SIZE / EVENT_MIN) && limit - p > (ptrdiff_t)(EVENT_MIN * most))
		limit = p + EVENT_MIN * most;
	do {
		r->o.now = time_behind(clock, last);
		/* In this order: decoding behind what can't be guessed was measured to take a third longer in all. */
		if (unlikely(!(q = event_decode(next, p, limit, &dt))) ||
			unlikely((happened = order_quick(&r->o, ids, t.ev, t.type, m)) == QUICK_NOT))
			break;
		if (unlikely(happened == QUICK_MORE)) {
			place_more(r, &t, clock, from, p, n);
			before = 0;
		}
		last = r->o.now;
		clock = time_add(gen_ns(g, dt), clock);
		was = t.ev;
		t.ev = next;
		t.type = next->type;
		next = was;
		from = p;
		p = q;
		n++;
	} while ((uint64_t)clock - 1 < before);
	if (n == 0)
		return 0;
	cursor_move(c, t.ev, clock, from, p, n);
	*time = last;
	return n;
}

/*
 * Passes over events, turn by turn, at most so many. They are not given out, and their place in the file is not noted: that is
 * a third of the work. What is not as plain as that is left, untouched, to read_one. Returns how many there were.
 */
static uint64_t
pass(struct gt_reader *r, uint64_t most)
{
	struct turn now = turn_of(r, 0);
	uint64_t left = most;
	int64_t last = r->last;

	if (unlikely(!state_has_room(&r->o.s)))
		return 0;
	/* An M without a place is not known yet; one without a time begins a batch. */
	while (left > 0 && r->calm && likely(now.c->mat != MAP_NONE) && likely(now.c->last > 0)) {
		size_t next = second(r);
		int64_t until = r->heap[next].key;
		struct turn then = turn_of(r, next);
		uint64_t n = pass_turn(r, now, until, &last, left);

		left -= n;
		if (n == 0)
			break;
		if (now.c->last <= until) {
			r->heap[0].key = now.c->last;
			break;
		}
		give_way(r, next, now.c->last);
		now = then;
	}
	r->last = last;
	r->pos += most - left;
	return most - left;
}

enum gt_got
gt_read(struct gt_reader *r, const struct gt_event **out)
{
	return read_one(r, out);
}

enum gt_got
gt_skip(struct gt_reader *r, uint64_t n)
{
	const struct gt_event *ev;

	while (n > 0) {
		uint64_t k = r->calm && !r->lenient && !r->o.log ? pass(r, n) : 0;

		n -= k;
		if (n > 0 && k == 0) {
			enum gt_got got = read_one(r, &ev);

			if (unlikely(got != GT_EVENT))
				return got;
			n--;
		}
	}
	return GT_EVENT;
}

enum gt_got
reader_skip_to(struct gt_reader *r, uint64_t off, uint64_t n)
{
	enum gt_got got;

	r->pause = off;
	got = gt_skip(r, n);
	r->pause = 0;
	return r->phase == PHASE_EVENTS ? GT_EVENT : got;
}

void
reader_watch(struct gt_reader *r)
{
	r->o.s.unproved = (struct unproved){ .least_task = UINT64_MAX };
}

bool
reader_inherit(struct gt_reader *r, const struct gt_reader *guess, const struct gt_reader *from)
{
	if (!state_inherit(&r->o.s, &guess->o.s, &from->o.s))
		return false;
	r->pos = from->pos + (r->pos - guess->pos);
	return true;
}

/* Events that can still be decoded: of those of the frontier that were not let through, and behind them. */
static uint64_t
rest_of_events(const struct gt_reader *r)
{
	uint64_t n = 0;

	if (r->v1.v)
		return v1_left(r->v1.v, r->v1.next);
	for (size_t i = 0; i < r->nheap && r->gen; i++) {
		struct cursor c = r->cursor[r->heap[i].i];
		struct gt_error ignored;

		do
			n++;
		while (cursor_next_slow(&c, r->t, r->gen, &ignored) == CURSOR_OK);
	}
	return n;
}

/* What has been salvaged so far; of the generation as long as that is there. */
static void
tally(const struct gt_reader *r, struct gt_salvaged *s)
{
	s->events = r->pos - s->good_events;
	if (!r->gen)
		return;
	s->bytes = used_bytes(r) - s->good_bytes;
	s->lost_events = rest_of_events(r);
	s->no_strings = r->gen->nstring == 0;
	s->no_stacks = r->gen->nstack == 0;
	s->no_frequency = r->gen->no_tick;
}

bool
gt_reader_salvaged(const struct gt_reader *r, struct gt_salvaged *out)
{
	*out = r->salvaged;
	if (r->lenient) {
		tally(r, out);
		out->lost_bytes = trace_size(r->t) - out->good_bytes - out->bytes;
		return true;
	}
	out->good_events = r->pos;
	if (r->phase == PHASE_OVER && r->over == GT_END)
		out->good_bytes = trace_size(r->t);
	else if (r->gen || r->v1.v)
		out->good_bytes = used_bytes(r);
	out->lost_bytes = trace_size(r->t) - out->good_bytes;
	out->lost_events = rest_of_events(r);
	return false;
}

/* --- the frontier, to look at --------------------------------------------------------------- */

static int
compare_head(const void *a, const void *b)
{
	const struct gt_head *x = a, *y = b;

	if (x->ev.time != y->ev.time)
		return x->ev.time < y->ev.time ? -1 : 1;
	return (x->ev.m > y->ev.m) - (x->ev.m < y->ev.m);
}

/* The earliest heads, in order; n is at most how many there are. */
static void
take_heads(struct gt_reader *r, struct gt_head *out, size_t n)
{
	for (size_t i = 0; i < r->nheap; i++) {
		struct gt_head head = { .ev = *cursor_head(&r->cursor[r->heap[i].i], r->t) };
		size_t at = i;

		head.ev.n = 0;
		if (i >= n) {
			/* No room: it comes in where it is earlier than the last. */
			for (at = n; at > 0 && compare_head(&head, &out[at - 1]) < 0; at--)
				if (at < n)
					out[at] = out[at - 1];
			if (at == n)
				continue;
		}
		out[at] = head;
		if (i + 1 == n)
			qsort(out, n, sizeof(*out), compare_head);
	}
}

static void
set_context(const struct gt_reader *r, struct gt_event *ev, int64_t m)
{
	uint32_t at = map_get(&r->o.s.ms, (uint64_t)m);

	ev->m = m;
	ev->p = at == MAP_NONE ? GT_NONE : r->o.s.m[at].p;
	ev->g = at == MAP_NONE ? GT_NONE : r->o.s.m[at].g;
}

size_t
gt_frontier(struct gt_reader *r, struct gt_head *out, size_t cap)
{
	size_t n = r->nheap < cap ? r->nheap : cap;
	bool log = r->o.log;

	if (n > 0)
		take_heads(r, out, n);
	r->o.ask = true;
	r->o.log = false; /* the changes of the last event stay */
	for (size_t i = 0; i < n; i++) {
		uint32_t mat = MAP_NONE;
		int64_t m = out[i].ev.m;

		out[i].answer = order_try(&r->o, &out[i].ev, &mat);
		/* A status may be shown as that of another M: here it is still this one's. */
		if (out[i].ev.m != m)
			set_context(r, &out[i].ev, m);
		out[i].why = r->o.why;
		if (out[i].answer == GT_YES)
			out[i].why = (struct gt_reason){ 0 };
		/* That text is the orderer's, and gone with the next question. */
		if (out[i].why.code == GT_E_RANGE_MISSING)
			out[i].why.str[0] = (struct gt_str){ "", 0 };
	}
	r->o.ask = false;
	r->o.log = log;
	return r->nheap;
}
