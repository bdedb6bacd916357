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
	/* However few events at a time, they are looked at once. */
	while (gt_strict_file(st, 7))
		;
	assert_false(gt_strict_file(st, 7));
	while ((got = gt_read(r, &ev)) == GT_EVENT)
		gt_strict_event(st, ev, gt_reader_state(r));
	assert_true(gt_strict_free(st) >= t->n);
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

struct bits {
	uint64_t tried, passed, silent;
};

/* Turns one bit in so many of a file: how many of these changes the reference lets pass, and strict checking, too. */
static void
turn_bits(const char *path, size_t every, struct bits *count)
{
	struct gt_buf b = { 0 };
	struct tally t;

	assert_true(read_file(path, &b));
	for (size_t bit = 0; bit < 8 * b.n; bit += every) {
		b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (judge(b.p, b.n, &t)) {
			count->passed++;
			count->silent += t.n == 0;
		}
		b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		count->tried++;
	}
	gt_buf_free(&b);
}

/* The reference lets more than half of them pass, strict checking half of those at most. */
static void
notices_bits(void **state)
{
	struct bits n = { 0 };

	(void)state;
	turn_bits("testdata/traces/cgo-new-threads.trace", 31, &n);
	print_message("%llu bits: %llu pass, %llu of them unnoticed\n", (unsigned long long)n.tried,
		(unsigned long long)n.passed, (unsigned long long)n.silent);
	assert_true(n.passed > n.tried / 3);
	assert_true(n.silent < n.passed / 2);
}

