/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gotrace-tui completion: what the tables of commands and options say, for shells to complete with, and, as mdoc, what
 * the table of the explorer's commands says, for the manual page. make install and the tests use it.
 */
#include "cmd.h"
#include "out.h"

#include "ui/cmds.h"
#include "ui/columns.h"
#include "ui/lesson.h"

static void
put_models(struct out *o, const char *between)
{
	struct gt_model m;

	for (size_t i = 0; gt_model_at(&m, i); i++)
		out_format(o, "%s%s", i ? between : "", m.name);
}

static void
put_names(struct out *o, const char *between)
{
	struct cli_command c;

	for (size_t i = 1; cli_command(i, &c); i++)
		out_format(o, "%s%s", i > 1 ? between : "", c.name);
}

static void
put_lessons(struct out *o, const char *between)
{
	for (size_t i = 0; lesson_name(i); i++)
		out_format(o, "%s%s", i ? between : "", lesson_name(i));
}

/* "m|p|g", "[always|never]" */
static void
put_alternatives(struct out *o, const char *arg, const char *between)
{
	for (const char *p = strchr(arg, '|') && !strchr(arg, '=') ? arg : ""; *p; p++)
		if (*p == '|')
			out_text(o, between);
		else if (!strchr("[]", *p))
			out_bytes(o, p, 1);
}

/* Rules, up to what they are to be: "GoStart.proc=". */
static void
put_rules(struct out *o, const char *between)
{
	bool first = true;

	for (unsigned t = 1; t < GT_TYPES; t++)
		for (int r = GT_M; r <= GT_G && gt_spec(t)->timed && gt_spec(t)->kind != GT_K_Bad; r++) {
			out_format(o, "%s%s.%s=", first ? "" : between, gt_spec(t)->name, gt_res_name((enum gt_res)r));
			first = false;
		}
}

/* Values that an option's argument names, the models of --model, and the rules of --require. */
static void
put_values(struct out *o, size_t command, const struct cli_option *opt, const char *between)
{
	struct cli_command c;

	if (opt->arg && strcmp(opt->name, "model") == 0) {
		put_models(o, between);
		if (cli_command(command, &c) && strcmp(c.name, "validate") == 0)
			out_format(o, "%sall", between);
	} else if (opt->arg && strcmp(opt->name, "require") == 0)
		put_rules(o, between);
	else if (opt->arg)
		put_alternatives(o, opt->arg, between);
}

/* Words that may stand behind a command, other than files. */
static void
put_operands(struct out *o, const struct cli_command *c, const char *between)
{
	if (strcmp(c->name, "model") == 0)
		put_models(o, between);
	else if (strcmp(c->name, "learn") == 0)
		put_lessons(o, between);
	else if (strcmp(c->name, "help") == 0)
		put_names(o, between), out_format(o, "%sexpressions", between);
	else
		put_alternatives(o, c->args, between);
}

/* Files come behind it. */
static bool
takes_files(const struct cli_command *c)
{
	return strstr(c->args, "FILE") || strstr(c->args, "PATH") || strstr(c->args, "IN ");
}

static bool
names_file(const struct cli_option *opt)
{
	return opt->arg && strstr(opt->arg, "OUT");
}

/* The next letter that an option has besides its name, as the table says it: "-x, -c: do these"; 0: no more. */
static char
letter(const char **what)
{
	char c = 0;

	if ((*what)[0] == '-' && (*what)[1]) {
		c = (*what)[1];
		*what += strncmp(*what + 2, ", ", 2) == 0 ? 4 : 2;
	}
	return c;
}

static void
put_options(struct out *o, size_t command, const char *between)
{
	struct cli_option opt;

	for (size_t i = 0; cli_option(i, &opt); i++) {
		if (!cli_takes(command, i))
			continue;
		if (opt.optional)
			out_format(o, "%s--%s", between, opt.name);
		out_format(o, "%s--%s%s", between, opt.name, opt.arg ? "=" : "");
		for (char c; (c = letter(&opt.what));)
			out_format(o, "%s-%c", between, c);
	}
}

/* In single quotes, for any of the shells. */
static void
put_quoted(struct out *o, const char *s)
{
	OUT(o, "'");
	for (; *s; s++)
		*s == '\'' ? OUT(o, "'\\''") : out_bytes(o, s, 1);
	OUT(o, "'");
}

/* --- the shells ------------------------------------------------------------- */

