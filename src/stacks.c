/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stacks as text, kept in slots by the low bits of their IDs, in one buffer that is begun anew with each generation.
 */
#include "fmt.h"

#include <stdlib.h>

enum { SLOTS = 1 << 12, KEEP = 16 << 20, STEP = 4 << 20, ROOM = 1 << 20 };

struct slot {
	uint64_t id;
	uint32_t at, n; /* n: 0 where the slot is empty */
};

struct stacks {
	void (*put)(struct out *o, const struct gt_frame *frame, int n);
	struct gt_gen *gen; /* kept: another one in its place would be taken for it */
	struct slot slot[SLOTS];
	struct out text; /* never written anywhere: it only grows, below the size at which it would be */
};

struct stacks *
stacks_new(void (*put)(struct out *o, const struct gt_frame *frame, int n))
{
	struct stacks *s = calloc(1, sizeof(*s));

	if (s) {
		s->text.fd = -1;
		s->put = put;
	}
	return s;
}

void
stacks_free(struct stacks *s)
{
	if (!s)
		return;
	gt_gen_unref(s->gen);
	free(s->text.p);
	free(s);
}

static void
forget(struct stacks *s, struct gt_gen *gen)
{
	memset(s->slot, 0, sizeof(s->slot));
	s->text.n = 0;
	gt_gen_ref(gen);
	gt_gen_unref(s->gen);
	s->gen = gen;
}

/* Room for one more stack. */
static bool
grow(struct out *text)
{
	while (text->cap - text->n < ROOM) {
		char *p = realloc(text->p, text->cap + STEP);

		if (!p)
			return false;
		text->p = p;
		text->cap += STEP;
	}
	return true;
}

/* Whether a stack, with escapes, is sure to fit there: in traces before Go 1.22 strings may be long. */
static bool
fits(const struct gt_frame *frame, int n)
{
	size_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += 128 + 6 * (frame[i].func.n + frame[i].file.n);
	return sum <= ROOM;
}

bool
stacks_put(struct stacks *s, struct out *o, const struct gt_event *ev, uint64_t id)
{
	struct slot *slot = &s->slot[id % SLOTS];
	struct gt_frame frame[GT_MAXFRAMES];
	size_t from;
	int n;

	if (!ev->gen)
		return false;
	if (ev->gen != s->gen)
		forget(s, ev->gen);
	if (slot->n == 0 || slot->id != id) {
		n = gt_gen_stack(ev->gen, id, frame);
		if (n < 0)
			return false;
		if (s->text.n > KEEP)
			forget(s, ev->gen);
		if (!fits(frame, n) || !grow(&s->text)) {
			s->put(o, frame, n);
			return true;
		}
		from = s->text.n;
		s->put(&s->text, frame, n);
		*slot = (struct slot){ id, (uint32_t)from, (uint32_t)(s->text.n - from) };
	}
	out_bytes(o, s->text.p + slot->at, slot->n);
	return true;
}
