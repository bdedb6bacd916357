/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Profiles of delays. What counts for each kind is what cmd/trace (pprof.go) counts: from the event that brought a goroutine
 * into a state, with its stack, to the one that took it out of it; but nothing before it first ran, if it ever did. Stacks that
 * begin with the same 128 addresses are one.
 *
 * Where an ID is used again, as for calls from C, each goroutine counts here; there it is the last one alone.
 */
#include "export.h"
#include "proto.h"
#include "slots.h"

#include <stdlib.h>
#include <zlib.h>

/* Fields of profile.proto. */
enum {
	PROFILE_SAMPLE_TYPE = 1, PROFILE_SAMPLE = 2, PROFILE_LOCATION = 4, PROFILE_FUNCTION = 5, PROFILE_STRING = 6,
	PROFILE_PERIOD_TYPE = 11, PROFILE_PERIOD = 12,
	VALUE_TYPE = 1, VALUE_UNIT = 2,
	SAMPLE_LOCATIONS = 1, SAMPLE_VALUES = 2,
	LOCATION_ID = 1, LOCATION_ADDRESS = 3, LOCATION_LINE = 4,
	LINE_FUNCTION = 1, LINE_LINE = 2,
	FUNCTION_ID = 1, FUNCTION_NAME = 2, FUNCTION_SYSTEM_NAME = 3, FUNCTION_FILE = 4
};

enum { FRAMES = 128 };

/* What was kept at one stack, and how long. */
struct record {
	uint64_t count;
	int64_t time;
	uint32_t first, n; /* its frames */
	uint32_t next;     /* another one with the same hash, plus one */
};

/* A goroutine that lives. Once at most can it be kept before it first runs. */
struct goroutine {
	bool kept, ran;
	uint32_t record;         /* kept: where */
	int64_t since;           /* and since when */
	uint32_t early;          /* released before it ran: where it had been kept */
	int64_t early_time;      /* and how long; 0: it was not */
};

struct profile {
	enum delay_kind kind;
	int64_t start;
	const struct export_how *how;
	struct record *record;
	size_t nrecord, crecord;
	struct gt_frame *frame;
	size_t nframe, cframe;
	struct idmap by_hash; /* records */
	struct gt_gen *gen;   /* of by_id */
	struct idmap by_id;   /* records, by the numbers of stacks */
	struct slots g_at;
	struct goroutine *g; /* by the places in g_at */
	size_t cg;
};

/* --- counting ----------------------------------------------------------------------------------- */

static uint64_t
hash(const struct gt_frame *f, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = 0; i < n; i++)
		h = (h ^ f[i].pc) * 0x9e3779b97f4a7c15;
	return h;
}

static bool
same(const struct profile *p, const struct record *r, const struct gt_frame *f, uint32_t n)
{
	if (r->n != n)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (p->frame[r->first + i].pc != f[i].pc)
			return false;
	return true;
}

/* The record of a stack, made where there is none. IDMAP_NONE: no memory. */
static uint32_t
record_of(struct profile *p, const struct gt_frame *f, uint32_t n)
{
	uint64_t h = hash(f, n);
	uint32_t head = idmap_get(&p->by_hash, h), at;

	for (at = head; at != IDMAP_NONE; at = p->record[at].next - 1)
		if (same(p, &p->record[at], f, n))
			return at;
	at = (uint32_t)p->nrecord;
	if (!array_room(&p->record, p->nrecord + 1, &p->crecord, sizeof(*p->record)) ||
		!array_room(&p->frame, p->nframe + n, &p->cframe, sizeof(*p->frame)) || (head == IDMAP_NONE && !idmap_put(&p->by_hash, h, at)))
		return IDMAP_NONE;
	if (n > 0)
		memcpy(p->frame + p->nframe, f, n * sizeof(*f));
	p->record[at] = (struct record){ .first = (uint32_t)p->nframe, .n = n };
	p->nframe += n;
	p->nrecord++;
	if (head != IDMAP_NONE) {
		p->record[at].next = p->record[head].next;
		p->record[head].next = at + 1;
	}
	return at;
}

/* Whether an event brings its goroutine into the state that is counted. */
static bool
begins(const struct profile *p, const struct gt_event *ev)
{
	return delay_kind_of(ev->to, gt_event_string(ev, 0)) == (unsigned)p->kind + 1;
}

/* A goroutine, made where there is none. NULL: no memory. */
static struct goroutine *
goroutine(struct profile *p, int64_t id)
{
	uint32_t at = slots_get(&p->g_at, id);

	if (at != IDMAP_NONE)
		return &p->g[at];
	if (!array_room(&p->g, p->g_at.n + 1, &p->cg, sizeof(*p->g)) || (at = slots_put(&p->g_at, id)) == IDMAP_NONE)
		return NULL;
	p->g[at] = (struct goroutine){ 0 };
	return &p->g[at];
}

