/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in time the timeline is, how close, and what is chosen in it. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "lanes.h"

struct timeline {
	enum gt_res by;
	double scale;    /* ns a column; 0: to be chosen */
	int64_t left;    /* ns, of the trace's clock */
	bool whole;      /* all that is known is to be seen */
	uint64_t grown;  /* events known when it was read last */
	int width;       /* columns of cells; 0: not shown yet */
	int label;       /* columns before them */
	bool in_extra;   /* the chosen lane is one of those beside */
	int extra;       /* enum lane_extra */
	int64_t lane;    /* the chosen one's ID */
	int column;      /* looked at; -1: that of the current event */
	size_t top;      /* first lane shown */
	size_t settled;  /* that, when all lanes were known last */
	bool placed;     /* there is such a place; else the chosen lane goes to the middle */
	bool loose;      /* it was scrolled: the chosen lane may be out of sight */
	int pinned, rows; /* rows of lanes beside, of lanes */
	struct kin kin;  /* whose lanes are shown, by G */
	uint64_t seen;   /* the row it was made for */
};

#endif
