/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generate.h"

#include <stdio.h>
#include <string.h>

struct tg_gen *
generation(struct tg *t, uint64_t number, uint64_t time)
{
	struct tg_gen *g;

	tg_options(t, TG_NO_EMPTY_TABLES);
	tg_step(t, 10);
	g = tg_gen(t, number);
	tg_sync(g, 1000000000, time);
	return g;
}

/* A file in a directory, written as a whole. */
static bool
save(const char *dir, const char *name, const char *ending, const struct gt_buf *bytes)
{
	char path[1024];
	FILE *f;
	bool ok;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s%s", dir, name, ending) >= sizeof(path)) {
		fprintf(stderr, "generate: the path of %s is too long\n", name);
		return false;
	}
	f = fopen(path, "wb");
	ok = f && fwrite(bytes->p, 1, bytes->n, f) == bytes->n;
	if (f && fclose(f) != 0)
		ok = false;
	if (!ok)
		perror(path);
	return ok;
}

static bool
make(const struct scenario *s, const char *dir, const char *opening, bool binary)
{
	struct gt_buf test = { NULL, 0, 0 }, trace = { NULL, 0, 0 };
	struct tg *t = tg_new(s->version);
	bool ok;

	tg_comment(t, opening);
	s->build(t);
	ok = tg_write_test(t, &test) && tg_write_binary(t, &trace);
	if (!ok)
		fprintf(stderr, "%s: %s\n", s->name, tg_error(t)->text);
	ok = ok && save(dir, s->name, ".test", &test) && (!binary || save(dir, s->name, ".trace", &trace));
	gt_buf_free(&test);
	gt_buf_free(&trace);
	tg_free(t);
	return ok;
}

/* Whether the scenario is among the names; without any, all are. */
static bool
wanted(const char *name, int n, char **names)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return n == 0;
}

int
generate(int argc, char **argv, const struct scenario *const *lists, const char *opening)
{
	bool binary = argc > 1 && strcmp(argv[1], "-b") == 0;
	int at = binary ? 2 : 1, made = 0;

	if (at >= argc) {
		fprintf(stderr, "usage: %s [-b] DIRECTORY [NAME...]\n", argc > 0 ? argv[0] : "generate");
		return 2;
	}
	for (; *lists; lists++)
		for (const struct scenario *s = *lists; s->name; s++) {
			if (!wanted(s->name, argc - at - 1, argv + at + 1))
				continue;
			if (!make(s, argv[at], opening, binary))
				return 1;
			made++;
		}
	if (made == 0)
		fprintf(stderr, "%s: there is no scenario of this name\n", argv[0]);
	return made == 0;
}
