/* SPDX-License-Identifier: MIT */
/*
 * Why is this trace invalid? An explanation is made of the broken trace alone: it is read up to its fault, and every
 * suspicion is tested by making the repair in memory and reading on with it.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "gotrace.h"

/* What may be wrong: the rows of suspects.def. */
enum gt_suspect_kind {
#define S(name, kind, means) GT_S_##name,
#include "suspects.def"
#undef S
	GT_SUSPECT_KINDS
};
/* "missing event" and the like: stable, for data and people; and what that means, in a sentence. */
const char *gt_suspect_name(enum gt_suspect_kind kind);
const char *gt_suspect_means(enum gt_suspect_kind kind);

struct gt_suspect {
	enum gt_suspect_kind kind;
	struct gt_place place; /* event -1: the batch as a whole; of something missing: where it should stand */
	const char *repair;    /* in words */
	const char *evidence;  /* what speaks for it; may be empty */
	double score;          /* what the order is by: higher is likelier */
	uint64_t further;      /* events that can be ordered beyond the fault with the repair */
	bool tested;           /* the repair was made; else there was no time, or nothing that could be tried */
	bool whole;            /* with it nothing is wrong any more, as far as was looked */
};

/* Asked from time to time; true: make do with what there is. */
typedef bool gt_explain_stop(void *arg);

struct gt_explain;
/*
 * Explains a trace under a model. effort: about how many events may be read to test repairs; 0: a default that takes some
 * seconds at most. NULL: no memory. The trace must outlive it.
 */
struct gt_explain *gt_explain_new(struct gt_trace *t, const struct gt_model *model, uint64_t effort, gt_explain_stop *stop,
	void *arg);
void gt_explain_free(struct gt_explain *x);
/* The error, or NULL: the trace is valid. It, and all that is given out, belongs to the explanation. */
const struct gt_error *gt_explain_error(const struct gt_explain *x);
/* Events before the fault. */
uint64_t gt_explain_pos(const struct gt_explain *x);
/* Suspects, the likeliest first. */
const struct gt_suspect *gt_explain_suspects(const struct gt_explain *x, size_t *n);

#endif
