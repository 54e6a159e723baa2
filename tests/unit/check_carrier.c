/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "io.h"
#include "transport/carrier.h"
#include "transport/local.h"
#include "transport/ssh.h"
#include "unit.h"

#define ARGV(...) (const char *const []){ __VA_ARGS__, NULL }

/* what /bin/sh may be */
static const char *const shells[][4] = {
	{ "dash", "-c" }, { "bash", "--posix", "-c" }, { "busybox", "sh", "-c" },
};

/* as the login shell passes it on: the whole command in one word */
static const char *const logins[] = {
	"sh", "bash", "dash", "zsh", "ksh", "csh", "tcsh", "fish",
};

static bool
there_is(const char *program)
{
	char cmd[64];

	snprintf(cmd, sizeof(cmd), "command -v %s >/dev/null", program);
	return system(cmd) == 0;
}

static void
carry(struct run_io *r, const char *const *argv, struct run run,
    enum carrier_how how, const char *before)
{
	static const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin",
	    "HOME=/", NULL };
	struct buf script = { 0 };
	struct launch l = {
		.argv = argv, .env = env, .mark = CARRIER_MARK,
		.capture = STREAM_OUT, .capture_max = 1 << 22
	};

	buf_adds(&script, before);
	carrier_script(&run, run.argv, how, &script);
	buf_add(&script, run.in_bytes, run.in_len);
	l.in_bytes = script.data;
	l.in_len = script.len;
	io_run(r, &l);
	buf_fini(&script);
}

/* every byte but NUL, in an order that makes pairs of all kinds */
static char *
every_byte(size_t times, size_t *len)
{
	char *s = mem_alloc(255 * times + 1);

	*len = 255 * times;
	for (size_t i = 0; i < *len; i++)
		s[i] = (char)(1 + i * (1 + i / 255 * 2) % 255);
	s[*len] = '\0';
	return s;
}

START_TEST(every_byte_arrives)
{
	const char *const *sh = shells[_i];
	const char *argv[5] = { sh[0], sh[1], sh[2], sh[3] };
	size_t n = 0, len;
	char *value = every_byte(400, &len), *env;
	struct run_io r;

	if (!there_is(sh[0])) {
		printf("carrier: skipped, there is no %s\n", sh[0]);
		return;
	}
	while (argv[n])
		n++;
	argv[n] = CARRIER_READER;
	env = mem_alloc(len + 7);
	memcpy(env, "pseq_l=", 7);
	env = mem_realloc(env, len + 8);
	memcpy(env + 7, value, len + 1);
	io_open(&r);
	r.quiet = true;
	/* as a variable, even one that the reader itself has used */
	carry(&r, argv, (struct run){ .argv = ARGV("sh", "-c",
	    "printf %s \"$pseq_l\""), .env = ARGV(env), .nown = 1 },
	    CARRIER_HERE, "");
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_uint_eq(r.captured.len, len);
	ck_assert_int_eq(memcmp(r.captured.data, value, len), 0);
	/* as a word, as one that follows it, and as input */
	carry(&r, argv, (struct run){ .argv = ARGV("sh", "-c",
	    "printf '%s%s' \"$0\" \"$1\"; cat", value, "-e"),
	    .in_bytes = value, .in_len = len }, CARRIER_HERE, "");
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_uint_eq(r.captured.len, 2 * len + 2);
	ck_assert_int_eq(memcmp(r.captured.data, value, len), 0);
	ck_assert_int_eq(memcmp(r.captured.data + len, "-e", 2), 0);
	ck_assert_int_eq(memcmp(r.captured.data + len + 2, value, len), 0);
	free(env);
	free(value);
	io_close(&r);
}
END_TEST

START_TEST(nothing_of_ours_is_left)
{
	const char *const *sh = shells[_i];
	const char *argv[5] = { sh[0], sh[1], sh[2], sh[3] };
	size_t n = 0;
	struct run_io r;

	if (!there_is(sh[0]))
		return;
	while (argv[n])
		n++;
	argv[n] = CARRIER_READER;
	io_open(&r);
	carry(&r, argv, (struct run){ .argv = ARGV("env"), .dir = "/usr",
	    .env = ARGV("A=b\nc", "l=1"), .nown = 2 }, CARRIER_HERE, "");
	buf_str(&r.out);
	/* (the directory that it began in may be called so) */
	ck_assert_ptr_null(strstr(r.out.data, "pseq_"));
	ck_assert_ptr_nonnull(strstr(r.out.data, "A=b|c|"));
	ck_assert_ptr_nonnull(strstr(r.out.data, "PWD=/usr|"));
	/* a directory that is not there is an end like any other */
	carry(&r, argv, (struct run){ .argv = ARGV("env"),
	    .dir = "/nowhere" }, CARRIER_HERE, "");
	ck_assert_int_eq(r.result.code, 126);
	io_close(&r);
}
END_TEST

