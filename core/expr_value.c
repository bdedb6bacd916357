/* SPDX-License-Identifier: MIT */
/*
 * Values as they are written in expressions: numbers with units, moments of the wall clock, names of enumerations.
 */
#include "expr_value.h"

#include <stdio.h>
#include <string.h>

/* --- enumerations --------------------------------------------------------------- */

static const char *
second_name(enum ftype type, unsigned i)
{
	if (type == F_TYPE && i == GT_EV_SyncPoint)
		return "Sync";
	if (type == F_RES && i <= GT_G)
		return gt_res_name((enum gt_res)i);
	if (type == F_PSTATUS && i == GT_P_ABANDONED)
		return "Abandoned";
	return NULL;
}

static const char *
first_name(enum ftype type, unsigned i)
{
	static const char *const res[] = { "M", "P", "G" };

	switch (type) {
	case F_TYPE:
		return i < GT_TYPES ? gt_spec(i)->name : NULL;
	case F_KIND:
		return i < GT_KINDS ? gt_kind_name((enum gt_kind)i) : NULL;
	case F_PRES:
		return i < GT_PRES_Dyn ? gt_pres_name(i) : NULL;
	case F_RES:
		return i <= GT_G ? res[i] : NULL;
	case F_GSTATUS:
		return i < GT_G_GONE ? gt_gstatus_name(i) : NULL;
	case F_PSTATUS:
		return i < GT_P_GONE ? gt_pstatus_name(i) : NULL;
	default:
		return NULL;
	}
}

const char *
expr_enum(enum ftype type, unsigned i, unsigned k)
{
	return k == 0 ? first_name(type, i) : k == 1 ? second_name(type, i) : NULL;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether a name is meant by a pattern with * and ?, in whatever case. */
static bool
glob(const char *pat, size_t n, const char *name)
{
	size_t i = 0, star = SIZE_MAX;
	const char *from = name;

	while (*name) {
		if (i < n && pat[i] == '*') {
			star = i++;
			from = name;
		} else if (i < n && (pat[i] == '?' || lower(pat[i]) == lower(*name))) {
			i++;
			name++;
		} else if (star != SIZE_MAX) {
			i = star + 1;
			name = ++from;
		} else {
			return false;
		}
	}
	while (i < n && pat[i] == '*')
		i++;
	return i == n;
}

bool
expr_enum_find(enum ftype type, const char *pat, size_t n, struct set *out)
{
	bool found = false;

	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < ENUM_VALUES; i++)
		for (unsigned k = 0; k < 2; k++) {
			const char *name = expr_enum(type, i, k);

			if (!name || !glob(pat, n, name))
				continue;
			set_add(out, i);
			found = true;
		}
	return found;
}

/* --- numbers ----------------------------------------------------------------------- */

enum unit_of { UNIT_TIME, UNIT_SIZE };

static const struct unit {
	const char *name;
	uint64_t factor;
	enum unit_of of;
} units[] = {
	{ "ns", 1, UNIT_TIME },
	{ "us", 1000, UNIT_TIME },
	{ "\xc2\xb5s", 1000, UNIT_TIME }, /* both micro signs */
	{ "\xce\xbcs", 1000, UNIT_TIME },
	{ "ms", 1000000, UNIT_TIME },
	{ "s", 1000000000, UNIT_TIME },
	{ "m", UINT64_C(60000000000), UNIT_TIME },
	{ "min", UINT64_C(60000000000), UNIT_TIME },
	{ "h", UINT64_C(3600000000000), UNIT_TIME },
	{ "B", 1, UNIT_SIZE },
	{ "K", UINT64_C(1) << 10, UNIT_SIZE },
	{ "KB", UINT64_C(1) << 10, UNIT_SIZE },
	{ "KiB", UINT64_C(1) << 10, UNIT_SIZE },
	{ "M", UINT64_C(1) << 20, UNIT_SIZE },
	{ "MB", UINT64_C(1) << 20, UNIT_SIZE },
	{ "MiB", UINT64_C(1) << 20, UNIT_SIZE },
	{ "G", UINT64_C(1) << 30, UNIT_SIZE },
	{ "GB", UINT64_C(1) << 30, UNIT_SIZE },
	{ "GiB", UINT64_C(1) << 30, UNIT_SIZE },
	{ "T", UINT64_C(1) << 40, UNIT_SIZE },
};

