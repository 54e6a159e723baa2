/*
 * inner - what the files of walk share
 */
#ifndef WALK_INNER_H
#define WALK_INNER_H

#include "base/buf.h"
#include "base/map.h"
#include "walk/value.h"
#include "walk/walk.h"

struct binding {
	uint32_t sym;
	struct value *value;	/* NULL: not set */
};

struct bindings {
	struct binding *binding;
	size_t n, cap;
};

/* what is known of a step that has ended */
struct outcome {
	enum status status;	/* ST_N: it has not run */
	int code;
};

/* the variables that speak of the last step that started something */
struct last {
	bool set;
	enum status status;
	int code;
	struct value *message, *step, *tail;
	int changed;		/* -1: no copy yet */
};

#define ENV_HIDDEN UINT32_MAX

struct endpoint;
struct keys;
struct party;
struct place;
struct places;

struct walk {
	struct walk_options o;
	const struct plan *plan;
	struct value **global;		/* [vars] and -v, by symbol */
	bool *by_option;		/* set with -v, by symbol */
	struct map extra;		/* names captured as pairs */
	uint64_t random;
	/*
	 * pseq's own environment, and which symbol each name is, or
	 * ENV_HIDDEN: a secret is read from it, and commands do not get it.
	 */
	char *const *env;
	uint32_t *env_sym;
	size_t nenv;
	uint32_t *seen;			/* by symbol: the round it was put in */
	size_t nseen;
	uint32_t round;
	/* scratch of the action that is being made */
	struct buf strings;
	size_t *at;			/* where each string begins */
	size_t nat, at_cap;
	const char **pointers;
	size_t pointer_cap;
	struct buf text, text2;
	struct buf script;		/* bytes of the last one */
	struct group_spec spec;		/* of lanes that are to be started */
	struct need *need;		/* of the action */
	size_t need_cap;
	struct lane_kind *kind;		/* of walk_shared() */
	struct channel_spec *channel;
	struct limit_spec *limit;
	struct wave **wave;		/* of the groups, freed at the end */
	size_t nwave, wave_cap;
	struct buf answer;		/* the last one to a request */
	struct buf why;			/* the last word on a step, see `why` */
	struct assign *assign;		/* of the last note, and its values */
	struct value **assigned;
	size_t nassigned, assign_cap;
	bool warned_export, warned_priority;
	struct map names;		/* of lanes, to tell equal ones apart */
	uint32_t *used;			/* how often, by number in names */
	size_t used_cap;
	uint32_t fixed_sym[SYM_FIXED];	/* of PSEQ_… names */
	bool tag_is_item;
	struct places *places;
	int64_t *cap;			/* of walk_caps() */
};

/* pairs: the captured bytes, else NULL: the variable's value */
struct noted {
	uint32_t sym;
	struct value *pairs;
};

/* one lane, shared by its frames */
struct ctx {
	struct walk *w;
	unsigned refs;
	const struct lane_info *info;
	struct buf *naming;	/* its name, while it is being made */
	/* the host it runs on, and how; NULL: none */
	const struct place *place;
	const struct endpoint *endpoint;
	const struct keys *keys;	/* of the header it began with */
	struct value *host;	/* ${host} where there is no place yet */
	const struct seq *seq;
	struct party *party;
	struct party *collecting;	/* those that it started with `collect` */
	bool spawned;			/* lanes that may not be over */
	uint32_t *entries;		/* into steps, by id; never set back */
	/* what the step under way has set, for its note */
	struct noted *noted;
	size_t nnoted, noted_cap;
	bool noted_secret;
	/* … and what all of them have; pairs: as they were captured */
	struct noted *fact;
	size_t nfact, fact_cap;
	uint32_t began;			/* tries, really made */
	bool told_new;			/* that it has come to what is new */
	struct bindings vars;
	struct value **field;		/* of its item, for PIECE_ITEMS */
	size_t nfield;
	struct last last;
	unsigned handlers;		/* rescue and always under way: last
					   stays what it is */
	unsigned attempt;
	uint32_t *visits;		/* by id of the step */
	struct value *line, *match;	/* while a line is reacted to */
	/* what went wrong, for results; that of the last action is kept */
	struct buf why, old_why;
};

/* program.c */
/* the variables of a lane as they are now; to be unref'd */
struct ctx *ctx_copy(const struct ctx *);
void ctx_unref(struct ctx *);	/* NULL is fine */

/* note.c: what a step sets on its lane */
void note_set(struct ctx *, uint32_t sym);
void note_pairs(struct ctx *, uint32_t sym, const char *text, size_t len);
/* set what a recorded step has set */
void note_apply(struct ctx *, const struct step_note *);
/* what was noted does not count */
void note_clear(struct ctx *);
void note_drop(struct ctx *);
void note_fini(struct walk *);

/* facts.c: what a lane has found out */
void facts_add(struct ctx *, uint32_t sym, struct value *pairs);
void facts_drop(struct ctx *);
/* append it as one JSON object, or nothing */
void facts_tell(struct ctx *, struct buf *);

/* pairs.c: lines KEY=VALUE, one after the other */
struct pair {
	const char *key, *value;
	size_t nkey, nvalue;
};
struct pairs {
	const char *text, *end;
	struct pair now;
};
bool pairs_next(struct pairs *);

/* walk.c: from 0 to below 1 */
double walk_random(struct walk *);

