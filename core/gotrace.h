/* SPDX-License-Identifier: MIT */
/*
 * libgotrace: reads Go execution traces, puts their events in order and models
 * the scheduler while doing so.
 *
 * Bytes come in as a pointer and a length, structures go out. The library
 * prints nothing, opens no files, keeps no globals and never ends the process.
 *
 *	bytes -> batches -> generations -> frontier -> orderer -> events
 *
 * The usual ways in:
 *
 *	gt_open, gt_reader_new, gt_read ...	one pass, forwards, fast
 *	gt_open, gt_nav_new, gt_nav_seek ...	a cursor that goes both ways
 *
 * Terms are the field's own. M: a thread, by its operating system ID. P: a
 * processor, the right to run Go code. G: a goroutine. Generation: a stretch
 * of trace that can be read by itself. Batch: what one M wrote at one time.
 * Frontier: the next event of each M. Model: a rule set.
 *
 * The rules are those of Go's own reader (internal/trace of Go 1.26); where a
 * comment says "the reference", it means that one.
 *
 * Threads: a gt_trace may be shared by threads that each use readers and
 * navigators of their own, and so may a gt_gen. An indexer may be used by another
 * thread than the navigator it was made for. Nothing else here may be used by two
 * threads at once.
 */
#ifndef GOTRACE_H
#define GOTRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Memory: whatever the n bytes of a trace are, opening it, and reading it with one reader, takes no more at any time than
 * GT_MOST_PER_BYTE * n + GT_MOST_BASE bytes, strict checking included. So does a text of n bytes. memory_test.c and the
 * fuzzers see to it.
 */
#define GT_MOST_PER_BYTE 200
#define GT_MOST_BASE (1 << 20)

/* --- small types ------------------------------------------------------- */

/* Bytes that belong to the trace; not NUL-terminated, not checked to be UTF-8. */
struct gt_str {
	const char *p;
	size_t n;
};

/* No thread, no proc, no goroutine. */
#define GT_NONE ((int64_t)-1)

/* A time before the trace, of which nothing is known. */
#define GT_BEFORE INT64_MIN

/* No task: what the reference calls NoTask. A task 0 is the background task. */
#define GT_NO_TASK UINT64_MAX

/* Event types: the wire's numbers, GT_EV_GoCreate and so on. */
enum gt_type {
	GT_EV_None = 0,
#define ST(num, name, since, shape, args, what) GT_EV_##name = (num),
#define EV(num, name, since, kind, starts, args, change, requires, handler, what) GT_EV_##name = (num),
#include "events.def"
#undef ST
#undef EV
	/* Not on the wire: a point between generations, at the start and at the end. */
	GT_EV_SyncPoint = 255,
	GT_TYPES = 256
};

/* What the ordered stream presents an event as. */
enum gt_kind {
	GT_K_Bad,
	GT_K_Sync,
	GT_K_Metric,
	GT_K_Label,
	GT_K_StackSample,
	GT_K_RangeBegin,
	GT_K_RangeActive,
	GT_K_RangeEnd,
	GT_K_TaskBegin,
	GT_K_TaskEnd,
	GT_K_RegionBegin,
	GT_K_RegionEnd,
	GT_K_Log,
	GT_K_StateTransition,
	GT_K_Experimental,
	GT_KINDS
};
/* "StateTransition" and the like, as the reference has them; a constant. */
const char *gt_kind_name(enum gt_kind kind);

/* The kinds of resource that have a state. The order is that of all M, P, G columns. */
enum gt_res { GT_M, GT_P, GT_G, GT_NO_RES };

/* Status of a goroutine, as on the wire; GONE is ours: it does not exist. */
enum gt_gstatus { GT_G_BAD, GT_G_RUNNABLE, GT_G_RUNNING, GT_G_SYSCALL, GT_G_WAITING, GT_G_GONE };

/* Status of a proc, as on the wire; GONE is ours: nothing is known of it yet. */
enum gt_pstatus { GT_P_BAD, GT_P_RUNNING, GT_P_IDLE, GT_P_SYSCALL, GT_P_ABANDONED, GT_P_GONE };

/* For people: "Runnable", "Syscall (abandoned)", "not there". */
const char *gt_gstatus_name(unsigned status);
const char *gt_pstatus_name(unsigned status);

/* State as presented in transitions. Procs use Undetermined, NotExist, Running and Idle. */
enum gt_pres {
	GT_PRES_Undetermined,
	GT_PRES_NotExist,
	GT_PRES_Runnable,
	GT_PRES_Running,
	GT_PRES_Waiting,
	GT_PRES_Syscall,
	GT_PRES_Idle,
	GT_PRES_Bad,
	GT_PRES_Dyn, /* in the event table only: see there */
	GT_PRESENTED
};
/* "Runnable" and the like, of an enum gt_pres; a constant. */
const char *gt_pres_name(unsigned pres);

/* --- the event table --------------------------------------------------- */

enum gt_argtype {
	GT_ARG_VALUE,
	GT_ARG_M,
	GT_ARG_P,
	GT_ARG_G,
	GT_ARG_SEQ,
	GT_ARG_PSTATUS,
	GT_ARG_GSTATUS,
	GT_ARG_STRING,
	GT_ARG_STACK,  /* of the context */
	GT_ARG_NSTACK, /* of the goroutine created */
	GT_ARG_TASK
};

#define GT_MAXARGS 5

struct gt_arg {
	const char *name; /* NULL behind the last */
	enum gt_argtype type;
};

/* What a rule asks of one resource of the context. */
enum gt_need { GT_NOT, GT_MAY, GT_MUST };

enum gt_shape { GT_PLAIN, GT_DATA, GT_STACKED };

enum gt_subject { GT_SUBJ_NO, GT_SUBJ_G_CTX, GT_SUBJ_G_ARG, GT_SUBJ_P_CTX, GT_SUBJ_P_ARG };

/* A row of events.def. */
struct gt_spec {
	const char *name; /* NULL: no such event */
	const char *what; /* one sentence */
	uint8_t since;    /* trace version, 22 and up */
	bool timed;
	enum gt_shape shape;
	enum gt_kind kind;
	uint8_t starts; /* event type, or 0 */
	uint8_t nargs;  /* without dt */
	struct gt_arg arg[GT_MAXARGS + 1];
	enum gt_subject subject;
	enum gt_pres from, to;
	uint8_t need[3]; /* enum gt_need of the model "current", by enum gt_res */
};

/* The row of an event type; one with a NULL name where there is none. Never NULL. */
const struct gt_spec *gt_spec(unsigned type);

