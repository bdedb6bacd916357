/* SPDX-License-Identifier: MIT */
/*
 * Strict checking: what a trace says that no Go runtime writes, although Go's reader lets it pass.
 *
 * Each check rests on a property of what the runtime writes, held against all good traces there are: it reports nothing
 * on them. Tables are looked at when a generation begins, what was used of them when it ends, events as they come.
 *
 * Not a check: stacks that nothing uses, or that are the same. The runtime enters a stack before its event, which may
 * come too late for the generation; and of two that it tells apart the table may show the same frames.
 */
#include "gotrace.h"

#include "cursor.h"
#include "gen.h"
#include "state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bounds, each some times beyond what was ever seen in a good trace. */
enum {
	ORDER_SLACK = 300000,      /* ns by which order and clock may disagree */
	ORDER_COUNT = 8,           /* how often in a generation */
	SNAPSHOT_SLACK = 50000000, /* ns by which clocks may drift apart between two generations */
	LINES = 1 << 20,
	MAX_PROCS = 1 << 16,
	SPREAD = 1 << 16, /* goroutine IDs beyond the highest known */
	MAX_REPORTS = 1000
};
#define WALL_SLACK 60e9 /* as SNAPSHOT_SLACK, of the wall clock, which people set */

struct gt_strict {
	const struct gt_trace *t;
	struct gt_raw_reader *raw; /* NULL: the file as it lies was looked at */
	gt_finding_fn *fn;
	void *arg;
	uint64_t reported;

	/* of the generation being read: */
	struct gt_gen *gen;
	uint8_t *string_used; /* by place in its table */
	int64_t end;          /* ns: no event lies behind; INT64_MAX: not known */
	int64_t latest;       /* clock of the latest event */
	uint64_t backwards;   /* how many were earlier than one before them */
	struct map ms;        /* Ms to places in m */
	struct writer {
		uint32_t batch; /* place in gt_gen.batch */
		int64_t last;   /* clock of its last event */
	} *m;
	size_t nm, cm;

	struct map pcs; /* of all generations: program counters to places in seen */
	struct seen {
		struct gt_str func, file;
		uint64_t line;
	} *seen;
	size_t nseen, cseen;
	struct map created; /* goroutines that GoCreate made */
	struct map busy;    /* goroutines with a range open: how many */
	struct map held;    /* Ms to places in m_of */
	struct holds {
		int64_t id[2]; /* the P and the G of an M, by BY_P and BY_G */
	} *m_of;
	size_t nm_of, cm_of;
	struct lives {
		struct map at; /* IDs to places in v */
		struct life {
			int64_t m;
			uint8_t state; /* enum gt_pres */
		} *v;
		size_t n, cap;
	} lives[2]; /* of Ps, of Gs */
	uint64_t syncs;
	bool lied; /* a batch about its size */
	int64_t highest_g;
	bool has_clock;
	struct gt_clock clock;
};

/* --- reports ---------------------------------------------------------------------- */

static const struct {
	const char *name, *wording, *means;
} rows[] = {
#define S(name, wording, means) { #name, wording, means },
#include "strict.def"
#undef S
};

enum strict_code {
#define S(name, wording, means) S_##name,
#include "strict.def"
#undef S
};

/* The wording with its numbers and its text; the text is quoted and cut. */
static void
say(char *buf, size_t cap, const char *w, uint64_t a, uint64_t b, struct gt_str s)
{
	size_t n = 0;

	for (; *w && n + 1 < cap; w++) {
		if (w[0] != '%') {
			buf[n++] = *w;
			continue;
		}
		w++;
		if (*w == 's')
			n += gt_quote(s, buf + n, cap - n < 80 ? cap - n : 80);
		else if (*w == 'r')
			n += (size_t)snprintf(buf + n, cap - n, "%s", s.p);
		else if (*w == 'x')
			n += (size_t)snprintf(buf + n, cap - n, "%" PRIx64, a);
		else
			n += (size_t)snprintf(buf + n, cap - n, "%" PRId64, (int64_t)(*w == '1' ? a : b));
		n = n < cap ? strlen(buf) : cap - 1;
	}
	buf[n] = '\0';
}

