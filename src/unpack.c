/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unpack.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

enum { SNIFF = 512, CHUNK = 1 << 16 };

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

/* --- one unpacker ------------------------------------------------------------------- */

struct unpacker {
	enum packing how;
	struct unpack_to to;
	enum unpacked result; /* MORE until it is final */
	z_stream z;
	ZSTD_DStream *zstd;
	uint64_t in, out; /* bytes */
	bool begun;       /* some of the present part have been taken */
	bool padding;     /* behind all parts: nothing but zeros may follow */
	bool sniffed;
	uint8_t head[PACKING_BYTES]; /* what follows a part, until it can be told what it is */
	size_t nhead;
	size_t nbuf;
	char buf[CHUNK]; /* unpacked, to be put */
};

struct unpacker *
unpack_new(enum packing how, const struct unpack_to *to)
{
	struct unpacker *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->how = how;
	u->to = *to;
	u->begun = true;
	if (how == PACKED_GZIP ? inflateInit2(&u->z, 15 + 16) == Z_OK : (u->zstd = ZSTD_createDStream()) != NULL)
		return u;
	free(u);
	return NULL;
}

void
unpack_free(struct unpacker *u)
{
	if (!u)
		return;
	if (u->how == PACKED_GZIP)
		inflateEnd(&u->z);
	else
		ZSTD_freeDStream(u->zstd);
	free(u);
}

static uint64_t
limit(const struct unpacker *u)
{
	uint64_t packed = u->to.packed > u->in ? u->to.packed : u->in;

	if (packed > UINT64_MAX / UNPACK_RATIO)
		return UINT64_MAX;
	return packed * UNPACK_RATIO < UNPACK_FREE ? UNPACK_FREE : packed * UNPACK_RATIO;
}

/* Hands on what was unpacked. Asks, once, as soon as there is enough to ask of. */
static enum unpacked
hand_on(struct unpacker *u, bool over)
{
	bool unwanted = false;

	if (!u->sniffed && (u->nbuf >= SNIFF || over)) {
		u->sniffed = true;
		unwanted = !u->to.wanted(u->buf, u->nbuf);
	}
	if (!u->sniffed)
		return UNPACKED_MORE;
	u->out += u->nbuf;
	if (u->out > limit(u))
		return UNPACKED_TOO_MUCH;
	if (u->nbuf > 0 && !u->to.put(u->to.arg, u->buf, u->nbuf))
		return UNPACKED_NO_ROOM;
	u->nbuf = 0;
	return unwanted ? UNPACKED_UNWANTED : UNPACKED_MORE;
}

/* Room in the buffer: not all of it at first, a bomb is told by its beginning. */
static size_t
room(const struct unpacker *u)
{
	return (u->sniffed ? CHUNK : SNIFF) - u->nbuf;
}

/* --- both formats alike --------------------------------------------------------------- */

/* Takes some bytes, gives some. END: of a member or frame. */
enum step { STEP_ON, STEP_END, STEP_BAD, STEP_NO_MEMORY };

static enum step
step_gzip(struct unpacker *u, const uint8_t **p, const uint8_t *end)
{
	size_t in = (size_t)(end - *p), space = room(u);
	int r;

	u->z.next_in = (Bytef *)(uintptr_t)*p;
	u->z.avail_in = (uInt)in;
	u->z.next_out = (Bytef *)u->buf + u->nbuf;
	u->z.avail_out = (uInt)space;
	r = inflate(&u->z, Z_NO_FLUSH);
	*p += in - u->z.avail_in;
	u->nbuf += space - u->z.avail_out;
	if (r == Z_STREAM_END)
		return inflateReset(&u->z) == Z_OK ? STEP_END : STEP_NO_MEMORY;
	return r == Z_OK || r == Z_BUF_ERROR ? STEP_ON : r == Z_MEM_ERROR ? STEP_NO_MEMORY : STEP_BAD;
}

static enum step
step_zstd(struct unpacker *u, const uint8_t **p, const uint8_t *end)
{
	ZSTD_inBuffer in = { *p, (size_t)(end - *p), 0 };
	ZSTD_outBuffer out = { u->buf, u->nbuf + room(u), u->nbuf };
	size_t left = ZSTD_decompressStream(u->zstd, &out, &in);

	*p += in.pos;
	u->nbuf = out.pos;
	return ZSTD_isError(left) ? STEP_BAD : left == 0 ? STEP_END : STEP_ON;
}

/* Unpacks what there is, up to the end of a part. */
static enum unpacked
unpack_part(struct unpacker *u, const uint8_t **p, const uint8_t *end)
{
	for (;;) {
		size_t before = room(u);
		const uint8_t *from = *p;
		enum step step = u->how == PACKED_GZIP ? step_gzip(u, p, end) : step_zstd(u, p, end);
		bool full = room(u) == 0, idle = *p == from && room(u) == before;
		enum unpacked got;

		u->in += (uint64_t)(*p - from);
		got = hand_on(u, false);
		if (got != UNPACKED_MORE)
			return got;
		if (step == STEP_BAD || step == STEP_NO_MEMORY)
			return step == STEP_BAD ? UNPACKED_DAMAGED : UNPACKED_NO_MEMORY;
		u->begun = step != STEP_END;
		if (step == STEP_END || (!full && (*p == end || idle)))
			return UNPACKED_MORE;
	}
}

/* Nothing but zeros: what tapes and block devices leave. */
static bool
only_zeros(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* Behind a part: another one, or padding. over: no more bytes will come. */
static enum unpacked
between(struct unpacker *u, const uint8_t **p, const uint8_t *end, bool over)
{
	while (u->nhead < PACKING_BYTES && *p < end)
		u->head[u->nhead++] = *(*p)++;
	if (u->nhead < PACKING_BYTES && !over)
		return UNPACKED_MORE;
	if (packing_of(u->head, u->nhead) == u->how) {
		const uint8_t *head = u->head;
		size_t n = u->nhead;

		u->begun = true;
		u->nhead = 0;
		return unpack_part(u, &head, head + n);
	}
	u->padding = true;
	return only_zeros(u->head, u->nhead) ? UNPACKED_MORE : UNPACKED_TAIL;
}

enum unpacked
unpack_feed(struct unpacker *u, const void *bytes, size_t n)
{
	const uint8_t *p = bytes, *end = p + n;

	while (u->result == UNPACKED_MORE && p < end)
		if (u->padding) {
			u->result = only_zeros(p, (size_t)(end - p)) ? UNPACKED_MORE : UNPACKED_TAIL;
			p = end;
		} else if (u->begun) {
			u->result = unpack_part(u, &p, end);
		} else {
			u->result = between(u, &p, end, false);
		}
	return u->result;
}

enum unpacked
unpack_end(struct unpacker *u)
{
	const uint8_t *none = u->head;

	if (u->result == UNPACKED_MORE && !u->begun && !u->padding)
		u->result = between(u, &none, none, true);
	if (u->result == UNPACKED_MORE || u->result == UNPACKED_TAIL || u->result == UNPACKED_DAMAGED) {
		enum unpacked got = hand_on(u, true);

		if (got != UNPACKED_MORE && u->result != UNPACKED_DAMAGED)
			u->result = got;
	}
	if (u->result == UNPACKED_MORE)
		u->result = u->begun ? UNPACKED_CUT : UNPACKED;
	return u->result;
}
