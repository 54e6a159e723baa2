/* SPDX-License-Identifier: ISC */
/*
 * What a lane has found out: the variables that its steps have set, with
 * the values that they have at its end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "walk/party.h"

void
facts_add(struct ctx *c, uint32_t sym, struct value *pairs)
{
	size_t i = 0;

	while (i < c->nfact && c->fact[i].sym != sym)
		i++;
	if (i == c->nfact) {
		c->fact = mem_grow(c->fact, &c->fact_cap, i + 1,
		    sizeof(*c->fact));
		c->fact[c->nfact++] = (struct noted){ .sym = sym };
	}
	value_unref(c->fact[i].pairs);
	c->fact[i].pairs = value_ref(pairs);
}

void
facts_drop(struct ctx *c)
{
	while (c->nfact > 0)
		value_unref(c->fact[--c->nfact].pairs);
	free(c->fact);
}

/* with the keys as they came; of equal ones the last one counts */
static void
add_pairs(struct buf *b, const struct value *v)
{
	struct pairs p = { .text = v->text, .end = v->text + v->len };
	struct map keys = { 0 };
	struct pair *pair = NULL;
	size_t cap = 0;

	while (pairs_next(&p)) {
		uint32_t had = keys.n;
		uint32_t i = map_add(&keys, p.now.key, p.now.nkey);

		if (i == had)
			pair = mem_grow(pair, &cap, i + 1, sizeof(*pair));
		pair[i] = p.now;
	}
	json_open(b, '{');
	for (uint32_t i = 0; i < keys.n; i++) {
		json_name(b, pair[i].key, pair[i].nkey);
		json_element(b, pair[i].value, pair[i].nvalue);
	}
	json_close(b, '}');
	free(pair);
	map_fini(&keys);
}

static void
add_fact(struct buf *b, struct ctx *c, const struct noted *n)
{
	const char *name = vars_name(c->w, n->sym);
	struct value *v = n->pairs ? value_ref(n->pairs) :
	    vars_get(c->w, c, n->sym);

	if (v && !v->secret) {
		json_name(b, name, strlen(name));
		if (n->pairs)
			add_pairs(b, v);
		else if (v->json)
			value_add_json(b, v);
		else
			json_element(b, v->text, v->len);
	}
	value_unref(v);
}

void
facts_tell(struct ctx *c, struct buf *b)
{
	const char *host = c->info->host;

	if (c->nfact == 0)
		return;
	json_open(b, '{');
	if (host) {
		json_name(b, "host", 4);
		json_element(b, host, strlen(host));
	}
	for (size_t i = 0; i < c->nfact; i++)
		add_fact(b, c, &c->fact[i]);
	json_close(b, '}');
}
