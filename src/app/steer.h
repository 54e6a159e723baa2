/*
 * steer - what the one who watches a run wants of it, by keys and signals
 */
#ifndef APP_STEER_H
#define APP_STEER_H

#include <stdbool.h>

struct engine;
struct loop;
struct screen;

struct steer {
	struct screen *screen;
	struct engine *engine;	/* NULL: it is the run of another process */
	bool quit;		/* lanes were left out, as was wanted */
};

/* '\n', 'p', '+', '-', 'q', '?'; others do nothing */
void steer_key(void *steer, int key);
/* USR1: how it is doing; USR2: no new lanes begin, or again they do */
void steer_signals(struct steer *, struct loop *);

#endif
