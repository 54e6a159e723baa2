/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/inventory.h"
#include "base/mem.h"
#include "unit.h"

/* what is expected below is what ansible-inventory --list says of it */
static const char text[] =
	"# comment\n"
	"; another\n"
	"mail.example.com\n"
	"loose[1:3].ex x=1   # inline\n"
	"\n"
	"[web]\r\n"
	"www[01:12:3].example.com  http_port=80 name=\"a b\" q='it''s'\n"
	"beta:2345 user=admin      # port\n"
	"gamma sudo=True pw=a#b\n"
	"db-[a:c] n=007\n"
	"top h=\"x y\"'z' i=a\\ b j=\"c\\d\"\n"
	"\n"
	"[db]\n"
	"one ansible_host=10.0.0.1 ansible_user=joe ansible_port=2222\n"
	"[fe80::7]:2222 v=6\n"
	"2001:db8::1\n"
	"\n"
	"[dc:children] # where they are\n"
	"web   # the web\n"
	"db\n"
	"[web:vars]\n"
	"level=web\n"
	"both = \"quoted value\"\n"
	"cmt = 5 # five\n"
	"plain = some text # not a comment\n"
	"sq='x'  # a comment\n"
	"esc='tab\\there' \n"
	"e = 'un\" balanced\n"
	"empty=\n"
	"dc=web\n"
	"[db:vars]\n"
	"ansible_group_priority=10\n"
	"both=db\n"
	"[all:vars]\n"
	"level=all\n"
	"only_all = yes\n"
	"[dc:vars]\n"
	"level=dc\n"
	"dc=dc\n"
	"[late:vars]\n"
	"x=late\n"
	"[late]\n"
	"one\n"
	"beta y=2\n"
	"[ungrouped:vars]\n"
	"un = here\n"
	"[zeta]\n"
	"one\n"
	"[zeta:vars]\n"
	"both=zeta\n"
	"x=zeta\n";

static struct inventory *
read_it(void)
{
	struct buf why = { 0 };
	struct inventory *v = inventory_read("F", text, sizeof(text) - 1,
	    &why);

	ck_assert_msg(v != NULL, "%s", buf_str(&why));
	buf_fini(&why);
	return v;
}

static const struct {
	const char *group, *hosts;
} members[] = {
	{ NULL, "mail.example.com loose1.ex loose2.ex loose3.ex "
	    "www01.example.com www04.example.com www07.example.com "
	    "www10.example.com beta gamma db-a db-b db-c top one fe80::7 "
	    "2001:db8::1" },
	{ "ungrouped", "mail.example.com loose1.ex loose2.ex loose3.ex" },
	{ "web", "www01.example.com www04.example.com www07.example.com "
	    "www10.example.com beta gamma db-a db-b db-c top" },
	{ "db", "one fe80::7 2001:db8::1" },
	{ "dc", "www01.example.com www04.example.com www07.example.com "
	    "www10.example.com beta gamma db-a db-b db-c top one fe80::7 "
	    "2001:db8::1" },
	{ "late", "one beta" },
};

START_TEST(groups_have_their_hosts)
{
	struct inventory *v = read_it();
	const struct hosts *h = inventory_group(v, members[_i].group);
	struct buf b = { 0 };

	ck_assert_ptr_nonnull(h);
	for (size_t i = 0; i < hosts_count(h); i++)
		buf_addf(&b, "%s%s", i ? " " : "", hosts_name(h, i));
	ck_assert_str_eq(buf_str(&b), members[_i].hosts);
	inventory_free(v);
	buf_fini(&b);
}
END_TEST

