/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui model: the rule sets as tables.
 */
#include "cmd.h"
#include "out.h"

#include <stdio.h>
#include <unistd.h>

static const char *const short_need[] = { [GT_NOT] = "must not", [GT_MAY] = "may", [GT_MUST] = "must" };

static void
list(struct out *o)
{
	struct gt_model m;

	for (size_t i = 0; gt_model_at(&m, i); i++)
		out_format(o, "%-16s %s%s\n", m.name, m.title, strcmp(m.name, GT_MODEL_DEFAULT) == 0 ? " (the default)" : "");
}

static const char *
destroy_rule(const struct gt_model *m)
{
	return m->destroy_abandons_p ? "takes the P away from the M" : "leaves the P with the M";
}

static void
show(struct out *o, const struct gt_model *m)
{
	out_format(o, "model %s%s: %s\n\n%-22s %-10s %-10s %-10s\n", m->name, m->changed ? ", changed" : "", m->title, "event",
		"thread", "proc", "goroutine");
	for (unsigned t = 0; t < GT_TYPES; t++)
		if (gt_spec(t)->timed && gt_spec(t)->kind != GT_K_Bad)
			out_format(o, "%-22s %-10s %-10s %s\n", gt_spec(t)->name, short_need[m->need[t][GT_M]],
				short_need[m->need[t][GT_P]], short_need[m->need[t][GT_G]]);
	out_format(o, "\nGoDestroySyscall %s\n", destroy_rule(m));
}

static void
compare(struct out *o, const struct gt_model *a, const struct gt_model *b)
{
	unsigned differ = 0;

	out_format(o, "%-32s %-18s %s\n", "", a->name, b->name);
	for (unsigned t = 0; t < GT_TYPES; t++)
		for (int r = GT_M; r <= GT_G; r++) {
			char rule[64];

			if (a->need[t][r] == b->need[t][r])
				continue;
			snprintf(rule, sizeof(rule), "%s: %s", gt_spec(t)->name, gt_res_name((enum gt_res)r));
			out_format(o, "%-32s %-18s %s\n", rule, gt_need_name(a->need[t][r]), gt_need_name(b->need[t][r]));
			differ++;
		}
	if (a->destroy_abandons_p != b->destroy_abandons_p) {
		out_format(o, "%-32s %-18s %s\n", "GoDestroySyscall: the M's proc", a->destroy_abandons_p ? "is taken away" : "stays",
			b->destroy_abandons_p ? "is taken away" : "stays");
		differ++;
	}
	if (differ == 0)
		OUT(o, "no difference\n");
}

int
cmd_model(const struct options *opt, int argc, char **argv)
{
	struct gt_model m[2];
	struct out o;

	if (argc > 2)
		return usage_error("model takes at most two names");
	for (int i = 0; i < argc; i++)
		if (!gt_model_get(&m[i], argv[i]))
			return usage_error("there is no model %s: gotrace-tui model lists them", argv[i]);
	out_init(&o, STDOUT_FILENO);
	if (argc == 2)
		compare(&o, &m[0], &m[1]);
	else if (argc == 1 || opt->model_name || opt->nrequire > 0)
		show(&o, argc == 1 && opt->nrequire == 0 ? &m[0] : &opt->model);
	else
		list(&o);
	return out_close(&o) ? EXIT_FINE : EXIT_UNREADABLE;
}
