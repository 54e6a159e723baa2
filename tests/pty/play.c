/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "play.h"
#include "pty.h"
#include "screen.h"

struct play {
	struct pty *pty;
	struct screen *screen;
	double limit;		/* seconds an action may take */
	size_t seen;		/* rolled out lines that were searched */
	char *raw;
	size_t nraw, room;
	int line;		/* of the script */
	const char *text;
};

static void
fail(struct play *p, const char *why)
{
	screen_print(p->screen, stderr);
	screen_state(p->screen, stderr);
	fprintf(stderr, "pty: line %d: %s: %s\n", p->line, p->text, why);
	pty_end(p->pty);
	exit(100);
}

static void
on_answer(const char *bytes, size_t len, void *arg)
{
	struct play *p = arg;

	pty_write(p->pty, bytes, len);
}

/* lets the command go on; true: it wrote something within ms */
static bool
pump(struct play *p, int ms)
{
	char bytes[65536];
	ssize_t n = pty_read(p->pty, bytes, sizeof(bytes), ms);

	if (n <= 0)
		return false;
	while (p->nraw + (size_t)n > p->room) {
		p->room = p->room ? p->room * 2 : 65536;
		p->raw = realloc(p->raw, p->room);
		if (!p->raw)
			err(100, "realloc");
	}
	memcpy(p->raw + p->nraw, bytes, (size_t)n);
	p->nraw += (size_t)n;
	screen_show(p->screen, bytes, (size_t)n);
	return true;
}

/* pumps until is() says so, or the limit is reached */
static void
await(struct play *p, bool (*is)(struct play *, const char *), const char *arg,
    const char *why)
{
	double until = pty_clock() + p->limit;

	while (!is(p, arg)) {
		if (pty_clock() > until)
			fail(p, why);
		pump(p, 20);
	}
}

static double
number(struct play *p, const char *text, double otherwise)
{
	char *end;
	double n = strtod(text, &end);

	if (*end)
		fail(p, "not a number");
	return *text ? n : otherwise;
}

/* --- what a script can do ------------------------------------------------ */

static void
do_size(struct play *p, const char *arg)
{
	int rows, columns;

	if (sscanf(arg, "%d %d", &rows, &columns) != 2)
		fail(p, "ROWS COLUMNS are wanted");
	/* what was written for the old size is shown in it, if it is there */
	while (pump(p, 0))
		;
	screen_resize(p->screen, rows, columns);
	pty_resize(p->pty, rows, columns);
}

static char
escaped(const char **text)
{
	static const char names[] = "n\nr\rt\te\033\\\\^^";
	const char *at = strchr(names, *++*text);
	char hex[3] = "";

	if (**text == 'x' && (*text)[1] && (*text)[2]) {
		memcpy(hex, *text + 1, 2);
		*text += 2;
		return (char)strtol(hex, NULL, 16);
	}
	return **text && at ? at[1] : '?';
}

/* \n \r \t \e \\ \^ \xHH, ^C */
static void
do_send(struct play *p, const char *arg)
{
	char *bytes = malloc(strlen(arg) + 1);
	size_t n = 0;

	for (; bytes && *arg; arg++) {
		if (*arg == '\\' && arg[1])
			bytes[n++] = escaped(&arg);
		else if (*arg == '^' && arg[1])
			bytes[n++] = (char)(*++arg & 0x1f);
		else
			bytes[n++] = *arg;
	}
	pty_write(p->pty, bytes, n);
	free(bytes);
}

static bool
is_there(struct play *p, const char *text)
{
	return screen_had(p->screen, text, &p->seen) ||
	    screen_has(p->screen, text);
}

/* N TEXT */
static bool
is_there_often(struct play *p, const char *arg)
{
	char *text;
	long n = strtol(arg, &text, 10);

	if (n < 1 || *text++ != ' ')
		fail(p, "N TEXT are wanted");
	return screen_times(p->screen, text) >= n;
}

static bool
is_gone(struct play *p, const char *text)
{
	return !screen_has(p->screen, text);
}

static bool
is_ended(struct play *p, const char *arg)
{
	(void)arg;
	return p->pty->ended;
}

static bool
has_succeeded(struct play *p, const char *command)
{
	(void)p;
	return system(command) == 0;
}

static void
do_wait(struct play *p, const char *arg)
{
	p->seen = 0;
	await(p, is_there, arg, "it did not come");
}

static void
do_times(struct play *p, const char *arg)
{
	await(p, is_there_often, arg, "it did not come so often");
}

static void
do_gone(struct play *p, const char *arg)
{
	await(p, is_gone, arg, "it is still there");
}

static void
do_until(struct play *p, const char *arg)
{
	await(p, has_succeeded, arg, "it has not succeeded");
}

static void
do_run(struct play *p, const char *arg)
{
	if (!has_succeeded(p, arg))
		fail(p, "it has failed");
}

static void
do_limit(struct play *p, const char *arg)
{
	p->limit = number(p, arg, p->limit);
}

/* until nothing came for so many milliseconds */
static void
do_settle(struct play *p, const char *arg)
{
	int ms = (int)number(p, arg, 200);
	double until = pty_clock() + p->limit;

	while (pump(p, ms))
		if (pty_clock() > until)
			fail(p, "it goes on and on");
}

