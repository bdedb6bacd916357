/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random access. Where the index has been, every place is found through it. Where it has not been yet, the generation of a
 * place is opened by itself: a second navigator that begins there, with numbers of events of its own, and with states that
 * are taken from what the generation says of itself. Once the index has come by, these are held against the true ones, and
 * the first navigator takes over.
 */
#define _XOPEN_SOURCE 700
#include "model.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SCAN_BLOCK 4096
/*
 * Events looked at around the current one, for a time near it; and around the number that an event should have: where the order
 * of the whole trace is another one, that is so nearby.
 */
#define NEARBY 4096

bool
model_apart(const struct model *m)
{
	return m->nav != m->home;
}

/* Nothing made for a row is true any more. */
void
model_forget(struct model *m)
{
	rows_clear(m->rows);
	query_forget(m);
	m->made_for = 0;
	m->all = false;
	views_moved(m);
}

void
model_home(struct model *m)
{
	if (!model_apart(m))
		return;
	views_note(m);
	gt_nav_free(m->nav);
	m->nav = m->home;
	model_forget(m);
	m->cursor = m->top = 1;
	m->passing = true;
	model_refresh_known(m);
}

/* A generation by itself, at its first event. */
bool
model_open_apart(struct model *m, const struct gt_gen_place *at)
{
	struct gt_nav *nav = gt_nav_new_at(m->trace, gt_nav_model(m->home), m->memory / 16, at);

	if (!nav) {
		model_say(m, ST_BAD, "no memory to open generation %llu", (unsigned long long)at->number);
		return false;
	}
	views_note(m);
	model_home(m);
	m->nav = nav;
	m->passing = true;
	m->apart = *at;
	m->beyond = false;
	model_forget(m);
	m->cursor = m->top = gt_nav_base(nav) + 1;
	model_refresh_known(m);
	return true;
}

void
model_say_starved(struct model *m, bool back, uint64_t n)
{
	char text[80];
	struct sb b = sb_on(text, sizeof text);

	pane_event_number(m, &b, n);
	model_say(m, ST_BAD, "no memory to look %s event %s: it may be there", back ? "before" : "from", text);
}

void
model_say_searched(const struct model *m, struct sb *b, bool back)
{
	unsigned long long number = m->apart.number;

	if (!model_apart(m))
		return;
	if (!back)
		sb_printf(b, ", in generation %llu by itself and what follows: states are not confirmed", number);
	else if (m->beyond)
		sb_printf(b, " in generation %llu; what is before that was not searched", number);
	else
		sb_printf(b, " in generation %llu; what is before that can be searched once it is indexed", number);
}

/* The order of the whole trace ends before a generation that is looked at by itself: that stays all there is of it. */
static void
never_reached(struct model *m, uint64_t known)
{
	m->beyond = true;
	model_say(m, ST_BAD, "the trace can't be put in order up to generation %llu, only to event %llu: it is shown by itself",
		(unsigned long long)m->apart.number, (unsigned long long)known);
}

/* Whether a generation is found in the whole trace. */
static bool
in_whole(const struct gt_gen_place *at)
{
	return at->first || at->nth == 0;
}

/* Shows a generation by itself, for who goes to a place in it. */
static bool
visit(struct model *m, const struct gt_gen_place *at)
{
	uint64_t known;
	bool all;

	if ((!model_apart(m) || m->apart.from != at->from) && !model_open_apart(m, at))
		return false;
	known = gt_nav_known(m->home, &all);
	if (all && m->indexed)
		never_reached(m, known);
	else
		model_say(m, ST_TEXT, "generation %llu by itself: states are not confirmed until the index comes by",
			(unsigned long long)at->number);
	return true;
}

/* --- which generation ------------------------------------------------------------------- */

