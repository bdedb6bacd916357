/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views: what they show, and how they are steered. */
#define _XOPEN_SOURCE 700
#include "cells.h"
#include "fixture.h"
#include "links.h"
#include "model.h"
#include "picture.h"
#include "script.h"
#include "topics.h"

#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* --- where one has been, and where things come from ------------------------------------ */

static void
leave(struct trail *t, uint64_t row)
{
	trail_leave(t, &(struct trail_place){ .n = row });
}

static uint64_t
back(struct trail *t, uint64_t here)
{
	const struct trail_place *p = trail_back(t, &(struct trail_place){ .n = here });

	return p ? p->n : 0;
}

static uint64_t
forward(struct trail *t)
{
	const struct trail_place *p = trail_forward(t);

	return p ? p->n : 0;
}

static void
trails(void **state)
{
	struct trail t = { .n = 0 };

	(void)state;
	assert_int_equal(back(&t, 5), 0);
	leave(&t, 5);
	leave(&t, 100);
	assert_int_equal(back(&t, 900), 100);
	assert_int_equal(back(&t, 100), 5);
	assert_int_equal(back(&t, 5), 0);
	assert_int_equal(forward(&t), 100);
	assert_int_equal(forward(&t), 900);
	assert_int_equal(forward(&t), 0);
	for (uint64_t i = 1; i < 1000; i++)
		leave(&t, i);
	assert_int_equal(back(&t, 5000), 999);
	assert_int_equal(forward(&t), 5000);
}

static void
marks(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "100");
	keys(&f.m, "ma");
	line(&f.m, "400");
	keys(&f.m, "mb");
	shows(&f.m, ", 300 events", true);
	/* To the nanosecond, and also where there is little room. */
	model_resize(&f.m, 24, 80);
	line(&f.m, "time mark");
	keys(&f.m, "t");
	shows(&f.m, "a\u2192b 0.000", true);
	shows(&f.m, "s, 300 events", true);
	shows(&f.m, "- | + x", true);
	line(&f.m, "102");
	shows(&f.m, " 0.000000384s ", true);
	keys(&f.m, "'b");
	line(&f.m, "time relative");
	keys(&f.m, "'a");
	assert_int_equal(f.m.cursor, 100);
	keys(&f.m, "''");
	assert_int_equal(f.m.cursor, 400);
	keys(&f.m, "'x");
	shows(&f.m, "mark x is not set", true);
	keys(&f.m, "m1");
	shows(&f.m, "marks are letters", true);
	line(&f.m, "marks");
	shows(&f.m, "marks: a 100  b 400", true);
	line(&f.m, "time mark");
	shows(&f.m, "since mark a", true);
	close_file(&f);
}

static void
origins_of_a_goroutine(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "2493");
	shows(&f.m, "G56 created by G1 at 68 · blocked at 2,452", true);
	line(&f.m, "unblocker");
	assert_int_equal(f.m.cursor, 2461);
	line(&f.m, "blocker");
	assert_int_equal(f.m.cursor, 2452);
	line(&f.m, "creator");
	assert_int_equal(f.m.cursor, 68);
	line(&f.m, "1");
	line(&f.m, "creator");
	shows(&f.m, "there is no goroutine at this event", true);
	close_file(&f);
}

/* --- what comes before its time ------------------------------------------------------------- */

/* Commands right behind one that opens a view are about all of what that will show. */
static void
scripts_wait_for_views(void **state)
{
	static const struct {
		const char *file, *commands[5];
		uint64_t other; /* where the last command would lead too early */
	} t[] = {
		{ MIXED, { "table", "down 3", "open" }, 1 },
		{ MIXED, { "regions", "down 2", "open" }, 1 },
		{ MIXED, { "groups", "down", "open", "down 3", "open" }, 1 },
		{ MIXED, { "goroutines", "sort waiting", "only main", "down", "open" }, 1 },
		{ MIXED, { "table", "histogram", "down", "open", "open" }, 1 },
		{ MIXED, { "timeline g", "zoom-all", "down 3", "right 5", "open" }, 1 },
		{ "testdata/bad/flipped-bit.trace", { "last", "why", "next", "next", "open" }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct fixture slow, fast;
		char all[200] = "";

		open_file(&slow, t[i].file, 40, 120, true);
		for (size_t k = 0; k < 5 && t[i].commands[k]; k++) {
			line(&slow.m, t[i].commands[k]);
			strcat(strcat(all, k ? "; " : ""), t[i].commands[k]);
		}
		open_file(&fast, t[i].file, 40, 120, true);
		script_queue(&fast.m, all);
		settle(&fast.m);
		if (slow.m.cursor != fast.m.cursor || fast.m.cursor == t[i].other || slow.m.query.follow_id != fast.m.query.follow_id)
			fail_msg("%s: event %d, at once %d", all, (int)slow.m.cursor, (int)fast.m.cursor);
		assert_true(slow.m.why.at == fast.m.why.at && slow.m.why.chosen == fast.m.why.chosen);
		close_file(&slow);
		close_file(&fast);
	}
}

/* A command that comes to nothing ends them, as it does in run; that a trace is invalid does not. */
static void
scripts_end(void **state)
{
	static const struct {
		const char *file, *commands;
		uint64_t at;
		const char *says;
	} t[] = {
		{ MIXED, "20; next nosuch == 1; step", 20, "nosuch" },
		{ MIXED, "20; next g == 4711; step", 20, "no g == 4711 after event 20" },
		{ MIXED, "next GoBlock; follow; first; step 9999; 3", 1, "no g.any == " },
		{ MIXED, "99999999; step", 0, "the trace has " },
		{ MIXED, "3; unblocker; step", 3, "nothing in the trace before event 3" },
		{ MIXED, "model go1.22-strict; 5; step", 6, "" },
		{ "testdata/bad/flipped-bit.trace", "1; step 2; next GoBlock; 7; step", 8, "" },
		{ "testdata/bad/flipped-bit.trace", "model go1.22-strict; 5; step", 6, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		/* By the commands of a script; and of a line, whose first is done at once. */
		for (int typed = 0; typed < 2; typed++) {
			struct fixture f;

			open_file(&f, t[i].file, 40, 120, true);
			typed ? model_line(&f.m, ':', t[i].commands) : script_queue(&f.m, t[i].commands);
			settle(&f.m);
			assert_null(f.m.script.text);
			if ((t[i].at && f.m.cursor != t[i].at) || !strstr(f.m.message, t[i].says))
				fail_msg("%s: event %d: %s", t[i].commands, (int)f.m.cursor, f.m.message);
			close_file(&f);
		}
	}
}

static void
lines_of_files(void **state)
{
	static const char inner[] = "# one\n\n5; step\nnext g == 4711\n";
	struct fixture f;
	char where[80];

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	script_queue_file(&f.m, "first\nstep\n4; unblocker; step", "outer");
	script_queue_file(&f.m, inner, "inner");
	settle(&f.m);
	assert_int_equal(f.m.cursor, 6);
	assert_string_equal(f.m.message, "inner:4: no g == 4711 after event 6");
	script_queue_file(&f.m, "first\nstep\n4; unblocker; step", "outer");
	script_queue_file(&f.m, "# none\n", "inner");
	script_queue(&f.m, "step\nstep");
	script_where(&f.m, where, sizeof where);
	assert_string_equal(where, "");
	settle(&f.m);
	assert_int_equal(f.m.cursor, 4);
	assert_string_equal(f.m.message, "outer:3: nothing in the trace before event 4 unblocked G1");
	line(&f.m, "nosuch; step");
	assert_string_equal(f.m.message, "there is no command \"nosuch\"; Tab lists them");
	close_file(&f);
}

/* Until a key is pressed; what does not depend on the view does not wait. */
static void
a_key_ends_that(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	model_line(&f.m, ':', "table; mark a; down 3; open");
	for (int i = 0; i < 3; i++)
		script_step(&f.m);
	assert_true(f.m.trail.mark[trail_index('a')].n == 1 && script_waits(&f.m) && model_busy(&f.m));
	shows(&f.m, "the commands go on once this is complete; any key ends them", true);
	keys(&f.m, "z");
	shows(&f.m, "the commands go on", false);
	assert_true(f.m.cursor == 1 && !f.m.script.text && f.m.table.at == 0);
	/* There is nothing to wait for where it can't be seen. */
	line(&f.m, "table; help; down 2");
	assert_null(f.m.script.text);
	close_file(&f);
}

/* Keys, with pictures between them but no work. */
static void
type_ahead(struct model *m, const char *text)
{
	for (; *text; text++) {
		model_key(m, *text == '!' ? K_ENTER : (ui_key)*text);
		model_prepare(m);
	}
}

static void
keys_before_the_rows(void **state)
{
	static const struct {
		const char *keys;
	} t[] = { { "ojjj!" }, { "o3jk!" }, { "oGk!" }, { "oGg3j!" }, { "oijj!" }, { "o999kj!" }, { "ojl!" }, { "oj>!" } };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct fixture slow;

		open_file(&slow, MIXED, 40, 120, true);
		for (const char *p = t[i].keys; *p; p++)
			keys(&slow.m, *p == '!' ? "<Enter>" : (char[]){ *p, 0 });
		open_file(&f, MIXED, 40, 120, true);
		type_ahead(&f.m, t[i].keys);
		assert_true(f.m.cursor == 1 && f.m.table.opens && !*f.m.table.only && model_busy(&f.m));
		shows(&f.m, "goes there once the table is complete; any key stops", true);
		settle(&f.m);
		shows(&f.m, "goes there once", false);
		if (slow.m.cursor != f.m.cursor || slow.m.table.at != f.m.table.at || strcmp(slow.m.table.only, f.m.table.only) != 0)
			fail_msg("%s: event %d, line %zu; ahead %d, line %zu", t[i].keys, (int)slow.m.cursor, slow.m.table.at,
				(int)f.m.cursor, f.m.table.at);
		close_file(&slow);
		close_file(&f);
	}
	open_file(&f, MIXED, 40, 120, true);
	type_ahead(&f.m, "ojj!");
	keys(&f.m, "<^C>");
	assert_true(f.m.cursor == 1 && f.m.table.at == 2);
	/* Rows of another filter are not opened. */
	model_line(&f.m, ':', "only runtime");
	model_line(&f.m, ':', "sort id");
	keys(&f.m, "<Enter>");
	assert_true(f.m.cursor > 1);
	close_file(&f);
}

/* --- panes ---------------------------------------------------------------------------------- */

static void
every_pane(void **state)
{
	static const struct {
		const char *pane, *says;
	} t[] = {
		{ "stack", "runtime.chansend1" }, { "bytes", "type=20 GoBlock" }, { "frontier", "ready: this is the next event" },
		{ "strings", "347 strings, 150 stacks" }, { "details", "blocks, for the reason" }, { "context", "must have" },
		{ "timeline", "by P" }, { "table", "goroutines" }, { "events", "GoBlock" },
	};
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "find chan send");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char command[32];

		snprintf(command, sizeof command, "view %s", t[i].pane);
		line(&f.m, command);
		assert_true(f.m.lay.pane[f.m.arr.focus].h > 3);
		assert_string_equal(pane_name(f.m.arr.focus), t[i].pane);
		shows(&f.m, t[i].says, true);
	}
	for (int i = 0; i < PANES; i++)
		line(&f.m, "close");
	shows(&f.m, "this is the last pane", true);
	line(&f.m, "view nosuch");
	shows(&f.m, "there is no pane \"nosuch\"", true);
	close_file(&f);
}

