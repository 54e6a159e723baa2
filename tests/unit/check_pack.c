/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/full.h"
#include "io/land.h"
#include "io/pack.h"
#include "io/tar.h"
#include "io/unpack.h"
#include "unit.h"

static char scratch[64];

static void
enter_scratch(void)
{
	strcpy(scratch, "/tmp/pseq-pack-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
	umask(022);
}

static void
leave_scratch(void)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "chmod -R u+rwx %s; rm -rf %s", scratch,
	    scratch);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(system(cmd), 0);
}

static void
sh(const char *cmd)
{
	ck_assert_msg(system(cmd) == 0, "%s", cmd);
}

/* names of all kinds, links, empty things, long paths */
static const char make_tree[] =
    "mkdir -p t/sub/empty 't/ a b' 't/-x'; : >t/void; echo x >t/sub/x;"
    "printf 'a\\nb' >\"t/new\nline\"; echo y >'t/ a b/q\"uo'\"'\"'te$(x)`';"
    "printf z >t/-x/-rf; echo u >\"t/$(printf '\\377\\303')\";"
    "ln -s sub/x t/link; ln -s nowhere t/broken; ln -s sub t/dirlink;"
    "ln -s \"$(printf %0150d 0)\" t/far; head -c 300000 /dev/urandom >t/big;"
    "head -c 512 /dev/zero >t/block; printf .h >t/.hidden;"
    "l=$(printf %0120d 7); mkdir -p t/$l/$l; echo long >t/$l/$l/$l;"
    "echo n >t/$(printf %099d 1); echo n >t/$(printf %0100d 1);"
    "echo n >t/$(printf %098d 1); chmod 751 t/sub; chmod 400 t/void;"
    "chmod 666 t/big; chmod 700 t/block";

/* content, kinds, modes and links of two trees are the same */
static void
is_same_tree(const char *a, const char *b)
{
	char cmd[512];

	snprintf(cmd, sizeof(cmd), "diff -r --no-dereference '%s' '%s' && "
	    "(cd '%s' && find . -printf '%%p %%y %%m %%l\\n' | sort) >1.list &&"
	    "(cd '%s' && find . -printf '%%p %%y %%m %%l\\n' | sort) >2.list &&"
	    "cmp 1.list 2.list", a, b, a, b);
	sh(cmd);
}

static struct buf archive;
static char message[512];

/* -1, or 0: archive holds it, read so many bytes at a time */
static int
pack(size_t piece, const char *const *from, size_t n)
{
	struct pack *p = pack_new(from, n);
	ssize_t r = -1;

	buf_clear(&archive);
	while (pack_message(p)[0] == '\0' &&
	    (r = pack_read(p, buf_room(&archive, piece), piece)) > 0)
		archive.len += (size_t)r;
	snprintf(message, sizeof(message), "%s", pack_message(p));
	pack_free(p);
	return r == 0 ? 0 : -1;
}

static bool changed, whole;

/* into out, so many bytes at a time */
static int
unpack_to(const char *path, bool dir, const char *p, size_t n, size_t piece)
{
	struct land *l = land_new();
	struct unpack *u = unpack_new(l);
	int r = land_begin(l, path, dir);

	for (size_t at = 0; at < n && r == 0; at += piece) {
		size_t len = n - at < piece ? n - at : piece;
		char *copy = mem_alloc(len);
		ssize_t used;

		/* of its own, so that nothing beyond it can be read */
		memcpy(copy, p + at, len);
		used = unpack_feed(u, copy, len);
		free(copy);
		if (used == -1)
			r = -1;
		else if ((size_t)used < len)
			break;
	}
	if (r == 0)
		r = land_end(l);
	changed = land_changed(l);
	whole = unpack_whole(u);
	snprintf(message, sizeof(message), "%s", land_message(l));
	unpack_free(u);
	land_free(l);
	return r;
}

static void
write_file(const char *path, const char *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(full_write(fd, p, n), 0);
	close(fd);
}

