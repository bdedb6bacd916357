/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * See delays.h. Stacks are kept as a tree, from the outermost frame on: what they have in common is there once, and each node is
 * the stack that ends there. Which node a stack of the generation is, is remembered for those used last.
 */
#include "delays.h"

#include <stdlib.h>
#include <string.h>

#include "fmt.h"
#include "idmap.h"

/* Between the functions of a stack. */
#define CALLER " < "

struct node {
	const char *func, *file;
	uint32_t func_n, file_n, line;
	uint32_t caller; /* its number; 0: it is the outermost */
};

/* A stack of a generation. */
struct recent {
	uint64_t gen, id; /* gen: offset of its first byte, plus one */
	uint32_t stack;
};
enum { RECENT = 1 << 13 };

/* The class of a reason: texts of a trace that are the same are mostly at the same place. */
struct known {
	struct gt_str reason;
	uint8_t kind; /* plus one */
};
enum { KNOWN = 64 };

struct delays {
	size_t room, used; /* bytes */
	bool is_short;
	struct node *node;
	struct delay *row;
	size_t nodes, node_cap, rows, row_cap;
	struct idmap node_at, row_at;
	struct recent *recent;
	struct gt_frame *frames;
	struct known known[KNOWN];
};

const char *
delay_kind_name(enum delay_kind k)
{
	static const char *const names[] = { "network", "blocking", "syscall", "scheduler" };

	return names[k];
}

static bool
fits(const struct delays *d, size_t more)
{
	return d->used <= d->room && more <= d->room - d->used;
}

/* Room for one more of a vector, if there is any: else it is as it was. must: wherever it is to come from. */
static void *
grow(struct delays *d, void *v, size_t n, size_t *cap, size_t size, bool must)
{
	size_t more = *cap < 16 ? 16 : *cap / 4;
	void *p = NULL;

	if (n == *cap && (must || fits(d, more * size)) && *cap + more < UINT32_MAX / 8)
		p = realloc(v, (*cap + more) * size);
	if (!p)
		return v;
	*cap += more;
	d->used += more * size;
	return p;
}

/* False: no memory, or no room for it. */
#define GROW(d, v, n, cap, must) ((v) = grow(d, v, n, &(cap), sizeof *(v), must), (n) < (cap))

static bool
put(struct delays *d, struct idmap *m, uint64_t key, uint32_t val, bool must)
{
	size_t more = idmap_more(m);

	if ((!must && !fits(d, more)) || !idmap_put(m, key, val))
		return false;
	d->used += more;
	return true;
}

/* --- stacks ---------------------------------------------------------------- */

static uint64_t
hash_node(const struct node *f)
{
	uint64_t h = idmap_text(f->func, f->func_n, IDMAP_TEXT);

	h = idmap_text((const char *)&f->line, sizeof f->line, h);
	h = idmap_text((const char *)&f->caller, sizeof f->caller, h);
	return idmap_text(f->file, f->file_n, h);
}

static bool
same_text(const char *a, uint32_t an, const char *b, uint32_t bn)
{
	return an == bn && (a == b || !an || !memcmp(a, b, an));
}

static bool
same_node(const struct node *a, const struct node *b)
{
	return a->caller == b->caller && a->line == b->line && same_text(a->func, a->func_n, b->func, b->func_n) &&
		same_text(a->file, a->file_n, b->file, b->file_n);
}

/* The number of a node, which is made where it is not there; DELAY_NO_ROOM. */
static uint32_t
node_of(struct delays *d, const struct node *f)
{
	uint64_t key = hash_node(f);
	uint32_t at;

	/* Two of one hash are unlikely, and possible. */
	for (; (at = idmap_get(&d->node_at, key)) != IDMAP_NONE; key++)
		if (same_node(&d->node[at], f))
			return at + 1;
	if (!GROW(d, d->node, d->nodes, d->node_cap, false) ||
		!put(d, &d->node_at, key, (uint32_t)d->nodes, false))
		return DELAY_NO_ROOM;
	d->node[d->nodes++] = *f;
	return (uint32_t)d->nodes;
}

