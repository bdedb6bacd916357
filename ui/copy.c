/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panes as text: see copy.h. Where it is not CSV it goes through a canvas: nothing in it is more than a character. */
#define _XOPEN_SOURCE 700
#include "copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "model.h"

/* Columns in which a line is not wrapped; of what is drawn: a row of the strings, the context. */
#define WIDE 4000
#define ROW_W 1100
#define CONTEXT_W 160
/* Rows of it at once. */
#define ROWS 200

void
copy_free(struct copy *c)
{
	free(c->text);
	*c = (struct copy){ NULL, 0 };
}

/* --- texts ------------------------------------------------------------------ */

/* Rows of a canvas up to the last one with anything on it, without so many columns at their left. False: no memory. */
static bool
put_canvas(FILE *f, const struct canvas *c, int left)
{
	struct canvas part = canvas_view(c, (struct rect){ 0, left, c->h, c->w - left });
	char *text = canvas_text(&part);
	size_t n = text ? strlen(text) : 0;

	while (n > 1 && text[n - 1] == '\n' && text[n - 2] == '\n')
		n--;
	if (n > 1 || (n && c->h == 1))
		fwrite(text, 1, n, f);
	free(text);
	return text != NULL;
}

static bool
put_lines(FILE *f, const struct lines *l)
{
	bool ok = true;

	for (size_t i = 0; ok && i < l->n && !ferror(f); i++) {
		struct canvas c;

		ok = canvas_init(&c, 1, l->at[i].indent + canvas_width(l->at[i].text, l->utf8) + (int)sizeof l->at[i].label, l->utf8);
		if (!ok)
			break;
		canvas_clear(&c);
		lines_draw(l, &c, i);
		ok = put_canvas(f, &c, 1);
		canvas_free(&c);
	}
	return ok;
}

/* Made anew, wide enough for all of a line. */
static bool
put_made(FILE *f, struct model *m, enum pane_id id)
{
	struct rect was = m->lay.pane[id];
	size_t top = m->scroll[id];
	bool ok;

	m->lay.pane[id].w = WIDE;
	/* It is made, on the screen or not. */
	m->lay.pane[id].h = was.h > 1 ? was.h : 2;
	m->made_for = 0;
	if (id == PANE_WHY)
		pane_why_make(m);
	else if (id == PANE_LESSON)
		pane_lesson_make(m);
	else
		model_make(m);
	ok = put_lines(f, &m->lines[id]);
	m->lay.pane[id] = was;
	m->scroll[id] = top;
	m->made_for = 0;
	return ok;
}

/* Drawn, from its first row to its last, so many at once. */
static bool
put_rows(FILE *f, struct model *m, enum pane_id id)
{
	int w = id == PANE_STRINGS ? ROW_W : CONTEXT_W;
	size_t top = m->scroll[id], rows = pane_rows(m, id);
	struct canvas c, body;
	bool ok = canvas_init(&c, ROWS + 1, w, m->utf8);

	if (!ok)
		return false;
	body = canvas_view(&c, (struct rect){ 1, 0, ROWS, w });
	for (m->scroll[id] = 0; ok && m->scroll[id] < rows && !ferror(f); m->scroll[id] += ROWS) {
		canvas_clear(&c);
		pane_draw(m, id, &c);
		ok = put_canvas(f, &body, 1);
		fflush(f);
	}
	m->scroll[id] = top;
	canvas_free(&c);
	return ok;
}

/* As it is on the screen, but for what the mouse may do. */
static bool
put_seen(FILE *f, struct model *m, enum pane_id id)
{
	bool mouse = m->mouse, ok;
	struct canvas c;

	if (!canvas_init(&c, m->lay.pane[id].h, m->lay.pane[id].w, m->utf8))
		return false;
	canvas_clear(&c);
	m->mouse = false;
	pane_draw(m, id, &c);
	m->mouse = mouse;
	ok = put_canvas(f, &c, 0);
	canvas_free(&c);
	return ok;
}

static bool
put_pane(FILE *f, struct model *m, enum pane_id id)
{
	if (m->help)
		return put_lines(f, &m->help_lines);
	if (id == PANE_TABLE && !m->table.histogram)
		return csv_write(f, m) || ferror(f);
	if (pane_ops_of(id)->make || id == PANE_WHY || id == PANE_LESSON)
		return put_made(f, m, id);
	if (id == PANE_CONTEXT || id == PANE_STRINGS)
		return put_rows(f, m, id);
	return put_seen(f, m, id);
}

/* --- the command --------------------------------------------------------------- */

/* What keeps it from being copied; NULL: nothing. */
static const char *
what_keeps(const struct model *m, enum pane_id id)
{
	if (m->script.held)
		return "there is no terminal here to copy to; :export writes a file";
	if (!m->help && !views_visible(m, (int)id) && !pane_ops_of(id)->make)
		return "it is not on the screen; :view opens it";
	if (!m->help && id == PANE_TABLE && !table_ready(m))
		return "the table is not complete yet";
	return NULL;
}

/* Up to the last line that is there as a whole. */
static size_t
whole_lines(const char *text, size_t n)
{
	size_t whole = n;

	while (whole > 0 && text[whole - 1] != '\n')
		whole--;
	return whole ? whole : n;
}

static void
say(struct model *m, const char *what, bool cut)
{
	char lines[32];
	struct sb b = sb_on(lines, sizeof lines);
	uint64_t n = 0;

	for (size_t i = 0; i < m->copy.n; i++)
		n += m->copy.text[i] == '\n';
	fmt_count(&b, n);
	model_say(m, cut ? ST_TEXT : ST_OK, "%s: copied to the terminal's clipboard, %s line%s%s", what, lines, n == 1 ? "" : "s",
		cut ? "; there are more, but no more than 100 KB go there" : "");
}

void
copy_pane(struct model *m, enum pane_id id)
{
	const char *what = m->help ? "help" : pane_name(id), *keeps = what_keeps(m, id);
	char *text;
	FILE *f;
	bool ok, cut;
	long n;

	if (keeps) {
		model_say(m, m->script.held ? ST_BAD : ST_WAIT, "%s: %s", what, keeps);
		return;
	}
	text = calloc(1, COPY_MAX + 1);
	f = text ? fmemopen(text, COPY_MAX + 1, "w") : NULL;
	ok = f && put_pane(f, m, id);
	/* What does not fit is an error of the stream, here or before. */
	cut = f && (fflush(f) != 0 || ferror(f));
	n = f ? ftell(f) : 0;
	if (f)
		fclose(f);
	copy_free(&m->copy);
	if (!ok || n < 0) {
		free(text);
		model_say(m, ST_BAD, "%s: no memory to copy it", what);
		return;
	}
	m->copy = (struct copy){ text, cut ? whole_lines(text, COPY_MAX) : (size_t)n };
	m->effect = EFFECT_COPY;
	say(m, what, cut);
}
