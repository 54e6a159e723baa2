/*
 * session_part - what the two halves of a session know
 *
 * session.c sees to what is around a run: its lock, its journal, its end and
 * whom it is told to.  session_go.c makes what it consists of, and lets it go.
 */
#ifndef APP_SESSION_PART_H
#define APP_SESSION_PART_H

#include <stdbool.h>

#include "app/assemble.h"
#include "app/heartbeat.h"
#include "app/hint.h"
#include "app/journaling.h"
#include "app/results.h"
#include "app/screen.h"
#include "app/session.h"
#include "app/steer.h"
#include "base/arena.h"
#include "model/event.h"

struct session {
	const struct options *o;
	const struct plan *plan;
	const struct session_mode *mode;
	struct loop *loop;
	struct screen screen;
	struct steer steer;
	struct heartbeat heartbeat;
	struct journaling journal;
	struct results results;
	struct hint hint;
	int held;		/* how many outputs take no more for now */
	struct bus bus;
	struct redact *redact;	/* NULL: the job has no secrets */
	struct engine *engine;
	struct tasks *tasks;
	struct walk *walk;
	char run[RUN_NAME];
	struct assembly parts;
	int signo;		/* that ended the run, or 0 */
	struct arena arena;
	char *const *env;	/* of commands that are run here */
	/* resumed, and not one of its lanes came again */
	bool astray;
};

/* how long `always` may take once the run is being ended from outside */
enum { ALWAYS_LIMIT = 60 };

/* steps are really run */
static inline bool
session_is_real(const struct session *s)
{
	return !s->mode->stage && !s->mode->only_lists;
}

/* monotonic: of the loop, or of whoever acts in its place */
double session_now(const struct session *);
/* what there is to tell, as an event like all others; arg is the session */
void session_warn(void *arg, const char *text);
/*
 * From the first engine there is to the end of the last lane.  -1: it could
 * not begin (why).
 */
int session_go(struct session *, struct buf *why);

#endif
