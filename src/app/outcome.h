/*
 * outcome - what a user says of a step: [LANE:]STEP=TRY|TRY…
 *
 * TRY is RESULT[,NAME=VALUE…].  Here the text is read; what it means in a
 * job is found out in app/outcomes.
 */
#ifndef APP_OUTCOME_H
#define APP_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pos.h"
#include "model/status.h"

struct arena;
struct diag;

/* a piece of the line; text ends in a NUL */
struct phrase {
	const char *text;
	size_t len;
	struct pos pos;
};

/* NAME=VALUE */
struct given {
	struct phrase name, value;
};

struct attempt {
	struct phrase result;	/* as written */
	enum status status;
	int code, signo;
	bool hang;
	const char *message;	/* NULL: none was given */
	double seconds;		/* 0: not given */
	struct given *given;
	size_t ngiven;
};

struct outcome {
	struct phrase lane;	/* text NULL: every lane */
	struct phrase step;
	const struct attempt *attempt;
	size_t n;		/* at least 1 */
};

/*
 * The line stands at pos (whose len is of no interest); what is made lives
 * in the arena.  -1: a mistake was reported.
 */
int outcome_read(struct arena *, struct diag *, struct pos pos,
    const char *line, size_t len, struct outcome *);

#endif
