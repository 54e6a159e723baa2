/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/loader.h"

bool
is_var_name(const char *s, size_t len)
{
	if (len == 0 || isdigit((unsigned char)s[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!(isalnum((unsigned char)s[i]) || s[i] == '_') ||
		    (s[i] & 0x80))
			return false;
	return true;
}

bool
is_user_name(const char *s, size_t len)
{
	bool digits = true;

	for (size_t i = 0; i < len; i++) {
		if (s[i] & 0x80 || !(isalnum((unsigned char)s[i]) ||
		    s[i] == '_' || s[i] == '-'))
			return false;
		if (!isdigit((unsigned char)s[i]))
			digits = false;
	}
	return len > 0 && !digits;
}

uint32_t
symbol(struct loader *ld, const char *name, size_t len)
{
	uint32_t sym = map_add(&ld->plan->symbols, name, len);
	size_t had = ld->sym_cap;

	ld->sym = mem_grow(ld->sym, &ld->sym_cap, sym + 1UL, 1);
	if (ld->sym_cap > had)
		memset(ld->sym + had, 0, ld->sym_cap - had);
	return sym;
}

bool
symbol_set(struct loader *ld, const struct keyword *w, unsigned flags,
    uint32_t *sym)
{
	size_t len = strlen(w->text);

	if (!is_var_name(w->text, len)) {
		diag_error(&ld->diag, w->pos,
		    "'%s' is no name for a variable", w->text);
		diag_note(&ld->diag, "letters, digits and '_', and no digit "
		    "at the start");
		return false;
	}
	*sym = symbol(ld, w->text, len);
	if (*sym < SYM_FIXED) {
		diag_error(&ld->diag, w->pos,
		    "'%s' is pseq's own and cannot be set", w->text);
		return false;
	}
	if (ld->sym[*sym] & SYM_SECRET && !(flags & SYM_SECRET)) {
		secret_not_set(ld, *sym, w->pos);
		return false;
	}
	if (!(flags & SYM_FROM_VARS))
		flags |= SYM_VARIES;
	flags &= ~(unsigned)SYM_FROM_VARS;
	ld->sym[*sym] |= (unsigned char)(flags | SYM_CAN_SET);
	return true;
}

/* what pseq sets before any lane is there */
static bool
known_at_start(const struct loader *ld, uint32_t sym)
{
	return sym == SYM_JOB || sym == SYM_JOB_DIR || sym == SYM_RUN ||
	    (sym == SYM_HOST && ld->host_ok);
}

/* whether lanes have a host there is known when all is read */
static void
note_host(struct loader *ld, uint32_t sym, struct pos pos)
{
	if (ld->host_ok)
		return;
	ld->host_ref = mem_grow(ld->host_ref, &ld->host_ref_cap,
	    ld->nhost_ref + 1, sizeof(*ld->host_ref));
	ld->host_ref[ld->nhost_ref++] = (struct host_ref){
		.at = ld->at ? ld->at : ld->reading, .sym = sym, .pos = pos
	};
}

/* before any lane is there only [vars] are set, and what is above */
static void
not_yet(struct loader *ld, uint32_t sym, struct pos pos)
{
	const char *name = ld->plan->symbols.name[sym];
	struct near n = { 0 };

	diag_error(&ld->diag, pos, "'%s' is not set yet here", name);
	for (uint32_t i = SYM_FIXED; i < ld->plan->symbols.n; i++)
		if (ld->sym[i] & SYM_IN_VARS)
			near_offer(&n, name, ld->plan->symbols.name[i]);
	diag_near(&ld->diag, &n);
}

uint32_t
symbol_read(struct loader *ld, const char *name, size_t len, struct pos pos,
    bool bare, bool path)
{
	uint32_t sym = symbol(ld, name, len);

	if (!secret_check_read(ld, sym, pos))
		return sym;
	if (ld->in_vars && (sym < SYM_FIXED ? !known_at_start(ld, sym) :
	    !(ld->sym[sym] & SYM_IN_VARS))) {
		if (!ld->incomplete)
			not_yet(ld, sym, pos);
		return sym;
	}
	if (sym == SYM_HOST || sym == SYM_ADDRESS || sym == SYM_USER) {
		note_host(ld, sym, pos);
		return sym;
	}
	if ((sym == SYM_LINE || sym == SYM_MATCH) && !ld->line_ok) {
		diag_error(&ld->diag, pos,
		    "'%.*s' is only there in a reaction to a line", (int)len,
		    name);
		return sym;
	}
	if (sym < SYM_FIXED) {
		if (path)
			diag_error(&ld->diag, pos,
			    "'%.*s' is no JSON value: it has no parts",
			    (int)len, name);
		return sym;
	}
	ld->ref = mem_grow(ld->ref, &ld->ref_cap, ld->nref + 1,
	    sizeof(*ld->ref));
	ld->ref[ld->nref++] = (struct ref){ sym, bare, path, pos };
	return sym;
}

void
symbol_env(struct loader *ld, const char *name, struct pos pos)
{
	map_add(&ld->plan->env, name, strlen(name));
	secret_check_env(ld, name, pos);
}

bool
symbol_is_known(struct loader *ld, const char *name, size_t len)
{
	uint32_t sym = map_find(&ld->plan->symbols, name, len);

	return sym != MAP_NONE &&
	    (sym < SYM_FIXED || ld->sym[sym] & SYM_CAN_SET);
}

void
symbol_forgive(struct loader *ld, const char *word)
{
	size_t len = strlen(word);
	uint32_t sym;

	if (!is_var_name(word, len))
		return;
	sym = symbol(ld, word, len);
	ld->sym[sym] |= SYM_CAN_SET | SYM_JSON | SYM_SETTABLE | SYM_VARIES;
}

void
forgive_entry(struct loader *ld, const struct entry *e)
{
	for (size_t i = 0; i < e->nword; i++)
		symbol_forgive(ld, e->word[i].text);
}

/* NAME_KEY of a capture of pairs called NAME */
static bool
from_pairs(const struct loader *ld, const char *name)
{
	for (const char *p = strchr(name, '_'); p; p = strchr(p + 1, '_')) {
		uint32_t sym = map_find(&ld->plan->symbols, name,
		    (size_t)(p - name));

		if (sym != MAP_NONE && p[1] && ld->sym[sym] & SYM_PAIRS)
			return true;
	}
	return false;
}

static void
offer_all(const struct loader *ld, struct near *n, const char *name,
    unsigned flag)
{
	for (uint32_t i = flag == SYM_SETTABLE ? SYM_FIXED : SYM_LANE;
	    i < ld->plan->symbols.n; i++)
		if ((i < SYM_LINE) || ld->sym[i] & flag)
			near_offer(n, name, ld->plan->symbols.name[i]);
}

static void
check_ref(struct loader *ld, const struct ref *r)
{
	const char *name = ld->plan->symbols.name[r->sym];
	struct near n = { 0 };

	if (ld->sym[r->sym] & SYM_CAN_SET) {
		if (r->path && !(ld->sym[r->sym] & SYM_JSON))
			diag_error(&ld->diag, r->pos,
			    "'%s' is never captured as json: it has no parts",
			    name);
		return;
	}
	if (from_pairs(ld, name) || ld->incomplete || ld->any_name)
		return;
	if (ld->sym[r->sym] & SYM_SECRET) {
		diag_error(&ld->diag, r->pos, "secret '%s' is never captured",
		    name);
		diag_note(&ld->diag, "a step says 'capture %s = stdout'",
		    name);
		return;
	}
	if (r->bare)
		diag_error(&ld->diag, r->pos,
		    "'%s' is no variable: quote it?", name);
	else
		diag_error(&ld->diag, r->pos, "no variable '%s'", name);
	offer_all(ld, &n, name, SYM_CAN_SET);
	diag_near(&ld->diag, &n);
}

/* an inventory that is not there yet may bring it */
static bool
may_be_named(const struct loader *ld, uint32_t sym)
{
	return ld->any_name && sym >= SYM_FIXED &&
	    !(ld->sym[sym] & SYM_SECRET);
}

void
symbols_check(struct loader *ld)
{
	for (size_t i = 0; i < ld->nref; i++)
		check_ref(ld, &ld->ref[i]);
	for (size_t i = 0; i < ld->opt->nset_name; i++) {
		const char *name = ld->opt->set_name[i];
		uint32_t sym = map_find(&ld->plan->symbols, name,
		    strlen(name));
		struct near n = { 0 };

		if (ld->incomplete || (sym != MAP_NONE &&
		    (ld->sym[sym] & SYM_SETTABLE || may_be_named(ld, sym))))
			continue;
		if (sym != MAP_NONE && ld->sym[sym] & SYM_SECRET) {
			diag_error(&ld->diag, (struct pos){ 0 }, "'%s' is a "
			    "secret: -v would show it to everyone who looks "
			    "at the processes", name);
			diag_note(&ld->diag, "[secrets] says where it comes "
			    "from");
			continue;
		}
		diag_error(&ld->diag, (struct pos){ 0 },
		    sym < SYM_FIXED ? "'%s' is pseq's own and cannot be set" :
		    "no variable '%s' that -v could set", name);
		offer_all(ld, &n, name, SYM_SETTABLE);
		diag_near(&ld->diag, &n);
	}
}