START_TEST(the_group_is_written_down_before_it_is_told)
{
	const char *const *sh = shells[_i];
	const char *argv[5] = { sh[0], sh[1], sh[2], sh[3] };
	char path[] = "/tmp/pseq-carrier-XXXXXX", before[64];
	size_t n = 0;
	struct run_io r;

	if (!there_is(sh[0]))
		return;
	close(mkstemp(path));
	snprintf(before, sizeof(before), "set -- %s;", path);
	while (argv[n])
		n++;
	argv[n] = CARRIER_READER;
	io_open(&r);
	carry(&r, argv, (struct run){ .argv = ARGV("sh", "-c",
	    "ps -o pgid= -p $$ | tr -d ' '; cat \"$0\"", path) },
	    CARRIER_THERE, before);
	n = strcspn(r.out.data, "|");
	ck_assert_uint_gt(n, 0);
	ck_assert_int_eq(strncmp(r.out.data, r.out.data + n + 1, n), 0);
	unlink(path);
	io_close(&r);
}
END_TEST

/* a command that has the reader in such a shell as $R */
static void
read_by(const char *const *sh, const char *cmd)
{
	char reader[128];

	snprintf(reader, sizeof(reader), "%s %s %s '%s'", sh[0], sh[1],
	    sh[2] ? sh[2] : "", CARRIER_READER);
	setenv("R", reader, 1);
	ck_assert_int_eq(system(cmd), 0);
}

/* the connection is gone, and so is the file that its guard had */
START_TEST(who_is_not_heard_leaves_no_file)
{
	char dir[] = "/tmp/pseq-carrier-XXXXXX", rm[64];
	struct run run = { .argv = ARGV("touch", "ran") };
	struct buf script = { 0 };
	FILE *f;

	if (!there_is(shells[_i][0]))
		return;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	buf_adds(&script, "set -- file;");
	carrier_script(&run, run.argv, CARRIER_THERE, &script);
	f = fopen("script", "w");
	fwrite(script.data, 1, script.len, f);
	fclose(f);
	buf_fini(&script);
	read_by(shells[_i], "{ sleep 0.2; eval \"$R\" <script 2>err; } | :; "
	    "test ! -e file && test ! -e ran");
	/* if it is heard it is run */
	read_by(shells[_i], "eval \"$R\" <script | grep -q '" CARRIER_MARK "'; "
	    "test -e file && test -e ran");
	ck_assert_int_eq(chdir("/"), 0);
	snprintf(rm, sizeof(rm), "rm -r %s", dir);
	ck_assert_int_eq(system(rm), 0);
}
END_TEST

START_TEST(half_a_line_is_not_run)
{
	const char *const *sh = shells[_i];

	if (!there_is(sh[0]))
		return;
	read_by(sh, "test -z \"$(printf 'echo ran' | eval \"$R\")\"");
	read_by(sh, "test -n \"$(echo 'echo ran' | eval \"$R\")\"");
}
END_TEST

START_TEST(the_group_may_be_that_of_another_process)
{
	struct run_io r;
	size_t n;

	io_open(&r);
	carry(&r, ARGV("sh", "-c", "/bin/sh -c '" CARRIER_READER "'; :"),
	    (struct run){ .argv = ARGV("sh", "-c",
	    "read -r a b c d g e </proc/$$/stat; echo $g; cat /tmp/pseq-carrier-$PPID; "
	    "rm /tmp/pseq-carrier-$PPID") }, CARRIER_THERE,
	    "set -- /tmp/pseq-carrier-$PPID;");
	n = strcspn(r.out.data, "|");
	ck_assert_uint_gt(n, 0);
	ck_assert_int_eq(strncmp(r.out.data, r.out.data + n + 1, n), 0);
	io_close(&r);
}
END_TEST

START_TEST(any_login_shell_passes_it_on)
{
	const char *name = logins[_i];
	struct run_io r;

	if (!there_is(name)) {
		printf("carrier: skipped, there is no %s\n", name);
		return;
	}
	io_open(&r);
	carry(&r, ARGV(name, "-c", CARRIER_COMMAND), (struct run){
	    .argv = ARGV("printf", "<%s>", "it's ! \\\n$HOME `x` \"y\"",
	    "!!", "-n", "\xff\xfe") }, CARRIER_HERE, "");
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_str_eq(r.captured.data,
	    "<it's ! \\\n$HOME `x` \"y\"><!!><-n><\xff\xfe>");
	io_close(&r);
}
END_TEST

