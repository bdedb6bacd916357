/* SPDX-License-Identifier: MIT */
/*
 * The text format of traces, into the binary one.
 *
 * A text is lines. Those that are blank or whose first token begins with # are passed over; the first of the others is
 * the header, "Trace Go1.NN", and each further one an event: its name and, in the order of its spec, an argument
 * NAME=NUMBER for each it has. A stack is followed by a line for each frame, an event with data by a line
 * data=STRING. A # behind a token ends that token but may not follow a whole event: comments have lines of their own.
 *
 * What is accepted is what the reference (internal/trace/raw, TextReader) accepts, and two things more: lines longer
 * than 64 KiB, and the AllocFree events in traces of Go 1.23 and 1.25. Nothing is corrected: sizes of batches are
 * written as they are given, and whether the trace makes sense is for others to say.
 *
 * A comment "#width EVENT.ARGUMENT=N", from the start of a line, changes nothing of what the trace says: from there on
 * that number takes N bytes if it could do with less (0: as few as can be, as at first). Go's runtime writes sizes of
 * batches so, before it knows them; with it the text gives back the same bytes.
 */
#include "gotrace.h"

#include "buf.h"

#include <stdio.h>
#include <string.h>

/* A line, its first token, and its number from 1. */
struct line {
	struct gt_str s, first;
	uint64_t number;
};

/* Numbers of an event that may have a width: dt, its arguments, the length of its data, those of frames. */
enum { WIDTH_DATA = GT_MAXARGS + 1, WIDTH_FRAME, WIDTHS = WIDTH_FRAME + 4 };

struct text {
	struct gt_str left; /* behind the line */
	struct line line;
	uint32_t version;
	struct gt_buf *out;
	struct gt_buf data; /* of the event under way */
	uint8_t guess[64]; /* types of events that came before: see find_type */
	uint8_t width[GT_TYPES][WIDTHS]; /* bytes each number takes at least; 0: as few as can be */
	bool starved; /* a comment had to be left out for want of memory */
	struct gt_text_error *err;
};

/* Arguments of a frame, in the order of the wire. */
static const char *const frame_args[] = { "pc", "func", "file", "line" };

/* A mistake at a place of the line. */
#define fail(t, at, ...)                                                                                               \
	gt_text_fail((t)->err, (t)->line.number, (uint64_t)((at) - (t)->line.s.p) + 1, __VA_ARGS__)
#define no_memory(t) fail(t, (t)->line.s.p, "there is no memory left")

/* --- lines and tokens ------------------------------------------------------ */

/* How many bytes the first character of s has if it belongs to a token; else 0. */
static size_t
token_char(struct gt_str s)
{
	uint8_t c = s.n > 0 ? (uint8_t)s.p[0] : 0;
	uint32_t r;
	size_t n;

	if (c > '#' && c < 0x80) /* nearly all are */
		return 1;
	n = gt_rune_get(s, &r);
	return r == '#' || gt_rune_space(r) ? 0 : n;
}

/* s without the white space before it. */
static struct gt_str
behind_space(struct gt_str s)
{
	uint32_t r;
	size_t n;

	while ((n = gt_rune_get(s, &r)) > 0 && gt_rune_space(r)) {
		s.p += n;
		s.n -= n;
	}
	return s;
}

/*
 * Takes the first token off s: up to white space or a #. Empty where s has none, and then nothing more of s counts:
 * it is white space, or a comment, at which s then begins.
 */
static struct gt_str
token(struct gt_str *s)
{
	struct gt_str tok;
	size_t n;

	*s = behind_space(*s);
	tok.p = s->p;
	while ((n = token_char(*s)) > 0) {
		s->p += n;
		s->n -= n;
	}
	tok.n = (size_t)(s->p - tok.p);
	return tok;
}

enum number { NUMBER_OK, NUMBER_NONE, NUMBER_TOO_BIG };

static enum number
decimal(struct gt_str s, uint64_t *v)
{
	enum number is = NUMBER_OK;

	if (s.n == 0)
		return NUMBER_NONE;
	*v = 0;
	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)(uint8_t)s.p[i] - '0';

		if (digit > 9)
			return NUMBER_NONE;
		if (*v > (UINT64_MAX - digit) / 10)
			is = NUMBER_TOO_BIG;
		*v = *v * 10 + digit;
	}
	return is;
}

/* --- widths -------------------------------------------------------------------- */

