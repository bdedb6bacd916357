/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See learn.h. */
#include "learn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "names.h"
#include "script.h"

/* --- a model for a page --------------------------------------------------------- */

struct learning {
	struct model m;
	struct gt_buf bytes;
	struct gt_trace *trace;
	char file[48];
};

/* The step of a page; that of the first one for pages that are none. */
static const struct lesson_step *
step_of(const struct lesson *l, int page)
{
	size_t i = page < 1 ? 0 : (size_t)page - 1;

	return &l->step[i < l->steps ? i : l->steps - 1];
}

static void
rules_of(const struct lesson_step *s, struct gt_model *rules)
{
	char name[64];

	snprintf(name, sizeof name, "%.*s", (int)s->model.n, s->model.p);
	if (!s->model.n || !gt_model_get(rules, name))
		gt_model_get(rules, GT_MODEL_DEFAULT);
}

static bool
open_trace(struct learning *l, const struct lesson *lesson, int page)
{
	struct gt_text_error wrong;
	struct gt_error err;

	if (!lesson_binary(&lesson->trace[step_of(lesson, page)->trace], &l->bytes, &wrong))
		return false;
	l->trace = gt_open(l->bytes.p, l->bytes.n, &err);
	if (l->trace)
		gt_salvage(l->trace, true);
	return l->trace != NULL;
}

static bool
start_model(struct learning *l, const struct lesson *lesson, int page, const struct ui_options *o, bool utf8)
{
	struct gt_model rules;
	struct ui_options own = *o;

	rules_of(step_of(lesson, page), &rules);
	snprintf(l->file, sizeof l->file, "lesson %u: %s", lesson->number, lesson->name);
	own.trace = l->trace;
	own.file = l->file;
	own.model = &rules;
	own.opened = NULL;
	own.release = NULL;
	own.news = NULL;
	own.changed = NULL;
	own.write_arg = o->lesson_write_arg;
	own.cache = false;
	own.warning = own.commands = own.script = NULL;
	return model_init(&l->m, &own, utf8);
}

/* The list small, the lesson below it, then the context. */
static void
arrange(struct arrangement *a)
{
	arrangement_init(a);
	arrangement_open(a, PANE_LESSON);
	a->extra[PANE_EVENTS] = -3;
	a->focus = PANE_LESSON;
}

static void
take_over(struct model *m, struct model *from)
{
	bool again = from->lesson.of != NULL;

	m->can_utf8 = from->can_utf8;
	m->theme = from->theme;
	m->keymap = from->keymap;
	memcpy(m->columns, from->columns, sizeof m->columns);
	m->time_mode = from->time_mode;
	m->mouse = from->mouse;
	m->patience = from->patience;
	m->looks = from->looks + 1;
	m->script = from->script;
	memset(&from->script, 0, sizeof from->script);
	if (again)
		m->arr = from->arr;
	if (again && from->lesson.nth == m->lesson.nth)
		memcpy(m->lesson.tried, from->lesson.tried, sizeof m->lesson.tried);
	model_resize(m, from->h, from->w);
}

/* Goes to where a page is about. */
static void
show_page(struct model *m, int page)
{
	struct lesson_view *v = &m->lesson;
	const struct lesson_step *s;

	v->page = page;
	v->hint = false;
	v->chosen = page == LEARN_MENU ? (int)v->nth : -1;
	m->scroll[PANE_LESSON] = 0;
	m->made_for = 0;
	s = learn_step(m);
	if (s)
		model_go(m, lesson_row(m->trace, gt_nav_model(m->home), s->at), false);
}

struct learning *
learn_open(struct model *from, const struct ui_options *o, size_t nth, int page, bool utf8)
{
	struct learning *l = calloc(1, sizeof *l);
	struct lesson *lesson = calloc(1, sizeof *lesson);

	if (from) {
		nth = from->lesson.want.nth;
		page = from->lesson.want.page;
	}
	if (!l || !lesson || !lesson_at(nth, lesson) || !open_trace(l, lesson, page) || !start_model(l, lesson, page, o, utf8)) {
		free(lesson);
		learn_close(l);
		return NULL;
	}
	l->m.lesson.of = lesson;
	l->m.lesson.nth = nth;
	/* A broken trace does not say so by itself: that is for the student to find out. */
	l->m.why.learnt = true;
	arrange(&l->m.arr);
	if (from)
		take_over(&l->m, from);
	show_page(&l->m, page);
	return l;
}

