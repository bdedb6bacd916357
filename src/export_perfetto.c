/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Perfetto's own format: packets of protocol buffers. Numbers of fields are those of its trace_packet.proto, track_event.proto,
 * track_descriptor.proto and interned_data.proto. Names, stacks and the like are written once, with the first packet that refers to
 * them.
 */
#include "export.h"
#include "proto.h"

#include "ui/idmap.h"

#include <stdlib.h>

enum {
	TRACE_PACKET = 1,

	PACKET_TIMESTAMP = 8, PACKET_SEQUENCE = 10, PACKET_EVENT = 11, PACKET_INTERNED = 12, PACKET_FLAGS = 13, PACKET_TRACK = 60,

	TRACK_UUID = 1, TRACK_NAME = 2, TRACK_PARENT = 5, TRACK_COUNTER = 8, TRACK_CHILDREN = 11, TRACK_RANK = 12,
	COUNTER_UNIT = 3,

	EVENT_NOTE = 4, EVENT_TYPE = 9, EVENT_NAME = 10, EVENT_TRACK = 11, EVENT_COUNT = 30, EVENT_FLOW = 47, EVENT_FLOW_ENDS = 48,
	NOTE_NAME = 1, NOTE_INT = 4, NOTE_STRING = 6, NOTE_INTERNED = 17,

	INTERNED_NAMES = 2, INTERNED_NOTE_NAMES = 3, INTERNED_STRINGS = 29,
	STRING_ID = 1, STRING_TEXT = 2
};
/* Values of those. */
enum { FLAG_CLEARED = 1, FLAG_NEEDS_STATE = 2 };
enum { TYPE_BEGIN = 1, TYPE_END = 2, TYPE_POINT = 3, TYPE_COUNT = 4 };
enum { CHILDREN_EXPLICIT = 3 };
enum { UNIT_COUNT = 2, UNIT_BYTES = 3 };
/* What is noted of slices and points; the names are interned with the numbers of these. */
enum { NOTE_M = 1, NOTE_P, NOTE_G, NOTE_EVENT, NOTE_REASON, NOTE_STACK, NOTES };
static const char *const note_names[NOTES] = { [NOTE_M] = "m", [NOTE_P] = "p", [NOTE_G] = "g", [NOTE_EVENT] = "event",
	[NOTE_REASON] = "reason", [NOTE_STACK] = "stack" };
/* All is written by one writer. */
enum { SEQUENCE = 1 };

/* Names are few, as goroutines have few functions; when there are more than so many, one is written anew each time. */
enum { NAMES = 1 << 16 };

struct perfetto {
	struct out packet, message, note; /* each a part of the one before */
	struct out part, entry;           /* another part of the packet: what is interned, and a part of that */
	struct idmap names;  /* by hash */
	struct idmap lanes[LANE_GROUPS];
	uint32_t nnames, tracks;
	bool begun;
};

/* Numbers of tracks: the groups, counters and lanes must not meet; they had better be small. */
enum { UUID_GROUPS = 1, UUID_COUNTERS = UUID_GROUPS + LANE_GROUPS, UUID_LANES = UUID_COUNTERS + EXPORT_COUNTERS };

static uint64_t
group_uuid(enum lane_group group)
{
	return UUID_GROUPS + (uint64_t)group;
}

static uint64_t
counter_uuid(enum export_counter which)
{
	return UUID_COUNTERS + (uint64_t)which;
}

/* Lanes are numbered as they come. */
static uint64_t
lane_uuid(struct perfetto *x, enum lane_group group, uint64_t lane)
{
	uint32_t at = idmap_get(&x->lanes[group], lane);

	if (at == IDMAP_NONE) {
		at = x->tracks++;
		if (!idmap_put(&x->lanes[group], lane, at))
			x->packet.failed = true;
	}
	return UUID_LANES + (uint64_t)at;
}

