/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/guard.h"

enum { KEEP_FROM = 200 };	/* where descriptors to be kept go */

int
guard_init(struct guard *g)
{
	void *p = mmap(NULL, sizeof(*g->table), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*g = (struct guard){ .fd = -1 };
	if (p == MAP_FAILED)
		return -1;
	g->table = p;
	return 0;
}

void
guard_kill_words(const char *argv[GUARD_KILL_WORDS],
    char text[GUARD_KILL_TEXT], const char *user, const char *signal,
    pid_t group)
{
	const char *const words[GUARD_KILL_WORDS] = {
		"sudo", "-n", "-u", user, "/bin/kill", "-s", signal, "--",
		text, NULL
	};

	snprintf(text, GUARD_KILL_TEXT, "-%ld", (long)group);
	memcpy(argv, words, sizeof(words));
}

static void
kill_as(const char *user, pid_t group)
{
	const char *argv[GUARD_KILL_WORDS];
	char text[GUARD_KILL_TEXT];
	sigset_t none;

	guard_kill_words(argv, text, user, "KILL", group);
	if (fork() == 0) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
}

static void
kill_all(const struct guard_table *t)
{
	for (uint32_t i = 0; i < t->high; i++) {
		pid_t g = t->group[i], as = t->as_group[i];

		if (g > 0)
			kill(-g, SIGKILL);
		/* of sudo's group we may have ended no more than sudo */
		if (as > 0 && (kill(-as, SIGKILL) == -1 || geteuid() != 0))
			kill_as(t->user[i], as);
	}
	for (uint32_t i = 0; i < t->nmaster; i++)
		if (t->master[i] > 0)
			kill(-t->master[i], SIGKILL);
	while (wait(NULL) > 0)
		;
}

static void
see_off(volatile const int32_t *group, uint32_t n, int *tries)
{
	const struct timespec moment = { .tv_nsec = 2 * 1000 * 1000 };
	uint32_t i = 0;

	while (i < n && *tries > 0) {
		if (group[i] <= 0 || kill(-group[i], 0) == -1) {
			i++;
			continue;
		}
		nanosleep(&moment, NULL);
		--*tries;
	}
}

/*
 * What was killed may take a moment to be gone; not for ever, though.  A
 * connection that is being made may make its socket yet, and what holds a
 * file that is to be kept is still at work.
 */
static void
see_them_off(const struct guard_table *t, bool kept)
{
	int tries = 100;

	see_off(t->master, t->nmaster, &tries);
	if (kept)
		see_off(t->group, t->high, &tries);
}

void
guard_keep(struct guard *g, int fd)
{
	if (g->nkeep < GUARD_KEEP)
		g->keep[g->nkeep++] = fd;
}

/* all but the files to be kept, which move out of the way */
static void
close_others(const struct guard *g)
{
	unsigned from = 1;

	for (size_t i = 0; i < g->nkeep; i++) {
		int fd = fcntl(g->keep[i], F_DUPFD_CLOEXEC, KEEP_FROM);

		if (fd == -1)
			continue;
		/* the lowest one that is free: they come in order */
		syscall(SYS_close_range, from, (unsigned)fd - 1, 0U);
		from = (unsigned)fd + 1;
	}
	syscall(SYS_close_range, from, ~0U, 0U);
}

/* in the new process; fd[0] is at its end when pseq is */
static _Noreturn void
watch(struct guard *g, const int fd[2], char *title, size_t title_len)
{
	static const char name[] = "guard";
	char c;

	setsid();
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_NAME, name);
	/* not to be matched by "pkill -f pseq" */
	if (title && title_len > sizeof(name)) {
		memset(title, 0, title_len);
		memcpy(title, name, sizeof(name));
	}
	if (chdir("/") == -1)
		_exit(1);
	/* without close_range(2) at least what it waits for */
	close(fd[1]);
	dup2(fd[0], 0);
	close_others(g);
	while (read(0, &c, 1) == -1 && errno == EINTR)
		;
	/* sudo and kill want them */
	if (open("/dev/null", O_RDWR) == 1)
		dup2(1, 2);
	kill_all(g->table);
	see_them_off(g->table, g->nkeep > 0);
	for (int i = 0; i < GUARD_DIRS; i++)
		guard_remove_dir(g->table->dir[i]);
	_exit(0);
}

int
guard_start(struct guard *g, char *title, size_t title_len)
{
	sigset_t all, old;
	int fd[2], err;

	if (g->pid > 0)
		return 0;
	if (pipe2(fd, O_CLOEXEC) == -1)
		return -1;
	/* it keeps them blocked: nothing but KILL ends it before its time */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	g->pid = fork();
	if (g->pid == 0)
		watch(g, fd, title, title_len);
	err = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(fd[0]);
	if (g->pid == -1) {
		g->pid = 0;
		close(fd[1]);
		errno = err;
		return -1;
	}
	g->fd = fd[1];
	return 0;
}

volatile int32_t *
guard_place(struct guard *g, uint32_t slot)
{
	assert(slot < GUARD_SLOTS);
	if (slot >= g->table->high)
		g->table->high = slot + 1;
	return &g->table->group[slot];
}

void
guard_add_user(struct guard *g, uint32_t slot, pid_t group, const char *user)
{
	snprintf(g->table->user[slot], GUARD_USER, "%s", user);
	g->table->as_group[slot] = group;
}

void
guard_clear(struct guard *g, uint32_t slot)
{
	/* copies and readings have none */
	if (slot >= GUARD_SLOTS)
		return;
	g->table->group[slot] = 0;
	if (g->table->as_group[slot])
		g->table->as_group[slot] = 0;
}

volatile int32_t *
guard_place_master(struct guard *g, uint32_t *place)
{
	struct guard_table *t = g->table;
	uint32_t i = 0;

	/* a place that is used up is one only until the next look */
	while (i < t->nmaster && t->master[i] != 0)
		i++;
	assert(i < GUARD_MASTERS);
	if (i == t->nmaster)
		t->nmaster = i + 1;
	*place = i;
	return &t->master[i];
}

void
guard_clear_master(struct guard *g, uint32_t place)
{
	g->table->master[place] = 0;
}

int
guard_make_dir(char dir[GUARD_DIR], const char *parent)
{
	static const char name[] = "/pseq-XXXXXX";
	volatile char *first = dir;

	if (*parent != '/' || strlen(parent) + sizeof(name) > GUARD_DIR) {
		errno = *parent == '/' ? ENAMETOOLONG : EINVAL;
		return -1;
	}
	/* the guard may look at any moment: a part of it is no name */
	snprintf(dir + 1, GUARD_DIR - 1, "%s%s", parent + 1, name);
	*first = '/';
	/* it is told there before it is made */
	if (mkdtemp(dir))
		return 0;
	*first = '\0';
	return -1;
}

void
guard_remove_dir(char dir[GUARD_DIR])
{
	DIR *d = *dir ? opendir(dir) : NULL;
	struct dirent *e;

	while (d && (e = readdir(d)))
		unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	if (*dir)
		rmdir(dir);
	*dir = '\0';
}

void
guard_dismiss(struct guard *g)
{
	if (g->pid > 0)
		kill(g->pid, SIGKILL);
}

void
guard_gone(struct guard *g)
{
	if (g->pid <= 0)
		return;
	while (waitpid(g->pid, NULL, 0) == -1 && errno == EINTR)
		;
	close(g->fd);
	g->pid = 0;
}

void
guard_fini(struct guard *g)
{
	guard_dismiss(g);
	guard_gone(g);
	if (g->table)
		munmap(g->table, sizeof(*g->table));
	*g = (struct guard){ .fd = -1 };
}
