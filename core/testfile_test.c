/* SPDX-License-Identifier: MIT */
/* gt_test_read: test files and what is in them, by tables. */
#include "gotrace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define S(lit) { lit, sizeof(lit) - 1 }
#define TRACE "-- trace --\nTrace Go1.22\n"

static const struct {
	struct gt_str text;
	const char *model, *pattern; /* no pattern: it succeeds */
	const char *trace;
	unsigned line;
} good[] = {
	{ S("-- expect --\nSUCCESS\n" TRACE), "", NULL, "Trace Go1.22\n", 4 },
	{ S("-- expect --\nFAILURE \".*a.*\"\n" TRACE), "", "\".*a.*\"", "Trace Go1.22\n", 4 },
	{ S("-- expect --\nFAILURE `\\d`\n" TRACE), "", "`\\d`", "Trace Go1.22\n", 4 },
	{ S("-- expect --\nFAILURE \"a b\"\r\n\n\n" TRACE), "", "\"a b\"", "Trace Go1.22\n", 6 },
	/* What follows the first line, or SUCCESS, means nothing; an empty file means success. */
	{ S("-- expect --\nSUCCESS of a kind\nFAILURE\n" TRACE), "", NULL, "Trace Go1.22\n", 5 },
	{ S("-- expect --\n" TRACE), "", NULL, "Trace Go1.22\n", 3 },
	/* Ends of the trace. */
	{ S("-- expect --\nSUCCESS\n-- trace --"), "", NULL, "", 4 },
	{ S("-- expect --\nSUCCESS\n-- trace --\n"), "", NULL, "", 4 },
	{ S("-- expect --\nSUCCESS\n-- trace --\nTrace"), "", NULL, "Trace", 4 },
	/* Lines that are no markers, and markers with room in them. */
	{ S("-- \n-- --\n--  --\n--   --\n --x --\n-- x\n-- expect --\nSUCCESS\n" TRACE), "", NULL,
		"Trace Go1.22\n", 10 },
	{ S("--  \texpect\xc2\xa0 --\nSUCCESS\n--\ttrace --\n-- trace --\n-- x --\r\n"), "", NULL, "-- x --\r\n", 5 },
	/* Comments, and the model they name. */
	{ S("A story.\n\nMore.\n-- expect --\nSUCCESS\n" TRACE), "", NULL, "Trace Go1.22\n", 7 },
	{ S("model: go1.22-strict\n-- expect --\nSUCCESS\n" TRACE), "go1.22-strict", NULL, "Trace Go1.22\n", 5 },
	{ S("A story.\nmodel:current\t\r\nmodels: a\n model: b\n-- expect --\nSUCCESS\n" TRACE), "current", NULL,
		"Trace Go1.22\n", 8 },
	{ S("-- expect --\nSUCCESS\nmodel: x\n-- trace --\nmodel: y\n"), "", NULL, "model: y\n", 5 },
};

static bool
same(struct gt_str got, const char *want)
{
	return got.n == strlen(want) && memcmp(got.p, want, got.n) == 0;
}

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(good); i++) {
		struct gt_test t;
		struct gt_text_error err = { 0 };

		if (!gt_test_read(good[i].text.p, good[i].text.n, &t, &err))
			fail_msg("case %zu: %u:%u: %s", i, err.line, err.col, err.text);
		if (!same(t.model, good[i].model))
			fail_msg("case %zu: model %.*s", i, (int)t.model.n, t.model.p);
		if (t.fails != (good[i].pattern != NULL) || !same(t.pattern, good[i].pattern ? good[i].pattern : ""))
			fail_msg("case %zu: fails %d, pattern %.*s", i, t.fails, (int)t.pattern.n, t.pattern.p);
		if (!same(t.trace, good[i].trace) || t.trace_line != good[i].line)
			fail_msg("case %zu: trace at line %u: %.*s", i, t.trace_line, (int)t.trace.n, t.trace.p);
	}
}

