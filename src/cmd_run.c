/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui run: the explorer's commands without a screen.
 */
#include "cmd.h"
#include "out.h"

#include "ui/ui.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCRIPT_MAX = 1 << 20 };

static void
put(void *arg, const char *text)
{
	out_text(arg, text);
}

/* What was printed before comes before. */
static void
complain_of(void *arg, const char *what, const char *text)
{
	struct out *o = arg;
	char line[1000];

	out_flush(o);
	snprintf(line, sizeof(line), "%s%s%s", what ? what : "", what ? ": " : "", text);
	complain(NULL, line);
}

/* A script, as a string; NULL: complained of. */
static char *
read_script(const char *file)
{
	FILE *f = strcmp(file, "-") == 0 ? stdin : fopen(file, "r");
	char *text = f ? calloc(1, SCRIPT_MAX + 1) : NULL;
	size_t n = text ? fread(text, 1, SCRIPT_MAX, f) : 0;
	const char *wrong = !f || (text && ferror(f)) ? strerror(errno)
			  : !text ? "out of memory"
			  : n == SCRIPT_MAX || strlen(text) != n ? "it is no script" : NULL;

	if (wrong) {
		complain(file, wrong);
		free(text);
		text = NULL;
	}
	if (f && f != stdin)
		fclose(f);
	return text;
}

static int
run(const struct options *opt, const char *commands, const char *script, const char *file)
{
	struct loaded l;
	struct gt_model model;
	struct out out;
	int status = load(&l, file, opt->memory);

	if (status != EXIT_FINE)
		return status;
	gt_salvage(l.trace, true);
	out_init(&out, STDOUT_FILENO);
	if (model_for(opt, &l, &model))
		status = ui_script(&(struct ui_options){ .trace = l.trace, .file = l.file, .model = &model,
			.memory = opt->memory, .commands = commands, .script = script,
			.release = load_release, .release_arg = &l, .changed = load_changed, .changed_arg = &l,
			.write = save_trace, .write_arg = &(struct save){ opt, &l },
			.lesson_write_arg = &(struct save){ opt, &(struct loaded){ .file = l.file } } },
			&(struct ui_output){ put, complain_of, &out });
	else
		status = EXIT_UNREADABLE;
	if (!out_close(&out)) {
		complain(NULL, "writing failed");
		status = EXIT_UNREADABLE;
	}
	unload(&l);
	return status;
}

int
cmd_run(const struct options *opt, int argc, char **argv)
{
	char *script;
	int status;

	if (opt->commands && argc == 1)
		return run(opt, opt->commands, NULL, argv[0]);
	if (opt->commands || argc != 2)
		return usage_error("run takes a SCRIPT and a FILE, or -c COMMANDS and a FILE");
	if (strcmp(argv[0], "-") == 0 && strcmp(argv[1], "-") == 0)
		return usage_error("SCRIPT and FILE can't both be standard input");
	script = read_script(argv[0]);
	status = script ? run(opt, script, argv[0], argv[1]) : EXIT_UNREADABLE;
	free(script);
	return status;
}
