/* SPDX-License-Identifier: MIT */
/* Expressions: what they mean held against plain C, over all traces of testdata; mistakes and their places; completion. */
#include "expr.h"
#include "testing.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* --- regular expressions of the C library ------------------------------------------------- */

static void *
re_compile(struct gt_str pattern, size_t *at, char *why, size_t cap)
{
	char *text = malloc(pattern.n + 1);
	regex_t *re = malloc(sizeof(*re));

	assert_true(text && re);
	memcpy(text, pattern.p, pattern.n);
	text[pattern.n] = 0;
	*at = 2;
	if (regcomp(re, text, REG_EXTENDED | REG_NOSUB) != 0) {
		snprintf(why, cap, "bad pattern");
		free(re);
		re = NULL;
	}
	free(text);
	return re;
}

static int
re_match(void *re, struct gt_str s)
{
	char text[4096];

	if (s.n >= sizeof(text))
		return -1;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	return regexec(re, text, 0, NULL, 0) == 0;
}

static void
re_free(void *re)
{
	regfree(re);
	free(re);
}

static const struct gt_matcher matcher = { re_compile, re_match, re_free };

static struct gt_expr *
parse(const char *text)
{
	struct gt_expr_error err;
	struct gt_expr *e = gt_expr_new(text, strlen(text), &matcher, &err);

	if (!e)
		fail_msg("%s: at %zu: %s", text, err.at, err.text);
	return e;
}

/* --- what expressions mean ------------------------------------------------------------------- */

/* An event in its place. */
struct here {
	const struct gt_event *ev;
	const struct gt_trace *t;
	const struct gt_state *after;
	int64_t before, start;
};

/* The rows of the table below: a condition of struct here *h. */
#define EV (h->ev)
#define IS(name) (EV->type == GT_EV_##name)

static bool
transition(const struct here *h)
{
	return gt_spec(EV->type)->subject != GT_SUBJ_NO;
}

static int64_t
after(const struct here *h, enum gt_res res)
{
	struct gt_m m;

	return EV->m != GT_NONE && gt_m_find(h->after, EV->m, &m) ? res == GT_P ? m.p : m.g : GT_NONE;
}

static bool
touches_g(const struct here *h, int64_t g)
{
	bool arg = false;

	for (unsigned i = 0; i < gt_spec(EV->type)->nargs; i++)
		arg |= gt_spec(EV->type)->arg[i].type == GT_ARG_G && (int64_t)EV->arg[i] == g;
	return EV->g == g || arg || after(h, GT_G) == g;
}

