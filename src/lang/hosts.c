/* SPDX-License-Identifier: ISC */
/* the sections about hosts: names of all, then [hosts] and [host] */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/mem.h"
#include "base/near.h"
#include "lang/command.h"
#include "lang/figure.h"
#include "lang/contact.h"
#include "lang/loader.h"
#include "lang/words.h"

/* --- names ---------------------------------------------------------------- */

/* a section of that name is there already; reports it */
static bool
is_twice(struct loader *ld, const struct section *s, const char *what,
    struct pos first)
{
	diag_error(&ld->diag, s->name_pos, "%s '%s' twice: first in line %u "
	    "of %s", what, s->name, first.line,
	    ld->src.list[first.file].name);
	return true;
}

static bool
is_named(struct loader *ld, const struct section *s)
{
	if (s->name)
		return true;
	diag_error(&ld->diag, s->pos, "a name is missing: [%s NAME]",
	    s->kind);
	return false;
}

static bool
user_named(struct loader *ld, const struct section *s, const char *what)
{
	if (!is_named(ld, s))
		return false;
	if (is_user_name(s->name, strlen(s->name)))
		return true;
	diag_error(&ld->diag, s->name_pos, "'%s' is no name for %s", s->name,
	    what);
	diag_note(&ld->diag,
	    "letters, digits, '_' and '-', and not digits only");
	map_add(&ld->ghost, s->name, strlen(s->name));
	return false;
}

static void
declare_group(struct loader *ld, const struct section *s)
{
	uint32_t had;

	if (!user_named(ld, s, "a group of hosts"))
		return;
	had = find_group(ld, s->name, strlen(s->name));
	if (had != NOWHERE && is_twice(ld, s, "group", ld->group[had].pos))
		return;
	ld->group = mem_grow(ld->group, &ld->group_cap, ld->ngroup + 1,
	    sizeof(*ld->group));
	ld->group[ld->ngroup++] = (struct host_group){ .pos = s->name_pos,
	    .name = arena_strdup(&ld->plan->arena, s->name) };
}

static void
declare_host(struct loader *ld, const struct section *s)
{
	struct buf why = { 0 };

	if (!is_named(ld, s))
		return;
	if (hosts_check_name(s->name, strlen(s->name), &why) == -1) {
		diag_error(&ld->diag, s->name_pos, "%s", buf_str(&why));
		if (strpbrk(s->name, "[@"))
			diag_note(&ld->diag, "what many hosts have in common "
			    "stands in [hosts NAME]");
		buf_fini(&why);
		return;
	}
	for (size_t i = 0; i < ld->nhost; i++)
		if (!strcmp(ld->host[i].name, s->name)) {
			is_twice(ld, s, "host", ld->host[i].pos);
			return;
		}
	ld->host = mem_grow(ld->host, &ld->host_cap, ld->nhost + 1,
	    sizeof(*ld->host));
	ld->host[ld->nhost++] = (struct host_def){ .pos = s->name_pos,
	    .name = arena_strdup(&ld->plan->arena, s->name) };
}

static void
declare_via(struct loader *ld, const struct section *s)
{
	if (!user_named(ld, s, "a way to hosts"))
		return;
	if (!strcmp(s->name, "ssh") || !strcmp(s->name, "local") ||
	    !strcmp(s->name, "none")) {
		diag_error(&ld->diag, s->name_pos, "'%s' is pseq's own",
		    s->name);
		return;
	}
	for (size_t i = 0; i < ld->nvia; i++)
		if (!strcmp(ld->via[i].name, s->name)) {
			is_twice(ld, s, "way", ld->via[i].pos);
			return;
		}
	ld->via = mem_grow(ld->via, &ld->via_cap, ld->nvia + 1,
	    sizeof(*ld->via));
	ld->via[ld->nvia++] = (struct via_def){ .pos = s->name_pos,
	    .name = arena_strdup(&ld->plan->arena, s->name) };
}

void
declare_hosts(struct loader *ld)
{
	for (size_t i = 0; i < ld->nsection; i++) {
		const struct section *s = &ld->section[i];

		if (!s->kind)
			continue;
		if (!strcmp(s->kind, "hosts"))
			declare_group(ld, s);
		else if (!strcmp(s->kind, "host"))
			declare_host(ld, s);
		else if (!strcmp(s->kind, "via"))
			declare_via(ld, s);
	}
}

