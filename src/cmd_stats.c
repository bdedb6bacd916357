/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui stats: a trace in numbers. What it is made of, what goroutines and Ps spent their time on, what they waited for,
 * how long collections and stops of the world took, tasks and regions; as tables, the largest first, or as data.
 */
#include "array.h"
#include "broken.h"
#include "cmd.h"
#include "out.h"

#include "ui/canvas.h"
#include "ui/census.h"
#include "ui/fmt.h"
#include "ui/idmap.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Rows of a table that is printed. */
enum { TOP = 10 };
/* Reasons to wait that are kept apart; a runtime knows 40. */
enum { REASONS = 1000 };

/* Things of one name, which last. */
struct sum {
	struct gt_str name;
	uint64_t count, open; /* those that ended, and those that did not */
	int64_t total, longest;
};
struct sums {
	struct sum *v;
	size_t n, cap;
	struct idmap at;
};

struct stats {
	const struct loaded *l;
	struct out o;
	const struct symbols *sy;
	uint64_t events, gens, count[GT_TYPES], bytes[GT_TYPES];
	int64_t first, last;
	bool has_clock;
	struct gt_clock clock;
	int64_t g_time[GT_LANES], p_time[GT_LANES];
	struct sums waits, tasks;
	struct idmap ids[3]; /* Ms, Ps, Gs that were heard of */
	int64_t m;           /* the last of them */
	uint64_t created, alive;
	int64_t least_heap, most_heap, goal, procs; /* -1: not told */
	struct census *census;
	bool nomem;
};

/* --- counting --------------------------------------------------------------------------------- */

/* The sum of a name; NULL: no memory, or no more are kept apart. */
static struct sum *
sum_of(struct stats *s, struct sums *all, struct gt_str name, size_t most)
{
	uint64_t key = idmap_text(name.p, name.n, IDMAP_TEXT);
	uint32_t at = idmap_get(&all->at, key);

	if (at != IDMAP_NONE)
		return &all->v[at];
	if (all->n >= most)
		return NULL;
	if (!array_room(&all->v, all->n + 1, &all->cap, sizeof(*all->v)) || !idmap_put(&all->at, key, (uint32_t)all->n)) {
		s->nomem = true;
		return NULL;
	}
	all->v[all->n] = (struct sum){ .name = name };
	return &all->v[all->n++];
}

static void
add(struct sum *sum, int64_t ns, bool open)
{
	if (open) {
		sum->open++;
		return;
	}
	sum->count++;
	sum->total += ns;
	sum->longest = ns > sum->longest ? ns : sum->longest;
}

static void
take_span(void *arg, const struct gt_span *span)
{
	struct stats *s = arg;
	int64_t ns = fmt_minus(span->to, span->from);
	struct sum *wait;

	if (span->res == GT_P)
		s->p_time[span->state] += ns;
	if (span->res != GT_G)
		return;
	s->g_time[span->state] += ns;
	if (span->state == GT_LANE_WAITING && (wait = sum_of(s, &s->waits, span->reason, REASONS)) != NULL)
		add(wait, ns, span->last == 0);
}

static void
hear_of(struct stats *s, enum gt_res res, int64_t id)
{
	if (id != GT_NONE && idmap_get(&s->ids[res], (uint64_t)id) == IDMAP_NONE && !idmap_put(&s->ids[res], (uint64_t)id, 0))
		s->nomem = true;
}

static void
take_metric(struct stats *s, const struct gt_event *ev)
{
	int64_t v = (int64_t)ev->arg[0];

	if (ev->type == GT_EV_HeapAlloc) {
		s->least_heap = s->least_heap < 0 || v < s->least_heap ? v : s->least_heap;
		s->most_heap = v > s->most_heap ? v : s->most_heap;
	} else if (ev->type == GT_EV_HeapGoal) {
		s->goal = v;
	} else if (ev->type == GT_EV_ProcsChange) {
		s->procs = v;
	}
}

