/* SPDX-License-Identifier: MIT */
/*
 * The bytes of an old trace. The whole file is gone through once for the places of batches, and the samples of the CPU
 * profile; batches are read when their P gets to them, and that is when what is wrong in one of them is found.
 */
#include "v1.h"

#include "sort.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN false
#define STACK true
#define A(nm, type) { #nm, GT_ARG_##type },
#define LIST(...) { __VA_ARGS__ { NULL, GT_ARG_VALUE } }
#define ARGS(...) .arg = LIST(__VA_ARGS__), .nargs = sizeof((const struct gt_arg[])LIST(__VA_ARGS__)) / sizeof(struct gt_arg) - 1
#define V1(num, nm, ver, stk, args, stp, new, why)                                                                     \
	[num] = { .name = #nm, .since = ver, .stack = stk, args, .step = V1_STEP_##stp, .becomes = GT_EV_##new,        \
		.reason = V1_TEXT_##why },

static const struct v1_spec specs[V1_TYPES] = {
#include "v1_events.def"
};
#undef V1
#undef A
#undef LIST
#undef ARGS

const struct v1_spec *
v1_spec(unsigned type)
{
	return &specs[type < V1_TYPES ? type : 0];
}

/* --- one event ---------------------------------------------------------------------- */

/* Limits of the reference's: bytes of arguments, bytes of a string, frames. */
enum { MAX_ARGS_SIZE = 2048, MAX_TEXT = 1000000, MAX_FRAMES = 1000 };

enum v1_got
v1_fail(struct v1_scan *s, enum gt_code code, uint64_t a, uint64_t b)
{
	fault(s->err, code, s->t, (uint64_t)(s->at - s->t->bytes), s->batch);
	s->err->place.generation = 1;
	s->err->place.event = s->index < 0 ? -1 : s->index;
	s->err->why.arg[0] = a;
	s->err->why.arg[1] = b;
	return V1_BAD;
}

static enum v1_got
cut(struct v1_scan *s, const char *how)
{
	v1_fail(s, GT_E_V1_CUT, 0, 0);
	s->err->why.str[0] = cause(how);
	return V1_BAD;
}

static enum v1_got
number(struct v1_scan *s, uint64_t *v)
{
	return varint(&s->p, s->end, v) == VARINT_OK ? V1_OK : v1_fail(s, GT_E_V1_NUMBER, 0, 0);
}

static size_t
left(const struct v1_scan *s)
{
	return (size_t)(s->end - s->p);
}

static enum v1_got
string(struct v1_scan *s, struct v1_raw *raw)
{
	if (number(s, &raw->arg[0]) != V1_OK || number(s, &raw->arg[1]) != V1_OK)
		return V1_BAD;
	if (raw->arg[1] > left(s))
		return cut(s, CAUSE_EOF);
	raw->text = (struct gt_str){ (const char *)s->p, (size_t)raw->arg[1] };
	s->p += raw->arg[1];
	return V1_OK;
}

/* Says that it has one argument, and has two. */
static enum v1_got
batch(struct v1_scan *s, struct v1_raw *raw)
{
	if (raw->nargs != 2)
		return v1_fail(s, GT_E_V1_BATCH_ARGS, raw->nargs, 2);
	if (number(s, &raw->arg[0]) != V1_OK)
		return V1_BAD;
	if (raw->arg[0] != UINT64_MAX && raw->arg[0] > INT32_MAX)
		return v1_fail(s, GT_E_V1_BATCH_P, raw->arg[0], UINT64_MAX);
	return number(s, &raw->arg[1]);
}

static enum v1_got
few_args(struct v1_scan *s, struct v1_raw *raw)
{
	raw->args = s->p;
	for (uint32_t i = 0; i < raw->nargs; i++)
		if (varint(&s->p, s->end, &raw->arg[i]) != VARINT_OK)
			return v1_fail(s, GT_E_V1_ARG, raw->type, 0);
	raw->args_end = s->p;
	return V1_OK;
}

/* The message of a UserLog. One that reaches beyond the end of the file is taken for that end at first. */
static enum v1_got
message(struct v1_scan *s, bool skim, struct v1_raw *raw)
{
	uint64_t n;

	if (number(s, &n) != V1_OK)
		return V1_BAD;
	if (skim && n > left(s))
		return V1_END;
	if (!skim && n > MAX_TEXT)
		return v1_fail(s, GT_E_V1_LOG_SIZE, n, 0);
	if (n > left(s))
		return cut(s, CAUSE_CUT);
	raw->text = (struct gt_str){ (const char *)s->p, (size_t)n };
	s->p += n;
	return V1_OK;
}

/* More than three arguments: how many bytes they have comes first. */
static enum v1_got
many_args(struct v1_scan *s, bool skim, struct v1_raw *raw)
{
	uint64_t size, v;

	if (varint(&s->p, s->end, &size) != VARINT_OK)
		return v1_fail(s, GT_E_V1_ARG, raw->type, 0);
	if (size > MAX_ARGS_SIZE)
		return v1_fail(s, GT_E_V1_ARG_SIZE, raw->type, size);
	skim = skim && raw->type != V1_CPUSample;
	if (skim && size > left(s))
		return cut(s, CAUSE_EOF);
	if (!skim && (left(s) == 0 || size > left(s)))
		return cut(s, CAUSE_CUT);
	raw->args = s->p;
	raw->args_end = s->p + size;
	raw->nargs = 0;
	for (const uint8_t *p = raw->args; !skim && p < raw->args_end; raw->nargs++) {
		if (varint(&p, raw->args_end, &v) != VARINT_OK)
			return v1_fail(s, GT_E_V1_NUMBER, 0, 0);
		if (raw->nargs < V1_MAXARGS + 2)
			raw->arg[raw->nargs] = v;
	}
	s->p = raw->args_end;
	return raw->type == V1_UserLog ? message(s, skim, raw) : V1_OK;
}

/* Its lowest six bits are the type, the others how many arguments there are but one: three stands for more. */
enum v1_got
v1_next(struct v1_scan *s, bool skim, struct v1_raw *raw)
{
	enum v1_got got;
	uint8_t head;

	if (s->p == s->end)
		return V1_END;
	s->at = s->p;
	s->index++;
	head = *s->p++;
	*raw = (struct v1_raw){ .type = head & 63, .nargs = (head >> 6) + 1u, .at = s->at };
	if (!v1_spec(raw->type)->name || v1_spec(raw->type)->since > s->t->version)
		return v1_fail(s, GT_E_V1_TYPE, raw->type, 0);
	if (raw->type == V1_String)
		got = string(s, raw);
	else if (raw->type == V1_Batch)
		got = batch(s, raw);
	else if (raw->nargs <= 3)
		got = few_args(s, raw);
	else
		got = many_args(s, skim, raw);
	raw->end = s->p;
	return got;
}

/* --- tables ---------------------------------------------------------------------------- */

static enum v1_got
add_string(struct v1_parse *x, struct v1_scan *s, const struct v1_raw *raw)
{
	struct gt_gen *g = x->v->gen;
	uint64_t id = raw->arg[0];

	if (id == 0)
		return v1_fail(s, GT_E_V1_STRING_ZERO, 0, 0);
	if (idtab_get(&g->string_ids, id) != MAP_NONE)
		return v1_fail(s, GT_E_V1_STRING_TWICE, id, 0);
	if (raw->text.n == 0)
		return v1_fail(s, GT_E_V1_STRING_EMPTY, 0, 0);
	if (raw->text.n > MAX_TEXT)
		return v1_fail(s, GT_E_V1_STRING_SIZE, raw->text.n, 0);
	if (id > x->v->max_id)
		x->v->max_id = id;
	return gen_put_string(g, id, raw->text) ? V1_OK : v1_fail(s, GT_E_NOMEM, 0, 0);
}

static uint64_t
take_number(const uint8_t **p, const uint8_t *end)
{
	uint64_t v = 0;

	varint(p, end, &v);
	return v;
}

/* A later stack takes the place of an earlier one; of several frames with one PC the first decides. */
static enum v1_got
add_stack(struct v1_parse *x, struct v1_scan *s, const struct v1_raw *raw)
{
	struct gt_gen *g = x->v->gen;
	uint64_t n = raw->arg[1];
	const uint8_t *p = raw->args;
	uint32_t first = (uint32_t)g->npc;

	if (raw->nargs < 2)
		return v1_fail(s, GT_E_V1_STACK_ARGS, 2, raw->nargs);
	if (n > MAX_FRAMES)
		return v1_fail(s, GT_E_V1_STACK_SIZE, n, 0);
	if (raw->nargs != 2 + 4 * n) {
		v1_fail(s, GT_E_V1_ARGS, 2 + 4 * n, raw->nargs);
		s->err->why.str[0] = cause("EvStack");
		return V1_BAD;
	}
	if ((uint32_t)raw->arg[0] == 0 || n == 0)
		return V1_OK;
	take_number(&p, raw->args_end);
	take_number(&p, raw->args_end);
	for (; n > 0; n--) {
		struct frame f;

		f.pc = take_number(&p, raw->args_end);
		f.func = take_number(&p, raw->args_end);
		f.file = take_number(&p, raw->args_end);
		f.line = take_number(&p, raw->args_end);
		if (!gen_put_frame(g, &f))
			return v1_fail(s, GT_E_NOMEM, 0, 0);
	}
	return gen_put_stack(g, (uint32_t)raw->arg[0], first) ? V1_OK : v1_fail(s, GT_E_NOMEM, 0, 0);
}

static enum v1_got
set_frequency(struct v1_parse *x, struct v1_scan *s, const struct v1_raw *raw)
{
	x->freq = (int64_t)raw->arg[0];
	return x->freq > 0 ? V1_OK : v1_fail(s, GT_E_V1_TIME_ORDER, 0, 0);
}

static enum v1_got
add_timer(struct v1_parse *x, struct v1_scan *s, const struct v1_raw *raw)
{
	if (map_get(&x->timers, raw->arg[0]) != MAP_NONE || map_add(&x->timers, raw->arg[0], 0))
		return V1_OK;
	return v1_fail(s, GT_E_NOMEM, 0, 0);
}

/* The number of a message in v, or MAP_NONE; *key: its place in the map. */
static uint32_t
find_message(const struct map *logs, const struct gt_str *v, struct gt_str s, uint64_t *key)
{
	uint64_t h = s.n;
	uint32_t at;

	for (size_t i = 0; i < s.n; i++) {
		h = (h ^ (uint8_t)s.p[i]) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	/* Different ones with one hash stand behind each other. */
	while ((at = map_get(logs, h)) != MAP_NONE && (v[at].n != s.n || memcmp(v[at].p, s.p, s.n) != 0))
		h++;
	*key = h;
	return at;
}

static enum v1_got
add_message(struct v1_parse *x, struct v1_scan *s, const struct v1_raw *raw)
{
	uint64_t key;

	if (find_message(&x->v->logs, x->log, raw->text, &key) != MAP_NONE)
		return V1_OK;
	if (!GROW(x->log, x->nlog, x->clog) || !map_add(&x->v->logs, key, (uint32_t)x->nlog))
		return v1_fail(s, GT_E_NOMEM, 0, 0);
	x->log[x->nlog++] = raw->text;
	return V1_OK;
}

uint64_t
v1_message(const struct v1 *v, struct gt_str s)
{
	uint64_t key;

	return v->max_id + 1 + find_message(&v->logs, v->gen->string + v->log, s, &key);
}

/* --- the events of a P -------------------------------------------------------------------- */

bool
v1_timed(unsigned type)
{
	return type != V1_Batch && type != V1_Frequency && type != V1_TimerGoroutine && type != V1_Stack && type != V1_String;
}

static uint32_t
wanted_args(const struct v1_raw *raw)
{
	const struct v1_spec *spec = v1_spec(raw->type);

	return raw->type == V1_Stack ? raw->nargs : (uint32_t)spec->nargs + spec->stack + v1_timed(raw->type);
}

/* The reference does not count the arguments of a CPU sample that has fewer than four. */
static enum v1_got
wrong_args(struct v1_scan *s, const struct v1_raw *raw, const char *name)
{
	bool counted = raw->type != V1_CPUSample || *raw->at >> 6 == 3;

	v1_fail(s, GT_E_V1_ARGS, wanted_args(raw), counted ? raw->nargs : 0);
	s->err->why.str[0] = cause(name);
	return V1_BAD;
}

static bool
is_event(uint8_t type)
{
	return type != V1_Batch && type != V1_Frequency && type != V1_TimerGoroutine && type != V1_Stack &&
		type != V1_String && type != V1_CPUSample;
}

bool
v1_take(const struct v1_raw *raw, int32_t p, int64_t *time, uint64_t *g, struct v1_event *ev)
{
	const struct v1_spec *spec = v1_spec(raw->type);

	if (!is_event(raw->type))
		return false;
	*time = time_add(*time, (int64_t)raw->arg[0]);
	*ev = (struct v1_event){ .time = *time, .g = *g, .m = GT_NONE, .p = p, .type = raw->type,
		.stack = spec->stack ? (uint32_t)raw->arg[1 + spec->nargs] : 0 };
	switch (raw->type) {
	case V1_GoStart:
	case V1_GoStartLocal:
	case V1_GoStartLabel:
		*g = ev->g = raw->arg[1];
		break;
	case V1_GoSysExit: /* not GoSysExitLocal, as in the reference */
	case V1_GoWaiting:
	case V1_GoInSyscall:
		ev->g = raw->arg[1];
		break;
	case V1_GoEnd:
	case V1_GoStop:
		*g = 0;
		break;
	default:
		if (spec->step == V1_STEP_BLOCK || spec->step == V1_STEP_YIELD)
			*g = 0;
		break;
	}
	return true;
}

/* One event of a batch that is being loaded. */
static enum v1_got
load_event(struct v1_parse *x, struct v1_scan *s, const struct v1_raw *raw)
{
	if (raw->type == V1_String)
		return add_string(x, s, raw);
	if (raw->type == V1_CPUSample)
		return V1_OK;
	if (raw->nargs != wanted_args(raw))
		return wrong_args(s, raw, v1_spec(raw->type)->name);
	switch (raw->type) {
	case V1_Frequency:
		return set_frequency(x, s, raw);
	case V1_TimerGoroutine:
		return add_timer(x, s, raw);
	case V1_Stack:
		return add_stack(x, s, raw);
	case V1_UserLog:
		return add_message(x, s, raw);
	default:
		return V1_OK;
	}
}

enum v1_got
v1_load(struct v1_parse *x, struct v1_pid *pid, const uint8_t **from, const uint8_t **to, int64_t *time, uint64_t *g)
{
	struct v1_scan s = x->scan;
	struct v1_raw raw;
	struct v1_event ev;
	enum v1_got got;
	int64_t now;

	if (pid->batch == MAP_NONE)
		return V1_END;
	s.p = s.t->bytes + x->v->batch[pid->batch].off;
	s.batch = pid->batch;
	s.index = -2;
	v1_next(&s, false, &raw); /* its head: that was read before */
	pid->batch = x->v->batch[pid->batch].next;
	*from = s.p;
	*time = now = (int64_t)raw.arg[1];
	*g = pid->g;
	while ((got = v1_next(&s, false, &raw)) == V1_OK && raw.type != V1_Batch && (got = load_event(x, &s, &raw)) == V1_OK)
		v1_take(&raw, pid->pid, &now, &pid->g, &ev);
	*to = got == V1_END ? s.p : s.at;
	if (got != V1_BAD)
		return V1_OK;
	pid->batch = MAP_NONE;
	return v1_pardons(x->v) ? V1_OK : V1_BAD;
}

/* --- going through the file ------------------------------------------------------------------ */

static enum v1_got
add_batch(struct v1_parse *x, struct map *pids, const struct v1_raw *raw)
{
	struct v1_scan *s = &x->scan;
	struct v1 *v = x->v;
	int32_t id = raw->arg[0] == UINT64_MAX ? -1 : (int32_t)raw->arg[0];
	uint32_t at = map_get(pids, (uint64_t)id), b = (uint32_t)v->nbatch;

	if (!GROW(v->batch, v->nbatch, v->cbatch))
		return v1_fail(s, GT_E_NOMEM, 0, 0);
	v->batch[v->nbatch++] = (struct v1_batch){ (uint64_t)(raw->at - s->t->bytes), MAP_NONE };
	s->batch = b;
	s->index = -1;
	if (at != MAP_NONE) {
		v->batch[x->pid[at].last].next = b;
		x->pid[at].last = b;
		return V1_OK;
	}
	if (!GROW(x->pid, x->npid, x->cpid) || !map_add(pids, (uint64_t)id, (uint32_t)x->npid))
		return v1_fail(s, GT_E_NOMEM, 0, 0);
	x->pid[x->npid++] = (struct v1_pid){ .pid = id, .batch = b, .last = b };
	return V1_OK;
}

static enum v1_got
add_sample(struct v1_parse *x, const struct v1_raw *raw)
{
	struct v1_scan *s = &x->scan;

	if (raw->nargs != wanted_args(raw))
		return wrong_args(s, raw, "CPU sample");
	if (!GROW(x->sample, x->nsample, x->csample))
		return v1_fail(s, GT_E_NOMEM, 0, 0);
	x->sample[x->nsample++] = (struct v1_event){ .time = (int64_t)raw->arg[1], .p = (int32_t)raw->arg[2],
		.g = raw->arg[3], .stack = (uint32_t)raw->arg[4], .m = GT_NONE, .type = V1_CPUSample,
		.off = (uint64_t)(raw->at - s->t->bytes), .index = (uint32_t)s->index };
	return V1_OK;
}

static enum v1_got
look_at(struct v1_parse *x, struct map *pids, const struct v1_raw *raw)
{
	if (raw->type == V1_String)
		return V1_OK;
	if (raw->type == V1_Batch)
		return add_batch(x, pids, raw);
	if (x->v->nbatch == 0)
		return v1_fail(&x->scan, GT_E_V1_NO_BATCH, raw->type, 0);
	if (is_event(raw->type) || raw->type == V1_CPUSample) {
		x->v->events++;
		x->v->event_bytes += (uint64_t)(raw->end - raw->at);
	}
	x->nevent += is_event(raw->type);
	return raw->type == V1_CPUSample ? add_sample(x, raw) : V1_OK;
}

static int
compare_pid(const void *a, const void *b)
{
	const struct v1_pid *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static bool
index_file(struct v1_parse *x)
{
	struct map pids = { 0 };
	struct v1_raw raw;
	enum v1_got got;

	while ((got = v1_next(&x->scan, true, &raw)) == V1_OK && (got = look_at(x, &pids, &raw)) == V1_OK)
		;
	map_free(&pids);
	/* What a cut file ends in is not looked at again. */
	if (got == V1_BAD && v1_pardons(x->v)) {
		x->scan.end = x->scan.at;
		got = V1_END;
	}
	x->v->readable = (uint64_t)((got == V1_BAD ? x->scan.at : x->scan.end) - x->v->t->bytes);
	if (got == V1_END && x->npid > 0)
		qsort(x->pid, x->npid, sizeof(*x->pid), compare_pid);
	return got == V1_END;
}

/* By the time at which they were taken: they were written some time later. */
static bool
sort_samples(struct v1_parse *x)
{
	size_t n = x->nsample;
	struct keyed *key;
	struct v1_event *sorted;

	if (n == 0)
		return true;
	key = malloc(n * sizeof(*key));
	sorted = malloc(n * sizeof(*sorted));
	if (!key || !sorted) {
		free(key);
		free(sorted);
		return v1_refuse(x->v, NULL, GT_E_NOMEM, 0, 0, 0);
	}
	for (size_t i = 0; i < n; i++)
		key[i] = (struct keyed){ x->sample[i].time, (uint32_t)i };
	gt_sort(key, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = x->sample[key[i].i];
	free(key);
	free(x->sample);
	x->sample = sorted;
	x->csample = n;
	return true;
}

/* --- a whole trace ------------------------------------------------------------------------------ */

bool
v1_refuse(struct v1 *v, const struct v1_event *ev, enum gt_code code, uint64_t a, uint64_t b, uint64_t c)
{
	fault(&v->err, code, v->t, 0, -1);
	if (ev)
		v->err.place = v1_place(v, ev);
	v->err.why.arg[0] = a;
	v->err.why.arg[1] = b;
	v->err.why.arg[2] = c;
	return false;
}

uint32_t
v1_batch_of(const struct v1 *v, uint64_t off)
{
	size_t lo = 0, hi = v->nbatch;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (v->batch[mid].off <= off)
			lo = mid;
		else
			hi = mid;
	}
	return (uint32_t)lo;
}

struct gt_place
v1_place(const struct v1 *v, const struct v1_event *ev)
{
	return (struct gt_place){ 1, v1_batch_of(v, ev->off), ev->index, ev->flags & V1_AWAY ? GT_NONE : ev->m,
		(int64_t)ev->off };
}

void
v1_decode(const struct v1 *v, const struct v1_event *ev, struct v1_raw *raw)
{
	struct gt_error err;
	struct v1_scan s = { .t = v->t, .p = v->t->bytes + ev->off, .end = v->t->bytes + v->t->n, .err = &err };

	v1_next(&s, false, raw);
}

/* Whether all frames of all stacks have names. */
static bool
frames_named(const struct gt_gen *g)
{
	for (size_t i = 0; i < g->nframe; i++)
		if (!idtab_has(&g->string_ids, g->frame[i].func) || !idtab_has(&g->string_ids, g->frame[i].file))
			return false;
	return true;
}

/* Messages are not in the table of the file: they get IDs behind those. */
static bool
add_messages(struct v1_parse *x)
{
	struct v1 *v = x->v;

	v->log = v->gen->nstring;
	v->nlog = x->nlog;
	for (size_t i = 0; i < x->nlog; i++)
		if (!gen_put_string(v->gen, v->max_id + 1 + i, x->log[i]))
			return v1_refuse(v, NULL, GT_E_NOMEM, 0, 0, 0);
	return true;
}

/* The reference gives up there, and goes on without them. */
static void
forget_stacks(struct gt_gen *g)
{
	memset(g->stack_ids.dense + 1, 0, (g->stack_ids.ndense - 1) * sizeof(*g->stack_ids.dense));
	g->stack_ids.upto = 1;
	map_free(&g->stack_ids.sparse);
}

static bool
add_texts(struct v1_parse *x)
{
	static const char *const text[] = {
#define V1_TEXT(name, text) text,
#include "v1_events.def"
#undef V1_TEXT
	};
	struct v1 *v = x->v;
	uint64_t room = UINT64_MAX - v->max_id;

	v->crowded = room < x->nlog + V1_TEXTS;
	if (room >= x->nlog && !add_messages(x))
		return false;
	if (v->crowded) {
		forget_stacks(v->gen);
		return true;
	}
	v->text = v->max_id + v->nlog + 1;
	for (unsigned i = 0; i < V1_TEXTS; i++)
		if (!gen_put_string(v->gen, v->text + i, cause(text[i])))
			return v1_refuse(v, NULL, GT_E_NOMEM, 0, 0, 0);
	return true;
}

static bool
parse(struct v1_parse *x)
{
	struct v1 *v = x->v;

	v->gen = gen_new(v->t);
	if (!v->gen)
		return v1_refuse(v, NULL, GT_E_NOMEM, 0, 0, 0);
	v->gen->number = 1;
	v->gen->from = v->t->first;
	v->gen->to = v->t->n;
	if (!index_file(x) || !sort_samples(x) || !v1_order(x))
		return false;
	if (!v1_check(v) || !v1_prepare(v) || !add_texts(x) || (v->salvaged && v->n == 0))
		return false;
	v->gen->tick = v1_tick(x);
	v->gen->no_tick = x->freq <= 0;
	v->gen->unchecked = true;
	v->gen->nameless = !frames_named(v->gen);
	v->gen->nall = v->nbatch;
	return true;
}

static struct v1 *
read_all(const struct gt_trace *t, bool salvage)
{
	struct v1 *v = calloc(1, sizeof(*v));
	struct v1_parse x = { .v = v };

	if (!v)
		return NULL;
	v->t = t;
	v->salvaged = salvage;
	x.scan = (struct v1_scan){ .t = t, .p = t->bytes + t->first, .at = t->bytes + t->first, .end = t->bytes + t->n,
		.batch = -1, .index = -1, .err = &v->err };
	v->broken = !parse(&x);
	if (v->broken) {
		free(v->ev);
		gt_gen_unref(v->gen);
		v->ev = NULL;
		v->gen = NULL;
		v->n = 0;
	}
	free(x.pid);
	free(x.sample);
	free(x.log);
	map_free(&x.timers);
	return v;
}

/* Of several that read it at the same time the first to be done is the one that counts. */
const struct v1 *
v1_of(struct gt_trace *t, bool salvage)
{
	struct v1 **known = &t->v1[salvage], *v = __atomic_load_n(known, __ATOMIC_ACQUIRE), *none = NULL;

	if (v)
		return v;
	v = read_all(t, salvage);
	if (v && !__atomic_compare_exchange_n(known, &none, v, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		v1_free(v);
		v = none;
	}
	return v;
}

uint64_t
v1_used(const struct v1 *v, size_t n)
{
	uint64_t used = v->readable - v->event_bytes;

	if (n == 0)
		return v->t->first;
	for (size_t i = 0; i < n; i++) {
		struct v1_raw raw;

		v1_decode(v, &v->ev[i], &raw);
		used += (uint64_t)(raw.end - raw.at);
	}
	return used;
}

uint64_t
v1_left(const struct v1 *v, size_t n)
{
	return v->events - n;
}

void
v1_free(struct v1 *v)
{
	if (!v)
		return;
	gt_gen_unref(v->gen);
	free(v->ev);
	free(v->batch);
	free(v->born);
	map_free(&v->logs);
	free(v);
}
