/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See settings.h. */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "fault.h"
#include "model.h"
#include "names.h"
#include "picture.h"
#include "script.h"
#include "xdg.h"

/* --- colours and keys ------------------------------------------------------ */

static void
set_theme(struct model *m, const char *name)
{
	if (theme_get(&m->theme, name))
		m->looks++;
	else
		names_say_none(m, "theme", name, strlen(name), theme_name);
}

static const char *
style_at(size_t i)
{
	return i < STYLES ? style_name((enum style)i) : NULL;
}

static void
set_color(struct model *m, const char *arg)
{
	size_t n = strcspn(arg, " ");
	enum style st = style_by_name(arg, n);
	const char *wrong = "";

	if (st == STYLES)
		names_say_none(m, "style", arg, n, style_at);
	else if (!theme_color(&m->theme, st, arg + n, &wrong))
		model_say_fault(m, arg, (size_t)(wrong - arg), strcspn(wrong, " \t"),
			"this is no colour: they are names, numbers to 255, #rrggbb; on; bold, underline, reverse, dim");
	else
		m->looks++;
}

const char *
settings_key(const struct model *m, ui_key key)
{
	for (size_t i = m->keymap.n; i-- > 0;)
		if (m->keymap.at[i].key == key)
			return m->keymap.at[i].line;
	return NULL;
}

/* Several commands stand in quotes, as else the first would end the line. */
static void
unquote(char *line)
{
	size_t n = strlen(line);

	if (n < 2 || line[0] != '"' || line[n - 1] != '"')
		return;
	memmove(line, line + 1, n - 2);
	line[n - 2] = 0;
}

static void
set_key(struct model *m, const char *arg)
{
	struct keymap *k = &m->keymap;
	size_t n = strcspn(arg, " "), i = 0;
	ui_key key = key_by_name(arg, n);
	char line[1024];
	bool many;

	if (key == K_NONE) {
		model_say(m, ST_BAD, "there is no key \"%.*s\"; keys are named as in the help: x, ^X, M-x, F5, PgDn", (int)n, arg);
		return;
	}
	snprintf(line, sizeof line, "%s", arg + n + strspn(arg + n, " "));
	unquote(line);
	while (i < k->n && k->at[i].key != key)
		i++;
	if (!*line) {
		if (i < k->n)
			k->at[i] = k->at[--k->n];
		return;
	}
	if (cmd_find(line, strcspn(line, " ;"), &many) == CMD_NONE)
		names_say_none(m, "command", line, strcspn(line, " ;"), cmd_name);
	else if (i == KEYMAP_MAX || strlen(line) >= sizeof k->at[i].line)
		model_say(m, ST_BAD, "too many keys, or too long a command");
	else {
		k->at[i].key = key;
		memcpy(k->at[i].line, line, strlen(line) + 1);
		k->n += i == k->n;
	}
}

/* Signs of ASCII only, or those the terminal can show. */
static void
set_ascii(struct model *m, bool ascii)
{
	struct rows *rows;

	if (m->utf8 == (!ascii && m->can_utf8))
		return;
	rows = rows_new(symbols_get(!ascii && m->can_utf8), query_marks, m);
	if (!rows)
		return;
	rows_free(m->rows);
	m->rows = rows;
	query_forget(m);
	m->utf8 = !ascii && m->can_utf8;
	m->sy = symbols_get(m->utf8);
	m->made_for = 0;
	m->looks++;
}

/* --- what is shown, written down ------------------------------------------------ */

static bool
write_picture(struct model *m, const char *path, enum picture_form form)
{
	struct canvas c;
	FILE *f = fopen(path, "w");
	bool ok = f && canvas_init(&c, m->h, m->w, m->utf8);

	if (ok) {
		model_prepare(m);
		model_draw(m, &c);
		ok = picture_write(f, &c, &m->theme, form);
		canvas_free(&c);
	}
	if (f && fclose(f) != 0)
		ok = false;
	return ok;
}

/* All rows of it that are listed. */
static void
export_table(struct model *m, const char *path)
{
	char text[32];
	struct sb b = sb_on(text, sizeof text);
	FILE *f;
	bool ok;

	if (!views_visible(m, PANE_TABLE)) {
		model_say(m, ST_BAD, "%s: there is no table on the screen; :table opens one", path);
		return;
	}
	if (!table_ready(m)) {
		model_say(m, ST_WAIT, "%s: the table is not complete yet", path);
		return;
	}
	if (!script_may_write(m, path))
		return;
	errno = 0;
	f = fopen(path, "w");
	ok = f && csv_write(f, m);
	if (f && fclose(f) != 0)
		ok = false;
	fmt_count(&b, m->table.rows);
	if (ok)
		model_say(m, ST_OK, "%s: written, %s row%s", path, text, m->table.rows == 1 ? "" : "s");
	else
		model_say(m, ST_BAD, "%s: %s", path, errno ? strerror(errno) : "could not be written");
}