static bool
str_is(struct gt_str s, const char *text)
{
	return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

static bool
str_has(struct gt_str s, const char *part)
{
	for (size_t i = 0; i + strlen(part) <= s.n; i++)
		if (memcmp(s.p + i, part, strlen(part)) == 0)
			return true;
	return false;
}

static bool
stack_has(const struct here *h, const char *part, bool func, bool file)
{
	struct gt_frame frame[GT_MAXFRAMES];
	uint64_t id = gt_event_stack(EV);
	int n = EV->gen && id && !EV->part ? gt_gen_stack(EV->gen, id, frame) : 0;

	for (int i = 0; i < n; i++)
		if ((func && str_has(frame[i].func, part)) || (file && str_has(frame[i].file, part)))
			return true;
	return false;
}

static struct gt_str
hex(const struct here *h)
{
	static char text[3 * 4096];
	size_t n, room = 0;
	const uint8_t *bytes = gt_bytes(h->t, &n);

	assert_true(EV->len < 4096 && EV->off + EV->len <= n);
	for (size_t i = 0; i < EV->len; i++)
		room += (size_t)sprintf(text + room, i ? " %02x" : "%02x", bytes[EV->off + i]);
	return (struct gt_str){ text, room };
}

#define ROWS                                                                                                           \
	ROW("GoBlock", IS(GoBlock))                                                                                    \
	ROW("type == goblock", IS(GoBlock))                                                                            \
	ROW("type != GoBlock", !IS(GoBlock))                                                                           \
	ROW("GoCreate*", IS(GoCreate) || IS(GoCreateSyscall) || IS(GoCreateBlocked))                                   \
	ROW("type ~ \"^GoS.*ll\"", IS(GoSyscallBegin) || IS(GoSyscallEnd) || IS(GoSyscallEndBlocked))                  \
	ROW("type !~ \"^GoS.*ll\"", !(IS(GoSyscallBegin) || IS(GoSyscallEnd) || IS(GoSyscallEndBlocked)))              \
	ROW("type in (GoStart, ProcStart)", IS(GoStart) || IS(ProcStart))                                              \
	ROW("type not in (GoStart, ProcStart)", !IS(GoStart) && !IS(ProcStart))                                        \
	ROW("kind == Metric", gt_event_kind(EV) == GT_K_Metric)                                                        \
	ROW("StateTransition", gt_event_kind(EV) == GT_K_StateTransition)                                              \
	ROW("type == Sync", IS(SyncPoint))                                                                             \
	ROW("CPUSample", IS(CPUSample))                                                                                \
	ROW("m == 3", EV->m == 3)                                                                                      \
	ROW("p == none", EV->p == GT_NONE)                                                                             \
	ROW("p", EV->p != GT_NONE)                                                                                     \
	ROW("p != 0", EV->p != 0)                                                                                      \
	ROW("p < 2", EV->p != GT_NONE && EV->p < 2)                                                                    \
	ROW("g == G1", EV->g == 1)                                                                                     \
	ROW("1 == g", EV->g == 1)                                                                                      \
	ROW("20 > g", EV->g != GT_NONE && EV->g < 20)                                                                  \
	ROW("g in (1, 4..9)", EV->g == 1 || (EV->g >= 4 && EV->g <= 9))                                                \
	ROW("g.after == 1", after(h, GT_G) == 1)                                                                       \
	ROW("p.after != p", after(h, GT_P) != EV->p)                                                                   \
	ROW("g == g.after", after(h, GT_G) == EV->g)                                                                   \
	ROW("g.any == 6", touches_g(h, 6))                                                                             \
	ROW("g.any in 1..20", touches_g_upto(h, 20))                                                                   \
	ROW("to == Waiting", transition(h) && to(h) == GT_PRES_Waiting)                                                \
	ROW("to != waiting", !(transition(h) && to(h) == GT_PRES_Waiting))                                             \
	ROW("from == none", !transition(h))                                                                            \
	ROW("from == Syscall && res == P", subject(h) == GT_P && from(h) == GT_PRES_Syscall)                           \
	ROW("to == Syscall && ProcStatus", IS(ProcStatus) && to(h) == GT_PRES_Syscall)                                 \
	ROW("to in (Running, Runnable)",                                                                               \
		transition(h) && (to(h) == GT_PRES_Running || to(h) == GT_PRES_Runnable))                              \
	ROW("from == to", !transition(h) || from(h) == to(h))                                                          \
	ROW("from ~ \"^Run\"", transition(h) && (from(h) == GT_PRES_Running || from(h) == GT_PRES_Runnable))           \
	ROW("res == g", subject(h) == GT_G)                                                                            \
	ROW("res == P || res == thread", subject(h) == GT_P)                                                           \
	ROW("id == g", subject_id(h) == EV->g)                                                                         \
	ROW("time < 1ms", EV->time - h->start < 1000000)                                                               \
	ROW("time >= 0.0005s", EV->time - h->start >= 500000)                                                          \
	ROW("clock > 1000", EV->time > 1000)                                                                           \
	ROW("delta > 20us", EV->time - h->before > 20000)                                                              \
	ROW("lasted > 100us", lasted(h, GT_PRESENTED) > 100000)                                                        \
	ROW("lasted >= 0 and kind in (RangeEnd, TaskEnd, RegionEnd)", was_open(h) >= 0)                                \
	ROW("lasted > 50us and type == STWEnd", IS(STWEnd) && was_open(h) > 50000)                                     \
	ROW("waited > 100us", lasted(h, GT_PRES_Waiting) > 100000)                                                     \
	ROW("lasted == none", lasted(h, GT_PRESENTED) < 0)                                                             \
	ROW("n > 100 and n <= 200", EV->n > 100 && EV->n <= 200)                                                       \
	ROW("n in 0x10..0x20", EV->n >= 16 && EV->n <= 32)                                                             \
	ROW("new_g > 5", creates(h) && EV->arg[0] > 5)                                                                 \
	ROW("arg.new_g", creates(h))                                                                                   \
	ROW("arg.g == 1", EV->arg[IS(CPUSample) ? 3 : 0] == 1 && (arg_g(h) || IS(CPUSample)))                                                                 \
	ROW("g_seq < 3", seq(h) && EV->arg[1] < 3)                                                                     \
	ROW("gstatus == Waiting", (IS(GoStatus) || IS(GoStatusStack)) && EV->arg[2] == GT_G_WAITING)                   \
	ROW("pstatus in (Idle, Abandoned)", IS(ProcStatus) && (EV->arg[1] == GT_P_IDLE || EV->arg[1] == GT_P_ABANDONED)) \
	ROW("heapalloc > 1M", IS(HeapAlloc) && EV->arg[0] > 1 << 20)                                                   \
	ROW("reason == \"sync\"", IS(GoBlock) && !EV->part && str_is(gt_event_string(EV, 0), "sync"))                  \
	ROW("reason == sync", IS(GoBlock) && !EV->part && str_is(gt_event_string(EV, 0), "sync"))                      \
	ROW("reason == none", !reasoned(h))                                                                            \
	ROW("reason ~ `^GC|sleep`", reasoned(h) && (str_has(reason(h), "sleep") || begins(reason(h), "GC")))           \
	ROW("name ~ mark", names_mark(h))                                                                              \
	ROW("name == none", !named(h))                                                                                 \
	ROW("name == \"/gc/heap/goal:bytes\"", IS(HeapGoal))                                                           \
	ROW("text ~ \"Alloc\"", str_has(type_name(h), "Alloc"))                                                        \
	ROW("stack ~ \"main\\.\"", stack_has(h, "main.", true, true))                                                \
	ROW("func !~ `main[.]`", !stack_has(h, "main.", true, false))                                                  \
	ROW("file ~ `proc[.]go`", stack_has(h, "proc.go", false, true))                                                \
	ROW("leaf ~ main", leaf_has(h, "main"))                                                                        \
	ROW("stack", gt_event_stack(EV) && !EV->part && EV->gen)                                                       \
	ROW("new_stack", gt_event_new_stack(EV) && EV->gen)                                                            \
	ROW("gen == 2", EV->gen && gt_gen_number(EV->gen) == 2)                                                        \
	ROW("batch > 3 && event == 0", EV->len && EV->batch > 3 && EV->index == 0)                                     \
	ROW("offset < 1K", EV->len && EV->off < 1024)                                                                  \
	ROW("offset <= 600 && end > 600", EV->len && EV->off <= 600 && EV->off + EV->len > 600)                        \
	ROW("len >= 5", EV->len >= 5)                                                                                  \
	ROW("bytes", EV->len)                                                                                          \
	ROW("bytes == none", !EV->len)                                                                                 \
	ROW("bytes == \"0b 0c\"", str_is(hex(h), "0b 0c"))                                                             \
	ROW("bytes ~ \"ab 0\"", str_has(hex(h), "ab 0"))                                                               \
	ROW("bytes ~ \"^1[0-7] \"", EV->len > 1 && hex(h).p[0] == '1' && hex(h).p[1] < '8')                            \
	ROW("bytes !~ \"ff\"", !str_has(hex(h), "ff"))                                                                 \
	ROW("salvaged", EV->salvaged)                                                                                  \
	ROW("wall > \"2020-01-01T00:00:00Z\"", wall(h) > INT64_C(1577836800000000000))

static bool
touches_g_upto(const struct here *h, int64_t most)
{
	for (int64_t g = 1; g <= most; g++)
		if (touches_g(h, g))
			return true;
	return false;
}

static enum gt_res
subject(const struct here *h)
{
	int64_t id;

	return gt_event_subject(EV, &id);
}

static int64_t
subject_id(const struct here *h)
{
	int64_t id;

	gt_event_subject(EV, &id);
	return id;
}

/* When each subject came into its state. */
static struct {
	enum gt_res res;
	int64_t id, time;
} came[20000];
static size_t ncame;

static int64_t *
came_at(const struct here *h)
{
	size_t i = 0;

	while (i < ncame && (came[i].res != subject(h) || came[i].id != subject_id(h)))
		i++;
	if (i == ncame) {
		came[i].res = subject(h);
		came[i].id = subject_id(h);
		ncame++;
	}
	return &came[i].time;
}

/* Procs as the states had them before the event: whatever event changed them. */
static struct proc {
	int64_t id, time;
	enum gt_pstatus status;
} procs[256];
static size_t nprocs;

static struct proc *
proc_before(int64_t id)
{
	for (size_t i = 0; i < nprocs; i++)
		if (procs[i].id == id)
			return &procs[i];
	return NULL;
}

/* To be idle and to be abandoned is one. */
static enum gt_pstatus
shown(enum gt_pstatus status)
{
	return status == GT_P_ABANDONED ? GT_P_IDLE : status;
}

static enum gt_pres
from(const struct here *h)
{
	const struct proc *p = subject(h) == GT_P ? proc_before(subject_id(h)) : NULL;

	return p && p->status == GT_P_SYSCALL ? GT_PRES_Syscall : (enum gt_pres)EV->from;
}

static enum gt_pres
to(const struct here *h)
{
	struct gt_p p;

	if (subject(h) == GT_P && gt_p_find(h->after, subject_id(h), &p) && p.status == GT_P_SYSCALL)
		return GT_PRES_Syscall;
	return (enum gt_pres)EV->to;
}

static void
note_transition(const struct here *h)
{
	struct gt_p now;

	if (subject(h) == GT_G && EV->from != EV->to)
		*came_at(h) = EV->from == GT_PRES_Undetermined ? h->start : EV->time;
	for (size_t i = 0; i < gt_p_count(h->after); i++) {
		struct proc *p;

		if (!gt_p_at(h->after, i, &now))
			continue;
		p = proc_before(now.id);
		if (!p) {
			assert_true(nprocs < LEN(procs));
			p = &procs[nprocs++];
			*p = (struct proc){ .id = now.id, .time = EV->from == GT_PRES_Undetermined && gt_version(h->t) >= 22 ? h->start : EV->time };
		} else if (shown(p->status) != shown(now.status)) {
			p->time = EV->time;
		}
		p->status = now.status;
	}
}

/* What is open, oldest first: the type that begins it; whose it is, a P or G, or the number of a task. */
static struct opened {
	uint8_t type;
	int64_t of, time;
} opened[2000];
static size_t nopened;

static int64_t
whose(const struct here *h)
{
	if (IS(GCBegin) || IS(GCActive) || IS(GCEnd))
		return 0;
	if (IS(UserTaskBegin) || IS(UserTaskEnd) || IS(GCSweepActive) || IS(GCMarkAssistActive))
		return (int64_t)EV->arg[0];
	if (IS(GCSweepBegin) || IS(GCSweepEnd))
		return EV->p;
	/* Before Go 1.22 whoever runs last while the world is stopped ends that. */
	return gt_version(h->t) < 22 && (IS(STWBegin) || IS(STWEnd)) ? 0 : EV->g;
}

/* What the event ends, or says to be open; NULL: that is not there. */
static struct opened *
find_opened(const struct here *h)
{
	uint8_t type = IS(UserTaskEnd) ? GT_EV_UserTaskBegin : gt_spec(EV->type)->starts;
	struct opened *found = NULL;

	for (size_t i = 0; i < nopened && !(found && type != GT_EV_UserRegionBegin); i++)
		if (opened[i].type == type && opened[i].of == whose(h))
			found = &opened[i];
	return found;
}

static void
drop_opened(struct opened *o)
{
	memmove(o, o + 1, (size_t)(opened + --nopened - o) * sizeof(*o));
}

static bool
is_there(const struct here *h)
{
	struct gt_g g;
	struct gt_p p;

	return IS(GCBegin) || IS(UserTaskBegin) || (IS(GCSweepBegin) ? gt_p_find(h->after, EV->p, &p) : gt_g_find(h->after, EV->g, &g));
}

static void
note_opened(const struct here *h)
{
	enum gt_kind kind = gt_event_kind(EV);
	bool begins = kind == GT_K_RangeBegin || kind == GT_K_TaskBegin || kind == GT_K_RegionBegin;

	if ((begins && is_there(h)) || (kind == GT_K_RangeActive && !find_opened(h))) {
		assert_true(nopened < LEN(opened));
		opened[nopened++] = (struct opened){ begins ? EV->type : gt_spec(EV->type)->starts, whose(h), begins ? EV->time : GT_BEFORE };
	}
	if (gt_event_ends(EV) && find_opened(h))
		drop_opened(find_opened(h));
	/* What is gone has none. */
	for (size_t i = nopened; i-- > 0 && kind == GT_K_StateTransition && EV->to == GT_PRES_NotExist;)
		if (subject(h) == GT_G && opened[i].of == subject_id(h) && (opened[i].type == GT_EV_UserRegionBegin ||
			opened[i].type == GT_EV_GCMarkAssistBegin || opened[i].type == GT_EV_STWBegin))
			drop_opened(&opened[i]);
}

/* -1: it ends nothing, or nobody knows since when that was. */
static int64_t
was_open(const struct here *h)
{
	const struct opened *o = gt_event_ends(EV) ? find_opened(h) : NULL;

	return o && o->time != GT_BEFORE ? EV->time - o->time : -1;
}

/* -1: it leaves no state, or another one than that; GT_PRESENTED: whichever, or what it ends. */
static int64_t
lasted(const struct here *h, unsigned of)
{
	if (of == GT_PRESENTED && gt_event_ends(EV))
		return was_open(h);
	if (!transition(h) || from(h) == to(h) || from(h) == GT_PRES_Undetermined || from(h) == GT_PRES_NotExist ||
		(of != GT_PRESENTED && from(h) != of))
		return -1;
	return EV->time - (subject(h) == GT_P ? proc_before(subject_id(h))->time : *came_at(h));
}

static bool
creates(const struct here *h)
{
	return IS(GoCreate) || IS(GoCreateSyscall) || IS(GoCreateBlocked);
}

static bool
arg_g(const struct here *h)
{
	return IS(GoStart) || IS(GoUnblock) || IS(GoStatus) || IS(GoStatusStack) || IS(GoSwitch) || IS(GoSwitchDestroy) ||
		IS(GCMarkAssistActive);
}

static bool
seq(const struct here *h)
{
	return !EV->part && (IS(GoStart) || IS(GoUnblock) || IS(GoSwitch) || IS(GoSwitchDestroy));
}

static struct gt_str
reason(const struct here *h)
{
	struct gt_range r;

	if (IS(GoBlock) || IS(GoStop))
		return gt_event_string(EV, 0);
	gt_event_range(EV, &r);
	return r.reason;
}

static bool
reasoned(const struct here *h)
{
	return ((IS(GoBlock) || IS(GoStop)) && !EV->part) || IS(STWBegin) || IS(STWEnd);
}

static bool
begins(struct gt_str s, const char *with)
{
	return s.n >= strlen(with) && memcmp(s.p, with, strlen(with)) == 0;
}

static bool
named(const struct here *h)
{
	struct gt_range r;

	return gt_event_metric(EV) || gt_event_range(EV, &r) || IS(UserTaskBegin) || (IS(UserTaskEnd) && EV->str.p) ||
		IS(UserRegionBegin) || IS(UserRegionEnd);
}

static bool
names_mark(const struct here *h)
{
	struct gt_range r;
	unsigned i = IS(UserTaskBegin) ? 2 : 1;

	if (gt_event_range(EV, &r))
		return strstr(r.name, "mark") != NULL;
	if (IS(UserTaskEnd))
		return EV->str.p && str_has(EV->str, "mark");
	return named(h) && !gt_event_metric(EV) && str_has(gt_event_string(EV, i), "mark");
}

/* Where nothing but the type's name may hold it. */
static struct gt_str
type_name(const struct here *h)
{
	const char *s = gt_spec(EV->type)->name;

	return (struct gt_str){ s, strlen(s) };
}

static bool
leaf_has(const struct here *h, const char *part)
{
	struct gt_frame frame[GT_MAXFRAMES];
	uint64_t id = gt_event_stack(EV);

	return EV->gen && id && !EV->part && gt_gen_stack(EV->gen, id, frame) > 0 && str_has(frame[0].func, part);
}

static int64_t
wall(const struct here *h)
{
	struct gt_clock c;

	return EV->gen && gt_gen_clock(EV->gen, &c) ? c.sec * 1000000000 + c.nsec + EV->time - c.trace : INT64_MIN;
}

struct row {
	const char *text;
	struct gt_expr *e;
	uint64_t hits, others;
};

static struct row rows[] = {
#define ROW(text, cond) { text, NULL, 0, 0 },
	ROWS
#undef ROW
};

/* Row by row, by the C beside the text. */
static void
conditions(const struct here *h, bool out[LEN(rows)])
{
	size_t i = 0;
#define ROW(text, cond) out[i++] = (cond);
	ROWS
#undef ROW
}

/* --- every trace ---------------------------------------------------------------------------------- */

/* A combination of rows, as text and by C. */
struct combined {
	char text[1200];
	struct gt_expr *e;
	uint8_t op, a, b, c;
	bool not_a, not_c;
};

enum { COMBINED = 60, BLOCK = 48 };
static struct combined combined[COMBINED];

static bool
holds(const struct combined *x, const bool v[LEN(rows)])
{
	bool a = v[x->a] != x->not_a, b = v[x->b], c = v[x->c] != x->not_c;

	return x->op == 0 ? a && b && c : x->op == 1 ? a || b || c : x->op == 2 ? a && (b || c) : a || (b && c);
}

static void
combine(void)
{
	static const char *const forms[] = { "%s(%s) && (%s) && %s(%s)", "%s(%s) or ((%s) or %s (%s))",
		"%s(%s) and ((%s) || %s(%s))", "%s(%s) || (%s) && %s(%s)" };
	uint64_t x = 4711;

	for (int i = 0; i < COMBINED; i++) {
		struct combined *k = &combined[i];

		k->op = rnd(&x) % 4;
		k->a = (uint8_t)(rnd(&x) % LEN(rows));
		k->b = (uint8_t)(rnd(&x) % LEN(rows));
		k->c = (uint8_t)(rnd(&x) % LEN(rows));
		k->not_a = rnd(&x) % 2;
		k->not_c = rnd(&x) % 2;
		snprintf(k->text, sizeof(k->text), forms[k->op], k->not_a ? "!" : "", rows[k->a].text, rows[k->b].text,
			k->not_c ? "not " : "", rows[k->c].text);
		k->e = parse(k->text);
	}
}

/* A stretch of events, what was meant in it, and how often the summary could say so. */
struct block {
	struct gt_summary s;
	bool row[LEN(rows)], combined[COMBINED];
	unsigned n;
};
static uint64_t blocks_ruled_out;

static void
end_block(struct block *b)
{
	for (size_t i = 0; b->n && i < LEN(rows); i++) {
		bool may = gt_expr_may(rows[i].e, &b->s);

		if (b->row[i] && !may)
			fail_msg("%s: an event of %llu to %llu is meant", rows[i].text, (unsigned long long)b->s.first,
				(unsigned long long)b->s.last);
		blocks_ruled_out += !may;
	}
	for (size_t i = 0; b->n && i < COMBINED; i++)
		if (b->combined[i] && !gt_expr_may(combined[i].e, &b->s))
			fail_msg("%s: an event of %llu to %llu is meant", combined[i].text, (unsigned long long)b->s.first,
				(unsigned long long)b->s.last);
	*b = (struct block){ .n = 0 };
}

static void
check_event(struct block *b, const struct here *h, const char *path)
{
	bool v[LEN(rows)];

	conditions(h, v);
	gt_summary_add(&b->s, EV);
	b->n++;
	for (size_t i = 0; i < LEN(rows); i++) {
		bool got = gt_expr_match(rows[i].e, EV, h->after, h->before);

		if (got != v[i])
			fail_msg("%s: event %llu: %s is %d", path, (unsigned long long)EV->n, rows[i].text, got);
		b->row[i] |= got;
		rows[i].hits += got;
		rows[i].others += !got;
	}
	for (size_t i = 0; i < COMBINED; i++) {
		bool got = gt_expr_match(combined[i].e, EV, h->after, h->before);

		if (got != holds(&combined[i], v))
			fail_msg("%s: event %llu: %s is %d", path, (unsigned long long)EV->n, combined[i].text, got);
		b->combined[i] |= got;
	}
}

static void
check_trace(const struct sample_trace *s)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(s->bytes.p, s->bytes.n, &err);
	struct gt_reader *r;
	struct block *b = calloc(1, sizeof(*b));
	struct here h = { .t = t };

	assert_non_null(b);
	ncame = nprocs = nopened = 0;
	gt_salvage(t, true);
	r = gt_reader_new(t, &s->model);
	while (gt_read(r, &h.ev) == GT_EVENT && h.ev->n < 20000) {
		if (h.ev->n == 1) {
			h.start = h.before = h.ev->time;
			for (size_t i = 0; i < LEN(rows); i++)
				gt_expr_start(rows[i].e, h.start);
			for (size_t i = 0; i < COMBINED; i++)
				gt_expr_start(combined[i].e, h.start);
		}
		h.after = gt_reader_state(r);
		check_event(b, &h, s->path);
		note_transition(&h);
		note_opened(&h);
		h.before = h.ev->time;
		if (b->n == BLOCK)
			end_block(b);
	}
	end_block(b);
	free(b);
	gt_reader_free(r);
	gt_close(t);
}

