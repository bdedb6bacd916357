/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going to places, with and without an index, in one thread and in two: what is shown there is what is there. */
#define _XOPEN_SOURCE 700
#include "model.h"
#include "testing.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

struct fixture {
	struct gt_buf bytes;
	struct gt_trace *trace;
	struct model m;
	struct gt_event *ev; /* all, from 1 */
	uint64_t n;
	bool broken;
};

static void
read_plainly(struct fixture *f, const struct gt_model *rules)
{
	struct gt_reader *r = gt_reader_new(f->trace, rules);
	const struct gt_event *ev;
	enum gt_got got;

	free(f->ev);
	f->ev = calloc(20000, sizeof *f->ev);
	assert_non_null(f->ev);
	for (f->n = 0; (got = gt_read(r, &ev)) == GT_EVENT;) {
		assert_true(++f->n < 20000);
		f->ev[f->n] = *ev;
		f->ev[f->n].gen = NULL;
	}
	f->broken = got == GT_BROKEN;
	gt_reader_free(r);
}

static void
open_file(struct fixture *f, const char *path, unsigned threads)
{
	FILE *file = fopen(path, "rb");
	struct gt_error err;
	struct gt_model rules;
	struct ui_options o = { .file = path, .model = &rules, .memory = 1 << 22, .threads = threads };

	memset(f, 0, sizeof *f);
	assert_non_null(file);
	f->bytes.p = malloc(f->bytes.cap = 1 << 20);
	f->bytes.n = fread(f->bytes.p, 1, f->bytes.cap, file);
	fclose(file);
	f->trace = gt_open(f->bytes.p, f->bytes.n, &err);
	assert_non_null(f->trace);
	gt_model_get(&rules, GT_MODEL_DEFAULT);
	read_plainly(f, &rules);
	o.trace = f->trace;
	assert_true(model_init(&f->m, &o, true));
	f->m.patience = 0;
	model_resize(&f->m, 40, 120);
	model_prepare(&f->m);
}

static void
close_file(struct fixture *f)
{
	model_free(&f->m);
	gt_close(f->trace);
	gt_buf_free(&f->bytes);
	free(f->ev);
}

/* Until nothing is left to be done: then the index is complete. */
static void
until_indexed(struct model *m)
{
	while (model_busy(m) || model_waits(m)) {
		model_work(m, 1000000);
		if (!model_busy(m))
			nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
	}
	model_prepare(m);
}

/* Until the place is reached; the index may be anywhere. */
static void
go(struct model *m, const char *line)
{
	model_line(m, ':', line);
	while (m->job.kind) {
		model_work(m, 1000000);
		nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
	}
	model_prepare(m);
}

static const struct row *
current(const struct model *m)
{
	const struct row *row = rows_get(m->rows, m->cursor);

	if (!row)
		fail_msg("no event at %llu: %s", (unsigned long long)m->cursor, m->message);
	return row;
}

/* The current event is number n of the trace, whatever its number is here. */
static void
stands_at(struct fixture *f, uint64_t n)
{
	const struct gt_event *is = &current(&f->m)->ev, *must = &f->ev[n];

	if (is->type != must->type || is->off != must->off || is->part != must->part || is->clock != must->clock)
		fail_msg("%s: at %s of byte %llu, not at event %llu: %s", f->m.file, gt_spec(is->type)->name,
			(unsigned long long)is->off, (unsigned long long)n, f->m.message);
}

/* --- generations -------------------------------------------------------------------------- */

static uint64_t
nth_sync(const struct fixture *f, unsigned nth)
{
	for (uint64_t n = 1; n <= f->n; n++)
		if (f->ev[n].type == GT_EV_SyncPoint && nth-- == 0)
			return n;
	return 0;
}

/* Before there is an index a generation is shown by itself; then it turns out what it is. */
static void
generations(void **state)
{
	static const char *const files[] = { "testdata/traces/mixed.trace", "testdata/traces/mixed-go1.22.trace",
		"testdata/traces/cgo-callbacks.trace" };
	struct fixture f;
	uint64_t at;

	(void)state;
	for (unsigned i = 0; i < 2 * sizeof files / sizeof *files; i++) {
		open_file(&f, files[i / 2], 0);
		at = nth_sync(&f, 2);
		go(&f.m, "gen 3");
		assert_true(model_apart(&f.m) && f.m.cursor == 1);
		stands_at(&f, at);
		shows(&f.m, "unconfirmed", true);
		shows(&f.m, "event 3:1 of", true);
		shows(&f.m, "?    2", true);
		shows(&f.m, " before? ", true);
		shows(&f.m, " after? ", true);
		go(&f.m, "+20");
		stands_at(&f, at + 20);
		go(&f.m, "-500");
		stands_at(&f, at);
		shows(&f.m, "what is before generation 3 is not known yet", true);
		go(&f.m, "+100");
		if (i < 2)
			shows(&f.m, " or more other Ms idle", true);
		if (i % 2)
			go(&f.m, "goto end");
		until_indexed(&f.m);
		assert_false(model_apart(&f.m));
		assert_int_equal(f.m.cursor, i % 2 ? f.n + 1 : at + 100);
		if (i % 2 == 0) {
			stands_at(&f, at + 100);
			shows(&f.m, "confirmed, as event", true);
			shows(&f.m, " before? ", false);
			shows(&f.m, "differ", true);
		}
		go(&f.m, "gen 2");
		assert_false(model_apart(&f.m));
		stands_at(&f, nth_sync(&f, 1));
		go(&f.m, "gen 77");
		shows(&f.m, "there is no generation 77: they are 1 to ", true);
		close_file(&f);
	}
}

