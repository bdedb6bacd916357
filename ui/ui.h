/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The explorer: a trace on a terminal, stepped through both ways. This is all the rest of the program sees of it.
 */
#ifndef UI_H
#define UI_H

#include <stdbool.h>
#include <stddef.h>

#include "gotrace.h"

struct opened_file;

struct ui_options {
	struct gt_trace *trace;       /* stays the caller's; NULL: a lesson */
	int lesson;                   /* by number from 0; below that: the list of them */
	const char *file;             /* the name to show */
	const struct opened_file *opened; /* what bore it when it was opened (see kept.h); NULL: not known */
	const struct gt_model *model; /* rules to begin with; copied */
	size_t memory;                /* budget in bytes for all it keeps of the trace */
	unsigned threads;             /* 2 and more: the index has its own; else it is made while no key waits */
	/* What was read of the trace may go out of memory; by any thread. NULL: it is there to stay. */
	void (*release)(void *arg);
	void *release_arg;
	/* Of a trace that is still arriving (see gt_grow): what is to be said once it no longer is. False: nothing. NULL: ever. */
	bool (*news)(void *arg, char *text, size_t cap);
	void *news_arg;
	/* Why events that were there can't be read any more: what became of the file. False: not known. NULL: ever. */
	bool (*changed)(void *arg, char *text, size_t cap);
	void *changed_arg;
	/*
	 * Writes a trace to a file, as "text", "test" (naming these rules) or "binary"; over: also if it is the file that was
	 * opened. False: why not. NULL: there is no writing.
	 */
	bool (*write)(void *arg, struct gt_trace *t, const struct gt_model *rules, const char *file, const char *form, bool over,
		char *why, size_t cap);
	void *write_arg;
	void *lesson_write_arg;       /* the same for traces of lessons, which are not of the file */
	bool cache;                   /* an index and a session may be kept in files for the next time; see cache.h, session.h */
	const char *warning;          /* shown at the start; NULL: none */
	bool mouse;                   /* takes the mouse, to begin with */
	bool color;                   /* what the caller made of NO_COLOR and its options */
	const char *commands;         /* done at the start, separated by ; or line ends; NULL: none */
	const char *script;           /* the file they are of; NULL: of none */
};

/*
 * Explores until the user quits. Returns the exit status of the program: 0, also where the trace turned out to be
 * invalid; 2 where the terminal can't show it (one line on standard error says why), 3 where memory ran out.
 * Keys are read from the terminal even where standard input is something else.
 */
int ui_run(const struct ui_options *o);

/* Where a script's output goes: to put, in pieces; what is wrong with a command, to complain: of what, or NULL for a line alone. */
struct ui_output {
	void (*put)(void *arg, const char *text);
	void (*complain)(void *arg, const char *what, const char *text);
	void *arg;
};
/*
 * Does the commands without a screen, and prints what each shows. Returns the exit status: 0; 1 where a search found
 * nothing, which ends it, or a trace asked about is invalid; 2 where a command is wrong, which ends it; 3 where memory ran out.
 */
int ui_script(const struct ui_options *o, const struct ui_output *out);

/*
 * Prints a lesson as a text: what there is to read, each question with its answers, the events it is about as a script prints
 * them, and why the right one is right. Returns the exit status: 0; 3 where memory ran out.
 */
int ui_lesson(const struct ui_options *o, const struct ui_output *out);

/* Whether two paths lead to one file: what is open must not be written over. */
bool ui_is_same_file(const char *a, const char *b);

#endif
