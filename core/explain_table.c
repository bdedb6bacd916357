/* SPDX-License-Identifier: MIT */
/*
 * Candidates for tables: those that are missing, their entries, and what refers to these.
 */
#include "explain_in.h"

#include <stdlib.h>

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
		(int64_t)(b ? b->b.off : last ? xbatch_end(last) : x->doc.base) };
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
			const uint8_t *p = bytes_at(x, e->off + 1), *end = bytes_at(x, e->off + e->len);

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

uint64_t
xdoc_entry_id(const struct gt_explain *x, const struct xevent *e)
{
	uint64_t arg[GT_MAXARGS + 1] = { 0 };

	xdoc_args(&x->doc, e, arg);
	return arg[0];
}

static void
set_entry_id(struct gt_explain *x, double prior, const struct xevent *e, uint64_t id, const char *why)
{
	const uint8_t *p = bytes_at(x, e->off + 1), *end = bytes_at(x, e->off + e->len);
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
		this = xdoc_entry_id(x, e);
		if (e->index > 1)
			prev = xdoc_entry_id(x, e - 1);
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
		if (this < id && (!before || this > xdoc_entry_id(x, before)))
			before = e;
		if (this > id && (!behind || this < xdoc_entry_id(x, behind)))
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
			uint64_t id = xdoc_entry_id(x, &x->doc.ev[i]);

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

	*f = (struct frames){ .p = bytes_at(x, e->off + 1), .end = bytes_at(x, e->off + e->len) };
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

		if (e->type != GT_EV_Stack || x->doc.b[e->batch].b.gen != gen || xdoc_entry_id(x, e) != stack)
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
			cand_evidence(c, "%s", known ? "that is what its pc is in other stacks"
						 : "the string is not there, and no other stack has that pc: any would do");
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

		if (e->type == GT_EV_Stack && x->doc.b[e->batch].b.gen == gen && map_get(&there, xdoc_entry_id(x, e)) == MAP_NONE)
			x->nomem = !map_add(&there, xdoc_entry_id(x, e), 0) || x->nomem;
	}
	for (size_t i = 0; i < x->doc.nev && found < 6; i++) {
		const struct xevent *e = &x->doc.ev[i];
		const struct xbatch *b = &x->doc.b[e->batch];
		uint64_t prev, next;

		if (b->b.gen != gen || e->type != (strings ? GT_EV_String : GT_EV_Stack) || xdoc_entry_id(x, e) != id)
			continue;
		found++;
		prev = e->index > 1 ? xdoc_entry_id(x, e - 1) : 0;
		next = e->index + 1 < b->n ? xdoc_entry_id(x, e + 1) : 0;
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

void
explain_tables(struct gt_explain *x)
{
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
}
