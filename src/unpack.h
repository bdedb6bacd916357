/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed data, as they come: gzip and zstd, one or several one behind the other. */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum packing { PACKED_NOT, PACKED_GZIP, PACKED_ZSTD };
/* So many first bytes tell. */
#define PACKING_BYTES 4
enum packing packing_of(const void *p, size_t n);
const char *packing_name(enum packing how);

/*
 * What packed data may unpack to: so many times their size, and that much whatever their size. Traces shrink to a third or
 * a tenth; what goes beyond this is made to fill memory.
 */
enum { UNPACK_RATIO = 50, UNPACK_FREE = 64 << 20 };

enum unpacked {
	UNPACKED_MORE,     /* it goes on */
	UNPACKED,          /* the end, and all is well */
	UNPACKED_CUT,      /* the packed data end early */
	UNPACKED_DAMAGED,  /* they stop making sense */
	UNPACKED_TAIL,     /* whole, but something else follows */
	UNPACKED_UNWANTED, /* wanted() said no */
	UNPACKED_TOO_MUCH, /* more than a trace would be */
	UNPACKED_NO_ROOM,  /* put() said no */
	UNPACKED_NO_MEMORY
};

struct unpack_to {
	/* Takes what was unpacked; false: it can't. */
	bool (*put)(void *arg, const void *p, size_t n);
	/* Asked once, of the first bytes (512, or all there are): is this worth going on? */
	bool (*wanted)(const void *p, size_t n);
	void *arg;
	uint64_t packed; /* how many packed bytes there will be, if that is known; else 0 */
};

struct unpacker;
/* NULL: no memory. Free it with unpack_free. */
struct unpacker *unpack_new(enum packing how, const struct unpack_to *to);
void unpack_free(struct unpacker *u);
/* The next packed bytes. All results but MORE are final. */
enum unpacked unpack_feed(struct unpacker *u, const void *p, size_t n);
/* There are no more of them: what became of it, never MORE. */
enum unpacked unpack_end(struct unpacker *u);

#endif
