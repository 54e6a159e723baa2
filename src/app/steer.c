/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <signal.h>

#include "app/screen.h"
#include "app/signals.h"
#include "app/steer.h"
#include "base/buf.h"
#include "engine/engine.h"

static void
lanes(struct buf *b, int64_t n)
{
	buf_addf(b, "%" PRId64 " lane%s", n, n == 1 ? "" : "s");
}

static void
pause_or_go_on(struct steer *s, struct buf *b)
{
	struct engine_progress p = engine_progress(s->engine);

	engine_pause(s->engine, !p.paused);
	if (p.paused) {
		buf_adds(b, "goes on");
		return;
	}
	buf_adds(b, "paused: no more lanes begin; ");
	lanes(b, p.running);
	buf_adds(b, " in progress");
}

static void
change(struct steer *s, int64_t by, struct buf *b)
{
	int64_t most = engine_more(s->engine, by);

	if (most == 0) {
		buf_adds(b, "one more lane at once in each sequence; the run "
		    "has no limit");
		return;
	}
	buf_adds(b, "at most ");
	lanes(b, most);
	buf_adds(b, " at once");
}

static void
drain(struct steer *s, struct buf *b)
{
	struct engine_progress p = engine_progress(s->engine);

	engine_drain(s->engine);
	s->quit |= p.waiting != 0;
	buf_adds(b, "no more lanes begin; it ends with the ");
	lanes(b, p.running);
	buf_adds(b, " in progress");
}

static void
help(const struct steer *s, struct buf *b)
{
	buf_adds(b, "Enter: what runs");
	if (s->engine)
		buf_adds(b, ", p: pause, + -: more or fewer lanes at once, "
		    "q: begin no more lanes, Ctrl-C: end the run");
}

void
steer_key(void *steer, int key)
{
	struct steer *s = steer;
	struct buf b = { 0 };

	if (key == '\n')
		screen_tell(s->screen);
	else if (key == '?')
		help(s, &b);
	else if (s->engine && (key == 'p' || key == 'P'))
		pause_or_go_on(s, &b);
	else if (s->engine && (key == '+' || key == '-'))
		change(s, key == '+' ? 1 : -1, &b);
	else if (s->engine && (key == 'q' || key == 'Q'))
		drain(s, &b);
	if (b.len > 0)
		screen_say(s->screen, buf_str(&b));
	buf_fini(&b);
}

static void
on_signal(void *arg, int signo)
{
	steer_key(arg, signo == SIGUSR1 ? '\n' : 'p');
}

void
steer_signals(struct steer *s, struct loop *loop)
{
	static const int asked[] = { SIGUSR1, SIGUSR2 };

	signals_catch_those(loop, asked, 2, on_signal, s);
}
