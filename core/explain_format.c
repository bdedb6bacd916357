/* SPDX-License-Identifier: MIT */
/*
 * Candidates for what is wrong with batches, tables, bytes and the file as a whole.
 */
#include "explain_in.h"
#include "reason.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 24 };

static const uint8_t *
at_off(const struct gt_explain *x, uint64_t off)
{
	return x->t->bytes + off;
}

static uint64_t
end_of(const struct xbatch *b)
{
	return b->b.ends ? b->b.data : batch_end(&b->b);
}

/* --- batches that stand twice, or in another order ------------------------------------------- */

static void
drop_batch(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xbatch *place,
	const struct xbatch *gone, const char *why)
{
	struct cand *c = cand_batch(x, kind, prior, place);

	cand_splice(x, c, gone->b.off, end_of(gone) - gone->b.off, NULL, 0);
	cand_say(c, "leave out batch %u", gone->b.index);
	cand_evidence(c, "%s", why);
	cand_done_raw(x, c);
}

static void
find_doubled(struct gt_explain *x)
{
	struct map seen = { 0 };
	unsigned found = 0;

	for (size_t i = 0; i < x->doc.n && found < MOST; i++) {
		const struct xbatch *b = &x->doc.b[i];
		uint64_t h = UINT64_C(14695981039346656037), n = end_of(b) - b->b.off;
		const uint8_t *p = at_off(x, b->b.off);
		uint32_t was;
		char why[80];

		if (b->b.size < 2)
			continue;
		for (uint64_t k = 0; k < n; k++)
			h = (h ^ p[k]) * UINT64_C(1099511628211);
		was = map_get(&seen, h);
		if (was == MAP_NONE) {
			if (!map_add(&seen, h, (uint32_t)i))
				break;
			continue;
		}
		if (end_of(&x->doc.b[was]) - x->doc.b[was].b.off != n || memcmp(at_off(x, x->doc.b[was].b.off), p, n) != 0)
			continue;
		found++;
		snprintf(why, sizeof(why), "batches %u and %u are the same, byte for byte", x->doc.b[was].b.index, b->b.index);
		/* Either may be the one too many; the first is named. */
		drop_batch(x, GT_S_DOUBLED_BATCH, 6, &x->doc.b[was], b, why);
		drop_batch(x, GT_S_DOUBLED_BATCH, 5.9, &x->doc.b[was], &x->doc.b[was], why);
	}
	map_free(&seen);
}

static void
swap_batches(struct gt_explain *x, double prior, const struct xbatch *a, const struct xbatch *b, const char *why)
{
	struct cand *c = cand_batch(x, GT_S_BATCH_ORDER, prior, a);

	cand_splice(x, c, a->b.off, end_of(a) - a->b.off, at_off(x, b->b.off), end_of(b) - b->b.off);
	cand_splice(x, c, b->b.off, end_of(b) - b->b.off, at_off(x, a->b.off), end_of(a) - a->b.off);
	cand_say(c, "swap batches %u and %u", a->b.index, b->b.index);
	cand_evidence(c, "%s", why);
	cand_done_raw(x, c);
}

/* Batches of one M whose times run backwards. */
static void
find_backwards(struct gt_explain *x)
{
	unsigned found = 0;

	for (size_t i = 0; i < x->doc.n && found < MOST; i++) {
		const struct xbatch *b = &x->doc.b[i], *prev = b->before == NONE32 ? NULL : &x->doc.b[b->before];

		if (!prev || b->b.time >= prev->b.time || b->b.m == GT_NONE)
			continue;
		found++;
		swap_batches(x, 3.5, prev, b, "the M's second batch is earlier than its first");
	}
}

/* --- generations ------------------------------------------------------------------------------ */

static void
set_gen(struct gt_explain *x, double prior, const struct xbatch *b, uint64_t gen, const char *why)
{
	struct cand *c;

	if (b->b.gen == gen || b->b.ends || gen == 0)
		return;
	c = cand_batch(x, GT_S_BATCH_GEN, prior, b);
	cand_field(x, c, b, 0, gen);
	cand_say(c, "let it be of generation %llu, not %llu", (unsigned long long)gen, (unsigned long long)b->b.gen);
	cand_evidence(c, "%s", why);
	cand_done_raw(x, c);
}

/* Whether the strings of a generation stand before a batch. */
static bool
has_strings(const struct gt_explain *x, uint64_t gen, const struct xbatch *before)
{
	for (const struct xbatch *b = x->doc.b; b < before; b++)
		if (b->b.gen == gen && b->table && b->b.head == GT_EV_Strings)
			return true;
	return false;
}

/* All batches from b on are of an earlier generation. */
static void
shift_gens(struct gt_explain *x, const struct xbatch *from, uint64_t by)
{
	/* One that has its strings already has come to its end. */
	struct cand *c = cand_batch(x, GT_S_BATCH_GEN, has_strings(x, from->b.gen - by, from) ? 0.4 : 4.4, from);
	struct gt_buf out = { 0 };
	uint64_t at = from->b.off;
	bool ok = true;

	for (const struct xbatch *b = from; b < x->doc.b + x->doc.n; b++) {
		uint64_t field[5];

		if (b->b.ends)
			continue;
		xdoc_header(&x->doc, b, field);
		ok = ok && gt_buf_put(&out, at_off(x, at), field[0] - at) && gt_buf_varint(&out, b->b.gen - by);
		at = field[1];
	}
	ok = ok && gt_buf_put(&out, at_off(x, at), x->doc.end - at);
	if (ok)
		cand_splice(x, c, from->b.off, x->doc.end - from->b.off, out.p, out.n);
	gt_buf_free(&out);
	cand_say(c, "let it and all batches behind it be of a generation %llu lower", (unsigned long long)by);
	cand_evidence(c, "generation %llu begins in the midst of the one before", (unsigned long long)from->b.gen);
	cand_done_raw(x, c);
}

/* The next batch of the file with a generation. */
static const struct xbatch *
after_batch(const struct gt_explain *x, const struct xbatch *b)
{
	while (++b < x->doc.b + x->doc.n)
		if (!b->b.ends)
			return b;
	return NULL;
}

/* Whether what is wrong may be where a batch stands: in its generation or the next to it, or as good as there. */
static bool
near_fault(const struct gt_explain *x, const struct xbatch *b)
{
	const struct gt_place *at = &x->err.place;
	int64_t gens = (int64_t)b->b.gen - at->generation, batches = (int64_t)b->b.index - at->batch;

	if (at->generation < 0 && at->batch < 0)
		return true;
	return (at->generation >= 0 && gens >= -1 && gens <= 1) || (at->batch >= 0 && batches >= -2 && batches <= 2);
}

/*
 * Batches among those of another generation, wherever they are; and where one generation follows another, near the fault:
 * the border may be elsewhere.
 */
static void
find_odd_gens(struct gt_explain *x)
{
	const struct xbatch *odd[12], *prev = NULL;
	unsigned n = 0, shifts = 0;

	for (size_t i = 0; i < x->doc.n && n < 12; i++) {
		const struct xbatch *b = &x->doc.b[i], *next = b->b.ends ? NULL : after_batch(x, b);
		bool before = prev && prev->b.gen != b->b.gen, behind = next && next->b.gen != b->b.gen;
		bool alone = before && behind && prev->b.gen == next->b.gen;

		if (b->b.ends)
			continue;
		if (alone || (before && b->b.gen < prev->b.gen) || ((before || behind) && near_fault(x, b))) {
			odd[n++] = b;
			if (before)
				set_gen(x, alone ? 5.5 : 2, b, prev->b.gen, "the batches before it are of that generation");
			if (behind && !alone)
				set_gen(x, 2, b, next->b.gen, "the batches behind it are of that generation");
			if (before && b->b.gen > prev->b.gen && shifts++ < 6)
				shift_gens(x, b, b->b.gen - prev->b.gen);
		}
		prev = b;
	}
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = i + 1; k < n; k++)
			if (odd[i]->b.gen != odd[k]->b.gen)
				swap_batches(x, 2.5, odd[i], odd[k], "these batches stand among those of another generation");
}

