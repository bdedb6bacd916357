/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables: what they count, against independent readings, how they are sorted, filtered and steered. */
#define _XOPEN_SOURCE 700
#include "cells.h"
#include "fixture.h"
#include "histogram.h"
#include "model.h"

#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- the census --------------------------------------------------------------------- */

struct sums {
	int64_t in[GT_LANES];
	int64_t g;
};

static void
sum_span(void *arg, const struct gt_span *s)
{
	struct sums *k = arg;

	if (s->res == GT_G && s->id == k->g)
		k->in[s->state] += s->to - s->from;
}

static void
counts_goroutines(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	assert_true(census_done(f.m.census));
	assert_int_equal(census_count(f.m.census, CENSUS_GOROUTINES), 53);
	for (size_t i = 0; i < 53; i++) {
		const struct census_g *g = census_g(f.m.census, i);
		struct sums k = { .g = g->id };
		struct gt_timeline *tl = gt_timeline_new(sum_span, &k);
		struct gt_reader *r = gt_reader_new(f.trace, gt_nav_model(f.m.nav));
		const struct gt_event *ev;
		int64_t waited = 0;

		gt_reader_log(r, true);
		while (gt_read(r, &ev) == GT_EVENT) {
			size_t n;
			const struct gt_change *ch = gt_reader_changes(r, &n);

			gt_timeline_event(tl, ev, ch, n, gt_reader_state(r));
		}
		gt_timeline_end(tl);
		gt_timeline_free(tl);
		gt_reader_free(r);
		assert_true(g->running == k.in[GT_LANE_RUNNING] && g->waiting == k.in[GT_LANE_WAITING]);
		assert_true(g->runnable == k.in[GT_LANE_RUNNABLE] && g->syscall == k.in[GT_LANE_SYSCALL]);
		for (const struct census_wait *w = census_waits(f.m.census, g, NULL); w; w = census_waits(f.m.census, g, w))
			waited += w->ns;
		assert_true(waited == g->waiting);
	}
	close_file(&f);
}

/* The first event of one, and what it did: on any screen, with and without the timeline there. */
static void
to_one_of_the_table(void **state)
{
	static const int size[][2] = { { 24, 80 }, { 40, 120 }, { 12, 60 } };

	(void)state;
	for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
		struct fixture f;
		const struct census_g *g;

		open_file(&f, MIXED, size[i][0], size[i][1], true);
		line(&f.m, "close timeline");
		keys(&f.m, "oj<Enter>");
		g = census_g(f.m.census, f.m.table.row[f.m.table.at]);
		assert_int_equal(f.m.cursor, g->first);
		assert_true(f.m.lay.pane[PANE_TIMELINE].h > 3 && (size[i][0] < 24 || f.m.lay.pane[PANE_EVENTS].h > 3));
		assert_int_equal(timeline_now(&f.m)->lane, g->id);
		shows(&f.m, "by G", true);
		assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
		keys(&f.m, "q");
		assert_int_equal(f.m.arr.focus, PANE_TABLE);
		assert_true(f.m.lay.pane[PANE_TABLE].h > 3);
		/* The next one. */
		keys(&f.m, "j<Enter>");
		g = census_g(f.m.census, f.m.table.row[f.m.table.at]);
		assert_int_equal(f.m.cursor, g->first);
		assert_int_equal(timeline_now(&f.m)->lane, g->id);
		close_file(&f);
	}
}

static bool
has_read(void *arg)
{
	return (*(int *)arg)-- <= 0;
}

static bool
is_sorted_by_running(const struct model *m)
{
	for (size_t i = 1; i < m->table.rows; i++)
		if (census_g(m->census, m->table.row[i - 1])->running < census_g(m->census, m->table.row[i])->running)
			return false;
	return m->table.rows > 0;
}

/* While the trace is read the rows are in the order that the heading says, or it says none. */
static void
sorted_while_it_fills(void **state)
{
	struct fixture f;
	struct model *m = &f.m;
	unsigned signs = 0, none = 0;
	int slices = 1;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(m, "table goroutines");
	census_clear(m->census);
	table_clear(m);
	for (; census_work(m->census, m->home, false, has_read, &slices); slices = 1) {
		for (int look = 0; look < 20; look++) {
			char *text = picture(m);
			bool sign = strstr(text, "running▼");

			assert_true(!sign || is_sorted_by_running(m));
			assert_non_null(strstr(text, "running"));
			signs += sign;
			free(text);
		}
	}
	shows(m, "running▼", true);
	assert_true(is_sorted_by_running(m) && signs > 0);
	/* As when that takes long. */
	census_clear(m->census);
	table_clear(m);
	for (none = 0; census_work(m->census, m->home, false, has_read, &slices); slices = 1) {
		char *text = picture(m);

		m->table.took = INT64_MAX / 16;
		none += !strstr(text, "running▼");
		assert_true(!strstr(text, "running▼") || is_sorted_by_running(m));
		free(text);
	}
	assert_true(none > 0);
	shows(m, "running▼", true);
	assert_true(is_sorted_by_running(m));
	close_file(&f);
}

/* What the events of tasks and regions tell, counted by reading. */
struct told_task {
	uint64_t id, begin, first, end, regions, logs;
	int64_t began, ended;
};

static struct told_task *
told_task(struct told_task *v, size_t *n, const struct gt_event *ev)
{
	for (size_t i = 0; i < *n; i++)
		if (v[i].id == ev->arg[0])
			return &v[i];
	assert_true(*n < 200);
	v[*n] = (struct told_task){ .id = ev->arg[0], .first = ev->n };
	return &v[(*n)++];
}

static size_t
read_tasks(const struct fixture *f, struct told_task *v)
{
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	const struct gt_event *ev;
	size_t n = 0;

	while (gt_read(r, &ev) == GT_EVENT) {
		struct told_task *t;

		if (ev->type < GT_EV_UserTaskBegin || ev->type > GT_EV_UserLog || !ev->arg[0])
			continue;
		t = told_task(v, &n, ev);
		t->begin = ev->type == GT_EV_UserTaskBegin ? ev->n : t->begin;
		t->began = ev->type == GT_EV_UserTaskBegin ? ev->time : t->began;
		t->end = ev->type == GT_EV_UserTaskEnd ? ev->n : t->end;
		t->ended = ev->type == GT_EV_UserTaskEnd ? ev->time : t->ended;
		t->regions += ev->type == GT_EV_UserRegionBegin || (ev->type == GT_EV_UserRegionEnd && ev->since == GT_BEFORE);
		t->logs += ev->type == GT_EV_UserLog;
	}
	gt_reader_free(r);
	return n;
}

/* Those that began before the trace as well; regions that did not end are counted, and how many they are. */
static void
tasks_and_regions(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/mixed-go1.22.trace", "testdata/traces/mixed-go1.25.trace",
		"testdata/traces/old-go1.19.trace" };
	static const char open_regions[] = "Trace Go1.22\n"
		"EventBatch gen=1 m=0 time=0 size=40\n"
		"ProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=0 gstatus=2\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=2 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=200 task=0 name_string=1 stack=0\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=13\n"
		"Strings\n"
		"String id=1\n\tdata=\"r\"\n"
		"String id=2\n\tdata=\"other\"\n";
	static const char from_before[] = "Trace Go1.22\n"
		"EventBatch gen=1 m=0 time=0 size=39\n"
		"ProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=0 gstatus=2\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionEnd dt=100 task=7 name_string=2 stack=0\n"
		"UserRegionEnd dt=100 task=0 name_string=1 stack=0\n"
		"UserRegionBegin dt=100 task=0 name_string=1 stack=0\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=13\n"
		"Strings\n"
		"String id=1\n\tdata=\"r\"\n"
		"String id=2\n\tdata=\"other\"\n";
	struct fixture f;
	unsigned before = 0;

	(void)state;
	for (size_t t = 0; t < sizeof traces / sizeof *traces; t++) {
		struct told_task v[200];
		size_t n;

		open_file(&f, traces[t], 40, 120, true);
		line(&f.m, "tasks");
		n = read_tasks(&f, v);
		assert_int_equal(census_count(f.m.census, CENSUS_TASKS), n);
		for (size_t i = 0; i < n; i++) {
			const struct census_task *is = census_task(f.m.census, i);

			assert_true(is->id == v[i].id && is->first == v[i].first && is->last == v[i].end);
			assert_true(is->regions == v[i].regions && is->logs == v[i].logs);
			assert_true(v[i].begin ? is->began == v[i].began : is->began == CENSUS_NEVER);
			assert_true(!v[i].end || is->ended == v[i].ended);
			before += !v[i].begin;
		}
		close_file(&f);
	}
	assert_true(before > 0);
	open_text(&f, open_regions, 40, 120, false);
	line(&f.m, "regions");
	shows(&f.m, "        3      1     300ns     150ns     100ns     200ns r", true);
	shows(&f.m, "        1      1       0ns         -         -         - other", true);
	close_file(&f);
	open_text(&f, from_before, 40, 120, false);
	line(&f.m, "tasks");
	shows(&f.m, "        7        -    before         -        1        0 (not told)", true);
	line(&f.m, "regions");
	shows(&f.m, ">         4      1     100ns     100ns     100ns     100ns r", true);
	shows(&f.m, " 2 of these since before the trace: how long is not known", true);
	shows(&f.m, "        1      0       0ns         -         -         - other", true);
	keys(&f.m, "j<Enter>");
	shows(&f.m, "none of them both began and ended in the trace", true);
	close_file(&f);
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "tasks");
	line(&f.m, "sort task");
	line(&f.m, "only task=1");
	shows(&f.m, "        1        -    before         -        1        0 (not told)", true);
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.cursor, 234);
	shows(&f.m, "UserTaskEnd task=1", true);
	close_file(&f);
}

