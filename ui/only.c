/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter of the table: see only.h. */
#include "only.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cells.h"
#include "fmt.h"
#include "histogram.h"
#include "match.h"
#include "model.h"

/* A longer sign before the one it begins with. */
#define OPS(X) X(MOST, "<=") X(LEAST, ">=") X(SAME, "==") X(NOT, "!=") X(UNLIKE, "!~") X(LESS, "<") X(MORE, ">") X(IS, "=") X(LIKE, "~")
#define X(name, sign) OP_##name,
enum op { OPS(X) OP_NONE };
#undef X
#define X(name, sign) sign,
static const char *const signs[] = { OPS(X) };
#undef X

/* What they begin with. */
#define SIGNS "<>=!~"

/* A word of the filter; what it wants is without quotes. */
struct word {
	const struct column *col; /* NULL: it is a text, for any */
	enum op op;
	const char *begin, *want;
	size_t all, n;
	size_t name; /* bytes before the operator, if there is one */
};

/* Regular expressions of filters, by their text: see only_is_right. */
struct only_res {
	char text[ONLY_MAX];
	size_t n;
	void *re;
	struct only_res *next;
};

static enum op
op_at(const char *p)
{
	enum op op = 0;

	while (op < OP_NONE && strncmp(p, signs[op], strlen(signs[op])) != 0)
		op++;
	return op;
}

/* "running>1ms": a column, an operator, a value; there may be spaces around the operator. */
static void
find_condition(enum census_kind k, struct word *w)
{
	const char *sign;
	int column;

	w->name = strcspn(w->begin, SIGNS " \"");
	sign = w->begin + w->name;
	sign += w->name ? strspn(sign, " ") : 0;
	column = column_find((int)k, w->begin, w->name);
	w->want = w->begin;
	w->op = op_at(sign);
	if (w->op == OP_NONE || column < 0)
		return;
	w->col = &cells_columns(k)[column];
	w->want = sign + strlen(signs[w->op]);
	w->want += strspn(w->want, " ");
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

/* The number or time that a condition compares with, commas as they are shown; false: it is none. */
static bool
read_amount(const struct word *w, double *out)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "µs", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 }, { "min", 60e9 },
		{ "h", 3600e9 }, { "d", 86400e9 }, { "y", 365.25 * 86400e9 } };
	char text[64], *end;
	size_t n = 0;

	*out = -1;
	/* What stands there where there is none. */
	if (w->n == 1 && *w->want == '-')
		return true;
	*out = 0;
	for (size_t i = 0; i < w->n && n < sizeof text - 1; i++)
		if (w->want[i] != ',')
			text[n++] = w->want[i];
	text[n] = 0;
	/* What strtod takes besides: inf, nan, hex. */
	if (!n || strspn(text, "-0123456789.") == 0 || strpbrk(text, "xX"))
		return false;
	*out = strtod(text, &end);
	for (size_t i = 0; *end && w->col->form == FORM_TIME && i < sizeof units / sizeof *units; i++)
		if (!strcmp(end, units[i].unit)) {
			*out *= units[i].factor;
			return true;
		}
	return end > text && !*end;
}