/* Ends of generations: one too many, one missing. */
static void
find_odd_ends(struct gt_explain *x)
{
	static const uint8_t end = GT_EV_EndOfGeneration;
	const struct xbatch *prev = NULL;
	unsigned found = 0;

	for (size_t i = 0; i < x->doc.n && found < MOST; i++) {
		const struct xbatch *b = &x->doc.b[i], *next = i + 1 < x->doc.n ? &x->doc.b[i + 1] : NULL;
		struct cand *c;

		if (b->b.ends && (x->t->version < 26 || !prev || (next && (next->b.ends || next->b.gen <= prev->b.gen)))) {
			const struct xbatch *last = NULL;

			drop_batch(x, GT_S_GEN_END, x->t->version < 26 ? 5.5 : 4, b, b, "a generation ends here that goes on behind it, or none");
			for (size_t k = i + 1; k < x->doc.n && prev && (x->doc.b[k].b.ends || x->doc.b[k].b.gen == prev->b.gen); k++)
				last = x->doc.b[k].b.ends ? last : &x->doc.b[k];
			if (last)
				swap_batches(x, 4.2, b, last, "the generation ends before its last batch");
			found++;
		}
		if (!b->b.ends && prev && x->t->version >= 26 && b->b.gen == prev->b.gen + 1 && !x->doc.b[i - 1].b.ends) {
			c = cand_batch(x, GT_S_GEN_END, 4, b);
			cand_splice(x, c, b->b.off, 0, &end, 1);
			cand_say(c, "put in the end of generation %llu", (unsigned long long)prev->b.gen);
			cand_evidence(c, "the next generation begins without it");
			cand_done_raw(x, c);
			found++;
		}
		prev = b->b.ends ? prev : b;
	}
	if (x->err.why.code == GT_E_GEN_INCOMPLETE) {
		struct gt_place place = { prev ? (int64_t)prev->b.gen : -1, x->doc.n ? x->doc.b[x->doc.n - 1].b.index + 1 : 0, -1, -1, (int64_t)x->t->n };
		struct cand *c = cand_new(x, GT_S_FILE_CUT, 4, &place);

		cand_splice(x, c, x->t->n, 0, &end, 1);
		cand_say(c, "put in the end of the generation");
		cand_evidence(c, "the file ends before the generation does");
		cand_done_raw(x, c);
	}
}

/* --- whole batches that are missing ---------------------------------------------------------------- */

enum { HAS_SYNC = 1, HAS_STACKS = 2, HAS_STRINGS = 4 };

/* Where a table of a generation should stand. */
static void
before_batch(const struct gt_explain *x, uint64_t gen, const struct xbatch *b, struct gt_place *out)
{
	const struct xbatch *last = NULL;

	for (size_t i = 0; i < x->doc.n && !b; i++)
		if (!x->doc.b[i].b.ends && x->doc.b[i].b.gen == gen)
			last = &x->doc.b[i];
	*out = (struct gt_place){ (int64_t)gen, b ? b->b.index : last ? last->b.index + 1 : 0, -1, GT_NONE,
		(int64_t)(b ? b->b.off : last ? end_of(last) : x->doc.base) };
}

/* The first batch of a generation that is (or is not) a table; NULL: none. */
static const struct xbatch *
first_of(const struct gt_explain *x, uint64_t gen, bool table)
{
	for (size_t i = 0; i < x->doc.n; i++)
		if (!x->doc.b[i].b.ends && x->doc.b[i].b.gen == gen && x->doc.b[i].table == table)
			return &x->doc.b[i];
	return NULL;
}

/* Stacks stand before strings, and before what experiments say of the generation. */
static const struct xbatch *
behind_stacks(const struct gt_explain *x, uint64_t gen)
{
	const struct xbatch *strings = NULL;

	for (size_t i = 0; i < x->doc.n && !strings; i++)
		if (x->doc.b[i].b.gen == gen && x->doc.b[i].b.head == GT_EV_Strings && x->doc.b[i].table)
			strings = &x->doc.b[i];
	while (strings && strings > x->doc.b && (strings - 1)->b.exp && (strings - 1)->b.m == GT_NONE && (strings - 1)->b.gen == gen)
		strings--;
	return strings;
}

/* Whether the clocks stand among the other tables: times begin at 0, or another generation has it so. */
static bool
by_hand(const struct gt_explain *x, const struct xbatch *first)
{
	for (size_t i = 0; i + 1 < x->doc.n; i++)
		if (x->doc.b[i].b.head == GT_EV_Frequency && x->doc.b[i].table)
			return x->doc.b[i + 1].table && i > 0 && !x->doc.b[i - 1].b.ends && x->doc.b[i - 1].b.gen == x->doc.b[i].b.gen;
	return first && first->b.time == 0;
}

/*
 * Where the clock of a generation may stand: at its beginning; before Go 1.25 behind the batches of threads that left
 * before; in what was made by hand, as where times begin at 0, with the other tables. How many places, the likeliest first.
 */
static unsigned
where_clock(const struct gt_explain *x, uint64_t gen, struct gt_place out[3])
{
	const struct xbatch *first = first_of(x, gen, false), *tables = first_of(x, gen, true), *b = first;
	const struct xbatch *at[3];
	unsigned n = 0;

	if (tables && (!first || tables < first))
		first = tables;
	while (x->t->version < 25 && b && b + 1 < x->doc.b + x->doc.n && xdoc_left_with(&x->doc, b))
		b++;
	if (tables && by_hand(x, first))
		at[n++] = tables;
	if (b && b != first)
		at[n++] = b;
	at[n++] = first;
	for (unsigned i = 0; i < n; i++)
		before_batch(x, gen, at[i], &out[i]);
	return n;
}

struct id_set {
	struct map m;
	uint64_t v[4096];
	unsigned n;
};

static void
add_id(struct id_set *s, uint64_t id)
{
	if (id != 0 && s->n < 4096 && map_get(&s->m, id) == MAP_NONE && map_add(&s->m, id, s->n))
		s->v[s->n++] = id;
}

/* The IDs that events of a generation, or the frames of its stacks, refer to. */
static void
references(const struct gt_explain *x, uint64_t gen, bool strings, struct id_set *out)
{
	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *e = &x->doc.ev[i];
		const struct gt_spec *s = gt_spec(e->type);
		uint64_t arg[GT_MAXARGS + 1], v;
		unsigned n;

		if (x->doc.b[e->batch].b.gen != gen)
			continue;
		n = xdoc_args(&x->doc, e, arg);
		if (strings && e->type == GT_EV_Stack && n == 2) {
			const uint8_t *p = at_off(x, e->off + 1), *end = at_off(x, e->off + e->len);

			for (uint64_t k = 0; k < 2 + 4 * arg[1] && varint(&p, end, &v) == VARINT_OK; k++)
				if (k >= 2 && ((k - 2) % 4 == 1 || (k - 2) % 4 == 2))
					add_id(out, v);
		}
		for (unsigned k = 0; k < s->nargs && s->timed && k + 1 < n; k++)
			if (strings ? s->arg[k].type == GT_ARG_STRING : s->arg[k].type == GT_ARG_STACK || s->arg[k].type == GT_ARG_NSTACK)
				add_id(out, arg[k + 1]);
	}
}

