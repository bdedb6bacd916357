/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a lesson: what there is to read, the question, and why the answer is so; or the list of lessons. */
#include "pane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn.h"
#include "model.h"

#define INDENT 5

/* --- lines ------------------------------------------------------------------- */

static void
add_text(struct lines *l, const char *label, int indent, enum style style, struct gt_str text)
{
	char *flow = lesson_flow(text);

	for (char *p = flow, *end; p; p = end ? end + 1 : NULL) {
		end = strchr(p, '\n');
		if (end)
			*end = 0;
		lines_add(l, p == flow ? label : "", indent, style, p);
	}
	free(flow);
}

static void
gap(struct lines *l)
{
	if (l->n)
		lines_add(l, "", 0, ST_TEXT, "");
}

/* A choice begins; end_choices says where the last one ends. */
static void
begin_choice(struct lesson_view *v, const struct lines *l)
{
	if (v->choices + 1 < LEARN_CHOICES)
		v->line[v->choices++] = l->n;
}

static void
end_choices(struct lesson_view *v, const struct lines *l)
{
	v->line[v->choices] = l->n;
}

static void
menu_lines(struct lesson_view *v, struct lines *l)
{
	struct lesson *one = malloc(sizeof *one);

	for (size_t i = 0; one && lesson_at(i, one); i++) {
		char label[24], *title = lesson_flow(one->title);
		size_t line = l->n;

		snprintf(label, sizeof label, "%2u", one->number);
		begin_choice(v, l);
		lines_add(l, label, INDENT, ST_TEXT, title ? title : "");
		lines_label(l, line, ST_KEY, 0, NULL);
		free(title);
	}
	end_choices(v, l);
	free(one);
}

/* What the answer was held against: it can be tried out. */
static void
proof_lines(const struct lesson_answer *a, struct lines *l)
{
	char text[600];

	for (size_t i = 0; i < a->proofs; i++) {
		const struct lesson_proof *p = &a->proof[i];

		if (p->shows.n)
			snprintf(text, sizeof text, ":%.*s says \"%.*s\"", (int)p->text.n, p->text.p, (int)p->shows.n, p->shows.p);
		else
			snprintf(text, sizeof text, "%.*s", (int)p->text.n, p->text.p);
		lines_add(l, i ? "" : "so:", INDENT, ST_DIM, text);
	}
}

static void
intro_lines(const struct model *m, struct lines *l)
{
	add_text(l, "", 0, ST_TEXT, m->lesson.of->intro);
	/* A script has no keys. */
	if (m->script.held)
		return;
	gap(l);
	lines_add(l, "", 0, ST_DIM, "d goes on; a answers, y gives a hint, W comes back to the step from anywhere, q leaves.");
}

static const struct lesson_answer *
right_answer(const struct lesson_step *s)
{
	for (size_t i = 0; i < s->answers; i++)
		if (s->answer[i].right)
			return &s->answer[i];
	return &s->answer[0];
}

static void
answer_lines(const struct model *m, struct lesson_view *v, struct lines *l)
{
	const struct lesson_step *s = learn_step(m);
	unsigned given = v->tried[v->page - 1].given;

	for (size_t i = 0; i < s->answers; i++) {
		bool told = given & 1u << i, right = s->answer[i].right;
		size_t line = l->n;
		char label[16];

		snprintf(label, sizeof label, "%zu %s", i + 1, !told ? "" : right ? m->sy->ok : m->sy->no);
		begin_choice(v, l);
		add_text(l, label, INDENT, told && !right ? ST_DIM : ST_TEXT, s->answer[i].text);
		lines_label(l, line, !told ? ST_KEY : right ? ST_OK : ST_BAD, 0, NULL);
	}
	end_choices(v, l);
}

static void
step_lines(const struct model *m, struct lesson_view *v, struct lines *l)
{
	const struct lesson_step *s = learn_step(m);

	if (s->text.n)
		add_text(l, "", 0, ST_TEXT, s->text);
	if (!s->answers)
		return;
	gap(l);
	add_text(l, "", 0, ST_STRONG, s->question);
	answer_lines(m, v, l);
	if (v->hint) {
		size_t line = l->n;

		add_text(l, "hint", INDENT, ST_WAIT, s->hint);
		lines_label(l, line, ST_WAIT, 0, NULL);
	}
	if (!learn_is_right(m))
		return;
	v->why = l->n;
	gap(l);
	add_text(l, "", 0, ST_TEXT, s->why);
	proof_lines(right_answer(s), l);
}

