/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for what is in a trace: see fmt.h. */
#include "fmt.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const struct symbols *
symbols_get(bool utf8)
{
	static const struct symbols rich = {
		.utf8 = true,
		.cursor = "▶",
		.arrow = "→",
		.ok = "✓",
		.no = "✗",
		.dot = "·",
		.rule = "─",
		.bar = "│",
		.delta = "Δ",
		.micro = "µ",
		.wait = "…",
		.dash = "·",
		.focus = "▸",
	};
	static const struct symbols plain = {
		.cursor = ">",
		.arrow = "->",
		.ok = "ok",
		.no = "NO",
		.dot = "-",
		.rule = "-",
		.bar = "|",
		.delta = "dt",
		.micro = "u",
		.wait = "..",
		.dash = "-",
		.focus = ">",
	};

	return utf8 ? &rich : &plain;
}

/* --- text that grows --------------------------------------------------- */

struct sb
sb_on(char *buf, size_t cap)
{
	buf[0] = 0;
	return (struct sb){ .p = buf, .cap = cap };
}

/* Drops a character that was cut in two at the end of a full buffer. */
static void
trim_half(struct sb *b)
{
	size_t n = b->n;

	while (n && ((unsigned char)b->p[n - 1] >> 6) == 2)
		n--;
	if (n && (unsigned char)b->p[n - 1] >= 0xc0)
		b->n = n - 1;
	b->p[b->n] = 0;
}

void
sb_add(struct sb *b, const char *s)
{
	size_t len = strlen(s), room = b->cap - 1 - b->n;
	size_t n = len < room ? len : room;

	memcpy(b->p + b->n, s, n);
	b->n += n;
	b->p[b->n] = 0;
	if (n < len)
		trim_half(b);
}

void
sb_printf(struct sb *b, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	sb_add(b, text);
}

/* --- numbers and times --------------------------------------------------- */

int64_t
fmt_minus(int64_t b, int64_t a)
{
	return (int64_t)((uint64_t)b - (uint64_t)a);
}

static uint64_t
magnitude(int64_t v)
{
	return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

int
fmt_first_line(const struct gt_error *err)
{
	int n = (int)strcspn(err->text, "\n");

	return n && err->text[n] && err->text[n - 1] == ':' ? n - 1 : n;
}

void
fmt_count(struct sb *b, uint64_t n)
{
	char digits[24], out[32];
	int len = snprintf(digits, sizeof digits, "%" PRIu64, n), k = 0;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[k++] = ',';
		out[k++] = digits[i];
	}
	out[k] = 0;
	sb_add(b, out);
}

void
fmt_time(struct sb *b, int64_t ns, int digits)
{
	uint64_t v = magnitude(ns);
	char frac[16];

	snprintf(frac, sizeof frac, "%09" PRIu64, v % 1000000000);
	sb_printf(b, "%s%" PRIu64 ".%.*ss", ns < 0 ? "-" : "", v / 1000000000, digits, frac);
}

void
fmt_delta(struct sb *b, int64_t ns, const struct symbols *sy)
{
	/* How many make the next one, and from where on that is used: seconds may have five digits. */
	static const struct {
		const char *name;
		double make, most;
	} unit[] = { { "ns", 1000, 999.5 }, { "s", 1000, 999.5 }, { "ms", 1000, 999.5 }, { "s", 3600, 99999.5 }, { "h", 24, 999.5 },
		{ "d", 365.25, 999.5 }, { "y", 1, 1e9 } };
	double v = (double)magnitude(ns);
	int u = 0;

	for (; v >= unit[u].most; u++)
		v /= unit[u].make;
	sb_printf(b, "%s%.*f%s%s", ns < 0 ? "-" : "",
		u == 0 || v >= 99.95 ? 0
		: v >= 9.995         ? 1
				     : 2,
		v, u == 1 ? sy->micro : "", unit[u].name);
}

int64_t
fmt_mean(int64_t total, uint64_t n)
{
	uint64_t all = magnitude(total), mean = all / n, rest = all % n;

	mean += rest >= n - rest;
	return (int64_t)(total < 0 ? 0 - mean : mean);
}

void
fmt_round(struct sb *b, double ns, const char *micro)
{
	const char *unit[] = { "ns", "s", "ms", "s" };
	int u = 0, zeros = 0;

	for (; u < 3 && ns >= 1000; u++)
		ns /= 1000;
	for (; ns >= 10 && (zeros || ns >= 1e5) && (uint64_t)ns % 10 == 0; zeros++)
		ns /= 10;
	sb_printf(b, "%.0f", ns);
	if (zeros)
		sb_printf(b, "e%d", zeros);
	sb_printf(b, "%s%s", u == 1 ? micro : "", unit[u]);
}

