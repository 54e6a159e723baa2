/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "transport/copying.h"

/* seconds for the script to remove what is unfinished */
#define GRACE 5.0

/*
 * Everything comes into a directory of its own beside the target and, once
 * it is whole, is put into its place: what is not there yet in one go, what
 * is there file by file.  The archive's "end" calls x for modes that tar may
 * not keep: first for files while they are still hidden, then for
 * directories once they are full.  In between those are marked by mode 1700,
 * which no other has.  What ends us while that directory is made has to wait
 * until we know that it is ours to remove.
 *
 * try WHAT PATH COMMAND...; move and put FROM TO; tree FROM TO: merge a
 * directory with one that is there; files FROM TO ./NAME...: those that are
 * files in both.  A process or two for each file takes its time, so it is
 * first seen whether all of them are the same, by their sizes and modes and
 * by all their bytes in a row.
 */
const char copying_put[] =
"export LC_ALL=C TAR_OPTIONS=-b128; unset CDPATH; IFS=' \t\n'\n"
"to=$1 n='\n' w= changed=no; shift\n"
"case $to in -*) to=./$to;; esac\n"
"clean() { [ -z \"$w\" ] || rm -rf \"$w\"; w=; }\n"
"die() {\n"
"	clean; printf 'error\\ncannot %s: %s: %s\\n' \"$1\" \"$2\" \"$3\"\n"
"	exit 1\n"
"}\n"
"try() {\n"
"	a=$1 b=$2; shift 2; e=$(\"$@\" 2>&1 >/dev/null) && return\n"
"	e=${e%%\"$n\"*}; die \"$a\" \"$b\" \"${e##*: }\"\n"
"}\n"
"mode() {\n"
"	[ -L \"$1\" ] && set -- \"$1/.\"\n"
"	m=$(ls -nd \"$1\" 2>/dev/null); m=${m%%[ .+@]*}\n"
"}\n"
"digit() {\n"
"	s=0; case $1 in r*) s=4;; esac\n"
"	case $1 in ?w*) s=$((s + 2));; esac\n"
"	case $1 in *x) s=$((s + 1));; esac; o=$o$s\n"
"}\n"
"command -v tar >/dev/null 2>&1 || die write \"$to\" 'there is no tar'\n"
"k=mkfifo; command -v cmp >/dev/null 2>&1 || {\n"
"	k=false; cmp() { [ \"$(cksum <\"$2\")\" = \"$(cksum <\"$3\")\" ]; }\n"
"}\n"
"move() {\n"
"	if [ -L \"$2\" ] && [ -d \"$2\" ]; then\n"
"		try 'rename to' \"$2\" rm -f \"$2\"\n"
"	fi\n"
"	try 'rename to' \"$2\" mv -f \"$1\" \"$2\"; changed=yes\n"
"}\n"
"sizes() {\n"
"	cd \"$1\" && shift && ls -nd \"$@\" 2>/dev/null |\n"
"	while read -r m x x x s x; do echo \"${m%[.+@]} $s\"; done\n"
"}\n"
"bytes() { (cd \"$1\" && shift && cat \"$@\" 2>/dev/null); }\n"
"same() {\n"
"	u=$1 v=$2; shift 2\n"
"	p=$(sizes \"$u\" \"$@\"); m=$(sizes \"$v\" \"$@\")\n"
"	[ \"$p\" = \"$m\" ] || return\n"
"	[ -p \"$w/.p\" ] || $k \"$w/.p\" 2>/dev/null || return\n"
"	{ bytes \"$v\" \"$@\" || echo no; } >\"$w/.p\" &\n"
"	bytes \"$u\" \"$@\" | cmp -s - \"$w/.p\"; s=$?\n"
"	kill $! 2>/dev/null; wait $! 2>/dev/null; return $s\n"
"}\n"
"files() {\n"
"	[ $# -gt 6 ] && same \"$@\" && return\n"
"	u=$1 v=$2; shift 2\n"
"	for g; do put \"$u/${g#./}\" \"$v/${g#./}\"; done\n"
"}\n"
"tree() {\n"
"	if [ ! -d \"$2\" ]; then\n"
"		if [ -e \"$2\" ] || [ -L \"$2\" ]; then\n"
"			die make \"$2\" 'File exists'\n"
"		fi\n"
"		move \"$1\" \"$2\"; return\n"
"	fi\n"
"	for f in \"$1\"/* \"$1\"/.[!.]* \"$1\"/..?*; do\n"
"		g=$2/${f##*/}\n"
"		if [ -f \"$f\" ] && [ -f \"$g\" ] &&\n"
"			[ ! -L \"$f\" ] && [ ! -L \"$g\" ]; then\n"
"			set -- \"$@\" \"./${f##*/}\"\n"
"			[ $# -lt 100 ] && continue\n"
"			files \"$@\"; set -- \"$1\" \"$2\"\n"
"		elif [ -e \"$f\" ] || [ -L \"$f\" ]; then\n"
"			put \"$f\" \"$g\"\n"
"		fi\n"
"	done\n"
"	files \"$@\"\n"
"	mode \"$1\"; p=$m; mode \"$2\"\n"
"	case $p in *[tT]|\"$m\") return;; esac\n"
"	p=${p#?} o=00; digit \"${p%??????}\"; p=${p#???}\n"
"	digit \"${p%???}\"; digit \"${p#???}\"\n"
"	try 'set the mode' \"$2\" chmod $o \"$2\"; changed=yes\n"
"}\n"
"put() {\n"
"	if [ -d \"$1\" ] && [ ! -L \"$1\" ]; then\n"
"		tree \"$1\" \"$2\"; return\n"
"	elif [ -L \"$2\" ]; then\n"
"		[ -L \"$1\" ] && p=$(readlink \"$1\" && echo x) &&\n"
"		[ \"$p\" = \"$(readlink \"$2\" && echo x)\" ] && return\n"
"	elif [ -d \"$2\" ]; then\n"
"		die write \"$2\" 'is a directory'\n"
"	elif [ -f \"$2\" ]; then\n"
"		[ ! -L \"$1\" ] && cmp -s \"$1\" \"$2\" &&\n"
"		mode \"$1\" && p=$m && mode \"$2\" &&\n"
"		[ \"$p\" = \"$m\" ] && return\n"
"	elif [ -e \"$2\" ]; then\n"
"		die write \"$2\" 'is no regular file'\n"
"	fi\n"
"	move \"$1\" \"$2\"\n"
"}\n"
"case $to in\n"
"*/)	d=${to%\"${to##*[!/]}\"}; d=${d:-/}\n"
"	[ -d \"$d\" ] || { try make \"$d\" mkdir -p \"$d\"; changed=yes; };;\n"
"*/*)	d=${to%/*}; d=${d:-/};;\n"
"*)	d=.;;\n"
"esac\n"
"i=0 z=; trap 'z=1' HUP INT PIPE TERM\n"
"until e=$(trap '' HUP INT PIPE TERM; umask 77\n"
"	mkdir \"$d/.pseq-$$-$i\" 2>&1); do\n"
"	[ -e \"$d/.pseq-$$-$i\" ] || die write \"$to\" \"${e##*: }\"\n"
"	i=$((i + 1))\n"
"done\n"
"w=$d/.pseq-$$-$i\n"
"trap 'clean; exit 143' HUP INT PIPE TERM\n"
"[ -z \"$z\" ] || { clean; exit 143; }\n"
"if ! {\n"
"	e=$(cd \"$w\" && umask 0 && exec tar xpomf - 2>&1)\n"
"} 2>/dev/null; then\n"
"	e=${e%%\"$n\"*}; e=${e##*: }\n"
"	case $e in *'Wrote only'*) e=\"$e (is the disk full?)\";; esac\n"
"	die write \"$to\" \"$e\"\n"
"fi\n"
"x() {\n"
"	if [ -d \"$w/$1$2\" ]; then chmod 1700 \"$w/$1$2\"\n"
"	else try 'set the mode' \"$to\" chmod \"$3\" \"$w/$1$2\"; fi\n"
"}\n"
"whole=\n"
"[ ! -f \"$w/end\" ] || . \"$w/end\"\n"
"[ \"$whole\" ] || die write \"$to\" 'it did not come whole'\n"
"x() {\n"
"	[ \"$1\" = $i ] && [ -d \"$t$2\" ] || return 0\n"
"	mode \"$t$2\"; [ \"$m\" != \"$4\" ] || return 0\n"
"	try 'set the mode' \"$t$2\" chmod \"$3\" \"$t$2\"; changed=yes\n"
"}\n"
"i=0\n"
"case $to in\n"
"*/)	for c; do\n"
"		t=${d%/}/$c; put \"$w/$i\" \"$t\"; . \"$w/end\"; i=$((i + 1))\n"
"	done;;\n"
"*)	t=$to; put \"$w/0\" \"$t\"; . \"$w/end\";;\n"
"esac\n"
"clean; echo \"changed $changed\"\n";

