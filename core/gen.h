/* SPDX-License-Identifier: MIT */
/*
 * A generation: its tables of strings, stacks and CPU samples, its clock, and its batches by M. What is in it never
 * changes once it is loaded, so readers share it. Strings are views into the trace's bytes.
 */
#ifndef GEN_H
#define GEN_H

#include "map.h"
#include "trace.h"

/* IDs to places in an array: dense while IDs are small and close, else by a map. ID 0 is in every table. */
struct idtab {
	uint32_t *dense; /* place plus one; 0: not there; for ID 0 no place, but not 0 */
	size_t ndense;
	uint64_t upto; /* all IDs below this one are there: most often that is all there are */
	struct map sparse;
};

struct stack {
	uint32_t first, n; /* frames, in gt_gen.pc */
};

/* What a program counter stands for: the first stack that has it decides. */
struct frame {
	uint64_t pc, func, file, line;
};

struct sample {
	int64_t time, m, p, g;
	uint64_t ticks, stack;
	uint64_t off;
	uint32_t len, batch, index;
};

/* The batches of one M, in the order of the file. */
struct chain {
	int64_t m;
	uint32_t first, last;
};

struct gt_gen {
	uint32_t refs;
	const struct gt_trace *t; /* may be gone before it: only for what looks at bytes */
	uint64_t number, from, to;
	uint32_t begin; /* batch of the file that it begins with */
	double tick; /* ns; 0: not known */
	uint64_t whole, whole_most; /* the same as a whole number, for up to so many ticks; 0: it is none */
	bool has_clock;
	uint64_t snap; /* ticks */
	struct gt_clock clock;
	uint64_t min_ticks;

	struct idtab string_ids, stack_ids;
	struct gt_str *string;
	size_t nstring, cstring;
	struct stack *stack;
	size_t nstack, cstack;
	uint64_t *stack_id; /* of each stack, for messages */
	size_t cstack_id;
	uint32_t *pc; /* frames of all stacks, one after the other: places in frame */
	size_t npc, cpc;
	struct frame *frame;
	size_t nframe, cframe;
	struct map pcs;

	struct sample *sample;
	size_t nsample, csample;
	struct batch *batch;
	size_t nbatch, cbatch;
	struct chain *chain;
	size_t nchain, cchain;
	struct map chains;
	uint64_t nexp, nall;
	bool cut;     /* made by gen_salvage */
	bool no_tick; /* and its frequency is a guess */
	/* A trace before Go 1.22: IDs of its events may be in no table; frames may have names that are in none. */
	bool unchecked, nameless;

	char *note; /* text that a message about this generation needs; or NULL */
};

/* Place of an ID other than 0, or MAP_NONE. */
static inline uint32_t
idtab_get(const struct idtab *t, uint64_t id)
{
	if (likely(id < t->ndense) && t->dense[id] != 0)
		return t->dense[id] - 1;
	return map_get(&t->sparse, id);
}

/* Whether an ID is in the table: the hot path of checking events. */
static inline bool
idtab_has(const struct idtab *t, uint64_t id)
{
	return likely(id < t->upto) || (id < t->ndense && t->dense[id] != 0) || map_get(&t->sparse, id) != MAP_NONE;
}

/* The tables must have what the arguments of an event refer to; s: which those are. */
static inline bool
ids_known(const struct gt_gen *g, const struct id_args *s, const uint64_t arg[GT_MAXARGS + 1])
{
	/* Where an event has no stack or string, the argument looked at is 0, which is in every table. */
	uint64_t stack = arg[s->stack[0]], string = arg[s->string[0]];

	if (likely(stack < g->stack_ids.upto) && likely(string < g->string_ids.upto) && likely(!s->two))
		return true;
	if (!idtab_has(&g->stack_ids, stack) || !idtab_has(&g->string_ids, string))
		return false;
	return !s->two || (idtab_has(&g->stack_ids, arg[s->stack[1]]) && idtab_has(&g->string_ids, arg[s->string[1]]));
}

/* Ticks to nanoseconds as the reference computes them: a double product, cut off; INT64_MIN where it does not fit. */
static inline int64_t
ticks_ns(double tick, uint64_t ticks)
{
	double ns = (double)ticks * tick;

	return likely(ns < 9223372036854775808.0) ? (int64_t)ns : INT64_MIN;
}

/*
 * The same for ticks between events of one M. Where a tick is a whole number of nanoseconds there is no need of doubles, as
 * long as they would be exact: that is several times as fast, and all depends on these times.
 */
static inline int64_t
gen_ns(const struct gt_gen *g, uint64_t ticks)
{
	return likely(ticks <= g->whole_most) ? (int64_t)(ticks * g->whole) : ticks_ns(g->tick, ticks);
}

/* Sum of two times, around the corner where it must be. */
static inline int64_t
time_add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* Where the generations of a file have got to. */
struct gen_next {
	uint64_t off;   /* of the next generation's first batch */
	uint32_t batch; /* its index */
	bool more;      /* versions before 26: there is a next generation, its first batch is good */
	bool broken;    /* versions before 26: after this generation comes an error */
	struct gt_error err;
};

enum gen_got {
	GEN_OK,
	GEN_END,    /* no further generation */
	GEN_BROKEN, /* *err says why */
	GEN_EOF     /* broken by an end of data that the reference takes for the end of the trace */
};

/* One without anything, for whoever fills it (v1_parse.c); one reference. NULL: no memory. */
struct gt_gen *gen_new(const struct gt_trace *t);
/* These put something into its tables. False: no memory. */
bool gen_put_string(struct gt_gen *g, uint64_t id, struct gt_str s); /* the ID must not be there */
bool gen_put_frame(struct gt_gen *g, const struct frame *f);
/* The frames put in since there were `first` of them (gt_gen.npc) are a stack; it takes the place of one that is there. */
bool gen_put_stack(struct gt_gen *g, uint64_t id, uint32_t first);

/* The M that wrote a batch of the file; GT_NONE where it is none of those with events. */
int64_t gen_writer(const struct gt_gen *g, uint32_t batch);

/* About how many bytes it takes. */
size_t gen_weight(const struct gt_gen *g);

/*
 * Loads the generation that begins at next->off, and moves *next behind it. The caller owns *out, once.
 */
enum gen_got gen_load(const struct gt_trace *t, struct gen_next *next, struct gt_gen **out, struct gt_error *err);

/*
 * What there is of the generation at `from`, which gen_load could not load: all batches up to where the file ends or stops
 * making sense, the last of them as far as it goes; of tables what is whole. tick: nanoseconds for a tick where the
 * generation does not say; 0: not known either, then a tick counts as one. NULL: no events at all, or, as *starved then says, no memory.
 */
struct gt_gen *gen_salvage(const struct gt_trace *t, const struct gen_next *from, double tick, bool *starved);

#endif
