/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A canvas, written down: as text, as text with the escapes of a terminal, or as a drawing. */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdio.h>

#include "canvas.h"
#include "theme.h"

enum picture_form { PICTURE_TEXT, PICTURE_ANSI, PICTURE_SVG, PICTURE_FORMS };

/* By the ending of a name: .txt, .ansi (or .ans), .svg. PICTURE_FORMS: it is none of them. */
enum picture_form picture_form(const char *path);
/* False: it could not be written (or memory ran out). */
bool picture_write(FILE *f, const struct canvas *c, const struct theme *t, enum picture_form form);

#endif
