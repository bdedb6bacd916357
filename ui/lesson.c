/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See lesson.h. */
#include "lesson.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match.h"

/* --- texts ------------------------------------------------------------------- */

static bool
is(struct gt_str s, const char *word)
{
	return s.n == strlen(word) && !memcmp(s.p, word, s.n);
}

static bool
begins(struct gt_str s, const char *with)
{
	return s.n >= strlen(with) && !memcmp(s.p, with, strlen(with));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Without what is blank before and behind it, line ends included. */
static struct gt_str
trim(struct gt_str s)
{
	while (s.n && (is_blank(s.p[0]) || s.p[0] == '\n'))
		s.p++, s.n--;
	while (s.n && (is_blank(s.p[s.n - 1]) || s.p[s.n - 1] == '\n'))
		s.n--;
	return s;
}

/* What is behind n bytes; those may be blanks that are trimmed already. */
static struct gt_str
from(struct gt_str s, size_t n)
{
	n = n < s.n ? n : s.n;
	return trim((struct gt_str){ s.p + n, s.n - n });
}

/* Takes the first line off a text. */
static struct gt_str
line_of(struct gt_str *text)
{
	const char *end = memchr(text->p, '\n', text->n);
	struct gt_str line = { text->p, end ? (size_t)(end - text->p) : text->n };

	text->p += line.n + (end != NULL);
	text->n -= line.n + (end != NULL);
	return line;
}

/* A line that stays one. */
static bool
stands_alone(struct gt_str line)
{
	return line.n && (line.p[0] == '\t' || (line.n > 4 && !memcmp(line.p, "    ", 4)));
}

char *
lesson_flow(struct gt_str text)
{
	char *out = malloc(text.n + 1);
	size_t n = 0;
	bool open = false;

	text = trim(text);
	while (out && text.n) {
		struct gt_str line = line_of(&text);
		bool alone = stands_alone(line);

		line = alone ? line : trim(line);
		if (n)
			out[n++] = open && line.n && !alone ? ' ' : '\n';
		memcpy(out + n, line.p, line.n);
		n += line.n;
		open = line.n && !alone;
	}
	if (out)
		out[n] = 0;
	return out;
}

/* --- a file --------------------------------------------------------------------- */

struct parser {
	struct lesson *l;
	struct lesson_error *err;
	struct gt_str left, line;
	unsigned number;
	struct gt_str *to;  /* the text that lines go on with */
	struct lesson_step *step;
	struct lesson_trace *trace;
};

__attribute__((format(printf, 2, 3))) static bool
wrong(struct parser *p, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	p->err->line = p->number;
	vsnprintf(p->err->text, sizeof p->err->text, format, ap);
	va_end(ap);
	return false;
}

static bool
take_line(struct parser *p)
{
	if (!p->left.n)
		return false;
	p->line = line_of(&p->left);
	p->number++;
	return true;
}

/* A text grows by the line; what is between stays as it is. */
static void
go_on(struct parser *p, struct gt_str line)
{
	if (p->to->n)
		p->to->n = (size_t)(line.p + line.n - p->to->p);
	else
		*p->to = line;
}

/* A text that begins here. */
static bool
begin(struct parser *p, struct gt_str *to, struct gt_str text)
{
	if (to->n)
		return wrong(p, "this is there for the second time");
	p->to = to;
	go_on(p, text);
	return text.n || wrong(p, "a text is missing");
}

/* "-- step PLACE --", "-- trace NAME --"; false: it is none of them. */
static bool
is_marker(struct gt_str line, struct gt_str *name)
{
	if (line.n < 7 || !begins(line, "-- ") || memcmp(line.p + line.n - 3, " --", 3) != 0)
		return false;
	*name = trim((struct gt_str){ line.p + 3, line.n - 6 });
	return true;
}

static bool
section(struct parser *p, struct gt_str name)
{
	struct lesson *l = p->l;

	p->step = NULL;
	p->trace = NULL;
	if (is(name, "trace") || begins(name, "trace ")) {
		if (l->traces == LESSON_TRACES)
			return wrong(p, "too many traces");
		p->trace = &l->trace[l->traces++];
		*p->trace = (struct lesson_trace){ from(name, strlen("trace")), { "", 0 }, p->number + 1 };
		p->to = &p->trace->text;
	} else if (begins(name, "step ")) {
		if (l->steps == LESSON_STEPS)
			return wrong(p, "too many steps");
		p->step = &l->step[l->steps++];
		*p->step = (struct lesson_step){ .at = from(name, strlen("step")) };
		p->to = &p->step->text;
	} else {
		return wrong(p, "there are sections \"trace\" and \"step PLACE\", and this is none");
	}
	return true;
}

static bool
head_line(struct parser *p)
{
	if (p->line.n && p->line.p[0] == '#')
		return true;
	if (begins(p->line, "title:"))
		return begin(p, &p->l->title, from(p->line, strlen("title:"))) && (p->to = &p->l->intro);
	go_on(p, p->line);
	return true;
}

static bool
use_trace(struct parser *p, struct gt_str name)
{
	for (p->step->trace = 0; p->step->trace < p->l->traces; p->step->trace++) {
		const struct gt_str *is_named = &p->l->trace[p->step->trace].name;

		if (is_named->n == name.n && !memcmp(is_named->p, name.p, name.n))
			return true;
	}
	return wrong(p, "there is no trace of that name before this step");
}

static bool
answer(struct parser *p, bool right)
{
	struct lesson_step *s = p->step;

	if (!s->question.n || s->why.n)
		return wrong(p, "an answer stands behind its question, and before why it is so");
	if (s->answers == LESSON_ANSWERS)
		return wrong(p, "too many answers");
	s->answer[s->answers] = (struct lesson_answer){ .right = right };
	return begin(p, &s->answer[s->answers++].text, from(p->line, 2));
}

/* "if EXPRESSION", "if :COMMANDS -> TEXT" */
static bool
proof(struct parser *p)
{
	struct gt_str text = from(trim(p->line), strlen("if "));
	struct lesson_answer *a = p->step->answers ? &p->step->answer[p->step->answers - 1] : NULL;
	struct lesson_proof *to;

	if (!a || a->proofs == LESSON_PROOFS)
		return wrong(p, a ? "too many conditions of an answer" : "a condition stands behind its answer");
	to = &a->proof[a->proofs++];
	*to = (struct lesson_proof){ text, { "", 0 } };
	if (!text.n)
		return wrong(p, "a condition is missing");
	if (text.p[0] != ':')
		return true;
	for (size_t i = 1; i + 4 < text.n; i++)
		if (!memcmp(text.p + i, " -> ", 4)) {
			to->text = trim((struct gt_str){ text.p + 1, i - 1 });
			to->shows = from(text, i + 4);
			return true;
		}
	return wrong(p, "commands are followed by -> and what they print");
}

static bool
step_line(struct parser *p)
{
	struct lesson_step *s = p->step;
	struct gt_str text = trim(p->line);

	if (begins(p->line, "see: "))
		return begin(p, &s->see, from(text, 4)) && (p->to = &s->text);
	if (begins(p->line, "model: "))
		return begin(p, &s->model, from(text, 6)) && (p->to = &s->text);
	if (begins(p->line, "trace: "))
		return use_trace(p, from(text, 6));
	if (begins(p->line, "? "))
		return begin(p, &s->question, from(text, 2));
	if (begins(p->line, "= ") || begins(p->line, "- "))
		return answer(p, p->line.p[0] == '=');
	if (begins(p->line, "~ "))
		return begin(p, &s->hint, from(text, 2));
	if (begins(p->line, "! "))
		return begin(p, &s->why, from(text, 2));
	if (s->answers && is_blank(p->line.n ? p->line.p[0] : 0) && begins(text, "if "))
		return proof(p);
	/* Behind the conditions of an answer comes no more of it. */
	if (text.n && s->answers && s->answer[s->answers - 1].proofs && p->to == &s->answer[s->answers - 1].text)
		return wrong(p, "a line that goes on with nothing");
	if (p->to == &s->text || text.n)
		go_on(p, p->line);
	return true;
}

/* What is missing of a step. */
static bool
check_step(struct parser *p, const struct lesson_step *s)
{
	size_t right = 0;

	for (size_t i = 0; i < s->answers; i++) {
		right += s->answer[i].right;
		if (!s->answer[i].proofs)
			return wrong(p, "step at %.*s: an answer without a condition", (int)s->at.n, s->at.p);
	}
	if (s->question.n && (s->answers < 2 || right != 1 || !s->why.n))
		return wrong(p, "step at %.*s: two answers or more, one of them right, and why", (int)s->at.n, s->at.p);
	if (!s->question.n && !s->text.n)
		return wrong(p, "step at %.*s: nothing to read, and nothing asked", (int)s->at.n, s->at.p);
	return true;
}

static bool
check(struct parser *p)
{
	if (!p->l->title.n || !p->l->intro.n)
		return wrong(p, "a lesson begins with its title and what it is about");
	if (!p->l->traces || !p->l->steps)
		return wrong(p, "a lesson has a trace and steps");
	for (size_t i = 0; i < p->l->steps; i++)
		if (!check_step(p, &p->l->step[i]))
			return false;
	return true;
}

/* Without the empty lines around them. */
static void
tidy(struct lesson *l)
{
	l->intro = trim(l->intro);
	for (size_t i = 0; i < l->steps; i++)
		l->step[i].text = trim(l->step[i].text);
}

bool
lesson_parse(struct lesson *l, const char *text, size_t n, struct lesson_error *err)
{
	struct parser p = { .l = l, .err = err, .left = { text, n } };

	memset(l, 0, sizeof *l);
	l->name = "";
	p.to = &l->intro;
	while (take_line(&p)) {
		struct gt_str name;

		if (is_marker(p.line, &name)) {
			if (!section(&p, name))
				return false;
		} else if (p.trace) {
			go_on(&p, p.line);
		} else if (!(p.step ? step_line(&p) : head_line(&p))) {
			return false;
		}
	}
	tidy(l);
	return check(&p);
}

size_t
lesson_questions(const struct lesson *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->steps; i++)
		n += l->step[i].answers > 0;
	return n;
}

