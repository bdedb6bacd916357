/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lessons in the explorer: which page of which lesson one is at, and what was answered. A lesson has traces of its own, so
 * a page may need another model than the one there is: whoever owns that is asked for it (EFFECT_LESSON), and gets it here.
 */
#ifndef LEARN_H
#define LEARN_H

#include "cmds.h"
#include "lesson.h"
#include "ui.h"

struct model;

/* Pages: the list of lessons, what this one is about, then its steps, counted from 1; behind them how it went. */
enum { LEARN_MENU = -1, LEARN_INTRO = 0 };
enum { LEARN_CHOICES = 32 };

struct lesson_view {
	struct lesson *of; /* NULL: no lesson is open */
	size_t nth;        /* by number from 0 */
	int page;
	struct {
		unsigned char given; /* answers, a bit each */
		bool right, first;   /* the right one was, and before any other */
	} tried[LESSON_STEPS];
	bool hint;
	uint64_t seen;              /* the last row that was stood on: see learn_hides */
	int chosen;                 /* an answer, a lesson of the list; -1: none */
	size_t line[LEARN_CHOICES]; /* of the pane, where each of them begins; then where the last one ends */
	size_t choices, why;        /* why: the line where that begins; 0: nowhere */
	struct {
		size_t nth;
		int page;
	} want; /* with EFFECT_LESSON */
};

/* A model on the trace of a page. */
struct learning;
/*
 * At the page that `from` wants, with what it has of looks, waiting commands and answers; from NULL: at page `page` of lesson
 * nth. o: as for the explorer, but for what is of its trace. NULL: no memory.
 */
struct learning *learn_open(struct model *from, const struct ui_options *o, size_t nth, int page, bool utf8);
struct model *learn_model(struct learning *l);
/* What is the user's goes back to the model before: commands that wait or are recorded, how things look. */
void learn_leave(struct learning *l, struct model *to);
void learn_close(struct learning *l);
/* Part of model_free. */
void learn_free(struct lesson_view *v);

/* Commands of lessons; false: it is none. With an argument: the same. */
bool learn_do(struct model *m, enum cmd cmd, uint64_t count);
bool learn_line(struct model *m, enum cmd cmd, const char *arg);
/* The step one is at; NULL: it is another page. */
const struct lesson_step *learn_step(const struct model *m);
/* Whether a row of the list is not to be seen yet: as long as a question is open, one finds out by stepping there. */
bool learn_hides(const struct model *m, uint64_t row);
/* Whether its question was answered rightly. */
bool learn_is_right(const struct model *m);
/* The answer of a number from 1. */
void learn_answer(struct model *m, uint64_t n);
/* What Enter does: the answer or the lesson that is chosen; else the next page. */
void learn_enter(struct model *m);
/* How many questions of the lesson were answered; right at once. */
size_t learn_answered(const struct lesson_view *v, size_t *first);

/* The page, as lines, and what it is: "lesson 8, step 3 of 10". */
struct lines;
void learn_lines(struct model *m, struct lines *l);
void learn_heading(const struct model *m, char *text, size_t cap);
/* Before a picture; a click; see pane_lesson.c. */
void pane_lesson_make(struct model *m);
void lesson_click(struct model *m, int y);

#endif
