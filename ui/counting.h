/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests of the census share: a trace of testdata, and the census of all of it in so much room. */
#ifndef COUNTING_H
#define COUNTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "census.h"

static inline bool
never(void *arg)
{
	(void)arg;
	return false;
}

/* A file of testdata. To be closed; then bytes are to be freed. */
static inline struct gt_trace *
open_trace(const char *path, uint8_t **bytes)
{
	struct gt_error err;
	struct gt_trace *t;
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	*bytes = malloc(1 << 20);
	assert_non_null(*bytes);
	n = fread(*bytes, 1, 1 << 20, f);
	fclose(f);
	t = gt_open(*bytes, n, &err);
	assert_non_null(t);
	return t;
}

static inline struct census *
take_census(struct gt_trace *t, size_t room)
{
	struct gt_model rules;
	struct gt_nav *v;
	struct census *c = census_new(room);

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	v = gt_nav_new(t, &rules, 1 << 24);
	assert_true(v && c);
	assert_false(census_work(c, v, false, never, NULL));
	assert_true(census_done(c));
	gt_nav_free(v);
	return c;
}

#endif
