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
	return a->gen == b->gen && a->off == b->off && a->type == b->type && a->part == b->part && a->end == b->end &&
	       a->reading == b->reading;
}

static void
push(struct trail *t, uint64_t row)
{
	if (t->n == TRAIL_STEPS) {
		memmove(t->step, t->step + 1, (TRAIL_STEPS - 1) * sizeof *t->step);
		t->n--;
	}
	t->step[t->n++] = row;
}

void
trail_leave(struct trail *t, uint64_t row)
{
	/* Who went back and jumps from there leaves the rest behind. */
	t->n = t->at < t->n ? t->at : t->n;
	if (!t->n || t->step[t->n - 1] != row)
		push(t, row);
	t->at = t->n;
}

uint64_t
trail_back(struct trail *t, uint64_t here)
{
	/* At the newest place: it is kept, to come back to. */
	if (t->at == t->n && t->n && t->step[t->n - 1] != here) {
		push(t, here);
		t->at = t->n - 1;
	} else if (t->at == t->n && t->n) {
		t->at = t->n - 1;
	}
	if (!t->at)
		return 0;
	return t->step[--t->at];
}

uint64_t
trail_forward(struct trail *t)
{
	if (t->at + 1 >= t->n)
		return 0;
	return t->step[++t->at];
}
