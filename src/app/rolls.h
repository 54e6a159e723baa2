/*
 * rolls - the files of --failed, --ok and --unreached
 */
#ifndef APP_ROLLS_H
#define APP_ROLLS_H

#include <stdbool.h>

#include "app/whole.h"
#include "sink/roll.h"

struct bus;
struct options;

struct rolls {
	struct whole file[ROLL_KINDS];
	struct roll *roll;	/* NULL: none is wanted */
	bool broken;		/* one could not be written */
};

/* before anything is run: an exit status, told why */
int rolls_open(struct rolls *, const struct options *);
void rolls_listen(struct rolls *, const struct options *, struct bus *);
/* the run is over, and its output is written */
void rolls_write(struct rolls *);
void rolls_close(struct rolls *);

#endif
