/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lessons in the explorer, without a terminal: pages, answers, what is hidden, other traces, scripts. */
#include "learn.h"

#include "fixture.h"

/* What stands between models and a screen, as ui.c does it. */
struct class {
	struct ui_options o;
	struct learning *l;
	struct model *m;
};

static void
sit(struct class *c, size_t nth, int page, int h, int w)
{
	*c = (struct class){ .o = { .lesson = (int)nth, .file = "learn", .memory = 1 << 22, .color = true, .mouse = true } };
	c->l = learn_open(NULL, &c->o, nth, page, false);
	assert_non_null(c->l);
	c->m = learn_model(c->l);
	model_resize(c->m, h, w);
	settle(c->m);
}

static void
leave(struct class *c)
{
	learn_close(c->l);
}

/* What the model asks for; how often it did. */
static int
follow_effect(struct class *c)
{
	struct learning *next;

	if (c->m->effect != EFFECT_LESSON)
		return 0;
	next = learn_open(c->m, &c->o, 0, 0, c->m->utf8);
	assert_non_null(next);
	learn_close(c->l);
	c->l = next;
	c->m = learn_model(next);
	settle(c->m);
	return 1;
}

static int
press(struct class *c, const char *text)
{
	int turns = 0;
	char key[16];

	for (; *text; text++) {
		size_t n = *text == '<' ? strcspn(text, ">") + 1 : 1;

		snprintf(key, sizeof key, "%.*s", (int)n, text);
		keys(c->m, key);
		turns += follow_effect(c);
		text += n - 1;
	}
	return turns;
}

static int
say(struct class *c, const char *text)
{
	line(c->m, text);
	return follow_effect(c);
}

static void
says(const struct model *m, const char *want)
{
	if (!strstr(m->message, want))
		fail_msg("no \"%s\" in: %s", want, m->message);
}

/* --- pages -------------------------------------------------------------------- */

static void
pages_follow_each_other(void **state)
{
	struct class c;

	(void)state;
	sit(&c, 7, LEARN_INTRO, 40, 120);
	shows(c.m, "lesson 8: C calls Go", true);
	shows(c.m, "threads of its own", true);
	assert_int_equal(c.m->arr.focus, PANE_LESSON);
	press(&c, "d");
	assert_int_equal(c.m->cursor, 1);
	shows(c.m, "step 1 of 10", true);
	press(&c, "d");
	assert_int_equal(c.m->cursor, 4);
	press(&c, "D");
	assert_int_equal(c.m->cursor, 1);
	press(&c, "D");
	shows(c.m, "threads of its own", true);
	press(&c, "D");
	says(c.m, "this is where the lesson begins");
	say(&c, "lesson 3");
	assert_int_equal(c.m->cursor, 6);
	say(&c, "lesson back");
	assert_int_equal(c.m->lesson.page, 2);
	say(&c, "lesson next");
	assert_int_equal(c.m->lesson.page, 3);
	press(&c, "2D");
	assert_int_equal(c.m->lesson.page, 1);
	press(&c, "9D");
	assert_int_equal(c.m->lesson.page, 0);
	say(&c, "lesson 11");
	says(c.m, "the lesson has 10 steps");
	say(&c, "lesson sideways");
	says(c.m, "is not next, back, here");
	/* Whoever wandered around comes back. */
	say(&c, "lesson 3");
	say(&c, "12");
	assert_int_equal(c.m->cursor, 12);
	press(&c, "W");
	assert_int_equal(c.m->cursor, 6);
	leave(&c);
}

