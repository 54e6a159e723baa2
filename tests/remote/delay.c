/*
 * delay - links with a delay, that can be cut
 *
 *	delay FIFO WATCHED <TABLE
 *
 * Every line of the table is a link: NAME ADDRESS PORT TARGET-PORT, with
 * blanks between; what connects to ADDRESS:PORT is passed on to
 * ADDRESS:TARGET-PORT and back.  Commands come through the fifo, NAME being
 * a link or `all`:
 *
 *	delay NAME MS	bytes take so long, each way
 *	cut NAME	its connections are reset, now
 *	stall NAME	nothing passes any more, nothing is said; new connections
 *			are accepted and lead nowhere
 *	heal NAME	new connections work again; stalled ones go on
 *
 * "ready" on standard output says that all ports are open.  It ends by TERM,
 * or when the process WATCHED is no more (0: nobody is watched).
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum kind { FIFO, WATCHED, TIMER, LINK, END };
enum { HOLD = 1 << 22 };	/* bytes under way, before reading stops */

struct source {
	enum kind kind;
	int fd;
};

struct link {
	struct source source;	/* first: what epoll hands back */
	char name[32];
	struct sockaddr_in target;
	int64_t delay;		/* nanoseconds */
	int stalled;
};

/* bytes under way; len 0: the end of them */
struct parcel {
	struct parcel *next;
	int64_t due;
	size_t at, len;
	char data[];
};

/* one end of a connection, and what is to be written there */
struct end {
	struct source source;
	struct end *other;
	struct link *link;
	struct parcel *first, **last;
	size_t held;
	int watched;		/* epoll knows it */
	int writing;		/* waits for room */
	int over;		/* nothing more will be read here */
	int shut;		/* nothing more will be written here */
	struct end *next;
};

static struct link **link_at;
static size_t nlink;
static struct end *ends;
static int loop, timer;
static char buffer[65536];

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void
watch(struct source *s, uint32_t events, int how)
{
	struct epoll_event ev = { .events = events, .data.ptr = s };

	if (epoll_ctl(loop, how, s->fd, &ev) == -1 && how != EPOLL_CTL_DEL)
		err(1, "epoll_ctl");
}

static void
interest(struct end *e)
{
	uint32_t events = 0;

	if (!e->over && !e->link->stalled && e->other->held < HOLD)
		events |= EPOLLIN;
	if (e->writing && !e->link->stalled)
		events |= EPOLLOUT;
	/* one that nothing is wanted of would still be reported as hung up */
	if (events != 0)
		watch(&e->source, events,
		    e->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD);
	else if (e->watched)
		watch(&e->source, 0, EPOLL_CTL_DEL);
	e->watched = events != 0;
}

static struct end *
end_new(struct link *l, int fd)
{
	struct end *e = calloc(1, sizeof(*e));
	int on = 1;

	if (e == NULL)
		err(1, NULL);
	e->source = (struct source){ .kind = END, .fd = fd };
	e->link = l;
	e->last = &e->first;
	e->watched = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	e->next = ends;
	ends = e;
	watch(&e->source, EPOLLIN, EPOLL_CTL_ADD);
	return e;
}

/* it is freed at the end of the turn */
static void
drop(struct end *e, int reset)
{
	struct linger now_only = { .l_onoff = 1 };

	if (e->source.fd == -1)
		return;
	if (reset)
		setsockopt(e->source.fd, SOL_SOCKET, SO_LINGER, &now_only,
		    sizeof(now_only));
	close(e->source.fd);
	e->source.fd = -1;
	drop(e->other, reset);
}

static void
sweep(void)
{
	struct end **at = &ends, *e;
	struct parcel *p;

	while ((e = *at) != NULL) {
		if (e->source.fd != -1) {
			at = &e->next;
			continue;
		}
		while ((p = e->first) != NULL) {
			e->first = p->next;
			free(p);
		}
		*at = e->next;
		free(e);
	}
}

static void
post(struct end *to, const char *data, size_t len)
{
	struct parcel *p = malloc(sizeof(*p) + len);

	if (p == NULL)
		err(1, NULL);
	*p = (struct parcel){ .due = now() + to->link->delay, .len = len };
	memcpy(p->data, data, len);
	*to->last = p;
	to->last = &p->next;
	to->held += len;
}

/* write what is due; the time of the next that is not, 0 if there is none */
static int64_t
deliver(struct end *e)
{
	struct parcel *p;

	while (e->source.fd != -1 && !e->link->stalled &&
	    (p = e->first) != NULL) {
		ssize_t n = 0;

		if (p->due > now())
			return p->due;
		if (p->len > 0)
			n = send(e->source.fd, p->data + p->at, p->len - p->at,
			    MSG_NOSIGNAL);
		if (n == -1 && errno != EAGAIN) {
			drop(e, 1);
			return 0;
		}
		e->writing = n == -1;
		if (n == -1)
			break;
		p->at += (size_t)n;
		e->held -= (size_t)n;
		if (p->len == 0) {
			shutdown(e->source.fd, SHUT_WR);
			e->shut = 1;
		}
		if (p->at < p->len)
			continue;
		if ((e->first = p->next) == NULL)
			e->last = &e->first;
		free(p);
	}
	if (e->source.fd != -1 && e->shut && e->other->shut)
		drop(e, 0);
	return 0;
}