/* What is wrong in the table's filter is said, and changes nothing. */
static void
tables_filter_words(void **state)
{
	static const struct {
		const char *only, *wrong;
	} t[] = {
		{ "nosuch>1", "there is no column \"nosuch\": G, state, running, " },
		{ "running>abc", "\"abc\" is no time" },
		{ "running>1MS", "\"1MS\" is no time" },
		{ "event>1ms", "\"1ms\" is no number" },
		{ "running>", "\"\" is no time" },
		{ "function>main", "function is a text" },
		{ "main and running>1us", NULL },
		{ "state!=waiting g>1", NULL },
		{ "G!=1 && event<=1,000", NULL },
		{ "\"nosuch>1\"", NULL },
	};
	struct fixture f;
	size_t waiting, others;
	char text[80];

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	line(&f.m, "only main");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		line(&f.m, "only main");
		snprintf(text, sizeof text, "only %s", t[i].only);
		line(&f.m, text);
		if (t[i].wrong ? !strstr(f.m.message, t[i].wrong) || strcmp(f.m.table.only, "main") : strcmp(f.m.table.only, t[i].only) != 0)
			fail_msg("%s: %s (%s)", t[i].only, f.m.message, f.m.table.only);
	}
	line(&f.m, "goto 2000");
	line(&f.m, "only state=Waiting");
	shows(&f.m, "goroutines", true);
	waiting = f.m.table.rows;
	line(&f.m, "only state!=Waiting");
	shows(&f.m, "goroutines", true);
	others = f.m.table.rows;
	line(&f.m, "only");
	shows(&f.m, "goroutines", true);
	assert_true(waiting > 0 && others > 0);
	assert_int_equal(waiting + others, f.m.table.rows);
	line(&f.m, "only main and state=Waiting");
	shows(&f.m, "goroutines", true);
	others = f.m.table.rows;
	line(&f.m, "only main state=Waiting");
	shows(&f.m, "goroutines", true);
	assert_int_equal(f.m.table.rows, others);
	close_file(&f);
}

/* A picture is made, and all that it asked for. */
static void
pictured(struct model *m)
{
	free(picture(m));
	settle(m);
}

/* The rows that are listed, and that their filter lists at this event when it is given anew. */
static void
check_rows(struct model *m)
{
	uint32_t row[100];
	char command[ONLY_MAX + 8];
	size_t n;

	pictured(m);
	n = m->table.rows;
	assert_true(n < 100);
	memcpy(row, m->table.row, n * sizeof *row);
	snprintf(command, sizeof command, "only %s", m->table.only);
	line(m, command);
	pictured(m);
	assert_int_equal(m->table.rows, n);
	assert_memory_equal(m->table.row, row, n * sizeof *row);
}

/* Words and conditions that are on what a goroutine does are of the current event, whichever that is. */
static void
filters_follow(void **state)
{
	static const struct {
		const char *only;
		bool now;
	} t[] = {
		{ "waiting", true },
		{ "run", true }, /* Running, Runnable, and what is in package runtime */
		{ "\"runnable\"", true },
		{ "state=Waiting", true },
		{ "state!=Waiting main", true },
		{ "main and running>1us", false },
		{ "runtime.gc", false },
		{ "and", false },
		{ "function=running", false },
	};
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	line(&f.m, "sort G");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		size_t others = 0, before;
		char command[80];

		line(&f.m, "goto 1000");
		snprintf(command, sizeof command, "only %s", t[i].only);
		line(&f.m, command);
		pictured(&f.m);
		assert_int_equal(only_is_of_event(&f.m.table), t[i].now);
		before = f.m.table.rows;
		for (int k = 0; k < 12; k++) {
			line(&f.m, k % 3 ? "goto +37" : "goto +601");
			check_rows(&f.m);
			others += f.m.table.rows != before;
		}
		if ((others > 0) != t[i].now)
			fail_msg("%s: %zu", t[i].only, others);
	}
	/* In order by the state as well. */
	line(&f.m, "only");
	line(&f.m, "sort state");
	for (int k = 0; k < 12; k++) {
		line(&f.m, k % 2 ? "goto -291" : "goto 4000");
		check_rows(&f.m);
	}
	close_file(&f);
}

/* Several commands, and no picture between them: what is listed is of the event where they end. */
static void
filters_follow_at_once(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	pictured(&f.m);
	/* There a goroutine ceases to wait. */
	model_line(&f.m, ':', "goto 2461");
	model_line(&f.m, ':', "only state=Waiting");
	model_key(&f.m, 'j');
	check_rows(&f.m);
	close_file(&f);
}

/* What a goroutine is after an event, by all that the trace says of it up to there, and of before by the first it says. */
static const char *
state_by_events(const struct fixture *f, int64_t g, uint64_t n)
{
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.home));
	const struct gt_event *ev;
	const char *word = NULL;
	int64_t id;

	while (gt_read(r, &ev) == GT_EVENT && (ev->n <= n || !word)) {
		if (gt_event_kind(ev) != GT_K_StateTransition || gt_event_subject(ev, &id) != GT_G || id != g)
			continue;
		if (ev->n > n)
			word = ev->from == GT_PRES_NotExist ? "not yet" : gt_pres_name(ev->to);
		else
			word = ev->to == GT_PRES_NotExist ? "gone" : gt_pres_name(ev->to);
	}
	gt_reader_free(r);
	return word;
}

static void
states_of_the_table(void **state)
{
	static const uint64_t at[] = { 1, 16, 60, 100, 1000, 2461, 3674, 4457 };
	struct fixture f;
	unsigned yet = 0, gone = 0;
	const struct column *col;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	col = &cells_columns(CENSUS_GOROUTINES)[column_find(CENSUS_GOROUTINES, "state", 5)];
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		char command[40];

		snprintf(command, sizeof command, "goto %" PRIu64, at[i]);
		line(&f.m, command);
		pictured(&f.m);
		for (size_t row = 0; row < census_count(f.m.census, CENSUS_GOROUTINES); row++) {
			struct value v = col->of(&f.m, row);
			const char *is = state_by_events(&f, census_g(f.m.census, row)->id, at[i]);

			if (v.text.n != strlen(is) || memcmp(v.text.p, is, v.text.n) != 0)
				fail_msg("event %" PRIu64 ": G%" PRId64 " is %s, not %.*s", at[i], census_g(f.m.census, row)->id, is,
					(int)v.text.n, v.text.p);
			yet += !strcmp(is, "not yet");
			gone += !strcmp(is, "gone");
		}
	}
	assert_true(yet > 10 && gone > 10);
	line(&f.m, "goto 60");
	line(&f.m, "only state=\"not yet\"");
	pictured(&f.m);
	yet = (unsigned)f.m.table.rows;
	line(&f.m, "only state=gone");
	pictured(&f.m);
	assert_true(yet > 10 && f.m.table.rows == 0);
	close_file(&f);
}

