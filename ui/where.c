/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "where.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "4,458", as numbers are shown: without the commas into plain, if they stand where they should; else NULL. */
static const char *
without_commas(const char *text, char *plain, size_t cap)
{
	size_t digits = strspn(text, "0123456789"), n = 0;
	const char *p = text + digits;

	if (*p != ',' || digits < 1 || digits > 3 || strlen(text) >= cap)
		return NULL;
	memcpy(plain, text, n = digits);
	for (; *p == ',' && strspn(p + 1, "0123456789") == 3; p += 4, n += 3)
		memcpy(plain + n, p + 1, 3);
	plain[n] = 0;
	return *p ? NULL : plain;
}

/* A whole number, and nothing behind it. */
static bool
parse_number(const char *text, bool hex, uint64_t *n)
{
	char *end, plain[40];

	if (without_commas(text, plain, sizeof plain))
		text = plain;
	hex = hex && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	if (!is_digit(*text))
		return false;
	errno = 0;
	*n = strtoull(text, &end, hex ? 16 : 10);
	return !*end && errno == 0;
}

/* A number with a unit. */
static bool
parse_time(const char *text, int64_t *ns)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "\xc2\xb5s", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 }, { "h", 3600e9 } };
	size_t n = strspn(text, "0123456789.");
	char *end;
	double v;

	if (!is_digit(*text))
		return false;
	v = strtod(text, &end);
	for (size_t i = 0; end == text + n && i < sizeof units / sizeof *units; i++)
		if (!strcmp(end, units[i].name)) {
			*ns = v * units[i].ns < 9e18 ? (int64_t)(v * units[i].ns + 0.5) : INT64_MAX;
			return true;
		}
	return false;
}

/* Two digits, below a limit. */
static bool
parse_two(const char *text, int limit, int64_t *n)
{
	if (!is_digit(text[0]) || !is_digit(text[1]))
		return false;
	*n = (text[0] - '0') * 10 + text[1] - '0';
	return *n < limit;
}

/* "18:47:51.27": nanoseconds of a day. */
static bool
parse_wall(const char *text, int64_t *ns)
{
	int64_t h, m, s, unit = 1000000000;

	if (!parse_two(text, 24, &h) || text[2] != ':' || !parse_two(text + 3, 60, &m) || text[5] != ':' || !parse_two(text + 6, 60, &s))
		return false;
	*ns = ((h * 60 + m) * 60 + s) * unit;
	text += 8;
	if (*text == '.' && is_digit(text[1]))
		for (text++; is_digit(*text) && unit > 1; text++)
			*ns += (*text - '0') * (unit /= 10);
	return !*text;
}

static bool
parse_share(const char *text, double *share)
{
	size_t n = strspn(text, "0123456789.");
	char *end;

	if (!is_digit(*text))
		return false;
	*share = strtod(text, &end) / 100;
	return end == text + n && !strcmp(end, "%");
}

/* What stands behind a word and blanks, or NULL. */
static const char *
behind(const char *text, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(text, word, n) && text[n] == ' ' ? text + n + strspn(text + n, " ") : NULL;
}

/* "4711", "4711 part 1" */
static bool
parse_offset(const char *text, struct where *w)
{
	const char *at = strstr(text, " part ");
	char number[40];

	if (at && at[6] >= '0' && at[6] <= '2' && !at[7] && (size_t)(at - text) < sizeof number) {
		w->part = (unsigned)(at[6] - '0') + 1;
		memcpy(number, text, (size_t)(at - text));
		number[at - text] = 0;
		text = number;
	}
	return parse_number(text, true, &w->n);
}

static bool
parse_named(const char *text, struct where *w)
{
	static const struct {
		const char *word;
		enum where_kind kind;
	} words[] = { { "gen", WHERE_GEN }, { "generation", WHERE_GEN }, { "offset", WHERE_OFFSET } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *rest = behind(text, words[i].word);

		w->kind = words[i].kind;
		if (rest)
			return w->kind == WHERE_OFFSET ? parse_offset(rest, w) : parse_number(rest, false, &w->n);
	}
	return false;
}

bool
where_parse(const char *text, struct where *w)
{
	bool sign = *text == '+' || *text == '-';
	uint64_t clock;

	*w = (struct where){ .back = *text == '-' };
	if (*text == '@') {
		w->kind = WHERE_TIME;
		if (parse_time(text + 1, &w->ns))
			return true;
		w->kind = WHERE_WALL;
		if (parse_wall(text + 1, &w->ns))
			return true;
		w->kind = WHERE_CLOCK;
		if (!parse_number(text + 1, false, &clock) || clock > INT64_MAX)
			return false;
		w->ns = (int64_t)clock;
		return true;
	}
	w->kind = sign ? WHERE_STEP : WHERE_EVENT;
	if (parse_number(text + sign, false, &w->n))
		return true;
	w->kind = sign ? WHERE_LATER : WHERE_TIME;
	if (parse_time(text + sign, &w->ns))
		return true;
	w->kind = WHERE_WALL;
	if (!sign && parse_wall(text, &w->ns))
		return true;
	w->kind = WHERE_SHARE;
	if (!sign && parse_share(text, &w->share))
		return true;
	w->kind = WHERE_END;
	return !strcmp(text, "end") || parse_named(text, w);
}
