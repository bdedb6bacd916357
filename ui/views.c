/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands of the views, and what they need: see views.h. */
#include "views.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "links.h"
#include "model.h"
#include "names.h"
#include "script.h"

int64_t
views_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* --- panes ----------------------------------------------------------------- */

static bool
visible(const struct model *m, enum pane_id id)
{
	return !m->lay.too_small && m->lay.pane[id].h > 1 && !m->help;
}

bool
views_visible(const struct model *m, int pane)
{
	return visible(m, (enum pane_id)pane);
}

static enum gt_res
next_kind(enum gt_res by)
{
	static const enum gt_res next[] = { [GT_P] = GT_M, [GT_M] = GT_G, [GT_G] = GT_P };

	return next[by];
}

void
views_open(struct model *m, int pane)
{
	enum pane_id id = (enum pane_id)pane;
	bool both = id == PANE_LANES && m->arr.open & 1u << PANE_TIMELINE && !(m->arr.open & 1u << PANE_LANES);

	m->arr.folded &= ~(1u << id);
	if (!(m->arr.open & 1u << id) || !m->lay.pane[id].h) {
		arrangement_open(&m->arr, id);
		m->arr.back[id] = id == m->arr.focus ? m->arr.back[id] : (unsigned char)(m->arr.focus + 1);
	}
	m->arr.focus = id;
	m->help = false;
	m->made_for = 0;
	/* A second one is of another kind than the first, till one says otherwise. */
	if (both && timeline_now(m)->by == m->time.view[0].by)
		timeline_by(m, (int)next_kind(m->time.view[0].by));
}

static void
close_pane(struct model *m, enum pane_id id)
{
	if (m->arr.open == 1u << id)
		model_say(m, ST_WAIT, "this is the last pane");
	arrangement_close(&m->arr, id);
	m->made_for = 0;
}

void
views_split(struct model *m, int pane)
{
	enum pane_id id = (enum pane_id)pane, here = m->arr.focus, next = layout_after(&m->lay, here);

	if (id != here) {
		views_open(m, pane);
		arrangement_split(&m->arr, id, here);
	} else if (layout_is_beside(&m->lay, here)) {
		arrangement_unsplit(&m->arr, here);
	} else if (next == PANES) {
		model_say(m, ST_WAIT, "this is the only pane; |s opens the stack beside it");
	} else {
		arrangement_split(&m->arr, here, next);
	}
	m->made_for = 0;
}

static void
add_to(signed char *size, int n)
{
	int sum = *size + n;

	*size = (signed char)(sum < -60 ? -60 : sum > 60 ? 60 : sum);
}

void
views_resize(struct model *m, int pane, int rows, int columns)
{
	enum pane_id id = (enum pane_id)pane;
	const struct rect *r = &m->lay.pane[id];

	add_to(&m->arr.extra[id], rows);
	/* The last one of a row has its neighbour's line moved. */
	if (columns && r->x && r->x + r->w == m->w)
		for (int i = 0; i < PANES; i++)
			if (m->lay.pane[i].h && m->lay.pane[i].y == r->y && m->lay.pane[i].x + m->lay.pane[i].w + 1 == r->x)
				id = (enum pane_id)i, columns = -columns;
	add_to(&m->arr.wider[id], columns);
	m->made_for = 0;
}

/* --- the trail ------------------------------------------------------------------ */

/* Whether the current row is that, in the numbers used here. */
static bool
is_at(const struct model *m, const struct trail_place *p)
{
	return m->cursor == p->n && p->apart == (model_apart(m) ? m->apart.from : 0) && p->reading == m->reading && !p->moved;
}

static void
leave_here(struct model *m)
{
	struct trail_place here = model_place(m, m->cursor);

	views_note(m);
	trail_leave(&m->trail, &here);
}

/* So many places, or as many as there are. */
static void
go_back(struct model *m, bool forward, uint64_t count)
{
	struct trail_place to = model_place(m, m->cursor);
	const struct trail_place *next;
	uint64_t n = 0;

	views_note(m);
	while (n < count && (next = forward ? trail_forward(&m->trail) : trail_back(&m->trail, &to)) != NULL) {
		to = *next;
		n++;
	}
	if (!n) {
		model_say(m, ST_WAIT, forward ? "this is where you were last" : "there is nowhere to go back to");
		return;
	}
	model_go_place(m, &to);
	m->on_trail = true;
}

