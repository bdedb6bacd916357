/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What panes share, and the two bars: see pane.h. */
#include "pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "menu.h"
#include "model.h"

/* A long message hides so much of the panes, and no more. */
#define MESSAGE_ROWS 4

void
pane_rule(const struct model *m, struct canvas *c, enum pane_id id)
{
	bool focus = m->arr.focus == id;
	int x;

	canvas_fill(c, 0, 0, c->w, ST_RULE, m->sy->rule);
	x = canvas_put(c, 0, 2, ST_HEAD, " ");
	x = canvas_put(c, 0, x, focus ? ST_FOCUS : ST_HEAD, pane_name(id));
	canvas_put(c, 0, x, ST_HEAD, " ");
	if (focus)
		canvas_put(c, 0, 1, ST_FOCUS, m->sy->focus);
	pane_buttons(m, c, id);
}

bool
pane_has_buttons(const struct model *m, const struct canvas *c, enum pane_id id)
{
	return m->mouse && m->arr.focus == id && c->w > 2 * PANE_BUTTONS_W;
}

void
pane_more_columns(struct canvas *c, int y, int x, const struct columns *k)
{
	char text[16];
	int w;

	if (k->first > 0)
		canvas_put(c, y, 1, ST_KEY, c->utf8 ? "\u2026" : "<");
	if (!k->more)
		return;
	snprintf(text, sizeof text, " +%d%s", k->more, c->utf8 ? "\u2026" : ">");
	w = canvas_width(text, c->utf8);
	canvas_put(c, y, x > w ? x - w : 0, ST_KEY, text);
}

bool
pane_scroll_columns(struct model *m, const struct columns *k, struct columns_chosen *c, enum cmd cmd, uint64_t count)
{
	int n = count && count < COLUMNS_MOST ? (int)count : count ? COLUMNS_MOST : 1;

	if (cmd != CMD_LEFT && cmd != CMD_RIGHT)
		return false;
	if (!columns_scroll(k, c, cmd == CMD_LEFT ? -n : n))
		model_say(m, ST_DIM, cmd == CMD_LEFT ? "this is the first column" : "there are no more columns to the right; :columns chooses them");
	return true;
}

void
pane_buttons(const struct model *m, struct canvas *c, enum pane_id id)
{
	if (pane_has_buttons(m, c, id))
		canvas_put(c, 0, c->w - PANE_BUTTONS_W, ST_KEY, " - | + x ");
}

bool
pane_scroll(size_t *top, size_t rows, size_t shown, enum cmd cmd, uint64_t count)
{
	size_t n = count ? (size_t)count : 1, page = shown > 1 ? shown - 1 : 1;
	size_t most = rows > shown ? rows - shown : 0;
	bool up = cmd == CMD_UP || cmd == CMD_PAGE_UP || cmd == CMD_HALF_UP || cmd == CMD_SCROLL_UP;

	switch (cmd) {
	case CMD_UP:
	case CMD_DOWN:
	case CMD_SCROLL_UP:
	case CMD_SCROLL_DOWN:
		break;
	case CMD_PAGE_UP:
	case CMD_PAGE_DOWN:
		n *= page;
		break;
	case CMD_HALF_UP:
	case CMD_HALF_DOWN:
		n *= (page + 1) / 2;
		break;
	case CMD_FIRST:
	case CMD_LAST:
		if (count)
			return false;
		*top = cmd == CMD_FIRST ? 0 : most;
		return true;
	default:
		return false;
	}
	if (up)
		*top = *top > n ? *top - n : 0;
	else
		*top = n > most || *top > most - n ? most : *top + n;
	return true;
}

/* --- the status line ------------------------------------------------------- */

/* Its parts, from left to right. */
enum part_id { NAME, VERSION, RULES, GENERATION, EVENT, TIME, VERDICT, MODES, PARTS };

struct part {
	char text[160];
	char less[80]; /* empty: there is no less to say */
	int width; /* of the name: what there is for it */
};

/*
 * How it gives way where there is no room for all, one step after the other: a part says less, or nothing. What is always there
 * is which event this is. Of the file's name a fourth of the bar is kept at first, then an eighth.
 */
