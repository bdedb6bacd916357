/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Screens as people see them: each view in each size, in UTF-8 and in ASCII, in each theme, with and without colours.
 *
 * testdata/screens/VIEW.txt has the rows of a view, and below them what each cell means, a letter for each style
 * (canvas.h). Texts must be as they are there; that a theme shows the styles as ui/theme.c says is held against them cell
 * by cell. The styles themselves are seen in a theme of the test's own in which no two look alike.
 * UPDATE_SCREENS=1 (make screens) writes the files anew.
 */
#include "emulator.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "theme.h"

#define FOLDER "testdata/screens"
#define MIXED "traces/mixed.trace"

static const struct view {
	const char *name, *trace;
	const char *keys; /* between two form feeds: what is to be seen before the keys that follow */
} views[] = {
	{ "events", MIXED, "2461g" },
	{ "events-columns", MIXED, "2461g:columns number wall\rT:columns num ti ev fu off\r" },
	{ "events-filter", MIXED, "2461g&g.any == 37\rHX:highlight stack ~ \"GC\"\r" },
	{ "events-follow", MIXED, "2461gvs\\fss" },
	{ "events-breakpoints", MIXED, ":break type == GoCreateSyscall\r:break g == 37 && to == Waiting\r:disable 1\rc:break\r" },
	{ "events-marks", MIXED, "2461gma10smb:marks\r" },
	{ "moving-siblings", MIXED, "69gK\fevent 68 of\f30J" },
	{ "moving-longest-child", MIXED, "69gL" },
	{ "moving-blocker", MIXED, "2461gB" },
	{ "moving-trail", MIXED, "2461gU\fevent 68 of\f1000g\fevent 1,000 of\f\017\017\fevent 2,461 of\f\020\020\020" },
	{ "events-error", "bad/flipped-bit.trace", "G" },
	{ "events-cut", "bad/cut-in-batch.trace", "G" },
	{ "events-old", "traces/old-go1.21.trace", "20g" },
	{ "context", "traces/cgo-callbacks.trace", "22gvc" },
	{ "details", MIXED, "2461gvd\\" },
	{ "timeline-by-p", MIXED, "2461gt--10l" },
	{ "timeline-by-m", MIXED, "2461gtt0\\" },
	{ "timeline-by-g", MIXED, "2461gttt0\\" },
	{ "timeline-marks", MIXED, "2461gma40smbt\\" },
	{ "timeline-empty", "bad/header-only.trace", "t\\" },
	{ "timeline-kin", MIXED, "2461gtttr\\" },
	{ "timelines", MIXED, "2461gtvl" },
	{ "split", MIXED, "2461gvs|b|f" },
	/* A click on a row of the list, then from one column of the timeline to another. */
	{ "mouse", MIXED, "2461gt\fP1 running G37\f\033[M ?&\033[M#?&\033[M 5.\033[M#S." },
	{ "frontier", MIXED, "2461gvf\\" },
	{ "frontier-error", "bad/flipped-bit.trace", "Gvf\\" },
	{ "stack", MIXED, "69gvs\\" },
	{ "strings", MIXED, "2461gvr\\" },
	{ "bytes", MIXED, "2461gvbl" },
	{ "goroutines", MIXED, "2461goj>>" },
	{ "goroutines-columns", MIXED, "2461go:columns function:30 G state:20 waiting lived assist event waits-for created:20 ended:20\r" },
	{ "histogram", MIXED, "2461goi" },
	{ "histogram-texts", MIXED, "2461go:sort function\rij\\" },
	{ "goroutines-opened", MIXED, "2461goj\r" },
	{ "groups", MIXED, "2461goo\\" },
	{ "groups-opened", MIXED, "2461gooj\r\\" },
	{ "tasks", MIXED, "2461gooo\\" },
	{ "tasks-none", "traces/cgo-callbacks.trace", "ooo\\" },
	{ "regions", MIXED, "2461goooo\\" },
	{ "ranges", MIXED, "2461gooooo\\" },
	{ "longest", MIXED, "2461goooooo\\" },
	{ "waits", MIXED, "2461g:waits\r:only stack=main\r3jvsva" },
	{ "transitions", MIXED, "2461g:transitions main.main.func3\r2j" },
	{ "why", "bad/flipped-bit.trace", "w\\" },
	{ "lesson", "traces/cgo-callbacks.trace", ":learn 8\r\fC calls Go: \fd" },
	{ "lesson-answered", "traces/cgo-callbacks.trace", ":learn cgo\r\fC calls Go: \fd\fstep 1 of\fa1\fnot 1\fa3" },
	{ "lesson-fault", "traces/cgo-callbacks.trace", ":learn 16\r\fBroken on purpose\fd\fstep 1 of\fn\\y" },
	{ "lesson-list", "traces/cgo-callbacks.trace", ":learn\r\fThe file: \fj" },
	{ "all-panes", MIXED, "2461gvsvbvfvrve" },
	{ "bytes-old", "traces/old-go1.21.trace", "20gvb\\" },
	{ "help", MIXED, "?" },
	{ "help-event", MIXED, ":help ProcSteal\r" },
	{ "palette", MIXED, "2461gpgo" },
	{ "message-fault", MIXED, "69g:break type == GoCrate && g.any == 4\r" },
	{ "prompt-fault", MIXED, "69gvs\\&type == GoCrate && g.any == 4" },
	{ "prompt-text", MIXED, "69gvs\\/GoCrate new_g=4" },
	{ "prompt-completion", MIXED, "69gvs\\/type == GoSys\t\t" },
	{ "prompt-commands", MIXED, "69gvs\\:g\t\t" },
};
enum { VIEWS = sizeof views / sizeof *views };

