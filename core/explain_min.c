/* SPDX-License-Identifier: MIT */
/*
 * Makes a broken trace small: what is left is refused for the same reason.
 *
 * Three ways, one after the other. Whole generations and batches are left out. Then a slice is taken: the states shortly
 * before the fault are told as statuses, and only the events from there on are kept, with their numbers counted from
 * there. At last single events and entries of tables are left out, many at a time at first (delta debugging).
 */
#include "explain_in.h"
#include "reason.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

/* Trials in one round of leaving out; a round is begun anew as long as that helps. */
enum { MOST_TRIALS = 20000, LOOK_BACK = 1 << 16 };

/* Why a trace is refused; of one that is stuck, what its earliest head is and waits for. */
struct cause {
	enum gt_code code, waits;
	uint8_t type;
	uint64_t id[GT_MAXARGS]; /* that the head is about: of Ms, Ps, goroutines */
};

struct min {
	const struct gt_model *model;
	struct cause cause;
	uint64_t missing; /* the ID that is not in a table, where that is the cause */
	struct gt_buf best;
	struct gt_buf next; /* under trial */
	uint64_t spent, budget; /* in events read */
	gt_minimize_progress *progress;
	void *arg;
	bool stopped;
};

/* False: the reader has met no error. */
static bool
cause_of(struct gt_reader *r, struct cause *out)
{
	const struct gt_error *err = gt_reader_error(r);
	const struct gt_spec *s;
	struct gt_head h;

	memset(out, 0, sizeof(*out));
	if (!err)
		return false;
	out->code = err->why.code;
	out->type = err->why.type;
	if (err->why.code != GT_E_STUCK || gt_frontier(r, &h, 1) == 0)
		return true;
	s = gt_spec(h.ev.type);
	out->waits = h.why.code;
	out->type = h.ev.type;
	for (unsigned i = 0; i < s->nargs; i++)
		if (s->arg[i].type == GT_ARG_M || s->arg[i].type == GT_ARG_P || s->arg[i].type == GT_ARG_G)
			out->id[i] = h.ev.arg[i];
	return true;
}

static bool
same_cause(const struct cause *a, const struct cause *b)
{
	return a->code == b->code && a->waits == b->waits && a->type == b->type && memcmp(a->id, b->id, sizeof(a->id)) == 0;
}

/* Whether the bytes in next are refused for the reason wanted; then they are the best so far. */
static bool
fails(struct min *m)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(m->next.p, m->next.n, &err);
	struct gt_reader *r = t ? gt_reader_new(t, m->model) : NULL;
	bool same = false;

	if (r) {
		struct cause now;

		gt_skip(r, UINT64_MAX);
		same = cause_of(r, &now) && same_cause(&now, &m->cause);
		m->spent += gt_reader_pos(r) + m->next.n / 16 + 20;
	}
	gt_reader_free(r);
	gt_close(t);
	if (same) {
		struct gt_buf was = m->best;

		m->best = m->next;
		m->next = was;
		m->next.n = 0;
	}
	if (m->spent > m->budget || (m->progress && m->progress(m->arg, m->best.n)))
		m->stopped = true;
	return same;
}

/* --- leaving out ------------------------------------------------------------------------------ */

/* The trace in parts that may be left out: batches, or what is in them. */
struct parts {
	struct gt_trace *t;
	struct xdoc doc;
	bool *gone; /* of each batch, or of each event */
	bool events;
	size_t n;
};

/* What says which table a batch is stays as long as there is an entry: without it no text stands for them. */
static bool
is_kept(const struct parts *p, const struct xbatch *b, uint32_t i)
{
	if (p->gone[i] && b->table && i == b->first)
		for (uint32_t k = i + 1; k < b->first + b->n; k++)
			if (!p->gone[k])
				return true;
	return !p->gone[i];
}

