/* SPDX-License-Identifier: MIT */
/*
 * Expressions: text to nodes. A plain recursive descent; every mistake has a place and says what would be right.
 *
 *	or    = and { ("||" | "or") and }
 *	and   = not { ("&&" | "and") not }
 *	not   = ("!" | "not") not | "(" or ")" | test
 *	test  = side [ cmp side | ["not"] "in" list ]
 *	list  = item | "(" item { "," item } ")"
 *	item  = value [ ".." value ]
 *	side  = field | value
 */
#include "buf.h"
#include "expr_value.h"
#include "map.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEP = 64 };

enum tok_kind { T_END, T_WORD, T_NUMBER, T_TEXT, T_CMP, T_AND, T_OR, T_NOT, T_IN, T_OPEN, T_CLOSE, T_COMMA, T_DOTS };

struct tok {
	enum tok_kind kind;
	size_t at, n;
	enum cmp cmp;
};

struct parser {
	const char *text;
	size_t n;
	struct tok tok;
	struct gt_expr *e;
	const struct gt_matcher *matcher;
	struct gt_expr_error *err;
	struct wanted *wanted; /* only to see what could follow */
	unsigned depth;
	bool failed;
	bool listed; /* in a list: commas part its values */
	bool joined; /* what is before an and, or an or, is right, and more than one word of any text */
};

/* One side of a comparison. */
struct side {
	bool is_field;
	struct operand of;
	struct tok tok;
};

/* What is compared with. */
struct value {
	enum { V_NONE, V_NUMBER, V_SET, V_TEXT } kind;
	struct num num;
	struct set set;
	struct gt_buf text;
};

/* --- mistakes ------------------------------------------------------------------- */

/* The first one counts. Always 0: no node. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
static uint32_t
fail(struct parser *p, size_t at, size_t n, const char *format, ...)
{
	va_list ap;

	if (p->failed)
		return 0;
	p->failed = true;
	p->err->at = at;
	p->err->n = n;
	va_start(ap, format);
	vsnprintf(p->err->text, sizeof(p->err->text), format, ap);
	va_end(ap);
	return 0;
}

static uint32_t
no_memory(struct parser *p)
{
	return fail(p, 0, 0, "out of memory");
}

/* A token for a message: not too much of it. */
static int
shown(const struct tok *t)
{
	return t->n > 40 ? 40 : (int)t->n;
}

/* What would be right here: of interest where the text is over. */
static void
want(struct parser *p, unsigned what, const enum ftype *type)
{
	if (!p->wanted || p->tok.kind != T_END || p->failed)
		return;
	p->wanted->what |= what;
	if (type) {
		p->wanted->typed = true;
		p->wanted->type = *type;
	}
}

/* --- tokens ------------------------------------------------------------------------ */

static bool
is_word(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '*' || (unsigned char)c >= 0x80 ||
		(!first && ((c >= '0' && c <= '9') || c == '.' || c == '?'));
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
word_end(const struct parser *p, size_t i)
{
	while (i < p->n && is_word(p->text[i], false) &&
		!(p->text[i] == '.' && i + 1 < p->n && p->text[i + 1] == '.'))
		i++;
	return i;
}

/*
 * Behind "5,000" at i: one to three digits, then groups of three. In a list a comma would stand between values.
 */
static size_t
groups_end(const struct parser *p, size_t i)
{
	size_t first = i, end;

	while (i < p->n && is_digit(p->text[i]))
		i++;
	if (p->listed || i - first > 3)
		return i;
	while (i < p->n && p->text[i] == ',') {
		for (end = i + 1; end < p->n && is_digit(p->text[end]); end++)
			;
		if (end - i != 4)
			break;
		i = end;
	}
	return i;
}

static size_t
number_end(const struct parser *p, size_t i)
{
	i += p->text[i] == '-';
	i = groups_end(p, i);
	while (i < p->n && (is_digit(p->text[i]) || (is_word(p->text[i], true) && p->text[i] != '*') ||
		(p->text[i] == '.' && i + 1 < p->n && is_digit(p->text[i + 1]))))
		i++;
	return i;
}

/* A string literal of Go; 0: it does not end. */
static size_t
text_end(const struct parser *p, size_t i)
{
	char quote = p->text[i++];

	while (i < p->n && p->text[i] != quote)
		i += quote == '"' && p->text[i] == '\\' ? 2 : 1;
	return i < p->n ? i + 1 : 0;
}

static const struct {
	const char *text;
	enum tok_kind kind;
	enum cmp cmp;
} signs[] = { /* longer ones first */
	{ "==", T_CMP, CMP_EQ }, { "!=", T_CMP, CMP_NE }, { "<=", T_CMP, CMP_LE }, { ">=", T_CMP, CMP_GE },
	{ "!~", T_CMP, CMP_NOT_RE }, { "=~", T_CMP, CMP_RE }, { "&&", T_AND, 0 }, { "||", T_OR, 0 }, { "..", T_DOTS, 0 },
	{ "<", T_CMP, CMP_LT }, { ">", T_CMP, CMP_GT }, { "~", T_CMP, CMP_RE }, { "=", T_CMP, CMP_EQ }, { "!", T_NOT, 0 },
	{ "(", T_OPEN, 0 }, { ")", T_CLOSE, 0 }, { ",", T_COMMA, 0 },
}, words[] = { { "and", T_AND, 0 }, { "or", T_OR, 0 }, { "not", T_NOT, 0 }, { "in", T_IN, 0 } };
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *
expr_cmp_text(enum cmp c)
{
	for (size_t i = 0; i < COUNT(signs); i++)
		if (signs[i].kind == T_CMP && signs[i].cmp == c && (c != CMP_RE || signs[i].text[0] == '~'))
			return signs[i].text;
	return "";
}

static void
sign(struct parser *p, size_t at)
{
	for (size_t i = 0; i < COUNT(signs); i++) {
		size_t len = strlen(signs[i].text);

		if (len <= p->n - at && memcmp(p->text + at, signs[i].text, len) == 0) {
			p->tok = (struct tok){ signs[i].kind, at, len, signs[i].cmp };
			return;
		}
	}
	p->tok.n = 1;
	fail(p, at, 1, "this character means nothing here");
}

/* All small, or all in capitals: And is neither. */
static bool
is_word_of_two_cases(const char *s, size_t n, const char *word)
{
	char bit = n > 0 ? (char)(s[0] & 32) : 0;

	for (size_t i = 0; i < n; i++)
		if (!word[i] || s[i] != (word[i] & ~32) + bit)
			return false;
	return !word[n];
}

static void
next(struct parser *p)
{
	size_t at = p->tok.at + p->tok.n;
	char c;

	while (at < p->n && (p->text[at] == ' ' || p->text[at] == '\t' || p->text[at] == '\n' || p->text[at] == '\r'))
		at++;
	p->tok = (struct tok){ T_END, at, 0, 0 };
	if (at == p->n || p->failed)
		return;
	c = p->text[at];
	if (is_digit(c) || (c == '-' && at + 1 < p->n && is_digit(p->text[at + 1]))) {
		p->tok = (struct tok){ T_NUMBER, at, number_end(p, at) - at, 0 };
	} else if (c == '"' || c == '`') {
		size_t end = text_end(p, at);

		p->tok = (struct tok){ T_TEXT, at, (end ? end : p->n) - at, 0 };
		if (!end)
			fail(p, at, p->n - at, "the quote is not closed");
	} else if (is_word(c, true)) {
		p->tok = (struct tok){ T_WORD, at, word_end(p, at) - at, 0 };
		for (size_t i = 0; i < COUNT(words); i++)
			if (is_word_of_two_cases(p->text + at, p->tok.n, words[i].text))
				p->tok.kind = words[i].kind;
	} else {
		sign(p, at);
	}
}

static bool
token_is(const struct parser *p, const struct tok *t, const char *text)
{
	return t->n == strlen(text) && memcmp(p->text + t->at, text, t->n) == 0;
}

/* --- nodes ----------------------------------------------------------------------------- */

static const struct set all_types = { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } };

