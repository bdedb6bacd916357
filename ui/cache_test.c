/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kept indexes: taken where they fit, and harmless where they do not. */
#define _XOPEN_SOURCE 700
#include "cache.h"
#include "kept.h"
#include "testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char source[] = "testdata/traces/mixed.trace";

struct fixture {
	char dir[64], trace[128], cache[128];
	uint8_t bytes[1 << 18];
	size_t n;
	struct gt_trace *t;
	struct gt_model rules;
	const struct opened_file *opened; /* NULL: not known */
};

static void
set_up(struct fixture *f)
{
	struct gt_error err;

	snprintf(f->dir, sizeof f->dir, "/tmp/cache_test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->trace, sizeof f->trace, "%s/trace", f->dir);
	snprintf(f->cache, sizeof f->cache, "%s/cache", f->dir);
	setenv("XDG_CACHE_HOME", f->cache, 1);
	f->n = get_file(source, f->bytes, sizeof f->bytes);
	assert_true(f->n > 1000 && f->n < sizeof f->bytes);
	put_file(f->trace, f->bytes, f->n);
	f->t = gt_open(f->bytes, f->n, &err);
	gt_model_get(&f->rules, GT_MODEL_DEFAULT);
}

/* The files of the cache; name: one of them. */
static size_t
count(const struct fixture *f, char *name, size_t cap)
{
	char folder[256];

	snprintf(folder, sizeof folder, "%s/gotrace-tui", f->cache);
	return files_in(folder, name, cap);
}

static void
tear_down(struct fixture *f)
{
	char name[512];

	while (count(f, name, sizeof name))
		unlink(name);
	snprintf(name, sizeof name, "%s/gotrace-tui", f->cache);
	rmdir(name);
	rmdir(f->cache);
	unlink(f->trace);
	assert_int_equal(rmdir(f->dir), 0);
	gt_close(f->t);
}

static bool
save(struct fixture *f)
{
	struct gt_nav *v = gt_nav_new(f->t, &f->rules, 1 << 22);
	double done;
	bool ok;

	while (gt_nav_index(v, 100000, &done, NULL))
		;
	ok = cache_save(v, f->t, f->trace, f->opened);
	gt_nav_free(v);
	return ok;
}

/* Whatever becomes of it, the trace is read as it is. */
static bool
load(struct fixture *f)
{
	struct gt_nav *v = gt_nav_new(f->t, &f->rules, 1 << 22);
	struct gt_reader *r = gt_reader_new(f->t, &f->rules);
	bool ok = cache_load(v, f->t, f->trace, f->opened);
	uint64_t at = 4321;

	gt_skip(r, at);
	assert_int_equal(gt_nav_seek(v, at, NULL, NULL), at);
	assert_true(gt_state_hash(gt_nav_state(v)) == gt_state_hash(gt_reader_state(r)));
	gt_reader_free(r);
	gt_nav_free(v);
	return ok;
}

static void
kept_and_found(void **state)
{
	struct fixture f = { .dir = "" };

	(void)state;
	set_up(&f);
	assert_false(load(&f));
	assert_true(save(&f));
	assert_int_equal(count(&f, NULL, 0), 1);
	assert_true(load(&f));
	assert_true(save(&f));
	assert_int_equal(count(&f, NULL, 0), 1);
	/* Other rules, another index. */
	gt_model_get(&f.rules, "go1.22-strict");
	assert_false(load(&f));
	tear_down(&f);
}

/* Another size, another time, other bytes. */
static void
stale(void **state)
{
	struct timespec then[2] = { { 1000, 0 }, { 1000, 0 } };
	struct stat st;
	struct fixture f = { .dir = "" };
	struct gt_nav *v;

	(void)state;
	set_up(&f);
	assert_true(save(&f));
	assert_int_equal(stat(f.trace, &st), 0);
	assert_int_equal(utimensat(AT_FDCWD, f.trace, then, 0), 0);
	assert_false(load(&f));
	then[0] = then[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, f.trace, then, 0), 0);
	assert_true(load(&f));
	put_file(f.trace, f.bytes, f.n - 1);
	assert_int_equal(utimensat(AT_FDCWD, f.trace, then, 0), 0);
	assert_false(load(&f));
	put_file(f.trace, f.bytes, f.n);
	assert_int_equal(utimensat(AT_FDCWD, f.trace, then, 0), 0);
	assert_true(load(&f));
	/* The trace is still what it was here, but its bytes are others than those sampled. */
	v = gt_nav_new(f.t, &f.rules, 1 << 22);
	f.bytes[f.n - 1] ^= 1;
	assert_false(cache_load(v, f.t, f.trace, f.opened));
	f.bytes[f.n - 1] ^= 1;
	gt_nav_free(v);
	unlink(f.trace);
	assert_false(load(&f));
	tear_down(&f);
}

