/* SPDX-License-Identifier: MIT */
/*
 * Traces before Go 1.22: small ones made here, event by event, against what must come of them or be said of them; those
 * of testdata, cut at every byte and damaged at random, against what must be true of any.
 */
#include "v1.h"

#include "reason.h"
#include "testing.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* --- traces from words -------------------------------------------------------------- */

/*
 * "Batch 0 1; GoCreate 1 5 0 0": events by name, with all numbers that stand in the file. A name with "!" has its
 * arguments behind their length although they are few. String and UserLog end in a text without blanks ("-": an empty
 * one). "raw 1f 2": bytes.
 */
struct words {
	char *next;
};

static char *
word(struct words *w)
{
	char *p = w->next, *end;

	if (!p)
		return NULL;
	p += strspn(p, " ");
	end = p + strcspn(p, " ");
	w->next = *end ? end + 1 : NULL;
	*end = '\0';
	return *p ? p : NULL;
}

static unsigned
type_of(const char *name)
{
	for (unsigned t = 1; t < V1_TYPES; t++)
		if (v1_spec(t)->name && strcmp(v1_spec(t)->name, name) == 0)
			return t;
	fail_msg("no event %s", name);
	return 0;
}

static void
put_text(struct gt_buf *b, const char *text)
{
	size_t n = strcmp(text, "-") == 0 ? 0 : strlen(text);

	assert_true(gt_buf_varint(b, n) && gt_buf_put(b, text, n));
}

static void
put_args(struct gt_buf *b, unsigned type, const uint64_t *arg, unsigned n, bool many)
{
	struct gt_buf args = { NULL, 0, 0 };

	for (unsigned i = 0; i < n; i++)
		gt_buf_varint(&args, arg[i]);
	many = many || n > 3 || n == 0;
	gt_buf_byte(b, (uint8_t)(type | (type == V1_Batch ? 1u : many ? 3u : n - 1) << 6));
	if (many && type != V1_Batch)
		gt_buf_varint(b, args.n);
	gt_buf_put(b, args.p, args.n);
	gt_buf_free(&args);
}

static void
put_event(struct gt_buf *b, char *line)
{
	struct words w = { line };
	char *name = word(&w), *next;
	uint64_t arg[2048] = { 0 };
	unsigned n = 0, type;
	bool many;

	if (!name)
		return;
	if (strcmp(name, "raw") == 0) {
		while ((next = word(&w)))
			gt_buf_byte(b, (uint8_t)strtoul(next, NULL, 16));
		return;
	}
	many = name[strlen(name) - 1] == '!';
	if (many)
		name[strlen(name) - 1] = '\0';
	type = type_of(name);
	while ((next = word(&w)) && (w.next || (type != V1_String && type != V1_UserLog)) && n < LEN(arg))
		arg[n++] = strtoull(next, NULL, 0);
	if (type == V1_String) {
		gt_buf_byte(b, V1_String | 1 << 6);
		gt_buf_varint(b, arg[0]);
	} else {
		put_args(b, type, arg, n, many);
	}
	if (next)
		put_text(b, next);
}

static struct gt_buf
make(unsigned version, const char *text)
{
	struct gt_buf b = { NULL, 0, 0 };
	char head[16] = "go 1.11 trace\0\0", *copy = malloc(strlen(text) + 1), *line, *end;

	head[6] = (char)('0' + version % 10);
	head[5] = (char)('0' + version / 10);
	gt_buf_put(&b, head, sizeof(head));
	strcpy(copy, text);
	for (line = copy; line; line = end) {
		end = strchr(line, ';');
		if (end)
			*end++ = '\0';
		put_event(&b, line);
	}
	free(copy);
	return b;
}

/* --- what comes of them ---------------------------------------------------------------- */

static void
say(struct gt_buf *out, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	char text[300];
	int n = snprintf(text, sizeof(text), "%" PRId64 " %" PRId64 "/%" PRId64 "/%" PRId64 " %s", ev->time, ev->m, ev->p,
		ev->g, spec->name);

	for (unsigned i = 0; i < spec->nargs; i++) {
		struct gt_str s = gt_event_string(ev, i);

		n += snprintf(text + n, sizeof(text) - (size_t)n, " %s=", spec->arg[i].name);
		if (spec->arg[i].type == GT_ARG_STRING)
			n += snprintf(text + n, sizeof(text) - (size_t)n, "%.*s", (int)s.n, s.p);
		else
			n += snprintf(text + n, sizeof(text) - (size_t)n, "%" PRId64, (int64_t)ev->arg[i]);
	}
	if (spec->kind == GT_K_StateTransition)
		n += snprintf(text + n, sizeof(text) - (size_t)n, " %s>%s", gt_pres_name(ev->from), gt_pres_name(ev->to));
	if (ev->type == GT_EV_UserTaskEnd)
		n += snprintf(text + n, sizeof(text) - (size_t)n, " of %" PRId64 " %.*s", (int64_t)ev->aux, (int)ev->str.n,
			ev->str.p ? ev->str.p : "");
	if (spec->starts == GT_EV_STWBegin) {
		struct gt_range r;

		gt_event_range(ev, &r);
		n += snprintf(text + n, sizeof(text) - (size_t)n, " %.*s", (int)r.reason.n, r.reason.p);
	}
	gt_buf_put(out, text, (size_t)n);
	gt_buf_byte(out, '\n');
}

static void
say_states(struct gt_buf *out, const struct gt_state *s)
{
	char text[100];
	struct gt_m m;
	struct gt_p p;
	struct gt_g g;

	for (size_t i = 0; i < gt_m_count(s); i++)
		if (gt_m_at(s, i, &m))
			gt_buf_put(out, text, (size_t)snprintf(text, sizeof(text), "M%" PRId64 " %" PRId64 "/%" PRId64 "\n", m.id,
				m.p, m.g));
	for (size_t i = 0; i < gt_p_count(s); i++)
		if (gt_p_at(s, i, &p))
			gt_buf_put(out, text, (size_t)snprintf(text, sizeof(text), "P%" PRId64 " %s\n", p.id,
				gt_pstatus_name(p.status)));
	for (size_t i = 0; i < gt_g_count(s); i++)
		if (gt_g_at(s, i, &g))
			gt_buf_put(out, text, (size_t)snprintf(text, sizeof(text), "G%" PRId64 " %s\n", g.id,
				gt_gstatus_name(g.status)));
}

