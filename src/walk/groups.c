/* SPDX-License-Identifier: ISC */
/*
 * Groups of hosts while a job runs.  Sets, files and inventories are read
 * when they are first asked for, and files again when they have changed;
 * the commands of `hosts output` are run by whoever needs the group (see
 * groups_want()), once in a run.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hosts.h"
#include "base/inventory.h"
#include "base/mem.h"
#include "base/near.h"
#include "walk/place.h"

enum { FILE_SIZE_MAX = 64 * 1024 * 1024 };

struct from {			/* a source of a group */
	bool read;
	struct hosts *set;	/* … of one that is read; of an inventory
				   it is the inventory's */
	struct inventory *inventory;
	struct stat st;		/* of the file it was read from */
	bool absent;		/* there was no such file */
};

struct group {
	struct from *from;
	bool open;		/* being read: it is part of itself */
	bool busy;		/* a command of it runs */
};

struct places {
	struct arena arena;
	struct group *group;
	uint64_t known;
	struct hosts *chosen;	/* of --hosts; NULL: not known yet */
	struct map host;
	const struct place **place;	/* by number in host */
	size_t place_cap;
	const struct place **old;	/* of what was known before */
	size_t nold, old_cap;
	struct interned keys, endpoints;
};

struct places *
places_new(struct walk *w)
{
	struct places *p = mem_calloc(1, sizeof(*p));

	p->group = mem_calloc(w->plan->ngroup, sizeof(*p->group));
	for (size_t i = 0; i < w->plan->ngroup; i++)
		p->group[i].from = mem_calloc(w->plan->group[i].nfrom,
		    sizeof(struct from));
	return p;
}

static void
from_fini(struct from *f)
{
	if (f->inventory)
		inventory_free(f->inventory);
	else
		hosts_free(f->set);
	*f = (struct from){ 0 };
}

void
places_free(struct walk *w)
{
	struct places *p = w->places;

	if (!p)
		return;
	for (size_t i = 0; i < w->plan->ngroup; i++) {
		for (size_t k = 0; k < w->plan->group[i].nfrom; k++)
			from_fini(&p->group[i].from[k]);
		free(p->group[i].from);
	}
	for (uint32_t i = 0; i < p->host.n; i++)
		if (p->place[i])
			place_fini(p->place[i]);
	for (size_t i = 0; i < p->nold; i++)
		place_fini(p->old[i]);
	free(p->group);
	free(p->place);
	free(p->old);
	hosts_free(p->chosen);
	map_fini(&p->host);
	map_fini(&p->keys.map);
	free(p->keys.made);
	map_fini(&p->endpoints.map);
	free(p->endpoints.made);
	arena_fini(&p->arena);
	free(p);
}

struct arena *
places_arena(struct walk *w)
{
	return &w->places->arena;
}

struct interned *
places_keys(struct walk *w)
{
	return &w->places->keys;
}

struct interned *
places_endpoints(struct walk *w)
{
	return &w->places->endpoints;
}

const void **
interned(struct interned *in, const char *key, size_t len)
{
	uint32_t had = in->map.n, n = map_add(&in->map, key, len);

	in->made = mem_grow(in->made, &in->cap, in->map.n, sizeof(void *));
	if (n == had)
		in->made[n] = NULL;
	return &in->made[n];
}

uint64_t
groups_known(struct walk *w)
{
	return w->places->known;
}

const struct place *
place_find(struct walk *w, const char *host, size_t len, struct buf *why)
{
	struct places *p = w->places;
	uint32_t had = p->host.n, n = map_add(&p->host, host, len);
	struct place *new;

	p->place = mem_grow(p->place, &p->place_cap, p->host.n,
	    sizeof(*p->place));
	if (n == had)
		p->place[n] = NULL;
	if (p->place[n] && p->place[n]->known == p->known)
		return p->place[n];
	new = place_make(w, p->host.name[n], why);
	if (!new)
		return NULL;
	/* a lane may still be there with what was known before */
	if (p->place[n]) {
		p->old = mem_grow(p->old, &p->old_cap, p->nold + 1,
		    sizeof(*p->old));
		p->old[p->nold++] = p->place[n];
	}
	return p->place[n] = new;
}

