/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/exits.h"
#include "base/near.h"

enum { INDENT = 26, COLUMNS = 79 };

/* text from column INDENT on, broken between words */
static void
wrap(FILE *out, const char *text, int at)
{
	bool first = true;

	while (*text) {
		int len = (int)strcspn(text, " ");

		if ((first && at >= INDENT) ||
		    (!first && at + 1 + len > COLUMNS)) {
			putc('\n', out);
			at = 0;
		}
		if (at < INDENT)
			at += fprintf(out, "%*s", INDENT - at, "");
		else
			at += fprintf(out, " ");
		at += fprintf(out, "%.*s", len, text);
		text += len;
		text += strspn(text, " ");
		first = false;
	}
	putc('\n', out);
}

static void
option(FILE *out, const struct option_row *row)
{
	int at;

	if (row->letter)
		at = fprintf(out, "  -%c, --%s", row->letter, row->name);
	else
		at = fprintf(out, "      --%s", row->name);
	if (row->arg)
		at += fprintf(out, " %s", row->arg);
	wrap(out, row->help, at);
}

void
help_command(FILE *out, const struct subcommand *c)
{
	const char *examples = strstr(c->about, "\n\nexample");
	int len = examples ? (int)(examples - c->about) + 1 :
	    (int)strlen(c->about);

	fprintf(out, "usage: pseq %s %s\n\n%.*s\noptions:\n", c->name,
	    c->synopsis, len, c->about);
	for (size_t i = 0; i < opts_nrows; i++)
		if (opts_rows[i].commands & c->bit)
			option(out, &opts_rows[i]);
	if (examples)
		fputs(examples + 1, out);
}

void
help_all(FILE *out)
{
	fputs("usage: pseq COMMAND [OPTION]... [WORD]...\n\n"
	    "Runs sequences of commands in parallel.\n\ncommands:\n", out);
	for (size_t i = 0; i < opts_ncommands; i++)
		fprintf(out, "  %-10s %s\n", opts_commands[i].name,
		    opts_commands[i].summary);
	fputs("\n'pseq COMMAND --help' tells more, 'pseq --version' the "
	    "version.\nManuals: pseq(1), the job file: pseq(5).\n", out);
}

int
cmd_help(struct options *o, int argc, char **argv)
{
	struct near near = { 0 };
	const struct subcommand *c;

	(void)o;
	if (argc == 0) {
		help_all(stdout);
		return EXITS_OK;
	}
	c = command_find(argv[0]);
	if (c) {
		help_command(stdout, c);
		return EXITS_OK;
	}
	for (size_t i = 0; i < opts_ncommands; i++)
		near_offer(&near, argv[0], opts_commands[i].name);
	fprintf(stderr, "pseq help: unknown command '%s'", argv[0]);
	if (near.best)
		fprintf(stderr, "; did you mean '%s'?", near.best);
	putc('\n', stderr);
	return EXITS_USAGE;
}
