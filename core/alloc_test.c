/* SPDX-License-Identifier: MIT */
/*
 * No memory: everything is done again and again, each time with another allocation refused (that one alone, or all from
 * there on). What fails must say so and leave nothing behind; what does not must be right.
 */
#include "gotrace.h"

#include "refusing.h"
#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#ifdef OTHER_MALLOC

static void
test_skipped(void **state)
{
	(void)state;
	skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_skipped) };

	return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}

#else

/* --- what is done ------------------------------------------------------------------------ */

/* A trace, and what comes of it with memory enough. cmocka allocates, so nothing is asserted on the way. */
static struct job {
	const struct sample_trace *s;
	bool salvage;
	const char *wrong;
	uint64_t event[6000], state[6000];
	uint64_t n;
	enum gt_got end;
	enum gt_code why;
	char text[65536];
} job;

static void
complain(const char *what)
{
	if (!job.wrong)
		job.wrong = what;
}

static void
compare(const struct gt_event *ev, const struct gt_state *s)
{
	if (ev->n > job.n || event_hash(ev) != job.event[ev->n] || gt_state_hash(s) != job.state[ev->n])
		complain("another event");
}

static void
check_error(const struct gt_error *err)
{
	if (err->why.code == GT_E_NOMEM)
		return;
	if (err->why.code != job.why)
		complain("another error");
	else if (!err->text || err->text[0] == '\0')
		complain("an error without a text");
	else if (!mem.hit && strcmp(err->text, job.text) != 0)
		complain("another text");
}

/* All of it, with a copy on the way that is read as well. */
static void
read_all(struct gt_reader *r, uint64_t copy_at)
{
	const struct gt_event *ev;
	struct gt_head head[4];
	enum gt_got got;

	if (!r)
		return;
	gt_reader_log(r, true);
	while ((got = gt_read(r, &ev)) == GT_EVENT) {
		if (gt_reader_error(r))
			complain("an error, and it goes on");
		compare(ev, gt_reader_state(r));
		if (ev->n % 16 == 0)
			gt_frontier(r, head, 4);
		if (ev->n == copy_at) {
			struct gt_reader *copy = gt_reader_clone(r);

			read_all(copy, 0);
			gt_reader_free(copy);
		}
	}
	if (got == GT_BROKEN)
		check_error(gt_reader_error(r));
	else if (gt_reader_pos(r) != job.n || job.end != GT_END)
		complain("another end");
	if (gt_read(r, &ev) != got)
		complain("not the end");
}

static bool
on_each(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct gt_timeline *line = arg;

	if (ev->gen)
		compare(ev, after);
	return !line || gt_timeline_event(line, ev, ch, nch, after);
}

static void
on_span(void *arg, const struct gt_span *span)
{
	(void)arg;
	(void)span;
}

static void
check_nav(struct gt_nav *v)
{
	const struct gt_event *ev = gt_nav_event(v);
	uint64_t pos = gt_nav_pos(v);

	if (ev && ev->n != pos)
		complain("the event of another place");
	if (!ev && pos > 0 && !mem.hit)
		complain("no event");
	if (ev && ev->gen && event_hash(ev) != job.event[pos])
		complain("another event");
	gt_frontier(gt_nav_reader(v), NULL, 0);
}

/* Where less was reached than there is, it is said why; and it is no end. */
static void
check_reach(struct gt_nav *v, uint64_t want, uint64_t got)
{
	const struct gt_error *err;

	want = want < job.n ? want : job.n;
	if (got != want && !gt_nav_starved(v))
		complain("less than there is, and not a word of it");
	if (got == want && !mem.hit && gt_nav_starved(v))
		complain("no memory, where there was enough");
	if (gt_nav_end(v, &err) == GT_BROKEN && err && err->why.code == GT_E_NOMEM)
		complain("an end that is none");
}

/* All that was refused is to be had again: nothing of that is left. */
static void
recover(struct gt_nav *v)
{
	const struct gt_error *err;

	mem.refused = 0;
	mem.rest = false;
	check_reach(v, 3, gt_nav_seek(v, 3, NULL, NULL));
	if (gt_nav_seek(v, UINT64_MAX, NULL, NULL) != job.n || gt_nav_starved(v))
		complain("memory is back, but not all events");
	if (gt_nav_end(v, &err) != job.end || (err && err->why.code != job.why))
		complain("memory is back, and it ends otherwise");
	if (gt_nav_each(v, 1, SIZE_MAX, on_each, NULL) != job.n || gt_nav_starved(v))
		complain("memory is back, but not each event");
}

