/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event as it lies in the file: its bytes among their neighbours, and its fields, one of which is chosen. The numbers
 * are read from the bytes themselves.
 */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>

#include "model.h"

#define FIELDS_W 44

struct field {
	uint32_t at, len; /* from the first byte of the event */
	char name[32];
	char value[160];
};

/* The number at p; its length, 0 where it does not end before n bytes. */
static uint32_t
varint(const uint8_t *p, uint32_t n, uint64_t *v)
{
	*v = 0;
	for (uint32_t i = 0; i < n && i < 10; i++) {
		*v |= (uint64_t)(p[i] & 0x7f) << 7 * i;
		if (p[i] < 0x80)
			return i + 1;
	}
	return 0;
}

static void
say_value(const struct gt_event *ev, enum gt_argtype type, unsigned i, uint64_t v, struct sb *b)
{
	struct gt_str s;

	sb_printf(b, "%" PRIu64, v);
	if (type == GT_ARG_STRING && ev->gen) {
		char quoted[128];

		s = gt_event_string(ev, i);
		gt_quote(s, quoted, sizeof quoted);
		sb_printf(b, " %s", quoted);
	} else if (type == GT_ARG_PSTATUS && v < GT_P_GONE) {
		sb_printf(b, " %s", fmt_pstatus((int64_t)v));
	} else if (type == GT_ARG_GSTATUS && v < GT_G_GONE) {
		sb_printf(b, " %s", fmt_gstatus((int64_t)v));
	} else if (type == GT_ARG_M || type == GT_ARG_P || type == GT_ARG_G) {
		sb_add(b, " ");
		fmt_id(b, type == GT_ARG_M ? GT_M : type == GT_ARG_P ? GT_P : GT_G, (int64_t)v);
	}
}

/* The fields of an event. How many; 0: its bytes are not told apart. */
static unsigned
fields_of(const struct model *m, const struct gt_event *ev, const uint8_t *p, struct field out[GT_MAXARGS + 3])
{
	const struct gt_spec *spec = gt_spec(ev->type);
	unsigned n = 0;
	uint32_t at = 1;

	if (m->version < 22 || !ev->len || *p != ev->type || !spec->name)
		/* An event made of another one has that one's bytes. */
		spec = m->version >= 22 && ev->len ? gt_spec(*p) : NULL;
	if (!spec || !spec->name)
		return 0;
	out[n++] = (struct field){ 0, 1, "type", "" };
	snprintf(out[0].value, sizeof out[0].value, "%u %s", *p, spec->name);
	for (unsigned i = 0; i < spec->nargs + (unsigned)spec->timed && at < ev->len; i++) {
		bool dt = spec->timed && i == 0;
		unsigned arg = i - spec->timed;
		struct field *f = &out[n];
		struct sb b = sb_on(f->value, sizeof f->value);
		uint64_t v;

		f->at = at;
		f->len = varint(p + at, ev->len - at, &v);
		if (!f->len)
			break;
		snprintf(f->name, sizeof f->name, "%s", dt ? "dt" : spec->arg[arg].name);
		if (dt)
			sb_printf(&b, "%" PRIu64 " ticks", v);
		else
			say_value(ev, spec->arg[arg].type, arg, v, &b);
		at += f->len;
		n++;
	}
	return n;
}

/* The current event; at the end the one refused, or just the place of the error. False: there is neither. */
static bool
current(const struct model *m, struct gt_event *ev)
{
	const struct row *row = rows_get(m->rows, m->cursor);
	const struct gt_error *err = model_error(m);

	if (row && !model_is_end(m, m->cursor))
		*ev = row->ev;
	else if (m->scene.kind == SCENE_REFUSED)
		*ev = m->scene.ev;
	else if (err && err->place.offset >= 0)
		*ev = (struct gt_event){ .off = (uint64_t)err->place.offset, .len = 1, .batch = (uint32_t)err->place.batch,
			.index = (uint32_t)err->place.event };
	else
		return false;
	return true;
}

/* Its fields. */
static unsigned
current_fields(const struct model *m, struct gt_event *ev, struct field f[GT_MAXARGS + 3])
{
	size_t n;
	const uint8_t *bytes = gt_bytes(m->trace, &n);

	if (!current(m, ev) || !ev->len || ev->off > n || ev->len > n - ev->off)
		return 0;
	return fields_of(m, ev, bytes + ev->off, f);
}

/* --- drawing ------------------------------------------------------------- */

static enum style
byte_style(const struct gt_event *ev, const struct field *f, uint64_t at)
{
	if (at < ev->off || at >= ev->off + ev->len)
		return ST_DIM;
	return f && at - ev->off >= f->at && at - ev->off < f->at + f->len ? ST_MATCH : ST_STRONG;
}

