/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of the trace, and the way back: see whatif.h. */
#define _XOPEN_SOURCE 700
#include "whatif.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model.h"

static void
step_free(struct edit_step *s)
{
	gt_buf_free(&s->to.ins);
	gt_buf_free(&s->back.ins);
}

void
whatif_free(struct edits *e)
{
	gt_close(e->trace);
	gt_buf_free(&e->bytes);
	for (size_t i = 0; i < e->n; i++)
		step_free(&e->step[i]);
	free(e->step);
	*e = (struct edits){ .trace = NULL };
}

/* --- one trace for another ------------------------------------------------------ */

/* The bytes of a trace with a change. False: no memory. */
static bool
spliced(const struct gt_trace *t, const struct gt_splice *s, struct gt_buf *out)
{
	size_t n;
	const uint8_t *p = gt_bytes(t, &n);
	uint8_t *to;

	out->n = out->cap = n - s->del + s->ins.n;
	to = out->p = malloc(out->n ? out->n : 1);
	if (!to)
		return false;
	memcpy(to, p, s->off);
	if (s->ins.n)
		memcpy(to + s->off, s->ins.p, s->ins.n);
	memcpy(to + s->off + s->ins.n, p + s->off + s->del, n - s->off - s->del);
	return true;
}

/*
 * Reads the trace with a change in place of the present one; none: the opened one. The present one goes on if that fails,
 * which is said. The verdict will be called that of `what`.
 */
static bool
change(struct model *m, const struct gt_splice *s, const char *what)
{
	struct gt_trace *t = NULL;
	struct gt_buf bytes = { 0 };
	struct gt_error err;
	char why[200];

	if (s && (!spliced(m->trace, s, &bytes) || !(t = gt_open(bytes.p, bytes.n, &err)))) {
		gt_reason_text(&err.why, why, sizeof why);
		model_say(m, ST_BAD, "%s: %s", what, bytes.p ? why : "there is no memory for another copy of the trace");
		gt_buf_free(&bytes);
		return false;
	}
	if (t)
		gt_salvage(t, true);
	if (!model_set_trace(m, t ? t : m->opened, what)) {
		gt_close(t);
		gt_buf_free(&bytes);
		return false;
	}
	gt_close(m->edits.trace);
	gt_buf_free(&m->edits.bytes);
	m->edits.trace = t;
	m->edits.bytes = bytes;
	return true;
}

/* What forbids edits. */
enum obstacle { OB_NONE, OB_OLD, OB_LARGE, OB_ARRIVING, OB_UNREAD };

static enum obstacle
obstacle(const struct model *m)
{
	uint64_t whole;
	size_t n;

	gt_bytes(m->opened, &n);
	return m->version < 22		     ? OB_OLD
	       : n > m->memory		     ? OB_LARGE
	       : gt_growing(m->opened, &whole) ? OB_ARRIVING
	       : model_verdict(m).known	     ? OB_NONE
					     : OB_UNREAD;
}

/* Whether the trace may be edited; else says why not. */
static bool
editable(struct model *m)
{
	size_t n;

	gt_bytes(m->opened, &n);
	switch (obstacle(m)) {
	case OB_NONE:
		return true;
	case OB_OLD:
		model_say(m, ST_BAD, "traces before Go 1.22 can't be edited");
		break;
	case OB_LARGE:
		model_say(m, ST_BAD, "an edited trace is kept in memory: this one takes %zuM, --memory says %zuM", n >> 20, m->memory >> 20);
		break;
	case OB_ARRIVING:
		model_say(m, ST_WAIT, "the trace is still arriving: it can be edited once all of it is there");
		break;
	case OB_UNREAD:
		model_say(m, ST_WAIT, "the trace could not be read to its end: what an edit leads to would not be known");
		break;
	}
	return false;
}

