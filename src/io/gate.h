/*
 * gate - how many connections are being made at once
 *
 * A window for each host that takes the handshakes: a jump host, or all
 * others together.  It closes when a host says that there are too many, and
 * opens again as tries succeed.  Who stands long in it does not count any
 * more: that host is slow, not busy.
 */
#ifndef IO_GATE_H
#define IO_GATE_H

#include <stdbool.h>

#include "base/link.h"

struct gate;
struct gates;

enum gate_outcome { GATE_UP, GATE_FAILED, GATE_BUSY };

/* of who wants to pass */
struct gate_place {
	struct gate *gate;
	struct link link;	/* in the queue, or inside */
	bool inside, slow;	/* slow: and it is not counted any more */
	double since;		/* … when it went in */
	bool counted;		/* it was busy before: that is known */
};

/* begin: called for whose turn it is; every now is monotonic seconds */
struct gates *gates_new(void (*begin)(struct gate_place *));
void gates_free(struct gates *);
struct gate *gates_find(struct gates *, const char *name);
/* queue up; begin() is called by gates_turn() */
void gate_enter(struct gate *, struct gate_place *);
/* it is through, or does not want to any more */
void gate_leave(struct gate_place *, enum gate_outcome, double now);
/*
 * Let in whose turn it is; when to be called again at the latest, or 0: not
 * before something happens.
 */
double gates_turn(struct gates *, double now);

#endif
