/* SPDX-License-Identifier: MIT */
/*
 * The builder of traces. What is added to a batch becomes text at once, beside a count of the bytes that it will have
 * in the binary format; only the tables of strings and stacks, and the headers of batches, wait until the trace is
 * written. The binary format is made of the text by gt_text_read: there is one encoder, and one notion of what can be
 * said.
 */
#include "testgen.h"

#include "buf.h"
#include "map.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a batch of a table is full: half of what readers take, since no good entry is as large as the other half. */
#define TABLE_FULL (65536 / 2)

/* Events as text, and how many bytes they are. */
struct part {
	struct gt_buf text;
	uint64_t size;
};

/* Byte strings, numbered from 1 in the order in which they came. */
struct table {
	struct gt_str *v;
	size_t n, cap;
	struct map index; /* hash, or the next free number after it, to place in v */
};

/* An entry of the table of stacks is an array of these, as bytes. The names are places in the table of names, or 0. */
struct entry_frame {
	uint64_t pc, func, file, line;
};

struct tg_batch {
	struct tg_gen *gen;
	struct tg_batch *next;
	uint64_t m, time;
	struct part part;
	uint64_t size; /* where it lies */
	bool lies;
};

struct tg_gen {
	struct tg *t;
	uint64_t number;
	unsigned options;
	uint64_t freq, time;
	uint64_t mono, sec, nsec;
	uint64_t table_time, table_step;
	bool table_timed;
	struct tg_batch *first, **end;
	struct table strings, stacks;
	struct table names; /* of frames: not in the table of strings until the trace is written */
};

/* A generation or, without one, a raw event. */
struct item {
	struct item *next;
	struct tg_gen *gen;
	struct part raw;
};

struct tg {
	unsigned version, options;
	uint64_t step;
	struct item *first, **end;
	struct gt_buf comment, model, pattern;
	bool fails;
	struct tg_error error;
};

/* --- errors -------------------------------------------------------------------- */

static const struct tg_error no_trace = { TG_E_MEMORY, { NULL, 0 }, "there is no memory for a trace" };

/* Keeps the error, if it is the first. Always false. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
static bool
fail(struct tg *t, struct tg_here here, enum tg_code code, const char *format, ...)
{
	struct tg_error *e = &t->error;
	va_list ap;
	int n;

	if (e->code != TG_OK)
		return false;
	e->code = code;
	e->here = here;
	n = snprintf(e->text, sizeof(e->text), "%s:%u: ", here.file, here.line);
	if (n < 0 || (size_t)n >= sizeof(e->text))
		return false;
	va_start(ap, format);
	vsnprintf(e->text + n, sizeof(e->text) - (size_t)n, format, ap);
	va_end(ap);
	return false;
}

static bool
no_memory(struct tg *t, struct tg_here here, const char *call)
{
	return fail(t, here, TG_E_MEMORY, "%s: there is no memory left", call);
}

/* There is a trace, and no error yet. */
#define fine(t) ((t) && (t)->error.code == TG_OK)

const struct tg_error *
tg_error(const struct tg *t)
{
	if (!t)
		return &no_trace;
	return fine(t) ? NULL : &t->error;
}

/* --- tables ---------------------------------------------------------------------- */

