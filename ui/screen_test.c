/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real program on a pseudo-terminal, read through a terminal emulator: how it steps, asks, ends, and takes what arrives
 * slowly. What its screens look like is golden_test.c. The trace is named by GT_TRACE or found in testdata.
 */
#include "emulator.h"

#include <ctype.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "gotrace.h"

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

static const struct surroundings utf8 = { .lang = "C.UTF-8" };

static bool
ready(struct tty *t, int rows, int cols, const struct surroundings *s)
{
	if (!tty_possible())
		return false;
	if (!trace_file()) {
		print_message("there is no trace\n");
		return false;
	}
	tty_begin(t, rows, cols, trace_file(), s);
	tty_wait(t, "event 1 of ");
	tty_wait(t, "quit");
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
		char *row = tty_text(t, y, y + 1);

		if (from < 0 && strstr(row, title))
			from = y;
		else if (from >= 0 && y > from && to == t->rows - 1 && strstr(row, "─ details "))
			to = y;
		free(row);
	}
	assert_true(from >= 0);
	text = tty_text(t, from, to);
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
	tty_type(t, key);
	tty_wait(t, want);
}

static long
current_event(struct tty *t)
{
	char *text = tty_text(t, 0, 1), *p = strstr(text, "event ");
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

	if (!ready(&t, rows, cols, &utf8))
		skip();
	tty_type(&t, "/GoCreateSyscall\r");
	tty_wait(&t, "─ GoCreateSyscall requires ");
	tty_wait(&t, "✓ goroutine must not have");
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
	tty_type(&t, "q");
	tty_ended(&t, false, 0);
	tty_free(&t);
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

/* Into a lesson, from one to another, and back to the trace that was open; and without one. */
static void
lessons(void **state)
{
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, &utf8))
		skip();
	tty_type(&t, "10s");
	tty_wait(&t, "event 11 of ");
	tty_type(&t, ":learn callb\r");
	tty_wait(&t, "lesson 8: C calls Go");
	tty_wait(&t, "event 1 of 18");
	tty_type(&t, "d");
	tty_wait(&t, "step 1 of 10");
	tty_type(&t, "a3");
	tty_wait(&t, "event 2 of 18");
	tty_resize(&t, 40, 120);
	tty_wait(&t, "The call has only begun");
	/* Commands in a row go over to the other trace. */
	tty_type(&t, ":theme light; learn 16; lesson 1; w\r");
	tty_wait(&t, "put in GoUnblock g=1 g_seq=1");
	tty_type(&t, "q");
	tty_wait(&t, "What is missing?");
	tty_type(&t, "q");
	tty_wait(&t, "event 11 of ");
	tty_wait(&t, "cgo-callbacks.trace");
	tty_resize(&t, 24, 80);
	tty_type(&t, "s");
	tty_wait(&t, "event 12 of ");
	tty_type(&t, ":learn 2; lesson 3; quit; 20\r");
	tty_wait(&t, "event 20 of ");
	tty_wait(&t, "cgo-callbacks.trace");
	tty_type(&t, ":learn\r");
	tty_wait(&t, "The life of a goroutine");
	tty_type(&t, "jj\r");
	tty_wait(&t, "lesson 3: ");
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
	tty_begin(&t, 24, 80, "learn", &(struct surroundings){ .lang = "C.UTF-8", .shell = "exec \"$0\" learn 2 -c 'lesson 2'" });
	tty_wait(&t, "step 2 of 5");
	tty_type(&t, "q");
	tty_ended(&t, false, 0);
	tty_free(&t);
}

static void
resizes(void **state)
{
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, &utf8))
		skip();
	tty_type(&t, "10s");
	tty_wait(&t, "event 11 of ");
	tty_resize(&t, 60, 200);
	tty_wait(&t, "trace clock");
	tty_resize(&t, 5, 30);
	tty_wait(&t, "too small");
	tty_type(&t, ":12");
	tty_resize(&t, 1, 1);
	tty_calm(&t, 20);
	tty_resize(&t, 5, 30);
	tty_type(&t, "\003");
	tty_wait(&t, "too small");
	tty_resize(&t, 24, 80);
	tty_wait(&t, "event 11 of ");
	/* After the prompt was used, readline must not have frozen the size. */
	tty_type(&t, ":12\r");
	tty_wait(&t, "event 12 of ");
	tty_resize(&t, 30, 100);
	tty_wait(&t, "event 12 of ");
	tty_type(&t, "s");
	tty_wait(&t, "event 13 of ");
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
}

