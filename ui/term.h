/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: shows a canvas, reads keys, and leaves everything as it was on every way out, fatal signals included.
 * There is one; all of these but term_start need it started.
 */
#ifndef TERM_H
#define TERM_H

#include <stdbool.h>

#include "canvas.h"
#include "keys.h"
#include "theme.h"

/* False: it can't be used, and *why says so in a sentence. Keys come from /dev/tty where standard input is none. */
bool term_start(bool color, const struct theme *theme, const char **why);
void term_stop(void);

/* Other looks from now on. */
void term_theme(const struct theme *theme);
void term_size(int *h, int *w);
/* With the terminal's cursor at y, x; hidden where y is negative. */
void term_show(const struct canvas *c, int y, int x);
/* The next key; K_NONE where none came within so many milliseconds (-1: waits). */
ui_key term_key(int ms);
/* After K_SEQUENCE, up to the next key: its bytes; "" where they are too many. */
const char *term_sequence(void);
/* The mouse is the program's (else the terminal's own: to select text); what it did, after K_MOUSE, in order: how much. */
#define MOUSE_EVENTS 8
void term_take_mouse(bool on);
size_t term_mouse(struct mouse_event out[MOUSE_EVENTS]);
/* Hands a text to the clipboard of the terminal, which may refuse it. False: it is not known to have any. */
bool term_copy(const char *text, size_t n);
/* Stops the program, back to the shell; returns when it goes on. */
void term_suspend(void);
/* The next term_show draws everything anew. */
void term_redraw(void);

#endif
