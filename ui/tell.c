/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An explanation in words: see tell.h. */
#include "tell.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So much is told of each, and no more: what follows says less and less. */
enum { MOST_HEADS = 24, MOST_SUSPECTS = 8, BYTES_BEFORE = 8, BYTES = 16, DEEP = 8, PAST_COLUMN = 38, COLUMNS = 80 };

struct teller {
	const struct tale *t;
	tell_fn *fn;
	void *arg;
};

/* --- an event, a change, a place in words --------------------------------------------------- */

void
tell_event(const struct gt_event *ev, char *buf, size_t cap)
{
	const struct gt_spec *s = gt_spec(ev->type);
	size_t n = (size_t)snprintf(buf, cap, "%s", s->name ? s->name : "?");

	for (unsigned i = 0; i < s->nargs && n < cap; i++)
		n += (size_t)snprintf(buf + n, cap - n, s->arg[i].type == GT_ARG_M || s->arg[i].type == GT_ARG_G ? " %s=%" PRId64 :
			" %s=%" PRIu64, s->arg[i].name, (int64_t)ev->arg[i]);
}

static void
say_has(char *buf, size_t cap, char letter, int64_t id)
{
	if (id == GT_NONE)
		snprintf(buf, cap, "none");
	else
		snprintf(buf, cap, "%c%" PRId64, letter, id);
}

void
tell_change(const struct gt_change *c, char *buf, size_t cap)
{
	char from[24], to[24];

	switch (c->field) {
	case GT_CH_M_P:
	case GT_CH_M_G:
		say_has(from, sizeof from, c->field == GT_CH_M_P ? 'P' : 'G', c->from);
		say_has(to, sizeof to, c->field == GT_CH_M_P ? 'P' : 'G', c->to);
		snprintf(buf, cap, "M%" PRId64 ": %s -> %s", c->id, from, to);
		return;
	case GT_CH_P_STATUS:
		snprintf(buf, cap, "P%" PRId64 ": %s -> %s", c->id, gt_pstatus_name((unsigned)c->from), gt_pstatus_name((unsigned)c->to));
		return;
	case GT_CH_G_STATUS:
		snprintf(buf, cap, "G%" PRId64 ": %s -> %s", c->id, gt_gstatus_name((unsigned)c->from), gt_gstatus_name((unsigned)c->to));
		return;
	case GT_CH_P_SEQ:
	case GT_CH_G_SEQ:
		snprintf(buf, cap, "%c%" PRId64 ": number %" PRId64 " -> %" PRId64, c->field == GT_CH_P_SEQ ? 'P' : 'G', c->id, c->from, c->to);
		return;
	case GT_CH_RANGE_BEGIN:
	case GT_CH_RANGE_END:
		snprintf(buf, cap, "%c%" PRId64 ": %s %s", c->from == GT_P ? 'P' : 'G', c->id, gt_spec((unsigned)c->to & 0xff)->name,
			c->field == GT_CH_RANGE_BEGIN ? "begins" : "ends");
		return;
	case GT_CH_REGION_BEGIN:
	case GT_CH_REGION_END:
		snprintf(buf, cap, "G%" PRId64 ": a region %s", c->id, c->field == GT_CH_REGION_BEGIN ? "begins" : "ends");
		return;
	case GT_CH_TASK_BEGIN:
	case GT_CH_TASK_END:
		snprintf(buf, cap, "task %" PRId64 " %s", c->id, c->field == GT_CH_TASK_BEGIN ? "begins" : "ends");
		return;
	case GT_CH_GC:
		snprintf(buf, cap, "GC: %s", c->to == GT_GC_RUNNING ? "begins" : "ends");
		return;
	case GT_CH_GC_SEQ:
		snprintf(buf, cap, "GC: number %" PRId64 " -> %" PRId64, c->from, c->to);
		return;
	}
}