static const struct {
	const char *what;
	unsigned version;
	const char *trace, *events; /* and the states at the end */
} good[] = {
	{ "nothing but a frequency", 21, "Batch 0 1; Frequency 1000000000",
		"0 -1/-1/-1 SyncPoint\n" },
	{ "what was there before", 21,
		"Batch 0 100; Frequency 500000000;"
		"GoCreate 0 1 0 0; GoCreate 1 2 0 0; GoWaiting 1 2; GoCreate 1 3 0 0; GoInSyscall 1 3; GoCreate 1 9 0 0;"
		"GoCreate 1 8 0 0; ProcStart 1 77; GoStartLocal 1 1; Gomaxprocs 1 4 0; Gomaxprocs 1 2 0",
		"-1 -1/-1/-1 SyncPoint\n"
		"4 -1/0/2 GoStatus g=2 m=-1 gstatus=4 Undetermined>Waiting\n"
		"8 -1/0/3 GoStatus g=3 m=-1 gstatus=3 Undetermined>Syscall\n"
		"14 77/0/-1 ProcStatus p=0 pstatus=1 Undetermined>Running\n"
		"16 77/0/1 GoStatus g=1 m=-1 gstatus=2 Undetermined>Running\n"
		"18 -1/-1/-1 GoStatus g=8 m=-1 gstatus=1 Undetermined>Runnable\n"
		"19 -1/-1/-1 GoStatus g=9 m=-1 gstatus=1 Undetermined>Runnable\n"
		"20 77/0/1 ProcsChange procs_value=2 stack=0\n"
		"21 -1/-1/-1 SyncPoint\n"
		"M77 0/1\nP0 Running\nG2 Waiting\nG3 Syscall\nG1 Running\nG8 Runnable\nG9 Runnable\n" },
	{ "the life of a goroutine, and its reasons", 19,
		"Batch 0 1; Frequency 1000000000; Gomaxprocs 0 1 0; ProcStart 9 5; GoCreate 1 6 0 0; GoStart 1 6 1;"
		"GoSched 1 0; GoStart 1 6 2; GoBlockRecv 10 0; GoUnblock 10 6 3 0; GoStartLabel 10 6 4 7; GoPreempt 10 0;"
		"GoStartLocal 10 6; GoStop 10 0; String 7 label",
		"-1 -1/-1/-1 SyncPoint\n"
		"9 5/0/-1 ProcStatus p=0 pstatus=1 Undetermined>Running\n"
		"10 5/0/-1 GoCreate new_g=6 new_stack=0 stack=0 NotExist>Runnable\n"
		"11 5/0/6 GoStart g=6 g_seq=1 Runnable>Running\n"
		"12 5/0/6 GoStop reason_string=runtime.Gosched stack=0 Running>Runnable\n"
		"13 5/0/6 GoStart g=6 g_seq=2 Runnable>Running\n"
		"23 5/0/6 GoBlock reason_string=chan receive stack=0 Running>Waiting\n"
		"33 5/0/-1 GoUnblock g=6 g_seq=3 stack=0 Waiting>Runnable\n"
		"43 5/0/6 GoStart g=6 g_seq=4 Runnable>Running\n"
		"44 5/0/6 GoLabel label_string=label\n"
		"53 5/0/6 GoStop reason_string=preempted stack=0 Running>Runnable\n"
		"63 5/0/6 GoStart g=6 g_seq=0 Runnable>Running\n"
		"73 5/0/6 GoBlock reason_string=forever stack=0 Running>Waiting\n"
		"74 -1/-1/-1 SyncPoint\n"
		"M5 0/-1\nP0 Running\nG6 Waiting\n" },
	{ "syscalls: one that does not block, one that does and is over before it is told", 21,
		"Batch 0 1; Frequency 1000000000; Gomaxprocs 0 1 0; ProcStart 10 5; GoCreate 10 6 0 0; GoStart 10 6 1;"
		"GoSysCall 10 0; GoSysCall 10 0; GoSysBlock 10; ProcStop 10; ProcStart 10 8; GoSysExit 20 6 2 85",
		"-1 -1/-1/-1 SyncPoint\n"
		"10 5/0/-1 ProcStatus p=0 pstatus=1 Undetermined>Running\n"
		"20 5/0/-1 GoCreate new_g=6 new_stack=0 stack=0 NotExist>Runnable\n"
		"30 5/0/6 GoStart g=6 g_seq=1 Runnable>Running\n"
		"40 5/0/6 GoSyscallBegin p_seq=0 stack=0 Running>Syscall\n"
		"41 5/0/6 GoSyscallEnd Syscall>Running\n"
		"50 5/0/6 GoSyscallBegin p_seq=0 stack=0 Running>Syscall\n"
		"70 5/0/-1 ProcStop Running>Idle\n"
		"80 8/0/-1 ProcStart p=0 p_seq=0 Idle>Running\n"
		"84 -1/1000003/6 GoSyscallEndBlocked Syscall>Runnable\n"
		"85 -1/-1/-1 SyncPoint\n"
		"M5 -1/-1\nM8 0/-1\nP0 Running\nG6 Runnable\n" },
	{ "two Ps; who was waiting for the network, who for a timer", 21,
		"Batch 0 1; Frequency 1000000000; TimerGoroutine 3; Gomaxprocs 0 2 0; ProcStart 0 5; GoCreate 1 6 0 0;"
		"GoCreate 1 3 0 0; GoStart 1 6 1; GoBlockNet 10 0; GoUnblock 10 6 2 0; GoStart 10 3 1; GoUnblock 10 7 2 0;"
		"Batch 1 5; ProcStart 2 8; GoCreate 1 7 0 0; GoStart 1 7 1; GoSleep 1 0",
		"-1 -1/-1/-1 SyncPoint\n"
		"0 5/0/-1 ProcStatus p=0 pstatus=1 Undetermined>Running\n"
		"1 5/0/-1 GoCreate new_g=6 new_stack=0 stack=0 NotExist>Runnable\n"
		"2 5/0/-1 GoCreate new_g=3 new_stack=0 stack=0 NotExist>Runnable\n"
		"3 5/0/6 GoStart g=6 g_seq=1 Runnable>Running\n"
		"6 8/1/-1 ProcStatus p=1 pstatus=1 Undetermined>Running\n"
		"7 8/1/-1 GoCreate new_g=7 new_stack=0 stack=0 NotExist>Runnable\n"
		"8 8/1/7 GoStart g=7 g_seq=1 Runnable>Running\n"
		"9 8/1/7 GoBlock reason_string=sleep stack=0 Running>Waiting\n"
		"13 5/0/6 GoBlock reason_string=network stack=0 Running>Waiting\n"
		"23 -1/1000002/-1 GoUnblock g=6 g_seq=2 stack=0 Waiting>Runnable\n"
		"33 5/0/3 GoStart g=3 g_seq=1 Runnable>Running\n"
		"43 -1/1000001/3 GoUnblock g=7 g_seq=2 stack=0 Waiting>Runnable\n"
		"44 -1/-1/-1 SyncPoint\n"
		"M5 0/3\nM8 1/-1\nP0 Running\nP1 Running\nG6 Runnable\nG3 Running\nG7 Runnable\n" },
	{ "the collector, and why the world was stopped", 21,
		"Batch 0 1; Frequency 1000000000; Gomaxprocs 0 1 0; GCSTWStart 1 2; GCStart 1 0 0; GCSTWDone 1;"
		"GCSweepStart 1 0; GCSweepDone 1 70 60; GCDone 1; GCSTWStart 1 99; GCSTWDone 1; HeapAlloc 1 5; HeapGoal 1 6",
		"-1 -1/-1/-1 SyncPoint\n"
		"1 -1/0/-1 STWBegin kind_string=GC sweep termination stack=0\n"
		"2 -1/1000004/-1 GCBegin gc_seq=0 stack=0\n"
		"3 -1/0/-1 STWEnd GC sweep termination\n"
		"4 -1/0/-1 GCSweepBegin stack=0\n"
		"5 -1/0/-1 GCSweepEnd swept_value=70 reclaimed_value=60\n"
		"6 -1/0/-1 GCEnd gc_seq=0\n"
		"7 -1/0/-1 STWBegin kind_string= stack=0\n"
		"8 -1/0/-1 STWEnd \n"
		"9 -1/0/-1 HeapAlloc heapalloc_value=5\n"
		"10 -1/0/-1 HeapGoal heapgoal_value=6\n"
		"11 -1/-1/-1 SyncPoint\n" },
	{ "before Go 1.21 there are two reasons to stop the world", 19,
		"Batch 0 1; Frequency 1000000000; GCSTWStart 1 0; GCSTWDone 1; GCSTWStart 1 1; GCSTWDone 1; GCSTWStart 1 2;"
		"GCSTWDone 1",
		"-1 -1/-1/-1 SyncPoint\n"
		"0 -1/0/-1 STWBegin kind_string=GC mark termination stack=0\n"
		"1 -1/0/-1 STWEnd GC mark termination\n"
		"2 -1/0/-1 STWBegin kind_string=GC sweep termination stack=0\n"
		"3 -1/0/-1 STWEnd GC sweep termination\n"
		"4 -1/0/-1 STWBegin kind_string= stack=0\n"
		"5 -1/0/-1 STWEnd \n"
		"6 -1/-1/-1 SyncPoint\n" },
	{ "tasks, regions, messages", 11,
		"Batch 0 1; Frequency 1000000000; String 1 job; String 2 part; String 9 key; Gomaxprocs 0 1 0;"
		"UserTaskCreate 1 5 0 1 0; UserRegion 1 5 0 2 0; UserLog 1 5 9 0 second; UserLog 1 5 9 0 -; UserRegion 1 5 1 2 0;"
		"UserTaskEnd 1 5 0; UserTaskEnd 1 6 0; UserRegion 1 5 1 2 0",
		"-1 -1/-1/-1 SyncPoint\n"
		"1 -1/0/-1 UserTaskBegin task=5 parent_task=0 name_string=job stack=0\n"
		"2 -1/0/-1 UserRegionBegin task=5 name_string=part stack=0\n"
		"3 -1/0/-1 UserLog task=5 key_string=key value_string=second stack=0\n"
		"4 -1/0/-1 UserLog task=5 key_string=key value_string= stack=0\n"
		"5 -1/0/-1 UserRegionEnd task=5 name_string=part stack=0\n"
		"6 -1/0/-1 UserTaskEnd task=5 stack=0 of 0 job\n"
		"7 -1/0/-1 UserTaskEnd task=6 stack=0 of -1 \n"
		"8 -1/0/-1 UserRegionEnd task=5 name_string=part stack=0\n"
		"9 -1/-1/-1 SyncPoint\n" },
	{ "samples, by their time; one has a stack", 19,
		"Batch 0 10; Frequency 1000000000; Stack 3 1 100 1 2 7; CPUSample 0 14 0 6 3; CPUSample 0 12 -1 0 4; Gomaxprocs 0 1 0;"
		"HeapAlloc 3 5; String 1 f; String 2 g",
		"-1 -1/-1/-1 SyncPoint\n"
		"2 -1/-1/-1 CPUSample time=12 m=-1 p=-1 g=0 stack=0\n"
		"3 -1/0/-1 HeapAlloc heapalloc_value=5\n"
		"4 -1/0/6 CPUSample time=14 m=-1 p=0 g=6 stack=3\n"
		"5 -1/-1/-1 SyncPoint\n" },
	{ "no order between Ps but what goroutines make: by time; and no time twice", 21,
		"Batch 1 50; Frequency 1000000000; HeapAlloc 0 1; HeapAlloc 10 2; Batch 0 50; HeapAlloc 0 3; HeapAlloc 5 4; Batch 1 60;"
		"HeapAlloc 0 5",
		"-1 -1/-1/-1 SyncPoint\n"
		"0 -1/0/-1 HeapAlloc heapalloc_value=3\n"
		"1 -1/1/-1 HeapAlloc heapalloc_value=1\n"
		"5 -1/0/-1 HeapAlloc heapalloc_value=4\n"
		"10 -1/1/-1 HeapAlloc heapalloc_value=2\n"
		"11 -1/1/-1 HeapAlloc heapalloc_value=5\n"
		"12 -1/-1/-1 SyncPoint\n" },
	{ "IDs behind those of the file: a message has one however often it comes, then come the reasons", 21,
		"Batch 0 1; Frequency 1000000000; UserLog 1 0 7 0 x; UserLog 1 0 1 0 x",
		"-1 -1/-1/-1 SyncPoint\n"
		"0 -1/0/-1 UserLog task=0 key_string=chan receive value_string=x stack=0\n"
		"1 -1/0/-1 UserLog task=0 key_string=x value_string=x stack=0\n"
		"2 -1/-1/-1 SyncPoint\n" },
	{ "arguments behind their length although they are few", 21,
		"Batch 0 1; Frequency! 1000000000; HeapAlloc! 1 5",
		"-1 -1/-1/-1 SyncPoint\n"
		"0 -1/0/-1 HeapAlloc heapalloc_value=5\n"
		"1 -1/-1/-1 SyncPoint\n" },
};

