/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui explain: why is this trace invalid?
 */
#include "cmd.h"
#include "explain.h"
#include "out.h"

#include "ui/tell.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_CAUSES = 32, BYTES_BEFORE = 8, BYTES = 24 };

/* --- as data --------------------------------------------------------------------------------- */

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
json_event(struct out *o, const struct gt_explain *x)
{
	const struct gt_event *ev = gt_explain_event(x);
	const struct gt_check *c;
	char text[256];
	size_t n;

	if (!ev)
		return;
	tell_event(ev, text, sizeof(text));
	OUT(o, ",\"event\":{\"text\":");
	out_json(o, str(text));
	out_format(o, ",\"type\":\"%s\",\"m\":%" PRId64 ",\"p\":%" PRId64 ",\"g\":%" PRId64 "},\"requirement\":[",
		gt_spec(ev->type)->name, ev->m, ev->p, ev->g);
	c = gt_explain_checks(x, &n);
	for (size_t i = 0; i < n; i++) {
		out_format(o, "%s{\"ok\":%s,\"waits\":%s", i ? "," : "", c[i].ok ? "true" : "false", c[i].waits ? "true" : "false");
		put_json_text(o, "required", c[i].what);
		if (c[i].about != GT_NO_RES)
			put_json_text(o, "need", gt_need_name(c[i].need));
		put_json_text(o, "found", c[i].here);
		OUT(o, "}");
	}
	OUT(o, "]");
}

static void
json_history(struct out *o, const struct gt_explain *x)
{
	const struct gt_past *p;
	char text[128];
	size_t n;

	p = gt_explain_history(x, &n);
	OUT(o, ",\"history\":[");
	for (size_t i = 0; i < n; i++) {
		tell_change(&p[i].change, text, sizeof(text));
		out_format(o, "%s{\"n\":%" PRIu64 ",\"type\":\"%s\",\"time\":%" PRId64 ",", i ? "," : "", p[i].n, gt_spec(p[i].type)->name,
			p[i].time);
		put_json_place(o, &p[i].place);
		put_json_text(o, "change", text);
		OUT(o, "}");
	}
	OUT(o, "]");
}

static void
json_frontier(struct out *o, const struct gt_explain *x)
{
	const struct gt_link *l;
	char text[256];
	size_t n;

	l = gt_explain_links(x, &n);
	OUT(o, ",\"frontier\":[");
	for (size_t i = 0; i < n; i++) {
		const struct gt_event *ev = &l[i].head.ev;

		tell_event(ev, text, sizeof(text));
		out_format(o, "%s{\"m\":%" PRId64 ",\"batch\":%" PRIu32 ",\"event\":%" PRIu32 ",\"offset\":%" PRIu64, i ? "," : "", ev->m,
			ev->batch, ev->index, ev->off);
		put_json_text(o, "text", text);
		gt_reason_text(&l[i].head.why, text, sizeof(text));
		put_json_text(o, "waits", text);
		out_format(o, ",\"fault\":%s,\"cycle\":%s", l[i].nobody ? "true" : "false", l[i].cycle ? "true" : "false");
		if (!l[i].nobody) {
			out_format(o, ",\"provider\":{\"type\":\"%s\",\"behind\":%" PRIu64 ",", gt_spec(l[i].by_type)->name, l[i].behind);
			put_json_place(o, &l[i].by);
			OUT(o, "}");
		}
		OUT(o, "}");
	}
	OUT(o, "]");
}