static const struct size {
	const char *name;
	int rows, cols;
} sizes[] = { { "80x24", 24, 80 }, { "120x40", 40, 120 }, { "200x60", 60, 200 } };
enum { SIZES = sizeof sizes / sizeof *sizes };

/* Of the two locales, the theme of the test comes first: what styles cells have is known from it. */
static const struct manner {
	const char *lang, *theme, *term;
	bool no_color;
	int colors; /* that are used */
} manners[] = {
	{ "C.UTF-8", "test", NULL, false, 256 },
	{ "C", "test", NULL, false, 256 },
	{ "C.UTF-8", "default", NULL, false, 256 },
	{ "C.UTF-8", "dark", NULL, false, 256 },
	{ "C.UTF-8", "light", NULL, false, 256 },
	{ "C.UTF-8", "8", NULL, false, 8 },
	{ "C.UTF-8", "default", "screen", false, 8 },
	{ "C.UTF-8", "none", NULL, false, 0 },
	{ "C.UTF-8", "default", NULL, true, 0 },
	{ "C", "default", NULL, false, 256 },
	{ "C", "default", NULL, true, 0 },
};
enum { MANNERS = sizeof manners / sizeof *manners, LOCALES = 2 };

/* Styles as letters, in the order of enum style; and in the current row. */
static const char letters[] = ".dsb|-hfmpgcoxwketrnyz", letters_on[] = ":DSB!=HFMPGCOXWKETRNYZ";
_Static_assert(sizeof letters == STYLES + 1 && sizeof letters_on == STYLES + 1, "a letter for each style");

/* Colours of the theme of the test: from here on, one for each style. */
enum { TEST_COLOR = 16, TEST_ON = 238 };

/* --- themes, as files of settings ---------------------------------------------- */

static char config[] = "/tmp/gotrace-golden-XXXXXX";

