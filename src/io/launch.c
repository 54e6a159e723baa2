/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/client.h"
#include "io/input.h"
#include "io/inside.h"
#include "io/loop.h"
#include "io/tty.h"
#include "model/plan.h"

enum { NOT_FOUND = 127, NOT_EXECUTABLE = 126 };

/* seconds for a request of a command, once it is begun */
enum { PATIENCE = 30 };

/* descriptors of a start: ours, and those for the process */
struct ends {
	int in, out, err;
	int from_out, from_err;		/* -1: none */
};

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* -1 with errno, after a text for the user */
static int
refuse(struct tasks *a, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int
refuse(struct tasks *a, int err, const char *fmt, ...)
{
	va_list ap;

	buf_clear(&a->why);
	va_start(ap, fmt);
	buf_vaddf(&a->why, fmt, ap);
	va_end(ap);
	errno = err;
	return -1;
}

static int
make_pipe(struct spare *s)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) == -1)
		return -1;
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	s->from = fd[0];
	s->to = fd[1];
	return 0;
}

static int
take_pipe(struct tasks *a, int *from, int *to)
{
	struct spare s;

	if (a->nspare > 0)
		s = a->spare[--a->nspare];
	else if (make_pipe(&s) == -1)
		return -1;
	*from = s.from;
	*to = s.to;
	return 0;
}

/*
 * In a chain of steps the time between an end and the next start is all
 * that counts; the time until the end is free.  So is the time after the
 * very first start, if no socket is made for it: if we die before its guard
 * is there, it dies with us, and has hardly begun to have descendants.
 */
void
launch_prepare(void *tasks)
{
	struct tasks *a = tasks;

	if (!a->wants_spare)
		return;
	a->wants_spare = false;
	guard_start(&a->guard, a->cfg.title, a->cfg.title_len);
	while (a->nspare < countof(a->spare) &&
	    make_pipe(&a->spare[a->nspare]) == 0)
		a->nspare++;
}

void
launch_fini(struct tasks *a)
{
	while (a->nspare > 0) {
		close(a->spare[--a->nspare].from);
		close(a->spare[a->nspare].to);
	}
}

/* what is written to it never waits */
static bool
is_prompt(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) ||
	    (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3)));
}

/* with tee it is we who write: then it must be nothing that can block */
static int
open_target(struct tasks *a, const char *path, bool tee)
{
	/* a pipe that nobody reads is an error, not a reason to stand still */
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NONBLOCK | O_NOCTTY, 0666);

	if (fd == -1)
		return refuse(a, errno, "standard output: cannot open '%s': "
		    "%s", path, strerror(errno));
	if (tee && !is_prompt(fd)) {
		close(fd);
		return refuse(a, EINVAL, "standard output: '%s' is no "
		    "regular file, but its lines are looked at as well",
		    path);
	}
	fcntl(fd, F_SETFL, 0);
	return fd;
}

int
launch_target(struct tasks *a, const char *path)
{
	return open_target(a, path, true);
}

static int
open_ends(struct task *t, const struct launch *l, struct ends *e)
{
	struct tasks *a = t->all;

	if (l->tty) {
		if (tty_open(&e->from_out, &e->out) == -1)
			return refuse(a, errno == ENOSPC ? EAGAIN : errno,
			    "no pseudo-terminal: %s", strerror(errno));
	} else if (l->out_path) {
		int fd = open_target(a, l->out_path, l->tee);

		if (fd == -1)
			return -1;
		if (!l->tee)
			e->out = fd;
		else
			task_extra(t)->tee = fd;
		if (l->tee && take_pipe(a, &e->from_out, &e->out) == -1)
			return -1;
	} else if (!l->out_none &&
	    take_pipe(a, &e->from_out, &e->out) == -1) {
		return -1;
	}
	if (!l->tty && take_pipe(a, &e->from_err, &e->err) == -1)
		return -1;
	buf_clear(&a->why);
	if (l->fed) {
		e->in = feed_open(t, l);
		return e->in == -1 ? -1 : 0;
	}
	if (l->stream == PIPE_PACK) {
		e->in = ferry_open(t, l);
		return e->in == -1 ? -1 : 0;
	}
	e->in = input_open(a->loop, l, l->in_bytes && l->in_path ?
	    &task_extra(t)->feeder : &(struct feeder *){ NULL }, &a->why);
	return e->in == -2 ? -1 : 0;
}

