/* SPDX-License-Identifier: MIT */
/*
 * Expressions held against events, and against what is known of a stretch of them.
 */
#include "buf.h"
#include "expr.h"

#include <string.h>

/* An event in its place. */
struct at {
	struct gt_expr *e;
	const struct gt_event *ev;
	const struct gt_state *after;
	int64_t before;
};

/* --- numbers ----------------------------------------------------------------- */

/* The most values a field has: context before and after, subject, arguments. */
enum { NUMBERS = 8 };

struct numbers {
	struct num v[NUMBERS];
	unsigned n;
};

static void
put(struct numbers *out, struct num v)
{
	if (out->n < NUMBERS)
		out->v[out->n++] = v;
}

static void
put_id(struct numbers *out, int64_t id)
{
	if (id != GT_NONE)
		put(out, num_i(id));
}

/* Of events made of another one, only the proc or goroutine they are about is in the file: see fmt_args. */
static bool
arg_is_real(const struct gt_event *ev, unsigned i)
{
	enum gt_argtype type = gt_spec(ev->type)->arg[i].type;

	return !ev->part || (i == 0 && (type == GT_ARG_P || type == GT_ARG_G));
}

static void
put_arg(struct numbers *out, const struct gt_event *ev, unsigned i)
{
	uint64_t v = ev->arg[i];

	if (!arg_is_real(ev, i))
		return;
	switch (gt_spec(ev->type)->arg[i].type) {
	case GT_ARG_M:
	case GT_ARG_P:
	case GT_ARG_G:
		put_id(out, (int64_t)v);
		break;
	case GT_ARG_TASK:
		if (v != GT_NO_TASK)
			put(out, num_u(v));
		break;
	default:
		put(out, num_u(v));
	}
}

static enum gt_argtype
arg_of_res(enum gt_res res)
{
	return res == GT_M ? GT_ARG_M : res == GT_P ? GT_ARG_P : GT_ARG_G;
}

static void
put_after(struct numbers *out, const struct at *at, enum gt_res res)
{
	struct gt_m m;

	if (at->after && at->ev->m != GT_NONE && gt_m_find(at->after, at->ev->m, &m))
		put_id(out, res == GT_P ? m.p : m.g);
}

/* All that the event touches. */
static void
put_any(struct numbers *out, const struct at *at, enum gt_res res)
{
	const struct gt_event *ev = at->ev;
	const struct gt_spec *spec = gt_spec(ev->type);

	put_id(out, res == GT_M ? ev->m : res == GT_P ? ev->p : ev->g);
	for (unsigned i = 0; i < spec->nargs; i++)
		if (spec->arg[i].type == arg_of_res(res))
			put_arg(out, ev, i);
	if (res != GT_M)
		put_after(out, at, res);
}

static void
put_wall(struct numbers *out, const struct gt_event *ev)
{
	struct gt_clock c;
	uint64_t ns;

	if (!ev->gen || !gt_gen_clock(ev->gen, &c))
		return;
	/* Whatever the file says: wraps. */
	ns = (uint64_t)c.sec * 1000000000 + (uint64_t)c.nsec + ((uint64_t)ev->time - (uint64_t)c.trace);
	put(out, num_i((int64_t)ns));
}

static int64_t
minus(int64_t b, int64_t a)
{
	return (int64_t)((uint64_t)b - (uint64_t)a);
}

/* Of a transition. */
static void
put_subject(struct numbers *out, const struct gt_event *ev, enum field_id field)
{
	int64_t id;
	enum gt_res res = gt_event_subject(ev, &id);
	enum gt_pres from, to;

	if (res == GT_NO_RES)
		return;
	if (field == FIELD_RES)
		put(out, num_u(res));
	else if (field == FIELD_ID)
		put_id(out, id);
	else {
		gt_event_states(ev, &from, &to);
		put(out, num_u(field == FIELD_FROM ? from : to));
	}
}

/* None where it leaves no state that is known, and ends nothing that was seen to begin. */
static void
put_lasted(struct numbers *out, const struct at *at, bool waiting)
{
	const struct gt_event *ev = at->ev;
	int64_t ns;

	if (gt_event_lasted(ev, at->e->start, &ns) && (!waiting || (!gt_event_ends(ev) && ev->from == GT_PRES_Waiting)))
		put(out, num_i(ns));
}

/* Where it is in the file. */
static void
put_place(struct numbers *out, const struct gt_event *ev, enum field_id field)
{
	if (field == FIELD_GEN && ev->gen)
		put(out, num_u(gt_gen_number(ev->gen)));
	if (field == FIELD_GEN || ev->len == 0)
		return;
	put(out, num_u(field == FIELD_BATCH ? ev->batch : field == FIELD_EVENT ? ev->index
		     : field == FIELD_OFFSET ? ev->off : field == FIELD_END ? ev->off + ev->len : ev->len));
}