void
views_jump(struct model *m, uint64_t row)
{
	if (row == m->cursor)
		return;
	leave_here(m);
	model_go(m, row, false);
	m->on_trail = true;
}

void
views_jump_home(struct model *m, uint64_t row)
{
	if (row == m->cursor && !model_apart(m))
		return;
	leave_here(m);
	model_go_home(m, row, false);
	m->on_trail = true;
}

static void
set_mark(struct model *m, int letter)
{
	int i = trail_index(letter);
	char between[80] = "";
	struct sb b = sb_on(between, sizeof between);

	if (i < 0) {
		model_say(m, ST_BAD, "marks are letters, a to z and A to Z");
		return;
	}
	m->trail.mark[i] = model_place(m, m->cursor);
	timeline_markers(m, &b);
	model_say(m, ST_OK, "mark %c is here; '%c returns%s%s", letter, letter, b.n ? "; " : "", between);
}

static void
to_mark(struct model *m, int letter)
{
	const struct trail_place *mark = trail_mark(&m->trail, letter);

	if (letter == '\'')
		go_back(m, false, 1);
	else if (!mark)
		model_say(m, ST_WAIT, "mark %s is not set", trail_index(letter) < 0 ? "of that name" : (char[]){ (char)letter, 0 });
	else if (!is_at(m, mark)) {
		leave_here(m);
		model_go_place(m, mark);
		m->on_trail = true;
	}
}

/* A mark in a generation by itself has the number it has there. */
static void
list_mark(const struct model *m, struct sb *b, int i)
{
	const struct trail_place *mark = &m->trail.mark[i];

	sb_printf(b, "%s%c ", b->n ? "  " : "marks: ", trail_letter(i));
	if (mark->apart)
		sb_printf(b, "%" PRIu64 ":", model_generation(m, mark->apart));
	fmt_count(b, mark->n);
}

static void
list_marks(struct model *m)
{
	char text[480];
	struct sb b = sb_on(text, sizeof text);

	for (int i = 0; i < TRAIL_MARKS; i++)
		if (m->trail.mark[i].n)
			list_mark(m, &b, i);
	model_say(m, ST_TEXT, "%s", b.n ? text : "no mark is set; ma sets mark a");
}

/* --- where a goroutine comes from ----------------------------------------------------- */

/* The goroutine that the current event is about, or in whose context it is. */
static int64_t
goroutine_here(const struct model *m)
{
	const struct row *row = model_is_end(m, m->cursor) ? NULL : rows_get(m->rows, m->cursor);
	int64_t id;

	if (!row)
		return GT_NONE;
	if (gt_event_kind(&row->ev) == GT_K_StateTransition && gt_event_subject(&row->ev, &id) == GT_G)
		return id;
	return row->ev.g;
}

static void
say_no_origin(struct model *m)
{
	const struct origins *o = &m->origins;
	char text[200];
	struct sb b = sb_on(text, sizeof text);

	sb_add(&b, model_apart(m) ? "nothing before event " : "nothing in the trace before event ");
	pane_event_number(m, &b, o->row);
	sb_printf(&b, " %s G%" PRId64, origin_name(o->want), o->g);
	model_say_searched(m, &b, true);
	model_say(m, ST_WAIT, "%s", text);
}

static void
say_looking(struct model *m)
{
	const struct origins *o = &m->origins;
	char at[80] = "";
	struct sb b = sb_on(at, sizeof at);

	if (o->at < o->row) {
		sb_add(&b, ", back to event ");
		pane_event_number(m, &b, o->at);
	}
	model_say(m, ST_DIM, "looking for what %s G%" PRId64 "%s; any key stops", origin_name(o->want), o->g, at);
}

/* Goes to what was looked for, once it is found or known not to be there. */
static void
go_to_origin(struct model *m)
{
	struct origins *o = &m->origins;
	uint64_t n = o->event[o->want].n;

	if (!o->wanted)
		return;
	if (!n && !origins_done(o)) {
		say_looking(m);
		return;
	}
	o->wanted = false;
	m->message[0] = 0;
	if (n)
		views_jump(m, n);
	else if (o->starved)
		model_say_starved(m, true, o->at);
	else
		say_no_origin(m);
}

