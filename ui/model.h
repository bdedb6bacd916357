/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the explorer shows: a plain structure. Commands change it, model_prepare makes ready what there is to draw,
 * panes read it. It knows no terminal: tests drive it by keys and read the picture as text.
 *
 *	key or line -> model_key, model_line -> (model_work ...) -> model_prepare -> model_draw
 *
 * Rows: event n is row n; behind the last event is one more, the end of the trace or the error it ends in.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdio.h>

#include "arrival.h"
#include "canvas.h"
#include "census.h"
#include "cmds.h"
#include "columns.h"
#include "copy.h"
#include "family.h"
#include "fmt.h"
#include "indexer.h"
#include "keys.h"
#include "lanes.h"
#include "layout.h"
#include "learn.h"
#include "lines.h"
#include "links.h"
#include "only.h"
#include "origins.h"
#include "palette.h"
#include "pane.h"
#include "query.h"
#include "rows.h"
#include "scene.h"
#include "script.h"
#include "session.h"
#include "settings.h"
#include "theme.h"
#include "timeline.h"
#include "trail.h"
#include "ui.h"
#include "views.h"
#include "whatif.h"
#include "where.h"
#include "why.h"

/* IDs of the strings and then the stacks of a generation, which is kept. */
struct tables {
	struct gt_gen *gen;
	uint64_t *id;
	size_t strings, stacks;
};
void tables_free(struct tables *t);

/* The table of goroutines, tasks, regions, ranges: see pane_table.c. */
struct table_row;
struct table {
	enum census_kind kind;
	int sort[CENSUS_KINDS]; /* column */
	bool reverse[CENSUS_KINDS];
	char only[ONLY_MAX];    /* the filter, */
	struct only_res *res;   /* and its regular expressions, with those of filters before */
	char of[ONLY_MAX];      /* transitions: of goroutines with this start function, or a part of its name; empty: of all */
	uint32_t *row;          /* in order */
	size_t rows, at, top;   /* at: the chosen one */
	int64_t ahead;          /* keys came before the rows: the chosen one is so many farther; see pane_table.c */
	bool opens;             /* so did Enter: it is done once all rows are there */
	bool loose;             /* it was scrolled: the chosen one may be out of sight */
	bool made, made_done;   /* in order; with all there will be */
	bool stale;             /* the rows are still those of another order or filter */
	uint64_t made_of;       /* events that had been read then */
	uint64_t made_at, made_in; /* after which event, and in which generation if it was looked at by itself */
	bool keep;              /* the row chosen stays that when they are in order again */
	int64_t began, ordered, took; /* putting in order: ns, of views_now */
	struct sorting *sorting; /* the next order, while it is made */
	struct histogram *bars, *counting; /* of the rows; of the next order, while it is made */
	bool histogram;         /* its bars are shown, and at and top are of them; else of the rows */
	bool chosen, turned;    /* one of them, else the largest is; from the last to the first */
	size_t row_at;          /* the row chosen, meanwhile */
	/* The table of which a row was opened as what is listed here, with its filter: to go back to it, while the cursor is there still. */
	struct {
		bool is;
		enum census_kind kind;
		char only[ONLY_MAX];
		size_t at;
		uint64_t cursor;
	} parent;
};

/* Why the trace is invalid: see pane_why.c. */
struct why_link;
struct why_view {
	struct why *why;               /* NULL: not asked yet */
	const struct gt_explain *made; /* the lines are of, and so wide */
	int width, height;
	bool utf8;
	struct why_link *link;
	size_t links, cap, at; /* at: the one chosen */
	bool chosen;
	bool acted;  /* the user has done something */
	bool learnt; /* the verdict has been heard of */
	bool heard;  /* that why is done, too: pictures have been of it since, or will be */
	bool going;  /* to the fault, once there is a verdict */
};

/* Where a button was pressed, until it is let go: a column of time, a title, the line between panes, a heading of the list. */
struct drag {
	enum { DRAG_NONE, DRAG_TIME, DRAG_TITLE, DRAG_LINE, DRAG_COLUMN } what;
	enum pane_id pane;
	int y, x; /* on the screen; TIME: x is the column of the timeline */
};

