/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that are nearly right: how far a word is from one. */
#include "gotrace.h"

#include <string.h>

enum { LONGEST = 32 };

static bool
same(char a, char b)
{
	return (a | 32) == (b | 32);
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Row i: what it takes to make the first j letters of the name of the first i of the word. */
static unsigned
distance(const char *word, unsigned n, const char *name, unsigned m)
{
	unsigned rows[3][LONGEST + 1], *row = rows[0], *last = rows[1], *before = rows[2];

	for (unsigned j = 0; j <= m; j++)
		row[j] = j;
	for (unsigned i = 1; i <= n; i++) {
		unsigned *next = before;

		before = last;
		last = row;
		row = next;
		row[0] = i;
		for (unsigned j = 1; j <= m; j++) {
			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + !same(word[i - 1], name[j - 1]));
			if (i > 1 && j > 1 && same(word[i - 1], name[j - 2]) && same(word[i - 2], name[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[m];
}

unsigned
gt_near(const char *word, size_t n, const char *name)
{
	size_t m = strlen(name);
	unsigned d = n <= LONGEST && m <= LONGEST ? distance(word, (unsigned)n, name, (unsigned)m) : GT_FAR;

	return d * 3 <= n + 1 ? d : GT_FAR;
}