/* What places are found by: it grows from one generation to the next. */
static int64_t
key_of(const struct model *m, const struct gt_gen_place *p, enum where_kind kind)
{
	if (kind == WHERE_GEN)
		return (int64_t)p->number;
	if (kind == WHERE_CLOCK)
		return p->first || !m->gen0 ? p->time : gt_gen_time(m->gen0, p->ticks);
	return (int64_t)p->from;
}

static int64_t
wanted(const struct model *m, const struct where *w)
{
	size_t size;

	gt_bytes(m->trace, &size);
	return w->kind == WHERE_CLOCK ? w->ns : w->kind == WHERE_SHARE ? (int64_t)((double)size * w->share) : (int64_t)w->n;
}

/* The last generation that does not begin behind the place. *sure: none that is not found yet can be it. */
static const struct gt_gen_place *
find_place(const struct model *m, const struct where *w, bool *sure)
{
	size_t n;
	const struct gt_gen_place *p = gt_nav_gens(m->home, &n, sure), *found = NULL;
	int64_t want = wanted(m, w);

	for (size_t i = 0; i < n; i++) {
		if (key_of(m, &p[i], w->kind) > want) {
			*sure = true;
			break;
		}
		found = &p[i];
	}
	return found;
}

static void
no_generation(struct model *m, const struct where *w)
{
	size_t n;
	bool all;
	const struct gt_gen_place *p = gt_nav_gens(m->home, &n, &all);

	if (n)
		model_say(m, ST_BAD, "there is no generation %llu%s: they are %llu to %llu", (unsigned long long)w->n,
			m->arrival.on ? " yet" : "", (unsigned long long)p[0].number, (unsigned long long)p[n - 1].number);
	else
		model_say(m, ST_BAD, "the trace has no generations%s", m->arrival.on ? " yet" : "");
}

/* To a place in a generation: its first event, or one that is looked for from there. */
static void
go_in(struct model *m, const struct where *w, const struct gt_gen_place *at)
{
	bool home = in_whole(at);
	uint64_t first = at->first ? at->first : 1;

	if (!home && !visit(m, at))
		return;
	if (!home)
		first = gt_nav_base(m->nav) + 1;
	if (w->kind == WHERE_CLOCK || w->kind == WHERE_OFFSET)
		m->job = (struct job){ .kind = JOB_SCAN, .where = *w, .target = first, .limit = at->to, .home = home };
	else if (home)
		model_go_home(m, first, false);
	else
		model_go(m, first, false);
}

/* A share of the bytes, as long as it is not known how many events there are. */
static void
go_about(struct model *m, const struct where *w, const struct gt_gen_place *at)
{
	bool home = in_whole(at);
	double percent = w->share * 100;

	go_in(m, w, at);
	if (!home && !model_apart(m))
		return;
	m->about = (struct about){ .at = home ? (at->first ? at->first : 1) : gt_nav_base(m->nav) + 1, .apart = home ? 0 : at->from,
		.share = w->share };
	if (home)
		model_say(m, ST_TEXT, "about %.4g%%: generation %llu; where that is will be known when all is indexed", percent,
			(unsigned long long)at->number);
	else if (!m->beyond)
		model_say(m, ST_TEXT, "about %.4g%%: generation %llu by itself; states are not confirmed until the index comes by", percent,
			(unsigned long long)at->number);
}

void
access_correct(struct model *m)
{
	struct about is = m->about;
	uint64_t known, n;
	bool all;

	if (!is.at || m->job.kind || m->script.text)
		return;
	if (m->cursor != is.at || (model_apart(m) ? m->apart.from : 0) != is.apart) {
		m->about.at = 0;
		return;
	}
	known = gt_nav_known(m->home, &all);
	if (!all || model_apart(m))
		return;
	n = (uint64_t)((double)known * is.share + 0.5);
	m->about.at = 0;
	model_go_home(m, n, false);
	model_say(m, ST_OK, "%.4g%% is event %llu", is.share * 100, (unsigned long long)(n ? n : 1));
}

bool
access_is_patient(const struct model *m)
{
	size_t size;

	gt_bytes(m->trace, &size);
	return size <= m->patience;
}