static bool
do_origin(struct model *m, enum cmd cmd)
{
	struct origins *o = &m->origins;

	if (cmd != CMD_UNBLOCKER && cmd != CMD_BLOCKER && cmd != CMD_CREATOR)
		return false;
	if (goroutine_here(m) == GT_NONE) {
		model_say(m, ST_WAIT, "there is no goroutine at this event");
		return true;
	}
	if (o->starved)
		*o = (struct origins){ .g = GT_NONE };
	origins_of(o, goroutine_here(m), m->cursor);
	o->want = cmd == CMD_CREATOR ? ORIGIN_CREATED : cmd == CMD_BLOCKER ? ORIGIN_BLOCKED : ORIGIN_UNBLOCKED;
	o->wanted = true;
	go_to_origin(m);
	return true;
}

/* --- commands ---------------------------------------------------------------------- */

static void
next_by(struct model *m)
{
	if (timeline_is(m->arr.focus) && m->lay.pane[m->arr.focus].h > 1)
		timeline_by(m, (int)next_kind(timeline_now(m)->by));
	else
		views_open(m, PANE_TIMELINE);
}

static void
open_table(struct model *m, int kind)
{
	views_open(m, PANE_TABLE);
	if (kind != (int)m->table.kind)
		table_show(m, kind);
}

static bool
do_table(struct model *m, enum cmd cmd)
{
	bool here = m->arr.focus == PANE_TABLE && visible(m, PANE_TABLE);

	switch (cmd) {
	case CMD_TABLE:
		if (here)
			table_show(m, (m->table.kind + 1) % CENSUS_KINDS);
		else
			views_open(m, PANE_TABLE);
		return true;
	case CMD_GOROUTINES:
	case CMD_GROUPS:
	case CMD_TASKS:
	case CMD_REGIONS:
	case CMD_RANGES:
	case CMD_LONGEST:
	case CMD_WAITS:
		open_table(m, (int)cmd - CMD_GOROUTINES);
		return true;
	case CMD_TRANSITIONS:
		table_transitions(m, "");
		return true;
	case CMD_HISTOGRAM:
		views_open(m, PANE_TABLE);
		table_histogram(m, !here || !m->table.histogram);
		return true;
	case CMD_ONLY:
		table_only(m, "");
		return true;
	default:
		return false;
	}
}

/* Of the timeline, wherever the keys are: it must be there to be seen. */
static bool
do_timeline(struct model *m, enum cmd cmd, uint64_t count)
{
	double n = count ? count < 60 ? (double)count : 60 : 1, factor = 1;

	switch (cmd) {
	case CMD_ZOOM_IN:
	case CMD_ZOOM_OUT:
		for (int i = 0; i < (int)n; i++)
			factor *= 2;
		break;
	case CMD_ZOOM_ALL:
	case CMD_PAN_LEFT:
	case CMD_PAN_RIGHT:
		break;
	case CMD_TIMELINE:
		next_by(m);
		return true;
	case CMD_KIN:
		timeline_kin(m, goroutine_here(m));
		break;
	default:
		return false;
	}
	if (!timeline_visible(m))
		views_open(m, PANE_TIMELINE);
	else if (cmd == CMD_ZOOM_ALL)
		timeline_whole(m);
	else if (cmd == CMD_PAN_LEFT || cmd == CMD_PAN_RIGHT)
		timeline_pan(m, cmd == CMD_PAN_LEFT ? -n / 2 : n / 2);
	else if (cmd != CMD_KIN)
		timeline_zoom(m, cmd == CMD_ZOOM_IN ? 1 / factor : factor);
	return true;
}

static bool
do_panes(struct model *m, enum cmd cmd, uint64_t count)
{
	int n = count && count < 60 ? (int)count : 1;

	switch (cmd) {
	case CMD_CLOSE:
		close_pane(m, m->arr.focus);
		return true;
	case CMD_STACKED:
		m->arr.stacked = !m->arr.stacked;
		return true;
	case CMD_TALLER:
	case CMD_SHORTER:
		views_resize(m, (int)m->arr.focus, cmd == CMD_TALLER ? n : -n, 0);
		return true;
	case CMD_WIDER:
	case CMD_NARROWER:
		views_resize(m, (int)m->arr.focus, 0, cmd == CMD_WIDER ? n : -n);
		return true;
	default:
		return false;
	}
}

