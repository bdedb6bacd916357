/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scripts without a screen: each command is done to its end, and what it shows is printed. The same trace and the same
 * commands print the same: no locale, no size of a screen, no speed of a machine matters. See ui_script in ui.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "learn.h"
#include "model.h"
#include "script.h"
#include "tell.h"
#include "ui.h"

#define SLICE_NS 100000000
/* The screen that there is none of: what views are printed for. Tables and timelines have more rows. */
#define ROWS 48
#define WIDTH 120
#define MOST_ROWS 10000

struct run {
	struct model *m; /* base, or that of a lesson */
	struct model *base; /* of the trace; NULL: there is none */
	struct learning *lesson;
	const struct ui_options *o;
	const struct ui_output *out;
	int status;
	bool failed; /* what was to be shown could not be */
};

__attribute__((format(printf, 2, 3))) static void
put(struct run *r, const char *format, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	r->out->put(r->out->arg, text);
}

/* --- an event ------------------------------------------------------------------- */

static void
add_context(struct sb *b, const struct gt_event *ev)
{
	fmt_id(b, GT_M, ev->m);
	sb_add(b, " ");
	fmt_id(b, GT_P, ev->p);
	sb_add(b, " ");
	fmt_id(b, GT_G, ev->g);
}

/* As the list shows it. */
static void
put_row(struct run *r)
{
	const struct model *m = r->m;
	const struct row *row = rows_get(m->rows, m->cursor);
	const struct gt_error *err = model_error(m);
	char text[512];
	struct sb b = sb_on(text, sizeof text);

	if (!row || model_is_end(m, m->cursor)) {
		put(r, "%" PRIu64 "  %s%.*s\n", m->cursor, err ? "error: " : "end of trace",
			err ? fmt_first_line(err) : 0, err ? err->text : "");
		return;
	}
	sb_printf(&b, "%" PRIu64 "  +", row->n);
	fmt_time(&b, fmt_minus(row->ev.time, m->t0), 9);
	sb_add(&b, "  ");
	add_context(&b, &row->ev);
	put(r, "%s  %s%s%s\n", text, row->event, row->change[0] ? "  " : "", row->change);
}

static void
put_stack(struct run *r, const struct row *row, uint64_t id, const char *what)
{
	struct gt_frame *frame = id && row->ev.gen ? malloc(GT_MAXFRAMES * sizeof *frame) : NULL;
	int n = frame ? gt_gen_stack(row->ev.gen, id, frame) : 0;

	for (int i = 0; i < n; i++) {
		char func[512], file[512];

		gt_quote(frame[i].func, func, sizeof func);
		gt_quote(frame[i].file, file, sizeof file);
		put(r, "%s %s %s:%" PRIu64 "\n", what, func, file, frame[i].line);
	}
	free(frame);
}

static void
add_thing(struct sb *b, const struct thing *t, const struct thing_state *s)
{
	if (!s->there) {
		sb_add(b, "none");
		return;
	}
	if (t->res == GT_M) {
		fmt_id(b, GT_P, s->p);
		sb_add(b, " ");
		fmt_id(b, GT_G, s->g);
		return;
	}
	sb_printf(b, "%s #%" PRIu64 " ", t->res == GT_P ? fmt_pstatus(s->status) : fmt_gstatus(s->status), s->seq);
	fmt_id(b, GT_M, s->m);
}

static void
put_things(struct run *r)
{
	const struct scene *s = &r->m->scene;

	for (size_t i = 0; i < s->nthings; i++) {
		char text[256];
		struct sb b = sb_on(text, sizeof text);

		fmt_id(&b, s->things[i].res, s->things[i].id);
		sb_add(&b, ": ");
		add_thing(&b, &s->things[i], &s->things[i].before);
		if (thing_changed(&s->things[i])) {
			sb_add(&b, " -> ");
			add_thing(&b, &s->things[i], &s->things[i].after);
		}
		put(r, "%s\n", text);
	}
}

static void
put_checks(struct run *r)
{
	const struct scene *s = &r->m->scene;

	for (size_t i = 0; i < s->nchecks; i++) {
		const struct gt_check *c = &s->checks[i];

		put(r, "requires %s%s%s: %s, %s\n", c->about == GT_NO_RES ? "" : gt_need_name(c->need),
			c->about == GT_NO_RES ? "" : " ", c->what, c->here, c->ok ? "ok" : c->waits ? "waits" : "no");
	}
}

