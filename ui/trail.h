/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where one has been: marks by letter, and the way back and forward. */
#ifndef TRAIL_H
#define TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRAIL_MARKS 52 /* a to z, A to Z */
#define TRAIL_STEPS 64

/*
 * A place in the trace. Numbers and times are others where a generation is shown by itself; where an event lies in the file is
 * the same in either.
 */
struct trail_place {
	uint64_t n;       /* the row; 0: not set */
	int64_t time;     /* ns, of its event */
	uint64_t apart;   /* n counts in the generation that begins at this byte; 0: in all of the trace */
	uint64_t gen;     /* number of its generation; 0: none */
	uint64_t off;     /* of its first byte; 0: a sync point */
	uint8_t type, part;
	bool end;         /* behind the last event, whose place it is then */
	bool moved;       /* events have other numbers since: until one has been there, only the place in the file is sure */
	uint64_t looked;  /* moved: before this event of its generation it is not; 0: nobody looked yet */
	unsigned reading; /* in which trace this is so: see model.h */
};

/* Zero one to begin. */
struct trail {
	struct trail_place mark[TRAIL_MARKS];
	struct trail_place step[TRAIL_STEPS]; /* left behind by a jump, oldest first */
	size_t n, at;                         /* at: where in them one is; n: at the newest, not among them */
};

/* The number of a letter, -1 for what is none; and back. */
int trail_index(int letter);
char trail_letter(int index);
/* The mark of a letter; NULL: not set. */
const struct trail_place *trail_mark(const struct trail *t, int letter);
/* Whether two places are the same: by their numbers, or else by where they are in the file. */
bool trail_same(const struct trail_place *a, const struct trail_place *b);
/* One jumps away from a place. */
void trail_leave(struct trail *t, const struct trail_place *place);
/* The place before, or the next one, in where one has been; `here`: where one is now. NULL: there is none. */
const struct trail_place *trail_back(struct trail *t, const struct trail_place *here);
const struct trail_place *trail_forward(struct trail *t);
/* Events have other numbers from now on. */
void trail_move(struct trail *t);

#endif
