/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/fan.h"
#include "lang/loader.h"
#include "lang/modifier.h"

/* env NAME = none takes a default off; without one it is the text "none" */
static void
inherit_env(struct mods *m, const struct step *def)
{
	for (size_t i = 0; i < m->nenv_off; i++) {
		for (size_t k = 0; k < def->nenv; k++) {
			if (strcmp(m->env_off[i], def->env[k].name) != 0)
				continue;
			for (size_t j = 0; j < m->nenv; j++)
				if (m->env[j].name &&
				    !strcmp(m->env[j].name, m->env_off[i]))
					m->env[j].name = NULL;
		}
	}
	for (size_t k = 0; k < def->nenv; k++) {
		bool off = false;

		for (size_t i = 0; i < m->nenv_off; i++)
			off |= !strcmp(m->env_off[i], def->env[k].name);
		for (size_t j = 0; !off && j < m->nenv; j++)
			off = m->env[j].name &&
			    !strcmp(m->env[j].name, def->env[k].name);
		if (off)
			continue;
		m->env = mem_grow(m->env, &m->env_cap, m->nenv + 1,
		    sizeof(*m->env));
		m->env[m->nenv++] = def->env[k];
	}
}

static bool
inherits(const struct mods *m, const struct draft *d, enum key_id id,
    unsigned kind)
{
	if (m->given & GIVEN(id) || !(d->def_given & GIVEN(id)))
		return false;
	for (size_t i = 0; i < lang_nkeys; i++)
		if (lang_keys[i].id == id)
			return lang_keys[i].on & 1U << kind;
	return false;
}

void
mods_inherit(struct mods *m, const struct draft *d, unsigned kind)
{
	const struct step *def = &d->def;
	struct step *s = m->step;

	if (inherits(m, d, KEY_TIMEOUT, kind))
		s->timeout = def->timeout;
	if (inherits(m, d, KEY_SILENT, kind))
		s->silent = def->silent;
	if (inherits(m, d, KEY_GRACE, kind))
		s->grace = def->grace;
	if (inherits(m, d, KEY_RETRY, kind)) {
		s->has_retry = def->has_retry;
		s->retry = def->retry;
	}
	if (inherits(m, d, KEY_SHELL, kind))
		s->shell = def->shell;
	if (inherits(m, d, KEY_DIR, kind)) {
		s->has_dir = def->has_dir;
		s->dir = def->dir;
	}
	/* what runs here is meant to be ours, unless it says so itself */
	if (kind != STEP_LOCAL && inherits(m, d, KEY_AS, kind)) {
		s->has_as = def->has_as;
		s->as = def->as;
	}
	if (m->off & GIVEN(KEY_VIA))
		s->via_off = true;
	if (inherits(m, d, KEY_SECRET, kind)) {
		s->secret = def->secret;
		s->nsecret = def->nsecret;
	}
	if (inherits(m, d, KEY_QUIET, kind))
		s->quiet = def->quiet;
	if (step_is_command(kind))
		inherit_env(m, def);
}

void
mods_end(struct loader *ld, struct mods *m)
{
	struct arena *a = &ld->plan->arena;
	struct step *s = m->step;
	size_t n = 0;

	for (size_t i = 0; i < m->nenv; i++)
		if (m->env[i].name)
			m->env[n++] = m->env[i];
	s->on = arena_copy(a, m->on, m->non, sizeof(*m->on));
	s->non = m->non;
	s->on_line = arena_copy(a, m->on_line, m->non_line,
	    sizeof(*m->on_line));
	s->non_line = m->non_line;
	s->capture = arena_copy(a, m->capture, m->ncapture,
	    sizeof(*m->capture));
	s->ncapture = m->ncapture;
	s->env = arena_copy(a, m->env, n, sizeof(*m->env));
	s->nenv = n;
	free(m->on);
	free(m->on_line);
	free(m->capture);
	free(m->env);
	free(m->env_off);
	end_fan(ld, m);
}
