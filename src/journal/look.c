/* SPDX-License-Identifier: ISC */
/* the first and the last record of a journal, and whether it is written */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "journal/read.h"
#include "journal/runs.h"
#include "model/status.h"

enum {
	CHUNK = 4096,
	FIRST_MAX = 64 * 1024 * 1024	/* of the first record, bytes */
};

static double
number(const json_t *record, const char *key)
{
	const json_t *v = json_object_get(record, key);

	return v && json_is_number(v) ? json_number_value(v) : -1;
}

static const char *
text(const json_t *record, const char *key)
{
	const char *s = json_string_value(json_object_get(record, key));

	return s ? s : "";
}

static json_t *
parse(const char *line, size_t len)
{
	json_t *v = json_loadb(line, len, JSON_ALLOW_NUL, NULL);

	if (v && json_is_object(v))
		return v;
	json_decref(v);
	return NULL;
}

/* up to the first newline; NULL: there is none */
static json_t *
read_first(int fd)
{
	struct buf b = { 0 };
	json_t *v = NULL;
	ssize_t n;

	while (b.len < FIRST_MAX && (n = pread(fd, buf_room(&b, CHUNK), CHUNK,
	    (off_t)b.len)) > 0) {
		const char *nl = memchr(b.data + b.len, '\n', (size_t)n);

		b.len += (size_t)n;
		if (!nl)
			continue;
		v = parse(b.data, (size_t)(nl - b.data));
		break;
	}
	buf_fini(&b);
	return v;
}

/*
 * The last record that is whole.  An end of a run is short, so whatever is
 * longer than what is read here is none.
 */
static json_t *
read_last(int fd, off_t size)
{
	char part[2 * CHUNK], *end, *nl;
	off_t at = size > (off_t)sizeof(part) ? size - (off_t)sizeof(part) : 0;
	ssize_t n = pread(fd, part, sizeof(part), at);

	if (n <= 0 || !(end = memrchr(part, '\n', (size_t)n)))
		return NULL;
	nl = memrchr(part, '\n', (size_t)(end - part));
	if (!nl && at > 0)
		return NULL;
	nl = nl ? nl + 1 : part;
	return parse(nl, (size_t)(end - nl));
}

/* does a process hold the lock? pid 0: one that cannot be seen from here */
static bool
is_written(int fd, pid_t *pid)
{
	struct flock l = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	*pid = 0;
	if (fcntl(fd, F_GETLK, &l) == -1 || l.l_type == F_UNLCK)
		return false;
	/* it was killed, and what it was just starting has not let go yet */
	if (l.l_pid > 0 && kill(l.l_pid, 0) == -1 && errno == ESRCH)
		return false;
	*pid = l.l_pid > 0 ? l.l_pid : 0;
	return true;
}

static void
trouble(struct run_entry *e, const char *what)
{
	e->state = RUN_DAMAGED;
	e->trouble = mem_strdup(what);
}

static void
look_first(struct run_entry *e, int fd)
{
	json_t *run = read_first(fd);

	if (!run || strcmp(text(run, "type"), "run") != 0) {
		trouble(e, "its journal has no beginning");
	} else if (number(run, "schema") > JOURNAL_SCHEMA) {
		trouble(e, "its journal was written by a newer pseq");
	} else {
		e->wall = number(run, "time");
	}
	json_decref(run);
}

static void
look_counts(struct run_entry *e, const json_t *lanes)
{
	if (!json_is_object(lanes))
		return;
	e->counted = true;
	for (size_t i = 0; i < VERDICTS; i++)
		e->lanes[i] = json_integer_value(
		    json_object_get(lanes, verdict_name(i)));
	e->unstarted = json_integer_value(json_object_get(lanes,
	    "unstarted"));
}

/* whoever ended it so did not wait for its end */
bool
run_was_interrupted(const char *why)
{
	return !strcmp(why, "signal") || !strcmp(why, "timeout") ||
	    !strcmp(why, "output") || !strcmp(why, "quit");
}

static void
look_end(struct run_entry *e, const json_t *end)
{
	const char *why = text(end, "why"), *signal = text(end, "signal");

	e->status = (int)number(end, "status");
	e->signo = status_signal_find(signal, strlen(signal));
	e->seconds = number(end, "time") - e->wall;
	/* the clock was set back before it was resumed */
	if (e->seconds < number(end, "seconds"))
		e->seconds = number(end, "seconds");
	if (!run_was_interrupted(why))
		e->state = RUN_ENDED;
	look_counts(e, json_object_get(end, "lanes"));
}

static void
look(struct run_entry *e, int fd)
{
	struct stat st;
	json_t *last;
	bool written;

	/* asked before the end is read: who ends writes that first */
	written = is_written(fd, &e->pid);
	if (fstat(fd, &st) == -1) {
		trouble(e, strerror(errno));
		return;
	}
	/* what has just begun may have no first record yet */
	if (!written || st.st_size > 0)
		look_first(e, fd);
	if (e->state == RUN_DAMAGED)
		return;
	if (written) {
		e->state = RUN_RUNNING;
		return;
	}
	last = read_last(fd, st.st_size);
	if (last && !strcmp(text(last, "type"), "run_end"))
		look_end(e, last);
	json_decref(last);
}

/* the last two names of a path */
static void
name(struct run_entry *e)
{
	const char *run = strrchr(e->dir, '/'), *job = run;

	while (job && job > e->dir && job[-1] != '/')
		job--;
	e->run = mem_strdup(run ? run + 1 : e->dir);
	e->job = run ? mem_strndup(job, (size_t)(run - job)) : mem_strdup("");
}

static int
open_journal(const char *dir)
{
	struct buf path = { 0 };
	int fd;

	buf_addf(&path, "%s/journal", dir);
	fd = open(buf_str(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	buf_fini(&path);
	return fd;
}

void
run_look(struct run_entry *e, const char *dir)
{
	int fd;

	*e = (struct run_entry){
		.dir = mem_strdup(dir), .state = RUN_INTERRUPTED,
		.status = -1, .seconds = -1,
	};
	for (size_t n = strlen(e->dir); n > 1 && e->dir[n - 1] == '/'; n--)
		e->dir[n - 1] = '\0';
	name(e);
	fd = open_journal(e->dir);
	if (fd == -1)
		trouble(e, strerror(errno));
	else
		look(e, fd);
	if (fd != -1)
		close(fd);
}

bool
run_is_written(const char *dir)
{
	int fd = open_journal(dir);
	bool written;
	pid_t pid;

	if (fd == -1)
		return false;
	written = is_written(fd, &pid);
	close(fd);
	return written;
}

void
run_entry_fini(struct run_entry *e)
{
	free(e->job);
	free(e->run);
	free(e->dir);
	free(e->trouble);
	*e = (struct run_entry){ 0 };
}
