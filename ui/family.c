/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See family.h. */
#include "family.h"

#include <inttypes.h>
#include <stdio.h>

#include "model.h"

static void
say_progress(struct model *m)
{
	static const char *const what[] = { "next sibling", "sibling before", "longest child" };
	char text[200];
	struct sb b = sb_on(text, sizeof text);

	sb_printf(&b, "looking for the %s of G%" PRId64 ": ", what[m->family.want - CMD_SIBLING], m->family.g);
	views_add_read(m, &b);
	model_say(m, ST_DIM, "%s; any key stops", text);
}

/* The goroutine that is gone to; NULL: there is none, or none is known yet. */
static const struct census_g *
find(const struct model *m, const struct census_g *g)
{
	if (m->family.want == CMD_LONGEST_CHILD)
		return census_longest_child(m->census, g);
	return census_sibling(m->census, g, m->family.want == CMD_SIBLING_BACK);
}

/* Whether what comes behind the events that were read makes no difference. */
static bool
is_known(const struct model *m, const struct census_g *g, const struct census_g *to)
{
	if (views_counted(m))
		return true;
	if (!g || m->family.want == CMD_LONGEST_CHILD)
		return false;
	return to || m->family.want == CMD_SIBLING_BACK || !census_creator(m->census, g);
}

/* Of what might be otherwise. */
static const char *
as_known(const struct model *m)
{
	return census_left_out(m->census, CENSUS_GOROUTINES) ? " (not all were kept)" : census_done(m->census) ? "" : " so far";
}

static void
say_none(struct model *m, const struct census_g *g)
{
	const struct census_g *creator = g ? census_creator(m->census, g) : NULL;
	int64_t id = m->family.g;

	if (!g)
		model_say(m, ST_WAIT, census_left_out(m->census, CENSUS_GOROUTINES) ? "there are too many goroutines: G%" PRId64 " was not kept"
			: "G%" PRId64 " is not in what could be read from the start of the trace", id);
	else if (m->family.want == CMD_LONGEST_CHILD)
		model_say(m, ST_WAIT, "G%" PRId64 " created no goroutine%s", id, as_known(m));
	else if (creator)
		model_say(m, ST_WAIT, "G%" PRId64 " created no goroutine %s G%" PRId64 "%s", creator->id,
			m->family.want == CMD_SIBLING ? "after" : "before", id, m->family.want == CMD_SIBLING ? as_known(m) : "");
	else if (g->creator == CENSUS_NOBODY)
		model_say(m, ST_WAIT, "G%" PRId64 " was created by no goroutine: it has no siblings", id);
	else
		model_say(m, ST_WAIT, "G%" PRId64 " was there before the trace: nobody is known to have created it", id);
}

static void
say_lived(struct model *m, const struct census_g *child)
{
	char text[160];
	struct sb b = sb_on(text, sizeof text);

	sb_printf(&b, "G%" PRId64 " lived ", child->id);
	fmt_delta(&b, census_lived(m->census, child), m->sy);
	model_say(m, ST_TEXT, "%s, longest of those that G%" PRId64 " created%s", text, m->family.of, as_known(m));
}

/* There is no farther to go: to the last that was come to, and says why not farther. */
static void
arrive(struct model *m, const struct census_g *g)
{
	struct family *f = &m->family;

	m->message[0] = 0;
	/* The census is one of all the trace. */
	if (f->row)
		views_jump_home(m, f->row);
	if (f->left)
		say_none(m, g);
	else if (f->want == CMD_LONGEST_CHILD)
		say_lived(m, g);
	/* Some of the way was gone: that is no failure. */
	if (f->left && f->row)
		m->message_style = ST_TEXT;
	f->want = CMD_NONE;
}

/* Goes on as far as it is known where to, and until stop says so. */
static void
go(struct model *m, bool (*stop)(void *arg), void *arg)
{
	struct family *f = &m->family;
	const struct census_g *g = census_find(m->census, f->g), *to;

	while (f->left) {
		to = g ? find(m, g) : NULL;
		if (!is_known(m, g, to)) {
			say_progress(m);
			return;
		}
		if (!to)
			break;
		f->of = f->g;
		f->g = to->id;
		f->row = to->first;
		g = to;
		if (--f->left && stop(arg)) {
			say_progress(m);
			return;
		}
	}
	arrive(m, g);
}

/* A command may take so many steps before it goes on while no key waits. */
static bool
is_enough(void *arg)
{
	unsigned *left = arg;

	return !(*left)--;
}

bool
family_do(struct model *m, enum cmd cmd, int64_t g, uint64_t count)
{
	unsigned at_once = 20;

	if (cmd != CMD_SIBLING && cmd != CMD_SIBLING_BACK && cmd != CMD_LONGEST_CHILD)
		return false;
	if (g == GT_NONE) {
		model_say(m, ST_WAIT, "there is no goroutine at this event");
		return true;
	}
	m->family = (struct family){ .want = cmd, .g = g, .of = g, .left = count ? count : 1 };
	go(m, is_enough, &at_once);
	return true;
}

void
family_work(struct model *m, bool (*stop)(void *arg), void *arg)
{
	census_work(m->census, m->home, m->arrival.on, stop, arg);
	go(m, stop, arg);
}
