/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The explorer without a terminal: keys in, pictures out. */
#include "model.h"

#include "script.h"
#include "testing.h"

#include <ctype.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Names and messages from a stranger. */
static const char hostile[] = "Trace Go1.22\n"
			      "EventBatch gen=1 m=7 time=0 size=25\n"
			      "ProcStatus dt=1 p=0 pstatus=1\n"
			      "GoStatus dt=1 g=1 m=7 gstatus=2\n"
			      "UserTaskBegin dt=1 task=2 parent_task=0 name_string=1 stack=1\n"
			      "UserLog dt=1 task=2 key_string=2 value_string=3 stack=1\n"
			      "UserTaskEnd dt=1 task=2 stack=0\n"
			      "EventBatch gen=1 m=18446744073709551615 time=0 size=5\n"
			      "Frequency freq=15625000\n"
			      "EventBatch gen=1 m=18446744073709551615 time=0 size=8\n"
			      "Stacks\n"
			      "Stack id=1 nframes=1\n"
			      "\tpc=1 func=1 file=2 line=3\n"
			      "EventBatch gen=1 m=18446744073709551615 time=0 size=50\n"
			      "Strings\n"
			      "String id=1\n"
			      "\tdata=\"\\x1b]0;gotcha\\a\\u202e\"\n"
			      "String id=2\n"
			      "\tdata=\"\\xff\\xfe\\x9b31m\"\n"
			      "String id=3\n"
			      "\tdata=\"tab\\there\\nline \\u65e5\\u672c\"\n";

struct fixture {
	struct gt_buf bytes;
	struct gt_trace *trace;
	struct model m;
};

/* The model of the trace in f->bytes. */
static void
open_bytes(struct fixture *f, const char *rules, bool utf8)
{
	struct gt_error err;
	struct gt_model model;
	struct ui_options o = { .file = "test.trace", .model = &model, .memory = 1 << 24 };

	f->trace = gt_open(f->bytes.p, f->bytes.n, &err);
	assert_non_null(f->trace);
	gt_salvage(f->trace, true);
	assert_true(gt_model_get(&model, rules));
	o.trace = f->trace;
	assert_true(model_init(&f->m, &o, utf8));
	model_resize(&f->m, 24, 80);
	model_prepare(&f->m);
}

static void
open_text(struct fixture *f, const char *text, const char *rules, bool utf8)
{
	struct gt_text_error wrong;

	memset(f, 0, sizeof *f);
	if (!gt_text_read(text, strlen(text), &f->bytes, &wrong))
		fail_msg("%u:%u: %s", wrong.line, wrong.col, wrong.text);
	open_bytes(f, rules, utf8);
}

static void
open_file(struct fixture *f, const char *path)
{
	FILE *file = fopen(path, "rb");

	memset(f, 0, sizeof *f);
	assert_non_null(file);
	f->bytes.p = malloc(f->bytes.cap = 1 << 20);
	assert_non_null(f->bytes.p);
	f->bytes.n = fread(f->bytes.p, 1, f->bytes.cap, file);
	assert_true(f->bytes.n < f->bytes.cap);
	fclose(file);
	open_bytes(f, GT_MODEL_DEFAULT, true);
}

static void
close_text(struct fixture *f)
{
	model_free(&f->m);
	gt_close(f->trace);
	gt_buf_free(&f->bytes);
}

static void
work_off(struct model *m)
{
	while (model_busy(m))
		model_work(m, 1000000);
	model_prepare(m);
}

/* Keys as typed; names in <>; ":" and "/" take a line up to the next newline. */
static void
type(struct model *m, const char *keys)
{
	char line[256];

	while (*keys) {
		ui_key key = (unsigned char)*keys;
		size_t n = 1;

		if (*keys == '<') {
			n = strcspn(keys, ">") + 1;
			key = key_by_name(keys + 1, n - 2);
			assert_int_not_equal(key, K_NONE);
		}
		keys += n;
		if (model_key(m, key) == EFFECT_PROMPT) {
			n = strcspn(keys, "\n");
			snprintf(line, sizeof line, "%.*s", (int)n, keys);
			keys += n + (keys[n] == '\n');
			m->prompt.kind = 0;
			model_line(m, (char)key, line);
		}
		work_off(m);
	}
}

/* --- the tables -------------------------------------------------------------- */

static void
table_is_sound(void **state)
{
	(void)state;
	for (int c = CMD_NONE + 1; c < CMDS; c++) {
		const struct cmd_row *row = cmd_row((enum cmd)c);
		const char *k = row->keys;
		bool many;

		assert_true(row->name[0] || row->keys[0]);
		assert_true(row->help[0]);
		if (row->name[0])
			assert_int_equal(cmd_find(row->name, strlen(row->name), &many), c);
		if (row->bar[0])
			assert_true(row->keys[0]);
		for (; *k; k += strcspn(k, " "), k += *k == ' ') {
			ui_key key = key_by_name(k, strcspn(k, " "));

			assert_int_not_equal(key, K_NONE);
			assert_int_equal(key_command(key), c); /* else another has it too */
		}
	}
}

static void
names_and_completion(void **state)
{
	static const struct {
		const char *line, *first;
		size_t n, from;
	} t[] = {
		{ "st", "step", 1, 0 },
		{ "xyzzy", NULL, 0, 0 },
		{ "model cur", "current", 1, 6 },
		{ "require GoCreateSy", "GoCreateSyscall.", 1, 8 },
		{ "require GoCreateSyscall.", "GoCreateSyscall.thread=", 3, 8 },
		{ "require GoCreateSyscall.p", "GoCreateSyscall.proc=", 1, 8 },
		{ "require GoStart.proc=", "GoStart.proc=must", 3, 8 },
		{ "help  quit-", "quit-all", 1, 6 },
		{ "step 5", NULL, 0, 5 },
		{ "sort name ", "name up", 2, 5 },
		{ "sort name d", "name down", 1, 5 },
		{ "timeline m", "m", 1, 9 },
		{ "follow ", "g ", 3, 7 },
		{ "key F1", "F1 ", 4, 4 },
		{ "key F5 timel", "F5 timeline", 1, 4 },
		{ "split fr", "frontier", 1, 6 },
		{ "export x", NULL, 0, 7 },
		{ "goto ", "end", 3, 5 },
		{ "goto g", "gen ", 1, 5 },
	};
	char out[64][CMD_NAME_MAX];
	bool many;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		size_t from, n = cmd_complete(t[i].line, &from, out, 64);

		if (n != t[i].n && !(t[i].first && !strcmp(t[i].first, "step")))
			fail_msg("%s: %zu", t[i].line, n);
		assert_int_equal(from, t[i].from);
		if (t[i].first)
			assert_string_equal(out[0], t[i].first);
	}
	assert_int_equal(cmd_find("q", 1, &many), CMD_QUIT);
	assert_int_equal(cmd_find("ste", 3, &many), CMD_STEP);
	assert_int_equal(cmd_find("pa", 2, &many), CMD_NONE);
	assert_true(many);
	assert_int_equal(cmd_find("nosuch", 6, &many), CMD_NONE);
	assert_false(many);
}

/* --- words ------------------------------------------------------------------------ */

