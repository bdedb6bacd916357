/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How generations begin and end: clocks, ends, and a batch that is cut. */
#include "generate.h"

#include <stddef.h>

#define NEW_YEAR 1767225600 /* 2026-01-01 00:00:00 UTC */

static void
clock_snapshot(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"Since Go 1.25 each generation has a batch that begins with Sync and says how long a tick is, and\n"
		"what the trace's clock, the machine's and the wall's showed at one moment. The second generation\n"
		"ticks twice as fast, and its clock does too: the times go on as they were.\n");

	g = generation(t, 1, 1001);
	tg_clock(g, 6000000000, NEW_YEAR, 0);
	b = tg_batch(g, 0, 1100);
	tg_event(b, "ProcStatus", TG_DT(100), TG_P(0), TG_PSTATUS(GT_P_RUNNING));

	g = generation(t, 2, 0);
	tg_sync(g, 2000000000, 2 * 2001);
	tg_clock(g, 6000001000, NEW_YEAR, 1000);
	b = tg_batch(g, 0, 2 * 2100);
	tg_event(b, "ProcStatus", TG_DT(2 * 100), TG_P(0), TG_PSTATUS(GT_P_RUNNING));
}

static void
end_of_generation(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"Since Go 1.26 a generation ends with an event that says so, and a trace that lacks the last of these\n"
		"has been cut. Two generations here; the second has no events at all, which is allowed.\n");

	g = generation(t, 1, 101);
	tg_clock(g, 6000000000, NEW_YEAR, 0);
	b = tg_batch(g, 0, 110);
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_RUNNING));

	g = generation(t, 2, 201);
	tg_clock(g, 7000000000, NEW_YEAR + 1, 0);
}

/* A generation that nobody ended, with one batch. */
static struct tg_batch *
cut(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_options(t, TG_NO_EMPTY_TABLES | TG_NO_END);
	tg_step(t, 10);
	g = tg_gen(t, 1);
	tg_sync(g, 1000000000, 101);
	tg_clock(g, 6000000000, NEW_YEAR, 0);
	b = tg_batch(g, 0, 110);
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_RUNNING));
	return b;
}

static void
no_end_of_generation(struct tg *t)
{
	tg_comment(t,
		"Before Go 1.26 a generation ends where the next begins or the file ends. So a trace that was cut\n"
		"between two batches looks whole, and is accepted.\n");
	cut(t);
}

static void
batch_short(struct tg *t)
{
	tg_comment(t,
		"The last batch says that it has 9 bytes, and 4 come: the file was cut, or its disk was full.\n");
	tg_fails(t, "^failed to read full batch: read 4 but wanted 9$");
	tg_batch_size(cut(t), 9);
}

const struct scenario generations[] = {
	{ "clock-snapshot", 25, clock_snapshot },
	{ "end-of-generation", 26, end_of_generation },
	{ "no-end-of-generation-go1.25", 25, no_end_of_generation },
	{ "batch-short", 26, batch_short },
	{ NULL, 0, NULL }
};