static void
take_event(struct stats *s, const struct gt_event *ev)
{
	int64_t id;
	enum gt_res subject = GT_NO_RES;

	if (ev->n == 1)
		s->first = ev->time;
	s->last = ev->time;
	s->events++;
	s->count[ev->type]++;
	s->bytes[ev->type] += ev->part || ev->made ? 0 : ev->len;
	s->gens += ev->type == GT_EV_SyncPoint && ev->gen;
	if (!s->has_clock && ev->gen)
		s->has_clock = gt_gen_clock(ev->gen, &s->clock);
	if (ev->m != s->m)
		hear_of(s, GT_M, s->m = ev->m);
	if (gt_event_kind(ev) == GT_K_StateTransition)
		subject = gt_event_subject(ev, &id);
	/* Whatever has a state comes into it from none. */
	if (subject != GT_NO_RES && (ev->from == GT_PRES_NotExist || ev->from == GT_PRES_Undetermined))
		hear_of(s, subject, id);
	if (subject == GT_G && ev->from == GT_PRES_NotExist)
		s->created++;
	if (gt_event_kind(ev) == GT_K_Metric)
		take_metric(s, ev);
}

/* Tasks of one name together. */
static void
sum_tasks(struct stats *s)
{
	for (size_t i = 0; i < census_count(s->census, CENSUS_TASKS); i++) {
		const struct census_task *t = census_task(s->census, i);
		/* Of those begun before the trace, and of no task (0), only what they did is known. */
		struct sum *sum = t->began == CENSUS_NEVER ? NULL : sum_of(s, &s->tasks, t->name, SIZE_MAX);

		if (sum)
			add(sum, fmt_minus(t->ended, t->began), t->last == 0);
	}
}

/* Once: what single events tell, and what the census makes of all of them. */
static bool
read_events(struct stats *s, struct gt_reader *r)
{
	const struct gt_state *state = gt_reader_state(r);
	const struct gt_event *ev;
	struct gt_g g;
	bool ok = s->census != NULL;

	if (ok)
		census_watch(s->census, take_span, s);
	gt_reader_log(r, true);
	while (ok && gt_read(r, &ev) == GT_EVENT) {
		size_t n;
		const struct gt_change *ch = gt_reader_changes(r, &n);

		take_event(s, ev);
		ok = census_take(s->census, ev, ch, n, gt_reader_state(r)) && !s->nomem;
	}
	for (size_t i = 0; i < gt_g_count(state); i++)
		s->alive += gt_g_at(state, i, &g);
	if (ok) {
		census_finish(s->census);
		census_regroup(s->census);
		sum_tasks(s);
	}
	return ok && !s->nomem;
}

/* --- as tables ----------------------------------------------------------------------------------- */

static void
put_title(struct stats *s, const char *title, const char *columns)
{
	out_format(&s->o, "\n%-22s %s\n", title, columns);
}

/* Columns of the tables of things: how many, and numbers. */
enum { COUNT_WIDTH = 16, TIME_WIDTH = 9 };

static void
put_columns(struct stats *s, const char *title)
{
	out_format(&s->o, "\n%s%*s", title, COUNT_WIDTH - (int)strlen(title), "count");
}

/* A number in a column, right-aligned: symbols may take more bytes than columns. */
static void
put_cell(struct stats *s, const char *text, int width)
{
	int columns = 0;

	for (const char *p = text; *p; p++)
		columns += ((unsigned char)*p & 0xc0) != 0x80;
	out_format(&s->o, "%*s%s", width > columns ? width - columns : 0, "", text);
}

static void
put_time(struct stats *s, int64_t ns, int width)
{
	char buf[32];
	struct sb b = sb_on(buf, sizeof(buf));

	fmt_delta(&b, ns, s->sy);
	put_cell(s, buf, width);
}

static void
put_count(struct stats *s, uint64_t n, int width)
{
	char buf[32];
	struct sb b = sb_on(buf, sizeof(buf));

	fmt_count(&b, n);
	put_cell(s, buf, width);
}

