/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "transport/carrier.h"

/*
 * The number of a group is free only when nobody is in it: if there is one
 * with ours, we began it.  Else a shell on Linux finds its group in /proc,
 * without a process of its own.  $1 stays what it was, $4 is the group from
 * here on.
 */
#define FIND_GROUP \
	"if kill -0 -$$ 2>/dev/null;then set -- \"$1\" - - $$;else pseq_l=;" \
	"read -r pseq_l 2>/dev/null </proc/$$/stat;" \
	"set -- \"$1\" ${pseq_l##*) };" \
	"case $4 in '')set -- \"$1\" - - $(ps -o pgid= -p $$);;esac;fi;"
/*
 * Told by ourselves, so that no group is unknown for a moment.  Where the file
 * is not there yet, or not any more since the connection has broken, an empty
 * line shows if anybody reads what we say: else it ends us, and no file stays.
 */
#define REGISTER \
	"case $1 in ?*)[ -e \"$1\" ]||echo||exit;" \
	"{ echo $4 >>\"$1\";} 2>/dev/null||" \
	"set -- \"$1\" - - \"$4 +\";;esac;"
/* from here on $1 is a newline, and no variable is left */
#define TIDY "unset pseq_l;set -- \"${IFS#??}\";"
/* the same, and $2 is a new file, which goes when we do */
#define SCRIPT_FILE \
	"unset pseq_l;set -- \"${IFS#??}\" \"${TMPDIR:-/tmp}/pseq-$$\";"

/* one word; a newline would end the line, so it comes from $1 */
static void
add_word(struct buf *out, const char *s, size_t len)
{
	const char *const end = s + len;

	buf_addc(out, '\'');
	while (s < end) {
		size_t n = 0;

		while (s + n < end && s[n] != '\'' && s[n] != '\n')
			n++;
		buf_add(out, s, n);
		s += n;
		if (s == end)
			break;
		buf_adds(out, *s++ == '\n' ? "'\"$1\"'" : "'\\''");
	}
	buf_addc(out, '\'');
}

static void
add_words(struct buf *out, const char *const *words)
{
	for (; words && *words; words++) {
		buf_addc(out, ' ');
		add_word(out, *words, strlen(*words));
	}
}

static void
add_dir(struct buf *out, const char *dir)
{
	if (!dir)
		return;
	/* "cd -" is another place */
	buf_adds(out, "CDPATH= cd -- ");
	if (strcmp(dir, "-") == 0)
		dir = "./-";
	add_word(out, dir, strlen(dir));
	buf_adds(out, "||exit 126;");
}

/* most need no quotes; the reader takes a byte at a time */
static void
add_value(struct buf *out, const char *s)
{
	size_t len = strlen(s);

	if (strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_/.,:@%+-") == len)
		buf_add(out, s, len);
	else
		add_word(out, s, len);
}

static void
add_env(struct buf *out, const struct run *r)
{
	if (r->nown == 0)
		return;
	buf_adds(out, "export");
	for (size_t i = 0; i < r->nown; i++) {
		const char *eq = strchr(r->env[i], '=');

		buf_addc(out, ' ');
		buf_add(out, r->env[i], (size_t)(eq - r->env[i]) + 1);
		add_value(out, eq + 1);
	}
	buf_addc(out, ';');
}

/* it stays as the parent, to take the file away and to pass on the end */
static void
add_script(struct buf *out, const struct run *r)
{
	buf_adds(out, "(umask 077;set -C;printf %s ");
	add_word(out, r->script_bytes, r->script_len);
	buf_adds(out, ">\"$2\")||exit 126;"
	    "trap 'rm -f -- \"$2\"' 0;trap 'exit 129' 1;trap 'exit 130' 2;"
	    "trap 'exit 143' 15;chmod 700 -- \"$2\";\"$2\"");
	add_words(out, r->args);
	buf_adds(out, ";exit $?");
}

/* is this text for a plain shell, as the one that reads is? */
static bool
is_plain(const char *const *words)
{
	static const char *const plain[] = { "/bin/sh", "-eu", "-c" };
	size_t n;

	for (n = 0; n < countof(plain); n++)
		if (!words[n] || strcmp(words[n], plain[n]) != 0)
			return false;
	return words[n] && !words[n + 1];
}

/* it need not begin again: that is one program less for the host to start */
static void
add_plain(struct buf *out, const char *text)
{
	buf_adds(out, "set -eu;eval 'set --;'");
	add_word(out, text, strlen(text));
}

/* the line of the shell that the command is to be run by */
static void
add_command(struct buf *out, const struct run *r, const char *const *words)
{
	buf_adds(out, r->script ? SCRIPT_FILE : TIDY);
	add_dir(out, r->dir);
	add_env(out, r);
	if (r->script) {
		add_script(out, r);
	} else if (is_plain(words)) {
		add_plain(out, words[3]);
	} else {
		buf_adds(out, "exec");
		add_words(out, words);
	}
	buf_addc(out, '\n');
}

/* another shell comes between: it tells both groups */
static void
add_sudo(struct buf *out, const char *user)
{
	buf_adds(out, FIND_GROUP REGISTER
	    "unset pseq_l;exec sudo -n -u ");
	add_word(out, user, strlen(user));
	buf_adds(out, " -- /bin/sh -c '" CARRIER_READER "' sh \"${4%% *}\"\n");
}

void
carrier_script(const struct run *r, const char *const *words,
    enum carrier_how how, struct buf *out)
{
	if (how == CARRIER_THERE && r->as) {
		add_sudo(out, r->as);
		/* the file is not this user's: it has to be told */
		buf_adds(out, FIND_GROUP
		    "echo \"" CARRIER_MARK " $4 $1\";");
	} else if (how == CARRIER_THERE) {
		buf_adds(out, FIND_GROUP REGISTER
		    "echo \"" CARRIER_MARK " $4\";");
	} else {
		buf_adds(out, FIND_GROUP "echo \"" CARRIER_MARK " $4\";");
	}
	add_command(out, r, words);
}

static size_t
count(const char *const *words)
{
	size_t n = 0;

	while (words && words[n])
		n++;
	return n;
}

const char *const *
carrier_words(const struct run *r, struct arena *arena)
{
	size_t nshell = count(r->shell), nargs = count(r->args), n = 0;
	const char **argv;

	if (r->argv || r->script)
		return r->argv;
	argv = arena_alloc(arena, (nshell + nargs + 4) * sizeof(*argv));
	for (size_t i = 0; i < nshell; i++)
		argv[n++] = r->shell[i];
	argv[n++] = "-c";
	argv[n++] = r->text;
	if (nargs > 0)
		argv[n++] = "sh";
	for (size_t i = 0; i < nargs; i++)
		argv[n++] = r->args[i];
	return argv;
}

void
carrier_load(const struct run *r, enum carrier_how how, struct launch *l,
    struct arena *arena)
{
	struct buf script = { 0 };

	carrier_script(r, carrier_words(r, arena), how, &script);
	buf_add(&script, r->in_bytes, r->in_len);
	l->in_bytes = arena_strndup(arena, script.data, script.len);
	l->in_len = script.len;
	buf_fini(&script);
	l->mark = CARRIER_MARK;
}

const char *
carrier_refuses(const struct run *r)
{
	if (r->script && memchr(r->script_bytes, '\0', r->script_len))
		return "the script holds a NUL byte, so it is no text for a "
		    "shell there; use put, then run";
	return NULL;
}