void
fmt_wall(struct sb *b, int64_t sec, int64_t ns)
{
	struct tm tm;
	time_t t;
	char day[64], zone[16];

	sec += ns / 1000000000;
	ns %= 1000000000;
	if (ns < 0) {
		ns += 1000000000;
		sec--;
	}
	t = (time_t)sec;
	if (!localtime_r(&t, &tm)) {
		sb_printf(b, "%" PRId64 "s after 1970", sec);
		return;
	}
	strftime(day, sizeof day, "%Y-%m-%d %H:%M:%S", &tm);
	strftime(zone, sizeof zone, "%z", &tm);
	sb_printf(b, "%s.%09d %s", day, (int)ns, zone);
}

void
fmt_clock(struct sb *b, int64_t sec, int64_t ns)
{
	char text[128];
	struct sb all = sb_on(text, sizeof text);
	const char *day;

	fmt_wall(&all, sec, ns);
	day = strchr(text, ' ');
	sb_printf(b, "%.*s", day ? (int)strcspn(day + 1, " ") : 0, day ? day + 1 : "");
}

void
fmt_bare_id(struct sb *b, int64_t id)
{
	if (id == GT_NONE)
		sb_add(b, "-");
	else
		sb_printf(b, "%" PRId64, id);
}

void
fmt_id(struct sb *b, enum gt_res res, int64_t id)
{
	static const char *const letter[] = { "M", "P", "G", "" };

	if (id != GT_NONE)
		sb_add(b, letter[res]);
	fmt_bare_id(b, id);
}

const char *
fmt_gstatus(int64_t status)
{
	return status == GT_G_GONE ? "(none)" : gt_gstatus_name((unsigned)status);
}

const char *
fmt_pstatus(int64_t status)
{
	return status == GT_P_GONE        ? "(none)"
	       : status == GT_P_ABANDONED ? "Abandoned"
					  : gt_pstatus_name((unsigned)status);
}

/* --- events ------------------------------------------------------------------ */

void
fmt_event_name(struct sb *b, const struct gt_event *ev)
{
	const char *name = gt_spec(ev->type)->name;

	if (ev->type == GT_EV_SyncPoint)
		sb_add(b, "Sync");
	else if (name)
		sb_add(b, name);
	else
		sb_printf(b, "event %u", ev->type);
}

static void
quoted(struct sb *b, struct gt_str s)
{
	char text[512];

	gt_quote(s, text, sizeof text);
	sb_add(b, text);
}

/* "reason" for reason_string: that it is a string can be seen. */
static void
arg_name(struct sb *b, const char *name)
{
	static const char *const tails[] = { "_string", "_value" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		size_t t = strlen(tails[i]);

		if (n > t && !strcmp(name + n - t, tails[i])) {
			n -= t;
			break;
		}
	}
	sb_printf(b, "%.*s=", (int)n, name);
}

static void
arg_value(struct sb *b, const struct gt_event *ev, unsigned i)
{
	uint64_t v = ev->arg[i];

	switch (gt_spec(ev->type)->arg[i].type) {
	case GT_ARG_M:
	case GT_ARG_P:
	case GT_ARG_G:
		fmt_bare_id(b, (int64_t)v);
		break;
	case GT_ARG_PSTATUS:
		v < GT_P_GONE ? sb_add(b, fmt_pstatus((int64_t)v)) : sb_printf(b, "%" PRIu64, v);
		break;
	case GT_ARG_GSTATUS:
		v < GT_G_GONE ? sb_add(b, gt_gstatus_name((unsigned)v)) : sb_printf(b, "%" PRIu64, v);
		break;
	case GT_ARG_STRING:
		quoted(b, gt_event_string(ev, i));
		break;
	case GT_ARG_TASK:
		v == GT_NO_TASK ? sb_add(b, "-") : sb_printf(b, "%" PRIu64, v);
		break;
	default:
		sb_printf(b, "%" PRIu64, v);
	}
}

void
fmt_args(struct sb *b, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	bool first = true;

	if (ev->type == GT_EV_SyncPoint) {
		sb_printf(b, "n=%" PRIu64, ev->arg[0]);
		return;
	}
	for (unsigned i = 0; i < spec->nargs; i++) {
		enum gt_argtype type = spec->arg[i].type;

		if (type == GT_ARG_STACK || type == GT_ARG_NSTACK)
			continue;
		/* An event made of another one is not in the file: all it has is the P or G it is about. */
		if (ev->part && (i || (type != GT_ARG_P && type != GT_ARG_G)))
			continue;
		if (!first)
			sb_add(b, " ");
		first = false;
		arg_name(b, spec->arg[i].name);
		arg_value(b, ev, i);
	}
}

void
fmt_event(struct sb *b, const struct gt_event *ev)
{
	size_t n;

	fmt_event_name(b, ev);
	n = b->n;
	sb_add(b, " ");
	fmt_args(b, ev);
	if (b->n == n + 1)
		b->p[b->n = n] = 0;
}

