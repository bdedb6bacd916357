/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "where.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *text;
	struct where w;
} good[] = {
	{ "123", { WHERE_EVENT, false, 123, 0, 0, 0 } },
	{ "18446744073709551615", { WHERE_EVENT, false, UINT64_MAX, 0, 0, 0 } },
	{ "+5", { WHERE_STEP, false, 5, 0, 0, 0 } },
	{ "-5", { WHERE_STEP, true, 5, 0, 0, 0 } },
	{ "50%", { WHERE_SHARE, false, 0, 0.5, 0, 0 } },
	{ "12.5%", { WHERE_SHARE, false, 0, 0.125, 0, 0 } },
	{ "250%", { WHERE_SHARE, false, 0, 2.5, 0, 0 } },
	{ "@1.5s", { WHERE_TIME, false, 0, 0, 1500000000, 0 } },
	{ "1.5s", { WHERE_TIME, false, 0, 0, 1500000000, 0 } },
	{ "@20\xc2\xb5s", { WHERE_TIME, false, 0, 0, 20000, 0 } },
	{ "@4711", { WHERE_CLOCK, false, 0, 0, 4711, 0 } },
	{ "4,458", { WHERE_EVENT, false, 4458, 0, 0, 0 } },
	{ "+1,234,567", { WHERE_STEP, false, 1234567, 0, 0, 0 } },
	{ "18:47:51", { WHERE_WALL, false, 0, 0, INT64_C(67671000000000), 0 } },
	{ "@00:00:01.27", { WHERE_WALL, false, 0, 0, INT64_C(1270000000), 0 } },
	{ "23:59:59.123456789", { WHERE_WALL, false, 0, 0, INT64_C(86399123456789), 0 } },
	{ "+20ms", { WHERE_LATER, false, 0, 0, 20000000, 0 } },
	{ "-7ns", { WHERE_LATER, true, 0, 0, 7, 0 } },
	{ "+99999999999h", { WHERE_LATER, false, 0, 0, INT64_MAX, 0 } },
	{ "gen 17", { WHERE_GEN, false, 17, 0, 0, 0 } },
	{ "generation  3", { WHERE_GEN, false, 3, 0, 0, 0 } },
	{ "offset 4711", { WHERE_OFFSET, false, 4711, 0, 0, 0 } },
	{ "offset 0x4a21", { WHERE_OFFSET, false, 0x4a21, 0, 0, 0 } },
	{ "offset 4711 part 2", { WHERE_OFFSET, false, 4711, 0, 0, 3 } },
	{ "end", { WHERE_END, false, 0, 0, 0, 0 } },
};

static const char *const bad[] = { "", " ", "+", "-", "@", "%", "s", "1 2", "--5", "+-5", "12x", "1.2", "0x12", "+5%", "1..5s", "@-5",
	"@1.5", "@99999999999999999999", "99999999999999999999", "gen", "gen x", "gen -1", "gen 0x1", "offset", "offset 1s", "genie 5",
	"offset 1 part 3", "offset 1 part", "offset part 1", "offset 1 part 01", "gen 1 part 1", "end 1", "+end", "ending",
	"1,23", "1234,567", "1,,234", ",123", "1,234,", "24:00:00", "1:00:00", "12:60:00", "12:00", "12:00:00.", "12:00:00.1234567890",
	"+12:00:00", "1e5", "nan%", "infs", "@infs" };

static void
places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		const struct where *want = &good[i].w;
		struct where w;

		if (!where_parse(good[i].text, &w) || w.kind != want->kind || w.back != want->back || w.ns != want->ns ||
			(w.kind == WHERE_SHARE ? w.share < want->share || w.share > want->share : w.n != want->n && w.ns == 0) ||
			w.part != want->part)
			fail_msg("%s", good[i].text);
	}
}

static void
no_places(void **state)
{
	struct where w;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (where_parse(bad[i], &w))
			fail_msg("%s", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(places), cmocka_unit_test(no_places) };

	return cmocka_run_group_tests_name("where", tests, NULL, NULL);
}
