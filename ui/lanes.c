/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Timelines, as data: see lanes.h. A window is read from the event before its beginning to its end. What was there
 * already at its beginning is told to gt_timeline as if it changed there; what it gives out are spans, which are laid
 * over columns here. Where the window begins is found by halving, over times of events kept from earlier readings. What no
 * state holds, the sizes of the heap and why goroutines wait, is looked for backwards from there, once the window has been read.
 */
#include "lanes.h"

#include <stdlib.h>
#include <string.h>

#include "idmap.h"

#define MAX_LANES 100000
#define MAX_PIECES 400000
/* Of each so many events the time is kept. */
#define MARK 1024
#define NOT_KNOWN INT64_MIN
/* Asks whether to stop after so many events. */
#define ASK 512

/* Looked through at once, backwards; and so many events at most where there is no index. */
#define SLICE 1024
#define FAR 200000
/* Of so many goroutines it is looked for why they waited; and the bit for that among those of metrics. */
#define MAX_PENDING 10000
#define REASONS (1u << LANE_METRICS)

/* A lane, for sorting. */
struct place {
	int64_t id;
	size_t at;
	bool active;
};

enum phase { PHASE_FIND, PHASE_READ, PHASE_DONE };

/* A goroutine that was let go on; why it waited was told before the window. */
struct pending {
	int64_t id, p, g; /* it, and the context */
	uint64_t n;
	uint16_t column;
	bool told; /* in the slice being looked through */
	uint8_t by; /* enum gt_waker */
};

struct lanes {
	struct lane_window w;
	lanes_light_fn *light;
	void *light_arg;
	enum phase phase;
	uint64_t base;       /* the first event is the one behind it */
	uint64_t lo, hi, at; /* FIND: the first event in the window is in (lo, hi]; READ: the next one */
	struct gt_timeline *tl;
	struct gt_timeline *past; /* of the events alone that tell what was so at the start */
	bool telling;             /* the event before was one of them */
	struct idmap index;
	struct lane *lane;
	size_t n, cap;
	struct place *order;
	size_t norder;
	bool ordered;   /* order is of the lanes as they are, */
	int64_t kin_of; /* and of so many kin of that goroutine */
	size_t kin;
	size_t pieces;
	bool cut, ended; /* ended: there were no more events */
	bool starved;    /* or there was no memory to read on */
	struct lane extra[LX_LANES];
	struct gt_span open[LX_LANES]; /* what goes on there; state NONE: nothing */
	uint64_t level[LX_LANES];      /* tasks and regions open */
	struct lane_tally tally[LANE_TALLIES][LANE_COLUMNS];
	struct lane_range metric[LANE_METRICS][LANE_COLUMNS];
	uint64_t value[LANE_METRICS];
	uint64_t early[LANE_METRICS]; /* what they count is known to have been so from the start on, */
	int64_t start;                /* which is the first event told of; NOT_KNOWN: none yet */
	struct lane_range here[LANE_METRICS]; /* in the column being read */
	uint64_t event[LANE_COLUMNS]; /* the first one in or after a column */
	unsigned known;                /* columns that are over */
	uint64_t events;
	int64_t last; /* time of the last one, */
	int64_t behind; /* and of the one that came next */
	int64_t before; /* time of the event read last; NOT_KNOWN: there was none */
	bool seeded;
	unsigned wanted; /* a bit for each metric whose value when the window begins is looked for, and one for reasons of waits */
	uint64_t back;   /* from this event on, up to the window, they are not told */
	uint64_t far;    /* events looked through without an index */
	uint64_t looked; /* and in all */
	uint64_t ahead;  /* from this event on, behind the window, they are looked for; 0: no more */
	uint64_t far_ahead; /* without an index */
	uint64_t seed;   /* the event before the window */
	struct pending *pend;
	size_t npend, cpend;
	struct idmap pends; /* by goroutine */
	int64_t *mark; /* time of event i * MARK */
	size_t nmark, cmark;
};

static const struct {
	const char *utf8, *ascii, *means;
} glyphs[LANE_CELLS] = {
	[LC_NONE] = { " ", " ", "" },
	[LC_IDLE] = { "·", ".", "idle" },
	[LC_RUNNING] = { "█", "#", "running" },
	[LC_RUNNABLE] = { "▒", "r", "runnable" },
	[LC_WAITING] = { "─", "w", "waiting" },
	[LC_SYSCALL] = { "≈", "s", "in a syscall or C" },
	[LC_BARE] = { "░", "p", "has a P, runs no goroutine" },
	[LC_GC] = { "▓", "G", "garbage collection" },
	[LC_STW] = { "█", "X", "the world is stopped" },
	[LC_TASK] = { "▒", "t", "task" },
	[LC_REGION] = { "▒", "r", "region" },
};

const char *
lane_glyph(unsigned cell, bool utf8)
{
	cell = cell < LANE_CELLS ? cell : LC_NONE;
	return utf8 ? glyphs[cell].utf8 : glyphs[cell].ascii;
}

const char *
lane_means(unsigned cell, enum gt_res by)
{
	if (cell == LC_BARE && by == GT_P)
		return "runs no goroutine";
	return glyphs[cell < LANE_CELLS ? cell : LC_NONE].means;
}

const char *
lane_extra_name(enum lane_extra x)
{
	static const char *const names[LANE_EXTRAS] = { "GC", "STW", "tasks", "regions", "samples", "network", "timers", "heap",
		"goal", "Gs", "running", "syscalls", "threads" };

	return names[x];
}