static void
test_good(void **state)
{
	struct gt_model model;

	(void)state;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	for (size_t i = 0; i < LEN(good); i++) {
		struct gt_buf bytes = make(good[i].version, good[i].trace), out = { NULL, 0, 0 };
		struct gt_error err;
		struct gt_trace *t = gt_open(bytes.p, bytes.n, &err);
		struct gt_reader *r = gt_reader_new(t, &model);
		const struct gt_event *ev;
		enum gt_got got;

		assert_int_equal(gt_version(t), good[i].version);
		while ((got = gt_read(r, &ev)) == GT_EVENT) {
			assert_int_equal(ev->n, gt_reader_pos(r));
			say(&out, ev);
		}
		if (got == GT_BROKEN)
			fail_msg("%s: %s", good[i].what, gt_reader_error(r)->text);
		say_states(&out, gt_reader_state(r));
		gt_buf_byte(&out, '\0');
		if (strcmp((char *)out.p, good[i].events) != 0)
			fail_msg("%s:\n%s\nnot:\n%s", good[i].what, (char *)out.p, good[i].events);
		gt_buf_free(&out);
		gt_reader_free(r);
		gt_close(t);
		gt_buf_free(&bytes);
	}
}

/* --- what is refused ------------------------------------------------------------------------ */

