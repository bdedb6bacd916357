/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What files are taken for that are no traces. */
#include "kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define S(lit) (lit), sizeof(lit) - 1

static void
kinds(void **state)
{
	static const struct {
		const char *p;
		size_t n;
		const char *begins; /* NULL: not known */
	} cases[] = {
		{ S(""), "an empty file" },
		{ S("\x7f" "ELF\2\1\1\0"), "an ELF file" },
		{ S("<!DOCTYPE html>\n<html>"), "an HTML page" },
		{ S("\n  <html>"), "an HTML page" },
		{ S("\xef\xbb\xbf<HTML>"), "an HTML page" },
		{ S("<!-- saved --><html>"), "an HTML page" },
		{ S("<?xml version"), "an XML" },
		{ S("{\"traceEvents\":["), "a trace in the JSON format of Chrome" },
		{ S("[{\"ph\":\"X\"}"), "a trace in the JSON format of Chrome" },
		{ S("{\"a\":1}"), "JSON" },
		{ S("2026-11-22 server started\n"), "text" },
		{ S("\x0a\x04\x08\x01\x10\x02\x0a\x04\x08\x03\x10\x04"), "a profile for go tool pprof" },
		{ S("goroutine 1 [running]:\n"), "a dump of goroutines" },
		{ S("goroutine profile: total 4\n"), "a goroutine profile" },
		{ S("mode: set\n"), "a coverage profile" },
		{ S("PK\3\4"), "a zip archive" },
		{ S("go"), "the beginning of a trace's header" },
		{ S("go 1.26 trace\0\0"), "the beginning of a trace's header" },
		{ S("\x01\x02\x03\x04\xff\xfe"), NULL },
		{ S("\0"), NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = kind_of(cases[i].p, cases[i].n);

		if ((got == NULL) != (cases[i].begins == NULL) ||
			(got && strncmp(got, cases[i].begins, strlen(cases[i].begins)) != 0))
			fail_msg("case %zu: %s", i, got ? got : "not known");
	}
}

static void
headers(void **state)
{
	(void)state;
	assert_true(kind_is_trace(S("go 1.26 trace\0\0\0")));
	assert_true(kind_is_trace(S("go 1.5 trace\0\0\0\0")));
	assert_false(kind_is_trace(S("go 1.26 trace\0\0")));
	assert_false(kind_is_trace(S("go 1. trace\0\0\0\0\0")));
	assert_false(kind_is_trace(S("go 1.26 races\0\0\0")));
	assert_true(kind_may_be_trace(S("go 1.26 trace\0\0\0")));
	assert_true(kind_may_be_trace(S("Trace Go1.26\n")));
	assert_true(kind_may_be_trace(S("")));
	assert_false(kind_may_be_trace(S("\0\0\0")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