static bool
put_batch(const struct parts *p, const struct xbatch *b, struct gt_buf *out)
{
	const uint8_t *bytes = p->t->bytes;
	uint64_t size = b->b.size, at[5];
	bool ok;

	if (b->b.ends || b->n == 0)
		return gt_buf_put(out, bytes + b->b.off, (b->b.ends ? b->b.data : batch_end(&b->b)) - b->b.off);
	for (uint32_t i = b->first; p->events && i < b->first + b->n; i++)
		size -= is_kept(p, b, i) ? 0 : p->doc.ev[i].len;
	/* An M's batch with nothing in it says nothing. */
	if (size == 0 && b->b.size > 0)
		return true;
	xdoc_header(&p->doc, b, at);
	ok = gt_buf_put(out, bytes + b->b.off, at[3] - b->b.off);
	/* A size that needs no change is written as it was. */
	ok = ok && (size == b->b.size ? gt_buf_put(out, bytes + at[3], at[4] - at[3]) : gt_buf_varint(out, size));
	for (uint32_t i = b->first; p->events && i < b->first + b->n; i++)
		if (is_kept(p, b, i))
			ok = ok && gt_buf_put(out, bytes + p->doc.ev[i].off, p->doc.ev[i].len);
	if (p->events) {
		const struct xevent *last = &p->doc.ev[b->first + b->n - 1];

		return ok && gt_buf_put(out, bytes + last->off + last->len, batch_end(&b->b) - last->off - last->len);
	}
	return ok && gt_buf_put(out, bytes + b->b.data, b->b.size);
}

static bool
put_parts(const struct parts *p, struct gt_buf *out)
{
	bool ok = gt_buf_put(out, p->t->bytes, p->t->first);

	for (size_t i = 0; i < p->doc.n && ok; i++)
		if (p->events || !p->gone[i])
			ok = put_batch(p, &p->doc.b[i], out);
	return ok && gt_buf_put(out, p->t->bytes + p->doc.end, p->t->n - p->doc.end);
}

/* Leaves out runs of `size` parts, wherever that goes. True: some. */
static bool
leave_out_runs(struct min *m, struct parts *p, size_t size)
{
	bool any = false;

	/* From the end: what is behind the fault goes first. */
	for (size_t end = p->n; end > 0 && !m->stopped; end = end > size ? end - size : 0) {
		size_t from = end > size ? end - size : 0, here = 0;
		bool was[64];

		for (size_t i = from; i < end; i++)
			here += !p->gone[i];
		if (here == 0)
			continue;
		if (end - from <= 64)
			memcpy(was, p->gone + from, end - from);
		/* Larger runs are left out only where all of them are there. */
		if (end - from > 64 && here < end - from)
			continue;
		memset(p->gone + from, true, end - from);
		m->next.n = 0;
		if (put_parts(p, &m->next) && fails(m)) {
			any = true;
			continue;
		}
		if (end - from <= 64)
			memcpy(p->gone + from, was, end - from);
		else
			memset(p->gone + from, false, end - from);
	}
	return any;
}

/* One level: batches, or events. False: no memory. */
static bool
leave_out(struct min *m, bool events)
{
	struct gt_buf bytes = { 0 };
	struct gt_error err;
	struct parts p = { .events = events };
	bool ok = gt_buf_put(&bytes, m->best.p, m->best.n);

	p.t = ok ? gt_open(bytes.p, bytes.n, &err) : NULL;
	ok = p.t && xdoc_read(&p.doc, p.t, p.t->first, 0, UINT64_MAX, NULL);
	p.n = ok ? (events ? p.doc.nev : p.doc.n) : 0;
	p.gone = ok ? calloc(p.n + 1, sizeof(*p.gone)) : NULL;
	ok = ok && p.gone;
	for (size_t size = p.n; ok && size > 0 && !m->stopped; size /= 2)
		while (leave_out_runs(m, &p, size) && size == 1 && !m->stopped)
			;
	free(p.gone);
	xdoc_free(&p.doc);
	gt_close(p.t);
	gt_buf_free(&bytes);
	return ok;
}

/* Where batches stop making sense. */
static size_t
end_of_batches(struct gt_trace *t)
{
	struct gt_error ignored;
	struct batch b;
	uint64_t off = t->first;

	while (batch_read(t, off, 0, &b, &ignored) == BATCH_OK)
		off = b.ends ? b.data : batch_end(&b);
	return off;
}

