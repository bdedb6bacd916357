/* SPDX-License-Identifier: MIT */
/*
 * What an explanation says must be true: of every broken trace there is, and of traces broken here in known ways.
 */
#include "explain.h"

#include "map.h"
#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

/* What was seen: so that a test of nothing is noticed. */
static struct {
	unsigned long broken, events, past, links, whole;
} seen;

/* The change is one of those that the event made. */
static bool
has_change(const struct gt_change *ch, size_t n, const struct gt_change *want)
{
	for (size_t i = 0; i < n; i++)
		if (ch[i].field == want->field && ch[i].id == want->id && ch[i].from == want->from && ch[i].to == want->to)
			return true;
	return false;
}

static void
check_history(const char *path, struct gt_explain *x, struct gt_nav *v)
{
	size_t n, nch;
	const struct gt_past *p = gt_explain_history(x, &n);

	for (size_t i = 0; i < n; i++) {
		const struct gt_event *ev;
		const struct gt_change *ch;

		if (gt_nav_seek(v, p[i].n, NULL, NULL) != p[i].n)
			fail_msg("%s: there is no event %llu", path, (unsigned long long)p[i].n);
		ev = gt_nav_event(v);
		ch = gt_nav_changes(v, &nch);
		if (ev->type != p[i].type || ev->m != p[i].m || (int64_t)ev->batch != p[i].place.batch ||
			(int64_t)ev->index != p[i].place.event || (int64_t)ev->off != p[i].place.offset)
			fail_msg("%s: event %llu is another one", path, (unsigned long long)p[i].n);
		if (!has_change(ch, nch, &p[i].change))
			fail_msg("%s: event %llu does not change that", path, (unsigned long long)p[i].n);
		if (i > 0 && p[i].n < p[i - 1].n)
			fail_msg("%s: history runs backwards", path);
		seen.past++;
	}
}

/* Required and found: as the states before the fault are. */
static void
check_event(const struct sample_trace *s, struct gt_explain *x, struct gt_trace *t, struct gt_nav *v)
{
	const struct gt_event *ev = gt_explain_event(x);
	const struct gt_error *err = gt_explain_error(x);
	struct gt_check c[GT_MAXCHECKS];
	bool crossed = false;
	size_t n, want;
	const struct gt_check *said = gt_explain_checks(x, &want);
	struct gt_m m = { 0, GT_NONE, GT_NONE };

	if (!ev)
		return;
	seen.events++;
	assert_int_equal(gt_nav_seek(v, UINT64_MAX, NULL, NULL), gt_explain_pos(x));
	assert_true((int64_t)ev->off == err->place.offset && (int64_t)ev->index == err->place.event);
	gt_m_find(gt_nav_state(v), ev->m, &m);
	assert_true(m.p == ev->p && m.g == ev->g);
	n = gt_checks(gt_nav_state(v), &s->model, gt_version(t), gt_gen_number(ev->gen), ev, c);
	assert_int_equal(n, want);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(c[i].what, said[i].what);
		assert_string_equal(c[i].here, said[i].here);
		assert_int_equal(c[i].ok, said[i].ok);
		crossed = crossed || !c[i].ok;
	}
	if (!crossed && (err->why.code == GT_E_STUCK || is_covered(err->why.code)))
		fail_msg("%s: all that is required is there", s->path);
}

/* The type of the event at a place of the file, behind what can't be read the byte there; GT_EV_None: there is none. */
static uint8_t
type_at(struct gt_trace *t, const struct gt_place *at)
{
	struct gt_raw_reader *r = gt_raw_new(t);
	size_t n;
	const uint8_t *all = gt_bytes(t, &n);
	struct gt_place p;
	struct gt_raw ev;
	enum gt_got got = GT_EVENT;
	uint8_t type = GT_EV_None;

	while (r && type == GT_EV_None && (got = gt_raw_next(r, &ev)) == GT_EVENT) {
		gt_raw_place(r, &p);
		if (p.batch == at->batch && p.event == at->event && p.m == at->m && (int64_t)ev.off == at->offset)
			type = ev.type;
	}
	if (got == GT_BROKEN && at->offset >= 0 && at->offset < (int64_t)n)
		type = all[at->offset];
	gt_raw_free(r);
	return type;
}

static void
check_links(const char *path, struct gt_explain *x, struct gt_trace *t)
{
	size_t n;
	const struct gt_link *l = gt_explain_links(x, &n);

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(l[i].head.answer, GT_WAIT);
		if (!l[i].nobody && type_at(t, &l[i].by) != l[i].by_type)
			fail_msg("%s: what M%lld waits for is not there", path, (long long)l[i].head.ev.m);
		seen.links++;
	}
}

