/* SPDX-License-Identifier: ISC */
/* what a journal says became of lanes, steps and messages */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "journal/past.h"
#include "journal/read.h"
#include "model/program.h"
#include "unit.h"

#define RUN "{\"type\":\"run\",\"schema\":1,\"pseq\":\"0.1\"}\n"
#define RESUME "{\"type\":\"resume\"}\n"
#define LANE(id, name) "{\"type\":\"lane_start\",\"lane\":" #id \
	",\"name\":\"" name "\",\"sequence\":\"s\",\"index\":1}\n"
#define LANE_MORE(id, name, more) "{\"type\":\"lane_start\",\"lane\":" #id \
	",\"name\":\"" name "\",\"sequence\":\"s\"," more "}\n"
#define STEP "\"in\":\"s\",\"step\":"
#define BEGAN(id, step) "{\"type\":\"step_start\",\"lane\":" #id "," STEP \
	"\"" step "\",\"entry\":1,\"attempt\":1}\n"
#define ENDED(id, step, more) "{\"type\":\"step_end\",\"lane\":" #id "," STEP \
	"\"" step "\",\"entry\":1,\"attempt\":1," more "}\n"
#define OVER(id, verdict) "{\"type\":\"lane_end\",\"lane\":" #id \
	",\"verdict\":\"" verdict "\",\"result\":\"ok\"}\n"
#define OK "\"result\":\"ok\",\"code\":0"

static char path[64];
static struct journal j;
static struct journal_past *p;
static const struct past *is;
static struct buf why;

static void
setup(void)
{
	snprintf(path, sizeof(path), "/tmp/check_past.XXXXXX");
	close(mkstemp(path));
}

static void
teardown(void)
{
	past_free(p);
	journal_close(&j);
	unlink(path);
	buf_fini(&why);
}

static void
read_past(const char *bytes)
{
	FILE *f = fopen(path, "w");

	fputs(bytes, f);
	fclose(f);
	ck_assert_msg(journal_open(&j, path, &why) == 0, "%s", buf_str(&why));
	p = past_new(&j, &why);
	is = p ? past_of(p) : NULL;
}

static void
known(const char *bytes)
{
	read_past(bytes);
	ck_assert_msg(p != NULL, "%s", buf_str(&why));
}

static struct lane_info
top(const char *name)
{
	return (struct lane_info){ .name = name, .group = "s", .round = 1 };
}

static const struct past_lane *
lane(const char *name)
{
	struct lane_info l = top(name);

	return is->lane(is->arg, &l);
}

/* the step as "ok", "exit 3", …; without an end "begun" and the like, or "-" */
static const char *
step_of(const struct past_lane *l, const char *identity, uint32_t entry,
    unsigned attempt)
{
	static char buf[STATUS_SHOW];
	struct step_ref s = { .in = "s", .identity = identity,
	    .entry = entry };
	const struct past_try *t = is->step(is->arg, l, &s, attempt);
	static const char *const word[] = {
		[PAST_NEW] = "-", [PAST_BEGUN] = "begun", [PAST_CUT] = "cut",
		[PAST_AFTER] = "after",
	};
	enum past_begun begun = is->begun(is->arg, l, &s, attempt);

	ck_assert(!(t && begun));
	return t ? status_show(buf, &t->result) : word[begun];
}

