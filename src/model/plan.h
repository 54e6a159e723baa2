/*
 * plan - a job as the loader leaves it: read-only data in one arena
 *
 * lang makes it, walk runs it, `pseq plan` prints it.  Names of variables,
 * steps, sequences and routines are resolved to numbers here; what holds
 * ${variables} is kept as a text (model/text.h).
 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "model/place.h"
#include "model/shared.h"
#include "model/status.h"
#include "model/text.h"
#include "model/wait.h"

struct regex;

/* --- expressions -------------------------------------------------------- */

enum expr_op {
	EX_NUMBER,		/* number */
	EX_TEXT,		/* text */
	EX_VAR,			/* var (PIECE_VAR or PIECE_ENV) */
	EX_RESULT,		/* result of step (index in the sequence) */
	EX_CODE,		/* its code */
	EX_DEFINED,		/* a is EX_VAR, EX_RESULT or EX_CODE */
	EX_EXISTS,		/* a: the path */
	EX_NOT, EX_NEGATE,	/* a */
	EX_AND, EX_OR,		/* a, b, both from left to right */
	EX_EQ, EX_NE, EX_LT, EX_LE, EX_GT, EX_GE,
	EX_MATCH, EX_NOMATCH,	/* a against regex */
	EX_ADD, EX_SUB, EX_MUL, EX_DIV, EX_MOD
};

struct expr {
	enum expr_op op;
	const struct expr *a, *b;
	struct text text;
	struct piece var;
	uint32_t step;
	bool is_int;		/* of EX_NUMBER */
	int64_t i;
	double d;
	struct regex *regex;
	struct pos pos;
};

/* --- reactions ---------------------------------------------------------- */

enum match_kind {
	MATCH_CODE,		/* exit codes lo to hi */
	MATCH_STATUS,		/* a result */
	MATCH_SIGNAL,		/* signal number lo */
	MATCH_FAIL,		/* all but ok, skipped, cancelled */
	MATCH_CONNECTION,	/* unreachable, auth, hostkey, lost */
	MATCH_ANY
};

struct match {
	enum match_kind kind;
	enum status status;
	int lo, hi;
};

struct matches {
	const struct match *match;
	size_t n;
};

/*
 * A routine to call, or a step to go to, by name.  If the name holds
 * variables, index is NOWHERE and text is filled and looked up at run time;
 * the loader has made sure that something can match.
 */
struct target {
	uint32_t index;
	struct text text;
	struct pos pos;
};

struct call {
	struct target routine;
	const struct setting *arg;
	size_t narg;
};

enum reaction_kind {
	DO_NEXT,
	DO_GOTO,		/* target */
	DO_RETRY,		/* the step itself, as a visit */
	DO_CALL,		/* call, then: then (NEXT, RETRY, FAIL, GOTO) */
	DO_FINISH, DO_FAIL,	/* message */
	DO_DRAIN, DO_STOP,	/* message */
	/* only for "on line", while the step runs: */
	DO_SET,			/* sym */
	DO_SAY,			/* message */
	DO_SEND,		/* channel */
	DO_SPAWN,		/* call, name */
	DO_RELEASE,
	DO_KILL			/* then: as after a call, or DO_NEXT */
};

struct reaction {
	enum reaction_kind kind, then;
	struct target target;
	struct call call;
	struct text message;
	uint32_t sym, channel;
	const char *name;	/* of a spawn: `as NAME`, or NULL */
	struct pos pos;
	const char *text;	/* as written, for events and `pseq plan` */
};

struct branch {			/* on MATCH = REACTION */
	struct matches when;
	struct reaction reaction;
};

enum { STREAM_OUT = 1, STREAM_ERR = 2 };	/* bits */

struct line_branch {		/* on line = REGEX -> REACTION */
	unsigned streams;
	struct regex *regex;
	const char *pattern;
	struct reaction reaction;
};

/* --- lists -------------------------------------------------------------- */

