/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only file with curses: see term.h.
 *
 * Fatal signals: endwin() may not be called from a handler, so the strings that restore the terminal are made when it
 * is started; the handler writes them, sets the modes back and lets the signal have its way.
 */
#define NCURSES_WIDECHAR 1
#include "term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

/* What curses read: a character (OK) or a code of its own (KEY_CODE_YES). */
struct typed {
	int got;
	wint_t ch;
};

struct terminal {
	SCREEN *screen;
	FILE *in; /* /dev/tty, where it was opened */
	int fd;   /* of the keys */
	int out;
	bool can_color;
	int colors; /* 0: attributes only */
	struct theme theme;
	struct termios modes;
	bool mouse;
	bool pastes; /* it can tell what is pasted from what is typed */
	char restore[256];
	size_t restore_n;
	volatile sig_atomic_t interrupted;
	struct typed back[2]; /* taken, and put back: the last comes first */
	size_t back_n;
	bool resized;  /* in the midst of an escape sequence */
	char seq[32];  /* the last of these, where it is not longer; in full */
	size_t seq_n;
};

static struct terminal *term;

/* How long is waited for what may follow an escape, and for the rest of what surely is a sequence. */
enum { ESCAPE_MS = 25, SEQUENCE_MS = 250 };

/* --- the way out ----------------------------------------------------------- */

/* Only what may be done in a signal handler. */
static void
restore(void)
{
	struct terminal *t = term;
	int flags;

	if (!t)
		return;
	term = NULL;
	/* A terminal that takes nothing any more keeps nobody from ending. */
	flags = fcntl(t->out, F_GETFL);
	fcntl(t->out, F_SETFL, flags | O_NONBLOCK);
	for (size_t done = 0; done < t->restore_n;) {
		ssize_t n = write(t->out, t->restore + done, t->restore_n - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	fcntl(t->out, F_SETFL, flags);
	tcsetattr(t->fd, TCSANOW, &t->modes);
}

static void
on_fatal(int sig)
{
	restore();
	/* The handler was for once; whoever asked for it gets what usually happens. */
	raise(sig);
}

static void
on_interrupt(int sig)
{
	(void)sig;
	if (term)
		term->interrupted = 1;
}

/* A capability without its padding: there is nobody to wait for. */
static void
add_restore(struct terminal *t, const char *name)
{
	char cap[16];
	const char *s;

	snprintf(cap, sizeof cap, "%s", name);
	s = tigetstr(cap);
	if (!s || s == (char *)-1)
		return;
	for (; *s && t->restore_n < sizeof t->restore; s++) {
		if (s[0] == '$' && s[1] == '<' && strchr(s, '>'))
			s = strchr(s, '>');
		else
			t->restore[t->restore_n++] = *s;
	}
}

/* Where a sanitizer watches, crashes are its business, and it tells us before it ends the program. */
extern void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));

/* SIGBUS is not among them: whoever maps files knows what to do with it, and ends with another of these. */
static void
catch_signals(void)
{
	static const int fatal[] = { SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGPIPE, SIGALRM, SIGUSR1,
		SIGUSR2 };
	static char stack[32768];
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction a = { .sa_handler = on_fatal, .sa_flags = SA_RESETHAND | SA_NODEFER | SA_ONSTACK };
	size_t n = sizeof fatal / sizeof *fatal;

	if (__sanitizer_set_death_callback) {
		__sanitizer_set_death_callback(restore);
		n = 4;
	} else {
		sigaltstack(&alt, NULL);
	}
	sigemptyset(&a.sa_mask);
	for (size_t i = 0; i < n; i++)
		sigaction(fatal[i], &a, NULL);
	a.sa_handler = on_interrupt;
	a.sa_flags = 0;
	sigaction(SIGINT, &a, NULL);
}

/* --- looks --------------------------------------------------------------------- */

static void
make_pairs(struct terminal *t)
{
	int most = t->can_color ? (COLORS >= 256 ? 256 : COLORS >= 8 ? 8 : 0) : 0;

	t->colors = most < t->theme.colors ? most : t->theme.colors;
	for (int i = 0; i < 2 * STYLES && t->colors; i++) {
		struct look_now l = theme_look(&t->theme, t->colors, (enum style)(i % STYLES), i >= STYLES);

		init_pair((short)(i + 1), l.fg, l.bg);
	}
}

