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

/* A whole number, and nothing behind it. */
static bool
parse_number(const char *text, bool hex, uint64_t *n)
{
	char *end;

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

static bool
parse_share(const char *text, double *share)
{
	size_t n = strspn(text, "0123456789.");
	char *end;

	if (!is_digit(*text))
		return false;
	*share = strtod(text, &end) / 100;
	if (*share > 1)
		*share = 1;
	return end == text + n && !strcmp(end, "%");
}

/* What stands behind a word and blanks, or NULL. */
static const char *
behind(const char *text, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(text, word, n) && text[n] == ' ' ? text + n + strspn(text + n, " ") : NULL;
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
			return parse_number(rest, w->kind == WHERE_OFFSET, &w->n);
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
	w->kind = WHERE_SHARE;
	return (!sign && parse_share(text, &w->share)) || parse_named(text, w);
}
