/* SPDX-License-Identifier: MIT */
/*
 * What indexers hand to navigators. An indexer owns all it reads with; a gt_found owns all that is in it, until the
 * navigator takes it out.
 */
#ifndef INDEX_H
#define INDEX_H

#include "freeze.h"

/* Where a generation begins in the ordered stream: what is not known before it has been put in order. */
struct gen_start {
	uint64_t from, first;
	int64_t time;
};

struct gt_found {
	struct gt_gen_place *place; /* further generations */
	size_t nplace, cplace;
	bool all_places;
	struct gen_start *start;
	size_t nstart, cstart;
	struct gt_block *block; /* the next ones */
	size_t nblock, cblock;
	struct frozen **cp;
	size_t ncp, ccp;
	uint64_t known, bytes;
	double done;
	bool all, waits;
	enum gt_got end;       /* all: how it ended */
	struct gt_reader *ended; /* and the reader that met the end; NULL: of an index that was kept */
	struct gt_buf marks; /* at the end: what keep_index needs */
	size_t nmarks;       /* 0: it can't be kept */
};

/* The indexer of a trace, a model and a pool. NULL: no memory. */
struct gt_indexer *indexer_new(struct gt_trace *t, const struct gt_model *model, struct pool *pool);

#endif