static void
prompts(void **state)
{
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, &utf8))
		skip();
	tty_type(&t, ":mod\tgo1.22-t\t");
	tty_wait(&t, ":model go1.22-tolerant");
	tty_type(&t, "\r");
	tty_wait(&t, "go1.22-tolerant: ");
	tty_type(&t, ":go1.2");
	tty_wait(&t, ":go1.2");
	tty_type(&t, "\003");
	tty_wait(&t, "quit");
	/* Up brings back the last; control-U clears; a backspace on an empty line closes. */
	tty_type(&t, ":\033[A");
	tty_wait(&t, ":model go1.22-tolerant");
	tty_type(&t, "\025\177");
	tty_wait(&t, "quit");
	tty_type(&t, ":\t\t");
	tty_wait(&t, "backward ");
	tty_type(&t, "\033");
	tty_wait(&t, "q quit");
	tty_type(&t, "?");
	tty_wait(&t, "one event forward");
	tty_type(&t, "q:q\r");
	tty_ended(&t, false, 0);
	tty_free(&t);
}

/* Words that may follow are listed in columns; names of files, too. What is pasted is text, whatever it is. */
static void
offers_and_pastes(void **state)
{
	char folder[] = "/tmp/gotrace-files-XXXXXX", path[64], line[100];
	struct tty t;
	FILE *f;

	(void)state;
	if (!ready(&t, 24, 80, &utf8))
		skip();
	tty_type(&t, ":filter \t");
	tty_wait(&t, "ClockSnapshot");
	tty_wait(&t, "GoSyscallEndBlocked");
	tty_wait(&t, "more: type on");
	tty_type(&t, "\003:theme \033[Z");
	tty_wait(&t, ":theme none");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/answer.gt", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("goto 42\n", f);
	fclose(f);
	snprintf(line, sizeof line, "\003:source %.*s\t\t\r", (int)strlen(folder) - 2, folder);
	tty_type(&t, line);
	tty_wait(&t, "event 42 of ");
	unlink(path);
	rmdir(folder);
	tty_type(&t, "\033[200~Q\r\033[201~");
	tty_wait(&t, "type : or / first");
	tty_type(&t, ":\033[200~goto 5\n\tstep\r\033[201~");
	tty_wait(&t, ":goto 5; step;");
	tty_wait(&t, "event 42 of ");
	tty_type(&t, "\r");
	tty_wait(&t, "event 6 of ");
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = 0;
	tty_type(&t, ":find ");
	for (int i = 0; i < 11; i++)
		tty_type(&t, line);
	tty_type(&t, "\r");
	tty_wait(&t, "that line is too long");
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
}

/* Presses and releases that come at once, as over a slow line: each counts, and in order. */
static void
quick_mouse(void **state)
{
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, &utf8))
		skip();
	tty_type(&t, "\033[M h'\033[M#h'");
	tty_wait(&t, "event 5 of ");
	/* The button in the title that splits, and then the line between the two. */
	tty_type(&t, "\033[M k\"\033[M#k\"");
	tty_wait(&t, "┬");
	tty_type(&t, "\033[M I'\033[M#P'");
	tty_wait(&t, " - | + x ┬");
	tty_type(&t, "\033[Ma&&\033[Ma&&\033[Ma&&");
	tty_wait(&t, "     10 23092 ");
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
}

/*
 * Keys of other terminals, and what terminals answer: no character of it is a command, and the key that is typed right
 * after counts; whether the terminal is thought to have that key or not, at once or in pieces.
 */