/* Whom one has chosen stays that while the states go on, if it is still there. */
static void
choice_follows(void **state)
{
	struct fixture f;
	int64_t g;
	size_t at, moved = 0, gone = 0;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	line(&f.m, "only waiting");
	line(&f.m, "sort G");
	line(&f.m, "goto 700");
	pictured(&f.m);
	/* Nobody was chosen: the first one is. */
	for (int k = 0; k < 20; k++) {
		keys(&f.m, "s");
		pictured(&f.m);
		assert_int_equal(f.m.table.at, 0);
	}
	keys(&f.m, "9j");
	for (int k = 0; k < 200; k++) {
		bool there = false;

		at = f.m.table.at;
		g = census_g(f.m.census, f.m.table.row[at])->id;
		line(&f.m, "goto +17");
		pictured(&f.m);
		for (size_t i = 0; i < f.m.table.rows; i++)
			there |= census_g(f.m.census, f.m.table.row[i])->id == g;
		if (there)
			assert_int_equal(census_g(f.m.census, f.m.table.row[f.m.table.at])->id, g);
		moved += there && f.m.table.at != at;
		gone += !there;
	}
	assert_true(moved > 3 && gone > 0);
	close_file(&f);
}

/* Who created it, when, and how long it was there: columns as any, of wide screens; the foot says it on all. */
static void
columns_of_lives(void **state)
{
	struct fixture f;
	const struct census_g *g;

	(void)state;
	open_file(&f, MIXED, 24, 80, false);
	line(&f.m, "goroutines");
	line(&f.m, "sort G");
	line(&f.m, "only G=56");
	shows(&f.m, "G56 created by G1, ended after 8.65ms - waited: ", true);
	line(&f.m, "only G=1");
	shows(&f.m, " G1 waited: ", true);
	shows(&f.m, "creator", false);
	line(&f.m, "only creator=1");
	shows(&f.m, "G56 created by G1", false);
	assert_true(f.m.table.rows > 10);
	for (size_t i = 0; i < f.m.table.rows; i++)
		assert_int_equal(census_creator(f.m.census, census_g(f.m.census, f.m.table.row[i]))->id, 1);
	line(&f.m, "only ended>5ms lived<4ms");
	shows(&f.m, "goroutines", true);
	assert_true(f.m.table.rows > 0);
	for (size_t i = 0; i < f.m.table.rows; i++) {
		g = census_g(f.m.census, f.m.table.row[i]);
		assert_true(census_ended(g) && g->ended - f.m.t0 > 5000000 && census_lived(f.m.census, g) < 4000000);
	}
	line(&f.m, "only ended=- created!=-");
	shows(&f.m, "created by G1 - waited: ", true);
	for (size_t i = 0; i < f.m.table.rows; i++) {
		g = census_g(f.m.census, f.m.table.row[i]);
		assert_true(g->ended == CENSUS_NEVER && g->created != CENSUS_NEVER);
	}
	line(&f.m, "only ended!=- created=-");
	shows(&f.m, " G20 ended after 16.1ms - waited: ", true);
	/* What is not there is before all that is. */
	line(&f.m, "only");
	line(&f.m, "sort created");
	shows(&f.m, "created-", true);
	assert_true(census_g(f.m.census, f.m.table.row[0])->created != CENSUS_NEVER);
	assert_true(census_g(f.m.census, f.m.table.row[f.m.table.rows - 1])->created == CENSUS_NEVER);
	for (size_t i = 1; i < f.m.table.rows; i++)
		assert_true(census_g(f.m.census, f.m.table.row[i - 1])->created >= census_g(f.m.census, f.m.table.row[i])->created);
	close_file(&f);
	open_file(&f, MIXED, 40, 180, false);
	line(&f.m, "goroutines");
	shows(&f.m, "      event     lived  creator   created     ended waits-for ", true);
	line(&f.m, "sort lived");
	keys(&f.m, "i");
	shows(&f.m, "lived+", true);
	shows(&f.m, "sum", true);
	close_file(&f);
	/* Threads that call into Go create goroutines as well. */
	open_file(&f, "testdata/traces/cgo-new-threads.trace", 24, 80, false);
	line(&f.m, "goroutines");
	line(&f.m, "sort created");
	line(&f.m, "only creator=- created>=0");
	shows(&f.m, "created by a thread", true);
	close_file(&f);
}

/* What a narrow screen has no room for is there if it is sorted by that. */
static void
sorted_column(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	keys(&f.m, "o");
	shows(&f.m, "running▼", true);
	shows(&f.m, "assist", false);
	line(&f.m, "sort assist");
	shows(&f.m, "assist▼", true);
	line(&f.m, "sort waits-for");
	shows(&f.m, "waits-for▲", true);
	shows(&f.m, "assist", false);
	close_file(&f);
}

/* Those chosen are there on any screen, in their order; of each table its own. */
static void
chosen_columns(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "goroutines");
	line(&f.m, "columns function:20 ended, G lived:8");
	shows(&f.m, "  function                 ended        G    lived\n", true);
	shows(&f.m, "▶ runtime.gcBgMarkWor…         -       37   16.3ms\n", true);
	/* By one that is not there it is sorted all the same, which the title says. */
	shows(&f.m, "[goroutines]", true);
	shows(&f.m, " · 53 by running▼ ", true);
	line(&f.m, "sort assist");
	shows(&f.m, "▶ main.main.func3         9.53ms       56   8.65ms\n", true);
	shows(&f.m, " · 53 by assist▼ ", true);
	keys(&f.m, "R");
	shows(&f.m, " · 53 by assist▲ ", true);
	/* From there one comes to the first, or the last, and round. */
	keys(&f.m, ">");
	shows(&f.m, "function▲", true);
	keys(&f.m, "<<>");
	shows(&f.m, "lived▼", true);
	shows(&f.m, " by lived", false);
	line(&f.m, "sort assist");
	keys(&f.m, "<<>");
	shows(&f.m, "lived▼", true);
	keys(&f.m, "i");
	shows(&f.m, " by lived ", true);
	keys(&f.m, "i");
	/* A filter is of all columns. */
	line(&f.m, "only running>2ms");
	assert_int_equal(f.m.table.rows, 2);
	/* More than there is room for. */
	line(&f.m, "columns G state running runnable waiting syscall assist event lived");
	shows(&f.m, " +2…\n", true);
	line(&f.m, "columns function G state running:9 runnable waiting syscall:30");
	shows(&f.m, " +1…\n", true);
	keys(&f.m, "l");
	shows(&f.m, " …       G state      running ", true);
	shows(&f.m, "sysc +1…\n", true);
	keys(&f.m, "l");
	shows(&f.m, " …state      running ", true);
	shows(&f.m, "syscall\n", true);
	keys(&f.m, "l");
	shows(&f.m, "there are no more columns to the right", true);
	keys(&f.m, "5h");
	shows(&f.m, "  function ", true);
	keys(&f.m, "h");
	shows(&f.m, "this is the first column", true);
	keys(&f.m, "l");
	model_resize(&f.m, 24, 120);
	shows(&f.m, "…\n", false);
	shows(&f.m, "  function ", true);
	shows(&f.m, "syscall\n", true);
	/* Errors, with what there is. */
	line(&f.m, "columns G nosuch");
	assert_int_equal(f.m.fault.at, 2);
	assert_int_equal(f.m.fault.n, 6);
	assert_non_null(strstr(f.m.message, "no column of goroutines; there are: G state running "));
	line(&f.m, "columns gruops: count");
	assert_non_null(strstr(f.m.message, "there is no table \"gruops\": did you mean groups?"));
	line(&f.m, "columns groups: count, x");
	assert_int_equal(f.m.fault.at, 15);
	line(&f.m, "columns running:5, G:x9 state");
	assert_int_equal(f.m.fault.at, 13);
	assert_int_equal(f.m.fault.n, 2);
	/* The blank behind the colon may be missing, but before a number, which is a width. */
	line(&f.m, "columns groups:count:7 function");
	assert_int_equal(f.m.columns[CENSUS_GROUPS].n, 2);
	assert_int_equal(f.m.columns[CENSUS_GROUPS].at[0].width, 7);
	/* Of another: of the list, of a kind with the name of a column. */
	line(&f.m, "columns events: number event; columns regions: name:30 most");
	shows(&f.m, "      #   event\n", true);
	assert_int_equal(f.m.columns[CENSUS_GOROUTINES].n, 7);
	line(&f.m, "regions");
	shows(&f.m, "  name                                most\n", true);
	line(&f.m, "tasks; columns regions name");
	shows(&f.m, "   regions name", true);
	/* Kept until the usual ones are wanted. */
	line(&f.m, "regions");
	shows(&f.m, "  name                                most\n", true);
	line(&f.m, "columns");
	shows(&f.m, "the usual columns of regions; there are: count open total mean least most name", true);
	assert_false(f.m.columns[CENSUS_REGIONS].chosen);
	line(&f.m, "columns tasks:");
	assert_false(f.m.columns[CENSUS_TASKS].chosen);
	assert_true(f.m.columns[COLUMNS_EVENTS].chosen);
	/* Where the list has the keys it is meant. */
	line(&f.m, "view events; columns; columns number");
	assert_int_equal(f.m.columns[COLUMNS_EVENTS].n, 1);
	close_file(&f);
}

