/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines: they are created, run, block, are woken and end. */
#include "generate.h"

#include <stddef.h>

#define IN_MAIN(pc, line) TG_STACK({ pc, "main.main", "main/main.go", line })
#define IN_WORKER TG_STACK({ 0x3015, "main.worker", "main/main.go", 21 })

static void
context(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"The life of a thread in nine events: it takes an idle P, runs a goroutine on it until that yields,\n"
		"runs another until that ends, runs the first again until it blocks, and gives the P back. A thread\n"
		"that runs Go code has a P, and a P runs one goroutine at a time.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_IDLE));
	tg_event(b, "GoStatus", TG_G(1), TG_M(GT_NONE), TG_GSTATUS(GT_G_RUNNABLE));
	tg_event(b, "GoStatus", TG_G(2), TG_M(GT_NONE), TG_GSTATUS(GT_G_RUNNABLE));
	tg_event(b, "ProcStart", TG_DT(100), TG_P(0), TG_SEQ(1));
	tg_event(b, "GoStart", TG_DT(50), TG_G(1), TG_SEQ(1));
	tg_event(b, "GoStop", TG_DT(500), TG_STR("preempted"), IN_MAIN(0x300c, 12));
	tg_event(b, "GoStart", TG_DT(50), TG_G(2), TG_SEQ(1));
	tg_event(b, "GoDestroy", TG_DT(500));
	tg_event(b, "GoStart", TG_DT(50), TG_G(1), TG_SEQ(2));
	tg_event(b, "GoBlock", TG_DT(500), TG_STR("chan receive"), IN_MAIN(0x300c, 12));
	tg_event(b, "ProcStop", TG_DT(50));
}

static void
goroutine_life(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"Goroutine 1 creates goroutine 2 and blocks until it is done. Goroutine 2 is runnable from the moment\n"
		"of its creation, runs on the same thread when its turn comes, wakes goroutine 1 and ends.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoCreate", TG_DT(300), TG_G(2), IN_WORKER, IN_MAIN(0x2007, 7));
	tg_event(b, "GoBlock", TG_DT(200), TG_STR("chan receive"), IN_MAIN(0x2007, 7));
	tg_event(b, "GoStart", TG_DT(80), TG_G(2), TG_SEQ(1));
	tg_event(b, "GoUnblock", TG_DT(400), TG_G(1), TG_SEQ(1), IN_WORKER);
	tg_event(b, "GoDestroy", TG_DT(60));
	tg_event(b, "GoStart", TG_DT(80), TG_G(1), TG_SEQ(2));
}

static void
order_not_time(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"The clocks of two threads differ: by M1's, it starts goroutine 1 before M0 wakes it. The reader sees\n"
		"the start first, finds that it may not happen yet, and takes M0's events before it, though their\n"
		"times are later. The times it shows are moved up so that they never run backwards.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 2);
	tg_event(b, "GoUnblock", TG_DT(500), TG_G(1), TG_SEQ(1), TG_NO_STACK);
	tg_event(b, "GoBlock", TG_DT(100), TG_STR(""), TG_NO_STACK);

	b = tg_batch(g, 1, 1005);
	tg_event(b, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStatus", TG_G(1), TG_M(GT_NONE), TG_GSTATUS(GT_G_WAITING));
	tg_event(b, "GoStart", TG_DT(100), TG_G(1), TG_SEQ(2));
	tg_event(b, "GoBlock", TG_DT(50), TG_STR(""), TG_NO_STACK);
}

const struct scenario goroutines[] = {
	{ "context", 22, context },
	{ "goroutine-life", 22, goroutine_life },
	{ "order-not-time", 22, order_not_time },
	{ NULL, 0, NULL }
};
