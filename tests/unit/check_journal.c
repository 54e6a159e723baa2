/* SPDX-License-Identifier: ISC */
/* records of events, and the logs of lanes */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/aside.h"
#include "io/loop.h"
#include "journal/line_record.h"
#include "journal/logs.h"
#include "journal/rundir.h"
#include "journal/writer.h"
#include "outlet.h"
#include "unit.h"

static const struct lane_info lane = {
	.id = 7, .name = "s[a]", .tag = "a", .group = "s", .index = 2,
};
static const struct step_ref step = {
	.label = "check", .in = "s", .identity = "check", .entry = 1,
	.command = "test -e x", .id = 3,
};

/* --- records ------------------------------------------------------------ */

struct rig {
	struct writer *writer;
	struct buf out;
};

static void
rig_open(struct rig *r)
{
	struct outlet o = outlet_buf(&r->out);

	r->writer = writer_new(NULL, (struct moment){ 100, 5000 });
	writer_add(r->writer, &o);
}

/* the only record that the event leads to */
static const char *
record(struct rig *r, const struct event *ev)
{
	struct sink s = writer_sink(r->writer);

	buf_clear(&r->out);
	ck_assert_int_eq(s.event(s.arg, ev), 0);
	return buf_str(&r->out);
}

static void
rig_close(struct rig *r)
{
	writer_free(r->writer);
	buf_fini(&r->out);
}

/* the wall clock may jump; nothing but `time` knows it */
START_TEST(durations_are_of_the_clock_that_never_jumps)
{
	struct event ev = {
		.type = EVT_LANE_START, .mono = 100.25, .wall = 5000.25,
		.lane = &lane
	};
	struct writer_end end = { .why = "over" };
	struct rig r = { 0 };

	rig_open(&r);
	ck_assert_str_eq(record(&r, &ev), "{\"type\":\"lane_start\","
	    "\"lane\":7,\"time\":5000.250000,\"at\":0.250000,"
	    "\"name\":\"s[a]\",\"tag\":\"a\",\"sequence\":\"s\","
	    "\"index\":2}\n");
	ev.mono = 101;
	ev.wall = 1;
	ck_assert_ptr_nonnull(strstr(record(&r, &ev),
	    "\"time\":1.000000,\"at\":1.000000,"));
	buf_clear(&r.out);
	writer_run_end(r.writer, (struct moment){ 102.5, 9999 }, &end);
	ck_assert_ptr_nonnull(strstr(buf_str(&r.out),
	    "\"time\":9999.000000,\"at\":2.500000,"));
	ck_assert_ptr_nonnull(strstr(buf_str(&r.out), "\"seconds\":2.500000}"));
	rig_close(&r);
}
END_TEST

START_TEST(a_step_is_told_with_all_it_did)
{
	static const struct assign set[] = {
		{ "v", ASSIGN_TEXT, "x\ny", 3 }, { "j", ASSIGN_JSON, "[]", 2 },
	};
	struct step_note note = {
		.assign = set, .nassign = 2, .line = 2, .secret = true,
		.released = true, .once = true,
	};
	struct result res = result_made(ST_TIMEOUT, "too long");
	struct event ev = {
		.type = EVT_STEP_END, .mono = 100, .wall = 5000,
		.lane = &lane, .step = &step, .attempt = 3, .result = &res,
		.note = &note, .again = true, .reaction = "next"
	};
	struct rig r = { 0 };

	res.ending = END_UNKNOWN;
	res.signo = 9;
	res.tail = "e\n";
	res.ntail = 2;
	res.seconds = 1.5;
	res.changed = true;
	res.outside = true;
	res.cut = (struct cut_info){ 1, ST_TIMEOUT, ST_CANCELLED };
	res.took = (struct took){ "ch", 4, 5 };
	rig_open(&r);
	ck_assert_str_eq(record(&r, &ev), "{\"type\":\"step_end\",\"lane\":7,"
	    "\"time\":5000.000000,\"at\":0.000000,\"in\":\"s\","
	    "\"step\":\"check\",\"entry\":1,\"attempt\":3,"
	    "\"result\":\"timeout\",\"signal\":\"KILL\",\"end\":\"unknown\","
	    "\"message\":\"too long\",\"stderr_tail\":\"e\\n\","
	    "\"seconds\":1.500000,\"again\":true,\"reaction\":\"next\","
	    "\"changed\":true,\"set\":[{\"name\":\"v\",\"kind\":\"text\","
	    "\"value\":\"x\\ny\"},{\"name\":\"j\",\"kind\":\"json\","
	    "\"value\":\"[]\"}],\"secret\":true,\"released\":true,"
	    "\"once\":true,\"line\":2,\"cut\":{\"frame\":1,"
	    "\"result\":\"timeout\",\"inner\":\"cancelled\"},"
	    "\"took\":{\"channel\":\"ch\",\"from\":4,\"to\":5}}\n");
	rig_close(&r);
}
END_TEST

