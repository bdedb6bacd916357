/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only file with readline: see prompt.h. Readline is told to leave signals, sizes, the environment (it would set
 * LINES and COLUMNS, and no resize would get through any more) and the terminal alone: it reads from a queue of bytes
 * and writes to /dev/null.
 */
#include <stdio.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "prompt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wchar.h>

#include "script.h"
#include "xdg.h"

#define CANDIDATES 256
/* Of each history. */
#define HISTORY_LINES 1000
#define HISTORY_BYTES (4 << 20)

struct prompt {
	FILE *null;
	char kind;
	unsigned char queue[32]; /* bytes of one key */
	size_t head, tail;
	char *line; /* what Enter gave */
	bool over;
	HISTORY_STATE *history[2]; /* of commands, of searches */
	char note[sizeof ((struct prompt_view *)0)->note];
	size_t shown_from; /* what is shown of candidates */
	prompt_words_fn *words;
	void *arg;
	char (*cand)[CMD_NAME_MAX];
	size_t ncand;
	size_t from; /* candidates stand behind so many bytes of the line */
};

static struct prompt *prompt;

/* --- hooks ----------------------------------------------------------------- */

static int
next_byte(FILE *f)
{
	(void)f;
	return prompt->head < prompt->tail ? prompt->queue[prompt->head++] : EOF;
}

static int
has_byte(void)
{
	return prompt->head < prompt->tail;
}

static void
draw_nothing(void)
{
}

static void
got_line(char *line)
{
	free(prompt->line);
	prompt->line = line;
	prompt->over = true;
	/* Else it would begin another. */
	rl_callback_handler_remove();
}

/* Readline is to replace all of the line before the cursor: where a word begins depends on what it means. */
static char *
next_candidate(const char *text, int state)
{
	static size_t at;
	size_t n;
	char *line;

	if (!state)
		at = 0;
	if (at >= prompt->ncand)
		return NULL;
	n = prompt->from + strlen(prompt->cand[at]) + 1;
	line = malloc(n);
	if (line)
		snprintf(line, n, "%.*s%s", (int)prompt->from, text, prompt->cand[at]);
	at++;
	return line;
}

/* Names of files for the end of a line, if that is what is meant there; folders end in a slash. */
static size_t
files(const char *line)
{
	size_t last = script_last(line), from, n = 0;
	const char *slash;
	struct stat st;
	char *name;

	if (prompt->kind != ':' || !cmd_takes_file(line + last, &from))
		return 0;
	prompt->from = last + from;
	slash = strrchr(line + prompt->from, '/');
	prompt->shown_from = slash ? (size_t)(slash + 1 - line) : prompt->from;
	for (int i = 0; n < CANDIDATES && (name = rl_filename_completion_function(line + prompt->from, i)); i++) {
		bool folder = stat(name, &st) == 0 && S_ISDIR(st.st_mode);

		if (strlen(name) + folder < CMD_NAME_MAX)
			snprintf(prompt->cand[n++], CMD_NAME_MAX, "%s%s", name, folder ? "/" : "");
		free(name);
	}
	return n;
}

static char **
complete(const char *text, int start, int end)
{
	char line[1024];
	size_t n;

	(void)start;
	rl_attempted_completion_over = 1;
	rl_completion_append_character = 0;
	snprintf(line, sizeof line, "%.*s", end, rl_line_buffer);
	n = prompt->words(prompt->arg, prompt->kind, line, &prompt->from, prompt->cand, CANDIDATES);
	prompt->shown_from = prompt->from;
	if (!n)
		n = files(line);
	if (!n || strcmp(line, text) != 0)
		return NULL;
	prompt->ncand = n < CANDIDATES ? n : CANDIDATES;
	if (n == 1 && !strchr(".=/ ", prompt->cand[0][strlen(prompt->cand[0]) - 1]))
		rl_completion_append_character = ' ';
	return rl_completion_matches(text, next_candidate);
}

