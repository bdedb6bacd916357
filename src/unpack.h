/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed files: gzip and zstd, one or several one behind the other. */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>

enum packing { PACKED_NOT, PACKED_GZIP, PACKED_ZSTD };
/* By the first bytes. */
enum packing packing_of(const void *p, size_t n);
const char *packing_name(enum packing how);

/*
 * What a packed file may unpack to: so many times its size, and that much whatever its size. Traces shrink to a third or
 * a tenth; what goes beyond this is made to fill memory.
 */
enum { UNPACK_RATIO = 50, UNPACK_FREE = 64 << 20 };

enum unpacked {
	UNPACKED,
	UNPACKED_CUT,     /* the packed data end early; out holds what there was */
	UNPACKED_DAMAGED, /* they stop making sense; so too */
	UNPACKED_TAIL,    /* whole, but something else follows */
	UNPACKED_UNWANTED, /* wanted() said no; out holds the beginning */
	UNPACKED_TOO_MUCH, /* more than a trace would be; out is empty */
	UNPACKED_NO_MEMORY
};

/* Memory from malloc, n bytes of it used. */
struct unpack_out {
	char *p;
	size_t n, cap;
};

/* wanted: asked once, of the first bytes (512, or all there are): is this worth going on? */
enum unpacked unpack(enum packing how, const void *p, size_t n, struct unpack_out *out,
		     bool (*wanted)(const void *p, size_t n));

#endif
