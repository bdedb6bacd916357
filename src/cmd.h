/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The subcommands: what they are given, and what they share. One file for each: cmd_NAME.c.
 */
#ifndef CMD_H
#define CMD_H

#include "gotrace.h"
#include "load.h"

struct out;

enum { EXIT_FINE = 0, EXIT_INVALID = 1, EXIT_USAGE = 2, EXIT_UNREADABLE = 3 };

/* What the options say; main.c has the table of them. */
struct options {
	const char *format; /* --format, -d; NULL: not given */
	const char *filter; /* --filter; NULL: not given */
	const char *commands; /* --commands, -c, -x */
	const char *by;     /* --by */
	const char *from, *to, *until;
	const char *pprof;  /* -pprof */
	const char *minimize; /* --minimize */
	bool json;
	bool partial; /* --partial */
	bool strict;  /* --strict */
	bool salvage; /* --salvage */
	bool follow;  /* --follow, -f */
	bool color, no_mouse, no_cache;
	bool all_models; /* --model=all: of validate */
	const char *model_name; /* --model; NULL: not given */
	const char *require[64];
	unsigned nrequire;
	size_t memory;   /* bytes */
	unsigned threads;
	/* The model that --model and --require make. */
	struct gt_model model;
};

/* Each returns an exit status. argv: what is not an option, argc of them, then NULL. */
int cmd_explore(const struct options *opt, int argc, char **argv);
int cmd_dump(const struct options *opt, int argc, char **argv);
int cmd_run(const struct options *opt, int argc, char **argv);
int cmd_validate(const struct options *opt, int argc, char **argv);
int cmd_explain(const struct options *opt, int argc, char **argv);
int cmd_timeline(const struct options *opt, int argc, char **argv);
int cmd_stats(const struct options *opt, int argc, char **argv);
int cmd_export(const struct options *opt, int argc, char **argv);
/* Whether standard output is a terminal that can only go on writing, or none: it gets what a pipe does. */
bool is_plain(void);
/* -pprof=KIND FILE */
int cmd_pprof(const struct options *opt, int argc, char **argv);
int cmd_convert(const struct options *opt, int argc, char **argv);
int cmd_test(const struct options *opt, int argc, char **argv);
int cmd_model(const struct options *opt, int argc, char **argv);
int cmd_learn(const struct options *opt, int argc, char **argv);
int cmd_completion(const struct options *opt, int argc, char **argv);

/* Rows of the tables in main.c, from 0 (the command without a name); false behind the last. */
struct cli_command {
	const char *name, *args, *what;
};
struct cli_option {
	const char *name, *arg, *what; /* arg NULL: takes none */
	bool optional;                 /* arg may be left out */
};
bool cli_command(size_t i, struct cli_command *out);
bool cli_option(size_t i, struct cli_option *out);
/* Whether a command takes an option. */
bool cli_takes(size_t command, size_t option);

/* Says what is wrong with the use of the program, and where to read on; EXIT_USAGE. */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends a line whose text begins at a column, and goes on below that column where it would be longer than 80. */
void put_wrapped(struct out *o, int at, const char *text);

/*
 * The model for a file: that of the options, or, where these name none, the one the .test file names. False: it names
 * one that does not exist (complained of).
 */
bool model_for(const struct options *opt, const struct loaded *l, struct gt_model *model);

/* Writes what was loaded as a .test file, as convert does; an exit status. */
int convert_as(const struct options *opt, struct loaded *l, const char *to, const char *path);

/* For the explorer: see write in ui.h. arg: a struct save. */
struct save {
	const struct options *opt;
	struct loaded *l;
};
bool save_trace(void *arg, struct gt_trace *t, const struct gt_model *rules, const char *file, const char *form, bool over, char *why,
	size_t cap);

/*
 * The same, of a format that is not among the n there are, numbered from 0: "there is no format x; there are a, b and c". NULL: none was
 * named, and `wanted` says so.
 */
int no_such_format(const char *format, const char *wanted, const char *(*name)(size_t i), size_t n);
/* A time given with an option; NULL: it was not, and *ns stays. An exit status. */
int time_option(const char *option, const char *text, int64_t *ns);

/* A time as people write it: "1.5s", "20ms", "300us", "7ns", a plain number of nanoseconds. */
bool parse_time(const char *s, int64_t *ns);

#endif