/* The type of that name (exactly), or GT_EV_None. */
enum gt_type gt_type_by_name(const char *name, size_t n);

/* --- places, errors, reasons ------------------------------------------- */

/* A place in the file. Batches of the file and events of a batch count from 0. -1: has none. */
struct gt_place {
	int64_t generation;
	int64_t batch;
	int64_t event;
	int64_t m;
	int64_t offset; /* bytes from the start of the (uncompressed, binary) file */
};

/* The orderer's answers: it may happen now; not yet; never. */
enum gt_answer { GT_YES, GT_WAIT, GT_NEVER };

/* Every reason not to say yes, and every error of the format: see reasons.def. */
enum gt_code {
	GT_OK,
#define R(name, class, wording, means) GT_E_##name,
#include "reasons.def"
#undef R
	GT_CODES
};

/* A reason, as data. What arg and str hold is what the wording of the code names, in its order. */
struct gt_reason {
	enum gt_code code;
	uint8_t type;     /* the event refused, or 0 */
	uint8_t version;  /* of the trace: names of events depend on it */
	uint64_t arg[4];
	struct gt_str str[2];
};

/* The wording of a reason into buf, as snprintf does (returns the length it wants). */
size_t gt_reason_text(const struct gt_reason *why, char *buf, size_t cap);
/* "G_SEQ" and the like: stable, for data. */
const char *gt_code_name(enum gt_code code);
/* What the code means, in a sentence for people. */
const char *gt_code_means(enum gt_code code);
/*
 * The reasons for which goroutines stop and block, as runtimes write them into traces, by number from 0; NULL: no more.
 * *means, where not NULL: what that is for the goroutine, in a sentence for people. Both are constants.
 */
const char *gt_wait_reason(size_t i, const char **means);
/*
 * Who let a goroutine go on. By the reason that it waited for: whatever ends a wait for the network comes from the poller,
 * what ends a sleep from a timer. A channel that nobody sends on, of no goroutine, is that of a timer or a ticker.
 */
enum gt_waker { GT_WAKER_OTHER, GT_WAKER_NETWORK, GT_WAKER_TIMER };
/* p, g: the context of the GoUnblock; GT_NONE. */
enum gt_waker gt_woken_by(struct gt_str reason, int64_t p, int64_t g);

struct gt_error {
	struct gt_reason why;
	struct gt_place place;
	/*
	 * The whole text, in the reference's words where it has any, NUL-terminated; it may be
	 * long (a dump of frontier and states). It belongs to whatever gave the error out.
	 */
	const char *text;
};

/* --- models ------------------------------------------------------------ */

/* A rule set. A plain value: fill one with gt_model_get, change it with gt_model_require. */
struct gt_model {
	const char *name;
	const char *title; /* of which Go versions */
	uint8_t need[GT_TYPES][3];
	bool destroy_abandons_p; /* GoDestroySyscall takes the P away (else leaves it with the M) */
	bool changed;            /* by gt_model_require */
};

#define GT_MODEL_DEFAULT "current"
/* How many models there are; they are numbered from 0. */
size_t gt_models(void);
/* Fills *m; false where there is no such model. */
bool gt_model_at(struct gt_model *m, size_t i);
bool gt_model_get(struct gt_model *m, const char *name);
/*
 * Changes one rule: "EVENT.thread|proc|goroutine=must|may|mustnot". On a mistake returns false and
 * points *wrong to a sentence (static) saying which part of the text is wrong.
 */
bool gt_model_require(struct gt_model *m, const char *text, const char **wrong);
/* "must have", "may have", "must not have"; "thread", "proc", "goroutine". */
const char *gt_need_name(unsigned need);
const char *gt_res_name(enum gt_res res);

/* --- a trace ------------------------------------------------------------ */

struct gt_trace;

/*
 * Opens a trace of n bytes, which must stay as they are until gt_close. Reads the header only. Returns
 * NULL and fills *err (without text: see gt_reason_text) where the bytes are no trace of a version known here.
 */
struct gt_trace *gt_open(const void *bytes, size_t n, struct gt_error *err);
void gt_close(struct gt_trace *t);
/*
 * A trace that is still arriving, through a pipe or from a program that writes it: gt_open takes what there is of it, the
 * header at least, and gt_grow says, before anything reads it, that more may come; then, each time there are more bytes
 * behind those, where they now end; at last, that no more will come. The first bytes stay where they are. By one thread,
 * while others read.
 *
 * Readers give the events of generations that are whole: those that have their end, and before Go 1.26 those behind which
 * another one has begun. Before Go 1.22 the whole trace is one. Where that is not there yet they say GT_LATER. What they
 * give out, and how it ends, is the same as for a file; amounts of what was lost are so once no more will come.
 */
void gt_grow(struct gt_trace *t, size_t n, bool more);
/* Whether more may come. *whole: bytes up to the end of the last whole generation. */
bool gt_growing(const struct gt_trace *t, uint64_t *whole);
/*
 * Another way to the bytes, for when only the heads of batches are looked at, all over the trace: peek copies the n bytes at
 * off, which are there, to buf and returns n; anything else where it can't. Where bytes are a file that is mapped, reading a few
 * of them from the file is twenty times as fast as having their pages mapped. It must give the same bytes, may be called by
 * several threads at once, and is for a trace that is not growing. Before anything reads the trace.
 */
void gt_peek(struct gt_trace *t, size_t (*peek)(void *arg, uint64_t off, void *buf, size_t n), void *arg);
/*
 * Salvage: readers made from now on do not stop at a last generation that is cut short (the program was killed, the file
 * is incomplete), but give what can be put in order of it, marked as salvaged, before they report the error. Off at
 * first. The events before that are the same.
 */
void gt_salvage(struct gt_trace *t, bool on);
/*
 * Minor number of the header: 11, 19, 21, 22, 23, 25, 26. Go 1.24 writes 23, Go 1.12 to 1.18 write 11, Go 1.20 writes 19.
 *
 * Before 22 the format is another one, which is converted to the events of today. What is different there:
 *	The whole trace is its generation 1. The first read goes through all of it; what is wrong with its bytes or its
 *	order is found then, before any event is given out: if anything is, all events there are are salvaged. Memory: up
 *	to 40 times the file, shared by the readers.
 *	Models make no difference, gt_checks and gt_frontier find nothing.
 *	Of an event of a goroutine that starts, the context names that goroutine already; and the P of some is none:
 *	1000001 a timer, 1000002 the network poller, 1000003 the end of a syscall, 1000004 the collector. These Ps are not
 *	in the states.
 *	Goroutines and Ps have no sequence numbers in the states. Ms are the threads that started a P, and so long as one
 *	sits in a syscall that has blocked it keeps its G.
 *	Strings may be up to 1,000,000 bytes long, and be missing: see gt_event_known.
 */
