/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter of the table, as one types it: words, and conditions on columns. */
#ifndef ONLY_H
#define ONLY_H

#include <stdbool.h>
#include <stddef.h>

struct model;

/* Whether every word of the filter says yes to a row. */
bool only_passes(const struct model *m, size_t row);

#endif