/* The job of going to a place that is found through its generation. */
bool
access_find(struct model *m)
{
	struct where w = m->job.where;
	bool all, sure, exact, indexed = m->indexed || arrival_is_indexed(m);
	uint64_t known = gt_nav_known(m->home, &all);
	const struct gt_gen_place *at;
	struct gt_gen_place place;

	if (w.kind == WHERE_SHARE && (all || arrival_is_indexed(m))) {
		m->message[0] = 0;
		model_go_home(m, (uint64_t)((double)known * w.share + 0.5), false);
		return true;
	}
	at = find_place(m, &w, &sure);
	/* A share is one of all events where that can be waited for. */
	exact = at && at->first && w.kind != WHERE_SHARE;
	if (!indexed && (!sure || (access_is_patient(m) && !exact))) {
		model_say(m, ST_DIM, "looking for generations; ^C stops");
		return false;
	}
	m->job.kind = JOB_NONE;
	m->message[0] = 0;
	if (!sure && m->indexed) {
		model_say(m, ST_BAD, "no memory to look for generations");
		return true;
	}
	if (w.kind == WHERE_GEN && (!at || at->number != w.n)) {
		no_generation(m, &w);
		return true;
	}
	if (!at) {
		model_go_home(m, 1, false);
		return true;
	}
	place = *at;
	w.kind == WHERE_SHARE ? go_about(m, &w, &place) : go_in(m, &w, &place);
	return true;
}

/* --- which event -------------------------------------------------------------------------- */

struct scan {
	struct model *m;
	bool (*stop)(void *arg);
	void *arg;
	uint64_t first, hit, last; /* first: of all there are */
	bool past;
};

static bool
has_byte(const struct gt_event *ev, const struct where *w)
{
	return ev->off <= w->n && w->n < ev->off + ev->len && (!w->part || ev->part == w->part - 1);
}

/* Who goes on by a time comes to the first event that is no earlier; who goes back, to the last that is no later. */
static bool
is_late(const struct gt_event *ev, const struct where *w)
{
	return w->back ? ev->time > w->ns : ev->time >= w->ns;
}

static bool
on_scan(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct scan *s = arg;
	struct job *j = &s->m->job;

	(void)ch, (void)nch, (void)after;
	s->last = ev->n;
	if (j->where.kind == WHERE_CLOCK ? is_late(ev, &j->where) : has_byte(ev, &j->where))
		s->hit = j->where.back && ev->n > s->first ? ev->n - 1 : ev->n;
	if (ev->len && ev->off < j->where.n && (!j->near || ev->off >= j->near_off)) {
		j->near = ev->n;
		j->near_off = ev->off;
		j->near_batch = ev->batch;
	}
	s->past = j->where.kind == WHERE_OFFSET && ev->len && ev->off >= j->limit;
	return !s->hit && !s->past && ((ev->n & 255) || !s->stop(s->arg));
}

static void
go_to_hit(struct model *m, uint64_t n, bool home)
{
	home ? model_go_home(m, n, false) : model_go(m, n, false);
}

/*
 * An event of the file that has no place in the order, or is the one refused: the next best is where the order ends, or the
 * last of its batch that has one; its bytes are shown. False: there is no event at that byte.
 */
static bool
out_of_order(struct model *m, const struct job *j)
{
	unsigned long long off = j->where.n;
	const struct gt_error *err = NULL;
	struct gt_wire wire;
	const char *why;
	bool broken = gt_nav_end(j->home ? m->home : m->nav, &err) == GT_BROKEN && err;

	if (!gt_wire_find(m->trace, j->where.n, &wire, &why))
		return false;
	if (broken && err->place.offset == (int64_t)j->where.n) {
		model_go_home(m, UINT64_MAX / 2, false);
		model_say(m, ST_WAIT, "the event at byte %llu is the one that could not be put in order: it would come here", off);
	} else if (j->near && j->near_batch == wire.batch) {
		go_to_hit(m, j->near, j->home);
		model_say(m, ST_WAIT, "the event at byte %llu could not be put in order: this is the last of its batch that could", off);
	} else if (broken) {
		model_go_home(m, UINT64_MAX / 2, false);
		model_say(m, ST_WAIT, "the event at byte %llu could not be put in order, nor any before it in its batch", off);
	} else {
		return false;
	}
	arrangement_open_beside(&m->arr, PANE_BYTES);
	m->made_for = 0;
	return true;
}

