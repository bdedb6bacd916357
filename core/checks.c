/* SPDX-License-Identifier: MIT */
/*
 * The conditions of an event as a list to look at: presence by the rule of the model, then the rows of needs.def.
 */
#include "gen.h"
#include "state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum subject { G_CTX, P_CTX, G_ARG, P_ARG, M_ARG, GC, TASK, REGION };
enum property { IS, SEQ, ABSENT, HOLDS_P, SHUT, OPEN, SAME, GC_SEQ, GC_IS, TASK_NEW, REGION_INNER, ON_M, HELD, NAMED };
enum { BREAKS, WAITS };
#define G_SET(status) (1u << GT_G_##status)
#define P_SET(status) (1u << GT_P_##status)

struct need {
	uint8_t type, subject, property, value, waits;
};

static const struct need needs[] = {
#define N(event, subject, property, value, otherwise) { GT_EV_##event, subject, property, value, otherwise },
#include "needs.def"
#undef N
};

/* What is asked of, and what was found there. */
struct subject_state {
	char letter; /* G or P */
	int64_t id;
	bool known;
	unsigned status;
	uint64_t gen, seq;
	enum gt_res res;
};

static void
say_name(char *buf, size_t cap, char letter, int64_t id)
{
	if (id == GT_NONE)
		snprintf(buf, cap, "none");
	else
		snprintf(buf, cap, "%c%" PRId64, letter, id);
}

static struct subject_state
look(const struct gt_state *s, const struct need *n, const struct gt_event *ev)
{
	bool is_g = n->subject == G_CTX || n->subject == G_ARG, arg = n->subject == G_ARG || n->subject == P_ARG;
	int64_t id = arg ? (int64_t)ev->arg[0] : is_g ? ev->g : ev->p;
	struct subject_state x = { .letter = is_g ? 'G' : 'P', .id = id, .res = is_g ? GT_G : GT_P,
		.status = is_g ? GT_G_GONE : GT_P_GONE };
	const struct gstate *g = is_g ? state_g(s, id) : NULL;
	const struct pstate *p = is_g ? NULL : state_p(s, id);

	if (g || p) {
		x.known = true;
		x.status = g ? g->status : p->status;
		x.gen = g ? g->gen : p->gen;
		x.seq = g ? g->seq : p->seq;
	}
	return x;
}

static const char *
status_name(const struct subject_state *x, unsigned status)
{
	return x->letter == 'G' ? gt_gstatus_name(status) : gt_pstatus_name(status);
}

/*
 * "Running or Syscall"; an abandoned syscall is one, what leaves out Syscall alone is said so, and that nothing is asked
 * of a goroutine that is gone goes without saying.
 */
static void
say_set(char *buf, size_t cap, const struct subject_state *x, unsigned set)
{
	size_t n = 0;

	buf[0] = '\0';
	if (x->letter == 'P' && set == (P_SET(RUNNING) | P_SET(IDLE) | P_SET(ABANDONED) | P_SET(BAD))) {
		snprintf(buf, cap, "not in Syscall");
		return;
	}
	for (unsigned i = 0; i < 8; i++)
		if (set >> i & 1 && !(x->letter == 'P' && i == GT_P_ABANDONED) && i != GT_G_GONE && n < cap)
			n += (size_t)snprintf(buf + n, cap - n, "%s%s", n ? " or " : "", status_name(x, i));
}

static void
check_is(const struct subject_state *x, const struct need *n, struct gt_check *c)
{
	char set[40];

	say_set(set, sizeof(set), x, n->value);
	snprintf(c->what, sizeof(c->what), "%c%" PRId64 " is %s", x->letter, x->id, set);
	snprintf(c->here, sizeof(c->here), "%s", status_name(x, x->status));
	c->ok = n->value >> x->status & 1; /* what is not known is GONE */
}

static void
check_seq(const struct subject_state *x, const struct need *n, const struct gt_event *ev, uint64_t generation,
	struct gt_check *c)
{
	uint64_t seq = ev->arg[n->value];

	snprintf(c->what, sizeof(c->what), "%c%" PRId64 " seq %" PRIu64 " is next", x->letter, x->id, seq);
	if (!x->known)
		snprintf(c->here, sizeof(c->here), "not there");
	else if (x->gen != generation)
		snprintf(c->here, sizeof(c->here), "none in generation %" PRIu64, generation);
	else
		snprintf(c->here, sizeof(c->here), "at %" PRIu64, x->seq);
	c->ok = x->known && x->gen == generation && seq == x->seq + 1;
}