bool
expr_is_unit(const char *p, size_t n)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == n && memcmp(units[i].name, p, n) == 0)
			return true;
	return false;
}

static const char too_large[] = "the number is too large";

static const char *
find_unit(const char *p, size_t n, enum ftype type, uint64_t *factor)
{
	*factor = 1;
	if (n == 0)
		return NULL;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strlen(units[i].name) != n || memcmp(units[i].name, p, n) != 0)
			continue;
		*factor = units[i].factor;
		if (type == F_TIME && units[i].of == UNIT_SIZE)
			return "a time has ns, us, ms, s, min or h behind it";
		if (type == F_SIZE && units[i].of == UNIT_TIME)
			return "a size has K, M, G or T behind it";
		return type == F_TIME || type == F_SIZE ? NULL : "there is no unit here: a plain number, please";
	}
	return type == F_TIME ? "that unit is not known: ns, us, ms, s, min, h"
	     : type == F_SIZE ? "that unit is not known: K, M, G, T"
			      : "a plain number, please";
}

static int
digit_of(char c)
{
	char l = lower(c);

	return l >= '0' && l <= '9' ? l - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : 16;
}

/* Digits to a base, from *i on; false: too many. */
static bool
digits(const char *p, size_t n, size_t *i, unsigned base, uint64_t *v)
{
	*v = 0;
	for (; *i < n; ++*i) {
		unsigned d = (unsigned)digit_of(p[*i]);

		if (p[*i] == ',')
			continue;
		if (d >= base)
			break;
		if (*v > (UINT64_MAX - d) / base)
			return false;
		*v = *v * base + d;
	}
	return true;
}

