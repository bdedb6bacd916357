/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui timeline: what each M, P or G did, as lanes of characters or as data; as data also what goes on beside that.
 */
#include "beside.h"
#include "broken.h"
#include "cmd.h"
#include "out.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- reading a trace into spans ------------------------------------------------------- */

struct view {
	enum gt_res res;    /* lanes: of these */
	unsigned by;        /* data: of which; a bit for each enum gt_res, and above these for each enum lane_extra */
	int64_t start;      /* of the trace, ns */
	int64_t from, to;   /* what is shown, ns since start */
	struct lane_counts early; /* how many the trace tells to have been so at its start */
	struct out out;
	/* lanes: */
	unsigned width;
	struct row *row;
	size_t nrow, crow;
	bool nomem;
};

#define BESIDE(x) (8u << (x))

/* Gives every span to fn, and to beside, unless that is NULL, what goes on beside. Returns an exit status; invalid traces give what is good of them. */
static int
read_spans(const struct options *opt, struct loaded *l, const struct gt_model *model, struct view *v, gt_span_fn *fn, beside_fn *beside)
{
	struct gt_reader *r = gt_reader_new(l->trace, model);
	struct gt_timeline *tl = gt_timeline_new(fn, v);
	struct beside *b = beside ? beside_new(beside, v, &v->early) : NULL;
	const struct gt_event *ev;
	int status = EXIT_UNREADABLE;

	if (r && tl && (b || !beside)) {
		gt_reader_log(r, true);
		status = EXIT_FINE;
		while (status == EXIT_FINE && gt_read(r, &ev) == GT_EVENT) {
			size_t n;
			const struct gt_change *ch = gt_reader_changes(r, &n);

			if (b)
				beside_before(b, ev, tl);
			if (!gt_timeline_event(tl, ev, ch, n, gt_reader_state(r)) || v->nomem)
				status = EXIT_UNREADABLE;
			if (b && !beside_after(b, ev, ch, n, tl))
				status = EXIT_UNREADABLE;
		}
		if (b)
			beside_end(b);
		gt_timeline_end(tl);
	}
	if (status == EXIT_UNREADABLE) {
		complain(l->file, "out of memory");
	} else if (gt_reader_error(r)) {
		out_flush(&v->out);
		broken_report(l, r, model, opt, NULL);
		status = EXIT_INVALID;
	}
	gt_timeline_free(tl);
	beside_free(b);
	gt_reader_free(r);
	return status;
}

static void
no_span(void *arg, const struct gt_span *s)
{
	(void)arg, (void)s;
}

/* Times of the first and the last event; where counts are wanted also what was so at the start. False: no memory. */
static bool
find_ends(const struct loaded *l, const struct gt_model *model, struct view *v, int64_t *last)
{
	struct gt_reader *r = gt_reader_new(l->trace, model);
	struct gt_timeline *tl = v->by >= BESIDE(0) ? gt_timeline_new(no_span, NULL) : NULL;
	bool ok = r && (tl || v->by < BESIDE(0));
	const struct gt_event *ev;
	size_t n;

	v->start = *last = 0;
	if (tl)
		gt_reader_log(r, true);
	while (ok && gt_read(r, &ev) == GT_EVENT) {
		const struct gt_change *ch = gt_reader_changes(r, &n);

		if (ev->n == 1)
			v->start = ev->time;
		*last = ev->time;
		ok = !tl || gt_timeline_event(tl, ev, ch, n, gt_reader_state(r));
	}
	if (tl)
		v->early = lanes_counts(tl, gt_timeline_early);
	gt_timeline_free(tl);
	gt_reader_free(r);
	return ok;
}

/* --- data ------------------------------------------------------------------------------- */

static void
put_id(struct out *o, const char *name, int64_t id)
{
	if (id != GT_NONE)
		out_format(o, ",\"%s\":%" PRId64, name, id);
}

static void
put_json(void *arg, const struct gt_span *s)
{
	struct view *v = arg;
	static const char *const names[] = { "m", "p", "g" };
	int64_t from = s->from - v->start, to = s->to - v->start;

	if (!(v->by & 1u << s->res) || to < v->from || from > v->to)
		return;
	out_format(&v->out, "{\"lane\":\"%s\",\"id\":%" PRId64 ",\"state\":\"%s\",\"from\":%" PRId64 ",\"to\":%" PRId64
		",\"first\":%" PRIu64 ",\"last\":%" PRIu64, names[s->res], s->id, gt_lane_name(s->state), from, to, s->first,
		s->last);
	for (int r = GT_M; r <= GT_G; r++)
		if (r != (int)s->res)
			put_id(&v->out, names[r], r == GT_M ? s->m : r == GT_P ? s->p : s->g);
	if (s->reason.n > 0) {
		OUT(&v->out, ",\"reason\":");
		out_json(&v->out, s->reason);
	}
	OUT(&v->out, "}\n");
}

