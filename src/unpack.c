/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unpack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

enum { SNIFF = 512, FIRST = 1 << 20 };

static bool
is_zstd(const uint8_t *p)
{
	static const uint8_t frame[] = { 0x28, 0xb5, 0x2f, 0xfd };

	/* Or a frame to be skipped, which some packers put first. */
	return memcmp(p, frame, 4) == 0 || ((p[0] & 0xf0) == 0x50 && p[1] == 0x2a && p[2] == 0x4d && p[3] == 0x18);
}

enum packing
packing_of(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	if (n >= 3 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8)
		return PACKED_GZIP;
	return n >= 4 && is_zstd(p) ? PACKED_ZSTD : PACKED_NOT;
}

const char *
packing_name(enum packing how)
{
	return how == PACKED_GZIP ? "gzip" : "zstd";
}

/* --- the buffer ----------------------------------------------------------------------- */

struct job {
	const uint8_t *p, *end; /* packed, not yet read */
	struct unpack_out *out;
	size_t limit;
	bool sniffed;
	bool (*wanted)(const void *p, size_t n);
};

/* Room for more. Past the limit there is a little, to tell what fills it from what goes beyond. */
static enum unpacked
more_room(struct job *j)
{
	struct unpack_out *o = j->out;
	size_t cap = o->cap == 0 ? FIRST : o->cap > j->limit / 2 ? j->limit + 1 : 2 * o->cap;
	char *p;

	if (o->n > j->limit)
		return UNPACKED_TOO_MUCH;
	if (o->cap > o->n)
		return UNPACKED;
	p = realloc(o->p, cap);
	if (!p)
		return UNPACKED_NO_MEMORY;
	o->p = p;
	o->cap = cap;
	return UNPACKED;
}

/* Asks, once, as soon as there is enough to ask of. */
static bool
go_on(struct job *j, bool over)
{
	if (j->sniffed || (j->out->n < SNIFF && !over))
		return true;
	j->sniffed = true;
	return j->wanted(j->out->p, j->out->n);
}

/* --- gzip ------------------------------------------------------------------------------- */

static size_t
portion(size_t n)
{
	return n < 1u << 30 ? n : 1u << 30;
}

/* One member. */
static enum unpacked
gunzip_member(struct job *j, z_stream *z)
{
	enum unpacked got;
	size_t in, room;
	int r;

	for (;;) {
		got = more_room(j);
		if (got != UNPACKED)
			return got;
		in = portion((size_t)(j->end - j->p));
		/* Not all at once at first: a bomb is told by its beginning. */
		room = portion(j->sniffed || j->out->cap - j->out->n < SNIFF ? j->out->cap - j->out->n : SNIFF);
		z->next_in = (Bytef *)(uintptr_t)j->p;
		z->avail_in = (uInt)in;
		z->next_out = (Bytef *)j->out->p + j->out->n;
		z->avail_out = (uInt)room;
		r = inflate(z, Z_NO_FLUSH);
		j->p += in - z->avail_in;
		j->out->n += room - z->avail_out;
		if (!go_on(j, r == Z_STREAM_END))
			return UNPACKED_UNWANTED;
		if (r == Z_STREAM_END)
			return UNPACKED;
		if (r == Z_MEM_ERROR)
			return UNPACKED_NO_MEMORY;
		if (r != Z_OK && r != Z_BUF_ERROR)
			return UNPACKED_DAMAGED;
		if (j->p == j->end && z->avail_out > 0)
			return UNPACKED_CUT;
	}
}

/* Nothing but zeros: what tapes and block devices leave. */
static bool
only_zeros(const uint8_t *p, const uint8_t *end)
{
	while (p < end && *p == 0)
		p++;
	return p == end;
}

static enum unpacked
gunzip(struct job *j)
{
	z_stream z = { 0 };
	enum unpacked got;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return UNPACKED_NO_MEMORY;
	do {
		got = gunzip_member(j, &z);
	} while (got == UNPACKED && packing_of(j->p, (size_t)(j->end - j->p)) == PACKED_GZIP && inflateReset(&z) == Z_OK);
	inflateEnd(&z);
	return got == UNPACKED && !only_zeros(j->p, j->end) ? UNPACKED_TAIL : got;
}

/* --- zstd --------------------------------------------------------------------------------- */

/* All frames; left: what the last call still wants, 0 at the end of a frame. */
static enum unpacked
unzstd_frames(struct job *j, ZSTD_DStream *z)
{
	ZSTD_inBuffer in = { j->p, (size_t)(j->end - j->p), 0 };
	size_t left = 0;

	for (;;) {
		enum unpacked got = more_room(j);
		ZSTD_outBuffer out = { j->out->p, j->out->cap, j->out->n };

		if (got != UNPACKED)
			return got;
		if (!j->sniffed && out.size - out.pos > SNIFF)
			out.size = out.pos + SNIFF;
		if (left == 0 && in.pos > 0 && in.pos < in.size &&
			packing_of(j->p + in.pos, in.size - in.pos) != PACKED_ZSTD)
			return only_zeros(j->p + in.pos, j->end) ? UNPACKED : UNPACKED_TAIL;
		left = ZSTD_decompressStream(z, &out, &in);
		j->out->n = out.pos;
		if (!go_on(j, in.pos == in.size && (left == 0 || out.pos < out.size)))
			return UNPACKED_UNWANTED;
		if (ZSTD_isError(left))
			return UNPACKED_DAMAGED;
		if (in.pos == in.size && left == 0)
			return UNPACKED;
		if (in.pos == in.size && out.pos < out.size)
			return UNPACKED_CUT;
	}
}

static enum unpacked
unzstd(struct job *j)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	enum unpacked got = z ? unzstd_frames(j, z) : UNPACKED_NO_MEMORY;

	ZSTD_freeDStream(z);
	return got;
}

enum unpacked
unpack(enum packing how, const void *p, size_t n, struct unpack_out *out, bool (*wanted)(const void *p, size_t n))
{
	struct job j = { .p = p, .end = (const uint8_t *)p + n, .out = out, .wanted = wanted };
	enum unpacked got;

	*out = (struct unpack_out){ 0 };
	j.limit = n > (SIZE_MAX / 2) / UNPACK_RATIO ? SIZE_MAX / 2 : n * UNPACK_RATIO;
	if (j.limit < UNPACK_FREE)
		j.limit = UNPACK_FREE;
	got = how == PACKED_GZIP ? gunzip(&j) : unzstd(&j);
	if (out->n > j.limit)
		got = UNPACKED_TOO_MUCH;
	if (got == UNPACKED_TOO_MUCH || got == UNPACKED_NO_MEMORY) {
		free(out->p);
		*out = (struct unpack_out){ 0 };
	}
	return got;
}
