/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words for what is in a trace: numbers, times, names of Ms, Ps and Gs, events with their arguments, changes. All of
 * it plain UTF-8 text for a canvas; the symbols used depend on what the terminal can show.
 */
#ifndef FMT_H
#define FMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gotrace.h"

struct symbols {
	bool utf8;
	const char *cursor, *arrow, *ok, *no, *dot, *rule, *bar, *delta, *micro, *wait, *dash, *focus;
};
const struct symbols *symbols_get(bool utf8);

/* Text that grows in a buffer of fixed size; what does not fit is cut off, never in the middle of a character. */
struct sb {
	char *p;
	size_t n, cap;
};
struct sb sb_on(char *buf, size_t cap);
void sb_add(struct sb *b, const char *s);
__attribute__((format(printf, 2, 3))) void sb_printf(struct sb *b, const char *fmt, ...);

/* b - a, for times that may be far apart: wraps as Go does. */
int64_t fmt_minus(int64_t b, int64_t a);

/* Bytes of the first line of what an error says, without the colon that leads to the others. */
int fmt_first_line(const struct gt_error *err);
/* "1,042" */
void fmt_count(struct sb *b, uint64_t n);
/* "1.204311s", with so many digits behind the point. */
void fmt_time(struct sb *b, int64_t ns, int digits);
/* "64ns", "2.1µs", "153ms", "1.20s", "98765s", "27.8h", "285y": never more than eight columns. */
void fmt_delta(struct sb *b, int64_t ns, const struct symbols *sy);
/* The nearest whole number to total / n, a half away from 0; n is not 0. */
int64_t fmt_mean(int64_t total, uint64_t n);
/* "1ms", "20µs", "2e9s": of a round time, with micro for µ. */
void fmt_round(struct sb *b, double ns, const char *micro);
/* "2026-11-22 18:47:51.270164522 +0100" */
void fmt_wall(struct sb *b, int64_t sec, int64_t ns);
/* "18:47:51.270164522" */
void fmt_clock(struct sb *b, int64_t sec, int64_t ns);
/* "34" or "-" */
void fmt_bare_id(struct sb *b, int64_t id);
/* "G34" or "-" */
void fmt_id(struct sb *b, enum gt_res res, int64_t id);

/* "(none)" for what does not exist; short ones for columns. */
const char *fmt_gstatus(int64_t status);
const char *fmt_pstatus(int64_t status);

/* "GoStart", "Sync". */
void fmt_event_name(struct sb *b, const struct gt_event *ev);
/* "g=34 g_seq=1": strings quoted, statuses named, stacks left out. */
void fmt_args(struct sb *b, const struct gt_event *ev);
void fmt_event(struct sb *b, const struct gt_event *ev);
/* "G34 (none) → Syscall", or brief: "G34 → Syscall". */
void fmt_changes(struct sb *b, const struct gt_change *ch, size_t n, bool brief, const struct symbols *sy);

#endif
