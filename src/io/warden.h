/*
 * warden - a session of a connection that watches over the others
 *
 * A small script for /bin/sh, in the other host: it knows the process group
 * of every step (the step's shell itself writes it to the warden's file,
 * before anything of the command runs), ends groups on our order, and ends
 * all that are left when the connection is gone, whatever the reason.
 */
#ifndef IO_WARDEN_H
#define IO_WARDEN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "io/mux.h"

struct conn;

enum warden_state { WARDEN_NONE, WARDEN_UP, WARDEN_GOING };

struct warden {
	struct conn *conn;
	enum warden_state state;
	struct mux_channel channel;
	struct buf out;		/* orders */
	size_t at;
	struct buf line;	/* an answer that is not whole */
	char file[64];
};

/* the connection is up: this is its first session */
void warden_open(struct warden *, struct conn *);
/* there is one, as far as is known */
bool warden_lives(const struct warden *);
/* its place is needed; conn_unguarded() follows once it is free */
void warden_yield(struct warden *);
void warden_fini(struct warden *);

/* how the first line of a step's input begins; nothing without a warden */
void warden_words(const struct warden *, struct buf *);
/* a group that could not write itself down; user NULL: as we are */
void warden_add(struct warden *, pid_t group, const char *user);
void warden_ended(struct warden *, pid_t group);
/* TERM, after so many seconds KILL; conn_gone() follows */
void warden_kill(struct warden *, pid_t group, double grace,
    const char *user);

#endif
