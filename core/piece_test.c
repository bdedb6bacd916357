/* SPDX-License-Identifier: MIT */
/* Events as they lie in the file, taken apart: some byte by byte, and all of the traces of testdata against what is read. */
#include "testing.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The pieces in words: "0+1 type 28 GoSysCall, ...". */
static void
say(const struct gt_piece *p, unsigned n, char *buf, size_t cap)
{
	static const char *const kinds[] = { "type", "count", "size", "dt", "arg", "text", "frames" };
	size_t at = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < n && at < cap; i++)
		at += (size_t)snprintf(buf + at, cap - at, "%s%" PRIu32 "+%" PRIu32 " %s %" PRIu64 "%s%s", i ? ", " : "", p[i].at,
			p[i].len, kinds[p[i].kind], p[i].v, p[i].name ? " " : "", p[i].name ? p[i].name : "");
}

#define B(...) { __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })
static const struct {
	unsigned version;
	uint8_t bytes[32];
	uint32_t n;
	const char *must;
} cases[] = {
	/* Two numbers. */
	{ 21, B(0x5c, 0x87, 0x02, 0x15), "0+1 type 28 GoSysCall, 0+1 count 2, 1+2 dt 263, 3+1 arg 21 stack" },
	{ 11, B(0x06, 0x07), "0+1 type 6 ProcStop, 0+1 count 1, 1+1 dt 7" },
	{ 11, B(0x4d + 0x40, 0x02, 0x05, 0x06), "0+1 type 13 GoCreate, 0+1 count 3, 1+1 dt 2, 2+1 arg 5 g, 3+1 arg 6 stack" },
	/* Four of them: how many bytes they take comes first. */
	{ 21, B(0xcd, 4, 2, 5, 6, 7),
		"0+1 type 13 GoCreate, 0+1 count 4, 1+1 size 4, 2+1 dt 2, 3+1 arg 5 g, 4+1 arg 6 stack, 5+1 arg 7 stack" },
	/* A size may stand before few as well. */
	{ 21, B(0xc6, 1, 9), "0+1 type 6 ProcStop, 0+1 count 4, 1+1 size 1, 2+1 dt 9" },
	/* The text of a message has its own. */
	{ 21, B(0xf0, 4, 1, 2, 3, 4, 2, 'h', 'i'),
		"0+1 type 48 UserLog, 0+1 count 4, 1+1 size 4, 2+1 dt 1, 3+1 arg 2 id, 4+1 arg 3 keyid, 5+1 arg 4 stack, "
		"6+1 size 2, 7+2 text 0" },
	{ 21, B(0xf0, 4, 1, 2, 3, 4, 0),
		"0+1 type 48 UserLog, 0+1 count 4, 1+1 size 4, 2+1 dt 1, 3+1 arg 2 id, 4+1 arg 3 keyid, 5+1 arg 4 stack, "
		"6+1 size 0, 7+0 text 0" },
	/* One that is longer than the event is none; nor are numbers behind the size. */
	{ 21, B(0xf0, 4, 1, 2, 3, 4, 3, 'h', 'i'),
		"0+1 type 48 UserLog, 0+1 count 4, 1+1 size 4, 2+1 dt 1, 3+1 arg 2 id, 4+1 arg 3 keyid, 5+1 arg 4 stack, 6+1 size 3" },
	{ 21, B(0xcd, 3, 2, 5, 6, 7), "0+1 type 13 GoCreate, 0+1 count 4, 1+1 size 3, 2+1 dt 2, 3+1 arg 5 g, 4+1 arg 6 stack" },
	{ 21, B(0xcd, 99, 2, 5), "0+1 type 13 GoCreate, 0+1 count 4, 1+1 size 99, 2+1 dt 2, 3+1 arg 5 g" },
	/* No ticks. */
	{ 21, B(0x02, 0x80, 0x01), "0+1 type 2 Frequency, 0+1 count 1, 1+2 arg 128 freq" },
	{ 21, B(0x41, 0x03, 0x04), "0+1 type 1 Batch, 0+1 count 2, 1+1 arg 3 p, 2+1 arg 4 ticks" },
	{ 21, B(0x65), "0+1 type 37 String, 0+1 count 2" },
	/* Entries of the tables. */
	{ 21, B(0x25, 5, 2, 'h', 'i'), "0+1 type 37 String, 0+1 count 1, 1+1 arg 5 id, 2+1 size 2, 3+2 text 0" },
	{ 21, B(0x25, 5, 3, 'h', 'i'), "0+1 type 37 String, 0+1 count 1, 1+1 arg 5 id, 2+1 size 3" },
	{ 21, B(0x25, 5), "0+1 type 37 String, 0+1 count 1, 1+1 arg 5 id" },
	{ 21, B(0xc3, 7, 9, 1, 0x80, 1, 2, 3, 4),
		"0+1 type 3 Stack, 0+1 count 4, 1+1 size 7, 2+1 arg 9 id, 3+1 arg 1 siz, 4+5 frames 1" },
	{ 21, B(0xc3, 9, 9, 2, 1, 2, 3, 4, 5, 0x80),
		"0+1 type 3 Stack, 0+1 count 4, 1+1 size 9, 2+1 arg 9 id, 3+1 arg 2 siz, 4+5 frames 1" },
	/* What is cut, or not there in that version, or at all. */
	{ 21, B(0x5c, 0x87), "0+1 type 28 GoSysCall, 0+1 count 2" },
	{ 11, B(0xf1, 4, 1, 2, 3, 4), "" },
	{ 19, B(0xf1, 5, 1, 2, 3, 4, 5),
		"0+1 type 49 CPUSample, 0+1 count 4, 1+1 size 5, 2+1 dt 1, 3+1 arg 2 ts, 4+1 arg 3 p, 5+1 arg 4 g, 6+1 arg 5 stack" },
	{ 21, B(0x3f), "" },
	{ 21, B(0x00), "" },
	/* Since then. */
	{ 22, B(0x15, 0xf6, 0x64, 0x38, 0x08, 0x7d), "0+1 type 21 GoUnblock, 1+2 dt 12918, 3+1 arg 56 g, 4+1 arg 8 g_seq, 5+1 arg 125 stack" },
	{ 22, B(0x15, 0xf6), "0+1 type 21 GoUnblock" },
	{ 22, B(0x2d, 1), "" },
	{ 23, B(0x2d, 1, 2, 3), "0+1 type 45 GoSwitch, 1+1 dt 1, 2+1 arg 2 g, 3+1 arg 3 g_seq" },
	{ 26, B(0xff), "" },
};

