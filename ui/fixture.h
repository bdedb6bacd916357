/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trace that is explored without a terminal, for tests. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "keys.h"
#include "model.h"
#include "testing.h"

/* What one of the open_ functions fills in, and close_file frees. */
struct fixture {
	struct gt_buf bytes;
	struct gt_trace *trace;
	struct model m;
};

static inline void
open_bytes(struct fixture *f, const char *path, int h, int w, bool utf8)
{
	struct gt_error err;
	struct gt_model rules;
	struct ui_options o = { .file = path, .model = &rules, .memory = 1 << 24, .color = true, .mouse = true };

	o.trace = f->trace = gt_open(f->bytes.p, f->bytes.n, &err);
	assert_non_null(f->trace);
	gt_salvage(f->trace, true);
	gt_model_get(&rules, GT_MODEL_DEFAULT);
	assert_true(model_init(&f->m, &o, utf8));
	model_resize(&f->m, h, w);
	model_prepare(&f->m);
	settle(&f->m);
}

static inline void
open_file(struct fixture *f, const char *path, int h, int w, bool utf8)
{
	FILE *file = fopen(path, "rb");

	memset(f, 0, sizeof *f);
	assert_non_null(file);
	f->bytes.p = malloc(f->bytes.cap = 1 << 20);
	assert_non_null(f->bytes.p);
	f->bytes.n = fread(f->bytes.p, 1, f->bytes.cap, file);
	fclose(file);
	open_bytes(f, path, h, w, utf8);
}

static inline void
open_text(struct fixture *f, const char *text, int h, int w, bool utf8)
{
	struct gt_text_error wrong;

	memset(f, 0, sizeof *f);
	assert_true(gt_text_read(text, strlen(text), &f->bytes, &wrong));
	open_bytes(f, "text", h, w, utf8);
}

static inline void
close_file(struct fixture *f)
{
	model_free(&f->m);
	gt_close(f->trace);
	gt_buf_free(&f->bytes);
}

#define MIXED "testdata/traces/mixed.trace"

/* A command, and all that it leads to. */
static inline void
line(struct model *m, const char *text)
{
	model_line(m, ':', text);
	settle(m);
}

/* Keys, those with names as <Enter>. */
static inline void
keys(struct model *m, const char *text)
{
	for (; *text; text++) {
		ui_key key = (unsigned char)*text;

		if (*text == '<') {
			size_t n = strcspn(text, ">");

			key = key_by_name(text + 1, n - 1);
			assert_int_not_equal(key, K_NONE);
			text += n;
		}
		model_key(m, key);
		settle(m);
	}
}

static inline void
mouse(struct model *m, enum mouse_what what, int y, int x)
{
	model_mouse(m, &(struct mouse_event){ .what = what, .y = y, .x = x });
	settle(m);
}

#endif
