/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See session.h. */
#define _XOPEN_SOURCE 700
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kept.h"
#include "model.h"
#include "script.h"
#include "start.h"

#define ENDING ".session"

/* Where that of this trace is. False: nowhere. */
static bool
find(const struct model *m, bool make, char *path, size_t cap)
{
	struct trace_id id;
	uint64_t whole;

	return !gt_growing(m->opened, &whole) && kept_id(&id, m->opened, m->file, m->opened_file) &&
	       kept_path(path, cap, XDG_STATE, make, kept_hash(KEPT_HASH, &id, sizeof id), ENDING);
}

/* --- as commands ---------------------------------------------------------------------- */

/*
 * Numbers are those of the trace that is opened, or the place is told by where it is in the file, as events of a generation by
 * itself will have other numbers. In an edited trace they lie elsewhere, too; their times are the same.
 */
static void
put_place(FILE *f, const struct trail_place *p)
{
	if (p->reading || (p->type == GT_EV_None && p->apart))
		fprintf(f, "goto @%" PRId64 "\n", p->time < 0 ? 0 : p->time);
	else if (p->end)
		fputs("goto end\n", f);
	else if (!p->apart && !p->moved)
		fprintf(f, "goto %" PRIu64 "\n", p->n);
	else if (p->type != GT_EV_SyncPoint)
		fprintf(f, "goto offset %" PRIu64 " part %u\n", p->off, p->part);
	else if (p->gen)
		fprintf(f, "goto gen %" PRIu64 "\n", p->gen);
	else
		fputs("goto end\n-1\n", f);
}

static void
put_goals(const struct query *q, FILE *f)
{
	for (size_t i = 0; i < q->nbrk; i++) {
		fprintf(f, "break %s\n", q->brk[i].goal.text);
		if (!q->brk[i].on)
			fprintf(f, "disable %s\n", q->brk[i].goal.text);
	}
	for (size_t i = 0; i < q->nlight; i++)
		fprintf(f, "highlight %s\n", q->light[i].text);
	if (q->filter.e)
		fprintf(f, "filter %s\n%s", q->filter.text, q->hide ? "" : "hide\n");
}

/* All but the place, to be freed; "" for none. NULL: no memory. */
static char *
things(const struct model *m)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return NULL;
	put_goals(&m->query, f);
	for (int i = 0; i < TRAIL_MARKS; i++) {
		if (!m->trail.mark[i].n)
			continue;
		put_place(f, &m->trail.mark[i]);
		fprintf(f, "mark %c\n", trail_letter(i));
	}
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

/* All of the file, to be freed. NULL: no memory. */
static char *
compose(struct model *m, const char *set, size_t *n)
{
	struct trail_place here = model_place(m, m->cursor);
	char *text = NULL, name[512];
	FILE *f = open_memstream(&text, n);

	if (!f)
		return NULL;
	gt_quote((struct gt_str){ m->file, strlen(m->file) }, name, sizeof name);
	fprintf(f, "# gotrace-tui was left so in %s\n%s", name, set);
	put_place(f, &here);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

/* What makes the rule set that is in force out of the usual one. */
static void
put_rules(const struct gt_model *rules, FILE *f)
{
	static const char *const needs[] = { [GT_NOT] = "mustnot", [GT_MAY] = "may", [GT_MUST] = "must" };
	struct gt_model base;

	if (strcmp(rules->name, GT_MODEL_DEFAULT) != 0)
		fprintf(f, "model %s\n", rules->name);
	if (!rules->changed || !gt_model_get(&base, rules->name))
		return;
	for (unsigned t = 0; t < GT_TYPES; t++)
		for (unsigned r = 0; r < 3; r++)
			if (rules->need[t][r] != base.need[t][r])
				fprintf(f, "require %s.%s=%s\n", gt_spec(t)->name, gt_res_name((enum gt_res)r), needs[rules->need[t][r]]);
}

void
session_put_start(struct model *m, FILE *f)
{
	struct trail_place here = model_place(m, m->cursor);
	const struct query *q = &m->query;
	char *set = things(m);

	put_rules(gt_nav_model(m->nav), f);
	if (set)
		fputs(set, f);
	if (q->follow != GT_NO_RES)
		fprintf(f, "follow %c %" PRId64 "\n", "mpg"[q->follow], q->follow_id);
	/* Marks were set by going there. */
	if (m->cursor != 1 || model_apart(m) || (set && *set))
		put_place(f, &here);
	free(set);
	start_put_panes(m, f);
}

/* --- kept, and had again ----------------------------------------------------------------- */

void
session_begin(struct model *m)
{
	char path[4096];

	free(m->session.before);
	m->session.before = things(m);
	if (m->session.on && !m->session.had && !m->message[0] && find(m, false, path, sizeof path) && access(path, R_OK) == 0)
		model_say(m, ST_OK, "a session of this trace is kept: :session brings it back");
}

void
session_end(struct model *m)
{
	char path[4096], *set = m->session.on ? things(m) : NULL, *all = NULL;
	bool changed = set && strcmp(set, m->session.before ? m->session.before : "") != 0;
	size_t n;

	if (set && find(m, false, path, sizeof path) &&
		(changed || m->session.had || (m->cursor > 1 && access(path, F_OK) != 0)))
		all = compose(m, set, &n);
	if (all && find(m, true, path, sizeof path) && kept_write(path, all, n, NULL, 0))
		kept_make_room(XDG_STATE, ENDING, SESSION_FILES, SESSION_BYTES);
	free(all);
	free(set);
}

/* Some were written with the command for a place: that command is about the pane with the keys. */
static char *
renew(char *text)
{
	static const char was[] = "last\n";
	char *all = NULL;
	size_t n;
	FILE *f = open_memstream(&all, &n);

	for (const char *p = text; f && *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (!strncmp(p, was, sizeof was - 1))
			fputs("goto end\n", f);
		else
			fprintf(f, "%.*s\n", (int)strcspn(p, "\n"), p);
	free(text);
	if (f && fclose(f) == 0)
		return all;
	free(all);
	return NULL;
}

static void
restore(struct model *m)
{
	char path[4096];

	if (!find(m, false, path, sizeof path) || access(path, F_OK) != 0) {
		model_say(m, ST_WAIT, "nothing is kept of this trace");
		return;
	}
	m->session.had = true;
	script_source_as(m, path, renew);
}

bool
session_command(struct model *m, enum cmd cmd, const char *arg)
{
	if (cmd != CMD_SESSION || (*arg && strcmp(arg, "on") && strcmp(arg, "off")))
		return false;
	if (!*arg) {
		restore(m);
		return true;
	}
	m->session.on = !strcmp(arg, "on");
	model_say(m, ST_TEXT, m->session.on ? "what is set here is kept for the next time" : "nothing of this session is kept");
	return true;
}

void
session_free(struct session *s)
{
	free(s->before);
	s->before = NULL;
}
