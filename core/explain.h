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
	bool part;             /* whole, but the trial came to its end before the trace did */
};

/* Asked from time to time, by the thread that explains; true: make do with what there is. */
typedef bool gt_explain_stop(void *arg);

struct gt_explain;
/*
 * Explains a trace under a model. effort: about how many events may be read to test repairs; 0: a default that takes some
 * seconds at most. memory: about how many bytes that may take; with fewer less of a large trace is looked at, and repairs that
 * take more are not tested; 0: as many as it takes. NULL: no memory, or stopped before the fault was found. The trace must
 * outlive it; what was read of it is kept by itself.
 */
struct gt_explain *gt_explain_new(struct gt_trace *t, const struct gt_model *model, uint64_t effort, size_t memory,
	gt_explain_stop *stop, void *arg);
void gt_explain_free(struct gt_explain *x);
/* The error, or NULL: the trace is valid. It, and all that is given out, belongs to the explanation. */
const struct gt_error *gt_explain_error(const struct gt_explain *x);
/* Events before the fault. */
uint64_t gt_explain_pos(const struct gt_explain *x);
/* Suspects, the likeliest first. */
const struct gt_suspect *gt_explain_suspects(const struct gt_explain *x, size_t *n);

/*
 * The trace with the repair of suspect i (by gt_explain_suspects), appended to out. False: it has none that could be made,
 * or there is no memory.
 */
bool gt_explain_repair(const struct gt_explain *x, size_t i, struct gt_buf *out);

/* --- what was refused ----------------------------------------------------------------- */

/*
 * The event that was refused, in the context that its M had; for a stuck frontier its earliest head. NULL: what is wrong
 * is no event of an M, or it had been let through (an ID that is in no table).
 */
const struct gt_event *gt_explain_event(const struct gt_explain *x);
/* What it requires, and what was found: see gt_checks. */
const struct gt_check *gt_explain_checks(const struct gt_explain *x, size_t *n);
/* Offset from which on the file makes sense again behind an error of the format; -1: it does not, or it is none. */
int64_t gt_explain_resume(const struct gt_explain *x);
/* What is good, what can be salvaged, what is lost. */
const struct gt_salvaged *gt_explain_usable(const struct gt_explain *x);

/* --- how it came about ------------------------------------------------------------------- */

/* One step on the way to the state that was found: event n of the ordered stream, and what it changed. */
struct gt_past {
	uint64_t n;
	uint8_t type;
	int64_t m, time;
	struct gt_place place;
	struct gt_change change;
};
/*
 * The last changes of all that the error is about (the M and what it has, the P, goroutine or task in question), in the
 * order of the stream; none older than the generation that trials begin with.
 */
const struct gt_past *gt_explain_history(const struct gt_explain *x, size_t *n);

/* --- who waits for whom -------------------------------------------------------------------- */

/* A head of the frontier that waits, and what could let it go on. */
struct gt_link {
	struct gt_head head;
	bool nobody;           /* no event that is still to come provides it: the fault is here */
	bool cycle;            /* what provides it waits, in the end, for this */
	uint8_t by_type;       /* the event that provides it */
	struct gt_place by;
	uint64_t behind;       /* so many events stand between the head of its M and it */
};
/*
 * In the order of time; the heads that could go on are left out, and of thousands the later ones may be. Where there was no
 * memory for all of the generation, so are those of which nothing can be said, and where the bytes are damaged, all.
 */
const struct gt_link *gt_explain_links(const struct gt_explain *x, size_t *n);

/* --- what is known to go wrong ---------------------------------------------------------------- */

/* A row of catalogue.def. */
struct gt_cause {
	const char *name;   /* stable, for data */
	const char *title, *how, *avoid;
	const char *issues; /* "go#65196, ...": may be empty */
};
/* Those that fit the trace. Of a valid trace: what is odd about it nevertheless. */
const struct gt_cause *const *gt_explain_causes(const struct gt_explain *x, size_t *n);
/* Those that fit a file that could not be opened, for that reason; how many, at most cap. */
size_t gt_causes_of_file(enum gt_code code, const void *bytes, size_t n, const struct gt_cause **out, size_t cap);
/* Row i of the catalogue; NULL behind the last. */
const struct gt_cause *gt_cause_at(size_t i);

/* --- making it small ----------------------------------------------------------------------------- */

/* Told from time to time how many bytes the smallest trace so far has; true: be content with that. */
typedef bool gt_minimize_progress(void *arg, size_t bytes);
/*
 * A trace, as small as can be made within `effort` (about how many events may be read; 0: a default), that is refused for
 * the same reason (code, and type of the event; of a stuck trace the same earliest head, waiting for the same) under the
 * model, appended to out. The same input gives the same output.
 * False: the trace is valid or of an old format, or there is no memory.
 */
bool gt_minimize(const struct gt_trace *t, const struct gt_model *model, struct gt_buf *out, uint64_t effort,
	gt_minimize_progress *progress, void *arg);

#endif
