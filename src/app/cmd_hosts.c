/* SPDX-License-Identifier: ISC */
/* host sets as other programs want them: expanded, folded, counted */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/groups.h"
#include "app/opts.h"
#include "base/buf.h"
#include "base/hosts.h"

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

static int
mistake(const struct input *in, const char *why, size_t at)
{
	size_t line = 1, col = 1;

	if (in->from > at || at >= in->to) {
		fprintf(stderr, "pseq hosts: %s\n", why);
		return EXITS_USAGE;
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
	return EXITS_USAGE;
}

static int
read_set(const struct input *in, const char *path, struct hosts *h)
{
	struct buf why = { 0 };
	struct groups *g = NULL;
	size_t at = 0;
	int status = EXITS_OK;

	if (path && !(g = groups_open(path, &why))) {
		fprintf(stderr, "pseq hosts: %s\n", buf_str(&why));
		status = EXITS_USAGE;
	} else if (hosts_read(h, in->text.data, in->text.len, groups_of(g),
	    &why, &at) == -1) {
		status = mistake(in, buf_str(&why), at);
	}
	groups_close(g);
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
	status = read_set(&in, o->groups, h);
	if (status == EXITS_OK)
		print(o, h);
	hosts_free(h);
	buf_fini(&in.text);
	return status;
}