static void
report(struct gt_strict *st, enum strict_code code, struct gt_place place, uint64_t a, uint64_t b, struct gt_str s)
{
	struct gt_finding f = { .name = rows[code].name, .means = rows[code].means, .place = place };

	if (st->reported++ >= MAX_REPORTS)
		return;
	say(f.text, sizeof(f.text), rows[code].wording, a, b, s);
	st->fn(st->arg, &f);
}

static const struct gt_str nothing = { "", 0 };

static struct gt_place
in_gen(const struct gt_strict *st, int64_t batch, int64_t offset)
{
	return (struct gt_place){ (int64_t)st->gen->number, batch, -1, -1, offset };
}

static struct gt_place
at_event(const struct gt_strict *st, const struct gt_event *ev)
{
	return (struct gt_place){ st->gen ? (int64_t)st->gen->number : -1, ev->batch, ev->index, ev->m, (int64_t)ev->off };
}

static int64_t
offset_of(const struct gt_strict *st, struct gt_str s)
{
	return (int64_t)((const uint8_t *)s.p - st->t->bytes);
}

/* --- strings ---------------------------------------------------------------------------- */

/* Reasons of the runtime of stopping the world; those of goroutines are gt_wait_reason's. */
static const char *const stw_reasons[] = { "unknown", "GC mark termination", "GC sweep termination", "write heap dump",
	"goroutine profile", "goroutine profile cleanup", "all goroutines stack trace", "read mem stats", "AllThreadsSyscall",
	"GOMAXPROCS", "start trace", "stop trace", "CountPagesInUse (test)", "ReadMetricsSlow (test)",
	"ReadMemStatsSlow (test)", "PageCachePagesLeaked (test)", "ResetDebugLog (test)" };
static const char *const labels[] = { "Not worker", "GC (dedicated)", "GC (fractional)", "GC (idle)" };

static bool
is_one_of(struct gt_str s, const char *const *set, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(set[i]) == s.n && memcmp(set[i], s.p, s.n) == 0)
			return true;
	return false;
}
#define ONE_OF(s, set) is_one_of(s, set, sizeof(set) / sizeof((set)[0]))

static bool
is_wait(struct gt_str s)
{
	const char *wait;

	for (size_t i = 0; (wait = gt_wait_reason(i, NULL)) != NULL; i++)
		if (is_one_of(s, &wait, 1))
			return true;
	return false;
}

/* The runtime enters all of them into the table before anything else, whether used or not. */
static bool
is_reason(struct gt_str s)
{
	return is_wait(s) || ONE_OF(s, stw_reasons) || ONE_OF(s, labels);
}

static bool
ends_with(struct gt_str s, const char *end)
{
	size_t n = strlen(end);

	return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* Letters, digits and what stands in names of functions and paths of files. Other scripts are allowed: Go's names are. */
static bool
plain_name(struct gt_str s, const char *also)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
			continue;
		if (c == 0 || !strchr(also, c))
			return false;
	}
	return true;
}

/* Quoting leaves valid text alone: what it lengthens by more than the quotes is not. */
static bool
is_text(struct gt_str s)
{
	return gt_quote(s, NULL, 0) == s.n + 2;
}

static bool
is_function(struct gt_str s)
{
	return s.n == 0 || (is_text(s) && plain_name(s, "_./()*[]{}-~@+,; $:<>%&!#^|="));
}

static bool
is_file(struct gt_str s)
{
	static const char *const ends[] = { ".go", ".s", ".c", ".S", ".cc", ".cpp", ".h", "<autogenerated>", "_cgo_export.c",
		"##", ".y", ".rl", ".m" };

	if (s.n == 0)
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(s, ends[i]))
			return is_text(s) && plain_name(s, "_./-~@+,: ()=!$%<>\\[]#");
	return false;
}

/* --- frames -------------------------------------------------------------------------------- */

/* What comes before the last slash; empty where there is none. */
static struct gt_str
folder(struct gt_str file)
{
	while (file.n > 0 && file.p[file.n - 1] != '/')
		file.n--;
	if (file.n > 0)
		file.n--;
	return file;
}

