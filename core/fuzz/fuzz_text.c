/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a text trace: a trace in the binary format, which then is read, or a mistake with its place.
 */
#include "fuzz.h"

static void
read_all(const struct gt_buf *b)
{
	struct gt_error err;
	struct gt_trace *t = gt_open(b->p, b->n, &err);
	struct gt_model model;
	struct gt_reader *r;
	const struct gt_event *ev;

	if (!t)
		return;
	CHECK(gt_model_get(&model, GT_MODEL_DEFAULT), "no model");
	r = gt_reader_new(t, &model);
	while (gt_read(r, &ev) == GT_EVENT)
		;
	gt_reader_free(r);
	gt_close(t);
}

/* A place is in the text; words are printable: they may go to a terminal. */
static void
check_error(const struct gt_text_error *e, const char *text, size_t n)
{
	unsigned line = 1;
	size_t i, col;

	CHECK(memchr(e->text, '\0', sizeof(e->text)) && e->text[0], "no words");
	for (i = 0; e->text[i]; i++)
		CHECK((uint8_t)e->text[i] >= 0x20 && e->text[i] != 0x7f, "byte %d in: %s", e->text[i], e->text);
	for (i = 0; line < e->line && i < n; i++)
		line += text[i] == '\n';
	for (col = 0; i + col < n && text[i + col] != '\n'; col++)
		;
	CHECK(e->line == line && e->col >= 1 && e->col <= col + 1, "line %u, column %u: %s", e->line, e->col, e->text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gt_buf out = { NULL, 0, 0 };
	struct gt_text_error err = { 0 };

	memory_begin();
	if (gt_text_read((const char *)data, size, &out, &err)) {
		CHECK(out.n >= 16 && out.n <= 16 + 3 * size, "%zu bytes", out.n);
		read_all(&out);
	} else {
		CHECK(out.n == 0, "%zu bytes and a mistake", out.n);
		check_error(&err, (const char *)data, size);
	}
	gt_buf_free(&out);
	memory_end(size, GT_MOST_PER_BYTE, GT_MOST_BASE);
	return 0;
}