static void
put_percent(struct stats *s, double part, double all)
{
	out_format(&s->o, " %5.1f%%", all > 0 ? 100 * part / all : 0.0);
}

/*
 * A name at the end of a line, behind so many columns: of a terminal it is cut to what there is. Control characters were made safe
 * for terminals by out; a line end would still break the table.
 */
static void
put_name(struct stats *s, struct gt_str name, int columns)
{
	struct out text = { .fd = -1 };
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	int left = s->o.terminal ? (int)out_columns(&s->o) - columns - 2 : 0;

	if (name.n == 0)
		OUT(&text, "(none)");
	else if (memchr(name.p, '\n', name.n) || memchr(name.p, '\t', name.n))
		out_quote(&text, name);
	else
		out_bytes(&text, name.p, name.n);
	out_bytes(&text, "", 1);
	OUT(&s->o, "  ");
	if (text.failed)
		s->nomem = true;
	else if (left > 0 && canvas_width(text.p, utf8) > left)
		out_format(&s->o, "%.*s%s", (int)canvas_fit(text.p, left - 1, utf8), text.p, utf8 ? "\u2026" : ">");
	else
		out_bytes(&s->o, text.p, text.n - 1);
	OUT(&s->o, "\n");
	free(text.p);
}

static void
put_rest(struct stats *s, size_t n)
{
	if (n > TOP)
		out_format(&s->o, "  and %zu more: --json has all\n", n - TOP);
}

static void
put_head(struct stats *s)
{
	char wall[64] = "";
	struct sb b = sb_on(wall, sizeof(wall));
	size_t bytes;

	gt_bytes(s->l->trace, &bytes);
	out_format(&s->o, "%s: go 1.%u, ", s->l->file, gt_version(s->l->trace));
	put_count(s, s->gens, 0);
	out_format(&s->o, " generation%s, ", s->gens == 1 ? "" : "s");
	put_count(s, s->events, 0);
	OUT(&s->o, " events in ");
	put_count(s, bytes, 0);
	OUT(&s->o, " bytes, ");
	put_time(s, fmt_minus(s->last, s->first), 0);
	OUT(&s->o, "\n");
	if (s->has_clock) {
		int64_t ns = s->clock.nsec + fmt_minus(s->first, s->clock.trace);

		fmt_wall(&b, s->clock.sec, ns);
		out_format(&s->o, "began %s\n", wall);
	}
	put_count(s, s->ids[GT_M].n, 0);
	OUT(&s->o, " Ms, ");
	put_count(s, s->ids[GT_P].n, 0);
	OUT(&s->o, " Ps, ");
	put_count(s, s->ids[GT_G].n, 0);
	OUT(&s->o, " goroutines: ");
	put_count(s, s->created, 0);
	OUT(&s->o, " created, ");
	put_count(s, s->alive, 0);
	OUT(&s->o, " at the end\n");
	if (s->most_heap >= 0) {
		OUT(&s->o, "heap ");
		put_count(s, (uint64_t)s->least_heap, 0);
		OUT(&s->o, " to ");
		put_count(s, (uint64_t)s->most_heap, 0);
		OUT(&s->o, " bytes");
		if (s->goal >= 0) {
			OUT(&s->o, ", last goal ");
			put_count(s, (uint64_t)s->goal, 0);
		}
		OUT(&s->o, "\n");
	}
}

static void
put_states(struct stats *s, const char *title, const int64_t time[GT_LANES])
{
	double all = 0;

	for (unsigned i = 1; i < GT_LANES; i++)
		all += (double)time[i];
	put_title(s, title, "      time");
	for (unsigned i = 1; i < GT_LANES; i++)
		if (time[i] > 0) {
			out_format(&s->o, "  %-20s ", gt_lane_name(i));
			put_time(s, time[i], 10);
			put_percent(s, (double)time[i], all);
			OUT(&s->o, "\n");
		}
}

static int
compare_counts(const uint64_t *of, unsigned a, unsigned b)
{
	return of[a] != of[b] ? (of[a] < of[b] ? 1 : -1) : (a > b) - (a < b);
}