static void
navigate(struct gt_trace *t, const struct gt_model *model)
{
	struct gt_nav *v = gt_nav_new(t, model, 1 << 16);
	struct gt_timeline *line = gt_timeline_new(on_span, NULL);
	const struct gt_error *err;
	double done;

	if (v) {
		check_reach(v, job.n / 2, gt_nav_seek(v, job.n / 2, NULL, NULL));
		check_nav(v);
		gt_nav_each(v, 3, 20, on_each, line);
		check_reach(v, 20, gt_nav_each(v, 1, 20, on_each, NULL));
		gt_nav_index(v, job.n / 4, &done, NULL);
		check_reach(v, 1, gt_nav_seek(v, 1, NULL, NULL));
		check_nav(v);
		check_reach(v, UINT64_MAX, gt_nav_seek(v, UINT64_MAX, NULL, NULL));
		check_nav(v);
		gt_nav_set_model(v, model);
		check_nav(v);
		check_reach(v, UINT64_MAX, gt_nav_seek(v, UINT64_MAX, NULL, NULL));
		if (gt_nav_end(v, &err) == GT_BROKEN)
			check_error(err);
		if (gt_nav_pos(v) > 0)
			gt_nav_seek(v, gt_nav_pos(v) - 1, NULL, NULL);
		check_nav(v);
		if (job.n < 100 || mem.refused % 16 == 1)
			recover(v);
		check_nav(v);
	}
	if (line)
		gt_timeline_end(line);
	gt_timeline_free(line);
	gt_nav_free(v);
}

static void
do_all(void)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(job.s->bytes.p, job.s->bytes.n, &err);
	struct gt_reader *r;

	if (t)
		gt_salvage(t, job.salvage);
	r = t ? gt_reader_new(t, &job.s->model) : NULL;
	if (!t && err.why.code != GT_E_NOMEM)
		complain("it can't be opened");
	read_all(r, job.n / 2);
	gt_reader_free(r);
	if (t)
		navigate(t, &job.s->model);
	gt_close(t);
}

/* --- again and again ------------------------------------------------------------------------ */

static void
learn(const struct sample_trace *s)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none);
	struct gt_reader *r;
	const struct gt_event *ev;

	gt_salvage(t, job.salvage);
	r = gt_reader_new(t, &s->model);
	job.s = s;
	job.wrong = NULL;
	job.n = 0;
	job.why = GT_OK;
	while ((job.end = gt_read(r, &ev)) == GT_EVENT) {
		job.event[++job.n] = event_hash(ev);
		job.state[job.n] = gt_state_hash(gt_reader_state(r));
	}
	if (job.end == GT_BROKEN) {
		job.why = gt_reader_error(r)->why.code;
		snprintf(job.text, sizeof(job.text), "%s", gt_reader_error(r)->text);
	}
	gt_reader_free(r);
	gt_close(t);
}

/* Refuses allocation k; false: there are not so many. */
static bool
without(unsigned long k, bool rest)
{
	memset(&mem, 0, sizeof(mem));
	mem.refused = k;
	mem.rest = rest;
	mem.on = true;
	do_all();
	mem.on = false;
	if (job.wrong)
		fail_msg(
			"%s: allocation %lu%s refused: %s", job.s->path, k, rest ? " and all after it" : "", job.wrong);
	if (mem.live != 0)
		fail_msg("%s: allocation %lu%s refused: %ld blocks are left over", job.s->path, k,
			rest ? " and all after it" : "", mem.live);
	return mem.hit;
}

/* step: of a large trace not every allocation is tried. */
static void
without_each(const struct sample_trace *s, unsigned long step)
{
	unsigned long k;

	learn(s);
	assert_false(without(0, false));
	for (k = 1; without(k, false); k += step)
		;
	assert_true(k > 20);
	for (k = 1; without(k, true); k += step)
		;
}

static void
test_small(void **state)
{
	size_t n;
	struct sample_trace *v = load_samples("testdata/tests", &n);

	(void)state;
	assert_true(n > 100);
	for (size_t i = 0; i < n; i++)
		without_each(&v[i], 1);
	free_samples(v, n);
}

static void
test_trace(void **state)
{
	struct sample_trace s;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "cgo-bound.trace"));
	without_each(&s, 7);
	gt_buf_free(&s.bytes);
}

/* Cut in its last generation: what there is of that is found, or it is said that there was no memory for it. */
static void
test_salvaged(void **state)
{
	struct sample_trace s;
	uint64_t n;

	(void)state;
	assert_true(load_sample(&s, "testdata/traces", "cgo-bound.trace"));
	s.bytes.n = s.bytes.n * 3 / 10;
	learn(&s);
	n = job.n;
	job.salvage = true;
	learn(&s);
	assert_true(job.end == GT_BROKEN && job.n > n + 100);
	without_each(&s, 7);
	job.salvage = false;
	gt_buf_free(&s.bytes);
}

/* As many CPU samples as the table of them first has room for, out of order. */
static void
test_samples(void **state)
{
	struct sample_trace s = { .path = "test_samples" };
	char text[4096];
	size_t n;
	struct gt_text_error where;

	(void)state;
	n = (size_t)snprintf(text, sizeof(text), "Trace Go1.22\nEventBatch gen=1 m=18446744073709551615 time=0 size=6\n"
		"Frequency freq=1000000000\nEventBatch gen=1 m=18446744073709551615 time=0 size=97\nCPUSamples\n");
	for (int i = 0; i < 16; i++)
		n += (size_t)snprintf(
			text + n, sizeof(text) - n, "CPUSample time=%d m=1 p=0 g=1 stack=0\n", 99 - i * 5 % 17);
	assert_true(gt_text_read(text, n, &s.bytes, &where));
	assert_true(gt_model_get(&s.model, GT_MODEL_DEFAULT));
	learn(&s);
	assert_int_equal(job.n, 18);
	assert_int_equal(job.end, GT_END);
	without_each(&s, 1);
	gt_buf_free(&s.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_trace),
		cmocka_unit_test(test_salvaged),
	};

	return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}

#endif