START_TEST(a_script_is_sent_and_taken_away)
{
	static const char script[] =
	    "#!/bin/sh -u\necho \"$1|$2|$V|$0\"; cat; exit 7\n";
	const char *const *sh = shells[_i];
	const char *argv[5] = { sh[0], sh[1], sh[2], sh[3] };
	char tmp[] = "/tmp/pseq-carrier-XXXXXX", var[64];
	size_t n = 0;
	struct run_io r;

	if (!there_is(sh[0]))
		return;
	ck_assert_ptr_nonnull(mkdtemp(tmp));
	snprintf(var, sizeof(var), "TMPDIR=%s", tmp);
	while (argv[n])
		n++;
	argv[n] = CARRIER_READER;
	io_open(&r);
	carry(&r, argv, (struct run){ .script = "x", .script_bytes = script,
	    .script_len = sizeof(script) - 1, .args = ARGV("a\nb", "c'd"),
	    .env = ARGV("V=it's", var), .nown = 2, .in_bytes = "in\n",
	    .in_len = 3 }, CARRIER_HERE, "");
	ck_assert_int_eq(r.result.code, 7);
	ck_assert_int_eq(strncmp(r.out.data, "a|b|c'd|it's|/tmp/", 18), 0);
	ck_assert_ptr_nonnull(strstr(r.out.data, "|in|"));
	/* a signal to the group leaves nothing behind, either */
	carry(&r, argv, (struct run){ .script = "x", .script_bytes =
	    "kill -TERM 0; sleep 5\n", .script_len = 22, .env = ARGV(var),
	    .nown = 1 }, CARRIER_HERE, "");
	ck_assert_int_eq(rmdir(tmp), 0);
	io_close(&r);
}
END_TEST

START_TEST(a_script_here_has_its_interpreter)
{
	static const struct {
		const char *text, *first, *second, *third;
	} cases[] = {
		{ "#!/usr/bin/env python3\nx", "/usr/bin/env", "python3", "f" },
		{ "#! /bin/sh\nx", "/bin/sh", "f", "arg" },
		{ "#!/bin/awk -f  \r\nx", "/bin/awk", "-f  ", "f" },
		{ "echo x", "/bin/sh", "f", "arg" },
		{ "#!", "/bin/sh", "f", "arg" },
	};
	struct arena arena = { 0 };
	struct launch l;
	struct run run = {
		.script = "f", .script_bytes = cases[_i].text,
		.script_len = strlen(cases[_i].text), .args = ARGV("arg")
	};

	ck_assert_ptr_null(transport_local.prepare(&run, &l, &arena));
	ck_assert_str_eq(l.argv[0], cases[_i].first);
	ck_assert_str_eq(l.argv[1], cases[_i].second);
	ck_assert_str_eq(l.argv[2], cases[_i].third);
	arena_fini(&arena);
}
END_TEST

START_TEST(a_script_with_a_nul_is_refused)
{
	struct arena arena = { 0 };
	struct endpoint e = { .host = "h", .address = "h" };
	struct launch l;
	struct run run = {
		.script = "f", .script_bytes = "a\0b", .script_len = 3,
		.at = &e
	};

	ck_assert_ptr_nonnull(transport_ssh.prepare(&run, &l, &arena));
	arena_fini(&arena);
}
END_TEST

/* --- ssh ------------------------------------------------------------------ */

START_TEST(the_master_is_told_what_the_job_says)
{
	struct arena arena = { 0 };
	struct endpoint e = {
		.host = "h", .address = "10.0.0.1", .user = "bob",
		.port = 2222, .identity = "/k", .connect_timeout = 2.5,
		.option = ARGV("ServerAliveInterval=3", "ProxyJump=a,b@c:1"),
		.host_keys = KEYS_ACCEPT_NEW
	};
	struct buf all = { 0 };
	struct launch l;

	ck_assert_ptr_null(transport_ssh.prepare(&(struct run){
	    .argv = ARGV("true"), .at = &e }, &l, &arena));
	for (size_t i = 0; l.master[i]; i++)
		buf_addf(&all, "%s ", l.master[i]);
	ck_assert_str_eq(buf_str(&all), "ssh -M -N -o BatchMode=yes "
	    "-o ControlMaster=yes -o ControlPersist=no -o RemoteCommand=none "
	    "-o ClearAllForwardings=yes -o ServerAliveInterval=3 "
	    "-o ProxyJump=a,b@c:1 -o LogLevel=ERROR "
	    "-o ServerAliveInterval=15 -o ServerAliveCountMax=3 "
	    "-o ConnectTimeout=3 -o StrictHostKeyChecking=accept-new "
	    "-p 2222 -l bob -i /k -- 10.0.0.1 ");
	ck_assert_str_eq(l.gate, "a");
	ck_assert_int_eq(l.kind, LAUNCH_SESSION);
	buf_fini(&all);
	arena_fini(&arena);
}
END_TEST