static attr_t
attributes(unsigned look)
{
	return (look & LOOK_BOLD ? A_BOLD : 0) | (look & LOOK_UNDERLINE ? A_UNDERLINE : 0) |
	       (look & LOOK_REVERSE ? A_REVERSE : 0) | (look & LOOK_DIM ? A_DIM : 0);
}

static void
set_look(const struct terminal *t, const struct cell *cell)
{
	int i = cell->style < STYLES ? cell->style : ST_TEXT;
	struct look_now l = theme_look(&t->theme, t->colors, (enum style)i, cell->on);

	attr_set(attributes(l.attr), (short)(l.fg < 0 && l.bg < 0 ? 0 : (cell->on ? STYLES : 0) + i + 1), NULL);
}

void
term_theme(const struct theme *theme)
{
	term->theme = *theme;
	make_pairs(term);
	term_redraw();
}

/* --- what is pasted ------------------------------------------------------------------ */

/* Codes of our own, beyond those of curses. */
enum { KEY_PASTE = KEY_MAX + 1, KEY_PASTE_END };

static bool
has_capability(const char *name)
{
	char cap[16];
	const char *s;

	snprintf(cap, sizeof cap, "%s", name);
	s = tigetstr(cap);
	return s && s != (char *)-1;
}

/* Terminals with a mouse like that of xterm know this, too, or take no notice. */
static bool
can_tell_pastes(void)
{
	return has_capability("kmous") && define_key("\033[200~", KEY_PASTE) == OK && define_key("\033[201~", KEY_PASTE_END) == OK;
}

static void
tell_pastes(struct terminal *t, bool on)
{
	if (!t->pastes)
		return;
	fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
	fflush(stdout);
}

/* --- start and stop ---------------------------------------------------------------- */

static bool
usable(const char *name, int out, const char **why)
{
	char cup[] = "cup";
	const char *s;
	bool places;
	int err = 0;

	*why = "TERM is not set: the explorer needs to know the terminal";
	if (!name || !*name)
		return false;
	*why = "the terminal named by TERM is not known here; TERM=xterm-256color often does";
	if (setupterm(NULL, out, &err) != OK)
		return false;
	*why = "this terminal can't place the cursor";
	s = tigetstr(cup);
	places = s && s != (char *)-1;
	/* Curses will read it again, for itself. */
	del_curterm(cur_term);
	return places;
}

static FILE *
keyboard(struct terminal *t, const char **why)
{
	if (isatty(STDIN_FILENO)) {
		t->fd = STDIN_FILENO;
		return stdin;
	}
	t->in = fopen("/dev/tty", "r");
	*why = "there is no terminal to read keys from";
	if (t->in)
		t->fd = fileno(t->in);
	return t->in;
}

static void
set_modes(void)
{
	/* Keys come as keys, ^C and ^Z too: neither may end the program. */
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	set_escdelay(ESCAPE_MS);
	leaveok(stdscr, FALSE);
}

static void
discard(struct terminal *t)
{
	if (t->in)
		fclose(t->in);
	free(t);
}

bool
term_start(bool color, const struct theme *theme, const char **why)
{
	struct terminal *t = calloc(1, sizeof *t);
	FILE *in;

	*why = "out of memory";
	if (!t)
		return false;
	t->out = STDOUT_FILENO;
	if (!usable(getenv("TERM"), t->out, why) || !(in = keyboard(t, why))) {
		discard(t);
		return false;
	}
	tcgetattr(t->fd, &t->modes);
	*why = "the terminal can't be used";
	t->screen = newterm(NULL, stdout, in);
	if (!t->screen) {
		discard(t);
		return false;
	}
	set_modes();
	if (color && has_colors() && start_color() == OK) {
		use_default_colors();
		t->can_color = true;
	}
	t->theme = *theme;
	make_pairs(t);
	/* Curses has no capability for it; where there is no mouse, terminals take no notice. */
	t->restore_n = (size_t)snprintf(t->restore, sizeof t->restore, "\033[?1000l\033[?1002l\033[?1006l");
	t->pastes = can_tell_pastes();
	if (t->pastes)
		t->restore_n += (size_t)snprintf(t->restore + t->restore_n, sizeof t->restore - t->restore_n, "\033[?2004l");
	tell_pastes(t, true);
	add_restore(t, "sgr0");
	add_restore(t, "cnorm");
	add_restore(t, "rmkx");
	add_restore(t, "rmcup");
	term = t;
	catch_signals();
	return true;
}

