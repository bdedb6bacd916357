/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui export: a trace for other tools, as a timeline or as a profile.
 */
#include "broken.h"
#include "cmd.h"
#include "export.h"
#include "target.h"

#include "ui/ui.h"

#include <errno.h>
#include <stdio.h>

static const struct form {
	const char *name;               /* as --to has it */
	const struct sink_form *lanes;  /* NULL: a profile */
	enum delay_kind kind;
} forms[] = {
	{ "perfetto", &sink_perfetto, DELAY_NETWORK },
	{ "chrome", &sink_chrome, DELAY_NETWORK },
	{ "pprof:net", NULL, DELAY_NETWORK },
	{ "pprof:sync", NULL, DELAY_BLOCKING },
	{ "pprof:syscall", NULL, DELAY_SYSCALL },
	{ "pprof:sched", NULL, DELAY_SCHEDULER },
};
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static const struct form *
find_form(const char *name)
{
	for (size_t i = 0; i < FORMS; i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

static const char *
form_name(size_t i)
{
	return forms[i].name;
}

/* What the options ask for. */
static int
how_of(const struct options *opt, const struct form *form, struct export_how *how)
{
	static const enum lane_group lanes[] = { LANES_M, LANES_P, LANES_G };
	const char *letters = "mpg", *by = opt->by ? opt->by : "p";
	int status;

	*how = (struct export_how){ 0, INT64_MAX, ~(1u << LANES_M | 1u << LANES_P | 1u << LANES_G) };
	if (opt->by && !form->lanes)
		return usage_error("--by is for timelines: perfetto and chrome");
	for (const char *at; *by && (at = strchr(letters, *by)) != NULL; by += by[1] == ',' && by[2] ? 2 : 1)
		how->groups |= 1u << lanes[at - letters];
	if (*by || (opt->by && !*opt->by))
		return usage_error("--by takes m, p or g, or several of them: p,g");
	if ((status = time_option("from", opt->from, &how->from)) != EXIT_FINE ||
		(status = time_option("until", opt->until, &how->to)) != EXIT_FINE)
		return status;
	if (how->to <= how->from)
		return usage_error("--until must come after --from");
	return EXIT_FINE;
}

/* Of a trace that is invalid, or cut, what comes before that is written, and what can be salvaged, if that is asked for. */
static int
export(const struct options *opt, struct loaded *l, const struct gt_model *model, const struct form *form, const struct export_how *how,
	struct target *t)
{
	struct gt_reader *r;
	struct out o;
	bool ok, written;
	int status = EXIT_UNREADABLE;

	gt_salvage(l->trace, opt->salvage);
	r = gt_reader_new(l->trace, model);
	out_init(&o, t->fd);
	ok = r && (form->lanes ? export_lanes(form->lanes, &o, r, how) : export_pprof(form->kind, &o, r, how));
	written = out_close(&o);
	if (!ok)
		complain(l->file, "out of memory");
	else if (!written)
		complain(t->path, o.error ? strerror(o.error) : "out of memory");
	if (!ok || !written)
		target_drop(t);
	else if (target_commit(t))
		status = EXIT_FINE;
	if (status == EXIT_FINE && gt_reader_error(r)) {
		broken_report(l, r, model, opt, "written");
		status = EXIT_INVALID;
	}
	gt_reader_free(r);
	return status;
}

static int
export_file(const struct options *opt, const struct form *form, const char *file, const char *path)
{
	struct export_how how;
	struct gt_model model;
	struct target t;
	struct loaded l;
	int status = how_of(opt, form, &how);

	if (status == EXIT_FINE && strcmp(path, "-") != 0 && ui_is_same_file(path, file))
		status = usage_error("%s is the trace itself, which can't be made again from what is written", path);
	if (status != EXIT_FINE || (status = load(&l, file, opt->memory)) != EXIT_FINE)
		return status;
	status = EXIT_UNREADABLE;
	if (model_for(opt, &l, &model) && target_open(&t, path)) {
		if (target_is_terminal(&t) && !(form->lanes && form->lanes->text)) {
			target_drop(&t);
			status = usage_error("binary data would garble the terminal: name a file");
		} else {
			status = export(opt, &l, &model, form, &how, &t);
		}
	}
	unload(&l);
	return status;
}

int
cmd_export(const struct options *opt, int argc, char **argv)
{
	const struct form *form = opt->to ? find_form(opt->to) : NULL;

	if (!form)
		return no_such_format(opt->to, "export wants --to=FORMAT", form_name, FORMS);
	if (argc != 2)
		return usage_error("export takes FILE and OUT (- is standard output)");
	return export_file(opt, form, argv[0], argv[1]);
}

int
cmd_pprof(const struct options *opt, int argc, char **argv)
{
	char name[32];
	const struct form *form;

	snprintf(name, sizeof(name), "pprof:%s", opt->pprof);
	form = find_form(name);
	if (!form)
		return usage_error("-pprof takes net, sync, syscall or sched, not %s", opt->pprof);
	if (argc != 1)
		return usage_error("-pprof takes one FILE");
	return export_file(opt, form, argv[0], "-");
}
