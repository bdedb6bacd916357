/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each type of event takes of the file: the table that `go tool trace -d=footprint` prints, byte for byte, with the
 * types that do not occur, and those that do not exist.
 */
#include "fmt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct table {
	const struct gt_trace *t;
	struct gt_footprint f;
};

static void *
footprint_begin(struct out *o, const struct gt_trace *t)
{
	struct table *tab = calloc(1, sizeof(*tab));

	(void)o;
	if (tab)
		tab->t = t;
	return tab;
}

static bool
footprint_raw(void *f, struct out *o, const struct gt_raw *ev)
{
	struct table *tab = f;

	(void)o;
	gt_footprint_add(&tab->f, ev);
	return true;
}

/*
 * The reference knows the types of a version as a list: what is behind its end is unknown, a gap in it has no name. An
 * event of AllocFree before Go 1.26 is behind the end; where there are such, they are named all the same.
 */
static void
type_name(const struct table *tab, unsigned type, char *buf, size_t cap)
{
	const struct gt_spec *s = gt_spec(type);
	unsigned version = gt_version(tab->t);
	bool behind = version >= 26 ? type > GT_EV_GoroutineStackFree :
		type > (version >= 25 ? GT_EV_ClockSnapshot : version >= 23 ? GT_EV_ExperimentalBatch : GT_EV_UserLog);

	if (behind && tab->f.count[type] == 0)
		snprintf(buf, cap, "<unknown (%u)>", type);
	else
		snprintf(buf, cap, "%s", s->name ? s->name : "");
}

static void
percent(char *buf, size_t cap, uint64_t part, double all)
{
	double x = (double)part / all * 100;

	if (x != x)
		snprintf(buf, cap, "NaN%%");
	else
		snprintf(buf, cap, "%.2f%%", x);
}

enum { COLUMNS = 5, ROWS = GT_TYPES + 2, CELL = 32 };

static void
put_table(struct out *o, char (*cell)[COLUMNS][CELL])
{
	size_t width[COLUMNS] = { 0 };

	for (unsigned row = 0; row < ROWS; row++)
		for (unsigned i = 0; i < COLUMNS; i++)
			if (strlen(cell[row][i]) + 2 > width[i])
				width[i] = strlen(cell[row][i]) + 2;
	for (unsigned row = 0; row < ROWS; row++)
		for (unsigned i = 0; i < COLUMNS; i++)
			if (i < COLUMNS - 1)
				out_format(o, "%-*s", (int)width[i], cell[row][i]);
			else
				out_format(o, "%s\n", cell[row][i]);
}

static void
fill_table(const struct table *tab, char (*cell)[COLUMNS][CELL])
{
	static const char *const head[COLUMNS] = { "Event", "Bytes", "%", "Count", "%" };
	const struct gt_footprint *f = &tab->f;
	uint8_t order[GT_TYPES];
	size_t size;

	gt_bytes(tab->t, &size);
	gt_footprint_order(f, order);
	for (unsigned i = 0; i < COLUMNS; i++) {
		strcpy(cell[0][i], head[i]);
		strcpy(cell[1][i], "-");
	}
	for (unsigned i = 0; i < GT_TYPES; i++) {
		unsigned type = order[i];
		char(*row)[CELL] = cell[i + 2];

		type_name(tab, type, row[0], CELL);
		snprintf(row[1], CELL, "%" PRIu64, f->bytes[type]);
		percent(row[2], CELL, f->bytes[type], (double)size);
		snprintf(row[3], CELL, "%" PRIu64, f->count[type]);
		percent(row[4], CELL, f->count[type], (double)f->events);
	}
}

/* Of a trace that can't be read to its end there is no table, as with the reference. */
static void
footprint_end(void *f, struct out *o, bool whole)
{
	char(*cell)[COLUMNS][CELL] = whole ? calloc(ROWS, sizeof(*cell)) : NULL;

	if (cell) {
		fill_table(f, cell);
		put_table(o, cell);
	} else if (whole) {
		o->failed = true;
	}
	free(cell);
	free(f);
}

const struct format format_footprint = {
	.name = "footprint",
	.what = "how often each type comes and what it takes, as go tool trace -d=footprint prints it",
	.begin = footprint_begin,
	.raw = footprint_raw,
	.end = footprint_end,
};
