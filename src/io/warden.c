/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "io/conn.h"
#include "io/inside.h"
#include "io/warden.h"

enum { LINE = 256 };

/*
 * One line for /bin/sh.  F is its file: "GROUP [USER]" for each that began,
 * "-GROUP" for each that ended.
 *
 * s SIGNAL GROUP USER  sends one; no other way to write it is understood by
 *                      every shell
 * a GROUP USER         is anybody of it alive?  One that we may not signal is
 * w GROUP USER TENTHS  waits until nobody is
 * k GROUP TENTHS USER  ends it, and says so
 * x SIGNAL             to all that began, did not end and are alive: L
 * p                    waits for a part of N tenths of a second
 * z                    ends all of them, and takes the file away
 *
 * A command of a connection that broke may only now begin, and tell its group
 * to a file that is gone: it is looked for once more.
 */
static const char script[] =
	"LC_ALL=C;umask 077;F=%s;"
	"printf '' >>\"$F\"||exit 1;trap '' HUP INT TERM PIPE;"
	"s(){ case $3 in -)kill -$1 -$2;;"
	"*)sudo -n -u \"$3\" /bin/sh -c 'kill -$0 -$1' $1 $2;;esac;"
	"} </dev/null 2>/dev/null;"
	"a(){ s 0 $1 \"$2\"||case $(kill -0 -$1 2>&1) in "
	"*ermitted*)[ \"$2\" = - ];;*)false;;esac;};"
	"p(){ if sleep 0.1 2>/dev/null;then n=$((n-1));"
	"else sleep 1;n=$((n-10));fi;};"
	"w(){ n=$3;a $1 \"$2\"||return 0;sleep 0.02 2>/dev/null;"
	"while a $1 \"$2\";do [ $n -gt 0 ]||return 1;p;done;};"
	"k(){ s TERM $1 \"$3\";s CONT $1 \"$3\";"
	"w $1 \"$3\" $2||{ s KILL $1 \"$3\";w $1 \"$3\" 30;}&&"
	"echo \"gone $1\"||echo \"left $1\";};"
	"x(){ L=;while read -r g u;do case $g in "
	"-*)M=$L;L=;for i in $M;do case $i in ${g#-}:*);;*)L=\"$L $i\";;esac;"
	"done;;*)L=\"$L $g:${u:--}\";;esac;done <\"$F\";"
	"M=$L;L=;for i in $M;do a ${i%%:*} \"${i#*:}\"&&{ L=\"$L $i\";"
	"s $1 ${i%%:*} \"${i#*:}\";};done;};"
	"z(){ x TERM;x CONT;n=30;"
	"while [ \"$L\" ]&&[ $n -gt 0 ];do p;x 0;done;"
	"case $L in ?*)x KILL;;esac;rm -f \"$F\";};"
	"echo ready;"
	"while read -r o g n u;do case $o in "
	"'+')echo \"$g $n\" >>\"$F\";;"
	"e)echo \"-$g\" >>\"$F\";;"
	"k)[ $n -gt 0 ]||s KILL $g \"$u\";k $g $n \"$u\"&;;"
	"esac;done;"
	"z;{ sleep 2;[ ! -e \"$F\" ]||z;} </dev/null >/dev/null 2>&1 &\n";

static struct warden *
of_channel(struct mux_channel *ch)
{
	return container(ch, struct warden, channel);
}

static void
is_gone(struct warden *w)
{
	w->state = WARDEN_NONE;
	buf_fini(&w->out);
	buf_fini(&w->line);
	conn_unguarded(w->conn);
}

/* --- the channel ---------------------------------------------------------- */

static void
on_opened(struct mux_channel *ch)
{
	mux_exec(ch, of_channel(ch)->conn->command);
	mux_want(ch);
}

static void
on_refused(struct mux_channel *ch, const char *why, size_t len)
{
	(void)why, (void)len;
	is_gone(of_channel(ch));
}

static void
on_gone(struct mux_channel *ch)
{
	is_gone(of_channel(ch));
}

/* what it answers to an order */
static void
answer(struct warden *w, const char *line)
{
	struct conn *c = w->conn;
	long group = strlen(line) > 5 ? strtol(line + 5, NULL, 10) : 0;

	if (group > 1 && strncmp(line, "gone ", 5) == 0)
		conn_gone(c, (pid_t)group, true);
	else if (group > 1 && strncmp(line, "left ", 5) == 0)
		conn_gone(c, (pid_t)group, false);
}

