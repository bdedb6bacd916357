/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What if? Edits in the explorer, without a terminal. */
#define _XOPEN_SOURCE 700
#include "model.h"
#include "script.h"
#include "testing.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct gt_buf bytes;
	struct gt_trace *trace;
	struct model m;
	/* What was written last. */
	char file[64], form[16];
	bool over, fails;
	size_t size;
};

static bool
write_it(void *arg, struct gt_trace *t, const struct gt_model *rules, const char *file, const char *form, bool over, char *why,
	size_t cap)
{
	struct fixture *f = arg;

	assert_non_null(rules);
	snprintf(f->file, sizeof f->file, "%s", file);
	snprintf(f->form, sizeof f->form, "%s", form);
	f->over = over;
	gt_bytes(t, &f->size);
	if (f->fails)
		snprintf(why, cap, "%s: no room", file);
	return !f->fails;
}

/* As it is before anything of it has been read. */
static void
open_unread(struct fixture *f, const char *text, size_t memory)
{
	struct gt_text_error wrong;
	struct gt_error err;
	struct gt_model model;
	struct ui_options o = { .file = "test.trace", .model = &model, .memory = memory, .write = write_it, .write_arg = f };

	memset(f, 0, sizeof *f);
	if (!gt_text_read(text, strlen(text), &f->bytes, &wrong))
		fail_msg("%u:%u: %s", wrong.line, wrong.col, wrong.text);
	f->trace = gt_open(f->bytes.p, f->bytes.n, &err);
	assert_non_null(f->trace);
	gt_salvage(f->trace, true);
	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT));
	o.trace = f->trace;
	assert_true(model_init(&f->m, &o, true));
	model_resize(&f->m, 40, 120);
}

static void
open_text(struct fixture *f, const char *text, size_t memory)
{
	open_unread(f, text, memory);
	settle(&f->m);
}

static void
close_text(struct fixture *f)
{
	model_free(&f->m);
	gt_close(f->trace);
	gt_buf_free(&f->bytes);
}

/* A command, and how its message begins, an empty one if it does so with nothing; NULL: whatever it says. */
static void
does(struct fixture *f, const char *line, const char *says)
{
	model_line(&f->m, ':', line);
	settle(&f->m);
	if (says && (strncmp(f->m.message, says, strlen(says)) != 0 || (!*says && f->m.message[0])))
		fail_msg("%s: %s", line, f->m.message);
}

static void
ends(const struct fixture *f, const char *is)
{
	size_t n = strlen(f->m.message), k = strlen(is);

	if (n < k || strcmp(f->m.message + n - k, is) != 0)
		fail_msg("%s", f->m.message);
}

/* The bytes are those of the opened trace. */
static void
is_as_opened(const struct fixture *f)
{
	size_t n;
	const uint8_t *p = gt_bytes(f->m.trace, &n);

	assert_int_equal(n, f->bytes.n);
	assert_memory_equal(p, f->bytes.p, n);
}

#define FAULT "expected a proc but didn't have one"

static void
edits_and_back(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, 1 << 24);
	assert_int_equal(f.m.cursor, 11);
	shows(&f.m, "edited", false);
	/* At the fault the event refused is the current one. */
	does(&f, "set type=GoSyscallEndBlocked", "GoSyscallEndBlocked dt=1 in place of GoSyscallEnd dt=1; was: invalid after 10 events: " FAULT);
	ends(&f, "; now: invalid after 11 events: " FAULT);
	assert_int_equal(f.m.cursor, 11);
	shows(&f.m, "edited", true);
	shows(&f.m, "after 11 good events", true);
	does(&f, "undo", "undone: GoSyscallEndBlocked");
	ends(&f, "; now: invalid after 10 events: " FAULT);
	is_as_opened(&f);
	shows(&f.m, "edited", false);
	shows(&f.m, "after 10 good events", true);
	does(&f, "redo", "again GoSyscallEndBlocked");
	ends(&f, "; now: invalid after 11 events: " FAULT);
	does(&f, "undo", "undone: ");
	does(&f, "undo", "nothing is edited");
	/* The P stays with the M where the call does not end: all is well then. */
	does(&f, "skip 0/7", "without GoCreateSyscall dt=1 new_g=4 (batch 0, event 7); was: ");
	does(&f, "drop 0/7", "without GoSyscallEnd dt=2 (batch 0, event 7); was: ");
	does(&f, "drop 0/7", "without GoSyscallBegin dt=1 p_seq=3 stack=0 (batch 0, event 7); was: ");
	does(&f, "drop 0/7", "without GoDestroySyscall dt=1 (batch 0, event 7); was: ");
	ends(&f, "; now: ok, 10 events");
	shows(&f.m, "edited ✓ valid", true);
	shows(&f.m, "there is nothing to explain", true);
	does(&f, "redo", "nothing was undone");
	does(&f, "undo 3", "undone: without GoSyscallEnd");
	ends(&f, "; now: invalid after 9 events: " FAULT);
	/* Whoever goes another way from here can't go the first one any more. */
	does(&f, "why", "");
	does(&f, "insert GoCreateSyscall dt=7 new_g=5", "with GoCreateSyscall dt=7 new_g=5 (batch 0, event 7); was: ");
	does(&f, "redo", "nothing was undone");
	does(&f, "undo 100", "undone: without GoCreateSyscall");
	is_as_opened(&f);
	does(&f, "undo", "nothing is edited");
	/* Other rules for the edited trace. */
	does(&f, "drop 0/10", "without GoDestroySyscall");
	does(&f, "model go1.22-tolerant", "go1.22-tolerant: valid, 12 events, was invalid after event 10");
	does(&f, "undo", "undone: without GoDestroySyscall dt=1 (batch 0, event 10); was: ok, 12 events; now: ok, 13 events");
	close_text(&f);
}

