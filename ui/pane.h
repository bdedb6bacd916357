/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Panes: parts of the screen. Each reads the model to draw itself and may take a command before everybody else does.
 */
#ifndef PANE_H
#define PANE_H

#include "canvas.h"
#include "cmds.h"
#include "layout.h"

struct model;

struct lines;

/*
 * A pane is a list of lines, where it has `make`: they are made for each event, drawn, scrolled. Else, or in place of any of
 * that, it has its own.
 */
struct pane_ops {
	void (*make)(struct model *m, struct lines *l);
	/* How many rows there are to scroll through; 0: the pane scrolls itself. */
	size_t (*rows)(const struct model *m);
	/* Into its own window, title included. */
	void (*draw)(const struct model *m, struct canvas *c);
	/* False: not for this pane. */
	bool (*command)(struct model *m, enum cmd cmd, uint64_t count);
	/* What the key bar names while the pane has the keys, the most useful first; ends with CMD_NONE. NULL: the usual. */
	const uint8_t *keys; /* enum cmd */
};

extern const struct pane_ops pane_events, pane_table, pane_timeline, pane_lanes, pane_context, pane_details, pane_stack, pane_bytes, pane_frontier,
	pane_strings, pane_why, pane_lesson, pane_help;
const struct pane_ops *pane_ops_of(enum pane_id id);

/* What a pane does, its own way or that of lines. */
void pane_make(struct model *m, enum pane_id id);
size_t pane_rows(const struct model *m, enum pane_id id);
void pane_draw(const struct model *m, enum pane_id id, struct canvas *c);
bool pane_command(struct model *m, enum pane_id id, enum cmd cmd, uint64_t count);
/* "+2>" before column x of a row of headings: so many columns are not seen, or not wholly; and "<" for those to the left. */
struct columns;
void pane_more_columns(struct canvas *c, int y, int x, const struct columns *k);
/* CMD_LEFT, CMD_RIGHT: other columns come to be seen; false: it is none of these. */
struct columns_chosen;
bool pane_scroll_columns(struct model *m, const struct columns *k, struct columns_chosen *c, enum cmd cmd, uint64_t count);
/* "4-9 of 12" at the end of a title. */
void pane_position(const struct model *m, struct canvas *c, size_t top, size_t rows);

/* The call stacks of an event, as lines. */
struct gt_event;
void stack_lines(struct lines *l, const struct gt_event *ev);
/* The function on top of its stack; "" where there is none. */
void stack_top(const struct gt_event *ev, char *text, size_t cap);

/* Made before drawing. */
void pane_strings_make(struct model *m);
void pane_timeline_make(struct model *m);
void pane_table_make(struct model *m);
/* The stack that its pane shows: of the event, or of the row of waits that is chosen; before a picture, after the table. */
void pane_stack_follow(struct model *m);
/* Puts it in order, as long as stop lets it; false: there was nothing to do. */
bool table_work(struct model *m, bool (*stop)(void *arg), void *arg);
void pane_why_make(struct model *m);
void pane_help_make(struct model *m);

/* A title row: a rule with words on it. */
void pane_rule(const struct model *m, struct canvas *c, enum pane_id id);
/* What the mouse may do with the pane that has the keys, at the end of its title: fold, split, maximize, close. */
#define PANE_BUTTONS_W 9
bool pane_has_buttons(const struct model *m, const struct canvas *c, enum pane_id id);
void pane_buttons(const struct model *m, struct canvas *c, enum pane_id id);
/* Scrolling by lines, for panes that are lists of lines. */
bool pane_scroll(size_t *top, size_t rows, size_t shown, enum cmd cmd, uint64_t count);

/* The first and the last row of the screen. */
void bar_draw(const struct model *m, struct canvas *c);
struct sb;
/* The number of an event; behind that of its generation where it has none in the whole trace yet. */
void pane_event_number(const struct model *m, struct sb *b, uint64_t n);
void keybar_draw(const struct model *m, struct canvas *c);
/* The palette, over all panes. */
void palette_draw(const struct model *m, struct canvas *c);
/* The message on the last rows of the screen, wrapped. */
void message_draw(const struct model *m, struct canvas *c);
/* The command whose key is named in a column. */
enum cmd keybar_at(const struct model *m, int w, int x);
/* The rows above the prompt: how many, and what they say. */
int prompt_note_rows(const struct model *m, const struct canvas *c);
void prompt_note_draw(const struct model *m, struct canvas *c);
/* The column of the cursor of the prompt on the last row of a canvas. */
int keybar_cursor(const struct model *m, const struct canvas *c);

#endif