#define HEAD "Batch 0 1; Frequency 1000000000; Gomaxprocs 0 1 0; "
#define RUNNING HEAD "ProcStart 1 5; GoCreate 1 6 0 0; GoStart 1 6 1; "

static const struct {
	enum gt_code code;
	unsigned version;
	const char *trace, *text;
	uint64_t events; /* before that */
} bad[] = {
	{ GT_E_V1_TYPE, 21, "Batch 0 1; raw 0", "unknown event type 0", 0 },
	{ GT_E_V1_TYPE, 21, "Batch 0 1; raw 72 1", "unknown event type 50", 0 },
	{ GT_E_V1_TYPE, 11, "Batch 0 1; raw f1 1", "unknown event type 49", 0 },
	{ GT_E_V1_NUMBER, 21, "raw 41", "malformatted base-128 varint", 0 },
	{ GT_E_V1_NUMBER, 21, "raw 41 0 ff ff ff ff ff ff ff ff ff 2", "malformatted base-128 varint", 0 },
	{ GT_E_V1_NUMBER, 21, "Batch 0 1; raw 25 80", "malformatted base-128 varint", 0 },
	{ GT_E_V1_NUMBER, 21, "Batch 0 1; raw d0 1 80", "malformatted base-128 varint", 0 },
	{ GT_E_V1_NUMBER, 21, "Batch 0 1; raw f0 4 0 0 0 0 80", "malformatted base-128 varint", 0 },
	{ GT_E_V1_NUMBER, 19, "Batch 0 1; raw f1 1 80", "malformatted base-128 varint", 0 },
	{ GT_E_V1_ARG, 21, "Batch 0 1; raw 61 0", "failed to read event 33 argument: malformatted base-128 varint", 0 },
	{ GT_E_V1_ARG, 21, "Batch 0 1; raw d0", "failed to read event 16 argument: malformatted base-128 varint", 0 },
	{ GT_E_V1_ARG_SIZE, 21, "Batch 0 1; raw d0 81 10",
		"failed to read event 16 argument: length-prefixed argument too big: 2049 bytes, limit is 2048", 0 },
	{ GT_E_V1_CUT, 21, "Batch 0 1; raw d0 1", "failed to read trace: EOF", 0 },
	{ GT_E_V1_CUT, 21, "Batch 0 1; raw d0 0", "failed to read trace: unexpected EOF", 0 },
	{ GT_E_V1_CUT, 21, "Batch 0 1; raw 25 1 2 61", "failed to read trace: EOF", 0 },
	{ GT_E_V1_CUT, 21, "Batch 0 1; raw f1 1", "failed to read trace: unexpected EOF", 0 },
	{ GT_E_V1_CUT, 21, HEAD "raw f0 4 0 0 0 0 3 61", "failed to read trace: unexpected EOF", 0 },
	{ GT_E_V1_BATCH_ARGS, 21, "raw 81 0 0 0", "EvBatch has wrong number of arguments: got 3, want 2", 0 },
	{ GT_E_V1_BATCH_P, 21, "Batch 2147483648 1", "processor ID 2147483648 is larger than maximum of 18446744073709551615",
		0 },
	{ GT_E_V1_NO_BATCH, 21, "String 1 a; HeapAlloc 1 5", "read event 33 with current P of 0, but P has no batches yet", 0 },
	{ GT_E_V1_ARGS, 21, HEAD "GoSched 1", "GoSched has wrong number of arguments: want 2, got 1", 0 },
	{ GT_E_V1_ARGS, 21, HEAD "Frequency 1 2", "Frequency has wrong number of arguments: want 1, got 2", 0 },
	{ GT_E_V1_ARGS, 21, HEAD "GoSched! 1 2 3 4 5 6", "GoSched has wrong number of arguments: want 2, got 6", 0 },
	{ GT_E_V1_ARGS, 21, HEAD "CPUSample 1 2", "CPU sample has wrong number of arguments: want 5, got 0", 0 },
	{ GT_E_V1_ARGS, 21, HEAD "CPUSample! 1 2", "CPU sample has wrong number of arguments: want 5, got 2", 0 },
	{ GT_E_V1_ARGS, 21, HEAD "UserLog! 1 2 -", "UserLog has wrong number of arguments: want 4, got 2", 0 },
	{ GT_E_V1_ARGS, 21, HEAD "Stack 1 1 1 1 1", "EvStack has wrong number of arguments: want 6, got 5", 0 },
	{ GT_E_V1_STACK_ARGS, 21, HEAD "Stack 1", "EvStack has wrong number of arguments: want at least 2, got 1", 0 },
	{ GT_E_V1_STACK_SIZE, 21, HEAD "Stack 1 1001", "EvStack has bad number of frames: 1001", 0 },
	{ GT_E_V1_STRING_ZERO, 21, HEAD "String 0 a", "string has invalid id 0", 0 },
	{ GT_E_V1_STRING_TWICE, 21, HEAD "String 1 a; String 1 a", "string has duplicate id 1", 0 },
	{ GT_E_V1_STRING_EMPTY, 21, HEAD "String 1 -", "string has invalid length 0", 0 },
	{ GT_E_V1_LOG_SIZE, 21, HEAD "raw f0 4 0 0 0 0 c1 84 3d 61", "string is too large (len=1000001)", 0 },
	{ GT_E_V1_NO_FREQ, 21, "", "no EvFrequency event", 0 },
	{ GT_E_V1_NO_FREQ, 21, "Batch 0 1; HeapAlloc 1 5", "no EvFrequency event", 0 },
	{ GT_E_V1_CROWDED, 21, RUNNING "GoBlock 1 0; String 18446744073709551610 a", "trace contains too many strings", 4 },
	{ GT_E_V1_CROWDED, 21, HEAD "UserLog 1 0 0 0 a; String 18446744073709551615 a", "trace contains too many strings", 1 },
	{ GT_E_V1_CROWDED, 21, HEAD "GCSTWStart 1 0; String 18446744073709551610 a", "trace contains too many strings", 1 },
	{ GT_E_V1_TIME_ORDER, 21, HEAD "Frequency 0", "time stamps out of order", 0 },
	{ GT_E_V1_TIME_ORDER, 21, HEAD "Batch 0 0; HeapAlloc 0 5", "time stamps out of order", 0 },
	{ GT_E_V1_TIME_ORDER, 21, RUNNING "GoSysBlock 5; GoSysExit 1 6 2 4", "time stamps out of order", 0 },
	{ GT_E_V1_STUCK, 21, HEAD "GoStart 1 6 1", "no consistent ordering of events possible", 0 },
	{ GT_E_V1_STUCK, 21, RUNNING "GCStart 1 1 0", "no consistent ordering of events possible", 0 },
	{ GT_E_V1_IMPOSSIBLE, 21, HEAD "GoCreate 1 6 0 0; Batch 1 1; GoCreate 1 6 0 0",
		"encountered impossible goroutine state transition", 0 },
	{ GT_E_V1_STRAY_EXIT, 21, RUNNING "GoBlock 1 0; GoSysExit 1 6 2 9", "stray syscall exit", 0 },
	{ GT_E_V1_P_START, 21, HEAD "ProcStart 1 5; ProcStart 1 5", "p 0 is running before start (time 2)", 0 },
	{ GT_E_V1_P_STOP, 21, HEAD "ProcStop 1", "p 0 is not running before stop (time 1)", 0 },
	{ GT_E_V1_P_STOP_G, 21, RUNNING "ProcStop 1", "p 0 is running a goroutine 6 during stop (time 4)", 0 },
	{ GT_E_V1_GC_TWICE, 21, HEAD "GCStart 1 0 0; GCStart 1 1 0", "previous GC is not ended before a new one (time 2)", 0 },
	{ GT_E_V1_GC_NOT, 21, HEAD "GCDone 1", "bogus GC end (time 1)", 0 },
	{ GT_E_V1_STW_TWICE, 21, HEAD "GCSTWStart 1 0; GCSTWStart 1 1", "previous STW is not ended before a new one (time 2)",
		0 },
	{ GT_E_V1_STW_NOT, 21, HEAD "GCSTWDone 1", "bogus STW end (time 1)", 0 },
	{ GT_E_V1_SWEEP_TWICE, 21, HEAD "GCSweepStart 1 0; GCSweepStart 1 0",
		"previous sweeping is not ended before a new one (time 2)", 0 },
	{ GT_E_V1_SWEEP_NOT, 21, HEAD "GCSweepDone 1 0 0", "bogus sweeping end (time 1)", 0 },
	{ GT_E_V1_ASSIST_TWICE, 21, HEAD "GCMarkAssistDone 1; GCMarkAssistStart 1 0; GCMarkAssistStart 1 0",
		"previous mark assist is not ended before a new one (time 3)", 0 },
	{ GT_E_V1_PARKED, 21, HEAD "GoWaiting 1 18446744073709551615",
		"g 18446744073709551615 is not runnable before EvGoWaiting (time 1)", 0 },
	{ GT_E_V1_PARKED, 21, HEAD "GoInSyscall 1 18446744073709551615",
		"g 18446744073709551615 is not runnable before EvGoInSyscall (time 1)", 0 },
	{ GT_E_V1_START, 21, HEAD "GoStart 1 18446744073709551615 0",
		"g 18446744073709551615 is not runnable before start (time 1)", 0 },
	/* A P of the number that stands for the profiler is read as if it were two. */
	{ GT_E_V1_NOT_RUNNING, 21, HEAD "GoCreate 1 6 0 0; Batch 1000005 9; GoStart 9 6 1; Batch 1000005 5; GoSysCall 0 0",
		"g 6 is not running while GoSysCall (time 4)", 0 },
	{ GT_E_V1_P_NOT_RUNNING, 21, HEAD "GoCreate 1 6 0 0; Batch 1000005 9; GoStart 0 6 1; GoSched 9 0; Batch 1000005 12;"
		"GoCreate 0 7 0 0", "p 1000005 is not running g 0 while GoCreate (time 11)", 0 },
	{ GT_E_V1_UNPARK, 21, HEAD "GoCreate 1 6 0 0; Batch 1000005 9; GoStart 9 6 1; Batch 1000005 5; GoUnblock 0"
		" 18446744073709551615 0 0", "g 6 is not running while unpark (time 4)", 0 },
	{ GT_E_V1_UNPARK_P, 21, HEAD "GoCreate 1 6 0 0; Batch 1000005 9; GoStart 0 6 1; GoSched 9 0; Batch 1000005 12;"
		"GoUnblock 0 18446744073709551615 0 0", "p 1000005 is not running g 0 while unpark (time 11)", 0 },
	{ GT_E_V1_UNPARK_WHAT, 21, HEAD "GoUnblock 1 18446744073709551615 0 0",
		"g 18446744073709551615 is not waiting before unpark (time 1)", 0 },
	{ GT_E_V1_P_BUSY, 21, RUNNING "GoCreate 1 7 0 0; GoStart 1 7 1",
		"p 0 is already running g 6 while start g 7 (time 5)", 0 },
	{ GT_E_V1_SYS_EXIT, 21, RUNNING "GoBlock 1 0; GoSysExitLocal 1 6 0",
		"g 0 is not waiting during syscall exit (time 5)", 0 },
	{ GT_E_V1_TASK_TWICE, 21, HEAD "UserTaskCreate 1 5 0 2 0; UserTaskCreate 1 5 4 3 9",
		"task id conflicts (id:5), \"2 UserTaskCreate p=0 g=0 stk=9 taskid=5 pid=4 typeid=3\" vs "
		"\"1 UserTaskCreate p=0 g=0 stk=0 taskid=5 pid=0 typeid=2\"", 0 },
	{ GT_E_V1_REGION, 21, RUNNING "UserRegion 1 5 0 2 0; UserRegion 1 5 1 3 0",
		"misuse of region in goroutine 6: span end \"5 UserRegion p=0 g=6 stk=0 taskid=5 mode=1 typeid=3\" when the "
		"inner-most active span start event is \"4 UserRegion p=0 g=6 stk=0 taskid=5 mode=0 typeid=2\"", 0 },
	{ GT_E_V1_REGION_MODE, 21, HEAD "UserRegion 1 5 2 3 0",
		"invalid user region mode: \"1 UserRegion p=0 g=0 stk=0 taskid=5 mode=2 typeid=3\"", 0 },
	{ GT_E_V1_G0, 21, HEAD "GoEnd 1", "g 0 did GoEnd (time 1)", 0 },
	{ GT_E_V1_G0, 21, HEAD "GoStop 1 0", "g 0 did GoStop (time 1)", 0 },
	{ GT_E_V1_G_EXISTS, 21, HEAD "GoCreate 1 0 0 0", "g 0 already exists (time 1)", 0 },
	{ GT_E_V1_UNEXPECTED, 21, HEAD "HeapAlloc 1 5; FutileWakeup 1", "unexpected event type 36", 2 },
};