const char *
lane_level(unsigned eighths, bool utf8)
{
	static const char *const rich[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const plain[] = { " ", "1", "2", "3", "4", "5", "6", "7", "8" };

	eighths = eighths > 8 ? 8 : eighths;
	return utf8 ? rich[eighths] : plain[eighths];
}

unsigned
lane_eighths(uint64_t value, uint64_t most)
{
	unsigned e = most ? (unsigned)((double)value / (double)most * 8 + 0.5) : 0;

	return value && !e ? 1 : e;
}

/* --- columns ------------------------------------------------------------- */

static double
minus(int64_t b, int64_t a)
{
	return (double)b - (double)a;
}

int
lane_column(const struct lane_window *w, int64_t time)
{
	double span = minus(w->to, w->from), at = span > 0 ? minus(time, w->from) * w->columns / span : 0;

	return at < 0 ? -1 : at >= w->columns ? (int)w->columns : (int)at;
}

int64_t
lane_time(const struct lane_window *w, unsigned column)
{
	/* The difference is known to be no more than an int64_t holds: see lanes_want. */
	return (int64_t)((uint64_t)w->from + (uint64_t)(minus(w->to, w->from) * column / w->columns));
}

/* --- pieces ---------------------------------------------------------------- */

static void
push(struct lanes *l, struct lane *lane, const struct lane_piece *p)
{
	struct lane_piece *last = lane->n ? &lane->piece[lane->n - 1] : NULL;

	if (last && !last->many && !p->many && last->cell == p->cell && last->first == p->first &&
		last->to + 1 == p->from && last->began == p->began && last->level == p->level) {
		last->to = p->to;
		return;
	}
	if (lane->n == lane->cap) {
		size_t cap = lane->cap ? 2 * lane->cap : 4;
		struct lane_piece *v = l->pieces + cap > MAX_PIECES ? NULL : realloc(lane->piece, cap * sizeof *v);

		if (!v) {
			l->cut = true;
			return;
		}
		l->pieces += cap - lane->cap;
		lane->piece = v;
		lane->cap = cap;
	}
	lane->piece[lane->n++] = *p;
}

static double
length(const struct lane_piece *p)
{
	return minus(p->ended, p->began);
}

/* The column being read is over: the state that took most of its time stands for it. */
static void
end_column(struct lanes *l, struct lane *lane)
{
	const struct lane_part *most = lane->part;
	double all = 0, runs = 0;
	struct lane_piece p;

	if (!lane->count)
		return;
	for (const struct lane_part *x = lane->part; x < lane->part + lane->nparts; x++) {
		all += x->ns;
		runs += x->piece.cell == LC_RUNNING ? x->ns : 0;
		if (x->ns > most->ns || (x->ns >= most->ns && length(&x->piece) > length(&most->piece)))
			most = x;
	}
	p = most->piece;
	p.from = p.to = lane->column;
	p.count = lane->count;
	p.such = most->count;
	p.many = p.count > 1;
	p.share = (uint8_t)(all > 0 ? runs / all * 8 + 0.5 : 0);
	push(l, lane, &p);
	lane->count = lane->nparts = 0;
}

/* Into one column, with whatever else is there. */
static void
add_to_column(struct lanes *l, struct lane *lane, unsigned column, struct lane_piece p, double ns)
{
	struct lane_part *x = lane->part;

	if (lane->column != column)
		end_column(l, lane);
	lane->column = (uint16_t)column;
	while (x < lane->part + lane->nparts && x->piece.cell != p.cell)
		x++;
	if (x == lane->part + LANE_PARTS)
		return;
	lane->count++;
	if (x == lane->part + lane->nparts) {
		*x = (struct lane_part){ .piece = p };
		lane->nparts++;
	}
	/* A column is an instant where even a nanosecond is wider: it counts all the same. */
	x->count++;
	x->ns += ns > 0 ? ns : 1e-3;
	if (p.level > x->piece.level || (p.level == x->piece.level && length(&p) > length(&x->piece)))
		x->piece = p;
}

/* A span over its columns: the first and the last are shared with others, those between are its own. */
static void
add_span(struct lanes *l, struct lane *lane, const struct gt_span *s, unsigned cell, uint64_t level)
{
	struct lane_piece p = { .cell = (uint8_t)cell, .level = level < UINT32_MAX ? (uint32_t)level : UINT32_MAX, .m = s->m, .p = s->p, .g = s->g,
		.first = s->first, .began = s->from, .ended = s->to, .text = s->reason };
	/* What is beyond the window takes no time of a column. */
	int64_t from = s->from > l->w.from ? s->from : l->w.from, to = s->to < l->w.to ? s->to : l->w.to;
	int a = lane_column(&l->w, from), b = lane_column(&l->w, to);
	double width = minus(l->w.to, l->w.from) / l->w.columns;

	if (b < 0 || a >= (int)l->w.columns || cell == LC_NONE)
		return;
	b = b >= (int)l->w.columns ? (int)l->w.columns - 1 : b;
	if (a == b) {
		add_to_column(l, lane, (unsigned)a, p, minus(to, from));
		return;
	}
	add_to_column(l, lane, (unsigned)a, p, width - (minus(from, l->w.from) - a * width));
	end_column(l, lane);
	if (a + 1 < b) {
		p.from = (uint16_t)(a + 1);
		p.to = (uint16_t)(b - 1);
		push(l, lane, &p);
	}
	add_to_column(l, lane, (unsigned)b, p, minus(to, l->w.from) - b * width);
}

/* --- lanes ------------------------------------------------------------------- */

static struct lane *
lane_of(struct lanes *l, int64_t id)
{
	uint32_t at = idmap_get(&l->index, (uint64_t)id);

	if (at != IDMAP_NONE)
		return &l->lane[at];
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 32;
		struct lane *v = cap > MAX_LANES ? NULL : realloc(l->lane, cap * sizeof *v);

		if (!v) {
			l->cut = true;
			return NULL;
		}
		l->lane = v;
		l->cap = cap;
	}
	if (!idmap_put(&l->index, (uint64_t)id, (uint32_t)l->n)) {
		l->cut = true;
		return NULL;
	}
	l->ordered = false;
	l->lane[l->n] = (struct lane){ .id = id };
	return &l->lane[l->n++];
}

static void
take_span(void *arg, const struct gt_span *s)
{
	struct lanes *l = arg;
	struct lane *lane = s->res == l->w.by ? lane_of(l, s->id) : NULL;

	if (!lane)
		return;
	if (!lane->active && s->last) {
		lane->active = true;
		l->ordered = false;
	}
	add_span(l, lane, s, s->state, 0);
}

static void
no_span(void *arg, const struct gt_span *s)
{
	(void)arg, (void)s;
}

/* --- what is marked ----------------------------------------------------------- */

static void
light_lane(struct lanes *l, int64_t id, unsigned column)
{
	struct lane *lane = id == GT_NONE ? NULL : lane_of(l, id);

	if (lane && !lane->lit)
		lane->lit = calloc(LANE_COLUMNS / 64, sizeof *lane->lit);
	if (lane && lane->lit)
		lane->lit[column / 64] |= (uint64_t)1 << column % 64;
}

/* An event lies in the lane of its context, and in that of what it is about. */
static void
light_event(struct lanes *l, const struct gt_event *ev, const struct gt_state *after)
{
	int column = lane_column(&l->w, ev->time);
	int64_t id;

	if (column < 0 || column >= (int)l->w.columns ||
		!l->light(l->light_arg, ev, after, l->before == NOT_KNOWN ? ev->time : l->before))
		return;
	light_lane(l, l->w.by == GT_M ? ev->m : l->w.by == GT_P ? ev->p : ev->g, (unsigned)column);
	if (gt_event_subject(ev, &id) == l->w.by)
		light_lane(l, id, (unsigned)column);
}