static size_t
completed(struct model *m, const char *text, size_t *from, char (*out)[CMD_NAME_MAX], size_t cap)
{
	size_t n = query_complete(m, ':', text, from, out, cap);

	assert_true(n <= cap);
	return n;
}

/* Columns of what has the keys, or is named; functions of what the trace has started. */
static void
completions(void **state)
{
	char(*out)[CMD_NAME_MAX] = calloc(256, sizeof *out);
	struct fixture f;
	size_t n, from;

	(void)state;
	assert_non_null(out);
	open_file(&f, MIXED, 24, 80, true);
	n = completed(&f.m, "columns number ti", &from, out, 256);
	assert_true(n == 1 && from == 15 && !strcmp(out[0], "time"));
	n = completed(&f.m, "goto 1; columns number,ti", &from, out, 256);
	assert_true(n == 1 && from == 23 && !strcmp(out[0], "time"));
	n = completed(&f.m, "columns gro", &from, out, 256);
	assert_true(n == 1 && from == 8 && !strcmp(out[0], "groups: "));
	n = completed(&f.m, "columns groups: ", &from, out, 256);
	assert_true(n == 7 && from == 16 && !strcmp(out[0], "count"));
	n = completed(&f.m, "columns nosuch: ", &from, out, 256);
	assert_int_equal(n, 0);
	/* Nobody has opened a table yet. */
	assert_int_equal(census_events(f.m.census), 0);
	n = completed(&f.m, "transitions main.", &from, out, 256);
	assert_true(n > 3 && from == 12);
	for (size_t i = 0; i < n; i++) {
		assert_false(strncmp(out[i], "main.", 5));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(out[i], out[k]);
		line(&f.m, "groups");
		snprintf(out[255], CMD_NAME_MAX, "only function==\"%.120s\"", out[i]);
		line(&f.m, out[255]);
		assert_int_equal(f.m.table.rows, 1);
	}
	assert_int_equal(completed(&f.m, "transitions nosuch", &from, out, 256), 0);
	line(&f.m, "tasks");
	n = completed(&f.m, "columns re", &from, out, 256);
	assert_true(n == 2 && !strcmp(out[0], "regions") && !strcmp(out[1], "regions: "));
	n = completed(&f.m, "sort ru", &from, out, 256);
	assert_int_equal(n, 0);
	n = completed(&f.m, "sort n", &from, out, 256);
	assert_true(n == 1 && from == 5 && !strcmp(out[0], "name"));
	n = completed(&f.m, "sort name d", &from, out, 256);
	assert_true(n == 1 && from == 5 && !strcmp(out[0], "name down"));
	close_file(&f);
	free(out);
}

/* Nearest, not cut: of regions, which have no others. */
static void
means(void **state)
{
	struct fixture f;
	size_t halves = 0;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "regions");
	for (size_t i = 0; i < f.m.table.rows; i++) {
		const struct census_region *r = census_region(f.m.census, f.m.table.row[i]);
		const struct column *col = &cells_columns(CENSUS_REGIONS)[column_find(CENSUS_REGIONS, "mean", 4)];
		double mean = col->of(&f.m, f.m.table.row[i]).number;

		if (!r->count)
			continue;
		assert_true(mean <= (double)r->total / (double)r->count + 0.5 && mean >= (double)r->total / (double)r->count - 0.5);
		halves += r->total % (int64_t)r->count * 2 >= (int64_t)r->count;
	}
	assert_true(halves > 0);
	close_file(&f);
}

static void
tables_of_all(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goroutines");
	shows(&f.m, "running▼", true);
	shows(&f.m, "runtime.gcBgMarkWorker", true);
	line(&f.m, "only function=main.main waiting>1ms");
	shows(&f.m, "runtime.gcBgMarkWorker", false);
	shows(&f.m, "main.main.func3", true);
	line(&f.m, "only running>1h");
	shows(&f.m, "there are none", true);
	line(&f.m, "only");
	keys(&f.m, ">");
	shows(&f.m, "runnable▼", true);
	keys(&f.m, "R");
	shows(&f.m, "runnable▲", true);
	/* However often, it is the same. */
	for (int i = 0; i < 2; i++) {
		line(&f.m, "sort running");
		shows(&f.m, "running▼", true);
	}
	line(&f.m, "sort running up");
	shows(&f.m, "running▲", true);
	line(&f.m, "sort function down");
	shows(&f.m, "function▼", true);
	line(&f.m, "sort function sideways");
	shows(&f.m, "is not a column of the table, and up or down", true);
	line(&f.m, "sort G");
	shows(&f.m, "G▲", true);
	line(&f.m, "sort nosuch");
	shows(&f.m, "there is no column", true);
	line(&f.m, "groups");
	shows(&f.m, "[groups]", true);
	keys(&f.m, "<Enter>");
	shows(&f.m, "function=", true);
	line(&f.m, "tasks");
	keys(&f.m, "gj<Enter>");
	assert_int_equal(f.m.arr.focus, PANE_TABLE);
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_UserTaskBegin);
	/* All of it, and nothing else: its logs are to be read. */
	shows(&f.m, "the list has the events of task 2", true);
	shows(&f.m, "UserLog task=2", true);
	shows(&f.m, "UserTaskEnd task=2", true);
	shows(&f.m, "GoStart", false);
	line(&f.m, "filter");
	/* Several keys at once: there was no picture between them. */
	line(&f.m, "goroutines");
	keys(&f.m, "G");
	model_line(&f.m, ':', "regions");
	model_key(&f.m, K_ENTER);
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_UserRegionBegin);
	model_line(&f.m, ':', "model go1.22-tolerant");
	model_key(&f.m, K_ENTER);
	line(&f.m, "model current");
	/* A goroutine: its lane, its first event, and s goes on to its next. */
	line(&f.m, "goroutines");
	line(&f.m, "only function=main.main.func3");
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.query.follow, GT_G);
	assert_int_equal(f.m.time.view[0].lane, f.m.query.follow_id);
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_GoCreate);
	keys(&f.m, "s");
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_GoStart);
	assert_int_equal((int64_t)rows_get(f.m.rows, f.m.cursor)->ev.arg[0], f.m.query.follow_id);
	/* Who goes to a task or a region by Enter no longer follows a goroutine; back at one, that one. */
	line(&f.m, "regions");
	shows(&f.m, "look up", true);
	keys(&f.m, "<Enter>");
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_UserRegionBegin);
	assert_int_equal(f.m.query.follow, GT_NO_RES);
	shows(&f.m, "nobody is followed", true);
	line(&f.m, "goroutines");
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.query.follow, GT_G);
	shows(&f.m, "follows G", true);
	line(&f.m, "tasks");
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.query.follow, GT_NO_RES);
	shows(&f.m, "follows G", false);
	close_file(&f);
}

