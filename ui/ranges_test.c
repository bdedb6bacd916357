/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges: how many, how long, against a plain reading of traces; the longest one by one, however little room there is. */
#include "ranges.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* --- against a plain reading -------------------------------------------------------- */

struct told {
	char text[100];
	uint64_t count, open, timed, longest;
	int64_t total, least, most;
};

struct begun {
	unsigned type;
	int64_t id, time; /* GT_BEFORE */
	struct told *of;
	uint64_t event;
};

static struct told told[100];
static struct begun begun[10000];
static size_t ntold, nbegun, nended;

static struct told *
told_of(const struct gt_range *x)
{
	char text[100];
	size_t i = 0;

	snprintf(text, sizeof text, x->reason.n ? "%s (%.*s)" : "%s", x->name, (int)x->reason.n, x->reason.p);
	while (i < ntold && strcmp(told[i].text, text))
		i++;
	if (i == ntold)
		snprintf(told[ntold++].text, sizeof text, "%s", text);
	assert_true(ntold < 100);
	return &told[i];
}

/* The one of that type that began last, of whom the event speaks. */
static struct begun *
find_begun(const struct gt_event *ev, unsigned type, int64_t id)
{
	for (size_t i = nbegun; i-- > 0;)
		if (begun[i].type == type && (begun[i].id == id || (ev->type == GT_EV_STWEnd)))
			return &begun[i];
	return NULL;
}

static void
tell_end(struct told *k, struct begun *b, const struct gt_event *ev)
{
	int64_t ns = b->time == GT_BEFORE ? -1 : ev->time - b->time;

	k->open--;
	if (ns >= 0) {
		k->least = !k->timed || ns < k->least ? ns : k->least;
		k->longest = !k->timed || ns > k->most ? b->event : k->longest;
		k->most = !k->timed || ns > k->most ? ns : k->most;
		k->total += ns;
		k->timed++;
		nended++;
	}
	memmove(b, b + 1, (size_t)(begun + --nbegun - b) * sizeof *b);
}

static void
tell(const struct gt_event *ev)
{
	enum gt_kind kind = gt_event_kind(ev);
	struct gt_range x;
	struct begun *b;
	struct told *k;
	unsigned type;

	if (!gt_event_range(ev, &x))
		return;
	k = told_of(&x);
	type = kind == GT_K_RangeBegin ? ev->type : gt_spec(ev->type)->starts;
	b = find_begun(ev, type, x.id);
	if (kind == GT_K_RangeEnd && b) {
		tell_end(k, b, ev);
	} else if (kind == GT_K_RangeEnd) {
		k->count++;
	} else if (kind == GT_K_RangeBegin || !b) {
		k->count++;
		k->open++;
		assert_true(nbegun < 10000);
		begun[nbegun++] = (struct begun){ type, x.id, kind == GT_K_RangeBegin ? ev->time : GT_BEFORE, k, ev->n };
	}
}

static void
check_kinds(const struct ranges *r, const char *path)
{
	assert_int_equal(r->nkind, ntold);
	for (size_t i = 0; i < ntold; i++) {
		const struct range_kind *is = &r->kind[i];
		const struct told *k = &told[i];

		assert_string_equal(is->text, k->text);
		if (is->count != k->count || is->open != k->open || is->timed != k->timed || is->total != k->total ||
			is->least != k->least || is->most != k->most || is->longest != k->longest)
			fail_msg("%s: %s: %llu (%llu open), of %llu %lld ns, %lld to %lld", path, k->text,
				(unsigned long long)is->count, (unsigned long long)is->open, (unsigned long long)is->timed,
				(long long)is->total, (long long)is->least, (long long)is->most);
	}
}

/* Each as the event tells it that began it. */
static void
check_one(const struct ranges *r, const struct gt_event *ev)
{
	for (size_t i = 0; i < r->none; i++) {
		const struct range_one *one = &r->one[i];

		if (one->event == ev->n && one->kind < r->nkind)
			assert_true(gt_event_kind(ev) == GT_K_RangeBegin && one->began == ev->time && one->g == ev->g && one->p == ev->p);
	}
}

