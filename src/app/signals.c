/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "app/signals.h"
#include "base/mem.h"
#include "io/loop.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP };

/* nohup, or a background job of a plain shell */
static bool
is_ignored(int signo)
{
	struct sigaction now;

	return sigaction(signo, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void
signals_catch_those(struct loop *loop, const int *signo, size_t n,
    void (*fn)(void *arg, int signo), void *arg)
{
	for (size_t i = 0; i < n; i++)
		if (!is_ignored(signo[i]))
			loop_on_signal(loop, signo[i], fn, arg);
}

void
signals_catch(struct loop *loop, void (*fn)(void *arg, int signo), void *arg)
{
	signals_catch_those(loop, caught, countof(caught), fn, arg);
}

void
signals_default(void)
{
	for (size_t i = 0; i < countof(caught); i++)
		if (!is_ignored(caught[i]))
			signal(caught[i], SIG_DFL);
}

void
signals_end_by(int signo)
{
	sigset_t set;

	signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signo);
}