static const struct {
	const char *said;
	enum status status;
	bool busy;
} verdicts[] = {
	{ "", ST_UNREACHABLE, false },
	{ "bob@h: Permission denied (publickey).\r\n", ST_AUTH, false },
	{ "Received disconnect from ::1 port 22:2: Too many authentication "
	    "failures\r\nDisconnected from ::1 port 22\r\n", ST_AUTH, false },
	{ "No ED25519 host key is known for h and you have requested strict "
	    "checking.\r\nHost key verification failed.\r\n", ST_HOSTKEY,
	    false },
	{ "@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     "
	    "@\r\n", ST_HOSTKEY, false },
	{ "ssh: connect to host h port 22: Connection refused\r\n",
	    ST_UNREACHABLE, false },
	{ "ssh: connect to host h port 22: Connection timed out\r\n",
	    ST_UNREACHABLE, false },
	{ "Connection timed out during banner exchange\r\nConnection to h "
	    "port 22 timed out\r\n", ST_UNREACHABLE, false },
	{ "ssh: Could not resolve hostname h: Name or service not known\r\n",
	    ST_UNREACHABLE, false },
	{ "kex_exchange_identification: read: Connection reset by peer\r\n"
	    "Connection reset by ::1 port 22\r\n", ST_UNREACHABLE, true },
	{ "kex_exchange_identification: Connection closed by remote host\r\n"
	    "Connection closed by UNKNOWN port 65535\r\n", ST_UNREACHABLE,
	    true },
	{ "channel 0: open failed: connect failed: Connection refused\r\n"
	    "stdio forwarding failed\r\nkex_exchange_identification: "
	    "Connection closed by remote host\r\n", ST_UNREACHABLE, false },
	{ "channel 0: open failed: administratively prohibited: open failed"
	    "\r\nstdio forwarding failed\r\nkex_exchange_identification: "
	    "Connection closed by remote host\r\n", ST_UNREACHABLE, false },
	{ "j: Permission denied (publickey).\r\nkex_exchange_identification: "
	    "Connection closed by remote host\r\n", ST_AUTH, false },
	{ "kex_exchange_identification: banner line contains invalid "
	    "characters\r\nbanner exchange: Connection to ::1 port 80: "
	    "invalid format\r\n", ST_UNREACHABLE, false },
	{ "Not allowed at this time\r\n", ST_UNREACHABLE, true },
};

START_TEST(what_ssh_says_is_understood)
{
	struct link_failure f = transport_ssh.judge(verdicts[_i].said,
	    strlen(verdicts[_i].said));

	ck_assert_int_eq(f.status, verdicts[_i].status);
	ck_assert_int_eq(f.busy, verdicts[_i].busy);
}
END_TEST

void
unit_carrier(Suite *s)
{
	const int n = (int)countof(shells);
	TCase *tc = tcase_create("carrier");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, every_byte_arrives, 0, n);
	tcase_add_loop_test(tc, nothing_of_ours_is_left, 0, n);
	tcase_add_loop_test(tc, the_group_is_written_down_before_it_is_told,
	    0, n);
	tcase_add_loop_test(tc, who_is_not_heard_leaves_no_file, 0, n);
	tcase_add_loop_test(tc, half_a_line_is_not_run, 0, n);
	tcase_add_test(tc, the_group_may_be_that_of_another_process);
	tcase_add_loop_test(tc, any_login_shell_passes_it_on, 0,
	    (int)countof(logins));
	tcase_add_loop_test(tc, a_script_is_sent_and_taken_away, 0, n);
	tcase_add_loop_test(tc, a_script_here_has_its_interpreter, 0, 5);
	tcase_add_test(tc, a_script_with_a_nul_is_refused);
	tcase_add_test(tc, the_master_is_told_what_the_job_says);
	tcase_add_loop_test(tc, what_ssh_says_is_understood, 0,
	    (int)countof(verdicts));
	suite_add_tcase(s, tc);
}
