/* SPDX-License-Identifier: MIT */
/*
 * Loading a generation: its batches are read in the order of the file, those of tables at once, so that of several
 * faults the first in the file is the one reported, as the reference does.
 */
#include "gen.h"

#include "sort.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FRAMES 128

/* --- tables of IDs ---------------------------------------------------------- */

/* Dense as long as that wastes at most a few times what is used. */
static bool
dense_fits(const struct idtab *t, uint64_t id, size_t used)
{
	return id < t->ndense || id < 4 * (uint64_t)used + 1024;
}

static bool
dense_grow(struct idtab *t, uint64_t id)
{
	size_t want = t->ndense ? t->ndense : 256;
	uint32_t *p;

	while (want <= id)
		want *= 2;
	p = realloc(t->dense, want * sizeof(*p));
	if (!p)
		return false;
	memset(p + t->ndense, 0, (want - t->ndense) * sizeof(*p));
	p[0] = MAP_NONE;
	t->dense = p;
	t->ndense = want;
	if (t->upto == 0)
		t->upto = 1;
	return true;
}

/* id must not be in the table. used: how many are. */
static bool
idtab_add(struct idtab *t, uint64_t id, size_t used)
{
	if (!dense_fits(t, id, used))
		return map_add(&t->sparse, id, (uint32_t)used);
	if (id >= t->ndense && !dense_grow(t, id))
		return false;
	t->dense[id] = (uint32_t)used + 1;
	while (t->upto < t->ndense && t->dense[t->upto] != 0)
		t->upto++;
	return true;
}

static void
idtab_free(struct idtab *t)
{
	free(t->dense);
	map_free(&t->sparse);
}

bool
gen_put_string(struct gt_gen *g, uint64_t id, struct gt_str s)
{
	if (!GROW(g->string, g->nstring, g->cstring) || !idtab_add(&g->string_ids, id, g->nstring))
		return false;
	g->string[g->nstring++] = s;
	return true;
}

bool
gen_put_frame(struct gt_gen *g, const struct frame *f)
{
	uint32_t at = map_get(&g->pcs, f->pc);

	if (at == MAP_NONE) {
		at = (uint32_t)g->nframe;
		if (!GROW(g->frame, g->nframe, g->cframe) || !map_add(&g->pcs, f->pc, at))
			return false;
		g->frame[g->nframe++] = *f;
	}
	if (!GROW(g->pc, g->npc, g->cpc))
		return false;
	g->pc[g->npc++] = at;
	return true;
}

bool
gen_put_stack(struct gt_gen *g, uint64_t id, uint32_t first)
{
	struct stack st = { .first = first, .n = (uint32_t)g->npc - first };
	uint32_t old = idtab_get(&g->stack_ids, id);

	if (old != MAP_NONE) {
		g->stack[old] = st;
		return true;
	}
	if (!GROW(g->stack, g->nstack, g->cstack) || !GROW(g->stack_id, g->nstack, g->cstack_id) ||
		!idtab_add(&g->stack_ids, id, g->nstack))
		return false;
	g->stack_id[g->nstack] = id;
	g->stack[g->nstack++] = st;
	return true;
}

/* --- what a table batch holds ------------------------------------------------- */

/* Reads through the data of one batch. */
struct scan {
	const struct gt_trace *t;
	struct gt_gen *g;
	const struct batch *b;
	const uint8_t *p, *end;
	int64_t entry;        /* which event of the batch is being read; its head counts */
	const uint8_t *start; /* of that entry */
	struct gt_error *err;
	bool eof; /* failed where the reference sees a plain end of data */
};

/* Every failure of a scan: a code at the present byte. Always false. */
static bool
scan_fail(struct scan *s, enum gt_code code, uint64_t a0, uint64_t a1)
{
	fault(s->err, code, s->t, (uint64_t)(s->p - s->t->bytes), s->b->index);
	s->err->place.generation = (int64_t)s->b->gen;
	s->err->place.m = s->b->m;
	s->err->place.event = s->entry;
	s->err->why.arg[0] = a0;
	s->err->why.arg[1] = a1;
	return false;
}