static const struct way {
	enum part_id part;
	bool out;
} ways[] = {
	{ VERSION, true },
	{ GENERATION, true },
	{ TIME, false },
	{ EVENT, false },
	{ VERDICT, false },
	{ RULES, true },
	{ NAME, false },
	{ TIME, true },
	{ MODES, true },
	{ VERDICT, true },
};

void
pane_event_number(const struct model *m, struct sb *b, uint64_t n)
{
	if (model_apart(m) && gt_nav_base(m->nav) == 0)
		sb_printf(b, "%" PRIu64 ":", m->apart.number);
	fmt_count(b, n);
}

static void
part_event(const struct model *m, struct part *p, bool shorter)
{
	struct sb b = sb_on(p->text, sizeof p->text);
	size_t word;

	if (model_is_end(m, m->cursor)) {
		sb_add(&b, m->broken ? "error after event " : "end after event ");
		pane_event_number(m, &b, m->known);
		return;
	}
	sb_add(&b, shorter ? "" : "event ");
	word = b.n;
	pane_event_number(m, &b, m->cursor);
	sb_add(&b, " of ");
	fmt_count(&b, m->known);
	if (!m->all)
		sb_add(&b, "+");
	snprintf(p->less, sizeof p->less, "%s", word ? p->text + word : "");
}

/* Since the first event; less is as much as the eye takes in. */
static void
part_time(const struct model *m, struct part *p, int64_t ns)
{
	struct sb t = sb_on(p->text, sizeof p->text), less = sb_on(p->less, sizeof p->less);
	bool small = ns > -1000000000 && ns < 1000000000;

	sb_add(&t, ns < 0 ? "" : "+");
	sb_add(&less, ns < 0 ? "" : "+");
	fmt_time(&t, ns, m->w < 100 ? 6 : 9);
	if (m->w < 100 && small)
		fmt_delta(&less, ns, m->sy);
	else
		fmt_time(&less, ns, m->w < 100 ? 3 : 6);
}

static void
part_where(const struct model *m, struct part *gen, struct part *time)
{
	const struct row *row = rows_get(m->rows, m->cursor > m->known && m->all ? m->known : m->cursor);
	struct sb g = sb_on(gen->text, sizeof gen->text);

	if (row && row->ev.gen) {
		sb_printf(&g, m->w < 120 ? "gen %" PRIu64 : "generation %" PRIu64, gt_gen_number(row->ev.gen));
		/* A flight recorder's first one is not 1. */
		if (m->gen_last)
			sb_printf(&g, m->gen_first == 1 ? " of %s%" PRIu64 : " (to %s%" PRIu64 ")", "", m->gen_last);
	}
	if (row)
		part_time(m, time, fmt_minus(row->ev.time, m->t0));
}

static void
part_verdict(const struct model *m, struct part *p)
{
	struct sb b = sb_on(p->text, sizeof p->text), less = sb_on(p->less, sizeof p->less);

	if (m->edits.trace)
		sb_add(&b, "edited ");
	/* Its own order ends in an error, or the one of the whole trace does before it. */
	if (model_apart(m) && (m->broken || model_verdict(m).broken))
		sb_printf(&b, "%s invalid, unconfirmed", m->sy->no);
	else if (m->beyond && model_apart(m))
		sb_add(&b, "unconfirmed");
	else if (model_apart(m))
		sb_printf(&b, "unconfirmed, index %d%%", (int)(m->done * 100));
	else if (m->arrival.on && !m->broken)
		arrival_status(m, &b, &less);
	else if (!m->all)
		sb_printf(&b, "index %d%%", (int)(m->done * 100));
	else
		sb_printf(&b, "%s %s", m->broken ? m->sy->no : m->sy->ok, m->broken ? "invalid" : "valid");
}

/* What makes steps and the list be other than usual, once the message that said so is gone. */
static void
part_modes(const struct model *m, struct part *p)
{
	struct sb b = sb_on(p->text, sizeof p->text);

	if (m->query.follow != GT_NO_RES) {
		sb_add(&b, "follows ");
		fmt_id(&b, m->query.follow, m->query.follow_id);
	}
	if (m->query.filter.e)
		sb_printf(&b, "%s%s", b.n ? ", " : "", m->query.hide ? "filtered" : "filter dims");
}

