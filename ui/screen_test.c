/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real program on a pseudo-terminal, read through a terminal emulator: what people see is what is checked. The
 * program is named by GT (tests are skipped where that is not set), the trace by GT_TRACE or found in testdata.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <utmp.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

#include "gotrace.h"

struct tty {
	int fd;
	pid_t pid;
	int rows, cols;
	VTerm *vt;
	VTermScreen *screen;
	struct termios before;
	bool alt, cursor;
	int status;
	bool ended;
};

static const char *
program(void)
{
	const char *gt = getenv("GT");

	return gt && *gt ? gt : NULL;
}

static const char *
trace_file(void)
{
	static const char *const places[] = { "testdata/traces/cgo-callbacks.trace" };
	const char *given = getenv("GT_TRACE");

	for (size_t i = 0; !given && i < sizeof places / sizeof *places; i++)
		if (access(places[i], R_OK) == 0)
			given = places[i];
	return given;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- the emulator ------------------------------------------------------------ */

static int
on_prop(VTermProp prop, VTermValue *val, void *arg)
{
	struct tty *t = arg;

	if (prop == VTERM_PROP_ALTSCREEN)
		t->alt = val->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		t->cursor = val->boolean;
	return 1;
}

static void
emulate(struct tty *t)
{
	static const VTermScreenCallbacks callbacks = { .settermprop = on_prop };

	t->vt = vterm_new(t->rows, t->cols);
	assert_non_null(t->vt);
	vterm_set_utf8(t->vt, 1);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_set_callbacks(t->screen, &callbacks, t);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
	t->cursor = true;
}

/* What a shell is to do; NULL: there is none. */
static const char *in_shell;
/* Nothing can be made below a file. */
static const char *state_home = "/dev/null", *inputrc = "/dev/null";

static void
child(const char *lang, const char *term, const char *file, bool color)
{
	setenv("TERM", term, 1);
	setenv("LC_ALL", lang, 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	if (!color)
		setenv("NO_COLOR", "1", 1);
	setenv("INPUTRC", inputrc, 1);
	setenv("XDG_STATE_HOME", state_home, 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("TZ", "UTC", 1);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* readline keeps what it has to the end */
	if (in_shell)
		execl("/bin/sh", "sh", "-mc", in_shell, program(), file, (char *)NULL);
	execl(program(), program(), file, (char *)NULL);
	_exit(127);
}

/* feed: what standard input is; -1: the terminal. */
static void
begin_fed(struct tty *t, int rows, int cols, const char *lang, const char *file, bool color, int feed)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	int slave;

	*t = (struct tty){ .rows = rows, .cols = cols };
	emulate(t);
	/* The modes are looked at before the program is there. */
	assert_int_equal(openpty(&t->fd, &slave, NULL, NULL, &size), 0);
	assert_int_equal(tcgetattr(slave, &t->before), 0);
	t->pid = fork();
	assert_true(t->pid >= 0);
	if (!t->pid) {
		close(t->fd);
		login_tty(slave);
		if (feed >= 0)
			dup2(feed, STDIN_FILENO);
		/* That of xterm repeats characters by an escape which libvterm gets wrong at the end of a row. */
		child(lang, "screen-256color", file, color);
	}
	close(slave);
}

static void
begin(struct tty *t, int rows, int cols, const char *lang, const char *file, bool color)
{
	begin_fed(t, rows, cols, lang, file, color, -1);
}

/* Takes in what the program wrote within so many milliseconds. */
static void
take(struct tty *t, int ms)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	char buf[16384];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return;
	n = read(t->fd, buf, sizeof buf);
	if (n > 0)
		vterm_input_write(t->vt, buf, (size_t)n);
	if (n <= 0)
		usleep(2000);
}

static char *
text_of(struct tty *t, int from, int to)
{
	size_t cap = (size_t)t->rows * (size_t)(t->cols + 1) * 6 + 1, n = 0;
	char *text = malloc(cap);

	assert_non_null(text);
	for (int y = from; y < to; y++) {
		VTermRect r = { y, y + 1, 0, t->cols };
		size_t got = vterm_screen_get_text(t->screen, text + n, cap - n - 2, r);

		while (got && text[n + got - 1] == ' ')
			got--;
		n += got;
		text[n++] = '\n';
	}
	text[n] = 0;
	return text;
}

static bool
on_screen(struct tty *t, const char *want)
{
	char *text = text_of(t, 0, t->rows);
	bool there = strstr(text, want) != NULL;

	free(text);
	return there;
}

static void
dump_and_fail(struct tty *t, const char *want)
{
	char *text = text_of(t, 0, t->rows);

	fprintf(stderr, "no \"%s\" in:\n%s", want, text);
	kill(t->pid, SIGKILL);
	fail();
}

/* A picture may come in pieces: until nothing more does. */
static void
calm(struct tty *t)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };

	while (poll(&p, 1, 20) > 0)
		take(t, 0);
}

