/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/cluster.h"
#include "model/status.h"
#include "model/vary.h"

enum { LINE_KEEP = 400 };	/* bytes of a line of standard error */

void
cluster_normalise(struct buf *b, const char *lane, const char *text,
    size_t len)
{
	size_t nlane = strlen(lane);
	bool start = true;	/* of a word */

	for (size_t i = 0, n; i < len; i += n) {
		const char *s = text + i, *as;
		size_t left = len - i;

		if (start && nlane > 0 && left >= nlane &&
		    !memcmp(s, lane, nlane) &&
		    (left == nlane || !vary_in_word(s[nlane]))) {
			buf_addc(b, '@');
			n = nlane;
		} else if ((n = vary(s, left, start, &as)) > 0) {
			buf_adds(b, as);
		} else {
			buf_addc(b, *s ? *s : ' ');
			n = 1;
		}
		start = !vary_in_word(s[n - 1]);
	}
}

/* --- the tail of standard error ----------------------------------------- */

/* the last lines that are not empty; *first is the start of the last one */
static const char *
last_lines(const char *tail, size_t *len, size_t lines, const char **last)
{
	const char *p, *end;

	while (*len > 0 && strchr("\n\r \t", tail[*len - 1]))
		--*len;
	end = p = tail + *len;
	*last = NULL;
	while (p > tail && lines > 0) {
		const char *nl = memrchr(tail, '\n', (size_t)(p - tail));

		p = nl ? nl : tail;
		if (!*last)
			*last = nl ? nl + 1 : tail;
		if (--lines == 0 && nl)
			p++;
	}
	*len = (size_t)(end - p);
	return p;
}

/* a copy in which no line is longer than LINE_KEEP */
static void
keep_tail(struct kind *k, const char *tail, size_t len)
{
	struct buf b = { 0 };

	for (const char *end = tail + len; tail < end;) {
		const char *nl = memchr(tail, '\n', (size_t)(end - tail));
		size_t n = (size_t)((nl ? nl : end) - tail);

		buf_add(&b, tail, n < LINE_KEEP ? n : LINE_KEEP);
		if (n > LINE_KEEP)
			buf_adds(&b, "...");
		buf_addc(&b, '\n');
		tail += n + 1;
	}
	k->ntail = b.len;
	k->tail = b.data;
}

/* --- kinds -------------------------------------------------------------- */

void
cluster_name(struct cluster *c, struct names *names, const char *lane)
{
	names->count++;
	if (c->kept == CLUSTER_NAMES)
		return;
	c->kept++;
	names->name = mem_grow(names->name, &names->cap, names->n + 1,
	    sizeof(*names->name));
	names->name[names->n++] = mem_strdup(lane);
}

/* the kind of the key that was made, or NULL if there is no room for it */
static struct kind *
kind_of(struct cluster *c, const struct result *r, const char *what,
    const char *tail, size_t ntail)
{
	uint32_t k = map_find(&c->keys, c->key.data, c->key.len);
	struct kind *kind;

	if (k != MAP_NONE)
		return &c->kind[k];
	if (c->n == CLUSTER_KINDS)
		return NULL;
	map_add(&c->keys, c->key.data, c->key.len);
	c->kind = mem_grow(c->kind, &c->cap, c->n + 1, sizeof(*c->kind));
	kind = &c->kind[c->n++];
	*kind = (struct kind){
		.number = (unsigned)c->n - 1,
		.step = mem_strdup(r && r->step ? r->step : ""),
		.what = mem_strdup(what),
		.message = mem_strdup(r && r->message ? r->message : ""),
	};
	keep_tail(kind, tail, ntail);
	return kind;
}

/*
 * The kind with just this message, or NULL: what names several lanes, as a
 * deadlock does, differs in form when each of them finds itself in it.
 */
static struct kind *
same_message(const struct cluster *c, const struct result *r,
    const char *what)
{
	for (size_t i = 0; i < c->n; i++) {
		struct kind *k = &c->kind[i];

		if (!strcmp(k->message, r->message) &&
		    !strcmp(k->what, what) &&
		    !strcmp(k->step, r->step ? r->step : ""))
			return k;
	}
	return NULL;
}

unsigned
cluster_add(struct cluster *c, const char *lane, const struct result *r)
{
	char show[STATUS_SHOW];
	const char *what = r ? status_show(show, r) : "failed";
	const char *tail = "", *last = NULL;
	size_t len = 0;
	struct kind *kind = NULL;

	if (r && r->ntail > 0) {
		len = r->ntail;
		tail = last_lines(r->tail, &len, CLUSTER_TAIL, &last);
	}
	buf_clear(&c->key);
	buf_adds(&c->key, r && r->step ? r->step : "");
	buf_addf(&c->key, "\n%s\n", what);
	if (r && r->message)
		cluster_normalise(&c->key, lane, r->message,
		    strnlen(r->message, LINE_KEEP));
	buf_addc(&c->key, '\n');
	if (last) {
		size_t n = (size_t)(tail + len - last);

		cluster_normalise(&c->key, lane, last,
		    n < LINE_KEEP ? n : LINE_KEEP);
	}
	if (r && r->message && *r->message && !last)
		kind = same_message(c, r, what);
	if (!kind)
		kind = kind_of(c, r, what, tail, len);
	if (!kind) {
		c->others++;
		return CLUSTER_OTHER;
	}
	cluster_name(c, &kind->lanes, lane);
	return kind->number;
}

void
cluster_sort(struct cluster *c)
{
	/* few, and equal ones are to stay as they came */
	for (size_t i = 1; i < c->n; i++) {
		struct kind k = c->kind[i];
		size_t at = i;

		for (; at > 0; at--) {
			if (c->kind[at - 1].lanes.count >= k.lanes.count)
				break;
			c->kind[at] = c->kind[at - 1];
		}
		c->kind[at] = k;
	}
}

void
names_fini(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->name[i]);
	free(names->name);
}

void
cluster_fini(struct cluster *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->kind[i].step);
		free(c->kind[i].what);
		free(c->kind[i].message);
		free(c->kind[i].tail);
		names_fini(&c->kind[i].lanes);
	}
	free(c->kind);
	map_fini(&c->keys);
	buf_fini(&c->key);
}
