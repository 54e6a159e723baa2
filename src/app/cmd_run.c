/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <time.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/load.h"
#include "app/opts.h"
#include "app/session.h"
#include "lang/lang.h"

/* so that many machines do not begin at one moment; signals end it */
static void
wait_a_while(double most)
{
	struct timespec t;
	uint32_t random = 0;
	double s;

	clock_gettime(CLOCK_MONOTONIC, &t);
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) !=
	    sizeof(random))
		random = (uint32_t)t.tv_nsec * 2654435761u;
	s = most * ((double)random / UINT32_MAX) + (double)t.tv_nsec / 1e9;
	t.tv_sec += (time_t)s;
	t.tv_nsec = (long)((s - (double)(time_t)s) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	    EINTR)
		;
}

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
	if (o->jitter > 0)
		wait_a_while(o->jitter);
	status = session_run(o, plan, &mode);
	lang_free(plan);
	return status;
}