/* Leaves out bytes at the end, where no batch can be read any more. */
static void
trim(struct min *m)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(m->best.p, m->best.n, &err);
	size_t end = t ? end_of_batches(t) : m->best.n;

	gt_close(t);
	for (size_t size = m->best.n - end; size > 0 && !m->stopped; size /= 2)
		while (m->best.n >= end + size) {
			m->next.n = 0;
			if (!gt_buf_put(&m->next, m->best.p, m->best.n - size) || !fails(m))
				break;
		}
}

/* --- a slice ----------------------------------------------------------------------------------- */

/* What the numbers of a P or goroutine are counted from. */
struct slice {
	struct min *m;
	struct gt_trace *t;
	struct gt_reader *at; /* at the beginning of the slice */
	uint64_t gen;
	struct {
		int64_t m;
		struct gt_buf data;
		uint64_t last; /* time of its last event */
	} *ms;
	size_t nm, cm;
	struct gt_buf strings; /* entries of those that are kept */
	struct map named;      /* their IDs */
	uint64_t now;
	bool ok;
};

static void
slice_free(struct slice *s)
{
	for (size_t i = 0; i < s->nm; i++)
		gt_buf_free(&s->ms[i].data);
	free(s->ms);
	gt_buf_free(&s->strings);
	map_free(&s->named);
}

static size_t
find_m(struct slice *s, int64_t m)
{
	for (size_t i = 0; i < s->nm; i++)
		if (s->ms[i].m == m)
			return i;
	if (!GROW(s->ms, s->nm, s->cm)) {
		s->ok = false;
		return 0;
	}
	memset(&s->ms[s->nm], 0, sizeof(s->ms[0]));
	s->ms[s->nm].m = m;
	return s->nm++;
}

static void
put_event(struct slice *s, int64_t m, uint8_t type, const uint64_t *arg, unsigned n)
{
	size_t i = find_m(s, m);
	struct gt_buf *b;

	if (!s->ok)
		return;
	b = &s->ms[i].data;
	s->now++;
	s->ok = gt_buf_byte(b, type) && gt_buf_varint(b, s->now - s->ms[i].last);
	for (unsigned k = 0; k < n && s->ok; k++)
		s->ok = gt_buf_varint(b, arg[k]);
	s->ms[i].last = s->now;
}

/* seq as counted from where the slice begins. */
static uint64_t
rebase(uint64_t seq, uint64_t gen, uint64_t of_gen, uint64_t of_seq)
{
	uint64_t base = gen == of_gen ? of_seq : 0;

	return seq > base ? seq - base : 0;
}

/* A string is kept, since it is what it is about. */
static void
keep_string(struct slice *s, const struct gt_event *ev, uint64_t id)
{
	struct gt_str text;

	if (id == 0 || map_get(&s->named, id) != MAP_NONE || !gt_gen_string(ev->gen, id, &text))
		return;
	s->ok = s->ok && map_add(&s->named, id, 0) && gt_buf_byte(&s->strings, GT_EV_String) && gt_buf_varint(&s->strings, id) &&
		gt_buf_varint(&s->strings, text.n) && gt_buf_put(&s->strings, text.p, text.n);
}

/* Whether what an event refers to is not in the tables. */
static bool
of_tables(const struct cause *c)
{
	return c->code == GT_E_STACK_ID || c->code == GT_E_STRING_ID || c->code == GT_E_STRING_ORDER;
}

/* Ranges may have begun before the slice: they are left out, unless they are what it is about. */
static bool
is_range(const struct cause *c, uint8_t type)
{
	enum gt_kind kind = gt_spec(type)->kind, cause = gt_spec(c->type)->kind;
	bool range = kind == GT_K_RangeBegin || kind == GT_K_RangeActive || kind == GT_K_RangeEnd;

	return range && (of_tables(c) || !(cause == GT_K_RangeBegin || cause == GT_K_RangeActive || cause == GT_K_RangeEnd));
}

