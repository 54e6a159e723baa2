/*
 * agree - options that stand for others, and those that exclude one another
 */
#ifndef APP_AGREE_H
#define APP_AGREE_H

struct options;

/* all options are read: an exit status, 0: go on; what is wrong was told */
int options_agree(struct options *);
/* a run is done again: what was given then gives way to what is given now */
void options_yield(struct options *then, const struct options *now);

#endif