/* The last event is of no generation, and behind it there is none. */
static void
every_pane_at_the_end(void **state)
{
	struct fixture f;

	(void)state;
	for (int i = 0; i < PANES; i++) {
		char command[32];

		snprintf(command, sizeof command, "view %s", pane_name((enum pane_id)i));
		open_file(&f, MIXED, 24, 80, true);
		line(&f.m, "last");
		line(&f.m, command);
		shows(&f.m, "end after event 4,458", true);
		line(&f.m, "back");
		assert_true(f.m.cursor == 4458 && f.m.arr.focus == (enum pane_id)i);
		shows(&f.m, "event 4,458", true);
		close_file(&f);
		open_file(&f, MIXED, 24, 80, true);
		line(&f.m, command);
		line(&f.m, "4458");
		assert_true(f.m.cursor == 4458 && f.m.arr.focus == (enum pane_id)i);
		shows(&f.m, "event 4,458", true);
		close_file(&f);
	}
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "4458");
	line(&f.m, "view strings");
	shows(&f.m, "none here", true);
	close_file(&f);
}

static void
fields(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, false);
	line(&f.m, "407");
	line(&f.m, "view bytes");
	shows(&f.m, "> type=45 GoSwitch", true);
	keys(&f.m, "ll");
	shows(&f.m, "> g=26 G26", true);
	keys(&f.m, "99l");
	shows(&f.m, "> g_seq=2", true);
	keys(&f.m, "99h");
	shows(&f.m, "> type=45", true);
	close_file(&f);
}

/* Before Go 1.22 as well: how many numbers there are is in the byte of the type. */
static void
fields_of_old(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/traces/old-go1.21.trace", 40, 120, false);
	line(&f.m, "205");
	line(&f.m, "view bytes");
	shows(&f.m, "> type=41 GoStartLabel", true);
	shows(&f.m, "made of this", false);
	keys(&f.m, "l");
	shows(&f.m, "> count=4 numbers or more", true);
	keys(&f.m, "l");
	shows(&f.m, "> length=4 bytes", true);
	keys(&f.m, "2l");
	shows(&f.m, "> g=20 G20", true);
	keys(&f.m, "99l");
	shows(&f.m, "> labelid=3 \"GC (fractional)\"", true);
	line(&f.m, "86");
	shows(&f.m, "offset 0x2bf (703), 4 bytes", true);
	keys(&f.m, "2l");
	shows(&f.m, "> dt=263 ticks", true);
	/* Its end is not in the file. */
	keys(&f.m, "s");
	shows(&f.m, "in no bytes itself: made of this", true);
	shows(&f.m, "in no bytes itself, made of batch 1", true);
	shows(&f.m, "type=28 GoSysCall", true);
	/* Messages are there in their own words. */
	line(&f.m, "find type == UserLog");
	keys(&f.m, "99l");
	shows(&f.m, "> text=\"", true);
	close_file(&f);
}

/* Before Go 1.22 a fault may be in an entry of a table: what there is of it is taken apart. */
static void
fields_of_cut_entries(void **state)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX";
	struct fixture f;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	open_file(&f, "testdata/bad/cut-go1.21.trace", 40, 120, false);
	line(&f.m, "fault");
	line(&f.m, "view bytes");
	shows(&f.m, "@ 0x7c4 - 3 bytes", true);
	shows(&f.m, "> type=37 String", true);
	shows(&f.m, "id=34", true);
	keys(&f.m, "99l");
	shows(&f.m, "> length=21 bytes", true);
	/* Cut before that string, in the stack before it. */
	assert_int_equal(write(fd, f.bytes.p, 0x7c0), 0x7c0);
	close_file(&f);
	open_file(&f, path, 40, 120, false);
	line(&f.m, "fault");
	line(&f.m, "view bytes");
	shows(&f.m, "> type=3 Stack", true);
	shows(&f.m, "siz=2", true);
	keys(&f.m, "99l");
	shows(&f.m, "> frames=1: pc, func, file, line", true);
	close_file(&f);
	close(fd);
	unlink(path);
}

