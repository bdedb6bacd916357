/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folders of a user, as the XDG specification has them. */
#ifndef XDG_H
#define XDG_H

#include <stdbool.h>
#include <stddef.h>

enum xdg { XDG_CONFIG, XDG_STATE, XDG_CACHE };

/*
 * "$XDG_STATE_HOME/gotrace-tui", or below the home folder, into path; make: it is made if it is not there. False: there is
 * none.
 */
bool xdg_folder(enum xdg which, bool make, char *path, size_t cap);

#endif