static void
check_range(const struct gt_state *s, const struct subject_state *x, const struct need *n, const struct gt_event *ev,
	uint64_t generation, struct gt_check *c)
{
	const struct gstate *g = x->res == GT_G ? state_g(s, x->id) : NULL;
	const struct pstate *p = x->res == GT_P ? state_p(s, x->id) : NULL;
	uint64_t desc = n->property == SHUT && ev->type == GT_EV_STWBegin ? ev->arg[0] : 0;
	bool open = false, any_desc = n->property == OPEN && n->value == GT_EV_STWBegin;
	bool active = gt_spec(ev->type)->kind == GT_K_RangeActive, want = n->property == OPEN;

	for (uint32_t i = g ? g->ranges : p ? p->ranges : 0; i; i = s->node[i].next)
		open = open || (s->node[i].n == n->value && (any_desc || s->node[i].id == desc));
	/* In the first generation "active" is how one hears of it. */
	if (active && generation == s->first_gen)
		want = false;
	snprintf(c->what, sizeof(c->what), "%s %sopen on %c%" PRId64, gt_spec(n->value)->name, want ? "" : "not ", x->letter,
		x->id);
	snprintf(c->here, sizeof(c->here), "%s", !x->known ? "not there" : open ? "open" : "not open");
	c->ok = x->known && open == want;
}

/* A status stated must be the one known; one not known may be stated of a P always, of a G in the first generation. */
static void
check_same(const struct gt_state *s, const struct subject_state *x, const struct need *n, const struct gt_event *ev,
	uint64_t generation, struct gt_check *c)
{
	unsigned stated = (uint8_t)ev->arg[n->value]; /* cut off, as the reference does */
	bool promoted = x->letter == 'P' && stated == GT_P_ABANDONED && x->status == GT_P_SYSCALL;

	snprintf(c->what, sizeof(c->what), "%c%" PRId64 " is %s%s", x->letter, x->id, status_name(x, stated),
		x->known || x->letter == 'P' || generation == s->first_gen ? "" : ", known before");
	snprintf(c->here, sizeof(c->here), "%s", x->known ? status_name(x, x->status) : "not known yet");
	c->ok = x->known ? x->status == stated || promoted : x->letter == 'P' || generation == s->first_gen;
	c->ok = c->ok && stated <= GT_P_ABANDONED; /* of both the last that exists */
}

static void
check_holder(const struct gt_state *s, const struct gt_event *ev, struct gt_check *c)
{
	int64_t mid = (int64_t)ev->arg[2], pid = (int64_t)ev->arg[0], has = GT_NONE;
	uint32_t at = map_get(&s->ms, (uint64_t)mid);
	const struct pstate *p = state_p(s, pid);

	if (at != MAP_NONE)
		has = s->m[at].p;
	snprintf(c->what, sizeof(c->what), "M%" PRId64 " has P%" PRId64, mid, pid);
	if (p && p->status == GT_P_ABANDONED) {
		snprintf(c->here, sizeof(c->here), "not asked: abandoned");
		c->ok = true;
		return;
	}
	if (at == MAP_NONE)
		snprintf(c->here, sizeof(c->here), "no such M");
	else
		say_name(c->here, sizeof(c->here), 'P', has);
	c->ok = at != MAP_NONE && has == pid;
}

static void
check_gc(const struct gt_state *s, const struct need *n, const struct gt_event *ev, uint64_t generation,
	struct gt_check *c)
{
	static const char *const names[] = { "not known", "not running", "running" };
	/* How one first hears of the GC: nothing to compare with. */
	bool first = (s->gc == GT_GC_UNDETERMINED && ev->type == GT_EV_GCBegin) ||
		(ev->type == GT_EV_GCActive && generation == s->first_gen);

	if (n->property == GC_SEQ) {
		snprintf(c->what, sizeof(c->what), "GC seq %" PRIu64 " is next", ev->arg[0]);
		snprintf(c->here, sizeof(c->here), first ? "the first" : "at %" PRIu64, s->gc_seq);
		c->ok = first || ev->arg[0] == s->gc_seq + 1;
		return;
	}
	snprintf(c->what, sizeof(c->what), "GC is %s", names[first ? GT_GC_UNDETERMINED : n->value]);
	snprintf(c->here, sizeof(c->here), "%s", names[s->gc]);
	c->ok = s->gc == (first ? GT_GC_UNDETERMINED : n->value);
}

