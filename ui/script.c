/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts: see script.h. */
#define _XOPEN_SOURCE 700
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "csv.h"
#include "model.h"

#define SCRIPT_MAX (1 << 20)
/* A file that sources itself does not go on for ever. */
#define SOURCES_MAX 100

/* --- commands of a text ---------------------------------------------------------- */

/* What is behind a literal in quotes, or of the line where it does not end there. */
static const char *
literal_end(const char *p)
{
	char quote = *p++;

	while (*p && *p != '\n' && *p != quote)
		p += quote == '"' && *p == '\\' && p[1] && p[1] != '\n' ? 2 : 1;
	return *p == quote ? p + 1 : p;
}

/* A # that stands alone, and no colour. */
static bool
is_comment(const char *s, const char *from)
{
	return *s == '#' && s > from && s[-1] == ' ' && strchr(" \t\r\n", s[1]);
}

/* Where the next command begins. */
static const char *
begin(const char *s)
{
	for (;;) {
		s += strspn(s, " \t\r\n;");
		if (*s != '#')
			return s;
		s += strcspn(s, "\n");
	}
}

bool
script_next(const char **p, char *out, size_t cap)
{
	const char *s = begin(*p), *from;
	size_t n;

	for (from = s; *s && *s != '\n' && *s != ';' && !is_comment(s, from);)
		s = *s == '"' || *s == '`' ? literal_end(s) : s + 1;
	*p = s;
	for (n = (size_t)(s - from); n && (from[n - 1] == ' ' || from[n - 1] == '\t' || from[n - 1] == '\r');)
		n--;
	snprintf(out, cap, "%.*s", (int)(n < cap ? n : cap - 1), from);
	return n > 0;
}

size_t
script_last(const char *line)
{
	const char *s = line, *from = line;

	while (*s) {
		s = *s == '"' || *s == '`' ? literal_end(s) : s + 1;
		from = s[-1] == ';' ? s : from;
	}
	return (size_t)(from - line) + strspn(from, " ");
}

/* --- the queue ------------------------------------------------------------------------ */

/* Commands of a file, up to where so many bytes are left of the text. */
struct script_part {
	char *name; /* NULL: of none */
	unsigned line;
	size_t left;
};

/* Parts that end before so many bytes of the text are left. */
static void
drop_parts(struct model *m, size_t left)
{
	while (m->script.parts && left <= m->script.part[m->script.parts - 1].left)
		free(m->script.part[--m->script.parts].name);
}

/* Goes on to there, and counts the lines on the way. */
static void
go_on_to(struct model *m, size_t to)
{
	for (; m->script.at < to; m->script.at++) {
		drop_parts(m, m->script.size - m->script.at);
		if (m->script.text[m->script.at] == '\n' && m->script.parts)
			m->script.part[m->script.parts - 1].line++;
	}
	drop_parts(m, m->script.size - to);
}

/* Without memory it is not known which file they are of. */
static void
add_part(struct model *m, const char *name, size_t left)
{
	struct script_part *more = realloc(m->script.part, (m->script.parts + 1) * sizeof *more);

	if (!more)
		return;
	m->script.part = more;
	more[m->script.parts++] = (struct script_part){ name ? strdup(name) : NULL, 1, left };
}

void
script_where(const struct model *m, char *out, size_t cap)
{
	const struct script_part *p = m->script.parts ? &m->script.part[m->script.parts - 1] : NULL;

	out[0] = 0;
	if (p && p->name)
		snprintf(out, cap, "%.200s:%u: ", p->name, p->line);
}

/* Half of a command may be another one. */
static bool
too_long(const char *text)
{
	char command[COMMAND_MAX];

	while (script_next(&text, command, sizeof command))
		if (strlen(command) == sizeof command - 1)
			return true;
	return false;
}

void
script_queue(struct model *m, const char *text)
{
	script_queue_file(m, text, NULL);
}

void
script_queue_file(struct model *m, const char *text, const char *name)
{
	const char *rest = m->script.text ? m->script.text + m->script.at : "";
	size_t size = strlen(text) + strlen(rest) + 2;
	char *joined = size < SCRIPT_MAX && !too_long(text) ? malloc(size) : NULL;

	if (!joined) {
		model_say(m, ST_BAD, size < SCRIPT_MAX ? "a command is too long: nothing is done" : "these commands are too many");
		return;
	}
	add_part(m, name, strlen(rest));
	snprintf(joined, size, "%s\n%s", text, rest);
	free(m->script.text);
	m->script.text = joined;
	m->script.size = size - 1;
	m->script.at = 0;
	m->judged = false;
}

