/* SPDX-License-Identifier: ISC */
/* sections and lines; groupset.c makes of them who belongs to what */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/groupset.h"
#include "base/hosts.h"
#include "base/hostword.h"
#include "base/inventory.h"
#include "base/inventory_line.h"
#include "base/mem.h"
#include "base/num.h"

struct inventory {
	struct groupset set;
	const char **names;	/* of the groups, NULL-terminated */
};

enum section { HOSTS, CHILDREN, VARS };

struct reader {
	struct groupset *set;
	enum section section;
	uint32_t group;
	unsigned line;
	struct buf *why;
	struct buf word;
	struct groupset_list found;	/* hosts of the line */
};

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_name(const char *s, size_t len, const char *more)
{
	for (size_t i = 0; i < len; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') ||
		    (s[i] >= 'A' && s[i] <= 'Z') ||
		    (s[i] >= '0' && s[i] <= '9') || strchr(more, s[i])))
			return false;
	return len > 0;
}

static int
wrong(struct reader *r, const char *text)
{
	buf_adds(r->why, text);
	return -1;
}

/* only blanks and a comment from here? */
static bool
is_over(const char *s, const char *end)
{
	while (s < end && is_blank(*s))
		s++;
	return s == end || *s == '#';
}

/* --- sections ----------------------------------------------------------- */

static int
check_group(struct reader *r, const char *s, size_t len)
{
	if (is_name(s, len, "_-."))
		return 0;
	hostword_show(r->why, s, len);
	buf_adds(r->why, " cannot be the name of a group here: letters, "
	    "digits and . _ - can");
	return -1;
}

/* a group that some line needs and that a section has to declare */
static void
need(struct reader *r, uint32_t group)
{
	struct groupset_group *g = &r->set->group[group];

	if (!g->needed)
		g->line = r->line;
	g->needed = true;
}

static int
begin(struct reader *r, const char *s, size_t len, const char *kind,
    size_t nkind)
{
	static const char *const kinds[] = { "hosts", "children", "vars" };
	size_t k = 0;

	while (k < countof(kinds) && nkind > 0 &&
	    (strlen(kinds[k]) != nkind || memcmp(kinds[k], kind, nkind)))
		k++;
	if (k == countof(kinds)) {
		buf_adds(r->why, "a section is [GROUP], [GROUP:children] or "
		    "[GROUP:vars], not ");
		hostword_show(r->why, kind, nkind);
		return -1;
	}
	if (check_group(r, s, len) == -1)
		return -1;
	r->section = (enum section)k;
	r->group = groupset_group(r->set, s, len);
	if (r->section == VARS)
		need(r, r->group);
	else
		r->set->group[r->group].declared = true;
	return 0;
}

/* 1: it was one, 0: it is none, -1: a wrong one */
static int
read_section(struct reader *r, const char *s, const char *end)
{
	const char *close = memchr(s, ']', (size_t)(end - s)), *colon, *to;

	if (*s != '[')
		return 0;
	if (!close)
		return wrong(r, "there is no ']' behind '['");
	for (const char *p = ++s; p < close; p++)
		if (is_blank(*p))
			return wrong(r, "there can be no blanks in the name "
			    "of a section");
	if (!is_over(close + 1, end)) {
		/* names may begin with a range, or be an IPv6 address */
		if (memchr(s, ':', (size_t)(close - s)) &&
		    !is_blank(close[1]))
			return 0;
		return wrong(r, "there is something behind the section");
	}
	colon = memchr(s, ':', (size_t)(close - s));
	to = colon ? colon : close;
	if (colon && colon + 1 == close)
		return wrong(r, "a section is [GROUP], [GROUP:children] or "
		    "[GROUP:vars]");
	return begin(r, s, (size_t)(to - s), colon ? colon + 1 : NULL,
	    colon ? (size_t)(close - colon - 1) : 0) == -1 ? -1 : 1;
}

/* --- variables ---------------------------------------------------------- */

