/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <stdlib.h>

#include "_cgo_export.h"
#include "crowd.h"

enum { MAX_THREADS = 64 };

static void *
caller(void *arg)
{
	int rounds = *(const int *)arg;

	while (rounds-- > 0)
		comeIn();
	return NULL;
}

void
come_in(int threads, int rounds)
{
	pthread_t thread[MAX_THREADS];
	int n;

	if (threads > MAX_THREADS)
		abort();
	for (n = 0; n < threads; n++) {
		/* All wait for all: with one missing none would ever go on. */
		if (pthread_create(&thread[n], NULL, caller, &rounds) != 0)
			abort();
	}
	while (n > 0)
		pthread_join(thread[--n], NULL);
}