static uint64_t
hash(const void *p, size_t n)
{
	const uint8_t *byte = p;
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < n; i++)
		h = (h ^ byte[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* The number of an entry, which is made where there is none. 0: no memory. n is not 0. */
static uint64_t
intern(struct table *b, const void *p, size_t n)
{
	uint64_t key = hash(p, n);
	uint32_t at;
	char *copy;

	for (; (at = map_get(&b->index, key)) != MAP_NONE; key++)
		if (b->v[at].n == n && memcmp(b->v[at].p, p, n) == 0)
			return at + UINT64_C(1);
	if (b->n >= MAP_NONE - 1 || !GROW(b->v, b->n, b->cap) || !map_reserve(&b->index, 1))
		return 0;
	copy = malloc(n);
	if (!copy)
		return 0;
	memcpy(copy, p, n);
	b->v[b->n] = (struct gt_str){ copy, n };
	map_add(&b->index, key, (uint32_t)b->n);
	return ++b->n;
}

static void
table_free(struct table *b)
{
	for (size_t i = 0; i < b->n; i++)
		free((void *)(uintptr_t)b->v[i].p);
	free(b->v);
	map_free(&b->index);
}

static bool
enter_string(struct tg_gen *g, const char *p, size_t n, uint64_t *number)
{
	if (!p)
		n = 0;
	else if (n == SIZE_MAX)
		n = strlen(p);
	*number = n > 0 ? intern(&g->strings, p, n) : 0;
	return n == 0 || *number != 0;
}

/* The number of a frame's string in the table of names. */
static bool
enter_name(struct tg_gen *g, const char *name, uint64_t *number)
{
	size_t n = name ? strlen(name) : 0;

	*number = n > 0 ? intern(&g->names, name, n) : 0;
	return n == 0 || *number != 0;
}

static bool
enter_stack(struct tg_gen *g, const struct tg_frame *frames, size_t n, uint64_t *number)
{
	struct gt_buf entry = { NULL, 0, 0 };
	bool ok = true;

	*number = 0;
	for (size_t i = 0; ok && i < n; i++) {
		struct entry_frame f = { .pc = frames[i].pc, .line = frames[i].line };

		ok = enter_name(g, frames[i].func, &f.func) && enter_name(g, frames[i].file, &f.file) &&
			gt_buf_put(&entry, &f, sizeof(f));
	}
	if (ok && n > 0) {
		*number = intern(&g->stacks, entry.p, entry.n);
		ok = *number != 0;
	}
	gt_buf_free(&entry);
	return ok;
}

uint64_t
tg_string_at(struct tg_here here, struct tg_gen *g, const char *p, size_t n)
{
	uint64_t number = 0;

	if (g && fine(g->t) && !enter_string(g, p, n, &number))
		no_memory(g->t, here, "tg_string");
	return number;
}

uint64_t
tg_stack_at(struct tg_here here, struct tg_gen *g, const struct tg_frame *frames, size_t n)
{
	uint64_t number = 0;

	if (g && fine(g->t) && !enter_stack(g, frames, n, &number))
		no_memory(g->t, here, "tg_stack");
	return number;
}

/* --- text ---------------------------------------------------------------------------- */

static unsigned
varint_size(uint64_t v)
{
	unsigned n = 1;

	while (v >>= 7)
		n++;
	return n;
}

static bool
put_text(struct gt_buf *out, const char *text)
{
	return gt_buf_put(out, text, strlen(text));
}

/* " NAME=NUMBER", and its bytes. */
static bool
put_number(struct part *out, const char *name, uint64_t v)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "=%llu", (unsigned long long)v);

	out->size += varint_size(v);
	return put_text(&out->text, name) && gt_buf_put(&out->text, digits, (size_t)n);
}

static bool
put_quoted(struct gt_buf *out, struct gt_str s)
{
	size_t n = gt_quote(s, NULL, 0);
	char *literal = malloc(n + 1);
	bool ok;

	if (!literal)
		return false;
	gt_quote(s, literal, n + 1);
	ok = gt_buf_put(out, literal, n);
	free(literal);
	return ok;
}

static bool
put_frames(struct part *out, const uint64_t *v, size_t n)
{
	static const char *const name[] = { "\n\tpc", " func", " file", " line" };

	for (size_t i = 0; i < n; i++)
		if (!put_number(out, name[i % 4], v[i]))
			return false;
	return true;
}

static bool
put_data(struct part *out, struct gt_str data)
{
	if (!data.p)
		data = (struct gt_str){ "", 0 };
	out->size += varint_size(data.n) + data.n;
	return put_text(&out->text, "\n\tdata=") && put_quoted(&out->text, data);
}

/* How many numbers an event has, without frames. */
static size_t
numbers_of(const struct gt_spec *spec)
{
	return (size_t)spec->nargs + spec->timed;
}