static bool
scan_nomem(struct scan *s)
{
	return scan_fail(s, GT_E_NOMEM, 0, 0);
}

static bool
scan_number(struct scan *s, uint64_t *v)
{
	enum varint_got got = varint(&s->p, s->end, v);

	if (got == VARINT_OK)
		return true;
	s->eof = got == VARINT_CUT && s->p == s->end;
	scan_fail(s, GT_E_NUMBER, 0, 0);
	s->err->why.str[0] = cause(got == VARINT_LONG ? CAUSE_LONG : s->eof ? CAUSE_EOF : CAUSE_CUT);
	return false;
}

/* The type byte of the next entry. */
static bool
scan_entry(struct scan *s, uint8_t type, enum gt_code otherwise)
{
	s->entry++;
	s->start = s->p;
	if (*s->p != type)
		return scan_fail(s, otherwise, *s->p, 0);
	s->p++;
	return true;
}

static bool
add_string(struct scan *s)
{
	struct gt_gen *g = s->g;
	uint64_t id, len;
	uint32_t old;

	if (!scan_entry(s, GT_EV_String, GT_E_STRING_EVENT) || !scan_number(s, &id) || !scan_number(s, &len))
		return false;
	if (len > MAX_STRING_SIZE)
		return scan_fail(s, GT_E_STRING_SIZE, len, MAX_STRING_SIZE);
	if (len > (uint64_t)(s->end - s->p))
		return scan_fail(s, GT_E_STRING_SHORT, (uint64_t)(s->end - s->p), len);
	if (!GROW(g->string, g->nstring, g->cstring))
		return scan_nomem(s);
	g->string[g->nstring] = (struct gt_str){ (const char *)s->p, (size_t)len };
	old = idtab_get(&g->string_ids, id);
	if (id == 0 || old != MAP_NONE) {
		scan_fail(s, GT_E_STRING_TWICE, id, 0);
		s->err->why.str[0] = g->string[g->nstring];
		s->err->why.str[1] = id == 0 ? (struct gt_str){ "", 0 } : g->string[old];
		return false;
	}
	if (!idtab_add(&g->string_ids, id, g->nstring))
		return scan_nomem(s);
	g->nstring++;
	s->p += len;
	return true;
}

/* What the reference prints of a stack: each program counter on a line. */
static size_t
stack_note(const struct gt_gen *g, const struct stack *st, char *buf)
{
	size_t n = 0;

	for (uint32_t i = 0; i < st->n; i++)
		n += (size_t)sprintf(buf + n, "\t0x%" PRIx64 "\n", g->frame[g->pc[st->first + i]].pc);
	return n;
}

static bool
stack_twice(struct scan *s, uint64_t id, const struct stack *now, uint32_t old)
{
	size_t room = MAX_FRAMES * 20, n;

	scan_fail(s, GT_E_STACK_TWICE, id, 0);
	free(s->g->note); /* salvage goes on after one */
	s->g->note = malloc(2 * room);
	if (!s->g->note)
		return scan_nomem(s);
	n = stack_note(s->g, now, s->g->note);
	s->err->why.str[0] = (struct gt_str){ s->g->note, n };
	if (id != 0)
		n = stack_note(s->g, &s->g->stack[old], s->g->note + room);
	s->err->why.str[1] = (struct gt_str){ s->g->note + room, id != 0 ? n : 0 };
	return false;
}

static bool
frame_number(struct scan *s, uint64_t *v, uint64_t frame, uint64_t stack, const char *what)
{
	if (scan_number(s, v))
		return true;
	s->eof = false;
	s->err->why.code = GT_E_STACK_FRAME;
	s->err->why.arg[0] = frame;
	s->err->why.arg[1] = stack;
	s->err->why.str[1] = cause(what);
	return false;
}

