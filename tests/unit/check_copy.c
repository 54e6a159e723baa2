/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io.h"
#include "io/copy.h"
#include "unit.h"

static char scratch[64];

static void
enter_scratch(void)
{
	strcpy(scratch, "/tmp/pseq-copy-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
	umask(022);
}

static void
leave_scratch(void)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "chmod -R u+rwx %s; rm -rf %s", scratch,
	    scratch);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(system(cmd), 0);
}

static void
sh(const char *cmd)
{
	ck_assert_msg(system(cmd) == 0, "%s", cmd);
}

static char message[256];
static bool changed;

static enum copy_state
copy(const char *to, ...)
{
	const char *from[8];
	struct copy job = { .from = from, .to = to };
	enum copy_state s;
	struct copier *c;
	va_list ap;

	va_start(ap, to);
	while ((from[job.nfrom] = va_arg(ap, const char *)))
		job.nfrom++;
	va_end(ap);
	c = copier_new(&job);
	while ((s = copier_step(c)) == COPY_MORE)
		;
	changed = copier_changed(c);
	snprintf(message, sizeof(message), "%s", copier_message(c));
	copier_free(c);
	return s;
}

#define COPY(...) copy(__VA_ARGS__, (const char *)NULL)

START_TEST(a_file_gets_its_exact_new_name)
{
	sh("printf abc >a; chmod 640 a");
	ck_assert_int_eq(COPY("b", "a"), COPY_DONE);
	ck_assert(changed);
	sh("cmp a b && test $(stat -c %a b) = 640");
	ck_assert_int_eq(COPY("b", "a"), COPY_DONE);
	ck_assert(!changed);
	sh("printf abd >a");
	ck_assert_int_eq(COPY("b", "a"), COPY_DONE);
	ck_assert(changed);
	sh("cmp a b; chmod 600 a");
	ck_assert_int_eq(COPY("b", "a"), COPY_DONE);
	ck_assert(changed);
	sh("test $(stat -c %a b) = 600");
	/* no temporary file was left */
	sh("test $(ls -A | wc -l) = 2");
}
END_TEST

START_TEST(a_slash_makes_a_directory)
{
	sh("echo a >a; echo b >b; mkdir d; echo c >d/c");
	ck_assert_int_eq(COPY("new/deep/", "a", "b", "d/"), COPY_DONE);
	ck_assert(changed);
	sh("cmp a new/deep/a && cmp b new/deep/b && cmp d/c new/deep/d/c");
	ck_assert_int_eq(COPY("new/deep/", "a", "b", "d/"), COPY_DONE);
	ck_assert(!changed);
}
END_TEST

START_TEST(a_tree_keeps_modes_and_links)
{
	sh("mkdir -p t/sub/empty t/shut; echo x >t/sub/x; echo y >t/shut/y;"
	    "ln -s sub/x t/link; ln -s nowhere t/broken; ln -s sub t/dirlink;"
	    "chmod 500 t/shut; chmod 751 t/sub; chmod 4755 t/sub/x");
	ck_assert_int_eq(COPY("u", "t"), COPY_DONE);
	sh("diff -r --no-dereference t u");
	sh("for f in shut sub sub/x; do"
	    " test $(stat -c %a t/$f) = $(stat -c %a u/$f) || exit 1; done;"
	    "test \"$(readlink u/broken)\" = nowhere; test -L u/dirlink");
	ck_assert_int_eq(COPY("u", "t"), COPY_DONE);
	ck_assert(!changed);
	sh("rm u/link; ln -s else u/link");
	ck_assert_int_eq(COPY("u", "t"), COPY_DONE);
	ck_assert(changed);
	sh("test \"$(readlink u/link)\" = sub/x");
	/* a link that is named itself is followed */
	ck_assert_int_eq(COPY("plain", "t/link"), COPY_DONE);
	sh("test ! -L plain && cmp plain t/sub/x");
}
END_TEST

