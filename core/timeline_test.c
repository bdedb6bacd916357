/* SPDX-License-Identifier: MIT */
/*
 * Timelines against the states: the spans of a thing follow each other without a gap or an overlap, begin and end with
 * the events they name, and say at every point what the states say.
 */
#include "gotrace.h"

#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { MOST_SPANS = 60000, MOST_EVENTS = 20000 };

static struct {
	const char *path;
	bool old; /* before Go 1.22 */
	struct gt_span span[MOST_SPANS];
	size_t n;
	int64_t time[MOST_EVENTS]; /* by event number */
	uint64_t events;
	size_t early[3][GT_LANES];
} tl;

static void
on_span(void *arg, const struct gt_span *s)
{
	size_t *n = arg;

	assert_true(*n < MOST_SPANS);
	tl.span[(*n)++] = *s;
}

/* --- what a span must say, by the states ------------------------------------------------- */

/* The M that has the P or G; how many do (of a broken trace: more than one). */
static unsigned
holder(const struct gt_state *s, enum gt_res res, int64_t id, struct gt_m *out)
{
	struct gt_m m;
	unsigned n = 0;

	*out = (struct gt_m){ GT_NONE, GT_NONE, GT_NONE };
	for (size_t i = 0; i < gt_m_count(s); i++)
		if (gt_m_at(s, i, &m) && (res == GT_P ? m.p : m.g) == id) {
			*out = m;
			n++;
		}
	return n;
}

static enum gt_lane_state
m_state(const struct gt_state *s, const struct gt_m *m)
{
	struct gt_g g;

	if (m->g != GT_NONE && gt_g_find(s, m->g, &g) && g.status == GT_G_SYSCALL)
		return GT_LANE_SYSCALL;
	if (m->p == GT_NONE)
		return GT_LANE_IDLE;
	return m->g == GT_NONE ? GT_LANE_BARE : GT_LANE_RUNNING;
}

/* m: who has it. */
static enum gt_lane_state
p_state(const struct gt_state *s, enum gt_pstatus status, const struct gt_m *m)
{
	struct gt_g g;

	if (status == GT_P_SYSCALL)
		return GT_LANE_SYSCALL;
	if (status != GT_P_RUNNING)
		return GT_LANE_IDLE;
	if (m->g == GT_NONE)
		return GT_LANE_BARE;
	return gt_g_find(s, m->g, &g) && g.status == GT_G_SYSCALL ? GT_LANE_SYSCALL : GT_LANE_RUNNING;
}

static enum gt_lane_state
g_state(enum gt_gstatus status)
{
	static const enum gt_lane_state states[] = { GT_LANE_NONE, GT_LANE_RUNNABLE, GT_LANE_RUNNING, GT_LANE_SYSCALL,
		GT_LANE_WAITING, GT_LANE_NONE };

	return states[status];
}

/* --- the spans of a thing -------------------------------------------------------------------- */

