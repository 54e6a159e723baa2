/* SPDX-License-Identifier: ISC */
/*
 * Endpoints: a host with the settings that hold for it.  The header's are
 * the weakest, then its groups in the order of the file, its own section,
 * the command line, and `via` of the step.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/place.h"
#include "walk/walker.h"

/* an endpoint while it is made */
struct reaching {
	struct walk *w;
	const struct ctx *c;	/* whose variables `exec` may hold; or NULL */
	const struct place *place;
	struct keys keys;
	struct arena tmp;	/* of the keys, until they are interned */
	struct buf *why;
};

/* --- exec --------------------------------------------------------------------- */

static int
not_given(struct reaching *r, const struct piece *p, const char *what)
{
	why_at(r->w, p->pos, r->why);
	buf_addf(r->why, "no %s is set for '%s'", what, r->place->host);
	return -1;
}

static int
fill_piece(struct reaching *r, const struct ctx *c, const struct piece *p,
    struct buf *to)
{
	struct value *v;

	if (p->kind == PIECE_PORT) {
		if (!r->keys.port)
			return not_given(r, p, "port");
		buf_addf(to, "%u", r->keys.port);
		return 0;
	}
	if (p->kind == PIECE_VAR && p->sym == SYM_USER) {
		if (!r->keys.user)
			return not_given(r, p, "user");
		buf_adds(to, r->keys.user);
		return 0;
	}
	v = vars_piece(r->w, c, p, r->why);
	if (!v)
		return -1;
	buf_add(to, v->text, v->len);
	value_unref(v);
	return 0;
}

static bool
is_command(const struct text *t)
{
	return t->n == 1 && t->piece[0].kind == PIECE_COMMAND;
}

/* its words are put into the content; -1 and why */
static int
fill_exec(struct reaching *r, const struct via_def *via, size_t *at,
    struct buf *content)
{
	struct ctx c = { .w = r->w };

	/* of the lane, but on the host that is meant */
	if (r->c)
		c = *r->c;
	c.place = r->place;
	for (size_t i = 0; i < via->exec.n; i++) {
		const struct text *t = &via->exec.text[i];

		at[i] = content->len;
		if (is_command(t)) {
			buf_adds(content, endpoint_command);
			buf_addc(content, '\0');
			continue;
		}
		for (size_t k = 0; k < t->n; k++)
			if (fill_piece(r, &c, &t->piece[k], content) == -1)
				return -1;
		buf_addc(content, '\0');
	}
	return 0;
}

/* --- endpoints ------------------------------------------------------------------ */

/* k lasts as long as it does */
static struct endpoint *
make(struct reaching *r, const struct keys *k, const struct via_def *via,
    const size_t *at, const struct buf *content)
{
	struct arena *a = places_arena(r->w);
	struct endpoint *e = arena_alloc(a, sizeof(*e));
	const char **exec;

	e->reach = k->via == VIA_LOCAL ? REACH_LOCAL :
	    via ? REACH_TEMPLATE : REACH_SSH;
	e->host = r->place->host;
	e->address = r->place->address;
	e->user = k->user;
	e->port = k->port;
	e->identity = k->identity;
	e->host_keys = k->host_keys;
	e->option = k->noption > 0 ? k->option : NULL;
	e->connect_timeout = k->given & CONTACT_TIMEOUT ?
	    k->connect_timeout : CONNECT_TIMEOUT_DEFAULT;
	e->connect_retry = k->connect_retry;
	if (!via)
		return e;
	e->via = via->name;
	e->connect_fail = via->connect_fail;
	e->nconnect_fail = via->nconnect_fail;
	exec = arena_alloc(a, (via->exec.n + 1) * sizeof(*exec));
	for (size_t i = 0; i < via->exec.n; i++)
		exec[i] = is_command(&via->exec.text[i]) ? endpoint_command :
		    arena_strdup(a, content->data + at[i]);
	e->exec = exec;
	return e;
}