static void
test_meaning(void **state)
{
	static const char *const dirs[] = { "testdata/traces", "testdata/tests", "testdata/bad" };
	bool rare = false;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		rows[i].e = parse(rows[i].text);
	combine();
	for (size_t d = 0; d < LEN(dirs); d++) {
		size_t n;
		struct sample_trace *v = load_samples(dirs[d], &n);

		assert_true(n > 3);
		for (size_t i = 0; i < n; i++) {
			/* Stacks are remembered: an expression is for one trace. */
			for (size_t k = 0; k < LEN(rows); k++)
				rows[k].e->known_gen = 0;
			for (size_t k = 0; k < COMBINED; k++)
				combined[k].e->known_gen = 0;
			check_trace(&v[i]);
		}
		free_samples(v, n);
	}
	for (size_t i = 0; i < LEN(rows); i++) {
		if (!rows[i].others || !rows[i].hits)
			print_message("never both: %s\n", rows[i].text);
		rare |= !rows[i].others || !rows[i].hits;
		gt_expr_free(rows[i].e);
	}
	for (size_t i = 0; i < COMBINED; i++)
		gt_expr_free(combined[i].e);
	assert_false(rare);
	assert_true(blocks_ruled_out > 10000);
}

/* --- mistakes ---------------------------------------------------------------------------------------- */