static void
not_there(struct model *m)
{
	struct job job = m->job;
	struct where w = m->job.where;
	bool home = m->job.home, all;

	m->job.kind = JOB_NONE;
	model_refresh_known(m);
	if (w.kind == WHERE_CLOCK) {
		go_to_hit(m, gt_nav_known(home ? m->home : m->nav, &all) + !w.back, home);
		if (!w.back)
			model_say(m, ST_WAIT, m->arrival.on ? "that has not arrived yet" : "the trace ends before that");
	} else if (!out_of_order(m, &job)) {
		access_return(m);
		model_say(m, ST_WAIT, "no event of the generation has byte %llu: it is of a table, or of the head of a batch%s",
			(unsigned long long)w.n, m->broken ? ", or could not be put in order any more" : "");
	}
}

/* Blocks that end before the time wanted. */
static uint64_t
pass_blocks(const struct model *m, const struct gt_nav *nav, uint64_t n)
{
	const struct gt_block *b;

	while (m->job.where.kind == WHERE_CLOCK && (b = gt_nav_block(nav, n)) && b->sum.to < m->job.where.ns)
		n = b->sum.last + 1;
	return n;
}

void
access_scan(struct model *m, bool (*stop)(void *arg), void *arg)
{
	do {
		struct scan s = { .m = m, .stop = stop, .arg = arg };
		bool home = m->job.home;
		struct gt_nav *nav = home ? m->home : m->nav;
		size_t given;

		m->job.target = pass_blocks(m, nav, m->job.target);
		s.first = gt_nav_base(nav) + 1;
		s.last = m->job.target - 1;
		given = gt_nav_each(nav, m->job.target, SCAN_BLOCK, on_scan, &s);
		m->job.target = s.last + 1;
		if (s.hit) {
			go_to_hit(m, s.hit, home);
		} else if (gt_nav_starved(nav)) {
			access_return(m);
			model_say_starved(m, false, s.last + 1);
		} else if (s.past || (given < SCAN_BLOCK && !stop(arg))) {
			not_there(m);
		} else if (given == 0) {
			break;
		}
	} while (m->job.kind == JOB_SCAN && !stop(arg));
	if (m->job.kind == JOB_SCAN)
		model_say(m, ST_DIM, "looking for the place, at event %llu; ^C stops", (unsigned long long)m->job.target);
}

/* The end of the trace, in its last generation. False: that has been indexed, or there is but one. */
bool
access_last(struct model *m)
{
	size_t n;
	bool all;
	const struct gt_gen_place *p = gt_nav_gens(m->home, &n, &all);

	if (!all || access_is_patient(m) || n < 2 || in_whole(&p[n - 1]) || !visit(m, &p[n - 1]))
		return false;
	model_go(m, UINT64_MAX / 2, false);
	return true;
}

/* The time in the trace of a time of the day, that next to where the trace begins. False: it tells no wall clock. */
static bool
of_day(const struct model *m, int64_t day, int64_t *ns)
{
	const int64_t second = 1000000000, hour = 3600 * second;
	struct gt_clock k;
	struct tm tm;
	int64_t diff;
	time_t t;

	if (!m->gen0 || !gt_gen_clock(m->gen0, &k))
		return false;
	t = (time_t)(k.sec + k.nsec / second);
	if (!localtime_r(&t, &tm))
		return false;
	diff = day - (((tm.tm_hour * INT64_C(60) + tm.tm_min) * 60 + tm.tm_sec) * second + k.nsec % second);
	diff += diff < -12 * hour ? 24 * hour : diff > 12 * hour ? -24 * hour : 0;
	*ns = fmt_minus(k.trace, -diff);
	return true;
}

