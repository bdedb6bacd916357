/* SPDX-License-Identifier: MIT */
/*
 * String literals of Go: written as strconv.Quote writes them, read as strconv.Unquote reads them, byte for byte and
 * mistake for mistake. What is printable comes from printable.def.
 */
#include "gotrace.h"

#include "buf.h"

#include <string.h>

static const struct {
	uint32_t first, last;
} printables[] = {
#define PRINTABLE(first, last) { first, last },
#include "printable.def"
#undef PRINTABLE
};

/* The short escapes: what follows the backslash, and what it means. */
static const char short_name[] = "abfnrtv";
static const char short_byte[] = "\a\b\f\n\r\t\v";

bool
gt_printable(uint32_t rune)
{
	size_t lo = 0, hi = sizeof(printables) / sizeof(printables[0]);

	if (rune < 0x7f)
		return rune >= ' ';
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (rune > printables[mid].last)
			lo = mid + 1;
		else if (rune < printables[mid].first)
			hi = mid;
		else
			return true;
	}
	return false;
}

/* --- writing ------------------------------------------------------------ */

/* Where a literal goes: pieces are written while they fit, and counted beyond that. */
struct sink {
	char *p;
	size_t room; /* without the NUL */
	size_t written, wanted;
};

/* A character or an escape: it is written whole or not at all, and nothing is written after one that was not. */
static void
put(struct sink *k, const char *p, size_t n)
{
	k->wanted += n;
	if (n > k->room - k->written) {
		k->room = k->written;
		return;
	}
	memcpy(k->p + k->written, p, n);
	k->written += n;
}

static void
put_hex(struct sink *k, char kind, unsigned digits, uint32_t v)
{
	char text[10] = { '\\', kind };

	for (unsigned i = 0; i < digits; i++)
		text[2 + i] = "0123456789abcdef"[v >> 4 * (digits - 1 - i) & 0xf];
	put(k, text, 2 + digits);
}

static void
put_rune(struct sink *k, uint32_t r, struct gt_str bytes)
{
	const char *name;

	if (r == GT_RUNE_ERROR && bytes.n == 1) {
		put_hex(k, 'x', 2, (uint8_t)bytes.p[0]);
	} else if (r == '"' || r == '\\') {
		put(k, (char[]){ '\\', (char)r }, 2);
	} else if (gt_printable(r)) {
		put(k, bytes.p, bytes.n);
	} else if (r != 0 && r < ' ' && (name = strchr(short_byte, (int)r))) {
		put(k, (char[]){ '\\', short_name[name - short_byte] }, 2);
	} else if (r < ' ' || r == 0x7f) {
		put_hex(k, 'x', 2, r);
	} else if (r < 0x10000) {
		put_hex(k, 'u', 4, r);
	} else {
		put_hex(k, 'U', 8, r);
	}
}

/* How many of the characters at its beginning are what they look like: most often all, and then they are taken at once. */
static size_t
plain(struct gt_str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= ' ' && s.p[n] < 0x7f && s.p[n] != '"' && s.p[n] != '\\')
		n++;
	return n;
}

static void
put_plain(struct sink *k, const char *p, size_t n)
{
	size_t fits = n < k->room - k->written ? n : k->room - k->written;

	if (fits > 0)
		put(k, p, fits);
	if (fits < n)
		put(k, p + fits, n - fits);
}

size_t
gt_quote(struct gt_str s, char *buf, size_t cap)
{
	struct sink k = { buf, cap > 0 ? cap - 1 : 0, 0, 0 };

	put(&k, "\"", 1);
	while (s.n > 0) {
		uint32_t r;
		size_t n = plain(s);

		if (n > 0) {
			put_plain(&k, s.p, n);
		} else {
			n = gt_rune_get(s, &r);
			put_rune(&k, r, (struct gt_str){ s.p, n });
		}
		s.p += n;
		s.n -= n;
	}
	put(&k, "\"", 1);
	if (cap > 0)
		buf[k.written] = '\0';
	return k.wanted;
}

const char *
gt_show(struct gt_str s, char buf[GT_SHOWN])
{
	/* As much of s as could be shown: what is behind need not be looked at. */
	size_t want = gt_quote((struct gt_str){ s.p, s.n < GT_SHOWN ? s.n : GT_SHOWN }, buf, GT_SHOWN - 4);

	if (want >= GT_SHOWN - 4)
		strcat(buf, "\"...");
	return buf;
}

/* --- reading ------------------------------------------------------------ */

