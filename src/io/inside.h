/*
 * inside - how a task looks from within: shared by task, state, stream,
 * launch, copying, waiting, reap and ending
 */
#ifndef IO_INSIDE_H
#define IO_INSIDE_H

#include <ev.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/link.h"
#include "io/guard.h"
#include "io/lines.h"
#include "io/lookup.h"
#include "io/share.h"
#include "io/spawn.h"
#include "io/task.h"

struct clients;
struct copier;
struct copy;
struct feeder;
struct supply;
struct transfer;
struct wait;
struct waiting;
struct waits;
struct conns;
struct session;

struct stream {
	ev_io io;		/* fd -1: there is none, or it has ended */
	struct task *task;
	struct lines lines;
	char *rest;		/* read, but not handed over: it was held */
	size_t rest_at, rest_len;
	struct link ready;	/* has data, in the order in which it came */
	struct link parked;	/* has data while nothing is to be read */
	struct link partial;	/* has an unfinished line */
	double partial_since, peeked;
	unsigned id;		/* STREAM_… */
	/*
	 * Of a session: it is open, though there is no fd; it will end when
	 * what was kept is handed over; and how much the peer may not send
	 * again yet.
	 */
	bool far, ended;
	size_t owed;
	bool grown;		/* the pipe was made larger */
	bool socket, shy;	/* how to read without waiting */
};

enum task_kind {
	TASK_PROCESS,
	TASK_SESSION,		/* a command on another host */
	TASK_READ, TASK_COPY, TASK_WAIT
};

enum task_state {
	TASK_WAITING,		/* a session that is not begun there yet */
	TASK_RUNNING,
	TASK_CLOSED,		/* no output any more, alive */
	TASK_DRAINING,		/* dead, output open */
	TASK_ENDING,		/* was sent TERM, or KILL */
	TASK_OVER,		/* done is to be reported */
	TASK_STATES
};

enum task_fact {
	FACT_OUTPUT,
	FACT_REAPED,
	FACT_CLOSED,		/* both streams have ended */
	FACT_END,		/* time is over, or it is stopped */
	FACT_TIMER,		/* of the state: grace, linger */
	TASK_FACTS
};

enum task_cause { CAUSE_NONE, CAUSE_TIMEOUT, CAUSE_SILENT, CAUSE_CANCEL };

/* what only few tasks have */
struct task_extra {
	struct feeder *feeder;
	struct copier *copier;
	struct waiting *waiting;
	char *mark;		/* of a command that tells its group */
	char *user;		/* … run by sudo */
	char **ender;		/* … that may be no process of ours */
	struct codes *connect_fail;
	size_t nconnect_fail;
	pid_t group;		/* its own, once it is known */
	bool gone;		/* … and nobody is in it any more */
	unsigned helpers;	/* that signal it */
	struct buf first;	/* … what may become the line that tells */
	bool marked;		/* … that line came, or will not */
	int tee;		/* a file that gets standard output, or -1 */
	bool unseen;		/* … and nobody else; or nobody at all */
	struct session *session;
	struct transfer *transfer;	/* of a copy to or from elsewhere */
	/*
	 * Takes standard output in place of all others, or NULL.  What it
	 * cannot use it says by task_fail() and task_end().
	 */
	void (*consume)(struct task *, const char *p, size_t n);
	ev_io in;		/* the pipe that tasks_feed() writes to */
	struct buf before;	/* … and what comes before all that */
	size_t before_at;
	bool shut;		/* … it is closed when that was written */
	char *message;		/* what went wrong */
	enum status verdict;	/* … and what it makes of the step */
};

/* raw bytes of the streams, up to a limit each */
struct captured {
	struct buf buf;
	bool full;
};

struct captures {
	unsigned streams;
	bool mixed;		/* … and both as they come */
	size_t max;
	struct captured out, err, both;
};

