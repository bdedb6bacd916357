/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line at the bottom in which commands and searches are typed: readline, without its hands on the terminal. Keys go
 * in; line, cursor and completions come out, for the model to show.
 */
#ifndef PROMPT_H
#define PROMPT_H

#include "keys.h"
#include "model.h"

enum prompt_got { PROMPT_MORE, PROMPT_DONE, PROMPT_CANCELLED, PROMPT_TOO_LONG };

/* What may stand at the end of a line: see cmd_complete. */
typedef size_t prompt_words_fn(void *arg, char kind, const char *line, size_t *from, char (*out)[CMD_NAME_MAX], size_t cap);

/* Begins a line, with some text in it; completed by words. False: no memory. */
bool prompt_open(char kind, const char *begin, prompt_words_fn *words, void *arg);
/* A key. PROMPT_DONE: the line is in `line`; PROMPT_TOO_LONG: it was longer. These and PROMPT_CANCELLED close the prompt. */
enum prompt_got prompt_key(ui_key key, char *line, size_t cap);
/* An escape sequence that is no key elsewhere (K_SEQUENCE): the user's inputrc may know it; if not, nothing happens. */
enum prompt_got prompt_sequence(const char *bytes, char *line, size_t cap);
void prompt_view(struct prompt_view *out);
/* At the end of the program: forgets the histories. */
void prompt_free(void);

#endif
