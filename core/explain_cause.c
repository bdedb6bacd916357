/* SPDX-License-Identifier: MIT */
/*
 * The catalogue of what is known to go wrong: which of its rows fit a trace.
 */
#include "explain_in.h"
#include "reason.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

enum {
#define C(NAME, name, test, title, how, avoid, issues) CAUSE_##NAME,
#include "catalogue.def"
#undef C
	CAUSES
};

static const struct gt_cause causes[CAUSES] = {
#define C(NAME, name, test, title, how, avoid, issues) [CAUSE_##NAME] = { name, title, how, avoid, issues },
#include "catalogue.def"
#undef C
};

const struct gt_cause *
gt_cause_at(size_t i)
{
	return i < CAUSES ? &causes[i] : NULL;
}

/* What there is to judge by: a trace that was read, or a file that could not be opened. */
struct evidence {
	const struct gt_explain *x; /* NULL: a file */
	bool valid;
	enum gt_code code;
	const struct gt_error *err;
	const uint8_t *bytes;
	size_t n;
	/* Of a valid trace: */
	uint64_t region_ends, task_ends, open, ties, stackless;
	double drift; /* how far ticks and clock differ, as a factor; 0: not known */
};

static unsigned
version(const struct evidence *e)
{
	return e->x ? gt_version(e->x->t) : 0;
}

/* --- old formats ------------------------------------------------------------------------- */

static bool
fits_v1_stuck(const struct evidence *e)
{
	return e->code == GT_E_V1_STUCK || e->code == GT_E_V1_IMPOSSIBLE;
}

/* Before Go 1.15, which has the header of 1.11 still. */
static bool
fits_v1_inject(const struct evidence *e)
{
	return fits_v1_stuck(e) && version(e) <= 11;
}

/* Of Go 1.14. */
static bool
fits_v1_handoff(const struct evidence *e)
{
	return fits_v1_stuck(e) && version(e) == 11;
}

static bool
fits_v1_sysexit(const struct evidence *e)
{
	return e->code == GT_E_V1_SYS_EXIT || e->code == GT_E_V1_STRAY_EXIT;
}

static bool
fits_v1_start(const struct evidence *e)
{
	return e->code == GT_E_V1_START || e->code == GT_E_V1_UNPARK_WHAT;
}

static bool
fits_v1_time(const struct evidence *e)
{
	return e->code == GT_E_V1_TIME_ORDER;
}

/* --- the file -------------------------------------------------------------------------------- */

static uint8_t
byte_at(const struct evidence *e, int64_t off)
{
	return off >= 0 && (uint64_t)off < e->n ? e->bytes[off] : 0;
}

static bool
begins_trace(const struct evidence *e, int64_t off)
{
	return off >= 0 && (uint64_t)off + 16 <= e->n && memcmp(e->bytes + off, "go 1.", 5) == 0;
}

static bool
fits_concatenated(const struct evidence *e)
{
	return e->x && e->code != GT_OK && e->err->place.offset > 0 && begins_trace(e, e->err->place.offset);
}

/* How many printable characters there are in a row. */
static bool
is_text(const struct evidence *e, int64_t off)
{
	unsigned n = 0;

	for (; n < 4 && ((byte_at(e, off + n) >= 0x20 && byte_at(e, off + n) < 0x7f) || byte_at(e, off + n) == '\n'); n++)
		;
	return n >= 4 || (n > 0 && (uint64_t)off + n == e->n);
}

static bool
fits_text(const struct evidence *e)
{
	return e->x && e->code == GT_E_BATCH_BYTE && is_text(e, e->err->place.offset) && !fits_concatenated(e);
}

static bool
fits_damaged(const struct evidence *e)
{
	if (!e->x || gt_code_class(e->code) != GT_CLASS_FORMAT || fits_text(e) || fits_concatenated(e) || explain_cut_old(e->x))
		return false;
	return e->code != GT_E_GEN_INCOMPLETE && e->code != GT_E_BATCH_SHORT;
}

static bool
fits_truncated(const struct evidence *e)
{
	bool in_head = e->code == GT_E_BATCH_GEN || e->code == GT_E_BATCH_M || e->code == GT_E_BATCH_TIME || e->code == GT_E_BATCH_SIZE;

	return e->code == GT_E_GEN_INCOMPLETE || e->code == GT_E_BATCH_SHORT || e->code == GT_E_RAW_CUT ||
		(e->x && explain_cut_old(e->x)) || (in_head && e->err->why.str[0].n > 0 && strstr(e->err->text, "EOF"));
}