static bool
add_frame(struct scan *s, uint64_t nth, uint64_t stack)
{
	struct gt_gen *g = s->g;
	struct frame f;

	if (!frame_number(s, &f.pc, nth, stack, "PC") || !frame_number(s, &f.func, nth, stack, "funcID") ||
		!frame_number(s, &f.file, nth, stack, "fileID") || !frame_number(s, &f.line, nth, stack, "line"))
		return false;
	return gen_put_frame(g, &f) || scan_nomem(s);
}

static bool
add_stack(struct scan *s)
{
	struct gt_gen *g = s->g;
	struct stack st = { .first = (uint32_t)g->npc };
	uint64_t id, n;
	uint32_t old;

	if (!scan_entry(s, GT_EV_Stack, GT_E_STACK_EVENT) || !scan_number(s, &id) || !scan_number(s, &n))
		return false;
	if (n > MAX_FRAMES)
		return scan_fail(s, GT_E_STACK_SIZE, n, MAX_FRAMES);
	st.n = (uint32_t)n;
	for (uint64_t i = 1; i <= n; i++)
		if (!add_frame(s, i, id))
			return false;
	old = idtab_get(&g->stack_ids, id);
	if (id == 0 || old != MAP_NONE)
		return stack_twice(s, id, &st, old);
	return gen_put_stack(g, id, st.first) || scan_nomem(s);
}

static bool
add_sample(struct scan *s)
{
	struct gt_gen *g = s->g;
	uint64_t v[5];

	if (!scan_entry(s, GT_EV_CPUSample, GT_E_SAMPLE_EVENT))
		return false;
	for (unsigned i = 0; i < 5; i++)
		if (!scan_number(s, &v[i]))
			return false;
	if (!GROW(g->sample, g->nsample, g->csample))
		return scan_nomem(s);
	g->sample[g->nsample++] = (struct sample){
		.ticks = v[0],
		.m = (int64_t)v[1],
		.p = (int64_t)v[2],
		.g = v[3] == 0 ? GT_NONE : (int64_t)v[3],
		.stack = v[4],
		.off = (uint64_t)(s->start - s->t->bytes),
		.len = (uint32_t)(s->p - s->start),
		.batch = s->b->index,
		.index = (uint32_t)s->entry,
	};
	return true;
}

static void
set_tick(struct gt_gen *g, double tick)
{
	const double exact = 9007199254740992.0; /* 2 to the 53rd */

	g->tick = tick;
	if (tick < 1 || tick > 1e9 || tick != (double)(uint64_t)tick)
		return;
	g->whole = (uint64_t)tick;
	g->whole_most = (uint64_t)(exact / tick);
}

static bool
add_frequency(struct scan *s)
{
	uint64_t f;

	if (s->g->tick != 0)
		return scan_fail(s, GT_E_FREQ_TWICE, 0, 0);
	s->p++;
	if (!scan_number(s, &f))
		return false;
	set_tick(s->g, 1.0 / ((double)f / 1e9));
	return true;
}

static bool
add_clock(struct scan *s)
{
	struct gt_gen *g = s->g;
	uint64_t dt, sec, nsec;

	if (g->has_clock)
		return scan_fail(s, GT_E_CLOCK_TWICE, 0, 0);
	g->has_clock = true;
	s->p++;
	if (!scan_number(s, &dt))
		return false;
	g->snap = s->b->time + dt;
	if (!scan_number(s, &g->clock.mono) || !scan_number(s, &sec) || !scan_number(s, &nsec))
		return false;
	g->clock.sec = (int64_t)sec;
	g->clock.nsec = (int64_t)nsec;
	return true;
}

