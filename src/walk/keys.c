/* SPDX-License-Identifier: ISC */
/* how hosts are reached: settings filled in, and laid over each other */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "walk/place.h"

static int
wrong(const struct keys_maker *m, struct pos pos, const char *text,
    const char *what)
{
	why_at(m->w, pos, m->why);
	buf_addf(m->why, "'%.60s' is no %s", text, what);
	return -1;
}

/* a text as a string of the arena; NULL and why */
static const char *
fill(const struct keys_maker *m, const struct text *t)
{
	struct buf text = { 0 };
	const char *s = NULL;

	if (vars_fill(m->w, m->c, t, &text, m->why) == 0)
		s = arena_strdup(m->arena, buf_str(&text));
	buf_fini(&text);
	return s;
}

static int
fill_port(const struct keys_maker *m, const struct text *t, unsigned *port)
{
	const char *s = fill(m, t);
	int64_t n;

	if (!s)
		return -1;
	if (num_int(s, &n) == -1 || n < 1 || n > 65535)
		return wrong(m, t->pos, s, "port");
	*port = (unsigned)n;
	return 0;
}

int
keys_via(const struct keys_maker *m, const struct via_name *via,
    struct keys *k)
{
	const char *s;

	k->given |= CONTACT_VIA;
	k->via = via->kind;
	k->via_index = via->index;
	if (via->kind != VIA_TEXT)
		return 0;
	s = fill(m, &via->text);
	if (!s)
		return -1;
	if (!strcmp(s, "ssh") || !strcmp(s, "local")) {
		k->via = *s == 's' ? VIA_SSH : VIA_LOCAL;
		return 0;
	}
	for (size_t i = 0; i < m->w->plan->nvia; i++)
		if (!strcmp(m->w->plan->via[i].name, s)) {
			k->via = VIA_NAMED;
			k->via_index = (uint32_t)i;
			return 0;
		}
	return wrong(m, via->text.pos, s, "way to hosts");
}

static int
fill_options(const struct keys_maker *m, const struct contact *from,
    struct keys *k)
{
	const char **list = arena_alloc(m->arena,
	    (from->noption + 1) * sizeof(*list));

	for (size_t i = 0; i < from->noption; i++) {
		const struct contact_option *o = &from->option[i];
		struct buf text = { 0 };
		int rc;

		buf_addf(&text, "%s=", o->name);
		rc = vars_fill(m->w, m->c, &o->value, &text, m->why);
		if (rc == 0)
			list[i] = arena_strdup(m->arena, buf_str(&text));
		buf_fini(&text);
		if (rc == -1)
			return -1;
		if (strchr(list[i], '\n'))
			return wrong(m, o->value.pos, list[i],
			    "option: it has several lines");
	}
	k->option = list;
	k->noption = from->noption;
	return 0;
}

const char *
keys_home(struct arena *a, const char *path)
{
	const char *home = getenv("HOME");
	char *s;
	size_t n;

	if (strncmp(path, "~/", 2) != 0 || !home)
		return path;
	n = strlen(home) + strlen(path);
	s = arena_alloc(a, n);
	snprintf(s, n, "%s%s", home, path + 1);
	return s;
}

static int
fill_user(const struct keys_maker *m, const struct text *t, struct keys *k)
{
	k->user = fill(m, t);
	if (!k->user)
		return -1;
	if (!*k->user || *k->user == '-' || strpbrk(k->user, " \t\n"))
		return wrong(m, t->pos, k->user, "name of a user");
	return 0;
}

static int
fill_figures(const struct keys_maker *m, const struct contact *from,
    struct keys *k)
{
	double n;

	if (from->given & CONTACT_TIMEOUT) {
		if (vars_figure(m->w, m->c, &from->connect_timeout,
		    &k->connect_timeout, m->why) == -1)
			return -1;
		if (k->connect_timeout <= 0)
			return wrong(m, from->connect_timeout.text.pos, "0",
			    "time to connect in");
	}
	if (from->given & CONTACT_RETRY) {
		if (vars_figure(m->w, m->c, &from->connect_retry, &n,
		    m->why) == -1)
			return -1;
		k->connect_retry = n < CONNECT_RETRY_MAX ? (unsigned)n :
		    CONNECT_RETRY_MAX;
	}
	return 0;
}