/* --- how things are shown -------------------------------------------------------------- */

int
views_columns_meant(const struct model *m, const char **text)
{
	size_t n = strcspn(*text, ": ,");
	int here = m->arr.focus == PANE_TABLE ? (int)m->table.kind : COLUMNS_EVENTS;
	const char *end = *text + n + 1;
	bool tight = (*text)[n] == ':' && *end && *end != ' ';

	/* Without a blank it may be a column and its width. */
	if ((*text)[n] != ':' || (tight && *end >= '0' && *end <= '9'))
		return here;
	for (int of = 0; of < COLUMNS_OF; of++)
		if (n && !strncmp(columns_of(of), *text, n) && (!tight || !columns_of(of)[n] || column_find(here, *text, n) < 0)) {
			*text = end + strspn(end, " ");
			return of;
		}
	return tight ? here : -1;
}

static const char *
owner_at(size_t i)
{
	return i < COLUMNS_OF ? columns_of((int)i) : NULL;
}

static void
add_all_columns(struct sb *b, int of)
{
	for (int i = 0; column_name(of, i); i++)
		sb_printf(b, " %s", column_name(of, i));
}

/* Chosen by names, or none: the usual ones. */
static void
set_columns(struct model *m, const char *arg)
{
	const char *names = arg, *wrong = arg;
	int of = views_columns_meant(m, &names);
	enum columns_fault fault;
	char all[200] = "";
	struct sb b = sb_on(all, sizeof all);
	size_t at;

	if (of < 0) {
		names_say_none(m, "table", arg, strcspn(arg, ":"), owner_at);
		return;
	}
	add_all_columns(&b, of);
	fault = columns_parse(of, &m->columns[of], names, &wrong);
	at = (size_t)(wrong - arg);
	if (fault == COLUMNS_UNKNOWN)
		model_say_fault(m, arg, at, strcspn(wrong, " ,:"), "no column of %s; there are:%s", columns_of(of), all);
	else if (fault == COLUMNS_TWICE)
		model_say_fault(m, arg, at, strcspn(wrong, " ,:"), "this column of %s comes twice", columns_of(of));
	else if (fault == COLUMNS_WIDTH)
		model_say_fault(m, arg, at, strcspn(wrong, " ,"), "a width is a number from 1 to %d", COLUMNS_WIDEST);
	else if (!m->columns[of].chosen)
		model_say(m, ST_TEXT, "the usual columns of %s; there are:%s", columns_of(of), all);
}

void
views_note_columns(struct model *m, int of)
{
	char text[COLUMNS_MOST * 24];
	struct sb b = sb_on(text, sizeof text);

	sb_printf(&b, "%s: ", columns_of(of));
	columns_text(of, &m->columns[of], &b);
	script_note_word(m, CMD_COLUMNS, text);
}

static void
set_times(struct model *m, enum time_mode mode)
{
	static const char *const says[] = { "since the first event", "since the event before", "of the wall clock",
		"of the trace's own clock, in nanoseconds", "since mark a" };

	m->time_mode = mode;
	model_say(m, ST_TEXT, "times are those %s%s", says[mode],
		mode == TIME_MARK && !trail_mark(&m->trail, 'a') ? ", which is not set: ma sets it" : "");
}

static void
set_mouse(struct model *m, bool on)
{
	m->mouse = on;
	model_say(m, ST_TEXT, on ? "the mouse is for the panes" : "the mouse is for selecting text");
}

static bool
do_shown(struct model *m, enum cmd cmd)
{
	switch (cmd) {
	case CMD_COLUMNS:
		set_columns(m, "");
		return true;
	case CMD_TIME:
		set_times(m, (enum time_mode)((m->time_mode + 1) % TIME_MODES));
		return true;
	case CMD_MOUSE:
		set_mouse(m, !m->mouse);
		return true;
	default:
		return false;
	}
}

/* --- keys that wait for another ------------------------------------------------------ */

