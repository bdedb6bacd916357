/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed data: whole, in several parts, cut anywhere, damaged, followed by something, and made to fill memory. */
#include "unpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

struct bytes {
	char *p;
	size_t n;
};

/* Bytes that shrink a little, as a trace does. */
static struct bytes
sample(size_t n)
{
	struct bytes b = { malloc(n), n };
	uint32_t x = 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1103515245 + 12345;
		b.p[i] = (char)('a' + (x >> 20) % 7);
	}
	return b;
}

static struct bytes
gzipped(const char *p, size_t n)
{
	z_stream z = { 0 };
	struct bytes b = { malloc(n + n / 100 + 64), 0 };

	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	z.next_out = (Bytef *)b.p;
	z.avail_out = (uInt)(n + n / 100 + 64);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	b.n = z.total_out;
	deflateEnd(&z);
	return b;
}

static struct bytes
zstded(const char *p, size_t n)
{
	struct bytes b = { malloc(ZSTD_compressBound(n)), 0 };

	b.n = ZSTD_compress(b.p, ZSTD_compressBound(n), p, n, 3);
	assert_false(ZSTD_isError(b.n));
	return b;
}

static struct bytes
packed(enum packing how, const char *p, size_t n)
{
	return how == PACKED_GZIP ? gzipped(p, n) : zstded(p, n);
}

static void
append(struct bytes *to, const void *p, size_t n)
{
	to->p = realloc(to->p, to->n + n + 1);
	memcpy(to->p + to->n, p, n);
	to->n += n;
}

/* What came out. */
struct out {
	char *p;
	size_t n, room;
	bool sized; /* it was known how much there would be to unpack */
};

static bool
put(void *arg, const void *p, size_t n)
{
	struct out *o = arg;

	if (o->n + n > o->room)
		return false;
	o->p = realloc(o->p, o->n + n + 1);
	memcpy(o->p + o->n, p, n);
	o->n += n;
	return true;
}

/* In pieces of whatever sizes; each in memory of its own, so that looking beyond it is caught. */
static enum unpacked
unpack_sized(enum packing how, const char *p, size_t n, struct out *o, bool (*wanted)(const void *p, size_t n))
{
	static const size_t most[] = { 1, 7, 300, 70000, 1 << 20 };
	static unsigned seed = 7;
	struct unpacker *u;
	enum unpacked got = UNPACKED_MORE;

	seed = seed * 1103515245 + 12345;
	u = unpack_new(how, &(struct unpack_to){ put, wanted, o, o->sized ? n : 0 });
	for (size_t at = 0, size; at < n && got == UNPACKED_MORE; at += size) {
		char *piece;

		size = 1 + (seed >> 8) % most[(seed >> 16) % (n > 1 << 20 ? 5 : 4)];
		if (n > 100000 && size < 4096)
			size = 4096;
		if (size > n - at)
			size = n - at;
		piece = malloc(size);
		memcpy(piece, p + at, size);
		got = unpack_feed(u, piece, size);
		free(piece);
	}
	if (got != UNPACKED_MORE)
		assert_int_equal(unpack_feed(u, p, n), got);
	got = unpack_end(u);
	assert_int_equal(unpack_end(u), got);
	unpack_free(u);
	return got;
}

static enum unpacked
unpack(enum packing how, const char *p, size_t n, struct out *o, bool (*wanted)(const void *p, size_t n))
{
	*o = (struct out){ .room = SIZE_MAX };
	return unpack_sized(how, p, n, o, wanted);
}

static bool
any(const void *p, size_t n)
{
	(void)p;
	(void)n;
	return true;
}

static size_t asked;

static bool
none(const void *p, size_t n)
{
	(void)p;
	asked = n;
	return false;
}

static const enum packing both[] = { PACKED_GZIP, PACKED_ZSTD };

static void
whole_and_in_parts(void **state)
{
	static const size_t sizes[] = { 0, 1, 511, 512, 513, 100000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 20 };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bytes b = sample(sizes[i / 2]), z = packed(both[i % 2], b.p, b.n), again = packed(both[i % 2], b.p, b.n);
		struct out out;

		assert_int_equal(packing_of(z.p, z.n), both[i % 2]);
		assert_int_equal(unpack(both[i % 2], z.p, z.n, &out, any), UNPACKED);
		assert_int_equal(out.n, b.n);
		assert_int_equal(b.n ? memcmp(out.p, b.p, b.n) : 0, 0);
		free(out.p);
		append(&z, again.p, again.n);
		append(&z, "\0\0\0\0\0", 5); /* what tapes leave */
		assert_int_equal(unpack(both[i % 2], z.p, z.n, &out, any), UNPACKED);
		assert_int_equal(out.n, 2 * b.n);
		free(out.p);
		append(&z, "more", 4);
		assert_int_equal(unpack(both[i % 2], z.p, z.n, &out, any), UNPACKED_TAIL);
		assert_int_equal(out.n, 2 * b.n);
		free(out.p);
		free(b.p);
		free(z.p);
		free(again.p);
	}
}

