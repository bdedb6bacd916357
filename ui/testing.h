/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests of the explorer without a terminal share. */
#ifndef UI_TESTING_H
#define UI_TESTING_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model.h"

/*
 * A C thread calls into Go, returns with a P left behind, and calls again: what that means depends on the rules. What G4 has
 * no P for, by those of today, is the GoSyscallEnd, event 8 of batch 0.
 */
static const char create_twice[] = "Trace Go1.22\n"
				   "EventBatch gen=1 m=0 time=0 size=34\n"
				   "GoCreateSyscall dt=1 new_g=4\n"
				   "ProcStatus dt=1 p=0 pstatus=2\n"
				   "ProcStart dt=1 p=0 p_seq=1\n"
				   "GoSyscallEndBlocked dt=1\n"
				   "GoStart dt=1 g=4 g_seq=1\n"
				   "GoSyscallBegin dt=1 p_seq=2 stack=0\n"
				   "GoDestroySyscall dt=1\n"
				   "GoCreateSyscall dt=1 new_g=4\n"
				   "GoSyscallEnd dt=1\n"
				   "GoSyscallBegin dt=1 p_seq=3 stack=0\n"
				   "GoDestroySyscall dt=1\n"
				   "EventBatch gen=1 m=18446744073709551615 time=0 size=5\n"
				   "Frequency freq=15625000\n"
				   "EventBatch gen=1 m=18446744073709551615 time=0 size=1\n"
				   "Stacks\n"
				   "EventBatch gen=1 m=18446744073709551615 time=0 size=1\n"
				   "Strings\n";

/* Until nothing is left to be done, here or by others. */
static inline void
settle(struct model *m)
{
	/* What a picture needs is known when it is prepared. */
	model_prepare(m);
	while (model_busy(m) || model_waits(m)) {
		model_work(m, 1000000);
		model_prepare(m);
	}
}

/* --- the screen, as text --- */

/* A part of it, all of it where that has no rows, as it was prepared last. To be freed. */
static inline char *
drawn(const struct model *m, struct rect r)
{
	struct canvas c, part;
	char *text;

	assert_true(canvas_init(&c, m->h, m->w, m->utf8));
	model_draw(m, &c);
	part = r.h ? canvas_view(&c, r) : c;
	text = canvas_text(&part);
	assert_non_null(text);
	canvas_free(&c);
	return text;
}

/* The same, prepared anew. */
static inline char *
picture_of(struct model *m, struct rect r)
{
	model_prepare(m);
	return drawn(m, r);
}

static inline char *
picture(struct model *m)
{
	return picture_of(m, (struct rect){ 0, 0, 0, 0 });
}

/* Whether the text is on it is as it should be. */
static inline void
shows(struct model *m, const char *want, bool yes)
{
	char *text = picture(m);

	if ((strstr(text, want) != NULL) != yes)
		fail_msg("%s \"%s\" in:\n%s", yes ? "no" : "unexpected", want, text);
	free(text);
}

/* --- files --- */

static inline void
put_file(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	fclose(f);
}

/* Up to cap bytes of it, none where it is not there. */
static inline size_t
get_file(const char *path, void *p, size_t cap)
{
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(p, 1, cap, f) : 0;

	if (f)
		fclose(f);
	return n;
}

/* How many files a folder has, but for hidden ones; name, unless NULL: the path of one of them. */
static inline size_t
files_in(const char *folder, char *name, size_t cap)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	size_t n = 0;

	while (d && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.') {
			n++;
			if (name)
				snprintf(name, cap, "%s/%s", folder, e->d_name);
		}
	if (d)
		closedir(d);
	return n;
}

#endif