static void
read_file(const char *path, struct buf *b)
{
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	buf_clear(b);
	while ((n = fread(buf_room(b, 65536), 1, 65536, f)) > 0)
		b->len += n;
	fclose(f);
}

static bool
is_there(const char *program)
{
	char cmd[128];

	snprintf(cmd, sizeof(cmd), "%s >/dev/null 2>&1", program);
	return WEXITSTATUS(system(cmd)) != 127;
}

static const char *const t_alone[] = { "t" };

static const char *const programs[] = { "tar", "busybox tar", "bsdtar" };
static const size_t pieces[] = { 1000000, 512, 1, 777 };

START_TEST(every_tar_reads_it)
{
	char cmd[256];

	if (!is_there(programs[_i]))
		return;
	sh(make_tree);
	for (size_t i = 0; i < countof(pieces); i++) {
		ck_assert_int_eq(pack(pieces[i], t_alone, 1), 0);
		ck_assert_uint_eq(archive.len % TAR_RECORD, 0);
	}
	write_file("a.tar", archive.data, archive.len);
	snprintf(cmd, sizeof(cmd), "mkdir out && cd out && umask 0 && "
	    "LC_ALL=C %s xpomf - <../a.tar 2>../err && ! test -s ../err",
	    programs[_i]);
	sh(cmd);
	is_same_tree("t", "out/0");
	sh("test \"$(cat out/end)\" = whole=yes");
}
END_TEST

static const char *const writers[] = {
	"tar cf - -C t .", "tar cf - --format=posix -C t .",
	"tar cf - --format=posix --pax-option=delete=atime -C t .",
	"busybox tar cf - -C t .", "LC_ALL=C bsdtar cf - -C t .",
	"bsdtar cf - --format=gnutar -C t .", "tar cf - --sort=name -C t .",
	"LC_ALL=C bsdtar cf - --format=pax -C t ."
};

START_TEST(what_every_tar_writes_is_read)
{
	char cmd[256];

	sh(make_tree);
	/* a second name, of a file that is met before or after it */
	sh("ln t/big t/zz; ln t/sub/x t/1");
	snprintf(cmd, sizeof(cmd), "%s >a.tar 2>err", writers[_i]);
	if (strstr(cmd, "busybox") && !is_there("busybox tar"))
		return;
	if (strstr(cmd, "bsdtar") && !is_there("bsdtar"))
		return;
	sh(cmd);
	read_file("a.tar", &archive);
	for (size_t i = 0; i < countof(pieces); i++) {
		sh("rm -rf out");
		ck_assert_msg(unpack_to("out", true, archive.data, archive.len,
		    pieces[i]) == 0, "%s", message);
		ck_assert(whole && changed);
		is_same_tree("t", "out");
	}
	ck_assert_msg(unpack_to("out", true, archive.data, archive.len,
	    1000) == 0, "%s", message);
	ck_assert(whole && !changed);
}
END_TEST

START_TEST(what_is_the_same_is_not_touched)
{
	sh("mkdir t; echo a >t/a; echo b >t/b; head -c 100000 /dev/zero >t/c;"
	    "ln -s a t/l; tar cf a.tar -C t .");
	read_file("a.tar", &archive);
	ck_assert_int_eq(unpack_to("u", true, archive.data, archive.len, 99),
	    0);
	sh("ls -liR --time-style=full-iso u >1.list; ls -i u/c >c.list");
	ck_assert_int_eq(unpack_to("u", true, archive.data, archive.len, 99),
	    0);
	ck_assert(!changed);
	sh("ls -liR --time-style=full-iso u >2.list; cmp 1.list 2.list");
	/* what differs only at its end is written whole */
	sh("printf x | dd of=u/c bs=1 seek=99999 conv=notrunc 2>/dev/null");
	ck_assert_int_eq(unpack_to("u", true, archive.data, archive.len, 99),
	    0);
	ck_assert(changed);
	sh("diff -r t u; ls -i u/c | cmp -s - c.list && exit 1; ls -i u/a u/b "
	    ">3.list; sed -n '/[0-9] [ab]$/p' 1.list | awk '{print $1}' "
	    ">4.list; "	    "awk '{print $1}' 3.list | cmp - 4.list");
	/* modes alone, of files and directories */
	sh("chmod 600 u/a; chmod 700 u");
	ck_assert_int_eq(unpack_to("u", true, archive.data, archive.len, 99),
	    0);
	ck_assert(changed);
	is_same_tree("t", "u");
	/* what is there besides stays */
	sh("echo more >u/more");
	ck_assert_int_eq(unpack_to("u", true, archive.data, archive.len, 99),
	    0);
	ck_assert(!changed);
	sh("test -e u/more");
}
END_TEST

