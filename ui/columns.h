/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns of the list of events, and those of each kind of table: which there are, which are shown, in which order, how
 * wide, and where that puts them. And how the times of the list are told.
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "census.h"
#include "fmt.h"

/* Those of the list. COLUMN(ID, name, heading, from, what): from: screens so wide show it, unless the user chose the columns. */
#define COLUMN_LIST(COLUMN)                                                                                            \
	COLUMN(NUMBER, "number", "#", 0, "the number of the event")                                                    \
	COLUMN(TIME, "time", "time", 60, "its time: see :time")                                                        \
	COLUMN(DELTA, "delta", "", 70, "the time since the event before")                                              \
	COLUMN(M, "m", "M", 0, "the thread")                                                                           \
	COLUMN(P, "p", "P", 0, "the processor")                                                                        \
	COLUMN(G, "g", "G", 0, "the goroutine")                                                                        \
	COLUMN(EVENT, "event", "event", 0, "the event and its arguments")                                              \
	COLUMN(CHANGE, "change", "change", 60, "what it changed")                                                      \
	COLUMN(FUNCTION, "function", "function", 0, "the function on top of its stack")                                \
	COLUMN(GENERATION, "generation", "gen", 0, "its generation")                                                   \
	COLUMN(OFFSET, "offset", "offset", 0, "its place in the file")

enum column_id {
#define COLUMN(ID, name, heading, from, what) COL_##ID,
	COLUMN_LIST(COLUMN)
#undef COLUMN
	COLUMNS_ALL
};

/* RELATIVE: since the first event; MARK: since mark a. */
enum time_mode { TIME_RELATIVE, TIME_DELTA, TIME_WALL, TIME_RAW, TIME_MARK, TIME_MODES };
const char *time_mode_name(enum time_mode t);

/* What has columns: each kind of table (enum census_kind), and the list. */
enum { COLUMNS_EVENTS = CENSUS_KINDS, COLUMNS_OF };
/* No list and no table has more. */
enum { COLUMNS_MOST = 16 };

/* "goroutines", "events". */
const char *columns_of(int of);
/* Column i of what has them, in the usual order: its name (NULL behind the last), and what it says. */
const char *column_name(int of, int i);
const char *column_what(int of, int i);
/* Of the list. */
const char *column_heading(enum column_id id);
/* Screens so wide show it, unless the user chose the columns. */
int column_from(int of, int i);
/* The one called so, or the first whose name begins so, in whatever case if none else does; -1: none. */
int column_find(int of, const char *word, size_t n);

/* --- those chosen --- */

struct columns_chosen {
	bool chosen; /* else the usual ones, as far as there is room */
	int first;   /* of those shown, the first one seen; but where there is room for all, all are */
	int n;
	struct {
		int id;    /* see column_name */
		int width; /* 0: as it is */
	} at[COLUMNS_MOST];
};

/* The usual ones. */
void columns_usual(int of, struct columns_chosen *c);
/* One of them to the place of another. */
void columns_move(struct columns_chosen *c, int from, int to);
/* Wider is a slip of the finger. */
enum { COLUMNS_WIDEST = 500 };
/* What is wrong with a list of them: a word is no column, one comes twice, a width is none. */
enum columns_fault { COLUMNS_RIGHT, COLUMNS_UNKNOWN, COLUMNS_TWICE, COLUMNS_WIDTH };
/* "number time:14 event". Where it is wrong, *c is as it was, and *wrong is where the word, or the width, begins. */
enum columns_fault columns_parse(int of, struct columns_chosen *c, const char *text, const char **wrong);
/* The same text: what columns_parse would make it of. */
void columns_text(int of, const struct columns_chosen *c, struct sb *b);

/* --- on the screen --- */

struct columns {
	int n, first, more; /* first: the first that is seen; more: so many for which there is no room, or not enough */
	struct {
		int id, x, w;
		int share, most; /* share: of what is left, where it has no width; most: it needs no more where others could have it; 0: it does */
	} at[COLUMNS_MOST];
};

/*
 * Gives those without a width one, and those from k->first on their places from column 2 on, gap columns between them, as much as
 * there is room for in w columns. One column is left over: before column `apart`, or behind the last where that is not there.
 * Where there is room for all, none is left out.
 */
void columns_place(struct columns *k, int w, int gap, int apart);
/* The one at a place, by its number in k; *edge: right behind it, where its width is. -1: none. */
int columns_at(const struct columns *k, int x, bool *edge);
/*
 * From one place on the heading to another: another width for a column, where on its edge, else another place for it; those that
 * were shown are chosen then. False: that changes nothing.
 */
bool columns_drag(const struct columns *k, struct columns_chosen *c, int from, int to);

/* So many columns to the right, or to the left. False: there are no more. */
bool columns_scroll(const struct columns *k, struct columns_chosen *c, int n);

#endif
