/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All there is to know of the current event, or of the error: a list of lines to scroll through. */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define INDENT 11

/* --- an event ---------------------------------------------------------------- */

static void
add_kind(struct model *m, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	int64_t id, lasted;
	enum gt_res subject = gt_event_subject(ev, &id);
	enum gt_pres from, to;
	char text[800];
	struct sb b = sb_on(text, sizeof text);
	bool differs;

	if (spec->what)
		lines_add(&m->lines[PANE_DETAILS], "", 0, ST_TEXT, spec->what);
	fmt_event(&b, ev);
	differs = gt_event_states(ev, &from, &to);
	if (gt_event_kind(ev) == GT_K_StateTransition && subject != GT_NO_RES) {
		sb_printf(&b, " %s ", m->sy->dot);
		fmt_id(&b, subject, id);
		sb_printf(&b, " %s %s %s", gt_pres_name(from), m->sy->arrow, gt_pres_name(to));
		if (gt_event_lasted(ev, m->t0, &lasted)) {
			sb_add(&b, ", after ");
			fmt_delta(&b, lasted, m->sy);
		}
		if (differs)
			sb_printf(&b, " %s Go's reader presents it as %s %s %s", m->sy->dot, gt_pres_name(ev->from), m->sy->arrow,
				gt_pres_name(ev->to));
	} else if (gt_event_kind(ev) != GT_K_Sync) {
		sb_printf(&b, " %s %s", m->sy->dot, gt_kind_name(gt_event_kind(ev)));
		if (gt_event_lasted(ev, m->t0, &lasted)) {
			sb_add(&b, ", after ");
			fmt_delta(&b, lasted, m->sy);
		} else if (gt_event_ends(ev)) {
			sb_add(&b, " of what was not seen to begin");
		}
	}
	lines_add(&m->lines[PANE_DETAILS], "event", INDENT, ST_TEXT, text);
}

/* A string in full, however long: the line of the event cuts it. */
static void
add_string(struct model *m, const char *name, struct gt_str s)
{
	size_t n = gt_quote(s, NULL, 0);
	char *text = malloc(n + 1);

	if (!text)
		return;
	gt_quote(s, text, n + 1);
	lines_add(&m->lines[PANE_DETAILS], name, INDENT, ST_TEXT, text);
	free(text);
}

static void
add_strings(struct model *m, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	for (unsigned i = 0; i < spec->nargs; i++)
		if (spec->arg[i].type == GT_ARG_STRING && gt_event_string(ev, i).n > 200)
			add_string(m, "in full", gt_event_string(ev, i));
	if (ev->type == GT_EV_UserTaskEnd && ev->str.p)
		add_string(m, "task", ev->str);
}

static void
add_meaning(struct model *m, const struct gt_event *ev)
{
	struct gt_range r;
	char text[256];
	struct sb b = sb_on(text, sizeof text);

	if (gt_event_metric(ev)) {
		sb_printf(&b, "%s = ", gt_event_metric(ev));
		fmt_count(&b, ev->arg[0]);
		lines_add(&m->lines[PANE_DETAILS], "metric", INDENT, ST_TEXT, text);
	}
	if (!gt_event_range(ev, &r))
		return;
	b = sb_on(text, sizeof text);
	sb_add(&b, r.name);
	if (r.reason.n) {
		char reason[128];

		gt_quote(r.reason, reason, sizeof reason);
		sb_printf(&b, " (%s)", reason);
	}
	if (r.scope != GT_NO_RES) {
		sb_add(&b, " on ");
		fmt_id(&b, r.scope, r.id);
	}
	lines_add(&m->lines[PANE_DETAILS], "range", INDENT, ST_TEXT, text);
}

