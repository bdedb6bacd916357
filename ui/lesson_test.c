/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lessons: that they are taken apart as they are written, and that every one of them is true. What stands behind an answer is
 * held against what the program itself makes of the trace: of the right one all must be so, of a wrong one not.
 */
#include "lesson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match.h"
#include "ui.h"

/* --- taking apart ------------------------------------------------------------- */

#define HEAD "# a comment\ntitle: A lesson\n\nWhat it is\nabout.\n\n-- trace --\nTrace Go1.22\n-- trace two --\nTrace Go1.23\n"
#define ANSWERS "= one\n  if n == 2\n- two\n  if n == 3\n! Since so.\n"

static bool
same(struct gt_str s, const char *text)
{
	return s.n == strlen(text) && !memcmp(s.p, text, s.n);
}

static void
all_of_a_lesson(void **state)
{
	static const char text[] = HEAD "-- step 2 --\nRead\nthis.\n\n? What is it,\n  then?\n= one\n  of two\n  if n == 2\n  if m == 0\n"
		"- two\n  if :state; why -> P0 -> P1\n~ Look.\n! Since so,\n  and not otherwise.\n\nAlso.\n"
		"-- step GoStart && g == 1 --\nsee: end\nmodel: go1.22-strict\ntrace: two\nOnly read.\n";
	struct lesson l;
	struct lesson_error err;
	char *flow;

	(void)state;
	assert_true(lesson_parse(&l, text, strlen(text), &err));
	assert_true(same(l.title, "A lesson"));
	assert_int_equal(l.traces, 2);
	assert_true(same(l.trace[0].text, "Trace Go1.22"));
	assert_int_equal(l.trace[0].line, 8);
	assert_true(same(l.trace[1].name, "two"));
	assert_int_equal(l.steps, 2);
	assert_int_equal(lesson_questions(&l), 1);
	assert_true(same(l.step[0].at, "2"));
	assert_int_equal(l.step[0].see.n, 0);
	assert_true(same(l.step[0].question, "What is it,\n  then?"));
	assert_int_equal(l.step[0].answers, 2);
	assert_true(l.step[0].answer[0].right);
	assert_true(same(l.step[0].answer[0].text, "one\n  of two"));
	assert_int_equal(l.step[0].answer[0].proofs, 2);
	assert_true(same(l.step[0].answer[0].proof[1].text, "m == 0"));
	assert_false(l.step[0].answer[1].right);
	assert_true(same(l.step[0].answer[1].proof[0].text, "state; why"));
	assert_true(same(l.step[0].answer[1].proof[0].shows, "P0 -> P1"));
	assert_true(same(l.step[0].hint, "Look."));
	assert_true(same(l.step[1].at, "GoStart && g == 1"));
	assert_true(same(l.step[1].see, "end"));
	assert_true(same(l.step[1].model, "go1.22-strict"));
	assert_int_equal(l.step[1].trace, 1);
	flow = lesson_flow(l.step[0].why);
	assert_string_equal(flow, "Since so, and not otherwise.\n\nAlso.");
	free(flow);
	flow = lesson_flow(l.step[0].text);
	assert_string_equal(flow, "Read this.");
	free(flow);
}

