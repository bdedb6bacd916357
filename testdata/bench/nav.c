/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the explorer moves: nav PROGRAM TRACE [held]. First the program itself on a pseudo-terminal (first screen, quitting, peak
 * memory, with some use meanwhile), then its model in this process, each move with the picture it leads to, once the trace is
 * indexed. One line each: name, median, 99th percentile, unit. With held: only what keys that are held down cost, in each view.
 */
#include "ui/model.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOVES = 500 };

/* What the bar says once all is indexed; and of a generation that the index has not come by yet. */
#define VALID "\xe2\x9c\x93 valid\33"
#define UNCONFIRMED "unconfirmed"

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
say(const char *name, double *ms, size_t n)
{
	qsort(ms, n, sizeof *ms, by_size);
	printf("%-28s %10.2f %10.2f ms\n", name, ms[n / 2], ms[n * 99 / 100]);
}

/* --- the program ----------------------------------------------------------------------- */

struct terminal {
	pid_t pid;
	int fd;
	char text[1 << 16]; /* what came last */
	size_t n;
};

static void
start(struct terminal *t, const char *program, const char *trace)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };

	t->n = 0;
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (t->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execl(program, program, trace, (char *)NULL);
		_exit(127);
	}
}

/* Until the text has come, at most so many milliseconds. */
static bool
await(struct terminal *t, const char *text, double most)
{
	double until = now() + most;

	while (now() < until) {
		struct pollfd p = { .fd = t->fd, .events = POLLIN };
		ssize_t got;

		t->text[t->n] = 0;
		if (strstr(t->text, text)) {
			t->n = 0;
			return true;
		}
		if (poll(&p, 1, 100) <= 0)
			continue;
		if (t->n > sizeof t->text / 2) {
			memmove(t->text, t->text + t->n - 4096, 4096);
			t->n = 4096;
		}
		got = read(t->fd, t->text + t->n, sizeof t->text - 1 - t->n);
		if (got <= 0)
			return false;
		for (size_t i = t->n; i < t->n + (size_t)got; i++)
			t->text[i] = t->text[i] ? t->text[i] : ' ';
		t->n += (size_t)got;
	}
	return false;
}

static void
send_keys(struct terminal *t, const char *keys)
{
	if (write(t->fd, keys, strlen(keys)) < 0)
		fprintf(stderr, "nav: keys are not taken\n");
}

static double
quit(struct terminal *t, struct rusage *use)
{
	double began = now();
	int status;

	send_keys(t, "Q");
	await(t, "\377", 5000);
	wait4(t->pid, &status, 0, use);
	close(t->fd);
	return now() - began;
}

/* To a generation that the index has not come by. In a small trace there is none for long: no row then. */
static void
jump_ahead(const char *program, const char *trace)
{
	double took[9], began;
	struct terminal t;
	struct rusage ignored;
	size_t n = 0;

	for (bool seen = true; seen && n < 9; n += seen) {
		start(&t, program, trace);
		await(&t, "Sync", 10000);
		began = now();
		send_keys(&t, ":93%\r");
		seen = await(&t, UNCONFIRMED, 2000);
		took[n] = now() - began;
		quit(&t, &ignored);
	}
	if (n == 9)
		say("jump ahead of the index", took, n);
}

static void
run_program(const char *program, const char *trace)
{
	static const char *const use[] = { ":50%\r", "S", "s", ":25%\r", "G", "g", ":75%\r", "S" };
	double first[9], leave[9], began, indexed, again;
	struct terminal t;
	struct rusage ru = { .ru_maxrss = 0 };
	char key[32];

	for (int i = 0; i < 9; i++) {
		began = now();
		start(&t, program, trace);
		await(&t, "Sync", 10000);
		first[i] = now() - began;
		leave[i] = quit(&t, &ru);
	}
	say("first screen", first, 9);
	say("quitting while it indexes", leave, 9);
	jump_ahead(program, trace);
	began = now();
	start(&t, program, trace);
	await(&t, "Sync", 10000);
	for (int i = 0; !await(&t, VALID, 100) && now() - began < 120000; i++)
		send_keys(&t, use[i % (sizeof use / sizeof *use)]);
	indexed = (now() - began) / 1e3;
	for (int i = 1; i < 100; i++) {
		snprintf(key, sizeof key, ":%d%%\rSSSs", i * 37 % 100);
		send_keys(&t, key);
		await(&t, "\377", 20);
	}
	quit(&t, &ru);
	began = now();
	start(&t, program, trace);
	await(&t, VALID, 120000);
	again = now() - began;
	quit(&t, &(struct rusage){ .ru_maxrss = 0 });
	printf("%-28s %10.1f %10s s\n", "indexed, with use meanwhile", indexed, "");
	say("opened again, indexed", &again, 1);
	printf("%-28s %10.0f %10s MB\n", "peak memory", (double)ru.ru_maxrss / 1024, "");
}