static void
unknown_sequences(void **state)
{
	static const char *const terms[] = { "screen", "linux", "vt100", "xterm-256color" };
	static const char *const seqs[] = {
		"\033[1;5Q", /* Ctrl-F2 */
		"\033[1;3Q",
		"\033[1;5C", /* Ctrl-Right */
		"\033[113;5u", /* Ctrl-Q, as kitty has it */
		"\033[?1;2c", /* an answer to what the terminal is */
		"\033[24;80R",
		"\033[[Q",
		"\033O5Q", /* Ctrl-F2 of others */
		"\033[<0;10;5M\033[<0;10;5m", /* a mouse */
		"\033]11;rgb:0000/0000/0000\033\\", /* the background */
		"\033]11;rgb:ffff/ffff/ffff\a",
		"\033P1+r436f=323536\033\\", /* a capability */
		"\033P>|FQG 1.0(F)\033\\",
		"\033_Gi=31;OK\033\\",
		"\033^QFG\033\\",
		"\033P>|FQ\033[1;5Q", /* a string that another sequence ends */
	};

	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct tty t;
		long n = 1;

		if (!ready(&t, 24, 80, &(struct surroundings){ .lang = "C.UTF-8", .term = terms[i] }))
			skip();
		for (size_t k = 0; k < sizeof seqs / sizeof *seqs; k++) {
			char keys[64];

			/* There it is the mouse. */
			if (!strcmp(terms[i], "xterm-256color") && strchr(seqs[k], '<'))
				continue;
			snprintf(keys, sizeof keys, "%ss", seqs[k]);
			step_to(&t, keys, ++n);
		}
		/* The longest of all, in two pieces. */
		tty_type(&t, "\033]11;rgb:0000");
		usleep(1000);
		tty_type(&t, "/0000/Q\a");
		step_to(&t, "s", ++n);
		/* Nor is it text; an escape alone still is a key. */
		tty_type(&t, ":goto 1\033]11;rgb:0000/0000/0000\033\\\033[1;5Q2\033[1;5C\r");
		tty_wait(&t, "event 12 of ");
		tty_type(&t, ":goto 3\033");
		tty_wait(&t, "q quit");
		tty_calm(&t, 50);
		step_to(&t, "s", 13);
		/* What most have in common is a key whatever TERM says; and the line at the prompt is for readline to edit. */
		tty_type(&t, "\033[A\033OA");
		tty_wait(&t, "event 11 of ");
		tty_type(&t, ":goto 22\033[D\033OD4\033[1;3Q\r");
		tty_wait(&t, "event 422 of ");
		tty_type(&t, "Q");
		tty_ended(&t, false, 0);
		tty_free(&t);
	}
}

/* One session after the other: what was typed comes back, by Up and by ^R, and where one was; the user's inputrc counts. */
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
	fputs("\"\\C-t\": \"goto 33\"\n\"\\e[1;5Q\": \"goto 21\"\n", f);
	fclose(f);
	for (int session = 0; session < 2; session++) {
		struct surroundings s = { .lang = "C.UTF-8", .state = home, .inputrc = rc };

		/* What there is to say stands where the keys would. */
		if (session == 0 && !ready(&t, 24, 80, &s))
			skip();
		if (session == 1)
			tty_begin(&t, 24, 80, trace_file(), &s);
		if (session == 0) {
			tty_type(&t, ":goto 12\r");
			tty_wait(&t, "event 12 of ");
			tty_type(&t, ":\024\r");
			tty_wait(&t, "event 33 of ");
			tty_type(&t, "/GoCreateSyscall\r");
			tty_wait(&t, "GoCreateSyscall requires");
		} else {
			tty_wait(&t, ":session brings it back");
			tty_type(&t, ":\033[A\033[A");
			tty_wait(&t, ":goto 12");
			tty_type(&t, "\003/\033[A");
			tty_wait(&t, "/GoCreateSyscall");
			tty_type(&t, "\003:\022o 1");
			tty_wait(&t, "(reverse-i-search)`o 1': goto 12");
			tty_type(&t, "\r");
			tty_wait(&t, "event 12 of ");
			tty_type(&t, ":session\r");
			tty_wait(&t, "GoCreateSyscall requires");
			tty_type(&t, ":\033[1;5Q\r");
			tty_wait(&t, "event 21 of ");
		}
		tty_type(&t, "Q");
		tty_ended(&t, false, 0);
		tty_free(&t);
	}
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

