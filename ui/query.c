/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user asks of events, and the commands for it: see query.h. */
#include "query.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "links.h"
#include "match.h"
#include "model.h"

/* --- goals --------------------------------------------------------------------- */

static void
clear(struct goal *g)
{
	gt_expr_free(g->e);
	*g = (struct goal){ .e = NULL };
}

/* False: the text is none, and says so. */
static bool
set(struct model *m, struct goal *g, const char *text)
{
	struct gt_expr_error err;
	struct gt_expr *e = gt_expr_new(text, strlen(text), &matcher, &err);

	if (!e || strlen(text) >= sizeof g->text) {
		if (e)
			model_say(m, ST_BAD, "this is too long for an expression: %zu bytes are the most", sizeof g->text - 1);
		else
			model_say_fault(m, text, err.at, err.n, "%s", err.text);
		gt_expr_free(e);
		return false;
	}
	clear(g);
	g->e = e;
	gt_expr_start(e, m->t0);
	snprintf(g->text, sizeof g->text, "%s", text);
	return true;
}

/* The same with a text that is made here. */
__attribute__((format(printf, 3, 4))) static bool
set_made(struct model *m, struct goal *g, const char *format, ...)
{
	char text[GOAL_TEXT];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	return set(m, g, text);
}

/* What rows look like has changed. */
static void
look_anew(struct model *m)
{
	rows_clear(m->rows);
	m->made_for = 0;
}

void
query_init(struct query *q)
{
	*q = (struct query){ .follow = GT_NO_RES };
}

static void
forget_passing(struct passing *p)
{
	for (size_t i = 0; i < p->n; i++)
		row_free(p->row[i]);
	free(p->row);
	*p = (struct passing){ .row = NULL };
}

void
query_forget(struct model *m)
{
	forget_passing(&m->query.pass);
	m->query.lit_in.last = 0;
}

/* Does something with each goal there may be. */
static void
each_goal(struct query *q, void (*fn)(struct goal *g, int64_t time), int64_t time)
{
	fn(&q->search, time);
	fn(&q->stacks, time);
	fn(&q->filter, time);
	fn(&q->once, time);
	fn(&q->followed, time);
	for (int i = 0; i < LIGHTS; i++)
		fn(&q->light[i], time);
	for (size_t i = 0; i < q->nbrk; i++)
		fn(&q->brk[i].goal, time);
}

static void
clear_goal(struct goal *g, int64_t time)
{
	(void)time;
	clear(g);
}

/* Made anew of its text, which was right once. */
static void
renew_goal(struct goal *g, int64_t time)
{
	struct gt_expr_error err;
	struct gt_expr *e = g->e ? gt_expr_new(g->text, strlen(g->text), &matcher, &err) : NULL;

	if (!e)
		return;
	gt_expr_free(g->e);
	g->e = e;
	gt_expr_start(e, time);
}

void
query_renew(struct model *m)
{
	each_goal(&m->query, renew_goal, m->t0);
	m->query.lit_in.last = 0;
}

void
query_free(struct query *q)
{
	each_goal(q, clear_goal, 0);
	forget_passing(&q->pass);
}

static void
start_goal(struct goal *g, int64_t time)
{
	if (g->e)
		gt_expr_start(g->e, time);
}

void
query_start(struct query *q, int64_t time)
{
	each_goal(q, start_goal, time);
}

/* --- searches ---------------------------------------------------------------------- */

static struct gt_expr *
goal_of(const struct query *q, enum seek what)
{
	switch (what) {
	case SEEK_SEARCH:
		return q->search.e;
	case SEEK_FOLLOW:
		return q->followed.e;
	case SEEK_FILTER:
		return q->filter.e;
	case SEEK_ONCE:
		return q->once.e;
	case SEEK_BREAK:
		break;
	}
	return NULL;
}

bool
query_ready(struct model *m, enum seek what)
{
	bool some = goal_of(&m->query, what) || (what == SEEK_SEARCH && m->search[0]);

	for (size_t i = 0; what == SEEK_BREAK && i < m->query.nbrk; i++)
		some |= m->query.brk[i].on;
	if (!some)
		model_say(m, ST_WAIT, "%s",
			what == SEEK_SEARCH ? "nothing to search for yet: / asks"
			: what == SEEK_BREAK ? "no breakpoint is on: :break EXPR sets one"
					     : "nothing to look for");
	return some;
}

