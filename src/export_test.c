/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What export writes, read again. */
#include "export.h"
#include "testing.h"

#include "ui/idmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

static const struct export_how all = { 0, INT64_MAX, ~0u };

/* --- exporting into memory ----------------------------------------------------------------- */

static struct gt_trace *
open_sample(const struct sample_trace *s)
{
	struct gt_error err;

	return gt_open(s->bytes.p, s->bytes.n, &err);
}

static struct out
lanes(const struct sample_trace *s, const struct sink_form *form, const struct export_how *how)
{
	struct out o = { .fd = -1 };
	struct gt_trace *t = open_sample(s);
	struct gt_reader *r = gt_reader_new(t, &s->model);

	assert_true(export_lanes(form, &o, r, how));
	assert_false(o.failed);
	gt_reader_free(r);
	gt_close(t);
	return o;
}

/* --- JSON ------------------------------------------------------------------------------------- */

/* Behind the value at p; NULL: it is none. */
static const char *
json(const char *p, const char *end)
{
	if (p == end)
		return NULL;
	if (*p == '"') {
		for (p++; p < end && *p != '"'; p++)
			if ((unsigned char)*p < 0x20 || (*p == '\\' && (++p == end || !strchr("\"\\/bfnrtu", *p))))
				return NULL;
		return p < end ? p + 1 : NULL;
	}
	if (*p == '{' || *p == '[') {
		bool object = *p == '{';
		char last = object ? '}' : ']';

		for (p++; p < end && *p != last;) {
			if (object && (!(p = json(p, end)) || p == end || *p++ != ':'))
				return NULL;
			p += p < end && *p == '\n';
			if (!(p = json(p, end)))
				return NULL;
			p += p < end && (*p == '\n' || *p == ',');
			p += p < end && *p == '\n';
		}
		return p < end ? p + 1 : NULL;
	}
	if (*p != '-' && (*p < '0' || *p > '9'))
		return NULL;
	while (p < end && (*p == '-' || *p == '.' || (*p >= '0' && *p <= '9')))
		p++;
	return p;
}

static size_t
times(const struct out *o, const char *what)
{
	size_t n = 0, len = strlen(what);

	for (size_t i = 0; i + len <= o->n; i++)
		n += memcmp(o->p + i, what, len) == 0;
	return n;
}

static void
chrome(void **state)
{
	size_t n;
	struct sample_trace *s = load_samples("testdata/traces", &n);

	(void)state;
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct out o = lanes(&s[i], &sink_chrome, &all);
		const char *end = json(o.p, o.p + o.n);

		if (!end || end + 1 != o.p + o.n)
			fail_msg("%s: no JSON at byte %zu", s[i].path, end ? (size_t)(end - o.p) : 0);
		assert_true(times(&o, "\"ph\":\"X\"") > 10);
		/* Of arrows no more arrive than went out; nearly all do. */
		assert_true(times(&o, "\"ph\":\"f\"") <= times(&o, "\"ph\":\"s\""));
		assert_true(times(&o, "\"ph\":\"f\"") * 2 > times(&o, "\"ph\":\"s\""));
		assert_int_equal(times(&o, "\"ph\":\"b\""), times(&o, "\"ph\":\"e\""));
		free(o.p);
	}
	free_samples(s, n);
}

/* --- protocol buffers ----------------------------------------------------------------------------- */

struct field {
	unsigned number;
	uint64_t v;       /* of a number */
	struct gt_str s;  /* of bytes */
};

static uint64_t
varint_at(struct gt_str *m)
{
	uint64_t v = 0;
	unsigned shift = 0;
	unsigned char b;

	do {
		assert_true(m->n > 0 && shift < 64);
		b = (unsigned char)*m->p;
		m->p++;
		m->n--;
		v |= (uint64_t)(b & 0x7f) << shift;
		shift += 7;
	} while (b & 0x80);
	return v;
}

/* The next field of a message. */
static bool
next_field(struct gt_str *m, struct field *f)
{
	uint64_t tag;
	size_t n = 0;

	if (m->n == 0)
		return false;
	tag = varint_at(m);
	*f = (struct field){ .number = (unsigned)(tag >> 3) };
	switch (tag & 7) {
	case 0:
		f->v = varint_at(m);
		break;
	case 1:
		n = 8;
		assert_true(m->n >= n);
		for (unsigned i = 0; i < 8; i++)
			f->v |= (uint64_t)(unsigned char)m->p[i] << 8 * i;
		break;
	case 2:
		n = (size_t)varint_at(m);
		assert_true(m->n >= n);
		f->s = (struct gt_str){ m->p, n };
		break;
	default:
		fail_msg("wire type %u", (unsigned)(tag & 7));
	}
	m->p += n;
	m->n -= n;
	return true;
}

