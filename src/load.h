/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file as a trace: mapped, or read from a pipe; packed or not; binary, in the text format, or a .test file.
 */
#ifndef LOAD_H
#define LOAD_H

#include "gotrace.h"

struct loaded {
	const char *file;
	struct gt_trace *trace;
	bool is_test;        /* a .test file: what it expects is in test */
	struct gt_test test; /* views into raw */
	bool is_text;        /* in the text format, a .test file included */
	bool quiet;          /* set it to let sizes of batches lie without a word */
	/* Of a file that could not be loaded: what was complained of, and its code (GT_OK: it has none). */
	char why[512], hint[192];
	enum gt_code code;
	/* What the file holds, unpacked. */
	void *raw;
	size_t nraw;
	/* private: */
	bool mapped;
	int packing;        /* enum packing */
	char note[160];     /* what is to be said of the packed data after all else; empty: nothing */
	struct gt_buf made; /* binary form of a text */
};

/*
 * Loads FILE ("-": standard input). On failure complains and returns an exit status, 3; else 0, and the caller must
 * unload. A file that shrinks while it is mapped reads as zeros from there on, and the program goes on.
 */
int load(struct loaded *l, const char *file);
/* Lets the bytes of a mapped file go out of memory until they are read again; those of others stay. Any thread may. */
void load_release(void *loaded);
/* Says, after all else, if batches of a text have other sizes than it says, or something was wrong with packed data. */
void unload(struct loaded *l);

/* Complains of an error of the trace, and adds what the file itself tells of it. */
void load_error(const struct loaded *l, const struct gt_error *err);
/* That addition: "a second trace begins at offset 4711; ...". False: there is none. */
bool load_hint(const struct loaded *l, const struct gt_error *err, char *buf, size_t cap);

#endif