/* A batch of a table that has an entry, empty, for all that is referred to: it goes to that place, or into an empty batch. */
static void
put_table(struct gt_explain *x, uint64_t gen, uint8_t head, double prior, struct gt_place place)
{
	struct id_set *ids = calloc(1, sizeof(*ids));
	struct gt_buf data = { 0 }, b = { 0 };
	enum gt_suspect_kind kind = GT_S_LOST_BATCH;
	struct cand *c;
	bool ok = ids != NULL;

	for (size_t i = 0; i < x->doc.n; i++) {
		const struct batch *e = &x->doc.b[i].b;

		if (e->gen != gen || e->m != GT_NONE || e->size != 0 || e->ends || e->exp)
			continue;
		place.batch = e->index;
		place.event = 0;
		place.offset = (int64_t)e->data;
		kind = GT_S_CUT_BATCH;
	}
	c = cand_new(x, kind, prior, &place);
	if (head == GT_EV_Frequency || head == GT_EV_Sync) {
		if (head == GT_EV_Sync)
			ok = ok && gt_buf_byte(&data, GT_EV_Sync);
		ok = ok && gt_buf_byte(&data, GT_EV_Frequency) && gt_buf_varint(&data, 15625000);
		if (head == GT_EV_Sync)
			ok = ok && gt_buf_byte(&data, GT_EV_ClockSnapshot) && gt_buf_put(&data, "\0\0\0\0", 4);
	} else if (ok) {
		references(x, gen, head == GT_EV_Strings, ids);
		ok = gt_buf_byte(&data, head);
		for (unsigned i = 0; i < ids->n && ok && data.n < MAX_BATCH_SIZE - 32; i++)
			ok = gt_buf_byte(&data, head == GT_EV_Strings ? GT_EV_String : GT_EV_Stack) && gt_buf_varint(&data, ids->v[i]) &&
				gt_buf_byte(&data, 0);
	}
	ok = ok && gt_buf_byte(&b, GT_EV_EventBatch) && gt_buf_varint(&b, gen) && gt_buf_varint(&b, UINT64_MAX) &&
		gt_buf_varint(&b, x->doc.n ? x->doc.b[0].b.time : 0) && gt_buf_varint(&b, data.n) && gt_buf_put(&b, data.p, data.n);
	if (ok)
		cand_splice(x, c, (uint64_t)place.offset, 0, b.p, b.n);
	cand_say(c, "put in the batch of %s of generation %llu", gt_spec(head)->name, (unsigned long long)gen);
	cand_evidence(c, kind == GT_S_CUT_BATCH ? "the generation has none, and this batch is empty" : "the generation has none");
	cand_done_raw(x, c);
	gt_buf_free(&data);
	gt_buf_free(&b);
	if (ids)
		map_free(&ids->m);
	free(ids);
}

static void
lost_table(struct gt_explain *x, uint64_t gen, uint8_t head, double prior)
{
	bool clock = head == GT_EV_Frequency || head == GT_EV_Sync;
	struct gt_place at[3];
	unsigned n = 1;

	if (clock)
		n = where_clock(x, gen, at);
	else
		before_batch(x, gen, head == GT_EV_Stacks ? behind_stacks(x, gen) : NULL, &at[0]);
	for (unsigned i = 0; i < n; i++)
		put_table(x, gen, head, prior - 0.2 * i, at[i]);
}

static void
lacks_sync_entry(struct gt_explain *x, uint64_t gen)
{
	for (size_t i = 0; i < x->doc.n; i++) {
		const struct xbatch *b = &x->doc.b[i];
		bool freq = x->err.why.code == GT_E_NO_FREQ;
		static const uint8_t frequency[] = { GT_EV_Frequency, 0xc0, 0x84, 0x3d }, clock[] = { GT_EV_ClockSnapshot, 0, 0, 0, 0 };
		uint64_t off;
		struct cand *c;

		if (b->b.head != GT_EV_Sync || b->b.gen != gen || b->n == 0)
			continue;
		off = freq ? b->b.data + 1 : batch_end(&b->b);
		c = cand_batch(x, GT_S_NO_ENTRY, 4, b);
		if (c) {
			c->place.event = freq ? 1 : b->n;
			c->place.offset = (int64_t)off;
		}
		cand_splice(x, c, off, 0, freq ? frequency : clock, freq ? sizeof(frequency) : sizeof(clock));
		cand_say(c, "put in the %s of the generation", freq ? "Frequency" : "ClockSnapshot");
		cand_evidence(c, "its sync batch is there, and has none");
		cand_done(x, c);
	}
}

static void
find_lost_tables(struct gt_explain *x)
{
	uint64_t gen = (uint64_t)(x->err.place.generation > 0 ? x->err.place.generation : 0);
	unsigned has = 0;

	for (size_t i = 0; i < x->doc.n; i++) {
		const struct batch *b = &x->doc.b[i].b;

		if (b->gen != gen)
			continue;
		has |= b->head == GT_EV_Sync || b->head == GT_EV_Frequency ? HAS_SYNC : 0;
		has |= b->head == GT_EV_Stacks ? HAS_STACKS : 0;
		has |= b->head == GT_EV_Strings ? HAS_STRINGS : 0;
	}
	switch (x->err.why.code) {
	case GT_E_NO_FREQ:
	case GT_E_NO_CLOCK:
		if (has & HAS_SYNC)
			lacks_sync_entry(x, gen);
		else
			lost_table(x, gen, x->t->version >= 25 ? GT_EV_Sync : GT_EV_Frequency, 4);
		break;
	case GT_E_STACK_ID:
	case GT_E_STRING_ID:
	case GT_E_STRING_ORDER:
	case GT_E_STACK_FUNC:
	case GT_E_STACK_FILE:
		if (!(has & HAS_STACKS) && x->err.why.code == GT_E_STACK_ID)
			lost_table(x, gen, GT_EV_Stacks, 5);
		if (!(has & HAS_STRINGS))
			lost_table(x, gen, GT_EV_Strings, 5);
		if (!(has & (HAS_STACKS | HAS_STRINGS))) {
			struct gt_place place = { (int64_t)gen, x->doc.n ? x->doc.b[x->doc.n - 1].b.index : 0, -1, GT_NONE, (int64_t)x->t->n };
			struct cand *c = cand_new(x, GT_S_FILE_CUT, 9, &place);

			cand_say(c, "the end of the file is missing: there are neither strings nor stacks");
			cand_done_raw(x, c);
		}
		break;
	default:
		break;
	}
}

/* --- entries of tables ------------------------------------------------------------------------------ */

/* Counts, once for a generation, how often events refer to each string and each stack. */
static bool
read_references(struct gt_explain *x, uint64_t gen)
{
	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *e = &x->doc.ev[i];
		const struct gt_spec *s = gt_spec(e->type);
		uint64_t arg[GT_MAXARGS + 1];
		unsigned n;

		if (x->doc.b[e->batch].b.gen != gen || !s->timed)
			continue;
		n = xdoc_args(&x->doc, e, arg);
		for (unsigned k = 0; k < s->nargs && k + 1 < n; k++) {
			enum gt_argtype type = s->arg[k].type;
			struct map *m = &x->refs[type == GT_ARG_STRING];
			uint32_t was;

			if (type != GT_ARG_STRING && type != GT_ARG_STACK && type != GT_ARG_NSTACK)
				continue;
			was = map_get(m, arg[k + 1]);
			if (was != MAP_NONE)
				map_del(m, arg[k + 1]);
			if (!map_add(m, arg[k + 1], was == MAP_NONE ? 1 : was + 1))
				return false;
		}
	}
	return true;
}

/* How many references there are to a string or stack: one alone may be what is wrong. */
static unsigned
count_references(struct gt_explain *x, uint64_t gen, bool strings, uint64_t id)
{
	uint32_t n;

	if (x->refs_gen != gen) {
		map_free(&x->refs[0]);
		map_free(&x->refs[1]);
		x->refs[0] = x->refs[1] = (struct map){ 0 };
		x->refs_gen = gen;
		x->nomem = !read_references(x, gen) || x->nomem;
	}
	n = map_get(&x->refs[strings], id);
	return n == MAP_NONE ? 0 : n;
}