static void
the_list_opens_lessons(void **state)
{
	struct class c;

	(void)state;
	sit(&c, 0, LEARN_MENU, 24, 80);
	shows(c.m, "M, P and G: the context", true);
	shows(c.m, "Broken on purpose", false);
	press(&c, "<Up>jj");
	assert_int_equal(press(&c, "<Enter>"), 1);
	assert_int_equal(c.m->lesson.nth, 2);
	shows(c.m, "lesson 3: ", true);
	assert_int_equal(say(&c, "learn"), 1);
	assert_int_equal(c.m->lesson.chosen, 2);
	press(&c, "20j");
	shows(c.m, "Broken on purpose", true);
	assert_int_equal(press(&c, "d"), 1);
	assert_int_equal(c.m->lesson.nth, 15);
	say(&c, "learn nothing");
	says(c.m, "there is no lesson \"nothing\"");
	say(&c, "learn s");
	says(c.m, "could be several lessons");
	assert_int_equal(say(&c, "learn iter"), 1);
	assert_int_equal(c.m->lesson.nth, 11);
	leave(&c);
}

static void
lessons_follow_each_other(void **state)
{
	struct class c;

	(void)state;
	sit(&c, 1, LEARN_INTRO, 24, 80);
	press(&c, "dddddd");
	shows(c.m, "That was lesson 2. Right at first try: 0 of 5.", true);
	assert_int_equal(press(&c, "d"), 1);
	assert_int_equal(c.m->lesson.nth, 2);
	say(&c, "learn 16");
	say(&c, "lesson 11");
	press(&c, "d");
	press(&c, "d");
	says(c.m, "that was the last lesson");
	leave(&c);
}

/* --- answers --------------------------------------------------------------------- */

static void
answers_are_right_or_wrong(void **state)
{
	struct class c;
	size_t first;

	(void)state;
	sit(&c, 7, 1, 40, 120);
	press(&c, "a");
	says(c.m, "its number");
	press(&c, "1");
	says(c.m, "no, not 1");
	assert_int_equal(c.m->cursor, 1);
	shows(c.m, "The call has only begun", false);
	press(&c, "a9");
	says(c.m, "there are answers 1 to 3");
	press(&c, "ax");
	says(c.m, "there are answers 1 to 3");
	press(&c, "a<Esc>");
	press(&c, "3a");
	says(c.m, "right: 3");
	assert_int_equal(c.m->cursor, 2);
	shows(c.m, "The call has only begun", true);
	shows(c.m, "from == NotExist", true);
	say(&c, "answer 1");
	says(c.m, "this question is answered");
	/* Not at first try; the next one is. */
	assert_int_equal(learn_answered(&c.m->lesson, &first), 1);
	assert_int_equal(first, 0);
	press(&c, "d");
	say(&c, "answer 1");
	says(c.m, "right: 1");
	assert_int_equal(learn_answered(&c.m->lesson, &first), 2);
	assert_int_equal(first, 1);
	say(&c, "answer 0");
	says(c.m, "is no count");
	say(&c, "answer two");
	says(c.m, "is not a number");
	leave(&c);
}

static void
answers_are_chosen(void **state)
{
	struct class c;
	int y;

	(void)state;
	sit(&c, 7, 1, 40, 120);
	press(&c, "<Enter>");
	says(c.m, "n chooses");
	press(&c, "n");
	assert_int_equal(c.m->lesson.chosen, 0);
	press(&c, "N");
	assert_int_equal(c.m->lesson.chosen, 2);
	press(&c, "nn<Down>");
	assert_int_equal(c.m->lesson.chosen, 2);
	press(&c, "<Down><Up>");
	assert_int_equal(c.m->lesson.chosen, 1);
	press(&c, "<Enter>");
	says(c.m, "no, not 2");
	press(&c, "n<Enter>");
	says(c.m, "right: 3");
	press(&c, "n");
	assert_int_equal(c.m->lesson.chosen, -1);
	press(&c, "<Enter>");
	assert_int_equal(c.m->lesson.page, 2);
	model_prepare(c.m);
	y = c.m->lay.pane[PANE_LESSON].y + 1 + (int)c.m->lesson.line[1];
	mouse(c.m, MOUSE_PRESS, y, 5);
	says(c.m, "no, not 2");
	mouse(c.m, MOUSE_PRESS, y - 1, 5);
	says(c.m, "right: 1");
	leave(&c);
}

