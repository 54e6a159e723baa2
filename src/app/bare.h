/*
 * bare - what cron leaves out of the environment of commands
 */
#ifndef APP_BARE_H
#define APP_BARE_H

struct arena;

/*
 * The environment for commands that are run here: the one given, and in
 * place of a PATH that is missing or cron's own a full one, in which pseq
 * itself is found; in place of a missing locale C.UTF-8.  Its entries are
 * borrowed or live in the arena, as the list does.
 */
char *const *bare_fill(struct arena *, char *const *env);

#endif