/* Stops of the world and the like: by kind, each goes to its longest; and one by one. */
static void
ranges_to_look_at(void **state)
{
	struct fixture f;
	int64_t lasted;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "ranges");
	shows(&f.m, "▶         3      0    2.94ms     980µs     163µs    2.34ms stop-the-world (GC mark termination)", true);
	keys(&f.m, "<Enter>");
	shows(&f.m, ":backward returns to the ranges", true);
	shows(&f.m, "of [longest] · 3 with \"range==\"stop-the-world (GC mark termination)\"\" ─", true);
	shows(&f.m, "▶    2.34ms     753µs          53       37        0 stop-the-world (GC mark termination)", true);
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.cursor, 53);
	/* First to where one was, then to what the list is of. */
	keys(&f.m, "<Backspace>");
	assert_int_equal(f.m.cursor, 1);
	shows(&f.m, "[longest]", true);
	keys(&f.m, "<Backspace>");
	shows(&f.m, "▶         3      0    2.94ms     980µs     163µs    2.34ms stop-the-world (GC mark termination)", true);
	line(&f.m, "only stop");
	keys(&f.m, "j<Enter>");
	shows(&f.m, "of [longest] · 2 with \"range==\"stop-the-world (GOMAXPROCS)\"\" ─", true);
	keys(&f.m, "<Backspace>");
	shows(&f.m, "▶         2      0     443µs     221µs    37.5µs     405µs stop-the-world (GOMAXPROCS)", true);
	shows(&f.m, "[ranges] longest waits transitions · 4 with", true);
	/* That is over once another table is asked for. */
	keys(&f.m, "<Enter>");
	line(&f.m, "tasks");
	keys(&f.m, "<Backspace>");
	shows(&f.m, "table  of goroutines groups [tasks]", true);
	line(&f.m, "goto 53");
	line(&f.m, "next STWEnd");
	assert_true(gt_event_lasted(&rows_get(f.m.rows, f.m.cursor)->ev, f.m.t0, &lasted));
	assert_int_equal(lasted / 10000, 234);
	line(&f.m, "view details");
	shows(&f.m, "RangeEnd, after 2.34ms", true);
	/* The one that was on before the trace. */
	line(&f.m, "1; next GCEnd");
	shows(&f.m, "RangeEnd of what was not seen to begin", true);
	line(&f.m, "ranges");
	line(&f.m, "sort count");
	line(&f.m, "only sweep");
	shows(&f.m, "▶       270      0     139µs     516ns      64ns    31.6µs GC incremental sweep", true);
	line(&f.m, "longest");
	line(&f.m, "only range=stop");
	shows(&f.m, "▶    2.34ms     753µs          53       37        0 stop-the-world (GC mark termination)", true);
	keys(&f.m, "jj<Enter>");
	assert_int_equal(rows_get(f.m.rows, f.m.cursor)->ev.type, GT_EV_STWBegin);
	line(&f.m, "next STWEnd && g == 59");
	assert_true(gt_event_lasted(&rows_get(f.m.rows, f.m.cursor)->ev, f.m.t0, &lasted));
	assert_int_equal(lasted / 1000, 405);
	close_file(&f);
	/* What is shown has room on a narrow screen, if need be instead of what is not. */
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "ranges");
	shows(&f.m, "of [ranges] · 7 ─", true);
	model_resize(&f.m, 24, 100);
	shows(&f.m, "of goroutines groups tasks regions [ranges] longest waits transitions · 7 ─", true);
	model_resize(&f.m, 24, 80);
	shows(&f.m, "stop-the-world (GC sweep termination)", true);
	line(&f.m, "only \"stop\"");
	shows(&f.m, "of [ranges] · 4 with \"\"stop\"\" ─", true);
	close_file(&f);
}

/* Each kind has its command, and is named where it is told what tables there are and what Enter does. */
static void
kinds_are_told(void **state)
{
	const char *told[] = { cmd_row(CMD_OPEN)->help, cmd_row(CMD_TABLE)->help, pane_what(PANE_TABLE) };
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	for (int k = 0; k < CENSUS_KINDS; k++) {
		const char *name = census_kind_name((enum census_kind)k), *enter;
		bool many;
		enum cmd cmd = cmd_find(name, strlen(name), &many);

		line(&f.m, name);
		assert_int_equal(f.m.table.kind, k);
		for (size_t i = 0; i < sizeof told / sizeof *told; i++)
			if (!strstr(told[i], name))
				fail_msg("%s is not in: %s", name, told[i]);
		enter = strstr(cmd_row(cmd)->help, "; Enter: ");
		assert_non_null(enter);
		assert_non_null(strstr(told[0], enter + strlen("; Enter: ")));
	}
	close_file(&f);
}

/* What a filter lets pass, as the title counts it. */
static void
filters(void **state)
{
	static const struct {
		const char *table, *only;
		size_t rows;
	} t[] = {
		{ "goroutines", "", 53 },
		{ "ranges", "range=stop", 4 },
		{ "ranges", "count>=20", 2 },
		{ "longest", "range=stop took>=100us", 5 },
		{ "longest", "P=2", 11 },
		{ "goroutines", "G<5", 4 },
		{ "goroutines", "G<=5", 5 },
		{ "goroutines", "G>=5 G<=7", 3 },
		{ "goroutines", "G=5", 1 },
		{ "goroutines", "G==5", 1 },
		{ "goroutines", "running>=1us running<=2us", 7 },
		{ "goroutines", "function=main.main", 13 },
		{ "goroutines", "function==main.main", 1 },
		{ "goroutines", "function==\"main.main\"", 1 },
		{ "goroutines", "function==Main.main", 0 },
		{ "goroutines", "waits-for=\"GC \"", 2 },
		{ "goroutines", "waits-for==\"chan receive\"", 4 },
		{ "goroutines", "\"chan receive\" G<50", 2 },
		{ "goroutines", "waits-for==\"chan receive", 4 },
		{ "goroutines", "waits-for==\"\"", 24 },
		{ "groups", "count>=10", 2 },
		/* Regular expressions, as in filters of events; spaces around what compares. */
		{ "ranges", "range~GC", 5 },
		{ "ranges", "range ~ ^GC", 3 },
		{ "ranges", "range!~GC", 2 },
		{ "ranges", "range ~ \"stop-the-world \\((GC|start)\"", 3 },
		{ "ranges", "range~GC count >= 20 and open = 0", 2 },
		{ "ranges", "range=\"stop\" range ~ GC", 2 },
		{ "goroutines", "function~^main\\.main$", 1 },
		{ "goroutines", "state == Waiting running > 1ms", 2 },
		{ "goroutines", "function ~ \\.func[12]$", 22 },
		{ "goroutines", "waits-for~^$", 24 },
		/* Words are words, also those with signs in them. */
		{ "ranges", "GC", 5 },
		{ "ranges", "(GC mark", 1 },
		{ "ranges", "\"range~GC\"", 0 },
		{ "goroutines", "main or", 3 },
	};
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char text[80];

		line(&f.m, t[i].table);
		snprintf(text, sizeof text, "only %s", t[i].only);
		line(&f.m, text);
		if (f.m.table.rows != t[i].rows)
			fail_msg("%s: %zu rows", text, f.m.table.rows);
	}
	close_file(&f);
}

/* What looks like a condition and can't be one here is shown where it is wrong, and the rows stay. */
static void
filters_that_are_wrong(void **state)
{
	static const struct {
		const char *only, *says;
		size_t at, n;
	} t[] = {
		{ "name~GC", "there is no column \"name\": count, open, total", 0, 4 },
		{ "range~GC name == x", "there is no column \"name\"", 9, 4 },
		{ "GC foo ~ bar", "there is no column \"foo\"", 3, 3 },
		{ "range~GC || range~stop", "there is no \"or\"", 9, 2 },
		{ "\"a b\" ~ GC", "a column comes before that", 6, 1 },
		{ "range~(GC", "missing closing parenthesis", 9, 1 },
		{ "range ~ \"a)\"", "unmatched closing parenthesis", 10, 1 },
		{ "range>GC", "range is a text: range=PART, range==ALL, range!=PART, range~REGEXP", 0, 8 },
		{ "count~5", "count is a number: ~ is for texts", 0, 7 },
		{ "total~ms", "total is a time: ~ is for texts", 0, 8 },
		{ "open=0 count=many", "\"many\" is no number", 13, 4 },
		{ "range=~GC", "a regular expression is what comes after ~ alone", 5, 2 },
	};
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 160, true);
	line(&f.m, "ranges");
	line(&f.m, "only count>=20");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char text[80];

		snprintf(text, sizeof text, "only %s", t[i].only);
		line(&f.m, text);
		shows(&f.m, t[i].says, true);
		if (f.m.fault.at != t[i].at || f.m.fault.n != t[i].n || strcmp(f.m.fault.text, t[i].only) != 0)
			fail_msg("%s: at %zu, %zu bytes", text, f.m.fault.at, f.m.fault.n);
		assert_int_equal(f.m.table.rows, 2);
	}
	close_file(&f);
}

