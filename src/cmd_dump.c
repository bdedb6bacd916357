/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui dump: what is in a trace, in the format asked for.
 */
#include "broken.h"
#include "cmd.h"
#include "filter.h"
#include "fmt.h"

#include <stdio.h>
#include <unistd.h>

static const struct format *const formats[] = {
	&format_parsed,
	&format_wire,
	&format_footprint,
	&format_jsonl,
	&format_csv,
};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static const struct format *
find_format(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

static const char *
format_name(size_t i)
{
	return formats[i]->name;
}

/* A dump under way. */
struct dump {
	const struct format *fmt;
	void *f;
	struct loaded *l;
	struct out out;
	struct gt_expr *filter; /* NULL: every event */
	int64_t before;         /* time of the event before */
	struct gt_error err; /* the format's own: an event that can't be shown */
	char text[128];
};

/* What the reader lets pass and printing can't. */
static const struct gt_error *
unprintable(struct dump *d, const struct gt_event *ev)
{
	d->err.place = (struct gt_place){ .generation = ev->gen ? (int64_t)gt_gen_number(ev->gen) : -1, .batch = ev->batch,
		.event = ev->index, .m = ev->m, .offset = (int64_t)ev->off };
	if (gt_event_known(ev, &d->err.why)) {
		d->err.why.code = GT_E_P_STATUS_INVALID;
		d->err.why.arg[0] = ev->arg[0];
		d->err.why.arg[1] = ev->arg[1];
	}
	d->err.why.type = ev->type;
	d->err.why.version = (uint8_t)gt_version(d->l->trace);
	gt_reason_text(&d->err.why, d->text, sizeof(d->text));
	d->err.text = d->text;
	return &d->err;
}

/* The rest of what is printed, then what went wrong after it. */
static int
finish(struct dump *d, const struct gt_error *err)
{
	if (err && d->fmt->error)
		d->fmt->error(d->f, &d->out, err);
	d->fmt->end(d->f, &d->out, !err);
	if (!out_close(&d->out)) {
		complain(NULL, "writing failed");
		return EXIT_UNREADABLE;
	}
	if (!err)
		return EXIT_FINE;
	load_error(d->l, err);
	return EXIT_INVALID;
}

static bool
is_wanted(struct dump *d, const struct gt_reader *r, const struct gt_event *ev)
{
	bool wanted;

	if (ev->n == 1) {
		gt_expr_start(d->filter, ev->time);
		d->before = ev->time;
		if (d->fmt->first)
			d->fmt->first(d->f, ev);
	}
	wanted = gt_expr_match(d->filter, ev, gt_reader_state(r), d->before);
	d->before = ev->time;
	return wanted;
}

/* Events after which what was read of the file may go out of memory. */
enum { RELEASE_EVERY = 1 << 20 };

/* The next event, which may have to arrive first: till then what was printed is to be seen. */
static enum gt_got
next_event(struct dump *d, struct gt_reader *r, const struct gt_event **ev)
{
	enum gt_got got;

	while ((got = gt_read(r, ev)) == GT_LATER && !d->out.failed) {
		out_flush(&d->out);
		load_release(d->l);
		load_wait(d->l);
	}
	if (got == GT_EVENT && (*ev)->n % RELEASE_EVERY == 0)
		load_release(d->l);
	return got;
}

static int
dump_ordered(struct dump *d, const struct gt_model *model, const struct options *opt)
{
	struct gt_reader *r;
	const struct gt_error *err = NULL;
	const struct gt_event *ev;
	enum gt_got got = GT_END;
	int status;

	gt_salvage(d->l->trace, opt->salvage);
	r = gt_reader_new(d->l->trace, model);
	if (!r) {
		d->out.failed = true;
		return finish(d, NULL);
	}
	while (!d->out.failed && (got = next_event(d, r, &ev)) == GT_EVENT)
		if ((!d->filter || is_wanted(d, r, ev)) && !d->fmt->event(d->f, &d->out, ev)) {
			err = unprintable(d, ev);
			break;
		}
	if (got == GT_BROKEN)
		err = gt_reader_error(r);
	/* What is said of an error may depend on all that is behind it. */
	while (err && !opt->follow && load_wait(d->l))
		;
	status = finish(d, err);
	/* Else the error is the last word, as it is of go tool trace: scripts compare it. */
	if (got == GT_BROKEN && opt->salvage)
		broken_say_losses(d->l, r);
	gt_reader_free(r);
	return load_failed(d->l) ? EXIT_UNREADABLE : status;
}

static int
dump_raw(struct dump *d)
{
	struct gt_raw_reader *r = gt_raw_new(d->l->trace);
	const struct gt_error *err;
	struct gt_raw ev;
	enum gt_got got = GT_END;
	int status;

	if (!r) {
		d->out.failed = true;
		return finish(d, NULL);
	}
	while (!d->out.failed && (got = gt_raw_next(r, &ev)) == GT_EVENT)
		d->fmt->raw(d->f, &d->out, &ev);
	err = gt_raw_error(r);
	status = finish(d, got == GT_BROKEN ? err : NULL);
	/* To the reference, too, such a trace ends here; but something is missing. */
	if (got == GT_END && err)
		complain(d->l->file, err->text);
	gt_raw_free(r);
	return status;
}

static int
dump(struct dump *d, const struct options *opt)
{
	struct gt_model model;

	if (d->fmt->raw && gt_version(d->l->trace) < 22) {
		complain(d->l->file, "traces before Go 1.22 have another wire format, which can't be shown: parsed, jsonl and "
			"csv show their events in order");
		return EXIT_INVALID;
	}
	if (!model_for(opt, d->l, &model))
		return EXIT_UNREADABLE;
	out_init(&d->out, STDOUT_FILENO);
	d->f = d->fmt->begin(&d->out, d->l->trace);
	if (!d->f) {
		complain(d->l->file, "out of memory");
		return EXIT_UNREADABLE;
	}
	return d->fmt->raw ? dump_raw(d) : dump_ordered(d, &model, opt);
}

int
cmd_dump(const struct options *opt, int argc, char **argv)
{
	struct loaded l;
	struct dump d = { .l = &l };
	int status;

	if (argc != 1)
		return usage_error("dump takes one FILE");
	d.fmt = find_format(opt->format ? opt->format : "parsed");
	if (!d.fmt)
		return no_such_format(opt->format, NULL, format_name, FORMATS);
	if (opt->salvage && d.fmt->raw)
		return usage_error("--salvage is for the formats of ordered events: parsed, jsonl and csv");
	if (opt->follow && d.fmt->raw)
		return usage_error("--follow is for the formats of ordered events: parsed, jsonl and csv");
	if (opt->filter && d.fmt->raw)
		return usage_error("--filter is for events in order, as parsed, jsonl and csv show them; %s shows the file", d.fmt->name);
	if (opt->filter && !(d.filter = filter_new("--filter", opt->filter)))
		return EXIT_USAGE;
	status = d.fmt->raw ? load(&l, argv[0], opt->memory) : load_live(&l, argv[0], opt->memory, opt->follow);
	if (status == EXIT_FINE) {
		status = dump(&d, opt);
		unload(&l);
	}
	filter_free(d.filter, argv[0]);
	return status;
}