static const struct {
	const char *to, *from, *message;
} errors[] = {
	{ "b", "none", "cannot read: none: No such file or directory" },
	{ "no/b", "a", "cannot write: no/b: No such file or directory" },
	{ "d", "a", "cannot write: d: is a directory" },
	{ "a/x/", "a", "cannot make: a/x: Not a directory" },
	{ "b", "fifo",
	    "cannot copy: fifo: neither a file nor a directory" },
	{ "d/in", "d", "cannot copy: d/in: a directory into itself" },
};

START_TEST(errors_name_the_path)
{
	sh("echo a >a; mkdir d; mkfifo fifo");
	ck_assert_int_eq(COPY(errors[_i].to, errors[_i].from), COPY_FAILED);
	ck_assert_str_eq(message, errors[_i].message);
}
END_TEST

START_TEST(several_sources_want_a_directory)
{
	sh("echo a >a; echo b >b");
	ck_assert_int_eq(COPY("c", "a", "b"), COPY_FAILED);
	sh("test ! -e c");
}
END_TEST

START_TEST(a_full_disk_is_told_and_leaves_nothing)
{
	if (access("/dev/full", W_OK) == -1)
		return;
	sh("head -c 100000 /dev/zero >a; ulimit -f 1 2>/dev/null; true");
	ck_assert_int_eq(COPY("/proc/nothing", "a"), COPY_FAILED);
	ck_assert_ptr_nonnull(strstr(message, "cannot write: /proc/nothing:"));
}
END_TEST

START_TEST(work_is_done_in_pieces)
{
	const char *from[] = { "big" };
	const struct copy job = { .from = from, .nfrom = 1, .to = "out" };
	struct copier *c;
	unsigned steps = 1;

	sh("head -c 10000000 /dev/urandom >big");
	c = copier_new(&job);
	for (; copier_step(c) == COPY_MORE; steps++) {
		struct stat st;

		/* never a half file under its own name */
		if (stat("out", &st) == 0)
			ck_assert_int_eq(st.st_size, 10000000);
	}
	ck_assert_uint_ge(steps, 8);
	copier_free(c);
	sh("cmp big out");
	/* broken off, nothing is left */
	sh("echo >>big");
	c = copier_new(&job);
	ck_assert_int_eq(copier_step(c), COPY_MORE);
	sh("test $(ls -A | wc -l) = 3");
	copier_free(c);
	sh("test $(ls -A | wc -l) = 2");
}
END_TEST

START_TEST(the_runner_copies)
{
	const char *from[] = { "big" };
	struct launch l = {
		.kind = LAUNCH_COPY,
		.copy = { .from = from, .nfrom = 1, .to = "x/" }
	};
	struct run_io r;

	sh("head -c 30000000 /dev/zero >big");
	io_open(&r);
	io_run(&r, &l);
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert(r.result.changed);
	sh("cmp big x/big");
	io_run(&r, &l);
	ck_assert(!r.result.changed);
	l.copy.to = "x";
	io_run(&r, &l);
	ck_assert_int_eq(r.result.status, ST_ERROR);
	ck_assert_str_eq(r.message, "cannot write: x: is a directory");
	l.copy.to = "y";
	io_start(&r, 0, &l);
	io_stop(&r, 0, STOP_CANCEL);
	io_wait(&r, 4);
	ck_assert_int_eq(r.result.status, ST_CANCELLED);
	sh("test ! -e y && test $(ls -A | wc -l) = 2");
	io_close(&r);
}
END_TEST

void
unit_copy(Suite *s)
{
	TCase *tc = tcase_create("copy");

	tcase_add_checked_fixture(tc, enter_scratch, leave_scratch);
	tcase_add_test(tc, a_file_gets_its_exact_new_name);
	tcase_add_test(tc, a_slash_makes_a_directory);
	tcase_add_test(tc, a_tree_keeps_modes_and_links);
	tcase_add_loop_test(tc, errors_name_the_path, 0,
	    (int)countof(errors));
	tcase_add_test(tc, several_sources_want_a_directory);
	tcase_add_test(tc, a_full_disk_is_told_and_leaves_nothing);
	tcase_add_test(tc, work_is_done_in_pieces);
	tcase_add_test(tc, the_runner_copies);
	suite_add_tcase(s, tc);
}
