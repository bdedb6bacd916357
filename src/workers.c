/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workers.h"

#include "ui/thread.h"

#include <stdlib.h>

struct worker {
	pthread_t thread;
	struct gt_parts *parts;
	unsigned part;
	bool started;
};

static void *
work(void *arg)
{
	struct worker *w = arg;

	gt_part_read(w->parts, w->part);
	return NULL;
}

/* The first part is for this thread, and those for which there is no other. */
static void
read_parts(struct gt_parts *parts, struct worker *w, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		w[i] = (struct worker){ .parts = parts, .part = i };
		w[i].started = thread_start(&w[i].thread, work, &w[i]);
	}
	gt_part_read(parts, 0);
	for (unsigned i = 1; i < n; i++)
		if (w[i].started)
			pthread_join(w[i].thread, NULL);
		else
			gt_part_read(parts, i);
}

struct gt_reader *
order_all(struct loaded *l, const struct gt_model *model, unsigned threads)
{
	struct gt_parts *parts = gt_parts_new(l->trace, model, threads, load_release, l);
	struct worker *w = parts ? calloc(gt_parts_count(parts), sizeof(*w)) : NULL;

	if (!w) {
		gt_parts_free(parts);
		return NULL;
	}
	read_parts(parts, w, gt_parts_count(parts));
	free(w);
	return gt_parts_join(parts);
}
