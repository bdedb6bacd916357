/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The canvas: see canvas.h. Widths are those of wcwidth, so the locale must be set before (in the C locale, and
 * wherever utf8 is false, everything beyond ASCII is escaped). Text is decoded here and not by mbrtowc, which knows
 * only the locale's encoding and stops at the first mistake.
 */
#include "canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gotrace.h"

bool
canvas_init(struct canvas *c, int h, int w, bool utf8)
{
	h = h < 1 ? 1 : h;
	w = w < 1 ? 1 : w;
	*c = (struct canvas){ .stride = w, .h = h, .w = w, .utf8 = utf8 };
	c->cells = calloc((size_t)h * (size_t)w, sizeof *c->cells);
	if (!c->cells)
		return false;
	canvas_clear(c);
	return true;
}

void
canvas_free(struct canvas *c)
{
	free(c->cells);
	c->cells = NULL;
	c->h = c->w = 0;
}

static struct cell *
cell_at(const struct canvas *c, int y, int x)
{
	return c->cells + (ptrdiff_t)y * c->stride + x;
}

static const struct cell blank = { .ch = { L' ' }, .style = ST_TEXT, .width = 1 };

void
canvas_clear(struct canvas *c)
{
	for (int y = 0; y < c->h; y++)
		for (int x = 0; x < c->w; x++)
			*cell_at(c, y, x) = blank;
}

struct canvas
canvas_view(const struct canvas *c, struct rect r)
{
	struct canvas v = *c;

	r.y = r.y < 0 ? 0 : r.y > c->h ? c->h : r.y;
	r.x = r.x < 0 ? 0 : r.x > c->w ? c->w : r.x;
	r.h = r.h < 0 ? 0 : r.h;
	r.w = r.w < 0 ? 0 : r.w;
	v.h = r.y + r.h > c->h ? c->h - r.y : r.h;
	v.w = r.x + r.w > c->w ? c->w - r.x : r.w;
	v.cells = v.h && v.w ? cell_at(c, r.y, r.x) : c->cells;
	return v;
}

/* --- UTF-8 ------------------------------------------------------------- */

/* Decodes one character; returns its length, 0 where the bytes are no UTF-8. Never reads behind a NUL. */
static size_t
decode(const unsigned char *s, uint32_t *rune)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
	uint32_t r;

	if (!n)
		return 0;
	r = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		r = r << 6 | (s[i] & 0x3f);
	}
	if (r < least[n] || r > 0x10ffff || (r >= 0xd800 && r < 0xe000))
		return 0;
	*rune = r;
	return n;
}

