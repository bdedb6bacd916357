/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where bytes come from that are not all there: a pipe, a packed file, a file that a program is still writing. A thread of
 * its own reads and unpacks them as they come, and keeps them in a store. Once it knows of a trace it tells that of all
 * further bytes.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "gotrace.h"
#include "unpack.h"

struct source_how {
	int fd;           /* the source closes it */
	const char *path; /* follow: the file's name, to see whether it is still that; NULL: it has none */
	bool follow;      /* the end of a file is not the end */
	size_t memory;    /* bytes kept in memory at most */
};

struct source;
/* NULL: no memory, or no thread. Closes how->fd in any case. */
struct source *source_start(const struct source_how *how);

enum source_end {
	SOURCE_ON,      /* it goes on */
	SOURCE_OVER,    /* all has come */
	SOURCE_STOPPED, /* by source_stop */
	SOURCE_GONE,    /* a file that was followed became shorter, or is another one now */
	SOURCE_FAILED   /* reading, or keeping what was read */
};

/* What has come so far. */
struct source_view {
	const char *p; /* n bytes, unpacked; they stay there as long as the source does */
	size_t n;
	uint64_t packed; /* bytes read, packed as they may be */
	enum packing packing;
	enum unpacked unpacked; /* MORE, where it is not packed, too */
	enum source_end end;
	bool idle;       /* follow: that was all there is of the file now */
	const char *why; /* GONE, FAILED: a sentence; the source's */
};

/*
 * Waits until more than `seen` bytes have come, or it is over, at most so many milliseconds; -1: however long it takes.
 * *out is how things are then.
 */
void source_wait(struct source *s, size_t seen, int ms, struct source_view *out);
/* From now on t, made of the first bytes of the store, is told of further ones, and when no more will come. */
void source_tell(struct source *s, struct gt_trace *t);
/* Reads no further; returns once the thread has ended. */
void source_stop(struct source *s);
/* What was read may go out of memory. Any thread may. */
void source_release(struct source *s);
/* Stops it and frees all bytes. */
void source_free(struct source *s);

#endif
