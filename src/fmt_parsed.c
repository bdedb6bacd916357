/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event as `go tool trace -d=parsed` prints it, byte for byte (Event.String in internal/trace/event.go of Go 1.26).
 */
#include "fmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* --- stacks ---------------------------------------------------------------------- */

struct parsed {
	struct stacks *stacks;
};

static void
put_frames(struct out *o, const struct gt_frame *f, int n)
{
	for (; n > 0; n--, f++) {
		OUT(o, "\t");
		out_bytes(o, f->func.p, f->func.n);
		OUT(o, " @ 0x");
		out_hex(o, f->pc);
		OUT(o, "\n\t\t");
		out_bytes(o, f->file.p, f->file.n);
		OUT(o, ":");
		out_u64(o, f->line);
		OUT(o, "\n");
	}
}

static void *
parsed_begin(struct out *o, const struct gt_trace *t)
{
	struct parsed *p = calloc(1, sizeof(*p));

	(void)o;
	(void)t;
	if (p && !(p->stacks = stacks_new(put_frames))) {
		free(p);
		return NULL;
	}
	return p;
}

static void
parsed_end(void *f, struct out *o, bool whole)
{
	struct parsed *p = f;

	(void)o;
	(void)whole;
	stacks_free(p->stacks);
	free(p);
}

/* --- the wall clock ----------------------------------------------------------------- */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void
civil(int64_t day, int64_t *year, int *month, int *mday)
{
	int64_t z = day + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*mday = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

/* Seconds east of UTC at a time, by the local rules (0 where these do not reach that far). */
static long
zone(int64_t sec)
{
	time_t t = (time_t)sec;
	struct tm tm;

	return localtime_r(&t, &tm) ? tm.tm_gmtoff : 0;
}

void
put_wall(struct out *o, int64_t sec, int64_t nsec)
{
	int64_t carry = floor_div(nsec, 1000000000), year, local, day, in_day;
	int month, mday;
	long off;
	char frac[16];
	int digits;

	nsec -= carry * 1000000000;
	sec = (int64_t)((uint64_t)sec + (uint64_t)carry);
	off = zone(sec);
	local = (int64_t)((uint64_t)sec + (uint64_t)off);
	day = floor_div(local, 86400);
	in_day = local - day * 86400;
	civil(day, &year, &month, &mday);
	if (year < 0)
		OUT(o, "-");
	out_format(o, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)(year < 0 ? -year : year), month, mday,
		(int)(in_day / 3600), (int)(in_day / 60 % 60), (int)(in_day % 60));
	digits = snprintf(frac, sizeof(frac), ".%09lld", (long long)nsec);
	while (digits > 0 && (frac[digits - 1] == '0' || frac[digits - 1] == '.'))
		digits--;
	out_bytes(o, frac, nsec ? (size_t)digits : 0);
	if (off == 0)
		OUT(o, "Z");
	else
		out_format(o, "%c%02ld:%02ld", off < 0 ? '-' : '+', labs(off) / 3600, labs(off) / 60 % 60);
}

/* --- what each kind says --------------------------------------------------------------- */

static void
put_value(struct out *o, uint64_t v)
{
	OUT(o, "Value{Uint64(");
	out_u64(o, v);
	OUT(o, ")}");
}

static void
put_scope(struct out *o, enum gt_res scope, int64_t id)
{
	if (scope == GT_NO_RES) {
		OUT(o, "None");
		return;
	}
	out_text(o, scope == GT_G ? "Goroutine(" : "Proc(");
	out_i64(o, id);
	OUT(o, ")");
}

static void
put_range(struct out *o, const struct gt_event *ev)
{
	struct gt_range r;

	gt_event_range(ev, &r);
	OUT(o, " Name=");
	if (gt_spec(ev->type)->starts == GT_EV_STWBegin || ev->type == GT_EV_STWBegin) {
		char name[2048]; /* a string of the table has 1024 bytes at most */
		int n = snprintf(name, sizeof(name), "%s (", r.name);

		if (r.reason.n > 0)
			memcpy(name + n, r.reason.p, r.reason.n);
		name[n + (int)r.reason.n] = ')';
		out_quote(o, (struct gt_str){ name, (size_t)n + r.reason.n + 1 });
	} else {
		out_quote(o, str(r.name));
	}
	OUT(o, " Scope=");
	put_scope(o, r.scope, r.id);
	if (gt_spec(ev->type)->kind != GT_K_RangeEnd)
		return;
	OUT(o, " Attributes=[");
	if (ev->type == GT_EV_GCSweepEnd) {
		OUT(o, "\"bytes swept\"=");
		put_value(o, ev->arg[0]);
		OUT(o, " \"bytes reclaimed\"=");
		put_value(o, ev->arg[1]);
	}
	OUT(o, "]");
}

static void
put_task(struct out *o, const struct gt_event *ev)
{
	bool begins = ev->type == GT_EV_UserTaskBegin;

	OUT(o, " ID=");
	out_u64(o, ev->arg[0]);
	OUT(o, " Parent=");
	out_u64(o, begins ? ev->arg[1] ? ev->arg[1] : GT_NO_TASK : ev->aux);
	OUT(o, " Type=");
	out_quote(o, begins ? gt_event_string(ev, 2) : ev->str);
}

