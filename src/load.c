/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "load.h"

#include "cmd.h"
#include "kind.h"
#include "out.h"
#include "unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of a pipe that must tell whether it may be a trace. */
enum { ENOUGH_TO_SEE = 1 << 20 };

/* --- a mapped file that shrinks ------------------------------------------------- */

/*
 * Reading behind the new end raises SIGBUS. The handler puts a page of zeros there: what is decoded from it is a clear
 * error of the format at that place, and all that came before stays usable. Only addresses of the map are mended.
 */
static struct {
	uintptr_t from, to, page;
	volatile sig_atomic_t hit; /* it has happened */
} guarded;

static void
on_sigbus(int sig, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;

	(void)context;
	if (at >= guarded.from && at < guarded.to) {
		void *page = (void *)(at - at % guarded.page);

		if (mmap(page, guarded.page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page) {
			guarded.hit = 1;
			return;
		}
	}
	/* Not of the map: a fault like any other, for which the terminal has its own handler. */
	signal(sig, SIG_DFL);
	raise(SIGSEGV);
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

/* --- what the first bytes tell --------------------------------------------------------- */

static const char *
skip_line(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl ? nl + 1 : end;
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

/* --- bytes of a file --------------------------------------------------------------- */

static int
fail(struct loaded *l, const char *what)
{
	snprintf(l->why, sizeof(l->why), "%s", what);
	complain(l->file, what);
	return EXIT_UNREADABLE;
}

static int
map_file(struct loaded *l, int fd, size_t n)
{
	l->raw = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
	if (l->raw == MAP_FAILED) {
		l->raw = NULL;
		return fail(l, strerror(errno));
	}
	l->nraw = n;
	l->mapped = true;
	guard(l->raw, n);
	return 0;
}

static void
drop_raw(struct loaded *l)
{
	if (l->mapped) {
		guarded.to = guarded.from;
		munmap(l->raw, l->nraw);
	} else {
		free(l->raw);
	}
	l->raw = NULL;
	l->nraw = 0;
	l->mapped = false;
}

/*
 * Whether what a pipe has given so far may yet become a trace. It need not end: what is none must not be read until memory
 * is full.
 */
static bool
is_hopeful(const char *p, size_t n)
{
	if (n < ENOUGH_TO_SEE || begins(p, p + n, "go 1.") || packing_of(p, n) != PACKED_NOT)
		return true;
	return !memchr(p, '\0', ENOUGH_TO_SEE) && (gt_text_begins(p, n) || looks_like_test(p, n));
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
				return fail(l, "out of memory");
			l->raw = p;
		}
		n = read(fd, (char *)l->raw + l->nraw, cap - l->nraw);
		if (n > 0)
			l->nraw += (size_t)n;
		if (n == 0 || (l->nraw < 2 * ENOUGH_TO_SEE && !is_hopeful(l->raw, l->nraw)))
			return 0;
		if (n < 0 && errno != EINTR)
			return fail(l, strerror(errno));
	}
}

static int
read_fd(struct loaded *l, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail(l, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fail(l, strerror(EISDIR));
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
		return fail(l, strerror(errno));
	status = read_fd(l, fd);
	close(fd);
	return status;
}

/* --- packed files ----------------------------------------------------------------------- */

/* What is to be said of packed data; how much they gave, with what became of the rest. */
static void
note(struct loaded *l, const char *what)
{
	snprintf(l->note, sizeof(l->note), "the %s data %s: this is what could be unpacked, %zu bytes",
		packing_name((enum packing)l->packing), what, l->nraw);
}

static void
say_note(struct loaded *l)
{
	if (l->note[0])
		complain(l->file, l->note);
	l->note[0] = '\0';
}

static int
too_much(struct loaded *l, size_t packed)
{
	char text[192];

	snprintf(text, sizeof(text), "the %s data unpack to far more than a trace would: %zu bytes to over %zu MiB, and over %d "
		"times as much", packing_name((enum packing)l->packing), packed,
		(packed > UNPACK_FREE / UNPACK_RATIO ? packed * UNPACK_RATIO : UNPACK_FREE) >> 20, UNPACK_RATIO);
	return fail(l, text);
}

/* Unpacked data take the place of packed ones. */
static int
unpack_raw(struct loaded *l)
{
	struct unpack_out out;
	size_t packed = l->nraw;
	enum unpacked got;

	l->packing = (int)packing_of(l->raw, l->nraw);
	if (l->packing == PACKED_NOT)
		return 0;
	got = unpack((enum packing)l->packing, l->raw, l->nraw, &out, kind_may_be_trace);
	drop_raw(l);
	l->raw = out.p;
	l->nraw = out.n;
	switch (got) {
	case UNPACKED_CUT:
		note(l, "end early");
		break;
	case UNPACKED_DAMAGED:
		note(l, "are damaged");
		break;
	case UNPACKED_TAIL:
		snprintf(l->note, sizeof(l->note), "something else follows the %s data, and is left out",
			packing_name((enum packing)l->packing));
		break;
	case UNPACKED_TOO_MUCH:
		return too_much(l, packed);
	case UNPACKED_NO_MEMORY:
		return fail(l, "out of memory");
	case UNPACKED:
	case UNPACKED_UNWANTED:
		break;
	}
	return 0;
}

/* --- what kind of file it is ----------------------------------------------------------- */

static int
mistake(struct loaded *l, const struct gt_text_error *err)
{
	char text[sizeof(err->text) + 64];

	snprintf(text, sizeof(text), "line %u, column %u: %s", err->line, err->col, err->text);
	return fail(l, text);
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
	l->is_text = l->is_test || gt_text_begins(p, l->nraw);
	if (l->is_test) {
		if (!gt_test_read(p, l->nraw, &l->test, &err))
			return mistake(l, &err);
		if (!gt_text_read(l->test.trace.p, l->test.trace.n, &l->made, &err)) {
			err.line += l->test.trace_line - 1;
			return mistake(l, &err);
		}
	} else if (l->is_text && !gt_text_read(p, l->nraw, &l->made, &err)) {
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
	l->code = err.why.code;
	fail(l, text);
	if (load_hint(l, &err, l->hint, sizeof(l->hint)))
		complain(l->file, l->hint);
	return EXIT_UNREADABLE;
}

/* --- what a file tells of an error ------------------------------------------------------ */

static bool
is_whole(const uint8_t *p, size_t n)
{
	struct gt_error err;
	struct gt_model model;
	struct gt_trace *t = gt_open(p, n, &err);
	struct gt_reader *r;
	enum gt_got got = GT_BROKEN;

	if (!t)
		return false;
	gt_model_get(&model, GT_MODEL_DEFAULT);
	r = gt_reader_new(t, &model);
	if (r)
		got = gt_skip(r, UINT64_MAX);
	gt_reader_free(r);
	gt_close(t);
	return got == GT_END;
}

/*
 * Where something stands between batches: is it another trace? Before Go 1.22 its header is taken for events, of which one
 * of the first is wrong.
 */
static bool
second_trace(const struct loaded *l, const struct gt_error *err, char *buf, size_t cap)
{
	size_t n, off = (size_t)err->place.offset, back = gt_version(l->trace) < 22 ? 16 : 0;
	const uint8_t *p = gt_bytes(l->trace, &n);

	if (err->place.offset < 0 || off >= n)
		return false;
	for (; back > 0 && off > 16 && !kind_is_trace((const char *)p + off, n - off); back--)
		off--;
	if (!kind_is_trace((const char *)p + off, n - off))
		return false;
	snprintf(buf, cap, "a second trace begins at offset %zu (0x%zx); the first, before it, is %s", off, off,
		is_whole(p, off) ? "whole and valid" : "broken, too");
	return true;
}

bool
load_hint(const struct loaded *l, const struct gt_error *err, char *buf, size_t cap)
{
	const char *kind;

	if (guarded.hit && l->mapped) {
		snprintf(buf, cap, "the file became shorter while it was read");
		return true;
	}
	if (l->trace && (err->why.code == GT_E_BATCH_BYTE || gt_version(l->trace) < 22))
		return second_trace(l, err, buf, cap);
	if (err->why.code != GT_E_NOT_A_TRACE)
		return false;
	kind = kind_of(l->raw ? l->raw : "", l->nraw);
	if (l->packing != PACKED_NOT)
		snprintf(buf, cap, "it is %s data; what is in them looks like %s", packing_name((enum packing)l->packing),
			kind ? kind : "no trace, nor anything else that is known here");
	else if (kind)
		snprintf(buf, cap, l->nraw == 0 ? "it is %s" : "it looks like %s", kind);
	return kind || l->packing != PACKED_NOT;
}

void
load_error(const struct loaded *l, const struct gt_error *err)
{
	char hint[192];

	complain(l->file, err->text);
	if (load_hint(l, err, hint, sizeof(hint)))
		complain(l->file, hint);
}

/* --- sizes that lie --------------------------------------------------------------------- */

enum { MAX_LIES = 10 };

struct lies {
	const struct loaded *l;
	unsigned said;
};

static void
say_lie(void *arg, const struct gt_lie *lie)
{
	struct lies *said = arg;
	char text[200];

	if (++said->said > MAX_LIES)
		return;
	snprintf(text, sizeof(text), "batch %" PRId64 " (generation %" PRId64 ", M %" PRId64 ") says that it has %" PRIu64
		" bytes, and has %" PRIu64 ": it is taken as it says", lie->place.batch, lie->place.generation, lie->place.m,
		lie->declared, lie->real);
	complain(said->l->file, text);
}

/* Of a text: a binary trace that lies there is cut, and its error says so. */
static void
say_lies(const struct loaded *l)
{
	struct gt_raw_reader *r = l->is_text && l->trace ? gt_raw_new(l->trace) : NULL;
	struct lies said = { .l = l };
	char text[80];

	if (!r)
		return;
	gt_raw_lies(r, say_lie, &said);
	gt_raw_free(r);
	if (said.said > MAX_LIES) {
		snprintf(text, sizeof(text), "and so %u more batches", said.said - MAX_LIES);
		complain(l->file, text);
	}
}

/* --- all of it ------------------------------------------------------------------------------ */

int
load(struct loaded *l, const char *file)
{
	int status;

	*l = (struct loaded){ .file = file };
	status = read_file(l);
	if (status == 0)
		status = unpack_raw(l);
	if (status == 0)
		status = convert(l);
	if (status == 0)
		status = open_trace(l);
	if (status != 0)
		unload(l);
	return status;
}

void
load_release(void *loaded)
{
	const struct loaded *l = loaded;

	/* Zeros that took the place of what is behind the end of a file that became shorter stay zeros. */
	if (l->mapped)
		madvise(l->raw, l->nraw, MADV_DONTNEED);
}

void
unload(struct loaded *l)
{
	if (!l->quiet)
		say_lies(l);
	gt_close(l->trace);
	drop_raw(l);
	gt_buf_free(&l->made);
	l->trace = NULL;
	say_note(l);
}