static uint64_t
entry_id(const struct gt_explain *x, const struct xevent *e)
{
	uint64_t arg[GT_MAXARGS + 1] = { 0 };

	xdoc_args(&x->doc, e, arg);
	return arg[0];
}

static void
set_entry_id(struct gt_explain *x, double prior, const struct xevent *e, uint64_t id, const char *why)
{
	const uint8_t *p = at_off(x, e->off + 1), *end = at_off(x, e->off + e->len);
	uint8_t bytes[VARINT_MAX];
	uint64_t old, v = id;
	struct cand *c;
	size_t n = 0;

	if (varint(&p, end, &old) != VARINT_OK || old == id)
		return;
	for (; v >= 0x80; v >>= 7)
		bytes[n++] = (uint8_t)(v | 0x80);
	bytes[n++] = (uint8_t)v;
	c = cand_at(x, GT_S_ENTRY_ID, prior, e);
	cand_splice(x, c, e->off + 1, (uint64_t)(p - x->t->bytes) - e->off - 1, bytes, n);
	cand_say(c, "let this entry have ID %llu, not %llu", (unsigned long long)id, (unsigned long long)old);
	cand_evidence(c, "%s", why);
	cand_done(x, c);
}

/* The generation's table of strings or stacks lacks an ID: where it should be, or what has it wrongly. */
static void
lacks_entry(struct gt_explain *x, uint64_t gen, bool strings, uint64_t id, double prior)
{
	uint8_t head = strings ? GT_EV_Strings : GT_EV_Stacks;
	uint8_t entry[2 + VARINT_MAX] = { strings ? GT_EV_String : GT_EV_Stack };
	const struct xevent *before = NULL, *behind = NULL;
	uint64_t most = 0, v = id;
	bool sorted = true;
	unsigned n = 1, odd = 0;

	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *e = &x->doc.ev[i];
		const struct xbatch *b = &x->doc.b[e->batch];
		uint64_t this, prev = 0;

		if (b->b.gen != gen || b->b.head != head || e->index == 0)
			continue;
		this = entry_id(x, e);
		if (e->index > 1)
			prev = entry_id(x, e - 1);
		sorted = sorted && (e->index == 1 || this > prev || !strings);
		if (strings && this + 1 != id && e->index > 0 && odd < 8 && (this != prev + 1) && (prev + 1 == id || (e->index == 1 && id == 1))) {
			set_entry_id(x, prior + 4.5, e, id, "it stands where that ID should");
			odd++;
		}
		/* One that nobody refers to, far from all others. */
		if (!strings && count_references(x, gen, false, this) == 0 && odd < 8) {
			set_entry_id(x, prior + (this > 65536 || this == 0 ? 4.5 : 0.5), e, id, "nothing refers to it as it is");
			odd++;
		}
		most = this > most && this < 1 << 20 ? this : most;
		if (this < id && (!before || this > entry_id(x, before)))
			before = e;
		if (this > id && (!behind || this < entry_id(x, behind)))
			behind = e;
	}
	if (!before && !behind) /* none at all: see cut_table */
		return;
	for (; v >= 0x80; v >>= 7)
		entry[n++] = (uint8_t)(v | 0x80);
	entry[n++] = (uint8_t)v;
	entry[n++] = 0;
	{
		const struct xevent *at = before ? before : behind;
		struct cand *c = cand_at(x, GT_S_NO_ENTRY, prior + (id <= most ? 3.5 : id == most + 1 ? 1.5 : -2), at);

		if (c && !strings)
			c->place.event = -1; /* stacks are in no order */
		else if (c && before)
			c->place.event++;
		cand_splice(x, c, before ? at->off + at->len : at->off, 0, entry, n);
		cand_say(c, "put in %s %llu", strings ? "string" : "stack", (unsigned long long)id);
		cand_evidence(c, id <= most ? "other IDs go beyond it: the table has a hole there" : "the table ends before it");
		cand_done(x, c);
	}
}

/* The IDs that are referred to and not in the table: where there are several, the end of the table is missing. */
static void
cut_table(struct gt_explain *x, uint64_t gen, bool strings)
{
	uint8_t head = strings ? GT_EV_Strings : GT_EV_Stacks, entry = strings ? GT_EV_String : GT_EV_Stack;
	struct id_set *want = calloc(1, sizeof(*want)), *have = calloc(1, sizeof(*have));
	const struct xbatch *last = NULL, *empty = NULL;
	struct gt_buf b = { 0 };
	uint64_t most = 0, least = UINT64_MAX;
	unsigned missing = 0;
	bool ok = want && have;

	if (ok)
		references(x, gen, strings, want);
	for (size_t i = 0; i < x->doc.nev && ok; i++)
		if (x->doc.b[x->doc.ev[i].batch].b.gen == gen && x->doc.ev[i].type == entry) {
			uint64_t id = entry_id(x, &x->doc.ev[i]);

			add_id(have, id);
			most = id > most && id < 1 << 20 ? id : most;
		}
	for (size_t i = 0; i < x->doc.n; i++) {
		const struct xbatch *o = &x->doc.b[i];

		if (o->b.gen == gen && o->b.head == head && o->table)
			last = o;
		if (o->b.gen == gen && o->b.m == GT_NONE && o->b.size == 0 && !o->b.ends && !o->b.exp)
			empty = o;
	}
	if (!last && empty) {
		last = empty;
		ok = ok && gt_buf_byte(&b, head);
	}
	for (unsigned i = 0; ok && i < want->n; i++) {
		if (map_get(&have->m, want->v[i]) != MAP_NONE || want->v[i] > 1 << 20)
			continue;
		missing++;
		least = want->v[i] < least ? want->v[i] : least;
		ok = gt_buf_byte(&b, entry) && gt_buf_varint(&b, want->v[i]) && gt_buf_byte(&b, 0);
	}
	if (ok && last && missing > 0 && last->b.size + b.n < MAX_BATCH_SIZE) {
		/* An end that is cut off begins with the ID behind the last; one far beyond is rather a wrong reference. */
		double prior = least <= most ? 1 : least > most + missing + 64 ? -2 : missing > 1 ? 6 : 2.8;
		struct cand *c = cand_batch(x, GT_S_CUT_BATCH, prior, last);

		if (c) {
			c->place.event = last->n;
			c->place.offset = (int64_t)batch_end(&last->b);
		}
		cand_splice(x, c, batch_end(&last->b), 0, b.p, b.n);
		cand_say(c, "put in %u more %s at its end", missing, strings ? "strings" : "stacks");
		cand_evidence(c, "so many are referred to and not in the table, the first of them number %llu", (unsigned long long)least);
		cand_done(x, c);
	}
	gt_buf_free(&b);
	if (want)
		map_free(&want->m);
	if (have)
		map_free(&have->m);
	free(want);
	free(have);
}

/* The frames of a stack, one by one. */
struct frames {
	const uint8_t *p, *end;
	uint64_t left;
	uint64_t v[4]; /* of the one last read: pc, function, file, line */
	uint64_t off[4], len[4];
};

static void
frames_of(const struct gt_explain *x, const struct xevent *e, struct frames *f)
{
	uint64_t id;

	*f = (struct frames){ .p = at_off(x, e->off + 1), .end = at_off(x, e->off + e->len) };
	if (varint(&f->p, f->end, &id) != VARINT_OK || varint(&f->p, f->end, &f->left) != VARINT_OK)
		f->left = 0;
}

/* False: there are no more. */
static bool
next_frame(const struct gt_explain *x, struct frames *f)
{
	if (f->left == 0)
		return false;
	f->left--;
	for (unsigned k = 0; k < 4; k++) {
		f->off[k] = (uint64_t)(f->p - x->t->bytes);
		if (varint(&f->p, f->end, &f->v[k]) != VARINT_OK)
			return false;
		f->len[k] = (uint64_t)(f->p - x->t->bytes) - f->off[k];
	}
	return true;
}

