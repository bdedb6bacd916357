/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui learn: lessons on the trace model; on a terminal in the explorer, elsewhere as text.
 */
#include "cmd.h"
#include "out.h"

#include "ui/lesson.h"
#include "ui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
put_json(struct out *o, const struct lesson *l)
{
	out_format(o, "{\"lesson\":%u,\"name\":", l->number);
	out_json(o, str(l->name));
	OUT(o, ",\"title\":");
	out_json(o, l->title);
	out_format(o, ",\"steps\":%zu,\"questions\":%zu}\n", l->steps, lesson_questions(l));
}

/* All lessons, or that of a number from 0. */
static int
list(bool json, int only)
{
	struct lesson *l = malloc(sizeof(*l));
	struct out o;

	out_init(&o, STDOUT_FILENO);
	for (size_t i = 0; l && lesson_at(i, l); i++) {
		if (only >= 0 && i != (size_t)only)
			continue;
		if (json)
			put_json(&o, l);
		else
			out_format(&o, "%2u  %-13s %-58.*s %2zu questions\n", l->number, l->name, (int)l->title.n, l->title.p,
				lesson_questions(l));
	}
	free(l);
	return out_close(&o) ? EXIT_FINE : EXIT_UNREADABLE;
}

/* What there is, for who asked for what there is not. */
static int
no_such_lesson(const char *word, bool many)
{
	char names[400];
	size_t n = 0;

	for (size_t i = 0; lesson_name(i) && n < sizeof(names); i++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%zu %s", i ? ", " : "", i + 1, lesson_name(i));
	return usage_error(many ? "several lessons are called like %s; there are %s" : "there is no lesson %s; there are %s",
		word, names);
}

static void
put(void *arg, const char *text)
{
	out_text(arg, text);
}

/* What was printed before comes before. */
static void
complain_of(void *arg, const char *what, const char *text)
{
	char line[1000];

	out_flush(arg);
	snprintf(line, sizeof(line), "%s%s%s", what ? what : "", what ? ": " : "", text);
	complain(NULL, line);
}

static int
print(const struct ui_options *o)
{
	struct out out;
	const struct ui_output to = { put, complain_of, &out };
	int status;

	out_init(&out, STDOUT_FILENO);
	status = o->commands ? ui_script(o, &to) : ui_lesson(o, &to);
	if (!out_close(&out)) {
		complain(NULL, "writing failed");
		status = EXIT_UNREADABLE;
	}
	return status;
}

int
cmd_learn(const struct options *opt, int argc, char **argv)
{
	struct loaded none = { .file = "" };
	struct save save = { opt, &none };
	struct ui_options o = { .lesson = -1, .file = "learn", .memory = opt->memory, .threads = 1, .color = opt->color,
		.mouse = !opt->no_mouse, .commands = opt->commands, .write = save_trace, .lesson_write_arg = &save };
	bool many = false;
	size_t i = 0;

	if (argc > 1)
		return usage_error("learn takes one LESSON");
	if (argc == 1 && !lesson_find(argv[0], &i, &many))
		return no_such_lesson(argv[0], many);
	if (argc == 1)
		o.lesson = (int)i;
	if (opt->json)
		return list(true, o.lesson);
	if (!is_plain())
		return ui_run(&o);
	return argc == 0 && !opt->commands ? list(false, -1) : print(&o);
}
