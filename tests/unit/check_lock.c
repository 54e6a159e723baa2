/* SPDX-License-Identifier: ISC */
/* a file that one process holds, and what others may do about it */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/lock.h"
#include "unit.h"

static char path[] = "/tmp/pseq-lock-XXXXXX";
static struct lock lock;

static void
make(void)
{
	int fd;

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(lock_open(&lock, path), 0);
}

static void
unmake(void)
{
	close(lock.fd);
	unlink(path);
}

enum { STUBBORN = 1, SHARED = 2, BRIEF = 4 };

/* another process that has the lock when this returns */
static pid_t
other(unsigned how)
{
	int fd[2];
	char c;
	pid_t pid;

	ck_assert_int_eq(pipe(fd), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct lock own;

		signal(SIGTERM, how & STUBBORN ? SIG_IGN : SIG_DFL);
		if (lock_open(&own, path) == -1 ||
		    lock_try(&own, how & SHARED) == -1)
			_exit(1);
		lock_sign(&own, "its-run");
		if (write(fd[1], "", 1) == -1)
			_exit(1);
		if (how & BRIEF)
			usleep(100000);
		else
			for (;;)
				pause();
		_exit(0);
	}
	ck_assert_int_eq(read(fd[0], &c, 1), 1);
	close(fd[0]);
	close(fd[1]);
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

START_TEST(one_has_it)
{
	struct lock_holder who;
	pid_t pid = other(0);

	ck_assert_int_eq(lock_try(&lock, false), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(lock_try(&lock, true), -1);
	lock_ask(&lock, &who);
	ck_assert_int_eq(who.pid, pid);
	ck_assert_str_eq(who.run, "its-run");
	end(pid);
	ck_assert_int_eq(lock_try(&lock, false), 0);
}
END_TEST

START_TEST(who_had_it_before_is_not_named)
{
	struct lock_holder who;
	pid_t pid = other(0);

	end(pid);
	lock_ask(&lock, &who);
	ck_assert_int_eq(who.pid, 0);
	ck_assert_str_eq(who.run, "");
	pid = other(SHARED);
	/* what another one signed is not about this one */
	lock_sign(&lock, "mine");
	lock_ask(&lock, &who);
	ck_assert_int_eq(who.pid, pid);
	ck_assert_str_eq(who.run, "");
	end(pid);
}
END_TEST

START_TEST(those_that_share_it_have_it_together)
{
	pid_t one = other(SHARED), two = other(SHARED);

	ck_assert_int_eq(lock_try(&lock, false), -1);
	ck_assert_int_eq(lock_try(&lock, true), 0);
	end(one);
	end(two);
}
END_TEST

START_TEST(a_child_has_it_not)
{
	int status;
	pid_t pid;

	ck_assert_int_eq(lock_try(&lock, false), 0);
	pid = fork();
	if (pid == 0)
		_exit(lock_try(&lock, false) == -1 && errno == EAGAIN ? 0 : 1);
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	/* and its end takes nothing from us */
	pid = fork();
	if (pid == 0) {
		struct lock own;

		_exit(lock_open(&own, path) == 0 &&
		    lock_try(&own, false) == -1 ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(waiting_has_an_end)
{
	pid_t pid = other(0);
	double began = now();

	ck_assert_int_eq(lock_wait(&lock, 0.2), -1);
	ck_assert_int_eq(errno, ETIMEDOUT);
	ck_assert_double_ge(now() - began, 0.19);
	ck_assert_int_eq(lock_wait(&lock, 0), -1);
	ck_assert_int_eq(errno, ETIMEDOUT);
	end(pid);
}
END_TEST

START_TEST(waiting_ends_when_it_is_free)
{
	pid_t pid = other(BRIEF);

	ck_assert_int_eq(lock_wait(&lock, 60), 0);
	waitpid(pid, NULL, 0);
	unmake();
	make();
	pid = other(BRIEF);
	ck_assert_int_eq(lock_wait(&lock, -1), 0);
	waitpid(pid, NULL, 0);
}
END_TEST

/* SIGALRM may be blocked by whoever started us; it is as before afterwards */
START_TEST(alarms_are_left_as_they_were)
{
	struct sigaction act;
	sigset_t set, after;
	pid_t pid = other(0);

	signal(SIGALRM, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ck_assert_int_eq(lock_wait(&lock, 0.05), -1);
	ck_assert_int_eq(errno, ETIMEDOUT);
	sigaction(SIGALRM, NULL, &act);
	ck_assert(act.sa_handler == SIG_IGN);
	sigprocmask(SIG_BLOCK, NULL, &after);
	ck_assert(sigismember(&after, SIGALRM));
	end(pid);
}
END_TEST

START_TEST(replacing_ends_all_that_have_it)
{
	pid_t one = other(SHARED), two = other(SHARED);
	int status;

	/* they are not there for poll(2) before they are reaped */
	signal(SIGCHLD, SIG_IGN);
	ck_assert_int_eq(lock_replace(&lock, 60), 0);
	ck_assert_int_eq(waitpid(one, &status, 0), -1);
	ck_assert_int_eq(waitpid(two, &status, 0), -1);
}
END_TEST

START_TEST(replacing_one_that_will_not_end)
{
	pid_t pid = other(STUBBORN);

	ck_assert_int_eq(lock_replace(&lock, 0.1), -1);
	ck_assert_int_eq(errno, ETIMEDOUT);
	ck_assert_int_eq(kill(pid, 0), 0);
	end(pid);
	ck_assert_int_eq(lock_replace(&lock, 0.1), 0);
}
END_TEST

/* two that want it gone: the second waits for its turn, not for ever */
START_TEST(replacing_is_done_by_one_at_a_time)
{
	pid_t pid = other(STUBBORN), first = fork();

	if (first == 0) {
		struct lock own;

		lock_open(&own, path);
		lock_replace(&own, 60);
		_exit(0);
	}
	usleep(100000);
	ck_assert_int_eq(lock_replace(&lock, 0.1), -1);
	ck_assert_int_eq(errno, ETIMEDOUT);
	end(first);
	end(pid);
}
END_TEST

START_TEST(above_are_those_that_started_us)
{
	int status;
	pid_t self = getpid(), pid = fork();

	if (pid == 0) {
		pid_t inner = fork();

		if (inner == 0)
			_exit(lock_is_above(self) &&
			    !lock_is_above(getpid()) &&
			    !lock_is_above(0) ? 0 : 1);
		waitpid(inner, &status, 0);
		_exit(WEXITSTATUS(status));
	}
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert(!lock_is_above(pid));
}
END_TEST

START_TEST(no_place_for_it)
{
	struct lock none;

	ck_assert_int_eq(lock_open(&none, "/proc/nowhere/lock"), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

void
unit_lock(Suite *s)
{
	TCase *tc = tcase_create("lock");

	tcase_add_checked_fixture(tc, make, unmake);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, one_has_it);
	tcase_add_test(tc, who_had_it_before_is_not_named);
	tcase_add_test(tc, those_that_share_it_have_it_together);
	tcase_add_test(tc, a_child_has_it_not);
	tcase_add_test(tc, waiting_has_an_end);
	tcase_add_test(tc, waiting_ends_when_it_is_free);
	tcase_add_test(tc, alarms_are_left_as_they_were);
	tcase_add_test(tc, replacing_ends_all_that_have_it);
	tcase_add_test(tc, replacing_one_that_will_not_end);
	tcase_add_test(tc, replacing_is_done_by_one_at_a_time);
	tcase_add_test(tc, above_are_those_that_started_us);
	tcase_add_test(tc, no_place_for_it);
	suite_add_tcase(s, tc);
}