static void
test_mistakes(void **state)
{
	static const struct {
		const char *text;
		size_t at, n;
		const char *says;
	} cases[] = {
		{ "", 0, 0, "a field, an event or ( is expected" },
		{ "  ", 2, 0, "a field, an event or ( is expected" },
		{ "g ==", 4, 0, "the number of a goroutine, or none is expected" },
		{ "g == ", 5, 0, "the number of a goroutine, or none is expected" },
		{ "g == GoBlock", 5, 7, "the number of a goroutine, or none is expected here" },
		{ "g == 4 4", 7, 1, "and, or, or the end is expected here" },
		{ "g == 4 and", 10, 0, "a field, an event or ( is expected" },
		{ "g == 4 & p", 7, 1, "this character means nothing here" },
		{ "(g == 4", 0, 1, "this ( is not closed" },
		{ "g == 4)", 6, 1, "there is no ( for this" },
		{ "typ == GoBlock", 0, 3, "there is no field \"typ\": did you mean type?" },
		{ "GoBlok", 0, 6, "there is no field or event \"GoBlok\": did you mean GoBlock?" },
		{ "type == GoBlok", 8, 6, "there is no event type \"GoBlok\": did you mean GoBlock?" },
		{ "GoBlcok", 0, 7, "there is no field or event \"GoBlcok\": did you mean GoBlock?" },
		{ "to == Wait", 6, 4, "there is no state \"Wait\"" },
		{ "Waiting", 0, 7, "this is a state: write from == Waiting or to == Waiting" },
		{ "42", 0, 2, "this says nothing by itself" },
		{ "\"net/http\"", 0, 10, "this says nothing by itself: compare a field with it, as in text ~ \"...\"" },
		{ "time > 5K", 7, 2, "a time has ns, us, ms, s, min or h behind it" },
		{ "time > 5q", 7, 2, "that unit is not known" },
		{ "time > 1.23456789012s", 7, 14, "this is no whole number" },
		{ "n == 1.5", 5, 3, "this is no whole number" },
		{ "n == 5ms", 5, 3, "there is no unit here" },
		{ "n == 99999999999999999999", 5, 20, "the number is too large" },
		{ "len > 20000000T", 6, 9, "the number is too large" },
		{ "type < GoBlock", 5, 1, "type has no order" },
		{ "g ~ \"4\"", 2, 1, "a regular expression is for texts and names, and g is the number of a goroutine" },
		{ "reason < \"a\"", 7, 1, "reason has no order" },
		{ "stack ~ none", 8, 4, "none is compared by == and !=" },
		{ "g < none", 4, 4, "none is compared by == and !=" },
		{ "stack ~ \"(\"", 10, 1, "in the regular expression: bad pattern" },
		{ "type ~ \"a(\"", 10, 1, "in the regular expression: bad pattern" },
		{ "stack ~ \"net", 8, 4, "the quote is not closed" },
		{ "g in (3, 9..5)", 9, 4, "this range is empty" },
		{ "to in (Running..Waiting)", 7, 16, "a range goes from a number to a number" },
		{ "g in (3 4)", 8, 1, "a comma or ) is expected here" },
		{ "g in (3", 7, 0, "a comma or ) is expected" },
		{ "g == p", 5, 1, "g and p can't be compared" },
		{ "3 == 4", 0, 6, "one side must be a field" },
		{ "foo == 4", 0, 3, "there is no field \"foo\"" },
		{ "g = = 4", 4, 1, "the number of a goroutine, or none is expected here" },
		{ "wall > \"yesterday\"", 7, 11, "a time such as \"2026-11-22T18:47:51.27Z\" is expected here" },
		{ "g == p4", 5, 2, "the number of a goroutine, or none is expected here" },
		{ "arg.nothing == 1", 0, 11, "there is no field \"arg.nothing\"" },
		{ "GoBlock == 1", 0, 7, "GoBlock is an event, no field: write type == GoBlock" },
		{ "StateTransition == 1", 0, 15, "StateTransition is a kind of events, no field: write kind == " },
		{ "Waiting == 1", 0, 7, "Waiting is a state, no field: write to == Waiting" },
		{ "time > 1.5 ms", 11, 2, "a number and its unit are written together: 1.5ms" },
		{ "len in (5 K, 4)", 10, 1, "a number and its unit are written together: 5K" },
		{ "n == 5,00", 6, 1, "commas part groups of three digits" },
		{ "n == 5000,000", 9, 1, "commas part groups of three digits" },
		{ "reason == sel*", 10, 4, "* and ? are for names of events" },
		{ "g == 1 And p", 7, 3, "and, or, or the end is expected here" },
		{ "in (3)", 0, 2, "a field, an event or ( is expected here" },
		{ "text == \"\\q\"", 9, 1, "" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct gt_expr_error err;

		if (gt_expr_new(cases[i].text, strlen(cases[i].text), &matcher, &err))
			fail_msg("case %zu: %s is let pass", i, cases[i].text);
		if (err.at != cases[i].at || err.n != cases[i].n || strncmp(err.text, cases[i].says, strlen(cases[i].says)) != 0)
			fail_msg("case %zu: %s: at %zu, %zu: %s", i, cases[i].text, err.at, err.n, err.text);
	}
}

/* What looks like an expression, and what may be any text. */
static void
test_meant(void **state)
{
	static const struct {
		const char *text;
		bool meant;
	} cases[] = {
		{ "g == 34 and reson == \"x\"", true }, { "reson == 3", true }, { "waited > 5ms &&", true },
		{ "func ~ \"main.main", true }, { "GoBlok && g", true }, { "GoBlock and", true }, { "GoBlock and reson", true },
		{ "GoBlok and g == 3", true }, { "wated > 5ms", true }, { "waited>x", true }, { "g in (3", true },
		{ "(g == 4", true }, { "g = x", true }, { "g in 3 4", true }, { "type == GoCrate && g.any == 4", true },
		{ "chan receive", false }, { "net/http", false }, { "GoStart g=9", false }, { "new_g=34 x=5", false },
		{ "Running -> Waiting", false }, { "chan<- x", false }, { "time and again", false }, { "waits in (x", false },
		{ "main.(*T).run", false }, { "GoBlok", false }, { "", false }, { "not there", false }, { "\"==\" x", false },
		{ "wait in 5 ms", false }, { "status=500 sent", false }, { "GoBlock", false }, { "g == 4", false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct gt_expr_error err;
		struct gt_expr *e = gt_expr_new(cases[i].text, strlen(cases[i].text), &matcher, &err);

		if (err.meant != cases[i].meant)
			fail_msg("%s: %s", cases[i].text, err.text);
		gt_expr_free(e);
	}
}

static void
test_limits(void **state)
{
	struct gt_expr_error err;
	char text[GT_EXPR_MAX + 2], *p = text;

	(void)state;
	memset(text, '(', sizeof(text));
	assert_null(gt_expr_new(text, 1000, &matcher, &err));
	assert_string_equal(err.text, "this is nested too deep");
	memset(text, '!', sizeof(text));
	assert_null(gt_expr_new(text, 1000, &matcher, &err));
	assert_string_equal(err.text, "this is nested too deep");
	assert_null(gt_expr_new(text, sizeof(text), &matcher, &err));
	assert_string_equal(err.text, "this is too long: 4096 bytes are the most");
	while (p + 8 < text + sizeof(text))
		p += sprintf(p, "g or ");
	strcpy(p, "g");
	gt_expr_free(parse(text));
	assert_null(gt_expr_new("stack ~ a", 9, NULL, &err));
	assert_string_equal(err.text, "there are no regular expressions here");
}

/* Numbers may be anything that 64 bits hold, with a sign or without. */
static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
		bool holds;
	} cases[] = {
		{ "heapalloc == 18446744073709551615", UINT64_MAX, true },
		{ "heapalloc > 18446744073709551614", UINT64_MAX, true },
		{ "heapalloc > 18446744073709551615", UINT64_MAX, false },
		{ "heapalloc >= -1", 0, true },
		{ "heapalloc < -1", 0, false },
		{ "heapalloc < 0", 0, false },
		{ "heapalloc > -9223372036854775808", 0, true },
		{ "heapalloc == 1.5K", 1536, true },
		{ "heapalloc == 0xfF", 255, true },
		{ "heapalloc == 1e3", 0, false },
		{ "heapalloc == 5,000", 5000, true },
		{ "heapalloc == 1,234,567K AND NOT len IN (3)", 1264196608, true },
		{ "heapalloc in (5,000)", 5000, false },
		{ "heapalloc in (5,000) OR heapalloc == 5,000", 5000, true },
		{ "heapalloc in 4,999..5,001", 5000, true },
		{ "heapalloc == -1,5", 0, false },
		{ "heapalloc in 5..18446744073709551615", 4, false },
		{ "heapalloc in 5..18446744073709551615", 5, true },
	};
	struct gt_expr_error err;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct gt_event ev = { .type = GT_EV_HeapAlloc, .arg = { cases[i].value } };
		struct gt_expr *e = gt_expr_new(cases[i].text, strlen(cases[i].text), &matcher, &err);

		if (e ? gt_expr_match(e, &ev, NULL, 0) != cases[i].holds : cases[i].holds)
			fail_msg("case %zu: %s", i, cases[i].text);
		gt_expr_free(e);
	}
}

