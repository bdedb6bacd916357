/* SPDX-License-Identifier: MIT */
/*
 * Candidates for damaged bytes.
 */
#include "explain_in.h"
#include "reason.h"

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

void
explain_byte(struct gt_explain *x, double prior, const struct xbatch *b, int64_t event, uint64_t start, uint64_t off, uint8_t v,
	const char *why)
{
	struct cand *c = damaged(x, prior, b, event, start, why);

	cand_splice(x, c, off, 1, &v, 1);
	cand_say(c, "let the byte at offset %llu be 0x%02x, not 0x%02x", (unsigned long long)off, v, *bytes_at(x, off));
	cand_done_raw(x, c);
}

/* The same bytes as an entry of another table. */
static void
other_entries(struct gt_explain *x, const struct xbatch *b, int64_t event, uint64_t off, double prior)
{
	static const uint8_t entries[] = { GT_EV_String, GT_EV_Stack, GT_EV_CPUSample, GT_EV_Frequency, GT_EV_ClockSnapshot };

	for (size_t i = 0; i < sizeof(entries); i++)
		if (entries[i] != *bytes_at(x, off) && gt_spec(entries[i])->since <= x->t->version)
			explain_byte(x, prior, b, event, off, off, entries[i], "it is no entry of the table, and would be one");
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

		while (p + n < end && *bytes_at(x, p + n) == 0xff)
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
		if (*bytes_at(x, p) >= 0x80)
			explain_byte(x, prior + 1, b, event, off, p, *bytes_at(x, p) & 0x7f, "a number goes on where it should end");
	for (uint64_t p = off + 1; p < end && p < off + 12; p++)
		if (*bytes_at(x, p) < 0x80)
			explain_byte(x, prior + 0.2, b, event, off, p, *bytes_at(x, p) | 0x80, "a number ends where it should go on");
	for (unsigned t = GT_EV_ProcsChange; !b->table && t <= GT_EV_GoStatusStack; t++)
		if (gt_spec(t)->timed && gt_spec(t)->since <= x->t->version && t != *bytes_at(x, off)) {
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
				explain_byte(x, fits ? 6 : 1.5, b, 0, b->b.data, b->b.data, heads[i],
					fits ? "what is in it makes sense under another head" : "it has no thread, and a head that is none");
		}
	}
}

void
explain_bytes(struct gt_explain *x)
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
		blank_entry(x, b, prev, prev->index > 1 ? xdoc_entry_id(x, prev - 1) + 1 : 1, 2.2);
		if (prev->index > 1)
			blank_entry(x, b, prev - 1, prev->index > 2 ? xdoc_entry_id(x, prev - 2) + 1 : 1, 1);
	}
	if (prev && b->table && off < batch_end(&b->b)) {
		struct xevent e = { .off = off, .batch = prev->batch, .index = (uint32_t)at->event };

		blank_entry(x, b, &e, xdoc_entry_id(x, prev) + 1, 2.2);
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