static bool
add_sync(struct scan *s)
{
	s->entry++;
	if (*s->p == GT_EV_Frequency)
		return add_frequency(s);
	if (*s->p == GT_EV_ClockSnapshot && s->t->version >= 25)
		return add_clock(s);
	return scan_fail(s, GT_E_SYNC_EVENT, *s->p, 0);
}

static bool
add_events(struct scan *s, const struct batch *b)
{
	struct gt_gen *g = s->g;
	uint32_t at = (uint32_t)g->nbatch, c = map_get(&g->chains, (uint64_t)b->m);

	if (!GROW(g->batch, g->nbatch, g->cbatch))
		return scan_nomem(s);
	g->batch[g->nbatch++] = *b;
	if (c != MAP_NONE) {
		g->batch[g->chain[c].last].next = at;
		g->chain[c].last = at;
		return true;
	}
	if (!GROW(g->chain, g->nchain, g->cchain) || !map_add(&g->chains, (uint64_t)b->m, (uint32_t)g->nchain))
		return scan_nomem(s);
	g->chain[g->nchain++] = (struct chain){ b->m, at, at };
	return true;
}

static bool
each(struct scan *s, bool (*add)(struct scan *s))
{
	while (s->p < s->end)
		if (!add(s))
			return false;
	return true;
}

/* A batch is of a table by the first byte of what is in it; else it holds events of its M. */
static bool
add_batch(struct scan *s, const struct batch *b)
{
	s->b = b;
	s->p = s->t->bytes + b->data;
	s->end = s->p + b->size;
	s->entry = -1;
	s->g->nall++;
	if (b->exp != 0) {
		s->g->nexp++;
		return true;
	}
	s->p++; /* the head, where there is one */
	s->entry++;
	switch (b->head) {
	case GT_EV_Strings:
		return each(s, add_string);
	case GT_EV_Stacks:
		return each(s, add_stack);
	case GT_EV_CPUSamples:
		return each(s, add_sample);
	case GT_EV_Sync:
		if (s->t->version >= 25)
			return each(s, add_sync);
		break;
	case GT_EV_Frequency:
		s->p--;
		s->entry--;
		if (s->t->version < 25)
			return each(s, add_sync);
		break;
	case GT_EV_EndOfGeneration:
		s->p--;
		return scan_fail(s, GT_E_GEN_END_INSIDE, 0, 0);
	default:
		break;
	}
	return add_events(s, b);
}

/* --- a whole generation --------------------------------------------------------- */

static bool
missing(const struct gt_trace *t, const struct gt_gen *g, enum gt_code code, uint64_t id, uint64_t stack,
	struct gt_error *err)
{
	fault(err, code, t, g->from, -1);
	err->place.generation = (int64_t)g->number;
	err->why.arg[0] = id;
	err->why.arg[1] = stack;
	return false;
}

static bool
check_stack(const struct gt_trace *t, const struct gt_gen *g, size_t i, struct gt_error *err)
{
	const struct stack *st = &g->stack[i];

	for (uint32_t k = 0; k < st->n; k++) {
		const struct frame *f = &g->frame[g->pc[st->first + k]];

		if (!idtab_has(&g->string_ids, f->func))
			return missing(t, g, GT_E_STACK_FUNC, f->func, g->stack_id[i], err);
		if (!idtab_has(&g->string_ids, f->file))
			return missing(t, g, GT_E_STACK_FILE, f->file, g->stack_id[i], err);
	}
	return true;
}

/*
 * Of several stacks that name strings that are not there, the one with the lowest ID is reported: the reference goes
 * through its table in that order, unless the table is sparse, when it has no order.
 */
static bool
check_stacks(const struct gt_trace *t, const struct gt_gen *g, struct gt_error *err)
{
	size_t worst = SIZE_MAX;

	for (size_t i = 0; i < g->nstack; i++)
		if ((worst == SIZE_MAX || g->stack_id[i] < g->stack_id[worst]) && !check_stack(t, g, i, err))
			worst = i;
	return worst == SIZE_MAX || check_stack(t, g, worst, err);
}