/* An event with all its numbers, n of them. */
static bool
put_event(struct part *out, const struct gt_spec *spec, const uint64_t *v, size_t n, struct gt_str data)
{
	size_t own = numbers_of(spec);

	out->size++;
	if (!put_text(&out->text, spec->name))
		return false;
	for (size_t i = 0; i < own; i++) {
		const char *name = spec->timed && i == 0 ? "dt" : spec->arg[i - spec->timed].name;

		if (!gt_buf_byte(&out->text, ' ') || !put_number(out, name, v[i]))
			return false;
	}
	return (spec->shape != GT_STACKED || put_frames(out, v + own, n - own)) &&
		(spec->shape != GT_DATA || put_data(out, data)) && gt_buf_byte(&out->text, '\n');
}

/* An event of the builder's own, which has neither frames nor data. */
static bool
put_own(struct part *out, enum gt_type type, const uint64_t *v)
{
	return put_event(out, gt_spec(type), v, numbers_of(gt_spec(type)), TG_NO_BYTES);
}

static bool
put_header(struct gt_buf *out, uint64_t gen, uint64_t m, uint64_t time, uint64_t size)
{
	struct part part = { .text = *out };
	bool ok = put_own(&part, GT_EV_EventBatch, (const uint64_t[]){ gen, m, time, size });

	*out = part.text;
	return ok;
}

/* --- events ------------------------------------------------------------------------------ */

static const char *
kind_of(const struct tg_arg *a)
{
	static const char *const of[] = { "a number", "a thread", "a proc", "a goroutine", "a sequence number",
		"the status of a proc", "the status of a goroutine", "a string", "a stack", "a stack", "a task" };

	return a->is == TG_IS_DT ? "a time" : of[a->type];
}

static bool
of_type(const struct tg_arg *a, enum gt_argtype type)
{
	return a->is == TG_IS_TYPED && (a->type == type || (a->type == GT_ARG_STACK && type == GT_ARG_NSTACK));
}

/* The number that stands for argument i of the event. */
static bool
number_of(struct tg_here here, struct tg_batch *b, const struct gt_spec *spec, unsigned i, const struct tg_arg *a,
	uint64_t *v)
{
	const struct tg_arg wanted = { .type = spec->arg[i].type };
	bool ok = true;

	*v = a->u;
	if (a->is == TG_IS_NUMBER)
		return true;
	if (!of_type(a, wanted.type))
		return fail(b->gen->t, here, TG_E_TYPE, "tg_event: argument %u of %s, %s, is %s, not %s", i + 1,
			spec->name, spec->arg[i].name, kind_of(&wanted), kind_of(a));
	if (a->type == GT_ARG_STRING)
		ok = enter_string(b->gen, a->s, a->n, v);
	else if (a->type == GT_ARG_STACK)
		ok = enter_stack(b->gen, a->frames, a->n, v);
	return ok || no_memory(b->gen->t, here, "tg_event");
}

/* There is such an event in this version. */
static bool
known(struct tg *t, struct tg_here here, const char *call, uint64_t type)
{
	const struct gt_spec *spec = type < GT_EV_SyncPoint ? gt_spec((unsigned)type) : NULL;

	if (!spec || !spec->name)
		return fail(t, here, TG_E_EVENT, "%s: there is no event of type %llu", call, (unsigned long long)type);
	if (spec->since > t->version)
		return fail(t, here, TG_E_VERSION, "%s: traces of Go 1.%u have no %s: that came with Go 1.%u", call,
			t->version, spec->name, (unsigned)spec->since);
	return true;
}

static void
add_event(struct tg_here here, struct tg_batch *b, enum gt_type type, const struct tg_arg *a)
{
	const struct gt_spec *spec = gt_spec(type);
	struct tg *t = b->gen->t;
	uint64_t v[GT_MAXARGS + 1] = { 0 };
	unsigned given = 0;

	if (spec->shape != GT_PLAIN) {
		fail(t, here, TG_E_SHAPE, "tg_event: %s has %s: use tg_batch_raw%s", spec->name,
			spec->shape == GT_DATA ? "data" : "frames", spec->shape == GT_DATA ? "_data" : "");
		return;
	}
	if (spec->timed) {
		v[0] = a->is == TG_IS_DT ? a->u : t->step;
		if (b->gen->options & TG_NO_TIMES)
			v[0] = 0;
		a += a->is == TG_IS_DT;
	}
	for (; a[given].is != TG_IS_END; given++)
		if (given < spec->nargs && !number_of(here, b, spec, given, &a[given], &v[given + spec->timed]))
			return;
	if (given != spec->nargs)
		fail(t, here, TG_E_COUNT, "tg_event: %s has %u arguments, not %u", spec->name, spec->nargs, given);
	else if (!put_event(&b->part, spec, v, numbers_of(spec), TG_NO_BYTES))
		no_memory(t, here, "tg_event");
}

