/*
 * master - an OpenSSH master, as a child of ours
 *
 * It makes the connection, and serves its sessions on a socket in a
 * directory of our own (mode 0700).  Nothing here waits for it: the socket
 * is seen to appear, the child is seen to end.
 */
#ifndef IO_MASTER_H
#define IO_MASTER_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/link.h"

struct conn;
struct master;
struct masters;
struct tasks;

struct masters *masters_new(struct tasks *);
/* ends all that are left, waits for them a while, removes the directory */
void masters_free(struct masters *);

/*
 * Start one for this connection, argv without -S; conn_ready() or
 * conn_ended() follows.  NULL with errno: it could not be started.
 */
struct master *master_start(struct masters *, struct conn *,
    const char *const *argv);
/* a socket that is connected to it and does not block, or -1 */
int master_connect(const struct master *);
const char *master_path(const struct master *);
bool master_lives(const struct master *);
/* what it said on standard error, so far */
const char *master_said(struct master *, size_t *len);
/* it is not needed any more: it is ended, and takes its own time for that */
void master_end(struct master *);
/* true if this was the pid of one, which is then taken care of */
bool masters_reaped(struct masters *, pid_t);

/* --- between master.c and masters.c --------------------------------------- */

enum { MASTER_PATH = 90 };	/* ssh adds 17 bytes of its own for a while */

struct masters {
	struct tasks *tasks;
	struct ev_loop *ev;
	struct link all;
	char *dir;		/* NULL: none yet */
	const char **env;
	ev_io news;		/* of the directory */
	ev_timer look;
	uint32_t number;	/* of the last one */
	size_t nstarting;
};

struct master {
	struct masters *all;
	struct link link;
	struct conn *conn;	/* NULL: it is being ended */
	uint32_t number;
	uint32_t place;		/* of the guard's */
	bool starting;
	pid_t pid;
	ev_io exit, err;	/* its pidfd and standard error */
	ev_timer kill;
	struct buf said;
	char path[MASTER_PATH + 1];
};

/* -1 with errno: there is no place for sockets */
int masters_make_dir(struct masters *);
/* whether it has ended; then it is reaped, and what it left is ended */
bool master_reap(struct master *);
void master_free(struct master *);

#endif
