/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands, as data: see commands.def. */
#ifndef CMDS_H
#define CMDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cmd {
	CMD_NONE,
#define GROUP(title)
#define C(name, text, other, keys, arg, bar, help) CMD_##name,
#include "commands.def"
#undef GROUP
#undef C
	CMDS
};

enum cmd_arg { ARG_NONE, ARG_COUNT, ARG_WHERE, ARG_TEXT, ARG_MODEL, ARG_RULE, ARG_COMMAND, ARG_BY, ARG_MARK, ARG_PANE, ARG_TABLE, ARG_COLUMN, ARG_ONLY, ARG_FUNCTION, ARG_COLUMNS, ARG_TIMES, ARG_ONOFF, ARG_FILE,
	ARG_THEME, ARG_COLOR, ARG_KEY, ARG_EXPR, ARG_SEEK, ARG_BREAK, ARG_THING, ARG_EVENT, ARG_BATCH, ARG_WIRE, ARG_SET, ARG_SUSPECT, ARG_WRITE, ARG_LEARN, ARG_LESSON };

struct cmd_row {
	const char *name, *other, *keys;
	enum cmd_arg arg;
	const char *bar, *help;
};

const struct cmd_row *cmd_row(enum cmd c);
/* The heading of the help that it stands under. */
const char *cmd_group(enum cmd c);
/* How its argument is written in the help: "[N]", "NAME"; "" for none. */
const char *cmd_arg_form(enum cmd_arg arg);
/* What it is, for messages: "a number", "on or off". */
const char *cmd_arg_is(enum cmd_arg arg);
/* The names of the commands that have one, by number from 0; NULL: no more. */
const char *cmd_name(size_t i);
/*
 * The command of a name: exact, a letter that is its key, or a beginning that only one has. CMD_NONE: none, or several
 * (*many).
 */
enum cmd cmd_find(const char *name, size_t n, bool *many);
/* Whether that is its name, or a further one, to the letter. */
bool cmd_is_called(enum cmd c, const char *name, size_t n);

/* Whether the command of a line takes a text to search for. */
bool cmd_takes_text(const char *line);

/* Whether the end of a line, from *from on, names a file. */
bool cmd_takes_file(const char *line, size_t *from);

/*
 * What may stand at the end of a line of the prompt: writes up to cap candidates, NUL-terminated, and returns how many
 * there are; each replaces the line from byte *from on. What depends on the trace or on what is shown is left to query_complete.
 */
#define CMD_NAME_MAX 160
size_t cmd_complete(const char *line, size_t *from, char (*out)[CMD_NAME_MAX], size_t cap);

#endif