/* A number in a message; 0: it is not there. */
static uint64_t
number(struct gt_str m, unsigned field)
{
	struct field f;

	while (next_field(&m, &f))
		if (f.number == field)
			return f.v;
	return 0;
}

static struct gt_str
bytes(struct gt_str m, unsigned field)
{
	struct field f;

	while (next_field(&m, &f))
		if (f.number == field)
			return f.s;
	return (struct gt_str){ NULL, 0 };
}

/* --- Perfetto's ---------------------------------------------------------------------------------------- */

/* Numbers of fields, as in export_perfetto.c; what is checked is how they go together. */
struct packets {
	struct idmap tracks; /* those declared */
	struct idmap ps;     /* those of Ps */
	struct idmap open;   /* tracks with a slice that has begun */
	struct idmap names, notes, texts, flows;
	int64_t begun[100000]; /* times, by what is in open */
	uint64_t slices, running; /* ns that goroutines ran on Ps */
	uint32_t n;
};

static void
remember(struct idmap *m, uint64_t key, uint32_t v)
{
	if (idmap_get(m, key) == IDMAP_NONE)
		assert_true(idmap_put(m, key, v));
}

static void
check_notes(const struct packets *x, struct gt_str event)
{
	struct field f;

	while (next_field(&event, &f))
		if (f.number == 4) {
			assert_true(idmap_get(&x->notes, number(f.s, 1)) != IDMAP_NONE);
			assert_true(number(f.s, 17) == 0 || idmap_get(&x->texts, number(f.s, 17)) != IDMAP_NONE);
		}
}

static void
take_slice(struct packets *x, struct gt_str event, int64_t time)
{
	uint64_t track = number(event, 11), type = number(event, 9);
	uint32_t at = idmap_get(&x->open, track);
	bool is_p = idmap_get(&x->ps, track) != IDMAP_NONE;

	assert_true(idmap_get(&x->tracks, track) != IDMAP_NONE);
	if (type == 1) {
		assert_true(at == IDMAP_NONE && x->n < LEN(x->begun));
		assert_true(idmap_get(&x->names, number(event, 10)) != IDMAP_NONE);
		x->begun[x->n] = time;
		assert_true(idmap_put(&x->open, track, x->n++));
		x->slices++;
	} else if (type == 2) {
		assert_true(at != IDMAP_NONE && time >= x->begun[at]);
		if (is_p)
			x->running += (uint64_t)(time - x->begun[at]);
		idmap_del(&x->open, track);
	}
	if (number(event, 48))
		assert_true(idmap_get(&x->flows, number(event, 48)) != IDMAP_NONE);
	if (number(event, 47))
		remember(&x->flows, number(event, 47), 0);
	check_notes(x, event);
}

static void
take_packet(struct packets *x, struct gt_str packet)
{
	struct gt_str interned = bytes(packet, 12), track = bytes(packet, 60), event = bytes(packet, 11);
	struct field f;

	assert_int_equal(number(packet, 10), 1);
	while (next_field(&interned, &f)) {
		struct idmap *m = f.number == 2 ? &x->names : f.number == 3 ? &x->notes : f.number == 29 ? &x->texts : NULL;

		assert_non_null(m);
		remember(m, number(f.s, 1), 0);
	}
	if (track.n > 0)
		remember(&x->tracks, number(track, 1), 0);
	if (track.n > 0 && number(track, 5))
		assert_true(idmap_get(&x->tracks, number(track, 5)) != IDMAP_NONE);
	if (track.n > 0 && bytes(track, 2).n > 1 && bytes(track, 2).p[0] == 'P' && bytes(track, 2).p[1] <= '9')
		remember(&x->ps, number(track, 1), 0);
	if (event.n > 0)
		take_slice(x, event, (int64_t)number(packet, 8));
}

static void
sum_running(void *arg, const struct gt_span *s)
{
	uint64_t *sum = arg;

	if (s->res == GT_P && s->g != GT_NONE && s->state != GT_LANE_NONE && s->state != GT_LANE_IDLE)
		*sum += (uint64_t)(s->to - s->from);
}

