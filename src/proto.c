/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto.h"

#include <stdlib.h>

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2 };

void
proto_varint(struct out *o, uint64_t v)
{
	char b[10];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		b[n++] = (char)(v & 0x7f) | (char)0x80;
	b[n++] = (char)v;
	out_bytes(o, b, n);
}

static void
tag(struct out *o, unsigned field, unsigned wire)
{
	proto_varint(o, (uint64_t)field << 3 | wire);
}

void
proto_number(struct out *o, unsigned field, uint64_t v)
{
	tag(o, field, WIRE_VARINT);
	proto_varint(o, v);
}

void
proto_fixed64(struct out *o, unsigned field, uint64_t v)
{
	char b[8];

	tag(o, field, WIRE_FIXED64);
	for (unsigned i = 0; i < 8; i++)
		b[i] = (char)(v >> 8 * i);
	out_bytes(o, b, sizeof(b));
}

void
proto_bytes(struct out *o, unsigned field, struct gt_str s)
{
	tag(o, field, WIRE_BYTES);
	proto_varint(o, s.n);
	out_bytes(o, s.p, s.n);
}

void
proto_text(struct out *o, unsigned field, struct gt_str s)
{
	struct out fixed = PROTO_BUFFER;

	if (out_utf8(s.p, s.n) == s.n) {
		proto_bytes(o, field, s);
		return;
	}
	for (size_t at = 0, good; at < s.n; at++) {
		good = out_utf8(s.p + at, s.n - at);
		out_bytes(&fixed, s.p + at, good);
		at += good;
		if (at < s.n)
			OUT(&fixed, "\xef\xbf\xbd");
	}
	proto_bytes(o, field, (struct gt_str){ fixed.p, fixed.n });
	o->failed = o->failed || fixed.failed;
	free(fixed.p);
}

void
proto_message(struct out *o, unsigned field, struct out *buffer)
{
	proto_bytes(o, field, (struct gt_str){ buffer->p, buffer->n });
	o->failed = o->failed || buffer->failed;
	buffer->n = 0;
}
