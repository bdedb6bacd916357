/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line at the bottom in which commands and searches are typed: readline, without its hands on the terminal. Keys go
 * in; line, cursor and completions come out, for the model to show.
 */
#ifndef PROMPT_H
#define PROMPT_H

#include "keys.h"
#include "model.h"

enum prompt_got { PROMPT_MORE, PROMPT_DONE, PROMPT_CANCELLED };

/* Begins a line: ':' completes commands, '/' nothing. False: no memory. */
bool prompt_open(char kind);
/* A key. PROMPT_DONE: the line is in `line`; it and PROMPT_CANCELLED close the prompt. */
enum prompt_got prompt_key(ui_key key, char *line, size_t cap);
void prompt_view(struct prompt_view *out);
/* At the end of the program: forgets the histories. */
void prompt_free(void);

#endif