unsigned gt_version(const struct gt_trace *t);
/* The bytes it was opened with, and how many there are; of one that grows, now. */
const uint8_t *gt_bytes(const struct gt_trace *t, size_t *n);

/* --- generations --------------------------------------------------------- */

/*
 * The tables of one generation. Counted: gt_gen_ref keeps one, gt_gen_unref lets go of it. Strings
 * point into the trace's bytes and outlive it.
 */
struct gt_gen;
/* Returns g. By any thread, as gt_gen_unref, which takes NULL as well; the last one to let go of it frees it. */
struct gt_gen *gt_gen_ref(struct gt_gen *g);
void gt_gen_unref(struct gt_gen *g);

/* Its number, as the trace has it: of a flight recorder's trace the first is not 1. */
uint64_t gt_gen_number(const struct gt_gen *g);
/* Offsets of its first byte and behind its last. */
void gt_gen_range(const struct gt_gen *g, uint64_t *from, uint64_t *to);
/* Nanoseconds for a tick; a time in nanoseconds for a count of ticks (the reference's arithmetic). */
double gt_gen_tick(const struct gt_gen *g);
int64_t gt_gen_time(const struct gt_gen *g, uint64_t ticks);

struct gt_clock {
	int64_t trace; /* trace clock, ns, as event times are */
	uint64_t mono; /* monotonic clock, ns */
	int64_t sec;   /* wall clock: Unix seconds, and ns not yet folded into them */
	int64_t nsec;
};
/* From version 25 on; false where there is none. */
bool gt_gen_clock(const struct gt_gen *g, struct gt_clock *out);

/* String 0 is the empty string; false where id is not in the table. */
bool gt_gen_string(const struct gt_gen *g, uint64_t id, struct gt_str *out);

struct gt_frame {
	uint64_t pc;
	struct gt_str func, file;
	uint64_t line;
};
#define GT_MAXFRAMES 512
/* Frames of a stack, leaf first: how many, at most GT_MAXFRAMES; -1 where id is not in the table.
 * Stack 0 is the empty one. */
int gt_gen_stack(const struct gt_gen *g, uint64_t id, struct gt_frame *out);

struct gt_gen_counts {
	uint64_t batches, strings, stacks, samples, experimental_batches, ms;
};
/* How many of each the generation has; ms: threads with batches of events. */
void gt_gen_counts(const struct gt_gen *g, struct gt_gen_counts *out);

/* --- events -------------------------------------------------------------- */

/*
 * An event of the ordered stream. What its type does not have (arguments beyond its own, from and to but of a
 * StateTransition, aux and str but where said) holds whatever an event before it left there. An event with a part has 0
 * for arguments that only the wire would tell, such as the sequence number of a self-steal.
 */
struct gt_event {
	uint64_t n;     /* its number in the ordered stream, from 1 */
	int64_t time;   /* ns, after fix-up: no two events have the same */
	int64_t clock;  /* ns, as the file has it */
	int64_t m, p, g; /* the context before it; GT_NONE */
	uint8_t type;   /* enum gt_type */
	uint8_t part;   /* 0; 1, 2: a further event made of the same wire event (coroutine switch, destroy) */
	uint8_t from, to; /* enum gt_pres, of a StateTransition */
	bool salvaged;  /* of a generation that is cut short: its strings and stacks may be missing */
	bool from_syscall, to_syscall; /* a P was, or is, in a syscall, which is presented as Running: see gt_event_states */
	bool made;      /* before version 22: it follows from the event whose place it has, and is in no bytes itself */
	uint32_t len;   /* bytes on the wire */
	uint32_t batch, index; /* batch of the file, event of the batch (both from 0) */
	uint64_t off;   /* offset of its first byte; 0 and len 0 for sync points */
	uint64_t arg[GT_MAXARGS + 1]; /* as on the wire, without dt; the last stays 0; sync point: [0] is its number */
	/*
	 * What the states add: UserTaskEnd: aux is the parent task, str the name (NULL if its begin was not
	 * seen); STWEnd: aux is the string ID of the reason.
	 */
	uint64_t aux;
	struct gt_str str;
	/*
	 * Of a StateTransition from one state to another: since when its subject was in the first, as the states have it, ns;
	 * GT_BEFORE. Of a RangeEnd, TaskEnd or RegionEnd: when that began; GT_BEFORE: it was not seen to begin.
	 */
	int64_t since;
	struct gt_gen *gen; /* not counted: valid until the next read unless taken with gt_gen_ref; NULL at
			       sync points that open no generation */
};

/* The kind of an event, by its type. */
enum gt_kind gt_event_kind(const struct gt_event *ev);
/* The resource of a StateTransition; GT_NO_RES for others. */
enum gt_res gt_event_subject(const struct gt_event *ev, int64_t *id);
/*
 * What the states make of the subject of a StateTransition before and after it. They differ from what is presented (ev->from,
 * ev->to) for a P in a syscall only: that is presented as Running. True: they do.
 */
bool gt_event_states(const struct gt_event *ev, enum gt_pres *from, enum gt_pres *to);
/*
 * How long the subject of a StateTransition had been in the state it leaves (see gt_event_states), ns: since start, the time of
 * the first event, if it was so before the trace. Or how long the range, task or region was open that the event ends.
 * False: it leaves no state, or none that is known; it ends nothing, or what was not seen to begin.
 */
bool gt_event_lasted(const struct gt_event *ev, int64_t start, int64_t *ns);
/* Whether it ends a range, a task or a region. */
bool gt_event_ends(const struct gt_event *ev);
/* ID of the stack of the context, of the goroutine created; 0: none. */
uint64_t gt_event_stack(const struct gt_event *ev);
uint64_t gt_event_new_stack(const struct gt_event *ev);
/* String argument i of an event; an empty string where it has none there. */
struct gt_str gt_event_string(const struct gt_event *ev, unsigned i);
/* What the event is in the file; empty where it is not there. */
struct gt_str gt_event_bytes(const struct gt_event *ev);

