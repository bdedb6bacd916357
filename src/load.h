/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file as a trace: mapped, or read from a pipe; packed or not; binary, in the text format, or a .test file.
 */
#ifndef LOAD_H
#define LOAD_H

#include "gotrace.h"

#include "ui/kept.h"

struct source;

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
	/* What the file holds, unpacked; live: as far as it had come when the trace was opened. */
	void *raw;
	size_t nraw;
	struct opened_file opened;
	/* private: */
	bool mapped, named;
	int fd; /* of what is mapped */
	struct source *source; /* of what is not mapped */
	bool live, settled, failed; /* opened before all had come; it has, since; but not well */
	size_t seen;        /* bytes at the last load_wait */
	int packing;        /* enum packing */
	char note[512];     /* what is to be said after all else; empty: nothing */
	struct gt_buf made; /* binary form of a text */
};

/*
 * Loads FILE ("-": standard input). On failure complains and returns an exit status, 3; else 0, and the caller must
 * unload. A file that shrinks while it is mapped reads as zeros from there on, and the program goes on. Of what comes
 * through a pipe or is unpacked so many bytes are kept in memory at most, the rest in a temporary file.
 */
int load(struct loaded *l, const char *file, size_t memory);
/*
 * The same, but of a pipe or packed file returns as soon as there is a trace to be opened: the rest arrives later (see
 * gt_grow). follow: so it does of a file that is still being written, and for that there is no end.
 */
int load_live(struct loaded *l, const char *file, size_t memory, bool follow);
/* Waits until more of a trace has arrived, since the last time. False: now all of it has. */
bool load_wait(struct loaded *l);
/* Whether it stopped arriving for another reason than that it was over: unload says which. */
bool load_failed(struct loaded *l);
/* What is to be said now that all of it has arrived. False: nothing, or it has not. */
bool load_news(void *loaded, char *text, size_t cap);
/* Lets the bytes of a mapped file go out of memory until they are read again, and those of a temporary one. Any thread may. */
void load_release(void *loaded);
/* Reads to the end, all its events passed over, and releases on the way. */
void load_read_all(struct loaded *l, struct gt_reader *r);
/* What became of a mapped file since it was opened, where that makes a difference to what was read. False: nothing that is known. */
bool load_changed(void *loaded, char *text, size_t cap);
/* Says, after all else, if batches of a text have other sizes than it says, or something was wrong with what it came from. */
void unload(struct loaded *l);

/* Complains of an error of the trace, and adds what the file itself tells of it. */
void load_error(const struct loaded *l, const struct gt_error *err);
/* That addition: "a second trace begins at offset 4711; ...". False: there is none. */
bool load_hint(const struct loaded *l, const struct gt_error *err, char *buf, size_t cap);

#endif
