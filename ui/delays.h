/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What kept goroutines from running, by stack: how often, and how long in all. What counts is what go tool trace counts in its
 * profiles, and what was before a goroutine ran first as well: a delay begins with the event by which a goroutine comes into the
 * state, whose stack it has, and counts once it has ended. Stacks are the same if their frames have the same functions, files
 * and lines. Values only; strings point into the trace.
 */
#ifndef DELAYS_H
#define DELAYS_H

#include "gotrace.h"

/* Waiting for the network; for channels, select and package sync; in a syscall; runnable. */
enum delay_kind { DELAY_NETWORK, DELAY_BLOCKING, DELAY_SYSCALL, DELAY_SCHEDULER, DELAY_KINDS };
/* "network" and the like; a constant. */
const char *delay_kind_name(enum delay_kind k);
/*
 * What a goroutine is held by that came into a state (enum gt_pres), for that reason if it waits: the kind plus one; 0: nothing
 * that counts.
 */
unsigned delay_kind_of(unsigned to, struct gt_str reason);
/* The state that it is in so long. */
enum gt_pres delay_state(enum delay_kind k);

/* The number of a stack: of an event without one; of those that there was no room for. */
#define DELAY_NO_STACK 0
#define DELAY_NO_ROOM UINT32_MAX

struct delay {
	enum delay_kind kind;
	uint32_t stack;
	uint64_t count, longest; /* longest: event that began it */
	int64_t total, most;     /* ns */
	char *text;              /* its functions, the innermost first; the delays' own */
	size_t n;
};

/* What a goroutine is held by now. */
struct delay_open {
	int64_t since;
	uint64_t first; /* event that began it */
	uint32_t stack;
	uint8_t kind;   /* plus one; 0: nothing that counts */
};

struct delays;

/* room: bytes that it may take for stacks and rows. NULL: no memory. */
struct delays *delays_new(size_t room);
void delays_free(struct delays *d);
/* Begins anew. */
void delays_clear(struct delays *d);
/* A transition of the goroutine that `open` is of. reason: why it waits, if it does. */
void delays_event(struct delays *d, struct delay_open *open, const struct gt_event *ev, struct gt_str reason);
/* How many rows there are. */
size_t delays_count(const struct delays *d);
/* Number i of them, below the count. Valid until the next event. */
const struct delay *delays_at(const struct delays *d, size_t i);
/* Some stacks had no room: for each kind they are one row. */
bool delays_are_short(const struct delays *d);
/*
 * A frame of a stack: give 0 for the innermost, then what came before. Returns what to give for the next one out; 0: there is
 * none, and *out says nothing.
 */
struct delay_frame {
	struct gt_str func, file;
	uint32_t line;
};
uint32_t delays_frame(const struct delays *d, uint32_t stack, uint32_t at, struct delay_frame *out);
/* The innermost function of a stack that is not of the runtime, of package sync or internal; else the outermost. */
struct gt_str delays_function(const struct delays *d, uint32_t stack);

#endif
