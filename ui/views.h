/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views beside the list of events: their commands, what is made ready of them, and their work. */
#ifndef VIEWS_H
#define VIEWS_H

#include "cmds.h"
#include "gotrace.h"
#include "keys.h"
#include "layout.h"

struct model;
struct sb;

/* Commands of views and of the trail; false: it is none of them. */
bool views_do(struct model *m, enum cmd cmd, uint64_t count);
/* The same with an argument, which is not empty. */
bool views_line(struct model *m, enum cmd cmd, const char *arg);
/* A key that an earlier one waits for; false: none does. */
bool views_key(struct model *m, ui_key key);

/* Before a picture. */
void views_prepare(struct model *m);
/* Whether a command still looks for where to go. */
bool views_wanted(const struct model *m);
/* All events were counted by the census, or all that have arrived. */
bool views_counted(const struct model *m);
/* "read to event 1,024, 50%": how far the census is. */
void views_add_read(const struct model *m, struct sb *b);
/* What the views that are open have still to read. True: that is enough for now, or not yet all. */
bool views_busy(const struct model *m);
bool views_work(struct model *m, bool (*stop)(void *arg), void *arg);
/* Where one is now, for the way back: before each picture, and before events are numbered otherwise. */
void views_note(struct model *m);
/* Another navigator is used, whose events may have other numbers; the trace is read anew. */
void views_moved(struct model *m);
void views_clear(struct model *m);
/* Nanoseconds of a clock that only goes forward. */
int64_t views_now(void);

/* Goes to a row, and remembers from where, however near that is. */
void views_jump(struct model *m, uint64_t row);
/* The same, to a row of all of the trace, where a generation is shown by itself. */
void views_jump_home(struct model *m, uint64_t row);
/* Whether a pane is on the screen, more than its title. */
bool views_visible(const struct model *m, int pane);
/* Opens a pane and gives it the keys. */
void views_open(struct model *m, int pane);
/* Opens it beside the one with the keys; that itself: beside the next one, or no longer beside any. */
void views_split(struct model *m, int pane);
/* Rows more for it, columns more where it stands beside others; or less. */
void views_resize(struct model *m, int pane, int rows, int columns);

/* The timelines, of which one has the keys or is meant; whether a pane is one. By so many of its widths; closer or farther by a factor; all of the trace; by M, P or G; a click. */
struct lane_view *timeline_now(struct model *m);
/* What the lanes of a timeline are of to begin with. */
enum gt_res timeline_usual(int i);
/* The pane of that. */
enum pane_id timeline_pane(struct model *m);
bool timeline_is(enum pane_id id);
/* One is to be seen. */
bool timeline_visible(const struct model *m);
bool timeline_busy(const struct model *m);
/* Reads on; false: there was nothing to do. */
bool timeline_work(struct model *m, bool (*stop)(void *arg), void *arg);
/* Nothing that was read is true any more. */
void timeline_moved(struct model *m);
void timeline_pan(struct model *m, double screens);
void timeline_zoom(struct model *m, double factor);
void timeline_whole(struct model *m);
void timeline_by(struct model *m, int by);
/* The timeline gets the keys, by M, P or G, and the lane of one of them is chosen. */
void timeline_show(struct model *m, enum gt_res by, int64_t id);
/* A click; the column of time it was in, or -1. */
int timeline_click(struct model *m, enum pane_id id, int y, int x);
/* From a column of time to a column of the pane: marks a and b. */
void timeline_drag(struct model *m, enum pane_id id, int from, int x);
/* "a→b 0.000865024s, 90 events": the time and the events between the marks; nothing where one is not set. */
void timeline_markers(const struct model *m, struct sb *b);
/*
 * Only the lanes of a goroutine and its kin: of the one chosen, or else of the one given; if there are only such, all again.
 */
void timeline_kin(struct model *m, int64_t here);
void timeline_scroll(struct model *m, enum pane_id id, int lanes);

/* From one place on the heading of the list to another: the width of a column, where on its edge, else its place. */
void events_drag(struct model *m, int from, int to);
/*
 * Whose columns are meant (see columns.h): those of the table where that has the keys, else of the list; or by its name before a
 * colon, as "groups: count", behind which *text is then. -1: there is no such name.
 */
int views_columns_meant(const struct model *m, const char **text);
/* For a script that is recorded: what was done to columns by hand. */
void views_note_columns(struct model *m, int of);

/* What each kind of table is sorted by to begin with: of one that is all zero. */
struct table;
void table_usual(struct table *t);
/* The table: of a kind (enum census_kind); by a column; of what a filter lets pass; a click. */
void table_show(struct model *m, int kind);
/* NATURAL: texts and IDs from the first on, else from the largest. TURN: that, but the other way if it is sorted by it. */
enum table_order { TABLE_NATURAL, TABLE_UP, TABLE_DOWN, TABLE_TURN };
void table_sort(struct model *m, const char *column, enum table_order order);
/* "running", "running up"; false: that is no order. */
bool table_sort_line(struct model *m, const char *words);
void table_only(struct model *m, const char *words);
/* Transitions of goroutines with that start function, or a part of its name; ".": of the row chosen, or of the event; "": all. */
void table_transitions(struct model *m, const char *of);
/* How the values of the column are distributed that it is sorted by, in place of the rows. */
void table_histogram(struct model *m, bool on);
/* What was made of the trace is of no use any more. */
void table_clear(struct model *m);
/* All rows there will be are there, in order; Enter, which came before they were. */
bool table_ready(const struct model *m);
void table_open(struct model *m);
void table_click(struct model *m, int y);
/* As events_drag; from a heading to the same: sorted by that, or the other way. */
void table_drag(struct model *m, int from, int to);
void table_scroll(struct model *m, int rows);

/* The pane that says why the trace is invalid: opened, at the fault; a click, false: on nothing that points anywhere by its line. */
void why_open(struct model *m);
bool why_click(struct model *m, int y, int x);
/* Part of model_work: hears of the verdict. */
void why_learn(struct model *m);
/* The explanation, however long that takes; NULL: there is no verdict yet, or no memory. */
const struct gt_explain *why_now(struct model *m);
/* The trace, or its rules, are others: what was explained is not true any more. */
struct why_view;
void why_view_free(struct why_view *v);

#endif