static uint64_t
gcd(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

/* The digits behind the point, of so many of the unit: exactly, or not at all. */
static const char *
fraction(const char *p, size_t n, uint64_t factor, uint64_t *v)
{
	uint64_t frac, whole = 1, common;
	size_t i = 0;

	while (n > 0 && p[n - 1] == '0')
		n--;
	if (n > 18)
		return "so fine a number is not known";
	digits(p, n, &i, 10, &frac);
	for (i = 0; i < n; i++)
		whole *= 10;
	common = gcd(whole, factor);
	if (frac % (whole / common) != 0)
		return "this is no whole number";
	*v = frac / (whole / common) * (factor / common);
	return NULL;
}

const char *
expr_number(const char *p, size_t n, enum ftype type, struct num *out)
{
	bool neg = n > 0 && *p == '-', hex;
	size_t i = neg, point = 0, behind = 0;
	uint64_t v, factor, part = 0;
	const char *wrong;

	hex = n > i + 1 && p[i] == '0' && lower(p[i + 1]) == 'x';
	i += hex ? 2 : 0;
	if (!digits(p, n, &i, hex ? 16 : 10, &v))
		return too_large;
	if (!hex && i < n && p[i] == '.') {
		point = ++i;
		while (i < n && digit_of(p[i]) < 10)
			i++;
		behind = i - point;
	}
	wrong = find_unit(p + i, n - i, type, &factor);
	if (!wrong && behind > 0)
		wrong = fraction(p + point, behind, factor, &part);
	if (wrong)
		return wrong;
	if (v > (UINT64_MAX - part) / factor)
		return too_large;
	v = v * factor + part;
	if (neg && v > UINT64_C(1) << 63)
		return too_large;
	*out = neg && v ? (struct num){ true, -v } : num_u(v);
	return NULL;
}

const char *
expr_id(const char *p, size_t n, enum ftype type, struct num *out)
{
	static const char letters[] = { [F_M] = 'm', [F_P] = 'p', [F_G] = 'g' };
	size_t i = 1;
	uint64_t v;

	if (type < F_M || type > F_G || n < 2 || lower(*p) != letters[type])
		return "";
	if (!digits(p, n, &i, 10, &v) || i != n)
		return "";
	*out = num_u(v);
	return NULL;
}

/* --- wall clock ----------------------------------------------------------------------- */

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t
days(int64_t y, int64_t m, int64_t d)
{
	int64_t era;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	y -= era * 400;
	return era * 146097 + y * 365 + y / 4 - y / 100 + (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1 - 719468;
}

/* Numbers of fixed width by a pattern: 0 a digit, others themselves. Returns how much of p it took; 0: it does not fit. */
static size_t
fixed(const char *p, size_t n, const char *pattern, int64_t *out)
{
	size_t i;
	bool in = false;

	for (i = 0; pattern[i]; i++) {
		if (i >= n)
			return 0;
		if (pattern[i] != '0') {
			if (pattern[i] != p[i] && !(pattern[i] == 'T' && p[i] == ' '))
				return 0;
			in = false;
			continue;
		}
		if (p[i] < '0' || p[i] > '9')
			return 0;
		if (!in)
			*out++ = 0;
		in = true;
		out[-1] = out[-1] * 10 + (p[i] - '0');
	}
	return i;
}

bool
expr_moment(const char *p, size_t n, struct num *out)
{
	int64_t t[6], zone[2] = { 0, 0 }, s;
	size_t i = fixed(p, n, "0000-00-00T00:00:00", t), point;
	uint64_t ns = 0;

	if (i == 0 || t[1] < 1 || t[1] > 12 || t[2] < 1 || t[2] > 31 || t[3] > 23 || t[4] > 59 || t[5] > 60)
		return false;
	if (i < n && p[i] == '.') {
		for (point = ++i; i < n && p[i] >= '0' && p[i] <= '9';)
			i++;
		if (i == point || fraction(p + point, i - point, 1000000000, &ns))
			return false;
	}
	s = days(t[0], t[1], t[2]) * 86400 + t[3] * 3600 + t[4] * 60 + t[5];
	if (i + 1 == n && p[i] == 'Z')
		i++;
	else if (i < n && (p[i] == '+' || p[i] == '-') && fixed(p + i + 1, n - i - 1, "00:00", zone) == n - i - 1) {
		s -= (p[i] == '-' ? -1 : 1) * (zone[0] * 3600 + zone[1] * 60);
		i = n;
	} else {
		return false;
	}
	/* What nanoseconds in 64 bits can say: 1678 to 2261. */
	if (i != n || s < -INT64_C(9200000000) || s > INT64_C(9200000000))
		return false;
	*out = num_i(s * 1000000000 + (int64_t)ns);
	return true;
}

/* --- words ------------------------------------------------------------------------------- */

const char *
expr_form(enum ftype type)
{
	static const char *const forms[] = {
		[F_TYPE] = "an event type such as GoBlock or Go*",
		[F_KIND] = "a kind such as StateTransition",
		[F_PRES] = "a state such as Running or Waiting",
		[F_RES] = "P or G",
		[F_GSTATUS] = "a status such as Runnable or Waiting",
		[F_PSTATUS] = "a status such as Running or Idle",
		[F_COUNT] = "a number",
		[F_SIZE] = "a number such as 4711, 0x20 or 64K",
		[F_TIME] = "a time such as 1.5s or 20us",
		[F_WALL] = "a time such as \"2026-11-22T18:47:51.27Z\"",
		[F_M] = "the number of a thread, or none",
		[F_P] = "the number of a proc, or none",
		[F_G] = "the number of a goroutine, or none",
		[F_ID] = "the number of a proc or goroutine",
		[F_TASK] = "the number of a task, or none",
		[F_FLAG] = "0 or 1",
		[F_STRING] = "a text in quotes",
	};

	return forms[type];
}
