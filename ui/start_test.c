/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record that begins in the middle: run, it does what was done by hand. */
#define _XOPEN_SOURCE 700
#include "fixture.h"
#include "script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct text {
	char at[1 << 18];
	size_t n;
};

static void
put(void *arg, const char *text)
{
	struct text *t = arg;

	assert_true(t->n + strlen(text) < sizeof t->at);
	strcpy(t->at + t->n, text);
	t->n += strlen(text);
}

static void
complain(void *arg, const char *what, const char *why)
{
	(void)arg;
	fail_msg("%s: %s", what ? what : "", why);
}

/* The commands that a record in a file has, to be freed. */
static char *
recorded(const char *path)
{
	char *text = calloc(1, 1 << 14);

	assert_non_null(text);
	get_file(path, text, (1 << 14) - 1);
	return text;
}

/* As run does them: its status is good. The rows of the table are written to a file then, if there is one. */
static void
run(const char *commands, const char *csv, struct text *out)
{
	struct gt_model rules;
	struct fixture f;
	char *all = calloc(1, strlen(commands) + 200);
	struct ui_options o = { .file = MIXED, .model = &rules, .memory = 1 << 24, .commands = all, .script = "a record" };

	assert_non_null(all);
	sprintf(all, "%s%s%s\nevent\n", commands, csv ? "export " : "", csv ? csv : "");
	open_file(&f, MIXED, 24, 80, true);
	gt_model_get(&rules, GT_MODEL_DEFAULT);
	o.trace = f.trace;
	out->n = 0;
	assert_int_equal(ui_script(&o, &(struct ui_output){ .put = put, .complain = complain, .arg = out }), 0);
	close_file(&f);
	free(all);
}

static void
same_columns(const struct model *a, const struct model *b)
{
	for (int of = 0; of < COLUMNS_OF; of++) {
		char x[400] = "", y[400] = "";
		struct sb p = sb_on(x, sizeof x), q = sb_on(y, sizeof y);

		columns_text(of, &a->columns[of], &p);
		columns_text(of, &b->columns[of], &q);
		assert_string_equal(x, y);
	}
}

static void
same(const struct model *a, const struct model *b)
{
	const struct table *t = &a->table, *u = &b->table;

	assert_int_equal(a->cursor, b->cursor);
	assert_int_equal(a->arr.open, b->arr.open);
	assert_int_equal(a->arr.folded, b->arr.folded);
	assert_int_equal(a->arr.focus, b->arr.focus);
	assert_int_equal(a->arr.maximized, b->arr.maximized);
	assert_int_equal(a->arr.stacked, b->arr.stacked);
	assert_int_equal(t->kind, u->kind);
	assert_string_equal(t->only, u->only);
	assert_string_equal(t->of, u->of);
	assert_memory_equal(t->sort, u->sort, sizeof t->sort);
	assert_memory_equal(t->reverse, u->reverse, sizeof t->reverse);
	assert_int_equal(t->histogram, u->histogram);
	assert_int_equal(t->histogram && t->turned, u->histogram && u->turned);
	/* What is not to be seen is not made. */
	if (views_visible(a, PANE_TABLE) && views_visible(b, PANE_TABLE)) {
		assert_int_equal(t->at, u->at);
		assert_int_equal(t->rows, u->rows);
	}
	assert_int_equal(a->time.view[0].by, b->time.view[0].by);
	assert_int_equal(a->time.view[1].by, b->time.view[1].by);
	assert_int_equal(a->query.follow_id, b->query.follow_id);
	assert_string_equal(a->query.filter.text, b->query.filter.text);
	assert_int_equal(a->time_mode, b->time_mode);
	same_columns(a, b);
}

/* What is typed: lines begin with a colon, all else are keys. */
static void
hand(struct model *m, const char *const *what)
{
	for (; *what; what++) {
		if (**what == ':') {
			script_note_line(m, ':', *what + 1);
			line(m, *what + 1);
		} else {
			keys(m, *what);
		}
		if (m->message_style == ST_BAD)
			assert_string_equal(m->message, "");
	}
}

