/* SPDX-License-Identifier: MIT */
/*
 * Rule sets. The rules of "current" are in events.def; the others are what they change of it.
 */
#include "gotrace.h"

#include <string.h>

/* A rule that an older model had otherwise. */
struct change {
	uint8_t type;
	uint8_t res;
	uint8_t need;
};

static const struct {
	const char *name, *title;
	bool destroy_abandons_p;
	struct change change[2]; /* ends with type 0 */
} models[] = {
	/* Go 1.22.0 to 1.26: internal/trace/order.go as released. */
	{ "current", "Go 1.22 to 1.26", true, { { 0, 0, 0 } } },
	/* After Go commit aae7734 of 28 November 2023: a P may be there; it stays with the M. */
	{ "go1.22-tolerant", "Go tip after 28 November 2023 (commit aae7734)", false, { { 0, 0, 0 } } },
	/* Before that commit: a callback from C had to begin without a P. */
	{ "go1.22-strict", "Go tip before 28 November 2023", false,
	  { { GT_EV_GoCreateSyscall, GT_P, GT_NOT }, { 0, 0, 0 } } },
};

size_t
gt_models(void)
{
	return sizeof(models) / sizeof(models[0]);
}

bool
gt_model_at(struct gt_model *m, size_t i)
{
	if (i >= gt_models())
		return false;
	memset(m, 0, sizeof(*m));
	m->name = models[i].name;
	m->title = models[i].title;
	m->destroy_abandons_p = models[i].destroy_abandons_p;
	for (unsigned t = 0; t < GT_TYPES; t++)
		memcpy(m->need[t], gt_spec(t)->need, sizeof(m->need[t]));
	for (const struct change *c = models[i].change; c->type; c++)
		m->need[c->type][c->res] = c->need;
	return true;
}

bool
gt_model_get(struct gt_model *m, const char *name)
{
	for (size_t i = 0; i < gt_models(); i++)
		if (strcmp(models[i].name, name) == 0)
			return gt_model_at(m, i);
	return false;
}

static bool
is(const char *word, const char *p, size_t n)
{
	return strlen(word) == n && memcmp(word, p, n) == 0;
}

static bool
res_by_name(const char *p, size_t n, enum gt_res *out)
{
	for (int r = GT_M; r <= GT_G; r++)
		if (is(gt_res_name((enum gt_res)r), p, n)) {
			*out = (enum gt_res)r;
			return true;
		}
	return false;
}

static bool
need_by_name(const char *p, size_t n, uint8_t *out)
{
	static const char *const names[] = { [GT_NOT] = "mustnot", [GT_MAY] = "may", [GT_MUST] = "must" };

	for (uint8_t i = 0; i < 3; i++)
		if (is(names[i], p, n)) {
			*out = i;
			return true;
		}
	return false;
}

bool
gt_model_require(struct gt_model *m, const char *text, const char **wrong)
{
	const char *dot = strchr(text, '.');
	const char *eq = dot ? strchr(dot, '=') : NULL;
	enum gt_type type;
	enum gt_res res;
	uint8_t need;

	*wrong = "a rule is written EVENT.thread|proc|goroutine=must|may|mustnot";
	if (!dot || !eq)
		return false;
	*wrong = "no event of that name can be ordered";
	type = gt_type_by_name(text, (size_t)(dot - text));
	if (type == GT_EV_None || !gt_spec(type)->timed)
		return false;
	*wrong = "what is required is of a thread, proc or goroutine";
	if (!res_by_name(dot + 1, (size_t)(eq - dot - 1), &res))
		return false;
	*wrong = "a requirement is must, may or mustnot";
	if (!need_by_name(eq + 1, strlen(eq + 1), &need))
		return false;
	*wrong = NULL;
	m->need[type][res] = need;
	m->changed = true;
	return true;
}