static bool
never(void *arg)
{
	(void)arg;
	return false;
}

/* A time not far from the current event needs no generation to be found. */
static bool
go_nearby(struct model *m, const struct where *w)
{
	uint64_t first = gt_nav_base(m->nav) + 1, from = m->cursor;
	struct scan s = { .m = m, .stop = never, .first = first };

	if (w->back)
		from = from > first + NEARBY ? from - NEARBY : first;
	m->job = (struct job){ .where = *w };
	gt_nav_each(m->nav, from, NEARBY + 1, on_scan, &s);
	/* What is before all of these is not known. */
	if (!s.hit || (w->back && s.last == from))
		return false;
	model_go(m, s.hit, false);
	return true;
}

/* What is a place in no trace, or behind the bytes of this one. */
static bool
is_nowhere(struct model *m, const struct where *w)
{
	size_t size;

	gt_bytes(m->trace, &size);
	if (w->kind == WHERE_EVENT && !w->n)
		model_say(m, ST_BAD, "there is no event 0: they are numbered from 1");
	else if (w->kind == WHERE_STEP && !w->n)
		model_say(m, ST_BAD, "0 is no count: 1 is the least");
	else if (w->kind == WHERE_SHARE && w->share > 1)
		model_say(m, ST_BAD, "100%% is the end of the trace: there is no more");
	else if (w->kind == WHERE_OFFSET && w->n >= size)
		model_say(m, ST_BAD, m->arrival.on ? "of the trace %zu bytes have arrived so far" : "the trace has %zu bytes", size);
	else
		return false;
	return true;
}

void
model_go_end(struct model *m, bool fault)
{
	if (m->all && !model_apart(m) && (m->broken || !fault)) {
		model_go(m, m->known + 1, false);
		return;
	}
	m->job = (struct job){ .kind = JOB_LAST, .fault = fault };
	model_work(m, 50000000);
}

void
model_goto(struct model *m, const struct where *w)
{
	const struct row *row = rows_get(m->rows, model_is_end(m, m->cursor) ? m->known : m->cursor);
	struct where to = *w;
	int64_t here = row ? row->ev.time : m->t0;

	if (is_nowhere(m, w))
		return;
	switch (w->kind) {
	case WHERE_EVENT:
		model_go_home(m, w->n, true);
		return;
	case WHERE_STEP:
		model_move(m, w->back, w->n);
		return;
	case WHERE_END:
		model_go_end(m, false);
		return;
	case WHERE_TIME:
		here = m->t0;
		/* fall through */
	case WHERE_LATER:
		to.kind = WHERE_CLOCK;
		if (w->back)
			to.ns = here < INT64_MIN + w->ns ? INT64_MIN : here - w->ns;
		else
			to.ns = here > INT64_MAX - w->ns ? INT64_MAX : here + w->ns;
		if (w->kind == WHERE_LATER && go_nearby(m, &to))
			return;
		break;
	case WHERE_WALL:
		to.kind = WHERE_CLOCK;
		if (!of_day(m, w->ns, &to.ns)) {
			model_say(m, ST_WAIT, "this trace does not tell the wall clock: its times are from the first event, as @1.5s");
			return;
		}
		break;
	default:
		break;
	}
	if (to.kind == WHERE_CLOCK && to.ns < m->t0) {
		model_go_home(m, 1, false);
		model_say(m, ST_WAIT, "the trace begins after that");
		return;
	}
	m->job = (struct job){ .kind = JOB_WHERE, .where = to };
	model_work(m, 50000000);
}

/* --- places in the file ----------------------------------------------------------------------- */