static void
ask(struct model *m, enum cmd cmd)
{
	char text[200];
	struct sb b = sb_on(text, sizeof text);

	m->waits = cmd;
	if (cmd != CMD_VIEW && cmd != CMD_SPLIT) {
		model_say(m, ST_TEXT, cmd == CMD_MARK ? "mark: a letter" : "to mark: its letter; ' goes back");
		return;
	}
	/* The letter in brackets where it stands in the name. */
	for (int i = 0; i < PANES; i++) {
		const char *name = pane_name((enum pane_id)i), *at = strchr(name, pane_letter((enum pane_id)i));

		sb_printf(&b, "%s%.*s[%c]%s", i ? " " : cmd == CMD_SPLIT ? "beside this: " : "open: ", (int)(at - name), name, *at, at + 1);
	}
	model_say(m, ST_TEXT, "%s", text);
}

static void
to_pane(struct model *m, enum cmd cmd, enum pane_id id)
{
	if (cmd == CMD_CLOSE)
		close_pane(m, id);
	else if (cmd == CMD_COPY)
		copy_pane(m, id);
	else if (cmd == CMD_SPLIT)
		views_split(m, (int)id);
	else
		views_open(m, (int)id);
}

static void
to_letter(struct model *m, enum cmd cmd, int letter)
{
	cmd == CMD_MARK ? set_mark(m, letter) : to_mark(m, letter);
}

/* The letter that a command waited for. */
static void
with_letter(struct model *m, enum cmd cmd, int letter)
{
	int id = 0;

	if (cmd == CMD_MARK || cmd == CMD_TO_MARK) {
		script_note_word(m, cmd, (char[]){ (char)letter, 0 });
		to_letter(m, cmd, letter);
		return;
	}
	if (cmd == CMD_ANSWER) {
		script_note_word(m, cmd, (char[]){ (char)letter, 0 });
		learn_answer(m, letter >= '0' && letter <= '9' ? (uint64_t)(letter - '0') : 0);
		return;
	}
	while (id < PANES && pane_letter((enum pane_id)id) != letter)
		id++;
	if (cmd == CMD_SPLIT && letter == '|')
		id = m->arr.focus;
	if (id == PANES)
		return;
	script_note_word(m, cmd, pane_name((enum pane_id)id));
	to_pane(m, cmd, (enum pane_id)id);
}

/* What takes an argument goes on at the prompt, even if it may be left out: without, it may undo what was set (as filter does). */
static void
take_from_palette(struct model *m, enum cmd cmd)
{
	const struct cmd_row *row = cmd_row(cmd);

	if (*cmd_arg_form(row->arg)) {
		snprintf(m->begin, sizeof m->begin, "%s ", row->name);
		m->prompt = (struct prompt_view){ .kind = ':' };
		m->effect = EFFECT_PROMPT;
	} else {
		script_note_line(m, ':', row->name);
		model_line(m, ':', row->name);
	}
}

/* The user's own keys; one that is for a command alone takes a number, as others do. */
static bool
own_key(struct model *m, ui_key key)
{
	const char *line = m->prompt.kind ? NULL : settings_key(m, key);
	bool many;

	if (!line)
		return false;
	m->message[0] = 0;
	if (line[strcspn(line, " ;")]) {
		script_note_line(m, ':', line);
		model_line(m, ':', line);
	} else {
		uint64_t was = m->cursor, count = m->has_prefix ? m->prefix : 0;
		enum cmd cmd = cmd_find(line, strlen(line), &many);

		model_do(m, cmd, count);
		script_note(m, cmd, count, was);
	}
	m->has_prefix = false;
	return true;
}

bool
views_key(struct model *m, ui_key key)
{
	enum cmd cmd = m->waits;

	m->origins.wanted = false;
	m->family.want = CMD_NONE;
	m->table.opens = false;
	m->script.doing = false;
	script_note_input(m);
	if (script_waits(m))
		script_drop(m);
	if (m->palette.open) {
		if (palette_key(&m->palette, key, &cmd) && cmd != CMD_NONE)
			take_from_palette(m, cmd);
		return true;
	}
	if (cmd == CMD_NONE)
		return own_key(m, key);
	m->waits = CMD_NONE;
	m->message[0] = 0;
	if (key == K_ESC || key == ('C' & K_CTRL))
		return true;
	with_letter(m, cmd, key > ' ' && key < 127 ? (int)key : ' ');
	script_heed(m);
	return true;
}

static const char *
pane_at(size_t i)
{
	return i < PANES ? pane_name((enum pane_id)i) : NULL;
}

