/* SPDX-License-Identifier: MIT */
/*
 * A trace as bytes: the header, and the batches behind it. Batches are read one after the other, headers only: what
 * is in them is looked at by gen.c (tables) and cursor.c (events). No judgement of generations here.
 */
#ifndef TRACE_H
#define TRACE_H

#include "gotrace.h"

#define MAX_BATCH_SIZE 65536
#define MAX_STRING_SIZE 1024

/* Which arguments of an event are IDs of stacks and strings: NO_ID where there is none, an argument that is always 0. */
#define NO_ID GT_MAXARGS
struct id_args {
	_Alignas(8) uint8_t stack[2], string[2]; /* the stack of the context first. Of that size a row is found faster */
	bool two;                    /* there are two of either */
};

struct places;

struct gt_trace {
	const uint8_t *bytes;
	size_t n; /* see trace_size */
	unsigned version;
	uint64_t first; /* offset of the first batch */
	bool salvage;   /* readers go on behind a generation that is cut */
	struct id_args id_args[GT_TYPES];
	struct v1 *v1[2]; /* versions before 22: what has been read of it, and salvaged (see v1_of); NULL: nothing yet */
	size_t (*peek)(void *arg, uint64_t off, void *buf, size_t n); /* see gt_peek; or NULL */
	void *peek_arg;
	/* One that is still arriving. The thread that brings it writes these, others read them: see trace_waits. */
	struct places *arriving; /* how far it has been looked through; NULL: it was all there from the start */
	bool more;
	uint64_t whole; /* generations up to this offset are all there, and as much behind it as it takes to see that */
};

/* Bytes there are. Asked anew, there may be more. */
static inline size_t
trace_size(const struct gt_trace *t)
{
	return __atomic_load_n(&t->n, __ATOMIC_ACQUIRE);
}

/* Whether the generation that begins at off is not all there yet, and may still come. */
static inline bool
trace_waits(const struct gt_trace *t, uint64_t off)
{
	/* In this order: when there is no more, all there is has been told before. */
	return __atomic_load_n(&t->more, __ATOMIC_ACQUIRE) && off >= __atomic_load_n(&t->whole, __ATOMIC_ACQUIRE);
}

struct batch {
	uint64_t off;  /* of its first byte */
	uint64_t data; /* offset of what is in it */
	uint32_t size;
	uint32_t next;  /* in a generation: index of the next batch of the same M, or MAP_NONE */
	uint32_t index; /* batch of the file */
	uint8_t head;   /* first byte of the data; 0 where it is empty or an experiment's */
	uint8_t exp;    /* experiment, or 0 */
	bool ends;      /* not a batch: the end of a generation */
	bool cut;       /* BAD, but with more bytes it might be good */
	uint64_t gen, time;
	int64_t m;
};

enum batch_got { BATCH_OK, BATCH_EOF, BATCH_BAD };

/*
 * Reads the header of the batch at off. index: the number it has in the file. EOF: off is the end of the file (or the
 * file ends right behind the byte of an experimental batch, which the reference takes for the same). BAD: *err says why.
 */
enum batch_got batch_read(const struct gt_trace *t, uint64_t off, uint32_t index, struct batch *b, struct gt_error *err);

/* The same where nothing but the head will be wanted, through gt_peek if that is there. */
enum batch_got batch_peek(const struct gt_trace *t, uint64_t off, uint32_t index, struct batch *b);

/* Offset of the first byte behind a batch. */
static inline uint64_t
batch_end(const struct batch *b)
{
	return b->data + b->size;
}

/* Fills *err with a code and a place (m and event: none), nothing else; returns it. */
struct gt_error *fault(struct gt_error *err, enum gt_code code, const struct gt_trace *t, uint64_t off, int64_t batch);

/* The reference's words for the causes of an unreadable number. */
#define CAUSE_EOF "EOF"
#define CAUSE_CUT "unexpected EOF"
#define CAUSE_LONG "binary: varint overflows a 64-bit integer"
struct gt_str cause(const char *text);

#endif
