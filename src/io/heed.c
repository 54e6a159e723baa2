/* SPDX-License-Identifier: ISC */
/* what is done with bytes of a stream before they become lines */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/full.h"
#include "base/mem.h"
#include "io/inside.h"
#include "model/plan.h"

enum {
	TAIL = RESULT_TAIL,
	NOISE = 8 * 1024	/* before a mark; of more the end is kept */
};

static void
add(struct captured *c, size_t max, const char *p, size_t n)
{
	size_t left = max - c->buf.len;

	if (n > left) {
		c->full = true;
		n = left;
	}
	buf_add(&c->buf, p, n);
}

void
stream_capture(const struct stream *s, const char *p, size_t n)
{
	struct captures *c = s->task->capture;

	if (!c)
		return;
	if (c->streams & s->id)
		add(s->id == STREAM_ERR ? &c->err : &c->out, c->max, p, n);
	if (c->mixed)
		add(&c->both, c->max, p, n);
}

static void
keep_tail(struct task *t, const char *p, size_t n)
{
	size_t want;

	if (n > TAIL) {
		p += n - TAIL;
		n = TAIL;
	}
	want = t->tail_len + n;
	if (want > TAIL) {
		size_t away = want - TAIL;

		t->tail_len = (uint16_t)(t->tail_len - away);
		memmove(t->tail, t->tail + away, t->tail_len);
		want = TAIL;
	}
	if (want > t->tail_cap) {
		t->tail_cap = want <= 256 ? 256 : TAIL;
		t->tail = mem_realloc(t->tail, t->tail_cap);
	}
	memcpy(t->tail + t->tail_len, p, n);
	t->tail_len = (uint16_t)want;
}

/* a line that ends in "MARK GROUP [MORE]"; false: it is none */
static bool
is_mark(struct task *t, const char *line, size_t len)
{
	struct task_extra *x = t->extra;
	size_t n = strlen(x->mark);
	const char *p = memmem(line, len, x->mark, n);
	char *end, text[64];
	long group;

	/* who is greeted without a newline finds it behind that */
	if (!p || (size_t)(line + len - p) >= n + sizeof(text))
		return false;
	p += n;
	n = (size_t)(line + len - p);
	memcpy(text, p, n);
	text[n] = '\0';
	if (*text != ' ')
		return false;
	group = strtol(text, &end, 10);
	/* one that cannot be seen from where it runs is the one we made */
	if (group == 0 && end > text + 1 && t->pid > 0)
		group = t->pid;
	if (group <= 1)
		return false;
	x->group = (pid_t)group;
	if (t->kind == TASK_SESSION)
		session_marked(t, end);
	else if (x->user)
		guard_add_user(&t->all->guard, t->slot, x->group, x->user);
	return true;
}

/*
 * Where something comes between us and a command, it tells its group in a
 * line for us alone; what stands before that was said by others.  Returns
 * false as long as that line did not come.
 */
static bool
find_mark(struct task *t, const char **p, size_t *n)
{
	struct buf *first = &t->extra->first;
	size_t at = 0, line;
	const char *end;

	while (at < *n) {
		end = memchr(*p + at, '\n', *n - at);
		line = first->len;
		while (line > 0 && first->data[line - 1] != '\n')
			line--;
		buf_add(first, *p + at,
		    (end ? (size_t)(end - *p) + 1 : *n) - at);
		at = end ? (size_t)(end - *p) + 1 : *n;
		if (end && is_mark(t, first->data + line,
		    first->len - line - 1)) {
			t->extra->marked = true;
			buf_fini(first);
			*p += at;
			*n -= at;
			return true;
		}
		if (first->len > NOISE) {
			first->len -= NOISE / 2;
			memmove(first->data, first->data + NOISE / 2,
			    first->len);
		}
	}
	return false;
}

/* a file gets what we read, because somebody looks at it as well */
static void
write_file(struct task *t, const char *p, size_t n)
{
	struct task_extra *x = t->extra;
	struct buf b = { 0 };

	if (full_write(x->tee, p, n) == 0)
		return;
	buf_addf(&b, "cannot write to 'stdout file': %s", strerror(errno));
	buf_str(&b);
	task_fail(t, b.data);
	close(x->tee);
	x->tee = -1;
}

bool
stream_heed(struct stream *s, const char **p, size_t *n)
{
	struct task *t = s->task;
	struct task_extra *x = t->extra;

	if (x && x->mark && !x->marked && s->id == STREAM_OUT &&
	    !find_mark(t, p, n))
		return false;
	if (*n == 0)
		return false;
	stream_capture(s, *p, *n);
	if (x && x->tee != -1 && s->id == STREAM_OUT)
		write_file(t, *p, *n);
	if (s->id == STREAM_ERR || s->lines.strip_cr)
		keep_tail(t, *p, *n);
	if (!x || s->id != STREAM_OUT)
		return true;
	if (x->consume)
		x->consume(t, *p, *n);
	return !x->consume && !x->unseen;
}
