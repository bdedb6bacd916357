/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui FILE: the explorer, on a terminal; elsewhere the listing.
 */
#include "cmd.h"
#include "out.h"

#include "ui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
is_plain(void)
{
	const char *name = getenv("TERM");
	bool none = !name || !*name;

	if (!isatty(STDOUT_FILENO))
		return true;
	if (!none && strcmp(name, "dumb") != 0)
		return false;
	fprintf(stderr, "gotrace-tui: %s: not the explorer but its listing, as into a pipe\n",
		none ? "TERM is not set" : "this terminal can't place the cursor (TERM=dumb)");
	return true;
}

int
cmd_explore(const struct options *opt, int argc, char **argv)
{
	struct loaded l;
	struct gt_model model;
	int status;

	if (argc != 1)
		return argc == 0 ? usage_error("which FILE?") : usage_error("there is no command %s, or too many FILEs", argv[0]);
	if (is_plain())
		return opt->commands ? cmd_run(opt, argc, argv) : cmd_dump(opt, argc, argv);
	/* A quarter; most of the rest is for moving about. */
	status = load_live(&l, argv[0], opt->memory / 4, opt->follow);
	if (status != EXIT_FINE)
		return status;
	gt_salvage(l.trace, true);
	if (model_for(opt, &l, &model))
		status = ui_run(&(struct ui_options){
			.trace = l.trace, .file = l.file, .opened = &l.opened, .model = &model, .memory = opt->memory,
			.threads = opt->threads, .color = opt->color, .mouse = !opt->no_mouse, .commands = opt->commands, .cache = !opt->no_cache,
			.release = load_release, .release_arg = &l, .news = load_news, .news_arg = &l,
			.changed = load_changed, .changed_arg = &l,
			.write = save_trace, .write_arg = &(struct save){ opt, &l },
			.lesson_write_arg = &(struct save){ opt, &(struct loaded){ .file = l.file } } });
	else
		status = EXIT_UNREADABLE;
	unload(&l);
	return status;
}