/* Bytes that are not all there are none; many of them are all looked at. */
static void
test_bytes(void **state)
{
	struct sample_trace s;
	bool loaded = load_sample(&s, "testdata/traces", "cgo-callbacks.trace");
	size_t n = s.bytes.n;
	struct gt_error err;
	struct gt_trace *t = gt_open(s.bytes.p, n, &err);
	struct gt_reader *r = gt_reader_new(t, &s.model);
	const struct gt_event *ev;
	const struct {
		uint64_t off;
		uint32_t len;
		bool there;
	} cases[] = { { 0, 1, true }, { n - 1, 1, true }, { 0, (uint32_t)n, true }, { 0, (uint32_t)n + 1, false },
		{ n - 1, 2, false }, { n, 0, false }, { n, 1, false }, { UINT64_MAX, 2, false }, { 2, UINT32_MAX, false } };
	struct gt_expr *any = parse("bytes"), *first = parse("bytes ~ \"^67 6f 20 31\"");
	struct here h = { .t = t };

	(void)state;
	assert_true(loaded && gt_read(r, &ev) == GT_EVENT && ev->gen);
	for (size_t i = 0; i < LEN(cases); i++) {
		struct gt_event at = { .type = GT_EV_GoBlock, .gen = ev->gen, .off = cases[i].off, .len = cases[i].len };

		if (gt_expr_match(any, &at, NULL, 0) != cases[i].there)
			fail_msg("case %zu", i);
	}
	h.ev = &(struct gt_event){ .type = GT_EV_GoBlock, .gen = ev->gen, .len = 1300 }; /* what re_match takes */
	assert_true(gt_expr_match(first, h.ev, NULL, 0));
	assert_int_equal(first->hex.n, hex(&h).n);
	assert_memory_equal(first->hex.p, hex(&h).p, first->hex.n);
	gt_expr_free(any);
	gt_expr_free(first);
	gt_reader_free(r);
	gt_close(t);
	gt_buf_free(&s.bytes);
}

