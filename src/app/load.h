/*
 * load - job files of the command line, as a plan
 */
#ifndef APP_LOAD_H
#define APP_LOAD_H

struct options;
struct plan;

/* NULL after the mistakes were reported on standard error */
struct plan *load_files(const struct options *, char *const *file, int n);
/* the same of a file that may hold hosts only */
struct plan *load_places(const struct options *, const char *file);

#endif