static void
write_config(const char *theme)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", config, theme);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/%s/gotrace-tui", config, theme);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/%s/gotrace-tui/config", config, theme);
	f = fopen(path, "w");
	assert_non_null(f);
	if (strcmp(theme, "test") != 0)
		fprintf(f, "theme %s\n", theme);
	for (int i = 0; i < STYLES && !strcmp(theme, "test"); i++)
		fprintf(f, "color %s %d\n", style_name((enum style)i), TEST_COLOR + i);
	fclose(f);
}

static int
make_configs(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(config));
	write_config("test");
	for (size_t i = 0; theme_name(i); i++)
		write_config(theme_name(i));
	return 0;
}

static int
remove_configs(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -r %s", config);
	return system(command);
}

/* --- what is on the screen --------------------------------------------------------- */

static int
color_of(const VTermColor *c)
{
	return VTERM_COLOR_IS_INDEXED(c) ? c->indexed.idx : -1;
}

static char
letter_of(const VTermScreenCell *cell)
{
	int i = color_of(&cell->fg) - TEST_COLOR, bg = color_of(&cell->bg);

	if (i < 0 || i >= STYLES || (bg != -1 && bg != TEST_ON))
		return '?';
	return bg < 0 ? letters[i] : letters_on[i];
}

/* The letters of all cells, as rows; those at the end of a row that are plain are left out. */
static char *
styles_of(struct tty *t)
{
	char *text = malloc((size_t)t->rows * (size_t)(t->cols + 1) + 1), *p = text;

	assert_non_null(text);
	for (int y = 0; y < t->rows; y++) {
		char *row = p;

		for (int x = 0; x < t->cols; x++) {
			VTermScreenCell cell;

			vterm_screen_get_cell(t->screen, (VTermPos){ y, x }, &cell);
			*p++ = cell.width ? letter_of(&cell) : letters[0];
		}
		while (p > row && p[-1] == letters[0])
			p--;
		*p++ = '\n';
	}
	*p = 0;
	return text;
}

/* The emulator knows nothing of dim characters. Blanks have no foreground to be seen. */
static bool
looks_so(const VTermScreenCell *cell, struct look_now must)
{
	bool blank = cell->chars[0] == 0 || cell->chars[0] == ' ';

	if (blank && !(must.attr & LOOK_REVERSE))
		return color_of(&cell->bg) == must.bg && !cell->attrs.reverse && !cell->attrs.underline == !(must.attr & LOOK_UNDERLINE);
	return color_of(&cell->bg) == must.bg && color_of(&cell->fg) == must.fg && cell->attrs.bold == !!(must.attr & LOOK_BOLD) &&
	       !cell->attrs.underline == !(must.attr & LOOK_UNDERLINE) && cell->attrs.reverse == !!(must.attr & LOOK_REVERSE);
}

/* Whether all cells look as the theme has the styles of these letters. Where not, *y and *x are the first that does not. */
static bool
all_look_so(struct tty *t, const char *styles, const struct manner *how, int *y, int *x)
{
	struct theme theme;

	assert_true(theme_get(&theme, how->theme));
	for (*y = 0; *y < t->rows; ++*y, styles += *styles == '\n')
		for (*x = 0; *x < t->cols; ++*x) {
			char letter = *styles && *styles != '\n' ? *styles++ : letters[0];
			const char *plain = strchr(letters, letter), *on = strchr(letters_on, letter);
			VTermScreenCell cell;

			if (!plain && !on)
				return false;
			vterm_screen_get_cell(t->screen, (VTermPos){ *y, *x }, &cell);
			if (cell.width &&
				!looks_so(&cell, theme_look(&theme, how->colors, (enum style)(plain ? plain - letters : on - letters_on), !plain)))
				return false;
		}
	return true;
}

/* --- files ------------------------------------------------------------------------------ */

enum part { TEXT, STYLES_OF_TEXT, ASCII, PARTS };

/* What a view looks like, by size. */
struct screens {
	char *part[SIZES][PARTS];
};

static void
header(char *to, size_t cap, int size, int part)
{
	static const char *const names[] = { "", " styles", " ascii" };

	snprintf(to, cap, "\n-- %s%s --\n", sizes[size].name, names[part]);
}

