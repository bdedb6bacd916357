/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "load.h"

#include "cmd.h"
#include "kind.h"
#include "out.h"
#include "source.h"

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
/* Bytes within which a trace's header ends, in a file that is being written. */
enum { LONGEST_HEADER = 64 };
/* How often to look at a source; after how long people are told that they wait. */
enum { LOOK_MS = 100, PATIENCE_MS = 1000 };

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
	l->fd = fd;
	guard(l->raw, n);
	return 0;
}

static void
drop_raw(struct loaded *l)
{
	if (l->mapped) {
		guarded.to = guarded.from;
		munmap(l->raw, l->nraw);
		close(l->fd);
	}
	source_free(l->source);
	l->source = NULL;
	l->raw = NULL;
	l->nraw = 0;
	l->mapped = false;
}

/*
 * Whether what has come so far may yet become a trace. It need not end: what is none must not be read until the disk is full.
 */
static bool
is_hopeful(const char *p, size_t n)
{
	if (n < ENOUGH_TO_SEE || begins(p, p + n, "go 1."))
		return true;
	return !memchr(p, '\0', ENOUGH_TO_SEE) && (gt_text_begins(p, n) || looks_like_test(p, n));
}

/* What there is may be a header that is not all there yet. */
static bool
may_begin(const char *p, size_t n)
{
	return n < LONGEST_HEADER && memcmp(p, "go 1.", n < 5 ? n : 5) == 0;
}

static int
start_source(struct loaded *l, int fd, size_t memory, bool follow)
{
	l->source = source_start(&(struct source_how){ .fd = fd, .path = l->named ? l->file : NULL, .follow = follow,
		.memory = memory });
	return l->source ? 0 : fail(l, strerror(ENOMEM));
}

