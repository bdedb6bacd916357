/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests of the explorer without a terminal share. */
#ifndef UI_TESTING_H
#define UI_TESTING_H

#include "model.h"

/*
 * A C thread calls into Go, returns with a P left behind, and calls again: what that means depends on the rules. What G4 has
 * no P for, by those of today, is the GoSyscallEnd, event 8 of batch 0.
 */
static const char create_twice[] = "Trace Go1.22\n"
				   "EventBatch gen=1 m=0 time=0 size=34\n"
				   "GoCreateSyscall dt=1 new_g=4\n"
				   "ProcStatus dt=1 p=0 pstatus=2\n"
				   "ProcStart dt=1 p=0 p_seq=1\n"
				   "GoSyscallEndBlocked dt=1\n"
				   "GoStart dt=1 g=4 g_seq=1\n"
				   "GoSyscallBegin dt=1 p_seq=2 stack=0\n"
				   "GoDestroySyscall dt=1\n"
				   "GoCreateSyscall dt=1 new_g=4\n"
				   "GoSyscallEnd dt=1\n"
				   "GoSyscallBegin dt=1 p_seq=3 stack=0\n"
				   "GoDestroySyscall dt=1\n"
				   "EventBatch gen=1 m=18446744073709551615 time=0 size=5\n"
				   "Frequency freq=15625000\n"
				   "EventBatch gen=1 m=18446744073709551615 time=0 size=1\n"
				   "Stacks\n"
				   "EventBatch gen=1 m=18446744073709551615 time=0 size=1\n"
				   "Strings\n";

/* Until nothing is left to be done, here or by others. */
static inline void
settle(struct model *m)
{
	/* What a picture needs is known when it is prepared. */
	model_prepare(m);
	while (model_busy(m) || model_waits(m)) {
		model_work(m, 1000000);
		model_prepare(m);
	}
}

#endif
