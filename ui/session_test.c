/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions: what is kept of one, when, and that it comes back as it was. */
#define _XOPEN_SOURCE 700
#include "model.h"
#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char source[] = "testdata/traces/mixed.trace";

struct fixture {
	char dir[64], file[96], folder[96];
	uint8_t bytes[1 << 18];
	size_t n;
	struct gt_trace *trace;
	struct model m;
};

static void
set_up(struct fixture *f)
{
	struct gt_error err;
	FILE *file = fopen(source, "rb");

	memset(f, 0, sizeof *f);
	snprintf(f->dir, sizeof f->dir, "/tmp/session_test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->file, sizeof f->file, "%s/a\n\"trace", f->dir);
	snprintf(f->folder, sizeof f->folder, "%s/gotrace-tui", f->dir);
	setenv("XDG_STATE_HOME", f->dir, 1);
	assert_non_null(file);
	f->n = fread(f->bytes, 1, sizeof f->bytes, file);
	fclose(file);
	put_file(f->file, f->bytes, f->n);
	f->trace = gt_open(f->bytes, f->n, &err);
	assert_non_null(f->trace);
}

static void
tear_down(struct fixture *f)
{
	char name[512];

	while (files_in(f->folder, name, sizeof name))
		unlink(name);
	rmdir(f->folder);
	unlink(f->file);
	assert_int_equal(rmdir(f->dir), 0);
	gt_close(f->trace);
}

/* An opening, up to its end: the commands are done one by one. settings: as the user's file has them. */
static void
begin(struct fixture *f, bool keep, const char *settings, const char *const commands[])
{
	struct gt_model rules;
	struct ui_options o = { .trace = f->trace, .file = f->file, .model = &rules, .memory = 1 << 24, .cache = keep };

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	assert_true(model_init(&f->m, &o, true));
	settings_read(&f->m, settings, "settings");
	session_begin(&f->m);
	for (; *commands; commands++) {
		model_line(&f->m, ':', *commands);
		settle(&f->m);
		if (f->m.message_style == ST_BAD)
			assert_string_equal(f->m.message, "");
	}
}

static void
end(struct fixture *f)
{
	session_end(&f->m);
	model_free(&f->m);
}

#define DO(...) ((const char *const[]){ __VA_ARGS__, NULL })
static const char *const nothing[] = { NULL };

static const char *const work[] = { "goto 31", "mark a", "goto 4000", "mark Z", "break name ~ \"a;b\"", "break GoStart",
	"disable 2", "highlight g == 1", "highlight m == 3", "filter Go*", "hide", "goto 72", NULL };

/* As `work` left it. */
static void
as_left(const struct model *m)
{
	const struct query *q = &m->query;

	assert_int_equal(m->cursor, 72);
	assert_int_equal(trail_mark(&m->trail, 'a')->n, 31);
	assert_int_equal(trail_mark(&m->trail, 'Z')->n, 4000);
	assert_int_equal(q->nbrk, 2);
	assert_string_equal(q->brk[0].goal.text, "name ~ \"a;b\"");
	assert_true(q->brk[0].on);
	assert_string_equal(q->brk[1].goal.text, "GoStart");
	assert_false(q->brk[1].on);
	assert_int_equal(q->nlight, 2);
	assert_string_equal(q->light[1].text, "m == 3");
	assert_string_equal(q->filter.text, "Go*");
	assert_false(q->hide);
}

static void
comes_back(void **state)
{
	static struct fixture f;

	(void)state;
	set_up(&f);
	begin(&f, true, "", work);
	assert_null(strstr(f.m.message, "session"));
	end(&f);
	/* Told of, but not forced; and what the settings have set already is not there twice. */
	begin(&f, true, "highlight g == 1\nbreak GoStart\n", nothing);
	assert_non_null(strstr(f.m.message, ":session"));
	assert_int_equal(f.m.cursor, 1);
	assert_int_equal(f.m.query.nbrk, 1);
	end(&f);
	begin(&f, true, "", DO("session"));
	as_left(&f.m);
	end(&f);
	begin(&f, true, "highlight g == 1\nbreak name ~ \"a;b\"\n", DO("session"));
	as_left(&f.m);
	end(&f);
	tear_down(&f);
}

