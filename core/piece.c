/* SPDX-License-Identifier: MIT */
/*
 * What an event is made of in the file: its pieces. They are read from the bytes themselves, without the batch that they are
 * in, so that what is broken can be looked at too.
 */
#include "v1.h"

struct pieces {
	const uint8_t *from, *p, *end; /* the event; what is not taken yet */
	struct gt_piece *out;
	unsigned n;
};

static struct gt_piece *
add(struct pieces *x, enum gt_piece_kind kind, const char *name, const uint8_t *at, uint32_t len, uint64_t v)
{
	x->out[x->n] = (struct gt_piece){ .kind = kind, .at = (uint32_t)(at - x->from), .len = len, .name = name, .v = v };
	return &x->out[x->n++];
}

/* False: it does not end in the event, and is not taken. */
static bool
add_number(struct pieces *x, enum gt_piece_kind kind, const char *name, enum gt_argtype type)
{
	const uint8_t *at = x->p;
	uint64_t v;

	if (varint(&x->p, x->end, &v) != VARINT_OK)
		return false;
	add(x, kind, name, at, (uint32_t)(x->p - at), v)->type = type;
	return true;
}

static bool
add_args(struct pieces *x, const struct gt_arg *arg, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!add_number(x, GT_PIECE_ARG, arg[i].name, arg[i].type))
			return false;
	return true;
}

static void
take_apart(struct pieces *x, unsigned version)
{
	const struct gt_spec *spec = gt_spec(*x->p);

	if (!spec->name || spec->since > version || *x->p == GT_EV_SyncPoint)
		return;
	add(x, GT_PIECE_TYPE, spec->name, x->p, 1, *x->p);
	x->p++;
	if (!spec->timed || add_number(x, GT_PIECE_DT, NULL, GT_ARG_VALUE))
		add_args(x, spec->arg, spec->nargs);
}

/* A length and as many bytes, if they are all there. */
static void
add_text(struct pieces *x)
{
	uint64_t n;

	if (!add_number(x, GT_PIECE_SIZE, NULL, GT_ARG_VALUE))
		return;
	n = x->out[x->n - 1].v;
	if (n <= (uint64_t)(x->end - x->p))
		add(x, GT_PIECE_TEXT, NULL, x->p, (uint32_t)n, 0);
}

/* All whole numbers that are left. */
static void
add_frames(struct pieces *x)
{
	const uint8_t *at = x->p;
	uint64_t v, n = 0;

	while (x->p < x->end && varint(&x->p, x->end, &v) == VARINT_OK)
		n++;
	if (n > 0)
		add(x, GT_PIECE_FRAMES, NULL, at, (uint32_t)(x->p - at), n / 4);
}

/* Where there are more than three numbers their size comes first; only then may there be a text behind them. */
static void
take_old_apart(struct pieces *x, unsigned version)
{
	static const struct gt_arg stack = { "stack", GT_ARG_STACK };
	unsigned type = *x->p & 63, count = (*x->p >> 6) + 1u;
	const struct v1_spec *spec = v1_spec(type);
	const uint8_t *end = x->end;
	bool whole;

	if (!spec->name || spec->since > version)
		return;
	add(x, GT_PIECE_TYPE, spec->name, x->p, 1, type);
	add(x, GT_PIECE_COUNT, NULL, x->p, 1, count);
	x->p++;
	if (type == V1_String) {
		if (add_number(x, GT_PIECE_ARG, "id", GT_ARG_VALUE))
			add_text(x);
		return;
	}
	if (count > 3) {
		if (!add_number(x, GT_PIECE_SIZE, NULL, GT_ARG_VALUE))
			return;
		if (x->out[x->n - 1].v < (uint64_t)(end - x->p))
			x->end = x->p + x->out[x->n - 1].v;
	}
	whole = (!v1_timed(type) || add_number(x, GT_PIECE_DT, NULL, GT_ARG_VALUE)) && add_args(x, spec->arg, spec->nargs) &&
		(!spec->stack || add_args(x, &stack, 1));
	if (whole && type == V1_Stack)
		add_frames(x);
	whole = whole && x->p == x->end;
	x->end = end;
	if (whole && type == V1_UserLog && count > 3)
		add_text(x);
}

unsigned
gt_pieces(const struct gt_trace *t, uint64_t off, uint32_t len, struct gt_piece out[GT_MAXPIECES])
{
	struct pieces x = { .out = out };
	size_t n = trace_size(t);

	if (len == 0 || off > n || len > n - off)
		return 0;
	x.from = x.p = t->bytes + off;
	x.end = x.from + len;
	if (t->version < 22)
		take_old_apart(&x, t->version);
	else
		take_apart(&x, t->version);
	return x.n;
}