static void
words(void **state)
{
	const struct symbols *sy = symbols_get(true);
	static const struct {
		int64_t ns;
		const char *text;
	} t[] = {
		{ 0, "0ns" },
		{ 64, "64ns" },
		{ 999, "999ns" },
		{ 1000, "1.00µs" },
		{ 2112, "2.11µs" },
		{ 56000, "56.0µs" },
		{ 153000, "153µs" },
		{ 999499, "999µs" },
		{ 999600, "1.00ms" },
		{ 1200000000, "1.20s" },
		{ 98765000000000, "98765s" },
		{ 99999400000000, "99999s" },
		{ 99999500000000, "27.8h" },
		{ 3598000000000000, "999h" },
		{ 3600000000000000, "41.7d" },
		{ 86300000000000000, "999d" },
		{ 86400000000000000, "2.74y" },
		{ 9000000000000000000, "285y" },
		{ -64, "-64ns" },
		{ INT64_MIN, "-292y" },
	};
	char text[64], small[6];
	struct sb b;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		b = sb_on(text, sizeof text);
		fmt_delta(&b, t[i].ns, sy);
		assert_string_equal(text, t[i].text);
	}
	b = sb_on(text, sizeof text);
	fmt_round(&b, 2e13, "u");
	sb_add(&b, " ");
	fmt_round(&b, 5e18, "u");
	sb_add(&b, " ");
	fmt_round(&b, 1e4, "u");
	assert_string_equal(text, "20000s 5e9s 10us");
	/* A half goes away from 0, and nothing overflows. */
	assert_int_equal(fmt_mean(7, 3), 2);
	assert_int_equal(fmt_mean(5, 2), 3);
	assert_int_equal(fmt_mean(-5, 2), -3);
	assert_int_equal(fmt_mean(-4, 3), -1);
	assert_int_equal(fmt_mean(INT64_MAX, 1), INT64_MAX);
	assert_int_equal(fmt_mean(INT64_MIN, 1), INT64_MIN);
	assert_int_equal(fmt_mean(INT64_MAX, UINT64_MAX), 0);
	b = sb_on(text, sizeof text);
	fmt_count(&b, UINT64_MAX);
	assert_string_equal(text, "18,446,744,073,709,551,615");
	b = sb_on(text, sizeof text);
	fmt_time(&b, -1500000001, 9);
	assert_string_equal(text, "-1.500000001s");
	b = sb_on(small, sizeof small);
	sb_add(&b, "abcd→"); /* its three bytes do not fit */
	assert_string_equal(small, "abcd");
}

/* --- moving ------------------------------------------------------------------------- */

static void
opens_at_the_first_event(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", true);
	assert_int_equal(f.m.cursor, 1);
	shows(&f.m, "test.trace", true);
	shows(&f.m, "event 1 of", true);
	work_off(&f.m);
	shows(&f.m, "invalid", true);
	close_text(&f);
	open_text(&f, create_twice, "go1.22-tolerant", true);
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 1);
	assert_int_equal(f.m.lay.pane[PANE_WHY].h, 0);
	close_text(&f);
}

/* --- the status line ------------------------------------------------------------ */

/* Of what arrives the bar says at 80 columns how much there is, so far, with numbers of seven digits. */
static void
narrow_bar(void **state)
{
	struct fixture f;
	struct canvas c;
	char *text;

	(void)state;
	open_text(&f, create_twice, "go1.22-tolerant", true);
	work_off(&f.m);
	for (int tail = 0; tail < 2; tail++) {
		assert_true(canvas_init(&c, 1, 80, true));
		f.m.w = 80;
		f.m.file = "a-trace-whose-name-is-long.trace";
		f.m.cursor = 1234567;
		f.m.known = 4567890;
		f.m.all = f.m.broken = false;
		f.m.arrival.on = true;
		f.m.arrival.bytes = 123456789;
		f.m.arrival.tail = tail;
		bar_draw(&f.m, &c);
		text = canvas_text(&c);
		if (!strstr(text, tail ? "123.5 MB so far, following" : "123.5 MB so far") || !strstr(text, "1,234,567 of 4,567,890+") ||
			!strstr(text, "a-trace"))
			fail_msg("%s", text);
		free(text);
		canvas_free(&c);
	}
	f.m.arrival.on = f.m.arrival.tail = false;
	f.m.cursor = 1;
	close_text(&f);
}

/* The bar of a screen of so many columns at event 2 of so many, so long after the first; freed by the caller. */
static char *
bar_of(struct model *m, int w, uint64_t known, int64_t time)
{
	struct canvas c;
	char *text;

	m->w = w;
	m->cursor = 2;
	m->known = known;
	m->t0 = rows_get(m->rows, 2)->ev.time - time;
	assert_true(canvas_init(&c, 1, w, true));
	bar_draw(m, &c);
	text = canvas_text(&c);
	canvas_free(&c);
	return text;
}

/* What the bar says, by its width: which event and when stay, what file it is of and under which rules gives way. */
static void
bar_gives_way(void **state)
{
	static const struct {
		const char *must; /* the whole bar */
		uint64_t known;
		int64_t time; /* since the first event */
		int w;
		bool follow;
	} t[] = {
		{ " mixed.trace  go1.22  current │ generation 1 of 3 │ event 2 of 4,458 │ +0.002922123s │ ✓ valid", 4458, 2922123, 120, false },
		{ " mixed.trace │ gen 1 of 3 │ event 2 of 4,458 │ +0.002922s │ ✓ valid", 4458, 2922123, 80, false },
		{ " mixed.trace │ event 2 of 4,458 │ +0.002922s │ ✓ valid │ follows G1234567", 4458, 2922123, 80, true },
		{ " mixed.trace │ event 2 of 1,234,567 │ +123.002922s │ ✓ valid │ follows G1234567", 1234567, 123002922123, 80, true },
		{ " mixed.trace │ 2 of 1,234,567 │ +123.002s │ ✓ valid │ follows G1234567", 1234567, 123002922123, 70, true },
		{ " mixed.tr… │ 2 of 1,234,567 │ +2.92ms │ ✓ valid │ follows G1234567", 1234567, 2922123, 66, true },
		{ " mixed.trace │ 2 of 1,234,567 │ ✓ valid │ follows G1234567", 1234567, 2922123, 60, true },
		{ " mixed.trace │ 2 of 4,458 │ +0.002922s │ ✓ valid", 4458, 2922123, 50, false },
		{ " mixed… │ 2 of 4,458 │ +2.92ms │ ✓ valid", 4458, 2922123, 40, false },
		{ " mix… │ 2 of 4,458 │ ✓ valid", 4458, 2922123, 28, false },
		{ " mixed… │ 2 of 4,458", 4458, 2922123, 20, false },
	};
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, GT_MODEL_DEFAULT, true);
	work_off(&f.m);
	f.m.file = "mixed.trace";
	f.m.all = true;
	f.m.broken = false;
	f.m.gen_first = 1;
	f.m.gen_last = 3;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char *text;

		f.m.query.follow = t[i].follow ? GT_G : GT_NO_RES;
		f.m.query.follow_id = 1234567;
		text = bar_of(&f.m, t[i].w, t[i].known, t[i].time);
		if (strncmp(text, t[i].must, strlen(t[i].must)) != 0 || strcspn(text, "\n") != strlen(t[i].must))
			fail_msg("%zu: \"%s\" is not \"%s\"", i, text, t[i].must);
		free(text);
	}
	f.m.cursor = 1;
	f.m.query.follow = GT_NO_RES;
	close_text(&f);
}

/* Until there is an explanation, if there is any. */
static void
explained(struct model *m)
{
	work_off(m);
	why_now(m);
	model_prepare(m);
}

