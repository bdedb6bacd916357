/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a trace: they end in events and one end, which stays; times rise; every event lies where it says; on
 * small inputs the conditions, the frontier and the changes agree with the orderer; with salvage the same events come
 * first, and every byte is accounted for; memory is bounded.
 */
#include "fuzz.h"

enum { SMALL = 600 };

/* Everything that can be asked of an event by itself. */
static void
look(const struct gt_event *ev, const uint8_t *data, size_t size)
{
	struct gt_frame frame[GT_MAXFRAMES];
	struct gt_range range;
	char buf[64];
	int64_t id;

	CHECK(ev->off + ev->len <= size, "offset %llu", (unsigned long long)ev->off);
	if (ev->type != GT_EV_SyncPoint && ev->part == 0)
		CHECK(data[ev->off] == ev->type && ev->len > 0, "type %u", ev->type);
	gt_event_subject(ev, &id);
	for (unsigned i = 0; i <= GT_MAXARGS; i++)
		gt_quote(gt_event_string(ev, i), buf, sizeof(buf));
	if (!ev->gen)
		return;
	CHECK(gt_gen_stack(ev->gen, gt_event_stack(ev), frame) >= 0 || ev->type == GT_EV_CPUSample, "stack");
	CHECK(gt_gen_stack(ev->gen, gt_event_new_stack(ev), frame) >= 0, "stack");
	if (gt_event_range(ev, &range))
		gt_quote(range.reason, buf, sizeof(buf));
}

static void
ends(struct gt_reader *r, enum gt_got got)
{
	const struct gt_error *err = gt_reader_error(r);
	const struct gt_event *ev;
	uint64_t pos = gt_reader_pos(r);

	CHECK((got == GT_BROKEN) == (err != NULL), "got %d", got);
	CHECK(!err || (err->text && err->text[0] && err->why.code != GT_OK), "an error without words");
	for (int i = 0; i < 3; i++)
		CHECK(gt_read(r, &ev) == got && gt_reader_pos(r) == pos, "another end");
}

/* One event, with the states before it at hand. */
static enum gt_got
step_closely(struct gt_trace *t, struct gt_reader *r, const struct gt_model *model, const struct gt_event **ev)
{
	struct gt_reader *before = gt_reader_clone(r);
	const struct gt_change *ch;
	const char *wrong;
	enum gt_got got;
	size_t n;

	gt_frontier(r, NULL, 0);
	got = gt_read(r, ev);
	if (got == GT_EVENT && (*ev)->gen) {
		uint64_t gen = gt_gen_number((*ev)->gen);

		wrong = checks_wrong(gt_reader_state(before), model, gt_version(t), gen, *ev, GT_YES, GT_OK);
		CHECK(!wrong, "%s", wrong);
		ch = gt_reader_changes(r, &n);
		wrong = changes_wrong(gt_reader_state(before), gt_reader_state(r), ch, n);
		CHECK(!wrong, "%s", wrong);
		wrong = frontier_wrong(r, model, gt_version(t), gen);
		CHECK(!wrong, "%s", wrong);
	}
	gt_reader_free(before);
	return got;
}

/* How many events there are. */
static uint64_t
read_all(struct gt_trace *t, const char *name, const uint8_t *data, size_t size)
{
	struct gt_model model;
	struct gt_reader *r;
	const struct gt_event *ev;
	int64_t last = INT64_MIN;
	uint64_t n = 0;
	enum gt_got got;

	CHECK(gt_model_get(&model, name), "no model");
	r = gt_reader_new(t, &model);
	gt_reader_log(r, true);
	for (;;) {
		got = size <= SMALL && gt_version(t) >= 22 ? step_closely(t, r, &model, &ev) : gt_read(r, &ev);
		if (got != GT_EVENT)
			break;
		CHECK(ev->n == ++n && gt_reader_pos(r) == n, "number");
		CHECK(ev->time > last || last == INT64_MAX || n == 1, "time %lld", (long long)ev->time);
		last = ev->time;
		/* In the formats before Go 1.22 events stand elsewhere, and other rules hold. */
		if (gt_version(t) >= 22)
			look(ev, data, size);
	}
	ends(r, got);
	gt_reader_free(r);
	return n;
}

static void
ignore(void *arg, const struct gt_finding *f)
{
	(void)arg;
	CHECK(f->name && f->text[0], "a finding without words");
}

/* good: how many events there are without salvage. */
static void
salvage_all(struct gt_trace *t, uint64_t good, size_t size)
{
	struct gt_strict *st = gt_strict_new(t, ignore, NULL);
	struct gt_model model;
	struct gt_reader *r;
	const struct gt_event *ev;
	struct gt_salvaged s;
	uint64_t salvaged = 0;
	enum gt_got got;

	gt_model_get(&model, GT_MODEL_DEFAULT);
	gt_salvage(t, true);
	r = gt_reader_new(t, &model);
	while ((got = gt_read(r, &ev)) == GT_EVENT) {
		salvaged += ev->salvaged;
		CHECK(ev->salvaged || (salvaged == 0 && ev->n <= good), "event %llu", (unsigned long long)ev->n);
		if (!ev->salvaged)
			gt_strict_event(st, ev, gt_reader_state(r));
	}
	ends(r, got);
	gt_reader_salvaged(r, &s);
	CHECK(s.events == salvaged && s.good_events + s.events == gt_reader_pos(r), "%llu salvaged", (unsigned long long)s.events);
	CHECK(s.good_bytes + s.bytes + s.lost_bytes == size, "bytes that don't add up");
	gt_reader_free(r);
	gt_strict_free(st);
}

/* In parts it comes to the same. */
static void
read_parts(struct gt_trace *t, const char *name)
{
	struct gt_model model;
	struct gt_reader *r, *q;
	struct gt_parts *ps;
	const struct gt_error *x, *y;

	CHECK(gt_model_get(&model, name), "no model");
	ps = gt_parts_new(t, &model, 3, NULL, NULL);
	if (gt_parts_count(ps) == 1) {
		gt_parts_free(ps);
		return;
	}
	for (unsigned i = 0; i < gt_parts_count(ps); i++)
		gt_part_read(ps, i);
	q = gt_parts_join(ps);
	r = gt_reader_new(t, &model);
	gt_skip(r, UINT64_MAX);
	x = gt_reader_error(r);
	y = gt_reader_error(q);
	CHECK(gt_reader_pos(r) == gt_reader_pos(q) && !x == !y && (!x || strcmp(x->text, y->text) == 0) &&
		gt_state_hash(gt_reader_state(r)) == gt_state_hash(gt_reader_state(q)), "in parts it is another trace");
	gt_reader_free(r);
	gt_reader_free(q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gt_error err;
	struct gt_trace *t;
	char text[256];
	uint64_t n;

	memory_begin();
	t = gt_open(data, size, &err);
	if (t) {
		n = read_all(t, GT_MODEL_DEFAULT, data, size);
		salvage_all(t, n, size);
		gt_salvage(t, false);
		if (size % 4 == 0)
			read_all(t, size % 8 ? "go1.22-strict" : "go1.22-tolerant", data, size);
		read_parts(t, GT_MODEL_DEFAULT);
	} else
		CHECK(gt_reason_text(&err.why, text, sizeof(text)) > 0, "no words");
	gt_close(t);
	memory_end(size, GT_MOST_PER_BYTE, GT_MOST_BASE);
	return 0;
}