bool
lane_is_lit(const struct lane *l, unsigned column)
{
	return l->lit && column < LANE_COLUMNS && l->lit[column / 64] >> column % 64 & 1;
}

/* --- the order of lanes ---------------------------------------------------------- */

static int
by_activity(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->active != y->active)
		return x->active ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

void
lanes_sort_kin(struct lanes *l, const struct kin *kin)
{
	size_t seen = kin->is.n;
	struct place *order = l->ordered && l->kin_of == kin->g && l->kin == seen ? NULL : realloc(l->order, (l->n ? l->n : 1) * sizeof *order);

	if (!order)
		return;
	l->order = order;
	l->norder = 0;
	/* Of goroutines there are many that just wait. */
	for (size_t i = 0; i < l->n; i++)
		if (l->w.by != GT_G || kin_has(kin, l->lane[i].id))
			order[l->norder++] = (struct place){ l->lane[i].id, i, l->lane[i].active || l->w.by != GT_G };
	qsort(order, l->norder, sizeof *order, by_activity);
	l->kin_of = kin->g;
	l->kin = seen;
	l->ordered = true;
}

void
lanes_sort(struct lanes *l)
{
	static const struct kin nobody = { .g = GT_NONE };

	lanes_sort_kin(l, &nobody);
}

/* --- what goes on beside ----------------------------------------------------- */

static const uint8_t extra_cell[LX_LANES] = { LC_GC, LC_STW, LC_TASK, LC_REGION };

static void
close_extra(struct lanes *l, enum lane_extra x, int64_t time)
{
	struct gt_span *s = &l->open[x];

	if (s->state == GT_LANE_NONE)
		return;
	s->to = time;
	add_span(l, &l->extra[x], s, extra_cell[x], l->level[x]);
	s->state = GT_LANE_NONE;
}

static void
open_extra(struct lanes *l, enum lane_extra x, const struct gt_event *ev, struct gt_str text)
{
	close_extra(l, x, ev->time);
	l->open[x] = (struct gt_span){ .state = GT_LANE_RUNNING, .m = ev->m, .p = ev->p, .g = ev->g, .from = ev->time,
		.first = ev->n, .reason = text };
}

/* Pieces that were pushed, one deeper up to a column, and what is between them filled: p stands for what was there all the time. */
static void
fill_below(struct lanes *l, struct lane *lane, unsigned from, unsigned to, struct lane_piece p)
{
	struct lane was = *lane;
	unsigned next = from;

	lane->piece = NULL;
	lane->n = lane->cap = 0;
	for (size_t i = 0; i <= was.n && next < to; i++) {
		unsigned end = i < was.n && was.piece[i].from < to ? was.piece[i].from : to;

		p.from = (uint16_t)next;
		p.to = (uint16_t)(end - 1);
		if (next < end)
			push(l, lane, &p);
		if (i == was.n)
			break;
		was.piece[i].level += p.level;
		push(l, lane, &was.piece[i]);
		next = was.piece[i].to + 1u;
	}
	l->pieces -= was.cap;
	free(was.piece);
}

/* One more was there from the start on, as is told by the event that ends it. */
static void
end_from_before(struct lanes *l, enum lane_extra x, const struct gt_event *ev, struct gt_str text)
{
	struct lane *lane = &l->extra[x];
	struct gt_span *open = &l->open[x];
	struct lane_piece p = { .cell = extra_cell[x], .level = x >= LX_TASKS, .m = ev->m, .p = ev->p, .g = ev->g, .began = l->start, .ended = ev->time,
		.text = text };
	int from = lane_column(&l->w, l->start), to = lane_column(&l->w, ev->time);
	bool goes_on = open->state != GT_LANE_NONE;

	close_extra(l, x, ev->time);
	from = from < 0 ? 0 : from;
	if (to >= (int)l->w.columns)
		return;
	if (lane->count && lane->column != to)
		end_column(l, lane);
	if (from < to)
		fill_below(l, lane, (unsigned)from, (unsigned)to, p);
	for (unsigned i = 0; i < lane->nparts; i++)
		lane->part[i].piece.level += p.level;
	add_to_column(l, lane, (unsigned)to, p, 0);
	if (goes_on) {
		open->state = GT_LANE_RUNNING;
		open->from = ev->time;
	}
}

/* Tasks and regions: how many are open, and the name of the latest. */
static void
change_level(struct lanes *l, enum lane_extra x, const struct gt_event *ev, bool up)
{
	static const struct gt_str none;
	unsigned name = x == LX_TASKS ? 2 : 1;

	close_extra(l, x, ev->time);
	l->level[x] += up ? 1 : l->level[x] ? UINT64_MAX : 0;
	if (l->level[x])
		open_extra(l, x, ev, up ? gt_event_string(ev, name) : none);
}

static void
change_gc(struct lanes *l, const struct gt_event *ev, bool on)
{
	static const struct gt_str none;

	if (on)
		open_extra(l, LX_GC, ev, none);
	else if (l->open[LX_GC].state == GT_LANE_NONE && ev->type == GT_EV_GCEnd)
		end_from_before(l, LX_GC, ev, none);
	else
		close_extra(l, LX_GC, ev->time);
	if (on && ev->type == GT_EV_GCActive) {
		l->open[LX_GC].from = l->start;
		l->open[LX_GC].first = 0;
	}
}

static void
take_change(struct lanes *l, const struct gt_event *ev, const struct gt_change *ch)
{
	switch (ch->field) {
	case GT_CH_GC:
		change_gc(l, ev, ch->to == GT_GC_RUNNING);
		break;
	case GT_CH_TASK_BEGIN:
	case GT_CH_TASK_END:
		change_level(l, LX_TASKS, ev, ch->field == GT_CH_TASK_BEGIN);
		break;
	case GT_CH_REGION_BEGIN:
	case GT_CH_REGION_END:
		change_level(l, LX_REGIONS, ev, ch->field == GT_CH_REGION_BEGIN);
		break;
	default:
		break;
	}
}

struct lane_counts
lanes_counts(const struct gt_timeline *tl, lane_count_fn *count)
{
	struct lane_counts n = { .running = count(tl, GT_G, GT_LANE_RUNNING), .in_syscall = count(tl, GT_G, GT_LANE_SYSCALL),
		.m_running = count(tl, GT_M, GT_LANE_RUNNING) + count(tl, GT_M, GT_LANE_BARE), .m_in_syscall = count(tl, GT_M, GT_LANE_SYSCALL) };

	n.goroutines = n.running + n.in_syscall + count(tl, GT_G, GT_LANE_RUNNABLE) + count(tl, GT_G, GT_LANE_WAITING);
	return n;
}