static void
says_why(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", true);
	explained(&f.m);
	/* At the fault, beside the events that led there. */
	assert_int_equal(f.m.cursor, 11);
	assert_int_equal(f.m.arr.focus, PANE_WHY);
	assert_true(f.m.lay.pane[PANE_EVENTS].h >= 8);
	shows(&f.m, "after 10 good events (go 1.22, model current)", true);
	shows(&f.m, "most likely: ", true);
	/* Its place, and that of what is most likely; then what led to it, the first of which is event 4. */
	type(&f.m, "nnn");
	shows(&f.m, "▸        4  ProcStart", true);
	type(&f.m, "<Enter>");
	assert_int_equal(f.m.cursor, 4);
	shows(&f.m, "▸        4  ProcStart", true);
	type(&f.m, "l<Enter>");
	assert_int_equal(f.m.cursor, 5);
	type(&f.m, "<^O><^O>");
	assert_int_equal(f.m.cursor, 11);
	/* A link may be to what was never put in order: one goes as near as there is, and is shown the bytes. */
	type(&f.m, "4N<Enter>");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 11);
	shows(&f.m, "could not be put in order", true);
	assert_true(f.m.arr.open & 1u << PANE_BYTES);
	assert_int_equal(f.m.arr.focus, PANE_WHY);
	/* On a small screen, too: then the explanation does with less, until they are closed. */
	for (int i = 0; i < 2; i++) {
		model_resize(&f.m, 24, 80);
		type(&f.m, "");
		assert_int_equal(f.m.arr.focus, PANE_WHY);
		assert_int_equal(f.m.lay.pane[PANE_BYTES].h > 1, !i);
		assert_true(f.m.lay.pane[PANE_EVENTS].h >= 8 && f.m.lay.pane[PANE_WHY].h >= (i ? 12 : 8));
		if (!i)
			shows(&f.m, "bytes ─ @ 0x", true);
		/* What was chosen is still to be seen. */
		shows(&f.m, "▸2. ", true);
		type(&f.m, ":close bytes\n");
	}
	model_resize(&f.m, 40, 120);
	/* By other rules nothing is wrong, and by those before it is again. */
	type(&f.m, ":model go1.22-tolerant\n");
	explained(&f.m);
	shows(&f.m, "ok, 13 events: there is nothing to explain", true);
	type(&f.m, ":model current\n");
	explained(&f.m);
	shows(&f.m, "invalid: expected a proc", true);
	type(&f.m, "GX");
	assert_int_equal(f.m.lay.pane[PANE_WHY].h, 0);
	type(&f.m, "gw");
	assert_int_equal(f.m.cursor, 11);
	assert_true(f.m.lay.pane[PANE_WHY].h >= 12);
	for (int w = 40; w < 130; w += 13) {
		model_resize(&f.m, 24, w);
		model_prepare(&f.m);
		shows(&f.m, "error after event 10", true);
	}
	close_text(&f);
	/* Nobody is taken away from what they are doing. */
	open_text(&f, create_twice, "current", true);
	type(&f.m, "s");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 2);
	shows(&f.m, "the trace is invalid: w says why", true);
	/* However fast that is: as long as no picture can have been of it, there is something to come. */
	type(&f.m, "w");
	model_prepare(&f.m);
	why_wait(f.m.why.why);
	assert_true(model_waits(&f.m));
	model_work(&f.m, 1000000);
	assert_false(model_waits(&f.m));
	shows(&f.m, "most likely: ", true);
	close_text(&f);
	open_text(&f, create_twice, "current", true);
	type(&f.m, "s");
	work_off(&f.m);
	/* Whoever leaves while it is being explained does not wait for that. */
	type(&f.m, "w");
	close_text(&f);
}

static void
moves(void **state)
{
	static const struct {
		const char *keys;
		uint64_t at;
	} t[] = {
		{ "s", 2 },
		{ "S", 1 },
		{ "S", 1 },
		{ "jj", 3 },
		{ "kk", 1 },
		{ "<Down><Down><Up>", 2 },
		{ "3s", 5 },
		{ "10S", 1 },
		{ "5g", 5 },
		{ "2G", 2 },
		{ "g", 1 },
		{ ":7\n", 7 },
		{ ":-3\n", 4 },
		{ ":+2\n", 6 },
		{ ":goto 3\n", 3 },
		{ ":g 3\n", 3 },
		{ ":step\n", 4 },
		{ ":step 2\n", 6 },
		{ ":first\n", 1 },
		{ ":0\n", 1 },
		{ "<End><Home>", 1 },
		{ "12<Esc>s", 2 },
		{ ":50%\n", 6 },
		{ ":100%\n", 11 },
		{ ":0%\n", 1 },
	};
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "go1.22-tolerant", true);
	work_off(&f.m);
	assert_int_equal(f.m.known, 13);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		type(&f.m, t[i].keys);
		if (f.m.cursor != t[i].at && !strchr(t[i].keys, '%'))
			fail_msg("%zu \"%s\": at %d", i, t[i].keys, (int)f.m.cursor);
	}
	type(&f.m, "G");
	assert_int_equal(f.m.cursor, f.m.known + 1);
	shows(&f.m, "end of trace", true);
	type(&f.m, "s999s");
	assert_int_equal(f.m.cursor, f.m.known + 1);
	type(&f.m, ":999\n");
	shows(&f.m, "the trace has 13 events", true);
	type(&f.m, "g2<PgDn>2<PgUp><Space><PgUp>^");
	assert_int_equal(f.m.cursor, 1);
	close_text(&f);
}

static void
same_states_on_the_way_back(void **state)
{
	struct fixture f;
	struct rect context;
	char *forth[64] = { NULL };

	(void)state;
	open_text(&f, create_twice, "go1.22-tolerant", true);
	work_off(&f.m);
	context = f.m.lay.pane[PANE_CONTEXT];
	for (uint64_t n = 1; n <= f.m.known + 1; n++, type(&f.m, "s"))
		forth[n] = picture_of(&f.m, context);
	for (uint64_t n = f.m.known + 1; n; n--, type(&f.m, "S")) {
		char *back = picture_of(&f.m, context);

		assert_int_equal(f.m.cursor, n);
		assert_string_equal(back, forth[n]);
		free(back);
		free(forth[n]);
	}
	close_text(&f);
}

static void
context_of_a_create(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", true);
	type(&f.m, "/GoCreateSyscall\n");
	shows(&f.m, "GoCreateSyscall new_g=4", true);
	shows(&f.m, "GoCreateSyscall requires", true);
	shows(&f.m, "✓ goroutine must not have", true);
	assert_int_equal(f.m.scene.kind, SCENE_EVENT);
	for (size_t i = 0; i < f.m.scene.nthings; i++) {
		const struct thing *t = &f.m.scene.things[i];

		if (t->res != GT_G)
			continue;
		assert_false(t->before.there);
		assert_int_equal(t->after.status, GT_G_SYSCALL);
		assert_int_equal(t->after.m, 0);
	}
	close_text(&f);
}

/* --- the end, rules ---------------------------------------------------------------------- */

static void
error_row(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "go1.22-tolerant", true);
	type(&f.m, "e");
	shows(&f.m, "there is no fault in it", true);
	assert_int_equal(f.m.cursor, 1);
	close_text(&f);
	open_text(&f, create_twice, "current", true);
	type(&f.m, "e");
	assert_true(model_is_end(&f.m, f.m.cursor));
	assert_int_equal(f.m.scene.kind, SCENE_REFUSED);
	assert_int_equal(f.m.scene.ev.type, GT_EV_GoSyscallEnd);
	shows(&f.m, "expected a proc but didn't have one", true);
	shows(&f.m, "✗ proc", true);
	shows(&f.m, "at the fault", true);
	type(&f.m, "<Tab><Tab>\\");
	shows(&f.m, "NO_PROC", true);
	shows(&f.m, "GoSyscallEnd", true);
	shows(&f.m, "The event needs a P", true);
	close_text(&f);
}

static void
other_rules(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", true);
	work_off(&f.m);
	type(&f.m, ":model go1.22-tolerant\n");
	shows(&f.m, "go1.22-tolerant: valid", true);
	shows(&f.m, "was invalid", true);
	assert_false(f.m.broken);
	type(&f.m, "G:model go1.22-strict\n");
	shows(&f.m, "go1.22-strict: invalid", true);
	assert_true(f.m.broken);
	assert_true(model_is_end(&f.m, f.m.cursor));
	shows(&f.m, "expected no proc but had one", true);
	type(&f.m, ":require GoCreateSyscall.proc=may\n");
	shows(&f.m, "(changed)", true);
	assert_false(f.m.broken);
	type(&f.m, ":model current\n:require GoSyscallEnd.proc=sometimes\n");
	assert_int_equal(f.m.message_style, ST_BAD);
	assert_true(f.m.broken);
	type(&f.m, ":model none\n");
	shows(&f.m, "there is no rule set \"none\"", true);
	close_text(&f);
}

