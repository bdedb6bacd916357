/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { LOOK = 4096 }; /* how much of a file is looked at */

struct kind {
	unsigned at;
	const char *magic;
	unsigned n;
	const char *what;
};
#define MAGIC(at, bytes, what) { at, bytes, sizeof(bytes) - 1, what }

static const struct kind binary[] = {
	MAGIC(0, "\x7f" "ELF", "an ELF file: a program, a library or a core dump"),
	MAGIC(0, "MZ", "a Windows program"),
	MAGIC(0, "\xcf\xfa\xed\xfe", "a macOS program"),
	MAGIC(0, "\x1f\x8b", "gzip data"),
	MAGIC(0, "\x28\xb5\x2f\xfd", "zstd data"),
	MAGIC(0, "\xfd" "7zXZ", "xz data, which must be unpacked first"),
	MAGIC(0, "BZh", "bzip2 data, which must be unpacked first"),
	MAGIC(0, "\x04\x22\x4d\x18", "lz4 data, which must be unpacked first"),
	MAGIC(0, "PK\x03\x04", "a zip archive, which must be unpacked first"),
	MAGIC(257, "ustar", "a tar archive, which must be unpacked first"),
	MAGIC(0, "!<arch>", "an archive of object files"),
	MAGIC(0, "PERFILE2", "a profile of Linux perf"),
	MAGIC(0, "\x89PNG", "a PNG image"),
	MAGIC(0, "%PDF-", "a PDF document"),
	MAGIC(0, "SQLite format 3", "an SQLite database"),
};

/* Texts, by what they begin with behind white space; case does not matter. */
static const struct kind text[] = {
	MAGIC(0, "<!doctype html", "an HTML page"),
	MAGIC(0, "<html", "an HTML page"),
	MAGIC(0, "<head", "an HTML page"),
	MAGIC(0, "<?xml", "an XML document"),
	MAGIC(0, "heap profile:", "a heap profile as text"),
	MAGIC(0, "goroutine profile:", "a goroutine profile as text"),
	MAGIC(0, "--- contention:", "a contention profile as text"),
	MAGIC(0, "--- mutex:", "a mutex profile as text"),
	MAGIC(0, "threadcreate profile:", "a thread profile as text"),
	MAGIC(0, "mode: ", "a coverage profile"),
	MAGIC(0, "goos: ", "the output of a benchmark"),
	MAGIC(0, "goroutine ", "a dump of goroutines"),
	MAGIC(0, "panic: ", "the output of a program that panicked"),
	MAGIC(0, "SIGQUIT: quit", "a dump of goroutines"),
	MAGIC(0, "404 page not found", "a server's answer that there is no such page"),
	MAGIC(0, "version https://git-lfs", "a pointer of Git LFS: the file itself has not been fetched"),
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
contains(const char *p, size_t n, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= n; i++)
		if (memcmp(p + i, word, len) == 0)
			return true;
	return false;
}

bool
kind_is_trace(const char *p, size_t n)
{
	size_t i = 5;

	if (n < 16 || memcmp(p, "go 1.", i) != 0)
		return false;
	while (i < n && p[i] >= '0' && p[i] <= '9')
		i++;
	return i > 5 && i < 9 && n - i >= 9 && memcmp(p + i, " trace\0\0\0", 9) == 0;
}

/* The header of a binary trace, cut short. */
static bool
half_header(const char *p, size_t n)
{
	return n < 16 && n >= 2 && (memcmp(p, "go 1.26 trace\0\0", n < 5 ? n : 5) == 0);
}

/*
 * A profile as pprof has it: a message whose first field is its first sample type, two numbers that name strings. Told
 * from other messages by the tags of these.
 */
static bool
is_profile(const uint8_t *p, size_t n)
{
	return n > 8 && p[0] == 0x0a && p[1] >= 2 && p[1] <= 12 && p[2] == 0x08 && p[3] < 0x80 &&
		(p[1] == 2 || p[4] == 0x10) && (p[2 + p[1]] == 0x0a || p[2 + p[1]] == 0x12);
}

static bool
is_text(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)p[i];

		if (c == 0x7f || (c < ' ' && c != '\n' && c != '\t' && c != '\r' && c != '\f' && c != '\x1b' && c != '\b'))
			return false;
	}
	return true;
}

static const char *
kind_of_text(const char *p, size_t n)
{
	while (n > 0 && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) {
		p++;
		n--;
	}
	for (size_t i = 0; i < COUNT(text); i++)
		if (n >= text[i].n && strncasecmp(p, text[i].magic, text[i].n) == 0)
			return text[i].what;
	if (n > 0 && *p == '<' && (contains(p, n, "<html") || contains(p, n, "<HTML")))
		return "an HTML page";
	if (n > 0 && (*p == '{' || *p == '['))
		return contains(p, n, "\"traceEvents\"") || contains(p, n, "\"ph\"") ?
			"a trace in the JSON format of Chrome, not one of Go" : "JSON";
	return "text, a log perhaps";
}

const char *
kind_of(const char *p, size_t n)
{
	if (n == 0)
		return "an empty file";
	if (n > LOOK)
		n = LOOK;
	for (size_t i = 0; i < COUNT(binary); i++)
		if (n >= binary[i].at + binary[i].n && memcmp(p + binary[i].at, binary[i].magic, binary[i].n) == 0)
			return binary[i].what;
	if (half_header(p, n))
		return "the beginning of a trace's header, cut short";
	if (is_profile((const uint8_t *)p, n))
		return "a profile for go tool pprof";
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	return is_text(p, n) ? kind_of_text(p, n) : NULL;
}

bool
kind_may_be_trace(const void *bytes, size_t n)
{
	const char *p = bytes;

	if (n >= 5 && memcmp(p, "go 1.", 5) == 0)
		return true;
	return n == 0 || !memchr(p, '\0', n < 512 ? n : 512);
}