/* Does a step for the first time. Takes what it inserts over. */
static void
do_step(struct model *m, struct gt_splice *to, const char *what)
{
	struct edits *e = &m->edits;
	struct edit_step step = { .to = *to };
	size_t n;
	const uint8_t *p = gt_bytes(m->trace, &n);

	snprintf(step.what, sizeof step.what, "%s", what);
	step.back = (struct gt_splice){ .off = to->off, .del = to->ins.n, .ins = { malloc(to->del ? to->del : 1), to->del, to->del } };
	if (e->at + 1 >= e->cap) {
		size_t cap = e->cap ? 2 * e->cap : 16;
		struct edit_step *more = realloc(e->step, cap * sizeof *more);

		if (more) {
			e->step = more;
			e->cap = cap;
		}
	}
	if (!step.back.ins.p || e->at + 1 >= e->cap) {
		model_say(m, ST_BAD, "there is no memory left");
		step_free(&step);
		return;
	}
	memcpy(step.back.ins.p, p + to->off, to->del);
	if (!change(m, &step.to, what)) {
		step_free(&step);
		return;
	}
	/* What was undone before can't be done again. */
	while (e->n > e->at)
		step_free(&e->step[--e->n]);
	e->step[e->n++] = step;
	e->at = e->n;
}

static void
undo(struct model *m, bool again, uint64_t count)
{
	struct edits *e = &m->edits;

	for (uint64_t i = 0; i < (count ? count : 1); i++) {
		char what[200];
		bool ok;

		if (again ? e->at == e->n : !e->at) {
			if (!i)
				model_say(m, ST_WAIT, again ? "nothing was undone" : "nothing is edited: there is nothing to undo");
			return;
		}
		snprintf(what, sizeof what, "%s %s", again ? "again" : "undone:", e->step[again ? e->at : e->at - 1].what);
		if (again)
			ok = change(m, &e->step[e->at].to, what);
		else
			ok = change(m, e->at == 1 ? NULL : &e->step[e->at - 1].back, what);
		if (!ok)
			return;
		e->at += again ? 1 : (size_t)-1;
	}
}

/* --- which event ------------------------------------------------------------------- */

static bool
keep_event(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct gt_event *out = arg;

	(void)ch, (void)nch, (void)after;
	*out = *ev;
	return false;
}

/* Event n of those in order, or at the end the one that was refused. */
static bool
event_of_row(struct model *m, uint64_t n, struct gt_wire *out, const char **why)
{
	const struct gt_error *err = model_error(m);
	struct gt_event ev = { .len = 0 };
	size_t size;

	gt_bytes(m->trace, &size);
	if (model_is_end(m, n)) {
		*why = "there is no event here";
		return n == m->known + 1 && err && err->place.event >= 0 && err->place.offset >= 0 &&
			gt_wire_find(m->trace, (uint64_t)err->place.offset, out, why);
	}
	gt_nav_each(m->nav, n, 1, keep_event, &ev);
	m->made_for = 0;
	*why = "it is a point between generations, not in the file itself";
	return ev.len && gt_wire_find(m->trace, ev.off, out, why);
}

/* "": the current one; "12": that of a row; "3/7": event 7 of batch 3, wherever it comes in the order. */
static bool
find_event(struct model *m, const char *text, struct gt_wire *out, const char **why)
{
	uint64_t n, event;
	char *end;

	if (!*text)
		return event_of_row(m, m->cursor, out, why);
	*why = "an event is its number, or batch/event as 3/7";
	if (*text < '0' || *text > '9')
		return false;
	n = strtoull(text, &end, 10);
	if (!*end && n)
		return event_of_row(m, n, out, why);
	if (*end != '/' || end[1] < '0' || end[1] > '9')
		return false;
	event = strtoull(end + 1, &end, 10);
	return !*end && gt_wire_at(m->trace, n, event, out, why);
}

/* "GoStart dt=3 g=4 g_seq=1 (3/7)" */
static void
name_event(const struct gt_wire *w, char *out, size_t cap)
{
	char text[120];

	gt_wire_print(w, text, sizeof text);
	snprintf(out, cap, "%s (batch %" PRIu32 ", event %" PRIu32 ")", text, w->batch, w->index);
}

/* --- leaving out, putting in ------------------------------------------------------------- */