/* However short, it gives a beginning of what it was, and says that it is cut. */
static void
cut(void **state)
{
	struct bytes b = sample(3000);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes z = packed(both[i], b.p, b.n);

		for (size_t n = 4; n < z.n; n++) {
			char *p = malloc(n);
			struct out out;

			memcpy(p, z.p, n);
			assert_int_equal(unpack(both[i], p, n, &out, any), UNPACKED_CUT);
			assert_true(out.n <= b.n);
			assert_int_equal(out.n ? memcmp(out.p, b.p, out.n) : 0, 0);
			free(out.p);
			free(p);
		}
		free(z.p);
	}
	free(b.p);
}

static void
damaged(void **state)
{
	struct bytes b = sample(300000);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes z = packed(both[i], b.p, b.n);
		struct out out;
		enum unpacked got;

		memset(z.p + z.n / 2, 0xff, 200);
		got = unpack(both[i], z.p, z.n, &out, any);
		assert_true(got == UNPACKED_DAMAGED || got == UNPACKED_CUT);
		free(out.p);
		free(z.p);
	}
	free(b.p);
}

/* One byte less, one byte more than a file of that size may hold; and of no interest, told from little. */
static void
too_much(void **state)
{
	char *zeros = calloc(1, (size_t)UNPACK_FREE + 1);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes z = packed(both[i], zeros, UNPACK_FREE);
		struct out out;

		assert_true(z.n * UNPACK_RATIO < UNPACK_FREE);
		assert_int_equal(unpack(both[i], z.p, z.n, &out, any), UNPACKED);
		assert_int_equal(out.n, UNPACK_FREE);
		free(out.p);
		free(z.p);
		z = packed(both[i], zeros, (size_t)UNPACK_FREE + 1);
		assert_int_equal(unpack(both[i], z.p, z.n, &out, any), UNPACKED_TOO_MUCH);
		assert_true(out.n <= UNPACK_FREE);
		free(out.p);
		assert_int_equal(unpack(both[i], z.p, z.n, &out, none), UNPACKED_UNWANTED);
		assert_int_equal(asked, 512);
		assert_int_equal(out.n, 512);
		free(out.p);
		free(z.p);
	}
	free(zeros);
}

/* What shrinks a lot at first and then no more is fine, if it is known that more comes. */
static void
known_size(void **state)
{
	struct bytes rest = sample(6 << 20);
	char *zeros = calloc(1, (size_t)UNPACK_FREE + 1);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes z = packed(both[i], zeros, (size_t)UNPACK_FREE + 1), more = packed(both[i], rest.p, rest.n);
		struct out out = { .room = SIZE_MAX, .sized = true };

		append(&z, more.p, more.n);
		assert_true(z.n * UNPACK_RATIO > UNPACK_FREE);
		assert_int_equal(unpack_sized(both[i], z.p, z.n, &out, any), UNPACKED);
		assert_int_equal(out.n, UNPACK_FREE + 1 + rest.n);
		free(out.p);
		free(z.p);
		free(more.p);
	}
	free(zeros);
	free(rest.p);
}

/* There is no room for what comes out. */
static void
no_room(void **state)
{
	struct bytes b = sample(300000);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes z = packed(both[i], b.p, b.n);
		struct out out = { .room = 150000 };

		assert_int_equal(unpack_sized(both[i], z.p, z.n, &out, any), UNPACKED_NO_ROOM);
		assert_int_equal(memcmp(out.p, b.p, out.n), 0);
		free(out.p);
		free(z.p);
	}
	free(b.p);
}

static void
magic(void **state)
{
	(void)state;
	assert_int_equal(packing_of("", 0), PACKED_NOT);
	assert_int_equal(packing_of("\x1f\x8b", 2), PACKED_NOT);
	assert_int_equal(packing_of("\x1f\x8b\x08", 3), PACKED_GZIP);
	assert_int_equal(packing_of("\x28\xb5\x2f", 3), PACKED_NOT);
	assert_int_equal(packing_of("\x28\xb5\x2f\xfd", 4), PACKED_ZSTD);
	assert_int_equal(packing_of("\x5e\x2a\x4d\x18", 4), PACKED_ZSTD);
	assert_int_equal(packing_of("go 1.26 trace", 13), PACKED_NOT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_in_parts),
		cmocka_unit_test(cut),
		cmocka_unit_test(damaged),
		cmocka_unit_test(too_much),
		cmocka_unit_test(known_size),
		cmocka_unit_test(no_room),
		cmocka_unit_test(magic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
