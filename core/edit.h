/* SPDX-License-Identifier: MIT */
/*
 * What if an event were not there, or another one? Edits of the events of Ms, as changes of the bytes of a trace from Go
 * 1.22 on; the header of the batch that they are in says its new size. Nothing is judged: that is for a reader.
 */
#ifndef EDIT_H
#define EDIT_H

#include "gotrace.h"

/* Bytes at `off`, `del` of them, give way to others. Free ins with gt_buf_free. */
struct gt_splice {
	uint64_t off, del;
	struct gt_buf ins;
};

/* An event of an M, taken apart. */
struct gt_wire {
	uint8_t type;
	uint8_t narg;
	uint64_t arg[GT_MAXARGS + 1]; /* dt first */
	uint64_t off, len;
	uint32_t batch, index;        /* batch of the file, event of the batch; both from 0 */
};

/*
 * The event of a batch, by their numbers; the event that begins at an offset. False: there is none, or it can't be told
 * apart; *why says so, in a sentence.
 */
bool gt_wire_at(const struct gt_trace *t, uint64_t batch, uint64_t event, struct gt_wire *out, const char **why);
bool gt_wire_find(const struct gt_trace *t, uint64_t off, struct gt_wire *out, const char **why);
/*
 * An event from a line of the text format; "dt=0" may be left out. False: it is none; err->col (from 1) and err->text say what
 * is wrong.
 */
bool gt_wire_text(const struct gt_trace *t, const char *text, size_t n, struct gt_wire *out, struct gt_text_error *err);
/* The same back into text: "GoStart dt=0 g=4 g_seq=2", as snprintf does. */
size_t gt_wire_print(const struct gt_wire *ev, char *buf, size_t cap);

/* Edits; false: no memory, or the batch can't be that large (*why). Those of an event are of one that gt_wire_at or _find gave. */
bool gt_edit_drop(const struct gt_trace *t, const struct gt_wire *ev, struct gt_splice *out, const char **why);
/* Leaves it out, too, but what follows in its batch keeps its time. */
bool gt_edit_skip(const struct gt_trace *t, const struct gt_wire *ev, struct gt_splice *out, const char **why);
bool gt_edit_insert(const struct gt_trace *t, const struct gt_wire *before, const struct gt_wire *ev, struct gt_splice *out,
	const char **why);
bool gt_edit_replace(const struct gt_trace *t, const struct gt_wire *old, const struct gt_wire *ev, struct gt_splice *out,
	const char **why);
/* Leaves out a whole batch. */
bool gt_edit_drop_batch(const struct gt_trace *t, uint64_t batch, struct gt_splice *out, const char **why);
/* What makes a trace of other bytes: from where they begin to differ to where they end to. */
bool gt_edit_between(const struct gt_trace *t, const uint8_t *bytes, size_t n, struct gt_splice *out);

#endif
