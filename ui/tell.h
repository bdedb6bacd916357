/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An explanation in words, for `explain`, for `run` and for the Why pane: headings and lines, each of which may point to
 * an event. Plain UTF-8 text; whoever shows it makes it safe, and wraps it (tell_line does).
 */
#ifndef TELL_H
#define TELL_H

#include "canvas.h"
#include "explain.h"
#include "fmt.h"

/* What is told of. */
struct tale {
	const struct gt_explain *x;
	const struct gt_trace *trace;
	const struct gt_model *model;
	const char *hint; /* what the file itself tells of its error; NULL: nothing */
	bool apply;       /* whether there is a command that makes repairs */
};

/* What a line points to: nothing; the end of the events; event n of them; an event of the file. */
enum told_link { TOLD_NOTHING, TOLD_END, TOLD_EVENT, TOLD_PLACE };

struct told {
	bool heading;
	enum style style;
	const char *label, *text; /* the text stands `indent` columns to the right of the label */
	int indent;
	int hang; /* where it takes several lines, the others stand so much further to the right; 0: as is usual */
	enum told_link link;
	uint64_t n;
	struct gt_place place;
};

/* Called for each line, in order; what it is given is only there until it returns. */
typedef void tell_fn(void *arg, const struct told *line);

void tell(const struct tale *t, tell_fn *fn, void *arg);
/* What is known to go wrong with such files, alone. */
void tell_causes(const struct gt_cause *const *causes, size_t n, bool valid, tell_fn *fn, void *arg);

/* A tell_fn: puts lines of plain text of 80 columns, headings behind an empty line. arg: a struct plain. */
struct plain {
	void (*put)(void *arg, const char *text);
	void *arg;
	const char *begin; /* stands before the next line, in place of spaces; NULL: nothing does */
};
void tell_line(void *arg, const struct told *line);

/* "GoStart g=4 g_seq=2", with all numbers as the file has them. */
void tell_event(const struct gt_event *ev, char *buf, size_t cap);
/* "M3: P0 -> none" */
void tell_change(const struct gt_change *c, char *buf, size_t cap);
/* "generation 1, batch 3, event 7, M 42, offset 1234 (0x4d2)", as far as it has them. */
void tell_place(struct sb *b, const struct gt_place *p);

#endif
