/* SPDX-License-Identifier: MIT */
/*
 * A builder of traces, for tests: what is said in C comes out as text, as binary or as a .test file.
 *
 *	struct tg *t = tg_new(22);
 *	struct tg_gen *g = tg_gen(t, 1);
 *	struct tg_batch *b = tg_batch(g, 0, 1000);
 *
 *	tg_event(b, "ProcStatus", TG_P(0), TG_PSTATUS(GT_P_IDLE));
 *	tg_event(b, "ProcStart", TG_P(0), TG_SEQ(1));
 *	tg_event(b, "ProcStop");
 *	if (!tg_write_test(t, &out))
 *		complain(tg_error(t)->text);
 *	tg_free(t);
 *
 * It takes care of what would make a trace wrong by accident: sizes of batches, the tables of strings and stacks, the
 * data that every generation needs. Whether the events make sense is not looked at, and what it takes care of can be
 * made to lie, for most tests are about traces that are broken in one place.
 *
 * Errors stay: the first one is kept with the place of the call that made it, and from then on every call does nothing,
 * so that only the end of it all need be checked. Functions accept the NULL that one before them gave for that reason.
 *
 * A trace belongs to who made it, and all generations and batches belong to their trace: they live until tg_free, and
 * batches may be filled in any order. Texts and arrays that are passed in are copied. One trace may not be used by two
 * threads at once.
 *
 * In what is written, generations and top-level events stand in the order of the calls that made them. A generation is:
 * from Go 1.25 a batch of Sync, Frequency and ClockSnapshot; its batches, in the order of tg_batch; before Go 1.25 a
 * batch of Frequency; a batch of stacks; a batch of strings; from Go 1.26 EndOfGeneration.
 */
#ifndef TESTGEN_H
#define TESTGEN_H

#include "gotrace.h"

struct tg;
struct tg_gen;
struct tg_batch;

/* Where a call stands. The macros below fill it in. */
struct tg_here {
	const char *file;
	unsigned line;
};
#define TG_HERE ((struct tg_here){ __FILE__, __LINE__ })

enum tg_code {
	TG_OK,
	TG_E_VERSION, /* no such version; or the version has no such event, or no clock snapshots */
	TG_E_EVENT,   /* there is no event of this name or type */
	TG_E_COUNT,   /* too many or too few arguments */
	TG_E_TYPE,    /* an argument is of another type than the event wants */
	TG_E_SHAPE,   /* frames or data, and the event has none; or it has, and needs tg_raw or tg_raw_data */
	TG_E_TEXT,    /* a comment or the name of a model that would spoil the .test file */
	TG_E_MEMORY,  /* there is no memory left */
	TG_CODES
};

struct tg_error {
	enum tg_code code;
	struct tg_here here; /* file NULL where there was no memory for the trace itself */
	char text[240];      /* "FILE:LINE: tg_event: argument 1 of GoStart, g, is a goroutine, not a proc" */
};

/* --- the trace --------------------------------------------------------------- */

/*
 * A trace of that version: 22, 23, 25 or 26 (TG_E_VERSION for any other). Expected to be fine, under no model in
 * particular. NULL where there is no memory. Free it with tg_free.
 */
#define tg_new(version) tg_new_at(TG_HERE, (version))
struct tg *tg_new_at(struct tg_here here, unsigned version);
/* The trace with all its generations and batches. */
void tg_free(struct tg *t);
/* The first error, or NULL. It belongs to the trace. That of a NULL trace is TG_E_MEMORY. */
const struct tg_error *tg_error(const struct tg *t);

/* What generations made from now on are to be like: a sum of these, or 0, as at first. */
enum {
	TG_NO_TIMES = 1,           /* all times and deltas 0, whatever is asked for: order must come from elsewhere */
	TG_NO_EMPTY_TABLES = 2,    /* no batch for stacks or strings where there are none */
	TG_ONE_STACKS_BATCH = 4,   /* however large it gets; else a new one begins at half of what a batch may have */
	TG_ONE_STRINGS_BATCH = 8,  /* the same for strings */
	TG_NO_SYNC = 16,           /* no frequency and no clock snapshot */
	TG_NO_END = 32             /* no EndOfGeneration */
};
void tg_options(struct tg *t, unsigned options);
/* How many ticks events come after the one before them in their batch, from now on, unless they say: 1 at first. */
void tg_step(struct tg *t, uint64_t ticks);

/* --- generations --------------------------------------------------------------- */

/* The next generation, of that number, which need not make sense. NULL: no memory, or an error before. */
#define tg_gen(t, number) tg_gen_at(TG_HERE, (t), (number))
struct tg_gen *tg_gen_at(struct tg_here here, struct tg *t, uint64_t number);

/*
 * Ticks per second, and the time, in ticks, of the clock snapshot; before Go 1.25, that of the batch with the
 * frequency. At first 15625000 and 0. A snapshot comes one tick after its batch begins, unless its time is 0.
 */