static bool
sort_samples(struct gt_gen *g)
{
	struct keyed *key;
	struct sample *sorted;
	bool ok;

	if (g->nsample == 0)
		return true;
	key = malloc(g->nsample * sizeof(*key));
	sorted = malloc(g->nsample * sizeof(*sorted));
	ok = key && sorted;
	if (ok) {
		for (size_t i = 0; i < g->nsample; i++) {
			g->sample[i].time = ticks_ns(g->tick, g->sample[i].ticks);
			key[i] = (struct keyed){ g->sample[i].time, (uint32_t)i };
		}
		gt_sort(key, g->nsample);
		for (size_t i = 0; i < g->nsample; i++)
			sorted[i] = g->sample[key[i].i];
		free(g->sample);
		g->sample = sorted;
		g->csample = g->nsample;
		sorted = NULL;
	}
	free(key);
	free(sorted);
	return ok;
}

/* What must be there once all batches are read. */
static bool
finish(const struct gt_trace *t, struct gt_gen *g, struct gt_error *err)
{
	if (g->tick == 0)
		return missing(t, g, GT_E_NO_FREQ, 0, 0, err);
	if (t->version >= 25 && !g->has_clock)
		return missing(t, g, GT_E_NO_CLOCK, 0, 0, err);
	if (!check_stacks(t, g, err))
		return false;
	g->clock.trace = ticks_ns(g->tick, g->snap);
	return sort_samples(g) || missing(t, g, GT_E_NOMEM, 0, 0, err);
}

/* Says of a batch what is wrong with the generation it claims. */
static enum gen_got
wrong_gen(const struct gt_trace *t, enum gt_code code, const struct batch *b, struct gt_error *err)
{
	fault(err, code, t, b->off, b->index)->why.arg[0] = b->gen;
	err->place.m = b->m;
	err->place.generation = (int64_t)b->gen;
	return GEN_BROKEN;
}

/* Takes a batch that belongs to the generation. */
static enum gen_got
take(struct scan *s, const struct batch *b, struct gen_next *next)
{
	struct gt_gen *g = s->g;

	if (g->min_ticks == 0 || b->time < g->min_ticks)
		g->min_ticks = b->time;
	if (!add_batch(s, b))
		return s->eof ? GEN_EOF : GEN_BROKEN;
	next->off = b->ends ? b->data : batch_end(b);
	next->batch = b->index + 1;
	return GEN_OK;
}

/* Go 1.26 and later: an event ends each generation. */
static enum gen_got
load_ended(struct scan *s, struct gen_next *next)
{
	struct gt_gen *g = s->g;

	for (;;) {
		struct batch b;
		enum gen_got got;

		switch (batch_read(s->t, next->off, next->batch, &b, s->err)) {
		case BATCH_BAD:
			return GEN_BROKEN;
		case BATCH_EOF:
			if (g->nbatch == 0)
				return GEN_END;
			fault(s->err, GT_E_GEN_INCOMPLETE, s->t, trace_size(s->t), -1)->place.generation = (int64_t)g->number;
			return GEN_BROKEN;
		case BATCH_OK:
			break;
		}
		if (g->number == 0)
			g->number = b.gen;
		if (b.ends || b.head == GT_EV_EndOfGeneration) {
			next->off = b.ends ? b.data : batch_end(&b);
			next->batch = b.index + 1;
			return GEN_OK;
		}
		if (b.gen == 0)
			return wrong_gen(s->t, GT_E_GEN_ZERO, &b, s->err);
		if (b.gen != g->number)
			return wrong_gen(s->t, GT_E_GEN_MIXED, &b, s->err);
		got = take(s, &b, next);
		if (got != GEN_OK)
			return got;
	}
}

