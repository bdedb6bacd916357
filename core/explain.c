/* SPDX-License-Identifier: MIT */
/*
 * Why a trace is invalid: reads it to its fault, has suspects found, tried and put in order.
 */
#include "explain_in.h"
#include "reason.h"

#include <stdlib.h>
#include <string.h>

enum { WHOLE = 4 << 20 }; /* files up to that size are tried from their beginning */

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

/* Reads up to the fault. False: no memory. */
static bool
read_to_fault(struct gt_explain *x)
{
	struct starts s = { 0 };
	const struct gt_event *ev;
	bool ok = true;
	int use;

	do {
		if (reader_between(x->r) && (x->t->n > WHOLE || !s.r[0]))
			ok = note_start(x, &s);
		x->got = gt_read(x->r, &ev);
	} while (ok && x->got == GT_EVENT);
	x->pos = gt_reader_pos(x->r);
	/* What the orderer says is of one generation; what is wrong with batches may lie in the one before. */
	use = s.r[1] && gt_reader_error(x->r) && gt_code_class(gt_reader_error(x->r)->why.code) == GT_CLASS_FORMAT ? 1 : 0;
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

static bool
list_suspects(struct gt_explain *x)
{
	x->suspect = calloc(x->ncand + 1, sizeof(*x->suspect));
	if (!x->suspect)
		return false;
	for (size_t i = 0; i < x->ncand && x->nsuspect < 12; i++) {
		const struct cand *c = &x->cand[i];
		bool known = false;

		for (size_t k = 0; k < x->nsuspect && !known; k++) {
			const struct gt_suspect *s = &x->suspect[k];

			known = s->place.batch == c->place.batch && s->place.event == c->place.event && s->kind == c->kind;
		}
		/* What did not help is none; nor is a guess that could have been tried, beside others that were. */
		if (known || (c->tried && c->further == 0 && !c->whole) || (!c->tried && c->nsplice > 0 && x->nsuspect >= 3))
			continue;
		x->suspect[x->nsuspect++] = (struct gt_suspect){ c->kind, c->place, c->repair, c->evidence, c->score, c->further, c->tried, c->whole };
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

static bool
find_suspects(struct gt_explain *x)
{
	if (x->t->version < 22)
		return list_suspects(x);
	if (!xdoc_read(&x->doc, x->t, x->from_off, x->from_batch, last_generation(x)))
		return false;
	explain_scan(x);
	explain_sched(x);
	explain_format(x);
	if (gt_code_class(x->err.why.code) != GT_CLASS_FORMAT)
		explain_lost(x);
	if (x->nomem)
		return false;
	cands_try(x);
	return list_suspects(x);
}

struct gt_explain *
gt_explain_new(struct gt_trace *t, const struct gt_model *model, uint64_t effort, gt_explain_stop *stop, void *arg)
{
	struct gt_explain *x = calloc(1, sizeof(*x));
	const struct gt_error *err;

	if (!x)
		return NULL;
	x->t = t;
	x->model = *model;
	x->budget = effort ? effort : t->n > WHOLE ? 60000000 : 15000000;
	x->stop = stop;
	x->stop_arg = arg;
	x->r = gt_reader_new(t, model);
	if (!x->r || !read_to_fault(x)) {
		gt_explain_free(x);
		return NULL;
	}
	err = gt_reader_error(x->r);
	if (!err)
		return x;
	x->err = *err;
	if (!read_frontier(x) || !find_suspects(x)) {
		gt_explain_free(x);
		return NULL;
	}
	return x;
}

void
gt_explain_free(struct gt_explain *x)
{
	if (!x)
		return;
	gt_reader_free(x->r);
	gt_reader_free(x->from);
	xdoc_free(&x->doc);
	free(x->head);
	free(x->cand);
	free(x->seq);
	free(x->suspect);
	map_free(&x->doubled);
	map_free(&x->refs[0]);
	map_free(&x->refs[1]);
	gt_buf_free(&x->scratch);
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
