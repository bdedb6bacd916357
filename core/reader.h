/* SPDX-License-Identifier: MIT */
/* What the rest of core needs of readers beyond gotrace.h. */
#ifndef READER_H
#define READER_H

#include "gotrace.h"

/* The generation being read, or NULL. */
const struct gt_gen *reader_gen(const struct gt_reader *r);
/* About how many bytes of the file have been used up, for progress: all batches of a generation are read at once. */
uint64_t reader_progress(const struct gt_reader *r);

#endif