/* What is wrong, by the message: n bytes of a text from `at` on. Empty: it is about no text. */
struct fault {
	char text[COMMAND_MAX];
	size_t at, n;
};

/* What a key asks of whoever owns the terminal. LEAVE: the lesson; LESSON: the page that lesson.want names. COPY: what `copy` has. */
enum effect { EFFECT_NONE, EFFECT_QUIT, EFFECT_LEAVE, EFFECT_SUSPEND, EFFECT_REDRAW, EFFECT_PROMPT, EFFECT_LESSON, EFFECT_COPY };

/* Something that takes long, done in slices. */
enum job_kind { JOB_NONE, JOB_SEEK, JOB_LAST, JOB_WHERE, JOB_SCAN, JOB_FIND };

struct job {
	enum job_kind kind;
	uint64_t target; /* SEEK: the row; FIND, SCAN: where to go on */
	struct where where; /* WHERE, SCAN: the place */
	uint64_t limit;     /* SCAN: offset behind the generation */
	uint64_t near, near_off; /* SCAN: the event last before the offset, and its own; 0: none yet */
	uint32_t near_batch;
	enum seek what; /* FIND */
	bool back;      /* FIND */
	uint64_t count; /* FIND: which hit */
	bool exact;     /* SEEK: complain where there is no such event */
	bool fault;     /* LAST: only if that is one */
	bool anew;      /* SEEK: back to where one was before the rules or the trace were changed, which is `left` */
	bool home;      /* SEEK, SCAN: in all of the trace, which is shown once one is there */
};

/* Where one was taken for a share of a trace whose events were not counted yet; at 0: nowhere, or one has gone on. */
struct about {
	uint64_t at, apart; /* the row, and as trail_place.apart */
	double share;
};

/* On a trace under some rules. */
struct verdict {
	bool known, broken; /* known: all of it was read */
	uint64_t events;
	char error[160]; /* its first line */
};

struct prompt_view {
	char kind;       /* ':' or '/'; 0: closed */
	char text[1024]; /* prompt and line, UTF-8 */
	int cursor;      /* bytes of text before the cursor */
	int begin;       /* bytes of the prompt itself */
	char note[8192]; /* completions, shown above, each ended by a line end */
	struct line_verdict is;
};

struct model {
	/* Given. */
	const char *file;
	const struct opened_file *opened_file; /* see ui.h */
	struct gt_trace *trace, *opened; /* what is read; what was given, where that is edited */
	unsigned reading, readings; /* which trace is read: 0 for the one given; how many others there were */
	unsigned version;
	bool utf8, can_utf8; /* what is used, what the terminal can show */
	const struct symbols *sy;

	/* The trace, as far as it is known. */
	struct gt_nav *nav, *home; /* what is shown; all of the trace: another one where a generation is shown by itself */
	struct gt_gen_place apart; /* that generation */
	bool beyond; /* the order of the whole trace does not reach it */
	struct gt_gen *gen0;       /* the first one, for its clock; NULL: there is none */
	size_t memory;
	size_t patience; /* in a trace of at most so many bytes places wait for the index */
	void (*release)(void *arg); /* see ui.h */
	void *release_arg;
	bool (*changed)(void *arg, char *text, size_t cap); /* see ui.h */
	void *changed_arg;
	bool gone;      /* events that were there are not any more: that has been said */
	double touched; /* bytes of the file, since the last release */
	uint64_t known; /* of nav, as the next two */
	bool all, broken;
	struct indexer *indexer; /* NULL: not started, or there is none: then it is made in slices */
	bool threads, indexed;   /* indexed: nothing more will be */
	bool (*write)(void *arg, struct gt_trace *t, const struct gt_model *rules, const char *file, const char *form, bool over,
		char *why, size_t cap); /* see ui.h */
	void *write_arg;
	struct edits edits;
	bool cache;              /* indexes are kept in files: */
	bool looked, kept;       /* has been looked for, has been done, under these rules */
	double done;
	int64_t t0; /* time of the first event */
	struct rows *rows;