/* Whether times moved as the index came by is said, too. */
static void
times_move(void **state)
{
	static const char *const files[] = { "mixed", "mixed-go1.22", "mixed-go1.23", "mixed-go1.25", "cgo-callbacks", "many-threads" };
	struct fixture f;
	char text[64];
	unsigned moved = 0;

	(void)state;
	for (unsigned i = 0; i < 40 * sizeof files / sizeof *files; i++) {
		int64_t was;

		snprintf(text, sizeof text, "testdata/traces/%s.trace", files[i / 40]);
		open_file(&f, text, 0);
		go(&f.m, "gen 2");
		snprintf(text, sizeof text, "+%u", i % 40 * 9);
		go(&f.m, text);
		if (!model_apart(&f.m) || model_is_end(&f.m, f.m.cursor)) {
			close_file(&f);
			continue;
		}
		was = current(&f.m)->ev.time;
		until_indexed(&f.m);
		assert_false(model_apart(&f.m));
		assert_true(strstr(f.m.message, "confirmed, as event") != NULL);
		assert_int_equal(strstr(f.m.message, "; times have moved ") != NULL, current(&f.m)->ev.time != was);
		moved += current(&f.m)->ev.time != was;
		close_file(&f);
	}
	assert_true(moved > 0);
}

/* A generation behind the place where the order ends: looked at by itself, before that is known and after. */
static void
not_reached(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace", 0);
	model_free(&f.m);
	gt_close(f.trace);
	/* A type that is none, in the middle of the first generation. */
	f.bytes.p[f.ev[f.n / 8].off] = 250;
	{
		struct gt_error err;
		struct gt_model rules;
		struct ui_options o = { .file = "x", .model = &rules, .memory = 1 << 22 };

		f.trace = o.trace = gt_open(f.bytes.p, f.bytes.n, &err);
		gt_model_get(&rules, GT_MODEL_DEFAULT);
		read_plainly(&f, &rules);
		assert_true(f.broken);
		assert_true(model_init(&f.m, &o, true));
		f.m.patience = 0;
		model_resize(&f.m, 40, 120);
	}
	go(&f.m, "gen 3");
	assert_true(model_apart(&f.m));
	until_indexed(&f.m);
	assert_true(model_apart(&f.m) && f.m.cursor == 1);
	shows(&f.m, "can't be put in order up to generation 3", true);
	shows(&f.m, "✗ invalid, unconfirmed", true);
	go(&f.m, "last");
	assert_false(model_apart(&f.m));
	assert_int_equal(f.m.cursor, f.n + 1);
	go(&f.m, "gen 3");
	assert_true(model_apart(&f.m) && f.m.cursor == 1);
	shows(&f.m, "can't be put in order up to generation 3", true);
	close_file(&f);
}

/* A generation that ends in an error by itself: once its end is reached the bar says so, whatever the index knows. */
static void
broken_apart(void **state)
{
	struct gt_error err;
	struct fixture f;
	uint64_t at;
	char *bar;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace", 0);
	/* In the middle of the second generation. */
	at = (nth_sync(&f, 1) + nth_sync(&f, 2)) / 2;
	while (!f.ev[at].off)
		at++;
	f.bytes.p[f.ev[at].off] = 250;
	model_free(&f.m);
	gt_close(f.trace);
	{
		struct gt_model rules;
		struct ui_options o = { .file = "x", .model = &rules, .memory = 1 << 22 };

		f.trace = o.trace = gt_open(f.bytes.p, f.bytes.n, &err);
		gt_model_get(&rules, GT_MODEL_DEFAULT);
		assert_true(model_init(&f.m, &o, true));
		f.m.patience = 0;
		model_resize(&f.m, 40, 120);
	}
	go(&f.m, "gen 2");
	assert_true(model_apart(&f.m));
	/* Preparing the next picture may read to the fault. */
	bar = drawn(&f.m, (struct rect){ 0, 0, 1, 120 });
	assert_non_null(strstr(bar, "unconfirmed, index"));
	free(bar);
	go(&f.m, "+1000000");
	assert_true(model_apart(&f.m) && f.m.broken);
	shows(&f.m, "✗ invalid, unconfirmed", true);
	close_file(&f);
}

