/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many threads at the same time: who goes first? */
#include "generate.h"

#include <stddef.h>

/* Goroutine 1 + m waits (or is runnable); M m, on P m, starts it at once, however often it must be woken for that. */
static struct tg_batch *
starter(struct tg_gen *g, uint64_t m, bool waits)
{
	struct tg_batch *b = tg_batch(g, m, 1000);

	tg_event(b, "ProcStatus", TG_P(m), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStatus", TG_G(m + 1), TG_M(GT_NONE), TG_GSTATUS(waits ? GT_G_WAITING : GT_G_RUNNABLE));
	tg_event(b, "GoStart", TG_DT(100), TG_G(m + 1), TG_SEQ(waits ? 2 : 1));
	return b;
}

static void
ties_chain(struct tg *t)
{
	/* Whom the goroutine that M i starts wakes; 0: nobody. They make one chain, from goroutine 1 to goroutine 7. */
	static const uint8_t wakes[] = { 8, 16, 9, 13, 12, 11, 0, 4, 14, 2, 15, 7, 10, 5, 3, 6 };
	struct tg_gen *g;

	tg_comment(t,
		"Sixteen threads that want something at the very same time, and in the end only one order is\n"
		"possible: each starts a goroutine that another one must wake first. Where times are equal the reader\n"
		"tries the threads in the order that a sort puts them in, which is not stable for more than twelve.\n"
		"The times tell nothing here, and yet everything comes out in one order, and must do so in every\n"
		"reader.\n");

	g = generation(t, 1, 1000);
	for (unsigned m = 0; m < sizeof(wakes); m++) {
		struct tg_batch *b = starter(g, m, m > 0);

		if (wakes[m] > 0)
			tg_event(b, "GoUnblock", TG_DT(0), TG_G(wakes[m]), TG_SEQ(1), TG_NO_STACK);
	}
}

/* A thread that allocates twice and, in between, may wake a goroutine. */
static void
allocator(struct tg_gen *g, uint64_t m, uint64_t wakes)
{
	struct tg_batch *b = tg_batch(g, m, 1000);

	tg_event(b, "ProcStatus", TG_P(m), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "HeapAlloc", TG_DT(110), TG_VALUE(100 * m));
	if (wakes > 0)
		tg_event(b, "GoUnblock", TG_DT(0), TG_G(wakes), TG_SEQ(1), TG_NO_STACK);
	tg_event(b, "HeapAlloc", TG_DT(0), TG_VALUE(100 * m + 1));
}

static void
ties_free(struct tg *t)
{
	struct tg_gen *g;

	tg_comment(t,
		"Twenty threads at one moment: seven start a goroutine that is still waiting, and the others may go\n"
		"in any order. In which they do go, the reader's heap decides, and its sort whenever the thread at\n"
		"the head must wait; so this trace has one right order only because there is a reference.\n");

	g = generation(t, 1, 1000);
	for (uint64_t m = 0; m < 20; m++) {
		if (m % 3 == 0) {
			struct tg_batch *b = starter(g, m, true);

			tg_event(b, "HeapAlloc", TG_DT(0), TG_VALUE(m + 1));
		} else {
			allocator(g, m, m % 3 == 1 ? m : 0);
		}
	}
}

const struct scenario ties[] = {
	{ "ties", 22, ties_chain },
	{ "ties-free", 22, ties_free },
	{ NULL, 0, NULL }
};
