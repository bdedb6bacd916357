/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of panes that name something: see links.h. They are read from the picture, whatever pane has drawn it. */
#include "links.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "script.h"

/* Longer ones name nothing. */
#define WORD_MAX 32
/* Digits of a number that surely fits. */
#define DIGITS_MAX 18

struct word {
	char text[WORD_MAX]; /* without the commas and the like around it; what is not ASCII is a ? */
	int y, x, w;         /* where it stands, all of it */
	bool quoted;         /* it is of a string of the trace */
};

/* --- words ------------------------------------------------------------------ */

static void
take_word(const struct cell *cell, int w, struct word *out)
{
	size_t n = 0;

	for (int i = 0; i < w; i++) {
		char ch = cell[i].width == 1 && cell[i].ch[0] < 127 && !cell[i].ch[1] ? (char)cell[i].ch[0] : '?';

		if ((n || ch != '(') && n < WORD_MAX - 1)
			out->text[n++] = ch;
	}
	while (n && strchr(",.;:)", out->text[n - 1]))
		n--;
	out->text[w < WORD_MAX ? n : 0] = 0;
}

/* Those of a row; returns how many. */
static size_t
words_of_row(const struct canvas *c, int y, struct word *out)
{
	const struct cell *row = c->cells + (ptrdiff_t)y * c->stride;
	bool quoted = false;
	size_t n = 0;

	for (int x = 0, w; x < c->w; x += w) {
		bool quotes = false;

		w = 1;
		if (row[x].ch[0] == ' ')
			continue;
		out[n] = (struct word){ .y = y, .x = x, .quoted = quoted };
		for (w = 0; x + w < c->w && row[x + w].ch[0] != ' '; w++)
			quotes ^= row[x + w].ch[0] == '"' && (!w || row[x + w - 1].ch[0] != '\\');
		out[n].quoted |= quotes;
		quoted ^= quotes;
		out[n].w = w;
		take_word(row + x, w, &out[n++]);
	}
	return n;
}

/* All of a pane but for its title, one behind the other: what is wrapped goes on. To be freed; NULL: there are none. */
static struct word *
words_on(const struct canvas *c, size_t *n)
{
	struct word *word = c->h > 1 ? malloc((size_t)c->h * (size_t)(c->w / 2 + 1) * sizeof *word) : NULL;

	*n = 0;
	for (int y = 1; word && y < c->h; y++)
		*n += words_of_row(c, y, word + *n);
	return word;
}

static struct word *
words_of(const struct model *m, enum pane_id id, size_t *n)
{
	const struct rect *r = &m->lay.pane[id];
	struct word *word;
	struct canvas c;

	*n = 0;
	if (r->h < 2 || !canvas_init(&c, r->h, r->w, m->utf8))
		return NULL;
	canvas_clear(&c);
	pane_draw(m, id, &c);
	word = words_on(&c, n);
	canvas_free(&c);
	return word;
}

/* --- what they name --------------------------------------------------------------- */

static bool
number(const char *text, int64_t *out)
{
	*out = 0;
	if (strlen(text) > DIGITS_MAX || text[0] < '0' || text[0] > '9')
		return false;
	for (; *text; text++)
		if (*text >= '0' && *text <= '9')
			*out = *out * 10 + (*text - '0');
		else if (*text != ',')
			return false;
	return true;
}

bool
links_thing(const char *text, struct link *out)
{
	static const char letters[] = "mpg";
	const char *at = *text ? strchr(letters, *text | 32) : NULL, *digits = text + 1;

	if (!at)
		return false;
	digits += strspn(digits, " ");
	out->res = (enum gt_res)(at - letters);
	return !strchr(digits, ',') && number(digits, &out->id);
}

/* "G34", and arguments as "g=34" and "new_g=34". */
static bool
is_thing(const char *text, struct link *out)
{
	char argument[WORD_MAX];

	if (strchr("MPG", *text))
		return *text && links_thing(text, out);
	text += strncmp(text, "new_", 4) ? 0 : 4;
	if (text[0] && text[1] != '=')
		return false;
	snprintf(argument, sizeof argument, "%.1s%s", text, *text ? text + 2 : "");
	return links_thing(argument, out);
}

static const char *
text_at(const struct word *word, size_t n, size_t i)
{
	return i < n ? word[i].text : "";
}

/*
 * Word i is a number, and of an event: "event 78", "by G37 at 78", "blocked at 78"; but "batch 3, event 12" and "event 12 of batch
 * 3" count in a batch, and the numbers that rules speak of are others.
 */
