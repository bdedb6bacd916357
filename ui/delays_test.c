/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waits by stack, against a reading of the events for each kind by itself; and in little room. */
#include "counting.h"

#include <inttypes.h>
#include <string.h>

/* --- by the events ------------------------------------------------------------ */

enum { MOST_G = 3000, MOST_ROWS = 400, TEXT = 1 << 14 };

/* What one stack is held by, of one kind. */
struct sum {
	char *text; /* functions, files and lines */
	uint64_t count, longest;
	int64_t total, most;
};

struct held {
	int64_t id, since;
	uint64_t first;
	char *text; /* NULL: by nothing */
};

struct told {
	struct sum sum[MOST_ROWS];
	size_t sums;
	struct held g[MOST_G];
	size_t gs;
};

static char *
stack_text(const struct gt_event *ev)
{
	struct gt_frame *f = malloc(GT_MAXFRAMES * sizeof *f);
	int n = gt_event_stack(ev) ? gt_gen_stack(ev->gen, gt_event_stack(ev), f) : 0;
	char *text = malloc(TEXT);
	size_t at = 0;

	assert_true(f && text);
	text[0] = 0;
	for (int i = 0; i < n; i++) {
		at += (size_t)snprintf(text + at, TEXT - at, "%.*s %.*s:%" PRIu64 "\n", (int)f[i].func.n, f[i].func.p,
			(int)f[i].file.n, f[i].file.p, f[i].line);
		assert_true(at < TEXT);
	}
	free(f);
	return text;
}

static struct held *
held_of(struct told *t, int64_t id)
{
	size_t i = 0;

	while (i < t->gs && t->g[i].id != id)
		i++;
	assert_true(i < MOST_G);
	if (i == t->gs)
		t->g[t->gs++] = (struct held){ .id = id };
	return &t->g[i];
}

static void
let_go(struct told *t, struct held *h, const struct gt_event *ev)
{
	int64_t ns = ev->time - h->since;
	size_t i = 0;

	while (i < t->sums && strcmp(t->sum[i].text, h->text) != 0)
		i++;
	assert_true(i < MOST_ROWS);
	if (i == t->sums)
		t->sum[t->sums++] = (struct sum){ .text = h->text, .most = -1 };
	else
		free(h->text);
	h->text = NULL;
	t->sum[i].count++;
	t->sum[i].total += ns;
	if (ns > t->sum[i].most) {
		t->sum[i].most = ns;
		t->sum[i].longest = h->first;
	}
}

/* The state of a kind, and reasons of a wait that are meant. */
static const struct {
	enum gt_pres state;
	const char *reason[3];
} kinds[DELAY_KINDS] = {
	[DELAY_NETWORK] = { GT_PRES_Waiting, { "network", NULL, NULL } },
	[DELAY_BLOCKING] = { GT_PRES_Waiting, { "chan", "sync", "select" } },
	[DELAY_SYSCALL] = { GT_PRES_Syscall, { NULL, NULL, NULL } },
	[DELAY_SCHEDULER] = { GT_PRES_Runnable, { NULL, NULL, NULL } },
};

static bool
is_meant(enum delay_kind k, const struct gt_event *ev)
{
	struct gt_str reason = ev->type == GT_EV_GoBlock ? gt_event_string(ev, 0) : (struct gt_str){ NULL, 0 };
	char text[100];

	if (ev->to != kinds[k].state || !kinds[k].reason[0])
		return ev->to == kinds[k].state;
	snprintf(text, sizeof text, "%.*s", (int)reason.n, reason.n ? reason.p : "");
	for (int i = 0; i < 3 && kinds[k].reason[i]; i++)
		if (strstr(text, kinds[k].reason[i]))
			return true;
	return false;
}

static void
read_kind(struct gt_trace *trace, enum delay_kind k, struct told *t)
{
	struct gt_model rules;
	struct gt_reader *r;
	const struct gt_event *ev;

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	r = gt_reader_new(trace, &rules);
	while (gt_read(r, &ev) == GT_EVENT) {
		struct held *h;
		int64_t id;

		if (gt_event_kind(ev) != GT_K_StateTransition || gt_event_subject(ev, &id) != GT_G)
			continue;
		h = held_of(t, id);
		if (h->text && ev->to != kinds[k].state)
			let_go(t, h, ev);
		if (h->text || !is_meant(k, ev))
			continue;
		*h = (struct held){ id, ev->time, ev->n, stack_text(ev) };
	}
	gt_reader_free(r);
}

static void
free_told(struct told *t)
{
	for (size_t i = 0; i < t->sums; i++)
		free(t->sum[i].text);
	for (size_t i = 0; i < t->gs; i++)
		free(t->g[i].text);
	free(t);
}

/* --- against that ---------------------------------------------------------------- */

static void
delay_text(const struct delays *d, const struct delay *row, char *text)
{
	struct delay_frame f;
	size_t at = 0;

	text[0] = 0;
	for (uint32_t i = 0; (i = delays_frame(d, row->stack, i, &f));) {
		at += (size_t)snprintf(text + at, TEXT - at, "%.*s %.*s:%" PRIu32 "\n", (int)f.func.n, f.func.p, (int)f.file.n, f.file.p,
			f.line);
		assert_true(at < TEXT);
	}
}