int
keys_fill(const struct keys_maker *m, const struct contact *from,
    struct keys *to)
{
	struct keys k = { .given = from->given,
	    .host_keys = from->host_keys };

	if (from->given & CONTACT_USER &&
	    fill_user(m, &from->user, &k) == -1)
		return -1;
	if (from->given & CONTACT_PORT &&
	    fill_port(m, &from->port, &k.port) == -1)
		return -1;
	if (from->given & CONTACT_IDENTITY) {
		k.identity = fill(m, &from->identity);
		if (!k.identity)
			return -1;
		k.identity = keys_home(m->arena, k.identity);
	}
	if (from->given & CONTACT_VIA &&
	    keys_via(m, &from->via, &k) == -1)
		return -1;
	if (from->given & CONTACT_OPTION &&
	    fill_options(m, from, &k) == -1)
		return -1;
	if (fill_figures(m, from, &k) == -1)
		return -1;
	keys_overlay(m->arena, to, &k);
	return 0;
}

/* --- one over the other --------------------------------------------------- */

static bool
has_option(const struct keys *k, const char *option)
{
	size_t len = strcspn(option, "=");

	for (size_t i = 0; i < k->noption; i++)
		if (strcspn(k->option[i], "=") == len &&
		    !strncasecmp(k->option[i], option, len))
			return true;
	return false;
}

/* options of one name are replaced as a whole */
static void
overlay_options(struct arena *a, struct keys *k, const struct keys *over)
{
	const char **list = arena_alloc(a,
	    (k->noption + over->noption + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < k->noption; i++)
		if (!has_option(over, k->option[i]))
			list[n++] = k->option[i];
	for (size_t i = 0; i < over->noption; i++)
		list[n++] = over->option[i];
	k->option = list;
	k->noption = n;
}

void
keys_overlay(struct arena *a, struct keys *k, const struct keys *over)
{
	if (over->given & CONTACT_USER)
		k->user = over->user;
	if (over->given & CONTACT_PORT)
		k->port = over->port;
	if (over->given & CONTACT_IDENTITY)
		k->identity = over->identity;
	if (over->given & CONTACT_VIA) {
		k->via = over->via;
		k->via_index = over->via_index;
	}
	if (over->given & CONTACT_HOST_KEYS)
		k->host_keys = over->host_keys;
	if (over->given & CONTACT_TIMEOUT)
		k->connect_timeout = over->connect_timeout;
	if (over->given & CONTACT_RETRY)
		k->connect_retry = over->connect_retry;
	if (over->given & CONTACT_OPTION) {
		if (k->given & CONTACT_OPTION)
			overlay_options(a, k, over);
		else {
			k->option = over->option;
			k->noption = over->noption;
		}
	}
	k->given |= over->given;
}

static const struct keys *
copy(struct arena *a, const struct keys *k)
{
	struct keys *new = arena_copy(a, k, 1, sizeof(*k));
	const char **list = arena_alloc(a, (k->noption + 1) * sizeof(*list));

	if (k->user)
		new->user = arena_strdup(a, k->user);
	if (k->identity)
		new->identity = arena_strdup(a, k->identity);
	for (size_t i = 0; i < k->noption; i++)
		list[i] = arena_strdup(a, k->option[i]);
	new->option = list;
	return new;
}

const struct keys *
keys_intern(struct walk *w, const struct keys *k)
{
	struct buf content = { 0 };
	const void **slot;

	buf_addf(&content, "%u %u %d %u %d %.17g %u %s%c%s", k->given,
	    k->port, (int)k->via, k->via_index, (int)k->host_keys,
	    k->connect_timeout, k->connect_retry, k->user ? k->user : "",
	    '\n', k->identity ? k->identity : "");
	for (size_t i = 0; i < k->noption; i++)
		buf_addf(&content, "\n%s", k->option[i]);
	slot = interned(places_keys(w), content.data, content.len);
	if (!*slot)
		*slot = copy(places_arena(w), k);
	buf_fini(&content);
	return *slot;
}
