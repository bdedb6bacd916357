/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The index, made by a thread of its own. What it finds waits in a queue until it is taken; when the queue is full the
 * thread waits. Whoever stops it waits for the slice it is at, some milliseconds.
 */
#ifndef INDEXER_H
#define INDEXER_H

#include <stdbool.h>

#include "gotrace.h"

struct indexer;

/* NULL: there can be no thread; then gt_nav_index is the way. */
struct indexer *indexer_start(struct gt_nav *nav);
/* Lets the navigator learn what has been found since. True: that was something. */
bool indexer_take(struct indexer *x, struct gt_nav *nav);
/* Whether nothing more will be found. */
bool indexer_over(struct indexer *x);
void indexer_stop(struct indexer *x);

#endif
