/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help: all commands with their keys, from the table, and what the signs on the screen mean. */
#include "pane.h"

#include <stdio.h>
#include <string.h>

#include "model.h"
#include "topics.h"

#define KEYS_W 16
#define NAME_W 18
#define NARROW 72

/* Keys, name, what it does; where that is too wide, what it does stands below. */
static void
add_command(struct lines *l, enum cmd c, bool narrow)
{
	const struct cmd_row *row = cmd_row(c);
	char name[64] = "", label[sizeof l->at->label];
	size_t line = l->n;

	if (row->name[0])
		snprintf(name, sizeof name, ":%s %s", row->name, cmd_arg_form(row->arg));
	snprintf(label, sizeof label, "%s", row->keys[0] ? row->keys : " ");
	if (strlen(name) < NAME_W && !narrow) {
		lines_add(l, label, KEYS_W + NAME_W, ST_TEXT, row->help);
		lines_label(l, line, ST_KEY, KEYS_W, name);
	} else {
		lines_add(l, label, KEYS_W, ST_TEXT, name);
		lines_label(l, line, ST_KEY, 0, NULL);
		lines_add(l, "", narrow ? 2 : KEYS_W + NAME_W, narrow ? ST_DIM : ST_TEXT, row->help);
	}
}

static void
add_signs(struct model *m, struct lines *l)
{
	char text[128];

	lines_add(l, "", 0, ST_TEXT, "");
	lines_add(l, "", 0, ST_HEAD, "Signs");
	snprintf(text, sizeof text, "the requirement is met; %s it is not; %s what it waits for has not happened",
		m->sy->no, m->sy->wait);
	lines_add(l, m->sy->ok, KEYS_W, ST_TEXT, text);
	lines_add(l, m->sy->arrow, KEYS_W, ST_TEXT, "the event changed this, from before to after");
	lines_add(l, "M P G", KEYS_W, ST_TEXT, "thread, processor, goroutine; in the list: those before the event");
	lines_add(l, "#7", KEYS_W, ST_TEXT,
		"sequence number of a P or G: the order of its events, whichever M writes them");
}

/* What the topic does, if it is a key that the user bound. */
static void
add_own_key(struct model *m, struct lines *l)
{
	ui_key key = key_by_name(m->topic, strlen(m->topic));
	const char *line = key == K_NONE ? NULL : settings_key(m, key);

	if (!line)
		return;
	lines_add(l, "key", KEYS_W, ST_KEY, m->topic);
	lines_add(l, "bound to", KEYS_W, ST_STRONG, line);
}

void
pane_help_make(struct model *m)
{
	struct lines *l = &m->help_lines;
	const char *group = "";

	lines_clear(l, m->w > 4 ? m->w - 3 : 2, m->utf8);
	if (m->topic[0]) {
		add_own_key(m, l);
		topic_lines(l, m->topic);
		return;
	}
	for (int c = CMD_NONE + 1; c < CMDS; c++) {
		if (strcmp(group, cmd_group((enum cmd)c)) != 0) {
			if (*group)
				lines_add(l, "", 0, ST_TEXT, "");
			group = cmd_group((enum cmd)c);
			lines_add(l, "", 0, ST_HEAD, group);
		}
		add_command(l, (enum cmd)c, m->w < NARROW);
	}
	add_signs(m, l);
}

static size_t
rows(const struct model *m)
{
	return m->help_lines.n;
}

static void
draw(const struct model *m, struct canvas *c)
{
	struct canvas body = canvas_view(c, (struct rect){ 1, 0, c->h - 1, c->w });
	int x;

	canvas_fill(c, 0, 0, c->w, ST_RULE, m->sy->rule);
	x = canvas_put(c, 0, 2, ST_HEAD, " ");
	x = canvas_put(c, 0, x, ST_FOCUS, "help");
	canvas_put(c, 0, x, ST_HEAD, " ");
	if (m->help_lines.n > (size_t)body.h)
		canvas_put(c, 0, c->w - 30, ST_DIM, " Space scrolls, q closes ");
	lines_draw(&m->help_lines, &body, m->help_top);
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	size_t shown = m->h > 3 ? (size_t)m->h - 3 : 1;

	return pane_scroll(&m->help_top, rows(m), shown, cmd, count);
}

const struct pane_ops pane_help = { .rows = rows, .draw = draw, .command = command };
