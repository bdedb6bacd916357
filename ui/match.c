/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PCRE2 as a gt_matcher: see match.h. */
#include "match.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdlib.h>

/* Steps of one match: some milliseconds at the most. */
#define MATCH_STEPS 100000
#define MATCH_KILOBYTES 4096

struct regexp {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

static void
regexp_free(void *re)
{
	struct regexp *r = re;

	pcre2_match_context_free(r->limits);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	free(r);
}

static void *
regexp_new(struct gt_str pattern, size_t *at, char *why, size_t cap)
{
	struct regexp *r = calloc(1, sizeof *r);
	int code;

	*at = 0;
	*why = 0;
	if (!r)
		return NULL;
	/* The empty pattern matches everything, wherever it is. */
	r->code = pcre2_compile((PCRE2_SPTR)(pattern.n ? pattern.p : ""), pattern.n, PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &code, at, NULL);
	if (!r->code) {
		pcre2_get_error_message(code, (PCRE2_UCHAR *)why, cap);
		free(r);
		return NULL;
	}
	r->data = pcre2_match_data_create(1, NULL);
	r->limits = pcre2_match_context_create(NULL);
	if (!r->data || !r->limits) {
		regexp_free(r);
		return NULL;
	}
	pcre2_set_match_limit(r->limits, MATCH_STEPS);
	pcre2_set_heap_limit(r->limits, MATCH_KILOBYTES);
	/* Where there is no compiler for this machine, it is interpreted. */
	pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
	return r;
}

static int
regexp_match(void *re, struct gt_str s)
{
	const struct regexp *r = re;
	int n = pcre2_match(r->code, (PCRE2_SPTR)s.p, s.n, 0, 0, r->data, r->limits);

	return n >= 0 ? 1 : n == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

const struct gt_matcher matcher = { regexp_new, regexp_match, regexp_free };