/* Reads to the end; the last answer. */
static enum gt_got
read_all(struct gt_reader *r)
{
	const struct gt_event *ev;
	enum gt_got got;

	while ((got = gt_read(r, &ev)) == GT_EVENT)
		;
	assert_int_equal(gt_read(r, &ev), got);
	return got;
}

static void
test_bad(void **state)
{
	struct gt_model model;

	(void)state;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	for (size_t i = 0; i < LEN(bad); i++) {
		struct gt_buf bytes = make(bad[i].version, bad[i].trace);
		struct gt_error none;
		struct gt_trace *t = gt_open(bytes.p, bytes.n, &none);
		struct gt_reader *r = gt_reader_new(t, &model);
		const struct gt_error *err;

		if (read_all(r) != GT_BROKEN)
			fail_msg("%s: accepted", bad[i].trace);
		err = gt_reader_error(r);
		if (err->why.code != bad[i].code || strcmp(err->text, bad[i].text) != 0)
			fail_msg("%s: %s: %s", bad[i].trace, gt_code_name(err->why.code), err->text);
		if (gt_reader_pos(r) != bad[i].events)
			fail_msg("%s: after %" PRIu64 " events", bad[i].trace, gt_reader_pos(r));
		assert_true(err->place.offset <= (int64_t)bytes.n);
		gt_reader_free(r);
		gt_close(t);
		gt_buf_free(&bytes);
	}
}