/* Rules that go without saying are named with the version, if there is room for that. */
static void
part_rules(const struct model *m, struct part *version, struct part *rules)
{
	const struct gt_model *is = gt_nav_model(m->nav);

	snprintf(version->text, sizeof version->text, "go1.%u", m->version);
	snprintf(rules->text, sizeof rules->text, "%s%s", is->name, is->changed ? " (changed)" : "");
	if (is->changed || strcmp(is->name, GT_MODEL_DEFAULT) != 0)
		return;
	snprintf(version->text, sizeof version->text, "go1.%u  %s", m->version, is->name);
	rules->text[0] = 0;
}

static void
collect(const struct model *m, struct part part[PARTS])
{
	const char *slash = strrchr(m->file, '/');

	memset(part, 0, PARTS * sizeof *part);
	snprintf(part[NAME].text, sizeof part[NAME].text, "%.*s", (int)sizeof part[NAME].text - 1,
		slash && slash[1] ? slash + 1 : m->file);
	part_rules(m, &part[VERSION], &part[RULES]);
	part_where(m, &part[GENERATION], &part[TIME]);
	part_event(m, &part[EVENT], m->w < 60);
	part_verdict(m, &part[VERDICT]);
	part_modes(m, &part[MODES]);
}

/* The file's name, the version and the rules stand without a bar between them. */
static bool
has_bar(int part)
{
	return part > RULES;
}

/* Columns of all parts but the name. */
static int
others(const struct part part[PARTS], bool utf8)
{
	int w = 1;

	for (int i = NAME + 1; i < PARTS; i++)
		if (part[i].text[0])
			w += canvas_width(part[i].text, utf8) + (has_bar(i) ? 3 : 2);
	return w;
}

static void
give_way(struct part *p, const struct way *how)
{
	if (how->out)
		p->text[0] = 0;
	else if (p->less[0])
		snprintf(p->text, sizeof p->text, "%s", p->less);
}

/* A long name of a file gives way first, then the others. */
static void
make_fit(struct part part[PARTS], const struct canvas *c)
{
	int all = canvas_width(part[NAME].text, c->utf8), name = all < c->w / 4 ? all : c->w / 4;

	for (size_t i = 0; i < sizeof ways / sizeof *ways && others(part, c->utf8) + name > c->w; i++) {
		if (ways[i].part == NAME)
			name = name < c->w / 8 ? name : c->w / 8;
		else
			give_way(&part[ways[i].part], &ways[i]);
	}
	part[NAME].width = c->w - others(part, c->utf8);
	if (part[NAME].width < 1)
		part[NAME].width = 1;
}

void
bar_draw(const struct model *m, struct canvas *c)
{
	struct part part[PARTS];
	int x = 1;

	collect(m, part);
	make_fit(part, c);
	canvas_fill(c, 0, 0, c->w, ST_BAR, " ");
	for (int i = 0; i < PARTS; i++) {
		if (!part[i].text[0])
			continue;
		if (has_bar(i)) {
			canvas_put(c, 0, x - 1, ST_BAR_DIM, m->sy->bar);
			x += 1;
		}
		x = i == NAME ? canvas_cut(c, 0, x, part[i].width, ST_BAR, part[i].text) : canvas_put(c, 0, x, ST_BAR, part[i].text);
		x += 2;
	}
}

/* --- the last row ------------------------------------------------------------ */

/*
 * A line longer than the screen shows the part with the cursor: where it begins (returned), and the column of the
 * cursor in it.
 */
static const char *
prompt_part(const struct model *m, const struct canvas *c, int *column)
{
	char before[sizeof m->prompt.text];
	const char *text = m->prompt.text;
	int at;

	snprintf(before, sizeof before, "%.*s", m->prompt.cursor, text);
	at = canvas_width(before, c->utf8);
	/* On a screen of one column not even the end of the line is seen. */
	while (at >= c->w - 1 && *text) {
		size_t n = canvas_fit(text, 12, c->utf8);

		snprintf(before, sizeof before, "%.*s", (int)n, text);
		at -= canvas_width(before, c->utf8);
		text += n;
	}
	*column = at < c->w ? at : 0;
	return text;
}

