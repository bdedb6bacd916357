/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the explainer share.
 *
 *	explain.c          reads the trace to its fault, asks the others
 *	explain_doc.c      the file as it lies: batches, and the events of the generations that matter
 *	explain_window.c   of a generation that is too large, what has to do with an error of order
 *	explain_edit.c     candidates: repairs as edits of bytes, tried by reading on with them
 *	explain_scan.c     candidates from what can be seen without ordering: sequence numbers, doubled events, contexts
 *	explain_sched.c    candidates for events that the orderer refused or that wait for ever
 *	explain_batch.c    candidates for the order of batches, and for their heads
 *	explain_table.c    candidates for tables and what refers to them
 *	explain_bytes.c    candidates for damaged bytes
 *	explain_lost.c     candidates where much is missing: whole batches, or their ends
 *	explain_tell.c     what was refused, its history, who waits for whom
 *	explain_cause.c    the rows of the catalogue that fit
 *	explain_min.c      makes a trace small; apart from the others
 */
#ifndef EXPLAIN_IN_H
#define EXPLAIN_IN_H

#include "buf.h"
#include "cursor.h"
#include "explain.h"
#include "reader.h"

#define NONE32 UINT32_MAX

/* --- the file as it lies -------------------------------------------------------------- */

/* An event of a batch, or an entry of a table. */
struct xevent {
	uint64_t off;
	uint32_t len;
	uint32_t batch; /* place in xdoc.b */
	uint32_t index; /* event of the batch */
	uint8_t type;
	uint64_t time; /* ticks */
};

struct xbatch {
	struct batch b;
	uint32_t first, n; /* its events in xdoc.ev */
	uint64_t good;     /* so far its bytes could be taken apart; behind that, what could again is among the events too */
	bool table;        /* strings, stacks, samples, sync: not events of an M */
	bool gap;          /* its events are not in xdoc.ev */
	uint32_t chain;    /* place in xdoc.b of the next batch with events of the same M and generation */
	uint32_t before;   /* of the one before */
	/* By explain_window: */
	uint32_t count;    /* events it has, also where they are not there */
	uint64_t last;     /* ticks of the last */
	int64_t p;         /* the P that its M has at its beginning, as struct xwalk has it */
};

struct xdoc {
	const struct gt_trace *t;
	struct xbatch *b; /* all from the one at offset `base` on */
	size_t n, cap;
	struct xevent *ev;
	size_t nev, cev;
	uint64_t base;      /* offset of the first batch in b */
	uint64_t end;       /* where batches stop making sense, or what is looked at ends */
	bool broken;        /* they stop making sense: err says why */
	bool part;          /* there is more of the file */
	bool window;        /* of some batches the events are not there */
	struct gt_error err;
};

/* Offsets: what begins there. */
struct xrange {
	uint64_t from, to;
};

/*
 * From the batch at offset base, number index of the file, to where a generation above `last` begins. only: events of others
 * than tables are wanted of the batches there; NULL: of all. False: no memory.
 */
bool xdoc_read(struct xdoc *d, const struct gt_trace *t, uint64_t base, uint32_t index, uint64_t last, const struct xrange *only);
/* Of a document read with `only`: the events of the batches, by place, for which `in` is not 0, too. False: no memory. */
bool xdoc_fill(struct xdoc *d, const uint8_t *in);
void xdoc_free(struct xdoc *d);
/* The events of a batch one by one, without keeping them. xdoc_scan begins, at a place in xdoc.b. False: there are no more. */
struct xscan {
	const struct xdoc *d;
	uint32_t batch, n;
	const uint8_t *p, *end;
	uint64_t time;
};
void xdoc_scan(const struct xdoc *d, uint32_t batch, struct xscan *s);
bool xdoc_scan_next(struct xscan *s, struct xevent *ev);
/* The numbers of an event: dt first where it is timed. How many. */
unsigned xdoc_args(const struct xdoc *d, const struct xevent *ev, uint64_t arg[GT_MAXARGS + 1]);
/* Whether all bytes of a batch from off on can be taken apart, were its head that one. */
bool xdoc_parses(const struct xdoc *d, const struct xbatch *b, uint8_t head, uint64_t off);
/* By the numbers of the file: batch of the file, event of the batch. NULL: not there. */
const struct xevent *xdoc_find(const struct xdoc *d, int64_t batch, int64_t event);
const struct xbatch *xdoc_batch(const struct xdoc *d, int64_t batch);
/*
 * The last event of a batch, where its thread left Go with it, if only to come back: such a batch was written then, and not
 * with those of the threads that go on. NULL: it did not.
 */
