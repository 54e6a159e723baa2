/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/conn.h"
#include "io/inside.h"
#include "io/loop.h"
#include "io/session.h"

enum { BUSY_TRIES = 12, WHY = 1024, WHY_LINES = 3 };

/* pauses between tries: of a busy host, of one that is not there */
#define BUSY_FIRST 0.25
#define AGAIN_FIRST 0.5
#define PAUSE_MAX 5.0
/*
 * A session that was closed has its place for a moment longer; so long a
 * refusal says nothing about how many there may be.
 */
#define CLOSING 0.5
#define CLOSING_LOOK 0.02
/* ssh has the same limit, and says more about it */
#define LATER 0.2

static double
now(void)
{
	return loop_clock();
}

/* --- sessions that want to begin ------------------------------------------ */

/* as many as may run at once, in their order */
static void
pump(struct conn *c)
{
	while (c->state == CONN_UP && link_in(&c->waiting) &&
	    !ev_is_active(&c->again) &&
	    c->nopen < c->cap && c->warden.state != WARDEN_GOING) {
		struct session *s = container(c->waiting.next, struct session,
		    link);

		link_del(&s->link);
		link_add(&c->open, &s->link);
		c->nopen++;
		session_open(s);
	}
}

static void
on_again(struct ev_loop *ev, ev_timer *w, int events)
{
	(void)ev, (void)events;
	pump(w->data);
}

static void
wait_again(struct conn *c, struct session *s)
{
	struct link *at = c->waiting.next;

	link_del(&s->link);
	if (s->begun)
		c->nopen--;
	if (s->live)
		c->nlive--;
	s->begun = s->live = false;
	while (at != &c->waiting &&
	    container(at, struct session, link)->order < s->order)
		at = at->next;
	link_add(at, &s->link);
}

void
conn_opened(struct conn *c, struct session *s)
{
	s->live = true;
	c->nlive++;
	c->proved = true;
	c->tries = c->busy = 0;
}

void
conn_refused(struct conn *c, struct session *s, const char *why, size_t len)
{
	struct buf b = { 0 };

	wait_again(c, s);
	if (now() < c->closed_at + CLOSING) {
		ev_timer_start(c->all->hub.ev, &c->again);
		return;
	}
	c->cap = c->nlive > 0 ? c->nlive : 1;
	if (c->nopen > 0)
		return;
	if (c->warden.state == WARDEN_UP) {
		/* there is place for one only */
		warden_yield(&c->warden);
		return;
	}
	if (c->warden.state == WARDEN_GOING)
		return;
	buf_addf(&b, "%s allows no session: %.*s", c->at->host,
	    (int)(len < WHY ? len : WHY), why);
	session_fail(s, ST_START, buf_str(&b));
	buf_fini(&b);
}

void
conn_unguarded(struct conn *c)
{
	c->closed_at = now();
	pump(c);
}

void
conn_gone(struct conn *c, pid_t group, bool confirmed)
{
	struct link *next;

	for (struct link *l = c->open.next; l != &c->open; l = next) {
		struct session *s = container(l, struct session, link);

		next = l->next;
		if (s->task->extra->group == group)
			session_gone(s, confirmed);
	}
}

/* --- up and down ---------------------------------------------------------- */

static void
queue_up(struct conn *c)
{
	c->state = CONN_QUEUED;
	gate_enter(c->gate, &c->place);
	c->all->turn_due = true;
	loop_again(c->all->tasks->loop);
}

/* whatever there is of a connection; those who wait go on waiting */
static void
drop(struct conn *c)
{
	struct master *m = c->master;

	ev_timer_stop(c->all->hub.ev, &c->timer);
	ev_timer_stop(c->all->hub.ev, &c->again);
	gate_leave(&c->place, GATE_FAILED, now());
	c->all->turn_due = true;
	c->state = CONN_DOWN;
	c->master = NULL;
	/* which groups have ended is worth telling */
	mux_flush(&c->all->hub);
	mux_shut(&c->mux);
	warden_fini(&c->warden);
	c->cap = CONN_SESSIONS;
	if (m)
		master_end(m);
}

static void
seek(struct conn *c)
{
	if (c->state != CONN_DOWN || !link_in(&c->waiting))
		return;
	c->tries = c->busy = 0;
	queue_up(c);
}

