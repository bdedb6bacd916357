/* SPDX-License-Identifier: MIT */
/* What text, quotes and tests are read and written with: bytes that grow, and UTF-8 by Go's rules. */
#ifndef BUF_H
#define BUF_H

#include "gotrace.h"

/* These append. False: out of memory, and the buffer is as it was. */
bool gt_buf_put(struct gt_buf *b, const void *p, size_t n);
bool gt_buf_byte(struct gt_buf *b, uint8_t byte);
/* Unsigned LEB128, as short as can be. */
bool gt_buf_varint(struct gt_buf *b, uint64_t v);

/* What stands for bytes that are no UTF-8. */
#define GT_RUNE_ERROR UINT32_C(0xfffd)

/*
 * The first character of s and how many bytes it has; 0 at the end. A byte that begins no character (a stray one, or
 * one of a surrogate, an overlong form, a number above 0x10ffff) is GT_RUNE_ERROR, 1 byte long.
 */
size_t gt_rune_get(struct gt_str s, uint32_t *rune);
/* A valid character in UTF-8; how many bytes that is. */
size_t gt_rune_put(uint32_t rune, char out[4]);
/* Unicode's White_Space. */
bool gt_rune_space(uint32_t rune);
/* s without the white space at its ends. */
struct gt_str gt_str_trim(struct gt_str s);
bool gt_str_is(struct gt_str s, const char *text);

/*
 * gt_unquote with a reason: NULL on success, else a sentence (static), with *at where in s the mistake is. Out is as it
 * was then.
 */
const char *gt_unquote_why(struct gt_str s, struct gt_buf *out, size_t *at);
/* What it says where there is no memory: this very string. */
extern const char gt_no_memory[];

/* A string of the input for an error text: quoted, and cut where it is long. */
#define GT_SHOWN 64
const char *gt_show(struct gt_str s, char buf[GT_SHOWN]);

/* Fills *err as printf does; line and column count from 1. Always false, so that it can end a function. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
bool gt_text_fail(struct gt_text_error *err, uint64_t line, uint64_t col, const char *format, ...);

#endif
