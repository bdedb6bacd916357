/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searches and jumps without memory: they lead where they would lead with it, or say that there was none; what could not be
 * looked at is never said not to be there.
 */
#include "fixture.h"
#include "refusing.h"

#include <locale.h>

#ifdef OTHER_MALLOC

static void
skipped(void **state)
{
	(void)state;
	skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(skipped) };

	return cmocka_run_group_tests_name("starved", tests, NULL, NULL);
}

#else

static const struct {
	const char *from, *line;
	const char *or; /* where it can't be known: what the message begins with then */
} ways[] = {
	{ "1", "next GoCreateSyscall", NULL },
	{ "1", "next g == 1 && n > 3000", NULL },
	{ "1", "next n > 100000", NULL },
	{ "last", "previous GoCreate && n < 200", NULL },
	{ "last", "previous n == 0", NULL },
	{ "1", "find GCSweepEnd", NULL },
	{ "1", "3000", NULL },
	{ "4000", "70", NULL },
	{ "4000", "creator", NULL },
	{ "4000", "blocker", NULL },
	{ "4000", "unblocker", NULL },
	{ "1", "last", NULL },
	{ "1", "@7ms", NULL },
	{ "1", "gen 3", NULL },
	{ "1", "offset 20000", NULL },
	{ "1", "follow g 7777", "following G7777: " },
};

struct outcome {
	uint64_t cursor;
	char message[sizeof((struct model *)0)->message];
};

/* One way, in a trace of which nothing is known yet; from the command on so much memory is refused. */
static struct outcome
go(struct gt_trace *t, size_t way, unsigned long refused, bool rest)
{
	struct gt_model rules;
	struct ui_options o = { .file = MIXED, .trace = t, .model = &rules, .memory = 1 << 22 };
	struct outcome is;
	struct model m;

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	assert_true(model_init(&m, &o, true));
	m.patience = 0;
	model_resize(&m, 24, 80);
	model_line(&m, ':', ways[way].from);
	while (m.job.kind)
		model_work(&m, 1000000000);
	model_prepare(&m);
	memset(&mem, 0, sizeof mem);
	mem.refused = refused;
	mem.rest = rest;
	mem.on = true;
	model_line(&m, ':', ways[way].line);
	while (m.job.kind || views_wanted(&m))
		model_work(&m, 1000000000);
	mem.on = false;
	is.cursor = m.cursor;
	memcpy(is.message, m.message, sizeof is.message);
	/* All is as it should be, as soon as there is memory. */
	model_prepare(&m);
	free(picture(&m));
	model_free(&m);
	return is;
}

static void
without_each(struct gt_trace *t, size_t way, bool rest)
{
	struct outcome must = go(t, way, 0, false);
	unsigned starved = 0;

	for (unsigned long k = 1; k < 100000; k += k < 200 ? 1 : 41) {
		struct outcome is = go(t, way, k, rest);
		bool says = strstr(is.message, "memory") || (ways[way].or && !strncmp(is.message, ways[way].or, strlen(ways[way].or)));

		if (!mem.hit)
			break;
		starved += says;
		if ((is.cursor != must.cursor || strcmp(is.message, must.message) != 0) && !says)
			fail_msg("from %s, %s, allocation %lu%s refused: at %llu \"%s\", not %llu \"%s\"", ways[way].from, ways[way].line, k,
				rest ? " and all after it" : "", (unsigned long long)is.cursor, is.message,
				(unsigned long long)must.cursor, must.message);
	}
	if (rest && !starved)
		fail_msg("from %s, %s: memory is never missed", ways[way].from, ways[way].line);
}

static void
never_not_found(void **state)
{
	static uint8_t bytes[1 << 18];
	size_t n = get_file(MIXED, bytes, sizeof bytes);
	struct gt_error err;
	struct gt_trace *t = gt_open(bytes, n, &err);

	(void)state;
	assert_non_null(t);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		without_each(t, i, false);
		without_each(t, i, true);
	}
	gt_close(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(never_not_found) };

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("starved", tests, NULL, NULL);
}

#endif
