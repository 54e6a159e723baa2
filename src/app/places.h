/*
 * places - groups of hosts out of a file: --groups FILE
 */
#ifndef APP_PLACES_H
#define APP_PLACES_H

struct options;
struct plan;

/*
 * A plan without sequences that knows the groups of --groups, which is a job
 * file or an Ansible inventory in INI form; no file: none.  NULL after what
 * is wrong was reported on standard error.  Freed with lang_free().
 */
struct plan *places_plan(const struct options *, const char *name);

#endif