static const struct {
	const char *host, *name, *value;	/* NULL: it has none */
} values[] = {
	{ "mail.example.com", "only_all", "yes" },
	{ "mail.example.com", "level", "all" },
	{ "mail.example.com", "un", "here" },
	{ "mail.example.com", "x", NULL },
	{ "loose2.ex", "x", "1" },
	{ "www04.example.com", "http_port", "80" },
	{ "www04.example.com", "name", "a b" },
	{ "www04.example.com", "q", "its" },
	{ "www04.example.com", "level", "web" },
	{ "www04.example.com", "dc", "web" },
	{ "www04.example.com", "both", "quoted value" },
	{ "www04.example.com", "cmt", "5" },
	{ "www04.example.com", "plain", "some text # not a comment" },
	{ "www04.example.com", "sq", "x" },
	{ "www04.example.com", "esc", "tab\there" },
	{ "www04.example.com", "e", "'un\" balanced" },
	{ "www04.example.com", "empty", "" },
	{ "www04.example.com", "un", NULL },
	{ "beta", "ansible_port", "2345" },
	{ "beta", "user", "admin" },
	{ "beta", "x", "late" },
	{ "beta", "y", "2" },
	{ "gamma", "sudo", "True" },
	{ "gamma", "pw", "a" },
	{ "db-b", "n", "007" },
	{ "top", "h", "x yz" },
	{ "top", "i", "a b" },
	{ "top", "j", "c\\d" },
	{ "one", "ansible_host", "10.0.0.1" },
	{ "one", "ansible_port", "2222" },
	{ "one", "level", "dc" },
	{ "one", "dc", "dc" },
	{ "one", "both", "db" },		/* deeper than zeta */
	{ "one", "x", "zeta" },			/* behind late */
	{ "one", "ansible_group_priority", NULL },
	{ "fe80::7", "ansible_port", "2222" },
	{ "fe80::7", "v", "6" },
	{ "2001:db8::1", "ansible_port", NULL },
	{ "nobody", "level", NULL },
};

START_TEST(hosts_have_their_variables)
{
	struct inventory *v = read_it();
	const struct inventory_var *var;
	const char *found = NULL;
	size_t n = inventory_vars(v, values[_i].host, &var);
	int times = 0;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(var[i].name, values[_i].name)) {
			found = var[i].value;
			times++;
		}
	if (values[_i].value) {
		ck_assert_int_eq(times, 1);
		ck_assert_str_eq(found, values[_i].value);
	} else {
		ck_assert_ptr_null(found);
	}
	inventory_free(v);
}
END_TEST

START_TEST(names_of_groups_are_known)
{
	static const char *const want[] = { "all", "ungrouped", "web", "db",
	    "dc", "late", "zeta", NULL };
	struct inventory *v = read_it();
	const char *const *names = inventory_groups(v);

	for (size_t i = 0; i < countof(want); i++)
		ck_assert_pstr_eq(names[i], want[i]);
	ck_assert_ptr_null(inventory_group(v, "wbe"));
	ck_assert_str_eq(inventory_near(v, "wbe"), "web");
	ck_assert_ptr_null(inventory_near(v, "something"));
	inventory_free(v);
}
END_TEST

START_TEST(the_higher_priority_wins)
{
	static const char f[] = "[x]\na\n[y:children]\nx\n[z:children]\ny\nx\n"
	    "[z:vars]\nv=z\n[y:vars]\nv=y\n[x:vars]\n"
	    "ansible_group_priority=0\nv=x\nw=x\n[k]\na\n[k:vars]\nu=k\n"
	    "[k2]\na\n[k2:vars]\nu=k2\nansible_group_priority=-1\n";
	struct buf why = { 0 }, b = { 0 };
	struct inventory *v = inventory_read("F", f, sizeof(f) - 1, &why);
	const struct inventory_var *var;
	size_t n = inventory_vars(v, "a", &var);

	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%s=%s ", var[i].name, var[i].value);
	ck_assert_str_eq(buf_str(&b), "u=k v=x w=x ");
	inventory_free(v);
	buf_fini(&b);
}
END_TEST

