/* SPDX-License-Identifier: ISC */
/*
 * Groups of hosts while a job runs.  Sets, files and inventories are read
 * when they are first asked for, and files again when they have changed;
 * the commands of `hosts output` are run by whoever needs the group (see
 * groups_want()), once in a run.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hosts.h"
#include "base/inventory.h"
#include "base/mem.h"
#include "base/near.h"
#include "walk/places.h"

uint64_t
groups_known(struct walk *w)
{
	return w->places->known;
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
	int rc = vars_fill(w, NULL, &d->text, &text, why);

	if (rc == 0)
		rc = hosts_read(new.set, buf_str(&text), text.len, &groups,
		    why, NULL);
	if (rc == 0)
		from_took(w, f, &new);
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
		return from_file(w, d, f, why);
	case HOSTS_SET:
		return f->read ? 0 : read_set(w, d, f, why);
	case HOSTS_OUTPUT:
		if (f->read)
			return 0;
		if (w->o.no_commands) {
			struct from new = { .set = hosts_new() };

			hosts_add(new.set, "?", 1);
			from_took(w, f, &new);
			return 0;
		}
		why_at(w, d->pos, why);
		buf_adds(why, "its hosts come from a command, which is not run "
		    "for this");
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

	for (size_t i = 0; list && i < list->n && rc == 0; i++)
		rc = hosts_read(to, list->item[i], strlen(list->item[i]),
		    NULL, why, NULL);
	if (list)
		return rc;
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

	if (list) {
		struct hosts *set = hosts_new();

		rc = add_members(w, n, set, why);
		if (rc == 0)
			rc = hosts_has(set, host, strlen(host));
		hosts_free(set);
		return rc;
	}
	for (size_t i = 0; i < d->nfrom && rc == 0; i++) {
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

const struct hosts *
groups_chosen(const struct walk *w)
{
	return w->places->chosen;
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
	if (from_lines(new.set, out, len, &what) == 0) {
		from_took(w, f, &new);
		return 0;
	}
	from_fini(&new);
	why_at(w, d->from[want->from].pos, why);
	buf_addf(why, "what the command of group '%s' prints is no list of "
	    "hosts: %s", d->name, buf_str(&what));
	buf_fini(&what);
	return -1;
}
