/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The explorer's loop: keys to the model or the prompt, pictures to the terminal, work in between. See ui.h. */
#include "ui.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "canvas.h"
#include "model.h"
#include "prompt.h"
#include "script.h"
#include "term.h"

/* A slice of work: short enough that a key never waits. A picture while working: often enough to see it move. */
#define SLICE_NS 4000000
#define SLICES 10
/* How often to look what the index has got to; where somebody waits for it. */
#define LOOK_MS 50
#define LOOK_OFTEN_MS 5
/* Keys that came while drawing are taken together; but now and then there must be a picture. */
#define KEYS_AT_ONCE 64

struct app {
	const struct ui_options *o;
	struct model *m;         /* what is on the screen */
	struct model *base;      /* of the trace that was opened; NULL: there is none, only lessons */
	struct learning *lesson; /* m is its model; NULL: it is base */
	struct canvas c;
	bool over;
	bool pasting;
	ui_key next; /* read already; or K_NONE */
	unsigned looks; /* as of the model, when last taken over */
};

static void
draw(struct app *a)
{
	bool typing = a->m->prompt.kind != 0;

	model_prepare(a->m);
	model_draw(a->m, &a->c);
	term_show(&a->c, typing ? a->c.h - 1 : -1, typing ? keybar_cursor(a->m, &a->c) : 0);
}

/* False: no memory. */
static bool
resize(struct app *a)
{
	struct canvas c;
	int h, w;

	term_size(&h, &w);
	if (a->c.cells && h == a->c.h && w == a->c.w)
		return true;
	if (!canvas_init(&c, h, w, a->m->utf8))
		return false;
	canvas_free(&a->c);
	a->c = c;
	model_resize(a->m, h, w);
	return true;
}

static size_t
words(void *arg, char kind, const char *line, size_t *from, char (*out)[CMD_NAME_MAX], size_t cap)
{
	struct app *a = arg;

	return query_complete(a->m, kind, line, from, out, cap);
}

/* Another model is on the screen. */
static void
turn_to(struct app *a, struct model *m)
{
	a->m = m;
	model_resize(m, a->c.h, a->c.w);
	a->looks = m->looks + 1;
}

/* To the page of a lesson that is wanted. */
static void
to_lesson(struct app *a)
{
	struct learning *next = learn_open(a->m, a->o, 0, 0, a->m->utf8);

	if (!next) {
		model_say(a->m, ST_BAD, "no memory for the lesson");
		return;
	}
	learn_close(a->lesson);
	a->lesson = next;
	turn_to(a, learn_model(next));
}

/* Back to the trace that was opened. */
static void
leave_lesson(struct app *a)
{
	if (!a->base) {
		a->over = true;
		return;
	}
	learn_leave(a->lesson, a->base);
	learn_close(a->lesson);
	a->lesson = NULL;
	turn_to(a, a->base);
}

static void
copy(struct app *a)
{
	if (a->m->copy.text && !term_copy(a->m->copy.text, a->m->copy.n))
		model_say(a->m, ST_BAD, "this terminal is not known to have a clipboard for programs; :export writes a file");
	copy_free(&a->m->copy);
}

/* What the model asks for, once. */
static void
take_effect(struct app *a)
{
	enum effect e = a->m->effect;
	char kind = a->m->prompt.kind;

	a->m->effect = EFFECT_NONE;
	switch (e) {
	case EFFECT_QUIT:
		a->over = true;
		break;
	case EFFECT_LEAVE:
		leave_lesson(a);
		break;
	case EFFECT_LESSON:
		to_lesson(a);
		break;
	case EFFECT_SUSPEND:
		term_suspend();
		break;
	case EFFECT_REDRAW:
		term_redraw();
		break;
	case EFFECT_COPY:
		copy(a);
		break;
	case EFFECT_PROMPT:
		a->m->prompt.kind = 0;
		if (prompt_open(kind, a->m->begin, words, a))
			prompt_view(&a->m->prompt);
		a->m->begin[0] = 0;
		break;
	case EFFECT_NONE:
		break;
	}
}

static void
prompt_takes(struct app *a, ui_key key)
{
	char line[COMMAND_MAX], kind = a->m->prompt.kind;

	switch (key == K_SEQUENCE ? prompt_sequence(term_sequence(), line, sizeof line) : prompt_key(key, line, sizeof line)) {
	case PROMPT_MORE:
		prompt_view(&a->m->prompt);
		break;
	case PROMPT_DONE:
		a->m->prompt.kind = 0;
		script_note_line(a->m, kind, line);
		model_line(a->m, kind, line);
		take_effect(a);
		break;
	case PROMPT_TOO_LONG:
		model_say(a->m, ST_BAD, "that line is too long, and was not done");
		a->m->prompt.kind = 0;
		break;
	case PROMPT_CANCELLED:
		a->m->prompt.kind = 0;
	}
}

static void
take_mouse(struct app *a)
{
	struct mouse_event ev[MOUSE_EVENTS];
	size_t n = term_mouse(ev);

	for (size_t i = 0; i < n && !a->m->prompt.kind; i++) {
		/* What is under the mouse may be elsewhere after the one before. */
		model_prepare(a->m);
		model_mouse(a->m, &ev[i]);
		take_effect(a);
	}
}

