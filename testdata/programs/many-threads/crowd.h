/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CROWD_H
#define CROWD_H

/* Start so many threads, let each call Go so many times, wait for all of them. */
void come_in(int threads, int rounds);

#endif
