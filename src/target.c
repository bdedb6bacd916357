/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target.h"

#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- on the way out ------------------------------------------------------------------ */

/* What a signal must take away; one at a time is written. */
static char *volatile pending;

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ };
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static void
on_signal(int sig)
{
	if (pending)
		unlink(pending);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
watch(char *temp)
{
	struct sigaction now, sa = { .sa_handler = on_signal };

	pending = temp;
	for (unsigned i = 0; i < SIGNALS; i++)
		if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			sigaction(signals[i], &sa, NULL);
}

/* --- opening ---------------------------------------------------------------------------- */

static void
forget(struct target *t)
{
	pending = NULL;
	free(t->real);
	free(t->temp);
	t->real = t->temp = NULL;
	t->fd = -1;
}

static bool
fail(struct target *t, int error)
{
	complain(t->path, strerror(error));
	if (t->fd > STDOUT_FILENO)
		close(t->fd);
	if (t->temp && t->fd >= 0)
		unlink(t->temp);
	forget(t);
	return false;
}

/* ".NAME.XXXXXX" in the folder of path. */
static char *
temp_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash - path) + 1 : 0, n = strlen(path) + sizeof("..XXXXXX");
	char *temp = malloc(n);

	if (temp)
		snprintf(temp, n, "%.*s.%s.XXXXXX", (int)folder, path, path + folder);
	return temp;
}

static mode_t
new_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static bool
open_temp(struct target *t, mode_t mode)
{
	t->temp = t->real ? temp_name(t->real) : NULL;
	if (!t->temp)
		return fail(t, errno);
	t->fd = mkstemp(t->temp);
	if (t->fd < 0)
		return fail(t, errno);
	watch(t->temp);
	return fchmod(t->fd, mode) == 0 || fail(t, errno);
}

bool
target_open(struct target *t, const char *path)
{
	struct stat st;

	*t = (struct target){ .path = path, .fd = -1 };
	if (strcmp(path, "-") == 0) {
		*t = (struct target){ .path = "standard output", .fd = STDOUT_FILENO, .at_once = true };
		return true;
	}
	if (stat(path, &st) < 0) {
		if (errno != ENOENT)
			return fail(t, errno);
		t->real = strdup(path);
		return open_temp(t, new_mode());
	}
	if (S_ISREG(st.st_mode)) {
		t->real = realpath(path, NULL); /* a link stays one */
		return open_temp(t, st.st_mode & 07777);
	}
	t->at_once = true;
	t->fd = open(path, O_WRONLY | O_CLOEXEC);
	return t->fd >= 0 || fail(t, errno);
}

bool
target_is_terminal(const struct target *t)
{
	return isatty(t->fd);
}

bool
target_commit(struct target *t)
{
	int fd = t->fd;

	if (fd == STDOUT_FILENO)
		return true;
	t->fd = -1;
	if (close(fd) < 0 || (t->temp && rename(t->temp, t->real) < 0)) {
		int error = errno;

		if (t->temp)
			unlink(t->temp);
		return fail(t, error);
	}
	forget(t);
	return true;
}

void
target_drop(struct target *t)
{
	if (t->fd > STDOUT_FILENO)
		close(t->fd);
	if (t->temp)
		unlink(t->temp);
	forget(t);
}