/* Any set of panes at any size: no two on one cell, none outside, the one with the keys to be seen. */
static void
arrangements(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct arrangement a;
		struct layout l;
		int h, w, area = 0;

		arrangement_init(&a);
		for (int k = 0; k < 8; k++) {
			unsigned r = (seed = seed * 1103515245 + 12345) >> 16;
			enum pane_id p = (enum pane_id)(r % PANES);

			if (r & 256)
				arrangement_open(&a, a.focus = p);
			else if (r & 512)
				arrangement_close(&a, p);
			else if (r & 1024)
				arrangement_split(&a, p, (enum pane_id)((r >> 11) % PANES));
			else if (r & 2048)
				arrangement_unsplit(&a, p);
			else if (p != a.focus)
				a.folded ^= 1u << p;
			a.extra[p] = (signed char)(r >> 10 & 31) - 16;
			a.wider[p] = (signed char)((r >> 9 & 127) - 64);
		}
		a.stacked = seed & 1 << 20;
		h = 8 + (int)(seed >> 8 & 63);
		w = 40 + (int)(seed >> 16 & 255);
		arrangement_open(&a, a.focus);
		layout_make(&l, h, w, &a);
		for (int p = 0; p < PANES; p++) {
			const struct rect *r = &l.pane[p];

			if (!r->h)
				continue;
			assert_true(r->w >= 19);
			assert_true(r->y >= 1 && r->x >= 0 && r->y + r->h <= h - 1 && r->x + r->w <= w);
			area += r->h * r->w;
			for (int q = 0; q < p; q++) {
				const struct rect *s = &l.pane[q];

				assert_true(!s->h || r->y >= s->y + s->h || s->y >= r->y + r->h || r->x >= s->x + s->w || s->x >= r->x + r->w);
			}
		}
		assert_true(area <= (h - 2) * w);
		assert_true(l.pane[a.focus].h > 0);
	}
}

/* --- the mouse ---------------------------------------------------------------------------------- */

static void
mice(void **state)
{
	struct fixture f;
	const struct rect *r;
	unsigned seed = 7;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	mouse(&f.m, MOUSE_PRESS, 5, 30);
	assert_int_equal(f.m.cursor, 4);
	mouse(&f.m, MOUSE_WHEEL_DOWN, 5, 30);
	assert_int_equal(f.m.cursor, 4);
	assert_int_equal(f.m.top, 4);
	r = &f.m.lay.pane[PANE_TIMELINE];
	mouse(&f.m, MOUSE_PRESS, r->y + 3, f.m.time.view[0].label + 20);
	assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
	assert_int_equal(f.m.time.column, 20);
	mouse(&f.m, MOUSE_RELEASE, r->y + 3, f.m.time.view[0].label + 60);
	assert_non_null(trail_mark(&f.m.trail, 'a'));
	assert_non_null(trail_mark(&f.m.trail, 'b'));
	/* The buttons of its title: only this pane, all again, closed. */
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_TIMELINE].y, 120 - 4);
	assert_int_equal(f.m.lay.pane[PANE_EVENTS].h, 0);
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_TIMELINE].y, 120 - 4);
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_TIMELINE].y, 120 - 2);
	assert_int_equal(f.m.lay.pane[PANE_TIMELINE].h, 0);
	/* The key bar. */
	mouse(&f.m, MOUSE_PRESS, 39, 2);
	assert_int_equal(f.m.cursor, 5);
	for (int i = 0; i < 3000; i++) {
		unsigned a = (seed = seed * 1103515245 + 12345) >> 16;

		mouse(&f.m, (enum mouse_what)(a & 3), (int)(a >> 2) % 42 - 1, (int)(seed >> 8) % 124 - 2);
		if (a % 5 == 0)
			model_key(&f.m, (int)(seed >> 20) % 127);
		if (f.m.effect == EFFECT_PROMPT)
			f.m.prompt.kind = 0;
		free(picture(&f.m));
	}
	close_file(&f);
}

/* Where a text stands in a pane: its row and column. */
static bool
find_in(struct model *m, enum pane_id id, const char *want, int *y, int *x)
{
	char *text = picture_of(m, m->lay.pane[id]), *line = text, *at;

	for (*y = 0; line && *line; line += strcspn(line, "\n") + 1, ++*y)
		if ((at = strstr(line, want)) != NULL && at < line + strcspn(line, "\n")) {
			*x = 0;
			for (const char *p = line; p < at; p++)
				*x += ((unsigned char)*p & 0xc0) != 0x80;
			free(text);
			return true;
		}
	free(text);
	return false;
}

static void
click_on(struct model *m, enum pane_id id, const char *want, int more)
{
	int y = 0, x = 0;

	if (!find_in(m, id, want, &y, &x))
		fail_msg("no \"%s\" in %s", want, pane_name(id));
	mouse(m, MOUSE_PRESS, m->lay.pane[id].y + y, m->lay.pane[id].x + x + more);
}

static void
links_by_mouse(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goto 2000");
	/* Its keys stand behind what they go to. */
	shows(&f.m, "unblocked by G37 at 78 u", true);
	click_on(&f.m, PANE_CONTEXT, "by G37 at 78", 10);
	assert_int_equal(f.m.cursor, 78);
	keys(&f.m, "<^O>");
	assert_int_equal(f.m.cursor, 2000);
	click_on(&f.m, PANE_CONTEXT, "by G37 at 78", 8);
	assert_int_equal(f.m.cursor, 78);
	keys(&f.m, "<^O>");
	click_on(&f.m, PANE_CONTEXT, "by G37 at 78", 0);
	assert_int_equal(f.m.cursor, 2000);
	assert_int_equal(f.m.arr.focus, PANE_CONTEXT);
	/* Lanes of goroutines, Ps and Ms. */
	click_on(&f.m, PANE_CONTEXT, "by G37 at 78", 3);
	assert_int_equal(f.m.cursor, 2000);
	assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
	assert_int_equal(f.m.time.view[0].by, GT_G);
	assert_int_equal(f.m.time.view[0].lane, 37);
	click_on(&f.m, PANE_CONTEXT, " P3 ", 2);
	assert_int_equal(f.m.time.view[0].by, GT_P);
	assert_int_equal(f.m.time.view[0].lane, 3);
	/* With the lanes not on the screen yet, and somewhere else than when they were. */
	keys(&f.m, "X");
	line(&f.m, "goto 4000");
	keys(&f.m, "vd");
	click_on(&f.m, PANE_CONTEXT, "M", 0);
	assert_int_equal(f.m.time.view[0].by, GT_M);
	assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
	assert_true(lanes_window(f.m.time.view[0].lanes)->from <= rows_get(f.m.rows, 4000)->ev.time);
	assert_true(lanes_window(f.m.time.view[0].lanes)->to >= rows_get(f.m.rows, 4000)->ev.time);
	/* An argument of an event. */
	line(&f.m, "goto 78");
	keys(&f.m, "vd");
	click_on(&f.m, PANE_DETAILS, " g=", 1);
	assert_int_equal(f.m.time.view[0].by, GT_G);
	assert_int_equal(f.m.time.view[0].lane, 3);
	/* The number of an event in its batch is none of the list. */
	keys(&f.m, "vd");
	click_on(&f.m, PANE_DETAILS, "· event ", 8);
	assert_int_equal(f.m.cursor, 78);
	close_file(&f);
}

static void
links_by_key(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goto 2000");
	keys(&f.m, "vc<Enter>");
	assert_string_equal(f.m.message, "Left and Right choose what is named here, Enter goes there");
	/* From the last one back: the G3 of the rule beside, the G37 that runs. */
	keys(&f.m, "<Left><Left><Enter>");
	assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
	assert_int_equal(f.m.time.view[0].lane, 37);
	/* And on through all of them. */
	for (int i = 0; i < 40 && f.m.cursor == 2000; i++) {
		keys(&f.m, "vc<Right><Enter>");
		assert_int_equal(f.m.link.row, 2000);
	}
	assert_int_equal(f.m.cursor, 78);
	/* Elsewhere nothing is chosen. */
	assert_int_not_equal(f.m.link.row, f.m.cursor);
	keys(&f.m, "<Enter>");
	assert_int_equal(f.m.cursor, 78);
	/* A stack names nothing. */
	line(&f.m, "goto 72");
	keys(&f.m, "vs<Right>");
	shows(&f.m, "nothing is named here that one could go to", true);
	close_file(&f);
}