/* The types there are, most frequent first. */
static unsigned
order_types(const struct stats *s, uint8_t order[GT_TYPES])
{
	unsigned n = 0;

	for (unsigned t = 0; t < GT_TYPES; t++) {
		unsigned at = n;

		if (s->count[t] == 0)
			continue;
		for (; at > 0 && compare_counts(s->count, order[at - 1], t) > 0; at--)
			order[at] = order[at - 1];
		order[at] = (uint8_t)t;
		n++;
	}
	return n;
}

static const char *
type_name(unsigned type)
{
	return type == GT_EV_SyncPoint ? "Sync" : gt_spec(type)->name;
}

static void
put_types(struct stats *s)
{
	uint8_t order[GT_TYPES];
	unsigned n = order_types(s, order);
	double bytes = 0;

	for (unsigned i = 0; i < n; i++)
		bytes += (double)s->bytes[order[i]];
	put_title(s, "events", "     count              bytes");
	for (unsigned i = 0; i < n && i < TOP; i++) {
		out_format(&s->o, "  %-20s ", type_name(order[i]));
		put_count(s, s->count[order[i]], 10);
		put_percent(s, (double)s->count[order[i]], (double)s->events);
		put_count(s, s->bytes[order[i]], 12);
		put_percent(s, (double)s->bytes[order[i]], bytes);
		OUT(&s->o, "\n");
	}
	put_rest(s, n);
}

static int64_t
group_time(const struct census_group *g)
{
	return g->running + g->runnable + g->waiting + g->syscall;
}

/* The largest come first: by running, then all of their time. */
static int
compare_groups(const void *a, const void *b)
{
	const struct census_group *x = *(const struct census_group *const *)a, *y = *(const struct census_group *const *)b;

	if (x->running != y->running)
		return x->running < y->running ? 1 : -1;
	if (group_time(x) != group_time(y))
		return group_time(x) < group_time(y) ? 1 : -1;
	return (x->first > y->first) - (x->first < y->first);
}

/* NULL: no memory. */
static const struct census_group **
sorted_groups(struct stats *s)
{
	size_t n = census_count(s->census, CENSUS_GROUPS);
	const struct census_group **v = malloc(n * sizeof(*v) + 1);

	for (size_t i = 0; v && i < n; i++)
		v[i] = census_group(s->census, i);
	if (v)
		qsort(v, n, sizeof(*v), compare_groups);
	else
		s->nomem = true;
	return v;
}

static void
put_groups(struct stats *s)
{
	size_t n = census_count(s->census, CENSUS_GROUPS);
	const struct census_group **v = sorted_groups(s);

	put_columns(s, "goroutines");
	out_format(&s->o, "%9s%9s%9s%9s%9s  start function\n", "running", "runnable", "waiting", "syscall", "assist");
	for (size_t i = 0; v && i < n && i < TOP; i++) {
		put_count(s, v[i]->count, COUNT_WIDTH);
		put_time(s, v[i]->running, TIME_WIDTH);
		put_time(s, v[i]->runnable, TIME_WIDTH);
		put_time(s, v[i]->waiting, TIME_WIDTH);
		put_time(s, v[i]->syscall, TIME_WIDTH);
		put_time(s, v[i]->assist, TIME_WIDTH);
		put_name(s, census_name(s->census, v[i]->func), COUNT_WIDTH + 5 * TIME_WIDTH);
	}
	put_rest(s, n);
	free(v);
}

