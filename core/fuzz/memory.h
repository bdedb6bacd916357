/* SPDX-License-Identifier: MIT */
/*
 * A count of the memory in use, while fuzz_count is on: by the hooks of the address sanitizer where that is, else, with
 * COUNT_MALLOC, by a malloc of our own in front of glibc's. Without either nothing is counted.
 */
#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FUZZ_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define FUZZ_ASAN
#endif

static _Thread_local bool fuzz_count; /* the fuzzer has threads of its own */
static size_t fuzz_live, fuzz_peak;

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
#elif defined(COUNT_MALLOC)
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

#endif
