/*
 * io - real processes through a real loop, with somebody above who records
 */
#ifndef IO_TEST_H
#define IO_TEST_H

#include "base/buf.h"
#include "io/loop.h"
#include "io/task.h"
#include "model/plan.h"
#include "model/transport.h"

enum { RUN_MAX = 4096 };

struct run_io {
	struct loop *loop;
	struct tasks *tasks;
	struct runner runner;
	struct runner_up up;
	struct buf out, err;		/* lines, '|' after each, '+' a piece */
	struct buf warned;
	bool quiet;			/* keep no lines */
	bool inside;			/* a call down is under way */
	unsigned lines, done, woken;
	size_t bytes;
	struct result result;		/* the last; its texts are kept below */
	char message[512], tail[4096];
	struct buf captured;
	unsigned by_status[ST_N];
	/* called for each line, if set */
	void (*on_line)(struct run_io *, token_t);
	unsigned want;			/* ends to wait for */
};

void io_open(struct run_io *);
void io_close(struct run_io *);
/* start and note what start() said */
int io_start(struct run_io *, token_t, const struct launch *);
void io_stop(struct run_io *, token_t, enum stop_why);
/* until so many are done */
void io_wait(struct run_io *, unsigned done);
/* one process, to its end */
void io_run(struct run_io *, const struct launch *);
/* "DIR/NAME", of the C children; borrowed until the next call */
const char *io_child(const char *name);
/* does a process with this word among its arguments live? */
bool io_runs(const char *word);
/* wait until fn says so, or fail after some seconds */
bool io_until(bool (*fn)(void *arg), void *arg);

#endif