/* What the states of Ms and goroutines add up to. */
static void
count_states(const struct gt_timeline *tl, lane_count_fn *count, uint64_t value[LANE_METRICS])
{
	struct lane_counts n = lanes_counts(tl, count);

	value[LX_GOROUTINES - LX_TALLIES] = n.goroutines;
	value[LX_RUNNING - LX_TALLIES] = n.running;
	value[LX_SYSCALLS - LX_TALLIES] = n.in_syscall;
	value[LX_THREADS - LX_TALLIES] = n.m_running + n.m_in_syscall;
	value[LX_THREADS_RUNNING - LX_TALLIES] = n.m_running;
	value[LX_THREADS_SYSCALL - LX_TALLIES] = n.m_in_syscall;
}

static void
widen(struct lane_range *r, uint64_t value)
{
	if (value == LANE_UNKNOWN)
		return;
	r->least = r->least == LANE_UNKNOWN || value < r->least ? value : r->least;
	r->most = r->most == LANE_UNKNOWN || value > r->most ? value : r->most;
}

/* How many do something is not known before anything that lives has been told of. */
static bool
lives(const uint64_t value[LANE_METRICS])
{
	return value[LX_GOROUTINES - LX_TALLIES] > 0 || value[LX_THREADS - LX_TALLIES] > 0;
}

/* It counts what does something. */
static bool
counts(int k)
{
	return k + LX_TALLIES != LX_HEAP && k + LX_TALLIES != LX_GOAL;
}

/* What a metric is now; some: anything lives. */
static uint64_t
value_now(const struct lanes *l, int k, bool some)
{
	return counts(k) && !some ? LANE_UNKNOWN : l->value[k];
}

/* What the metrics are counts for the column being read. */
static void
measure(struct lanes *l)
{
	bool some = lives(l->value);

	for (int k = 0; k < LANE_METRICS; k++)
		widen(&l->here[k], value_now(l, k, some));
}

/* They are what they were before it. */
static void
measure_anew(struct lanes *l)
{
	bool some = lives(l->value);

	for (int k = 0; k < LANE_METRICS; k++) {
		uint64_t now = value_now(l, k, some);

		l->here[k] = (struct lane_range){ now, now };
	}
}

/* What does something by then counts in this column as well. */
static void
raise(struct lane_range *r, uint64_t more)
{
	if (r->most == LANE_UNKNOWN)
		*r = (struct lane_range){ 0, 0 };
	r->least += more;
	r->most += more;
}

/*
 * Of what an event tells to have been so at the start: that counts from there on, as its lane begins there. The event after it
 * may tell more of it.
 */
static void
catch_up(struct lanes *l, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	bool telling = ev->from == GT_PRES_Undetermined;
	uint64_t early[LANE_METRICS] = { 0 };
	int from = lane_column(&l->w, l->start);

	if (!telling && !l->telling)
		return;
	l->telling = telling;
	l->starved |= !gt_timeline_event(l->past, ev, ch, nch, after);
	count_states(l->past, gt_timeline_early, early);
	if (memcmp(early, l->early, sizeof early) == 0)
		return;
	for (int k = 0; k < LANE_METRICS && lives(early); k++) {
		for (unsigned i = from < 0 ? 0 : (unsigned)from; counts(k) && i < l->known; i++)
			raise(&l->metric[k][i], early[k] - l->early[k]);
		if (counts(k))
			raise(&l->here[k], early[k] - l->early[k]);
	}
	memcpy(l->early, early, sizeof early);
}

/* All columns before this one are over; those behind the one being read have the values of now. */
static void
reach(struct lanes *l, int column, uint64_t n)
{
	unsigned to = column < 0 ? 0 : (unsigned)column > l->w.columns ? l->w.columns : (unsigned)column;

	for (; l->known < to; l->known++) {
		for (int k = 0; k < LANE_METRICS; k++)
			l->metric[k][l->known] = l->here[k];
		measure_anew(l);
		if (l->known + 1 < l->w.columns)
			l->event[l->known + 1] = n;
	}
}

/* Metrics that are told by events. */
static const struct {
	enum lane_extra is;
	uint8_t type;
} told[] = { { LX_HEAP, GT_EV_HeapAlloc }, { LX_GOAL, GT_EV_HeapGoal } };
#define TOLD (sizeof told / sizeof *told)

static void
tally(struct lanes *l, enum lane_extra x, unsigned column, uint64_t n, int64_t g)
{
	struct lane_tally *t = &l->tally[x - LX_LANES][column];

	if (!t->count || n < t->first) {
		t->first = n;
		t->g = g;
	}
	t->count++;
}

static void
tally_waker(struct lanes *l, enum gt_waker by, unsigned column, uint64_t n, int64_t g)
{
	if (by != GT_WAKER_OTHER)
		tally(l, by == GT_WAKER_NETWORK ? LX_NETWORK : LX_TIMERS, column, n, g);
}

/* Why it waited is to be looked for before the window. */
static void
suspend(struct lanes *l, const struct gt_event *ev, int64_t id, unsigned column)
{
	if (l->npend == MAX_PENDING || idmap_get(&l->pends, (uint64_t)id) != IDMAP_NONE)
		return;
	if (l->npend == l->cpend) {
		size_t cap = l->cpend ? 2 * l->cpend : 64;
		struct pending *v = realloc(l->pend, cap * sizeof *v);

		if (!v)
			return;
		l->pend = v;
		l->cpend = cap;
	}
	if (!idmap_put(&l->pends, (uint64_t)id, (uint32_t)l->npend))
		return;
	l->pend[l->npend++] = (struct pending){ .id = id, .p = ev->p, .g = ev->g, .n = ev->n, .column = (uint16_t)column };
	l->tally[LX_NETWORK - LX_LANES][column].sought++;
	l->tally[LX_TIMERS - LX_LANES][column].sought++;
	l->wanted |= REASONS;
}

/* Before it is told to the timeline: that still knows what the goroutine waited for. */
static void
take_unblock(struct lanes *l, const struct gt_event *ev, unsigned column)
{
	const struct gt_span *now;
	int64_t id;

	if (gt_event_subject(ev, &id) != GT_G)
		return;
	now = gt_timeline_now(l->tl, GT_G, id);
	if (now && now->first <= l->seed && l->w.beside && l->seeded)
		suspend(l, ev, id, column);
	else if (now)
		tally_waker(l, gt_woken_by(now->reason, ev->p, ev->g), column, ev->n, id);
}