/* --- keys ----------------------------------------------------------------- */

/* what a section gathers while it is read */
struct gathering {
	struct loader *ld;
	const struct section *section;
	unsigned at;		/* enum key_at */
	uint32_t group;		/* of [hosts]; else NOWHERE */
	struct contacting contact;
	struct hosts_from *from;
	size_t nfrom, from_cap;
	struct setting *var;
	size_t nvar, var_cap;
};

static bool
is_known(struct loader *ld, struct entry *e, const char *section, unsigned at)
{
	const char *name = e->word[0].text;
	struct near n = { 0 };

	e->key = key_find(name);
	if (e->key && e->key->at & at)
		return true;
	forgive_entry(ld, e);
	if (e->key) {
		diag_error(&ld->diag, e->word[0].pos, "a key out of place: "
		    "'%s' does not belong in [%s]", name, section);
		e->key = NULL;
		return false;
	}
	diag_error(&ld->diag, e->word[0].pos, "no key '%s'", name);
	key_near(&n, name, at);
	diag_near(&ld->diag, &n);
	return false;
}

/* the keys that can be read; the others are reported and have no key */
static void
check_keys(struct gathering *g)
{
	const struct section *s = g->section;

	for (size_t i = 0; i < s->n; i++) {
		struct entry *e = &s->entry[i];
		bool many;

		if (!is_known(g->ld, e, s->kind, g->at))
			continue;
		many = e->key->flags & KEY_MANY || e->key->id == KEY_HOSTS;
		for (size_t k = 0; k < i && !many && e->key; k++)
			if (s->entry[k].key == e->key) {
				diag_error(&g->ld->diag, e->word[0].pos,
				    "'%s' twice: first in line %u",
				    e->key->name,
				    s->entry[k].word[0].pos.line);
				e->key = NULL;
			}
		if (e->key && !check_key_words(g->ld, e)) {
			forgive_entry(g->ld, e);
			e->key = NULL;
		}
	}
}

static bool
read_inventory(struct loader *ld, const struct value *v,
    struct hosts_from *from)
{
	struct word *w;
	size_t n;

	if (!all_words(ld, v, 0, "a file", &w, &n))
		return false;
	if (n > 2) {
		extra_word(ld, w[2].lit ? w[2].lit : "${...}", w[2].pos);
		return false;
	}
	from->text = w[0].text;
	from->has_group = n > 1;
	if (n > 1)
		from->group = w[1].text;
	return true;
}

static void
read_from(struct gathering *g, const struct entry *e)
{
	struct loader *ld = g->ld;
	struct hosts_from from = { .pos = e->word[0].pos };
	const char *source = e->nword > 1 ? e->word[1].text : "";
	struct word w;
	bool ok;

	if (!strcmp(source, "lines")) {
		from.kind = HOSTS_LINES;
		ok = one_word(ld, &e->value, "a file", &w);
		if (ok)
			from.text = w.text;
	} else if (!strcmp(source, "output")) {
		from.kind = HOSTS_OUTPUT;
		ok = command_value(ld, &e->value, ld->plan->shell.n > 0,
		    &from.command);
	} else if (!strcmp(source, "ansible")) {
		from.kind = HOSTS_ANSIBLE;
		ok = read_inventory(ld, &e->value, &from);
	} else {
		ok = host_set_value(ld, &e->value, g->group, &from.text);
	}
	if (!ok)
		return;
	g->from = mem_grow(g->from, &g->from_cap, g->nfrom + 1,
	    sizeof(*g->from));
	g->from[g->nfrom++] = from;
}

static void
read_host_var(struct gathering *g, const struct entry *e)
{
	struct loader *ld = g->ld;
	struct setting set = { .pos = e->word[1].pos };

	if (!symbol_set(ld, &e->word[1], SYM_SETTABLE, &set.sym))
		return;
	for (size_t i = 0; i < g->nvar; i++)
		if (g->var[i].sym == set.sym) {
			diag_error(&ld->diag, set.pos,
			    "variable '%s' twice: first in line %u",
			    e->word[1].text, g->var[i].pos.line);
			return;
		}
	if (!text_whole(ld, &e->value, &set.value))
		return;
	g->var = mem_grow(g->var, &g->var_cap, g->nvar + 1, sizeof(*g->var));
	g->var[g->nvar++] = set;
}