/* vars.c */
struct value *vars_get(struct walk *, const struct ctx *, uint32_t sym);
/* takes over the value */
void vars_set(struct ctx *, uint32_t sym, struct value *);
/* the old value, kept aside; to be put back with vars_restore() */
struct binding vars_shadow(struct ctx *, uint32_t sym, struct value *);
void vars_restore(struct ctx *, struct binding);
uint32_t vars_symbol(struct walk *, const char *name, size_t len);
const char *vars_name(const struct walk *, uint32_t sym);
/* the value of a piece; NULL and why if it is not set.  To be unref'd */
struct value *vars_piece(struct walk *, const struct ctx *,
    const struct piece *, struct buf *why);
/* append the filled text; -1 and why if a variable is not set */
int vars_fill(struct walk *, const struct ctx *, const struct text *,
    struct buf *out, struct buf *why);
int vars_figure(struct walk *, const struct ctx *, const struct figure *,
    double *, struct buf *why);
int vars_span(struct walk *, const struct ctx *, const struct span *,
    struct width *, struct buf *why);
void vars_fini(struct bindings *);
void last_fini(struct last *);
void last_copy(struct last *to, const struct last *from);
/* begin a message with the place: "file:line:col: " */
void why_at(struct walk *, struct pos, struct buf *why);

/* env.c: the environment of a command, in the scratch of walk */
/* adds a list; returns how many of it are not from pseq's environment */
size_t env_build(struct walk *, const struct ctx *, const struct step *);
/* strings of an action; they live until the next action is made */
void scratch_begin(struct walk *);
size_t scratch_add(struct walk *, const char *s, size_t len);
/* end a list with NULL */
void scratch_end(struct walk *);
/* all pointers, by what scratch_add() returned; nothing may be added then */
const char **scratch_done(struct walk *);

/* command.c */
/*
 * A whole command with its environment; run->at is set already.  -1 and why.
 * cmd is not looked at for a step that runs a script.
 */
int command_make(struct walk *, const struct ctx *, const struct step *,
    const struct command *, struct run *, struct buf *why);

/* its text; until the next action is made */
const char *command_show(struct walk *, const struct run *);
int command_copy(struct walk *, const struct ctx *, const struct step *,
    struct copy *, struct buf *why);

/* eval.c */
enum number_kind { NUM_NONE, NUM_INT, NUM_DOUBLE };
/* the value as text, to be unref'd; NULL and why on error */
struct value *eval_text(struct walk *, const struct ctx *,
    const struct outcome *, const struct seq *, const struct expr *,
    struct buf *why);
/* 1, 0, or -1 and why */
int eval_truth(struct walk *, const struct ctx *, const struct outcome *,
    const struct seq *, const struct expr *, struct buf *why);

/* items.c: the list of a sequence */
struct items;
/* with the variables of that lane, if it is not NULL; both are borrowed */
struct items *items_new(struct walk *, const struct each *, size_t n,
    const struct ctx *);
/* its first list comes from a command, a file or standard input */
bool items_is_fed(const struct walk *, const struct each *, size_t n);
/* as the shell's read: the next of so many fields; false: there is none */
bool items_field(const char **s, const char *end, bool last, size_t *len);
void items_source(struct items *, struct source *);
/* text of the stream's next item, or (LINE_MORE) more of the last one */
/* false: the item is longer than ITEM_MAX bytes */
enum { ITEM_MAX = 1024 * 1024 };
bool items_feed(struct items *, const char *text, size_t len,
    unsigned flags);
bool items_is_full(const struct items *);
/* there is no more; not well: it broke off */
void items_fed(struct items *, bool well);

/* feed.c: the program that feeds it; its state is the items */
extern const struct program feed_program;
void *feed_new(struct walk *, const struct each *, struct items *,
    const struct ctx *);

/* secret.c */
/* why a value cannot be one, or NULL */
const char *secret_unfit(const char *text, size_t len);
/* a value that is hidden from now on */
struct value *secret_value(struct walk *, const char *text, size_t len);
/* a value of the job; -1 and why if it will not do */
int secret_keep(struct walk *, const struct secret *, const char *text,
    size_t len, struct buf *why);
/* from entry `from` on, as far as no command is needed; -1 and why */
int secret_fill(struct walk *, size_t *from, struct buf *why);
/* what needs no variable, then those that are asked for; -1 and why */
int secret_begin(struct walk *, struct buf *why);
/* -1 and why if one that the step's command gets has no value yet */
int secret_check(struct walk *, const struct ctx *, const struct step *,
    struct buf *why);
/* is a secret read from pseq's environment variable of this name? */
bool secret_is_source(const struct plan *, const char *name, size_t len);
/* STREAM_… of which the step captures secrets: nobody is to see them */
unsigned secret_streams(const struct plan *, const struct step *);

/* setup.c: the commands of [vars] and [secrets] */
extern const struct program setup_program;
/* from these entries on, as far as no command is needed; -1 and why */
int setup_fill(struct walk *, size_t *var, size_t *secret, struct buf *why);

/* files.c: sorted paths that match; called with each */
void files_match(const char *pattern,
    void (*fn)(void *arg, const char *path), void *arg);

/* script.c */
/* the bytes of a script into walk.script; -1 and why */
int script_load(struct walk *, const struct step *, const char *path,
    struct buf *why);
/* the words that it is run by here, into the scratch */
void script_interpreter(struct walk *);

/* name.c */
void name_lane(struct walk *, const struct ctx *, const struct item *,
    struct frame_init *);
/* that of a lane which a line of a command started; counted like others */
void name_spawned(const struct ctx *, const char *routine, struct buf *);
/* … but there is none */
void name_forget(struct walk *, const struct buf *);

/* program.c: what the engine drives */
extern const struct program walk_program;

#endif
