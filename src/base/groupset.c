/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/groupset.h"
#include "base/hosts.h"
#include "base/mem.h"
#include "base/near.h"

enum { DEEP = 1000 };		/* children of children */

/* --- filling ------------------------------------------------------------ */

void
groupset_init(struct groupset *s)
{
	*s = (struct groupset){ 0 };
	groupset_group(s, "all", 3);
	groupset_group(s, "ungrouped", 9);
	s->group[GROUPSET_ALL].declared = true;
	s->group[GROUPSET_UNGROUPED].declared = true;
}

static void
free_group(struct groupset_group *g)
{
	free(g->children.of);
	free(g->parents.of);
	free(g->members.of);
	free(g->child_line);
	free(g->vars.var);
	hosts_free(g->hosts);
}

void
groupset_fini(struct groupset *s)
{
	for (uint32_t i = 0; i < s->groups.n; i++)
		free_group(&s->group[i]);
	for (uint32_t i = 0; i < s->hosts.n; i++) {
		free(s->host[i].groups.of);
		free(s->host[i].own.var);
		free(s->host[i].vars.var);
	}
	free(s->group);
	free(s->host);
	map_fini(&s->groups);
	map_fini(&s->hosts);
	arena_fini(&s->arena);
}

uint32_t
groupset_group(struct groupset *s, const char *name, size_t len)
{
	uint32_t had = s->groups.n, k = map_add(&s->groups, name, len);

	s->group = mem_grow(s->group, &s->group_cap, s->groups.n,
	    sizeof(*s->group));
	if (s->groups.n > had)
		s->group[k] = (struct groupset_group){ .priority = 1 };
	return k;
}

uint32_t
groupset_host(struct groupset *s, const char *name, size_t len)
{
	uint32_t had = s->hosts.n, k = map_add(&s->hosts, name, len);

	s->host = mem_grow(s->host, &s->host_cap, s->hosts.n,
	    sizeof(*s->host));
	if (s->hosts.n > had)
		s->host[k] = (struct groupset_host){ 0 };
	return k;
}

static bool
is_in(const struct groupset_list *l, uint32_t n)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->of[i] == n)
			return true;
	return false;
}

static void
append(struct groupset_list *l, uint32_t n)
{
	l->of = mem_grow(l->of, &l->cap, l->n + 1, sizeof(*l->of));
	l->of[l->n++] = n;
}

void
groupset_child(struct groupset *s, uint32_t group, uint32_t child,
    unsigned line)
{
	struct groupset_group *g = &s->group[group];

	if (is_in(&g->children, child))
		return;
	append(&g->children, child);
	g->child_line = mem_grow(g->child_line, &g->line_cap, g->children.n,
	    sizeof(*g->child_line));
	g->child_line[g->children.n - 1] = line;
	append(&s->group[child].parents, group);
}

void
groupset_member(struct groupset *s, uint32_t group, uint32_t host)
{
	if (is_in(&s->host[host].groups, group))
		return;
	append(&s->host[host].groups, group);
	append(&s->group[group].members, host);
}

/* the texts are borrowed */
static void
set_var(struct groupset_vars *v, const struct inventory_var *var)
{
	for (size_t i = 0; i < v->n; i++)
		if (!strcmp(v->var[i].name, var->name)) {
			v->var[i].value = var->value;
			return;
		}
	v->var = mem_grow(v->var, &v->cap, v->n + 1, sizeof(*v->var));
	v->var[v->n++] = *var;
}

void
groupset_var(struct groupset *s, struct groupset_vars *v, const char *name,
    const char *value)
{
	struct inventory_var var = {
		arena_strdup(&s->arena, name), arena_strdup(&s->arena, value)
	};

	set_var(v, &var);
}

const char *
groupset_near(const struct groupset *s, const char *name)
{
	struct near near = { 0 };

	for (uint32_t i = 0; i < s->groups.n; i++)
		if (s->group[i].declared)
			near_offer(&near, name, s->groups.name[i]);
	return near.best;
}

/* --- what is missing, circles ------------------------------------------- */

static int
find_missing(const struct groupset *s, struct buf *why, unsigned *line)
{
	const char *near;

	for (uint32_t i = 0; i < s->groups.n; i++) {
		if (s->group[i].declared || !s->group[i].needed)
			continue;
		*line = s->group[i].line;
		buf_addf(why, "there is no group '%s'", s->groups.name[i]);
		near = groupset_near(s, s->groups.name[i]);
		if (near)
			buf_addf(why, "; did you mean '%s'?", near);
		return -1;
	}
	return 0;
}

/* go down; a group that is met within itself closes a circle */
static int
find_circle(struct groupset *s, uint32_t at, unsigned depth, struct buf *why,
    unsigned *line)
{
	struct groupset_group *g = &s->group[at];

	g->state = WITHIN;
	for (size_t i = 0; i < g->children.n; i++) {
		uint32_t child = g->children.of[i];

		*line = g->child_line[i];
		if (depth == DEEP || s->group[child].height == DEEP) {
			buf_addf(why, "groups are nested more than %d deep",
			    DEEP);
			return -1;
		}
		if (s->group[child].state == WITHIN) {
			buf_addf(why, "group '%s' would be within itself",
			    s->groups.name[child]);
			return -1;
		}
		if (s->group[child].state == UNSEEN &&
		    find_circle(s, child, depth + 1, why, line) == -1)
			return -1;
		if (s->group[child].height + 1 > g->height)
			g->height = s->group[child].height + 1;
	}
	g->state = SEEN;
	return 0;
}

