/* SPDX-License-Identifier: MIT */
/* Ordering in parts comes to the same as ordering in one go, whether the guesses are right or not. */
#include "parts.c"

#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static unsigned joined, redone, rests;

static void
count_rest(void *arg)
{
	(void)arg;
	rests++;
}

/* What gt_parts_join does, looking on. */
static struct gt_reader *
join_all(struct gt_parts *ps)
{
	struct gt_reader *r = ps->run[0].r;
	enum gt_got got = ps->run[0].got;

	ps->run[0].r = NULL;
	for (unsigned i = 1; i < ps->n && got == GT_EVENT; i++)
		if (join(&r, &ps->run[i])) {
			joined++;
			got = ps->run[i].got;
		} else {
			redone++;
			got = read_to(ps, r, ps->run[i].to);
		}
	gt_parts_free(ps);
	return r;
}

static void
same_end(const char *path, unsigned n, const struct gt_reader *a, const struct gt_reader *b)
{
	const struct gt_error *x = gt_reader_error(a), *y = gt_reader_error(b);

	if (gt_reader_pos(a) != gt_reader_pos(b))
		fail_msg("%s in %u: %llu events, not %llu", path, n, (unsigned long long)gt_reader_pos(b),
			(unsigned long long)gt_reader_pos(a));
	if (!x != !y || (x && (strcmp(x->text, y->text) != 0 || memcmp(&x->place, &y->place, sizeof(x->place)) != 0)))
		fail_msg("%s in %u: %s, not %s", path, n, y ? y->text : "fine", x ? x->text : "fine");
	if (gt_state_hash(gt_reader_state(a)) != gt_state_hash(gt_reader_state(b)))
		fail_msg("%s in %u: other states", path, n);
}

static void
check_parts(const struct sample_trace *s)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none);
	struct gt_reader *straight;

	if (!t)
		return;
	straight = gt_reader_new(t, &s->model);
	gt_skip(straight, UINT64_MAX);
	for (unsigned n = 1; n <= 6; n++) {
		struct gt_parts *ps = gt_parts_new(t, &s->model, n, count_rest, NULL);
		struct gt_reader *r;

		assert_true(gt_parts_count(ps) >= 1 && gt_parts_count(ps) <= n);
		/* In any order. */
		for (unsigned i = gt_parts_count(ps); i-- > 0;)
			gt_part_read(ps, i);
		r = n % 2 ? join_all(ps) : gt_parts_join(ps);
		same_end(s->path, n, straight, r);
		gt_reader_free(r);
	}
	gt_reader_free(straight);
	gt_close(t);
}

static void
on_all(const char *dir)
{
	size_t n;
	struct sample_trace *v = load_samples(dir, &n);

	for (size_t i = 0; i < n; i++)
		check_parts(&v[i]);
	free_samples(v, n);
	assert_true(n > 9);
}

static void
test_traces(void **state)
{
	(void)state;
	joined = redone = rests = 0;
	on_all("testdata/traces");
	assert_true(joined >= 10 && rests >= 10);
}

static void
test_broken(void **state)
{
	(void)state;
	on_all("testdata/bad");
}

/* Small ones, made so that generations depend on each other: here most guesses are wrong. */
static void
test_small(void **state)
{
	(void)state;
	joined = redone = 0;
	on_all("testdata/tests");
	assert_true(redone >= 10);
}

/*
 * The second generation has been going on for long, by its clock, when the first one ends, which puts right when its events
 * were: later than they are for a reader that begins with it. In the third some of what was begun there goes on.
 */
