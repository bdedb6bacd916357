/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See broken.h. */
#include "broken.h"

#include "out.h"

#include <inttypes.h>
#include <stdio.h>

bool
broken_losses(struct loaded *l, const struct gt_model *model, struct gt_salvaged *s)
{
	struct gt_reader *r;

	gt_salvage(l->trace, true);
	r = gt_reader_new(l->trace, model);
	gt_salvage(l->trace, false);
	if (!r)
		return false;
	load_read_all(l, r);
	gt_reader_salvaged(r, s);
	gt_reader_free(r);
	return true;
}

void
broken_say_losses(const struct loaded *l, const struct gt_reader *r)
{
	struct gt_salvaged s;
	char text[200];

	gt_reader_salvaged(r, &s);
	snprintf(text, sizeof(text), "good: %" PRIu64 " events, %" PRIu64 " bytes; salvaged: %" PRIu64 ", %" PRIu64
		"; lost: %" PRIu64 ", %" PRIu64, s.good_events, s.good_bytes, s.events, s.bytes, s.lost_events, s.lost_bytes);
	complain(l->file, text);
	if (s.no_frequency || s.no_strings || s.no_stacks) {
		snprintf(text, sizeof(text), "what is salvaged lacks%s%s%s", s.no_strings ? " its strings" : "",
			s.no_stacks ? s.no_strings ? " and stacks" : " its stacks" : "",
			s.no_frequency ? ", and its times are ticks" : "");
		complain(l->file, text);
	}
}

void
broken_report(struct loaded *l, const struct gt_reader *r, const struct gt_model *model, const struct options *opt, const char *done)
{
	struct gt_salvaged s = { 0 };
	char text[100];

	load_error(l, gt_reader_error(r));
	if (done) {
		snprintf(text, sizeof(text), "what comes before is %s%s", done, opt->salvage ? ", and so is what can be salvaged" : "");
		complain(l->file, text);
	}
	if (opt->salvage) {
		broken_say_losses(l, r);
	} else if (broken_losses(l, model, &s) && s.events > 0) {
		snprintf(text, sizeof(text), "%" PRIu64 " more event%s can be salvaged: --salvage", s.events, s.events == 1 ? "" : "s");
		complain(l->file, text);
	}
}