static void
numbers_of(const struct at *at, const struct operand *of, struct numbers *out)
{
	const struct gt_event *ev = at->ev;
	unsigned place;

	out->n = 0;
	switch (of->field) {
	case FIELD_N:
		put(out, num_u(ev->n));
		break;
	case FIELD_TIME:
		put(out, num_i(minus(ev->time, at->e->start)));
		break;
	case FIELD_CLOCK:
		put(out, num_i(ev->time));
		break;
	case FIELD_DELTA:
		put(out, num_i(minus(ev->time, at->before)));
		break;
	case FIELD_LASTED:
	case FIELD_WAITED:
		put_lasted(out, at, of->field == FIELD_WAITED);
		break;
	case FIELD_WALL:
		put_wall(out, ev);
		break;
	case FIELD_M:
		put_id(out, ev->m);
		break;
	case FIELD_P:
		put_id(out, ev->p);
		break;
	case FIELD_G:
		put_id(out, ev->g);
		break;
	case FIELD_P_AFTER:
	case FIELD_G_AFTER:
		put_after(out, at, of->field == FIELD_P_AFTER ? GT_P : GT_G);
		break;
	case FIELD_M_ANY:
	case FIELD_P_ANY:
	case FIELD_G_ANY:
		put_any(out, at, (enum gt_res)(of->field - FIELD_M_ANY));
		break;
	case FIELD_FROM:
	case FIELD_TO:
	case FIELD_RES:
	case FIELD_ID:
		put_subject(out, ev, of->field);
		break;
	case FIELD_GEN:
	case FIELD_BATCH:
	case FIELD_EVENT:
	case FIELD_OFFSET:
	case FIELD_END:
	case FIELD_LEN:
		put_place(out, ev, of->field);
		break;
	case FIELD_TYPE:
		put(out, num_u(ev->type));
		break;
	case FIELD_KIND:
		put(out, num_u(gt_event_kind(ev)));
		break;
	case FIELD_SALVAGED:
		put(out, num_u(ev->salvaged));
		break;
	case FIELD_ARG:
		place = at->e->args[of->args].at[ev->type];
		if (place)
			put_arg(out, ev, place - 1);
		break;
	default:
		break;
	}
}

static bool
in_range(const struct node *n, const struct numbers *v)
{
	for (unsigned i = 0; i < v->n; i++)
		if (!num_less(v->v[i], n->lo) && !num_less(n->hi, v->v[i]))
			return true;
	return false;
}

static bool
in_set(const struct node *n, const struct numbers *v)
{
	for (unsigned i = 0; i < v->n; i++)
		if (v->v[i].v < ENUM_VALUES && set_has(&n->set, (unsigned)v->v[i].v))
			return true;
	return false;
}

static bool
fields_compare(const struct node *n, const struct at *at)
{
	struct numbers a, b;

	numbers_of(at, &n->of, &a);
	numbers_of(at, &n->other, &b);
	for (unsigned i = 0; i < a.n; i++)
		for (unsigned k = 0; k < b.n; k++) {
			bool less = num_less(a.v[i], b.v[k]), more = num_less(b.v[k], a.v[i]);

			if (n->cmp == CMP_EQ ? !less && !more : less || (n->cmp == CMP_LE && !more))
				return true;
		}
	return n->cmp == CMP_EQ && a.n == 0 && b.n == 0;
}

/* --- texts ---------------------------------------------------------------------- */

static bool
text_is(struct gt_expr *e, const struct node *n, struct gt_str s)
{
	int found;

	if (n->kind == NODE_NONE)
		return true;
	if (n->kind == NODE_EQUALS)
		return s.n == n->text.n && (s.n == 0 || memcmp(s.p, n->text.p, s.n) == 0);
	found = e->matcher->match(n->re, s);
	e->given_up += found < 0;
	return found > 0;
}

static bool
word_is(struct gt_expr *e, const struct node *n, const char *s)
{
	return text_is(e, n, (struct gt_str){ s, strlen(s) });
}

static bool
name_is(struct gt_expr *e, const struct node *n, const struct gt_event *ev)
{
	struct gt_range range;

	switch (gt_spec(ev->type)->kind) {
	case GT_K_Metric:
		return word_is(e, n, gt_event_metric(ev));
	case GT_K_TaskBegin:
		return text_is(e, n, gt_event_string(ev, 2));
	case GT_K_TaskEnd:
		return ev->str.p && text_is(e, n, ev->str);
	case GT_K_RegionBegin:
	case GT_K_RegionEnd:
		return text_is(e, n, gt_event_string(ev, 1));
	case GT_K_RangeBegin:
	case GT_K_RangeActive:
	case GT_K_RangeEnd:
		return gt_event_range(ev, &range) && word_is(e, n, range.name);
	default:
		return false;
	}
}

