/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C side of callbacks: threads that Go knows nothing of until they call.
 * See main.go for what the trace shows of them.
 */
#include <limits.h>
#include <pthread.h>
#include <unistd.h>

#include "_cgo_export.h"
#include "calls.h"

enum { MAX_THREADS = 16, PAUSE_US = 150 };

struct caller {
	int id;
	int calls;
};

/* A thread that stays: one call after another, with a pause in between that gives sysmon time to take its P. */
static void *
call_often(void *arg)
{
	const struct caller *c = arg;

	for (int i = 0; i < c->calls; i++) {
		askGo(c->id, i);
		usleep(PAUSE_US);
	}
	return NULL;
}

/* A thread that goes: one call, and that is its life. */
static void *
call_once(void *arg)
{
	const struct caller *c = arg;

	askGo(c->id, c->calls);
	return NULL;
}

void
same_threads(int threads, int calls)
{
	pthread_t thread[MAX_THREADS];
	struct caller caller[MAX_THREADS];

	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	for (int i = 0; i < threads; i++) {
		caller[i] = (struct caller){ .id = i, .calls = calls };
		if (pthread_create(&thread[i], NULL, call_often, &caller[i]) != 0)
			threads = i;
	}
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
}

void
new_threads(int calls)
{
	for (int i = 0; i < calls; i++) {
		struct caller caller = { .id = i, .calls = i };
		pthread_t thread;

		if (pthread_create(&thread, NULL, call_once, &caller) == 0)
			pthread_join(thread, NULL);
	}
}

void
c_down(int depth)
{
	goDown(depth);
}

void
without_keys(int depth)
{
	static pthread_key_t key[PTHREAD_KEYS_MAX];
	int n = 0;

	while (n < PTHREAD_KEYS_MAX && pthread_key_create(&key[n], NULL) == 0)
		n++;
	c_down(depth);
	while (n > 0)
		pthread_key_delete(key[--n]);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int stopped, gate_open;

static void *
call_and_look(void *arg)
{
	(void)arg;
	for (int i = 0;; i++) {
		pthread_mutex_lock(&lock);
		int stop = stopped;
		pthread_mutex_unlock(&lock);
		if (stop)
			return NULL;
		askGo(-1, i);
		usleep(4 * PAUSE_US);
	}
}

void
call_until_stopped(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, call_and_look, NULL) == 0)
		pthread_join(thread, NULL);
}

static void
set(int *flag)
{
	pthread_mutex_lock(&lock);
	*flag = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void
stop_calling(void)
{
	set(&stopped);
}

void
wait_at_gate(void)
{
	pthread_mutex_lock(&lock);
	while (!gate_open)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

void
open_gate(void)
{
	set(&gate_open);
}
