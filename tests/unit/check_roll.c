/* SPDX-License-Identifier: ISC */
/* names of lanes by how they ended */
#include <stdlib.h>

#include "outlet.h"
#include "sink/roll.h"
#include "unit.h"

static const struct roll_options all = { .want = { true, true, true } };

static struct lane_info
lane(uint32_t id, const char *group, uint32_t order, const char *tag)
{
	return (struct lane_info){
		.id = id, .name = "s[x]", .tag = tag, .group = group,
		.index = order, .order = order
	};
}

static void
ends(const struct sink *s, struct lane_info l, enum lane_verdict v,
    enum status status)
{
	struct result r = { .status = status, .message = "", .step = "" };

	emit_end(s, &l, v, &r);
}

static void
holds(const struct roll *r, enum roll_kind kind, const char *want)
{
	struct buf b = { 0 };

	roll_add(r, kind, &b);
	ck_assert_str_eq(buf_str(&b), want);
	buf_fini(&b);
}

START_TEST(names_stand_in_the_order_of_their_lists)
{
	struct roll *r = roll_new(&all);
	struct sink s = roll_sink(r);
	struct lane_info first = lane(1, "one", 3, "c");

	emit(&s, EVT_LANE_START, &first, NULL);
	ends(&s, lane(9, "two", 1, "z"), LANE_FAILED, ST_EXIT);
	ends(&s, lane(8, "one", 2, "b"), LANE_FAILED, ST_EXIT);
	ends(&s, first, LANE_FAILED, ST_EXIT);
	ends(&s, lane(7, "two", 2, "b"), LANE_FAILED, ST_EXIT);
	ends(&s, lane(2, "one", 1, "c"), LANE_FAILED, ST_EXIT);
	holds(r, ROLL_FAILED, "c\nb\nz\n");
	roll_free(r);
}
END_TEST

START_TEST(ways_to_end_are_told_apart)
{
	struct roll *r = roll_new(&all);
	struct sink s = roll_sink(r);
	struct lane_info hidden = lane(20, "s", 1, "hidden");
	struct lane_info sub = lane(21, "s", 1, "sub");

	ends(&s, lane(1, "s", 1, "ok"), LANE_OK, ST_OK);
	ends(&s, lane(2, "s", 2, "rescued"), LANE_RESCUED, ST_LOST);
	ends(&s, lane(3, "s", 3, "failed"), LANE_FAILED, ST_EXIT);
	ends(&s, lane(4, "s", 4, "cancelled"), LANE_CANCELLED, ST_CANCELLED);
	ends(&s, lane(5, "s", 5, "far"), LANE_FAILED, ST_UNREACHABLE);
	ends(&s, lane(6, "s", 6, "auth"), LANE_FAILED, ST_AUTH);
	ends(&s, lane(7, "s", 7, "key"), LANE_FAILED, ST_HOSTKEY);
	ends(&s, lane(8, "s", 8, "lost"), LANE_FAILED, ST_LOST);
	hidden.hidden = true;
	ends(&s, hidden, LANE_FAILED, ST_EXIT);
	sub.sub = true;
	ends(&s, sub, LANE_FAILED, ST_EXIT);
	holds(r, ROLL_OK, "ok\nrescued\n");
	holds(r, ROLL_FAILED, "failed\nfar\nauth\nkey\nlost\n");
	holds(r, ROLL_UNREACHED, "far\nauth\nkey\nlost\n");
	roll_free(r);
}
END_TEST

START_TEST(a_lane_is_known_by_its_host)
{
	struct roll *r = roll_new(&all);
	struct sink s = roll_sink(r);
	struct lane_info l = lane(1, "s", 1, "web1-a");

	l.host = "web1";
	ends(&s, l, LANE_OK, ST_OK);
	l = lane(2, "s", 2, "web1-b");
	l.host = "web1";
	ends(&s, l, LANE_OK, ST_OK);
	ends(&s, lane(3, "s", 3, ""), LANE_OK, ST_OK);
	holds(r, ROLL_OK, "web1\ns[x]\n");
	holds(r, ROLL_FAILED, "");
	roll_free(r);
}
END_TEST

START_TEST(what_was_before_belongs_to_a_run_that_goes_on)
{
	struct lane_info l = lane(1, "s", 1, "a");
	struct result ok = { .status = ST_OK, .message = "", .step = "" };
	struct event ev = {
		.type = EVT_LANE_END, .lane = &l, .verdict = LANE_OK,
		.result = &ok, .past = true
	};

	for (int retry = 0; retry < 2; retry++) {
		struct roll_options o = all;
		struct roll *r;
		struct sink s;

		o.retry = retry;
		r = roll_new(&o);
		s = roll_sink(r);
		s.event(s.arg, &ev);
		holds(r, ROLL_OK, retry ? "" : "a\n");
		roll_free(r);
	}
}
END_TEST

void
unit_roll(Suite *s)
{
	TCase *tc = tcase_create("roll");

	tcase_add_test(tc, names_stand_in_the_order_of_their_lists);
	tcase_add_test(tc, ways_to_end_are_told_apart);
	tcase_add_test(tc, a_lane_is_known_by_its_host);
	tcase_add_test(tc, what_was_before_belongs_to_a_run_that_goes_on);
	suite_add_tcase(s, tc);
}
