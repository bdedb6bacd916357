/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regular expressions, for expressions and for tests: the only file with PCRE2. Patterns come from users and from files,
 * texts from strangers: what takes too long is given up.
 */
#ifndef MATCH_H
#define MATCH_H

#include "gotrace.h"

extern const struct gt_matcher matcher;

#endif