static void
check_trace(const char *path)
{
	struct gt_error err;
	struct gt_model rules;
	struct ranges r = { 0 };
	uint8_t *bytes = malloc(1 << 20);
	FILE *f = fopen(path, "rb");
	struct gt_trace *t;
	struct gt_reader *reader;
	const struct gt_event *ev;

	assert_true(f && bytes);
	t = gt_open(bytes, fread(bytes, 1, 1 << 20, f), &err);
	fclose(f);
	gt_model_get(&rules, GT_MODEL_DEFAULT);
	memset(told, 0, sizeof told);
	ntold = nbegun = nended = 0;
	reader = gt_reader_new(t, &rules);
	while (gt_read(reader, &ev) == GT_EVENT) {
		tell(ev);
		ranges_take(&r, ev, 1 << 20);
	}
	gt_reader_free(reader);
	check_kinds(&r, path);
	assert_true(r.none == nended && !r.shorter && !r.crowded);
	reader = gt_reader_new(t, &rules);
	while (gt_read(reader, &ev) == GT_EVENT)
		check_one(&r, ev);
	gt_reader_free(reader);
	gt_close(t);
	free(bytes);
	ranges_free(&r);
}

static void
as_read(void **state)
{
	static const char *const paths[] = { "testdata/traces/mixed.trace", "testdata/traces/mixed-go1.22.trace",
		"testdata/traces/mixed-go1.23.trace", "testdata/traces/mixed-go1.25.trace", "testdata/traces/allocfree.trace",
		"testdata/traces/many-threads.trace", "testdata/traces/old-go1.11.trace", "testdata/traces/old-go1.19.trace",
		"testdata/traces/old-go1.21.trace" };
	unsigned before = 0;

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		check_trace(paths[i]);
		for (size_t k = 0; k < ntold; k++)
			before += told[k].count > told[k].timed + told[k].open;
	}
	assert_true(before > 0);
}

/* --- the longest ---------------------------------------------------------------------- */

enum { MANY = 5000 };

struct sweep {
	uint64_t event;
	int64_t took;
};

static int
longest_first(const void *a, const void *b)
{
	const struct sweep *x = a, *y = b;

	if (x->took != y->took)
		return x->took > y->took ? -1 : 1;
	return x->event < y->event ? -1 : 1;
}

/* Sweeps on several Ps at once, of lengths without order; many are as long as others. */
static void
sweep(struct ranges *r, struct sweep *all, size_t room)
{
	struct gt_event ev[4] = { { 0 } };
	uint64_t n = 0, seed = 7;
	int64_t now = 0;

	for (size_t i = 0; i < MANY; i++) {
		struct gt_event *x = &ev[i % 4];

		seed = seed * 6364136223846793005 + 1442695040888963407;
		now += 1 + (int64_t)(seed >> 33) % (i % 7 ? 50 : 2000);
		if (i >= 4) {
			n++;
			*x = (struct gt_event){ .type = GT_EV_GCSweepEnd, .n = n, .time = now, .p = (int64_t)i % 4, .g = 9, .since = x->time };
			ranges_take(r, x, room > r->bytes ? room - r->bytes : 0);
			all[i - 4].took = now - x->since;
		}
		now += (int64_t)(seed >> 50) % 3 + 1;
		n++;
		*x = (struct gt_event){ .type = GT_EV_GCSweepBegin, .n = n, .time = now, .p = (int64_t)i % 4, .g = 8 };
		ranges_take(r, x, room > r->bytes ? room - r->bytes : 0);
		all[i].event = n;
	}
}

static int
kept_order(const void *a, const void *b)
{
	const struct range_one *x = a, *y = b;

	return longest_first(&(struct sweep){ x->event, x->took }, &(struct sweep){ y->event, y->took });
}