static void
events_are_named(void **state)
{
	static const struct {
		const char *line, *says;
	} t[] = {
		{ "4; skip", "without ProcStart dt=1 p=0 p_seq=1 (batch 0, event 2)" },
		{ "skip 4", "without ProcStart dt=1 p=0 p_seq=1 (batch 0, event 2)" },
		{ "skip 0/2", "without ProcStart dt=1 p=0 p_seq=1 (batch 0, event 2)" },
		{ "skip 11", "without GoSyscallEnd dt=1 (batch 0, event 8)" },
		/* Of an event that stands for two on the wire, that one. */
		{ "skip 8", "without GoDestroySyscall dt=1 (batch 0, event 6)" },
		{ "drop batch 3", "without batch 3" },
		{ "skip 1", "1: it is a point between generations" },
		{ "skip 12", "12: there is no event here" },
		{ "skip 0", "0: an event is its number, or batch/event" },
		{ "skip x", "x: an event is its number" },
		{ "skip 0/11", "0/11: there is no such event in that batch" },
		{ "skip 9/1", "9/1: there is no such batch" },
		{ "skip 1/0", "1/0: that is no event of an M" },
		{ "skip 0/x", "0/x: an event is its number" },
		{ "skip batch 3", "batch 3: an event is its number" },
		{ "drop batch 4", "batch 4: there is no such batch" },
		{ "drop batch x", "batch x: a batch is its number" },
		{ "insert", ":insert needs an event, as " },
		{ "insert GoStart g=x g_seq=1", "the value of g must be a decimal number, not \"x\"" },
		{ "insert Strings", "that is no event of an M" },
		{ "1; insert ProcStop", "nothing can be put before event 1, Sync: it is a point between generations, not in the file itself" },
		{ "set", ":set needs an argument and its value, as " },
		{ "set g", "as g=4 or type=GoStop" },
		{ "7; set g=5", "GoSyscallBegin has no g; it has: type dt p_seq stack" },
		{ "7; set p_seq=x", "p_seq can't be \"x\"" },
		{ "7; set p_seq=99999999999999999999", "p_seq can't be" },
		{ "7; set type=Strings", "there is no event of an M called \"Strings\"" },
		{ "7; set type=GoSwitch", "there is no event of an M called \"GoSwitch\"" },
		{ "7; set p_seq=0x10 dt=3", "GoSyscallBegin dt=3 p_seq=16 stack=0 in place of GoSyscallBegin dt=1 p_seq=2 stack=0" },
		{ "3; set pstatus=idle", "ProcStatus dt=1 p=0 pstatus=2 in place of ProcStatus dt=1 p=0 pstatus=2" },
		{ "6; set g=none", "GoStart dt=1 g=18446744073709551615 g_seq=1 in place" },
		{ "6; set type=GoUnblock", "GoUnblock dt=1 g=4 g_seq=1 stack=0 in place of GoStart dt=1 g=4 g_seq=1" },
		{ "apply", ":apply needs the number of a suspect (:apply N)" },
		{ "apply x", "\"x\" is not the number of a suspect (:apply N)" },
		{ "apply 0", "suspects are 1 to " },
		{ "apply 99", "suspects are 1 to " },
		{ "apply 1", "no edit makes the repair of suspect 1: --model=go1.22-tolerant" },
		{ "apply 2", "suspect 2: make this GoSyscallEnd a GoSyscallEndBlocked; was: " },
		{ "undo x", "\"x\" is not a number (:undo [N])" },
	};
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, 1 << 24);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char place[8] = "";
		const char *line = strstr(t[i].line, "; ");

		snprintf(place, sizeof place, "%.*s", line ? (int)(line - t[i].line) : 0, t[i].line);
		does(&f, line ? place : "why", "");
		does(&f, line ? line + 2 : t[i].line, t[i].says);
		if (f.m.edits.at)
			does(&f, "undo", "undone: ");
		is_as_opened(&f);
	}
	close_text(&f);
}