static void
slice_event(struct slice *s, const struct gt_event *ev, bool refused)
{
	bool regions = s->m->cause.code == GT_E_REGION_MISUSE && (ev->type == GT_EV_UserRegionBegin || ev->type == GT_EV_UserRegionEnd);
	const struct gt_spec *spec = gt_spec(ev->type);
	const struct gt_state *st = gt_reader_state(s->at);
	uint64_t arg[GT_MAXARGS + 1];

	memcpy(arg, ev->arg, sizeof(arg));
	for (unsigned i = 0; i < spec->nargs; i++) {
		struct gt_p p = { .gen = 0 };
		struct gt_g g = { .gen = 0 };

		switch (spec->arg[i].type) {
		case GT_ARG_STACK:
		case GT_ARG_NSTACK:
		case GT_ARG_STRING:
			/* Tables are left out, unless they are what it is about: then the one refused names what they have not. */
			if (regions && spec->arg[i].type == GT_ARG_STRING)
				keep_string(s, ev, arg[i]);
			else if (!refused || !of_tables(&s->m->cause) || arg[i] != s->m->missing)
				arg[i] = 0;
			break;
		case GT_ARG_SEQ:
			if (ev->type == GT_EV_GCActive || ev->type == GT_EV_GCBegin || ev->type == GT_EV_GCEnd)
				break;
			if (spec->arg[0].type == GT_ARG_G) {
				gt_g_find(st, (int64_t)ev->arg[0], &g);
				arg[i] = rebase(arg[i], s->gen, g.gen, g.seq);
			} else {
				gt_p_find(st, spec->arg[0].type == GT_ARG_P ? (int64_t)ev->arg[0] : ev->p, &p);
				arg[i] = rebase(arg[i], s->gen, p.gen, p.seq);
			}
			break;
		default:
			break;
		}
	}
	put_event(s, ev->m, ev->type, arg, spec->nargs);
}

/* The states at the beginning, as statuses: of all Ps, and of the goroutines. */
static void
slice_statuses(struct slice *s)
{
	const struct gt_state *st = gt_reader_state(s->at);
	struct gt_m m;
	struct gt_p p;
	struct gt_g g;

	for (size_t i = 0; i < gt_m_count(st); i++) {
		if (!gt_m_at(st, i, &m) || (m.p == GT_NONE && m.g == GT_NONE))
			continue;
		if (gt_p_find(st, m.p, &p))
			put_event(s, m.id, GT_EV_ProcStatus, (const uint64_t[]){ (uint64_t)p.id, p.status }, 2);
		if (gt_g_find(st, m.g, &g))
			put_event(s, m.id, GT_EV_GoStatus, (const uint64_t[]){ (uint64_t)g.id, (uint64_t)m.id, g.status }, 3);
	}
	for (size_t i = 0; i < gt_p_count(st); i++)
		if (gt_p_at(st, i, &p) && (p.status == GT_P_IDLE || p.status == GT_P_ABANDONED))
			put_event(s, GT_NONE, GT_EV_ProcStatus, (const uint64_t[]){ (uint64_t)p.id, p.status }, 2);
	for (size_t i = 0; i < gt_g_count(st); i++)
		if (gt_g_at(st, i, &g) && (g.status == GT_G_WAITING || g.status == GT_G_RUNNABLE))
			put_event(s, GT_NONE, GT_EV_GoStatus, (const uint64_t[]){ (uint64_t)g.id, UINT64_MAX, g.status }, 3);
}

static bool
put_header(struct gt_buf *out, int64_t m, uint64_t time, uint64_t size)
{
	return gt_buf_byte(out, GT_EV_EventBatch) && gt_buf_varint(out, 1) && gt_buf_varint(out, (uint64_t)m) && gt_buf_varint(out, time) &&
		gt_buf_varint(out, size);
}