static void
wait_for(struct tty *t, const char *want)
{
	int64_t end = now_ms() + 10000;

	for (calm(t); !on_screen(t, want); calm(t)) {
		if (now_ms() > end)
			dump_and_fail(t, want);
		take(t, 50);
	}
}

static void
type(struct tty *t, const char *keys)
{
	size_t n = strlen(keys);

	assert_int_equal(write(t->fd, keys, n), (ssize_t)n);
}

/* --- the end ----------------------------------------------------------------------- */

/* The program is gone and the terminal as it was. */
static void
ended(struct tty *t, bool by_signal, int code)
{
	int64_t end = now_ms() + 10000;
	int status = 0;
	struct termios after;

	while (waitpid(t->pid, &status, WNOHANG) == 0) {
		if (now_ms() > end)
			dump_and_fail(t, "the end of the program");
		take(t, 10);
	}
	for (int i = 0; i < 5; i++)
		take(t, 20);
	assert_int_equal(tcgetattr(t->fd, &after), 0);
	assert_int_equal(WIFSIGNALED(status), by_signal);
	assert_int_equal(by_signal ? WTERMSIG(status) : WEXITSTATUS(status), code);
	assert_false(t->alt);
	assert_true(t->cursor);
	assert_int_equal(after.c_lflag, t->before.c_lflag);
	assert_int_equal(after.c_iflag, t->before.c_iflag);
	assert_int_equal(after.c_oflag, t->before.c_oflag);
	assert_memory_equal(after.c_cc, t->before.c_cc, sizeof after.c_cc);
}

static void
finish(struct tty *t)
{
	close(t->fd);
	vterm_free(t->vt);
}

/* A system without pseudo-terminals, such as a bare chroot, has nothing to run a screen on. */
static bool
has_terminals(void)
{
	int master, slave;

	if (openpty(&master, &slave, NULL, NULL, NULL) != 0) {
		if (errno != ENODEV && errno != ENOENT)
			return true; /* something else is wrong: let the test say so */
		print_message("there are no pseudo-terminals here: mount devpts on /dev/pts\n");
		return false;
	}
	close(master);
	close(slave);
	return true;
}

static bool
ready(struct tty *t, int rows, int cols, const char *lang)
{
	if (!program() || !trace_file()) {
		print_message("GT names no program, or there is no trace\n");
		return false;
	}
	if (!has_terminals())
		return false;
	begin(t, rows, cols, lang, trace_file(), true);
	wait_for(t, "event 1 of ");
	wait_for(t, "quit");
	return true;
}

/* --- stepping ------------------------------------------------------------------------- */

/* The rows of the context: from its title to the next, or to the end where the two stand side by side. */
static char *
context(struct tty *t, const char *title)
{
	int from = -1, to = t->rows - 1;
	char *text;

	for (int y = 0; y < t->rows; y++) {
		char *row = text_of(t, y, y + 1);

		if (from < 0 && strstr(row, title))
			from = y;
		else if (from >= 0 && y > from && to == t->rows - 1 && strstr(row, "─ details "))
			to = y;
		free(row);
	}
	assert_true(from >= 0);
	text = text_of(t, from, to);
	return text;
}

/* A number as the program prints it: behind n bytes of text. */
static int
with_commas(char *text, int n, uint64_t number)
{
	char digits[32];
	int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			text[n++] = ',';
		text[n++] = digits[i];
	}
	text[n] = 0;
	return n;
}

static void
step_to(struct tty *t, const char *key, long n)
{
	char want[64] = "event ";

	strcpy(want + with_commas(want, 6, (uint64_t)n), " of ");
	type(t, key);
	wait_for(t, want);
}

static long
current_event(struct tty *t)
{
	char *text = text_of(t, 0, 1), *p = strstr(text, "event ");
	long n = 0;

	assert_non_null(p);
	for (p += 6; isdigit((unsigned char)*p) || *p == ','; p++)
		n = *p == ',' ? n : n * 10 + (*p - '0');
	free(text);
	return n;
}