START_TEST(a_file_gets_the_name_it_is_to_have)
{
	sh("echo a >a; chmod 640 a; tar cf a.tar ./a; mkdir d");
	read_file("a.tar", &archive);
	ck_assert_int_eq(unpack_to("d/b", false, archive.data, archive.len,
	    100), 0);
	ck_assert(changed && whole);
	sh("cmp a d/b && test $(stat -c %a d/b) = 640");
	ck_assert_int_eq(unpack_to("d/b", false, archive.data, archive.len,
	    100), 0);
	ck_assert(!changed);
	ck_assert_int_eq(unpack_to("no/b", false, archive.data, archive.len,
	    100), -1);
	ck_assert_str_eq(message,
	    "cannot write: no/b: No such file or directory");
	ck_assert_int_eq(unpack_to("d", false, archive.data, archive.len,
	    100), -1);
	ck_assert_str_eq(message, "cannot write: d: is a directory");
	sh("mkfifo f");
	ck_assert_int_eq(unpack_to("f", false, archive.data, archive.len,
	    100), -1);
	ck_assert_str_eq(message, "cannot write: f: is no regular file");
	ck_assert_int_eq(unpack_to("a", true, archive.data, archive.len,
	    100), -1);
}
END_TEST

/* --- what is broken ----------------------------------------------------- */

START_TEST(cut_anywhere_leaves_no_half_file)
{
	sh("mkdir -p t/s; echo a >t/a; head -c 600 /dev/urandom >t/b;"
	    "head -c 512 /dev/urandom >t/s/c; ln -s a t/l;"
	    "tar cf - --format=gnu -C t . | head -c 6144 >a.tar");
	read_file("a.tar", &archive);
	for (size_t n = 0; n < 6144; n++) {
		int r = unpack_to("u", true, archive.data, n, 300);

		ck_assert_int_eq(r, 0);
		/* six headers, what their files hold, and the end */
		ck_assert_int_eq(whole, n >= 11 * 512);
		if (n % 64 && n < 5600)
			continue;
		sh("test -e u || exit 0; "
		    "diff -r --no-dereference t u >diff.out;"
		    "! grep -v '^Only in t' diff.out && "
		    "test -z \"$(find u -name '.*pseq*')\" && rm -rf u");
	}
}
END_TEST

START_TEST(any_damage_stays_within)
{
	struct buf good = { 0 };
	unsigned seed = 1;

	sh(make_tree);
	sh("rm t/big; ln t/sub/x t/1; tar cf a.tar --format=posix -C t .; "
	    "mkdir -p jail/a; echo keep >jail/keep");
	read_file("a.tar", &good);
	ck_assert_int_eq(chdir("jail/a"), 0);
	for (unsigned i = 0; i < 300; i++) {
		buf_clear(&archive);
		buf_add(&archive, good.data, good.len);
		for (unsigned k = 0; k < 1 + i % 7; k++)
			archive.data[(size_t)rand_r(&seed) % archive.len] =
			    (char)rand_r(&seed);
		unpack_to("u", true, archive.data, archive.len, 4096);
	}
	sh("test \"$(ls -A)\" = u || test -z \"$(ls -A)\"; cd ..;"
	    "test \"$(ls -A | tr '\\n' ' ')\" = 'a keep ' && "
	    "test $(cat keep) = keep");
	ck_assert_int_eq(chdir("../.."), 0);
	buf_fini(&good);
}
END_TEST

