/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that is written as a whole or not at all: under another name beside its own, and then renamed. What is no
 * ordinary file (a pipe, a device, standard output as "-") is written as it comes.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>

struct target {
	const char *path;
	int fd;
	bool at_once; /* what is written is there at once: it can't be taken back */
	/* private: */
	char *real, *temp;
};

/* On failure complains and returns false. */
bool target_open(struct target *t, const char *path);
bool target_is_terminal(const struct target *t);
/* The file is there, whole. On failure complains and returns false; the file is then as it was before. */
bool target_commit(struct target *t);
/* Nothing has happened. */
void target_drop(struct target *t);

#endif
