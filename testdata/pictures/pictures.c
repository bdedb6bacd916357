/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pictures FILE WIDTHxHEIGHT OUT COMMAND...: what the explorer shows of a trace after commands, written to OUT (.svg, .ansi
 * or .txt). The explorer itself without a terminal: make pictures makes those of the README by it.
 */
#include "ui/model.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *
read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = NULL;
	long size;

	if (f && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) > 0 && fseek(f, 0, SEEK_SET) == 0) {
		bytes = malloc((size_t)size);
		*n = bytes ? fread(bytes, 1, (size_t)size, f) : 0;
	}
	if (f)
		fclose(f);
	return bytes;
}

static void
settle(struct model *m)
{
	while (model_busy(m) || model_waits(m))
		model_work(m, 10000000);
	model_prepare(m);
}

static int
make(struct gt_trace *trace, const char *file, int w, int h, char **line, const char *out)
{
	struct gt_model rules;
	struct ui_options o = { .trace = trace, .file = file, .model = &rules, .memory = 64u << 20, .color = true };
	struct model m;
	char export[1024];

	gt_model_get(&rules, GT_MODEL_DEFAULT);
	if (!model_init(&m, &o, true))
		return 1;
	model_resize(&m, h, w);
	settle(&m);
	for (; *line; line++) {
		model_line(&m, ':', *line);
		if (m.message[0] && m.message_style == ST_BAD) {
			fprintf(stderr, "%s: %s\n", *line, m.message);
			return 1;
		}
		settle(&m);
	}
	snprintf(export, sizeof export, "export %s", out);
	model_line(&m, ':', export);
	if (m.message_style != ST_OK)
		fprintf(stderr, "%s\n", m.message);
	w = m.message_style != ST_OK;
	model_free(&m);
	return w;
}

int
main(int argc, char **argv)
{
	struct gt_error err;
	struct gt_trace *trace;
	uint8_t *bytes;
	size_t n = 0;
	int w, h, status;

	if (argc < 4 || sscanf(argv[2], "%dx%d", &w, &h) != 2)
		return 2;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 3;
	bytes = read_file(argv[1], &n);
	trace = bytes ? gt_open(bytes, n, &err) : NULL;
	if (!trace) {
		fprintf(stderr, "%s: no trace\n", argv[1]);
		free(bytes);
		return 3;
	}
	gt_salvage(trace, true);
	status = make(trace, argv[1], w, h, argv + 4, argv[3]);
	gt_close(trace);
	free(bytes);
	return status;
}