enum each_kind {
	EACH_WORDS,		/* words */
	EACH_RANGE,		/* lo, hi, step */
	EACH_LINES,		/* text: path */
	EACH_STDIN,
	EACH_OUTPUT,		/* command */
	EACH_FILES,		/* words: patterns */
	EACH_VAR,		/* var */
	EACH_HOSTS,		/* text: a host set */
	EACH_ITEMS		/* made by `pseq each`: items, as they are */
};

struct each {
	enum each_kind kind;
	const uint32_t *sym;	/* a name for each field of an item */
	size_t nsym;		/* 0: its hosts are what lanes run on */
	struct texts words;
	struct text lo, hi, step;
	struct text text;
	struct command command;
	uint32_t var;
	/* of EACH_ITEMS: from argv, an open file or (neither) stdin */
	char *const *items;
	size_t nitems;
	char separator;		/* between items of a stream: '\n' or NUL */
	size_t group;		/* items that make one lane, at least 1 */
	struct pos pos;
};

/* its items are the hosts that lanes run on: `hosts = SET` */
static inline bool
each_is_place(const struct each *e)
{
	return e->kind == EACH_HOSTS && e->nsym == 0;
}

/* what comes back from sub-lanes: `from` of each, a line each, in `into` */
struct collect {
	uint32_t into, from;
};

/* the lanes that a call or spawn starts: one, or one for each item */
struct fan {
	const struct each *each;
	size_t neach;
	struct span parallel, max_fail;
	const struct collect *collect;
	size_t ncollect;
	struct pos pos;
};

/* limits that are held while something runs */
struct needing {
	uint32_t limit;		/* index in plan.limit */
	struct figure n;
	struct pos pos;
};

struct needs {
	const struct needing *need;
	size_t n;
};

/* --- steps -------------------------------------------------------------- */

enum step_kind {
	STEP_RUN, STEP_LOCAL,	/* command */
	STEP_SCRIPT,		/* words: file, arguments */
	STEP_PUT, STEP_GET,	/* words (sources), text (target) */
	STEP_SLEEP,		/* low, high */
	STEP_WAIT,		/* wait, text */
	STEP_CALL,		/* call; fan: over a list */
	STEP_SPAWN,		/* call, fan, name */
	STEP_JOIN,		/* names; none: all */
	STEP_BARRIER,		/* text: its name; count */
	STEP_SEND,		/* channel, text */
	STEP_RECEIVE,		/* channel, mode, into */
	STEP_CLOSE, STEP_CLEAR,	/* channel */
	STEP_SET,		/* sym, text */
	STEP_LET,		/* sym, expr */
	STEP_SAY,		/* text */
	STEP_GOTO,		/* target */
	STEP_RETURN,
	STEP_FINISH, STEP_FAIL, STEP_DRAIN, STEP_STOP	/* text: message */
};

/* "run", "sleep", … */
const char *plan_step_kind(enum step_kind);

/* it runs a command: it has an exit code, output, an environment */
static inline bool
step_is_command(enum step_kind kind)
{
	return kind <= STEP_SCRIPT;
}

enum capture_kind { CAP_STDOUT, CAP_STDERR, CAP_BOTH, CAP_JSON, CAP_PAIRS };

/* most bytes of a captured value: more is an error */
enum { CAPTURE_MAX = 96 * 1024, CAPTURE_JSON_MAX = 1024 * 1024 };

struct capture {
	uint32_t sym;
	enum capture_kind kind;
	struct pos pos;
};

enum stdin_kind { IN_NONE, IN_TEXT, IN_FILE, IN_VAR, IN_CHANNEL };
enum stdout_kind { OUT_SHOWN, OUT_FILE, OUT_NONE, OUT_CHANNEL };

struct retry {
	struct figure tries;	/* further ones; HUGE_VAL: forever */
	struct figure every;	/* default 1s */
	struct figure backoff;	/* factor, default 1 */
	struct figure max;	/* longest wait; not given: none */
	struct figure jitter;	/* percent, default 0 */
	struct matches on;	/* none: every failure */
};

struct env_setting {		/* env NAME = VALUE */
	const char *name;
	struct text value;
};