#define CYCLE 400

/* From the first call out of C to its end, and all the way back: the same states. */
static void
over_a_callback(int rows, int cols)
{
	struct tty t;
	char *forth[CYCLE] = { NULL };
	long first, n;

	if (!ready(&t, rows, cols, "C.UTF-8"))
		skip();
	type(&t, "/GoCreateSyscall\r");
	wait_for(&t, "─ GoCreateSyscall requires ");
	wait_for(&t, "✓ goroutine must not have");
	first = n = current_event(&t);
	assert_true(n > 1);
	for (;; n++) {
		assert_true(n - first < CYCLE - 1);
		forth[n - first] = context(&t, "─ context ");
		if (strstr(forth[n - first], "GoDestroySyscall requires"))
			break;
		step_to(&t, "s", n + 1);
	}
	assert_true(n > first);
	for (; n >= first; n--) {
		char *back = context(&t, "─ context ");

		assert_string_equal(back, forth[n - first]);
		free(back);
		free(forth[n - first]);
		if (n > first)
			step_to(&t, "S", n - 1);
	}
	type(&t, "q");
	ended(&t, false, 0);
	finish(&t);
}

static void
over_a_callback_80x24(void **state)
{
	(void)state;
	over_a_callback(24, 80);
}

static void
over_a_callback_200x60(void **state)
{
	(void)state;
	over_a_callback(60, 200);
}

/* --- the rest -------------------------------------------------------------------------- */

static void
resize_to(struct tty *t, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	t->rows = rows;
	t->cols = cols;
	vterm_set_size(t->vt, rows, cols);
	assert_int_equal(ioctl(t->fd, TIOCSWINSZ, &size), 0);
	kill(t->pid, SIGWINCH);
}

static void
resizes(void **state)
{
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, "C.UTF-8"))
		skip();
	type(&t, "10s");
	wait_for(&t, "event 11 of ");
	resize_to(&t, 60, 200);
	wait_for(&t, "trace clock");
	resize_to(&t, 5, 30);
	wait_for(&t, "too small");
	type(&t, ":12");
	resize_to(&t, 1, 1);
	calm(&t);
	resize_to(&t, 5, 30);
	type(&t, "\003");
	wait_for(&t, "too small");
	resize_to(&t, 24, 80);
	wait_for(&t, "event 11 of ");
	/* After the prompt was used, readline must not have frozen the size. */
	type(&t, ":12\r");
	wait_for(&t, "event 12 of ");
	resize_to(&t, 30, 100);
	wait_for(&t, "event 12 of ");
	type(&t, "s");
	wait_for(&t, "event 13 of ");
	type(&t, "Q");
	ended(&t, false, 0);
	finish(&t);
}

static void
prompts(void **state)
{
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, "C.UTF-8"))
		skip();
	type(&t, ":mod\tgo1.22-t\t");
	wait_for(&t, ":model go1.22-tolerant");
	type(&t, "\r");
	wait_for(&t, "go1.22-tolerant: ");
	type(&t, ":go1.2");
	wait_for(&t, ":go1.2");
	type(&t, "\003");
	wait_for(&t, "quit");
	/* Up brings back the last; control-U clears; a backspace on an empty line closes. */
	type(&t, ":\033[A");
	wait_for(&t, ":model go1.22-tolerant");
	type(&t, "\025\177");
	wait_for(&t, "quit");
	type(&t, ":\t\t");
	wait_for(&t, "back  backward");
	type(&t, "\033");
	wait_for(&t, "quit");
	type(&t, "?");
	wait_for(&t, "one event forward");
	type(&t, "q:q\r");
	ended(&t, false, 0);
	finish(&t);
}

