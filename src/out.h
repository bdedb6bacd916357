/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Buffered output of results. What goes to a terminal is made safe on the way: strings of a trace come from strangers.
 */
#ifndef OUT_H
#define OUT_H

#include "gotrace.h"

#include <string.h>

struct out {
	char *p;
	size_t n, cap;
	int fd; /* below 0: nothing is written, all stays in p */
	bool terminal; /* escape what could command it */
	bool failed;   /* writing or memory failed: the rest is dropped */
	int error;     /* errno, where writing failed */
};

void out_init(struct out *o, int fd);
/* Writes what there is. */
void out_flush(struct out *o);
/* Writes what is left. False: something could not be written. */
bool out_close(struct out *o);
/* Makes room for n more bytes, see out_room. */
char *out_more(struct out *o, size_t n);
void out_format(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_u64(struct out *o, uint64_t v);
void out_i64(struct out *o, int64_t v);
void out_hex(struct out *o, uint64_t v);
/* As a Go string literal. */
void out_quote(struct out *o, struct gt_str s);
/* How wide lines may be, by COLUMNS or by the terminal that o is; 0: that is not known. */
unsigned out_columns(const struct out *o);
/* "generation 1, batch 3, event 7, M 42, offset 1234 (0x4d2)", as far as it has them. */
void out_place(struct out *o, const struct gt_place *p);
/* How many bytes at p, of n, are UTF-8, up to the first that is none. */
size_t out_utf8(const char *p, size_t n);
/* As a JSON string; bytes that are no UTF-8 become U+FFFD. */
void out_json(struct out *o, struct gt_str s);

/* Room for n more bytes; NULL where there is none to be had (they are dropped). Most often there is: out_bytes comes in crumbs. */
static inline char *
out_room(struct out *o, size_t n)
{
	return o->p && o->cap - o->n >= n ? o->p + o->n : out_more(o, n);
}

static inline void
out_bytes(struct out *o, const char *p, size_t n)
{
	char *to = out_room(o, n);

	if (to && n > 0) {
		memcpy(to, p, n);
		o->n += n;
	}
}

static inline void
out_text(struct out *o, const char *s)
{
	out_bytes(o, s, strlen(s));
}
/* A literal, its length known to the compiler. */
#define OUT(o, literal) out_bytes(o, "" literal, sizeof(literal) - 1)

static inline struct gt_str
str(const char *s)
{
	return (struct gt_str){ s, strlen(s) };
}

/* Messages to standard error: "gotrace-tui: FILE: TEXT" (file may be NULL), made safe on a terminal. */
void complain(const char *file, const char *text);
/* Complaints go into a buffer instead, one behind the other; NULL: to standard error again. */
void complain_into(char *text, size_t cap);

#endif
