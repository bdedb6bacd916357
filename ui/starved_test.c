/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searches and jumps without memory: they lead where they would lead with it, or say that there was none; what could not be
 * looked at is never said not to be there. So it is with timelines, tables and states: they are whole, or say that they are not.
 */
#include "fixture.h"
#include "refusing.h"

#include <locale.h>

#ifdef OTHER_MALLOC

static void
skipped(void **state)
{
	(void)state;
	skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(skipped) };

	return cmocka_run_group_tests_name("starved", tests, NULL, NULL);
}

#else

static const struct {
	const char *from, *line;
	const char *or; /* where it can't be known: what the message begins with then */
} ways[] = {
	{ "1", "next GoCreateSyscall", NULL },
	{ "1", "next g == 1 && n > 3000", NULL },
	{ "1", "next n > 100000", NULL },
	{ "last", "previous GoCreate && n < 200", NULL },
	{ "last", "previous n == 0", NULL },
	{ "1", "find GCSweepEnd", NULL },
	{ "1", "3000", NULL },
	{ "4000", "70", NULL },
	{ "4000", "creator", NULL },
	{ "4000", "blocker", NULL },
	{ "4000", "unblocker", NULL },
	{ "1", "last", NULL },
	{ "1", "@7ms", NULL },
	{ "1", "gen 3", NULL },
	{ "1", "offset 20000", NULL },
	{ "1", "follow g 7777", "following G7777: " },
};

struct outcome {
	uint64_t cursor;
	char message[sizeof((struct model *)0)->message];
};

/* One way, in a trace of which nothing is known yet; from the command on so much memory is refused. */
static struct outcome
go(struct gt_trace *t, size_t way, unsigned long refused, bool rest)
{
	struct gt_model rules;
	struct ui_options o = { .file = MIXED, .trace = t, .model = &rules, .memory = 1 << 22 };
	struct outcome is;
	struct model m;

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	assert_true(model_init(&m, &o, true));
	m.patience = 0;
	model_resize(&m, 24, 80);
	model_line(&m, ':', ways[way].from);
	while (m.job.kind)
		model_work(&m, 1000000000);
	model_prepare(&m);
	memset(&mem, 0, sizeof mem);
	mem.refused = refused;
	mem.rest = rest;
	mem.on = true;
	model_line(&m, ':', ways[way].line);
	while (m.job.kind || views_wanted(&m))
		model_work(&m, 1000000000);
	mem.on = false;
	is.cursor = m.cursor;
	memcpy(is.message, m.message, sizeof is.message);
	/* All is as it should be, as soon as there is memory. */
	model_prepare(&m);
	free(picture(&m));
	model_free(&m);
	return is;
}

static void
without_each(struct gt_trace *t, size_t way, bool rest)
{
	struct outcome must = go(t, way, 0, false);
	unsigned starved = 0;

	for (unsigned long k = 1; k < 100000; k += k < 200 ? 1 : 41) {
		struct outcome is = go(t, way, k, rest);
		bool says = strstr(is.message, "memory") || (ways[way].or && !strncmp(is.message, ways[way].or, strlen(ways[way].or)));

		if (!mem.hit)
			break;
		starved += says;
		if ((is.cursor != must.cursor || strcmp(is.message, must.message) != 0) && !says)
			fail_msg("from %s, %s, allocation %lu%s refused: at %llu \"%s\", not %llu \"%s\"", ways[way].from, ways[way].line, k,
				rest ? " and all after it" : "", (unsigned long long)is.cursor, is.message,
				(unsigned long long)must.cursor, must.message);
	}
	if (rest && !starved)
		fail_msg("from %s, %s: memory is never missed", ways[way].from, ways[way].line);
}

/* The trace of these tests, to be closed. */
static struct gt_trace *
open_mixed(void)
{
	static uint8_t bytes[1 << 18];
	size_t n = get_file(MIXED, bytes, sizeof bytes);
	struct gt_error err;
	struct gt_trace *t = gt_open(bytes, n, &err);

	assert_non_null(t);
	return t;
}

static void
never_not_found(void **state)
{
	struct gt_trace *t = open_mixed();

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		without_each(t, i, false);
		without_each(t, i, true);
	}
	gt_close(t);
}

/* --- what is read beside ------------------------------------------------------------------ */

static bool
never(void *arg)
{
	(void)arg;
	return false;
}

/* All that a timeline shows, as one number. */
static uint64_t
sum_of(struct lanes *l)
{
	uint64_t sum = lanes_known(l) * 31 + lanes_events(l);

	for (size_t i = 0; i < lanes_count(l); i++)
		for (size_t k = 0; k < lanes_at(l, i)->n; k++) {
			const struct lane_piece *p = &lanes_at(l, i)->piece[k];

			sum = sum * 31 + (uint64_t)lanes_at(l, i)->id * 7 + p->from * 3u + p->to + p->cell * 11u + p->count;
		}
	for (int x = LX_TALLIES; x < LX_END; x++)
		for (unsigned c = 0; c < lanes_window(l)->columns; c++)
			sum = sum * 31 + lanes_metric(l, (enum lane_extra)x)[c].least * 3 + lanes_metric(l, (enum lane_extra)x)[c].most;
	return sum;
}