static void
add_time(struct model *m, const struct gt_event *ev)
{
	struct gt_clock clock;
	char text[160];
	struct sb b = sb_on(text, sizeof text);

	sb_add(&b, ev->time < m->t0 ? "" : "+");
	fmt_time(&b, fmt_minus(ev->time, m->t0), 9);
	if (ev->gen && gt_gen_clock(ev->gen, &clock)) {
		sb_printf(&b, " %s ", m->sy->dot);
		fmt_wall(&b, clock.sec, (int64_t)((uint64_t)clock.nsec + (uint64_t)fmt_minus(ev->time, clock.trace)));
	}
	lines_add(&m->lines[PANE_DETAILS], "time", INDENT, ST_TEXT, text);
}

static void
add_clock(struct model *m, const struct gt_event *ev)
{
	char text[64];
	struct sb b = sb_on(text, sizeof text);

	sb_printf(&b, "trace clock %" PRId64 "ns", ev->time);
	lines_add(&m->lines[PANE_DETAILS], "clock", INDENT, ST_TEXT, text);
}

static void
add_bytes(struct model *m, const struct gt_event *ev)
{
	size_t n;
	const uint8_t *bytes = gt_bytes(m->trace, &n);
	char text[160];
	struct sb b = sb_on(text, sizeof text);

	if (!ev->len || ev->off > n || ev->len > n - ev->off)
		return;
	for (uint32_t i = 0; i < ev->len && i < 32; i++)
		sb_printf(&b, "%s%02x", i ? " " : "", bytes[ev->off + i]);
	if (ev->len > 32)
		sb_add(&b, " ...");
	lines_add(&m->lines[PANE_DETAILS], "bytes", INDENT, ST_TEXT, text);
}

static void
add_place(struct model *m, const struct gt_event *ev)
{
	char text[200];
	struct sb b = sb_on(text, sizeof text);

	if (ev->gen)
		sb_printf(&b, "generation %" PRIu64 " %s ", gt_gen_number(ev->gen), m->sy->dot);
	if (ev->made)
		sb_add(&b, "in no bytes itself, ");
	if (ev->part || ev->made)
		sb_add(&b, "made of ");
	if (ev->len)
		sb_printf(&b,
			"batch %" PRIu32 " %s event %" PRIu32 " %s offset 0x%" PRIx64 " (%" PRIu64 "), %" PRIu32
			" byte%s",
			ev->batch, m->sy->dot, ev->index, m->sy->dot, ev->off, ev->off, ev->len,
			ev->len == 1 ? "" : "s");
	else
		sb_add(&b, "not in the file itself: a point between generations");
	lines_add(&m->lines[PANE_DETAILS], "place", INDENT, ST_TEXT, text);
}

static void
make_event(struct model *m, const struct gt_event *ev)
{
	add_kind(m, ev);
	add_meaning(m, ev);
	if (m->version < 22 && ev->type == GT_EV_SyncPoint)
		lines_add(&m->lines[PANE_DETAILS], "", 0, ST_WAIT,
			"A trace from before Go 1.22 is one list of events: it has no generations and no batches of Ms, no sequence "
			"numbers to hold its order against, no wall clock, and calls from C threads can't be told apart in it. "
			"Which M holds a P is taken from who started it last.");
	add_time(m, ev);
	add_place(m, ev);
	add_bytes(m, ev);
	add_clock(m, ev);
	add_strings(m, ev);
	stack_lines(&m->lines[PANE_DETAILS], ev);
}

/* --- the end ---------------------------------------------------------------------- */

static void
add_number(struct sb *b, const struct model *m, const char *name, int64_t v)
{
	if (v >= 0)
		sb_printf(b, "%s%s%s%s %" PRId64, b->n ? " " : "", b->n ? m->sy->dot : "", b->n ? " " : "", name, v);
}

/* "492 events, 5,603 bytes" */
static void
add_amount(struct model *m, const char *what, uint64_t events, uint64_t bytes)
{
	char text[80];
	struct sb b = sb_on(text, sizeof text);

	fmt_count(&b, events);
	sb_add(&b, " events, ");
	fmt_count(&b, bytes);
	sb_add(&b, " bytes");
	lines_add(&m->lines[PANE_DETAILS], what, INDENT, ST_TEXT, text);
}

