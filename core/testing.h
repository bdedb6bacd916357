/* SPDX-License-Identifier: MIT */
/*
 * What the tests and the fuzzers of core share: the traces of testdata, a random number generator that is the same
 * everywhere, and what must be true of every event whatever the trace. Nothing of the library includes this.
 */
#ifndef TESTING_H
#define TESTING_H

#include "buf.h"
#include "gotrace.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* xorshift64; *x must not be 0. */
static inline uint64_t
rnd(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static inline uint64_t
fnv(uint64_t h, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const uint8_t *)p)[i]) * UINT64_C(0x100000001b3);
	return h;
}
#define FNV_BASE UINT64_C(0xcbf29ce484222325)

/* --- files ----------------------------------------------------------------------- */

/* A whole file, appended. */
static inline bool
read_file(const char *path, struct gt_buf *out)
{
	FILE *f = fopen(path, "rb");
	uint8_t chunk[65536];
	size_t got;
	bool ok = f != NULL;

	while (ok && (got = fread(chunk, 1, sizeof(chunk), f)) > 0)
		ok = gt_buf_put(out, chunk, got);
	if (f)
		fclose(f);
	return ok;
}

/* A trace to test with. */
struct sample_trace {
	char path[512];
	struct gt_buf bytes;
	struct gt_model model;
};

/* The binary trace of a .test file, and its model. */
static inline bool
convert_test(struct sample_trace *s)
{
	struct gt_buf out = { NULL, 0, 0 };
	struct gt_text_error err;
	struct gt_test test;
	char name[64];

	if (!gt_test_read((const char *)s->bytes.p, s->bytes.n, &test, &err) ||
		!gt_text_read(test.trace.p, test.trace.n, &out, &err)) {
		fprintf(stderr, "%s:%u:%u: %s\n", s->path, err.line, err.col, err.text);
		return false;
	}
	gt_buf_free(&s->bytes);
	s->bytes = out;
	snprintf(name, sizeof(name), "%.*s", (int)test.model.n, test.model.p);
	return test.model.n == 0 || gt_model_get(&s->model, name);
}

static inline int
compare_samples(const void *a, const void *b)
{
	return strcmp(((const struct sample_trace *)a)->path, ((const struct sample_trace *)b)->path);
}

static inline bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* The bytes of one file that is a trace; false where it is none. */
static inline bool
load_sample(struct sample_trace *s, const char *dir, const char *name)
{
	struct gt_error err;
	struct gt_trace *t;
	bool known;

	*s = (struct sample_trace){ .bytes = { NULL, 0, 0 } };
	snprintf(s->path, sizeof(s->path), "%s/%s", dir, name);
	gt_model_get(&s->model, GT_MODEL_DEFAULT);
	if ((!ends_in(name, ".trace") && !ends_in(name, ".test")) || !read_file(s->path, &s->bytes))
		return false;
	if (ends_in(name, ".test") && !convert_test(s))
		return false;
	t = gt_open(s->bytes.p, s->bytes.n, &err);
	known = t != NULL;
	gt_close(t);
	return known;
}

/* All traces of a folder of testdata, by name. */
static inline struct sample_trace *
load_samples(const char *dir, size_t *n)
{
	struct sample_trace *v = malloc(1000 * sizeof(*v));
	DIR *d = opendir(dir);
	const struct dirent *e;

	*n = 0;
	while (v && d && (e = readdir(d)) && *n < 1000)
		if (load_sample(&v[*n], dir, e->d_name))
			++*n;
		else
			gt_buf_free(&v[*n].bytes);
	if (d)
		closedir(d);
	if (*n > 0)
		qsort(v, *n, sizeof(*v), compare_samples);
	return v;
}

static inline void
free_samples(struct sample_trace *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		gt_buf_free(&v[i].bytes);
	free(v);
}

/* --- events ------------------------------------------------------------------------ */

/* A number for all that an event says. */
static inline uint64_t
event_hash(const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	uint64_t v[] = { ev->n, (uint64_t)ev->time, (uint64_t)ev->m, (uint64_t)ev->p, (uint64_t)ev->g, ev->type,
		ev->part, ev->len, ev->batch, ev->index, ev->off, ev->gen ? gt_gen_number(ev->gen) : 0 };
	int64_t ns;
	uint64_t h = fnv(FNV_BASE, v, sizeof(v));

	h = fnv(h, ev->arg, sizeof(ev->arg[0]) * (ev->type == GT_EV_SyncPoint ? 1 : spec->nargs));
	if (spec->kind == GT_K_StateTransition)
		h = fnv(fnv(h, &ev->from, 1), &ev->to, 1);
	if (ev->type == GT_EV_UserTaskEnd || ev->type == GT_EV_STWEnd)
		h = fnv(h, &ev->aux, sizeof(ev->aux));
	if (ev->type == GT_EV_UserTaskEnd)
		h = fnv(h, ev->str.p, ev->str.n);
	if (gt_event_ends(ev) || gt_event_lasted(ev, 0, &ns))
		h = fnv(h, &ev->since, sizeof(ev->since));
	return h;
}