void
tg_event_at(struct tg_here here, struct tg_batch *b, const char *name, const struct tg_arg *args)
{
	enum gt_type type;
	char shown[GT_SHOWN];
	struct gt_str s = { name, name ? strlen(name) : 0 };

	if (!b || !fine(b->gen->t))
		return;
	type = s.n > 0 ? gt_type_by_name(s.p, s.n) : GT_EV_None;
	if (type == GT_EV_None || type == GT_EV_SyncPoint)
		fail(b->gen->t, here, TG_E_EVENT, "tg_event: there is no event of this name: %s", gt_show(s, shown));
	else if (known(b->gen->t, here, "tg_event", type))
		add_event(here, b, type, args);
}

void
tg_event_type_at(struct tg_here here, struct tg_batch *b, unsigned type, const struct tg_arg *args)
{
	if (b && fine(b->gen->t) && known(b->gen->t, here, "tg_event_type", type))
		add_event(here, b, (enum gt_type)type, args);
}

/* Whether an event may have these numbers and data. */
static bool
check_raw(struct tg *t, struct tg_here here, const char *call, const uint64_t *v, size_t n, struct gt_str data)
{
	const struct gt_spec *spec;
	size_t own, want;

	if (n == 0)
		return fail(t, here, TG_E_EVENT, "%s: the type of the event is missing", call);
	if (!known(t, here, call, v[0]))
		return false;
	spec = gt_spec((unsigned)v[0]);
	own = want = numbers_of(spec);
	/* More frames than a signed number can say are none: see gt_text_read. */
	if (spec->shape == GT_STACKED && n > own && v[own] <= INT64_MAX)
		want = v[own] < (SIZE_MAX - own) / 4 ? own + 4 * (size_t)v[own] : SIZE_MAX;
	if (n - 1 != want)
		return fail(t, here, TG_E_COUNT, "%s: this %s has %zu numbers, not %zu", call, spec->name, want, n - 1);
	if (spec->shape != GT_DATA && data.p)
		return fail(t, here, TG_E_SHAPE, "%s: %s has no data", call, spec->name);
	return true;
}

void
tg_batch_raw_at(struct tg_here here, struct tg_batch *b, const uint64_t *v, size_t n, struct gt_str data)
{
	if (!b || !fine(b->gen->t) || !check_raw(b->gen->t, here, "tg_batch_raw", v, n, data))
		return;
	if (!put_event(&b->part, gt_spec((unsigned)v[0]), v + 1, n - 1, data))
		no_memory(b->gen->t, here, "tg_batch_raw");
}

/* --- the trace and its parts ------------------------------------------------------------------ */

struct tg *
tg_new_at(struct tg_here here, unsigned version)
{
	struct tg *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->version = version;
	t->step = 1;
	t->end = &t->first;
	if (version != 22 && version != 23 && version != 25 && version != 26)
		fail(t, here, TG_E_VERSION, "tg_new: there are no traces of version %u, only of 22, 23, 25 and 26",
			version);
	return t;
}

static void
gen_free(struct tg_gen *g)
{
	if (!g)
		return;
	while (g->first) {
		struct tg_batch *b = g->first;

		g->first = b->next;
		gt_buf_free(&b->part.text);
		free(b);
	}
	table_free(&g->strings);
	table_free(&g->stacks);
	table_free(&g->names);
	free(g);
}

void
tg_free(struct tg *t)
{
	if (!t)
		return;
	while (t->first) {
		struct item *item = t->first;

		t->first = item->next;
		gen_free(item->gen);
		gt_buf_free(&item->raw.text);
		free(item);
	}
	gt_buf_free(&t->comment);
	gt_buf_free(&t->model);
	gt_buf_free(&t->pattern);
	free(t);
}

void
tg_options(struct tg *t, unsigned options)
{
	if (t)
		t->options = options;
}