static void
summary_lines(const struct model *m, const struct lesson_view *v, struct lines *l)
{
	size_t first, right = learn_answered(v, &first), asked = lesson_questions(v->of);
	char text[200];

	snprintf(text, sizeof text, "That was lesson %u. Right at first try: %zu of %zu.", v->of->number, first, asked);
	lines_add(l, "", 0, ST_STRONG, text);
	if (right < asked) {
		snprintf(text, sizeof text, "Not answered: %zu.", asked - right);
		lines_add(l, "", 0, ST_TEXT, text);
	}
	gap(l);
	for (size_t i = 0; i < v->of->steps; i++) {
		char label[24];
		const char *sign = !v->tried[i].right ? "-" : v->tried[i].first ? m->sy->ok : m->sy->no;
		size_t line = l->n;

		if (!v->of->step[i].answers)
			continue;
		snprintf(label, sizeof label, "%2zu %s", i + 1, sign);
		add_text(l, label, INDENT + 1, ST_TEXT, v->of->step[i].question);
		lines_label(l, line, !v->tried[i].right ? ST_DIM : v->tried[i].first ? ST_OK : ST_BAD, 0, NULL);
	}
	gap(l);
	lines_add(l, "", 0, ST_DIM, lesson_name(v->nth + 1) ? "d goes on to the next lesson, :learn lists all, q leaves."
		: ":learn lists all lessons, q leaves.");
}

void
learn_lines(struct model *m, struct lines *l)
{
	struct lesson_view *v = &m->lesson;

	v->choices = v->why = 0;
	v->line[0] = 0;
	if (!v->of || v->page == LEARN_MENU)
		menu_lines(v, l);
	else if (v->page == LEARN_INTRO)
		intro_lines(m, l);
	else if (learn_step(m))
		step_lines(m, v, l);
	else
		summary_lines(m, v, l);
}

void
learn_heading(const struct model *m, char *text, size_t cap)
{
	const struct lesson_view *v = &m->lesson;

	if (!v->of || v->page == LEARN_MENU)
		snprintf(text, cap, "list: Enter opens one");
	else if (learn_step(m))
		snprintf(text, cap, "%u, step %d of %zu: %.*s", v->of->number, v->page, v->of->steps, (int)v->of->title.n, v->of->title.p);
	else
		snprintf(text, cap, "%u: %.*s", v->of->number, (int)v->of->title.n, v->of->title.p);
}

/* --- the pane --------------------------------------------------------------------- */

static size_t
shown_rows(const struct model *m)
{
	return m->lay.pane[PANE_LESSON].h > 1 ? (size_t)m->lay.pane[PANE_LESSON].h - 1 : 1;
}

/* The chosen one comes into sight. */
static void
show_choice(struct model *m)
{
	const struct lesson_view *v = &m->lesson;
	size_t h = shown_rows(m), *top = &m->scroll[PANE_LESSON], from, to;

	if (v->chosen < 0 || (size_t)v->chosen >= v->choices)
		return;
	from = v->line[v->chosen];
	to = v->line[v->chosen + 1];
	if (to > *top + h)
		*top = to - h;
	if (from < *top)
		*top = from;
}

/* Why it is so is what one wants to read then; the question stays in sight as far as there is room. */
static void
show_why(struct model *m)
{
	const struct lesson_view *v = &m->lesson;
	size_t h = shown_rows(m), *top = &m->scroll[PANE_LESSON], n = m->lines[PANE_LESSON].n;

	if (n > *top + h)
		*top = n - h < v->why ? n - h : v->why;
}

void
pane_lesson_make(struct model *m)
{
	struct lines *l = &m->lines[PANE_LESSON];
	size_t h = shown_rows(m), *top = &m->scroll[PANE_LESSON], why = m->lesson.why;
	int w = m->lay.pane[PANE_LESSON].w;

	lines_clear(l, w > 2 ? w - 2 : 2, m->utf8);
	learn_lines(m, l);
	if (m->lesson.why && !why)
		show_why(m);
	if (*top + h > l->n)
		*top = l->n > h ? l->n - h : 0;
}

