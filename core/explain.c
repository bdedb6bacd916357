/* SPDX-License-Identifier: MIT */
/*
 * Why a trace is invalid: reads it to its fault, has suspects found, tried and put in order.
 */
#include "explain_in.h"
#include "reason.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE = 4 << 20 }; /* files up to that size are tried from their beginning */
enum { SMALL = 1 << 19 }; /* and up to that size with less effort: a trial is short */
enum { ASK = 4096 };      /* events from one time to the next that somebody is asked whether to stop */

static const struct {
	const char *name, *means;
} kinds[GT_SUSPECT_KINDS] = {
#define S(name, kind, means) [GT_S_##name] = { kind, means },
#include "suspects.def"
#undef S
};

const char *
gt_suspect_name(enum gt_suspect_kind kind)
{
	return kind < GT_SUSPECT_KINDS ? kinds[kind].name : "";
}

const char *
gt_suspect_means(enum gt_suspect_kind kind)
{
	return kind < GT_SUSPECT_KINDS ? kinds[kind].means : "";
}

/* Remembers where the last generations begin: trials go back one generation behind the fault. */
struct starts {
	struct gt_reader *r[2];
	uint64_t off[2];
	uint32_t batch[2];
};

static bool
note_start(struct gt_explain *x, struct starts *s)
{
	struct gt_reader *r = gt_reader_clone(x->r);

	if (!r)
		return false;
	gt_reader_free(s->r[1]);
	s->r[1] = s->r[0];
	s->off[1] = s->off[0];
	s->batch[1] = s->batch[0];
	s->r[0] = r;
	s->off[0] = reader_next(x->r, &s->batch[0]);
	return true;
}

bool
explain_stopped(const struct gt_explain *x)
{
	return x->stop && x->stop(x->stop_arg);
}

/* Whether so many bytes of the file may be copied, for trials. */
static bool
fits(const struct gt_explain *x, int64_t bytes)
{
	return x->memory == 0 || bytes <= (int64_t)(x->memory / 2);
}

/* Reads up to the fault. False: no memory, or stopped. */
static bool
read_to_fault(struct gt_explain *x)
{
	struct starts s = { 0 };
	const struct gt_event *ev;
	unsigned asked = 0;
	bool ok = true;
	int use;

	do {
		if (reader_between(x->r) && (x->t->n > WHOLE || !s.r[0]))
			ok = note_start(x, &s);
		x->got = gt_read(x->r, &ev);
		if (++asked % ASK == 0 && explain_stopped(x))
			ok = false;
	} while (ok && x->got == GT_EVENT);
	x->pos = gt_reader_pos(x->r);
	/* What the orderer says is of one generation; what is wrong with batches may lie in the one before. */
	use = s.r[1] && gt_reader_error(x->r) && gt_code_class(gt_reader_error(x->r)->why.code) == GT_CLASS_FORMAT &&
		fits(x, gt_reader_error(x->r)->place.offset - (int64_t)s.off[1]) ? 1 : 0;
	x->from = s.r[use];
	x->from_off = s.off[use];
	x->from_batch = s.batch[use];
	gt_reader_free(s.r[1 - use]);
	return ok;
}

static bool
read_frontier(struct gt_explain *x)
{
	size_t n = gt_frontier(x->r, NULL, 0);

	x->head = calloc(n + 1, sizeof(*x->head));
	if (!x->head)
		return false;
	x->nhead = n;
	gt_frontier(x->r, x->head, n);
	return true;
}

enum { SUSPECTS = 12, SAME = 2 };

/* How many suspects listed say the same as a candidate, elsewhere; UINT_MAX: of this place one does already. */
static unsigned
listed(const struct gt_explain *x, const struct cand *c)
{
	bool lost = c->kind == GT_S_LOST_BATCH && c->made_ms;
	unsigned n = 0;

	for (size_t k = 0; k < x->nsuspect; k++) {
		const struct cand *o = &x->cand[x->of[k]];

		if (o->kind == c->kind && o->place.batch == c->place.batch && o->place.event == c->place.event)
			return UINT_MAX;
		n += lost ? o->kind == c->kind && o->made_ms : c->claim != 0 && o->claim == c->claim;
	}
	return n;
}

