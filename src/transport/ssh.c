/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "model/plan.h"
#include "transport/carrier.h"
#include "transport/copying.h"
#include "transport/common.h"
#include "transport/ssh.h"

/* --- how a connection is made -------------------------------------------- */

/* nobody is there to be asked, and the master stays ours alone */
static const char *const fixed[] = {
	"BatchMode=yes", "ControlMaster=yes", "ControlPersist=no",
	"RemoteCommand=none", "ClearAllForwardings=yes",
};

/* unless the job says otherwise: ssh takes the first of several values */
static const char *const usual[] = {
	"LogLevel=ERROR", "ServerAliveInterval=15", "ServerAliveCountMax=3",
};

struct words {
	const char **word;
	size_t n;
};

static void
add(struct words *w, const char *option, const char *value)
{
	w->word[w->n++] = option;
	w->word[w->n++] = value;
}

static const char *
number(struct arena *arena, const char *before, unsigned n)
{
	char s[64];

	snprintf(s, sizeof(s), "%s%u", before, n);
	return arena_strdup(arena, s);
}

static const char *const *
master(const struct endpoint *e, struct arena *arena)
{
	struct words w = { 0 };
	size_t noption = 0;

	while (e->option && e->option[noption])
		noption++;
	w.word = arena_alloc(arena, (2 * (countof(fixed) + countof(usual) +
	    noption) + 20) * sizeof(*w.word));
	w.word[w.n++] = "ssh";
	w.word[w.n++] = "-M";
	w.word[w.n++] = "-N";
	for (size_t i = 0; i < countof(fixed); i++)
		add(&w, "-o", fixed[i]);
	for (size_t i = 0; i < noption; i++)
		add(&w, "-o", e->option[i]);
	for (size_t i = 0; i < countof(usual); i++)
		add(&w, "-o", usual[i]);
	add(&w, "-o", number(arena, "ConnectTimeout=",
	    (unsigned)ceil(e->connect_timeout)));
	if (e->host_keys == KEYS_STRICT)
		add(&w, "-o", "StrictHostKeyChecking=yes");
	else if (e->host_keys == KEYS_ACCEPT_NEW)
		add(&w, "-o", "StrictHostKeyChecking=accept-new");
	if (e->port)
		add(&w, "-p", number(arena, "", e->port));
	if (e->user)
		add(&w, "-l", e->user);
	if (e->identity)
		add(&w, "-i", e->identity);
	add(&w, "--", e->address);
	return w.word;
}

/*
 * The host that takes the handshakes of a jump: the last of ProxyJump, as
 * far as the job says so.  What else ssh knows of jumps is its own.
 */
static const char *
gate(const struct endpoint *e, struct arena *arena)
{
	static const char key[] = "ProxyJump";
	const size_t len = sizeof(key) - 1;

	for (size_t i = 0; e->option && e->option[i]; i++) {
		const char *o = e->option[i], *end;

		if (strncasecmp(o, key, len) != 0)
			continue;
		o += len;
		if (*o != '=' && *o != ' ' && *o != '\t')
			continue;
		o += strspn(o, " \t=");
		if (strcasecmp(o, "none") == 0)
			return "";
		/* the first is who all of them go through */
		end = o + strcspn(o, ",");
		return arena_strndup(arena, o, (size_t)(end - o));
	}
	return "";
}

/* what every session needs: at, master, gate, command */
static void
session(const struct endpoint *e, struct launch *l, struct arena *arena)
{
	l->kind = LAUNCH_SESSION;
	l->at = e;
	l->transport = &transport_ssh;
	l->command = CARRIER_COMMAND;
	l->master = master(e, arena);
	l->gate = gate(e, arena);
}

static const char *
prepare(const struct run *r, struct launch *l, struct arena *arena)
{
	const char *why = carrier_refuses(r);

	if (!why && r->tty)
		why = "tty = yes: not on another host";
	if (why)
		return why;
	common_fill(r, l);
	session(r->at, l, arena);
	carrier_load(r, CARRIER_THERE, l, arena);
	return NULL;
}

static const char *
prepare_copy(const struct copy *c, struct launch *l, struct arena *arena)
{
	return copying_prepare(c, l, arena, prepare);
}

/* --- why there is none --------------------------------------------------- */

struct said {
	const char *words;
	struct link_failure is;
};

/* the first that occurs anywhere counts */
static const struct said said[] = {
	{ "Host key verification failed", { ST_HOSTKEY, false } },
	{ "REMOTE HOST IDENTIFICATION HAS CHANGED", { ST_HOSTKEY, false } },
	{ "host key is known for", { ST_HOSTKEY, false } },
	{ "Host key for ", { ST_HOSTKEY, false } },
	{ "revoked host key", { ST_HOSTKEY, false } },
	{ "Permission denied", { ST_AUTH, false } },
	{ "Too many authentication failures", { ST_AUTH, false } },
	{ "No more authentication methods", { ST_AUTH, false } },
	{ "No supported authentication methods", { ST_AUTH, false } },
	{ "not allowed because", { ST_AUTH, false } },
	{ "Exceeded MaxStartups", { ST_UNREACHABLE, true } },
	{ "Not allowed at this time", { ST_UNREACHABLE, true } },
	{ "Connection refused", { ST_UNREACHABLE, false } },
	{ "timed out", { ST_UNREACHABLE, false } },
	{ "Could not resolve hostname", { ST_UNREACHABLE, false } },
	{ "No route to host", { ST_UNREACHABLE, false } },
	{ "open failed", { ST_UNREACHABLE, false } },
	{ "invalid format", { ST_UNREACHABLE, false } },
	{ "kex_exchange_identification", { ST_UNREACHABLE, true } },
	{ "ssh_exchange_identification", { ST_UNREACHABLE, true } },
	{ "banner exchange", { ST_UNREACHABLE, true } },
	{ "Connection closed by", { ST_UNREACHABLE, true } },
	{ "Connection reset by", { ST_UNREACHABLE, true } },
};

static struct link_failure
judge(const char *p, size_t len)
{
	for (size_t i = 0; i < countof(said); i++) {
		if (memmem(p, len, said[i].words, strlen(said[i].words)))
			return said[i].is;
	}
	return (struct link_failure){ ST_UNREACHABLE, false };
}

const struct transport transport_ssh = {
	.name = "ssh", .prepare = prepare, .prepare_copy = prepare_copy,
	.judge = judge,
};