static void
searches(void **state)
{
	struct fixture f;
	uint64_t first;

	(void)state;
	open_text(&f, create_twice, "go1.22-tolerant", true);
	type(&f.m, "n");
	shows(&f.m, "nothing to search for yet", true);
	type(&f.m, "/gocreatesyscall\n");
	first = f.m.cursor;
	assert_true(first > 1);
	type(&f.m, "n");
	assert_true(f.m.cursor > first);
	type(&f.m, "N");
	assert_int_equal(f.m.cursor, first);
	type(&f.m, "N");
	shows(&f.m, "no \"gocreatesyscall\" before", true);
	assert_int_equal(f.m.cursor, first);
	type(&f.m, "/gOcreate\n");
	shows(&f.m, "no \"gOcreate\" after", true);
	type(&f.m, "/Syscall → Runnable\n");
	assert_true(f.m.cursor > first);
	close_text(&f);
}

/* Whatever takes no such argument says so, or what it takes; none does something else. */
static void
wrong_arguments(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", true);
	work_off(&f.m);
	for (int c = CMD_NONE + 1; c < CMDS; c++) {
		const struct cmd_row *row = cmd_row((enum cmd)c);
		char line[80];

		/* These take any text. */
		if (!row->name[0] || row->arg == ARG_TEXT || row->arg == ARG_ONLY || row->arg == ARG_FUNCTION || row->arg == ARG_FILE ||
			row->arg == ARG_WRITE)
			continue;
		snprintf(line, sizeof line, "%s no=such", row->name);
		f.m.cursor = 6;
		model_line(&f.m, ':', line);
		work_off(&f.m);
		if (!f.m.message[0] || f.m.message_style != ST_BAD || f.m.cursor != 6 || f.m.effect != EFFECT_NONE)
			fail_msg("%s: %s", line, f.m.message);
		if (!cmd_arg_form(row->arg)[0])
			continue;
		assert_true(cmd_arg_is(row->arg)[0]);
		/* What there can be nothing without is asked for. */
		if (cmd_arg_form(row->arg)[0] != '[' && row->arg != ARG_MARK) {
			model_line(&f.m, ':', row->name);
			assert_non_null(strstr(f.m.message, " needs "));
		}
	}
	close_text(&f);
}

static void
lines_that_are_no_commands(void **state)
{
	static const struct {
		const char *line, *says;
	} t[] = {
		{ "nosuch", "there is no command \"nosuch\"; Tab lists them" },
		{ "tabel g", "there is no command \"tabel\": did you mean table?" },
		{ "ziim-in", "did you mean zoom-in?" },
		{ "pa", "could be several commands: page-down, page-up, pan-left, pan-right, pane, pane-back, palette" },
		{ "redraw 5", ":redraw takes no argument" },
		{ "step five", "\"five\" is not a number (:step [N])" },
		{ "goto", ":goto needs an event number, a time or another place, as 123, " },
		{ "goto abc", "\"abc\" is not an event number, a time or another place, as 123, " },
		{ "goto gen", " (:goto [WHERE])" },
		{ "last x", " (:last [WHERE])" },
		{ "12x", "\"12x\" is not an event number, a time or " },
		{ "@1.5q", "\"@1.5q\" is not an event number, a time or " },
		{ "model", ":model needs a rule set (:model NAME)" },
		{ "model curent", "there is no rule set \"curent\": did you mean current?" },
		{ "time nosuch", "there is no time \"nosuch\"; there are: relative, delta, wall, raw, mark" },
		{ "time wlal", "there is no time \"wlal\": did you mean wall?" },
		{ "table tsks", "there is no table \"tsks\": did you mean tasks?" },
		{ "table x", "there are: goroutines, groups, tasks, regions, ranges, longest" },
		{ "view detials", "there is no pane \"detials\": did you mean details?" },
		{ "theme da", "there is no theme \"da\": did you mean dark?" },
		{ "color foucs red", "there is no style \"foucs\": did you mean focus?" },
		{ "color focus red at night", "this is no colour" },
		{ "columns number evnt", "no column of events; there are: number" },
		{ "columns number:7 event number", "this column of events comes twice" },
		{ "columns goroutines: G:0", "a width is a number from 1 to 500" },
		{ "columns goroutines:G:x running", "a width is a number from 1 to 500" },
		{ "columns goroutines:G evnt", "no column of goroutines; there are: G " },
		{ "columns gor:evnt", "no column of goroutines; there are: G " },
		{ "columns event:x", "a width is a number from 1 to 500" },
		{ "columns nosuch:x", "no column of events; there are: number" },
		{ "columns nosuch: G", "there is no table \"nosuch\"" },
		{ "key F5 stpe", "there is no command \"stpe\": did you mean step?" },
		{ "help GoBlcok", "there is no help on \"GoBlcok\": did you mean GoBlock?" },
		{ "help tiem", "did you mean time?" },
		{ "follow x", "\"x\" is not a goroutine, P or M, as g 34, nor off (:follow [g|p|m ID|off])" },
		{ "mark ab", "\"ab\" is not a letter (:mark LETTER)" },
		{ "mouse maybe", "\"maybe\" is not on or off (:mouse [on|off])" },
		{ "timeline x", "\"x\" is not p, m or g, nor one of them, as g 34 (:timeline [p|m|g [ID]])" },
		{ "source", ":source needs a file (:source FILE)" },
		{ "sort", ":sort needs a column of the table, and up or down (:sort COLUMN [up|down])" },
		{ "enable", ":enable needs a breakpoint" },
		{ "", "" },
		{ "   ", "" },
	};
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", true);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		model_line(&f.m, ':', t[i].line);
		assert_non_null(strstr(f.m.message, t[i].says));
	}
	model_line(&f.m, ':', "q");
	assert_int_equal(f.m.effect, EFFECT_QUIT);
	close_text(&f);
}

/* --- expressions -------------------------------------------------------------- */

/* What stands in the picture two rows below a text, from the column on where that begins, up to the line end. */
static void
shows_below(struct model *m, const char *text, const char *mark)
{
	char *all = picture(m), *at = strstr(all, text), *below;

	below = at ? strchr(at, '\n') : NULL;
	if (!below)
		fail_msg("no \"%s\" in:\n%s", text, all);
	while (at > all && at[-1] != '\n')
		at--;
	at = strstr(at, text);
	below++;
	for (size_t column = 0; column < 3; column++)
		assert_int_equal(below[column], ' ');
	if (strncmp(below + 3, mark, strlen(mark)) != 0 || below[3 + strlen(mark)] != '\n')
		fail_msg("no \"%s\" below \"%s\" in:\n%s", mark, text, all);
	free(all);
}

/* After Enter the expression stands there with marks, as it does while it is typed. */
static void
expressions_that_are_wrong(void **state)
{
	static const struct {
		char kind;
		const char *line, *shown, *mark, *says;
	} t[] = {
		{ ':', "filter g === 3", "   g === 3\n", "    ^", "the number of a goroutine, or none is expected" },
		{ ':', "break type == GoBlok", "   type == GoBlok\n", "        ^^^^^^", "did you mean GoBlock?" },
		{ ':', "highlight g ==", "   g ==\n", "    ^", "is expected" },
		{ ':', "next stack ~ \"a(b\"", "   stack ~ \"a(b\"\n", "            ^", "in the regular expression" },
		{ '/', "typ == GoBlock", "   typ == GoBlock\n", "^^^", "(in quotes it is a text)" },
		{ ':', "insert GoStart g=x", "   GoStart g=x\n", "          ^", "must be a decimal number" },
		{ ':', "6; set g=4 dtt=7", "   g=4 dtt=7\n", "    ^^^^^", "has no dtt" },
		{ ':', "filter g == 4 and g == 4 and g == 4 and g == 4 and g == 4 and g == 4 and g === 4 and g == 4 and g == 4",
		  "   ... == 4 and g == 4 and g == 4 and g == 4 and g === 4 and g == 4 and g == 4\n",
		  "                                                  ^", "is expected here" },
	};
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", true);
	work_off(&f.m);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		model_line(&f.m, t[i].kind, t[i].line);
		work_off(&f.m);
		assert_int_equal(f.m.message_style, ST_BAD);
		shows(&f.m, t[i].says, true);
		shows_below(&f.m, t[i].shown, t[i].mark);
	}
	/* The next message is about something else, and a key takes both away. */
	model_line(&f.m, ':', "filter g === 3");
	model_line(&f.m, ':', "nosuch");
	shows(&f.m, "g === 3", false);
	model_line(&f.m, ':', "filter g === 3");
	type(&f.m, "j");
	shows(&f.m, "g === 3", false);
	/* In the smallest window there is room for it. */
	model_resize(&f.m, 8, 40);
	model_line(&f.m, ':', "break type == GoBlok");
	shows_below(&f.m, "   type == GoBlok\n", "        ^^^^^^");
	close_text(&f);
}

