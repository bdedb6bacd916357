/* SPDX-License-Identifier: MIT */
/*
 * Expressions inside: the table of fields, and the tree that a text becomes.
 *
 *	text -> tokens -> nodes, checked and folded as they are made -> match, may
 *
 * Each node knows by the type of an event alone whether it may be true, and whether it may be false. A test of the type
 * is nothing but that, and an expression of a rare type costs a look at a bit for all others.
 */
#ifndef EXPR_H
#define EXPR_H

#include "gotrace.h"

enum ftype { F_TYPE, F_KIND, F_PRES, F_RES, F_GSTATUS, F_PSTATUS, /* enumerations: up to here, see expr_enum */
	F_COUNT, F_SIZE, F_TIME, F_WALL, F_M, F_P, F_G, F_ID, F_TASK, F_FLAG, F_STRING };

enum field_id {
#define FIELD(id, name, type, cost, what) FIELD_##id,
#include "fields.def"
#undef FIELD
	FIELD_ARG, /* an argument: at has its place by event type */
	FIELD_NEW_STACK, /* the argument that is the stack of a new goroutine */
	FIELDS
};

struct field {
	const char *name;
	enum ftype type;
	uint8_t cost;
	const char *what;
};
/* Those of fields.def, i below FIELD_ARG. */
const struct field *expr_field(unsigned i);

/* A set of event types, or of values of an enumeration. */
struct set {
	uint64_t w[4];
};

static inline bool
set_has(const struct set *s, unsigned i)
{
	return s->w[i >> 6 & 3] >> (i & 63) & 1;
}

static inline void
set_add(struct set *s, unsigned i)
{
	s->w[i >> 6 & 3] |= UINT64_C(1) << (i & 63);
}

static inline bool
set_meet(const struct set *a, const uint64_t b[4])
{
	return (a->w[0] & b[0]) | (a->w[1] & b[1]) | (a->w[2] & b[2]) | (a->w[3] & b[3]);
}

/* The names of an enumeration: value i, name number k of it (some have two); NULL: no more. */
const char *expr_enum(enum ftype type, unsigned i, unsigned k);
enum { ENUM_VALUES = 256 };

/* A whole number that may be any int64_t or any uint64_t. */
struct num {
	bool neg;
	uint64_t v; /* two's complement */
};

static inline struct num
num_i(int64_t v)
{
	return (struct num){ v < 0, (uint64_t)v };
}

static inline struct num
num_u(uint64_t v)
{
	return (struct num){ false, v };
}

static inline bool
num_less(struct num a, struct num b)
{
	return a.neg != b.neg ? a.neg : a.v < b.v;
}

enum node_kind {
	NODE_TYPES, /* the type alone decides */
	NODE_NOT,
	NODE_AND,
	NODE_OR,
	NODE_NONE,   /* of: has no value */
	NODE_RANGE,  /* of: lies in [lo, hi] */
	NODE_SET,    /* of: is one of a set */
	NODE_FIELDS, /* of, other: compared */
	NODE_EQUALS, /* of: is that text */
	NODE_MATCHES /* of: the regular expression is found in it */
};

enum cmp { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_RE, CMP_NOT_RE };

/* What is looked at. */
struct operand {
	enum field_id field;
	enum ftype type;
	uint8_t cost;
	uint32_t args;   /* FIELD_ARG: index into gt_expr.args */
	struct set has;  /* types of events that may have it */
	size_t at, n;    /* where it stands in the text */
};

/* By event type, the place of an argument plus one; 0: has none of that name. */
struct arg_places {
	uint8_t at[GT_TYPES];
};

struct node {
	enum node_kind kind;
	enum cmp cmp;       /* FIELDS: EQ, LT, LE */
	uint32_t a, b;      /* NOT, AND, OR */
	unsigned cost;
	struct set yes, no; /* types for which it may be true, may be false */
	struct operand of, other;
	struct num lo, hi;
	struct set set;
	struct gt_buf text; /* EQUALS, MATCHES */
	void *re;
	uint64_t *known;    /* MATCHES, EQUALS of stacks: EXPR_KNOWN answers for stacks of the generation; see expr_match.c */
};

enum { EXPR_KNOWN = 1024 };

struct gt_expr {
	struct node *node; /* node[0] is not used */
	size_t n, cap;
	uint32_t root;
	struct arg_places *args;
	size_t nargs, cargs;
	const struct gt_matcher *matcher;
	unsigned needs;
	int64_t start;     /* time of the first event */
	uint64_t known_gen; /* of the generation that the nodes' known is of: its first byte plus one */
	uint64_t given_up;
	struct gt_frame *frames; /* room for those of one stack; NULL: no node needs it */
	struct gt_buf hex; /* bytes of the event last looked at, as text */
};

/* --- for completion ------------------------------------------------------------------ */

/* What would have been right where the text ended; bits. */
enum { WANT_OPERAND = 1, WANT_OPERATOR = 2, WANT_LOGIC = 4, WANT_VALUE = 8, WANT_IN = 16, WANT_COMMA = 32 };

struct wanted {
	unsigned what;
	bool typed; /* type is that of the operand before */
	enum ftype type;
};
/* Parses only to see what could follow. False: the text is wrong before that. */
bool expr_wanted(const char *text, size_t n, struct wanted *w);
/* The operator's text, as written first. */
const char *expr_cmp_text(enum cmp c);
/* Whether a type of values may be compared like that. */
bool expr_cmp_fits(enum ftype type, enum cmp c);

#endif