static void
test_needs(void **state)
{
	static const struct {
		const char *text;
		unsigned needs;
	} cases[] = { { "GoBlock", 0 }, { "g == 1", 0 }, { "g.after == 1", GT_EXPR_AFTER }, { "g.any == 1", GT_EXPR_AFTER },
		{ "delta > 1", GT_EXPR_BEFORE }, { "stack ~ a or delta < g_seq", GT_EXPR_STACK | GT_EXPR_BEFORE },
		{ "wall > \"2026-01-01T00:00:00Z\"", 0 } };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct gt_expr *e = parse(cases[i].text);

		if (gt_expr_needs(e) != cases[i].needs)
			fail_msg("%s: %u", cases[i].text, gt_expr_needs(e));
		gt_expr_free(e);
	}
}

/* Only what takes long is looked at last. */
static void
test_cheap_first(void **state)
{
	struct gt_expr *e = parse("stack ~ a && g == 4 && GoBlock");
	const struct node *root = &e->node[e->root];

	(void)state;
	assert_int_equal(root->kind, NODE_AND);
	assert_int_equal(e->node[root->a].kind, NODE_TYPES);
	assert_true(set_has(&root->yes, GT_EV_GoBlock) && !set_has(&root->yes, GT_EV_GoStart));
	gt_expr_free(e);
}

