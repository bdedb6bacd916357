/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a trace, and a walk through it that depends on them: wherever the walk leads, event, changes and states
 * are those of reading from the start. Checkpoints are set every few events, so that small inputs have many.
 */
#define NAV_INTERVAL 4
#define NAV_ASK 8
#define NAV_GAP 1
#define NAV_BLOCK 8
#include "../step.c"

#include "fuzz.h"

enum { MOST = 3000, STEPS = 40 };

struct place {
	uint64_t event, changes, state;
};

/* The trace read once, forwards. */
struct plain {
	struct place at[MOST + 1];
	uint64_t n;
	enum gt_got end; /* GT_EVENT: there is more */
	enum gt_code why;
};

static struct plain plain;

static void
read_plain(struct gt_trace *t, const struct gt_model *model)
{
	struct gt_reader *r = gt_reader_new(t, model);
	const struct gt_event *ev;
	const struct gt_change *ch;
	size_t nch;

	plain.n = 0;
	plain.why = GT_OK;
	plain.at[0] = (struct place){ 0, 0, gt_state_hash(gt_reader_state(r)) };
	gt_reader_log(r, true);
	while ((plain.end = gt_read(r, &ev)) == GT_EVENT && plain.n < MOST) {
		ch = gt_reader_changes(r, &nch);
		plain.at[++plain.n] =
			(struct place){ event_hash(ev), changes_hash(ch, nch), gt_state_hash(gt_reader_state(r)) };
	}
	if (plain.end == GT_BROKEN)
		plain.why = gt_reader_error(r)->why.code;
	gt_reader_free(r);
}

static void
check_here(struct gt_nav *v)
{
	uint64_t pos = gt_nav_pos(v);
	const struct gt_event *ev = gt_nav_event(v);
	size_t n;
	const struct gt_change *ch = gt_nav_changes(v, &n);
	struct gt_head head[3];

	CHECK(pos <= plain.n, "at %llu of %llu", (unsigned long long)pos, (unsigned long long)plain.n);
	CHECK(gt_state_hash(gt_nav_state(v)) == plain.at[pos].state, "states at %llu", (unsigned long long)pos);
	CHECK((ev != NULL) == (pos > 0), "event at %llu", (unsigned long long)pos);
	if (!ev)
		return;
	CHECK(event_hash(ev) == plain.at[pos].event, "event %llu", (unsigned long long)pos);
	CHECK(changes_hash(ch, n) == plain.at[pos].changes, "changes of %llu", (unsigned long long)pos);
	gt_frontier(gt_nav_reader(v), head, 3);
}

static bool
one_of_each(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	uint64_t *next = arg, n = (*next)++;

	CHECK(ev->n == n && n <= plain.n, "event %llu", (unsigned long long)n);
	CHECK(event_hash(ev) == plain.at[n].event && changes_hash(ch, nch) == plain.at[n].changes &&
			gt_state_hash(after) == plain.at[n].state, "event %llu of each", (unsigned long long)n);
	return n % 13 != 0;
}

static bool
now_and_then(void *arg)
{
	uint64_t *x = arg;

	return rnd(x) % 3 == 0;
}

static void
each_from(struct gt_nav *v, uint64_t from, uint64_t count)
{
	uint64_t next = from ? from : 1;
	size_t got = gt_nav_each(v, from, (size_t)count, one_of_each, &next);

	CHECK(got <= count && next == (from ? from : 1) + got, "gave %zu", got);
}

/* One move of the walk. */
static void
move(struct gt_nav *v, uint64_t *x, bool whole)
{
	uint64_t to = rnd(x) % (plain.n + (whole ? 4 : 1)), pos = gt_nav_pos(v);
	double done;

	switch (rnd(x) % 7) {
	case 0:
		CHECK(gt_nav_seek(v, to, NULL, NULL) == (to < plain.n ? to : plain.n), "sought");
		break;
	case 1:
		gt_nav_seek(v, pos ? pos - 1 : 0, NULL, NULL);
		CHECK(gt_nav_pos(v) == (pos ? pos - 1 : 0), "back from %llu", (unsigned long long)pos);
		break;
	case 2:
		gt_nav_seek(v, pos + 1 <= plain.n || whole ? pos + 1 : pos, NULL, NULL);
		break;
	case 3:
		gt_nav_seek(v, to, now_and_then, x);
		break;
	case 4:
		each_from(v, to, (plain.n - (to < plain.n ? to : plain.n)) % 40);
		break;
	case 5:
		if (whole)
			gt_nav_index(v, to, &done, NULL);
		break;
	default:
		CHECK(rnd(x) % 4 || gt_nav_set_model(v, gt_nav_model(v)), "no model");
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t budgets[] = { 0, 20000, 1 << 18 };
	uint64_t x = fnv(FNV_BASE, data, size) | 1;
	size_t budget = budgets[rnd(&x) % LEN(budgets)];
	const struct gt_error *why;
	struct gt_error err;
	struct gt_trace *t = gt_open(data, size, &err);
	struct gt_model model;
	struct gt_nav *v;
	bool all;

	if (!t || size > 30000)
		goto out;
	CHECK(gt_model_get(&model, GT_MODEL_DEFAULT), "no model");
	read_plain(t, &model);
	v = gt_nav_new(t, &model, budget);
	for (int i = 0; i < STEPS; i++) {
		move(v, &x, plain.end != GT_EVENT);
		check_here(v);
		CHECK(gt_nav_known(v, &all) <= plain.n || plain.end == GT_EVENT, "more known than there is");
		if (all)
			CHECK(gt_nav_end(v, &why) == plain.end && (why ? why->why.code : GT_OK) == plain.why,
				"another end");
	}
	gt_nav_free(v);
out:
	gt_close(t);
	return 0;
}
