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

/*
 * NULL: there can be no thread; then gt_nav_index is the way. Where release is given it is told now and then, in that
 * thread, that what was read of the trace need not stay in memory.
 */
struct indexer *indexer_start(struct gt_nav *nav, void (*release)(void *arg), void *arg);
/* Lets the navigator learn what has been found since. True: that was something. */
bool indexer_take(struct indexer *x, struct gt_nav *nav);
/* Whether nothing more will be found. */
bool indexer_over(struct indexer *x);
void indexer_stop(struct indexer *x);

#endif