static bool
fail(struct run *r, const char *what)
{
	model_say(r->m, ST_BAD, "no memory to %s %" PRIu64, what, r->m->cursor);
	r->failed = true;
	return false;
}

static void
put_event(struct run *r)
{
	const struct row *row = rows_get(r->m->rows, r->m->cursor);
	struct gt_clock clock;
	enum gt_pres from, to;
	int64_t lasted;
	char wall[64] = "";
	struct sb b = sb_on(wall, sizeof wall);

	if (r->m->scene.kind == SCENE_STARVED) {
		fail(r, "tell of event");
		return;
	}
	put_row(r);
	if (!row || model_is_end(r->m, r->m->cursor)) {
		put_checks(r);
		return;
	}
	if (row->ev.gen)
		put(r, "place: generation %" PRIu64, gt_gen_number(row->ev.gen));
	else
		put(r, "place: behind the last generation");
	if (row->ev.len)
		put(r, ", batch %" PRIu32 ", event %" PRIu32 ", offset %" PRIu64 ", %" PRIu32 " bytes", row->ev.batch,
			row->ev.index, row->ev.off, row->ev.len);
	if (row->ev.gen && gt_gen_clock(row->ev.gen, &clock))
		sb_printf(&b, ", wall clock %" PRId64 " ns after 1970", (int64_t)((uint64_t)clock.sec * 1000000000 +
			(uint64_t)clock.nsec + ((uint64_t)row->ev.time - (uint64_t)clock.trace)));
	put(r, "\nclock: %" PRId64 ", %" PRId64 " after the event before%s\n", row->ev.time, row->delta, wall);
	gt_event_states(&row->ev, &from, &to);
	if (gt_event_lasted(&row->ev, r->m->t0, &lasted))
		put(r, "lasted: %s %" PRId64 "\n", gt_event_ends(&row->ev) ? "open" : gt_pres_name(from), lasted);
	put_things(r);
	put_checks(r);
	put_stack(r, row, gt_event_stack(&row->ev), "stack");
	put_stack(r, row, gt_event_new_stack(&row->ev), "new stack");
}

/* --- the states ---------------------------------------------------------------------- */

static int
compare_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* All IDs of a kind, in order; the caller frees them. */
static int64_t *
ids(const struct gt_state *s, enum gt_res res, size_t *n)
{
	size_t all = res == GT_M ? gt_m_count(s) : res == GT_P ? gt_p_count(s) : gt_g_count(s);
	int64_t *id = malloc((all + 1) * sizeof *id);
	struct gt_m m;
	struct gt_p p;
	struct gt_g g;

	*n = 0;
	for (size_t i = 0; id && i < all; i++)
		if (res == GT_M ? gt_m_at(s, i, &m) : res == GT_P ? gt_p_at(s, i, &p) : gt_g_at(s, i, &g))
			id[(*n)++] = res == GT_M ? m.id : res == GT_P ? p.id : g.id;
	if (*n)
		qsort(id, *n, sizeof *id, compare_id);
	return id;
}

static void
put_one(struct run *r, const struct gt_state *s, enum gt_res res, int64_t id)
{
	char text[256];
	struct sb b = sb_on(text, sizeof text);
	struct gt_m m;
	struct gt_p p;
	struct gt_g g;

	fmt_id(&b, res, id);
	if (res == GT_M && gt_m_find(s, id, &m)) {
		sb_add(&b, " ");
		fmt_id(&b, GT_P, m.p);
		sb_add(&b, " ");
		fmt_id(&b, GT_G, m.g);
	} else if (res == GT_P && gt_p_find(s, id, &p)) {
		sb_printf(&b, " %s #%" PRIu64, fmt_pstatus(p.status), p.seq);
	} else if (res == GT_G && gt_g_find(s, id, &g)) {
		sb_printf(&b, " %s #%" PRIu64, fmt_gstatus(g.status), g.seq);
	}
	put(r, "%s\n", text);
}

/* Where there is no memory for it the states are of another event. */
static bool
go_to_cursor(struct run *r)
{
	gt_nav_seek(r->m->nav, r->m->cursor, NULL, NULL);
	return !gt_nav_starved(r->m->nav) || fail(r, "go to event");
}

