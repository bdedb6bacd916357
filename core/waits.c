/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why goroutines stop and block: the words of the runtimes that write traces, and what they mean for the goroutine. */
#include "gotrace.h"
#include "v1.h"

#include <string.h>

static const struct {
	const char *name, *means;
} waits[] = {
	{ "unspecified", "The runtime gives no reason. The stack tells where." },
	{ "forever", "It waits for what never comes: a nil channel, or a select without cases." },
	{ "network", "It waits until a connection or a file can be read or written, or its deadline is over." },
	{ "select", "It waits in a select until one of the cases can go on." },
	{ "sync.(*Cond).Wait", "It waits for Signal or Broadcast of a sync.Cond." },
	{ "sync", "It waits for a lock, or for others, by package sync: Mutex, RWMutex, WaitGroup. Whoever lets go unblocks it." },
	{ "chan send", "It sends on a channel that is full or has no receiver yet: one that receives unblocks it." },
	{ "chan receive", "It receives from a channel that is empty: one that sends, or closes the channel, unblocks it." },
	{ "GC mark assist wait for work", "It allocates faster than is marked, and there is nothing to help with: it waits until others have marked more." },
	{ "GC background sweeper wait", "The sweeper of the runtime waits until there is something to be swept." },
	{ "system goroutine wait", "A goroutine of the runtime itself waits until it is needed." },
	{ "preempted", "It was stopped in the middle of what it did: it can run again, or waits until whoever stopped it lets it." },
	{ "wait for debug call", "It waits until a call that a debugger makes in its name has returned." },
	{ "wait until GC ends", "It waits until the garbage collection that goes on is over, as in runtime.GC." },
	{ "sleep", "It sleeps until its time is over: a timer unblocks it." },
	{ "GC weak to strong wait", "It wants a strong pointer for a weak one while marking ends: it waits until that is over." },
	{ "synctest", "It waits in a bubble of testing/synctest until all others in there are blocked." },
	{ "runtime.Gosched", "It gave up its P by itself, and can run again." },
	{ "runtime.GoSched", "The same as runtime.Gosched." },
	{ "GC worker (idle)", "A worker that marks only while nothing else can run makes room." },
};

const char *
gt_wait_reason(size_t i, const char **means)
{
	if (i >= sizeof(waits) / sizeof(waits[0]))
		return NULL;
	if (means)
		*means = waits[i].means;
	return waits[i].name;
}

static bool
is(struct gt_str s, const char *name)
{
	return s.n == strlen(name) && memcmp(s.p, name, s.n) == 0;
}

enum gt_waker
gt_woken_by(struct gt_str reason, int64_t p, int64_t g)
{
	if (is(reason, "network"))
		return GT_WAKER_NETWORK;
	if (is(reason, "sleep") || p == V1_P_TIMER)
		return GT_WAKER_TIMER;
	return g == GT_NONE && (is(reason, "chan receive") || is(reason, "select")) ? GT_WAKER_TIMER : GT_WAKER_OTHER;
}