/* A repair that is said to leave nothing wrong leaves nothing wrong, and one that goes further goes further. */
static void
check_repairs(const struct sample_trace *s, struct gt_explain *x)
{
	size_t n;
	const struct gt_suspect *su = gt_explain_suspects(x, &n);

	for (size_t i = 0; i < n; i++) {
		struct gt_buf b = { 0 };
		struct gt_error err;
		struct gt_trace *t;
		struct gt_reader *r;

		assert_true(su[i].repair[0] != '\0' && (i == 0 || su[i].score <= su[i - 1].score));
		if (!su[i].tested || !gt_explain_repair(x, i, &b))
			continue;
		t = gt_open(b.p, b.n, &err);
		assert_non_null(t);
		r = gt_reader_new(t, &s->model);
		gt_skip(r, UINT64_MAX);
		if (su[i].whole && !su[i].part && gt_reader_error(r))
			fail_msg("%s: %s: still %s", s->path, su[i].repair, gt_reader_error(r)->text);
		if (su[i].further > 0 && gt_reader_pos(r) < gt_explain_pos(x) + su[i].further)
			fail_msg("%s: %s: only %llu events", s->path, su[i].repair, (unsigned long long)gt_reader_pos(r));
		seen.whole += su[i].whole;
		gt_reader_free(r);
		gt_close(t);
		gt_buf_free(&b);
	}
}

/* memory: with little of it less is said, and that holds, too. */
static void
check_sample(const struct sample_trace *s, size_t memory)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &err);
	struct gt_explain *x;
	struct gt_nav *v;

	if (!t)
		return;
	x = gt_explain_new(t, &s->model, 300000, memory, NULL, NULL);
	v = gt_nav_new(t, &s->model, 1 << 20);
	assert_true(x && v);
	gt_nav_seek(v, UINT64_MAX, NULL, NULL);
	assert_int_equal(gt_nav_pos(v), gt_explain_pos(x));
	if (gt_explain_error(x)) {
		size_t n;

		seen.broken++;
		check_event(s, x, t, v);
		check_history(s->path, x, v);
		check_links(s->path, x, t);
		check_repairs(s, x);
		gt_explain_causes(x, &n);
		if (n == 0)
			fail_msg("%s: no row of the catalogue fits", s->path);
		assert_true(gt_explain_usable(x)->good_events <= gt_explain_pos(x));
	}
	gt_nav_free(v);
	gt_explain_free(x);
	gt_close(t);
}

static void
on_all(const char *dir)
{
	size_t n;
	struct sample_trace *v = load_samples(dir, &n);

	for (size_t i = 0; i < n; i++) {
		check_sample(&v[i], 0);
		check_sample(&v[i], 1 << 12);
	}
	free_samples(v, n);
}

static void
test_true(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	on_all("testdata/tests");
	on_all("testdata/bad");
	assert_true(seen.broken > 100 && seen.events > 60 && seen.past > 200 && seen.links > 15 && seen.whole > 50);
}

/* --- the catalogue ------------------------------------------------------------------------- */

/* An example of each row; a path without a folder is a .test. */
static const struct {
	const char *name, *file;
} examples[] = {
	{ "old-cgo", "bad/old-cgo.trace" },
	{ "old-injected", "bad/old-injected.trace" },
	{ "old-handoff", "bad/old-handoff.trace" },
	{ "old-no-order", "bad/old-no-order.trace" },
	{ "old-syscall-exit", "bad/old-syscall-exit.trace" },
	{ "old-clocks", "bad/old-not-runnable.trace" },
	{ "old-time-order", "bad/old-time-order.trace" },
	{ "old-time-jump", "bad/old-time-order.trace" },
	{ "truncated", "bad/cut-go1.21.trace" },
	{ "truncated", "bad/cut-go1.11.trace" },
	{ "broken-tail", "bad/cut-go1.19.trace" },
	{ "wrong-frequency", "tests/odd-frequency.test" },
	{ "inconsistent-status", "tests/g-status-conflict.test" },
	{ "syscall-thread-id", "tests/g-syscall-thread.test" },
	{ "text-in-trace", "bad/text-inside.trace" },
	{ "region-before-trace", "tests/region-before-trace.test" },
	{ "region-misuse", "tests/region-misuse.test" },
	{ "open-at-the-edge", "tests/regions.test" },
	{ "damaged-bytes", "tests/ev-type.test" },
	{ "truncated", "tests/gen-incomplete.test" },
	{ "broken-tail", "tests/batch-short.test" },
	{ "no-stacks", "tests/stack-id.test" },
	{ "ties", "tests/ties.test" },
	{ "cgo-proc", "tests/create-syscall-with-p-current.test" },
	{ "thread-reuse", "tests/thread-reuse-tolerant.test" },
	{ "sequence-across-generations", "tests/stuck-g-seq-next-gen.test" },
	{ "read-ahead", "tests/stack-event-next-gen.test" },
	{ "two-traces", "bad/two-traces.trace" },
	{ "wrong-header", "bad/older-header.trace" },
	{ "event-lost", "tests/no-proc.test" },
	{ "events-without-stack", "tests/block-wake.test" },
};

/* Of rows that a code alone tells. */
static const struct {
	const char *name;
	enum gt_code code;
} by_code[] = {
	{ "unknown-version", GT_E_VERSION },
	{ "not-a-trace", GT_E_NOT_A_TRACE },
};

