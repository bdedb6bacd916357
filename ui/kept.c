/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See kept.h. */
#define _XOPEN_SOURCE 700
#include "kept.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the trace: bytes at its ends, and at as many places between. */
#define SAMPLES 16
#define SAMPLE 512

/* --- names ------------------------------------------------------------------------- */

/* FNV-1a of words, the rest as bytes: of millions of bytes in a few milliseconds. */
uint64_t
kept_hash(uint64_t h, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t word;

	for (; n >= sizeof word; n -= sizeof word, p += sizeof word) {
		memcpy(&word, p, sizeof word);
		h = (h ^ word) * UINT64_C(0x100000001b3);
		h ^= h >> 29;
	}
	for (; n > 0; n--)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t
sample(const uint8_t *p, size_t n)
{
	uint64_t h = KEPT_HASH;

	for (size_t i = 0; i <= SAMPLES && n > SAMPLE; i++)
		h = kept_hash(h, p + (n - SAMPLE) / SAMPLES * i, SAMPLE);
	return n > SAMPLE ? kept_hash(h, p + n - SAMPLE, SAMPLE) : kept_hash(h, p, n);
}

static void
describe(struct opened_file *f, const struct stat *st)
{
	*f = (struct opened_file){ .dev = (uint64_t)st->st_dev, .ino = (uint64_t)st->st_ino, .size = (uint64_t)st->st_size,
		.sec = (uint64_t)st->st_mtim.tv_sec, .nsec = (uint64_t)st->st_mtim.tv_nsec,
		.changed_sec = (uint64_t)st->st_ctim.tv_sec, .changed_nsec = (uint64_t)st->st_ctim.tv_nsec };
}

void
opened_file(struct opened_file *f, int fd, bool grows)
{
	struct stat st;

	*f = (struct opened_file){ .known = false };
	if (fstat(fd, &st) != 0)
		return;
	describe(f, &st);
	f->known = true;
	f->grows = grows;
}

/* Whether a file is what was opened: another one may have been put in its place, or other bytes into it. */
static bool
is_opened(const struct opened_file *f, const struct stat *st)
{
	struct opened_file now;

	describe(&now, st);
	if (f->dev != now.dev || f->ino != now.ino)
		return false;
	return f->grows || (f->size == now.size && f->sec == now.sec && f->nsec == now.nsec &&
		f->changed_sec == now.changed_sec && f->changed_nsec == now.changed_nsec);
}

bool
kept_id(struct trace_id *id, const struct gt_trace *t, const char *trace_file, const struct opened_file *opened)
{
	struct stat st;
	size_t n;
	const uint8_t *p = gt_bytes(t, &n);

	if (stat(trace_file, &st) != 0 || !S_ISREG(st.st_mode) || (opened && opened->known && !is_opened(opened, &st)))
		return false;
	*id = (struct trace_id){ (uint64_t)st.st_size, (uint64_t)st.st_mtim.tv_sec, (uint64_t)st.st_mtim.tv_nsec, sample(p, n) };
	return true;
}

bool
kept_path(char *path, size_t cap, enum xdg folder, bool make, uint64_t sum, const char *ending)
{
	char dir[3072];

	return xdg_folder(folder, make, dir, sizeof dir) &&
	       snprintf(path, cap, "%s/%016" PRIx64 "%s", dir, sum, ending) < (int)cap;
}

/* --- room --------------------------------------------------------------------------- */

struct kept {
	char name[32];
	struct timespec used;
	uint64_t bytes;
};

static int
by_use(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec > y->used.tv_sec ? -1 : 1;
	return x->used.tv_nsec > y->used.tv_nsec ? -1 : x->used.tv_nsec < y->used.tv_nsec;
}

/* Sixteen digits and the ending; left-over ones that were being written begin with that, too. */
static bool
is_ours(const char *name, const char *ending)
{
	return strspn(name, "0123456789abcdef") == 16 && !strncmp(name + 16, ending, strlen(ending)) && strlen(name) < 32;
}

void
kept_make_room(enum xdg folder, const char *ending, size_t files, uint64_t most)
{
	char dir[3072];
	struct kept *all = NULL;
	size_t n = 0, cap = 0;
	uint64_t bytes = 0;
	DIR *d = xdg_folder(folder, false, dir, sizeof dir) ? opendir(dir) : NULL;
	const struct dirent *e;

	while (d && (e = readdir(d)) != NULL) {
		struct stat st;

		if (!is_ours(e->d_name, ending) || fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (n == cap) {
			struct kept *more = realloc(all, (cap = cap * 2 + 16) * sizeof *all);

			if (!more)
				break;
			all = more;
		}
		memcpy(all[n].name, e->d_name, strlen(e->d_name) + 1);
		all[n].used = st.st_mtim;
		all[n++].bytes = (uint64_t)st.st_size;
	}
	if (n)
		qsort(all, n, sizeof *all, by_use);
	for (size_t i = 0; i < n; i++) {
		bytes += all[i].bytes;
		if (i >= files || bytes > most)
			unlinkat(dirfd(d), all[i].name, 0);
	}
	free(all);
	if (d)
		closedir(d);
}

/* --- writing ---------------------------------------------------------------------------- */

static bool
write_all(int fd, const void *buf, size_t n)
{
	for (const char *p = buf; n > 0;) {
		ssize_t put = write(fd, p, n);

		if (put <= 0)
			return false;
		p += put;
		n -= (size_t)put;
	}
	return true;
}

/* Under another name first: who opens the file sees all of it or none. */
bool
kept_write(const char *path, const void *head, size_t nhead, const void *rest, size_t nrest)
{
	char temporary[4096 + 16];
	int fd;
	bool ok;

	snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
	fd = mkstemp(temporary);
	if (fd < 0)
		return false;
	ok = write_all(fd, head, nhead) && write_all(fd, rest, nrest);
	ok = close(fd) == 0 && ok && rename(temporary, path) == 0;
	if (!ok)
		unlink(temporary);
	return ok;
}