/* The record of an event's stack. IDMAP_NONE: no memory. */
static uint32_t
record_at(struct profile *p, const struct gt_event *ev)
{
	struct gt_frame frames[GT_MAXFRAMES];
	uint64_t id = gt_event_stack(ev);
	uint32_t at;
	int n;

	if (p->gen != ev->gen) {
		gt_gen_unref(p->gen);
		p->gen = ev->gen ? gt_gen_ref(ev->gen) : NULL;
		idmap_free(&p->by_id);
		p->by_id = (struct idmap){ 0 };
	}
	at = idmap_get(&p->by_id, id);
	if (at != IDMAP_NONE)
		return at;
	n = ev->gen ? gt_gen_stack(ev->gen, id, frames) : 0;
	/* Frames without an address, as of tracing itself, tell nothing at the end. */
	n = n > FRAMES ? FRAMES : n;
	while (n > 0 && frames[n - 1].pc == 0)
		n--;
	at = record_of(p, frames, n < 0 ? 0 : (uint32_t)n);
	return at != IDMAP_NONE && idmap_put(&p->by_id, id, at) ? at : IDMAP_NONE;
}

/* From here on the goroutine is kept. False: no memory. */
static bool
keep(struct profile *p, struct goroutine *g, const struct gt_event *ev)
{
	g->kept = true;
	g->since = ev->time;
	g->record = record_at(p, ev);
	return g->record != IDMAP_NONE;
}

static void
count(struct profile *p, uint32_t record, int64_t time)
{
	if (time <= 0)
		return;
	p->record[record].count++;
	p->record[record].time += time;
}

/* Only what is in the time that was asked for counts. */
static void
release(struct profile *p, struct goroutine *g, int64_t time)
{
	int64_t from = g->since - p->start, to = time - p->start;

	from = from < p->how->from ? p->how->from : from;
	to = to > p->how->to ? p->how->to : to;
	g->kept = false;
	if (g->ran) {
		count(p, g->record, to - from);
	} else {
		g->early = g->record;
		g->early_time = to - from;
	}
}

/* It has ended, or the trace has. Once more does nothing: there is nothing early then. */
static void
leave(struct profile *p, struct goroutine *g)
{
	if (!g->ran)
		count(p, g->early, g->early_time);
	*g = (struct goroutine){ .ran = true };
}

static bool
take(struct profile *p, const struct gt_event *ev)
{
	int64_t id;
	struct goroutine *g;

	if (gt_event_kind(ev) != GT_K_StateTransition || gt_event_subject(ev, &id) != GT_G)
		return true;
	g = goroutine(p, id);
	if (!g)
		return false;
	if (g->kept && ev->to != delay_state(p->kind))
		release(p, g, ev->time);
	else if (!g->kept && begins(p, ev) && !keep(p, g, ev))
		return false;
	g->ran = g->ran || ev->to == GT_PRES_Running;
	if (ev->to == GT_PRES_NotExist) {
		leave(p, g);
		slots_drop(&p->g_at, id);
	}
	return true;
}

/* --- writing ------------------------------------------------------------------------------------- */

/* Strings and locations by number, as they are come to; by their hashes, which nobody has two of by chance. */
struct writing {
	struct out *o, part, inner, ids;
	struct idmap strings, functions, locations; /* by hash, by hash, by address */
	uint32_t nstrings, nfunctions, nlocations;
	bool nomem;
};

/* The number that a key has, or gets; *is_new: that is so. */
static uint32_t
number_of(struct writing *w, struct idmap *map, uint64_t key, uint32_t *n, bool *is_new)
{
	uint32_t at = idmap_get(map, key);

	*is_new = at == IDMAP_NONE;
	if (*is_new) {
		at = (*n)++;
		w->nomem = w->nomem || !idmap_put(map, key, at);
	}
	return at;
}

/* String 0 is the empty one. */
static uint64_t
string(struct writing *w, struct gt_str s)
{
	bool is_new;
	uint32_t at = number_of(w, &w->strings, idmap_text(s.p, s.n, IDMAP_TEXT), &w->nstrings, &is_new);

	if (is_new)
		proto_text(w->o, PROFILE_STRING, s);
	return at;
}

static void
value_type(struct writing *w, unsigned field, const char *type, const char *unit)
{
	proto_number(&w->part, VALUE_TYPE, string(w, str(type)));
	proto_number(&w->part, VALUE_UNIT, string(w, str(unit)));
	proto_message(w->o, field, &w->part);
}

