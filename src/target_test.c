/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are written as a whole or not at all. */
#include "target.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/target.XXXXXX";
static char path[64], link_path[64];

static int
make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/out", dir);
	snprintf(link_path, sizeof(link_path), "%s/link", dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	unlink(link_path);
	unlink(path);
	return rmdir(dir); /* fails if something was left behind */
}

static void
holds(const char *file, const char *want)
{
	char text[64] = "";
	FILE *f = fopen(file, "r");

	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) < sizeof(text));
	fclose(f);
	assert_string_equal(text, want);
}

static unsigned
files(void)
{
	DIR *d = opendir(dir);
	unsigned n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void
put(struct target *t, const char *file, const char *text)
{
	assert_true(target_open(t, file));
	assert_int_equal(write(t->fd, text, strlen(text)), strlen(text));
}

static void
all_or_nothing(void **state)
{
	struct target t;
	struct stat st;

	(void)state;
	umask(022);
	put(&t, path, "one");
	assert_false(t.at_once);
	assert_int_equal(access(path, F_OK), -1);
	target_drop(&t);
	assert_int_equal(files(), 0);

	put(&t, path, "one");
	assert_true(target_commit(&t));
	holds(path, "one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);

	chmod(path, 0600);
	assert_int_equal(symlink(path, link_path), 0);
	put(&t, link_path, "two");
	holds(path, "one");
	assert_true(target_commit(&t));
	holds(path, "two");
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	put(&t, path, "three");
	target_drop(&t);
	holds(path, "two");
	assert_int_equal(files(), 2);
}

static void
no_ordinary_file(void **state)
{
	struct target t;

	(void)state;
	put(&t, "/dev/null", "gone");
	assert_true(t.at_once);
	assert_true(target_commit(&t));
	assert_true(target_open(&t, "-"));
	assert_true(t.at_once);
	assert_int_equal(t.fd, STDOUT_FILENO);
	target_drop(&t);
	assert_true(target_open(&t, "-"));
	assert_true(target_commit(&t));
}

/* It complains, and is closed. */
static void
not_there(void **state)
{
	struct target t;

	(void)state;
	assert_false(target_open(&t, "/no/such/folder/out"));
	assert_false(target_open(&t, dir));
	assert_int_equal(t.fd, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_or_nothing),
		cmocka_unit_test(no_ordinary_file),
		cmocka_unit_test(not_there),
	};

	return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