void
script_drop(struct model *m)
{
	free(m->script.text);
	m->script.text = NULL;
	m->script.at = m->script.size = 0;
	m->script.sources = 0;
	drop_parts(m, 0);
	free(m->script.part);
	m->script.part = NULL;
}

bool
script_take(struct model *m, char *out, size_t cap)
{
	const char *p;

	if (!m->script.text)
		return false;
	p = begin(m->script.text + m->script.at);
	go_on_to(m, (size_t)(p - m->script.text));
	if (!script_next(&p, out, cap)) {
		script_drop(m);
		return false;
	}
	/* The line is that where it begins, and the part is still its own. */
	m->script.at = (size_t)(p - m->script.text);
	return true;
}

/* What comes next; CMD_NONE: nothing, or a place. */
static enum cmd
coming(const struct model *m)
{
	const char *p = m->script.text ? m->script.text + m->script.at : "";
	char command[COMMAND_MAX];
	bool many;

	return script_next(&p, command, sizeof command) ? cmd_find(command, strcspn(command, " "), &many) : CMD_NONE;
}

/* What these do depends on what the pane with the keys shows; a picture is of all of them. */
static bool
is_about(const struct model *m, enum cmd cmd, enum pane_id id)
{
	switch (cmd) {
	case CMD_DOWN:
	case CMD_UP:
	case CMD_PAGE_DOWN:
	case CMD_PAGE_UP:
	case CMD_HALF_DOWN:
	case CMD_HALF_UP:
	case CMD_FIRST:
	case CMD_LAST:
	case CMD_LEFT:
	case CMD_RIGHT:
	case CMD_OPEN:
	case CMD_FIND_NEXT:
	case CMD_FIND_BACK:
	case CMD_COPY:
		return id == m->arr.focus;
	case CMD_EXPORT:
		return true;
	default:
		return false;
	}
}

/* Whether it shows all that it will; what is not on the screen is not made. */
static bool
is_complete(const struct model *m, enum pane_id id)
{
	bool all = m->indexed || arrival_is_indexed(m);

	if (m->help || m->lay.too_small || m->lay.pane[id].h <= 1)
		return true;
	if (id == PANE_TABLE)
		return all && table_ready(m);
	if (id == PANE_WHY)
		return m->why.why ? why_done(m->why.why) : all;
	return !timeline_is(id) || (all && !timeline_busy(m));
}

bool
script_waits(const struct model *m)
{
	enum cmd cmd = coming(m);

	if (whatif_waits(m, cmd) || (cmd == CMD_APPLY && m->why.why && !why_done(m->why.why)))
		return true;
	for (int i = 0; cmd != CMD_NONE && i < PANES; i++)
		if (is_about(m, cmd, (enum pane_id)i) && !is_complete(m, (enum pane_id)i))
			return true;
	return false;
}

bool
script_step(struct model *m)
{
	char command[COMMAND_MAX];

	/* What the one before it opened is there once it has been made ready, and not before. */
	if (m->script.text && !script_waits(m))
		model_prepare(m);
	if (script_waits(m)) {
		if (whatif_waits(m, coming(m)))
			model_say(m, ST_DIM, "reading to the end, for %s: %d%%; any key ends that", cmd_row(coming(m))->name, (int)(m->done * 100));
		else
			model_say(m, ST_DIM, "the commands go on once this is complete; any key ends them");
		return false;
	}
	if (!script_take(m, command, sizeof command))
		return false;
	m->judged = false;
	m->script.doing = true;
	script_note_line(m, ':', command);
	model_line(m, ':', command);
	return true;
}

static bool
has_failed(const struct model *m)
{
	/* That a trace is invalid is an answer. */
	return m->message[0] && (m->message_style == ST_BAD || m->message_style == ST_WAIT) && !m->judged &&
	       !m->job.kind && !views_wanted(m);
}

/* What did nothing is not to be done again. */
static void
take_back(struct model *m)
{
	long at = m->script.noted;

	m->script.noted = -1;
	if (m->script.record && at >= 0 && fseek(m->script.record, at, SEEK_SET) == 0 && ftruncate(fileno(m->script.record), at) != 0)
		fseek(m->script.record, 0, SEEK_END);
}

void
script_heed(struct model *m)
{
	char where[256] = "", text[sizeof where + sizeof m->message];

	if (!has_failed(m))
		return;
	take_back(m);
	/* What follows relies on it. */
	if (!m->script.text || m->script.held)
		return;
	if (m->script.doing)
		script_where(m, where, sizeof where);
	snprintf(text, sizeof text, "%s%s", where, m->message);
	snprintf(m->message, sizeof m->message, "%.*s", (int)sizeof m->message - 1, text);
	script_drop(m);
}

