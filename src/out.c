/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { FLUSH_AT = 1 << 16 };

void
out_init(struct out *o, int fd)
{
	*o = (struct out){ .fd = fd, .terminal = isatty(fd) };
}

static void
write_all(struct out *o, const char *p, size_t n)
{
	while (n > 0 && !o->failed) {
		ssize_t w = write(o->fd, p, n);

		if (w >= 0) {
			p += w;
			n -= (size_t)w;
		} else if (errno != EINTR) {
			o->failed = true;
			o->error = errno;
		}
	}
}

/* Length of the UTF-8 sequence at p that is safe on a terminal; 0: it is none, or commands it. */
static size_t
harmless(const unsigned char *p, size_t n)
{
	size_t len = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xf0 && *p < 0xf5 ? 4 : 0;

	if (len == 1)
		return (*p >= 0x20 && *p != 0x7f) || *p == '\n' || *p == '\t';
	if (len == 0 || len > n || (*p == 0xc2 && p[1] < 0xa0))
		return 0;
	for (size_t i = 1; i < len; i++)
		if (p[i] >> 6 != 2)
			return 0;
	return len;
}

static void
write_harmless(struct out *o, const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n, *from = p;

	while (p < end) {
		size_t len = harmless(p, (size_t)(end - p));
		char escape[8];

		if (len > 0) {
			p += len;
			continue;
		}
		write_all(o, (const char *)from, (size_t)(p - from));
		write_all(o, escape, (size_t)snprintf(escape, sizeof(escape), "\\x%02x", *p));
		from = ++p;
	}
	write_all(o, (const char *)from, (size_t)(p - from));
}

unsigned
out_columns(const struct out *o)
{
	struct winsize w;
	const char *env = getenv("COLUMNS");
	long n = env ? strtol(env, NULL, 10) : 0;

	if (n <= 0 && o->terminal && ioctl(o->fd, TIOCGWINSZ, &w) == 0)
		n = w.ws_col;
	return n < 0 || n > 1000 ? 0 : (unsigned)n;
}

void
out_flush(struct out *o)
{
	if (o->terminal)
		write_harmless(o, o->p, o->n);
	else
		write_all(o, o->p, o->n);
	o->n = 0;
}

bool
out_close(struct out *o)
{
	out_flush(o);
	free(o->p);
	o->p = NULL;
	o->cap = 0;
	return !o->failed;
}

char *
out_more(struct out *o, size_t n)
{
	/* A terminal gets whole lines: an escape must not be cut in two. */
	if (o->fd >= 0 && o->n >= FLUSH_AT / 2 && !(o->terminal && o->n < 4 * FLUSH_AT && o->p[o->n - 1] != '\n'))
		out_flush(o);
	if (!o->p || o->cap - o->n < n) {
		size_t cap = o->n + n + FLUSH_AT;
		char *p = realloc(o->p, cap);

		if (!p) {
			o->failed = true;
			return NULL;
		}
		o->p = p;
		o->cap = cap;
	}
	return o->p + o->n;
}

void
out_format(struct out *o, const char *format, ...)
{
	va_list ap, again;
	int n;
	char *to;

	va_start(ap, format);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, format, ap);
	to = n >= 0 ? out_room(o, (size_t)n + 1) : NULL;
	if (to) {
		vsnprintf(to, (size_t)n + 1, format, again);
		o->n += (size_t)n;
	}
	va_end(again);
	va_end(ap);
}

