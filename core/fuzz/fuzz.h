/* SPDX-License-Identifier: MIT */
/*
 * What the fuzzers share: a check that ends the process (so that the fuzzer keeps the input), a count of the memory in
 * use, and with -DREPLAY a main() that plays files and folders instead of a fuzzer.
 *
 * Memory is counted while fuzz_count is on: by the hooks of the address sanitizer where that is, else (REPLAY) by a
 * malloc of our own in front of glibc's. A replay without either counts nothing.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "testing.h"

#include <malloc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FUZZ_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define FUZZ_ASAN
#endif

#define CHECK(cond, ...)                                                                                               \
	do {                                                                                                           \
		if (!(cond)) {                                                                                         \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #cond);                                     \
			fprintf(stderr, __VA_ARGS__);                                                                  \
			fputc('\n', stderr);                                                                           \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

static _Thread_local bool fuzz_count; /* the fuzzer has threads of its own */
static size_t fuzz_live, fuzz_peak;
static double fuzz_worst; /* bytes of memory for a byte of input, of inputs of at least SMALL_INPUT */
static size_t fuzz_most;  /* bytes of memory, of the others */
enum { SMALL_INPUT = 4096 };

static void
fuzz_took(size_t n)
{
	fuzz_live += n;
	if (fuzz_live > fuzz_peak)
		fuzz_peak = fuzz_live;
}

static void
fuzz_gave(size_t n)
{
	fuzz_live -= n < fuzz_live ? n : fuzz_live;
}

#ifdef FUZZ_ASAN
int __sanitizer_install_malloc_and_free_hooks(
	void (*m)(const volatile void *, size_t), void (*f)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *p);

static void
fuzz_on_malloc(const volatile void *p, size_t n)
{
	(void)p;
	if (fuzz_count)
		fuzz_took(n);
}

static void
fuzz_on_free(const volatile void *p)
{
	if (fuzz_count && p)
		fuzz_gave(__sanitizer_get_allocated_size(p));
}
#elif defined(REPLAY)
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t m);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static void *
fuzz_new(void *p)
{
	if (fuzz_count && p)
		fuzz_took(malloc_usable_size(p));
	return p;
}

void *
malloc(size_t n)
{
	return fuzz_new(__libc_malloc(n));
}

void *
calloc(size_t n, size_t m)
{
	return fuzz_new(__libc_calloc(n, m));
}

void *
realloc(void *p, size_t n)
{
	size_t was = p ? malloc_usable_size(p) : 0;
	void *q = __libc_realloc(p, n);

	/* While it moves both are there. */
	if (q)
		fuzz_new(q);
	if (q && fuzz_count)
		fuzz_gave(was);
	return q;
}

void
free(void *p)
{
	if (fuzz_count && p)
		fuzz_gave(malloc_usable_size(p));
	__libc_free(p);
}
#endif

/* Begins to count; the first call of all installs what counts. */
static inline void
memory_begin(void)
{
#ifdef FUZZ_ASAN
	static bool installed;

	if (!installed)
		__sanitizer_install_malloc_and_free_hooks(fuzz_on_malloc, fuzz_on_free);
	installed = true;
#endif
	fuzz_live = fuzz_peak = 0;
	fuzz_count = true;
}

/* Nothing may be left, and never more may have been in use than `per` bytes for each of the input and `base`. */
static inline void
memory_end(size_t size, size_t per, size_t base)
{
	fuzz_count = false;
	if (size < SMALL_INPUT)
		fuzz_most = fuzz_peak > fuzz_most ? fuzz_peak : fuzz_most;
	else if ((double)fuzz_peak / (double)size > fuzz_worst)
		fuzz_worst = (double)fuzz_peak / (double)size;
	CHECK(fuzz_live == 0, "%zu bytes are left over", fuzz_live);
	CHECK(fuzz_peak <= per * size + base, "%zu bytes of memory for %zu of input", fuzz_peak, size);
}

#ifdef REPLAY
static unsigned
replay(const char *path)
{
	struct gt_buf b = { NULL, 0, 0 };
	DIR *d = opendir(path);
	const struct dirent *e;
	char inner[4096];
	unsigned n = 0;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.' &&
			snprintf(inner, sizeof(inner), "%s/%s", path, e->d_name) < (int)sizeof(inner))
			n += replay(inner);
	if (d) {
		closedir(d);
		return n;
	}
	if (!read_file(path, &b)) {
		fprintf(stderr, "%s: can't be read\n", path);
		exit(3);
	}
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(b.p, b.n);
	gt_buf_free(&b);
	return 1;
}

int
main(int argc, char **argv)
{
	unsigned n = 0;

	for (int i = 1; i < argc; i++)
		n += replay(argv[i]);
	printf("%u inputs; at most %zu bytes of memory for the small ones, %.1f for each byte of the others\n", n,
		fuzz_most, fuzz_worst);
	return 0;
}
#endif

#endif