/* the value may be changed */
static int
set_var(struct reader *r, struct groupset_vars *vars, const char *name,
    char *value)
{
	struct buf why = { 0 };
	int rc = inventory_value(value, &why);

	if (!is_name(name, strlen(name), "_") ||
	    (*name >= '0' && *name <= '9')) {
		hostword_show(r->why, name, strlen(name));
		buf_adds(r->why, " cannot be the name of a variable: "
		    "letters, digits and _ can");
		rc = -1;
	} else if (rc == -1) {
		buf_addf(r->why, "%s: %s", name, buf_str(&why));
	} else {
		groupset_var(r->set, vars, name, value);
	}
	buf_fini(&why);
	return rc;
}

static int
set_priority(struct reader *r, char *value)
{
	if (num_int(value, &r->set->group[r->group].priority) == -1)
		return wrong(r, "ansible_group_priority is a number");
	return 0;
}

static int
read_var(struct reader *r, const char *s, const char *end)
{
	const char *equals = memchr(s, '=', (size_t)(end - s)), *to = equals;
	char *name, *value;
	int rc;

	if (!equals)
		return wrong(r, "a line of a :vars section is NAME=VALUE");
	while (to > s && is_blank(to[-1]))
		to--;
	while (++equals < end && is_blank(*equals))
		;
	name = mem_strndup(s, (size_t)(to - s));
	value = mem_strndup(equals, (size_t)(end - equals));
	if (!strcmp(name, "ansible_group_priority"))
		rc = set_priority(r, value);
	else
		rc = set_var(r, &r->set->group[r->group].vars, name, value);
	free(name);
	free(value);
	return rc;
}

/* --- hosts -------------------------------------------------------------- */

static int
take_host(void *arg, const char *name, size_t len)
{
	struct reader *r = arg;
	struct groupset_list *f = &r->found;
	uint32_t host;

	if (hosts_check_name(name, len, r->why) == -1)
		return -1;
	host = groupset_host(r->set, name, len);
	groupset_member(r->set, r->group, host);
	f->of = mem_grow(f->of, &f->cap, f->n + 1, sizeof(*f->of));
	f->of[f->n++] = host;
	return 0;
}

/*
 * HOST, HOST:PORT or [ADDRESS]:PORT in r->word; *port is its text, or NULL.
 * What is left of the word is the host.
 */
static char *
split_port(struct buf *word, char **port)
{
	char *s = word->data, *last = strrchr(s, ':'), *colon = NULL;
	size_t n = 0;
	bool within = false;

	*port = NULL;
	if (*s == '[' && last && last > s && last[-1] == ']' &&
	    !strchr(s + 1, '[')) {
		last[-1] = '\0';
		*port = last + 1;
		return s + 1;
	}
	for (char *p = s; *p; p++) {
		within = *p == '[' || (within && *p != ']');
		if (*p == ':' && !within) {
			colon = p;
			n++;
		}
	}
	/* an IPv6 address has more of them */
	if (n == 1) {
		*colon = '\0';
		*port = colon + 1;
	}
	return s;
}

static int
read_hosts(struct reader *r)
{
	char *port, *name;
	int64_t n;

	(void)buf_str(&r->word);
	name = split_port(&r->word, &port);
	r->found.n = 0;
	if (inventory_expand(name, take_host, r, r->why) == -1)
		return -1;
	if (!port)
		return 0;
	if (num_int(port, &n) == -1 || n < 1 || n > 65535)
		return wrong(r, "behind ':' stands the number of a port");
	for (size_t i = 0; i < r->found.n; i++)
		groupset_var(r->set, &r->set->host[r->found.of[i]].own,
		    "ansible_port", port);
	return 0;
}

static int
read_host_var(struct reader *r)
{
	char *word, *equals;

	(void)buf_str(&r->word);
	word = r->word.data;
	equals = strchr(word, '=');
	if (!equals) {
		buf_adds(r->why, "behind a host stand variables, NAME=VALUE, "
		    "not ");
		hostword_show(r->why, word, strlen(word));
		return -1;
	}
	*equals++ = '\0';
	for (size_t i = 0; i < r->found.n; i++) {
		char *value = mem_strdup(equals);
		int rc = set_var(r, &r->set->host[r->found.of[i]].own, word,
		    value);

		free(value);
		if (rc == -1)
			return -1;
	}
	return 0;
}

