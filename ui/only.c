/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter of the table: see only.h. */
#include "only.h"

#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "fmt.h"
#include "histogram.h"
#include "model.h"

/* A longer sign before the one it begins with. */
#define OPS(X) X(MOST, "<=") X(LEAST, ">=") X(SAME, "==") X(LESS, "<") X(MORE, ">") X(IS, "=")
#define X(name, sign) OP_##name,
enum op { OPS(X) OP_NONE };
#undef X
#define X(name, sign) sign,
static const char *const signs[] = { OPS(X) };
#undef X

/* A word of the filter; what it wants is without quotes. */
struct word {
	const struct column *col; /* NULL: it is a text, for any */
	enum op op;
	const char *begin, *want;
	size_t all, n;
};

/* "running>1ms": a column, an operator, a value. */
static void
find_condition(enum census_kind k, struct word *w)
{
	size_t name = strcspn(w->begin, "<>= \"");
	int column = cells_column(k, w->begin, name);

	w->want = w->begin;
	w->op = 0;
	while (w->op < OP_NONE && strncmp(w->begin + name, signs[w->op], strlen(signs[w->op])) != 0)
		w->op++;
	if (w->op == OP_NONE || column < 0)
		return;
	w->col = &cells_columns(k)[column];
	w->want += name + strlen(signs[w->op]);
}

/* The word at p, which is not empty; returns where the next one may begin. */
static const char *
take(enum census_kind k, const char *p, struct word *w)
{
	const char *end;

	*w = (struct word){ .begin = p };
	find_condition(k, w);
	if (*w->want == '"') {
		for (end = ++w->want; *end && *end != '"'; end++)
			end += *end == '\\' && end[1];
		w->n = (size_t)(end - w->want);
		end += *end == '"';
	} else {
		w->n = strcspn(w->want, " ");
		end = w->want + w->n;
	}
	w->all = (size_t)(end - p);
	return end + strspn(end, " ");
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

/* A text as it stands in a filter, quotes included; its length, or 0 where it is longer than any filter. */
static size_t
literal(struct gt_str text, char *out, size_t cap)
{
	size_t n = gt_quote(text, out, cap);

	return n < cap ? n : 0;
}

static bool
is_same(struct gt_str text, const struct word *w)
{
	char quoted[ONLY_MAX];
	size_t n = literal(text, quoted, sizeof quoted);

	return n && n - 2 == w->n && !memcmp(quoted + 1, w->want, w->n);
}

static bool
holds(const struct model *m, const struct word *w, const struct value *v)
{
	char text[256];
	double than = amount(w->want);

	if (w->col->form == FORM_TEXT) {
		cell_text(m, w->col, v, text, sizeof text);
		return w->op == OP_SAME ? is_same(v->text, w) : w->op == OP_IS && contains(text, w->want, w->n);
	}
	switch (w->op) {
	case OP_LESS:
		return v->number < than;
	case OP_MOST:
		return v->number <= than;
	case OP_LEAST:
		return v->number >= than;
	case OP_MORE:
		return v->number > than;
	default:
		return v->number == than;
	}
}

/* In any column but those of times. */
static bool
is_somewhere(const struct model *m, size_t row, const struct word *w)
{
	for (const struct column *col = cells_columns(m->table.kind); col->name; col++) {
		struct value v = col->of(m, row);
		char text[256];

		cell_text(m, col, &v, text, sizeof text);
		if (col->form != FORM_TIME && contains(text, w->want, w->n))
			return true;
	}
	return false;
}

bool
only_passes(const struct model *m, size_t row)
{
	struct word w;

	for (const char *p = m->table.only; *p;) {
		struct value v = { 0 };

		p = take(m->table.kind, p, &w);
		if (w.col)
			v = w.col->of(m, row);
		if (w.col ? !holds(m, &w, &v) : !is_somewhere(m, row, &w))
			return false;
	}
	return true;
}

bool
only_is_of_event(const struct table *t)
{
	struct word w;

	for (const char *p = t->only; *p;) {
		p = take(t->kind, p, &w);
		if (w.col && w.col->nature == NATURE_NOW)
			return true;
	}
	return false;
}

/* --- more of it -------------------------------------------------------------------- */

/* Whether a condition says nothing more of the numbers of a bar, which are whole. */
static bool
says_less(const struct word *w, const struct column *col, const struct bar *bar)
{
	double than = amount(w->want);

	if (w->col != col || col->form == FORM_TEXT)
		return w->col == col && w->op == OP_SAME;
	switch (w->op) {
	case OP_LESS:
	case OP_MOST:
		return bar->to <= than;
	case OP_LEAST:
		return bar->from >= than;
	case OP_MORE:
		return bar->from > than;
	default:
		return bar->from == than && bar->to == than + 1;
	}
}

static void
add_condition(struct sb *b, const char *name, const char *sign, double n, bool time)
{
	sb_printf(b, "%s%s%s", b->n ? " " : "", name, sign);
	if (time)
		fmt_round(b, n, "u");
	else
		sb_printf(b, "%.0f", n);
}

static bool
add_text(struct sb *b, const char *name, struct gt_str text)
{
	char quoted[ONLY_MAX];
	size_t n = literal(text, quoted, sizeof quoted);
	/* Without quotes where it is one word without them, in a script as well. */
	bool bare = n > 2 && strcspn(quoted + 1, " \\;`\"") == n - 2;

	quoted[bare ? n - 1 : n] = 0;
	sb_printf(b, "%s%s==", b->n ? " " : "", name);
	sb_add(b, quoted + bare);
	return n > 0;
}

bool
only_add(struct table *t, const struct column *col, const struct bar *bar)
{
	char text[ONLY_MAX];
	struct sb b = sb_on(text, sizeof text);
	struct word w;
	bool time = col->form == FORM_TIME, fits = true;

	for (const char *p = t->only; *p;) {
		p = take(t->kind, p, &w);
		if (!says_less(&w, col, bar))
			sb_printf(&b, "%s%.*s", b.n ? " " : "", (int)w.all, w.begin);
	}
	if (col->form == FORM_TEXT)
		fits = add_text(&b, col->name, bar->text);
	else if (bar->to == bar->from + 1)
		add_condition(&b, col->name, "=", bar->from, time);
	else if (bar->to > 0)
		add_condition(&b, col->name, ">=", bar->from, time);
	if (col->form != FORM_TEXT && bar->to != bar->from + 1)
		add_condition(&b, col->name, "<", bar->to, time);
	/* One that fills it to the end may have been cut. */
	if (!fits || b.n + 1 >= sizeof text)
		return false;
	memcpy(t->only, text, sizeof text);
	return true;
}