/* --- files ------------------------------------------------------------------ */

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* 1: what was read is still what stands there, 0: read it; -1: errno */
static int
open_file(const char *path, const struct from *f, int *fd, struct stat *st)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd == -1)
		return -1;
	if (fstat(*fd, st) == -1)
		goto fail_close;
	if (!S_ISREG(st->st_mode) || st->st_size > FILE_SIZE_MAX) {
		errno = S_ISDIR(st->st_mode) ? EISDIR :
		    S_ISREG(st->st_mode) ? EFBIG : EINVAL;
		goto fail_close;
	}
	return f->read && is_same(st, &f->st);
fail_close:
	close(*fd);
	*fd = -1;
	return -1;
}

static int
read_all(int fd, struct buf *b)
{
	ssize_t n;

	do {
		char *to = buf_room(b, 64 * 1024);

		n = read(fd, to, 64 * 1024);
		if (n > 0)
			b->len += (size_t)n;
	} while (n > 0 && b->len <= FILE_SIZE_MAX);
	return n == -1 ? -1 : 0;
}

/* each line is a set without groups; what is wrong with one: its number */
static int
read_lines(struct hosts *set, const char *s, size_t len, struct buf *why)
{
	const char *end = s + len;
	struct buf what = { 0 };
	int rc = 0;

	for (unsigned line = 1; s < end && rc == 0; line++) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		size_t n;

		if (!eol)
			eol = end;
		n = (size_t)(eol - s);
		if (n > 0 && s[n - 1] == '\r')
			n--;
		if (n > 0 && *s != '#')
			rc = hosts_read(set, s, n, NULL, &what, NULL);
		if (rc == -1)
			buf_addf(why, "line %u: %s", line, buf_str(&what));
		s = eol + 1;
	}
	buf_fini(&what);
	return rc;
}

/* --- the sources of a group --------------------------------------------------- */

static int
fill(struct walk *w, const struct text *t, struct buf *to, struct buf *why)
{
	return vars_fill(w, NULL, t, to, why);
}

static void
took(struct walk *w, struct from *f, struct from *new)
{
	from_fini(f);
	*f = *new;
	f->read = true;
	w->places->known++;
}

static int
cannot_read(struct walk *w, const struct hosts_from *d, const char *path,
    const char *what, struct buf *why)
{
	why_at(w, d->pos, why);
	buf_addf(why, "cannot read '%s': %s", path, what);
	return -1;
}

static int
parse_inventory(struct walk *w, const struct hosts_from *d, const char *path,
    const struct buf *b, struct from *new, struct buf *why)
{
	struct buf group = { 0 };
	const char *near;

	new->inventory = inventory_read(path, b->data ? b->data : "", b->len,
	    why);
	if (!new->inventory)
		return -1;
	if (d->has_group && fill(w, &d->group, &group, why) == -1) {
		buf_fini(&group);
		return -1;
	}
	new->set = (struct hosts *)inventory_group(new->inventory,
	    d->has_group ? buf_str(&group) : NULL);
	if (!new->set) {
		near = inventory_near(new->inventory, buf_str(&group));
		why_at(w, d->pos, why);
		buf_addf(why, "'%s' has no group '%s'", path,
		    buf_str(&group));
		if (near)
			buf_addf(why, "; did you mean '%s'?", near);
	}
	buf_fini(&group);
	return new->set ? 0 : -1;
}

/* what the open file holds */
static int
parse_file(struct walk *w, const struct hosts_from *d, const char *path,
    int fd, struct from *new, struct buf *why)
{
	struct buf bytes = { 0 }, what = { 0 };
	int rc = 0;

	if (read_all(fd, &bytes) == -1) {
		rc = cannot_read(w, d, path, strerror(errno), why);
	} else if (d->kind == HOSTS_ANSIBLE) {
		rc = parse_inventory(w, d, path, &bytes, new, why);
	} else {
		new->set = hosts_new();
		if (read_lines(new->set, bytes.data, bytes.len, &what) == -1)
			rc = cannot_read(w, d, path, buf_str(&what), why);
	}
	buf_fini(&bytes);
	buf_fini(&what);
	return rc;
}

