/* SPDX-License-Identifier: ISC */
/* copies by a command elsewhere: "elsewhere" is a shell of this machine */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "io.h"
#include "io/transfer.h"
#include "model/action.h"
#include "transport/copying.h"
#include "transport/local.h"
#include "unit.h"

static char scratch[64];
static struct run_io io;

static void
sh(const char *cmd)
{
	ck_assert_msg(system(cmd) == 0, "%s", cmd);
}

static void
enter_scratch(void)
{
	strcpy(scratch, "/tmp/pseq-ferry-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
	ck_assert_int_eq(chmod(scratch, 0777), 0);
	umask(022);
	io_open(&io);
}

static void
leave_scratch(void)
{
	char cmd[256];

	io_close(&io);
	snprintf(cmd, sizeof(cmd), "chmod -R u+rwx %s; rm -rf %s", scratch,
	    scratch);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(system(cmd), 0);
}

/* --- the other end ------------------------------------------------------ */

static const char *const shells[][4] = {
	{ "dash" }, { "bash", "--posix" }, { "busybox", "sh" }, { "mksh" },
	{ "zsh", "--emulate", "sh" }
};

/* words before the script's: a shell, and perhaps what runs it */
static const char *const *there;
static const char *const as_nobody[] = {
	"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "dash",
	NULL
};

static const char *
prepare(const struct run *r, struct launch *l, struct arena *arena)
{
	const char **argv = arena_alloc(arena, 64 * sizeof(*argv));
	size_t n = 0;

	for (; there[n]; n++)
		argv[n] = there[n];
	argv[n++] = "-c";
	argv[n++] = r->text;
	argv[n++] = "sh";
	for (size_t i = 0; r->args[i]; i++)
		argv[n++] = r->args[i];
	*l = (struct launch){
		.kind = LAUNCH_PROCESS, .argv = argv, .env = r->env,
		.grace = r->grace,
	};
	return NULL;
}

static bool
is_there(const char *program)
{
	char cmd[64];

	snprintf(cmd, sizeof(cmd), "command -v %s >/dev/null", program);
	return system(cmd) == 0;
}

/* the shell of a looped test; false: this machine does not have it */
static bool
use_shell(int i)
{
	there = shells[i];
	return is_there(there[0]);
}

enum { GET = true, PUT = false };

static void
begin(bool get, const char *to, const char *const *from, size_t n)
{
	const struct copy copy = {
		.get = get, .from = from, .nfrom = n, .to = to
	};
	struct arena arena = { 0 };
	struct launch l;

	ck_assert_ptr_null(copying_prepare(&copy, &l, &arena, prepare));
	ck_assert_int_eq(io_start(&io, 0, &l), 0);
	arena_fini(&arena);
}

/* its status; message and changed are in io */
static enum status
copy(bool get, const char *to, ...)
{
	const char *from[8];
	size_t n = 0;
	va_list ap;

	va_start(ap, to);
	while ((from[n] = va_arg(ap, const char *)))
		n++;
	va_end(ap);
	begin(get, to, from, n);
	io_wait(&io, io.done + 1);
	return io.result.status;
}

#define COPY(...) copy(__VA_ARGS__, (const char *)NULL)

static void
is_ok(enum status status, bool changed)
{
	ck_assert_msg(status == ST_OK, "%d: %s: %s", status, io.message,
	    io.tail);
	ck_assert_int_eq(io.result.changed, changed);
	sh("test -z \"$(find . -name '*.pseq*')\"");
}

/* content, kinds, modes and links of two trees are the same */
static void
is_same_tree(const char *a, const char *b)
{
	char cmd[512];

	snprintf(cmd, sizeof(cmd), "diff -r --no-dereference '%s' '%s' && "
	    "(cd '%s' && find . -printf '%%p %%y %%m %%l\\n' | sort) >1.list &&"
	    "(cd '%s' && find . -printf '%%p %%y %%m %%l\\n' | sort) >2.list &&"
	    "cmp 1.list 2.list && rm 1.list 2.list", a, b, a, b);
	sh(cmd);
}

static const char make_tree[] =
    "mkdir -p t/sub/empty 't/ a b' 't/-x' t/shut t/sticky t/group;"
    ": >t/void; echo x >t/sub/x; printf 'a\\nb' >\"t/new\nline\";"
    "echo y >'t/ a b/q\"uo'\"'\"'te$(x)`*'; printf z >t/-x/-rf;"
    "echo u >\"t/$(printf '\\377\\303')\"; ln -s sub/x t/link;"
    "ln -s nowhere t/broken; ln -s sub t/dirlink; echo s >t/shut/su;"
    "ln -s \"$(printf 'a\\nb\\n\\n.')\" t/odd; head -c 300000 /dev/urandom "
    ">t/big; printf .h >t/.hidden; mkdir t/..dots; echo d >t/..dots/...;"
    "l=$(printf %0120d 7); mkdir -p t/$l/$l; echo long >t/$l/$l/$l;"
    "chmod 751 t/sub; chmod 400 t/void; chmod 666 t/big; chmod 4755 t/shut/su;"
    "chmod 500 t/shut; chmod 1777 t/sticky; chmod 2750 t/group";

START_TEST(a_file_there_gets_its_exact_name)
{
	if (!use_shell(_i))
		return;
	sh("printf abc >a; chmod 640 a");
	is_ok(COPY(PUT, "b", "a"), true);
	sh("cmp a b && test $(stat -c %a b) = 640; ls -i b >b.list");
	is_ok(COPY(PUT, "b", "a"), false);
	sh("ls -i b | cmp - b.list; printf abd >a");
	is_ok(COPY(PUT, "b", "a"), true);
	sh("cmp a b; chmod 600 a");
	is_ok(COPY(PUT, "b", "a"), true);
	sh("test $(stat -c %a b) = 600; chmod 4711 a");
	is_ok(COPY(PUT, "b", "a"), true);
	is_ok(COPY(PUT, "b", "a"), false);
	sh("test $(stat -c %a b) = 4711; rm b; ln -s a b");
	/* a link is replaced, also one to a directory */
	is_ok(COPY(PUT, "b", "a"), true);
	sh("test ! -L b; rm b; mkdir d; ln -s d b");
	is_ok(COPY(PUT, "b", "a"), true);
	sh("test ! -L b && test -z \"$(ls d)\" && cmp a b");
	is_ok(COPY(PUT, "./-rf", "a"), true);
	is_ok(COPY(PUT, "-n", "a"), true);
	is_ok(COPY(PUT, "a\nb", "a"), true);
	is_ok(COPY(PUT, "$(touch evil)'\"", "a"), true);
	sh("cmp a ./-rf && cmp a ./-n && cmp a 'a\nb' && test ! -e evil");
}
END_TEST

START_TEST(a_slash_there_makes_a_directory)
{
	if (!use_shell(_i))
		return;
	sh("echo a >a; echo b >./-b; mkdir d; echo c >d/c; ln -s d l");
	is_ok(COPY(PUT, "new/deep//", "a", "./-b", "d/", "l"), true);
	sh("cmp a new/deep/a && cmp ./-b new/deep/-b &&"
	    "cmp d/c new/deep/d/c && test ! -L new/deep/l &&"
	    "cmp d/c new/deep/l/c");
	is_ok(COPY(PUT, "new/deep/", "a", "./-b", "d/", "l"), false);
	is_ok(COPY(PUT, "-new/", "a"), true);
	is_ok(COPY(PUT, "made/", "d"), true);
	sh("cmp a ./-new/a && test $(stat -c %a made/d) = 755");
}
END_TEST

START_TEST(a_tree_there_keeps_all)
{
	if (!use_shell(_i))
		return;
	sh(make_tree);
	is_ok(COPY(PUT, "u", "t"), true);
	is_same_tree("t", "u");
	is_ok(COPY(PUT, "u", "t"), false);
	/* a few things differ: they alone are touched */
	sh("chmod 700 u/sub; rm u/link u/broken; ln -s else u/link;"
	    "echo +>>u/-x/-rf; rm -r 'u/ a b'; chmod 644 u/void;"
	    "chmod 755 u/shut u/sticky; chmod 755 u/shut/su; rm u/dirlink;"
	    "echo file >u/dirlink");
	is_ok(COPY(PUT, "u", "t"), true);
	is_same_tree("t", "u");
	is_ok(COPY(PUT, "u", "t"), false);
	sh("chmod 755 u/group");
	is_ok(COPY(PUT, "u", "t"), true);
	is_same_tree("t", "u");
	/* what is there besides stays; a link to a directory is one */
	sh("echo more >u/sub/more; mv u/sub away; ln -s ../away u/sub");
	is_ok(COPY(PUT, "u", "t"), false);
	sh("test -L u/sub && test -e away/more; rm u/sub; mv away u/sub; "
	    "rm u/sub/more");
	is_same_tree("t", "u");
}
END_TEST

START_TEST(many_there_are_compared_at_once)
{
	if (!use_shell(_i))
		return;
	sh("mkdir t; i=0; while [ $i -lt 250 ]; do echo $i >t/$i; "
	    "i=$((i + 1)); done; echo x >'t/a\nb'");
	is_ok(COPY(PUT, "u", "t"), true);
	is_ok(COPY(PUT, "u", "t"), false);
	sh("ls -i u | grep -v ' 17$' >1.list; echo 71 >t/17");
	is_ok(COPY(PUT, "u", "t"), true);
	is_ok(COPY(PUT, "u", "t"), false);
	sh("diff -r t u; ls -i u | grep -v ' 17$' | cmp - 1.list");
	/* a byte has moved from one to the next: what follows is the same */
	sh("printf ab >t/200; printf c >t/201");
	is_ok(COPY(PUT, "u", "t"), true);
	sh("diff -r t u; printf a >t/200; printf bc >t/201");
	is_ok(COPY(PUT, "u", "t"), true);
	sh("diff -r t u; chmod 600 t/249");
	is_ok(COPY(PUT, "u", "t"), true);
	sh("test $(stat -c %a u/249) = 600; rm -r t/30; mkdir t/30");
	ck_assert_int_eq(COPY(PUT, "u", "t"), ST_ERROR);
	ck_assert_str_eq(io.message, "cannot make: u/30: File exists");
}
END_TEST

START_TEST(an_ordinary_user_can_do_it)
{
	if (geteuid() != 0 || !is_there("setpriv"))
		return;
	there = as_nobody;
	sh(make_tree);
	is_ok(COPY(PUT, "u", "t"), true);
	is_same_tree("t", "u");
	is_ok(COPY(PUT, "u", "t"), false);
	sh("chmod 755 u/shut; echo x >>u/shut/su; chmod 4755 u/shut/su;"
	    "test $(stat -c %U u/big) = nobody");
	is_ok(COPY(PUT, "u", "t"), true);
	is_same_tree("t", "u");
	is_ok(COPY(PUT, "new/", "t", "t/big"), true);
	is_same_tree("t", "new/t");
	sh("mkdir mine; echo old >mine/x; chmod 755 mine");
	ck_assert_int_eq(COPY(PUT, "mine/x", "t/big"), ST_ERROR);
	ck_assert_str_eq(io.message,
	    "cannot write: mine/x: Permission denied");
	ck_assert_int_eq(COPY(PUT, "mine/y/", "t/big"), ST_ERROR);
	ck_assert_str_eq(io.message, "cannot make: mine/y: Permission denied");
	sh("chmod 700 t/sub");
	ck_assert_int_eq(COPY(GET, "back", "t"), ST_ERROR);
	ck_assert_msg(strstr(io.message, "cannot read: t: ") &&
	    strstr(io.message, "Permission denied"), "%s", io.message);
	sh("test -z \"$(find . -name '*.pseq*')\"");
}
END_TEST

START_TEST(what_is_there_comes_here)
{
	if (!use_shell(_i))
		return;
	sh(make_tree);
	is_ok(COPY(GET, "u", "t/"), true);
	is_same_tree("t", "u");
	is_ok(COPY(GET, "u", "t"), false);
	sh("chmod 700 u/sub; rm u/link; echo +>>u/-x/-rf; rm -r 'u/ a b'");
	is_ok(COPY(GET, "u", "t"), true);
	is_same_tree("t", "u");
	is_ok(COPY(GET, "v", "t/link"), true);
	sh("cmp v t/sub/x && test ! -L v; echo z >./-z; mkdir -- -d;"
	    "cp v ./-d/-f");
	is_ok(COPY(GET, "some/where/", "t/big", "t/sub", "-z", "-d",
	    "t/new\nline", "t/dirlink"), true);
	is_same_tree("t/sub", "some/where/sub");
	is_same_tree("t/sub", "some/where/dirlink");
	is_same_tree("./-d", "some/where/-d");
	sh("cmp t/big some/where/big && cmp ./-z some/where/-z &&"
	    "cmp t/new* some/where/new*");
	is_ok(COPY(GET, "some/where/", "t/big", "t/sub", "-z", "-d",
	    "t/new\nline", "t/dirlink"), false);
}
END_TEST

/* what tar is called there */
static const char *const tars[] = { "busybox tar", "bsdtar" };

START_TEST(any_tar_will_do)
{
	char cmd[256];

	if (!use_shell(0) || !is_there(_i ? "bsdtar" : "busybox"))
		return;
	snprintf(cmd, sizeof(cmd), "mkdir bin; printf '#!/bin/sh\\nexec %s "
	    "\"$@\"\\n' >bin/tar; chmod +x bin/tar", tars[_i]);
	sh(cmd);
	snprintf(cmd, sizeof(cmd), "%s/bin:%s", scratch, getenv("PATH"));
	setenv("PATH", cmd, 1);
	sh(make_tree);
	is_ok(COPY(PUT, "u/", "t", "t/big"), true);
	is_same_tree("t", "u/t");
	is_ok(COPY(PUT, "u/", "t", "t/big"), false);
	is_ok(COPY(GET, "v/", "t", "t/big"), true);
	is_same_tree("t", "v/t");
	is_ok(COPY(GET, "v/", "t", "t/big"), false);
	if (geteuid() != 0 || !is_there("setpriv"))
		return;
	there = as_nobody;
	is_ok(COPY(PUT, "w", "t"), true);
	is_same_tree("t", "w");
	is_ok(COPY(PUT, "w", "t"), false);
	ck_assert_int_eq(COPY(PUT, "u/t/big", "t/void"), ST_ERROR);
	ck_assert_str_eq(io.message,
	    "cannot write: u/t/big: Permission denied");
}
END_TEST

/* --- what goes wrong ---------------------------------------------------- */

static const struct {
	bool get;
	const char *to, *from, *message;
} errors[] = {
	{ PUT, "b", "none", "cannot read: none: No such file or directory" },
	{ PUT, "no/b", "a", "cannot write: no/b: No such file or directory" },
	{ PUT, "d", "a", "cannot write: d: is a directory" },
	{ PUT, "fifo", "a", "cannot write: fifo: is no regular file" },
	{ PUT, "a/x/", "a", "cannot make: a/x: Not a directory" },
	{ PUT, "a", "d", "cannot make: a: File exists" },
	{ PUT, "b", "fifo",
	    "cannot copy: fifo: neither a file nor a directory" },
	{ PUT, "b", "has",
	    "cannot copy: has/fifo: neither a file nor a directory" },
	{ PUT, "b/", ".", "cannot copy: .: it has no name" },
	{ PUT, "u", "t", "cannot write: u/s/a: is a directory" },
	{ GET, "b", "none", "cannot read: none: No such file or directory" },
	{ GET, "b", "a/x", "cannot read: a/x: Not a directory" },
	{ GET, "b", "-none", "cannot read: -none: No such file or directory" },
	{ GET, "no/b", "a", "cannot write: no/b: No such file or directory" },
	{ GET, "d", "a", "cannot write: d: is a directory" },
	{ GET, "fifo", "a", "cannot write: fifo: is no regular file" },
	{ GET, "a/x/", "a", "cannot make: a/x: Not a directory" },
	{ GET, "a", "d", "cannot make: a: File exists" },
	{ GET, "b", "fifo",
	    "cannot copy: fifo: neither a file nor a directory" },
	{ GET, "has2", "has",
	    "cannot copy: has2/fifo: neither a file nor a directory" },
	{ GET, "b/", "..", "cannot copy: ..: it has no name" },
	{ GET, "u", "t", "cannot write: u/s/a: is a directory" },
};

START_TEST(errors_name_the_path)
{
	there = shells[0];
	sh("echo a >a; mkdir -p d has t/s u/s/a; mkfifo fifo has/fifo;"
	    "echo a >t/s/a");
	ck_assert_int_eq(COPY(errors[_i].get, errors[_i].to, errors[_i].from),
	    ST_ERROR);
	ck_assert_str_eq(io.message, errors[_i].message);
	sh("test ! -e b && test -z \"$(find . -name '*.pseq*')\"");
}
END_TEST

START_TEST(several_want_a_directory)
{
	there = shells[0];
	sh("echo a >a; echo b >b");
	for (int get = 0; get < 2; get++) {
		ck_assert_int_eq(COPY(get, "c", "a", "b"), ST_ERROR);
		ck_assert_str_eq(io.message, "cannot copy several sources: c: "
		    "no directory (a '/' at the end makes it one)");
		/* nothing comes if one of them is missing */
		ck_assert_int_eq(COPY(get, "c/", "a", "none"), ST_ERROR);
		ck_assert_str_eq(io.message,
		    "cannot read: none: No such file or directory");
		sh("test ! -e c");
	}
}
END_TEST

START_TEST(no_room_there_leaves_nothing)
{
	static const char *const little[] = {
		"sh", "-c", "trap '' XFSZ; ulimit -f 100; exec dash \"$@\"",
		"sh", NULL
	};

	there = little;
	sh("echo old >b; head -c 1000000 /dev/zero >a");
	ck_assert_int_eq(COPY(PUT, "b", "a"), ST_ERROR);
	ck_assert_msg(strncmp(io.message, "cannot write: b: ", 17) == 0,
	    "%s", io.message);
	sh("test \"$(cat b)\" = old && test \"$(ls -A)\" = \"$(printf "
	    "'a\\nb')\"");
}
END_TEST

START_TEST(no_room_here_leaves_nothing)
{
	there = shells[0];
	sh("head -c 9000000 /dev/zero >a; echo old >b");
	{
		struct rlimit old, few;

		getrlimit(RLIMIT_FSIZE, &old);
		signal(SIGXFSZ, SIG_IGN);
		few = old;
		few.rlim_cur = 1000000;
		setrlimit(RLIMIT_FSIZE, &few);
		ck_assert_int_eq(COPY(GET, "b", "a"), ST_ERROR);
		setrlimit(RLIMIT_FSIZE, &old);
	}
	ck_assert_str_eq(io.message, "cannot write: b: File too large");
	sh("test \"$(cat b)\" = old && test \"$(ls -A)\" = \"$(printf "
	    "'a\\nb')\"");
}
END_TEST

/* there are only these programs */
static void
only(const char *const *names, size_t n)
{
	char cmd[256];

	sh("mkdir bin");
	for (size_t i = 0; i < n; i++) {
		snprintf(cmd, sizeof(cmd), "ln -s \"$(command -v %s)\" bin/",
		    names[i]);
		sh(cmd);
	}
}

START_TEST(nothing_is_left_by_one_ended_as_it_begins)
{
	char path[256];

	if (!use_shell(_i))
		return;
	/* all of the group is ended just when the directory is there */
	sh("echo a >a; mkdir bin; printf '#!/bin/sh\n"
	    "command -p mkdir \"$@\"; kill -TERM 0; >made\n' >bin/mkdir; "
	    "chmod +x bin/mkdir");
	snprintf(path, sizeof(path), "%s/bin:%s", scratch, getenv("PATH"));
	setenv("PATH", path, 1);
	ck_assert_int_ne(COPY(PUT, "b", "a"), ST_OK);
	sh("test -e made && test ! -e b && "
	    "test -z \"$(find . -name '.pseq-*')\"");
}
END_TEST

START_TEST(what_is_missing_there_is_told)
{
	static const char *const no_tar[] = { "dash", "mkdir", "rm", "ls" };
	static const char *const no_cmp[] = {
		"dash", "mkdir", "rm", "ls", "tar", "cksum", "mv"
	};
	char path[128], *few[] = { path, NULL }, **all = environ;

	there = shells[0];
	snprintf(path, sizeof(path), "PATH=%s/bin", scratch);
	sh("echo a >a");
	only(no_tar, countof(no_tar));
	environ = few;
	ck_assert_int_eq(COPY(PUT, "b", "a"), ST_ERROR);
	ck_assert_str_eq(io.message, "cannot write: b: there is no tar");
	ck_assert_int_eq(COPY(GET, "b", "a"), ST_ERROR);
	ck_assert_str_eq(io.message, "cannot read: a: there is no tar");
	environ = all;
	sh("rm -r bin");
	only(no_cmp, countof(no_cmp));
	environ = few;
	ck_assert_msg(COPY(PUT, "b", "a") == ST_OK, "%s: %s", io.message,
	    io.tail);
	ck_assert(io.result.changed);
	ck_assert_int_eq(COPY(PUT, "b", "a"), ST_OK);
	ck_assert(!io.result.changed);
	environ = all;
	sh("echo b >a");
	environ = few;
	ck_assert_int_eq(COPY(PUT, "b", "a"), ST_OK);
	ck_assert(io.result.changed);
	environ = all;
	sh("cmp a b");
}
END_TEST

/* --- an end before the end ---------------------------------------------- */

static void
turn(void)
{
	io.runner.wake(io.runner.arg, 1, 0.005);
	loop_run(io.loop);
}

static bool
has_begun(void *arg)
{
	(void)arg;
	turn();
	return system("test -n \"$(find . -size +0 -name 0)\"") == 0;
}

static bool
half_is_here(void *arg)
{
	(void)arg;
	turn();
	return system("test -n \"$(find . -name '.b.pseq*' -size +0)\"") == 0;
}

START_TEST(ended_in_between_it_leaves_nothing)
{
	const char *from[] = { "a" };

	if (!use_shell(_i))
		return;
	/* sparse, and longer than what could be sent until then */
	sh("truncate -s 3G a; echo old >b");
	begin(PUT, "b", from, 1);
	ck_assert(io_until(has_begun, NULL));
	io_stop(&io, 0, STOP_CANCEL);
	io_wait(&io, io.done + 1);
	ck_assert_int_eq(io.result.status, ST_CANCELLED);
	ck_assert(!io.result.changed);
	sh("test \"$(cat b)\" = old && test \"$(ls -A)\" = \"$(printf "
	    "'a\\nb')\"");
	begin(GET, "b", from, 1);
	ck_assert(io_until(half_is_here, NULL));
	io_stop(&io, 0, STOP_CANCEL);
	io_wait(&io, io.done + 1);
	ck_assert_int_eq(io.result.status, ST_CANCELLED);
	sh("test \"$(cat b)\" = old && test \"$(ls -A)\" = \"$(printf "
	    "'a\\nb')\"");
}
END_TEST

START_TEST(what_shrinks_here_never_arrives_there)
{
	const char *from[] = { "ok", "a" };

	there = shells[0];
	sh("truncate -s 3G a; echo ok >ok; mkdir b");
	begin(PUT, "b/", from, 2);
	ck_assert(io_until(has_begun, NULL));
	sh("truncate -s 100 a");
	io_wait(&io, io.done + 1);
	ck_assert_int_eq(io.result.status, ST_ERROR);
	ck_assert_str_eq(io.message,
	    "cannot copy: a: it changed while it was copied");
	sh("test -z \"$(ls -A b)\"");
}
END_TEST

START_TEST(an_other_end_that_is_none)
{
	static const char *const talks[] = {
		"sh", "-c", "cat >/dev/null; echo hello", NULL
	};
	static const char *const falls[] = { "sh", "-c", "exit 7", NULL };
	static const char *const dies[] = { "sh", "-c", "kill $$", NULL };
	static const char *const mute[] = { "sh", "-c", "exit 0", NULL };
	static const char *const half[] = {
		"sh", "-c", "echo archive file; tar cf - a | head -c 700", NULL
	};
	static const char *const twice[] = {
		"sh", "-c", "for i in 1 2; do echo archive file; tar cf - a; "
		"done; echo end", NULL
	};

	sh("echo a >a");
	for (int get = 0; get < 2; get++) {
		there = talks;
		ck_assert_int_eq(COPY(get, "b", "a"), ST_ERROR);
		ck_assert_str_eq(io.message,
		    "cannot copy: b: its other end is not understood");
		there = falls;
		ck_assert_int_eq(COPY(get, "b", "a"), ST_ERROR);
		ck_assert_str_eq(io.message,
		    "the copy ended before it was whole: exit 7");
		there = dies;
		ck_assert_int_eq(COPY(get, "b", "a"), ST_SIGNAL);
		there = mute;
		ck_assert_int_eq(COPY(get, "b", "a"), ST_ERROR);
		ck_assert_str_eq(io.message,
		    "the copy ended before it was whole");
	}
	there = half;
	ck_assert_int_eq(COPY(GET, "b", "a"), ST_ERROR);
	ck_assert_str_eq(io.message, "the copy ended before it was whole");
	there = twice;
	ck_assert_int_eq(COPY(GET, "c", "a"), ST_ERROR);
	ck_assert_str_eq(io.message,
	    "cannot copy: c: more came than was asked for");
	sh("test -z \"$(find . -name '*.pseq*')\"");
}
END_TEST

/* --- as launches -------------------------------------------------------- */

START_TEST(no_path_is_part_of_the_text)
{
	const char *from[] = { "a b", "/x/'c'/", "-d" };
	const struct copy put = {
		.from = from, .nfrom = 3, .to = "to/", .as = "root"
	};
	const struct copy get = {
		.from = from, .nfrom = 3, .to = "to/", .get = true
	};
	struct arena arena = { 0 };
	struct launch l;

	ck_assert_ptr_null(transport_local.prepare_copy(&get, &l, &arena));
	ck_assert_int_eq(l.stream, PIPE_UNPACK);
	ck_assert_ptr_eq(l.copy.from, from);
	ck_assert_str_eq(l.argv[2], copying_get);
	ck_assert_str_eq(l.argv[4], "a b");
	ck_assert_str_eq(l.argv[5], "/x/'c'/");
	ck_assert_str_eq(l.argv[6], "-d");
	ck_assert_ptr_null(l.argv[7]);
	ck_assert_ptr_null(transport_local.prepare_copy(&put, &l, &arena));
	ck_assert_int_eq(l.stream, PIPE_PACK);
	/* by sudo: all of it comes on standard input */
	ck_assert_str_eq(l.argv[0], "sudo");
	ck_assert_ptr_nonnull(strstr(l.in_bytes, "'to/' 'a b' ''\\''c'\\''' "
	    "'-d'"));
	arena_fini(&arena);
}
END_TEST

void
unit_ferry(Suite *s)
{
	TCase *tc = tcase_create("ferry");
	const int n = (int)countof(shells);

	tcase_add_checked_fixture(tc, enter_scratch, leave_scratch);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_file_there_gets_its_exact_name, 0, n);
	tcase_add_loop_test(tc, a_slash_there_makes_a_directory, 0, n);
	tcase_add_loop_test(tc, a_tree_there_keeps_all, 0, n);
	tcase_add_loop_test(tc, nothing_is_left_by_one_ended_as_it_begins,
	    0, n);
	tcase_add_loop_test(tc, many_there_are_compared_at_once, 0, n);
	tcase_add_test(tc, an_ordinary_user_can_do_it);
	tcase_add_loop_test(tc, what_is_there_comes_here, 0, n);
	tcase_add_loop_test(tc, any_tar_will_do, 0, (int)countof(tars));
	tcase_add_loop_test(tc, errors_name_the_path, 0,
	    (int)countof(errors));
	tcase_add_test(tc, several_want_a_directory);
	tcase_add_test(tc, no_room_there_leaves_nothing);
	tcase_add_test(tc, no_room_here_leaves_nothing);
	tcase_add_test(tc, what_is_missing_there_is_told);
	tcase_add_loop_test(tc, ended_in_between_it_leaves_nothing, 0, n);
	tcase_add_test(tc, what_shrinks_here_never_arrives_there);
	tcase_add_test(tc, an_other_end_that_is_none);
	tcase_add_test(tc, no_path_is_part_of_the_text);
	suite_add_tcase(s, tc);
}