void
tell_place(struct sb *b, const struct gt_place *p)
{
	const struct {
		const char *what;
		int64_t v;
	} part[] = { { "generation", p->generation }, { "batch", p->batch }, { "event", p->event }, { "M", p->m } };
	const char *sep = "";

	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		if (part[i].v >= 0) {
			sb_printf(b, "%s%s %" PRId64, sep, part[i].what, part[i].v);
			sep = ", ";
		}
	if (p->offset >= 0)
		sb_printf(b, "%soffset %" PRId64 " (0x%" PRIx64 ")", sep, p->offset, (uint64_t)p->offset);
}

static const char *
s_of(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* --- lines --------------------------------------------------------------------------------------- */

static void
heading(const struct teller *w, const char *text)
{
	w->fn(w->arg, &(struct told){ .heading = true, .style = ST_STRONG, .label = "", .text = text });
}

__attribute__((format(printf, 5, 6))) static void
say(const struct teller *w, const char *label, int indent, enum style style, const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	w->fn(w->arg, &(struct told){ .style = style, .label = label, .indent = indent, .text = text });
}

/* The same with a place, which it names. */
static void
say_place(const struct teller *w, const char *label, int indent, enum style style, const char *before, const struct gt_place *p,
	enum told_link link)
{
	char text[1024];
	struct sb b = sb_on(text, sizeof text);

	sb_add(&b, before);
	tell_place(&b, p);
	w->fn(w->arg, &(struct told){ .style = style, .label = label, .indent = indent, .text = text, .link = link, .place = *p });
}

/* --- what ---------------------------------------------------------------------------------------------- */

/* The bytes of the file around the fault. */
static void
tell_bytes(const struct teller *w, const struct gt_error *err)
{
	size_t all;
	const uint8_t *p = gt_bytes(w->t->trace, &all);
	uint64_t at = (uint64_t)err->place.offset, from = at > BYTES_BEFORE ? at - BYTES_BEFORE : 0;
	char text[128];
	struct sb b = sb_on(text, sizeof text);

	if (err->place.offset < 0 || from >= all)
		return;
	for (uint64_t i = from; i < all && i < from + BYTES; i++)
		sb_printf(&b, i == at ? " >%02x" : " %02x", p[i]);
	say(w, "", 0, ST_DIM, "bytes from 0x%" PRIx64 ":%s", from, text);
}

static void
tell_checks(const struct teller *w)
{
	size_t n;
	const struct gt_check *c = gt_explain_checks(w->t->x, &n);

	if (n)
		say(w, "", 6, ST_DIM, "%-38s %s", "required", "found");
	for (size_t i = 0; i < n; i++) {
		const char *need = c[i].about == GT_NO_RES ? "" : gt_need_name(c[i].need), *gap = *need ? " " : "";

		say(w, c[i].ok ? "ok" : c[i].waits ? "WAIT" : "NO", 6, c[i].ok ? ST_TEXT : c[i].waits ? ST_WAIT : ST_BAD, "%s%s%-*s %s",
			need, gap, 38 - (int)(strlen(need) + strlen(gap)), c[i].what, c[i].here);
	}
}

/* The first suspect in short: who reads no further knows it. */
static void
tell_likeliest(const struct teller *w)
{
	size_t n;
	const struct gt_suspect *s = gt_explain_suspects(w->t->x, &n);
	char before[96];

	if (!n)
		return;
	snprintf(before, sizeof before, "most likely: %s at ", gt_suspect_name(s->kind));
	say_place(w, "", 0, ST_STRONG, before, &s->place, TOLD_PLACE);
	say(w, "", 13, ST_STRONG, "%s", s->repair);
}

static void
tell_what(const struct teller *w, const struct gt_error *err)
{
	const struct gt_event *ev = gt_explain_event(w->t->x);
	char text[256], m[24], p[24], g[24];

	say(w, "", 0, ST_TEXT, "after %" PRIu64 " good event%s (go 1.%u, model %s%s)", gt_explain_pos(w->t->x), s_of(gt_explain_pos(w->t->x)),
		gt_version(w->t->trace), w->t->model->name, w->t->model->changed ? ", changed" : "");
	say_place(w, "", 0, ST_TEXT, "at ", &err->place, TOLD_END);
	say(w, "", 0, ST_TEXT, "%s", gt_code_means(err->why.code));
	if (w->t->hint)
		say(w, "", 0, ST_TEXT, "%s", w->t->hint);
	tell_likeliest(w);
	tell_bytes(w, err);
	if (!ev)
		return;
	tell_event(ev, text, sizeof text);
	say(w, "", 0, ST_TEXT, "event: %s", text);
	say_has(m, sizeof m, 'M', ev->m);
	say_has(p, sizeof p, 'P', ev->p);
	say_has(g, sizeof g, 'G', ev->g);
	say(w, "", 0, ST_TEXT, "in the context %s, P %s, G %s", m, p, g);
	tell_checks(w);
}

/* --- how it came about ------------------------------------------------------------------------------------ */

/* An event and all it changed of what matters. */
static void
tell_past(const struct teller *w, const struct gt_past *p, size_t n)
{
	char label[24], text[512], change[128];
	struct sb l = sb_on(label, sizeof label), b = sb_on(text, sizeof text);
	size_t from;

	sb_printf(&l, "%9" PRIu64, p->n);
	sb_printf(&b, "%-19s M%-7" PRId64 " %" PRId64 "/%" PRId64, gt_spec(p->type)->name ? gt_spec(p->type)->name : "Sync", p->m,
		p->place.batch, p->place.event);
	/* What it changed stands in a column of its own. */
	for (from = b.n; from < PAST_COLUMN; from++)
		sb_add(&b, " ");
	for (size_t i = 0; i < n; i++) {
		tell_change(&p[i].change, change, sizeof change);
		sb_printf(&b, "%s %s", i ? ";" : "", change);
	}
	w->fn(w->arg, &(struct told){ .style = ST_TEXT, .label = label, .indent = 11, .hang = PAST_COLUMN + 1, .text = text,
		.link = TOLD_EVENT, .n = p->n });
}

static void
tell_history(const struct teller *w)
{
	size_t n, k;
	const struct gt_past *p = gt_explain_history(w->t->x, &n);

	if (!n)
		return;
	heading(w, "How it came to be so");
	for (size_t i = 0; i < n; i = k) {
		for (k = i + 1; k < n && p[k].n == p[i].n; k++)
			;
		tell_past(w, p + i, k - i);
	}
	say(w, "", 0, ST_DIM, "(number of the event, type, M, batch/event, what it changed)");
}

/* --- who waits for whom --------------------------------------------------------------------------------------- */

struct chains {
	const struct gt_link *l;
	size_t n, told;
	bool *known;
};

static void
tell_head(const struct teller *w, const struct gt_link *l, int deep)
{
	const struct gt_event *ev = &l->head.ev;
	struct gt_place at = { ev->gen ? (int64_t)gt_gen_number(ev->gen) : -1, ev->batch, ev->index, ev->m, (int64_t)ev->off };
	char event[256], text[1024], why[256];
	struct sb b = sb_on(text, sizeof text);

	tell_event(ev, event, sizeof event);
	sb_printf(&b, "M%-8" PRId64 " %s", ev->m, event);
	w->fn(w->arg, &(struct told){ .style = l->nobody ? ST_BAD : ST_TEXT, .label = l->nobody ? "!!" : l->cycle ? " o" : "",
		.indent = 3 + 2 * deep, .text = text, .link = TOLD_PLACE, .place = at });
	gt_reason_text(&l->head.why, why, sizeof why);
	b = sb_on(text, sizeof text);
	sb_printf(&b, "waits: %s; ", why);
	if (l->nobody)
		sb_add(&b, "nobody brings that about: the fault is here");
	else
		sb_printf(&b, "for %s of M%" PRId64 " (batch %" PRId64 ", event %" PRId64 "), %" PRIu64 " behind its head%s",
			gt_spec(l->by_type)->name, l->by.m, l->by.batch, l->by.event, l->behind, l->cycle ? ": a cycle" : "");
	w->fn(w->arg, &(struct told){ .style = ST_WAIT, .label = "", .indent = 13 + 2 * deep, .text = text,
		.link = l->nobody ? TOLD_NOTHING : TOLD_PLACE, .place = l->by });
}

/* A head, and below it those that wait for what stands behind it. */
static void
tell_chain(const struct teller *w, struct chains *c, size_t i, int deep)
{
	if (c->known[i] || c->told == MOST_HEADS)
		return;
	c->known[i] = true;
	c->told++;
	tell_head(w, &c->l[i], deep < DEEP ? deep : DEEP);
	for (size_t k = 0; k < c->n; k++)
		if (!c->l[k].nobody && c->l[k].by.m == c->l[i].head.ev.m)
			tell_chain(w, c, k, deep + 1);
}

static void
tell_frontier(const struct teller *w)
{
	struct chains c = { .n = 0 };

	c.l = gt_explain_links(w->t->x, &c.n);
	c.known = c.n ? calloc(c.n, 1) : NULL;
	if (!c.known)
		return;
	heading(w, "Who waits for whom");
	for (size_t i = 0; i < c.n; i++)
		if (c.l[i].nobody)
			tell_chain(w, &c, i, 0);
	for (size_t i = 0; i < c.n; i++)
		tell_chain(w, &c, i, 0);
	if (c.n > c.told)
		say(w, "", 0, ST_DIM, "and %zu more", c.n - c.told);
	free(c.known);
}

/* --- suspects, and what else there is ------------------------------------------------------------------------------- */

static void
tell_tested(const struct teller *w, const struct gt_suspect *s)
{
	const char *rest = s->part ? "nothing is wrong as far as was read" : "nothing is wrong any more";

	if (!s->tested)
		say(w, "", 3, ST_TEXT, "not tested");
	else if (s->whole && s->further == 0)
		say(w, "", 3, ST_OK, "tested: %s", rest);
	else
		say(w, "", 3, s->whole ? ST_OK : ST_TEXT, "tested: %" PRIu64 " more event%s can be ordered%s%s", s->further, s_of(s->further),
			s->whole ? ", and " : "", s->whole ? rest : "");
}

static void
tell_suspects(const struct teller *w)
{
	size_t n;
	const struct gt_suspect *s = gt_explain_suspects(w->t->x, &n);

	if (!n)
		return;
	heading(w, "Suspects, the likeliest first");
	for (size_t i = 0; i < n && i < MOST_SUSPECTS; i++) {
		char label[16], before[80];

		snprintf(label, sizeof label, "%zu.", i + 1);
		snprintf(before, sizeof before, "%s at ", gt_suspect_name(s[i].kind));
		say_place(w, label, 3, ST_STRONG, before, &s[i].place, TOLD_PLACE);
		say(w, "", 3, ST_TEXT, "repair: %s", s[i].repair);
		tell_tested(w, &s[i]);
		if (s[i].evidence[0])
			say(w, "", 3, ST_TEXT, "why: %s", s[i].evidence);
	}
	if (w->t->apply)
		say(w, "", 0, ST_DIM, ":apply N makes the repair of suspect N, :undo takes it back");
}

static void
tell_usable(const struct teller *w)
{
	const struct gt_salvaged *u = gt_explain_usable(w->t->x);

	heading(w, "What is still usable");
	say(w, "", 0, ST_TEXT, "good: %" PRIu64 " event%s, %" PRIu64 " bytes%s", u->good_events, s_of(u->good_events), u->good_bytes,
		u->good_events > 0 ? " (dump prints them)" : "");
	if (u->events > 0)
		say(w, "", 0, ST_TEXT, "can be salvaged: %" PRIu64 " events, %" PRIu64 " bytes (dump --salvage)", u->events, u->bytes);
	say(w, "", 0, ST_TEXT, "lost: %" PRIu64 " events that can be read but not put in order, %" PRIu64 " bytes", u->lost_events,
		u->lost_bytes);
	if (gt_explain_resume(w->t->x) >= 0)
		say(w, "", 0, ST_TEXT, "behind the fault the file makes sense again from offset %" PRId64 " (0x%" PRIx64 ")",
			gt_explain_resume(w->t->x), (uint64_t)gt_explain_resume(w->t->x));
}

void
tell_causes(const struct gt_cause *const *c, size_t n, bool valid, tell_fn *fn, void *arg)
{
	struct teller w = { .fn = fn, .arg = arg };

	if (!n)
		return;
	heading(&w, valid ? "Odd, but valid" : "How it may have come about");
	for (size_t i = 0; i < n; i++) {
		say(&w, "", 0, ST_TEXT, "%s%s%s%s", c[i]->title, c[i]->issues[0] ? " (" : "", c[i]->issues, c[i]->issues[0] ? ")" : "");
		say(&w, "", 3, ST_TEXT, "%s", c[i]->how);
		say(&w, "", 3, ST_TEXT, "to do: %s", c[i]->avoid);
	}
}

/* --- all of it --------------------------------------------------------------------------------------------------------- */

void
tell(const struct tale *t, tell_fn *fn, void *arg)
{
	const struct teller w = { t, fn, arg };
	const struct gt_error *err = gt_explain_error(t->x);
	const struct gt_cause *const *causes;
	size_t n;

	if (err) {
		/* The first line says it; the rest of a long text is for dump. */
		say(&w, "", 0, ST_BAD, "invalid: %.*s", fmt_first_line(err), err->text);
		tell_what(&w, err);
		tell_history(&w);
		tell_frontier(&w);
		tell_suspects(&w);
		tell_usable(&w);
	} else {
		say(&w, "", 0, ST_OK, "ok, %" PRIu64 " events: there is nothing to explain", gt_explain_pos(t->x));
	}
	causes = gt_explain_causes(t->x, &n);
	tell_causes(causes, n, !err, fn, arg);
}

/* Where a line of at most n characters of text ends: before a blank, or best between two things that are listed. */
static int
line_end(const char *text, int n, bool list)
{
	for (int i = n; list && i > 0; i--)
		if (text[i] == ' ' && text[i - 1] == ';')
			return i;
	while (n > 0 && text[n] != ' ')
		n--;
	/* What has no blank stays whole. */
	return n ? n : (int)strcspn(text, " ");
}

/* Puts text that begins in column `at` in lines of COLUMNS, each but the first from column hang on. */
static void
put_wrapped(const struct plain *p, const char *text, int at, int hang, bool list)
{
	char line[1280];

	while (at + (int)strlen(text) > COLUMNS) {
		int n = line_end(text, COLUMNS - at, list);

		if (text[n] == '\0')
			break;
		snprintf(line, sizeof line, "%.*s\n%*s", n, text, hang, "");
		p->put(p->arg, line);
		text += n + strspn(text + n, " ");
		at = hang;
	}
	snprintf(line, sizeof line, "%s\n", text);
	p->put(p->arg, line);
}

void
tell_line(void *arg, const struct told *line)
{
	struct plain *p = arg;
	int at = (p->begin ? 0 : 2) + line->indent;
	char text[1280];

	if (p->begin)
		p->put(p->arg, p->begin);
	if (line->heading) {
		snprintf(text, sizeof text, "\n%s\n", line->text);
		p->put(p->arg, text);
	} else if (p->begin) {
		/* The first line of all says what is wrong, and is not cut: scripts look at it. */
		snprintf(text, sizeof text, "%-*s%s\n", line->indent, line->label, line->text);
		p->put(p->arg, text);
	} else {
		snprintf(text, sizeof text, "  %-*s", line->indent, line->label);
		p->put(p->arg, text);
		put_wrapped(p, line->text, at, at + (line->hang ? line->hang : 2), line->hang > 0);
	}
	p->begin = NULL;
}