static void
put_beside(void *arg, const struct beside_item *x)
{
	struct view *v = arg;
	int64_t from = x->from - v->start, to = x->to - v->start;
	const char *text = x->lane == LX_TASKS || x->lane == LX_REGIONS ? "name" : "reason";

	if (!(v->by & BESIDE(x->lane)) || to < v->from || from > v->to)
		return;
	out_format(&v->out, "{\"lane\":\"%s\",\"from\":%" PRId64 ",\"to\":%" PRId64 ",\"first\":%" PRIu64 ",\"last\":%" PRIu64,
		beside_name(x->lane), from, to, x->first, x->last);
	if (x->lane >= LX_TALLIES)
		out_format(&v->out, ",\"value\":%" PRIu64, x->value);
	if (x->lane == LX_THREADS)
		out_format(&v->out, ",\"running\":%" PRIu64 ",\"syscall\":%" PRIu64, x->running, x->in_syscall);
	put_id(&v->out, "task", x->task);
	put_id(&v->out, "m", x->m);
	put_id(&v->out, "p", x->p);
	put_id(&v->out, "g", x->g);
	if (x->text.n > 0) {
		out_format(&v->out, ",\"%s\":", text);
		out_json(&v->out, x->text);
	}
	OUT(&v->out, "}\n");
}

/* --- lanes ------------------------------------------------------------------------------- */

/* One lane: a character a column for what it did longest there. Spans of a lane come in order of time. */
struct row {
	int64_t id;
	uint64_t in[GT_LANES]; /* ns in each state within the present column */
	unsigned column;
	char *states; /* enum gt_lane_state, v->width of them */
};

static void
end_column(const struct view *v, struct row *r)
{
	unsigned best = GT_LANE_NONE;

	for (unsigned i = 0; i < GT_LANES; i++)
		if (r->in[i] > r->in[best])
			best = i;
	if (r->column < v->width)
		r->states[r->column] = (char)best;
	memset(r->in, 0, sizeof(r->in));
}

/* Start of a column, ns since the start of what is shown. */
static int64_t
column_at(const struct view *v, unsigned column)
{
	return (int64_t)((double)(v->to - v->from) * column / v->width);
}

static void
fill_row(const struct view *v, struct row *r, enum gt_lane_state state, int64_t from, int64_t to)
{
	while (r->column < v->width && column_at(v, r->column + 1) <= from) {
		end_column(v, r);
		r->column++;
	}
	while (r->column < v->width) {
		int64_t end = column_at(v, r->column + 1), start = column_at(v, r->column);

		if (from > start)
			start = from;
		r->in[state] += (uint64_t)((to < end ? to : end) - start) + 1;
		if (to < end)
			return;
		end_column(v, r);
		r->column++;
	}
}