/* Ends the packet. */
static void
put_packet(struct sink *s)
{
	struct perfetto *x = s->own;

	proto_number(&x->packet, PACKET_SEQUENCE, SEQUENCE);
	proto_number(&x->packet, PACKET_FLAGS, FLAG_NEEDS_STATE | (x->begun ? 0 : FLAG_CLEARED));
	x->begun = true;
	proto_message(s->out, TRACE_PACKET, &x->packet);
}

/* A track below another; rank: where among its brothers. */
static void
put_track(struct sink *s, uint64_t uuid, struct gt_str name, uint64_t parent, uint64_t rank)
{
	struct perfetto *x = s->own;

	proto_number(&x->message, TRACK_UUID, uuid);
	proto_text(&x->message, TRACK_NAME, name);
	if (parent)
		proto_number(&x->message, TRACK_PARENT, parent);
	if (rank <= INT32_MAX)
		proto_number(&x->message, TRACK_RANK, rank);
	proto_number(&x->message, TRACK_CHILDREN, CHILDREN_EXPLICIT);
	proto_message(&x->packet, PACKET_TRACK, &x->message);
	put_packet(s);
}

static void
put_counter_track(struct sink *s, enum export_counter which)
{
	struct perfetto *x = s->own;

	proto_number(&x->part, COUNTER_UNIT, counter_kinds[which].unit[0] == 'b' ? UNIT_BYTES : UNIT_COUNT);
	proto_number(&x->message, TRACK_UUID, counter_uuid(which));
	proto_bytes(&x->message, TRACK_NAME, str(counter_kinds[which].name));
	proto_message(&x->message, TRACK_COUNTER, &x->part);
	proto_message(&x->packet, PACKET_TRACK, &x->message);
	put_packet(s);
}

/* A text that later packets may refer to by its number. */
static void
intern(struct perfetto *x, unsigned field, uint32_t id, struct gt_str text)
{
	proto_number(&x->entry, STRING_ID, id);
	proto_text(&x->entry, STRING_TEXT, text);
	proto_message(&x->part, field, &x->entry);
}

static bool
perfetto_begin(struct sink *s)
{
	struct perfetto *x = calloc(1, sizeof(*x));

	if (!x)
		return false;
	x->packet = x->message = x->note = x->part = x->entry = PROTO_BUFFER;
	s->own = x;
	for (unsigned g = 0; g < LANE_GROUPS; g++)
		put_track(s, group_uuid(g), str(lane_kinds[g].name), 0, g);
	for (unsigned c = 0; c < EXPORT_COUNTERS; c++)
		put_counter_track(s, c);
	for (unsigned n = NOTE_M; n < NOTES; n++)
		intern(x, INTERNED_NOTE_NAMES, n, str(note_names[n]));
	return true;
}

/* The number of a name, by its hash, with what the packet must say of it. */
static uint32_t
name_of(struct perfetto *x, struct gt_str name)
{
	uint64_t h = idmap_text(name.p, name.n, IDMAP_TEXT);
	uint32_t id = idmap_get(&x->names, h);

	if (id != IDMAP_NONE)
		return id;
	id = ++x->nnames;
	if (id < NAMES && !idmap_put(&x->names, h, id))
		x->packet.failed = true;
	intern(x, INTERNED_NAMES, id, name);
	return id;
}

/* Goes with the next packet. */
static void
perfetto_stack(struct sink *s, uint32_t number, struct gt_str frames)
{
	intern(s->own, INTERNED_STRINGS, number, frames);
}

static void
perfetto_lane(struct sink *s, enum lane_group group, uint64_t lane, struct gt_str name)
{
	put_track(s, lane_uuid(s->own, group, lane), name, group_uuid(group), lane);
}

static void
put_interned(struct perfetto *x)
{
	if (x->part.n > 0)
		proto_message(&x->packet, PACKET_INTERNED, &x->part);
}

/* --- notes on an event -------------------------------------------------------------------- */