/* A part of the trace, by G; *starved: or cut. */
static uint64_t
read_lanes(struct gt_trace *t, int part, unsigned long refused, bool rest, bool *starved)
{
	struct gt_model rules;
	struct gt_nav *nav;
	struct lanes *l = lanes_new(NULL, NULL);
	struct lane_window w = { .by = GT_G, .columns = 40, .beside = part % 2 };
	uint64_t sum;

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	nav = gt_nav_new(t, &rules, 1 << 22);
	gt_nav_seek(nav, 1, NULL, NULL);
	w.from = gt_nav_event(nav)->time + part * 3000000;
	w.to = w.from + 4000000;
	memset(&mem, 0, sizeof mem);
	mem.refused = refused;
	mem.rest = rest;
	mem.on = true;
	*starved = !lanes_want(l, &w, false);
	while (lanes_work(l, nav, never, NULL))
		;
	mem.on = false;
	assert_true(lanes_done(l));
	lanes_sort(l);
	*starved |= lanes_starved(l) || lanes_cut(l);
	/* What was not read is not said to be known. */
	if (lanes_starved(l) && lanes_known(l) == w.columns)
		assert_true(lanes_events(l) > 0);
	sum = sum_of(l);
	lanes_free(l);
	gt_nav_free(nav);
	return sum;
}

/* A timeline is whole, or says that it is not. */
static void
lanes_say_so(struct gt_trace *t)
{
	for (int part = 0; part < 6; part++) {
		bool rest = part / 3, starved;
		uint64_t must = read_lanes(t, part % 3, 0, false, &starved);
		unsigned hits = 0;

		assert_false(starved);
		for (unsigned long k = 1; k < 100000; k += k < 100 ? 1 : 37) {
			uint64_t is = read_lanes(t, part % 3, k, rest, &starved);

			if (!mem.hit)
				break;
			hits += starved;
			if (is != must && !starved)
				fail_msg("part %d, allocation %lu%s refused: another timeline", part % 3, k, rest ? " and all after it" : "");
		}
		assert_true(hits > 0);
	}
}

/* So is the table. */
static void
tables_say_so(struct gt_trace *t)
{
	uint64_t must = 0;
	unsigned hits = 0;

	for (unsigned long k = 0; k < 100000; k += k < 100 ? 1 : 37) {
		struct gt_model rules;
		struct gt_nav *nav;
		struct census *c = census_new(1 << 22);
		bool short_of = false;
		uint64_t is;

		gt_model_get(&rules, GT_MODEL_DEFAULT);
		nav = gt_nav_new(t, &rules, 1 << 22);
		memset(&mem, 0, sizeof mem);
		mem.refused = k;
		mem.rest = true;
		mem.on = k > 0;
		while (census_work(c, nav, false, never, NULL))
			;
		mem.on = false;
		is = census_events(c) * 1000 + census_count(c, CENSUS_GOROUTINES) + census_count(c, CENSUS_REGIONS);
		for (int kind = 0; kind < CENSUS_KINDS; kind++)
			short_of |= census_left_out(c, (enum census_kind)kind) != 0;
		must = k ? must : is;
		if (is != must && !short_of)
			fail_msg("allocation %lu and all after it refused: another table", k);
		hits += short_of;
		census_free(c);
		gt_nav_free(nav);
		if (k && !mem.hit)
			break;
	}
	assert_true(hits > 0);
}

static uint8_t
no_marks(void *arg, const struct gt_event *ev, const struct gt_state *after, int64_t before)
{
	(void)arg, (void)ev, (void)after, (void)before;
	return 0;
}

/* What is at an event is what is there, or nothing. */
static void
scenes_say_so(struct gt_trace *t)
{
	static struct scene must, is;
	struct gt_model rules;
	struct rows *rows = rows_new(symbols_get(true), no_marks, NULL);
	struct gt_nav *first;
	unsigned hits = 0;

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	first = gt_nav_new(t, &rules, 1 << 20);
	rows_need(rows, first, 3000, 1);
	scene_event(&must, first, 26, rows_get(rows, 3000));
	for (unsigned long k = 0; k < 10000; k++) {
		struct gt_nav *nav = gt_nav_new(t, &rules, 1 << 20);
		bool all;

		memset(&mem, 0, sizeof mem);
		mem.refused = k + 1;
		mem.rest = true;
		mem.on = true;
		scene_event(&is, nav, 26, rows_get(rows, 3000));
		mem.on = false;
		all = is.kind == SCENE_EVENT;
		assert_true(all || is.kind == SCENE_STARVED);
		hits += !all;
		assert_true(!all || (is.nthings == must.nthings && is.nothers == must.nothers && is.nchecks == must.nchecks &&
			!memcmp(is.things, must.things, is.nthings * sizeof *is.things)));
		gt_nav_free(nav);
		if (!mem.hit)
			break;
	}
	assert_true(hits > 0);
	rows_free(rows);
	gt_nav_free(first);
}

static void
what_is_shown(void **state)
{
	struct gt_trace *t = open_mixed();

	(void)state;
	lanes_say_so(t);
	tables_say_so(t);
	scenes_say_so(t);
	gt_close(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(never_not_found), cmocka_unit_test(what_is_shown) };

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("starved", tests, NULL, NULL);
}

#endif