static inline uint64_t
changes_hash(const struct gt_change *ch, size_t n)
{
	uint64_t h = FNV_BASE;

	for (size_t i = 0; i < n; i++) {
		int64_t v[] = { ch[i].field, ch[i].id, ch[i].from, ch[i].to };

		h = fnv(h, v, sizeof(v));
	}
	return h;
}

/* --- changes ------------------------------------------------------------------------- */

/* The value a field has after the changes, by the changes; `was` without any. False: they do not follow each other. */
static inline bool
follow(const struct gt_change *ch, size_t n, enum gt_field field, int64_t id, int64_t was, int64_t *now)
{
	*now = was;
	for (size_t i = 0; i < n; i++)
		if (ch[i].field == field && ch[i].id == id) {
			if (ch[i].from != *now)
				return false;
			*now = ch[i].to;
		}
	return true;
}

static inline bool
explains_m(
	const struct gt_state *before, const struct gt_state *after, const struct gt_change *ch, size_t n, int64_t id)
{
	struct gt_m was = { id, GT_NONE, GT_NONE }, is = was;
	int64_t p, g;

	gt_m_find(before, id, &was);
	gt_m_find(after, id, &is);
	return follow(ch, n, GT_CH_M_P, id, was.p, &p) && follow(ch, n, GT_CH_M_G, id, was.g, &g) && p == is.p &&
	       g == is.g;
}

static inline bool
explains_p(
	const struct gt_state *before, const struct gt_state *after, const struct gt_change *ch, size_t n, int64_t id)
{
	struct gt_p was = { .id = id, .status = GT_P_GONE }, is = was;
	int64_t status, seq;

	gt_p_find(before, id, &was);
	gt_p_find(after, id, &is);
	return follow(ch, n, GT_CH_P_STATUS, id, was.status, &status) &&
		follow(ch, n, GT_CH_P_SEQ, id, (int64_t)was.seq, &seq) && status == (int64_t)is.status &&
		seq == (int64_t)is.seq;
}

static inline bool
explains_g(
	const struct gt_state *before, const struct gt_state *after, const struct gt_change *ch, size_t n, int64_t id)
{
	struct gt_g was = { .id = id, .status = GT_G_GONE }, is = was;
	int64_t status, seq;

	gt_g_find(before, id, &was);
	gt_g_find(after, id, &is);
	if (!follow(ch, n, GT_CH_G_STATUS, id, was.status, &status) || status != (int64_t)is.status ||
		!follow(ch, n, GT_CH_G_SEQ, id, (int64_t)was.seq, &seq))
		return false;
	return is.status == GT_G_GONE || seq == (int64_t)is.seq;
}

/* Whether the changes lead from the one to the other, for all fields that they speak of and none else. NULL: they do.
 */
static inline const char *
changes_wrong(const struct gt_state *before, const struct gt_state *after, const struct gt_change *ch, size_t n)
{
	const struct gt_state *both[] = { before, after };
	uint64_t seq;
	int64_t v;
	struct gt_m m;
	struct gt_p p;
	struct gt_g g;

	for (unsigned k = 0; k < 2; k++) {
		for (size_t i = 0; i < gt_m_count(both[k]); i++)
			if (gt_m_at(both[k], i, &m) && !explains_m(before, after, ch, n, m.id))
				return "an M changes otherwise than the changes say";
		for (size_t i = 0; i < gt_p_count(both[k]); i++)
			if (gt_p_at(both[k], i, &p) && !explains_p(before, after, ch, n, p.id))
				return "a P changes otherwise than the changes say";
		for (size_t i = 0; i < gt_g_count(both[k]); i++)
			if (gt_g_at(both[k], i, &g) && !explains_g(before, after, ch, n, g.id))
				return "a G changes otherwise than the changes say";
	}
	for (size_t i = 0; i < n; i++)
		if (((ch[i].field == GT_CH_M_P || ch[i].field == GT_CH_M_G) && !gt_m_find(after, ch[i].id, &m)) ||
			(ch[i].field == GT_CH_P_STATUS && !gt_p_find(after, ch[i].id, &p)) ||
			(ch[i].field == GT_CH_G_STATUS && ch[i].to != GT_G_GONE && !gt_g_find(after, ch[i].id, &g)))
			return "a change of what is not there";
	if (!follow(ch, n, GT_CH_GC, 0, gt_gc(before, &seq), &v) || v != (int64_t)gt_gc(after, &seq))
		return "the GC changes otherwise than the changes say";
	return NULL;
}

/* --- checks ----------------------------------------------------------------------------- */