/* The words that stand in the filter are found again in the rows: as many as the bar said. */
static void
filters_by_bars(struct model *m, const char *table, size_t column)
{
	char text[64];

	line(m, table);
	line(m, "only");
	snprintf(text, sizeof text, "sort %s", cells_columns(m->table.kind)[column].name);
	line(m, text);
	keys(m, "i");
	assert_true(m->table.histogram);
	assert_int_equal(histogram_rows(m->table.bars), m->table.rows);
	for (size_t i = 0; i < histogram_bars(m->table.bars); i++) {
		size_t rows = histogram_bar(m->table.bars, i)->rows;

		snprintf(text, sizeof text, "g%zuj<Enter>", i);
		keys(m, i ? text : "g<Enter>");
		if (m->table.histogram ? rows : m->table.rows != rows)
			fail_msg("%s, bar %zu: %zu rows, not %zu: %s", table, i, m->table.rows, rows, m->table.only);
		line(m, "only");
		if (!m->table.histogram)
			keys(m, "i");
	}
	keys(m, "i");
}

static void
histograms(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/old-go1.21.trace", "testdata/bad/cut-in-batch.trace" };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		open_file(&f, traces[i], 24, 80, true);
		line(&f.m, "goto 50%");
		for (int k = 0; k < CENSUS_KINDS; k++)
			for (size_t column = 0; cells_columns((enum census_kind)k)[column].name; column++)
				filters_by_bars(&f.m, census_kind_name((enum census_kind)k), column);
		close_file(&f);
	}
}

static void
histogram_keys(void **state)
{
	struct fixture f;
	struct gt_str of;
	size_t at;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	keys(&f.m, "i");
	assert_int_equal(f.m.arr.focus, PANE_TABLE);
	shows(&f.m, " · 53 by running", true);
	shows(&f.m, "▶ 1µs-2µs", true);
	shows(&f.m, "█", true);
	shows(&f.m, "Enter only these", true);
	/* Where one was comes back. */
	keys(&f.m, "i3ji");
	assert_true(f.m.table.histogram);
	keys(&f.m, "jji");
	assert_int_equal(f.m.table.at, 3);
	/* Another column; a narrower filter says nothing twice. */
	keys(&f.m, "i>");
	shows(&f.m, "by runnable", true);
	line(&f.m, "pan-left");
	keys(&f.m, "<Enter>");
	assert_string_equal(f.m.table.only, "running>=1us running<2us");
	assert_int_equal(f.m.table.rows, 7);
	keys(&f.m, "i<Enter>");
	assert_string_equal(f.m.table.only, "running>=1us running<2us");
	line(&f.m, "only running<5us main");
	keys(&f.m, "i<Enter>");
	assert_string_equal(f.m.table.only, "main running>=1us running<2us");
	line(&f.m, "only");
	/* Several keys at once: there was no picture between them. */
	model_key(&f.m, 'i');
	model_key(&f.m, K_ENTER);
	assert_string_equal(f.m.table.only, "running>=1us running<2us");
	line(&f.m, "only");
	/* The other way round; none has nothing to list. */
	line(&f.m, "regions");
	keys(&f.m, "ig");
	shows(&f.m, "▶ 100µs-200µs", true);
	keys(&f.m, "R");
	shows(&f.m, "▶ 5ms-10ms", true);
	keys(&f.m, "jj<Enter>");
	shows(&f.m, "there are none of these", true);
	keys(&f.m, "Ri");
	/* By mouse; the wheel scrolls. */
	line(&f.m, "goroutines");
	keys(&f.m, "i");
	at = f.m.table.top;
	model_mouse(&f.m, &(struct mouse_event){ .what = MOUSE_PRESS, .y = f.m.lay.pane[PANE_TABLE].y + 3, .x = 20 });
	assert_int_equal(f.m.table.at, at + 1);
	line(&f.m, "sort function");
	keys(&f.m, "j<Enter>");
	assert_string_equal(f.m.table.only, "function==main.main.func3");
	assert_int_equal(f.m.table.rows, 10);
	/* Of another trace there is nothing left. */
	keys(&f.m, "i");
	line(&f.m, "model go1.22-tolerant");
	shows(&f.m, "10 by function", true);
	line(&f.m, "only nosuch");
	shows(&f.m, "there are none", true);
	close_file(&f);
	open_file(&f, MIXED, 24, 80, false);
	keys(&f.m, "i");
	shows(&f.m, "#####", true);
	close_file(&f);
	/* The function is that of the row that was chosen, whichever bar is. */
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "groups");
	line(&f.m, "only count<3 main");
	keys(&f.m, "jiG");
	assert_true(f.m.table.at >= f.m.table.rows);
	of = census_name(f.m.census, census_group(f.m.census, f.m.table.row[1])->func);
	line(&f.m, "transitions .");
	assert_int_equal(strlen(f.m.table.of), of.n);
	assert_memory_equal(f.m.table.of, of.p, of.n);
	close_file(&f);
}

/* States are those at the current event, wherever one goes. */
static void
states_follow(void **state)
{
	struct fixture f;
	size_t waiting;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "goroutines");
	line(&f.m, "sort state");
	keys(&f.m, "i");
	assert_int_equal(histogram_bars(f.m.table.bars), 5);
	line(&f.m, "2461");
	assert_int_equal(histogram_bars(f.m.table.bars), 6);
	keys(&f.m, "<Enter>");
	assert_string_equal(f.m.table.only, "state==Waiting");
	waiting = f.m.table.rows;
	assert_int_equal(waiting, 21);
	line(&f.m, "sort G");
	/* G47 is unblocked. */
	keys(&f.m, "s");
	assert_int_equal(f.m.table.rows, waiting - 1);
	close_file(&f);
}

/* A search that takes longer than a key takes to come again. */
static void
search_goes_on(void **state)
{
	const struct job at_it = { .kind = JOB_FIND, .what = SEEK_SEARCH, .count = 1, .target = 700 };
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	model_line(&f.m, '/', "GoCreateSyscall");
	f.m.job = at_it;
	model_key(&f.m, 'n');
	assert_int_equal(f.m.job.kind, JOB_FIND);
	assert_int_equal(f.m.job.target, 700);
	model_key(&f.m, 'N');
	assert_true(f.m.job.kind != JOB_FIND || f.m.job.target != 700);
	f.m.job = at_it;
	model_key(&f.m, 's');
	assert_int_equal(f.m.job.kind, JOB_NONE);
	close_file(&f);
}

/* A goroutine that is created in the trace. */
struct life {
	int64_t g, creator, born, died;
	uint64_t made;
	int64_t ends; /* the last time; 0: it does not */
	bool alive;
};

static struct life *
life_of(struct life *v, size_t n, int64_t g)
{
	size_t i = 0;

	while (i < n && v[i].g != g)
		i++;
	return i < n ? &v[i] : NULL;
}

/* By reading: the first of each ID; those that were there before have a creator of no event. */
static size_t
read_lives(const struct fixture *f, struct life *v, size_t most)
{
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	const struct gt_event *ev;
	int64_t id, last = 0;
	size_t n = 0;

	while (gt_read(r, &ev) == GT_EVENT) {
		bool is_g = gt_event_kind(ev) == GT_K_StateTransition && gt_event_subject(ev, &id) == GT_G;
		struct life *of = is_g ? life_of(v, n, id) : NULL;

		last = ev->time;
		if (of && ev->to == GT_PRES_NotExist && !of->died)
			of->died = ev->time;
		if (of)
			of->ends = ev->to == GT_PRES_NotExist ? ev->time : of->ends;
		if (of)
			of->alive = ev->to != GT_PRES_NotExist;
		if (!is_g || of)
			continue;
		assert_true(n < most);
		v[n++] = ev->from == GT_PRES_NotExist ? (struct life){ .g = id, .creator = ev->g, .born = ev->time, .made = ev->n }
			: (struct life){ .g = id };
	}
	for (size_t i = 0; i < n; i++)
		v[i].died = v[i].died ? v[i].died : last;
	gt_reader_free(r);
	return n;
}

