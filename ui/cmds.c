/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command table, its lookup and completion: see cmds.h. */
#include "cmds.h"

#include <stdio.h>
#include <string.h>

#include "census.h"
#include "columns.h"
#include "gotrace.h"
#include "layout.h"
#include "lesson.h"
#include "theme.h"
#include "topics.h"
#include "views.h"

static const char help_of_open[] = "go to what is looked at: the event of a lane; from the list: to the details; from a table, by what it is of"
#define KIND(id, name, other, arg, what, enter) "; " name ": " enter
#include "tables.def"
#undef KIND
	;

static const char help_of_table[] = "open the table, or give it the keys; then, in turn"
#define KIND(id, name, other, arg, what, enter) ", " name
#include "tables.def"
#undef KIND
	;

static const struct cmd_row table[CMDS] = {
#define GROUP(title)
#define C(id, text, others, k, a, b, h)                                                                                \
	[CMD_##id] = { .name = (text), .other = (others), .keys = (k), .arg = ARG_##a, .bar = (b), .help = (h) },
#include "commands.def"
#undef GROUP
#undef C
};

/* By its place in the file. */
const char *
cmd_group(enum cmd c)
{
	static const struct {
		enum cmd cmd;
		const char *title;
	} list[] = {
#define GROUP(title) { CMD_NONE, title },
#define C(id, text, others, k, a, b, h) { CMD_##id, NULL },
#include "commands.def"
#undef GROUP
#undef C
	};
	const char *title = "";

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		if (list[i].title)
			title = list[i].title;
		else if (list[i].cmd == c)
			break;
	}
	return title;
}

static const struct cmd_row no_row = { "", "", "", ARG_NONE, "", "" };

const struct cmd_row *
cmd_row(enum cmd c)
{
	return c > CMD_NONE && c < CMDS ? &table[c] : &no_row;
}

static const struct {
	const char *form, *is;
} args[] = {
	[ARG_NONE] = { "", "nothing" },
	[ARG_COUNT] = { "[N]", "a number" },
	[ARG_WHERE] = { "[WHERE]", "an event number, a time or another place, as 123, +5, 50%, @1.5s, 18:47:51.27, gen 3, offset 4711, end" },
	[ARG_TEXT] = { "TEXT", "a text or an expression" },
	[ARG_MODEL] = { "NAME", "a rule set" },
	[ARG_RULE] = { "EVENT.thread|proc|goroutine=RULE", "a rule, as GoCreateSyscall.proc=mustnot" },
	[ARG_COMMAND] = { "[TOPIC]", "anything that has a name" },
	[ARG_BY] = { "[p|m|g [ID]]", "p, m or g, nor one of them, as g 34" },
	[ARG_MARK] = { "LETTER", "a letter" },
	[ARG_PANE] = { "[NAME]", "a pane" },
	[ARG_TABLE] = { "[KIND]", "a table" },
	[ARG_COLUMN] = { "COLUMN [up|down]", "a column of the table, and up or down" },
	[ARG_ONLY] = { "[FILTER]", "words, or a column and a value" },
	[ARG_FUNCTION] = { "[FUNCTION]", "a start function, or a part of its name" },
	[ARG_COLUMNS] = { "[TABLE:] [NAME[:WIDTH]...]", "columns of a table or of the list" },
	[ARG_TIMES] = { "[KIND]", "a way to tell times" },
	[ARG_ONOFF] = { "[on|off]", "on or off" },
	[ARG_FILE] = { "FILE", "a file" },
	[ARG_THEME] = { "[NAME]", "a theme" },
	[ARG_COLOR] = { "STYLE COLOUR [on COLOUR]", "a style and its colour, as g 71 bold" },
	[ARG_KEY] = { "KEY [COMMAND]", "a key, and what it does, as F5 goto 50%" },
	[ARG_EXPR] = { "[EXPR]", "an expression" },
	[ARG_SEEK] = { "[EXPR]", "a number or an expression" },
	[ARG_BREAK] = { "N|all", "a breakpoint, by its number or its expression, or all" },
	[ARG_THING] = { "[g|p|m ID|off]", "a goroutine, P or M, as g 34, nor off" },
	[ARG_EVENT] = { "[EVENT]", "an event, by its number, or batch/event as 3/7" },
	[ARG_BATCH] = { "[EVENT|batch N]", "an event or a batch" },
	[ARG_WIRE] = { "EVENT [ARG=N...]", "an event, as GoStart g=4 g_seq=2" },
	[ARG_SET] = { "ARG=VALUE...", "an argument and its value, as g_seq=3 or type=GoStop" },
	[ARG_SUSPECT] = { "N", "the number of a suspect" },
	[ARG_WRITE] = { "FILE [text|test|binary]", "a file" },
	[ARG_LEARN] = { "[LESSON]", "a lesson, by its number or name" },
	[ARG_LESSON] = { "[next|back|here|N]", "next, back, here or the number of a step" },
};

