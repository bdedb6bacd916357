/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls from C into Go, from GoCreateSyscall to GoDestroySyscall: what the three models are divided on is to whom the P
 * belongs between two calls. The same trace is a test under more than one of them.
 */
#include "generate.h"

#include <stddef.h>

/* --- a second call that finds the P of the first --------------------------------- */

/* The trace of the three tests create-syscall-with-p-MODEL, without times: its order is that of its one thread. */
static void
create_syscall_with_p(struct tg *t)
{
	struct tg_batch *b;

	tg_comment(t,
		"A C thread calls into Go, returns, and calls again on the same thread. The second time the goroutine\n"
		"for the call comes out of its syscall at once, by GoSyscallEnd, as if the thread still had the P of\n"
		"the first call. Whether it may depends on whom one asks; this trace is here three times, once for\n"
		"each model.\n"
		"\n");

	tg_options(t, TG_NO_TIMES);
	b = tg_batch(tg_gen(t, 1), 0, 0);
	tg_event(b, "GoCreateSyscall", TG_G(4));
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_IDLE));
	tg_event(b, "ProcStart", TG_P(0), TG_SEQ(1));
	tg_event(b, "GoSyscallEndBlocked");
	tg_event(b, "GoStart", TG_G(4), TG_SEQ(1));
	tg_event(b, "GoSyscallBegin", TG_SEQ(2), TG_NO_STACK);
	tg_event(b, "GoDestroySyscall");

	tg_event(b, "GoCreateSyscall", TG_G(4));
	tg_event(b, "GoSyscallEnd");
	tg_event(b, "GoSyscallBegin", TG_SEQ(3), TG_NO_STACK);
	tg_event(b, "GoDestroySyscall");
}

static void
create_syscall_with_p_strict(struct tg *t)
{
	create_syscall_with_p(t);
	tg_comment(t,
		"Under the rules of before November 2023 GoDestroySyscall leaves the P with the thread, and\n"
		"GoCreateSyscall must find none there. So the second call is wrong from its beginning.\n");
	tg_model(t, "go1.22-strict");
	tg_fails(t, "^expected no proc but had one$");
}

static void
create_syscall_with_p_tolerant(struct tg *t)
{
	create_syscall_with_p(t);
	tg_comment(t,
		"Under the rules of commit aae7734 GoDestroySyscall leaves the P with the thread, and GoCreateSyscall\n"
		"may find one. So the P stays in its syscall from one call to the next, and all is well.\n");
	tg_model(t, "go1.22-tolerant");
}

static void
create_syscall_with_p_current(struct tg *t)
{
	create_syscall_with_p(t);
	tg_comment(t,
		"Under the rules since Go 1.22.0 GoDestroySyscall takes the P from the thread and leaves it\n"
		"abandoned. The second GoCreateSyscall is fine, but its GoSyscallEnd has no P to run on.\n");
	tg_fails(t, "^expected a proc but didn't have one$");
}

/* --- calls as they are ---------------------------------------------------------------- */

/* A call that takes P0, from its beginning to its end; seq is the number of the event that takes the P. */
static void
call(struct tg_batch *b, uint64_t seq)
{
	tg_event(b, "ProcStart", TG_DT(seq == 1 ? 10 : 50), TG_P(0), TG_SEQ(seq));
	tg_event(b, "GoSyscallEndBlocked");
	tg_event(b, "GoStart", TG_DT(50), TG_G(4), TG_SEQ(1));
	tg_event(b, "GoSyscallBegin", TG_DT(800), TG_SEQ(seq + 1), TG_NO_STACK);
	tg_event(b, "GoDestroySyscall", TG_DT(20));
}

static struct tg_batch *
first_call(struct tg_gen *g)
{
	struct tg_batch *b = tg_batch(g, 0, 1000);

	tg_event(b, "GoCreateSyscall", TG_G(4));
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_IDLE));
	call(b, 1);
	return b;
}

static void
two_calls(struct tg *t)
{
	struct tg_gen *g = generation(t, 1, 1000);
	struct tg_batch *b = first_call(g);

	tg_event(b, "GoCreateSyscall", TG_DT(9000), TG_G(4));
	call(b, 4);

	b = tg_batch(g, 1, 1000);
	tg_event(b, "ProcSteal", TG_DT(5000), TG_P(0), TG_SEQ(3), TG_M(0));
}

static void
cgo_callback(struct tg *t)
{
	tg_comment(t,
		"A C thread calls into Go twice. Each time a goroutine is made for the call, in a syscall, for so it\n"
		"looks from Go; it leaves that syscall, runs, goes back to C, which is a syscall again, and is gone.\n"
		"Between the two calls another thread takes the P that the first one left. Goroutine 4 is there\n"
		"twice, and its numbers begin anew.\n");
	two_calls(t);
}

static void
cgo_callback_strict(struct tg *t)
{
	tg_comment(t,
		"The same under the rules of before November 2023. The P stays with the thread after the first call,\n"
		"but it is stolen before the second, so that GoCreateSyscall finds none.\n");
	tg_model(t, "go1.22-strict");
	two_calls(t);
}

static void
cgo_callback_tolerant(struct tg *t)
{
	tg_comment(t, "The same under the rules of commit aae7734.\n");
	tg_model(t, "go1.22-tolerant");
	two_calls(t);
}

/* --- a thread's number that is used again -------------------------------------------------- */

static void
number_used_again(struct tg *t)
{
	struct tg_gen *g = generation(t, 1, 1000);
	struct tg_batch *namesake;

	first_call(g);
	namesake = tg_batch(g, 0, 9000);
	tg_event(namesake, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_IDLE));
	tg_event(namesake, "ProcStart", TG_P(1), TG_SEQ(1));
	tg_event(namesake, "ProcSteal", TG_P(0), TG_SEQ(3), TG_M(0));
}

static void
thread_reuse(struct tg *t)
{
	tg_comment(t,
		"A C thread calls into Go and ends, and the system gives its number to a new thread. That one takes\n"
		"P1, and then P0 away from the thread which had its number before. Since Go 1.22.0 a P is abandoned\n"
		"when the call ends, so nobody takes the two threads for one that steals from itself.\n");
	number_used_again(t);
}

static void
thread_reuse_tolerant(struct tg *t)
{
	tg_comment(t,
		"A C thread calls into Go and ends, and the system gives its number to a new thread. Under the rules\n"
		"of commit aae7734 the thread of that number still has P0 when it wants to take P1, and waits for\n"
		"ever to lose it: what takes P0 away comes later, on the same thread.\n");
	tg_model(t, "go1.22-tolerant");
	tg_fails(t, "^broken trace: failed to advance: frontier:\n"
		"\\[gen=1\\]\n\nM 0 \\[ProcStart time=9020 p=1 p_seq=1\\]\n");
	number_used_again(t);
}

const struct scenario callbacks[] = {
	{ "create-syscall-with-p-strict", 22, create_syscall_with_p_strict },
	{ "create-syscall-with-p-tolerant", 22, create_syscall_with_p_tolerant },
	{ "create-syscall-with-p-current", 22, create_syscall_with_p_current },
	{ "cgo-callback", 22, cgo_callback },
	{ "cgo-callback-strict", 22, cgo_callback_strict },
	{ "cgo-callback-tolerant", 22, cgo_callback_tolerant },
	{ "thread-reuse", 22, thread_reuse },
	{ "thread-reuse-tolerant", 22, thread_reuse_tolerant },
	{ NULL, 0, NULL }
};
