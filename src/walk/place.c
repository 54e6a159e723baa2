/* SPDX-License-Identifier: ISC */
/* what the job says of a host, by its groups and its own section */
#include <stdlib.h>
#include <string.h>

#include "base/hosts.h"
#include "base/inventory.h"
#include "base/mem.h"
#include "walk/place.h"

/* a place while it is made */
struct making {
	struct walk *w;
	struct place *place;
	struct ctx ctx;		/* of nobody: only ${host} is there */
	struct binding *var;
	size_t nvar, var_cap;
	uint32_t *cap;
	size_t ncap, cap_cap;
	struct buf *why;
};

/* a later value of the same name is the only one; takes it over */
static void
set_var(struct making *m, uint32_t sym, struct value *v)
{
	for (size_t i = 0; i < m->nvar; i++)
		if (m->var[i].sym == sym) {
			value_unref(m->var[i].value);
			m->var[i].value = v;
			return;
		}
	m->var = mem_grow(m->var, &m->var_cap, m->nvar + 1, sizeof(*m->var));
	m->var[m->nvar++] = (struct binding){ sym, v };
}

static int
set_vars(struct making *m, const struct setting *var, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf text = { 0 };
		int rc = vars_fill(m->w, &m->ctx, &var[i].value, &text,
		    m->why);

		if (rc == 0)
			set_var(m, var[i].sym, value_new(text.data, text.len));
		buf_fini(&text);
		if (rc == -1)
			return -1;
	}
	return 0;
}

static int
set_keys(struct making *m, const struct contact *c)
{
	const struct keys_maker maker = { .w = m->w, .c = &m->ctx,
	    .arena = places_arena(m->w), .why = m->why };

	return keys_fill(&maker, c, &m->place->keys);
}

/* --- what an inventory says ------------------------------------------------ */

static int
refuse(struct making *m, const struct host_group *g,
    const struct inventory_var *v, const char *what)
{
	why_at(m->w, g->pos, m->why);
	buf_addf(m->why, "the inventory sets %s for '%s': %s", v->name,
	    m->place->host, what);
	return -1;
}

static int
set_way(struct making *m, const struct host_group *g,
    const struct inventory_var *v, struct keys *k)
{
	if (!strcmp(v->value, "local"))
		k->via = VIA_LOCAL;
	else if (!strcmp(v->value, "ssh") || !strcmp(v->value, "smart") ||
	    !strcmp(v->value, "paramiko"))
		k->via = VIA_SSH;
	else
		return refuse(m, g, v, "it has no meaning here; 'via' has");
	k->given |= CONTACT_VIA;
	return 0;
}

static int
set_port(struct making *m, const struct host_group *g,
    const struct inventory_var *v, struct keys *k)
{
	int64_t n;

	if (num_int(v->value, &n) == -1 || n < 1 || n > 65535)
		return refuse(m, g, v, "that is no port");
	k->port = (unsigned)n;
	k->given |= CONTACT_PORT;
	return 0;
}

/* a variable of an inventory; those about Ansible's own ways say nothing */
static int
set_inventory(struct making *m, const struct host_group *g,
    const struct inventory_var *v, struct keys *k)
{
	struct arena *a = places_arena(m->w);
	const char *n = v->name;
	uint32_t sym;

	if (strncmp(n, "ansible_", 8) != 0) {
		sym = vars_symbol(m->w, n, strlen(n));
		/* names that are pseq's own, or of secrets, stay what they are */
		if (sym >= SYM_FIXED && !plan_secret(m->w->plan, sym))
			set_var(m, sym, value_str(v->value));
		return 0;
	}
	n += 8;
	if (!strncmp(n, "ssh_", 4) && (!strcmp(n + 4, "host") ||
	    !strcmp(n + 4, "port") || !strcmp(n + 4, "user")))
		n += 4;
	if (!strcmp(n, "host")) {
		m->place->address = arena_strdup(a, v->value);
	} else if (!strcmp(n, "user")) {
		k->user = arena_strdup(a, v->value);
		k->given |= CONTACT_USER;
	} else if (!strcmp(n, "port")) {
		return set_port(m, g, v, k);
	} else if (!strcmp(n, "ssh_private_key_file") ||
	    !strcmp(n, "private_key_file")) {
		k->identity = keys_home(a, arena_strdup(a, v->value));
		k->given |= CONTACT_IDENTITY;
	} else if (!strcmp(n, "connection")) {
		return set_way(m, g, v, k);
	} else if (!strncmp(n, "ssh_", 4) && strstr(n, "_args")) {
		return refuse(m, g, v, "write option = NAME=VALUE in "
		    "[hosts]");
	} else if (!strcmp(n, "password") || !strcmp(n, "ssh_pass")) {
		return refuse(m, g, v, "a password is never used");
	}
	return 0;
}

