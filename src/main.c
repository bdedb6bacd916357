/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui: options and subcommands. Both are tables; help is made of them.
 */
#include "cmd.h"
#include "filter.h"
#include "out.h"

#include <ctype.h>
#include <getopt.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- the tables -------------------------------------------------------------------- */

enum {
	OPT_FORMAT = 1 << 0,
	OPT_NAME = 1 << 1, /* --model */
	OPT_JSON = 1 << 2,
	OPT_BY = 1 << 3, /* --by, --from, --to */
	OPT_LIMITS = 1 << 4, /* --threads, --memory */
	OPT_COLOR = 1 << 5, /* --color, --no-color, --no-mouse, --no-cache */
	OPT_CONVERT = 1 << 6, /* --to, --partial */
	OPT_STRICT = 1 << 7,
	OPT_SALVAGE = 1 << 8,
	OPT_REQUIRE = 1 << 9,
	OPT_FILTER = 1 << 10,
	OPT_COMMANDS = 1 << 11,
	OPT_MINIMIZE = 1 << 12,
	OPT_FOLLOW = 1 << 13,
	OPT_EXPORT = 1 << 14, /* --to, --from, --until, --by */
	OPT_PPROF = 1 << 15, /* --pprof */
	OPT_MODEL = OPT_NAME | OPT_REQUIRE
};

static int cmd_help(const struct options *opt, int argc, char **argv);

static const struct command {
	const char *name, *args, *what;
	unsigned options;
	int (*run)(const struct options *opt, int argc, char **argv);
} commands[] = {
	{ "", "FILE", "explore FILE; where standard output is no terminal, the same as dump",
	  OPT_COMMANDS | OPT_FOLLOW | OPT_MODEL | OPT_LIMITS | OPT_COLOR | OPT_PPROF, cmd_explore },
	{ "dump", "FILE", "print what is in FILE: its events in order, or as they lie in the file", 
	  OPT_FORMAT | OPT_FILTER | OPT_SALVAGE | OPT_FOLLOW | OPT_MODEL | OPT_LIMITS, cmd_dump },
	{ "run", "[SCRIPT] FILE", "do the explorer's commands without a screen, and print what they show",
	  OPT_COMMANDS | OPT_MODEL | OPT_LIMITS, cmd_run },
	{ "validate", "FILE...", "say whether each FILE is a valid trace, and where it is not",
	  OPT_STRICT | OPT_MODEL | OPT_JSON | OPT_LIMITS, cmd_validate },
	{ "explain", "FILE", "say why FILE is no valid trace, and what would make it one",
	  OPT_MODEL | OPT_JSON | OPT_LIMITS | OPT_MINIMIZE, cmd_explain },
	{ "timeline", "FILE", "print what each M, P or G did, as lanes", OPT_BY | OPT_SALVAGE | OPT_MODEL | OPT_JSON | OPT_LIMITS,
	  cmd_timeline },
	{ "stats", "FILE", "print FILE in numbers: events, goroutines, waits, collections, tasks, regions",
	  OPT_SALVAGE | OPT_MODEL | OPT_JSON | OPT_LIMITS, cmd_stats },
	{ "convert", "IN OUT", "write IN to OUT (-: standard output) as binary, text, or a .test file",
	  OPT_CONVERT | OPT_NAME, cmd_convert }, /* a .test file can name a model, not say how it was changed */
	{ "export", "FILE OUT", "write FILE for other tools, as a timeline or a profile (OUT -: standard output)",
	  OPT_EXPORT | OPT_SALVAGE | OPT_MODEL | OPT_LIMITS, cmd_export },
	{ "test", "PATH...", "run .test files, or all of those below a folder", OPT_MODEL | OPT_LIMITS, cmd_test },
	{ "model", "[NAME [NAME2]]", "list the rule sets; show one; show what two disagree on", OPT_MODEL, cmd_model },
	{ "learn", "[LESSON]", "learn how traces work: sixteen lessons, each a tiny trace with questions",
	  OPT_COMMANDS | OPT_JSON | OPT_COLOR, cmd_learn },
	{ "help", "[COMMAND]", "print this, or the options of COMMAND; help expressions: what --filter takes", 0, cmd_help },
	{ "completion", "bash|zsh|fish", "print what that shell completes this program's words with", 0, cmd_completion },
};

