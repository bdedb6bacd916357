/* SPDX-License-Identifier: MIT */
/*
 * Traces of Go 1.11 to 1.21: no generations, no Ms of their own. Ps write batches; what orders events is a sequence
 * number of each goroutine, and the whole file must be known before the first event can be given out:
 *
 *	v1_parse.c	bytes -> places of batches, CPU samples; then one batch of a P after the other, as they are wanted
 *	v1_order.c	batches -> one list of events in order, times in nanoseconds
 *	v1_check.c	whether Ps and goroutines did what they can do
 *	v1_convert.c	old events -> today's events, and the states that go with them
 *
 * That list is made once for a trace, by whichever reader comes first, and shared by all. It holds no arguments: those
 * are decoded again from the bytes, where they are wanted.
 *
 * Rules, limits, the order of checks: internal/trace/internal/tracev1 and internal/trace/tracev1.go of Go 1.26. Where
 * these go through a Go map, the order here is that of the IDs.
 */
#ifndef V1_H
#define V1_H

#include "gen.h"
#include "order.h"

/* --- the old events --------------------------------------------------------------- */

enum v1_type {
#define V1(num, name, since, stack, args, step, becomes, reason) V1_##name = (num),
#include "v1_events.def"
#undef V1
	V1_TYPES = 64
};

/* Strings that are in no trace. */
enum v1_text {
#define V1_TEXT(name, text) V1_TEXT_##name,
#include "v1_events.def"
#undef V1_TEXT
	V1_TEXTS,
	V1_TEXT_None
};

enum v1_step {
	V1_STEP_FREE,
	V1_STEP_CREATE,
	V1_STEP_PARKED,     /* it was waiting, or in a syscall, when tracing began */
	V1_STEP_START,
	V1_STEP_START_HERE, /* on the P that made it runnable just before */
	V1_STEP_BLOCK,
	V1_STEP_YIELD,
	V1_STEP_WAKE,
	V1_STEP_WAKE_HERE,
	V1_STEP_GC
};

#define V1_MAXARGS 3

struct v1_spec {
	const char *name; /* NULL: no such event */
	uint8_t since;
	bool stack;
	uint8_t nargs;
	struct gt_arg arg[V1_MAXARGS + 1];
	uint8_t step;    /* enum v1_step */
	uint8_t becomes; /* enum gt_type */
	uint8_t reason;  /* enum v1_text */
};
const struct v1_spec *v1_spec(unsigned type);
/* Whether the ticks since the event before it come before its arguments. */
bool v1_timed(unsigned type);

/* Ps that are none: who made a goroutine runnable, or does what no P does. */
enum { V1_P_TIMER = 1000001, V1_P_NETPOLL, V1_P_SYSCALL, V1_P_GC, V1_P_PROFILE };

/* --- bytes -------------------------------------------------------------------------- */

struct v1_scan {
	const struct gt_trace *t;
	const uint8_t *p, *end; /* of what is not read yet */
	const uint8_t *at;      /* first byte of the event read last */
	int64_t batch, index;   /* for messages */
	struct gt_error *err;
};

/* An event as it is in the file. */
struct v1_raw {
	uint8_t type;
	uint32_t nargs; /* with the ticks and the stack */
	uint64_t arg[V1_MAXARGS + 2];
	const uint8_t *at, *args, *end; /* its first byte, the first of its arguments, the first behind it */
	const uint8_t *args_end;
	struct gt_str text; /* String, UserLog */
};

enum v1_got { V1_OK, V1_END, V1_BAD };

/*
 * Reads the next event. skim: its arguments are passed over, but for those of CPU samples. BAD: *s->err says why.
 */
enum v1_got v1_next(struct v1_scan *s, bool skim, struct v1_raw *raw);

/* Fills *s->err, at the event read last. Always V1_BAD. */
enum v1_got v1_fail(struct v1_scan *s, enum gt_code code, uint64_t a, uint64_t b);

/* The arguments of an event that has as many as it must; 0 for those it does not have. */
static inline uint64_t
v1_arg(const struct v1_raw *raw, unsigned i)
{
	return i < v1_spec(raw->type)->nargs ? raw->arg[1 + i] : 0;
}

/* --- a whole trace -------------------------------------------------------------------- */

enum v1_flag {
	V1_FIRST = 1,   /* ProcStart, ProcStop: the first of its P */
	V1_BLOCKED = 2, /* GoSysCall: the goroutine loses its P in it */
	V1_AWAY = 4     /* GoSysExit: m is where the syscall was; the event itself is on no M */
};

struct v1_event {
	int64_t time; /* ticks; later ns */
	uint64_t g;   /* 0: none */
	int64_t m;
	uint64_t off;
	uint32_t index; /* in its batch */
	uint32_t stack;
	int32_t p;
	uint8_t type;
	uint8_t flags;
};

struct v1_batch {
	uint64_t off;
	uint32_t next; /* of the same P; MAP_NONE */
};

/* A goroutine that was there when tracing began, and nothing else said of it. */
struct v1_born {
	uint64_t g;
	uint32_t event; /* its GoCreate */
};

