/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the explorer looks and what its keys do: commands, which the file of settings holds one a line. Its place is
 * gotrace-tui/config in XDG_CONFIG_HOME, or in ~/.config.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "cmds.h"
#include "keys.h"

struct model;

#define KEYMAP_MAX 64

/* Keys of the user's own. */
struct keymap {
	size_t n;
	struct {
		ui_key key;
		char line[120];
	} at[KEYMAP_MAX];
};

/* Commands that set something, or write what is shown; false: it is none of them. arg may be empty. */
bool settings_line(struct model *m, enum cmd cmd, const char *arg);
/* What the user bound a key to; NULL: nothing. */
const char *settings_key(const struct model *m, ui_key key);
/* Does the lines of a text. Where some are wrong it goes on; the message names the first of them by `name` and line. */
void settings_read(struct model *m, const char *text, const char *name);
/* The user's file, if there is one, before the screen is: what is wrong in it is printed on standard error. */
void settings_load(struct model *m);

#endif
