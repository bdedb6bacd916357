/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions of the command line. */
#ifndef FILTER_H
#define FILTER_H

#include "gotrace.h"

/*
 * The expression that an option gives. NULL: it is none; complained of, with a mark under the fault.
 */
struct gt_expr *filter_new(const char *option, const char *text);
/* Frees it, and says where a regular expression took too long. NULL is fine. */
void filter_free(struct gt_expr *e, const char *file);

/* The language in short, and its fields; an exit status. */
int help_expressions(void);

#endif
