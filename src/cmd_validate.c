/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui validate: is it a trace, and does it keep the rules?
 */
#include "cmd.h"
#include "out.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static void
put_json_place(struct out *o, const struct gt_place *p)
{
	out_format(o, "{\"generation\":%" PRId64 ",\"batch\":%" PRId64 ",\"event\":%" PRId64 ",\"m\":%" PRId64
		",\"offset\":%" PRId64 "}", p->generation, p->batch, p->event, p->m, p->offset);
}

static void
begin_json(struct out *o, const char *file, const char *verdict, uint64_t events)
{
	OUT(o, "{\"file\":");
	out_json(o, str(file));
	out_format(o, ",\"verdict\":\"%s\",\"events\":%" PRIu64, verdict, events);
}

static void
put_json_text(struct out *o, const char *name, const char *text)
{
	out_format(o, ",\"%s\":", name);
	out_json(o, str(text));
}

static void
report_json(struct out *o, const struct loaded *l, uint64_t events, const struct gt_error *err)
{
	char hint[192];

	begin_json(o, l->file, err ? "invalid" : "ok", events);
	if (err) {
		put_json_text(o, "error", err->text);
		put_json_text(o, "code", gt_code_name(err->why.code));
		OUT(o, ",\"place\":");
		put_json_place(o, &err->place);
		if (load_hint(l, err, hint, sizeof(hint)))
			put_json_text(o, "hint", hint);
	}
	OUT(o, "}\n");
}

/* What could not be loaded. */
static void
report_json_unreadable(struct out *o, const struct loaded *l)
{
	begin_json(o, l->file, "unreadable", 0);
	put_json_text(o, "error", l->why);
	if (l->code != GT_OK)
		put_json_text(o, "code", gt_code_name(l->code));
	if (l->hint[0])
		put_json_text(o, "hint", l->hint);
	OUT(o, "}\n");
}

static void
report(struct out *o, const struct loaded *l, const struct gt_model *model, uint64_t events, const struct gt_error *err)
{
	char hint[192];
	size_t n;

	out_text(o, l->file);
	if (!err) {
		out_format(o, ": ok, %" PRIu64 " events (go 1.%u, model %s%s)\n", events, gt_version(l->trace), model->name,
			model->changed ? ", changed" : "");
		return;
	}
	/* The first line says it; the rest of a long text is for dump. */
	n = strcspn(err->text, "\n");
	OUT(o, ": invalid: ");
	out_bytes(o, err->text, n);
	OUT(o, "\n\tat ");
	out_place(o, &err->place);
	out_format(o, "\n\tafter %" PRIu64 " good events (go 1.%u, model %s%s)\n\t%s\n", events, gt_version(l->trace),
		model->name, model->changed ? ", changed" : "", gt_code_means(err->why.code));
	if (load_hint(l, err, hint, sizeof(hint)))
		out_format(o, "\t%s\n", hint);
}

static int
validate_one(const struct options *opt, struct out *o, const char *file)
{
	struct loaded l;
	struct gt_model model;
	struct gt_reader *r;
	const struct gt_event *ev;
	const struct gt_error *err;
	int status = load(&l, file);

	if (status != EXIT_FINE) {
		if (opt->json)
			report_json_unreadable(o, &l);
		return status;
	}
	r = model_for(opt, &l, &model) ? gt_reader_new(l.trace, &model) : NULL;
	if (!r) {
		if (opt->json) {
			snprintf(l.why, sizeof(l.why), "it names a model that does not exist");
			report_json_unreadable(o, &l);
		}
		unload(&l);
		return EXIT_UNREADABLE;
	}
	while (gt_read(r, &ev) == GT_EVENT)
		;
	err = gt_reader_error(r);
	if (opt->json)
		report_json(o, &l, gt_reader_pos(r), err);
	else
		report(o, &l, &model, gt_reader_pos(r), err);
	status = err ? EXIT_INVALID : EXIT_FINE;
	gt_reader_free(r);
	unload(&l);
	return status;
}

int
cmd_validate(const struct options *opt, int argc, char **argv)
{
	struct out o;
	int worst = EXIT_FINE;

	if (argc < 1)
		return usage_error("validate takes at least one FILE");
	out_init(&o, STDOUT_FILENO);
	for (int i = 0; i < argc; i++) {
		int status = validate_one(opt, &o, argv[i]);

		if (status > worst)
			worst = status;
	}
	if (!out_close(&o)) {
		complain(NULL, "writing failed");
		worst = EXIT_UNREADABLE;
	}
	return worst;
}