void
tg_step(struct tg *t, uint64_t ticks)
{
	if (t)
		t->step = ticks;
}

/* The last item of a trace, new. NULL: no memory. */
static struct item *
add_item(struct tg *t)
{
	struct item *item = calloc(1, sizeof(*item));

	if (!item)
		return NULL;
	*t->end = item;
	t->end = &item->next;
	return item;
}

void
tg_raw_at(struct tg_here here, struct tg *t, const uint64_t *v, size_t n, struct gt_str data)
{
	struct item *item;

	if (!fine(t) || !check_raw(t, here, "tg_raw", v, n, data))
		return;
	item = add_item(t);
	if (!item || !put_event(&item->raw, gt_spec((unsigned)v[0]), v + 1, n - 1, data))
		no_memory(t, here, "tg_raw");
}

struct tg_gen *
tg_gen_at(struct tg_here here, struct tg *t, uint64_t number)
{
	struct item *item;
	struct tg_gen *g;

	if (!fine(t))
		return NULL;
	item = add_item(t);
	g = item ? calloc(1, sizeof(*g)) : NULL;
	if (!g) {
		no_memory(t, here, "tg_gen");
		return NULL;
	}
	item->gen = g;
	g->t = t;
	g->number = number;
	g->options = t->options;
	g->freq = 15625000;
	g->end = &g->first;
	return g;
}

void
tg_sync(struct tg_gen *g, uint64_t freq, uint64_t time)
{
	if (!g)
		return;
	g->freq = freq;
	g->time = time;
}

void
tg_clock_at(struct tg_here here, struct tg_gen *g, uint64_t mono, int64_t sec, uint64_t nsec)
{
	if (!g)
		return;
	g->mono = mono;
	g->sec = (uint64_t)sec;
	g->nsec = nsec;
	if (g->t->version < 25)
		fail(g->t, here, TG_E_VERSION,
			"tg_clock: traces of Go 1.%u have no clock snapshots: they came with Go 1.25", g->t->version);
}

void
tg_tables_time(struct tg_gen *g, uint64_t time, uint64_t step)
{
	if (!g)
		return;
	g->table_time = time;
	g->table_step = step;
	g->table_timed = true;
}

struct tg_batch *
tg_batch_at(struct tg_here here, struct tg_gen *g, uint64_t m, uint64_t time)
{
	struct tg_batch *b;

	if (!g || !fine(g->t))
		return NULL;
	b = calloc(1, sizeof(*b));
	if (!b) {
		no_memory(g->t, here, "tg_batch");
		return NULL;
	}
	b->gen = g;
	b->m = m;
	b->time = g->options & TG_NO_TIMES ? 0 : time;
	*g->end = b;
	g->end = &b->next;
	return b;
}

void
tg_batch_size(struct tg_batch *b, uint64_t size)
{
	if (!b)
		return;
	b->size = size;
	b->lies = true;
}

/* --- what must come of it ------------------------------------------------------------------------ */

/* Whether a line of a comment is one to gt_test_read. */
static bool
plain_line(const char *line, size_t n)
{
	return !(n >= 6 && memcmp(line, "-- ", 3) == 0 && memcmp(line + n - 3, " --", 3) == 0) &&
		!(n >= 6 && memcmp(line, "model:", 6) == 0);
}

void
tg_comment_at(struct tg_here here, struct tg *t, const char *text)
{
	if (!fine(t))
		return;
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (!plain_line(text, n)) {
			fail(t, here, TG_E_TEXT, "tg_comment: this line is no comment in a test: %.*s",
				(int)(n < 80 ? n : 80), text);
			return;
		}
		if (!gt_buf_put(&t->comment, text, n) || !gt_buf_byte(&t->comment, '\n')) {
			no_memory(t, here, "tg_comment");
			return;
		}
		text += n + (text[n] == '\n');
	}
}

void
tg_model_at(struct tg_here here, struct tg *t, const char *name)
{
	size_t n;

	if (!fine(t))
		return;
	n = strlen(name);
	if (n == 0 || strpbrk(name, "\r\n")) {
		fail(t, here, TG_E_TEXT, "tg_model: the name %s", n == 0 ? "is empty" : "has more than one line");
		return;
	}
	t->model.n = 0;
	if (!gt_buf_put(&t->model, name, n))
		no_memory(t, here, "tg_model");
}

