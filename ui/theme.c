/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The themes: see theme.h. "default" has foregrounds of middle brightness, readable on light and on dark, or both
 * colours set; the others are for one kind of background. Never colour alone: whatever a colour says, a sign, a word or
 * an attribute says too.
 */
#include "theme.h"

#include <stdlib.h>
#include <string.h>

enum { B = LOOK_BOLD, U = LOOK_UNDERLINE, R = LOOK_REVERSE, D = LOOK_DIM };

/* Colours of the terminal's first eight. */
enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

static const struct {
	const char *name;
	unsigned char attr, plain;
	short middle, dark, light; /* foregrounds by theme */
	short bg;
	short on;      /* in the current row, on dark */
	short fg8, bg8;
} table[STYLES] = {
	[ST_TEXT] = { "text", 0, 0, -1, -1, -1, -1, 255, -1, -1 },
	[ST_DIM] = { "dim", 0, D, 244, 245, 242, -1, 250, -1, -1 },
	[ST_STRONG] = { "strong", B, B, -1, 231, 16, -1, 231, -1, -1 },
	[ST_BAR] = { "bar", 0, R, 255, 255, 255, 24, 255, WHITE, BLUE },
	[ST_BAR_DIM] = { "bar-dim", 0, R, 110, 110, 110, 24, 110, WHITE, BLUE },
	[ST_RULE] = { "rule", 0, D, 244, 240, 247, -1, 250, -1, -1 },
	[ST_HEAD] = { "head", 0, 0, 244, 248, 242, -1, 250, -1, -1 },
	[ST_FOCUS] = { "focus", B, B | U, 32, 117, 25, -1, 117, CYAN, -1 },
	[ST_M] = { "m", 0, 0, 68, 75, 25, -1, 117, CYAN, -1 },
	[ST_P] = { "p", 0, 0, 136, 215, 130, -1, 215, YELLOW, -1 },
	[ST_G] = { "g", 0, 0, 29, 114, 28, -1, 120, GREEN, -1 },
	[ST_CHANGED] = { "changed", 0, 0, 133, 176, 90, -1, 219, MAGENTA, -1 },
	[ST_OK] = { "ok", 0, 0, 29, 114, 28, -1, 120, GREEN, -1 },
	[ST_BAD] = { "bad", B, B, 167, 210, 124, -1, 217, RED, -1 },
	[ST_WAIT] = { "wait", 0, 0, 136, 221, 130, -1, 221, YELLOW, -1 },
	[ST_KEY] = { "key", B, B, -1, 231, 16, -1, 231, -1, -1 },
	[ST_ERROR] = { "error", B, B, 167, 210, 124, -1, 217, RED, -1 },
	[ST_MATCH] = { "match", B, B | U, 16, 16, 16, 220, 220, BLACK, YELLOW },
	[ST_RUN] = { "run", 0, 0, 71, 71, 71, -1, 120, GREEN, -1 },
	[ST_RUN_TEXT] = { "run-text", 0, R, 16, 16, 16, 71, 120, BLACK, GREEN },
	[ST_READY] = { "ready", 0, 0, 136, 215, 130, -1, 215, YELLOW, -1 },
	[ST_SYSCALL] = { "syscall", 0, 0, 68, 75, 25, -1, 117, CYAN, -1 },
};

static const struct {
	const char *name;
	int colors;
	short on_bg;
	bool light;
} themes[] = {
	{ "default", 256, 238, false },
	{ "dark", 256, 238, false },
	{ "light", 256, 253, true },
	{ "8", 8, -1, false },
	{ "none", 0, -1, false },
};

const char *
theme_name(size_t i)
{
	return i < sizeof themes / sizeof *themes ? themes[i].name : NULL;
}

bool
theme_get(struct theme *t, const char *name)
{
	for (size_t k = 0; k < sizeof themes / sizeof *themes; k++) {
		if (strcmp(themes[k].name, name) != 0)
			continue;
		*t = (struct theme){ themes[k].name, themes[k].colors, themes[k].on_bg, themes[k].light, { { 0 } } };
		for (int i = 0; i < STYLES; i++) {
			short fg = t->light ? table[i].light : !strcmp(name, "dark") ? table[i].dark : table[i].middle;

			t->look[i] = (struct look){ .attr = table[i].attr, .plain = table[i].plain, .fg = fg, .bg = table[i].bg,
				.on = t->light ? (short)(fg < 0 ? 16 : fg) : table[i].on, .fg8 = table[i].fg8, .bg8 = table[i].bg8 };
		}
		return true;
	}
	return false;
}

