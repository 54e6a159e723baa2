/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/inside.h"
#include "io/loop.h"

/* a search may take so long, and be so much of our time */
#define LIMIT 0.05
#define SHARE 20

/* how /proc shows the other end of this stream */
static bool
name_of(const struct stream *s, char *name, size_t size)
{
	struct stat st;

	if (s->io.fd == -1 || fstat(s->io.fd, &st) == -1)
		return false;
	if (S_ISFIFO(st.st_mode)) {
		snprintf(name, size, "pipe:[%lu]", (unsigned long)st.st_ino);
		return true;
	}
	return ptsname_r(s->io.fd, name, size) == 0;
}

static bool
is_link_to(int dir, const char *path, const char *name)
{
	char text[64];
	ssize_t n = readlinkat(dir, path, text, sizeof(text) - 1);

	if (n <= 0)
		return false;
	text[n] = '\0';
	return strcmp(text, name) == 0;
}

/* any descriptor of this process */
static bool
has_open(int proc, const char *pid, const char *name)
{
	char path[32];
	struct dirent *e;
	bool found = false;
	DIR *d;
	int fd;

	snprintf(path, sizeof(path), "%.16s/fd", pid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return false;
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return false;
	}
	while (!found && (e = readdir(d)))
		found = is_link_to(fd, e->d_name, name);
	closedir(d);
	return found;
}

static bool
has_standard(int proc, const char *pid, const char *name)
{
	char path[32];

	for (int fd = 1; fd <= 2; fd++) {
		snprintf(path, sizeof(path), "%.16s/fd/%d", pid, fd);
		if (is_link_to(proc, path, name))
			return true;
	}
	return false;
}

/* one look at all processes; 0: none was found in time */
static long
search(DIR *d, const char *name, double end,
    bool (*has)(int proc, const char *pid, const char *name))
{
	long self = getpid(), pid;
	struct dirent *e;

	rewinddir(d);
	while ((e = readdir(d)) && loop_clock() < end) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		pid = strtol(e->d_name, NULL, 10);
		if (pid != self && has(dirfd(d), e->d_name, name))
			return pid;
	}
	return 0;
}

static long
find(struct tasks *a, const struct stream *s)
{
	double begin = loop_clock();
	char name[64];
	long pid;
	DIR *d;

	if (begin < a->search_at || !name_of(s, name, sizeof(name)))
		return 0;
	d = opendir("/proc");
	if (!d)
		return 0;
	pid = search(d, name, begin + LIMIT, has_standard);
	if (!pid)
		pid = search(d, name, begin + LIMIT, has_open);
	closedir(d);
	a->search_at = begin + SHARE * (loop_clock() - begin);
	return pid;
}

static void
read_comm(long pid, char *comm, size_t size)
{
	char path[40];
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd != -1) {
		n = read(fd, comm, size - 1);
		close(fd);
	}
	comm[n > 0 ? n : 0] = '\0';
	comm[strcspn(comm, "\n")] = '\0';
}

void
who_keeps(struct task *t)
{
	struct tasks *a = t->all;
	const struct stream *s = t->out.io.fd != -1 ? &t->out : &t->err;
	long pid = find(a, s);
	char comm[32], text[160];

	if (pid) {
		read_comm(pid, comm, sizeof(comm));
		snprintf(text, sizeof(text), "'%s' (process %ld) keeps the "
		    "output open after the command's end; it is left alone",
		    comm, pid);
	} else {
		snprintf(text, sizeof(text), "a descendant keeps the output "
		    "open after the command's end; it is left alone");
	}
	a->up->warn(a->up->arg, t->token, text);
}
