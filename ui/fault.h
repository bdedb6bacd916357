/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text that somebody wrote, and marks under what is wrong in it: two lines, for screens and for standard error. */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of each of the lines, their NUL included. */
#define FAULT_LINE 1024
/* How wide they are where it is not known how wide a line may be: with what stands before them on standard error. */
#define FAULT_W 76

/*
 * n bytes of the text from byte `at` on are wrong; none of them, or what is behind its end: there something is missing. Of
 * a text that is wider than w columns the lines are of what is around the fault, and dots stand for the rest.
 */
void fault_lines(const char *text, size_t at, size_t n, int w, bool utf8, char line[FAULT_LINE], char under[FAULT_LINE]);

#endif