/* How long Ps ran goroutines, by the timeline. */
static uint64_t
running_time(const struct sample_trace *s)
{
	uint64_t sum = 0;
	struct gt_trace *t = open_sample(s);
	struct gt_reader *r = gt_reader_new(t, &s->model);
	struct gt_timeline *tl = gt_timeline_new(sum_running, &sum);
	const struct gt_event *ev;

	gt_reader_log(r, true);
	while (gt_read(r, &ev) == GT_EVENT) {
		size_t n;
		const struct gt_change *ch = gt_reader_changes(r, &n);

		assert_true(gt_timeline_event(tl, ev, ch, n, gt_reader_state(r)));
	}
	gt_timeline_end(tl);
	gt_timeline_free(tl);
	gt_reader_free(r);
	gt_close(t);
	return sum;
}

static void
perfetto(void **state)
{
	size_t n;
	struct sample_trace *s = load_samples("testdata/traces", &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct out o = lanes(&s[i], &sink_perfetto, &all);
		struct packets *x = calloc(1, sizeof(*x));
		struct gt_str m = { o.p, o.n };
		struct field f;

		assert_non_null(x);
		while (next_field(&m, &f)) {
			assert_int_equal(f.number, 1);
			take_packet(x, f.s);
		}
		assert_int_equal(x->open.n, 0);
		assert_true(x->slices > 10);
		assert_int_equal(x->running, running_time(&s[i]));
		idmap_free(&x->tracks);
		idmap_free(&x->open);
		idmap_free(&x->ps);
		idmap_free(&x->names);
		idmap_free(&x->notes);
		idmap_free(&x->texts);
		idmap_free(&x->flows);
		free(x);
		free(o.p);
	}
	free_samples(s, n);
}

/* --- a part of it ------------------------------------------------------------------------------------------ */

/* What lasts for a while and ends: of each kind there is some in that trace. */
static void
what_ends(void **state)
{
	struct sample_trace s;
	struct out o;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	o = lanes(&s, &sink_chrome, &all);
	assert_true(times(&o, "{\"ph\":\"X\",\"pid\":4,\"tid\":0,\"name\":\"GC concurrent mark phase\"") > 0);
	assert_true(times(&o, "{\"ph\":\"X\",\"pid\":4,\"tid\":1,\"name\":\"stop-the-world\"") > 0);
	assert_true(times(&o, "{\"ph\":\"b\",\"pid\":5,") > 0);
	assert_true(times(&o, "{\"ph\":\"b\",\"pid\":6,") > 0);
	/* By their names: six of those regions; a message has a category, where it is not empty. */
	assert_int_equal(times(&o, ",\"name\":\"look up\""), 2 * 6);
	assert_true(times(&o, ",\"name\":\"customer\"") > 0);
	assert_true(times(&o, "\"reason\":\"packed\"") > 0);
	assert_int_equal(times(&o, ",\"name\":\"order\""), 2 * 6);
	free(o.p);
	gt_buf_free(&s.bytes);
}

static void
window(void **state)
{
	const struct export_how some = { 1000000, 2000000, 1u << LANES_G };
	struct sample_trace s;
	struct out o;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	o = lanes(&s, &sink_chrome, &some);
	/* Microseconds: 1000 to 2000; processes: only that of the goroutines. */
	for (const char *p = o.p; (p = memchr(p, '\n', (size_t)(o.p + o.n - p))) != NULL; p++) {
		int pid;
		unsigned long long tid;
		const char *ts = strstr(p, ",\"ts\":");

		if (sscanf(p, "\n{\"ph\":\"X\",\"pid\":%d,\"tid\":%llu", &pid, &tid) != 2)
			continue;
		assert_int_equal(pid, 1 + LANES_G);
		assert_non_null(ts);
		assert_true(strtod(ts + 6, NULL) >= 1000 && strtod(ts + 6, NULL) <= 2000);
		assert_true(strtod(ts + 6, NULL) + strtod(strstr(ts, "\"dur\":") + 6, NULL) <= 2000.0005);
	}
	assert_true(times(&o, "\"ph\":\"X\"") > 10);
	free(o.p);
	gt_buf_free(&s.bytes);
}

/* --- profiles ---------------------------------------------------------------------------------------------- */

static struct out
profile(const struct sample_trace *s, enum delay_kind kind, const struct export_how *how)
{
	struct out packed = { .fd = -1 }, o = { .fd = -1 };
	struct gt_trace *t = open_sample(s);
	struct gt_reader *r = gt_reader_new(t, &s->model);
	z_stream z = { 0 };
	int got = Z_OK;

	assert_true(export_pprof(kind, &packed, r, how));
	gt_reader_free(r);
	gt_close(t);
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	z.next_in = (Bytef *)packed.p;
	z.avail_in = (uInt)packed.n;
	while (got == Z_OK) {
		Bytef piece[4096];

		z.next_out = piece;
		z.avail_out = sizeof(piece);
		got = inflate(&z, Z_NO_FLUSH);
		out_bytes(&o, (const char *)piece, sizeof(piece) - z.avail_out);
	}
	assert_int_equal(got, Z_STREAM_END);
	inflateEnd(&z);
	free(packed.p);
	return o;
}

