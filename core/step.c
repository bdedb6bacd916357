/* SPDX-License-Identifier: MIT */
/*
 * Moving both ways. Ordering is deterministic, so going back is thawing a checkpoint (a frozen copy of the reader) before
 * the place and reading on from there.
 *
 * Checkpoints stand at least an interval apart. When they outgrow the budget the interval doubles, and of those in each
 * stretch of that length the first stays. On a long way from one of them to the cursor further ones are left behind, a
 * trail: whoever steps back from there, or looks at what is around, goes short ways. Trails are given up again, the
 * farthest first.
 */
#include "freeze.h"
#include "gen.h"
#include "index.h"
#include "keep.h"
#include "map.h"
#include "reader.h"

#include <stdlib.h>
#include <string.h>

/* Tests set these lower, so that small traces have many checkpoints. */
#ifndef NAV_INTERVAL
#define NAV_INTERVAL 16384
#define NAV_ASK 4096
#define NAV_GAP 1024
#define NAV_BLOCK 16384
#endif
enum { INTERVAL = NAV_INTERVAL, ASK_EVERY = NAV_ASK, GAP = NAV_GAP, BLOCK = NAV_BLOCK };

/* A way leaves so many checkpoints behind; a heavy reader fewer, as in index.c. */
enum { TRAIL = 64, PER_WAY = 16, BYTES_PER_EVENT = 64 };

/* Tables used last. */
enum { TABLES = 16 };

/* Events that may be between the checkpoints of an index that is kept: a tenth of a second, where the turn changes with each. */
enum { KEEP_WAY = 3000000 };

struct gt_nav {
	struct gt_trace *t;
	struct gt_model model;
	size_t budget;
	struct pool *pool;
	uint64_t base;
	struct frozen **cp; /* by position; the first is at the base */
	size_t ncp, ccp;
	struct frozen *trail[TRAIL]; /* in no order */
	size_t ntrail;
	struct gt_gen *tables[TABLES]; /* the latest first */
	struct gt_reader *cur;   /* at the position */
	struct gt_event ev;      /* the last one it read; n is 0 where there is none */
	struct gt_gen *gen;      /* its generation, kept: where memory fails a reader may have left it */
	struct gt_reader *scout; /* where gt_nav_each stopped last; NULL: nowhere */
	struct gt_reader *ended; /* the reader that met the end; NULL: not met yet */
	enum gt_got end;
	uint64_t known;
	bool all;
	bool starved; /* see gt_nav_starved */

	/* The index. */
	struct gt_indexer *own; /* of gt_nav_index; NULL: not begun */
	struct gt_gen_place *place;
	size_t nplace, cplace;
	struct gt_block *block;
	size_t nblock, cblock;
	uint64_t per_block; /* events of each but the last */
	bool all_places, indexed, waits;
	bool lost; /* generations, for want of memory */
	double done;
	struct gt_buf marks; /* see gt_found */
	size_t nmarks;
};

/* --- checkpoints -------------------------------------------------------------------- */