/* --- a key held down --------------------------------------------------------------------- */

/* How often a key that is held down comes again, how often it does, and what is done meanwhile, a slice at a time. */
enum { REPEAT_MS = 33, PRESSES = 60, SLICE_NS = 4000000 };

static struct canvas canvas;

struct held {
	const char *key;
	double picture[PRESSES]; /* from the key to the picture it leads to */
	double slice[PRESSES];   /* the longest time that another key would have waited for work to end */
	unsigned late;           /* presses whose search was not over when the next came */
};

/* Processor time of this thread: the machine may do other things as well. */
static double
busy(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
settle(struct model *m, double most)
{
	for (double began = busy(); model_busy(m) && busy() - began < most;)
		model_work(m, SLICE_NS);
	model_prepare(m);
	model_draw(m, &canvas);
}

static void
hold(struct model *m, ui_key key, struct held *h)
{
	h->late = 0;
	for (int i = 0; i < PRESSES; i++) {
		double began = busy(), at;

		model_key(m, key);
		model_prepare(m);
		model_draw(m, &canvas);
		at = busy();
		h->picture[i] = at - began;
		h->slice[i] = 0;
		while (at - began < REPEAT_MS && model_busy(m)) {
			double from = at;

			model_work(m, SLICE_NS);
			at = busy();
			h->slice[i] = at - from > h->slice[i] ? at - from : h->slice[i];
		}
		h->late += m->job.kind != 0;
	}
	qsort(h->picture, PRESSES, sizeof *h->picture, by_size);
	qsort(h->slice, PRESSES, sizeof *h->slice, by_size);
}

/* Each key in a view. */
static void
hold_keys(struct model *m, const char *view)
{
	static const struct {
		const char *name;
		ui_key key;
	} keys[] = { { "s", 's' }, { "S", 'S' }, { "j", 'j' }, { "k", 'k' }, { "PgDn", K_PGDN }, { "PgUp", K_PGUP }, { "n", 'n' }, { "+", '+' },
		{ "-", '-' }, { "l", 'l' }, { ">", '>' } };
	static struct held h;

	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
		h.key = keys[k].name;
		hold(m, keys[k].key, &h);
		printf("%-16s %-10s %10.2f %10.2f %10.2f %10u\n", view, h.key, h.picture[PRESSES / 2], h.picture[PRESSES * 99 / 100],
			h.slice[PRESSES * 99 / 100], h.late);
		fflush(stdout);
	}
}

static void
run_held(struct model *m)
{
	/* Over views, keys of each: milliseconds of processor time, and searches that were not over when the next key came. */
	static const char *const views[] = { "view events", "timeline p", "timeline m", "timeline g", "zoom-all", "goroutines",
		"groups", "tasks", "regions", "view frontier", "view stack", "view strings", "view bytes" };

	printf("%-16s %-10s %10s %10s %10s %10s\n", "view", "key held", "median", "99%", "work 99%", "late");
	for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
		model_line(m, ':', "50%");
		model_line(m, '/', "GoDestroy");
		settle(m, 1000);
		model_line(m, ':', views[v]);
		settle(m, 5000);
		hold_keys(m, views[v]);
		for (int i = 0; i < 3; i++)
			model_line(m, ':', (const char *[]){ "close table", "close timeline", "view events" }[i]);
	}
}

/* --- the model ------------------------------------------------------------------------------ */

static void
finish(struct model *m)
{
	while (m->job.kind)
		model_work(m, 4000000);
	model_prepare(m);
	model_draw(m, &canvas);
}

static double
move(struct model *m, const char *keys)
{
	double began = now();

	for (; *keys; keys++)
		model_key(m, (unsigned char)*keys);
	finish(m);
	return now() - began;
}

static double
line(struct model *m, char kind, const char *text)
{
	double began = now();

	model_line(m, kind, text);
	finish(m);
	return now() - began;
}

