/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes that grow and stay where they are: pointers into them remain good. The first ones are kept in memory, those beyond
 * a limit in a temporary file, which has no name and is gone with the program. One thread puts bytes in; others may read
 * those that it has told them of.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>

struct store {
	char *p;
	size_t n;        /* bytes there are */
	size_t reserved; /* addresses for so many */
	size_t memory;   /* of them are memory, a multiple of the page size; behind them comes the file */
	size_t usable;   /* bytes of memory made usable */
	size_t mapped;   /* bytes of the file that are mapped */
	int fd;          /* of the file; -1: there is none yet */
	char why[256];   /* store_put: why not */
};

/* memory: the limit, in bytes. False: no addresses; there is nothing to free then. */
bool store_init(struct store *s, size_t memory);
void store_free(struct store *s);
/* Appends. False: s->why says why not; what was there before stays. */
bool store_put(struct store *s, const void *p, size_t n);
/* Of the first n bytes, those in the file may go out of memory until they are read again. Any thread may. */
void store_release(const struct store *s, size_t n);

#endif
