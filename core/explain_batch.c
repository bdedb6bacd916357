/* SPDX-License-Identifier: MIT */
/*
 * Candidates for batches that stand where they should not, and for what their heads say.
 */
#include "explain_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 24 };

/* --- batches that stand twice, or in another order ------------------------------------------- */

static void
drop_batch(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xbatch *place,
	const struct xbatch *gone, const char *why)
{
	struct cand *c = cand_batch(x, kind, prior, place);

	cand_splice(x, c, gone->b.off, xbatch_end(gone) - gone->b.off, NULL, 0);
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
		uint64_t h = UINT64_C(14695981039346656037), n = xbatch_end(b) - b->b.off;
		const uint8_t *p = bytes_at(x, b->b.off);
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
		if (xbatch_end(&x->doc.b[was]) - x->doc.b[was].b.off != n || memcmp(bytes_at(x, x->doc.b[was].b.off), p, n) != 0)
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

	cand_splice(x, c, a->b.off, xbatch_end(a) - a->b.off, bytes_at(x, b->b.off), xbatch_end(b) - b->b.off);
	cand_splice(x, c, b->b.off, xbatch_end(b) - b->b.off, bytes_at(x, a->b.off), xbatch_end(a) - a->b.off);
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
		ok = ok && gt_buf_put(&out, bytes_at(x, at), field[0] - at) && gt_buf_varint(&out, b->b.gen - by);
		at = field[1];
	}
	ok = ok && gt_buf_put(&out, bytes_at(x, at), x->doc.end - at);
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

void
explain_batches(struct gt_explain *x)
{
	find_doubled(x);
	find_backwards(x);
	find_odd_gens(x);
	find_odd_ends(x);
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

		if (q == xbatch_end(b) || !explain_chains(x->t, q))
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
			const uint8_t *p = bytes_at(x, off + 1), *end = bytes_at(x, x->t->n);
			uint64_t v;
			unsigned k = 0;

			while (k < 3 && varint(&p, end, &v) == VARINT_OK)
				k++;
			if (k == 3 && *bytes_at(x, off) == GT_EV_EventBatch) {
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
		uint8_t was = *bytes_at(x, off + k), v = was ^ 0x80;
		struct cand *c = cand_new(x, GT_S_DAMAGED, prior, &place);

		cand_splice(x, c, off + k, 1, &v, 1);
		cand_say(c, "let the byte at offset %llu be 0x%02x, not 0x%02x", (unsigned long long)(off + k), v, was);
		cand_evidence(c, "the head of the batch makes sense then");
		cand_done_raw(x, c);
	}
	if (unread && x->t->version >= 26 && *bytes_at(x, off) != GT_EV_EventBatch && explain_chains(x->t, off + 1)) {
		uint8_t v = GT_EV_EndOfGeneration;
		struct cand *c = cand_new(x, GT_S_DAMAGED, prior + 1, &place);

		cand_splice(x, c, off, 1, &v, 1);
		cand_say(c, "let the byte at offset %llu be 0x%02x, not 0x%02x", (unsigned long long)off, v, *bytes_at(x, off));
		cand_evidence(c, "the end of the generation may stand here");
		cand_done_raw(x, c);
	}
	if (*bytes_at(x, off) != GT_EV_EventBatch) {
		uint8_t v = GT_EV_EventBatch;
		struct cand *c = cand_new(x, GT_S_DAMAGED, prior + 1, &place);

		cand_splice(x, c, off, 1, &v, 1);
		cand_say(c, "let the byte at offset %llu be 0x01, not 0x%02x", (unsigned long long)off, *bytes_at(x, off));
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
		for (uint64_t p = e->off + 1; *bytes_at(x, p) >= 0x80; p++)
			explain_byte(x, 3.8, b, e->index, e->off, p, *bytes_at(x, p) & 0x7f,
				"a number goes on where it should end: its clock jumps here, to after the generation was written");
	}
}

void
explain_heads(struct gt_explain *x)
{
	bad_batches(x);
	find_wrong_ms(x);
	find_jumps(x);
}