void tg_sync(struct tg_gen *g, uint64_t freq, uint64_t time);
/*
 * What the other clocks show at that time: the monotonic one, and the wall's as Unix seconds and nanoseconds. All 0 at
 * first. TG_E_VERSION before Go 1.25.
 */
#define tg_clock(g, mono, sec, nsec) tg_clock_at(TG_HERE, (g), (mono), (sec), (nsec))
void tg_clock_at(struct tg_here here, struct tg_gen *g, uint64_t mono, int64_t sec, uint64_t nsec);
/*
 * The time of the first batch of a table, and by how much each one after it is later. At first, the time is that of
 * tg_sync, and the step 0.
 */
void tg_tables_time(struct tg_gen *g, uint64_t time, uint64_t step);

/*
 * Enter a string into the table of the generation, and get its number: from 1, in the order in which they come; 0 for
 * the empty string, and, as for all errors, where there is no memory. The same string has the same number.
 */
#define tg_string(g, p, n) tg_string_at(TG_HERE, (g), (p), (n))
uint64_t tg_string_at(struct tg_here here, struct tg_gen *g, const char *p, size_t n);

struct tg_frame {
	uint64_t pc;
	const char *func, *file; /* ending in a NUL; NULL is the empty string */
	uint64_t line;
};
/*
 * The same for a stack of n frames, leaf first; 0 is the stack without frames. The strings of frames enter the table of
 * strings when the trace is first written, behind all others.
 */
#define tg_stack(g, frames, n) tg_stack_at(TG_HERE, (g), (frames), (n))
uint64_t tg_stack_at(struct tg_here here, struct tg_gen *g, const struct tg_frame *frames, size_t n);

/* --- batches and events ------------------------------------------------------------ */

/* A batch of thread m (GT_NONE: of none) that begins at that time. NULL: no memory, or an error before. */
#define tg_batch(g, m, time) tg_batch_at(TG_HERE, (g), (m), (time))
struct tg_batch *tg_batch_at(struct tg_here here, struct tg_gen *g, uint64_t m, uint64_t time);
/* The size that its header gives, instead of that of its events. */
void tg_batch_size(struct tg_batch *b, uint64_t size);

/* An argument of an event. Make them with the macros below. */
struct tg_arg {
	enum { TG_IS_END, TG_IS_DT, TG_IS_NUMBER, TG_IS_TYPED } is;
	enum gt_argtype type;
	uint64_t u;
	const char *s;
	const struct tg_frame *frames;
	size_t n;
};
#define TG_TYPED(t, v) ((struct tg_arg){ .is = TG_IS_TYPED, .type = (t), .u = (v) })
#define TG_VALUE(v) TG_TYPED(GT_ARG_VALUE, v)
#define TG_M(id) TG_TYPED(GT_ARG_M, id)
#define TG_P(id) TG_TYPED(GT_ARG_P, id)
#define TG_G(id) TG_TYPED(GT_ARG_G, id)
#define TG_SEQ(n) TG_TYPED(GT_ARG_SEQ, n)
#define TG_PSTATUS(status) TG_TYPED(GT_ARG_PSTATUS, status) /* GT_P_IDLE and so on */
#define TG_GSTATUS(status) TG_TYPED(GT_ARG_GSTATUS, status) /* GT_G_WAITING and so on */
#define TG_TASK(id) TG_TYPED(GT_ARG_TASK, id)
/* A string as text, ending in a NUL; or as that many bytes. It goes into the generation's table. */
#define TG_STR(text) TG_STRN(text, SIZE_MAX)
#define TG_STRN(p, len) ((struct tg_arg){ .is = TG_IS_TYPED, .type = GT_ARG_STRING, .s = (p), .n = (len) })
/* A stack, as its frames: TG_STACK({ 0x1028, "main.f", "main/main.go", 40 }, { ... }), or an array of them. */
#define TG_STACK(...)                                                                                                  \
	TG_STACKN(((const struct tg_frame[]){ __VA_ARGS__ }),                                                          \
		sizeof((const struct tg_frame[]){ __VA_ARGS__ }) / sizeof(struct tg_frame))
#define TG_STACK_OF(array) TG_STACKN(array, sizeof(array) / sizeof((array)[0]))
#define TG_STACKN(p, count) ((struct tg_arg){ .is = TG_IS_TYPED, .type = GT_ARG_STACK, .frames = (p), .n = (count) })
#define TG_NO_STACK TG_TYPED(GT_ARG_STACK, 0)
/* Any number, as an argument of any type: for what is not in a table, and for a status that there is not. */
#define TG_NUMBER(v) ((struct tg_arg){ .is = TG_IS_NUMBER, .u = (v) })
/* As the first one, of an event that has a time: ticks since the event before it. */
#define TG_DT(ticks) ((struct tg_arg){ .is = TG_IS_DT, .u = (ticks) })
#define TG_END ((struct tg_arg){ .is = TG_IS_END })

