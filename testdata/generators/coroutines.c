/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coroutines: iter.Pull, and the switches of Go 1.23. */
#include "generate.h"

#include <stddef.h>

#define IN_PULL TG_STACK({ 0x1119, "iter.Pull[...]", "iter/iter.go", 281 })
#define ITS_START TG_STACK({ 0x2122, "iter.Pull[...].func1", "iter/iter.go", 290 })

static void
coroutine_create(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"iter.Pull makes a coroutine: a goroutine that waits from the first. Nothing but a switch gets it\n"
		"going. The first one here is asked for a value and has none; the second is never asked.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoCreateBlocked", TG_DT(100), TG_G(2), ITS_START, IN_PULL);
	tg_event(b, "GoSwitch", TG_DT(100), TG_G(2), TG_SEQ(1));
	tg_event(b, "GoSwitchDestroy", TG_DT(100), TG_G(1), TG_SEQ(1));
	tg_event(b, "GoCreateBlocked", TG_DT(100), TG_G(3), ITS_START, IN_PULL);
}

static void
coroutine_switch(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"Goroutine 1 pulls two values out of goroutine 2, its coroutine. Each GoSwitch is three things at\n"
		"once: the other is woken, this one blocks, the other starts; it stands in the trace as three events.\n"
		"The sequence number is the other's.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoStatus", TG_G(2), TG_M(GT_NONE), TG_GSTATUS(GT_G_WAITING));
	tg_event(b, "GoSwitch", TG_DT(100), TG_G(2), TG_SEQ(1));
	tg_event(b, "GoSwitch", TG_DT(100), TG_G(1), TG_SEQ(1));
	tg_event(b, "GoSwitch", TG_DT(100), TG_G(2), TG_SEQ(2));
	tg_event(b, "GoSwitch", TG_DT(100), TG_G(1), TG_SEQ(2));
}

static void
coroutine_destroy(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"A coroutine has no more values: its last switch ends it.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoStatus", TG_G(2), TG_M(GT_NONE), TG_GSTATUS(GT_G_WAITING));
	tg_event(b, "GoSwitch", TG_DT(100), TG_G(2), TG_SEQ(1));
	tg_event(b, "GoSwitchDestroy", TG_DT(100), TG_G(1), TG_SEQ(1));
}

const struct scenario coroutines[] = {
	{ "coroutine-create", 23, coroutine_create },
	{ "coroutine-switch", 23, coroutine_switch },
	{ "coroutine-destroy", 23, coroutine_destroy },
	{ NULL, 0, NULL }
};