static bool
reason_is(struct gt_expr *e, const struct node *n, const struct gt_event *ev)
{
	struct gt_range range;

	if (ev->type == GT_EV_GoStop || ev->type == GT_EV_GoBlock)
		return !ev->part && text_is(e, n, gt_event_string(ev, 0));
	return (ev->type == GT_EV_STWBegin || ev->type == GT_EV_STWEnd) && gt_event_range(ev, &range) &&
		text_is(e, n, range.reason);
}

static bool
any_text_is(struct gt_expr *e, const struct node *n, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	if ((spec->name && word_is(e, n, spec->name)) || name_is(e, n, ev) || reason_is(e, n, ev))
		return true;
	for (unsigned i = 0; i < spec->nargs; i++)
		if (spec->arg[i].type == GT_ARG_STRING && !ev->part && text_is(e, n, gt_event_string(ev, i)))
			return true;
	return false;
}

static bool
frames_are(struct gt_expr *e, const struct node *n, const struct gt_event *ev, uint64_t stack)
{
	int frames = gt_gen_stack(ev->gen, stack, e->frames);
	enum field_id field = n->of.field;

	if (n->kind == NODE_NONE)
		return frames > 0;
	for (int i = 0; i < (field == FIELD_LEAF && frames > 1 ? 1 : frames); i++)
		if ((field != FIELD_FILE && text_is(e, n, e->frames[i].func)) ||
			(field != FIELD_FUNC && field != FIELD_LEAF && text_is(e, n, e->frames[i].file)))
			return true;
	return false;
}

/*
 * The same few stacks come again and again. An answer is kept as the ID, shifted, with 2 for "known" and 1 for yes; the
 * last that has its slot stays.
 */
static bool
stack_is(struct gt_expr *e, const struct node *n, const struct gt_event *ev)
{
	uint64_t id = n->of.field == FIELD_NEW_STACK ? gt_event_new_stack(ev) : gt_event_stack(ev), from, to, *slot;
	bool found;

	if (!ev->gen || id == 0 || ev->part)
		return false;
	if (n->kind == NODE_NONE)
		return true;
	gt_gen_range(ev->gen, &from, &to);
	if (e->known_gen != from + 1) {
		for (size_t i = 1; i < e->n; i++)
			if (e->node[i].known)
				memset(e->node[i].known, 0, EXPR_KNOWN * sizeof(uint64_t));
		e->known_gen = from + 1;
	}
	slot = &n->known[id % EXPR_KNOWN];
	if (*slot >> 2 == id && (*slot & 2) && id < UINT64_MAX >> 2)
		return *slot & 1;
	found = frames_are(e, n, ev, id);
	*slot = id << 2 | 2 | found;
	return found;
}

/* As they are written: "18 ab 03". False: no memory; there may be a million of them, of a log of old. */
static bool
put_hex(struct gt_buf *hex, struct gt_str bytes)
{
	static const char digit[] = "0123456789abcdef";

	hex->n = 0;
	for (size_t i = 0; i < bytes.n; i++) {
		uint8_t byte = (uint8_t)bytes.p[i];
		char pair[] = { digit[byte >> 4], digit[byte & 15], ' ' };

		if (!gt_buf_put(hex, pair, i + 1 < bytes.n ? 3 : 2))
			return false;
	}
	return true;
}

static bool
bytes_are(struct gt_expr *e, const struct node *n, const struct gt_event *ev)
{
	struct gt_str bytes = gt_event_bytes(ev);

	if (bytes.n == 0 || n->kind == NODE_NONE)
		return bytes.n > 0;
	if (!put_hex(&e->hex, bytes)) {
		e->given_up++;
		return false;
	}
	return text_is(e, n, (struct gt_str){ (const char *)e->hex.p, e->hex.n });
}

/* Whether one of the texts of the field is meant; of NODE_NONE: whether it has any. */
static bool
string_is(const struct at *at, const struct node *n)
{
	const struct gt_event *ev = at->ev;
	unsigned place;

	switch (n->of.field) {
	case FIELD_NAME:
		return name_is(at->e, n, ev);
	case FIELD_REASON:
		return reason_is(at->e, n, ev);
	case FIELD_TEXT:
		return any_text_is(at->e, n, ev);
	case FIELD_STACK:
	case FIELD_FUNC:
	case FIELD_FILE:
	case FIELD_LEAF:
	case FIELD_NEW_STACK:
		return stack_is(at->e, n, ev);
	case FIELD_BYTES:
		return bytes_are(at->e, n, ev);
	default:
		place = at->e->args[n->of.args].at[ev->type];
		return place && arg_is_real(ev, place - 1) && text_is(at->e, n, gt_event_string(ev, place - 1));
	}
}