/* What was not read is not shown as if nothing had been there. */
static void
timeline_of_one(void **state)
{
	static const char *const looks[] = { "timeline", "zoom-all", "zoom-out 9", "pan-left" };
	struct fixture f;
	int64_t first;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace", 0);
	f.m.patience = 0;
	go(&f.m, "gen 2");
	assert_true(model_apart(&f.m) && f.m.cursor == 1);
	first = current(&f.m)->ev.time;
	assert_true(first > f.m.t0);
	for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
		const struct lane_window *w;
		int64_t half;

		go(&f.m, looks[i]);
		assert_true(model_apart(&f.m));
		w = lanes_window(f.m.time.view[0].lanes);
		half = (w->to - w->from) / 2;
		assert_true(w->from >= first - (i < 2 ? 0 : half + 1));
		assert_true(i != 1 || w->from == first);
	}
	close_file(&f);
}

/* --- shares ------------------------------------------------------------------------------ */

/* Before the events are counted a share is about right, and says so; who stays there is taken to where it is. */
static void
shares(void **state)
{
	static const unsigned percent[] = { 5, 50, 90 };
	struct fixture f;
	char text[40];

	(void)state;
	for (unsigned i = 0; i < 2 * sizeof percent / sizeof *percent; i++) {
		bool stay = i % 2;
		uint64_t was;

		open_file(&f, "testdata/traces/mixed.trace", 0);
		snprintf(text, sizeof text, "%u%%", percent[i / 2]);
		go(&f.m, text);
		snprintf(text, sizeof text, "about %u%%: generation ", percent[i / 2]);
		shows(&f.m, text, true);
		if (!stay)
			go(&f.m, "+3");
		was = current(&f.m)->ev.off;
		until_indexed(&f.m);
		assert_false(model_apart(&f.m));
		if (stay) {
			assert_int_equal(f.m.cursor, (uint64_t)((double)f.n * percent[i / 2] / 100 + 0.5));
			snprintf(text, sizeof text, "%u%% is event %llu", percent[i / 2], (unsigned long long)f.m.cursor);
			shows(&f.m, text, true);
		} else {
			assert_int_equal(current(&f.m)->ev.off, was);
		}
		close_file(&f);
	}
}

/* --- on the way ------------------------------------------------------------------------- */

/* While one is going to where the index has not been, one is where one was; and is so again after ^C. */
static void
on_the_way(void **state)
{
	struct fixture f;
	uint64_t at;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace", 0);
	at = nth_sync(&f, 2);
	go(&f.m, "gen 3");
	go(&f.m, "+20");
	f.m.job = (struct job){ .kind = JOB_SEEK, .target = 4000, .home = true };
	model_prepare(&f.m);
	assert_true(model_apart(&f.m));
	stands_at(&f, at + 20);
	model_key(&f.m, 'C' & K_CTRL);
	model_prepare(&f.m);
	shows(&f.m, "stopped", true);
	assert_true(model_apart(&f.m) && f.m.cursor == 21);
	stands_at(&f, at + 20);
	f.m.job = (struct job){ .kind = JOB_SEEK, .target = 4000, .home = true };
	model_work(&f.m, 1000000000);
	model_prepare(&f.m);
	assert_false(model_apart(&f.m));
	stands_at(&f, 4000);
	close_file(&f);
}

/* Under other rules the way back to the event is a long one: who stops it is where he was, in its generation by itself. */
static void
other_rules(void **state)
{
	struct gt_model rules;
	struct fixture f;
	uint64_t n;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace", 0);
	until_indexed(&f.m);
	n = nth_sync(&f, 2) + 20;
	f.m.cursor = n;
	model_prepare(&f.m);
	assert_true(gt_model_get(&rules, "go1.22-strict") && model_set_rules(&f.m, &rules));
	/* As if that took longer. */
	model_forget(&f.m);
	f.m.cursor = 1;
	f.m.was.moved = f.m.passing = true;
	f.m.job = (struct job){ .kind = JOB_SEEK, .target = n, .anew = true };
	model_key(&f.m, 'C' & K_CTRL);
	while (f.m.job.kind)
		model_work(&f.m, 1000000);
	model_prepare(&f.m);
	assert_int_equal(current(&f.m)->ev.off, f.ev[n].off);
	close_file(&f);
}

/* Wherever one is by then, the way back leads through the places where one was, and nowhere else. */
static void
back_to(struct fixture *f, uint64_t n, bool apart)
{
	go(&f->m, "backward");
	assert_int_equal(model_apart(&f->m), apart);
	stands_at(f, n);
}