static bool
named(const struct gt_cause *const *c, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(c[i]->name, name) == 0)
			return true;
	return false;
}

static void
check_example(const char *name, const char *file)
{
	struct sample_trace s;
	struct gt_explain *x;
	struct gt_trace *t;
	struct gt_error err;
	char dir[64];
	size_t n;

	snprintf(dir, sizeof(dir), "testdata/%.*s", (int)strcspn(file, "/"), file);
	if (!load_sample(&s, dir, strchr(file, '/') + 1))
		fail_msg("%s can't be read", file);
	t = gt_open(s.bytes.p, s.bytes.n, &err);
	assert_non_null(t);
	x = gt_explain_new(t, &s.model, 100000, 0, NULL, NULL);
	assert_non_null(x);
	gt_explain_causes(x, &n);
	if (!named(gt_explain_causes(x, &n), n, name))
		fail_msg("%s is no example of %s", file, name);
	gt_explain_free(x);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

static void
test_catalogue(void **state)
{
	const struct gt_cause *c;

	(void)state;
	for (size_t i = 0; i < LEN(examples); i++)
		check_example(examples[i].name, examples[i].file);
	for (size_t i = 0; i < LEN(by_code); i++) {
		const struct gt_cause *out[8] = { NULL };

		if (!named(out, gt_causes_of_file(by_code[i].code, "", 0, out, LEN(out)), by_code[i].name))
			fail_msg("%s", by_code[i].name);
	}
	/* Every row has an example. */
	for (size_t i = 0; (c = gt_cause_at(i)); i++) {
		bool found = false;

		for (size_t k = 0; k < LEN(examples); k++)
			found = found || strcmp(examples[k].name, c->name) == 0;
		for (size_t k = 0; k < LEN(by_code); k++)
			found = found || strcmp(by_code[k].name, c->name) == 0;
		if (!found)
			fail_msg("%s has no example", c->name);
		assert_true(c->title[0] && c->how[0] && c->avoid[0]);
	}
}

/* --- traces broken in known ways ----------------------------------------------------------------- */

/* Where an event of a trace is. */
struct at {
	uint64_t off, len;
	int64_t batch, event;
	uint8_t type, narg;
	uint64_t arg[GT_MAXARGS + 1];
};

static struct at *
events_of(struct gt_trace *t, size_t *n)
{
	struct gt_raw_reader *r = gt_raw_new(t);
	struct at *v = NULL;
	struct gt_raw ev;
	size_t cap = 0;

	for (*n = 0; gt_raw_next(r, &ev) == GT_EVENT;) {
		struct gt_place p;

		gt_raw_place(r, &p);
		if (gt_spec(ev.type)->kind != GT_K_StateTransition || p.event < 0)
			continue;
		assert_true(GROW(v, *n, cap));
		v[*n] = (struct at){ ev.off, ev.len, p.batch, p.event, ev.type, ev.narg, { 0 } };
		memcpy(v[(*n)++].arg, ev.arg, sizeof(ev.arg[0]) * ev.narg);
	}
	gt_raw_free(r);
	return v;
}

enum how { DROP, DOUBLE, SEQ, SWAP };

/* bytes with event e broken; the size of its batch is mended. False: it can't be broken like that. */
static bool
break_it(struct gt_trace *t, enum how how, const struct at *e, struct gt_buf *out)
{
	size_t n;
	const uint8_t *all = gt_bytes(t, &n);
	struct gt_buf ev = { 0 };
	struct gt_raw_reader *r = gt_raw_new(t);
	uint64_t next = e->off + e->len, head = 0, hlen = 0, size = 0;
	struct gt_raw raw, batch = { 0 };
	bool ok = true, last = true;

	while (gt_raw_next(r, &raw) == GT_EVENT) {
		if (raw.type == GT_EV_EventBatch && raw.off < e->off)
			batch = raw;
		if (raw.off == next && raw.type != GT_EV_EventBatch && raw.type != GT_EV_EndOfGeneration) {
			last = false;
			if (how == SWAP)
				ok = gt_buf_put(&ev, all + raw.off, raw.len);
			next = how == SWAP ? next + raw.len : next;
			break;
		}
	}
	gt_raw_free(r);
	head = batch.off;
	hlen = batch.len;
	size = batch.arg[3];
	if (how == SEQ) {
		const struct gt_spec *s = gt_spec(e->type);
		bool seq = false;

		ok = gt_buf_byte(&ev, e->type);
		for (unsigned i = 0; i < e->narg; i++) {
			bool this = i > 0 && s->arg[i - 1].type == GT_ARG_SEQ;

			seq = seq || this;
			ok = ok && gt_buf_varint(&ev, e->arg[i] + (this ? 50 : 0));
		}
		ok = ok && seq;
	} else if (how != DROP) {
		ok = ok && gt_buf_put(&ev, all + e->off, e->len) && (how == SWAP || gt_buf_put(&ev, all + e->off, e->len));
	}
	if (how == SWAP && last)
		ok = false;
	size += ev.n - (next - e->off);
	ok = ok && gt_buf_put(out, all, head) && gt_buf_byte(out, GT_EV_EventBatch);
	for (unsigned i = 0; i < 3; i++)
		ok = ok && gt_buf_varint(out, batch.arg[i]);
	ok = ok && gt_buf_varint(out, size) && gt_buf_put(out, all + head + hlen, e->off - head - hlen) && gt_buf_put(out, ev.p, ev.n) &&
		gt_buf_put(out, all + next, n - next);
	gt_buf_free(&ev);
	return ok;
}

/* 1: the event, or its neighbour, is the first suspect; 0: it is not; -1: the trace is valid all the same. */
static int
first_suspect(const struct gt_buf *b, const struct gt_model *model, const struct at *e)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(b->p, b->n, &err);
	struct gt_explain *x = gt_explain_new(t, model, 2000000, 0, NULL, NULL);
	const struct gt_suspect *s;
	int hit = -1;
	size_t n;

	assert_non_null(x);
	s = gt_explain_suspects(x, &n);
	if (gt_explain_error(x))
		hit = n > 0 && s[0].place.batch == e->batch && s[0].place.event >= e->event - 1 && s[0].place.event <= e->event + 1;
	gt_explain_free(x);
	gt_close(t);
	return hit;
}

