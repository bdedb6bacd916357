/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions while they are typed: what is wrong with them, and what could follow. See query.h. */
#include "query.h"

#include <stdio.h>
#include <string.h>

#include "match.h"
#include "model.h"
#include "script.h"

/* The command of a line, and where its argument begins; false: there is no argument. */
static bool
argument(const char *line, enum cmd *cmd, size_t *from)
{
	size_t name = strspn(line, " :"), word = strcspn(line + name, " ");
	bool many;

	*cmd = cmd_find(line + name, word, &many);
	*from = name + word + strspn(line + name + word, " ");
	return line[name + word] != 0;
}

/* Where the expression of a line begins; false: it has none. */
static bool
expression(char kind, const char *line, size_t *from)
{
	enum cmd_arg arg;
	enum cmd cmd;

	*from = 0;
	if (kind == '/')
		return true;
	if (!argument(line, &cmd, from))
		return false;
	arg = cmd_row(cmd)->arg;
	return arg == ARG_EXPR || arg == ARG_SEEK || arg == ARG_TEXT;
}

/* What else has a form of its own. */
static void
check_others(char kind, const char *line, struct line_verdict *out)
{
	enum cmd cmd;
	size_t from, at;

	if (kind != ':' || !argument(line, &cmd, &from) || !whatif_check(cmd, line + from, &at, out->note, sizeof out->note))
		return;
	out->kind = line[from + at] ? LINE_WRONG : LINE_OPEN;
	out->at = from + at;
}

static void
check_command(char kind, const char *line, struct line_verdict *out)
{
	struct gt_expr_error err;
	struct gt_expr *e;
	size_t from;
	const char *text;
	bool search;

	*out = (struct line_verdict){ .kind = LINE_PLAIN };
	if (!expression(kind, line, &from)) {
		check_others(kind, line, out);
		return;
	}
	text = line + from;
	search = kind == '/' || cmd_takes_text(line);
	if (!*text || (!search && strspn(text, "0123456789") == strlen(text)))
		return;
	if (search && query_is_text(text)) {
		out->kind = LINE_TEXT;
		snprintf(out->note, sizeof out->note, "a text");
		return;
	}
	e = gt_expr_new(text, strlen(text), &matcher, &err);
	gt_expr_free(e);
	out->kind = e ? LINE_RIGHT : search && !err.meant ? LINE_TEXT : err.at + err.n >= strlen(text) ? LINE_OPEN : LINE_WRONG;
	out->at = from + (e ? 0 : err.at);
	if (!e)
		snprintf(out->note, sizeof out->note, "%s%s", out->kind == LINE_TEXT ? "as a text; " : "", err.text);
}

void
query_check(char kind, const char *line, struct line_verdict *out)
{
	size_t from = kind == ':' ? script_last(line) : 0;

	check_command(kind, line + from, out);
	out->at += from;
}

/* --- completion ------------------------------------------------------------------- */

struct offers {
	char (*out)[CMD_NAME_MAX];
	size_t n, cap;
};

static void
add(struct offers *o, const char *word)
{
	if (strlen(word) >= CMD_NAME_MAX)
		return;
	for (size_t i = 0; i < o->n && i < o->cap; i++)
		if (!strcmp(o->out[i], word))
			return;
	if (o->n < o->cap)
		snprintf(o->out[o->n], CMD_NAME_MAX, "%s", word);
	o->n++;
}

static void
add_word(void *arg, const char *word, const char *what)
{
	(void)what;
	add(arg, word);
}

/* A text of the trace in quotes; for a pattern, what means something there is escaped. False: it can't be written. */
static bool
quote(struct gt_str s, bool pattern, char *out, size_t cap)
{
	size_t n = 0;

	if (s.n == 0 || 2 * s.n + 3 > cap)
		return false;
	out[n++] = '"';
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c < ' ' || c == 0x7f || c == '"' || c == '\\' || (c & 0x80))
			return false;
		if (pattern && strchr("()[]{}*+?.^$|", c))
			out[n++] = '\\';
		out[n++] = c;
	}
	out[n++] = '"';
	out[n] = 0;
	return true;
}

/* The strings of the generation that begin as the text does. */
static void
add_strings(struct model *m, struct offers *o, const char *begin, bool pattern)
{
	const struct row *row = query_row(m, m->cursor);
	struct gt_gen_counts counts;
	size_t len = strlen(begin);

	if (!row || !row->ev.gen)
		return;
	gt_gen_counts(row->ev.gen, &counts);
	/* They are numbered from 1, with few gaps or none. */
	for (uint64_t id = 1; id <= counts.strings + 16 && o->n < o->cap; id++) {
		char text[CMD_NAME_MAX];
		struct gt_str s;

		if (gt_gen_string(row->ev.gen, id, &s) && quote(s, pattern, text, sizeof text) && !strncmp(text, begin, len))
			add(o, text);
	}
}

/* Whether what stands before is a sign for a regular expression. */
static bool
after_tilde(const char *line, size_t from)
{
	while (from > 0 && line[from - 1] == ' ')
		from--;
	return from > 0 && line[from - 1] == '~';
}

size_t
query_complete(struct model *m, char kind, const char *line, size_t *from, char (*out)[CMD_NAME_MAX], size_t cap)
{
	struct offers o = { .out = out, .cap = cap };
	bool texts;
	size_t begin, last = kind == ':' ? script_last(line) : 0, n;

	line += last;
	if (!expression(kind, line, &begin)) {
		n = cmd_complete(line, from, out, cap);
		*from += last;
		return n;
	}
	*from = begin + gt_expr_complete(line + begin, strlen(line + begin), &texts, add_word, &o);
	if (texts)
		add_strings(m, &o, line[*from] ? line + *from : "\"", after_tilde(line, *from));
	*from += last;
	return o.n;
}
