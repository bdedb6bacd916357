/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Raw events as lines: as `go tool trace -d=wire` prints them, byte for byte, and as the text format, of which these
 * lines are a part. The text says three things more: data that is empty, and, as comments, in how many bytes numbers are
 * written that could do with fewer ("#width EVENT.ARGUMENT=N"), and bytes that make no events ("#bytes STRING").
 */
#include "fmt.h"

#include <stdlib.h>

/* What stands before a number: " g_seq="; before the first, the name of the event. Copied whole, n bytes of it count. */
struct piece {
	char text[32];
	unsigned n;
};

static const char *const frame_names[] = { "pc", "func", "file", "line" };

enum { NUMBERS = GT_MAXARGS + 1, W_DATA = NUMBERS, W_FRAME, WIDTHS = W_FRAME + 4 };

struct wire {
	const uint8_t *bytes; /* of the trace */
	struct piece piece[GT_TYPES][NUMBERS + 1];
	enum gt_shape shape[GT_TYPES];
	bool wide[GT_TYPES];             /* some width is not 0 */
	uint8_t width[GT_TYPES][WIDTHS]; /* as the comments so far say */
};

char *
put_digits(char *to, uint64_t v)
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051"
		"525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
	static const uint64_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
		10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
		10000000000000000, 100000000000000000, 1000000000000000000, UINT64_C(10000000000000000000) };
	unsigned n = 1;
	char *p;

	if (v < 10) {
		*to = (char)('0' + v);
		return to + 1;
	}
	while (n < 20 && v >= powers[n])
		n++;
	for (p = to + n; v >= 100; v /= 100)
		memcpy(p -= 2, pairs + 2 * (v % 100), 2);
	if (v >= 10)
		memcpy(p - 2, pairs + 2 * v, 2);
	else
		p[-1] = (char)('0' + v);
	return to + n;
}

/* --- a table of pieces ---------------------------------------------------------------- */

static void
make_piece(struct piece *p, const char *name, const char *arg)
{
	size_t n = strlen(name), m = strlen(arg);

	if (n + m + 2 > sizeof(p->text))
		return;
	memcpy(p->text, name, n);
	if (m > 0) {
		p->text[n++] = ' ';
		memcpy(p->text + n, arg, m);
		n += m;
		p->text[n++] = '=';
	}
	p->n = (unsigned)n;
}

/* Name of number i of an event, dt included. */
static const char *
number_name(const struct gt_spec *s, unsigned i)
{
	return s->timed && i == 0 ? "dt" : s->arg[i - s->timed].name;
}

static void *
wire_begin(struct out *o, const struct gt_trace *t)
{
	struct wire *w = calloc(1, sizeof(*w));
	size_t n;

	(void)o;
	if (!w)
		return NULL;
	w->bytes = gt_bytes(t, &n);
	for (unsigned type = 0; type < GT_TYPES; type++) {
		const struct gt_spec *s = gt_spec(type);
		unsigned count = s->nargs + (unsigned)s->timed;

		w->shape[type] = s->shape;
		if (!s->name)
			continue;
		make_piece(&w->piece[type][0], s->name, count > 0 ? number_name(s, 0) : "");
		for (unsigned i = 1; i < count; i++)
			make_piece(&w->piece[type][i], "", number_name(s, i));
	}
	return w;
}

/* --- lines -------------------------------------------------------------------------------- */

static inline char *
put_piece(char *to, const struct piece *p)
{
	memcpy(to, p->text, sizeof(p->text));
	return to + p->n;
}

/* The event itself; the end of the line, too, where nothing else comes. */
static inline void
put_line(const struct wire *w, struct out *o, const struct gt_raw *ev, bool end)
{
	const struct piece *p = w->piece[ev->type];
	char *to = out_room(o, (NUMBERS + 1) * (sizeof(p->text) + 20));
	unsigned n = ev->narg;

	if (!to)
		return;
	if (n == 0)
		to = put_piece(to, p);
	for (unsigned i = 0; i < n; i++)
		to = put_digits(put_piece(to, p + i), ev->arg[i]);
	if (end)
		*to++ = '\n';
	o->n = (size_t)(to - o->p);
}

static void
put_frame(struct out *o, const uint64_t v[4])
{
	char *to = out_room(o, 4 * 28 + 2);

	if (!to)
		return;
	*to++ = '\n';
	for (unsigned i = 0; i < 4; i++) {
		size_t n = i == 0 ? 2 : 4;

		*to++ = i == 0 ? '\t' : ' ';
		memcpy(to, frame_names[i], n);
		to += n;
		*to++ = '=';
		to = put_digits(to, v[i]);
	}
	o->n = (size_t)(to - o->p);
}

