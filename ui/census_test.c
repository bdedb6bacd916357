/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The census in little room: fewer goroutines, and of those the same; and the same groups. */
#include "counting.h"

#include <string.h>

static void
little_room(void **state)
{
	uint8_t *bytes;
	struct gt_trace *t = open_trace("testdata/traces/mixed.trace", &bytes);
	struct census *all = take_census(t, 1 << 24);
	size_t n = census_count(all, CENSUS_GOROUTINES), before = 0;

	(void)state;
	assert_true(n > 20 && !census_left_out(all, CENSUS_GOROUTINES));
	for (size_t room = 0; room < 1 << 18; room = room ? 2 * room : 1024) {
		struct census *c = take_census(t, room);
		size_t some = census_count(c, CENSUS_GOROUTINES);

		assert_true(some >= before && some <= n && some * sizeof(struct census_g) <= room);
		assert_int_equal(census_left_out(c, CENSUS_GOROUTINES), n - some);
		for (size_t i = 0; i < some; i++) {
			assert_int_equal(census_g(c, i)->id, census_g(all, i)->id);
			assert_int_equal(census_g(c, i)->running, census_g(all, i)->running);
			assert_int_equal(census_g(c, i)->waiting, census_g(all, i)->waiting);
		}
		census_regroup(c);
		census_regroup(c);
		census_clear(c);
		assert_int_equal(census_count(c, CENSUS_GOROUTINES), 0);
		before = some;
		census_free(c);
	}
	assert_int_equal(before, n);
	census_free(all);
	gt_close(t);
	free(bytes);
}

/* What all goroutines did, by the spans of the timeline, and how many there were. */
struct total {
	int64_t in[GT_LANES], seen[1000];
	uint64_t n;
};

static void
add_span(void *arg, const struct gt_span *s)
{
	struct total *t = arg;

	if (s->res == GT_G)
		t->in[s->state] += s->to - s->from;
}

static void
add_id(struct total *t, int64_t id)
{
	size_t i = 0;

	while (i < t->n && t->seen[i] != id)
		i++;
	if (id == GT_NONE || i < t->n)
		return;
	assert_true(t->n < sizeof t->seen / sizeof *t->seen);
	t->seen[t->n++] = id;
}

static void
read_total(struct gt_trace *trace, struct total *t)
{
	struct gt_timeline *tl = gt_timeline_new(add_span, t);
	struct gt_model rules;
	struct gt_reader *r;
	const struct gt_event *ev;

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	r = gt_reader_new(trace, &rules);
	gt_reader_log(r, true);
	while (gt_read(r, &ev) == GT_EVENT) {
		size_t n;
		const struct gt_change *ch = gt_reader_changes(r, &n);
		int64_t id = GT_NONE;

		if (gt_event_kind(ev) == GT_K_StateTransition && gt_event_subject(ev, &id) == GT_G)
			add_id(t, id);
		add_id(t, ev->g);
		gt_timeline_event(tl, ev, ch, n, gt_reader_state(r));
	}
	gt_timeline_end(tl);
	gt_timeline_free(tl);
	gt_reader_free(r);
}

static void
check_total(const struct census *c, const struct total *t)
{
	struct total of = { .n = 0 };

	for (size_t i = 0; i < census_count(c, CENSUS_GROUPS); i++) {
		const struct census_group *g = census_group(c, i);

		of.n += g->count;
		of.in[GT_LANE_RUNNING] += g->running;
		of.in[GT_LANE_RUNNABLE] += g->runnable;
		of.in[GT_LANE_WAITING] += g->waiting;
		of.in[GT_LANE_SYSCALL] += g->syscall;
	}
	assert_int_equal(of.n, t->n);
	for (int i = GT_LANE_RUNNABLE; i <= GT_LANE_WAITING; i++)
		assert_int_equal(of.in[i], t->in[i]);
}

static void
check_same_groups(const struct census *c, const struct census *all)
{
	assert_int_equal(census_count(c, CENSUS_GROUPS), census_count(all, CENSUS_GROUPS));
	for (size_t i = 0; i < census_count(c, CENSUS_GROUPS); i++) {
		const struct census_group *x = census_group(c, i), *y = census_group(all, i);
		struct gt_str a = census_name(c, x->func), b = census_name(all, y->func);

		assert_true(a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n)));
		assert_true(x->count == y->count && x->first == y->first && x->assist == y->assist);
		assert_true(x->running == y->running && x->runnable == y->runnable);
		assert_true(x->waiting == y->waiting && x->syscall == y->syscall);
	}
}

/* Memory decides how many rows there are, and nothing of what is summed up. */
static void
groups_are_exact(void **state)
{
	static const char *const traces[] = { "mixed", "many-threads", "cgo-callbacks", "cgo-new-threads", "mixed-go1.22", "old-go1.11",
		"old-go1.19", "old-go1.21" };

	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		struct total total = { .n = 0 };
		struct census *all;
		char path[100];
		uint8_t *bytes;
		struct gt_trace *t;

		snprintf(path, sizeof path, "testdata/traces/%s.trace", traces[i]);
		t = open_trace(path, &bytes);
		read_total(t, &total);
		all = take_census(t, 1 << 24);
		census_regroup(all);
		check_total(all, &total);
		for (size_t room = 0; room < 1 << 16; room = room ? 2 * room : 1024) {
			struct census *c = take_census(t, room);

			census_regroup(c);
			check_total(c, &total);
			check_same_groups(c, all);
			assert_int_equal(census_count(c, CENSUS_GOROUTINES) + census_left_out(c, CENSUS_GOROUTINES), total.n);
			census_free(c);
		}
		census_free(all);
		gt_close(t);
		free(bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(little_room),
		cmocka_unit_test(groups_are_exact),
	};

	return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