bool
views_line(struct model *m, enum cmd cmd, const char *arg)
{
	const char *letters = "mpg", *by = strchr(letters, arg[0]);
	enum pane_id id = pane_by_name(arg, strlen(arg));
	struct link thing;

	if (settings_line(m, cmd, arg))
		return true;
	switch (cmd_row(cmd)->arg) {
	case ARG_BY:
		if (links_thing(arg, &thing)) {
			timeline_show(m, thing.res, thing.id);
			return true;
		}
		if (!by || arg[1])
			return false;
		if (!timeline_is(m->arr.focus))
			views_open(m, PANE_TIMELINE);
		timeline_by(m, (int)(by - letters));
		return true;
	case ARG_MARK:
		if (arg[1])
			return false;
		to_letter(m, cmd, arg[0]);
		return true;
	case ARG_PANE:
		if (id == PANES)
			names_say_none(m, "pane", arg, strlen(arg), pane_at);
		else
			to_pane(m, cmd, id);
		return true;
	case ARG_TABLE:
		for (int k = 0; k < CENSUS_KINDS; k++)
			if (!strncmp(census_kind_name((enum census_kind)k), arg, strlen(arg))) {
				open_table(m, k);
				return true;
			}
		return false;
	case ARG_FUNCTION:
		table_transitions(m, arg);
		return true;
	case ARG_COLUMN:
		views_open(m, PANE_TABLE);
		return table_sort_line(m, arg);
	case ARG_COLUMNS:
		set_columns(m, arg);
		return true;
	case ARG_TIMES:
		for (int i = 0; i < TIME_MODES; i++)
			if (!strncmp(time_mode_name((enum time_mode)i), arg, strlen(arg))) {
				set_times(m, (enum time_mode)i);
				return true;
			}
		return false;
	case ARG_ONOFF:
		if (strcmp(arg, "on") && strcmp(arg, "off"))
			return false;
		set_mouse(m, !strcmp(arg, "on"));
		return true;
	case ARG_LEARN:
	case ARG_LESSON:
		return learn_line(m, cmd, arg);
	case ARG_ONLY:
		views_open(m, PANE_TABLE);
		table_only(m, arg);
		return true;
	default:
		return false;
	}
}

bool
views_do(struct model *m, enum cmd cmd, uint64_t count)
{
	if (do_timeline(m, cmd, count) || do_table(m, cmd) || do_panes(m, cmd, count) ||
		do_shown(m, cmd) || do_origin(m, cmd) || family_do(m, cmd, goroutine_here(m), count) || learn_do(m, cmd, count) || settings_line(m, cmd, ""))
		return true;
	switch (cmd) {
	case CMD_BACKWARD:
	case CMD_FORWARD:
		go_back(m, cmd == CMD_FORWARD, count ? count : 1);
		return true;
	case CMD_PALETTE:
		m->help = false;
		palette_begin(&m->palette);
		return true;
	case CMD_MARKS:
		list_marks(m);
		return true;
	case CMD_COPY:
		copy_pane(m, m->arr.focus);
		return true;
	case CMD_MARK:
	case CMD_TO_MARK:
	case CMD_VIEW:
	case CMD_SPLIT:
		ask(m, cmd);
		return true;
	case CMD_OPEN:
		if (m->arr.focus == PANE_EVENTS)
			views_open(m, PANE_DETAILS);
		else
			model_say(m, ST_WAIT, "there is nothing to go to from here");
		return true;
	case CMD_LEFT:
	case CMD_RIGHT:
	case CMD_SORT_BACK:
		model_say(m, ST_WAIT, "that is for the timeline, the table and the bytes; t opens the timeline");
		return true;
	default:
		return false;
	}
}

/* --- what they need ---------------------------------------------------------------------- */

static bool
is_near(const struct model *m, const struct trail_place *a, const struct trail_place *b)
{
	uint64_t far = (uint64_t)model_list_rows(m);

	return a->apart == b->apart && a->n <= b->n + far && b->n <= a->n + far;
}

/* Whoever came from afar may want to go back there. */
void
views_note(struct model *m)
{
	struct trail_place here;

	if (m->passing && m->job.kind)
		return;
	m->passing = false;
	if (is_at(m, &m->was)) {
		m->on_trail = m->on_trail && m->job.kind;
		return;
	}
	here = model_place(m, m->cursor);
	/* Read anew, the trace is shown where one was, as far as it goes there. */
	if (!m->on_trail && !m->was.moved && !is_near(m, &m->was, &here))
		trail_leave(&m->trail, &m->was);
	m->on_trail = false;
	m->was = here;
}