/* What an event is made of in the file, in the order of its bytes. */
enum gt_piece_kind {
	GT_PIECE_TYPE,
	GT_PIECE_COUNT, /* before version 22, in the byte of the type: how many numbers follow; 4: or more */
	GT_PIECE_SIZE,  /* before version 22: how many bytes the numbers, or the text, behind it take */
	GT_PIECE_DT,
	GT_PIECE_ARG,
	GT_PIECE_TEXT,  /* before version 22: a string of the table, the message of a UserLog */
	GT_PIECE_FRAMES /* before version 22: the rest of a stack of the table, four numbers for a frame */
};

struct gt_piece {
	enum gt_piece_kind kind;
	enum gt_argtype type; /* of an ARG */
	uint32_t at, len;     /* bytes, from the first of the event */
	const char *name;     /* of an ARG; of a TYPE that of the event; else NULL */
	uint64_t v;           /* the number that it is; of a TEXT 0, of FRAMES how many are whole */
};
#define GT_MAXPIECES 10

/*
 * Takes apart what an event, or an old entry of a table, is in the file (its off and len), up to what its bytes do not hold.
 * How many pieces there are; 0 where no event can begin so.
 */
unsigned gt_pieces(const struct gt_trace *t, uint64_t off, uint32_t len, struct gt_piece out[GT_MAXPIECES]);

/*
 * Whether the strings and stacks that an event refers to are in the tables. Readers see to it themselves, but for the
 * stacks of CPU samples and for traces before version 22: there the reference lets them pass, and fails to print them.
 * False: *why says which is missing.
 */
bool gt_event_known(const struct gt_event *ev, struct gt_reason *why);

/*
 * The range a RangeBegin, RangeActive or RangeEnd is about. The name of a stop-the-world is its prefix; the
 * reason is given apart (else empty).
 */
struct gt_range {
	const char *name; /* "GC incremental sweep", "stop-the-world" */
	struct gt_str reason;
	enum gt_res scope; /* GT_NO_RES: the whole program */
	int64_t id;
};
/* The range that an event begins or ends, or says to be open; false: it is about none. */
bool gt_event_range(const struct gt_event *ev, struct gt_range *out);

/* The metric of a Metric event ("/gc/heap/goal:bytes"), or NULL. Its value is arg[0]. */
const char *gt_event_metric(const struct gt_event *ev);

/* --- changes -------------------------------------------------------------- */

/* One field of one state that an event changed. */
enum gt_field {
	GT_CH_M_P,      /* from, to: P of M id */
	GT_CH_M_G,      /* from, to: G of M id */
	GT_CH_P_STATUS, /* from, to: enum gt_pstatus */
	GT_CH_P_SEQ,
	GT_CH_G_STATUS, /* from, to: enum gt_gstatus */
	GT_CH_G_SEQ,
	GT_CH_RANGE_BEGIN, /* to: event type of the begin; id of the P or G, from: enum gt_res */
	GT_CH_RANGE_END,
	GT_CH_REGION_BEGIN, /* id: G; to: task */
	GT_CH_REGION_END,
	GT_CH_TASK_BEGIN, /* id: task; to: parent */
	GT_CH_TASK_END,
	GT_CH_GC, /* from, to: enum gt_gc */
	GT_CH_GC_SEQ
};

struct gt_change {
	enum gt_field field;
	int64_t id;
	int64_t from, to;
};

/* --- states ---------------------------------------------------------------- */

/*
 * All that is known of the scheduler at one point of the ordered stream. The *_at functions go over all, in no
 * particular order, for i from 0 below the count; false where the place is empty (skip it).
 */
struct gt_state;

struct gt_m {
	int64_t id, p, g;
};
struct gt_p {
	int64_t id;
	enum gt_pstatus status;
	uint64_t gen, seq; /* its sequence number counts within a generation */
	int64_t since;     /* ns, of the event by which it came into its state, idle and abandoned being one; GT_BEFORE */
};
struct gt_g {
	int64_t id;
	enum gt_gstatus status;
	uint64_t gen, seq;
	int64_t since; /* as of a P */
};
struct gt_task {
	uint64_t id, parent;
	struct gt_str name;
};
struct gt_region {
	uint64_t task;
	struct gt_str name;
};
enum gt_gc { GT_GC_UNDETERMINED, GT_GC_NOT_RUNNING, GT_GC_RUNNING };

/* Below which i the *_at functions give things: there may be fewer, where places are empty. */
size_t gt_m_count(const struct gt_state *s);
size_t gt_p_count(const struct gt_state *s);
size_t gt_g_count(const struct gt_state *s);
size_t gt_task_count(const struct gt_state *s);
/* Fill *out with what is at place i; false: the place is empty, and *out says nothing. */
bool gt_m_at(const struct gt_state *s, size_t i, struct gt_m *out);
bool gt_p_at(const struct gt_state *s, size_t i, struct gt_p *out);
bool gt_g_at(const struct gt_state *s, size_t i, struct gt_g *out);
bool gt_task_at(const struct gt_state *s, size_t i, struct gt_task *out);
/* The same by ID; false: there is none now. */
bool gt_m_find(const struct gt_state *s, int64_t id, struct gt_m *out);
bool gt_p_find(const struct gt_state *s, int64_t id, struct gt_p *out);
bool gt_g_find(const struct gt_state *s, int64_t id, struct gt_g *out);
/* Event types of the begins of the ranges open on P or G id, oldest first; how many there are. */
size_t gt_ranges(const struct gt_state *s, enum gt_res res, int64_t id, uint8_t *types, size_t cap);
/* Regions open on G id, outermost first; how many there are. */
size_t gt_regions(const struct gt_state *s, int64_t g, struct gt_region *out, size_t cap);
/* Whether the collector runs. *seq: the number of the last of its events that count. */
enum gt_gc gt_gc(const struct gt_state *s, uint64_t *seq);
/* A number that differs where states differ (but for bad luck of 1 in 2^64). Order of events does not matter,
 * only where they led. */
uint64_t gt_state_hash(const struct gt_state *s);

/* --- reading forwards -------------------------------------------------------- */

struct gt_reader;

/* A reader at the start of a trace, under a model (copied). NULL: no memory. The trace must outlive it. */
struct gt_reader *gt_reader_new(struct gt_trace *t, const struct gt_model *model);
/* Where a generation lies in the file. */
struct gt_gen_place {
	uint64_t number, from, to; /* its own number; offsets of its first byte and behind its last */
	uint32_t nth;              /* how many generations are before it */
	uint32_t batch, batches;   /* batch of the file that it begins with; how many it has */
	uint64_t ticks;            /* earliest time of its batches: that of its sync point */
	uint64_t first;            /* number of the event that opens it, its sync point; 0: not known yet */
	int64_t time;              /* ns, of that event */
};
/*
 * A reader at the start of a generation, which it takes for the first: what lives in it is told by its own events, so
 * states are not complete until it ends, and nothing is known of tasks, regions and ranges begun before. Numbers of
 * events go on from at->first; where that is not known they count from 1. Traces before version 22: the start of the trace.
 */