static void
test_found(void **state)
{
	static const char *const names[] = { "dropped", "doubled", "renumbered", "swapped" };
	struct sample_trace s;
	struct gt_error err;
	struct gt_trace *t;
	struct at *ev;
	size_t n;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed-go1.22.trace"));
	t = gt_open(s.bytes.p, s.bytes.n, &err);
	ev = events_of(t, &n);
	assert_true(n > 200);
	for (unsigned how = DROP; how <= SWAP; how++) {
		unsigned broken = 0, hits = 0;

		for (size_t i = how * 7 + 5; i < n && broken < 12; i += n / 37) {
			struct gt_buf b = { 0 };
			int hit = break_it(t, (enum how)how, &ev[i], &b) ? first_suspect(&b, &s.model, &ev[i]) : -1;

			broken += hit >= 0;
			hits += hit > 0;
			gt_buf_free(&b);
		}
		if (broken < 6 || hits * 10 < broken * 6)
			fail_msg("%s: %u of %u are the first suspect", names[how], hits, broken);
	}
	free(ev);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

/* --- batches that are missing, and bytes that are damaged -------------------------------------------- */

struct batch_at {
	uint64_t off, end;
	int64_t index, m;
	uint8_t head; /* 0: an end of a generation, or an empty batch */
};

/* The batches of a trace, ends of generations among them. */
static struct batch_at *
batches_of(struct gt_trace *t, size_t *n)
{
	size_t bytes;
	const uint8_t *all = gt_bytes(t, &bytes);
	struct gt_raw_reader *r = gt_raw_new(t);
	struct batch_at *v = NULL;
	struct gt_raw ev;
	size_t cap = 0;

	for (*n = 0; gt_raw_next(r, &ev) == GT_EVENT;) {
		bool ends = ev.type == GT_EV_EndOfGeneration, exp = ev.type == GT_EV_ExperimentalBatch;
		uint64_t size = ends ? 0 : ev.arg[3 + exp];

		if (!ends && !exp && ev.type != GT_EV_EventBatch)
			continue;
		assert_true(GROW(v, *n, cap));
		v[*n] = (struct batch_at){ ev.off, ev.off + ev.len + (exp ? 0 : size), (int64_t)*n, ends ? GT_NONE : (int64_t)ev.arg[1 + exp],
			!ends && !exp && size > 0 ? all[ev.off + ev.len] : 0 };
		++*n;
	}
	gt_raw_free(r);
	return v;
}

/* Which suspect names the batch, counted from 1; 0: none; -1: the trace is valid. */
static int
names_batch(const struct gt_buf *b, const struct gt_model *model, int64_t batch)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(b->p, b->n, &err);
	struct gt_explain *x = gt_explain_new(t, model, 200000, 0, NULL, NULL);
	const struct gt_suspect *s;
	int at = 0;
	size_t n;

	assert_non_null(x);
	s = gt_explain_suspects(x, &n);
	for (size_t i = n; i-- > 0;)
		if (s[i].place.batch == batch)
			at = (int)i + 1;
	if (!gt_explain_error(x))
		at = -1;
	gt_explain_free(x);
	gt_close(t);
	return at;
}