/* --- those of the program ---------------------------------------------------------- */

/* 08-callback is lesson 8, callback. */
const char *
lesson_name(size_t i)
{
	for (size_t k = 0; k <= i; k++)
		if (!lesson_files[k].name)
			return NULL;
	return strchr(lesson_files[i].name, '-') + 1;
}

bool
lesson_at(size_t i, struct lesson *l)
{
	struct lesson_error err;
	const char *name = lesson_name(i);

	if (!name || !lesson_parse(l, (const char *)lesson_files[i].text, lesson_files[i].n, &err))
		return false;
	l->number = (unsigned)strtoul(lesson_files[i].name, NULL, 10);
	l->name = name;
	return true;
}

bool
lesson_find(const char *word, size_t *i, bool *many)
{
	size_t found = 0;

	*many = false;
	for (size_t k = 0; lesson_name(k); k++) {
		char number[24];

		snprintf(number, sizeof number, "%zu", k + 1);
		if (!strcmp(word, number) || !strcmp(word, lesson_name(k)) || !strcmp(word, lesson_files[k].name)) {
			*i = k;
			return true;
		}
		if (*word && strstr(lesson_name(k), word)) {
			*i = k;
			found++;
		}
	}
	*many = found > 1;
	return found == 1;
}

/* --- traces ---------------------------------------------------------------------------- */

