/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands do: see commands.def. */
#include "model.h"
#include "names.h"
#include "script.h"
#include "session.h"
#include "topics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- panes ----------------------------------------------------------------- */

static void
next_pane(struct model *m, int step)
{
	for (int i = 0; i < PANES; i++) {
		m->arr.focus = (enum pane_id)(((int)m->arr.focus + step + PANES) % PANES);
		if (m->arr.maximized || m->lay.pane[m->arr.focus].h > 0)
			return;
	}
}

static void
toggle_fold(struct model *m)
{
	if (m->arr.focus == PANE_EVENTS)
		model_say(m, ST_WAIT, "the list of events stays; Tab goes to another pane");
	else
		m->arr.folded ^= 1u << m->arr.focus;
	m->made_for = 0;
}

static void
scroll_list(struct model *m, bool up, uint64_t count)
{
	m->loose = true;
	if (query_hides(m))
		query_scroll(m, up, count);
	else if (up)
		m->top = m->top > count ? m->top - count : 1;
	else
		m->top += count;
}

/* The keys that scroll from afar: the context where that has the keys, else the details. */
static void
scroll_far(struct model *m, bool up, uint64_t count)
{
	enum pane_id id = m->arr.focus == PANE_CONTEXT ? PANE_CONTEXT : PANE_DETAILS;

	pane_command(m, id, up ? CMD_UP : CMD_DOWN, count);
}

static void
centre(struct model *m)
{
	uint64_t half = (uint64_t)model_list_rows(m) / 2;

	m->top = m->cursor > half ? m->cursor - half : 1;
	m->loose = false;
}

/* A page moves the list and the cursor in it alike. */
static void
page(struct model *m, bool back, uint64_t rows)
{
	uint64_t at = m->cursor;

	if (query_hides(m)) {
		model_find(m, SEEK_FILTER, back, rows);
		return;
	}
	model_move(m, back, rows);
	if (back)
		m->top = m->top > at - m->cursor ? m->top - (at - m->cursor) : 1;
	else if (m->cursor > at)
		m->top += m->cursor - at;
}

static void
quit(struct model *m)
{
	enum pane_id id = m->arr.focus;
	enum cmd done = m->help ? CMD_NONE : m->arr.maximized ? CMD_MAXIMIZE : CMD_CLOSE;

	if (m->help)
		m->help = false;
	else if (m->arr.maximized)
		m->arr.maximized = false;
	else if (m->script.held || !arrangement_pop(&m->arr))
		m->effect = m->lesson.of ? EFFECT_LEAVE : EFFECT_QUIT;
	if (m->effect == EFFECT_NONE)
		script_note_left(m, done, id);
	m->made_for = 0;
}

static void
cancel(struct model *m)
{
	if (m->job.kind || m->script.text)
		model_cancel(m);
	else if (m->arrival.tail)
		arrival_end_tail(m);
	else if (m->help)
		m->help = false;
	else
		m->message[0] = 0;
}

static void
prompt(struct model *m, char kind)
{
	m->prompt = (struct prompt_view){ .kind = kind };
	m->effect = EFFECT_PROMPT;
}

/* --- commands ------------------------------------------------------------------ */

/* Moves of the current event. */
static bool
do_move(struct model *m, enum cmd cmd, uint64_t count)
{
	uint64_t n = count ? count : 1, h = (uint64_t)model_list_rows(m);
	enum seek what;

	switch (cmd) {
	case CMD_STEP:
	case CMD_DOWN:
	case CMD_BACK:
	case CMD_UP:
		if (query_steps(m, cmd, &what))
			model_find(m, what, cmd == CMD_BACK || cmd == CMD_UP, n);
		else
			model_move(m, cmd == CMD_BACK || cmd == CMD_UP, n);
		return true;
	case CMD_PAGE_DOWN:
	case CMD_PAGE_UP:
		page(m, cmd == CMD_PAGE_UP, n * (h > 2 ? h - 1 : 1));
		return true;
	case CMD_HALF_DOWN:
	case CMD_HALF_UP:
		page(m, cmd == CMD_HALF_UP, n * (h > 2 ? h / 2 : 1));
		return true;
	case CMD_FIRST:
	case CMD_GOTO:
		model_goto(m, &(struct where){ .kind = WHERE_EVENT, .n = count ? count : 1 });
		return true;
	case CMD_TAIL:
		arrival_tail(m);
		return true;
	case CMD_FAULT:
		model_go_end(m, true);
		return true;
	case CMD_LAST:
		count ? model_goto(m, &(struct where){ .kind = WHERE_EVENT, .n = count }) : model_go_end(m, false);
		return true;
	default:
		return false;
	}
}