/* Those that say the same of a third place come behind all others; a lost batch is named in no third place. */
static bool
list_suspects(struct gt_explain *x)
{
	x->suspect = calloc(SUSPECTS, sizeof(*x->suspect));
	x->of = calloc(SUSPECTS, sizeof(*x->of));
	if (!x->suspect || !x->of)
		return false;
	for (unsigned round = 0; round < 2; round++)
		for (size_t i = 0; i < x->ncand && x->nsuspect < SUSPECTS; i++) {
			const struct cand *c = &x->cand[i];
			unsigned same = listed(x, c);
			double score = x->nsuspect && x->suspect[x->nsuspect - 1].score < c->score ? x->suspect[x->nsuspect - 1].score : c->score;

			if (same == UINT_MAX || (same >= SAME && (round == 0 || c->claim == 0)))
				continue;
			/* What did not help is none; nor is a guess that could have been tried, beside others that were. */
			if (c->vain || (!c->tried && c->nsplice > 0 && x->nsuspect >= 3))
				continue;
			x->of[x->nsuspect] = i;
			x->suspect[x->nsuspect++] =
		(struct gt_suspect){ c->kind, c->place, c->repair, c->evidence, score, c->further, c->tried, c->whole, c->part };
		}
	return true;
}

/*
 * Of a large file only some generations are looked at, and read to test repairs: the one at fault, and those next to it.
 * The last of them; UINT64_MAX: all.
 */
static uint64_t
last_generation(const struct gt_explain *x)
{
	struct gt_error ignored;
	struct batch b;

	if (x->t->n <= WHOLE || batch_read(x->t, x->from_off, 0, &b, &ignored) != BATCH_OK)
		return UINT64_MAX;
	return x->err.place.generation > 0 && (uint64_t)x->err.place.generation < b.gen + 8 ?
		(uint64_t)x->err.place.generation + 1 : b.gen + 2;
}

/* The same bytes under the rules of other Go versions. */
static void
other_models(struct gt_explain *x)
{
	struct gt_model m;

	if (gt_code_class(x->err.why.code) != GT_CLASS_NEVER || x->t->n > WHOLE)
		return;
	for (size_t i = 0; gt_model_at(&m, i); i++) {
		struct gt_reader *r = strcmp(m.name, x->model.name) != 0 || x->model.changed ? gt_reader_new(x->t, &m) : NULL;
		struct cand *c;

		if (!r)
			continue;
		if (gt_skip(r, UINT64_MAX) != GT_BROKEN || gt_reader_pos(r) > x->pos) {
			struct gt_place none = { -1, -1, -1, -1, x->err.place.offset };

			c = cand_new(x, GT_S_MODEL, 3, &none);
			if (c) {
				c->tried = true;
				c->whole = !gt_reader_error(r);
				c->further = gt_reader_pos(r) > x->pos ? gt_reader_pos(r) - x->pos : 0;
			}
			if (c && !c->whole)
				c->prior = -2;
			cand_say(c, "--model=%s (%s)", m.name, m.title);
			cand_evidence(c, "%s", c && c->whole ? "by these rules it is valid" : "by these rules it goes further");
			cand_done_raw(x, c);
		}
		gt_reader_free(r);
	}
}

bool
explain_cut_old(const struct gt_explain *x)
{
	switch (x->err.why.code) {
	case GT_E_V1_CUT:
	case GT_E_V1_NO_FREQ:
		return true;
	case GT_E_V1_ARG:
	case GT_E_V1_NUMBER:
		/* A number that the file ends in, or one that is too long. */
		return x->err.place.offset + 10 > (int64_t)x->t->n;
	default:
		return false;
	}
}

