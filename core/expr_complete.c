/* SPDX-License-Identifier: MIT */
/*
 * What may follow the beginning of an expression: the parser says what it would take where the text ends.
 */
#include "expr.h"

#include <stdio.h>
#include <string.h>

struct offers {
	const char *begin;
	size_t n;
	gt_expr_word_fn *fn;
	void *arg;
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static void
offer(const struct offers *o, const char *word, const char *what)
{
	for (size_t i = 0; i < o->n; i++)
		if (!word[i] || lower(word[i]) != lower(o->begin[i]))
			return;
	o->fn(o->arg, word, what);
}

static void
offer_values(const struct offers *o, enum ftype type)
{
	static const char none[] = "none";

	for (unsigned i = 0; i < ENUM_VALUES; i++) {
		const char *name = expr_enum(type, i, 0);
		const struct gt_spec *spec = gt_spec(i);

		/* Of events, those that are seen in order. */
		if (name && (type != F_TYPE || spec->timed || i == GT_EV_CPUSample || i == GT_EV_SyncPoint))
			offer(o, name, type == F_TYPE ? spec->what : "");
	}
	if (type == F_M || type == F_P || type == F_G || type == F_ID || type == F_TASK || type == F_PRES)
		offer(o, none, "it has none");
}

/* An argument once, by the first event that has it. */
static bool
seen_before(unsigned type, unsigned arg)
{
	const char *name = gt_spec(type)->arg[arg].name;

	for (unsigned t = 0; t <= type; t++)
		for (unsigned i = 0; i < gt_spec(t)->nargs && (t < type || i < arg); i++)
			if (gt_spec(t)->timed && strcmp(gt_spec(t)->arg[i].name, name) == 0)
				return true;
	return false;
}

/* What is a field as well means the field. */
static bool
is_field(const char *name)
{
	for (unsigned i = 0; expr_field(i); i++)
		if (strcmp(expr_field(i)->name, name) == 0)
			return true;
	return false;
}

static void
offer_arguments(const struct offers *o)
{
	char word[64];

	for (unsigned t = 0; t < GT_TYPES; t++)
		for (unsigned i = 0; gt_spec(t)->timed && i < gt_spec(t)->nargs; i++) {
			if (seen_before(t, i))
				continue;
			snprintf(word, sizeof(word), "arg.%s", gt_spec(t)->arg[i].name);
			offer(o, word, "an argument");
			if (o->n > 0 && !is_field(word + 4))
				offer(o, word + 4, "an argument");
		}
}

static void
offer_operands(const struct offers *o)
{
	for (unsigned i = 0; expr_field(i); i++)
		offer(o, expr_field(i)->name, expr_field(i)->what);
	offer_values(o, F_TYPE);
	offer_arguments(o);
	offer(o, "not", "");
	offer(o, "(", "");
}

static void
offer_operators(const struct offers *o, enum ftype type)
{
	for (int c = CMP_EQ; c <= CMP_NOT_RE; c++)
		if (expr_cmp_fits(type, (enum cmp)c))
			offer(o, expr_cmp_text((enum cmp)c), "");
	offer(o, "in", "one of several");
}

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
		(unsigned char)c >= 0x80;
}

/* Where the last word begins: a quote that is not closed, else letters. */
static size_t
last_word(const char *text, size_t n, bool *quoted)
{
	size_t from = n;

	*quoted = false;
	for (size_t i = 0; i < n; i++) {
		char quote = text[i];

		if (quote != '"' && quote != '`')
			continue;
		for (from = i++; i < n && text[i] != quote; i++)
			i += quote == '"' && text[i] == '\\';
		*quoted = i >= n;
	}
	if (*quoted)
		return from;
	for (from = n; from > 0 && in_word(text[from - 1]);)
		from--;
	return from;
}

static enum gt_expr_values
values_of(const struct wanted *w, bool quoted)
{
	if (!(w->what & WANT_VALUE) || !w->typed)
		return GT_VALUES_NONE;
	if (w->type == F_STRING)
		return GT_VALUES_TEXTS;
	return quoted ? GT_VALUES_NONE : w->type == F_M ? GT_VALUES_M : w->type == F_P ? GT_VALUES_P
		: w->type == F_G ? GT_VALUES_G : GT_VALUES_NONE;
}

size_t
gt_expr_complete(const char *text, size_t n, enum gt_expr_values *values, gt_expr_word_fn *fn, void *arg)
{
	bool quoted;
	size_t from = last_word(text, n, &quoted);
	struct offers o = { .begin = text + from, .n = n - from, .fn = fn, .arg = arg };
	struct wanted w;

	*values = GT_VALUES_NONE;
	if (!expr_wanted(text, from, &w))
		return from;
	*values = values_of(&w, quoted);
	if (quoted)
		return from;
	if (w.what & WANT_OPERAND)
		offer_operands(&o);
	if ((w.what & WANT_OPERATOR) && w.typed && o.n < 3)
		offer_operators(&o, w.type);
	if ((w.what & WANT_VALUE) && w.typed)
		offer_values(&o, w.type);
	if (w.what & WANT_LOGIC) {
		offer(&o, "and", "");
		offer(&o, "or", "");
	}
	if (w.what & WANT_IN)
		offer(&o, "(", "a list");
	return from;
}
