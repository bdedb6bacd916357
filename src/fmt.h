/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events as text. */
#ifndef FMT_H
#define FMT_H

#include "out.h"

/* As `go tool trace -d=parsed` prints them. NULL: no memory. */
struct parsed;
struct parsed *parsed_new(void);
void parsed_free(struct parsed *p);
/* False, nothing printed: a CPU sample whose stack is not there, or a ProcStatus whose status is not one. */
bool parsed_event(struct parsed *p, struct out *o, const struct gt_event *ev);

/* A wall clock time in RFC 3339, local, with as much of the nanoseconds as there is. */
void put_wall(struct out *o, int64_t sec, int64_t nsec);

#endif
