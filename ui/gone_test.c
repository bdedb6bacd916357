/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trace whose bytes become others while it is shown: what can't be read any more says so. */
#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool
changed(void *arg, char *text, size_t cap)
{
	snprintf(text, cap, "%s", (const char *)arg);
	return true;
}

static void
written_to(void **state)
{
	static uint8_t bytes[1 << 20];
	static char why[] = "the file was written to";
	struct ui_options o = { .file = "test.trace", .memory = 1 << 16, .changed = changed, .changed_arg = why };
	struct gt_model rules;
	struct gt_error err;
	struct model m;
	size_t n = get_file("testdata/traces/mixed.trace", bytes, sizeof bytes);

	(void)state;
	gt_model_get(&rules, GT_MODEL_DEFAULT);
	o.model = &rules;
	o.trace = gt_open(bytes, n, &err);
	assert_non_null(o.trace);
	assert_true(model_init(&m, &o, true));
	model_resize(&m, 30, 110);
	model_prepare(&m);
	while (!m.indexed)
		model_work(&m, 50000000);
	model_prepare(&m);
	shows(&m, "not there any more", false);
	memset(bytes + 16, 0, n - 16);
	model_go(&m, m.known / 2, false);
	model_prepare(&m);
	shows(&m, "not there any more", true);
	shows(&m, "This event is not there any more.", true);
	shows(&m, "the file was written to: not all of it is there any more", true);
	model_free(&m);
	gt_close(o.trace);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_to),
	};

	return cmocka_run_group_tests_name("gone", tests, NULL, NULL);
}
