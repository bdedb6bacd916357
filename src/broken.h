/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said of a trace that is broken or cut: its error, what was salvaged of it, or could be, and what is lost.
 */
#ifndef BROKEN_H
#define BROKEN_H

#include "cmd.h"

/* Reads a trace once more, with salvage, and tells what came of that. False: no memory. */
bool broken_losses(struct loaded *l, const struct gt_model *model, struct gt_salvaged *s);
/* Complains of how much was good, salvaged and lost, and of what is salvaged without its tables; of a reader that did so to the end. */
void broken_say_losses(const struct loaded *l, const struct gt_reader *r);
/*
 * Complains of the error that a reader ended with, and of what was done ("counted"; NULL: nothing is said of that) with what comes
 * before it. Then of the losses, if it salvaged; else of how much more --salvage would give, if anything.
 */
void broken_report(struct loaded *l, const struct gt_reader *r, const struct gt_model *model, const struct options *opt, const char *done);

#endif