/* What the function (1) or file (2) of a pc is in another frame of the generation; 0: it is in none. */
static uint64_t
elsewhere(const struct gt_explain *x, uint64_t gen, const struct frames *than, unsigned field)
{
	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *e = &x->doc.ev[i];
		struct frames f;

		if (e->type != GT_EV_Stack || x->doc.b[e->batch].b.gen != gen)
			continue;
		for (frames_of(x, e, &f); next_frame(x, &f);)
			if (f.v[0] == than->v[0] && f.off[0] != than->off[0] && f.v[field] != than->v[field])
				return f.v[field];
	}
	return 0;
}

/* A frame of a stack names a string that is not there. */
static void
bad_frame(struct gt_explain *x, uint64_t gen, uint64_t stack, uint64_t id, bool file)
{
	unsigned field = file ? 2 : 1, found = 0;

	for (size_t i = 0; i < x->doc.nev && found < 4; i++) {
		const struct xevent *e = &x->doc.ev[i];
		struct frames f;
		uint64_t k = 0;

		if (e->type != GT_EV_Stack || x->doc.b[e->batch].b.gen != gen || entry_id(x, e) != stack)
			continue;
		for (frames_of(x, e, &f); found < 4 && next_frame(x, &f); k++) {
			uint64_t known = f.v[field] == id ? elsewhere(x, gen, &f, field) : 0, v = known ? known : 1;
			uint8_t bytes[VARINT_MAX];
			struct cand *c;
			size_t n = 0;

			if (f.v[field] != id)
				continue;
			found++;
			for (uint64_t rest = v; n == 0 || rest > 0; rest >>= 7)
				bytes[n++] = (uint8_t)((rest & 0x7f) | (rest >= 0x80 ? 0x80 : 0));
			c = cand_at(x, GT_S_DAMAGED, known ? 5.5 : id > 100000 ? 4 : 1, e);
			cand_splice(x, c, f.off[field], f.len[field], bytes, n);
			cand_say(c, "let the %s of frame %llu be string %llu, not %llu", file ? "file" : "function", (unsigned long long)k,
				(unsigned long long)v, (unsigned long long)id);
			cand_evidence(c, "%s", known ? "that is what its pc is in other stacks" : "the string is not there, and no other stack has that pc: any would do");
			cand_done(x, c);
		}
	}
}

/* An event or stack refers to what is not there. */
static void
bad_reference(struct gt_explain *x)
{
	const struct gt_error *err = &x->err;
	const struct xevent *f = xdoc_find(&x->doc, err->place.batch, err->place.event);
	uint64_t gen = (uint64_t)err->place.generation, id = err->why.arg[0];
	bool strings = err->why.code != GT_E_STACK_ID;
	unsigned refs = count_references(x, gen, strings, id);

	cut_table(x, gen, strings);
	if (err->why.code == GT_E_STACK_FUNC || err->why.code == GT_E_STACK_FILE) {
		lacks_entry(x, gen, true, id, 2.5);
		bad_frame(x, gen, err->why.arg[1], id, err->why.code == GT_E_STACK_FILE);
		return;
	}
	lacks_entry(x, gen, strings, id, refs > 1 ? 3.5 : 1.5);
	if (f) {
		const struct gt_spec *s = gt_spec(f->type);
		uint64_t arg[GT_MAXARGS + 1];
		unsigned n = xdoc_args(&x->doc, f, arg);

		for (unsigned k = 0; k < s->nargs && k + 1 < n; k++)
			if (arg[k + 1] == id && (s->arg[k].type == GT_ARG_STRING || s->arg[k].type == GT_ARG_STACK || s->arg[k].type == GT_ARG_NSTACK))
				cand_set(x, GT_S_WRONG_ARG, refs > 1 ? 1.5 : 4, f, k + 1, 0,
					refs > 1 ? "it refers to what is not in the table" : "nothing else refers to that ID");
	}
}

/* An ID of a table that stands for two things. */
static void
entry_twice(struct gt_explain *x)
{
	uint64_t gen = (uint64_t)x->err.place.generation, id = x->err.why.arg[0];
	bool strings = x->err.why.code == GT_E_STRING_TWICE;
	struct map there = { 0 };
	unsigned found = 0;

	for (size_t i = 0; i < x->doc.nev; i++) {
		const struct xevent *e = &x->doc.ev[i];

		if (e->type == GT_EV_Stack && x->doc.b[e->batch].b.gen == gen && map_get(&there, entry_id(x, e)) == MAP_NONE)
			x->nomem = !map_add(&there, entry_id(x, e), 0) || x->nomem;
	}
	for (size_t i = 0; i < x->doc.nev && found < 6; i++) {
		const struct xevent *e = &x->doc.ev[i];
		const struct xbatch *b = &x->doc.b[e->batch];
		uint64_t prev, next;

		if (b->b.gen != gen || e->type != (strings ? GT_EV_String : GT_EV_Stack) || entry_id(x, e) != id)
			continue;
		found++;
		prev = e->index > 1 ? entry_id(x, e - 1) : 0;
		next = e->index + 1 < b->n ? entry_id(x, e + 1) : 0;
		if (strings && prev + 1 != id)
			set_entry_id(x, 4, e, prev + 1, "the IDs around it are in a row");
		if (strings && next > 1 && next - 1 != id)
			set_entry_id(x, 3.5, e, next - 1, "the IDs around it are in a row");
		if (!strings) {
			/* Stacks are in no order: an ID that is referred to and not there. */
			for (uint64_t other = 1; other < 4096; other++)
				if (count_references(x, gen, false, other) > 0 && map_get(&there, other) == MAP_NONE)
					set_entry_id(x, 3.5, e, other, "that ID is referred to and not in the table");
		}
		cand_drop(x, GT_S_ENTRY_TWICE, 1.5, e, "its ID is there twice");
	}
	map_free(&there);
}

/* --- damaged bytes ------------------------------------------------------------------------------------ */

static struct cand *
damaged(struct gt_explain *x, double prior, const struct xbatch *b, int64_t event, uint64_t off, const char *what)
{
	struct cand *c = cand_batch(x, GT_S_DAMAGED, prior, b);

	if (c) {
		c->place.event = event;
		c->place.offset = (int64_t)off;
	}
	cand_evidence(c, "%s", what);
	return c;
}

static void
set_byte(struct gt_explain *x, double prior, const struct xbatch *b, int64_t event, uint64_t start, uint64_t off, uint8_t v,
	const char *why)
{
	struct cand *c = damaged(x, prior, b, event, start, why);

	cand_splice(x, c, off, 1, &v, 1);
	cand_say(c, "let the byte at offset %llu be 0x%02x, not 0x%02x", (unsigned long long)off, v, *at_off(x, off));
	cand_done_raw(x, c);
}

/* The same bytes as an entry of another table. */
static void
other_entries(struct gt_explain *x, const struct xbatch *b, int64_t event, uint64_t off, double prior)
{
	static const uint8_t entries[] = { GT_EV_String, GT_EV_Stack, GT_EV_CPUSample, GT_EV_Frequency, GT_EV_ClockSnapshot };

	for (size_t i = 0; i < sizeof(entries); i++)
		if (entries[i] != *at_off(x, off) && gt_spec(entries[i])->since <= x->t->version)
			set_byte(x, prior, b, event, off, off, entries[i], "it is no entry of the table, and would be one");
}

