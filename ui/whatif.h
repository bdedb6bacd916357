/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What if? Edits of the trace in memory: each makes another trace, which is read anew. The file stays as it is; the way
 * back is kept.
 */
#ifndef WHATIF_H
#define WHATIF_H

#include <stdbool.h>

#include "cmds.h"
#include "edit.h"

struct model;

struct edit_step {
	char what[160];
	struct gt_splice to, back;
};

/* Zero one to begin. */
struct edits {
	struct gt_trace *trace; /* the edited one; NULL: nothing is edited */
	struct gt_buf bytes;    /* its bytes */
	struct edit_step *step;
	size_t n, at, cap;      /* at: so many are done, the others are undone */
};

/* Commands; true: it is one of these, and done. */
bool whatif_line(struct model *m, enum cmd cmd, const char *arg);
/* Whether an edit will be possible, but only once the trace has been read to its end: that is known to nobody before. */
bool whatif_waits(const struct model *m, enum cmd cmd);
/* What is wrong with a line of these while it is typed: its column from 0, and why; false: nothing, or it is none of them. */
bool whatif_check(enum cmd cmd, const char *arg, size_t *at, char *why, size_t cap);
/* After whatever reads the edited trace. */
void whatif_free(struct edits *e);

#endif