void
term_stop(void)
{
	struct terminal *t = term;

	if (!t)
		return;
	tell_pastes(t, false);
	curs_set(1);
	endwin();
	term = NULL;
	delscreen(t->screen);
	tcsetattr(t->fd, TCSADRAIN, &t->modes);
	discard(t);
}

/* --- pictures -------------------------------------------------------------------------- */

void
term_size(int *h, int *w)
{
	getmaxyx(stdscr, *h, *w);
}

/* A run of cells that look the same; returns how many. */
static int
show_run(const struct canvas *c, int y, int x)
{
	const struct cell *row = c->cells + (ptrdiff_t)y * c->stride;
	wchar_t text[512];
	int n = 0, at = x;

	for (; at < c->w && n < 512 - CELL_CHARS; at++) {
		const struct cell *cell = &row[at];

		if (cell->style != row[x].style || cell->on != row[x].on)
			break;
		for (int i = 0; cell->width && i < CELL_CHARS && cell->ch[i]; i++)
			text[n++] = cell->ch[i];
	}
	set_look(term, &row[x]);
	mvaddnwstr(y, x, text, n);
	return at - x;
}

void
term_show(const struct canvas *c, int y, int x)
{
	int h, w;

	term_size(&h, &w);
	for (int row = 0; row < c->h && row < h; row++)
		for (int col = 0; col < c->w && col < w;)
			col += show_run(c, row, col);
	curs_set(y >= 0);
	if (y >= 0)
		move(y, x);
	else
		move(h - 1, w - 1);
	refresh();
}

void
term_redraw(void)
{
	clearok(stdscr, TRUE);
}

/* --- keys ---------------------------------------------------------------------------------- */

static ui_key
translate(wint_t ch)
{
	static const struct {
		wint_t curses;
		ui_key key;
	} map[] = {
		{ KEY_UP, K_UP },
		{ KEY_DOWN, K_DOWN },
		{ KEY_LEFT, K_LEFT },
		{ KEY_RIGHT, K_RIGHT },
		{ KEY_HOME, K_HOME },
		{ KEY_END, K_END },
		{ KEY_PPAGE, K_PGUP },
		{ KEY_NPAGE, K_PGDN },
		{ KEY_IC, K_INSERT },
		{ KEY_DC, K_DELETE },
		{ KEY_BACKSPACE, K_BACKSPACE },
		{ KEY_ENTER, K_ENTER },
		{ KEY_BTAB, K_BACKTAB },
		{ KEY_MOUSE, K_MOUSE },
		{ KEY_RESIZE, K_RESIZE },
		{ KEY_PASTE, K_PASTE },
		{ KEY_PASTE_END, K_PASTE_END },
	};

	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (map[i].curses == ch)
			return map[i].key;
	if (ch >= KEY_F(1) && ch <= KEY_F(12))
		return K_F1 + (ui_key)(ch - KEY_F(1));
	return K_NONE;
}

static ui_key
plain_key(wint_t ch)
{
	return ch == '\r' || ch == '\n' ? K_ENTER
	       : ch == '\t'             ? K_TAB
	       : ch == 127 || ch == 8   ? K_BACKSPACE
					: (ui_key)ch;
}

/* The next that was typed, within so many milliseconds. */
static bool
take(struct terminal *t, int ms, struct typed *out)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };

	if (t->back_n) {
		*out = t->back[--t->back_n];
		return true;
	}
	for (int again = 0; again < 2; again++) {
		out->got = get_wch(&out->ch);
		if (out->got != ERR)
			return true;
		if (!ms || (poll(&p, 1, ms) <= 0 && errno != EINTR))
			return false;
	}
	return false;
}

