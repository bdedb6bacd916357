/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See palette.h, and pane_help.c for how it looks. */
#include "palette.h"

#include <stdlib.h>
#include <string.h>

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

bool
palette_matches(const char *name, const char *text, int *score)
{
	const char *at = name;

	*score = 0;
	for (; *text; text++) {
		const char *from = at;

		while (*at && lower(*at) != lower(*text))
			at++;
		if (!*at)
			return false;
		/* A word's beginning is as good as the next letter. */
		if (at != from && at > name && at[-1] != '-' && at[-1] != ' ')
			*score += (int)(at - from) + 1;
		at++;
	}
	return true;
}

struct hit {
	unsigned char cmd;
	int score;
};

static int
by_score(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	return x->score != y->score ? x->score - y->score : x->cmd - y->cmd;
}

/* What is called so comes first, then by parts of the name; less well by what it does. */
static void
find(struct palette *p)
{
	struct hit hit[CMDS];

	p->n = p->at = p->top = 0;
	for (int c = CMD_NONE + 1; c < CMDS; c++) {
		const struct cmd_row *row = cmd_row((enum cmd)c);
		int score;

		if (!row->name[0])
			continue;
		if (cmd_is_called((enum cmd)c, p->text, strlen(p->text)))
			hit[p->n++] = (struct hit){ (unsigned char)c, -1 };
		else if (palette_matches(row->name, p->text, &score))
			hit[p->n++] = (struct hit){ (unsigned char)c, score };
		else if (strlen(p->text) > 2 && strstr(row->help, p->text))
			hit[p->n++] = (struct hit){ (unsigned char)c, 1000 };
	}
	if (*p->text)
		qsort(hit, p->n, sizeof *hit, by_score);
	for (size_t i = 0; i < p->n; i++)
		p->found[i] = hit[i].cmd;
}

void
palette_begin(struct palette *p)
{
	*p = (struct palette){ .open = true };
	find(p);
}

bool
palette_key(struct palette *p, ui_key key, enum cmd *cmd)
{
	size_t n = strlen(p->text);

	*cmd = CMD_NONE;
	if (key == K_ENTER)
		*cmd = p->n ? (enum cmd)p->found[p->at] : CMD_NONE;
	if (key == K_ENTER || key == K_ESC || key == ('C' & K_CTRL) || (key == K_BACKSPACE && !n)) {
		p->open = false;
		return true;
	}
	if (key == K_UP || key == ('P' & K_CTRL))
		p->at -= p->at > 0;
	else if (key == K_DOWN || key == ('N' & K_CTRL) || key == K_TAB)
		p->at += p->at + 1 < p->n;
	else if (key == K_BACKSPACE)
		p->text[n - 1] = 0, find(p);
	else if (key >= ' ' && key < 127 && n + 1 < sizeof p->text)
		p->text[n] = (char)key, p->text[n + 1] = 0, find(p);
	return false;
}