#define CALLBACKS "testdata/traces/cgo-callbacks.trace"

static enum gt_type
type_here(struct model *m)
{
	const struct row *row = query_row(m, m->cursor);

	return row ? (enum gt_type)row->ev.type : GT_EV_None;
}

static void
searches_for_expressions(void **state)
{
	struct fixture f;
	uint64_t at;

	(void)state;
	open_file(&f, CALLBACKS);
	type(&f.m, "/GoBlock && reason ~ chan\n");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_GoBlock);
	at = f.m.cursor;
	type(&f.m, "n");
	work_off(&f.m);
	assert_true(f.m.cursor > at && type_here(&f.m) == GT_EV_GoBlock);
	type(&f.m, "N");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, at);
	type(&f.m, ":prev type == STWBegin\n");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_STWBegin);
	type(&f.m, ":next GoBlock\n");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_GoBlock);
	/* The event before it counts, also where a search begins. */
	type(&f.m, "g/delta > 10us && n < 20\n");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 2);
	/* A mistake is said and changes nothing; at /, what does not look like an expression is a text. */
	type(&f.m, ":next typ == GoBlock\n");
	shows(&f.m, "did you mean type?", true);
	assert_int_equal(f.m.cursor, 2);
	type(&f.m, "/GoBlock and typ == GoBlock\n");
	assert_non_null(strstr(f.m.message, "did you mean type? (in quotes it is a text)"));
	assert_int_equal(f.m.cursor, 2);
	type(&f.m, "/\"typ == GoBlock\"\n");
	work_off(&f.m);
	shows(&f.m, "no \"typ == GoBlock\" after event 2", true);
	type(&f.m, "g/procs=2\n");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_ProcsChange);
	type(&f.m, "g/\"GoStart g=9\"\n");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_GoStart);
	/* A text may be in a stack, which the list does not show. */
	type(&f.m, "g/runtime/trace.start\n");
	work_off(&f.m);
	shows(&f.m, "\"runtime/trace.start\" is in its stack", true);
	at = f.m.cursor;
	type(&f.m, "n");
	work_off(&f.m);
	assert_true(f.m.cursor > at);
	type(&f.m, "N");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, at);
	shows(&f.m, "is in its stack", true);
	type(&f.m, "g/runtime.trace.start\n");
	work_off(&f.m);
	shows(&f.m, "no \"runtime.trace.start\"", true);
	/* A field's name alone is a text, an event's is the event. */
	type(&f.m, "g/offset\n");
	work_off(&f.m);
	shows(&f.m, "no \"offset\" after event 1", true);
	type(&f.m, "/GoCreate\n");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_GoCreate);
	close_text(&f);
}

/* How many rows of the list are of events that are no GoStart. */
static int
others_listed(struct model *m)
{
	int n = 0;

	for (int y = 0; y < model_list_rows(m); y++) {
		const struct row *row = query_row(m, query_line(m, y));

		n += row && row->ev.type != GT_EV_GoStart;
	}
	return n;
}

static void
filters(void **state)
{
	struct fixture f;
	uint64_t at, last;

	(void)state;
	open_file(&f, CALLBACKS);
	type(&f.m, ":filter GoStart\n");
	work_off(&f.m);
	shows(&f.m, "event of GoStart", true);
	/* The cursor's own row stays. */
	shows(&f.m, "Sync n=1", true);
	assert_int_equal(others_listed(&f.m), 1);
	type(&f.m, "s");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_GoStart);
	shows(&f.m, "Sync n=1", false);
	at = f.m.cursor;
	type(&f.m, "10s");
	work_off(&f.m);
	assert_true(f.m.cursor > at + 10 && type_here(&f.m) == GT_EV_GoStart);
	type(&f.m, "9S<PgDn><PgUp>S");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, at);
	assert_int_equal(others_listed(&f.m), 0);
	/* To the end, and back through all of it: nothing else is ever seen. */
	type(&f.m, "G");
	work_off(&f.m);
	last = f.m.cursor;
	assert_int_equal(last, f.m.known + 1);
	shows(&f.m, "end of trace", true);
	for (int i = 0; i < 400 && f.m.cursor > at; i++) {
		type(&f.m, "S");
		work_off(&f.m);
		assert_int_equal(type_here(&f.m), GT_EV_GoStart);
		assert_int_equal(others_listed(&f.m), 0);
		assert_true(query_line(&f.m, 0) != 0);
	}
	assert_int_equal(f.m.cursor, at);
	/* Dimmed instead; then all again. */
	type(&f.m, "H");
	work_off(&f.m);
	shows(&f.m, "GoBlock", true);
	type(&f.m, "s");
	assert_int_equal(f.m.cursor, at + 1);
	type(&f.m, "H:filter\n");
	work_off(&f.m);
	shows(&f.m, "event of GoStart", false);
	/* Of what never happens. */
	type(&f.m, ":filter GoBlock and GoStart\n");
	work_off(&f.m);
	assert_int_equal(query_line(&f.m, 0), f.m.cursor);
	type(&f.m, "s");
	work_off(&f.m);
	shows(&f.m, "no GoBlock and GoStart after", true);
	close_text(&f);
}

static void
stops_at_breakpoints(void **state)
{
	struct fixture f;
	uint64_t at;

	(void)state;
	open_file(&f, CALLBACKS);
	type(&f.m, "c");
	shows(&f.m, "no breakpoint is on", true);
	type(&f.m, ":break GoBlock\n:break STWEnd\nc");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_STWEnd);
	shows(&f.m, "breakpoint 2: STWEnd (1)", true);
	type(&f.m, "2c");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_GoBlock);
	at = f.m.cursor;
	type(&f.m, ":disable 1\nC");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_STWEnd);
	type(&f.m, ":enable all\n:disable 2\nc");
	work_off(&f.m);
	assert_true(f.m.cursor < at && type_here(&f.m) == GT_EV_GoBlock);
	type(&f.m, ":break\n");
	shows(&f.m, "1 GoBlock (2); 2 off STWEnd (2)", true);
	type(&f.m, ":delete 7\n");
	shows(&f.m, "there is no breakpoint \"7\"", true);
	type(&f.m, ":delete 1\nc");
	shows(&f.m, "no breakpoint is on", true);
	/* Highlights are marked in the first column. */
	type(&f.m, ":highlight HeapGoal\ng");
	work_off(&f.m);
	shows(&f.m, " *", true);
	close_text(&f);
}

static void
follows_one(void **state)
{
	struct fixture f;
	const struct row *row;

	(void)state;
	open_file(&f, CALLBACKS);
	type(&f.m, ":follow g 17\n");
	for (int i = 0; i < 12; i++) {
		type(&f.m, "s");
		work_off(&f.m);
		row = query_row(&f.m, f.m.cursor);
		assert_true(row->ev.g == 17 || row->ev.arg[0] == 17);
	}
	shows(&f.m, "s: g.any == 17", true);
	/* Other keys go through all events. */
	type(&f.m, "10j10kf");
	work_off(&f.m);
	shows(&f.m, "nobody is followed", true);
	type(&f.m, "U");
	work_off(&f.m);
	assert_int_equal(type_here(&f.m), GT_EV_GoCreateSyscall);
	type(&f.m, ":follow x 3\n");
	shows(&f.m, "(:follow [g|p|m ID|off])", true);
	close_text(&f);
}

