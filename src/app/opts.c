/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/again.h"
#include "app/agree.h"
#include "app/commands.h"
#include "app/exits.h"
#include "app/heartbeat.h"
#include "app/opts.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"

enum {
	LONG = 256,		/* + row: what getopt_long returns for one */
	ROWS_MAX = 64
};

/* "pseq run: text", and a name that may have been meant */
__attribute__((format(printf, 3, 4)))
static int
wrong(const struct subcommand *c, const struct near *near, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "pseq%s%s: ", c ? " " : "", c ? c->name : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (near && near->best)
		fprintf(stderr, "; did you mean '%s'?", near->best);
	putc('\n', stderr);
	return EXITS_USAGE;
}

/* --- values ------------------------------------------------------------- */

int64_t
opts_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return CPU_COUNT(&set);
	return sysconf(_SC_NPROCESSORS_ONLN);
}

static int
read_jobs(const char *s, int64_t *n)
{
	if (!strcmp(s, "auto")) {
		*n = opts_processors();
		return 0;
	}
	return num_int(s, n) == -1 || *n < 1 ? -1 : 0;
}

/* which of the words a|b|c; -1: none */
static int
read_choice(const char *choices, const char *s, unsigned *n)
{
	size_t len = strlen(s);

	for (*n = 0;; ++*n) {
		size_t k = strcspn(choices, "|");

		if (k == len && !memcmp(choices, s, k))
			return 0;
		if (choices[k] == '\0')
			return -1;
		choices += k + 1;
	}
}

static bool
is_assignment(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n > 0 && s[n] == '=' && (s[0] < '0' || s[0] > '9');
}

/* put what was given into its place; returns what it should have been */
static const char *
store(void *p, const struct option_row *row, const char *arg)
{
	struct opts_list *list = p;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)p = true;
		return NULL;
	case OPTION_JOBS:
		return read_jobs(arg, p) == 0 ? NULL :
		    "a number from 1, or auto";
	case OPTION_COUNT:
		return num_int(arg, p) == 0 && *(int64_t *)p >= 0 ? NULL :
		    "a number from 0";
	case OPTION_DURATION:
		return num_duration(arg, p) == 0 && *(double *)p > 0 ? NULL :
		    "a time, as in 30s or 1h30m";
	case OPTION_PERIOD:
		if (!strcmp(arg, "0"))
			arg = "0s";
		return num_duration(arg, p) == 0 ? NULL :
		    "a time, as in 30s or 1h30m, or 0";
	case OPTION_TEXT:
	case OPTION_FILE:
		*(const char **)p = arg;
		return NULL;
	case OPTION_VAR:
		if (!is_assignment(arg))
			return "NAME=VALUE";
		/* fall through */
	case OPTION_LIST:
		list->word = mem_grow(list->word, &list->cap, list->n + 1,
		    sizeof(*list->word));
		list->word[list->n++] = arg;
		return NULL;
	case OPTION_CHOICE:
		return read_choice(row->arg, arg, p) == 0 ? NULL : row->arg;
	}
	return NULL;
}

/* --- options ------------------------------------------------------------ */

static const struct option_row *
row_named(const struct subcommand *c, const char *name, size_t len)
{
	for (size_t i = 0; i < opts_nrows; i++)
		if (opts_rows[i].commands & c->bit &&
		    strlen(opts_rows[i].name) == len &&
		    !memcmp(opts_rows[i].name, name, len))
			return &opts_rows[i];
	return NULL;
}

static const struct option_row *
row_lettered(const struct subcommand *c, int letter)
{
	for (size_t i = 0; i < opts_nrows; i++)
		if (opts_rows[i].commands & c->bit &&
		    opts_rows[i].letter == letter)
			return &opts_rows[i];
	return NULL;
}

/*
 * getopt_long takes abbreviations, and an option that comes later would
 * change what they mean: only whole words are let through to it.
 */
static int
check_name(const struct subcommand *c, const char *word)
{
	char given[64], known[ROWS_MAX][64];
	struct near near = { 0 };
	size_t len;

	if (strncmp(word, "--", 2) || !word[2])
		return EXITS_OK;
	len = strcspn(word + 2, "=");
	if (row_named(c, word + 2, len))
		return EXITS_OK;
	snprintf(given, sizeof(given), "%.*s", (int)len + 2, word);
	for (size_t i = 0; i < opts_nrows && i < ROWS_MAX; i++) {
		if (!(opts_rows[i].commands & c->bit))
			continue;
		snprintf(known[i], sizeof(known[i]), "--%s",
		    opts_rows[i].name);
		near_offer(&near, given, known[i]);
		/* a beginning is as good a hint as a slip */
		if (!near.best && len > 1 &&
		    !strncmp(known[i], given, strlen(given)))
			near.best = known[i];
	}
	return wrong(c, &near, "unknown option '%s'", given);
}