static uint32_t
short_of(size_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static uint32_t
read_stack(struct delays *d, const struct gt_gen *gen, uint64_t id)
{
	int n = gt_gen_stack(gen, id, d->frames);
	uint32_t at = DELAY_NO_STACK;

	for (int i = n; i-- > 0 && at != DELAY_NO_ROOM;) {
		const struct gt_frame *f = &d->frames[i];

		at = node_of(d, &(struct node){ f->func.p, f->file.p, short_of(f->func.n), short_of(f->file.n), short_of(f->line), at });
	}
	return at;
}

/* Where there is no memory to remember stacks with, there is none for them. */
static bool
make_recent(struct delays *d)
{
	if (!d->recent)
		d->recent = calloc(RECENT, sizeof *d->recent);
	if (!d->frames)
		d->frames = malloc(GT_MAXFRAMES * sizeof *d->frames);
	return d->recent && d->frames;
}

static uint32_t
stack_of(struct delays *d, const struct gt_event *ev)
{
	uint64_t id = gt_event_stack(ev), gen, to;
	struct recent *r;

	if (!id || !ev->gen)
		return DELAY_NO_STACK;
	if (!make_recent(d))
		return DELAY_NO_ROOM;
	gt_gen_range(ev->gen, &gen, &to);
	r = &d->recent[id % RECENT];
	if (r->gen != gen + 1 || r->id != id)
		*r = (struct recent){ gen + 1, id, read_stack(d, ev->gen, id) };
	return r->stack;
}

uint32_t
delays_frame(const struct delays *d, uint32_t stack, uint32_t at, struct delay_frame *out)
{
	const struct node *f;

	at = !at ? stack : d->node[at - 1].caller;
	if (!at || at == DELAY_NO_ROOM)
		return 0;
	f = &d->node[at - 1];
	*out = (struct delay_frame){ { f->func, f->func_n }, { f->file, f->file_n }, f->line };
	return at;
}

/* Functions of these say how one waits, and not where. */
static bool
is_how(struct gt_str func)
{
	static const char *const packages[] = { "runtime.", "runtime/", "internal/", "sync.", "sync/", "syscall." };

	for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
		if (func.n >= strlen(packages[i]) && !memcmp(func.p, packages[i], strlen(packages[i])))
			return true;
	return false;
}

struct gt_str
delays_function(const struct delays *d, uint32_t stack)
{
	struct delay_frame f = { .line = 0 };

	for (uint32_t at = 0; (at = delays_frame(d, stack, at, &f));)
		if (f.func.n && !is_how(f.func))
			break;
	return f.func;
}

/* --- rows ------------------------------------------------------------------------ */

static char *
text_of(const struct delays *d, uint32_t stack, size_t *n)
{
	struct delay_frame f;
	char *text, *p;

	*n = 0;
	for (uint32_t at = 0; (at = delays_frame(d, stack, at, &f));)
		*n += f.func.n + (*n ? strlen(CALLER) : 0);
	text = p = malloc(*n + 1);
	for (uint32_t at = 0; text && (at = delays_frame(d, stack, at, &f));) {
		if (p > text)
			p = memcpy(p, CALLER, strlen(CALLER)), p += strlen(CALLER);
		if (f.func.n)
			memcpy(p, f.func.p, f.func.n);
		p += f.func.n;
	}
	return text;
}

/* Its row, which is made where there is room; for what has none, and for no stack, there always is. */
static struct delay *
row_of(struct delays *d, enum delay_kind kind, uint32_t stack)
{
	bool must = stack == DELAY_NO_STACK || stack == DELAY_NO_ROOM;
	uint64_t key = (uint64_t)stack * DELAY_KINDS + kind;
	uint32_t at = idmap_get(&d->row_at, key);
	struct delay row = { .kind = kind, .stack = stack };

	if (at != IDMAP_NONE)
		return &d->row[at];
	if (!GROW(d, d->row, d->rows, d->row_cap, must))
		return NULL;
	row.text = text_of(d, stack, &row.n);
	if (!row.text || (!must && !fits(d, row.n)) || !put(d, &d->row_at, key, (uint32_t)d->rows, must)) {
		free(row.text);
		return NULL;
	}
	d->used += row.n;
	d->row[d->rows] = row;
	return &d->row[d->rows++];
}

static void
add(struct delays *d, const struct delay_open *o, int64_t ns)
{
	struct delay *row = row_of(d, (enum delay_kind)(o->kind - 1), o->stack);

	if (!row)
		row = row_of(d, (enum delay_kind)(o->kind - 1), DELAY_NO_ROOM);
	if (!row)
		return;
	d->is_short |= row->stack == DELAY_NO_ROOM;
	if (!row->count || ns > row->most) {
		row->most = ns;
		row->longest = o->first;
	}
	row->count++;
	row->total = (int64_t)((uint64_t)row->total + (uint64_t)ns);
}

/* --- events ------------------------------------------------------------------------ */

static bool
contains(struct gt_str s, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= s.n; i++)
		if (!memcmp(s.p + i, part, n))
			return true;
	return false;
}

