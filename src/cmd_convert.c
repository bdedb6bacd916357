/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui convert: a trace as binary, as text, or as a .test file. What a trace says is not looked at but for the
 * expectation of a .test file; text and binary are made of each other event by event, and back again byte for byte.
 */
#include "cmd.h"
#include "fmt.h"
#include "target.h"

#include "ui/ui.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct convert {
	const struct options *opt;
	struct loaded *l;
	const struct gt_model *model; /* NULL: that of the options, or the file */
	struct target target;
	struct out out;
	uint64_t events; /* converted */
	uint64_t good;   /* bytes of the trace that they, and the header, are */
	/* Where not all could be: why, and where. */
	bool broken;
	struct gt_place place;
	char why[200];
	enum { NOT_ASKED, NOT_VALID, VALID } valid; /* the reader's verdict on all of it */
};

/* --- raw events into text ------------------------------------------------------------------- */

static void
stopped(struct convert *c, const struct gt_raw_reader *r, const struct gt_raw *ev)
{
	const struct gt_error *err = gt_raw_error(r);

	c->broken = true;
	if (err) {
		c->place = err->place;
		snprintf(c->why, sizeof(c->why), "%s", err->text);
		return;
	}
	gt_raw_place(r, &c->place);
	snprintf(c->why, sizeof(c->why), gt_spec(ev->type)->name ? "the text format can't say how long the data of this %s are" :
		"invalid event type: %s%u", gt_spec(ev->type)->name ? gt_spec(ev->type)->name : "", (unsigned)ev->type);
}

/* Reads all there is; with f, writes it as text, too. False: no memory. */
static bool
raw_events(struct convert *c, void *f)
{
	struct gt_raw_reader *r = gt_raw_new(c->l->trace);
	struct gt_raw ev = { 0 };
	bool ok = true;

	if (!r)
		return false;
	c->broken = false;
	c->events = 0;
	c->good = 16;
	while (ok && gt_raw_next(r, &ev) == GT_EVENT && !ev.odd) {
		if (f)
			ok = text_event(f, &c->out, &ev);
		c->good = ev.off + ev.len;
		c->events++;
		ev.odd = false;
	}
	if (ok && (ev.odd || gt_raw_error(r)))
		stopped(c, r, &ev);
	gt_raw_free(r);
	return true;
}

/* What can't be converted, where that begins, and what comes of it. */
static void
complain_stopped(struct convert *c, const char *outcome)
{
	struct out o = { .fd = -1 };

	complain(c->l->file, c->why);
	OUT(&o, "stopped at ");
	out_place(&o, &c->place);
	out_format(&o, ", after %" PRIu64 " events; %s", c->events, outcome);
	out_bytes(&o, "", 1);
	if (o.p && !o.failed)
		complain(c->l->file, o.p);
	free(o.p);
}

/* --- valid all the same --------------------------------------------------------------------- */

/*
 * Whether the reader finds nothing wrong with a trace that can't all be taken apart: it does not look at what comes behind
 * a table that ends inside an entry, and takes some events of later versions.
 */
static bool
is_valid(struct convert *c, const struct gt_model *model)
{
	struct gt_reader *r;

	if (c->valid == NOT_ASKED && (r = gt_reader_new(c->l->trace, model)) != NULL) {
		c->valid = gt_skip(r, UINT64_MAX) == GT_END ? VALID : NOT_VALID;
		gt_reader_free(r);
	}
	return c->valid == VALID;
}

/* What could not be taken apart of a valid trace, as bytes: then all of it is there. */
static void
put_rest(struct convert *c)
{
	size_t n;
	const uint8_t *p = gt_bytes(c->l->trace, &n);

	text_bytes(&c->out, p + c->good, n - c->good);
	complain_stopped(c, "the trace is valid, and what follows is kept as #bytes");
	c->broken = false;
}

/* --- expectations ------------------------------------------------------------------------------ */

