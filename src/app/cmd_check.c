/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/explain.h"
#include "app/load.h"
#include "app/opts.h"
#include "base/buf.h"
#include "lang/lang.h"
#include "model/plan.h"

static void
count(FILE *out, unsigned n, const char *what)
{
	fprintf(out, ", %u %s%s", n, what, n == 1 ? "" : "s");
}

static void
report(const char *file, const struct plan *p)
{
	unsigned nseq = 0, nroutine = 0;

	for (size_t i = 0; i < p->nseq; i++) {
		nseq += !p->seq[i].routine;
		nroutine += p->seq[i].routine;
	}
	printf("%s: good: job '%s'", file, p->name);
	count(stdout, nseq, "sequence");
	if (nroutine > 0)
		count(stdout, nroutine, "routine");
	count(stdout, p->nsteps, "step");
	putchar('\n');
}

static int
wrong(const char *what)
{
	fprintf(stderr, "pseq check: %s\nusage: pseq check "
	    "[OPTION]... FILE...\n       pseq check --explain WORD\n", what);
	return EXITS_USAGE;
}

static int
explain(const char *word)
{
	struct buf text = { 0 }, near = { 0 };
	bool found = explain_word(word, explain_width(), &text, &near);

	if (found) {
		fputs(buf_str(&text), stdout);
	} else {
		fprintf(stderr, "pseq check: --explain: the manual has no "
		    "entry '%s'", word);
		if (near.len > 0)
			fprintf(stderr, "; did you mean '%s'?",
			    buf_str(&near));
		putc('\n', stderr);
	}
	buf_fini(&text);
	buf_fini(&near);
	return found ? EXITS_OK : EXITS_USAGE;
}

/* each file is a job by itself, so that "check *.job" does what it says */
int
cmd_check(struct options *o, int argc, char **argv)
{
	int status = EXITS_OK;

	if (o->explain && argc > 0)
		return wrong("--explain takes no files");
	if (o->explain)
		return explain(o->explain);
	if (argc == 0)
		return wrong("there is no job file");
	for (int i = 0; i < argc; i++) {
		struct plan *plan = load_files(o, argv + i, 1);

		if (plan) {
			report(argv[i], plan);
			lang_free(plan);
		} else {
			status = EXITS_USAGE;
		}
	}
	return fflush(stdout) == EOF ? EXITS_SYSTEM : status;
}
