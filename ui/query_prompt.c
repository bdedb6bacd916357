/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions while they are typed: what is wrong with them, and what could follow. See query.h. */
#include "query.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "match.h"
#include "model.h"
#include "script.h"

/* How long a completion may read a trace. */
#define READ_NS 50000000

/* The command of a line, and where its argument begins; false: there is no argument. */
static bool
argument(const char *line, enum cmd *cmd, size_t *from)
{
	size_t name = strspn(line, " :"), word = strcspn(line + name, " ");
	bool many;

	*cmd = cmd_find(line + name, word, &many);
	*from = name + word + strspn(line + name + word, " ");
	return line[name + word] != 0;
}

/* Where the expression of a line begins; false: it has none. */
static bool
expression(char kind, const char *line, size_t *from)
{
	enum cmd_arg arg;
	enum cmd cmd;

	*from = 0;
	if (kind == '/')
		return true;
	if (!argument(line, &cmd, from))
		return false;
	arg = cmd_row(cmd)->arg;
	return arg == ARG_EXPR || arg == ARG_SEEK || arg == ARG_TEXT;
}

/* What else has a form of its own. */
static void
check_others(char kind, const char *line, struct line_verdict *out)
{
	enum cmd cmd;
	size_t from, at;

	if (kind != ':' || !argument(line, &cmd, &from) || !whatif_check(cmd, line + from, &at, out->note, sizeof out->note))
		return;
	out->kind = line[from + at] ? LINE_WRONG : LINE_OPEN;
	out->at = from + at;
}

static void
check_command(char kind, const char *line, struct line_verdict *out)
{
	struct gt_expr_error err;
	struct gt_expr *e;
	size_t from;
	const char *text;
	bool search;

	*out = (struct line_verdict){ .kind = LINE_PLAIN };
	if (!expression(kind, line, &from)) {
		check_others(kind, line, out);
		return;
	}
	text = line + from;
	search = kind == '/' || cmd_takes_text(line);
	if (!*text || (!search && strspn(text, "0123456789") == strlen(text)))
		return;
	if (search && query_is_text(text)) {
		out->kind = LINE_TEXT;
		snprintf(out->note, sizeof out->note, "a text");
		return;
	}
	e = gt_expr_new(text, strlen(text), &matcher, &err);
	gt_expr_free(e);
	out->kind = e ? LINE_RIGHT : search && !err.meant ? LINE_TEXT : err.at + err.n >= strlen(text) ? LINE_OPEN : LINE_WRONG;
	out->at = from + (e ? 0 : err.at);
	if (!e)
		snprintf(out->note, sizeof out->note, "%s%s", out->kind == LINE_TEXT ? "as a text; " : "", err.text);
}

void
query_check(char kind, const char *line, struct line_verdict *out)
{
	size_t from = kind == ':' ? script_last(line) : 0;

	check_command(kind, line + from, out);
	out->at += from;
}

/* --- completion ------------------------------------------------------------------- */

struct offers {
	char (*out)[CMD_NAME_MAX];
	size_t n, cap;
};

static void
add(struct offers *o, const char *word)
{
	if (strlen(word) >= CMD_NAME_MAX)
		return;
	for (size_t i = 0; i < o->n && i < o->cap; i++)
		if (!strcmp(o->out[i], word))
			return;
	if (o->n < o->cap)
		snprintf(o->out[o->n], CMD_NAME_MAX, "%s", word);
	o->n++;
}

static void
add_word(void *arg, const char *word, const char *what)
{
	(void)what;
	add(arg, word);
}

/*
 * A text of the trace in quotes, as it stands in a pattern and as it may be typed there: what means something in a pattern
 * is escaped, or is not. False: it can't be written so.
 */
static bool
quote(struct gt_str s, bool pattern, char out[CMD_NAME_MAX], char plain[CMD_NAME_MAX])
{
	size_t n = s.n > 0 && s.n < CMD_NAME_MAX ? gt_quote(s, plain, CMD_NAME_MAX) : CMD_NAME_MAX, len = 0;

	/* What is not printable, or is a quote itself, would have a backslash before it. */
	if (n >= CMD_NAME_MAX || strchr(plain, '\\'))
		return false;
	for (size_t i = 0; i < n && len < CMD_NAME_MAX - 1; i++) {
		if (pattern && strchr("()[]{}*+?.^$|", plain[i]))
			out[len++] = '\\';
		out[len++] = plain[i];
	}
	out[len < CMD_NAME_MAX ? len : 0] = 0;
	return len < CMD_NAME_MAX;
}