/* Rows that there are say what is told; returns how many. What had no room is all that these leave. */
static size_t
check_kind(const struct delays *d, enum delay_kind k, const struct told *t)
{
	const struct delay *rest = NULL;
	uint64_t count = 0, sum_count = 0;
	int64_t total = 0, sum_total = 0;
	size_t n = 0;
	char *text = malloc(TEXT);

	assert_non_null(text);
	for (size_t i = 0; i < delays_count(d); i++) {
		const struct delay *row = delays_at(d, i);
		size_t at = 0;

		if (row->kind != k)
			continue;
		count += row->count;
		total += row->total;
		if (row->stack == DELAY_NO_ROOM) {
			rest = row;
			continue;
		}
		n++;
		delay_text(d, row, text);
		while (at < t->sums && strcmp(t->sum[at].text, text) != 0)
			at++;
		assert_true(at < t->sums);
		assert_int_equal(row->count, t->sum[at].count);
		assert_int_equal(row->total, t->sum[at].total);
		assert_int_equal(row->most, t->sum[at].most);
		assert_int_equal(row->longest, t->sum[at].longest);
	}
	for (size_t i = 0; i < t->sums; i++) {
		sum_count += t->sum[i].count;
		sum_total += t->sum[i].total;
	}
	assert_int_equal(count, sum_count);
	assert_int_equal(total, sum_total);
	assert_true(rest ? n < t->sums && delays_are_short(d) : n == t->sums);
	free(text);
	return n;
}

#define TRACES "testdata/traces/"
static const char *const traces[] = {
	TRACES "mixed.trace",
	TRACES "many-threads.trace",
	TRACES "cgo-callbacks.trace",
	TRACES "cgo-new-threads.trace",
	TRACES "mixed-go1.22.trace",
	TRACES "old-go1.11.trace",
	TRACES "old-go1.19.trace",
	TRACES "old-go1.21.trace",
};

static void
sums_are_those_of_the_events(void **state)
{
	size_t of[DELAY_KINDS] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		uint8_t *bytes;
		struct gt_trace *t = open_trace(traces[i], &bytes);
		struct census *c = take_census(t, 1 << 26);

		assert_false(delays_are_short(census_delays(c)));
		assert_int_equal(census_left_out(c, CENSUS_WAITS), 0);
		for (int k = 0; k < DELAY_KINDS; k++) {
			struct told *told = calloc(1, sizeof *told);

			assert_non_null(told);
			read_kind(t, (enum delay_kind)k, told);
			of[k] += check_kind(census_delays(c), (enum delay_kind)k, told);
			free_told(told);
		}
		census_free(c);
		gt_close(t);
		free(bytes);
	}
	assert_true(of[DELAY_NETWORK] > 3 && of[DELAY_BLOCKING] > 30 && of[DELAY_SYSCALL] > 30 && of[DELAY_SCHEDULER] > 30);
}

/* Of the stacks that had room all is exact, and of the others their sum; more room, no fewer stacks. */
static void
little_room(void **state)
{
	uint8_t *bytes;
	struct gt_trace *t = open_trace("testdata/traces/mixed.trace", &bytes);
	size_t before = 0, all;
	bool was_short = false;
	struct told *told[DELAY_KINDS];

	(void)state;
	for (int k = 0; k < DELAY_KINDS; k++) {
		told[k] = calloc(1, sizeof *told[k]);
		assert_non_null(told[k]);
		read_kind(t, (enum delay_kind)k, told[k]);
	}
	all = told[0]->sums + told[1]->sums + told[2]->sums + told[3]->sums;
	for (size_t room = 0; room <= 1 << 22; room = room ? 2 * room : 4096) {
		struct census *c = take_census(t, room);
		size_t n = 0;

		for (int k = 0; k < DELAY_KINDS; k++)
			n += check_kind(census_delays(c), (enum delay_kind)k, told[k]);
		assert_true(n >= before && n <= all);
		assert_int_equal(census_left_out(c, CENSUS_WAITS), n < all ? CENSUS_SOME : 0);
		was_short |= n < all && n > DELAY_KINDS;
		before = n;
		census_clear(c);
		assert_int_equal(census_count(c, CENSUS_WAITS), 0);
		assert_int_equal(census_left_out(c, CENSUS_WAITS), 0);
		census_free(c);
	}
	assert_true(was_short && before == all);
	for (int k = 0; k < DELAY_KINDS; k++)
		free_told(told[k]);
	gt_close(t);
	free(bytes);
}

static void
function_that_tells_something(void **state)
{
	uint8_t *bytes;
	struct gt_trace *t = open_trace("testdata/traces/mixed.trace", &bytes);
	struct census *c = take_census(t, 1 << 26);
	const struct delays *d = census_delays(c);
	bool skipped = false, outermost = false;

	(void)state;
	for (size_t i = 0; i < delays_count(d); i++) {
		struct gt_str f = delays_function(d, delays_at(d, i)->stack);
		const char *text = delays_at(d, i)->text;
		bool runtime = f.n > 8 && !memcmp(f.p, "runtime.", 8), in = !f.n;
		struct delay_frame frame;

		/* It is in the stack, and of the runtime only where all are. */
		for (uint32_t at = 0; (at = delays_frame(d, delays_at(d, i)->stack, at, &frame));)
			in |= frame.func.n == f.n && !memcmp(frame.func.p, f.p, f.n);
		assert_true(in);
		skipped |= !runtime && delays_at(d, i)->n > 8 && !memcmp(text, "runtime.", 8);
		outermost |= runtime && delays_at(d, i)->n > f.n &&
			!memcmp(text + delays_at(d, i)->n - f.n, f.p, f.n);
	}
	assert_true(skipped && outermost);
	census_free(c);
	gt_close(t);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_those_of_the_events),
		cmocka_unit_test(little_room),
		cmocka_unit_test(function_that_tells_something),
	};

	return cmocka_run_group_tests_name("delays", tests, NULL, NULL);
}
