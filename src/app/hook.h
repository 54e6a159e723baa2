/*
 * hook - `report` of a job: a command that hears how a run ended
 */
#ifndef APP_HOOK_H
#define APP_HOOK_H

#include "base/buf.h"
#include "model/event.h"

struct plan;
struct walk;

/* a sink that makes of a run the text of its summary; text is borrowed */
struct sink hook_sink(struct buf *text);
/*
 * Runs the command: text is its standard input, the status of the run stands
 * in its environment, with the variables that the walk knows.  What goes
 * wrong with it is a warning and nothing else.
 */
void hook_run(const struct plan *, struct walk *, int status,
    struct buf *text);

#endif
