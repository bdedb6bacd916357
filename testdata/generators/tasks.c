/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks and regions of runtime/trace, and how they get from one generation into the next. */
#include "generate.h"

#include <stddef.h>

#define HERE TG_STACK({ 0x600f, "main.main", "main/main.go", 15 })

static void
regions(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"Two regions, one in the other, the inner one of a task. A region that began before the trace ends in\n"
		"it, and one that begins in it never ends: neither is an error, since a trace sees only part of a\n"
		"program's life.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "UserRegionEnd", TG_TASK(0), TG_STR("begun before"), HERE);
	tg_event(b, "UserRegionBegin", TG_DT(100), TG_TASK(0), TG_STR("outer"), HERE);
	tg_event(b, "UserTaskBegin", TG_TASK(1), TG_TASK(0), TG_STR("inner"), HERE);
	tg_event(b, "UserRegionBegin", TG_DT(100), TG_TASK(1), TG_STR("inner"), HERE);
	tg_event(b, "UserLog", TG_DT(50), TG_TASK(1), TG_STR("customer"), TG_STR("number 7, \"quoted\""), HERE);
	tg_event(b, "UserRegionEnd", TG_DT(100), TG_TASK(1), TG_STR("inner"), HERE);
	tg_event(b, "UserTaskEnd", TG_TASK(1), HERE);
	tg_event(b, "UserRegionEnd", TG_DT(100), TG_TASK(0), TG_STR("outer"), HERE);
	tg_event(b, "UserRegionBegin", TG_DT(100), TG_TASK(0), TG_STR("outer"), HERE);
}

static void
region_across_generations(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"A region begins in the first generation, where its name is string 1, and ends in the second, where\n"
		"the same name is string 2. It is the name that counts.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "UserRegionBegin", TG_DT(100), TG_TASK(0), TG_STR("work"), TG_NO_STACK);

	g = generation(t, 2, 2000);
	tg_string(g, "rest", 4);
	b = tg_batch(g, 0, 2000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "UserRegionEnd", TG_DT(100), TG_TASK(0), TG_STR("work"), TG_NO_STACK);
}

static void
task_across_generations(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"A task with a task in it. The first generation begins both, the second ends them, where their names\n"
		"stand no longer in the table of strings: the reader remembers them. The numbers of strings belong to\n"
		"a generation, and string 1 is another one there.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "UserTaskBegin", TG_DT(100), TG_TASK(2), TG_TASK(0), TG_STR("order"), TG_NO_STACK);
	tg_event(b, "UserTaskBegin", TG_DT(100), TG_TASK(3), TG_TASK(2), TG_STR("pack"), TG_NO_STACK);

	g = generation(t, 2, 2000);
	b = tg_batch(g, 0, 2000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "UserLog", TG_DT(100), TG_TASK(3), TG_STR(""), TG_STR("something else"), TG_NO_STACK);
	tg_event(b, "UserTaskEnd", TG_DT(100), TG_TASK(3), TG_NO_STACK);
	tg_event(b, "UserTaskEnd", TG_DT(100), TG_TASK(2), TG_NO_STACK);
	tg_event(b, "UserTaskEnd", TG_DT(100), TG_TASK(2), TG_NO_STACK);
}

const struct scenario tasks[] = {
	{ "regions", 22, regions },
	{ "region-across-generations", 22, region_across_generations },
	{ "task-across-generations", 22, task_across_generations },
	{ NULL, 0, NULL }
};
