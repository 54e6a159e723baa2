/* SPDX-License-Identifier: ISC */
/* sessions of a master that has nothing to say to us */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/session.h"

/*
 * The master serves nobody but other ssh: then one of these is started, as
 * a process like any other.  Nobody there ends what it runs, so what is
 * ended has an unknown end.
 */
void
session_spawn(struct session *s)
{
	struct task *t = s->task;
	struct tasks *a = t->all;
	struct conn *c = s->conn;
	const char *const argv[] = {
		"ssh", "-S", master_path(c->master), "-T",
		"-o", "BatchMode=yes", "-o", "ControlMaster=no",
		/* by this connection, or not at all */
		"-o", "ProxyCommand=exec false", "-o", "RemoteCommand=none",
		"-o", "LogLevel=ERROR", "--", c->at->address, c->command, NULL
	};
	const struct launch l = {
		.argv = argv, .env = (const char *const *)environ, .fed = true,
	};

	t->out.far = t->err.far = false;
	t->kind = TASK_PROCESS;
	a->nprocess++;
	s->plain = s->live = true;
	conn_opened(c, s);
	if (launch_process(t, &l) == -1) {
		task_fail_as(t, ST_START, mem_strdup(a->why.len ?
		    buf_str(&a->why) : strerror(errno)));
		task_over(t);
		return;
	}
	if (t->state == TASK_OVER)
		return;
	session_begun(t);
	session_supplied(s);
}

/* ssh says 255 for a failure of its own; so may the command */
void
session_judge_plain(struct session *s, const struct conn *c)
{
	struct task *t = s->task;

	if (t->cause != CAUSE_NONE) {
		t->unknown = true;
	} else if (t->code == 255 && (c->state != CONN_UP ||
	    !master_lives(c->master))) {
		task_fail_as(t, ST_LOST, mem_strdup("the connection was lost"));
		t->unknown = true;
	}
}
