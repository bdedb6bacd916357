/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THREAD_H
#define THREAD_H

#include <pthread.h>
#include <stdbool.h>

/*
 * A thread that runs fn(arg), to be joined. Signals are for the thread that has the terminal, but for those that a thread
 * brings upon itself. False: there can be none.
 */
bool thread_start(pthread_t *thread, void *(*fn)(void *arg), void *arg);

#endif