static void
take_event(struct lanes *l, const struct gt_event *ev)
{
	static const struct gt_str none;
	int column = lane_column(&l->w, ev->time);
	bool inside = column >= 0 && column < (int)l->w.columns;

	reach(l, column, ev->n);
	if (!l->event[0])
		l->event[0] = ev->n;
	for (size_t i = 0; i < TOLD; i++)
		if (told[i].type == ev->type)
			l->value[told[i].is - LX_TALLIES] = ev->arg[0];
	switch (ev->type) {
	case GT_EV_STWBegin:
		open_extra(l, LX_STW, ev, gt_event_string(ev, 0));
		break;
	case GT_EV_STWEnd:
		if (l->open[LX_STW].state == GT_LANE_NONE)
			end_from_before(l, LX_STW, ev, none);
		else
			close_extra(l, LX_STW, ev->time);
		break;
	case GT_EV_UserTaskEnd:
	case GT_EV_UserRegionEnd:
		if (ev->since == GT_BEFORE)
			end_from_before(l, ev->type == GT_EV_UserTaskEnd ? LX_TASKS : LX_REGIONS, ev, ev->type == GT_EV_UserTaskEnd ? none : gt_event_string(ev, 1));
		break;
	case GT_EV_CPUSample:
		if (inside)
			tally(l, LX_SAMPLES, (unsigned)column, ev->n, ev->g);
		break;
	case GT_EV_GoUnblock:
		if (inside)
			take_unblock(l, ev, (unsigned)column);
		break;
	default:
		break;
	}
}

/* --- the beginning of a window ---------------------------------------------------- */

static void
seed_extras(struct lanes *l, const struct gt_event *ev, const struct gt_state *s)
{
	static const struct gt_str none;
	struct gt_region region[16];
	struct gt_task task;
	struct gt_g g;
	uint8_t range[16];
	uint64_t seq;

	if (gt_gc(s, &seq) == GT_GC_RUNNING)
		open_extra(l, LX_GC, ev, none);
	for (size_t i = 0; i < gt_task_count(s); i++)
		l->level[LX_TASKS] += gt_task_at(s, i, &task);
	for (size_t i = 0; i < gt_g_count(s); i++) {
		size_t n;

		if (!gt_g_at(s, i, &g))
			continue;
		l->level[LX_REGIONS] += gt_regions(s, g.id, region, 16);
		n = gt_ranges(s, GT_G, g.id, range, 16);
		for (size_t k = 0; k < n && k < 16; k++)
			if (range[k] == GT_EV_STWBegin)
				open_extra(l, LX_STW, ev, none);
	}
	for (int x = LX_TASKS; x <= LX_REGIONS; x++)
		if (l->level[x])
			open_extra(l, (enum lane_extra)x, ev, none);
}

/* The states as changes from nothing. Returns how many; NULL: no memory. */
static struct gt_change *
as_changes(const struct gt_state *s, size_t *count)
{
	size_t most = 2 * gt_m_count(s) + gt_p_count(s) + gt_g_count(s), n = 0;
	struct gt_change *ch = malloc((most ? most : 1) * sizeof *ch);
	struct gt_m m;
	struct gt_p p;
	struct gt_g g;

	for (size_t i = 0; ch && i < gt_m_count(s); i++) {
		if (!gt_m_at(s, i, &m))
			continue;
		ch[n++] = (struct gt_change){ GT_CH_M_P, m.id, GT_NONE, m.p };
		ch[n++] = (struct gt_change){ GT_CH_M_G, m.id, GT_NONE, m.g };
	}
	for (size_t i = 0; ch && i < gt_p_count(s); i++)
		if (gt_p_at(s, i, &p))
			ch[n++] = (struct gt_change){ GT_CH_P_STATUS, p.id, GT_P_GONE, p.status };
	for (size_t i = 0; ch && i < gt_g_count(s); i++)
		if (gt_g_at(s, i, &g))
			ch[n++] = (struct gt_change){ GT_CH_G_STATUS, g.id, GT_G_GONE, g.status };
	*count = n;
	return ch;
}

/* What is there already when the window begins, as if it came about with the event before. */
static bool
seed(struct lanes *l, const struct gt_event *ev, const struct gt_state *s)
{
	size_t n;
	struct gt_change *ch = as_changes(s, &n);
	bool ok = ch && gt_timeline_event(l->tl, ev, ch, n, s);

	free(ch);
	l->start = ev->time;
	seed_extras(l, ev, s);
	count_states(l->tl, gt_timeline_count, l->value);
	measure_anew(l);
	l->seed = ev->n;
	for (size_t i = 0; l->w.beside && i < TOLD; i++)
		l->wanted |= 1u << (told[i].is - LX_TALLIES);
	l->back = ev->n + 1;
	return ok;
}

/* --- reading ---------------------------------------------------------------------------- */

struct reading {
	struct lanes *l;
	bool (*stop)(void *arg);
	void *arg;
	bool stopped, over;
};

static void
keep_mark(struct lanes *l, uint64_t n, int64_t time)
{
	size_t i = (size_t)(n / MARK);

	if (n % MARK)
		return;
	if (i >= l->cmark) {
		size_t cap = i + i / 2 + 64;
		int64_t *v = realloc(l->mark, cap * sizeof *v);

		if (!v)
			return;
		l->mark = v;
		l->cmark = cap;
	}
	for (; l->nmark <= i; l->nmark++)
		l->mark[l->nmark] = NOT_KNOWN;
	l->mark[i] = time;
}

static bool
take(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct reading *r = arg;
	struct lanes *l = r->l;

	keep_mark(l, ev->n, ev->time);
	l->at = ev->n + 1;
	/* There is one event before the window, or none; more only where times make no sense. */
	if (ev->time < l->w.from) {
		l->starved |= !l->seeded && !seed(l, ev, after);
		l->seeded = true;
		l->before = ev->time;
		r->stopped = ev->n % ASK == 0 && r->stop(r->arg);
		return !l->starved && !r->stopped;
	}
	if (ev->time >= l->w.to) {
		/* Its own doing is beyond the window, but what was before goes on until here. */
		r->over = true;
		l->behind = ev->time;
		gt_timeline_event(l->tl, ev, NULL, 0, after);
		reach(l, (int)l->w.columns, ev->n);
		return false;
	}
	l->events++;
	l->last = ev->time;
	if (l->start == NOT_KNOWN)
		l->start = ev->time;
	take_event(l, ev);
	if (l->w.lights && l->light)
		light_event(l, ev, after);
	l->before = ev->time;
	l->starved |= !gt_timeline_event(l->tl, ev, ch, nch, after);
	for (size_t i = 0; i < nch; i++)
		take_change(l, ev, &ch[i]);
	count_states(l->tl, gt_timeline_count, l->value);
	catch_up(l, ev, ch, nch, after);
	measure(l);
	r->stopped = ev->n % ASK == 0 && r->stop(r->arg);
	return !l->starved && !r->stopped;
}