static struct set
complement(struct set s)
{
	for (int i = 0; i < 4; i++)
		s.w[i] = ~s.w[i];
	return s;
}

static struct set
both(struct set a, struct set b)
{
	for (int i = 0; i < 4; i++)
		a.w[i] &= b.w[i];
	return a;
}

static struct set
either(struct set a, struct set b)
{
	for (int i = 0; i < 4; i++)
		a.w[i] |= b.w[i];
	return a;
}

static uint32_t
add_node(struct parser *p, struct node node)
{
	if (p->failed)
		return 0;
	if (!GROW(p->e->node, p->e->n, p->e->cap))
		return no_memory(p);
	p->e->node[p->e->n] = node;
	return (uint32_t)p->e->n++;
}

static uint32_t
types_node(struct parser *p, struct set types)
{
	return add_node(p, (struct node){ .kind = NODE_TYPES, .yes = types, .no = complement(types) });
}

static uint32_t
test_node(struct parser *p, struct node node)
{
	node.cost = node.of.cost;
	node.yes = node.kind == NODE_NONE ? all_types : node.of.has;
	node.no = node.kind == NODE_NONE ? node.of.has : all_types;
	return add_node(p, node);
}

static uint32_t
not_node(struct parser *p, uint32_t a)
{
	struct node *n;

	if (!a)
		return 0;
	n = &p->e->node[a];
	if (n->kind == NODE_TYPES)
		return types_node(p, n->no);
	if (n->kind == NODE_NOT)
		return n->a;
	return add_node(p, (struct node){ .kind = NODE_NOT, .a = a, .cost = n->cost, .yes = n->no, .no = n->yes });
}

/* The cheaper of the two is looked at first. */
static uint32_t
join(struct parser *p, enum node_kind kind, uint32_t a, uint32_t b)
{
	const struct node *x, *y;
	struct node node = { .kind = kind };

	if (!a || !b)
		return 0;
	x = &p->e->node[a];
	y = &p->e->node[b];
	node.yes = kind == NODE_AND ? both(x->yes, y->yes) : either(x->yes, y->yes);
	node.no = kind == NODE_AND ? either(x->no, y->no) : both(x->no, y->no);
	if (x->kind == NODE_TYPES && y->kind == NODE_TYPES)
		return types_node(p, node.yes);
	node.cost = x->cost + y->cost;
	node.a = y->cost < x->cost ? b : a;
	node.b = y->cost < x->cost ? a : b;
	return add_node(p, node);
}

/* --- fields ------------------------------------------------------------------------------ */

static const struct field fields[] = {
#define FIELD(id, name, type, cost, what) { name, F_##type, cost, what },
#include "fields.def"
#undef FIELD
};

const struct field *
expr_field(unsigned i)
{
	return i < COUNT(fields) ? &fields[i] : NULL;
}

bool
gt_expr_form(size_t i, const char **form, const char **what)
{
	static const char *const forms[][2] = {
		{ "== != < <= > >=", "compare; what an event has not is none, which equals nothing else" },
		{ "~ !~", "a regular expression is found in it, or not" },
		{ "in (a, b, 5..9)", "one of several" },
		{ "and or not ( )", "also && || !" },
		{ "GoBlock, Go*", "an event alone: its type; a field alone: it has one" },
	};

	if (i >= COUNT(forms))
		return false;
	*form = forms[i][0];
	*what = forms[i][1];
	return true;
}

bool
gt_expr_field(size_t i, const char **name, const char **form, const char **what)
{
	if (i >= COUNT(fields))
		return false;
	*name = fields[i].name;
	*form = expr_form(fields[i].type);
	*what = fields[i].what;
	return true;
}