int
keybar_cursor(const struct model *m, const struct canvas *c)
{
	int column;

	prompt_part(m, c, &column);
	return column;
}

static void
draw_prompt(const struct model *m, struct canvas *c)
{
	static const enum style styles[] = { [LINE_PLAIN] = ST_TEXT, [LINE_RIGHT] = ST_OK, [LINE_OPEN] = ST_WAIT,
		[LINE_WRONG] = ST_BAD, [LINE_TEXT] = ST_TEXT };
	int column;
	const char *part = prompt_part(m, c, &column);
	bool whole = part == m->prompt.text;

	canvas_cut(c, 0, 0, c->w, styles[m->prompt.is.kind], part);
	if (whole)
		canvas_style(c, 0, 0, canvas_width(":", c->utf8), ST_TEXT);
}

int
prompt_note_rows(const struct model *m, const struct canvas *c)
{
	const struct prompt_view *p = &m->prompt;

	return p->note[0] ? menu_rows(p->note, c->h / 2, c->w, c->utf8) : p->is.note[0] != 0;
}

/* What is to be said of the line: words that may follow, else what is wrong with it, and a mark above the fault. */
void
prompt_note_draw(const struct model *m, struct canvas *c)
{
	const struct prompt_view *p = &m->prompt;
	char before[sizeof p->text];
	int column, at, end;
	const char *part = prompt_part(m, c, &column), *fault = p->text + p->begin + p->is.at;

	if (p->note[0]) {
		menu_draw(p->note, c, ST_TEXT);
		return;
	}
	if (p->is.kind == LINE_TEXT) {
		canvas_cut(c, 0, 1, c->w - 2, ST_DIM, p->is.note);
		return;
	}
	snprintf(before, sizeof before, "%.*s", fault > part ? (int)(fault - part) : 0, part);
	at = canvas_width(before, c->utf8);
	at = at < c->w - 1 ? at : c->w - 1;
	end = canvas_width(p->is.note, c->utf8);
	canvas_put(c, 0, at, p->is.kind == LINE_OPEN ? ST_WAIT : ST_BAD, m->utf8 ? "\u25bc" : "v");
	/* Behind the mark where there is room, else before it. */
	if (at + 2 + end < c->w || at < c->w / 2)
		canvas_cut(c, 0, at + 2, c->w - at - 3, ST_DIM, p->is.note);
	else
		canvas_cut(c, 0, at > end + 1 ? at - end - 1 : 0, at - 1, ST_DIM, p->is.note);
}

/* Where a key is looked for: the column, and the command found there. */
struct key_hit {
	int x;
	enum cmd cmd;
};

/* Its word in the bar: what leaves only a part of the screen says so, and what Enter does with a bar of a histogram. */
static const char *
word_of(const struct model *m, enum cmd cmd)
{
	if (cmd == CMD_QUIT && (m->help || (!m->arr.maximized && arrangement_pops(&m->arr))))
		cmd = CMD_CLOSE;
	else if (cmd == CMD_QUIT && m->arr.maximized)
		return "panes";
	else if (cmd == CMD_OPEN && m->arr.focus == PANE_TABLE && m->table.histogram)
		return "only these";
	return cmd_row(cmd)->bar;
}

/* A key and its word. Returns the column behind it, or x where there is no room before `end`. */
static int
draw_key(const struct model *m, struct canvas *c, int x, int end, enum cmd cmd, struct key_hit *hit)
{
	int from = x;
	const char *keys = cmd_row(cmd)->keys, *word = word_of(m, cmd);
	char key[16];

	snprintf(key, sizeof key, "%.*s", (int)strcspn(keys, " "), keys);
	if (x + (int)(strlen(key) + 1 + strlen(word)) > end)
		return x;
	if (c) {
		canvas_put(c, 0, x, ST_KEY, key);
		canvas_put(c, 0, x + (int)strlen(key) + 1, ST_DIM, word);
	}
	x += (int)(strlen(key) + 1 + strlen(word));
	if (hit && hit->x >= from && hit->x < x)
		hit->cmd = cmd;
	return x + 2;
}

