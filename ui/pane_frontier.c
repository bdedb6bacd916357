/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frontier behind the current event: what each M wants next, when, and whether it may. */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model.h"

static void
add_head(struct model *m, struct lines *l, const struct gt_head *h, int indent, int column, bool next)
{
	char label[32], event[240], why[256], text[600];
	struct sb lb = sb_on(label, sizeof label), e = sb_on(event, sizeof event), t = sb_on(text, sizeof text);
	size_t line = l->n;

	fmt_id(&lb, GT_M, h->ev.m);
	fmt_event(&e, &h->ev);
	gt_reason_text(&h->why, why, sizeof why);
	sb_add(&t, h->ev.time < m->t0 ? "" : "+");
	fmt_time(&t, fmt_minus(h->ev.time, m->t0), 9);
	sb_printf(&t, "  %-*s  ", column, event);
	if (h->answer == GT_YES)
		sb_printf(&t, "%s %s", m->sy->ok, next ? "ready: this is the next event" : "ready");
	else
		sb_printf(&t, "%s %s", h->answer == GT_WAIT ? m->sy->wait : m->sy->no, why);
	lines_add(l, label, indent, h->answer == GT_YES ? (next ? ST_STRONG : ST_OK) : h->answer == GT_WAIT ? ST_WAIT : ST_BAD,
		text);
	lines_label(l, line, ST_M, 0, NULL);
}

/* How wide events are: what comes behind them stands in a column, but for the longest ones. */
static int
event_column(const struct gt_head *heads, size_t n, int most)
{
	int column = 0;

	for (size_t i = 0; i < n; i++) {
		char event[240];
		struct sb e = sb_on(event, sizeof event);

		fmt_event(&e, &heads[i].ev);
		if ((int)e.n > column && (int)e.n <= most)
			column = (int)e.n;
	}
	return column;
}

/* The navigator stands at the current event. */
static void
make(struct model *m, struct lines *l)
{
	size_t n = m->version < 22 ? 0 : gt_frontier(gt_nav_reader(m->nav), NULL, 0);
	struct gt_head *heads = n ? calloc(n, sizeof *heads) : NULL;
	int indent = 2 + rows_id_width(m->rows, GT_M), column;
	bool first = true;

	if (!heads) {
		lines_add(l, "", 0, ST_DIM, m->version < 22 ? "traces before Go 1.22 are put in order as a whole: they have none"
			: "no M has any further event in this generation");
		return;
	}
	n = gt_frontier(gt_nav_reader(m->nav), heads, n);
	column = event_column(heads, n, l->width / 3);
	for (size_t i = 0; i < n; i++) {
		bool next = first && heads[i].answer == GT_YES;

		first = first && !next;
		add_head(m, l, &heads[i], indent < 6 ? 6 : indent, column, next);
	}
	free(heads);
}

const struct pane_ops pane_frontier = { .make = make };