const char gt_no_memory[] = "there is no memory left";
static const char no_end[] = "the closing quote is missing";
static const char bad_escape[] = "this is no escape of a Go string";

/* A literal on its way in. */
struct source {
	struct gt_str s;
	size_t at;
	struct gt_buf *out;
};

/* 16 for what is no digit. */
static unsigned
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

/* The digits of a numeric escape: at most 32 bits of them. */
static bool
read_digits(struct source *u, unsigned count, unsigned base, uint32_t *v)
{
	if (u->s.n - u->at < count)
		return false;
	for (*v = 0; count > 0; count--) {
		unsigned digit = digit_value(u->s.p[u->at++]);

		if (digit >= base)
			return false;
		*v = *v * base + digit;
	}
	return true;
}

/* An escape that stands for a byte, or with *is_rune for a character. */
static bool
read_escape(struct source *u, char quote, uint32_t *v, bool *is_rune)
{
	const char *name;
	char c;

	*is_rune = false;
	if (u->s.n - u->at < 2)
		return false;
	c = u->s.p[u->at + 1];
	u->at += 2;
	if (c == '\\' || c == quote) {
		*v = (uint8_t)c;
		return true;
	}
	if (c >= '0' && c <= '7') {
		u->at--;
		return read_digits(u, 3, 8, v) && *v <= 0xff;
	}
	if (c == 'x')
		return read_digits(u, 2, 16, v);
	if (c == 'u' || c == 'U') {
		*is_rune = true;
		return read_digits(u, c == 'u' ? 4 : 8, 16, v) && *v <= 0x10ffff && (*v < 0xd800 || *v > 0xdfff);
	}
	name = c ? strchr(short_name, c) : NULL;
	if (!name)
		return false;
	*v = (uint8_t)short_byte[name - short_name];
	return true;
}

/* One character of an interpreted literal. Bytes that are no UTF-8 become the replacement character, as in Go. */
static const char *
read_char(struct source *u, char quote)
{
	uint32_t r;
	bool is_rune = true;
	char bytes[4];
	size_t n, from = u->at;

	if (u->s.p[u->at] == '\n')
		return "a line may not end inside double or single quotes";
	if (u->s.p[u->at] != '\\') {
		u->at += gt_rune_get((struct gt_str){ u->s.p + u->at, u->s.n - u->at }, &r);
	} else if (!read_escape(u, quote, &r, &is_rune)) {
		u->at = from;
		return bad_escape;
	}
	if (is_rune) {
		n = gt_rune_put(r, bytes);
	} else {
		bytes[0] = (char)r;
		n = 1;
	}
	return gt_buf_put(u->out, bytes, n) ? NULL : gt_no_memory;
}

/* Everything counts as it is, but carriage returns do not count at all. */
static const char *
read_raw(struct source *u)
{
	while (u->at < u->s.n && u->s.p[u->at] != '`') {
		size_t from = u->at;

		while (u->at < u->s.n && u->s.p[u->at] != '`' && u->s.p[u->at] != '\r')
			u->at++;
		if (!gt_buf_put(u->out, u->s.p + from, u->at - from))
			return gt_no_memory;
		if (u->at < u->s.n && u->s.p[u->at] == '\r')
			u->at++;
	}
	return NULL;
}

static const char *
read_literal(struct source *u)
{
	char quote = u->s.n > 0 ? u->s.p[0] : '\0';
	const char *why = NULL;

	if (quote != '"' && quote != '`' && quote != '\'')
		return "a Go string in quotes is expected";
	u->at = 1;
	if (quote == '`')
		why = read_raw(u);
	else if (quote == '\'' && u->s.n > 1 && u->s.p[1] != '\'')
		why = read_char(u, quote); /* a character, of which there is one or, against the language, none */
	else
		while (!why && u->at < u->s.n && u->s.p[u->at] != quote)
			why = read_char(u, quote);
	if (why)
		return why;
	if (u->at == u->s.n)
		return no_end;
	if (u->s.p[u->at] != quote)
		return "single quotes hold one character";
	if (++u->at < u->s.n)
		return "the string ends before this";
	return NULL;
}

const char *
gt_unquote_why(struct gt_str s, struct gt_buf *out, size_t *at)
{
	struct source u = { s, 0, out };
	size_t before = out->n;
	const char *why = read_literal(&u);

	if (why)
		out->n = before;
	*at = u.at;
	return why;
}

bool
gt_unquote(struct gt_str s, struct gt_buf *out)
{
	size_t at;

	return gt_unquote_why(s, out, &at) == NULL;
}