static size_t
encode(wchar_t ch, char *out)
{
	uint32_t r = (uint32_t)ch;

	if (r < 0x80) {
		out[0] = (char)r;
		return 1;
	}
	if (r < 0x800) {
		out[0] = (char)(0xc0 | r >> 6);
		out[1] = (char)(0x80 | (r & 0x3f));
		return 2;
	}
	if (r < 0x10000) {
		out[0] = (char)(0xe0 | r >> 12);
		out[1] = (char)(0x80 | (r >> 6 & 0x3f));
		out[2] = (char)(0x80 | (r & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | r >> 18);
	out[1] = (char)(0x80 | (r >> 12 & 0x3f));
	out[2] = (char)(0x80 | (r >> 6 & 0x3f));
	out[3] = (char)(0x80 | (r & 0x3f));
	return 4;
}

static int
escape(wchar_t out[SAFE_MAX], const char *form, unsigned value)
{
	char text[SAFE_MAX];
	int n = snprintf(text, sizeof text, form, value);

	for (int i = 0; i <= n; i++)
		out[i] = (wchar_t)(unsigned char)text[i];
	return n;
}

size_t
canvas_safe(const char *s, bool utf8, wchar_t out[SAFE_MAX], int *columns)
{
	const unsigned char *b = (const unsigned char *)s;
	uint32_t r = 0;
	size_t n;

	if (!*b)
		return 0;
	n = decode(b, &r);
	if (!n) {
		*columns = escape(out, "\\x%02x", *b);
		return 1;
	}
	if (r >= 0x20 && r < 0x7f) {
		out[0] = (wchar_t)r;
		out[1] = 0;
		*columns = 1;
		return n;
	}
	*columns = utf8 && gt_printable(r) ? wcwidth((wchar_t)r) : -1;
	if (*columns >= 0) {
		out[0] = (wchar_t)r;
		out[1] = 0;
		return n;
	}
	*columns = escape(out, r < 0x80 ? "\\x%02x" : r < 0x10000 ? "\\u%04x" : "\\U%08x", r);
	return n;
}

int
canvas_width(const char *s, bool utf8)
{
	wchar_t ch[SAFE_MAX];
	int w = 0, cols = 0;
	size_t n;

	while ((n = canvas_safe(s, utf8, ch, &cols)) != 0) {
		w += cols;
		s += n;
	}
	return w;
}

size_t
canvas_fit(const char *s, int w, bool utf8)
{
	wchar_t ch[SAFE_MAX];
	size_t done = 0, n;
	int cols = 0;

	while ((n = canvas_safe(s + done, utf8, ch, &cols)) != 0 && cols <= w) {
		w -= cols;
		done += n;
	}
	return done;
}

/* --- drawing --------------------------------------------------------------- */

/* A character of so many columns into its cells. Half a wide character is never left standing. */
static void
set(struct canvas *c, int y, int x, enum style style, wchar_t ch, int cols)
{
	struct cell *cell = cell_at(c, y, x);

	if (!cell->width && x > 0)
		cell[-1].ch[0] = L' ', cell[-1].ch[1] = 0, cell[-1].width = 1;
	if (cols == 1 && cell->width == 2 && x + 1 < c->w)
		cell[1] = blank;
	cell->ch[0] = ch;
	cell->ch[1] = 0;
	cell->style = (uint8_t)style;
	cell->width = (uint8_t)cols;
	if (cols == 2) {
		if (x + 2 < c->w && cell[1].width == 2)
			cell[2] = blank;
		cell[1] = (struct cell){ .ch = { L' ' }, .style = (uint8_t)style };
	}
}

/* What has no width of its own goes into the cell before; beyond what that can hold, nowhere. */
static void
combine(struct canvas *c, int y, int x, wchar_t ch)
{
	struct cell *cell;

	if (x < 1 || x > c->w)
		return;
	cell = cell_at(c, y, x - 1);
	if (!cell->width && x > 1)
		cell--;
	for (int i = 1; i < CELL_CHARS - 1; i++)
		if (!cell->ch[i]) {
			cell->ch[i] = ch;
			cell->ch[i + 1] = 0;
			return;
		}
}

/* Puts what fits before column `end`; *rest: where it stopped. */
static int
put_until(struct canvas *c, int y, int x, int end, enum style style, const char *s, const char **rest)
{
	wchar_t ch[SAFE_MAX];
	int cols = 0;
	size_t n;

	end = end > c->w ? c->w : end;
	for (; (n = canvas_safe(s, c->utf8, ch, &cols)) != 0; s += n) {
		if (x + cols > end)
			break;
		if (y < 0 || y >= c->h || x < 0)
			x += cols;
		else if (!cols)
			combine(c, y, x, ch[0]);
		else if (!ch[1])
			set(c, y, x, style, ch[0], cols), x += cols;
		else
			for (int i = 0; ch[i]; i++, x++)
				set(c, y, x, style, ch[i], 1);
	}
	if (rest)
		*rest = s;
	return x;
}

int
canvas_put(struct canvas *c, int y, int x, enum style style, const char *s)
{
	return put_until(c, y, x, c->w, style, s, NULL);
}

int
canvas_cut(struct canvas *c, int y, int x, int w, enum style style, const char *s)
{
	const char *rest;
	int end = x + w > c->w ? c->w : x + w;

	if (end <= x)
		return x;
	if (canvas_width(s, c->utf8) <= end - x)
		return put_until(c, y, x, end, style, s, NULL);
	x = put_until(c, y, x, end - 1, style, s, &rest);
	return put_until(c, y, x, end, style, c->utf8 ? "\u2026" : ">", NULL);
}

int
canvas_right(struct canvas *c, int y, int x, int w, enum style style, const char *s)
{
	int pad = w - canvas_width(s, c->utf8);

	canvas_cut(c, y, x + (pad > 0 ? pad : 0), pad > 0 ? w - pad : w, style, s);
	return x + w;
}

int
canvas_printf(struct canvas *c, int y, int x, enum style style, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return canvas_put(c, y, x, style, text);
}

void
canvas_fill(struct canvas *c, int y, int x, int w, enum style style, const char *s)
{
	for (int i = 0; i < w; i++)
		canvas_put(c, y, x + i, style, s);
}

void
canvas_style(struct canvas *c, int y, int x, int w, enum style style)
{
	for (int i = x < 0 ? 0 : x; i < x + w && i < c->w && y >= 0 && y < c->h; i++)
		cell_at(c, y, i)->style = (uint8_t)style;
}

void
canvas_light(struct canvas *c, int y, int x, int w)
{
	for (int i = x < 0 ? 0 : x; i < x + w && i < c->w && y >= 0 && y < c->h; i++)
		cell_at(c, y, i)->on = true;
}

void
canvas_mark(struct canvas *c, int y)
{
	canvas_light(c, y, 0, c->w);
}

/* --- as text ------------------------------------------------------------------ */

static size_t
row_text(const struct canvas *c, int y, char *out)
{
	size_t n = 0, used = 0;

	for (int x = 0; x < c->w; x++) {
		const struct cell *cell = cell_at(c, y, x);

		if (!cell->width)
			continue;
		for (int i = 0; i < CELL_CHARS && cell->ch[i]; i++)
			n += encode(cell->ch[i], out + n);
		if (cell->ch[0] != L' ')
			used = n;
	}
	return used;
}

char *
canvas_text(const struct canvas *c)
{
	size_t line = (size_t)c->w * CELL_CHARS * 4 + 1, n = 0;
	char *out = malloc((size_t)c->h * line + 1);

	if (!out)
		return NULL;
	for (int y = 0; y < c->h; y++) {
		n += row_text(c, y, out + n);
		out[n++] = '\n';
	}
	out[n] = 0;
	return out;
}
