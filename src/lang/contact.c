/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/figure.h"
#include "lang/contact.h"
#include "lang/loader.h"
#include "lang/option.h"
#include "lang/words.h"

/* --- via ------------------------------------------------------------------ */

static bool
unknown_via(struct loader *ld, const struct word *w)
{
	struct near n = { 0 };

	if (ld->incomplete ||
	    map_find(&ld->ghost, w->lit, strlen(w->lit)) != MAP_NONE)
		return false;
	diag_error(&ld->diag, w->pos, "no way '%s'", w->lit);
	near_offer(&n, w->lit, "ssh");
	near_offer(&n, w->lit, "local");
	for (size_t i = 0; i < ld->nvia; i++)
		near_offer(&n, w->lit, ld->via[i].name);
	if (!n.best)
		diag_note(&ld->diag, "ssh, local, or declared: [via %s]",
		    w->lit);
	diag_near(&ld->diag, &n);
	return false;
}

bool
via_word(struct loader *ld, const struct word *w, struct via_name *via)
{
	bool any = text_may_be(&w->text, "ssh") ||
	    text_may_be(&w->text, "local");

	*via = (struct via_name){ .text = w->text, .index = NOWHERE };
	if (!w->lit) {
		for (size_t i = 0; i < ld->nvia; i++)
			any |= text_may_be(&w->text, ld->via[i].name);
		if (!any && !ld->incomplete)
			diag_error(&ld->diag, w->pos,
			    "no way to hosts can have such a name");
		return any;
	}
	via->kind = !strcmp(w->lit, "ssh") ? VIA_SSH :
	    !strcmp(w->lit, "local") ? VIA_LOCAL : VIA_NAMED;
	if (via->kind != VIA_NAMED)
		return true;
	for (size_t i = 0; i < ld->nvia; i++)
		if (!strcmp(ld->via[i].name, w->lit)) {
			via->index = (uint32_t)i;
			return true;
		}
	return unknown_via(ld, w);
}

/* --- the keys ------------------------------------------------------------- */

static bool
read_user(struct loader *ld, const struct value *v, struct text *user)
{
	struct word w;

	if (!one_word(ld, v, "a user", &w))
		return false;
	*user = w.text;
	if (!w.lit || (*w.lit && *w.lit != '-'))
		return true;
	diag_error(&ld->diag, w.pos, "'%s' is no name of a user", w.lit);
	return false;
}

static bool
read_port(struct loader *ld, const struct value *v, struct text *port)
{
	struct word w;
	int64_t n;

	if (!one_word(ld, v, "a number", &w))
		return false;
	*port = w.text;
	if (!w.lit || (num_int(w.lit, &n) == 0 && n >= 1 && n <= 65535))
		return true;
	diag_error(&ld->diag, w.pos, "'%s' is no port: a number from 1 to "
	    "65535", w.lit);
	return false;
}

/* NAME=VALUE or NAME VALUE */
static bool
read_option(struct loader *ld, const struct value *v, struct contacting *l)
{
	size_t len = strcspn(v->text, "= \t\n"), at = len;
	struct contact_option o = {
		.name = arena_strndup(&ld->plan->arena, v->text, len)
	};

	at += strspn(v->text + at, " \t\n");
	if (v->text[at] == '=')
		at++;
	at += strspn(v->text + at, " \t\n");
	if (v->len == 0)
		return missing(ld, v, "NAME=VALUE");
	if (!option_name(ld, o.name, value_pos(v, 0, len)))
		return false;
	if (at >= v->len)
		return missing(ld, v, "a value");
	if (!text_range(ld, v, at, v->len, &o.value) ||
	    !option_fits(ld, &o, value_pos(v, 0, v->len)))
		return false;
	l->option = mem_grow(l->option, &l->option_cap, l->noption + 1,
	    sizeof(*l->option));
	l->option[l->noption++] = o;
	return true;
}

static bool
read_timeout(struct loader *ld, const struct value *v, struct figure *f)
{
	if (!figure_value(ld, v, FIG_DURATION, f))
		return false;
	if (!f->fixed || f->value > 0)
		return true;
	diag_error(&ld->diag, value_pos(v, 0, v->len),
	    "a connection needs some time");
	return false;
}

static bool
read_retry(struct loader *ld, const struct value *v, struct figure *f)
{
	if (!figure_value(ld, v, FIG_COUNT, f))
		return false;
	if (!f->fixed || f->value <= CONNECT_RETRY_MAX)
		return true;
	diag_error(&ld->diag, value_pos(v, 0, v->len), "'%s' is too much: at "
	    "most %d", v->text, CONNECT_RETRY_MAX);
	return false;
}

static bool
read_via(struct loader *ld, const struct value *v, struct via_name *via)
{
	struct word w;

	return one_word(ld, v, "ssh, local or a name", &w) &&
	    via_word(ld, &w, via);
}

static bool
read_identity(struct loader *ld, const struct value *v, struct text *path)
{
	struct word w;

	if (!one_word(ld, v, "a file", &w))
		return false;
	*path = w.text;
	return true;
}

static bool
read_host_keys(struct loader *ld, const struct value *v, enum host_keys *k)
{
	int i = one_of(ld, v, "strict accept-new");

	if (i >= 0)
		*k = i == 0 ? KEYS_STRICT : KEYS_ACCEPT_NEW;
	return i >= 0;
}

bool
read_contact_key(struct loader *ld, const struct entry *e, struct contacting *l)
{
	const struct value *v = &e->value;
	struct contact *k = &l->contact;
	unsigned bit;
	bool ok;

	switch (e->key->id) {
	case KEY_USER:
		bit = CONTACT_USER;
		ok = read_user(ld, v, &k->user);
		break;
	case KEY_PORT:
		bit = CONTACT_PORT;
		ok = read_port(ld, v, &k->port);
		break;
	case KEY_VIA:
		bit = CONTACT_VIA;
		ok = read_via(ld, v, &k->via);
		break;
	case KEY_IDENTITY:
		bit = CONTACT_IDENTITY;
		ok = read_identity(ld, v, &k->identity);
		break;
	case KEY_OPTION:
		bit = CONTACT_OPTION;
		ok = read_option(ld, v, l);
		break;
	case KEY_CONNECT_TIMEOUT:
		bit = CONTACT_TIMEOUT;
		ok = read_timeout(ld, v, &k->connect_timeout);
		break;
	case KEY_CONNECT_RETRY:
		bit = CONTACT_RETRY;
		ok = read_retry(ld, v, &k->connect_retry);
		break;
	case KEY_HOST_KEYS:
		bit = CONTACT_HOST_KEYS;
		ok = read_host_keys(ld, v, &k->host_keys);
		break;
	default:
		return false;
	}
	if (!k->given)
		k->pos = e->word[0].pos;
	if (ok)
		k->given |= bit;
	return true;
}

void
contacting_end(struct loader *ld, struct contacting *l, struct contact *to)
{
	*to = l->contact;
	to->option = arena_copy(&ld->plan->arena, l->option, l->noption,
	    sizeof(*l->option));
	to->noption = l->noption;
	free(l->option);
}
