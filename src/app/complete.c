/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/grammar.h"
#include "base/buf.h"
#include "base/map.h"
#include "journal/runs.h"

/* does the row belong to the command? */
static bool
has(const struct subcommand *c, const struct option_row *row)
{
	return row->commands & c->bit;
}

/* a|b|c as a b c */
static void
choices(const char *s)
{
	for (; *s; s++)
		putchar(*s == '|' ? ' ' : *s);
}

static bool
is_choice(const char *s)
{
	return strchr(s, '|') != NULL;
}

static bool
is_set(const struct subcommand *c)
{
	return !strcmp(c->complete, "SET");
}

/* words that only the state directory knows: "jobs" or "runs"; or NULL */
static const char *
names_of(const struct subcommand *c)
{
	return !strcmp(c->complete, "JOB") ? "jobs" :
	    !strcmp(c->complete, "RUN") ? "runs" : NULL;
}

/* --- bash --------------------------------------------------------------- */

static void
bash_values(const struct subcommand *c)
{
	for (size_t i = 0; i < opts_nrows; i++) {
		const struct option_row *row = &opts_rows[i];

		if (!has(c, row) || !row->arg)
			continue;
		printf("\t%s:--%s", c->name, row->name);
		if (row->letter)
			printf("|%s:-%c", c->name, row->letter);
		printf(")\n\t\t");
		if (row->kind == OPTION_CHOICE) {
			printf("words='");
			choices(row->arg);
			printf("'");
		} else {
			printf("%s", row->kind == OPTION_FILE ?
			    "return" : "words=");
		}
		printf(" ;;\n");
	}
}

static void
bash_words(const struct subcommand *c)
{
	printf("\t%s:*)\n\t\tif [[ $cur == -* ]]; then\n\t\t\twords='",
	    c->name);
	for (size_t i = 0; i < opts_nrows; i++)
		if (has(c, &opts_rows[i]))
			printf("--%s ", opts_rows[i].name);
	printf("'\n\t\telse\n\t\t\t");
	if (is_choice(c->complete)) {
		printf("words='");
		choices(c->complete);
		printf("'");
	} else if (names_of(c)) {
		printf("words=$(pseq complete %s 2>/dev/null)", names_of(c));
	} else if (is_set(c)) {
		printf("mapfile -t COMPREPLY < <(compgen -A hostname -- "
		    "\"$cur\")\n\t\t\treturn");
	} else {
		printf("return");
	}
	printf("\n\t\tfi ;;\n");
}

static void
bash(void)
{
	printf("# bash completion for pseq; made by 'pseq complete bash'\n"
	    "_pseq()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=\n"
	    "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]} "
	    "command=${COMP_WORDS[1]}\n\n"
	    "\tCOMPREPLY=()\n"
	    "\tif ((COMP_CWORD == 1)); then\n\t\twords='");
	for (size_t i = 0; i < opts_ncommands; i++)
		printf("%s ", opts_commands[i].name);
	printf("--help --version'\n\telse\n\tcase $command:$prev in\n");
	for (size_t i = 0; i < opts_ncommands; i++)
		bash_values(&opts_commands[i]);
	for (size_t i = 0; i < opts_ncommands; i++)
		bash_words(&opts_commands[i]);
	printf("\tesac\n\tfi\n"
	    "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	    "}\ncomplete -o default -F _pseq pseq\n");
}

/* --- zsh ---------------------------------------------------------------- */

/* inside single quotes and [ ] */
static void
zsh_text(const char *s)
{
	for (; *s; s++) {
		if (strchr("[]:\\", *s))
			putchar('\\');
		if (*s == '\'')
			fputs("'\\'", stdout);
		putchar(*s);
	}
}

static void
zsh_option(const struct option_row *row)
{
	const char *star = row->kind == OPTION_LIST ||
	    row->kind == OPTION_VAR ? "*" : "";

	printf("\t\t    ");
	if (row->letter && !*star)
		printf("'(-%c --%s)'{-%c,--%s}'", row->letter, row->name,
		    row->letter, row->name);
	else if (row->letter)
		printf("'*'{-%c,--%s}'", row->letter, row->name);
	else
		printf("'%s--%s", star, row->name);
	printf("[");
	zsh_text(row->help);
	printf("]");
	if (row->arg) {
		printf(":");
		if (row->kind == OPTION_CHOICE) {
			printf("%s:(", row->name);
			choices(row->arg);
			printf(")");
		} else {
			zsh_text(row->arg);
			printf(":%s", row->kind == OPTION_FILE ?
			    "_files" : "");
		}
	}
	printf("' \\\n");
}

