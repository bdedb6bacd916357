/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trace that is still arriving, through a pipe or from a program that writes it: how much of it has come, and staying at
 * its newest event.
 */
#ifndef ARRIVAL_H
#define ARRIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmt.h"

struct model;

struct arrival {
	bool on;      /* more may come */
	size_t bytes; /* have come */
	bool (*news)(void *arg, char *text, size_t cap); /* see ui.h */
	void *arg;
	bool tail;        /* the cursor goes with the newest event, */
	uint64_t tail_at; /* which is in this row, or about to be */
};

/* Looks how things are; says what is to be said once all has arrived. */
void arrival_look(struct model *m);
/* Whether all that has arrived has been indexed. */
bool arrival_is_indexed(const struct model *m);
/* To the newest event; again, or elsewhere: no longer. */
void arrival_tail(struct model *m);
void arrival_end_tail(struct model *m);
/* There may be newer ones. */
void arrival_go_on(struct model *m);
/* For the status line: "12.3 MB so far, following"; less: as short as it can be said. */
void arrival_status(const struct model *m, struct sb *b, struct sb *less);

#endif