static void
lines_flow(void **state)
{
	static const struct {
		const char *text, *flow;
	} cases[] = {
		{ "", "" },
		{ "one", "one" },
		{ "\n\none\ntwo\n\n", "one two" },
		{ "one\n  two\n\n\nthree", "one two\n\n\nthree" },
		{ "one\n    a  b\n    c\ntwo", "one\n    a  b\n    c\ntwo" },
		{ "one\n\tx\n\ntwo\nthree", "one\n\tx\n\ntwo three" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *flow = lesson_flow((struct gt_str){ cases[i].text, strlen(cases[i].text) });

		assert_string_equal(flow, cases[i].flow);
		free(flow);
	}
}

static void
mistakes_are_told(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *says;
	} cases[] = {
		{ "", 0, "begins with its title" },
		{ "title: x\n", 1, "begins with its title" },
		{ "title:\n", 1, "a text is missing" },
		{ "title: x\ntitle: y\n", 2, "second time" },
		{ "title: x\nabout\n", 2, "has a trace and steps" },
		{ HEAD "-- what --\n", 11, "sections" },
		{ HEAD "-- step 1 --\n", 11, "nothing to read" },
		{ HEAD "-- step 1 --\n? Q\n= one\n  if n == 1\n! so\n", 15, "two answers or more" },
		{ HEAD "-- step 1 --\n? Q\n- one\n  if n == 1\n- two\n  if n == 2\n! so\n", 17, "one of them right" },
		{ HEAD "-- step 1 --\n? Q\n= one\n  if n == 1\n= two\n  if n == 2\n! so\n", 17, "one of them right" },
		{ HEAD "-- step 1 --\n? Q\n= one\n  if n == 1\n- two\n  if n == 2\n", 16, "and why" },
		{ HEAD "-- step 1 --\n? Q\n= one\n- two\n  if n == 2\n! so\n", 16, "without a condition" },
		{ HEAD "-- step 1 --\n= one\n", 12, "behind its question" },
		{ HEAD "-- step 1 --\n? Q\n= one\n  if :state\n", 14, "followed by ->" },
		{ HEAD "-- step 1 --\n? Q\n= one\n  if n == 1\n  more\n", 15, "goes on with nothing" },
		{ HEAD "-- step 1 --\n? Q\n? Q\n", 13, "second time" },
		{ HEAD "-- step 1 --\n? \n", 12, "a text is missing" },
		{ HEAD "-- step 1 --\n? Q\n= \n", 13, "a text is missing" },
		{ HEAD "-- step 1 --\nsee: \n", 12, "a text is missing" },
		{ HEAD "-- step 1 --\n? Q\n= one\n  if \n", 14, "an answer without a condition" },
		{ HEAD "-- step 1 --\ntrace: three\n", 12, "no trace of that name" },
		{ HEAD "-- step 1 --\n? Q\n- 1\n  if n\n- 2\n  if n\n- 3\n  if n\n- 4\n  if n\n- 5\n", 21, "too many answers" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct lesson l;
		struct lesson_error err = { 0 };

		assert_false(lesson_parse(&l, cases[i].text, strlen(cases[i].text), &err));
		if (err.line != cases[i].line || !strstr(err.text, cases[i].says))
			fail_msg("case %zu: line %u, %s", i, err.line, err.text);
	}
}

static void
any_beginning_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; lesson_files[i].name; i++)
		for (size_t n = 0; n <= lesson_files[i].n; n += 7) {
			struct lesson l;
			struct lesson_error err;

			lesson_parse(&l, (const char *)lesson_files[i].text, n, &err);
		}
}

static void
lessons_are_found(void **state)
{
	size_t i;
	bool many;

	(void)state;
	assert_true(lesson_find("8", &i, &many));
	assert_int_equal(i, 7);
	assert_true(lesson_find("callback", &i, &many));
	assert_int_equal(i, 7);
	assert_true(lesson_find("cgo", &i, &many));
	assert_int_equal(i, 7);
	assert_true(lesson_find("08-cgo-callback", &i, &many));
	assert_true(lesson_find("file", &i, &many));
	assert_int_equal(i, 0);
	assert_false(lesson_find("", &i, &many));
	assert_false(lesson_find("0", &i, &many));
	assert_false(lesson_find("17", &i, &many));
	assert_false(many);
	assert_false(lesson_find("s", &i, &many));
	assert_true(many);
	assert_null(lesson_name(16));
	assert_null(lesson_name(1000));
}

/* --- truth ------------------------------------------------------------------------ */

/* Where one is in the lessons, and how much of them was not so. */
struct place {
	const struct lesson *l;
	size_t step;
	unsigned wrong, proofs;
};

__attribute__((format(printf, 2, 3))) static void
not_so(struct place *at, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "lesson %u, step %zu: ", at->l->number, at->step + 1);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	at->wrong++;
}

static void
put(void *arg, const char *text)
{
	char *all = arg;

	strncat(all, text, 60000 - strlen(all));
}

static void
complain(void *arg, const char *what, const char *text)
{
	put(arg, what ? what : "");
	put(arg, text);
	put(arg, "\n");
}

/* What commands print that are done at a row; where that is, is told before. To be freed. */
static char *
printed(struct gt_trace *t, const struct gt_model *model, uint64_t row, struct gt_str commands)
{
	char *all = calloc(1, 65536), script[1024];
	int n = snprintf(script, sizeof script, "goto %llu; %.*s", (unsigned long long)row, (int)commands.n, commands.p);

	assert_non_null(all);
	assert_in_range(n, 1, sizeof script - 1);
	ui_script(&(struct ui_options){ .trace = t, .file = "lesson", .model = model, .memory = 1 << 22, .commands = script },
		&(struct ui_output){ put, complain, all });
	return all;
}

