/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xdg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* All of it that is not there yet. */
static bool
make_all(char *path)
{
	for (char *p = path + 1; *p; p++) {
		bool made;

		if (*p != '/')
			continue;
		*p = 0;
		made = mkdir(path, 0700) == 0 || errno == EEXIST;
		*p = '/';
		if (!made)
			return false;
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool
xdg_folder(enum xdg which, bool make, char *path, size_t cap)
{
	static const struct {
		const char *name, *below_home;
	} folders[] = {
		[XDG_CONFIG] = { "XDG_CONFIG_HOME", "/.config" },
		[XDG_STATE] = { "XDG_STATE_HOME", "/.local/state" },
		[XDG_CACHE] = { "XDG_CACHE_HOME", "/.cache" },
	};
	const char *named = getenv(folders[which].name), *home = getenv("HOME");
	/* The specification has relative paths ignored. */
	bool absolute = named && named[0] == '/';
	int n;

	if (!absolute && (!home || home[0] != '/'))
		return false;
	n = snprintf(path, cap, "%s%s/gotrace-tui", absolute ? named : home, absolute ? "" : folders[which].below_home);
	return n > 0 && (size_t)n < cap && (!make || make_all(path));
}