/* One session after the other: what was typed comes back, by Up and by ^R; the user's inputrc counts. */
static void
remembers(void **state)
{
	char dir[] = "/tmp/gotrace-state-XXXXXX", home[64], rc[64], command[200];
	struct tty t;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(home, sizeof home, "%s/a/b", dir);
	snprintf(rc, sizeof rc, "%s/inputrc", dir);
	f = fopen(rc, "w");
	assert_non_null(f);
	fputs("\"\\C-t\": \"goto 33\"\n", f);
	fclose(f);
	state_home = home;
	inputrc = rc;
	for (int session = 0; session < 2; session++) {
		if (!ready(&t, 24, 80, "C.UTF-8"))
			skip();
		if (session == 0) {
			type(&t, ":goto 12\r");
			wait_for(&t, "event 12 of ");
			type(&t, ":\024\r");
			wait_for(&t, "event 33 of ");
			type(&t, "/GoCreateSyscall\r");
			wait_for(&t, "GoCreateSyscall requires");
		} else {
			type(&t, ":\033[A\033[A");
			wait_for(&t, ":goto 12");
			type(&t, "\003/\033[A");
			wait_for(&t, "/GoCreateSyscall");
			type(&t, "\003:\022o 1");
			wait_for(&t, "(reverse-i-search)`o 1': goto 12");
			type(&t, "\r");
			wait_for(&t, "event 12 of ");
		}
		type(&t, "Q");
		ended(&t, false, 0);
		finish(&t);
	}
	state_home = inputrc = "/dev/null";
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

/* ^Z, and fg: a shell that can do both has the terminal meanwhile. */
static void
is_suspended(void **state)
{
	struct tty t;

	(void)state;
	in_shell = "\"$0\" \"$1\"; echo; echo away; read x; fg >/dev/null";
	if (!ready(&t, 24, 80, "C.UTF-8")) {
		in_shell = NULL;
		skip();
	}
	in_shell = NULL;
	type(&t, "10s");
	wait_for(&t, "event 11 of ");
	type(&t, "\032");
	wait_for(&t, "away");
	assert_false(t.alt);
	assert_true(t.cursor);
	resize_to(&t, 30, 100);
	type(&t, "\r");
	wait_for(&t, "event 11 of ");
	wait_for(&t, "quit");
	assert_true(t.alt);
	type(&t, "s");
	wait_for(&t, "event 12 of ");
	type(&t, "Q");
	ended(&t, false, 0);
	finish(&t);
}

/* Sanitizers have ways of their own to end a program that crashes. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static void
ends_on_signals(void **state)
{
#ifdef SANITIZED
	static const int signals[] = { SIGTERM, SIGHUP };
#else
	static const int signals[] = { SIGTERM, SIGHUP, SIGABRT, SIGSEGV };
#endif
	struct tty t;

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		if (!ready(&t, 24, 80, "C.UTF-8"))
			skip();
		kill(t.pid, signals[i]);
		ended(&t, true, signals[i]);
		finish(&t);
	}
}

/* A line that has gone dead: nothing takes what is written any more. */
static void
ends_where_nobody_reads(void **state)
{
	struct termios after;
	struct tty t;
	int status = 0;

	(void)state;
	if (!ready(&t, 60, 200, "C.UTF-8"))
		skip();
	for (int i = 0; i < 40; i++) {
		type(&t, "\f");
		usleep(15000);
	}
	kill(t.pid, SIGTERM);
	for (int i = 0; i < 300 && waitpid(t.pid, &status, WNOHANG) == 0; i++)
		usleep(10000);
	if (!status)
		kill(t.pid, SIGKILL);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert_int_equal(tcgetattr(t.fd, &after), 0);
	assert_int_equal(after.c_lflag, t.before.c_lflag);
	finish(&t);
}

static void
interrupt_does_not_end_it(void **state)
{
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, "C.UTF-8"))
		skip();
	type(&t, "\003\003");
	kill(t.pid, SIGINT);
	type(&t, "s");
	wait_for(&t, "event 2 of ");
	type(&t, "Q");
	ended(&t, false, 0);
	finish(&t);
}

static void
in_ascii(void **state)
{
	struct tty t;
	char *text;

	(void)state;
	if (!ready(&t, 24, 80, "C"))
		skip();
	type(&t, "/GoCreateSyscall\r");
	wait_for(&t, "GoCreateSyscall requires");
	wait_for(&t, "ok goroutine must not have");
	text = text_of(&t, 0, t.rows);
	for (const char *p = text; *p; p++)
		assert_true((unsigned char)*p < 0x80);
	free(text);
	type(&t, "Q");
	ended(&t, false, 0);
	finish(&t);
}

/* --- screens as they are ------------------------------------------------------------------ */

/*
 * Pictures in testdata/screens, each of a terminal after some keys; with colours, what is not plain is told below each row:
 * from which column on, the colours and b(old), u(nderlined), r(everse). UPDATE_SCREENS=1 writes them anew.
 */