bool
query_meets(struct model *m, enum seek what, const struct gt_event *ev, const struct gt_state *after, int64_t before)
{
	struct gt_expr *e = goal_of(&m->query, what);

	if (e)
		return gt_expr_match(e, ev, after, before);
	for (size_t i = 0; what == SEEK_BREAK && i < m->query.nbrk; i++) {
		const struct breakpoint *b = &m->query.brk[i];

		if (b->on && gt_expr_match(b->goal.e, ev, after, before))
			return true;
	}
	return false;
}

bool
query_may(const struct model *m, enum seek what, const struct gt_summary *s)
{
	const struct gt_expr *e = goal_of(&m->query, what);

	if (e)
		return gt_expr_may(e, s);
	for (size_t i = 0; what == SEEK_BREAK && i < m->query.nbrk; i++)
		if (m->query.brk[i].on && gt_expr_may(m->query.brk[i].goal.e, s))
			return true;
	return false;
}

void
query_name(const struct model *m, enum seek what, char *out, size_t cap)
{
	const struct query *q = &m->query;
	struct sb b = sb_on(out, cap);

	if (what == SEEK_BREAK)
		sb_add(&b, "breakpoint");
	else if (what == SEEK_SEARCH && !q->search.e)
		sb_printf(&b, "\"%s\"", m->search);
	else
		sb_add(&b, what == SEEK_SEARCH ? q->search.text : what == SEEK_FILTER ? q->filter.text
			: what == SEEK_FOLLOW ? q->followed.text : q->once.text);
}

struct stop {
	struct model *m;
	uint64_t n;
	int64_t before;
};

static bool
count_stop(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct stop *s = arg;
	struct query *q = &s->m->query;
	char list[64];
	struct sb b = sb_on(list, sizeof list);

	(void)ch, (void)nch;
	if (ev->n < s->n || s->n == gt_nav_base(s->m->nav) + 1)
		s->before = ev->time;
	if (ev->n < s->n)
		return true;
	for (size_t i = 0; i < q->nbrk; i++) {
		struct breakpoint *k = &q->brk[i];

		if (!k->on || !gt_expr_match(k->goal.e, ev, after, s->before))
			continue;
		k->hits++;
		if (b.n == 0)
			model_say(s->m, ST_OK, "breakpoint %u: %s (%" PRIu64 ")", k->id, k->goal.text, k->hits);
		sb_add(&b, "x");
	}
	return false;
}

void
query_reached(struct model *m, enum seek what, uint64_t n)
{
	struct stop s = { .m = m, .n = n };

	if (what == SEEK_BREAK)
		gt_nav_each(m->nav, n > gt_nav_base(m->nav) + 1 ? n - 1 : n, 2, count_stop, &s);
}

bool
query_steps(const struct model *m, enum cmd cmd, enum seek *what)
{
	bool step = cmd == CMD_STEP || cmd == CMD_BACK;

	*what = step && m->query.follow != GT_NO_RES ? SEEK_FOLLOW : SEEK_FILTER;
	return *what == SEEK_FOLLOW || query_hides(m);
}

/* --- texts of searches ---------------------------------------------------------------- */

/* One word that names no event is a text, though it may be the name of a field. */
static bool
lone_word(const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') ||
			(text[i] >= '0' && text[i] <= '9') || text[i] == '_' || text[i] == '.'))
			return false;
	for (unsigned t = 1; t < GT_TYPES; t++)
		if (gt_spec(t)->name && !strcmp(gt_spec(t)->name, text))
			return false;
	for (int k = 0; k < GT_KINDS; k++)
		if (!strcmp(gt_kind_name((enum gt_kind)k), text))
			return false;
	return true;
}

/* What is in quotes; else NULL. */
static char *
quoted(const char *text)
{
	struct gt_buf b = { 0 };
	char *copy = NULL;

	if ((*text == '"' || *text == '`') && gt_unquote((struct gt_str){ text, strlen(text) }, &b) && b.n > 0) {
		copy = calloc(1, b.n + 1);
		if (copy)
			memcpy(copy, b.p, b.n);
	}
	gt_buf_free(&b);
	return copy;
}

bool
query_is_text(const char *text)
{
	char *inner = quoted(text);
	bool is = inner || lone_word(text);

	free(inner);
	return is;
}