/* an archive by hand: type, name, link, data */
static void
member(char type, const char *name, const char *link, const char *data)
{
	static const char zeros[TAR_BLOCK];

	tar_add(&archive, type, name, link, type == TAR_DIR ? 0755 : 0644,
	    strlen(data), 0);
	buf_adds(&archive, data);
	buf_add(&archive, zeros, tar_padding(strlen(data)));
}

static const struct {
	char type;
	const char *name, *link, *message;
} hostile[] = {
	{ TAR_FILE, "/tmp/pseq-evil", "", "a name in what came" },
	{ TAR_FILE, "../evil", "", "a name in what came" },
	{ TAR_FILE, "d/../../evil", "", "a name in what came" },
	{ TAR_FILE, "d/..", "", "a name in what came" },
	{ TAR_FILE, "..", "", "a name in what came" },
	{ TAR_FILE, "./../evil", "", "a name in what came" },
	{ TAR_FILE, "d//evil", "", "a name in what came" },
	{ TAR_FILE, "d/./evil", "", "a name in what came" },
	{ TAR_FILE, "", "", "a name in what came" },
	{ TAR_DIR, "..", "", "a name in what came" },
	{ TAR_DIR, "/", "", "a name in what came" },
	{ TAR_LINKED, "../evil", "x", "a name in what came" },
	{ TAR_FILE, "out/evil", "", "out/evil: its directory did not come" },
	{ TAR_DIR, "out", "", "cannot make: u/out: File exists" },
	{ TAR_DIR, "a", "", "cannot make: u/a: File exists" },
	{ TAR_HARD, "x", "../keep", "what it is a name of" },
	{ TAR_HARD, "x", "out/keep", "what it is a name of" },
	{ TAR_HARD, "x", "out", "what it is a name of" },
	{ TAR_HARD, "x", "/etc/passwd", "a name in what came" },
	{ TAR_HARD, "x", "none", "what it is a name of" },
	{ '3', "null", "", "u/null: neither a file nor a directory" },
	{ '6', "fifo", "", "u/fifo: neither a file nor a directory" },
	{ 'S', "sparse", "", "neither a file nor a directory" },
};

START_TEST(nothing_leads_out)
{
	sh("mkdir out; echo keep >keep; echo keep >out/keep");
	buf_clear(&archive);
	member(TAR_DIR, "./", "", "");
	member(TAR_FILE, "./a", "", "a");
	member(TAR_LINKED, "./out", "../out", "");
	member(TAR_DIR, "./d/", "", "");
	member(hostile[_i].type, hostile[_i].name, hostile[_i].link,
	    hostile[_i].type == TAR_FILE ? "evil" : "");
	ck_assert_int_eq(unpack_to("u", true, archive.data, archive.len, 512),
	    -1);
	ck_assert_msg(strstr(message, hostile[_i].message), "%s", message);
	ck_assert(!whole);
	sh("test ! -e /tmp/pseq-evil && test -z \"$(find . -name '*evil*')\" &&"
	    "test \"$(cat keep out/keep)\" = \"$(printf 'keep\\nkeep')\"");
}
END_TEST

/* a pax record, whose length counts itself */
static void
pax(const char *text)
{
	struct buf b = { 0 };

	buf_addf(&b, "%zu %s\n", strlen(text) + 4, text);
	member(TAR_PAX, "p", "", buf_str(&b));
	buf_fini(&b);
}

START_TEST(records_count_for_one_member)
{
	buf_clear(&archive);
	member(TAR_DIR, "./", "", "");
	pax("path=one.txt");
	member(TAR_FILE, "./x", "", "1");
	member(TAR_FILE, "./y", "", "22");
	pax("linkpath=one.txt");
	member(TAR_LINKED, "./z", "none", "");
	member(TAR_LONG_NAME, "l", "", "./long");
	member(TAR_FILE, "./w", "", "");
	ck_assert_msg(unpack_to("u", true, archive.data, archive.len, 100) ==
	    0, "%s", message);
	sh("test \"$(ls u | tr '\\n' ' ')\" = 'long one.txt y z ' && "
	    "test \"$(cat u/z)\" = 1");
	buf_clear(&archive);
	member(TAR_DIR, "./", "", "");
	pax("size=3x");
	member(TAR_FILE, "./x", "", "1");
	ck_assert_int_eq(unpack_to("u", true, archive.data, archive.len, 100),
	    -1);
	ck_assert_str_eq(message, "cannot unpack: u: a size makes no sense");
	buf_clear(&archive);
	member(TAR_DIR, "./", "", "");
	member(TAR_PAX, "p", "", "99 path=x\n");
	ck_assert_int_eq(unpack_to("u", true, archive.data, archive.len, 100),
	    -1);
	ck_assert_str_eq(message, "cannot unpack: u: a record makes no sense");
}
END_TEST