/* the one endpoint of these settings */
static const struct endpoint *
find(struct reaching *r)
{
	const struct via_def *via = r->keys.via == VIA_NAMED ?
	    &r->w->plan->via[r->keys.via_index] : NULL;
	const struct keys *keys = keys_intern(r->w, &r->keys);
	struct interned *all = places_endpoints(r->w);
	struct buf content = { 0 };
	size_t *at = NULL;
	const struct endpoint *e = NULL;
	const void **slot;

	buf_addf(&content, "%p ", (const void *)keys);
	buf_add(&content, r->place->host, strlen(r->place->host) + 1);
	buf_add(&content, r->place->address, strlen(r->place->address) + 1);
	if (via) {
		at = mem_calloc(via->exec.n, sizeof(*at));
		if (fill_exec(r, via, at, &content) == -1)
			goto out;
	}
	slot = interned(all, content.data, content.len);
	if (!*slot) {
		struct endpoint *new = make(r, keys, via, at, &content);

		new->id = all->map.n - 1;
		*slot = new;
	}
	e = *slot;
out:
	free(at);
	buf_fini(&content);
	arena_fini(&r->tmp);
	return e;
}

static int
set_via(struct reaching *r, const struct via_name *via)
{
	const struct keys_maker m = { .w = r->w, .c = r->c,
	    .arena = &r->tmp, .why = r->why };

	return keys_via(&m, via, &r->keys);
}

static int
begin(struct reaching *r, const struct keys *header, bool header_via)
{
	const struct walk_reach *o = r->w->o.reach;
	struct via_name via = { .index = NOWHERE };

	if (header)
		r->keys = *header;
	if (!header_via) {
		r->keys.given &= ~(unsigned)CONTACT_VIA;
		r->keys.via = VIA_TEXT;
	}
	keys_overlay(&r->tmp, &r->keys, &r->place->keys);
	if (!o)
		return 0;
	if (o->user) {
		r->keys.user = o->user;
		r->keys.given |= CONTACT_USER;
	}
	if (o->port) {
		r->keys.port = o->port;
		r->keys.given |= CONTACT_PORT;
	}
	if (o->connect_timeout > 0) {
		r->keys.connect_timeout = o->connect_timeout;
		r->keys.given |= CONTACT_TIMEOUT;
	}
	if (o->connect_retry >= 0) {
		r->keys.connect_retry = (unsigned)o->connect_retry;
		r->keys.given |= CONTACT_RETRY;
	}
	if (!o->via)
		return 0;
	via.text = (struct text){ .piece = &(struct piece){
		.kind = PIECE_TEXT, .text = o->via, .len = strlen(o->via) },
		.n = 1 };
	return set_via(r, &via);
}

const struct endpoint *
reach_lane(struct walk *w, const struct ctx *c, const struct keys *header,
    struct buf *why)
{
	struct reaching r = { .w = w, .c = c, .place = c->place, .why = why };

	if (begin(&r, header, true) == 0)
		return find(&r);
	arena_fini(&r.tmp);
	return NULL;
}

/* the host of a step that names one, else of the lane; NULL: none */
static int
place_of(struct ctx *c, const struct step *s, const struct place **place)
{
	struct buf name = { 0 };
	int rc;

	*place = c->place;
	if (!s->has_host)
		return 0;
	rc = vars_fill(c->w, c, &s->host, &name, &c->why);
	if (rc == 0) {
		*place = place_find(c->w, buf_str(&name), name.len, &c->why);
		rc = *place ? 0 : -1;
	}
	buf_fini(&name);
	return rc;
}

int
reach_step(struct walker *f, const struct step *s,
    const struct endpoint **at)
{
	struct ctx *c = f->c;
	struct reaching r = { .w = c->w, .c = c, .why = &c->why };
	const struct endpoint *e;

	*at = NULL;
	if (s->kind == STEP_LOCAL)
		return 0;
	if (place_of(c, s, &r.place) == -1)
		return -1;
	if (!r.place)
		return 0;
	if (!s->has_host && !s->has_via && !s->via_off && c->endpoint &&
	    f->keys == c->keys) {
		e = c->endpoint;
	} else {
		if (begin(&r, f->keys, !s->via_off) == -1 ||
		    (s->has_via && set_via(&r, &s->via) == -1)) {
			arena_fini(&r.tmp);
			return -1;
		}
		e = find(&r);
	}
	if (!e)
		return -1;
	*at = e->reach == REACH_LOCAL ? NULL : e;
	return 0;
}