/* The length of s up to its end, a line's end, or a byte that is no UTF-8: a pattern can't be more. */
static size_t
first_line(const char *s)
{
	size_t n = 0;

	while (s[n] && s[n] != '\n') {
		unsigned char lead = (unsigned char)s[n];
		size_t len = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 :
			lead >= 0xf0 && lead < 0xf5 ? 4 : 0;

		if (len == 0)
			break;
		for (size_t i = 1; i < len; i++)
			if (((unsigned char)s[n + i] & 0xc0) != 0x80)
				return n;
		n += len;
	}
	return n;
}

/* FAILURE and the error's first line as a regular expression, quoted. */
static void
put_failure(struct out *o, const char *text)
{
	struct out pattern = { .fd = -1 };
	size_t n = first_line(text);
	char *p = out_room(&pattern, 2 * n + 1);

	OUT(o, "FAILURE ");
	if (!p) {
		o->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (strchr("\\.+*?()|[]{}^$", text[i]))
			*p++ = '\\';
		*p++ = text[i];
	}
	out_quote(o, (struct gt_str){ pattern.p, (size_t)(p - pattern.p) });
	OUT(o, "\n");
	free(pattern.p);
}

/* What our own reader says of the part of the trace that is good. */
static bool
put_expect(struct convert *c, const struct gt_model *model)
{
	struct gt_error err;
	size_t n;
	const uint8_t *bytes = gt_bytes(c->l->trace, &n);
	struct gt_trace *t = gt_open(bytes, c->broken && !is_valid(c, model) ? (size_t)c->good : n, &err);
	struct gt_reader *r = t ? gt_reader_new(t, model) : NULL;

	OUT(&c->out, "-- expect --\n");
	if (r)
		gt_skip(r, UINT64_MAX);
	if (r && gt_reader_error(r))
		put_failure(&c->out, gt_reader_error(r)->text);
	else
		OUT(&c->out, "SUCCESS\n");
	gt_reader_free(r);
	gt_close(t);
	return r != NULL;
}

/* The comment of a .test, with a line "model:" where the model is not the one that is meant without. */
static void
put_comment(struct out *o, const struct loaded *l, const struct gt_model *model)
{
	const char *p = l->is_test ? l->raw : "", *end = p + (l->is_test ? l->nraw : 0);
	bool current = strcmp(model->name, GT_MODEL_DEFAULT) == 0;
	bool same = l->is_test && (l->test.model.n == strlen(model->name) &&
		memcmp(l->test.model.p, model->name, l->test.model.n) == 0);

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = nl ? (size_t)(nl - p) + 1 : (size_t)(end - p);

		if (n >= 12 && memcmp(p, "-- expect --", 12) == 0)
			break;
		if (same || n < 6 || memcmp(p, "model:", 6) != 0)
			out_bytes(o, p, n);
		p += n;
	}
	if (!same && !current)
		out_format(o, "model: %s\n", model->name);
}

static bool
put_test_head(struct convert *c, const struct gt_model *model)
{
	put_comment(&c->out, c->l, model);
	if (!put_expect(c, model))
		return false;
	OUT(&c->out, "-- trace --\n");
	return true;
}

/* --- one conversion -------------------------------------------------------------------------------- */

static void
write_binary(struct convert *c)
{
	size_t n;
	const uint8_t *p = gt_bytes(c->l->trace, &n);

	/* In pieces: the buffer should not hold all of it. */
	for (size_t piece; n > 0 && !c->out.failed; p += piece, n -= piece) {
		piece = n < 1 << 16 ? n : 1 << 16;
		out_bytes(&c->out, (const char *)p, piece);
	}
}