/* All of its rows are to be written, or copied. */
static bool
waits_for_table(const struct model *m, enum cmd cmd, const char *command)
{
	return ((cmd == CMD_EXPORT && csv_is(command)) || (cmd == CMD_COPY && m->arr.focus == PANE_TABLE)) && !is_complete(m, PANE_TABLE);
}

bool
script_defer(struct model *m, enum cmd cmd, const char *command)
{
	if (m->script.held || !(whatif_waits(m, cmd) || waits_for_table(m, cmd, command)))
		return false;
	/* It is recorded when its turn comes. */
	take_back(m);
	script_queue(m, command);
	script_step(m);
	return true;
}

/* --- source and record -------------------------------------------------------------------- */

/* Nobody waits here for what might never come: of pipes and the like there is nothing. */
static FILE *
open_text(const char *file)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	FILE *f = NULL;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISCHR(st.st_mode)))
		f = fdopen(fd, "r");
	else
		errno = S_ISDIR(st.st_mode) ? EISDIR : ESPIPE;
	if (!f)
		close(fd);
	return f;
}

char *
script_read(const char *file, const char **why)
{
	FILE *f = open_text(file);
	char *text = NULL;
	size_t n;

	*why = errno == ESPIPE ? "it is no file" : strerror(errno);
	if (!f)
		return NULL;
	text = calloc(1, SCRIPT_MAX + 1);
	n = text ? fread(text, 1, SCRIPT_MAX, f) : 0;
	if (!text || ferror(f) || n == SCRIPT_MAX || strlen(text) != n) {
		*why = !text ? "out of memory" : ferror(f) ? strerror(errno) : n == SCRIPT_MAX ? "it is too long"
			: "it is no text";
		free(text);
		text = NULL;
		errno = EINVAL;
	}
	fclose(f);
	return text;
}

void
script_source_as(struct model *m, const char *file, char *(*as)(char *text))
{
	const char *why;
	char *text;

	if (++m->script.sources > SOURCES_MAX) {
		model_say(m, ST_BAD, "%s: more than %d files in a row", file, SOURCES_MAX);
		return;
	}
	text = script_read(file, &why);
	if (text && as && (text = as(text)) == NULL)
		why = "out of memory";
	if (text)
		script_queue_file(m, text, file);
	else
		model_say(m, ST_BAD, "%s: %s", file, why);
	free(text);
}

void
script_source(struct model *m, const char *file)
{
	script_source_as(m, file, NULL);
}

bool
ui_is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool
script_may_write(struct model *m, const char *file)
{
	bool may = !ui_is_same_file(file, m->file);

	if (!may)
		model_say(m, ST_BAD, "%s is the file that was opened: it is not written over", file);
	return may;
}

static void
record(struct model *m, const char *file)
{
	if (!script_may_write(m, file))
		return;
	if (m->script.record)
		fclose(m->script.record);
	m->script.noted = -1;
	m->script.record = *file ? fopen(file, "w") : NULL;
	if (m->script.record)
		session_put_start(m, m->script.record);
	if (m->script.record)
		model_say(m, ST_OK, "commands are written to %s; :record alone ends that", file);
	else if (*file)
		model_say(m, ST_BAD, "%s: %s", file, strerror(errno));
	else
		model_say(m, ST_TEXT, "nothing is recorded");
}

bool
script_command(struct model *m, enum cmd cmd, const char *arg)
{
	if (cmd == CMD_SOURCE && *arg)
		script_source(m, arg);
	else if (cmd == CMD_RECORD)
		record(m, arg);
	else
		return false;
	return true;
}

void
script_note_input(struct model *m)
{
	m->script.noted = -1;
	m->script.keys = m->arr.focus;
}

void
script_note_word(struct model *m, enum cmd cmd, const char *word)
{
	if (!m->script.record)
		return;
	m->script.noted = ftell(m->script.record);
	fprintf(m->script.record, "%s%s%s\n", cmd_row(cmd)->name, *word ? " " : "", word);
	fflush(m->script.record);
}

void
script_note_place(struct model *m, uint64_t was)
{
	uint64_t row = m->job.kind == JOB_SEEK ? m->job.target : m->cursor;
	char text[24];

	if (row == was)
		return;
	snprintf(text, sizeof text, "%" PRIu64, row);
	script_note_word(m, CMD_GOTO, model_is_end(m, row) ? "end" : text);
}

void
script_note_row(struct model *m)
{
	char text[24];

	snprintf(text, sizeof text, "%zu", m->table.at);
	script_note_word(m, CMD_FIRST, "");
	if (m->table.at)
		script_note_word(m, CMD_DOWN, text);
}