START_TEST(lanes_are_over_or_go_on)
{
	const struct past_lane *l;

	known(RUN LANE(1, "a") BEGAN(1, "x") ENDED(1, "x", OK)
	    "{\"type\":\"lane_end\",\"lane\":1,\"verdict\":\"rescued\","
	    "\"result\":\"exit\",\"code\":3,\"step\":\"x\",\"tries\":2,"
	    "\"message\":\"m\",\"stderr_tail\":\"t\",\"seconds\":1.5,"
	    "\"facts\":{\"a\":[1]}}\n"
	    LANE(2, "b") BEGAN(2, "x") ENDED(2, "x", OK) BEGAN(2, "y"));
	ck_assert_uint_eq(is->lanes, 2);
	ck_assert(!is->draining);
	l = lane("a");
	ck_assert(l->over);
	ck_assert_int_eq(l->verdict, LANE_RESCUED);
	ck_assert_int_eq(l->result.code, 3);
	ck_assert_str_eq(l->result.message, "m");
	ck_assert_str_eq(l->result.step, "x");
	ck_assert_uint_eq(l->result.ntail, 1);
	ck_assert(l->result.seconds == 1.5);
	ck_assert_uint_eq(l->tries, 2);
	ck_assert_uint_eq(l->nfacts, 9);
	ck_assert(!memcmp(l->facts, "{\"a\":[1]}", 9));
	l = lane("b");
	ck_assert_uint_eq(l->id, 2);
	ck_assert(!l->over);
	ck_assert_str_eq(step_of(l, "x", 1, 1), "ok");
	ck_assert_str_eq(step_of(l, "y", 1, 1), "begun");
	ck_assert_str_eq(step_of(l, "x", 2, 1), "-");
	ck_assert_str_eq(step_of(l, "x", 1, 2), "-");
	ck_assert_ptr_null(lane("b"));
	ck_assert_ptr_null(lane("c"));
	ck_assert_uint_eq(past_lanes(p), 2);
	ck_assert_uint_eq(past_lanes_given(p), 2);
	ck_assert_ptr_null(past_left(p));
}
END_TEST

START_TEST(equal_names_come_in_their_order)
{
	struct lane_info second = top("a");

	known(RUN LANE(1, "a") LANE(2, "a") LANE_MORE(3, "a", "\"round\":2")
	    LANE(4, "a"));
	ck_assert_uint_eq(lane("a")->id, 1);
	ck_assert_uint_eq(lane("a")->id, 2);
	second.round = 2;
	ck_assert_uint_eq(is->lane(is->arg, &second)->id, 3);
	ck_assert_ptr_null(is->lane(is->arg, &second));
	ck_assert_str_eq(past_left(p), "a");
	ck_assert_uint_eq(lane("a")->id, 4);
	ck_assert_ptr_null(lane("a"));
	second = top("a");
	second.group = "t";
	ck_assert_ptr_null(is->lane(is->arg, &second));
}
END_TEST

START_TEST(sub_lanes_are_known_by_the_step_that_started_them)
{
	struct lane_info l = {
		.name = "a/r[x]", .group = "r", .sub = true, .parent = 1,
		.by = { .in = "s", .identity = "c", .entry = 2 },
	};

	known(RUN LANE(1, "a")
	    LANE_MORE(2, "a/r[x]", "\"parent\":1,\"by\":{\"in\":\"s\","
		"\"step\":\"c\",\"entry\":1}")
	    LANE_MORE(3, "a/r[x]", "\"parent\":1,\"by\":{\"in\":\"s\","
		"\"step\":\"c\",\"entry\":2}")
	    ENDED(3, "x", OK) OVER(3, "ok"));
	ck_assert_uint_eq(is->lane(is->arg, &l)->id, 3);
	l.by.entry = 1;
	ck_assert_uint_eq(is->lane(is->arg, &l)->id, 2);
	l.by.entry = 3;
	ck_assert_ptr_null(is->lane(is->arg, &l));
	ck_assert_uint_eq(past_lanes(p), 1);
}
END_TEST

/* its values may be collected by a call that has not ended */
START_TEST(steps_are_known_where_they_may_be_asked_for)
{
	struct lane_info sub = {
		.name = "b/r", .group = "r", .sub = true, .parent = 2,
		.by = { .in = "s", .identity = "c", .entry = 1 },
	}, hidden = { .name = "variables", .group = "s", .hidden = true };

	known(RUN LANE_MORE(1, "variables", "\"hidden\":true")
	    ENDED(1, "v", "\"result\":\"ok\",\"set\":[{\"name\":\"n\","
		"\"kind\":\"text\",\"value\":\"w\"}]") OVER(1, "ok")
	    LANE(2, "b")
	    LANE_MORE(3, "b/r", "\"parent\":2,\"by\":{\"in\":\"s\","
		"\"step\":\"c\",\"entry\":1}")
	    ENDED(3, "x", OK) OVER(3, "ok"));
	ck_assert_str_eq(step_of(is->lane(is->arg, &sub), "x", 1, 1), "ok");
	ck_assert_str_eq(step_of(is->lane(is->arg, &hidden), "v", 1, 1), "ok");
	ck_assert_uint_eq(past_lanes(p), 1);
	ck_assert_uint_eq(past_lanes_given(p), 0);
	ck_assert_str_eq(past_left(p), "b");
}
END_TEST

