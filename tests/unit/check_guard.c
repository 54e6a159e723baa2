/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/guard.h"
#include "unit.h"

static char scratch[] = "/tmp/pseq-guard-XXXXXX";

static void
setup(void)
{
	strcpy(strrchr(scratch, '-') + 1, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	/* what is orphaned comes here */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static bool
is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* so many that some wait for their turn in the directory when killed */
enum { MASTERS = 24 };

/* a connection that makes its socket again and again, until it is killed */
static pid_t
restless(struct guard *g, const char *dir, int ready)
{
	char path[GUARD_DIR + 16];
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	setpgid(0, 0);
	/* who executes another program has it no more */
	close(g->fd);
	snprintf(path, sizeof(path), "%s/%ld", dir, (long)getpid());
	for (;;) {
		int fd = open(path, O_CREAT | O_WRONLY | O_EXCL, 0600);

		if (fd != -1)
			close(fd);
		if (ready != -1 && write(ready, "", 1) == 1) {
			close(ready);
			ready = -1;
		}
		unlink(path);
	}
}

/* what pseq is until it is killed */
static _Noreturn void
work(int told)
{
	struct guard g;
	char *dir;
	int fd[2];
	uint32_t place;
	char c;

	if (guard_init(&g) == -1 || guard_start(&g, NULL, 0) == -1 ||
	    pipe(fd) == -1)
		_exit(1);
	dir = g.table->dir[GUARD_OF_MASTERS];
	if (guard_make_dir(g.table->dir[GUARD_OF_CLIENTS], scratch) == -1 ||
	    guard_make_dir(dir, scratch) == -1)
		_exit(1);
	for (int i = 0; i < MASTERS; i++) {
		volatile int32_t *group = guard_place_master(&g, &place);

		*group = restless(&g, dir, fd[1]);
		if (read(fd[0], &c, 1) != 1)
			_exit(1);
	}
	if (write(told, dir, GUARD_DIR) != GUARD_DIR)
		_exit(1);
	kill(getpid(), SIGKILL);
	_exit(1);
}

START_TEST(what_is_made_while_we_are_killed_goes_as_well)
{
	char dir[GUARD_DIR] = "";
	int told[2], status;
	pid_t pid;

	ck_assert_int_eq(pipe(told), 0);
	pid = fork();
	if (pid == 0)
		work(told[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(read(told[0], dir, GUARD_DIR), GUARD_DIR);
	/* the guard, and all of those */
	for (int i = 0; i < 1 + MASTERS; i++)
		ck_assert_int_gt(waitpid(-1, NULL, 0), 0);
	ck_assert_int_eq(waitpid(-1, NULL, 0), -1);
	ck_assert(!is_there(dir));
	/* both are gone, so it is empty */
	ck_assert_int_eq(rmdir(scratch), 0);
	close(told[0]);
	close(told[1]);
}
END_TEST

START_TEST(a_directory_is_made_and_removed_with_all_in_it)
{
	char dir[GUARD_DIR] = "", file[GUARD_DIR + 8], far[GUARD_DIR];

	ck_assert_int_eq(guard_make_dir(dir, scratch), 0);
	ck_assert_int_eq(strncmp(dir, scratch, strlen(scratch)), 0);
	snprintf(file, sizeof(file), "%s/s", dir);
	close(open(file, O_CREAT | O_WRONLY, 0600));
	snprintf(file, sizeof(file), "%s", dir);
	guard_remove_dir(dir);
	ck_assert_str_eq(dir, "");
	ck_assert(!is_there(file));
	/* what cannot be made is no name, either */
	ck_assert_int_eq(guard_make_dir(dir, "/nowhere"), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_str_eq(dir, "");
	ck_assert_int_eq(guard_make_dir(dir, "here"), -1);
	ck_assert_int_eq(errno, EINVAL);
	memset(far, 'x', sizeof(far));
	far[0] = '/';
	far[sizeof(far) - 1] = '\0';
	ck_assert_int_eq(guard_make_dir(dir, far), -1);
	ck_assert_int_eq(errno, ENAMETOOLONG);
	guard_remove_dir(dir);
	ck_assert_int_eq(rmdir(scratch), 0);
}
END_TEST

void
unit_guard(Suite *s)
{
	TCase *tc = tcase_create("guard");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_directory_is_made_and_removed_with_all_in_it);
	tcase_add_loop_test(tc, what_is_made_while_we_are_killed_goes_as_well,
	    0, 20);
	suite_add_tcase(s, tc);
}