/* Which number of an event is called that; WIDTHS: none. */
static unsigned
width_of(const struct gt_spec *spec, struct gt_str name)
{
	if (spec->timed && gt_str_is(name, "dt"))
		return 0;
	for (unsigned i = 0; i < spec->nargs; i++)
		if (gt_str_is(name, spec->arg[i].name))
			return i + spec->timed;
	if (spec->shape == GT_DATA && gt_str_is(name, "data"))
		return WIDTH_DATA;
	for (unsigned i = 0; i < 4 && spec->shape == GT_STACKED; i++)
		if (gt_str_is(name, frame_args[i]))
			return WIDTH_FRAME + i;
	return WIDTHS;
}

/* What follows a key that a comment begins with, without the white space around it; empty where it does not. */
static struct gt_str
behind_key(struct gt_str comment, const char *key)
{
	size_t n = strlen(key);

	if (comment.n < n || memcmp(comment.p, key, n) != 0)
		return (struct gt_str){ "", 0 };
	return gt_str_trim((struct gt_str){ comment.p + n, comment.n - n });
}

/* A comment that may be one of a width; what is none is passed over in silence. */
static void
read_width(struct text *t, struct gt_str comment)
{
	struct gt_str s = behind_key(comment, "#width "), event, name;
	const char *dot, *equals;
	enum gt_type type;
	uint64_t n_bytes;
	unsigned which;

	dot = s.n > 0 ? memchr(s.p, '.', s.n) : NULL;
	equals = s.n > 0 ? memchr(s.p, '=', s.n) : NULL;
	if (!dot || !equals || dot > equals || decimal((struct gt_str){ equals + 1, (size_t)(s.p + s.n - equals) - 1 },
		&n_bytes) != NUMBER_OK || n_bytes > 10)
		return;
	event = (struct gt_str){ s.p, (size_t)(dot - s.p) };
	name = (struct gt_str){ dot + 1, (size_t)(equals - dot - 1) };
	type = gt_type_by_name(event.p, event.n);
	which = type == GT_EV_None ? WIDTHS : width_of(gt_spec(type), name);
	if (which < WIDTHS)
		t->width[type][which] = (uint8_t)n_bytes;
}

/* A comment that may stand for bytes, the same. Before the header there is nothing to put them in. */
static void
read_bytes(struct text *t, struct gt_str comment)
{
	struct gt_str s = behind_key(comment, "#bytes ");
	const char *why;
	size_t at;

	if (s.n == 0 || t->version == 0)
		return;
	t->data.n = 0;
	why = gt_unquote_why(s, &t->data, &at);
	if (why == gt_no_memory || (!why && !gt_buf_put(t->out, t->data.p, t->data.n)))
		t->starved = true;
}

/* Writes a number in at least so many bytes. */
static bool
put_number(struct gt_buf *out, uint64_t v, unsigned width)
{
	size_t from = out->n;

	if (!gt_buf_varint(out, v))
		return false;
	if (out->n - from >= width)
		return true;
	out->p[out->n - 1] |= 0x80;
	while (out->n - from < width - 1)
		if (!gt_buf_byte(out, 0x80))
			return false;
	return gt_buf_byte(out, 0);
}

/*
 * Goes to the next line that is neither blank nor a comment; *rest is what follows its first token. False: the text is
 * over. The carriage return before a line's end counts as part of the line: it is white space.
 */
static bool
next_line(struct text *t, struct gt_str *rest)
{
	while (t->left.n > 0) {
		const char *end = memchr(t->left.p, '\n', t->left.n);
		size_t n = end ? (size_t)(end - t->left.p) : t->left.n;

		t->line.s = (struct gt_str){ t->left.p, n };
		t->line.number++;
		n += end != NULL;
		t->left.p += n;
		t->left.n -= n;
		*rest = t->line.s;
		t->line.first = token(rest);
		if (t->line.first.n > 0)
			return true;
		read_width(t, t->line.s);
		read_bytes(t, t->line.s);
	}
	return false;
}

/* Nothing but white space may be left of a line; what: of what it is the end. */
static bool
end_of_line(struct text *t, struct gt_str rest, const char *what)
{
	char shown[GT_SHOWN];
	struct gt_str s = gt_str_trim(rest);

	if (s.n == 0)
		return true;
	if (s.p[0] == '#')
		return fail(t, s.p, "a comment needs a line of its own: here it follows %s", what);
	return fail(t, s.p, "%s should end here, but there follows %s", what, gt_show(s, shown));
}

/* --- numbers and arguments --------------------------------------------------- */