static void
finish(struct lanes *l, bool at_end)
{
	int64_t end = at_end || l->starved ? l->last : l->w.to;

	l->ended = at_end;
	if (at_end) {
		reach(l, lane_column(&l->w, end) + 1, 0);
		for (int k = 0; k < LANE_METRICS; k++)
			l->value[k] = LANE_UNKNOWN;
		measure_anew(l);
		reach(l, (int)l->w.columns, 0);
	}
	gt_timeline_end(l->tl);
	gt_timeline_free(l->tl);
	l->tl = NULL;
	for (int x = 0; x < LX_LANES; x++) {
		close_extra(l, (enum lane_extra)x, end);
		end_column(l, &l->extra[x]);
	}
	for (size_t i = 0; i < l->n; i++)
		end_column(l, &l->lane[i]);
	l->ahead = at_end || l->starved ? 0 : l->at - 1;
	l->phase = PHASE_DONE;
}

static void
read_on(struct lanes *l, struct gt_nav *nav, struct reading *r)
{
	gt_nav_each(nav, l->at, SIZE_MAX, take, r);
	l->starved |= gt_nav_starved(nav) && !r->stopped && !r->over;
	if (!r->stopped || l->starved)
		finish(l, !r->over && !l->starved);
}

struct look {
	struct lanes *l;
	int64_t time;
	uint64_t n;
};

static bool
look_at(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct look *k = arg;

	(void)ch, (void)nch, (void)after;
	keep_mark(k->l, ev->n, ev->time);
	k->n = ev->n;
	k->time = ev->time;
	/* Looked for is the first event in the window. */
	return ev->time < k->l->w.from;
}

/* The same by what the index knows. False: it does not know that event. */
static bool
by_block(struct lanes *l, const struct gt_nav *nav, uint64_t n)
{
	const struct gt_block *b = gt_nav_block(nav, n);
	uint64_t lo = l->lo, hi = l->hi;

	if (!b)
		return false;
	if (b->sum.to < l->w.from && b->sum.last > lo)
		lo = b->sum.last;
	else if (b->sum.from >= l->w.from && b->sum.first < hi)
		hi = b->sum.first;
	else
		return false;
	if (lo >= hi)
		return false;
	l->lo = lo;
	l->hi = hi;
	return true;
}

/* Where memory ended, so does it all. */
static bool
gave_up(struct lanes *l, const struct gt_nav *nav)
{
	l->starved = gt_nav_starved(nav);
	if (l->starved)
		finish(l, false);
	return l->starved;
}

/* One halving; where little is left, all of that; where that is not enough, a little more of what nobody has read yet. */
static void
find_on(struct lanes *l, struct gt_nav *nav)
{
	uint64_t mid = l->lo + (l->hi - l->lo) / 2 / MARK * MARK;
	struct look k = { .l = l };
	size_t given;

	if (by_block(l, nav, l->lo + (l->hi - l->lo) / 2))
		return;
	mid -= mid % MARK;
	if (mid > l->lo && mid < l->hi) {
		k.time = mid / MARK < l->nmark ? l->mark[mid / MARK] : NOT_KNOWN;
		if (k.time == NOT_KNOWN && !gt_nav_each(nav, mid, 1, look_at, &k))
			k.time = INT64_MAX;
		if (gave_up(l, nav))
			return;
		if (k.time < l->w.from)
			l->lo = mid;
		else
			l->hi = mid;
		return;
	}
	given = gt_nav_each(nav, l->lo + 1, (size_t)(l->hi - l->lo), look_at, &k);
	if (gave_up(l, nav))
		return;
	if (given == l->hi - l->lo && k.time < l->w.from) {
		l->lo = l->hi;
		l->hi += 2 * MARK;
		return;
	}
	l->at = given && k.time >= l->w.from ? k.n : l->lo + given + 1;
	/* The event before tells what was there already. */
	l->at -= l->at > l->base + 1;
	l->phase = PHASE_READ;
}

/* --- looking back ------------------------------------------------------------------------- */

/* Of a slice: what was told last of each. */
struct looking_back {
	struct lanes *l;
	bool found[LANE_METRICS];
	uint64_t value[LANE_METRICS];
};

/* A later one of the same slice holds. */
static void
tell_reason(struct lanes *l, const struct gt_event *ev)
{
	uint32_t at = idmap_get(&l->pends, (uint64_t)ev->g);
	struct pending *p = at == IDMAP_NONE ? NULL : &l->pend[at];

	if (!p)
		return;
	p->told = true;
	p->by = (uint8_t)gt_woken_by(gt_event_string(ev, 0), p->p, p->g);
}

static void
forget_pending(struct lanes *l)
{
	for (unsigned i = 0; i < LANE_COLUMNS; i++)
		for (int x = 0; x < LANE_TALLIES; x++)
			l->tally[x][i].sought = 0;
	idmap_free(&l->pends);
	l->npend = 0;
	l->wanted &= ~REASONS;
}

/* Those that a slice told of are settled; where the rest would be too far away it is left alone. */
static void
settle_pending(struct lanes *l)
{
	for (size_t i = 0; i < l->npend;) {
		struct pending p = l->pend[i];

		if (!p.told) {
			i++;
			continue;
		}
		tally_waker(l, (enum gt_waker)p.by, p.column, p.n, p.id);
		l->tally[LX_NETWORK - LX_LANES][p.column].sought--;
		l->tally[LX_TIMERS - LX_LANES][p.column].sought--;
		idmap_del(&l->pends, (uint64_t)p.id);
		l->pend[i] = l->pend[--l->npend];
		if (i < l->npend) {
			idmap_del(&l->pends, (uint64_t)l->pend[i].id);
			idmap_put(&l->pends, (uint64_t)l->pend[i].id, (uint32_t)i);
		}
	}
	if (!l->npend || l->looked >= FAR)
		forget_pending(l);
}

static bool
look_back_at(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct looking_back *k = arg;

	(void)ch, (void)nch, (void)after;
	for (size_t i = 0; i < TOLD; i++)
		if (told[i].type == ev->type) {
			k->found[told[i].is - LX_TALLIES] = true;
			k->value[told[i].is - LX_TALLIES] = ev->arg[0];
		}
	if (ev->type == GT_EV_GoBlock && k->l->wanted & REASONS)
		tell_reason(k->l, ev);
	return true;
}