static void
check_region(const struct gt_state *s, const struct gt_event *ev, struct gt_check *c)
{
	const struct gstate *g = state_g(s, ev->g);
	const struct node *inner = g && g->regions ? &s->node[g->regions] : NULL;
	struct gt_str name = gt_event_string(ev, 1);

	snprintf(c->what, sizeof(c->what), "it is the innermost region of G%" PRId64, ev->g);
	if (inner)
		gt_quote((struct gt_str){ inner->p, inner->n }, c->here, sizeof(c->here));
	else
		snprintf(c->here, sizeof(c->here), "none open");
	c->ok = !inner || (inner->id == ev->arg[0] && inner->n == name.n && memcmp(inner->p, name.p, name.n) == 0);
}

/* A goroutine stated to be in a syscall: on which M, and whether that can be. False: it is in none. */
static bool
check_on_m(const struct gt_state *s, const struct gt_event *ev, uint64_t generation, struct gt_check *c)
{
	int64_t gid = (int64_t)ev->arg[0], mid = (int64_t)ev->arg[1];
	uint32_t at = map_get(&s->ms, (uint64_t)mid);
	/* Once it has been let through it is shown as of the M that it names, whoever wrote it. */
	bool own = mid == (ev->gen ? gen_writer(ev->gen, ev->batch) : ev->m);

	if ((uint8_t)ev->arg[2] != GT_G_SYSCALL)
		return false;
	if (mid == GT_NONE) {
		snprintf(c->what, sizeof(c->what), "an M is named for G%" PRId64, gid);
		snprintf(c->here, sizeof(c->here), "none");
		return true;
	}
	/* In the first generation that is how one hears of it. */
	c->ok = own ? generation == s->first_gen || ev->g == gid : at == MAP_NONE || s->m[at].g == gid;
	snprintf(c->what, sizeof(c->what), "M%" PRId64 " runs G%" PRId64, mid, gid);
	if (own && generation == s->first_gen)
		snprintf(c->here, sizeof(c->here), "the first generation");
	else if (!own && at == MAP_NONE)
		snprintf(c->here, sizeof(c->here), "not known yet");
	else
		say_name(c->here, sizeof(c->here), 'G', own ? ev->g : s->m[at].g);
	return true;
}

/* A P stated to be in an abandoned syscall that is in one: some M must still have it. False: that is not so. */
static bool
check_held(const struct gt_state *s, const struct subject_state *x, const struct gt_event *ev, struct gt_check *c)
{
	if ((uint8_t)ev->arg[1] != GT_P_ABANDONED || x->status != GT_P_SYSCALL)
		return false;
	snprintf(c->what, sizeof(c->what), "an M has P%" PRId64, x->id);
	snprintf(c->here, sizeof(c->here), "none");
	for (size_t i = 0; i < s->nm && !c->ok; i++)
		if (s->m[i].p == x->id) {
			c->ok = true;
			say_name(c->here, sizeof(c->here), 'M', s->m[i].id);
		}
	return true;
}

static bool
check_named(const struct need *n, const struct gt_event *ev, struct gt_check *c)
{
	struct gt_str name;

	if (!ev->gen)
		return false;
	c->ok = gt_gen_string(ev->gen, ev->arg[n->value], &name) || ev->salvaged;
	snprintf(c->what, sizeof(c->what), "string %" PRIu64 " is in the table", ev->arg[n->value]);
	snprintf(c->here, sizeof(c->here), "%s", c->ok ? "there" : "not there");
	return true;
}

static void
check_task(const struct gt_state *s, const struct gt_event *ev, struct gt_check *c)
{
	c->ok = map_get(&s->ts, ev->arg[0]) == MAP_NONE;
	snprintf(c->what, sizeof(c->what), "task %" PRIu64 " is new", ev->arg[0]);
	snprintf(c->here, sizeof(c->here), "%s", c->ok ? "new" : "has begun");
}

static void
check_absent(const struct subject_state *x, struct gt_check *c)
{
	c->ok = !x->known;
	snprintf(c->what, sizeof(c->what), "%c%" PRId64 " is new", x->letter, x->id);
	snprintf(c->here, sizeof(c->here), "%s", x->known ? status_name(x, x->status) : "not there");
}