static void
nowhere_else(struct fixture *f)
{
	go(&f->m, "backward");
	shows(&f->m, "there is nowhere to go back to", true);
}

static void
ways_back(void **state)
{
	static const char *const files[] = { "mixed", "mixed-go1.22", "cgo-callbacks" };
	struct fixture f;
	char text[64];

	(void)state;
	for (size_t i = 0; i < 4 * (sizeof files / sizeof *files); i++) {
		uint64_t two, three;
		bool confirm = i % 2, home = i & 2;

		snprintf(text, sizeof text, "testdata/traces/%s.trace", files[i / 4]);
		open_file(&f, text, 0);
		two = nth_sync(&f, 1);
		three = nth_sync(&f, 2);
		go(&f.m, "70");
		go(&f.m, "gen 2");
		go(&f.m, "+50");
		go(&f.m, "gen 3");
		go(&f.m, "+60");
		if (home)
			go(&f.m, "40");
		if (confirm)
			until_indexed(&f.m);
		if (home)
			back_to(&f, three + 60, !confirm);
		back_to(&f, three, !confirm);
		back_to(&f, two + 50, !confirm);
		back_to(&f, two, !confirm);
		back_to(&f, 70, false);
		back_to(&f, 1, false);
		nowhere_else(&f);
		go(&f.m, "forward");
		stands_at(&f, 70);
		go(&f.m, "forward");
		stands_at(&f, two);
		until_indexed(&f.m);
		go(&f.m, "forward");
		stands_at(&f, two + 50);
		go(&f.m, "forward");
		stands_at(&f, three);
		close_file(&f);
	}
}

/* Places found through their generation, and as many as a count says. */
static void
ways_of_jumps(void **state)
{
	static const char *const places[] = { "500", "@9ms", "1000", "3000", "+1ms", "40" };
	uint64_t at[sizeof places / sizeof *places + 1] = { 1 };
	struct fixture f;

	(void)state;
	for (unsigned threads = 0; threads < 2; threads++) {
		open_file(&f, "testdata/traces/mixed.trace", threads);
		until_indexed(&f.m);
		for (unsigned i = 0; i < 6; i++) {
			go(&f.m, places[i]);
			at[i + 1] = f.m.cursor;
		}
		for (int i = 5; i >= 0; i--)
			back_to(&f, at[i], false);
		nowhere_else(&f);
		go(&f.m, "forward 2");
		stands_at(&f, at[2]);
		go(&f.m, "forward 100");
		stands_at(&f, at[6]);
		for (const char *p = "3\017"; *p; p++)
			model_key(&f.m, (unsigned char)*p);
		model_prepare(&f.m);
		stands_at(&f, at[3]);
		go(&f.m, "backward 9");
		stands_at(&f, 1);
		close_file(&f);
	}
}

/* Where a generation is opened to look for a place in it, its first event is none where one was; ^C ends where one was. */
static void
in_passing(void **state)
{
	struct fixture f;
	struct gt_gen_place at;
	const struct gt_gen_place *p;
	uint64_t two;
	size_t n;
	bool all;

	(void)state;
	for (int i = 0; i < 2; i++) {
		open_file(&f, "testdata/traces/mixed.trace", 0);
		two = nth_sync(&f, 1);
		go(&f.m, "gen 2");
		go(&f.m, "+5");
		p = gt_nav_gens(f.m.home, &n, &all);
		assert_true(n == 3);
		at = p[2];
		assert_true(model_open_apart(&f.m, &at));
		f.m.job = (struct job){ .kind = JOB_SCAN, .where = { .kind = WHERE_OFFSET, .n = f.ev[nth_sync(&f, 2) + 50].off },
			.target = 1, .limit = at.to };
		model_prepare(&f.m);
		if (i == 0) {
			model_key(&f.m, 'C' & K_CTRL);
			model_prepare(&f.m);
			shows(&f.m, "stopped", true);
			assert_true(model_apart(&f.m));
			stands_at(&f, two + 5);
		} else {
			while (f.m.job.kind)
				model_work(&f.m, 1000000);
			model_prepare(&f.m);
			stands_at(&f, nth_sync(&f, 2) + 50);
			back_to(&f, two + 5, true);
		}
		back_to(&f, 1, false);
		nowhere_else(&f);
		close_file(&f);
	}
}

/* --- marks ------------------------------------------------------------------------------- */

static void
marked_at(const struct fixture *f, int letter, uint64_t n)
{
	const struct trail_place *mark = trail_mark(&f->m.trail, letter);

	if (!mark || mark->apart || mark->n != n || mark->time != f->ev[n].time)
		fail_msg("%s: mark %c is at %llu, not at %llu", f->m.file, letter, (unsigned long long)(mark ? mark->n : 0),
			(unsigned long long)n);
}