/* Of all numbers that the context shows, the sequence numbers of rules among them, only those of events are links. */
static void
links_to_events(void **state)
{
	struct fixture f;
	unsigned found = 0;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "close events");
	for (uint64_t n = 3; n <= f.m.known; n += 11) {
		const struct origins *o = &f.m.origins;
		const struct rect *r = &f.m.lay.pane[PANE_CONTEXT];
		struct link to;

		model_go(&f.m, n, true);
		settle(&f.m);
		for (int y = 0; y < r->h; y++)
			for (int x = 0; x < r->w; x++) {
				if (!links_at(&f.m, PANE_CONTEXT, y, x, &to) || to.res != GT_NO_RES)
					continue;
				found++;
				if (to.id != (int64_t)o->event[0].n && to.id != (int64_t)o->event[1].n && to.id != (int64_t)o->event[2].n)
					fail_msg("event %llu: %lld is no event", (unsigned long long)n, (long long)to.id);
			}
	}
	assert_true(found > 1000);
	close_file(&f);
}

static void
lanes_by_name(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "timeline g 37");
	assert_int_equal(f.m.time.view[0].by, GT_G);
	assert_int_equal(f.m.time.view[0].lane, 37);
	line(&f.m, "timeline P2");
	assert_int_equal(f.m.time.view[0].by, GT_P);
	assert_int_equal(f.m.time.view[0].lane, 2);
	/* Where only some goroutines are shown, all are. */
	line(&f.m, "timeline g 1");
	keys(&f.m, "r");
	line(&f.m, "timeline g 99999");
	shows(&f.m, "G99999 is not there in this time", true);
	assert_int_equal(f.m.time.kin.g, GT_NONE);
	line(&f.m, "timeline g 1,2");
	shows(&f.m, "is not p, m or g, nor one of them, as g 34", true);
	close_file(&f);
}

/* --- the clipboard ------------------------------------------------------------------------------ */

/* By a command, so many lines. */
static void
copied(struct model *m, const char *command, const char *said, const char *has)
{
	model_line(m, ':', command);
	assert_non_null(m->copy.text);
	assert_int_equal(m->effect, EFFECT_COPY);
	if (!strstr(m->message, said))
		fail_msg("%s: \"%s\", not \"%s\"", command, m->message, said);
	if (!strstr(m->copy.text, has))
		fail_msg("%s: no \"%s\" in:\n%s", command, has, m->copy.text);
	assert_int_equal(m->copy.text[m->copy.n - 1], '\n');
	m->effect = EFFECT_NONE;
}

static void
copies(void **state)
{
	struct fixture f;
	char *before, *after;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "goto 72");
	keys(&f.m, "vs");
	before = picture_of(&f.m, f.m.lay.pane[PANE_STACK]);
	copied(&f.m, "copy", "stack: copied to the terminal's clipboard, ", "stack      ");
	/* A place is on the line of its function, however long both are. */
	assert_non_null(strstr(f.m.copy.text, ".go:"));
	assert_null(strstr(f.m.copy.text, "\n               /"));
	after = picture_of(&f.m, f.m.lay.pane[PANE_STACK]);
	assert_string_equal(before, after);
	free(before);
	free(after);
	/* Others by name, on the screen or not; from their first line on. */
	keys(&f.m, "X");
	line(&f.m, "close details");
	copied(&f.m, "copy details", "details: copied", "place      generation 1");
	copied(&f.m, "copy frontier", "frontier: copied", " ready: this is the next event\n");
	line(&f.m, "view strings");
	copied(&f.m, "copy", "strings: copied", "\n stack 1 ");
	keys(&f.m, "Xvc]");
	copied(&f.m, "copy", "context: copied", "goroutine must have");
	assert_int_equal(f.m.scroll[PANE_CONTEXT], 1);
	/* The table as data, all of it; what is not on the screen is not there. */
	model_line(&f.m, ':', "copy table");
	assert_string_equal(f.m.message, "table: it is not on the screen; :view opens it");
	line(&f.m, "goroutines");
	copied(&f.m, "copy", "table: copied", "\n");
	assert_memory_equal(f.m.copy.text, "G,", 2);
	keys(&f.m, "?");
	copied(&f.m, "copy", "help: copied", "one event forward");
	keys(&f.m, "q");
	/* A script has no terminal. */
	f.m.script.held = true;
	model_line(&f.m, ':', "copy");
	assert_int_equal(f.m.message_style, ST_BAD);
	assert_int_equal(f.m.effect, EFFECT_NONE);
	f.m.script.held = false;
	close_file(&f);
}

/* A trace of G1, which creates so many others. To be freed. */
static char *
many_created(int n)
{
	size_t cap = (size_t)n * 60 + 1000;
	char *text = malloc(cap);
	struct sb b = sb_on(text, cap);
	int size = 9; /* of the two before them */

	assert_non_null(text);
	for (int g = 2; g < n + 2; g++)
		size += g < 128 ? 5 : 6;
	sb_printf(&b, "Trace Go1.22\nEventBatch gen=1 m=0 time=0 size=%d\nProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=0 gstatus=2\n", size);
	for (int g = 2; g < n + 2; g++)
		sb_printf(&b, "GoCreate dt=1 new_g=%d new_stack=0 stack=0\n", g);
	sb_add(&b, "EventBatch gen=1 m=18446744073709551615 time=0 size=5\nFrequency freq=15625000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=1\nStacks\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=1\nStrings\n");
	return text;
}

/* Up to the last line that is there as a whole. */
static void
copies_no_more(void **state)
{
	struct fixture f;
	char *text = many_created(3000);

	(void)state;
	open_text(&f, text, 24, 80, true);
	free(text);
	line(&f.m, "goroutines");
	copied(&f.m, "copy", " lines; there are more, but no more than 100 KB go there", "\n");
	assert_in_range(f.m.copy.n, COPY_MAX - 100, COPY_MAX);
	close_file(&f);
}

/* --- panes beside each other ------------------------------------------------------------------------ */

/* From one place to another, with the button held. */
static void
drag(struct model *m, int y, int x, int to_y, int to_x)
{
	mouse(m, MOUSE_PRESS, y, x);
	mouse(m, MOUSE_RELEASE, to_y, to_x);
}

static void
splits_by_key(void **state)
{
	const struct rect *list, *stack, *context;
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	list = &f.m.lay.pane[PANE_EVENTS], stack = &f.m.lay.pane[PANE_STACK], context = &f.m.lay.pane[PANE_CONTEXT];
	assert_int_equal(list->w, 80);
	keys(&f.m, "|s");
	assert_int_equal(f.m.arr.focus, PANE_STACK);
	assert_int_equal(list->w, 40);
	assert_int_equal(stack->x, 41);
	assert_int_equal(stack->w, 39);
	assert_int_equal(stack->y, list->y);
	assert_int_equal(context->w, 80);
	/* The line between them moves, whichever has the keys, and leaves neither too little. */
	keys(&f.m, "3)");
	assert_int_equal(stack->w, 42);
	keys(&f.m, "<Tab>(50(");
	assert_int_equal(f.m.arr.focus, PANE_EVENTS);
	assert_int_equal(list->w, 30);
	assert_int_equal(stack->w, 49);
	/* Apart, and with the next one, and from the prompt. */
	keys(&f.m, "||");
	assert_int_equal(list->w, 80);
	line(&f.m, "close stack");
	keys(&f.m, "||");
	assert_int_equal(context->y, list->y);
	assert_true(context->x > 0);
	line(&f.m, "split frontier");
	assert_int_equal(f.m.lay.pane[PANE_FRONTIER].w, 80);
	model_resize(&f.m, 24, 120);
	settle(&f.m);
	assert_int_equal(f.m.lay.pane[PANE_FRONTIER].y, 1);
	assert_int_equal(context->y, 1);
	line(&f.m, "split nosuch");
	shows(&f.m, "there is no pane \"nosuch\"", true);
	close_file(&f);
}

/* Pairs of a wide screen come apart, too. */
static void
splits_of_pairs(void **state)
{
	const struct rect *context, *details;
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 60, 200, true);
	context = &f.m.lay.pane[PANE_CONTEXT], details = &f.m.lay.pane[PANE_DETAILS];
	assert_int_equal(context->y, details->y);
	keys(&f.m, "<Tab><Tab>||");
	assert_int_equal(f.m.arr.focus, PANE_CONTEXT);
	assert_true(details->y > context->y);
	keys(&f.m, "||");
	assert_int_equal(context->y, details->y);
	keys(&f.m, "_");
	assert_int_equal(context->y, details->y);
	close_file(&f);
}