/* Index of the last checkpoint at or before pos. */
static size_t
checkpoint_before(const struct gt_nav *v, uint64_t pos)
{
	size_t lo = 0, hi = v->ncp;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (frozen_pos(v->cp[mid]) <= pos)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* The same, trails included. */
static struct frozen *
frozen_before(const struct gt_nav *v, uint64_t pos)
{
	struct frozen *best = v->cp[checkpoint_before(v, pos)];

	for (size_t i = 0; i < v->ntrail; i++)
		if (frozen_pos(v->trail[i]) <= pos && frozen_pos(v->trail[i]) > frozen_pos(best))
			best = v->trail[i];
	return best;
}

static uint64_t
distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Gives up what of the trails is farthest from the cursor. */
static void
shorten_trail(struct gt_nav *v)
{
	uint64_t here = v->cur ? gt_reader_pos(v->cur) : 0;
	size_t far = 0;

	for (size_t i = 1; i < v->ntrail; i++)
		if (distance(frozen_pos(v->trail[i]), here) > distance(frozen_pos(v->trail[far]), here))
			far = i;
	frozen_unref(v->trail[far]);
	v->trail[far] = v->trail[--v->ntrail];
}

/* Of each stretch of the interval the first stays. */
static void
thin(struct gt_nav *v, uint64_t interval)
{
	size_t kept = 1;

	for (size_t i = 1; i < v->ncp; i++)
		if (frozen_pos(v->cp[i]) / interval != frozen_pos(v->cp[kept - 1]) / interval)
			v->cp[kept++] = v->cp[i];
		else
			frozen_unref(v->cp[i]);
	v->ncp = kept;
}

static size_t
tables_weight(const struct gt_nav *v)
{
	size_t n = 0;

	for (size_t i = 0; i < TABLES && v->tables[i]; i++)
		n += gen_weight(v->tables[i]);
	return n;
}

size_t
gt_nav_weight(const struct gt_nav *v)
{
	return pool_bytes(v->pool) + tables_weight(v) + v->cblock * sizeof(*v->block) + v->cplace * sizeof(*v->place) +
		v->ccp * sizeof(v->cp[0]);
}

/* Back within the budget: by thinning first, then by shorter trails, of which a little stays in any case. */
static void
economize(struct gt_nav *v)
{
	uint64_t interval = pool_interval(v->pool);

	while (gt_nav_weight(v) > v->budget && v->ncp > 1 && interval <= v->known) {
		interval *= 2;
		thin(v, interval);
		__atomic_store_n(&v->pool->interval, interval, __ATOMIC_RELAXED);
	}
	while (gt_nav_weight(v) > v->budget && v->ntrail > 4)
		shorten_trail(v);
}

/* Takes over f as checkpoint number `at`. */
static bool
insert(struct gt_nav *v, size_t at, struct frozen *f)
{
	if (!GROW(v->cp, v->ncp, v->ccp)) {
		frozen_unref(f);
		return false;
	}
	memmove(&v->cp[at + 1], &v->cp[at], (v->ncp - at) * sizeof(v->cp[0]));
	v->cp[at] = f;
	v->ncp++;
	return true;
}

/* Whether the places at an interval from pos are free of checkpoints; at: the last one before it. */
static bool
is_gap(const struct gt_nav *v, uint64_t pos, size_t at)
{
	uint64_t interval = pool_interval(v->pool);

	return pos - frozen_pos(v->cp[at]) >= interval &&
		(at + 1 == v->ncp || frozen_pos(v->cp[at + 1]) - pos >= interval / 2);
}

/* A checkpoint where r stands, if the last is so far; without memory there is none, and the way back is longer. */
static void
offer(struct gt_nav *v, struct gt_reader *r, uint64_t gap)
{
	uint64_t pos = gt_reader_pos(r);
	struct frozen *before = frozen_before(v, pos), *f;
	size_t at = checkpoint_before(v, pos);

	if (pos - frozen_pos(before) < gap)
		return;
	f = freeze(r, before, v->pool);
	if (!f)
		return;
	if (is_gap(v, pos, at)) {
		insert(v, at + 1, f);
	} else {
		if (v->ntrail == TRAIL)
			shorten_trail(v);
		v->trail[v->ntrail++] = f;
	}
	economize(v);
}

/* --- readers ------------------------------------------------------------------------------ */

/* Remembers tables as used last. */
static void
use_tables(struct gt_nav *v, struct gt_gen *gen)
{
	struct gt_gen *next = gt_gen_ref(gen);

	for (size_t i = 0; i < TABLES && next; i++) {
		struct gt_gen *was = v->tables[i];

		v->tables[i] = next;
		next = was == gen ? NULL : was;
		if (was == gen)
			gt_gen_unref(was);
	}
	gt_gen_unref(next);
	for (size_t i = TABLES - 1; i > 0 && tables_weight(v) > v->budget / 8; i--) {
		gt_gen_unref(v->tables[i]);
		v->tables[i] = NULL;
	}
}

/* Tables that a frozen reader had, counted. NULL: there are none any more, or no memory. */
static struct gt_gen *
find_tables(struct gt_nav *v, const struct gen_key *key)
{
	struct gen_next next = { .off = key->from, .batch = key->begin };
	struct gt_error ignored;
	struct gt_gen *gen;

	for (size_t i = 0; i < TABLES && v->tables[i]; i++)
		if (gen_key_is(key, v->tables[i]))
			return gt_gen_ref(v->tables[i]);
	if (gen_load(v->t, &next, &gen, &ignored) == GEN_OK && gen_key_is(key, gen))
		return gen;
	gt_gen_unref(gen);
	return NULL;
}

static struct gt_reader *
thaw_any(struct gt_nav *v, const struct frozen *f)
{
	struct gen_key key;
	struct gt_gen *gen = frozen_gen(f, &key);
	struct gt_reader *r;

	if (gen || key.to == 0)
		return thaw(f, gen);
	gen = find_tables(v, &key);
	if (!gen)
		return NULL;
	r = thaw(f, gen);
	use_tables(v, gen);
	gt_gen_unref(gen);
	return r;
}

/* Where a reader has no memory left there is no end: another one may get further. */
static bool
is_starved(const struct gt_reader *r)
{
	const struct gt_error *err = gt_reader_error(r);

	return err && err->why.code == GT_E_NOMEM;
}

/* A reader at the last checkpoint at or before pos, or a copy of the cursor's if that is nearer. NULL: no memory. */
static struct gt_reader *
reader_before(struct gt_nav *v, uint64_t pos)
{
	const struct frozen *best = frozen_before(v, pos);

	if (v->cur && !is_starved(v->cur) && gt_reader_pos(v->cur) <= pos && gt_reader_pos(v->cur) > frozen_pos(best))
		return gt_reader_clone(v->cur);
	return thaw_any(v, best);
}

/* r has met the end of what has arrived: it is kept to go on from there. Takes r over. */
static void
meet_gap(struct gt_nav *v, struct gt_reader *r)
{
	gt_reader_free(v->scout);
	v->scout = r;
}

/* r has met the end: it is kept for what it has to say, unless that is known already. Takes r over. */
static void
meet_end(struct gt_nav *v, struct gt_reader *r, enum gt_got got)
{
	if (is_starved(r)) {
		v->starved = true;
		gt_reader_free(r);
		return;
	}
	v->all = true;
	if (v->ended) {
		gt_reader_free(r);
		return;
	}
	v->known = gt_reader_pos(r);
	v->end = got;
	v->ended = r;
}

static void
note_known(struct gt_nav *v, const struct gt_reader *r)
{
	if (gt_reader_pos(r) > v->known)
		v->known = gt_reader_pos(r);
}

/* How far apart the checkpoints of a way of so many events are. */
static uint64_t
trail_gap(const struct gt_reader *r, uint64_t way)
{
	uint64_t gap = way / PER_WAY > GAP ? way / PER_WAY : GAP, heavy = gt_reader_weight(r) / BYTES_PER_EVENT;

	return gap > heavy ? gap : heavy;
}

struct stop {
	bool (*ask)(void *arg);
	void *arg;
	bool stopped;
};

/* Reads on to position n, at most; GT_EVENT where nothing ended. */
static enum gt_got
advance(struct gt_nav *v, struct gt_reader *r, uint64_t n, struct stop *stop)
{
	uint64_t pos = gt_reader_pos(r), gap = n > pos ? trail_gap(r, n - pos) : 0;

	gt_reader_log(r, false);
	while (pos < n && !stop->stopped) {
		uint64_t most = gap < ASK_EVERY ? gap : ASK_EVERY;
		enum gt_got got = gt_skip(r, n - pos < most ? n - pos : most);

		pos = gt_reader_pos(r);
		note_known(v, r);
		if (got != GT_EVENT)
			return got;
		offer(v, r, gap);
		stop->stopped = pos < n && stop->ask && stop->ask(stop->arg);
	}
	return GT_EVENT;
}

/* --- the cursor ------------------------------------------------------------------------------ */

/* Whether the cursor had better read on to n than start from a checkpoint. */
static bool
is_ahead(const struct gt_nav *v, uint64_t n)
{
	uint64_t pos = gt_reader_pos(v->cur);

	return pos < n && !is_starved(v->cur) && frozen_pos(frozen_before(v, n - 1)) <= pos;
}

/* Puts the cursor before event n, or to the base. */
static bool
restore(struct gt_nav *v, uint64_t n)
{
	struct gt_reader *r = n == v->base ? thaw_any(v, v->cp[0]) : reader_before(v, n - 1);

	if (!r) {
		v->starved = true;
		return false;
	}
	gt_reader_free(v->cur);
	v->cur = r;
	v->ev = (struct gt_event){ 0 };
	return true;
}

static void
keep_gen(struct gt_nav *v, struct gt_gen *gen)
{
	if (v->gen == gen)
		return;
	gt_gen_unref(v->gen);
	v->gen = gt_gen_ref(gen);
	if (gen)
		use_tables(v, gen);
}

/* Only of the last event must it be known what it changes. */
static enum gt_got
read_last(struct gt_nav *v)
{
	const struct gt_event *ev;
	enum gt_got got;

	gt_reader_log(v->cur, true);
	got = gt_read(v->cur, &ev);
	if (got == GT_EVENT) {
		v->ev = *ev;
		keep_gen(v, ev->gen);
		note_known(v, v->cur);
		offer(v, v->cur, GAP);
	}
	return got;
}

uint64_t
gt_nav_seek(struct gt_nav *v, uint64_t n, bool (*ask)(void *arg), void *arg)
{
	struct stop stop = { ask, arg, false };

	v->starved = false;
	if (v->all && n > v->known)
		n = v->known;
	if (n < v->base)
		n = v->base;
	if (n == gt_nav_pos(v) && !is_starved(v->cur))
		return n;
	if (!is_ahead(v, n) && !restore(v, n))
		return gt_nav_pos(v);
	v->ev = (struct gt_event){ 0 };
	while (gt_reader_pos(v->cur) < n) {
		enum gt_got got = advance(v, v->cur, n - 1, &stop);
		struct gt_reader *ended;

		if (got == GT_EVENT)
			got = read_last(v);
		if (got == GT_EVENT)
			break;
		/*
		 * What the end left of the states is not what they were before it: read up to it once more. So where what has
		 * arrived ends: of the last event there must be known what it changed.
		 */
		ended = v->cur;
		n = gt_reader_pos(ended);
		v->cur = NULL;
		if (!restore(v, n)) {
			v->cur = ended; /* no memory: as good as it gets */
			break;
		}
		if (got == GT_LATER)
			meet_gap(v, ended);
		else
			meet_end(v, ended, got);
		stop.ask = NULL;
		stop.stopped = false;
	}
	return gt_nav_pos(v);
}

bool
gt_nav_starved(const struct gt_nav *v)
{
	return v->starved;
}

uint64_t
gt_nav_pos(const struct gt_nav *v)
{
	return gt_reader_pos(v->cur);
}

const struct gt_event *
gt_nav_event(const struct gt_nav *v)
{
	return v->ev.n ? &v->ev : NULL;
}

const struct gt_state *
gt_nav_state(const struct gt_nav *v)
{
	return gt_reader_state(v->cur);
}

const struct gt_change *
gt_nav_changes(const struct gt_nav *v, size_t *n)
{
	return gt_reader_changes(v->cur, n);
}

struct gt_reader *
gt_nav_reader(struct gt_nav *v)
{
	return v->cur;
}

const struct gt_model *
gt_nav_model(const struct gt_nav *v)
{
	return &v->model;
}

uint64_t
gt_nav_known(const struct gt_nav *v, bool *all)
{
	*all = v->all;
	return v->known;
}

enum gt_got
gt_nav_end(const struct gt_nav *v, const struct gt_error **err)
{
	*err = v->ended ? gt_reader_error(v->ended) : NULL;
	return v->all ? v->end : GT_EVENT;
}

bool
gt_nav_salvaged(const struct gt_nav *v, struct gt_salvaged *out)
{
	*out = (struct gt_salvaged){ 0 };
	return v->ended && gt_reader_salvaged(v->ended, out);
}

/* --- the events from one on ------------------------------------------------------------------- */

/* A reader before event `from`: the one that gave the events before, or another. NULL: none, or the end has been met. */
static struct gt_reader *
ready_scout(struct gt_nav *v, uint64_t from)
{
	struct gt_reader *r = v->scout;
	struct stop never = { NULL, NULL, false };
	enum gt_got got;

	v->scout = NULL;
	if (r && (gt_reader_pos(r) >= from || frozen_pos(frozen_before(v, from - 1)) > gt_reader_pos(r))) {
		gt_reader_free(r);
		r = NULL;
	}
	if (!r)
		r = reader_before(v, from - 1);
	v->starved = !r;
	if (!r)
		return NULL;
	got = advance(v, r, from - 1, &never);
	if (got == GT_EVENT)
		return r;
	if (got == GT_LATER)
		meet_gap(v, r);
	else
		meet_end(v, r, got);
	return NULL;
}

size_t
gt_nav_each(struct gt_nav *v, uint64_t from, size_t count, gt_nav_fn *fn, void *arg)
{
	struct gt_reader *r;
	size_t given = 0;

	v->starved = false;
	if (from <= v->base)
		from = v->base + 1;
	if (v->all && from > v->known)
		return 0;
	r = ready_scout(v, from);
	if (!r)
		return 0;
	gt_reader_log(r, true);
	for (bool more = true; more && given < count;) {
		const struct gt_event *ev;
		const struct gt_change *ch;
		size_t nch;
		enum gt_got got = gt_read(r, &ev);

		if (got == GT_LATER)
			break;
		if (got != GT_EVENT) {
			meet_end(v, r, got);
			return given;
		}
		note_known(v, r);
		if (ev->n % GAP == 0)
			offer(v, r, INTERVAL);
		ch = gt_reader_changes(r, &nch);
		given++;
		more = fn(arg, ev, ch, nch, gt_reader_state(r));
	}
	v->scout = r;
	return given;
}

/* --- the index ------------------------------------------------------------------------------------ */

struct gt_indexer *
gt_indexer_new(struct gt_nav *v)
{
	return indexer_new(v->t, &v->model, v->pool);
}

/* The generation that begins at an offset, or NULL. */
static struct gt_gen_place *
place_at(const struct gt_nav *v, uint64_t from)
{
	size_t lo = 0, hi = v->nplace;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (v->place[mid].from < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < v->nplace && v->place[lo].from == from ? &v->place[lo] : NULL;
}

static void
learn_places(struct gt_nav *v, const struct gt_found *f)
{
	for (size_t i = 0; i < f->nplace && !v->lost; i++)
		if (GROW(v->place, v->nplace, v->cplace))
			v->place[v->nplace++] = f->place[i];
		else
			v->lost = true;
	v->all_places = v->all_places || (f->all_places && !v->lost);
	for (size_t i = 0; i < f->nstart; i++) {
		struct gt_gen_place *p = place_at(v, f->start[i].from);

		if (p) {
			p->first = f->start[i].first;
			p->time = f->start[i].time;
		}
	}
}

static void
join_blocks(struct gt_block *a, const struct gt_block *b)
{
	for (size_t i = 0; i < sizeof(a->sum.types) / sizeof(a->sum.types[0]); i++)
		a->sum.types[i] |= b->sum.types[i];
	for (size_t i = 0; i < sizeof(a->sum.m) / sizeof(a->sum.m[0]); i++) {
		a->sum.m[i] |= b->sum.m[i];
		a->sum.p[i] |= b->sum.p[i];
	}
	for (size_t i = 0; i < sizeof(a->sum.g) / sizeof(a->sum.g[0]); i++)
		a->sum.g[i] |= b->sum.g[i];
	for (int i = 0; i < GT_PRESENTED; i++) {
		a->procs[i] += b->procs[i];
		a->goroutines[i] += b->goroutines[i];
	}
	a->sum.most_g = b->sum.most_g > a->sum.most_g ? b->sum.most_g : a->sum.most_g;
	a->sum.gen = b->sum.gen < a->sum.gen ? b->sum.gen : a->sum.gen;
	a->sum.last_gen = b->sum.last_gen > a->sum.last_gen ? b->sum.last_gen : a->sum.last_gen;
	a->sum.from = b->sum.from < a->sum.from ? b->sum.from : a->sum.from;
	a->sum.to = b->sum.to > a->sum.to ? b->sum.to : a->sum.to;
	a->sum.last = b->sum.last;
}

/* Too many: each two become one. */
static void
join_all(struct gt_nav *v)
{
	size_t n = 0;

	v->per_block *= 2;
	for (size_t i = 0; i < v->nblock; i++)
		if (i % 2 == 0)
			v->block[n++] = v->block[i];
		else
			join_blocks(&v->block[n - 1], &v->block[i]);
	v->nblock = n;
}

/* Each stands at the place of its number: after one that there was no memory for there are none. */
static void
learn_blocks(struct gt_nav *v, const struct gt_found *f)
{
	for (size_t i = 0; i < f->nblock; i++) {
		const struct gt_block *b = &f->block[i];

		if (v->nblock > 1 && (v->nblock + 1) * sizeof(*b) > v->budget / 4)
			join_all(v);
		if ((b->sum.first - 1) / v->per_block < v->nblock)
			join_blocks(&v->block[v->nblock - 1], b);
		else if ((b->sum.first - 1) / v->per_block == v->nblock && GROW(v->block, v->nblock, v->cblock))
			v->block[v->nblock++] = *b;
	}
}

static void
learn_checkpoints(struct gt_nav *v, struct gt_found *f)
{
	uint64_t interval = pool_interval(v->pool);

	for (size_t i = 0; i < f->ncp; i++) {
		uint64_t pos = frozen_pos(f->cp[i]);
		size_t at = checkpoint_before(v, pos);

		/* Its stretch has one already. */
		if (frozen_pos(v->cp[at]) / interval == pos / interval)
			frozen_unref(f->cp[i]);
		else
			insert(v, at + 1, f->cp[i]);
	}
	f->ncp = 0;
}

static void
learn_end(struct gt_nav *v, struct gt_found *f)
{
	if (f->ended) {
		meet_end(v, f->ended, f->end);
	} else if (!v->all) {
		v->all = true;
		v->known = f->known;
		v->end = f->end;
	}
	f->ended = NULL;
}

void
gt_nav_learn(struct gt_nav *v, struct gt_found *f)
{
	if (!f)
		return;
	learn_places(v, f);
	learn_blocks(v, f);
	learn_checkpoints(v, f);
	v->done = f->done;
	v->indexed = f->all;
	v->waits = f->waits;
	if (f->known > v->known)
		v->known = f->known;
	if (f->all) {
		learn_end(v, f);
		v->marks = f->marks;
		v->nmarks = f->nmarks;
		f->marks = (struct gt_buf){ NULL, 0, 0 };
	}
	gt_found_free(f);
	economize(v);
}

bool
gt_nav_index(struct gt_nav *v, uint64_t events, double *done, size_t *bytes)
{
	struct gt_found *f;

	if (!v->own && !v->indexed && v->base == 0)
		v->own = gt_indexer_new(v);
	f = v->own ? gt_indexer_read(v->own, events) : NULL;
	if (bytes)
		*bytes = f ? gt_found_bytes(f) : 0;
	if (f)
		gt_nav_learn(v, f);
	gt_nav_indexed(v, done);
	return f && !v->indexed && !v->waits;
}

/* The longest way from the start of a generation into it. */
static uint64_t
longest_generation(const struct gt_nav *v)
{
	uint64_t most = v->known;

	for (size_t i = 0; i < v->nplace; i++) {
		uint64_t next = i + 1 < v->nplace ? v->place[i + 1].first : v->known;

		if (i == 0 || next - v->place[i].first > most)
			most = next - v->place[i].first;
	}
	return most;
}

bool
gt_nav_save(const struct gt_nav *v, struct gt_buf *out)
{
	struct gt_found f = { .place = v->place, .nplace = v->nplace, .block = v->block, .nblock = v->nblock,
		.known = v->known };

	return v->indexed && v->end == GT_END && v->nmarks != 0 && v->nmarks == v->nplace && v->per_block == BLOCK &&
		longest_generation(v) <= KEEP_WAY && keep_index(out, &f, &v->marks, v->nmarks);
}

bool
gt_nav_load(struct gt_nav *v, const uint8_t *p, size_t n)
{
	struct gt_found *f = v->indexed || v->nplace || v->base ? NULL : keep_load(v->t, &v->model, v->pool, p, n);

	gt_nav_learn(v, f);
	return f != NULL;
}

bool
gt_nav_indexed(const struct gt_nav *v, double *done)
{
	*done = v->done;
	return v->indexed;
}

bool
gt_nav_waits(const struct gt_nav *v)
{
	return v->waits;
}

const struct gt_gen_place *
gt_nav_gens(const struct gt_nav *v, size_t *n, bool *all)
{
	*n = v->nplace;
	*all = v->all_places;
	return v->place;
}

const struct gt_block *
gt_nav_block(const struct gt_nav *v, uint64_t n)
{
	uint64_t i = n ? (n - 1) / v->per_block : 0;

	return n && i < v->nblock && n >= v->block[i].sum.first && n <= v->block[i].sum.last ? &v->block[i] : NULL;
}

/* --- beginning and end ------------------------------------------------------------------------- */

static void
clear(struct gt_nav *v)
{
	for (size_t i = 0; i < v->ncp; i++)
		frozen_unref(v->cp[i]);
	for (size_t i = 0; i < v->ntrail; i++)
		frozen_unref(v->trail[i]);
	for (size_t i = 0; i < TABLES; i++)
		gt_gen_unref(v->tables[i]);
	free(v->cp);
	free(v->place);
	free(v->block);
	gt_indexer_free(v->own);
	gt_buf_free(&v->marks);
	gt_reader_free(v->cur);
	gt_reader_free(v->scout);
	gt_reader_free(v->ended);
	gt_gen_unref(v->gen);
	pool_unref(v->pool);
}

/* at: NULL: the start of the trace. */
static bool
start(struct gt_nav *v, struct gt_trace *t, const struct gt_model *model, size_t budget, const struct gt_gen_place *at)
{
	struct frozen *f;

	*v = (struct gt_nav){ .t = t, .model = *model, .budget = budget, .end = GT_EVENT, .per_block = BLOCK };
	v->pool = pool_new(INTERVAL, BLOCK);
	v->cur = at ? gt_reader_new_at(t, model, at) : gt_reader_new(t, model);
	if (!v->pool || !v->cur)
		return false;
	v->base = v->known = gt_reader_pos(v->cur);
	f = freeze(v->cur, NULL, v->pool);
	return f && insert(v, 0, f);
}

struct gt_nav *
gt_nav_new_at(struct gt_trace *t, const struct gt_model *model, size_t budget, const struct gt_gen_place *at)
{
	struct gt_nav *v = malloc(sizeof(*v));

	if (v && !start(v, t, model, budget, at)) {
		gt_nav_free(v);
		return NULL;
	}
	return v;
}

struct gt_nav *
gt_nav_new(struct gt_trace *t, const struct gt_model *model, size_t budget)
{
	return gt_nav_new_at(t, model, budget, NULL);
}

void
gt_nav_free(struct gt_nav *v)
{
	if (v)
		clear(v);
	free(v);
}

uint64_t
gt_nav_base(const struct gt_nav *v)
{
	return v->base;
}

bool
gt_nav_set_model(struct gt_nav *v, const struct gt_model *model)
{
	uint64_t pos = gt_nav_pos(v);
	struct gt_nav anew;

	if (v->base != 0 || !start(&anew, v->t, model, v->budget, NULL)) {
		if (v->base == 0)
			clear(&anew);
		return false;
	}
	clear(v);
	*v = anew;
	gt_nav_seek(v, pos, NULL, NULL);
	return true;
}