static void
read_parallel(struct loader *ld, const struct value *v, struct figure *f)
{
	if (figure_value(ld, v, FIG_COUNT, f) && f->fixed && f->value < 1)
		diag_error(&ld->diag, value_pos(v, 0, v->len),
		    "'%s' is too small: at least 1", v->text);
}

static bool
read_address(struct loader *ld, const struct value *v, struct text *to)
{
	struct word w;

	if (!one_word(ld, v, "an address", &w))
		return false;
	*to = w.text;
	if (!w.lit || (*w.lit && *w.lit != '-'))
		return true;
	diag_error(&ld->diag, w.pos, "'%s' is no address", w.lit);
	return false;
}

static void
read_group(struct loader *ld, struct gathering *g, struct host_group *to)
{
	struct arena *a = &ld->plan->arena;
	bool any = !g->section->name;	/* what has no name was told */

	for (size_t i = 0; i < g->section->n; i++) {
		const struct entry *e = &g->section->entry[i];

		any |= !strcmp(e->word[0].text, "hosts");
		if (!e->key || read_contact_key(ld, e, &g->contact))
			continue;
		if (e->key->id == KEY_HOSTS)
			read_from(g, e);
		else if (e->key->id == KEY_VAR)
			read_host_var(g, e);
		else if (e->key->id == KEY_PARALLEL)
			read_parallel(ld, &e->value, &to->parallel);
	}
	if (!any)
		diag_error(&ld->diag, g->section->name_pos, "a group without "
		    "hosts: hosts = SET");
	to->from = arena_copy(a, g->from, g->nfrom, sizeof(*g->from));
	to->nfrom = g->nfrom;
	to->var = arena_copy(a, g->var, g->nvar, sizeof(*g->var));
	to->nvar = g->nvar;
	contacting_end(ld, &g->contact, &to->contact);
	free(g->from);
	free(g->var);
}

static void
read_host(struct loader *ld, struct gathering *g, struct host_def *to)
{
	for (size_t i = 0; i < g->section->n; i++) {
		const struct entry *e = &g->section->entry[i];

		if (!e->key || read_contact_key(ld, e, &g->contact))
			continue;
		if (e->key->id == KEY_VAR)
			read_host_var(g, e);
		else if (e->key->id == KEY_ADDRESS)
			to->has_address = read_address(ld, &e->value,
			    &to->address);
	}
	to->var = arena_copy(&ld->plan->arena, g->var, g->nvar,
	    sizeof(*g->var));
	to->nvar = g->nvar;
	contacting_end(ld, &g->contact, &to->contact);
	free(g->var);
}

/* --- all of them ------------------------------------------------------------ */

static void
read_section(struct loader *ld, const struct section *s)
{
	struct gathering g = { .ld = ld, .section = s, .group = NOWHERE };

	/* what has no place of its own is read nonetheless, for its mistakes */
	if (!strcmp(s->kind, "hosts")) {
		struct host_group none = { 0 }, *to = &none;

		g.at = AT_HOSTS;
		g.group = s->name ? find_group(ld, s->name, strlen(s->name)) :
		    NOWHERE;
		if (g.group != NOWHERE)
			to = &ld->group[g.group];
		check_keys(&g);
		read_group(ld, &g, to);
	} else if (!strcmp(s->kind, "host")) {
		struct host_def none = { 0 }, *to = &none;

		for (size_t i = 0; s->name && i < ld->nhost; i++)
			if (!strcmp(ld->host[i].name, s->name))
				to = &ld->host[i];
		g.at = AT_HOST;
		check_keys(&g);
		read_host(ld, &g, to);
	} else {
		struct via_def none = { 0 }, *to = &none;

		for (size_t i = 0; s->name && i < ld->nvia; i++)
			if (!strcmp(ld->via[i].name, s->name))
				to = &ld->via[i];
		g.at = AT_VIA;
		check_keys(&g);
		read_way(ld, s, to);
	}
}

void
read_hosts(struct loader *ld)
{
	for (size_t i = 0; i < ld->nsection; i++) {
		const struct section *s = &ld->section[i];

		if (!s->kind || (strcmp(s->kind, "hosts") != 0 &&
		    strcmp(s->kind, "host") != 0 && strcmp(s->kind, "via") != 0))
			continue;
		ld->in_vars = strcmp(s->kind, "via") != 0;
		ld->host_ok = true;
		read_section(ld, s);
		ld->in_vars = ld->host_ok = false;
	}
}