static void
describe(const struct subcommand *c, struct option *longs, char *letters)
{
	size_t n = 0;
	char *p = letters;

	assert(opts_nrows <= ROWS_MAX);
	/* "-": words that are no options are handed over where they stand */
	*p++ = c->is_prefix ? '+' : '-';
	*p++ = ':';
	for (size_t i = 0; i < opts_nrows; i++) {
		const struct option_row *row = &opts_rows[i];

		if (!(row->commands & c->bit))
			continue;
		longs[n++] = (struct option){ .name = row->name,
		    .has_arg = row->arg ? required_argument : no_argument,
		    .val = LONG + (int)i };
		if (row->letter)
			*p++ = row->letter;
		if (row->letter && row->arg)
			*p++ = ':';
	}
	longs[n] = (struct option){ 0 };
	*p = '\0';
}

/* the option getopt complains about, as the user wrote it */
static const char *
blamed(char *buf, size_t size)
{
	if (optopt >= LONG)
		snprintf(buf, size, "--%s", opts_rows[optopt - LONG].name);
	else
		snprintf(buf, size, "-%c", optopt);
	return buf;
}

static int
take(struct options *o, int got)
{
	const struct option_row *row = got >= LONG ?
	    &opts_rows[got - LONG] : row_lettered(o->command, got);
	const char *want = store((char *)o + row->at, row, optarg);

	if (!want)
		return EXITS_OK;
	return wrong(o->command, NULL, "--%s: '%s' is not %s%s", row->name,
	    optarg, row->kind == OPTION_CHOICE ? "one of " : "", want);
}

/*
 * Reads the options behind the name of the command, argv[0]; what is left
 * are the words, moved to the front of argv.
 */
static int
parse(struct options *o, int argc, char **argv, int *nwords)
{
	struct option longs[ROWS_MAX + 1];
	char letters[2 * ROWS_MAX + 3], name[64];
	const struct subcommand *c = o->command;
	int n = 0, got, rc;

	describe(c, longs, letters);
	opterr = 0;
	optind = 0;		/* glibc: forget what was parsed before */
	for (;;) {
		const char *word = argv[optind ? optind : 1];

		if (word && (rc = check_name(c, word)) != EXITS_OK)
			return rc;
		got = getopt_long(argc, argv, letters, longs, NULL);
		if (got == -1)
			break;
		if (got == 1)
			argv[n++] = optarg;
		else if (got == '?' && optopt >= LONG)
			return wrong(c, NULL, "%s takes no argument",
			    blamed(name, sizeof(name)));
		else if (got == '?')
			return wrong(c, NULL, "unknown option '%s'; see "
			    "'pseq %s --help'", blamed(name, sizeof(name)),
			    c->name);
		else if (got == ':')
			return wrong(c, NULL, "%s needs an argument",
			    blamed(name, sizeof(name)));
		else if ((rc = take(o, got)) != EXITS_OK)
			return rc;
	}
	while (optind < argc)
		argv[n++] = argv[optind++];
	argv[n] = NULL;
	*nwords = n;
	return EXITS_OK;
}

/* --- commands ----------------------------------------------------------- */

static int
no_command(const char *word)
{
	struct near near = { 0 };

	if (access(word, F_OK) == 0)
		return wrong(NULL, NULL, "unknown command '%s'; to run that "
		    "file: pseq run %s", word, word);
	near_offer(&near, word, "--version");
	near_offer(&near, word, "--help");
	for (size_t i = 0; i < opts_ncommands; i++)
		near_offer(&near, word, opts_commands[i].name);
	if (*word == '-' && !near.best)
		return wrong(NULL, NULL, "unknown option '%s'; options stand "
		    "behind the command: pseq COMMAND %s", word, word);
	return wrong(NULL, &near, "unknown %s '%s'%s",
	    *word == '-' ? "option" : "command", word,
	    near.best ? "" : "; see 'pseq --help'");
}

