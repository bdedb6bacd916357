/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See csv.h. */
#include "csv.h"

#include <inttypes.h>
#include <string.h>

#include "cells.h"
#include "model.h"

bool
csv_is(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && !strcmp(path + n - 4, ".csv");
}

static bool
is_plain(struct gt_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr("\",\r\n", s.p[i]) && s.p[i])
			return false;
	return true;
}

static void
put_text(FILE *f, struct gt_str s)
{
	bool plain = is_plain(s);

	if (!plain)
		putc('"', f);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			putc('"', f);
		putc(s.p[i], f);
	}
	if (!plain)
		putc('"', f);
}

static void
put_cell(FILE *f, const struct column *col, const struct value *v)
{
	if (col->form == FORM_TEXT)
		put_text(f, v->text);
	else if (v->number >= 0)
		fprintf(f, "%" PRId64, (int64_t)v->number);
}

bool
csv_write(FILE *f, const struct model *m)
{
	const struct table *t = &m->table;
	const struct column *columns = cells_columns(t->kind);

	for (const struct column *col = columns; col->name; col++)
		fprintf(f, "%s%s", col == columns ? "" : ",", col->name);
	putc('\n', f);
	for (size_t i = 0; i < t->rows; i++) {
		for (const struct column *col = columns; col->name; col++) {
			struct value v = col->of(m, t->row[i]);

			if (col != columns)
				putc(',', f);
			put_cell(f, col, &v);
		}
		putc('\n', f);
	}
	return !ferror(f);
}
