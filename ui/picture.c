/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Canvases written down: see picture.h. Cells are safe for a terminal by their making; for SVG what XML means something by
 * is escaped here. Bars and lines are drawn as shapes there: fonts leave gaps between them.
 */
#include "picture.h"

#include <stdlib.h>
#include <string.h>

enum picture_form
picture_form(const char *path)
{
	static const struct {
		const char *ending;
		enum picture_form form;
	} forms[] = { { ".txt", PICTURE_TEXT }, { ".ansi", PICTURE_ANSI }, { ".ans", PICTURE_ANSI }, { ".svg", PICTURE_SVG } };
	size_t n = strlen(path);

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		size_t e = strlen(forms[i].ending);

		if (n > e && !strcmp(path + n - e, forms[i].ending))
			return forms[i].form;
	}
	return PICTURE_FORMS;
}

static const struct cell *
cell_at(const struct canvas *c, int y, int x)
{
	return c->cells + (ptrdiff_t)y * c->stride + x;
}

/* How many cells from x on look the same. */
static int
run_of(const struct canvas *c, int y, int x)
{
	const struct cell *first = cell_at(c, y, x);
	int n = 1;

	while (x + n < c->w && cell_at(c, y, x + n)->style == first->style && cell_at(c, y, x + n)->on == first->on)
		n++;
	return n;
}

/* The text of cells, as UTF-8; to be freed. NULL: no memory. */
static char *
text_of(const struct canvas *c, int y, int x, int n)
{
	struct canvas part = canvas_view(c, (struct rect){ y, x, 1, n });
	char *text = canvas_text(&part);

	if (text)
		text[strcspn(text, "\n")] = 0;
	return text;
}

/* --- with escapes -------------------------------------------------------------- */

static void
put_look(FILE *f, const struct theme *t, const struct cell *cell)
{
	struct look_now l = theme_look(t, t->colors, cell->style, cell->on);

	fputs("\033[0", f);
	for (unsigned i = 0; i < 4; i++)
		if (l.attr & 1u << i)
			fputs((const char *[]){ ";1", ";4", ";7", ";2" }[i], f);
	if (l.fg >= 0)
		fprintf(f, t->colors == 8 ? ";3%d" : ";38;5;%d", l.fg);
	if (l.bg >= 0)
		fprintf(f, t->colors == 8 ? ";4%d" : ";48;5;%d", l.bg);
	fputs("m", f);
}

/* Spaces at the end of a run have a background: they count. */
static bool
put_ansi(FILE *f, const struct canvas *c, const struct theme *t)
{
	for (int y = 0; y < c->h; y++) {
		for (int x = 0, n; x < c->w; x += n) {
			char *text = text_of(c, y, x, n = run_of(c, y, x));

			if (!text)
				return false;
			put_look(f, t, cell_at(c, y, x));
			fprintf(f, "%s%*s", text, n - canvas_width(text, c->utf8), "");
			free(text);
		}
		fputs("\033[0m\n", f);
	}
	return !ferror(f);
}

/* --- as a drawing ---------------------------------------------------------------- */

#define CELL_W 8.4
#define CELL_H 18.0
#define EDGE 10.0

struct colors {
	unsigned fg, bg;
};

static struct colors
colors_of(const struct theme *t, const struct cell *cell)
{
	struct look_now l = theme_look(t, t->colors, cell->style, cell->on);
	struct colors paper = t->light ? (struct colors){ 0x202020, 0xffffff } : (struct colors){ 0xd0d0d0, 0x1c1c1c };
	struct colors k = { l.fg < 0 ? paper.fg : theme_rgb(l.fg), l.bg < 0 ? paper.bg : theme_rgb(l.bg) };

	return l.attr & LOOK_REVERSE ? (struct colors){ k.bg, k.fg } : k;
}

/* Blocks and lines as parts of a cell: from where to where, and how much of it they cover. False: it is another character. */
static bool
shape_of(wchar_t ch, double *x, double *y, double *w, double *h, double *cover)
{
	*x = *y = 0;
	*w = *h = *cover = 1;
	if (ch >= 0x2581 && ch <= 0x2588) {
		*h = (double)(ch - 0x2580) / 8;
		*y = 1 - *h;
	} else if (ch >= 0x2591 && ch <= 0x2593) {
		*cover = (double)(ch - 0x2590) / 4;
	} else if (ch == 0x2500) {
		*y = 0.47;
		*h = 0.06;
	} else if (ch == 0x2502) {
		*x = 0.44;
		*w = 0.12;
	} else {
		return false;
	}
	return true;
}