START_TEST(results_come_back_whole)
{
	struct step_ref s = { .in = "s", .identity = "x", .entry = 1 };
	const struct past_lane *l;
	const struct past_try *t;

	known(RUN LANE(1, "a") BEGAN(1, "x")
	    ENDED(1, "x", "\"result\":\"timeout\",\"end\":\"unknown\","
		"\"message\":\"q\\\"\",\"stderr_tail\":\"\\ufffd\","
		"\"stderr_tail_b64\":\"/w==\",\"seconds\":2.25,"
		"\"again\":true,\"changed\":true,\"line\":3,\"secret\":true,"
		"\"released\":true,\"cause\":\"it\",\"cut\":{\"frame\":2,"
		"\"result\":\"timeout\",\"inner\":\"cancelled\"},"
		"\"took\":{\"channel\":\"c\",\"from\":3,\"to\":5},"
		"\"set\":[{\"name\":\"n\",\"kind\":\"json\","
		"\"value\":\"{\\\"a\\\":1}\"},{\"name\":\"m\","
		"\"kind\":\"pairs\",\"value\":\"\\ufffd\","
		"\"value_b64\":\"Qf8=\"}]"));
	l = lane("a");
	t = is->step(is->arg, l, &s, 1);
	ck_assert_int_eq(t->result.status, ST_TIMEOUT);
	ck_assert_int_eq(t->result.code, CODE_NONE);
	ck_assert_int_eq(t->result.ending, END_UNKNOWN);
	ck_assert_str_eq(t->result.message, "q\"");
	ck_assert_uint_eq(t->result.ntail, 1);
	ck_assert_int_eq(t->result.tail[0], '\xff');
	ck_assert(t->result.seconds == 2.25);
	ck_assert(t->again && t->result.changed);
	ck_assert_str_eq(t->result.step, "it");
	ck_assert(t->result.outside);
	ck_assert_uint_eq(t->result.cut.frame, 2);
	ck_assert_int_eq(t->result.cut.status, ST_TIMEOUT);
	ck_assert_int_eq(t->result.cut.inner, ST_CANCELLED);
	ck_assert_str_eq(t->result.took.channel, "c");
	ck_assert(t->result.took.from == 3 && t->result.took.to == 5);
	ck_assert(t->note.secret && t->note.released && !t->note.once);
	ck_assert_uint_eq(t->note.line, 3);
	ck_assert_uint_eq(t->note.nassign, 2);
	ck_assert_str_eq(t->note.assign[0].name, "n");
	ck_assert_int_eq(t->note.assign[0].kind, ASSIGN_JSON);
	ck_assert_str_eq(t->note.assign[0].text, "{\"a\":1}");
	ck_assert_int_eq(t->note.assign[1].kind, ASSIGN_PAIRS);
	ck_assert_uint_eq(t->note.assign[1].len, 2);
	ck_assert(!memcmp(t->note.assign[1].text, "A\xff", 3));
}
END_TEST

START_TEST(signals_come_back_by_name)
{
	known(RUN LANE(1, "a") BEGAN(1, "x")
	    ENDED(1, "x", "\"result\":\"signal\",\"code\":143,"
		"\"signal\":\"TERM\""));
	ck_assert_str_eq(step_of(lane("a"), "x", 1, 1), "signal TERM");
}
END_TEST

START_TEST(every_try_is_known)
{
	const struct past_lane *l;

	known(RUN LANE(1, "a") BEGAN(1, "x")
	    ENDED(1, "x", "\"result\":\"exit\",\"code\":1,\"again\":true")
	    "{\"type\":\"step_start\",\"lane\":1," STEP
	    "\"x\",\"entry\":1,\"attempt\":2}\n");
	l = lane("a");
	ck_assert_str_eq(step_of(l, "x", 1, 1), "exit 1");
	ck_assert_str_eq(step_of(l, "x", 1, 2), "begun");
}
END_TEST