/* Functions and locations are numbered from 1. */
static uint64_t
function(struct writing *w, const struct gt_frame *f)
{
	bool is_new;
	uint64_t key = idmap_text(f->func.p, f->func.n, idmap_text(f->file.p, f->file.n, IDMAP_TEXT));
	uint64_t id = (uint64_t)number_of(w, &w->functions, key, &w->nfunctions, &is_new) + 1;

	if (is_new) {
		proto_number(&w->inner, FUNCTION_ID, id);
		proto_number(&w->inner, FUNCTION_NAME, string(w, f->func));
		proto_number(&w->inner, FUNCTION_SYSTEM_NAME, string(w, f->func));
		proto_number(&w->inner, FUNCTION_FILE, string(w, f->file));
		proto_message(w->o, PROFILE_FUNCTION, &w->inner);
	}
	return id;
}

static uint64_t
location(struct writing *w, const struct gt_frame *f)
{
	bool is_new;
	uint64_t id = (uint64_t)number_of(w, &w->locations, f->pc, &w->nlocations, &is_new) + 1;
	uint64_t func = is_new ? function(w, f) : 0;

	if (is_new) {
		proto_number(&w->inner, LINE_FUNCTION, func);
		proto_number(&w->inner, LINE_LINE, f->line);
		proto_number(&w->part, LOCATION_ID, id);
		proto_number(&w->part, LOCATION_ADDRESS, f->pc);
		proto_message(&w->part, LOCATION_LINE, &w->inner);
		proto_message(w->o, PROFILE_LOCATION, &w->part);
	}
	return id;
}

static void
sample(struct writing *w, const struct profile *p, const struct record *r)
{
	/* Those that are new are written on the way, by way of part and inner. */
	for (uint32_t i = 0; i < r->n; i++)
		proto_varint(&w->ids, location(w, &p->frame[r->first + i]));
	if (r->n > 0)
		proto_message(&w->part, SAMPLE_LOCATIONS, &w->ids);
	proto_varint(&w->inner, r->count);
	proto_varint(&w->inner, (uint64_t)r->time);
	proto_message(&w->part, SAMPLE_VALUES, &w->inner);
	proto_message(w->o, PROFILE_SAMPLE, &w->part);
}

/* All of it, into memory. False: no memory. */
static bool
write_profile(const struct profile *p, struct out *o)
{
	struct writing w = { .o = o, .part = PROTO_BUFFER, .inner = PROTO_BUFFER, .ids = PROTO_BUFFER };
	bool ok;

	string(&w, str(""));
	value_type(&w, PROFILE_SAMPLE_TYPE, "contentions", "count");
	value_type(&w, PROFILE_SAMPLE_TYPE, "delay", "nanoseconds");
	value_type(&w, PROFILE_PERIOD_TYPE, "trace", "count");
	proto_number(o, PROFILE_PERIOD, 1);
	for (size_t i = 0; i < p->nrecord; i++)
		if (p->record[i].count > 0)
			sample(&w, p, &p->record[i]);
	ok = !w.nomem && !w.part.failed && !w.inner.failed && !w.ids.failed && !o->failed;
	free(w.part.p);
	free(w.inner.p);
	free(w.ids.p);
	idmap_free(&w.strings);
	idmap_free(&w.functions);
	idmap_free(&w.locations);
	return ok;
}

/* Packed by gzip, as pprof takes it. */
static bool
pack(const struct out *raw, struct out *o)
{
	z_stream z = { .next_in = (Bytef *)raw->p, .avail_in = (uInt)raw->n };
	bool ok = raw->n <= UINT32_MAX && deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
	int got = ok ? Z_OK : Z_MEM_ERROR;
	Bytef piece[1 << 14];

	while (got == Z_OK) {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		got = deflate(&z, Z_FINISH);
		out_bytes(o, (const char *)piece, sizeof(piece) - z.avail_out);
	}
	if (ok)
		deflateEnd(&z);
	return got == Z_STREAM_END;
}

bool
export_pprof(enum delay_kind kind, struct out *o, struct gt_reader *r, const struct export_how *how)
{
	struct profile p = { .kind = kind, .how = how };
	struct out raw = PROTO_BUFFER;
	const struct gt_event *ev;
	bool ok = true;

	while (ok && gt_read(r, &ev) == GT_EVENT) {
		if (ev->n == 1)
			p.start = ev->time;
		ok = take(&p, ev);
	}
	for (size_t i = 0; i < p.g_at.n; i++)
		leave(&p, &p.g[i]);
	ok = ok && write_profile(&p, &raw) && pack(&raw, o);
	free(raw.p);
	free(p.record);
	free(p.frame);
	free(p.g);
	gt_gen_unref(p.gen);
	idmap_free(&p.by_id);
	idmap_free(&p.by_hash);
	slots_free(&p.g_at);
	return ok;
}
