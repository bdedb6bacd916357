/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What takes long: far jumps, searches, the index. Done in slices while no key waits, so that keys never lag and any
 * of it can be stopped; a jump to a place nearby is done at once.
 */
#define _XOPEN_SOURCE 700
#include "model.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* How long a command may hold things up before it becomes a job. */
#define AT_ONCE 60000000
#define INDEX_STEP 4096
#define FIND_BLOCK 4096
/* About how much of a file is read at full speed; how much a jump of many events reads. */
#define BYTES_PER_NS 0.25
#define BYTES_PER_EVENT 6
#define FAR 100000
#define TOUCHED_BY_JUMP (4 << 20)

struct limit {
	int64_t until;
	bool stopped;
};

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool
time_is_up(void *arg)
{
	struct limit *l = arg;

	return l->stopped = now() >= l->until;
}

/* --- jumps ----------------------------------------------------------------- */

static void
arrive(struct model *m, uint64_t row, bool exact)
{
	rows_need(m->rows, m->nav, row, 1);
	model_refresh_known(m);
	if (m->all && row > m->known + 1) {
		if (exact)
			model_say(m, ST_WAIT, "the trace has %llu events", (unsigned long long)m->known);
		row = m->known + 1;
	}
	m->cursor = row;
	m->loose = false;
	m->job.kind = JOB_NONE;
}

/* The navigator goes to the event before: what is made of a row needs the states there. */
static void
seek_on(struct model *m, struct limit *l)
{
	uint64_t want = m->job.target - 1;
	uint64_t pos = gt_nav_seek(m->nav, want, time_is_up, l);

	if (pos == want || !l->stopped)
		arrive(m, m->job.target, m->job.exact);
}

void
model_go(struct model *m, uint64_t row, bool exact)
{
	struct limit l = { .until = now() + AT_ONCE };

	if (row <= gt_nav_base(m->nav)) {
		if (model_apart(m))
			model_say(m, ST_WAIT, "what is before generation %llu is not known yet; :gen %llu goes there",
				(unsigned long long)m->apart.number, (unsigned long long)m->apart.number - 1);
		row = gt_nav_base(m->nav) + 1;
	}
	if (m->all && row > m->known + 1 && !exact)
		row = m->known + 1;
	if (row > m->cursor + FAR || row + FAR < m->cursor)
		model_touch(m, TOUCHED_BY_JUMP);
	m->job = (struct job){ .kind = JOB_SEEK, .target = row, .exact = exact };
	seek_on(m, &l);
	if (m->job.kind)
		model_say(m, ST_DIM, "going there; ^C stops");
}

void
model_move(struct model *m, bool back, uint64_t count)
{
	uint64_t most = UINT64_MAX / 2;

	count = count > most ? most : count;
	if (back)
		model_go(m, m->cursor > count ? m->cursor - count : 0, false);
	else if (count)
		model_go(m, m->cursor + count, false);
}

/* --- memory ------------------------------------------------------------------- */

/* Of a mapped file stays in memory what was read; from time to time that is let go. */
void
model_touch(struct model *m, double bytes)
{
	m->touched += bytes;
	if (!m->release || m->touched < (double)(m->memory / 8))
		return;
	m->release(m->release_arg);
	m->touched = 0;
}

/* --- the index ----------------------------------------------------------------- */

static void
index_in_slices(struct model *m, struct limit *l)
{
	bool more = true;

	while (more && !time_is_up(l)) {
		more = gt_nav_index(m->home, INDEX_STEP, &m->done);
		model_touch(m, INDEX_STEP * BYTES_PER_EVENT);
	}
	m->indexed = !more;
}

static void
index_on(struct model *m, struct limit *l)
{
	if (m->threads && !m->indexer && !m->indexed) {
		m->indexer = indexer_start(m->home, m->release, m->release_arg);
		m->threads = m->indexer != NULL;
	}
	if (m->indexer) {
		bool over = indexer_over(m->indexer);

		indexer_take(m->indexer, m->home);
		m->indexed = over;
	} else if (!m->indexed) {
		index_in_slices(m, l);
	}
	gt_nav_indexed(m->home, &m->done);
	model_refresh_known(m);
	access_confirm(m);
}