static void
splits_by_mouse(void **state)
{
	const struct rect *list, *context, *details;
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	list = &f.m.lay.pane[PANE_EVENTS], context = &f.m.lay.pane[PANE_CONTEXT], details = &f.m.lay.pane[PANE_DETAILS];
	/* A title. */
	drag(&f.m, details->y, 30, details->y - 3, 30);
	assert_int_equal(details->y, 16);
	drag(&f.m, context->y, 30, context->y - 2, 30);
	assert_int_equal(context->y, 9);
	/* The button; then the line. */
	mouse(&f.m, MOUSE_PRESS, 3, 20);
	mouse(&f.m, MOUSE_PRESS, 1, 80 - 6);
	mouse(&f.m, MOUSE_RELEASE, 1, 80 - 6);
	assert_int_equal(context->y, list->y);
	assert_int_equal(context->x, 41);
	drag(&f.m, 4, 40, 5, 46);
	assert_int_equal(context->x, 47);
	assert_int_equal(f.m.cursor, 2);
	mouse(&f.m, MOUSE_PRESS, 1, 46 - 6);
	assert_int_equal(list->w, 80);
	close_file(&f);
}

static void
columns_by_mouse(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	shows(&f.m, "pstatus=Running ", false);
	/* The edge of the event's column, then its heading, to the beginning. */
	drag(&f.m, 1, 62, 1, 68);
	assert_true(f.m.columns[COLUMNS_EVENTS].chosen);
	shows(&f.m, "pstatus=Running ", true);
	drag(&f.m, 1, 40, 1, 4);
	assert_int_equal(f.m.columns[COLUMNS_EVENTS].at[0].id, COL_EVENT);
	assert_int_equal(f.m.columns[COLUMNS_EVENTS].at[1].id, COL_NUMBER);
	drag(&f.m, 1, 79, 1, -5);
	line(&f.m, "columns");
	assert_false(f.m.columns[COLUMNS_EVENTS].chosen);
	close_file(&f);
}

/* What was recorded into a file, which is gone then. */
static void
recorded(const char *path, const char *want)
{
	char text[1000];

	text[get_file(path, text, sizeof text - 1)] = 0;
	unlink(path);
	assert_string_equal(text, want);
}

/* Of a table they are dragged as those of the list; a heading that is not sorts by it, or the other way. */
static void
table_columns_by_mouse(void **state)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", command[80];
	const struct columns_chosen *c;
	const struct table *t;
	struct fixture f;
	int fd = mkstemp(path), y;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	open_file(&f, MIXED, 24, 80, true);
	c = &f.m.columns[CENSUS_GOROUTINES];
	t = &f.m.table;
	line(&f.m, "goroutines");
	snprintf(command, sizeof command, "record %s", path);
	line(&f.m, command);
	y = f.m.lay.pane[PANE_TABLE].y + 1;
	shows(&f.m, "        G state     running▼  runnable ", true);
	/* A row that is chosen so is, where it is recorded, too. */
	drag(&f.m, y + 3, 10, y + 3, 10);
	drag(&f.m, y, 35, y, 35);
	assert_string_equal(column_name(CENSUS_GOROUTINES, t->sort[CENSUS_GOROUTINES]), "runnable");
	assert_true(t->reverse[CENSUS_GOROUTINES]);
	/* A hand that trembles. */
	drag(&f.m, y, 35, y, 37);
	assert_false(t->reverse[CENSUS_GOROUTINES] || c->chosen);
	/* The state's right edge, then its heading, to the beginning. */
	drag(&f.m, y, 19, y, 23);
	assert_true(c->chosen);
	assert_int_equal(c->at[1].width, 12);
	shows(&f.m, "        G state          running runnable▲", true);
	drag(&f.m, y, 12, y, 4);
	shows(&f.m, "  state               G   running runnable▲", true);
	/* Between two columns nothing is clicked, nor are there columns where bars are. */
	drag(&f.m, y, 23, y, 23);
	keys(&f.m, "i");
	drag(&f.m, y, 12, y, 40);
	keys(&f.m, "i");
	shows(&f.m, "  state               G   running runnable▲", true);
	/* Those of other tables, and of the list, are as they were. */
	assert_false(f.m.columns[COLUMNS_EVENTS].chosen || f.m.columns[CENSUS_GROUPS].chosen);
	drag(&f.m, 1, 62, 1, 60);
	assert_true(f.m.columns[COLUMNS_EVENTS].chosen);
	line(&f.m, "record");
	recorded(path, "table goroutines\nfirst\ndown 2\nsort runnable down\nsort runnable up\n"
		"columns goroutines: G state:12 running runnable waiting syscall function\n"
		"columns goroutines: state:12 G running runnable waiting syscall function\n"
		"histogram\nhistogram\nview events\n"
		"columns events: number time delta m p g event:22 change\n");
	close_file(&f);
}

/* --- what is done by hand, done again ----------------------------------------------------------------- */

/* The prompt as the terminal has it. */
static void
typed(struct model *m, char kind, const char *text)
{
	m->prompt.kind = 0;
	script_note_line(m, kind, text);
	model_line(m, kind, text);
	settle(m);
}

/* Begun elsewhere than at the start, under other rules: what led there comes first, and it all is had again. */
static void
records_from_here(void **state)
{
	static const char want[] = "model go1.22-tolerant\nrequire GoLabel.proc=may\nbreak GoBlock\nfilter GoStart\ngoto 40\nmark a\nfollow g 1\ngoto 200\n"
				   "step\n";
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", command[80], text[400];
	int fd = mkstemp(path);
	struct fixture f;
	uint64_t at;
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "model go1.22-tolerant; require GoLabel.proc=may; goto 40; mark a; goto 200; break GoBlock; filter GoStart; follow g 1");
	snprintf(command, sizeof command, "record %s", path);
	line(&f.m, command);
	keys(&f.m, "s");
	at = f.m.cursor;
	assert_true(at > 200);
	typed(&f.m, ':', "record");
	close_file(&f);
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	assert_string_equal(text, want);
	open_file(&f, MIXED, 24, 80, true);
	snprintf(command, sizeof command, "source %s", path);
	line(&f.m, command);
	settle(&f.m);
	assert_int_equal(f.m.cursor, at);
	assert_int_equal(f.m.query.follow_id, 1);
	close_file(&f);
	unlink(path);
}

/* What was pointed at is recorded as what can be typed. */
static void
records_links(void **state)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", command[80], text[2000] = "";
	int fd = mkstemp(path);
	struct fixture f;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, "goto 2000");
	snprintf(command, sizeof command, "record %s", path);
	line(&f.m, command);
	click_on(&f.m, PANE_CONTEXT, "by G37 at 78", 3);
	click_on(&f.m, PANE_CONTEXT, "by G37 at 78", 10);
	line(&f.m, "goto 2000");
	for (int i = 0; i < 40 && f.m.cursor == 2000; i++)
		keys(&f.m, "vc<Right><Enter>");
	line(&f.m, "record");
	assert_true(get_file(path, text, sizeof text - 1) > 0);
	unlink(path);
	if (!strstr(text, "\nview context\ntimeline g 37\nview context\ngoto 78\n") || strstr(text, "right") || strstr(text, "open") ||
		strcmp(text + strlen(text) - 8, "goto 78\n"))
		fail_msg("recorded:\n%s", text);
	close_file(&f);
}

