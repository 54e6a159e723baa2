/* SPDX-License-Identifier: ISC */
/* a shell and its job on a pseudo-terminal, and we are who sits at it */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/keys.h"
#include "io/loop.h"
#include "io/term.h"
#include "unit.h"

enum { LIMIT_MS = 10000 };

/* how the job is started */
enum { KEYS = 1, BACK = 2, NO_TSTP = 4 };

struct rig {
	int master;
	pid_t shell;
	int orders[2], notes[2];
	char text[1024];	/* the notes so far */
	size_t len;
};

/* --- the job ------------------------------------------------------------- */

static struct {
	struct loop *loop;
	struct term *term;
	int notes;
} job;

static void
note(const char *text)
{
	if (write(job.notes, text, strlen(text)) == -1)
		_exit(100);
}

static void
note_size(const char *what)
{
	unsigned rows, columns;
	char text[64];

	term_size(job.term, &rows, &columns);
	snprintf(text, sizeof(text), "%s %ux%u %s|", what, rows, columns,
	    term_is_front(job.term) ? "front" : "back");
	note(text);
}

static void
on_key(void *arg, int key)
{
	char text[] = { (char)(key == '\n' ? '$' : key), '\0' };

	(void)arg;
	switch (key) {
	case 'Q':
		loop_break(job.loop);
		break;
	case 'E':
		exit(3);
	case 'A':
		abort();
	case 'S':
		raise(SIGSEGV);
		break;
	default:
		note(text);
	}
}

static void
on_resized(void *arg)
{
	(void)arg;
	note_size("resized");
}

static void
on_stop(void *arg)
{
	(void)arg;
	note("stop|");
}

static void
on_cont(void *arg)
{
	(void)arg;
	note_size("cont");
}

/* what comes of turns that nothing happens in: many of them are a busy loop */
static unsigned turns;

static bool
on_turn(void *arg)
{
	(void)arg;
	if (++turns > 1000)
		_exit(101);
	return false;
}

static void
be_job(int notes, int how)
{
	struct term_config cfg = {
		.fd = 0, .keys = how & KEYS, .key = on_key,
		.resized = on_resized, .stop = on_stop, .cont = on_cont,
	};

	/* check catches some */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (how & NO_TSTP)
		signal(SIGTSTP, SIG_IGN);
	job.notes = notes;
	job.loop = loop_new();
	loop_on_turn(job.loop, on_turn, NULL);
	job.term = term_new(job.loop, &cfg);
	note_size("up");
	loop_run(job.loop);
	term_free(job.term);
	loop_free(job.loop);
	note("down|");
	_exit(0);
}

/* --- the shell ----------------------------------------------------------- */

/* F: to the front; f: … and goes on; b: goes on in the back */
static void
obey(char order, pid_t pid)
{
	if (order == 'F' || order == 'f')
		tcsetpgrp(0, pid);
	if (order == 'f' || order == 'b')
		kill(-pid, SIGCONT);
	if (order == 's')
		kill(-pid, SIGSTOP);
	if (order == 't')
		kill(-pid, SIGTERM);
}

static void
be_shell(const struct rig *r, int slave, int how)
{
	struct pollfd p = { .fd = r->orders[0], .events = POLLIN };
	int status;
	char text[32], order;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	dup2(slave, 0);
	ioctl(0, TIOCSCTTY, 0);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	job.notes = r->notes[1];
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGTTOU, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		setpgid(0, 0);
		while (!(how & BACK) && tcgetpgrp(0) != getpid())
			usleep(1000);
		be_job(r->notes[1], how);
	}
	setpgid(pid, pid);
	if (!(how & BACK))
		tcsetpgrp(0, pid);
	for (;;) {
		if (poll(&p, 1, 5) == 1) {
			/* the test has failed, nobody is there any more */
			if (read(p.fd, &order, 1) != 1)
				_exit(0);
			obey(order, pid);
		}
		if (waitpid(pid, &status, WUNTRACED | WNOHANG) != pid)
			continue;
		tcsetpgrp(0, getpgrp());
		if (!WIFSTOPPED(status))
			break;
		note("stopped|");
	}
	snprintf(text, sizeof(text), "%s %d|", WIFEXITED(status) ? "exit" :
	    "signal", WIFEXITED(status) ? WEXITSTATUS(status) :
	    WTERMSIG(status));
	note(text);
	/* until the modes were looked at */
	while (read(p.fd, &order, 1) > 0)
		;
	_exit(0);
}

