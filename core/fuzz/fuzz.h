/* SPDX-License-Identifier: MIT */
/*
 * What the fuzzers share: a check that ends the process (so that the fuzzer keeps the input), a count of the memory in
 * use, and with -DREPLAY a main() that plays files and folders instead of a fuzzer.
 */
#ifndef FUZZ_H
#define FUZZ_H

#ifdef REPLAY
#define COUNT_MALLOC
#endif
#include "memory.h"
#include "testing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(cond, ...)                                                                                               \
	do {                                                                                                           \
		if (!(cond)) {                                                                                         \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #cond);                                     \
			fprintf(stderr, __VA_ARGS__);                                                                  \
			fputc('\n', stderr);                                                                           \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

static double fuzz_worst; /* bytes of memory for a byte of input, of inputs of at least SMALL_INPUT */
static size_t fuzz_most;  /* bytes of memory, of the others */
enum { SMALL_INPUT = 4096 };

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