/* The end: of the last generation, as long as it is not known how all of them end. */
static void
go_last(struct model *m, struct limit *l)
{
	struct verdict v;

	index_on(m, l);
	v = model_verdict(m);
	if (v.known) {
		m->message[0] = 0;
		model_home(m);
		model_go(m, v.events + 1, false);
	} else if (m->indexed) {
		m->job.kind = JOB_NONE;
		model_say(m, ST_BAD, "no memory to read to the end");
	} else if (!access_last(m)) {
		model_say(m, ST_DIM, "reading to the end: %d%%; ^C stops", (int)(m->done * 100));
	}
}

/* No longer than it takes to know where. */
static void
find_where(struct model *m, struct limit *l)
{
	while (!access_find(m) && !time_is_up(l) && !m->indexed) {
		if (m->indexer || (m->threads && !m->indexed)) {
			index_on(m, l);
			break;
		}
		m->indexed = !gt_nav_index(m->home, 1, &m->done);
	}
}

/* --- search -------------------------------------------------------------------------- */

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
	enum gt_type named = gt_type_by_name(text, strlen(text));
	bool word = true;

	snprintf(m->search, sizeof m->search, "%.*s", (int)sizeof m->search - 1, text);
	/* Blanks, digits and signs stand between words, or are of numbers. */
	for (const char *p = m->search; *p; p++)
		word = word && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'));
	word = word && !common(m);
	for (unsigned t = 0; t < GT_TYPES; t++) {
		uint64_t bit = UINT64_C(1) << (t & 63);

		m->search_types[t >> 6] &= ~bit;
		/* Whoever names an event means that, not what a string may say of it. */
		if (named != GT_EV_None ? t == named : !word || type_may(m, gt_spec(t)))
			m->search_types[t >> 6] |= bit;
	}
}

static bool
may(const struct model *m, const struct gt_block *b)
{
	uint64_t any = 0;

	for (int i = 0; i < 4; i++)
		any |= m->search_types[i] & b->sum.types[i];
	return any != 0;
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
	struct limit *l;
	uint64_t hit, last, left; /* left: hits to go */
};

static bool
try_event(void *arg, const struct gt_event *ev, const struct gt_change *ch, size_t nch, const struct gt_state *after)
{
	struct finder *f = arg;
	char text[512];
	struct sb b = sb_on(text, sizeof text);

	(void)after;
	f->last = ev->n;
	if (f->m->search_types[ev->type >> 6] >> (ev->type & 63) & 1) {
		fmt_event(&b, ev);
		sb_add(&b, "  ");
		fmt_changes(&b, ch, nch, false, f->m->sy);
	}
	if (model_match(f->m, text)) {
		f->hit = ev->n;
		if (!f->m->job.back && --f->left == 0)
			return false;
	}
	/* Backwards, the last hit of a block counts: all of it must be seen. */
	return f->m->job.back || (ev->n & 255) || !time_is_up(f->l);
}

static void
not_found(struct model *m)
{
	m->job.kind = JOB_NONE;
	model_say(m, ST_WAIT, "no \"%s\" %s event %llu", m->search, m->job.back ? "before" : "after",
		(unsigned long long)m->cursor);
}

static void
find_forward(struct model *m, struct limit *l)
{
	struct finder f = { .m = m, .l = l, .left = m->job.count };
	size_t given;

	m->job.target = skip(m, m->job.target, false);
	f.last = m->job.target - 1;
	given = gt_nav_each(m->nav, m->job.target, FIND_BLOCK, try_event, &f);
	if (!f.left) {
		model_go(m, f.hit, false);
		return;
	}
	m->job.count = f.left;
	m->job.target = f.last + 1;
	if (given < FIND_BLOCK && !l->stopped)
		not_found(m);
}

