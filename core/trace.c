/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include "buf.h"
#include "bytes.h"
#include "map.h"
#include "places.h"
#include "v1.h"

#include <stdlib.h>
#include <string.h>

struct gt_str
cause(const char *text)
{
	return (struct gt_str){ text, strlen(text) };
}

struct gt_error *
fault(struct gt_error *err, enum gt_code code, const struct gt_trace *t, uint64_t off, int64_t batch)
{
	*err = (struct gt_error){
		.why = { .code = code, .version = t ? (uint8_t)t->version : 0 },
		.place = { .generation = -1, .batch = batch, .event = -1, .m = -1, .offset = (int64_t)off },
	};
	return err;
}

/* Puts argument i behind those there are. */
static void
add_id(uint8_t ids[2], uint8_t i)
{
	ids[ids[0] != NO_ID] = i;
}

static void
find_id_args(struct gt_trace *t)
{
	for (unsigned type = 0; type < GT_TYPES; type++) {
		const struct gt_spec *spec = gt_spec(type);
		struct id_args *s = &t->id_args[type];

		*s = (struct id_args){ { NO_ID, NO_ID }, { NO_ID, NO_ID }, false };
		for (uint8_t i = 0; i < spec->nargs && spec->timed; i++)
			if (spec->arg[i].type == GT_ARG_STACK)
				add_id(s->stack, i);
			else if (spec->arg[i].type == GT_ARG_STRING)
				add_id(s->string, i);
		for (uint8_t i = 0; i < spec->nargs && spec->timed; i++)
			if (spec->arg[i].type == GT_ARG_NSTACK)
				add_id(s->stack, i);
		s->two = s->stack[1] != NO_ID || s->string[1] != NO_ID;
	}
}

/* White space but line feeds, from *i on. */
static size_t
spaces(struct gt_str s, size_t *i)
{
	size_t from = *i, n;
	uint32_t r;

	while ((n = gt_rune_get((struct gt_str){ s.p + *i, s.n - *i }, &r)) > 0 && gt_rune_space(r) && r != '\n')
		*i += n;
	return *i - from;
}

static bool
word(struct gt_str s, size_t *i, const char *w, size_t n)
{
	if (s.n - *i < n || memcmp(s.p + *i, w, n) != 0)
		return false;
	*i += n;
	return true;
}

/*
 * "go 1.22 trace" and three zero bytes; returns its length, 0 where it is not there. The reference scans it as text: any
 * white space does for a space, and may stand before the number.
 */
static size_t
header(struct gt_str s, uint32_t *version)
{
	uint64_t v = 0;
	size_t i = 0, digits;

	if (!word(s, &i, "go", 2) || !spaces(s, &i) || !word(s, &i, "1.", 2))
		return 0;
	spaces(s, &i);
	for (digits = i; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && v <= UINT32_MAX; i++)
		v = v * 10 + (uint64_t)(s.p[i] - '0');
	if (i == digits || v > UINT32_MAX || !spaces(s, &i) || !word(s, &i, "trace\0\0", 8))
		return 0;
	*version = (uint32_t)v;
	return i;
}

struct gt_trace *
gt_open(const void *bytes, size_t n, struct gt_error *err)
{
	uint32_t version = 0;
	size_t len = header((struct gt_str){ bytes, n }, &version);
	struct gt_trace *t;

	if (len == 0) {
		fault(err, GT_E_NOT_A_TRACE, NULL, 0, -1);
		return NULL;
	}
	if (version != 11 && version != 19 && version != 21 && version != 22 && version != 23 && version != 25 &&
		version != 26) {
		fault(err, GT_E_VERSION, NULL, 0, -1)->why.arg[0] = version;
		return NULL;
	}
	t = calloc(1, sizeof(*t));
	if (!t) {
		fault(err, GT_E_NOMEM, NULL, 0, -1);
		return NULL;
	}
	t->bytes = bytes;
	t->n = n;
	t->version = version;
	t->first = len;
	find_id_args(t);
	return t;
}

void
gt_close(struct gt_trace *t)
{
	for (unsigned i = 0; t && i < 2; i++)
		v1_free(t->v1[i]);
	if (t)
		free(t->arriving);
	free(t);
}

void
gt_salvage(struct gt_trace *t, bool on)
{
	t->salvage = on;
}

void
gt_peek(struct gt_trace *t, size_t (*peek)(void *arg, uint64_t off, void *buf, size_t n), void *arg)
{
	t->peek = peek;
	t->peek_arg = arg;
}

unsigned
gt_version(const struct gt_trace *t)
{
	return t->version;
}

const uint8_t *
gt_bytes(const struct gt_trace *t, size_t *n)
{
	*n = trace_size(t);
	return t->bytes;
}

/* How far generations are whole, by the heads of the batches that have come since. */
static void
look_ahead(struct gt_trace *t)
{
	struct gt_gen_place place;
	enum places_got got;

	while ((got = places_next(t->arriving, UINT32_MAX, &place)) == PLACES_ONE)
		__atomic_store_n(&t->whole, place.to, __ATOMIC_RELEASE);
	/* What comes is no batch, and will be none: of that, too, all is known. */
	if (got == PLACES_OVER)
		__atomic_store_n(&t->whole, UINT64_MAX, __ATOMIC_RELEASE);
}