bool
lesson_binary(const struct lesson_trace *t, struct gt_buf *out, struct gt_text_error *err)
{
	return gt_text_read(t->text.p, t->text.n, out, err);
}

/* The first event from `from` on that an expression means; without one: the row behind the last. 0: there is none. */
static uint64_t
first(struct gt_trace *t, const struct gt_model *model, uint64_t from_row, struct gt_expr *e)
{
	struct gt_reader *r = gt_reader_new(t, model);
	const struct gt_event *ev;
	int64_t before = 0;
	uint64_t found = 0;

	while (r && !found && gt_read(r, &ev) == GT_EVENT) {
		if (e && ev->n == 1)
			gt_expr_start(e, before = ev->time);
		if (e && ev->n >= from_row && gt_expr_match(e, ev, gt_reader_state(r), before))
			found = ev->n;
		before = ev->time;
	}
	if (r && !e)
		found = gt_reader_pos(r) + 1;
	gt_reader_free(r);
	return found;
}

static struct gt_expr *
expression(struct gt_str text)
{
	struct gt_expr_error err;

	return gt_expr_new(text.p, text.n, &matcher, &err);
}

uint64_t
lesson_row(struct gt_trace *t, const struct gt_model *model, struct gt_str place)
{
	uint64_t n = 0, end = first(t, model, 0, NULL);
	struct gt_expr *e;

	if (is(place, "end"))
		return end;
	for (size_t i = 0; i < place.n && place.p[i] >= '0' && place.p[i] <= '9' && n < end; i++)
		n = n * 10 + (uint64_t)(place.p[i] - '0');
	if (n)
		return n < end ? n : 0;
	e = expression(place);
	n = e ? first(t, model, 1, e) : 0;
	gt_expr_free(e);
	return n;
}

bool
lesson_holds(struct gt_trace *t, const struct gt_model *model, uint64_t row, struct gt_str text)
{
	struct gt_expr *e = expression(text);
	bool holds = e && row && first(t, model, row, e) == row;

	gt_expr_free(e);
	return holds;
}
