/* SPDX-License-Identifier: MIT */
/*
 * What people are shown of an event (its conditions, what it changes) against what the orderer does: at every event of
 * every trace there is, and for all that waits in the frontier there.
 */
#include "gotrace.h"

#include "testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* What was seen: so that a test of nothing is noticed. */
static struct {
	unsigned long events, heads, waits, nevers, changes;
} seen;

/* The heads before the next event, that event, and the way from the states before it to those after. */
static void
check_step(const struct sample_trace *s, struct gt_trace *t, struct gt_reader *before, struct gt_reader *r)
{
	static struct gt_head head[64];
	const struct gt_event *ev;
	const struct gt_change *ch;
	const char *wrong;
	size_t n;

	if (gt_read(r, &ev) != GT_EVENT || !ev->gen)
		return;
	wrong = checks_wrong(
		gt_reader_state(before), &s->model, gt_version(t), gt_gen_number(ev->gen), ev, GT_YES, GT_OK);
	if (wrong)
		fail_msg("%s: event %llu: %s", s->path, (unsigned long long)ev->n, wrong);
	ch = gt_reader_changes(r, &n);
	wrong = changes_wrong(gt_reader_state(before), gt_reader_state(r), ch, n);
	if (wrong)
		fail_msg("%s: event %llu: %s", s->path, (unsigned long long)ev->n, wrong);
	seen.events++;
	seen.changes += n;
	wrong = frontier_wrong(r, &s->model, gt_version(t), gt_gen_number(ev->gen));
	if (wrong)
		fail_msg("%s: after event %llu: %s", s->path, (unsigned long long)ev->n, wrong);
	n = gt_frontier(r, head, LEN(head));
	for (size_t i = 0; i < n && i < LEN(head); i++) {
		seen.heads++;
		seen.waits += head[i].answer == GT_WAIT;
		seen.nevers += head[i].answer == GT_NEVER;
	}
}

static void
check_trace(const struct sample_trace *s)
{
	struct gt_error none;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &none);
	struct gt_reader *r = gt_reader_new(t, &s->model);
	uint64_t pos;

	gt_reader_log(r, true);
	do {
		struct gt_reader *before = gt_reader_clone(r);

		pos = gt_reader_pos(r);
		check_step(s, t, before, r);
		gt_reader_free(before);
	} while (gt_reader_pos(r) > pos);
	gt_reader_free(r);
	gt_close(t);
}

/* Under every model: what one allows and another does not is where tables and orderer part most easily. */
static void
on_all(const char *dir)
{
	size_t n;
	struct sample_trace *v = load_samples(dir, &n);

	memset(&seen, 0, sizeof(seen));
	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < gt_models(); m++) {
			assert_true(gt_model_at(&v[i].model, m));
			check_trace(&v[i]);
		}
	free_samples(v, n);
	assert_true(n >= 9 && seen.events > 500 && seen.heads > 100 && seen.waits > 10 && seen.changes > 500);
}

static void
test_small(void **state)
{
	(void)state;
	on_all("testdata/tests");
	assert_true(seen.nevers > 50);
}

static void
test_traces(void **state)
{
	(void)state;
	on_all("testdata/traces");
}

static void
test_broken(void **state)
{
	(void)state;
	on_all("testdata/bad");
}

/* What the model asks of the proc of a ProcStart: an M that has one waits, whatever that is. */
static void
test_required(void **state)
{
	static const char *const need[] = { "must", "may", "mustnot" };
	size_t n;
	struct sample_trace *v = load_samples("testdata/tests", &n);

	(void)state;
	memset(&seen, 0, sizeof(seen));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < LEN(need); k++) {
			char text[64];
			const char *wrong;

			snprintf(text, sizeof(text), "ProcStart.proc=%s", need[k]);
			assert_true(gt_model_get(&v[i].model, GT_MODEL_DEFAULT));
			assert_true(gt_model_require(&v[i].model, text, &wrong));
			check_trace(&v[i]);
		}
	free_samples(v, n);
	assert_true(seen.heads > 100 && seen.nevers > 50);
}

/* Traces that the fuzzer came by. */
#define TABLES                                                                                                         \
	"EventBatch gen=1 m=18446744073709551615 time=1000 size=6\nFrequency freq=1000000000\n"
#define TABLES_2                                                                                                       \
	"EventBatch gen=2 m=18446744073709551615 time=1000 size=6\nFrequency freq=1000000000\n"
static const struct {
	const char *name, *text;
	unsigned events, changes;
} found[] = {
	{ "a goroutine with the number of none appears, and the M is without one",
		"Trace Go1.22\nEventBatch gen=1 m=0 time=1000 size=12\nGoCreateSyscall dt=10 new_g=18446744073709551615\n" TABLES,
		2, 1 },
	{ "a goroutine is stated by one M to be in a syscall on another, which is not known",
		"Trace Go1.22\nEventBatch gen=1 m=0 time=10 size=5\nGoStatus dt=1 g=5 m=0 gstatus=3\n" TABLES
		"EventBatch gen=2 m=7 time=110 size=5\nGoStatus dt=1 g=5 m=1 gstatus=3\n" TABLES_2, 4, 3 },
};