static void
put_back(struct terminal *t, struct typed k)
{
	t->back[t->back_n++] = k;
}

/* The next character of a sequence. False: it ends here, with a key or after silence. */
static bool
take_rest(struct terminal *t, wint_t *ch)
{
	struct typed k;

	while (take(t, SEQUENCE_MS, &k)) {
		*ch = k.ch;
		if (k.got == OK)
			return true;
		if (k.ch != KEY_RESIZE) {
			put_back(t, k);
			return false;
		}
		t->resized = true;
	}
	return false;
}

static void
note_char(struct terminal *t, wint_t ch)
{
	if (t->seq_n < sizeof t->seq)
		t->seq[t->seq_n++] = (char)ch;
}

/* CSI: parameters, intermediates and the last character; or as old mice and the keys of consoles have it. */
static void
take_control(struct terminal *t)
{
	wint_t ch;

	for (int n = 0; take_rest(t, &ch); n++) {
		int more = n ? 0 : ch == 'M' ? 3 : ch == '[' ? 1 : 0;

		if (ch < ' ' || ch > '~') {
			put_back(t, (struct typed){ OK, ch });
			return;
		}
		note_char(t, ch);
		if (ch < '@')
			continue;
		while (more-- > 0 && take_rest(t, &ch))
			note_char(t, ch);
		return;
	}
}

/* SS3: one character, before which some terminals say what else was held down. */
static void
take_single(struct terminal *t)
{
	wint_t ch;

	while (take_rest(t, &ch)) {
		note_char(t, ch);
		if ((ch < '0' || ch > '9') && ch != ';')
			return;
	}
}

/* OSC, DCS and their like: up to ST or BEL. ^C, CAN and SUB are ways out. */
static void
skip_string(struct terminal *t)
{
	wint_t ch, next;

	while (take_rest(t, &ch) && ch != '\a' && ch != 0x18 && ch != 0x1a) {
		if (ch == 3) {
			put_back(t, (struct typed){ OK, ch });
			return;
		}
		if (ch != K_ESC)
			continue;
		if (take_rest(t, &next) && next != '\\') {
			put_back(t, (struct typed){ OK, next });
			put_back(t, (struct typed){ OK, ch });
		}
		return;
	}
}

/* Keys that most terminals have in common, whatever TERM says of them. */
static ui_key
common_key(const char *seq)
{
	static const struct {
		const char *seq;
		ui_key key;
	} map[] = {
		{ "[A", K_UP },
		{ "[B", K_DOWN },
		{ "[C", K_RIGHT },
		{ "[D", K_LEFT },
		{ "[F", K_END },
		{ "[H", K_HOME },
		{ "[Z", K_BACKTAB },
		{ "[1~", K_HOME },
		{ "[2~", K_INSERT },
		{ "[3~", K_DELETE },
		{ "[4~", K_END },
		{ "[5~", K_PGUP },
		{ "[6~", K_PGDN },
		{ "OA", K_UP },
		{ "OB", K_DOWN },
		{ "OC", K_RIGHT },
		{ "OD", K_LEFT },
		{ "OF", K_END },
		{ "OH", K_HOME },
		{ "OM", K_ENTER },
	};

	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (!strcmp(map[i].seq, seq + 1))
			return map[i].key;
	return K_SEQUENCE;
}

/*
 * What follows an escape: nothing, a character that was typed with Meta, or a sequence that curses doesn't know. The last
 * is a key of another terminal or an answer to somebody's question; its characters are no commands.
 */
static ui_key
after_escape(struct terminal *t)
{
	struct typed k, next;

	if (!take(t, ESCAPE_MS, &k))
		return K_ESC;
	if (k.got != OK || k.ch == K_ESC) {
		put_back(t, k);
		return K_ESC;
	}
	if (!wcschr(L"[O]P_^X", (wchar_t)k.ch) || !take(t, ESCAPE_MS, &next))
		return K_META | plain_key(k.ch);
	put_back(t, next);
	if (k.ch != '[' && k.ch != 'O') {
		skip_string(t);
		return K_NONE;
	}
	t->seq_n = 0;
	note_char(t, K_ESC);
	note_char(t, k.ch);
	if (k.ch == '[')
		take_control(t);
	else
		take_single(t);
	t->seq[t->seq_n < sizeof t->seq ? t->seq_n : 0] = 0;
	return t->seq[0] ? common_key(t->seq) : K_NONE;
}

