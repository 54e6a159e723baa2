/*
 * view - a run that others have made, on this screen
 *
 * Its journal and logs become events for the same sinks that a run has.
 */
#ifndef APP_VIEW_H
#define APP_VIEW_H

#include <stdbool.h>

struct options;
struct run_entry;

/*
 * Shows all of it; with `follow` also what comes, until it ends.  Returns
 * the exit status: following it is that of the run.
 */
int view_run(const struct options *, const struct run_entry *, bool follow);
/* "2026-11-21 09:12:34", local time */
enum { VIEW_TIME = 32 };
char *view_time(char *buf, double wall);

#endif