void
tg_fails_at(struct tg_here here, struct tg *t, const char *pattern)
{
	if (!fine(t))
		return;
	t->fails = true;
	t->pattern.n = 0;
	if (!put_text(&t->pattern, pattern))
		no_memory(t, here, "tg_fails");
}

void
tg_succeeds(struct tg *t)
{
	if (t)
		t->fails = false;
}

/* --- writing ------------------------------------------------------------------------------------------ */

/* The header of a batch of no thread, and its events. */
static bool
write_own_batch(struct tg_gen *g, uint64_t time, const struct part *part, struct gt_buf *out)
{
	return put_header(out, g->number, UINT64_MAX, time, part->size) && gt_buf_put(out, part->text.p, part->text.n);
}

static bool
write_sync(struct tg_gen *g, struct gt_buf *out)
{
	uint64_t time = g->options & TG_NO_TIMES ? 0 : g->time, dt = 0;
	struct part part = { .size = 0 };
	bool ok = true;

	if (g->t->version >= 25) {
		dt = time > 0;
		ok = put_own(&part, GT_EV_Sync, NULL);
	}
	ok = ok && put_own(&part, GT_EV_Frequency, &g->freq);
	if (g->t->version >= 25)
		ok = ok && put_own(&part, GT_EV_ClockSnapshot, (const uint64_t[]){ dt, g->mono, g->sec, g->nsec });
	ok = ok && write_own_batch(g, time - dt, &part, out);
	gt_buf_free(&part.text);
	return ok;
}

static bool
write_batches(struct tg_gen *g, struct gt_buf *out)
{
	for (const struct tg_batch *b = g->first; b; b = b->next)
		if (!put_header(out, g->number, b->m, b->time, b->lies ? b->size : b->part.size) ||
			!gt_buf_put(out, b->part.text.p, b->part.text.n))
			return false;
	return true;
}

/* The number in the table of strings of a name. */
static bool
string_of_name(struct tg_gen *g, uint64_t name, uint64_t *number)
{
	struct gt_str s = { NULL, 0 };

	if (name > 0)
		s = g->names.v[name - 1];
	return enter_string(g, s.p, s.n, number);
}

static bool
put_stack(struct tg_gen *g, uint64_t id, struct part *part)
{
	struct gt_str entry = g->stacks.v[id - 1];
	size_t frames = entry.n / sizeof(struct entry_frame), n = 2 + 4 * frames;
	uint64_t *v = calloc(n, sizeof(*v));
	bool ok = true;

	if (!v)
		return false;
	v[0] = id;
	v[1] = frames;
	for (size_t i = 0; ok && i < frames; i++) {
		struct entry_frame f;

		memcpy(&f, entry.p + i * sizeof(f), sizeof(f));
		v[2 + 4 * i] = f.pc;
		v[5 + 4 * i] = f.line;
		ok = string_of_name(g, f.func, &v[3 + 4 * i]) && string_of_name(g, f.file, &v[4 + 4 * i]);
	}
	ok = ok && put_event(part, gt_spec(GT_EV_Stack), v, n, TG_NO_BYTES);
	free(v);
	return ok;
}

static bool
put_string(struct tg_gen *g, uint64_t id, struct part *part)
{
	return put_event(part, gt_spec(GT_EV_String), &id, 1, g->strings.v[id - 1]);
}

/* One of the two tables: the type of what heads its batches, and how an entry is put into one. */
struct table_kind {
	enum gt_type head;
	unsigned in_one;
	bool (*put)(struct tg_gen *g, uint64_t id, struct part *part);
};
static const struct table_kind stacks_kind = { GT_EV_Stacks, TG_ONE_STACKS_BATCH, put_stack };
static const struct table_kind strings_kind = { GT_EV_Strings, TG_ONE_STRINGS_BATCH, put_string };

static bool
write_table(struct tg_gen *g, const struct table_kind *kind, const struct table *table, uint64_t *time,
	struct gt_buf *out)
{
	uint64_t step = g->options & TG_NO_TIMES || !g->table_timed ? 0 : g->table_step, id = 0;
	struct part part = { .size = 0 };
	bool ok = true;