struct gt_reader *gt_reader_new_at(struct gt_trace *t, const struct gt_model *model, const struct gt_gen_place *at);
/* A second reader at the same place, independent of the first. NULL: no memory. */
struct gt_reader *gt_reader_clone(const struct gt_reader *r);
/* NULL is fine, as for all that free. What the reader gave out is gone with it, but for generations that were kept. */
void gt_reader_free(struct gt_reader *r);
/* About how many bytes a clone takes. */
size_t gt_reader_weight(const struct gt_reader *r);

enum gt_got { GT_EVENT, GT_END, GT_BROKEN, GT_LATER };
/*
 * The next event. *ev is valid until the next call. GT_END: the trace is over. GT_BROKEN: it can't go on; see
 * gt_reader_error. Both are final: further calls say the same. GT_LATER: it has not arrived yet; see gt_grow.
 */
enum gt_got gt_read(struct gt_reader *r, const struct gt_event **ev);
/* Reads so many events without giving them out, which is faster; GT_EVENT where there were so many. */
enum gt_got gt_skip(struct gt_reader *r, uint64_t n);
/* Events read so far; the number of the last one. */
uint64_t gt_reader_pos(const struct gt_reader *r);
/* Why it broke, or NULL. Belongs to the reader. */
const struct gt_error *gt_reader_error(const struct gt_reader *r);
/* States after the last event read. Valid until the next read. */
const struct gt_state *gt_reader_state(const struct gt_reader *r);
/* Keep (or do not keep) a list of what each event changes; off at first, it costs a little. */
void gt_reader_log(struct gt_reader *r, bool on);
/* What the last event changed, in order; valid until the next read. */
const struct gt_change *gt_reader_changes(const struct gt_reader *r, size_t *n);

/*
 * What was good, what was salvaged and what is lost of a trace: complete once it has been read to its end. The bytes add up
 * to those of the file.
 */
struct gt_salvaged {
	uint64_t events, bytes;           /* salvaged */
	uint64_t good_events, good_bytes; /* before that, sync points included */
	uint64_t lost_events, lost_bytes; /* lost events: of the generation, that can be decoded but not put in order */
	bool no_strings, no_stacks;       /* these tables never arrived */
	bool no_frequency;                /* times are ticks, not nanoseconds */
};
/* Fills *out; false: nothing had to be salvaged (or might: see gt_salvage). */
bool gt_reader_salvaged(const struct gt_reader *r, struct gt_salvaged *out);

/* The frontier: the next event of one M, and whether it may happen now. */
struct gt_head {
	struct gt_event ev; /* its context: M, and what that has now; n is 0 */
	enum gt_answer answer;
	struct gt_reason why; /* unless the answer is GT_YES */
};
/*
 * The heads, earliest first; how many there are. At most cap are written to out. Changes nothing in the reader.
 */
size_t gt_frontier(struct gt_reader *r, struct gt_head *out, size_t cap);

/* --- ordering in parts ------------------------------------------------------- */

/*
 * A trace of several generations can be ordered in parts, at the same time, each by a thread of the caller. What comes out
 * is what one reader makes of it.
 */
struct gt_parts;
/*
 * Divides it in at most n parts, n > 0. rest, where it is given, is called now and then by whoever works on the parts, after
 * some megabytes; it may make the bytes read so far go out of memory. NULL: no memory. t must stay until gt_parts_join.
 */
struct gt_parts *gt_parts_new(struct gt_trace *t, const struct gt_model *model, unsigned n, void (*rest)(void *arg), void *arg);
void gt_parts_free(struct gt_parts *ps);
unsigned gt_parts_count(const struct gt_parts *ps);
/* Orders part i, below the count: once, by any thread. */
void gt_part_read(struct gt_parts *ps, unsigned i);
/* After all of them: a reader that has read all, as one does by gt_skip(r, UINT64_MAX). Frees ps. NULL: no memory. */
struct gt_reader *gt_parts_join(struct gt_parts *ps);

/* --- what an event requires --------------------------------------------------- */

/* One condition of an event, and what was found. */
struct gt_check {
	enum gt_res about; /* GT_M, GT_P, GT_G: presence in the context, by the rule; GT_NO_RES: a further condition */
	bool ok;
	bool waits;      /* where not ok: the event waits (else the trace is broken) */
	uint8_t need;    /* enum gt_need, for presence */
	char what[64];   /* "goroutine", "G34 is Runnable", "G34 seq 2 follows 1" */
	char here[48];   /* "G34", "none", "Syscall" */
};
#define GT_MAXCHECKS 12
/*
 * The conditions of an event in the context ev->m, ev->p, ev->g, held against states from before it. Returns how
 * many; an event that was accepted has all of them ok.
 */
size_t gt_checks(const struct gt_state *before, const struct gt_model *model, unsigned version, uint64_t generation,
		 const struct gt_event *ev, struct gt_check out[GT_MAXCHECKS]);

/* --- strict checking ------------------------------------------------------------ */

/*
 * More than the reference says: what it lets pass although no Go runtime writes it. Traces of Go 1.22 and later.
 */
struct gt_finding {
	const char *name, *means; /* of the row of strict.def; static */
	struct gt_place place;
	char text[240];
};
/* The finding is the callee's until it returns. */
typedef void gt_finding_fn(void *arg, const struct gt_finding *f);

/* Findings go to fn as they are made, at most 1,000 of them. NULL: no memory. The trace must outlive it. */
struct gt_strict;
struct gt_strict *gt_strict_new(const struct gt_trace *t, gt_finding_fn *fn, void *arg);
/*
 * Looks at the file as it lies, so many events further. True: there is more of it. To be called until there is not, before the
 * first event is given.
 */
bool gt_strict_file(struct gt_strict *st, uint64_t events);
/* The next event of a reader, and its states after it: every event must be given, in order. */
void gt_strict_event(struct gt_strict *st, const struct gt_event *ev, const struct gt_state *after);
/* Frees it. Returns how many findings there were in all. */
uint64_t gt_strict_free(struct gt_strict *st);

/* --- summaries -------------------------------------------------------------------- */

