/* SPDX-License-Identifier: MIT */
/* What the rest of core needs of readers beyond gotrace.h. */
#ifndef READER_H
#define READER_H

#include "gotrace.h"
#include "state.h"

/* The generation being read, or NULL. */
struct gt_gen *reader_gen(const struct gt_reader *r);
/*
 * A reader as flat memory, for copies that are not used as readers: its own bytes, and those of all parts it owns. The
 * tables are not among them.
 */
enum { READER_PARTS = STATE_PARTS + 3 };
extern const size_t reader_size;
void reader_parts(struct gt_reader *r, struct part out[READER_PARTS]);
/*
 * Makes a reader of bytes that were one's, with new memory for its parts in place; gen: the tables it was reading, which it
 * takes over, or NULL. whole: all parts are there (where not, they are NULL). False: no memory; it can be freed.
 */
bool reader_revive(struct gt_reader *r, struct gt_gen *gen, bool whole);
/* Whether the tables can be loaded again from where they lie in the file. */
bool reader_reloads(const struct gt_reader *r);
/*
 * Reads on, without giving events out, so many events, or up to the generation at that offset (0: none), before its sync
 * point: GT_EVENT. Else the end that comes before.
 */
enum gt_got reader_skip_to(struct gt_reader *r, uint64_t off, uint64_t n);
/* From here on it is noted anew what is let pass: see struct unproved. */
void reader_watch(struct gt_reader *r);
/*
 * r began at a generation, with a guess at the states there, and guess is what it was then; another reader, from, has led to
 * states that are the same as far as it matters. Makes r what that would have become. False: no memory, r is of no use.
 */
bool reader_inherit(struct gt_reader *r, const struct gt_reader *guess, const struct gt_reader *from);
/* Where a reader has got to that has just given out a sync point: with its states it can begin there anew. */
struct reader_mark {
	struct gt_trace *t;
	uint64_t off;   /* of the generation */
	uint32_t batch; /* and its first batch */
	uint64_t pos, syncs; /* with the sync point */
	int64_t last;
};
struct reader_mark reader_mark(const struct gt_reader *r);
/* A reader before that sync point, without states: these are to be filled in. NULL: no memory. */
struct gt_reader *reader_at_mark(const struct reader_mark *mark, const struct gt_model *model);
struct gt_state *reader_state(struct gt_reader *r);
/* About how many bytes of the file have been used up, for progress: all batches of a generation are read at once. */
uint64_t reader_progress(const struct gt_reader *r);
/* How often a head had to be asked because one before it waits: with many Ms that is most of the work. */
uint64_t reader_asked(const struct gt_reader *r);

/* Whether it stands between two generations: the next call of gt_read loads one. */
bool reader_between(const struct gt_reader *r);
/* Where the next generation begins: its offset, and the number of its first batch. */
uint64_t reader_next(const struct gt_reader *r, uint32_t *batch);
/*
 * A copy of a reader that stands between two generations, to read on at the first batch of another trace of the same
 * version; batches are counted on. NULL: no memory.
 */
struct gt_reader *reader_graft(const struct gt_reader *from, struct gt_trace *t);

#endif