static void
draw_hex(const struct model *m, struct canvas *c, const struct gt_event *ev, const struct field *f, unsigned per)
{
	size_t n;
	const uint8_t *bytes = gt_bytes(m->trace, &n);
	uint64_t mid = ev->off + (f ? f->at : 0), top = mid / per * per;

	/* The event, or where it is long its chosen field, with some rows before. */
	top -= top >= per * 2u && c->h > 5 ? per * 2u : top >= per && c->h > 2 ? per : 0;
	for (int y = 0; y < c->h; y++) {
		uint64_t from = top + (uint64_t)y * per;
		char text[32];
		int x = 1;

		if (from >= n)
			break;
		snprintf(text, sizeof text, "%08" PRIx64, from);
		x = canvas_put(c, y, x, ST_DIM, text) + 2;
		for (unsigned i = 0; i < per && from + i < n; i++) {
			enum style style = byte_style(ev, f, from + i);
			int ascii = 11 + (int)per * 3 + 1 + (int)i;

			snprintf(text, sizeof text, "%02x", bytes[from + i]);
			canvas_put(c, y, x + (int)i * 3, style, text);
			/* A field is one piece; no colour is needed to see it. */
			if (style == ST_MATCH && byte_style(ev, f, from + i + 1) == ST_MATCH && i + 1 < per)
				canvas_put(c, y, x + (int)i * 3 + 2, style, " ");
			text[0] = bytes[from + i] >= ' ' && bytes[from + i] < 127 ? (char)bytes[from + i] : '.';
			text[1] = 0;
			canvas_put(c, y, ascii, style, text);
		}
	}
}

static void
draw_fields(const struct model *m, struct canvas *c, const struct gt_event *ev, const struct field *f, unsigned n)
{
	size_t all;
	const uint8_t *bytes = gt_bytes(m->trace, &all);
	unsigned top = (unsigned)m->field >= (unsigned)c->h ? (unsigned)m->field + 1 - (unsigned)c->h : 0;

	for (unsigned i = top; i < n && (int)(i - top) < c->h; i++) {
		int y = (int)(i - top), x;
		bool chosen = (int)i == m->field;
		char hex[40];
		struct sb b = sb_on(hex, sizeof hex);

		for (uint32_t k = 0; k < f[i].len && k < 10; k++)
			sb_printf(&b, "%s%02x", k ? " " : "", bytes[ev->off + f[i].at + k]);
		canvas_put(c, y, 0, ST_KEY, chosen ? m->sy->focus : " ");
		x = canvas_put(c, y, 2, chosen ? ST_STRONG : ST_TEXT, f[i].name);
		x = canvas_put(c, y, x, ST_DIM, "=");
		x = canvas_cut(c, y, x, c->w - x, chosen ? ST_STRONG : ST_TEXT, f[i].value);
		if (x + 2 + (int)b.n <= c->w)
			canvas_right(c, y, x + 1, c->w - x - 1, ST_DIM, hex);
	}
}

static void
draw_title(const struct model *m, struct canvas *c, const struct gt_event *ev)
{
	char text[120];

	pane_rule(m, c, PANE_BYTES);
	if (!ev || !ev->len)
		return;
	snprintf(text, sizeof text, " @ 0x%" PRIx64 " %s %" PRIu32 " byte%s %s batch %" PRIu32 ", event %" PRIu32 " ", ev->off,
		m->sy->dot, ev->len, ev->len == 1 ? "" : "s", m->sy->dot, ev->batch, ev->index);
	canvas_cut(c, 0, 10, c->w - 11, ST_DIM, text);
}

static void
draw(const struct model *m, struct canvas *c)
{
	struct gt_event at, *ev = current(m, &at) ? &at : NULL;
	struct field f[GT_MAXARGS + 3];
	unsigned per = c->w >= 11 + 16 * 4 + 2 + FIELDS_W - 10 ? 16 : 8, n;
	int split = 11 + (int)per * 4 + 3;
	size_t all;
	struct canvas left = canvas_view(c, (struct rect){ 1, 0, c->h - 1, split - 1 });
	struct canvas right = canvas_view(c, (struct rect){ 1, split, c->h - 1, c->w - split - 1 });

	gt_bytes(m->trace, &all);
	draw_title(m, c, ev);
	if (!ev || !ev->len || ev->off > all || ev->len > all - ev->off) {
		canvas_cut(c, 1, 1, c->w - 2, ST_DIM, ev ? "not in the file itself: a point between generations" : "there is no event here");
		return;
	}
	n = current_fields(m, ev, f);
	draw_hex(m, &left, ev, n ? &f[(unsigned)m->field < n ? (unsigned)m->field : n - 1] : NULL, per);
	draw_fields(m, &right, ev, f, n);
	if (!n)
		canvas_cut(&right, 0, 0, right.w, ST_DIM, m->version < 22 ? "not told apart before Go 1.22" : "no event");
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	struct gt_event ev;
	struct field f[GT_MAXARGS + 3];
	int n = (int)current_fields(m, &ev, f);
	int step = count && count < 100 ? (int)count : 1;

	switch (cmd) {
	case CMD_UP:
	case CMD_LEFT:
		m->field -= step;
		break;
	case CMD_DOWN:
	case CMD_RIGHT:
		m->field += step;
		break;
	default:
		return false;
	}
	m->field = m->field >= n ? n - 1 : m->field;
	m->field = m->field < 0 ? 0 : m->field;
	return true;
}

static const uint8_t keys[] = { CMD_LEFT, CMD_RIGHT, CMD_STEP, CMD_BACK, CMD_PANE_NEXT, CMD_CLOSE, CMD_NONE };

const struct pane_ops pane_bytes = { .draw = draw, .command = command, .keys = keys };
