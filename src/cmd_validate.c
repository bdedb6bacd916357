/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui validate: is it a trace, and does it keep the rules?
 */
#include "cmd.h"
#include "out.h"

#include <inttypes.h>
#include <unistd.h>

/* "generation 1, batch 3, event 7, M 42, offset 1234 (0x4d2)", as far as it has them. */
static void
put_place(struct out *o, const struct gt_place *p)
{
	const char *sep = "";

	if (p->generation >= 0) {
		out_format(o, "generation %" PRId64, p->generation);
		sep = ", ";
	}
	if (p->batch >= 0) {
		out_format(o, "%sbatch %" PRId64, sep, p->batch);
		sep = ", ";
	}
	if (p->event >= 0)
		out_format(o, "%sevent %" PRId64, sep, p->event);
	if (p->m >= 0)
		out_format(o, "%sM %" PRId64, sep, p->m);
	if (p->offset >= 0)
		out_format(o, "%soffset %" PRId64 " (0x%" PRIx64 ")", sep, p->offset, (uint64_t)p->offset);
}

static void
put_json_place(struct out *o, const struct gt_place *p)
{
	out_format(o, "{\"generation\":%" PRId64 ",\"batch\":%" PRId64 ",\"event\":%" PRId64 ",\"m\":%" PRId64
		",\"offset\":%" PRId64 "}", p->generation, p->batch, p->event, p->m, p->offset);
}

static void
report_json(struct out *o, const char *file, const char *verdict, uint64_t events, const struct gt_error *err)
{
	OUT(o, "{\"file\":");
	out_json(o, str(file));
	out_format(o, ",\"verdict\":\"%s\",\"events\":%" PRIu64, verdict, events);
	if (err) {
		OUT(o, ",\"error\":");
		out_json(o, str(err->text));
		out_format(o, ",\"code\":\"%s\",\"place\":", gt_code_name(err->why.code));
		put_json_place(o, &err->place);
	}
	OUT(o, "}\n");
}

static void
report(struct out *o, const struct loaded *l, const struct gt_model *model, uint64_t events, const struct gt_error *err)
{
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
	put_place(o, &err->place);
	out_format(o, "\n\tafter %" PRIu64 " good events (go 1.%u, model %s%s)\n\t%s\n", events, gt_version(l->trace),
		model->name, model->changed ? ", changed" : "", gt_code_means(err->why.code));
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
			report_json(o, file, "unreadable", 0, NULL);
		return status;
	}
	r = model_for(opt, &l, &model) ? gt_reader_new(l.trace, &model) : NULL;
	if (!r) {
		unload(&l);
		return EXIT_UNREADABLE;
	}
	while (gt_read(r, &ev) == GT_EVENT)
		;
	err = gt_reader_error(r);
	if (opt->json)
		report_json(o, file, err ? "invalid" : "ok", gt_reader_pos(r), err);
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
