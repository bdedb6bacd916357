/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model: its life, what is made for the current row, and drawing. Commands are in act.c, work in work.c. */
#include "cache.h"
#include "model.h"
#include "script.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Small traces are indexed before anybody could want to see part of them. */
#define PATIENCE ((size_t)4 << 20)

/* The start of the trace that is read now. */
static bool
first_time(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct model *m = arg;

	(void)ch, (void)nch, (void)after;
	m->t0 = ev->time;
	m->gen0 = gt_gen_ref(ev->gen);
	return false;
}

void
model_find_start(struct model *m)
{
	gt_gen_unref(m->gen0);
	m->gen0 = NULL;
	m->t0 = 0;
	gt_nav_each(m->nav, 1, 1, first_time, m);
}

bool
model_init(struct model *m, const struct ui_options *o, bool utf8)
{
	size_t size;
	uint64_t whole;

	*m = (struct model){ .file = o->file, .opened_file = o->opened, .trace = o->trace, .opened = o->trace, .version = gt_version(o->trace), .utf8 = utf8, .can_utf8 = utf8 };
	m->sy = symbols_get(utf8);
	m->threads = o->threads > 1;
	query_init(&m->query);
	kin_of(&m->time.kin, GT_NONE, 0);
	gt_bytes(o->trace, &size);
	m->cache = o->cache && size >= CACHE_LEAST && !gt_growing(o->trace, &whole);
	m->session.on = o->cache;
	m->arrival.news = o->news;
	m->arrival.arg = o->news_arg;
	m->rows = rows_new(m->sy, query_marks, m);
	for (int i = 0; i < TIMELINES; i++)
		m->time.view[i] = (struct lane_view){ .lanes = lanes_new(query_lights, m), .by = timeline_usual(i), .lane = GT_NONE };
	m->census = census_new(o->memory / 16 * 3);
	m->memory = o->memory;
	m->patience = PATIENCE;
	m->write = o->write;
	m->write_arg = o->write_arg;
	m->release = o->release;
	m->release_arg = o->release_arg;
	m->changed = o->changed;
	m->changed_arg = o->changed_arg;
	/* A half; the rest is for the census, a generation by itself, bytes of the file, and all that is always there. */
	m->nav = m->home = gt_nav_new(o->trace, o->model, o->memory / 2);
	if (!m->rows || !m->nav || !m->time.view[0].lanes || !m->time.view[1].lanes || !m->census) {
		model_free(m);
		return false;
	}
	m->h = 24;
	m->w = 80;
	m->cursor = m->top = 1;
	arrangement_init(&m->arr);
	for (int i = 0; i < COLUMNS_OF; i++)
		columns_usual(i, &m->columns[i]);
	theme_get(&m->theme, o->color ? "default" : "none");
	m->mouse = o->mouse;
	table_usual(&m->table);
	m->time.column = -1;
	model_find_start(m);
	m->was = model_place(m, 1);
	model_refresh_known(m);
	if (o->commands)
		script_queue_file(m, o->commands, o->script);
	if (o->warning)
		model_say(m, ST_WAIT, "%s", o->warning);
	return true;
}

void
model_free(struct model *m)
{
	why_view_free(&m->why);
	query_free(&m->query);
	script_free(m);
	session_free(&m->session);
	learn_free(&m->lesson);
	copy_free(&m->copy);
	for (int i = 0; i < PANES; i++)
		lines_free(&m->lines[i]);
	tables_free(&m->tables);
	lines_free(&m->help_lines);
	for (int i = 0; i < TIMELINES; i++) {
		lanes_free(m->time.view[i].lanes);
		m->time.view[i].lanes = NULL;
	}
	kin_of(&m->time.kin, GT_NONE, 0);
	census_free(m->census);
	table_clear(m);
	free(m->table.row);
	only_free(m->table.res);
	rows_free(m->rows);
	indexer_stop(m->indexer);
	m->indexer = NULL;
	if (model_apart(m))
		gt_nav_free(m->nav);
	gt_nav_free(m->home);
	gt_gen_unref(m->gen0);
	whatif_free(&m->edits);
	m->rows = NULL;
	m->census = NULL;
	m->table.row = NULL;
	m->table.res = NULL;
	m->nav = m->home = NULL;
	m->gen0 = NULL;
}

