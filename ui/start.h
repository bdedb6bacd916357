/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For a record of commands that begins in the middle: how the panes are, as commands. */
#ifndef START_H
#define START_H

#include <stdio.h>

struct model;

/*
 * Those that make the panes what they are, from how they are at the start: which are open, folded, have the keys; of the table
 * its kind, order, filter and row; the kinds of the timelines; columns and times. Nothing where all that is usual. What is not
 * told, as no command does it, a comment says.
 */
void start_put_panes(const struct model *m, FILE *f);

#endif