/*
 * What a stretch of events holds, in few bits: enough to say that none of them can be meant. m, p, g: for each ID that
 * is in the context, is the subject or an argument, one bit, by the highest bits of its product with the golden ratio.
 * Zero one to begin.
 */
struct gt_summary {
	uint64_t types[4];
	uint64_t m[4], p[4], g[32];
	uint64_t most_g;      /* the greatest ID of a goroutine */
	uint64_t gen, last_gen; /* numbers of generations, least and greatest */
	int64_t from, to;     /* times of events, least and greatest */
	uint64_t first, last; /* numbers of events */
};
void gt_summary_add(struct gt_summary *s, const struct gt_event *ev);
/* False: no event of it has that M, P or G; true: one may, and of GT_NONE always. */
bool gt_summary_has(const struct gt_summary *s, enum gt_res res, int64_t id);

/* --- moving both ways ------------------------------------------------------------ */

/*
 * A cursor over the ordered stream. Position 0 is before the first event; at position n the state is that after
 * event n. Checkpoints make going back cheap: copies of a reader that share what is the same in them. They, the tables of
 * generations used last, and the summaries of an index are kept within a budget of bytes: where it is small, ways are long.
 */
struct gt_nav;
/* At position 0, under a model (copied). budget: bytes. NULL: no memory. The trace must outlive it. */
struct gt_nav *gt_nav_new(struct gt_trace *t, const struct gt_model *model, size_t budget);
/* The same from a generation on: see gt_reader_new_at. Positions begin with that before its first event. */
struct gt_nav *gt_nav_new_at(struct gt_trace *t, const struct gt_model *model, size_t budget,
			     const struct gt_gen_place *at);
void gt_nav_free(struct gt_nav *v);
/* The position it begins with: 0, but for gt_nav_new_at. */
uint64_t gt_nav_base(const struct gt_nav *v);
/* About how many bytes it has taken; of which share of the budget. */
size_t gt_nav_weight(const struct gt_nav *v);
/*
 * Goes to position n, or to the last there is before it. Returns the position reached. Where stop is given, it is
 * asked every few thousand events and may end the journey (return true) wherever it then is.
 */
uint64_t gt_nav_seek(struct gt_nav *v, uint64_t n, bool (*stop)(void *arg), void *arg);
/* Whether gt_nav_seek or gt_nav_each, called last, stayed short of what was asked for because it had no memory. */
bool gt_nav_starved(const struct gt_nav *v);
/* The position: the number of the last event. */
uint64_t gt_nav_pos(const struct gt_nav *v);
/* The event at the position; NULL at position 0. Valid until the navigator is used again, as all it gives out. */
const struct gt_event *gt_nav_event(const struct gt_nav *v);
/* The states at the position, and what the event there changed, in order; valid as long. */
const struct gt_state *gt_nav_state(const struct gt_nav *v);
const struct gt_change *gt_nav_changes(const struct gt_nav *v, size_t *n);
/* The reader behind the position, for gt_frontier. */
struct gt_reader *gt_nav_reader(struct gt_nav *v);
/* The rules it reads by; valid until they are set anew. */
const struct gt_model *gt_nav_model(const struct gt_nav *v);
/* How many events are known to exist; *all: that is all of them. */
uint64_t gt_nav_known(const struct gt_nav *v, bool *all);
/* Once all are known: GT_END, or GT_BROKEN with the error, which stays valid as long as the model does; before: GT_EVENT.
 * Where memory ends nothing does: there may be some later. Of a trace that is still arriving not all are known, however it is read. */
enum gt_got gt_nav_end(const struct gt_nav *v, const struct gt_error **err);
/* Once all are known: see gt_reader_salvaged. */
bool gt_nav_salvaged(const struct gt_nav *v, struct gt_salvaged *out);
/*
 * Calls fn for the events from number `from` on, at most count, without moving the cursor, each with its changes
 * and the states after it. Stops where fn returns false. Returns how many it gave.
 */
typedef bool gt_nav_fn(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch,
		       const struct gt_state *after);
size_t gt_nav_each(struct gt_nav *v, uint64_t from, size_t count, gt_nav_fn *fn, void *arg);
/*
 * A navigator at the same place under another model: it reads anew from the start, up to where the verdicts part
 * or the position is reached. What was indexed is forgotten; indexers made before must not be used any more.
 */
bool gt_nav_set_model(struct gt_nav *v, const struct gt_model *model);

struct gt_buf;

/* --- the index ----------------------------------------------------------------------- */

/*
 * Reading all of the trace ahead of the cursor: where generations lie, how many events there are and what they end in,
 * what is in each block of them, and checkpoints. An indexer reads, in slices; what it finds is handed to the navigator:
 *
 *	x = gt_indexer_new(v)		f = gt_indexer_read(x, n)	gt_nav_learn(v, f)	gt_indexer_free(x)
 *
 * The first and the third are for the thread of the navigator, the others for any one thread.
 */
struct gt_indexer;
struct gt_found;
/* An indexer at the start of the trace. NULL: no memory. It may outlive the navigator, the trace must outlive it. */
struct gt_indexer *gt_indexer_new(struct gt_nav *v);
void gt_indexer_free(struct gt_indexer *x);
/* Reads on, about so many events. NULL: all has been read; or there is no memory, and no more will be read. */
struct gt_found *gt_indexer_read(struct gt_indexer *x, uint64_t events);
/* Whether this was all that has arrived of the trace: before more of it has, nothing will be found. */
bool gt_found_waits(const struct gt_found *f);
/* About how many bytes of the trace were read for it. */
size_t gt_found_bytes(const struct gt_found *f);
void gt_found_free(struct gt_found *f);
/* Takes over what was found; in the order in which it was found. NULL is fine. */
void gt_nav_learn(struct gt_nav *v, struct gt_found *f);
/*
 * All of this in one thread, a slice at a time. True while there is more to do; of a trace that is still arriving, false may
 * mean that it waits for more. *done: as below. *bytes, unless NULL: about how many bytes of the trace were read for it.
 */
bool gt_nav_index(struct gt_nav *v, uint64_t events, double *done, size_t *bytes);
/* Whether all that had arrived was indexed when something was learnt last, and more may come. */
bool gt_nav_waits(const struct gt_nav *v);
/* Whether everything has been indexed. *done: how much of the file, 0 to 1; of one that is still arriving, of what has come. */
bool gt_nav_indexed(const struct gt_nav *v, double *done);