/* The reasons that needs.def and the rule of the context stand for: where one is given a condition must be crossed. */
static inline bool
is_covered(enum gt_code code)
{
	switch (code) {
	case GT_E_NO_THREAD:
	case GT_E_HAS_THREAD:
	case GT_E_NO_PROC:
	case GT_E_HAS_PROC:
	case GT_E_NO_GOROUTINE:
	case GT_E_HAS_GOROUTINE:
	case GT_E_P_STATUS_INVALID:
	case GT_E_P_STATUS_CONFLICT:
	case GT_E_P_STOP_UNKNOWN:
	case GT_E_P_STOP_STATUS:
	case GT_E_STEAL_SELF:
	case GT_E_STEAL_NO_M:
	case GT_E_STEAL_OTHER:
	case GT_E_P_SEQ:
	case GT_E_P_NOT_SYSCALL:
	case GT_E_P_STATE:
	case GT_E_G_STATUS_INVALID:
	case GT_E_G_STATUS_CONFLICT:
	case GT_E_G_STATUS_LATE:
	case GT_E_G_NOT_RUNNING:
	case GT_E_G_EXISTS:
	case GT_E_G_EXISTS_SYSCALL:
	case GT_E_G_NOT_IN_SYSCALL:
	case GT_E_G_NOT_SYSCALL:
	case GT_E_G_UNKNOWN:
	case GT_E_G_SYSCALL_NO_M:
	case GT_E_G_SYSCALL_THREAD:
	case GT_E_P_NO_CONTEXT:
	case GT_E_STRING_ORDER:
	case GT_E_TASK_CONFLICT:
	case GT_E_REGION_MISUSE:
	case GT_E_GC_ACTIVE_FIRST:
	case GT_E_GC_ACTIVE_NOT:
	case GT_E_GC_BEGIN_TWICE:
	case GT_E_GC_END_NOT:
	case GT_E_GC_END_UNDET:
	case GT_E_SWEEP_UNKNOWN_P:
	case GT_E_RANGE_NO_G:
	case GT_E_RANGE_ACTIVE_NO_G:
	case GT_E_RANGE_TWICE:
	case GT_E_RANGE_FIRST:
	case GT_E_RANGE_MISSING:
	case GT_E_RANGE_NOT_OPEN:
	case GT_E_W_P_UNKNOWN:
	case GT_E_W_P_NOT_IDLE:
	case GT_E_W_P_SEQ:
	case GT_E_W_M_HAS_P:
	case GT_E_W_P_NOT_SYSCALL:
	case GT_E_W_P_STILL_SYSCALL:
	case GT_E_W_G_UNKNOWN:
	case GT_E_W_G_NOT_RUNNABLE:
	case GT_E_W_G_NOT_WAITING:
	case GT_E_W_G_SEQ:
	case GT_E_W_GC_SEQ:
		return true;
	/* No condition is shown for the others. */
	default:
		return false;
	}
}

/* Whether the conditions of an event agree with the orderer's answer. NULL: they do. */
static inline const char *
checks_wrong(const struct gt_state *before, const struct gt_model *model, unsigned version, uint64_t generation,
	const struct gt_event *ev, enum gt_answer answer, enum gt_code why)
{
	struct gt_check c[GT_MAXCHECKS];
	size_t n = gt_checks(before, model, version, generation, ev, c);
	bool crossed = false, agrees = false;

	for (size_t i = 0; i < n; i++) {
		if (strlen(c[i].what) == 0 || strlen(c[i].here) == 0)
			return "a condition without words";
		if (c[i].ok)
			continue;
		crossed = true;
		agrees = agrees || c[i].waits == (answer == GT_WAIT);
	}
	if (answer == GT_YES)
		return crossed ? "a condition is crossed of an event that may happen" : NULL;
	if (!is_covered(why))
		return NULL;
	return !crossed ? "no condition is crossed of an event that may not happen" :
		!agrees ? "the condition crossed says otherwise whether the event waits" : NULL;
}

/* The same of all heads of a frontier. */
static inline const char *
frontier_wrong(struct gt_reader *r, const struct gt_model *model, unsigned version, uint64_t generation)
{
	static const size_t most = 64;
	struct gt_head *head = malloc(most * sizeof(*head));
	size_t n = head ? gt_frontier(r, head, most) : 0;
	const char *wrong = NULL;
	char text[512];

	for (size_t i = 0; i < n && i < most && !wrong; i++) {
		if (i > 0 && head[i].ev.time < head[i - 1].ev.time)
			wrong = "the heads are not in order of time";
		else if ((head[i].answer == GT_YES) != (head[i].why.code == GT_OK))
			wrong = "a head with a reason but no need of it, or without one";
		else
			wrong = checks_wrong(gt_reader_state(r), model, version, generation, &head[i].ev,
				head[i].answer, head[i].why.code);
		gt_reason_text(&head[i].why, text, sizeof(text));
	}
	free(head);
	return wrong;
}

#endif