/* What go tool trace has as an option. */
static const struct command pprof_command = { "", "FILE", "the same as export --to=pprof:KIND FILE -",
	OPT_PPROF | OPT_SALVAGE | OPT_MODEL | OPT_LIMITS, cmd_pprof };

/* Codes of options that have no letter. */
enum {
	O_FORMAT = 256, O_FILTER, O_MODEL, O_REQUIRE, O_JSON, O_BY, O_FROM, O_TO, O_UNTIL, O_PARTIAL, O_STRICT, O_SALVAGE, O_MINIMIZE,
	O_THREADS, O_MEMORY, O_COLOR, O_NO_COLOR, O_NO_MOUSE, O_NO_CACHE, O_VERSION
};

static const struct {
	const char *name;
	int code;
	const char *arg; /* NULL: takes none; in brackets: it may be left out */
	unsigned of;     /* commands that have it; 0: all */
	const char *what;
} option_table[] = {
	{ "format", O_FORMAT, "parsed|wire|footprint|jsonl|csv", OPT_FORMAT,
	  "parsed (the default), wire, footprint: as go tool trace -d=FORMAT prints; jsonl, csv: the events in order as data" },
	{ "filter", O_FILTER, "EXPR", OPT_FILTER, "only events that are meant, as 'GoBlock && g == 4': man gotrace-tui, EXPRESSIONS" },
	{ "commands", 'x', "COMMANDS", OPT_COMMANDS, "-x, -c: do these, separated by ; (exploring: then go on by hand)" },
	{ "model", O_MODEL, "NAME", OPT_NAME, "the rule set: see gotrace-tui model; validate takes all, too" },
	{ "require", O_REQUIRE, "EVENT.thread|proc|goroutine=must|may|mustnot", OPT_REQUIRE, "change one rule of the model" },
	{ "json", O_JSON, NULL, OPT_JSON, "print data, an object a line" },
	{ "by", O_BY, "m|p|g", OPT_BY, "lanes of threads, procs (the default) or goroutines; with --json a list of these and of gc, stw, tasks, "
	  "regions, samples, network, timers, heap, goal, goroutines, running, syscalls and threads, or all" },
	{ "by", O_BY, "m|p|g", OPT_EXPORT, "lanes of threads, procs (the default) or goroutines, or several: p,g; for perfetto and chrome" },
	{ "from", O_FROM, "TIME", OPT_BY | OPT_EXPORT, "begin that long after the first event: 1.5s, 20ms, 300us, 7ns" },
	{ "to", O_TO, "TIME", OPT_BY, "end there" },
	{ "to", O_TO, "binary|text|test", OPT_CONVERT, "what to write" },
	{ "to", O_TO, "perfetto|chrome|pprof:net|pprof:sync|pprof:syscall|pprof:sched", OPT_EXPORT,
	  "what to write: a timeline for ui.perfetto.dev or chrome://tracing; or for go tool pprof, by stack, how long goroutines "
	  "waited for the network, for each other, in syscalls, and for a P" },
	{ "until", O_UNTIL, "TIME", OPT_EXPORT, "end that long after the first event" },
	{ "pprof", 'p', "net|sync|syscall|sched", OPT_PPROF, "the same as export --to=pprof:KIND FILE -; also as -pprof=KIND FILE" },
	{ "partial", O_PARTIAL, NULL, OPT_CONVERT, "of a cut or broken trace write what is good; else nothing is written" },
	{ "strict", O_STRICT, NULL, OPT_STRICT, "report also what Go's reader lets pass and no Go runtime writes" },
	{ "salvage", O_SALVAGE, NULL, OPT_SALVAGE, "of a trace that is cut short, take also what can be put in order of its end" },
	{ "minimize", O_MINIMIZE, "OUT.test", OPT_MINIMIZE,
	  "write the smallest trace found that is refused for the same reason" },
	{ "follow", 'f', NULL, OPT_FOLLOW, "-f: FILE is still being written: take in what is added to it, until stopped" },
	{ "threads", O_THREADS, "N", OPT_LIMITS, "use at most so many threads; results never depend on it" },
	{ "memory", O_MEMORY, "SIZE", OPT_LIMITS, "keep at most so much in memory for moving about quickly, and of what comes through a pipe: 128M" },
	{ "color", O_COLOR, "[always|auto|never]", OPT_COLOR,
	  "colours: auto (the default) unless NO_COLOR is set; always, the same as --color alone: even so" },
	{ "no-color", O_NO_COLOR, NULL, OPT_COLOR, "the same as --color=never" },
	{ "no-mouse", O_NO_MOUSE, NULL, OPT_COLOR, "leave the mouse to the terminal" },
	{ "no-cache", O_NO_CACHE, NULL, OPT_COLOR, "keep no index of a large FILE and no session, and use no index that is kept" },
	{ "help", 'h', NULL, 0, "print this" },
	{ "version", O_VERSION, NULL, 0, "print the version" },
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
is_optional(const char *arg)
{
	return arg && *arg == '[';
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 1; i < COUNT(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

bool
cli_command(size_t i, struct cli_command *out)
{
	if (i >= COUNT(commands))
		return false;
	*out = (struct cli_command){ commands[i].name, commands[i].args, commands[i].what };
	return true;
}

bool
cli_option(size_t i, struct cli_option *out)
{
	if (i >= COUNT(option_table))
		return false;
	*out = (struct cli_option){ option_table[i].name, option_table[i].arg, option_table[i].what, is_optional(option_table[i].arg) };
	return true;
}

bool
cli_takes(size_t command, size_t option)
{
	return !option_table[option].of || (option_table[option].of & commands[command].options);
}

/* --- help ------------------------------------------------------------------------------ */

/* Where what is said of a thing begins: beside it, or below it where it is long. */
enum { TOLD_AT = 26 };

static void
put_row(struct out *o, const char *left, const char *what)
{
	size_t n = strlen(left);

	if (n > TOLD_AT - 4)
		out_format(o, "  %s\n%*s", left, TOLD_AT, "");
	else
		out_format(o, "  %-*s", TOLD_AT - 2, left);
	put_wrapped(o, TOLD_AT, what);
}

/* Whether another option of these commands has the name, and means something else. */
static bool
is_ambiguous(size_t option, unsigned of)
{
	for (size_t i = 0; i < COUNT(option_table); i++)
		if (i != option && (option_table[i].of & of) && strcmp(option_table[i].name, option_table[option].name) == 0)
			return true;
	return false;
}

/* "timeline: ", of which it takes an option; the first command that does. */
static const char *
owner(size_t option)
{
	for (size_t i = 1; i < COUNT(commands); i++)
		if (commands[i].options & option_table[option].of)
			return commands[i].name;
	return "";
}

static void
put_options(struct out *o, unsigned of)
{
	for (size_t i = 0; i < COUNT(option_table); i++) {
		const char *name = option_table[i].name, *arg = option_table[i].arg;
		char left[80], what[400];

		if (option_table[i].of && !(option_table[i].of & of))
			continue;
		if (is_optional(arg))
			snprintf(left, sizeof(left), "--%s[=%s", name, arg + 1);
		else
			snprintf(left, sizeof(left), "--%s%s%s", name, arg ? "=" : "", arg ? arg : "");
		if (is_ambiguous(i, of))
			snprintf(what, sizeof(what), "of %s: %s", owner(i), option_table[i].what);
		put_row(o, left, is_ambiguous(i, of) ? what : option_table[i].what);
	}
}

static int
help_command(const struct command *c)
{
	struct out o;

	out_init(&o, STDOUT_FILENO);
	out_format(&o, "usage: gotrace-tui %s%s[OPTION...] %s\n\n", c->name, *c->name ? " " : "", c->args);
	put_wrapped(&o, 0, c->what);
	OUT(&o, "\n");
	put_options(&o, c->options);
	return out_close(&o) ? EXIT_FINE : EXIT_UNREADABLE;
}

static int
help(void)
{
	struct out o;

	out_init(&o, STDOUT_FILENO);
	OUT(&o, "gotrace-tui: explore, step through and check Go execution traces\n\nusage: gotrace-tui [COMMAND] [OPTION...] ARGUMENT...\n\n");
	for (size_t i = 0; i < COUNT(commands); i++) {
		char left[80];

		snprintf(left, sizeof(left), "%s%s%s", commands[i].name, *commands[i].name ? " " : "", commands[i].args);
		put_row(&o, left, commands[i].what);
	}
	put_row(&o, "-d=FORMAT FILE", "the same as dump --format=FORMAT");
	put_row(&o, "-pprof=KIND FILE", pprof_command.what);
	OUT(&o, "\n");
	put_wrapped(&o, 0, "FILE: a binary trace of Go 1.11 or later, one in the text format, or a .test file, also packed by gzip or "
		"zstd; - is standard input.");
	OUT(&o, "\noptions:\n");
	put_options(&o, ~0u);
	OUT(&o, "\n");
	put_wrapped(&o, 0, "Exit status: 0 fine; 1 the trace is invalid, or a test failed; 2 wrong usage; 3 a file can't be read or is "
		"no trace. In the explorer ? shows the keys. More: man gotrace-tui.");
	return out_close(&o) ? EXIT_FINE : EXIT_UNREADABLE;
}

static int
cmd_help(const struct options *opt, int argc, char **argv)
{
	const struct command *c;

	(void)opt;
	if (argc == 0)
		return help();
	if (strcmp(argv[0], "expressions") == 0)
		return help_expressions();
	c = find_command(argv[0]);
	if (!c)
		return usage_error("there is no command %s", argv[0]);
	return help_command(c);
}

/* --- options ------------------------------------------------------------------------------ */

static bool
parse_size(const char *s, size_t *bytes)
{
	static const char units[] = "KMG";
	char *end;
	unsigned long long v = strtoull(s, &end, 10);
	const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;

	if (!isdigit((unsigned char)*s) || (*end && (!unit || end[1])) || v > (SIZE_MAX >> shift))
		return false;
	*bytes = (size_t)v << shift;
	return true;
}

/* What is done where no option says. */
static bool
color_by_environment(void)
{
	const char *no_color = getenv("NO_COLOR");

	return !(no_color && *no_color);
}

/* NULL: without a value. */
static int
set_color(struct options *opt, const char *when)
{
	if (!when || strcmp(when, "always") == 0)
		opt->color = true;
	else if (strcmp(when, "never") == 0)
		opt->color = false;
	else if (strcmp(when, "auto") == 0)
		opt->color = color_by_environment();
	else
		return usage_error("--color is always, auto or never, not %s", when);
	return EXIT_FINE;
}

/* The option's value, where that is taken as it is; NULL: it has none, or is looked at. */
static const char **
text_of(struct options *opt, int code)
{
	switch (code) {
	case O_FORMAT:
		return &opt->format;
	case 'x':
		return &opt->commands;
	case O_FILTER:
		return &opt->filter;
	case O_MODEL:
		return &opt->model_name;
	case O_BY:
		return &opt->by;
	case O_FROM:
		return &opt->from;
	case O_TO:
		return &opt->to;
	case O_UNTIL:
		return &opt->until;
	case O_MINIMIZE:
		return &opt->minimize;
	default:
		return NULL;
	}
}

/* What the option switches on; NULL: nothing. */
static bool *
flag_of(struct options *opt, int code)
{
	switch (code) {
	case O_JSON:
		return &opt->json;
	case O_PARTIAL:
		return &opt->partial;
	case 'f':
		return &opt->follow;
	case O_STRICT:
		return &opt->strict;
	case O_SALVAGE:
		return &opt->salvage;
	case O_NO_MOUSE:
		return &opt->no_mouse;
	case O_NO_CACHE:
		return &opt->no_cache;
	default:
		return NULL;
	}
}

static int
set_option(struct options *opt, int code, const char *arg)
{
	const char **text = text_of(opt, code);
	bool *flag = flag_of(opt, code);
	char *end;

	if (text)
		*text = arg;
	if (flag)
		*flag = true;
	switch (code) {
	case 'd': /* -d=parsed, as go tool trace has it */
		opt->format = arg + (*arg == '=');
		break;
	case 'p':
		opt->pprof = arg;
		break;
	case O_REQUIRE:
		if (opt->nrequire == COUNT(opt->require))
			return usage_error("too many --require");
		opt->require[opt->nrequire++] = arg;
		break;
	case O_THREADS:
		opt->threads = (unsigned)strtoul(arg, &end, 10);
		if (!isdigit((unsigned char)*arg) || *end || opt->threads == 0)
			return usage_error("--threads takes a number from 1");
		break;
	case O_MEMORY:
		if (!parse_size(arg, &opt->memory))
			return usage_error("--memory takes a size such as 64M");
		break;
	case O_COLOR:
		return set_color(opt, arg);
	case O_NO_COLOR:
		return set_color(opt, "never");
	default:
		break;
	}
	return EXIT_FINE;
}

/* -pprof=KIND and -pprof KIND come as the letter p with the rest behind it. The kind; NULL: it is another word. */
static const char *
pprof_kind(const char *arg, char **argv)
{
	const char *word = argv[optind - 1];

	if (word[0] != '-' || word[1] != 'p')
		return arg;
	if (strcmp(arg, "prof") == 0)
		return argv[optind] ? argv[optind++] : NULL;
	return strncmp(arg, "prof=", 5) == 0 ? arg + 5 : NULL;
}

static int
make_model(const struct command *c, struct options *opt)
{
	const char *wrong;

	if (opt->model_name && strcmp(opt->model_name, "all") == 0 && c->run == cmd_validate) {
		opt->all_models = true;
		opt->model_name = NULL;
	}
	if (!gt_model_get(&opt->model, opt->model_name ? opt->model_name : GT_MODEL_DEFAULT))
		return usage_error("there is no model %s: gotrace-tui model lists them", opt->model_name);
	for (unsigned i = 0; i < opt->nrequire; i++)
		if (!gt_model_require(&opt->model, opt->require[i], &wrong))
			return usage_error("--require=%s: %s", opt->require[i], wrong);
	return EXIT_FINE;
}

/* A command does not take an option that means nothing to it: silence would mislead. */
static int
check_option(const struct command *c, int code)
{
	const char *name = "";

	/* One name may mean different things to different commands: it has a row for each. */
	for (size_t i = 0; i < COUNT(option_table); i++) {
		if (option_table[i].code != code)
			continue;
		if (!option_table[i].of || (option_table[i].of & c->options))
			return EXIT_FINE;
		name = option_table[i].name;
	}
	return usage_error("%s%s does not take --%s", *c->name ? "" : "exploring", c->name, name);
}

/* The options of getopt, made of the table. */
static void
getopt_table(struct option *out)
{
	size_t i;

	for (i = 0; i < COUNT(option_table); i++)
		out[i] = (struct option){ option_table[i].name,
			is_optional(option_table[i].arg) ? optional_argument : option_table[i].arg ? required_argument : no_argument, NULL,
			option_table[i].code };
	out[i] = (struct option){ 0 };
}

int
main(int argc, char **argv)
{
	struct option longs[COUNT(option_table) + 1];
	struct options opt = { .memory = (size_t)128 << 20, .color = color_by_environment(),
		.threads = (unsigned)sysconf(_SC_NPROCESSORS_ONLN) };
	const struct command *c = &commands[0];
	int code, codes[256], ncodes = 0, status;
	bool wants_help = false, wants_dump = false;

	setlocale(LC_CTYPE, "");
	getopt_table(longs);
	opterr = 0;
	while ((code = getopt_long(argc, argv, "hfd:c:x:p:", longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			return usage_error("option %s is not known, or lacks its value", argv[optind - 1]);
		if (code == 'p' && !(optarg = (char *)(uintptr_t)pprof_kind(optarg, argv)))
			return usage_error("option %s is not known, or lacks its value", argv[optind - 1]);
		if (code == O_VERSION)
			return printf("gotrace-tui %s\n", GT_VERSION) > 0 ? EXIT_FINE : EXIT_UNREADABLE;
		code = code == 'c' ? 'x' : code;
		wants_help = wants_help || code == 'h';
		wants_dump = wants_dump || code == 'd';
		if (ncodes < (int)COUNT(codes))
			codes[ncodes++] = code == 'd' ? O_FORMAT : code;
		status = set_option(&opt, code, optarg);
		if (status != EXIT_FINE)
			return status;
	}
	argc -= optind;
	argv += optind;
	if (wants_dump) {
		c = find_command("dump");
	} else if (opt.pprof) {
		c = &pprof_command;
	} else if (argc > 0 && find_command(argv[0])) {
		c = find_command(argv[0]);
		argc--;
		argv++;
	}
	if (wants_help)
		return *c->name ? help_command(c) : help();
	for (int i = 0; i < ncodes; i++)
		if ((status = check_option(c, codes[i])) != EXIT_FINE)
			return status;
	status = make_model(c, &opt);
	return status == EXIT_FINE ? c->run(&opt, argc, argv) : status;
}