/* The text searched for, in functions of stacks as well; not one that is too long for them. */
static void
search_stacks(struct model *m)
{
	char pattern[2 * sizeof m->search], text[GOAL_TEXT];
	bool exact = false;
	size_t n = 0;

	for (const char *p = m->search; *p; p++) {
		exact |= *p >= 'A' && *p <= 'Z';
		if (strchr("()[]{}*+?.^$|\\\"", *p))
			pattern[n++] = '\\';
		pattern[n++] = *p;
	}
	pattern[n] = 0;
	n = (size_t)snprintf(text, sizeof text, "func ~ \"%s%s\" or new_stack ~ \"%s%s\"", exact ? "" : "(?i)", pattern,
		exact ? "" : "(?i)", pattern);
	if (n < sizeof text)
		set(m, &m->query.stacks, text);
}

void
query_search(struct model *m, bool back, const char *text)
{
	struct gt_expr_error err = { .meant = false };
	struct gt_expr *e;
	char *inner = quoted(text);

	if (*text) {
		e = inner || lone_word(text) ? NULL : gt_expr_new(text, strlen(text), &matcher, &err);
		if (err.meant) {
			model_say_fault(m, text, err.at, err.n, "%s (in quotes it is a text)", err.text);
			free(inner);
			return;
		}
		clear(&m->query.search);
		clear(&m->query.stacks);
		m->search[0] = 0;
		if (e && strlen(text) < GOAL_TEXT) {
			m->query.search.e = e;
			gt_expr_start(e, m->t0);
			snprintf(m->query.search.text, GOAL_TEXT, "%s", text);
		} else {
			gt_expr_free(e);
			model_search_for(m, inner ? inner : text);
			search_stacks(m);
		}
		look_anew(m);
	}
	free(inner);
	model_find(m, SEEK_SEARCH, back, 1);
}

/* --- breakpoints -------------------------------------------------------------------------- */

static void
list_breaks(struct model *m)
{
	char list[sizeof m->message];
	struct sb b = sb_on(list, sizeof list);

	for (size_t i = 0; i < m->query.nbrk; i++) {
		const struct breakpoint *k = &m->query.brk[i];

		sb_printf(&b, "%s%u%s %s (%" PRIu64 ")", i ? "; " : "", k->id, k->on ? "" : " off", k->goal.text, k->hits);
	}
	model_say(m, ST_TEXT, "%s", m->query.nbrk ? list : "no breakpoints: :break EXPR sets one");
}

static void
add_break(struct model *m, const char *text)
{
	struct query *q = &m->query;
	struct breakpoint *b = q->brk;

	while (b < q->brk + q->nbrk && strcmp(b->goal.text, text))
		b++;
	if (b < q->brk + q->nbrk) {
		b->on = true;
		model_say(m, ST_OK, "breakpoint %u is that already", b->id);
		return;
	}
	if (q->nbrk == BREAKS) {
		model_say(m, ST_WAIT, "%d breakpoints are the most", BREAKS);
		return;
	}
	*b = (struct breakpoint){ .on = true };
	if (!set(m, &b->goal, text))
		return;
	b->id = ++q->last_id;
	q->nbrk++;
	look_anew(m);
	model_say(m, ST_OK, "breakpoint %u: %s; c runs to it, C back to it", b->id, text);
}

/* Which breakpoints are meant: a number, an expression, or all. */
static bool
meant(const struct breakpoint *b, const char *arg, bool *known)
{
	bool all = !strcmp(arg, "all"), is;

	is = all || !strcmp(b->goal.text, arg) || (*arg >= '0' && *arg <= '9' && strspn(arg, "0123456789") == strlen(arg) &&
			strtoull(arg, NULL, 10) == b->id);
	*known |= is;
	return is;
}

static void
change_breaks(struct model *m, enum cmd cmd, const char *arg)
{
	struct query *q = &m->query;
	bool known = !strcmp(arg, "all");
	size_t kept = 0;

	for (size_t i = 0; i < q->nbrk; i++) {
		if (meant(&q->brk[i], arg, &known)) {
			q->brk[i].on = cmd == CMD_ENABLE;
			if (cmd == CMD_DELETE) {
				clear(&q->brk[i].goal);
				continue;
			}
		}
		q->brk[kept++] = q->brk[i];
	}
	q->nbrk = kept;
	if (!known) {
		model_say(m, ST_BAD, "there is no breakpoint \"%s\"; :break lists them", arg);
		return;
	}
	look_anew(m);
	list_breaks(m);
}