/* Who is not in the trace can't be followed; as long as not all of it was read, who is not there yet can. */
static void
follows_nobody(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/traces/mixed.trace");
	assert_false(f.m.all);
	model_line(&f.m, ':', "follow g 4711");
	assert_non_null(strstr(f.m.message, "following G4711, which is not in what was read so far"));
	work_off(&f.m);
	assert_true(f.m.all);
	for (int i = 0; i < 3; i++) {
		static const char *const keys[] = { ":follow g 4711\n", ":follow p 77\n", ":follow m 1\n" };

		type(&f.m, keys[i]);
		assert_non_null(strstr(f.m.message, " in this trace: nobody is followed"));
		assert_int_equal(f.m.query.follow, GT_NO_RES);
	}
	type(&f.m, ":follow g 37\n");
	shows(&f.m, "following G37: ", true);
	assert_int_equal(f.m.query.follow, GT_G);
	close_text(&f);
}

/* The next key is the letter of a mark, the pane of a view; in a script no key comes. */
static void
letters_of_scripts(void **state)
{
	static const char *const commands[][2] = { { "mark", ":mark needs a letter" }, { "to-mark", ":to-mark needs a letter" },
		{ "view", ":view needs a pane" }, { "split", ":split needs a pane" } };
	struct fixture f;

	(void)state;
	open_file(&f, CALLBACKS);
	work_off(&f.m);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		char text[40];

		snprintf(text, sizeof text, "%s; step", commands[i][0]);
		script_queue(&f.m, text);
		work_off(&f.m);
		shows(&f.m, commands[i][1], true);
		assert_int_equal(f.m.waits, CMD_NONE);
		assert_int_equal(f.m.cursor, 1);
	}
	type(&f.m, ":mark\na5s:to-mark\na");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 1);
	assert_int_equal(f.m.trail.mark[trail_index('a')].n, 1);
	close_text(&f);
}

/* What the prompt says of a line while it is typed. */
static void
lines_are_checked(void **state)
{
	static const struct {
		char kind;
		const char *line;
		int is;
		size_t at;
	} cases[] = {
		{ '/', "", LINE_PLAIN, 0 },
		{ '/', "GoBlock", LINE_RIGHT, 0 },
		{ '/', "g == 4", LINE_RIGHT, 0 },
		{ '/', "g ==", LINE_OPEN, 4 },
		{ '/', "stack ~ \"net", LINE_OPEN, 8 },
		{ '/', "chan receive", LINE_TEXT, 0 },
		{ '/', "g == 34 and reson == \"x\"", LINE_WRONG, 12 },
		{ '/', "waited > 5ms &&", LINE_OPEN, 15 },
		{ '/', "net/http", LINE_TEXT, 3 },
		{ '/', "\"GoBlock\"", LINE_TEXT, 0 },
		{ '/', "time", LINE_TEXT, 0 },
		{ ':', "filter g == 4", LINE_RIGHT, 7 },
		{ ':', "filter typ == 4", LINE_WRONG, 7 },
		{ ':', "filter g == x4 and p", LINE_WRONG, 12 },
		{ ':', "fil g ==", LINE_OPEN, 8 },
		{ ':', "filter", LINE_PLAIN, 0 },
		{ ':', "next 3", LINE_PLAIN, 0 },
		{ ':', "next GoBlock", LINE_RIGHT, 5 },
		{ ':', "model current", LINE_PLAIN, 0 },
		{ ':', "find what", LINE_TEXT, 0 },
		{ ':', "goto 3; filter g ==", LINE_OPEN, 19 },
		{ ':', "find \"a;b\"; filter typ == 4", LINE_WRONG, 19 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct line_verdict v;

		query_check(cases[i].kind, cases[i].line, &v);
		if ((int)v.kind != cases[i].is || v.at != cases[i].at)
			fail_msg("%c%s: %d at %zu: %s", cases[i].kind, cases[i].line, (int)v.kind, v.at, v.note);
	}
}

static void
expressions_complete(void **state)
{
	char (*out)[CMD_NAME_MAX] = calloc(256, sizeof *out);
	struct fixture f;
	size_t n, from;

	(void)state;
	assert_non_null(out);
	open_file(&f, CALLBACKS);
	type(&f.m, "30G");
	work_off(&f.m);
	n = query_complete(&f.m, ':', "filter GoCreateS", &from, out, 256);
	assert_true(n == 1 && from == 7 && !strcmp(out[0], "GoCreateSyscall"));
	n = query_complete(&f.m, '/', "reason == \"chan r", &from, out, 256);
	assert_true(n == 1 && from == 10 && !strcmp(out[0], "\"chan receive\""));
	/* Of a regular expression, what would mean something is escaped. */
	n = query_complete(&f.m, '/', "func ~ \"runtime/trace\\.", &from, out, 256);
	assert_true(n > 1 && from == 7 && !strncmp(out[0], "\"runtime/trace\\.", 16));
	/* What is typed may be escaped or not; words need no quote. */
	n = query_complete(&f.m, '/', "func ~ \"runtime/trace.", &from, out, 256);
	assert_true(n > 1 && from == 7 && !strncmp(out[0], "\"runtime/trace\\.", 16));
	n = query_complete(&f.m, '/', "reason in (x, chan", &from, out, 256);
	assert_true(n > 1 && from == 14 && !strncmp(out[0], "\"chan ", 6));
	/* Neither files nor functions are names. */
	n = query_complete(&f.m, '/', "name == \"", &from, out, 256);
	for (size_t i = 0; i < n; i++)
		assert_null(strpbrk(out[i], "./"));
	n = query_complete(&f.m, ':', "filter g == ", &from, out, 256);
	assert_true(n > 1 && from == 12 && strspn(out[1], "0123456789") == strlen(out[1]));
	n = query_complete(&f.m, ':', "filter g == G", &from, out, 256);
	assert_true(n > 0 && from == 12 && out[0][0] == 'G');
	n = query_complete(&f.m, ':', "filter m == ", &from, out, 256);
	assert_true(n > 1 && strlen(out[1]) > 3);
	n = query_complete(&f.m, ':', "fil", &from, out, 256);
	assert_true(n == 1 && from == 0 && !strcmp(out[0], "filter"));
	n = query_complete(&f.m, ':', "goto 3; fil", &from, out, 256);
	assert_true(n == 1 && from == 8 && !strcmp(out[0], "filter"));
	n = query_complete(&f.m, ':', "goto 3; filter GoCreateS", &from, out, 256);
	assert_true(n == 1 && from == 15 && !strcmp(out[0], "GoCreateSyscall"));
	assert_true(cmd_takes_file("export x", &from) && from == 7);
	assert_false(cmd_takes_file("export", &from) || cmd_takes_file("goto x", &from));
	close_text(&f);
	free(out);
}

static void
scripts_run_in_between(void **state)
{
	static const char *const commands[] = { "a; b", "# none\n  ;;\n a \n# x\nb # rest", "a;b\n", "a\r\n\tb\r\n" };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const char *p = commands[i];
		char out[32];

		assert_true(script_next(&p, out, sizeof out) && !strcmp(out, "a"));
		assert_true(script_next(&p, out, sizeof out) && !strcmp(out, "b"));
		assert_false(script_next(&p, out, sizeof out));
	}
	{
		const char *p = "find \"a;#\\\"b\"; next stack ~ `x;y`";
		char out[32];

		assert_true(script_next(&p, out, sizeof out) && !strcmp(out, "find \"a;#\\\"b\""));
		assert_true(script_next(&p, out, sizeof out) && !strcmp(out, "next stack ~ `x;y`"));
		p = "color run #00ff00 bold # green";
		assert_true(script_next(&p, out, sizeof out) && !strcmp(out, "color run #00ff00 bold"));
	}
	open_file(&f, CALLBACKS);
	script_queue(&f.m, "break STWEnd; continue; step 2");
	assert_true(model_busy(&f.m));
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 10);
	/* What is wrong ends it, and so does the user. */
	script_queue(&f.m, "nosuch; step");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 10);
	shows(&f.m, "there is no command \"nosuch\"", true);
	/* At the prompt, too. */
	model_line(&f.m, ':', " step; step # that is twice");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 12);
	model_line(&f.m, ':', "goto 10");
	work_off(&f.m);
	script_queue(&f.m, "step; step; step");
	type(&f.m, "<^C>");
	work_off(&f.m);
	assert_int_equal(f.m.cursor, 10);
	close_text(&f);
}