static int
compare_sums(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int by_name = n ? memcmp(x->name.p, y->name.p, n) : 0;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	return by_name ? by_name : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

static void
put_sums(struct stats *s, const char *title, const char *of, const struct sums *all)
{
	if (all->n == 0)
		return;
	put_columns(s, title);
	out_format(&s->o, "%9s%9s%9s%9s  %s\n", "open", "total", "mean", "longest", of);
	for (size_t i = 0; i < all->n && i < TOP; i++) {
		const struct sum *x = &all->v[i];

		put_count(s, x->count, COUNT_WIDTH);
		put_count(s, x->open, TIME_WIDTH);
		put_time(s, x->total, TIME_WIDTH);
		put_time(s, x->count ? fmt_mean(x->total, x->count) : 0, TIME_WIDTH);
		put_time(s, x->longest, TIME_WIDTH);
		put_name(s, x->name, COUNT_WIDTH + 4 * TIME_WIDTH);
	}
	put_rest(s, all->n);
}

/* --- as data ----------------------------------------------------------------------------------------- */

static void
json_head(struct stats *s)
{
	size_t bytes;

	gt_bytes(s->l->trace, &bytes);
	out_format(&s->o, "{\"of\":\"trace\",\"version\":%u,\"generations\":%" PRIu64 ",\"events\":%" PRIu64 ",\"bytes\":%zu,\"ns\":%" PRId64
		",\"ms\":%zu,\"ps\":%zu,\"goroutines\":%zu,\"created\":%" PRIu64 ",\"alive\":%" PRIu64, gt_version(s->l->trace), s->gens,
		s->events, bytes, fmt_minus(s->last, s->first), s->ids[GT_M].n, s->ids[GT_P].n, s->ids[GT_G].n, s->created, s->alive);
	if (s->most_heap >= 0)
		out_format(&s->o, ",\"heap_least\":%" PRId64 ",\"heap_most\":%" PRId64, s->least_heap, s->most_heap);
	if (s->goal >= 0)
		out_format(&s->o, ",\"heap_goal\":%" PRId64, s->goal);
	if (s->procs >= 0)
		out_format(&s->o, ",\"gomaxprocs\":%" PRId64, s->procs);
	OUT(&s->o, "}\n");
}

static void
json_states(struct stats *s, const char *of, const int64_t time[GT_LANES])
{
	for (unsigned i = 1; i < GT_LANES; i++)
		if (time[i] > 0)
			out_format(&s->o, "{\"of\":\"%s\",\"state\":\"%s\",\"ns\":%" PRId64 "}\n", of, gt_lane_name(i), time[i]);
}

static void
json_types(struct stats *s)
{
	uint8_t order[GT_TYPES];
	unsigned n = order_types(s, order);

	for (unsigned i = 0; i < n; i++)
		out_format(&s->o, "{\"of\":\"event\",\"event\":\"%s\",\"count\":%" PRIu64 ",\"bytes\":%" PRIu64 "}\n", type_name(order[i]),
			s->count[order[i]], s->bytes[order[i]]);
}

static void
json_groups(struct stats *s)
{
	size_t n = census_count(s->census, CENSUS_GROUPS);
	const struct census_group **v = sorted_groups(s);

	for (size_t i = 0; v && i < n; i++) {
		OUT(&s->o, "{\"of\":\"group\",\"function\":");
		out_json(&s->o, census_name(s->census, v[i]->func));
		out_format(&s->o, ",\"count\":%" PRIu64 ",\"running\":%" PRId64 ",\"runnable\":%" PRId64 ",\"waiting\":%" PRId64
			",\"syscall\":%" PRId64 ",\"assist\":%" PRId64 "}\n", v[i]->count, v[i]->running, v[i]->runnable, v[i]->waiting,
			v[i]->syscall, v[i]->assist);
	}
	free(v);
}

static void
json_sums(struct stats *s, const char *of, const struct sums *all)
{
	for (size_t i = 0; i < all->n; i++) {
		out_format(&s->o, "{\"of\":\"%s\",\"name\":", of);
		out_json(&s->o, all->v[i].name);
		out_format(&s->o, ",\"count\":%" PRIu64 ",\"open\":%" PRIu64 ",\"ns\":%" PRId64 ",\"longest\":%" PRId64 "}\n", all->v[i].count,
			all->v[i].open, all->v[i].total, all->v[i].longest);
	}
}

/* --- the command ---------------------------------------------------------------------------------------- */

/* Ranges and regions, which the census has in other forms. */
static void
collect(struct stats *s, struct sums *ranges, struct sums *regions)
{
	for (size_t i = 0; i < census_count(s->census, CENSUS_RANGES); i++) {
		const struct range_kind *k = census_range(s->census, i);
		struct sum *sum = sum_of(s, ranges, str(k->text), SIZE_MAX);

		if (sum)
			*sum = (struct sum){ sum->name, k->timed, k->count - k->timed, k->total, k->most };
	}
	for (size_t i = 0; i < census_count(s->census, CENSUS_REGIONS); i++) {
		const struct census_region *r = census_region(s->census, i);
		struct sum *sum = sum_of(s, regions, r->name, SIZE_MAX);

		if (sum)
			*sum = (struct sum){ r->name, r->count, r->open + r->before, r->total, r->most };
	}
}

static void
sort(struct sums *all)
{
	if (all->n > 0)
		qsort(all->v, all->n, sizeof(*all->v), compare_sums);
}

static void
show(struct stats *s, bool json)
{
	struct sums ranges = { 0 }, regions = { 0 };

	collect(s, &ranges, &regions);
	struct {
		const char *title, *of, *column;
		struct sums *sums;
	} parts[] = { { "waits", "wait", "reason", &s->waits }, { "ranges", "range", "range", &ranges },
		{ "tasks", "task", "task", &s->tasks }, { "regions", "region", "region", &regions } };

	if (json) {
		json_head(s);
		json_states(s, "goroutines", s->g_time);
		json_states(s, "procs", s->p_time);
		json_types(s);
		json_groups(s);
	} else {
		put_head(s);
		put_states(s, "goroutines", s->g_time);
		put_states(s, "procs", s->p_time);
		put_types(s);
		put_groups(s);
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		sort(parts[i].sums);
		if (json)
			json_sums(s, parts[i].of, parts[i].sums);
		else
			put_sums(s, parts[i].title, parts[i].column, parts[i].sums);
	}
	free(ranges.v);
	idmap_free(&ranges.at);
	free(regions.v);
	idmap_free(&regions.at);
}

static void
stats_free(struct stats *s)
{
	free(s->waits.v);
	idmap_free(&s->waits.at);
	free(s->tasks.v);
	idmap_free(&s->tasks.at);
	for (unsigned r = GT_M; r <= GT_G; r++)
		idmap_free(&s->ids[r]);
	census_free(s->census);
}

static int
stats(const struct options *opt, struct loaded *l)
{
	struct stats s = { .l = l, .m = GT_NONE, .least_heap = -1, .most_heap = -1, .goal = -1, .procs = -1 };
	struct gt_model model;
	struct gt_reader *r;
	int status = EXIT_FINE;
	bool ok;

	if (!model_for(opt, l, &model))
		return EXIT_UNREADABLE;
	gt_salvage(l->trace, opt->salvage);
	r = gt_reader_new(l->trace, &model);
	s.sy = symbols_get(strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
	out_init(&s.o, STDOUT_FILENO);
	s.census = census_new(opt->memory / 2);
	ok = r && read_events(&s, r);
	if (ok)
		show(&s, opt->json);
	if (!ok || s.nomem) {
		complain(l->file, "out of memory");
		status = EXIT_UNREADABLE;
	} else if (gt_reader_error(r)) {
		out_flush(&s.o);
		broken_report(l, r, &model, opt, "counted");
		status = EXIT_INVALID;
	}
	if (!out_close(&s.o)) {
		complain(NULL, "writing failed");
		status = EXIT_UNREADABLE;
	}
	stats_free(&s);
	gt_reader_free(r);
	return status;
}

int
cmd_stats(const struct options *opt, int argc, char **argv)
{
	struct loaded l;
	int status;

	if (argc != 1)
		return usage_error("stats takes one FILE");
	status = load(&l, argv[0], opt->memory);
	if (status == EXIT_FINE) {
		status = stats(opt, &l);
		unload(&l);
	}
	return status;
}
