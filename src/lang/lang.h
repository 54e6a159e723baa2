/*
 * lang - from job files to a plan, or to a list of mistakes
 *
 * Nothing is run and nothing is asked of the network.  All mistakes are
 * reported in one go, in the order of the file.
 */
#ifndef LANG_LANG_H
#define LANG_LANG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arena;
struct buf;
struct command;
struct plan;

struct lang_options {
	FILE *out;			/* where mistakes are reported */
	bool color;
	/* the NAMEs given by -v */
	const char *const *set_name;
	size_t nset_name;
	/* do not read the files named by `include` (fuzzing) */
	bool no_include;
	/* only the hosts are wanted: a job without sequences is fine */
	bool only_places;
};

/*
 * The files are joined: the first is the job, the others add sections.
 * NULL after reporting mistakes; *errors, if not NULL, is their number.
 * The plan is freed with lang_free().
 */
struct plan *lang_load(char *const *file, size_t n,
    const struct lang_options *, unsigned *errors);
/* the same from memory; name is what diagnostics call it */
struct plan *lang_load_bytes(const char *name, const char *bytes, size_t len,
    const struct lang_options *, unsigned *errors);
/*
 * Does this stand between the brackets of a job file's section, and not in
 * those of an inventory: "hosts web", "job"?  Up to the end of its line.
 */
bool lang_is_section(const char *s, size_t len);
/* plan_fini() and the struct itself */
void lang_free(struct plan *);

/* --- single commands, for `pseq each` ------------------------------------ */

/*
 * No shell character in it, and its first word is no builtin or reserved
 * word of a shell: it can be executed without one.  `{}` is no shell
 * character.
 */
bool lang_is_direct(const char *command);
/*
 * How a command is run with the default shell: directly by its words, or
 * as a text for the shell.  What it makes lives in the arena.
 */
void lang_command(struct arena *, const char *text, struct command *);
/*
 * A command in which `{}` stands for the item, which is variable sym, called
 * name.  Every `{}` becomes the item in the words of a direct command, a
 * quoted ${name} in the text of one for the shell; without any the item is
 * the last word if append is set.
 */
void lang_command_item(struct arena *, const char *text, unsigned sym,
    const char *name, bool append, struct command *);
/*
 * The same for several items: a `{}` that is a word of its own stands for
 * all of them ("$@").  -1 if one stands anywhere else.
 */
int lang_command_items(struct arena *, const char *text, bool append,
    struct command *);
/* whether a `{}` (not `\{}`) stands in the command */
bool lang_has_braces(const char *command);

/* --- the words of the language, for help, completions and tests ---------- */

enum key_at {			/* where a key may stand */
	AT_JOB = 1 << 0,
	AT_SEQUENCE = 1 << 1,	/* header of a sequence */
	AT_ROUTINE = 1 << 2,	/* header of a routine */
	AT_STEP = 1 << 3,
	AT_SECTION = 1 << 4,	/* (later words only) it is a section */
	AT_CHANNEL = 1 << 5,
	AT_HOSTS = 1 << 6,	/* [hosts NAME] */
	AT_HOST = 1 << 7,	/* [host NAME] */
	AT_VIA = 1 << 8		/* [via NAME] */
};

enum key_flag {
	KEY_ACTION = 1 << 0,	/* begins a step */
	KEY_MANY = 1 << 1,	/* may repeat */
	KEY_NAMED = 1 << 2,	/* KEY NAME = */
	KEY_NAMES = 1 << 3	/* KEY NAME… [SOURCE] = */
};

/* those that a header can give for all its steps come first: see GIVEN() */
enum key_id {
	KEY_AS, KEY_DIR, KEY_ENV, KEY_GRACE, KEY_QUIET, KEY_RETRY, KEY_SECRET,
	KEY_SHELL, KEY_SILENT, KEY_TIMEOUT, KEY_VIA,
	KEY_ADDRESS, KEY_AFTER, KEY_ALLOW_EMPTY, KEY_ALWAYS, KEY_BARRIER, KEY_CALL,
	KEY_CAPACITY, KEY_CAPTURE, KEY_CHILDREN, KEY_CLEAR, KEY_CLOSE,
	KEY_COLLECT, KEY_CONNECT_FAIL, KEY_CONNECT_RETRY, KEY_CONNECT_TIMEOUT,
	KEY_COUNT, KEY_DEPTH, KEY_DESCRIPTION, KEY_DRAIN,
	KEY_EACH, KEY_EVERY, KEY_EXEC, KEY_FAIL, KEY_FINISH, KEY_GET, KEY_GOTO,
	KEY_HOST, KEY_HOST_KEYS, KEY_HOSTS, KEY_IDENTITY, KEY_INCLUDE,
	KEY_JOIN, KEY_KEEP, KEY_LABEL, KEY_LANE_TIMEOUT, KEY_LET, KEY_LOCAL,
	KEY_LOCK, KEY_LOG, KEY_MAX_FAIL, KEY_NAME, KEY_NEEDS, KEY_OK, KEY_ON,
	KEY_ON_FAIL, KEY_ONCE, KEY_OPTION, KEY_OVERLAP, KEY_PARALLEL,
	KEY_PARAMS, KEY_PORT, KEY_PRIORITY, KEY_PUT, KEY_RECEIVE,
	KEY_RECEIVE_ALL, KEY_RECEIVE_LAST, KEY_RECEIVES, KEY_REPEAT,
	KEY_REPORT, KEY_RERUN, KEY_RESCUE, KEY_RETURN, KEY_RUN, KEY_SAY,
	KEY_SCRIPT,
	KEY_SEND, KEY_SENDS, KEY_SERIAL, KEY_SET, KEY_SLEEP, KEY_SPAWN,
	KEY_STDIN, KEY_STDOUT, KEY_STEP, KEY_STOP, KEY_TTY, KEY_UNTIL,
	KEY_USER,
	KEY_VAR, KEY_VISITS, KEY_WAIT, KEY_WHEN
};

struct key {
	enum key_id id;
	const char *name;
	unsigned at;		/* enum key_at */
	unsigned flags;		/* enum key_flag */
	unsigned on;		/* a modifier: 1 << enum step_kind … */
	const char *sources;	/* source words, or "" */
	const char *value;	/* what stands behind the '=' */
	const char *help;
};

extern const struct key lang_keys[];
extern const size_t lang_nkeys;

/* words of the language that are not built yet */
struct later {
	const char *name;
	unsigned at;
	bool action;
};

extern const struct later lang_later[];
extern const size_t lang_nlater;

/* the kinds of sections, NULL-terminated */
extern const char *const lang_sections[];
/* what else than a result may stand behind `on`, NULL-terminated */
extern const char *const lang_matches[];
/* source words of [vars], [secrets] and [limits], between blanks */
extern const char lang_var_sources[], lang_secret_sources[],
    lang_limit_sources[];
/* the first word of a reaction; NULL behind the last one */
const char *lang_reaction(size_t i);

#endif