/*
 * Each source is an archive of its own, of "." in a directory, of one name
 * beside it, so that it holds nothing of the source's path.  A file that
 * grows while it is read is none the worse for it.
 */
const char copying_get[] =
"export LC_ALL=C COPYFILE_DISABLE=1 TAR_OPTIONS=-b64; unset CDPATH; IFS=' \t\n'\n"
"n='\n'\n"
"die() {\n"
"	printf 'error\\ncannot %s: %s: %s\\n' \"$1\" \"$2\" \"$3\"; exit 1\n"
"}\n"
"command -v tar >/dev/null 2>&1 || die read \"$1\" 'there is no tar'\n"
"look() {\n"
"	f=$1; case $f in -*) f=./$f;; esac\n"
"	if [ -d \"$f\" ]; then k=dir\n"
"	elif [ -f \"$f\" ]; then k=file\n"
"	elif [ -e \"$f\" ]; then\n"
"		die copy \"$1\" 'neither a file nor a directory'\n"
"	else\n"
"		e=$(ls -dL \"$f\" 2>&1); die read \"$1\" \"${e##*: }\"\n"
"	fi\n"
"}\n"
"for c; do look \"$c\"; done\n"
"pack() {\n"
"	case $k:$f in\n"
"	dir:*)	tar cf - -C \"$f\" .;;\n"
"	*:*/*)	tar chf - -C \"${f%/*}/\" \"./${f##*/}\";;\n"
"	*)	tar chf - \"./$f\";;\n"
"	esac 2>&1 >&3\n"
"}\n"
"for c; do\n"
"	look \"$c\"; echo \"archive $k\"\n"
"	e=$(pack) && continue\n"
"	set -f; IFS=$n\n"
"	for l in $e; do\n"
"		case $l in *': file changed as we read it') continue;; esac\n"
"		die read \"$c\" \"${l#tar: }\"\n"
"	done\n"
"	[ \"$e\" ] || die read \"$c\" 'tar failed'\n"
"	set +f; IFS=' \t\n'\n"
"done 3>&1\n"
"echo end\n";

