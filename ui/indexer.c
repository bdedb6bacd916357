/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "indexer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/* A slice: a few milliseconds. */
#define SLICE 32768
/* So much may wait to be taken: more than is found from one picture to the next. */
#define QUEUE 64

/* Bytes of the trace that are read before they are let go. */
#define RELEASE ((size_t)16 << 20)

struct indexer {
	struct gt_indexer *x;
	pthread_t thread;
	void (*release)(void *arg);
	void *arg;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t room;
	struct gt_found *found[QUEUE]; /* a ring */
	unsigned first, n;
	bool stop, over;
};

/* False: to be stopped. Takes f over. */
static bool
hand_over(struct indexer *x, struct gt_found *f)
{
	bool go;

	pthread_mutex_lock(&x->lock);
	while (x->n == QUEUE && !x->stop)
		pthread_cond_wait(&x->room, &x->lock);
	go = !x->stop && f;
	if (go)
		x->found[(x->first + x->n++) % QUEUE] = f;
	x->over = !f;
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

/* Signals are for the thread that has the terminal, but for those that a thread brings upon itself. */
static bool
start_thread(struct indexer *x)
{
	sigset_t all, was;
	int failed;

	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGABRT);
	pthread_sigmask(SIG_BLOCK, &all, &was);
	failed = pthread_create(&x->thread, NULL, run, x);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	return !failed;
}

struct indexer *
indexer_start(struct gt_nav *nav, void (*release)(void *arg), void *arg)
{
	struct indexer *x = calloc(1, sizeof *x);

	if (!x)
		return NULL;
	x->release = release;
	x->arg = arg;
	x->x = gt_indexer_new(nav);
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->room, NULL);
	if (x->x && start_thread(x))
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
	pthread_mutex_unlock(&x->lock);
	pthread_join(x->thread, NULL);
	for (unsigned i = 0; i < x->n; i++)
		gt_found_free(x->found[(x->first + i) % QUEUE]);
	gt_indexer_free(x->x);
	pthread_cond_destroy(&x->room);
	pthread_mutex_destroy(&x->lock);
	free(x);
}
