/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What takes long: far jumps, searches, the index. Done in slices while no key waits, so that keys never lag and any
 * of it can be stopped; a jump to a place nearby is done at once.
 */
#define _XOPEN_SOURCE 700
#include "cache.h"
#include "model.h"
#include "script.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* How long a command may hold things up before it becomes a job. */
#define AT_ONCE 60000000
#define INDEX_STEP 4096
/* About how much of a file is read at full speed; how much a jump of many events reads. */
#define BYTES_PER_NS 0.25
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
	if (m->job.home)
		model_home(m);
	rows_need(m->rows, m->nav, row, 1);
	model_refresh_known(m);
	if (m->all && row > m->known + 1) {
		if (exact)
			model_say(m, ST_WAIT, "the trace has %llu events", (unsigned long long)m->known);
		row = m->known + 1;
	} else if (m->arrival.on && !m->all && row > m->known) {
		if (exact)
			model_say(m, ST_WAIT, "event %llu has not arrived yet", (unsigned long long)row);
		row = m->known > gt_nav_base(m->nav) ? m->known : gt_nav_base(m->nav) + 1;
	}
	m->cursor = row;
	m->loose = false;
	m->passing = false;
	m->job.kind = JOB_NONE;
}

/* The navigator goes to the event before: what is made of a row needs the states there. */
static void
seek_on(struct model *m, struct limit *l)
{
	struct gt_nav *nav = m->job.home ? m->home : m->nav;
	uint64_t want = m->job.target - 1;
	uint64_t pos = gt_nav_seek(nav, want, time_is_up, l);

	if (gt_nav_starved(nav)) {
		m->job.kind = JOB_NONE;
		m->passing = false;
		model_say(m, ST_BAD, "no memory to go on from event %llu", (unsigned long long)pos);
	} else if (pos == want || !l->stopped)
		arrive(m, m->job.target, m->job.exact);
}

static void
begin_seek(struct model *m, uint64_t row, bool exact, bool home)
{
	struct limit l = { .until = now() + AT_ONCE };

	m->job = (struct job){ .kind = JOB_SEEK, .target = row, .exact = exact, .home = home };
	seek_on(m, &l);
	if (m->job.kind)
		model_say(m, ST_DIM, "going there; ^C stops");
}

void
model_go(struct model *m, uint64_t row, bool exact)
{
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
	begin_seek(m, row, exact, false);
}

void
model_go_home(struct model *m, uint64_t row, bool exact)
{
	if (!model_apart(m)) {
		model_go(m, row, exact);
		return;
	}
	model_touch(m, TOUCHED_BY_JUMP);
	begin_seek(m, row ? row : 1, exact, true);
}

void
model_move(struct model *m, bool back, uint64_t count)
{
	uint64_t most = UINT64_MAX / 2;

	if (back && m->cursor <= gt_nav_base(m->nav) + 1 && !model_apart(m)) {
		model_say(m, ST_WAIT, "this is the first event");
		return;
	}
	if (!back && m->all && m->cursor > m->known) {
		model_say(m, ST_WAIT, "the trace ends here");
		return;
	}
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

/* A slice of the index, where it is not made by a thread. False: there is no more now. */
static bool
index_slice(struct model *m, uint64_t events)
{
	size_t bytes;
	bool more = gt_nav_index(m->home, events, &m->done, &bytes);

	m->indexed = !more && !arrival_is_indexed(m);
	model_touch(m, (double)bytes);
	return more;
}

/* Before anything is indexed: whether it was once. */
static void
recall(struct model *m)
{
	if (m->cache && m->trace == m->opened && !m->looked && !m->indexed)
		m->kept = m->indexed = cache_load(m->home, m->trace, m->file, m->opened_file);
	m->looked = true;
}

/* What was indexed is kept for the next time. */
static void
keep(struct model *m)
{
	if (!m->indexed || m->kept)
		return;
	if (m->cache && m->trace == m->opened)
		cache_save(m->home, m->trace, m->file, m->opened_file);
	m->kept = true;
}

static void
index_on(struct model *m, struct limit *l)
{
	recall(m);
	if (m->threads && !m->indexer && !m->indexed) {
		m->indexer = indexer_start(m->home, m->release, m->release_arg);
		m->threads = m->indexer != NULL;
	}
	if (m->indexer) {
		bool over = indexer_over(m->indexer);

		indexer_take(m->indexer, m->home);
		m->indexed = gt_nav_indexed(m->home, &m->done) || over;
	} else if (!m->indexed) {
		while (!time_is_up(l) && index_slice(m, INDEX_STEP))
			;
	}
	keep(m);
	gt_nav_indexed(m->home, &m->done);
	model_refresh_known(m);
	access_confirm(m);
	access_correct(m);
}

/* The end: of the last generation, as long as it is not known how all of them end. */
static void
go_last(struct model *m, struct limit *l)
{
	struct verdict v;

	index_on(m, l);
	v = model_verdict(m);
	if (m->job.fault && !v.broken && (v.known || arrival_is_indexed(m))) {
		m->job.kind = JOB_NONE;
		model_say(m, ST_WAIT, v.known ? "the trace is valid: there is no fault in it" : "there is no fault in what has arrived");
	} else if (v.known) {
		m->message[0] = 0;
		model_go_home(m, v.events + 1, false);
	} else if (arrival_is_indexed(m)) {
		m->message[0] = 0;
		model_go_home(m, v.events, false);
	} else if (m->indexed) {
		m->job.kind = JOB_NONE;
		model_say(m, ST_BAD, "no memory to read to the end");
	} else if (m->job.fault || !access_last(m)) {
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
		index_slice(m, access_is_patient(m) ? INDEX_STEP : 1);
	}
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
	return (m->job.kind && !job_waits(m)) || query_wants(m) || (m->script.text && !m->job.kind && !m->judging && !script_waits(m)) ||
		(!m->indexer && !m->indexed && !arrival_is_indexed(m)) || views_busy(m);
}

bool
model_waits(const struct model *m)
{
	return (m->indexer && !m->indexed) || m->arrival.on || (m->why.why && !m->why.heard);
}

void
model_work(struct model *m, int64_t ns)
{
	struct limit l = { .until = now() + ns };
	bool idle = !m->job.kind, wanted = views_wanted(m);

	if (idle && !m->judging && !wanted && !m->script.held && script_step(m))
		return;
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
		find_on(m, time_is_up, &l);
		if (!m->job.kind && m->message_style == ST_DIM)
			m->message[0] = 0;
		break;
	case JOB_NONE:
		query_look(m, time_is_up, &l);
		if (!time_is_up(&l))
			views_work(m, time_is_up, &l);
		break;
	}
	if (!idle || wanted)
		script_heed(m);
	if (m->indexer || (idle && !time_is_up(&l)))
		index_on(m, &l);
	arrival_go_on(m);
	why_learn(m);
}