static bool
fits_broken_tail(const struct evidence *e)
{
	return e->code == GT_E_BATCH_SHORT || (e->x && e->code != GT_E_V1_NO_FREQ && explain_cut_old(e->x));
}

static bool
fits_no_stacks(const struct evidence *e)
{
	return e->code == GT_E_STACK_ID || e->code == GT_E_STACK_FUNC || e->code == GT_E_STACK_FILE;
}

static bool
fits_version(const struct evidence *e)
{
	return e->code == GT_E_VERSION;
}

static bool
fits_not_trace(const struct evidence *e)
{
	return e->code == GT_E_NOT_A_TRACE;
}

/* An end of a generation where the version has none, or none where it must have one. */
static bool
fits_wrong_header(const struct evidence *e)
{
	const struct gt_place *at = &e->err->place;

	if (!e->x)
		return false;
	if (e->code == GT_E_GEN_ZERO && version(e) < 26)
		return byte_at(e, at->offset) == GT_EV_EndOfGeneration;
	return (e->code == GT_E_NO_FREQ || e->code == GT_E_NO_CLOCK || e->code == GT_E_SYNC_EVENT || e->code == GT_E_EV_UNTIMED ||
		e->code == GT_E_GEN_MIXED || e->code == GT_E_V1_BATCH_ARGS) && e->x->nsuspect > 0 &&
		e->x->suspect[0].kind == GT_S_VERSION;
}

static bool
fits_read_ahead(const struct evidence *e)
{
	return e->x && e->x->pos > 1 && gt_code_class(e->code) == GT_CLASS_FORMAT && e->err->place.generation > 1 && version(e) >= 22;
}

/* --- the rules -------------------------------------------------------------------------------------- */

static bool
fits_status(const struct evidence *e)
{
	return e->code == GT_E_G_STATUS_CONFLICT || e->code == GT_E_P_STATUS_CONFLICT || e->code == GT_E_G_STATUS_LATE;
}

/* A goroutine in a syscall on a thread that is not there, with the small number of one of the runtime's own. */
static bool
fits_syscall_m(const struct evidence *e)
{
	if (!e->x || version(e) > 22 || gt_code_class(e->code) != GT_CLASS_NEVER)
		return e->code == GT_E_G_SYSCALL_THREAD || e->code == GT_E_G_SYSCALL_NO_M;
	for (size_t i = 0; i < e->x->doc.nev; i++) {
		const struct xevent *ev = &e->x->doc.ev[i];
		uint64_t arg[GT_MAXARGS + 1];
		bool there = false;

		if (ev->type != GT_EV_GoStatus || xdoc_args(&e->x->doc, ev, arg) < 4 || arg[3] != GT_G_SYSCALL || arg[2] > 1000)
			continue;
		for (size_t k = 0; k < e->x->doc.n && !there; k++)
			there = e->x->doc.b[k].b.m == (int64_t)arg[2];
		if (!there && e->x->doc.b[ev->batch].b.m > 1000)
			return true;
	}
	return e->code == GT_E_G_SYSCALL_THREAD || e->code == GT_E_G_SYSCALL_NO_M;
}

static bool
fits_region(const struct evidence *e)
{
	return e->code == GT_E_REGION_MISUSE || e->code == GT_E_V1_REGION;
}

/* Whether the M at fault has an event of the type before the fault. */
static bool
has_before(const struct gt_explain *x, uint8_t type)
{
	const struct xevent *ev = xdoc_find(&x->doc, x->err.place.batch, x->err.place.event);
	unsigned back = 0;

	for (; ev && back < 2000; ev = xdoc_prev(&x->doc, ev), back++)
		if (ev->type == type)
			return true;
	return false;
}

static bool
fits_cgo_p(const struct evidence *e)
{
	return e->x && (e->code == GT_E_NO_PROC || e->code == GT_E_HAS_PROC) && has_before(e->x, GT_EV_GoCreateSyscall);
}

static bool
fits_thread_reuse(const struct evidence *e)
{
	return e->x && (e->code == GT_E_STUCK || e->code == GT_E_STEAL_OTHER || e->code == GT_E_STEAL_SELF ||
		e->code == GT_E_P_STATUS_CONFLICT || e->code == GT_E_HAS_PROC || e->code == GT_E_NO_PROC) &&
		(has_before(e->x, GT_EV_GoDestroySyscall) || has_before(e->x, GT_EV_GoCreateSyscall));
}

