/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "thread.h"

#include <signal.h>

bool
thread_start(pthread_t *thread, void *(*fn)(void *arg), void *arg)
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
	failed = pthread_create(thread, NULL, fn, arg);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	return !failed;
}
