/* SPDX-License-Identifier: MIT */
/* Edits of events as changes of bytes: see edit.h. */
#include "edit.h"

#include "buf.h"
#include "bytes.h"
#include "trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NO_MEMORY "there is no memory left"

/* --- finding ------------------------------------------------------------------------ */

/* The event at p, of a batch that ends at `end`. */
static bool
take_apart(const struct gt_trace *t, const uint8_t *p, const uint8_t *end, struct gt_wire *out, const char **why)
{
	const struct gt_spec *s = gt_spec(*p);
	const uint8_t *from = p;

	if (!s->name || !s->timed || s->shape != GT_PLAIN || s->since > t->version) {
		*why = "that is no event of an M";
		return false;
	}
	out->type = *p++;
	out->narg = (uint8_t)(s->nargs + 1);
	for (unsigned i = 0; i < out->narg; i++)
		if (varint(&p, end, &out->arg[i]) != VARINT_OK) {
			*why = "its numbers can't be read";
			return false;
		}
	out->off = (uint64_t)(from - t->bytes);
	out->len = (uint64_t)(p - from);
	return true;
}

/* The batch of a number, or the one that a byte is in. */
static bool
find_batch(const struct gt_trace *t, uint64_t number, uint64_t off, struct batch *b, const char **why)
{
	struct gt_error err;
	uint64_t at = t->first;

	*why = "there is no such batch";
	if (t->version < 22) {
		*why = "traces before Go 1.22 can't be edited";
		return false;
	}
	for (uint32_t i = 0; i < UINT32_MAX; i++) {
		if (batch_read(t, at, i, b, &err) != BATCH_OK || batch_end(b) > t->n)
			return false;
		at = batch_end(b);
		if (i == number || (off >= b->off && off < at))
			return true;
	}
	return false;
}

/* Goes through the events of a batch, to one of them by its number or its offset. */
static bool
find_event(const struct gt_trace *t, const struct batch *b, uint64_t event, uint64_t off, struct gt_wire *out, const char **why)
{
	const uint8_t *p = t->bytes + b->data, *end = t->bytes + batch_end(b);

	*why = b->ends || b->exp ? "that batch has no events of an M" : "there is no such event in that batch";
	*out = (struct gt_wire){ .len = 0 };
	for (uint32_t i = 0; p < end && !b->ends && !b->exp; i++, p += out->len) {
		if (!take_apart(t, p, end, out, why))
			return false;
		out->batch = b->index;
		out->index = i;
		if (i == event || out->off == off)
			return true;
	}
	return false;
}

bool
gt_wire_at(const struct gt_trace *t, uint64_t batch, uint64_t event, struct gt_wire *out, const char **why)
{
	struct batch b;

	return find_batch(t, batch, UINT64_MAX, &b, why) && find_event(t, &b, event, UINT64_MAX, out, why);
}

bool
gt_wire_find(const struct gt_trace *t, uint64_t off, struct gt_wire *out, const char **why)
{
	struct batch b;

	return find_batch(t, UINT64_MAX, off, &b, why) && find_event(t, &b, UINT64_MAX, off, out, why);
}

/* --- text --------------------------------------------------------------------------------- */

static bool
wrong(struct gt_text_error *err, size_t at, const char *text)
{
	err->line = 1;
	err->col = (unsigned)at + 1;
	snprintf(err->text, sizeof(err->text), "%s", text);
	return false;
}

/* The name, and where no dt is told, dt=0: how much longer the text gets by that, and behind which of its bytes. */
static bool
whole_line(struct gt_buf *line, const char *text, size_t n, size_t *at, size_t *more)
{
	static const char dt[] = " dt=0";
	size_t name = 0, next;

	while (name < n && text[name] != ' ' && text[name] != '\t')
		name++;
	for (next = name; next < n && (text[next] == ' ' || text[next] == '\t');)
		next++;
	*at = name;
	*more = n - next >= 3 && memcmp(text + next, "dt=", 3) == 0 ? 0 : sizeof(dt) - 1;
	return gt_buf_put(line, text, name) && gt_buf_put(line, dt, *more) && gt_buf_put(line, text + name, n - name) &&
		gt_buf_put(line, "\n", 1);
}

bool
gt_wire_text(const struct gt_trace *t, const char *text, size_t n, struct gt_wire *out, struct gt_text_error *err)
{
	struct gt_buf line = { 0 }, bytes = { 0 };
	char head[32];
	size_t at = 0, more = 0;
	const char *why = "";
	size_t name = 0;
	enum gt_type type;
	bool ok = !memchr(text, '\n', n);

	if (!ok)
		return wrong(err, 0, "one event is one line");
	while (name < n && text[name] != ' ' && text[name] != '\t')
		name++;
	type = gt_type_by_name(text, name);
	if (type != GT_EV_None && !gt_spec(type)->timed)
		return wrong(err, 0, "that is no event of an M");
	snprintf(head, sizeof(head), "Trace Go1.%u\n", t->version);
	ok = gt_buf_put(&line, head, strlen(head)) && whole_line(&line, text, n, &at, &more);
	if (!ok)
		wrong(err, 0, NO_MEMORY);
	else if (!(ok = gt_text_read((const char *)line.p, line.n, &bytes, err))) {
		unsigned col = err->col > 0 ? err->col - 1 : 0;

		/* Where it is in what was given. */
		err->line = 1;
		err->col = (col <= at ? col : col >= at + more ? col - (unsigned)more : (unsigned)at) + 1;
	} else if (bytes.n <= t->first) {
		ok = wrong(err, 0, "an event is its name and its arguments");
	} else {
		struct gt_trace made = { .bytes = bytes.p, .n = bytes.n, .version = t->version };

		ok = take_apart(&made, bytes.p + t->first, bytes.p + bytes.n, out, &why) || wrong(err, 0, why);
		if (ok && out->off + out->len != bytes.n)
			ok = wrong(err, 0, "one event is one line");
	}
	gt_buf_free(&line);
	gt_buf_free(&bytes);
	return ok;
}

