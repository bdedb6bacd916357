/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A picture of characters: a grid of cells, each a character with its style. Panes draw into it; term.c shows it;
 * tests read it as text. Whatever is put into it is safe on a terminal afterwards: what is not printable, and bytes
 * that are no UTF-8, become escapes (\x1b, \u202e).
 */
#ifndef CANVAS_H
#define CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

/* What a cell means; term.c knows how that looks on a given terminal. */
enum style {
	ST_TEXT,
	ST_DIM, /* there when looked for */
	ST_STRONG,
	ST_BAR,     /* status line */
	ST_BAR_DIM, /* what separates the parts of a bar */
	ST_RULE,
	ST_HEAD,  /* headings of columns and panes */
	ST_FOCUS, /* heading of the pane that has the keys */
	ST_M,
	ST_P,
	ST_G,
	ST_CHANGED,
	ST_OK,
	ST_BAD,
	ST_WAIT,
	ST_KEY,
	ST_ERROR,
	ST_MATCH, /* found by a search */
	ST_RUN,   /* timelines: it runs; the name of what does; it could run; it is in a syscall */
	ST_RUN_TEXT,
	ST_READY,
	ST_SYSCALL,
	STYLES
};

#define CELL_CHARS 3

struct cell {
	wchar_t ch[CELL_CHARS]; /* a character and what combines with it; NUL-terminated unless full */
	uint8_t style;          /* enum style */
	uint8_t width;          /* columns; 0: the right half of the character before it */
	bool on;                /* of the current row */
};

struct rect {
	int y, x, h, w;
};

/* A canvas, or a window into one (see canvas_view): cells points to its upper left corner. */
struct canvas {
	struct cell *cells;
	int stride, h, w;
	bool utf8; /* else ASCII only */
};

/* False: no memory. Free with canvas_free. */
bool canvas_init(struct canvas *c, int h, int w, bool utf8);
void canvas_free(struct canvas *c);
void canvas_clear(struct canvas *c);
/* A part of a canvas, which must outlive it; what is drawn outside of it is cut off. */
struct canvas canvas_view(const struct canvas *c, struct rect r);

/* These put UTF-8 text at a place and return the column behind it. Nothing is drawn outside of the canvas. */
int canvas_put(struct canvas *c, int y, int x, enum style style, const char *s);
/* At most w columns of it; where something is cut off, an ellipsis says so. */
int canvas_cut(struct canvas *c, int y, int x, int w, enum style style, const char *s);
/* Right-aligned in w columns. Returns x + w. */
int canvas_right(struct canvas *c, int y, int x, int w, enum style style, const char *s);
__attribute__((format(printf, 5, 6))) int canvas_printf(
	struct canvas *c, int y, int x, enum style style, const char *fmt, ...);
/* w columns of one character. */
void canvas_fill(struct canvas *c, int y, int x, int w, enum style style, const char *s);
/* Gives w cells that are drawn already a style. */
void canvas_style(struct canvas *c, int y, int x, int w, enum style style);
/* Marks w cells, or a row, as the current ones. */
void canvas_light(struct canvas *c, int y, int x, int w);
void canvas_mark(struct canvas *c, int y);

/*
 * The next character of s as it may be shown: at most cap wide characters into out, NUL-terminated (an escape is
 * several). Returns how many bytes of s it took, 0 at the end; *columns: how wide it is.
 */
#define SAFE_MAX 12
size_t canvas_safe(const char *s, bool utf8, wchar_t out[SAFE_MAX], int *columns);
/* Columns that s takes. */
int canvas_width(const char *s, bool utf8);
/* How many bytes of s fit into w columns. */
size_t canvas_fit(const char *s, int w, bool utf8);

/* The picture as UTF-8 text, spaces at the ends of lines left out. To be freed; NULL: no memory. */
char *canvas_text(const struct canvas *c);

#endif