START_TEST(sizes_of_any_file_fit)
{
	static const uint64_t sizes[] = {
		0, 1, 511, 512, 077777777777, 0100000000000,
		(uint64_t)1 << 40, ((uint64_t)1 << 60) + 7
	};
	struct tar_header h;

	for (size_t i = 0; i < countof(sizes); i++) {
		buf_clear(&archive);
		tar_add(&archive, TAR_FILE, "a", "", 0644, sizes[i], -1);
		ck_assert_uint_eq(archive.len, TAR_BLOCK);
		ck_assert_int_eq(tar_parse(&h, archive.data), 1);
		ck_assert(h.size == sizes[i]);
		ck_assert_uint_eq(h.mode, 0644);
		archive.data[0] = 'b';
		ck_assert_int_eq(tar_parse(&h, archive.data), -1);
	}
}
END_TEST

/* --- what is packed ----------------------------------------------------- */

static const struct {
	const char *from, *message;
} errors[] = {
	{ "none", "cannot read: none: No such file or directory" },
	{ "fifo", "cannot copy: fifo: neither a file nor a directory" },
	{ "d", "cannot copy: d/s/fifo: neither a file nor a directory" },
	{ "dangling", "cannot read: dangling: No such file or directory" },
};

START_TEST(errors_name_the_path)
{
	const char *from[] = { "a", errors[_i].from };

	sh("echo a >a; mkdir -p d/s; mkfifo fifo d/s/fifo; ln -s x dangling");
	ck_assert_int_eq(pack(4096, from, 2), -1);
	ck_assert_str_eq(message, errors[_i].message);
}
END_TEST

START_TEST(a_file_that_changes)
{
	const char *from[] = { "a" };
	struct pack *p;
	char buf[4096];
	ssize_t r;

	/* shorter: there is nothing to be sent for it */
	sh("head -c 100000 /dev/zero >a");
	p = pack_new(from, 1);
	ck_assert_int_eq(pack_read(p, buf, sizeof(buf)), sizeof(buf));
	sh("head -c 5000 /dev/zero >a");
	while ((r = pack_read(p, buf, sizeof(buf))) > 0)
		;
	ck_assert_int_eq(r, -1);
	ck_assert_str_eq(pack_message(p),
	    "cannot copy: a: it changed while it was copied");
	pack_free(p);
	/* longer: as it was when it was begun */
	p = pack_new(from, 1);
	ck_assert_int_eq(pack_read(p, buf, sizeof(buf)), sizeof(buf));
	sh("echo more >>a");
	buf_clear(&archive);
	buf_add(&archive, buf, sizeof(buf));
	while ((r = pack_read(p, buf, sizeof(buf))) > 0)
		buf_add(&archive, buf, (size_t)r);
	ck_assert_int_eq(r, 0);
	pack_free(p);
	write_file("a.tar", archive.data, archive.len);
	sh("tar xf a.tar && test $(stat -c %s 0) = 5000");
}
END_TEST