static void
the_longest(void **state)
{
	static const size_t rooms[] = { 1 << 20, 20000, 10000 };
	struct sweep *all = calloc(MANY, sizeof *all);
	size_t last = SIZE_MAX;

	(void)state;
	assert_non_null(all);
	for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++) {
		struct ranges r = { 0 };

		sweep(&r, all, rooms[k]);
		qsort(all, MANY - 4, sizeof *all, longest_first);
		assert_true(r.bytes <= rooms[k] && r.none < last && r.none > 50);
		assert_true(k || r.none == RANGES_KEPT);
		assert_int_equal(r.shorter, MANY - 4 - r.none);
		assert_true(r.kind[0].count == MANY && r.kind[0].open == 4 && r.kind[0].timed == MANY - 4);
		assert_true(r.kind[0].most == all[0].took && r.kind[0].longest == all[0].event && r.kind[0].least == all[MANY - 5].took);
		qsort(r.one, r.none, sizeof *r.one, kept_order);
		for (size_t i = 0; i < r.none; i++)
			assert_true(r.one[i].event == all[i].event && r.one[i].took == all[i].took && r.one[i].g == 8);
		last = r.none;
		ranges_free(&r);
	}
	free(all);
}

/* Without room there is nothing, and that is said. */
static void
no_room(void **state)
{
	struct ranges r = { 0 };
	struct gt_event begin = { .type = GT_EV_GCBegin, .n = 1, .time = 5 }, end = { .type = GT_EV_GCEnd, .n = 2, .time = 9, .since = 5 };

	(void)state;
	ranges_take(&r, &begin, 0);
	ranges_take(&r, &end, 0);
	assert_true(r.crowded && !r.nkind && !r.none && !r.bytes);
	/* One that began when there was none is counted with its end, and is where that is. */
	ranges_take(&r, &end, 1 << 16);
	assert_true(r.nkind == 1 && r.kind[0].count == 1 && r.kind[0].open == 0 && r.kind[0].longest == 2 && r.none == 1);
	ranges_free(&r);
}

/* Who starts the world need not be who stopped it; where two seem to have stopped it, each end tells which it ends. */
static void
whose_stop(void **state)
{
	struct ranges r = { 0 };
	const struct gt_event ev[] = {
		{ .type = GT_EV_STWBegin, .n = 1, .time = 10, .g = 1, .p = 0 },
		{ .type = GT_EV_STWEnd, .n = 2, .time = 20, .g = 2, .p = 1, .since = 10 },
		{ .type = GT_EV_STWBegin, .n = 3, .time = 30, .g = 1, .p = 0 },
		{ .type = GT_EV_STWBegin, .n = 4, .time = 40, .g = 3, .p = 1 },
		{ .type = GT_EV_STWEnd, .n = 5, .time = 140, .g = 1, .p = 0, .since = 30 },
		{ .type = GT_EV_STWEnd, .n = 6, .time = 90, .g = 3, .p = 1, .since = 40 },
	};
	/* Of the first of two where it began is not known: it is where it ends. */
	static const uint64_t where[] = { 1, 5, 4 };
	static const int64_t took[] = { 10, 110, 50 };

	(void)state;
	for (size_t i = 0; i < sizeof ev / sizeof *ev; i++)
		ranges_take(&r, &ev[i], 1 << 16);
	assert_true(r.nkind == 1 && r.kind[0].count == 3 && r.kind[0].open == 0 && r.kind[0].longest == 5 && r.none == 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(r.one[i].event == where[i] && r.one[i].took == took[i]);
	assert_true(r.one[0].g == 1 && r.one[2].g == 3);
	ranges_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_read),
		cmocka_unit_test(the_longest),
		cmocka_unit_test(no_room),
		cmocka_unit_test(whose_stop),
	};

	return cmocka_run_group_tests_name("ranges", tests, NULL, NULL);
}
