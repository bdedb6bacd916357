/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plain limit of reading a trace: varint TRACE decodes the numbers of all events of its Ms, one after the other, and does
 * nothing with them. Prints nothing that depends on time: bench.sh measures it.
 */
#include "gotrace.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* As simple as can be, and so fast. */
static inline const unsigned char *
number(const unsigned char *p, uint64_t *v)
{
	uint64_t x = *p & 0x7f;

	for (unsigned shift = 7; *p++ >= 0x80 && shift < 70; shift += 7)
		x |= (uint64_t)(*p & 0x7f) << (shift & 63);
	*v = x;
	return p;
}

/* How many numbers follow the type of each event; 255: it is none of an M. */
static void
lengths(unsigned char n[256])
{
	for (unsigned type = 0; type < 256; type++) {
		const struct gt_spec *spec = gt_spec(type);

		n[type] = (unsigned char)(spec->name && spec->timed ? spec->nargs + 1 : 255);
	}
}

static uint64_t
batch(const unsigned char *p, const unsigned char *end, const unsigned char n[256], uint64_t *sum)
{
	uint64_t events = 0, v;

	for (; p < end && n[*p] != 255; events++) {
		unsigned left = n[*p++];

		for (; left > 0; left--) {
			p = number(p, &v);
			*sum += v;
		}
	}
	return events;
}

/* Batches, as they follow each other; end is well before the end of what can be read. */
static uint64_t
decode(const unsigned char *p, const unsigned char *end, uint64_t *sum)
{
	unsigned char n[256];
	uint64_t events = 0, v, size;

	lengths(n);
	while (p < end && (*p == GT_EV_EventBatch || *p == GT_EV_EndOfGeneration)) {
		if (*p++ == GT_EV_EndOfGeneration)
			continue;
		p = number(number(number(number(p, &v), &v), &v), &size);
		events += batch(p, p + size < end ? p + size : end, n, sum);
		p += size;
	}
	return events;
}

int
main(int argc, char **argv)
{
	enum { HEADER = 16, SLACK = 128 };
	struct stat st;
	unsigned char *p;
	uint64_t sum = 0, events;
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size < HEADER + SLACK)
		return 2;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return 2;
	events = decode(p + HEADER, p + st.st_size - SLACK, &sum);
	printf("%llu events, sum %llu\n", (unsigned long long)events, (unsigned long long)sum);
	return 0;
}
