/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Indexes kept in files, for the next time a large trace is opened: $XDG_CACHE_HOME/gotrace-tui (~/.cache/gotrace-tui). What a
 * file is of is told by the size and time of the trace, by samples of its bytes, and by the rules; whatever does not fit is as
 * good as not there, and whatever fails goes unsaid. So does what is of a file that has been exchanged or changed since it was
 * opened.
 */
#ifndef CACHE_H
#define CACHE_H

#include "gotrace.h"

struct opened_file;

/* True: the navigator has an index now. opened: see kept_id. */
bool cache_load(struct gt_nav *nav, const struct gt_trace *t, const char *trace_file, const struct opened_file *opened);
/* Keeps the index; those used longest ago make room for it. True: it is kept. */
bool cache_save(const struct gt_nav *nav, const struct gt_trace *t, const char *trace_file, const struct opened_file *opened);

/* Traces smaller than this had better be indexed anew, which is as fast. */
#define CACHE_LEAST ((size_t)16 << 20)
/* At most so many files and bytes. */
#define CACHE_FILES 32
#define CACHE_BYTES ((uint64_t)256 << 20)

#endif