struct v1 {
	const struct gt_trace *t;
	struct gt_gen *gen; /* tables of the whole trace */
	bool salvaged; /* it goes as far as it can, and err says what stopped it; a tick may count as a nanosecond */
	bool broken;   /* there are no events, and err says why */
	struct gt_error err;
	char note[2][200]; /* events that err speaks of */
	struct v1_event *ev;
	size_t n, cap;
	struct v1_batch *batch; /* in the order of the file */
	size_t nbatch, cbatch;
	struct v1_born *born; /* by ID */
	size_t nborn, cborn;
	size_t init;       /* the event (Gomaxprocs) that ends the list of what was there; n: none */
	uint64_t max_id;   /* of the strings of the file */
	struct map logs;   /* messages of UserLog, each once: from their hash to their number */
	size_t log, nlog;  /* they are in gen->string from log on; their IDs are max_id + 1 and on */
	uint64_t text;     /* ID of the first of enum v1_text */
	uint64_t readable; /* offset of what can't be decoded; the end of the file */
	uint64_t events, event_bytes; /* that can be decoded, and what they take */
	bool crowded;      /* there are not enough IDs for these, nor perhaps for messages: then nlog is 0 */
};

/*
 * The trace, read at the first call, whole or, where it is broken, as far as it can be put in order. NULL: no memory. It
 * belongs to t; readers may ask for it at the same time.
 */
const struct v1 *v1_of(struct gt_trace *t, bool salvage);
void v1_free(struct v1 *v);

/* Whether salvaging goes on behind an error: with all but a lack of memory. */
static inline bool
v1_pardons(const struct v1 *v)
{
	return v->salvaged && v->err.why.code != GT_E_NOMEM;
}

/* How many bytes of the file the first n events are, with all that is no event; how many events there are beside them. */
uint64_t v1_used(const struct v1 *v, size_t n);
uint64_t v1_left(const struct v1 *v, size_t n);

/* The arguments of an event once more. */
void v1_decode(const struct v1 *v, const struct v1_event *ev, struct v1_raw *raw);
/* The ID of the message of a UserLog. */
uint64_t v1_message(const struct v1 *v, struct gt_str s);
/* Which batch of the file a byte is in. */
uint32_t v1_batch_of(const struct v1 *v, uint64_t off);
struct gt_place v1_place(const struct v1 *v, const struct v1_event *ev);
/* Fills v->err, at ev (NULL: at no place). Always false. */
bool v1_refuse(struct v1 *v, const struct v1_event *ev, enum gt_code code, uint64_t a, uint64_t b, uint64_t c);

/* --- between the files ------------------------------------------------------------------ */

/* What one P wrote. */
struct v1_pid {
	int32_t pid;
	uint32_t batch, last; /* the next batch to load, the last there is; MAP_NONE */
	uint64_t g;           /* that it runs at the end of what is loaded */
};

/* What is known while a trace is being read. */
struct v1_parse {
	struct v1 *v;
	struct v1_scan scan;
	struct v1_pid *pid; /* by ID */
	size_t npid, cpid;
	struct v1_event *sample;
	size_t nsample, csample;
	size_t nevent; /* without samples */
	int64_t freq;  /* ticks per second; 0: not said */
	struct map timers; /* goroutines that are timers */
	struct gt_str *log;
	size_t nlog, clog;
};

/*
 * Checks all of the next batch of a P and takes in its strings and stacks. OK: *from to *to are its events (and what
 * is none), *time and *g what they begin with. END: there is no further batch.
 */
enum v1_got v1_load(struct v1_parse *x, struct v1_pid *pid, const uint8_t **from, const uint8_t **to, int64_t *time,
	uint64_t *g);
/*
 * Takes an event that was read: *time and *g are those of its P. False: it is none that is ordered.
 */
bool v1_take(const struct v1_raw *raw, int32_t p, int64_t *time, uint64_t *g, struct v1_event *ev);

/* Nanoseconds for a tick; 1 where the trace does not say. */
double v1_tick(const struct v1_parse *x);

/* These make the list: ordered; checked; with all that converting needs. False: v->err says why. */
bool v1_order(struct v1_parse *x);
bool v1_check(struct v1 *v);
bool v1_prepare(struct v1 *v);

/* --- giving out today's events ------------------------------------------------------------ */

/* A place in the converted events: a plain value, copied as such. */
struct v1_reader {
	const struct v1 *v;
	size_t next;         /* event */
	size_t born;         /* next of v->born, once it is their turn */
	bool more;           /* there is a second event of the last one */
	bool ended;
	uint8_t syncs;
	int64_t last;        /* time */
	uint64_t stw;        /* string: why the world was last stopped */
	int64_t stopper;     /* the goroutine that did it */
	struct gt_event ev, second;
};

/* At the start of v. */
void v1_begin(struct v1_reader *r, const struct v1 *v);
/*
 * The next event (all but its number), and the states after it. BROKEN: *err says why, but has no text.
 */
enum gt_got v1_read(struct v1_reader *r, struct gt_trace *t, struct order *o, struct gt_event **ev, struct gt_error *err);
/* About how much of the file has been given out, in bytes. */
uint64_t v1_progress(const struct v1_reader *r);

#endif