	/* Where the user is. */
	uint64_t cursor, top; /* rows */
	bool loose;           /* the list was scrolled: the cursor may be out of sight */
	int h, w;
	struct layout lay;
	struct arrangement arr;
	size_t scroll[PANES];
	size_t stack_row;      /* of the table of waits, plus one: whose stack the pane of stacks shows; 0: the event's */
	bool help;
	size_t help_top;
	char topic[80]; /* of the help; empty: all commands */
	struct palette palette;
	char begin[160]; /* what the prompt begins with */

	/* Made for the current row. */
	struct scene scene;
	struct lines lines[PANES], help_lines;
	uint64_t made_for; /* the row they are of; 0: to be made */
	uint64_t scrolled_for; /* the row in whose panes one has scrolled */
	bool made_all;

	/* The views beside the list: see views.h. */
	struct timeline time;
	struct tables tables;
	struct census *census;
	struct table table;
	struct why_view why;
	int field; /* of the bytes */
	struct link_chosen link;
	struct origins origins;
	struct family family;
	uint64_t gen_first, gen_last; /* numbers of generations; 0: not known yet */
	struct trail trail;
	struct columns_chosen columns[COLUMNS_OF]; /* of each kind of table, and of the list */
	enum time_mode time_mode;
	struct theme theme;
	struct keymap keymap;
	unsigned looks; /* counts changes of how things look */
	bool mouse;
	struct drag drag;
	struct trail_place was; /* that of the last picture */
	bool on_trail; /* the next row is one of the trail */
	bool passing;  /* the current row is where a way begins, not one that somebody went to */
	enum cmd waits; /* the command that the next key is a letter for */

	/* Input. */
	uint64_t prefix;
	bool has_prefix;
	struct prompt_view prompt;
	char search[128]; /* the text to search for; empty: an expression, in query */
	struct query query;
	uint64_t search_types[4]; /* types of events that may have that text */
	enum effect effect;
	struct copy copy;

	/* Output. */
	char message[512];
	enum style message_style;
	struct fault fault;

	/* Commands that wait, from text + at on, and those that are recorded. */
	struct {
		char *text;
		size_t at, size;
		struct script_part *part; /* of which files the text is, the first to be done last */
		size_t parts;
		bool doing; /* what is done, or was last, is one of them */
		unsigned sources;
		bool held; /* somebody else takes them */
		FILE *record;
		long noted; /* where in it the last command begins, until another key comes; -1: nowhere */
		enum pane_id keys; /* the pane that had them then */
	} script;

	struct session session;
	struct lesson_view lesson;
	struct job job;
	struct arrival arrival;
	struct about about;
	struct trail_place left;
	bool judging; /* the rules or the trace were changed: say what came of it */
	bool judged;  /* that is what the message says */
	struct verdict before;
	char edited[240]; /* how the trace was changed; empty: the rules were */
};

/* Zeroes and fills it. False: no memory. */
bool model_init(struct model *m, const struct ui_options *o, bool utf8);
void model_free(struct model *m);
void model_resize(struct model *m, int h, int w);

/* A key; what is left for the caller to do. */
enum effect model_key(struct model *m, ui_key key);
/* What the mouse did; the same. */
enum effect model_mouse(struct model *m, const struct mouse_event *ev);
/* A command, count times (0: no number was given). */
void model_do(struct model *m, enum cmd cmd, uint64_t count);
/* A line typed at a prompt of that kind. */
void model_line(struct model *m, char kind, const char *text);
__attribute__((format(printf, 3, 4))) void model_say(struct model *m, enum style style, const char *fmt, ...);
/* What is wrong with n bytes of a text, from byte `at` on, which is shown with the message. */
__attribute__((format(printf, 5, 6))) void model_say_fault(
	struct model *m, const char *text, size_t at, size_t n, const char *fmt, ...);

/* Whether there is work to do while no key waits; a slice of it, of about so many nanoseconds. */
bool model_busy(const struct model *m);
/* Whether others work: then model_work is to be called now and then, and there is something new to show. */
bool model_waits(const struct model *m);
void model_work(struct model *m, int64_t ns);
void model_cancel(struct model *m);

