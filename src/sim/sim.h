/*
 * sim - a runner that runs nothing, and a clock that jumps
 *
 * What comes of something that is started is asked for as plain data.
 * Nothing is executed, copied or written; only lists in regular files are
 * read.  When nothing is left to do at once, time jumps to what is due next.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>

#include "model/runner.h"
#include "model/status.h"

struct sim;

/* the clock begins here: 0 means "none" to many */
enum { SIM_EPOCH = 1000 };

/* what comes of one start; borrowed until its end was told */
struct sim_outcome {
	/*
	 * status with its code or signal, message and changed.  Of a process
	 * ST_OK is exit code 0.  ST_TIMEOUT and ST_SILENT come when that
	 * limit is over; ST_START is refused at once.
	 */
	struct result result;
	bool hang;		/* no end until something ends it */
	/*
	 * How long it takes, if no limit of it is shorter.  0: a second, but
	 * less than its limits; what is neither command nor copy is over at
	 * once.
	 */
	double seconds;
	/* its output: told as lines half-way, and captured */
	const char *out, *err;
	size_t nout, nerr;
};

struct sim_config {
	/* NULL: all went well, without output.  The launch is borrowed */
	const struct sim_outcome *(*outcome)(void *arg, const struct launch *);
	void *arg;
};

struct sim *sim_new(const struct sim_config *);
struct runner sim_runner(struct sim *);
/* whom it tells; before the first start */
void sim_attach(struct sim *, const struct runner_up *);
double sim_now(const struct sim *);
/*
 * Let the next thing happen, if it is due before `until` (monotonic; 0: at
 * any time).  false: nothing is, and the clock stands at `until`.
 */
bool sim_step(struct sim *, double until);
/* commands and copies under way now, and the most there were at once */
size_t sim_live(const struct sim *);
size_t sim_most(const struct sim *);
void sim_free(struct sim *);

/* for every host: nothing is sent anywhere */
extern const struct transport sim_transport;

#endif
