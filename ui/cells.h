/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the table of goroutines, groups, tasks, regions and ranges: the columns of each kind, and their values. */
#ifndef CELLS_H
#define CELLS_H

#include <stdbool.h>

#include "census.h"

struct model;

enum form { FORM_ID, FORM_COUNT, FORM_TIME, FORM_TEXT };

/* What stands in a cell: a number to sort by, and a text where it is one, or is said instead of a number. */
struct value {
	double number;
	struct gt_str text;
};

/* A sum of its values means something; they are those at the current event. */
enum nature { NATURE_PLAIN, NATURE_SUM, NATURE_NOW };

struct column {
	const char *name;
	enum form form;
	int width;    /* 0: what is left */
	int from;     /* columns of screen from which on it is shown */
	struct value (*of)(const struct model *m, size_t row);
	enum nature nature;
	const char *what; /* it says */
};

/* Those of a kind of table; the one behind the last has no name. */
const struct column *cells_columns(enum census_kind k);
/* What a column may say of the current event, from 0 on; NULL: no more, or it says nothing of that. */
const char *cells_now(const struct column *col, unsigned i);
/* A start function as the columns have it. */
struct gt_str cells_function(const struct model *m, uint32_t func);
/* A value as it is to be seen. */
void cell_text(const struct model *m, const struct column *col, const struct value *v, char *text, size_t cap);

#endif