/* Each batch of a trace is dropped in turn: tables stand where they must, others where their threads are missing. */
static void
test_lost(void **state)
{
	static const char *const files[] = { "cgo-new-threads.trace", "mixed-go1.22.trace", "mixed.trace" };
	unsigned tables = 0, found = 0, events = 0, first = 0, third = 0;

	(void)state;
	for (size_t f = 0; f < LEN(files); f++) {
		struct batch_at *v;
		struct sample_trace s;
		struct gt_error err;
		struct gt_trace *t;
		size_t n;

		assert_true(load_sample(&s, "testdata/traces", files[f]));
		t = gt_open(s.bytes.p, s.bytes.n, &err);
		v = batches_of(t, &n);
		for (size_t i = 0; i < n; i++) {
			bool table = v[i].head == GT_EV_Strings || v[i].head == GT_EV_Stacks || v[i].head == GT_EV_Sync || v[i].head == GT_EV_Frequency;
			struct gt_buf b = { 0 };
			int at;

			assert_true(gt_buf_put(&b, s.bytes.p, v[i].off) && gt_buf_put(&b, s.bytes.p + v[i].end, s.bytes.n - v[i].end));
			at = names_batch(&b, &s.model, v[i].index);
			gt_buf_free(&b);
			if (at < 0)
				continue;
			if (table || v[i].head == 0) {
				tables++;
				found += at == 1;
			} else {
				events++;
				first += at == 1;
				third += at >= 1 && at <= 3;
			}
		}
		free(v);
		gt_close(t);
		gt_buf_free(&s.bytes);
	}
	if (tables < 20 || found * 10 < tables * 8)
		fail_msg("of %u tables and ends that are missing %u are the first suspect", tables, found);
	if (events < 40 || first * 10 < events * 4 || third * 10 < events * 5)
		fail_msg("of %u batches that are missing %u are the first suspect, %u of the first three", events, first, third);
}

/* One byte is another one: the first suspect is to put it back, and with that nothing is wrong. */
static void
test_byte(void **state)
{
	struct sample_trace s;
	struct gt_error err;
	struct gt_trace *t;
	struct batch_at *v;
	unsigned done = 0;
	size_t n;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	t = gt_open(s.bytes.p, s.bytes.n, &err);
	v = batches_of(t, &n);
	gt_close(t);
	for (size_t i = 0; i < n; i++) {
		/* The byte that ends a generation; the head of a table; the type of its first entry. */
		bool end = v[i].m == GT_NONE && v[i].end == v[i].off + 1;
		uint64_t off = end ? v[i].off : v[i].end;
		const struct gt_suspect *su;
		struct gt_explain *x;
		struct gt_buf fixed = { 0 };
		uint8_t was;
		size_t nsu;

		if (v[i].head == GT_EV_Sync || v[i].head == GT_EV_Stacks)
			for (off = v[i].off + 10; s.bytes.p[off] != v[i].head || s.bytes.p[off + 1] != (v[i].head == GT_EV_Sync ? GT_EV_Frequency : GT_EV_Stack);)
				off++;
		else if (!end)
			continue;
		for (unsigned k = 0; k < (end ? 1u : 2u); k++, off++) {
			was = s.bytes.p[off];
			s.bytes.p[off] = 0x86;
			t = gt_open(s.bytes.p, s.bytes.n, &err);
			x = gt_explain_new(t, &s.model, 0, 0, NULL, NULL);
			assert_true(x && gt_explain_error(x));
			su = gt_explain_suspects(x, &nsu);
			if (nsu == 0 || su[0].place.batch != v[i].index || !su[0].whole)
				fail_msg("byte %llu: the first of %zu suspects: %s", (unsigned long long)off, nsu, nsu ? su[0].repair : "");
			assert_true(gt_explain_repair(x, 0, &fixed));
			assert_true(fixed.n == s.bytes.n && fixed.p[off] == was);
			gt_buf_free(&fixed);
			fixed = (struct gt_buf){ 0 };
			gt_explain_free(x);
			gt_close(t);
			s.bytes.p[off] = was;
			done++;
		}
	}
	assert_true(done >= 5);
	free(v);
	gt_buf_free(&s.bytes);
}

/* A file that ends inside a batch is cut: nothing that goes on for two events more is likelier. */
static void
test_cut(void **state)
{
	static const char *const files[] = { "mixed.trace", "mixed-go1.22.trace", "cgo-callbacks.trace" };
	unsigned done = 0;

	(void)state;
	for (size_t f = 0; f < LEN(files); f++) {
		struct sample_trace s;

		assert_true(load_sample(&s, "testdata/traces", files[f]));
		for (size_t k = 1; k < 23; k++) {
			struct gt_error err;
			struct gt_trace *t = gt_open(s.bytes.p, s.bytes.n * k / 23, &err);
			struct gt_explain *x = t ? gt_explain_new(t, &s.model, 1000000, k % 2 ? 0 : 1 << 12, NULL, NULL) : NULL;
			const struct gt_suspect *su;
			size_t n;

			assert_non_null(x);
			if (gt_explain_error(x) && gt_explain_error(x)->why.code == GT_E_BATCH_SHORT) {
				done++;
				su = gt_explain_suspects(x, &n);
				if (n == 0 || su[0].kind != GT_S_FILE_CUT)
					fail_msg("%s, %zu of 23: the first of %zu suspects: %s", files[f], k, n, n ? su[0].repair : "");
			}
			gt_explain_free(x);
			gt_close(t);
		}
		gt_buf_free(&s.bytes);
	}
	assert_true(done > 20);
}

