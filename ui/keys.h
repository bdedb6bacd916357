/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: their numbers and names, and which command a key is bound to. */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmds.h"

/* A key: a Unicode character, or one of these; KEY_META may be added to either. */
typedef int32_t ui_key;

enum {
	K_NONE = -1,
	K_CTRL = 0x1f, /* mask: ^A is 'A' & K_CTRL */
	K_ESC = 27,
	K_UP = 0x200000,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_INSERT,
	K_DELETE,
	K_BACKSPACE,
	K_ENTER,
	K_TAB,
	K_BACKTAB,
	K_F1,
	K_F2,
	K_F3,
	K_F4,
	K_F5,
	K_F6,
	K_F7,
	K_F8,
	K_F9,
	K_F10,
	K_F11,
	K_F12,
	K_RESIZE = 0x210000, /* the terminal has another size */
	K_EOF,               /* the terminal is gone */
	K_MOUSE,             /* see term_mouse */
	K_PASTE,             /* what follows up to the next one was pasted */
	K_PASTE_END,
	K_SEQUENCE, /* an escape sequence that is no key here: see term_sequence */
	K_META = 0x40000000
};

/* What the mouse did, and where. */
enum mouse_what { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct mouse_event {
	enum mouse_what what;
	int y, x;
	bool ctrl;
};

/* The key of a name ("PgDn", "^F", "M-x", "j"), n bytes of it; K_NONE where there is none. */
ui_key key_by_name(const char *name, size_t n);
/* The command a key is bound to, or CMD_NONE. */
enum cmd key_command(ui_key key);

#endif