static bool
names_thing(enum gt_kind kind)
{
	switch (kind) {
	case GT_K_Metric:
	case GT_K_RangeBegin:
	case GT_K_RangeActive:
	case GT_K_RangeEnd:
	case GT_K_TaskBegin:
	case GT_K_TaskEnd:
	case GT_K_RegionBegin:
	case GT_K_RegionEnd:
		return true;
	default:
		return false;
	}
}

static bool
has_arg_of(const struct gt_spec *spec, enum gt_argtype type)
{
	for (unsigned i = 0; i < spec->nargs; i++)
		if (spec->arg[i].type == type)
			return true;
	return false;
}

static bool
type_has(unsigned type, enum field_id field)
{
	const struct gt_spec *spec = gt_spec(type);

	switch (field) {
	case FIELD_FROM:
	case FIELD_TO:
	case FIELD_RES:
	case FIELD_ID:
	case FIELD_WAITED:
		return spec->subject != GT_SUBJ_NO;
	case FIELD_LASTED:
		return spec->subject != GT_SUBJ_NO || gt_event_ends(&(struct gt_event){ .type = (uint8_t)type });
	case FIELD_NAME:
		return names_thing(spec->kind);
	case FIELD_REASON:
		return type == GT_EV_GoStop || type == GT_EV_GoBlock || type == GT_EV_STWBegin || type == GT_EV_STWEnd;
	case FIELD_STACK:
	case FIELD_FUNC:
	case FIELD_FILE:
	case FIELD_LEAF:
		return has_arg_of(spec, GT_ARG_STACK);
	case FIELD_NEW_STACK:
		return has_arg_of(spec, GT_ARG_NSTACK);
	default:
		return true;
	}
}

static void
find_types(struct operand *o)
{
	memset(&o->has, 0, sizeof(o->has));
	for (unsigned t = 0; t < GT_TYPES; t++)
		if (type_has(t, o->field))
			set_add(&o->has, t);
}

/* "reason" for reason_string: that it is a string can be seen. */
static size_t
bare_length(const char *name)
{
	static const char *const tails[] = { "_string", "_value" };
	size_t n = strlen(name);

	for (size_t i = 0; i < COUNT(tails); i++)
		if (n > strlen(tails[i]) && strcmp(name + n - strlen(tails[i]), tails[i]) == 0)
			return n - strlen(tails[i]);
	return n;
}

static bool
arg_called(const struct gt_arg *a, const char *name, size_t n)
{
	return memcmp(a->name, name, n < strlen(a->name) ? n : strlen(a->name)) == 0 &&
		(n == strlen(a->name) || n == bare_length(a->name));
}

static enum ftype
type_of_arg(enum gt_argtype type)
{
	static const uint8_t types[] = { [GT_ARG_VALUE] = F_SIZE, [GT_ARG_M] = F_M, [GT_ARG_P] = F_P, [GT_ARG_G] = F_G,
		[GT_ARG_SEQ] = F_COUNT, [GT_ARG_PSTATUS] = F_PSTATUS, [GT_ARG_GSTATUS] = F_GSTATUS,
		[GT_ARG_STRING] = F_STRING, [GT_ARG_STACK] = F_STRING, [GT_ARG_NSTACK] = F_STRING, [GT_ARG_TASK] = F_TASK };

	return (enum ftype)types[type];
}

/* An argument of that name: where each type of event has it. */
static bool
find_arg(struct parser *p, const char *name, size_t n, struct operand *o)
{
	struct arg_places places = { { 0 } };
	bool found = false;

	memset(&o->has, 0, sizeof(o->has));
	for (unsigned t = 0; t < GT_TYPES; t++)
		for (unsigned i = 0; i < gt_spec(t)->nargs; i++) {
			const struct gt_arg *a = &gt_spec(t)->arg[i];

			if ((!gt_spec(t)->timed && t != GT_EV_CPUSample) || !arg_called(a, name, n))
				continue;
			found = true;
			places.at[t] = (uint8_t)(i + 1);
			set_add(&o->has, t);
			o->type = type_of_arg(a->type);
			o->field = a->type == GT_ARG_STACK ? FIELD_STACK
				 : a->type == GT_ARG_NSTACK ? FIELD_NEW_STACK : FIELD_ARG;
		}
	if (!found)
		return false;
	o->cost = o->field != FIELD_ARG ? 16 : o->type == F_STRING ? 4 : 1;
	o->args = (uint32_t)p->e->nargs;
	if (!GROW(p->e->args, p->e->nargs, p->e->cargs))
		no_memory(p);
	else
		p->e->args[p->e->nargs++] = places;
	return true;
}

static bool
find_field(struct parser *p, const struct tok *t, struct operand *o)
{
	const char *name = p->text + t->at;

	*o = (struct operand){ .at = t->at, .n = t->n };
	for (unsigned i = 0; i < COUNT(fields); i++)
		if (token_is(p, t, fields[i].name)) {
			o->field = (enum field_id)i;
			o->type = fields[i].type;
			o->cost = fields[i].cost;
			find_types(o);
			return true;
		}
	if (t->n > 4 && memcmp(name, "arg.", 4) == 0)
		return find_arg(p, name + 4, t->n - 4, o);
	return find_arg(p, name, t->n, o);
}

/* --- names that are nearly right ------------------------------------------------------------ */

static void
consider(const char *a, size_t n, const char *name, const char **best, unsigned *least)
{
	unsigned d = gt_near(a, n, name);

	if (d < *least) {
		*least = d;
		*best = name;
	}
}