static void
note_number(struct perfetto *x, unsigned name, unsigned field, uint64_t v)
{
	proto_number(&x->note, NOTE_NAME, name);
	proto_number(&x->note, field, v);
	proto_message(&x->message, EVENT_NOTE, &x->note);
}

static void
note_text(struct perfetto *x, unsigned name, struct gt_str text)
{
	if (text.n == 0)
		return;
	proto_number(&x->note, NOTE_NAME, name);
	proto_text(&x->note, NOTE_STRING, text);
	proto_message(&x->message, EVENT_NOTE, &x->note);
}

static void
put_notes(struct perfetto *x, const struct slice *s)
{
	if (s->m != GT_NONE)
		note_number(x, NOTE_M, NOTE_INT, (uint64_t)s->m);
	if (s->p != GT_NONE)
		note_number(x, NOTE_P, NOTE_INT, (uint64_t)s->p);
	if (s->g != GT_NONE)
		note_number(x, NOTE_G, NOTE_INT, (uint64_t)s->g);
	if (s->event > 0)
		note_number(x, NOTE_EVENT, NOTE_INT, s->event);
	note_text(x, NOTE_REASON, s->reason);
	if (s->stack > 0)
		note_number(x, NOTE_STACK, NOTE_INTERNED, s->stack);
}

/* --- events ---------------------------------------------------------------------------------- */

static void
put_event(struct sink *s, unsigned type, uint64_t track, int64_t time)
{
	struct perfetto *x = s->own;

	proto_number(&x->message, EVENT_TYPE, type);
	proto_number(&x->message, EVENT_TRACK, track);
	proto_number(&x->packet, PACKET_TIMESTAMP, (uint64_t)time);
	proto_message(&x->packet, PACKET_EVENT, &x->message);
	put_interned(x);
	put_packet(s);
}

/* What may overlap has a track of its own. */
static uint64_t
track_of(struct sink *s, const struct slice *x)
{
	struct perfetto *own = s->own;
	uint64_t uuid;

	if (!lane_kinds[x->group].overlap)
		return lane_uuid(own, x->group, x->lane);
	uuid = UUID_LANES + (uint64_t)own->tracks++;
	put_track(s, uuid, x->name, group_uuid(x->group), own->tracks);
	return uuid;
}

static void
perfetto_slice(struct sink *s, const struct slice *x)
{
	struct perfetto *own = s->own;
	uint64_t track = track_of(s, x);

	put_notes(own, x);
	proto_number(&own->message, EVENT_NAME, name_of(own, x->name));
	if (x->flow)
		proto_fixed64(&own->message, EVENT_FLOW_ENDS, x->flow);
	put_event(s, TYPE_BEGIN, track, x->from);
	put_event(s, TYPE_END, track, x->to);
}

static void
perfetto_point(struct sink *s, const struct slice *x)
{
	struct perfetto *own = s->own;

	put_notes(own, x);
	proto_number(&own->message, EVENT_NAME, name_of(own, x->name));
	if (x->flow)
		proto_fixed64(&own->message, EVENT_FLOW, x->flow);
	put_event(s, TYPE_POINT, lane_uuid(own, x->group, x->lane), x->from);
}

static void
perfetto_count(struct sink *s, enum export_counter which, int64_t time, int64_t value)
{
	struct perfetto *x = s->own;

	proto_number(&x->message, EVENT_COUNT, (uint64_t)value);
	put_event(s, TYPE_COUNT, counter_uuid(which), time);
}

static void
perfetto_end(struct sink *s)
{
	struct perfetto *x = s->own;

	free(x->packet.p);
	free(x->message.p);
	free(x->note.p);
	free(x->part.p);
	free(x->entry.p);
	idmap_free(&x->names);
	for (unsigned g = 0; g < LANE_GROUPS; g++)
		idmap_free(&x->lanes[g]);
	free(x);
}

const struct sink_form sink_perfetto = { false, perfetto_begin, perfetto_stack, perfetto_lane, perfetto_slice, perfetto_point,
	perfetto_count, perfetto_end };
