/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/state.h"
#include "io/share.h"

/* how often one looks again, should the kernel not tell */
#define LOOK 1.0

struct share {
	char *name;
	int fd;
	int64_t of;
	unsigned char *own;	/* bytes that are locked by us */
};

struct range {
	int64_t from, len;
};

struct hold {
	struct share *share;	/* NULL: the handle is free */
	struct range *range;
	size_t n, cap;
};

void
shares_init(struct shares *s, struct ev_loop *ev, void (*freed)(void *arg),
    void *arg)
{
	*s = (struct shares){ .ev = ev, .freed = freed, .arg = arg };
	s->news.fd = -1;
}

/* --- files -------------------------------------------------------------- */

static int
find_dir(struct shares *s, struct buf *why)
{
	struct buf b = { 0 }, none = { 0 };
	int rc;

	if (s->dir)
		return 0;
	rc = state_path(&b, "limits", &none);
	if (rc == -1) {
		buf_addf(why, "shared limits: %s", buf_str(&none));
	} else {
		buf_str(&b);
		rc = state_make(b.data);
		if (rc == -1)
			buf_addf(why, "shared limits: cannot make '%s': %s",
			    b.data, strerror(errno));
	}
	buf_fini(&none);
	if (rc == 0)
		s->dir = b.data;
	else
		buf_fini(&b);
	return rc;
}

int
shares_add(struct shares *s, const char *name, int64_t of, struct buf *why)
{
	struct buf path = { 0 };
	int fd;

	if (find_dir(s, why) == -1)
		return -1;
	buf_addf(&path, "%s/%s", s->dir, name);
	fd = open(buf_str(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1) {
		buf_addf(why, "shared limits: cannot open '%s': %s",
		    buf_str(&path), strerror(errno));
		buf_fini(&path);
		return -1;
	}
	buf_fini(&path);
	s->share = mem_grow(s->share, &s->cap, s->n + 1, sizeof(*s->share));
	s->share[s->n++] = (struct share){
		.name = mem_strdup(name), .fd = fd, .of = of,
		.own = mem_calloc((size_t)of, 1),
	};
	return fd;
}

/* --- news --------------------------------------------------------------- */

static void
on_news(struct ev_loop *ev, ev_io *w, int events)
{
	struct shares *s = w->data;
	char buf[4096] __attribute__((aligned(8)));

	(void)ev, (void)events;
	while (read(w->fd, buf, sizeof(buf)) > 0)
		;
	s->freed(s->arg);
}

static void
on_look(struct ev_loop *ev, ev_timer *w, int events)
{
	struct shares *s = w->data;

	(void)ev, (void)events;
	s->freed(s->arg);
}

/* true: from now on one hears of what becomes free, so try once more */
static bool
listen_now(struct shares *s)
{
	int fd;

	ev_timer_stop(s->ev, &s->look);
	ev_timer_init(&s->look, on_look, LOOK, 0.);
	s->look.data = s;
	ev_timer_start(s->ev, &s->look);
	if (s->news.fd != -1)
		return false;
	fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (fd == -1)
		return false;
	if (inotify_add_watch(fd, s->dir, IN_MODIFY | IN_CLOSE_WRITE) == -1) {
		close(fd);
		return false;
	}
	ev_io_init(&s->news, on_news, fd, EV_READ);
	s->news.data = s;
	ev_io_start(s->ev, &s->news);
	return true;
}

/* --- locks -------------------------------------------------------------- */

static int
set(struct share *h, int64_t from, int64_t len, short type)
{
	struct flock l = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = from,
		.l_len = len
	};

	return fcntl(h->fd, F_OFD_SETLK, &l);
}

/* the first lock of others in a range; false: there is none */
static bool
conflict(struct share *h, struct range *r)
{
	struct flock l = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = r->from,
		.l_len = r->len
	};

	if (fcntl(h->fd, F_OFD_GETLK, &l) == -1 || l.l_type == F_UNLCK)
		return false;
	r->from = l.l_start;
	r->len = l.l_len > 0 ? l.l_len : h->of - l.l_start;
	return true;
}

/* told: so that others hear of it */
static void
release(struct hold *k, bool told)
{
	for (size_t i = 0; i < k->n; i++) {
		set(k->share, k->range[i].from, k->range[i].len, F_UNLCK);
		memset(k->share->own + k->range[i].from, 0,
		    (size_t)k->range[i].len);
	}
	/* if this fails, they look again by themselves */
	if (told && pwrite(k->share->fd, "", 1, 0) == -1)
		errno = 0;
	k->n = 0;
	k->share = NULL;
}

/* from..to are not ours: take what nobody has of it, n at most */
static int64_t
take_some(struct hold *k, int64_t from, int64_t to, int64_t n)
{
	struct share *h = k->share;
	int64_t got = 0;

	while (from < to && got < n) {
		struct range other = { from, to - from };
		int64_t end = conflict(h, &other) ? other.from : to;
		int64_t len = end - from < n - got ? end - from : n - got;

		if (len > 0 && set(h, from, len, F_WRLCK) == 0) {
			k->range = mem_grow(k->range, &k->cap, k->n + 1,
			    sizeof(*k->range));
			k->range[k->n++] = (struct range){ from, len };
			memset(h->own + from, 1, (size_t)len);
			got += len;
		}
		from = end < to ? other.from + other.len : to;
	}
	return got;
}

static bool
take(struct hold *k, int64_t n)
{
	const struct share *h = k->share;
	int64_t at = 0;

	while (at < h->of && n > 0) {
		int64_t end = at;

		while (end < h->of && !h->own[end])
			end++;
		n -= take_some(k, at, end, n);
		for (at = end; at < h->of && h->own[at];)
			at++;
	}
	return n == 0;
}

static struct hold *
free_hold(struct shares *s)
{
	for (size_t i = 0; i < s->nhold; i++)
		if (!s->hold[i].share)
			return &s->hold[i];
	s->hold = mem_grow(s->hold, &s->hold_cap, s->nhold + 1,
	    sizeof(*s->hold));
	s->hold[s->nhold] = (struct hold){ 0 };
	return &s->hold[s->nhold++];
}

int
shares_lock(struct shares *s, const char *name, int64_t n)
{
	struct hold *k = free_hold(s);

	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->share[i].name, name))
			k->share = &s->share[i];
	if (!k->share)
		return -1;
	do {
		struct share *h = k->share;

		if (take(k, n))
			return (int)(k - s->hold);
		/* two that tell each other of this would never stop */
		release(k, false);
		k->share = h;
	} while (listen_now(s));
	k->share = NULL;
	return -1;
}

void
shares_unlock(struct shares *s, int handle, bool used)
{
	release(&s->hold[handle], used);
}

void
shares_fini(struct shares *s)
{
	ev_timer_stop(s->ev, &s->look);
	if (s->news.fd != -1) {
		ev_io_stop(s->ev, &s->news);
		close(s->news.fd);
	}
	for (size_t i = 0; i < s->nhold; i++)
		free(s->hold[i].range);
	for (size_t i = 0; i < s->n; i++) {
		close(s->share[i].fd);
		free(s->share[i].name);
		free(s->share[i].own);
	}
	free(s->hold);
	free(s->share);
	free(s->dir);
}