/* What stands before a value, in "field ==", "field in (1,": the field, and whether it is matched with a pattern. */
struct before {
	const char *field;
	size_t n;
	bool pattern;
};

static size_t
skip_back(const char *line, size_t at, const char *what)
{
	while (at > 0 && strchr(what, line[at - 1]))
		at--;
	return at;
}

static struct before
before_value(const char *line, size_t at)
{
	struct before b = { .field = line };
	size_t end;

	at = skip_back(line, at, " ");
	if (at > 0 && strchr("(,", line[at - 1])) {
		while (at > 0 && line[--at] != '(')
			;
		at = skip_back(line, at, " ");
	}
	b.pattern = at > 0 && line[at - 1] == '~';
	end = skip_back(line, at, "=!~");
	if (end == at && at > 2 && !strncmp(line + at - 2, "in", 2))
		end -= 2;
	end = at = skip_back(line, end, " ");
	while (at > 0 && !strchr(" (!", line[at - 1]))
		at--;
	b.field = line + at;
	b.n = end - at;
	return b;
}

static bool
is_field(const struct before *b, const char *name)
{
	return b->n == strlen(name) && !strncmp(b->field, name, b->n);
}

/* Files and functions, which are no names of anything else, nor reasons. */
static bool
is_of_code(struct gt_str s)
{
	return s.p[0] == '/' || (memchr(s.p, '.', s.n) && !memchr(s.p, ' ', s.n));
}

/* One that begins as the text does, which may have no quote yet. */
static void
add_text(struct offers *o, struct gt_str s, const char *begin, bool pattern)
{
	char text[CMD_NAME_MAX], plain[CMD_NAME_MAX];
	bool open = *begin == '"';
	size_t n = strlen(begin);

	if (quote(s, pattern, text, plain) && (!strncmp(text + !open, begin, n) || !strncmp(plain + !open, begin, n)))
		add(o, text);
}

/* Names of tasks that are open, and of tasks and regions so far as the tables have been made. */
static void
add_names(const struct model *m, struct offers *o, const char *begin, bool pattern)
{
	const struct gt_state *state = gt_nav_state(m->nav);
	struct gt_task task;

	for (size_t i = 0; i < gt_task_count(state); i++)
		if (gt_task_at(state, i, &task))
			add_text(o, task.name, begin, pattern);
	for (size_t i = 0; i < census_count(m->census, CENSUS_TASKS); i++)
		add_text(o, census_task(m->census, i)->name, begin, pattern);
	for (size_t i = 0; i < census_count(m->census, CENSUS_REGIONS); i++)
		add_text(o, census_region(m->census, i)->name, begin, pattern);
}

/* The strings of the generation that begin as the text does, and may be values of the field. */
static void
add_strings(struct model *m, struct offers *o, const char *begin, const struct before *b)
{
	const struct row *row = query_row(m, m->cursor);
	bool names = is_field(b, "name"), no_code = names || is_field(b, "reason");
	struct gt_gen_counts counts;

	if (names)
		add_names(m, o, begin, b->pattern);
	if (!row || !row->ev.gen)
		return;
	gt_gen_counts(row->ev.gen, &counts);
	/* They are numbered from 1, with few gaps or none. */
	for (uint64_t id = 1; id <= counts.strings + 16 && o->n < o->cap; id++) {
		struct gt_str s;

		if (gt_gen_string(row->ev.gen, id, &s) && s.n > 0 && !(no_code && is_of_code(s)))
			add_text(o, s, begin, b->pattern);
	}
}

/* --- those in play --- */

/* As a number, or as it is shown if a letter was typed. */
static void
add_id(struct offers *o, enum gt_res res, int64_t id, const char *begin)
{
	bool letter = (*begin | 32) == "mpg"[res];
	char text[CMD_NAME_MAX];

	if (id == GT_NONE)
		return;
	snprintf(text, sizeof text, "%.*s%" PRId64, letter, begin, id);
	if (!strncmp(text, begin, strlen(begin)))
		add(o, text);
}

/* Of the current event, and then of the threads. */
static void
add_ids(struct model *m, struct offers *o, enum gt_res res, const char *begin)
{
	static const enum gt_argtype types[] = { [GT_M] = GT_ARG_M, [GT_P] = GT_ARG_P, [GT_G] = GT_ARG_G };
	const struct row *row = query_row(m, m->cursor);
	const struct gt_state *state = gt_nav_state(m->nav);
	struct gt_m t;

	if (row) {
		const struct gt_spec *spec = gt_spec(row->ev.type);

		add_id(o, res, res == GT_M ? row->ev.m : res == GT_P ? row->ev.p : row->ev.g, begin);
		for (unsigned i = 0; i < spec->nargs && !row->ev.part; i++)
			if (spec->arg[i].type == types[res])
				add_id(o, res, (int64_t)row->ev.arg[i], begin);
	}
	for (size_t i = 0; i < gt_m_count(state); i++)
		if (gt_m_at(state, i, &t))
			add_id(o, res, res == GT_M ? t.id : res == GT_P ? t.p : t.g, begin);
}

