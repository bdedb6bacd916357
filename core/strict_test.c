/* SPDX-License-Identifier: MIT */
/*
 * Strict checking: silent on what runtimes write, and not on what was changed since. Salvage: what is given of a trace
 * cut anywhere begins like the whole, and every byte is accounted for.
 */
#include "gotrace.h"

#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct tally {
	uint64_t n;
	char first[32], text[240];
};

static void
on_finding(void *arg, const struct gt_finding *f)
{
	struct tally *t = arg;

	if (t->n++ > 0)
		return;
	snprintf(t->first, sizeof(t->first), "%s", f->name);
	snprintf(t->text, sizeof(t->text), "%s", f->text);
}

/* Whether the reference's rules let the bytes pass; what strict checking finds, into *t. */
static bool
judge(const uint8_t *p, size_t n, struct tally *t)
{
	struct gt_error err;
	struct gt_model model;
	struct gt_trace *tr = gt_open(p, n, &err);
	struct gt_reader *r;
	struct gt_strict *st;
	const struct gt_event *ev;
	enum gt_got got;

	*t = (struct tally){ 0 };
	if (!tr)
		return false;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	r = gt_reader_new(tr, &model);
	st = gt_strict_new(tr, on_finding, t);
	assert_true(r && st);
	while ((got = gt_read(r, &ev)) == GT_EVENT)
		gt_strict_event(st, ev, gt_reader_state(r));
	assert_int_equal(gt_strict_free(st), t->n);
	gt_reader_free(r);
	gt_close(tr);
	return got == GT_END;
}

static void
silent_on_good_traces(void **state)
{
	size_t n, judged = 0;
	struct sample_trace *s = load_samples("testdata/traces", &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct tally t;

		if (!judge(s[i].bytes.p, s[i].bytes.n, &t))
			continue;
		judged++;
		if (t.n > 0)
			fail_msg("%s: %s: %s", s[i].path, t.first, t.text);
	}
	assert_true(judged >= 9);
	free_samples(s, n);
}

/* One bit in so many is turned: the reference lets about half of them pass, strict checking fewer by far. */
static void
notices_bits(void **state)
{
	struct gt_buf b = { 0 };
	uint64_t tried = 0, passed = 0, silent = 0;

	(void)state;
	assert_true(read_file("testdata/traces/cgo-new-threads.trace", &b));
	for (size_t bit = 0; bit < 8 * b.n; bit += 31) {
		struct tally t;

		b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (judge(b.p, b.n, &t)) {
			passed++;
			silent += t.n == 0;
		}
		b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		tried++;
	}
	print_message("%llu bits: %llu pass, %llu of them unnoticed\n", (unsigned long long)tried, (unsigned long long)passed,
		(unsigned long long)silent);
	assert_true(passed > tried / 3);
	assert_true(silent < passed * 3 / 4);
	gt_buf_free(&b);
}

/* Where a text stands among bytes; NULL: nowhere. */
static uint8_t *
find(struct gt_buf *b, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= b->n; i++)
		if (memcmp(b->p + i, text, n) == 0)
			return b->p + i;
	return NULL;
}

static void
names_what_it_finds(void **state)
{
	struct gt_buf b = { 0 };
	uint8_t *at;
	struct tally t;

	(void)state;
	assert_true(read_file("testdata/traces/cgo-callbacks.trace", &b));
	/* A reason of the runtime with a letter changed. */
	at = find(&b, "chan receive");
	assert_non_null(at);
	at[3] = 'm';
	assert_true(judge(b.p, b.n, &t));
	assert_string_equal(t.first, "REASON");
	at[3] = 'n';
	/* The name of a file that is none any more. */
	at = find(&b, "proc.go");
	assert_non_null(at);
	at[6] = 'a';
	assert_true(judge(b.p, b.n, &t));
	assert_string_equal(t.first, "STRING_TEXT");
	at[6] = 'o';
	assert_true(judge(b.p, b.n, &t));
	assert_int_equal(t.n, 0);
	gt_buf_free(&b);
}

/* --- salvage -------------------------------------------------------------------------- */

static struct gt_reader *
open_reader(struct gt_trace *t, bool salvage)
{
	struct gt_model model;
	struct gt_reader *r;

	gt_model_get(&model, GT_MODEL_DEFAULT);
	gt_salvage(t, salvage);
	r = gt_reader_new(t, &model);
	assert_non_null(r);
	return r;
}

/* A trace of n bytes, with and without salvage. */
static void
compare(const uint8_t *p, size_t n)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(p, n, &err);
	struct gt_reader *plain, *more;
	const struct gt_event *a, *b;
	struct gt_salvaged s;
	enum gt_got got;
	uint64_t good = 0, marked = 0;
	bool salvaged;

	if (!t)
		return;
	plain = open_reader(t, false);
	more = open_reader(t, true);
	while ((got = gt_read(more, &b)) == GT_EVENT && !b->salvaged) {
		assert_int_equal(gt_read(plain, &a), GT_EVENT);
		assert_int_equal(event_hash(a), event_hash(b));
		good++;
	}
	for (; got == GT_EVENT; got = gt_read(more, &b)) {
		assert_true(b->salvaged);
		marked++;
	}
	while (gt_read(plain, &a) == GT_EVENT)
		good++;
	salvaged = gt_reader_salvaged(more, &s);
	assert_int_equal(salvaged, marked > 0);
	assert_int_equal(s.events, marked);
	assert_int_equal(s.good_bytes + s.bytes + s.lost_bytes, n);
	/* The same error, said after all that could be had. */
	assert_int_equal(gt_reader_error(plain) != NULL, gt_reader_error(more) != NULL);
	if (gt_reader_error(plain))
		assert_string_equal(gt_reader_error(plain)->text, gt_reader_error(more)->text);
	gt_reader_free(plain);
	gt_reader_free(more);
	gt_close(t);
}

static void
salvages_every_prefix(void **state)
{
	static const char *const files[] = { "testdata/traces/cgo-new-threads.trace", "testdata/traces/mixed-go1.22.trace" };

	(void)state;
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
		struct gt_buf b = { 0 };

		assert_true(read_file(files[f], &b));
		for (size_t n = 0; n <= b.n; n += f ? 7 : 3)
			compare(b.p, n);
		gt_buf_free(&b);
	}
}

static void
salvages_what_is_there(void **state)
{
	struct gt_buf b = { 0 };
	struct gt_error err;
	struct gt_trace *t;
	struct gt_reader *r;
	struct gt_salvaged s;
	const struct gt_event *ev;

	(void)state;
	assert_true(read_file("testdata/bad/cut-in-batch.trace", &b));
	t = gt_open(b.p, b.n, &err);
	assert_non_null(t);
	r = open_reader(t, true);
	while (gt_read(r, &ev) == GT_EVENT)
		;
	assert_true(gt_reader_salvaged(r, &s));
	assert_true(s.events > 50 && s.bytes > 300 && s.good_events > 400);
	assert_true(s.no_strings && s.no_stacks && !s.no_frequency);
	gt_reader_free(r);
	gt_close(t);
	gt_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silent_on_good_traces),
		cmocka_unit_test(notices_bits),
		cmocka_unit_test(names_what_it_finds),
		cmocka_unit_test(salvages_every_prefix),
		cmocka_unit_test(salvages_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
