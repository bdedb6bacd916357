/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source.h"

#include "kind.h"
#include "store.h"

#include "ui/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How often to look whether a file has grown. */
enum { LOOK_MS = 100 };
/* Looking through what comes brings it into memory: after so many bytes it need not stay there. */
#define RELEASE ((size_t)8 << 20)

struct source {
	/* The thread's own. */
	int fd;
	char *path;
	bool follow, regular;
	struct unpacker *unpacker; /* NULL: not packed */
	char first[PACKING_BYTES]; /* until they tell whether it is packed */
	size_t nfirst;
	bool told; /* they have */
	enum source_end end; /* once it is known */
	size_t released; /* bytes there were when memory was last released */
	char buf[1 << 18];

	pthread_t thread;
	bool joined;
	int wake[2];        /* a pipe: what can be read of it stops the thread */
	struct store store; /* the thread's; others know of the first view.n bytes */

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t news;
	struct source_view view;
	struct gt_trace *trace; /* to be told; NULL: none yet */
	char why[256]; /* the thread's, until it has ended */
};

/* --- what has come ----------------------------------------------------------------- */

/* Lets others know how things are. */
static void
publish(struct source *s, uint64_t packed, bool idle)
{
	pthread_mutex_lock(&s->lock);
	s->view.packed += packed;
	s->view.n = s->store.n;
	s->view.idle = idle;
	if (s->trace)
		gt_grow(s->trace, s->store.n, true);
	pthread_cond_broadcast(&s->news);
	pthread_mutex_unlock(&s->lock);
	if (s->store.n - s->released >= RELEASE)
		store_release(&s->store, s->released = s->store.n);
}

/* The first end is the one. */
static bool
stop_at(struct source *s, enum source_end end, const char *why)
{
	if (s->end == SOURCE_ON) {
		s->end = end;
		snprintf(s->why, sizeof(s->why), "%s", why);
	}
	return false;
}

/* --- unpacking ------------------------------------------------------------------------ */

static bool
put(void *arg, const void *p, size_t n)
{
	struct source *s = arg;

	return store_put(&s->store, p, n);
}

/* Whether to read on. */
static bool
is_more(struct source *s, enum unpacked got)
{
	pthread_mutex_lock(&s->lock);
	s->view.unpacked = got;
	pthread_mutex_unlock(&s->lock);
	if (got == UNPACKED_NO_ROOM)
		return stop_at(s, SOURCE_FAILED, s->store.why);
	if (got == UNPACKED_NO_MEMORY)
		return stop_at(s, SOURCE_FAILED, strerror(ENOMEM));
	return got == UNPACKED_MORE;
}

static uint64_t
size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

static bool
take(struct source *s, const char *p, size_t n)
{
	if (s->unpacker)
		return is_more(s, unpack_feed(s->unpacker, p, n));
	return store_put(&s->store, p, n) || stop_at(s, SOURCE_FAILED, s->store.why);
}

/* What the first bytes tell. */
static bool
take_first(struct source *s)
{
	struct unpack_to to = { put, kind_may_be_trace, s, s->follow ? 0 : size_of(s->fd) };
	enum packing how = packing_of(s->first, s->nfirst);

	s->told = true;
	if (how != PACKED_NOT && !(s->unpacker = unpack_new(how, &to)))
		return stop_at(s, SOURCE_FAILED, strerror(ENOMEM));
	pthread_mutex_lock(&s->lock);
	s->view.packing = how;
	pthread_mutex_unlock(&s->lock);
	return take(s, s->first, s->nfirst);
}

/* Takes in what was read. False: read no further. */
static bool
take_in(struct source *s, const char *p, size_t n)
{
	size_t first = 0;

	if (!s->told) {
		while (s->nfirst < PACKING_BYTES && first < n)
			s->first[s->nfirst++] = p[first++];
		if (s->nfirst < PACKING_BYTES)
			return true;
		if (!take_first(s))
			return false;
	}
	return first == n || take(s, p + first, n - first);
}

/* --- reading ---------------------------------------------------------------------------- */

/* Waits for something to read, or so many milliseconds. False: to be stopped. */
static bool
wait_for(struct source *s, int ms)
{
	struct pollfd p[2] = { { .fd = s->wake[0], .events = POLLIN }, { .fd = s->fd, .events = POLLIN } };

	while (poll(p, ms < 0 ? 2 : 1, ms) < 0)
		if (errno != EINTR)
			return true; /* then reading will tell, or wait */
	return p[0].revents == 0;
}