/* Jumps of a program that finds the index of an earlier one: it has checkpoints at the beginnings of generations alone. */
static void
run_kept(struct gt_trace *t, const struct gt_model *rules, const struct gt_nav *indexed)
{
	static double jump[MOVES];
	struct gt_nav *nav = gt_nav_new(t, rules, (size_t)128 << 20);
	struct gt_buf kept = { NULL, 0, 0 };
	uint64_t x = 88172645463325252;
	bool all;

	if (nav && gt_nav_save(indexed, &kept) && gt_nav_load(nav, kept.p, kept.n)) {
		for (int i = 0; i < MOVES; i++) {
			double began = now();

			x ^= x << 13, x ^= x >> 7, x ^= x << 17;
			gt_nav_seek(nav, x % gt_nav_known(indexed, &all) + 1, NULL, NULL);
			jump[i] = now() - began;
		}
		say("jump, index kept", jump, MOVES);
	}
	gt_buf_free(&kept);
	gt_nav_free(nav);
}

static void
run_model(const char *trace, bool held)
{
	static double jump[MOVES], forth[MOVES], back[MOVES], moment[MOVES], walk[MOVES];
	struct gt_model rules;
	struct gt_error err;
	struct model m;
	struct ui_options o = { .file = trace, .model = &rules, .memory = (size_t)128 << 20, .threads = 2 };
	struct stat st;
	int fd = open(trace, O_RDONLY);
	void *p = fd >= 0 && fstat(fd, &st) == 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	uint64_t x = 88172645463325252;
	double length, t;
	char text[64];

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	o.trace = p == MAP_FAILED ? NULL : gt_open(p, (size_t)st.st_size, &err);
	if (!o.trace || !model_init(&m, &o, true) || !canvas_init(&canvas, 40, 120, true)) {
		fprintf(stderr, "nav: %s can't be opened\n", trace);
		exit(1);
	}
	model_resize(&m, 40, 120);
	finish(&m);
	model_work(&m, 1000000);
	while (model_waits(&m)) {
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
		model_work(&m, 1000000);
	}
	if (held) {
		run_held(&m);
		return;
	}
	line(&m, ':', "last");
	move(&m, "S");
	length = (double)(rows_get(m.rows, m.cursor)->ev.time - m.t0);
	for (int i = 0; i < MOVES; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		snprintf(text, sizeof text, "%llu", (unsigned long long)(x % m.known + 1));
		jump[i] = line(&m, ':', text);
		back[i] = move(&m, "S");
		forth[i] = move(&m, "s");
		snprintf(text, sizeof text, "@%.0fns", (double)(x >> 11) * 0x1p-53 * length);
		moment[i] = line(&m, ':', text);
	}
	for (int i = 0; i < MOVES; i++)
		walk[i] = move(&m, i % 50 == 0 ? "b" : "S");
	say("jump to an event", jump, MOVES);
	say("jump to a time", moment, MOVES);
	run_kept(o.trace, &rules, m.nav);
	say("step forward", forth, MOVES);
	say("step back", back, MOVES);
	say("walk back", walk, MOVES);
	line(&m, ':', "first");
	t = line(&m, '/', "GoDestroySyscall");
	say(m.message[0] ? "no GoDestroySyscall" : "the next GoDestroySyscall", &t, 1);
	line(&m, ':', "first");
	t = line(&m, '/', "GoCreateSyscall");
	say(m.message[0] ? "no GoCreateSyscall" : "the next GoCreateSyscall", &t, 1);
	model_free(&m);
	gt_close(o.trace);
}

int
main(int argc, char **argv)
{
	char cache[] = "/tmp/nav.XXXXXX", remove[64];

	bool held = argc == 4 && !strcmp(argv[3], "held");

	if (argc != 3 && !held) {
		fprintf(stderr, "usage: nav PROGRAM TRACE [held]\n");
		return 2;
	}
	setlocale(LC_ALL, "C.UTF-8");
	/* No index of an earlier run, and none left behind. */
	if (!mkdtemp(cache) || setenv("XDG_CACHE_HOME", cache, 1) != 0)
		return 1;
	if (!held) {
		printf("%-28s %10s %10s\n", "", "median", "99%");
		fflush(stdout);
		run_program(argv[1], argv[2]);
		fflush(stdout);
	}
	run_model(argv[2], held);
	snprintf(remove, sizeof remove, "rm -rf '%s'", cache);
	return system(remove) != 0;
}