static void
test_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(found); i++) {
		struct sample_trace s = { .path = "" };
		struct gt_text_error err;

		memset(&seen, 0, sizeof(seen));
		snprintf(s.path, sizeof(s.path), "%s", found[i].name);
		assert_true(gt_model_get(&s.model, GT_MODEL_DEFAULT));
		assert_true(gt_text_read(found[i].text, strlen(found[i].text), &s.bytes, &err));
		check_trace(&s);
		if (seen.events != found[i].events || seen.changes < found[i].changes)
			fail_msg("%s: %lu events, %lu changes", s.path, (unsigned long)seen.events, (unsigned long)seen.changes);
		gt_buf_free(&s.bytes);
	}
}

/* --- the words ------------------------------------------------------------------------------- */

/* The conditions of the event that a trace breaks at: what is asked, what is there. */
static const struct {
	const char *name;
	struct {
		bool ok, waits;
		const char *what, *here;
	} check[6]; /* behind thread, proc and goroutine */
	bool presence[3];
} words[] = {
	{ "no-proc", { { true, true, "G1 is Runnable", "Runnable" }, { true, true, "G1 seq 1 is next", "at 0" } },
		{ true, false, true } },
	{ "p-seq", { { true, false, "G1 is Running", "Running" }, { false, false, "P0 seq 2 is next", "at 0" } },
		{ true, true, true } },
	{ "steal-self",
		{ { true, true, "P0 is Syscall", "Syscall" }, { true, true, "P0 seq 1 is next", "at 0" },
			{ false, false, "M0 has P0", "P1" } },
		{ true, true, true } },
	{ "gc-end-undet",
		{ { true, true, "GC seq 1 is next", "at 0" }, { false, false, "GC is running", "not known" } },
		{ true, true, true } },
	{ "g-not-syscall",
		{ { false, false, "G4 is Syscall", "Running" }, { false, false, "P0 is Syscall", "Running" } },
		{ true, true, true } },
	{ "range-not-open", { { false, false, "GCMarkAssistBegin open on G1", "not open" } }, { true, true, true } },
	{ "p-status-conflict", { { false, false, "P0 is Idle", "Running" } }, { true, true, true } },
	{ "task-conflict",
		{ { false, false, "task 7 is new", "has begun" }, { true, false, "string 1 is in the table", "there" } },
		{ true, true, true } },
	{ "g-syscall-no-m",
		{ { true, false, "G1 is Syscall", "not known yet" }, { false, false, "an M is named for G1", "none" } },
		{ true, true, true } },
	{ "g-syscall-thread",
		{ { true, false, "G6 is Syscall", "not known yet" }, { false, false, "M0 runs G6", "G5" } },
		{ true, true, true } },
	{ "p-no-context",
		{ { true, false, "P0 is Syscall (abandoned)", "Syscall" }, { false, false, "an M has P0", "none" } },
		{ true, true, true } },
	{ "string-order",
		{ { true, false, "task 7 is new", "new" }, { false, false, "string 66 is in the table", "not there" } },
		{ true, true, true } },
	{ "string-order-region", { { false, false, "string 66 is in the table", "not there" } }, { true, true, true } },
};

static void
check_words(size_t i)
{
	struct sample_trace s;
	struct gt_error none;
	struct gt_trace *t;
	struct gt_nav *v;
	struct gt_head head[8];
	struct gt_check c[GT_MAXCHECKS];
	char name[100];
	size_t n, k;

	snprintf(name, sizeof(name), "%s.test", words[i].name);
	assert_true(load_sample(&s, "testdata/tests", name));
	t = gt_open(s.bytes.p, s.bytes.n, &none);
	v = gt_nav_new(t, &s.model, 1 << 20);
	gt_nav_seek(v, UINT64_MAX, NULL, NULL);
	n = gt_frontier(gt_nav_reader(v), head, LEN(head));
	for (k = 0; k < n && head[k].answer != GT_NEVER; k++)
		;
	if (k == n)
		fail_msg("%s: nothing is refused", name);
	n = gt_checks(gt_nav_state(v), &s.model, gt_version(t), 1, &head[k].ev, c);
	assert_true(n >= 3);
	for (k = 0; k < 3; k++)
		if (c[k].about != (enum gt_res)k || c[k].ok != words[i].presence[k])
			fail_msg("%s: %s: %s", name, c[k].what, c[k].here);
	for (k = 3; k < n && words[i].check[k - 3].what; k++)
		if (c[k].about != GT_NO_RES || c[k].ok != words[i].check[k - 3].ok ||
			c[k].waits != words[i].check[k - 3].waits ||
			strcmp(c[k].what, words[i].check[k - 3].what) != 0 ||
			strcmp(c[k].here, words[i].check[k - 3].here) != 0)
			fail_msg("%s: condition %zu: %d %d \"%s\" \"%s\"", name, k - 3, c[k].ok, c[k].waits, c[k].what,
				c[k].here);
	if (k < n || words[i].check[k - 3].what)
		fail_msg("%s: %zu conditions", name, n);
	gt_nav_free(v);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

static void
test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(words); i++)
		check_words(i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_traces),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
