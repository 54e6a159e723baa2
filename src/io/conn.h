/*
 * conn - connections to other hosts, and the sessions that wait for them
 *
 * One for each endpoint, made when something is to be run there, kept as
 * long as a lane may need it again.  A connection is an OpenSSH master
 * (master) that is spoken to through its socket (mux); how many are being
 * made at once is up to the gate; a session of the connection itself watches
 * over what the others run there (warden).
 */
#ifndef IO_CONN_H
#define IO_CONN_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/link.h"
#include "io/gate.h"
#include "io/master.h"
#include "io/mux.h"
#include "io/uses.h"
#include "io/warden.h"
#include "model/transport.h"

struct conns;
struct session;
struct tasks;

enum conn_state {
	CONN_DOWN,		/* nobody needs it, or it failed */
	CONN_QUEUED,		/* it waits for its turn at the gate */
	CONN_PAUSED,		/* … for another try */
	CONN_STARTING,		/* the master has no socket yet */
	CONN_GREETING,		/* it was not greeted yet */
	CONN_UP
};

enum {
	CONN_SESSIONS = 8	/* at once; sshd's MaxSessions is 10 */
};

struct conn {
	struct conns *all;
	const struct endpoint *at;
	const struct transport *transport;
	const char **argv;	/* of the master */
	char *command;		/* what every session executes there */
	enum conn_state state;
	struct gate *gate;
	struct gate_place place;
	struct master *master;	/* NULL: none */
	struct mux mux;
	struct warden warden;
	struct link waiting, open;	/* sessions */
	unsigned nopen, nlive, cap;	/* nlive: not only asked for */
	uint64_t order;
	struct buf why;
	unsigned tries, busy;	/* so far, to get it up */
	bool proved;		/* a session was opened */
	bool plain;		/* sessions are processes: see session.c */
	unsigned users;		/* lanes that are not over */
	bool used;		/* … or were some */
	ev_timer timer;		/* of a try, or a pause */
	ev_timer again;		/* sessions may be asked for once more */
	double closed_at;	/* when a session was closed, at last */
};

struct conns *conns_new(struct tasks *);
/* ends all masters; nobody hears of it */
void conns_free(struct conns *);
/* true if this was the pid of a master, which is then taken care of */
bool conns_reaped(struct conns *, pid_t);
/* before the loop waits */
void conns_flush(struct conns *);
/* the one that this launch needs */
struct conn *conn_find(struct conns *, const struct launch *);
/* this lane is over */
void conns_forget(struct conns *, uint32_t lane);

/* it waits for its turn; session_open() or session_fail() follows */
void conn_enter(struct conn *, struct session *);
/* it has none, or needs none any more */
void conn_leave(struct conn *, struct session *);
/* it has a channel now */
void conn_opened(struct conn *, struct session *);
/* the connection was lost before: it waits for the next one */
void conn_again(struct conn *, struct session *);
/* it was asked for something then: without a word since it is lost */
void conn_unheard(struct conn *, double since);
/* why it was lost, in words */
const char *conn_why(struct conn *);
/* the peer wants no more sessions than there are: it waits once more */
void conn_refused(struct conn *, struct session *, const char *why,
    size_t len);

/* --- for conns.c --------------------------------------------------------- */

struct conns {
	struct tasks *tasks;
	struct mux_hub hub;
	struct masters *masters;
	struct gates *gates;
	struct conn **conn;	/* by number of the endpoint; NULL: none */
	size_t n, cap;
	struct uses uses;
	ev_timer turn;		/* the gates are to be looked at */
	uint64_t order;
	bool turn_due;		/* … now */
};

struct conn *conn_new(struct conns *, const struct launch *);
void conn_free(struct conn *);
/* nobody needs it now; is it to be kept? */
void conn_rest(struct conn *);

/* --- for gate and master ------------------------------------------------- */

/* its turn has come */
void conn_begin(struct conn *);
/* the socket is there */
void conn_ready(struct conn *);
/* the master has ended by itself */
void conn_ended(struct conn *);
/* the warden has ended, or none could be had */
void conn_unguarded(struct conn *);
/* that group has been ended there, or not as far as is known */
void conn_gone(struct conn *, pid_t group, bool confirmed);

#endif