/*
 * A complete index as bytes, appended: for a navigator of the same trace and rules, at another time, to do with instead of
 * indexing. False: it is not complete, or not of a valid trace of Go 1.22 or later, or generations are so large that it
 * would be of little use; or no memory.
 */
bool gt_nav_save(const struct gt_nav *v, struct gt_buf *out);
/*
 * False: these bytes are no index of this trace, or no memory; nothing has changed then. That they are the bytes that were
 * saved, and that the trace is the same, is for the caller to make sure of: else states may be shown that never were.
 */
bool gt_nav_load(struct gt_nav *v, const uint8_t *p, size_t n);

/* Generations, in the order of the file, as far as they have been found; that is fast. *all: there are no more. */
const struct gt_gen_place *gt_nav_gens(const struct gt_nav *v, size_t *n, bool *all);

/*
 * A block of events. What resources were doing in it: the sum of the times of all of them, from the end of the block before
 * to its own, by the state presented (GT_PRES_Running and so on).
 */
struct gt_block {
	struct gt_summary sum;
	int64_t procs[GT_PRESENTED], goroutines[GT_PRESENTED];
};
/* The block that event n is in, or NULL where that is not indexed; blocks grow where there are too many for the budget. */
const struct gt_block *gt_nav_block(const struct gt_nav *v, uint64_t n);

/* --- timelines -------------------------------------------------------------------- */

enum gt_lane_state {
	GT_LANE_NONE,     /* nothing known */
	GT_LANE_IDLE,     /* P idle; M without P and G */
	GT_LANE_RUNNING,  /* G running; P and M that have each other and a G, not in a syscall */
	GT_LANE_RUNNABLE, /* G */
	GT_LANE_WAITING,  /* G */
	GT_LANE_SYSCALL,  /* G in a syscall; P whose G is; M whose G is */
	GT_LANE_BARE,     /* M with a P, without a G; P that is running so */
	GT_LANES
};
/* "running" and the like; a constant. */
const char *gt_lane_name(enum gt_lane_state s);

/* What one M, P or G did from one event to another. */
struct gt_span {
	enum gt_res res;
	int64_t id;
	enum gt_lane_state state;
	int64_t m, p, g;      /* with whom; GT_NONE */
	int64_t from, to;     /* ns */
	uint64_t first, last; /* event that began it (0: before the trace), event that ended it (0: open at the end) */
	struct gt_str reason; /* of a wait, where one is given */
};
typedef void gt_span_fn(void *arg, const struct gt_span *span);

/* Makes spans of the events given to it in order; gives each to fn when it ends. */
struct gt_timeline;
/* NULL: no memory. What fn is given is its own until it returns. */
struct gt_timeline *gt_timeline_new(gt_span_fn *fn, void *arg);
void gt_timeline_free(struct gt_timeline *tl);
/* False: no memory. */
bool gt_timeline_event(struct gt_timeline *tl, const struct gt_event *ev, const struct gt_change *ch, size_t nch,
		       const struct gt_state *after);
/* How many Ms, Ps or Gs are in a state after the last event given to it. */
size_t gt_timeline_count(const struct gt_timeline *tl, enum gt_res res, enum gt_lane_state s);
/* How many are known by then to have been in it when the first event came: a status told so. Grows, or moves, as more is told. */
size_t gt_timeline_early(const struct gt_timeline *tl, enum gt_res res, enum gt_lane_state s);
/* What one of them does then: its open span, without the end. NULL: not known. Valid until the next event. */
const struct gt_span *gt_timeline_now(const struct gt_timeline *tl, enum gt_res res, int64_t id);
/* Gives out what is still open, as ending at the last event's time. */
void gt_timeline_end(struct gt_timeline *tl);

/* --- the text format -------------------------------------------------------------- */

/* Bytes that grow. Zero one to begin; free p with gt_buf_free. */
struct gt_buf {
	uint8_t *p;
	size_t n, cap;
};
void gt_buf_free(struct gt_buf *b);

/* Where a mistake in a text is; line and column count from 1, columns in bytes. */
struct gt_text_error {
	unsigned line, col;
	char text[200];
};
/*
 * A trace in the text format (see gotrace-text(5)), or the trace of a .test file, into the binary format, appended to
 * out. On a mistake returns false and fills *err. Comments "#width EVENT.ARGUMENT=N" say in how many bytes a number is
 * to be written at least, from there on; comments "#bytes STRING" stand for the bytes of a Go string, where they are.
 */
bool gt_text_read(const char *text, size_t n, struct gt_buf *out, struct gt_text_error *err);

/* Whether the text begins as one in that format does: its first line but comments with the word Trace. */
bool gt_text_begins(const char *text, size_t n);

/* A .test file: a txtar archive of two files, "expect" and "trace". All point into its text. */
struct gt_test {
	struct gt_str model;   /* from a line "model: NAME" of the comment; empty without one */
	bool fails;            /* FAILURE, not SUCCESS */
	struct gt_str pattern; /* FAILURE: the quoted regular expression, quotes included */
	struct gt_str trace;   /* text format */
	unsigned trace_line;   /* line of the file that trace begins on, from 1 */
};
/* False: it is none; *err says where and why. */
bool gt_test_read(const char *text, size_t n, struct gt_test *out, struct gt_text_error *err);

/* --- raw events ---------------------------------------------------------------------- */

/*
 * An event as it lies in the file, of a batch or of what frames batches, in the order of the file. What it points to
 * belongs to the trace.
 */
struct gt_raw {
	uint8_t type;
	uint8_t narg; /* how many of arg there are */
	bool padded;  /* some number takes more bytes than it needs */
	/*
	 * The reference reads it, and the text format can't say it: a type without a name (before Span, from version 26
	 * on), or data whose length is no signed number.
	 */
	bool odd;
	uint64_t arg[GT_MAXARGS + 1]; /* as on the wire: dt first where the event is timed */
	struct gt_str data;           /* of a GT_DATA; else empty */
	uint64_t nframes;             /* of a GT_STACKED: so many frames are there to be read; else 0 */
	const uint8_t *frame;         /* the first, for gt_raw_frame */
	uint64_t off, len;            /* its bytes in the file */
};

struct gt_raw_reader;
/*
 * A reader at the first event. NULL: no memory, or a trace before version 22. The trace must outlive it. Of one that is still
 * arriving it reads what there is now.
 */
struct gt_raw_reader *gt_raw_new(const struct gt_trace *t);
void gt_raw_free(struct gt_raw_reader *r);
/*
 * The next event into *ev. GT_END and GT_BROKEN are final. GT_END with an error: the file ends inside an event, but
 * between two of its numbers, or in its data; the reference takes that for the end.
 */