/* An event of a goroutine of the census; 0: there is none. */
static uint64_t
first_of(const struct census_g *g)
{
	return g ? g->first : 0;
}

static void
check_life(const struct census *c, const struct life *v, size_t n, const struct life *l)
{
	const struct census_g *g = census_find(c, l->g), *creator = census_creator(c, g);
	uint64_t before = 0, next = 0, longest = 0;
	int64_t most = -1;

	for (size_t i = 0; i < n; i++) {
		bool sibling = l->made && l->creator != GT_NONE && v[i].made && v[i].creator == l->creator;

		before = sibling && v[i].made < l->made ? v[i].made : before;
		next = sibling && v[i].made > l->made && !next ? v[i].made : next;
		if (v[i].made && v[i].creator == l->g && v[i].died - v[i].born > most) {
			most = v[i].died - v[i].born;
			longest = v[i].made;
		}
	}
	assert_true(creator ? creator->id == l->creator && l->made : !l->made || l->creator == GT_NONE);
	assert_int_equal(g->creator == CENSUS_NOBODY, l->made && l->creator == GT_NONE);
	assert_int_equal(first_of(census_sibling(c, g, true)), before);
	assert_int_equal(first_of(census_sibling(c, g, false)), next);
	assert_int_equal(first_of(census_longest_child(c, g)), longest);
	assert_int_equal(g->created, l->made ? l->born : CENSUS_NEVER);
	assert_int_equal(g->ended == CENSUS_NEVER, !l->ends);
	assert_int_equal(g->ended == CENSUS_AGAIN, l->ends && l->alive);
	assert_true(census_ended(g) ? g->ended == l->ends : !l->ends || l->alive);
	/* What it did is as long as it was there. */
	assert_true(census_lived(c, g) >= g->running + g->runnable + g->waiting + g->syscall);
	if (!l->made)
		return;
	assert_int_equal(g->first, l->made);
	/* Of one whose ID comes again it is all that it lived. */
	assert_true(l->creator == GT_NONE || census_lived(c, g) == l->died - l->born);
}

static void
families(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/many-threads.trace", "testdata/traces/mixed-go1.22.trace",
		"testdata/traces/cgo-callbacks.trace", "testdata/traces/old-go1.11.trace", "testdata/traces/old-go1.19.trace" };

	(void)state;
	for (size_t t = 0; t < sizeof traces / sizeof *traces; t++) {
		struct fixture f;
		struct life v[200];
		size_t n, children = 0;

		open_file(&f, traces[t], 40, 120, true);
		line(&f.m, "goroutines");
		assert_true(census_done(f.m.census));
		n = read_lives(&f, v, 200);
		for (size_t i = 0; i < n; i++) {
			check_life(f.m.census, v, n, &v[i]);
			children += v[i].made && v[i].creator != GT_NONE;
		}
		assert_true(children > 4);
		close_file(&f);
	}
}

static void
to_the_family(void **state)
{
	uint64_t last, longest, child;
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "68"); /* G1 creates G56 */
	keys(&f.m, "J");
	assert_int_equal(f.m.cursor, 69);
	shows(&f.m, "looking for", false);
	keys(&f.m, "KKK");
	assert_int_equal(f.m.cursor, 66);
	keys(&f.m, "<^O>");
	assert_int_equal(f.m.cursor, 67);
	for (int i = 0; i < 20; i++)
		keys(&f.m, "K");
	shows(&f.m, "G1 created no goroutine before G", true);
	for (int i = 0; i < 20; i++)
		keys(&f.m, "J");
	shows(&f.m, "G1 created no goroutine after G", true);
	/* As often as a number says, or as far as it goes. */
	line(&f.m, "66");
	keys(&f.m, "3J");
	assert_int_equal(f.m.cursor, 69);
	keys(&f.m, "2K");
	assert_int_equal(f.m.cursor, 67);
	keys(&f.m, "1000000000000K");
	assert_int_equal(f.m.cursor, 41);
	shows(&f.m, "G1 created no goroutine before G38", true);
	assert_int_equal(f.m.message_style, ST_TEXT);
	keys(&f.m, "5K");
	assert_int_equal(f.m.message_style, ST_WAIT);
	line(&f.m, "sibling 100; 5");
	assert_int_equal(f.m.cursor, 5);
	keys(&f.m, "<^O>");
	last = f.m.cursor;
	keys(&f.m, "J");
	assert_int_equal(f.m.cursor, last);
	shows(&f.m, "G1 created no goroutine after G", true);
	line(&f.m, "next g == 1 && GoBlock");
	keys(&f.m, "L");
	longest = f.m.cursor;
	keys(&f.m, "L");
	child = f.m.cursor;
	line(&f.m, "next g == 1 && GoBlock");
	keys(&f.m, "2L");
	assert_int_equal(f.m.cursor, child != longest ? child : longest);
	shows(&f.m, "longest of those that G", child != longest);
	line(&f.m, "67");
	keys(&f.m, "7L");
	assert_int_equal(f.m.cursor, 661);
	shows(&f.m, "G41 created no goroutine", true);
	line(&f.m, "next g == 1 && GoBlock");
	line(&f.m, "longest-child");
	shows(&f.m, "longest of those that G1 created", true);
	assert_true(f.m.scene.ev.type == GT_EV_GoCreate && f.m.scene.ev.g == 1);
	line(&f.m, "next GoBlock && g == 1");
	line(&f.m, "sibling");
	shows(&f.m, "G1 was there before the trace: nobody is known to have created it", true);
	line(&f.m, "1");
	keys(&f.m, "L");
	shows(&f.m, "there is no goroutine at this event", true);
	close_file(&f);

	open_file(&f, "testdata/traces/cgo-callbacks.trace", 40, 120, true);
	line(&f.m, "next GoCreateSyscall");
	keys(&f.m, "J");
	shows(&f.m, "G18 was created by no goroutine: it has no siblings", true);
	keys(&f.m, "L");
	shows(&f.m, "G18 created no goroutine", true);
	close_file(&f);
}

/* What is not known yet is waited for: by the commands of a script, too, and until a key is pressed. */
static void
waits_for_the_family(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "68");
	model_line(&f.m, ':', "sibling");
	assert_true(model_busy(&f.m));
	shows(&f.m, "looking for the next sibling of G56: read to event 0, 0%; any key stops", true);
	keys(&f.m, "<^C>");
	assert_int_equal(f.m.cursor, 68);
	shows(&f.m, "looking for", false);
	model_line(&f.m, ':', "longest-child");
	keys(&f.m, "s");
	assert_int_equal(f.m.cursor, 69);
	script_queue(&f.m, "67; sibling; mark a; 5");
	settle(&f.m);
	assert_int_equal(f.m.trail.mark[trail_index('a')].n, 68);
	line(&f.m, "model go1.22-strict");
	script_queue(&f.m, "66; sibling 3; mark b; 5");
	settle(&f.m);
	assert_int_equal(f.m.trail.mark[trail_index('b')].n, 69);
	line(&f.m, "68");
	keys(&f.m, "J");
	assert_int_equal(f.m.cursor, 69);
	close_file(&f);
}

static const struct delay *
delay_in(const struct model *m, size_t i)
{
	return delays_at(census_delays(m->census), m->table.row[i]);
}

