/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real program on a pseudo-terminal, read through a terminal emulator: what people see is what is checked. The
 * program is named by GT (tests are skipped where that is not set), the trace by GT_TRACE or found in testdata.
 */
#include <ctype.h>
#include <errno.h>
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

static void
child(const char *lang, const char *term, const char *file)
{
	setenv("TERM", term, 1);
	setenv("LC_ALL", lang, 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	setenv("INPUTRC", "/dev/null", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("TZ", "UTC", 1);
	execl(program(), program(), file, (char *)NULL);
	_exit(127);
}

static void
begin(struct tty *t, int rows, int cols, const char *lang, const char *file)
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
		child(lang, "xterm-256color", file);
	}
	close(slave);
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
	begin(t, rows, cols, lang, trace_file());
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

static void
step_to(struct tty *t, const char *key, long n)
{
	char want[64], digits[32];
	int len = snprintf(digits, sizeof digits, "%ld", n), k = snprintf(want, sizeof want, "event ");

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			want[k++] = ',';
		want[k++] = digits[i];
	}
	strcpy(want + k, " of ");
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

static void
ends_on_signals(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGABRT };
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_a_callback_80x24),
		cmocka_unit_test(over_a_callback_200x60),
		cmocka_unit_test(resizes),
		cmocka_unit_test(prompts),
		cmocka_unit_test(ends_on_signals),
		cmocka_unit_test(interrupt_does_not_end_it),
		cmocka_unit_test(in_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
