/* SPDX-License-Identifier: MIT */
/*
 * An index as bytes: where generations lie, blocks, and the states at the start of each generation, from which readers can
 * begin there as if they had read all before. Numbers are varints.
 */
#ifndef KEEP_H
#define KEEP_H

#include "buf.h"
#include "index.h"

/* What a reader that has just given out a sync point is to be made of again, appended. False: no memory. */
bool keep_reader(struct gt_buf *b, const struct gt_reader *r);

/* All but these states: they are in marks, so many. False: no memory. */
bool keep_index(struct gt_buf *b, const struct gt_found *f, const struct gt_buf *marks, size_t nmarks);
/* NULL: these bytes are no index of this trace; or no memory. Checkpoints belong to the pool. */
struct gt_found *keep_load(struct gt_trace *t, const struct gt_model *model, struct pool *pool, const uint8_t *p, size_t n);

#endif
