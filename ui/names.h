/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is to say of a name that somebody typed, and that there is not: which there are, and which one was meant. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "fmt.h"

struct model;

/* The names there are, by number from 0; NULL: no more. Some may come twice. */
typedef const char *names_fn(size_t i);

/* "did you mean dark or default?": the nearest to a word of n bytes, or those that begin so. False: none is near. */
bool names_near(struct sb *b, const char *word, size_t n, names_fn *name);
/* A message: there is no `what` called so; and the nearest names, or all where these are few. */
void names_say_none(struct model *m, const char *what, const char *word, size_t n, names_fn *name);

#endif