/* What an edit leads to is known once all has been read: it waits for that, and so does what follows, until a key comes. */
static void
waits_for_the_end(void **state)
{
	char path[] = "/tmp/gotrace-tui-test-XXXXXX", text[200];
	int fd = mkstemp(path);
	struct fixture f;
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	open_unread(&f, create_twice, 1 << 24);
	model_line(&f.m, ':', "skip 4; 3");
	assert_non_null(strstr(f.m.message, "reading to the end, for skip: "));
	assert_int_equal(f.m.edits.at, 0);
	assert_true(model_busy(&f.m));
	model_key(&f.m, 'j');
	settle(&f.m);
	assert_int_equal(f.m.edits.at, 0);
	assert_int_equal(f.m.cursor, 2);
	close_text(&f);

	/* Each kind, typed, of a script and recorded: once. */
	for (int i = 0; i < 4; i++) {
		static const char *const edits[] = { "skip 4", "drop 4", "set dt=3", "insert ProcStop dt=1" };

		open_unread(&f, create_twice, 1 << 24);
		snprintf(text, sizeof text, "record %s", path);
		model_line(&f.m, ':', text);
		f.m.cursor = 4;
		snprintf(text, sizeof text, "%s; 3; record", edits[i]);
		if (i % 2) {
			script_queue(&f.m, text);
		} else {
			script_note_line(&f.m, ':', text);
			model_line(&f.m, ':', text);
		}
		assert_int_equal(f.m.edits.at, 0);
		settle(&f.m);
		assert_int_equal(f.m.edits.at, 1);
		assert_int_equal(f.m.cursor, 3);
		file = fopen(path, "r");
		assert_non_null(file);
		text[fread(text, 1, sizeof text - 1, file)] = 0;
		fclose(file);
		assert_int_equal(strncmp(text, edits[i], strlen(edits[i])), 0);
		assert_string_equal(text + strlen(edits[i]), "\n3\n");
		close_text(&f);
	}
	unlink(path);
}

static void
what_can_not_be_edited(void **state)
{
	struct fixture f;

	(void)state;
	/* Too large for the memory there may be used. */
	open_text(&f, create_twice, 100);
	does(&f, "skip 3", "an edited trace is kept in memory: ");
	assert_null(f.m.edits.trace);
	close_text(&f);
}

static void
writes(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, 1 << 24);
	does(&f, "write", ":write needs a file (:write FILE");
	does(&f, "write x", "x: as text, test or binary?");
	does(&f, "write .txt", ".txt: as text, test or binary?");
	assert_string_equal(f.file, "");
	does(&f, "write x.txt", "written to x.txt, as text");
	does(&f, "write! x.test", "written to x.test, as test");
	assert_true(f.over);
	does(&f, "drop 0/10", "without");
	does(&f, "write a file.trace", "written to a file.trace, as binary");
	assert_false(f.over);
	assert_int_equal(f.size, f.bytes.n - 2);
	does(&f, "write a file.trace   text", "written to a file.trace, as text");
	assert_string_equal(f.file, "a file.trace");
	assert_string_equal(f.form, "text");
	f.fails = true;
	does(&f, "write x.test", "x.test: no room");
	close_text(&f);
}

/* What is looked for, marked and stopped at is so in the edited trace as well. */
static void
what_was_asked_stays(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, create_twice, 1 << 24);
	does(&f, "break GoStart", NULL);
	does(&f, "view timeline", "");
	does(&f, "view strings", "");
	does(&f, "table", "");
	does(&f, "1", "");
	does(&f, "skip 0/0", "without");
	does(&f, "set dt=9", "it is a point");
	does(&f, "1", "");
	does(&f, "undo", "undone");
	does(&f, "continue", NULL);
	assert_int_equal(f.m.cursor, 6);
	for (int i = 0; i < 40; i++)
		does(&f, i % 3 ? "undo" : "skip 0/2", i % 3 == 0 ? "without" : i % 3 == 1 ? "undone" : "nothing");
	close_text(&f);
}

static void
lines_are_checked(void **state)
{
	static const struct {
		const char *line;
		int kind;
		size_t at;
	} t[] = {
		{ "insert GoStart g=4 g_seq=1", LINE_PLAIN, 0 },
		{ "insert GoStart g=x g_seq=1", LINE_WRONG, 17 },
		{ "insert GoStart g=4", LINE_OPEN, 18 },
		{ "insert NoSuch", LINE_WRONG, 7 },
		{ "set g=4", LINE_PLAIN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct line_verdict v;

		query_check(':', t[i].line, &v);
		if ((int)v.kind != t[i].kind || (v.kind != LINE_PLAIN && v.at != t[i].at))
			fail_msg("%s: %d at %zu: %s", t[i].line, (int)v.kind, v.at, v.note);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_and_back),
		cmocka_unit_test(events_are_named),
		cmocka_unit_test(waits_for_the_end),
		cmocka_unit_test(what_can_not_be_edited),
		cmocka_unit_test(writes),
		cmocka_unit_test(what_was_asked_stays),
		cmocka_unit_test(lines_are_checked),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