struct step {
	enum step_kind kind;
	const char *name;	/* NULL if it was not named */
	/* what it is called in output: its name, else its text, cut short */
	const char *label;
	/* its name, else its whole text, with "#2" … among equal ones */
	const char *identity;
	uint32_t index;		/* in its sequence */
	uint32_t id;		/* in the whole plan */
	struct pos pos;

	struct command command;
	struct call call;
	struct target target;
	struct figure low, high;
	enum wait_kind wait;
	uint32_t sym;
	const struct expr *expr;
	struct text text;
	struct texts words;
	const struct fan *fan;	/* NULL: it starts no lanes */
	const char *alias;	/* of a spawn: `as NAME`, or NULL */
	const char *const *names;	/* of a join; none: all */
	size_t nnames;
	struct span count;
	uint32_t channel;
	enum receive_mode mode;
	const uint32_t *into;	/* symbols */
	size_t ninto;

	const struct expr *when, *until;
	const struct match *ok;	/* MATCH_CODE only; none: 0 */
	size_t nok;
	const struct branch *on;
	size_t non;
	const struct line_branch *on_line;
	size_t non_line;
	struct figure timeout, silent, grace, visits;
	bool has_retry;
	struct retry retry;
	const struct capture *capture;
	size_t ncapture;
	enum stdin_kind stdin_kind;
	struct text stdin_text;	/* text or path */
	uint32_t stdin_sym, stdin_channel, stdout_channel;
	enum stdout_kind stdout_kind;
	struct text stdout_path;
	const struct env_setting *env;
	size_t nenv;
	bool has_dir, has_as, has_host, has_via;
	bool own_as;		/* … not that of the header */
	struct text dir, as, host;
	struct via_name via;
	bool via_off;		/* without that of the header */
	struct texts shell;	/* none: the default, /bin/sh -eu */
	const uint32_t *secret;	/* symbols of those the command gets */
	size_t nsecret;
	bool quiet, tty, once;
	bool no_rerun;		/* never a second time when resumed */
	struct needs needs;
};

/* --- sequences and routines --------------------------------------------- */

enum on_fail { ON_FAIL_CONTINUE, ON_FAIL_DRAIN, ON_FAIL_STOP };

/* params have has_value unset where no default is given */
struct param {
	uint32_t sym;
	bool has_value;
	struct text value;
	struct pos pos;
};

struct seq {
	const char *name;
	bool routine;
	uint32_t index;		/* in plan.seq */
	struct pos pos;
	const struct step *step;
	uint32_t nstep;
	/* a step of it can be entered twice by one lane: count the visits */
	bool counted;

	const struct each *each;
	size_t neach;
	struct span parallel, max_fail;
	enum on_fail on_fail;
	const uint32_t *after;	/* indices in plan.seq */
	size_t nafter;
	const struct expr *priority;
	struct figure lane_timeout;
	bool has_label;
	struct text label;
	uint32_t rescue, always;	/* indices in plan.seq, or NOWHERE */
	const struct setting *var;
	size_t nvar;
	const struct param *param;
	size_t nparam;
	struct needs needs;
	struct contact contact;	/* for hosts that no group knows */
	const struct span *serial;	/* waves; none: all at once */
	size_t nserial;
	struct figure repeat, every;	/* given: it has rounds */
	/* channels that its commands are told to use */
	const uint32_t *sends, *receives;
	size_t nsends, nreceives;
	/* what its lanes may do, with all that they call and start */
	struct lane_kind reach;
};

/* --- the job ------------------------------------------------------------ */

/*
 * Variables that are never shown ([secrets]).  A value that can be found in
 * a text has a line of at least so many bytes.
 */
enum { SECRET_MIN = 4, SECRET_MAX = 96 * 1024 };

enum secret_kind {
	SECRET_FILE,		/* text: path */
	SECRET_ENV,		/* name: in pseq's own environment */
	SECRET_OUTPUT,		/* command */
	SECRET_ASK,		/* name: the prompt */
	SECRET_CAPTURE		/* captured by a step */
};

struct secret {			/* in the order of the file */
	uint32_t sym;
	enum secret_kind kind;
	const char *name;
	struct text text;
	struct command command;
	struct pos pos;
};