/* --- panes ------------------------------------------------------------------------------------ */

static void
panes(void **state)
{
	struct fixture f;
	struct layout before;

	(void)state;
	open_text(&f, create_twice, "go1.22-tolerant", true);
	work_off(&f.m);
	before = f.m.lay;
	assert_true(before.pane[PANE_EVENTS].h >= 9);
	assert_in_range(before.pane[PANE_CONTEXT].h, 7, 9);
	assert_true(before.pane[PANE_DETAILS].h >= 4);
	type(&f.m, "<Tab>");
	assert_int_equal(f.m.arr.focus, PANE_CONTEXT);
	shows(&f.m, "▸", true);
	type(&f.m, "s");
	assert_int_equal(f.m.cursor, 2);
	type(&f.m, "<Tab>j");
	assert_int_equal(f.m.cursor, 2);
	assert_int_equal(f.m.scroll[PANE_DETAILS], 1);
	type(&f.m, "s");
	assert_int_equal(f.m.scroll[PANE_DETAILS], 0);
	type(&f.m, "x");
	assert_int_equal(f.m.lay.pane[PANE_DETAILS].h, 1);
	type(&f.m, "x\\");
	assert_int_equal(f.m.lay.pane[PANE_DETAILS].h, 22);
	assert_int_equal(f.m.lay.pane[PANE_EVENTS].h, 0);
	type(&f.m, "\\<Tab>");
	assert_memory_equal(&f.m.lay, &before, sizeof before);
	assert_int_equal(f.m.arr.focus, PANE_EVENTS);
	/* What was opened goes first, one after the other. */
	type(&f.m, "tvs");
	assert_int_equal(f.m.arr.focus, PANE_STACK);
	type(&f.m, "q");
	assert_int_equal(f.m.arr.focus, PANE_TIMELINE);
	assert_int_equal(f.m.lay.pane[PANE_STACK].h, 0);
	type(&f.m, "q");
	assert_int_equal(f.m.arr.focus, PANE_EVENTS);
	assert_int_equal(f.m.lay.pane[PANE_TIMELINE].h, 0);
	assert_memory_equal(&f.m.lay, &before, sizeof before);
	type(&f.m, "?");
	shows(&f.m, "one event forward", true);
	assert_int_equal(model_key(&f.m, 'q'), EFFECT_NONE);
	shows(&f.m, "one event forward", false);
	assert_int_equal(model_key(&f.m, 'q'), EFFECT_QUIT);
	type(&f.m, "?");
	assert_int_equal(model_key(&f.m, 'Q'), EFFECT_QUIT);
	close_text(&f);
}

static void
every_size(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", true);
	type(&f.m, "4s");
	for (int h = 1; h < 70; h += h < 30 ? 1 : 13)
		for (int w = 1; w < 220; w += w < 90 ? 1 : 21) {
			char *text, *line;

			model_resize(&f.m, h, w);
			text = picture_of(&f.m, (struct rect){ 0, 0, 0, 0 });
			for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
				assert_true(canvas_width(line, true) <= w);
			if (!f.m.lay.too_small) {
				assert_true(f.m.cursor >= f.m.top);
				assert_true(f.m.cursor < f.m.top + (uint64_t)model_list_rows(&f.m));
			}
			free(text);
		}
	close_text(&f);
}

static void
nothing_hostile_gets_out(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, hostile, "current", true);
	model_resize(&f.m, 60, 120);
	work_off(&f.m);
	assert_false(f.m.broken);
	for (uint64_t n = 1; n <= f.m.known; n++, type(&f.m, "s")) {
		char *text = picture_of(&f.m, (struct rect){ 0, 0, 0, 0 });

		for (const char *p = text; *p; p++)
			assert_true(*p == '\n' || !iscntrl((unsigned char)*p));
		assert_null(strstr(text, "\xc2\x9b"));
		assert_null(strstr(text, "\u202e"));
		free(text);
	}
	type(&f.m, "g/UserLog\n");
	shows(&f.m, "value=\"tab\\there\\nline 日本\"", true);
	shows(&f.m, "key=\"\\xff\\xfe\\x9b31m\"", true);
	close_text(&f);
}

static void
plain_ascii(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, "current", false);
	work_off(&f.m);
	for (uint64_t n = 1; n <= f.m.known + 1; n++, type(&f.m, "s")) {
		char *text = picture_of(&f.m, (struct rect){ 0, 0, 0, 0 });

		for (const char *p = text; *p; p++)
			assert_true((unsigned char)*p < 0x80);
		assert_null(strstr(text, "\\u"));
		assert_null(strstr(text, "\\x"));
		free(text);
	}
	type(&f.m, "?");
	shows(&f.m, "\\u", false);
	close_text(&f);
}

/* Whatever is typed, the cursor stays on a row and the picture can be drawn. */
static void
random_keys(void **state)
{
	static const char *const lines[] = { "+3", "-2", "50%", "4", "model current", "model go1.22-strict", "help",
		"model go1.22-tolerant", "require GoCreateSyscall.proc=mustnot", "centre", "fold", "maximize",
		"first" };
	struct fixture f;
	unsigned seed = 12345;

	(void)state;
	open_text(&f, create_twice, "current", true);
	for (int i = 0; i < 4000; i++) {
		ui_key key;
		unsigned r = (seed = seed * 1103515245 + 12345) >> 16;

		key = r % 7 == 0 ? K_UP + (int)(r / 7 % 13) : (int)(r / 7 % 127);
		if (r % 11 == 0)
			model_line(&f.m, ':', lines[r / 11 % (sizeof lines / sizeof *lines)]);
		else if (r % 13 == 0)
			model_line(&f.m, '/', r & 1024 ? "Go" : "no such thing");
		else if (r % 17 == 0)
			model_resize(&f.m, 1 + (int)(r / 17 % 60), 1 + (int)(r / 3 % 200));
		else
			model_key(&f.m, key);
		if (r & 4096)
			model_work(&f.m, 1000);
		free(picture_of(&f.m, (struct rect){ 0, 0, 0, 0 }));
		assert_true(f.m.cursor >= 1 && f.m.top >= 1);
		assert_true(!f.m.all || f.m.cursor <= f.m.known + 1);
	}
	close_text(&f);
}

/* Behind a cut: what is salvaged is marked, and the end says what it came to. */
static void
salvages_what_is_cut(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/bad/cut-in-batch.trace");
	model_resize(&f.m, 60, 120);
	shows(&f.m, "~", false);
	type(&f.m, "G");
	shows(&f.m, " ~  580 ", true);
	shows(&f.m, "failed to read full batch: read 185 but wanted 371", true);
	shows(&f.m, "492 events, 5,603 bytes", true);
	shows(&f.m, "88 events, 671 bytes", true);
	shows(&f.m, "196 events, 864 bytes", true);
	close_text(&f);
}

/* Of a trace from before Go 1.22 it is said what it can't show. */
static void
old_traces(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/traces/old-go1.21.trace");
	model_resize(&f.m, 60, 120);
	shows(&f.m, "A trace from before Go 1.22 is one list of events", true);
	type(&f.m, "30s");
	shows(&f.m, "no rules before Go 1.22", true);
	close_text(&f);
}