static int
read_host_line(struct reader *r, const char *s, const char *end)
{
	int rc = inventory_word(&s, end, &r->word, r->why);

	if (rc == 1)
		rc = read_hosts(r) == -1 ? -1 : 1;
	while (rc == 1) {
		rc = inventory_word(&s, end, &r->word, r->why);
		if (rc == 1 && read_host_var(r) == -1)
			rc = -1;
	}
	return rc;
}

/* --- lines -------------------------------------------------------------- */

static int
read_child(struct reader *r, const char *s, const char *end)
{
	const char *to = s;
	uint32_t child;

	while (to < end && !is_blank(*to) && *to != '#')
		to++;
	if (!is_over(to, end))
		return wrong(r, "a line of a :children section is the name of "
		    "a group");
	if (check_group(r, s, (size_t)(to - s)) == -1)
		return -1;
	child = groupset_group(r->set, s, (size_t)(to - s));
	if (child == GROUPSET_ALL)
		return wrong(r, "'all' cannot be within a group");
	need(r, child);
	groupset_child(r->set, r->group, child, r->line);
	return 0;
}

static int
read_line(struct reader *r, const char *s, const char *end)
{
	int rc;

	while (s < end && is_blank(*s))
		s++;
	while (end > s && is_blank(end[-1]))
		end--;
	if (s == end || *s == '#' || *s == ';')
		return 0;
	if (memchr(s, '\0', (size_t)(end - s)))
		return wrong(r, "there is a NUL byte");
	rc = read_section(r, s, end);
	if (rc != 0)
		return rc == -1 ? -1 : 0;
	switch (r->section) {
	case HOSTS:
		return read_host_line(r, s, end);
	case CHILDREN:
		return read_child(r, s, end);
	case VARS:
		return read_var(r, s, end);
	}
	return 0;
}

static int
read_lines(struct reader *r, const char *s, const char *end)
{
	/* a byte order mark is no part of the first line */
	if (end - s >= 3 && !memcmp(s, "\xef\xbb\xbf", 3))
		s += 3;
	for (r->line = 1; s < end; r->line++) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));

		if (read_line(r, s, nl ? nl : end) == -1)
			return -1;
		s = nl ? nl + 1 : end;
	}
	return 0;
}

/* --- what others see ---------------------------------------------------- */

static void
list_names(struct inventory *v)
{
	uint32_t n = v->set.groups.n;

	v->names = mem_calloc(n + 1, sizeof(*v->names));
	for (uint32_t i = 0; i < n; i++)
		v->names[i] = v->set.groups.name[i];
}

struct inventory *
inventory_read(const char *name, const char *bytes, size_t len,
    struct buf *why)
{
	struct inventory *v = mem_calloc(1, sizeof(*v));
	struct buf reason = { 0 };
	struct reader r = {
		.set = &v->set, .group = GROUPSET_UNGROUPED, .why = &reason,
	};
	int rc;

	groupset_init(&v->set);
	rc = read_lines(&r, bytes, bytes + len);
	if (rc == 0)
		rc = groupset_finish(&v->set, &reason, &r.line);
	buf_fini(&r.word);
	free(r.found.of);
	if (rc == -1) {
		buf_addf(why, "%s:%u: %s", name, r.line, buf_str(&reason));
		inventory_free(v);
		v = NULL;
	} else {
		list_names(v);
	}
	buf_fini(&reason);
	return v;
}

const struct hosts *
inventory_group(const struct inventory *v, const char *group)
{
	uint32_t k = GROUPSET_ALL;

	if (group)
		k = map_find(&v->set.groups, group, strlen(group));
	return k == MAP_NONE ? NULL : v->set.group[k].hosts;
}

const char *
inventory_near(const struct inventory *v, const char *group)
{
	return groupset_near(&v->set, group);
}

const char *const *
inventory_groups(const struct inventory *v)
{
	return v->names;
}

size_t
inventory_vars(const struct inventory *v, const char *host,
    const struct inventory_var **vars)
{
	uint32_t k = map_find(&v->set.hosts, host, strlen(host));

	*vars = NULL;
	if (k == MAP_NONE)
		return 0;
	*vars = v->set.host[k].vars.var;
	return v->set.host[k].vars.n;
}

void
inventory_free(struct inventory *v)
{
	if (!v)
		return;
	groupset_fini(&v->set);
	free(v->names);
	free(v);
}