/* A trace before Go 1.22 is not taken apart: the place of the error is all there is. */
static void
suspect_old(struct gt_explain *x)
{
	enum gt_code code = x->err.why.code;
	bool cut = explain_cut_old(x);
	enum gt_suspect_kind kind = cut ? GT_S_FILE_CUT : gt_code_class(code) == GT_CLASS_FORMAT ? GT_S_DAMAGED : GT_S_OLD_FORMAT;
	struct cand *c = cand_new(x, kind, 0, &x->err.place);

	cand_say(c, "%s", cut ? "the end of the file is missing" : kind == GT_S_DAMAGED ? "the bytes here, or before, are not what they were" :
		"none can be tried: an event is missing here or before, or clocks disagree, and the old formats tell the order by nothing else");
	cand_done_raw(x, c);
}

static void
unless_format(struct gt_explain *x)
{
	if (gt_code_class(x->err.why.code) != GT_CLASS_FORMAT)
		explain_lost(x);
}

/* The same bytes as a trace of another Go. */
static void
other_versions(struct gt_explain *x)
{
	static const unsigned versions[] = { 22, 23, 25, 26 };

	if (x->from_off != x->t->first || x->t->first != 16 || x->t->version < 22)
		return;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct gt_place place = { -1, -1, -1, -1, 0 };
		uint8_t digits[2] = { (uint8_t)('0' + versions[i] / 10), (uint8_t)('0' + versions[i] % 10) };
		struct cand *c;

		if (versions[i] == x->t->version)
			continue;
		c = cand_new(x, GT_S_VERSION, 0.5, &place);
		cand_splice(x, c, 5, 2, digits, 2);
		cand_say(c, "let the header say go 1.%u", versions[i]);
		cand_evidence(c, "as a trace of that version it reads on");
		cand_done_raw(x, c);
	}
}

/* An event takes four bytes of the file at least, mostly more; and here itself, its number, and that once more to be sorted. */
enum { EVENT_BYTES = 4, EVENT_TAKES = sizeof(struct xevent) + 2 * sizeof(struct xseq) };

/* Whether all events of the file as it lies, or of so many bytes of it, would take more memory than they may. */
static bool
too_many(const struct gt_explain *x, uint64_t bytes)
{
	return x->memory > 0 && bytes / EVENT_BYTES > x->memory / 2 / EVENT_TAKES;
}

/*
 * The file as it lies: first only the heads of batches, and what there may be room for. What is wrong with bytes is where they
 * are, or shortly before. For what is wrong with the order the next generation can be done without; and where even one is too
 * large, so can what has nothing to do with it.
 */
static bool
read_doc(struct gt_explain *x)
{
	uint64_t last = last_generation(x), at = x->err.place.offset > 0 ? (uint64_t)x->err.place.offset : 0;
	uint64_t near = x->memory / 2 / sizeof(struct xevent) * EVENT_BYTES;
	struct xrange none = { 0, 0 }, some = { at > near ? at - near : 0, at + near / 4 };
	bool bytes = gt_code_class(x->err.why.code) == GT_CLASS_FORMAT;

	if (x->memory == 0 || (x->t->n <= WHOLE && x->memory > WHOLE))
		return xdoc_read(&x->doc, x->t, x->from_off, x->from_batch, last, NULL);
	if (!xdoc_read(&x->doc, x->t, x->from_off, x->from_batch, last, &none))
		return false;
	bytes = bytes && too_many(x, x->doc.end - x->from_off);
	if (!bytes && too_many(x, x->doc.end - x->from_off) && x->err.place.generation > 0)
		last = (uint64_t)x->err.place.generation;
	xdoc_free(&x->doc);
	if (bytes || last != (uint64_t)x->err.place.generation)
		return xdoc_read(&x->doc, x->t, x->from_off, x->from_batch, last, bytes ? &some : NULL);
	if (!xdoc_read(&x->doc, x->t, x->from_off, x->from_batch, last, &none))
		return false;
	if (too_many(x, x->doc.end - x->from_off))
		return explain_window(x, last, x->memory / 2 / EVENT_TAKES * EVENT_BYTES);
	xdoc_free(&x->doc);
	return xdoc_read(&x->doc, x->t, x->from_off, x->from_batch, last, NULL);
}