/* all who wait hear of it; the next one tries again */
static void
fail(struct conn *c, enum status status, const char *why)
{
	struct link all, *next;

	drop(c);
	link_init(&all);
	while (link_in(&c->waiting)) {
		next = c->waiting.next;
		link_del(next);
		link_add(&all, next);
	}
	while (link_in(&all)) {
		struct session *s = container(all.next, struct session, link);

		link_del(&s->link);
		session_fail(s, status, why);
	}
}

static void
pause_for(struct conn *c, double first, unsigned n)
{
	double seconds = first;

	while (n-- > 0 && seconds < PAUSE_MAX)
		seconds *= 2;
	if (seconds > PAUSE_MAX)
		seconds = PAUSE_MAX;
	/* not all at the same moment */
	seconds *= 0.5 + (double)random() / RAND_MAX / 2;
	c->state = CONN_PAUSED;
	ev_now_update(c->all->hub.ev);
	ev_timer_set(&c->timer, seconds, 0.);
	ev_timer_start(c->all->hub.ev, &c->timer);
}

/* the last lines that ssh said, as one; without frames and asides */
static void
gist(const char *p, size_t n, struct buf *out)
{
	const char *line[WHY_LINES], *end = p + n;
	size_t len[WHY_LINES], lines = 0, k, from = out->len;

	while (p < end) {
		const char *q = memchr(p, '\n', (size_t)(end - p));

		k = strnlen(p, (size_t)((q ? q : end) - p));
		while (k > 0 && p[k - 1] == '\r')
			k--;
		if (k > 0 && *p != '@' && *p != ' ') {
			line[lines % WHY_LINES] = p;
			len[lines++ % WHY_LINES] = k;
		}
		p = q ? q + 1 : end;
	}
	for (k = lines > WHY_LINES ? lines - WHY_LINES : 0; k < lines; k++) {
		if (out->len > from)
			buf_adds(out, "; ");
		buf_add(out, line[k % WHY_LINES], len[k % WHY_LINES]);
	}
	if (out->len > WHY)
		out->len = WHY;
}

/* a try has come to nothing; own: why, if ssh did not say */
static void
try_failed(struct conn *c, const char *own)
{
	struct link_failure f;
	const char *said = "";
	size_t n = 0;

	if (c->master)
		said = master_said(c->master, &n);
	f = c->transport->judge(said, n);
	buf_clear(&c->why);
	gist(said, n, &c->why);
	if (c->why.len == 0)
		buf_adds(&c->why, own);
	if (f.busy)
		gate_leave(&c->place, GATE_BUSY, now());
	drop(c);
	if (f.busy && c->busy < BUSY_TRIES)
		pause_for(c, BUSY_FIRST, c->busy++);
	else if (f.status == ST_UNREACHABLE && c->tries < c->at->connect_retry)
		pause_for(c, AGAIN_FIRST, c->tries++);
	else
		fail(c, f.status, buf_str(&c->why));
}

static void
on_timer(struct ev_loop *ev, ev_timer *w, int events)
{
	struct conn *c = w->data;
	struct buf b = { 0 };

	(void)ev, (void)events;
	if (c->state == CONN_PAUSED) {
		queue_up(c);
		return;
	}
	buf_addf(&b, "no connection within %gs", c->at->connect_timeout);
	try_failed(c, buf_str(&b));
	buf_fini(&b);
}

void
conn_begin(struct conn *c)
{
	struct ev_loop *ev = c->all->hub.ev;

	c->state = CONN_STARTING;
	c->proved = false;
	c->master = master_start(c->all->masters, c, c->argv);
	if (!c->master) {
		buf_clear(&c->why);
		buf_addf(&c->why, "cannot start ssh: %s", strerror(errno));
		fail(c, ST_START, buf_str(&c->why));
		return;
	}
	ev_now_update(ev);
	ev_timer_set(&c->timer, c->at->connect_timeout + LATER, 0.);
	ev_timer_start(ev, &c->timer);
}