static void
place_event(struct trail_place *p, const struct gt_event *ev)
{
	p->time = ev->time;
	p->gen = ev->gen ? gt_gen_number(ev->gen) : 0;
	p->off = ev->off;
	p->type = ev->type;
	p->part = ev->part;
}

static bool
keep_place(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	(void)ch, (void)nch, (void)after;
	place_event(arg, ev);
	return false;
}

struct trail_place
model_place(struct model *m, uint64_t row)
{
	bool end = model_is_end(m, row);
	uint64_t n = end ? m->known : row;
	const struct row *at = rows_get(m->rows, n);
	struct trail_place p = { .n = row, .time = m->t0, .end = end, .reading = m->reading };

	if (model_apart(m))
		p.apart = m->apart.from;
	if (at)
		place_event(&p, &at->ev);
	else
		gt_nav_each(m->nav, n, 1, keep_place, &p);
	return p;
}

/* A generation that begins at a byte, as it is known now; false: gone. */
static bool
generation_at(const struct model *m, uint64_t from, struct gt_gen_place *out)
{
	size_t n;
	bool all;
	const struct gt_gen_place *p = gt_nav_gens(m->home, &n, &all);

	for (size_t i = 0; i < n; i++)
		if (p[i].from == from) {
			*out = p[i];
			return true;
		}
	return false;
}

uint64_t
model_generation(const struct model *m, uint64_t from)
{
	struct gt_gen_place at;

	return generation_at(m, from, &at) ? at.number : 0;
}

struct same {
	const struct trail_place *p;
	uint64_t n;
	int64_t time;
};

static bool
on_same(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct same *s = arg;
	struct trail_place is = { .end = s->p->end, .reading = s->p->reading };

	(void)ch, (void)nch, (void)after;
	place_event(&is, ev);
	if (!trail_same(&is, s->p))
		return true;
	s->n = ev->n;
	s->time = ev->time;
	return false;
}

bool
access_settle(struct model *m, struct trail_place *p)
{
	struct gt_gen_place at;
	struct same s = { .p = p };
	uint64_t n, known;
	bool all;

	if (!p->apart || p->moved || p->reading != m->reading || !generation_at(m, p->apart, &at) || !at.first)
		return !p->apart;
	known = gt_nav_known(m->home, &all);
	n = at.first - 1 + p->n;
	if ((n > known || p->end) && !all)
		return false;
	gt_nav_each(m->home, n > NEARBY ? n - NEARBY : 1, 2 * NEARBY, on_same, &s);
	p->apart = 0;
	p->moved = !s.n;
	p->looked = 0;
	p->n = s.n ? s.n + p->end : n;
	p->time = s.n ? s.time : p->time;
	return true;
}

/* The events of the whole trace among which a mark that has moved is still to be looked for. False: there are none. */
static bool
where_moved(const struct model *m, const struct trail_place *p, uint64_t *from, uint64_t *to)
{
	size_t n;
	bool all;
	const struct gt_gen_place *gen = gt_nav_gens(m->home, &n, &all);

	if (!p->n || !p->moved || p->apart || p->reading != m->reading || p->type == GT_EV_None)
		return false;
	*to = gt_nav_known(m->home, &all) + 1;
	/* The sync point at the end is of no generation. */
	if (p->type == GT_EV_SyncPoint && !p->gen) {
		*from = *to - 1;
		return all && *from && p->looked < *to;
	}
	for (size_t i = 0; i < n; i++)
		if (gen[i].number == p->gen && gen[i].first) {
			*from = p->looked > gen[i].first ? p->looked : gen[i].first;
			if (i + 1 < n && gen[i + 1].first && gen[i + 1].first < *to)
				*to = gen[i + 1].first;
			return *from < *to;
		}
	return false;
}

bool
access_seeks_marks(const struct model *m)
{
	uint64_t from, to;

	for (int i = 0; i < TRAIL_MARKS; i++)
		if (where_moved(m, &m->trail.mark[i], &from, &to))
			return true;
	return false;
}

