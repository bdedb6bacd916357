/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JSON of Chrome's about:tracing, which Perfetto's and other viewers read as well: an object for each slice, a process for
 * each kind of lane, a thread for each lane.
 */
#include "export.h"

#include <inttypes.h>
#include <stdlib.h>

struct chrome {
	uint64_t objects, overlaps;
};

/* Begins an object. Processes are numbered from 1. */
static void
object(struct sink *s, const char *ph, enum lane_group group, uint64_t lane)
{
	struct chrome *c = s->own;

	out_format(s->out, "%s\n{\"ph\":\"%s\",\"pid\":%d,\"tid\":%" PRIu64, c->objects++ ? "," : "", ph, (int)group + 1, lane);
}

/* Times are microseconds. */
static void
micros(struct sink *s, const char *name, int64_t ns)
{
	out_format(s->out, ",\"%s\":%" PRId64 ".%03d", name, ns / 1000, (int)(ns % 1000));
}

static void
name(struct sink *s, struct gt_str n)
{
	OUT(s->out, ",\"name\":");
	out_json(s->out, n);
}

/* What is known of a process or thread. */
static void
about(struct sink *s, const char *what, enum lane_group group, uint64_t lane, struct gt_str n)
{
	object(s, "M", group, lane);
	name(s, str(what));
	OUT(s->out, ",\"args\":{\"name\":");
	out_json(s->out, n);
	OUT(s->out, "}}");
}

static void
about_order(struct sink *s, const char *what, enum lane_group group, uint64_t lane, uint64_t at)
{
	object(s, "M", group, lane);
	name(s, str(what));
	out_format(s->out, ",\"args\":{\"sort_index\":%" PRIu64 "}}", at);
}

static bool
chrome_begin(struct sink *s)
{
	s->own = calloc(1, sizeof(struct chrome));
	if (!s->own)
		return false;
	OUT(s->out, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
	for (unsigned g = 0; g < LANE_GROUPS; g++) {
		about(s, "process_name", g, 0, str(lane_kinds[g].name));
		about_order(s, "process_sort_index", g, 0, g);
	}
	return true;
}

static void
chrome_lane(struct sink *s, enum lane_group group, uint64_t lane, struct gt_str n)
{
	about(s, "thread_name", group, lane, n);
	about_order(s, "thread_sort_index", group, lane, lane);
}

static void
number(struct sink *s, const char *key, int64_t v, bool *more)
{
	out_format(s->out, "%s\"%s\":%" PRId64, *more ? "," : "", key, v);
	*more = true;
}

static void
text(struct sink *s, const char *key, struct gt_str v, bool *more)
{
	if (v.n == 0)
		return;
	out_format(s->out, "%s\"%s\":", *more ? "," : "", key);
	out_json(s->out, v);
	*more = true;
}

static void
args(struct sink *s, const struct slice *x)
{
	bool more = false;

	OUT(s->out, ",\"args\":{");
	if (x->m != GT_NONE)
		number(s, "m", x->m, &more);
	if (x->p != GT_NONE)
		number(s, "p", x->p, &more);
	if (x->g != GT_NONE)
		number(s, "g", x->g, &more);
	if (x->event > 0)
		number(s, "event", (int64_t)x->event, &more);
	text(s, "reason", x->reason, &more);
	text(s, "stack", x->frames, &more);
	OUT(s->out, "}");
}

/* One end of something: id says which belong together. */
static void
half(struct sink *s, const char *ph, const struct slice *x, struct gt_str n, const char *category, uint64_t id, int64_t time)
{
	object(s, ph, x->group, x->lane);
	name(s, n);
	micros(s, "ts", time);
	out_format(s->out, ",\"cat\":\"%s\",\"id\":%" PRIu64, category, id);
}

/* An arrow goes out from, or arrives at (not at the next one), the slice that is there at that time. */
static void
arrow(struct sink *s, const char *ph, const struct slice *x)
{
	if (x->flow == 0)
		return;
	half(s, ph, x, str("wakes"), "wakes", x->flow, x->from);
	out_text(s->out, *ph == 'f' ? ",\"bp\":\"e\"}" : "}");
}

static void
chrome_slice(struct sink *s, const struct slice *x)
{
	struct chrome *c = s->own;

	if (lane_kinds[x->group].overlap) {
		half(s, "b", x, x->name, lane_kinds[x->group].name, ++c->overlaps, x->from);
		args(s, x);
		OUT(s->out, "}");
		half(s, "e", x, x->name, lane_kinds[x->group].name, c->overlaps, x->to);
		OUT(s->out, "}");
		return;
	}
	object(s, "X", x->group, x->lane);
	name(s, x->name);
	micros(s, "ts", x->from);
	micros(s, "dur", x->to - x->from);
	args(s, x);
	OUT(s->out, "}");
	arrow(s, "f", x);
}

/* An arrow must begin in a slice: what it begins at is one, which takes no time. */
static void
chrome_point(struct sink *s, const struct slice *x)
{
	object(s, x->flow ? "X" : "i", x->group, x->lane);
	name(s, x->name);
	micros(s, "ts", x->from);
	out_text(s->out, x->flow ? ",\"dur\":0" : ",\"s\":\"t\"");
	args(s, x);
	OUT(s->out, "}");
	arrow(s, "s", x);
}

static void
chrome_count(struct sink *s, enum export_counter which, int64_t time, int64_t value)
{
	object(s, "C", LANES_GC, 0);
	name(s, str(counter_kinds[which].name));
	micros(s, "ts", time);
	out_format(s->out, ",\"args\":{\"%s\":%" PRId64 "}}", counter_kinds[which].unit, value);
}

static void
chrome_end(struct sink *s)
{
	OUT(s->out, "\n]}\n");
	free(s->own);
}

const struct sink_form sink_chrome = { true, chrome_begin, NULL, chrome_lane, chrome_slice, chrome_point, chrome_count,
	chrome_end };