/* An event that is one of several made of the same bytes, behind event n of the trace. */
static uint64_t
next_part(const struct fixture *f, uint64_t n)
{
	while (n < f->n && !f->ev[n].part)
		n++;
	return n;
}

/* Numbers that have moved further than one looks for them: the mark leads there all the same, and has the right ones then. */
static void
far_marks(void **state)
{
	struct fixture f;
	struct trail_place *mark;
	uint64_t n;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace", 0);
	until_indexed(&f.m);
	n = nth_sync(&f, 2) + 30;
	f.m.cursor = n;
	model_prepare(&f.m);
	go(&f.m, "mark a");
	mark = &f.m.trail.mark[trail_index('a')];
	assert_int_equal(mark->n, n);
	go(&f.m, "5");
	mark->n = 17;
	mark->time += 4711;
	mark->moved = true;
	model_prepare(&f.m);
	assert_true(mark->moved);
	model_key(&f.m, '\'');
	model_key(&f.m, 'a');
	until_indexed(&f.m);
	assert_int_equal(f.m.cursor, n);
	assert_true(!mark->moved && mark->n == n && mark->time == f.ev[n].time);
	close_file(&f);
}

/* Set in generations by themselves, marks lead to the same events there, from elsewhere, and once there is an index. */
static void
marks(void **state)
{
	static const char *const files[] = { "mixed", "mixed-go1.22", "mixed-go1.23", "mixed-go1.25", "cgo-callbacks" };
	struct fixture f;
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		uint64_t at[3], part;

		snprintf(text, sizeof text, "testdata/traces/%s.trace", files[i]);
		open_file(&f, text, 0);
		at[1] = nth_sync(&f, 1);
		at[2] = nth_sync(&f, 2);
		part = next_part(&f, at[2]);
		go(&f.m, "7");
		go(&f.m, "mark a");
		go(&f.m, "gen 2");
		go(&f.m, "mark b");
		go(&f.m, "+40");
		go(&f.m, "mark c");
		go(&f.m, "gen 3");
		go(&f.m, "mark d");
		snprintf(text, sizeof text, "+%llu", (unsigned long long)(part - at[2]));
		go(&f.m, text);
		go(&f.m, "mark e");
		go(&f.m, "marks");
		shows(&f.m, "a 7  b 2:1  c 2:41  d 3:1", true);
		/* Another order might put it anywhere in its generation, and not near the number it has here. */
		f.m.trail.mark[5] = f.m.trail.mark[2];
		f.m.trail.mark[5].n += 1000000;
		f.m.trail.mark[5].time += 1000000;
		for (int k = 0; k < 2; k++) {
			go(&f.m, "to-mark c");
			assert_true(k == 1 || (model_apart(&f.m) && f.m.cursor == 41));
			stands_at(&f, at[1] + 40);
			go(&f.m, "to-mark e");
			stands_at(&f, part);
			go(&f.m, "to-mark a");
			assert_false(model_apart(&f.m));
			stands_at(&f, 7);
			go(&f.m, "to-mark b");
			stands_at(&f, at[1]);
			go(&f.m, "to-mark d");
			stands_at(&f, at[2]);
			if (k == 0)
				until_indexed(&f.m);
		}
		marked_at(&f, 'b', at[1]);
		marked_at(&f, 'c', at[1] + 40);
		marked_at(&f, 'd', at[2]);
		marked_at(&f, 'e', part);
		/* It is found as there is time for it. */
		until_indexed(&f.m);
		marked_at(&f, 'f', at[1] + 40);
		assert_false(f.m.trail.mark[5].moved || views_busy(&f.m));
		/* Under other rules numbers are held against the file. */
		go(&f.m, "model go1.22-strict");
		until_indexed(&f.m);
		go(&f.m, "model current");
		until_indexed(&f.m);
		for (int k = 0; k < 6; k++) {
			marked_at(&f, 'a' + k, (uint64_t[]){ 7, at[1], at[1] + 40, at[2], part, at[1] + 40 }[k]);
			if (f.m.trail.mark[k].moved)
				fail_msg("%s: mark %c was not found again", f.m.file, 'a' + k);
		}
		go(&f.m, "to-mark e");
		stands_at(&f, part);
		close_file(&f);
	}
}

/* --- times and offsets -------------------------------------------------------------------------- */

/* The first event at or after a time; the row behind the last where there is none. */
static uint64_t
at_time(const struct fixture *f, int64_t ns)
{
	uint64_t n = 1;

	while (n <= f->n && f->ev[n].time < ns)
		n++;
	return n;
}

