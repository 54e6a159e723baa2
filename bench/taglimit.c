/* SPDX-License-Identifier: ISC */
/*
 * taglimit [-c CHILDREN] COMMAND ARG… - the least that reading the output of
 * children and writing it with a tag before each line can cost
 *
 * An argument "%" is the child's number.  Pipes and reads of 256 KiB, lines
 * found by memchr and copied into one buffer, one write each turn.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 256 * 1024, CHILDREN = 1000, ARGS = 64 };

struct child {
	int fd;
	char tag[16];
	size_t ntag, npart, cap;
	char *part;		/* an unfinished line */
};

static char in[SIZE], out[SIZE];
static size_t nout;

static void
put(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(1, p, n);

		if (w <= 0)
			exit(1);
		p += w;
		n -= (size_t)w;
	}
}

static void
flush(void)
{
	put(out, nout);
	nout = 0;
}

static void
emit(const struct child *c, const char *p, size_t n)
{
	if (nout + c->ntag + n > SIZE)
		flush();
	memcpy(out + nout, c->tag, c->ntag);
	nout += c->ntag;
	if (n > SIZE - nout) {
		flush();
		put(p, n);
		return;
	}
	memcpy(out + nout, p, n);
	nout += n;
}

static void
keep(struct child *c, const char *p, size_t n)
{
	if (c->npart + n > c->cap) {
		c->cap = (c->npart + n) * 2;
		c->part = realloc(c->part, c->cap);
	}
	memcpy(c->part + c->npart, p, n);
	c->npart += n;
}

static void
feed(struct child *c, const char *p, size_t n)
{
	const char *end = p + n, *q;

	while ((q = memchr(p, '\n', (size_t)(end - p)))) {
		size_t len = (size_t)(q - p) + 1;

		if (c->npart > 0) {
			keep(c, p, len);
			emit(c, c->part, c->npart);
			c->npart = 0;
		} else {
			emit(c, p, len);
		}
		p = q + 1;
	}
	if (p < end)
		keep(c, p, (size_t)(end - p));
}

static void
start(struct child *c, int number, char **argv)
{
	char *args[ARGS + 1], text[16];
	int fd[2], n = 0;

	snprintf(text, sizeof(text), "%03d", number);
	for (; argv[n] && n < ARGS; n++)
		args[n] = strcmp(argv[n], "%") == 0 ? text : argv[n];
	args[n] = NULL;
	if (pipe2(fd, O_CLOEXEC) == -1)
		exit(3);
	fcntl(fd[1], F_SETPIPE_SZ, SIZE);
	if (vfork() == 0) {
		dup2(fd[1], 1);
		execvp(args[0], args);
		_exit(127);
	}
	close(fd[1]);
	c->fd = fd[0];
	c->ntag = (size_t)snprintf(c->tag, sizeof(c->tag), "%03d | ", number);
}

int
main(int argc, char **argv)
{
	static struct child child[CHILDREN];
	int n = 1, live, c, ep = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event e[256];

	while ((c = getopt(argc, argv, "+c:")) != -1) {
		if (c != 'c')
			return 2;
		n = atoi(optarg);
	}
	if (n < 1 || n > CHILDREN || !argv[optind])
		return 2;
	for (int i = 0; i < n; i++) {
		struct epoll_event ev = { .events = EPOLLIN };

		start(&child[i], i, argv + optind);
		ev.data.ptr = &child[i];
		epoll_ctl(ep, EPOLL_CTL_ADD, child[i].fd, &ev);
	}
	for (live = n; live > 0; flush()) {
		int got = epoll_wait(ep, e, 256, -1);

		for (int i = 0; i < got; i++) {
			struct child *k = e[i].data.ptr;
			ssize_t r = read(k->fd, in, sizeof(in));

			if (r > 0) {
				feed(k, in, (size_t)r);
				continue;
			}
			close(k->fd);
			live--;
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
