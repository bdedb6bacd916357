/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See start.h. */
#define _XOPEN_SOURCE 700
#include "start.h"

#include <inttypes.h>
#include <string.h>

#include "model.h"
#include "script.h"

/* As it is once the commands that were written so far are done. */
struct start {
	const struct model *m;
	FILE *f;
	unsigned open;
	enum pane_id keys; /* PANES: not known */
	bool cut;          /* something could not be written */
};

static bool
has(unsigned set, enum pane_id id)
{
	return (set & 1u << id) != 0;
}

/* Names are those of the trace: some can't stand in a command. */
static void
put(struct start *s, enum cmd cmd, const char *arg)
{
	char line[COMMAND_MAX], read[COMMAND_MAX];
	const char *p = line;
	int n = snprintf(line, sizeof line, "%s%s%s", cmd_row(cmd)->name, *arg ? " " : "", arg);

	if (n < (int)sizeof line && script_next(&p, read, sizeof read) && !strcmp(read, line))
		fprintf(s->f, "%s\n", line);
	else
		s->cut = true;
}

static void
put_count(struct start *s, enum cmd cmd, size_t n)
{
	if (n)
		fprintf(s->f, "%s %zu\n", cmd_row(cmd)->name, n);
}

static void
opened(struct start *s, enum pane_id id)
{
	s->open |= 1u << id;
	s->keys = id;
}

static void
put_view(struct start *s, enum pane_id id)
{
	if (s->keys == id)
		return;
	put(s, CMD_VIEW, pane_name(id));
	opened(s, id);
}

/* --- the table ------------------------------------------------------------------------- */

static bool
is_turned(const struct table *t, const struct table *usual, int kind)
{
	return t->sort[kind] != usual->sort[kind] || t->reverse[kind] != usual->reverse[kind];
}

static void
put_kind(struct start *s, int kind, const struct table *usual)
{
	const struct table *t = &s->m->table;
	char text[80];

	if (kind == CENSUS_TRANSITIONS && *t->of)
		put(s, CMD_TRANSITIONS, t->of);
	else
		put(s, CMD_TABLE, census_kind_name((enum census_kind)kind));
	opened(s, PANE_TABLE);
	if (!is_turned(t, usual, kind))
		return;
	snprintf(text, sizeof text, "%s %s", column_name(kind, t->sort[kind]), t->reverse[kind] ? "down" : "up");
	put(s, CMD_SORT, text);
}

/* The row chosen, or the bar. */
static void
put_row(struct start *s)
{
	const struct table *t = &s->m->table;

	if (t->histogram) {
		put_count(s, CMD_DOWN, t->row_at);
		put(s, CMD_HISTOGRAM, "");
		if (t->turned)
			put(s, CMD_SORT_BACK, "");
	}
	if (t->chosen) {
		put(s, CMD_FIRST, "");
		put_count(s, CMD_DOWN, t->at);
	}
}

/* What is told of kinds that are not shown is there when they are. */
static void
put_table(struct start *s)
{
	const struct table *t = &s->m->table;
	struct table usual = { .kind = CENSUS_GOROUTINES };
	bool some = has(s->m->arr.open, PANE_TABLE) || t->kind != usual.kind || *t->only;

	table_usual(&usual);
	for (int k = 0; k < CENSUS_KINDS; k++) {
		bool told = is_turned(t, &usual, k) || (k == CENSUS_TRANSITIONS && *t->of);

		if (told && k != (int)t->kind)
			put_kind(s, k, &usual);
		some |= told;
	}
	if (!some)
		return;
	put_kind(s, (int)t->kind, &usual);
	if (*t->only)
		put(s, CMD_ONLY, t->only);
	put_row(s);
}

/* --- the rest ------------------------------------------------------------------------------ */

