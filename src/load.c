/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "load.h"

#include "cmd.h"
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- a mapped file that shrinks ------------------------------------------------- */

/*
 * Reading behind the new end raises SIGBUS. The handler puts a page of zeros there: what is decoded from it is a clear
 * error of the format at that place, and all that came before stays usable. Only addresses of the map are mended.
 */
static struct {
	uintptr_t from, to, page;
} guarded;

static void
on_sigbus(int sig, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;

	(void)context;
	if (at >= guarded.from && at < guarded.to) {
		void *page = (void *)(at - at % guarded.page);

		if (mmap(page, guarded.page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page)
			return;
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
guard(const void *p, size_t n)
{
	struct sigaction sa = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO };

	guarded.from = (uintptr_t)p;
	guarded.to = guarded.from + n;
	guarded.page = (uintptr_t)sysconf(_SC_PAGESIZE);
	sigaction(SIGBUS, &sa, NULL);
}

/* --- bytes of a file --------------------------------------------------------------- */

static int
fail(const char *file, const char *what)
{
	complain(file, what);
	return EXIT_UNREADABLE;
}

static int
map_file(struct loaded *l, int fd, size_t n)
{
	l->raw = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
	if (l->raw == MAP_FAILED) {
		l->raw = NULL;
		return fail(l->file, strerror(errno));
	}
	l->nraw = n;
	l->mapped = true;
	guard(l->raw, n);
	return 0;
}

static int
read_pipe(struct loaded *l, int fd)
{
	size_t cap = 0;

	for (;;) {
		ssize_t n;

		if (cap - l->nraw < 1 << 16) {
			void *p = realloc(l->raw, cap = cap ? cap * 2 : 1 << 20);

			if (!p)
				return fail(l->file, "out of memory");
			l->raw = p;
		}
		n = read(fd, (char *)l->raw + l->nraw, cap - l->nraw);
		if (n == 0)
			return 0;
		if (n > 0)
			l->nraw += (size_t)n;
		else if (errno != EINTR)
			return fail(l->file, strerror(errno));
	}
}

static int
read_fd(struct loaded *l, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail(l->file, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fail(l->file, strerror(EISDIR));
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		return map_file(l, fd, (size_t)st.st_size);
	return read_pipe(l, fd);
}

static int
read_file(struct loaded *l)
{
	int fd, status;

	if (strcmp(l->file, "-") == 0) {
		l->file = "standard input";
		return read_fd(l, STDIN_FILENO);
	}
	fd = open(l->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(l->file, strerror(errno));
	status = read_fd(l, fd);
	close(fd);
	return status;
}

/* --- what kind of file it is ----------------------------------------------------------- */

static const char *
skip_line(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl ? nl + 1 : end;
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* The first line that is neither empty nor a comment begins with the header of the text format. */
static bool
looks_like_text(const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end) {
		const char *line = skip_blanks(p, end);

		if (line < end && *line != '\n' && *line != '#')
			return end - line > 10 && memcmp(line, "Trace", 5) == 0 && (line[5] == ' ' || line[5] == '\t');
		p = skip_line(p, end);
	}
	return false;
}

static bool
begins(const char *p, const char *end, const char *word)
{
	return (size_t)(end - p) >= strlen(word) && memcmp(p, word, strlen(word)) == 0;
}

/* Some line is the marker of the first file of a .test. */
static bool
looks_like_test(const char *p, size_t n)
{
	const char *end = p + n;

	if (memchr(p, '\0', n < 512 ? n : 512))
		return false;
	for (; p < end; p = skip_line(p, end))
		if (begins(p, end, "-- expect --"))
			return true;
	return false;
}

static int
mistake(const struct loaded *l, const struct gt_text_error *err)
{
	char text[sizeof(err->text) + 64];

	snprintf(text, sizeof(text), "line %u, column %u: %s", err->line, err->col, err->text);
	return fail(l->file, text);
}

/* Text becomes binary; binary stays where it is. */
static int
convert(struct loaded *l)
{
	const char *p = l->raw;
	struct gt_text_error err;

	if (l->nraw == 0 || begins(p, p + l->nraw, "go 1."))
		return 0;
	l->is_test = looks_like_test(p, l->nraw);
	if (l->is_test) {
		if (!gt_test_read(p, l->nraw, &l->test, &err))
			return mistake(l, &err);
		if (!gt_text_read(l->test.trace.p, l->test.trace.n, &l->made, &err)) {
			err.line += l->test.trace_line - 1;
			return mistake(l, &err);
		}
	} else if (looks_like_text(p, l->nraw) && !gt_text_read(p, l->nraw, &l->made, &err)) {
		return mistake(l, &err);
	}
	return 0;
}

static int
open_trace(struct loaded *l)
{
	struct gt_error err;
	char text[256];
	const void *p = l->made.p ? l->made.p : l->raw;

	l->trace = gt_open(p ? p : "", l->made.p ? l->made.n : l->nraw, &err);
	if (l->trace)
		return 0;
	gt_reason_text(&err.why, text, sizeof(text));
	return fail(l->file, text);
}

int
load(struct loaded *l, const char *file)
{
	int status;

	*l = (struct loaded){ .file = file };
	status = read_file(l);
	if (status == 0)
		status = convert(l);
	if (status == 0)
		status = open_trace(l);
	if (status != 0)
		unload(l);
	return status;
}

void
unload(struct loaded *l)
{
	gt_close(l->trace);
	if (l->mapped)
		munmap(l->raw, l->nraw);
	else
		free(l->raw);
	gt_buf_free(&l->made);
	l->trace = NULL;
	l->raw = NULL;
}
