/* SPDX-License-Identifier: ISC */
/* commands inside a step that talk to the run around them */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/opts.h"
#include "base/buf.h"
#include "model/request.h"

struct link {
	const char *command;	/* as in "pseq set" */
	int fd;
	struct request_who who;
	struct buf in;		/* the reply */
};

__attribute__((format(printf, 2, 3)))
static int
wrong(const struct link *l, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "pseq %s: ", l->command);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	putc('\n', stderr);
	return EXITS_USAGE;
}

static int
gone(const struct link *l)
{
	return wrong(l, "the run around this command is over");
}

static int
open_link(struct link *l, const struct options *o)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *value = getenv(REQUEST_VARIABLE);
	size_t len;

	*l = (struct link){ .command = o->command->name, .fd = -1 };
	if (!value || !*value)
		return wrong(l, "no run around this command ("
		    REQUEST_VARIABLE " is not set)");
	if (*value == '!')
		return wrong(l, "the run around this command could make no "
		    "socket: %s", value + 1);
	if (request_read_address(value, &len, &l->who) == -1 ||
	    len >= sizeof(addr.sun_path))
		return wrong(l, REQUEST_VARIABLE " is not as a run has set "
		    "it: '%s'", value);
	memcpy(addr.sun_path, value, len);
	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (l->fd == -1)
		return wrong(l, "socket: %s", strerror(errno));
	while (connect(l->fd, (struct sockaddr *)&addr, sizeof(addr)) == -1) {
		if (errno == EINTR)
			continue;
		if (errno == ENOENT || errno == ECONNREFUSED)
			return gone(l);
		return wrong(l, "%s: %s", addr.sun_path, strerror(errno));
	}
	return EXITS_OK;
}

static void
close_link(struct link *l)
{
	if (l->fd != -1)
		close(l->fd);
	buf_fini(&l->in);
}

/* what cannot be sent may have been answered all the same */
static void
send_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k == -1 && errno == EINTR)
			continue;
		if (k == -1)
			return;
		p += k;
		n -= (size_t)k;
	}
}

/* -1: the other end is gone */
static int
receive_frame(struct link *l)
{
	size_t want = FRAME_HEAD;

	buf_clear(&l->in);
	while (l->in.len < want) {
		char *room = buf_room(&l->in, 4096);
		ssize_t n = recv(l->fd, room, l->in.cap - l->in.len, 0);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		l->in.len += (size_t)n;
		if (l->in.len >= FRAME_HEAD)
			want = frame_size(l->in.data);
	}
	return 0;
}

/* the exit status; the reply is borrowed from the link */
static int
ask(struct link *l, const struct request *q, struct reply *r)
{
	struct buf out = { 0 };

	request_write(&out, &l->who, q);
	send_all(l->fd, out.data, out.len);
	buf_fini(&out);
	if (receive_frame(l) == -1)
		return gone(l);
	if (reply_read(l->in.data + FRAME_HEAD, l->in.len - FRAME_HEAD,
	    r) == -1)
		return wrong(l, "the reply makes no sense: is the run one of "
		    "another version of pseq?");
	switch (r->status) {
	case REPLY_DONE:
		return EXITS_OK;
	case REPLY_TIMEOUT:
		return EXITS_TIMEOUT;
	case REPLY_CLOSED:
		/* for who receives it is no more than the end */
		if (q->kind == REQUEST_RECEIVE)
			return EXITS_FAILED;
		break;
	case REPLY_UNSET:
	case REPLY_REFUSED:
		break;
	}
	wrong(l, "%.*s", (int)r->len, r->data);
	return r->status == REPLY_REFUSED ? EXITS_USAGE : EXITS_FAILED;
}

/* all of standard input, as far as it may be a value */
static int
read_input(const struct link *l, struct buf *b)
{
	while (b->len <= REQUEST_DATA_MAX) {
		ssize_t n = read(STDIN_FILENO, buf_room(b, 65536), 65536);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return wrong(l, "standard input: %s", strerror(errno));
		if (n == 0)
			break;
		b->len += (size_t)n;
	}
	return EXITS_OK;
}