	if (table->n == 0 && g->options & TG_NO_EMPTY_TABLES)
		return true;
	do {
		part.text.n = 0;
		part.size = 0;
		ok = put_own(&part, kind->head, NULL);
		while (ok && id < table->n && (part.size <= TABLE_FULL || g->options & kind->in_one))
			ok = kind->put(g, ++id, &part);
		ok = ok && write_own_batch(g, *time, &part, out);
		*time += step;
	} while (ok && id < table->n);
	gt_buf_free(&part.text);
	return ok;
}

static bool
write_tables(struct tg_gen *g, struct gt_buf *out)
{
	uint64_t time = g->table_timed ? g->table_time : g->time;

	if (g->options & TG_NO_TIMES)
		time = 0;
	/* In this order: the stacks enter strings. */
	return write_table(g, &stacks_kind, &g->stacks, &time, out) &&
		write_table(g, &strings_kind, &g->strings, &time, out);
}

static bool
write_gen(struct tg_gen *g, struct gt_buf *out)
{
	bool sync = !(g->options & TG_NO_SYNC), end = g->t->version >= 26 && !(g->options & TG_NO_END);

	return (!sync || g->t->version < 25 || write_sync(g, out)) && write_batches(g, out) &&
		(!sync || g->t->version >= 25 || write_sync(g, out)) && write_tables(g, out) &&
		(!end || put_text(out, "EndOfGeneration\n"));
}

static bool
write_text(struct tg *t, struct gt_buf *out)
{
	char head[32];

	snprintf(head, sizeof(head), "Trace Go1.%u\n", t->version);
	if (!put_text(out, head))
		return false;
	for (struct item *item = t->first; item; item = item->next)
		if (item->gen ? !write_gen(item->gen, out) : !gt_buf_put(out, item->raw.text.p, item->raw.text.n))
			return false;
	return true;
}

static bool
write_expectation(const struct tg *t, struct gt_buf *out)
{
	struct gt_str comment = { (const char *)t->comment.p, t->comment.n };
	struct gt_str model = { (const char *)t->model.p, t->model.n };
	struct gt_str pattern = { t->pattern.n > 0 ? (const char *)t->pattern.p : "", t->pattern.n };

	if (comment.n > 0 && !(gt_buf_put(out, comment.p, comment.n) && gt_buf_byte(out, '\n')))
		return false;
	if (model.n > 0 && !(put_text(out, "model: ") && gt_buf_put(out, model.p, model.n) && put_text(out, "\n\n")))
		return false;
	if (!put_text(out, "-- expect --\n"))
		return false;
	if (!t->fails)
		return put_text(out, "SUCCESS\n");
	return put_text(out, "FAILURE ") && put_quoted(out, pattern) && gt_buf_byte(out, '\n');
}

/* Ends a writing: back to how out was, unless all went well. */
static bool
written(bool ok, struct tg_here here, struct tg *t, const char *call, struct gt_buf *out, size_t before)
{
	if (ok)
		return true;
	out->n = before;
	return no_memory(t, here, call);
}

bool
tg_write_text_at(struct tg_here here, struct tg *t, struct gt_buf *out)
{
	size_t before = out->n;

	return fine(t) && written(write_text(t, out), here, t, "tg_write_text", out, before);
}

bool
tg_write_binary_at(struct tg_here here, struct tg *t, struct gt_buf *out)
{
	struct gt_buf text = { NULL, 0, 0 };
	struct gt_text_error err = { .line = 0 };
	size_t before = out->n;
	bool ok;

	if (!fine(t))
		return false;
	/* That there is no memory is the only thing that gt_text_read can have against it. */
	ok = write_text(t, &text) && gt_text_read((const char *)text.p, text.n, out, &err);
	gt_buf_free(&text);
	return written(ok, here, t, "tg_write_binary", out, before);
}

bool
tg_write_test_at(struct tg_here here, struct tg *t, struct gt_buf *out)
{
	size_t before = out->n;
	bool ok = fine(t) && write_expectation(t, out) && put_text(out, "-- trace --\n") && write_text(t, out);

	return fine(t) && written(ok, here, t, "tg_write_test", out, before);
}
