/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "indexer.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "thread.h"

/* A slice: a few milliseconds. */
#define SLICE 32768
/* So much may wait to be taken: more than is found from one picture to the next. */
#define QUEUE 64
/* How often to look whether more of a trace has arrived. */
#define LOOK_NS 30000000

/* Bytes of the trace that are read before they are let go. */
#define RELEASE ((size_t)16 << 20)

struct indexer {
	struct gt_indexer *x;
	pthread_t thread;
	void (*release)(void *arg);
	void *arg;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t room, wake;
	struct gt_found *found[QUEUE]; /* a ring */
	unsigned first, n;
	bool stop, over;
};

/* More of the trace is to arrive first: looks for it now and then. */
static void
wait_for_more(struct indexer *x)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!x->stop && pthread_cond_timedwait(&x->wake, &x->lock, &until) == 0)
		;
}

/* False: to be stopped. Takes f over. */
static bool
hand_over(struct indexer *x, struct gt_found *f)
{
	bool go, waits = f && gt_found_waits(f);

	pthread_mutex_lock(&x->lock);
	while (x->n == QUEUE && !x->stop)
		pthread_cond_wait(&x->room, &x->lock);
	go = !x->stop && f;
	if (go)
		x->found[(x->first + x->n++) % QUEUE] = f;
	x->over = !f;
	if (go && waits)
		wait_for_more(x);
	pthread_mutex_unlock(&x->lock);
	if (!go)
		gt_found_free(f);
	return go;
}

static void *
run(void *arg)
{
	struct indexer *x = arg;
	size_t bytes = 0;
	struct gt_found *f;

	do {
		f = gt_indexer_read(x->x, SLICE);
		bytes += f ? gt_found_bytes(f) : RELEASE;
		if (bytes >= RELEASE && x->release) {
			x->release(x->arg);
			bytes = 0;
		}
	} while (hand_over(x, f));
	return NULL;
}

struct indexer *
indexer_start(struct gt_nav *nav, void (*release)(void *arg), void *arg)
{
	struct indexer *x = calloc(1, sizeof *x);
	pthread_condattr_t clock;

	if (!x)
		return NULL;
	x->release = release;
	x->arg = arg;
	x->x = gt_indexer_new(nav);
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->room, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&x->wake, &clock);
	pthread_condattr_destroy(&clock);
	if (x->x && thread_start(&x->thread, run, x))
		return x;
	gt_indexer_free(x->x);
	free(x);
	return NULL;
}

bool
indexer_take(struct indexer *x, struct gt_nav *nav)
{
	struct gt_found *found[QUEUE];
	unsigned n;

	pthread_mutex_lock(&x->lock);
	for (n = 0; n < x->n; n++)
		found[n] = x->found[(x->first + n) % QUEUE];
	x->first = x->n = 0;
	pthread_cond_signal(&x->room);
	pthread_mutex_unlock(&x->lock);
	for (unsigned i = 0; i < n; i++)
		gt_nav_learn(nav, found[i]);
	return n > 0;
}

bool
indexer_over(struct indexer *x)
{
	bool over;

	pthread_mutex_lock(&x->lock);
	over = x->over && x->n == 0;
	pthread_mutex_unlock(&x->lock);
	return over;
}

void
indexer_stop(struct indexer *x)
{
	if (!x)
		return;
	pthread_mutex_lock(&x->lock);
	x->stop = true;
	pthread_cond_signal(&x->room);
	pthread_cond_signal(&x->wake);
	pthread_mutex_unlock(&x->lock);
	pthread_join(x->thread, NULL);
	for (unsigned i = 0; i < x->n; i++)
		gt_found_free(x->found[(x->first + i) % QUEUE]);
	gt_indexer_free(x->x);
	pthread_cond_destroy(&x->room);
	pthread_cond_destroy(&x->wake);
	pthread_mutex_destroy(&x->lock);
	free(x);
}