struct model *
learn_model(struct learning *l)
{
	return &l->m;
}

void
learn_leave(struct learning *l, struct model *to)
{
	struct model *m = &l->m;

	to->script = m->script;
	memset(&m->script, 0, sizeof m->script);
	to->theme = m->theme;
	to->keymap = m->keymap;
	to->mouse = m->mouse;
}

void
learn_close(struct learning *l)
{
	if (!l)
		return;
	if (l->m.home)
		model_free(&l->m);
	gt_close(l->trace);
	gt_buf_free(&l->bytes);
	free(l);
}

void
learn_free(struct lesson_view *v)
{
	free(v->of);
	v->of = NULL;
}

/* --- pages -------------------------------------------------------------------------- */

const struct lesson_step *
learn_step(const struct model *m)
{
	const struct lesson_view *v = &m->lesson;

	return v->of && v->page > LEARN_INTRO && (size_t)v->page <= v->of->steps ? &v->of->step[v->page - 1] : NULL;
}

bool
learn_hides(const struct model *m, uint64_t row)
{
	const struct lesson_step *s = learn_step(m);

	return s && s->answers && !learn_is_right(m) && m->trace == m->opened && row > m->lesson.seen && row > m->cursor;
}

bool
learn_is_right(const struct model *m)
{
	return learn_step(m) && m->lesson.tried[m->lesson.page - 1].right;
}

size_t
learn_answered(const struct lesson_view *v, size_t *first)
{
	size_t right = 0;

	*first = 0;
	for (size_t i = 0; v->of && i < v->of->steps; i++) {
		right += v->tried[i].right;
		*first += v->tried[i].first;
	}
	return right;
}

static void
want(struct model *m, size_t nth, int page)
{
	m->lesson.want.nth = nth;
	m->lesson.want.page = page;
	m->effect = EFFECT_LESSON;
}

/* Whether the model is still on the trace that a page is about, by its rules, as the lesson has it. */
static bool
is_on(const struct model *m, int page)
{
	const struct lesson *l = m->lesson.of;
	const struct gt_model *is = gt_nav_model(m->home);
	struct gt_model rules;

	rules_of(step_of(l, page), &rules);
	return m->trace == m->opened && !is->changed && !strcmp(is->name, rules.name) &&
	       step_of(l, page)->trace == step_of(l, m->lesson.page)->trace;
}

static void
go_to_page(struct model *m, int page)
{
	if (is_on(m, page))
		show_page(m, page);
	else
		want(m, m->lesson.nth, page);
}

static void
go_on(struct model *m)
{
	struct lesson_view *v = &m->lesson;
	int end = v->of ? (int)v->of->steps + 1 : 0;

	if (!v->of || v->page == LEARN_MENU)
		want(m, v->chosen < 0 ? 0 : (size_t)v->chosen, LEARN_INTRO);
	else if (v->page < end)
		go_to_page(m, v->page + 1);
	else if (lesson_name(v->nth + 1))
		want(m, v->nth + 1, LEARN_INTRO);
	else
		model_say(m, ST_TEXT, "that was the last lesson; :learn lists them");
}

static void
go_back(struct model *m, uint64_t count)
{
	int page = m->lesson.page;

	if (page <= LEARN_INTRO)
		model_say(m, ST_TEXT, "this is where the lesson begins; :learn lists the lessons");
	else
		go_to_page(m, count < (uint64_t)page ? page - (int)count : LEARN_INTRO);
}

/* --- answers --------------------------------------------------------------------------- */

/* Where it is to be seen, if nobody has changed the trace meanwhile. */
static void
go_to_see(struct model *m, const struct lesson_step *s)
{
	if (s->see.n && is_on(m, m->lesson.page))
		model_go(m, lesson_row(m->trace, gt_nav_model(m->home), s->see), false);
}