/* it was there, and is no more */
static void
broke(struct conn *c, const char *own)
{
	const char *said = "";
	size_t n = 0;

	/* one that allows nothing is none: it is not tried for ever */
	if (!c->proved && (link_in(&c->open) || link_in(&c->waiting))) {
		try_failed(c, own ? own : "the connection was lost");
		return;
	}
	if (c->master)
		said = master_said(c->master, &n);
	buf_clear(&c->why);
	buf_adds(&c->why, "the connection was lost");
	if (n > 0) {
		buf_adds(&c->why, ": ");
		gist(said, n, &c->why);
	} else if (own) {
		buf_addf(&c->why, ": %s", own);
	}
	drop(c);
	seek(c);
}

void
conn_unheard(struct conn *c, double since)
{
	if (c->state == CONN_UP && !c->plain && c->mux.heard_at < since)
		broke(c, "the host does not answer");
}

const char *
conn_why(struct conn *c)
{
	return c->why.len ? buf_str(&c->why) : "the connection was lost";
}

static void
is_up(struct conn *c)
{
	c->state = CONN_UP;
	ev_timer_stop(c->all->hub.ev, &c->timer);
	gate_leave(&c->place, GATE_UP, now());
	c->all->turn_due = true;
	if (!c->plain)
		warden_open(&c->warden, c);
	pump(c);
}

static void
on_up(void *arg)
{
	is_up(arg);
}

/* sessions may be had by other ssh only */
static void
on_no_proxy(void *arg)
{
	struct conn *c = arg;

	c->plain = true;
	is_up(c);
}

static void
on_gone(void *arg, const char *why)
{
	struct conn *c = arg;

	if (c->state == CONN_UP)
		broke(c, why);
	else
		try_failed(c, why);
}

static const struct mux_fns mux_fns = {
	.up = on_up, .refused = on_no_proxy, .gone = on_gone
};

void
conn_ready(struct conn *c)
{
	int fd = master_connect(c->master);

	if (fd == -1) {
		try_failed(c, strerror(errno));
		return;
	}
	c->state = CONN_GREETING;
	c->plain = false;
	mux_open(&c->mux, &c->all->hub, fd, &mux_fns, c);
}

void
conn_ended(struct conn *c)
{
	if (c->state == CONN_UP)
		broke(c, NULL);
	else
		try_failed(c, "ssh has ended");
}

void
conn_rest(struct conn *c)
{
	if (link_in(&c->waiting) || link_in(&c->open))
		return;
	if (c->state == CONN_UP ? c->used && c->users == 0 :
	    c->state != CONN_DOWN)
		drop(c);
}

/* --- for sessions --------------------------------------------------------- */

void
conn_enter(struct conn *c, struct session *s)
{
	s->order = ++c->all->order;
	link_add(&c->waiting, &s->link);
	seek(c);
	pump(c);
}

void
conn_again(struct conn *c, struct session *s)
{
	wait_again(c, s);
}

void
conn_leave(struct conn *c, struct session *s)
{
	link_del(&s->link);
	c->nopen -= s->begun;
	c->nlive -= s->live;
	if (s->live)
		c->closed_at = now();
	s->begun = s->live = false;
	pump(c);
	conn_rest(c);
}

/* --- beginning and end ----------------------------------------------------- */

struct conn *
conn_new(struct conns *a, const struct launch *l)
{
	struct conn *c = mem_calloc(1, sizeof(*c));
	size_t n = 0;

	c->all = a;
	c->at = l->at;
	c->transport = l->transport;
	c->cap = CONN_SESSIONS;
	link_init(&c->waiting);
	link_init(&c->open);
	ev_init(&c->timer, on_timer);
	ev_timer_init(&c->again, on_again, CLOSING_LOOK, 0.);
	c->timer.data = c->again.data = c;
	while (l->master[n])
		n++;
	c->argv = mem_calloc(n + 1, sizeof(*c->argv));
	for (size_t i = 0; i < n; i++)
		c->argv[i] = mem_strdup(l->master[i]);
	c->command = mem_strdup(l->command);
	c->gate = gates_find(a->gates, l->gate);
	c->mux.io.fd = -1;
	return c;
}

void
conn_free(struct conn *c)
{
	drop(c);
	for (size_t i = 0; c->argv[i]; i++)
		free((char *)(uintptr_t)c->argv[i]);
	free(c->argv);
	free(c->command);
	buf_fini(&c->why);
	free(c);
}