static const struct screen {
	const char *name, *trace, *keys;
	int rows, cols;
	const char *lang;
	bool color;
} screens[] = {
	{ "list-80x24", "traces/mixed.trace", "2461g", 24, 80, "C.UTF-8", false },
	{ "list-80x24-ascii", "traces/mixed.trace", "2461g", 24, 80, "C", false },
	{ "list-80x24-color", "traces/mixed.trace", "2461g", 24, 80, "C.UTF-8", true },
	{ "list-80x24-ascii-color", "traces/mixed.trace", "2461g", 24, 80, "C", true },
	{ "list-120x40", "traces/mixed.trace", "2461g", 40, 120, "C.UTF-8", false },
	{ "list-120x40-ascii", "traces/mixed.trace", "2461g", 40, 120, "C", false },
	{ "list-120x40-color", "traces/mixed.trace", "2461g", 40, 120, "C.UTF-8", true },
	{ "list-120x40-ascii-color", "traces/mixed.trace", "2461g", 40, 120, "C", true },
	{ "list-200x60", "traces/mixed.trace", "2461g", 60, 200, "C.UTF-8", false },
	{ "list-200x60-ascii", "traces/mixed.trace", "2461g", 60, 200, "C", false },
	{ "list-200x60-color", "traces/mixed.trace", "2461g", 60, 200, "C.UTF-8", true },
	{ "list-200x60-ascii-color", "traces/mixed.trace", "2461g", 60, 200, "C", true },
	{ "timeline-80x24", "traces/mixed.trace", "2461gmat--10l", 24, 80, "C.UTF-8", false },
	{ "timeline-80x24-ascii", "traces/mixed.trace", "2461gmat--10l", 24, 80, "C", false },
	{ "timeline-by-g-120x40-color", "traces/mixed.trace", "2461gttt0\\", 40, 120, "C.UTF-8", true },
	{ "timeline-by-m-120x40", "traces/mixed.trace", "2461gtt0", 40, 120, "C.UTF-8", false },
	{ "goroutines-80x24", "traces/mixed.trace", "2461goj", 24, 80, "C.UTF-8", false },
	{ "goroutines-120x40-color", "traces/mixed.trace", "2461goj>>", 40, 120, "C.UTF-8", true },
	{ "tasks-120x40", "traces/mixed.trace", "2461gooo", 40, 120, "C.UTF-8", false },
	{ "all-panes-200x60", "traces/mixed.trace", "2461gvsvbvfvrve", 60, 200, "C.UTF-8", false },
	{ "bytes-80x24-color", "traces/mixed.trace", "2461gvbl", 24, 80, "C.UTF-8", true },
	{ "columns-120x40", "traces/mixed.trace", "2461g:columns number wall\rT:columns num ti ev fu off\r", 40, 120, "C.UTF-8", false },
	{ "callback-80x24", "traces/cgo-callbacks.trace", "22g", 24, 80, "C.UTF-8", false },
	{ "broken-80x24-color", "bad/flipped-bit.trace", "G", 24, 80, "C.UTF-8", true },
	{ "broken-120x40-ascii", "bad/flipped-bit.trace", "Gvb", 40, 120, "C", false },
	{ "old-80x24", "traces/old-go1.21.trace", "20g", 24, 80, "C.UTF-8", false },
	{ "help-80x24", "traces/mixed.trace", ":help ProcSteal\r", 24, 80, "C.UTF-8", false },
};

static void
put_color(char *text, size_t cap, const char *what, const VTermColor *c)
{
	size_t n = strlen(text);

	if (VTERM_COLOR_IS_INDEXED(c))
		snprintf(text + n, cap - n, "%s%d", what, c->indexed.idx);
	else if (!VTERM_COLOR_IS_DEFAULT_FG(c) && !VTERM_COLOR_IS_DEFAULT_BG(c))
		snprintf(text + n, cap - n, "%s#%02x%02x%02x", what, c->rgb.red, c->rgb.green, c->rgb.blue);
}

/* How the cells of a row look, where that changes. */
static void
looks_of(struct tty *t, int y, FILE *f)
{
	char last[64] = "";

	for (int x = 0; x < t->cols; x++) {
		VTermScreenCell cell;
		char look[64] = "";

		vterm_screen_get_cell(t->screen, (VTermPos){ y, x }, &cell);
		if (cell.width == 0)
			continue;
		put_color(look, sizeof look, "", &cell.fg);
		put_color(look, sizeof look, "/", &cell.bg);
		strcat(look, cell.attrs.bold ? "b" : "");
		strcat(look, cell.attrs.underline ? "u" : "");
		strcat(look, cell.attrs.reverse ? "r" : "");
		if (strcmp(look, last) != 0)
			fprintf(f, " %d:%s", x, *look ? look : "-");
		strcpy(last, look);
	}
	fputc('\n', f);
}