static void
test_all_codes(void **state)
{
	(void)state;
	for (unsigned c = GT_OK + 1; c < GT_CODES; c++) {
		const char *name = gt_code_name((enum gt_code)c);
		bool found = strncmp(name, "V1_", 3) != 0;

		for (size_t i = 0; i < LEN(bad); i++)
			found = found || bad[i].code == c;
		if (!found && c != GT_E_V1_STRING_SIZE)
			fail_msg("no trace is refused for %s", name);
	}
}

/* The longest string there can be, and one that is longer. */
static void
test_long_string(void **state)
{
	char *text = malloc(1000002);
	struct gt_model model;

	(void)state;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	memset(text, 'x', 1000001);
	for (unsigned more = 0; more < 2; more++) {
		struct gt_buf bytes = make(21, HEAD);
		struct gt_error none;
		struct gt_trace *t;
		struct gt_reader *r;

		text[1000000 + more] = '\0';
		gt_buf_put(&bytes, "\x65\x01", 2);
		put_text(&bytes, text);
		t = gt_open(bytes.p, bytes.n, &none);
		r = gt_reader_new(t, &model);
		assert_int_equal(read_all(r), more ? GT_BROKEN : GT_END);
		if (more) {
			assert_int_equal(gt_reader_error(r)->why.code, GT_E_V1_STRING_SIZE);
			assert_string_equal(gt_reader_error(r)->text, "string has too large length 1000001");
		}
		gt_reader_free(r);
		gt_close(t);
		gt_buf_free(&bytes);
		text[1000000] = 'x';
	}
	free(text);
}

/* Where an error is: the byte, counted in the words of the trace. */
static void
test_places(void **state)
{
	static const struct {
		const char *trace;
		int64_t batch, event, offset;
	} cases[] = {
		{ "Batch 0 1; HeapAlloc 1 5; raw 0", 0, 1, 22 },
		{ "Batch 0 1; HeapAlloc 1 5; Batch 0 2; HeapAlloc 1 5; GoSched 1", 1, 1, 28 },
		{ HEAD "Batch 1 1; HeapAlloc 1 5; GoStart 1 6 1", 1, 1, 35 },
		{ HEAD "ProcStop 1", 0, 2, 29 },
	};
	struct gt_model model;

	(void)state;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	for (size_t i = 0; i < LEN(cases); i++) {
		struct gt_buf bytes = make(21, cases[i].trace);
		struct gt_error none;
		struct gt_trace *t = gt_open(bytes.p, bytes.n, &none);
		struct gt_reader *r = gt_reader_new(t, &model);
		struct gt_place at;

		assert_int_equal(read_all(r), GT_BROKEN);
		at = gt_reader_error(r)->place;
		if (at.batch != cases[i].batch || at.event != cases[i].event || at.offset != cases[i].offset)
			fail_msg("%s: batch %" PRId64 ", event %" PRId64 ", offset %" PRId64, cases[i].trace, at.batch, at.event,
				at.offset);
		gt_reader_free(r);
		gt_close(t);
		gt_buf_free(&bytes);
	}
}

/* --- the tables ------------------------------------------------------------------------------ */

