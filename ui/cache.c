/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "cache.h"
#include "kept.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".index"

/* In front of an index: what it is of, and a sum of what follows. */
struct head {
	char magic[16];
	struct trace_id of;
	uint64_t rules, bytes, sum;
};

static const char magic[16] = "gotrace cache 1";

/* Of what it is; path: where that is kept. False: the trace is no file by itself (packed, text, a pipe), or there is no folder. */
static bool
make_head(struct head *h, char *path, size_t cap, bool make, const struct gt_nav *nav, const struct gt_trace *t,
	const char *trace_file, const struct opened_file *opened)
{
	const struct gt_model *rules = gt_nav_model(nav);
	unsigned char abandons = rules->destroy_abandons_p;
	size_t n;

	gt_bytes(t, &n);
	memset(h, 0, sizeof *h);
	memcpy(h->magic, magic, sizeof magic);
	if (!kept_id(&h->of, t, trace_file, opened) || h->of.size != n)
		return false;
	h->rules = kept_hash(kept_hash(KEPT_HASH, rules->need, sizeof rules->need), &abandons, 1);
	return kept_path(path, cap, XDG_CACHE, make, kept_hash(KEPT_HASH, h, offsetof(struct head, bytes)), ENDING);
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
	if (p && read_all(fd, p, *n) && kept_hash(KEPT_HASH, p, *n) == is.sum)
		return p;
	free(p);
	return NULL;
}

bool
cache_load(struct gt_nav *nav, const struct gt_trace *t, const char *trace_file, const struct opened_file *opened)
{
	struct head head;
	char path[4096];
	uint8_t *p = NULL;
	size_t n;
	int fd;
	bool ok;

	if (!make_head(&head, path, sizeof path, false, nav, t, trace_file, opened))
		return false;
	/* What is there may be no file: nobody waits for a pipe. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
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

bool
cache_save(const struct gt_nav *nav, const struct gt_trace *t, const char *trace_file, const struct opened_file *opened)
{
	struct gt_buf b = { NULL, 0, 0 };
	struct head head;
	char path[4096];
	bool ok = make_head(&head, path, sizeof path, true, nav, t, trace_file, opened) && gt_nav_save(nav, &b) && b.n <= CACHE_BYTES / 4;

	if (ok) {
		head.bytes = b.n;
		head.sum = kept_hash(KEPT_HASH, b.p, b.n);
		ok = kept_write(path, &head, sizeof head, b.p, b.n);
	}
	if (ok)
		kept_make_room(XDG_CACHE, ENDING, CACHE_FILES, CACHE_BYTES);
	gt_buf_free(&b);
	return ok;
}