/* --- filter, highlight, follow --------------------------------------------------------------- */

static void
filter(struct model *m, const char *arg)
{
	struct query *q = &m->query;

	if (!*arg) {
		clear(&q->filter);
		model_say(m, ST_TEXT, "every event is listed");
	} else if (!set(m, &q->filter, arg)) {
		return;
	} else {
		q->hide = true;
		model_say(m, ST_TEXT, "only %s; H dims the others instead, :filter alone lists all", arg);
	}
	forget_passing(&q->pass);
	look_anew(m);
}

static void
highlight(struct model *m, const char *arg)
{
	struct query *q = &m->query;
	size_t same = 0;

	while (same < q->nlight && strcmp(q->light[same].text, arg))
		same++;
	if (same < q->nlight) {
		model_say(m, ST_TEXT, "%s is highlighted already", arg);
	} else if (!*arg) {
		for (int i = 0; i < LIGHTS; i++)
			clear(&q->light[i]);
		q->nlight = 0;
		model_say(m, ST_TEXT, "nothing is highlighted");
	} else if (q->nlight == LIGHTS) {
		model_say(m, ST_WAIT, "%d highlights are the most; :highlight alone takes them away", LIGHTS);
	} else if (set(m, &q->light[q->nlight], arg)) {
		q->nlight++;
		model_say(m, ST_TEXT, "%s is highlighted", arg);
	}
	q->relit++;
	q->lit_in.last = 0;
	look_anew(m);
}

void
query_follow(struct model *m, enum gt_res res, int64_t id)
{
	static const char letters[] = "mpg";
	struct query *q = &m->query;

	q->follow = GT_NO_RES;
	clear(&q->followed);
	if (id == GT_NONE) {
		model_say(m, ST_TEXT, "nobody is followed");
		return;
	}
	if (!set_made(m, &q->followed, "%c.any == %" PRId64, letters[res], id)) {
		model_say(m, ST_BAD, "no memory: nobody is followed");
		return;
	}
	q->follow = res;
	q->follow_id = id;
	model_say(m, ST_OK, "following %c%" PRId64 ": s and S step through its events; f again, or :follow off, ends that", "MPG"[res], id);
}

/* Whom the current event is about, where nobody is named. */
static void
follow_here(struct model *m)
{
	const struct row *row = rows_get(m->rows, m->cursor);
	int64_t id = GT_NONE;
	enum gt_res res = row ? gt_event_subject(&row->ev, &id) : GT_NO_RES;

	if (m->query.follow != GT_NO_RES) {
		query_follow(m, GT_G, GT_NONE);
		return;
	}
	if (row && res != GT_G && row->ev.g != GT_NONE) {
		res = GT_G;
		id = row->ev.g;
	}
	if (res == GT_NO_RES || id == GT_NONE)
		model_say(m, ST_WAIT, "no goroutine or proc here to follow: :follow g ID names one");
	else
		query_follow(m, res, id);
}

/* --- whether there is such a goroutine, P or M --- */

/* So many events are read for that at once where somebody waits at the screen. */
#define LOOKED_AT 100000

struct someone {
	struct gt_expr *e;
	uint64_t left; /* events */
	bool there;
};

static bool
look_for_someone(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct someone *s = arg;

	(void)ch, (void)nch;
	s->there = gt_expr_match(s->e, ev, after, ev->time);
	return !s->there && --s->left;
}

/*
 * Whether the one followed is nowhere in the trace. *sure: all of it was looked at, by what the index knows of it or by its events;
 * else that it is nowhere is true of what was read so far. Where nobody waits, all is read.
 */
static bool
is_nowhere(struct model *m, bool *sure)
{
	struct someone s = { .e = m->query.followed.e, .left = m->script.held ? UINT64_MAX : LOOKED_AT };
	uint64_t n = 1, known = gt_nav_known(m->home, sure);

	while ((n <= known || (m->script.held && !*sure)) && s.left && !s.there) {
		const struct gt_block *b = gt_nav_block(m->home, n);
		size_t count = b ? (size_t)(b->sum.last + 1 - n) : 4096;

		if ((!b || gt_expr_may(s.e, &b->sum)) && gt_nav_each(m->home, n, count, look_for_someone, &s) < count) {
			if (gt_nav_starved(m->home))
				return false;
			if (!b)
				break;
		}
		n += count;
	}
	known = gt_nav_known(m->home, sure);
	*sure = *sure && s.left;
	return !s.there && !model_apart(m) && s.left;
}