static void
show_matches(char **matches, int n, int longest)
{
	struct sb b = sb_on(prompt->note, sizeof prompt->note);

	(void)longest;
	for (int i = 1; i <= n; i++)
		sb_printf(&b, "%s\n", strlen(matches[i]) > prompt->shown_from ? matches[i] + prompt->shown_from : matches[i]);
}

/* --- start ------------------------------------------------------------------ */

static void
configure(void)
{
	static const char name[] = "gotrace-tui";

	rl_readline_name = name;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_getc_function = next_byte;
	rl_input_available_hook = has_byte;
	rl_redisplay_function = draw_nothing;
	rl_attempted_completion_function = complete;
	rl_completion_display_matches_hook = show_matches;
	rl_completer_word_break_characters = "";
	rl_instream = prompt->null;
	rl_outstream = prompt->null;
	rl_initialize();
	rl_bind_keyseq_if_unbound("\\e[Z", rl_backward_menu_complete);
	/* After the user's inputrc: what would ring or wait can't be had here. */
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("blink-matching-paren", "off");
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("enable-bracketed-paste", "off");
}

static bool
start(void)
{
	struct prompt *p = calloc(1, sizeof *p);

	if (!p)
		return false;
	p->null = fopen("/dev/null", "r+");
	p->cand = calloc(CANDIDATES, sizeof *p->cand);
	if (!p->null || !p->cand) {
		if (p->null)
			fclose(p->null);
		free(p->cand);
		free(p);
		return false;
	}
	prompt = p;
	using_history();
	configure();
	return true;
}

/* --- histories ----------------------------------------------------------------- */

/* The file of one: commands, searches. False: it has none. */
static bool
history_file(char kind, bool make, char *path, size_t cap)
{
	const char *name = kind == '/' ? "/searches" : "/commands";

	if (!xdg_folder(XDG_STATE, make, path, cap - strlen(name)))
		return false;
	strcat(path, name);
	return true;
}

/* What is there from sessions before, once. A file that is anything else than that is left alone. */
static void
load_history(char kind)
{
	char path[1024];
	struct stat st;

	if (!history_file(kind, false, path, sizeof path) || stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
		st.st_size > HISTORY_BYTES)
		return;
	read_history(path);
	stifle_history(HISTORY_LINES);
	if (history_length == HISTORY_LINES)
		history_truncate_file(path, HISTORY_LINES);
	unstifle_history();
}

/* Line by line, so that sessions at the same time do not lose each other's. */
static void
save_line(char kind)
{
	char path[1024];
	struct stat st;

	if (!history_file(kind, true, path, sizeof path))
		return;
	if (stat(path, &st) != 0)
		write_history(path);
	else if (S_ISREG(st.st_mode))
		append_history(1, path);
}

/* Commands and searches have a history each. */
static void
use_history(char kind)
{
	static HISTORY_STATE none;
	HISTORY_STATE *h = prompt->history[kind == '/'];

	history_set_history_state(h ? h : &none);
	if (!h)
		load_history(kind);
	using_history();
}

static void
keep_history(void)
{
	HISTORY_STATE **h = &prompt->history[prompt->kind == '/'];
	HIST_ENTRY *last;

	if (prompt->line && *prompt->line) {
		last = history_length ? history_get(history_base + history_length - 1) : NULL;
		if (!last || strcmp(last->line, prompt->line) != 0) {
			add_history(prompt->line);
			save_line(prompt->kind);
		}
	}
	free(*h);
	*h = history_get_history_state();
}

bool
prompt_open(char kind, const char *begin, prompt_words_fn *words, void *arg)
{
	char text[] = { kind, 0 };

	if (!prompt && !start())
		return false;
	prompt->kind = kind;
	prompt->words = words;
	prompt->arg = arg;
	prompt->over = false;
	prompt->note[0] = 0;
	free(prompt->line);
	prompt->line = NULL;
	use_history(kind);
	rl_callback_handler_install(text, got_line);
	rl_insert_text(begin);
	return true;
}

/* --- keys ----------------------------------------------------------------------- */