#define LINE "{\"type\":\"line\",\"lane\":7,\"time\":5001.500000," \
	"\"at\":1.500000,"

START_TEST(each_line_of_output_is_a_record)
{
	struct buf out = { 0 };
	struct line_record_options o = {
		.outlet = outlet_buf(&out), .start = 100
	};
	struct sink s = line_record_open(&o);
	struct event ev = {
		.type = EVT_LINE, .mono = 101.5, .wall = 5001.5, .lane = &lane,
		.stream = STREAM_OUT, .text = "a\n\n\"b\"\n", .len = 7,
		.flags = LINE_BLOCK
	};

	s.event(s.arg, &ev);
	ev.stream = STREAM_ERR;
	ev.text = "c\377";
	ev.len = 2;
	ev.flags = LINE_PART;
	s.event(s.arg, &ev);
	ev.flags = LINE_MORE | LINE_TAIL;
	ev.len = 1;
	s.event(s.arg, &ev);
	ck_assert_str_eq(buf_str(&out),
	    LINE "\"stream\":\"out\",\"text\":\"a\"}\n"
	    LINE "\"stream\":\"out\",\"text\":\"\"}\n"
	    LINE "\"stream\":\"out\",\"text\":\"\\\"b\\\"\"}\n"
	    LINE "\"stream\":\"err\",\"text\":\"c\xef\xbf\xbd\","
	    "\"text_b64\":\"Y/8=\",\"part\":true}\n"
	    LINE "\"stream\":\"err\",\"text\":\"c\",\"tail\":true}\n");
	s.close(s.arg);
	buf_fini(&out);
}
END_TEST

START_TEST(lines_of_a_log_have_no_stream)
{
	struct buf out = { 0 };
	struct line_record_options o = {
		.outlet = outlet_buf(&out), .merged = true
	};
	struct sink s = line_record_open(&o);
	struct event ev = {
		.type = EVT_LINE, .mono = 101.5, .wall = 5001.5, .lane = &lane,
		.stream = STREAM_OUT, .text = "x", .len = 1
	};

	line_record_start(s.arg, 100);
	s.event(s.arg, &ev);
	ck_assert_str_eq(buf_str(&out), LINE "\"text\":\"x\"}\n");
	s.close(s.arg);
	buf_fini(&out);
}
END_TEST

