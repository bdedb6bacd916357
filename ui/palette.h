/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The palette: all commands in a list that shortens as one types any of their letters, in order. */
#ifndef PALETTE_H
#define PALETTE_H

#include <stdbool.h>
#include <stddef.h>

#include "cmds.h"
#include "keys.h"

struct palette {
	bool open;
	char text[40];
	size_t at, top;
	unsigned char found[CMDS]; /* enum cmd, the best first */
	size_t n;
};

/* Whether the letters of a text are in a name, in order; *score: less where they are closer together. */
bool palette_matches(const char *name, const char *text, int *score);
void palette_begin(struct palette *p);
/* A key. True: *cmd is chosen; or the palette is closed. */
bool palette_key(struct palette *p, ui_key key, enum cmd *cmd);

#endif