static void
records(void **state)
{
	static const char want[] = "step 2\nmark a\nstep\ngoto 12\nto-mark a\nview stack\nsplit frontier\nsplit frontier\n"
				   "table\nview events\ngoto 5\nfilter GoBlock\nfind GoStop\nnext\nfind \"GoStop \"\nfind \"GoStop \"\ngoto 50%\nstep 3\n"
				   "goto 7\nstep 2\nmark c\nback\ngoto 3\n10\nnext GoCreate\ngoto 12\nstep\n"
				   "timeline\nlast\n";
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", other[] = "/tmp/gotrace-tui-test-XXXXXX", command[80], text[1000];
	int fd = mkstemp(path), fd2 = mkstemp(other);
	struct fixture f, again;
	FILE *file, *source;

	(void)state;
	assert_true(fd >= 0 && fd2 >= 0);
	close(fd);
	close(fd2);
	open_file(&f, MIXED, 24, 80, true);
	snprintf(command, sizeof command, "record %s", path);
	line(&f.m, command);
	keys(&f.m, "2smas<PgDn>'avs|f||pta");
	assert_true(f.m.palette.open);
	keys(&f.m, "<Esc>");
	keys(&f.m, "pgo-nowhere<Esc>o");
	mouse(&f.m, MOUSE_PRESS, f.m.lay.pane[PANE_EVENTS].y + 5, 10);
	keys(&f.m, "&");
	typed(&f.m, ':', "filter GoBlock");
	keys(&f.m, "/");
	typed(&f.m, '/', "GoStop");
	typed(&f.m, '/', "");
	typed(&f.m, '/', "GoStop ");
	/* What does nothing is not recorded. */
	typed(&f.m, '/', "x;\"y");
	keys(&f.m, "n'q");
	typed(&f.m, ':', "next g == 4711");
	typed(&f.m, ':', "nosuch");
	typed(&f.m, '/', "GoStop ");
	typed(&f.m, ':', "goto 50%; step 3");
	/* Of several commands those that were done, whoever says them, and not those behind one that came to nothing. */
	typed(&f.m, ':', "goto 7; step 2 ; mark c # here");
	typed(&f.m, ':', "back; next g == 4711; step 5");
	typed(&f.m, ':', "nosuch; step 5");
	source = fopen(other, "w");
	assert_non_null(source);
	fputs("10; next GoCreate\nnext g == 4711; 11\n", source);
	fclose(source);
	snprintf(command, sizeof command, "goto 3; source %s; 11", other);
	typed(&f.m, ':', command);
	snprintf(command, sizeof command, "source %s.none; 11", other);
	typed(&f.m, ':', command);
	line(&f.m, "key F6 \"goto 12; step; nosuch; 13\"");
	keys(&f.m, "<F6>");
	unlink(other);
	keys(&f.m, "tG<^Z>");
	typed(&f.m, ':', "record");
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	unlink(path);
	assert_string_equal(text, want);
	open_file(&again, MIXED, 30, 100, false);
	script_queue(&again.m, text);
	settle(&again.m);
	assert_int_equal(again.m.cursor, f.m.cursor);
	assert_int_equal(again.m.arr.focus, f.m.arr.focus);
	assert_int_equal(again.m.arr.open, f.m.arr.open);
	close_file(&again);
	close_file(&f);
}

/* --- how things look ------------------------------------------------------------------------------ */

static void
chosen_columns(void **state)
{
	struct columns_chosen c;
	const char *wrong = "";
	struct fixture f;

	(void)state;
	columns_usual(COLUMNS_EVENTS, &c);
	assert_int_equal(columns_parse(COLUMNS_EVENTS, &c, "number, time:14 ev", &wrong), COLUMNS_RIGHT);
	assert_int_equal(c.n, 3);
	assert_int_equal(c.at[1].width, 14);
	assert_int_equal(columns_parse(COLUMNS_EVENTS, &c, "number nosuch", &wrong), COLUMNS_UNKNOWN);
	assert_string_equal(wrong, "nosuch");
	open_file(&f, MIXED, 24, 120, true);
	line(&f.m, "columns number generation offset event function time:20");
	line(&f.m, "find chan send");
	shows(&f.m, "function", true);
	shows(&f.m, "runtime.chansend1", true);
	shows(&f.m, "change", false);
	line(&f.m, "time raw");
	shows(&f.m, "3604467777920", true);
	line(&f.m, "columns nosuch");
	shows(&f.m, "no column", true);
	/* What there is no room for is cut off, and one sees that: beside the buttons, too. */
	line(&f.m, "columns number:60 time:50 event delta");
	shows(&f.m, " +2… - | + x", true);
	keys(&f.m, "<Tab>");
	shows(&f.m, " raw   +2…\n", true);
	keys(&f.m, "<S-Tab><Right><Right>");
	shows(&f.m, "▸…  ", true);
	shows(&f.m, " raw   event", true);
	shows(&f.m, "there are no more columns to the right", true);
	line(&f.m, "columns");
	shows(&f.m, "▸     # ", true);
	close_file(&f);
}

/* Too much time for its column: fewer digits, then another unit, but nothing that is cut off. */
static void
long_times(void **state)
{
	static const char trace[] = "Trace Go1.22\n"
		"EventBatch gen=1 m=0 time=0 size=41\n"
		"ProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=0 gstatus=2\n"
		"STWBegin dt=1 kind_string=1 stack=0\n"
		"STWEnd dt=123456789012\n"
		"STWBegin dt=1000000000000000 kind_string=1 stack=0\n"
		"STWEnd dt=9000000000000000000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=1\n"
		"Stacks\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=5\n"
		"Strings\n"
		"String id=1\n"
		"\tdata=\"x\"\n";
	struct fixture f;

	(void)state;
	open_text(&f, trace, 24, 80, true);
	shows(&f.m, " 0.000000s ", true);
	shows(&f.m, " 123.45678s   123s ", true);
	shows(&f.m, " 1000123.4s   278h ", true);
	shows(&f.m, "       285y   285y ", true);
	line(&f.m, "columns number time:4 event");
	shows(&f.m, " 123s ", true);
	line(&f.m, "ranges");
	shows(&f.m, "     285y      143y ", true);
	close_file(&f);
}

static void
themes(void **state)
{
	struct theme t;
	const char *wrong = "";

	(void)state;
	for (size_t i = 0; theme_name(i); i++)
		assert_true(theme_get(&t, theme_name(i)));
	assert_false(theme_get(&t, "nosuch"));
	assert_true(theme_get(&t, "default"));
	for (int i = 0; i < STYLES; i++) {
		assert_non_null(style_name((enum style)i));
		assert_int_equal(style_by_name(style_name((enum style)i), strlen(style_name((enum style)i))), i);
	}
	assert_true(theme_color(&t, ST_M, "green on 17 bold", &wrong));
	assert_int_equal(t.look[ST_M].fg, 2);
	assert_int_equal(t.look[ST_M].bg, 17);
	assert_int_equal(t.look[ST_M].attr, LOOK_BOLD);
	assert_true(theme_color(&t, ST_M, "#ff0000", &wrong));
	assert_int_equal(theme_rgb(t.look[ST_M].fg), 0xff0000);
	assert_false(theme_color(&t, ST_M, "green at night", &wrong));
	assert_string_equal(wrong, "at night");
	assert_false(theme_color(&t, ST_M, "256", &wrong));
	assert_false(theme_color(&t, ST_M, "#12", &wrong));
}

static void
settings(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	settings_read(&f.m, "# a comment\n\n  theme light\nkey F5 goto 50%\nkey x step\r\nbogus\ncolor nosuch 3\ncolumns number event\n"
		"columns groups: function count:4\ntable goroutines\ncolumns G state", "conf");
	assert_string_equal(f.m.theme.name, "light");
	assert_int_equal(f.m.columns[COLUMNS_EVENTS].n, 2);
	assert_int_equal(f.m.columns[CENSUS_GROUPS].at[1].width, 4);
	assert_int_equal(f.m.columns[CENSUS_GOROUTINES].n, 2);
	assert_non_null(strstr(f.m.message, "conf:6: there is no command \"bogus\"; Tab lists them (and 1 more)"));
	keys(&f.m, "X");
	settings_read(&f.m, "theme dark\nfilter g === 3", "conf");
	shows(&f.m, "   g === 3\n       ^\n conf:2: the number of a goroutine, or none is expected here\n", true);
	settings_read(&f.m, "theme light", "conf");
	keys(&f.m, "<F5>");
	assert_int_equal(f.m.cursor, 2229);
	keys(&f.m, "3x");
	assert_int_equal(f.m.cursor, 2232);
	line(&f.m, "key x");
	keys(&f.m, "x");
	assert_int_equal(f.m.cursor, 2232);
	line(&f.m, "key F6 \"goto 7; step 2\"; goto 1");
	assert_int_equal(f.m.cursor, 1);
	keys(&f.m, "<F6>");
	assert_int_equal(f.m.cursor, 9);
	line(&f.m, "goto 2232");
	line(&f.m, "key Nosuch step");
	shows(&f.m, "there is no key \"Nosuch\"", true);
	line(&f.m, "ascii on");
	assert_false(f.m.utf8);
	{
		char *text = picture(&f.m);

		for (const char *p = text; *p; p++)
			assert_true((unsigned char)*p < 0x80);
		free(text);
	}
	line(&f.m, "ascii off");
	assert_true(f.m.utf8);
	close_file(&f);
}

