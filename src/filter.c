/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expressions of the command line: see filter.h.
 */
#include "filter.h"

#include "cmd.h"
#include "out.h"

#include "ui/match.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Characters, by their first bytes: near enough to columns for a mark under one of them. */
static size_t
characters(const char *p, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)p[i] & 0xc0) != 0x80;
	return count;
}

/* The text, and a mark under the fault. A long text: what is around it. */
static void
show_fault(const char *text, const struct gt_expr_error *err)
{
	enum { AROUND = 60 };
	size_t n = strlen(text), from = err->at > AROUND ? err->at - AROUND : 0, to = err->at + AROUND, marks;
	char line[300], under[300];

	while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80)
		from--;
	to = to > n ? n : to;
	snprintf(line, sizeof(line), "  %.*s", (int)(to - from), text + from);
	for (char *p = line; *p; p++)
		*p = *p == '\n' || *p == '\t' || *p == '\r' ? ' ' : *p;
	complain(NULL, line);
	marks = characters(text + err->at, err->at + err->n > to ? to - err->at : err->n);
	n = characters(text + from, err->at - from) + 2;
	memset(under, ' ', n);
	memset(under + n, '^', marks ? marks : 1);
	under[n + (marks ? marks : 1)] = 0;
	complain(NULL, under);
}

struct gt_expr *
filter_new(const char *option, const char *text)
{
	struct gt_expr_error err;
	struct gt_expr *e = gt_expr_new(text, strlen(text), &matcher, &err);
	char why[300];

	if (e)
		return e;
	snprintf(why, sizeof(why), "%s: %s", option, err.text);
	complain(NULL, why);
	show_fault(text, &err);
	return NULL;
}

void
filter_free(struct gt_expr *e, const char *file)
{
	char text[120];

	if (e && gt_expr_given_up(e) > 0) {
		snprintf(text, sizeof(text), "a regular expression took too long, %" PRIu64 " times: it was taken for not found",
			gt_expr_given_up(e));
		complain(file, text);
	}
	gt_expr_free(e);
}

int
help_expressions(void)
{
	const char *name, *form, *what;
	struct out o;

	out_init(&o, STDOUT_FILENO);
	OUT(&o, "An expression says which events are meant:\n\n"
		"  GoCreateSyscall && p != none\n"
		"  to == Waiting and stack ~ \"net/http\"\n"
		"  GoUnblock && not (g in (3, 5..9)) && time > 1.5s\n\n");
	for (size_t i = 0; gt_expr_form(i, &form, &what); i++)
		out_format(&o, "  %-18s %s\n", form, what);
	OUT(&o, "\nfields:\n");
	for (size_t i = 0; gt_expr_field(i, &name, &form, &what); i++)
		out_format(&o, "  %-10s %s\n", name, what);
	OUT(&o, "  arg.NAME   any argument, as arg.new_g; arg. may be left out where no field is called the same\n");
	return out_close(&o) ? EXIT_FINE : EXIT_UNREADABLE;
}