size_t
gt_wire_print(const struct gt_wire *ev, char *buf, size_t cap)
{
	const struct gt_spec *s = gt_spec(ev->type);
	size_t n = (size_t)snprintf(buf, cap, "%s", s->name ? s->name : "?");

	for (unsigned i = 0; i < ev->narg; i++)
		n += (size_t)snprintf(n < cap ? buf + n : NULL, n < cap ? cap - n : 0, " %s=%" PRIu64, i ? s->arg[i - 1].name : "dt", ev->arg[i]);
	return n;
}

/* --- edits ---------------------------------------------------------------------------------- */

static bool
put_event(struct gt_buf *b, const struct gt_wire *ev)
{
	bool ok = gt_buf_put(b, &ev->type, 1);

	for (unsigned i = 0; i < ev->narg && ok; i++)
		ok = gt_buf_varint(b, ev->arg[i]);
	return ok;
}

/*
 * In a batch, `del` bytes at off give way to those in `with`, which is freed. What is changed begins with the size in the
 * batch's header.
 */
static bool
edit(const struct gt_trace *t, uint64_t off, uint64_t del, struct gt_buf *with, bool ok, struct gt_splice *out, const char **why)
{
	struct batch b = { 0 };
	const uint8_t *p;
	uint64_t v;

	memset(out, 0, sizeof(*out));
	*why = NO_MEMORY;
	ok = ok && find_batch(t, UINT64_MAX, off, &b, why);
	if (ok && b.size - del + with->n > MAX_BATCH_SIZE) {
		*why = "the batch would be larger than a batch can be, 65,536 bytes";
		ok = false;
	}
	if (ok) {
		/* The size is behind generation, M and time. */
		*why = NO_MEMORY;
		p = t->bytes + b.off + 1;
		for (int i = 0; i < 3; i++)
			varint(&p, t->bytes + b.data, &v);
		out->off = (uint64_t)(p - t->bytes);
		out->del = off + del - out->off;
		ok = gt_buf_varint(&out->ins, b.size - del + with->n) && gt_buf_put(&out->ins, t->bytes + b.data, off - b.data) &&
			gt_buf_put(&out->ins, with->p, with->n);
	}
	if (!ok)
		gt_buf_free(&out->ins);
	gt_buf_free(with);
	return ok;
}

bool
gt_edit_drop(const struct gt_trace *t, const struct gt_wire *ev, struct gt_splice *out, const char **why)
{
	return edit(t, ev->off, ev->len, &(struct gt_buf){ 0 }, true, out, why);
}

bool
gt_edit_skip(const struct gt_trace *t, const struct gt_wire *ev, struct gt_splice *out, const char **why)
{
	struct gt_buf with = { 0 };
	struct gt_wire next;

	if (!gt_wire_at(t, ev->batch, ev->index + UINT64_C(1), &next, why))
		return gt_edit_drop(t, ev, out, why);
	next.arg[0] += ev->arg[0];
	return edit(t, ev->off, ev->len + next.len, &with, put_event(&with, &next), out, why);
}

bool
gt_edit_insert(const struct gt_trace *t, const struct gt_wire *before, const struct gt_wire *ev, struct gt_splice *out,
	const char **why)
{
	struct gt_buf with = { 0 };

	return edit(t, before->off, 0, &with, put_event(&with, ev), out, why);
}

bool
gt_edit_replace(const struct gt_trace *t, const struct gt_wire *old, const struct gt_wire *ev, struct gt_splice *out,
	const char **why)
{
	struct gt_buf with = { 0 };

	return edit(t, old->off, old->len, &with, put_event(&with, ev), out, why);
}

bool
gt_edit_drop_batch(const struct gt_trace *t, uint64_t batch, struct gt_splice *out, const char **why)
{
	struct batch b;

	memset(out, 0, sizeof(*out));
	if (!find_batch(t, batch, UINT64_MAX, &b, why))
		return false;
	out->off = b.off;
	out->del = batch_end(&b) - b.off;
	return true;
}

bool
gt_edit_between(const struct gt_trace *t, const uint8_t *bytes, size_t n, struct gt_splice *out)
{
	size_t from = 0, end = 0, least = n < t->n ? n : t->n;

	memset(out, 0, sizeof(*out));
	while (from < least && t->bytes[from] == bytes[from])
		from++;
	while (end < least - from && t->bytes[t->n - end - 1] == bytes[n - end - 1])
		end++;
	out->off = from;
	out->del = t->n - end - from;
	return gt_buf_put(&out->ins, bytes + from, n - end - from);
}