/* --- completion ------------------------------------------------------------------------------------------ */

struct words {
	char text[16384];
	size_t n;
};

static void
collect(void *arg, const char *word, const char *what)
{
	struct words *w = arg;

	assert_non_null(what);
	w->n += (size_t)snprintf(w->text + w->n, sizeof(w->text) - w->n, " %s ", word);
	assert_true(w->n < sizeof(w->text));
}

static void
test_completion(void **state)
{
	static const struct {
		const char *text;
		size_t from;
		enum gt_expr_values values;
		const char *has, *has_not; /* words */
	} cases[] = {
		{ "", 0, GT_VALUES_NONE, "type g.any GoBlock arg.new_g not (", "new_g and == Stack" },
		{ "GoCreateS", 0, GT_VALUES_NONE, "GoCreateSyscall", "GoCreate" },
		{ "gocreates", 0, GT_VALUES_NONE, "GoCreateSyscall", "GoCreate" },
		{ "type ", 5, GT_VALUES_NONE, "== != ~ in and or", "< GoBlock" },
		{ "type == GoSt", 8, GT_VALUES_NONE, "GoStart GoStop GoStatus", "type none" },
		{ "to == ", 6, GT_VALUES_NONE, "Waiting Running none", "GoBlock" },
		{ "g == 4 ", 7, GT_VALUES_NONE, "and or", "== g" },
		{ "g == 4 a", 7, GT_VALUES_NONE, "and", "or" },
		{ "g == 4 and ne", 11, GT_VALUES_NONE, "new_g new_stack", "g" },
		{ "g ", 2, GT_VALUES_NONE, "== < >= in and", "~" },
		{ "(g == ", 6, GT_VALUES_G, "none", "and" },
		{ "g in (3, ", 9, GT_VALUES_G, "none", "and" },
		{ "to in (Run", 7, GT_VALUES_NONE, "Running Runnable", "none" },
		{ "stack ~ ", 8, GT_VALUES_TEXTS, "", "GoBlock" },
		{ "stack ~ \"net/h", 8, GT_VALUES_TEXTS, "", "GoBlock" },
		{ "g == 4 and reason == \"sel", 21, GT_VALUES_TEXTS, "", "GoBlock" },
		{ "reason == sel", 10, GT_VALUES_TEXTS, "", "GoBlock" },
		{ "m.any == 1", 9, GT_VALUES_M, "", "none" },
		{ "P == p", 5, GT_VALUES_NONE, "", "none" },
		{ "typo ==  ", 9, GT_VALUES_NONE, "", "and or type" },
		{ "gstatus == W", 11, GT_VALUES_NONE, "Waiting", "Running" },
		{ "res == ", 7, GT_VALUES_NONE, "P G", "Waiting" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct words w = { .n = 0 };
		enum gt_expr_values values;
		size_t from = gt_expr_complete(cases[i].text, strlen(cases[i].text), &values, collect, &w);
		char list[200], word[64];

		if (from != cases[i].from || values != cases[i].values)
			fail_msg("\"%s\": from %zu, values %d", cases[i].text, from, (int)values);
		for (int has = 0; has < 2; has++) {
			snprintf(list, sizeof(list), "%s", has ? cases[i].has : cases[i].has_not);
			for (char *p = strtok(list, " "); p; p = strtok(NULL, " ")) {
				snprintf(word, sizeof(word), " %s ", p);
				if (!strstr(w.text, word) != !has)
					fail_msg("\"%s\" %s %s:%s", cases[i].text, has ? "lacks" : "offers", p, w.text);
			}
		}
	}
}

/* What is offered is right there: field by field, operator by operator. */
static void
test_fields(void **state)
{
	const char *name, *form, *what;

	(void)state;
	for (size_t i = 0; gt_expr_field(i, &name, &form, &what); i++) {
		char text[100];
		enum gt_expr_values values;
		struct words w = { .n = 0 };

		assert_true(*form && *what);
		gt_expr_free(parse(name));
		snprintf(text, sizeof(text), "%s == none and not %s", name, name);
		gt_expr_free(parse(text));
		snprintf(text, sizeof(text), "%s ", name);
		gt_expr_complete(text, strlen(text), &values, collect, &w);
		assert_non_null(strstr(w.text, " == "));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_meant),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_cheap_first),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
