/*
 * agree - options that stand for others, and those that exclude one another
 */
#ifndef APP_AGREE_H
#define APP_AGREE_H

struct options;

/* all options are read: an exit status, 0: go on; what is wrong was told */
int options_agree(struct options *);

#endif
