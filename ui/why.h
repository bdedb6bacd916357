/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why the trace is invalid: an explanation, made by a thread of its own, since it may take seconds.
 */
#ifndef WHY_H
#define WHY_H

#include <stdbool.h>

#include "explain.h"

struct why;

/*
 * Begins to explain a trace under rules (copied). The bytes of the trace must stay until why_stop. memory: see gt_explain_new.
 * release: told now and then, in the thread, that what was read of the trace need not stay in memory; NULL: nobody wants to
 * know. NULL: no memory.
 */
struct why *why_start(const struct gt_trace *t, const struct gt_model *rules, size_t memory, void (*release)(void *arg),
	void *arg);
/* Whether it is done; waits until it is. */
bool why_done(struct why *w);
void why_wait(struct why *w);
/* The explanation; NULL: it is not done, or there was no memory. */
const struct gt_explain *why_get(struct why *w);
/* Ends it and frees all. Waits no longer than some milliseconds. NULL is fine. */
void why_stop(struct why *w);

#endif