void
access_seek_marks(struct model *m, bool (*stop)(void *arg), void *arg)
{
	uint64_t from, to;

	for (int i = 0; i < TRAIL_MARKS; i++) {
		struct trail_place *p = &m->trail.mark[i];

		while (where_moved(m, p, &from, &to) && !stop(arg)) {
			struct same s = { .p = p };

			to = to - from < SCAN_BLOCK ? to : from + SCAN_BLOCK;
			gt_nav_each(m->home, from, (size_t)(to - from), on_same, &s);
			p->looked = to;
			if (!s.n)
				continue;
			p->n = s.n + p->end;
			p->time = s.time;
			p->moved = false;
		}
	}
}

/*
 * Where numbers are no help. Events of another trace lie elsewhere in it, and the sync point at the end lies nowhere: of them
 * there is but the time.
 */
void
access_look_for(struct model *m, const struct trail_place *p)
{
	struct where w = { .kind = WHERE_OFFSET, .n = p->off, .part = p->part + 1u };

	if (p->reading != m->reading || p->type == GT_EV_None || (p->type == GT_EV_SyncPoint && !p->gen))
		w = (struct where){ .kind = WHERE_CLOCK, .ns = p->time };
	else if (p->type == GT_EV_SyncPoint)
		w = (struct where){ .kind = WHERE_GEN, .n = p->gen };
	if (p->end)
		w.kind = WHERE_END;
	model_goto(m, &w);
}

void
model_go_place(struct model *m, const struct trail_place *to)
{
	struct trail_place p = *to;
	struct gt_gen_place at;

	access_settle(m, &p);
	if (p.moved || p.reading != m->reading) {
		access_look_for(m, &p);
	} else if (!p.apart) {
		model_go_home(m, p.n, false);
	} else if (model_apart(m) && m->apart.from == p.apart) {
		model_go(m, p.n, false);
	} else if (generation_at(m, p.apart, &at)) {
		/* Its events have the numbers that they had. */
		at.first = 0;
		if (model_open_apart(m, &at))
			model_go(m, p.n, false);
	} else {
		access_look_for(m, &p);
	}
}

void
access_return(struct model *m)
{
	struct trail_place to = m->was;
	bool passing = m->passing && !to.moved;

	m->job.kind = JOB_NONE;
	if (!passing)
		return;
	m->on_trail = true;
	model_go_place(m, &to);
	/* One has been nowhere else. */
	m->was = to;
}

/* --- confirming ----------------------------------------------------------------------------- */

/* What the states of a generation by itself lack, and what they have otherwise; by how much its times are others, ns. */
struct difference {
	uint64_t unknown, differ;
	int64_t later;
};

static void
compare_gs(struct difference *d, const struct gt_state *is, const struct gt_state *was)
{
	struct gt_g a, b;

	for (size_t i = 0; i < gt_g_count(is); i++) {
		if (!gt_g_at(is, i, &a))
			continue;
		d->unknown += !gt_g_find(was, a.id, &b);
		d->differ += gt_g_find(was, a.id, &b) && a.status != b.status;
	}
	for (size_t i = 0; i < gt_g_count(was); i++)
		d->differ += gt_g_at(was, i, &b) && !gt_g_find(is, b.id, &a);
}

static void
compare_ps(struct difference *d, const struct gt_state *is, const struct gt_state *was)
{
	struct gt_p a, b;

	for (size_t i = 0; i < gt_p_count(is); i++) {
		if (!gt_p_at(is, i, &a))
			continue;
		d->unknown += !gt_p_find(was, a.id, &b);
		d->differ += gt_p_find(was, a.id, &b) && a.status != b.status;
	}
	for (size_t i = 0; i < gt_p_count(was); i++)
		d->differ += gt_p_at(was, i, &b) && !gt_p_find(is, b.id, &a);
}