/* A file of settings that is none: said, and never waited for. */
static void
settings_that_are_none(void **state)
{
	char folder[] = "/tmp/gotrace-tui-test-XXXXXX", path[80];
	struct fixture f;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("XDG_CONFIG_HOME", folder, 1);
	open_file(&f, MIXED, 24, 80, true);
	snprintf(path, sizeof path, "%s/gotrace-tui", folder);
	settings_load(&f.m);
	assert_int_equal(f.m.message[0], 0);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/config");
	assert_int_equal(mkfifo(path, 0600), 0);
	settings_load(&f.m);
	assert_non_null(strstr(f.m.message, "config: it is no file"));
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	settings_load(&f.m);
	assert_non_null(strstr(f.m.message, "config: Is a directory"));
	rmdir(path);
	file = fopen(path, "w");
	assert_non_null(file);
	fwrite("theme light\n\0", 1, 13, file);
	fclose(file);
	settings_load(&f.m);
	assert_non_null(strstr(f.m.message, "config: it is no text"));
	unlink(path);
	*strrchr(path, '/') = 0;
	rmdir(path);
	rmdir(folder);
	unsetenv("XDG_CONFIG_HOME");
	close_file(&f);
}

static char *
exported(struct model *m, const char *ending)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", name[64], command[80];
	char *text = calloc(1, 1 << 20);
	int fd = mkstemp(path);
	FILE *file;

	assert_true(fd >= 0);
	close(fd);
	snprintf(name, sizeof name, "%s.%s", path, ending);
	snprintf(command, sizeof command, "export %s", name);
	line(m, command);
	assert_int_equal(m->message_style, ST_OK);
	m->message[0] = 0;
	file = fopen(name, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	unlink(name);
	unlink(path);
	return text;
}

static char *
file_text(const char *path)
{
	char *text = calloc(1, 1 << 16);
	FILE *file = fopen(path, "r");

	assert_true(text && file);
	assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
	fclose(file);
	return text;
}

/* A cell of a CSV file, unquoted, into out; where the next one begins, behind the , or the line end. */
static const char *
csv_cell(const char *p, char *out)
{
	bool quoted = *p == '"';

	for (p += quoted; quoted ? *p != '"' || *++p == '"' : !strchr(",\n", *p); p++)
		*out++ = *p;
	*out = 0;
	assert_true(*p == ',' || *p == '\n');
	return p + 1;
}

/* Names that a spreadsheet would fall over. */
static const char hard_names[] = "Trace Go1.22\n"
	"EventBatch gen=1 m=0 time=0 size=29\n"
	"ProcStatus dt=1 p=0 pstatus=1\n"
	"GoStatus dt=1 g=1 m=0 gstatus=2\n"
	"UserTaskBegin dt=100 task=7 parent_task=0 name_string=1 stack=0\n"
	"UserTaskBegin dt=100 task=8 parent_task=7 name_string=2 stack=0\n"
	"UserTaskEnd dt=100 task=7 stack=0\n"
	"UserTaskEnd dt=100 task=9 stack=0\n"
	"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
	"Frequency freq=1000000000\n"
	"EventBatch gen=1 m=18446744073709551615 time=0 size=20\n"
	"Strings\n"
	"String id=1\n\tdata=\"a, \\\"b\\\"\\nc\"\n"
	"String id=2\n\tdata=\"plain\"\n";

static void
tables_as_data(void **state)
{
	char dir[] = "/tmp/gotrace-csv-XXXXXX", path[64], command[80], cell[300], *text;
	const char *p;
	struct fixture f;
	size_t columns = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/t.csv", dir);
	snprintf(command, sizeof command, "export %s", path);
	open_text(&f, hard_names, 24, 80, false);
	line(&f.m, command);
	shows(&f.m, "there is no table on the screen", true);
	line(&f.m, "tasks");
	line(&f.m, command);
	shows(&f.m, "written, 3 rows", true);
	text = file_text(path);
	assert_string_equal(text, "task,parent,began,took,regions,logs,name\n"
		"7,0,101,200,0,0,\"a, \"\"b\"\"\nc\"\n8,7,201,,0,0,plain\n9,,,,0,0,(not told)\n");
	free(text);
	close_file(&f);
	/* The rows listed, in their order, and all columns, whatever the screen. */
	open_file(&f, MIXED, 24, 80, false);
	line(&f.m, "goroutines");
	line(&f.m, "sort G");
	line(&f.m, "only main");
	line(&f.m, "histogram");
	line(&f.m, command);
	text = file_text(path);
	p = text;
	for (const struct column *col = cells_columns(CENSUS_GOROUTINES); col->name; col++, columns++) {
		p = csv_cell(p, cell);
		assert_string_equal(cell, col->name);
	}
	assert_true(f.m.table.rows > 10);
	for (size_t i = 0; i < f.m.table.rows; i++) {
		const struct census_g *g = census_g(f.m.census, f.m.table.row[i]);

		assert_int_equal(p[-1], '\n');
		for (size_t k = 0; k < columns; k++) {
			const char *name = cells_columns(CENSUS_GOROUTINES)[k].name;

			p = csv_cell(p, cell);
			if (!strcmp(name, "G"))
				assert_int_equal(strtoll(cell, NULL, 10), g->id);
			if (!strcmp(name, "waiting"))
				assert_int_equal(strtoll(cell, NULL, 10), g->waiting);
			if (!strcmp(name, "ended"))
				assert_int_equal(*cell != 0, census_ended(g));
			if (!strcmp(name, "function"))
				assert_non_null(strstr(cell, "main"));
		}
	}
	assert_int_equal(*p, 0);
	free(text);
	/* Typed before there are rows: once they are all there. */
	census_clear(f.m.census);
	table_clear(&f.m);
	unlink(path);
	model_line(&f.m, ':', command);
	assert_non_null(strstr(f.m.message, "the commands go on once this is complete"));
	assert_int_equal(access(path, F_OK), -1);
	settle(&f.m);
	while (script_step(&f.m))
		settle(&f.m);
	assert_int_equal(access(path, F_OK), 0);
	close_file(&f);
	unlink(path);
	rmdir(dir);
}

static void
exports(void **state)
{
	struct fixture f;
	struct canvas c;
	char *text, *screen, *svg;
	FILE *file = tmpfile();

	(void)state;
	open_file(&f, MIXED, 40, 120, true);
	text = exported(&f.m, "txt");
	screen = picture(&f.m);
	assert_string_equal(text, screen);
	free(text);
	text = exported(&f.m, "ansi");
	assert_non_null(strstr(text, "\033[0;1m"));
	free(text);
	svg = exported(&f.m, "svg");
	assert_int_equal(strncmp(svg, "<svg ", 5), 0);
	assert_non_null(strstr(svg, "</svg>\n"));
	free(svg);
	free(screen);
	line(&f.m, "export /nonexistent/x.svg");
	assert_int_equal(f.m.message_style, ST_BAD);
	line(&f.m, "export x.png");
	shows(&f.m, "must end in .txt, .ansi or .svg", true);
	close_file(&f);
	/* What XML means something by. */
	assert_true(canvas_init(&c, 1, 40, true));
	canvas_put(&c, 0, 0, ST_TEXT, "<script>\"&\033[31m");
	{
		struct theme t;
		char out[4096] = "";

		theme_get(&t, "dark");
		assert_true(picture_write(file, &c, &t, PICTURE_SVG));
		rewind(file);
		assert_true(fread(out, 1, sizeof out - 1, file) > 0);
		assert_non_null(strstr(out, "&#60;script&#62;&#34;&#38;\\x1b[31m"));
	}
	canvas_free(&c);
	fclose(file);
}