/* Before: the first batch of the next generation ends one, or the end of the file. */
static enum gen_got
load_until_next(struct scan *s, struct gen_next *next)
{
	struct gt_gen *g = s->g;

	next->more = false;
	for (;;) {
		struct batch b;
		enum gen_got got;

		switch (batch_read(s->t, next->off, next->batch, &b, s->err)) {
		case BATCH_BAD:
			if (g->number == 0)
				return GEN_BROKEN;
			next->broken = true;
			next->err = *s->err;
			return GEN_OK;
		case BATCH_EOF:
			return GEN_OK;
		case BATCH_OK:
			break;
		}
		if (b.gen == 0)
			return wrong_gen(s->t, GT_E_GEN_ZERO, &b, s->err);
		if (g->number == 0)
			g->number = b.gen;
		if (b.gen == g->number + 1) {
			next->more = true;
			return GEN_OK;
		}
		if (b.gen != g->number)
			return wrong_gen(s->t, GT_E_GEN_ORDER, &b, s->err);
		got = take(s, &b, next);
		if (got != GEN_OK)
			return got;
	}
}

struct gt_gen *
gen_new(const struct gt_trace *t)
{
	struct gt_gen *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->refs = 1;
	g->t = t;
	if (dense_grow(&g->string_ids, 0) && dense_grow(&g->stack_ids, 0))
		return g;
	gt_gen_unref(g);
	return NULL;
}

enum gen_got
gen_load(const struct gt_trace *t, struct gen_next *next, struct gt_gen **out, struct gt_error *err)
{
	struct gt_gen *g = gen_new(t);
	struct scan s = { .t = t, .g = g, .err = err };
	enum gen_got got;

	*out = g;
	if (!g) {
		fault(err, GT_E_NOMEM, t, next->off, -1);
		return GEN_BROKEN;
	}
	g->from = next->off;
	g->begin = next->batch;
	got = t->version >= 26 ? load_ended(&s, next) : load_until_next(&s, next);
	g->to = next->off;
	if (got == GEN_OK && !finish(t, g, err))
		return GEN_BROKEN;
	return got;
}

/* Takes what there is of a batch. False: nothing behind it makes sense, or there is no memory. */
static bool
salvage_batch(struct scan *s, uint64_t *off, uint32_t index, bool *starved)
{
	struct batch b;
	enum batch_got got = batch_read(s->t, *off, index, &b, s->err);
	bool whole = got == BATCH_OK;

	if (!whole && (got != BATCH_BAD || s->err->why.code != GT_E_BATCH_SHORT))
		return false;
	if (!whole) {
		b.size = (uint32_t)(trace_size(s->t) - b.data);
		b.head = b.exp == 0 && b.size > 0 ? s->t->bytes[b.data] : 0;
	}
	if (b.ends || b.head == GT_EV_EndOfGeneration || b.gen == 0 || (s->g->number != 0 && b.gen != s->g->number))
		return false;
	s->g->number = b.gen;
	if (s->g->min_ticks == 0 || b.time < s->g->min_ticks)
		s->g->min_ticks = b.time;
	/* What a table lacks is lacking: nobody asks why. */
	*starved = !add_batch(s, &b) && s->err->why.code == GT_E_NOMEM;
	*off = batch_end(&b);
	return whole && !*starved;
}

struct gt_gen *
gen_salvage(const struct gt_trace *t, const struct gen_next *from, double tick, bool *starved)
{
	struct gt_gen *g = gen_new(t);
	struct gt_error ignored;
	struct scan s = { .t = t, .g = g, .err = &ignored };
	uint64_t off = from->off;

	*starved = !g;
	if (!g)
		return NULL;
	g->from = off;
	g->cut = true;
	for (uint32_t i = from->batch; salvage_batch(&s, &off, i, starved); i++)
		;
	g->to = off;
	if (g->tick == 0) {
		g->no_tick = tick == 0;
		set_tick(g, tick != 0 ? tick : 1);
	}
	g->clock.trace = ticks_ns(g->tick, g->snap);
	*starved = *starved || !sort_samples(g);
	if (g->nbatch > 0 && !*starved)
		return g;
	gt_gen_unref(g);
	return NULL;
}