static void
read_screens(const char *path, struct screens *s)
{
	static char text[1 << 18];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	char *p = text, *last = NULL, name[32];

	if (f)
		fclose(f);
	text[n] = 0;
	*s = (struct screens){ { { NULL } } };
	for (int i = 0; i < SIZES * PARTS; i++) {
		char *at;

		header(name, sizeof name, i / PARTS, i % PARTS);
		at = strstr(p, name);
		if (at) {
			if (last)
				at[1] = 0;
			last = p = at + strlen(name);
		}
		s->part[i / PARTS][i % PARTS] = at ? p : NULL;
	}
	for (int i = 0; i < SIZES * PARTS; i++) {
		char **part = &s->part[i / PARTS][i % PARTS];

		*part = strdup(*part ? *part : "");
		assert_non_null(*part);
	}
}

static const char *
key_name(char key)
{
	return key == '\r' ? "<Enter>" : key == '\t' ? "<Tab>" : key == '\033' ? "<Esc>" : key == '\f' ? " ... " : NULL;
}

static void
write_screens(const char *path, const struct view *v, const struct screens *s)
{
	FILE *f = fopen(path, "w");
	char name[32];

	assert_non_null(f);
	fprintf(f, "%s: ", v->trace);
	for (const char *k = v->keys; *k; k++)
		if (key_name(*k))
			fputs(key_name(*k), f);
		else
			fprintf(f, *k < ' ' ? "^%c" : "%c", *k < ' ' ? *k | '@' : *k);
	for (int i = 0; i < SIZES * PARTS; i++) {
		header(name, sizeof name, i / PARTS, i % PARTS);
		fprintf(f, "%s%s", name + (i > 0), s->part[i / PARTS][i % PARTS]);
	}
	fclose(f);
}

static void
free_screens(struct screens *s)
{
	for (int i = 0; i < SIZES * PARTS; i++)
		free(s->part[i / PARTS][i % PARTS]);
}

/* --- the test ------------------------------------------------------------------------------- */

static bool
updating(void)
{
	return getenv("UPDATE_SCREENS") != NULL;
}

static void
differs(struct tty *t, const struct view *v, const char *must, const struct manner *how, int y, int x)
{
	char *is = tty_text(t, 0, t->rows), *styles = styles_of(t), *text = how->theme[0] == 't' ? styles : is;

	if (y >= 0)
		fprintf(stderr, "row %d, column %d does not look as the theme has it\n%s", y, x, is);
	else
		fprintf(stderr, "it is:\n%s%s\nit was:\n%s", is, text == is ? "" : text, must);
	fprintf(stderr, "%s/%s.txt, %dx%d, locale %s, theme %s, %d colours: not as it was (make screens makes all anew)\n", FOLDER,
		v->name, t->cols, t->rows, how->lang, how->theme, how->colors);
	free(is);
	free(styles);
	kill(t->pid, SIGKILL);
	fail();
}

/*
 * Until the screen has this text, and these styles in the look of the theme: it may come in pieces, and be of half the work.
 * Without styles they are those of another screen, whose turn it is as well, or none.
 */
static void
compare(struct tty *t, const struct view *v, const struct manner *how, const char *must, const char *styles, struct tty *other)
{
	int64_t end = tty_now() + TTY_PATIENCE;

	for (;; tty_take(t, other ? 10 : 50)) {
		char *is = tty_text(t, 0, t->rows), *look = styles || !other ? styles_of(t) : styles_of(other);
		bool same = !strcmp(is, must), late = tty_now() > end;
		int y = -1, x = 0;

		if (how->theme[0] == 't')
			same = same && (!styles || !strcmp(look, styles));
		else if (same)
			same = all_look_so(t, styles ? styles : look, how, &y, &x);
		free(is);
		free(look);
		if (same)
			return;
		if (late)
			differs(t, v, must, how, y, x);
		if (other)
			tty_take(other, 0);
	}
}

