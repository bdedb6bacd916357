/* SPDX-License-Identifier: MIT */
/* The tables are sound: events.def, reasons.def, needs.def, and the models made of them. */
#include "bytes.h"
#include "cursor.h"
#include "order.h"
#include "reason.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The table once more, as numbers and names only. */
static const struct {
	unsigned num;
	const char *name;
	bool timed;
} rows[] = {
#define ST(num, name, since, shape, args, what) { num, #name, false },
#define EV(num, name, since, kind, starts, args, change, requires, handler, what) { num, #name, true },
#include "events.def"
#undef ST
#undef EV
};

static bool
is_one_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s, list[i]) == 0)
			return true;
	return false;
}

/* "name" or "name_type", lower case. */
static bool
is_arg_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz_");

	return n > 0 && s[n] == '\0' && s[0] != '_' && s[n - 1] != '_' && !strstr(s, "__");
}

/* The last word of a name with an underscore says what the argument is, as in the reference's tables. */
static void
check_arg(const char *event, const struct gt_arg *a)
{
	static const struct {
		const char *end;
		enum gt_argtype type;
	} ends[] = { { "_seq", GT_ARG_SEQ }, { "_g", GT_ARG_G }, { "_stack", GT_ARG_NSTACK },
		{ "_string", GT_ARG_STRING }, { "_value", GT_ARG_VALUE }, { "_task", GT_ARG_TASK } };
	static const struct {
		const char *name;
		enum gt_argtype type;
	} names[] = { { "m", GT_ARG_M }, { "p", GT_ARG_P }, { "g", GT_ARG_G }, { "stack", GT_ARG_STACK },
		{ "pstatus", GT_ARG_PSTATUS }, { "gstatus", GT_ARG_GSTATUS }, { "task", GT_ARG_TASK } };

	if (!is_arg_name(a->name))
		fail_msg("%s: argument %s", event, a->name);
	for (size_t i = 0; i < LEN(names); i++)
		if (strcmp(a->name, names[i].name) == 0 && a->type != names[i].type)
			fail_msg("%s: the type of %s", event, a->name);
	for (size_t i = 0; i < LEN(ends) && strchr(a->name, '_'); i++) {
		size_t n = strlen(a->name), m = strlen(ends[i].end);

		if (n > m && strcmp(a->name + n - m, ends[i].end) == 0 && a->type != ends[i].type)
			fail_msg("%s: the type of %s", event, a->name);
	}
	if (strchr(a->name, '_') && a->type == GT_ARG_STACK)
		fail_msg("%s: %s", event, a->name);
}

static void
test_args(void **state)
{
	(void)state;
	for (unsigned t = 0; t < GT_TYPES; t++) {
		const struct gt_spec *s = gt_spec(t);

		assert_true(s->nargs <= GT_MAXARGS);
		for (unsigned i = 0; i < s->nargs; i++) {
			check_arg(s->name, &s->arg[i]);
			for (unsigned k = 0; k < i; k++)
				assert_string_not_equal(s->arg[i].name, s->arg[k].name);
		}
		assert_null(s->arg[s->nargs].name);
		/* The name of a stack's or data's count is not one of its arguments by accident. */
		if (s->shape == GT_STACKED)
			assert_string_equal(s->arg[s->nargs - 1].name, "nframes");
	}
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct gt_spec *s = gt_spec(rows[i].num);

		if (rows[i].num == 0 || rows[i].num >= GT_EV_SyncPoint)
			fail_msg("%s: number %u", rows[i].name, rows[i].num);
		assert_string_equal(s->name, rows[i].name);
		assert_int_equal(s->timed, rows[i].timed);
		assert_int_equal(gt_type_by_name(s->name, strlen(s->name)), rows[i].num);
		if (s->since != 22 && s->since != 23 && s->since != 25 && s->since != 26)
			fail_msg("%s: since %u", s->name, s->since);
		if (!s->what || s->what[strlen(s->what) - 1] != '.')
			fail_msg("%s: no sentence", s->name);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(rows[k].name, rows[i].name);
			assert_int_not_equal(rows[k].num, rows[i].num);
		}
	}
}

