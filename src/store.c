/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Addresses cost nothing but themselves; where there are few of them, as in 32 bits, fewer do. */
#define ADDRESSES ((size_t)1 << (sizeof(size_t) > 4 ? 38 : 30))
#define LEAST ((size_t)1 << 20)
/* So much is made usable, and mapped, at a time. */
#define STEP ((size_t)1 << 20)
#define WINDOW ((size_t)64 << 20)

bool
store_init(struct store *s, size_t memory)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	*s = (struct store){ .reserved = ADDRESSES, .fd = -1 };
	do
		s->p = mmap(NULL, s->reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	while (s->p == MAP_FAILED && (s->reserved /= 2) >= LEAST);
	if (s->p == MAP_FAILED)
		return false;
	s->memory = memory < s->reserved / 2 ? memory / page * page : s->reserved / 2;
	return true;
}

void
store_free(struct store *s)
{
	if (s->fd >= 0)
		close(s->fd);
	munmap(s->p, s->reserved);
	s->p = NULL;
}

static bool
fail(struct store *s, const char *what, const char *why)
{
	snprintf(s->why, sizeof(s->why), "%s: %s", what, why);
	return false;
}

static bool
make_usable(struct store *s, size_t n)
{
	size_t want = n + STEP < s->memory ? (n + STEP) / STEP * STEP : s->memory;

	if (n <= s->usable)
		return true;
	if (mprotect(s->p + s->usable, want - s->usable, PROT_READ | PROT_WRITE) != 0)
		return fail(s, "no memory for what is received", strerror(errno));
	s->usable = want;
	return true;
}

/* --- the file ------------------------------------------------------------------------ */

static bool
make_file(struct store *s)
{
	const char *dir = getenv("TMPDIR");
	char path[4096], what[200];

	if (!dir || !*dir)
		dir = "/tmp";
	snprintf(path, sizeof(path), "%s/gotrace-tui-XXXXXX", dir);
	s->fd = mkstemp(path);
	if (s->fd >= 0) {
		unlink(path);
		fcntl(s->fd, F_SETFD, FD_CLOEXEC);
		return true;
	}
	snprintf(what, sizeof(what), "what is received is more than may be in memory, and there can be no temporary file in %.80s", dir);
	return fail(s, what, strerror(errno));
}

static bool
write_all(struct store *s, const char *p, size_t n, size_t at)
{
	while (n > 0) {
		ssize_t w = pwrite(s->fd, p, n, (off_t)at);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return fail(s, "writing what is received to a temporary file", strerror(w < 0 ? errno : ENOSPC));
		p += w;
		n -= (size_t)w;
		at += (size_t)w;
	}
	return true;
}

/* The next windows of the file, up to n bytes of it. */
static bool
map(struct store *s, size_t n)
{
	while (s->mapped < n) {
		char *at = s->p + s->memory + s->mapped;
		size_t left = s->reserved - s->memory - s->mapped, window = left < WINDOW ? left : WINDOW;

		if (window == 0)
			return fail(s, "what is received", strerror(EFBIG));
		if (mmap(at, window, PROT_READ, MAP_SHARED | MAP_FIXED, s->fd, (off_t)s->mapped) == MAP_FAILED)
			return fail(s, "mapping a temporary file", strerror(errno));
		s->mapped += window;
	}
	return true;
}

bool
store_put(struct store *s, const void *bytes, size_t n)
{
	const char *p = bytes;
	size_t room = s->n < s->memory ? s->memory - s->n : 0, here = n < room ? n : room, at;

	if (here > 0) {
		if (!make_usable(s, s->n + here))
			return false;
		memcpy(s->p + s->n, p, here);
		s->n += here;
	}
	if (n == here)
		return true;
	at = s->n - s->memory;
	if ((s->fd < 0 && !make_file(s)) || !write_all(s, p + here, n - here, at) || !map(s, at + n - here))
		return false;
	s->n += n - here;
	return true;
}

void
store_release(const struct store *s, size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (n > s->memory + page)
		madvise(s->p + s->memory, (n - s->memory) / page * page, MADV_DONTNEED);
}