static bool
is_event(const struct word *word, size_t n, size_t i)
{
	const char *before = text_at(word, n, i - 1), *more = text_at(word, n, i - 2);
	struct link who;

	if (!strcmp(before, "event"))
		return strcmp(more, "batch") && strcmp(text_at(word, n, i - 3), "batch") && strcmp(text_at(word, n, i - 4), "batch") &&
			(strcmp(text_at(word, n, i + 1), "of") || strcmp(text_at(word, n, i + 2), "batch"));
	return !strcmp(before, "at") && (is_thing(more, &who) || !strcmp(more, origin_name(ORIGIN_BLOCKED)));
}

static bool
names(const struct word *word, size_t n, size_t i, struct link *out)
{
	if (word[i].quoted)
		return false;
	if (is_thing(word[i].text, out))
		return true;
	/* The word before the number is as good. */
	if (!strcmp(word[i].text, "event") || !strcmp(word[i].text, "at"))
		i++;
	out->res = GT_NO_RES;
	return i < n && number(word[i].text, &out->id) && out->id > 0 && is_event(word, n, i);
}

bool
links_at(const struct model *m, enum pane_id id, int y, int x, struct link *out)
{
	size_t n;
	struct word *word = words_of(m, id, &n);
	bool found = false;

	for (size_t i = 0; i < n && !found; i++)
		if (word[i].y == y && x >= word[i].x && x < word[i].x + word[i].w)
			found = names(word, n, i, out);
	free(word);
	return found;
}

static void
follow(struct model *m, const struct link *to)
{
	char text[32];

	if (to->res == GT_NO_RES) {
		views_jump(m, (uint64_t)to->id);
		return;
	}
	snprintf(text, sizeof text, "%c %" PRId64, "mpg"[to->res], to->id);
	script_note_word(m, CMD_TIMELINE, text);
	timeline_show(m, to->res, to->id);
}

bool
links_click(struct model *m, enum pane_id id, int y, int x)
{
	struct link to;

	if (!links_at(m, id, y, x, &to))
		return false;
	follow(m, &to);
	return true;
}

/* --- by keys ----------------------------------------------------------------------- */

bool
links_has(enum pane_id id)
{
	return id == PANE_CONTEXT || id == PANE_DETAILS || id == PANE_STACK || id == PANE_FRONTIER;
}

/* The one chosen is of what is to be seen now. */
static bool
is_chosen(const struct model *m, enum pane_id id)
{
	const struct link_chosen *k = &m->link;

	return k->row == m->cursor && k->pane == id && k->top == m->scroll[id];
}

/* The next word from *i on that names something: "at" and "event" go with their number. Moves *i behind it; NULL: there is none. */
static const struct word *
next_link(const struct word *word, size_t n, size_t *i, struct link *to)
{
	while (*i < n) {
		const struct word *w = &word[(*i)++];

		if (strcmp(w->text, "at") && strcmp(w->text, "event") && names(word, n, *i - 1, to))
			return w;
	}
	return NULL;
}

static void
choose(struct model *m, enum pane_id id, size_t links, bool back, uint64_t count)
{
	size_t step = (size_t)((count ? count : 1) % links);
	bool on = is_chosen(m, id);

	if (!on)
		m->link = (struct link_chosen){ m->cursor, id, m->scroll[id], back ? links - 1 : 0 };
	else
		m->link.at = (m->link.at + (back ? links - step : step)) % links;
}

bool
links_command(struct model *m, enum pane_id id, enum cmd cmd, uint64_t count)
{
	struct link to, chosen = { GT_NO_RES, 0 };
	struct word *word;
	size_t n, links = 0, i = 0;

	if (!links_has(id) || (cmd != CMD_LEFT && cmd != CMD_RIGHT && cmd != CMD_OPEN))
		return false;
	word = words_of(m, id, &n);
	while (next_link(word, n, &i, &to))
		if (links++ == m->link.at)
			chosen = to;
	free(word);
	if (!links)
		model_say(m, ST_WAIT, "nothing is named here that one could go to");
	else if (cmd != CMD_OPEN)
		choose(m, id, links, cmd == CMD_LEFT, count);
	else if (is_chosen(m, id) && m->link.at < links)
		follow(m, &chosen);
	else
		model_say(m, ST_WAIT, "Left and Right choose what is named here, Enter goes there");
	return true;
}

void
links_draw(const struct model *m, enum pane_id id, struct canvas *c)
{
	size_t n, links = 0, i = 0;
	const struct word *w;
	struct word *word;
	struct link to;

	if (!links_has(id) || m->arr.focus != id || !is_chosen(m, id))
		return;
	word = words_on(c, &n);
	while ((w = next_link(word, n, &i, &to)) != NULL)
		if (links++ == m->link.at)
			canvas_light(c, w->y, w->x, w->w);
	free(word);
}