/* After the event at the cursor. */
static void
put_state(struct run *r)
{
	static const char *const gc[] = { "unknown", "not running", "running" };
	const struct gt_state *s;
	uint64_t seq;

	if (!go_to_cursor(r))
		return;
	s = gt_nav_state(r->m->nav);
	put(r, "after event %" PRIu64 "\n", gt_nav_pos(r->m->nav));
	for (int res = GT_M; res <= GT_G; res++) {
		size_t n;
		int64_t *id = ids(s, (enum gt_res)res, &n);

		if (!id)
			fail(r, "tell all states after event");
		for (size_t i = 0; i < n; i++)
			put_one(r, s, (enum gt_res)res, id[i]);
		free(id);
	}
	put(r, "GC %s\n", gc[gt_gc(s, &seq)]);
	r->m->made_for = 0;
}

static void
put_frontier(struct run *r)
{
	struct gt_head *head;
	size_t n;

	if (!go_to_cursor(r))
		return;
	n = gt_frontier(gt_nav_reader(r->m->nav), NULL, 0);
	head = calloc(n + 1, sizeof *head);
	if (!head) {
		fail(r, "tell the frontier after event");
		return;
	}
	put(r, "frontier after event %" PRIu64 ": %zu threads\n", gt_nav_pos(r->m->nav), n);
	n = gt_frontier(gt_nav_reader(r->m->nav), head, n);
	for (size_t i = 0; i < n; i++) {
		char text[512], why[256] = "";
		struct sb b = sb_on(text, sizeof text);

		if (head[i].answer != GT_YES)
			gt_reason_text(&head[i].why, why, sizeof why);
		sb_add(&b, "+");
		fmt_time(&b, fmt_minus(head[i].ev.time, r->m->t0), 9);
		sb_add(&b, "  ");
		add_context(&b, &head[i].ev);
		sb_add(&b, "  ");
		fmt_event(&b, &head[i].ev);
		put(r, "%s  %s%s\n", text, head[i].answer == GT_YES ? "ready" : head[i].answer == GT_WAIT ? "waits: " : "never: ",
			why);
	}
	free(head);
	r->m->made_for = 0;
}

/* --- the verdict ------------------------------------------------------------------------ */

static void
put_why(struct run *r)
{
	struct model *m = r->m;
	const struct gt_explain *x;

	while (!m->all && !m->indexed)
		model_work(m, SLICE_NS);
	x = why_now(m);
	put(r, "%s, %" PRIu64 " events, model %s\n", m->broken ? "invalid" : "valid", m->known, gt_nav_model(m->nav)->name);
	if (m->broken)
		r->status = 1;
	if (m->broken && x)
		tell(&(struct tale){ .x = x, .trace = m->trace, .model = gt_nav_model(m->nav) }, tell_line,
			&(struct plain){ r->out->put, r->out->arg, NULL });
}

static void
put_breaks(struct run *r)
{
	const struct query *q = &r->m->query;

	if (!q->nbrk)
		put(r, "no breakpoints\n");
	for (size_t i = 0; i < q->nbrk; i++)
		put(r, "%u %s %" PRIu64 "  %s\n", q->brk[i].id, q->brk[i].on ? "on" : "off", q->brk[i].hits,
			q->brk[i].goal.text);
}

/* --- commands -------------------------------------------------------------------------------- */

/* Commands that only show something: done here. */
static bool
show(struct run *r, enum cmd cmd, const char *arg)
{
	if (*arg)
		return false;
	switch (cmd) {
	case CMD_EVENT:
		put_event(r);
		return true;
	case CMD_STATE:
		put_state(r);
		return true;
	case CMD_FRONTIER:
		put_frontier(r);
		return true;
	case CMD_WHY:
		put_why(r);
		return true;
	case CMD_BREAK:
		put_breaks(r);
		return true;
	default:
		return false;
	}
}

/* Where one is afterwards is printed, even where that is where one was. */
static bool
is_move(enum cmd cmd)
{
	switch (cmd) {
	case CMD_NONE: /* a place alone */
	case CMD_STEP:
	case CMD_BACK:
	case CMD_FIRST:
	case CMD_LAST:
	case CMD_FAULT:
	case CMD_GOTO:
	case CMD_FIND:
	case CMD_FIND_NEXT:
	case CMD_FIND_BACK:
	case CMD_CONTINUE:
	case CMD_REVERSE:
	case CMD_UNBLOCKER:
	case CMD_BLOCKER:
	case CMD_CREATOR:
	case CMD_SIBLING:
	case CMD_SIBLING_BACK:
	case CMD_LONGEST_CHILD:
		return true;
	default:
		return false;
	}
}