static int
compare_spans(const void *a, const void *b)
{
	const struct gt_span *x = a, *y = b;

	if (x->res != y->res)
		return x->res < y->res ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

/* The span of a thing after event n, or NULL. Spans are sorted. */
static const struct gt_span *
span_at(enum gt_res res, int64_t id, uint64_t n)
{
	struct gt_span key = { .res = res, .id = id, .first = n };
	size_t lo = 0, hi = tl.n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (compare_spans(&tl.span[mid], &key) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || tl.span[lo - 1].res != res || tl.span[lo - 1].id != id)
		return NULL;
	return tl.span[lo - 1].last == 0 || tl.span[lo - 1].last > n ? &tl.span[lo - 1] : NULL;
}

static void
check_point(enum gt_res res, int64_t id, uint64_t n, enum gt_lane_state state, int64_t m, int64_t p, int64_t g)
{
	static const char letters[] = "MPG";
	const struct gt_span *x = span_at(res, id, n);

	if (state == GT_LANE_NONE) {
		if (x)
			fail_msg("%s: event %llu: %c%lld is there", tl.path, (unsigned long long)n, letters[res],
				(long long)id);
		return;
	}
	if (!x)
		fail_msg("%s: event %llu: %c%lld is not there", tl.path, (unsigned long long)n, letters[res],
			(long long)id);
	if (x->state != state || x->m != m || x->p != p || x->g != g)
		fail_msg("%s: event %llu: %c%lld is %s with M%lld P%lld G%lld, must be %s with M%lld P%lld G%lld",
			tl.path, (unsigned long long)n, letters[res], (long long)id, gt_lane_name(x->state),
			(long long)x->m, (long long)x->p, (long long)x->g, gt_lane_name(state), (long long)m,
			(long long)p, (long long)g);
}

/* Since when it is in its state: spans are cut where whom it is with changes, too. */
static void
check_since(enum gt_res res, int64_t id, uint64_t n, int64_t since)
{
	const struct gt_span *x = span_at(res, id, n);
	int64_t want;

	if (!x)
		return;
	while (x > tl.span && x[-1].res == res && x[-1].id == id && x[-1].last == x->first &&
		x[-1].state == x->state)
		x--;
	want = x->first ? x->from : GT_BEFORE;
	if (since != want)
		fail_msg("%s: event %llu: %c%lld is so since %lld, must be %lld", tl.path, (unsigned long long)n, "MPG"[res],
			(long long)id, (long long)since, (long long)want);
}

/*
 * What an M or P did before the trace is told after the status of the P, by the status of a goroutine: then that one was with it.
 * m: as it is.
 */
static bool
was_with_g(enum gt_res res, int64_t id, const struct gt_m *m, uint64_t n)
{
	const struct gt_span *x = span_at(res, id, n), *g = x ? span_at(GT_G, x->g, n) : NULL;

	return m->p != GT_NONE && m->g == GT_NONE && g && !x->first && !g->first && x->m == m->id && g->m == m->id && g->p == m->p &&
		x->p == m->p && g->state == x->state;
}

/* What an M had before the trace is told only later: until then it has nothing. */
static bool
had_before(const struct gt_m *m, uint64_t n)
{
	const struct gt_span *x = span_at(GT_M, m->id, n), *p = x ? span_at(GT_P, x->p, n) : NULL, *g = x ? span_at(GT_G, x->g, n) : NULL;

	return m->p == GT_NONE && m->g == GT_NONE && x && !x->first && ((p && !p->first && p->m == m->id) || (g && !g->first && g->m == m->id));
}

/* One that has had nothing yet need not be there. */
static void
check_ms(const struct gt_state *s, uint64_t n)
{
	struct gt_m m;

	for (size_t i = 0; i < gt_m_count(s); i++)
		if (gt_m_at(s, i, &m) && (m.p != GT_NONE || m.g != GT_NONE || span_at(GT_M, m.id, n)) && !was_with_g(GT_M, m.id, &m, n) &&
			!had_before(&m, n))
			check_point(GT_M, m.id, n, m_state(s, &m), m.id, m.p, m.g);
}

/* What a P is since when; idle and abandoned are one. */
struct p_since {
	int64_t id, since;
	enum gt_pstatus is;
};

static struct p_since ps[200];
static size_t nps;

static struct p_since *
p_since(const struct gt_p *p, const struct gt_event *ev)
{
	/* Before Go 1.22 it is when it first starts that a P is heard of. */
	bool before = ev->type == GT_EV_ProcStatus && ev->from == GT_PRES_Undetermined && !tl.old;

	for (size_t i = 0; i < nps; i++)
		if (ps[i].id == p->id)
			return &ps[i];
	assert_true(nps < sizeof(ps) / sizeof(ps[0]));
	ps[nps] = (struct p_since){ p->id, before ? GT_BEFORE : ev->time, p->status };
	return &ps[nps++];
}

/* Unlike its lane, the state of a P is the same whatever the goroutine does that it is with. */
static void
check_ps_since(const struct gt_state *s, const struct gt_event *ev)
{
	struct gt_p p;

	for (size_t i = 0; i < gt_p_count(s); i++) {
		struct p_since *is;
		enum gt_pstatus now;

		assert_true(gt_p_at(s, i, &p));
		now = p.status == GT_P_RUNNING || p.status == GT_P_SYSCALL ? p.status : GT_P_IDLE;
		p.status = now;
		is = p_since(&p, ev);
		if (is->is != now)
			*is = (struct p_since){ p.id, ev->time, now };
		if (p.since != is->since)
			fail_msg("%s: event %llu: P%lld is so since %lld, must be %lld", tl.path, (unsigned long long)ev->n,
				(long long)p.id, (long long)p.since, (long long)is->since);
	}
}

static void
check_ps(const struct gt_state *s, uint64_t n)
{
	struct gt_p p;
	struct gt_m m;
	enum gt_lane_state state;

	for (size_t i = 0; i < gt_p_count(s); i++) {
		if (!gt_p_at(s, i, &p) || holder(s, GT_P, p.id, &m) > 1)
			continue;
		state = p_state(s, p.status, &m);
		if (state == GT_LANE_IDLE)
			m = (struct gt_m){ GT_NONE, GT_NONE, GT_NONE };
		if (p.status != GT_P_RUNNING || !(p.since == GT_BEFORE || tl.old) || !was_with_g(GT_P, p.id, &m, n))
			check_point(GT_P, p.id, n, state, m.id, p.id, m.g);
	}
}

static void
check_gs(const struct gt_state *s, uint64_t n)
{
	struct gt_g g;
	struct gt_m m;

	for (size_t i = 0; i < gt_g_count(s); i++) {
		if (!gt_g_at(s, i, &g) || holder(s, GT_G, g.id, &m) > 1)
			continue;
		if (g.status != GT_G_RUNNING && g.status != GT_G_SYSCALL)
			m = (struct gt_m){ GT_NONE, GT_NONE, GT_NONE };
		check_point(GT_G, g.id, n, g_state(g.status), m.id, m.p, g.id);
		check_since(GT_G, g.id, n, g.since);
	}
	/* Nothing goes on for what is gone. */
	for (size_t i = 0; i < tl.n; i++)
		if (tl.span[i].res == GT_G && tl.span[i].first <= n && tl.span[i].first > 0 &&
			(tl.span[i].last > n || tl.span[i].last == 0) && !gt_g_find(s, tl.span[i].id, &g))
			fail_msg("%s: event %llu: G%lld is gone", tl.path, (unsigned long long)n,
				(long long)tl.span[i].id);
}

/* Ends are at events, and times are theirs. */
static void
check_ends(void)
{
	for (size_t i = 0; i < tl.n; i++) {
		const struct gt_span *x = &tl.span[i], *next = x + 1;

		assert_true(x->state != GT_LANE_NONE && x->state < GT_LANES);
		assert_true(x->first <= tl.events && x->last <= tl.events && x->from <= x->to);
		assert_true(x->last == 0 || x->last > x->first);
		if (x->from != tl.time[x->first ? x->first : 1] || x->to != tl.time[x->last ? x->last : tl.events])
			fail_msg("%s: span from event %llu to %llu: other times", tl.path, (unsigned long long)x->first,
				(unsigned long long)x->last);
		if (i + 1 == tl.n || next->res != x->res || next->id != x->id)
			continue;
		/* A gap is where a goroutine was not there. */
		if (x->last == 0 || next->first < x->last || (next->first > x->last && x->res != GT_G))
			fail_msg("%s: spans of %lld: to event %llu, then from %llu", tl.path, (long long)x->id,
				(unsigned long long)x->last, (unsigned long long)next->first);
		if (next->first == x->last && next->state == x->state && next->m == x->m && next->p == x->p &&
			next->g == x->g)
			fail_msg("%s: a span is cut in two at event %llu", tl.path, (unsigned long long)x->last);
	}
}

/* Each P ran goroutines as long as goroutines ran on it. */
static void
check_sums(void)
{
	for (size_t i = 0; i < tl.n; i++) {
		int64_t by_p = 0, by_g = 0;

		if (tl.span[i].res != GT_P || (i && tl.span[i - 1].res == GT_P && tl.span[i - 1].id == tl.span[i].id))
			continue;
		for (size_t k = 0; k < tl.n; k++) {
			const struct gt_span *x = &tl.span[k];

			if (x->state != GT_LANE_RUNNING || x->p != tl.span[i].id)
				continue;
			by_p += x->res == GT_P ? x->to - x->from : 0;
			by_g += x->res == GT_G ? x->to - x->from : 0;
		}
		if (by_p != by_g)
			fail_msg("%s: P%lld ran goroutines for %lld ns, and they ran on it for %lld ns", tl.path, (long long)tl.span[i].id,
				(long long)by_p, (long long)by_g);
	}
}

/* As many are told to have been so at the start as there are spans that begin there. */
static void
check_early(void)
{
	size_t is[3][GT_LANES] = { 0 };

	for (size_t i = 0; i < tl.n; i++)
		is[tl.span[i].res][tl.span[i].state] += !tl.span[i].first;
	for (int res = GT_M; res <= GT_G; res++)
		for (int x = GT_LANE_IDLE; x < GT_LANES; x++)
			if (is[res][x] != tl.early[res][x])
				fail_msg("%s: %zu of %s were %s before the trace, must be %zu", tl.path, tl.early[res][x], gt_res_name((enum gt_res)res),
					gt_lane_name((enum gt_lane_state)x), is[res][x]);
}

/* What is told of now is what the states say: of each goroutine, and how many Ms and goroutines are in each state. */
static void
check_now(const struct gt_timeline *line, const struct gt_state *s, uint64_t n)
{
	size_t ms[GT_LANES] = { 0 }, gs[GT_LANES] = { 0 };
	struct gt_m m;
	struct gt_g g;

	for (size_t i = 0; i < gt_m_count(s); i++)
		if (gt_m_at(s, i, &m))
			ms[m_state(s, &m)]++;
	for (size_t i = 0; i < gt_g_count(s); i++) {
		const struct gt_span *now;

		if (!gt_g_at(s, i, &g))
			continue;
		gs[g_state(g.status)]++;
		now = gt_timeline_now(line, GT_G, g.id);
		assert_int_equal(now ? now->state : GT_LANE_NONE, g_state(g.status));
	}
	for (int x = GT_LANE_IDLE; x < GT_LANES; x++) {
		size_t is = gt_timeline_count(line, GT_M, (enum gt_lane_state)x);

		/* An M that has had nothing yet need not be there. */
		if ((x == GT_LANE_IDLE ? is > ms[x] : is != ms[x]) || gt_timeline_count(line, GT_G, (enum gt_lane_state)x) != gs[x])
			fail_msg("%s: event %llu: %zu Ms are %s, must be %zu; or so are %zu goroutines, must be %zu", tl.path,
				(unsigned long long)n, is, gt_lane_name((enum gt_lane_state)x), ms[x],
				gt_timeline_count(line, GT_G, (enum gt_lane_state)x), gs[x]);
	}
}

/* --- traces ------------------------------------------------------------------------------------- */

static void
make_spans(struct gt_trace *t, const struct gt_model *model)
{
	struct gt_timeline *line = gt_timeline_new(on_span, &tl.n);
	struct gt_reader *r = gt_reader_new(t, model);
	const struct gt_event *ev;
	const struct gt_change *ch;
	size_t nch;

	tl.old = gt_version(t) < 22;
	tl.n = 0;
	tl.events = 0;
	gt_reader_log(r, true);
	while (gt_read(r, &ev) == GT_EVENT) {
		assert_true(++tl.events < MOST_EVENTS);
		tl.time[tl.events] = ev->time;
		ch = gt_reader_changes(r, &nch);
		assert_true(gt_timeline_event(line, ev, ch, nch, gt_reader_state(r)));
		if (tl.events < 500 || tl.events % 7 == 0)
			check_now(line, gt_reader_state(r), tl.events);
	}
	for (int res = GT_M; res <= GT_G; res++)
		for (int x = GT_LANE_IDLE; x < GT_LANES; x++)
			tl.early[res][x] = gt_timeline_early(line, (enum gt_res)res, (enum gt_lane_state)x);
	gt_timeline_end(line);
	gt_timeline_free(line);
	gt_reader_free(r);
}

static void
check_trace(const struct sample_trace *s, bool good)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none);
	struct gt_reader *r = gt_reader_new(t, &s->model);
	const struct gt_event *ev;
	uint64_t every;

	tl.path = s->path;
	make_spans(t, &s->model);
	/* Each comes when it ends. */
	for (size_t i = 1; i < tl.n; i++)
		assert_true(tl.span[i].last >= tl.span[i - 1].last || tl.span[i].last == 0);
	qsort(tl.span, tl.n, sizeof(tl.span[0]), compare_spans);
	check_ends();
	check_early();
	if (good)
		check_sums();
	every = tl.events > 500 ? 7 : 1;
	nps = 0;
	while (gt_read(r, &ev) == GT_EVENT) {
		check_ps_since(gt_reader_state(r), ev);
		if (ev->n % every == 0) {
			check_ms(gt_reader_state(r), ev->n);
			check_ps(gt_reader_state(r), ev->n);
			check_gs(gt_reader_state(r), ev->n);
		}
	}
	gt_reader_free(r);
	gt_close(t);
}