const char *
cmd_arg_form(enum cmd_arg arg)
{
	return args[arg].form;
}

const char *
cmd_arg_is(enum cmd_arg arg)
{
	return args[arg].is;
}

/* Whether a list of words separated by spaces has this one. */
static bool
has_word(const char *list, const char *word, size_t n)
{
	while (*list) {
		size_t len = strcspn(list, " ");

		if (len == n && !memcmp(list, word, n))
			return true;
		list += len;
		list += *list == ' ';
	}
	return false;
}

bool
cmd_is_called(enum cmd c, const char *name, size_t n)
{
	const struct cmd_row *row = cmd_row(c);

	return n && (has_word(row->name, name, n) || has_word(row->other, name, n));
}

enum cmd
cmd_find(const char *name, size_t n, bool *many)
{
	enum cmd found = CMD_NONE;

	*many = false;
	for (int c = CMD_NONE + 1; c < CMDS; c++)
		if (cmd_is_called((enum cmd)c, name, n))
			return (enum cmd)c;
	for (int c = CMD_NONE + 1; c < CMDS && n == 1; c++)
		if (table[c].name[0] && has_word(table[c].keys, name, n))
			return (enum cmd)c;
	for (int c = CMD_NONE + 1; c < CMDS && n; c++) {
		if (strncmp(table[c].name, name, n))
			continue;
		*many = found != CMD_NONE;
		if (*many)
			return CMD_NONE;
		found = (enum cmd)c;
	}
	return found;
}

const char *
cmd_name(size_t i)
{
	for (int c = CMD_NONE + 1; c < CMDS; c++)
		if (table[c].name[0] && !i--)
			return table[c].name;
	return NULL;
}

bool
cmd_takes_text(const char *line)
{
	bool many;

	line += strspn(line, " :");
	return cmd_row(cmd_find(line, strcspn(line, " "), &many))->arg == ARG_TEXT;
}

bool
cmd_takes_file(const char *line, size_t *from)
{
	size_t word = strcspn(line, " ");
	bool many;
	enum cmd_arg arg = line[word] ? cmd_row(cmd_find(line, word, &many))->arg : ARG_NONE;

	*from = word + strspn(line + word, " ");
	return arg == ARG_FILE || arg == ARG_WRITE;
}

/* --- completion -------------------------------------------------------- */

struct candidates {
	char (*out)[CMD_NAME_MAX];
	size_t n, cap;
	const char *begin;
	size_t len;
};

static void
offer(struct candidates *c, const char *before, const char *word, const char *after)
{
	char text[CMD_NAME_MAX];

	if ((size_t)snprintf(text, sizeof text, "%s%s%s", before, word, after) >= sizeof text || strncmp(text, c->begin, c->len))
		return;
	if (c->n < c->cap)
		memcpy(c->out[c->n], text, sizeof text);
	c->n++;
}

static void
offer_commands(struct candidates *c)
{
	for (size_t i = 0; cmd_name(i); i++)
		offer(c, "", cmd_name(i), "");
}

static void
offer_models(struct candidates *c)
{
	struct gt_model m;

	for (size_t i = 0; gt_model_at(&m, i); i++)
		offer(c, "", m.name, "");
}

/* EVENT. RESOURCE= NEED, each when the one before it is there. */
static void
offer_rules(struct candidates *c)
{
	const char *dot = memchr(c->begin, '.', c->len), *is = memchr(c->begin, '=', c->len);
	static const char *const need[] = { "must", "may", "mustnot" };
	char before[CMD_NAME_MAX];

	snprintf(before, sizeof before, "%.*s", dot ? (int)((is ? is : dot) - c->begin) + 1 : 0, c->begin);
	for (unsigned t = 1; !dot && t < GT_TYPES; t++)
		if (gt_spec(t)->name && gt_spec(t)->kind != GT_K_Bad && gt_spec(t)->timed)
			offer(c, "", gt_spec(t)->name, ".");
	for (int r = GT_M; dot && !is && r <= GT_G; r++)
		offer(c, before, gt_res_name((enum gt_res)r), "=");
	for (size_t i = 0; is && i < sizeof need / sizeof *need; i++)
		offer(c, before, need[i], "");
}

