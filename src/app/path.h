/*
 * path - the way of a lane, for those that share it
 */
#ifndef APP_PATH_H
#define APP_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/event.h"
#include "model/status.h"

struct seq;
struct step;

/* one line of a path: a step with its tries, or a routine that is entered */
struct mark {
	const struct step *step;	/* NULL: by a reaction or as handler */
	const struct seq *called;	/* NULL: it is a plain step */
	const char *how;		/* "call", "rescue", "always" */
	unsigned depth;
	double at;			/* when it began, in the lane's time */
	struct buf results;		/* those before the last one */
	char last[64];			/* "exit 3"; "": not known yet */
	unsigned times;
	const char *reaction;
	char *note;			/* message, or what was said; or NULL */
};

struct path {
	char *group;		/* name of the sequence */
	bool sub;		/* of lanes that a lane started */
	uint32_t first;		/* id of the first lane */
	struct mark *mark;
	size_t n, cap;
	uint64_t more;		/* marks there was no room for */
	enum lane_verdict verdict;
	char *why;		/* "migrate: exit 3: message", or NULL */
	double seconds;		/* of the first lane */
	char **name;		/* of lanes, as long as there is room */
	size_t nname, name_cap;
	uint64_t lanes;
};

/* a copy without newlines at its end, not too long; NULL: nothing is left */
char *path_text(const char *text, size_t len);
/* one more result; equal ones in a row are counted */
void path_result(struct mark *, const char *text);
/* what the lane failed of */
void path_why(struct path *, const struct result *);
void path_fini(struct path *);

#endif
