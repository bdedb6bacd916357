/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See columns.h. */
#include "columns.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *heading;
	int from;
} table[] = {
#define COLUMN(ID, name, heading, from, what) { name, heading, from },
	COLUMN_LIST(COLUMN)
#undef COLUMN
};

const char *
column_name(enum column_id id)
{
	return table[id].name;
}

const char *
column_heading(enum column_id id)
{
	return table[id].heading;
}

int
column_from(enum column_id id)
{
	return table[id].from;
}

const char *
time_mode_name(enum time_mode t)
{
	static const char *const names[] = { "relative", "delta", "wall", "raw", "mark" };

	return names[t];
}

void
columns_usual(struct columns_chosen *c)
{
	*c = (struct columns_chosen){ .n = 0 };
	for (int i = COL_NUMBER; i <= COL_CHANGE; i++)
		c->at[c->n++].id = (enum column_id)i;
}

void
columns_move(struct columns_chosen *c, int from, int to)
{
	int step = from < to ? 1 : -1;

	for (; from != to; from += step) {
		struct columns_chosen was = *c;

		c->at[from] = was.at[from + step];
		c->at[from + step] = was.at[from];
	}
}

/* A word of it, n bytes: NAME or NAME:WIDTH. */
static bool
add(struct columns_chosen *c, const char *word, size_t n)
{
	size_t len = strcspn(word, ":, ");
	int width = 0;

	if (len < n) {
		width = atoi(word + len + 1);
		if (width < 1 || width > 500)
			return false;
	}
	for (int i = 0; len && i < COLUMNS_ALL; i++) {
		if (strncmp(table[i].name, word, len) || (len < strlen(table[i].name) && len < 2))
			continue;
		for (int k = 0; k < c->n; k++)
			if ((int)c->at[k].id == i)
				return false;
		c->at[c->n].id = (enum column_id)i;
		c->at[c->n++].width = width;
		return true;
	}
	return false;
}

bool
columns_parse(struct columns_chosen *c, const char *text, const char **wrong)
{
	struct columns_chosen made = { .chosen = true };

	for (text += strspn(text, " ,"); *text; text += strspn(text, " ,")) {
		size_t n = strcspn(text, " ,");

		*wrong = text;
		if (!add(&made, text, n))
			return false;
		text += n;
	}
	if (made.n)
		*c = made;
	else
		columns_usual(c);
	return true;
}