/* Ctrl-C: the step did not end; nor did what was tidied up behind it */
START_TEST(what_follows_an_end_from_outside_counts_for_nothing)
{
	const struct past_lane *l;
	size_t n;

	known(RUN LANE(1, "a") BEGAN(1, "x") ENDED(1, "x", OK) BEGAN(1, "y")
	    ENDED(1, "y", "\"result\":\"cancelled\"")
	    BEGAN(1, "tidy") ENDED(1, "tidy", OK)
	    "{\"type\":\"sent\",\"lane\":1,\"channel\":\"c\",\"number\":4,"
	    "\"text\":\"t\"," STEP "\"tell\",\"entry\":1}\n"
	    OVER(1, "failed"));
	l = lane("a");
	ck_assert(!l->over);
	ck_assert_str_eq(step_of(l, "x", 1, 1), "ok");
	ck_assert_str_eq(step_of(l, "y", 1, 1), "cut");
	/* that it was begun is true: it may be one that runs only once */
	ck_assert_str_eq(step_of(l, "tidy", 1, 1), "after");
	ck_assert_str_eq(step_of(l, "tell", 1, 1), "-");
	ck_assert_uint_eq(past_channels(p, &n)[0].n, 0);
	ck_assert(past_channels(p, &n)[0].last == 4);
}
END_TEST

START_TEST(the_next_session_counts_again)
{
	const struct past_lane *l;

	known(RUN LANE(1, "a") BEGAN(1, "y")
	    ENDED(1, "y", "\"result\":\"cancelled\"") OVER(1, "cancelled")
	    RESUME BEGAN(1, "y") ENDED(1, "y", OK) BEGAN(1, "tidy")
	    ENDED(1, "tidy", OK) OVER(1, "ok"));
	l = lane("a");
	ck_assert(l->over);
	ck_assert_int_eq(l->verdict, LANE_OK);
}
END_TEST

START_TEST(a_limit_that_was_reached_is_an_end)
{
	const struct past_lane *l;

	known(RUN LANE(1, "a") BEGAN(1, "y")
	    ENDED(1, "y", "\"result\":\"cancelled\",\"cut\":{\"frame\":1,"
		"\"result\":\"timeout\",\"inner\":\"cancelled\"}")
	    BEGAN(1, "z")
	    ENDED(1, "z", "\"result\":\"cancelled\",\"cut\":{\"frame\":0,"
		"\"result\":\"cancelled\",\"inner\":\"cancelled\"}")
	    ENDED(1, "tidy", OK));
	l = lane("a");
	ck_assert_str_eq(step_of(l, "y", 1, 1), "cancelled");
	ck_assert_str_eq(step_of(l, "z", 1, 1), "cut");
	ck_assert_str_eq(step_of(l, "tidy", 1, 1), "-");
}
END_TEST

/* what the handlers of a lane start is as void as they are */
START_TEST(an_end_between_two_steps_is_one)
{
	const struct past_lane *l;

	known(RUN LANE(1, "a") "{\"type\":\"cut\",\"lane\":1,"
	    "\"result\":\"cancelled\",\"cut\":{\"frame\":0,"
	    "\"result\":\"cancelled\",\"inner\":\"cancelled\"}}\n"
	    ENDED(1, "x", OK) OVER(1, "cancelled")
	    LANE(2, "b") "{\"type\":\"cut\",\"lane\":2," STEP "\"y\","
	    "\"entry\":1,\"attempt\":1,\"result\":\"timeout\",\"cut\":{"
	    "\"frame\":0,\"result\":\"timeout\","
	    "\"inner\":\"cancelled\"}}\n" ENDED(2, "x", OK));
	l = lane("a");
	ck_assert(!l->over);
	ck_assert_str_eq(step_of(l, "x", 1, 1), "-");
	l = lane("b");
	ck_assert_str_eq(step_of(l, "y", 1, 1), "timeout");
	ck_assert_str_eq(step_of(l, "x", 1, 1), "ok");
}
END_TEST