static void
on_all(const char *dir, size_t least, bool good)
{
	size_t n, spans = 0;
	struct sample_trace *v = load_samples(dir, &n);

	for (size_t i = 0; i < n; i++) {
		check_trace(&v[i], good);
		spans += tl.n;
	}
	free_samples(v, n);
	assert_true(n >= 9 && spans > least);
}

static void
test_small(void **state)
{
	(void)state;
	on_all("testdata/tests", 500, false);
}

static void
test_traces(void **state)
{
	(void)state;
	on_all("testdata/traces", 5000, true);
}

static void
test_broken(void **state)
{
	(void)state;
	on_all("testdata/bad", 2000, false);
}

/* One small trace, span by span. */
static void
test_one(void **state)
{
	static const struct {
		enum gt_res res;
		int64_t id;
		enum gt_lane_state state;
		int64_t m, p, g;
		uint64_t first, last;
	} want[] = {
		{ GT_M, 0, GT_LANE_SYSCALL, 0, GT_NONE, 4, 2, 4 },
		{ GT_M, 0, GT_LANE_SYSCALL, 0, 0, 4, 4, 5 },
		{ GT_M, 0, GT_LANE_BARE, 0, 0, GT_NONE, 5, 6 },
		{ GT_M, 0, GT_LANE_RUNNING, 0, 0, 4, 6, 7 },
		{ GT_M, 0, GT_LANE_SYSCALL, 0, 0, 4, 7, 0 },
		{ GT_P, 0, GT_LANE_IDLE, GT_NONE, 0, GT_NONE, 0, 4 },
		{ GT_P, 0, GT_LANE_SYSCALL, 0, 0, 4, 4, 5 },
		{ GT_P, 0, GT_LANE_BARE, 0, 0, GT_NONE, 5, 6 },
		{ GT_P, 0, GT_LANE_RUNNING, 0, 0, 4, 6, 7 },
		{ GT_P, 0, GT_LANE_SYSCALL, 0, 0, 4, 7, 0 },
		{ GT_G, 4, GT_LANE_SYSCALL, 0, GT_NONE, 4, 2, 4 },
		{ GT_G, 4, GT_LANE_SYSCALL, 0, 0, 4, 4, 5 },
		{ GT_G, 4, GT_LANE_RUNNABLE, GT_NONE, GT_NONE, 4, 5, 6 },
		{ GT_G, 4, GT_LANE_RUNNING, 0, 0, 4, 6, 7 },
		{ GT_G, 4, GT_LANE_SYSCALL, 0, 0, 4, 7, 0 },
	};
	static const char text[] = "Trace Go1.22\n"
		"EventBatch gen=1 m=0 time=0 size=21\n"
		"GoCreateSyscall dt=1 new_g=4\n"
		"ProcStatus dt=1 p=0 pstatus=2\n"
		"ProcStart dt=1 p=0 p_seq=1\n"
		"GoSyscallEndBlocked dt=1\n"
		"GoStart dt=1 g=4 g_seq=1\n"
		"GoSyscallBegin dt=1 p_seq=2 stack=0\n"
		"EventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\n";
	struct sample_trace s = { .path = "test_one" };
	struct gt_text_error where;

	(void)state;
	assert_true(gt_text_read(text, sizeof(text) - 1, &s.bytes, &where));
	assert_true(gt_model_get(&s.model, GT_MODEL_DEFAULT));
	check_trace(&s, true);
	assert_int_equal(tl.n, LEN(want));
	for (size_t i = 0; i < LEN(want); i++) {
		const struct gt_span *x = &tl.span[i];

		if (x->res != want[i].res || x->id != want[i].id || x->state != want[i].state || x->m != want[i].m ||
			x->p != want[i].p || x->g != want[i].g || x->first != want[i].first || x->last != want[i].last)
			fail_msg("span %zu: %s %lld %s, M%lld P%lld G%lld, events %llu to %llu", i, gt_res_name(x->res),
				(long long)x->id, gt_lane_name(x->state), (long long)x->m, (long long)x->p,
				(long long)x->g, (unsigned long long)x->first, (unsigned long long)x->last);
	}
	gt_buf_free(&s.bytes);
}

