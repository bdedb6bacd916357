/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table as data: a line of the columns' names, then a line for each row that is listed, in that order. */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>
#include <stdio.h>

struct model;

/* By the ending of a name. */
bool csv_is(const char *path);
/*
 * All columns, whatever there is room for on the screen. Times are in nanoseconds; what is not known, or not there, is an empty
 * cell; texts are as the trace has them, in quotes where RFC 4180 wants that. False: it could not be written.
 */
bool csv_write(FILE *f, const struct model *m);

#endif