enum gt_got gt_raw_next(struct gt_raw_reader *r, struct gt_raw *ev);
/* Why it could not go on, or NULL. Belongs to the reader. */
const struct gt_error *gt_raw_error(const struct gt_raw_reader *r);
/* Where the last event is. Of the head of a batch: event -1. */
void gt_raw_place(const struct gt_raw_reader *r, struct gt_place *out);
/* One frame of a stack: pc, func, file, line. Returns the next one; how many there are, nframes says. */
const uint8_t *gt_raw_frame(const uint8_t *frame, uint64_t out[4]);
/* Least bytes of a number on the wire. */
unsigned gt_varint_size(uint64_t v);

/* A batch whose header says that it has other than so many bytes as its events have. */
struct gt_lie {
	struct gt_place place; /* of the batch */
	uint64_t declared, real;
};
typedef void gt_lie_fn(void *arg, const struct gt_lie *lie);
/*
 * Reads the next events, so many at most, and calls fn for each such batch that ends there, as far as its events can be told
 * apart. GT_EVENT: there may be more. Readers of ordered events go by what is declared.
 */
enum gt_got gt_raw_lies(struct gt_raw_reader *r, uint64_t most, gt_lie_fn *fn, void *arg);

/* How often each type comes, and what it takes if its numbers are as short as can be. Zero one to begin. */
struct gt_footprint {
	uint64_t events, count[GT_TYPES], bytes[GT_TYPES];
};
/* Counts one more event. */
void gt_footprint_add(struct gt_footprint *f, const struct gt_raw *ev);
/* The types by bytes, most first; equal ones as the reference happens to have them. */
void gt_footprint_order(const struct gt_footprint *f, uint8_t order[GT_TYPES]);

/* --- Go quoting ---------------------------------------------------------------------- */

/*
 * s as a Go string literal, quotes included, into buf as snprintf does: what Go's %q prints. Everything not
 * printable by Go's rules (Unicode 15) is escaped, so the result is safe on a terminal.
 */
size_t gt_quote(struct gt_str s, char *buf, size_t cap);
/* The bytes of a Go string literal ("..." or `...`), appended to out. False: it is none. */
bool gt_unquote(struct gt_str s, struct gt_buf *out);
/* Whether Go calls the character printable. */
bool gt_printable(uint32_t rune);

/* --- expressions ----------------------------------------------------------------------- */

/*
 * One language to say which events are meant: to search, filter, highlight and stop at them.
 *
 *	type == GoCreateSyscall && p != none
 *	to == Waiting and stack ~ "net/http"
 *	GoUnblock && not (g in (3, 5..9)) && time > 1.5s
 *
 * Fields are those of fields.def, and every argument of events.def by its name (new_g, or arg.new_g where a field is
 * called the same). What an event has not is none; none equals nothing but none, comes before and after nothing, and no
 * regular expression is found in it. != and !~ say the opposite of == and ~. A field with several values (g.any, stack)
 * compares as one of them does.
 */
struct gt_expr;

/* Where a text is wrong, in bytes from its start, and what would have been right there. */
struct gt_expr_error {
	size_t at, n;
	bool meant; /* it compares or joins something: plainly an expression, though a wrong one; else it may be any text */
	char text[200];
};

/* Regular expressions: the library has none of its own. */
struct gt_matcher {
	/* NULL: it is none; *at (in bytes) and why say what is wrong. An empty why: no memory. */
	void *(*compile)(struct gt_str pattern, size_t *at, char *why, size_t cap);
	/* 1: found; 0: not found; -1: given up, it takes too long. */
	int (*match)(void *re, struct gt_str s);
	void (*free)(void *re);
};

/* Longer texts are wrong. */
#define GT_EXPR_MAX 4096

/*
 * Parses and checks n bytes. NULL: they are wrong (or memory ran out), *err says where and why; neither it nor the
 * expression points into text. The matcher must outlive it; NULL: no regular expressions.
 */
struct gt_expr *gt_expr_new(const char *text, size_t n, const struct gt_matcher *matcher, struct gt_expr_error *err);
void gt_expr_free(struct gt_expr *e);
/* The time of the first event of the trace, which `time` counts from. 0 at first. */
void gt_expr_start(struct gt_expr *e, int64_t time);

/* What else than the event gt_expr_match looks at; bits. */
enum { GT_EXPR_AFTER = 1, GT_EXPR_BEFORE = 2, GT_EXPR_STACK = 4 };
unsigned gt_expr_needs(const struct gt_expr *e);
/*
 * Whether an event is meant. after: the states after it (NULL: not known; then the fields that ask for them are none);
 * before: the time of the event before (of the first event, its own). Remembers what it saw of stacks: an expression is
 * for the events of one trace, and for one thread at a time.
 */
bool gt_expr_match(struct gt_expr *e, const struct gt_event *ev, const struct gt_state *after, int64_t before);
/* How often a regular expression was given up for taking too long; each time it was taken for not found. */
uint64_t gt_expr_given_up(const struct gt_expr *e);

/* False: none of these events is meant; true: one may be. May be asked by several threads at once. */
bool gt_expr_may(const struct gt_expr *e, const struct gt_summary *s);

/*
 * What may stand at the end of a beginning of an expression: calls fn for each word that begins as its last word does
 * (in whatever case), with a few words on what it is ("" for none); returns where in the text that word begins. *values:
 * what may stand there of which only the caller may know candidates.
 */
typedef void gt_expr_word_fn(void *arg, const char *word, const char *what);
enum gt_expr_values { GT_VALUES_NONE, GT_VALUES_TEXTS, GT_VALUES_M, GT_VALUES_P, GT_VALUES_G };
size_t gt_expr_complete(const char *text, size_t n, enum gt_expr_values *values, gt_expr_word_fn *fn, void *arg);
/* Row i of fields.def, for help; false behind the last. form: how a value is written. */
bool gt_expr_field(size_t i, const char **name, const char **form, const char **what);
/* What expressions are made of, i from 0, for help: as it is written, and what it means; false: no more. */
bool gt_expr_form(size_t i, const char **form, const char **what);

/*
 * How many letters of a word of n bytes must be changed, added, left out, or change places with the next, to make a name of
 * it, in whatever case; GT_FAR where that is more than about a third of them: the name is not what was meant.
 */
enum { GT_FAR = 1000 };
unsigned gt_near(const char *word, size_t n, const char *name);

#endif