const char *
term_sequence(void)
{
	return term->seq;
}

/* False: nothing was typed. K_NONE: nothing that is a key here. */
static bool
ready_key(struct terminal *t, ui_key *key)
{
	struct typed k;

	if (t->resized) {
		t->resized = false;
		*key = K_RESIZE;
		return true;
	}
	if (!take(t, 0, &k))
		return false;
	*key = k.got == KEY_CODE_YES ? translate(k.ch) : plain_key(k.ch);
	if (*key == K_ESC)
		*key = after_escape(t);
	return true;
}

ui_key
term_key(int ms)
{
	int empty = 0;

	for (;;) {
		struct pollfd p = { .fd = term->fd, .events = POLLIN };
		ui_key key;
		int n;

		while (ready_key(term, &key))
			if (key != K_NONE)
				return key;
		if (term->interrupted) {
			term->interrupted = 0;
			return 'C' & K_CTRL;
		}
		n = poll(&p, 1, ms);
		if (n == 0)
			return K_NONE;
		/* Something to read that can't be read, again and again: the terminal is gone. */
		if (n > 0 && (!(p.revents & POLLIN) || ++empty > 8))
			return K_EOF;
		if (n < 0 && errno != EINTR)
			return K_EOF;
	}
}

/* Presses and releases, not clicks: curses would wait to see whether another follows. */
void
term_take_mouse(bool on)
{
	if (on == term->mouse)
		return;
	term->mouse = on;
	mouseinterval(0);
	mousemask(on ? BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED | BUTTON_CTRL : 0, NULL);
}

/* False: it is nothing that matters here. */
static bool
mouse_event(const MEVENT *ev, struct mouse_event *out)
{
	*out = (struct mouse_event){ .y = ev->y, .x = ev->x, .ctrl = (ev->bstate & BUTTON_CTRL) != 0 };
	if (ev->bstate & BUTTON4_PRESSED)
		out->what = MOUSE_WHEEL_UP;
	else if (ev->bstate & BUTTON5_PRESSED)
		out->what = MOUSE_WHEEL_DOWN;
	else if (ev->bstate & BUTTON1_PRESSED)
		out->what = MOUSE_PRESS;
	else if (ev->bstate & BUTTON1_RELEASED)
		out->what = MOUSE_RELEASE;
	else
		return false;
	return true;
}

/* What comes at once is one key of curses, and the last of it comes first. */
size_t
term_mouse(struct mouse_event out[MOUSE_EVENTS])
{
	MEVENT all[MOUSE_EVENTS], ev;
	size_t n = 0, got = 0;

	while (getmouse(&ev) == OK)
		if (got < MOUSE_EVENTS)
			all[got++] = ev;
	while (got-- > 0)
		n += mouse_event(&all[got], &out[n]);
	return n;
}

/*
 * OSC 52, of xterm and most of those like it, which are known by their mouse; others say so in their terminfo. It is no part of the
 * picture: curses, which has written all of that by now, needs to know nothing of it.
 */
bool
term_copy(const char *text, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	if (!has_capability("Ms") && !has_capability("kmous"))
		return false;
	fputs("\033]52;c;", stdout);
	for (size_t i = 0; i < n; i += 3) {
		unsigned bits = 0;

		for (size_t k = i; k < i + 3; k++)
			bits = bits << 8 | (k < n ? (unsigned char)text[k] : 0);
		for (size_t k = 0; k < 4; k++)
			putc(i + k > n ? '=' : digit[bits >> (18 - 6 * k) & 63], stdout);
	}
	putc('\a', stdout);
	return fflush(stdout) == 0;
}

void
term_suspend(void)
{
	struct winsize size;

	tell_pastes(term, false);
	/* The handler of curses leaves the screen and comes back to it. */
	raise(SIGTSTP);
	tell_pastes(term, true);
	if (ioctl(term->out, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	set_modes();
	term_redraw();
}