static void
close_ends(struct ends *e)
{
	shut(&e->in);
	/* a terminal is one descriptor for both */
	if (e->err == e->out)
		e->err = -1;
	shut(&e->out);
	shut(&e->err);
}

/* it could not be executed: its end is told as that of a shell's command */
static void
stillborn(struct task *t, const char *name, int err)
{
	int code = err == ENOENT || err == ENOTDIR ? NOT_FOUND : NOT_EXECUTABLE;
	struct buf b = { 0 };

	if (err == ENOENT && strchr(name, '/') && access(name, F_OK) == 0)
		buf_addf(&b, "%s: its interpreter was not found\n", name);
	else if (err == ENOENT)
		buf_addf(&b, "%s: not found\n", name);
	else
		buf_addf(&b, "%s: %s\n", name, strerror(err));
	t->reaped = t->failed = true;
	t->code = code;
	task_extra(t)->first = b;
	t->extra->marked = true;
	task_over(t);
}

static pid_t
attempt(struct task *t, struct spawn_request *req, bool cached, int *pidfd,
    enum spawn_stage *stage)
{
	struct tasks *a = t->all;
	const char **argv;
	size_t n = 0;
	pid_t pid = spawn_run(&a->spawner, req, pidfd, stage);

	if (pid != -1 || *stage != SPAWN_EXEC)
		return pid;
	if (errno == ENOENT && cached) {
		/* it has moved */
		lookup_forget(&a->lookup, req->argv[0]);
		req->path = lookup_find(&a->lookup, req->argv[0], req->env,
		    req->dir, &cached);
		return req->path ?
		    spawn_run(&a->spawner, req, pidfd, stage) : -1;
	}
	if (errno != ENOEXEC)
		return -1;
	/* a script without "#!", as execvp(3) runs it */
	while (req->argv[n])
		n++;
	argv = mem_calloc(n + 2, sizeof(*argv));
	argv[0] = "/bin/sh";
	argv[1] = req->path;
	if (n > 1)
		memcpy(argv + 2, req->argv + 1, (n - 1) * sizeof(*argv));
	req->argv = argv;
	req->path = argv[0];
	pid = spawn_run(&a->spawner, req, pidfd, stage);
	n = (size_t)errno;
	free(argv);
	errno = (int)n;
	return pid;
}

static size_t
size_of(const char *const *v)
{
	size_t n = 0;

	for (; *v; v++)
		n += strlen(*v) + 1 + sizeof(*v);
	return n;
}

/* spawn_run() said no: our failure (-1), or an end like any other (0) */
static int
explain(struct task *t, const struct launch *l, enum spawn_stage stage)
{
	struct tasks *a = t->all;
	int err = errno;

	if (err == ENOMEM || err == EAGAIN)
		return refuse(a, EAGAIN, "cannot start a process: %s",
		    strerror(err));
	switch (stage) {
	case SPAWN_FORK:
		return refuse(a, err, "cannot start a process: %s",
		    strerror(err));
	case SPAWN_DIR:
		return refuse(a, err, "dir '%s': %s", l->dir, strerror(err));
	case SPAWN_EXEC:
		break;
	}
	if (err == E2BIG)
		return refuse(a, err, "arguments and environment are too "
		    "large (%zu bytes)", size_of(l->argv) + size_of(l->env));
	stillborn(t, l->argv[0], err);
	return 0;
}