void
model_resize(struct model *m, int h, int w)
{
	m->h = h;
	m->w = w;
	m->made_for = 0;
}

/* About no text, unless its caller says so. */
static void
say(struct model *m, enum style style, const char *fmt, va_list ap)
{
	vsnprintf(m->message, sizeof m->message, fmt, ap);
	m->message_style = style;
	m->fault.text[0] = 0;
}

void
model_say(struct model *m, enum style style, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(m, style, fmt, ap);
	va_end(ap);
}

void
model_say_fault(struct model *m, const char *text, size_t at, size_t n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(m, ST_BAD, fmt, ap);
	va_end(ap);
	snprintf(m->fault.text, sizeof m->fault.text, "%s", text);
	m->fault.at = at;
	m->fault.n = n;
}

/* --- what is known --------------------------------------------------------- */

const struct gt_error *
model_error(const struct model *m)
{
	const struct gt_error *err = NULL;

	return m->all && gt_nav_end(m->nav, &err) == GT_BROKEN ? err : NULL;
}

/* "invalid after 10 events: expected a proc", "ok, 13 events" */
static void
say_verdict(struct sb *b, const struct verdict *v)
{
	sb_add(b, v->broken ? "invalid after " : "ok, ");
	fmt_count(b, v->events);
	sb_printf(b, " event%s%s%s", v->events == 1 ? "" : "s", v->broken ? ": " : "", v->error);
}

/* How rules are called, and what came of them. */
static void
judge_rules(struct model *m, const struct verdict *is, struct sb *text)
{
	const struct verdict *b = &m->before;
	const struct gt_model *rules = gt_nav_model(m->nav);

	sb_printf(text, "%s%s: ", rules->name, rules->changed ? " (changed)" : "");
	if (is->broken)
		sb_printf(text, "invalid after event %llu", (unsigned long long)is->events);
	else
		sb_printf(text, "valid, %llu events", (unsigned long long)is->events);
	if (b->known && b->broken == is->broken && b->events == is->events)
		sb_add(text, ", as before: the verdicts do not part");
	else if (b->known && b->broken)
		sb_printf(text, ", was invalid after event %llu", (unsigned long long)b->events);
	else if (b->known)
		sb_add(text, ", was valid");
}

static void
judge_edit(struct model *m, const struct verdict *is, struct sb *text)
{
	sb_printf(text, "%s; was: ", m->edited);
	say_verdict(text, &m->before);
	sb_add(text, "; now: ");
	say_verdict(text, is);
}

/* The rules or the trace were changed, and now it is known what came of it. */
static void
judge(struct model *m, const struct verdict *is)
{
	char text[sizeof m->message];
	struct sb b = sb_on(text, sizeof text);

	m->judging = false;
	m->judged = true;
	if (m->edited[0])
		judge_edit(m, is, &b);
	else
		judge_rules(m, is, &b);
	model_say(m, is->broken ? ST_BAD : ST_OK, "%s", text);
}

/* All that could be read has been. */
static void
never_judged(struct model *m)
{
	m->judging = false;
	model_say(m, ST_BAD, "no memory to read to the end: what the verdict is now is not known");
}

struct verdict
model_verdict(const struct model *m)
{
	const struct gt_error *err = NULL;
	struct verdict v = { .broken = gt_nav_end(m->home, &err) == GT_BROKEN };

	v.events = gt_nav_known(m->home, &v.known);
	if (v.broken && err)
		snprintf(v.error, sizeof v.error, "%.*s", fmt_first_line(err), err->text);
	return v;
}

/* What was not there before is. */
static void
grown(struct model *m, uint64_t known)
{
	if (!known && !m->gen0) {
		gt_nav_each(m->home, 1, 1, first_time, m);
		query_start(&m->query, m->t0);
		for (int i = 0; i < TIMELINES; i++)
			m->time.view[i].width = 0;
	}
	if (m->cursor > known)
		m->made_for = 0;
	query_grown(m);
}

void
model_refresh_known(struct model *m)
{
	const struct gt_error *err = NULL;
	struct verdict is;
	uint64_t known = m->known;
	bool all = m->all;

	arrival_look(m);
	is = model_verdict(m);
	m->known = gt_nav_known(m->nav, &m->all);
	if (m->known > known)
		grown(m, known);
	m->broken = m->all && gt_nav_end(m->nav, &err) == GT_BROKEN;
	if (m->all && !all)
		m->made_all = false;
	if (m->judging && is.known)
		judge(m, &is);
	else if (m->judging && m->indexed)
		never_judged(m);
}

