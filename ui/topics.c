/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See topics.h. */
#include "topics.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmds.h"
#include "columns.h"
#include "fmt.h"
#include "gotrace.h"
#include "keys.h"
#include "lanes.h"
#include "layout.h"
#include "theme.h"

#define INDENT 16

/* What states are: the words of the panes. */
static const struct {
	const char *name, *what;
} words[] = {
	{ "Undetermined", "A goroutine or P that the trace has not spoken of yet." },
	{ "NotExist", "It has not been made yet, or it is gone." },
	{ "Runnable", "A goroutine that could run, and waits for a P to run it." },
	{ "Running", "A goroutine that runs on an M with a P; a P that an M has." },
	{ "Waiting", "A goroutine that is blocked: on a channel, a lock, the network, a timer. Another must unblock it." },
	{ "Syscall", "A goroutine that is in a syscall or in C. Its P may be taken from it: see ProcSteal." },
	{ "Idle", "A P that no M has." },
	{ "Abandoned", "A P whose M is gone, in a syscall that nobody will come back from: see GoDestroySyscall." },
	{ "M", "A thread, named by the number the operating system gave it." },
	{ "P", "A processor: the right to run Go code. There are GOMAXPROCS of them." },
	{ "G", "A goroutine." },
	{ "generation", "A stretch of the trace with tables of its own. It names the status of all that lives in it." },
	{ "batch", "Events that one M wrote, in order, as they lie in the file." },
	{ "frontier", "The next event of each M. The earliest of them that may happen is the next one in order." },
	{ "seq", "A sequence number of a P or G: it puts events of that one in order, whichever M wrote them." },
	{ "dt", "Ticks since the event before of the same M: how the file tells time." },
	{ "styles", NULL },
};

/* Lanes beside those of the timeline. */
static const char *const lanes[LANE_EXTRAS] = {
	[LX_GC] = "Collections of garbage, from their begin to their end.",
	[LX_STW] = "Stops of the world: while one lasts, no goroutine runs but the one that stopped it.",
	[LX_TASKS] = "How many user tasks are open.",
	[LX_REGIONS] = "How many user regions are open.",
	[LX_SAMPLES] = "CPU samples: moments at which the profiler saw a thread run.",
	[LX_NETWORK] = "Goroutines that could go on with what they waited for of the network: as the poller, a deadline or who closes lets them.",
	[LX_TIMERS] = "Goroutines that timers let go on: from a sleep, or from a channel of a timer or ticker.",
	[LX_HEAP] = "Bytes of the heap that are in use, as HeapAlloc events say.",
	[LX_GOAL] = "The size of the heap at which a collection is to end, as HeapGoal events say.",
	[LX_GOROUTINES] = "How many goroutines there are.",
	[LX_RUNNING] = "How many of the goroutines run.",
	[LX_SYSCALLS] = "How many of the goroutines are in a syscall or in C.",
	[LX_THREADS] = "How many Ms have a P and run, or are in a syscall or in C; the line below tells them apart. Others are idle.",
};

static const char expressions[] = "expressions";

static bool
is(const char *name, const char *word)
{
	return strcasecmp(name, word) == 0;
}

/* --- commands and keys ------------------------------------------------------- */

static void
add_command(struct lines *l, enum cmd c)
{
	const struct cmd_row *row = cmd_row(c);
	char text[200];

	snprintf(text, sizeof text, "%s%s %s", row->name[0] ? ":" : "", row->name, cmd_arg_form(row->arg));
	lines_add(l, "command", INDENT, ST_STRONG, row->name[0] ? text : "a key only");
	lines_add(l, "", INDENT, ST_TEXT, row->help);
	if (row->other[0])
		lines_add(l, "also", INDENT, ST_TEXT, row->other);
	if (row->keys[0])
		lines_add(l, "keys", INDENT, ST_KEY, row->keys);
}

/* Only the beginning of its name. */
static bool
begins(enum cmd c, const char *word)
{
	const char *name = cmd_row(c)->name;
	size_t n = strlen(word);

	return n > 1 && !strncmp(name, word, n) && name[n];
}

/* Shortened: also by a beginning of a name. */
static void
commands_on(struct lines *l, const char *word, bool shortened)
{
	bool many;
	enum cmd named = cmd_find(word, strlen(word), &many);
	ui_key key = key_by_name(word, strlen(word));
	enum cmd bound = key == K_NONE ? CMD_NONE : key_command(key);

	if (named != CMD_NONE && begins(named, word) == shortened)
		add_command(l, named);
	if (!shortened && bound != CMD_NONE && bound != named)
		add_command(l, bound);
}

static void
panes_on(struct lines *l, const char *word)
{
	char text[80];

	for (int i = 0; i < PANES; i++) {
		if (!is(pane_name((enum pane_id)i), word))
			continue;
		lines_add(l, "pane", INDENT, ST_STRONG, pane_name((enum pane_id)i));
		lines_add(l, "", INDENT, ST_TEXT, pane_what((enum pane_id)i));
		snprintf(text, sizeof text, "v%c", pane_letter((enum pane_id)i));
		lines_add(l, "keys", INDENT, ST_KEY, text);
	}
}