static void
check_places(struct fixture *f, bool apart_may)
{
	char line[64];
	int64_t t0 = f->ev[1].time, length = f->ev[f->n].time - t0;

	for (uint64_t i = 1; i <= 12; i++) {
		int64_t since = length * (int64_t)i / 12;
		uint64_t n = f->n * i / 13 + 1;

		snprintf(line, sizeof line, "@%lldns", (long long)since);
		go(&f->m, line);
		assert_true(apart_may || !model_apart(&f->m));
		stands_at(f, at_time(f, t0 + since));
		snprintf(line, sizeof line, "@%lld", (long long)f->ev[n].time);
		go(&f->m, line);
		stands_at(f, n);
		while (f->ev[n].len == 0 || f->ev[n].part)
			n++;
		snprintf(line, sizeof line, "offset 0x%llx", (unsigned long long)f->ev[n].off + f->ev[n].len - 1);
		go(&f->m, line);
		stands_at(f, n);
		snprintf(line, sizeof line, "%llu", (unsigned long long)n);
		go(&f->m, line);
		assert_false(model_apart(&f->m));
		stands_at(f, n);
		snprintf(line, sizeof line, "+%lldns", (long long)(f->ev[n + 1].time - f->ev[n].time));
		go(&f->m, line);
		stands_at(f, n + 1);
		/* Back, the gap before it may be longer than the time. */
		go(&f->m, "-1ns");
		stands_at(f, n);
		snprintf(line, sizeof line, "-%lldns", (long long)(f->ev[n].time - f->ev[n - 1].time));
		go(&f->m, line);
		stands_at(f, n - 1);
		snprintf(line, sizeof line, "-%lldns", (long long)(f->ev[n - 1].time - f->ev[n - 2].time + 1));
		go(&f->m, n > 3 ? line : "-1");
		stands_at(f, n > 3 ? n - 3 : n - 2);
	}
	go(&f->m, "offset 3");
	stands_at(f, 1);
	go(&f->m, "@99h");
	shows(&f->m, "the trace ends before that", true);
	go(&f->m, "-99h");
	stands_at(f, 1);
}

static void
times_and_offsets(void **state)
{
	static const char *const files[] = { "mixed", "mixed-go1.22", "mixed-go1.25", "cgo-callbacks", "old-go1.19" };
	struct fixture f;
	char path[64];

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		for (unsigned threads = 0; threads <= 2; threads++) {
			snprintf(path, sizeof path, "testdata/traces/%s.trace", files[i]);
			open_file(&f, path, threads);
			if (threads == 1)
				until_indexed(&f.m);
			check_places(&f, threads != 1);
			until_indexed(&f.m);
			check_places(&f, false);
			go(&f.m, "50%");
			assert_int_equal(f.m.cursor, (f.n + 1) / 2);
			close_file(&f);
		}
}

/* --- searches ---------------------------------------------------------------------------------------- */

/* Blocks that are passed over have no hits: with an index and without it the same is found. */
/* The offset of the event that was refused; that of another one that has no place in the order is in model_test.c. */
static void
offset_of_the_fault(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/bad/flipped-bit.trace", 0);
	go(&f.m, "offset 6885");
	shows(&f.m, "the event at byte 6885 is the one that could not be put in order", true);
	assert_int_equal(f.m.cursor, 868);
	assert_true(f.m.arr.open & 1u << PANE_BYTES);
	assert_true(f.m.lay.pane[PANE_BYTES].h > 1);
	shows(&f.m, "p_seq", true);
	close_file(&f);
}

static void
searches(void **state)
{
	static const char *const words[] = { "GoUnblock", "GoDestroySyscall", "stw", "Waiting", "reason", "running", "UserLog", "Sweep",
		"idle", "p=1 ", "nowhere", "G", "gosyscallend", "(none)" };
	static const char *const files[] = { "mixed", "cgo-callbacks", "old-go1.19" };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files * sizeof words / sizeof *words; i++) {
		struct fixture with, without;
		char path[64];

		snprintf(path, sizeof path, "testdata/traces/%s.trace", files[i % 3]);
		open_file(&with, path, 0);
		open_file(&without, path, 0);
		until_indexed(&with.m);
		for (int k = 0; k < 12; k++) {
			struct fixture *f[] = { &with, &without };

			for (int j = 0; j < 2; j++) {
				snprintf(f[j]->m.search, sizeof f[j]->m.search, "%s", words[i / 3]);
				if (k == 0 && j == 0)
					model_search_for(&with.m, words[i / 3]);
				/* As if it were no word, and all types had it. */
				if (j == 1)
					memset(without.m.search_types, 255, sizeof without.m.search_types);
				model_do(&f[j]->m, k == 8 || k == 9 ? CMD_FIND_BACK : CMD_FIND_NEXT, k % 3 + 1);
				while (f[j]->m.job.kind == JOB_FIND)
					model_work(&f[j]->m, 1000000);
			}
			assert_int_equal(with.m.cursor, without.m.cursor);
			if (k == 4) {
				model_goto(&with.m, &(struct where){ .kind = WHERE_EVENT, .n = with.n / 2 });
				model_goto(&without.m, &(struct where){ .kind = WHERE_EVENT, .n = with.n / 2 });
			}
		}
		close_file(&with);
		close_file(&without);
	}
}