static size_t
rows(const struct model *m)
{
	return m->lines[PANE_LESSON].n;
}

static void
draw(const struct model *m, struct canvas *c)
{
	struct canvas body = canvas_view(c, (struct rect){ 1, 0, c->h - 1, c->w });
	const struct lesson_view *v = &m->lesson;
	size_t top = m->scroll[PANE_LESSON];
	char text[200];

	pane_rule(m, c, PANE_LESSON);
	learn_heading(m, text, sizeof text - 1);
	strcat(text, " ");
	canvas_cut(c, 0, 4 + (int)strlen(pane_name(PANE_LESSON)), c->w - 30, ST_HEAD, text);
	if (c->h < 2)
		return;
	pane_position(m, c, top, m->lines[PANE_LESSON].n);
	lines_draw(&m->lines[PANE_LESSON], &body, top);
	if (v->chosen < 0 || (size_t)v->chosen >= v->choices)
		return;
	for (size_t i = v->line[v->chosen]; i < v->line[v->chosen + 1]; i++)
		if (i >= top && i - top < (size_t)body.h)
			canvas_light(&body, (int)(i - top), 0, body.w);
	if (v->line[v->chosen] >= top && v->line[v->chosen] - top < (size_t)body.h)
		canvas_put(&body, (int)(v->line[v->chosen] - top), 0, ST_KEY, m->sy->focus);
}

/* Answers can be chosen until the right one is, lessons always. */
static bool
may_choose(const struct model *m)
{
	const struct lesson_view *v = &m->lesson;

	return v->choices && !learn_is_right(m);
}

static void
choose(struct model *m, bool back)
{
	struct lesson_view *v = &m->lesson;
	int n = (int)v->choices;

	if (!may_choose(m))
		return;
	v->chosen = v->chosen < 0 ? (back ? n - 1 : 0) : (v->chosen + (back ? n - 1 : 1)) % n;
	show_choice(m);
}

/* A line further, and where there is none, or in the list of lessons, the next choice. */
static void
move(struct model *m, enum cmd cmd)
{
	struct lesson_view *v = &m->lesson;
	bool up = cmd == CMD_UP, menu = !learn_step(m);
	size_t *top = &m->scroll[PANE_LESSON], was = *top;

	if (may_choose(m) && up && v->chosen >= 0 && (v->chosen > 0 || !menu)) {
		v->chosen--;
		show_choice(m);
	} else if (may_choose(m) && menu) {
		if (!up && v->chosen + 1 < (int)v->choices)
			choose(m, false);
	} else {
		pane_scroll(top, rows(m), shown_rows(m), cmd, 1);
		if (*top == was && !up && v->chosen + 1 < (int)v->choices)
			choose(m, false);
	}
}

void
lesson_click(struct model *m, int y)
{
	struct lesson_view *v = &m->lesson;
	size_t line = m->scroll[PANE_LESSON] + (size_t)(y - 1);

	for (size_t i = 0; i < v->choices && may_choose(m); i++)
		if (line >= v->line[i] && line < v->line[i + 1]) {
			v->chosen = (int)i;
			learn_enter(m);
			return;
		}
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	switch (cmd) {
	case CMD_FIND_NEXT:
	case CMD_FIND_BACK:
		choose(m, cmd == CMD_FIND_BACK);
		return true;
	case CMD_DOWN:
	case CMD_UP:
		for (uint64_t i = 0; i < (count && count < 100 ? count : 1); i++)
			move(m, cmd);
		return true;
	case CMD_OPEN:
		learn_enter(m);
		return true;
	default:
		return pane_scroll(&m->scroll[PANE_LESSON], rows(m), shown_rows(m), cmd, count);
	}
}

static const uint8_t keys[] = { CMD_ANSWER, CMD_LESSON, CMD_HINT, CMD_LESSON_BACK, CMD_LESSON_HERE, CMD_STEP, CMD_BACK,
	CMD_PANE_NEXT, CMD_MAXIMIZE, CMD_NONE };

const struct pane_ops pane_lesson = { .rows = rows, .draw = draw, .command = command, .keys = keys };