static void
test_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		uint8_t bytes[64] = "go 1.11 trace\0\0";
		struct gt_piece p[GT_MAXPIECES];
		struct gt_error err;
		struct gt_trace *t;
		char got[512];

		bytes[5] = (uint8_t)('0' + cases[i].version / 10);
		bytes[6] = (uint8_t)('0' + cases[i].version % 10);
		memcpy(bytes + 16, cases[i].bytes, cases[i].n);
		t = gt_open(bytes, 16 + cases[i].n, &err);
		assert_non_null(t);
		say(p, gt_pieces(t, 16, cases[i].n, p), got, sizeof(got));
		if (strcmp(got, cases[i].must) != 0)
			fail_msg("%zu: %s", i, got);
		/* What is not in the file is nothing. */
		assert_int_equal(gt_pieces(t, 16, 0, p), 0);
		assert_int_equal(gt_pieces(t, 16, cases[i].n + 1, p), 0);
		assert_int_equal(gt_pieces(t, UINT64_MAX, 2, p), 0);
		gt_close(t);
	}
}

/* Whether a piece says what the event says that is made of it. */
static bool
agrees(const struct gt_event *ev, const struct gt_piece *p)
{
	int64_t id;
	bool is_arg = false;

	for (unsigned i = 0; i < gt_spec(ev->type)->nargs; i++)
		is_arg = is_arg || ev->arg[i] == p->v;
	switch (p->type) {
	case GT_ARG_STACK:
		return p->v == gt_event_stack(ev) || !gt_event_stack(ev);
	case GT_ARG_NSTACK:
		return p->v == gt_event_new_stack(ev) || ev->made;
	case GT_ARG_G:
		return is_arg || ev->g == (int64_t)p->v || (gt_event_subject(ev, &id) == GT_G && id == (int64_t)p->v);
	case GT_ARG_STRING:
		return is_arg || gt_spec(ev->type)->arg[0].type != GT_ARG_STRING;
	default:
		return true;
	}
}

/* No byte of an event is left over; and they are there one behind the other. */
static void
check_event(const char *path, const struct gt_trace *t, const struct gt_event *ev)
{
	struct gt_piece p[GT_MAXPIECES];
	unsigned n = gt_pieces(t, ev->off, ev->len, p);
	uint32_t at = 0;
	bool old = gt_version(t) < 22;

	assert_true(n <= GT_MAXPIECES && (n > 0) == (ev->len > 0));
	for (unsigned i = 0; i < n; i++) {
		at = p[i].kind == GT_PIECE_COUNT ? 0 : at;
		if (p[i].at != at)
			fail_msg("%s: event %" PRIu64 ": piece %u is at %" PRIu32, path, ev->n, i, p[i].at);
		at += p[i].len;
		if (p[i].kind == GT_PIECE_ARG && (old ? !agrees(ev, &p[i]) : !ev->part && ev->type == p[0].v && p[i].v != ev->arg[i - 1 - gt_spec(ev->type)->timed]))
			fail_msg("%s: event %" PRIu64 ": piece %u says %" PRIu64, path, ev->n, i, p[i].v);
	}
	if (at != ev->len)
		fail_msg("%s: event %" PRIu64 ": %" PRIu32 " of %" PRIu32 " bytes", path, ev->n, at, ev->len);
	/* What is made of another event bears another name. */
	assert_false(ev->made && (!old || !n || !strcmp(p[0].name, gt_spec(ev->type)->name)));
	assert_false(old && ev->type == GT_EV_GoSyscallEnd && ev->made != (ev->part != 0));
}

static void
test_all(void **state)
{
	uint64_t old = 0, made = 0;
	size_t n;
	struct sample_trace *v = load_samples("testdata/traces", &n);

	(void)state;
	assert_true(n > 8);
	for (size_t i = 0; i < n; i++) {
		struct gt_error err;
		struct gt_trace *t = gt_open(v[i].bytes.p, v[i].bytes.n, &err);
		struct gt_reader *r = gt_reader_new(t, &v[i].model);
		const struct gt_event *ev;

		while (gt_read(r, &ev) == GT_EVENT) {
			check_event(v[i].path, t, ev);
			old += gt_version(t) < 22;
			made += ev->made;
		}
		gt_reader_free(r);
		gt_close(t);
	}
	assert_true(old > 500 && made > 10);
	free_samples(v, n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_all),
	};

	return cmocka_run_group_tests_name("piece", tests, NULL, NULL);
}