static bool
find_suspects(struct gt_explain *x)
{
	static void (*const find[])(struct gt_explain *x) = { explain_scan, explain_sched, explain_batches, explain_tables,
		explain_bytes, explain_heads, other_versions, unless_format, other_models };

	if (x->t->version < 22) {
		suspect_old(x);
		return !x->nomem && list_suspects(x);
	}
	if (!read_doc(x))
		return false;
	for (size_t i = 0; i < sizeof(find) / sizeof(find[0]) && !x->nomem && !explain_stopped(x); i++)
		find[i](x);
	if (x->nomem)
		return false;
	cands_try(x);
	return !x->nomem && list_suspects(x);
}

/* The event that was refused: a head of the frontier, as its M still has it before it. */
static void
find_event(struct gt_explain *x)
{
	const struct gt_place *at = &x->err.place;

	for (size_t i = 0; i < x->nhead; i++) {
		const struct gt_event *ev = &x->head[i].ev;

		if (x->head[i].answer == GT_YES || ev->batch != at->batch || ev->index != at->event)
			continue;
		x->ev = *ev;
		x->ev.n = 1;
		x->ncheck = gt_checks(gt_reader_state(x->r), &x->model, x->t->version, gt_gen_number(ev->gen), ev, x->check);
		return;
	}
}

/* Reads once more, with salvage. */
static bool
find_usable(struct gt_explain *x)
{
	struct gt_trace *t = x->t;
	bool was = t->salvage;
	struct gt_reader *r;

	gt_salvage(t, true);
	r = gt_reader_new(t, &x->model);
	gt_salvage(t, was);
	if (!r)
		return false;
	while (gt_skip(r, ASK) == GT_EVENT && !explain_stopped(x))
		;
	gt_reader_salvaged(r, &x->usable);
	gt_reader_free(r);
	return true;
}

/* Behind damage: the next batch, or where batches go on. */
static void
find_resume(struct gt_explain *x)
{
	const struct xbatch *b = xdoc_batch(&x->doc, x->err.place.batch);
	uint64_t off = x->err.place.offset > 0 ? (uint64_t)x->err.place.offset : 0;

	x->resume = -1;
	if (x->t->version < 22 || gt_code_class(x->err.why.code) != GT_CLASS_FORMAT)
		return;
	if (b && !b->b.ends && x->err.place.event >= 0 && batch_end(&b->b) < x->t->n) {
		x->resume = (int64_t)batch_end(&b->b);
		return;
	}
	for (uint64_t q = off + 1; q < x->t->n && q < off + 4 * MAX_BATCH_SIZE; q++)
		if (explain_chains(x->t, q)) {
			x->resume = (int64_t)q;
			return;
		}
}

/* What is only needed to find out. */
static void
let_go(struct gt_explain *x)
{
	gt_reader_free(x->r);
	gt_reader_free(x->from);
	xdoc_free(&x->doc);
	free(x->head);
	free(x->seq);
	free(x->odd);
	free(x->gap);
	map_free(&x->there);
	map_free(&x->doubled);
	map_free(&x->refs[0]);
	map_free(&x->refs[1]);
	gt_buf_free(&x->scratch);
	x->r = x->from = NULL;
	x->head = NULL;
	x->nhead = 0;
	x->seq = NULL;
	x->nseq = x->cseq = 0;
	x->odd = NULL;
	x->gap = NULL;
	x->ngap = 0;
}

