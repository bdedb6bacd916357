/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files kept for the next time a trace is opened, in a folder of the user's (see xdg.h): named by sixteen digits, made of what
 * the trace is, and an ending that tells what they are. They are there whole or not at all, and make room for each other.
 */
#ifndef KEPT_H
#define KEPT_H

#include "gotrace.h"
#include "xdg.h"

/* What a file is told by: its size and time, and samples of the bytes that are read of it. */
struct trace_id {
	uint64_t size, sec, nsec, sample;
};

/* Which file it was that was opened, and what it was then. */
struct opened_file {
	uint64_t dev, ino, size, sec, nsec;
	uint64_t changed_sec, changed_nsec; /* also where its time was set back */
	bool known; /* else it is of no account */
	bool grows; /* it may become longer: it is the same file */
};
void opened_file(struct opened_file *f, int fd, bool grows);

/*
 * False: the trace is of no file that could be opened again (a pipe), or what bears that name is not what was opened any more.
 * opened: NULL where that is not known.
 */
bool kept_id(struct trace_id *id, const struct gt_trace *t, const char *trace_file, const struct opened_file *opened);

/* A sum of bytes, on top of another one; KEPT_HASH to begin with. */
#define KEPT_HASH UINT64_C(0xcbf29ce484222325)
uint64_t kept_hash(uint64_t h, const void *bytes, size_t n);

/* The path of the file of a sum, with an ending as ".index"; make: its folder is made. False: there is no folder. */
bool kept_path(char *path, size_t cap, enum xdg folder, bool make, uint64_t sum, const char *ending);

/* Writes a head and what follows it. False: nothing has changed. */
bool kept_write(const char *path, const void *head, size_t nhead, const void *rest, size_t nrest);

/* Drops what is more than so many files and bytes, those used longest ago first. */
void kept_make_room(enum xdg folder, const char *ending, size_t files, uint64_t bytes);

#endif