/* everything that is due, everywhere; and when to be here again */
static void
deliver_all(void)
{
	struct itimerspec at = { 0 };
	int64_t next = 0;

	for (struct end *e = ends; e != NULL; e = e->next) {
		int64_t due = deliver(e);

		if (due != 0 && (next == 0 || due < next))
			next = due;
	}
	for (struct end *e = ends; e != NULL; e = e->next)
		if (e->source.fd != -1)
			interest(e);
	at.it_value.tv_sec = next / 1000000000;
	at.it_value.tv_nsec = next % 1000000000;
	timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
	sweep();
}

static void
take_bytes(struct end *e)
{
	ssize_t n;

	if (e->over)
		return;
	n = recv(e->source.fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	if (n > 0) {
		post(e->other, buffer, (size_t)n);
	} else if (n == 0) {
		e->over = 1;
		post(e->other, buffer, 0);
	} else if (errno != EAGAIN && errno != EINTR) {
		drop(e, 1);
	}
}

static void
take_connection(struct link *l)
{
	int in = accept4(l->source.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	int out;
	struct end *a, *b;

	if (in == -1)
		return;
	out = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(out, (void *)&l->target, sizeof(l->target)) == -1) {
		close(in);
		close(out);
		return;
	}
	fcntl(out, F_SETFL, O_NONBLOCK);
	a = end_new(l, in);
	b = end_new(l, out);
	a->other = b;
	b->other = a;
}

static void
obey_for(struct link *l, const char *word, int ms)
{
	if (strcmp(word, "delay") == 0)
		l->delay = (int64_t)ms * 1000000;
	else if (strcmp(word, "stall") == 0)
		l->stalled = 1;
	else if (strcmp(word, "heal") == 0)
		l->stalled = 0;
	else if (strcmp(word, "cut") == 0)
		for (struct end *e = ends; e != NULL; e = e->next)
			if (e->link == l)
				drop(e, 1);
}

static void
read_commands(int fd)
{
	ssize_t n = read(fd, buffer, sizeof(buffer) - 1);
	char *at = buffer, *line, word[32], name[32];
	int ms = 0;

	if (n <= 0)
		return;
	buffer[n] = '\0';
	while ((line = strsep(&at, "\n")) != NULL) {
		if (sscanf(line, "%31s %31s %d", word, name, &ms) < 2)
			continue;
		for (size_t i = 0; i < nlink; i++)
			if (strcmp(name, "all") == 0 ||
			    strcmp(name, link_at[i]->name) == 0)
				obey_for(link_at[i], word, ms);
	}
}

/* status 3: the port is taken, another one may do */
static void
open_port(struct link *l, struct sockaddr_in *in)
{
	int on = 1;

	l->source.fd = socket(AF_INET,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (l->source.fd == -1)
		err(1, "socket");
	setsockopt(l->source.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(l->source.fd, (void *)in, sizeof(*in)) == -1 ||
	    listen(l->source.fd, 1024) == -1)
		err(errno == EADDRINUSE ? 3 : 1, "%s", l->name);
	watch(&l->source, EPOLLIN, EPOLL_CTL_ADD);
}

static void
read_table(void)
{
	char name[32], address[32];
	unsigned port, target;

	while (scanf("%31s %31s %u %u", name, address, &port, &target) == 4) {
		struct link *l = calloc(1, sizeof(*l));
		struct sockaddr_in in = { .sin_family = AF_INET };

		link_at = realloc(link_at, (nlink + 1) * sizeof(*link_at));
		if (l == NULL || link_at == NULL)
			err(1, NULL);
		strcpy(l->name, name);
		if (inet_pton(AF_INET, address, &in.sin_addr) != 1)
			errx(1, "not an address: %s", address);
		in.sin_port = htons((in_port_t)target);
		l->target = in;
		in.sin_port = htons((in_port_t)port);
		l->source.kind = LINK;
		link_at[nlink++] = l;
		open_port(l, &in);
	}
}

static void
serve(void)
{
	struct epoll_event ev[64];
	uint64_t ticks;

	for (;;) {
		int n = epoll_wait(loop, ev, 64, -1);

		for (int i = 0; i < n; i++) {
			struct source *s = ev[i].data.ptr;

			switch (s->kind) {
			case WATCHED:
				exit(0);
			case TIMER:
				(void)!read(s->fd, &ticks, sizeof(ticks));
				break;
			case FIFO:
				read_commands(s->fd);
				break;
			case LINK:
				take_connection((struct link *)s);
				break;
			case END:
				if (s->fd != -1)
					take_bytes((struct end *)s);
				break;
			}
		}
		deliver_all();
	}
}

int
main(int argc, char **argv)
{
	struct source in = { .kind = FIFO }, clock = { .kind = TIMER };
	struct source watched = { .kind = WATCHED };
	struct rlimit files;

	if (argc != 3)
		errx(2, "usage: delay FIFO WATCHED <TABLE");
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	loop = epoll_create1(EPOLL_CLOEXEC);
	clock.fd = timer = timerfd_create(CLOCK_MONOTONIC,
	    TFD_NONBLOCK | TFD_CLOEXEC);
	watch(&clock, EPOLLIN, EPOLL_CTL_ADD);
	in.fd = open(argv[1], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (in.fd == -1)
		err(1, "%s", argv[1]);
	watch(&in, EPOLLIN, EPOLL_CTL_ADD);
	if (atoi(argv[2]) > 0) {
		watched.fd = (int)syscall(SYS_pidfd_open, atoi(argv[2]), 0);
		if (watched.fd == -1)
			err(1, "process %s", argv[2]);
		watch(&watched, EPOLLIN, EPOLL_CTL_ADD);
	}
	read_table();
	puts("ready");
	fflush(stdout);
	serve();
}