static char *
screen_text(struct tty *t, bool color)
{
	char *out = NULL;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	assert_non_null(f);
	for (int y = 0; y < t->rows; y++) {
		char *row = text_of(t, y, y + 1);

		fputs(row, f);
		free(row);
		if (color)
			looks_of(t, y, f);
	}
	fclose(f);
	return out;
}

static char *
golden(const char *path)
{
	char *text = calloc(1, 1 << 18);
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, (1 << 18) - 1, f) : 0;

	if (f)
		fclose(f);
	text[n] = 0;
	return text;
}

/* A picture may come in pieces, and be of half the work: it has some seconds to become what it must be. */
static void
compare(struct tty *t, const struct screen *s)
{
	char path[128], *is = NULL, *must;
	int64_t end = now_ms() + 10000;
	FILE *f;

	snprintf(path, sizeof path, "testdata/screens/%s.txt", s->name);
	must = golden(path);
	for (;;) {
		calm(t);
		free(is);
		is = screen_text(t, s->color);
		if (!strcmp(is, must) || getenv("UPDATE_SCREENS") || now_ms() > end)
			break;
		take(t, 50);
	}
	if (getenv("UPDATE_SCREENS")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(is, f);
		fclose(f);
	} else if (strcmp(is, must) != 0) {
		fprintf(stderr, "%s is not as in %s (make screens makes them anew):\n%s", s->name, path, is);
		kill(t->pid, SIGKILL);
		fail();
	}
	free(is);
	free(must);
}

static void
golden_screens(void **state)
{
	(void)state;
	if (!program() || access("testdata/screens", R_OK) != 0 || !has_terminals())
		skip();
	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
		const struct screen *s = &screens[i];
		char trace[64];
		struct tty t;

		snprintf(trace, sizeof trace, "testdata/%s", s->trace);
		begin(&t, s->rows, s->cols, s->lang, trace, s->color);
		wait_for(&t, "valid");
		wait_for(&t, "quit");
		type(&t, s->keys);
		if (getenv("UPDATE_SCREENS"))
			usleep(400000);
		compare(&t, s);
		type(&t, "\003Q");
		ended(&t, false, 0);
		finish(&t);
	}
}

/* --- what arrives slowly -------------------------------------------------------------------- */

#define MOST_GENS 16

/* A trace, where its generations end, and how many events there are up to there. */
struct slow {
	uint8_t *bytes;
	size_t n, sent, gens;
	size_t to[MOST_GENS];
	uint64_t events[MOST_GENS];
	struct tty t;
	int pipe;
};

static void
read_slow(struct slow *s)
{
	FILE *f = fopen("testdata/traces/mixed.trace", "rb");
	const struct gt_gen_place *p;
	struct gt_model model;
	struct gt_error err;
	struct gt_trace *t;
	struct gt_nav *v;
	double done;
	bool all;

	assert_non_null(f);
	s->bytes = malloc(1 << 20);
	s->n = fread(s->bytes, 1, 1 << 20, f);
	fclose(f);
	t = gt_open(s->bytes, s->n, &err);
	gt_model_get(&model, GT_MODEL_DEFAULT);
	v = gt_nav_new(t, &model, 1 << 20);
	while (gt_nav_index(v, 10000, &done, NULL))
		;
	p = gt_nav_gens(v, &s->gens, &all);
	assert_true(all && s->gens >= 2 && s->gens <= MOST_GENS && gt_version(t) >= 26);
	for (size_t i = 0; i < s->gens; i++) {
		s->to[i] = (size_t)p[i].to;
		s->events[i] = i + 1 < s->gens ? p[i + 1].first - 1 : gt_nav_known(v, &all);
	}
	gt_nav_free(v);
	gt_close(t);
}

/* As far as that byte. */
static void
send(struct slow *s, size_t to)
{
	assert_true(write(s->pipe, s->bytes + s->sent, to - s->sent) == (ssize_t)(to - s->sent));
	s->sent = to;
}