/*
 * What is pasted is text for the prompt, not keys: a line end is no Enter, so that it can be looked at first; there it
 * stands between commands.
 */
static void
take_pasted(struct app *a, ui_key key)
{
	if (key == K_PASTE && !a->m->prompt.kind)
		model_say(a->m, ST_WAIT, "what is pasted goes to a prompt: type : or / first");
	a->pasting = key != K_PASTE_END && key != ('C' & K_CTRL);
	if (!a->m->prompt.kind)
		return;
	if (key == K_ENTER)
		prompt_takes(a, a->m->prompt.kind == ':' ? ';' : ' ');
	else if (key == K_TAB)
		prompt_takes(a, ' ');
	else if (key >= ' ' && key < K_UP)
		prompt_takes(a, key);
}

static void
take_key(struct app *a, ui_key key)
{
	if (key == K_EOF) {
		a->over = true;
	} else if (key == K_RESIZE) {
		return;
	} else if (a->pasting || key == K_PASTE) {
		take_pasted(a, key);
	} else if (key == K_MOUSE) {
		take_mouse(a);
	} else if (a->m->prompt.kind) {
		prompt_takes(a, key);
	} else if (key != K_SEQUENCE) {
		model_key(a->m, key);
		take_effect(a);
	}
}

/* How things look may be another matter after a command. */
static void
take_looks(struct app *a)
{
	if (a->looks == a->m->looks)
		return;
	a->looks = a->m->looks;
	a->c.utf8 = a->m->utf8;
	term_theme(&a->m->theme);
}

/* The next key; until it comes, work. */
static ui_key
wait_key(struct app *a)
{
	for (;;) {
		ui_key key = a->next != K_NONE ? a->next : term_key(0);

		a->next = K_NONE;

		for (int i = 0; key == K_NONE && i < SLICES && model_busy(a->m); i++) {
			model_work(a->m, SLICE_NS);
			/* A command of a script may ask for something, too. */
			take_effect(a);
			key = term_key(0);
		}
		if (key != K_NONE || a->over)
			return key;
		take_looks(a);
		draw(a);
		if (model_busy(a->m))
			continue;
		key = term_key(!model_waits(a->m) ? -1 : a->m->job.kind ? LOOK_OFTEN_MS : LOOK_MS);
		if (key != K_NONE)
			return key;
		model_work(a->m, SLICE_NS);
		take_effect(a);
	}
}

/* Keys that are there already, the first one given: a key held down, or what is typed at the prompt. */
static void
take_keys(struct app *a, ui_key key)
{
	struct arrangement arr = a->m->arr;
	char kind = a->m->prompt.kind;
	ui_key first = key;

	for (int i = 1; key != K_NONE; i++) {
		take_key(a, key);
		/* Any other key is for what the one before it leads to. */
		if (i == KEYS_AT_ONCE || a->over || a->m->prompt.kind != kind || memcmp(&a->m->arr, &arr, sizeof arr) != 0)
			return;
		key = term_key(0);
		if (key != K_NONE && key != first && !kind) {
			a->next = key;
			return;
		}
	}
}

static int
loop(struct app *a)
{
	while (!a->over) {
		ui_key key;

		if (!resize(a))
			return 3;
		term_take_mouse(a->m->mouse);
		take_looks(a);
		draw(a);
		key = wait_key(a);
		take_keys(a, key);
	}
	return 0;
}

static bool
out_of_memory(const struct ui_options *o)
{
	fprintf(stderr, "gotrace-tui: %s: out of memory\n", o->file);
	return false;
}

/* The model to begin with: of a trace, or of a lesson. False: no memory, which is said. */
static bool
begin(struct app *a, struct model *base, bool utf8)
{
	const struct ui_options *o = a->o;

	if (o->trace) {
		if (!model_init(base, o, utf8))
			return out_of_memory(o);
		a->m = a->base = base;
		settings_load(a->m);
		session_begin(a->m);
		return true;
	}
	a->lesson = learn_open(NULL, o, o->lesson < 0 ? 0 : (size_t)o->lesson, o->lesson < 0 ? LEARN_MENU : LEARN_INTRO, utf8);
	if (!a->lesson)
		return out_of_memory(o);
	a->m = learn_model(a->lesson);
	settings_load(a->m);
	if (o->commands)
		script_queue_file(a->m, o->commands, o->script);
	return true;
}

static void
end(struct app *a)
{
	if (a->lesson && a->base)
		learn_leave(a->lesson, a->base);
	learn_close(a->lesson);
	if (!a->base)
		return;
	session_end(a->base);
	model_free(a->base);
}

int
ui_run(const struct ui_options *o)
{
	struct app a = { .o = o, .next = K_NONE };
	struct model base;
	const char *why;
	int status;

	setlocale(LC_ALL, "");
	if (!begin(&a, &base, !strcmp(nl_langinfo(CODESET), "UTF-8")))
		return 3;
	if (!term_start(o->color, &a.m->theme, &why)) {
		fprintf(stderr, "gotrace-tui: %s\n", why);
		end(&a);
		return 2;
	}
	status = loop(&a);
	term_stop();
	if (status)
		out_of_memory(o);
	prompt_free();
	end(&a);
	canvas_free(&a.c);
	return status;
}