struct task {
	struct tasks *all;
	struct task *free;	/* the next one that is free */
	token_t token;
	uint32_t slot;
	enum task_kind kind;
	enum task_state state;
	enum task_cause cause;
	struct link live, copying, blind;	/* blind: has no pidfd */
	struct link exited;	/* its pidfd said so */
	pid_t pid;		/* 0: never was one, or is left alone */
	ev_io exit;		/* the pidfd */
	ev_timer timer;		/* whatever is due first; also "over" */
	struct stream out, err;
	double started, ended, last;	/* last: output came */
	double deadline, silent, grace;	/* deadline, grace_at: times */
	double grace_at, poll_at;
	double patience_at;	/* of a session that is ended */
	unsigned asked;		/* … has ended: answers to come, then none */
	bool copy_begun;
	bool reaped, killed, now, failed, unknown;
	unsigned held;		/* STREAM_… that are not to be read */
	bool changed;
	int code, signo;	/* how it ended by itself */
	struct captures *capture;	/* NULL: nothing is captured */
	char *tail;
	uint16_t tail_len, tail_cap;
	struct task_extra *extra;
};

/* by index of a token: its task, and its wake-up */
struct seat {
	ev_timer wake;
	struct tasks *all;
	token_t waking;
	struct task *task;
};

enum { COPIES = 4, SEATS = 256, SLAB = 64, READ_SIZE = 256 * 1024 };

struct tasks {
	struct loop *loop;
	struct ev_loop *ev;
	const struct runner_up *up;
	struct tasks_config cfg;
	struct spawner spawner;
	struct lookup lookup;
	struct guard guard;
	struct shares shares;
	struct clients *clients;	/* made by the first that may ask */
	const char **env;		/* scratch: with PSEQ_SOCKET */
	size_t env_cap;
	struct buf why;

	struct seat **seats;
	size_t nseats, seats_cap;	/* in chunks of SEATS */
	struct task **slabs;
	size_t nslabs, slabs_cap;
	struct task *free;
	struct link live, blind, closing, exited, ready, parked, partial;
	struct link copying, helpers;
	struct link copies;		/* that were not begun yet */
	size_t ncopying, nprocess, nfd;
	struct waits *waits;		/* NULL: none so far */
	struct conns *conns;		/* NULL: none so far */

	struct spare {
		int from, to;
	} spare[2];			/* pipes, made while we wait */
	unsigned nspare;
	bool wants_spare;
	char *buf;			/* READ_SIZE, for every read */
	bool reading;
	ev_timer partial_timer, adopted_timer, sweep_timer;
	ev_signal child;		/* while some have no pidfd */
	double search_at;		/* no search of /proc before */
};

#define container(p, type, member) \
	((type *)(void *)((char *)(p) - offsetof(type, member)))

/* task.c */
struct task *task_new(struct tasks *, token_t, enum task_kind);
void task_free(struct task *);
struct task_extra *task_extra(struct task *);
/* a result of its own: an error with this message; takes over */
void task_fail(struct task *, char *message);
/* … or another one */
void task_fail_as(struct task *, enum status, char *message);
/* it is a command, here or elsewhere */
bool task_runs(const struct task *);
/* NULL: it has ended */
struct task *task_of(struct tasks *, token_t);

/* verdict.c: what it came to; why holds what texts it needs */
void verdict(struct task *, struct result *, struct buf *why);

/* tasks.c: how many commands may talk to us at once; more wait */
unsigned tasks_client_room(const struct tasks *);

/* copying.c: copies take turns, some at a time */
void task_copy(struct task *, const struct copy *);
/* a piece of one copy; those that wait come next turn */
bool task_copy_on(struct tasks *);
/* it has no more turns; may be said of any task */
void task_copy_leave(struct task *);

/* waiting.c */
void task_wait(struct task *, const struct wait *);
/* why a task that waits has not ended yet; borrowed */
const char *task_wait_reason(const struct task *);
void waiting_free(struct waiting *);

/* state.c */
void task_fact(struct task *, enum task_fact);
bool task_closed(const struct task *);
/* nothing more happens to it; it is reported in this turn */
void task_over(struct task *);
/* set the timer to what is due next */
void task_rearm(struct task *);
/* what its host had to say until it was asked has arrived */
void task_answered(struct task *);
/* its times are over, or it is stopped, for this reason */
void task_end(struct task *, enum task_cause);