/* On something, or everything. */
static void
put_help(struct run *r)
{
	struct model *m = r->m;

	model_prepare(m);
	for (size_t i = 0; m->help && i < m->help_lines.n; i++) {
		const struct line *l = &m->help_lines.at[i];

		put(r, "%-*s%-*s%s\n", *l->second ? l->at : l->indent, l->label, *l->second ? l->indent - l->at : 0, l->second,
			l->text);
	}
	m->help = false;
}

/* Rows of a screen on which all of a pane is to be seen. */
static size_t
rows_for(const struct model *m, enum pane_id id)
{
	return id == PANE_TABLE ? pane_rows(m, id) + 10 : timeline_is(id) ? pane_rows(m, id) + 14 + LANE_EXTRAS : 0;
}

/* A pane as large as it gets, its empty lines left out. */
static void
put_pane(struct run *r, enum pane_id id)
{
	struct model *m = r->m;
	enum pane_id focus = m->arr.focus;
	bool maximized = m->arr.maximized;
	struct canvas c, part;
	char *text = NULL;
	size_t rows;

	m->arr.maximized = true;
	m->arr.focus = id;
	if (id == PANE_WHY)
		why_now(m);
	do {
		model_work(m, SLICE_NS);
		model_prepare(m);
	} while (views_busy(m));
	rows = rows_for(m, id);
	if (rows > ROWS)
		model_resize(m, rows < MOST_ROWS ? (int)rows : MOST_ROWS, WIDTH);
	model_prepare(m);
	if (canvas_init(&c, m->h, m->w, m->utf8)) {
		model_draw(m, &c);
		part = canvas_view(&c, m->lay.pane[id]);
		text = canvas_text(&part);
		canvas_free(&c);
	}
	for (const char *p = text; p && *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (*p != '\n')
			put(r, "%.*s\n", (int)strcspn(p, "\n"), p);
	free(text);
	m->arr.maximized = maximized;
	m->arr.focus = focus;
	model_resize(m, ROWS, WIDTH);
}

/* What a command of a view is about: the pane that has the keys, but for those that move the timeline from wherever these are. */
static enum pane_id
pane_for(struct model *m, enum cmd cmd)
{
	switch (cmd) {
	case CMD_PAN_LEFT:
	case CMD_PAN_RIGHT:
		return m->arr.focus == PANE_TABLE ? PANE_TABLE : timeline_pane(m);
	case CMD_ZOOM_IN:
	case CMD_ZOOM_OUT:
	case CMD_ZOOM_ALL:
		return timeline_pane(m);
	default:
		return m->arr.focus;
	}
}

/* Commands of a view: what they make of it is printed. */
static bool
is_view(const struct model *m, enum cmd cmd, const char *arg)
{
	switch (cmd) {
	case CMD_COLUMNS:
		return m->arr.focus == PANE_TABLE && views_columns_meant(m, &arg) == (int)m->table.kind;
	case CMD_TIMELINE:
	case CMD_ZOOM_IN:
	case CMD_ZOOM_OUT:
	case CMD_ZOOM_ALL:
	case CMD_PAN_LEFT:
	case CMD_PAN_RIGHT:
	case CMD_TABLE:
	case CMD_GOROUTINES:
	case CMD_GROUPS:
	case CMD_TASKS:
	case CMD_REGIONS:
	case CMD_RANGES:
	case CMD_LONGEST:
	case CMD_WAITS:
	case CMD_TRANSITIONS:
	case CMD_SORT:
	case CMD_SORT_BACK:
	case CMD_HISTOGRAM:
	case CMD_ONLY:
	case CMD_VIEW:
	case CMD_SPLIT:
	case CMD_OPEN:
		return true;
	default:
		return false;
	}
}

/* What comes of these is a verdict. */
static bool
is_verdict(enum cmd cmd)
{
	switch (cmd) {
	case CMD_MODEL:
	case CMD_REQUIRE:
	case CMD_SKIP:
	case CMD_DROP:
	case CMD_INSERT:
	case CMD_SET:
	case CMD_APPLY:
	case CMD_UNDO:
	case CMD_REDO:
		return true;
	default:
		return false;
	}
}

/* --- lessons ----------------------------------------------------------------------------------- */

/* As on a screen that there is none of; the commands are taken here. */
static void
hold(struct model *m)
{
	model_resize(m, ROWS, WIDTH);
	m->script.held = true;
	/* Where one gets to must not depend on how far the index is. */
	m->patience = SIZE_MAX;
}

/* The page that is wanted is opened; the trace before is not used any more. False: no memory. */
static bool
turn_to_lesson(struct run *r)
{
	struct learning *next = learn_open(r->m, r->o, 0, 0, false);

	r->m->effect = EFFECT_NONE;
	if (!next)
		return false;
	learn_close(r->lesson);
	r->lesson = next;
	r->m = learn_model(next);
	hold(r->m);
	return true;
}

/* Back from a lesson to the trace. False: there is none. */
static bool
leave_lesson(struct run *r)
{
	if (r->m->effect != EFFECT_LEAVE || !r->base)
		return false;
	learn_leave(r->lesson, r->base);
	learn_close(r->lesson);
	r->lesson = NULL;
	r->m = r->base;
	r->m->effect = EFFECT_NONE;
	return true;
}

static void
put_lines(struct run *r, const struct lines *l, size_t from)
{
	for (size_t i = from; i < l->n; i++)
		put(r, "%-*s%s\n", l->at[i].indent, l->at[i].label, l->at[i].text);
}

/* The page of a lesson, from the line on where why it is so begins, or all of it. */
static void
put_page(struct run *r, bool why)
{
	struct lines l = { .width = WIDTH };
	char text[200];

	learn_lines(r->m, &l);
	learn_heading(r->m, text, sizeof text);
	if (!why)
		put(r, "lesson %s\n", text);
	put_lines(r, &l, why ? r->m->lesson.why + 1 : 0);
	lines_free(&l);
}

static bool
is_page(enum cmd cmd)
{
	return cmd == CMD_LEARN || cmd == CMD_LESSON || cmd == CMD_LESSON_BACK || cmd == CMD_LESSON_HERE || cmd == CMD_HINT;
}

/* To its end: whatever takes long. */
static void
finish(struct model *m)
{
	while (m->job.kind || m->judging || views_wanted(m))
		model_work(m, SLICE_NS);
	model_prepare(m);
}

static void
complain_of(struct run *r, const char *where, const char *command)
{
	char what[400], line[FAULT_LINE], under[FAULT_LINE];

	snprintf(what, sizeof what, "%s%.60s", where, command);
	r->out->complain(r->out->arg, what, r->m->message);
	if (!r->m->fault.text[0])
		return;
	fault_lines(r->m->fault.text, r->m->fault.at, r->m->fault.n, FAULT_W, true, line, under);
	snprintf(what, sizeof what, "  %.*s", (int)sizeof what - 3, line);
	r->out->complain(r->out->arg, NULL, what);
	snprintf(what, sizeof what, "  %.*s", (int)sizeof what - 3, under);
	r->out->complain(r->out->arg, NULL, what);
}

/* Does a command and prints what it shows. False: what follows would be about something else. */
static bool
one(struct run *r, const char *command)
{
	struct model *m = r->m;
	size_t word = strcspn(command, " ");
	const char *arg = command + word + strspn(command + word, " ");
	uint64_t was = m->cursor;
	char where[256];
	bool many, good;
	enum cmd cmd = cmd_find(command, word, &many);

	/* What it queues itself is of other lines. */
	script_where(m, where, sizeof where);
	m->message[0] = 0;
	m->judged = false;
	model_prepare(m);
	if (show(r, cmd, arg)) {
		if (!r->failed)
			return true;
		r->failed = false;
		r->status = 2;
		complain_of(r, where, command);
		return false;
	}
	/* Verdicts are compared where there is one; views, and pictures, show all there is. */
	while ((is_verdict(cmd) || is_view(m, cmd, arg) || cmd == CMD_EXPORT) && !m->all && !m->indexed)
		model_work(m, SLICE_NS);
	/* And all of it, as on a screen when it is at rest. */
	while (cmd == CMD_EXPORT && views_busy(m)) {
		model_work(m, SLICE_NS);
		model_prepare(m);
	}
	script_note_line(m, ':', command);
	model_line(m, ':', command);
	if (leave_lesson(r))
		return true;
	if (m->effect == EFFECT_LESSON) {
		if (!turn_to_lesson(r)) {
			r->status = 3;
			return false;
		}
		m = r->m;
		was = 0;
	}
	finish(m);
	good = !m->message[0] || (m->message_style != ST_BAD && m->message_style != ST_WAIT);
	if (!good && !m->judged) {
		r->status = m->message_style == ST_BAD ? 2 : 1;
		complain_of(r, where, command);
		return false;
	}
	/* A verdict. */
	if (!good)
		r->status = 1;
	if (m->message[0])
		put(r, "%s\n", m->message);
	if (cmd == CMD_HELP)
		put_help(r);
	if (is_page(cmd) || (cmd == CMD_ANSWER && learn_is_right(m)))
		put_page(r, cmd == CMD_ANSWER);
	if (m->cursor != was || is_move(cmd))
		put_row(r);
	else if (is_view(m, cmd, arg))
		put_pane(r, pane_for(m, cmd));
	return true;
}

/* False: no memory. */
static bool
begin(struct run *r, struct model *base)
{
	const struct ui_options *o = r->o;

	if (o->trace) {
		r->m = r->base = model_init(base, o, false) ? base : NULL;
	} else {
		r->lesson = learn_open(NULL, o, o->lesson < 0 ? 0 : (size_t)o->lesson, o->lesson < 0 ? LEARN_MENU : LEARN_INTRO, false);
		r->m = r->lesson ? learn_model(r->lesson) : NULL;
		if (r->m && o->commands)
			script_queue_file(r->m, o->commands, o->script);
	}
	if (r->m)
		hold(r->m);
	return r->m != NULL;
}

int
ui_script(const struct ui_options *o, const struct ui_output *out)
{
	struct run r = { .out = out, .o = o };
	struct model base;
	char command[COMMAND_MAX];

	if (!begin(&r, &base))
		return 3;
	if (o->commands && !r.m->script.text) {
		r.status = 2;
		out->complain(out->arg, "run", r.m->message);
	}
	while (r.m->effect != EFFECT_QUIT && r.m->effect != EFFECT_LEAVE && script_take(r.m, command, sizeof command) &&
		one(&r, command))
		;
	learn_close(r.lesson);
	if (r.base)
		model_free(r.base);
	return r.status;
}

/* --- a lesson as a text ------------------------------------------------------------------------------ */

static void
go_to(struct run *r, uint64_t row)
{
	model_go(r->m, row, false);
	finish(r->m);
}

/* All events of the trace, and how it ends. */
static void
put_events(struct run *r)
{
	uint64_t was = r->m->cursor;

	while (!r->m->all && !r->m->indexed)
		model_work(r->m, SLICE_NS);
	put(r, "events, model %s:\n", gt_nav_model(r->m->nav)->name);
	for (uint64_t n = 1; n <= model_last_row(r->m); n++) {
		go_to(r, n);
		put_row(r);
	}
	put(r, "\n");
	go_to(r, was);
}

/* The number of the right answer, from 1. */
static uint64_t
right_one(const struct lesson_step *s)
{
	for (size_t i = 0; i < s->answers; i++)
		if (s->answer[i].right)
			return i + 1;
	return 1;
}

/* The step of the page, asked and answered. */
static void
put_step(struct run *r)
{
	const struct lesson_step *s = learn_step(r->m);

	put_page(r, false);
	put(r, "\nhere:\n");
	put_event(r);
	if (s->answers) {
		learn_answer(r->m, right_one(s));
		finish(r->m);
		put(r, "\nanswer: %" PRIu64 "\n", right_one(s));
		put_page(r, true);
	}
	if (s->see.n) {
		put(r, "\nthere:\n");
		put_event(r);
	}
	put(r, "\n");
	put_state(r);
	put(r, "\n");
}

int
ui_lesson(const struct ui_options *o, const struct ui_output *out)
{
	struct run r = { .out = out, .o = o };
	struct model base;

	if (!begin(&r, &base))
		return 3;
	finish(r.m);
	put_page(&r, false);
	put(&r, "\n");
	put_events(&r);
	for (size_t i = 0; i < r.m->lesson.of->steps; i++) {
		r.m->effect = EFFECT_NONE;
		learn_do(r.m, CMD_LESSON, 0);
		if (r.m->effect == EFFECT_LESSON) {
			if (!turn_to_lesson(&r))
				break;
			finish(r.m);
			put_events(&r);
		}
		finish(r.m);
		put_step(&r);
	}
	learn_close(r.lesson);
	return 0;
}