START_TEST(lanes_begun_behind_such_an_end_are_begun_anew)
{
	struct lane_info l = {
		.name = "a/r", .group = "r", .sub = true, .parent = 1,
		.by = { .in = "s", .identity = "tidy", .entry = 1 },
	};
	const struct past_lane *sub;

	known(RUN LANE(1, "a") BEGAN(1, "y")
	    ENDED(1, "y", "\"result\":\"cancelled\"")
	    LANE_MORE(2, "a/r", "\"parent\":1,\"by\":{\"in\":\"s\","
		"\"step\":\"tidy\",\"entry\":1}")
	    BEGAN(2, "x") ENDED(2, "x", OK) OVER(2, "ok"));
	sub = is->lane(is->arg, &l);
	ck_assert_uint_eq(sub->id, 2);
	ck_assert(!sub->over);
	ck_assert_str_eq(step_of(sub, "x", 1, 1), "after");
}
END_TEST

START_TEST(what_was_seen_by_others_stands_for_an_end)
{
	const struct past_lane *l;

	known(RUN LANE(1, "a") BEGAN(1, "send")
	    "{\"type\":\"sent\",\"lane\":1,\"channel\":\"c\",\"number\":1,"
	    "\"text\":\"t\"," STEP "\"send\",\"entry\":1}\n"
	    LANE(2, "b") BEGAN(2, "clear")
	    "{\"type\":\"cleared\",\"lane\":2,\"channel\":\"d\",\"to\":1,"
	    STEP "\"clear\",\"entry\":1}\n"
	    LANE(3, "c") BEGAN(3, "meet") LANE(4, "d") BEGAN(4, "meet")
	    LANE(5, "e") BEGAN(5, "meet")
	    "{\"type\":\"barrier\",\"name\":\"meet\",\"result\":\"closed\","
	    "\"lanes\":[3,4]}\n"
	    ENDED(4, "meet", "\"result\":\"exit\",\"code\":9"));
	ck_assert_str_eq(step_of(lane("a"), "send", 1, 1), "ok");
	ck_assert_str_eq(step_of(lane("b"), "clear", 1, 1), "ok");
	ck_assert_str_eq(step_of(lane("c"), "meet", 1, 1), "closed");
	l = lane("d");
	ck_assert_str_eq(step_of(l, "meet", 1, 1), "exit 9");
	ck_assert_str_eq(step_of(lane("e"), "meet", 1, 1), "begun");
}
END_TEST

/* a message of a command is none of its step's end */
START_TEST(a_command_that_sends_has_not_ended)
{
	known(RUN LANE(1, "a") BEGAN(1, "x")
	    "{\"type\":\"sent\",\"lane\":1,\"channel\":\"c\",\"number\":1,"
	    "\"text\":\"t\"}\n");
	ck_assert_str_eq(step_of(lane("a"), "x", 1, 1), "begun");
}
END_TEST

START_TEST(a_send_that_was_tried_twice_ended_the_second_time)
{
	const struct past_lane *l;

	known(RUN LANE(1, "a") BEGAN(1, "send")
	    ENDED(1, "send", "\"result\":\"timeout\",\"again\":true")
	    "{\"type\":\"step_start\",\"lane\":1," STEP
	    "\"send\",\"entry\":1,\"attempt\":2}\n"
	    "{\"type\":\"sent\",\"lane\":1,\"channel\":\"c\",\"number\":1,"
	    "\"text\":\"t\"," STEP "\"send\",\"entry\":1}\n");
	l = lane("a");
	ck_assert_str_eq(step_of(l, "send", 1, 1), "timeout");
	ck_assert_str_eq(step_of(l, "send", 1, 2), "ok");
}
END_TEST

#define SENT(n, text) "{\"type\":\"sent\",\"channel\":\"c\",\"number\":" #n \
	",\"text\":\"" text "\"}\n"

