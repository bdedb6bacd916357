/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a .test file: its parts lie in it, or a mistake with its place. And any bytes as a string: what gt_quote
 * writes is printable, and gt_unquote gives the same bytes back.
 */
#include "fuzz.h"

static void
check_inside(struct gt_str s, const uint8_t *data, size_t size)
{
	const uint8_t *p = (const uint8_t *)s.p;

	CHECK(s.n == 0 || (p >= data && s.n <= size && p <= data + (size - s.n)), "a part outside the file");
}

static void
check_test(const uint8_t *data, size_t size)
{
	struct gt_test t;
	struct gt_text_error err = { 0 };
	struct gt_buf out = { NULL, 0, 0 };

	if (!gt_test_read((const char *)data, size, &t, &err)) {
		CHECK(err.line >= 1 && err.col >= 1 && err.text[0] && strlen(err.text) < sizeof(err.text), "no place");
		return;
	}
	check_inside(t.model, data, size);
	check_inside(t.pattern, data, size);
	check_inside(t.trace, data, size);
	CHECK(t.fails == (t.pattern.n > 0) && t.trace_line >= 3, "line %u", t.trace_line);
	if (t.fails)
		CHECK(gt_unquote(t.pattern, &out), "a pattern that is no string");
	out.n = 0;
	gt_text_read(t.trace.p, t.trace.n, &out, &err);
	gt_buf_free(&out);
}

static void
check_quotes(const uint8_t *data, size_t size)
{
	struct gt_str s = { (const char *)data, size };
	size_t n = gt_quote(s, NULL, 0);
	char *text = malloc(n + 1);
	struct gt_buf back = { NULL, 0, 0 };

	CHECK(text && gt_quote(s, text, n + 1) == n && strlen(text) == n, "another length");
	CHECK(n >= 2 && text[0] == '"' && text[n - 1] == '"', "no quotes");
	for (size_t i = 0; i < n; i++)
		CHECK((uint8_t)text[i] >= 0x20 && text[i] != 0x7f, "byte %d", text[i]);
	CHECK(gt_unquote((struct gt_str){ text, n }, &back), "can't be read back: %s", text);
	CHECK(back.n == size && (size == 0 || memcmp(back.p, data, size) == 0), "other bytes: %s", text);
	gt_buf_free(&back);
	free(text);
	gt_unquote(s, &back);
	gt_buf_free(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	memory_begin();
	check_test(data, size);
	check_quotes(data, size);
	memory_end(size, 32, 1 << 16);
	return 0;
}
