/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the user asks of events: what to search for, to filter by, to highlight, to stop at, to follow. All of it is
 * expressions (see gotrace.h), but for a search, which may be a plain text.
 *
 * With a filter that hides, the list is made of the events that pass: a window of them around the cursor, found while no
 * key waits.
 */
#ifndef QUERY_H
#define QUERY_H

#include "canvas.h"
#include "cmds.h"
#include "gotrace.h"
#include "rows.h"

struct model;

/* What a search looks for. */
enum seek { SEEK_SEARCH, SEEK_BREAK, SEEK_FOLLOW, SEEK_FILTER, SEEK_ONCE };

#define GOAL_TEXT 512
struct goal {
	struct gt_expr *e; /* NULL: none */
	char text[GOAL_TEXT];
};

#define BREAKS 32
#define LIGHTS 4

struct breakpoint {
	unsigned id;
	bool on;
	uint64_t hits; /* how often it was stopped at */
	struct goal goal;
};

/* Events that pass the filter, around the cursor: all of those from `from` to `to`. */
struct passing {
	struct row **row;
	size_t n, cap;
	uint64_t from, to; /* looked at; to is less than from: nothing yet */
	bool all_before, all_after;
};

/* Events from first to last, last 0: none. */
struct stretch {
	uint64_t first, last;
	bool may; /* some of them may be meant */
};

struct query {
	struct goal search, filter, once, light[LIGHTS];
	struct goal stacks; /* of a search for a text: stacks that have it */
	bool hide; /* the filter hides; else it dims */
	struct breakpoint brk[BREAKS];
	size_t nbrk, nlight;
	unsigned last_id;
	unsigned relit;        /* how often highlights were changed */
	struct stretch lit_in; /* looked at last, for query_lights */
	enum gt_res follow; /* GT_NO_RES: nobody */
	int64_t follow_id;
	struct goal followed;
	struct passing pass;
};

void query_init(struct query *q);
void query_free(struct query *q);
/* The first event, whose time this is, has arrived only now. */
void query_start(struct query *q, int64_t time);
/* After the rules of the trace were changed: nothing of what was found holds. */
void query_forget(struct model *m);
/* There are more events than before. */
void query_grown(struct model *m);
/* Another trace is read: expressions remember what they saw of the one before. */
void query_renew(struct model *m);

/* --- for searches --- */

/* Whether there is anything to look for; else says so. */
bool query_ready(struct model *m, enum seek what);
bool query_meets(struct model *m, enum seek what, const struct gt_event *ev, const struct gt_state *after, int64_t before);
/* Whether events of a stretch may meet it. */
bool query_may(const struct model *m, enum seek what, const struct gt_summary *s);
/* For messages: "GoBlock", "breakpoint", "G34". */
void query_name(const struct model *m, enum seek what, char *out, size_t cap);
/* A search has come to an event. */
void query_reached(struct model *m, enum seek what, uint64_t n);
/* Whose events steps go through from now on, and says so; GT_NONE: nobody's. */
void query_follow(struct model *m, enum gt_res res, int64_t id);
/* Steps go from one event of whatever is followed, or passes the filter, to the next: true, and *what says which. */
bool query_steps(const struct model *m, enum cmd cmd, enum seek *what);

/* --- for the list --- */

enum { MARK_OUT = 1, MARK_LIGHT = 2, MARK_BREAK = 4, MARK_FOUND = 8 };
/* What an event is marked as. */
uint8_t query_marks(void *model, const struct gt_event *ev, const struct gt_state *after, int64_t before);
/* Whether an event is highlighted; a lanes_light_fn of the model. */
bool query_lights(void *model, const struct gt_event *ev, const struct gt_state *after, int64_t before);
bool query_hides(const struct model *m);
/* Whether there are events to be found for the list; finds some, until stop says it is enough. */
bool query_wants(const struct model *m);
void query_look(struct model *m, bool (*stop)(void *arg), void *arg);
/* Line y of the list: the number of its event, or of the end; 0: there is none. */
uint64_t query_line(const struct model *m, int y);
const struct row *query_row(const struct model *m, uint64_t n);
/* Where a list that hides begins. */
void query_place(struct model *m);
void query_scroll(struct model *m, bool up, uint64_t count);

/* --- commands and the prompt --- */

/*
 * Searches of the prompt: an expression, or a text: what is in quotes, a word that names no event, what does not look like
 * an expression. One that does, and is wrong, is refused.
 */
bool query_is_text(const char *text);
void query_search(struct model *m, bool back, const char *text);
/* True: the command is one of these, and done. */
bool query_do(struct model *m, enum cmd cmd, uint64_t count);
/* Whether a search that goes on already is what this command would begin. */
bool query_goes_on(const struct model *m, enum cmd cmd);
bool query_command(struct model *m, enum cmd cmd, const char *arg);

/* What a line of the prompt is, while it is typed. */
struct line_verdict {
	enum { LINE_PLAIN, LINE_RIGHT, LINE_OPEN, LINE_WRONG, LINE_TEXT } kind; /* OPEN: right so far */
	size_t at;      /* OPEN, WRONG: the fault, in bytes of the line */
	char note[256]; /* OPEN, WRONG, TEXT: why */
};
void query_check(char kind, const char *line, struct line_verdict *out);
/* See cmd_complete. */
size_t query_complete(struct model *m, char kind, const char *line, size_t *from, char (*out)[CMD_NAME_MAX], size_t cap);

#endif
