/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file as a trace: mapped, or read from a pipe; binary, in the text format, or a .test file.
 */
#ifndef LOAD_H
#define LOAD_H

#include "gotrace.h"

struct loaded {
	const char *file;
	struct gt_trace *trace;
	bool is_test;        /* a .test file: what it expects is in test */
	struct gt_test test; /* views into raw */
	/* private: */
	void *raw;      /* what the file holds */
	size_t nraw;
	bool mapped;
	struct gt_buf made; /* binary form of a text */
};

/*
 * Loads FILE ("-": standard input). On failure complains and returns an exit status, 3; else 0, and the caller must
 * unload. A file that shrinks while it is mapped reads as zeros from there on, and the program goes on.
 */
int load(struct loaded *l, const char *file);
void unload(struct loaded *l);

#endif