static const char *
last_of(const char *path, size_t len, struct arena *arena)
{
	size_t at;

	/* "dir/" is "dir" */
	while (len > 1 && path[len - 1] == '/')
		len--;
	for (at = len; at > 0 && path[at - 1] != '/';)
		at--;
	return arena_strndup(arena, path + at, len - at);
}

/* the script's parameters */
static const char *const *
parameters(const struct copy *c, struct arena *arena)
{
	const char **args = arena_alloc(arena, (c->nfrom + 2) * sizeof(*args));
	size_t n = 0;

	if (!c->get)
		args[n++] = c->to;
	for (size_t i = 0; i < c->nfrom; i++)
		args[n++] = c->get ? c->from[i] :
		    last_of(c->from[i], strlen(c->from[i]), arena);
	return args;
}

const char *
copying_prepare(const struct copy *c, struct launch *l, struct arena *arena,
    const char *(*prepare)(const struct run *, struct launch *,
    struct arena *))
{
	static const char *const shell[] = { "/bin/sh", NULL };
	const struct run run = {
		.at = c->at, .as = c->as, .shell = shell,
		.text = c->get ? copying_get : copying_put,
		.args = parameters(c, arena),
		.env = (const char *const *)environ, .grace = GRACE,
	};
	const char *why = prepare(&run, l, arena);

	l->stream = c->get ? PIPE_UNPACK : PIPE_PACK;
	l->copy = *c;
	return why;
}