static unsigned
digits_of(uint64_t v)
{
	unsigned n = 1;

	for (; v >= 10000; v /= 10000)
		n += 4;
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

void
out_u64(struct out *o, uint64_t v)
{
	unsigned n = digits_of(v);
	char *p = out_room(o, n);

	if (!p)
		return;
	o->n += n;
	p += n;
	do
		*--p = (char)('0' + v % 10);
	while ((v /= 10) != 0);
}

void
out_i64(struct out *o, int64_t v)
{
	if (v < 0)
		OUT(o, "-");
	out_u64(o, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void
out_hex(struct out *o, uint64_t v)
{
	char buf[16], *p = buf + sizeof(buf);

	do
		*--p = "0123456789abcdef"[v & 15];
	while ((v >>= 4) != 0);
	out_bytes(o, p, (size_t)(buf + sizeof(buf) - p));
}

void
out_quote(struct out *o, struct gt_str s)
{
	size_t n = gt_quote(s, NULL, 0);
	char *to = out_room(o, n + 1);

	if (to) {
		gt_quote(s, to, n + 1);
		o->n += n;
	}
}

void
out_place(struct out *o, const struct gt_place *p)
{
	const struct {
		const char *what;
		int64_t v;
	} part[] = { { "generation", p->generation }, { "batch", p->batch }, { "event", p->event }, { "M", p->m } };
	const char *sep = "";

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (part[i].v >= 0) {
			out_format(o, "%s%s %" PRId64, sep, part[i].what, part[i].v);
			sep = ", ";
		}
	if (p->offset >= 0)
		out_format(o, "%soffset %" PRId64 " (0x%" PRIx64 ")", sep, p->offset, (uint64_t)p->offset);
}

/* One character that does not stand for itself, or is not ASCII; how many bytes it has. */
static size_t
json_character(struct out *o, const unsigned char *p, size_t n)
{
	size_t len = harmless(p, n);

	if (*p == '"' || *p == '\\') {
		out_format(o, "\\%c", *p);
	} else if (*p < 0x80) {
		out_format(o, "\\u%04x", *p);
	} else if (len == 3 && memcmp(p, "\xe2\x80", 2) == 0 && (p[2] == 0xa8 || p[2] == 0xa9)) {
		out_format(o, "\\u20%02x", p[2] - 0x80); /* ends of lines to some readers of lines */
	} else if (len > 0) {
		out_bytes(o, (const char *)p, len);
		return len;
	} else if (*p == 0xc2 && n > 1 && p[1] >> 6 == 2) {
		out_format(o, "\\u%04x", p[1]);
		return 2;
	} else {
		OUT(o, "\xef\xbf\xbd");
	}
	return len > 0 ? len : 1;
}

size_t
out_utf8(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t at = 0;

	while (at < n) {
		/* Controls are harmful, and characters all the same. */
		size_t len = p[at] < 0x80 ? 1 : p[at] == 0xc2 && n - at > 1 && p[at + 1] >> 6 == 2 ? 2 : harmless(p + at, n - at);

		if (len == 0)
			break;
		at += len;
	}
	return at;
}

void
out_json(struct out *o, struct gt_str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t at = 0, from;

	OUT(o, "\"");
	while (at < s.n) {
		for (from = at; at < s.n && p[at] >= ' ' && p[at] < 0x7f && p[at] != '"' && p[at] != '\\';)
			at++;
		out_bytes(o, s.p + from, at - from);
		if (at < s.n)
			at += json_character(o, p + at, s.n - at);
	}
	OUT(o, "\"");
}

static struct {
	char *text;
	size_t cap;
} kept;

void
complain_into(char *text, size_t cap)
{
	kept.text = text;
	if (text)
		text[0] = 0;
	kept.cap = cap;
}

void
complain(const char *file, const char *text)
{
	struct out o;
	size_t n = strlen(text);

	if (kept.text) {
		size_t at = strlen(kept.text);

		snprintf(kept.text + at, kept.cap - at, "%s%s%s%s", at ? "; " : "", file ? file : "", file ? ": " : "", text);
		return;
	}

	out_init(&o, STDERR_FILENO);
	OUT(&o, "gotrace-tui: ");
	if (file) {
		out_text(&o, file);
		OUT(&o, ": ");
	}
	out_bytes(&o, text, n);
	if (n == 0 || text[n - 1] != '\n')
		OUT(&o, "\n");
	out_close(&o);
}
