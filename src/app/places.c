/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "app/adhoc.h"
#include "app/load.h"
#include "app/opts.h"
#include "app/places.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/inventory.h"
#include "lang/lang.h"
#include "lang/source.h"
#include "model/plan.h"

/* [hosts web], [job]: a section that no inventory has */
static bool
is_job(const char *p, size_t len)
{
	const char *end = p + len, *line;

	for (; p < end; p = line ? line + 1 : end) {
		size_t n;

		line = memchr(p, '\n', (size_t)(end - p));
		n = (size_t)((line ? line : end) - p);
		if (*p == '[' && lang_is_section(p + 1, n - 1))
			return true;
	}
	return false;
}

/* of a job only the hosts count, not how it runs */
static struct plan *
from_job(const struct options *o, const char *name)
{
	struct plan *p = load_places(o, o->groups);

	if (!p)
		return NULL;
	p->name = name;
	p->nseq = p->nsecret = p->nchannel = p->nlimit = 0;
	p->is_secret = NULL;
	p->parallel = p->children = p->max_fail = (struct span){ 0 };
	p->timeout = (struct figure){ 0 };
	p->on_fail = ON_FAIL_CONTINUE;
	p->allow_empty = false;
	return p;
}

/* each group of it as a group of the plan */
static void
add_group(struct plan *p, const char *path, const char *name,
    struct host_group *g)
{
	struct arena *a = &p->arena;
	struct hosts_from from = {
		.kind = HOSTS_ANSIBLE, .text = adhoc_text(a, path),
		.has_group = true,
	};

	*g = (struct host_group){ .name = arena_strdup(a, name), .nfrom = 1 };
	from.group = adhoc_text(a, g->name);
	g->from = arena_copy(a, &from, 1, sizeof(from));
}

static struct plan *
from_inventory(const char *path, const struct source *src, const char *name)
{
	struct buf why = { 0 };
	struct inventory *inv = inventory_read(path, src->data, src->len,
	    &why);
	const char *const *groups;
	struct host_group *list;
	struct plan *p;
	size_t n = 0;

	if (!inv) {
		fprintf(stderr, "pseq: error: %s\n", buf_str(&why));
		buf_fini(&why);
		return NULL;
	}
	p = adhoc_plan(name);
	groups = inventory_groups(inv);
	while (groups[n])
		n++;
	list = arena_alloc(&p->arena, n * sizeof(*list));
	for (size_t i = 0; i < n; i++)
		add_group(p, path, groups[i], &list[i]);
	p->group = list;
	p->ngroup = n;
	inventory_free(inv);
	return p;
}

struct plan *
places_plan(const struct options *o, const char *name)
{
	struct sources src = { 0 };
	struct plan *p = NULL;
	const char *bad;

	if (!o->groups && o->vars.n > 0)
		fprintf(stderr, "pseq %s: -v sets variables of a job file, "
		    "and there is none; --groups FILE would tell it\n", name);
	else if (!o->groups)
		p = adhoc_plan(name);
	if (!o->groups)
		return p;
	bad = sources_read(&src, o->groups);
	if (bad)
		fprintf(stderr, "pseq: error: cannot read '%s': %s\n",
		    o->groups, bad);
	else if (is_job(src.list[0].data, src.list[0].len))
		p = from_job(o, name);
	else
		p = from_inventory(o->groups, &src.list[0], name);
	sources_fini(&src);
	return p;
}