/* Who lets a goroutine go on. */
static void
test_wakers(void **state)
{
	static const struct {
		const char *reason;
		int64_t p, g;
		enum gt_waker is;
	} want[] = {
		{ "network", 1, GT_NONE, GT_WAKER_NETWORK },
		{ "network", 1, 7, GT_WAKER_NETWORK }, /* closed by that one */
		{ "sleep", 1, GT_NONE, GT_WAKER_TIMER },
		{ "sleep", 1, 7, GT_WAKER_TIMER },
		{ "chan receive", 1, GT_NONE, GT_WAKER_TIMER },
		{ "select", 1, GT_NONE, GT_WAKER_TIMER },
		{ "chan receive", 1, 7, GT_WAKER_OTHER },
		{ "select", 1, 7, GT_WAKER_OTHER },
		{ "chan send", 1, GT_NONE, GT_WAKER_OTHER },
		{ "system goroutine wait", 1, GT_NONE, GT_WAKER_OTHER },
		{ "chan receive", 1000001, 7, GT_WAKER_TIMER }, /* before Go 1.14: by the goroutine of timers */
		{ "", 1, GT_NONE, GT_WAKER_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < LEN(want); i++) {
		struct gt_str reason = { want[i].reason, strlen(want[i].reason) };

		if (gt_woken_by(reason, want[i].p, want[i].g) != want[i].is)
			fail_msg("%zu: %s, P%lld G%lld", i, want[i].reason, (long long)want[i].p, (long long)want[i].g);
	}
	assert_int_equal(gt_woken_by((struct gt_str){ NULL, 0 }, 1, GT_NONE), GT_WAKER_OTHER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_wakers),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_traces),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
