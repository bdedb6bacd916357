/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in time the timelines are, how close, and what is chosen in them. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "lanes.h"

/* One of them: lanes of Ps, Ms or Gs. The first has those beside as well. */
struct lane_view {
	struct lanes *lanes;
	enum gt_res by;
	int width;       /* columns of cells; 0: not shown yet */
	int label;       /* columns before them */
	bool in_extra;   /* the chosen lane is one of those beside */
	int extra;       /* enum lane_extra */
	int64_t lane;    /* the chosen one's ID */
	size_t top;      /* first lane shown */
	size_t settled;  /* that, when all lanes were known last */
	bool placed;     /* there is such a place; else the chosen lane goes to the middle */
	bool loose;      /* it was scrolled: the chosen lane may be out of sight */
	int pinned, rows; /* rows of lanes beside, of lanes */
	uint64_t seen;   /* the row it was made for */
};

/* The pane "timeline", and "lanes" below it. */
enum { TIMELINES = 2 };

/* What they have in common: the same stretch of time, the same place in it. */
struct timeline {
	struct lane_view view[TIMELINES];
	double scale;    /* ns a column; 0: to be chosen */
	bool guessed;    /* of too few events: it is chosen anew once there are more */
	int64_t left;    /* ns, of the trace's clock */
	bool whole;      /* all that is known is to be seen */
	uint64_t grown;  /* events known when it was read last, or the scale was chosen */
	bool foreseen;   /* then its end was not known, but about where it is */
	int column;      /* looked at; -1: that of the current event */
	struct kin kin;  /* whose lanes are shown, by G */
};

#endif