static int
check_sizes(const struct link *l, const struct request *q)
{
	if (q->nname > REQUEST_NAME_MAX)
		return wrong(l, "the name is too long");
	if (q->len > REQUEST_DATA_MAX)
		return wrong(l, "the %s is too long (over 1 MiB)",
		    q->kind == REQUEST_SEND ? "message" : "value");
	return EXITS_OK;
}

int
cmd_set(struct options *o, int argc, char **argv)
{
	struct request q = {
		.kind = REQUEST_SET, .name = argv[0], .nname = strlen(argv[0])
	};
	struct buf input = { 0 };
	struct link l;
	struct reply r;
	int rc = open_link(&l, o);

	if (rc == EXITS_OK && argc > 1) {
		q.data = argv[1];
		q.len = strlen(argv[1]);
	} else if (rc == EXITS_OK) {
		rc = read_input(&l, &input);
		while (input.len > 0 && input.data[input.len - 1] == '\n')
			input.len--;
		q.data = input.data;
		q.len = input.len;
	}
	if (rc == EXITS_OK)
		rc = check_sizes(&l, &q);
	if (rc == EXITS_OK)
		rc = ask(&l, &q, &r);
	close_link(&l);
	buf_fini(&input);
	return rc;
}

int
cmd_get(struct options *o, int argc, char **argv)
{
	struct request q = {
		.kind = REQUEST_GET, .name = argv[0], .nname = strlen(argv[0])
	};
	struct link l;
	struct reply r;
	int rc = open_link(&l, o);

	(void)argc;
	if (rc == EXITS_OK)
		rc = check_sizes(&l, &q);
	if (rc == EXITS_OK)
		rc = ask(&l, &q, &r);
	if (rc == EXITS_OK) {
		fwrite(r.data, 1, r.len, stdout);
		putchar('\n');
	}
	close_link(&l);
	return rc;
}

static int
send_one(struct link *l, struct request *q, const char *text, size_t len)
{
	struct reply r;
	int rc;

	q->data = text;
	q->len = len;
	rc = check_sizes(l, q);
	return rc == EXITS_OK ? ask(l, q, &r) : rc;
}

/* each line of standard input is a message, sent as it comes */
static int
send_lines(struct link *l, struct request *q)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = EXITS_OK;

	while (rc == EXITS_OK && (n = getline(&line, &cap, stdin)) > 0)
		rc = send_one(l, q, line,
		    (size_t)n - (line[n - 1] == '\n'));
	if (rc == EXITS_OK && ferror(stdin))
		rc = wrong(l, "standard input: %s", strerror(errno));
	free(line);
	return rc;
}

int
cmd_send(struct options *o, int argc, char **argv)
{
	struct request q = {
		.kind = REQUEST_SEND, .name = argv[0],
		.nname = strlen(argv[0])
	};
	struct link l;
	int rc = open_link(&l, o);

	if (rc == EXITS_OK && argc > 1)
		rc = send_one(&l, &q, argv[1], strlen(argv[1]));
	else if (rc == EXITS_OK)
		rc = send_lines(&l, &q);
	close_link(&l);
	return rc;
}

/* it is ours once it was written, and no sooner: else another one gets it */
static int
deliver(struct link *l, const struct reply *r)
{
	const struct request taken = { .kind = REQUEST_TAKEN };
	struct reply confirmed;

	fwrite(r->data, 1, r->len, stdout);
	putchar('\n');
	if (fflush(stdout) == EOF || ferror(stdout)) {
		wrong(l, "standard output: %s", strerror(errno));
		clearerr(stdout);
		return EXITS_SYSTEM;
	}
	return ask(l, &taken, &confirmed);
}

int
cmd_receive(struct options *o, int argc, char **argv)
{
	struct request q = {
		.kind = REQUEST_RECEIVE, .name = argv[0],
		.nname = strlen(argv[0])
	};
	double ms = ceil(o->timeout * 1000);
	struct link l;
	struct reply r;
	int rc = open_link(&l, o);

	(void)argc;
	q.wait_ms = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
	if (rc == EXITS_OK)
		rc = check_sizes(&l, &q);
	if (rc == EXITS_OK)
		rc = ask(&l, &q, &r);
	if (rc == EXITS_OK)
		rc = deliver(&l, &r);
	close_link(&l);
	return rc;
}