const struct xevent *xdoc_left_with(const struct xdoc *d, const struct xbatch *b);
/* The event of the same M before and after, also of another batch; NULL: none. */
const struct xevent *xdoc_prev(const struct xdoc *d, const struct xevent *ev);
const struct xevent *xdoc_next(const struct xdoc *d, const struct xevent *ev);
/* Whether two events are the same bytes. */
bool xdoc_same(const struct xdoc *d, const struct xevent *a, const struct xevent *b);
void xdoc_place(const struct xdoc *d, const struct xevent *ev, struct gt_place *out);
/* Offsets of the numbers of a batch's header: generation, M, time, size, and of the data behind them. */
void xdoc_header(const struct xdoc *d, const struct xbatch *b, uint64_t at[5]);

/* --- candidates ----------------------------------------------------------------------- */

/* A change of bytes: `del` of them at `off` give way to n others. */
struct splice {
	uint64_t off, del;
	const uint8_t *ins;
	size_t n;
	bool between; /* whole batches, put between two */
};

#define MAX_SPLICE 8
/* IDs of Ms, Ps and goroutines that are made up to test a repair, from here on; and of an M that gets what others wrote. */
enum { MADE_UP = 900000000, OWN_M = MADE_UP - 1 };

struct cand {
	enum gt_suspect_kind kind;
	struct gt_place place;
	struct splice splice[MAX_SPLICE]; /* by offset */
	unsigned nsplice;
	unsigned made; /* events put in: they are not counted */
	bool made_ms;  /* among them such of Ms from MADE_UP on */
	double prior;  /* how likely it is before it is tried: the logarithm of the odds */
	char repair[160], evidence[160];
	bool tried, whole;
	bool part; /* the trial ended before the trace */
	bool vain; /* it was tried, and did not help */
	uint64_t further;
	double score;
	uint64_t key; /* a hash of the edits */
	uint64_t claim; /* the same for all that say the same in several places; 0: no others do */
};

struct gt_explain {
	struct gt_trace *t;
	struct gt_model model;
	struct gt_reader *r;    /* stands at the fault */
	struct gt_reader *from; /* stands before the generation that trials begin with */
	uint64_t from_off;      /* the offset of that */
	uint32_t from_batch;
	enum gt_got got;
	struct gt_error err; /* its text is the reader's */
	uint64_t pos;        /* good events */
	struct xdoc doc;
	struct gt_head *head; /* the frontier at the fault */
	size_t nhead;
	struct cand *cand;
	size_t ncand, ccand;
	struct arena *arena;
	struct xseq *seq;
	size_t nseq, cseq;
	bool near;         /* of the generation only what has to do with an error of order is there, by explain_window; and these: */
	struct xodds *odd;
	struct xgap *gap;
	size_t ngap;
	struct map there;  /* keys, by xseq_key, of which an event has the next number */
	struct map refs[2]; /* of stacks, of strings in generation refs_gen: how many events refer to each */
	uint64_t refs_gen;
	struct map doubled; /* offsets of events looked at already by explain_around */
	struct gt_buf scratch;
	struct gt_suspect *suspect;
	size_t *of; /* of each suspect: its candidate */
	size_t nsuspect;
	struct gt_gen *gen; /* the tables of ev and links, when the readers are gone */
	struct gt_event ev; /* the one refused; n is 1 where there is one */
	struct gt_check check[GT_MAXCHECKS];
	size_t ncheck;
	struct gt_past *past;
	size_t npast, cpast;
	struct gt_link *link;
	size_t nlink;
	const struct gt_cause **cause;
	size_t ncause;
	struct gt_salvaged usable;
	int64_t resume;
	uint64_t spent, budget; /* of trials, in events */
	size_t memory; /* 0: as much as it takes */
	bool nomem;
	gt_explain_stop *stop;
	void *stop_arg;
};