static void
hints_are_given(void **state)
{
	struct class c;

	(void)state;
	sit(&c, 7, 1, 40, 120);
	press(&c, "y");
	says(c.m, "there is no hint");
	press(&c, "d");
	shows(c.m, "GoSyscallEnd means:", false);
	press(&c, "a2");
	says(c.m, "y gives a hint");
	press(&c, "y");
	shows(c.m, "GoSyscallEnd means:", true);
	press(&c, "dD");
	shows(c.m, "GoSyscallEnd means:", false);
	leave(&c);
}

/* Events behind the cursor are not to be seen while they are asked for. */
static void
what_follows_is_hidden(void **state)
{
	struct class c;

	(void)state;
	sit(&c, 7, LEARN_INTRO, 40, 120);
	shows(c.m, "GoSyscallEndBlocked ", true);
	press(&c, "d");
	shows(c.m, "GoCreateSyscall new_g=4", false);
	shows(c.m, "s steps to what is next", true);
	press(&c, "s");
	shows(c.m, "GoCreateSyscall new_g=4", true);
	shows(c.m, "ProcStatus p=0", false);
	press(&c, "S");
	shows(c.m, "GoCreateSyscall new_g=4", true);
	press(&c, "a3");
	shows(c.m, "ProcStart p=0", true);
	leave(&c);
}

static void
without_a_lesson(void **state)
{
	struct fixture f;

	(void)state;
	open_file(&f, "testdata/traces/cgo-callbacks.trace", 24, 80, false);
	for (const char *key = "adDWy"; *key; key++) {
		model_key(&f.m, (unsigned char)*key);
		says(&f.m, "no lesson is open");
		assert_int_equal(f.m.effect, EFFECT_NONE);
	}
	keys(&f.m, "vn");
	shows(&f.m, "The file: generations", true);
	keys(&f.m, "jj");
	model_key(&f.m, key_by_name("Enter", 5));
	assert_int_equal(f.m.effect, EFFECT_LESSON);
	assert_int_equal(f.m.lesson.want.nth, 2);
	model_line(&f.m, ':', "learn 5");
	assert_int_equal(f.m.effect, EFFECT_LESSON);
	assert_int_equal(f.m.lesson.want.nth, 4);
	close_file(&f);
}

/* --- other traces and rules ---------------------------------------------------------- */

static void
steps_have_their_own_trace(void **state)
{
	struct class c;

	(void)state;
	sit(&c, 7, 1, 24, 80);
	press(&c, "a3");
	/* Another trace, and other rules; back again. */
	assert_int_equal(say(&c, "lesson 8"), 1);
	assert_string_equal(gt_nav_model(c.m->nav)->name, "go1.22-strict");
	assert_true(c.m->lesson.tried[0].right);
	assert_int_equal(c.m->cursor, 8);
	assert_int_equal(press(&c, "d"), 1);
	assert_string_equal(gt_nav_model(c.m->nav)->name, "go1.22-tolerant");
	assert_int_equal(say(&c, "lesson 1"), 1);
	shows(c.m, "That was", false);
	assert_string_equal(gt_nav_model(c.m->nav)->name, GT_MODEL_DEFAULT);
	/* The trace that the student has changed is as it was again. */
	say(&c, "lesson 2");
	say(&c, "skip 2");
	assert_ptr_not_equal(c.m->trace, c.m->opened);
	assert_int_equal(press(&c, "W"), 1);
	assert_ptr_equal(c.m->trace, c.m->opened);
	assert_int_equal(c.m->cursor, 4);
	/* And so are the rules. */
	say(&c, "model go1.22-strict");
	assert_int_equal(press(&c, "d"), 1);
	assert_string_equal(gt_nav_model(c.m->nav)->name, GT_MODEL_DEFAULT);
	leave(&c);
}

static void
a_fault_is_not_given_away(void **state)
{
	struct class c;

	(void)state;
	sit(&c, 15, 1, 40, 120);
	assert_true(c.m->broken);
	assert_int_equal(c.m->cursor, c.m->known + 1);
	assert_int_equal(c.m->lay.pane[PANE_WHY].h, 0);
	assert_int_equal(c.m->message[0], 0);
	press(&c, "w");
	assert_int_equal(c.m->arr.focus, PANE_WHY);
	press(&c, "q");
	assert_int_equal(c.m->arr.focus, PANE_LESSON);
	leave(&c);
}