static bool
may_tell(const struct lanes *l, const struct gt_block *b)
{
	for (size_t i = 0; i < TOLD; i++)
		if (l->wanted >> (told[i].is - LX_TALLIES) & 1 && b->sum.types[told[i].type / 64] >> told[i].type % 64 & 1)
			return true;
	if (!(l->wanted & REASONS) || !(b->sum.types[GT_EV_GoBlock / 64] >> GT_EV_GoBlock % 64 & 1))
		return false;
	for (size_t i = 0; i < l->npend; i++)
		if (gt_summary_has(&b->sum, GT_G, l->pend[i].id))
			return true;
	return false;
}

/* It is in force from the beginning of the window up to where it is told anew: into that column. */
static void
fill(struct lanes *l, int k, uint64_t value)
{
	unsigned n = lanes_sought(l, (enum lane_extra)(k + LX_TALLIES));

	for (unsigned i = 0; i < l->w.columns && (i < n || (i == n && l->metric[k][i].most != LANE_UNKNOWN)); i++)
		widen(&l->metric[k][i], value);
	l->wanted &= ~(1u << k);
}

/* One slice; a block that tells nothing is passed over. */
static void
look_back(struct lanes *l, struct gt_nav *nav)
{
	struct looking_back k = { .l = l };
	uint64_t last = l->back - 1, from = last > l->base + SLICE ? last - SLICE + 1 : l->base + 1;
	const struct gt_block *b = gt_nav_block(nav, last);

	if (b && b->sum.first > from)
		from = b->sum.first;
	if (b && !may_tell(l, b)) {
		l->back = b->sum.first;
	} else if (last > l->base) {
		l->far += b ? 0 : last - from + 1;
		l->looked += last - from + 1;
		gt_nav_each(nav, from, (size_t)(last - from + 1), look_back_at, &k);
		l->starved = gt_nav_starved(nav);
		if (l->starved)
			return;
		l->back = from;
	}
	for (int i = 0; i < LANE_METRICS; i++)
		if (l->wanted >> i & 1 && k.found[i])
			fill(l, i, k.value[i]);
	if (l->wanted & REASONS)
		settle_pending(l);
	/* There is nothing before. */
	if (l->back <= l->base + 1) {
		forget_pending(l);
		l->wanted = 0;
	}
}

/* --- looking ahead ------------------------------------------------------------------------ */

/*
 * A status told only behind the window: it holds for all of the window. What is told of an M or P may be told better by that of
 * its goroutine.
 */
static void
add_told(struct lanes *l, int64_t id)
{
	const struct gt_span *now = id == GT_NONE ? NULL : gt_timeline_now(l->past, l->w.by, id);
	struct lane *lane = now && !now->first ? lane_of(l, id) : NULL;
	struct gt_span s;

	if (!lane || (lane->n && !lane->later))
		return;
	s = *now;
	s.from = l->start;
	s.to = l->behind;
	lane->n = 0;
	lane->later = true;
	add_span(l, lane, &s, s.state, 0);
	end_column(l, lane);
}

struct looking_ahead {
	struct lanes *l;
	uint64_t gen;
	bool over;
};

static bool
look_ahead_at(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct looking_ahead *k = arg;
	bool was = k->l->telling;
	struct gt_p p;
	int64_t id;
	enum gt_res res;

	if (ev->gen && gt_gen_number(ev->gen) != k->gen) {
		k->over = true;
		return false;
	}
	catch_up(k->l, ev, ch, nch, after);
	res = gt_event_subject(ev, &id);
	if ((!was && !k->l->telling) || (res == GT_P && gt_p_find(after, id, &p) && p.since != GT_BEFORE))
		return true;
	for (size_t i = 0; k->l->w.by == GT_M && i < nch; i++)
		if (ch[i].field == GT_CH_M_P || ch[i].field == GT_CH_M_G)
			add_told(k->l, ch[i].id);
	if (k->l->w.by == GT_P)
		add_told(k->l, res == GT_P ? id : ev->p);
	if (k->l->w.by == GT_G && res == GT_G)
		add_told(k->l, id);
	return true;
}

/* What was so at the start is told in the first generation. Its number; false: not known yet. */
static bool
first_generation(const struct gt_nav *nav, uint64_t *number)
{
	bool all;
	size_t n;
	const struct gt_gen_place *v = gt_nav_gens(nav, &n, &all);

	for (size_t i = 0; i < n; i++)
		if (v[i].first == gt_nav_base(nav) + 1 || !gt_nav_base(nav)) {
			*number = v[i].number;
			return true;
		}
	return false;
}

/* One slice; a block without a status is passed over. */
static void
look_ahead(struct lanes *l, struct gt_nav *nav)
{
	struct looking_ahead k = { .l = l };
	const struct gt_block *b = gt_nav_block(nav, l->ahead);
	uint64_t to = b ? b->sum.last : l->ahead + SLICE - 1;
	bool tells = !b || l->telling || b->sum.types[0] >> GT_EV_GoStatus & 1 || b->sum.types[0] >> GT_EV_ProcStatus & 1 ||
		b->sum.types[GT_EV_GoStatusStack / 64] >> GT_EV_GoStatusStack % 64 & 1;
	bool found = first_generation(nav, &k.gen);

	if (!found || (b && b->sum.gen > k.gen)) {
		l->ahead = 0;
		return;
	}
	to = to - l->ahead < SLICE ? to : l->ahead + SLICE - 1;
	if (tells && gt_nav_each(nav, l->ahead, (size_t)(to - l->ahead + 1), look_ahead_at, &k) < to - l->ahead + 1)
		k.over = true;
	l->starved |= tells && gt_nav_starved(nav);
	l->far_ahead += b ? 0 : to - l->ahead + 1;
	l->ahead = k.over ? 0 : (tells ? to : b->sum.last) + 1;
}

static bool
looks_back(const struct lanes *l, const struct gt_nav *nav)
{
	return l->wanted && !l->starved && (l->far < FAR || gt_nav_block(nav, l->back - 1));
}

static bool
looks_ahead(const struct lanes *l, const struct gt_nav *nav)
{
	return l->ahead && !l->starved && (l->far_ahead < FAR || gt_nav_block(nav, l->ahead));
}

bool
lanes_busy(const struct lanes *l, const struct gt_nav *nav)
{
	return l->phase != PHASE_DONE || looks_back(l, nav) || looks_ahead(l, nav);
}

