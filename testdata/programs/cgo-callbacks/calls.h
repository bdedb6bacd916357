/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CALLS_H
#define CALLS_H

/* Start so many threads, let each call Go so many times, wait for all of them. */
void same_threads(int threads, int calls);

/* Call Go so many times, each time from a thread made for that one call. */
void new_threads(int calls);

/* Call goDown, which calls c_down, until depth is used up. */
void c_down(int depth);

/* The same at a moment when the system has no pthread key to give. */
void without_keys(int depth);

/* Call Go from one thread until stop_calling is called. */
void call_until_stopped(void);
void stop_calling(void);

/* Wait until open_gate is called. */
void wait_at_gate(void);
void open_gate(void);

#endif