/*
 * tg_event(batch, NAME, ARGUMENT...), tg_event_type(batch, TYPE, ARGUMENT...): an event, by its name or its type
 * (GT_EV_GoStart), with its arguments in the order of events.def, without dt. It goes to the end of the batch.
 * TG_E_EVENT, TG_E_VERSION, TG_E_COUNT, TG_E_TYPE; TG_E_SHAPE for String, Stack and ExperimentalBatch.
 */
#define tg_event(batch, ...)                                                                                           \
	tg_event_at(TG_HERE, (batch), TG_FIRST_(__VA_ARGS__, 0),                                                       \
		(const struct tg_arg[]){ TG_OTHERS_(__VA_ARGS__, TG_END) })
#define tg_event_type(batch, ...)                                                                                      \
	tg_event_type_at(TG_HERE, (batch), TG_FIRST_(__VA_ARGS__, 0),                                                  \
		(const struct tg_arg[]){ TG_OTHERS_(__VA_ARGS__, TG_END) })
void tg_event_at(struct tg_here here, struct tg_batch *b, const char *name, const struct tg_arg *args);
void tg_event_type_at(struct tg_here here, struct tg_batch *b, unsigned type, const struct tg_arg *args);
#define TG_FIRST_(first, ...) first
#define TG_OTHERS_(first, ...) __VA_ARGS__

/*
 * An event as numbers: tg_raw(t, TYPE, NUMBER...) outside of all generations, tg_batch_raw(b, TYPE, NUMBER...) in a
 * batch, and the same with data for the events that have it. The numbers are what stands in the text format: dt is one
 * of them, where the event has it, and the four of each frame of a stack are. TG_E_EVENT, TG_E_VERSION; TG_E_COUNT also
 * where nframes is not the number of frames; TG_E_SHAPE for data with an event that has none.
 */
#define tg_raw(t, ...) tg_raw_at(TG_HERE, (t), TG_NUMBERS_(__VA_ARGS__), TG_NO_BYTES)
#define tg_raw_data(t, data, ...) tg_raw_at(TG_HERE, (t), TG_NUMBERS_(__VA_ARGS__), (data))
#define tg_batch_raw(b, ...) tg_batch_raw_at(TG_HERE, (b), TG_NUMBERS_(__VA_ARGS__), TG_NO_BYTES)
#define tg_batch_raw_data(b, data, ...) tg_batch_raw_at(TG_HERE, (b), TG_NUMBERS_(__VA_ARGS__), (data))
/* v: the type and the numbers, n in all. */
void tg_raw_at(struct tg_here here, struct tg *t, const uint64_t *v, size_t n, struct gt_str data);
void tg_batch_raw_at(struct tg_here here, struct tg_batch *b, const uint64_t *v, size_t n, struct gt_str data);
#define TG_NUMBERS_(...)                                                                                               \
	((const uint64_t[]){ __VA_ARGS__ }), sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t)
/* Data, as a string literal that may hold NULs. */
#define TG_BYTES(literal) ((struct gt_str){ (literal), sizeof(literal) - 1 })
#define TG_NO_BYTES ((struct gt_str){ NULL, 0 })

/* --- what must come of it ------------------------------------------------------------- */

/*
 * Adds lines to the comment that a .test file begins with, which a newline ends; the last one's may be left out.
 * TG_E_TEXT where a line of it would count for more than a comment: "-- NAME --", or "model:".
 */
#define tg_comment(t, text) tg_comment_at(TG_HERE, (t), (text))
void tg_comment_at(struct tg_here here, struct tg *t, const char *text);
/* The model that the test runs under, for the line "model: NAME". TG_E_TEXT where it is empty or more than a line. */
#define tg_model(t, name) tg_model_at(TG_HERE, (t), (name))
void tg_model_at(struct tg_here here, struct tg *t, const char *name);
/* The trace is refused, with an error that the regular expression (by Go's syntax) finds. It is not looked at here. */
#define tg_fails(t, pattern) tg_fails_at(TG_HERE, (t), (pattern))
void tg_fails_at(struct tg_here here, struct tg *t, const char *pattern);
/* The trace is accepted, as at first. */
void tg_succeeds(struct tg *t);

/* --- writing ------------------------------------------------------------------------------ */

/*
 * Append the trace to out: in the text format, in the binary format (by way of the text and gt_text_read), as a .test
 * file. False, with out as it was, after any error: see tg_error. A trace may be written several times, and added to in
 * between.
 */
#define tg_write_text(t, out) tg_write_text_at(TG_HERE, (t), (out))
#define tg_write_binary(t, out) tg_write_binary_at(TG_HERE, (t), (out))
#define tg_write_test(t, out) tg_write_test_at(TG_HERE, (t), (out))
bool tg_write_text_at(struct tg_here here, struct tg *t, struct gt_buf *out);
bool tg_write_binary_at(struct tg_here here, struct tg *t, struct gt_buf *out);
bool tg_write_test_at(struct tg_here here, struct tg *t, struct gt_buf *out);

#endif