/* Numbers without a row have no name; names are matched whole. */
static void
test_gaps(void **state)
{
	size_t named = 0;

	(void)state;
	for (unsigned t = 0; t < GT_EV_SyncPoint; t++)
		named += gt_spec(t)->name != NULL;
	assert_int_equal(named, LEN(rows));
	assert_null(gt_spec(0)->name);
	assert_null(gt_spec(53)->name);
	assert_null(gt_spec(GT_TYPES)->name);
	assert_null(gt_spec(~0u)->name);
	assert_int_equal(gt_type_by_name("GoStart", 6), GT_EV_None);
	assert_int_equal(gt_type_by_name("GoStartX", 8), GT_EV_None);
	assert_int_equal(gt_type_by_name("gostart", 7), GT_EV_None);
	assert_int_equal(gt_type_by_name("", 0), GT_EV_None);
	assert_int_equal(gt_type_by_name("SyncPoint", 9), GT_EV_None);
}

/* Timed events, and they alone, have a handler and a decoder; what they need fits. */
static void
test_timed(void **state)
{
	struct gt_error err;
	struct gt_trace *t = gt_open("go 1.26 trace\0\0\0", 16, &err);

	(void)state;
	assert_non_null(t);
	for (unsigned i = 0; i < GT_TYPES; i++) {
		const struct gt_spec *s = gt_spec(i);

		assert_int_equal(s->timed, order_handlers[i] != NULL);
		assert_int_equal(s->timed ? s->nargs + 1 : 0, event_numbers[i]);
		for (int r = GT_M; s->timed && r <= GT_G; r++)
			assert_true(s->need[r] <= GT_MUST);
		/* Structural events are of the data's shape; timed ones have none. */
		if (s->timed)
			assert_int_equal(s->shape, GT_PLAIN);
	}
	gt_close(t);
}

static void
test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct gt_spec *s = gt_spec(rows[i].num), *start = gt_spec(s->starts);
		bool changes = s->kind == GT_K_StateTransition;

		assert_int_equal(changes, s->subject != GT_SUBJ_NO);
		if (s->starts && start->kind != GT_K_RangeBegin && start->kind != GT_K_RegionBegin &&
			s->starts != GT_EV_GoSyscallBegin)
			fail_msg("%s starts with %s", s->name, start->name);
		if (s->starts && start->kind == GT_K_RangeBegin && s->kind != GT_K_RangeActive &&
			s->kind != GT_K_RangeEnd)
			fail_msg("%s goes on with %s", s->name, start->name);
		if ((s->kind == GT_K_RangeActive || s->kind == GT_K_RangeEnd) && start->kind != GT_K_RangeBegin)
			fail_msg("%s starts with nothing", s->name);
		if (s->subject == GT_SUBJ_G_ARG)
			assert_int_equal(s->arg[0].type, GT_ARG_G);
		if (s->subject == GT_SUBJ_P_ARG)
			assert_int_equal(s->arg[0].type, GT_ARG_P);
		if (changes && s->from == s->to && s->from != GT_PRES_Dyn)
			fail_msg("%s changes nothing", s->name);
	}
}

/* --- reasons ---------------------------------------------------------------------------- */

static const struct {
	const char *name, *wording;
	enum gt_class class;
} reasons[] = {
#define R(name, class, wording, means) { #name, wording, GT_CLASS_##class },
#include "reasons.def"
#undef R
};

/* One token in braces, w behind the brace: {0} {0i} {0x} {0P} {0G} {0p} {0g} {0E} {s0} {ev}. */
static bool
is_token(const char *w, size_t n)
{
	if (n == 2 && memcmp(w, "ev", 2) == 0)
		return true;
	if (n == 2 && w[0] == 's')
		return w[1] == '0' || w[1] == '1';
	if (n < 1 || n > 2 || w[0] < '0' || w[0] > '3')
		return false;
	return n == 1 || strchr("ixPGpgE", w[1]) != NULL;
}