/* Takes the argument of that name off rest, and writes it in that width. */
static bool
read_arg(struct text *t, struct gt_str *rest, const char *name, unsigned width, uint64_t *v)
{
	char shown[GT_SHOWN];
	struct gt_str tok = token(rest), key = tok, value;
	const char *equals;

	if (tok.n == 0)
		return fail(t, tok.p, "the argument %s is missing", name);
	equals = memchr(tok.p, '=', tok.n);
	if (!equals)
		return fail(t, tok.p, "%s=NUMBER is expected here, not %s", name, gt_show(tok, shown));
	key.n = (size_t)(equals - tok.p);
	if (!gt_str_is(key, name))
		return fail(t, tok.p, "the argument %s is expected here, not %s", name, gt_show(key, shown));
	value = (struct gt_str){ equals + 1, tok.n - key.n - 1 };
	switch (decimal(value, v)) {
	case NUMBER_OK:
		return put_number(t->out, *v, width) || no_memory(t);
	case NUMBER_TOO_BIG:
		return fail(t, value.p, "the value of %s is larger than %llu: %s", name, (unsigned long long)UINT64_MAX,
			gt_show(value, shown));
	case NUMBER_NONE:
		break;
	}
	return fail(t, value.p, "the value of %s must be a decimal number, not %s", name, gt_show(value, shown));
}

/* --- header --------------------------------------------------------------------- */

static bool
known_version(uint32_t v)
{
	static const uint8_t known[] = { 11, 19, 21, 22, 23, 25, 26 };

	return v <= 26 && memchr(known, (int)v, sizeof(known)) != NULL;
}

static bool
read_header(struct text *t)
{
	static const char go[] = "Go1.";
	const size_t prefix = sizeof(go) - 1;
	char shown[GT_SHOWN], magic[32];
	struct gt_str tok, rest;
	uint64_t v;
	int n;

	if (!next_line(t, &rest))
		return gt_text_fail(t->err, 1, 1, "there is no header \"Trace Go1.NN\": the text is empty");
	tok = t->line.first;
	if (!gt_str_is(tok, "Trace"))
		return fail(t, tok.p, "the header \"Trace Go1.NN\" is expected first, not %s", gt_show(tok, shown));
	tok = token(&rest);
	if (tok.n < prefix || memcmp(tok.p, go, prefix) != 0)
		return fail(t, tok.p, "the header must name a version, as \"Trace Go1.22\" does, not %s",
			gt_show(tok, shown));
	if (decimal((struct gt_str){ tok.p + prefix, tok.n - prefix }, &v) != NUMBER_OK)
		return fail(t, tok.p, "this is no version of Go: %s", gt_show(tok, shown));
	t->version = (uint32_t)v; /* the reference, too, drops what is beyond 32 bits */
	if (!known_version(t->version))
		return fail(t, tok.p, "there is no trace format %s, only those of Go 1.11, 1.19, 1.21, 1.22, 1.23 "
			"(of Go 1.24, too), 1.25 and 1.26", gt_show(tok, shown));
	if (!end_of_line(t, rest, "the header"))
		return false;
	n = snprintf(magic, sizeof(magic), "go 1.%u trace", (unsigned)t->version);
	return (gt_buf_put(t->out, magic, (size_t)n) && gt_buf_put(t->out, "\0\0", 3)) || no_memory(t);
}

/* --- events ---------------------------------------------------------------------- */

/* The type of that name. The same ones come again and again: those are found by a glance at the name. */
static enum gt_type
find_type(struct text *t, struct gt_str name)
{
	uint8_t *guess = &t->guess[(name.n * 5 + (uint8_t)name.p[name.n / 2] * 3 + (uint8_t)name.p[name.n - 1]) %
		sizeof(t->guess)];
	const char *known = gt_spec(*guess)->name;

	if (!known || !gt_str_is(name, known))
		*guess = (uint8_t)gt_type_by_name(name.p, name.n);
	return (enum gt_type)*guess;
}

static bool
find_event(struct text *t, enum gt_type *type)
{
	char shown[GT_SHOWN];
	struct gt_str name = t->line.first;
	const struct gt_spec *spec;

	if (t->version < 22)
		return fail(t, name.p, "traces of Go 1.%u have no events in the text format: it begins with Go 1.22",
			(unsigned)t->version);
	*type = find_type(t, name);
	spec = gt_spec(*type);
	if (*type == GT_EV_None || *type == GT_EV_SyncPoint || !spec->name)
		return fail(t, name.p, "there is no event of this name: %s", gt_show(name, shown));
	if (spec->since > t->version)
		return fail(t, name.p, "traces of Go 1.%u have no %s: that came with Go 1.%u", (unsigned)t->version,
			spec->name, (unsigned)spec->since);
	return true;
}

