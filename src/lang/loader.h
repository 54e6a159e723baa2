/*
 * loader - what the parts of lang share while one job is loaded
 *
 * Functions that return bool (or -1) have reported what was wrong.
 */
#ifndef LANG_LOADER_H
#define LANG_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "lang/diag.h"
#include "lang/keys.h"
#include "lang/source.h"
#include "model/plan.h"

/* a word of a section's header or of a key */
struct keyword {
	const char *text;
	struct pos pos;
};

struct entry {			/* a key and its value, as they stand there */
	struct keyword *word;	/* words of the key, at least one */
	size_t nword;
	struct value value;
	const struct key *key;	/* NULL: unknown, and reported */
	bool blank_before;
	bool bad;		/* no key = value, which was reported */
};

struct section {
	const char *kind;	/* one of lang_sections; NULL: reported */
	const char *name;	/* NULL if it has none */
	struct pos pos, name_pos;
	struct entry *entry;
	size_t n, cap;
};

/* a step, cut out of its sequence but not read yet */
struct step_draft {
	const char *name;
	struct pos pos, name_pos;
	struct entry *action;	/* NULL: none, or one that was reported */
	struct entry **mod;
	size_t nmod, cap;
	bool broken;
};

struct draft {
	const struct section *section;
	struct seq *seq;	/* of the plan */
	struct entry **head;
	size_t nhead, head_cap;
	struct step_draft *step;
	size_t nstep, step_cap;
	struct map names;	/* of its steps */
	uint32_t *named;	/* the step of each of them */
	size_t named_cap;
	/* the defaults of the header, and which were given */
	struct step def;
	uint64_t def_given;	/* 1 << enum key_id */
	bool params_bad;	/* they were not all understood */
};

/* a word of a host set that is the name of a group */
struct group_ref {
	uint32_t group;
	uint32_t in;	/* the group whose set it is, or NOWHERE */
	bool plain;	/* without its @ */
	bool single;	/* … where one host is meant */
	struct pos pos;
};

/* ${host} and the like, read where lanes may have none */
struct host_ref {
	const struct draft *at;
	uint32_t sym;
	struct pos pos;
};

enum {				/* what is known of a variable */
	SYM_CAN_SET = 1 << 0,	/* something sets it */
	SYM_SETTABLE = 1 << 1,	/* -v may */
	SYM_PAIRS = 1 << 2,	/* captured as pairs */
	SYM_JSON = 1 << 3,	/* captured as JSON */
	SYM_IN_VARS = 1 << 4,	/* of [vars], already seen */
	SYM_SECRET = 1 << 5,	/* of [secrets] */
	SYM_FROM_VARS = 1 << 6,	/* (to symbol_set) it is [vars] */
	SYM_VARIES = 1 << 7	/* something else than [vars] sets it */
};

/* a place where a variable is read; judged when all are known */
struct ref {
	uint32_t sym;
	bool bare;		/* a word of an expression, without ${} */
	bool path;
	struct pos pos;
};

struct loader {
	struct plan *plan;
	const struct lang_options *opt;
	struct arena tmp;	/* freed when the loading is over */
	struct diag diag;
	struct sources src;

	struct section *section;
	size_t nsection, section_cap;
	struct draft *draft;	/* in the order of plan.seq */
	size_t ndraft;
	struct seq *seq;	/* plan.seq, still to be written */

	unsigned char *sym;	/* SYM_… by symbol */
	size_t sym_cap;
	struct ref *ref;
	size_t nref, ref_cap;
	size_t regex_cap;
	struct var *var;
	size_t nvar, var_cap;
	struct limit_def *limit;
	size_t nlimit, limit_cap;
	struct channel_def *channel;
	size_t nchannel, channel_cap;
	struct keyword *join;	/* names that are waited for */
	size_t njoin, join_cap;
	bool spawn_bad;		/* one was not understood */
	struct secret *secret;
	size_t nsecret, secret_cap;
	const struct entry **secret_entry;	/* NULL: reported */
	size_t secret_entry_cap;

	struct host_group *group;
	size_t ngroup, group_cap;
	struct host_def *host;
	size_t nhost, host_cap;
	struct via_def *via;
	size_t nvia, via_cap;
	struct group_ref *group_ref;
	size_t ngroup_ref, group_ref_cap;
	struct host_ref *host_ref;
	size_t nhost_ref, host_ref_cap;