START_TEST(what_lanes_have_to_do_with_one_another_is_told)
{
	static const uint32_t ids[] = { 3, 9 };
	struct result ok = result_made(ST_OK, "");
	struct event ev = {
		.type = EVT_SENT, .mono = 100, .wall = 5000, .lane = &lane,
		.name = "ch", .number = 12, .to = 14, .text = "m", .len = 1
	};
	struct rig r = { 0 };

	rig_open(&r);
	ck_assert_ptr_nonnull(strstr(record(&r, &ev),
	    ",\"channel\":\"ch\",\"number\":12,\"text\":\"m\"}\n"));
	ev.step = &step;
	ck_assert_ptr_nonnull(strstr(record(&r, &ev),
	    "\"text\":\"m\",\"in\":\"s\",\"step\":\"check\",\"entry\":1}\n"));
	ev.type = EVT_CLEARED;
	ck_assert_ptr_nonnull(strstr(record(&r, &ev),
	    "\"channel\":\"ch\",\"to\":12,\"in\":\"s\","));
	ev.step = NULL;
	ev.type = EVT_TAKEN;
	ck_assert_ptr_nonnull(strstr(record(&r, &ev),
	    "\"channel\":\"ch\",\"from\":12,\"to\":14}\n"));
	ev.type = EVT_CLOSED;
	ck_assert_ptr_nonnull(strstr(record(&r, &ev), "\"channel\":\"ch\"}\n"));
	ev.type = EVT_BARRIER;
	ev.lane = NULL;
	ev.text = "s";
	ev.len = 1;
	ev.result = &ok;
	ev.lanes = ids;
	ev.nlanes = 2;
	ck_assert_str_eq(record(&r, &ev), "{\"type\":\"barrier\","
	    "\"time\":5000.000000,\"at\":0.000000,\"name\":\"ch\","
	    "\"sequence\":\"s\",\"result\":\"ok\",\"lanes\":[3,9]}\n");
	ev.type = EVT_DRAIN;
	ev.text = "m";
	ev.name = "stop";
	ck_assert(!writer_drains(r.writer));
	ck_assert_ptr_nonnull(strstr(record(&r, &ev),
	    "\"at\":0.000000,\"text\":\"m\",\"stop\":true}\n"));
	ck_assert(writer_drains(r.writer));
	ck_assert_uint_eq(writer_count(r.writer), 7);
	rig_close(&r);
}
END_TEST

/* --- logs --------------------------------------------------------------- */

struct files {
	char path[64];
	int dir;
	struct logs *logs;
};

