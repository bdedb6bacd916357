/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui validate: is it a trace, and does it keep the rules?
 */
#include "broken.h"
#include "cmd.h"
#include "out.h"
#include "workers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Events after which what was read of the file may go out of memory. */
enum { STRETCH = 1000000 };

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

/* --- what strict checking finds ------------------------------------------------------ */

struct findings {
	struct gt_finding *v;
	size_t n, cap;
	uint64_t all; /* of which v holds the first */
};

static void
keep_finding(void *arg, const struct gt_finding *f)
{
	struct findings *fs = arg;

	if (fs->n == fs->cap) {
		size_t cap = fs->cap ? fs->cap * 2 : 16;
		struct gt_finding *p = realloc(fs->v, cap * sizeof(*p));

		if (!p)
			return;
		fs->v = p;
		fs->cap = cap;
	}
	fs->v[fs->n++] = *f;
}

static void
report_findings(struct out *o, const struct findings *fs)
{
	for (size_t i = 0; i < fs->n; i++) {
		out_format(o, "\tstrict: %s (%s)\n\t\tat ", fs->v[i].text, fs->v[i].name);
		out_place(o, &fs->v[i].place);
		out_format(o, "\n\t\t%s\n", fs->v[i].means);
	}
	if (fs->all > fs->n)
		out_format(o, "\tstrict: and %" PRIu64 " more\n", fs->all - fs->n);
}

static void
report_json_findings(struct out *o, const struct findings *fs)
{
	OUT(o, ",\"findings\":[");
	for (size_t i = 0; i < fs->n; i++) {
		out_format(o, "%s{\"name\":\"%s\"", i ? "," : "", fs->v[i].name);
		put_json_text(o, "text", fs->v[i].text);
		OUT(o, ",\"place\":");
		put_json_place(o, &fs->v[i].place);
		OUT(o, "}");
	}
	OUT(o, "]");
}

/* --- what is left of a broken trace ----------------------------------------------------- */

static void
put_amount(struct out *o, const char *name, uint64_t events, uint64_t bytes)
{
	out_format(o, ",\"%s\":{\"events\":%" PRIu64 ",\"bytes\":%" PRIu64 "}", name, events, bytes);
}

static void
report_losses(struct out *o, const struct gt_salvaged *s)
{
	out_format(o, "\tgood: %" PRIu64 " events, %" PRIu64 " bytes; can be salvaged: %" PRIu64 " events, %" PRIu64
		" bytes; lost: %" PRIu64 " events, %" PRIu64 " bytes\n", s->good_events, s->good_bytes, s->events, s->bytes,
		s->lost_events, s->lost_bytes);
}

/* --- reports ------------------------------------------------------------------------------ */

/* What is known of a trace that was read. */
struct verdict {
	uint64_t events;
	const struct gt_error *err;
	bool strict, has_losses;
	struct findings findings;
	struct gt_salvaged losses;
};

