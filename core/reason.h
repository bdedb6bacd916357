/* SPDX-License-Identifier: MIT */
/* What the rest of core needs of reasons beyond gotrace.h. */
#ifndef REASON_H
#define REASON_H

#include "gotrace.h"

enum gt_class { GT_CLASS_OURS, GT_CLASS_WAIT, GT_CLASS_NEVER, GT_CLASS_FORMAT };
enum gt_class gt_code_class(enum gt_code code);

/* Statuses in the reference's words: an abandoned P is "Bad" there. */
const char *gt_ref_gstatus(unsigned status);
const char *gt_ref_pstatus(unsigned status);

#endif