static void
put_rect(FILE *f, int y, double x, double w, double dy, double h, unsigned color, double opacity)
{
	fprintf(f, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"#%06x\"", EDGE + x * CELL_W,
		EDGE + (y + dy) * CELL_H, w * CELL_W, h * CELL_H, color);
	if (opacity < 1)
		fprintf(f, " fill-opacity=\"%.2f\"", opacity);
	fputs("/>\n", f);
}

/* Shapes of a run, those that are alike in one. */
static void
put_shapes(FILE *f, const struct canvas *c, int y, int from, int n, unsigned color)
{
	for (int i = 0, k; i < n; i += k) {
		wchar_t ch = cell_at(c, y, from + i)->ch[0];
		double x, dy, w, h, cover;

		for (k = 1; i + k < n && cell_at(c, y, from + i + k)->ch[0] == ch; k++)
			;
		if (!shape_of(ch, &x, &dy, &w, &h, &cover))
			continue;
		for (int each = 0; w < 1 && each < k; each++)
			put_rect(f, y, from + i + each + x, w, dy, h, color, cover);
		if (w >= 1)
			put_rect(f, y, from + i, k, dy, h, color, cover);
	}
}

static void
put_xml(FILE *f, const char *s)
{
	for (; *s; s++)
		if (*s == '&' || *s == '<' || *s == '>' || *s == '"')
			fprintf(f, "&#%d;", *s);
		else
			fputc(*s, f);
}

/* What is no shape, as text; of a given length, whatever the font. */
static bool
put_words(FILE *f, const struct canvas *c, int y, int from, int n, const char *attr, unsigned color)
{
	for (int i = 0, k; i < n; i += k) {
		double v;
		bool shape = shape_of(cell_at(c, y, from + i)->ch[0], &v, &v, &v, &v, &v);
		char *text;
		int w;

		for (k = 1; i + k < n && shape_of(cell_at(c, y, from + i + k)->ch[0], &v, &v, &v, &v, &v) == shape; k++)
			;
		if (shape)
			continue;
		text = text_of(c, y, from + i, k);
		if (!text)
			return false;
		w = canvas_width(text, c->utf8);
		if (strspn(text, " ") < strlen(text)) {
			fprintf(f, "<text x=\"%.2f\" y=\"%.2f\" textLength=\"%.2f\" fill=\"#%06x\"%s>", EDGE + (from + i) * CELL_W,
				EDGE + (y + 0.74) * CELL_H, w * CELL_W, color, attr);
			put_xml(f, text);
			fputs("</text>\n", f);
		}
		free(text);
	}
	return true;
}

static bool
put_run(FILE *f, const struct canvas *c, const struct theme *t, int y, int x, int n)
{
	const struct cell *cell = cell_at(c, y, x);
	struct colors k = colors_of(t, cell);
	unsigned attr = theme_look(t, t->colors, cell->style, cell->on).attr;
	char words[80];

	snprintf(words, sizeof words, "%s%s%s", attr & LOOK_BOLD ? " font-weight=\"bold\"" : "",
		attr & LOOK_UNDERLINE ? " text-decoration=\"underline\"" : "", attr & LOOK_DIM ? " opacity=\"0.6\"" : "");
	if (k.bg != (t->light ? 0xffffffu : 0x1c1c1cu))
		put_rect(f, y, x, n, 0, 1, k.bg, 1);
	put_shapes(f, c, y, x, n, k.fg);
	return put_words(f, c, y, x, n, words, k.fg);
}

static bool
put_svg(FILE *f, const struct canvas *c, const struct theme *t)
{
	double w = c->w * CELL_W + 2 * EDGE, h = c->h * CELL_H + 2 * EDGE;

	fprintf(f, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
		"font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"14\" xml:space=\"preserve\">\n", w, h, w, h);
	fprintf(f, "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#%s\"/>\n", t->light ? "ffffff" : "1c1c1c");
	for (int y = 0; y < c->h; y++)
		for (int x = 0, n; x < c->w; x += n)
			if (!put_run(f, c, t, y, x, n = run_of(c, y, x)))
				return false;
	fputs("</svg>\n", f);
	return !ferror(f);
}

bool
picture_write(FILE *f, const struct canvas *c, const struct theme *t, enum picture_form form)
{
	char *text;

	if (form == PICTURE_SVG)
		return put_svg(f, c, t);
	if (form == PICTURE_ANSI)
		return put_ansi(f, c, t);
	text = canvas_text(c);
	if (!text)
		return false;
	fputs(text, f);
	free(text);
	return !ferror(f);
}