/* A file that is all there is mapped; all else is brought by a source. */
static int
read_fd(struct loaded *l, int fd, size_t memory, bool follow)
{
	struct stat st;
	char first[PACKING_BYTES];
	ssize_t n = 0;
	int status;

	if (fstat(fd, &st) < 0) {
		status = fail(l, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		status = fail(l, strerror(EISDIR));
	} else {
		opened_file(&l->opened, fd, follow);
		if (S_ISREG(st.st_mode))
			n = pread(fd, first, sizeof(first), 0);
		if (n <= 0 || follow || packing_of(first, (size_t)n) != PACKED_NOT)
			return start_source(l, fd, memory, follow);
		status = map_file(l, fd, (size_t)st.st_size);
	}
	if (!l->mapped)
		close(fd);
	return status;
}

static int
read_file(struct loaded *l, size_t memory, bool follow)
{
	int fd;

	l->named = strcmp(l->file, "-") != 0;
	fd = l->named ? open(l->file, O_RDONLY | O_CLOEXEC) : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	if (!l->named)
		l->file = "standard input";
	return fd < 0 ? fail(l, strerror(errno)) : read_fd(l, fd, memory, follow);
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

static void
too_much(struct loaded *l, uint64_t packed)
{
	uint64_t most = packed > UNPACK_FREE / UNPACK_RATIO ? packed * UNPACK_RATIO : UNPACK_FREE;

	snprintf(l->why, sizeof(l->why), "the %s data unpack to far more than a trace would: %" PRIu64 " bytes to over %" PRIu64
		" MiB, and over %d times as much", packing_name((enum packing)l->packing), packed, most >> 20, UNPACK_RATIO);
}

/* What became of the unpacking. False: nothing, l->why says why. */
static bool
judge_packed(struct loaded *l, const struct source_view *v)
{
	switch (v->unpacked) {
	case UNPACKED_CUT:
		note(l, "end early");
		break;
	case UNPACKED_DAMAGED:
		note(l, "are damaged");
		break;
	case UNPACKED_TAIL:
		snprintf(l->note, sizeof(l->note), "something else follows the %s data, and is left out", packing_name(v->packing));
		break;
	case UNPACKED_TOO_MUCH:
		too_much(l, v->packed);
		return false;
	default:
		break;
	}
	return true;
}

/* --- what a source brings ----------------------------------------------------------------- */

static void
take_bytes(struct loaded *l, const struct source_view *v)
{
	l->raw = (void *)(uintptr_t)v->p;
	l->nraw = l->seen = v->n;
	l->packing = (int)v->packing;
}

/* The source has ended: what it brought, and what is to be said of that. False: it failed, l->why says why. */
static bool
judge_end(struct loaded *l, const struct source_view *v)
{
	take_bytes(l, v);
	if (v->end == SOURCE_FAILED)
		snprintf(l->why, sizeof(l->why), "%s", v->why);
	if (v->end == SOURCE_GONE)
		snprintf(l->note, sizeof(l->note), "%s", v->why);
	return v->end != SOURCE_FAILED && (v->end == SOURCE_STOPPED || v->packing == PACKED_NOT || judge_packed(l, v));
}

/* A trace of which more may come can be opened as soon as its header is there. *never: it has another one. */
static bool
open_early(struct loaded *l, const struct source_view *v, bool live, bool *never)
{
	struct gt_error err = { .why.code = GT_OK };
	struct gt_trace *t = gt_open(v->p, v->n, &err);

	*never = err.why.code == GT_E_VERSION;
	if (!t || !live) {
		gt_close(t);
		return false;
	}
	take_bytes(l, v);
	l->trace = t;
	l->live = true;
	source_tell(l->source, t);
	return true;
}

/* Whether there is nothing to wait for: what has come is no trace, nor will it be one. */
static bool
is_hopeless(const struct source_view *v, bool follow)
{
	if (follow && v->idle && v->n > 0)
		return !may_begin(v->p, v->n);
	return !is_hopeful(v->p, v->n < 2 * ENOUGH_TO_SEE ? v->n : 2 * ENOUGH_TO_SEE);
}

/* Waits for all of it, or, live, for enough to begin with. */
static int
receive(struct loaded *l, bool live, bool follow)
{
	struct source_view v = { .n = 0 };
	bool never = false, told = false;

	for (int waited = 0;; waited += LOOK_MS) {
		source_wait(l->source, v.n, live || follow ? LOOK_MS : -1, &v);
		if (!told && open_early(l, &v, live, &never))
			return 0;
		if (!told && v.end == SOURCE_ON && (never || is_hopeless(&v, follow))) {
			source_stop(l->source);
			source_wait(l->source, v.n, -1, &v);
		}
		if (v.end != SOURCE_ON)
			break;
		told = v.n >= ENOUGH_TO_SEE;
		if ((live || follow) && waited == PATIENCE_MS && isatty(STDERR_FILENO))
			complain(l->file, "waiting for a trace to begin");
	}
	if (judge_end(l, &v))
		return 0;
	complain(l->file, l->why);
	return EXIT_UNREADABLE;
}

/* Of a trace that was opened early: once, when its source has ended. */
static void
settle(struct loaded *l)
{
	struct source_view v;

	if (!l->live || l->settled)
		return;
	source_wait(l->source, 0, 0, &v);
	if (v.end == SOURCE_ON)
		return;
	l->settled = true;
	l->failed = !judge_end(l, &v);
	if (l->failed)
		snprintf(l->note, sizeof(l->note), "%s", l->why);
}

bool
load_wait(struct loaded *l)
{
	struct source_view v = { .end = SOURCE_OVER };

	if (l->live)
		source_wait(l->source, l->seen, -1, &v);
	l->seen = v.n;
	return v.end == SOURCE_ON;
}

bool
load_failed(struct loaded *l)
{
	settle(l);
	return l->failed;
}

bool
load_news(void *loaded, char *text, size_t cap)
{
	struct loaded *l = loaded;

	settle(l);
	if (!l->settled || !l->note[0])
		return false;
	snprintf(text, cap, "%s", l->note);
	return true;
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

static size_t
peek(void *loaded, uint64_t off, void *buf, size_t n)
{
	const struct loaded *l = loaded;
	ssize_t got = pread(l->fd, buf, n, (off_t)off);

	return got < 0 ? 0 : (size_t)got;
}

static int
open_trace(struct loaded *l)
{
	struct gt_error err;
	char text[256];
	const void *p = l->made.p ? l->made.p : l->raw;

	l->trace = gt_open(p ? p : "", l->made.p ? l->made.n : l->nraw, &err);
	if (l->trace) {
		if (l->mapped && !l->made.p)
			gt_peek(l->trace, peek, l);
		return 0;
	}
	gt_reason_text(&err.why, text, sizeof(text));
	l->code = err.why.code;
	fail(l, text);
	if (load_hint(l, &err, l->hint, sizeof(l->hint)))
		complain(l->file, l->hint);
	return EXIT_UNREADABLE;
}

#define SHORTER "the file became shorter while it was read"

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

enum { LEAD = 1 << 20 }; /* so far a trace is looked for behind something else */

/* Where a trace begins behind something that is none; 0: nowhere. */
static size_t
trace_behind(const struct loaded *l)
{
	const char *p = (const char *)l->raw, *at;
	size_t n = l->nraw < LEAD ? l->nraw : LEAD;

	for (size_t off = 1; off < n && (at = memchr(p + off, 'g', n - off)); off++) {
		off = (size_t)(at - p);
		if (kind_is_trace(at, l->nraw - off))
			return off;
	}
	return 0;
}

bool
load_changed(void *loaded, char *text, size_t cap)
{
	const struct loaded *l = loaded;
	struct opened_file now;

	if (!l->mapped)
		return false;
	opened_file(&now, l->fd, false);
	if (guarded.hit || (now.known && now.size < l->opened.size))
		snprintf(text, cap, SHORTER);
	else if (now.known && (now.sec != l->opened.sec || now.nsec != l->opened.nsec))
		snprintf(text, cap, "the file was written to while it was read");
	else
		return false;
	return true;
}

bool
load_hint(const struct loaded *l, const struct gt_error *err, char *buf, size_t cap)
{
	const char *kind;
	size_t behind;

	if (guarded.hit && l->mapped) {
		snprintf(buf, cap, SHORTER);
		return true;
	}
	if (l->trace && (err->why.code == GT_E_BATCH_BYTE || gt_version(l->trace) < 22))
		return second_trace(l, err, buf, cap);
	if (err->why.code != GT_E_NOT_A_TRACE)
		return false;
	kind = kind_of(l->raw ? l->raw : "", l->nraw);
	/* Behind lines of text, or what nobody knows; programs have a header in them, too. */
	behind = kind && strncmp(kind, "text", 4) != 0 ? 0 : trace_behind(l);
	if (behind > 0) {
		snprintf(buf, cap, "a trace begins at offset %zu (0x%zx), and what is before it does not belong there", behind, behind);
		return true;
	}
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
	gt_raw_lies(r, UINT64_MAX, say_lie, &said);
	gt_raw_free(r);
	if (said.said > MAX_LIES) {
		snprintf(text, sizeof(text), "and so %u more batches", said.said - MAX_LIES);
		complain(l->file, text);
	}
}

/* --- all of it ------------------------------------------------------------------------------ */

/* What of it can't be followed: nothing of it can be told before all of it is there. */
static int
check_follow(struct loaded *l)
{
	if (l->trace && !l->is_text && gt_version(l->trace) >= 22)
		return 0;
	return fail(l, l->is_text ? "a text can't be followed: it is read when all of it is there" :
		"a trace from before Go 1.22 can't be followed: nothing of it is known before its end");
}

static int
load_any(struct loaded *l, const char *file, size_t memory, bool live, bool follow)
{
	int status;

	*l = (struct loaded){ .file = file };
	status = read_file(l, memory, follow);
	if (status == 0 && l->source)
		status = receive(l, live, follow);
	if (status == 0 && !l->live)
		status = convert(l);
	if (status == 0 && !l->live)
		status = open_trace(l);
	if (status == 0 && follow)
		status = check_follow(l);
	if (status != 0)
		unload(l);
	return status;
}

int
load(struct loaded *l, const char *file, size_t memory)
{
	return load_any(l, file, memory, false, false);
}

int
load_live(struct loaded *l, const char *file, size_t memory, bool follow)
{
	/* Who types a trace types all of it: keys come from there, too. */
	bool typed = strcmp(file, "-") == 0 && isatty(STDIN_FILENO);

	return load_any(l, file, memory, !typed, follow);
}

void
load_release(void *loaded)
{
	const struct loaded *l = loaded;

	/* Zeros that took the place of what is behind the end of a file that became shorter stay zeros. */
	if (l->mapped)
		madvise(l->raw, l->nraw, MADV_DONTNEED);
	if (l->source)
		source_release(l->source);
}

void
load_read_all(struct loaded *l, struct gt_reader *r)
{
	const uint64_t stretch = 1000000;

	while (gt_skip(r, stretch) == GT_EVENT)
		load_release(l);
	load_release(l);
}

void
unload(struct loaded *l)
{
	if (!l->quiet)
		say_lies(l);
	settle(l);
	if (l->source)
		source_stop(l->source);
	gt_close(l->trace);
	drop_raw(l);
	gt_buf_free(&l->made);
	l->trace = NULL;
	say_note(l);
}