/* --- who sits there ------------------------------------------------------ */

/* until the notes have the text; they begin anew behind it */
static void
wait_note(struct rig *r, const char *text)
{
	struct pollfd p = { .fd = r->notes[0], .events = POLLIN };
	char *at;

	while (!(at = strstr(r->text, text))) {
		ssize_t n;

		if (poll(&p, 1, LIMIT_MS) != 1)
			ck_abort_msg("no '%s' in '%s'", text, r->text);
		n = read(p.fd, r->text + r->len, sizeof(r->text) - 1 - r->len);
		if (n <= 0)
			ck_abort_msg("no '%s' in '%s'", text, r->text);
		r->len += (size_t)n;
		r->text[r->len] = '\0';
	}
	at += strlen(text);
	r->len -= (size_t)(at - r->text);
	memmove(r->text, at, r->len + 1);
}

static void
size(const struct rig *r, unsigned short rows, unsigned short columns)
{
	struct winsize w = { .ws_row = rows, .ws_col = columns };

	ck_assert_int_eq(ioctl(r->master, TIOCSWINSZ, &w), 0);
}

static void
begin(struct rig *r, int how)
{
	int slave;

	*r = (struct rig){ 0 };
	r->master = posix_openpt(O_RDWR | O_NOCTTY);
	ck_assert_int_ne(r->master, -1);
	ck_assert_int_eq(unlockpt(r->master), 0);
	size(r, 30, 100);
	slave = open(ptsname(r->master), O_RDWR | O_NOCTTY);
	ck_assert_int_ne(slave, -1);
	ck_assert_int_eq(pipe(r->orders) | pipe(r->notes), 0);
	r->shell = fork();
	if (r->shell == 0) {
		close(r->master);
		close(r->orders[1]);
		be_shell(r, slave, how);
	}
	close(slave);
	close(r->orders[0]);
	close(r->notes[1]);
	wait_note(r, how & BACK ? "up 30x100 back|" : "up 30x100 front|");
}

static void
end(struct rig *r)
{
	close(r->orders[1]);
	waitpid(r->shell, NULL, 0);
	if (r->master != -1)
		close(r->master);
	close(r->notes[0]);
}

static void
type(const struct rig *r, const char *text)
{
	ck_assert_int_eq(write(r->master, text, strlen(text)),
	    (ssize_t)strlen(text));
}

static void
order(const struct rig *r, char what)
{
	ck_assert_int_eq(write(r->orders[1], &what, 1), 1);
}

static bool
are_keys(const struct rig *r)
{
	struct termios m;

	ck_assert_int_eq(tcgetattr(r->master, &m), 0);
	ck_assert(m.c_lflag & ISIG);
	ck_assert(m.c_oflag & OPOST);
	ck_assert_int_eq(!(m.c_lflag & ICANON), !(m.c_lflag & ECHO));
	return !(m.c_lflag & ICANON);
}

/* they become what they should be while nothing is said of it */
static void
wait_keys(const struct rig *r, bool keys)
{
	for (int i = 0; i < LIMIT_MS && are_keys(r) != keys; i++)
		usleep(1000);
	ck_assert_int_eq(are_keys(r), keys);
}

static void
ends(struct rig *r, const char *keys, const char *how)
{
	type(r, keys);
	wait_note(r, how);
	ck_assert(!are_keys(r));
	end(r);
}

START_TEST(modes_are_changed_and_put_back)
{
	struct rig r;
	struct termios before, after;

	begin(&r, KEYS);
	ck_assert(are_keys(&r));
	ends(&r, "Q", "down|exit 0|");
	begin(&r, KEYS | BACK);
	tcgetattr(r.master, &before);
	before.c_lflag &= ~(tcflag_t)ECHOE;
	before.c_cc[VMIN] = 7;
	tcsetattr(r.master, TCSANOW, &before);
	order(&r, 'f');
	wait_note(&r, "cont 30x100 front|");
	ck_assert(are_keys(&r));
	type(&r, "Q");
	wait_note(&r, "exit 0|");
	tcgetattr(r.master, &after);
	ck_assert_uint_eq(before.c_lflag, after.c_lflag);
	ck_assert_uint_eq(before.c_iflag, after.c_iflag);
	ck_assert_uint_eq(before.c_oflag, after.c_oflag);
	ck_assert_mem_eq(before.c_cc, after.c_cc, sizeof(after.c_cc));
	end(&r);
}
END_TEST

