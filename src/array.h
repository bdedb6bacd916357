/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ARRAY_H
#define ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* Room for n elements of that size in an array that doubles. array: points to the pointer. False: no memory, and nothing changed. */
static inline bool
array_room(void *array, size_t n, size_t *cap, size_t size)
{
	void **p = array, *more;
	size_t to = *cap;

	while (to < n)
		to = to ? to * 2 : 64;
	if (to == *cap)
		return true;
	more = realloc(*p, to * size);
	if (!more)
		return false;
	*p = more;
	*cap = to;
	return true;
}

#endif
