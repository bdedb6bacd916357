/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events of the list, formatted: a window of them around wherever the user looks. Only what is missing is fetched;
 * each row keeps the tables of its generation alive.
 */
#ifndef ROWS_H
#define ROWS_H

#include "fmt.h"
#include "gotrace.h"

#define ROW_CHANGES 12

struct row {
	uint64_t n; /* number of its event; 0: the slot is empty */
	struct gt_event ev;
	int64_t delta; /* since the event before */
	struct gt_change ch[ROW_CHANGES];
	size_t nch;
	char event[240];
	char change[112], brief[80];
	uint8_t marks; /* by the function that rows_new was given */
};

/* What an event is to be marked as; before: the time of the event before. */
typedef uint8_t row_marks_fn(void *arg, const struct gt_event *ev, const struct gt_state *after, int64_t before);

struct rows;

/* NULL: no memory. */
struct rows *rows_new(const struct symbols *sy, row_marks_fn *marks, void *arg);
void rows_free(struct rows *r);
void rows_clear(struct rows *r);
/* Makes sure of the events from number `from` on, as far as they exist. At most ROWS_MAX. */
#define ROWS_MAX 512
void rows_need(struct rows *r, struct gt_nav *nav, uint64_t from, size_t count);
/* NULL where there is no such event, or nobody asked for it. */
const struct row *rows_get(const struct rows *r, uint64_t n);
/* A row by itself, of an event as gt_nav_each gives it; NULL: no memory. */
struct row *row_new(struct rows *r, const struct gt_event *ev, const struct gt_change *ch, size_t nch,
		    const struct gt_state *after, int64_t delta);
void row_free(struct row *row);

/* Digits of the longest ID of an M, P, G seen so far: columns grow and never shrink. */
int rows_id_width(const struct rows *r, enum gt_res res);

#endif