/* the program is nowhere: but is the directory there? */
static int
not_found(struct task *t, const struct launch *l)
{
	struct stat st;
	int err = errno;

	if (l->dir && stat(l->dir, &st) == -1)
		return refuse(t->all, errno, "dir '%s': %s", l->dir,
		    strerror(errno));
	stillborn(t, l->argv[0], err);
	return 0;
}

static void
begin(struct task *t, const struct ends *e, pid_t pid, int pidfd, bool tty)
{
	/*
	 * Nothing else than being read happens to these, so asking for
	 * EV_WRITE costs nothing; but libev takes a hang-up as "writable" and
	 * would tell the kernel each time that it did not want to know.
	 */
	const int events = EV_READ | EV_WRITE;

	t->pid = pid;
	t->state = TASK_RUNNING;
	if (e->from_out != -1)
		stream_open(&t->out, e->from_out, tty ? EV_READ : events);
	if (e->from_err != -1)
		stream_open(&t->err, e->from_err, events);
	reap_watch(t, pidfd);
	if (task_closed(t))
		t->state = TASK_CLOSED;
}

/* the environment of a command that may talk to the run */
static const char *const *
with_socket(struct task *t, const struct launch *l)
{
	struct tasks *a = t->all;
	size_t n = 0;

	if (!a->clients) {
		struct clients_config cfg = {
			.guard = &a->guard, .patience = PATIENCE,
			.most = tasks_client_room(a),
		};

		/* it has to know of the directory before that is made */
		guard_start(&a->guard, a->cfg.title, a->cfg.title_len);
		a->clients = clients_new(a->loop, a->up, &cfg);
	}
	while (l->env[n])
		n++;
	a->env = mem_grow(a->env, &a->env_cap, n + 2, sizeof(*a->env));
	a->env[0] = clients_variable(a->clients, t->token);
	memcpy(a->env + 1, l->env, (n + 1) * sizeof(*a->env));
	return a->env;
}

int
launch_process(struct task *t, const struct launch *l)
{
	struct tasks *a = t->all;
	struct ends e = { SPAWN_NULL, SPAWN_NULL, SPAWN_NULL, -1, -1 };
	struct spawn_request req = {
		.argv = l->argv, .env = l->env, .dir = l->dir, .tty = l->tty,
		.want_pidfd = a->nfd < a->spawner.nofile / 2,
	};
	enum spawn_stage stage = SPAWN_FORK;
	bool cached;
	int pidfd, err;
	pid_t pid = -1;

	if (a->nprocess > tasks_room(a)) {
		errno = EMFILE;
		return -1;
	}
	if (l->asks && a->cfg.clients)
		req.env = with_socket(t, l);
	reap_start(a);
	/*
	 * Many start in one turn: only the first may be without a guard.  It
	 * would have the ends of a pipe that is there, until it gets its turn.
	 */
	if (a->wants_spare || a->cfg.many)
		guard_start(&a->guard, a->cfg.title, a->cfg.title_len);
	a->wants_spare = true;
	if (open_ends(t, l, &e) == -1)
		goto fail;
	req.path = lookup_find(&a->lookup, l->argv[0], l->env, l->dir, &cached);
	if (!req.path) {
		if (not_found(t, l) == -1)
			goto fail;
		goto ended;
	}
	req.in = e.in;
	req.out = e.out;
	req.err = l->tty ? e.out : e.err;
	req.group = guard_place(&a->guard, t->slot);
	pid = attempt(t, &req, cached, &pidfd, &stage);
	if (pid == -1) {
		if (explain(t, l, stage) == -1)
			goto fail;
		goto ended;
	}
	close_ends(&e);
	begin(t, &e, pid, pidfd, l->tty);
	return 0;
ended:
	close_ends(&e);
	shut(&e.from_out);
	shut(&e.from_err);
	return 0;
fail:
	err = errno;
	close_ends(&e);
	shut(&e.from_out);
	shut(&e.from_err);
	errno = err;
	return -1;
}
