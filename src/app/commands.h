/*
 * commands - what pseq can do, as tables
 */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct options;

/* bits: which commands an option belongs to */
enum {
	CMD_RUN = 1 << 0,
	CMD_CHECK = 1 << 1,
	CMD_PLAN = 1 << 2,
	CMD_EACH = 1 << 3,
	CMD_HELP = 1 << 4,
	CMD_COMPLETE = 1 << 5,
	CMD_SIMULATE = 1 << 6,
	CMD_SET = 1 << 7,
	CMD_GET = 1 << 8,
	CMD_SEND = 1 << 9,
	CMD_RECEIVE = 1 << 10,
	CMD_HOSTS = 1 << 11,
	CMD_ON = 1 << 12,
	CMD_COPY = 1 << 13,
	CMD_HISTORY = 1 << 14,
	CMD_SHOW = 1 << 15,
	CMD_WATCH = 1 << 16,
	CMD_REPORT = 1 << 17,
	CMD_RESUME = 1 << 18,
	CMD_RETRY = 1 << 19,
	CMD_AGAIN = CMD_RESUME | CMD_RETRY,
	CMD_ALL = (1 << 20) - 1
};

struct subcommand {
	unsigned bit;
	const char *name;
	const char *synopsis;	/* what follows the name */
	const char *summary;	/* for the list of commands */
	const char *about;	/* for its own help: text, then examples */
	int least, most;	/* words it takes; -1: any number */
	const char *missing;	/* what there is none of, if too few */
	/* words begin a command of the user's: no options after the first */
	bool is_prefix;
	/* words it takes, for shells; or FILE, SET (of hosts), NAME … */
	const char *complete;
	int (*run)(struct options *, int argc, char **argv);
};

enum option_kind {
	OPTION_FLAG,		/* bool */
	OPTION_JOBS,		/* int64_t, from 1, or "auto" */
	OPTION_COUNT,		/* int64_t, from 0 */
	OPTION_DURATION,	/* double, seconds, more than 0 */
	OPTION_PERIOD,		/* the same, or 0: never, none */
	OPTION_TEXT,		/* const char * */
	OPTION_FILE,		/* the same */
	OPTION_LIST,		/* struct opts_list */
	OPTION_VAR,		/* the same; each is NAME=VALUE */
	OPTION_CHOICE		/* unsigned: which word of arg, a|b|c */
};

struct option_row {
	const char *name;	/* without the dashes */
	char letter;		/* 0: none */
	enum option_kind kind;
	const char *arg;	/* its argument's name; NULL: it has none */
	const char *help;
	unsigned commands;
	size_t at;		/* of the value in struct options */
};

extern const struct subcommand opts_commands[];
extern const size_t opts_ncommands;
extern const struct option_row opts_rows[];
extern const size_t opts_nrows;

/* NULL if there is none of that name */
const struct subcommand *command_find(const char *name);
/* usage, options, examples of one command, or the list of all */
void help_command(FILE *, const struct subcommand *);
void help_all(FILE *);

int cmd_run(struct options *, int argc, char **argv);
int cmd_resume(struct options *, int argc, char **argv);
int cmd_retry(struct options *, int argc, char **argv);
int cmd_check(struct options *, int argc, char **argv);
int cmd_plan(struct options *, int argc, char **argv);
int cmd_simulate(struct options *, int argc, char **argv);
int cmd_each(struct options *, int argc, char **argv);
int cmd_on(struct options *, int argc, char **argv);
int cmd_copy(struct options *, int argc, char **argv);
int cmd_hosts(struct options *, int argc, char **argv);
int cmd_history(struct options *, int argc, char **argv);
int cmd_show(struct options *, int argc, char **argv);
int cmd_watch(struct options *, int argc, char **argv);
int cmd_report(struct options *, int argc, char **argv);
int cmd_set(struct options *, int argc, char **argv);
int cmd_get(struct options *, int argc, char **argv);
int cmd_send(struct options *, int argc, char **argv);
int cmd_receive(struct options *, int argc, char **argv);
int cmd_help(struct options *, int argc, char **argv);
int cmd_complete(struct options *, int argc, char **argv);

struct plan;
struct step;
/* runs this one step on each of the hosts; frees the plan */
int on_hosts(struct options *, struct plan *, const char *hosts,
    struct step *);

#endif