/* The slice as a trace of one generation. False: it would not fit. */
static bool
write_slice(struct slice *s, struct gt_buf *out)
{
	static const uint8_t sync[] = { GT_EV_Sync, GT_EV_Frequency, 0xc0, 0xd6, 0xb9, 0x07, GT_EV_ClockSnapshot, 0, 0, 0, 0 };
	unsigned version = gt_version(s->t);
	bool ok = s->ok;

	out->n = 0;
	ok = ok && gt_buf_put(out, s->t->bytes, s->t->first);
	if (version >= 25)
		ok = ok && put_header(out, GT_NONE, 1, sizeof(sync)) && gt_buf_put(out, sync, sizeof(sync));
	for (size_t i = 0; i < s->nm; i++)
		ok = ok && s->ms[i].data.n <= MAX_BATCH_SIZE && put_header(out, s->ms[i].m, 0, s->ms[i].data.n) &&
			gt_buf_put(out, s->ms[i].data.p, s->ms[i].data.n);
	if (version < 25)
		ok = ok && put_header(out, GT_NONE, 1, 5) && gt_buf_put(out, sync + 1, 5);
	return ok && put_header(out, GT_NONE, 1, 1) && gt_buf_byte(out, GT_EV_Stacks) && s->strings.n < MAX_BATCH_SIZE &&
		put_header(out, GT_NONE, 1, 1 + s->strings.n) && gt_buf_byte(out, GT_EV_Strings) &&
		gt_buf_put(out, s->strings.p, s->strings.n) && (version < 26 || gt_buf_byte(out, GT_EV_EndOfGeneration));
}

/* The event at a place, as it stands in the file. */
static void
slice_place(struct slice *s, const struct gt_reader *end, const struct gt_place *at)
{
	struct gt_event ev = { .m = at->m, .p = GT_NONE };
	struct gt_m m;
	const uint8_t *p, *stop = s->t->bytes + s->t->n;
	uint64_t dt;

	if (at->event < 0 || at->offset < 0 || (uint64_t)at->offset >= s->t->n)
		return;
	p = s->t->bytes + at->offset;
	ev.type = *p++;
	if (!gt_spec(ev.type)->timed || gt_spec(ev.type)->shape != GT_PLAIN || varint(&p, stop, &dt) != VARINT_OK)
		return;
	for (unsigned i = 0; i < gt_spec(ev.type)->nargs; i++)
		if (varint(&p, stop, &ev.arg[i]) != VARINT_OK)
			return;
	if (gt_m_find(gt_reader_state(end), at->m, &m))
		ev.p = m.p;
	slice_event(s, &ev, true);
}

/* The heads of the frontier: of a stuck one all that wait, else the one that is refused; it may be none of them any more. */
static void
slice_heads(struct slice *s, struct gt_reader *end)
{
	const struct gt_error *err = gt_reader_error(end);
	size_t n = gt_frontier(end, NULL, 0);
	struct gt_head *head = calloc(n + 1, sizeof(*head));
	bool any = false;

	if (!head) {
		s->ok = false;
		return;
	}
	gt_frontier(end, head, n);
	for (size_t i = 0; i < n; i++) {
		bool this = head[i].ev.batch == err->place.batch && head[i].ev.index == err->place.event;

		if (!this && !(err->why.code == GT_E_STUCK && head[i].answer == GT_WAIT))
			continue;
		any = true;
		slice_event(s, &head[i].ev, true);
	}
	if (!any)
		slice_place(s, end, &err->place);
	free(head);
}

/* The last `back` events before the fault, begun with statuses. */
static bool
try_slice(struct min *m, struct gt_trace *t, uint64_t pos, uint64_t back)
{
	struct slice s = { .m = m, .t = t, .ok = true };
	struct gt_reader *r;
	const struct gt_event *ev;
	bool fine = false;

	s.at = gt_reader_new(t, m->model);
	if (!s.at)
		return false;
	if (back < pos)
		gt_skip(s.at, pos - back);
	r = gt_reader_clone(s.at);
	if (r) {
		s.gen = reader_gen(r) ? gt_gen_number(reader_gen(r)) : 1;
		slice_statuses(&s);
		while (s.ok && gt_reader_pos(r) < pos && gt_read(r, &ev) == GT_EVENT) {
			if (ev->type == GT_EV_SyncPoint && ev->gen)
				s.gen = gt_gen_number(ev->gen);
			if (ev->len > 0 && ev->part == 0 && ev->type != GT_EV_CPUSample && !is_range(&m->cause, ev->type))
				slice_event(&s, ev, false);
		}
		/* The error comes with the next one. */
		if (s.ok && gt_read(r, &ev) == GT_BROKEN)
			slice_heads(&s, r);
		fine = write_slice(&s, &m->next) && m->next.n < m->best.n && fails(m);
	}
	slice_free(&s);
	gt_reader_free(r);
	gt_reader_free(s.at);
	m->spent += pos;
	return fine;
}