/* Events that say where a goroutine or P comes to an M, or leaves it: they are missing where they stood, not where it is noticed. */
static void
test_where(void **state)
{
	static const uint8_t types[] = { GT_EV_GoStart, GT_EV_GoBlock, GT_EV_GoDestroy, GT_EV_ProcStart, GT_EV_GoSyscallEnd };
	struct sample_trace s;
	struct gt_error err;
	struct gt_trace *t;
	struct at *ev;
	size_t n;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	t = gt_open(s.bytes.p, s.bytes.n, &err);
	ev = events_of(t, &n);
	for (size_t k = 0; k < LEN(types); k++) {
		unsigned broken = 0, hits = 0;

		for (size_t i = 0; i < n && broken < 8; i++) {
			struct gt_buf b = { 0 };
			int hit = ev[i].type == types[k] && i % 5 == 0 && break_it(t, DROP, &ev[i], &b) ? first_suspect(&b, &s.model, &ev[i]) : -1;

			broken += hit >= 0;
			hits += hit > 0;
			gt_buf_free(&b);
		}
		if (broken < 5 || hits * 10 < broken * 7)
			fail_msg("%s: %u of %u are the first suspect", gt_spec(types[k])->name, hits, broken);
	}
	free(ev);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

/* --- many that wait ------------------------------------------------------------------------------- */

static void
put_numbers(struct gt_buf *b, uint8_t type, const uint64_t *v, unsigned n)
{
	assert_true(gt_buf_byte(b, type));
	for (unsigned i = 0; i < n; i++)
		assert_true(gt_buf_varint(b, v[i]));
}
#define PUT(b, type, ...)                                                                                              \
	put_numbers(b, type, (const uint64_t[]){ __VA_ARGS__ }, sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void
put_batch(struct gt_buf *b, uint64_t m, const struct gt_buf *data)
{
	PUT(b, GT_EV_EventBatch, 1, m, 1, data->n);
	assert_true(gt_buf_put(b, data->p, data->n));
}

/* n Ms, each of which starts the goroutine that the one before it unblocks: a ring. */
static void
put_ring(struct gt_buf *b, uint64_t n)
{
	struct gt_buf data = { 0 };

	assert_true(gt_buf_put(b, "go 1.22 trace\0\0", 16));
	for (uint64_t i = 0; i < n; i++) {
		data.n = 0;
		PUT(&data, GT_EV_ProcStatus, 1, i, GT_P_RUNNING);
		PUT(&data, GT_EV_GoStatus, 1, i + 1, UINT64_MAX, GT_G_WAITING);
		PUT(&data, GT_EV_GoStart, 1, i + 1, 1);
		PUT(&data, GT_EV_GoUnblock, 1, (i + 1) % n + 1, 1, 0);
		PUT(&data, GT_EV_GoBlock, 1, 0, 0);
		put_batch(b, i, &data);
	}
	data.n = 0;
	PUT(&data, GT_EV_Frequency, 15625000);
	put_batch(b, UINT64_MAX, &data);
	gt_buf_free(&data);
}

/* All of them wait in one cycle, and what is asked in vain counts: trials end when the effort is spent. */
static void
test_ring(void **state)
{
	enum { MS = 600 };
	struct gt_buf b = { 0 };
	struct gt_model model;
	struct gt_error err;
	struct gt_trace *t;
	struct gt_explain *x;
	const struct gt_link *l;
	const struct gt_suspect *s;
	unsigned tested = 0;
	size_t n;

	(void)state;
	put_ring(&b, MS);
	t = gt_open(b.p, b.n, &err);
	assert_true(t && gt_model_get(&model, GT_MODEL_DEFAULT));
	x = gt_explain_new(t, &model, 0, 0, NULL, NULL);
	assert_int_equal(gt_explain_error(x)->why.code, GT_E_STUCK);
	l = gt_explain_links(x, &n);
	assert_int_equal(n, MS);
	for (size_t i = 0; i < n; i++)
		assert_true(l[i].cycle && !l[i].nobody && l[i].behind == 1);
	gt_explain_free(x);
	/* One trial alone costs that much: MS heads are asked for each of MS events. */
	x = gt_explain_new(t, &model, MS * MS / 16, 0, NULL, NULL);
	s = gt_explain_suspects(x, &n);
	for (size_t i = 0; i < n; i++)
		tested += s[i].tested;
	assert_true(tested <= 1);
	gt_explain_free(x);
	gt_close(t);
	gt_buf_free(&b);
}

/* Ends of generations and nothing else, very many: what is looked at is each looked at once. */
static void
test_ends(void **state)
{
	enum { ENDS = 300000 };
	struct gt_buf b = { 0 };
	clock_t began;
	struct gt_model model;
	struct gt_error err;
	struct gt_trace *t;
	struct gt_explain *x;

	(void)state;
	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT) && gt_buf_put(&b, "go 1.26 trace\0\0", 16));
	for (unsigned i = 0; i < ENDS; i++)
		assert_true(gt_buf_byte(&b, GT_EV_EndOfGeneration));
	t = gt_open(b.p, b.n, &err);
	assert_non_null(t);
	began = clock();
	x = gt_explain_new(t, &model, 0, 0, NULL, NULL);
	assert_true(x && gt_explain_error(x));
	assert_true((clock() - began) / CLOCKS_PER_SEC < 10);
	gt_explain_free(x);
	gt_close(t);
	gt_buf_free(&b);
}