uint64_t
model_last_row(const struct model *m)
{
	return m->all ? m->known + 1 : m->known;
}

bool
model_is_end(const struct model *m, uint64_t row)
{
	return m->all && row > m->known;
}

int
model_list_rows(const struct model *m)
{
	int h = m->lay.pane[PANE_EVENTS].h - 1;

	return h < 1 ? 1 : h;
}

/* --- preparing ------------------------------------------------------------------ */

/* Where the list begins, so that the cursor is in sight with some rows around it. */
static void
place_top(struct model *m)
{
	uint64_t h = (uint64_t)model_list_rows(m), last = model_last_row(m);
	uint64_t margin = h / 4 < 3 ? h / 4 : 3;

	if (query_hides(m)) {
		query_place(m);
		return;
	}
	if (!m->loose) {
		/* Whoever comes from afar wants to see what was before, and more of what follows. */
		if (m->cursor + h < m->top || m->cursor > m->top + 2 * h)
			m->top = m->cursor > h / 3 ? m->cursor - h / 3 : 1;
		if (m->cursor < m->top + margin)
			m->top = m->cursor > margin ? m->cursor - margin : 1;
		if (m->cursor + margin >= m->top + h)
			m->top = m->cursor + margin + 1 - h;
	}
	if ((m->all || m->arrival.on) && m->top + h > last + 1)
		m->top = last + 1 > h ? last + 1 - h : 1;
	if (m->top <= gt_nav_base(m->nav))
		m->top = gt_nav_base(m->nav) + 1;
}

static void
need_rows(struct model *m, uint64_t from, uint64_t count)
{
	if (m->all && from > m->known)
		return;
	if (m->all && from + count > m->known + 1)
		count = m->known + 1 - from;
	rows_need(m->rows, m->nav, from, (size_t)count);
}

/* What is made anew for each event is seen from its beginning. */
static void
scroll_back(struct model *m)
{
	if (m->scrolled_for == m->cursor)
		return;
	m->scrolled_for = m->cursor;
	m->scroll[PANE_CONTEXT] = 0;
	m->field = 0;
	for (int i = 0; i < PANES; i++)
		if (pane_ops_of((enum pane_id)i)->make)
			m->scroll[i] = 0;
}

/* In a pane that has grown, or has less to show, no further than to the end. */
static void
limit_scroll(struct model *m, enum pane_id id)
{
	size_t rows = pane_rows(m, id), shown = m->lay.pane[id].h > 1 ? (size_t)m->lay.pane[id].h - 1 : 1;
	size_t most = rows > shown ? rows - shown : 0;

	if (m->scroll[id] > most)
		m->scroll[id] = most;
}

/* The scene of the current row, and the lines of its details. */
void
model_make(struct model *m)
{
	const struct row *row;

	need_rows(m, m->cursor, 1);
	model_refresh_known(m);
	if (m->all && m->cursor > m->known)
		m->cursor = m->known + 1;
	if (m->made_for == m->cursor && m->made_all && m->scene.kind != SCENE_STARVED)
		return;
	scroll_back(m);
	row = rows_get(m->rows, m->cursor);
	if (row)
		scene_event(&m->scene, m->nav, m->version, row);
	else
		scene_end(&m->scene, m->nav, m->version, m->known);
	for (int i = 0; i < PANES; i++)
		if (i == PANE_DETAILS || m->lay.pane[i].h > 1) {
			pane_make(m, (enum pane_id)i);
			if (i == PANE_CONTEXT || pane_ops_of((enum pane_id)i)->make)
				limit_scroll(m, (enum pane_id)i);
		}
	/* Only as long as the navigator stands there are the tables of a refused event sure to be. */
	if (m->scene.kind == SCENE_REFUSED)
		m->scene.ev.gen = NULL;
	m->made_for = m->cursor;
	m->made_all = true;
}

