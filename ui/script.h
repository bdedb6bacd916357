/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands in a row: from a file, from the command line, or recorded to be done again. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "cmds.h"
#include "layout.h"

struct model;

/* Bytes of a command, its NUL included; of texts with longer ones nothing is done. */
#define COMMAND_MAX 1024

/*
 * The next command of a text: up to a line end or a ; that is in no quotes, comments left out: lines that begin with #, and
 * from a # that stands alone to the line end. Moves *p behind it. False: there is none left.
 */
bool script_next(const char **p, char *out, size_t cap);
/* Where the last command of a line begins, as far as it is there. */
size_t script_last(const char *line);

/* Commands to be done one after the other while no key waits, before those that wait already; name: their file, or NULL. */
void script_queue(struct model *m, const char *text);
void script_queue_file(struct model *m, const char *text, const char *name);
/* "FILE:LINE: " of the command that was taken last; "": it is of no file. */
void script_where(const struct model *m, char *out, size_t cap);
/* The next of them, into out; false: there is none. */
bool script_take(struct model *m, char *out, size_t cap);
/* Whether the next one is about what a pane does not show yet. */
bool script_waits(const struct model *m);
/* Does the next one; false: there is none, or it waits. */
bool script_step(struct model *m);
void script_drop(struct model *m);
/* A command that is to be done now, and must wait for what is not known yet, is queued: true. */
bool script_defer(struct model *m, enum cmd cmd, const char *command);
/* If a command is done, and came to nothing, the others are dropped, and it is not recorded. */
void script_heed(struct model *m);

/* The commands of a file, queued; says what is wrong with it. */
void script_source(struct model *m, const char *file);
/* The same, of the text that `as` makes of it, which takes it and gives another to be freed; NULL: no memory. */
void script_source_as(struct model *m, const char *file, char *(*as)(char *text));
/* All of a text file, the caller's to free; NULL: *why (until the next call) and errno say what is wrong. */
char *script_read(const char *file, const char **why);
/* Whether what is shown or done may be written there; says so where not. */
bool script_may_write(struct model *m, const char *file);
/* True: the command is one of these, and done. */
bool script_command(struct model *m, enum cmd cmd, const char *arg);
/*
 * What was done by key, typed or pointed at is written to the record, if there is one, so that doing that again does the
 * same: what asks for more is not, until there is that (a letter, a line), and what depends on the screen is a place. Of
 * several commands in a line, or in a file that is sourced, each is written when its turn comes: what is not done is not.
 */
void script_note_input(struct model *m); /* before a key or the mouse does something */
void script_note(struct model *m, enum cmd cmd, uint64_t count, uint64_t was); /* was: the row before */
void script_note_word(struct model *m, enum cmd cmd, const char *word);
void script_note_line(struct model *m, char kind, const char *line); /* the first of its commands */
void script_note_place(struct model *m, uint64_t was);
void script_note_row(struct model *m); /* of the table, which has the keys */
/*
 * What was to leave did not, but did `cmd`, closing a pane or showing all of them again, or only closed the help (CMD_NONE): in
 * a script it would leave.
 */
void script_note_left(struct model *m, enum cmd cmd, enum pane_id id);
void script_free(struct model *m);

#endif