static void
test_table(void **state)
{
	(void)state;
	for (unsigned i = 0; i < V1_TYPES; i++) {
		const struct v1_spec *s = v1_spec(i);

		assert_true((s->name != NULL) == (i >= V1_Batch && i <= V1_CPUSample));
		if (!s->name)
			continue;
		assert_true(s->since >= 5 && s->since <= 21 && s->nargs <= V1_MAXARGS);
		for (unsigned k = 0; k < s->nargs; k++)
			assert_true(s->arg[k].name && s->arg[k].name[0]);
		assert_null(s->arg[s->nargs].name);
		assert_true(s->becomes == GT_EV_None || gt_spec(s->becomes)->name);
		assert_true(s->reason == V1_TEXT_None || s->becomes == GT_EV_GoBlock || s->becomes == GT_EV_GoStop);
		/* What orders it needs these arguments. */
		assert_true((s->step != V1_STEP_START && s->step != V1_STEP_WAKE) || s->nargs >= 2);
		assert_true(s->step == V1_STEP_FREE || s->step == V1_STEP_BLOCK || s->step == V1_STEP_YIELD || s->nargs >= 1);
	}
	assert_int_equal(V1_TEXTS - V1_TEXT_STWUnknown, 17);
}

/* What the reference reads but cannot print is told apart. */
static void
test_known(void **state)
{
	static const struct {
		const char *trace;
		enum gt_code code;
		uint64_t id;
	} cases[] = {
		{ HEAD "UserLog 1 0 500 0 a", GT_E_STRING_ID, 500 },
		{ HEAD "UserTaskCreate 1 1 0 600 0", GT_E_STRING_ID, 600 },
		{ HEAD "GoCreate 1 6 7 0", GT_E_STACK_ID, 7 },
		{ HEAD "Stack 3 1 100 400 0 1; HeapAlloc 1 5; GCSweepStart 1 3", GT_E_STACK_FUNC, 400 },
		{ HEAD "Stack 3 1 100 0 500 1; HeapAlloc 1 5; GCSweepStart 1 3", GT_E_STACK_FILE, 500 },
		{ HEAD "GCSweepStart 1 3", GT_OK, 0 }, /* a stack that is not there is none */
		{ HEAD "UserLog 1 0 0 0 a", GT_OK, 0 },
	};
	struct gt_model model;

	(void)state;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	for (size_t i = 0; i < LEN(cases); i++) {
		struct gt_buf bytes = make(21, cases[i].trace);
		struct gt_error none;
		struct gt_trace *t = gt_open(bytes.p, bytes.n, &none);
		struct gt_reader *r = gt_reader_new(t, &model);
		struct gt_reason why = { 0 };
		const struct gt_event *ev;
		enum gt_got got;

		while ((got = gt_read(r, &ev)) == GT_EVENT && gt_event_known(ev, &why))
			;
		if (why.code != cases[i].code || why.arg[0] != cases[i].id || (got == GT_EVENT) != (why.code != GT_OK))
			fail_msg("%s: %s", cases[i].trace, gt_code_name(why.code));
		gt_reader_free(r);
		gt_close(t);
		gt_buf_free(&bytes);
	}
}

/* The deepest stack there can be. */
static void
test_deep(void **state)
{
	struct gt_buf args = { NULL, 0, 0 }, bytes = make(21, HEAD);
	struct gt_model model;
	struct gt_error none;
	struct gt_trace *t;
	struct gt_reader *r;
	const struct gt_event *ev;
	struct gt_frame *frame = calloc(GT_MAXFRAMES, sizeof(*frame));

	(void)state;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	gt_buf_byte(&args, 1);
	gt_buf_varint(&args, 511);
	for (unsigned i = 0; i < 511 * 4; i++)
		gt_buf_byte(&args, i % 4 == 0 ? 9 : 0);
	gt_buf_byte(&bytes, V1_Stack | 3 << 6);
	gt_buf_varint(&bytes, args.n);
	gt_buf_put(&bytes, args.p, args.n);
	t = gt_open(bytes.p, bytes.n, &none);
	r = gt_reader_new(t, &model);
	assert_int_equal(gt_read(r, &ev), GT_EVENT);
	assert_int_equal(gt_gen_stack(ev->gen, 1, frame), 511);
	assert_true(frame[510].pc == 9 && frame[510].func.n == 0);
	gt_reader_free(r);
	gt_close(t);
	free(frame);
	gt_buf_free(&args);
	gt_buf_free(&bytes);
}

/* --- any bytes -------------------------------------------------------------------------------- */

/*
 * Reads all there is, with what must be true of it: times rise, strings and stacks can be looked up, changes lead from
 * one state to the next. Returns how many events there were.
 */
static uint64_t
read_any(const uint8_t *bytes, size_t n, bool changes)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(bytes, n, &err);
	struct gt_reader *r, *before = NULL;
	struct gt_model model;
	const struct gt_event *ev;
	int64_t last = INT64_MIN;
	uint64_t events;
	enum gt_got got;

	if (!t)
		return 0;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	r = gt_reader_new(t, &model);
	gt_reader_log(r, true);
	for (;;) {
		const struct gt_change *ch;
		struct gt_piece piece[GT_MAXPIECES];
		struct gt_reason why;
		const char *wrong;
		size_t nch;

		gt_reader_free(before);
		before = changes ? gt_reader_clone(r) : NULL;
		got = gt_read(r, &ev);
		if (got != GT_EVENT)
			break;
		assert_true(ev->time > last && ev->off + ev->len <= n);
		assert_true(gt_spec(ev->type)->name && gt_event_kind(ev) != GT_K_Bad);
		assert_true((gt_pieces(t, ev->off, ev->len, piece) > 0) == (ev->len > 0));
		last = ev->time;
		gt_event_known(ev, &why);
		ch = gt_reader_changes(r, &nch);
		wrong = before ? changes_wrong(gt_reader_state(before), gt_reader_state(r), ch, nch) : NULL;
		if (wrong)
			fail_msg("event %" PRIu64 ", %s: %s", ev->n, gt_spec(ev->type)->name, wrong);
	}
	if (got == GT_BROKEN) {
		const struct gt_error *why = gt_reader_error(r);

		assert_true(why->text && why->text[0] && why->place.offset <= (int64_t)n);
		assert_true(gt_code_class(why->why.code) == GT_CLASS_FORMAT || gt_code_class(why->why.code) == GT_CLASS_NEVER);
	}
	events = gt_reader_pos(r);
	gt_reader_free(r);
	gt_reader_free(before);
	gt_close(t);
	return events;
}

