/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the list of events: which there are, in which order, how wide; and how its times are told. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

/* COLUMN(ID, name, heading, from, what): from: screens so wide show it, unless the user chose the columns. */
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

struct columns_chosen {
	bool chosen; /* else the usual ones, as far as there is room */
	int n;
	struct {
		enum column_id id;
		int width; /* 0: as it is */
	} at[COLUMNS_ALL];
};

const char *column_name(enum column_id id);
const char *column_heading(enum column_id id);
int column_from(enum column_id id);
/* The usual ones. */
void columns_usual(struct columns_chosen *c);
/* One of them to the place of another. */
void columns_move(struct columns_chosen *c, int from, int to);
/* "number time:14 event": false, and *c as it was, where a word is no column (*wrong: that word) or one comes twice. */
bool columns_parse(struct columns_chosen *c, const char *text, const char **wrong);

#endif