static const struct {
	const char *text, *why;
} mistakes[] = {
	{ "[a:children]\nb\n[b:children]\na\n",
	    "F:4: group 'a' would be within itself" },
	{ "[a:children]\na\n", "F:2: group 'a' would be within itself" },
	{ "[a:children]\nall\n", "F:2: 'all' cannot be within a group" },
	{ "[a:children]\nnope\n[nops]\nx\n",
	    "F:2: there is no group 'nope'; did you mean 'nops'?" },
	{ "[a:vars]\nx=1\n", "F:1: there is no group 'a'" },
	{ "[a:foo]\nx=1\n", "F:1: a section is [GROUP], [GROUP:children] or "
	    "[GROUP:vars], not 'foo'" },
	{ "[a:]\n", "F:1: a section is [GROUP], [GROUP:children] or "
	    "[GROUP:vars]" },
	{ "[a b]\n", "F:1: there can be no blanks in the name of a section" },
	{ "[a] b\n", "F:1: there is something behind the section" },
	{ "[a\nx\n", "F:1: there is no ']' behind '['" },
	{ "[\303\244]\n", "F:1: '\\xc3\\xa4' cannot be the name of a group "
	    "here: letters, digits and . _ - can" },
	{ "[a:children]\nb c\n", "F:2: a line of a :children section is the "
	    "name of a group" },
	{ "[a]\n[a:vars]\nfoo\n", "F:3: a line of a :vars section is "
	    "NAME=VALUE" },
	{ "[a]\nx y\n", "F:2: behind a host stand variables, NAME=VALUE, "
	    "not 'y'" },
	{ "x y=\"1\n", "F:1: a quote is not closed" },
	{ "x y=1\\\n", "F:1: there is nothing behind '\\'" },
	{ "x[3:1]\n", "F:1: a range goes from the smaller to the larger" },
	{ "x[01:100]\n", "F:1: with zeros in front both ends of a range need "
	    "the same number of digits" },
	{ "x[1-3]\n", "F:1: a range is written as in [01:50] or [a:f]" },
	{ "x[a:3]\n", "F:1: a range is written as in [01:50] or [a:f]" },
	{ "x[1:3:0]\n", "F:1: the step of a range is a number from 1" },
	{ "x[1:3\n", "F:1: there is no ']' behind '['" },
	{ "x[1:9999][1:9999]\n", "F:1: that stands for more than 10000000 "
	    "names" },
	{ "x[1:9999999999999999]\n", "F:1: a number in a range has at most "
	    "15 digits" },
	{ "x v=\"{{ foo }}\"\n", "F:1: v: templates ({{ }}) cannot be filled "
	    "in here" },
	{ "[a]\n[a:vars]\nv = {% if %}\n", "F:3: v: templates ({{ }}) cannot "
	    "be filled in here" },
	{ "[a]\n[a:vars]\nv = '\\x41'\n", "F:3: v: escapes by number cannot "
	    "be read" },
	{ "x http-port=1\n", "F:1: 'http-port' cannot be the name of a "
	    "variable: letters, digits and _ can" },
	{ "x 1a=1\n", "F:1: '1a' cannot be the name of a variable: letters, "
	    "digits and _ can" },
	{ "joe@x\n", "F:1: 'joe@x': a user is set with 'user =' or --user, "
	    "not in the name of a host" },
	{ "---\n", "F:1: '---': the name of a host cannot begin with '-'" },
	{ "{\"all\": 1}\n", "F:1: '{all': '{' cannot stand in the name of a "
	    "host" },
	{ "x:\n", "F:1: behind ':' stands the number of a port" },
	{ "x:70000\n", "F:1: behind ':' stands the number of a port" },
	{ "[a]\n[a:vars]\nansible_group_priority=high\n",
	    "F:3: ansible_group_priority is a number" },
};

START_TEST(mistakes_have_their_line)
{
	struct buf why = { 0 };
	const char *f = mistakes[_i].text;

	ck_assert_ptr_null(inventory_read("F", f, strlen(f), &why));
	ck_assert_str_eq(buf_str(&why), mistakes[_i].why);
	buf_fini(&why);
}
END_TEST

START_TEST(nul_bytes_and_nothing)
{
	struct buf why = { 0 };
	struct inventory *v = inventory_read("F", "", 0, &why);

	ck_assert_ptr_nonnull(v);
	ck_assert_uint_eq(hosts_count(inventory_group(v, NULL)), 0);
	inventory_free(v);
	ck_assert_ptr_null(inventory_read("F", "a\nb\0c\n", 6, &why));
	ck_assert_str_eq(buf_str(&why), "F:2: there is a NUL byte");
	buf_fini(&why);
}
END_TEST

/* in whatever order they are met */
START_TEST(deep_groups_are_refused)
{
	struct buf why = { 0 }, b = { 0 };

	for (int i = 0; i < 1200; i++)
		buf_addf(&b, "[g%d:children]\ng%d\n", i, _i ? i + 1 : i - 1);
	buf_adds(&b, _i ? "[g1200]\n" : "[g-1]\n");
	ck_assert_ptr_null(inventory_read("F", b.data, b.len, &why));
	ck_assert(strstr(buf_str(&why), "nested more than 1000 deep"));
	buf_fini(&why);
	buf_fini(&b);
}
END_TEST

void
unit_inventory(Suite *s)
{
	TCase *tc = tcase_create("inventory");

	tcase_add_loop_test(tc, groups_have_their_hosts, 0,
	    countof(members));
	tcase_add_loop_test(tc, hosts_have_their_variables, 0,
	    countof(values));
	tcase_add_test(tc, names_of_groups_are_known);
	tcase_add_test(tc, the_higher_priority_wins);
	tcase_add_loop_test(tc, mistakes_have_their_line, 0,
	    countof(mistakes));
	tcase_add_test(tc, nul_bytes_and_nothing);
	tcase_add_loop_test(tc, deep_groups_are_refused, 0, 2);
	suite_add_tcase(s, tc);
}
