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

/* only for keys that a header can give */
#define GIVEN(id) ((id) < 64 ? UINT64_C(1) << ((id) & 63) : 0)

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
	struct each *each;	/* of a call or spawn */
	size_t neach, each_cap;
	struct collect *collect;
	size_t ncollect, collect_cap;
	struct fan fan;
	const struct entry *fan_key;	/* the last one that wants a list */
	bool fan_bad;		/* a list was not understood */
};

void read_modifier(struct loader *, const struct entry *, struct mods *);
bool read_shell(struct loader *, const struct value *, struct texts *);
/* what the step does not say itself; before mods_end() */
void mods_inherit(struct mods *, const struct draft *, unsigned kind);
/* hand the lists to the step */
void mods_end(struct loader *, struct mods *);

#endif
