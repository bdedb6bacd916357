/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See emulator.h. */
#include "emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

const char *
tty_program(void)
{
	const char *gt = getenv("GT");

	return gt && *gt ? gt : NULL;
}

int64_t
tty_now(void)
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
child(const char *file, const struct surroundings *s)
{
	/* Nothing can be made below a file. */
	static const char nowhere[] = "/dev/null";

	/* That of xterm repeats characters by an escape which libvterm gets wrong at the end of a row. */
	setenv("TERM", s->term ? s->term : "screen-256color", 1);
	setenv("LC_ALL", s->lang, 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	if (s->no_color)
		setenv("NO_COLOR", "1", 1);
	setenv("INPUTRC", s->inputrc ? s->inputrc : nowhere, 1);
	setenv("XDG_STATE_HOME", s->state ? s->state : nowhere, 1);
	setenv("XDG_CONFIG_HOME", s->config ? s->config : nowhere, 1);
	setenv("XDG_CACHE_HOME", nowhere, 1);
	setenv("TZ", "UTC", 1);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* readline keeps what it has to the end */
	if (s->shell)
		execl("/bin/sh", "sh", "-mc", s->shell, tty_program(), file, (char *)NULL);
	execl(tty_program(), tty_program(), file, (char *)NULL);
	_exit(127);
}

void
tty_begin(struct tty *t, int rows, int cols, const char *file, const struct surroundings *s)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	int slave;

	*t = (struct tty){ .rows = rows, .cols = cols };
	emulate(t);
	/* The modes are looked at before the program is there. */
	assert_int_equal(openpty(&t->fd, &slave, NULL, NULL, &size), 0);
	assert_int_equal(tcgetattr(slave, &t->before), 0);
	assert_int_equal(fcntl(t->fd, F_SETFD, FD_CLOEXEC), 0);
	t->pid = fork();
	assert_true(t->pid >= 0);
	if (!t->pid) {
		login_tty(slave);
		if (s->fed)
			dup2(s->feed, STDIN_FILENO);
		child(file, s);
	}
	close(slave);
}

/* libvterm takes no notice of a clipboard. */
static void
note_copied(struct tty *t, const char *bytes, size_t n)
{
	static const char begin[] = "\033]52;c;";

	for (size_t i = 0; i < n; i++) {
		if (t->copying && bytes[i] == '\a') {
			t->copying = false;
		} else if (t->copying) {
			assert_true(t->copied_n + 1 < sizeof t->copied);
			t->copied[t->copied_n++] = bytes[i];
			t->copied[t->copied_n] = 0;
			continue;
		}
		t->begun = bytes[i] == begin[t->begun] ? t->begun + 1 : bytes[i] == begin[0];
		if (begin[t->begun])
			continue;
		t->copying = true;
		t->begun = t->copied_n = 0;
		t->copies++;
	}
}

bool
tty_take(struct tty *t, int ms)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	char buf[16384];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return true;
	n = read(t->fd, buf, sizeof buf);
	if (n > 0) {
		note_copied(t, buf, (size_t)n);
		vterm_input_write(t->vt, buf, (size_t)n);
	}
	return n > 0;
}

char *
tty_text(struct tty *t, int from, int to)
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
	char *text = tty_text(t, 0, t->rows);
	bool there = strstr(text, want) != NULL;

	free(text);
	return there;
}

void
tty_fail(struct tty *t, const char *want)
{
	char *text = tty_text(t, 0, t->rows);

	fprintf(stderr, "no \"%s\" in:\n%s", want, text);
	kill(t->pid, SIGKILL);
	fail();
}

void
tty_calm(struct tty *t, int ms)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };

	while (poll(&p, 1, ms) > 0 && tty_take(t, 0))
		;
}

void
tty_wait(struct tty *t, const char *want)
{
	int64_t end = tty_now() + TTY_PATIENCE;

	for (tty_calm(t, 20); !on_screen(t, want); tty_calm(t, 20)) {
		if (tty_now() > end)
			tty_fail(t, want);
		if (!tty_take(t, 50))
			usleep(1000);
	}
}

void
tty_type(struct tty *t, const char *keys)
{
	size_t n = strlen(keys);

	assert_int_equal(write(t->fd, keys, n), (ssize_t)n);
}

/* --- the end ----------------------------------------------------------------------- */

void
tty_ended(struct tty *t, bool by_signal, int code)
{
	int64_t end = tty_now() + TTY_PATIENCE;
	int status = 0;
	struct termios after;

	while (waitpid(t->pid, &status, WNOHANG) == 0) {
		if (tty_now() > end)
			tty_fail(t, "the end of the program");
		if (!tty_take(t, 10))
			usleep(1000);
	}
	while ((t->alt || !t->cursor) && tty_now() < end && tty_take(t, 20))
		;
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

void
tty_free(struct tty *t)
{
	close(t->fd);
	vterm_free(t->vt);
}

void
tty_resize(struct tty *t, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	t->rows = rows;
	t->cols = cols;
	vterm_set_size(t->vt, rows, cols);
	assert_int_equal(ioctl(t->fd, TIOCSWINSZ, &size), 0);
	kill(t->pid, SIGWINCH);
}

/* A bare chroot has none. */
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

bool
tty_possible(void)
{
	if (tty_program())
		return has_terminals();
	print_message("GT names no program\n");
	return false;
}
