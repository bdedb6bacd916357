/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the subcommands share.
 */
#include "cmd.h"

#include "out.h"

#include "ui/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int
usage_error(const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	complain(NULL, text);
	complain(NULL, "gotrace-tui --help says more");
	return EXIT_USAGE;
}

void
put_wrapped(struct out *o, int at, const char *text)
{
	size_t n = lines_portion(text, 80 - at, false);

	out_bytes(o, text, n);
	for (text += n; *(text += strspn(text, " ")); text += n) {
		n = lines_portion(text, 80 - at, false);
		out_format(o, "\n%*s", at, "");
		out_bytes(o, text, n);
	}
	OUT(o, "\n");
}

int
no_such_format(const char *format, const char *wanted, const char *(*name)(size_t i), size_t n)
{
	char list[160];
	size_t at = 0;

	for (size_t i = 0; i < n && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " and ", name(i));
	if (!format)
		return usage_error("%s; there are %s", wanted, list);
	return usage_error("there is no format %s; there are %s", format, list);
}

int
time_option(const char *option, const char *text, int64_t *ns)
{
	return !text || parse_time(text, ns) ? EXIT_FINE : usage_error("--%s takes a time such as 20ms", option);
}

bool
model_for(const struct options *opt, const struct loaded *l, struct gt_model *model)
{
	char name[64], text[128];
	const char *wrong;

	*model = opt->model;
	if (opt->model_name || !l->is_test || l->test.model.n == 0)
		return true;
	snprintf(name, sizeof(name), "%.*s", (int)(l->test.model.n < 60 ? l->test.model.n : 60), l->test.model.p);
	if (!gt_model_get(model, name)) {
		snprintf(text, sizeof(text), "it names a model that does not exist: %s", name);
		complain(l->file, text);
		return false;
	}
	for (unsigned i = 0; i < opt->nrequire; i++)
		gt_model_require(model, opt->require[i], &wrong);
	return true;
}

bool
parse_time(const char *s, int64_t *ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "µs", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 }, { "", 1 } };
	char *end;
	double v = strtod(s, &end);

	if (end == s || !(v >= 0))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(end, units[i].unit) == 0 && v * units[i].ns < 9e18) {
			*ns = (int64_t)(v * units[i].ns);
			return true;
		}
	return false;
}