static void
waits_by_stack(void **state)
{
	struct fixture f;
	struct model *m = &f.m;
	const struct delay *d;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	keys(m, "vsva");
	line(m, "waits");
	assert_int_equal(m->table.rows, delays_count(census_delays(m->census)));
	for (size_t i = 1; i < m->table.rows; i++)
		assert_true(delay_in(m, i - 1)->total >= delay_in(m, i)->total);
	line(m, "only kind=network stack=main.network and mean>=1us");
	assert_true(m->table.rows > 1);
	for (size_t i = 0; i < m->table.rows; i++)
		assert_int_equal(delay_in(m, i)->kind, DELAY_NETWORK);
	/* Any frame is found, however far out: what it is called by is longer than the screen is wide. */
	line(m, "only kind==network main.network.func1");
	assert_int_equal(m->table.rows, 1);
	d = delay_in(m, 0);
	assert_true(d->n > 256 && !memcmp(d->text + d->n - 18, "main.network.func1", 18));
	shows(m, "net.spliceFrom", true);
	shows(m, "< internal/poll.Splice < net.spliceFrom <", true);
	/* The whole of it, while the keys are here or there. */
	shows(m, "waits      internal/poll.", true);
	keys(m, "vsG");
	shows(m, "main.network.func1  mixed/main.go:", true);
	shows(m, "waits  ", false);
	keys(m, "g");
	shows(m, "waits      internal/poll.", true);
	keys(m, "ve");
	shows(m, "waits      internal/poll.", false);
	keys(m, "va<Enter>");
	assert_int_equal(m->cursor, d->longest);
	shows(m, "reason=\"network\"", true);
	keys(m, "i");
	shows(m, "stack      internal/poll.", true);
	line(m, "only kind=none-such");
	assert_int_equal(m->table.rows, 0);
	shows(m, "stack      internal/poll.", true);
	keys(m, "<Enter>");
	close_file(&f);
}

/* Events that an expression means, and what the states they leave had lasted. */
struct meant {
	uint64_t n, longest;
	int64_t total, most;
};

static struct meant
read_meant(const struct fixture *f, const char *text)
{
	struct gt_expr_error wrong;
	struct gt_expr *e = gt_expr_new(text, strlen(text), NULL, &wrong);
	struct gt_reader *r = gt_reader_new(f->trace, gt_nav_model(f->m.nav));
	const struct gt_event *ev;
	struct meant k = { .most = -1 };
	int64_t start = 0;

	assert_non_null(e);
	while (gt_read(r, &ev) == GT_EVENT) {
		int64_t ns;

		start = ev->n == 1 ? ev->time : start;
		if (!gt_expr_match(e, ev, NULL, ev->time))
			continue;
		k.n++;
		if (!gt_event_lasted(ev, start, &ns))
			continue;
		k.total += ns;
		k.longest = ns > k.most ? ev->n : k.longest;
		k.most = ns > k.most ? ns : k.most;
	}
	gt_expr_free(e);
	gt_reader_free(r);
	return k;
}

static const struct transition *
transition_in(const struct model *m, size_t i)
{
	return transitions_at(census_summed(m->census), m->table.row[i]);
}

/* All rows of it, by their states; those that leave a wait by their reasons together. Returns their count. */
static uint64_t
check_transitions(const struct fixture *f, const char *who)
{
	const struct model *m = &f->m;
	uint64_t all = 0;

	for (size_t i = 0; i < m->table.rows; i++) {
		const struct transition *t = transition_in(m, i);
		struct gt_str reason = census_name(m->census, t->reason);
		struct meant of = { .most = -1 }, want;
		char text[600];
		struct sb b = sb_on(text, sizeof text);

		sb_printf(&b, "res == G && from == %s && to == %s%s", gt_pres_name(t->from), gt_pres_name(t->to), who);
		if (t->from == GT_PRES_Running && !reason.n)
			sb_add(&b, " && (reason == none || reason == \"\")");
		else if (t->from == GT_PRES_Running)
			sb_printf(&b, " && reason == \"%.*s\"", (int)reason.n, reason.p);
		want = read_meant(f, text);
		for (size_t k = 0; k < m->table.rows; k++) {
			const struct transition *o = transition_in(m, k);

			if (o->from != t->from || o->to != t->to || (o->reason != t->reason && t->from == GT_PRES_Running))
				continue;
			of.n += o->count;
			of.total += o->total;
			of.longest = o->most > of.most ? o->longest : of.longest;
			of.most = o->most > of.most ? o->most : of.most;
		}
		assert_int_equal(of.n, want.n);
		assert_int_equal(of.total, want.total);
		assert_int_equal(of.most, want.most);
		assert_true(want.most < 0 || of.longest == want.longest);
		all += t->count;
	}
	return all;
}

static void
transitions_of_goroutines(void **state)
{
	static const char *const traces[] = { MIXED, "testdata/traces/cgo-callbacks.trace", "testdata/traces/mixed-go1.22.trace",
		"testdata/traces/old-go1.21.trace" };
	struct fixture f;
	struct model *m = &f.m;

	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		open_file(&f, traces[i], 40, 120, true);
		line(m, "transitions");
		assert_int_equal(check_transitions(&f, ""), read_meant(&f, "res == G && kind == StateTransition").n -
			read_meant(&f, "res == G && (from == Running && to == Running || from == Waiting && to == Waiting || "
				       "from == Syscall && to == Syscall || from == Runnable && to == Runnable)").n);
		close_file(&f);
	}
}

/* By start function; and Enter lists the events of a row, at the longest. */
static void
transitions_of_some(void **state)
{
	struct fixture f;
	struct model *m = &f.m;
	char who[400] = "";
	struct sb b = sb_on(who, sizeof who);
	const struct transition *t;
	uint64_t all;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(m, "transitions");
	all = check_transitions(&f, "");
	line(m, "goroutines");
	line(m, "only function==main.main.func3");
	assert_true(m->table.rows > 3);
	for (size_t i = 0; i < m->table.rows; i++)
		sb_printf(&b, "%s%" PRId64, i ? ", " : " && id in (", census_g(m->census, m->table.row[i])->id);
	sb_add(&b, ")");
	line(m, "transitions .");
	shows(m, "of main.main.func3", true);
	assert_true(check_transitions(&f, who) < all && m->table.rows > 10);
	/* A name is not a part of others; a part is. */
	line(m, "transitions main.main");
	all = transition_in(m, 0)->count;
	line(m, "transitions main.main.f");
	assert_true(transition_in(m, 0)->count > all);
	line(m, "transitions main.main.func3");
	line(m, "only from=Running to=Waiting reason==sleep");
	assert_int_equal(m->table.rows, 1);
	t = transition_in(m, 0);
	line(m, "open");
	shows(m, "the list has these transitions; :filter", true);
	assert_int_equal(m->cursor, t->longest);
	strncat(who, " && from == Running && to == Waiting && reason == \"sleep\"", sizeof who - strlen(who) - 1);
	assert_int_equal(read_meant(&f, who + 4).n, t->count);
	assert_non_null(strstr(m->query.filter.text, "id in ("));
	assert_int_equal(read_meant(&f, m->query.filter.text).n, t->count);
	/* No event tells what was waited for. */
	line(m, "only from=Waiting reason==sleep");
	line(m, "open");
	shows(m, "whatever was waited for", true);
	line(m, "transitions nothing.such");
	assert_int_equal(m->table.rows, 0);
	shows(m, "there are none", true);
	line(m, "1");
	line(m, "transitions .");
	shows(m, "there is no goroutine here", true);
	close_file(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_goroutines),
		cmocka_unit_test(tasks_and_regions),
		cmocka_unit_test(states_of_the_table),
		cmocka_unit_test(to_one_of_the_table),
		cmocka_unit_test(sorted_while_it_fills),
		cmocka_unit_test(tables_filter_words),
		cmocka_unit_test(filters_follow),
		cmocka_unit_test(filters_follow_at_once),
		cmocka_unit_test(choice_follows),
		cmocka_unit_test(columns_of_lives),
		cmocka_unit_test(sorted_column),
		cmocka_unit_test(chosen_columns),
		cmocka_unit_test(completions),
		cmocka_unit_test(means),
		cmocka_unit_test(tables_of_all),
		cmocka_unit_test(ranges_to_look_at),
		cmocka_unit_test(kinds_are_told),
		cmocka_unit_test(filters),
		cmocka_unit_test(filters_that_are_wrong),
		cmocka_unit_test(waits_by_stack),
		cmocka_unit_test(transitions_of_goroutines),
		cmocka_unit_test(transitions_of_some),
		cmocka_unit_test(histograms),
		cmocka_unit_test(histogram_keys),
		cmocka_unit_test(states_follow),
		cmocka_unit_test(search_goes_on),
		cmocka_unit_test(families),
		cmocka_unit_test(to_the_family),
		cmocka_unit_test(waits_for_the_family),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
