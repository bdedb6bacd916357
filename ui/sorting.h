/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows put in order a slice at a time: there may be a million, and a key must not wait for them. */
#ifndef SORTING_H
#define SORTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gotrace.h"

/* What a row is sorted by: the number, then the text, then its own number. */
struct sort_key {
	double number;
	struct gt_str text; /* must last as long as the sorting */
};

/* The key of a row; false: it is not to be among them. */
typedef bool sort_key_fn(void *arg, size_t row, struct sort_key *key);

struct sorting;

/* Of rows 0 to all - 1. NULL: no memory. */
struct sorting *sorting_new(size_t all, bool reverse);
void sorting_free(struct sorting *s);
/* Goes on until stop says so; false: it is over. */
bool sorting_work(struct sorting *s, sort_key_fn *key, void *arg, bool (*stop)(void *arg), void *stop_arg);
/* Of one that is over: how many rows, and in which order: to be freed, NULL if there was no memory. */
uint32_t *sorting_rows(const struct sorting *s, size_t *n);
/* The keys they were put in order by; false: there are no more. */
bool sorting_key(const struct sorting *s, size_t i, struct sort_key *key);

#endif