/* ^Z, and fg: a shell that can do both has the terminal meanwhile. */
static void
is_suspended(void **state)
{
	static const struct surroundings shell = { .lang = "C.UTF-8",
		.shell = "\"$0\" \"$1\"; echo; echo away; read x; fg >/dev/null" };
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, &shell))
		skip();
	tty_type(&t, "10s");
	tty_wait(&t, "event 11 of ");
	tty_type(&t, "\032");
	tty_wait(&t, "away");
	assert_false(t.alt);
	assert_true(t.cursor);
	tty_resize(&t, 30, 100);
	tty_type(&t, "\r");
	tty_wait(&t, "event 11 of ");
	tty_wait(&t, "quit");
	assert_true(t.alt);
	tty_type(&t, "s");
	tty_wait(&t, "event 12 of ");
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
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
		if (!ready(&t, 24, 80, &utf8))
			skip();
		kill(t.pid, signals[i]);
		tty_ended(&t, true, signals[i]);
		tty_free(&t);
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
	if (!ready(&t, 60, 200, &utf8))
		skip();
	for (int i = 0; i < 40; i++) {
		tty_type(&t, "\f");
		usleep(15000);
	}
	kill(t.pid, SIGTERM);
	for (int i = 0; i < TTY_PATIENCE / 10 && waitpid(t.pid, &status, WNOHANG) == 0; i++)
		usleep(10000);
	if (!status)
		kill(t.pid, SIGKILL);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert_int_equal(tcgetattr(t.fd, &after), 0);
	assert_int_equal(after.c_lflag, t.before.c_lflag);
	tty_free(&t);
}

static void
interrupt_does_not_end_it(void **state)
{
	struct tty t;

	(void)state;
	if (!ready(&t, 24, 80, &utf8))
		skip();
	tty_type(&t, "\003\003");
	kill(t.pid, SIGINT);
	tty_type(&t, "s");
	tty_wait(&t, "event 2 of ");
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
}

static void
in_ascii(void **state)
{
	struct tty t;
	char *text;

	(void)state;
	if (!ready(&t, 24, 80, &(struct surroundings){ .lang = "C" }))
		skip();
	tty_type(&t, "/GoCreateSyscall\r");
	tty_wait(&t, "GoCreateSyscall requires");
	tty_wait(&t, "ok goroutine must not have");
	text = tty_text(&t, 0, t.rows);
	for (const char *p = text; *p; p++)
		assert_true((unsigned char)*p < 0x80);
	free(text);
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
}

/* What :export writes is what stands on the screen, all but its last row, where the command was typed. */
static void
exports_the_screen(void **state)
{
	char dir[] = "/tmp/gotrace-export-XXXXXX", command[96], path[64], *is, *last, *written = calloc(1, 1 << 16);
	struct tty t;
	FILE *f;

	(void)state;
	assert_non_null(written);
	assert_non_null(mkdtemp(dir));
	if (!ready(&t, 40, 120, &utf8))
		skip();
	snprintf(path, sizeof path, "%s/screen.txt", dir);
	/* Nothing changes any more. */
	tty_wait(&t, "valid");
	tty_type(&t, "22gvb");
	tty_wait(&t, "GoSyscallEndBlocked requires");
	tty_calm(&t, 100);
	snprintf(command, sizeof command, ":export %s\r", path);
	tty_type(&t, command);
	tty_wait(&t, "written, as the screen is");
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(written, 1, (1 << 16) - 1, f) > 0);
	fclose(f);
	is = tty_text(&t, 0, t.rows - 1);
	last = written + strlen(is);
	assert_true(strlen(written) >= strlen(is));
	*last = 0;
	assert_string_equal(written, is);
	free(is);
	free(written);
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

/* Base64 without its fill, decoded in its place. */
static void
decode(char *text)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;
	char *to = text;

	assert_int_equal(strlen(text) % 4, 0);
	for (; *text && *text != '='; text++) {
		const char *at = strchr(digit, *text);

		assert_non_null(at);
		bits = bits << 6 | (unsigned)(at - digit);
		have += 6;
		if (have >= 8)
			*to++ = (char)(bits >> (have -= 8));
	}
	*to = 0;
}

/* All of the stack, to the clipboard; the screen stays as it is, but for the message. */
static void
copies_to_the_clipboard(void **state)
{
	struct tty t;
	char *before, *after;

	(void)state;
	if (!ready(&t, 24, 80, &utf8))
		skip();
	tty_wait(&t, "valid");
	tty_type(&t, "/GoCreate \rvs");
	tty_wait(&t, "runtime.traceStartReadCPU");
	tty_calm(&t, 100);
	before = tty_text(&t, 0, t.rows - 1);
	tty_type(&t, "Y");
	tty_wait(&t, "stack: copied to the terminal's clipboard, ");
	after = tty_text(&t, 0, t.rows - 1);
	assert_string_equal(before, after);
	assert_int_equal(t.copies, 1);
	assert_false(t.copying);
	decode(t.copied);
	if (!strstr(t.copied, "stack      ") || !strstr(t.copied, ").startLocked  runtime/trace/subscribe.go:142\n"))
		fail_msg("copied: %s", t.copied);
	free(before);
	free(after);
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
	/* Where there is none, nothing is sent. */
	if (!ready(&t, 24, 80, &(struct surroundings){ .lang = "C.UTF-8", .term = "vt100" }))
		skip();
	tty_type(&t, ":copy stack\r");
	tty_wait(&t, "not known to have a clipboard");
	assert_int_equal(t.copies, 0);
	tty_type(&t, "Q");
	tty_ended(&t, false, 0);
	tty_free(&t);
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
	tty_wait(&s->t, want);
}