/* --- events ------------------------------------------------------------------------ */

static void
add_event(struct lines *l, unsigned type)
{
	const struct gt_spec *s = gt_spec(type);
	char text[200];
	size_t n = 0;

	snprintf(text, sizeof text, "%s (%u), since Go 1.%u", s->name, type, s->since);
	lines_add(l, "event", INDENT, ST_STRONG, text);
	lines_add(l, "", INDENT, ST_TEXT, s->what);
	for (unsigned i = 0; i < s->nargs && n < sizeof text; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i ? " " : "", s->arg[i].name);
	lines_add(l, "arguments", INDENT, ST_TEXT, s->nargs ? text : "none");
	for (int r = GT_M; r <= GT_G && s->timed && s->kind != GT_K_Bad; r++) {
		snprintf(text, sizeof text, "%s %s", gt_res_name((enum gt_res)r), gt_need_name(s->need[r]));
		lines_add(l, r == GT_M ? "requires" : "", INDENT, ST_TEXT, text);
	}
	if (s->subject != GT_SUBJ_NO && s->to != GT_PRES_Dyn) {
		snprintf(text, sizeof text, "%s to %s", s->from == GT_PRES_Dyn ? "any state" : gt_pres_name(s->from),
			gt_pres_name(s->to));
		lines_add(l, "changes", INDENT, ST_TEXT, text);
	}
}

static void
events_on(struct lines *l, const char *word)
{
	char text[200];
	bool first = true;

	for (unsigned t = 1; t < GT_TYPES; t++)
		if (gt_spec(t)->name && is(gt_spec(t)->name, word))
			add_event(l, t);
	/* The events that have an argument of that name. */
	for (unsigned t = 1; t < GT_TYPES; t++)
		for (unsigned i = 0; gt_spec(t)->name && i < gt_spec(t)->nargs; i++) {
			if (!is(gt_spec(t)->arg[i].name, word))
				continue;
			snprintf(text, sizeof text, "of %s", gt_spec(t)->name);
			lines_add(l, first ? "argument" : "", INDENT, ST_TEXT, text);
			first = false;
		}
}

/* The events that are presented as one of a kind. */
static void
kinds_on(struct lines *l, const char *word)
{
	for (int k = 0; k < GT_KINDS; k++) {
		bool first = true;

		if (!is(gt_kind_name((enum gt_kind)k), word))
			continue;
		lines_add(l, "kind of events", INDENT, ST_STRONG, gt_kind_name((enum gt_kind)k));
		for (unsigned t = 1; t < GT_TYPES; t++) {
			if (!gt_spec(t)->timed || gt_event_kind(&(struct gt_event){ .type = (uint8_t)t }) != (enum gt_kind)k)
				continue;
			lines_add(l, first ? "events" : "", INDENT, ST_TEXT, gt_spec(t)->name);
			first = false;
		}
	}
}

/* --- the rest ------------------------------------------------------------------------ */

static void
styles(struct lines *l)
{
	for (int i = 0; i < STYLES; i++)
		lines_add(l, i ? "" : "styles", INDENT, (enum style)i, style_name((enum style)i));
}

static void
words_on(struct lines *l, const char *word)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!is(words[i].name, word))
			continue;
		if (words[i].what)
			lines_add(l, words[i].name, INDENT, ST_TEXT, words[i].what);
		else
			styles(l);
	}
	for (int x = 0; x < LANE_EXTRAS; x++)
		if (is(lane_extra_name((enum lane_extra)x), word))
			lines_add(l, "lane", INDENT, ST_TEXT, lanes[x]);
	for (int x = LX_LANES; x < LX_TALLIES; x++)
		if (is(lane_extra_name((enum lane_extra)x), word))
			lines_add(l, "", INDENT, ST_TEXT, "A bar is how many there were in its column; beside the name is the most of one that is shown.");
	for (int x = LX_TALLIES; x < LANE_EXTRAS; x++)
		if (is(lane_extra_name((enum lane_extra)x), word))
			lines_add(l, "", INDENT, ST_TEXT, "A bar is the most there was in its column; beside the name is the most of all that are shown.");
	for (int c = GT_OK + 1; c < GT_CODES; c++)
		if (is(gt_code_name((enum gt_code)c), word)) {
			lines_add(l, "reason", INDENT, ST_STRONG, gt_code_name((enum gt_code)c));
			lines_add(l, "", INDENT, ST_TEXT, gt_code_means((enum gt_code)c));
		}
}

/* Columns of the list and of tables. */
static void
columns_on(struct lines *l, const char *word)
{
	bool first = true;

	for (int of = COLUMNS_OF; of-- > 0;)
		for (int i = 0; column_name(of, i); i++) {
			char text[200];

			if (!is(column_name(of, i), word))
				continue;
			snprintf(text, sizeof text, "%s of %s: %s", column_name(of, i), columns_of(of), column_what(of, i));
			lines_add(l, first ? "column" : "", INDENT, ST_TEXT, text);
			first = false;
		}
}

