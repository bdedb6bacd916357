/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searching: for a text, in the list and in stacks, or for whatever query.h knows. Stretches that can hold no hit are left
 * out, by the index.
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

#define FIND_BLOCK 4096
/* How long a search may hold things up before it goes on while no key waits. */
#define AT_ONCE 60000000

/* --- texts -------------------------------------------------------------------------- */

static char
fold(char c, bool exact)
{
	return !exact && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Capitals matter where the pattern has any. */
const char *
model_match(const struct model *m, const char *text)
{
	bool exact = false;

	if (!m->search[0])
		return NULL;
	for (const char *p = m->search; *p; p++)
		exact |= *p >= 'A' && *p <= 'Z';
	for (; *text; text++) {
		size_t i = 0;

		while (m->search[i] && text[i] && fold(text[i], exact) == fold(m->search[i], exact))
			i++;
		if (!m->search[i])
			return text;
	}
	return NULL;
}

/* --- what a search can leave out ------------------------------------------------------- */

static bool
has(const char *text, const struct model *m)
{
	return text && model_match(m, text);
}

/* Words of events and changes that any type may have. */
static bool
common(const struct model *m)
{
	static const char *const words[] = { "M", "P", "G", "event", "Sync", "n", "region", "task", "begins", "ends", "GC",
		"running", "off", "unknown" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (has(words[i], m))
			return true;
	for (int i = 0; i <= GT_G_GONE || i <= GT_P_GONE; i++)
		if (has(fmt_gstatus(i), m) || has(fmt_pstatus(i), m) || has(gt_gstatus_name((unsigned)i), m))
			return true;
	return false;
}

/* Whether the text of such an event may have the pattern, which is a word: in names, or in any string. */
static bool
type_may(const struct model *m, const struct gt_spec *spec)
{
	if (has(spec->name, m))
		return true;
	for (unsigned i = 0; i < spec->nargs; i++)
		if (spec->arg[i].type == GT_ARG_STRING || has(spec->arg[i].name, m))
			return true;
	return false;
}

void
model_search_for(struct model *m, const char *text)
{
	bool word = true;

	snprintf(m->search, sizeof m->search, "%.*s", (int)sizeof m->search - 1, text);
	/* Blanks, digits and signs stand between words, or are of numbers. */
	for (const char *p = m->search; *p; p++)
		word = word && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'));
	word = word && !common(m);
	for (unsigned t = 0; t < GT_TYPES; t++) {
		uint64_t bit = UINT64_C(1) << (t & 63);

		m->search_types[t >> 6] &= ~bit;
		if (!word || type_may(m, gt_spec(t)))
			m->search_types[t >> 6] |= bit;
	}
}

static bool
may(const struct model *m, const struct gt_block *b)
{
	uint64_t any = 0;

	if (m->job.what != SEEK_SEARCH || !m->search[0])
		return query_may(m, m->job.what, &b->sum);
	for (int i = 0; i < 4; i++)
		any |= m->search_types[i] & b->sum.types[i];
	return any != 0 || (m->query.stacks.e && gt_expr_may(m->query.stacks.e, &b->sum));
}

/* From event n on, the first that is not in a block without hits. */
static uint64_t
skip(const struct model *m, uint64_t n, bool back)
{
	const struct gt_block *b;

	while (n && (b = gt_nav_block(m->nav, n)) && !may(m, b))
		n = back ? b->sum.first - 1 : b->sum.last + 1;
	return n;
}

/* --- searching ----------------------------------------------------------------------------- */

struct finder {
	struct model *m;
	bool (*stop)(void *arg);
	void *arg;
	bool stopped, in_stack; /* in_stack: the hit is in a stack only */
	uint64_t from, hit, last, left; /* left: hits to go */
	int64_t before;                 /* time of the event before */
};

/* Whether the text of an event, as the list shows it, has the one searched for. */
static bool
text_meets(const struct model *m, const struct gt_event *ev, const struct gt_change *ch, size_t nch)
{
	char text[512];
	struct sb b = sb_on(text, sizeof text);

	if (!(m->search_types[ev->type >> 6] >> (ev->type & 63) & 1))
		return false;
	fmt_event(&b, ev);
	sb_add(&b, "  ");
	fmt_changes(&b, ch, nch, false, m->sy);
	return model_match(m, text);
}

/* Whether an event is what is searched for. */
static bool
meets(struct finder *f, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct model *m = f->m;
	bool in_stack;

	if (m->job.what != SEEK_SEARCH || !m->search[0])
		return query_meets(m, m->job.what, ev, after, f->before);
	if (text_meets(m, ev, ch, nch)) {
		f->in_stack = false;
		return true;
	}
	in_stack = m->query.stacks.e && gt_expr_match(m->query.stacks.e, ev, after, f->before);
	f->in_stack |= in_stack;
	return in_stack;
}

static bool
try_event(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct finder *f = arg;
	const struct job *job = &f->m->job;
	bool hit = false;

	if (ev->n == gt_nav_base(f->m->nav) + 1)
		f->before = ev->time;
	if (ev->n >= f->from) {
		f->last = ev->n;
		hit = meets(f, ev, ch, nch, after);
	}
	f->before = ev->time;
	if (hit) {
		f->hit = ev->n;
		if (!job->back && --f->left == 0)
			return false;
	}
	/* Backwards, the last hit of a block counts: all of it must be seen. */
	if (job->back || (ev->n & 255))
		return true;
	f->stopped = f->stop(f->arg);
	return !f->stopped;
}

static void
not_found(struct model *m)
{
	char name[GOAL_TEXT], text[200];
	struct sb b = sb_on(text, sizeof text);

	m->job.kind = JOB_NONE;
	query_name(m, m->job.what, name, sizeof name);
	pane_event_number(m, &b, m->cursor);
	model_say_searched(m, &b, m->job.back);
	model_say(m, ST_WAIT, "no %s %s event %s%s", name, m->job.back ? "before" : "after", text,
		m->arrival.on && !m->job.back ? " so far" : "");
}

static void
found(struct model *m, const struct finder *f)
{
	enum seek what = m->job.what;

	model_go(m, f->hit, false);
	query_reached(m, what, f->hit);
	/* The list does not show it. */
	if (f->in_stack)
		model_say(m, ST_TEXT, "\"%s\" is in its stack", m->search);
}

/* Events from one on; the one before it is looked at for its time. */
static size_t
look(struct finder *f, uint64_t from, size_t count)
{
	bool more = from > gt_nav_base(f->m->nav) + 1;
	size_t given;

	f->from = from;
	f->last = from - 1;
	given = gt_nav_each(f->m->nav, more ? from - 1 : from, count + more, try_event, f);
	return given > more ? given - more : 0;
}

/* What could not be looked at may hold hits: the search ends without an answer. */
static bool
is_starved(struct model *m, bool back, uint64_t n)
{
	if (!gt_nav_starved(m->nav))
		return false;
	m->job.kind = JOB_NONE;
	model_say_starved(m, back, n);
	return true;
}

static void
find_forward(struct model *m, struct finder *f)
{
	size_t given;

	f->left = m->job.count;
	m->job.target = skip(m, m->job.target, false);
	given = look(f, m->job.target, FIND_BLOCK);
	if (!f->left) {
		found(m, f);
		return;
	}
	m->job.count = f->left;
	m->job.target = f->last + 1;
	if (is_starved(m, false, m->job.target))
		return;
	if (given < FIND_BLOCK && !f->stopped)
		not_found(m);
}

static void
find_back(struct model *m, struct finder *f)
{
	uint64_t base = gt_nav_base(m->nav), to = skip(m, m->job.target, true);
	uint64_t from = to > base + FIND_BLOCK ? to - FIND_BLOCK + 1 : base + 1;

	f->hit = 0;
	if (to > base)
		look(f, from, (size_t)(to - from + 1));
	if (to > base && is_starved(m, true, to + 1))
		return;
	if (f->hit && --m->job.count == 0)
		found(m, f);
	else if (f->hit)
		m->job.target = f->hit - 1;
	else if (from <= base + 1)
		not_found(m);
	else
		m->job.target = from - 1;
}

void
find_on(struct model *m, bool (*stop)(void *arg), void *arg)
{
	char name[GOAL_TEXT];

	do {
		struct finder f = { .m = m, .stop = stop, .arg = arg };

		if (m->job.back)
			find_back(m, &f);
		else
			find_forward(m, &f);
	} while (m->job.kind == JOB_FIND && !stop(arg));
	if (m->job.kind != JOB_FIND)
		return;
	query_name(m, m->job.what, name, sizeof name);
	model_say(m, ST_DIM, "searching %s at event %llu of %llu%s; ^C stops", name, (unsigned long long)m->job.target,
		(unsigned long long)(m->job.target > m->known ? m->job.target : m->known), m->all ? "" : "+");
}

void
model_find(struct model *m, enum seek what, bool back, uint64_t count)
{
	if (!query_ready(m, what))
		return;
	m->job = (struct job){ .kind = JOB_FIND, .what = what, .back = back, .count = count ? count : 1,
		.target = back ? m->cursor - 1 : m->cursor + 1 };
	model_work(m, AT_ONCE);
}
