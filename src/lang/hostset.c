/* SPDX-License-Identifier: ISC */
/* host sets: their signs, and the groups that they name */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/mem.h"
#include "base/near.h"
#include "lang/contact.h"
#include "lang/loader.h"
#include "lang/words.h"

/* a word of a set, without the signs before it */
struct member {
	size_t at, len;
	bool variable;		/* some of it is filled in */
	bool group;		/* it began with an @ */
};

/* the next word; false: there is none */
static bool
next_member(const struct value *v, size_t *at, struct member *m)
{
	const char *s = v->text;
	unsigned depth = 0;
	size_t i = *at + strspn(s + *at, " \t\n,!&^");

	*m = (struct member){ .at = i };
	if (i < v->len && s[i] == '@') {
		m->group = true;
		m->at = ++i;
	}
	for (; i < v->len; i++) {
		if (depth == 0 && strchr(" \t\n,!&^@", s[i]))
			break;
		if (s[i] == '[')
			depth++;
		else if (s[i] == ']' && depth > 0)
			depth--;
		else if (s[i] == '$' && s[i + 1] == '{') {
			m->variable = true;
			i += strcspn(s + i, "}");
			if (i >= v->len)
				break;
		}
	}
	m->len = i - m->at;
	*at = i;
	return m->group || m->len > 0;
}

static void
unknown_group(struct loader *ld, const char *name, struct pos pos)
{
	struct near n = { 0 };

	if (ld->incomplete ||
	    map_find(&ld->ghost, name, strlen(name)) != MAP_NONE)
		return;
	diag_error(&ld->diag, pos, "no group of hosts '%s'", name);
	for (size_t i = 0; i < ld->ngroup; i++)
		near_offer(&n, name, ld->group[i].name);
	if (!n.best)
		diag_note(&ld->diag, "groups are declared: [hosts %s]", name);
	diag_near(&ld->diag, &n);
}

uint32_t
find_group(const struct loader *ld, const char *name, size_t len)
{
	for (size_t i = 0; i < ld->ngroup; i++)
		if (strlen(ld->group[i].name) == len &&
		    !memcmp(ld->group[i].name, name, len))
			return (uint32_t)i;
	return NOWHERE;
}

/* whose set is looked at */
struct looking {
	struct loader *ld;
	const struct value *v;
	uint32_t in;
	bool single;		/* one host is meant */
};

static void
note(struct looking *l, const char *s, size_t len, struct pos pos, bool plain)
{
	struct loader *ld = l->ld;
	const char *name = arena_strndup(&ld->tmp, s, len);
	struct group_ref r = {
		.group = find_group(ld, name, len), .in = l->in,
		.plain = plain, .single = l->single, .pos = pos,
	};

	if (r.group == NOWHERE) {
		if (!plain)
			unknown_group(ld, name, pos);
		return;
	}
	ld->group_ref = mem_grow(ld->group_ref, &ld->group_ref_cap,
	    ld->ngroup_ref + 1, sizeof(*ld->group_ref));
	ld->group_ref[ld->ngroup_ref++] = r;
}

/* of a set without variables; "@" stands before it */
static void
on_group(void *arg, const char *group, size_t len, size_t at)
{
	struct looking *l = arg;
	size_t word = strcspn(l->v->text + at, " \t\n,!&^");

	note(l, group, len, value_pos(l->v, at, word > 0 ? word : 1), false);
}

static bool
check_signs(struct looking *l)
{
	const struct value *v = l->v;
	struct buf why = { 0 };
	size_t at = 0, len;
	int rc;

	rc = hosts_check(v->text, v->len, on_group, l, &why, &at);
	if (rc == -1) {
		len = strcspn(v->text + at, " \t\n");
		diag_error(&l->ld->diag, value_pos(v, at, len > 0 ? len : 1),
		    "%s", buf_str(&why));
	}
	buf_fini(&why);
	return rc == 0;
}

bool
host_set_value(struct loader *ld, const struct value *v, uint32_t group,
    struct text *to)
{
	struct looking l = { .ld = ld, .v = v, .in = group };
	const char *fixed;
	struct member m;
	size_t at = 0;

	if (v->text[strspn(v->text, " \t\n,")] == '\0')
		return missing(ld, v, "a host set");
	if (!text_whole(ld, v, to))
		return false;
	fixed = text_literal(to);
	if (fixed && strcmp(fixed, v->text) != 0)
		fixed = NULL;
	if (fixed && !check_signs(&l))
		return false;
	/* what is filled in is looked at when it is known */
	while (next_member(v, &at, &m))
		if (!m.variable && !(fixed && m.group) &&
		    !memchr(v->text + m.at, '[', m.len))
			note(&l, v->text + m.at, m.len,
			    value_pos(v, m.at, m.len), !m.group);
	return true;
}

bool
host_word(struct loader *ld, const struct word *w)
{
	struct looking l = { .ld = ld, .in = NOWHERE, .single = true };
	struct buf why = { 0 };
	int rc;

	if (!w->lit)
		return true;
	rc = hosts_check_name(w->lit, strlen(w->lit), &why);
	if (rc == -1)
		diag_error(&ld->diag, w->pos, "%s", buf_str(&why));
	else
		note(&l, w->lit, strlen(w->lit), w->pos, true);
	buf_fini(&why);
	return rc == 0;
}

/* --- when all groups are known -------------------------------------------- */

/* is there a host of that name, as well as a group? */
static bool
is_host(const struct loader *ld, uint32_t group)
{
	for (size_t i = 0; i < ld->nhost; i++)
		if (!strcmp(ld->host[i].name, ld->group[group].name))
			return true;
	for (size_t i = 0; i < ld->ngroup_ref; i++)
		if (ld->group_ref[i].plain && ld->group_ref[i].in == group &&
		    ld->group_ref[i].group == group)
			return true;
	return false;
}

/* is `to` a part of group `from`?  mark: those that were looked at */
static bool
leads_to(const struct loader *ld, uint32_t from, uint32_t to, bool *mark)
{
	if (from == to)
		return true;
	if (mark[from])
		return false;
	mark[from] = true;
	for (size_t i = 0; i < ld->ngroup_ref; i++) {
		const struct group_ref *r = &ld->group_ref[i];

		if (!r->plain && r->in == from &&
		    leads_to(ld, r->group, to, mark))
			return true;
	}
	return false;
}

void
check_host_sets(struct loader *ld)
{
	bool *told = mem_calloc(ld->ngroup + 1, 1);
	bool *mark = mem_calloc(ld->ngroup + 1, 1);

	for (size_t i = 0; i < ld->ngroup_ref; i++) {
		const struct group_ref *r = &ld->group_ref[i];
		const char *name = ld->group[r->group].name;

		if (r->plain) {
			if (!is_host(ld, r->group))
				diag_error(&ld->diag, r->pos, r->single ?
				    "'%s' is a group of hosts, not one" :
				    "'%s' is a group of hosts: @%s?", name,
				    name);
			continue;
		}
		if (r->in == NOWHERE || told[r->in])
			continue;
		memset(mark, 0, ld->ngroup);
		if (!leads_to(ld, r->group, r->in, mark))
			continue;
		diag_error(&ld->diag, r->pos, "group '%s' would be a part of "
		    "itself", ld->group[r->in].name);
		/* once for each circle */
		for (size_t k = 0; k < ld->ngroup; k++)
			told[k] |= mark[k];
		told[r->in] = told[r->group] = true;
	}
	free(told);
	free(mark);
}