/* Why goroutines wait, as traces say it. */
static void
waits_on(struct lines *l, const char *word)
{
	const char *name, *means;

	for (size_t i = 0; (name = gt_wait_reason(i, &means)) != NULL; i++)
		if (is(name, word)) {
			lines_add(l, "why it waits", INDENT, ST_STRONG, name);
			lines_add(l, "", INDENT, ST_TEXT, means);
		}
}

/* Fields of expressions. */
static void
fields_on(struct lines *l, const char *word)
{
	const char *name, *form, *what;

	for (size_t i = 0; gt_expr_field(i, &name, &form, &what); i++)
		if (is(name, word)) {
			char text[120];

			snprintf(text, sizeof text, "%s: %s", name, form);
			lines_add(l, "in expressions", INDENT, ST_STRONG, text);
			lines_add(l, "", INDENT, ST_TEXT, what);
		}
}

static void
expressions_on(struct lines *l, const char *word)
{
	const char *name, *form, *what;

	if (!is(expressions, word))
		return;
	lines_add(l, expressions, INDENT, ST_STRONG, "say which events are meant");
	for (size_t i = 0; gt_expr_form(i, &form, &what); i++)
		lines_add(l, form, INDENT, ST_TEXT, what);
	lines_add(l, "for example", INDENT, ST_TEXT, "to == Waiting and stack ~ \"net/http\"");
	lines_add(l, "", INDENT, ST_TEXT, "GoUnblock && not (g in (3, 5..9)) && time > 1.5s");
	for (size_t i = 0; gt_expr_field(i, &name, &form, &what); i++)
		lines_add(l, name, INDENT, ST_TEXT, what);
	lines_add(l, "arg.NAME", INDENT, ST_TEXT, "any argument; arg. may be left out where no field is called the same");
}

/* --- what is near --- */

/* Whether the word, of so many letters, is in a text, in whatever case. */
static bool
has(const char *text, const char *word, size_t n)
{
	for (; *text; text++)
		if (!strncasecmp(text, word, n))
			return true;
	return false;
}

/* Names that have one of the words in them, or begin like it. */
static bool
is_near(const char *name, const char *near)
{
	for (size_t n; *near; near += n + strspn(near + n, " ")) {
		n = strcspn(near, " ");
		if (n > 2 && (has(name, near, n) || (n > 4 && !strncasecmp(name, near, n - 2))))
			return true;
	}
	return false;
}

static bool
came_before(size_t topic)
{
	for (size_t i = 0; i < topic; i++)
		if (!strcmp(topic_name(i), topic_name(topic)))
			return true;
	return false;
}

static void
add_near(struct lines *l, const char *near)
{
	char text[400];
	struct sb b = sb_on(text, sizeof text);

	for (size_t i = 0; topic_name(i); i++)
		if (is_near(topic_name(i), near) && !came_before(i))
			sb_printf(&b, "%s%s", b.n ? ", " : "", topic_name(i));
	/* And where the words stand in what is said of states and things. */
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].what && is_near(words[i].what, near))
			sb_printf(&b, "%s%s", b.n ? ", " : "", words[i].name);
	if (!b.n)
		return;
	lines_add(l, "no help on", INDENT, ST_STRONG, near);
	lines_add(l, "but on", INDENT, ST_TEXT, text);
}

bool
topic_lines(struct lines *l, const char *word)
{
	size_t before = l->n;

	if (*word == ':' && word[1])
		word++;
	commands_on(l, word, false);
	panes_on(l, word);
	events_on(l, word);
	kinds_on(l, word);
	words_on(l, word);
	columns_on(l, word);
	waits_on(l, word);
	fields_on(l, word);
	expressions_on(l, word);
	if (l->n == before)
		commands_on(l, word, true);
	if (l->n == before)
		add_near(l, word);
	return l->n > before;
}

const char *
topic_name(size_t i)
{
	size_t n = sizeof words / sizeof *words;
	const char *name, *form, *what;

	for (int c = CMD_NONE + 1; c < CMDS; c++)
		if (cmd_row((enum cmd)c)->name[0] && !i--)
			return cmd_row((enum cmd)c)->name;
	for (unsigned t = 1; t < GT_TYPES; t++)
		if (gt_spec(t)->name && !i--)
			return gt_spec(t)->name;
	if (i < n)
		return words[i].name;
	i -= n;
	if (i < PANES)
		return pane_name((enum pane_id)i);
	i -= PANES;
	if (i < GT_KINDS)
		return gt_kind_name((enum gt_kind)i);
	i -= GT_KINDS;
	if (i < LANE_EXTRAS)
		return lane_extra_name((enum lane_extra)i);
	i -= LANE_EXTRAS;
	if (!i--)
		return expressions;
	if (i < GT_CODES - GT_OK - 1)
		return gt_code_name((enum gt_code)(i + GT_OK + 1));
	i -= GT_CODES - GT_OK - 1;
	for (size_t w = 0; (name = gt_wait_reason(w, NULL)) != NULL; w++)
		if (!i--)
			return name;
	for (int of = COLUMNS_OF; of-- > 0;)
		for (int k = 0; column_name(of, k); k++)
			if (!i--)
				return column_name(of, k);
	return gt_expr_field(i, &name, &form, &what) ? name : NULL;
}
