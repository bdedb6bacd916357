/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See trail.h. */
#include "trail.h"

#include <string.h>

int
trail_index(int letter)
{
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a';
	if (letter >= 'A' && letter <= 'Z')
		return 26 + letter - 'A';
	return -1;
}

char
trail_letter(int index)
{
	return (char)(index < 26 ? 'a' + index : 'A' + index - 26);
}

const struct trail_place *
trail_mark(const struct trail *t, int letter)
{
	int i = trail_index(letter);

	return i >= 0 && t->mark[i].n ? &t->mark[i] : NULL;
}

bool
trail_same(const struct trail_place *a, const struct trail_place *b)
{
	if (a->reading != b->reading)
		return false;
	if (a->apart == b->apart && !a->moved && !b->moved)
		return a->n == b->n;
	return a->gen == b->gen && a->off == b->off && a->type == b->type && a->part == b->part && a->end == b->end;
}

static void
push(struct trail *t, const struct trail_place *place)
{
	if (t->n == TRAIL_STEPS) {
		memmove(t->step, t->step + 1, (TRAIL_STEPS - 1) * sizeof *t->step);
		t->n--;
	}
	t->step[t->n++] = *place;
}

void
trail_leave(struct trail *t, const struct trail_place *place)
{
	/* Who went back and jumps from there leaves the rest behind. */
	t->n = t->at < t->n ? t->at : t->n;
	if (!t->n || !trail_same(&t->step[t->n - 1], place))
		push(t, place);
	t->at = t->n;
}

const struct trail_place *
trail_back(struct trail *t, const struct trail_place *here)
{
	/* At the newest place: it is kept, to come back to. */
	if (t->at == t->n && t->n && !trail_same(&t->step[t->n - 1], here)) {
		push(t, here);
		t->at = t->n - 1;
	} else if (t->at == t->n && t->n) {
		t->at = t->n - 1;
	}
	if (!t->at)
		return NULL;
	return &t->step[--t->at];
}

const struct trail_place *
trail_forward(struct trail *t)
{
	if (t->at + 1 >= t->n)
		return NULL;
	return &t->step[++t->at];
}

void
trail_move(struct trail *t)
{
	for (int i = 0; i < TRAIL_MARKS; i++) {
		t->mark[i].moved = true;
		t->mark[i].looked = 0;
	}
	for (size_t i = 0; i < t->n; i++)
		t->step[i].moved = true;
}
