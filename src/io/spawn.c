/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/loop.h"
#include "io/spawn.h"

enum { STACK = 64 * 1024 };

/* what parent and child share while the parent stands still */
struct shared {
	const struct spawner *sp;
	const struct spawn_request *req;
	pid_t parent;
	int fd[3];		/* what it gets as 0, 1 and 2 */
	unsigned above;		/* the first that it does not need */
	enum spawn_stage stage;
	int error;
};

/* a table of descriptors has at least so many places: they cost nothing */
enum { NEAR = 64 };

static void
reserve(struct spawner *sp)
{
	sp->tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	sp->above = (unsigned)(sp->tty > sp->null ? sp->tty : sp->null) + 1;
	for (size_t i = 0; i < countof(sp->low); i++) {
		sp->low[i] = fcntl(sp->null, F_DUPFD_CLOEXEC, 3);
		if (sp->low[i] >= (int)sp->above)
			sp->above = (unsigned)sp->low[i] + 1;
	}
}

int
spawn_init(struct spawner *sp, struct loop *loop)
{
	struct rlimit raised;
	struct sigaction sa;

	*sp = (struct spawner){ .loop = loop, .null = -1, .tty = -1 };
	sp->self = getpid();
	sp->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (sp->null == -1)
		return -1;
	if (sp->null < 3) {
		/* somebody closed ours; stay clear of the standard ones */
		int fd = fcntl(sp->null, F_DUPFD_CLOEXEC, 3);

		close(sp->null);
		sp->null = fd;
	}
	reserve(sp);
	sp->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (sp->stack == MAP_FAILED) {
		sp->stack = NULL;
		spawn_fini(sp);
		return -1;
	}
	getrlimit(RLIMIT_NOFILE, &sp->limit);
	raised = sp->limit;
	raised.rlim_cur = raised.rlim_max;
	sp->restore_limit = raised.rlim_cur != sp->limit.rlim_cur &&
	    setrlimit(RLIMIT_NOFILE, &raised) == 0;
	sp->nofile = sp->restore_limit ? raised.rlim_cur : sp->limit.rlim_cur;
	sigemptyset(&sp->ignored);
	sigemptyset(&sp->known);
	for (int s = 1; s < 65; s++) {
		if (sigaction(s, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN)
			sigaddset(&sp->ignored, s);
	}
	return 0;
}

/* the signals that a child finds as we do not want them */
static void
list_signals(struct spawner *sp)
{
	const sigset_t *ours = loop_signals(sp->loop);

	if (sp->nreset && memcmp(ours, &sp->known, sizeof(*ours)) == 0)
		return;
	sp->known = *ours;
	sp->nreset = 0;
	for (int s = 1; s < 65; s++) {
		if (s != SIGPIPE && (sigismember(ours, s) == 1 ||
		    sigismember(&sp->ignored, s) == 1))
			sp->reset[sp->nreset++] = s;
	}
	sp->reset[sp->nreset++] = SIGPIPE;
}

/*
 * In the child: on a stack of its own, in the memory of the parent, which
 * stands still until exec or exit.  Sanitizers know nothing of that.
 */
#define BARE __attribute__((no_sanitize("address", "undefined")))

BARE static void
reset_signals(const struct spawner *sp)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (size_t i = 0; i < sp->nreset; i++)
		sigaction(sp->reset[i], &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

BARE static int
own_table(const struct spawner *sp, unsigned above)
{
	if (syscall(SYS_close_range, above, ~0U, CLOSE_RANGE_UNSHARE) == 0)
		return 0;
	return sp->plain ? 0 : unshare(CLONE_FILES);
}

/*
 * A session for each would be simpler, but where the scheduler makes a group
 * of every session (autogroup) that costs a fifth of a short process.
 */
BARE static pid_t
own_group(const struct spawner *sp, bool session)
{
	if (session)
		return setsid();
	if (setpgid(0, 0) == -1)
		return -1;
	/* for itself and its descendants: /dev/tty is nothing */
	if (sp->tty != -1)
		ioctl(sp->tty, TIOCNOTTY);
	return (pid_t)syscall(SYS_getpid);
}

BARE static int
child(void *arg)
{
	struct shared *sh = arg;
	const struct spawner *sp = sh->sp;
	const struct spawn_request *r = sh->req;
	pid_t pid;

	if (own_table(sp, sh->above) == -1)
		goto fail;
	pid = own_group(sp, r->tty);
	if (pid == -1)
		goto fail;
	/* a Ctrl-Z that was for the group we left: it would hold both of us */
	syscall(SYS_kill, pid, SIGCONT);
	/* before anything can outlive us: see guard */
	if (r->group)
		*r->group = pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != sh->parent)
		goto fail;
	for (int i = 0; i < 3; i++)
		if (dup2(sh->fd[i], i) == -1)
			goto fail;
	if (r->tty)
		ioctl(1, TIOCSCTTY, 0);
	syscall(SYS_close_range, 3U, ~0U, 0U);
	if (sp->restore_limit)
		setrlimit(RLIMIT_NOFILE, &sp->limit);
	reset_signals(sp);
	if (r->dir && chdir(r->dir) == -1) {
		sh->stage = SPAWN_DIR;
		goto fail;
	}
	sh->stage = SPAWN_EXEC;
	execve(r->path, (char *const *)r->argv, (char *const *)r->env);
fail:
	sh->error = errno ? errno : EAGAIN;
	syscall(SYS_exit_group, 127);
	return 127;
}

static pid_t
start(struct spawner *sp, struct shared *sh, bool want_pidfd, int *pidfd)
{
	int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
	pid_t pid;

	if (!sp->plain) {
		pid = clone(child, (char *)sp->stack + STACK, flags |
		    CLONE_FILES | (want_pidfd ? CLONE_PIDFD : 0), sh, pidfd);
		if (pid != -1 || (errno != EINVAL && errno != ENOSYS &&
		    errno != EPERM))
			return pid;
		sp->plain = true;
	}
	*pidfd = -1;
	pid = clone(child, (char *)sp->stack + STACK, flags, sh);
	if (pid != -1 && want_pidfd)
		*pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	return pid;
}

/*
 * What the child needs must stand below the first descriptor that it does
 * not keep: where it is, as long as only few are open, else at the reserved
 * low ones for as long as the child needs it there.
 */
static int
lend(struct spawner *sp, struct shared *sh, const int fd[3])
{
	bool far = false;

	for (size_t i = 0; i < 3; i++) {
		far |= fd[i] >= NEAR;
		sh->fd[i] = fd[i] == SPAWN_NULL ? sp->null : fd[i];
	}
	sh->above = far ? sp->above : NEAR;
	for (size_t i = 0; i < 3 && far; i++) {
		if (fd[i] == SPAWN_NULL)
			continue;
		if (dup3(fd[i], sp->low[i], O_CLOEXEC) == -1)
			return -1;
		sh->fd[i] = sp->low[i];
	}
	return 0;
}

static void
take_back(struct spawner *sp, const struct shared *sh)
{
	for (size_t i = 0; i < 3; i++)
		if (sh->fd[i] == sp->low[i])
			dup3(sp->null, sp->low[i], O_CLOEXEC);
}

pid_t
spawn_run(struct spawner *sp, const struct spawn_request *req, int *pidfd,
    enum spawn_stage *stage)
{
	struct shared sh = {
		.sp = sp, .req = req, .parent = sp->self, .fd = { -1, -1, -1 }
	};
	const int fd[3] = { req->in, req->out, req->err };
	sigset_t all, old;
	pid_t pid = -1;
	int err = 0;

	*pidfd = -1;
	list_signals(sp);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	errno = 0;
	if (lend(sp, &sh, fd) == 0)
		pid = start(sp, &sh, req->want_pidfd, pidfd);
	if (pid == -1)
		err = errno;
	take_back(sp, &sh);
	sigprocmask(SIG_SETMASK, &old, NULL);
	*stage = sh.stage;
	if (pid != -1 && sh.error) {
		err = sh.error;
		while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
			;
		if (*pidfd != -1)
			close(*pidfd);
		*pidfd = -1;
		if (req->group)
			*req->group = 0;
		pid = -1;
	}
	errno = err;
	return pid;
}

void
spawn_fini(struct spawner *sp)
{
	if (sp->tty != -1)
		close(sp->tty);
	if (sp->null != -1) {
		close(sp->null);
		for (size_t i = 0; i < countof(sp->low); i++)
			close(sp->low[i]);
	}
	if (sp->stack)
		munmap(sp->stack, STACK);
	if (sp->restore_limit) {
		struct rlimit now;

		getrlimit(RLIMIT_NOFILE, &now);
		now.rlim_cur = sp->limit.rlim_cur;
		setrlimit(RLIMIT_NOFILE, &now);
	}
	*sp = (struct spawner){ .null = -1, .tty = -1 };
}