/* Entry or event `event` of the batch, from off on, does not make sense up to some byte behind it. */
static void
damaged_at(struct gt_explain *x, const struct xbatch *b, int64_t event, uint64_t off, double prior)
{
	uint64_t end = batch_end(&b->b), to = off + 2048 < end ? off + 2048 : end;
	unsigned found = 0;
	struct cand *c;

	/* A run of 0xff that no number needs. */
	for (uint64_t p = off; p + 10 <= end && p < off + 64; p++) {
		uint64_t n = 0;

		while (p + n < end && *at_off(x, p + n) == 0xff)
			n++;
		if (n < 10)
			continue;
		c = damaged(x, prior + 4, b, event, off, "a run of 0xff makes a number too long");
		cand_splice(x, c, p, n, NULL, 0);
		cand_say(c, "leave out %llu bytes 0xff at offset %llu", (unsigned long long)n, (unsigned long long)p);
		cand_done(x, c);
		break;
	}
	/* A number that goes on and should not. */
	for (uint64_t p = off + 1; p < end && p < off + 40; p++)
		if (*at_off(x, p) >= 0x80)
			set_byte(x, prior + 1, b, event, off, p, *at_off(x, p) & 0x7f, "a number goes on where it should end");
	for (uint64_t p = off + 1; p < end && p < off + 12; p++)
		if (*at_off(x, p) < 0x80)
			set_byte(x, prior + 0.2, b, event, off, p, *at_off(x, p) | 0x80, "a number ends where it should go on");
	for (unsigned t = GT_EV_ProcsChange; !b->table && t <= GT_EV_GoStatusStack; t++)
		if (gt_spec(t)->timed && gt_spec(t)->since <= x->t->version && t != *at_off(x, off)) {
			c = damaged(x, prior, b, event, off, "its type fits neither its bytes nor what is behind it");

			if (c)
				c->kind = GT_S_WRONG_TYPE;
			cand_splice(x, c, off, 1, &(uint8_t){ (uint8_t)t }, 1);
			cand_say(c, "make this a %s", gt_spec(t)->name);
			cand_done_raw(x, c);
		}
	if (b->table)
		other_entries(x, b, event, off, prior + 0.5);
	/* What can't be taken apart is left out. */
	for (uint64_t q = off + 1; q <= to && found < 4; q++) {
		if (!xdoc_parses(&x->doc, b, b->b.head, q))
			continue;
		found++;
		c = damaged(x, prior - 0.5, b, event, off, "behind it the batch makes sense again");
		cand_splice(x, c, off, q - off, NULL, 0);
		cand_say(c, "leave out %llu bytes", (unsigned long long)(q - off));
		cand_done(x, c);
	}
}

/* The bytes of a string or a stack are replaced by an empty one up to where the table makes sense again. */
static void
blank_entry(struct gt_explain *x, const struct xbatch *b, const struct xevent *e, uint64_t id, double prior)
{
	uint64_t end = batch_end(&b->b), to = e->off + 2048 < end ? e->off + 2048 : end;
	uint8_t bytes[2 + VARINT_MAX] = { b->b.head == GT_EV_Strings ? GT_EV_String : GT_EV_Stack };
	unsigned n = 1, found = 0;

	for (; id >= 0x80; id >>= 7)
		bytes[n++] = (uint8_t)(id | 0x80);
	bytes[n++] = (uint8_t)id;
	bytes[n++] = 0;
	for (uint64_t q = e->off + 1; q <= to && found < 4; q++) {
		struct cand *c;

		if (!xdoc_parses(&x->doc, b, b->b.head, q))
			continue;
		found++;
		c = damaged(x, prior, b, e->index, e->off, "behind it the table makes sense again");
		cand_splice(x, c, e->off, q - e->off, bytes, n);
		cand_say(c, "let an empty entry stand for %llu bytes", (unsigned long long)(q - e->off));
		cand_done(x, c);
	}
}

/* A table whose head was changed is taken for events of no thread. */
static void
other_heads(struct gt_explain *x)
{
	static const uint8_t heads[] = { GT_EV_Strings, GT_EV_Stacks, GT_EV_CPUSamples, GT_EV_Sync, GT_EV_Frequency };

	for (size_t k = 0; k < x->doc.n; k++) {
		const struct xbatch *b = &x->doc.b[k];

		if (b->b.m != GT_NONE || b->b.exp || b->b.size == 0 || b->b.ends || (b->table && b->good == batch_end(&b->b)))
			continue;
		if (!b->table && b->n > 0 && b->good == batch_end(&b->b))
			continue; /* events of no thread */
		for (size_t i = 0; i < sizeof(heads); i++) {
			bool fits = xdoc_parses(&x->doc, b, heads[i], b->b.data + (heads[i] != GT_EV_Frequency));

			if (heads[i] != b->b.head && (fits || !b->table))
				set_byte(x, fits ? 6 : 1.5, b, 0, b->b.data, b->b.data, heads[i],
					fits ? "what is in it makes sense under another head" : "it has no thread, and a head that is none");
		}
	}
}

static void
bad_bytes(struct gt_explain *x)
{
	const struct gt_place *at = &x->err.place;
	const struct xbatch *b = xdoc_batch(&x->doc, at->batch);
	const struct xevent *prev;
	uint64_t off;

	other_heads(x);
	if (!b || b->b.ends || gt_code_class(x->err.why.code) != GT_CLASS_FORMAT || b->good == batch_end(&b->b))
		return;
	off = b->good < (uint64_t)at->offset || at->event < 0 ? b->good : (uint64_t)at->offset;
	prev = xdoc_find(&x->doc, at->batch, at->event - 1);
	if (xdoc_find(&x->doc, at->batch, at->event))
		off = xdoc_find(&x->doc, at->batch, at->event)->off;
	else if (at->event >= 0 && b->n == (uint64_t)at->event)
		off = b->good;
	if (off < batch_end(&b->b))
		damaged_at(x, b, at->event, off, 2);
	if (prev)
		damaged_at(x, b, prev->index, prev->off, 1.8);
	if (prev && prev->index > 0)
		damaged_at(x, b, prev->index - 1, (prev - 1)->off, 0);
	if (prev && b->table && prev->index > 0) {
		blank_entry(x, b, prev, prev->index > 1 ? entry_id(x, prev - 1) + 1 : 1, 2.2);
		if (prev->index > 1)
			blank_entry(x, b, prev - 1, prev->index > 2 ? entry_id(x, prev - 2) + 1 : 1, 1);
	}
	if (prev && b->table && off < batch_end(&b->b)) {
		struct xevent e = { .off = off, .batch = prev->batch, .index = (uint32_t)at->event };

		blank_entry(x, b, &e, entry_id(x, prev) + 1, 2.2);
	}
	/* The batch ends inside it. */
	if (off < batch_end(&b->b) && batch_end(&b->b) - off < 80 && (x->err.why.code == GT_E_EV_ARG || x->err.why.code == GT_E_EV_DT ||
		x->err.why.code == GT_E_NUMBER || x->err.why.code == GT_E_STRING_SHORT || x->err.why.code == GT_E_STACK_FRAME)) {
		struct cand *c = cand_batch(x, GT_S_CUT_BATCH, 2.5, b);

		if (c) {
			c->place.event = at->event;
			c->place.offset = (int64_t)off;
		}
		cand_splice(x, c, off, batch_end(&b->b) - off, NULL, 0);
		cand_say(c, "leave out the %llu bytes of the event that is cut", (unsigned long long)(batch_end(&b->b) - off));
		cand_evidence(c, "the batch ends inside an event");
		cand_done(x, c);
	}
}

/* --- sizes and heads of batches -------------------------------------------------------------------------- */

bool
explain_chains(const struct gt_trace *t, uint64_t off)
{
	unsigned n = 0;

	while (n < 6) {
		struct gt_error ignored;
		struct batch b;
		enum batch_got got = batch_read(t, off, 0, &b, &ignored);

		if (got == BATCH_EOF)
			return n > 0 || off == t->n;
		if (got == BATCH_BAD || (!b.ends && (b.gen == 0 || b.gen > 1 << 20)))
			return false;
		off = b.ends ? b.data : batch_end(&b);
		n += !b.ends;
	}
	return true;
}