/* What is seen of it. */
static bool
do_view(struct model *m, enum cmd cmd, uint64_t count)
{
	uint64_t n = count ? count : 1;

	switch (cmd) {
	case CMD_CENTRE:
		centre(m);
		return true;
	case CMD_LIST_DOWN:
	case CMD_LIST_UP:
		scroll_list(m, cmd == CMD_LIST_UP, n);
		return true;
	case CMD_PANE_NEXT:
	case CMD_PANE_BACK:
		next_pane(m, cmd == CMD_PANE_NEXT ? 1 : -1);
		return true;
	case CMD_MAXIMIZE:
		m->arr.maximized = !m->arr.maximized;
		m->made_for = 0;
		return true;
	case CMD_FOLD:
		toggle_fold(m);
		return true;
	case CMD_SCROLL_DOWN:
	case CMD_SCROLL_UP:
		scroll_far(m, cmd == CMD_SCROLL_UP, n);
		return true;
	case CMD_HELP:
		m->help = !m->help;
		m->topic[0] = 0;
		m->help_top = 0;
		return true;
	default:
		return false;
	}
}

static void
do_rest(struct model *m, enum cmd cmd)
{
	switch (cmd) {
	case CMD_FIND:
		prompt(m, '/');
		break;
	case CMD_PROMPT:
		prompt(m, ':');
		break;
	case CMD_CANCEL:
		cancel(m);
		break;
	case CMD_REDRAW:
		m->effect = EFFECT_REDRAW;
		break;
	case CMD_EVENT:
		views_open(m, PANE_DETAILS);
		break;
	case CMD_STATE:
		views_open(m, PANE_CONTEXT);
		break;
	case CMD_FRONTIER:
		views_open(m, PANE_FRONTIER);
		break;
	case CMD_WHY:
		why_open(m);
		break;
	case CMD_QUIT:
		quit(m);
		break;
	case CMD_QUIT_ALL:
		m->effect = EFFECT_QUIT;
		break;
	case CMD_SUSPEND:
		m->effect = EFFECT_SUSPEND;
		break;
	default:
		break;
	}
}

void
model_do(struct model *m, enum cmd cmd, uint64_t count)
{
	bool taken = m->help ? pane_help.command(m, cmd, count) : pane_command(m, m->arr.focus, cmd, count);

	if (taken || views_do(m, cmd, count))
		return;
	if (!do_view(m, cmd, count) && !do_move(m, cmd, count) && !query_do(m, cmd, count))
		do_rest(m, cmd);
}

enum effect
model_key(struct model *m, ui_key key)
{
	uint64_t count = m->has_prefix ? m->prefix : 0, was = m->cursor;
	enum cmd cmd;

	m->effect = EFFECT_NONE;
	m->why.acted = true;
	if (views_key(m, key))
		return m->effect;
	if ((key >= '1' && key <= '9') || (key == '0' && m->has_prefix)) {
		m->prefix = count < UINT64_MAX / 100 ? count * 10 + (uint64_t)(key - '0') : count;
		m->has_prefix = true;
		return EFFECT_NONE;
	}
	m->has_prefix = false;
	cmd = key_command(key);
	/* A key that is held down must not begin its search anew again and again. */
	if (!count && query_goes_on(m, cmd))
		return EFFECT_NONE;
	if (cmd != CMD_CANCEL)
		m->message[0] = 0;
	/* Whoever goes elsewhere no longer wants to go where they were going. */
	if (m->job.kind && cmd != CMD_CANCEL)
		m->job.kind = JOB_NONE;
	if (cmd == CMD_NONE)
		model_say(m, ST_WAIT, "that key does nothing; ? helps");
	else
		model_do(m, cmd, count);
	script_note(m, cmd, count, was);
	return m->effect;
}