/* What is possible now: to stop what takes long; what the pane with the keys is for; and always how to go on and out. */
static void
draw_keys(const struct model *m, struct canvas *c, int w, struct key_hit *hit)
{
	static const uint8_t usual[] = { CMD_STEP, CMD_BACK, CMD_UP, CMD_DOWN, CMD_PANE_NEXT, CMD_MAXIMIZE, CMD_CLOSE,
		CMD_VIEW, CMD_NONE };
	static const uint8_t always[] = { CMD_PROMPT, CMD_HELP, CMD_QUIT };
	static const uint8_t reading[] = { CMD_UP, CMD_DOWN, CMD_PAGE_DOWN, CMD_NONE };
	const uint8_t *keys = m->help ? reading : pane_ops_of(m->arr.focus)->keys;
	int end = w, x = 1;

	for (size_t i = 0; i < sizeof always; i++)
		end -= (int)(strcspn(cmd_row((enum cmd)always[i])->keys, " ") + 1 + strlen(word_of(m, (enum cmd)always[i]))) + 2;
	if (m->job.kind)
		x = draw_key(m, c, x, end, CMD_CANCEL, hit);
	for (keys = keys ? keys : usual; *keys; keys++)
		x = draw_key(m, c, x, end, (enum cmd)*keys, hit);
	for (size_t i = 0; i < sizeof always; i++)
		x = draw_key(m, c, x, w, (enum cmd)always[i], hit);
}

/* The palette takes letters: its keys are no commands. */
static void
draw_palette_keys(struct canvas *c)
{
	static const char *const hints[][2] = { { "a-z", "find" }, { "Up Down", "choose" }, { "Enter", "do it" }, { "Esc", "close" } };
	int x = 1;

	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
		x = canvas_put(c, 0, x, ST_KEY, hints[i][0]);
		x = canvas_put(c, 0, x + 1, ST_DIM, hints[i][1]) + 2;
	}
}

enum cmd
keybar_at(const struct model *m, int w, int x)
{
	struct key_hit hit = { .x = x };

	if (!m->message[0] && !m->palette.open)
		draw_keys(m, NULL, w, &hit);
	return hit.cmd;
}

/* Rows that the message takes. */
static int
message_rows(const struct model *m, int w, bool utf8)
{
	const char *text = m->message;
	int rows = 1;

	for (size_t n; rows < MESSAGE_ROWS && *(text += n = lines_portion(text, w, utf8)); rows++)
		text += strspn(text, " ");
	return rows;
}

/* What it is about, above row y: marks stand under what is wrong. */
static void
draw_fault(const struct model *m, struct canvas *c, int y)
{
	char line[FAULT_LINE], under[FAULT_LINE];

	fault_lines(m->fault.text, m->fault.at, m->fault.n, c->w - 4, c->utf8, line, under);
	for (int i = 1; i <= 2; i++)
		canvas_fill(c, y - i, 0, c->w, ST_TEXT, " ");
	canvas_put(c, y - 2, 3, ST_STRONG, line);
	canvas_put(c, y - 1, 3, m->message_style, under);
}

void
message_draw(const struct model *m, struct canvas *c)
{
	const char *text = m->message;
	int w = c->w - 2, rows = message_rows(m, w, c->utf8);

	if (m->fault.text[0])
		draw_fault(m, c, c->h - rows);
	for (int y = c->h - rows; y < c->h && *text; y++) {
		char part[sizeof m->message];
		size_t n = y == c->h - 1 ? strlen(text) : lines_portion(text, w, c->utf8);

		snprintf(part, sizeof part, "%.*s", (int)n, text);
		canvas_fill(c, y, 0, c->w, ST_TEXT, " ");
		canvas_cut(c, y, 1, w, m->message_style, part);
		text += n;
		text += strspn(text, " ");
	}
}

void
keybar_draw(const struct model *m, struct canvas *c)
{
	char count[32];

	if (m->prompt.kind) {
		draw_prompt(m, c);
		return;
	}
	if (m->palette.open)
		draw_palette_keys(c);
	else if (!m->message[0])
		draw_keys(m, c, c->w, NULL);
	if (m->has_prefix) {
		snprintf(count, sizeof count, " %" PRIu64 " ", m->prefix);
		canvas_right(c, 0, c->w - (int)strlen(count) - 1, (int)strlen(count), ST_STRONG, count);
	}
}
