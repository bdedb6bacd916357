/* SPDX-License-Identifier: MIT */
/*
 * A growing buffer, characters in UTF-8, and errors of texts. The buffer doubles, so that filling one takes at most
 * three times the memory of what it holds. What is UTF-8 and what is white space is as in Go (unicode/utf8,
 * unicode.IsSpace).
 */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 256

static bool
grow(struct gt_buf *b, size_t n)
{
	size_t cap = b->cap < FIRST_CAP ? FIRST_CAP : b->cap;
	uint8_t *p;

	if (n > SIZE_MAX - b->n)
		return false;
	while (cap < b->n + n)
		cap = cap > SIZE_MAX / 2 ? SIZE_MAX : cap * 2;
	p = realloc(b->p, cap);
	if (!p)
		return false;
	b->p = p;
	b->cap = cap;
	return true;
}

bool
gt_buf_put(struct gt_buf *b, const void *p, size_t n)
{
	if (n == 0)
		return true;
	if (n > b->cap - b->n && !grow(b, n))
		return false;
	memcpy(b->p + b->n, p, n);
	b->n += n;
	return true;
}

bool
gt_buf_byte(struct gt_buf *b, uint8_t byte)
{
	return gt_buf_put(b, &byte, 1);
}

bool
gt_buf_varint(struct gt_buf *b, uint64_t v)
{
	uint8_t bytes[10];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		bytes[n++] = (uint8_t)(v | 0x80);
	bytes[n++] = (uint8_t)v;
	return gt_buf_put(b, bytes, n);
}

void
gt_buf_free(struct gt_buf *b)
{
	if (!b)
		return;
	free(b->p);
	*b = (struct gt_buf){ NULL, 0, 0 };
}

size_t
gt_rune_get(struct gt_str s, uint32_t *rune)
{
	/* By length: the smallest character that needs so many bytes. */
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t r;
	size_t len, i;

	if (s.n == 0) {
		*rune = GT_RUNE_ERROR;
		return 0;
	}
	r = (uint8_t)s.p[0];
	if (r < 0x80) {
		*rune = r;
		return 1;
	}
	len = r >= 0xf8 ? 0 : r >= 0xf0 ? 4 : r >= 0xe0 ? 3 : r >= 0xc0 ? 2 : 0;
	*rune = GT_RUNE_ERROR;
	if (len == 0 || len > s.n)
		return 1;
	r &= 0x7fu >> len;
	for (i = 1; i < len; i++) {
		if (((uint8_t)s.p[i] & 0xc0) != 0x80)
			return 1;
		r = r << 6 | ((uint8_t)s.p[i] & 0x3f);
	}
	if (r < smallest[len] || r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff))
		return 1;
	*rune = r;
	return len;
}

size_t
gt_rune_put(uint32_t rune, char out[4])
{
	size_t len = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (rune & 0x3f));
		rune >>= 6;
	}
	/* 0, 0xc0, 0xe0 or 0xf0 in front of what is left. */
	out[0] = (char)(len == 1 ? rune : ((0xf00u >> len) & 0xff) | rune);
	return len;
}

bool
gt_rune_space(uint32_t rune)
{
	if (rune <= 0x20)
		return rune == ' ' || (rune >= '\t' && rune <= '\r');
	return rune == 0x85 || rune == 0xa0 || rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 ||
		rune == 0x2029 || rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

/* The last character of s, which is not empty. */
static size_t
last_rune(struct gt_str s, uint32_t *rune)
{
	size_t n = 1, got;

	while (n < 4 && n < s.n && ((uint8_t)s.p[s.n - n] & 0xc0) == 0x80)
		n++;
	got = gt_rune_get((struct gt_str){ s.p + (s.n - n), n }, rune);
	if (got == n)
		return n;
	*rune = GT_RUNE_ERROR;
	return 1;
}

struct gt_str
gt_str_trim(struct gt_str s)
{
	uint32_t r;
	size_t n;

	while (s.n > 0 && (n = gt_rune_get(s, &r), gt_rune_space(r))) {
		s.p += n;
		s.n -= n;
	}
	while (s.n > 0 && (n = last_rune(s, &r), gt_rune_space(r)))
		s.n -= n;
	return s;
}

bool
gt_str_is(struct gt_str s, const char *text)
{
	return s.n == strlen(text) && (s.n == 0 || memcmp(s.p, text, s.n) == 0);
}

bool
gt_text_fail(struct gt_text_error *err, uint64_t line, uint64_t col, const char *format, ...)
{
	va_list args;

	err->line = line < UINT32_MAX ? (unsigned)line : UINT32_MAX;
	err->col = col < UINT32_MAX ? (unsigned)col : UINT32_MAX;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return false;
}