/* What the screens of the theme of the test are now, to be written down. */
static void
see(struct tty *t, const struct view *v, char **text, char **styles)
{
	/* A trace that is invalid is explained, in its own time. */
	tty_calm(t, strncmp(v->trace, "bad/", 4) ? 400 : 1500);
	free(*text);
	*text = tty_text(t, 0, t->rows);
	if (!styles)
		return;
	free(*styles);
	*styles = styles_of(t);
}

static void
at_size(struct tty *t, const struct view *v, struct screens *s, int size)
{
	char **part = s->part[size];

	for (int i = 0; i < MANNERS; i++) {
		bool ascii = !strcmp(manners[i].lang, "C");
		char **text = &part[ascii ? ASCII : TEXT], **styles = ascii ? NULL : &part[STYLES_OF_TEXT];

		if (i < LOCALES && updating())
			see(&t[i], v, text, styles);
		compare(&t[i], v, &manners[i], *text, styles ? *styles : NULL, ascii && i >= LOCALES ? &t[1] : NULL);
	}
}

/* The trace is read to its end, and the verdict stands in the bar. */
static void
opened(struct tty *t)
{
	int64_t end = tty_now() + TTY_PATIENCE;

	for (;; tty_take(t, 50)) {
		char *bar = tty_text(t, 0, 1);
		bool there = strstr(bar, "valid") != NULL;

		free(bar);
		if (there)
			return;
		if (tty_now() > end)
			tty_fail(t, "valid");
	}
}

static void
type_keys(struct tty *t, const char *keys)
{
	char part[256];
	size_t n;

	for (bool sight = false; *keys; keys += n + (keys[n] == '\f'), sight = !sight) {
		n = strcspn(keys, "\f");
		snprintf(part, sizeof part, "%.*s", (int)n, keys);
		sight ? tty_wait(t, part) : tty_type(t, part);
	}
}

static void
golden_view(void **state)
{
	const struct view *v = *state;
	struct tty t[MANNERS];
	struct screens s;
	char path[96], trace[64];

	if (!tty_possible() || access(FOLDER, R_OK) != 0)
		skip();
	snprintf(path, sizeof path, FOLDER "/%s.txt", v->name);
	snprintf(trace, sizeof trace, "testdata/%s", v->trace);
	read_screens(path, &s);
	for (int i = 0; i < MANNERS; i++) {
		char folder[64];

		snprintf(folder, sizeof folder, "%s/%s", config, manners[i].theme);
		tty_begin(&t[i], sizes[0].rows, sizes[0].cols, trace,
			&(struct surroundings){ .lang = manners[i].lang, .term = manners[i].term, .config = folder, .no_color = manners[i].no_color });
	}
	for (int i = 0; i < MANNERS; i++) {
		opened(&t[i]);
		type_keys(&t[i], v->keys);
	}
	for (int size = 0; size < SIZES; size++) {
		for (int i = 0; i < MANNERS && size; i++)
			tty_resize(&t[i], sizes[size].rows, sizes[size].cols);
		at_size(t, v, &s, size);
	}
	for (int i = 0; i < MANNERS; i++)
		tty_type(&t[i], "\003\003Q");
	for (int i = 0; i < MANNERS; i++) {
		tty_ended(&t[i], false, 0);
		tty_free(&t[i]);
	}
	if (updating())
		write_screens(path, v, &s);
	free_screens(&s);
}

int
main(int argc, char **argv)
{
	struct CMUnitTest tests[VIEWS];

	for (int i = 0; i < VIEWS; i++)
		tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(golden_view, (void *)(uintptr_t)&views[i]);
	for (int i = 0; i < VIEWS; i++)
		tests[i].name = views[i].name;
	/* Only some, by name. */
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, make_configs, remove_configs);
}
