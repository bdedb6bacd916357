/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes from pipes and files that grow: all of them, at addresses that stay, however they come and wherever they are kept. */
#include "source.h"
#include "store.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

enum { SIZE = 3000000 };

static char *
sample(void)
{
	char *p = malloc(SIZE);
	uint32_t x = 1;

	for (size_t i = 0; i < SIZE; i++) {
		x = x * 1103515245 + 12345;
		p[i] = (char)(x >> 24);
	}
	memcpy(p, "go 1.26 ", 8); /* what unpacks to such bytes is wanted */
	return p;
}

/* --- the store ----------------------------------------------------------------------------- */

static void
stays_in_place(void **state)
{
	static const size_t memory[] = { 0, 4096, 5000, 1 << 20, SIZE - 1, SIZE, 1 << 30 };
	char *p = sample();

	(void)state;
	for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++) {
		struct store s;
		const char *first;
		size_t piece = 1;

		assert_true(store_init(&s, memory[i]));
		first = s.p;
		while (s.n < SIZE) {
			size_t n = piece < SIZE - s.n ? piece : SIZE - s.n;

			assert_true(store_put(&s, p + s.n, n));
			piece = piece * 7 % 100003;
			if (piece % 5 == 0)
				store_release(&s, s.n);
		}
		assert_ptr_equal(s.p, first);
		assert_memory_equal(s.p, p, SIZE);
		store_release(&s, s.n);
		assert_memory_equal(s.p, p, SIZE);
		assert_int_equal(s.fd >= 0, memory[i] / 4096 * 4096 < SIZE);
		store_free(&s);
	}
	free(p);
}

static void
no_room(void **state)
{
	struct rlimit was, small;
	char *p = sample();
	struct store s;

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	assert_true(store_init(&s, 8192));
	assert_true(store_put(&s, p, 8192));
	assert_false(store_put(&s, p, 1));
	assert_non_null(strstr(s.why, "no temporary file in /nonexistent"));
	assert_memory_equal(s.p, p, 8192);
	store_free(&s);
	unsetenv("TMPDIR");

	/* A file that can't grow is as a full disk; the signal is for whoever asks for it. */
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 100000;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_true(store_init(&s, 8192));
	assert_true(store_put(&s, p, 50000));
	assert_false(store_put(&s, p + 50000, 500000));
	assert_non_null(strstr(s.why, "temporary file"));
	assert_int_equal(s.n, 50000);
	assert_memory_equal(s.p, p, 50000);
	store_free(&s);
	setrlimit(RLIMIT_FSIZE, &was);
	free(p);
}

/* --- pipes ----------------------------------------------------------------------------------- */

struct writer {
	int fd;
	const char *p;
	size_t n;
};

/* Pieces of all sizes, sometimes with a rest between them. */
static void *
write_all(void *arg)
{
	struct writer *w = arg;
	unsigned x = 1;

	for (size_t at = 0; at < w->n;) {
		size_t n;

		x = x * 1103515245 + 12345;
		n = 1 + (x >> 8) % ((x >> 4) % 4 == 0 ? 10 : 50000);
		n = n < w->n - at ? n : w->n - at;
		assert_int_equal(write(w->fd, w->p + at, n), n);
		at += n;
		if ((x >> 20) % 16 == 0)
			usleep(1000);
	}
	close(w->fd);
	return NULL;
}

static struct source_view
wait_for_end(struct source *s)
{
	struct source_view v = { .n = 0 };
	size_t seen = 0;

	do {
		source_wait(s, v.n, -1, &v);
		assert_true(v.n >= seen);
		seen = v.n;
	} while (v.end == SOURCE_ON);
	return v;
}