static const char late[] = "Trace Go1.22\n"
	"EventBatch gen=1 m=0 time=1000 size=21\n"
	"ProcStatus dt=1 p=0 pstatus=1\n"
	"GoStatus dt=1 g=1 m=0 gstatus=2\n"
	"GCActive dt=1 gc_seq=1\n"
	"GCEnd dt=1 gc_seq=2\n"
	"GoCreate dt=8996 new_g=2 new_stack=0 stack=0\n"
	"EventBatch gen=1 m=18446744073709551615 time=1000 size=6\n"
	"Frequency freq=1000000000\n"
	"EventBatch gen=1 m=18446744073709551615 time=1000 size=7\n"
	"Strings\n"
	"String id=1\n"
	"\tdata=\"one\"\n"
	"EventBatch gen=2 m=0 time=2000 size=73\n"
	"ProcStatus dt=1 p=0 pstatus=1\n"
	"GoStatus dt=1 g=1 m=0 gstatus=2\n"
	"GoStatus dt=1 g=2 m=18446744073709551615 gstatus=1\n"
	"GCBegin dt=1 gc_seq=3 stack=0\n"
	"STWBegin dt=1 kind_string=1 stack=0\n"
	"STWBegin dt=1 kind_string=0 stack=0\n"
	"GCMarkAssistBegin dt=1 stack=0\n"
	"GCSweepBegin dt=1 stack=0\n"
	"UserTaskBegin dt=1 task=5 parent_task=0 name_string=1 stack=0\n"
	"UserTaskBegin dt=1 task=6 parent_task=0 name_string=1 stack=0\n"
	"UserRegionBegin dt=1 task=5 name_string=1 stack=0\n"
	"UserRegionBegin dt=1 task=5 name_string=1 stack=0\n"
	"UserRegionBegin dt=1 task=5 name_string=1 stack=0\n"
	"HeapAlloc dt=90000 heapalloc_value=1\n"
	"EventBatch gen=2 m=18446744073709551615 time=2000 size=6\n"
	"Frequency freq=1000000000\n"
	"EventBatch gen=2 m=18446744073709551615 time=2000 size=7\n"
	"Strings\n"
	"String id=1\n"
	"\tdata=\"one\"\n"
	"EventBatch gen=3 m=0 time=200000 size=33\n"
	"ProcStatus dt=1 p=0 pstatus=1\n"
	"GoStatus dt=1 g=1 m=0 gstatus=2\n"
	"GCActive dt=1 gc_seq=4\n"
	"UserRegionEnd dt=1 task=5 name_string=1 stack=0\n"
	"UserRegionEnd dt=1 task=5 name_string=1 stack=0\n"
	"UserRegionBegin dt=1 task=6 name_string=1 stack=0\n"
	"UserTaskEnd dt=1 task=5 stack=0\n"
	"STWEnd dt=1\n"
	"EventBatch gen=3 m=18446744073709551615 time=200000 size=6\n"
	"Frequency freq=1000000000\n"
	"EventBatch gen=3 m=18446744073709551615 time=200000 size=7\n"
	"Strings\n"
	"String id=1\n"
	"\tdata=\"one\"\n";

static void
test_late(void **state)
{
	struct sample_trace s = { .path = "test_late" };
	struct gt_text_error where;

	(void)state;
	if (!gt_text_read(late, sizeof(late) - 1, &s.bytes, &where))
		fail_msg("line %u: %s", where.line, where.text);
	assert_true(gt_model_get(&s.model, GT_MODEL_DEFAULT));
	joined = 0;
	check_parts(&s);
	assert_true(joined >= 1);
	gt_buf_free(&s.bytes);
}

/* Heads of batches, through gt_peek: from the same bytes, but not each time. */
static struct gt_str peeked;
static unsigned peeks;

static size_t
peek_or_not(void *arg, uint64_t off, void *buf, size_t n)
{
	assert_ptr_equal(arg, &peeked);
	assert_true(off <= peeked.n && n <= peeked.n - off);
	memcpy(buf, peeked.p + off, n);
	return ++peeks % 3 ? n : n / 2;
}

static void
same_places(const struct sample_trace *s)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none), *u = gt_open(s->bytes.p, s->bytes.n, &none);
	struct places a, b;
	struct gt_gen_place x, y;
	enum places_got got;

	if (!t || !u)
		return;
	peeked = (struct gt_str){ (const char *)s->bytes.p, s->bytes.n };
	gt_peek(u, peek_or_not, &peeked);
	places_init(&a, t);
	places_init(&b, u);
	do {
		x = y = (struct gt_gen_place){ 0 };
		got = places_next(&a, UINT32_MAX, &x);
		assert_int_equal(places_next(&b, UINT32_MAX, &y), got);
		assert_memory_equal(&x, &y, sizeof(x));
	} while (got == PLACES_ONE);
	gt_close(t);
	gt_close(u);
}

static void
test_peek(void **state)
{
	static const char *const dirs[] = { "testdata/traces", "testdata/bad", "testdata/tests" };

	(void)state;
	peeks = 0;
	for (size_t d = 0; d < LEN(dirs); d++) {
		size_t n;
		struct sample_trace *v = load_samples(dirs[d], &n);

		for (size_t i = 0; i < n; i++)
			same_places(&v[i]);
		free_samples(v, n);
	}
	assert_true(peeks > 1000);
}

static void
test_divide(void **state)
{
	struct gt_gen_place v[8];
	size_t begin[8];

	(void)state;
	for (uint64_t i = 0; i < LEN(v); i++)
		v[i] = (struct gt_gen_place){ .from = i * 100, .to = i * 100 + 100 };
	assert_int_equal(divide_evenly(v, 8, 1, begin), 1);
	assert_int_equal(divide_evenly(v, 0, 3, begin), 0);
	/* Four, and the fourth once more to begin the other four with. */
	assert_int_equal(divide_evenly(v, 8, 2, begin), 2);
	assert_true(begin[0] == 0 && (begin[1] == 4 || begin[1] == 5));
	assert_int_equal(divide_evenly(v, 1, 4, begin), 1);
	/* A large one is a part by itself. */
	v[3].to += 5000;
	for (size_t i = 4; i < LEN(v); i++) {
		v[i].from += 5000;
		v[i].to += 5000;
	}
	assert_true(divide_evenly(v, 8, 3, begin) <= 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traces),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_peek),
		cmocka_unit_test(test_divide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
