/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes ../tests/NAME.test of every scenario here: see "make generate". */
#include "generate.h"

#include <stddef.h>

int
main(int argc, char **argv)
{
	static const struct scenario *const lists[] = { goroutines, syscalls, callbacks, coroutines, tasks, generations,
		ties, NULL };

	return generate(argc, argv, lists, "# SPDX-License-Identifier: GPL-3.0-or-later\n\n");
}