static bool
begin_slow(struct slow *s)
{
	int fd[2];

	*s = (struct slow){ .sent = 0 };
	if (!tty_possible())
		return false;
	read_slow(s);
	assert_int_equal(pipe(fd), 0);
	/* The program must not hold open what it reads. */
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	tty_begin(&s->t, 40, 120, "-", &(struct surroundings){ .lang = "C.UTF-8", .fed = true, .feed = fd[0] });
	close(fd[0]);
	s->pipe = fd[1];
	return true;
}

static void
finish_slow(struct slow *s)
{
	close(s->pipe);
	tty_ended(&s->t, false, 0);
	tty_free(&s->t);
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
	tty_wait(&s.t, "waiting for the first generation");
	tty_type(&s.t, "sG?");
	tty_wait(&s.t, "Moving");
	tty_type(&s.t, "?");
	send(&s, s.to[0] - 1);
	tty_wait(&s.t, "event 1 of 0+");
	send(&s, s.to[0]);
	wait_for_event(&s, "event 1 of ", s.events[0], "+");
	tty_wait(&s.t, "more to come");
	tty_type(&s.t, "s");
	tty_wait(&s.t, "event 2 of ");
	tty_type(&s.t, "G");
	wait_for_event(&s, "event ", s.events[0], " of ");
	/* There is nothing behind it yet. */
	tty_type(&s.t, "sss");
	wait_for_event(&s, "event ", s.events[0], " of ");
	tty_type(&s.t, ":999999\r");
	tty_wait(&s.t, "event 999999 has not arrived yet");
	tty_type(&s.t, "S");
	wait_for_event(&s, "event ", s.events[0] - 1, " of ");
	tty_type(&s.t, "F");
	tty_wait(&s.t, "so far, following");
	for (size_t i = 1; i < last; i++) {
		send(&s, s.to[i]);
		wait_for_event(&s, "event ", s.events[i], " of ");
	}
	send(&s, s.n);
	close(s.pipe);
	s.pipe = dup(STDERR_FILENO);
	wait_for_event(&s, "end after event ", s.events[last], " ");
	tty_wait(&s.t, "valid");
	tty_type(&s.t, "g");
	tty_wait(&s.t, "event 1 of ");
	tty_type(&s.t, "Q");
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
		tty_wait(&s.t, before ? "waiting for the first generation" : "more to come");
		tty_type(&s.t, "Q");
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
	tty_wait(&s.t, "invalid");
	tty_type(&s.t, "G");
	tty_wait(&s.t, "error after event ");
	tty_type(&s.t, "Q");
	finish_slow(&s);
}

/* Whether anything on the screen has a colour. */
static bool
is_colored(struct tty *t)
{
	VTermScreenCell cell;

	for (int y = 0; y < t->rows; y++)
		for (int x = 0; x < t->cols; x++) {
			vterm_screen_get_cell(t->screen, (VTermPos){ y, x }, &cell);
			if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
				return true;
		}
	return false;
}

/* NO_COLOR is for those who say nothing else; of several options the last counts. */
static void
colors(void **state)
{
	static const struct {
		bool no_color;
		const char *options;
		bool colored;
	} t[] = {
		{ false, "", true },
		{ true, "", false },
		{ true, "--color", true },
		{ true, "--color=always", true },
		{ true, "--color=auto", false },
		{ false, "--color=auto", true },
		{ false, "--color=never", false },
		{ false, "--no-color", false },
		{ true, "--no-color --color", true },
		{ false, "--color --no-color", false },
	};

	(void)state;
	if (!tty_possible())
		skip();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char begin[80];
		struct tty tty;

		snprintf(begin, sizeof begin, "exec \"$0\" %s \"$1\"", t[i].options);
		tty_begin(&tty, 24, 80, "testdata/traces/cgo-callbacks.trace",
			&(struct surroundings){ .lang = "C.UTF-8", .shell = begin, .no_color = t[i].no_color });
		tty_wait(&tty, "valid");
		tty_calm(&tty, 100);
		if (is_colored(&tty) != t[i].colored)
			fail_msg("%s, NO_COLOR %s: %s", t[i].options, t[i].no_color ? "set" : "unset", t[i].colored ? "no colour" : "colours");
		tty_type(&tty, "Q");
		tty_ended(&tty, false, 0);
		tty_free(&tty);
	}
}