static const struct {
	struct gt_str text;
	unsigned line, col;
	const char *says;
} bad[] = {
	{ S(""), 1, 1, "no line \"-- expect --\"" },
	{ S("Trace Go1.22\n"), 1, 1, "no line \"-- expect --\"" },
	{ S("x\n-- expect --\r\nSUCCESS\r\n"), 2, 13, "without a carriage return" },
	{ S("-- expect --x\nSUCCESS\n"), 1, 1, "no line" },
	{ S("x\n-- trace --\n-- expect --\n"), 2, 4, "the first file of a test is \"expect\", not \"trace\"" },
	{ S("-- Expect --\n" TRACE), 1, 4, "not \"Expect\"" },
	{ S("-- expect --\nSUCCESS\n"), 2, 1, "without a file \"trace\"" },
	{ S("-- expect --\nSUCCESS\n-- a\x1b b --\n"), 3, 4,
		"the second file of a test is \"trace\", not \"a\\x1b b\"" },
	{ S("-- expect --\nSUCCESS\n-- expect --\n" TRACE), 3, 4, "not \"expect\"" },
	{ S("-- expect --\nSUCCESS\n" TRACE "-- more --\n"), 5, 4, "this is a third: \"more\"" },
	{ S("-- expect --\n\nSUCCESS\n" TRACE), 2, 1, "SUCCESS or FAILURE is expected here, not \"\"" },
	{ S("-- expect --\nsuccess\n" TRACE), 2, 1, "not \"success\"" },
	{ S("-- expect --\nSUCCESSFUL\n" TRACE), 2, 1, "not \"SUCCESSFUL\"" },
	{ S("-- expect --\nFAILURE\t\"a\"\n" TRACE), 2, 1, "not \"FAILURE\\t\\\"a\\\"\"" },
	{ S("-- expect --\nFAILURE\r\n" TRACE), 2, 8, "must follow FAILURE" },
	{ S("-- expect --\nFAILURE \n" TRACE), 2, 9, "a Go string in quotes is expected" },
	{ S("-- expect --\nFAILURE abc\n" TRACE), 2, 9, "in quotes is expected: \"abc\"" },
	{ S("-- expect --\nFAILURE  \"a\"\n" TRACE), 2, 9, "in quotes is expected" },
	{ S("-- expect --\nFAILURE \"a\n" TRACE), 2, 11, "the closing quote is missing" },
	{ S("-- expect --\nFAILURE \"a\" \n" TRACE), 2, 12, "the string ends before this: \" \"" },
	{ S("-- expect --\nFAILURE \"a\\.b\"\n" TRACE), 2, 11, "no escape of a Go string" },
	{ S("x\nmodel: \n-- expect --\nSUCCESS\n" TRACE), 2, 7, "the name of a model is expected" },
	{ S("model: a\nx\nmodel: a\n-- expect --\nSUCCESS\n" TRACE), 3, 1, "for the second time" },
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(bad); i++) {
		struct gt_test t;
		struct gt_text_error err = { 0 };

		if (gt_test_read(bad[i].text.p, bad[i].text.n, &t, &err))
			fail_msg("case %zu: accepted", i);
		if (err.line != bad[i].line || err.col != bad[i].col || !strstr(err.text, bad[i].says))
			fail_msg("case %zu: %u:%u: %s; want %u:%u: %s", i, err.line, err.col, err.text, bad[i].line,
				bad[i].col, bad[i].says);
	}
}

/* The two readers together: the mistake of a trace in a test is at its line of the file. */
static void
test_with_text(void **state)
{
	static const char text[] = "model: current\n-- expect --\nSUCCESS\n-- trace --\nTrace Go1.22\nStrings x\n";
	struct gt_test t;
	struct gt_text_error err = { 0 };
	struct gt_buf out = { NULL, 0, 0 };

	(void)state;
	assert_true(gt_test_read(text, sizeof(text) - 1, &t, &err));
	assert_false(gt_text_read(t.trace.p, t.trace.n, &out, &err));
	assert_int_equal(t.trace_line + err.line - 1, 6);
	assert_int_equal(err.col, 9);
	gt_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_with_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