/* stream.c */
/* all that have data are read, in the order in which they had it */
void streams_read(struct tasks *);
void stream_init(struct stream *, struct task *, unsigned id);
/* takes over fd, which must not block */
void stream_open(struct stream *, int fd, int events);
/* read what a dead process left in the pipe */
void stream_drain(struct stream *);
void stream_hold(struct stream *, bool on);
/* as if these bytes had been read */
void stream_take(struct stream *, const char *p, size_t n);
/* the same of a session's stream, where they cannot be left unread */
void stream_push(struct stream *, const char *p, size_t n);
/* it has ended there */
void stream_over(struct stream *);
bool stream_is_open(const struct stream *);
/* no more reading; what was unfinished is handed over by stream_end() */
void stream_stop(struct stream *);
void stream_end(struct stream *);
void stream_fini(struct stream *);
void streams_unpark(struct tasks *);
/* heed.c: all but to make lines of them; false: nothing is left for that */
bool stream_heed(struct stream *, const char **p, size_t *n);
void stream_capture(const struct stream *, const char *p, size_t n);
void on_partial_timer(struct ev_loop *, ev_timer *, int);

/* launch.c */
int launch_process(struct task *, const struct launch *);
/* before the loop waits: make what the next start needs */
void launch_prepare(void *tasks);
void launch_fini(struct tasks *);
/* a file that gets what we read: -1 after a text for the user */
int launch_target(struct tasks *, const char *path);
/* read.c */
void launch_read(struct task *, const struct launch *);

/* reap.c */
void reap_watch(struct task *, int pidfd);
void reap_unwatch(struct task *);
/* whether it has ended; then everything was noted */
bool reap_try(struct task *);
/* its output is closed: its end is near, or has come */
void reap_closed(struct task *);
/* those whose pidfd said so */
void reap_exited(struct tasks *);
void reap_init(struct tasks *);
void reap_start(struct tasks *);
void reap_fini(struct tasks *);

/* ending.c */
void ending_signal(struct task *, int signo);
/* after KILL: is there somebody still at work on it? */
bool ending_under_way(const struct task *);
/* a group elsewhere is asked for, and taken to live until that is known */
bool ending_group_lives(struct task *);
void ending_fini(struct tasks *);
/* true if this was the pid of a helper, which is then taken care of */
bool ending_reaped(struct tasks *, pid_t);

/* feed.c: standard input piece by piece */
/* returns the end for the process, or -1 with errno */
int feed_open(struct task *, const struct launch *);
void feed_close(struct task_extra *, struct ev_loop *);
ssize_t feed_write(void *tasks, token_t, const char *bytes, size_t len);
void feed_shut(void *tasks, token_t);

/* session.c: a command on another host */
/* 0, or -1 with errno */
int session_start(struct task *, const struct launch *);
/* it is ended: TERM, then KILL, or KILL at once */
void session_signal(struct task *, int signo);
bool session_group_lives(const struct task *);
/* nothing came of its end since then: is there a connection at all? */
void session_unheard(struct task *, double since);
/* is there more to come? task_answered() follows */
void session_ask(struct task *);
/* its mark came, with what follows the group */
void session_marked(struct task *, const char *more);
/* so many bytes of its output were dealt with */
void session_taken(struct task *, size_t n);
/* the next bytes of its standard input: see supply_get() */
ssize_t session_supply(struct session *, char *p, size_t n);
/* its place is free for others; nothing of it is heard of any more */
void session_leave(struct task *);
void session_free(struct session *);
ssize_t session_feed(struct task *, const char *bytes, size_t len);
void session_shut(struct task *);

/* write what comes before all else; true: it was written */
bool feed_before(struct task_extra *);
/* how many bytes the pipe took; -1: nobody reads any more */
ssize_t feed_put(struct task_extra *, const char *p, size_t n);

/* ferry.c: a copy to or from elsewhere, by a command there */
/* -1: something is wrong already, and was told by task_fail() */
int ferry_begin(struct task *, const struct launch *);
/* its archive as standard input: the end for the process, or -1 */
int ferry_open(struct task *, const struct launch *);
/* … as that of a session */
void ferry_supply(struct task *, struct supply *);
/* it has ended: what it comes to */
void ferry_end(struct task *);

/* who.c */
/* warn of who keeps the output of a process that has ended */
void who_keeps(struct task *);

#endif