/* --- full batches --------------------------------------------------------------------------------- */

/* An M wakes, runs and blocks one goroutine after the other, in three full batches: the second is lost. */
static void
test_full(void **state)
{
	enum { GS = 100, BATCHES = 3 };
	struct gt_buf b = { 0 }, data = { 0 };
	struct gt_model model;
	struct gt_error err;
	struct gt_trace *t;
	struct gt_explain *x;
	const struct gt_suspect *s;
	uint64_t i = 0, time = 1000;
	size_t n;

	(void)state;
	assert_true(gt_model_get(&model, GT_MODEL_DEFAULT) && gt_buf_put(&b, "go 1.22 trace\0\0", 16));
	for (unsigned k = 0; k < BATCHES; k++) {
		uint64_t began = time;

		data.n = 0;
		if (k == 0) {
			PUT(&data, GT_EV_ProcStatus, 1, 0, GT_P_RUNNING);
			for (uint64_t g = 1; g <= GS; g++)
				PUT(&data, GT_EV_GoStatus, 0, g, UINT64_MAX, GT_G_WAITING);
			time++;
		}
		for (; data.n < 65400; i++, time += 3) {
			PUT(&data, GT_EV_GoUnblock, 1, i % GS + 1, i / GS * 2 + 1, 0);
			PUT(&data, GT_EV_GoStart, 1, i % GS + 1, i / GS * 2 + 2);
			PUT(&data, GT_EV_GoBlock, 1, 0, 0);
		}
		if (k == 1)
			continue;
		PUT(&b, GT_EV_EventBatch, 1, 7, began, data.n);
		assert_true(gt_buf_put(&b, data.p, data.n));
	}
	data.n = 0;
	PUT(&data, GT_EV_Frequency, 15625000);
	put_batch(&b, UINT64_MAX, &data);
	t = gt_open(b.p, b.n, &err);
	assert_non_null(t);
	/* Also where there is no room for all of it. */
	for (size_t memory = 0; memory <= 1 << 20; memory += 1 << 20) {
		x = gt_explain_new(t, &model, 0, memory, NULL, NULL);
		assert_int_equal(gt_explain_error(x)->why.code, GT_E_STUCK);
		s = gt_explain_suspects(x, &n);
		assert_true(n > 0);
		assert_int_equal(s[0].kind, GT_S_LOST_BATCH);
		assert_int_equal(s[0].place.batch, 1);
		gt_explain_free(x);
	}
	gt_close(t);
	gt_buf_free(&b);
	gt_buf_free(&data);
}

/* --- making it small -------------------------------------------------------------------------------- */

/* Of two stuck traces: the same event waits for the same. */
static bool
same_head(struct gt_reader *a, struct gt_reader *b)
{
	struct gt_head h[2];

	assert_true(gt_frontier(a, &h[0], 1) > 0 && gt_frontier(b, &h[1], 1) > 0);
	return h[0].ev.type == h[1].ev.type && h[0].why.code == h[1].why.code;
}

/* An event that can't be read: the thousands in order before it are not what is wrong. */
static void
test_minimize_bytes(void **state)
{
	struct gt_buf out = { 0 };
	struct sample_trace s;
	struct gt_error err;
	struct gt_reader *r;
	struct gt_trace *t;
	struct at *ev;
	size_t n;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed-go1.22.trace"));
	t = gt_open(s.bytes.p, s.bytes.n, &err);
	ev = events_of(t, &n);
	gt_close(t);
	memset(s.bytes.p + ev[n / 2].off + 1, 0xff, 12);
	free(ev);
	t = gt_open(s.bytes.p, s.bytes.n, &err);
	assert_true(gt_minimize(t, &s.model, &out, 0, NULL, NULL));
	gt_close(t);
	assert_in_range(out.n, 1, 200);
	t = gt_open(out.p, out.n, &err);
	r = gt_reader_new(t, &s.model);
	assert_int_equal(gt_skip(r, UINT64_MAX), GT_BROKEN);
	assert_int_equal(gt_reader_error(r)->why.code, GT_E_EV_DT);
	gt_reader_free(r);
	gt_close(t);
	gt_buf_free(&out);
	gt_buf_free(&s.bytes);
}

