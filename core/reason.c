/* SPDX-License-Identifier: MIT */
/*
 * Reasons as text: the one place where the wordings of reasons.def are filled in.
 */
#include "reason.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *wording, *means;
	enum gt_class class;
} codes[GT_CODES] = {
	[GT_OK] = { "OK", "", "", GT_CLASS_OURS },
#define R(name, class, wording, means) [GT_E_##name] = { #name, wording, means, GT_CLASS_##class },
#include "reasons.def"
#undef R
};

enum gt_class
gt_code_class(enum gt_code code)
{
	return codes[code < GT_CODES ? code : 0].class;
}

const char *
gt_code_name(enum gt_code code)
{
	return codes[code < GT_CODES ? code : 0].name;
}

const char *
gt_code_means(enum gt_code code)
{
	return codes[code < GT_CODES ? code : 0].means;
}

/* Statuses in the reference's words, which know no abandoned P. */
const char *
gt_ref_gstatus(unsigned status)
{
	return status >= GT_G_RUNNABLE && status <= GT_G_WAITING ? gt_gstatus_name(status) : "Bad";
}

const char *
gt_ref_pstatus(unsigned status)
{
	return status >= GT_P_RUNNING && status <= GT_P_SYSCALL ? gt_pstatus_name(status) : "Bad";
}

/* The name of a type by the events its trace version knows. */
static size_t
event_name(char *buf, size_t cap, const struct gt_reason *why)
{
	const struct gt_spec *spec = gt_spec(why->type);

	if (!spec->name || spec->since > why->version)
		return (size_t)snprintf(buf, cap, "Invalid(%u)", why->type);
	return (size_t)snprintf(buf, cap, "%s", spec->name);
}

static size_t
argument(char *buf, size_t cap, uint64_t v, char form)
{
	const char *name = NULL;

	switch (form) {
	case 'i':
		return (size_t)snprintf(buf, cap, "%" PRId64, (int64_t)v);
	case 'x':
		return (size_t)snprintf(buf, cap, "%" PRIx64, v);
	case 'P':
		name = gt_ref_pstatus((unsigned)v);
		break;
	case 'G':
		name = gt_ref_gstatus((unsigned)v);
		break;
	case 'p':
		name = gt_pstatus_name((unsigned)v);
		break;
	case 'g':
		name = gt_gstatus_name((unsigned)v);
		break;
	case 'E':
		name = gt_spec((unsigned)v)->name;
		return (size_t)snprintf(buf, cap, "%s", name ? name : "");
	default:
		return (size_t)snprintf(buf, cap, "%" PRIu64, v);
	}
	return (size_t)snprintf(buf, cap, "%s", name);
}

/* One thing in braces, tok behind the brace; its length as text. */
static size_t
token(char *buf, size_t cap, const struct gt_reason *why, const char *tok)
{
	const struct gt_str *s;

	if (tok[0] == 'e')
		return event_name(buf, cap, why);
	if (tok[0] != 's')
		return argument(buf, cap, why->arg[tok[0] - '0'], tok[1]);
	s = &why->str[tok[1] - '0'];
	if (cap > 0) {
		size_t fits = s->n < cap - 1 ? s->n : cap - 1;

		if (fits > 0)
			memcpy(buf, s->p, fits);
		buf[fits] = '\0';
	}
	return s->n;
}

size_t
gt_reason_text(const struct gt_reason *why, char *buf, size_t cap)
{
	size_t n = 0;

	if (cap > 0)
		buf[0] = '\0';
	for (const char *w = codes[why->code].wording; *w; w++) {
		char *at = n < cap ? buf + n : NULL;
		size_t room = n < cap ? cap - n : 0;

		if (w[0] == '{' && w[1] != '{') {
			n += token(at, room, why, w + 1);
			w += strcspn(w, "}");
			continue;
		}
		if (w[0] == '{')
			w++;
		if (room > 1) {
			at[0] = *w;
			at[1] = '\0';
		}
		n++;
	}
	return n;
}