START_TEST(modes_are_put_back_whatever_ends_it)
{
	struct rig r;

	begin(&r, KEYS);
	ends(&r, "E", "exit 3|");
	begin(&r, KEYS);
	ends(&r, "A", "signal 6|");
#ifndef __SANITIZE_ADDRESS__
	begin(&r, KEYS);
	ends(&r, "S", "signal 11|");
#endif
	/* nobody has a handler for these here */
	begin(&r, KEYS);
	ends(&r, "\003", "signal 2|");
	begin(&r, KEYS);
	ends(&r, "\034", "signal 3|");
}
END_TEST

START_TEST(keys_come_without_sequences)
{
	struct rig r;

	begin(&r, KEYS);
	type(&r, "p+\r");
	wait_note(&r, "p+$");
	type(&r, "\033[Aa\033OBb\033[1;5Cc\033[[Dd\033[3~e\033]11;Q\af"
	    "\033]2;Q\033\\g\033Qh\n");
	wait_note(&r, "abcdefgh$");
	ends(&r, "Q", "exit 0|");
}
END_TEST

/* the keys of a text whose bytes come at one time each */
static const char *
keys_of(const char *text, double gap)
{
	static char out[64];
	struct keys k = { 0 };
	size_t n = 0;
	double now = 1;

	for (; *text; text++, now += gap) {
		int key = keys_take(&k, (unsigned char)*text, now);

		if (key != -1)
			out[n++] = (char)key;
	}
	out[n] = '\0';
	return out;
}

START_TEST(a_sequence_is_one_thing)
{
	ck_assert_str_eq(keys_of("a\033[Ab", 0), "ab");
	ck_assert_str_eq(keys_of("\033OPa\033[15~b", 0), "ab");
	ck_assert_str_eq(keys_of("\033[[Aa", 0), "a");
	ck_assert_str_eq(keys_of("\033]11;rgb:0/0/0\033\\a", 0), "a");
	ck_assert_str_eq(keys_of("\033]11;rgb:0/0/0\aa", 0), "a");
	ck_assert_str_eq(keys_of("\033P1$r0m\033\\a", 0), "a");
	ck_assert_str_eq(keys_of("\033pq", 0), "q");
	ck_assert_str_eq(keys_of("\033\033[Aq", 0), "q");
	ck_assert_str_eq(keys_of("\033(Bq", 0), "q");
	/* broken off by a control byte, by another, by time */
	ck_assert_str_eq(keys_of("\033[1\rq", 0), "\nq");
	ck_assert_str_eq(keys_of("\033[1\033[Aq", 0), "q");
	ck_assert_str_eq(keys_of("\033p", 0.6), "p");
	ck_assert_str_eq(keys_of("\303\244", 0), "\303\244");
}
END_TEST

START_TEST(sizes_are_told)
{
	struct rig r;

	begin(&r, KEYS);
	size(&r, 10, 40);
	wait_note(&r, "resized 10x40 front|");
	size(&r, 0, 0);
	wait_note(&r, "resized 24x80 front|");
	ends(&r, "Q", "exit 0|");
}
END_TEST

START_TEST(it_stops_and_goes_on)
{
	struct rig r;

	begin(&r, KEYS);
	for (int i = 0; i < 3; i++) {
		type(&r, "\032");
		wait_note(&r, "stop|stopped|");
		ck_assert(!are_keys(&r));
		size(&r, 20, (unsigned short)(50 + i));
		order(&r, 'f');
		wait_note(&r, "cont 20x5");
		wait_keys(&r, true);
	}
	type(&r, "a");
	wait_note(&r, "a");
	/* once for each */
	ck_assert_ptr_null(strstr(r.text, "cont"));
	ends(&r, "Q", "exit 0|");
}
END_TEST