static void
find_back(struct model *m, struct limit *l)
{
	struct finder f = { .m = m, .l = l, .left = m->job.count };
	uint64_t base = gt_nav_base(m->nav), to = skip(m, m->job.target, true);
	uint64_t from = to > base + FIND_BLOCK ? to - FIND_BLOCK + 1 : base + 1;

	if (to > base)
		gt_nav_each(m->nav, from, (size_t)(to - from + 1), try_event, &f);
	if (f.hit && --m->job.count == 0)
		model_go(m, f.hit, false);
	else if (f.hit)
		m->job.target = f.hit - 1;
	else if (from <= base + 1)
		not_found(m);
	else
		m->job.target = from - 1;
}

static void
find_on(struct model *m, struct limit *l)
{
	do {
		if (m->job.back)
			find_back(m, l);
		else
			find_forward(m, l);
	} while (m->job.kind == JOB_FIND && !time_is_up(l));
	if (m->job.kind == JOB_FIND)
		model_say(m, ST_DIM, "searching \"%s\" at event %llu of %llu%s; ^C stops", m->search,
			(unsigned long long)m->job.target, (unsigned long long)m->known, m->all ? "" : "+");
}

void
model_find(struct model *m, bool back, uint64_t count)
{
	struct limit l = { .until = now() + AT_ONCE };

	if (!m->search[0]) {
		model_say(m, ST_WAIT, "nothing to search for yet: / asks");
		return;
	}
	m->job = (struct job){ .kind = JOB_FIND, .back = back, .count = count ? count : 1 };
	m->job.target = back ? m->cursor - 1 : m->cursor + 1;
	find_on(m, &l);
}

/* --- all work --------------------------------------------------------------------------- */

/* These want what only the index knows. */
static bool
job_waits(const struct model *m)
{
	return m->indexer && !m->indexed && (m->job.kind == JOB_LAST || m->job.kind == JOB_WHERE);
}

bool
model_busy(const struct model *m)
{
	return (m->job.kind && !job_waits(m)) || (!m->indexer && !m->indexed) || views_busy(m);
}

bool
model_waits(const struct model *m)
{
	return m->indexer && !m->indexed;
}

void
model_work(struct model *m, int64_t ns)
{
	struct limit l = { .until = now() + ns };
	bool idle = !m->job.kind;

	if (!idle || views_busy(m))
		model_touch(m, (double)ns * BYTES_PER_NS);
	switch (m->job.kind) {
	case JOB_SEEK:
		seek_on(m, &l);
		if (!m->job.kind && m->message_style == ST_DIM)
			m->message[0] = 0;
		break;
	case JOB_LAST:
		go_last(m, &l);
		break;
	case JOB_WHERE:
		find_where(m, &l);
		break;
	case JOB_SCAN:
		access_scan(m, time_is_up, &l);
		if (!m->job.kind && m->message_style == ST_DIM)
			m->message[0] = 0;
		break;
	case JOB_FIND:
		find_on(m, &l);
		if (!m->job.kind && m->message_style == ST_DIM)
			m->message[0] = 0;
		break;
	case JOB_NONE:
		views_work(m, time_is_up, &l);
		break;
	}
	if (idle || m->indexer)
		index_on(m, &l);
}

void
model_cancel(struct model *m)
{
	if (m->job.kind)
		model_say(m, ST_WAIT, "stopped");
	m->job.kind = JOB_NONE;
}

/* --- rules ------------------------------------------------------------------------------- */

bool
model_set_rules(struct model *m, const struct gt_model *rules)
{
	struct verdict before = model_verdict(m);
	bool apart = model_apart(m);
	uint64_t row = m->cursor;

	m->job.kind = JOB_NONE;
	model_home(m);
	model_forget(m);
	views_clear(m);
	indexer_stop(m->indexer);
	m->indexer = NULL;
	/* The way back to the event may be long: it is a job. */
	gt_nav_seek(m->home, 0, NULL, NULL);
	if (!gt_nav_set_model(m->home, rules)) {
		model_say(m, ST_BAD, "no memory to read the trace under other rules");
		return false;
	}
	m->before = before;
	m->judging = true;
	m->indexed = false;
	m->done = 0;
	m->cursor = m->top = 1;
	if (!apart || model_open_apart(m, &m->apart))
		model_go(m, row, false);
	if (!m->message[0])
		model_say(m, ST_DIM, "%s: reading on to see where the verdicts part", rules->name);
	model_refresh_known(m);
	return true;
}