/* What was kept goes only when something takes its place. */
static void
stays(void **state)
{
	static struct fixture f;

	(void)state;
	set_up(&f);
	begin(&f, true, "", work);
	end(&f);
	begin(&f, true, "break GoBlock", DO("goto 500"));
	end(&f);
	begin(&f, true, "", DO("session"));
	as_left(&f.m);
	model_line(&f.m, ':', "goto 600");
	settle(&f.m);
	end(&f);
	begin(&f, true, "", DO("session"));
	assert_int_equal(f.m.cursor, 600);
	assert_int_equal(f.m.query.nbrk, 2);
	end(&f);
	begin(&f, true, "", DO("break GCBegin"));
	end(&f);
	begin(&f, true, "", DO("session"));
	assert_int_equal(f.m.query.nbrk, 1);
	end(&f);
	tear_down(&f);
}

static void
not_kept(void **state)
{
	static struct fixture f;
	char name[512];

	(void)state;
	set_up(&f);
	begin(&f, true, "", nothing);
	end(&f);
	begin(&f, false, "", work);
	end(&f);
	begin(&f, true, "session off", work);
	end(&f);
	assert_int_equal(files_in(f.folder, name, sizeof name), 0);
	begin(&f, true, "", DO("session"));
	assert_string_equal(f.m.message, "nothing is kept of this trace");
	end(&f);
	begin(&f, true, "", work);
	end(&f);
	assert_int_equal(files_in(f.folder, name, sizeof name), 1);
	begin(&f, false, "", nothing);
	assert_string_equal(f.m.message, "");
	end(&f);
	/* Another trace of the same name. */
	f.bytes[f.n++] = 0;
	put_file(f.file, f.bytes, f.n);
	begin(&f, true, "", DO("session"));
	assert_string_equal(f.m.message, "nothing is kept of this trace");
	end(&f);
	tear_down(&f);
}

/*
 * In an edited trace events have other numbers: by their time they are found in the one that is opened. What was marked in that
 * one itself is where it was.
 */
static void
edited(void **state)
{
	static struct fixture f;

	(void)state;
	set_up(&f);
	begin(&f, true, "", DO("goto 1000", "mark a", "skip 76", "goto 1500", "mark b"));
	assert_true(f.m.trace != f.m.opened);
	end(&f);
	begin(&f, true, "", DO("session"));
	assert_int_equal(trail_mark(&f.m.trail, 'a')->n, 1000);
	assert_int_equal(trail_mark(&f.m.trail, 'b')->n, 1501);
	assert_int_equal(f.m.cursor, 1501);
	end(&f);
	tear_down(&f);
}

/* Until the place is reached; the index may be anywhere. */
static void
go(struct model *m, const char *line)
{
	model_line(m, ':', line);
	while (m->job.kind)
		model_work(m, 1000000);
	model_prepare(m);
}

static void
stands_at(struct model *m, const struct gt_event *ev)
{
	const struct row *row = rows_get(m->rows, m->cursor);

	assert_non_null(row);
	assert_int_equal(row->ev.type, ev->type);
	assert_int_equal(row->ev.off, ev->off);
	assert_int_equal(row->ev.part, ev->part);
	assert_int_equal(row->ev.n, ev->n);
	assert_true(row->ev.time == ev->time);
}

/* Left in a generation by itself, before the index was there: found again by the place in the file. */
static void
unconfirmed(void **state)
{
	static struct fixture f;
	static const char *const places[] = { "gen 2", "+1", "+77", "gen 3", "+90", "+3" };

	(void)state;
	set_up(&f);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct gt_event left;
		uint64_t n = 0;

		begin(&f, true, "", nothing);
		f.m.patience = 0;
		go(&f.m, i < 3 ? "gen 2" : "gen 3");
		go(&f.m, places[i]);
		assert_true(model_apart(&f.m));
		go(&f.m, "mark a");
		left = rows_get(f.m.rows, f.m.cursor)->ev;
		n = f.m.cursor;
		end(&f);
		begin(&f, true, "", DO("session"));
		assert_false(model_apart(&f.m));
		assert_true(f.m.cursor > n);
		left.n = f.m.cursor;
		left.time = rows_get(f.m.rows, f.m.cursor)->ev.time;
		stands_at(&f.m, &left);
		assert_int_equal(trail_mark(&f.m.trail, 'a')->n, f.m.cursor);
		end(&f);
	}
	tear_down(&f);
}