static int
read_file(struct walk *w, const struct hosts_from *d, struct from *f,
    struct buf *why)
{
	struct buf path = { 0 };
	struct from new = { 0 };
	int fd = -1, rc = fill(w, &d->text, &path, why), same;

	f->absent = false;
	if (rc == -1)
		goto out;
	same = open_file(buf_str(&path), f, &fd, &new.st);
	if (same == -1) {
		f->absent = errno == ENOENT;
		rc = cannot_read(w, d, buf_str(&path), strerror(errno), why);
		goto out;
	}
	if (same == 0)
		rc = parse_file(w, d, buf_str(&path), fd, &new, why);
	close(fd);
	if (same == 0 && rc == 0)
		took(w, f, &new);
	else
		from_fini(&new);
out:
	buf_fini(&path);
	return rc;
}

static int add_group(void *arg, const char *name, size_t len,
    struct hosts *to, struct buf *why);

static int
read_set(struct walk *w, const struct hosts_from *d, struct from *f,
    struct buf *why)
{
	struct hosts_groups groups = { .arg = w, .add = add_group };
	struct buf text = { 0 };
	struct from new = { .set = hosts_new() };
	int rc = fill(w, &d->text, &text, why);

	if (rc == 0)
		rc = hosts_read(new.set, buf_str(&text), text.len, &groups,
		    why, NULL);
	if (rc == 0)
		took(w, f, &new);
	else
		from_fini(&new);
	buf_fini(&text);
	return rc;
}

/* names given on the command line, or "?" where nothing is run */
const struct walk_list *
groups_given(const struct walk *w, const char *group)
{
	for (size_t i = 0; i < w->o.nlist; i++)
		if (w->o.list[i].group &&
		    !strcmp(w->o.list[i].group, group))
			return &w->o.list[i];
	return NULL;
}

static int
read_from(struct walk *w, uint32_t group, size_t i, struct buf *why)
{
	const struct hosts_from *d = &w->plan->group[group].from[i];
	struct from *f = &w->places->group[group].from[i];

	switch (d->kind) {
	case HOSTS_LINES:
	case HOSTS_ANSIBLE:
		return read_file(w, d, f, why);
	case HOSTS_SET:
		return f->read ? 0 : read_set(w, d, f, why);
	case HOSTS_OUTPUT:
		if (f->read)
			return 0;
		if (w->o.no_commands) {
			struct from new = { .set = hosts_new() };

			hosts_add(new.set, "?", 1);
			took(w, f, &new);
			return 0;
		}
		why_at(w, d->pos, why);
		buf_adds(why, "its command has not been run");
		return -1;
	}
	return 0;
}

static uint32_t
find(const struct walk *w, const char *name, size_t len, struct buf *why)
{
	const struct plan *p = w->plan;
	struct near near = { 0 };
	char *wanted;

	for (uint32_t i = 0; i < p->ngroup; i++)
		if (strlen(p->group[i].name) == len &&
		    !memcmp(p->group[i].name, name, len))
			return i;
	buf_clear(why);
	buf_addf(why, "no such group of hosts");
	wanted = mem_strndup(name, len);
	for (size_t i = 0; i < p->ngroup; i++)
		near_offer(&near, wanted, p->group[i].name);
	if (near.best)
		buf_addf(why, "; did you mean '%s'?", near.best);
	free(wanted);
	return NOWHERE;
}

static int
add_members(struct walk *w, uint32_t n, struct hosts *to, struct buf *why)
{
	struct group *g = &w->places->group[n];
	const struct host_group *d = &w->plan->group[n];
	const struct walk_list *list = groups_given(w, d->name);
	int rc = 0;

	for (size_t i = 0; list && i < list->n; i++)
		hosts_add(to, list->item[i], strlen(list->item[i]));
	if (list)
		return 0;
	if (g->open) {
		buf_clear(why);
		buf_adds(why, "it is a part of itself");
		return -1;
	}
	g->open = true;
	for (size_t i = 0; i < d->nfrom && rc == 0; i++) {
		rc = read_from(w, n, i, why);
		if (rc == 0)
			hosts_join(to, g->from[i].set);
	}
	g->open = false;
	return rc;
}