static int
add_inventories(struct making *m, uint32_t group)
{
	const struct host_group *g = &m->w->plan->group[group];

	for (size_t i = 0; i < g->nfrom; i++) {
		const struct inventory_var *v;
		struct keys k = { 0 };
		size_t n;

		if (g->from[i].kind != HOSTS_ANSIBLE)
			continue;
		n = groups_vars(m->w, group, i, m->place->host, &v);
		for (size_t j = 0; j < n; j++)
			if (set_inventory(m, g, &v[j], &k) == -1)
				return -1;
		keys_overlay(places_arena(m->w), &m->place->keys, &k);
	}
	return 0;
}

/* --- all of it -------------------------------------------------------------- */

static int
add_group(struct making *m, uint32_t group)
{
	const struct host_group *g = &m->w->plan->group[group];

	if (set_keys(m, &g->contact) == -1 || set_vars(m, g->var, g->nvar) == -1)
		return -1;
	if (g->parallel.given) {
		m->cap = mem_grow(m->cap, &m->cap_cap, m->ncap + 1,
		    sizeof(*m->cap));
		m->cap[m->ncap++] = group;
	}
	return add_inventories(m, group);
}

static int
add_own(struct making *m)
{
	const struct plan *p = m->w->plan;
	struct buf text = { 0 };
	int rc;

	for (size_t i = 0; i < p->nhost; i++) {
		const struct host_def *h = &p->host[i];

		if (strcmp(h->name, m->place->host) != 0)
			continue;
		if (set_keys(m, &h->contact) == -1 ||
		    set_vars(m, h->var, h->nvar) == -1)
			return -1;
		if (!h->has_address)
			return 0;
		rc = vars_fill(m->w, &m->ctx, &h->address, &text, m->why);
		if (rc == 0)
			m->place->address = arena_strdup(places_arena(m->w),
			    buf_str(&text));
		buf_fini(&text);
		return rc;
	}
	return 0;
}

/* nothing of it may be read as something else than a name */
static int
check(struct walk *w, const char *name, const char *what, struct buf *why)
{
	struct buf ignored = { 0 };

	/* "?" stands for what nobody has asked for */
	if ((w->o.no_commands && !strcmp(name, "?")) ||
	    hosts_check_name(name, strlen(name), &ignored) == 0)
		return 0;
	buf_fini(&ignored);
	why_at(w, (struct pos){ 0 }, why);
	buf_addf(why, "'%.80s' is no %s", name, what);
	return -1;
}

static int
make(struct making *m)
{
	struct walk *w = m->w;

	if (check(w, m->place->host, "name of a host", m->why) == -1)
		return -1;
	for (uint32_t i = 0; i < w->plan->ngroup; i++) {
		int in = groups_holds(w, i, m->place->host, m->why);

		if (in == -1 || (in == 1 && add_group(m, i) == -1))
			return -1;
	}
	if (add_own(m) == -1)
		return -1;
	return check(w, m->place->address, "address", m->why);
}

struct place *
place_make(struct walk *w, const char *host, struct buf *why)
{
	struct arena *a = places_arena(w);
	struct place *p = arena_alloc(a, sizeof(*p));
	struct making m = { .w = w, .place = p, .why = why };
	int rc;

	p->host = p->address = arena_strdup(a, host);
	m.ctx = (struct ctx){ .w = w, .host = value_str(host) };
	rc = make(&m);
	value_unref(m.ctx.host);
	/* groups may have been read for it */
	p->known = groups_known(w);
	p->var = arena_copy(a, m.var, m.nvar, sizeof(*m.var));
	p->nvar = m.nvar;
	p->cap = arena_copy(a, m.cap, m.ncap, sizeof(*m.cap));
	p->ncap = m.ncap;
	free(m.var);
	free(m.cap);
	if (rc == 0)
		return p;
	place_fini(p);
	return NULL;
}

void
place_fini(const struct place *p)
{
	for (size_t i = 0; i < p->nvar; i++)
		value_unref(p->var[i].value);
}