/* --- lines of the prompt -------------------------------------------------------------- */

static bool
go_where(struct model *m, const char *text)
{
	struct where w;

	if (!where_parse(text, &w))
		return false;
	model_goto(m, &w);
	return true;
}

static const char *
model_name(size_t i)
{
	struct gt_model rules;

	return gt_model_at(&rules, i) ? rules.name : NULL;
}

static void
set_model(struct model *m, const char *name)
{
	struct gt_model rules;

	if (gt_model_get(&rules, name))
		model_set_rules(m, &rules);
	else
		names_say_none(m, "rule set", name, strlen(name), model_name);
}

static void
require(struct model *m, const char *text)
{
	struct gt_model rules = *gt_nav_model(m->nav);
	const char *wrong = "";

	if (!gt_model_require(&rules, text, &wrong)) {
		model_say(m, ST_BAD, "%s: %s", text, wrong);
		return;
	}
	model_set_rules(m, &rules);
}

static const char *
table_kind(size_t i)
{
	return i < CENSUS_KINDS ? census_kind_name((enum census_kind)i) : NULL;
}

static const char *
times_kind(size_t i)
{
	return i < TIME_MODES ? time_mode_name((enum time_mode)i) : NULL;
}

/* A page on anything that has a name. */
static void
help_on(struct model *m, const char *name)
{
	size_t n = strlen(name);
	bool quoted = n > 2 && name[0] == '"' && name[n - 1] == '"';
	ui_key key;

	name += quoted;
	n -= quoted ? 2 : 0;
	key = key_by_name(name, n);
	snprintf(m->topic, sizeof m->topic, "%.*s", n < sizeof m->topic ? (int)n : (int)sizeof m->topic - 1, name);
	m->help = true;
	m->help_top = 0;
	pane_help_make(m);
	if (m->help_lines.n)
		return;
	m->help = false;
	if (key != K_NONE)
		model_say(m, ST_TEXT, "%s is bound to nothing; :key %s COMMAND binds it", m->topic, m->topic);
	else
		names_say_none(m, "help on", name, n, topic_name);
}

/* What there is to choose from; NULL: it can't be listed. */
static names_fn *
names_of(enum cmd_arg arg)
{
	return arg == ARG_TABLE ? table_kind : arg == ARG_TIMES ? times_kind : NULL;
}

static void
wrong_argument(struct model *m, const struct cmd_row *row, const char *arg)
{
	const char *form = cmd_arg_form(row->arg);
	names_fn *names = names_of(row->arg);

	if (row->arg == ARG_NONE)
		model_say(m, ST_BAD, ":%s takes no argument", row->name);
	else if (!*arg)
		model_say(m, ST_BAD, ":%s needs %s (:%s %s)", row->name, cmd_arg_is(row->arg), row->name, form);
	else if (names)
		names_say_none(m, row->name, arg, strlen(arg), names);
	else
		model_say(m, ST_BAD, "\"%.60s\" is not %s (:%s %s)", arg, cmd_arg_is(row->arg), row->name, form);
}

/* A file below the home folder, as shells have it. */
static const char *
at_home(const char *arg, char *path, size_t cap)
{
	const char *home = strncmp(arg, "~/", 2) ? NULL : getenv("HOME");

	if (!home || !*home || (size_t)snprintf(path, cap, "%s%s", home, arg + 1) >= cap)
		return arg;
	return path;
}

/* What can't be done without an argument. */
static bool
lacks(const struct model *m, enum cmd cmd)
{
	enum cmd_arg arg = cmd_row(cmd)->arg;
	const char *form = cmd_arg_form(arg);

	/* A letter may be the next key, but in a script there is none. */
	if (arg == ARG_MARK || cmd == CMD_VIEW || cmd == CMD_SPLIT)
		return m->script.held || m->script.doing;
	/* Alone, goto goes nowhere, and record ends. */
	return cmd == CMD_GOTO || (*form && *form != '[' && cmd != CMD_FIND && cmd != CMD_RECORD);
}

