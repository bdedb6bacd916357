/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arrival.h"

#include <stdio.h>

#include "model.h"

void
arrival_look(struct model *m)
{
	struct arrival *a = &m->arrival;
	bool was = a->on;
	uint64_t whole;
	char text[512];

	/* Not the other way round: what comes in between is of the next look. */
	a->on = gt_growing(m->trace, &whole);
	gt_bytes(m->trace, &a->bytes);
	if (was && !a->on && a->news && a->news(a->arg, text, sizeof text))
		model_say(m, ST_WAIT, "%s", text);
}

bool
arrival_is_indexed(const struct model *m)
{
	return m->arrival.on && gt_nav_waits(m->home);
}

/* --- the newest event ------------------------------------------------------------- */

void
arrival_end_tail(struct model *m)
{
	if (m->arrival.tail)
		model_say(m, ST_DIM, "no longer following what arrives; F does so again");
	m->arrival.tail = false;
}

void
arrival_tail(struct model *m)
{
	if (m->arrival.tail) {
		arrival_end_tail(m);
		return;
	}
	model_home(m);
	model_refresh_known(m);
	m->arrival.tail = m->arrival.on;
	m->arrival.tail_at = model_last_row(m);
	model_go(m, m->arrival.tail_at, false);
	if (m->arrival.tail)
		model_say(m, ST_DIM, "following the newest event; any move, ^C or F ends that");
	else
		model_say(m, ST_WAIT, "all of the trace is here: there is nothing to follow");
}

void
arrival_go_on(struct model *m)
{
	struct arrival *a = &m->arrival;
	uint64_t last = model_last_row(m);

	if (!a->tail || m->job.kind)
		return;
	if (m->cursor != a->tail_at && a->tail_at) {
		arrival_end_tail(m);
		return;
	}
	if (last > m->cursor) {
		a->tail_at = last;
		m->on_trail = true; /* it is no jump that one would go back from */
		model_go(m, last, false);
	}
	a->tail = !m->all;
}

/* --- the status line ------------------------------------------------------------------ */

static void
put_size(struct sb *b, size_t n)
{
	if (n < 1000)
		sb_printf(b, "%zu bytes", n);
	else if (n < 1000000)
		sb_printf(b, "%.1f kB", (double)n / 1e3);
	else
		sb_printf(b, "%.1f MB", (double)n / 1e6);
}

void
arrival_status(const struct model *m, struct sb *b, struct sb *less)
{
	put_size(b, m->arrival.bytes);
	sb_printf(less, "%s so far%s", b->p, m->arrival.tail ? ", following" : "");
	sb_add(b, " so far, ");
	if (m->arrival.tail)
		sb_add(b, "following");
	else if (arrival_is_indexed(m) || m->all)
		sb_add(b, "more to come");
	else
		sb_printf(b, "index %d%%", (int)(m->done * 100));
}