void
script_note_left(struct model *m, enum cmd cmd, enum pane_id id)
{
	take_back(m);
	if (cmd != CMD_NONE)
		script_note_word(m, cmd, cmd == CMD_CLOSE ? pane_name(id) : "");
	if (cmd == CMD_CLOSE)
		script_note_word(m, CMD_VIEW, pane_name(m->arr.focus));
}

/* How far it goes depends on the size of the screen, or on what is on it: where that was is noted. False: it does not. */
static bool
note_by_screen(struct model *m, enum cmd cmd, uint64_t was)
{
	bool page = cmd == CMD_PAGE_DOWN || cmd == CMD_PAGE_UP || cmd == CMD_HALF_DOWN || cmd == CMD_HALF_UP;
	bool pane = (cmd == CMD_PANE_NEXT || cmd == CMD_PANE_BACK) && !(m->arr.folded & 1u << m->arr.focus);
	bool link = (cmd == CMD_LEFT || cmd == CMD_RIGHT || cmd == CMD_OPEN) && links_has(m->script.keys);

	if (pane)
		script_note_word(m, CMD_VIEW, pane_name(m->arr.focus));
	else if (cmd == CMD_CLOSE)
		script_note_left(m, cmd, m->script.keys);
	else if (page && m->arr.focus == PANE_TABLE)
		script_note_row(m);
	else if (page || link || (cmd == CMD_OPEN && timeline_is(m->script.keys)))
		script_note_place(m, was);
	else
		return false;
	return true;
}

/* Whether a goroutine of the table was opened: the timeline gets the keys where it was not to be seen. */
static bool
opened_goroutine(const struct model *m, enum cmd cmd, uint64_t was)
{
	return cmd == CMD_OPEN && m->script.keys == PANE_TABLE && m->table.kind == CENSUS_GOROUTINES &&
	       (m->cursor != was || m->arr.focus != PANE_TABLE);
}

void
script_note(struct model *m, enum cmd cmd, uint64_t count, uint64_t was)
{
	char text[24] = "";

	if (!cmd_row(cmd)->name[0] || cmd == CMD_SUSPEND || cmd == CMD_PALETTE || cmd == CMD_COPY ||
		(cmd == CMD_QUIT && m->effect == EFFECT_NONE) || m->effect == EFFECT_PROMPT || m->waits != CMD_NONE ||
		has_failed(m))
		return;
	if (note_by_screen(m, cmd, was))
		return;
	if (count)
		snprintf(text, sizeof text, "%" PRIu64, count);
	script_note_word(m, cmd, text);
	if (opened_goroutine(m, cmd, was))
		script_note_word(m, CMD_VIEW, pane_name(m->arr.focus));
}

/* Text in quotes, where a script would see the end of the command in it. */
static void
note_text(FILE *f, const char *text)
{
	const char *p = text;
	char first[COMMAND_MAX];

	if (script_next(&p, first, sizeof first) && !strcmp(first, text)) {
		fprintf(f, "find %s\n", text);
		return;
	}
	fputs("find \"", f);
	for (; *text; text++)
		fprintf(f, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	fputs("\"\n", f);
}

/* What begins others is not done again, but they are. */
static bool
begins_others(const char *command)
{
	size_t word = strcspn(command, " ");
	bool many;
	enum cmd cmd = cmd_find(command, word, &many);

	return cmd == CMD_SOURCE || (cmd == CMD_SESSION && !command[word]);
}

static void
note_command(struct model *m, const char *line)
{
	char command[COMMAND_MAX];
	bool many;
	enum cmd cmd;

	line += strspn(line, " :");
	if (!script_next(&line, command, sizeof command) || begins_others(command))
		return;
	cmd = cmd_find(command, strcspn(command, " "), &many);
	if (cmd == CMD_RECORD || cmd == CMD_COPY)
		return;
	m->script.noted = ftell(m->script.record);
	fprintf(m->script.record, "%s\n", command);
}

void
script_note_line(struct model *m, char kind, const char *line)
{
	m->script.noted = -1;
	if (!m->script.record)
		return;
	if (kind == ':') {
		note_command(m, line);
	} else if (!*line) {
		script_note_word(m, CMD_FIND_NEXT, "");
	} else {
		m->script.noted = ftell(m->script.record);
		note_text(m->script.record, line);
	}
	fflush(m->script.record);
}

void
script_free(struct model *m)
{
	script_drop(m);
	if (m->script.record)
		fclose(m->script.record);
	m->script.record = NULL;
}
