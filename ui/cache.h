/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Indexes kept in files, for the next time a large trace is opened: $XDG_CACHE_HOME/gotrace-tui (~/.cache/gotrace-tui). What a
 * file is of is told by the size and time of the trace, by samples of its bytes, and by the rules; whatever does not fit is as
 * good as not there, and whatever fails goes unsaid.
 */
#ifndef CACHE_H
#define CACHE_H

#include "gotrace.h"

/* True: the navigator has an index now. */
bool cache_load(struct gt_nav *nav, const struct gt_trace *t, const char *trace_file);
/* Keeps the index; those used longest ago make room for it. True: it is kept. */
bool cache_save(const struct gt_nav *nav, const struct gt_trace *t, const char *trace_file);

/* Traces smaller than this had better be indexed anew, which is as fast. */
#define CACHE_LEAST ((size_t)16 << 20)
/* At most so many files and bytes. */
#define CACHE_FILES 32
#define CACHE_BYTES ((uint64_t)256 << 20)

#endif
