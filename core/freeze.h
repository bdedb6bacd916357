/* SPDX-License-Identifier: MIT */
/*
 * Frozen readers: checkpoints. A frozen reader is cut into pages; a page that is the same as that of an earlier one is
 * shared with it, so that of many goroutines only those cost memory that have changed in between. Tables of generations
 * are not kept: where they lie in the file is, and they are loaded again when a reader is thawed.
 *
 * What is frozen never changes, and may be shared by threads.
 */
#ifndef FREEZE_H
#define FREEZE_H

#include "gen.h"
#include "reader.h"

/*
 * What the frozen readers of one navigator have in common, shared with its indexer. Counted; the numbers may be looked at
 * by several threads.
 */
struct pool {
	uint32_t refs;
	uint32_t block;    /* events of a block of the index; does not change */
	uint64_t interval; /* least events from one checkpoint to the next */
	size_t bytes;      /* all pages */
};

struct pool *pool_new(uint64_t interval, uint32_t block);
void pool_unref(struct pool *p);
uint64_t pool_interval(const struct pool *p);
size_t pool_bytes(const struct pool *p);

/* Tables as they must be found again. */
struct gen_key {
	uint64_t from, to; /* to: 0: none */
	uint32_t begin;
	uint64_t shape; /* counts of what readers have places in */
};

struct frozen;
/* like: one to share pages with, or NULL. NULL: no memory. */
struct frozen *freeze(struct gt_reader *r, const struct frozen *like, struct pool *pool);
struct frozen *frozen_ref(struct frozen *f);
void frozen_unref(struct frozen *f);
uint64_t frozen_pos(const struct frozen *f);
/* The tables it was reading: NULL where there are none, or they must be loaded, as *key says. */
struct gt_gen *frozen_gen(const struct frozen *f, struct gen_key *key);
/* A reader at the same place, with these tables (counted anew). NULL: no memory. */
struct gt_reader *thaw(const struct frozen *f, struct gt_gen *gen);

struct gen_key gen_key_of(const struct gt_gen *g);
bool gen_key_is(const struct gen_key *k, const struct gt_gen *g);

#endif
