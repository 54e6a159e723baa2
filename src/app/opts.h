/*
 * opts - the command line, read
 *
 * Every option of every command is one row of opts_rows[] (commands.h):
 * parser, help, completion and the test of the manual read that table.
 */
#ifndef APP_OPTS_H
#define APP_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct again;
struct subcommand;

enum opts_flaky { FLAKY_OK, FLAKY_FAIL };
/* live is stream where there is no terminal */
enum opts_output {
	OUTPUT_LIVE, OUTPUT_STREAM, OUTPUT_GROUP, OUTPUT_FOLD, OUTPUT_NONE,
	OUTPUT_JSON,
	OUTPUT_QUIET,		/* given: it becomes `quiet` */
	OUTPUT_UNSAID		/* not given: it becomes live, or fold */
};
enum opts_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* words as they were given, borrowed from argv */
struct opts_list {
	const char **word;
	size_t n, cap;
};

struct options {
	const struct subcommand *command;
	const char **args;	/* all of the command line, as it was */
	size_t nargs;
	bool help;

	int64_t jobs;		/* lanes at once; 0: not given */
	bool show_commands;	/* -x */
	struct opts_list vars;	/* NAME=VALUE; the name is a valid one */
	struct opts_list starts;	/* sequences */
	unsigned output;	/* enum opts_output */
	bool output_given;
	bool keep_order, no_tag, quiet;
	bool diff;		/* of outputs that are folded */
	unsigned time;		/* enum mark_time */
	const char *tag;	/* see sink/mark.h; NULL: the lane's own */
	unsigned color;		/* enum opts_color */
	double heartbeat;	/* seconds; 0: never */
	const char *facts;	/* a file; NULL: none is wanted */
	const char *failed, *ok, *unreached;	/* the same, of lanes */
	unsigned flaky;		/* enum opts_flaky */

	const char *events;	/* FILE, "-", fd:N; NULL: none */
	bool state, no_state;	/* a run directory */

	const char *from;	/* each: file of items, "-": standard input */
	bool null;		/* items end in a NUL */
	int64_t max_args;	/* items a command; -1: not given */
	int64_t retry;		/* further tries of each command */
	double timeout;		/* of each command, seconds; 0: none */
	double rounds;		/* --for, seconds; 0: no limit */
	double jitter;		/* seconds at most; 0: none */

	const char *explain;	/* check: a word; NULL: files are checked */
	const char *hosts;	/* a host set: only on these; or NULL */
	bool dot, lists;	/* plan */
	struct opts_list items;	/* NAME=WORDS: lists in place of the job's */
	struct opts_list outcomes;	/* simulate: LANE:STEP=RESULT */
	const char *outcome_file;

	bool expand, fold, count;	/* hosts */
	const char *separator;	/* between names; NULL: a newline */
	const char *groups;	/* file that names groups of hosts */

	int64_t number;		/* history: of runs; -1: not given */
	unsigned format;	/* report: see cmd_report.c */
	const char *to;		/* report: a file; NULL: standard output */

	/* on, copy; NULL, 0, -1: as the file says, or ssh */
	const char *user, *via, *as;
	int64_t port, connect_retry;
	double connect_timeout;	/* seconds */
	bool from_hosts;

	struct again *again;	/* a run from before, or NULL */
	bool changed, why;	/* resume */
};

/*
 * Runs a command of an earlier run once more: args is its command line,
 * options of this one are set over those it had.
 */
int opts_again(const struct options *now, char *const *args, size_t n,
    struct again *);
/*
 * Reads the command line and runs the command; returns the exit status.
 * What a command gets as argv is only the words that are no options,
 * argc of them, and a NULL.
 */
int opts_main(int argc, char **argv);
/* that this process may use */
int64_t opts_processors(void);
/* the locale's characters are UTF-8 */
bool opts_utf8(void);
/* colours on this descriptor: --color, NO_COLOR, TERM, a terminal */
bool opts_color(const struct options *, int fd);

#endif
