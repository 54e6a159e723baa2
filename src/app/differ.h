/*
 * differ - what is not as it was in the files of a job
 */
#ifndef APP_DIFFER_H
#define APP_DIFFER_H

#include <stdbool.h>

struct buf;
struct plan;
struct record;

/*
 * then: a record that says what the job was.  If the plan is another one, a
 * line for each part of it that differs (appended), some at most.
 */
bool differ(const struct record *then, const struct plan *, struct buf *);

#endif