/* The package of a function: what comes before the first dot behind the last slash that is not inside brackets. */
static struct gt_str
package(struct gt_str func)
{
	size_t slash = 0, i;

	for (i = 0; i < func.n && func.p[i] != '[' && func.p[i] != '('; i++)
		if (func.p[i] == '/')
			slash = i;
	for (i = slash; i < func.n && func.p[i] != '.'; i++)
		;
	return (struct gt_str){ func.p, i < func.n ? i : 0 };
}

static bool
same(struct gt_str a, struct gt_str b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static bool
is(struct gt_str s, const char *word)
{
	return s.n == strlen(word) && memcmp(s.p, word, s.n) == 0;
}

/* The folder of the standard library, as the file of some function of package runtime has it; empty: not found. */
static struct gt_str
library(const struct gt_gen *g)
{
	for (size_t i = 0; i < g->nframe; i++) {
		struct gt_str func, file;

		gt_gen_string(g, g->frame[i].func, &func);
		gt_gen_string(g, g->frame[i].file, &file);
		file = folder(file);
		if (is(package(func), "runtime") && ends_with(file, "/src/runtime"))
			return (struct gt_str){ file.p, file.n - 7 };
	}
	return nothing;
}

/*
 * In the standard library a function's package is its file's folder. What package runtime (and its internals) provides
 * for others is named for those.
 */
static bool
fits_folder(struct gt_str func, struct gt_str file, struct gt_str lib)
{
	struct gt_str dir = folder(file), pkg = package(func);

	if (lib.n == 0 || dir.n <= lib.n || memcmp(dir.p, lib.p, lib.n) != 0)
		return !is(pkg, "runtime") || lib.n == 0;
	dir.p += lib.n;
	dir.n -= lib.n;
	if (dir.n >= 7 && memcmp(dir.p, "runtime", 7) == 0)
		return true;
	if (dir.n >= 8 && memcmp(dir.p, "internal", 8) == 0)
		return true;
	return same(dir, pkg) || pkg.n == 0 || (dir.n > 7 && memcmp(dir.p, "vendor/", 7) == 0);
}

static void
compare_frame(struct gt_strict *st, const struct frame *f, struct gt_str func, struct gt_str file)
{
	uint32_t at = map_get(&st->pcs, f->pc);
	const struct seen *was;

	if (at == MAP_NONE) {
		if (GROW(st->seen, st->nseen, st->cseen) && map_add(&st->pcs, f->pc, (uint32_t)st->nseen))
			st->seen[st->nseen++] = (struct seen){ func, file, f->line };
		return;
	}
	was = &st->seen[at];
	if (!same(was->func, func) || !same(was->file, file) || was->line != f->line)
		report(st, S_FRAME_OTHER, in_gen(st, -1, -1), f->pc, 0, func);
}

static void
check_frames(struct gt_strict *st)
{
	const struct gt_gen *g = st->gen;
	struct gt_str lib = library(g);

	for (size_t i = 0; i < g->nframe; i++) {
		const struct frame *f = &g->frame[i];
		struct gt_str func, file;

		gt_gen_string(g, f->func, &func);
		gt_gen_string(g, f->file, &file);
		if (!is_function(func))
			report(st, S_STRING_TEXT, in_gen(st, -1, offset_of(st, func)), f->func, 0, func);
		if (!is_file(file))
			report(st, S_STRING_TEXT, in_gen(st, -1, offset_of(st, file)), f->file, 0, file);
		if (f->line > LINES)
			report(st, S_FRAME_LINE, in_gen(st, -1, -1), f->line, 0, file);
		if (!fits_folder(func, file, lib))
			report(st, S_FRAME_FILE, in_gen(st, -1, offset_of(st, func)), f->pc, 0, func);
		compare_frame(st, f, func, file);
	}
}

static bool
is_empty(const struct frame *f)
{
	return f->pc == 0 || f->func == 0 || f->file == 0 || f->line == 0;
}

static void
check_stacks(struct gt_strict *st)
{
	const struct gt_gen *g = st->gen;

	for (size_t i = 0; i < g->nstack; i++)
		for (uint32_t k = 1; k < g->stack[i].n; k++)
			if (is_empty(&g->frame[g->pc[g->stack[i].first + k]])) {
				report(st, S_FRAME_EMPTY, in_gen(st, -1, -1), g->stack_id[i], 0, nothing);
				break;
			}
}

static void
use_string(struct gt_strict *st, uint64_t id)
{
	uint32_t at = id ? idtab_get(&st->gen->string_ids, id) : MAP_NONE;

	if (at != MAP_NONE && st->string_used)
		st->string_used[at] = 1;
}

static uint64_t
hash_text(struct gt_str s)
{
	uint64_t h = s.n;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Names of functions and files; what the program itself wrote, in logs and regions, is written each time. */
static void
check_strings(struct gt_strict *st)
{
	const struct gt_gen *g = st->gen;
	struct map known = { 0 };

	for (size_t i = 0; i < g->nframe; i++) {
		use_string(st, g->frame[i].func);
		use_string(st, g->frame[i].file);
	}
	for (size_t i = 0; i < g->nstring; i++) {
		uint64_t h = hash_text(g->string[i]);
		uint32_t old = st->string_used && st->string_used[i] ? map_get(&known, h) : MAP_NONE;

		if (!st->string_used || !st->string_used[i])
			continue;

		if (old == MAP_NONE)
			map_add(&known, h, (uint32_t)i);
		else if (same(g->string[old], g->string[i]))
			report(st, S_STRING_TWICE, in_gen(st, -1, offset_of(st, g->string[i])), i + 1, old + 1, g->string[i]);
	}
	map_free(&known);
}

/* --- bytes ------------------------------------------------------------------------------------ */

/* Numbers in the bytes from p to end that are longer than they need be: a last group of zero. */
static void
check_form(struct gt_strict *st, const struct batch *b, const uint8_t *p, const uint8_t *end, unsigned n, int64_t event)
{
	for (; n > 0 && p < end; n--) {
		const uint8_t *from = p;
		uint64_t v;

		if (varint(&p, end, &v) != VARINT_OK)
			return;
		if (p - from > 1 && p[-1] == 0) {
			struct gt_place at = in_gen(st, b->index, from - st->t->bytes);
			uint64_t need = 1;

			for (; v >= 0x80; v >>= 7)
				need++;
			at.event = event;
			at.m = b->m;
			report(st, S_NUMBER_FORM, at, (uint64_t)(p - from), need, nothing);
		}
	}
}

/* The form of the header but for its last number, the size: room for that is left before it is known. */
static void
check_header(struct gt_strict *st, const struct batch *b)
{
	check_form(st, b, st->t->bytes + b->off + 1 + (b->exp != 0), st->t->bytes + b->data, 3, -1);
}

/* Tables are gone through once more, as numbers: strings are skipped, frames counted. */
static void
check_table_form(struct gt_strict *st, const struct batch *b)
{
	const uint8_t *p = st->t->bytes + b->data + 1, *end = p + b->size - 1;
	bool strings = b->head == GT_EV_Strings, stacks = b->head == GT_EV_Stacks;

	for (int64_t entry = 0; p < end; entry++) {
		const uint8_t *q = p + 1;
		uint64_t id, n = 0;

		if (varint(&q, end, &id) != VARINT_OK || ((strings || stacks) && varint(&q, end, &n) != VARINT_OK))
			return;
		check_form(st, b, p + 1, end, stacks ? 2 + 4 * (unsigned)n : strings ? 2 : 5, entry);
		if (strings) {
			p = q + n;
			continue;
		}
		q = p + 1;
		for (uint64_t i = stacks ? 2 + 4 * n : 5; i > 0; i--)
			if (varint(&q, end, &id) != VARINT_OK)
				return;
		p = q;
	}
}

static void
check_batch(struct gt_strict *st, const struct batch *b)
{
	int64_t at = ticks_ns(st->gen->tick, b->time);

	check_header(st, b);
	if (b->exp != 0 || b->size == 0)
		return;
	if (b->head == GT_EV_Strings || b->head == GT_EV_Stacks || b->head == GT_EV_CPUSamples)
		check_table_form(st, b);
	/* Stacks and strings are written when all Ms have handed in what they had. */
	if ((b->head == GT_EV_Strings || b->head == GT_EV_Stacks) && (st->end == INT64_MAX || at > st->end))
		st->end = at;
}

static void
check_batches(struct gt_strict *st)
{
	const struct gt_gen *g = st->gen;
	uint64_t off = g->from;
	struct gt_error err;
	struct batch b;

	/* Indices count from the first batch of the generation here; the place is made right by its offset. */
	for (uint32_t i = g->nbatch ? g->batch[0].index : 0; off < g->to; i++) {
		if (batch_read(st->t, off, i, &b, &err) != BATCH_OK)
			return;
		off = b.ends ? b.data : batch_end(&b);
		if (!b.ends)
			check_batch(st, &b);
	}
}

/* --- a generation ------------------------------------------------------------------------------- */

static double
distance(double a, double b)
{
	return a < b ? b - a : a - b;
}

static void
check_clock(struct gt_strict *st)
{
	struct gt_clock now;
	double trace, mono, wall; /* since then, ns: whatever the numbers are, these can be compared */
	const struct gt_clock *was = &st->clock;

	if (!gt_gen_clock(st->gen, &now))
		return;
	if (now.mono == 0 || now.trace == 0 || now.nsec < 0 || now.nsec >= 1000000000 || now.sec <= 0)
		report(st, S_CLOCK, in_gen(st, -1, (int64_t)st->gen->from), 0, 0, cause("a value is impossible"));
	if (st->has_clock) {
		trace = (double)now.trace - (double)was->trace;
		mono = (double)now.mono - (double)was->mono;
		wall = ((double)now.sec - (double)was->sec) * 1e9 + (double)now.nsec - (double)was->nsec;
		if (trace <= 0 || mono <= 0)
			report(st, S_CLOCK, in_gen(st, -1, (int64_t)st->gen->from), 0, 0, cause("it runs backwards"));
		else if (distance(trace, mono) > SNAPSHOT_SLACK || distance(wall, mono) > WALL_SLACK)
			report(st, S_CLOCK, in_gen(st, -1, (int64_t)st->gen->from), 0, 0, cause("clocks drift apart"));
	}
	st->clock = now;
	st->has_clock = true;
}

static void
begin_gen(struct gt_strict *st, struct gt_gen *g)
{
	st->gen = gt_gen_ref(g);
	st->string_used = calloc(1, g->nstring + 1);
	st->end = INT64_MAX;
	st->latest = INT64_MIN;
	st->backwards = 0;
	st->nm = 0;
	map_free(&st->ms);
	check_clock(st);
	check_strings(st);
	check_frames(st);
	check_stacks(st);
	check_batches(st);
}

static void
check_used(struct gt_strict *st)
{
	const struct gt_gen *g = st->gen;

	for (size_t i = 0; i < g->nstring && st->string_used; i++)
		if (!st->string_used[i] && !is_reason(g->string[i]))
			report(st, S_STRING_UNUSED, in_gen(st, -1, offset_of(st, g->string[i])), i + 1, 0, g->string[i]);
}

/* Every goroutine that lives is named once in every generation. */
static void
check_silent(struct gt_strict *st, const struct gt_state *s)
{
	for (size_t i = 0; i < s->ng; i++)
		if (s->g[i].live && s->g[i].gen != st->gen->number)
			report(st, S_G_SILENT, in_gen(st, -1, -1), (uint64_t)s->g[i].id, 0, nothing);
}

static void
end_gen(struct gt_strict *st, const struct gt_state *s, bool last)
{
	uint64_t from, to = st->t->first;

	if (st->gen)
		gt_gen_range(st->gen, &from, &to);
	if (last && st->syncs == 1)
		report(st, S_EMPTY, (struct gt_place){ -1, -1, -1, -1, (int64_t)to }, 0, 0, nothing);
	else if (last && to < st->t->n)
		report(st, S_TAIL, (struct gt_place){ -1, -1, -1, -1, (int64_t)to }, st->t->n - to, 0, nothing);
	if (!st->gen)
		return;
	check_used(st);
	/* When tracing stops, or the program is killed, there is no time for it. */
	if (!last)
		check_silent(st, s);
	gt_gen_unref(st->gen);
	free(st->string_used);
	st->gen = NULL;
	st->string_used = NULL;
}

/* --- events ----------------------------------------------------------------------------------------- */

static void
check_time(struct gt_strict *st, const struct gt_event *ev)
{
	/* Times may lie further apart than a signed number reaches. */
	uint64_t late = (uint64_t)ev->clock - (uint64_t)st->end, back = (uint64_t)st->latest - (uint64_t)ev->clock;

	if (ev->clock > st->end)
		report(st, S_TIME_LATE, at_event(st, ev), late, 0, nothing);
	if (ev->clock < st->latest) {
		st->backwards++;
		if (back > ORDER_SLACK || st->backwards == ORDER_COUNT)
			report(st, S_TIME_ORDER, at_event(st, ev), back, 0, nothing);
	} else {
		st->latest = ev->clock;
	}
}

/* Its M's batch before the one of ev must have ended when that began. */
static void
check_batch_order(struct gt_strict *st, const struct gt_event *ev)
{
	const struct gt_gen *g = st->gen;
	uint32_t chain = map_get(&g->chains, (uint64_t)ev->m), at = map_get(&st->ms, (uint64_t)ev->m);
	struct writer *w;

	if (at == MAP_NONE && chain != MAP_NONE && GROW(st->m, st->nm, st->cm) &&
		map_add(&st->ms, (uint64_t)ev->m, (uint32_t)st->nm)) {
		at = (uint32_t)st->nm++;
		st->m[at] = (struct writer){ g->chain[chain].first, INT64_MIN };
	}
	if (at == MAP_NONE)
		return;
	w = &st->m[at];
	while (g->batch[w->batch].index != ev->batch) {
		w->batch = g->batch[w->batch].next;
		if (w->batch == MAP_NONE) {
			/* The event is shown on another M than the one that wrote it. */
			w->batch = g->chain[chain].first;
			return;
		}
		if (g->batch[w->batch].index == ev->batch && ticks_ns(g->tick, g->batch[w->batch].time) < w->last)
			report(st, S_BATCH_BACK, at_event(st, ev), (uint64_t)ev->m, 0, nothing);
	}
	w->last = ev->clock;
}

static void
check_ranges(struct gt_strict *st, const struct gt_event *ev)
{
	struct gt_range r;
	uint32_t open;
	int64_t id = ev->g;

	if (gt_event_range(ev, &r) && r.scope == GT_G) {
		open = map_get(&st->busy, (uint64_t)r.id);
		if (open != MAP_NONE)
			map_del(&st->busy, (uint64_t)r.id);
		open = open == MAP_NONE ? 0 : open;
		open = gt_event_kind(ev) == GT_K_RangeBegin ? open + 1 : open > 0 ? open - 1 : 0;
		if (open > 0)
			map_add(&st->busy, (uint64_t)r.id, open);
	}
	if (gt_event_subject(ev, &id) == GT_G && ev->to == GT_PRES_NotExist && map_get(&st->busy, (uint64_t)id) != MAP_NONE) {
		report(st, S_G_RANGE, at_event(st, ev), (uint64_t)id, 0, nothing);
		map_del(&st->busy, (uint64_t)id);
	}
}

/* --- states and contexts ---------------------------------------------------------------------------- */

enum { BY_P, BY_G };
static const struct gt_str letter[2] = { { "P", 1 }, { "G", 1 } };

/* What is known of the life of a P or G; made where nothing is. NULL: no memory. */
static struct life *
life_of(struct gt_strict *st, unsigned by, int64_t id)
{
	struct lives *l = &st->lives[by];
	uint32_t at = map_get(&l->at, (uint64_t)id);

	if (at == MAP_NONE) {
		at = (uint32_t)l->n;
		if (!GROW(l->v, l->n, l->cap) || !map_add(&l->at, (uint64_t)id, at))
			return NULL;
		l->v[l->n++] = (struct life){ GT_NONE, GT_PRES_Undetermined };
	}
	return &l->v[at];
}

static struct holds *
held_by(struct gt_strict *st, int64_t m)
{
	uint32_t at = map_get(&st->held, (uint64_t)m);

	if (at == MAP_NONE) {
		at = (uint32_t)st->nm_of;
		if (!GROW(st->m_of, st->nm_of, st->cm_of) || !map_add(&st->held, (uint64_t)m, at))
			return NULL;
		st->m_of[st->nm_of++] = (struct holds){ { GT_NONE, GT_NONE } };
	}
	return &st->m_of[at];
}

static bool
runs(unsigned state)
{
	return state == GT_PRES_Running || state == GT_PRES_Syscall;
}

/* It is on an M from now on, or on none. */
static void
check_context(struct gt_strict *st, const struct gt_event *ev, unsigned by, int64_t id, struct life *life)
{
	struct holds *h = life->m == GT_NONE ? NULL : held_by(st, life->m);

	if (h && h->id[by] == id && (!runs(ev->to) || life->m != ev->m))
		h->id[by] = GT_NONE;
	life->m = runs(ev->to) ? ev->m : GT_NONE;
	if (!runs(ev->to))
		return;
	if (ev->m == GT_NONE) {
		report(st, S_THREAD, at_event(st, ev), (uint64_t)id, 0, letter[by]);
		return;
	}
	h = held_by(st, ev->m);
	if (h && h->id[by] != GT_NONE && h->id[by] != id)
		report(st, S_OTHER, at_event(st, ev), (uint64_t)id, (uint64_t)ev->m, letter[by]);
	if (h)
		h->id[by] = id;
}

/* Each transition begins where the one before it led, and what it leads to can be. */
static void
check_transition(struct gt_strict *st, const struct gt_event *ev)
{
	struct life *life;
	unsigned by;
	int64_t id;

	if (gt_event_kind(ev) != GT_K_StateTransition)
		return;
	by = gt_event_subject(ev, &id) == GT_G ? BY_G : BY_P;
	life = life_of(st, by, id);
	if (!life)
		return;
	if (ev->from == GT_PRES_Undetermined && st->syncs > 1 && life->state == GT_PRES_Undetermined)
		report(st, S_LATE, at_event(st, ev), (uint64_t)id, 0, letter[by]);
	else if (ev->from != life->state && !(life->state == GT_PRES_Undetermined && ev->from == GT_PRES_NotExist))
		report(st, S_STATE, at_event(st, ev), (uint64_t)id, 0, letter[by]);
	if (ev->to == GT_PRES_Undetermined || ev->to == GT_PRES_Bad)
		report(st, S_NO_STATE, at_event(st, ev), (uint64_t)id, 0, letter[by]);
	check_context(st, ev, by, id, life);
	life->state = ev->to;
}

static void
check_reason(struct gt_strict *st, const struct gt_event *ev)
{
	struct gt_str s = gt_event_string(ev, 0);
	bool ok = true;

	if (ev->type == GT_EV_GoStop || ev->type == GT_EV_GoBlock)
		ok = s.n == 0 || is_wait(s);
	else if (ev->type == GT_EV_STWBegin)
		ok = ONE_OF(s, stw_reasons);
	else if (ev->type == GT_EV_GoLabel)
		ok = ONE_OF(s, labels);
	if (!ok && ev->part == 0)
		report(st, S_REASON, at_event(st, ev), ev->arg[0], 0, s);
}

static void
check_g(struct gt_strict *st, const struct gt_event *ev, int64_t id, bool is_new)
{
	if (is_new && map_get(&st->created, (uint64_t)id) != MAP_NONE)
		report(st, S_G_AGAIN, at_event(st, ev), (uint64_t)id, 0, nothing);
	else if (is_new)
		map_add(&st->created, (uint64_t)id, 0);
	if (id <= 0 || (st->highest_g > 0 && id - SPREAD > st->highest_g))
		report(st, S_G_FAR, at_event(st, ev), (uint64_t)id, 0, nothing);
	else if (id > st->highest_g)
		st->highest_g = id;
}

static void
check_p(struct gt_strict *st, const struct gt_event *ev, int64_t id)
{
	if (id < 0 || id >= MAX_PROCS)
		report(st, S_P_FAR, at_event(st, ev), (uint64_t)id, 0, nothing);
}

static void
check_values(struct gt_strict *st, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	uint64_t v = ev->arg[0];
	bool ok = true;

	switch (ev->type) {
	case GT_EV_ProcsChange:
		ok = v > 0 && v <= MAX_PROCS;
		break;
	case GT_EV_HeapAlloc:
	case GT_EV_HeapGoal:
		ok = v < UINT64_C(1) << 47 || (ev->type == GT_EV_HeapGoal && v >= UINT64_MAX / 2);
		break;
	case GT_EV_UserTaskBegin:
		ok = v != 0 && v != GT_NO_TASK;
		if (ok && ev->arg[1] >= v)
			report(st, S_TASK, at_event(st, ev), v, ev->arg[1], nothing);
		break;
	case GT_EV_GCSweepEnd:
		ok = ev->arg[1] <= v;
		v = ev->arg[1];
		break;
	default:
		break;
	}
	if (!ok)
		report(st, S_VALUE, at_event(st, ev), v, 0, cause(spec->name));
}

static void
check_arguments(struct gt_strict *st, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);
	bool creates = ev->type == GT_EV_GoCreate || ev->type == GT_EV_GoCreateBlocked;

	for (unsigned i = 0; i < spec->nargs && ev->part == 0; i++)
		switch (spec->arg[i].type) {
		case GT_ARG_STRING:
			use_string(st, ev->arg[i]);
			break;
		case GT_ARG_G:
			check_g(st, ev, (int64_t)ev->arg[i], creates);
			break;
		case GT_ARG_P:
			check_p(st, ev, (int64_t)ev->arg[i]);
			break;
		default:
			break;
		}
}

/* The numbers of the event in the file; batches are read for tables only when a generation begins. */
static void
check_event_form(struct gt_strict *st, const struct gt_event *ev)
{
	const uint8_t *p = st->t->bytes + ev->off + 1;
	struct batch b = { .index = ev->batch, .m = ev->m };

	if (ev->len > 0 && ev->part == 0)
		check_form(st, &b, p, p + ev->len - 1, UINT32_MAX, ev->index);
}

void
gt_strict_event(struct gt_strict *st, const struct gt_event *ev, const struct gt_state *after)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	if (st->t->version < 22)
		return;
	if (ev->type == GT_EV_SyncPoint) {
		st->syncs++;
		end_gen(st, after, !ev->gen);
		if (ev->gen)
			begin_gen(st, ev->gen);
		return;
	}
	if (ev->type == GT_EV_CPUSample)
		return;
	if (spec->since > st->t->version)
		report(st, S_VERSION, at_event(st, ev), 0, 0, cause(spec->name));
	check_arguments(st, ev);
	check_reason(st, ev);
	check_values(st, ev);
	check_event_form(st, ev);
	check_ranges(st, ev);
	check_transition(st, ev);
	if (ev->part == 0) {
		check_time(st, ev);
		check_batch_order(st, ev);
	}
}