static void
report_json(struct out *o, const struct loaded *l, const struct verdict *v)
{
	const struct gt_error *err = v->err;
	char hint[192];

	begin_json(o, l->file, err ? "invalid" : "ok", v->events);
	if (err) {
		put_json_text(o, "error", err->text);
		put_json_text(o, "code", gt_code_name(err->why.code));
		OUT(o, ",\"place\":");
		put_json_place(o, &err->place);
		if (load_hint(l, err, hint, sizeof(hint)))
			put_json_text(o, "hint", hint);
	}
	if (v->has_losses) {
		put_amount(o, "good", v->losses.good_events, v->losses.good_bytes);
		put_amount(o, "salvaged", v->losses.events, v->losses.bytes);
		put_amount(o, "lost", v->losses.lost_events, v->losses.lost_bytes);
	}
	if (v->strict)
		report_json_findings(o, &v->findings);
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
report(struct out *o, const struct loaded *l, const struct gt_model *model, const struct verdict *v)
{
	const struct gt_error *err = v->err;
	char hint[192];
	size_t n;

	out_text(o, l->file);
	if (!err) {
		out_format(o, ": ok, %" PRIu64 " events (go 1.%u, model %s%s)\n", v->events, gt_version(l->trace), model->name,
			model->changed ? ", changed" : "");
		report_findings(o, &v->findings);
		return;
	}
	/* The first line says it; the rest of a long text is for dump. */
	n = strcspn(err->text, "\n");
	OUT(o, ": invalid: ");
	out_bytes(o, err->text, n);
	OUT(o, "\n\tat ");
	out_place(o, &err->place);
	out_format(o, "\n\tafter %" PRIu64 " good events (go 1.%u, model %s%s)\n\t%s\n", v->events, gt_version(l->trace),
		model->name, model->changed ? ", changed" : "", gt_code_means(err->why.code));
	if (v->has_losses)
		report_losses(o, &v->losses);
	report_findings(o, &v->findings);
	if (load_hint(l, err, hint, sizeof(hint)))
		out_format(o, "\t%s\n", hint);
}

/* All events of a trace, strictly looked at where that is asked for: that takes one thread. NULL: no memory. */
static struct gt_reader *
read_all(const struct options *opt, struct loaded *l, const struct gt_model *model, struct verdict *v)
{
	struct gt_reader *r = opt->strict ? gt_reader_new(l->trace, model) : order_all(l, model, opt->threads);
	struct gt_strict *st = opt->strict ? gt_strict_new(l->trace, keep_finding, &v->findings) : NULL;
	const struct gt_event *ev;

	while (r && st && gt_strict_file(st, STRETCH))
		load_release(l);
	while (r && st && gt_read(r, &ev) == GT_EVENT) {
		gt_strict_event(st, ev, gt_reader_state(r));
		if (ev->n % STRETCH == 0)
			load_release(l);
	}
	if (!r || (opt->strict && !st)) {
		gt_strict_free(st);
		gt_reader_free(r);
		return NULL;
	}
	v->findings.all = gt_strict_free(st);
	v->strict = opt->strict;
	v->events = gt_reader_pos(r);
	v->err = gt_reader_error(r);
	return r;
}

/* --- side by side ----------------------------------------------------------------------------- */

/* One trace under one rule set. */
static bool
verdict_under(struct loaded *l, const struct gt_model *model, struct gt_reader **r, struct verdict *v)
{
	*r = gt_reader_new(l->trace, model);
	if (!*r)
		return false;
	load_read_all(l, *r);
	v->events = gt_reader_pos(*r);
	v->err = gt_reader_error(*r);
	return true;
}

static void
row(struct out *o, const struct options *opt, const struct loaded *l, const struct gt_model *model, const struct verdict *v)
{
	if (opt->json) {
		begin_json(o, l->file, v->err ? "invalid" : "ok", v->events);
		put_json_text(o, "model", model->name);
		if (v->err) {
			put_json_text(o, "error", v->err->text);
			put_json_text(o, "code", gt_code_name(v->err->why.code));
			OUT(o, ",\"place\":");
			put_json_place(o, &v->err->place);
		}
		OUT(o, "}\n");
		return;
	}
	out_format(o, "  %-16s %12" PRIu64 "  ", model->name, v->events);
	if (!v->err) {
		OUT(o, "ok\n");
		return;
	}
	out_bytes(o, v->err->text, strcspn(v->err->text, "\n"));
	OUT(o, "\n  ");
	out_format(o, "%-16s %12s  at ", "", "");
	out_place(o, &v->err->place);
	OUT(o, "\n");
}

/* --model=all: a table. Invalid where it is so under every rule set. */
static int
validate_all(const struct options *opt, struct out *o, struct loaded *l)
{
	int status = EXIT_INVALID;
	struct gt_model model;

	if (!opt->json) {
		out_text(o, l->file);
		out_format(o, " (go 1.%u)\n  %-16s %12s  verdict\n", gt_version(l->trace), "model", "good events");
	}
	for (size_t i = 0; gt_model_at(&model, i); i++) {
		struct verdict v = { 0 };
		struct gt_reader *r;

		if (!verdict_under(l, &model, &r, &v))
			return EXIT_UNREADABLE;
		row(o, opt, l, &model, &v);
		if (!v.err)
			status = EXIT_FINE;
		gt_reader_free(r);
	}
	return status;
}

static int
validate_one(const struct options *opt, struct out *o, const char *file)
{
	struct loaded l;
	struct gt_model model;
	struct gt_reader *r = NULL;
	struct verdict v = { 0 };
	int status = load(&l, file, opt->memory);

	if (status != EXIT_FINE) {
		if (opt->json)
			report_json_unreadable(o, &l);
		return status;
	}
	if (opt->all_models) {
		status = validate_all(opt, o, &l);
		unload(&l);
		return status;
	}
	if (!model_for(opt, &l, &model))
		snprintf(l.why, sizeof(l.why), "it names a model that does not exist");
	else if (!(r = read_all(opt, &l, &model, &v)))
		complain(file, strcpy(l.why, "out of memory"));
	if (!r) {
		if (opt->json)
			report_json_unreadable(o, &l);
		unload(&l);
		return EXIT_UNREADABLE;
	}
	v.has_losses = v.err && broken_losses(&l, &model, &v.losses);
	if (opt->json)
		report_json(o, &l, &v);
	else
		report(o, &l, &model, &v);
	status = v.err || v.findings.all > 0 ? EXIT_INVALID : EXIT_FINE;
	free(v.findings.v);
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
	if (opt->all_models && (opt->strict || opt->nrequire > 0))
		return usage_error("--model=all goes with neither --strict nor --require");
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