START_TEST(in_the_background_it_takes_nothing)
{
	struct rig r;

	begin(&r, KEYS | BACK);
	ck_assert(!are_keys(&r));
	/* the shell says nothing of that to one that runs */
	size(&r, 20, 50);
	order(&r, 'F');
	wait_note(&r, "resized 20x50 front|");
	ck_assert(are_keys(&r));
	type(&r, "a");
	wait_note(&r, "a");
	/* and back: Ctrl-Z, bg; what is typed now is for the shell */
	type(&r, "\032");
	wait_note(&r, "stop|stopped|");
	order(&r, 'b');
	wait_note(&r, "cont 20x50 back|");
	ck_assert(!are_keys(&r));
	type(&r, "b\n");
	usleep(400000);
	ck_assert(!are_keys(&r));
	ck_assert_str_eq(r.text, "");
	order(&r, 'F');
	wait_note(&r, "b");
	ends(&r, "Q", "exit 0|");
}
END_TEST

START_TEST(stopped_without_a_word_it_is_still_right)
{
	struct rig r;

	/* SIGSTOP, and a shell that leaves the modes to us, and goes on */
	begin(&r, KEYS);
	order(&r, 's');
	wait_note(&r, "stopped|");
	order(&r, 'f');
	wait_note(&r, "cont 30x100 front|");
	ck_assert(are_keys(&r));
	ends(&r, "Q", "exit 0|");
}
END_TEST

START_TEST(without_keys_it_has_size_and_stops)
{
	struct rig r;

	begin(&r, 0);
	ck_assert(!are_keys(&r));
	size(&r, 10, 40);
	wait_note(&r, "resized 10x40 front|");
	type(&r, "x\n\032");
	wait_note(&r, "stop|stopped|");
	order(&r, 'f');
	wait_note(&r, "cont 10x40 front|");
	ck_assert(!are_keys(&r));
	ck_assert_str_eq(r.text, "");
	type(&r, "\003");
	wait_note(&r, "signal 2|");
	end(&r);
}
END_TEST

START_TEST(an_ignored_stop_is_ignored)
{
	struct rig r;

	begin(&r, KEYS | NO_TSTP);
	type(&r, "\032a");
	wait_note(&r, "a");
	ends(&r, "Q", "exit 0|");
}
END_TEST

START_TEST(a_hangup_is_quiet)
{
	struct rig r;

	begin(&r, KEYS);
	close(r.master);
	r.master = -1;
	/* the shell would end it; this one lets it live, for a while */
	usleep(300000);
	order(&r, 'b');
	wait_note(&r, "cont ");
	order(&r, 't');
	wait_note(&r, "signal 15|");
	end(&r);
}
END_TEST

START_TEST(what_is_wrapped_anew)
{
	static const struct {
		const char *term, *xterm, *tmux;
		bool reflows;
	} t[] = {
		{ "xterm-256color", NULL, NULL, true },
		{ "xterm", "XTerm(390)", NULL, false },
		{ "linux", NULL, NULL, false },
		{ "screen", NULL, NULL, false },
		{ "screen-256color", NULL, "/tmp/x", true },
		{ "tmux-256color", "XTerm(390)", "/tmp/x", true },
		{ NULL, NULL, NULL, true },
	};

	for (size_t i = 0; i < countof(t); i++) {
		unsetenv("TERM");
		unsetenv("XTERM_VERSION");
		unsetenv("TMUX");
		if (t[i].term)
			setenv("TERM", t[i].term, 1);
		if (t[i].xterm)
			setenv("XTERM_VERSION", t[i].xterm, 1);
		if (t[i].tmux)
			setenv("TMUX", t[i].tmux, 1);
		ck_assert_int_eq(term_reflows(NULL), t[i].reflows);
	}
}
END_TEST

void
unit_term(Suite *s)
{
	TCase *tc = tcase_create("term");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, modes_are_changed_and_put_back);
	tcase_add_test(tc, modes_are_put_back_whatever_ends_it);
	tcase_add_test(tc, keys_come_without_sequences);
	tcase_add_test(tc, a_sequence_is_one_thing);
	tcase_add_test(tc, sizes_are_told);
	tcase_add_test(tc, it_stops_and_goes_on);
	tcase_add_test(tc, in_the_background_it_takes_nothing);
	tcase_add_test(tc, stopped_without_a_word_it_is_still_right);
	tcase_add_test(tc, without_keys_it_has_size_and_stops);
	tcase_add_test(tc, an_ignored_stop_is_ignored);
	tcase_add_test(tc, a_hangup_is_quiet);
	tcase_add_test(tc, what_is_wrapped_anew);
	suite_add_tcase(s, tc);
}