/* Minimizes what is in b, and wants it short and refused for that reason. */
static void
must_shrink(const struct gt_buf *b, const struct gt_model *model, enum gt_code code, size_t most)
{
	struct gt_buf out = { 0 };
	struct gt_error err;
	struct gt_trace *t = gt_open(b->p, b->n, &err);
	struct gt_reader *r;

	assert_true(t && gt_minimize(t, model, &out, 0, NULL, NULL));
	gt_close(t);
	assert_in_range(out.n, 1, most);
	t = gt_open(out.p, out.n, &err);
	r = gt_reader_new(t, model);
	assert_int_equal(gt_skip(r, UINT64_MAX), GT_BROKEN);
	assert_int_equal(gt_reader_error(r)->why.code, code);
	gt_reader_free(r);
	gt_close(t);
	gt_buf_free(&out);
}

/* Of an event of a type with a short number there, but not of the first `skip`: that is set to another of one byte. */
static void
spoil(struct sample_trace *s, uint8_t type, unsigned skip, unsigned arg, uint8_t v)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &err);
	struct gt_raw_reader *r = gt_raw_new(t);
	uint64_t off = 0;
	struct gt_raw ev;

	while (gt_raw_next(r, &ev) == GT_EVENT)
		if (off == 0 && ev.type == type && ev.arg[arg] < 0x80 && skip-- == 0)
			off = ev.off;
	gt_raw_free(r);
	gt_close(t);
	assert_true(off > 0);
	for (unsigned i = 0; i <= arg; i++)
		for (off++; i < arg && s->bytes.p[off] >= 0x80; off++)
			;
	s->bytes.p[off] = v;
}

/* What is wrong with regions needs their names, a stack that is not there no table, and a table's head in a batch an event before it. */
static void
test_minimize_slices(void **state)
{
	struct sample_trace s;
	struct gt_error err;
	struct gt_trace *t;
	struct at *ev;
	size_t n;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	spoil(&s, GT_EV_UserRegionEnd, 1, 2, 0);
	must_shrink(&s.bytes, &s.model, GT_E_REGION_MISUSE, 300);
	gt_buf_free(&s.bytes);
	assert_true(load_sample(&s, "testdata/traces", "cgo-callbacks.trace"));
	spoil(&s, GT_EV_GoBlock, 3, 2, 0x7f);
	must_shrink(&s.bytes, &s.model, GT_E_STACK_ID, 200);
	gt_buf_free(&s.bytes);
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	t = gt_open(s.bytes.p, s.bytes.n, &err);
	ev = events_of(t, &n);
	gt_close(t);
	s.bytes.p[ev[n / 2].off] = GT_EV_Strings;
	free(ev);
	must_shrink(&s.bytes, &s.model, GT_E_EV_UNTIMED, 200);
	gt_buf_free(&s.bytes);
}

static void
test_minimize(void **state)
{
	size_t n;
	struct sample_trace *v = load_samples("testdata/tests", &n);
	unsigned done = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct gt_buf once = { 0 }, again = { 0 };
		struct gt_error err;
		struct gt_trace *t = gt_open(v[i].bytes.p, v[i].bytes.n, &err), *small;
		struct gt_reader *r = gt_reader_new(t, &v[i].model), *rs;
		bool found = gt_minimize(t, &v[i].model, &once, 200000, NULL, NULL);

		gt_skip(r, UINT64_MAX);
		assert_int_equal(found, gt_reader_error(r) != NULL && gt_version(t) >= 22);
		if (found) {
			done++;
			assert_true(gt_minimize(t, &v[i].model, &again, 200000, NULL, NULL));
			assert_true(once.n == again.n && memcmp(once.p, again.p, once.n) == 0);
			assert_true(once.n <= v[i].bytes.n);
			small = gt_open(once.p, once.n, &err);
			rs = gt_reader_new(small, &v[i].model);
			gt_skip(rs, UINT64_MAX);
			if (!gt_reader_error(rs) || gt_reader_error(rs)->why.code != gt_reader_error(r)->why.code)
				fail_msg("%s: %s", v[i].path, gt_reader_error(rs) ? gt_reader_error(rs)->text : "valid");
			if (gt_reader_error(r)->why.code == GT_E_STUCK && !same_head(r, rs))
				fail_msg("%s: it waits for something else", v[i].path);
			gt_reader_free(rs);
			gt_close(small);
		}
		gt_reader_free(r);
		gt_close(t);
		gt_buf_free(&once);
		gt_buf_free(&again);
	}
	free_samples(v, n);
	assert_true(done > 100);
}

/* The same of traces elsewhere. */
static int
on_folders(int n, char **dir)
{
	for (int i = 0; i < n; i++)
		on_all(dir[i]);
	printf("%lu broken, %lu events, %lu of history, %lu links, %lu repairs after which nothing is wrong\n", seen.broken, seen.events,
		seen.past, seen.links, seen.whole);
	return seen.broken == 0;
}

/* With arguments: what explanations say of the broken traces in those folders must be true. */
int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_true),
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_byte),
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_minimize),
		cmocka_unit_test(test_minimize_bytes),
		cmocka_unit_test(test_minimize_slices),
	};

	if (argc > 1)
		return on_folders(argc - 1, argv + 1);
	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