void
model_cancel(struct model *m)
{
	bool anew = m->job.kind == JOB_SEEK && m->job.anew;

	if (m->job.kind)
		model_say(m, ST_WAIT, "stopped");
	access_return(m);
	/* Reading on to there takes its time; but the generation can be shown by itself, under the new rules as well. */
	if (anew)
		access_look_for(m, &m->left);
	script_drop(m);
}

/* --- other rules, another trace ------------------------------------------------------------------------------- */

/* Nothing of what was read holds any more; *row: where one was. */
static void
leave(struct model *m, uint64_t *row)
{
	m->before = model_verdict(m);
	m->left = model_place(m, m->cursor);
	*row = m->cursor;
	m->job.kind = JOB_NONE;
	model_home(m);
	model_forget(m);
	views_clear(m);
	indexer_stop(m->indexer);
	m->indexer = NULL;
}

/* Reads on from the start; the way back to the row may be long: it is a job. */
static void
begin_anew(struct model *m, uint64_t row, bool apart, const char *what)
{
	m->judging = true;
	m->judged = false;
	m->indexed = m->looked = m->kept = false;
	m->done = 0;
	m->cursor = m->top = 1;
	if (!apart || model_open_apart(m, &m->apart)) {
		m->was.moved = true;
		m->passing = true;
		model_go(m, row, false);
		m->job.anew = true;
	}
	if (!m->message[0])
		model_say(m, ST_DIM, "%s: reading on to see where the verdicts part", what);
	model_refresh_known(m);
}

bool
model_set_rules(struct model *m, const struct gt_model *rules)
{
	bool apart = model_apart(m);
	uint64_t row;

	leave(m, &row);
	gt_nav_seek(m->home, 0, NULL, NULL);
	if (!gt_nav_set_model(m->home, rules)) {
		model_say(m, ST_BAD, "no memory to read the trace under other rules");
		return false;
	}
	m->edited[0] = 0;
	begin_anew(m, row, apart, rules->name);
	return true;
}

bool
model_set_trace(struct model *m, struct gt_trace *t, const char *what)
{
	struct gt_nav *nav = gt_nav_new(t, gt_nav_model(m->home), m->memory / 2);
	uint64_t row;

	if (!nav) {
		model_say(m, ST_BAD, "no memory to read the trace anew");
		return false;
	}
	leave(m, &row);
	tables_free(&m->tables);
	gt_nav_free(m->home);
	m->nav = m->home = nav;
	m->trace = t;
	m->reading = t == m->opened ? 0 : ++m->readings;
	m->version = gt_version(t);
	model_find_start(m);
	query_renew(m);
	snprintf(m->edited, sizeof m->edited, "%s", what);
	begin_anew(m, row, false, what);
	return true;
}
