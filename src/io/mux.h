/*
 * mux - sessions over one socket of an OpenSSH master
 *
 * The master is spoken to in its proxy mode: after a short greeting the
 * socket carries packets of the SSH connection protocol (RFC 4254), so that
 * a session needs neither a process nor a descriptor of its own.  Nothing
 * here waits: one read a turn, one write a turn, and what a peer may send
 * is bounded by its window.  Whatever is no such packet ends the connection
 * with an error.
 */
#ifndef IO_MUX_H
#define IO_MUX_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/link.h"

struct loop;
struct mux_channel;

/* what all of them share */
struct mux_hub {
	struct loop *loop;
	struct ev_loop *ev;
	char *buf;		/* for every read */
	size_t size;		/* … MUX_READ_MIN at least */
	struct link dirty;	/* those with something to write */
};

enum { MUX_READ_MIN = 192 * 1024 };

/* none is called from inside a call below, but for room */
struct mux_fns {
	void (*up)(void *arg);		/* sessions may be opened */
	/* this master does not do it; the socket is closed */
	void (*refused)(void *arg);
	/* … it is closed, if that was not done, when this returns */
	void (*gone)(void *arg, const char *why);
};

struct mux_channel_fns {
	void (*opened)(struct mux_channel *);
	/* these three: it is free again; its memory may go */
	void (*refused)(struct mux_channel *, const char *why, size_t len);
	void (*closed)(struct mux_channel *);
	void (*lost)(struct mux_channel *);
	/* err: standard error.  To be told of by mux_taken() */
	void (*data)(struct mux_channel *, bool err, const char *p, size_t n);
	/*
	 * Something may be written, as mux_want() asked for; false: there is
	 * nothing more for now.
	 */
	bool (*room)(struct mux_channel *);
	void (*eof)(struct mux_channel *);
	void (*exited)(struct mux_channel *, int code);
	void (*killed)(struct mux_channel *, const char *name, size_t len);
	/* nobody reads standard input any more; mux_want() does nothing */
	void (*unread)(struct mux_channel *);
	void (*pong)(struct mux_channel *);	/* to mux_ping(); may be NULL */
};

struct mux_channel {
	const struct mux_channel_fns *on;
	struct mux *mux;		/* NULL: it is none now */
	struct link wants;
	uint32_t id, peer;
	uint32_t window, packet;	/* what the peer takes, now and at once */
	uint32_t ahead;			/* … that it has not granted yet */
	uint32_t granted, taken, size;	/* what it may send */
	bool open, eof_sent, close_sent, wanting;
};

struct mux_slot {
	struct mux_channel *channel;	/* NULL: nobody's any more, or free */
	uint32_t peer;
	bool used, open, close_sent;
};

enum mux_stage { MUX_STAGE_HELLO, MUX_STAGE_PROXY, MUX_STAGE_UP };

struct mux {
	struct mux_hub *hub;
	const struct mux_fns *on;
	void *arg;
	ev_io io;			/* fd -1: closed */
	struct link dirty, wants;
	struct buf in, out;		/* in: an unfinished packet */
	size_t out_at;
	enum mux_stage stage;
	double heard_at;		/* when anything came last */
	struct mux_slot *slot;		/* by our number of the channel */
	size_t nslot, cap;
};

/* takes over a connected socket that does not block */
void mux_open(struct mux *, struct mux_hub *, int fd, const struct mux_fns *,
    void *arg);
/* closes the socket; every channel hears that it is lost */
void mux_shut(struct mux *);
/* before the loop waits: write for all that have something */
void mux_flush(struct mux_hub *);

/* only while it is up; opened() or refused() follows */
void mux_channel_open(struct mux *, struct mux_channel *,
    const struct mux_channel_fns *);
void mux_exec(struct mux_channel *, const char *command);
/* ask the peer's system to signal what runs: "TERM" */
void mux_signal(struct mux_channel *, const char *name);
/* pong() follows, behind all that the peer has said until then */
void mux_ping(struct mux_channel *);
/* call room() as soon as something can be written */
void mux_want(struct mux_channel *);
/*
 * Within room(): a place for up to *n bytes of standard input, then how many
 * there are.  *n is 0 if the window is closed.
 */
char *mux_begin(struct mux_channel *, size_t *n);
void mux_end(struct mux_channel *, size_t n);
/* enough waits to be written: more comes when room() is called */
bool mux_is_full(const struct mux *);
/* standard input is over */
void mux_eof(struct mux_channel *);
/* so many bytes of data() were dealt with: as many more may come */
void mux_taken(struct mux_channel *, size_t n);
/* no longer of interest; nothing is called any more.  Its memory may go */
void mux_leave(struct mux_channel *);

/* --- between mux.c and channel.c ----------------------------------------- */

/* there is something to write */
void mux_dirty(struct mux *);
/* it is none any more */
void mux_channel_off(struct mux_channel *);
/* one packet of the connection; false: it is none */
bool mux_packet(struct mux *, const unsigned char *p, size_t n);

#endif