/* As the last word, whatever those before are. */
static void
offer_behind(struct candidates *c, const char *word)
{
	const char *last = strrchr(c->begin, ' ');
	char before[CMD_NAME_MAX];

	snprintf(before, sizeof before, "%.*s", last ? (int)(last + 1 - c->begin) : 0, c->begin);
	offer(c, before, word, "");
}

/* A key, and then a command. */
static void
offer_keys(struct candidates *c)
{
	size_t n = strcspn(c->begin, " ");
	char before[CMD_NAME_MAX];

	snprintf(before, sizeof before, "%.*s", (int)n + 1, c->begin);
	for (int i = 1; i <= 12 && !c->begin[n]; i++) {
		char name[16];

		snprintf(name, sizeof name, "F%d", i);
		offer(c, "", name, " ");
	}
	for (size_t i = 0; cmd_name(i) && c->begin[n]; i++)
		offer(c, before, cmd_name(i), "");
}

/* What views take. */
static void
offer_words(struct candidates *c, enum cmd_arg arg)
{
	for (int i = 0; arg == ARG_TABLE && i < CENSUS_KINDS; i++)
		offer(c, "", census_kind_name((enum census_kind)i), "");
	for (int i = 0; arg == ARG_TIMES && i < TIME_MODES; i++)
		offer(c, "", time_mode_name((enum time_mode)i), "");
	for (size_t i = 0; arg == ARG_THEME && theme_name(i); i++)
		offer(c, "", theme_name(i), "");
	for (int i = 0; arg == ARG_COLOR && i < STYLES; i++)
		offer(c, "", style_name((enum style)i), "");
	for (int i = 0; arg == ARG_ONOFF && i < 2; i++)
		offer(c, "", i ? "off" : "on", "");
	for (int i = 0; (arg == ARG_BY || arg == ARG_THING) && i < 3; i++)
		offer(c, "", (const char *[]){ "g", "m", "p" }[i], arg == ARG_THING ? " " : "");
	for (int i = 0; arg == ARG_COLUMN && c->begin[strcspn(c->begin, " ")] && i < 2; i++)
		offer_behind(c, i ? "down" : "up");
	for (int i = 0; arg == ARG_WHERE && i < 3; i++)
		offer(c, "", (const char *[]){ "end", "gen ", "offset " }[i], "");
	for (size_t i = 0; arg == ARG_LEARN && lesson_name(i); i++)
		offer(c, "", lesson_name(i), "");
	for (int i = 0; arg == ARG_LESSON && i < 3; i++)
		offer(c, "", (const char *[]){ "next", "back", "here" }[i], "");
	for (unsigned t = 1; arg == ARG_WIRE && t < GT_TYPES; t++)
		if (gt_spec(t)->name && gt_spec(t)->timed && gt_spec(t)->shape == GT_PLAIN)
			offer(c, "", gt_spec(t)->name, "");
}

size_t
cmd_complete(const char *line, size_t *from, char (*out)[CMD_NAME_MAX], size_t cap)
{
	size_t word = strcspn(line, " ");
	struct candidates c = { .out = out, .cap = cap };
	bool many;
	enum cmd_arg arg;

	*from = 0;
	if (line[word])
		*from = word + strspn(line + word, " ");
	c.begin = line + *from;
	c.len = strlen(c.begin);
	if (!line[word]) {
		offer_commands(&c);
		return c.n;
	}
	arg = cmd_row(cmd_find(line, word, &many))->arg;
	if (arg == ARG_MODEL)
		offer_models(&c);
	else if (arg == ARG_RULE)
		offer_rules(&c);
	else if (arg == ARG_COMMAND)
		for (size_t i = 0; topic_name(i); i++)
			offer(&c, "", topic_name(i), "");
	else if (arg == ARG_PANE)
		for (int i = 0; i < PANES; i++)
			offer(&c, "", pane_name((enum pane_id)i), "");
	else if (arg == ARG_KEY)
		offer_keys(&c);
	else
		offer_words(&c, arg);
	return c.n;
}