/* What a terminal would have sent: readline's bindings, and the user's, are for that. */
static const char *
sequence(ui_key key)
{
	static const struct {
		ui_key key;
		const char *bytes;
	} map[] = {
		{ K_UP, "\033[A" },
		{ K_DOWN, "\033[B" },
		{ K_RIGHT, "\033[C" },
		{ K_LEFT, "\033[D" },
		{ K_HOME, "\033[H" },
		{ K_END, "\033[F" },
		{ K_DELETE, "\033[3~" },
		{ K_INSERT, "\033[2~" },
		{ K_BACKSPACE, "\177" },
		{ K_ENTER, "\r" },
		{ K_TAB, "\t" },
		{ K_PGUP, "\033[5~" },
		{ K_PGDN, "\033[6~" },
		{ K_BACKTAB, "\033[Z" },
	};

	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (map[i].key == key)
			return map[i].bytes;
	return NULL;
}

static void
enqueue(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && prompt->tail < sizeof prompt->queue; i++)
		prompt->queue[prompt->tail++] = (unsigned char)bytes[i];
}

static void
enqueue_key(ui_key key)
{
	char bytes[64];
	mbstate_t st;
	const char *seq;
	size_t n;

	prompt->head = prompt->tail = 0;
	if (key & K_META) {
		enqueue("\033", 1);
		key &= ~K_META;
	}
	seq = sequence(key);
	if (seq) {
		enqueue(seq, strlen(seq));
		return;
	}
	memset(&st, 0, sizeof st);
	n = key >= 0 && key < K_UP ? wcrtomb(bytes, (wchar_t)key, &st) : (size_t)-1;
	if (n != (size_t)-1)
		enqueue(bytes, n);
}

static bool
cancels(ui_key key)
{
	/* In vi mode Esc is for editing. */
	return key == ('C' & K_CTRL) || (key == K_ESC && rl_editing_mode) || (key == K_BACKSPACE && !rl_end);
}

/* What was enqueued. */
static enum prompt_got
take_bytes(char *line, size_t cap)
{
	while (!prompt->over && has_byte())
		rl_callback_read_char();
	if (!prompt->over)
		return PROMPT_MORE;
	keep_history();
	if (!prompt->line)
		return PROMPT_CANCELLED;
	return (size_t)snprintf(line, cap, "%s", prompt->line) < cap ? PROMPT_DONE : PROMPT_TOO_LONG;
}

enum prompt_got
prompt_key(ui_key key, char *line, size_t cap)
{
	prompt->note[0] = 0;
	if (cancels(key)) {
		rl_callback_handler_remove();
		keep_history();
		return PROMPT_CANCELLED;
	}
	enqueue_key(key);
	return take_bytes(line, cap);
}

enum prompt_got
prompt_sequence(const char *bytes, char *line, size_t cap)
{
	int type;

	prompt->head = prompt->tail = 0;
	/* Of one that it does not know readline inserts the end. */
	if (rl_function_of_keyseq(bytes, NULL, &type) && type != ISKMAP)
		enqueue(bytes, strlen(bytes));
	return take_bytes(line, cap);
}

void
prompt_view(struct prompt_view *out)
{
	struct sb b = sb_on(out->text, sizeof out->text);
	size_t n;

	out->kind = prompt->kind;
	sb_add(&b, rl_display_prompt ? rl_display_prompt : "");
	n = b.n;
	sb_add(&b, rl_line_buffer);
	out->begin = (int)n;
	query_check(prompt->kind, rl_line_buffer, &out->is);
	out->cursor = (int)(n + (size_t)rl_point < b.n ? n + (size_t)rl_point : b.n);
	snprintf(out->note, sizeof out->note, "%s", prompt->note);
}

void
prompt_free(void)
{
	if (!prompt)
		return;
	for (int i = 0; i < 2; i++)
		if (prompt->history[i]) {
			history_set_history_state(prompt->history[i]);
			clear_history();
			free(prompt->history[i]);
		}
	fclose(prompt->null);
	free(prompt->line);
	free(prompt->cand);
	free(prompt);
	prompt = NULL;
}
