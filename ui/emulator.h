/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests: the program on a pseudo-terminal, read through a terminal emulator. What must hold is asserted here, as cmocka
 * does. The program is named by GT; tests are skipped where that is not set.
 */
#ifndef EMULATOR_H
#define EMULATOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

/* How long is waited, in milliseconds, for what must come: a busy machine and sanitizers are slow. */
#define TTY_PATIENCE 40000

struct tty {
	int fd;
	pid_t pid;
	int rows, cols;
	VTerm *vt;
	VTermScreen *screen;
	struct termios before;
	bool alt, cursor;
	char copied[8192]; /* what was sent to the clipboard last, in base64 */
	size_t copied_n;
	int copies;   /* how often that was */
	size_t begun; /* of the sequence that begins it, so many bytes have come */
	bool copying;
};

/* How the program is begun. */
struct surroundings {
	const char *lang;   /* a locale */
	const char *term;   /* NULL: one of 256 colours */
	const char *config; /* the XDG folders; NULL: none that could be */
	const char *state;
	const char *inputrc; /* NULL: an empty one */
	const char *shell;   /* a script that begins it, as "$0" "$1"; NULL: none does */
	bool no_color;
	bool fed;  /* standard input is feed, not the terminal */
	int feed;
};

/* The program to test; NULL: none is named. */
const char *tty_program(void);
/* Whether there is such a program, and this system has pseudo-terminals; if not, says so. */
bool tty_possible(void);
void tty_begin(struct tty *t, int rows, int cols, const char *file, const struct surroundings *s);
/* Takes in what the program wrote within so many milliseconds. False: it is gone. */
bool tty_take(struct tty *t, int ms);
/* Until nothing more is written for so many milliseconds: a picture may come in pieces. */
void tty_calm(struct tty *t, int ms);
void tty_type(struct tty *t, const char *keys);
void tty_resize(struct tty *t, int rows, int cols);
/* Rows of the screen, without spaces at their ends. To be freed. */
char *tty_text(struct tty *t, int from, int to);
/* Waits until the text is on the screen. */
void tty_wait(struct tty *t, const char *want);
/* Prints the screen and fails. */
void tty_fail(struct tty *t, const char *want);
/* The program ends, by that signal or with that status, and the terminal is as it was. */
void tty_ended(struct tty *t, bool by_signal, int code);
void tty_free(struct tty *t);
int64_t tty_now(void); /* milliseconds */

#endif
