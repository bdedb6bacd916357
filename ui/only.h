/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filter of the table, as one types it: words that stand in any column, and conditions on one: = contains a text, == is
 * exactly that, != is the opposite of =, ~ and !~ have a regular expression for the text, as in filters of events, < <= >= > are for numbers
 * and times; - is none. There may be spaces around them. All must hold; "and" says nothing more. In quotes there may be spaces, and
 * escapes as Go has them.
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

/* Regular expressions made for the filters of a table. */
struct only_res;
void only_free(struct only_res *all);

/* Whether words can be the filter; else says what is wrong with them, and where. Keeps their regular expressions in m->table. */
bool only_is_right(struct model *m, const char *words);
/* Whether every word of the filter says yes to a row. */
bool only_passes(const struct model *m, size_t row);
/* Whether a condition is on what a row is at the current event, or a word may be found in that. */
bool only_is_of_event(const struct table *t);
/* Only rows that a bar of that column stands for, among those of before. False: there is no room for more words. */
bool only_add(struct table *t, const struct column *col, const struct bar *bar);

#endif
