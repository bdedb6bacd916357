/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an expression: a tree or a mistake with its place, and what may follow it. One that is right means the
 * opposite of its negation, of whatever event, and never an event of a stretch that it says can hold none.
 */
#include "fuzz.h"

#include "expr.h"

static int nothing; /* what a regular expression is compiled to */

static void *
re_compile(struct gt_str pattern, size_t *at, char *why, size_t cap)
{
	bool wrong = pattern.n > 0 && pattern.p[pattern.n - 1] == '(';

	*at = pattern.n;
	snprintf(why, cap, "wrong");
	return wrong ? NULL : &nothing;
}

static int
re_match(void *re, struct gt_str s)
{
	return re == &nothing && s.n % 3 == 0;
}

static void
re_free(void *re)
{
	CHECK(re == &nothing, "another one");
}

static const struct gt_matcher matcher = { re_compile, re_match, re_free };

static struct gt_expr *
parse(const char *text, size_t n)
{
	struct gt_expr_error err;
	struct gt_expr *e = gt_expr_new(text, n, &matcher, &err);

	if (!e)
		CHECK(err.at <= n && err.n <= n - err.at && err.text[0] && strlen(err.text) < sizeof(err.text), "no place");
	return e;
}

static void
check_events(struct gt_expr *e, struct gt_expr *not_e, uint64_t x)
{
	struct gt_summary s = { .types = { 0 } };
	bool meant = false;

	for (int i = 0; i < 50; i++) {
		uint64_t r = rnd(&x);
		struct gt_event ev = { .n = (uint64_t)i + 1, .time = (int64_t)(r % 1000), .m = (int64_t)(r >> 8) % 5 - 1,
			.p = (int64_t)(r >> 16) % 5 - 1, .g = (int64_t)(r >> 24) % 9 - 1, .from = r >> 32 & 7, .to = r >> 36 & 7,
			.part = r >> 40 & 1, .len = r >> 41 & 3, .off = r >> 44 & 255 };

		do
			ev.type = (uint8_t)rnd(&x);
		while (!gt_spec(ev.type)->timed);
		for (int k = 0; k < GT_MAXARGS; k++)
			ev.arg[k] = rnd(&x) % 4 ? rnd(&x) % 9 : rnd(&x);
		gt_summary_add(&s, &ev);
		meant |= gt_expr_match(e, &ev, NULL, 3);
		CHECK(gt_expr_match(e, &ev, NULL, 3) != gt_expr_match(not_e, &ev, NULL, 3), "both or neither");
	}
	CHECK(!meant || gt_expr_may(e, &s), "ruled out");
}

static void
count_word(void *arg, const char *word, const char *what)
{
	CHECK(*word && what, "no word");
	++*(size_t *)arg;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	char *negated = malloc(size + 8);
	struct gt_expr *e, *not_e;
	size_t words = 0, from;
	enum gt_expr_values values;

	CHECK(negated, "no memory");
	memory_begin();
	e = parse(text, size);
	memcpy(negated, "not (", 5);
	if (size > 0)
		memcpy(negated + 5, data, size);
	negated[size + 5] = ')';
	not_e = parse(negated, size + 6);
	if (e && not_e)
		check_events(e, not_e, fnv(FNV_BASE, data, size) | 1);
	/* "a) and (b" is right only inside the parentheses. */
	CHECK(!not_e || e || memchr(text, ')', size), "right only with not");
	gt_expr_free(e);
	gt_expr_free(not_e);
	from = gt_expr_complete(text, size, &values, count_word, &words);
	CHECK(from <= size, "from %zu", from);
	memory_end(size, 600, 1 << 18);
	free(negated);
	return 0;
}