/* Behind the first one the events may be out of step. */
static void
first_lie(void *arg, const struct gt_lie *lie)
{
	struct gt_strict *st = arg;

	if (!st->lied)
		report(st, S_BATCH_SIZE, lie->place, lie->declared, lie->real, nothing);
	st->lied = true;
}

/* Events that lie one behind the other: none is cut off, and each batch is as long as it says. */
bool
gt_strict_file(struct gt_strict *st, uint64_t events)
{
	const struct gt_error *err;

	if (!st->raw)
		return false;
	if (gt_raw_lies(st->raw, events, first_lie, st) == GT_EVENT)
		return true;
	err = gt_raw_error(st->raw);
	/* An event of a later version has a finding of its own. */
	if (err && !st->lied && gt_spec(err->why.type)->since <= st->t->version)
		report(st, S_NO_EVENT, err->place, 0, 0, cause(err->text));
	gt_raw_free(st->raw);
	st->raw = NULL;
	return false;
}

struct gt_strict *
gt_strict_new(const struct gt_trace *t, gt_finding_fn *fn, void *arg)
{
	struct gt_strict *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	*st = (struct gt_strict){ .t = t, .fn = fn, .arg = arg, .raw = t->version < 22 ? NULL : gt_raw_new(t) };
	if (st->raw || t->version < 22)
		return st;
	free(st);
	return NULL;
}

uint64_t
gt_strict_free(struct gt_strict *st)
{
	uint64_t n = st ? st->reported : 0;

	if (!st)
		return 0;
	gt_raw_free(st->raw);
	gt_gen_unref(st->gen);
	free(st->string_used);
	free(st->seen);
	map_free(&st->pcs);
	free(st->m);
	map_free(&st->created);
	map_free(&st->busy);
	map_free(&st->ms);
	for (unsigned by = 0; by < 2; by++) {
		map_free(&st->lives[by].at);
		free(st->lives[by].v);
	}
	map_free(&st->held);
	free(st->m_of);
	free(st);
	return n;
}