static void
put_log(struct out *o, const struct gt_event *ev)
{
	OUT(o, " Task=");
	out_u64(o, ev->arg[0]);
	OUT(o, " Category=");
	out_quote(o, gt_event_string(ev, 1));
	OUT(o, " Message=");
	out_quote(o, gt_event_string(ev, 2));
}

/* What moved, and on whose stack: that of the new goroutine, or that of the one which moved by itself. */
static void
put_transition(struct parsed *p, struct out *o, const struct gt_event *ev)
{
	int64_t id;
	enum gt_res res = gt_event_subject(ev, &id);
	bool leaves = ev->type == GT_EV_GoStop || ev->type == GT_EV_GoBlock;
	bool creates = ev->type == GT_EV_GoCreate || ev->type == GT_EV_GoCreateBlocked;
	uint64_t stack = creates ? gt_event_new_stack(ev) : gt_event_stack(ev);

	out_text(o, res == GT_G ? " GoID=" : " ProcID=");
	out_i64(o, id);
	OUT(o, " ");
	out_text(o, gt_pres_name(ev->from));
	OUT(o, "->");
	out_text(o, gt_pres_name(ev->to));
	OUT(o, " Reason=");
	out_quote(o, leaves ? gt_event_string(ev, 0) : (struct gt_str){ "", 0 });
	if (!creates && (stack == 0 || ev->type == GT_EV_GoUnblock))
		return;
	OUT(o, "\nTransitionStack=\n");
	stacks_put(p->stacks, o, ev, stack);
}

static void
put_experimental(struct out *o, const struct gt_event *ev)
{
	const struct gt_spec *spec = gt_spec(ev->type);

	OUT(o, " Name=");
	out_text(o, spec->name);
	OUT(o, " Args=[");
	for (unsigned i = 0; i < spec->nargs; i++) {
		if (i > 0)
			OUT(o, ", ");
		out_text(o, spec->arg[i].name);
		OUT(o, "=");
		put_value(o, ev->arg[i]);
	}
	OUT(o, "]");
}

static void
put_sync(struct out *o, const struct gt_event *ev)
{
	struct gt_clock c;

	OUT(o, " N=");
	out_u64(o, ev->arg[0]);
	if (!ev->gen || !gt_gen_clock(ev->gen, &c))
		return;
	OUT(o, " Trace=");
	out_i64(o, c.trace);
	OUT(o, " Mono=");
	out_u64(o, c.mono);
	OUT(o, " Wall=");
	put_wall(o, c.sec, c.nsec);
}

static void
put_kind(struct parsed *p, struct out *o, const struct gt_event *ev, enum gt_kind kind)
{
	switch (kind) {
	case GT_K_Metric:
		OUT(o, " Name=");
		out_quote(o, str(gt_event_metric(ev)));
		OUT(o, " Value=");
		put_value(o, ev->arg[0]);
		break;
	case GT_K_Label:
		OUT(o, " Label=");
		out_quote(o, gt_event_string(ev, 0));
		OUT(o, " Resource=");
		put_scope(o, GT_G, ev->g);
		break;
	case GT_K_RangeBegin:
	case GT_K_RangeActive:
	case GT_K_RangeEnd:
		put_range(o, ev);
		break;
	case GT_K_TaskBegin:
	case GT_K_TaskEnd:
		put_task(o, ev);
		break;
	case GT_K_RegionBegin:
	case GT_K_RegionEnd:
		OUT(o, " Task=");
		out_u64(o, ev->arg[0]);
		OUT(o, " Type=");
		out_quote(o, gt_event_string(ev, 1));
		break;
	case GT_K_Log:
		put_log(o, ev);
		break;
	case GT_K_StateTransition:
		put_transition(p, o, ev);
		break;
	case GT_K_Experimental:
		put_experimental(o, ev);
		break;
	case GT_K_Sync:
		put_sync(o, ev);
		break;
	default:
		break;
	}
}

/*
 * The reader lets these pass, as the reference does, which then fails to print them. What is salvaged, and may lack its
 * tables, is shown as it is.
 */
static bool
printable(const struct gt_event *ev)
{
	struct gt_reason why;

	if (ev->salvaged)
		return true;
	if (ev->type == GT_EV_ProcStatus)
		return ev->arg[1] <= GT_P_ABANDONED;
	return gt_event_known(ev, &why);
}

static bool
parsed_event(void *f, struct out *o, const struct gt_event *ev)
{
	struct parsed *p = f;
	enum gt_kind kind = gt_event_kind(ev);
	uint64_t stack = gt_event_stack(ev);

	if (!printable(ev))
		return false;
	if (ev->salvaged)
		OUT(o, "~");
	OUT(o, "M=");
	out_i64(o, ev->m);
	OUT(o, " P=");
	out_i64(o, ev->p);
	OUT(o, " G=");
	out_i64(o, ev->g);
	OUT(o, " ");
	out_text(o, gt_kind_name(kind));
	OUT(o, " Time=");
	out_i64(o, ev->time);
	put_kind(p, o, ev, kind);
	if (stack != 0 || kind == GT_K_StackSample) {
		OUT(o, "\nStack=\n");
		stacks_put(p->stacks, o, ev, stack);
	}
	OUT(o, "\n");
	return true;
}

const struct format format_parsed = {
	.name = "parsed",
	.what = "the events in order, as go tool trace -d=parsed prints them",
	.begin = parsed_begin,
	.event = parsed_event,
	.end = parsed_end,
};