/* Where a table, or whatever else, has the keys: places are those of the trace, and stay so. */
static void
at_the_end(void **state)
{
	static const char *const settings[] = { "", "table goroutines", "view timeline", "table groups\nsession" };
	static struct fixture f;
	uint64_t end_row;

	(void)state;
	set_up(&f);
	begin(&f, true, "", DO("last", "mark a", "-1", "mark b", "first"));
	end_row = trail_mark(&f.m.trail, 'a')->n;
	assert_true(model_is_end(&f.m, end_row));
	end(&f);
	for (size_t i = 0; i < 2 * (sizeof settings / sizeof *settings); i++) {
		begin(&f, true, settings[i / 2], i / 2 == 3 ? nothing : DO("session"));
		settle(&f.m);
		assert_int_equal(trail_mark(&f.m.trail, 'a')->n, end_row);
		assert_true(trail_mark(&f.m.trail, 'a')->end);
		assert_int_equal(trail_mark(&f.m.trail, 'b')->n, end_row - 1);
		assert_int_equal(f.m.cursor, 1);
		assert_int_equal(f.m.arr.focus, i / 2 == 0 ? PANE_EVENTS : i / 2 == 2 ? PANE_TIMELINE : PANE_TABLE);
		end(&f);
	}
	/* And where one is at the end. */
	begin(&f, true, "", DO("session", "goto end"));
	assert_int_equal(f.m.cursor, end_row);
	end(&f);
	begin(&f, true, "table goroutines\nsession", nothing);
	settle(&f.m);
	assert_int_equal(f.m.cursor, end_row);
	assert_int_equal(f.m.table.at, 0);
	end(&f);
	tear_down(&f);
}

enum { FILE_NAME = 512 };

/* A session is left, and its file, of that name, is another then. */
static void
leave_instead(struct fixture *f, char name[FILE_NAME], const char *text, size_t n)
{
	begin(f, true, "", work);
	end(f);
	assert_int_equal(files_in(f->folder, name, FILE_NAME), 1);
	put_file(name, text, n);
}

/* A file of a session from when the end had no name as a place. */
static void
of_old(void **state)
{
	static const char text[] = "# gotrace-tui was left so in \"a\"\nfilter name ~ \"last\"\nlast\nmark a\nlast\n-1\nmark b\ngoto 31\nmark c\nlast\n";
	static struct fixture f;
	char name[FILE_NAME];

	(void)state;
	set_up(&f);
	leave_instead(&f, name, text, sizeof text - 1);
	begin(&f, true, "table goroutines\nsession", nothing);
	settle(&f.m);
	assert_true(model_is_end(&f.m, f.m.cursor));
	assert_true(trail_mark(&f.m.trail, 'a')->end);
	assert_int_equal(trail_mark(&f.m.trail, 'b')->n, f.m.cursor - 1);
	assert_int_equal(trail_mark(&f.m.trail, 'c')->n, 31);
	assert_string_equal(f.m.query.filter.text, "name ~ \"last\"");
	end(&f);
	tear_down(&f);
}

/* A file that was tampered with: said, and no more. */
static void
broken(void **state)
{
	static struct fixture f;
	char name[FILE_NAME];

	(void)state;
	set_up(&f);
	leave_instead(&f, name, "session\nbreak \033[2J ==\n", 22);
	begin(&f, true, "", nothing);
	model_line(&f.m, ':', "session");
	settle(&f.m);
	assert_int_equal(f.m.message_style, ST_BAD);
	end(&f);
	put_file(name, "break Go\0Start", 14);
	begin(&f, true, "", nothing);
	model_line(&f.m, ':', "session");
	settle(&f.m);
	assert_non_null(strstr(f.m.message, "it is no text"));
	end(&f);
	tear_down(&f);
}

static void
bounded(void **state)
{
	static struct fixture f;
	char path[512];

	(void)state;
	set_up(&f);
	assert_int_equal(mkdir(f.folder, 0700), 0);
	for (int i = 0; i < SESSION_FILES + 10; i++) {
		snprintf(path, sizeof path, "%s/%016x.session%s", f.folder, i, i % 2 ? "" : ".aaaaaa");
		put_file(path, "x", 1);
	}
	snprintf(path, sizeof path, "%s/commands", f.folder);
	put_file(path, "x", 1);
	begin(&f, true, "", work);
	end(&f);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(files_in(f.folder, path, sizeof path), SESSION_FILES + 1);
	begin(&f, true, "", DO("session"));
	as_left(&f.m);
	end(&f);
	tear_down(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(stays),
		cmocka_unit_test(not_kept),
		cmocka_unit_test(edited),
		cmocka_unit_test(unconfirmed),
		cmocka_unit_test(at_the_end),
		cmocka_unit_test(of_old),
		cmocka_unit_test(broken),
		cmocka_unit_test(bounded),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