/* A head that waits for a number of a P or goroutine that this generation has not told of. */
static bool
fits_seq_gen(const struct evidence *e)
{
	for (size_t i = 0; e->x && i < e->x->nhead; i++) {
		const struct gt_head *h = &e->x->head[i];

		if ((h->why.code == GT_E_W_G_SEQ || h->why.code == GT_E_W_P_SEQ) && h->ev.gen && h->why.arg[2] != gt_gen_number(h->ev.gen))
			return true;
	}
	return e->code == GT_E_P_SEQ && e->err->why.arg[1] != e->err->why.arg[3];
}

static bool
fits_event_lost(const struct evidence *e)
{
	return e->x && gt_code_class(e->code) == GT_CLASS_NEVER && version(e) >= 22 && !fits_region(e) && !fits_no_stacks(e);
}

/* --- odd, but valid -------------------------------------------------------------------------------------- */

static bool
fits_frequency(const struct evidence *e)
{
	return e->drift != 0 && (e->drift < 0.9 || e->drift > 1.1);
}

static bool
fits_region_before(const struct evidence *e)
{
	return e->region_ends > 0;
}

static bool
fits_open_edge(const struct evidence *e)
{
	return e->task_ends > 0 || e->open > 0;
}

static bool
fits_ties(const struct evidence *e)
{
	return e->ties > 0;
}

static bool
fits_stackless(const struct evidence *e)
{
	return e->stackless > 0;
}

static size_t
count_open(const struct gt_state *s)
{
	size_t n = gt_task_count(s);
	struct gt_region r;
	struct gt_g g;

	for (size_t i = 0; i < gt_g_count(s); i++)
		if (gt_g_at(s, i, &g))
			n += gt_regions(s, g.id, &r, 1);
	return n;
}

/* What is odd about a valid trace shows only with every change in hand. */
static bool
look_closely(struct evidence *e, struct gt_trace *t, const struct gt_model *model)
{
	struct gt_reader *r = gt_reader_new(t, model);
	const struct gt_event *ev;
	struct gt_clock first = { 0 }, now;
	int64_t clock = INT64_MIN, m = GT_NONE;
	bool has_clock = false;

	if (!r)
		return false;
	gt_reader_log(r, true);
	while (gt_read(r, &ev) == GT_EVENT) {
		size_t n;

		gt_reader_changes(r, &n);
		e->region_ends += ev->type == GT_EV_UserRegionEnd && n == 0 && gt_version(t) >= 22;
		e->task_ends += ev->type == GT_EV_UserTaskEnd && ev->str.p == NULL && gt_version(t) >= 22;
		e->ties += gt_event_kind(ev) == GT_K_StateTransition && ev->clock == clock && ev->m != m && ev->part == 0;
		e->stackless += (ev->type == GT_EV_GoBlock || ev->type == GT_EV_GoSyscallBegin) && ev->part == 0 && gt_event_stack(ev) == 0;
		if (gt_event_kind(ev) == GT_K_StateTransition) {
			clock = ev->clock;
			m = ev->m;
		}
		if (ev->type != GT_EV_SyncPoint || !ev->gen || !gt_gen_clock(ev->gen, &now))
			continue;
		if (!has_clock)
			first = now;
		else if (now.mono > first.mono)
			e->drift = (double)(now.trace - first.trace) / (double)(now.mono - first.mono);
		has_clock = true;
	}
	e->open = count_open(gt_reader_state(r));
	gt_reader_free(r);
	return true;
}

/* --- all of them --------------------------------------------------------------------------------------------- */

static size_t
list(const struct evidence *e, const struct gt_cause **out, size_t cap)
{
	size_t n = 0;

#define C(NAME, name, test, title, how, avoid, issues)                                                                 \
	if (n < cap && fits_##test(e))                                                                                 \
		out[n++] = &causes[CAUSE_##NAME];
#include "catalogue.def"
#undef C
	return n;
}

bool
explain_causes(struct gt_explain *x)
{
	struct evidence e = { .x = x, .valid = x->got != GT_BROKEN, .code = x->err.why.code, .err = &x->err, .bytes = x->t->bytes,
		.n = x->t->n };

	x->cause = calloc(CAUSES, sizeof(*x->cause));
	if (!x->cause || (e.valid && !look_closely(&e, x->t, &x->model)))
		return false;
	x->ncause = list(&e, x->cause, CAUSES);
	return true;
}

size_t
gt_causes_of_file(enum gt_code code, const void *bytes, size_t n, const struct gt_cause **out, size_t cap)
{
	struct gt_error err = { .why = { .code = code }, .text = "" };
	struct evidence e = { .code = code, .err = &err, .bytes = bytes, .n = n };

	return list(&e, out, cap);
}