/* Plus one; 0: for none of them. */
static uint8_t
class_of(struct gt_str reason)
{
	if (reason.n == 7 && !memcmp(reason.p, "network", 7))
		return DELAY_NETWORK + 1;
	return contains(reason, "chan") || contains(reason, "sync") || contains(reason, "select") ? DELAY_BLOCKING + 1 : 0;
}

unsigned
delay_kind_of(unsigned to, struct gt_str reason)
{
	if (to != GT_PRES_Waiting)
		return to == GT_PRES_Syscall ? DELAY_SYSCALL + 1 : to == GT_PRES_Runnable ? DELAY_SCHEDULER + 1 : 0;
	return class_of(reason);
}

enum gt_pres
delay_state(enum delay_kind k)
{
	return k == DELAY_SYSCALL ? GT_PRES_Syscall : k == DELAY_SCHEDULER ? GT_PRES_Runnable : GT_PRES_Waiting;
}

/* The same, with what is known of reasons. */
static uint8_t
kind_of(struct delays *d, unsigned to, struct gt_str reason)
{
	struct known *k = &d->known[((uintptr_t)reason.p * 0x9e3779b97f4a7c15 >> 32) % KNOWN];

	if (to != GT_PRES_Waiting || !reason.n)
		return (uint8_t)delay_kind_of(to, reason);
	if (k->reason.p != reason.p || k->reason.n != reason.n)
		*k = (struct known){ reason, class_of(reason) };
	return k->kind;
}

void
delays_event(struct delays *d, struct delay_open *o, const struct gt_event *ev, struct gt_str reason)
{
	/* A status that is told again. */
	if (o->kind && delay_state((enum delay_kind)(o->kind - 1)) == ev->to)
		return;
	if (o->kind) {
		int64_t ns = fmt_minus(ev->time, o->since);

		add(d, o, ns > 0 ? ns : 0);
	}
	o->kind = kind_of(d, ev->to, reason);
	if (!o->kind)
		return;
	o->since = ev->time;
	o->first = ev->n;
	o->stack = stack_of(d, ev);
}

/* --- life ---------------------------------------------------------------------------- */

struct delays *
delays_new(size_t room)
{
	struct delays *d = calloc(1, sizeof *d);

	if (d)
		d->room = room;
	return d;
}

void
delays_clear(struct delays *d)
{
	for (size_t i = 0; i < d->rows; i++)
		free(d->row[i].text);
	free(d->row);
	free(d->node);
	free(d->recent);
	free(d->frames);
	idmap_free(&d->node_at);
	idmap_free(&d->row_at);
	*d = (struct delays){ .room = d->room };
}

void
delays_free(struct delays *d)
{
	if (d)
		delays_clear(d);
	free(d);
}

size_t
delays_count(const struct delays *d)
{
	return d->rows;
}

const struct delay *
delays_at(const struct delays *d, size_t i)
{
	return &d->row[i];
}

bool
delays_are_short(const struct delays *d)
{
	return d->is_short;
}
