/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "cache.h"
#include "xdg.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the trace: bytes at its ends, and at as many places between. */
#define SAMPLES 16
#define SAMPLE 512

/* In front of an index: what it is of, and a sum of what follows. */
struct head {
	char magic[16];
	uint64_t size, sec, nsec, sample, rules, bytes, sum;
};

static const char magic[16] = "gotrace cache 1";

/* FNV-1a of words, the rest as bytes: of millions of bytes in a few milliseconds. */
static uint64_t
hash(uint64_t h, const void *bytes, size_t n)
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
#define HASH UINT64_C(0xcbf29ce484222325)

static uint64_t
sample(const uint8_t *p, size_t n)
{
	uint64_t h = HASH;

	for (size_t i = 0; i <= SAMPLES && n > SAMPLE; i++)
		h = hash(h, p + (n - SAMPLE) / SAMPLES * i, SAMPLE);
	return n > SAMPLE ? hash(h, p + n - SAMPLE, SAMPLE) : hash(h, p, n);
}

/* False: the trace is no file by itself (packed, text, a pipe). */
static bool
make_head(struct head *h, const struct gt_nav *nav, const struct gt_trace *t, const char *trace_file)
{
	const struct gt_model *rules = gt_nav_model(nav);
	unsigned char abandons = rules->destroy_abandons_p;
	struct stat st;
	size_t n;
	const uint8_t *p = gt_bytes(t, &n);

	if (stat(trace_file, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != n)
		return false;
	memset(h, 0, sizeof *h);
	memcpy(h->magic, magic, sizeof magic);
	h->size = n;
	h->sec = (uint64_t)st.st_mtim.tv_sec;
	h->nsec = (uint64_t)st.st_mtim.tv_nsec;
	h->sample = sample(p, n);
	h->rules = hash(hash(HASH, rules->need, sizeof rules->need), &abandons, 1);
	return true;
}

static bool
file_name(char *path, size_t cap, const struct head *h, bool make)
{
	char dir[3072];

	return xdg_folder(XDG_CACHE, make, dir, sizeof dir) &&
	       snprintf(path, cap, "%s/%016" PRIx64 ".index", dir, hash(HASH, h, offsetof(struct head, bytes))) < (int)cap;
}

static bool
read_all(int fd, void *buf, size_t n)
{
	for (char *p = buf; n > 0;) {
		ssize_t got = read(fd, p, n);

		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

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

/* The bytes behind a head that is the same as want, or NULL. */
static uint8_t *
read_file(int fd, const struct head *want, size_t *n)
{
	struct head is;
	struct stat st;
	uint8_t *p;

	if (fstat(fd, &st) != 0 || !read_all(fd, &is, sizeof is) || memcmp(&is, want, offsetof(struct head, bytes)) != 0 ||
		is.bytes > CACHE_BYTES || (uint64_t)st.st_size != is.bytes + sizeof is)
		return NULL;
	*n = (size_t)is.bytes;
	p = malloc(*n + 1);
	if (p && read_all(fd, p, *n) && hash(HASH, p, *n) == is.sum)
		return p;
	free(p);
	return NULL;
}

bool
cache_load(struct gt_nav *nav, const struct gt_trace *t, const char *trace_file)
{
	struct head head;
	char path[4096];
	uint8_t *p = NULL;
	size_t n;
	int fd;
	bool ok;

	if (!make_head(&head, nav, t, trace_file) || !file_name(path, sizeof path, &head, false))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	p = read_file(fd, &head, &n);
	ok = p && gt_nav_load(nav, p, n);
	/* The time tells which were used last. */
	if (ok)
		futimens(fd, NULL);
	free(p);
	close(fd);
	return ok;
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

/* Files of ours: sixteen digits and .index; left-over ones that were being written begin with that, too. */
static bool
is_ours(const char *name)
{
	return strspn(name, "0123456789abcdef") == 16 && !strncmp(name + 16, ".index", 6) && strlen(name) < 32;
}

/* Drops what is too much, those used longest ago first. */
static void
make_room(const char *dir)
{
	struct kept *all = NULL;
	size_t n = 0, cap = 0;
	uint64_t bytes = 0;
	DIR *d = opendir(dir);
	const struct dirent *e;

	while (d && (e = readdir(d)) != NULL) {
		struct stat st;

		if (!is_ours(e->d_name) || fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
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
		if (i >= CACHE_FILES || bytes > CACHE_BYTES)
			unlinkat(dirfd(d), all[i].name, 0);
	}
	free(all);
	if (d)
		closedir(d);
}

/* --- writing ---------------------------------------------------------------------------- */

/* Under another name first: who opens the file sees all of it or none. */
static bool
write_file(const char *path, const struct head *head, const struct gt_buf *b)
{
	char temporary[4096 + 16];
	int fd;
	bool ok;

	snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
	fd = mkstemp(temporary);
	if (fd < 0)
		return false;
	ok = write_all(fd, head, sizeof *head) && write_all(fd, b->p, b->n);
	ok = close(fd) == 0 && ok && rename(temporary, path) == 0;
	if (!ok)
		unlink(temporary);
	return ok;
}

bool
cache_save(const struct gt_nav *nav, const struct gt_trace *t, const char *trace_file)
{
	struct gt_buf b = { NULL, 0, 0 };
	struct head head;
	char path[4096], dir[3072];
	bool ok = make_head(&head, nav, t, trace_file) && file_name(path, sizeof path, &head, true) &&
		gt_nav_save(nav, &b) && b.n <= CACHE_BYTES / 4;

	if (ok) {
		head.bytes = b.n;
		head.sum = hash(HASH, b.p, b.n);
		ok = write_file(path, &head, &b);
	}
	if (ok && xdg_folder(XDG_CACHE, false, dir, sizeof dir))
		make_room(dir);
	gt_buf_free(&b);
	return ok;
}