/* --- who belongs to what ------------------------------------------------ */

/* groups nobody names as a child are children of all */
static void
root(struct groupset *s)
{
	for (uint32_t i = 1; i < s->groups.n; i++)
		if (s->group[i].parents.n == 0)
			groupset_child(s, GROUPSET_ALL, i, 0);
}

/* hosts that only 'all' and 'ungrouped' name are the ones of the latter */
static void
sort_out_ungrouped(struct groupset *s)
{
	struct groupset_list *loose = &s->group[GROUPSET_UNGROUPED].members;

	loose->n = 0;
	for (uint32_t i = 0; i < s->hosts.n; i++) {
		struct groupset_list *in = &s->host[i].groups;
		size_t n = 0;

		for (size_t k = 0; k < in->n; k++)
			if (in->of[k] > GROUPSET_UNGROUPED)
				in->of[n++] = in->of[k];
		in->n = n;
		if (n > 0)
			continue;
		append(in, GROUPSET_UNGROUPED);
		append(loose, i);
	}
}

/* circles are ruled out; a group's depth is known once its parents' are */
static unsigned
depth_of(struct groupset *s, uint32_t at)
{
	struct groupset_group *g = &s->group[at];

	if (at == GROUPSET_ALL || g->depth > 0)
		return g->depth;
	for (size_t i = 0; i < g->parents.n; i++) {
		unsigned d = depth_of(s, g->parents.of[i]) + 1;

		if (d > g->depth)
			g->depth = d;
	}
	return g->depth;
}

static void
add_members(struct groupset *s, uint32_t at, struct hosts *to, bool *seen)
{
	struct groupset_group *g = &s->group[at];

	if (seen[at])
		return;
	seen[at] = true;
	for (size_t i = 0; i < g->members.n; i++) {
		const char *name = s->hosts.name[g->members.of[i]];

		hosts_add(to, name, strlen(name));
	}
	for (size_t i = 0; i < g->children.n; i++)
		add_members(s, g->children.of[i], to, seen);
}

static void
gather_hosts(struct groupset *s)
{
	bool *seen = mem_calloc(s->groups.n, sizeof(*seen));

	for (uint32_t i = 0; i < s->groups.n; i++) {
		s->group[i].hosts = hosts_new();
		memset(seen, 0, s->groups.n * sizeof(*seen));
		if (i != GROUPSET_ALL)
			add_members(s, i, s->group[i].hosts, seen);
	}
	/* in the order of the file */
	for (uint32_t i = 0; i < s->hosts.n; i++)
		hosts_add(s->group[GROUPSET_ALL].hosts, s->hosts.name[i],
		    strlen(s->hosts.name[i]));
	free(seen);
}

/* --- variables ---------------------------------------------------------- */

struct merge {
	struct groupset *s;
	struct groupset_list groups;	/* of one host, with all parents */
	uint32_t *stamp;		/* of each group: host + 1 that has it */
};

static void
add_parents(struct merge *m, uint32_t group, uint32_t stamp)
{
	struct groupset_group *g = &m->s->group[group];

	if (m->stamp[group] == stamp)
		return;
	m->stamp[group] = stamp;
	append(&m->groups, group);
	for (size_t i = 0; i < g->parents.n; i++)
		add_parents(m, g->parents.of[i], stamp);
}

/* the later one wins: by depth, then priority, then name */
static int
by_rank(const void *pa, const void *pb, void *arg)
{
	const struct groupset *s = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
	const struct groupset_group *x = &s->group[a], *y = &s->group[b];

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	return strcmp(s->groups.name[a], s->groups.name[b]);
}

static void
merge_vars(struct merge *m, uint32_t host)
{
	struct groupset_host *h = &m->s->host[host];

	m->groups.n = 0;
	for (size_t i = 0; i < h->groups.n; i++)
		add_parents(m, h->groups.of[i], host + 1);
	qsort_r(m->groups.of, m->groups.n, sizeof(*m->groups.of), by_rank,
	    m->s);
	for (size_t i = 0; i < m->groups.n; i++) {
		struct groupset_vars *v = &m->s->group[m->groups.of[i]].vars;

		for (size_t k = 0; k < v->n; k++)
			set_var(&h->vars, &v->var[k]);
	}
	for (size_t k = 0; k < h->own.n; k++)
		set_var(&h->vars, &h->own.var[k]);
}

int
groupset_finish(struct groupset *s, struct buf *why, unsigned *line)
{
	struct merge m = { .s = s };

	if (find_missing(s, why, line) == -1)
		return -1;
	for (uint32_t i = 0; i < s->groups.n; i++)
		if (s->group[i].state == UNSEEN &&
		    find_circle(s, i, 0, why, line) == -1)
			return -1;
	root(s);
	sort_out_ungrouped(s);
	for (uint32_t i = 0; i < s->groups.n; i++)
		depth_of(s, i);
	gather_hosts(s);
	m.stamp = mem_calloc(s->groups.n, sizeof(*m.stamp));
	for (uint32_t i = 0; i < s->hosts.n; i++)
		merge_vars(&m, i);
	free(m.stamp);
	free(m.groups.of);
	return 0;
}