static void
check_wording(const char *name, const char *w)
{
	for (; *w; w++) {
		size_t n;

		if (w[0] != '{')
			continue;
		if (w[1] == '{') {
			w++;
			continue;
		}
		n = strcspn(w + 1, "}");
		if (w[1 + n] != '}' || !is_token(w + 1, n))
			fail_msg("%s: {%.*s", name, (int)n, w + 1);
		w += n + 1;
	}
}

/* Every argument a wording names is told; nothing is cut; a short buffer holds the beginning. */
static void
test_reasons(void **state)
{
	static const enum gt_class classes[] = { GT_CLASS_OURS, GT_CLASS_WAIT, GT_CLASS_NEVER, GT_CLASS_FORMAT };
	char whole[2048], part[2048];

	(void)state;
	assert_int_equal(LEN(reasons), GT_CODES - 1);
	for (size_t i = 0; i < LEN(reasons); i++) {
		enum gt_code code = (enum gt_code)(i + 1);
		struct gt_reason why = { .code = code, .type = GT_EV_GoStart, .version = 26, .arg = { 1, 2, 3, 4 },
			.str = { { "one", 3 }, { "two", 3 } } };
		size_t n = gt_reason_text(&why, NULL, 0);

		assert_string_equal(gt_code_name(code), reasons[i].name);
		assert_int_equal(gt_code_class(code), reasons[i].class);
		assert_true((unsigned)gt_code_class(code) < LEN(classes));
		check_wording(reasons[i].name, reasons[i].wording);
		assert_true(strlen(gt_code_means(code)) > 10);
		assert_true(strlen(reasons[i].wording) > 0);
		assert_int_equal(gt_reason_text(&why, whole, sizeof(whole)), n);
		assert_int_equal(strlen(whole), n);
		for (size_t cap = 1; cap <= n; cap += 7) {
			memset(part, 'x', sizeof(part));
			assert_int_equal(gt_reason_text(&why, part, cap), n);
			assert_int_equal(strlen(part), cap - 1);
			assert_memory_equal(part, whole, cap - 1);
			assert_int_equal(part[cap], 'x');
		}
		assert_int_equal(strncmp(reasons[i].name, "W_", 2) == 0, reasons[i].class == GT_CLASS_WAIT);
	}
}

/* The forms of arguments, one by one. */
static void
test_forms(void **state)
{
	static const struct {
		struct gt_reason why;
		const char *text;
	} cases[] = {
		{ { .code = GT_E_NOT_ORDERED, .arg = { UINT64_MAX } },
			"bad event type found while ordering: 18446744073709551615" },
		{ { .code = GT_E_P_NO_CONTEXT, .arg = { UINT64_MAX } },
			"failed to find sched context for proc -1 that's about to be stolen" },
		{ { .code = GT_E_P_STATUS_CONFLICT, .arg = { 7, GT_P_SYSCALL, GT_P_ABANDONED } },
			"inconsistent status for proc 7: old Syscall vs. new Bad" },
		{ { .code = GT_E_G_STATUS_CONFLICT, .arg = { 7, GT_G_WAITING, 99 } },
			"inconsistent status for goroutine 7: old Waiting vs. new Bad" },
		{ { .code = GT_E_W_P_NOT_SYSCALL, .arg = { 3, GT_P_ABANDONED } },
			"P3 is Syscall (abandoned), must be in Syscall" },
		{ { .code = GT_E_RANGE_TWICE, .arg = { GT_EV_STWBegin } },
			"discovered event already in-flight for when starting event STWBegin" },
		{ { .code = GT_E_RANGE_TWICE, .arg = { 99 } },
			"discovered event already in-flight for when starting event " },
		{ { .code = GT_E_RANGE_FIRST, .arg = { 32, 5 } },
			"found named active range already in first gen: {32 5}" },
		{ { .code = GT_E_REGION_MISUSE, .arg = { 1, 2, 3 }, .str = { { "a", 1 }, { "", 0 } } },
			"misuse of region in goroutine 1: region end {2 a} when the inner-most active region start "
			"event "
			"is {3 }" },
		{ { .code = GT_E_P_STOP_STATUS, .type = GT_EV_ProcStop, .version = 22 },
			"ProcStop event for proc that's not Running or Syscall" },
		/* An event that the version does not know has no name there. */
		{ { .code = GT_E_G_NOT_RUNNING, .type = GT_EV_GoSwitch, .version = 22 },
			"Invalid(45) event for goroutine that's not Running" },
	};
	char buf[256];

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		gt_reason_text(&cases[i].why, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].text);
	}
	assert_string_equal(gt_code_name(GT_OK), "OK");
	assert_string_equal(gt_code_name(GT_CODES), "OK");
}