static void
leave_out(struct model *m, bool skip, const char *arg)
{
	struct gt_splice s = { .off = 0 };
	struct gt_wire w;
	const char *why = "";
	char name[200], what[220], *end;
	uint64_t batch;

	if (!skip && !strncmp(arg, "batch ", 6)) {
		batch = strtoull(arg + 6, &end, 10);
		if (*end || end == arg + 6)
			model_say(m, ST_BAD, "%s: a batch is its number in the file, from 0", arg);
		else if (!gt_edit_drop_batch(m->trace, batch, &s, &why))
			model_say(m, ST_BAD, "%s: %s", arg, why);
		else
			snprintf(what, sizeof what, "without batch %" PRIu64, batch), do_step(m, &s, what);
		return;
	}
	if (!find_event(m, arg, &w, &why) || !(skip ? gt_edit_skip : gt_edit_drop)(m->trace, &w, &s, &why)) {
		model_say(m, ST_BAD, "%s%s%s", arg, *arg ? ": " : "", why);
		return;
	}
	name_event(&w, name, sizeof name);
	snprintf(what, sizeof what, "without %s", name);
	do_step(m, &s, what);
}

/* Not of what is to be inserted, but of what it would come before. */
static void
say_no_place(struct model *m, const char *why)
{
	const struct row *row = rows_get(m->rows, m->cursor);
	char event[80];
	struct sb b = sb_on(event, sizeof event);

	if (!row || model_is_end(m, m->cursor)) {
		model_say(m, ST_BAD, "%s", why);
		return;
	}
	fmt_count(&b, m->cursor);
	sb_add(&b, ", ");
	fmt_event_name(&b, &row->ev);
	model_say(m, ST_BAD, "nothing can be put before event %s: %s", event, why);
}

static void
insert(struct model *m, const char *arg)
{
	struct gt_text_error err;
	struct gt_splice s;
	struct gt_wire here, w;
	const char *why = "";
	char name[200], what[220];

	if (!gt_wire_text(m->trace, arg, strlen(arg), &w, &err))
		model_say_fault(m, arg, err.col ? err.col - 1 : 0, 0, "%s", err.text);
	else if (!find_event(m, "", &here, &why))
		say_no_place(m, why);
	else if (!gt_edit_insert(m->trace, &here, &w, &s, &why))
		model_say(m, ST_BAD, "%s", why);
	else {
		w.batch = here.batch;
		w.index = here.index;
		name_event(&w, name, sizeof name);
		snprintf(what, sizeof what, "with %s", name);
		do_step(m, &s, what);
	}
}

/* --- other values ----------------------------------------------------------------------------- */

/* A number, or what fmt shows of one. */
static bool
read_value(enum gt_argtype type, const char *text, size_t n, uint64_t *v)
{
	char word[80], *end;

	snprintf(word, sizeof word, "%.*s", (int)n, text);
	for (unsigned i = 0; type == GT_ARG_PSTATUS && i < GT_P_GONE; i++)
		if (!strcasecmp(word, fmt_pstatus(i)))
			return *v = i, true;
	for (unsigned i = 0; type == GT_ARG_GSTATUS && i < GT_G_GONE; i++)
		if (!strcasecmp(word, gt_gstatus_name(i)))
			return *v = i, true;
	*v = UINT64_MAX;
	if ((type == GT_ARG_M || type == GT_ARG_P || type == GT_ARG_G || type == GT_ARG_TASK) && !strcmp(word, "none"))
		return true;
	errno = 0;
	*v = *word == '-' ? (uint64_t)strtoll(word, &end, 10) : strtoull(word, &end, 0);
	return end > word && !*end && !errno && n < sizeof word;
}

/* The event becomes one of another type: what is called the same stays. */
static void
set_type(struct gt_wire *w, enum gt_type type)
{
	const struct gt_spec *was = gt_spec(w->type), *is = gt_spec(type);
	struct gt_wire old = *w;

	w->type = (uint8_t)type;
	w->narg = (uint8_t)(is->nargs + 1);
	for (unsigned i = 0; i < is->nargs; i++) {
		w->arg[i + 1] = 0;
		for (unsigned k = 0; k < was->nargs; k++)
			if (!strcmp(is->arg[i].name, was->arg[k].name))
				w->arg[i + 1] = old.arg[k + 1];
	}
}