void
gt_grow(struct gt_trace *t, size_t n, bool more)
{
	__atomic_store_n(&t->n, n, __ATOMIC_RELEASE);
	if (more && !t->arriving && (t->arriving = malloc(sizeof(*t->arriving)))) {
		places_init(t->arriving, t);
		t->arriving->ahead = true;
	}
	/* Without memory to look through it, it is seen when it is over. */
	if (t->arriving)
		look_ahead(t);
	__atomic_store_n(&t->more, more, __ATOMIC_RELEASE);
}

bool
gt_growing(const struct gt_trace *t, uint64_t *whole)
{
	bool more = __atomic_load_n(&t->more, __ATOMIC_ACQUIRE);
	uint64_t to = __atomic_load_n(&t->whole, __ATOMIC_ACQUIRE), n = trace_size(t);

	*whole = !more || to > n ? n : to;
	return more;
}

/* What is read of a batch's head: from its first byte, at offset `off` of the file, up to end. */
struct head {
	const struct gt_trace *t;
	const uint8_t *from, *end;
	uint64_t off;
};

static uint64_t
offset_of(const struct head *h, const uint8_t *p)
{
	return h->off + (uint64_t)(p - h->from);
}

static bool
header_number(const struct head *h, const uint8_t **p, uint64_t *v, enum gt_code code, struct batch *b, struct gt_error *err)
{
	enum varint_got got = varint(p, h->end, v);

	if (got == VARINT_OK)
		return true;
	b->cut = got != VARINT_LONG;
	fault(err, code, h->t, offset_of(h, *p), b->index);
	err->why.str[0] = cause(got == VARINT_LONG ? CAUSE_LONG : *p == h->end ? CAUSE_EOF : CAUSE_CUT);
	return false;
}

/* Generation, M, time and size. */
static bool
header_numbers(const struct head *h, const uint8_t **p, struct batch *b, struct gt_error *err)
{
	uint64_t m, size, left;

	if (!header_number(h, p, &b->gen, GT_E_BATCH_GEN, b, err) || !header_number(h, p, &m, GT_E_BATCH_M, b, err) ||
		!header_number(h, p, &b->time, GT_E_BATCH_TIME, b, err) ||
		!header_number(h, p, &size, GT_E_BATCH_SIZE, b, err))
		return false;
	b->m = (int64_t)m;
	b->data = offset_of(h, *p);
	left = trace_size(h->t) - b->data;
	if (size > MAX_BATCH_SIZE) {
		fault(err, GT_E_BATCH_TOO_BIG, h->t, b->off, b->index)->why.arg[0] = size;
		err->why.arg[1] = MAX_BATCH_SIZE;
	} else if (size > left) {
		b->cut = true;
		fault(err, GT_E_BATCH_SHORT, h->t, b->off, b->index)->why.arg[0] = left;
		err->why.arg[1] = size;
	} else {
		b->size = (uint32_t)size;
		return true;
	}
	err->place.generation = (int64_t)b->gen;
	err->place.m = b->m;
	return false;
}

static enum batch_got
head_read(const struct head *h, uint32_t index, struct batch *b, struct gt_error *err)
{
	const uint8_t *p = h->from;

	if (p == h->end)
		return BATCH_EOF;
	*b = (struct batch){ .off = h->off, .data = h->off + 1, .index = index, .next = MAP_NONE, .m = GT_NONE };
	if (*p == GT_EV_EndOfGeneration) {
		b->ends = true;
		return BATCH_OK;
	}
	if (*p != GT_EV_EventBatch && *p != GT_EV_ExperimentalBatch) {
		fault(err, GT_E_BATCH_BYTE, h->t, h->off, index)->why.arg[0] = *p;
		return BATCH_BAD;
	}
	if (*p++ == GT_EV_ExperimentalBatch) {
		if (p == h->end)
			return BATCH_EOF;
		b->exp = *p++;
	}
	if (!header_numbers(h, &p, b, err))
		return BATCH_BAD;
	if (b->exp == 0 && b->size > 0 && p < h->end)
		b->head = *p;
	return BATCH_OK;
}

enum batch_got
batch_read(const struct gt_trace *t, uint64_t off, uint32_t index, struct batch *b, struct gt_error *err)
{
	const struct head h = { t, t->bytes + off, t->bytes + trace_size(t), off };

	return head_read(&h, index, b, err);
}

enum batch_got
batch_peek(const struct gt_trace *t, uint64_t off, uint32_t index, struct batch *b)
{
	/* Type, experiment, four numbers, and the first byte behind them. */
	enum { LONGEST = 2 + 4 * VARINT_MAX + 1 };
	uint8_t buf[LONGEST];
	size_t left = trace_size(t) - off, want = left < LONGEST ? left : LONGEST;
	const struct head h = { t, buf, buf + want, off };
	struct gt_error ignored;

	if (!t->peek || t->peek(t->peek_arg, off, buf, want) != want)
		return batch_read(t, off, index, b, &ignored);
	return head_read(&h, index, b, &ignored);
}