static bool
never(void *arg)
{
	(void)arg;
	return false;
}

static bool
goroutine_is_none(const struct model *m)
{
	return current(m)->ev.g == GT_NONE;
}

/* What is not found in a generation by itself may be before it; and says so. */
static void
searched_apart(void **state)
{
	static const char *const back[][2] = { { "", "prev ProcStart" }, { "break ProcStart", "reverse" }, { "follow m 1", "back" },
		{ "follow off", "creator" }, { "", "unblocker" }, { "", "blocker" } };
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace", 0);
	go(&f.m, "gen 3");
	while (goroutine_is_none(&f.m))
		go(&f.m, "+1");
	for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
		uint64_t at = f.m.cursor;

		go(&f.m, back[i][0]);
		go(&f.m, back[i][1]);
		while (views_wanted(&f.m))
			views_work(&f.m, never, NULL);
		model_prepare(&f.m);
		assert_true(model_apart(&f.m));
		assert_int_equal(f.m.cursor, at);
		shows(&f.m, "before event 3:", true);
		shows(&f.m, "in generation 3; what is before that can be searched once it is indexed", true);
	}
	go(&f.m, "next GoCreateSyscall");
	shows(&f.m, "in generation 3 by itself and what follows: states are not confirmed", true);
	until_indexed(&f.m);
	assert_false(model_apart(&f.m));
	go(&f.m, "next GoCreateSyscall");
	shows(&f.m, "no GoCreateSyscall after event 4,", true);
	close_file(&f);
}

/* --- a walk -------------------------------------------------------------------------------------------- */

static uint64_t
rnd(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static bool
has_read(void *arg)
{
	return (*(int *)arg)-- <= 0;
}

/* How much of the trace a table was read from is a part of the trace, not of a generation that is shown by itself. */
static void
tables_apart(void **state)
{
	struct fixture f;
	int slices = 2;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace", 0);
	go(&f.m, "gen 3");
	gt_nav_seek(f.m.nav, UINT64_MAX, NULL, NULL);
	model_refresh_known(&f.m);
	assert_true(model_apart(&f.m) && f.m.all);
	model_line(&f.m, ':', "table goroutines");
	for (; census_work(f.m.census, f.m.home, false, has_read, &slices); slices = 2) {
		char *text = picture(&f.m), *at = strstr(text, "read to event ");

		assert_non_null(at);
		at[strcspn(at, "\n")] = 0;
		at = strchr(at, ',') ? strrchr(at, ',') : at;
		if (strchr(at, '%') && atoi(at + 1) != (int)((double)census_events(f.m.census) * 100 / (double)f.n))
			fail_msg("%s, of %llu of %llu events", at, (unsigned long long)census_events(f.m.census), (unsigned long long)f.n);
		free(text);
	}
	assert_true(f.m.known < f.n && census_done(f.m.census));
	close_file(&f);
}

/* A trace read from its start to its end, under rules. */
struct straight {
	unsigned reading; /* which trace: it may be edited */
	struct gt_model rules;
	struct gt_event *ev; /* from 1 */
	uint64_t *state;     /* hashes */
	uint64_t n;
	bool broken;
};

static void
read_straight(struct straight *s, struct gt_trace *t)
{
	struct gt_reader *r = gt_reader_new(t, &s->rules);
	const struct gt_event *ev;
	enum gt_got got;

	s->ev = calloc(20000, sizeof *s->ev);
	s->state = calloc(20000, sizeof *s->state);
	assert_true(r && s->ev && s->state);
	for (s->n = 0; (got = gt_read(r, &ev)) == GT_EVENT;) {
		assert_true(++s->n < 20000);
		s->ev[s->n] = *ev;
		s->state[s->n] = gt_state_hash(gt_reader_state(r));
	}
	s->broken = got == GT_BROKEN;
	gt_reader_free(r);
}

static bool
same_rules(const struct gt_model *a, const struct gt_model *b)
{
	return memcmp(a->need, b->need, sizeof a->need) == 0 && a->destroy_abandons_p == b->destroy_abandons_p;
}

/* All that were met on a walk. */
struct straights {
	struct straight v[64];
	size_t n;
	uint64_t compared, under_others, edited;
};

static const struct straight *
straight_of(struct straights *all, const struct model *m)
{
	const struct gt_model *rules = gt_nav_model(m->home);
	struct straight *s;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].reading == m->reading && same_rules(&all->v[i].rules, rules))
			return &all->v[i];
	assert_true(all->n < sizeof all->v / sizeof *all->v);
	s = &all->v[all->n++];
	*s = (struct straight){ .reading = m->reading, .rules = *rules };
	read_straight(s, m->trace);
	return s;
}