/* --- changes -------------------------------------------------------------------- */

/*
 * The changes worth a word in a list, the weightiest first: what became of a goroutine or proc says more than which
 * M has it, and that more than a sequence number (which is for details).
 */
static int
weight(const struct gt_change *c)
{
	switch (c->field) {
	case GT_CH_G_STATUS:
	case GT_CH_P_STATUS:
		return c->from == c->to ? 0 : 4;
	case GT_CH_RANGE_BEGIN:
	case GT_CH_RANGE_END:
	case GT_CH_GC:
	case GT_CH_TASK_BEGIN:
	case GT_CH_TASK_END:
	case GT_CH_REGION_BEGIN:
	case GT_CH_REGION_END:
		return 3;
	case GT_CH_M_P:
	case GT_CH_M_G:
		return c->from == c->to ? 0 : 2;
	default:
		return 0;
	}
}

static void
transition(struct sb *b, const char *from, const char *to, bool brief, const struct symbols *sy)
{
	if (!brief)
		sb_printf(b, " %s", from);
	sb_printf(b, " %s %s", sy->arrow, to);
}

static void
id_transition(struct sb *b, enum gt_res res, const struct gt_change *c, bool brief, const struct symbols *sy)
{
	char from[32], to[32];
	struct sb f = sb_on(from, sizeof from), t = sb_on(to, sizeof to);

	fmt_id(&f, res, c->from);
	fmt_id(&t, res, c->to);
	transition(b, from, to, brief, sy);
}

static void
range(struct sb *b, const struct gt_change *c, const char *word)
{
	const char *name = gt_spec((unsigned)c->to & 0xff)->name;
	enum gt_res res = c->from >= GT_M && c->from <= GT_G ? (enum gt_res)c->from : GT_NO_RES;
	size_t n;

	if (res != GT_NO_RES) {
		fmt_id(b, res, c->id);
		sb_add(b, " ");
	}
	/* The event that begins a range names it: GCSweepBegin, GCSweep. */
	n = name ? strlen(name) : 0;
	if (n > 5 && !strcmp(name + n - 5, "Begin"))
		n -= 5;
	sb_printf(b, "%.*s %s", (int)n, name ? name : "", word);
}

static const char *
gc_name(int64_t gc)
{
	return gc == GT_GC_RUNNING ? "running" : gc == GT_GC_NOT_RUNNING ? "off" : "unknown";
}

static void
change(struct sb *b, const struct gt_change *c, bool brief, const struct symbols *sy)
{
	switch (c->field) {
	case GT_CH_M_P:
	case GT_CH_M_G:
		fmt_id(b, GT_M, c->id);
		id_transition(b, c->field == GT_CH_M_P ? GT_P : GT_G, c, brief, sy);
		break;
	case GT_CH_P_STATUS:
		fmt_id(b, GT_P, c->id);
		transition(b, fmt_pstatus(c->from), fmt_pstatus(c->to), brief, sy);
		break;
	case GT_CH_G_STATUS:
		fmt_id(b, GT_G, c->id);
		transition(b, fmt_gstatus(c->from), fmt_gstatus(c->to), brief, sy);
		break;
	case GT_CH_RANGE_BEGIN:
		range(b, c, "begins");
		break;
	case GT_CH_RANGE_END:
		range(b, c, "ends");
		break;
	case GT_CH_REGION_BEGIN:
	case GT_CH_REGION_END:
		fmt_id(b, GT_G, c->id);
		sb_add(b, c->field == GT_CH_REGION_BEGIN ? " region begins" : " region ends");
		break;
	case GT_CH_TASK_BEGIN:
	case GT_CH_TASK_END:
		sb_printf(b, "task %" PRIu64 " %s", (uint64_t)c->id, c->field == GT_CH_TASK_BEGIN ? "begins" : "ends");
		break;
	case GT_CH_GC:
		sb_add(b, "GC");
		transition(b, gc_name(c->from), gc_name(c->to), brief, sy);
		break;
	case GT_CH_P_SEQ:
	case GT_CH_G_SEQ:
	case GT_CH_GC_SEQ:
		break;
	}
}

void
fmt_changes(struct sb *b, const struct gt_change *ch, size_t n, bool brief, const struct symbols *sy)
{
	int most = 0, shown = 0;

	for (size_t i = 0; i < n; i++)
		most = weight(&ch[i]) > most ? weight(&ch[i]) : most;
	/* A goroutine that starts changes its M as well, which nobody needs to be told; nothing else, and they do. */
	for (size_t i = 0; most && i < n; i++) {
		if (weight(&ch[i]) != most)
			continue;
		if (++shown > 1 && brief)
			continue;
		sb_add(b, shown > 1 ? ", " : "");
		change(b, &ch[i], brief, sy);
	}
	if (brief && shown > 1)
		sb_printf(b, " +%d", shown - 1);
}
