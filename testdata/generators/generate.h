/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What makers of .test files share. A scenario is a trace in C; its story is the comment of its .test file. A file here
 * holds the scenarios of one subject and ends in a list of them; generate.c has the list of the lists.
 */
#ifndef GENERATE_H
#define GENERATE_H

#include "testgen.h"

struct scenario {
	const char *name; /* NULL behind the last */
	unsigned version;
	void (*build)(struct tg *t);
};

extern const struct scenario callbacks[], coroutines[], generations[], goroutines[], syscalls[], tasks[], ties[];

/* A generation whose ticks are nanoseconds, as all of ours: it begins at that time, its events are 10 ns apart. */
struct tg_gen *generation(struct tg *t, uint64_t number, uint64_t time);

/* M runs G on P, and did so when the generation began. */
#define RUNNING(b, m, p, g)                                                                                            \
	do {                                                                                                           \
		tg_event(b, "ProcStatus", TG_P(p), TG_PSTATUS(GT_P_RUNNING));                                          \
		tg_event(b, "GoStatus", TG_G(g), TG_M(m), TG_GSTATUS(GT_G_RUNNING));                                   \
	} while (0)

/*
 * The main function of a maker of tests: makes DIRECTORY/NAME.test of every scenario, or of those named on the command
 * line, with opening at the head of its comment; with the option -b also DIRECTORY/NAME.trace, the same in binary.
 */
int generate(int argc, char **argv, const struct scenario *const *lists, const char *opening);

#endif