/* --- needs --------------------------------------------------------------------------------- */

enum subject { G_CTX, P_CTX, G_ARG, P_ARG, M_ARG, GC, TASK, REGION };
enum property { IS, SEQ, ABSENT, HOLDS_P, SHUT, OPEN, SAME, GC_SEQ, GC_IS, TASK_NEW, REGION_INNER, ON_M, HELD, NAMED };
enum { BREAKS, WAITS };
#define G_SET(status) (1u << GT_G_##status)
#define P_SET(status) (1u << GT_P_##status)

static const struct {
	unsigned type, subject, property, value, waits;
} needs[] = {
#define N(event, subject, property, value, otherwise) { GT_EV_##event, subject, property, value, otherwise },
#include "needs.def"
#undef N
};

static void
check_need(size_t i)
{
	const struct gt_spec *s = gt_spec(needs[i].type);
	unsigned value = needs[i].value;

	if (!s->timed || !order_handlers[needs[i].type])
		fail_msg("row %zu: %s is not ordered", i, s->name);
	if ((needs[i].subject == G_ARG && s->arg[0].type != GT_ARG_G) ||
		(needs[i].subject == P_ARG && s->arg[0].type != GT_ARG_P) ||
		(needs[i].subject == M_ARG && (s->nargs < 3 || s->arg[2].type != GT_ARG_M)) ||
		(needs[i].subject == TASK && s->arg[0].type != GT_ARG_TASK) ||
		(needs[i].property == NAMED && s->arg[value].type != GT_ARG_STRING) ||
		(needs[i].property == ON_M && s->arg[1].type != GT_ARG_M) ||
		(needs[i].property == HELD && s->arg[1].type != GT_ARG_PSTATUS) ||
		(needs[i].subject == REGION && (s->arg[0].type != GT_ARG_TASK || s->arg[1].type != GT_ARG_STRING)))
		fail_msg("row %zu: %s has no such argument", i, s->name);
	if (needs[i].property == SEQ && (value >= s->nargs || s->arg[value].type != GT_ARG_SEQ))
		fail_msg("row %zu: argument %u of %s is no sequence number", i, value, s->name);
	if (needs[i].property == SAME && s->arg[value].type != GT_ARG_PSTATUS && s->arg[value].type != GT_ARG_GSTATUS)
		fail_msg("row %zu: argument %u of %s is no status", i, value, s->name);
	if (needs[i].property == IS && (value == 0 || value > 255))
		fail_msg("row %zu: %s: set of statuses", i, s->name);
	if (needs[i].property == SHUT)
		assert_int_equal(value, needs[i].type);
	if (needs[i].property == OPEN)
		assert_int_equal(value, s->starts);
	/* What waits is what another M may bring about: of those that are named, never of one's own G. */
	if (needs[i].waits && needs[i].subject == G_CTX)
		fail_msg("row %zu: %s waits for its own goroutine", i, s->name);
}

static void
test_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(needs); i++)
		check_need(i);
	for (unsigned t = 0; t < GT_TYPES; t++) {
		size_t n = 3;

		for (size_t i = 0; i < LEN(needs); i++)
			n += needs[i].type == t;
		if (n > GT_MAXCHECKS)
			fail_msg("%s has %zu conditions", gt_spec(t)->name, n);
	}
}

/* --- models ----------------------------------------------------------------------------------- */

