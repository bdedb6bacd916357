/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The traces of the generators in Go's tree (internal/trace/testdata/generators), by their names and made with our
 * builder: that the results are the same to the last byte shows that it does what Go's does. They are no tests of this
 * project; conform.sh makes them and compares. What they are about is told by our own scenarios, beside this file.
 */
#include "generate.h"

#include <stddef.h>

/* --- calls from C ------------------------------------------------------------ */

static void
create_syscall_with_p(struct tg *t)
{
	struct tg_gen *g = tg_gen(t, 1);
	struct tg_batch *b = tg_batch(g, 0, 0);

	tg_fails(t, ".*expected a proc but didn't have one.*");
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
create_syscall_reuse_thread_id(struct tg *t)
{
	struct tg_gen *g = tg_gen(t, 1);
	struct tg_batch *caller = tg_batch(g, 0, 0), *namesake = tg_batch(g, 0, 0);

	tg_event(caller, "GoCreateSyscall", TG_G(4));
	tg_event(caller, "GoSyscallEndBlocked");
	tg_event(caller, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_IDLE));
	tg_event(caller, "ProcStart", TG_P(0), TG_SEQ(1));
	tg_event(caller, "GoStatus", TG_G(4), TG_M(GT_NONE), TG_GSTATUS(GT_G_RUNNABLE));
	tg_event(caller, "GoStart", TG_G(4), TG_SEQ(1));
	tg_event(caller, "GoSyscallBegin", TG_SEQ(2), TG_NO_STACK);
	tg_event(caller, "GoDestroySyscall");

	tg_event(namesake, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_IDLE));
	tg_event(namesake, "ProcStart", TG_P(1), TG_SEQ(1));
	tg_event(namesake, "ProcSteal", TG_P(0), TG_SEQ(3), TG_M(0));
}

/* --- stealing Ps ---------------------------------------------------------------- */

/* The thief runs a goroutine, or is a thread with nothing at all; it takes P0 from M0. */
static void
thief(struct tg_gen *g, bool bare, bool first_seen, uint64_t seq)
{
	struct tg_batch *b = tg_batch(g, 1, 0);

	if (!bare)
		RUNNING(b, 1, 2, 2);
	if (first_seen)
		tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_ABANDONED));
	tg_event(b, "ProcSteal", TG_P(0), TG_SEQ(seq), TG_M(0));
}

/* The one it is taken from is in a syscall since the generation before. It has P1 by now, or gets it here. */
static void
boundary(struct tg *t, bool bare, bool gets_p)
{
	struct tg_gen *g = tg_gen(t, 1);
	struct tg_batch *b = tg_batch(g, 0, 0);

	if (!gets_p)
		tg_event(b, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStatus", TG_G(1), TG_M(0), TG_GSTATUS(GT_G_SYSCALL));
	if (gets_p) {
		tg_event(b, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_IDLE));
		tg_event(b, "ProcStart", TG_P(1), TG_SEQ(1));
	}
	tg_event(b, "GoSyscallEndBlocked");
	thief(g, bare, true, 1);
}

/* The one it is taken from begins its syscall here, and gets P1 for it or stays without. */
static void
within(struct tg *t, bool bare, bool gets_p)
{
	struct tg_gen *g = tg_gen(t, 1);
	struct tg_batch *b = tg_batch(g, 0, 0);

	if (gets_p)
		tg_event(b, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_IDLE));
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoSyscallBegin", TG_SEQ(1), TG_NO_STACK);
	if (gets_p)
		tg_event(b, "ProcStart", TG_P(1), TG_SEQ(1));
	tg_event(b, "GoSyscallEndBlocked");
	thief(g, bare, false, 2);
}

static void
gen_boundary(struct tg *t)
{
	boundary(t, false, false);
}

static void
gen_boundary_bare_m(struct tg *t)
{
	boundary(t, true, false);
}

static void
gen_boundary_reacquire(struct tg *t)
{
	boundary(t, false, true);
}