/* An M that was not seen yet is one that has nothing. */
static void
compare_ms(struct difference *d, const struct gt_state *is, const struct gt_state *was)
{
	struct gt_m a, b;

	for (size_t i = 0; i < gt_m_count(is); i++) {
		if (!gt_m_at(is, i, &a))
			continue;
		if (!gt_m_find(was, a.id, &b))
			d->unknown += a.p != GT_NONE || a.g != GT_NONE;
		else if (a.p != b.p || a.g != b.g)
			*((b.p == GT_NONE && b.g == GT_NONE) ? &d->unknown : &d->differ) += 1;
	}
}

static struct difference
compare(const struct gt_state *is, const struct gt_state *was)
{
	struct difference d = { 0, 0, 0 };
	size_t tasks = gt_task_count(is), then = gt_task_count(was);

	if (gt_state_hash(is) == gt_state_hash(was))
		return d;
	compare_gs(&d, is, was);
	compare_ps(&d, is, was);
	compare_ms(&d, is, was);
	d.unknown += tasks > then ? tasks - then : 0;
	return d;
}

static bool
is_same(const struct gt_event *a, const struct gt_event *b)
{
	return a && b ? a->type == b->type && a->part == b->part && a->off == b->off && a->batch == b->batch : a == b;
}

static void
say_confirmed(struct model *m, uint64_t n, bool same, const struct difference *d)
{
	char text[160] = "states are as shown", moved[80] = "";
	struct sb b = sb_on(moved, sizeof moved);

	if (d->unknown && !d->differ)
		snprintf(text, sizeof text, "no state differs, %llu more are known", (unsigned long long)d->unknown);
	if (d->differ)
		snprintf(text, sizeof text, "%llu states differ from what was shown, %llu more are known",
			(unsigned long long)d->differ, (unsigned long long)d->unknown);
	if (d->later) {
		sb_add(&b, d->later > 0 ? "; times have moved on by " : "; times have moved back by ");
		fmt_delta(&b, d->later > 0 ? d->later : fmt_minus(0, d->later), m->sy);
	}
	if (same)
		model_say(m, d->differ ? ST_WAIT : ST_OK, "confirmed, as event %llu: %s%s", (unsigned long long)n, text, moved);
	else
		model_say(m, ST_BAD, "in the order of the whole trace another event is here: number %llu",
			(unsigned long long)n);
}

void
access_confirm(struct model *m)
{
	struct gt_gen_place at;
	struct trail_place here;
	struct difference d = { 0, 0, 0 };
	bool all, same, end = model_is_end(m, m->cursor);
	uint64_t known = gt_nav_known(m->home, &all), k = m->cursor - gt_nav_base(m->nav), n;

	if (!model_apart(m) || m->beyond || m->job.kind || !generation_at(m, m->apart.from, &at))
		return;
	if (!at.first) {
		if (all && m->indexed)
			never_reached(m, known);
		return;
	}
	n = at.first - 1 + k;
	if (n > known && !all)
		return;
	views_note(m);
	here = model_place(m, m->cursor);
	if (access_settle(m, &here) && !here.moved)
		n = here.n;
	if (end || n > known) {
		same = end && n == known + 1;
		n = known + 1;
	} else {
		gt_nav_seek(m->home, n, NULL, NULL);
		gt_nav_seek(m->nav, m->cursor, NULL, NULL);
		same = is_same(gt_nav_event(m->home), gt_nav_event(m->nav));
		d = compare(gt_nav_state(m->home), gt_nav_state(m->nav));
		if (same && gt_nav_event(m->home))
			d.later = fmt_minus(gt_nav_event(m->home)->time, gt_nav_event(m->nav)->time);
	}
	if (m->about.at == m->cursor && m->about.apart == at.from)
		m->about = (struct about){ n, 0, m->about.share };
	k = m->cursor - m->top;
	model_home(m);
	m->cursor = n;
	m->top = n > k ? n - k : 1;
	m->passing = false;
	m->was = model_place(m, n);
	say_confirmed(m, n, same, &d);
}