/* What is done before the record and in it; what the file has. NULL: whatever it is. */
static const struct {
	const char *before[12], *in[12], *want;
} all[] = {
	{ { "o" }, { "G", "<Enter>" }, "table goroutines\nlast\nopen\nview table\n" },
	{ { "oo", ":only running>1ms", ":sort waiting", ":columns groups: function count waiting:12" }, { "j", "<Enter>" },
		"columns groups: function count waiting:12\ntable groups\nsort waiting down\nonly running>1ms\ndown\nopen\n" },
	{ { "oo3j" }, { "<Enter>", "j" }, "table groups\nfirst\ndown 3\nopen\ndown\n" },
	/* The keys are elsewhere, or the table is closed and comes again. */
	{ { ":table waits", ":sort count up", "<Tab>" }, { ":table", "G<Enter>" }, NULL },
	{ { ":goto 300", ":groups", ":only gc", "q" }, { "o<Enter>" }, NULL },
	{ { ":transitions main", ":sort count down", "j" }, { "<Enter>" }, NULL },
	{ { ":transitions main", ":table groups" }, { "oooooo", "<Enter>" }, NULL },
	{ { ":goroutines", "2ji", "Rj" }, { "<Enter>", "G<Enter>" }, NULL },
	{ { ":goroutines", "4ji" }, { "<Enter>", "<Enter>" }, NULL },
	/* Panes: opened, closed, folded. */
	{ { "vs", ":close context", "vtx", ":goto 40", "ve" }, { "s", "X", "G" }, NULL },
	{ { "vfx", ":close details", "_", "T" }, { "x", "\\", "s" }, NULL },
	{ { "tt", ":view lanes", ":timeline p", "\\" }, { "\\", ":goto 70" }, NULL },
	/* What leaves a pane, or goes to another, is not what leaves a script, or depends on the screen. */
	{ { "o" }, { "qs", "vsq", "\\q", "?q", "s" },
		"table goroutines\nclose table\nview events\nstep\nview stack\nclose stack\nview events\nmaximize\nmaximize\nhelp\nstep\n" },
	{ { NULL }, { ":goroutines", "<Tab><S-Tab>", "<PgDn>", "<Enter>" }, NULL },
};

static void
again(const char *text, struct model *was, int h, int w)
{
	struct fixture f;

	open_file(&f, MIXED, h, w, true);
	script_queue(&f.m, text);
	settle(&f.m);
	if (f.m.message_style == ST_BAD)
		assert_string_equal(f.m.message, "");
	same(&f.m, was);
	close_file(&f);
}

/* What was done by hand is done again: as run does it, and on screens of other sizes. */
static void
records_panes(void **state)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", command[80], csv[80], other[80];
	static struct text out;
	static char x[1 << 16], y[1 << 16];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	snprintf(command, sizeof command, "record %s", path);
	snprintf(csv, sizeof csv, "%s.csv", path);
	snprintf(other, sizeof other, "%s.other.csv", path);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *text, number[40];
		bool table;
		struct fixture f;

		open_file(&f, MIXED, 40, 120, true);
		hand(&f.m, all[i].before);
		line(&f.m, command);
		hand(&f.m, all[i].in);
		line(&f.m, "record");
		text = recorded(path);
		if (all[i].want)
			assert_string_equal(text, all[i].want);
		again(text, &f.m, 24, 80);
		again(text, &f.m, 50, 170);
		table = views_visible(&f.m, PANE_TABLE);
		if (table) {
			snprintf(x, sizeof x, "export %s", csv);
			line(&f.m, x);
		}
		run(text, table ? other : NULL, &out);
		snprintf(number, sizeof number, "\n%llu  +", (unsigned long long)f.m.cursor);
		if (!strstr(out.at, number) && !model_is_end(&f.m, f.m.cursor))
			fail_msg("%s: not at event %llu:\n%s", text, (unsigned long long)f.m.cursor, out.at);
		if (table) {
			x[get_file(csv, x, sizeof x - 1)] = 0;
			y[get_file(other, y, sizeof y - 1)] = 0;
			assert_string_equal(x, y);
			unlink(csv);
			unlink(other);
		}
		free(text);
		close_file(&f);
	}
	unlink(path);
}

/* Nothing where nothing was done; and what can't be told is said. */
static void
records_untold(void **state)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", command[80], *text;
	int fd = mkstemp(path);
	struct fixture f;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	snprintf(command, sizeof command, "record %s", path);
	open_file(&f, MIXED, 40, 120, true);
	line(&f.m, command);
	line(&f.m, "record");
	text = recorded(path);
	assert_string_equal(text, "");
	free(text);
	keys(&f.m, "t+");
	line(&f.m, "find GoBlock");
	line(&f.m, command);
	line(&f.m, "record");
	text = recorded(path);
	assert_non_null(strstr(text, "\nview timeline\n# not told by commands: what was searched for; what the timeline shows of time and lanes\n"));
	free(text);
	/* A filter that no command can hold is not written in part. */
	strcpy(f.m.table.only, "a;b");
	line(&f.m, command);
	line(&f.m, "record");
	text = recorded(path);
	assert_null(strstr(text, "only"));
	assert_non_null(strstr(text, "names that can't stand in a command"));
	free(text);
	close_file(&f);
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(records_panes), cmocka_unit_test(records_untold) };

	return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