static void
put_data(struct out *o, const struct gt_raw *ev)
{
	OUT(o, "\n\tdata=");
	out_quote(o, ev->data);
}

static bool
wire_event(void *f, struct out *o, const struct gt_raw *ev)
{
	const struct wire *w = f;
	const uint8_t *frame = ev->frame;
	uint64_t v[4];

	if (w->shape[ev->type] == GT_PLAIN) {
		put_line(w, o, ev, true);
		return true;
	}
	put_line(w, o, ev, false);
	for (uint64_t i = 0; i < ev->nframes; i++) {
		frame = gt_raw_frame(frame, v);
		put_frame(o, v);
	}
	if (ev->data.n > 0)
		put_data(o, ev);
	OUT(o, "\n");
	return true;
}

static void
wire_end(void *f, struct out *o, bool whole)
{
	(void)o;
	(void)whole;
	free(f);
}

const struct format format_wire = {
	.name = "wire",
	.what = "the events as they lie in the file, as go tool trace -d=wire prints them",
	.begin = wire_begin,
	.raw = wire_event,
	.end = wire_end,
};

/* --- the text format ------------------------------------------------------------------------- */

void *
text_begin(struct out *o, const struct gt_trace *t)
{
	out_format(o, "Trace Go1.%u\n", gt_version(t));
	return wire_begin(o, t);
}

void
text_end(void *f)
{
	free(f);
}

/* Bytes that a number of so many bytes would do with. */
static unsigned
least_bytes(const uint8_t *p, unsigned n)
{
	while (n > 1 && (p[n - 1] & 0x7f) == 0)
		n--;
	return n;
}

/*
 * Where the number at p takes other bytes than what has been said, says so in a comment: on a line of its own before the
 * event, or inside it, where the line before is still open. Returns what is behind the number.
 */
static const uint8_t *
say_width(struct wire *w, struct out *o, unsigned type, unsigned which, const char *name, const uint8_t *p, bool inside)
{
	uint8_t *said = &w->width[type][which];
	unsigned n = 1, least;

	while (p[n - 1] >= 0x80)
		n++;
	least = least_bytes(p, n);
	if (n != (*said > least ? *said : least)) {
		*said = n == least ? 0 : (uint8_t)n;
		w->wide[type] = true; /* for good: it costs little */
		out_format(o, "%s#width %s.%s=%u%s", inside ? "\n" : "", gt_spec(type)->name, name, *said, inside ? "" : "\n");
	}
	return p + n;
}

/* The widths of all numbers of an event, as far as they can be said before it. */
static void
say_widths(struct wire *w, struct out *o, const struct gt_raw *ev)
{
	const struct gt_spec *s = gt_spec(ev->type);
	const uint8_t *p = w->bytes + ev->off + 1;

	for (unsigned i = 0; i < ev->narg; i++)
		p = say_width(w, o, ev->type, i, number_name(s, i), p, false);
	if (w->shape[ev->type] == GT_DATA)
		say_width(w, o, ev->type, W_DATA, "data", p, false);
}

bool
text_event(void *f, struct out *o, const struct gt_raw *ev)
{
	struct wire *w = f;
	const uint8_t *frame = ev->frame;
	bool odd_bytes = ev->padded || w->wide[ev->type];
	uint64_t v[4];

	if (odd_bytes)
		say_widths(w, o, ev);
	if (w->shape[ev->type] == GT_PLAIN) {
		put_line(w, o, ev, true);
		return !o->failed;
	}
	put_line(w, o, ev, false);
	for (uint64_t i = 0; i < ev->nframes; i++) {
		const uint8_t *p = frame;

		for (unsigned k = 0; k < 4 && odd_bytes; k++)
			p = say_width(w, o, ev->type, W_FRAME + k, frame_names[k], p, true);
		frame = gt_raw_frame(frame, v);
		put_frame(o, v);
	}
	if (w->shape[ev->type] == GT_DATA)
		put_data(o, ev);
	OUT(o, "\n");
	return !o->failed;
}

void
text_bytes(struct out *o, const uint8_t *p, size_t n)
{
	enum { A_LINE = 64 };

	for (size_t piece; n > 0; p += piece, n -= piece) {
		piece = n < A_LINE ? n : A_LINE;
		OUT(o, "#bytes ");
		out_quote(o, (struct gt_str){ (const char *)p, piece });
		OUT(o, "\n");
	}
}
