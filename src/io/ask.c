/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/full.h"
#include "base/mem.h"
#include "io/ask.h"

enum { LINE = 4096 };		/* what a terminal gives at a time */

struct asking {
	int tty, signals;
	struct termios before;
	sigset_t ours, mask;	/* caught here; the mask as it was */
};

enum outcome { ANSWERED, SIGNALLED, FAILED };

/* control bytes of a prompt drive no terminal */
static void
show(const struct asking *a, const char *prompt)
{
	struct buf b = { 0 };

	for (; *prompt; prompt++)
		buf_addc(&b, (unsigned char)*prompt < ' ' || *prompt == 0x7f ?
		    ' ' : *prompt);
	buf_adds(&b, ": ");
	full_write(a->tty, b.data, b.len);
	buf_fini(&b);
}

static int
quiet(const struct asking *a)
{
	struct termios t = a->before;

	t.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	/* the newline is shown: that the line was taken can be seen */
	t.c_lflag |= ICANON | ECHONL | ISIG;
	return tcsetattr(a->tty, TCSAFLUSH, &t);
}

/* a line, or a signal that waits to be delivered */
static enum outcome
wait_line(const struct asking *a, struct buf *answer)
{
	struct pollfd p[] = {
		{ .fd = a->signals, .events = POLLIN },
		{ .fd = a->tty, .events = POLLIN },
	};

	for (;;) {
		ssize_t n;

		if (poll(p, countof(p), -1) == -1 && errno != EINTR)
			return FAILED;
		if (p[0].revents)
			return SIGNALLED;
		if (!p[1].revents)
			continue;
		n = read(a->tty, buf_room(answer, LINE), LINE);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return FAILED;
		answer->len += (size_t)n;
		/* an end of file ends the line, too */
		if (n == 0 || answer->data[answer->len - 1] == '\n')
			return ANSWERED;
	}
}

static int
begin(struct asking *a)
{
	static const int caught[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP,
	    SIGTSTP };

	a->tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (a->tty == -1)
		return -1;
	sigemptyset(&a->ours);
	sigprocmask(SIG_BLOCK, NULL, &a->mask);
	for (size_t i = 0; i < countof(caught); i++)
		if (!sigismember(&a->mask, caught[i]))
			sigaddset(&a->ours, caught[i]);
	a->signals = signalfd(-1, &a->ours, SFD_CLOEXEC);
	if (a->signals == -1)
		return -1;
	return tcgetattr(a->tty, &a->before);
}

static void
end(const struct asking *a)
{
	int err = errno;

	if (a->tty != -1)
		close(a->tty);
	if (a->signals != -1)
		close(a->signals);
	errno = err;
}

static void
wipe(struct buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
	buf_clear(b);
}

int
ask_line(const char *prompt, struct buf *answer, struct buf *why)
{
	struct asking a = { .tty = -1, .signals = -1 };
	enum outcome o;

	if (begin(&a) == -1) {
		buf_addf(why, "there is no terminal to ask on: %s",
		    strerror(errno));
		end(&a);
		return -1;
	}
	do {
		sigprocmask(SIG_BLOCK, &a.ours, NULL);
		/* whoever sees the prompt can type at once */
		o = FAILED;
		if (quiet(&a) == 0) {
			show(&a, prompt);
			o = wait_line(&a, answer);
		}
		if (o == FAILED)
			buf_addf(why, "cannot ask on the terminal: %s",
			    strerror(errno));
		tcsetattr(a.tty, TCSAFLUSH, &a.before);
		if (o != ANSWERED)
			wipe(answer);
		if (o != FAILED && (answer->len == 0 ||
		    answer->data[answer->len - 1] != '\n'))
			full_write(a.tty, "\n", 1);
		/* what waited comes now; after a stop it is asked again */
		sigprocmask(SIG_SETMASK, &a.mask, NULL);
	} while (o == SIGNALLED);
	end(&a);
	if (o == FAILED)
		return -1;
	if (answer->len > 0 && answer->data[answer->len - 1] == '\n')
		answer->len--;
	return 0;
}
