/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui test: .test files, each a trace and what is expected of reading it.
 */
#include "cmd.h"
#include "out.h"

#include "ui/match.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct tally {
	unsigned passed, failed, unreadable;
	struct out out;
};

static void
fail(struct tally *t, const char *file, const char *why)
{
	out_format(&t->out, "FAIL %s: %s\n", file, why);
	t->failed++;
}

/* 1: it matches; 0: it does not; -1: it is no regular expression, or takes too long, and wrong says why. */
static int
matches(struct gt_str pattern, const char *text, char *wrong, size_t cap)
{
	size_t at;
	void *re = matcher.compile(pattern, &at, wrong, cap);
	int n;

	if (!re)
		return -1;
	n = matcher.match(re, str(text));
	matcher.free(re);
	if (n < 0)
		snprintf(wrong, cap, "it takes too long");
	return n;
}

static void
judge(struct tally *t, const struct loaded *l, const struct gt_error *err)
{
	struct gt_buf pattern = { 0 };
	char wrong[256], why[1024];
	int match;

	if (!l->test.fails) {
		if (err) {
			snprintf(why, sizeof(why), "it should be valid, but: %.*s", (int)strcspn(err->text, "\n"), err->text);
			fail(t, l->file, why);
		} else {
			t->passed++;
		}
		return;
	}
	if (!gt_unquote(l->test.pattern, &pattern)) {
		fail(t, l->file, "the expected error is not a quoted string");
		return;
	}
	match = err ? matches((struct gt_str){ (const char *)pattern.p, pattern.n }, err->text, wrong, sizeof(wrong)) : 0;
	if (match > 0) {
		t->passed++;
	} else if (match < 0) {
		snprintf(why, sizeof(why), "the expected error is no regular expression: %s", wrong);
		fail(t, l->file, why);
	} else {
		snprintf(why, sizeof(why), "it should fail with %.*s, but %s%.*s", (int)l->test.pattern.n, l->test.pattern.p,
			err ? "fails with: " : "is valid", err ? (int)strcspn(err->text, "\n") : 0, err ? err->text : "");
		fail(t, l->file, why);
	}
	gt_buf_free(&pattern);
}

static void
run_file(struct tally *t, const struct options *opt, const char *file)
{
	struct loaded l;
	struct gt_model model;
	struct gt_reader *r;

	if (load(&l, file, opt->memory) != EXIT_FINE) {
		t->unreadable++;
		return;
	}
	l.quiet = true; /* a test may be about just that */
	if (!l.is_test) {
		complain(file, "it is no .test file");
		t->unreadable++;
		unload(&l);
		return;
	}
	r = model_for(opt, &l, &model) ? gt_reader_new(l.trace, &model) : NULL;
	if (r) {
		gt_skip(r, UINT64_MAX);
		judge(t, &l, gt_reader_error(r));
	} else {
		t->unreadable++;
	}
	gt_reader_free(r);
	unload(&l);
}

static int
is_test_or_folder(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && ((n > 5 && strcmp(d->d_name + n - 5, ".test") == 0) || d->d_type == DT_DIR ||
		d->d_type == DT_UNKNOWN || d->d_type == DT_LNK);
}

enum { MAX_DEPTH = 32 }; /* a link may lead around in circles */

/* A file named is run whatever its name; below a folder, those that end in .test. */
static void
run_path(struct tally *t, const struct options *opt, const char *path, unsigned depth)
{
	struct stat st;
	struct dirent **entry;
	int n;

	if (stat(path, &st) < 0) {
		complain(path, strerror(errno));
		t->unreadable++;
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		size_t len = strlen(path);

		if (depth == 0 || (len > 5 && strcmp(path + len - 5, ".test") == 0))
			run_file(t, opt, path);
		return;
	}
	n = depth < MAX_DEPTH ? scandir(path, &entry, is_test_or_folder, alphasort) : 0;
	if (n < 0) {
		complain(path, strerror(errno));
		t->unreadable++;
		return;
	}
	for (int i = 0; i < n; i++) {
		char *below = malloc(strlen(path) + strlen(entry[i]->d_name) + 2);

		if (below) {
			sprintf(below, "%s/%s", path, entry[i]->d_name);
			run_path(t, opt, below, depth + 1);
		}
		free(below);
		free(entry[i]);
	}
	if (n > 0)
		free(entry);
}

int
cmd_test(const struct options *opt, int argc, char **argv)
{
	struct tally t = { 0 };
	bool written;

	if (argc < 1)
		return usage_error("test takes at least one PATH");
	out_init(&t.out, STDOUT_FILENO);
	for (int i = 0; i < argc; i++)
		run_path(&t, opt, argv[i], 0);
	out_format(&t.out, "%u passed, %u failed\n", t.passed, t.failed + t.unreadable);
	written = out_close(&t.out);
	if (t.passed + t.failed + t.unreadable == 0)
		complain(NULL, "there are no .test files");
	if (t.unreadable > 0 || !written || t.passed + t.failed == 0)
		return EXIT_UNREADABLE;
	return t.failed > 0 ? EXIT_INVALID : EXIT_FINE;
}