static void
looks_are_kept(void **state)
{
	struct class c;
	unsigned looks;

	(void)state;
	sit(&c, 0, LEARN_INTRO, 30, 90);
	say(&c, "theme light");
	say(&c, "key F5 lesson back");
	say(&c, "time delta");
	press(&c, "vs");
	looks = c.m->looks;
	assert_int_equal(say(&c, "learn 4"), 1);
	assert_true(c.m->looks != looks);
	assert_int_equal(c.m->time_mode, TIME_DELTA);
	assert_true(c.m->arr.open & 1u << PANE_STACK);
	assert_int_equal(c.m->h, 30);
	assert_int_equal(c.m->w, 90);
	press(&c, "dd<F5>");
	assert_int_equal(c.m->lesson.page, 1);
	leave(&c);
}

/* --- all of them ------------------------------------------------------------------------- */

/* Whether the last line of the page is on the screen, once one has scrolled there. */
static void
all_is_seen(struct class *c)
{
	const struct lines *l = &c->m->lines[PANE_LESSON];
	const char *text;
	char last[200];

	press(c, "G");
	model_prepare(c->m);
	if (c->m->lay.pane[PANE_LESSON].h < 5)
		fail_msg("the lesson has %d rows", c->m->lay.pane[PANE_LESSON].h);
	text = l->at[l->n - 1].text;
	snprintf(last, sizeof last, "%s", text + strspn(text, " "));
	shows(c->m, last, true);
}

static void
walk_through(struct class *c)
{
	size_t steps = c->m->lesson.of->steps, first, asked = lesson_questions(c->m->lesson.of);

	for (size_t i = 0; i < steps; i++) {
		const struct lesson_step *s;

		press(c, "d");
		s = learn_step(c->m);
		assert_non_null(s);
		assert_int_equal(c->m->cursor, lesson_row(c->m->trace, gt_nav_model(c->m->nav), s->at));
		all_is_seen(c);
		for (size_t a = 0; a < s->answers; a++)
			if (s->answer[a].right) {
				learn_answer(c->m, a + 1);
				settle(c->m);
			}
		assert_int_equal(learn_is_right(c->m), s->answers > 0);
		assert_int_equal(c->m->cursor, lesson_row(c->m->trace, gt_nav_model(c->m->nav), s->see.n ? s->see : s->at));
		all_is_seen(c);
	}
	press(c, "d");
	assert_int_equal(learn_answered(&c->m->lesson, &first), asked);
	assert_int_equal(first, asked);
	shows(c->m, "Right at first try", true);
}

static void
all_lessons_at(int h, int w)
{
	for (size_t i = 0; lesson_name(i); i++) {
		struct class c;

		sit(&c, i, LEARN_INTRO, h, w);
		all_is_seen(&c);
		walk_through(&c);
		leave(&c);
	}
}

static void
all_lessons(void **state)
{
	(void)state;
	all_lessons_at(24, 80);
	all_lessons_at(40, 120);
	all_lessons_at(12, 46);
}

/* The right answer is not always at the same place. */
static void
answers_are_mixed(void **state)
{
	size_t at[LESSON_ANSWERS] = { 0 }, all = 0;
	struct lesson l;

	(void)state;
	for (size_t n = 0; lesson_at(n, &l); n++)
		for (size_t i = 0; i < l.steps; i++)
			for (size_t a = 0; a < l.step[i].answers; a++) {
				at[a] += l.step[i].answer[a].right;
				all += l.step[i].answer[a].right;
			}
	for (int a = 0; a < 3; a++)
		assert_in_range(at[a], all / 6, all / 2);
}

/* --- scripts --------------------------------------------------------------------------------- */

static void
put(void *arg, const char *text)
{
	strncat(arg, text, 200000 - strlen(arg));
}

static void
complain(void *arg, const char *what, const char *text)
{
	put(arg, what ? what : "");
	put(arg, ": ");
	put(arg, text);
	put(arg, "\n");
}