/* --- help --------------------------------------------------------------------------------------------- */

static void
help_on_everything(void **state)
{
	struct lines l = { 0 };
	struct fixture f;

	(void)state;
	for (size_t i = 0; topic_name(i); i++) {
		lines_clear(&l, 80, true);
		if (!topic_lines(&l, topic_name(i)))
			fail_msg("no help on %s", topic_name(i));
	}
	lines_clear(&l, 80, true);
	assert_false(topic_lines(&l, "nosuchthing"));
	/* Near: one of the words is in a name, or in what is said. */
	assert_true(topic_lines(&l, "GoBlocked") && topic_lines(&l, "chan receive"));
	lines_free(&l);
	open_file(&f, MIXED, 24, 80, true);
	line(&f.m, "help procsteal");
	shows(&f.m, "ProcSteal (12)", true);
	line(&f.m, "help NO_PROC");
	shows(&f.m, "reason", true);
	line(&f.m, "help ^O");
	shows(&f.m, ":backward", true);
	line(&f.m, "help nosuch");
	shows(&f.m, "there is no help on \"nosuch\"", true);
	/* Reasons of waiting, in quotes or not; and keys that do nothing, or what the user made of them. */
	for (int i = 0; i < 2; i++) {
		line(&f.m, i ? "help \"chan send\"" : "help chan send");
		shows(&f.m, "It sends on a channel", true);
	}
	line(&f.m, "help \"no such\"");
	shows(&f.m, "there is no help on \"no such\"", true);
	line(&f.m, "help F5");
	shows(&f.m, "F5 is bound to nothing; :key F5 COMMAND binds it", true);
	line(&f.m, "key F5 goto 50%");
	line(&f.m, "help F5");
	shows(&f.m, "bound to", true);
	shows(&f.m, "goto 50%", true);
	/* Headings of the list and of every table. */
	for (int of = 0; of < COLUMNS_OF; of++)
		for (int i = 0; column_name(of, i); i++) {
			char command[60], want[200];

			snprintf(command, sizeof command, "help %s", column_name(of, i));
			snprintf(want, sizeof want, "%s of %s: %.20s", column_name(of, i), columns_of(of), column_what(of, i));
			line(&f.m, command);
			keys(&f.m, "G");
			model_resize(&f.m, 60, 80);
			shows(&f.m, want, true);
			model_resize(&f.m, 24, 80);
		}
	/* What is called so comes, not what only begins so; but that is found, too. */
	line(&f.m, "help stack");
	shows(&f.m, "the call stacks of the event", true);
	shows(&f.m, ":stacked", false);
	line(&f.m, "help stacke");
	shows(&f.m, ":stacked", true);
	close_file(&f);
}

static void
type_name(struct palette *p, const char *name, size_t n)
{
	enum cmd cmd;

	for (size_t i = 0; i < n; i++)
		assert_false(palette_key(p, (ui_key)name[i], &cmd));
	assert_true(p->n > 0);
}

static void
palettes(void **state)
{
	struct fixture f;
	int score;

	(void)state;
	assert_true(palette_matches("goroutines", "grt", &score));
	assert_false(palette_matches("goroutines", "tg", &score));
	open_file(&f, MIXED, 24, 80, true);
	keys(&f.m, "p");
	shows(&f.m, "commands", true);
	keys(&f.m, "zoomo");
	shows(&f.m, "zoom-out", true);
	keys(&f.m, "<Esc>");
	shows(&f.m, "zoom-out", false);
	keys(&f.m, "pgoroutines<Enter>");
	assert_int_equal(f.m.arr.focus, PANE_TABLE);
	keys(&f.m, "psort<Enter>");
	assert_int_equal(f.m.effect, EFFECT_PROMPT);
	assert_string_equal(f.m.begin, "sort ");
	close_file(&f);
}

/* Every command, by its names: it comes first, and Enter does it only where nothing more can be said of it. */
static void
palettes_ask_for_arguments(void **state)
{
	struct palette p;
	struct fixture f;
	int asked = 0;

	(void)state;
	open_file(&f, MIXED, 24, 80, true);
	for (int c = CMD_NONE + 1; c < CMDS; c++) {
		const struct cmd_row *row = cmd_row((enum cmd)c);
		char begin[40];

		if (!row->name[0])
			continue;
		palette_begin(&p);
		type_name(&p, row->name, strlen(row->name));
		assert_int_equal(p.found[0], c);
		for (const char *name = row->other; *name; name += strcspn(name, " "), name += *name == ' ') {
			palette_begin(&p);
			type_name(&p, name, strcspn(name, " "));
			assert_int_equal(p.found[0], c);
		}
		if (!*cmd_arg_form(row->arg))
			continue;
		keys(&f.m, "p");
		type_name(&f.m.palette, row->name, strlen(row->name));
		keys(&f.m, "<Enter>");
		assert_false(f.m.palette.open);
		snprintf(begin, sizeof begin, "%s ", row->name);
		assert_int_equal(f.m.effect, EFFECT_PROMPT);
		assert_string_equal(f.m.begin, begin);
		f.m.effect = EFFECT_NONE;
		f.m.prompt.kind = 0;
		asked++;
	}
	assert_true(asked > 50);
	/* What was set stays till Enter is the answer at the prompt, too. */
	line(&f.m, "filter GoBlock");
	assert_non_null(f.m.query.filter.e);
	keys(&f.m, "pfilter<Enter>");
	assert_non_null(f.m.query.filter.e);
	f.m.effect = EFFECT_NONE;
	f.m.prompt.kind = 0;
	keys(&f.m, "<Esc>");
	assert_non_null(f.m.query.filter.e);
	typed(&f.m, ':', "filter ");
	assert_null(f.m.query.filter.e);
	close_file(&f);
}

static void
long_messages(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, MIXED, 24, 60, true);
	keys(&f.m, "v");
	shows(&f.m, "[e]vents", true);
	shows(&f.m, "st[r]ings", true);
	keys(&f.m, "b");
	assert_int_equal(f.m.arr.focus, PANE_BYTES);
	line(&f.m, "99999999999999999999");
	shows(&f.m, "no trace has an event 99999999999999999999", true);
	close_file(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trails),
		cmocka_unit_test(marks),
		cmocka_unit_test(origins_of_a_goroutine),
		cmocka_unit_test(scripts_wait_for_views),
		cmocka_unit_test(scripts_end),
		cmocka_unit_test(lines_of_files),
		cmocka_unit_test(a_key_ends_that),
		cmocka_unit_test(keys_before_the_rows),
		cmocka_unit_test(every_pane),
		cmocka_unit_test(every_pane_at_the_end),
		cmocka_unit_test(fields),
		cmocka_unit_test(fields_of_old),
		cmocka_unit_test(fields_of_cut_entries),
		cmocka_unit_test(arrangements),
		cmocka_unit_test(mice),
		cmocka_unit_test(splits_by_key),
		cmocka_unit_test(splits_of_pairs),
		cmocka_unit_test(links_by_mouse),
		cmocka_unit_test(links_by_key),
		cmocka_unit_test(links_to_events),
		cmocka_unit_test(lanes_by_name),
		cmocka_unit_test(copies),
		cmocka_unit_test(copies_no_more),
		cmocka_unit_test(splits_by_mouse),
		cmocka_unit_test(columns_by_mouse),
		cmocka_unit_test(table_columns_by_mouse),
		cmocka_unit_test(records_links),
		cmocka_unit_test(records),
		cmocka_unit_test(records_from_here),
		cmocka_unit_test(chosen_columns),
		cmocka_unit_test(long_times),
		cmocka_unit_test(themes),
		cmocka_unit_test(settings),
		cmocka_unit_test(settings_that_are_none),
		cmocka_unit_test(exports),
		cmocka_unit_test(tables_as_data),
		cmocka_unit_test(help_on_everything),
		cmocka_unit_test(palettes),
		cmocka_unit_test(palettes_ask_for_arguments),
		cmocka_unit_test(long_messages),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