static const char *const samples[] = { "old-go1.11.trace", "old-go1.19.trace", "old-go1.21.trace" };

static void
load(struct sample_trace *s, const char *name)
{
	*s = (struct sample_trace){ .bytes = { NULL, 0, 0 } };
	snprintf(s->path, sizeof(s->path), "testdata/traces/%s", name);
	assert_true(gt_model_get(&s->model, GT_MODEL_DEFAULT) && read_file(s->path, &s->bytes));
}

static void
test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(samples); i++) {
		struct sample_trace s;
		uint64_t all;

		load(&s, samples[i]);
		all = read_any(s.bytes.p, s.bytes.n, true);
		assert_true(all > 100);
		for (size_t n = 0; n < s.bytes.n; n++) {
			/* So that a byte too far is noticed. */
			uint8_t *copy = malloc(n + 1);

			memcpy(copy, s.bytes.p, n);
			assert_true(read_any(copy, n, false) <= all);
			free(copy);
		}
		gt_buf_free(&s.bytes);
	}
}

/* Changes a few bytes, or moves some. */
static void
damage(uint8_t *p, size_t n, uint64_t *x)
{
	for (unsigned k = 0; k <= rnd(x) % 3; k++) {
		size_t at = 16 + rnd(x) % (n - 16), from = 16 + rnd(x) % (n - 16), len = rnd(x) % 64;

		if (rnd(x) % 4 == 0 && at + len < n && from + len < n)
			memmove(p + at, p + from, len);
		else
			p[at] = rnd(x) % 2 ? (uint8_t)(p[at] + 1) : (uint8_t)rnd(x);
	}
}

static void
test_damaged(void **state)
{
	uint64_t x = 4711;
	unsigned whole = 0;

	(void)state;
	for (size_t i = 0; i < LEN(samples); i++) {
		struct sample_trace s;
		uint8_t *copy;

		load(&s, samples[i]);
		copy = malloc(s.bytes.n);
		for (unsigned k = 0; k < 500; k++) {
			memcpy(copy, s.bytes.p, s.bytes.n);
			damage(copy, s.bytes.n, &x);
			whole += read_any(copy, s.bytes.n, k % 8 == 0) > 100;
		}
		free(copy);
		gt_buf_free(&s.bytes);
	}
	assert_true(whole > 100);
}

/* --- readers --------------------------------------------------------------------------------------- */

/* Readers share what has been read; a clone goes its own way, in the midst of two events made of one as well. */
static void
test_readers(void **state)
{
	struct sample_trace s;
	struct gt_error none;
	struct gt_trace *t;
	struct gt_reader *r, *other;
	const struct gt_event *ev, *again;
	struct gt_gen *gen = NULL;
	struct gt_str str;

	(void)state;
	load(&s, "old-go1.21.trace");
	t = gt_open(s.bytes.p, s.bytes.n, &none);
	r = gt_reader_new(t, &s.model);
	other = gt_reader_new(t, &s.model);
	assert_true(gt_reader_weight(r) < 100000);
	while (gt_read(r, &ev) == GT_EVENT) {
		struct gt_reader *clone = gt_reader_clone(r);
		uint64_t hash;

		assert_int_equal(gt_read(other, &again), GT_EVENT);
		assert_true(event_hash(ev) == event_hash(again) && ev->gen == again->gen);
		assert_int_equal(gt_state_hash(gt_reader_state(r)), gt_state_hash(gt_reader_state(other)));
		assert_int_equal(gt_state_hash(gt_reader_state(r)), gt_state_hash(gt_reader_state(clone)));
		hash = event_hash(ev);
		if (gt_read(clone, &again) == GT_EVENT)
			assert_true(again->n == ev->n + 1);
		assert_true(event_hash(ev) == hash);
		gt_reader_free(clone);
		if (ev->gen && !gen)
			gen = gt_gen_ref(ev->gen);
	}
	assert_int_equal(gt_read(other, &again), GT_END);
	gt_reader_free(r);
	gt_reader_free(other);
	gt_close(t);
	/* Tables that were taken outlive the trace. */
	assert_true(gt_gen_string(gen, 1, &str) && str.n > 0);
	assert_int_equal(gt_gen_number(gen), 1);
	gt_gen_unref(gen);
	gt_buf_free(&s.bytes);
}

/* Stepping both ways, against reading forwards. */
static void
test_nav(void **state)
{
	static uint64_t event[10000], after[10000];
	struct sample_trace s;
	struct gt_error none;
	struct gt_trace *t;
	struct gt_reader *r;
	struct gt_nav *v;
	const struct gt_event *ev;
	const struct gt_error *err;
	uint64_t n, x = 99;
	double done;
	bool all;

	(void)state;
	load(&s, "old-go1.19.trace");
	t = gt_open(s.bytes.p, s.bytes.n, &none);
	r = gt_reader_new(t, &s.model);
	after[0] = gt_state_hash(gt_reader_state(r));
	for (n = 0; gt_read(r, &ev) == GT_EVENT && n + 1 < LEN(event); n++) {
		event[ev->n] = event_hash(ev);
		after[ev->n] = gt_state_hash(gt_reader_state(r));
	}
	gt_reader_free(r);
	v = gt_nav_new(t, &s.model, 1 << 20);
	for (unsigned k = 0; k < 300; k++) {
		uint64_t to = k % 2 ? rnd(&x) % (n + 10) : gt_nav_pos(v) - (gt_nav_pos(v) > 0), at = to < n ? to : n;

		assert_int_equal(gt_nav_seek(v, to, NULL, NULL), at);
		assert_true(gt_state_hash(gt_nav_state(v)) == after[at]);
		assert_true(at == 0 ? !gt_nav_event(v) : event_hash(gt_nav_event(v)) == event[at]);
		assert_int_equal(gt_frontier(gt_nav_reader(v), NULL, 0), 0);
	}
	gt_nav_free(v);
	v = gt_nav_new(t, &s.model, 1 << 20);
	assert_true(gt_nav_index(v, n / 2, &done, NULL) && done > 0.1 && done < 0.9);
	while (gt_nav_index(v, 100, &done, NULL))
		;
	assert_true(gt_nav_known(v, &all) == n && all);
	assert_int_equal(gt_nav_end(v, &err), GT_END);
	gt_nav_free(v);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_all_codes),
		cmocka_unit_test(test_long_string),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_nav),
	};

	return cmocka_run_group_tests_name("v1", tests, NULL, NULL);
}