/* Whether the end of a file that is followed may yet move on. */
static bool
may_grow(struct source *s)
{
	struct stat st, now;
	off_t at = lseek(s->fd, 0, SEEK_CUR);

	if (fstat(s->fd, &st) < 0)
		return stop_at(s, SOURCE_FAILED, strerror(errno));
	if (at > st.st_size)
		return stop_at(s, SOURCE_GONE, "the file became shorter, and is no longer followed: this is what came before");
	if (s->path && (stat(s->path, &now) < 0 || now.st_ino != st.st_ino || now.st_dev != st.st_dev))
		return stop_at(s, SOURCE_GONE, "the file was replaced or removed, and is no longer followed: this is what came before");
	return true;
}

/* At the end of a file: whether there is more after a while. */
static bool
wait_at_end(struct source *s)
{
	publish(s, 0, true);
	return may_grow(s) && (wait_for(s, LOOK_MS) || stop_at(s, SOURCE_STOPPED, ""));
}

static void
read_all(struct source *s)
{
	while (wait_for(s, -1) || stop_at(s, SOURCE_STOPPED, "")) {
		ssize_t n = read(s->fd, s->buf, sizeof(s->buf));
		bool more;

		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0) {
			stop_at(s, SOURCE_FAILED, strerror(errno));
			return;
		}
		if (n == 0 && !(s->follow && s->regular))
			return;
		if (n == 0 && !wait_at_end(s))
			return;
		more = n == 0 || take_in(s, s->buf, (size_t)n);
		publish(s, (uint64_t)n, false);
		if (!more)
			return;
	}
}

static void *
run(void *arg)
{
	struct source *s = arg;

	read_all(s);
	if (!s->told)
		take_first(s);
	if (s->unpacker)
		is_more(s, unpack_end(s->unpacker));
	stop_at(s, SOURCE_OVER, "");
	pthread_mutex_lock(&s->lock);
	s->view.n = s->store.n;
	s->view.idle = false;
	s->view.end = s->end;
	s->view.why = s->why;
	if (s->trace)
		gt_grow(s->trace, s->store.n, false);
	pthread_cond_broadcast(&s->news);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* --- for others ---------------------------------------------------------------------------- */

static void
init_locks(struct source *s)
{
	pthread_condattr_t clock;

	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&s->news, &clock);
	pthread_condattr_destroy(&clock);
}

/* All but the thread, which must have ended. */
static void
clear(struct source *s)
{
	pthread_cond_destroy(&s->news);
	pthread_mutex_destroy(&s->lock);
	close(s->wake[0]);
	close(s->wake[1]);
	close(s->fd);
	unpack_free(s->unpacker);
	store_free(&s->store);
	free(s->path);
	free(s);
}

struct source *
source_start(const struct source_how *how)
{
	struct source *s = calloc(1, sizeof(*s));
	struct stat st;

	if (!s || !store_init(&s->store, how->memory)) {
		close(how->fd);
		free(s);
		return NULL;
	}
	if (pipe(s->wake) != 0) {
		close(how->fd);
		store_free(&s->store);
		free(s);
		return NULL;
	}
	fcntl(s->wake[0], F_SETFD, FD_CLOEXEC);
	fcntl(s->wake[1], F_SETFD, FD_CLOEXEC);
	s->fd = how->fd;
	s->follow = how->follow;
	s->regular = fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode);
	s->path = how->path ? strdup(how->path) : NULL;
	s->view.p = s->store.p;
	init_locks(s);
	if (thread_start(&s->thread, run, s))
		return s;
	s->joined = true;
	clear(s);
	return NULL;
}

void
source_wait(struct source *s, size_t seen, int ms, struct source_view *out)
{
	struct timespec until;
	int late = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&s->lock);
	while (s->view.n <= seen && s->view.end == SOURCE_ON && !late)
		late = ms < 0 ? pthread_cond_wait(&s->news, &s->lock) : pthread_cond_timedwait(&s->news, &s->lock, &until);
	*out = s->view;
	pthread_mutex_unlock(&s->lock);
}

void
source_tell(struct source *s, struct gt_trace *t)
{
	pthread_mutex_lock(&s->lock);
	s->trace = t;
	gt_grow(t, s->view.n, s->view.end == SOURCE_ON);
	pthread_mutex_unlock(&s->lock);
}

void
source_stop(struct source *s)
{
	if (s->joined)
		return;
	while (write(s->wake[1], "", 1) < 0 && errno == EINTR)
		;
	pthread_join(s->thread, NULL);
	s->joined = true;
}

void
source_release(struct source *s)
{
	size_t n;

	pthread_mutex_lock(&s->lock);
	n = s->view.n;
	pthread_mutex_unlock(&s->lock);
	store_release(&s->store, n);
}

void
source_free(struct source *s)
{
	if (!s)
		return;
	source_stop(s);
	clear(s);
}
