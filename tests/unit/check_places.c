/* SPDX-License-Identifier: ISC */
/* where steps run, and how these hosts are reached */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "fake.h"
#include "lang/lang.h"
#include "unit.h"
#include "walk/walk.h"

static const struct fake_rule plain[] = { { NULL, NULL } };

#define SEEN(job, text) do { \
	fake_job(job, plain); \
	ck_assert_str_eq(fake_seen(), text); \
} while (0)

START_TEST(settings_come_key_by_key)
{
	SEEN("[hosts web]\nhosts = a b\nuser = u1\nport = 1\n"
	    "option = X=1\noption = Y=1\n"
	    "[hosts late]\nhosts = b\nport = 2\noption = y=2\n"
	    "[host c]\naddress = addr\nuser = u3\n"
	    "[sequence s]\nhosts = a b c d\nparallel = 1\nuser = u0\n"
	    "option = Z=0\nrun = x\n",
	    "a(u1):1+Z=0+X=1+Y=1 b(u1):2+Z=0+X=1+y=2 c=addr(u3)+Z=0 "
	    "d(u0)+Z=0");
}
END_TEST

START_TEST(a_step_may_run_elsewhere)
{
	ck_assert_str_eq(fake_job("[hosts web]\nhosts = a b\nuser = u\n"
	    "var v = group\n[host b]\nvar v = own\n"
	    "[sequence s]\nhosts = a\nrun = x\n"
	    "run = y\nhost = b\nlocal = z\nrun = w\nvia = local\n"
	    "say = ${host} ${v}\n", plain),
	    "s[a]:x=ok s[a]:y=ok s[a]:z=ok s[a]:w=ok 'a group' "
	    "s[a]:say ${host} ${v}=ok s[a]=ok");
	ck_assert_str_eq(fake_seen(), "a(u) b(u)");
}
END_TEST

START_TEST(ways_are_made_of_variables)
{
	SEEN("[vars]\nt = tool\n[via v]\n"
	    "exec = ${t} ${host}-${address}:${port} ${user} ${z} ${command} "
	    "end\n"
	    "[hosts web]\nhosts = a\nvia = ${w}\nuser = u\nport = 5\n"
	    "var z = zone\n[vars]\nw = v\n"
	    "[sequence s]\nhosts = a\nrun = x\n",
	    "a(u):5/tool,a-a:5,u,zone,${command},end");
}
END_TEST

START_TEST(headers_of_routines_are_for_their_steps)
{
	SEEN("[sequence s]\nhosts = a\nuser = s\nrun = 1\ncall = r\n"
	    "run = 2\ncall = p\nhosts = b\nspawn = p\njoin = p\n"
	    "[routine r]\nuser = r\nport = 9\nrun = 3\ncall = q\n"
	    "[routine q]\nrun = 4\n"
	    "[routine p]\nport = 7\nrun = 5\n",
	    "a(s) a(r):9 a(r):9 a(s) b(s):7 a(s):7");
}
END_TEST

START_TEST(copies_know_their_end)
{
	SEEN("[sequence s]\nhosts = a\nas = root\n"
	    "put = x y -> to/\nget = f -> ${host}/\nas = none\n"
	    "put = x -> y\nvia = local\n[sequence t]\nput = x -> z\n",
	    "a->x,y,to/~root a<-f,a/");
}
END_TEST

START_TEST(a_script_is_read_when_its_step_is_entered)
{
	char path[] = "/tmp/pseq-script-XXXXXX", job[256], want[256];
	int fd = mkstemp(path);

	ck_assert_int_eq(write(fd, "#!/bin/x\nrun", 12), 12);
	close(fd);
	snprintf(job, sizeof(job), "[sequence s]\nhosts = a\n"
	    "script = %s ${host} \"b c\"\nscript = %s\nvia = local\n",
	    path, path);
	snprintf(want, sizeof(want), "a<#!/bin/x\nrun><a><b c>");
	SEEN(job, want);
	unlink(path);
	fake_job(job, plain);
	ck_assert_str_eq(fake_seen(), "");
}
END_TEST