static void
through_pipes(void **state)
{
	static const size_t memory[] = { 0, 100000, 1 << 30 };
	char *p = sample(), *z = malloc(2 * SIZE);
	uLongf nz = 2 * SIZE;
	z_stream stream = { 0 };

	(void)state;
	assert_int_equal(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (Bytef *)p;
	stream.avail_in = SIZE;
	stream.next_out = (Bytef *)z;
	stream.avail_out = (uInt)nz;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	nz = stream.total_out;
	deflateEnd(&stream);
	for (size_t i = 0; i < 2 * sizeof(memory) / sizeof(memory[0]); i++) {
		bool packed = i % 2;
		struct source_view v;
		struct writer w;
		pthread_t thread;
		struct source *s;
		int fd[2];

		assert_int_equal(pipe(fd), 0);
		w = (struct writer){ fd[1], packed ? z : p, packed ? nz : SIZE };
		s = source_start(&(struct source_how){ .fd = fd[0], .memory = memory[i / 2] });
		assert_non_null(s);
		pthread_create(&thread, NULL, write_all, &w);
		v = wait_for_end(s);
		pthread_join(thread, NULL);
		assert_int_equal(v.end, SOURCE_OVER);
		assert_int_equal(v.packing, packed ? PACKED_GZIP : PACKED_NOT);
		assert_int_equal(v.unpacked, packed ? UNPACKED : UNPACKED_MORE);
		assert_int_equal(v.packed, w.n);
		assert_int_equal(v.n, SIZE);
		assert_memory_equal(v.p, p, SIZE);
		source_release(s);
		assert_memory_equal(v.p, p, SIZE);
		source_free(s);
	}
	free(p);
	free(z);
}

/* It ends at once, is stopped while nothing comes, fails, has fewer bytes than tell whether it is packed. */
static void
short_pipes(void **state)
{
	static const char *const texts[] = { "", "g", "go ", "\x1f\x8b", "go 1" };
	struct source_view v;
	struct source *s;
	int fd[2];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(pipe(fd), 0);
		assert_true(write(fd[1], texts[i], strlen(texts[i])) >= 0);
		close(fd[1]);
		s = source_start(&(struct source_how){ .fd = fd[0] });
		v = wait_for_end(s);
		assert_int_equal(v.end, SOURCE_OVER);
		assert_int_equal(v.n, strlen(texts[i]));
		assert_memory_equal(v.p ? v.p : "", texts[i], v.n);
		source_free(s);
	}
	assert_int_equal(pipe(fd), 0);
	s = source_start(&(struct source_how){ .fd = fd[0] });
	source_wait(s, 0, 20, &v);
	assert_int_equal(v.end, SOURCE_ON);
	source_stop(s);
	source_wait(s, 0, -1, &v);
	assert_int_equal(v.end, SOURCE_STOPPED);
	source_free(s);
	close(fd[1]);
	s = source_start(&(struct source_how){ .fd = open(".", O_RDONLY) });
	v = wait_for_end(s);
	assert_int_equal(v.end, SOURCE_FAILED);
	assert_string_equal(v.why, "Is a directory");
	source_free(s);
}

/* --- files that grow ---------------------------------------------------------------------------- */

static void
follows(void **state)
{
	char path[] = "/tmp/source_test-XXXXXX", other[64];
	char *p = sample();

	(void)state;
	for (int replaced = 0; replaced < 3; replaced++) {
		int out;
		struct source_view v = { .n = 0 };
		struct source *s;

		strcpy(path + sizeof(path) - 7, "XXXXXX");
		out = mkstemp(path);
		assert_true(out >= 0);
		s = source_start(&(struct source_how){ .fd = open(path, O_RDONLY), .path = path, .follow = true, .memory = 50000 });
		for (size_t at = 0; at < 200000; at += 40000) {
			assert_int_equal(write(out, p + at, 40000), 40000);
			while (v.n < at + 40000)
				source_wait(s, v.n, -1, &v);
			assert_memory_equal(v.p, p, v.n);
		}
		while (!v.idle)
			source_wait(s, v.n, 10, &v);
		snprintf(other, sizeof(other), "%s.other", path);
		if (replaced == 1) {
			close(open(other, O_CREAT | O_WRONLY, 0600));
			rename(other, path);
		} else if (replaced == 2) {
			unlink(path);
		} else {
			assert_int_equal(ftruncate(out, 1000), 0);
		}
		v = wait_for_end(s);
		assert_int_equal(v.end, SOURCE_GONE);
		assert_non_null(strstr(v.why, replaced ? "replaced or removed" : "became shorter"));
		assert_int_equal(v.n, 200000);
		assert_memory_equal(v.p, p, v.n);
		source_free(s);
		close(out);
		unlink(path);
	}
	free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_in_place),
		cmocka_unit_test(no_room),
		cmocka_unit_test(through_pipes),
		cmocka_unit_test(short_pipes),
		cmocka_unit_test(follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