/* A batch may claim a wrong size; where the next one begins, the bytes tell. */
static void
wrong_size(struct gt_explain *x, const struct xbatch *b, double prior)
{
	uint64_t limit = b->b.data + MAX_BATCH_SIZE < x->t->n ? b->b.data + MAX_BATCH_SIZE : x->t->n;
	unsigned found = 0;

	if (b->b.ends)
		return;
	for (uint64_t q = b->b.data + 1; q <= limit && found < 4; q++) {
		struct cand *c;

		if (q == end_of(b) || !explain_chains(x->t, q))
			continue;
		found++;
		c = cand_batch(x, GT_S_BATCH_SIZE, prior, b);
		cand_field(x, c, b, 3, q - b->b.data);
		cand_say(c, "let it be %llu bytes long, not %llu", (unsigned long long)(q - b->b.data), (unsigned long long)b->b.size);
		cand_evidence(c, "there the next batch begins");
		cand_done_raw(x, c);
	}
}

/* The batch at off can't be read, or what it says does not fit: its head is damaged. */
static void
damaged_head(struct gt_explain *x, uint64_t off, uint32_t index, double prior)
{
	bool unread = x->doc.broken && off == x->doc.end;
	uint64_t limit = off + MAX_BATCH_SIZE < x->t->n ? off + MAX_BATCH_SIZE : x->t->n;
	struct gt_place place = { -1, index, -1, -1, (int64_t)off };
	unsigned found = 0;

	for (uint64_t q = off + 1; q <= limit && found < 2; q++) {
		struct cand *c;

		if (!explain_chains(x->t, q))
			continue;
		found++;
		c = cand_new(x, GT_S_DAMAGED, prior, &place);
		cand_splice(x, c, off, q - off, NULL, 0);
		cand_say(c, "leave out the batch, %llu bytes", (unsigned long long)(q - off));
		cand_evidence(c, "%s", unread ? "its head can't be read, and behind it batches go on" : "without it the others go on");
		cand_done_raw(x, c);
		/* Its size alone: all the rest of the head stays. */
		{
			const uint8_t *p = at_off(x, off + 1), *end = at_off(x, x->t->n);
			uint64_t v;
			unsigned k = 0;

			while (k < 3 && varint(&p, end, &v) == VARINT_OK)
				k++;
			if (k == 3 && *at_off(x, off) == GT_EV_EventBatch) {
				const uint8_t *from = p;
				uint8_t bytes[VARINT_MAX];
				size_t n = 0;

				if (varint(&p, end, &v) != VARINT_OK)
					continue;
				v = q - (uint64_t)(p - x->t->bytes);
				for (; v >= 0x80; v >>= 7)
					bytes[n++] = (uint8_t)(v | 0x80);
				bytes[n++] = (uint8_t)v;
				c = cand_new(x, GT_S_BATCH_SIZE, prior + 0.5, &place);
				cand_splice(x, c, (uint64_t)(from - x->t->bytes), (uint64_t)(p - from), bytes, n);
				cand_say(c, "let it be %llu bytes long", (unsigned long long)(q - (uint64_t)(p - x->t->bytes)));
				cand_evidence(c, "there the next batch begins");
				cand_done_raw(x, c);
			}
		}
	}
	for (unsigned k = 0; k < 12 && off + k < x->t->n; k++) {
		uint8_t was = *at_off(x, off + k), v = was ^ 0x80;
		struct cand *c = cand_new(x, GT_S_DAMAGED, prior, &place);

		cand_splice(x, c, off + k, 1, &v, 1);
		cand_say(c, "let the byte at offset %llu be 0x%02x, not 0x%02x", (unsigned long long)(off + k), v, was);
		cand_evidence(c, "the head of the batch makes sense then");
		cand_done_raw(x, c);
	}
	if (unread && x->t->version >= 26 && *at_off(x, off) != GT_EV_EventBatch && explain_chains(x->t, off + 1)) {
		uint8_t v = GT_EV_EndOfGeneration;
		struct cand *c = cand_new(x, GT_S_DAMAGED, prior + 1, &place);

		cand_splice(x, c, off, 1, &v, 1);
		cand_say(c, "let the byte at offset %llu be 0x%02x, not 0x%02x", (unsigned long long)off, v, *at_off(x, off));
		cand_evidence(c, "the end of the generation may stand here");
		cand_done_raw(x, c);
	}
	{
		uint8_t v = GT_EV_EventBatch;
		struct cand *c = cand_new(x, GT_S_DAMAGED, prior + 1, &place);

		cand_splice(x, c, off, 1, &v, 1);
		cand_say(c, "let the byte at offset %llu be 0x01, not 0x%02x", (unsigned long long)off, *at_off(x, off));
		cand_evidence(c, "the head of a batch must be here");
		cand_done_raw(x, c);
	}
}

static void
tail(struct gt_explain *x, uint64_t off, uint32_t index, double prior)
{
	struct gt_place place = { -1, index, -1, -1, (int64_t)off };
	struct cand *c = cand_new(x, GT_S_TRAILING, prior, &place);

	cand_splice(x, c, off, x->t->n - off, NULL, 0);
	cand_say(c, "leave out the last %llu bytes of the file", (unsigned long long)(x->t->n - off));
	cand_evidence(c, "what is before them is whole");
	cand_done_raw(x, c);
}

/* Whether all bytes of a batch are events or entries, several of them: its size is hardly wrong. */
static bool
makes_sense(const struct gt_explain *x, const struct xbatch *b)
{
	return !b->b.exp && b->good == batch_end(&b->b) && (b->n >= 4 || explain_chains(x->t, batch_end(&b->b)));
}

static void
bad_batches(struct gt_explain *x)
{
	int64_t at = x->err.place.batch;
	bool cut = x->err.why.code == GT_E_BATCH_SHORT;
	unsigned n = 0;

	if (x->doc.broken) {
		uint32_t index = (uint32_t)x->doc.err.place.batch;

		tail(x, x->doc.end, index, x->t->n - x->doc.end < 32 ? 4 : cut ? 0 : -1);
		damaged_head(x, x->doc.end, index, 2);
		if (x->doc.n > 0)
			wrong_size(x, &x->doc.b[x->doc.n - 1], makes_sense(x, &x->doc.b[x->doc.n - 1]) ? -0.5 : 2.5);
		if (cut) {
			struct gt_place place = x->doc.err.place;
			struct cand *c = cand_new(x, GT_S_FILE_CUT, 14, &place);

			cand_say(c, "the rest of the batch, and all behind it, is missing");
			cand_evidence(c, "the file ends inside a batch");
			cand_done_raw(x, c);
		}
	}
	for (size_t i = x->doc.n; i-- > 0 && n < 4;) {
		const struct xbatch *b = &x->doc.b[i];

		if (at >= 0 && (int64_t)b->b.index > at)
			continue;
		if (b->b.ends)
			continue;
		wrong_size(x, b, (n == 0 ? 1.5 : 1 - 0.5 * n) - (makes_sense(x, b) ? 3 : 0));
		damaged_head(x, b->b.off, b->b.index, -1 - (double)n);
		n++;
	}
}

/* --- threads and times of batches ---------------------------------------------------------------------------- */

/*
 * How well a batch would stand in the row of its generation were it of M m: the Ms stand in the order of their threads,
 * newest first. 0 to 2.
 */
static unsigned
in_row(const struct gt_explain *x, const struct xbatch *b, int64_t m)
{
	const struct xbatch *prev = b > x->doc.b ? b - 1 : NULL, *next = b + 1 < x->doc.b + x->doc.n ? b + 1 : NULL;
	bool after = !prev || prev->b.ends || prev->b.gen != b->b.gen || prev->b.m == GT_NONE || prev->b.m > m;
	bool before = !next || next->b.ends || next->b.gen != b->b.gen || next->b.m == GT_NONE || next->b.m < m;

	/* Those of threads that ended stand as they did. */
	if (!after && !before && prev->b.m < m && m < next->b.m)
		return 2;
	return after + before;
}