/* Who is named may be written wrong. */
static void
follow_if_there(struct model *m, enum gt_res res, int64_t id)
{
	bool sure;

	query_follow(m, res, id);
	if (m->query.follow == GT_NO_RES || !is_nowhere(m, &sure))
		return;
	if (sure) {
		query_follow(m, res, GT_NONE);
		model_say(m, ST_BAD, "there is no %c%" PRId64 " in this trace: nobody is followed", "MPG"[res], id);
	} else {
		model_say(m, ST_OK, "following %c%" PRId64 ", which is not in what was read so far; :follow off ends that", "MPG"[res], id);
	}
}

/* "g 34", "G34", "p1", "m 25"; "off". */
static bool
follow_named(struct model *m, const char *arg)
{
	struct link who;

	if (!strcmp(arg, "off")) {
		query_follow(m, GT_G, GT_NONE);
		return true;
	}
	if (!links_thing(arg, &who))
		return false;
	follow_if_there(m, who.res, who.id);
	return true;
}

/* --- commands ------------------------------------------------------------------------------------ */

static void
ask(struct model *m, const char *begin)
{
	m->prompt = (struct prompt_view){ .kind = ':' };
	snprintf(m->begin, sizeof m->begin, "%s ", begin);
	m->effect = EFFECT_PROMPT;
}

bool
query_goes_on(const struct model *m, enum cmd cmd)
{
	bool stops = cmd == CMD_CONTINUE || cmd == CMD_REVERSE, finds = cmd == CMD_FIND_NEXT || cmd == CMD_FIND_BACK;

	return m->job.kind == JOB_FIND && (stops || finds) && m->job.what == (stops ? SEEK_BREAK : SEEK_SEARCH) &&
	       m->job.back == (cmd == CMD_REVERSE || cmd == CMD_FIND_BACK);
}

bool
query_do(struct model *m, enum cmd cmd, uint64_t count)
{
	switch (cmd) {
	case CMD_FIND_NEXT:
	case CMD_FIND_BACK:
		model_find(m, SEEK_SEARCH, cmd == CMD_FIND_BACK, count);
		return true;
	case CMD_CONTINUE:
	case CMD_REVERSE:
		model_find(m, SEEK_BREAK, cmd == CMD_REVERSE, count);
		return true;
	case CMD_FILTER:
	case CMD_HIGHLIGHT:
	case CMD_BREAK:
		ask(m, cmd_row(cmd)->name);
		return true;
	case CMD_HIDE:
		m->query.hide = !m->query.hide;
		model_say(m, ST_TEXT, "%s", m->query.hide ? "what the filter leaves out is hidden" :
			"what the filter leaves out is dimmed");
		m->made_for = 0;
		return true;
	case CMD_FOLLOW:
		follow_here(m);
		return true;
	default:
		return false;
	}
}

bool
query_command(struct model *m, enum cmd cmd, const char *arg)
{
	bool number = *arg && strspn(arg, "0123456789") == strlen(arg);

	switch (cmd) {
	case CMD_FIND:
		query_search(m, false, arg);
		return true;
	case CMD_FIND_NEXT:
	case CMD_FIND_BACK:
		if (!*arg || number)
			return false;
		if (set(m, &m->query.search, arg)) {
			clear(&m->query.stacks);
			m->search[0] = 0;
			look_anew(m);
			model_find(m, SEEK_SEARCH, cmd == CMD_FIND_BACK, 1);
		}
		return true;
	case CMD_FILTER:
		filter(m, arg);
		return true;
	case CMD_HIGHLIGHT:
		highlight(m, arg);
		return true;
	case CMD_BREAK:
		*arg ? add_break(m, arg) : list_breaks(m);
		return true;
	case CMD_ENABLE:
	case CMD_DISABLE:
	case CMD_DELETE:
		if (*arg)
			change_breaks(m, cmd, arg);
		return *arg != 0;
	case CMD_FOLLOW:
		return *arg && follow_named(m, arg);
	default:
		return false;
	}
}