struct look_now
theme_look(const struct theme *t, int colors, enum style st, bool on)
{
	const struct look *l = &t->look[st < STYLES ? st : ST_TEXT];

	if (colors == 256)
		return (struct look_now){ l->attr, on && l->bg < 0 ? l->on : l->fg, on && l->bg < 0 ? t->on_bg : l->bg };
	if (on)
		return (struct look_now){ (l->plain & LOOK_BOLD) | LOOK_REVERSE, -1, -1 };
	if (colors)
		return (struct look_now){ l->attr | (l->plain & LOOK_DIM), l->fg8, l->bg8 };
	return (struct look_now){ l->plain, -1, -1 };
}

const char *
style_name(enum style st)
{
	return table[st].name;
}

enum style
style_by_name(const char *name, size_t n)
{
	for (int i = 0; i < STYLES; i++)
		if (strlen(table[i].name) == n && !memcmp(table[i].name, name, n))
			return (enum style)i;
	return STYLES;
}

/* --- colours ----------------------------------------------------------------- */

unsigned
theme_rgb(int color)
{
	static const unsigned first[] = { 0x000000, 0xcd3131, 0x0dbc79, 0xc5a500, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xcccccc,
		0x666666, 0xf14c4c, 0x23d18b, 0xf5f543, 0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff };
	static const unsigned level[] = { 0, 95, 135, 175, 215, 255 };
	unsigned c = (unsigned)color;

	if (c < 16)
		return first[c];
	if (c < 232)
		return level[(c - 16) / 36] << 16 | level[(c - 16) / 6 % 6] << 8 | level[(c - 16) % 6];
	c = 8 + 10 * ((c < 255 ? c : 255) - 232);
	return c << 16 | c << 8 | c;
}

static short
nearest(unsigned rgb)
{
	long best = -1;
	short found = 16;

	for (int i = 16; i < 256; i++) {
		long far = 0;

		for (unsigned s = 0; s <= 16; s += 8) {
			long d = (long)(rgb >> s & 255) - (long)(theme_rgb(i) >> s & 255);

			far += d * d;
		}
		if (best < 0 || far < best) {
			best = far;
			found = (short)i;
		}
	}
	return found;
}

/* A colour: a name, a number, #rrggbb. False: it is none. */
static bool
color_of(const char *word, size_t n, short *color)
{
	static const char *const names[] = { "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white" };
	char text[16], *end;
	long v;

	if (n == 0 || n >= sizeof text)
		return false;
	memcpy(text, word, n);
	text[n] = 0;
	if (!strcmp(text, "default")) {
		*color = -1;
		return true;
	}
	for (int i = 0; i < 8; i++)
		if (!strcmp(names[i], text)) {
			*color = (short)i;
			return true;
		}
	v = strtol(text + (*text == '#'), &end, *text == '#' ? 16 : 10);
	if (*end || v < 0 || (*text == '#' ? n != 7 : v > 255))
		return false;
	*color = *text == '#' ? nearest((unsigned)v) : (short)v;
	return true;
}

static unsigned char
attribute(const char *word, size_t n)
{
	static const char *const names[] = { "bold", "underline", "reverse", "dim" };

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == n && !memcmp(names[i], word, n))
			return (unsigned char)(1u << i);
	return 0;
}

bool
theme_color(struct theme *t, enum style st, const char *text, const char **wrong)
{
	struct look look = t->look[st];
	bool back = false;

	look.attr = look.plain = 0;
	look.bg = look.bg8 = -1;
	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
		size_t n = strcspn(text, " \t");
		unsigned char attr = attribute(text, n);
		short color;

		*wrong = text;
		if (n == 2 && !memcmp(text, "on", 2)) {
			back = true;
		} else if (attr) {
			look.attr |= attr;
			look.plain |= attr;
		} else if (!color_of(text, n, &color)) {
			return false;
		} else if (back) {
			look.bg = color;
			look.bg8 = color < 8 ? color : -1;
		} else {
			look.fg = look.on = color;
			look.fg8 = color < 8 ? color : -1;
		}
		text += n;
	}
	t->look[st] = look;
	return true;
}
