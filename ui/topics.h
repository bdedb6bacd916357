/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Help on anything that has a name: commands, keys, panes, events, arguments, states, reasons to refuse an event, columns
 * of the list, styles. All of it is in tables; this looks through them.
 */
#ifndef TOPICS_H
#define TOPICS_H

#include <stdbool.h>
#include <stddef.h>

#include "lines.h"

/* All there is on a word, as lines; false: nothing. Case does not matter. */
bool topic_lines(struct lines *l, const char *word);
/* The names there is help on, by number from 0; NULL: no more. Some may come twice. */
const char *topic_name(size_t i);

#endif