/* Events that were there and can't be read any more: something has become of the file, and that is said once. */
static void
look_for_gone(struct model *m)
{
	uint64_t n = m->top, to = m->top + (uint64_t)model_list_rows(m);
	char why[200];

	while (n < to && n <= m->known && rows_get(m->rows, n))
		n++;
	if (m->gone || n == to || n > m->known)
		return;
	m->gone = true;
	if (m->changed && m->changed(m->changed_arg, why, sizeof why))
		model_say(m, ST_BAD, "%s: not all of it is there any more", why);
	else
		model_say(m, ST_BAD, "not all of the trace can be read any more");
}

void
model_prepare(struct model *m)
{
	layout_make(&m->lay, m->h, m->w, &m->arr);
	if (!m->lay.too_small && !m->lay.pane[m->arr.focus].h) {
		arrangement_open(&m->arr, m->arr.focus);
		layout_make(&m->lay, m->h, m->w, &m->arr);
	}
	model_make(m);
	place_top(m);
	if (!query_hides(m))
		need_rows(m, m->top, (uint64_t)model_list_rows(m));
	model_refresh_known(m);
	place_top(m);
	if (!query_hides(m))
		look_for_gone(m);
	views_prepare(m);
	if (m->help)
		pane_help_make(m);
}

/* --- drawing ----------------------------------------------------------------------- */

const struct pane_ops *
pane_ops_of(enum pane_id id)
{
	static const struct pane_ops *const panes[PANES] = {
		[PANE_EVENTS] = &pane_events, [PANE_TABLE] = &pane_table, [PANE_TIMELINE] = &pane_timeline, [PANE_LANES] = &pane_lanes, [PANE_CONTEXT] = &pane_context,
		[PANE_DETAILS] = &pane_details, [PANE_STACK] = &pane_stack, [PANE_BYTES] = &pane_bytes,
		[PANE_FRONTIER] = &pane_frontier, [PANE_STRINGS] = &pane_strings, [PANE_WHY] = &pane_why, [PANE_LESSON] = &pane_lesson,
	};

	return panes[id];
}

static void
draw_small(const struct model *m, struct canvas *c)
{
	char text[80];

	snprintf(text, sizeof text, "too small: needs %d columns, %d rows", LAYOUT_MIN_W, LAYOUT_MIN_H);
	canvas_cut(c, c->h / 2, 0, c->w, ST_TEXT, text);
	(void)m;
}

/* The lines between panes that stand beside each other, as high as the higher of them. */
static void
draw_between(const struct model *m, struct canvas *c)
{
	for (int p = 0; p < PANES; p++) {
		const struct rect *r = &m->lay.pane[p];
		int h = r->h;

		if (!r->h || !r->x)
			continue;
		for (int q = 0; q < PANES; q++)
			if (m->lay.pane[q].y == r->y && m->lay.pane[q].h > h)
				h = m->lay.pane[q].h;
		for (int y = 0; y < h; y++)
			canvas_put(c, r->y + y, r->x - 1, ST_RULE, y ? m->sy->bar : m->utf8 ? "┬" : "+");
	}
}

void
model_draw(const struct model *m, struct canvas *c)
{
	struct canvas part;

	canvas_clear(c);
	if (m->lay.too_small) {
		draw_small(m, c);
		return;
	}
	part = canvas_view(c, m->lay.bar);
	bar_draw(m, &part);
	if (m->help) {
		part = canvas_view(c, (struct rect){ 1, 0, c->h - 2, c->w });
		pane_help.draw(m, &part);
	}
	for (int i = 0; i < PANES && !m->help; i++) {
		part = canvas_view(c, m->lay.pane[i]);
		if (part.h > 0)
			pane_draw(m, (enum pane_id)i, &part);
	}
	if (!m->help)
		draw_between(m, c);
	if (m->palette.open) {
		part = canvas_view(c, (struct rect){ 1, 0, c->h - 2, c->w });
		palette_draw(m, &part);
	}
	if (m->prompt.kind && prompt_note_rows(m, c)) {
		int rows = prompt_note_rows(m, c);

		part = canvas_view(c, (struct rect){ c->h - 1 - rows, 0, rows, c->w });
		for (int y = 0; y < rows; y++)
			canvas_fill(&part, y, 0, part.w, ST_TEXT, " ");
		prompt_note_draw(m, &part);
	}
	if (m->message[0] && !m->prompt.kind)
		message_draw(m, c);
	part = canvas_view(c, m->lay.keys);
	keybar_draw(m, &part);
}
