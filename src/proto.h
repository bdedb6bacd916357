/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing messages of protocol buffers: field by field. A message within another is written to a buffer of its own first.
 */
#ifndef PROTO_H
#define PROTO_H

#include "out.h"

/* A buffer in memory: nothing is written anywhere. Free p. */
#define PROTO_BUFFER ((struct out){ .fd = -1 })

/* A number; negative ones take ten bytes, as of int64. */
void proto_number(struct out *o, unsigned field, uint64_t v);
void proto_fixed64(struct out *o, unsigned field, uint64_t v);
/* A string, bytes, a message, or numbers that are packed. */
void proto_bytes(struct out *o, unsigned field, struct gt_str s);
/* A string, which must be UTF-8: bytes that are none become U+FFFD. */
void proto_text(struct out *o, unsigned field, struct gt_str s);
/* What was written to a buffer as a message; the buffer is empty then. */
void proto_message(struct out *o, unsigned field, struct out *buffer);
/* A number on its own, for what is packed. */
void proto_varint(struct out *o, uint64_t v);

#endif