/* Numbers of the first and the last generation, once they have been found. */
static void
count_generations(struct model *m)
{
	const struct gt_gen_place *p;
	size_t n;
	bool all;

	if (m->gen_last)
		return;
	p = gt_nav_gens(m->home, &n, &all);
	if (!all || !n)
		return;
	m->gen_first = p[0].number;
	m->gen_last = p[n - 1].number;
}

/* Marks of generations by themselves, once the index has come by. */
static void
settle_marks(struct model *m)
{
	for (int i = 0; i < TRAIL_MARKS; i++)
		if (m->trail.mark[i].apart)
			access_settle(m, &m->trail.mark[i]);
}

/*
 * Marks whose numbers are others by now, and not near enough to be found at once: they are gone to by their place in the file,
 * and when one is there the numbers are known.
 */
static void
meet_marks(struct model *m)
{
	for (int i = 0; i < TRAIL_MARKS && !m->was.moved && !m->was.apart && !m->job.kind; i++)
		if (m->trail.mark[i].moved && trail_same(&m->trail.mark[i], &m->was))
			m->trail.mark[i] = m->was;
}

void
views_prepare(struct model *m)
{
	settle_marks(m);
	views_note(m);
	meet_marks(m);
	count_generations(m);
	if (!m->origins.wanted)
		origins_of(&m->origins, goroutine_here(m), m->cursor);
	pane_timeline_make(m);
	if (visible(m, PANE_TABLE))
		pane_table_make(m);
	pane_stack_follow(m);
	if (visible(m, PANE_STRINGS))
		pane_strings_make(m);
	if (visible(m, PANE_WHY))
		pane_why_make(m);
	if (m->lesson.seen < m->cursor && !m->job.kind)
		m->lesson.seen = m->cursor;
	if (visible(m, PANE_LESSON))
		pane_lesson_make(m);
}

bool
views_counted(const struct model *m)
{
	bool all;

	return census_done(m->census) || (m->arrival.on && census_events(m->census) >= gt_nav_known(m->home, &all) && !all);
}

void
views_add_read(const struct model *m, struct sb *b)
{
	uint64_t read = census_events(m->census), all;
	bool known;

	sb_add(b, "read to event ");
	fmt_count(b, read);
	/* It reads all of the trace, whatever is shown. */
	all = gt_nav_known(m->home, &known);
	if (all && known)
		sb_printf(b, ", %d%%", (int)((double)read / (double)all * 100));
}

bool
views_wanted(const struct model *m)
{
	return m->origins.wanted || m->family.want != CMD_NONE || m->table.opens;
}

bool
views_busy(const struct model *m)
{
	return !origins_done(&m->origins) || views_wanted(m) || timeline_busy(m) || access_seeks_marks(m) ||
		(visible(m, PANE_TABLE) && (m->table.sorting || !views_counted(m)));
}

bool
views_work(struct model *m, bool (*stop)(void *arg), void *arg)
{
	m->table.opens &= visible(m, PANE_TABLE);
	if (!origins_done(&m->origins) || m->origins.wanted) {
		origins_work(&m->origins, m->nav, stop, arg);
		go_to_origin(m);
		return true;
	}
	if (m->family.want != CMD_NONE) {
		family_work(m, stop, arg);
		return true;
	}
	if (timeline_work(m, stop, arg))
		return true;
	if (access_seeks_marks(m)) {
		access_seek_marks(m, stop, arg);
		return true;
	}
	if (visible(m, PANE_TABLE) && table_work(m, stop, arg))
		return true;
	if (m->table.opens && table_ready(m)) {
		table_open(m);
		return true;
	}
	return visible(m, PANE_TABLE) && census_work(m->census, m->home, m->arrival.on, stop, arg);
}

void
views_moved(struct model *m)
{
	timeline_moved(m);
	m->origins = (struct origins){ .g = GT_NONE };
	m->gen_first = m->gen_last = 0;
}

void
views_clear(struct model *m)
{
	why_view_free(&m->why);
	trail_move(&m->trail);
	m->was.moved = true;
	m->family.want = CMD_NONE;
	kin_of(&m->time.kin, GT_NONE, 0);
	census_clear(m->census);
	table_clear(m);
}
