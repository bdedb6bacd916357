/* SPDX-License-Identifier: MIT */
/* Values as they are written in expressions. */
#ifndef EXPR_VALUE_H
#define EXPR_VALUE_H

#include "expr.h"

/* The values whose names a pattern with * and ? means, in whatever case; false: none. */
bool expr_enum_find(enum ftype type, const char *pat, size_t n, struct set *out);

/* A number, with commas between digits skipped, and a unit where the type has any. NULL, or what is wrong with it (static). */
const char *expr_number(const char *p, size_t n, enum ftype type, struct num *out);
/* Whether it is a unit of times or sizes. */
bool expr_is_unit(const char *p, size_t n);
/* M25, P1, G34 (in whatever case). NULL; "": it is no such thing. */
const char *expr_id(const char *p, size_t n, enum ftype type, struct num *out);
/* A moment in RFC 3339, as Unix nanoseconds. */
bool expr_moment(const char *p, size_t n, struct num *out);

/* "a time such as 1.5s": what is to be written. */
const char *expr_form(enum ftype type);

#endif