static bool
write_text(struct convert *c, const struct gt_model *model, bool test)
{
	void *f;
	bool ok;

	/* What is written at once must be known to be good; the expectation comes before the trace. */
	if (c->target.at_once || test) {
		if (!raw_events(c, NULL))
			return false;
		if (c->broken && !c->opt->partial && !is_valid(c, model))
			return true;
	}
	if (test && !put_test_head(c, model))
		return false;
	f = text_begin(&c->out, c->l->trace);
	ok = f && raw_events(c, f);
	text_end(f);
	if (ok && c->broken && is_valid(c, model))
		put_rest(c);
	return ok;
}

/* Ends the output: there, or not there. */
static int
finish(struct convert *c, bool ok)
{
	bool keep = ok && (!c->broken || c->opt->partial);
	bool written = out_close(&c->out);

	if (!ok)
		complain(c->l->file, "out of memory");
	else if (!written && (keep || c->target.at_once))
		complain(c->target.path, c->out.error ? strerror(c->out.error) : "out of memory");
	if (!keep || !written)
		target_drop(&c->target);
	else if (!target_commit(&c->target))
		written = false;
	if (ok && c->broken && (written || !keep))
		complain_stopped(c, keep ? "what comes before is written" :
			"nothing is written (--partial writes what comes before)");
	return !ok || (keep && !written) ? EXIT_UNREADABLE : c->broken ? EXIT_INVALID : EXIT_FINE;
}

static int
convert(struct convert *c, const char *to, const char *path)
{
	bool binary = strcmp(to, "binary") == 0, ok = true;
	struct gt_model model;

	if (!binary && gt_version(c->l->trace) < 22) {
		complain(c->l->file, "traces before Go 1.22 have another wire format, which has no text form");
		return EXIT_INVALID;
	}
	if (c->model)
		model = *c->model;
	else if (!model_for(c->opt, c->l, &model))
		return EXIT_UNREADABLE;
	if (!target_open(&c->target, path))
		return EXIT_UNREADABLE;
	out_init(&c->out, c->target.fd);
	if (binary && c->out.terminal) {
		target_drop(&c->target);
		return usage_error("binary data would garble the terminal: name a file");
	}
	if (binary)
		write_binary(c);
	else
		ok = write_text(c, &model, strcmp(to, "test") == 0);
	return finish(c, ok);
}

int
convert_as(const struct options *opt, struct loaded *l, const char *to, const char *path)
{
	struct convert c = { .opt = opt, .l = l };

	return convert(&c, to, path);
}

bool
save_trace(void *arg, struct gt_trace *t, const struct gt_model *rules, const char *file, const char *form, bool over, char *why,
	size_t cap)
{
	struct save *s = arg;
	struct loaded l = *s->l;
	struct convert c = { .opt = s->opt, .l = &l, .model = rules };
	int status;

	l.trace = t;
	/* Of binary data the text has nothing to say. */
	l.is_text = false;
	why[0] = 0;
	if (strcmp(file, "-") == 0)
		snprintf(why, cap, "name a file");
	else if (!over && ui_is_same_file(file, l.file))
		snprintf(why, cap, "%s is the file that was opened; :write! writes over it", file);
	else if (rules->changed && strcmp(form, "test") == 0)
		snprintf(why, cap, "a .test file names a model, and can't say how it was changed");
	if (why[0])
		return false;
	complain_into(why, cap);
	status = convert(&c, form, file);
	complain_into(NULL, 0);
	return status == EXIT_FINE;
}

int
cmd_convert(const struct options *opt, int argc, char **argv)
{
	struct loaded l;
	struct convert c = { .opt = opt, .l = &l };
	int status;

	if (argc != 2)
		return usage_error("convert takes IN and OUT");
	if (!opt->to)
		return usage_error("convert needs --to=binary, text or test");
	if (strcmp(opt->to, "binary") != 0 && strcmp(opt->to, "text") != 0 && strcmp(opt->to, "test") != 0)
		return usage_error("there is no --to=%s; there are binary, text and test", opt->to);
	status = load(&l, argv[0], opt->memory);
	if (status != EXIT_FINE)
		return status;
	status = convert(&c, opt->to, argv[1]);
	unload(&l);
	return status;
}
