/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mouse: what lies under it does what a key would do. */
#include "links.h"
#include "model.h"
#include "script.h"

/* Rows of a turn of the wheel. */
#define TURN 3

static enum pane_id
pane_at(const struct model *m, int y, int x)
{
	for (int i = 0; i < PANES; i++) {
		const struct rect *r = &m->lay.pane[i];

		if (y >= r->y && y < r->y + r->h && x >= r->x && x < r->x + r->w)
			return (enum pane_id)i;
	}
	return PANES;
}

/* The wheel moves what is seen, not where one is. */
static void
wheel(struct model *m, enum pane_id id, const struct mouse_event *ev)
{
	bool up = ev->what == MOUSE_WHEEL_UP;

	if (m->help) {
		pane_help.command(m, up ? CMD_UP : CMD_DOWN, TURN);
		return;
	}
	switch (id) {
	case PANE_EVENTS:
		m->loose = true;
		if (query_hides(m))
			query_scroll(m, up, TURN);
		else
			m->top = !up ? m->top + TURN : m->top > TURN ? m->top - TURN : 1;
		break;
	case PANE_TIMELINE:
	case PANE_LANES:
		if (ev->ctrl)
			timeline_zoom(m, up ? 0.5 : 2);
		else
			timeline_scroll(m, id, up ? -TURN : TURN);
		break;
	case PANE_TABLE:
		table_scroll(m, up ? -TURN : TURN);
		break;
	default:
		pane_command(m, id, up ? CMD_UP : CMD_DOWN, TURN);
	}
}

/* On a button of the title: true. */
static bool
press_button(struct model *m, enum pane_id id, int x)
{
	static const uint8_t button[] = { CMD_FOLD, CMD_FOLD, CMD_SPLIT, CMD_SPLIT, CMD_MAXIMIZE, CMD_MAXIMIZE, CMD_CLOSE, CMD_CLOSE };
	int at = x - (m->lay.pane[id].w - PANE_BUTTONS_W) - 1;

	if (at < 0 || at >= (int)sizeof button)
		return false;
	script_note_word(m, (enum cmd)button[at], button[at] == CMD_SPLIT ? pane_name(id) : "");
	if (button[at] == CMD_SPLIT)
		views_split(m, (int)id);
	else
		model_do(m, (enum cmd)button[at], 0);
	if (button[at] == CMD_CLOSE && !(m->arr.open & 1u << id))
		script_note_left(m, CMD_CLOSE, id);
	return true;
}

static void
press(struct model *m, enum pane_id id, const struct mouse_event *ev)
{
	bool focused = m->arr.focus == id;
	uint64_t was = m->cursor;
	int y = ev->y - m->lay.pane[id].y, x = ev->x - m->lay.pane[id].x;

	m->arr.focus = id;
	if (!focused)
		script_note_word(m, CMD_VIEW, pane_name(id));
	if (y == 0) {
		if (!focused || !press_button(m, id, x))
			m->drag = (struct drag){ id == PANE_EVENTS ? DRAG_COLUMN : DRAG_TITLE, id, ev->y, ev->x };
	} else if (id == PANE_EVENTS) {
		uint64_t row = query_line(m, y - 1);

		if (row && row <= model_last_row(m)) {
			bool loose = m->loose;

			/* The list stays where it is: what is under the mouse is in sight. */
			model_go(m, row, false);
			m->loose = loose;
		}
	} else if (id == PANE_TIMELINE || id == PANE_LANES) {
		int column = timeline_click(m, id, y, x);

		if (column >= 0)
			m->drag = (struct drag){ DRAG_TIME, id, y, column };
	} else if (id == PANE_TABLE) {
		if (y == 1)
			m->drag = (struct drag){ DRAG_COLUMN, id, ev->y, ev->x };
		table_click(m, y);
	} else if (id == PANE_LESSON) {
		lesson_click(m, y);
	} else if (!(id == PANE_WHY && why_click(m, y, x))) {
		links_click(m, id, y, x);
	}
	script_note_place(m, was);
}

/* A title goes up or down, and with it the end of the pane above; but the list takes what is left. */
static void
drag_title(struct model *m, enum pane_id id, int rows)
{
	for (int i = PANE_EVENTS + 1; i < PANES; i++)
		if (m->lay.pane[i].h && m->lay.pane[i].y + m->lay.pane[i].h == m->lay.pane[id].y)
			views_resize(m, i, rows, 0);
	views_resize(m, (int)id, -rows, 0);
}

/* From where the button was pressed to where it was let go. */
static void
release(struct model *m, const struct mouse_event *ev)
{
	struct drag from = m->drag;
	const struct rect *r = &m->lay.pane[from.pane];

	m->drag.what = DRAG_NONE;
	/* It may have gone meanwhile. */
	if (!r->h)
		return;
	if (from.what == DRAG_TIME && pane_at(m, ev->y, ev->x) == from.pane)
		timeline_drag(m, from.pane, from.x, ev->x - r->x);
	else if (from.what == DRAG_TITLE)
		drag_title(m, from.pane, ev->y - from.y);
	else if (from.what == DRAG_LINE)
		views_resize(m, (int)from.pane, 0, ev->x - from.x);
	else if (from.what == DRAG_COLUMN && from.pane == PANE_TABLE)
		table_drag(m, from.x - r->x, ev->x - r->x);
	else if (from.what == DRAG_COLUMN)
		events_drag(m, from.x - r->x, ev->x - r->x);
}

enum effect
model_mouse(struct model *m, const struct mouse_event *ev)
{
	enum pane_id id = m->lay.too_small ? PANES : pane_at(m, ev->y, ev->x), left;

	m->effect = EFFECT_NONE;
	m->why.acted = true;
	m->waits = CMD_NONE;
	script_note_input(m);
	if (m->palette.open)
		return m->effect;
	if (ev->what == MOUSE_WHEEL_UP || ev->what == MOUSE_WHEEL_DOWN) {
		if (id != PANES || m->help)
			wheel(m, id, ev);
		return m->effect;
	}
	if (ev->what == MOUSE_PRESS && ev->y == m->lay.keys.y) {
		enum cmd cmd = keybar_at(m, m->w, ev->x);

		m->message[0] = 0;
		if (cmd != CMD_NONE) {
			uint64_t was = m->cursor;

			model_do(m, cmd, 0);
			script_note(m, cmd, 0, was);
		}
		return m->effect;
	}
	if (m->help || m->lay.too_small)
		return m->effect;
	if (ev->what == MOUSE_RELEASE) {
		release(m, ev);
		return m->effect;
	}
	m->message[0] = 0;
	left = layout_left_of(&m->lay, ev->y, ev->x);
	m->drag = (struct drag){ left == PANES ? DRAG_NONE : DRAG_LINE, left == PANES ? PANE_EVENTS : left, ev->y, ev->x };
	if (id != PANES)
		press(m, id, ev);
	return m->effect;
}