void
learn_answer(struct model *m, uint64_t n)
{
	struct lesson_view *v = &m->lesson;
	const struct lesson_step *s = learn_step(m);
	size_t step = (size_t)v->page - 1, i = (size_t)n - 1;

	if (!s || !s->answers) {
		model_say(m, ST_WAIT, v->of ? "nothing is asked here: d goes on" : "no lesson is open: :learn lists them");
	} else if (!n || n > s->answers) {
		model_say(m, ST_WAIT, "there are answers 1 to %zu", s->answers);
	} else if (learn_is_right(m)) {
		model_say(m, ST_TEXT, "this question is answered: d goes on");
	} else if (s->answer[i].right) {
		v->tried[step].right = true;
		v->tried[step].first = !v->tried[step].given;
		v->tried[step].given |= (unsigned char)(1u << i);
		v->chosen = -1;
		go_to_see(m, s);
		model_say(m, ST_OK, "right: %zu; d goes on", i + 1);
	} else {
		v->tried[step].given |= (unsigned char)(1u << i);
		model_say(m, ST_TEXT, "no, not %zu%s; try again", i + 1, s->hint.n && !v->hint ? ": y gives a hint" : "");
	}
}

void
learn_enter(struct model *m)
{
	const struct lesson_view *v = &m->lesson;
	const struct lesson_step *s = learn_step(m);

	if (s && s->answers && !learn_is_right(m) && v->chosen >= 0)
		learn_answer(m, (uint64_t)v->chosen + 1);
	else if (s && s->answers && !learn_is_right(m))
		model_say(m, ST_TEXT, "n chooses an answer, Enter gives it; d goes on without one");
	else
		go_on(m);
}

/* --- commands ------------------------------------------------------------------------------- */

static void
hint(struct model *m)
{
	const struct lesson_step *s = learn_step(m);

	m->lesson.hint = s && s->hint.n;
	if (!m->lesson.hint)
		model_say(m, ST_TEXT, "there is no hint here");
}

/* The next key says which. */
static void
ask_answer(struct model *m)
{
	const struct lesson_step *s = learn_step(m);

	if (m->script.held || m->script.doing) {
		model_say(m, ST_BAD, ":answer needs a number (:answer 2)");
	} else if (!s || !s->answers || learn_is_right(m)) {
		learn_answer(m, 1);
	} else {
		m->waits = CMD_ANSWER;
		model_say(m, ST_TEXT, "answer: its number");
	}
}

static bool
is_command(enum cmd cmd)
{
	return cmd == CMD_ANSWER || cmd == CMD_HINT || cmd == CMD_LESSON || cmd == CMD_LESSON_BACK || cmd == CMD_LESSON_HERE;
}

bool
learn_do(struct model *m, enum cmd cmd, uint64_t count)
{
	if (cmd == CMD_LEARN) {
		want(m, m->lesson.of ? m->lesson.nth : 0, LEARN_MENU);
		return true;
	}
	if (!is_command(cmd))
		return false;
	if (!m->lesson.of)
		model_say(m, ST_WAIT, "no lesson is open: :learn lists them");
	else if (cmd == CMD_ANSWER)
		count ? learn_answer(m, count) : ask_answer(m);
	else if (cmd == CMD_HINT)
		hint(m);
	else if (cmd == CMD_LESSON)
		go_on(m);
	else if (cmd == CMD_LESSON_BACK)
		go_back(m, count ? count : 1);
	else
		go_to_page(m, m->lesson.page);
	return true;
}

static void
open_lesson(struct model *m, const char *word)
{
	size_t i;
	bool many;

	if (lesson_find(word, &i, &many))
		want(m, i, LEARN_INTRO);
	else if (many)
		model_say(m, ST_BAD, "\"%.60s\" could be several lessons; :learn lists them", word);
	else
		names_say_none(m, "lesson", word, strlen(word), lesson_name);
}

/* "next", "back", "here", "3"; false: it is none of them. */
static bool
lesson_word(struct model *m, const char *arg)
{
	static const struct {
		const char *word;
		enum cmd cmd;
	} words[] = { { "next", CMD_LESSON }, { "back", CMD_LESSON_BACK }, { "here", CMD_LESSON_HERE } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(arg, words[i].word))
			return learn_do(m, words[i].cmd, 0);
	if (strspn(arg, "0123456789") != strlen(arg))
		return false;
	if (!m->lesson.of)
		return learn_do(m, CMD_LESSON, 0);
	if (strlen(arg) > 3 || strtoul(arg, NULL, 10) > m->lesson.of->steps)
		model_say(m, ST_BAD, "the lesson has %zu steps", m->lesson.of->steps);
	else
		go_to_page(m, (int)strtoul(arg, NULL, 10));
	return true;
}

bool
learn_line(struct model *m, enum cmd cmd, const char *arg)
{
	if (cmd == CMD_LEARN) {
		open_lesson(m, arg);
		return true;
	}
	return cmd == CMD_LESSON && lesson_word(m, arg);
}
