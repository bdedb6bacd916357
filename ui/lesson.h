/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lessons: each a tiny trace, and steps through it. A step says where to stand and what to read, asks a question, and has
 * with each answer what must be so of the trace if that answer is right. They are files of testdata/lessons, which are
 * part of the program (see bundle.sh there, and README.md for their form).
 */
#ifndef LESSON_H
#define LESSON_H

#include <stdbool.h>
#include <stddef.h>

#include "gotrace.h"

enum { LESSON_STEPS = 24, LESSON_TRACES = 16, LESSON_ANSWERS = 4, LESSON_PROOFS = 4 };

/*
 * What is so of a trace: an expression that the event holds at which the step's answer is to be seen; or, where shows is not
 * empty, commands of the explorer, done there, and what must be in what they print.
 */
struct lesson_proof {
	struct gt_str text, shows;
};

struct lesson_answer {
	struct gt_str text;
	bool right;
	struct lesson_proof proof[LESSON_PROOFS];
	size_t proofs;
};

/* Texts are as they stand in the file, lines and all: see lesson_flow. */
struct lesson_step {
	struct gt_str at;      /* where to stand: an event number, "end", or an expression, of which the first hit */
	struct gt_str see;     /* where the answer is to be seen; empty: there */
	struct gt_str model;   /* empty: the rules of today */
	size_t trace;          /* which of the lesson */
	struct gt_str text, question, hint, why;
	struct lesson_answer answer[LESSON_ANSWERS];
	size_t answers;        /* 0: nothing is asked */
};

struct lesson_trace {
	struct gt_str name, text; /* in the text format */
	unsigned line;            /* of the file that the text begins on */
};

struct lesson {
	unsigned number;
	const char *name;
	struct gt_str title, intro;
	struct lesson_trace trace[LESSON_TRACES];
	size_t traces;
	struct lesson_step step[LESSON_STEPS];
	size_t steps;
};

/* Where a lesson is wrong. */
struct lesson_error {
	unsigned line;
	char text[120];
};

/* Takes a text apart; everything points into it. False: it is no lesson. */
bool lesson_parse(struct lesson *l, const char *text, size_t n, struct lesson_error *err);
/* How many questions it has. */
size_t lesson_questions(const struct lesson *l);

/* The lessons of the program, in order, by number from 0; false behind the last. */
bool lesson_at(size_t i, struct lesson *l);
/* The names of all, by number from 0; NULL behind the last. */
const char *lesson_name(size_t i);
/*
 * Which is meant: its number from 1, its name, or a part of the name that no other has. False: none is, or several are
 * (*many).
 */
bool lesson_find(const char *word, size_t *i, bool *many);

/*
 * A text with the lines of each paragraph joined, paragraphs apart by an empty line. A line that begins with a tab or four
 * spaces stays one. To be freed; NULL: no memory.
 */
char *lesson_flow(struct gt_str text);

/* The binary form of a trace of it, appended. False: the text is wrong. */
bool lesson_binary(const struct lesson_trace *t, struct gt_buf *out, struct gt_text_error *err);
/* The row of a place (see lesson_step.at) in a trace: a number of an event, or the one behind the last. 0: there is none. */
uint64_t lesson_row(struct gt_trace *t, const struct gt_model *model, struct gt_str place);
/* Whether the event of a row is meant by an expression. False also where that is wrong, or there is no such event. */
bool lesson_holds(struct gt_trace *t, const struct gt_model *model, uint64_t row, struct gt_str expr);

/* Made by bundle.sh: the files, ended by one without a name. */
struct lesson_file {
	const char *name; /* 01-file */
	const unsigned char *text;
	size_t n;
};
extern const struct lesson_file lesson_files[];

#endif