static void
export(struct model *m, const char *path)
{
	enum picture_form form = picture_form(path);

	if (csv_is(path))
		export_table(m, path);
	else if (form == PICTURE_FORMS)
		model_say(m, ST_BAD, "%s: the name must end in .txt, .ansi or .svg, or .csv for a table", path);
	else if (!script_may_write(m, path))
		return;
	else if (!write_picture(m, path, form))
		model_say(m, ST_BAD, "%s: %s", path, errno ? strerror(errno) : "could not be written");
	else
		model_say(m, ST_OK, "%s: written, as the screen is", path);
}

/* --- commands ------------------------------------------------------------------------- */

bool
settings_line(struct model *m, enum cmd cmd, const char *arg)
{
	switch (cmd) {
	case CMD_THEME:
		set_theme(m, *arg ? arg : "default");
		return true;
	case CMD_ASCII:
		if (*arg && strcmp(arg, "on") && strcmp(arg, "off"))
			return false;
		set_ascii(m, *arg ? !strcmp(arg, "on") : m->utf8);
		return true;
	case CMD_COLOR:
	case CMD_KEY:
	case CMD_EXPORT:
		if (!*arg)
			return false;
		if (cmd == CMD_COLOR)
			set_color(m, arg);
		else if (cmd == CMD_KEY)
			set_key(m, arg);
		else
			export(m, arg);
		return true;
	default:
		return false;
	}
}

/* --- the file ---------------------------------------------------------------------------- */

/* What is wrong in a line of it. */
static void
put_wrong(const struct model *m, FILE *f, const char *name, unsigned number)
{
	char line[FAULT_LINE], under[FAULT_LINE];

	fprintf(f, "gotrace-tui: %s:%u: %s\n", name, number, m->message);
	if (!m->fault.text[0])
		return;
	fault_lines(m->fault.text, m->fault.at, m->fault.n, FAULT_W, true, line, under);
	fprintf(f, "gotrace-tui:   %s\ngotrace-tui:   %s\n", line, under);
}

/* All that is wrong goes to a stream as well, if there is one. */
static void
read_lines(struct model *m, const char *text, const char *name, FILE *to)
{
	char first[400] = "", line[1024];
	struct fault fault = { .n = 0 };
	unsigned wrong = 0;
	bool held = m->script.held;

	/* The commands that wait have nothing to do with what is wrong here. */
	m->script.held = true;
	for (unsigned number = 1; *text; number++) {
		size_t n = strcspn(text, "\n"), from = strspn(text, " \t\r");

		snprintf(line, sizeof line, "%.*s", from < n ? (int)(n - from) : 0, text + from);
		line[strcspn(line, "\r")] = 0;
		text += n + (text[n] == '\n');
		m->message[0] = 0;
		if (!*line || *line == '#')
			continue;
		model_line(m, ':', line);
		m->effect = EFFECT_NONE;
		if (!m->message[0] || m->message_style != ST_BAD)
			continue;
		if (to)
			put_wrong(m, to, name, number);
		if (!wrong++) {
			snprintf(first, sizeof first, "%s:%u: %.300s", name, number, m->message);
			fault = m->fault;
		}
	}
	m->script.held = held;
	m->message[0] = 0;
	if (wrong == 1)
		model_say(m, ST_WAIT, "%s", first);
	else if (wrong)
		model_say(m, ST_WAIT, "%s (and %u more)", first, wrong - 1);
	if (wrong)
		m->fault = fault;
}

void
settings_read(struct model *m, const char *text, const char *name)
{
	read_lines(m, text, name, NULL);
}

void
settings_load(struct model *m)
{
	char path[1024], *text;
	const char *why;

	if (!xdg_folder(XDG_CONFIG, false, path, sizeof path - sizeof "/config"))
		return;
	strcat(path, "/config");
	text = script_read(path, &why);
	if (text)
		read_lines(m, text, path, stderr);
	else if (errno != ENOENT && errno != ENOTDIR)
		model_say(m, ST_WAIT, "%s: %s", path, why);
	free(text);
}