/* Everything the panes need: after commands and work, before drawing. */
void model_prepare(struct model *m);
void model_draw(const struct model *m, struct canvas *c);
/* A part of that: what is made for the current row, of the panes as they are laid out. */
void model_make(struct model *m);

/* For commands and panes. */
uint64_t model_last_row(const struct model *m); /* of those known */
bool model_is_end(const struct model *m, uint64_t row);
const struct gt_error *model_error(const struct model *m);
int model_list_rows(const struct model *m);
void model_go(struct model *m, uint64_t row, bool exact);
/* The same in all of the trace; a generation by itself is shown until one is there. */
void model_go_home(struct model *m, uint64_t row, bool exact);
void model_move(struct model *m, bool back, uint64_t count);
/* The next hit, or the one before; count: which. */
void model_find(struct model *m, enum seek what, bool back, uint64_t count);
/* Part of model_work; see find.c. */
void find_on(struct model *m, bool (*stop)(void *arg), void *arg);
/* What is known of the whole trace under the present rules. */
struct verdict model_verdict(const struct model *m);
bool model_set_rules(struct model *m, const struct gt_model *rules);
/* Finds the start of the trace: its first generation and time. */
void model_find_start(struct model *m);
/* Another trace is read, which must outlive the model; `what` it is. False: no memory, which is said. */
bool model_set_trace(struct model *m, struct gt_trace *t, const char *what);
void model_refresh_known(struct model *m);
/* Goes to a place; see where.h. Where that takes long it is a job. */
void model_goto(struct model *m, const struct where *w);
/* To the end of the trace, or what broke it; fault: if it is that. Wherever the keys are. */
void model_go_end(struct model *m, bool fault);
/* Where a row is, in the file, too; and to such a place, wherever its event is now. */
struct trail_place model_place(struct model *m, uint64_t row);
void model_go_place(struct model *m, const struct trail_place *p);
/* The number of the generation that begins at a byte. */
uint64_t model_generation(const struct model *m, uint64_t from);
/* Whether a generation is shown by itself, with states that are not confirmed, and with event numbers of its own. */
bool model_apart(const struct model *m);
/* Behind what a search did not find: how much of the trace it went through, where a generation is shown by itself. */
void model_say_searched(const struct model *m, struct sb *b, bool back);
/* What was looked for may be there: from event n on, or before it, there was no memory to look. */
void model_say_starved(struct model *m, bool back, uint64_t n);
/* Back to all of the trace, at its first event. */
void model_home(struct model *m);
bool model_open_apart(struct model *m, const struct gt_gen_place *at);
/* What was made for rows is of no use any more. */
void model_forget(struct model *m);

/* About so many bytes of the file have been read. */
void model_touch(struct model *m, double bytes);

/* Parts of model_work; see access.c. */
/* Whether the file is so small that places are not looked for before it is indexed up to them. */
bool access_is_patient(const struct model *m);
/* True: it is done, or has become another job. */
bool access_find(struct model *m);
void access_scan(struct model *m, bool (*stop)(void *arg), void *arg);
bool access_last(struct model *m);
void access_confirm(struct model *m);
/* To a place of which only the file is sure: the numbers of events, or the trace, are others now. */
void access_look_for(struct model *m, const struct trail_place *p);
/* Who went to about some share of the trace, and is there still, is taken to where it is once that is known. */
void access_correct(struct model *m);
/* Ends a way that began elsewhere: back to where one was. */
void access_return(struct model *m);
/* A place in a generation by itself becomes one in the whole trace, as soon as that is known up to there. False: not yet. */
bool access_settle(struct model *m, struct trail_place *p);
/*
 * Marks whose events are not near the numbers that they should have: looked for through their generations, as far as these are
 * known. Whether there is more to look at; and a slice of it.
 */
bool access_seeks_marks(const struct model *m);
void access_seek_marks(struct model *m, bool (*stop)(void *arg), void *arg);
/* Where text contains the search pattern; NULL: nowhere. */
const char *model_match(const struct model *m, const char *text);
void model_search_for(struct model *m, const char *text);

#endif