static void
test_models(void **state)
{
	static const char *const names[] = { "current", "go1.22-tolerant", "go1.22-strict" };
	struct gt_model m, current;

	(void)state;
	assert_true(gt_model_get(&current, GT_MODEL_DEFAULT));
	assert_int_equal(gt_models(), LEN(names));
	assert_false(gt_model_at(&m, LEN(names)));
	assert_false(gt_model_get(&m, "Current"));
	for (size_t i = 0; i < LEN(names); i++) {
		assert_true(gt_model_at(&m, i));
		assert_true(is_one_of(m.name, names, LEN(names)));
		assert_false(m.changed);
		for (unsigned t = 0; t < GT_TYPES; t++)
			for (int r = GT_M; r <= GT_G; r++)
				if (m.need[t][r] != current.need[t][r] && (t != GT_EV_GoCreateSyscall || r != GT_P ||
										  strcmp(m.name, "go1.22-strict") != 0))
					fail_msg("%s: %s", m.name, gt_spec(t)->name);
	}
	assert_true(gt_model_get(&m, "go1.22-strict"));
	assert_int_equal(m.need[GT_EV_GoCreateSyscall][GT_P], GT_NOT);
	assert_int_equal(current.need[GT_EV_GoCreateSyscall][GT_P], GT_MAY);
	assert_true(current.destroy_abandons_p && !m.destroy_abandons_p);
}

static void
test_require(void **state)
{
	static const char *const bad[] = { "", "GoStart", "GoStart.proc", "GoStart=must", "GoStart=must.proc",
		".proc=must", "GoStar.proc=must", "GoStart.p=must", "GoStart.proc=Must", "GoStart.proc=must ",
		"GoStart.proc=", "EventBatch.proc=may", "SyncPoint.proc=may", "GoStart.proc.proc=may" };
	struct gt_model m, was;
	const char *wrong = NULL;

	(void)state;
	gt_model_get(&was, GT_MODEL_DEFAULT);
	m = was;
	for (size_t i = 0; i < LEN(bad); i++) {
		if (gt_model_require(&m, bad[i], &wrong) || !wrong)
			fail_msg("case %zu: accepted", i);
		assert_memory_equal(&m, &was, sizeof(m));
	}
	assert_true(gt_model_require(&m, "GoStart.proc=mustnot", &wrong));
	assert_null(wrong);
	assert_true(m.changed);
	assert_int_equal(m.need[GT_EV_GoStart][GT_P], GT_NOT);
	assert_true(gt_model_require(&m, "GoStart.proc=must", &wrong));
	assert_true(gt_model_require(&m, "GoStart.thread=may", &wrong));
	assert_true(gt_model_require(&m, "GoStart.goroutine=must", &wrong));
	assert_int_equal(m.need[GT_EV_GoStart][GT_P], GT_MUST);
	assert_int_equal(m.need[GT_EV_GoStart][GT_M], GT_MAY);
	assert_int_equal(m.need[GT_EV_GoStart][GT_G], GT_MUST);
}

/* Names of small numbers: each has one, none is missing, what is beyond has a name too. */
static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(gt_kind_name(GT_K_Experimental), "Experimental");
	assert_string_equal(gt_kind_name(GT_KINDS), "Bad");
	assert_string_equal(gt_gstatus_name(GT_G_GONE), "not there");
	assert_string_equal(gt_pstatus_name(GT_P_GONE), "not there");
	assert_string_equal(gt_gstatus_name(1000), "Bad");
	assert_string_equal(gt_pres_name(GT_PRES_Idle), "Idle");
	assert_string_equal(gt_pres_name(GT_PRES_Bad), "Bad");
	assert_string_equal(gt_need_name(GT_MUST), "must have");
	assert_string_equal(gt_res_name(GT_NO_RES), "none");
	for (int i = 1; i < GT_KINDS; i++)
		assert_string_not_equal(gt_kind_name((enum gt_kind)i), "Bad");
	for (int i = 1; i < GT_LANES; i++)
		assert_string_not_equal(gt_lane_name((enum gt_lane_state)i), "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_args),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_timed),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_models),
		cmocka_unit_test(test_require),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