/*
 * A GoDestroySyscall that takes a P away is shown as two events: at the second one the P is abandoned and no longer the
 * M's. While the M has it, an abandoned P (another M's end of a call) will not do.
 */
static bool
is_taken(const struct gt_state *s, const struct gt_event *ev)
{
	uint32_t at = map_get(&s->ms, (uint64_t)ev->m);

	return ev->type != GT_EV_GoDestroySyscall || at == MAP_NONE || s->m[at].p != ev->p;
}

/* False: there is nothing to ask. */
static bool
check(const struct gt_state *s, const struct gt_model *model, const struct need *n, const struct gt_event *ev,
	uint64_t generation, struct gt_check *c)
{
	struct subject_state x = look(s, n, ev);

	*c = (struct gt_check){ .about = GT_NO_RES, .waits = n->waits == WAITS };
	if ((n->subject == G_CTX || n->subject == P_CTX) && x.id == GT_NONE)
		return false;
	if (ev->type == GT_EV_GoDestroySyscall && n->subject == P_CTX && !model->destroy_abandons_p)
		return false;
	switch ((enum property)n->property) {
	case IS:
		check_is(&x, n, c);
		c->ok = c->ok && (n->subject != P_CTX || x.status != GT_P_ABANDONED || is_taken(s, ev));
		break;
	case SEQ:
		check_seq(&x, n, ev, generation, c);
		break;
	case ABSENT:
		check_absent(&x, c);
		break;
	case HOLDS_P:
		check_holder(s, ev, c);
		break;
	case SHUT:
	case OPEN:
		check_range(s, &x, n, ev, generation, c);
		break;
	case SAME:
		check_same(s, &x, n, ev, generation, c);
		break;
	case GC_SEQ:
	case GC_IS:
		check_gc(s, n, ev, generation, c);
		break;
	case TASK_NEW:
		check_task(s, ev, c);
		break;
	case REGION_INNER:
		check_region(s, ev, c);
		break;
	case ON_M:
		return check_on_m(s, ev, generation, c);
	case HELD:
		return check_held(s, &x, ev, c);
	case NAMED:
		return check_named(n, ev, c);
	}
	return true;
}

static void
check_presence(const struct gt_model *model, const struct gt_event *ev, enum gt_res res, struct gt_check *c)
{
	static const char letters[] = "MPG";
	const int64_t have[] = { ev->m, ev->p, ev->g };
	uint8_t need = model->need[ev->type][res];

	*c = (struct gt_check){ .about = res, .need = need };
	c->ok = need == GT_MAY || (have[res] != GT_NONE) == (need == GT_MUST);
	/* An M that has a P still waits for it to be taken, whatever the model says. */
	if (ev->type == GT_EV_ProcStart && res == GT_P && have[res] != GT_NONE && ev->part == 0) {
		c->ok = false;
		c->waits = true;
	}
	snprintf(c->what, sizeof(c->what), "%s", gt_res_name(res));
	say_name(c->here, sizeof(c->here), letters[res], have[res]);
}

/* The first event of a collection that is heard of, or a collection in progress at the start, may have any context. */
static bool
any_context(const struct gt_state *s, const struct gt_event *ev, uint64_t generation)
{
	return (ev->type == GT_EV_GCBegin && s->gc == GT_GC_UNDETERMINED) ||
		(ev->type == GT_EV_GCActive && generation == s->first_gen);
}

size_t
gt_checks(const struct gt_state *before, const struct gt_model *model, unsigned version, uint64_t generation,
	const struct gt_event *ev, struct gt_check out[GT_MAXCHECKS])
{
	size_t n = 0;

	if (!gt_spec(ev->type)->timed || version < 22)
		return 0;
	for (int r = GT_M; r <= GT_G; r++) {
		check_presence(model, ev, (enum gt_res)r, &out[n]);
		if (any_context(before, ev, generation)) {
			out[n].need = GT_MAY;
			out[n].ok = true;
		}
		n++;
	}
	/* Further events of a wire event ask nothing: it has been answered. */
	if (ev->part != 0)
		return n;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]) && n < GT_MAXCHECKS; i++)
		if (needs[i].type == ev->type && check(before, model, &needs[i], ev, generation, &out[n]))
			n++;
	return n;
}