/* The lines of frames after a stack. */
static bool
read_frames(struct text *t, uint64_t count, const uint8_t *width)
{
	struct line stack = t->line;
	struct gt_str rest;
	uint64_t v;

	/* What is no signed number is no count to the reference: it reads and writes no frames then. */
	if (count > INT64_MAX)
		return true;
	for (uint64_t i = 0; i < count; i++) {
		if (!next_line(t, &rest)) {
			t->line = stack;
			return fail(t, stack.first.p, "the text ends after %llu of the %llu frames of this stack",
				(unsigned long long)i, (unsigned long long)count);
		}
		rest = t->line.s;
		for (size_t k = 0; k < sizeof(frame_args) / sizeof(frame_args[0]); k++)
			if (!read_arg(t, &rest, frame_args[k], width[WIDTH_FRAME + k], &v))
				return false;
		if (!end_of_line(t, rest, "the frame"))
			return false;
	}
	return true;
}

/* The line of data after an event. White space is allowed around its =, and # is nothing special there. */
static bool
read_data(struct text *t, const uint8_t *width)
{
	struct line event = t->line;
	char shown[GT_SHOWN];
	struct gt_str rest, literal;
	const char *equals, *why;
	size_t at;

	if (!next_line(t, &rest)) {
		t->line = event;
		return fail(t, event.first.p, "the text ends before the data of this event");
	}
	equals = memchr(t->line.s.p, '=', t->line.s.n);
	at = equals ? (size_t)(equals - t->line.s.p) : 0;
	if (!equals || !gt_str_is(gt_str_trim((struct gt_str){ t->line.s.p, at }), "data"))
		return fail(t, t->line.first.p, "the data of the event is expected here, as data=\"...\", not %s",
			gt_show(gt_str_trim(t->line.s), shown));
	literal = gt_str_trim((struct gt_str){ equals + 1, t->line.s.n - at - 1 });
	t->data.n = 0;
	why = gt_unquote_why(literal, &t->data, &at);
	if (why) {
		struct gt_str wrong = { literal.p + at, literal.n - at };

		if (wrong.n == 0)
			return fail(t, wrong.p, "%s", why);
		return fail(t, wrong.p, "%s: %s", why, gt_show(wrong, shown));
	}
	return (put_number(t->out, t->data.n, width[WIDTH_DATA]) && gt_buf_put(t->out, t->data.p, t->data.n)) || no_memory(t);
}

static bool
read_event(struct text *t, struct gt_str rest)
{
	const struct gt_spec *spec;
	const uint8_t *width;
	enum gt_type type = GT_EV_None;
	uint64_t v = 0;

	if (!find_event(t, &type))
		return false;
	spec = gt_spec(type);
	width = t->width[type];
	if (!gt_buf_byte(t->out, (uint8_t)type))
		return no_memory(t);
	if (spec->timed && !read_arg(t, &rest, "dt", width[0], &v))
		return false;
	for (unsigned i = 0; i < spec->nargs; i++)
		if (!read_arg(t, &rest, spec->arg[i].name, width[i + spec->timed], &v))
			return false;
	if (!end_of_line(t, rest, "the event"))
		return false;
	switch (spec->shape) {
	case GT_PLAIN:
		return true;
	case GT_STACKED:
		return read_frames(t, v, width); /* nframes is the last argument */
	case GT_DATA:
		return read_data(t, width);
	}
	return true;
}

bool
gt_text_read(const char *text, size_t n, struct gt_buf *out, struct gt_text_error *err)
{
	struct text t = { .left = { n > 0 ? text : "", n }, .out = out, .err = err };
	size_t before = out->n;
	struct gt_str rest;
	bool ok;

	ok = read_header(&t);
	while (ok && next_line(&t, &rest))
		ok = read_event(&t, rest);
	if (ok && t.starved)
		ok = no_memory(&t);
	gt_buf_free(&t.data);
	if (!ok)
		out->n = before;
	return ok;
}

bool
gt_text_begins(const char *text, size_t n)
{
	static const char word[] = "Trace";
	const size_t len = sizeof(word) - 1;
	struct gt_str s = behind_space((struct gt_str){ n > 0 ? text : "", n });
	uint32_t r;

	while (s.n > 0 && s.p[0] == '#') {
		const char *end = memchr(s.p, '\n', s.n);

		s = behind_space((struct gt_str){ end, end ? s.n - (size_t)(end - s.p) : 0 });
	}
	return s.n > len && memcmp(s.p, word, len) == 0 &&
		gt_rune_get((struct gt_str){ s.p + len, s.n - len }, &r) > 0 && gt_rune_space(r);
}
