/* SPDX-License-Identifier: MIT */
/* What the rest of core needs of readers beyond gotrace.h. */
#ifndef READER_H
#define READER_H

#include "gotrace.h"

/* The generation being read, or NULL. */
const struct gt_gen *reader_gen(const struct gt_reader *r);
/* About how many bytes of the file have been used up, for progress: all batches of a generation are read at once. */
uint64_t reader_progress(const struct gt_reader *r);

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