static inline const uint8_t *
bytes_at(const struct gt_explain *x, uint64_t off)
{
	return x->t->bytes + off;
}

/* Where a batch ends, and the next begins. */
static inline uint64_t
xbatch_end(const struct xbatch *b)
{
	return b->b.ends ? b->b.data : batch_end(&b->b);
}

/* Whether somebody wants no more of it: what is made of it is left as it is then. */
bool explain_stopped(const struct gt_explain *x);
/* Memory that lives as long as the explanation. NULL: there is none. */
void *explain_keep(struct gt_explain *x, const void *p, size_t n);

/* A new candidate of that kind at a place, without edits; NULL: no memory. Made whole by cand_done. */
struct cand *cand_new(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct gt_place *place);
struct cand *cand_at(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xevent *ev);
struct cand *cand_batch(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xbatch *b);
/* Edits. Those of events see to the sizes of batches in cand_done. */
void cand_splice(struct gt_explain *x, struct cand *c, uint64_t off, uint64_t del, const void *ins, size_t n);
/* Whole batches are put in at off, between two. */
void cand_batches(struct gt_explain *x, struct cand *c, uint64_t off, const void *ins, size_t n);
/* An event's bytes from a type and numbers (dt first). */
void cand_replace(struct gt_explain *x, struct cand *c, const struct xevent *ev, uint8_t type, const uint64_t *arg, unsigned n);
void cand_insert(struct gt_explain *x, struct cand *c, uint64_t off, uint8_t type, const uint64_t *arg, unsigned n);
void cand_field(struct gt_explain *x, struct cand *c, const struct xbatch *b, unsigned field, uint64_t v);
/* Sorts the edits, sees to the sizes of the batches they are in; forgets the candidate where there is one like it. */
void cand_done(struct gt_explain *x, struct cand *c);
void cand_say(struct cand *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cand_evidence(struct cand *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Common ones. */
void cand_drop(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xevent *ev, const char *why);
void cand_swap(struct gt_explain *x, double prior, const struct xevent *a, const struct xevent *b, const char *why);
/* Sets number i (dt is 0) of an event. */
void cand_set(struct gt_explain *x, enum gt_suspect_kind kind, double prior, const struct xevent *ev, unsigned i, uint64_t v,
	const char *why);
/* Puts an event in before ev, or behind it. */
void cand_put(struct gt_explain *x, double prior, const struct xevent *ev, bool behind, uint8_t type, const uint64_t *arg,
	unsigned n, const char *why);

/* The bytes of the file up to `to`, from offset `from` on (behind the header), with the edits. False: no memory. */
bool cand_apply(const struct gt_explain *x, const struct cand *c, uint64_t from, uint64_t to, struct gt_buf *out);
/* Tries all candidates, the likeliest first, while the budget lasts. */
void cands_try(struct gt_explain *x);
/* Of all candidates only those n stay, in that order. False: no memory. */
bool cands_keep(struct gt_explain *x, const size_t *of, size_t n);

/* The same without a look at sizes: for edits of what frames batches. */
void cand_done_raw(struct gt_explain *x, struct cand *c);
void explain_let_go(struct gt_explain *x);

/* --- what can be seen without ordering -------------------------------------------------- */

/* A sequence number and whose it is, in one generation. */
struct xseq {
	uint64_t gen, seq;
	int64_t id;
	uint32_t ev;
	uint8_t res;
	uint8_t arg; /* which number of the event it is; dt is 0 */
	uint16_t index; /* of the event in its batch: one takes two bytes at least */
};

/* What an M has, as far as its own events tell. */
enum { UNKNOWN = -2 };
struct xwalk {
	int64_t p, g;
	bool fresh;        /* the P came during the syscall */
	int8_t in_syscall; /* -1: not known */
};
void xwalk_step(struct xwalk *w, uint8_t type, int64_t m, const uint64_t *arg);
/* The sequence number of an event, but for ev, which is the caller's. False: it has none, or of a P that is not known. */
bool xseq_of(const struct xwalk *w, uint64_t gen, const struct xevent *ev, const uint64_t *arg, struct xseq *out);
/* In order by generation, kind, ID, number, ev. Where it was stopped, *n is 0 then. False: no memory. */
bool xseq_sort(struct gt_explain *x, struct xseq **v, size_t *n, size_t *cap);

/* A number that one has too many, or lacks. */
struct xodd {
	uint64_t gen, seq;
	int64_t id;
	uint64_t end;           /* what the row would go on with */
	uint8_t res;
	bool lacks;
	bool twice;             /* there is another one with it */
	uint32_t ev;            /* xseq.ev of the one too many */
	uint16_t index;         /* xseq.index */
	const struct xseq *at;  /* that; NULL: it lacks, or is not there */
};
enum { MOST_ODD = 80 };
struct xodds {
	struct xodd v[MOST_ODD];
	unsigned n;
};
/* The numbers of one G or P, n of them from s on, ascending: which are odd. */
void xseq_look(struct xodds *o, const struct xseq *s, size_t n);

/* When a number of a goroutine that has no event was taken, in ticks: between these. */
struct xgap {
	uint64_t from, to;
};
enum { MOST_GAPS_KEPT = 4096 };

/*
 * The document has all batches of a generation and none of its events, and in so many bytes of it is to be what there is to
 * know about an error of order. What numbers lack or are odd is looked for in all of it, part by part. False: no memory.
 */
bool explain_window(struct gt_explain *x, uint64_t gen, uint64_t bytes);
/* Of a document with gaps: whether an event of the generation, there or not, brings about what a head waits for. */
bool explain_provided(const struct gt_explain *x, const struct gt_head *h);
uint64_t xseq_key(enum gt_res res, int64_t id);
/* Whether any event of the generation has the number that a P or G is to go on with. */
bool explain_next_there(const struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id, uint64_t seq);
/* The event that has a number; NULL: none. */
const struct xevent *xseq_find(const struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id, uint64_t seq);
/* The first such event but one. */
const struct xevent *xseq_other(const struct gt_explain *x, uint64_t gen, enum gt_res res, int64_t id, uint64_t seq,
	const struct xevent *than);

/* The ID that an entry of a table has. */
uint64_t xdoc_entry_id(const struct gt_explain *x, const struct xevent *e);
/* One byte might be another: at off, in what begins at start, an event of the batch or (-1) its head. */
void explain_byte(struct gt_explain *x, double prior, const struct xbatch *b, int64_t event, uint64_t start, uint64_t off,
	uint8_t v, const char *why);

/* What may be done about an event that stands where it does not fit, because of it or of what is around it. */
void explain_around(struct gt_explain *x, const struct xevent *ev, double prior, const char *why);

void explain_scan(struct gt_explain *x);
/* History, links, causes: false: no memory. */
bool explain_history(struct gt_explain *x);
bool explain_links(struct gt_explain *x);
bool explain_causes(struct gt_explain *x);
/* Whether a trace before Go 1.22 is refused for ending too early. */
bool explain_cut_old(const struct gt_explain *x);
/* Whether an event says of a P or G that it is there. */
bool xdoc_introduces(const struct xevent *ev, enum gt_res res);
/* Whether batches follow each other from off to the end of the file, or for a good while. */
bool explain_chains(const struct gt_trace *t, uint64_t off);
/* IDs of Ms that Ps are taken from in a generation, or that statuses name, and that have no batch there. How many: cap at most. */
unsigned explain_silent(const struct gt_explain *x, uint64_t gen, bool statuses, int64_t *out, unsigned cap);
void explain_sched(struct gt_explain *x);
void explain_batches(struct gt_explain *x);
void explain_tables(struct gt_explain *x);
void explain_bytes(struct gt_explain *x);
void explain_heads(struct gt_explain *x);
/* Much is missing: whole batches, or their ends. */
void explain_lost(struct gt_explain *x);
/* The M that has P or G id, by the states at the fault; GT_NONE: none. */
int64_t explain_holder(const struct gt_explain *x, enum gt_res res, int64_t id);
/* The last event of an M in a generation; NULL: none. */
const struct xevent *xdoc_last(const struct gt_explain *x, uint64_t gen, int64_t m);
/* The head of an M in the frontier; NULL: it has none. */
const struct gt_head *explain_head(const struct gt_explain *x, int64_t m);

#endif
