/*
 * session - a command on another host, as a task
 */
#ifndef IO_SESSION_H
#define IO_SESSION_H

#include "io/conn.h"
#include "io/inside.h"
#include "io/mux.h"
#include "io/supply.h"

struct session {
	struct task *task;
	struct conn *conn;	/* NULL: it has no place there any more */
	struct link link;	/* of those that wait, or are open */
	uint64_t order;
	bool begun;		/* it has a channel, or asked for one */
	bool live;		/* … and was given it */
	bool plain;		/* a process of ours does it after all */
	bool gone;		/* nothing of its group is left */
	int wanted;		/* a signal, as soon as its group is known */
	pid_t outer;		/* group of the sudo that runs it, or 0 */
	struct mux_channel channel;
	struct supply supply;
};

/* its turn has come */
void session_open(struct session *);
/* there is no connection */
void session_fail(struct session *, enum status, const char *message);
/* its group has been ended; or not, as far as is known */
void session_gone(struct session *, bool confirmed);

/* --- between session.c and plain.c ---------------------------------------- */

/* its own time begins now, not while it waited for its turn */
void session_begun(struct task *);
/* there is something more for its standard input */
void session_supplied(void *session);
void session_spawn(struct session *);
/* what its end says about the connection */
void session_judge_plain(struct session *, const struct conn *);

#endif
