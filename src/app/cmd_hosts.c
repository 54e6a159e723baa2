/* SPDX-License-Identifier: ISC */
/* host sets as other programs want them: expanded, folded, counted */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/opts.h"
#include "app/places.h"
#include "base/buf.h"
#include "base/hosts.h"
#include "lang/lang.h"
#include "walk/walk.h"

extern char **environ;

/* all words as one text, and where in it standard input is */
struct input {
	struct buf text;
	size_t from, to;
};

static int
read_stdin(struct input *in)
{
	in->from = in->text.len;
	for (;;) {
		ssize_t n = read(STDIN_FILENO, buf_room(&in->text, 65536),
		    65536);

		if (n > 0)
			in->text.len += (size_t)n;
		if (n == 0)
			break;
		if (n == -1 && errno != EINTR) {
			perror("pseq hosts: standard input");
			return -1;
		}
	}
	in->to = in->text.len;
	return 0;
}

static int
read_words(struct input *in, int argc, char **argv)
{
	if (argc == 0)
		return read_stdin(in);
	for (int i = 0; i < argc; i++) {
		if (i > 0)
			buf_addc(&in->text, ' ');
		if (strcmp(argv[i], "-") != 0)
			buf_adds(&in->text, argv[i]);
		else if (read_stdin(in) == -1)
			return -1;
	}
	return 0;
}

static void
mistake(const struct input *in, const char *why, size_t at)
{
	size_t line = 1, col = 1;

	if (in->from > at || at >= in->to) {
		fprintf(stderr, "pseq hosts: %s\n", why);
		return;
	}
	for (size_t i = in->from; i < at; i++) {
		col++;
		if (in->text.data[i] == '\n') {
			line++;
			col = 1;
		}
	}
	fprintf(stderr, "pseq hosts: standard input:%zu:%zu: %s\n", line,
	    col, why);
}

/* with the groups of a file */
static int
read_with_groups(const struct options *o, const struct input *in,
    struct hosts *h, struct buf *why, size_t *at)
{
	struct plan *plan = places_plan(o, "hosts");
	struct walk_options w = {
		.plan = plan, .run = "hosts", .set = o->vars.word,
		.nset = o->vars.n, .environ = environ, .processors = 1,
	};
	struct walk *walk = NULL;
	int rc = -1;

	*at = SIZE_MAX;
	if (!plan)
		return -1;
	walk = walk_new(&w, why);
	if (walk) {
		rc = walk_hosts(walk, in->text.data, in->text.len, h, why,
		    at);
		walk_free(walk);
	}
	lang_free(plan);
	return rc;
}

static int
read_set(const struct options *o, struct input *in, struct hosts *h)
{
	struct buf why = { 0 };
	size_t at = 0;
	int status = EXITS_OK, rc;

	buf_str(&in->text);
	rc = o->groups ? read_with_groups(o, in, h, &why, &at) :
	    hosts_read(h, in->text.data, in->text.len, NULL, &why, &at);
	if (rc == -1) {
		status = EXITS_USAGE;
		/* else it was told already */
		if (why.len > 0)
			mistake(in, buf_str(&why), at);
	}
	buf_fini(&why);
	return status;
}

/* nothing at all for an empty set, so that it makes no empty argument */
static void
print(const struct options *o, const struct hosts *h)
{
	const char *between = o->separator ? o->separator : "\n";
	struct buf b = { 0 };

	if (o->count) {
		printf("%zu\n", hosts_count(h));
		return;
	}
	if (o->fold)
		hosts_fold(h, &b);
	for (size_t i = 0; !o->fold && i < hosts_count(h); i++) {
		if (i > 0)
			buf_adds(&b, between);
		buf_adds(&b, hosts_name(h, i));
	}
	if (b.len > 0) {
		buf_addc(&b, '\n');
		fwrite(b.data, 1, b.len, stdout);
	}
	buf_fini(&b);
}

int
cmd_hosts(struct options *o, int argc, char **argv)
{
	struct input in = { 0 };
	struct hosts *h;
	int status;

	if (o->expand + o->fold + o->count > 1) {
		fprintf(stderr, "pseq hosts: only one of --expand, --fold and "
		    "--count can be given\n");
		return EXITS_USAGE;
	}
	if (o->separator && (o->fold || o->count)) {
		fprintf(stderr, "pseq hosts: --separator is for names, not "
		    "for --%s\n", o->fold ? "fold" : "count");
		return EXITS_USAGE;
	}
	if (argc == 0 && isatty(STDIN_FILENO)) {
		fprintf(stderr, "pseq hosts: there is no host set\n"
		    "usage: pseq hosts %s\n", o->command->synopsis);
		return EXITS_USAGE;
	}
	if (read_words(&in, argc, argv) == -1) {
		buf_fini(&in.text);
		return EXITS_SYSTEM;
	}
	h = hosts_new();
	status = read_set(o, &in, h);
	if (status == EXITS_OK)
		print(o, h);
	hosts_free(h);
	buf_fini(&in.text);
	return status;
}
