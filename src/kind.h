/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file is that is no trace. */
#ifndef KIND_H
#define KIND_H

#include <stdbool.h>
#include <stddef.h>

/* "an HTML page", of its first bytes; NULL where that can't be told. */
const char *kind_of(const char *p, size_t n);
/* The bytes at p begin with the header of a binary trace, of whatever version. */
bool kind_is_trace(const char *p, size_t n);
/* Could it be a trace in any form we read, by its first 512 bytes? */
bool kind_may_be_trace(const void *p, size_t n);

#endif
