/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui dump: the ordered events as text.
 */
#include "cmd.h"
#include "fmt.h"

#include <stdio.h>
#include <unistd.h>

/* What the reader lets pass and printing can't. */
static int
unprintable(const struct loaded *l, const struct gt_event *ev)
{
	struct gt_reason why = { .type = ev->type, .version = (uint8_t)gt_version(l->trace) };
	char text[128];

	if (ev->type == GT_EV_ProcStatus) {
		why.code = GT_E_P_STATUS_INVALID;
		why.arg[0] = ev->arg[0];
		why.arg[1] = ev->arg[1];
	} else {
		why.code = GT_E_STACK_ID;
		why.arg[0] = gt_event_stack(ev);
		why.arg[1] = ev->type;
	}
	gt_reason_text(&why, text, sizeof(text));
	complain(l->file, text);
	return EXIT_INVALID;
}

static int
dump_parsed(const struct loaded *l, struct gt_reader *r, struct out *o)
{
	struct parsed *p = parsed_new();
	const struct gt_event *ev;
	int status = EXIT_FINE;
	enum gt_got got = GT_END;

	if (!p) {
		complain(l->file, "out of memory");
		return EXIT_UNREADABLE;
	}
	while (!o->failed && (got = gt_read(r, &ev)) == GT_EVENT)
		if (!parsed_event(p, o, ev)) {
			out_close(o);
			status = unprintable(l, ev);
			break;
		}
	parsed_free(p);
	/* Results first, then what went wrong after them. */
	if (!out_close(o)) {
		complain(NULL, "writing failed");
		return EXIT_UNREADABLE;
	}
	if (got == GT_BROKEN) {
		complain(l->file, gt_reader_error(r)->text);
		status = EXIT_INVALID;
	}
	return status;
}

int
cmd_dump(const struct options *opt, int argc, char **argv)
{
	struct loaded l;
	struct gt_model model;
	struct gt_reader *r = NULL;
	struct out o;
	int status;

	if (argc != 1)
		return usage_error("dump takes one FILE");
	if (opt->format && strcmp(opt->format, "parsed") != 0)
		return usage_error("there is no format %s: the one there is, is parsed", opt->format);
	status = load(&l, argv[0]);
	if (status != EXIT_FINE)
		return status;
	status = EXIT_UNREADABLE;
	out_init(&o, STDOUT_FILENO);
	if (model_for(opt, &l, &model) && (r = gt_reader_new(l.trace, &model)))
		status = dump_parsed(&l, r, &o);
	out_close(&o);
	gt_reader_free(r);
	unload(&l);
	return status;
}
