/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stddef.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/load.h"
#include "app/opts.h"
#include "app/session.h"
#include "lang/lang.h"

int
cmd_run(struct options *o, int argc, char **argv)
{
	struct plan *plan = load_files(o, argv, argc);
	struct session_mode mode = {
		.unique = true, .clients = true, .state = !o->no_state,
		.file = argv, .nfile = (size_t)argc,
	};
	int status;

	if (!plan)
		return EXITS_USAGE;
	status = session_run(o, plan, &mode);
	lang_free(plan);
	return status;
}