enum var_kind { VAR_TEXT, VAR_OUTPUT, VAR_REQUIRED };

struct var {			/* of [vars], in the order of the file */
	uint32_t sym;
	enum var_kind kind;
	struct text text;	/* the value; of VAR_REQUIRED: what it is */
	struct command command;
	struct pos pos;
};

struct channel_def {
	const char *name;
	struct figure capacity;
	struct pos pos;
};

struct limit_def {
	const char *name;
	struct figure n;
	bool shared;
	struct pos pos;
};

/* a section, the header of a sequence or routine, or a step of it */
struct plan_part {
	const char *name;	/* "[vars]", "[sequence s], step 'x'" */
	const char *digest;
};

/* lanes whose output is kept in files, beside the journal */
enum log_keep {
	LOG_LANES,		/* all */
	LOG_FAILED,		/* those that fail; the others' are removed */
	LOG_NONE
};

/* what is done when another run holds the lock */
enum overlap { OVERLAP_SKIP, OVERLAP_WAIT, OVERLAP_REPLACE, OVERLAP_ALLOW };

struct plan {
	struct arena arena;
	const char *const *file;	/* paths, by pos.file */
	size_t nfile;
	/*
	 * Sums of what the files say, whatever comments and blanks are in
	 * them: of all of it, and part by part.
	 */
	const char *digest;
	const struct plan_part *part;
	size_t npart;
	struct map symbols;		/* every variable's name */
	/* by symbol: -v may set it (it stands in [vars], var or params) */
	const bool *settable;
	/* by symbol: something sets it, so `pseq set` may do it, too */
	const bool *declared;
	/* by symbol: captured as pairs, so that NAME_… may appear */
	const bool *pairs;

	const char *name;		/* of the job */
	const char *description;	/* "" if there is none */
	const char *job_dir;		/* absolute */
	/* [job] dir as an absolute path, or NULL: where pseq was started */
	const char *dir;
	struct span parallel, children, max_fail;
	enum on_fail on_fail;
	struct figure timeout;
	uint32_t depth;			/* of calls */
	bool allow_empty;
	int64_t keep;			/* runs; 0: not given */
	double keep_s;			/* … or their age; 0: not given */
	enum log_keep log;
	/* [job] shell; none: /bin/sh -eu.  Steps have it already */
	struct texts shell;
	bool has_lock;
	struct text lock;		/* its name */
	enum overlap overlap;
	struct figure patience;		/* of OVERLAP_WAIT; given: a limit */
	bool has_report;
	bool reads_stdin;	/* a list of it is our standard input */
	struct command report;		/* gets the summary at the end */

	struct map env;			/* names of every ${env.NAME} */
	const struct var *var;
	size_t nvar;
	const struct secret *secret;
	size_t nsecret;
	/* by symbol: the secret it is, + 1; NULL if there is none */
	const uint32_t *is_secret;
	const struct seq *seq;		/* sequences first, in file order */
	size_t nseq;			/* sequences and routines */
	const struct channel_def *channel;
	size_t nchannel;
	const struct limit_def *limit;
	size_t nlimit;
	const struct host_group *group;	/* in the order of the file */
	size_t ngroup;
	const struct host_def *host;
	size_t nhost;
	const struct via_def *via;
	size_t nvia;
	uint32_t nsteps;		/* of all of them */
	struct regex **regex;		/* all patterns; freed with the plan */
	size_t nregex;
};

/* the secret that a variable is, or NULL */
const struct secret *plan_secret(const struct plan *, uint32_t sym);
/* the sequence or routine of that name; NOWHERE if there is none */
uint32_t plan_find(const struct plan *, const char *name, size_t len,
    bool routine);
/* the named step; NOWHERE if there is none */
uint32_t seq_find_step(const struct seq *, const char *name, size_t len);
/* can a lock have this name?  It is that of a file */
bool plan_is_lock(const char *name);
/* "deploy.job:12:5", for messages at run time; buf is cut if too small */
char *plan_show_pos(const struct plan *, struct pos, char *buf, size_t size);
void plan_fini(struct plan *);

#endif