/* The same of other traces: strict_test FILE... */
static int
measure(int argc, char **argv)
{
	struct bits all = { 0 };

	for (int i = 1; i < argc; i++)
		turn_bits(argv[i], 499, &all);
	printf("%d traces, %llu bits: the reference notices %.1f %%, strict checking %.1f %%\n", argc - 1,
		(unsigned long long)all.tried, 100 - 100.0 * (double)all.passed / (double)all.tried,
		100 - 100.0 * (double)all.silent / (double)all.tried);
	return all.silent < all.passed * 2 / 3 ? 0 : 1;
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

/* --- each finding ----------------------------------------------------------------------- */

#define NONE "18446744073709551615"
#define HEAD(gen, m, time) "EventBatch gen=" gen " m=" m " time=" time " size=0\n"
#define SYNC(gen, time, mono)                                                                                          \
	HEAD(gen, NONE, time)                                                                                          \
	"Sync\nFrequency freq=1000000000\nClockSnapshot dt=10 mono=" mono " sec=1700000000 nsec=0\n"
#define TABLES(gen, time) HEAD(gen, NONE, time) "Stacks\n" HEAD(gen, NONE, time) "Strings\nEndOfGeneration\n"
/* What a generation has in which P0 is held and G1 waits. */
#define STATUSES(gen, time)                                                                                            \
	HEAD(gen, "7", time) "ProcStatus dt=1 p=0 pstatus=1\n"                                                         \
	HEAD(gen, NONE, time) "GoStatus dt=1 g=1 m=" NONE " gstatus=4\n"
#define THIRD STATUSES("3", "2000100") TABLES("3", "2900000")

/* Strict checking finds nothing here. The sizes are made right: see settle. */
static const char sound[] =
	"Trace Go1.26\n" SYNC("1", "0", "5000000") HEAD("1", "7", "100")
	"ProcStatus dt=1 p=0 pstatus=1\n"
	"GoStatus dt=1 g=1 m=7 gstatus=2\n"
	"GoCreate dt=1 new_g=2 new_stack=1 stack=1\n"
	"HeapAlloc dt=1 heapalloc_value=4096\n"
	"STWBegin dt=1 kind_string=3 stack=0\n"
	"STWEnd dt=1\n"
	"UserTaskBegin dt=1 task=2 parent_task=0 name_string=4 stack=1\n"
	"GoBlock dt=1 reason_string=5 stack=1\n"
	HEAD("1", "7", "200")
	"GoStart dt=1 g=2 g_seq=1\n"
	"GoDestroy dt=1\n"
	HEAD("1", NONE, "900000") "Stacks\n"
	"Stack id=1 nframes=3\n"
	"\tpc=1000 func=6 file=7 line=10\n"
	"\tpc=1010 func=1 file=2 line=20\n"
	"\tpc=1020 func=8 file=9 line=30\n"
	HEAD("1", NONE, "900000") "Strings\n"
	"String id=1\n\tdata=\"main.f\"\n"
	"String id=2\n\tdata=\"/src/main.go\"\n"
	"String id=3\n\tdata=\"read mem stats\"\n"
	"String id=4\n\tdata=\"a task\"\n"
	"String id=5\n\tdata=\"chan receive\"\n"
	"String id=6\n\tdata=\"sync.(*Mutex).Lock\"\n"
	"String id=7\n\tdata=\"/go/src/sync/mutex.go\"\n"
	"String id=8\n\tdata=\"runtime.main\"\n"
	"String id=9\n\tdata=\"/go/src/runtime/proc.go\"\n"
	"EndOfGeneration\n"
	SYNC("2", "1000000", "6000000") STATUSES("2", "1000100") TABLES("2", "1900000")
	SYNC("3", "2000000", "7000000") THIRD;

/* A batch that ends inside a string, between two numbers: to the reference, the end of the trace. */
#define HALF_A_STRING "Trace Go1.22\nEventBatch gen=1 m=" NONE " time=0 size=2\nStrings\nString id=1\n\tdata=\"x\"\n"

/*
 * What is found first if in the sound trace `was` is changed to `is`; or, was NULL, in another without its last bytes, and
 * the last digit of its version changed.
 */
static const struct {
	const char *name, *was, *is;
	size_t less;
	char version;
} changes[] = {
	{ "STRING_UNUSED", "EndOfGeneration\n",
	  HEAD("1", NONE, "900000") "Strings\nString id=10\n\tdata=\"nobody\"\nEndOfGeneration\n", 0, 0 },
	{ "STRING_TWICE", "\"/src/main.go\"", "\"/go/src/sync/mutex.go\"", 0, 0 },
	{ "STRING_TEXT", "\"main.f\"", "\"main.\\x01\"", 0, 0 },
	{ "REASON", "chan receive", "chan receivf", 0, 0 },
	{ "FRAME_OTHER", "time=1900000 size=0\nStacks\n",
	  "time=1900000 size=0\nStacks\nStack id=1 nframes=1\n\tpc=1010 func=0 file=0 line=21\n", 0, 0 },
	{ "FRAME_EMPTY", "line=20", "line=0", 0, 0 },
	{ "FRAME_FILE", "/go/src/sync/", "/go/src/sunc/", 0, 0 },
	{ "FRAME_LINE", "line=20", "line=2000000", 0, 0 },
	{ "NUMBER_FORM", "GoStart dt=1", "#width GoStart.g=2\nGoStart dt=1", 0, 0 },
	{ "BATCH_BACK", "m=7 time=200", "m=7 time=104", 0, 0 },
	{ "TIME_LATE", "GoDestroy dt=1", "GoDestroy dt=900000", 0, 0 },
	{ "TIME_ORDER", "GoDestroy dt=1\n",
	  "GoDestroy dt=1\n" HEAD("1", "8", "600000") "ProcStatus dt=1 p=1 pstatus=1\nGoStatus dt=1 g=3 m=8 gstatus=2\n"
	  "GoUnblock dt=1 g=1 g_seq=1 stack=0\nGoDestroy dt=1\n" HEAD("1", "7", "300")
	  "GoStart dt=1 g=1 g_seq=2\nGoBlock dt=1 reason_string=5 stack=1\n", 0, 0 },
	{ "CLOCK", "mono=6000000", "mono=4000000", 0, 0 },
	{ "G_SILENT", HEAD("2", NONE, "1000100") "GoStatus dt=1 g=1 m=" NONE " gstatus=4\n", "", 0, 0 },
	{ "G_AGAIN", "GoDestroy dt=1\n",
	  "GoCreate dt=1 new_g=3 new_stack=0 stack=0\nGoDestroy dt=1\nGoStart dt=1 g=3 g_seq=1\n"
	  "GoCreate dt=1 new_g=2 new_stack=0 stack=0\nGoDestroy dt=1\nGoStart dt=1 g=2 g_seq=1\nGoDestroy dt=1\n", 0, 0 },
	{ "G_FAR", "GoDestroy dt=1\n",
	  "GoCreate dt=1 new_g=70000 new_stack=0 stack=0\nGoDestroy dt=1\nGoStart dt=1 g=70000 g_seq=1\nGoDestroy dt=1\n", 0, 0 },
	/* The highest that there can be is none that others are far from. */
	{ "G_FAR", NULL,
	  "Trace Go1.26\n" SYNC("1", "0", "5000000") HEAD("1", NONE, "100")
	  "GoStatus dt=1 g=9223372036854775804 m=" NONE " gstatus=4\nGoStatus dt=1 g=5 m=" NONE " gstatus=4\n"
	  "GoStatus dt=1 g=0 m=" NONE " gstatus=4\n" TABLES("1", "900000"), 0, 0 },
	{ "G_RANGE", "GoDestroy dt=1\n", "GCMarkAssistBegin dt=1 stack=0\nGoDestroy dt=1\n", 0, 0 },
	{ "P_FAR", "ProcStatus dt=1 p=0 ", "ProcStatus dt=1 p=70000 pstatus=2\nProcStatus dt=1 p=0 ", 0, 0 },
	{ "VERSION", NULL,
	  "Trace Go1.23\n" HEAD("1", "7", "0") "ProcStatus dt=1 p=0 pstatus=1\nGoStatus dt=1 g=1 m=7 gstatus=2\n"
	  "GoCreateBlocked dt=1 new_g=2 new_stack=0 stack=0\n" HEAD("1", NONE, "0") "Frequency freq=9\n", 0, '2' },
	{ "VALUE", "heapalloc_value=4096", "heapalloc_value=1152921504606846976", 0, 0 },
	{ "TASK", "parent_task=0", "parent_task=3", 0, 0 },
	{ "BATCH_SIZE", NULL, HALF_A_STRING, 0, 0 },
	{ "NO_EVENT", NULL, HALF_A_STRING, 3, 0 },
	{ "EMPTY", NULL, "Trace Go1.26\n", 0, 0 },
	{ "TAIL", THIRD, "", 0, 0 },
	{ "STATE", "GoDestroy dt=1\n", "GoDestroy dt=1\nGoStatus dt=1 g=2 m=" NONE " gstatus=4\n", 0, 0 },
	{ "NO_STATE", "ProcStatus dt=1 p=0 ", "ProcStatus dt=1 p=1 pstatus=0\nProcStatus dt=1 p=0 ", 0, 0 },
	{ "LATE", NULL,
	  "Trace Go1.26\n" SYNC("1", "0", "5000000") TABLES("1", "900000") SYNC("2", "1000000", "6000000")
	  STATUSES("2", "1000100") TABLES("2", "1900000"), 0, 0 },
	{ "THREAD", HEAD("1", "7", "100"), HEAD("1", NONE, "90") "ProcStatus dt=1 p=3 pstatus=1\n" HEAD("1", "7", "100"), 0, 0 },
	{ "OTHER", "GoStatus dt=1 g=1 m=7", "ProcStatus dt=1 p=1 pstatus=1\nGoStatus dt=1 g=1 m=7", 0, 0 },
};

static const char *const names[] = {
#define S(name, wording, means) #name,
#include "strict.def"
#undef S
};

struct sizes {
	struct gt_buf *text;
	char *at; /* behind the last batch that was put right */
	int64_t batch;
};

/* Makes the header of a batch of the text say what it has. There is room: sizes are written with zeros before them. */
static void
put_right(void *arg, const struct gt_lie *lie)
{
	struct sizes *s = arg;
	char digits[8];

	for (; s->batch < lie->place.batch; s->batch++) {
		char *batch = strstr(s->at, "EventBatch "), *end = strstr(s->at, "EndOfGeneration");

		s->at = (batch && end && end < batch ? end : batch) + 1;
	}
	snprintf(digits, sizeof(digits), "%05u", (unsigned)lie->real);
	memcpy(strstr(s->at, "size=") + 5, digits, 5);
}

/* The text in binary; where it says size=00000, the sizes are made right. */
static void
settle(struct gt_buf *text, struct gt_buf *out)
{
	struct gt_text_error mistake;
	struct gt_error err;
	struct sizes sizes = { text, (char *)text->p, -1 };
	struct gt_raw_reader *r;
	struct gt_trace *t;

	if (!gt_text_read((const char *)text->p, text->n, out, &mistake))
		fail_msg("line %u: %s", mistake.line, mistake.text);
	t = gt_open(out->p, out->n, &err);
	assert_non_null(t);
	r = gt_raw_new(t);
	assert_non_null(r);
	if (strstr((char *)text->p, "size=00000"))
		gt_raw_lies(r, UINT64_MAX, put_right, &sizes);
	gt_raw_free(r);
	gt_close(t);
	out->n = 0;
	assert_true(gt_text_read((const char *)text->p, text->n, out, &mistake));
}

/* s with the first `was` changed to `is`, and room for sizes; NUL-terminated. */
static void
change(const char *s, const char *was, const char *is, struct gt_buf *out)
{
	const char *at = was ? strstr(s, was) : NULL, *size;
	size_t n;

	assert_true(!was || at);
	n = at ? (size_t)(at - s) : strlen(s);
	gt_buf_put(out, s, n);
	if (at) {
		gt_buf_put(out, is, strlen(is));
		gt_buf_put(out, at + strlen(was), strlen(at + strlen(was)));
	}
	gt_buf_byte(out, 0);
	for (size_t from = 0; (size = strstr((char *)out->p + from, "size=0\n")) != NULL; from = n) {
		struct gt_buf rest = { 0 };

		n = (size_t)((const uint8_t *)size - out->p) + 5;
		gt_buf_put(&rest, out->p + n, out->n - n);
		out->n = n;
		assert_true(gt_buf_put(out, "0000", 4) && gt_buf_put(out, rest.p, rest.n));
		gt_buf_free(&rest);
	}
	out->n--;
}

/* Each finding there is, of the least change that leads to it; the reference lets all of these pass. */
static void
finds_each(void **state)
{
	bool found[LEN(names)] = { false };

	(void)state;
	for (size_t i = 0; i <= LEN(changes); i++) {
		bool plain = i == LEN(changes);
		const char *was = plain ? NULL : changes[i].was, *is = plain ? sound : changes[i].is;
		struct gt_buf text = { 0 }, trace = { 0 };
		struct tally t;

		change(was ? sound : is, was, is, &text);
		settle(&text, &trace);
		if (!plain && changes[i].version)
			trace.p[6] = (uint8_t)changes[i].version;
		if (!judge(trace.p, trace.n - (plain ? 0 : changes[i].less), &t))
			fail_msg("%s: the trace is refused", plain ? "sound" : changes[i].name);
		if (strcmp(plain ? "" : changes[i].name, t.first) != 0)
			fail_msg("%s: found is %s: %s", plain ? "sound" : changes[i].name, t.first, t.text);
		for (size_t k = 0; k < LEN(names); k++)
			found[k] = found[k] || strcmp(names[k], t.first) == 0;
		gt_buf_free(&text);
		gt_buf_free(&trace);
	}
	for (size_t k = 0; k < LEN(names); k++)
		if (!found[k])
			fail_msg("no change leads to %s", names[k]);
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

/* Whether all of a salvaged event's numbers and strings can be asked for. */
static void
look_at(const struct gt_event *ev)
{
	struct gt_frame frame[GT_MAXFRAMES];
	struct gt_reason why;

	gt_event_known(ev, &why);
	for (unsigned i = 0; i <= GT_MAXARGS; i++)
		gt_quote(gt_event_string(ev, i), NULL, 0);
	if (ev->gen)
		gt_gen_stack(ev->gen, gt_event_stack(ev), frame);
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
		look_at(b);
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
	static const struct {
		const char *name;
		size_t every;
	} files[] = {
		{ "testdata/traces/cgo-new-threads.trace", 3 },
		{ "testdata/traces/mixed-go1.22.trace", 7 },
		{ "testdata/traces/old-go1.21.trace", 17 },
		{ "testdata/traces/old-go1.19.trace", 19 },
		{ "testdata/traces/old-go1.11.trace", 23 },
	};

	(void)state;
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
		struct gt_buf b = { 0 };

		assert_true(read_file(files[f].name, &b));
		for (size_t n = 0; n <= b.n; n += files[f].every)
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
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silent_on_good_traces),
		cmocka_unit_test(notices_bits),
		cmocka_unit_test(names_what_it_finds),
		cmocka_unit_test(finds_each),
		cmocka_unit_test(salvages_every_prefix),
		cmocka_unit_test(salvages_what_is_there),
	};

	if (argc > 1)
		return measure(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
