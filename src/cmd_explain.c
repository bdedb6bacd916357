/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui explain: why is this trace invalid?
 */
#include "cmd.h"
#include "explain.h"
#include "out.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static void
put_json_text(struct out *o, const char *name, const char *text)
{
	out_format(o, ",\"%s\":", name);
	out_json(o, str(text));
}

/* The fields of a place, those that it has. */
static void
put_json_place(struct out *o, const struct gt_place *p)
{
	const struct {
		const char *name;
		int64_t v;
	} field[] = { { "generation", p->generation }, { "batch", p->batch }, { "event", p->event }, { "m", p->m },
		{ "offset", p->offset } };
	bool first = true;

	for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++)
		if (field[i].v >= 0) {
			out_format(o, "%s\"%s\":%" PRId64, first ? "" : ",", field[i].name, field[i].v);
			first = false;
		}
}

static void
report_json(struct out *o, const struct loaded *l, const struct gt_explain *x)
{
	const struct gt_error *err = gt_explain_error(x);
	const struct gt_suspect *s;
	size_t n;

	OUT(o, "{\"file\":");
	out_json(o, str(l->file));
	out_format(o, ",\"verdict\":\"%s\",\"events\":%" PRIu64, err ? "invalid" : "ok", gt_explain_pos(x));
	if (err) {
		put_json_text(o, "error", err->text);
		put_json_text(o, "code", gt_code_name(err->why.code));
		OUT(o, ",\"place\":{");
		put_json_place(o, &err->place);
		OUT(o, "},\"suspects\":[");
		s = gt_explain_suspects(x, &n);
		for (size_t i = 0; i < n; i++) {
			out_format(o, "%s{\"kind\":\"%s\",", i ? "," : "", gt_suspect_name(s[i].kind));
			put_json_place(o, &s[i].place);
			put_json_text(o, "repair", s[i].repair);
			put_json_text(o, "evidence", s[i].evidence);
			out_format(o, ",\"tested\":%s,\"whole\":%s,\"orders_further\":%" PRIu64 ",\"score\":%.2f}", s[i].tested ? "true" : "false",
				s[i].whole ? "true" : "false", s[i].further, s[i].score);
		}
		OUT(o, "]");
	}
	OUT(o, "}\n");
}

static void
report(struct out *o, const struct loaded *l, const struct gt_explain *x)
{
	const struct gt_error *err = gt_explain_error(x);
	const struct gt_suspect *s;
	size_t n;

	out_text(o, l->file);
	if (!err) {
		OUT(o, ": nothing to explain: the trace is valid\n");
		return;
	}
	OUT(o, ": invalid: ");
	out_bytes(o, err->text, strcspn(err->text, "\n"));
	OUT(o, "\n");
	s = gt_explain_suspects(x, &n);
	for (size_t i = 0; i < n; i++) {
		out_format(o, "%2zu. %s at ", i + 1, gt_suspect_name(s[i].kind));
		out_place(o, &s[i].place);
		out_format(o, "\n    %s: %" PRIu64 " more events%s\n    %s\n", s[i].repair, s[i].further,
			s[i].whole ? ", and nothing is wrong any more" : s[i].tested ? "" : " (not tested)", s[i].evidence);
	}
}

int
cmd_explain(const struct options *opt, int argc, char **argv)
{
	struct gt_explain *x;
	struct gt_model model;
	struct loaded l;
	struct out o;
	int status;

	if (argc != 1)
		return usage_error("explain takes one FILE");
	status = load(&l, argv[0]);
	if (status != EXIT_FINE)
		return status;
	x = model_for(opt, &l, &model) ? gt_explain_new(l.trace, &model, 0, NULL, NULL) : NULL;
	if (!x) {
		complain(argv[0], "can't explain: out of memory");
		unload(&l);
		return EXIT_UNREADABLE;
	}
	out_init(&o, STDOUT_FILENO);
	if (opt->json)
		report_json(&o, &l, x);
	else
		report(&o, &l, x);
	status = gt_explain_error(x) ? EXIT_INVALID : EXIT_FINE;
	if (!out_close(&o))
		status = EXIT_UNREADABLE;
	gt_explain_free(x);
	unload(&l);
	return status;
}