START_TEST(messages_that_nobody_got_are_left)
{
	const struct past_channel *c;
	size_t n;

	known(RUN LANE(1, "a") BEGAN(1, "take") SENT(1, "m1")
	    ENDED(1, "take", OK ",\"took\":{\"channel\":\"c\",\"from\":1,"
		"\"to\":1}")
	    SENT(2, "m2") SENT(3, "m3") SENT(4, "m4") SENT(5, "m5")
	    "{\"type\":\"taken\",\"lane\":1,\"channel\":\"c\",\"from\":3,"
	    "\"to\":4}\n"
	    "{\"type\":\"taken\",\"lane\":1,\"channel\":\"c\",\"from\":6,"
	    "\"to\":6}\n" SENT(6, "m6")
	    "{\"type\":\"cleared\",\"channel\":\"d\",\"to\":7}\n"
	    "{\"type\":\"sent\",\"channel\":\"e\",\"number\":1,"
	    "\"text\":\"\\ufffd\",\"text_b64\":\"/wA=\"}\n"
	    "{\"type\":\"closed\",\"channel\":\"e\"}\n");
	c = past_channels(p, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(c[0].name, "c");
	ck_assert(c[0].last == 6 && !c[0].closed);
	ck_assert_uint_eq(c[0].n, 2);
	ck_assert(c[0].message[0].number == 2);
	ck_assert_str_eq(c[0].message[0].text, "m2");
	ck_assert(c[0].message[1].number == 5);
	ck_assert(c[1].last == 7 && c[1].n == 0);
	ck_assert(c[2].closed && c[2].n == 1);
	ck_assert_uint_eq(c[2].message[0].len, 2);
	ck_assert(!memcmp(c[2].message[0].text, "\xff\0", 3));
}
END_TEST

/* also of a lane that is over, and of which nothing else is read */
START_TEST(what_was_done_once_is_known_to_all)
{
	struct lane_info l = top("new");
	struct step_ref s = { .in = "s", .identity = "x", .entry = 1 };

	known(RUN LANE(1, "a") BEGAN(1, "x")
	    ENDED(1, "x", "\"result\":\"exit\",\"code\":1,\"again\":true,"
		"\"once\":true")
	    "{\"type\":\"step_end\",\"lane\":1," STEP "\"x\",\"entry\":1,"
	    "\"attempt\":2,\"result\":\"ok\",\"once\":true,\"set\":[{"
	    "\"name\":\"n\",\"kind\":\"text\",\"value\":\"v\"}]}\n"
	    OVER(1, "ok") LANE(2, "b"));
	ck_assert_int_eq(is->once(is->arg, &l, &s)->result.status, ST_OK);
	ck_assert_str_eq(is->once(is->arg, &l, &s)->note.assign[0].text, "v");
	l.round = 2;
	ck_assert_ptr_null(is->once(is->arg, &l, &s));
	l = top("new");
	s.entry = 2;
	ck_assert_ptr_null(is->once(is->arg, &l, &s));
}
END_TEST

START_TEST(what_is_done_once_may_have_been_begun)
{
	struct lane_info l = top("new");
	struct step_ref s = { .in = "s", .identity = "x", .entry = 1 };

	known(RUN LANE(1, "a") BEGAN(1, "w") ENDED(1, "w", OK) BEGAN(1, "x"));
	ck_assert(is->once_begun(is->arg, &l, &s));
	s.identity = "w";
	ck_assert(!is->once_begun(is->arg, &l, &s));
	s.identity = "x";
	l.round = 2;
	ck_assert(!is->once_begun(is->arg, &l, &s));
}
END_TEST

START_TEST(lanes_that_began_are_counted)
{
	known(RUN LANE(1, "a") LANE(2, "b") LANE_MORE(3, "h", "\"hidden\":true")
	    LANE_MORE(4, "a/r", "\"parent\":1") OVER(1, "ok")
	    LANE_MORE(5, "a", "\"round\":2"));
	ck_assert_uint_eq(is->began(is->arg, "s", 1), 2);
	ck_assert_uint_eq(is->began(is->arg, "s", 2), 1);
	ck_assert_uint_eq(is->began(is->arg, "s", 3), 0);
	ck_assert_uint_eq(is->began(is->arg, "t", 1), 0);
}
END_TEST

/* it would be ended again: those that were are over */
START_TEST(lanes_that_the_job_ended_are_over)
{
	const struct past_lane *l;

	known(RUN LANE(1, "a") BEGAN(1, "x") LANE(2, "b")
	    "{\"type\":\"drain\",\"stop\":true,\"text\":\"t\"}\n"
	    ENDED(1, "x", "\"result\":\"cancelled\"")
	    OVER(1, "cancelled"));
	ck_assert(is->stopping && is->draining);
	l = lane("a");
	ck_assert(l->over);
	ck_assert_int_eq(l->verdict, LANE_CANCELLED);
	ck_assert(!lane("b")->over);
}
END_TEST

START_TEST(a_run_that_ends_of_itself_goes_on_ending)
{
	known(RUN "{\"type\":\"drain\",\"text\":\"max-fail\"}\n");
	ck_assert(is->draining && !is->stopping);
	ck_assert_uint_eq(is->lanes, 0);
}
END_TEST

START_TEST(damage_is_named_by_its_line)
{
	read_past(RUN LANE(1, "a") BEGAN(1, "x")
	    ENDED(1, "x", "\"set\":[{\"name\":\"}") LANE(2, "b"));
	ck_assert_ptr_null(p);
	ck_assert_str_eq(buf_str(&why) + strlen(path),
	    ": line 4 is damaged");
}
END_TEST

START_TEST(a_lane_without_a_name_is_damage)
{
	read_past(RUN "{\"type\":\"lane_start\",\"lane\":1}\n");
	ck_assert_ptr_null(p);
	ck_assert_str_eq(buf_str(&why) + strlen(path), ": line 2 is damaged: "
	    "a lane_start without what belongs to it");
}
END_TEST

START_TEST(a_message_that_held_a_secret_is_lost)
{
	static const char sent[] = "{\"type\":\"sent\",\"lane\":1,"
	    "\"channel\":\"c\",\"number\":1,\"text\":\"***\","
	    "\"secret\":true}\n";
	struct buf text = { 0 };

	buf_addf(&text, "%s%s%s", RUN, LANE(1, "a"), sent);
	read_past(buf_str(&text));
	ck_assert_ptr_null(p);
	ck_assert_ptr_nonnull(strstr(buf_str(&why), "line 3: a message in "
	    "channel 'c' held a secret"));
	buf_clear(&why);
	journal_close(&j);
	/* but not if it was delivered */
	buf_adds(&text, "{\"type\":\"taken\",\"channel\":\"c\",\"from\":1,"
	    "\"to\":1}\n");
	read_past(buf_str(&text));
	ck_assert_ptr_nonnull(p);
	buf_fini(&text);
}
END_TEST

void
unit_past(Suite *s)
{
	TCase *tc = tcase_create("past");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_message_that_held_a_secret_is_lost);
	tcase_add_test(tc, lanes_are_over_or_go_on);
	tcase_add_test(tc, equal_names_come_in_their_order);
	tcase_add_test(tc, sub_lanes_are_known_by_the_step_that_started_them);
	tcase_add_test(tc, steps_are_known_where_they_may_be_asked_for);
	tcase_add_test(tc, results_come_back_whole);
	tcase_add_test(tc, signals_come_back_by_name);
	tcase_add_test(tc, every_try_is_known);
	tcase_add_test(tc,
	    what_follows_an_end_from_outside_counts_for_nothing);
	tcase_add_test(tc, the_next_session_counts_again);
	tcase_add_test(tc, a_limit_that_was_reached_is_an_end);
	tcase_add_test(tc, an_end_between_two_steps_is_one);
	tcase_add_test(tc, lanes_begun_behind_such_an_end_are_begun_anew);
	tcase_add_test(tc, what_was_seen_by_others_stands_for_an_end);
	tcase_add_test(tc, a_command_that_sends_has_not_ended);
	tcase_add_test(tc, a_send_that_was_tried_twice_ended_the_second_time);
	tcase_add_test(tc, messages_that_nobody_got_are_left);
	tcase_add_test(tc, what_was_done_once_is_known_to_all);
	tcase_add_test(tc, what_is_done_once_may_have_been_begun);
	tcase_add_test(tc, lanes_that_began_are_counted);
	tcase_add_test(tc, lanes_that_the_job_ended_are_over);
	tcase_add_test(tc, a_run_that_ends_of_itself_goes_on_ending);
	tcase_add_test(tc, damage_is_named_by_its_line);
	tcase_add_test(tc, a_lane_without_a_name_is_damage);
	suite_add_tcase(s, tc);
}