static void
gen_boundary_reacquire_bare_m(struct tg *t)
{
	boundary(t, true, true);
}

static void
simple(struct tg *t)
{
	within(t, false, false);
}

static void
simple_bare_m(struct tg *t)
{
	within(t, true, false);
}

static void
reacquire(struct tg *t)
{
	within(t, false, true);
}

static void
reacquire_bare_m(struct tg *t)
{
	within(t, true, true);
}

static void
ambiguous(struct tg *t)
{
	struct tg_gen *g;
	struct tg_batch *b;

	tg_options(t, TG_NO_TIMES);
	g = tg_gen(t, 1);
	b = tg_batch(g, 0, 0);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoSyscallBegin", TG_SEQ(1), TG_NO_STACK);
	tg_event(b, "GoSyscallEnd");
	tg_event(b, "GoSyscallBegin", TG_SEQ(2), TG_NO_STACK);
	tg_event(b, "GoSyscallEndBlocked");
	thief(g, false, false, 3);
}

static void
self(struct tg *t)
{
	struct tg_batch *b;

	tg_options(t, TG_NO_TIMES);
	b = tg_batch(tg_gen(t, 1), 0, 0);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoSyscallBegin", TG_SEQ(1), TG_NO_STACK);
	tg_event(b, "ProcSteal", TG_P(0), TG_SEQ(2), TG_M(0));
	tg_event(b, "ProcStart", TG_P(0), TG_SEQ(3));
	tg_event(b, "GoSyscallEndBlocked");
}

static void
sitting_in_syscall(struct tg *t)
{
	struct tg_gen *g = tg_gen(t, 1);
	struct tg_batch *b = tg_batch(g, 0, 0), *of_nobody = tg_batch(g, GT_NONE, 0);

	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_ABANDONED));
	tg_event(b, "ProcSteal", TG_P(0), TG_SEQ(1), TG_M(1));
	tg_event(of_nobody, "GoStatus", TG_G(1), TG_M(1), TG_GSTATUS(GT_G_SYSCALL));
}

/* --- goroutines, tasks, generations -------------------------------------------------- */

static void
go_create_without_running_g(struct tg *t)
{
	struct tg_batch *b = tg_batch(tg_gen(t, 1), 0, 0);

	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoCreate", TG_G(5), TG_NO_STACK, TG_NO_STACK);
	tg_event(b, "GoStart", TG_G(5), TG_SEQ(1));
	tg_event(b, "GoStop", TG_STR("whatever"), TG_NO_STACK);
}

static void
task_across_generations(struct tg *t)
{
	struct tg_batch *b = tg_batch(tg_gen(t, 1), 0, 0);

	RUNNING(b, 0, 0, 1);
	tg_event(b, "UserTaskBegin", TG_TASK(2), TG_TASK(0), TG_STR("my task"), TG_NO_STACK);

	b = tg_batch(tg_gen(t, 2), 0, 5);
	RUNNING(b, 0, 0, 1);
	tg_event(b, "UserTaskEnd", TG_TASK(2), TG_NO_STACK);
}

static void
confuse_seq_across_generations(struct tg *t)
{
	struct tg_gen *g = tg_gen(t, 1);
	struct tg_batch *b = tg_batch(g, 0, 0);

	RUNNING(b, 0, 0, 1);
	tg_event(b, "GoStop", TG_STR("whatever"), TG_NO_STACK);
	b = tg_batch(g, 1, 0);
	tg_event(b, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStart", TG_G(1), TG_SEQ(1));
	tg_event(b, "GoStop", TG_STR("whatever"), TG_NO_STACK);

	g = tg_gen(t, 2);
	b = tg_batch(g, 1, 3);
	tg_event(b, "ProcStatus", TG_P(1), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStart", TG_G(1), TG_SEQ(2));
	b = tg_batch(g, 0, 5);
	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_RUNNING));
	tg_event(b, "GoStatus", TG_G(1), TG_M(0), TG_GSTATUS(GT_G_RUNNABLE));
	tg_event(b, "GoStart", TG_G(1), TG_SEQ(1));
	tg_event(b, "GoStop", TG_STR("whatever"), TG_NO_STACK);
}

