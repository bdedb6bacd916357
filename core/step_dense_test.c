/* SPDX-License-Identifier: MIT */
/* The tests of step_test.c with a checkpoint every few events, and stops asked for as often. */
#define NAV_INTERVAL 8
#define NAV_ASK 16
#define NAV_GAP 2
#define NAV_BLOCK 16
#include "step.c"

#include "step_test.c"