static void
forget_straights(struct straights *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->v[i].ev);
		free(all->v[i].state);
	}
	all->n = 0;
}

/* The verdict, the event shown, and the states after it are those of reading straight on to there. */
static void
as_read_straight(struct straights *all, struct fixture *f, const char *last)
{
	struct model *m = &f->m;
	const struct straight *s = straight_of(all, m);
	struct verdict v = model_verdict(m);
	const struct gt_event *is, *must;
	struct gt_model usual;
	uint64_t at = m->cursor;

	if (v.known && (v.events != s->n || v.broken != s->broken))
		fail_msg("%s, %s: %llu events, not %llu", m->file, last, (unsigned long long)v.events, (unsigned long long)s->n);
	if (model_apart(m) || model_is_end(m, at) || at > m->known)
		return;
	is = &current(m)->ev;
	assert_true(at <= s->n);
	must = &s->ev[at];
	if (is->n != at || is->type != must->type || is->off != must->off || is->part != must->part || is->time != must->time ||
		is->m != must->m || is->p != must->p || is->g != must->g)
		fail_msg("%s, %s: another event %llu", m->file, last, (unsigned long long)at);
	if (gt_nav_seek(m->nav, at, NULL, NULL) != at || gt_state_hash(gt_nav_state(m->nav)) != s->state[at])
		fail_msg("%s, %s: other states after event %llu", m->file, last, (unsigned long long)at);
	m->made_for = 0;
	gt_model_get(&usual, GT_MODEL_DEFAULT);
	all->compared++;
	all->under_others += !same_rules(&s->rules, &usual);
	all->edited += s->reading != 0;
}

/*
 * Whatever is done while the index is made, in a thread or not, under whatever rules, in the trace as it was opened or an edited
 * one: what is shown is what there is.
 */
static void
walks(void **state)
{
	static const char *const keys[] = { "s", "S", "5s", "7S", "G", "g", "n", "N", "j", "k", "b", " ", "z", "ma", "'a",
		"\017", "2\017", "\020" };
	static const char *const lines[] = { "gen 2", "gen 3", "50%", "+1ms", "-1ms", "@2ms", "offset 9000", "find Go", "goto end", "700",
		"next GoDestroySyscall", "previous g == 1", "continue", "reverse", "break GoCreateSyscall", "model go1.22-strict",
		"model go1.22-tolerant", "model current", "model current", "require GoCreateSyscall.proc=mustnot",
		"require GoStart.goroutine=may", "require ProcStop.proc=mustnot", "skip", "drop", "undo", "redo", "undo 9" };
	static const char *const files[] = { "cgo-callbacks", "mixed", "mixed-go1.22", "cgo-new-threads" };
	const char *often = getenv("WALK"); /* set by make walk */
	unsigned rounds = 24 * (often ? (unsigned)atoi(often) : 1);
	struct straights all = { .n = 0 };
	uint64_t x = 11;

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		struct fixture f;
		char path[64];

		snprintf(path, sizeof path, "testdata/traces/%s.trace", files[rnd(&x) % 4]);
		open_file(&f, path, i % 4 ? 2 : 0);
		for (int k = 0; k < 60; k++) {
			const char *last = "";

			if (rnd(&x) % 3 == 0)
				model_line(&f.m, ':', last = lines[rnd(&x) % (sizeof lines / sizeof *lines)]);
			else
				for (const char *p = last = keys[rnd(&x) % (sizeof keys / sizeof *keys)]; *p; p++)
					model_key(&f.m, (unsigned char)*p);
			if (rnd(&x) % 2)
				model_work(&f.m, 100000);
			model_prepare(&f.m);
			as_read_straight(&all, &f, last);
		}
		until_indexed(&f.m);
		as_read_straight(&all, &f, "the end");
		assert_true(!model_apart(&f.m) || model_verdict(&f.m).broken);
		close_file(&f);
		forget_straights(&all);
	}
	assert_true(all.compared > 10 * rounds && all.under_others > rounds && all.edited > rounds);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generations),
		cmocka_unit_test(times_move),
		cmocka_unit_test(not_reached),
		cmocka_unit_test(broken_apart),
		cmocka_unit_test(timeline_of_one),
		cmocka_unit_test(shares),
		cmocka_unit_test(on_the_way),
		cmocka_unit_test(other_rules),
		cmocka_unit_test(ways_back),
		cmocka_unit_test(ways_of_jumps),
		cmocka_unit_test(in_passing),
		cmocka_unit_test(marks),
		cmocka_unit_test(far_marks),
		cmocka_unit_test(times_and_offsets),
		cmocka_unit_test(offset_of_the_fault),
		cmocka_unit_test(searches),
		cmocka_unit_test(searched_apart),
		cmocka_unit_test(tables_apart),
		cmocka_unit_test(walks),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
