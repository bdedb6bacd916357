/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that is shared out to threads. */
#ifndef WORKERS_H
#define WORKERS_H

#include "load.h"

/*
 * Orders all of a trace, with at most so many threads, this one among them. A reader at its end, the caller's to free;
 * NULL: no memory. It is the same however many threads there are.
 */
struct gt_reader *order_all(struct loaded *l, const struct gt_model *model, unsigned threads);

#endif
