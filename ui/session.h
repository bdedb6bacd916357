/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user leaves in a trace, kept for the next time it is opened: breakpoints, highlights, the filter, marks and the
 * place; as commands, in the user's folder for states. It comes back when it is asked for.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdio.h>

#include "cmds.h"

struct model;

/* At most so many files and bytes. */
#define SESSION_FILES 256
#define SESSION_BYTES ((uint64_t)4 << 20)

struct session {
	bool on;      /* one is told of, and kept */
	bool had;     /* the one that was kept is there again: what is now takes its place */
	char *before; /* what there was at the start without the user's doing; NULL: nothing */
};

/* At the start, after the settings: says so if there is one. */
void session_begin(struct model *m);
/* At the end: keeps what there is now; what is kept already stays where nothing was set and it was not asked for. */
void session_end(struct model *m);
/* True: the command is the one for it, and done. */
bool session_command(struct model *m, enum cmd cmd, const char *arg);
/*
 * For a record of commands that begins here: those that lead here from the start, if it is not that; the rule set, who is
 * followed, and how the panes are (see start.h) are among them.
 */
void session_put_start(struct model *m, FILE *f);
void session_free(struct session *s);

#endif
