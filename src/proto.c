/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto.h"

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
proto_message(struct out *o, unsigned field, struct out *buffer)
{
	proto_bytes(o, field, (struct gt_str){ buffer->p, buffer->n });
	o->failed = o->failed || buffer->failed;
	buffer->n = 0;
}