static void
files_open(struct files *f, enum log_keep keep, unsigned most)
{
	snprintf(f->path, sizeof(f->path), "/tmp/pseq-logs-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->path));
	f->dir = open(f->path, O_RDONLY | O_DIRECTORY);
	f->logs = logs_new(f->dir, keep, most);
}

static void
files_close(struct files *f)
{
	char name[LOGS_NAME];

	logs_free(f->logs);
	for (uint32_t i = 0; i < 64; i++)
		unlinkat(f->dir, logs_name(name, i), 0);
	close(f->dir);
	ck_assert_int_eq(rmdir(f->path), 0);
}

static const char *
content(const struct files *f, uint32_t id, char *buf, size_t size)
{
	char name[LOGS_NAME];
	int fd = openat(f->dir, logs_name(name, id), O_RDONLY);
	ssize_t n = fd == -1 ? -1 : read(fd, buf, size - 1);

	if (fd != -1)
		close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return fd == -1 ? "(none)" : buf;
}

static void
put(struct files *f, const struct step_ref *s, unsigned stream,
    const char *text, unsigned flags)
{
	struct event ev = {
		.type = EVT_LINE, .lane = &lane, .step = s, .stream = stream,
		.text = text, .len = strlen(text), .flags = flags,
	};

	logs_line(f->logs, &ev);
}

static void
begin(struct files *f, const struct step_ref *s)
{
	struct event ev = { .type = EVT_STEP_START, .lane = &lane, .step = s };

	logs_step_start(f->logs, &ev);
}

static struct log_part
finish(struct files *f, const struct step_ref *s)
{
	struct event ev = { .type = EVT_STEP_END, .lane = &lane, .step = s };

	return logs_step_end(f->logs, &ev);
}

static void
over(struct files *f, enum lane_verdict verdict)
{
	struct event ev = {
		.type = EVT_LANE_END, .lane = &lane, .verdict = verdict
	};

	logs_lane_end(f->logs, &ev);
}

START_TEST(lines_are_whole_whatever_came_between)
{
	struct files f;
	char b[256];
	uint32_t id;

	files_open(&f, LOG_LANES, 8);
	ck_assert_str_eq(content(&f, 7, b, sizeof(b)), "(none)");
	begin(&f, &step);
	put(&f, &step, STREAM_OUT, "one\ntwo\n", LINE_BLOCK);
	put(&f, &step, STREAM_OUT, "par", LINE_PART);
	put(&f, &step, STREAM_OUT, "t", LINE_MORE);
	put(&f, &step, STREAM_OUT, "cut", LINE_PART);
	put(&f, &step, STREAM_ERR, "err", 0);
	put(&f, &step, STREAM_OUT, "off", LINE_MORE);
	put(&f, &step, STREAM_ERR, "tail", LINE_TAIL);
	ck_assert_int_eq(logs_flush(f.logs, &id), 0);
	ck_assert_str_eq(content(&f, 7, b, sizeof(b)),
	    "one\ntwo\npart\ncut\nerr\noff\ntail\n");
	files_close(&f);
}
END_TEST

START_TEST(a_step_knows_its_part)
{
	static const struct step_ref inner = { .id = 4, .entry = 2 };
	static const struct step_ref next = { .id = 5, .entry = 1 };
	struct log_part p;
	struct files f;

	files_open(&f, LOG_LANES, 8);
	begin(&f, &step);
	put(&f, &step, STREAM_OUT, "12345", 0);
	begin(&f, &inner);
	put(&f, &inner, STREAM_OUT, "abc", 0);
	put(&f, &inner, STREAM_ERR, "e", 0);
	/* of a process that an earlier step has left beside */
	put(&f, &next, STREAM_OUT, "later", 0);
	p = finish(&f, &inner);
	ck_assert(p.from == 6 && p.to == 18 && p.out == 4 && p.err == 2);
	p = finish(&f, &step);
	ck_assert(p.from == 0 && p.to == 18 && p.out == 6 && p.err == 0);
	p = finish(&f, &next);
	ck_assert(p.from == 0 && p.to == 0 && p.out == 0);
	begin(&f, &next);
	p = finish(&f, &next);
	ck_assert(p.from == 18 && p.to == 18);
	over(&f, LANE_OK);
	/* a run that is resumed goes on behind that */
	begin(&f, &next);
	put(&f, &next, STREAM_OUT, "x", 0);
	p = finish(&f, &next);
	ck_assert(p.from == 18 && p.to == 20);
	files_close(&f);
}
END_TEST

START_TEST(logs_of_lanes_that_end_well_go)
{
	static const struct {
		enum log_keep keep;
		enum lane_verdict verdict;
		const char *want;
	} cases[] = {
		{ LOG_LANES, LANE_OK, "a\nb\n" },
		{ LOG_FAILED, LANE_OK, "(none)" },
		{ LOG_FAILED, LANE_RESCUED, "(none)" },
		{ LOG_FAILED, LANE_FAILED, "a\nb\n" },
		{ LOG_FAILED, LANE_CANCELLED, "a\nb\n" },
		{ LOG_NONE, LANE_FAILED, "(none)" },
	};
	struct files f;
	char b[64];
	uint32_t id;

	files_open(&f, cases[_i].keep, 8);
	put(&f, &step, STREAM_OUT, "a", 0);
	logs_flush(f.logs, &id);
	put(&f, &step, STREAM_OUT, "b", 0);
	over(&f, cases[_i].verdict);
	ck_assert_str_eq(content(&f, 7, b, sizeof(b)), cases[_i].want);
	files_close(&f);
}
END_TEST

static unsigned
descriptors(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

START_TEST(few_files_are_open_at_once)
{
	unsigned before, most = 0;
	struct files f;
	char b[64];
	uint32_t id;

	files_open(&f, LOG_LANES, 4);
	before = descriptors();
	for (int round = 0; round < 3; round++)
		for (uint32_t i = 1; i <= 40; i++) {
			struct lane_info l = { .id = i };
			struct event ev = {
				.lane = &l, .stream = STREAM_OUT,
				.text = "x", .len = 1,
			};

			logs_line(f.logs, &ev);
			ck_assert_int_eq(logs_flush(f.logs, &id), 0);
			if (descriptors() - before > most)
				most = descriptors() - before;
		}
	ck_assert_uint_eq(most, 4);
	ck_assert_str_eq(content(&f, 1, b, sizeof(b)), "x\nx\nx\n");
	ck_assert_str_eq(content(&f, 40, b, sizeof(b)), "x\nx\nx\n");
	files_close(&f);
}
END_TEST

/* where descriptors run out there is still one for the logs */
START_TEST(logs_do_without_descriptors)
{
	struct rlimit limit;
	struct files f;
	int fds[256], n = 0;
	uint32_t id;

	files_open(&f, LOG_LANES, 4);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 64;
	setrlimit(RLIMIT_NOFILE, &limit);
	while ((fds[n] = dup(0)) != -1)
		n++;
	for (uint32_t i = 1; i <= 10; i++) {
		struct lane_info l = { .id = i };
		struct event ev = {
			.lane = &l, .stream = STREAM_OUT, .text = "x",
			.len = 1,
		};

		logs_line(f.logs, &ev);
		ck_assert_int_eq(logs_flush(f.logs, &id), 0);
	}
	while (n > 0)
		close(fds[--n]);
	files_close(&f);
}
END_TEST

START_TEST(what_fails_is_told_once)
{
	char name[LOGS_NAME];
	struct files f;
	uint32_t id = 0;

	files_open(&f, LOG_LANES, 8);
	/* a directory cannot be appended to */
	mkdirat(f.dir, logs_name(name, 7), 0700);
	put(&f, &step, STREAM_OUT, "a", 0);
	ck_assert_int_eq(logs_flush(f.logs, &id), -1);
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_uint_eq(id, 7);
	put(&f, &step, STREAM_OUT, "a", 0);
	ck_assert_int_eq(logs_flush(f.logs, &id), 0);
	unlinkat(f.dir, logs_name(name, 7), AT_REMOVEDIR);
	files_close(&f);
}
END_TEST

/* --- names -------------------------------------------------------------- */

START_TEST(names_of_runs_are_known)
{
	static const char *const other[] = {
		"", "20261121", "20261121-091500-3fa2", "2026112a-091500-3fa2c",
		"20261121-091500-3fa2c0", "20261121-091500-3fa2g", "..",
		"20261121_091500-3fa2c", ".gone-20261121-091500-3fa2c",
	};
	char name[RUN_NAME];

	rundir_name(name);
	ck_assert(rundir_is_name(name));
	ck_assert(rundir_is_name("20261121-091500-3fa2c"));
	for (size_t i = 0; i < countof(other); i++)
		ck_assert(!rundir_is_name(other[i]));
}
END_TEST

START_TEST(any_job_has_a_folder)
{
	static const struct {
		const char *job, *want;
	} cases[] = {
		{ "deploy", "deploy" }, { "a b", "a b" }, { "", "_" },
		{ ".", "_." }, { "..", "_.." }, { "../x", "_.._x" },
		{ "a/b", "a_b" }, { "a\nb\x7f", "a_b_" },
		{ "locks", "_locks" }, { "limits", "_limits" },
		{ "gr\xc3\xbcn", "gr\xc3\xbcn" },
	};
	struct buf b = { 0 };

	rundir_folder(&b, cases[_i].job);
	ck_assert_str_eq(buf_str(&b), cases[_i].want);
	buf_fini(&b);
}
END_TEST

/* --- what is kept for good ---------------------------------------------- */

struct keeping {
	struct loop *loop;
	struct aside *aside;
	uint64_t want, kept;
	unsigned times;
	int err;
};

static void
on_kept(void *arg, uint64_t mark)
{
	struct keeping *k = arg;

	ck_assert_uint_gt(mark, k->kept);
	k->kept = mark;
	k->times++;
	if (mark >= k->want)
		loop_break(k->loop);
}

static void
on_failed(void *arg, int err)
{
	struct keeping *k = arg;

	k->err = err;
	k->times++;
	loop_break(k->loop);
}

static void
keeping_aside(struct keeping *k, int fd)
{
	struct aside_config c = {
		.fd = fd, .dir = -1, .arg = k, .kept = on_kept,
		.failed = on_failed,
	};

	k->aside = aside_new(k->loop, &c);
}

static void
keeping_open(struct keeping *k, int fd)
{
	*k = (struct keeping){ .loop = loop_new() };
	keeping_aside(k, fd);
}

static void
keeping_close(struct keeping *k)
{
	aside_free(k->aside);
	loop_free(k->loop);
}

/* each turn writes something, two hundred in a row */
static bool
on_turn(void *arg)
{
	struct keeping *k = arg;

	if (k->want < 200)
		k->want = aside_written(k->aside);
	return k->want < 200;
}

START_TEST(many_writes_are_kept_together)
{
	FILE *file = tmpfile();
	struct keeping k;

	keeping_open(&k, fileno(file));
	loop_on_turn(k.loop, on_turn, &k);
	loop_run(k.loop);
	ck_assert_uint_eq(k.kept, 200);
	/* the first at once, the others not before their time */
	ck_assert_uint_lt(k.times, 100);
	keeping_close(&k);
	fclose(file);
}
END_TEST

START_TEST(who_waits_is_not_kept_waiting)
{
	FILE *file = tmpfile();
	struct keeping k;

	keeping_open(&k, fileno(file));
	for (int i = 0; i < 20; i++) {
		k.want = aside_written(k.aside);
		aside_hurry(k.aside);
		loop_run(k.loop);
		ck_assert_uint_eq(k.kept, k.want);
	}
	ck_assert_uint_eq(k.times, 20);
	k.want = aside_written(k.aside);
	ck_assert_int_eq(aside_finish(k.aside), 0);
	keeping_close(&k);
	fclose(file);
}
END_TEST

START_TEST(what_cannot_be_kept_is_told_once)
{
	int fd = open("/dev/null", O_WRONLY);
	struct keeping k;

	keeping_open(&k, fd);
	close(fd);
	aside_written(k.aside);
	loop_run(k.loop);
	ck_assert_int_eq(k.err, EBADF);
	aside_written(k.aside);
	ck_assert_int_eq(aside_finish(k.aside), 0);
	ck_assert_uint_eq(k.times, 1);
	keeping_close(&k);
}
END_TEST

/* the thread has it, the loop has not: the next call would do well */
START_TEST(what_was_lost_last_is_told)
{
	int fd = open("/dev/null", O_WRONLY);
	FILE *file = tmpfile();
	struct keeping k;
	struct pollfd p = { .events = POLLIN };

	k = (struct keeping){ .loop = loop_new() };
	/* the next descriptor: by that the thread says that it is done */
	p.fd = dup(fd);
	close(p.fd);
	keeping_aside(&k, fd);
	close(fd);
	aside_written(k.aside);
	ck_assert_int_eq(poll(&p, 1, 10000), 1);
	ck_assert_int_eq(dup2(fileno(file), fd), fd);
	ck_assert_int_eq(aside_finish(k.aside), -1);
	ck_assert_int_eq(errno, EBADF);
	keeping_close(&k);
	fclose(file);
	close(fd);
}
END_TEST

void
unit_journal(Suite *s)
{
	TCase *tc = tcase_create("journal");

	tcase_add_test(tc, durations_are_of_the_clock_that_never_jumps);
	tcase_add_test(tc, a_step_is_told_with_all_it_did);
	tcase_add_test(tc, each_line_of_output_is_a_record);
	tcase_add_test(tc, lines_of_a_log_have_no_stream);
	tcase_add_test(tc, what_lanes_have_to_do_with_one_another_is_told);
	tcase_add_test(tc, lines_are_whole_whatever_came_between);
	tcase_add_test(tc, a_step_knows_its_part);
	tcase_add_loop_test(tc, logs_of_lanes_that_end_well_go, 0, 6);
	tcase_add_test(tc, few_files_are_open_at_once);
	tcase_add_test(tc, logs_do_without_descriptors);
	tcase_add_test(tc, what_fails_is_told_once);
	tcase_add_test(tc, names_of_runs_are_known);
	tcase_add_loop_test(tc, any_job_has_a_folder, 0, 11);
	tcase_add_test(tc, many_writes_are_kept_together);
	tcase_add_test(tc, who_waits_is_not_kept_waiting);
	tcase_add_test(tc, what_cannot_be_kept_is_told_once);
	tcase_add_test(tc, what_was_lost_last_is_told);
	suite_add_tcase(s, tc);
}