static bool
set_named_type(struct gt_wire *w, const char *name, size_t n, unsigned version, char *why, size_t cap)
{
	enum gt_type type = gt_type_by_name(name, n);
	const struct gt_spec *s = gt_spec(type);

	if (type == GT_EV_None || !s->timed || s->shape != GT_PLAIN || s->since > version) {
		snprintf(why, cap, "there is no event of an M called \"%.*s\" in such a trace", (int)n, name);
		return false;
	}
	set_type(w, type);
	return true;
}

/* One ARG=VALUE of n bytes. */
static bool
set_one(struct gt_wire *w, const char *text, size_t n, unsigned version, char *why, size_t cap)
{
	const char *is = memchr(text, '=', n), *value = is ? is + 1 : NULL;
	const struct gt_spec *s = gt_spec(w->type);
	size_t name = is ? (size_t)(is - text) : n, len = is ? n - name - 1 : 0;
	struct sb b = sb_on(why, cap);

	if (!is) {
		sb_printf(&b, "as g=4 or type=GoStop, please");
		return false;
	}
	if (name == 4 && !memcmp(text, "type", 4))
		return set_named_type(w, value, len, version, why, cap);
	for (unsigned i = 0; i < w->narg; i++) {
		const char *arg = i ? s->arg[i - 1].name : "dt";

		if (strlen(arg) != name || memcmp(arg, text, name) != 0)
			continue;
		if (read_value(i ? s->arg[i - 1].type : GT_ARG_VALUE, value, len, &w->arg[i]))
			return true;
		sb_printf(&b, "%s can't be \"%.*s\"", arg, (int)len, value);
		return false;
	}
	sb_printf(&b, "%s has no %.*s; it has: type dt", s->name, (int)name, text);
	for (unsigned i = 0; i < s->nargs; i++)
		sb_printf(&b, " %s", s->arg[i].name);
	return false;
}

static void
set(struct model *m, const char *arg)
{
	struct gt_wire old, w;
	struct gt_splice s;
	const char *reason = "";
	char why[300], was[120], is[120], what[300];

	if (!find_event(m, "", &old, &reason)) {
		model_say(m, ST_BAD, "%s", reason);
		return;
	}
	w = old;
	for (const char *p = arg; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (!set_one(&w, p, n, m->version, why, sizeof why)) {
			model_say_fault(m, arg, (size_t)(p - arg), n, "%s", why);
			return;
		}
		p += n;
	}
	if (!gt_edit_replace(m->trace, &old, &w, &s, &reason)) {
		model_say(m, ST_BAD, "%s", reason);
		return;
	}
	gt_wire_print(&old, was, sizeof was);
	gt_wire_print(&w, is, sizeof is);
	snprintf(what, sizeof what, "%s in place of %s", is, was);
	do_step(m, &s, what);
}

/* --- repairs ------------------------------------------------------------------------------------- */

static void
apply(struct model *m, const char *arg)
{
	const struct gt_explain *x = m->script.held ? why_now(m) : m->why.why ? why_get(m->why.why) : NULL;
	size_t n = 0, i = (size_t)strtoull(arg, NULL, 10);
	const struct gt_suspect *suspect = x ? gt_explain_suspects(x, &n) : NULL;
	struct gt_buf bytes = { 0 };
	struct gt_splice s = { .del = 0 };
	char what[220];

	if (!x) {
		model_say(m, ST_WAIT, m->why.why ? "the suspects are still being looked for" : "w names the suspects first");
	} else if (!i || i > n) {
		model_say(m, ST_BAD, n ? "suspects are 1 to %zu" : "there are no suspects", n);
	} else if (!gt_explain_repair(x, i - 1, &bytes)) {
		model_say(m, ST_WAIT, "no edit makes the repair of suspect %zu: %s", i, suspect[i - 1].repair);
	} else if (!gt_edit_between(m->trace, bytes.p, bytes.n, &s)) {
		model_say(m, ST_BAD, "there is no memory left");
	} else {
		snprintf(what, sizeof what, "suspect %zu: %s", i, suspect[i - 1].repair);
		do_step(m, &s, what);
	}
	gt_buf_free(&bytes);
}