/* What of a broken trace is good, what could be salvaged, what is lost. */
static void
add_losses(struct model *m)
{
	struct gt_salvaged s;
	bool salvaged = gt_nav_salvaged(m->nav, &s);

	add_amount(m, "good", s.good_events, s.good_bytes);
	if (salvaged)
		add_amount(m, "salvaged", s.events, s.bytes);
	add_amount(m, "lost", s.lost_events, s.lost_bytes);
	if (salvaged && (s.no_strings || s.no_stacks || s.no_frequency))
		lines_add(&m->lines[PANE_DETAILS], "lacking", INDENT, ST_WAIT,
			s.no_frequency ? "how long a tick is: the times of what is salvaged are ticks"
				: s.no_strings ? "the strings: names and reasons are empty in what is salvaged"
					       : "the stacks of what is salvaged");
}

static void
make_error(struct model *m, const struct gt_error *err)
{
	char text[256];
	struct sb b = sb_on(text, sizeof text);

	lines_add(&m->lines[PANE_DETAILS], "", 0, ST_TEXT, gt_code_means(err->why.code));
	add_number(&b, m, "generation", err->place.generation);
	add_number(&b, m, "batch", err->place.batch);
	add_number(&b, m, "event", err->place.event);
	add_number(&b, m, "M", err->place.m);
	add_number(&b, m, "offset", err->place.offset);
	lines_add(&m->lines[PANE_DETAILS], "place", INDENT, ST_TEXT, b.n ? text : "none");
	if (m->scene.kind == SCENE_REFUSED) {
		char event[240];
		struct sb e = sb_on(event, sizeof event);

		fmt_event(&e, &m->scene.ev);
		lines_add(&m->lines[PANE_DETAILS], "refused", INDENT, ST_STRONG, event);
		add_time(m, &m->scene.ev);
		add_bytes(m, &m->scene.ev);
	}
	lines_add(&m->lines[PANE_DETAILS], "reason", INDENT, ST_TEXT, gt_code_name(err->why.code));
	add_losses(m);
	lines_add(&m->lines[PANE_DETAILS], "error", INDENT, ST_ERROR, err->text);
	if (m->scene.kind == SCENE_REFUSED)
		stack_lines(&m->lines[PANE_DETAILS], &m->scene.ev);
}

static void
make_end(struct model *m)
{
	char text[80];
	struct sb b = sb_on(text, sizeof text);

	if (m->cursor <= m->known) {
		lines_add(&m->lines[PANE_DETAILS], "", 0, ST_BAD, "This event is not there any more.");
		return;
	}
	if (model_apart(m)) {
		lines_add(&m->lines[PANE_DETAILS], "", 0, ST_TEXT, m->beyond ?
			"The trace is over. It is not valid: the order of the whole of it ends before this generation." :
			"The trace is over. Whether it is valid will be known when it has been indexed.");
		return;
	}
	if (m->arrival.on && !m->all) {
		lines_add(&m->lines[PANE_DETAILS], "", 0, ST_TEXT,
			"Nothing can be shown yet: events are put in order when all of their generation has arrived.");
		return;
	}
	sb_add(&b, "The trace is over, and it is valid: ");
	fmt_count(&b, m->known);
	sb_add(&b, " events.");
	lines_add(&m->lines[PANE_DETAILS], "", 0, ST_TEXT, text);
}

static void
make(struct model *m, struct lines *l)
{
	const struct row *row = rows_get(m->rows, m->cursor);
	const struct gt_error *err = model_error(m);

	(void)l;
	if (row && !model_is_end(m, m->cursor))
		make_event(m, &row->ev);
	else if (err)
		make_error(m, err);
	else
		make_end(m);
}

const struct pane_ops pane_details = { .make = make };