/*
 * Bytes of an event that can't be read, and what is behind them in their batch, as all that their M wrote; behind another
 * event, where a batch that begins with them would be a table.
 */
static bool
try_bytes(struct min *m, struct gt_trace *t, const struct gt_place *at, bool behind)
{
	struct slice s = { .m = m, .t = t, .ok = true };
	struct gt_error ignored;
	struct batch b = { .ends = false };
	uint64_t off = t->first, end = 0;
	uint32_t i = 0;
	bool fine = false;

	for (; i <= at->batch && batch_read(t, off, i, &b, &ignored) == BATCH_OK; i++)
		off = end = b.ends ? b.data : batch_end(&b);
	if (i <= at->batch || b.ends || b.m == GT_NONE || at->offset < (int64_t)b.data || at->offset >= (int64_t)end)
		return false;
	if (behind)
		put_event(&s, b.m, GT_EV_ProcStatus, (const uint64_t[]){ 0, GT_P_IDLE }, 2);
	i = (uint32_t)find_m(&s, b.m);
	if (s.ok && gt_buf_put(&s.ms[i].data, t->bytes + at->offset, end - (uint64_t)at->offset))
		fine = write_slice(&s, &m->next) && m->next.n < m->best.n && fails(m);
	slice_free(&s);
	return fine;
}

static void
take_slice(struct min *m)
{
	struct gt_buf bytes = { 0 };
	struct gt_error err;
	struct gt_trace *t = gt_buf_put(&bytes, m->best.p, m->best.n) ? gt_open(bytes.p, bytes.n, &err) : NULL;
	struct gt_reader *r = t ? gt_reader_new(t, m->model) : NULL;

	if (r && gt_version(t) >= 22) {
		uint64_t pos;

		gt_skip(r, UINT64_MAX);
		pos = gt_reader_pos(r);
		if (gt_code_class(m->cause.code) == GT_CLASS_FORMAT && gt_reader_error(r)->place.event >= 0)
			(void)(try_bytes(m, t, &gt_reader_error(r)->place, false) || try_bytes(m, t, &gt_reader_error(r)->place, true));
		for (uint64_t back = 1; back <= LOOK_BACK && !m->stopped; back *= 2)
			if (try_slice(m, t, pos, back) || back >= pos)
				break;
	}
	gt_reader_free(r);
	gt_close(t);
	gt_buf_free(&bytes);
}

bool
gt_minimize(const struct gt_trace *t, const struct gt_model *model, struct gt_buf *out, uint64_t effort,
	gt_minimize_progress *progress, void *arg)
{
	struct min m = { .model = model, .budget = effort ? effort : UINT64_C(400000000), .progress = progress, .arg = arg };
	struct gt_error err;
	struct gt_trace *whole = gt_open(t->bytes, t->n, &err);
	struct gt_reader *r = whole ? gt_reader_new(whole, model) : NULL;
	bool ok = r && gt_version(t) >= 22 && gt_buf_put(&m.best, t->bytes, t->n);

	if (ok) {
		gt_skip(r, UINT64_MAX);
		ok = cause_of(r, &m.cause);
		m.missing = ok ? gt_reader_error(r)->why.arg[0] : 0;
	}
	if (ok) {
		trim(&m);
		take_slice(&m);
		ok = leave_out(&m, false) && leave_out(&m, true);
		take_slice(&m);
		ok = ok && leave_out(&m, true) && leave_out(&m, false);
		trim(&m);
	}
	gt_reader_free(r);
	gt_close(whole);
	gt_buf_free(&m.next);
	ok = ok && gt_buf_put(out, m.best.p, m.best.n);
	gt_buf_free(&m.best);
	return ok;
}