/* The row of an ID; rows are kept in order. NULL: no memory. */
static struct row *
row_of(struct view *v, int64_t id)
{
	size_t lo = 0, hi = v->nrow;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (v->row[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < v->nrow && v->row[lo].id == id)
		return &v->row[lo];
	if (v->nrow == v->crow) {
		size_t cap = v->crow ? v->crow * 2 : 64;
		struct row *p = realloc(v->row, cap * sizeof(*p));

		if (!p)
			return NULL;
		v->row = p;
		v->crow = cap;
	}
	memmove(&v->row[lo + 1], &v->row[lo], (v->nrow - lo) * sizeof(*v->row));
	v->row[lo] = (struct row){ .id = id, .states = calloc(1, v->width) };
	v->nrow += v->row[lo].states != NULL;
	return v->row[lo].states ? &v->row[lo] : NULL;
}

static void
add_span(void *arg, const struct gt_span *s)
{
	struct view *v = arg;
	int64_t from = s->from - v->start, to = s->to - v->start;
	struct row *r;

	if (s->res != v->res || to < v->from || from > v->to || v->nomem)
		return;
	r = row_of(v, s->id);
	if (!r) {
		v->nomem = true;
		return;
	}
	fill_row(v, r, s->state, from < v->from ? 0 : from - v->from, to > v->to ? v->to - v->from : to - v->from);
}

static void
put_duration(struct out *o, int64_t ns)
{
	static const struct {
		int64_t ns;
		const char *unit;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" }, { 1, "ns" } };
	size_t i = 0;

	while (i < 3 && ns < units[i].ns)
		i++;
	out_format(o, "%.4g%s", (double)ns / (double)units[i].ns, units[i].unit);
}

static const struct {
	const char *utf8, *ascii, *what;
} glyphs[GT_LANES] = {
	[GT_LANE_NONE] = { " ", " ", NULL },
	[GT_LANE_IDLE] = { "·", ".", "idle" },
	[GT_LANE_RUNNING] = { "█", "#", "running" },
	[GT_LANE_RUNNABLE] = { "▒", "r", "runnable" },
	[GT_LANE_WAITING] = { "─", "w", "waiting" },
	[GT_LANE_SYSCALL] = { "≈", "s", "in a syscall or C" },
	[GT_LANE_BARE] = { "░", "p", "has a P, runs no goroutine" },
};

static const char *
meaning(enum gt_res res, unsigned state)
{
	return state == GT_LANE_BARE && res == GT_P ? "runs no goroutine" : glyphs[state].what;
}

static void
put_lanes(struct view *v, bool utf8)
{
	struct out *o = &v->out;
	bool used[GT_LANES] = { false };

	out_format(o, "by %c, from +", "MPG"[v->res]);
	put_duration(o, v->from);
	OUT(o, " to +");
	put_duration(o, v->to);
	OUT(o, ", a column is ");
	put_duration(o, (v->to - v->from) / v->width);
	OUT(o, "\n");
	for (size_t i = 0; i < v->nrow; i++) {
		struct row *r = &v->row[i];

		end_column(v, r);
		out_format(o, "%c%-8" PRId64 " ", "MPG"[v->res], r->id);
		for (unsigned c = 0; c < v->width; c++) {
			out_text(o, utf8 ? glyphs[(int)r->states[c]].utf8 : glyphs[(int)r->states[c]].ascii);
			used[(int)r->states[c]] = true;
		}
		OUT(o, "\n");
		free(r->states);
	}
	for (unsigned i = 1; i < GT_LANES; i++)
		if (used[i])
			out_format(o, "%s %s   ", utf8 ? glyphs[i].utf8 : glyphs[i].ascii, meaning(v->res, i));
	OUT(o, "\n");
	free(v->row);
}

/* --- the command ------------------------------------------------------------------------------ */

/* The bits of one name; 0: there is none such. */
static unsigned
lanes_named(const char *name, size_t n)
{
	static const char *const of[] = { "m", "p", "g" };
	unsigned all = 7;

	for (unsigned r = GT_M; r <= GT_G; r++)
		if (n == 1 && *name == *of[r])
			return 1u << r;
	for (unsigned x = 0; x < LANE_EXTRAS; x++) {
		const char *is = beside_name((enum lane_extra)x);

		all |= BESIDE(x);
		if (strlen(is) == n && memcmp(is, name, n) == 0)
			return BESIDE(x);
	}
	return n == 3 && memcmp(name, "all", n) == 0 ? all : 0;
}

static bool
parse_by(const char *by, unsigned *lanes)
{
	*lanes = 0;
	while (true) {
		size_t n = strcspn(by, ",");
		unsigned is = lanes_named(by, n);

		if (!is)
			return false;
		*lanes |= is;
		if (!by[n])
			return true;
		by += n + 1;
	}
}

static int
view_options(const struct options *opt, struct view *v)
{
	int status;

	if (!parse_by(opt->by ? opt->by : "p", &v->by))
		return usage_error("--by takes m, p or g; with --json also what goes on beside, or all: see gotrace-tui help timeline");
	if (!opt->json && v->by != 1u << GT_M && v->by != 1u << GT_P && v->by != 1u << GT_G)
		return usage_error("--by takes m, p or g; only with --json more");
	v->res = v->by == 1u << GT_M ? GT_M : v->by == 1u << GT_P ? GT_P : GT_G;
	v->to = INT64_MAX;
	if ((status = time_option("from", opt->from, &v->from)) != EXIT_FINE ||
		(status = time_option("to", opt->to, &v->to)) != EXIT_FINE)
		return status;
	if (v->to <= v->from)
		return usage_error("--to must come after --from");
	return EXIT_FINE;
}

static int
show(const struct options *opt, struct loaded *l, struct view *v)
{
	struct gt_model model;
	int64_t last;
	int status;

	if (!model_for(opt, l, &model))
		return EXIT_UNREADABLE;
	gt_salvage(l->trace, opt->salvage);
	if (!find_ends(l, &model, v, &last)) {
		complain(l->file, "out of memory");
		return EXIT_UNREADABLE;
	}
	if (v->to > last - v->start)
		v->to = last > v->start ? last - v->start : 1;
	if (v->from >= v->to)
		return usage_error("--from lies behind the end of the trace");
	if (opt->json)
		return read_spans(opt, l, &model, v, put_json, v->by >= BESIDE(0) ? put_beside : NULL);
	status = read_spans(opt, l, &model, v, add_span, NULL);
	put_lanes(v, strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
	return status;
}

int
cmd_timeline(const struct options *opt, int argc, char **argv)
{
	struct view v = { 0 };
	struct loaded l;
	int status;

	if (argc != 1)
		return usage_error("timeline takes one FILE");
	status = view_options(opt, &v);
	if (status != EXIT_FINE || (status = load(&l, argv[0], opt->memory)) != EXIT_FINE)
		return status;
	out_init(&v.out, STDOUT_FILENO);
	v.width = out_columns(&v.out);
	v.width = (v.width < 40 ? 100 : v.width) - 10;
	status = show(opt, &l, &v);
	if (!out_close(&v.out)) {
		complain(NULL, "writing failed");
		status = EXIT_UNREADABLE;
	}
	unload(&l);
	return status;
}