	const struct draft *at;	/* whose steps are being read */
	const struct draft *reading;	/* … or its header */
	struct pos stdin_pos;	/* the list that reads standard input */
	bool in_vars;		/* only what is before us can be read */
	bool secret_ok;		/* this text may hold one */
	bool line_ok;		/* ${line} and ${match} have a meaning */
	bool host_ok;		/* ${host} has a meaning, even so */
	bool in_via;		/* so have ${port} and ${command} */
	/* names of sections that were reported: naming them is no mistake */
	struct map ghost;
	/* an inventory that is not known yet may bring any variable */
	bool any_name;
	/* a file could not be read: no unknown name is sure to be wrong */
	bool incomplete;
};

/* --- symbols (symbols.c) -------------------------------------------------- */

bool is_var_name(const char *s, size_t len);
bool is_user_name(const char *s, size_t len);
uint32_t symbol(struct loader *, const char *name, size_t len);
/* a variable that something sets; false: the name cannot be set */
bool symbol_set(struct loader *, const struct keyword *, unsigned flags,
    uint32_t *sym);
/* a variable that is read */
uint32_t symbol_read(struct loader *, const char *name, size_t len,
    struct pos, bool bare, bool path);
/* a variable of pseq's own environment that is read */
void symbol_env(struct loader *, const char *name, struct pos);
bool symbol_is_known(struct loader *, const char *name, size_t len);
/* words of something that was reported: they are no further mistakes */
void symbol_forgive(struct loader *, const char *word);
void forgive_entry(struct loader *, const struct entry *);
/* report what is read but never set, and -v of unknown names */
void symbols_check(struct loader *);

/* --- secrets (secret.c) --------------------------------------------------- */

struct mods;

/* a variable of [vars] that is a secret, too: reported, true */
bool secret_or_var(struct loader *, const struct keyword *);
/* a secret that a step captures */
bool secret_is_captured(const struct loader *, uint32_t sym);
/* report that a secret would be set in another way than by its own */
void secret_not_set(struct loader *, uint32_t sym, struct pos);
/* a text that is shown cannot hold one; false: reported */
bool secret_check_read(struct loader *, uint32_t sym, struct pos);
/* … nor pseq's environment variable that one is read from */
void secret_check_env(struct loader *, const char *name, struct pos);
/* secret = NAME... */
void read_secret_names(struct loader *, const struct value *, struct step *);
/* captures of secrets, and what looks at the same streams */
void secret_check_capture(struct loader *, const struct mods *);

/* --- the parts in the order of their work --------------------------------- */

/* parse.c: the lines of a file into sections */
void read_lines(struct loader *, uint32_t file);
/* include.c: a file, and before it what it includes */
void load_sections(struct loader *, uint32_t file, bool first);
/* draft.c: sections into drafts of sequences */
void list_drafts(struct loader *);
/* list.c: one of them into its header and steps */
void list_steps(struct loader *, struct draft *);
/* job.c */
void read_job(struct loader *, const struct section *);
void read_vars(struct loader *, const struct section *);
/* lock.c: what [job] says with variables */
void read_lock(struct loader *, const struct section *);
/* secret.c: their names, before anything is read that could hold them */
void declare_secrets(struct loader *);
void read_secrets(struct loader *);
void finish_secrets(struct loader *);
/* hosts.c: their names, before any of them is read */
void declare_hosts(struct loader *);
void read_hosts(struct loader *);
/* stock.c: inventories, as far as they are there */
void read_stock(struct loader *);
/* way.c */
void read_way(struct loader *, const struct section *, struct via_def *);
/* hostset.c */
uint32_t find_group(const struct loader *, const char *name, size_t len);
/* when all sets are read: circles, groups without their @ */
void check_host_sets(struct loader *);
/* list.c: NAME and source word of a key; false: reported */
bool check_key_words(struct loader *, const struct entry *);
/* header.c */
void read_header(struct loader *, struct draft *);
/* the checks that want all headers: after, rescue, always */
void check_headers(struct loader *);
/* steps.c */
void read_steps(struct loader *, struct draft *);
/* reach.c: when all steps are read */
void find_reach(struct loader *);
/* digest.c: when there was no mistake */
void find_digests(struct loader *);

/* --- small things --------------------------------------------------------- */

/* "one word too many", or what that word is likelier to mean */
void extra_word(struct loader *, const char *word, struct pos);
/* no routine, sequence or step of that name, with the nearest one */
void unknown_seq(struct loader *, const char *name, bool routine, struct pos);
void unknown_step(struct loader *, const char *name, struct pos);
uint32_t find_seq(const struct loader *, const char *name, bool routine);
uint32_t find_step(const struct draft *, const char *name);
/* compile a pattern; NULL if it is wrong.  It belongs to the plan */
struct regex *add_regex(struct loader *, const struct value *, size_t at,
    size_t len);

#endif
