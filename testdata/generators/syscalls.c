/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Syscalls of goroutines, and the P that is taken away meanwhile. */
#include "generate.h"

#include <stddef.h>

static void
steal_from_syscall(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"A syscall that takes its time. Another thread, sysmon it may be, takes the P away and runs a\n"
		"goroutine on it. When the syscall returns, the goroutine has no P and becomes runnable; the thread\n"
		"finds another P and runs it there.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoSyscallBegin", TG_DT(200), TG_SEQ(1), TG_NO_STACK);
	tg_event(b, "GoSyscallEndBlocked", TG_DT(90000));
	tg_event(b, "ProcStart", TG_DT(100), TG_P(1), TG_SEQ(1));
	tg_event(b, "GoStart", TG_DT(50), TG_G(1), TG_SEQ(1));

	b = tg_batch(g, 1, 1005);
	tg_event(b, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_IDLE));
	tg_event(b, "GoStatus", TG_G(2), TG_M(GT_NONE), TG_GSTATUS(GT_G_RUNNABLE));
	tg_event(b, "ProcSteal", TG_DT(20000), TG_P(0), TG_SEQ(2), TG_M(0));
	tg_event(b, "ProcStart", TG_DT(50), TG_P(0), TG_SEQ(3));
	tg_event(b, "GoStart", TG_DT(50), TG_G(2), TG_SEQ(1));
}

static void
self_steal(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"A goroutine comes back from a syscall and the thread has its P still, but has to go by the slow way,\n"
		"as it does when the world is being stopped or the goroutine must yield. Then the thread steals the P\n"
		"from itself before it says that the syscall blocked, and takes it again.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoSyscallBegin", TG_DT(200), TG_SEQ(1), TG_NO_STACK);
	tg_event(b, "ProcSteal", TG_DT(900), TG_P(0), TG_SEQ(2), TG_M(0));
	tg_event(b, "ProcStart", TG_P(0), TG_SEQ(3));
	tg_event(b, "GoSyscallEndBlocked");
	tg_event(b, "GoStart", TG_DT(50), TG_G(1), TG_SEQ(1));
}

static void
sitting_in_syscall(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"Goroutine 1 has been in a syscall since before the trace, on a thread that writes nothing all the\n"
		"while. Somebody else, M1, must tell of it, and of the thread; and again in the next generation.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 1, 1000);
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStatus", TG_G(1), TG_M(0), TG_GSTATUS(GT_G_SYSCALL));

	g = generation(t, 2, 2000);
	b = tg_batch(g, 1, 2000);
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStatus", TG_G(1), TG_M(0), TG_GSTATUS(GT_G_SYSCALL));

	b = tg_batch(g, 0, 3000);
	tg_event(b, "GoSyscallEndBlocked");
}

static void
abandoned_promoted(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"P0 sits in a syscall when the second generation begins, and the first thing said of it there is that\n"
		"it is about to be stolen: \"abandoned\", by the thread that steals. The reader knows better whose it\n"
		"is, from the generation before, and shows it as that thread's.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 0, 1000);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoSyscallBegin", TG_DT(100), TG_SEQ(1), TG_NO_STACK);

	g = generation(t, 2, 2000);
	b = tg_batch(g, 1, 2000);
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_ABANDONED));
	tg_event(b, "ProcSteal", TG_P(0), TG_SEQ(1), TG_M(0));
	tg_event(b, "ProcStart", TG_P(0), TG_SEQ(2));

	b = tg_batch(g, 0, 3000);
	tg_event(b, "GoStatus", TG_G(1), TG_M(0), TG_GSTATUS(GT_G_SYSCALL));
	tg_event(b, "GoSyscallEndBlocked");
}

static void
abandoned_first_gen(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_comment(t,
		"The same at the beginning of a trace, where the reader cannot know whose P0 was: it is shown as idle\n"
		"from the first, and the theft changes nothing for the thread it names.\n");

	g = generation(t, 1, 1000);
	b = tg_batch(g, 1, 1000);
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_ABANDONED));
	tg_event(b, "ProcSteal", TG_P(0), TG_SEQ(1), TG_M(0));

	b = tg_batch(g, 0, 2000);
	tg_event(b, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStatus", TG_G(1), TG_M(0), TG_GSTATUS(GT_G_SYSCALL));
	tg_event(b, "GoSyscallEndBlocked");
}

const struct scenario syscalls[] = {
	{ "steal-from-syscall", 22, steal_from_syscall },
	{ "self-steal", 22, self_steal },
	{ "sitting-in-syscall", 22, sitting_in_syscall },
	{ "abandoned-promoted", 22, abandoned_promoted },
	{ "abandoned-first-gen", 22, abandoned_first_gen },
	{ NULL, 0, NULL }
};
