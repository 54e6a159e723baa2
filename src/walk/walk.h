/*
 * walk - the program that walks a plan
 *
 * One small state per lane; next() evaluates conditions, variables and
 * branches and answers with plain actions.  It starts nothing itself.
 */
#ifndef WALK_WALK_H
#define WALK_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/plan.h"
#include "model/program.h"

struct buf;
struct hosts;
struct run;
struct walk;

/* the items of a list, in place of what the job would make */
struct walk_list {
	uint32_t sym;		/* one of the list's variables, or NOWHERE */
	const char *group;	/* … then it is this group of hosts */
	char *const *item;
	size_t n;
};

/* for whoever follows the ways that lanes take */
struct walk_watcher {
	void *arg;
	/* this reaction of the step was taken, also one to a line */
	void (*took)(void *arg, const struct step *, const struct reaction *);
	/*
	 * A routine is called in a lane, by this step or (NULL) by the word
	 * `how`; how NULL: the last one called is over.
	 */
	void (*called)(void *arg, const struct lane_info *, const char *how,
	    const struct step *, const struct seq *);
	/* a lane begins on this host; endpoint NULL: why it cannot */
	void (*placed)(void *arg, const char *host, const struct seq *,
	    const struct endpoint *, const char *why);
};

/* how hosts are reached, over all that the job says */
struct walk_reach {
	const char *user, *via;	/* NULL: as the job says */
	unsigned port;		/* 0: as well */
	double connect_timeout;	/* seconds; 0: as well */
	int64_t connect_retry;	/* -1: as well */
};

struct walk_options {
	const struct plan *plan;	/* borrowed */
	const char *run;		/* id of the run */
	/* NAME=VALUE of -v, in order; the names are known to be settable */
	const char *const *set;
	size_t nset;
	char *const *environ;		/* borrowed */
	int64_t processors;
	int64_t jobs;			/* of -j: lanes at once; 0: not given */
	/* names of lanes are counted to tell equal ones apart */
	bool unique;
	/* lanes have no steps: only their lists and names are of interest */
	bool only_lists;
	/* lists and variables made by commands have one item, "?" */
	bool no_commands;
	/* only for walk_command(): what cannot be set is not */
	bool partial;
	const struct walk_list *list;	/* borrowed */
	size_t nlist;
	/* a host set: lanes are only for those of their hosts; NULL: all */
	const char *hosts;
	const struct walk_reach *reach;	/* borrowed, or NULL */
	const struct walk_watcher *watcher;	/* borrowed, or NULL */
	const struct past *past;	/* NULL: it is a new run */
	bool why;		/* say of each step why it runs again, or not */
	/* commands see only what changes from lane to lane, for `pseq each` */
	bool few_variables;
	uint64_t seed;			/* for random times */
	/*
	 * A value that is not to be seen from now on; and one to be asked
	 * for, without a newline: 0, or -1 and why not.  Neither is called
	 * for a plan without secrets, nor with only_lists or no_commands.
	 */
	void (*secret)(void *arg, const char *text, size_t len);
	int (*ask)(void *arg, const char *prompt, struct buf *answer,
	    struct buf *why);
	/* something to tell the user */
	void (*warn)(void *arg, const char *text);
	void *arg;
};

/*
 * Fills [vars] and [secrets] as far as no command is needed for it.  NULL if that cannot
 * be; what is wrong is then in why, as "file:line:col: text".
 */
struct walk *walk_new(const struct walk_options *, struct buf *why);
/*
 * The group that runs the commands of [vars] and [secrets]; false if there is none.
 * The groups of the sequences come after it.
 */
bool walk_setup_group(struct walk *, struct group_spec *);
/*
 * The group that runs the commands which tell the hosts of a sequence; false
 * if there are none.  It comes after what the sequence comes after, and the
 * sequence after it.
 */
bool walk_hosts_group(struct walk *, const struct seq *, struct group_spec *);
/*
 * The names of a host set that may name groups of the job; commands of
 * groups are not run for it.  -1, why, and where in *at (or NULL).
 */
int walk_hosts(struct walk *, const char *text, size_t len, struct hosts *,
    struct buf *why, size_t *at);
/*
 * The group of a sequence; its `after` is left to the caller, who numbers
 * the groups.  0, or -1 and why if a setting of it cannot be read.
 */
int walk_group(struct walk *, const struct seq *, struct group_spec *,
    struct buf *why);
/* what lanes share, by number; belongs to the walk */
struct walk_shared {
	const struct lane_kind *kind;	/* by sequence and routine */
	const struct channel_spec *channel;
	const struct limit_spec *limit;
	size_t nkind, nchannel, nlimit;
};

/* 0, or -1 and why if a capacity or limit cannot be read */
int walk_shared(struct walk *, struct walk_shared *, struct buf *why);
/* lanes at once of each group of hosts, see engine_caps(); -1: as above */
int walk_caps(struct walk *, const int64_t **most, size_t *n,
    struct buf *why);
/* settings of [job], with variables filled in; -1: as above */
int walk_span(struct walk *, const struct span *, struct width *,
    struct buf *why);
int walk_figure(struct walk *, const struct figure *, double *,
    struct buf *why);
int walk_text(struct walk *, const struct text *, struct buf *,
    struct buf *why);
/* a command of [job]; what is in run is borrowed until the next call */
int walk_command(struct walk *, const struct command *, struct run *,
    struct buf *why);
/*
 * What a step's command and texts come to, for `pseq plan`: variables that
 * are known now are filled in, the others stay ${name}.
 */
void walk_show_text(struct walk *, const struct text *, struct buf *);
void walk_free(struct walk *);

#endif