/* What is given out stays, by itself: of a large trace all else is hundreds of times as much. */
static bool
keep_result(struct gt_explain *x)
{
	if (!cands_keep(x, x->of, x->nsuspect))
		return false;
	for (size_t i = 0; i < x->nsuspect; i++) {
		x->of[i] = i;
		x->suspect[i].repair = x->cand[i].repair;
		x->suspect[i].evidence = x->cand[i].evidence;
	}
	if (x->err.text)
		x->err.text = explain_keep(x, x->err.text, strlen(x->err.text) + 1);
	if (x->nhead > 0 && reader_gen(x->r))
		x->gen = gt_gen_ref(reader_gen(x->r));
	let_go(x);
	return !x->nomem;
}

static bool
explain_all(struct gt_explain *x)
{
	if (x->got != GT_BROKEN)
		return explain_causes(x) && keep_result(x);
	if (!read_frontier(x))
		return false;
	find_event(x);
	if (!find_suspects(x))
		return false;
	find_resume(x);
	return (explain_stopped(x) || (explain_links(x) && explain_history(x))) && explain_causes(x) && keep_result(x) &&
		find_usable(x);
}

struct gt_explain *
gt_explain_new(struct gt_trace *t, const struct gt_model *model, uint64_t effort, size_t memory, gt_explain_stop *stop, void *arg)
{
	struct gt_explain *x = calloc(1, sizeof(*x));
	const struct gt_error *err;

	if (!x)
		return NULL;
	x->t = t;
	x->model = *model;
	x->budget = effort ? effort : t->n > SMALL ? 60000000 : 10000000;
	x->memory = memory;
	x->stop = stop;
	x->stop_arg = arg;
	x->r = gt_reader_new(t, model);
	if (!x->r || !read_to_fault(x)) {
		gt_explain_free(x);
		return NULL;
	}
	err = gt_reader_error(x->r);
	if (err)
		x->err = *err;
	if (explain_all(x))
		return x;
	gt_explain_free(x);
	return NULL;
}

void
gt_explain_free(struct gt_explain *x)
{
	if (!x)
		return;
	let_go(x);
	free(x->cand);
	free(x->suspect);
	free(x->of);
	free(x->past);
	free(x->link);
	free(x->cause);
	gt_gen_unref(x->gen);
	explain_let_go(x);
	free(x);
}

const struct gt_error *
gt_explain_error(const struct gt_explain *x)
{
	return x->got == GT_BROKEN ? &x->err : NULL;
}

uint64_t
gt_explain_pos(const struct gt_explain *x)
{
	return x->pos;
}

const struct gt_suspect *
gt_explain_suspects(const struct gt_explain *x, size_t *n)
{
	*n = x->nsuspect;
	return x->suspect;
}

bool
gt_explain_repair(const struct gt_explain *x, size_t i, struct gt_buf *out)
{
	const struct cand *c = i < x->nsuspect ? &x->cand[x->of[i]] : NULL;

	return c && c->nsplice > 0 && cand_apply(x, c, x->t->first, x->t->n, out);
}

const struct gt_event *
gt_explain_event(const struct gt_explain *x)
{
	return x->ev.n ? &x->ev : NULL;
}

const struct gt_check *
gt_explain_checks(const struct gt_explain *x, size_t *n)
{
	*n = x->ncheck;
	return x->check;
}

int64_t
gt_explain_resume(const struct gt_explain *x)
{
	return x->resume;
}

const struct gt_salvaged *
gt_explain_usable(const struct gt_explain *x)
{
	return &x->usable;
}

const struct gt_past *
gt_explain_history(const struct gt_explain *x, size_t *n)
{
	*n = x->npast;
	return x->past;
}

const struct gt_link *
gt_explain_links(const struct gt_explain *x, size_t *n)
{
	*n = x->nlink;
	return x->link;
}

const struct gt_cause *const *
gt_explain_causes(const struct gt_explain *x, size_t *n)
{
	*n = x->ncause;
	return x->cause;
}