static void
json_suspects(struct out *o, const struct gt_explain *x)
{
	const struct gt_suspect *s;
	size_t n;

	s = gt_explain_suspects(x, &n);
	OUT(o, ",\"suspects\":[");
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

static void
json_causes(struct out *o, const struct gt_cause *const *c, size_t n)
{
	OUT(o, ",\"causes\":[");
	for (size_t i = 0; i < n; i++) {
		out_format(o, "%s{\"name\":\"%s\"", i ? "," : "", c[i]->name);
		put_json_text(o, "title", c[i]->title);
		put_json_text(o, "how", c[i]->how);
		put_json_text(o, "avoid", c[i]->avoid);
		put_json_text(o, "issues", c[i]->issues);
		OUT(o, "}");
	}
	OUT(o, "]");
}

static void
json_usable(struct out *o, const struct gt_explain *x)
{
	const struct gt_salvaged *u = gt_explain_usable(x);

	out_format(o, ",\"usable\":{\"good\":{\"events\":%" PRIu64 ",\"bytes\":%" PRIu64 "},\"salvaged\":{\"events\":%" PRIu64
		",\"bytes\":%" PRIu64 "},\"lost\":{\"events\":%" PRIu64 ",\"bytes\":%" PRIu64 "}}", u->good_events, u->good_bytes,
		u->events, u->bytes, u->lost_events, u->lost_bytes);
}

/* The bytes of the file around the fault; *from: offset of the first. */
static size_t
bytes_around(const struct loaded *l, const struct gt_error *err, const uint8_t **p, uint64_t *from)
{
	size_t n;
	const uint8_t *all = gt_bytes(l->trace, &n);
	uint64_t at = err->place.offset < 0 ? 0 : (uint64_t)err->place.offset;

	*from = at > BYTES_BEFORE ? at - BYTES_BEFORE : 0;
	*p = all + *from;
	return *from >= n ? 0 : n - *from < BYTES ? n - *from : BYTES;
}

static void
json_bytes(struct out *o, const struct loaded *l, const struct gt_error *err)
{
	const uint8_t *p;
	uint64_t from;
	size_t n = bytes_around(l, err, &p, &from);

	out_format(o, ",\"bytes\":{\"offset\":%" PRIu64 ",\"hex\":\"", from);
	for (size_t i = 0; i < n; i++)
		out_format(o, "%02x", p[i]);
	OUT(o, "\"}");
}

static void
report_json(struct out *o, const struct loaded *l, const struct gt_model *model, const struct gt_explain *x)
{
	const struct gt_error *err = gt_explain_error(x);
	const struct gt_cause *const *causes;
	char hint[192];
	size_t n;

	OUT(o, "{\"file\":");
	out_json(o, str(l->file));
	out_format(o, ",\"verdict\":\"%s\",\"events\":%" PRIu64 ",\"version\":%u,\"model\":\"%s\"", err ? "invalid" : "ok",
		gt_explain_pos(x), gt_version(l->trace), model->name);
	if (err) {
		put_json_text(o, "error", err->text);
		put_json_text(o, "code", gt_code_name(err->why.code));
		put_json_text(o, "means", gt_code_means(err->why.code));
		OUT(o, ",\"place\":{");
		put_json_place(o, &err->place);
		OUT(o, "}");
		if (load_hint(l, err, hint, sizeof(hint)))
			put_json_text(o, "hint", hint);
		json_bytes(o, l, err);
		if (gt_explain_resume(x) >= 0)
			out_format(o, ",\"resume\":%" PRId64, gt_explain_resume(x));
		json_event(o, x);
		json_history(o, x);
		json_frontier(o, x);
		json_suspects(o, x);
		json_usable(o, x);
	}
	causes = gt_explain_causes(x, &n);
	json_causes(o, causes, n);
	OUT(o, "}\n");
}

/* --- for people ---------------------------------------------------------------------------------- */

static void
put_text(void *o, const char *text)
{
	out_text(o, text);
}

static void
report(struct out *o, const struct loaded *l, const struct gt_model *model, const struct gt_explain *x)
{
	const struct gt_error *err = gt_explain_error(x);
	char hint[192];
	bool hinted = err && load_hint(l, err, hint, sizeof(hint));

	out_text(o, l->file);
	tell(&(struct tale){ .x = x, .trace = l->trace, .model = model, .hint = hinted ? hint : NULL }, tell_line,
		&(struct plain){ put_text, o, ": " });
}

/* --- files that could not be opened ---------------------------------------------------------------- */

static void
unreadable(struct out *o, const struct loaded *l, bool json)
{
	const struct gt_cause *causes[MOST_CAUSES];
	size_t n = l->code == GT_OK ? 0 : gt_causes_of_file(l->code, l->raw, 0, causes, MOST_CAUSES);

	if (!json) {
		tell_causes(causes, n, false, tell_line, &(struct plain){ put_text, o, NULL });
		return;
	}
	OUT(o, "{\"file\":");
	out_json(o, str(l->file));
	OUT(o, ",\"verdict\":\"unreadable\",\"events\":0");
	put_json_text(o, "error", l->why);
	if (l->code != GT_OK)
		put_json_text(o, "code", gt_code_name(l->code));
	if (l->hint[0])
		put_json_text(o, "hint", l->hint);
	OUT(o, ",\"place\":{\"offset\":0},\"suspects\":[");
	if (l->code != GT_OK) {
		out_format(o, "{\"kind\":\"%s\",\"offset\":0,\"repair\":", gt_suspect_name(l->code == GT_E_VERSION ? GT_S_VERSION : l->hint[0] ?
			GT_S_NOT_TRACE : GT_S_HEADER));
		out_json(o, str(l->code == GT_E_VERSION ? "let the header name the version that wrote the trace"
							: "let the file begin \"go 1.NN trace\" and three zeros"));
		OUT(o, ",\"orders_further\":0}");
	}
	OUT(o, "]");
	json_causes(o, causes, n);
	OUT(o, "}\n");
}

/* --- the smallest of its kind -------------------------------------------------------------------------- */

static volatile sig_atomic_t interrupted;

static void
interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

static bool
show_progress(void *arg, size_t bytes)
{
	size_t *shown = arg;

	if (bytes != *shown && isatty(STDERR_FILENO))
		fprintf(stderr, "\rminimizing: %zu bytes \033[K", bytes);
	*shown = bytes;
	return interrupted != 0;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

/* As a .test, or by its name as it is: there are bytes that no text stands for. */
static int
write_small(const struct options *opt, struct loaded *small)
{
	bool binary = ends_with(opt->minimize, ".trace");
	int status = convert_as(opt, small, binary ? "binary" : "test", opt->minimize);

	if (status == EXIT_INVALID && !binary)
		complain(opt->minimize, "what is wrong is in the bytes, and no text stands for them: name the output OUT.trace, and it "
					"is written as it is");
	return status;
}

/* Ctrl-C ends the search, and what was found by then is written. */
static int
minimize(const struct options *opt, struct loaded *l)
{
	struct sigaction act = { .sa_handler = interrupt }, was;
	struct loaded small = *l;
	struct gt_buf out = { 0 };
	struct gt_model model;
	struct gt_error err;
	size_t shown = 0;
	int status = EXIT_UNREADABLE;
	bool found;

	if (opt->model.changed)
		return usage_error("a .test file names a model, and can't say how it was changed");
	if (!model_for(opt, l, &model))
		return EXIT_UNREADABLE;
	if (gt_version(l->trace) < 22) {
		complain(l->file, "traces before Go 1.22 have another format, which is not taken apart: there is nothing smaller");
		return EXIT_UNREADABLE;
	}
	sigaction(SIGINT, &act, &was);
	found = gt_minimize(l->trace, &model, &out, 0, show_progress, &shown);
	sigaction(SIGINT, &was, NULL);
	if (shown && isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	small.trace = found ? gt_open(out.p, out.n, &err) : NULL;
	small.is_text = false;
	if (!found)
		complain(l->file, "nothing to minimize: the trace is valid");
	else if (!small.trace)
		complain(l->file, "out of memory");
	else if ((status = write_small(opt, &small)) == EXIT_FINE)
		status = EXIT_INVALID; /* the trace is what it was */
	gt_close(small.trace);
	gt_buf_free(&out);
	return found ? status : EXIT_FINE;
}

/* How often it is asked whether to stop, before what was read of the file may go out of memory: some megabytes. */
enum { RELEASE_EVERY = 512 };

struct asked {
	struct loaded *l;
	unsigned n;
};

static bool
asked(void *arg)
{
	struct asked *a = arg;

	if (++a->n % RELEASE_EVERY == 0)
		load_release(a->l);
	return false;
}

static int
explain(const struct options *opt, struct out *o, struct loaded *l)
{
	struct gt_explain *x;
	struct gt_model model;
	int status;

	if (!model_for(opt, l, &model))
		return EXIT_UNREADABLE;
	x = gt_explain_new(l->trace, &model, 0, opt->memory, asked, &(struct asked){ l, 0 });
	if (!x) {
		complain(l->file, "it can't be explained: out of memory");
		return EXIT_UNREADABLE;
	}
	if (opt->json)
		report_json(o, l, &model, x);
	else
		report(o, l, &model, x);
	status = gt_explain_error(x) ? EXIT_INVALID : EXIT_FINE;
	gt_explain_free(x);
	return status;
}

int
cmd_explain(const struct options *opt, int argc, char **argv)
{
	struct loaded l;
	struct out o;
	int status;

	if (argc != 1)
		return usage_error("explain takes one FILE");
	out_init(&o, STDOUT_FILENO);
	status = load(&l, argv[0], opt->memory);
	if (status == EXIT_FINE) {
		status = opt->minimize ? minimize(opt, &l) : explain(opt, &o, &l);
		unload(&l);
	} else {
		unreadable(&o, &l, opt->json);
	}
	if (!out_close(&o)) {
		complain(NULL, "writing failed");
		status = EXIT_UNREADABLE;
	}
	return status;
}