static void
add_values(struct model *m, struct offers *o, enum gt_expr_values values, const char *line, size_t from)
{
	struct before b = before_value(line, from);

	switch (values) {
	case GT_VALUES_NONE:
		return;
	case GT_VALUES_TEXTS:
		add_strings(m, o, line + from, &b);
		return;
	case GT_VALUES_M:
	case GT_VALUES_P:
	case GT_VALUES_G:
		add_ids(m, o, (enum gt_res)(GT_M + values - GT_VALUES_M), line + from);
	}
}

/* --- columns and functions --- */

/* Where the last word of some begins. */
static size_t
skip_to_word(const char *words)
{
	size_t n = strlen(words);

	while (n > 0 && !strchr(" ,", words[n - 1]))
		n--;
	return n;
}

static void
add_column_names(struct offers *o, int of, const char *word)
{
	for (int i = 0; column_name(of, i); i++)
		if (!strncasecmp(column_name(of, i), word, strlen(word)))
			add(o, column_name(of, i));
}

/* Whose columns they are comes first, if it is told. */
static void
add_columns(const struct model *m, struct offers *o, const char *arg, const char *word)
{
	const char *names = arg;
	int of = views_columns_meant(m, &names);
	char owner[CMD_NAME_MAX];

	if (of >= 0)
		add_column_names(o, of, word);
	for (int i = 0; word == arg && i < COLUMNS_OF; i++) {
		snprintf(owner, sizeof owner, "%s: ", columns_of(i));
		if (!strncmp(owner, word, strlen(word)))
			add(o, owner);
	}
}

struct begun {
	struct offers *offers;
	const char *word;
};

/* One that begins so, and can be typed. */
static void
add_function(void *arg, struct gt_str name)
{
	const struct begun *b = arg;
	char text[CMD_NAME_MAX];
	size_t n = gt_quote(name, text, sizeof text);

	if (n >= sizeof text || strchr(text, '\\') || strncmp(text + 1, b->word, strlen(b->word)) != 0)
		return;
	text[n - 1] = 0;
	add(b->offers, text + 1);
}

static bool
time_is_up(void *until)
{
	return views_now() >= *(int64_t *)until;
}

/* Start functions of what has been read; where nobody has, of what can be read at once. */
static void
add_functions(struct model *m, struct offers *o, const char *word)
{
	int64_t until = views_now() + READ_NS;

	while (!views_counted(m) && !time_is_up(&until) && census_work(m->census, m->home, m->arrival.on, time_is_up, &until))
		;
	census_functions(m->census, add_function, &(struct begun){ o, word });
}

/* What may stand there of what is shown, or of the trace. False: the command takes something else. */
static bool
complete_shown(struct model *m, const char *line, size_t *from, struct offers *o)
{
	enum cmd cmd;
	size_t begin;
	const char *last;

	if (!argument(line, &cmd, &begin))
		return false;
	last = line + begin + skip_to_word(line + begin);
	switch (cmd_row(cmd)->arg) {
	case ARG_COLUMNS:
		add_columns(m, o, line + begin, last);
		break;
	case ARG_COLUMN:
		if (last != line + begin)
			return false;
		add_column_names(o, (int)m->table.kind, last);
		break;
	case ARG_FUNCTION:
		last = line + begin;
		add_functions(m, o, last);
		break;
	default:
		return false;
	}
	*from = (size_t)(last - line);
	return true;
}

size_t
query_complete(struct model *m, char kind, const char *line, size_t *from, char (*out)[CMD_NAME_MAX], size_t cap)
{
	struct offers o = { .out = out, .cap = cap };
	enum gt_expr_values values;
	size_t begin, last = kind == ':' ? script_last(line) : 0, n;

	line += last;
	if (kind == ':' && complete_shown(m, line, from, &o)) {
		*from += last;
		return o.n;
	}
	if (!expression(kind, line, &begin)) {
		n = cmd_complete(line, from, out, cap);
		*from += last;
		return n;
	}
	*from = begin + gt_expr_complete(line + begin, strlen(line + begin), &values, add_word, &o);
	add_values(m, &o, values, line, *from);
	*from += last;
	return o.n;
}
