/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that explains: see why.h. */
#define _XOPEN_SOURCE 700
#include "why.h"

#include <pthread.h>
#include <stdlib.h>

#include "thread.h"

/* How often the thread is asked whether to stop, before it lets go of what it read: some megabytes. */
#define RELEASE_EVERY 512

struct why {
	struct gt_trace *trace; /* of its own: it is read without salvage */
	struct gt_model rules;
	size_t memory;
	struct gt_explain *x;
	void (*release)(void *arg);
	void *arg;
	unsigned asked;
	pthread_t thread;
	bool running;         /* there is a thread to be joined */
	pthread_mutex_t lock; /* of these: */
	bool stop, done;
};

static bool
asked(void *arg)
{
	struct why *w = arg;
	bool stop;

	pthread_mutex_lock(&w->lock);
	stop = w->stop;
	pthread_mutex_unlock(&w->lock);
	if (++w->asked % RELEASE_EVERY == 0 && w->release)
		w->release(w->arg);
	return stop;
}

static void *
run(void *arg)
{
	struct why *w = arg;

	w->x = gt_explain_new(w->trace, &w->rules, 0, w->memory, asked, w);
	if (w->release)
		w->release(w->arg);
	pthread_mutex_lock(&w->lock);
	w->done = true;
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct why *
why_start(const struct gt_trace *t, const struct gt_model *rules, size_t memory, void (*release)(void *arg), void *arg)
{
	struct why *w = calloc(1, sizeof *w);
	struct gt_error err;
	size_t n;
	const uint8_t *bytes = gt_bytes(t, &n);

	if (!w)
		return NULL;
	w->trace = gt_open(bytes, n, &err);
	if (!w->trace) {
		free(w);
		return NULL;
	}
	w->rules = *rules;
	w->memory = memory;
	w->release = release;
	w->arg = arg;
	pthread_mutex_init(&w->lock, NULL);
	w->running = thread_start(&w->thread, run, w);
	/* Where there can be no thread, it takes as long as it takes. */
	if (!w->running)
		run(w);
	return w;
}

bool
why_done(struct why *w)
{
	bool done;

	pthread_mutex_lock(&w->lock);
	done = w->done;
	pthread_mutex_unlock(&w->lock);
	return done;
}

void
why_wait(struct why *w)
{
	if (w->running)
		pthread_join(w->thread, NULL);
	w->running = false;
}

const struct gt_explain *
why_get(struct why *w)
{
	return why_done(w) ? w->x : NULL;
}

void
why_stop(struct why *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_mutex_unlock(&w->lock);
	why_wait(w);
	gt_explain_free(w->x);
	gt_close(w->trace);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