struct gt_gen *
gt_gen_ref(struct gt_gen *g)
{
	if (g)
		__atomic_add_fetch(&g->refs, 1, __ATOMIC_RELAXED);
	return g;
}

void
gt_gen_unref(struct gt_gen *g)
{
	if (!g || __atomic_sub_fetch(&g->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	idtab_free(&g->string_ids);
	idtab_free(&g->stack_ids);
	map_free(&g->pcs);
	map_free(&g->chains);
	free(g->string);
	free(g->stack);
	free(g->stack_id);
	free(g->pc);
	free(g->frame);
	free(g->sample);
	free(g->batch);
	free(g->chain);
	free(g->note);
	free(g);
}

int64_t
gen_writer(const struct gt_gen *g, uint32_t batch)
{
	size_t lo = 0, hi = g->nbatch;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (g->batch[mid].index < batch)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < g->nbatch && g->batch[lo].index == batch ? g->batch[lo].m : GT_NONE;
}

size_t
gen_weight(const struct gt_gen *g)
{
	return sizeof(*g) + (g->string_ids.ndense + g->stack_ids.ndense) * sizeof(uint32_t) +
		((size_t)g->string_ids.sparse.size + g->stack_ids.sparse.size + g->pcs.size + g->chains.size) *
			sizeof(struct map_slot) +
		g->cstring * sizeof(*g->string) + g->cstack * (sizeof(*g->stack) + sizeof(*g->stack_id)) +
		g->cpc * sizeof(*g->pc) + g->cframe * sizeof(*g->frame) + g->csample * sizeof(*g->sample) +
		g->cbatch * sizeof(*g->batch) + g->cchain * sizeof(*g->chain);
}

/* --- looking things up -------------------------------------------------------------- */

uint64_t
gt_gen_number(const struct gt_gen *g)
{
	return g->number;
}

void
gt_gen_range(const struct gt_gen *g, uint64_t *from, uint64_t *to)
{
	*from = g->from;
	*to = g->to;
}

double
gt_gen_tick(const struct gt_gen *g)
{
	return g->tick;
}

int64_t
gt_gen_time(const struct gt_gen *g, uint64_t ticks)
{
	return ticks_ns(g->tick, ticks);
}

bool
gt_gen_clock(const struct gt_gen *g, struct gt_clock *out)
{
	*out = g->clock;
	return g->has_clock;
}

bool
gt_gen_string(const struct gt_gen *g, uint64_t id, struct gt_str *out)
{
	uint32_t at = id ? idtab_get(&g->string_ids, id) : MAP_NONE;

	*out = at == MAP_NONE ? (struct gt_str){ "", 0 } : g->string[at];
	return id == 0 || at != MAP_NONE;
}

int
gt_gen_stack(const struct gt_gen *g, uint64_t id, struct gt_frame *out)
{
	uint32_t at = id ? idtab_get(&g->stack_ids, id) : MAP_NONE;
	const struct stack *st;

	if (at == MAP_NONE)
		return id == 0 ? 0 : -1;
	st = &g->stack[at];
	for (uint32_t i = 0; i < st->n; i++) {
		const struct frame *f = &g->frame[g->pc[st->first + i]];

		out[i].pc = f->pc;
		out[i].line = f->line;
		gt_gen_string(g, f->func, &out[i].func);
		gt_gen_string(g, f->file, &out[i].file);
	}
	return (int)st->n;
}

void
gt_gen_counts(const struct gt_gen *g, struct gt_gen_counts *out)
{
	*out = (struct gt_gen_counts){
		.batches = g->nall,
		.strings = g->nstring,
		.stacks = g->nstack,
		.samples = g->nsample,
		.experimental_batches = g->nexp,
		.ms = g->nchain,
	};
}