static void
put_bash_values(struct out *o)
{
	struct cli_option opt;

	OUT(o, "\tif [[ ${COMP_WORDS[COMP_CWORD - 1]} == '=' || ${COMP_WORDS[COMP_CWORD]} == '=' ]]; then\n"
	       "\t\ti=$((COMP_CWORD - 1))\n\t\t[[ ${COMP_WORDS[i]} == '=' ]] && i=$((i - 1))\n\t\tcase ${COMP_WORDS[i]} in\n");
	for (size_t i = 0; cli_option(i, &opt); i++) {
		out_format(o, "\t\t--%s) words+=\" ", opt.name);
		put_values(o, 0, &opt, " ");
		OUT(o, "\" ;;&\n");
	}
	OUT(o, "\t\t--model) [[ $command == validate ]] && words+=\" all\" ;;\n"
	       "\t\t*.thread|*.proc|*.goroutine) words=\"must may mustnot\" ;;\n");
	OUT(o, "\t\tesac\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	       "\t\t[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n\t\t[[ $words == *[![:space:]]* ]] || COMPREPLY=($(compgen -f -- "
	       "\"$cur\"))\n\t\treturn\n\tfi\n");
}

static void
put_bash(struct out *o)
{
	struct cli_command c;

	OUT(o, "# bash completion of gotrace-tui, made from its tables\n"
	       "_gotrace_tui()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} command= words= operands= i\n\tCOMPREPLY=()\n"
	       "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tcase ${COMP_WORDS[i]} in\n\t\t");
	put_names(o, "|");
	OUT(o, ") command=${COMP_WORDS[i]}; break ;;\n\t\tesac\n\tdone\n\t[[ $cur == '=' ]] && cur=\n");
	put_bash_values(o);
	OUT(o, "\tcase $command in\n");
	for (size_t i = 0; cli_command(i, &c); i++) {
		out_format(o, "\t%s) words=\"", *c.name ? c.name : "''");
		put_options(o, i, " ");
		OUT(o, "\" operands=\"");
		i ? put_operands(o, &c, " ") : put_names(o, " ");
		OUT(o, "\" ;;\n");
	}
	OUT(o, "\tesac\n\tif [[ $cur == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	       "\t\t[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n\t\treturn\n\tfi\n"
	       "\tCOMPREPLY=($(compgen -W \"$operands\" -- \"$cur\"))\n"
	       "\t[[ -n $command && -n $operands ]] && return\n"
	       "\tCOMPREPLY+=($(compgen -f -- \"$cur\"))\n\tcompopt -o filenames 2>/dev/null\n}\ncomplete -F _gotrace_tui gotrace-tui\n");
}

/* Inside single quotes, where colons and brackets would end what is said. */
static void
put_zsh_said(struct out *o, const char *s)
{
	for (; *s; s++)
		*s == '\'' ? OUT(o, "'\\''") : strchr(":[]", *s) ? out_format(o, "\\%c", *s) : out_bytes(o, s, 1);
}

static void
put_zsh_options(struct out *o, size_t command)
{
	struct cli_option opt;

	for (size_t i = 0; cli_option(i, &opt); i++) {
		const char *said;

		if (!cli_takes(command, i))
			continue;
		said = opt.what;
		while (letter(&said))
			;
		said += strspn(said, ": ");
		out_format(o, " \\\n\t\t'%s--%s%s[", opt.arg ? "*" : "", opt.name, opt.optional ? "=-" : opt.arg ? "=" : "");
		put_zsh_said(o, said);
		out_format(o, "]%s", !opt.arg ? "" : names_file(&opt) ? ":file:_files" : opt.optional ? "::value:(" : ":value:(");
		put_values(o, command, &opt, " ");
		out_text(o, opt.arg && !names_file(&opt) ? ")'" : "'");
		for (char c; (c = letter(&opt.what));) {
			out_format(o, " \\\n\t\t'%s-%c[", opt.arg ? "*" : "", c);
			put_zsh_said(o, said);
			out_format(o, "]%s'", opt.arg ? ":value:( )" : "");
		}
	}
}

static void
put_zsh(struct out *o)
{
	struct cli_command c;

	OUT(o, "#compdef gotrace-tui\n# zsh completion of gotrace-tui, made from its tables\n"
	       "local -a subcommands\nsubcommands=(\n");
	for (size_t i = 1; cli_command(i, &c); i++) {
		OUT(o, "\t");
		out_format(o, "'%s:", c.name);
		put_zsh_said(o, c.what);
		OUT(o, "'\n");
	}
	OUT(o, ")\ncase ${words[(r)(");
	put_names(o, "|");
	OUT(o, ")]} in\n");
	for (size_t i = 1; cli_command(i, &c); i++) {
		out_format(o, "%s)\n\t_arguments '1:command:(%s)'", c.name, c.name);
		put_zsh_options(o, i);
		if (takes_files(&c)) {
			OUT(o, " \\\n\t\t'*:file:_files'\n\t;;\n");
			continue;
		}
		OUT(o, " \\\n\t\t'*: :(");
		put_operands(o, &c, " ");
		OUT(o, ")'\n\t;;\n");
	}
	OUT(o, "*)\n\t_arguments");
	put_zsh_options(o, 0);
	OUT(o, " \\\n\t\t'1: :{_describe command subcommands; _files}' '*:file:_files'\n\t;;\nesac\n");
}

static void
put_fish_options(struct out *o, size_t command, const struct cli_command *c)
{
	struct cli_option opt;
	const char *what;

	for (size_t i = 0; cli_option(i, &opt); i++) {
		if (!cli_takes(command, i))
			continue;
		out_format(o, "complete -c gotrace-tui -n '%s%s' -l %s %s",
			*c->name ? "__fish_seen_subcommand_from " : "__fish_use_subcommand", c->name, opt.name,
			!opt.arg ? "" : names_file(&opt) ? "-r -F -a '" : opt.optional ? "-f -a '" : "-x -a '");
		put_values(o, command, &opt, " ");
		out_text(o, opt.arg ? "' " : "");
		what = opt.what;
		for (char letter_of; (letter_of = letter(&what));)
			out_format(o, "-s %c ", letter_of);
		OUT(o, "-d ");
		put_quoted(o, opt.what);
		OUT(o, "\n");
	}
}

static void
put_fish(struct out *o)
{
	struct cli_command c;

	OUT(o, "# fish completion of gotrace-tui, made from its tables\n");
	for (size_t i = 1; cli_command(i, &c); i++) {
		out_format(o, "complete -c gotrace-tui -n __fish_use_subcommand -a %s -d ", c.name);
		put_quoted(o, c.what);
		OUT(o, "\n");
		if (takes_files(&c))
			continue;
		out_format(o, "complete -c gotrace-tui -n '__fish_seen_subcommand_from %s' -f -a '", c.name);
		put_operands(o, &c, " ");
		OUT(o, "'\n");
	}
	for (size_t i = 0; cli_command(i, &c); i++)
		put_fish_options(o, i, &c);
}

/* --- the manual page ------------------------------------------------------------ */

/* Text for mdoc: what begins a line, and backslashes, would mean something. */
static void
put_mdoc(struct out *o, const char *s)
{
	if (*s == '.' || *s == '\'')
		OUT(o, "\\&");
	for (; *s; s++)
		*s == '\\' ? OUT(o, "\\e") : *s == '-' ? OUT(o, "\\-") : *s == '"' ? OUT(o, "\\(dq") : *s == '\'' ? OUT(o, "\\(aq")
			: *s == '^' ? OUT(o, "\\(ha") : *s == '`' ? OUT(o, "\\(ga") : *s == '~' ? OUT(o, "\\(ti") : out_bytes(o, s, 1);
}

/* The keys of a command, or its name, as arguments of a macro: what is punctuation to mdoc is marked. */
static void
put_words(struct out *o, const char *s)
{
	for (const char *end; *s; s = end + (*end == ' ')) {
		end = s + strcspn(s, " ");
		OUT(o, " \\&");
		for (const char *p = s; p < end; p++) {
			char one[] = { *p, 0 };

			put_mdoc(o, one);
		}
	}
}

/* What there is to choose from. */
static void
put_manual_columns(struct out *o)
{
	for (int k = 0; k < COLUMNS_OF; k++) {
		int of = k ? k - 1 : COLUMNS_EVENTS;

		out_format(o, ".Pp\n.Em Columns of %s\n.Bl -tag -width waits-for -compact\n", columns_of(of));
		for (int i = 0; column_name(of, i); i++) {
			out_format(o, ".It Cm \\&");
			put_mdoc(o, column_name(of, i));
			OUT(o, "\n");
			put_mdoc(o, column_what(of, i));
			OUT(o, "\n");
		}
		OUT(o, ".El\n");
	}
}

static void
put_manual(struct out *o)
{
	const char *group = "";

	for (int c = CMD_NONE + 1; c < CMDS; c++) {
		const struct cmd_row *row = cmd_row((enum cmd)c);

		if (strcmp(group, cmd_group((enum cmd)c)) != 0) {
			if (*group)
				OUT(o, ".El\n");
			group = cmd_group((enum cmd)c);
			out_format(o, ".Pp\n.Em %s\n.Bl -tag -width Ds -compact\n", group);
		}
		OUT(o, ".It");
		if (row->keys[0]) {
			OUT(o, " Sy");
			put_words(o, row->keys);
		}
		if (row->name[0]) {
			OUT(o, " Cm \\&:");
			put_mdoc(o, row->name);
			if (*cmd_arg_form(row->arg)) {
				OUT(o, " Ar \\&");
				put_mdoc(o, cmd_arg_form(row->arg));
			}
		}
		OUT(o, "\n");
		put_mdoc(o, row->help);
		OUT(o, "\n");
	}
	OUT(o, ".El\n");
	put_manual_columns(o);
}

int
cmd_completion(const struct options *opt, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*put)(struct out *o);
	} forms[] = { { "bash", put_bash }, { "zsh", put_zsh }, { "fish", put_fish }, { "mdoc", put_manual } };
	struct out o;

	(void)opt;
	for (size_t i = 0; argc == 1 && i < sizeof(forms) / sizeof(*forms); i++) {
		if (strcmp(forms[i].name, argv[0]) != 0)
			continue;
		out_init(&o, 1);
		forms[i].put(&o);
		return out_close(&o) ? EXIT_FINE : EXIT_UNREADABLE;
	}
	return usage_error("completion is for bash, zsh or fish");
}