static void
on_data(struct mux_channel *ch, bool err, const char *p, size_t n)
{
	struct warden *w = of_channel(ch);

	mux_taken(ch, n);
	for (size_t i = 0; i < n && !err; i++) {
		if (p[i] == '\n') {
			answer(w, buf_str(&w->line));
			buf_clear(&w->line);
		} else if (w->line.len < LINE) {
			buf_addc(&w->line, p[i]);
		}
	}
}

static bool
on_room(struct mux_channel *ch)
{
	struct warden *w = of_channel(ch);
	size_t n = w->out.len - w->at;
	char *p;

	if (n == 0) {
		if (w->state == WARDEN_GOING)
			mux_eof(ch);
		return false;
	}
	p = mux_begin(ch, &n);
	if (!p)
		return true;
	memcpy(p, w->out.data + w->at, n);
	mux_end(ch, n);
	w->at += n;
	if (w->at == w->out.len) {
		w->at = 0;
		buf_clear(&w->out);
	}
	return true;
}

static void
on_eof(struct mux_channel *ch)
{
	struct warden *w = of_channel(ch);

	/* it reads no orders any more */
	mux_leave(ch);
	is_gone(w);
}

static void
on_exited(struct mux_channel *ch, int code)
{
	(void)ch, (void)code;
}

static void
on_killed(struct mux_channel *ch, const char *name, size_t len)
{
	(void)ch, (void)name, (void)len;
}

static void
on_unread(struct mux_channel *ch)
{
	(void)ch;
}

static const struct mux_channel_fns channel_fns = {
	.opened = on_opened, .refused = on_refused, .closed = on_gone,
	.lost = on_gone, .data = on_data, .room = on_room, .eof = on_eof,
	.exited = on_exited, .killed = on_killed, .unread = on_unread,
};

/* --- what it is for ------------------------------------------------------- */

/* nobody there can guess the name of the file */
static void
name_file(struct warden *w)
{
	unsigned char key[16];
	size_t n;

	if (getrandom(key, sizeof(key), 0) != sizeof(key))
		memset(key, 0, sizeof(key));
	n = (size_t)snprintf(w->file, sizeof(w->file), "/tmp/pseq-");
	for (size_t i = 0; i < sizeof(key); i++)
		n += (size_t)snprintf(w->file + n, sizeof(w->file) - n,
		    "%02x", key[i]);
}

void
warden_open(struct warden *w, struct conn *c)
{
	*w = (struct warden){ .conn = c, .state = WARDEN_UP };
	name_file(w);
	buf_addf(&w->out, script, w->file);
	mux_channel_open(&c->mux, &w->channel, &channel_fns);
}

bool
warden_lives(const struct warden *w)
{
	return w->state == WARDEN_UP;
}

void
warden_yield(struct warden *w)
{
	w->state = WARDEN_GOING;
	mux_want(&w->channel);
}

void
warden_fini(struct warden *w)
{
	mux_leave(&w->channel);
	buf_fini(&w->out);
	buf_fini(&w->line);
	w->state = WARDEN_NONE;
}

void
warden_words(const struct warden *w, struct buf *out)
{
	if (warden_lives(w))
		buf_addf(out, "set -- %s;", w->file);
}

static void
order(struct warden *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void
order(struct warden *w, const char *fmt, ...)
{
	va_list ap;

	if (!warden_lives(w))
		return;
	va_start(ap, fmt);
	buf_vaddf(&w->out, fmt, ap);
	va_end(ap);
	mux_want(&w->channel);
}

void
warden_add(struct warden *w, pid_t group, const char *user)
{
	order(w, "+ %ld %s\n", (long)group, user ? user : "-");
}

void
warden_ended(struct warden *w, pid_t group)
{
	order(w, "e %ld\n", (long)group);
}

void
warden_kill(struct warden *w, pid_t group, double grace, const char *user)
{
	order(w, "k %ld %.0f %s\n", (long)group, ceil(grace * 10),
	    user ? user : "-");
	/* the answer may take its time; that the host is there need not */
	if (warden_lives(w))
		mux_ping(&w->channel);
}
