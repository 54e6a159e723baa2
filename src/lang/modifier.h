/*
 * modifier - what a step's keys say, and a header's defaults for them
 */
#ifndef LANG_MODIFIER_H
#define LANG_MODIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/plan.h"

struct draft;
struct entry;
struct loader;
struct value;

/* a step's lists while they grow, and which keys were given */
struct mods {
	struct step *step;
	bool header;		/* these are defaults */
	uint64_t given, off;	/* 1 << enum key_id; KEY = none */
	struct branch *on;
	size_t non, on_cap;
	struct line_branch *on_line;
	size_t non_line, on_line_cap;
	struct capture *capture;
	size_t ncapture, capture_cap;
	struct env_setting *env;
	size_t nenv, env_cap;
	const char **env_off;	/* env NAME = none */
	size_t nenv_off, env_off_cap;
};

void read_modifier(struct loader *, const struct entry *, struct mods *);
bool read_shell(struct loader *, const struct value *, struct texts *);
/* what the step does not say itself; before mods_end() */
void mods_inherit(struct mods *, const struct draft *, unsigned kind);
/* hand the lists to the step */
void mods_end(struct loader *, struct mods *);

#endif
