/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filter of the table, as one types it: words that stand in any column, and conditions on one: = contains a text, == is
 * exactly that, != is the opposite of =, < <= >= > are for numbers and times; - is none. All must hold; "and" says nothing more. In quotes there may be spaces, and escapes as Go has them.
 */
#ifndef ONLY_H
#define ONLY_H

#include <stdbool.h>
#include <stddef.h>

struct model;
struct table;
struct column;
struct bar;

#define ONLY_MAX 512

/* Whether words can be the filter; else says what is wrong with them. */
bool only_is_right(struct model *m, const char *words);
/* Whether every word of the filter says yes to a row. */
bool only_passes(const struct model *m, size_t row);
/* Whether a condition is on what a row is at the current event, or a word may be found in that. */
bool only_is_of_event(const struct table *t);
/* Only rows that a bar of that column stands for, among those of before. False: there is no room for more words. */
bool only_add(struct table *t, const struct column *col, const struct bar *bar);

#endif