/* --- events ------------------------------------------------------------------------ */

static bool
has_value(const struct at *at, const struct node *n)
{
	struct numbers v;

	if (n->of.type == F_STRING)
		return string_is(at, n);
	numbers_of(at, &n->of, &v);
	return v.n > 0;
}

static bool
holds(const struct at *at, uint32_t i)
{
	const struct node *n = &at->e->node[i];
	struct numbers v;

	if (!set_has(&n->yes, at->ev->type))
		return false;
	if (!set_has(&n->no, at->ev->type))
		return true;
	switch (n->kind) {
	case NODE_TYPES:
		return true;
	case NODE_NOT:
		return !holds(at, n->a);
	case NODE_AND:
		return holds(at, n->a) && holds(at, n->b);
	case NODE_OR:
		return holds(at, n->a) || holds(at, n->b);
	case NODE_NONE:
		return !has_value(at, n);
	case NODE_RANGE:
		numbers_of(at, &n->of, &v);
		return in_range(n, &v);
	case NODE_SET:
		numbers_of(at, &n->of, &v);
		return in_set(n, &v);
	case NODE_FIELDS:
		return fields_compare(n, at);
	case NODE_EQUALS:
	case NODE_MATCHES:
		return string_is(at, n);
	}
	return false;
}

bool
gt_expr_match(struct gt_expr *e, const struct gt_event *ev, const struct gt_state *after, int64_t before)
{
	if (!set_has(&e->node[e->root].yes, ev->type))
		return false;
	return holds(&(struct at){ .e = e, .ev = ev, .after = after, .before = before }, e->root);
}

/* --- stretches of events ----------------------------------------------------------------- */

struct maybe {
	bool yes, no;
};

/* A test of a number that lies between two in all of the stretch. */
static struct maybe
between(const struct node *n, struct num from, struct num to)
{
	return (struct maybe){ .yes = !num_less(to, n->lo) && !num_less(n->hi, from),
		.no = num_less(from, n->lo) || num_less(n->hi, to) };
}

enum { FEW = 32 };

static bool
has_one_of(const struct gt_summary *s, enum gt_res res, const struct node *n)
{
	if (n->hi.neg || n->lo.neg || n->hi.v - n->lo.v > FEW)
		return true;
	for (uint64_t i = 0; i <= n->hi.v - n->lo.v; i++)
		if (gt_summary_has(s, res, (int64_t)(n->lo.v + i)))
			return true;
	return false;
}

static struct maybe
range_may(const struct gt_expr *e, const struct node *n, const struct gt_summary *s)
{
	int64_t from = minus(s->from, e->start), to = minus(s->to, e->start);

	if (n->of.field == FIELD_N)
		return between(n, num_u(s->first), num_u(s->last));
	if (n->of.field == FIELD_GEN)
		return (struct maybe){ between(n, num_u(s->gen), num_u(s->last_gen)).yes, true }; /* the last event has none */
	if (n->of.field == FIELD_CLOCK)
		return between(n, num_i(s->from), num_i(s->to));
	if (n->of.field == FIELD_TIME && from <= to)
		return between(n, num_i(from), num_i(to));
	switch (n->of.type) {
	case F_M:
		return (struct maybe){ has_one_of(s, GT_M, n), true };
	case F_P:
		return (struct maybe){ has_one_of(s, GT_P, n), true };
	case F_G:
		return (struct maybe){ has_one_of(s, GT_G, n), true };
	case F_ID:
		return (struct maybe){ has_one_of(s, GT_P, n) || has_one_of(s, GT_G, n), true };
	default:
		return (struct maybe){ true, true };
	}
}

static struct maybe
may(const struct gt_expr *e, uint32_t i, const struct gt_summary *s)
{
	const struct node *n = &e->node[i];
	struct maybe m = { true, true }, a, b;

	switch (n->kind) {
	case NODE_NOT:
		a = may(e, n->a, s);
		m = (struct maybe){ a.no, a.yes };
		break;
	case NODE_AND:
	case NODE_OR:
		a = may(e, n->a, s);
		b = may(e, n->b, s);
		m = n->kind == NODE_AND ? (struct maybe){ a.yes && b.yes, a.no || b.no }
					: (struct maybe){ a.yes || b.yes, a.no && b.no };
		break;
	case NODE_RANGE:
		m = range_may(e, n, s);
		break;
	default:
		break;
	}
	m.yes = m.yes && set_meet(&n->yes, s->types);
	m.no = m.no && set_meet(&n->no, s->types);
	return m;
}

bool
gt_expr_may(const struct gt_expr *e, const struct gt_summary *s)
{
	return may(e, e->root, s).yes;
}