/* --- a trace that is still arriving --------------------------------------------------------- */

static size_t
rows_of_list(const struct model *m)
{
	size_t n = 0;

	for (uint64_t row = 1; row <= m->known; row++)
		n += rows_get(m->rows, row) != NULL;
	return n;
}

/* As much of it as it takes for so many generations to be whole; returns how many events they have. */
static uint64_t
arrive(struct fixture *f, size_t gens)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(f->bytes.p, f->bytes.n, &err);
	struct gt_nav *v = gt_nav_new(t, gt_nav_model(f->m.nav), 1 << 20);
	const struct gt_gen_place *p;
	uint64_t events;
	double done;
	size_t n;
	bool all;

	while (gt_nav_index(v, 10000, &done, NULL))
		;
	p = gt_nav_gens(v, &n, &all);
	assert_true(gens < n);
	events = p[gens].first - 1;
	gt_grow(f->trace, (size_t)p[gens].from + 20, true);
	gt_nav_free(v);
	gt_close(t);
	return events;
}

static void
open_arriving(struct fixture *f)
{
	open_file(f, "testdata/traces/mixed.trace");
	model_free(&f->m);
	gt_grow(f->trace, 20, true);
	{
		struct gt_model model;
		struct ui_options o = { .file = "-", .trace = f->trace, .model = &model, .memory = 1 << 24 };

		gt_model_get(&model, GT_MODEL_DEFAULT);
		assert_true(model_init(&f->m, &o, true));
	}
	model_resize(&f->m, 40, 120);
	work_off(&f->m);
}

/* What the main thread does between keys. */
static void
look(struct model *m)
{
	model_work(m, 1000000000);
	work_off(m);
}

/* How close the events stand is seen once there are any; who has chosen a scale keeps it. */
static void
arriving_timeline(void **state)
{
	struct fixture f;
	struct model *m = &f.m;
	double scale;

	(void)state;
	open_arriving(&f);
	model_line(m, ':', "timeline p");
	work_off(m);
	assert_true(m->known == 0 && m->time.guessed);
	arrive(&f, 1);
	look(m);
	assert_true(m->known > 500 && !m->time.guessed);
	scale = m->time.scale;
	assert_true(lanes_events(m->time.view[0].lanes) > 100);
	arrive(&f, 2);
	look(m);
	assert_true(m->time.scale == scale);
	close_text(&f);

	open_arriving(&f);
	model_line(m, ':', "timeline p");
	work_off(m);
	model_line(m, ':', "zoom-in");
	scale = m->time.scale;
	arrive(&f, 1);
	look(m);
	assert_true(m->known > 500 && m->time.scale == scale);
	close_text(&f);
}

static void
arriving(void **state)
{
	struct fixture f;
	struct model *m = &f.m;
	uint64_t first, second;

	(void)state;
	open_arriving(&f);
	assert_false(model_busy(m));
	assert_true(model_waits(m));
	assert_true(m->known == 0 && m->cursor == 1 && !m->all);
	/* Nothing there is to go to, but all keys are answered. */
	type(m, "sSGgnuUBJKL:50%\n:@1s\n:gen 1\n/GoStart\n&GoStart\n&\n<PgDn>0+tttoooX");
	work_off(m);
	assert_true(m->cursor == 1);

	first = arrive(&f, 1);
	look(m);
	assert_true(m->known == first && m->cursor == 1 && m->t0 != 0 && m->gen0);
	assert_true(rows_of_list(m) > 0 && m->scene.kind == SCENE_EVENT);
	type(m, "G");
	work_off(m);
	assert_true(m->cursor == first);
	type(m, "5s:+100\n");
	work_off(m);
	assert_true(m->cursor == first);
	type(m, ":gen 2\n");
	work_off(m);
	assert_non_null(strstr(m->message, "there is no generation 2 yet"));
	type(m, ":1\n:next g == 1\nL");
	work_off(m);
	assert_non_null(strstr(m->message, "longest of those that G1 created so far"));
	type(m, "JJJJJJJJJJJJJJJJJJJJ");
	work_off(m);
	assert_non_null(strstr(m->message, "G1 created no goroutine after G"));
	assert_non_null(strstr(m->message, " so far"));
	type(m, ":1\n");
	work_off(m);

	/* The table and the list take in what comes later; following does, until one goes elsewhere. */
	type(m, "o:filter GoCreate\nG");
	work_off(m);
	assert_true(census_events(m->census) == first);
	type(m, "F");
	work_off(m);
	assert_true(m->arrival.tail);
	second = arrive(&f, 2);
	look(m);
	assert_true(m->cursor == second && m->arrival.tail);
	assert_true(census_events(m->census) == second && !census_done(m->census));
	assert_true(m->query.pass.to == second);
	type(m, "F");
	look(m);
	assert_false(m->arrival.tail);
	type(m, "F:1\n");
	look(m);
	assert_true(m->cursor == 1 && !m->arrival.tail);

	gt_grow(f.trace, f.bytes.n, false);
	look(m);
	look(m);
	assert_true(m->all && !m->broken && m->indexed && census_done(m->census));
	assert_false(model_waits(m));
	type(m, "XG");
	work_off(m);
	assert_true(m->cursor == m->known + 1);
	type(m, "F");
	assert_non_null(strstr(m->message, "nothing to follow"));
	close_text(&f);
}

/* What can be no batch is told when it comes, not when all has come. */
static void
arriving_broken(void **state)
{
	struct fixture f;
	struct model *m = &f.m;
	uint64_t events;
	size_t n;

	(void)state;
	open_arriving(&f);
	events = arrive(&f, 1);
	gt_bytes(f.trace, &n);
	f.bytes.p[n - 20] = 0x7f;
	gt_grow(f.trace, n + 1, true);
	look(m);
	assert_true(m->arrival.on && m->all && m->broken);
	assert_true(m->known == events + 1); /* and the last sync point */
	type(m, "G");
	work_off(m);
	assert_true(model_is_end(m, m->cursor));
	assert_true(model_error(m)->why.code == GT_E_BATCH_BYTE);
	type(m, ":skip 3\n");
	assert_non_null(strstr(m->message, "the trace is still arriving"));
	gt_grow(f.trace, f.bytes.n, false);
	look(m);
	assert_true(model_is_end(m, m->cursor));
	close_text(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(narrow_bar),
		cmocka_unit_test(bar_gives_way),
		cmocka_unit_test(table_is_sound),
		cmocka_unit_test(names_and_completion),
		cmocka_unit_test(words),
		cmocka_unit_test(opens_at_the_first_event),
		cmocka_unit_test(says_why),
		cmocka_unit_test(moves),
		cmocka_unit_test(same_states_on_the_way_back),
		cmocka_unit_test(context_of_a_create),
		cmocka_unit_test(error_row),
		cmocka_unit_test(other_rules),
		cmocka_unit_test(searches),
		cmocka_unit_test(searches_for_expressions),
		cmocka_unit_test(filters),
		cmocka_unit_test(stops_at_breakpoints),
		cmocka_unit_test(follows_one),
		cmocka_unit_test(follows_nobody),
		cmocka_unit_test(letters_of_scripts),
		cmocka_unit_test(lines_are_checked),
		cmocka_unit_test(expressions_complete),
		cmocka_unit_test(scripts_run_in_between),
		cmocka_unit_test(wrong_arguments),
		cmocka_unit_test(lines_that_are_no_commands),
		cmocka_unit_test(expressions_that_are_wrong),
		cmocka_unit_test(panes),
		cmocka_unit_test(every_size),
		cmocka_unit_test(nothing_hostile_gets_out),
		cmocka_unit_test(plain_ascii),
		cmocka_unit_test(random_keys),
		cmocka_unit_test(salvages_what_is_cut),
		cmocka_unit_test(old_traces),
		cmocka_unit_test(arriving_timeline),
		cmocka_unit_test(arriving),
		cmocka_unit_test(arriving_broken),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