static void
put_shown(struct start *s)
{
	const struct model *m = s->m;

	for (int of = 0; of < COLUMNS_OF; of++) {
		char text[COLUMNS_MOST * 24];
		struct sb b = sb_on(text, sizeof text);

		sb_printf(&b, "%s: ", columns_of(of));
		columns_text(of, &m->columns[of], &b);
		if (m->columns[of].chosen)
			put(s, CMD_COLUMNS, text);
	}
	if (m->time_mode != TIME_RELATIVE)
		put(s, CMD_TIME, time_mode_name(m->time_mode));
}

static void
put_timelines(struct start *s)
{
	const struct timeline *t = &s->m->time;

	for (int i = 0; i < TIMELINES; i++) {
		if (t->view[i].by == timeline_usual(i))
			continue;
		put_view(s, i ? PANE_LANES : PANE_TIMELINE);
		put(s, CMD_TIMELINE, (const char *[]){ [GT_M] = "m", [GT_P] = "p", [GT_G] = "g" }[t->view[i].by]);
	}
}

/* The page of a lesson is opened by that. */
static unsigned
wanted(const struct model *m)
{
	return m->arr.open & ~(1u << PANE_LESSON);
}

static void
put_open(struct start *s)
{
	const struct arrangement *a = &s->m->arr;
	unsigned want = wanted(s->m);

	/* The last one that is opened comes first where there is little room. */
	for (int i = PANES - 1; i >= 0; i--)
		if (has(want & ~s->open, a->rank[i]))
			put_view(s, a->rank[i]);
	for (int i = 0; i < PANES; i++)
		if (has(want & a->folded, (enum pane_id)i) && i != (int)a->focus) {
			put_view(s, (enum pane_id)i);
			put(s, CMD_FOLD, "");
		}
	for (int i = 0; i < PANES; i++)
		if (has(s->open & ~want, (enum pane_id)i)) {
			put(s, CMD_CLOSE, pane_name((enum pane_id)i));
			s->keys = s->keys == (enum pane_id)i ? PANES : s->keys;
		}
	if (a->stacked)
		put(s, CMD_STACKED, "");
	if (!has(want, a->focus))
		return;
	put_view(s, a->focus);
	if (has(a->folded, a->focus))
		put(s, CMD_FOLD, "");
	if (a->maximized)
		put(s, CMD_MAXIMIZE, "");
}

/* --- what is not told ------------------------------------------------------------------------ */

static bool
is_sized(const struct arrangement *a)
{
	for (int i = 0; i < PANES; i++)
		if (a->extra[i] || a->wider[i] || a->side[i])
			return true;
	return false;
}

static void
put_untold(const struct start *s)
{
	const struct model *m = s->m;
	const struct table *t = &m->table;
	const struct {
		bool is;
		const char *what;
	} all[] = {
		{ m->edits.at > 0, "edits of the trace" },
		{ m->lesson.of != NULL, "the lesson" },
		{ m->search[0] || m->query.search.e, "what was searched for" },
		{ timeline_is(m->arr.focus) || m->time.kin.g != GT_NONE || m->time.whole, "what the timeline shows of time and lanes" },
		{ (t->chosen && !table_ready(m) && has(s->open, PANE_TABLE)) || t->ahead, "the row of the table, which is not complete" },
		{ m->arr.focus == PANE_BYTES && m->field, "the field of the bytes" },
		{ m->arr.focus == PANE_WHY, "the line of why" },
		{ is_sized(&m->arr), "sizes of panes and which are beside each other" },
		{ s->cut, "names that can't stand in a command" },
	};
	const char *before = "# not told by commands: ";

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].is) {
			fprintf(s->f, "%s%s", before, all[i].what);
			before = "; ";
		}
	if (*before == ';')
		fputs("\n", s->f);
}

void
start_put_panes(const struct model *m, FILE *f)
{
	struct arrangement usual;
	struct start s = { .m = m, .f = f };

	arrangement_init(&usual);
	s.open = usual.open;
	s.keys = usual.focus;
	put_shown(&s);
	put_table(&s);
	put_timelines(&s);
	put_open(&s);
	put_untold(&s);
}
