/* SPDX-License-Identifier: MIT */
/*
 * For tests of what is done without memory: allocations go through functions here, in front of glibc's, which refuse some.
 * With a sanitizer that has an allocator of its own, or another C library, OTHER_MALLOC is defined, and there is nothing to test.
 */
#ifndef REFUSING_H
#define REFUSING_H

#include <stdbool.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define OTHER_MALLOC
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define OTHER_MALLOC
#endif

#ifndef OTHER_MALLOC

static struct {
	bool on, rest;            /* rest: what follows the one refused is refused, too */
	unsigned long n, refused; /* so many so far; the one that is refused */
	long live;                /* those given since it was switched on and not taken back */
	bool hit;
} mem;

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t m);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static bool
refuse(void)
{
	bool no = mem.on && (++mem.n == mem.refused || (mem.rest && mem.n > mem.refused));

	mem.hit = mem.hit || no;
	return no;
}

static void *
count(void *p)
{
	mem.live += mem.on && p;
	return p;
}

void *
malloc(size_t n)
{
	return refuse() ? NULL : count(__libc_malloc(n));
}

void *
calloc(size_t n, size_t m)
{
	return refuse() ? NULL : count(__libc_calloc(n, m));
}

void *
realloc(void *p, size_t n)
{
	if (refuse())
		return NULL;
	return p ? __libc_realloc(p, n) : count(__libc_malloc(n));
}

void
free(void *p)
{
	mem.live -= mem.on && p;
	__libc_free(p);
}

#endif
#endif
