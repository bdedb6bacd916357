/* SPDX-License-Identifier: MIT */
/*
 * The order in which the reference puts things of equal time. It sorts with Go's slices.SortFunc, which is not
 * stable above 12 elements, so that order is an accident of its algorithm: this is the same algorithm.
 */
#ifndef SORT_H
#define SORT_H

#include <stddef.h>
#include <stdint.h>

struct keyed {
	int64_t key;
	uint32_t i; /* of what the key belongs to */
};

void gt_sort(struct keyed *v, size_t n);

#endif