static void
zsh(void)
{
	printf("#compdef pseq\n"
	    "# zsh completion for pseq; made by 'pseq complete zsh'\n"
	    "_pseq()\n{\n\tlocal -a commands\n\tcommands=(\n");
	for (size_t i = 0; i < opts_ncommands; i++) {
		printf("\t\t'%s:", opts_commands[i].name);
		zsh_text(opts_commands[i].summary);
		printf("'\n");
	}
	printf("\t)\n\tif ((CURRENT == 2)); then\n"
	    "\t\t_describe command commands\n\t\treturn\n\tfi\n"
	    "\tshift words\n\t((CURRENT--))\n\tcase $words[1] in\n");
	for (size_t i = 0; i < opts_ncommands; i++) {
		const struct subcommand *c = &opts_commands[i];

		printf("\t%s)\n\t\t_arguments -s -S%s \\\n", c->name,
		    c->is_prefix ? " -A '-*'" : "");
		for (size_t k = 0; k < opts_nrows; k++)
			if (has(c, &opts_rows[k]))
				zsh_option(&opts_rows[k]);
		if (is_choice(c->complete)) {
			printf("\t\t    '1:word:(");
			choices(c->complete);
			printf(")' ;;\n");
		} else if (!strcmp(c->complete, "NAME")) {
			printf("\t\t    '1:name:' '2:value:' ;;\n");
		} else if (names_of(c)) {
			printf("\t\t    \"1:name:($(pseq complete %s "
			    "2>/dev/null))\" ;;\n", names_of(c));
		} else if (is_set(c)) {
			printf("\t\t    '*:host:_hosts' ;;\n");
		} else if (c->is_prefix) {
			printf("\t\t    '1:command:_command_names -e' "
			    "'*:item:_files' ;;\n");
		} else {
			printf("\t\t    '*:file:_files' ;;\n");
		}
	}
	/* found in $fpath it is the function, else it announces itself */
	printf("\tesac\n}\nif [ \"$funcstack[1]\" = _pseq ]; then\n"
	    "\t_pseq \"$@\"\nelse\n\tcompdef _pseq pseq\nfi\n");
}

/* --- fish --------------------------------------------------------------- */

static void
fish_text(const char *s)
{
	putchar('\'');
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('\'');
}

static void
fish_command(const struct subcommand *c)
{
	printf("complete -c pseq -n __fish_use_subcommand -f -a %s -d ",
	    c->name);
	fish_text(c->summary);
	putchar('\n');
	for (size_t i = 0; i < opts_nrows; i++) {
		const struct option_row *row = &opts_rows[i];

		if (!has(c, row))
			continue;
		printf("complete -c pseq -n '__fish_seen_subcommand_from %s'",
		    c->name);
		if (row->letter)
			printf(" -s %c", row->letter);
		printf(" -l %s", row->name);
		if (row->kind == OPTION_CHOICE) {
			printf(" -x -a '");
			choices(row->arg);
			printf("'");
		} else if (row->arg) {
			printf("%s", row->kind == OPTION_FILE ? " -r -F" :
			    " -x");
		}
		printf(" -d ");
		fish_text(row->help);
		putchar('\n');
	}
	if (!is_choice(c->complete) && !is_set(c) && !names_of(c))
		return;
	printf("complete -c pseq -n '__fish_seen_subcommand_from %s' -f -a '",
	    c->name);
	if (is_set(c))
		printf("(__fish_print_hostnames)");
	else if (names_of(c))
		printf("(pseq complete %s 2>/dev/null)", names_of(c));
	else
		choices(c->complete);
	printf("'\n");
}

static void
fish(void)
{
	printf("# fish completion for pseq; made by 'pseq complete fish'\n"
	    "complete -c pseq -n __fish_use_subcommand -l help\n"
	    "complete -c pseq -n __fish_use_subcommand -l version\n");
	for (size_t i = 0; i < opts_ncommands; i++)
		fish_command(&opts_commands[i]);
}

/* everything the manual has to name, one a line */
static void
words(void)
{
	for (size_t i = 0; i < opts_ncommands; i++)
		printf("%s\n", opts_commands[i].name);
	for (size_t i = 0; i < opts_nrows; i++) {
		printf("--%s\n", opts_rows[i].name);
		if (opts_rows[i].letter)
			printf("-%c\n", opts_rows[i].letter);
	}
	printf("--version\n");
}

/* jobs that have left runs, and these, newest first */
static void
names(bool with_runs)
{
	struct buf why = { 0 };
	struct map jobs = { 0 };
	struct runs r;

	if (runs_list(&r, NULL, &why) == 0)
		for (size_t i = 0; i < r.n; i++)
			map_add(&jobs, r.run[i].job, strlen(r.run[i].job));
	for (uint32_t i = 0; i < jobs.n; i++)
		puts(jobs.name[i]);
	for (size_t i = 0; with_runs && i < r.n; i++)
		puts(r.run[i].run);
	map_fini(&jobs);
	runs_fini(&r);
	buf_fini(&why);
}

int
cmd_complete(struct options *o, int argc, char **argv)
{
	(void)o, (void)argc;
	if (!strcmp(argv[0], "bash"))
		bash();
	else if (!strcmp(argv[0], "zsh"))
		zsh();
	else if (!strcmp(argv[0], "fish"))
		fish();
	else if (!strcmp(argv[0], "vim"))
		grammar_vim();
	else if (!strcmp(argv[0], "textmate"))
		grammar_textmate();
	else if (!strcmp(argv[0], "words"))
		words();
	else if (!strcmp(argv[0], "runs") || !strcmp(argv[0], "jobs"))
		names(argv[0][0] == 'r');
	else {
		fprintf(stderr, "pseq complete: no completions for '%s', only "
		    "for bash, zsh, fish, vim and textmate\n", argv[0]);
		return EXITS_USAGE;
	}
	return EXITS_OK;
}
