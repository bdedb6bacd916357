/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of keys, and the bindings of the command table: see keys.h. */
#include "keys.h"

#include <string.h>

static const struct {
	const char *name;
	ui_key key;
} names[] = {
	{ "Up", K_UP },
	{ "Down", K_DOWN },
	{ "Left", K_LEFT },
	{ "Right", K_RIGHT },
	{ "Home", K_HOME },
	{ "End", K_END },
	{ "PgUp", K_PGUP },
	{ "PgDn", K_PGDN },
	{ "Insert", K_INSERT },
	{ "Delete", K_DELETE },
	{ "Backspace", K_BACKSPACE },
	{ "Enter", K_ENTER },
	{ "Tab", K_TAB },
	{ "S-Tab", K_BACKTAB },
	{ "Space", ' ' },
	{ "Esc", K_ESC },
	{ "F1", K_F1 },
	{ "F2", K_F2 },
	{ "F3", K_F3 },
	{ "F4", K_F4 },
	{ "F5", K_F5 },
	{ "F6", K_F6 },
	{ "F7", K_F7 },
	{ "F8", K_F8 },
	{ "F9", K_F9 },
	{ "F10", K_F10 },
	{ "F11", K_F11 },
	{ "F12", K_F12 },
};

ui_key
key_by_name(const char *name, size_t n)
{
	if (n > 2 && !memcmp(name, "M-", 2)) {
		ui_key key = key_by_name(name + 2, n - 2);

		return key == K_NONE ? K_NONE : key | K_META;
	}
	if (n == 2 && name[0] == '^')
		return name[1] & K_CTRL;
	if (n == 1)
		return (unsigned char)name[0];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == n && !memcmp(names[i].name, name, n))
			return names[i].key;
	return K_NONE;
}

enum cmd
key_command(ui_key key)
{
	for (int c = CMD_NONE + 1; c < CMDS; c++) {
		const char *k = cmd_row((enum cmd)c)->keys;

		while (*k) {
			size_t n = strcspn(k, " ");

			if (key_by_name(k, n) == key)
				return (enum cmd)c;
			k += n;
			k += *k == ' ';
		}
	}
	return CMD_NONE;
}
