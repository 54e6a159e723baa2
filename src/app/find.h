/*
 * find - the run that a command is about
 */
#ifndef APP_FIND_H
#define APP_FIND_H

struct run_entry;

/* wanted: what the user typed, or NULL; an exit status, told why */
int find_run(struct run_entry *, const char *wanted);

#endif