static void
set_m(struct gt_explain *x, double prior, const struct xbatch *b, int64_t m, const char *why)
{
	struct cand *c;

	if (b->b.m == m)
		return;
	prior += 0.3 * ((m == OWN_M ? 2.0 : in_row(x, b, m)) - in_row(x, b, b->b.m));
	c = cand_batch(x, GT_S_BATCH_M, prior, b);
	cand_field(x, c, b, 1, (uint64_t)m);
	if (m == OWN_M)
		cand_say(c, "let it be of an M of its own, not of M%lld", (long long)b->b.m);
	else
		cand_say(c, "let it be of M%lld, not M%lld", (long long)m, (long long)b->b.m);
	cand_evidence(c, "%s", why);
	cand_done_raw(x, c);
}

static bool
has_chain(const struct gt_explain *x, uint64_t gen, int64_t m)
{
	for (size_t i = 0; i < x->doc.n; i++)
		if (x->doc.b[i].b.m == m && x->doc.b[i].b.gen == gen && !x->doc.b[i].table && !x->doc.b[i].b.ends)
			return true;
	return false;
}

unsigned
explain_silent(const struct gt_explain *x, uint64_t gen, bool statuses, int64_t *out, unsigned cap)
{
	unsigned n = 0;

	for (size_t i = 0; i < x->doc.nev && n < cap; i++) {
		const struct xevent *e = &x->doc.ev[i];
		bool status = e->type == GT_EV_GoStatus || e->type == GT_EV_GoStatusStack;
		uint64_t arg[GT_MAXARGS + 1];
		int64_t m;
		bool known = false;

		if (x->doc.b[e->batch].b.gen != gen || (e->type != GT_EV_ProcSteal && !(status && statuses)))
			continue;
		xdoc_args(&x->doc, e, arg);
		m = (int64_t)(status ? arg[2] : arg[3]);
		if (m < 0)
			continue;
		for (unsigned k = 0; k < n; k++)
			known = known || out[k] == m;
		if (!known && !has_chain(x, gen, m))
			out[n++] = m;
	}
	return n;
}

static void
find_wrong_ms(struct gt_explain *x)
{
	uint64_t gen = (uint64_t)(x->err.place.generation > 0 ? x->err.place.generation : 0);
	int64_t silent[8];
	unsigned ns = explain_silent(x, gen, true, silent, 8), found = 0;

	for (size_t i = 0; i < x->doc.n && found < 12; i++) {
		const struct xbatch *b = &x->doc.b[i], *prev = b->before == NONE32 ? NULL : &x->doc.b[b->before];
		const struct xbatch *next = b->chain == NONE32 ? NULL : &x->doc.b[b->chain];
		bool of_fault = (int64_t)b->b.index == x->err.place.batch;

		if (b->table || b->b.ends || b->b.exp || b->b.gen != gen || b->n == 0)
			continue;
		/* One M can't write two batches at once; one that has several is a suspect, and so is the one at fault. */
		if (!prev && !next && !of_fault)
			continue;
		found++;
		set_m(x, prev || next ? 1.5 : 0.5, b, OWN_M, prev || next ? "the M has other batches that do not fit it" : "its events do not fit the M");
		for (unsigned k = 0; k < ns; k++)
			set_m(x, 2.5, b, silent[k], "events name that M, and it has no batch");
	}
	if (x->err.why.code == GT_E_NO_THREAD) {
		const struct xbatch *b = xdoc_batch(&x->doc, x->err.place.batch);

		if (b)
			set_m(x, 4, b, OWN_M, "its events are those of a thread");
	}
}

/* --- clocks that jump ----------------------------------------------------------------------------------------- */

/* When the events of a generation were all written, in ticks: its tables and the next generation come behind. 0: not known. */
static uint64_t
written_by(const struct gt_explain *x, uint64_t gen)
{
	uint64_t time = 0;

	for (size_t i = 0; i < x->doc.n; i++) {
		const struct xbatch *b = &x->doc.b[i];

		if (b->b.m == GT_NONE && !b->b.ends && (b->b.gen == gen || b->b.gen == gen + 1) && b->b.time > time)
			time = b->b.time;
	}
	return time;
}

/* Events behind the time that their generation was written: a clock jumps where the first of an M is. */
static void
find_jumps(struct gt_explain *x)
{
	uint64_t gen = 0, limit = 0;
	unsigned found = 0;

	for (size_t i = 0; i < x->doc.n && found < 8; i++) {
		const struct xbatch *b = &x->doc.b[i];
		const struct xevent *e;
		uint64_t arg[GT_MAXARGS + 1];

		if (b->table || b->b.ends || b->b.exp || b->n == 0 || b->b.m == GT_NONE)
			continue;
		if (b->b.gen != gen)
			limit = written_by(x, gen = b->b.gen);
		if (limit == 0 || x->doc.ev[b->first + b->n - 1].time <= limit)
			continue;
		found++;
		if (b->b.time > limit) {
			const struct xbatch *o = b > x->doc.b && (b - 1)->b.gen == gen && (b - 1)->b.time <= limit ? b - 1 : NULL;
			struct cand *c = o ? cand_batch(x, GT_S_BATCH_TIME, 5, b) : NULL;

			if (o)
				cand_field(x, c, b, 2, o->b.time);
			cand_say(c, "let the batch begin at %llu, not %llu", o ? (unsigned long long)o->b.time : 0, (unsigned long long)b->b.time);
			cand_evidence(c, "that is after the generation was written");
			cand_done_raw(x, c);
			continue;
		}
		for (e = &x->doc.ev[b->first]; e->time <= limit; e++)
			;
		if (e->type == 0 || xdoc_args(&x->doc, e, arg) == 0)
			continue;
		cand_set(x, GT_S_WRONG_TIME, 3.5, e, 0, 1, "its clock jumps here, to after the generation was written");
		for (uint64_t p = e->off + 1; *at_off(x, p) >= 0x80; p++)
			set_byte(x, 3.8, b, e->index, e->off, p, *at_off(x, p) & 0x7f,
				"a number goes on where it should end: its clock jumps here, to after the generation was written");
	}
}

/* --- the file as a whole ---------------------------------------------------------------------------------------- */

static void
other_versions(struct gt_explain *x)
{
	static const unsigned versions[] = { 22, 23, 25, 26 };

	if (x->from_off != x->t->first || x->t->first != 16 || x->t->version < 22)
		return;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct gt_place place = { -1, -1, -1, -1, 0 };
		uint8_t digits[2] = { (uint8_t)('0' + versions[i] / 10), (uint8_t)('0' + versions[i] % 10) };
		struct cand *c;

		if (versions[i] == x->t->version)
			continue;
		c = cand_new(x, GT_S_VERSION, 0.5, &place);
		cand_splice(x, c, 5, 2, digits, 2);
		cand_say(c, "let the header say go 1.%u", versions[i]);
		cand_evidence(c, "as a trace of that version it reads on");
		cand_done_raw(x, c);
	}
}

void
explain_format(struct gt_explain *x)
{
	find_doubled(x);
	find_backwards(x);
	find_odd_gens(x);
	find_odd_ends(x);
	find_lost_tables(x);
	switch (x->err.why.code) {
	case GT_E_STACK_ID:
	case GT_E_STRING_ID:
	case GT_E_STRING_ORDER:
	case GT_E_STACK_FUNC:
	case GT_E_STACK_FILE:
		bad_reference(x);
		break;
	case GT_E_STRING_TWICE:
	case GT_E_STACK_TWICE:
		entry_twice(x);
		break;
	default:
		break;
	}
	bad_bytes(x);
	bad_batches(x);
	find_wrong_ms(x);
	find_jumps(x);
	other_versions(x);
}
