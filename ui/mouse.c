/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mouse: what lies under it does what a key would do. */
#include "model.h"

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
		if (ev->ctrl)
			timeline_zoom(m, up ? 0.5 : 2);
		else
			timeline_scroll(m, up ? -TURN : TURN);
		break;
	case PANE_TABLE:
		table_scroll(m, up ? -TURN : TURN);
		break;
	default:
		pane_command(m, id, up ? CMD_UP : CMD_DOWN, TURN);
	}
}

/* On the title: its buttons, if it has them. */
static void
press_title(struct model *m, enum pane_id id, bool focused, int x)
{
	static const uint8_t button[] = { CMD_FOLD, CMD_FOLD, CMD_MAXIMIZE, CMD_MAXIMIZE, CMD_CLOSE, CMD_CLOSE };
	int at = x - (m->lay.pane[id].w - PANE_BUTTONS_W) - 1;

	if (focused && at >= 0 && at < (int)sizeof button)
		model_do(m, (enum cmd)button[at], 0);
}

static void
press(struct model *m, enum pane_id id, int y, int x)
{
	bool focused = m->arr.focus == id;

	m->arr.focus = id;
	if (y == 0) {
		press_title(m, id, focused, x);
	} else if (id == PANE_EVENTS) {
		uint64_t row = query_line(m, y - 1);

		if (row && row <= model_last_row(m)) {
			bool loose = m->loose;

			/* The list stays where it is: what is under the mouse is in sight. */
			model_go(m, row, false);
			m->loose = loose;
		}
	} else if (id == PANE_TIMELINE) {
		m->drag = timeline_click(m, y, x);
	} else if (id == PANE_TABLE) {
		table_click(m, y, x);
	} else if (id == PANE_WHY) {
		why_click(m, y);
	}
}

/* From where the button was pressed to where it was let go: marks a and b. */
static void
release(struct model *m, enum pane_id id, int x)
{
	int from = m->drag;

	m->drag = -1;
	if (from >= 0 && id == PANE_TIMELINE)
		timeline_drag(m, from, x);
}

enum effect
model_mouse(struct model *m, const struct mouse_event *ev)
{
	enum pane_id id = m->lay.too_small ? PANES : pane_at(m, ev->y, ev->x);

	m->effect = EFFECT_NONE;
	m->why.acted = true;
	m->waits = CMD_NONE;
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
		if (cmd != CMD_NONE)
			model_do(m, cmd, 0);
		return m->effect;
	}
	if (id == PANES || m->help)
		return m->effect;
	if (ev->what == MOUSE_PRESS) {
		m->message[0] = 0;
		press(m, id, ev->y - m->lay.pane[id].y, ev->x - m->lay.pane[id].x);
	} else {
		release(m, id, ev->x - m->lay.pane[id].x);
	}
	return m->effect;
}