/* Terminals that only write on get what a pipe does, or what commands have to say; and are told why. */
static void
plain_terminals(void **state)
{
	static const struct {
		const char *begin, *says, *lists;
	} t[] = {
		{ "TERM=dumb exec \"$0\" -x 'goto 4' \"$1\"", "(TERM=dumb): not the explorer but its listing", "ProcsChange procs=2" },
		{ "TERM= exec \"$0\" -x 'goto 4' \"$1\"", "TERM is not set: ", "ProcsChange procs=2" },
		{ "unset TERM; exec \"$0\" \"$1\" 2>/dev/null", "", "Sync Time=3603208751681 N=4" },
	};

	(void)state;
	if (!tty_possible())
		skip();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct tty tty;

		tty_begin(&tty, 24, 100, "testdata/traces/cgo-callbacks.trace",
			&(struct surroundings){ .lang = "C.UTF-8", .shell = t[i].begin });
		tty_wait(&tty, t[i].says);
		tty_wait(&tty, t[i].lists);
		tty_ended(&tty, false, 0);
		tty_free(&tty);
	}
}

/* A table on a terminal has a row a line, also where names are long; what goes through a pipe has all of them. */
static void
stats_fit(void **state)
{
	static const struct {
		int cols;
		const char *lang, *shell, *want, *not;
	} t[] = {
		{ 80, "C.UTF-8", "\"$0\" stats \"$1\"; echo; echo ready; read x", "ns  runtime.(*traceA…\n", "traceAdvancer" },
		{ 80, "C", "\"$0\" stats \"$1\"; echo; echo ready; read x", "ns  runtime.(*traceA>\n", "traceAdvancer" },
		{ 120, "C.UTF-8", "\"$0\" stats \"$1\"; echo; echo ready; read x", "runtime.(*traceAdvancerState).start.func1\n", "…" },
		{ 80, "C.UTF-8", "\"$0\" stats \"$1\" | cat; echo; echo ready; read x", "runtime.(*traceAd\nvancerState).start.func1\n", "…" },
	};

	(void)state;
	if (!tty_possible() || access("testdata/traces/mixed.trace", R_OK) != 0) {
		skip();
		return;
	}
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct surroundings s = { .lang = t[i].lang, .shell = t[i].shell };
		struct tty tty;
		char *text;

		tty_begin(&tty, 100, t[i].cols, "testdata/traces/mixed.trace", &s);
		tty_wait(&tty, "ready");
		text = tty_text(&tty, 0, 100);
		if (!strstr(text, t[i].want) || strstr(text, t[i].not ))
			fail_msg("%zu: \"%s\" in:\n%s", i, t[i].want, text);
		free(text);
		tty_type(&tty, "\r");
		tty_free(&tty);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_terminals),
		cmocka_unit_test(colors),
		cmocka_unit_test(over_a_callback_80x24),
		cmocka_unit_test(over_a_callback_200x60),
		cmocka_unit_test(resizes),
		cmocka_unit_test(prompts),
		cmocka_unit_test(offers_and_pastes),
		cmocka_unit_test(quick_mouse),
		cmocka_unit_test(unknown_sequences),
		cmocka_unit_test(remembers),
		cmocka_unit_test(is_suspended),
		cmocka_unit_test(ends_on_signals),
		cmocka_unit_test(ends_where_nobody_reads),
		cmocka_unit_test(interrupt_does_not_end_it),
		cmocka_unit_test(lessons),
		cmocka_unit_test(in_ascii),
		cmocka_unit_test(stats_fit),
		cmocka_unit_test(exports_the_screen),
		cmocka_unit_test(copies_to_the_clipboard),
		cmocka_unit_test(slow_pipe),
		cmocka_unit_test(quits_before_the_end),
		cmocka_unit_test(pipe_that_ends_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
