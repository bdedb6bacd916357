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
#define VALUE_MAX 160

static const char *
name_of(const struct gt_piece *p)
{
	switch (p->kind) {
	case GT_PIECE_TYPE:
		return "type";
	case GT_PIECE_COUNT:
		return "count";
	case GT_PIECE_SIZE:
		return "length";
	case GT_PIECE_DT:
		return "dt";
	case GT_PIECE_TEXT:
		return "text";
	case GT_PIECE_FRAMES:
		return "frames";
	default:
		return p->name;
	}
}

static void
say_arg(const struct gt_event *ev, const struct gt_piece *p, struct sb *b)
{
	enum gt_argtype type = p->type;
	struct gt_str s;

	sb_printf(b, "%" PRIu64, p->v);
	if (type == GT_ARG_STRING && ev->gen && gt_gen_string(ev->gen, p->v, &s)) {
		char quoted[128];

		gt_quote(s, quoted, sizeof quoted);
		sb_printf(b, " %s", quoted);
	} else if (type == GT_ARG_PSTATUS && p->v < GT_P_GONE) {
		sb_printf(b, " %s", fmt_pstatus((int64_t)p->v));
	} else if (type == GT_ARG_GSTATUS && p->v < GT_G_GONE) {
		sb_printf(b, " %s", fmt_gstatus((int64_t)p->v));
	} else if (type == GT_ARG_M || type == GT_ARG_P || type == GT_ARG_G) {
		sb_add(b, " ");
		fmt_id(b, type == GT_ARG_M ? GT_M : type == GT_ARG_P ? GT_P : GT_G, (int64_t)p->v);
	}
}

/* text: the bytes of the piece. */
static void
say_value(const struct gt_event *ev, const struct gt_piece *p, const uint8_t *text, struct sb *b)
{
	char quoted[VALUE_MAX];

	switch (p->kind) {
	case GT_PIECE_TYPE:
		sb_printf(b, "%" PRIu64 " %s", p->v, p->name);
		break;
	case GT_PIECE_COUNT:
		sb_printf(b, "%" PRIu64 " number%s%s", p->v, p->v == 1 ? "" : "s", p->v > 3 ? " or more" : "");
		break;
	case GT_PIECE_SIZE:
		sb_printf(b, "%" PRIu64 " byte%s", p->v, p->v == 1 ? "" : "s");
		break;
	case GT_PIECE_DT:
		sb_printf(b, "%" PRIu64 " ticks", p->v);
		break;
	case GT_PIECE_FRAMES:
		sb_printf(b, "%" PRIu64 ": pc, func, file, line", p->v);
		break;
	case GT_PIECE_TEXT:
		gt_quote((struct gt_str){ (const char *)text, p->len }, quoted, sizeof quoted);
		sb_add(b, quoted);
		break;
	default:
		say_arg(ev, p, b);
		break;
	}
}

/*
 * How many bytes there are of what was not read: as far as they make sense. Since Go 1.22 a batch may end before that, and it
 * is just where it begins.
 */
static uint32_t
extent(const struct model *m, uint64_t off)
{
	struct gt_piece f[GT_MAXPIECES];
	size_t all;
	unsigned n = 0;

	gt_bytes(m->trace, &all);
	if (m->version < 22 && off < all)
		n = gt_pieces(m->trace, off, all - off < UINT32_MAX ? (uint32_t)(all - off) : UINT32_MAX, f);
	return n ? f[n - 1].at + f[n - 1].len : 1;
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
		*ev = (struct gt_event){ .off = (uint64_t)err->place.offset,
			.len = extent(m, (uint64_t)err->place.offset), .batch = (uint32_t)err->place.batch,
			.index = (uint32_t)err->place.event };
	else
		return false;
	return true;
}

/* Its fields. */
static unsigned
current_fields(const struct model *m, struct gt_event *ev, struct gt_piece f[GT_MAXPIECES])
{
	return current(m, ev) ? gt_pieces(m->trace, ev->off, ev->len, f) : 0;
}

/* Which of n is chosen: the last event may have had more. */
static unsigned
chosen_of(const struct model *m, unsigned n)
{
	return (unsigned)m->field < n ? (unsigned)m->field : n - 1;
}

/* --- drawing ------------------------------------------------------------- */

static enum style
byte_style(const struct gt_event *ev, const struct gt_piece *f, uint64_t at)
{
	if (at < ev->off || at >= ev->off + ev->len)
		return ST_DIM;
	return f && at - ev->off >= f->at && at - ev->off < f->at + f->len ? ST_MATCH : ST_STRONG;
}

static void
draw_hex(const struct model *m, struct canvas *c, const struct gt_event *ev, const struct gt_piece *f, unsigned per)
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
draw_fields(const struct model *m, struct canvas *c, const struct gt_event *ev, const struct gt_piece *f, unsigned n)
{
	size_t all;
	const uint8_t *bytes = gt_bytes(m->trace, &all);
	unsigned at = chosen_of(m, n), top = n && c->h > 0 && at >= (unsigned)c->h ? at + 1 - (unsigned)c->h : 0;

	for (unsigned i = top; i < n && (int)(i - top) < c->h; i++) {
		int y = (int)(i - top), x;
		bool chosen = i == at;
		const uint8_t *p = bytes + ev->off + f[i].at;
		char hex[40], value[VALUE_MAX];
		struct sb b = sb_on(value, sizeof value);

		say_value(ev, &f[i], p, &b);
		b = sb_on(hex, sizeof hex);
		for (uint32_t k = 0; k < f[i].len && k < 10; k++)
			sb_printf(&b, "%s%02x", k ? " " : "", p[k]);
		canvas_put(c, y, 0, ST_KEY, chosen ? m->sy->focus : " ");
		x = canvas_put(c, y, 2, chosen ? ST_STRONG : ST_TEXT, name_of(&f[i]));
		x = canvas_put(c, y, x, ST_DIM, "=");
		x = canvas_cut(c, y, x, c->w - x, chosen ? ST_STRONG : ST_TEXT, value);
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
	struct gt_piece f[GT_MAXPIECES];
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
	draw_hex(m, &left, ev, n ? &f[chosen_of(m, n)] : NULL, per);
	if (ev->made) {
		canvas_cut(&right, 0, 0, right.w, ST_WAIT, "in no bytes itself: made of this");
		right = canvas_view(&right, (struct rect){ 1, 0, right.h - 1, right.w });
	}
	draw_fields(m, &right, ev, f, n);
	if (!n)
		canvas_cut(&right, 0, 0, right.w, ST_DIM, "no event");
}

static bool
command(struct model *m, enum cmd cmd, uint64_t count)
{
	struct gt_event ev;
	struct gt_piece f[GT_MAXPIECES];
	int n = (int)current_fields(m, &ev, f);
	int step = count && count < 100 ? (int)count : 1;

	m->field = n ? (int)chosen_of(m, (unsigned)n) : 0;
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