static void
fail_first_gen_first(struct tg *t)
{
	tg_fails(t, "expected a proc but didn't have one");
	tg_raw(t, GT_EV_EventBatch, 1, 0, 0, 5);
	tg_raw(t, GT_EV_Frequency, 15625000);
	tg_raw(t, GT_EV_EventBatch, 1, 0, 0, 5);
	tg_raw(t, GT_EV_GoCreate, 0, 1, 0, 0);
	tg_raw(t, GT_EV_EventBatch, 2, 0, 0, 50);
}

/* --- clocks ------------------------------------------------------------------------------ */

/* Here the tables go on from the time of the clock, a tick each. In the older tests all of their times are 0. */
static struct tg_gen *
synced(struct tg *t, uint64_t number, uint64_t freq, uint64_t time)
{
	struct tg_gen *g = tg_gen(t, number);

	tg_sync(g, freq, time);
	tg_tables_time(g, time + 1, 1);
	return g;
}

static void
p0_runs(struct tg_gen *g, uint64_t time)
{
	struct tg_batch *b = tg_batch(g, 1, time);

	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_RUNNING));
}

static void
sync_23(struct tg *t)
{
	p0_runs(synced(t, 1, 1000000000, 10), 15);
	synced(t, 2, 500000000, 20);
	p0_runs(synced(t, 3, 500000000, 40), 30);
}

static void
sync_25(struct tg *t)
{
	static const uint64_t freq[] = { 1000000000, 500000000, 500000000 };

	for (unsigned i = 0; i < 3; i++) {
		struct tg_gen *g = synced(t, i + 1, freq[i], 10 * (i + 1));

		tg_clock(g, 100 * i + 99, 1740755049 + i, 123);
		if (i != 1)
			p0_runs(g, i == 0 ? 15 : 40);
	}
}

int
main(int argc, char **argv)
{
	static const struct scenario all[] = {
		{ "go122-create-syscall-with-p", 22, create_syscall_with_p },
		{ "go122-create-syscall-reuse-thread-id", 22, create_syscall_reuse_thread_id },
		{ "go122-syscall-steal-proc-simple", 22, simple },
		{ "go122-syscall-steal-proc-simple-bare-m", 22, simple_bare_m },
		{ "go122-syscall-steal-proc-reacquire-new-proc", 22, reacquire },
		{ "go122-syscall-steal-proc-reacquire-new-proc-bare-m", 22, reacquire_bare_m },
		{ "go122-syscall-steal-proc-gen-boundary", 22, gen_boundary },
		{ "go122-syscall-steal-proc-gen-boundary-bare-m", 22, gen_boundary_bare_m },
		{ "go122-syscall-steal-proc-gen-boundary-reacquire-new-proc", 22, gen_boundary_reacquire },
		{ "go122-syscall-steal-proc-gen-boundary-reacquire-new-proc-bare-m", 22,
			gen_boundary_reacquire_bare_m },
		{ "go122-syscall-steal-proc-ambiguous", 22, ambiguous },
		{ "go122-syscall-steal-proc-self", 22, self },
		{ "go122-syscall-steal-proc-sitting-in-syscall", 22, sitting_in_syscall },
		{ "go122-go-create-without-running-g", 22, go_create_without_running_g },
		{ "go122-task-across-generations", 22, task_across_generations },
		{ "go122-confuse-seq-across-generations", 22, confuse_seq_across_generations },
		{ "go122-fail-first-gen-first", 22, fail_first_gen_first },
		{ "go123-sync", 23, sync_23 },
		{ "go125-sync", 25, sync_25 },
		{ NULL, 0, NULL }
	};
	static const struct scenario *const lists[] = { all, NULL };

	return generate(argc, argv, lists, "");
}