/* what a command prints comes before the lanes, once for all */
START_TEST(a_group_may_come_from_a_command)
{
	static const struct fake_rule rules[] = {
		{ "list $x", "a[1-2]/0 b/0" }, { "x", "0" }, { NULL, NULL }
	};

	ck_assert_str_eq(fake_job_bare("[hosts d]\n"
	    "hosts output = list $x\nuser = u\n"
	    "[sequence s]\nhosts = @d c\nrun = x\n"
	    "[sequence t]\ncall = r\nhosts = @d\n"
	    "[routine r]\nrun = x\n", rules),
	    "[hosts]=ok s[a1]=ok s[a2]=ok s[c]=ok t/r[a1]=ok t/r[a2]=ok t=ok");
	ck_assert_ptr_nonnull(strstr(fake_seen(), "a1(u)"));
	ck_assert_ptr_null(strstr(fake_seen(), "b"));
}
END_TEST

START_TEST(a_group_whose_command_fails)
{
	static const struct fake_rule rules[] = {
		{ "list $x", "3" }, { "x", "0" }, { NULL, NULL }
	};

	ck_assert_str_eq(fake_job_bare("[hosts d]\n"
	    "hosts output = list $x\n"
	    "[sequence s]\nhosts = @d c\nrun = x\n", rules),
	    "[hosts]=failed s=unstarted(-1)");
	ck_assert_str_eq(fake_job_bare("[hosts d]\n"
	    "hosts output = list $x\n"
	    "[sequence s]\ncall = r\nhosts = @d\non error = finish\n"
	    "[routine r]\nrun = x\n", rules), "s=ok");
}
END_TEST

/* what `pseq hosts` asks of a job */
START_TEST(sets_are_read_with_the_groups_of_a_job)
{
	static const char job[] = "[vars]\nn = 3\n"
	    "[hosts web]\nhosts = w[1-${n}] !@db\n"
	    "[hosts db]\nhosts = w2 d\n"
	    "[hosts dyn]\nhosts output = x\n"
	    "[sequence s]\nrun = x\n";
	static char *const none[] = { NULL };
	struct lang_options lang = { .out = stderr };
	struct plan *plan = lang_load_bytes("t.job", job, strlen(job), &lang,
	    NULL);
	struct walk_options o = { .plan = plan, .run = "r", .environ = none };
	struct buf why = { 0 }, out = { 0 };
	struct walk *w = walk_new(&o, &why);
	struct hosts *set = hosts_new();

	ck_assert_int_eq(walk_hosts(w, "@web x", 6, set, &why, NULL), 0);
	hosts_fold(set, &out);
	ck_assert_str_eq(buf_str(&out), "w[1,3],x");
	ck_assert_int_eq(walk_hosts(w, "@dyn", 4, set, &why, NULL), -1);
	ck_assert_ptr_nonnull(strstr(buf_str(&why), "command"));
	buf_clear(&why);
	ck_assert_int_eq(walk_hosts(w, "@wbe", 4, set, &why, NULL), -1);
	ck_assert_ptr_nonnull(strstr(buf_str(&why), "'web'"));
	hosts_free(set);
	walk_free(w);
	lang_free(plan);
	buf_fini(&why);
	buf_fini(&out);
}
END_TEST

void
unit_places(Suite *s)
{
	TCase *tc = tcase_create("places");

	tcase_add_test(tc, settings_come_key_by_key);
	tcase_add_test(tc, a_step_may_run_elsewhere);
	tcase_add_test(tc, ways_are_made_of_variables);
	tcase_add_test(tc, headers_of_routines_are_for_their_steps);
	tcase_add_test(tc, copies_know_their_end);
	tcase_add_test(tc, a_script_is_read_when_its_step_is_entered);
	tcase_add_test(tc, a_group_may_come_from_a_command);
	tcase_add_test(tc, a_group_whose_command_fails);
	tcase_add_test(tc, sets_are_read_with_the_groups_of_a_job);
	suite_add_tcase(s, tc);
}