static int
add_group(void *arg, const char *name, size_t len, struct hosts *to,
    struct buf *why)
{
	uint32_t n = find(arg, name, len, why);

	return n == NOWHERE ? -1 : add_members(arg, n, to, why);
}

int
groups_eval(struct walk *w, const char *text, size_t len, struct hosts *to,
    struct buf *why, size_t *at)
{
	struct hosts_groups groups = { .arg = w, .add = add_group };

	return hosts_read(to, text, len, &groups, why, at);
}

/*
 * Is it known whether this source holds the host?  A file may not be there
 * yet, nor the output of a command; all else must be right.
 */
static int
is_known(struct walk *w, uint32_t n, size_t i, struct buf *why)
{
	const struct hosts_from *d = &w->plan->group[n].from[i];
	struct from *f = &w->places->group[n].from[i];
	struct wanted want;
	int rc;

	if (f->read)
		return 1;
	if (d->kind == HOSTS_OUTPUT && !w->o.no_commands)
		return 0;
	if (d->kind == HOSTS_SET) {
		rc = groups_want_set(w, &d->text, &want, why);
		if (rc != 0)
			return rc == 1 ? 0 : -1;
	}
	rc = read_from(w, n, i, why);
	if (rc == 0)
		return 1;
	if (!f->absent)
		return -1;
	buf_clear(why);
	return 0;
}

int
groups_holds(struct walk *w, uint32_t n, const char *host, struct buf *why)
{
	const struct host_group *d = &w->plan->group[n];
	const struct walk_list *list = groups_given(w, d->name);
	int rc = 0;

	for (size_t i = 0; list && i < list->n; i++)
		rc |= !strcmp(list->item[i], host);
	for (size_t i = 0; i < d->nfrom && !list && rc == 0; i++) {
		rc = is_known(w, n, i, why);
		if (rc == 1)
			rc = hosts_has(w->places->group[n].from[i].set, host,
			    strlen(host));
	}
	return rc;
}

size_t
groups_vars(struct walk *w, uint32_t n, size_t nth, const char *host,
    const struct inventory_var **var)
{
	const struct from *f = &w->places->group[n].from[nth];

	if (!f->inventory || !hosts_has(f->set, host, strlen(host)))
		return 0;
	return inventory_vars(f->inventory, host, var);
}

/* --- commands ----------------------------------------------------------------- */

bool *
groups_busy(struct walk *w, const struct wanted *want)
{
	return &w->places->group[want->group].busy;
}

/* --- --hosts ---------------------------------------------------------------- */

int
groups_choose(struct walk *w, struct buf *why)
{
	struct places *p = w->places;
	struct buf what = { 0 };
	int rc = 0;

	if (!w->o.hosts || p->chosen)
		return 0;
	p->chosen = hosts_new();
	rc = groups_eval(w, w->o.hosts, strlen(w->o.hosts), p->chosen, &what,
	    NULL);
	if (rc == -1) {
		buf_clear(why);
		buf_addf(why, "--hosts: %s", buf_str(&what));
		hosts_free(p->chosen);
		p->chosen = NULL;
	}
	buf_fini(&what);
	return rc;
}

bool
groups_is_chosen(const struct walk *w, const char *name)
{
	const struct hosts *chosen = w->places->chosen;

	return !chosen || hosts_has(chosen, name, strlen(name));
}

bool
groups_is_read(const struct walk *w, uint32_t group, size_t from)
{
	return w->places->group[group].from[from].read;
}

int
groups_take(struct walk *w, const struct wanted *want, const char *out,
    size_t len, struct buf *why)
{
	const struct host_group *d = &w->plan->group[want->group];
	struct from *f = &w->places->group[want->group].from[want->from];
	struct from new = { .set = hosts_new() };
	struct buf what = { 0 };

	/* another lane was first: once in a run is enough */
	if (f->read) {
		from_fini(&new);
		return 0;
	}
	if (read_lines(new.set, out, len, &what) == 0) {
		took(w, f, &new);
		return 0;
	}
	from_fini(&new);
	why_at(w, d->from[want->from].pos, why);
	buf_addf(why, "what the command of group '%s' prints is no list of "
	    "hosts: %s", d->name, buf_str(&what));
	buf_fini(&what);
	return -1;
}
