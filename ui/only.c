/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter of the table: see only.h. */
#include "only.h"

#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "model.h"

/* "running>1ms": a column, < > or =, a value. NULL: it is a text. */
static const struct column *
column_of(enum census_kind k, const char *word, size_t n, size_t *op)
{
	int i;

	*op = strcspn(word, "<>=");
	i = *op < n ? cells_column(k, word, *op) : -1;
	return i < 0 ? NULL : &cells_columns(k)[i];
}

static double
amount(const char *s)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "µs", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 },
		{ "h", 3600e9 } };
	char *end;
	double v = strtod(s, &end);

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (!strncmp(end, units[i].unit, strlen(units[i].unit)) && (end[strlen(units[i].unit)] | 32) == 32)
			return v * units[i].factor;
	return v;
}

static bool
contains(const char *text, const char *word, size_t n)
{
	for (; *text; text++) {
		size_t i = 0;

		while (i < n && text[i] && (text[i] | 32) == (word[i] | 32))
			i++;
		if (i == n)
			return true;
	}
	return !n;
}

static bool
holds(const struct model *m, const struct column *col, const struct value *v, char op, const char *want, size_t n)
{
	char text[256];
	double least;

	if (col->form == FORM_TEXT) {
		cell_text(m, col, v, text, sizeof text);
		return op == '=' && contains(text, want, n);
	}
	least = amount(want);
	return op == '<' ? v->number < least : op == '>' ? v->number > least : v->number == least;
}

/* In any column but those of times. */
static bool
is_somewhere(const struct model *m, size_t row, const char *word, size_t n)
{
	for (const struct column *col = cells_columns(m->table.kind); col->name; col++) {
		struct value v = col->of(m, row);
		char text[256];

		cell_text(m, col, &v, text, sizeof text);
		if (col->form != FORM_TIME && contains(text, word, n))
			return true;
	}
	return false;
}

bool
only_passes(const struct model *m, size_t row)
{
	for (const char *w = m->table.only; *w;) {
		size_t n = strcspn(w, " "), op;
		const struct column *col = column_of(m->table.kind, w, n, &op);
		struct value v = col ? col->of(m, row) : (struct value){ 0 };

		if (col ? !holds(m, col, &v, w[op], w + op + 1, n - op - 1) : !is_somewhere(m, row, w, n))
			return false;
		w += n;
		w += strspn(w, " ");
	}
	return true;
}
