/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See fault.h. */
#include "fault.h"

#include <stdio.h>
#include <string.h>

#include "canvas.h"

/* So many columns are within the bytes of a line, whatever they show. */
#define MOST_W (FAULT_LINE / 4 - 8)
#define DOTS "..."
#define DOTS_W 3

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* Bytes of the next character, and the columns it takes: a line end or a tab is shown as a blank. 0: the text ends. */
static size_t
next(const char *p, bool utf8, int *cols)
{
	wchar_t ch[SAFE_MAX];

	*cols = 1;
	return !*p ? 0 : is_control(*p) ? 1 : canvas_safe(p, utf8, ch, cols);
}

/* How many of n bytes fit into w columns; *w: the columns left. */
static size_t
fit(const char *p, size_t n, bool utf8, int *w)
{
	size_t done = 0, len;
	int cols;

	while (done < n && (len = next(p + done, utf8, &cols)) != 0 && cols <= *w) {
		*w -= cols;
		done += len;
	}
	return done;
}

/* Where w columns before `at` begin. */
static size_t
back(const char *text, size_t at, bool utf8, int w)
{
	while (at > 0) {
		size_t before = at - 1;
		int cols;

		while (before > 0 && ((unsigned char)text[before] & 0xc0) == 0x80)
			before--;
		next(text + before, utf8, &cols);
		if (cols > w)
			break;
		w -= cols;
		at = before;
	}
	return at;
}

/* So many columns of one character behind what is in a line. */
static void
add(char line[FAULT_LINE], char c, int w)
{
	size_t n = strlen(line);

	while (w-- > 0 && n + 1 < FAULT_LINE)
		line[n++] = c;
	line[n] = 0;
}

void
fault_lines(const char *text, size_t at, size_t n, int w, bool utf8, char line[FAULT_LINE], char under[FAULT_LINE])
{
	size_t all = strlen(text), from = 0, len, end;
	/* A mark may stand behind the end. */
	int room = (w < MOST_W ? w : MOST_W) - 1, left = room, marks = room;
	const char *before = "", *behind = "";

	at = at < all ? at : all;
	len = fit(text, all, utf8, &left);
	if (len < all) {
		from = back(text, at, utf8, room * 2 / 3 - DOTS_W);
		before = from ? DOTS : "";
		left = room - (from ? DOTS_W : 0);
		len = fit(text + from, all - from, utf8, &left);
	}
	if (from + len < all) {
		behind = DOTS;
		left = room - (from ? 2 : 1) * DOTS_W;
		len = fit(text + from, all - from, utf8, &left);
	}
	snprintf(line, FAULT_LINE, "%s%.*s%s", before, (int)len, text + from, behind);
	for (char *p = line; *p; p++)
		*p = is_control(*p) ? ' ' : *p;
	under[0] = 0;
	left = room;
	fit(text + from, at - from, utf8, &left);
	add(under, ' ', room - left + (int)strlen(before));
	end = n < from + len - at ? at + n : from + len;
	fit(text + at, end > at ? end - at : 0, utf8, &marks);
	add(under, '^', marks < room ? room - marks : 1);
}
