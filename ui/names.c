/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See names.h. */
#include "names.h"

#include <string.h>
#include <strings.h>

#include "model.h"

/* So many are offered at most. */
#define MOST 4
/* Bytes of a list of names that may still be read at a glance. */
#define GLANCE 100

/* A beginning of two letters and more is as good as a name with one letter wrong. */
static unsigned
distance(const char *word, size_t n, const char *name)
{
	unsigned d = gt_near(word, n, name);

	return d > 1 && n > 1 && !strncasecmp(name, word, n) ? 1 : d;
}

static bool
has(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

bool
names_near(struct sb *b, const char *word, size_t n, names_fn *name)
{
	const char *best[MOST];
	unsigned least = GT_FAR - 1;
	size_t found = 0;

	for (size_t i = 0; name(i); i++) {
		unsigned d = distance(word, n, name(i));

		if (d < least) {
			least = d;
			found = 0;
		}
		if (d == least && found < MOST && !has(best, found, name(i)))
			best[found++] = name(i);
	}
	for (size_t i = 0; i < found; i++)
		sb_printf(b, "%s%s", !i ? "did you mean " : i + 1 < found ? ", " : " or ", best[i]);
	sb_add(b, found ? "?" : "");
	return found > 0;
}

void
names_say_none(struct model *m, const char *what, const char *word, size_t n, names_fn *name)
{
	char near[200], all[GLANCE + 80];
	struct sb b = sb_on(near, sizeof near), list = sb_on(all, sizeof all);

	near[0] = all[0] = 0;
	for (size_t i = 0; name(i) && list.n <= GLANCE; i++)
		sb_printf(&list, "%s%.70s", i ? ", " : "there are: ", name(i));
	if (names_near(&b, word, n, name))
		model_say(m, ST_BAD, "there is no %s \"%.*s\": %s", what, (int)n, word, near);
	else
		model_say(m, ST_BAD, "there is no %s \"%.*s\"; %s", what, (int)n, word, list.n <= GLANCE ? all : "Tab lists them");
}