struct sums {
	uint64_t stacks, count, time;
};

/* Every location, function and string that something refers to must be there. */
static struct sums
sums_of(const struct out *o)
{
	struct sums sums = { 0, 0, 0 };
	struct gt_str m = { o->p, o->n };
	struct field f;
	uint64_t strings = 0, functions = 0, locations = 0, most_location = 0, most_function = 0, most_string = 0;

	while (next_field(&m, &f)) {
		if (f.number == 2) {
			struct gt_str values = bytes(f.s, 2), ids = bytes(f.s, 1);

			sums.stacks++;
			sums.count += varint_at(&values);
			sums.time += varint_at(&values);
			assert_int_equal(values.n, 0);
			while (ids.n > 0) {
				uint64_t id = varint_at(&ids);

				most_location = id > most_location ? id : most_location;
			}
		} else if (f.number == 4) {
			assert_int_equal(number(f.s, 1), ++locations);
			most_function = number(bytes(f.s, 4), 1) > most_function ? number(bytes(f.s, 4), 1) : most_function;
		} else if (f.number == 5) {
			assert_int_equal(number(f.s, 1), ++functions);
			most_string = number(f.s, 4) > most_string ? number(f.s, 4) : most_string;
		} else if (f.number == 6) {
			assert_true(strings > 0 || f.s.n == 0);
			strings++;
		}
	}
	assert_int_equal(most_location, locations);
	assert_int_equal(most_function, functions);
	assert_true(most_string < strings);
	return sums;
}

/* As go tool trace -pprof has them. */
static void
profiles(void **state)
{
	static const struct {
		const char *file;
		enum delay_kind kind;
		struct sums want;
	} cases[] = {
		{ "mixed.trace", DELAY_NETWORK, { 3, 14, 297088 } },
		{ "mixed.trace", DELAY_BLOCKING, { 19, 71, 38969093 } },
		{ "mixed.trace", DELAY_SYSCALL, { 37, 130, 14557502 } },
		{ "mixed.trace", DELAY_SCHEDULER, { 38, 1017, 7962424 } },
		{ "mixed-go1.22.trace", DELAY_SCHEDULER, { 25, 308, 8085184 } },
		{ "cgo-bound.trace", DELAY_SYSCALL, { 6, 52, 23964417 } },
		{ "many-threads.trace", DELAY_BLOCKING, { 7, 159, 84027008 } },
		{ "old-go1.11.trace", DELAY_BLOCKING, { 5, 26, 121144 } },
		{ "old-go1.21.trace", DELAY_SCHEDULER, { 10, 43, 446428 } },
		{ "old-go1.21.trace", DELAY_NETWORK, { 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct sample_trace s;
		struct out o;
		struct sums got;

		assert_true(load_sample(&s, "testdata/traces", cases[i].file));
		o = profile(&s, cases[i].kind, &all);
		got = sums_of(&o);
		if (memcmp(&got, &cases[i].want, sizeof(got)) != 0)
			fail_msg("%s, %d: %llu stacks, %llu times, %llu ns", cases[i].file, (int)cases[i].kind,
				(unsigned long long)got.stacks, (unsigned long long)got.count, (unsigned long long)got.time);
		free(o.p);
		gt_buf_free(&s.bytes);
	}
}

/* Halves add up to the whole: what is kept across the border counts in both, with what it has there. */
static void
half_profiles(void **state)
{
	const struct export_how before = { 0, 5000000, ~0u }, after = { 5000000, INT64_MAX, ~0u };
	struct sample_trace s;
	struct out o[3];
	struct sums sums[3];

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "mixed.trace"));
	o[0] = profile(&s, DELAY_BLOCKING, &all);
	o[1] = profile(&s, DELAY_BLOCKING, &before);
	o[2] = profile(&s, DELAY_BLOCKING, &after);
	for (unsigned i = 0; i < 3; i++) {
		sums[i] = sums_of(&o[i]);
		free(o[i].p);
	}
	assert_true(sums[1].time > 0 && sums[2].time > 0);
	assert_int_equal(sums[0].time, sums[1].time + sums[2].time);
	assert_true(sums[1].count + sums[2].count >= sums[0].count);
	gt_buf_free(&s.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chrome),
		cmocka_unit_test(perfetto),
		cmocka_unit_test(what_ends),
		cmocka_unit_test(window),
		cmocka_unit_test(profiles),
		cmocka_unit_test(half_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