static void
wait_for_event(struct slow *s, const char *before, uint64_t n, const char *behind)
{
	char want[96];
	int at = snprintf(want, sizeof want, "%s", before);

	at = with_commas(want, at, n);
	snprintf(want + at, sizeof want - (size_t)at, "%s", behind);
	wait_for(&s->t, want);
}

static bool
begin_slow(struct slow *s)
{
	int fd[2];

	*s = (struct slow){ .sent = 0 };
	if (!program() || !has_terminals())
		return false;
	read_slow(s);
	assert_int_equal(pipe(fd), 0);
	/* The program must not hold open what it reads. */
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	begin_fed(&s->t, 40, 120, "C.UTF-8", "-", true, fd[0]);
	close(fd[0]);
	s->pipe = fd[1];
	return true;
}

static void
finish_slow(struct slow *s)
{
	close(s->pipe);
	ended(&s->t, false, 0);
	finish(&s->t);
	free(s->bytes);
}

/* Keys come from the terminal while the trace comes through a pipe, one generation after the other. */
static void
slow_pipe(void **state)
{
	struct slow s;
	size_t last;

	(void)state;
	if (!begin_slow(&s))
		skip();
	last = s.gens - 1;
	send(&s, 30);
	wait_for(&s.t, "waiting for the first generation");
	type(&s.t, "sG?");
	wait_for(&s.t, "Moving");
	type(&s.t, "?");
	send(&s, s.to[0] - 1);
	wait_for(&s.t, "event 1 of 0+");
	send(&s, s.to[0]);
	wait_for_event(&s, "event 1 of ", s.events[0], "+");
	wait_for(&s.t, "more to come");
	type(&s.t, "s");
	wait_for(&s.t, "event 2 of ");
	type(&s.t, "G");
	wait_for_event(&s, "event ", s.events[0], " of ");
	/* There is nothing behind it yet. */
	type(&s.t, "sss");
	wait_for_event(&s, "event ", s.events[0], " of ");
	type(&s.t, ":999999\r");
	wait_for(&s.t, "event 999999 has not arrived yet");
	type(&s.t, "S");
	wait_for_event(&s, "event ", s.events[0] - 1, " of ");
	type(&s.t, "F");
	wait_for(&s.t, "so far, following");
	for (size_t i = 1; i < last; i++) {
		send(&s, s.to[i]);
		wait_for_event(&s, "event ", s.events[i], " of ");
	}
	send(&s, s.n);
	close(s.pipe);
	s.pipe = dup(STDERR_FILENO);
	wait_for_event(&s, "end after event ", s.events[last], " ");
	wait_for(&s.t, "valid");
	type(&s.t, "g");
	wait_for(&s.t, "event 1 of ");
	type(&s.t, "Q");
	finish_slow(&s);
}

/* Whoever writes it may hang, or go on for ever: quitting does not wait. */
static void
quits_before_the_end(void **state)
{
	struct slow s;

	(void)state;
	for (int before = 0; before < 2; before++) {
		if (!begin_slow(&s))
			skip();
		send(&s, before ? 20 : s.to[0] + 100);
		wait_for(&s.t, before ? "waiting for the first generation" : "more to come");
		type(&s.t, "Q");
		finish_slow(&s);
	}
}

/* A stream that ends early is as a file that does. */
static void
pipe_that_ends_early(void **state)
{
	struct slow s;

	(void)state;
	if (!begin_slow(&s))
		skip();
	send(&s, s.to[0] + (s.to[1] - s.to[0]) / 2);
	wait_for_event(&s, "event 1 of ", s.events[0], "+");
	close(s.pipe);
	s.pipe = dup(STDERR_FILENO);
	wait_for(&s.t, "invalid");
	type(&s.t, "G");
	wait_for(&s.t, "error after event ");
	type(&s.t, "Q");
	finish_slow(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_a_callback_80x24),
		cmocka_unit_test(over_a_callback_200x60),
		cmocka_unit_test(resizes),
		cmocka_unit_test(prompts),
		cmocka_unit_test(remembers),
		cmocka_unit_test(is_suspended),
		cmocka_unit_test(ends_on_signals),
		cmocka_unit_test(ends_where_nobody_reads),
		cmocka_unit_test(interrupt_does_not_end_it),
		cmocka_unit_test(in_ascii),
		cmocka_unit_test(golden_screens),
		cmocka_unit_test(slow_pipe),
		cmocka_unit_test(quits_before_the_end),
		cmocka_unit_test(pipe_that_ends_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