/* How many times; false: never, or more often than can be counted. */
static bool
read_count(struct model *m, const char *arg, uint64_t *n)
{
	errno = 0;
	*n = strtoull(arg, NULL, 10);
	if (*n && !errno)
		return true;
	model_say(m, ST_BAD, *n ? "%.60s is more than can be counted" : "%.60s is no count: 1 is the least", arg);
	return false;
}

static void
do_line(struct model *m, enum cmd cmd, const char *arg)
{
	const struct cmd_row *row = cmd_row(cmd);
	char path[4096];
	bool number = (row->arg == ARG_COUNT || row->arg == ARG_SEEK) && *arg && strspn(arg, "0123456789") == strlen(arg);
	uint64_t count = 0;

	if (number && !read_count(m, arg, &count))
		return;
	if (row->arg == ARG_FILE || row->arg == ARG_WRITE)
		arg = at_home(arg, path, sizeof path);
	if (whatif_line(m, cmd, arg) || query_command(m, cmd, arg) || script_command(m, cmd, arg) || session_command(m, cmd, arg) ||
		(*arg && views_line(m, cmd, arg)))
		return;
	if (!*arg && lacks(m, cmd))
		wrong_argument(m, row, arg);
	else if (!*arg)
		model_do(m, cmd, 0);
	else if (row->arg == ARG_MODEL)
		set_model(m, arg);
	else if (row->arg == ARG_RULE)
		require(m, arg);
	else if (row->arg == ARG_COMMAND)
		help_on(m, arg);
	else if (number)
		model_do(m, cmd, count);
	else if (row->arg != ARG_WHERE || !go_where(m, arg))
		wrong_argument(m, row, arg);
}

/* A command that there is not: one that is written nearly so, several that begin so, or a place. */
static void
no_command(struct model *m, const char *word, size_t n, bool many)
{
	char near[300];
	struct sb b = sb_on(near, sizeof near);

	near[0] = 0;
	if (strchr("0123456789@+-", *word))
		wrong_argument(m, cmd_row(CMD_GOTO), word);
	else if (!many)
		names_say_none(m, "command", word, n, cmd_name);
	else {
		for (size_t i = 0; cmd_name(i); i++)
			if (!strncmp(cmd_name(i), word, n))
				sb_printf(&b, "%s%s", b.n ? ", " : "", cmd_name(i));
		model_say(m, ST_BAD, "\"%.*s\" could be several commands: %s", (int)n, word, near);
	}
}

static void
take_line(struct model *m, char kind, const char *text)
{
	const char *rest = text + strspn(text, " :");
	char line[COMMAND_MAX];
	size_t n, word;
	bool many;
	enum cmd cmd;

	m->effect = EFFECT_NONE;
	m->why.acted = true;
	m->judged = false;
	m->message[0] = 0;
	if (kind == '/') {
		query_search(m, false, text);
		return;
	}
	if (!script_next(&rest, line, sizeof line))
		return;
	if (rest[strspn(rest, "; ")])
		script_queue(m, rest);
	n = strlen(line);
	/* Alone, "end" is the command, which is about the pane with the keys. */
	if (strcmp(line, "end") && go_where(m, line))
		return;
	word = strcspn(line, " ");
	cmd = cmd_find(line, word, &many);
	if (cmd == CMD_NONE && strspn(line + (*line == '+' || *line == '-'), "0123456789") == n - (*line == '+' || *line == '-'))
		model_say(m, ST_BAD, "no trace has an event %s", line);
	else if (cmd == CMD_NONE)
		no_command(m, line, word, many);
	else if (!script_defer(m, cmd, line))
		do_line(m, cmd, line + word + strspn(line + word, " "));
}

void
model_line(struct model *m, char kind, const char *text)
{
	take_line(m, kind, text);
	script_heed(m);
}