static void
do_pause(struct play *p, const char *arg)
{
	double until = pty_clock() + number(p, arg, 200) / 1000;

	while (pty_clock() < until)
		pump(p, 10);
}

/* nothing is read meanwhile: a terminal that does not keep up */
static void
do_stall(struct play *p, const char *arg)
{
	poll(NULL, 0, (int)number(p, arg, 200));
}

static void
write_file(struct play *p, const char *path,
    void (*print)(const struct play *, FILE *))
{
	FILE *f;

	while (pump(p, 0))
		;
	f = fopen(path, "w");
	if (!f)
		fail(p, strerror(errno));
	print(p, f);
	if (fclose(f) != 0)
		fail(p, strerror(errno));
}

static void
print_screen(const struct play *p, FILE *f)
{
	screen_print(p->screen, f);
}

static void
print_history(const struct play *p, FILE *f)
{
	screen_history(p->screen, f);
}

static void
print_raw(const struct play *p, FILE *f)
{
	fwrite(p->raw, 1, p->nraw, f);
}

static void
print_state(const struct play *p, FILE *f)
{
	screen_state(p->screen, f);
}

static void
print_modes(const struct play *p, FILE *f)
{
	struct termios m;

	if (tcgetattr(p->pty->master, &m) == -1)
		return;
	fprintf(f, "%secho %sicanon %sisig %sopost\n",
	    m.c_lflag & ECHO ? "" : "-", m.c_lflag & ICANON ? "" : "-",
	    m.c_lflag & ISIG ? "" : "-", m.c_oflag & OPOST ? "" : "-");
}

static int
signal_of(struct play *p, const char *name)
{
	for (int s = 1; s < NSIG; s++)
		if (sigabbrev_np(s) && strcmp(sigabbrev_np(s), name) == 0)
			return s;
	fail(p, "there is no such signal");
	return 0;
}

static void
do_signal(struct play *p, const char *arg)
{
	if (kill(p->pty->pid, signal_of(p, arg)) == -1)
		fail(p, strerror(errno));
}

/* to whoever is in front */
static void
do_front(struct play *p, const char *arg)
{
	pid_t group;

	if (ioctl(p->pty->master, TIOCGPGRP, &group) == -1 ||
	    kill(-group, signal_of(p, arg)) == -1)
		fail(p, strerror(errno));
}

static void
do_alive(struct play *p, const char *arg)
{
	(void)arg;
	pump(p, 0);
	if (p->pty->ended)
		fail(p, "it has ended");
}

static void
do_close(struct play *p, const char *arg)
{
	(void)arg;
	close(p->pty->master);
	p->pty->master = -1;
}

static void
do_end(struct play *p, const char *arg)
{
	await(p, is_ended, arg, "it has not ended");
	while (pump(p, 0))
		;
}

static const struct {
	const char *name;
	void (*fn)(struct play *, const char *arg);
	void (*print)(const struct play *, FILE *);	/* to the FILE */
} actions[] = {
	{ "size", .fn = do_size },		/* ROWS COLUMNS */
	{ "send", .fn = do_send },		/* TEXT */
	{ "wait", .fn = do_wait },		/* TEXT: on the screen, or above it */
	{ "times", .fn = do_times },		/* N TEXT: in so many rows */
	{ "gone", .fn = do_gone },		/* TEXT: not on the screen */
	{ "until", .fn = do_until },		/* COMMAND: succeeds */
	{ "run", .fn = do_run },		/* COMMAND: has to succeed */
	{ "limit", .fn = do_limit },		/* SECONDS, of what is waited for */
	{ "settle", .fn = do_settle },		/* [MILLISECONDS] */
	{ "pause", .fn = do_pause },		/* [MILLISECONDS] */
	{ "stall", .fn = do_stall },		/* [MILLISECONDS] */
	{ "screen", .print = print_screen },
	{ "history", .print = print_history },
	{ "raw", .print = print_raw },
	{ "state", .print = print_state },
	{ "modes", .print = print_modes },
	{ "signal", .fn = do_signal },		/* NAME: to the command */
	{ "front", .fn = do_front },		/* NAME: to the foreground */
	{ "alive", .fn = do_alive },
	{ "close", .fn = do_close },		/* hang up */
	{ "end", .fn = do_end },		/* of the command */
};

static void
act(struct play *p, const char *line)
{
	size_t n = strcspn(line, " ");

	p->text = line;
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		if (strlen(actions[i].name) != n ||
		    strncmp(actions[i].name, line, n) != 0)
			continue;
		line += n + (line[n] == ' ');
		if (actions[i].print)
			write_file(p, line, actions[i].print);
		else
			actions[i].fn(p, line);
		return;
	}
	fail(p, "there is no such action");
}

void
play(FILE *script, struct pty *pty, int rows, int columns)
{
	struct play p = { .pty = pty, .limit = 20 };
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	p.screen = screen_new(rows, columns, on_answer, &p);
	while ((n = getline(&line, &size, script)) > 0) {
		p.line++;
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (*line && *line != '#')
			act(&p, line);
	}
	free(line);
}