/* What commands print, or the text of a lesson where there are none, and the exit status. To be freed. */
static char *
printed(int lesson, const char *commands, int *status)
{
	char *all = calloc(1, 200001);
	struct ui_options o = { .lesson = lesson, .file = "learn", .memory = 1 << 22, .commands = commands };
	struct ui_output to = { put, complain, all };

	assert_non_null(all);
	*status = commands ? ui_script(&o, &to) : ui_lesson(&o, &to);
	return all;
}

static void
scripts_take_lessons(void **state)
{
	static const struct {
		const char *commands;
		int status;
		const char *prints; /* in this order, separated by | */
	} cases[] = {
		{ "learn 8; lesson; answer 1; answer 3", 0,
			"lesson 8: C calls Go|step 1 of 10|no, not 1|right: 3|The call has only begun|so:  from|2  +" },
		{ "learn cgo; lesson 8; state; lesson 9; why", 0,
			"step 8 of 10|M5 P0 -|step 9 of 10|valid, 13 events, model go1.22-tolerant" },
		{ "learn 4; lesson 1; hint; lesson 4; skip 8; lesson here; why", 1,
			"step 1 of 4|hint|no argument g_seq|step 4 of 4|now: invalid|step 4 of 4|valid, " },
		{ "learn; learn 2", 0, "lesson list|The file|Broken on purpose|lesson 2: " },
		{ "learn nosuch; learn 2", 2, "learn nosuch: there is no lesson" },
		{ "learn 8; answer", 2, ":answer needs a number" },
		{ "learn 8; answer 2", 1, "nothing is asked here" },
		{ "learn 8; lesson; answer 7", 1, "there are answers 1 to 3" },
		{ "learn 8; q; learn 2", 0, "lesson 8" },
		{ "learn 2; lesson; answer 1; lesson; answer 1; lesson; lesson; lesson; lesson", 0,
			"That was lesson 2. Right at first try:|Not answered:" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int status;
		char *all = printed(-1, cases[i].commands, &status), *at = all, want[200];

		for (const char *p = cases[i].prints; *p; p += strcspn(p, "|"), p += *p == '|') {
			snprintf(want, sizeof want, "%.*s", (int)strcspn(p, "|"), p);
			at = strstr(at, want);
			if (!at)
				fail_msg("case %zu: no \"%s\" in:\n%s", i, want, all);
		}
		if (status != cases[i].status)
			fail_msg("case %zu: status %d of\n%s", i, status, all);
		free(all);
	}
}

static void
lessons_are_printed(void **state)
{
	struct lesson l;

	(void)state;
	for (size_t n = 0; lesson_at(n, &l); n++) {
		int status;
		char *all = printed((int)n, NULL, &status), *at = all, want[80];

		assert_int_equal(status, 0);
		for (size_t i = 0; i < l.steps; i++) {
			snprintf(want, sizeof want, "lesson %u, step %zu of %zu: ", l.number, i + 1, l.steps);
			at = strstr(at, want);
			assert_non_null(at);
			assert_non_null(strstr(at, "\nhere:\n"));
			assert_non_null(strstr(at, "\nafter event "));
			if (l.step[i].answers)
				assert_non_null(strstr(at, "\nanswer: "));
		}
		free(all);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_follow_each_other),
		cmocka_unit_test(the_list_opens_lessons),
		cmocka_unit_test(lessons_follow_each_other),
		cmocka_unit_test(answers_are_right_or_wrong),
		cmocka_unit_test(answers_are_chosen),
		cmocka_unit_test(hints_are_given),
		cmocka_unit_test(what_follows_is_hidden),
		cmocka_unit_test(without_a_lesson),
		cmocka_unit_test(steps_have_their_own_trace),
		cmocka_unit_test(a_fault_is_not_given_away),
		cmocka_unit_test(looks_are_kept),
		cmocka_unit_test(all_lessons),
		cmocka_unit_test(answers_are_mixed),
		cmocka_unit_test(scripts_take_lessons),
		cmocka_unit_test(lessons_are_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
