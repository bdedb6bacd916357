/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ordered events as data: an object a line, or a table. Both show the same fields, under names that stay as they
 * are: the manual page lists them.
 */
#include "fmt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* --- what both show ----------------------------------------------------------------- */

/* An event's own fields, beside those of struct gt_event. */
struct row {
	int64_t rel;
	const char *wall; /* NULL: not known */
	enum gt_kind kind;
	enum gt_res res; /* what changes its state, or what a range is about */
	int64_t id;
	const char *name; /* of a metric, a range; else NULL */
	struct gt_str text; /* of a task that ends: its name */
	struct gt_str reason; /* p is NULL: none */
	bool changes; /* from and to mean something */
};

/* The words of an event's type, made once. */
struct words {
	char kind[64];
	unsigned n;
};

struct rows {
	struct stacks *stacks;
	int64_t first; /* time of the first event */
	bool begun;
	/* Of the generation under way. */
	struct gt_gen *gen; /* kept: another one in its place would be taken for it */
	uint64_t gen_number;
	bool has_clock;
	struct gt_clock clock;
	/* The second whose text is in wall. */
	bool has_wall;
	int64_t sec;
	char wall[48];
	struct words words[GT_TYPES];
	char *quoted; /* room for a string on its way into a cell */
	size_t room;
};