static int
check_words(const struct subcommand *c, int n, char **argv)
{
	if (n < c->least)
		return wrong(c, NULL, "there is no %s\n"
		    "usage: pseq %s %s", c->missing, c->name, c->synopsis);
	if (c->most >= 0 && n > c->most)
		return wrong(c, NULL, "'%s' is one word too many\n"
		    "usage: pseq %s %s", argv[c->most], c->name, c->synopsis);
	return EXITS_OK;
}

/* what stdio still holds counts, too */
static int
written(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno == EPIPE)
		return EXITS_PIPE;
	perror("pseq: standard output");
	return status == EXITS_OK ? EXITS_SYSTEM : status;
}

static void
forget(struct options *o)
{
	free(o->vars.word);
	free(o->starts.word);
	free(o->items.word);
	free(o->outcomes.word);
}

int
opts_main(int argc, char **argv)
{
	struct options o = {
		.max_args = -1, .connect_retry = -1, .number = -1,
		.heartbeat = HEARTBEAT_S, .output = OUTPUT_UNSAID
	};
	int n = 0, rc;

	if (argc < 2) {
		help_all(stderr);
		return EXITS_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V") ||
	    !strcmp(argv[1], "version")) {
		puts("pseq " PSEQ_VERSION);
		return written(EXITS_OK);
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		help_all(stdout);
		return written(EXITS_OK);
	}
	/* what is parsed is put into another order */
	o.nargs = (size_t)argc;
	o.args = mem_alloc(o.nargs * sizeof(*o.args));
	for (int i = 0; i < argc; i++)
		o.args[i] = argv[i];
	o.command = command_find(argv[1]);
	if (!o.command) {
		free(o.args);
		return no_command(argv[1]);
	}
	rc = parse(&o, argc - 1, argv + 1, &n);
	if (rc == EXITS_OK && o.help)
		help_command(stdout, o.command);
	else if (rc == EXITS_OK)
		rc = check_words(o.command, n, argv + 1);
	if (rc == EXITS_OK && !o.help)
		rc = options_agree(&o);
	if (rc == EXITS_OK && !o.help)
		rc = o.command->run(&o, n, argv + 1);
	forget(&o);
	free(o.args);
	return written(rc);
}

int
opts_again(const struct options *now, char *const *args, size_t n,
    struct again *again)
{
	struct options o = {
		.max_args = -1, .connect_retry = -1, .heartbeat = HEARTBEAT_S,
		.output = OUTPUT_UNSAID
	};
	char **old = mem_calloc(n + 1, sizeof(char *));
	char **new = mem_calloc(now->nargs + 1, sizeof(char *));
	const struct subcommand *c = command_find(args[1]);
	int words = 0, own, rc;

	memcpy(old, args, n * sizeof(char *));
	for (size_t i = 0; i < now->nargs; i++)
		new[i] = (char *)(uintptr_t)now->args[i];
	o.command = c;
	rc = c && c->bit & (CMD_RUN | CMD_EACH | CMD_ON) ? parse(&o, (int)n - 1, old + 1, &words) :
	    wrong(now->command, NULL, "the run was one of 'pseq %s'",
	    args[1]);
	/* where it was told of then is not written over; it has waited */
	o.jitter = 0;
	o.events = NULL;
	options_yield(&o, now);
	o.command = now->command;
	if (rc == EXITS_OK)
		rc = parse(&o, (int)now->nargs - 1, new + 1, &own);
	o.command = c;
	/* a retry is to be known as what it does */
	o.args = again->is_retry ? (const char **)(uintptr_t)args : now->args;
	o.nargs = again->is_retry ? n : now->nargs;
	o.again = again;
	if (rc == EXITS_OK)
		rc = options_agree(&o);
	if (rc == EXITS_OK)
		rc = c->run(&o, words, old + 1);
	forget(&o);
	free(old);
	free(new);
	return rc;
}

bool
opts_color(const struct options *o, int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (o->color != COLOR_AUTO)
		return o->color == COLOR_ALWAYS;
	if (no && *no)
		return false;
	return term && *term && strcmp(term, "dumb") != 0 && isatty(fd);
}

bool
opts_utf8(void)
{
	static const char *const name[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;

	for (size_t i = 0; i < countof(name) && !(value && *value); i++)
		value = getenv(name[i]);
	return value && (strcasestr(value, "utf-8") ||
	    strcasestr(value, "utf8"));
}