START_TEST(modes_that_tar_may_not_keep_are_told)
{
	const char *from[] = { "x", "t/" };

	sh("mkdir -p t/shut t/sticky \"t/it's\"; : >t/shut/su; echo x >x;"
	    "chmod 4755 t/shut/su; chmod 500 t/shut; chmod 1777 t/sticky;"
	    "chmod 2750 \"t/it's\"; chmod 6711 x");
	ck_assert_int_eq(pack(1000, from, 2), 0);
	write_file("a.tar", archive.data, archive.len);
	sh("tar xf a.tar end && sort end >end.1 && sort >end.2 <<'E'\n"
	    "x 0 '' 06711 -rws--s--x\n"
	    "x 1 '/shut/su' 04755 -rwsr-xr-x\n"
	    "x 1 '/shut' 00500 dr-x------\n"
	    "x 1 '/it'\\''s' 02750 drwxr-s---\n"
	    "x 1 '/sticky' 01777 drwxrwxrwt\n"
	    "whole=yes\nE\n"
	    "cmp end.1 end.2 && test \"$(tail -n 1 end)\" = whole=yes");
	sh("tar tvf a.tar | grep -q '^drwx------.* 1/shut/$' && "
	    "tar tvf a.tar | grep -q '^-rwxr-xr-x.* 1/shut/su$'");
}
END_TEST

/* a tree out of a seed: names, depths and sizes of every kind */
static void
random_tree(unsigned seed)
{
	char cmd[512];
	static const char script[] =
	    "rm -rf t u; mkdir t; awk 'BEGIN { srand(%u); n = 5 + int(rand() * "
	    "40); d[0] = \"t\"; nd = 1; for (i = 0; i < n; i++) { p = d[int("
	    "rand() * nd)] \"/\" i; for (k = int(rand() * rand() * 200); k > "
	    "0; k--) p = p \"n\"; if (rand() < .3) { d[nd++] = p; print "
	    "\"mkdir \" p } else print \"head -c \" int(rand() * rand() * "
	    "rand() * 70000) \" /dev/urandom >\" p } }' | sh";

	snprintf(cmd, sizeof(cmd), script, seed);
	sh(cmd);
}

START_TEST(a_round_trip)
{
	unsigned seed = (unsigned)_i;

	random_tree(seed);
	ck_assert_int_eq(pack(1 + (size_t)rand_r(&seed) % 9000, t_alone, 1),
	    0);
	/* its root is "0", ours "" */
	sh("mkdir u");
	{
		struct land *l = land_new();
		struct unpack *u = unpack_new(l);

		ck_assert_int_eq(land_begin(l, "u", true), 0);
		ck_assert_int_eq(land_dir(l, "", 0755), 0);
		for (size_t at = 0; at < archive.len;) {
			size_t n = 1 + (size_t)rand_r(&seed) % 20000;

			n = n < archive.len - at ? n : archive.len - at;
			ck_assert_int_ge(unpack_feed(u, archive.data + at, n),
			    0);
			at += n;
		}
		ck_assert(unpack_whole(u));
		ck_assert_int_eq(land_end(l), 0);
		unpack_free(u);
		land_free(l);
	}
	is_same_tree("t", "u/0");
}
END_TEST

void
unit_pack(Suite *s)
{
	TCase *tc = tcase_create("pack");

	tcase_add_checked_fixture(tc, enter_scratch, leave_scratch);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, every_tar_reads_it, 0,
	    (int)countof(programs));
	tcase_add_loop_test(tc, what_every_tar_writes_is_read, 0,
	    (int)countof(writers));
	tcase_add_test(tc, what_is_the_same_is_not_touched);
	tcase_add_test(tc, a_file_gets_the_name_it_is_to_have);
	tcase_add_test(tc, cut_anywhere_leaves_no_half_file);
	tcase_add_test(tc, any_damage_stays_within);
	tcase_add_loop_test(tc, nothing_leads_out, 0, (int)countof(hostile));
	tcase_add_test(tc, records_count_for_one_member);
	tcase_add_test(tc, sizes_of_any_file_fit);
	tcase_add_loop_test(tc, errors_name_the_path, 0,
	    (int)countof(errors));
	tcase_add_test(tc, a_file_that_changes);
	tcase_add_test(tc, modes_that_tar_may_not_keep_are_told);
	tcase_add_loop_test(tc, a_round_trip, 0, 12);
	suite_add_tcase(s, tc);
}