/* The name of a value of the type that is nearest, or of a field (where fields may stand); NULL: none is near. */
static const char *
nearest(const struct parser *p, const struct tok *t, enum ftype type, bool field)
{
	const char *best = NULL, *a = p->text + t->at;
	unsigned least = GT_FAR;

	for (unsigned i = 0; field && i < COUNT(fields); i++)
		consider(a, t->n, fields[i].name, &best, &least);
	for (unsigned i = 0; field && i < GT_TYPES; i++)
		for (unsigned k = 0; k < gt_spec(i)->nargs; k++)
			consider(a, t->n, gt_spec(i)->arg[k].name, &best, &least);
	for (unsigned i = 0; i < ENUM_VALUES; i++)
		if (expr_enum(type, i, 0))
			consider(a, t->n, expr_enum(type, i, 0), &best, &least);
	return best;
}

static uint32_t
unknown(struct parser *p, const struct tok *t, enum ftype type, bool field, const char *what)
{
	const char *near = nearest(p, t, type, field);

	return fail(p, t->at, t->n, "there is no %s \"%.*s\"%s%s%s", what, shown(t), p->text + t->at,
		near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
}

/* --- values ------------------------------------------------------------------------------------ */

static bool
is_enum(enum ftype type)
{
	return type <= F_PSTATUS;
}

static bool
wrong_value(struct parser *p, const struct tok *t, enum ftype type)
{
	want(p, WANT_VALUE, &type);
	fail(p, t->at, t->n, "%s is expected%s", expr_form(type), t->kind == T_END ? "" : " here");
	return false;
}

static bool
unquote(struct parser *p, const struct tok *t, struct gt_buf *out)
{
	const char *why;
	size_t at = 0;

	why = gt_unquote_why((struct gt_str){ p->text + t->at, t->n }, out, &at);
	if (!why && gt_buf_byte(out, 0)) {
		out->n--; /* what matches gets it with its length; a NUL behind is for those that print it */
		return true;
	}
	fail(p, t->at + at, 1, "%s", why ? why : "out of memory");
	return false;
}

/* A pattern has backslashes of its own: of those before a quote only they are taken away. */
static bool
pattern_text(struct parser *p, const struct tok *t, struct gt_buf *out)
{
	const char *text = p->text + t->at;
	bool quoted = t->kind == T_TEXT;

	for (size_t i = quoted; i < t->n - quoted; i++) {
		if (quoted && *text == '"' && text[i] == '\\' && text[i + 1] == '"')
			continue;
		if (!gt_buf_byte(out, (uint8_t)text[i]) || (text[i] == '\\' && i + 1 < t->n - quoted &&
				!gt_buf_byte(out, (uint8_t)text[++i]))) {
			no_memory(p);
			return false;
		}
	}
	return true;
}

static bool
enum_value(struct parser *p, const struct tok *t, enum ftype type, struct value *v)
{
	bool quoted = t->kind == T_TEXT;
	const char *names[] = { "event type", "kind", "state", "resource", "status", "status" };

	v->kind = V_SET;
	if (expr_enum_find(type, p->text + t->at + quoted, t->n - 2 * quoted, &v->set))
		return true;
	unknown(p, t, type, false, names[type]);
	return false;
}

/* False: "1.5 ms", and says so. */
static bool
unit_is_joined(struct parser *p, const struct tok *t)
{
	size_t at = t->at + t->n, end;

	while (at < p->n && p->text[at] == ' ')
		at++;
	end = word_end(p, at);
	if (t->kind != T_NUMBER || at == t->at + t->n || !expr_is_unit(p->text + at, end - at))
		return true;
	fail(p, at, end - at, "a number and its unit are written together: %.*s%.*s", shown(t), p->text + t->at,
		(int)(end - at), p->text + at);
	return false;
}

static bool
number_value(struct parser *p, const struct tok *t, enum ftype type, struct value *v)
{
	const char *wrong = "";

	if ((type == F_TIME || type == F_SIZE) && !unit_is_joined(p, t))
		return false;
	v->kind = V_NUMBER;
	if (type == F_WALL)
		wrong = t->kind == T_TEXT && expr_moment(p->text + t->at + 1, t->n - 2, &v->num) ? NULL : "";
	else if (t->kind == T_NUMBER)
		wrong = expr_number(p->text + t->at, t->n, type, &v->num);
	else if (t->kind == T_WORD)
		wrong = expr_id(p->text + t->at, t->n, type, &v->num);
	if (!wrong)
		return true;
	if (*wrong)
		fail(p, t->at, t->n, "%s", wrong);
	else
		wrong_value(p, t, type);
	return false;
}

/* The value that the token is, for something of that type. Moves on behind it. */
static bool
take_value(struct parser *p, const struct tok *t, enum ftype type, struct value *v)
{
	bool word = t->kind == T_WORD, text = t->kind == T_TEXT;

	*v = (struct value){ .kind = V_NONE };
	if (p->failed || t->kind == T_END || (!word && !text && t->kind != T_NUMBER))
		return wrong_value(p, t, type);
	if (word && token_is(p, t, "none"))
		return true;
	if (is_enum(type))
		return t->kind == T_NUMBER ? wrong_value(p, t, type) : enum_value(p, t, type, v);
	if (type != F_STRING)
		return number_value(p, t, type, v);
	v->kind = V_TEXT;
	if (text)
		return unquote(p, t, &v->text);
	if (memchr(p->text + t->at, '*', t->n) || memchr(p->text + t->at, '?', t->n)) {
		fail(p, t->at, t->n, "* and ? are for names of events: match a text with ~, as in ~ \"^sel\", or put this in quotes");
		return false;
	}
	if (!gt_buf_put(&v->text, p->text + t->at, t->n) || !gt_buf_byte(&v->text, 0)) {
		no_memory(p);
		return false;
	}
	v->text.n--;
	return true;
}

/* --- tests --------------------------------------------------------------------------------------- */

static const struct num least = { true, UINT64_C(1) << 63 }, greatest = { false, UINT64_MAX };

/* The number after or before; *none where there is none. */
static struct num
neighbour(struct num x, bool up, bool *none)
{
	*none = up ? !x.neg && x.v == UINT64_MAX : x.neg && x.v == least.v;
	if (up)
		return x.v == UINT64_MAX ? num_u(0) : (struct num){ x.neg, x.v + 1 };
	return !x.neg && x.v == 0 ? num_i(-1) : (struct num){ x.neg, x.v - 1 };
}

static uint32_t
range(struct parser *p, const struct operand *of, struct num lo, struct num hi)
{
	return test_node(p, (struct node){ .kind = NODE_RANGE, .of = *of, .lo = lo, .hi = hi });
}

static uint32_t
compare_number(struct parser *p, const struct operand *of, enum cmp cmp, struct num v)
{
	struct num lo = cmp == CMP_LT || cmp == CMP_LE ? least : v, hi = cmp == CMP_GT || cmp == CMP_GE ? greatest : v;
	bool none = false;

	if (cmp == CMP_LT)
		hi = neighbour(v, false, &none);
	else if (cmp == CMP_GT)
		lo = neighbour(v, true, &none);
	if (none)
		return types_node(p, (struct set){ { 0 } });
	return range(p, of, lo, hi);
}

/* The types that are presented as one of these kinds. */
static struct set
types_of_kinds(const struct set *kinds)
{
	struct set s = { { 0 } };

	for (unsigned t = 0; t < GT_TYPES; t++)
		if (set_has(kinds, gt_event_kind(&(struct gt_event){ .type = (uint8_t)t })))
			set_add(&s, t);
	return s;
}

static uint32_t
compare_set(struct parser *p, const struct operand *of, const struct set *set)
{
	if (of->field == FIELD_TYPE)
		return types_node(p, *set);
	if (of->field == FIELD_KIND)
		return types_node(p, types_of_kinds(set));
	return test_node(p, (struct node){ .kind = NODE_SET, .of = *of, .set = *set });
}

/* The values whose names a regular expression is found in. */
static uint32_t
match_names(struct parser *p, const struct operand *of, void *re)
{
	struct set set = { { 0 } };

	for (unsigned i = 0; i < ENUM_VALUES; i++)
		for (unsigned k = 0; k < 2; k++) {
			const char *name = expr_enum(of->type, i, k);

			if (name && p->matcher->match(re, (struct gt_str){ name, strlen(name) }) > 0)
				set_add(&set, i);
		}
	p->matcher->free(re);
	return compare_set(p, of, &set);
}

static uint32_t
match(struct parser *p, const struct operand *of, const struct tok *t, struct gt_buf *text)
{
	struct gt_str pattern = { (const char *)text->p, text->n };
	char why[128] = "";
	size_t at = 0, place = t->at;
	uint32_t node;
	void *re = p->matcher ? p->matcher->compile(pattern, &at, why, sizeof(why)) : NULL;

	if (!re && p->wanted)
		return types_node(p, all_types);
	if (!re) {
		/* Unless a quote was escaped, the place in the pattern is one in the text. */
		if (t->kind == T_TEXT && text->n + 2 == t->n)
			place += 1 + (at < text->n ? at : text->n);
		return fail(p, place, 1, "%s%s", p->matcher && *why ? "in the regular expression: " : "",
			!p->matcher ? "there are no regular expressions here" : *why ? why : "out of memory");
	}
	if (is_enum(of->type))
		return match_names(p, of, re);
	node = test_node(p, (struct node){ .kind = NODE_MATCHES, .of = *of, .re = re, .text = *text });
	if (node)
		*text = (struct gt_buf){ 0 };
	else
		p->matcher->free(re);
	return node;
}

bool
expr_cmp_fits(enum ftype type, enum cmp c)
{
	switch (c) {
	case CMP_EQ:
	case CMP_NE:
		return true;
	case CMP_RE:
	case CMP_NOT_RE:
		return is_enum(type) || type == F_STRING;
	default:
		return !is_enum(type) && type != F_STRING && type != F_FLAG;
	}
}

static uint32_t
compare_value(struct parser *p, const struct operand *of, enum cmp cmp, const struct tok *t, struct value *v)
{
	uint32_t node;

	if (v->kind == V_NONE) {
		if (cmp != CMP_EQ && cmp != CMP_NE)
			return fail(p, t->at, t->n, "none is compared by == and !=");
		return test_node(p, (struct node){ .kind = NODE_NONE, .of = *of });
	}
	if (v->kind == V_NUMBER)
		return compare_number(p, of, cmp == CMP_NE ? CMP_EQ : cmp, v->num);
	if (v->kind == V_SET)
		return compare_set(p, of, &v->set);
	node = test_node(p, (struct node){ .kind = NODE_EQUALS, .of = *of, .text = v->text });
	if (node)
		v->text = (struct gt_buf){ 0 };
	return node;
}

static enum cmp
mirrored(enum cmp c)
{
	static const enum cmp other[] = { [CMP_EQ] = CMP_EQ, [CMP_NE] = CMP_NE, [CMP_LT] = CMP_GT, [CMP_LE] = CMP_GE,
		[CMP_GT] = CMP_LT, [CMP_GE] = CMP_LE, [CMP_RE] = CMP_RE, [CMP_NOT_RE] = CMP_NOT_RE };

	return other[c];
}

/* Whether values of the two mean the same kind of thing. */
static bool
comparable(enum ftype a, enum ftype b)
{
	bool ids = a >= F_M && a <= F_TASK && b >= F_M && b <= F_TASK;

	if (a == F_STRING || b == F_STRING)
		return false;
	if (is_enum(a) || is_enum(b) || (a == F_WALL) != (b == F_WALL))
		return a == b;
	return !ids || a == b || a == F_ID || b == F_ID;
}

static uint32_t
compare_fields(struct parser *p, const struct side *l, enum cmp cmp, const struct side *r)
{
	bool swap = cmp == CMP_GT || cmp == CMP_GE;
	struct node node = { .kind = NODE_FIELDS, .of = swap ? r->of : l->of, .other = swap ? l->of : r->of };

	if (!comparable(l->of.type, r->of.type))
		return fail(p, r->tok.at, r->tok.n, "%.*s and %.*s can't be compared: they mean different things",
			shown(&l->tok), p->text + l->tok.at, shown(&r->tok), p->text + r->tok.at);
	node.cmp = swap ? mirrored(cmp) : cmp == CMP_NE ? CMP_EQ : cmp;
	node.of.cost = (uint8_t)(l->of.cost + r->of.cost);
	/* Where neither has a value they are equal. */
	node.of.has = node.cmp == CMP_EQ ? all_types : both(l->of.has, r->of.has);
	return test_node(p, node);
}

static uint32_t
compare(struct parser *p, const struct side *l, const struct tok *op, const struct side *r)
{
	const struct side *f = l->is_field ? l : r, *other = l->is_field ? r : l;
	enum cmp cmp = l->is_field ? op->cmp : mirrored(op->cmp);
	struct value v;
	uint32_t node;

	if (!expr_cmp_fits(f->of.type, cmp))
		return fail(p, op->at, op->n, cmp == CMP_RE || cmp == CMP_NOT_RE ?
			"a regular expression is for texts and names, and %.*s is %s" :
			"%.*s has no order: its values are compared by == and != (%s)",
			shown(&f->tok), p->text + f->tok.at, expr_form(f->of.type));
	if (other->is_field && cmp != CMP_RE && cmp != CMP_NOT_RE)
		node = compare_fields(p, l, op->cmp, r);
	else if (cmp == CMP_RE || cmp == CMP_NOT_RE) {
		struct gt_buf text = { 0 };

		if (token_is(p, &other->tok, "none"))
			node = fail(p, other->tok.at, other->tok.n, "none is compared by == and !=");
		else
			node = pattern_text(p, &other->tok, &text) ? match(p, &f->of, &other->tok, &text) : 0;
		gt_buf_free(&text);
	} else {
		node = take_value(p, &other->tok, f->of.type, &v) ? compare_value(p, &f->of, cmp, &other->tok, &v) : 0;
		gt_buf_free(&v.text);
	}
	return cmp == CMP_NE || cmp == CMP_NOT_RE ? not_node(p, node) : node;
}

/* value [ ".." value ] */
static uint32_t
item(struct parser *p, const struct side *l)
{
	struct tok first = p->tok, last;
	struct value v = { .kind = V_NONE }, w;
	uint32_t node = 0;

	want(p, WANT_VALUE, &l->of.type);
	if (!take_value(p, &first, l->of.type, &v))
		goto out;
	next(p);
	if (p->tok.kind != T_DOTS) {
		node = compare_value(p, &l->of, CMP_EQ, &first, &v);
		goto out;
	}
	next(p);
	last = p->tok;
	want(p, WANT_VALUE, &l->of.type);
	if (!take_value(p, &last, l->of.type, &w))
		goto out;
	if (v.kind != V_NUMBER || w.kind != V_NUMBER)
		fail(p, first.at, last.at + last.n - first.at, "a range goes from a number to a number");
	else if (num_less(w.num, v.num))
		fail(p, first.at, last.at + last.n - first.at, "this range is empty: it ends before it begins");
	gt_buf_free(&w.text);
	next(p);
	node = range(p, &l->of, v.num, w.num);
out:
	gt_buf_free(&v.text);
	return node;
}

static uint32_t
in_list(struct parser *p, const struct side *l)
{
	uint32_t node;

	if (p->tok.kind != T_OPEN)
		return item(p, l);
	p->listed = true;
	next(p);
	node = item(p, l);
	while (!p->failed && p->tok.kind == T_COMMA) {
		next(p);
		node = join(p, NODE_OR, node, item(p, l));
	}
	want(p, WANT_COMMA, NULL);
	if (!p->failed && p->tok.kind != T_CLOSE)
		return fail(p, p->tok.at, p->tok.n, "a comma or ) is expected%s", p->tok.kind == T_END ? "" : " here");
	p->listed = false;
	next(p);
	return node;
}

/* A side alone: a field is asked whether it is there, a name is the event of that name. */
static uint32_t
alone(struct parser *p, const struct side *s)
{
	struct set set;
	const char *word = p->text + s->tok.at;

	if (s->is_field && s->of.type == F_FLAG)
		return range(p, &s->of, num_u(1), num_u(1));
	if (s->is_field)
		return not_node(p, test_node(p, (struct node){ .kind = NODE_NONE, .of = s->of }));
	if (s->tok.kind != T_WORD)
		return fail(p, s->tok.at, s->tok.n, "this says nothing by itself: compare a field with it, as in %s",
			s->tok.kind == T_TEXT ? "text ~ \"...\"" : "g == 4");
	if (expr_enum_find(F_TYPE, word, s->tok.n, &set))
		return types_node(p, set);
	if (expr_enum_find(F_KIND, word, s->tok.n, &set))
		return types_node(p, types_of_kinds(&set));
	if (expr_enum_find(F_PRES, word, s->tok.n, &set))
		return fail(p, s->tok.at, s->tok.n, "this is a state: write from == %.*s or to == %.*s", shown(&s->tok), word,
			shown(&s->tok), word);
	return unknown(p, &s->tok, F_TYPE, true, "field or event");
}

/* A field or a value; of an enumeration on the left its values come first: in "res == g" g is no field. */
static bool
side(struct parser *p, struct side *s, const struct side *left)
{
	struct set set;
	bool text = left && left->is_field && left->of.type == F_STRING;

	*s = (struct side){ .tok = p->tok };
	if (p->tok.kind == T_WORD && !text && !token_is(p, &p->tok, "none") &&
		!(left && left->is_field && is_enum(left->of.type) &&
			expr_enum_find(left->of.type, p->text + p->tok.at, p->tok.n, &set)))
		s->is_field = find_field(p, &p->tok, &s->of);
	next(p);
	return !p->failed;
}

/* A word that is compared, and is no field; it may be a value of one. */
static uint32_t
no_field(struct parser *p, const struct tok *t)
{
	static const struct {
		enum ftype type;
		const char *what, *as;
	} values[] = { { F_TYPE, "an event", "type ==" }, { F_KIND, "a kind of events", "kind ==" }, { F_PRES, "a state", "to ==" } };
	const char *word = p->text + t->at;
	struct set set;

	for (size_t i = 0; i < COUNT(values); i++)
		if (expr_enum_find(values[i].type, word, t->n, &set))
			return fail(p, t->at, t->n, "%.*s is %s, no field: write %s %.*s", shown(t), word, values[i].what,
				values[i].as, shown(t), word);
	return unknown(p, t, F_TYPE, true, "field");
}

static uint32_t
wrong_operand(struct parser *p)
{
	if (p->tok.kind == T_END)
		return fail(p, p->tok.at, 0, "a field, an event or ( is expected");
	return fail(p, p->tok.at, p->tok.n, "a field, an event or ( is expected here");
}

static bool
is_value_token(enum tok_kind k)
{
	return k == T_WORD || k == T_NUMBER || k == T_TEXT;
}

/* "not" before "in". */
static bool
not_in(struct parser *p)
{
	struct tok was = p->tok;

	if (p->tok.kind != T_NOT || p->failed)
		return false;
	next(p);
	if (!p->failed && p->tok.kind == T_IN)
		return true;
	p->tok = was;
	return false;
}

static uint32_t
test(struct parser *p)
{
	struct side l, r;
	struct tok op;
	bool negated;

	want(p, WANT_OPERAND, NULL);
	if (!is_value_token(p->tok.kind))
		return wrong_operand(p);
	if (!side(p, &l, NULL))
		return 0;
	want(p, WANT_OPERATOR, l.is_field ? &l.of.type : NULL);
	negated = not_in(p);
	if (p->tok.kind == T_IN) {
		if (!l.is_field)
			return fail(p, l.tok.at, l.tok.n, "a field is expected before in");
		next(p);
		want(p, WANT_IN, NULL);
		return negated ? not_node(p, in_list(p, &l)) : in_list(p, &l);
	}
	if (p->tok.kind != T_CMP)
		return p->failed ? 0 : alone(p, &l);
	op = p->tok;
	next(p);
	want(p, WANT_VALUE, l.is_field ? &l.of.type : NULL);
	if (!is_value_token(p->tok.kind)) {
		if (l.is_field)
			wrong_value(p, &p->tok, op.cmp == CMP_RE || op.cmp == CMP_NOT_RE ? F_STRING : l.of.type);
		return fail(p, p->tok.at, p->tok.n, "a field is expected%s", p->tok.kind == T_END ? "" : " here");
	}
	if (!side(p, &r, &l))
		return 0;
	if (l.is_field || r.is_field)
		return compare(p, &l, &op, &r);
	if (l.tok.kind == T_WORD && !token_is(p, &l.tok, "none"))
		return no_field(p, &l.tok);
	return fail(p, l.tok.at, r.tok.at + r.tok.n - l.tok.at, "one side must be a field");
}

/* --- and, or, not ------------------------------------------------------------------------------------ */

static uint32_t either_of(struct parser *p);

static uint32_t
inner(struct parser *p)
{
	struct tok open = p->tok;
	uint32_t node;

	next(p);
	node = either_of(p);
	want(p, WANT_LOGIC | WANT_COMMA, NULL);
	if (!p->failed && p->tok.kind != T_CLOSE)
		return p->tok.kind == T_END ? fail(p, open.at, 1, "this ( is not closed") :
			fail(p, p->tok.at, p->tok.n, "and, or, or ) is expected here");
	next(p);
	return node;
}

static uint32_t
negation(struct parser *p)
{
	uint32_t node;

	if (p->failed)
		return 0;
	if (p->tok.kind != T_NOT && p->tok.kind != T_OPEN)
		return test(p);
	if (p->depth == DEEP)
		return fail(p, p->tok.at, p->tok.n, "this is nested too deep");
	p->depth++;
	if (p->tok.kind == T_OPEN) {
		node = inner(p);
	} else {
		next(p);
		node = not_node(p, negation(p));
	}
	p->depth--;
	return node;
}

/* A name of a field alone may be any word. */
static bool
is_lone_field(const struct parser *p, uint32_t i)
{
	const struct node *n = &p->e->node[i];

	return n->kind == NODE_NOT && p->e->node[n->a].kind == NODE_NONE;
}

static void
note_join(struct parser *p, uint32_t left)
{
	struct tok sign = p->tok;

	next(p);
	p->joined = p->joined || !is_lone_field(p, left) || p->tok.kind == T_END || !is_word(p->text[sign.at], true);
}

static uint32_t
both_of(struct parser *p)
{
	uint32_t node = negation(p);

	while (!p->failed && p->tok.kind == T_AND) {
		note_join(p, node);
		node = join(p, NODE_AND, node, negation(p));
	}
	return p->failed ? 0 : node;
}

static uint32_t
either_of(struct parser *p)
{
	uint32_t node = both_of(p);

	while (!p->failed && p->tok.kind == T_OR) {
		note_join(p, node);
		node = join(p, NODE_OR, node, both_of(p));
	}
	return p->failed ? 0 : node;
}

/* What stands behind all that is right. */
static uint32_t
left_over(struct parser *p)
{
	struct tok t = p->tok;

	if (t.kind == T_CLOSE)
		return fail(p, t.at, 1, "there is no ( for this");
	if (t.kind == T_COMMA && is_digit(p->text[t.at - 1]))
		return fail(p, t.at, t.n, "commas part groups of three digits, as in 5,000, or values of a list, in (1, 2)");
	return fail(p, t.at, t.n, "and, or, or the end is expected here");
}

static uint32_t
whole(struct parser *p)
{
	uint32_t node;

	if (p->n > GT_EXPR_MAX)
		return fail(p, GT_EXPR_MAX, 0, "this is too long: %d bytes are the most", GT_EXPR_MAX);
	next(p);
	node = either_of(p);
	want(p, WANT_LOGIC, NULL);
	return p->failed || p->tok.kind == T_END ? node : left_over(p);
}

/* --- expression or text -------------------------------------------------------------------------------- */

static bool
names_field(const struct parser *p, const struct tok *t)
{
	struct gt_expr e = { 0 };
	struct parser own = { .text = p->text, .e = &e, .err = p->err };
	struct operand o;
	bool is = t->kind == T_WORD && find_field(&own, t, &o);

	free(e.args);
	return is;
}

/* A sign that compares the word before it. The list writes g=9 of arguments, and any text may have chan<- or a>b. */
static bool
is_comparison(const struct parser *p, const struct tok *word)
{
	const struct tok *t = &p->tok;

	if (t->kind != T_CMP || word->kind != T_WORD)
		return false;
	return t->n > 1 || word->at + word->n < t->at || (p->text[t->at] != '=' && names_field(p, word));
}

/* Whether there are signs of an expression, up to what has no meaning in any. */
static bool
has_signs(const char *text, size_t n)
{
	struct gt_expr_error err;
	struct parser p = { .text = text, .n = n, .err = &err };
	struct tok before = { T_END, 0, 0, 0 };

	for (next(&p); p.tok.kind != T_END; next(&p)) {
		bool list = p.tok.kind == T_IN && names_field(&p, &before);

		if (is_comparison(&p, &before) || ((p.tok.kind == T_AND || p.tok.kind == T_OR) && !is_word(text[p.tok.at], true)))
			return true;
		before = p.tok;
		if (list) {
			next(&p);
			return p.tok.kind == T_OPEN || p.tok.kind == T_NUMBER;
		}
	}
	return false;
}

/* --- life ------------------------------------------------------------------------------------------------ */

static bool
looks_at_stack(const struct operand *o)
{
	return o->cost >= 16;
}

static bool
looks_after(enum field_id field)
{
	return field == FIELD_P_AFTER || field == FIELD_G_AFTER || field == FIELD_P_ANY || field == FIELD_G_ANY;
}

/* What the nodes in use need, and room for it. */
static bool
prepare(struct gt_expr *e, uint32_t i)
{
	struct node *n = &e->node[i];
	const struct operand *of[] = { &n->of, &n->other };

	if (n->kind == NODE_AND || n->kind == NODE_OR)
		return prepare(e, n->a) && prepare(e, n->b);
	if (n->kind == NODE_NOT)
		return prepare(e, n->a);
	if (n->kind == NODE_TYPES)
		return true;
	for (int k = 0; k < (n->kind == NODE_FIELDS ? 2 : 1); k++) {
		if (of[k]->field == FIELD_DELTA)
			e->needs |= GT_EXPR_BEFORE;
		if (looks_after(of[k]->field))
			e->needs |= GT_EXPR_AFTER;
		if (looks_at_stack(of[k]))
			e->needs |= GT_EXPR_STACK;
	}
	if ((n->kind == NODE_MATCHES || n->kind == NODE_EQUALS) && looks_at_stack(&n->of)) {
		if (!e->frames)
			e->frames = malloc(GT_MAXFRAMES * sizeof(*e->frames));
		n->known = calloc(EXPR_KNOWN, sizeof(*n->known));
		return e->frames && n->known;
	}
	return true;
}

static struct gt_expr *
parse(struct parser *p)
{
	struct gt_expr *e = p->e = calloc(1, sizeof(*e));

	if (!e) {
		no_memory(p);
		return NULL;
	}
	e->matcher = p->matcher;
	if (GROW(e->node, e->n, e->cap))
		e->node[e->n++] = (struct node){ 0 };
	else
		no_memory(p);
	e->root = whole(p);
	if (!p->failed && !prepare(e, e->root))
		no_memory(p);
	if (!p->failed)
		return e;
	gt_expr_free(e);
	return NULL;
}

struct gt_expr *
gt_expr_new(const char *text, size_t n, const struct gt_matcher *matcher, struct gt_expr_error *err)
{
	struct parser p = { .text = text, .n = n, .matcher = matcher, .err = err };
	struct gt_expr *e;

	*err = (struct gt_expr_error){ 0 };
	e = parse(&p);
	err->meant = !e && (p.joined || has_signs(text, n));
	return e;
}

bool
expr_wanted(const char *text, size_t n, struct wanted *w)
{
	struct gt_expr_error err = { 0 };
	struct parser p = { .text = text, .n = n, .err = &err, .wanted = w };

	*w = (struct wanted){ 0 };
	gt_expr_free(parse(&p));
	return !p.failed || w->what;
}

void
gt_expr_free(struct gt_expr *e)
{
	if (!e)
		return;
	for (size_t i = 1; i < e->n; i++) {
		if (e->node[i].re)
			e->matcher->free(e->node[i].re);
		gt_buf_free(&e->node[i].text);
		free(e->node[i].known);
	}
	free(e->node);
	free(e->args);
	free(e->frames);
	gt_buf_free(&e->hex);
	free(e);
}

void
gt_expr_start(struct gt_expr *e, int64_t time)
{
	e->start = time;
}

unsigned
gt_expr_needs(const struct gt_expr *e)
{
	return e->needs;
}

uint64_t
gt_expr_given_up(const struct gt_expr *e)
{
	return e->given_up;
}