/* --- writing ----------------------------------------------------------------------------------------- */

/* By the last word of the line, or the end of the name of the file; "": by neither. Cuts the word off. */
static const char *
form_of(char *file)
{
	static const struct {
		const char *form, *ending;
	} forms[] = { { "text", ".txt" }, { "test", ".test" }, { "binary", ".trace" } };
	char *space = strrchr(file, ' ');
	size_t n;

	for (size_t i = 0; space && i < sizeof forms / sizeof *forms; i++)
		if (!strcmp(space + 1, forms[i].form)) {
			while (space > file && *space == ' ')
				*space-- = 0;
			return forms[i].form;
		}
	n = strlen(file);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (n > strlen(forms[i].ending) && !strcmp(file + n - strlen(forms[i].ending), forms[i].ending))
			return forms[i].form;
	return "";
}

static void
write_trace(struct model *m, bool over, const char *arg)
{
	char file[1024], why[400] = "";
	const char *form;

	snprintf(file, sizeof file, "%s", arg);
	form = form_of(file);
	if (!*form)
		model_say(m, ST_BAD, "%s: as text, test or binary? Say so behind the name, or by its ending, .txt, .test or .trace", file);
	else if (!m->write || !m->write(m->write_arg, m->trace, gt_nav_model(m->home), file, form, over, why, sizeof why))
		model_say(m, ST_BAD, "%s", m->write ? why : "nothing can be written here");
	else
		model_say(m, ST_OK, "written to %s, as %s", file, form);
}

/* --- commands ---------------------------------------------------------------------------------------------- */

bool
whatif_waits(const struct model *m, enum cmd cmd)
{
	switch (cmd) {
	case CMD_SKIP:
	case CMD_DROP:
	case CMD_INSERT:
	case CMD_SET:
	case CMD_APPLY:
		return obstacle(m) == OB_UNREAD && !m->indexed;
	default:
		return false;
	}
}

bool
whatif_check(enum cmd cmd, const char *arg, size_t *at, char *why, size_t cap)
{
	/* The newest version has all events. */
	static const char header[16] = "go 1.26 trace\0\0";
	struct gt_text_error err;
	struct gt_error ignored;
	struct gt_trace *t = cmd == CMD_INSERT && *arg ? gt_open(header, sizeof header, &ignored) : NULL;
	struct gt_wire w;
	bool ok = !t || gt_wire_text(t, arg, strlen(arg), &w, &err);

	gt_close(t);
	if (ok)
		return false;
	*at = err.col ? err.col - 1 : 0;
	snprintf(why, cap, "%s", err.text);
	return true;
}

bool
whatif_line(struct model *m, enum cmd cmd, const char *arg)
{
	switch (cmd) {
	case CMD_WRITE:
	case CMD_WRITE_OVER:
		if (*arg)
			write_trace(m, cmd == CMD_WRITE_OVER, arg);
		return *arg;
	case CMD_UNDO:
	case CMD_REDO:
		if (strspn(arg, "0123456789") != strlen(arg))
			return false;
		undo(m, cmd == CMD_REDO, strtoull(arg, NULL, 10));
		return true;
	case CMD_INSERT:
	case CMD_SET:
	case CMD_APPLY:
		if (!*arg || (cmd == CMD_APPLY && arg[strspn(arg, "0123456789")]))
			return false;
		break;
	case CMD_SKIP:
	case CMD_DROP:
		break;
	default:
		return false;
	}
	if (!editable(m))
		return true;
	if (cmd == CMD_INSERT)
		insert(m, arg);
	else if (cmd == CMD_SET)
		set(m, arg);
	else if (cmd == CMD_APPLY)
		apply(m, arg);
	else
		leave_out(m, cmd == CMD_SKIP, arg);
	return true;
}