bool
lanes_work(struct lanes *l, struct gt_nav *nav, bool (*stop)(void *arg), void *arg)
{
	struct reading r = { .l = l, .stop = stop, .arg = arg };
	bool all;

	if (l->phase == PHASE_FIND && !l->hi) {
		l->base = l->lo = gt_nav_base(nav);
		l->hi = gt_nav_known(nav, &all) + 1;
	}
	while (l->phase == PHASE_FIND && !stop(arg))
		find_on(l, nav);
	if (l->phase == PHASE_READ && !stop(arg))
		read_on(l, nav, &r);
	while (l->phase == PHASE_DONE && looks_back(l, nav) && !stop(arg))
		look_back(l, nav);
	while (l->phase == PHASE_DONE && looks_ahead(l, nav) && !stop(arg))
		look_ahead(l, nav);
	return lanes_busy(l, nav);
}

/* --- life -------------------------------------------------------------------------------- */

struct lanes *
lanes_new(lanes_light_fn *light, void *arg)
{
	struct lanes *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->phase = PHASE_DONE;
	l->light = light;
	l->light_arg = arg;
	return l;
}

static void
empty(struct lane *lane)
{
	free(lane->piece);
	free(lane->lit);
	*lane = (struct lane){ .id = lane->id };
}

static void
forget(struct lanes *l)
{
	for (size_t i = 0; i < l->n; i++)
		empty(&l->lane[i]);
	for (int x = 0; x < LX_LANES; x++)
		empty(&l->extra[x]);
	gt_timeline_free(l->tl);
	gt_timeline_free(l->past);
	l->tl = l->past = NULL;
	l->telling = false;
	idmap_free(&l->index);
	l->n = l->norder = l->pieces = 0;
	l->ordered = l->cut = l->ended = l->starved = false;
	memset(l->open, 0, sizeof l->open);
	memset(l->level, 0, sizeof l->level);
	memset(l->event, 0, sizeof l->event);
	memset(l->tally, 0, sizeof l->tally);
	idmap_free(&l->pends);
	l->npend = 0;
	for (int k = 0; k < LANE_METRICS; k++)
		l->value[k] = k + LX_TALLIES == LX_HEAP || k + LX_TALLIES == LX_GOAL ? LANE_UNKNOWN : 0;
	memset(l->early, 0, sizeof l->early);
	l->start = NOT_KNOWN;
	measure_anew(l);
	l->known = 0;
	l->seeded = false;
	l->wanted = 0;
	l->events = l->lo = l->hi = l->back = l->far = l->looked = l->seed = l->ahead = l->far_ahead = 0;
	l->last = l->w.from;
	l->before = l->behind = NOT_KNOWN;
	l->phase = PHASE_DONE;
}

void
lanes_clear(struct lanes *l)
{
	forget(l);
	l->w = (struct lane_window){ 0 };
	l->nmark = 0;
}

void
lanes_free(struct lanes *l)
{
	if (!l)
		return;
	forget(l);
	free(l->lane);
	free(l->order);
	free(l->mark);
	free(l->pend);
	free(l);
}

bool
lanes_want(struct lanes *l, const struct lane_window *w, bool again)
{
	struct lane_window want = *w;

	want.columns = w->columns < 1 ? 1 : w->columns > LANE_COLUMNS ? LANE_COLUMNS : w->columns;
	if (minus(w->to, w->from) < 1 || minus(w->to, w->from) > 9e18)
		want.to = w->from < INT64_MAX - LANE_COLUMNS ? w->from + LANE_COLUMNS : INT64_MAX;
	if (!again && want.by == l->w.by && want.from == l->w.from && want.to == l->w.to && want.columns == l->w.columns && want.lights == l->w.lights &&
		want.beside == l->w.beside)
		return false;
	l->w = want;
	forget(l);
	l->tl = gt_timeline_new(take_span, l);
	l->past = gt_timeline_new(no_span, NULL);
	l->starved = !l->tl || !l->past;
	if (!l->starved)
		l->phase = PHASE_FIND;
	return true;
}

/* --- what there is to see ------------------------------------------------------------------ */

const struct lane_window *
lanes_window(const struct lanes *l)
{
	return &l->w;
}

unsigned
lanes_known(const struct lanes *l)
{
	return l->phase == PHASE_DONE && !(l->starved && l->behind == NOT_KNOWN && !l->ended) ? l->w.columns : l->known;
}

bool
lanes_done(const struct lanes *l)
{
	return l->phase == PHASE_DONE;
}

bool
lanes_short(const struct lanes *l, uint64_t known)
{
	return l->phase == PHASE_DONE && l->ended && l->at <= known;
}

uint64_t
lanes_events(const struct lanes *l)
{
	return l->events;
}

bool
lanes_starved(const struct lanes *l)
{
	return l->starved;
}

bool
lanes_cut(const struct lanes *l)
{
	return l->cut;
}

size_t
lanes_count(const struct lanes *l)
{
	return l->norder;
}

const struct lane *
lanes_at(const struct lanes *l, size_t i)
{
	return &l->lane[l->order[i].at];
}

size_t
lanes_find(const struct lanes *l, int64_t id)
{
	for (size_t i = 0; i < l->norder; i++)
		if (l->order[i].id == id)
			return i;
	return l->norder;
}

const struct lane *
lanes_extra(const struct lanes *l, enum lane_extra x)
{
	return &l->extra[x];
}

const struct lane_tally *
lanes_tally(const struct lanes *l, enum lane_extra x)
{
	return l->tally[x - LX_LANES];
}

const struct lane_range *
lanes_metric(const struct lanes *l, enum lane_extra x)
{
	return l->metric[x - LX_TALLIES];
}

unsigned
lanes_sought(const struct lanes *l, enum lane_extra x)
{
	unsigned k = x - LX_TALLIES, n = 0, end = lanes_known(l);

	/* Behind the last event nothing is known of any. */
	if (l->phase == PHASE_DONE && l->ended && lane_column(&l->w, l->last) + 1 < (int)end)
		end = (unsigned)(lane_column(&l->w, l->last) + 1);
	while (l->wanted >> k & 1 && n < end && l->metric[k][n].most == LANE_UNKNOWN)
		n++;
	return n;
}

const struct lane_piece *
lane_piece_at(const struct lane *l, unsigned column)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (l->piece[mid].to < column)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < l->n && l->piece[lo].from <= column ? &l->piece[lo] : NULL;
}

uint64_t
lanes_event_at(const struct lanes *l, unsigned column)
{
	return column < LANE_COLUMNS ? l->event[column] : 0;
}
