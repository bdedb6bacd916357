/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expressions of the command line: see filter.h.
 */
#include "filter.h"

#include "cmd.h"
#include "out.h"

#include "ui/fault.h"
#include "ui/match.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The text, and marks under the fault. */
static void
show_fault(const char *text, const struct gt_expr_error *err)
{
	char line[FAULT_LINE], under[FAULT_LINE], out[FAULT_LINE + 2];

	fault_lines(text, err->at, err->n, FAULT_W, true, line, under);
	snprintf(out, sizeof(out), "  %s", line);
	complain(NULL, out);
	snprintf(out, sizeof(out), "  %s", under);
	complain(NULL, out);
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
		out_format(&o, "  %-18s ", form), put_wrapped(&o, 21, what);
	OUT(&o, "\nfields:\n");
	for (size_t i = 0; gt_expr_field(i, &name, &form, &what); i++)
		out_format(&o, "  %-10s ", name), put_wrapped(&o, 13, what);
	OUT(&o, "  arg.NAME   ");
	put_wrapped(&o, 13, "any argument, as arg.new_g; arg. may be left out where no field is called the same");
	return out_close(&o) ? EXIT_FINE : EXIT_UNREADABLE;
}