static double
amount(const struct word *w)
{
	double v;

	read_amount(w, &v);
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

/* However long: as it is to be seen. */
static bool
text_has(struct gt_str text, const struct word *w)
{
	char brief[512], *all = brief;
	size_t n = gt_quote(text, brief, sizeof brief);
	bool has;

	if (n >= sizeof brief)
		all = malloc(n + 1);
	if (!all)
		return false;
	if (all != brief)
		gt_quote(text, all, n + 1);
	all[n - 1] = 0;
	has = contains(all + 1, w->want, w->n);
	if (all != brief)
		free(all);
	return has;
}

/* A text as it stands in a filter, quotes included; its length, or 0 where it is longer than any filter. */
static size_t
literal(struct gt_str text, char *out, size_t cap)
{
	size_t n = gt_quote(text, out, cap);

	return n < cap ? n : 0;
}

/* --- regular expressions --------------------------------------------------------- */

static bool
is_regexp(enum op op)
{
	return op == OP_LIKE || op == OP_UNLIKE;
}

/* As in a filter of events: backslashes are its own, but for those before a quote. */
static void
read_pattern(const struct word *w, struct only_res *out)
{
	bool quoted = w->want > w->begin && w->want[-1] == '"';

	out->n = 0;
	for (size_t i = 0; i < w->n && out->n + 1 < sizeof out->text; i++) {
		bool more = w->want[i] == '\\' && i + 1 < w->n;

		if (!more || !quoted || w->want[i + 1] != '"')
			out->text[out->n++] = w->want[i];
		if (more)
			out->text[out->n++] = w->want[++i];
	}
}

/* NULL: it was not kept. */
static const struct only_res *
find_regexp(const struct only_res *all, const struct word *w)
{
	struct only_res is;

	read_pattern(w, &is);
	while (all && (all->n != is.n || memcmp(all->text, is.text, is.n) != 0))
		all = all->next;
	return all;
}

void
only_free(struct only_res *all)
{
	for (struct only_res *next; all; all = next) {
		next = all->next;
		matcher.free(all->re);
		free(all);
	}
}

/* One that takes too long is taken for not found, as elsewhere. */
static bool
is_like(const struct table *t, const struct word *w, struct gt_str text)
{
	const struct only_res *is = find_regexp(t->res, w);

	return is && matcher.match(is->re, text.n ? text : (struct gt_str){ "", 0 }) > 0;
}

/* Made once, for all rows and as long as there is the table; else says what is wrong with it. */
static bool
keep_regexp(struct model *m, const char *words, const struct word *w)
{
	struct only_res *r = find_regexp(m->table.res, w) ? NULL : calloc(1, sizeof *r);
	char why[120] = "";
	size_t at = 0;

	if (!r)
		return find_regexp(m->table.res, w) != NULL;
	read_pattern(w, r);
	r->re = matcher.compile((struct gt_str){ r->text, r->n }, &at, why, sizeof why);
	if (!r->re) {
		free(r);
		model_say_fault(m, words, (size_t)(w->want - words) + at, 1, "%s", *why ? why : "out of memory");
		return false;
	}
	r->next = m->table.res;
	m->table.res = r;
	return true;
}

/* --- rows ------------------------------------------------------------------------ */

static bool
is_same(struct gt_str text, const struct word *w)
{
	char quoted[ONLY_MAX];
	size_t n = literal(text, quoted, sizeof quoted);

	return n && n - 2 == w->n && !memcmp(quoted + 1, w->want, w->n);
}

static bool
holds(const struct table *t, const struct word *w, const struct value *v)
{
	double than;

	if (is_regexp(w->op))
		return is_like(t, w, v->text) == (w->op == OP_LIKE);
	if (w->col->form == FORM_TEXT)
		return w->op == OP_SAME ? is_same(v->text, w) : text_has(v->text, w) == (w->op == OP_IS);
	than = amount(w);
	switch (w->op) {
	case OP_LESS:
		return v->number < than;
	case OP_MOST:
		return v->number <= than;
	case OP_LEAST:
		return v->number >= than;
	case OP_MORE:
		return v->number > than;
	case OP_NOT:
		return v->number != than;
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
		char text[64];

		if (col->form == FORM_TEXT && text_has(v.text, w))
			return true;
		if (col->form == FORM_TEXT || col->form == FORM_TIME)
			continue;
		cell_text(m, col, &v, text, sizeof text);
		if (contains(text, w->want, w->n))
			return true;
	}
	return false;
}

/* All words must hold anyway. */
static bool
is_and(const struct word *w)
{
	return w->want == w->begin && ((w->n == 3 && !strncasecmp(w->want, "and", 3)) || (w->n == 2 && !strncmp(w->want, "&&", 2)));
}

bool
only_passes(const struct model *m, size_t row)
{
	struct word w;

	for (const char *p = m->table.only; *p;) {
		struct value v = { 0 };

		p = take(m->table.kind, p, &w);
		if (is_and(&w))
			continue;
		if (w.col)
			v = w.col->of(m, row);
		if (w.col ? !holds(&m->table, &w, &v) : !is_somewhere(m, row, &w))
			return false;
	}
	return true;
}

static void
say_no_column(struct model *m, const char *words, const struct word *w)
{
	char list[256];
	struct sb b = sb_on(list, sizeof list);

	for (const struct column *col = cells_columns(m->table.kind); col->name; col++)
		sb_printf(&b, "%s%s", b.n ? ", " : "", col->name);
	model_say_fault(m, words, (size_t)(w->begin - words), w->name, "there is no column \"%.*s\": %s; a text stands in quotes", (int)w->name, w->begin,
		list);
}

/* What expressions of events have, and a filter of rows has not: joined are all words, what compares does that with a column. */
static bool
is_part_of_expression(const struct word *w)
{
	return w->want == w->begin && ((w->n == 2 && !strncmp(w->want, "||", 2)) || (w->op != OP_NONE && w->n == strlen(signs[w->op])));
}

/* Whether a condition says something that can hold, else what is wrong with it. */
static bool
condition_is_right(struct model *m, const char *words, const struct word *w)
{
	size_t at = (size_t)(w->begin - words), value = (size_t)(w->want - words);
	bool text = w->col->form == FORM_TEXT, compares = w->op == OP_LESS || w->op == OP_MOST || w->op == OP_LEAST || w->op == OP_MORE;
	const char *name = w->col->name;
	double v;

	if (text && compares)
		model_say_fault(m, words, at, w->all, "%s is a text: %s=PART, %s==ALL, %s!=PART, %s~REGEXP", name, name, name, name, name);
	else if (!text && is_regexp(w->op))
		model_say_fault(m, words, at, w->all, "%s is a %s: ~ is for texts", name, w->col->form == FORM_TIME ? "time" : "number");
	else if (!text && !read_amount(w, &v))
		model_say_fault(m, words, value, w->n, "\"%.*s\" is no %s", (int)w->n, w->want,
			w->col->form == FORM_TIME ? "time: 1.5s, 20ms, 300us, 7ns" : "number");
	else if (w->op == OP_IS && w->n && w->want[0] == '~')
		model_say_fault(m, words, value - 1, 2, "a regular expression is what comes after ~ alone");
	else
		return !is_regexp(w->op) || keep_regexp(m, words, w);
	return false;
}

static bool
word_is_right(struct model *m, const char *words, const struct word *w)
{
	if (w->col)
		return condition_is_right(m, words, w);
	if (w->op != OP_NONE && w->name)
		say_no_column(m, words, w);
	else if (is_part_of_expression(w))
		model_say_fault(m, words, (size_t)(w->begin - words), w->n, "%s; a text stands in quotes",
			w->op != OP_NONE ? "a column comes before that" : "rows have all words and conditions: there is no \"or\"");
	else
		return true;
	return false;
}

bool
only_is_right(struct model *m, const char *words)
{
	struct word w;

	for (const char *p = words; *p;) {
		p = take(m->table.kind, p, &w);
		if (!word_is_right(m, words, &w))
			return false;
	}
	return true;
}

/* Whether a word for any column may stand in one that is of the current event. */
static bool
may_be_now(const struct word *w, const struct column *col)
{
	const char *text;

	for (unsigned i = 0; (text = cells_now(col, i)); i++)
		if (contains(text, w->want, w->n))
			return true;
	return false;
}

bool
only_is_of_event(const struct table *t)
{
	struct word w;

	for (const char *p = t->only; *p;) {
		p = take(t->kind, p, &w);
		if (is_and(&w))
			continue;
		for (const struct column *col = cells_columns(t->kind); col->name; col++)
			if (w.col ? w.col == col && col->nature == NATURE_NOW : may_be_now(&w, col))
				return true;
	}
	return false;
}

/* --- more of it -------------------------------------------------------------------- */

/* Whether a condition says nothing more of the numbers of a bar, which are whole. */
static bool
says_less(const struct word *w, const struct column *col, const struct bar *bar)
{
	double than;

	if (w->col != col || col->form == FORM_TEXT)
		return w->col == col && w->op == OP_SAME;
	than = amount(w);
	switch (w->op) {
	case OP_LESS:
	case OP_MOST:
		return bar->to <= than;
	case OP_LEAST:
		return bar->from >= than;
	case OP_MORE:
		return bar->from > than;
	case OP_NOT:
		return false;
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