/* What bears the name of the trace is not what was opened: nothing is kept in its name, nor taken. */
static void
exchanged(void **state)
{
	const struct timespec a_while = { 0, 50000000 };
	struct opened_file opened;
	struct fixture f = { .dir = "" };
	struct timespec then[2];
	struct stat st;
	char other[160];
	int fd;

	(void)state;
	set_up(&f);
	fd = open(f.trace, O_RDONLY);
	opened_file(&opened, fd, false);
	f.opened = &opened;
	assert_true(opened.known && save(&f) && load(&f));
	/* The same bytes and the same time, in another file. */
	assert_int_equal(fstat(fd, &st), 0);
	then[0] = then[1] = st.st_mtim;
	snprintf(other, sizeof other, "%s.new", f.trace);
	put_file(other, f.bytes, f.n);
	assert_int_equal(utimensat(AT_FDCWD, other, then, 0), 0);
	assert_int_equal(rename(other, f.trace), 0);
	assert_false(save(&f));
	assert_false(load(&f));
	close(fd);
	/* In the same file, whose time is set back: as if nothing had been. */
	fd = open(f.trace, O_RDONLY);
	opened_file(&opened, fd, false);
	assert_true(save(&f) && load(&f));
	nanosleep(&a_while, NULL);
	put_file(f.trace, f.bytes, f.n);
	assert_int_equal(utimensat(AT_FDCWD, f.trace, then, 0), 0);
	assert_false(save(&f));
	assert_false(load(&f));
	/* One that grows is what it was. */
	opened.grows = true;
	assert_true(save(&f) && load(&f));
	close(fd);
	opened_file(&opened, -1, false);
	assert_true(!opened.known && load(&f));
	tear_down(&f);
}

static void
broken(void **state)
{
	static uint8_t bytes[1 << 20];
	struct fixture f = { .dir = "" };
	char name[512];
	size_t n;

	(void)state;
	set_up(&f);
	assert_true(save(&f));
	assert_int_equal(count(&f, name, sizeof name), 1);
	n = get_file(name, bytes, sizeof bytes);
	assert_true(n > 100 && n < sizeof bytes);
	for (size_t at = 0; at < n; at += at < 100 ? 1 : n / 50) {
		put_file(name, bytes, at);
		assert_false(load(&f));
		bytes[at] ^= 4;
		put_file(name, bytes, n);
		assert_false(load(&f));
		bytes[at] ^= 4;
	}
	put_file(name, bytes, n);
	assert_true(load(&f));
	unlink(name);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_false(load(&f));
	assert_false(save(&f));
	rmdir(name);
	/* Nobody writes to it: it is not waited for, and a file takes its place. */
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_false(load(&f));
	assert_true(save(&f));
	assert_true(load(&f));
	tear_down(&f);
}

/* A folder that can't be made, or written to. */
static void
nowhere(void **state)
{
	struct fixture f = { .dir = "" };
	char path[256];

	(void)state;
	set_up(&f);
	put_file(f.cache, "", 0);
	assert_false(save(&f));
	assert_false(load(&f));
	unlink(f.cache);
	mkdir(f.cache, 0700);
	snprintf(path, sizeof path, "%s/gotrace-tui", f.cache);
	mkdir(path, 0500);
	/* Root may write everywhere. */
	if (geteuid() != 0) {
		assert_false(save(&f));
		assert_false(load(&f));
	}
	setenv("XDG_CACHE_HOME", "relative", 1);
	unsetenv("HOME");
	assert_false(save(&f));
	assert_false(load(&f));
	tear_down(&f);
}

/* Those used longest ago go; what is not ours stays. */
static void
bounded(void **state)
{
	struct timespec then[2] = { { 1000, 0 }, { 1000, 0 } };
	struct fixture f = { .dir = "" };
	char path[512];

	(void)state;
	set_up(&f);
	assert_true(save(&f));
	for (int i = 0; i < CACHE_FILES + 10; i++) {
		snprintf(path, sizeof path, "%s/gotrace-tui/%016x.index%s", f.cache, i, i % 2 ? "" : ".aaaaaa");
		put_file(path, "old", 3);
		then[1].tv_sec = 1000 + i;
		assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
	}
	snprintf(path, sizeof path, "%s/gotrace-tui/README", f.cache);
	put_file(path, "hello", 5);
	assert_true(save(&f));
	assert_int_equal(count(&f, NULL, 0), CACHE_FILES + 1);
	assert_int_equal(access(path, F_OK), 0);
	assert_true(load(&f));
	tear_down(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_and_found),
		cmocka_unit_test(stale),
		cmocka_unit_test(exchanged),
		cmocka_unit_test(broken),
		cmocka_unit_test(nowhere),
		cmocka_unit_test(bounded),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