static void
next_generation(struct rows *r, struct gt_gen *gen)
{
	if (gen)
		gt_gen_ref(gen);
	gt_gen_unref(r->gen);
	r->gen = gen;
	r->has_clock = gen && gt_gen_clock(gen, &r->clock);
	r->gen_number = gen ? gt_gen_number(gen) : 0;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* "2026-11-22T21:34:07.380151633Z"; NULL where nothing relates the trace clock to it, or RFC 3339 has no such year. */
static const char *
wall(struct rows *r, int64_t time)
{
	enum { BEFORE_FRACTION = 20 };
	int64_t ns, carry, sec, year, day, in_day;
	int month, mday;

	if (!r->has_clock || r->clock.nsec < 0 || r->clock.nsec > INT64_C(1000000000000))
		return NULL;
	if (__builtin_sub_overflow(time, r->clock.trace, &ns) || __builtin_add_overflow(ns, r->clock.nsec, &ns))
		return NULL;
	carry = floor_div(ns, 1000000000);
	ns -= carry * 1000000000;
	if (__builtin_add_overflow(r->clock.sec, carry, &sec) || sec < -INT64_C(62135596800) || sec > INT64_C(253402300799))
		return NULL; /* the years 1 to 9999 */
	if (!r->has_wall || sec != r->sec) {
		day = floor_div(sec, 86400);
		in_day = sec - day * 86400;
		civil(day, &year, &month, &mday);
		snprintf(r->wall, sizeof(r->wall), "%04d-%02d-%02dT%02d:%02d:%02d.000000000Z", (int)year, month, mday,
			(int)(in_day / 3600), (int)(in_day / 60 % 60), (int)(in_day % 60));
		r->has_wall = true;
		r->sec = sec;
	}
	for (unsigned i = 9; i-- > 0; ns /= 10)
		r->wall[BEFORE_FRACTION + i] = (char)('0' + ns % 10);
	return r->wall;
}

/* Times count from the first event, whether it is shown or not. */
static void
rows_first(void *f, const struct gt_event *ev)
{
	struct rows *r = f;

	if (!r->begun)
		r->first = ev->time;
	r->begun = true;
}

static void
fill_row(struct rows *r, const struct gt_event *ev, struct row *row)
{
	struct gt_range range;

	if (ev->gen != r->gen)
		next_generation(r, ev->gen);
	rows_first(r, ev);
	*row = (struct row){ .rel = (int64_t)((uint64_t)ev->time - (uint64_t)r->first), .wall = wall(r, ev->time),
		.kind = gt_event_kind(ev), .res = GT_NO_RES };
	switch (row->kind) {
	case GT_K_StateTransition:
		row->res = gt_event_subject(ev, &row->id);
		row->changes = true;
		if (ev->type == GT_EV_GoStop || ev->type == GT_EV_GoBlock)
			row->reason = gt_event_string(ev, 0);
		break;
	case GT_K_RangeBegin:
	case GT_K_RangeActive:
	case GT_K_RangeEnd:
		gt_event_range(ev, &range);
		row->name = range.name;
		row->res = range.scope;
		row->id = range.id;
		if (range.reason.n > 0)
			row->reason = range.reason;
		break;
	case GT_K_Metric:
		row->name = gt_event_metric(ev);
		break;
	case GT_K_TaskEnd:
		row->text = ev->str;
		break;
	default:
		break;
	}
}

static struct rows *
rows_new(void (*put)(struct out *o, const struct gt_frame *frame, int n))
{
	struct rows *r = calloc(1, sizeof(*r));

	if (r && !(r->stacks = stacks_new(put))) {
		free(r);
		return NULL;
	}
	return r;
}

static void
rows_end(void *f, struct out *o, bool whole)
{
	struct rows *r = f;

	(void)o;
	(void)whole;
	stacks_free(r->stacks);
	gt_gen_unref(r->gen);
	free(r->quoted);
	free(r);
}

/* Name of the text that goes with a string argument: that of the argument without "_string". */
static size_t
text_name(const char *arg)
{
	static const char tail[] = "_string";
	size_t n = strlen(arg), m = sizeof(tail) - 1;

	return n > m && strcmp(arg + n - m, tail) == 0 ? n - m : n;
}

static bool
is_none(const struct gt_arg *arg, uint64_t v)
{
	return (arg->type == GT_ARG_M || arg->type == GT_ARG_P || arg->type == GT_ARG_G) && v == UINT64_MAX;
}

/* The wire has such an event at a place; sync points have none. */
static bool
has_place(const struct gt_event *ev)
{
	return ev->len > 0;
}

/* --- JSON lines -------------------------------------------------------------------------- */

static void
put_words(struct words *w, const char *kind, const char *event)
{
	w->n = (unsigned)snprintf(w->kind, sizeof(w->kind), "\"kind\":\"%s\",\"event\":\"%s\"", kind, event);
}

static void
json_frames(struct out *o, const struct gt_frame *f, int n)
{
	OUT(o, "[");
	for (int i = 0; i < n; i++, f++) {
		if (i > 0)
			OUT(o, ",");
		OUT(o, "{\"func\":");
		out_json(o, f->func);
		OUT(o, ",\"file\":");
		out_json(o, f->file);
		OUT(o, ",\"line\":");
		out_u64(o, f->line);
		OUT(o, ",\"pc\":");
		out_u64(o, f->pc);
		OUT(o, "}");
	}
	OUT(o, "]");
}

static void *
jsonl_begin(struct out *o, const struct gt_trace *t)
{
	struct rows *r = rows_new(json_frames);

	(void)o;
	(void)t;
	for (unsigned type = 0; r && type < GT_TYPES; type++)
		if (gt_spec(type)->name)
			put_words(&r->words[type], gt_kind_name(gt_event_kind(&(struct gt_event){ .type = (uint8_t)type })),
				gt_spec(type)->name);
	return r;
}

/* A number behind what comes before it; null where it is none. */
static void
json_id(struct out *o, const char *before, size_t n, int64_t v)
{
	out_bytes(o, before, n);
	if (v == GT_NONE)
		OUT(o, "null");
	else
		out_i64(o, v);
}
#define ID(o, literal, v) json_id(o, literal, sizeof(literal) - 1, v)

/* Its number, and what the clocks said at one moment. */
static void
json_sync(const struct rows *r, struct out *o, const struct gt_event *ev)
{
	OUT(o, "\"n\":");
	out_u64(o, ev->arg[0]);
	if (!r->has_clock)
		return;
	OUT(o, ",\"trace\":");
	out_i64(o, r->clock.trace);
	OUT(o, ",\"mono\":");
	out_u64(o, r->clock.mono);
}

static void
json_args(struct rows *r, struct out *o, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	OUT(o, ",\"args\":{");
	if (ev->type == GT_EV_SyncPoint)
		json_sync(r, o, ev);
	for (unsigned i = 0; i < spec->nargs; i++) {
		const struct gt_arg *arg = &spec->arg[i];

		out_text(o, i > 0 ? ",\"" : "\"");
		out_text(o, arg->name);
		OUT(o, "\":");
		if (is_none(arg, ev->arg[i]))
			OUT(o, "null");
		else
			out_u64(o, ev->arg[i]);
		if (arg->type != GT_ARG_STRING)
			continue;
		OUT(o, ",\"");
		out_bytes(o, arg->name, text_name(arg->name));
		OUT(o, "\":");
		out_json(o, gt_event_string(ev, i));
	}
	OUT(o, "}");
}

static void
json_stack(struct rows *r, struct out *o, const struct gt_event *ev, const char *name, uint64_t id)
{
	if (id == 0)
		return;
	out_text(o, name);
	if (!stacks_put(r->stacks, o, ev, id))
		OUT(o, "null");
}

static void
json_change(struct out *o, const struct gt_event *ev, const struct row *row)
{
	if (row->name) {
		OUT(o, ",\"name\":\"");
		out_text(o, row->name);
		OUT(o, "\"");
	} else if (row->kind == GT_K_TaskEnd) {
		ID(o, ",\"parent\":", (int64_t)ev->aux);
		OUT(o, ",\"name\":");
		out_json(o, (struct gt_str){ row->text.p ? row->text.p : "", row->text.n });
	}
	if (row->res != GT_NO_RES) {
		OUT(o, ",\"resource\":\"");
		out_text(o, gt_res_name(row->res));
		ID(o, "\",\"id\":", row->id);
	}
	if (row->changes) {
		OUT(o, ",\"from\":\"");
		out_text(o, gt_pres_name(ev->from));
		OUT(o, "\",\"to\":\"");
		out_text(o, gt_pres_name(ev->to));
		OUT(o, "\"");
	}
	if (row->reason.p) {
		OUT(o, ",\"reason\":");
		out_json(o, row->reason);
	}
}

static bool
jsonl_event(void *f, struct out *o, const struct gt_event *ev)
{
	struct rows *r = f;
	struct row row;

	fill_row(r, ev, &row);
	OUT(o, "{\"n\":");
	out_u64(o, ev->n);
	OUT(o, ",\"time\":");
	out_i64(o, ev->time);
	OUT(o, ",\"rel\":");
	out_i64(o, row.rel);
	OUT(o, ",\"wall\":");
	if (row.wall) {
		OUT(o, "\"");
		out_text(o, row.wall);
		OUT(o, "\"");
	} else {
		OUT(o, "null");
	}
	ID(o, ",\"gen\":", ev->gen ? (int64_t)r->gen_number : GT_NONE);
	ID(o, ",\"m\":", ev->m);
	ID(o, ",\"p\":", ev->p);
	ID(o, ",\"g\":", ev->g);
	OUT(o, ",");
	out_bytes(o, r->words[ev->type].kind, r->words[ev->type].n);
	if (ev->part > 0) {
		OUT(o, ",\"part\":");
		out_u64(o, ev->part);
	}
	if (ev->salvaged)
		OUT(o, ",\"salvaged\":true");
	json_args(r, o, ev);
	json_change(o, ev, &row);
	json_stack(r, o, ev, ",\"stack\":", gt_event_stack(ev));
	json_stack(r, o, ev, ",\"new_stack\":", gt_event_new_stack(ev));
	if (has_place(ev)) {
		OUT(o, ",\"batch\":");
		out_u64(o, ev->batch);
		OUT(o, ",\"index\":");
		out_u64(o, ev->index);
		OUT(o, ",\"offset\":");
		out_u64(o, ev->off);
		OUT(o, ",\"len\":");
		out_u64(o, ev->len);
	}
	OUT(o, "}\n");
	return true;
}

static void
jsonl_error(void *f, struct out *o, const struct gt_error *err)
{
	(void)f;
	OUT(o, "{\"error\":");
	out_json(o, str(err->text));
	out_format(o, ",\"code\":\"%s\",\"place\":{\"generation\":%" PRId64 ",\"batch\":%" PRId64 ",\"event\":%" PRId64
		",\"m\":%" PRId64 ",\"offset\":%" PRId64 "}}\n", gt_code_name(err->why.code), err->place.generation,
		err->place.batch, err->place.event, err->place.m, err->place.offset);
}

const struct format format_jsonl = {
	.name = "jsonl",
	.what = "the events in order as JSON, an object a line",
	.begin = jsonl_begin,
	.first = rows_first,
	.event = jsonl_event,
	.error = jsonl_error,
	.end = rows_end,
};

/* --- a table --------------------------------------------------------------------------------- */

/* A cell as RFC 4180 has it: in quotes where it must be. */
static void
csv_text(struct out *o, const char *p, size_t n)
{
	const char *end = p + n, *quote;
	bool plain = true;

	for (size_t i = 0; i < n && plain; i++)
		plain = p[i] != '"' && p[i] != ',' && p[i] != '\n' && p[i] != '\r';
	if (plain) {
		out_bytes(o, p, n);
		return;
	}
	OUT(o, "\"");
	while ((quote = memchr(p, '"', (size_t)(end - p))) != NULL) {
		out_bytes(o, p, (size_t)(quote - p) + 1);
		OUT(o, "\"");
		p = quote + 1;
	}
	out_bytes(o, p, (size_t)(end - p));
	OUT(o, "\"");
}

/* The leaf: what the program was in. */
static void
csv_frames(struct out *o, const struct gt_frame *f, int n)
{
	if (n > 0)
		csv_text(o, f->func.p, f->func.n);
}

static void *
csv_begin(struct out *o, const struct gt_trace *t)
{
	(void)t;
	OUT(o, "n,time,rel,wall,gen,m,p,g,kind,event,part,args,name,resource,id,from,to,reason,stack,func,batch,index,offset,"
		"len,salvaged\n");
	return rows_new(csv_frames);
}

static void
csv_id(struct out *o, int64_t v)
{
	if (v != GT_NONE)
		out_i64(o, v);
	OUT(o, ",");
}

/* A string as Go writes it, its quotes doubled, for a cell that is in quotes. */
static void
csv_quoted(struct rows *r, struct out *o, struct gt_str s)
{
	size_t n = gt_quote(s, r->quoted, r->room);

	if (n >= r->room) {
		char *p = realloc(r->quoted, 2 * n + 64);

		if (!p) {
			o->failed = true;
			return;
		}
		r->quoted = p;
		r->room = 2 * n + 64;
		gt_quote(s, r->quoted, r->room);
	}
	for (const char *p = r->quoted; n > 0; n--, p++) {
		if (*p == '"')
			OUT(o, "\"");
		out_bytes(o, p, 1);
	}
}

/* "reason_string=3 reason=\"chan receive\" stack=7", a cell in quotes if there is a string in it. */
static void
csv_args(struct rows *r, struct out *o, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	bool quote = false;

	for (unsigned i = 0; i < spec->nargs; i++)
		quote = quote || spec->arg[i].type == GT_ARG_STRING;
	if (quote)
		OUT(o, "\"");
	for (unsigned i = 0; i < spec->nargs; i++) {
		const struct gt_arg *arg = &spec->arg[i];

		if (i > 0)
			OUT(o, " ");
		out_text(o, arg->name);
		OUT(o, "=");
		if (!is_none(arg, ev->arg[i]))
			out_u64(o, ev->arg[i]);
		if (arg->type != GT_ARG_STRING)
			continue;
		OUT(o, " ");
		out_bytes(o, arg->name, text_name(arg->name));
		OUT(o, "=");
		csv_quoted(r, o, gt_event_string(ev, i));
	}
	out_text(o, quote ? "\"," : ",");
}

static void
csv_change(struct out *o, const struct gt_event *ev, const struct row *row)
{
	if (row->name)
		out_text(o, row->name);
	else if (row->text.p)
		csv_text(o, row->text.p, row->text.n);
	OUT(o, ",");
	if (row->res != GT_NO_RES)
		out_text(o, gt_res_name(row->res));
	OUT(o, ",");
	csv_id(o, row->res == GT_NO_RES ? GT_NONE : row->id);
	if (row->changes)
		out_text(o, gt_pres_name(ev->from));
	OUT(o, ",");
	if (row->changes)
		out_text(o, gt_pres_name(ev->to));
	OUT(o, ",");
	if (row->reason.p)
		csv_text(o, row->reason.p, row->reason.n);
	OUT(o, ",");
}

static void
csv_place(struct rows *r, struct out *o, const struct gt_event *ev)
{
	uint64_t stack = gt_event_stack(ev);

	if (stack)
		out_u64(o, stack);
	OUT(o, ",");
	if (stack)
		stacks_put(r->stacks, o, ev, stack);
	if (!has_place(ev)) {
		OUT(o, ",,,,");
		return;
	}
	OUT(o, ",");
	out_u64(o, ev->batch);
	OUT(o, ",");
	out_u64(o, ev->index);
	OUT(o, ",");
	out_u64(o, ev->off);
	OUT(o, ",");
	out_u64(o, ev->len);
}

static bool
csv_event(void *f, struct out *o, const struct gt_event *ev)
{
	struct rows *r = f;
	struct row row;

	fill_row(r, ev, &row);
	out_u64(o, ev->n);
	OUT(o, ",");
	out_i64(o, ev->time);
	OUT(o, ",");
	out_i64(o, row.rel);
	OUT(o, ",");
	if (row.wall)
		out_text(o, row.wall);
	OUT(o, ",");
	csv_id(o, ev->gen ? (int64_t)r->gen_number : GT_NONE);
	csv_id(o, ev->m);
	csv_id(o, ev->p);
	csv_id(o, ev->g);
	out_text(o, gt_kind_name(row.kind));
	OUT(o, ",");
	out_text(o, gt_spec(ev->type)->name);
	OUT(o, ",");
	out_u64(o, ev->part);
	OUT(o, ",");
	csv_args(r, o, ev);
	csv_change(o, ev, &row);
	csv_place(r, o, ev);
	out_text(o, ev->salvaged ? ",true\n" : ",\n");
	return true;
}

const struct format format_csv = {
	.name = "csv",
	.what = "the events in order as a table, with commas and a line of names",
	.begin = csv_begin,
	.first = rows_first,
	.event = csv_event,
	.end = rows_end,
};