/* Not in the middle of a word: invalid is not valid. */
static bool
has_words(const char *text, const char *words)
{
	for (const char *p = text; (p = strstr(p, words)) != NULL; p++)
		if (p == text || !((p[-1] | 32) >= 'a' && (p[-1] | 32) <= 'z'))
			return true;
	return false;
}

static bool
is_so(struct place *at, struct gt_trace *t, const struct gt_model *model, uint64_t row, const struct lesson_proof *p)
{
	char want[256], *all;
	bool so;

	at->proofs++;
	if (!p->shows.n) {
		struct gt_expr_error err;
		struct gt_expr *e = gt_expr_new(p->text.p, p->text.n, &matcher, &err);

		if (!e)
			not_so(at, "%.*s: %s", (int)p->text.n, p->text.p, err.text);
		gt_expr_free(e);
		return lesson_holds(t, model, row, p->text);
	}
	snprintf(want, sizeof want, "%.*s", (int)p->shows.n, p->shows.p);
	all = printed(t, model, row, p->text);
	so = has_words(all + strcspn(all, "\n"), want);
	if (getenv("VERBOSE"))
		fprintf(stderr, "%.*s at %llu: %s\n%s\n", (int)p->text.n, p->text.p, (unsigned long long)row, so ? "so" : "not so", all);
	free(all);
	return so;
}

static void
check_answer(struct place *at, struct gt_trace *t, const struct gt_model *model, uint64_t row, const struct lesson_answer *a)
{
	bool all = true;

	for (size_t i = 0; i < a->proofs; i++) {
		bool so = is_so(at, t, model, row, &a->proof[i]);

		if (a->right && !so)
			not_so(at, "not so at %llu: %.*s -> %.*s", (unsigned long long)row, (int)a->proof[i].text.n, a->proof[i].text.p,
				(int)a->proof[i].shows.n, a->proof[i].shows.p);
		all = all && so;
	}
	if (!a->right && all)
		not_so(at, "this is said to be wrong, and is right: %.*s", (int)a->text.n, a->text.p);
}

static bool
model_of(const struct lesson_step *s, struct gt_model *model)
{
	char name[64];

	snprintf(name, sizeof name, "%.*s", (int)s->model.n, s->model.p);
	return gt_model_get(model, s->model.n ? name : GT_MODEL_DEFAULT);
}

static void
check_step(struct place *at, struct gt_trace *t)
{
	const struct lesson_step *s = &at->l->step[at->step];
	struct gt_model model;
	uint64_t here, see;

	if (!model_of(s, &model)) {
		not_so(at, "there is no model %.*s", (int)s->model.n, s->model.p);
		return;
	}
	here = lesson_row(t, &model, s->at);
	see = s->see.n ? lesson_row(t, &model, s->see) : here;
	if (!here || !see)
		not_so(at, "there is no such place");
	for (size_t i = 0; i < s->answers && see; i++)
		check_answer(at, t, &model, see, &s->answer[i]);
}

static struct gt_trace *
open_trace(struct place *at, const struct lesson_trace *text, struct gt_buf *bytes)
{
	struct gt_text_error wrong;
	struct gt_error err;
	struct gt_trace *t;

	*bytes = (struct gt_buf){ NULL, 0, 0 };
	if (!lesson_binary(text, bytes, &wrong)) {
		not_so(at, "line %u: %s", text->line + wrong.line - 1, wrong.text);
		return NULL;
	}
	t = gt_open(bytes->p, bytes->n, &err);
	if (!t)
		not_so(at, "the trace can't be opened");
	return t;
}

static void
every_lesson_is_true(void **state)
{
	struct place at = { .wrong = 0 };
	struct lesson l;
	size_t n = 0;

	(void)state;
	for (; lesson_name(n); n++) {
		struct lesson_error err;

		if (!lesson_at(n, &l)) {
			lesson_parse(&l, (const char *)lesson_files[n].text, lesson_files[n].n, &err);
			fail_msg("%s, line %u: %s", lesson_files[n].name, err.line, err.text);
		}
		assert_int_equal(l.number, n + 1);
		at.l = &l;
		for (at.step = 0; at.step < l.steps; at.step++) {
			struct gt_buf bytes;
			struct gt_trace *t = open_trace(&at, &l.trace[l.step[at.step].trace], &bytes);

			if (t)
				check_step(&at, t);
			gt_close(t);
			gt_buf_free(&bytes);
		}
		at.step = 0;
		if (lesson_questions(&l) < 2)
			not_so(&at, "so few questions");
	}
	assert_int_equal(n, 16);
	assert_true(at.proofs > 200);
	assert_int_equal(at.wrong, 0);
}

/* --- traces ----------------------------------------------------------------------------- */

static void
tell_lie(void *arg, const struct gt_lie *lie)
{
	struct place *at = arg;

	not_so(at, "batch %lld has %llu bytes, not %llu", (long long)lie->place.batch, (unsigned long long)lie->real,
		(unsigned long long)lie->declared);
}

/* Under one of the rule sets under which steps of the lesson look at it. */
static bool
is_valid(const struct place *at, struct gt_trace *t, size_t nth)
{
	bool valid = false;

	for (size_t i = 0; i < at->l->steps; i++) {
		struct gt_model model;
		struct gt_reader *r;

		if (at->l->step[i].trace != nth || !model_of(&at->l->step[i], &model))
			continue;
		r = gt_reader_new(t, &model);
		assert_non_null(r);
		gt_skip(r, UINT64_MAX);
		valid = valid || !gt_reader_error(r);
		gt_reader_free(r);
	}
	return valid;
}

static void
found(void *arg, const struct gt_finding *f)
{
	not_so(arg, "strict: %s", f->text);
}

/* What Go's reader lets pass, and no Go runtime writes, is not for learning. */
static void
check_strictly(struct place *at, struct gt_trace *t)
{
	struct gt_strict *st = gt_strict_new(t, found, at);
	struct gt_model model;
	struct gt_reader *r;
	const struct gt_event *ev;

	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT));
	r = gt_reader_new(t, &model);
	assert_non_null(st);
	assert_non_null(r);
	while (gt_strict_file(st, 1000))
		;
	while (gt_read(r, &ev) == GT_EVENT)
		gt_strict_event(st, ev, gt_reader_state(r));
	gt_strict_free(st);
	gt_reader_free(r);
}

/* Those of the last lesson are broken on purpose; one of the eighth is of no Go that was released. */
static void
traces_are_as_they_should(void **state)
{
	struct place at = { .wrong = 0 };
	struct lesson l;
	size_t traces = 0;

	(void)state;
	for (size_t n = 0; lesson_at(n, &l); n++) {
		at.l = &l;
		for (size_t i = 0; i < l.traces; i++, traces++) {
			struct gt_buf bytes;
			struct gt_trace *t = open_trace(&at, &l.trace[i], &bytes);
			struct gt_raw_reader *r = t ? gt_raw_new(t) : NULL;

			assert_non_null(r);
			if (!same(l.trace[i].name, "leftover"))
				gt_raw_lies(r, UINT64_MAX, tell_lie, &at);
			if (l.number < 16 && !same(l.trace[i].name, "twice"))
				check_strictly(&at, t);
			if (is_valid(&at, t, i) != (l.number < 16))
				not_so(&at, "trace %zu is %svalid", i, l.number < 16 ? "in" : "");
			gt_raw_free(r);
			gt_close(t);
			gt_buf_free(&bytes);
		}
	}
	assert_true(traces > 20);
	assert_int_equal(at.wrong, 0);
}

/* A line that stays one must fit the narrowest screen; texts are wrapped. Signs beyond ASCII are not for every terminal. */
static void
texts_fit(void **state)
{
	struct lesson l;

	(void)state;
	for (size_t n = 0; lesson_at(n, &l); n++) {
		const struct lesson_file *f = &lesson_files[n];

		for (size_t i = 0; i < f->n; i++)
			if (f->text[i] > 126 || (f->text[i] < ' ' && f->text[i] != '\n' && f->text[i] != '\t'))
				fail_msg("%s: byte %zu is no ASCII", f->name, i);
		for (size_t i = 0; i < l.steps; i++) {
			char *flow = lesson_flow(l.step[i].text);

			assert_non_null(flow);
			for (const char *p = flow; *p; p += strcspn(p, "\n"), p += *p == '\n')
				if (*p == ' ' && strcspn(p, "\n") > 76)
					fail_msg("%s, step %zu: a line is too long", f->name, i + 1);
			free(flow);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_a_lesson),
		cmocka_unit_test(lines_flow),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(any_beginning_is_taken),
		cmocka_unit_test(lessons_are_found),
		cmocka_unit_test(every_lesson_is_true),
		cmocka_unit_test(traces_are_as_they_should),
		cmocka_unit_test(texts_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
